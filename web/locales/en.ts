import type { zhCN } from './zh-CN.ts'
import { frame } from './en/frame.ts'
import { kit } from './en/kit.ts'
import { desk } from './en/desk.ts'
import { session } from './en/session.ts'
import { status } from './en/status.ts'
import { refusal } from './en/refusal.ts'
import { finding } from './en/finding.ts'
import { supervision } from './en/supervision.ts'
import { lint } from './en/lint.ts'
import { lintPage } from './en/lint-page.ts'
import { incident } from './en/incident.ts'
import { obligation } from './en/obligation.ts'
import { objective } from './en/objective.ts'
import { instrument } from './en/instrument.ts'
import { agreement } from './en/agreement.ts'
import { directory } from './en/directory.ts'
import { headquarters } from './en/headquarters.ts'
import { decision } from './en/decision.ts'
import { consultation } from './en/consultation.ts'
import { exercise } from './en/exercise.ts'
import { feed } from './en/feed.ts'
import { notice } from './en/notice.ts'
import { information } from './en/information.ts'
import { release } from './en/release.ts'
import { call } from './en/call.ts'
import { timeline } from './en/timeline.ts'
import { matrix } from './en/matrix.ts'
import { target } from './en/target.ts'
import { cap } from './en/cap.ts'
import { risk } from './en/risk.ts'
import { intake } from './en/intake.ts'
import { compose } from './en/compose.ts'
import { alert } from './en/alert.ts'
import { station } from './en/station.ts'
import { stationCodes } from './en/station-codes.ts'

/** English; each file of a room is held to the keys of its Chinese twin. */
export const en = {
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
} satisfies Record<keyof typeof zhCN, string>
