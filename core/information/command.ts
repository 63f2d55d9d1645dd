/** What may be said to one question of fact, and what is kept of it. */
import { z } from 'zod/mini'
import { Words } from '../event.ts'
import { Slug, Uuid } from '../id.ts'
import { DivisionCode } from '../place.ts'
import { InstantText } from '../time.ts'

const Reason = z.string().check(z.trim(), z.minLength(1), z.maxLength(2000))
export const Value = z.union([z.string().check(z.trim(), z.minLength(1), z.maxLength(1000)), z.number()])
export type Value = z.infer<typeof Value>

/** How sure the source is: checked by somebody answerable, told by an organization, or only heard. */
export const Confidence = z.enum(['confirmed', 'reported', 'unconfirmed'])
export type Confidence = z.infer<typeof Confidence>

/** What of the whole it counts, e.g. one hospital; null is the whole of the incident. */
const Scope = z.nullable(z.string().check(z.trim(), z.minLength(1), z.maxLength(120)))

const said = {
  value: Value,
  /** UCUM unit, or null for text and plain counts. */
  unit: z.nullable(z.string().check(z.maxLength(20))),
  source: z.string().check(z.trim(), z.minLength(1), z.maxLength(400)),
  confidence: Confidence,
  /** When it was so in the world; left out, when it was said. */
  asOf: z.optional(InstantText),
}

const RECEIVERS_MAX = 200

/** One question of fact of one incident 信息: how many are dead, which substances are stored; with what each source says to it. */
export const InformationCommand = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('information.assert'),
    incidentId: Uuid,
    /** `dead`, `missing`, `substance-list`: with the incident it names the question, and the stream follows from both. */
    key: Slug,
    /** The question in words, where the key says too little. */
    words: z.optional(z.nullable(Words)),
    ...said,
    /** Whose word it is; left out, the organization of the post that asks; null, a source that is no organization of the directory. */
    saidBy: z.optional(z.nullable(Uuid)),
    scope: z.optional(Scope),
    /** Nobody that it counts is counted in another part: only then may parts be added up. */
    apart: z.optional(z.boolean()),
    /** `own`: it takes the place of all that this organization said before; else only of what it said from the same source. */
    replaces: z.optional(z.enum(['same-source', 'own'])),
    /** Its own id, made by whoever says it; left out, the id of the command. */
    assertion: z.optional(Uuid),
    /** The report that it stands in. */
    sitrep: z.optional(Uuid),
    /** Given by the server. */
    jurisdiction: z.optional(DivisionCode),
  }),
  z.strictObject({ type: z.literal('information.correct'), assertion: Uuid, ...said, reason: Reason }),
  z.strictObject({ type: z.literal('information.withdraw'), assertion: Uuid, reason: Reason }),
  /** Somebody answerable says which value holds; what differs is struck through and kept. */
  z.strictObject({
    type: z.literal('information.reconcile'),
    scope: z.optional(Scope),
    value: Value,
    unit: z.nullable(z.string().check(z.maxLength(20))),
    asOf: z.optional(InstantText),
    reason: Reason,
  }),
  /** Whoever has it gives it to whoever needs it; what stands at that moment is what was given, contradictions included. */
  z.strictObject({
    type: z.literal('information.deliver'),
    to: z.array(Uuid).check(z.minLength(1), z.maxLength(RECEIVERS_MAX)),
    /** What the clauses call it, e.g. `substance-list`; left out, the key. */
    subject: z.optional(Slug),
    complete: z.boolean(),
    note: z.optional(z.string().check(z.maxLength(2000))),
  }),
  /** A person of the receiver has seen it. */
  z.strictObject({ type: z.literal('information.receipt') }),
  /** The linkage: a public release has stated it. */
  z.strictObject({ type: z.literal('information.note-release'), release: Uuid, value: Value, unit: z.nullable(z.string()) }),
])
export type InformationCommand = z.infer<typeof InformationCommand>
export type Of<T extends InformationCommand['type']> = Extract<InformationCommand, { readonly type: T }>

