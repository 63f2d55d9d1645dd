/** What may be said to a finding, and what is kept of it. */
import { z } from 'zod/mini'
import { Words } from '../event.ts'
import { Slug, Uuid } from '../id.ts'
import { Level } from '../level.ts'
import { DivisionCode } from '../place.ts'
import { Duration, InstantText } from '../time.ts'
import { InstantKept, Stage, STAGES_MAX, type Step } from './ladder.ts'

const Text = z.string().check(z.trim(), z.minLength(1), z.maxLength(4000))
const Basis = z.strictObject({ instrumentId: Slug, version: z.int().check(z.gte(1)), clauseId: Slug })

/** Why it was raised: the deadline passed, nobody answered in time, or who accepted fell silent. */
export const FindingKind = z.enum(['lapsed', 'unanswered', 'silent'])
export type FindingKind = z.infer<typeof FindingKind>

/** What was missed, by whom, and what follows; it never changes afterwards. */
const terms = {
  obligationId: Uuid,
  incidentId: z.nullable(Uuid),
  jurisdiction: DivisionCode,
  /** The organization that missed its duty. */
  subject: Uuid,
  creditor: Uuid,
  /** Who supervises: whom the missed duty climbs to, else the subject's superior, else the creditor. */
  supervisor: Uuid,
  kind: FindingKind,
  gravity: Level,
  basis: z.nullable(Basis),
  actWords: Words,
  /** When the duty was missed. */
  missedAt: InstantKept,
  ladder: z.array(Stage).check(z.maxLength(STAGES_MAX)),
}

/** A finding 督查问题: one missed duty, supervised until it is mended and another than its subject has verified it. */
export const FindingCommand = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('finding.raise'), ...terms }),
  /** The next stage by time, or the end of a rectification's deadline. `step`: how many stages were passed before. */
  z.strictObject({ type: z.literal('finding.climb'), step: z.int().check(z.gte(0), z.lte(STAGES_MAX)) }),
  /** The missed duty was done after all. */
  z.strictObject({ type: z.literal('finding.mend'), lateBy: z.nullable(Duration) }),
  /** The duty itself was taken back, so nothing was missed any more. */
  z.strictObject({ type: z.literal('finding.withdraw'), cause: z.enum(['waived', 'ended']) }),
  z.strictObject({ type: z.literal('finding.urge'), text: Text }),
  /** What the subject says to the last step; the clock goes on. */
  z.strictObject({ type: z.literal('finding.answer'), text: Text }),
  z.strictObject({ type: z.literal('finding.interview'), text: Text }),
  /** `article`: the provision that the proposal rests on, e.g. 突发事件应对法第九十五条. */
  z.strictObject({
    type: z.literal('finding.propose-sanction'),
    text: Text,
    article: z.string().check(z.trim(), z.minLength(1), z.maxLength(200)),
  }),
  /** Stops the clock of the ladder until it is checked. */
  z.strictObject({ type: z.literal('finding.object'), reason: Text }),
  z.strictObject({ type: z.literal('finding.check'), outcome: z.enum(['upheld', 'dismissed']), text: Text }),
  z.strictObject({ type: z.literal('finding.order-rectification'), text: Text, dueAt: InstantText }),
  z.strictObject({ type: z.literal('finding.rectify'), evidence: Text }),
  z.strictObject({ type: z.literal('finding.verify'), accepted: z.boolean(), text: Text }),
  z.strictObject({ type: z.literal('finding.close'), reason: Text }),
])
export type FindingCommand = z.infer<typeof FindingCommand>
export type FindingTerms = Omit<Extract<FindingCommand, { type: 'finding.raise' }>, 'type'>

export type FindingEvent =
  | ({ readonly type: 'finding.raised' } & FindingTerms)
  /** Mended or closed, and then missed again: the same finding, on record with all that went before. */
  | { readonly type: 'finding.reopened'; readonly missedAt: string; readonly ladder: readonly Stage[] }
  | { readonly type: 'finding.climbed'; readonly index: number; readonly step: Step; readonly to: string; readonly clauseId: string | null }
  /** An interview or a proposal of sanction is now for a person of `to` to take. */
  | { readonly type: 'finding.measure-due'; readonly index: number; readonly step: Step; readonly to: string }
  | { readonly type: 'finding.mended'; readonly lateBy: string | null }
  | { readonly type: 'finding.withdrawn'; readonly cause: 'waived' | 'ended' }
  | { readonly type: 'finding.urged'; readonly text: string }
  | { readonly type: 'finding.answered'; readonly text: string }
  | { readonly type: 'finding.interviewed'; readonly text: string }
  | { readonly type: 'finding.sanction-proposed'; readonly text: string; readonly article: string }
  | { readonly type: 'finding.objected'; readonly reason: string; readonly checkDueAt: string }
  | { readonly type: 'finding.checked'; readonly outcome: 'upheld' | 'dismissed'; readonly text: string }
  | { readonly type: 'finding.rectification-ordered'; readonly text: string; readonly dueAt: string }
  | { readonly type: 'finding.rectification-lapsed'; readonly dueAt: string }
  | { readonly type: 'finding.rectified'; readonly evidence: string }
  | { readonly type: 'finding.verified'; readonly accepted: boolean; readonly text: string }
  | { readonly type: 'finding.closed'; readonly reason: string }

/**
 * `open`: the ladder runs. `objected`: it stands until checked. `rectifying`: ordered by a deadline. `rectified`: waits for
 * verification. `mended`: done late, on record, still to be verified. `closed`: see the outcome.
 */
export type FindingStatus = 'open' | 'objected' | 'rectifying' | 'rectified' | 'mended' | 'closed'
export type FindingOutcome = 'verified' | 'objection-upheld' | 'waived' | 'ended' | 'closed'

/** What one of the parties said or did, kept with the step that it answers or takes. */
export type Said = {
  readonly what:
    | 'urged'
    | 'answered'
    | 'interviewed'
    | 'sanction-proposed'
    | 'objected'
    | 'checked'
    | 'ordered'
    | 'rectified'
    | 'verified'
    | 'closed'
  readonly organization: string | null
  readonly at: string
  readonly text: string
  /** How many stages of the ladder were passed when it was said. */
  readonly stage: number
}

export type Finding = Omit<FindingTerms, 'ladder'> & {
  readonly status: FindingStatus
  readonly outcome: FindingOutcome | null
  readonly raisedAt: string
  /** The ladder, its steps to come moved by the time that it stood still; `reachedAt` once a step was passed. */
  readonly ladder: readonly (Stage & { readonly reachedAt: string | null })[]
  readonly passed: number
  /** Since when the clock stands, while it does. */
  readonly heldAt: string | null
  readonly objection: { readonly reason: string; readonly at: string; readonly checkDueAt: string; readonly stage: number } | null
  readonly rectification: { readonly text: string; readonly dueAt: string; readonly lapsedAt: string | null } | null
  readonly mendedAt: string | null
  readonly lateBy: string | null
  /** By when it is to be closed: the deadline of the rectification ordered last, else our target by gravity. */
  readonly dueAt: string
  readonly closedAt: string | null
  readonly verifiedBy: string | null
  readonly said: readonly Said[]
}
