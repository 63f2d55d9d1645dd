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
import { exercise } from './zh-CN/exercise.ts'
import { notice } from './zh-CN/notice.ts'
import { timeline } from './zh-CN/timeline.ts'
import { matrix } from './zh-CN/matrix.ts'
import { target } from './zh-CN/target.ts'
import { cap } from './zh-CN/cap.ts'

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
  ...exercise,
  ...notice,
  ...timeline,
  ...matrix,
  ...target,
  ...cap,
} as const