export type Said = {
  readonly value: Value
  readonly unit: string | null
  readonly source: string
  readonly confidence: Confidence
  readonly asOf: string
}
/** One side of what was delivered: an assertion, or (null) the reconciled value. */
export type Delivered = {
  readonly assertion: string | null
  readonly scope: string | null
  readonly value: Value
  readonly unit: string | null
  readonly source: string
  readonly asOf: string
}

export type InformationEvent =
  | {
      readonly type: 'information.asked'
      readonly incidentId: string
      readonly key: string
      readonly words: Words | null
      readonly jurisdiction: string
    }
  | ({
      readonly type: 'information.asserted'
      readonly assertion: string
      readonly saidBy: string | null
      readonly enteredBy: string | null
      readonly scope: string | null
      readonly apart: boolean
      readonly sitrep: string | null
      /** Whose place it takes: earlier words of the same source or organization. */
      readonly supersedes: readonly string[]
      /** It takes the place of the reconciled value, too, which was this organization's own. */
      readonly overReconciled: boolean
      /** Heard late: the same source has said something newer since. */
      readonly late: boolean
    } & Said)
  | ({ readonly type: 'information.corrected'; readonly assertion: string; readonly reason: string; readonly by: string | null } & Said)
  | { readonly type: 'information.withdrawn'; readonly assertion: string; readonly reason: string; readonly by: string | null }
  | {
      readonly type: 'information.reconciled'
      readonly scope: string | null
      readonly value: Value
      readonly unit: string | null
      readonly asOf: string
      readonly struck: readonly string[]
      readonly reason: string
      readonly by: string | null
    }
  | {
      readonly type: 'information.delivered'
      /** `correction`: what they were given before has turned out wrong. */
      readonly cause: 'given' | 'correction'
      readonly from: string | null
      readonly to: readonly string[]
      readonly said: readonly Delivered[]
      readonly subject: string
      readonly complete: boolean
      readonly note: string | null
      readonly key: string
    }
  | { readonly type: 'information.receipted'; readonly organization: string }
  | { readonly type: 'information.released'; readonly release: string; readonly value: Value; readonly unit: string | null }
  /** A public release states what does not hold (any more). `value` null: nothing is settled now. */
  | {
      readonly type: 'information.release-outdated'
      readonly release: string
      readonly key: string
      readonly stated: Value
      readonly value: Value | null
      readonly unit: string | null
    }

/** `superseded`: the same source said something newer. `struck`: another value was found to hold. */
export type AssertionStatus = 'current' | 'superseded' | 'struck' | 'withdrawn'
export type Assertion = Said & {
  readonly id: string
  readonly saidBy: string | null
  readonly enteredBy: string | null
  readonly scope: string | null
  readonly apart: boolean
  readonly sitrep: string | null
  readonly heardAt: string
  readonly status: AssertionStatus
  /** When and why it ceased to be current. */
  readonly endedAt: string | null
  readonly ending: string | null
  /** What it said before it was corrected, the oldest first. */
  readonly replaced: readonly (Said & { readonly heardAt: string; readonly reason: string })[]
}
export type Reconciliation = {
  readonly scope: string | null
  readonly value: Value
  readonly unit: string | null
  readonly asOf: string
  readonly at: string
  readonly by: string | null
  readonly reason: string
  /** It still holds: neither reconciled anew nor followed by a newer word of the same organization. */
  readonly holds: boolean
}
export type Delivery = {
  readonly to: string
  readonly from: string | null
  readonly at: string
  readonly cause: 'given' | 'correction'
  readonly said: readonly Delivered[]
  readonly subject: string
  readonly complete: boolean
  readonly note: string | null
  readonly receiptAt: string | null
}
export type Stated = {
  readonly release: string
  readonly value: Value
  readonly unit: string | null
  readonly at: string
  readonly outdated: boolean
}
export type Information = {
  readonly incidentId: string
  readonly key: string
  readonly words: Words | null
  readonly jurisdiction: string
  readonly askedAt: string
  readonly assertions: readonly Assertion[]
  readonly reconciliations: readonly Reconciliation[]
  readonly deliveries: readonly Delivery[]
  readonly stated: readonly Stated[]
}
