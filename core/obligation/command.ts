import { z } from 'zod/mini'
import { Words } from '../event.ts'
import { Slug, Uuid } from '../id.ts'
import { DivisionCode } from '../place.ts'
import { asked, Basis, CallOutcome, CallWay, DoneBy, Instant, Reason, terms, type Call, type Form, type Terms } from './terms.ts'

const Note = z.optional(z.string().check(z.maxLength(2000)))
const HELPERS_MAX = 20

/** What a post says when it orders or requests; the creditor is its own organization unless it names another. */
const asking = {
  ...asked,
  incidentId: z.nullable(Uuid),
  jurisdiction: DivisionCode,
  debtor: Uuid,
  creditor: z.optional(Uuid),
  function: Slug,
  act: Slug,
  actWords: Words,
  basis: z.nullable(Basis),
  dueAt: z.nullable(Instant),
}

/** An obligation 责任: one organization owes another one act, by a deadline, on a basis. */
export const ObligationCommand = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('obligation.owe'), ...terms }),
  /** The same asked for, not owed until it is accepted. */
  z.strictObject({ type: z.literal('obligation.ask'), ...terms }),
  z.strictObject({ type: z.literal('obligation.order'), ...asking }),
  z.strictObject({ type: z.literal('obligation.request'), ...asking }),

  // The debtor
  /** `dueAt`: only for what was requested, whose deadline the debtor may name himself. */
  z.strictObject({ type: z.literal('obligation.accept'), note: Note, doer: z.optional(DoneBy), dueAt: z.optional(Instant) }),
  z.strictObject({ type: z.literal('obligation.decline'), reason: Reason }),
  /** `eventPosition`: the recorded event that is the evidence; `deliveredBy`: who brought it, when it was not the debtor. */
  z.strictObject({
    type: z.literal('obligation.discharge'),
    evidence: Reason,
    eventPosition: z.optional(z.string()),
    deliveredBy: z.optional(Uuid),
  }),
  z.strictObject({ type: z.literal('obligation.name-doer'), doer: DoneBy }),
  z.strictObject({ type: z.literal('obligation.report-progress'), text: Reason }),
  z.strictObject({ type: z.literal('obligation.ask-extension'), until: Instant, reason: Reason }),
  z.strictObject({
    type: z.literal('obligation.ask-help'),
    text: Reason,
    of: z.array(Uuid).check(z.minLength(1), z.maxLength(HELPERS_MAX)),
  }),
  z.strictObject({
    type: z.literal('obligation.hand-on'),
    to: Uuid,
    part: Reason,
    act: z.optional(Slug),
    dueAt: z.optional(Instant),
  }),

  // The creditor
  z.strictObject({ type: z.literal('obligation.confirm'), note: Note }),
  z.strictObject({ type: z.literal('obligation.dispute'), reason: Reason }),
  z.strictObject({
    type: z.literal('obligation.insist'),
    reason: Reason,
    dueAt: z.optional(Instant),
    answerBy: z.optional(Instant),
  }),
  /** `statutory`: the article that sets the limit, put in by the server where a law or regulation does. */
  z.strictObject({
    type: z.literal('obligation.grant-extension'),
    until: z.optional(Instant),
    statutory: z.optional(z.string().check(z.maxLength(600))),
  }),
  z.strictObject({ type: z.literal('obligation.refuse-extension'), reason: Reason }),
  z.strictObject({ type: z.literal('obligation.waive'), reason: Reason }),
  z.strictObject({ type: z.literal('obligation.link'), objectiveId: Uuid }),

  /** Whoever waits for it has tried to reach a person: each try is kept, the silent ones too. */
  z.strictObject({ type: z.literal('obligation.note-call'), way: CallWay, outcome: CallOutcome, text: Note }),

  // Time and the linkage
  z.strictObject({ type: z.literal('obligation.lapse') }),
  z.strictObject({ type: z.literal('obligation.escalate'), step: z.int().check(z.gte(0), z.lte(5)) }),
  z.strictObject({ type: z.literal('obligation.mark-unanswered') }),
  z.strictObject({ type: z.literal('obligation.unaccept') }),
  /** What it depended on is over: `quorum-met`, `incident-closed`, `plan-terminated`. */
  z.strictObject({ type: z.literal('obligation.release'), reason: Slug }),
])
export type ObligationCommand = z.infer<typeof ObligationCommand>
export type Of<T extends ObligationCommand['type']> = Extract<ObligationCommand, { readonly type: T }>

/** What a child obligation takes over from the one it is a part of. */
export type Parent = Pick<Terms, 'incidentId' | 'jurisdiction' | 'debtor' | 'creditor' | 'function' | 'act' | 'basis' | 'dueAt'> & {
  readonly watchers: readonly string[]
  readonly objectiveId: string | null
}

export type ObligationEvent =
  | ({ readonly type: 'obligation.owed' } & Terms)
  | ({ readonly type: 'obligation.requested' } & Terms)
  /** `dueAt`: the deadline that the debtor of a request undertook instead of the one asked for. */
  | { readonly type: 'obligation.accepted'; readonly note: string | null; readonly doer?: DoneBy; readonly dueAt?: string }
  | { readonly type: 'obligation.declined'; readonly reason: string }
  | {
      readonly type: 'obligation.discharged'
      readonly evidence: string
      readonly eventPosition: string | null
      readonly deliveredBy: string | null
      /** ISO 8601 duration past the deadline, or null when in time or undated. */
      readonly lateBy: string | null
    }
  | { readonly type: 'obligation.doer-named'; readonly doer: DoneBy }
  | { readonly type: 'obligation.progress-reported'; readonly text: string }
  | { readonly type: 'obligation.extension-asked'; readonly until: string; readonly reason: string }
  | { readonly type: 'obligation.extension-granted'; readonly from: string; readonly until: string; readonly reason: string }
  | { readonly type: 'obligation.extension-refused'; readonly until: string; readonly reason: string }
  | { readonly type: 'obligation.help-asked'; readonly text: string; readonly of: readonly string[]; readonly parent: Parent }
  | {
      readonly type: 'obligation.handed-on'
      readonly to: string
      readonly part: string
      readonly act: string
      readonly dueAt: string | null
      readonly parent: Parent
    }
  | { readonly type: 'obligation.confirmed'; readonly note: string | null }
  | { readonly type: 'obligation.disputed'; readonly reason: string; readonly evidence: string }
  | { readonly type: 'obligation.insisted'; readonly reason: string; readonly dueAt?: string; readonly answerBy?: string }
  | { readonly type: 'obligation.waived'; readonly reason: string }
  | { readonly type: 'obligation.released'; readonly reason: string }
  | ({ readonly type: 'obligation.called' } & Omit<Call, 'at'>)
  | { readonly type: 'obligation.linked'; readonly objectiveId: string }
  | { readonly type: 'obligation.lapsed'; readonly dueAt: string }
  | { readonly type: 'obligation.escalated'; readonly step: number; readonly to: string; readonly clauseId: string }
  /** Neither yes nor no within the time to answer. */
  | { readonly type: 'obligation.unanswered'; readonly answerBy: string; readonly requested: boolean }
  /** Accepted, then silent for longer than `every`: owed again. */
  | { readonly type: 'obligation.unaccepted'; readonly since: string; readonly every: string }
export type Happened<T extends ObligationEvent['type']> = Extract<ObligationEvent, { readonly type: T }>
export type { Form }
