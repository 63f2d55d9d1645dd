import type { zhCN } from './zh-CN.ts'
import { frame } from './en/frame.ts'
import { kit } from './en/kit.ts'
import { desk } from './en/desk.ts'
import { session } from './en/session.ts'
import { status } from './en/status.ts'
import { refusal } from './en/refusal.ts'
import { finding } from './en/finding.ts'
import { incident } from './en/incident.ts'
import { obligation } from './en/obligation.ts'
import { instrument } from './en/instrument.ts'
import { directory } from './en/directory.ts'
import { exercise } from './en/exercise.ts'
import { timeline } from './en/timeline.ts'

/** English; each file of a room is held to the keys of its Chinese twin. */
export const en = {
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
} satisfies Record<keyof typeof zhCN, string>
