/** The ladder of supervision 督查阶梯: light steps first, graver ones by age, all of them sooner for what is graver. */
import { z } from 'zod/mini'
import { Slug, Uuid } from '../id.ts'
import type { Level } from '../level.ts'
import { after, fromMs, toMs, type Instant } from '../time.ts'

export const InstantKept = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/))

/** 提醒 → 催办 → 上级督办 → 约谈 → 处分建议. */
export const Step = z.enum(['reminder', 'urging', 'superior', 'interview', 'sanction'])
export type Step = z.infer<typeof Step>

/** The first three are taken by time alone; the last two become due by time and are taken by a person of the superior. */
const BY_TIME: ReadonlySet<Step> = new Set(['reminder', 'urging', 'superior'])
export const takenByTime = (step: Step): boolean => BY_TIME.has(step)

/** `to`: who is told, or for the last two steps who is to take them. `clauseId`: the clause that sets the time; null where the time is ours. */
export const Stage = z.strictObject({ step: Step, at: InstantKept, to: Uuid, clauseId: z.nullable(Slug) })
export type Stage = z.infer<typeof Stage>
export const STAGES_MAX = 12

/**
 * How long after a duty was missed each step comes, by its gravity (1 gravest). Our target: the Emergency Response Law
 * (arts. 95–99) says who orders correction and who is disciplined, not after how long. Where an escalation clause sets
 * the time of the superior, the clause stands instead.
 */
export const AFTER: Readonly<Record<Level, Readonly<Record<Step, string>>>> = {
  1: { reminder: 'PT0S', urging: 'PT10M', superior: 'PT30M', interview: 'PT6H', sanction: 'P1D' },
  2: { reminder: 'PT0S', urging: 'PT30M', superior: 'PT2H', interview: 'P1D', sanction: 'P3D' },
  3: { reminder: 'PT0S', urging: 'PT2H', superior: 'PT12H', interview: 'P3D', sanction: 'P7D' },
  4: { reminder: 'PT0S', urging: 'PT12H', superior: 'P2D', interview: 'P7D', sanction: 'P15D' },
}

/** Within this a finding is to be closed, verified by another than its subject. Our target. */
export const CLOSE_WITHIN: Readonly<Record<Level, string>> = { 1: 'P1D', 2: 'P3D', 3: 'P7D', 4: 'P15D' }

/** Within this a third party is to check an objection. Our target. */
export const CHECK_WITHIN: Readonly<Record<Level, string>> = { 1: 'PT12H', 2: 'P1D', 3: 'P3D', 4: 'P5D' }

export type LadderParts = {
  readonly gravity: Level
  readonly missedAt: Instant
  /** When we heard of it: where that was later, every step is later by as much, for nobody is urged for our own silence. */
  readonly from: Instant
  readonly subject: string
  readonly supervisor: string
  /** To whom the missed obligation climbs by its clauses, in order of time. */
  readonly rungs: readonly { readonly at: string; readonly to: string; readonly clauseId: string }[]
  /** Who stands directly above the subject. */
  readonly superior: string | null
}

/** Where a clause tells the superior sooner than this, urging before would be no step of its own. */
const AT_ONCE_MS = 60_000

/** All steps with their instants, in order; a clause's own time of climbing stands before our table. */
export function ladderOf({ gravity, missedAt, from, subject, supervisor, rungs, superior }: LadderParts): readonly Stage[] {
  const heardAfter = Math.max(0, toMs(from) - toMs(missedAt))
  const at = (step: Step): Instant => after(from, AFTER[gravity][step])
  const above: readonly Stage[] =
    rungs.length > 0
      ? rungs.map(({ at: rungAt, to, clauseId }) => ({
          step: 'superior',
          at: later(fromMs(toMs(rungAt) + heardAfter), from),
          to,
          clauseId,
        }))
      : superior === null
        ? []
        : [{ step: 'superior', at: at('superior'), to: superior, clauseId: null }]
  const [first] = above
  const last = above.at(-1)
  const top = last?.to ?? supervisor
  const own = { clauseId: null }
  const urging = first === undefined ? at('urging') : earlier(first.at, at('urging'))
  return [
    { ...own, step: 'reminder', at: from, to: subject },
    ...(toMs(urging) - toMs(from) < AT_ONCE_MS ? [] : [{ ...own, step: 'urging', at: urging, to: subject } as const]),
    ...above,
    { ...own, step: 'interview', at: later(at('interview'), last?.at ?? from), to: top },
    { ...own, step: 'sanction', at: later(at('sanction'), last?.at ?? from), to: top },
  ]
}

const later = (a: Instant, b: Instant): Instant => (a > b ? a : b)
const earlier = (a: Instant, b: Instant): Instant => (a < b ? a : b)
