/** The clauses of an instrument: what it lays down, in words and as data that are evaluated, never run. */
import { z } from 'zod/mini'
import { Words } from '../event.ts'
import { Slug } from '../id.ts'
import { Colour, IncidentClass, Level } from '../level.ts'
import { MoneyText } from '../money.ts'
import { DivisionCode } from '../place.ts'
import { Quantity } from '../quantity.ts'
import { Duration } from '../time.ts'

/** The events of the log that a clause may wait for. */
export const TriggerEvent = z.enum([
  'incident.reported',
  'incident.verified',
  'incident.declared',
  'incident.response-set',
  'incident.headquarters-activated',
  /** This very instrument, plan or agreement, was activated for the incident. */
  'incident.instrument-activated',
  'incident.noted',
  'incident.closed',
  'sitrep.filed',
  'obligation.accepted',
  'obligation.declined',
  'obligation.discharged',
  'obligation.lapsed',
])
export type TriggerEvent = z.infer<typeof TriggerEvent>

/**
 * Who, said by part and not by name: a part in the incident, or the nearest organization that holds a function,
 * looked for in the incident's jurisdiction and then upward, or a party of the instrument by its key. `warned`: everyone
 * registered in a territory under the warning, `warned:community` those of them that hold the function; `site-owner`,
 * `site-regulator`, `site-responder`: whom the register names for the special site that the clause is about. `@superior` is
 * one step up from what stands before it, `@neighbour` the next of its kind beside it; `@county`, `@prefecture`,
 * `@province`, `@nation` fix the level of government.
 */
export const Party = z
  .string()
  .check(
    z.regex(
      /^(?:(?:unit-involved|reporter|actor|target|recipient|debtor|creditor|headquarters|lead|government|public|warned|site-owner|site-regulator|site-responder)|(?:function|party|warned):[a-z][a-z0-9-]{0,40})(?:@(?:superior|neighbour|county|prefecture|province|nation))?$/,
    ),
  )
export type Party = z.infer<typeof Party>

/** A condition over one event of the log and the incident it belongs to. Everything stated must hold; what is not stated does not matter. */
export const Condition = z.strictObject({
  event: TriggerEvent,
  /** `incident.noted`: the kind of fact, e.g. `arrive`, `warning`, `information-provided`. */
  kinds: z.optional(z.array(Slug).check(z.minLength(1), z.maxLength(40))),
  subject: z.optional(Slug),
  /** `incident.noted`: the fact says that what was provided is complete. */
  complete: z.optional(z.boolean()),
  reportKinds: z.optional(z.array(z.enum(['initial', 'follow-up', 'final'])).check(z.minLength(1))),
  acts: z.optional(z.array(Slug).check(z.minLength(1), z.maxLength(40))),
  classes: z.optional(z.array(IncidentClass).check(z.minLength(1))),
  hazards: z.optional(z.array(Slug).check(z.minLength(1), z.maxLength(40))),
  /** The function of the obligation that the event belongs to. */
  functions: z.optional(z.array(Slug).check(z.minLength(1), z.maxLength(40))),
  /** The incident lies in one of these territories. */
  areas: z.optional(z.array(DivisionCode).check(z.minLength(1), z.maxLength(200))),
  /** At least as grave as this. */
  severity: z.optional(Level),
  level: z.optional(Level),
  colours: z.optional(z.array(Colour).check(z.minLength(1))),
  /** Who did it. In `evidence`, left out means the debtor. */
  by: z.optional(z.union([z.literal('anyone'), Party])),
  /** The duty arises this long after the event, if the incident is still open then; counted from when the event happened. */
  elapsed: z.optional(Duration),
})
export type Condition = z.infer<typeof Condition>

/** Whether a source confirms the time limit, and which; a limit that is only our target says so on every screen. */
const Limit = z.strictObject({
  within: z.nullable(Duration),
  confirmed: z.boolean(),
  source: z.nullable(Words),
})

/** The phases of the whole process 全过程: each has its products and its duties. */
export const Phase = z.enum(['prepare', 'warn', 'respond', 'recover', 'review', 'improve'])
export type Phase = z.infer<typeof Phase>

/** What part an organization has in a function 牵头、配合、会商、告知、备份: the letters of the responsibility matrix. */
export const Part = z.enum(['lead', 'support', 'consult', 'inform', 'backup'])
export type Part = z.infer<typeof Part>

const clauseCommon = {
  id: Slug,
  /** As the instrument numbers it, e.g. 第十七条第一款. */
  article: Words,
  words: Words,
  /** Whether `zh-CN` is the provision's own text or our summary of it. */
  wording: z.enum(['text', 'summary']),
  /** The hazards that it concerns; left out, those that its conditions name, else all. */
  hazards: z.optional(z.array(Slug).check(z.minLength(1), z.maxLength(40))),
  phase: z.optional(Phase),
  /** Where it binds within the instrument's jurisdiction; left out, everywhere in it. */
  areas: z.optional(z.array(DivisionCode).check(z.minLength(1), z.maxLength(200))),
  /** What a reader may look it up by: `insurance`, `liability`, `command`, `compensation`. */
  topics: z.optional(z.array(Slug).check(z.minLength(1), z.maxLength(10))),
}

