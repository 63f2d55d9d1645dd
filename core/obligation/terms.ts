import { z } from 'zod/mini'
import { Words } from '../event.ts'
import { Slug, Uuid } from '../id.ts'
import { Colour, Level } from '../level.ts'
import { DivisionCode } from '../place.ts'
import { Duration } from '../time.ts'

export const Instant = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/))
export const Reason = z.string().check(z.trim(), z.minLength(1), z.maxLength(4000))
const Line = z.string().check(z.trim(), z.minLength(1), z.maxLength(500))

export const Basis = z.strictObject({ instrumentId: Slug, version: z.int().check(z.gte(1)), clauseId: Slug })
export type Basis = z.infer<typeof Basis>
const Rung = z.strictObject({ at: Instant, to: Uuid, clauseId: Slug })

/** How it came to be owed: by a clause, an order, a request, a joint decision, or handed on from another obligation. Left out: a clause. */
export const Origin = z.enum(['clause', 'order', 'request', 'decision', 'handed-on'])
export type Origin = z.infer<typeof Origin>

/**
 * The particulars of an order or a request. A request to the armed forces states the kind of danger, when and where, how
 * grave, what has been done, and the strength asked for (State Council and CMC Order 436, art. 5). It goes through the
 * military body of the same level; in extremis straight to the unit stationed there, and then says why (art. 4).
 */
export const Form = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('general'), place: z.optional(Line), situation: z.optional(Reason), strength: z.optional(Line) }),
  z.strictObject({
    type: z.literal('military'),
    harmType: Line,
    time: Instant,
    place: Line,
    harm: Reason,
    measures: Reason,
    strength: Reason,
    direct: z.optional(Reason),
  }),
])
export type Form = z.infer<typeof Form>

export const CallWay = z.enum(['phone', 'radio', 'message', 'visit'])
export type CallWay = z.infer<typeof CallWay>
export const CallOutcome = z.enum(['answered', 'no-answer', 'busy', 'unreachable'])
export type CallOutcome = z.infer<typeof CallOutcome>
/** A try to reach a person of the debtor 叫应, by an organization that waits for the answer. */
export type Call = {
  readonly at: string
  readonly by: string | null
  readonly way: CallWay
  readonly outcome: CallOutcome
  readonly text: string | null
}

/** Who does it for the debtor: a post by its name, never a private person. */
export const DoneBy = z.strictObject({ postId: z.nullable(Uuid), words: Line })
export type DoneBy = z.infer<typeof DoneBy>

/** What is asked of whom a warning reaches 叫应: answer in person, decide, ask after a special site, tell the public, act. */
export const Stage = z.enum(['answer', 'decide', 'ask', 'publish', 'act'])
export type Stage = z.infer<typeof Stage>
/** The warning that made it owed: the first message of its chain, its colour then, and what is asked. */
const Warning = z.strictObject({ alertId: Uuid, colour: Colour, stage: Stage })

/** What an order and a request say alike. */
export const asked = {
  objectiveId: z.optional(Uuid),
  /** Until when the debtor says yes or no; silence after it is heard by supervision. */
  answerBy: z.optional(Instant),
  /** Who accepted says how it goes at least so often; silence takes the acceptance back. */
  progressEvery: z.optional(Duration),
  /** How grave it is when it is missed, 1 (gravest) to 4. Left out: 3. */
  gravity: z.optional(Level),
  form: z.optional(Form),
}

/** What is owed, as a clause, an order or a request lays it down; only a deadline that both sides agreed to move ever changes. */
export const terms = {
  ...asked,
  /** Null: a duty of ordinary times, of no incident. */
  incidentId: z.nullable(Uuid),
  jurisdiction: DivisionCode,
  debtor: Uuid,
  creditor: Uuid,
  function: Slug,
  act: Slug,
  actWords: Words,
  /** What the act is about, when the event that made it owed said so, e.g. `substance-list`. */
  subject: z.optional(Slug),
  /** Null: an order or a request that names no clause; shown as a gap of the legal basis. */
  basis: z.nullable(Basis),
  dueAt: z.nullable(Instant),
  limitConfirmed: z.boolean(),
  /** The event of the log that made it owed; null where a post ordered or requested it. */
  trigger: z.nullable(z.strictObject({ position: z.string(), type: z.string(), occurredAt: Instant })),
  /** To whom it climbs and when, once it has lapsed. */
  ladder: z.array(Rung).check(z.maxLength(6)),
  origin: z.optional(Origin),
  /** The obligation that this one is a part of. */
  parentId: z.optional(Uuid),
  /** Those further up the chain: who handed on stays answerable to them, so they see where it went. */
  watchers: z.optional(z.array(Uuid).check(z.maxLength(40))),
  /** It is owed anew this long after it was due, until the incident ends; `round` counts from 1. */
  every: z.optional(Duration),
  round: z.optional(z.int().check(z.gte(1))),
  /** Of all obligations of this group so many are enough; the others are then released. */
  group: z.optional(z.strictObject({ id: z.string().check(z.minLength(1), z.maxLength(200)), quorum: z.int().check(z.gte(1)) })),
  phase: z.optional(Slug),
  warning: z.optional(Warning),
  /** The special site that it is about, by the name that the register had. */
  site: z.optional(z.strictObject({ id: Uuid, name: z.string().check(z.maxLength(200)) })),
  /** The organization that ordered or requested it. */
  by: z.optional(Uuid),
}
const Terms = z.strictObject(terms)
export type Terms = z.infer<typeof Terms>
