import { frame } from './zh-CN/frame.ts'
import { kit } from './zh-CN/kit.ts'
import { desk } from './zh-CN/desk.ts'
import { session } from './zh-CN/session.ts'
import { status } from './zh-CN/status.ts'
import { refusal } from './zh-CN/refusal.ts'
import { finding } from './zh-CN/finding.ts'
import { incident } from './zh-CN/incident.ts'
import { obligation } from './zh-CN/obligation.ts'
import { instrument } from './zh-CN/instrument.ts'
import { directory } from './zh-CN/directory.ts'
import { exercise } from './zh-CN/exercise.ts'
import { timeline } from './zh-CN/timeline.ts'

/** Simplified Chinese: its keys are the keys of every catalogue. */
export const zhCN = {
  ...frame,
  ...kit,
  ...desk,
  ...session,
  ...status,
  ...refusal,
  ...finding,
  ...incident,
  ...obligation,
  ...instrument,
  ...directory,
  ...exercise,
  ...timeline,
} as const