/** What binds: when, who owes, to whom, what act, within what time, proved by what. */
const binding = {
  ...clauseCommon,
  function: Slug,
  /** Left out, the clause gives the organization no place in the matrix. */
  part: z.optional(Part),
  /** Empty: a standing assignment, which makes nothing owed by itself. */
  when: z.array(Condition).check(z.maxLength(8)),
  /** How often it binds: once an incident, once for each debtor, or at each matching event. */
  once: z.enum(['incident', 'debtor', 'event']),
  /** `debtor` and `creditor` here are those of the obligation that the event belongs to; in `to` and `evidence`, of this one. */
  owes: Party,
  /** Every organization that the party names owes it, not only the first. */
  each: z.optional(z.boolean()),
  /** Of a warning: one for each special site of these kinds that lies under it, by name; the act is about that site. */
  sites: z.optional(z.union([z.literal('all'), z.array(Slug).check(z.minLength(1), z.maxLength(40))])),
  /** With `each`: so many of them are enough; the others are then released. */
  quorum: z.optional(z.int().check(z.gte(1), z.lte(1000))),
  to: Party,
  act: Slug,
  actWords: Words,
  limit: Limit,
  /** Within this the debtor accepts or declines; silence climbs like a lapse. */
  answerWithin: z.optional(Duration),
  /** Who accepted says how it goes at least so often; silence takes the acceptance back. */
  progressEvery: z.optional(Duration),
  /** It is owed anew each time this long after the last one was due, until the incident is closed: the daily zero report. */
  every: z.optional(Duration),
  /** How grave it is when it is missed, 1 (gravest) to 4. Left out: 3. */
  gravity: z.optional(Level),
  /** The article that keeps this act for public authority; left out, any organization of the right grade may take it on. */
  reserved: z.optional(Words),
  /** Time that the act cannot do without: the way there, the approvals before. */
  needs: z.optional(z.strictObject({ travel: z.optional(Duration), approval: z.optional(Duration) })),
  /** What recorded event discharges it without anybody saying so twice. */
  evidence: z.array(Condition).check(z.maxLength(8)),
}

export const DutyClause = z.strictObject({ ...binding, kind: z.literal('duty') })
export type DutyClause = z.infer<typeof DutyClause>

/** 信息共享条款: what information goes to whom, for what purpose, until when. */
export const DisclosureClause = z.strictObject({
  ...binding,
  kind: z.literal('disclosure'),
  information: z.array(Slug).check(z.minLength(1), z.maxLength(40)),
  purpose: Words,
  /** How long the receiver may keep it: a time, until the incident is closed, or without end. */
  until: z.union([Duration, z.literal('incident-closed'), z.null()]),
})
export type DisclosureClause = z.infer<typeof DisclosureClause>

/** 资源条款: what is held ready or given, how much, and under what limits. `limit.within` is the time to be ready. */
export const ResourceClause = z.strictObject({
  ...binding,
  kind: z.literal('resource'),
  resource: z.strictObject({ type: Slug, words: Words, quantity: Quantity }),
  limits: z.nullable(Words),
})
export type ResourceClause = z.infer<typeof ResourceClause>

/** A clause that makes something owed. */
export type BindingClause = DutyClause | DisclosureClause | ResourceClause
export const binds = (clause: Clause): clause is BindingClause =>
  clause.kind === 'duty' || clause.kind === 'disclosure' || clause.kind === 'resource'

export const EscalationClause = z.strictObject({
  ...clauseCommon,
  kind: z.literal('escalation'),
  /** The binding clauses that it supervises; `all` of this instrument, or those named. */
  of: z.union([z.literal('all'), z.array(Slug).check(z.minLength(1), z.maxLength(100))]),
  /** After how much silence past the deadline it climbs, and to whom, step by step. */
  steps: z.array(z.strictObject({ after: Duration, to: Party, confirmed: z.boolean() })).check(z.minLength(1), z.maxLength(6)),
})
export type EscalationClause = z.infer<typeof EscalationClause>

/** 费用条款: what is paid for what, by whom to whom, how much at most, within how many days. */
export const CostClause = z.strictObject({
  ...clauseCommon,
  kind: z.literal('cost'),
  /** The binding clauses whose cost it settles. */
  of: z.union([z.literal('all'), z.array(Slug).check(z.minLength(1), z.maxLength(100))]),
  item: Slug,
  payer: Party,
  payee: Party,
  /** So much for each unit; null: what was spent and is proved. */
  rate: z.nullable(z.strictObject({ money: MoneyText, per: Quantity })),
  cap: z.nullable(MoneyText),
  payWithin: z.nullable(Duration),
})
export type CostClause = z.infer<typeof CostClause>

/** 权限条款: who may decide what at which level, and whose approval it takes on the ordinary or on the emergency path. */
export const AuthorityClause = z.strictObject({
  ...clauseCommon,
  kind: z.literal('authority'),
  /** What is decided: `response-level`, `evacuation`, `requisition`, `mutual-aid`, `publication`. */
  decides: z.array(Slug).check(z.minLength(1), z.maxLength(40)),
  /** From this response level upward; left out, at any. */
  level: z.optional(Level),
  path: z.enum(['ordinary', 'emergency']),
  holder: Party,
  /** Who approves before, in this order; empty on a path that needs nobody. */
  approvals: z.array(Party).check(z.maxLength(10)),
  within: z.nullable(Duration),
})
export type AuthorityClause = z.infer<typeof AuthorityClause>

/** A provision that lays no dated duty, kept so that a basis can be opened and read. */
export const TextClause = z.strictObject({ ...clauseCommon, kind: z.literal('text') })

export const Clause = z.discriminatedUnion('kind', [
  DutyClause,
  DisclosureClause,
  ResourceClause,
  EscalationClause,
  CostClause,
  AuthorityClause,
  TextClause,
])
export type Clause = z.infer<typeof Clause>
