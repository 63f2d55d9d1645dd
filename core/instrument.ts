import { z } from 'zod/mini'
import { refuse, unreachable, type Decider } from './decider.ts'
import { Words } from './event.ts'
import { Slug } from './id.ts'
import { Colour, IncidentClass, Level } from './level.ts'
import { DivisionCode } from './place.ts'
import { Duration, PlainDate } from './time.ts'

/** The events of the log that a clause may wait for. */
export const TriggerEvent = z.enum([
  'incident.reported',
  'incident.verified',
  'incident.declared',
  'incident.response-set',
  'incident.headquarters-activated',
  'incident.noted',
  'incident.closed',
  'sitrep.filed',
  'obligation.discharged',
  'obligation.lapsed',
])
export type TriggerEvent = z.infer<typeof TriggerEvent>

/**
 * Who, said by part and not by name: a part in the incident, or the nearest organization that holds a function,
 * looked for in the incident's jurisdiction and then upward. `@superior` is one step up from what stands before it;
 * `@county`, `@prefecture`, `@province`, `@nation` fix the level of government.
 */
export const Party = z
  .string()
  .check(
    z.regex(
      /^(?:(?:unit-involved|reporter|actor|target|recipient|debtor|creditor|headquarters|lead|government|public)|function:[a-z][a-z-]{1,40})(?:@(?:superior|county|prefecture|province|nation))?$/,
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
  /** At least as grave as this. */
  severity: z.optional(Level),
  level: z.optional(Level),
  colours: z.optional(z.array(Colour).check(z.minLength(1))),
  /** Who did it. In `evidence`, left out means the debtor. */
  by: z.optional(z.union([z.literal('anyone'), Party])),
})
export type Condition = z.infer<typeof Condition>

/** Whether a source confirms the time limit, and which; a limit that is only our target says so on every screen. */
const Limit = z.strictObject({
  within: z.nullable(Duration),
  confirmed: z.boolean(),
  source: z.nullable(Words),
})

const clauseCommon = {
  id: Slug,
  /** As the instrument numbers it, e.g. 第十七条第一款. */
  article: Words,
  words: Words,
  /** Whether `zh-CN` is the provision's own text or our summary of it. */
  wording: z.enum(['text', 'summary']),
}

export const DutyClause = z.strictObject({
  ...clauseCommon,
  kind: z.literal('duty'),
  function: Slug,
  when: z.array(Condition).check(z.minLength(1), z.maxLength(8)),
  /** How often it binds: once an incident, once for each debtor, or at each matching event. */
  once: z.enum(['incident', 'debtor', 'event']),
  /** `debtor` and `creditor` here are those of the obligation that the event belongs to; in `to` and `evidence`, of this one. */
  owes: Party,
  /** Every organization that the party names owes it, not only the first. */
  each: z.optional(z.boolean()),
  to: Party,
  act: Slug,
  actWords: Words,
  limit: Limit,
  /** What recorded event discharges it without anybody saying so twice. */
  evidence: z.array(Condition).check(z.maxLength(8)),
})
export type DutyClause = z.infer<typeof DutyClause>

export const EscalationClause = z.strictObject({
  ...clauseCommon,
  kind: z.literal('escalation'),
  /** The duty clauses that it supervises; `all` of this instrument, or those named. */
  of: z.union([z.literal('all'), z.array(Slug).check(z.minLength(1), z.maxLength(100))]),
  /** After how much silence past the deadline it climbs, and to whom, step by step. */
  steps: z.array(z.strictObject({ after: Duration, to: Party, confirmed: z.boolean() })).check(z.minLength(1), z.maxLength(6)),
})
export type EscalationClause = z.infer<typeof EscalationClause>

/** A provision that lays no dated duty, kept so that a basis can be opened and read. */
export const TextClause = z.strictObject({ ...clauseCommon, kind: z.literal('text') })

export const Clause = z.discriminatedUnion('kind', [DutyClause, EscalationClause, TextClause])
export type Clause = z.infer<typeof Clause>

export const InstrumentKind = z.enum(['law', 'regulation', 'plan', 'agreement', 'order'])

