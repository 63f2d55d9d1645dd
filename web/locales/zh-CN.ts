import { frame } from './zh-CN/frame.ts'
import { kit } from './zh-CN/kit.ts'
import { desk } from './zh-CN/desk.ts'
import { session } from './zh-CN/session.ts'
import { status } from './zh-CN/status.ts'
import { refusal } from './zh-CN/refusal.ts'
import { finding } from './zh-CN/finding.ts'
import { supervision } from './zh-CN/supervision.ts'
import { lint } from './zh-CN/lint.ts'
import { lintPage } from './zh-CN/lint-page.ts'
import { incident } from './zh-CN/incident.ts'
import { obligation } from './zh-CN/obligation.ts'
import { objective } from './zh-CN/objective.ts'
import { instrument } from './zh-CN/instrument.ts'
import { agreement } from './zh-CN/agreement.ts'
import { directory } from './zh-CN/directory.ts'
import { headquarters } from './zh-CN/headquarters.ts'
import { decision } from './zh-CN/decision.ts'
import { consultation } from './zh-CN/consultation.ts'
import { exercise } from './zh-CN/exercise.ts'
import { feed } from './zh-CN/feed.ts'
import { notice } from './zh-CN/notice.ts'
import { information } from './zh-CN/information.ts'
import { release } from './zh-CN/release.ts'
import { call } from './zh-CN/call.ts'
import { timeline } from './zh-CN/timeline.ts'
import { matrix } from './zh-CN/matrix.ts'
import { target } from './zh-CN/target.ts'
import { cap } from './zh-CN/cap.ts'
import { risk } from './zh-CN/risk.ts'
import { intake } from './zh-CN/intake.ts'
import { compose } from './zh-CN/compose.ts'
import { alert } from './zh-CN/alert.ts'
import { station } from './zh-CN/station.ts'
import { stationCodes } from './zh-CN/station-codes.ts'

/** Simplified Chinese: its keys are the keys of every catalogue. */
export const zhCN = {
  ...frame,
  ...kit,
  ...desk,
  ...session,
  ...status,
  ...refusal,
  ...finding,
  ...supervision,
  ...lint,
  ...lintPage,
  ...incident,
  ...obligation,
  ...objective,
  ...instrument,
  ...agreement,
  ...directory,
  ...headquarters,
  ...decision,
  ...consultation,
  ...exercise,
  ...feed,
  ...notice,
  ...information,
  ...release,
  ...call,
  ...timeline,
  ...matrix,
  ...target,
  ...cap,
  ...risk,
  ...intake,
  ...compose,
  ...alert,
  ...station,
  ...stationCodes,
} as const