/** An instrument 依据 as its file states it. */
export const Instrument = z.strictObject({
  schema: z.literal('muster/instrument/1'),
  id: Slug,
  kind: InstrumentKind,
  title: Words,
  /** Whose territory it binds. */
  jurisdiction: DivisionCode,
  issuer: Words,
  /** Document number, adoption and revision. */
  citation: Words,
  inForceFrom: PlainDate,
  inForceUntil: z.nullable(PlainDate),
  /** Where the words come from and under what terms. */
  source: Words,
  higher: z.array(Slug).check(z.maxLength(40)),
  /** Written for the demonstration, not issued by anybody. */
  demonstration: z.boolean(),
  clauses: z.array(Clause).check(z.minLength(1), z.maxLength(2000)),
})
export type Instrument = z.infer<typeof Instrument>

export const InstrumentCommand = z.discriminatedUnion('type', [
  /** Takes the instrument, or its next version, into force as its dates say. The same text twice changes nothing. */
  z.strictObject({ type: z.literal('instrument.adopt'), instrument: Instrument }),
  z.strictObject({ type: z.literal('instrument.repeal'), on: PlainDate, reason: z.string().check(z.minLength(1), z.maxLength(2000)) }),
])
export type InstrumentCommand = z.infer<typeof InstrumentCommand>

export type InstrumentEvent =
  | { readonly type: 'instrument.adopted'; readonly version: number; readonly instrument: Instrument }
  | { readonly type: 'instrument.repealed'; readonly on: string; readonly reason: string }

export type InstrumentState = { readonly version: number; readonly instrument: Instrument | null }

export const instrument: Decider<InstrumentState, InstrumentCommand, InstrumentEvent> = {
  initial: { version: 0, instrument: null },

  decide(state, command) {
    switch (command.type) {
      case 'instrument.adopt': {
        const clash = firstRepeated(command.instrument.clauses.map((clause) => clause.id))
        if (clash !== null) return refuse('instrument.clause-twice', { clause: clash })
        const unknown = unknownSupervised(command.instrument)
        if (unknown !== null) return refuse('instrument.supervised-unknown', { clause: unknown })
        if (state.instrument !== null && state.instrument.id !== command.instrument.id)
          return refuse('instrument.other-id', { id: state.instrument.id })
        if (state.instrument !== null && JSON.stringify(state.instrument) === JSON.stringify(command.instrument)) return []
        return [{ type: 'instrument.adopted', version: state.version + 1, instrument: command.instrument }]
      }
      case 'instrument.repeal':
        if (state.instrument === null) return refuse('instrument.unknown')
        if (command.on < state.instrument.inForceFrom)
          return refuse('instrument.repealed-before-in-force', { from: state.instrument.inForceFrom })
        return [{ type: 'instrument.repealed', on: command.on, reason: command.reason }]
      default:
        return unreachable(command)
    }
  },

  evolve(state, event) {
    switch (event.type) {
      case 'instrument.adopted':
        return { version: event.version, instrument: event.instrument }
      case 'instrument.repealed':
        return state.instrument === null ? state : { ...state, instrument: { ...state.instrument, inForceUntil: event.on } }
      default:
        return unreachable(event)
    }
  },
}

function firstRepeated(ids: readonly string[]): string | null {
  const seen = new Set<string>()
  for (const id of ids) {
    if (seen.has(id)) return id
    seen.add(id)
  }
  return null
}

function unknownSupervised(file: Instrument): string | null {
  const duties = new Set(file.clauses.filter((clause) => clause.kind === 'duty').map((clause) => clause.id))
  for (const clause of file.clauses)
    if (clause.kind === 'escalation' && clause.of !== 'all') for (const id of clause.of) if (!duties.has(id)) return id
  return null
}

/** In force on a day: from its first day to the day before it was repealed. */
export const inForceOn = (file: Pick<Instrument, 'inForceFrom' | 'inForceUntil'>, day: string): boolean =>
  file.inForceFrom <= day && (file.inForceUntil === null || day < file.inForceUntil)

/** The basis as it stands in the log and in links: `instrument@version#clause`. */
export const basisText = (instrumentId: string, version: number, clauseId: string): string => `${instrumentId}@${version}#${clauseId}`

const BASIS = /^(?<instrument>[^@#]+)@(?<version>\d+)#(?<clause>.+)$/
export function basisFrom(text: string): { readonly instrumentId: string; readonly version: number; readonly clauseId: string } {
  const found = BASIS.exec(text)?.groups
  if (found?.instrument === undefined || found.clause === undefined) throw new Error(`not a basis: ${text}`)
  return { instrumentId: found.instrument, version: Number(found.version), clauseId: found.clause }
}
