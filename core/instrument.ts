import { z } from 'zod/mini'
import { refuse, unreachable, type By, type Decider, type Refusal } from './decider.ts'
import { Words } from './event.ts'
import { Slug, Uuid } from './id.ts'
import { binds, Clause, Phase } from './instrument/clause.ts'
import { dayOf, isComplete, signedOn, warningAt, type Approval, type Signature, type Version, type Withdrawal } from './instrument/life.ts'
import { DivisionCode } from './place.ts'
import { PlainDate } from './time.ts'

export * from './instrument/clause.ts'
export * from './instrument/life.ts'

export const InstrumentKind = z.enum(['law', 'regulation', 'plan', 'agreement', 'order'])

/** Who signs an agreement, or is named by a plan: an organization of this system, or whoever holds a function in a territory. */
export const InstrumentParty = z.strictObject({
  key: z.string().check(z.regex(/^[a-z][a-z0-9-]{0,40}$/)),
  name: Words,
  organization: z.optional(Uuid),
  function: z.optional(Slug),
  jurisdiction: z.optional(DivisionCode),
})
export type InstrumentParty = z.infer<typeof InstrumentParty>

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
  /** Who is bound by name; an agreement binds when all of them have signed. */
  parties: z.optional(z.array(InstrumentParty).check(z.maxLength(500))),
  /** Approvals and signatures given on paper, outside the system. */
  approvals: z.optional(z.array(z.strictObject({ by: Words, on: PlainDate })).check(z.maxLength(40))),
  signatures: z.optional(z.array(z.strictObject({ party: Slug, on: PlainDate })).check(z.maxLength(500))),
  /** Who keeps it up to date, and by when it is next reviewed. */
  keeper: z.optional(Words),
  reviewOn: z.optional(PlainDate),
  /** What it promises to place: each of these functions, for each hazard and phase, has a lead. */
  covers: z.optional(
    z.strictObject({
      hazards: z.array(Slug).check(z.minLength(1), z.maxLength(40)),
      phases: z.array(Phase).check(z.minLength(1)),
      functions: z.array(Slug).check(z.minLength(1), z.maxLength(200)),
    }),
  ),
  /** The level scale that its words use, where it is not the nation's; the pack's scale file maps it. */
  scale: z.optional(Slug),
  /** Its own terms, each with the word of the shared vocabulary that it means. */
  terms: z.optional(z.array(z.strictObject({ term: Words, means: Slug })).check(z.maxLength(500))),
  clauses: z.array(Clause).check(z.minLength(1), z.maxLength(2000)),
})
export type Instrument = z.infer<typeof Instrument>

const Note = z.string().check(z.trim(), z.minLength(1), z.maxLength(2000))
const PartyKey = z.string().check(z.regex(/^[a-z][a-z0-9-]{0,40}$/))

export const InstrumentCommand = z.discriminatedUnion('type', [
  /** Takes the instrument, or its next version, into force as its dates say. The same text twice changes nothing. */
  z.strictObject({ type: z.literal('instrument.adopt'), instrument: Instrument }),
  z.strictObject({ type: z.literal('instrument.repeal'), on: PlainDate, reason: Note }),
  /** A party signs the version that is there; the day is the day on which it happened. */
  z.strictObject({ type: z.literal('instrument.sign'), party: PartyKey, note: z.optional(Note) }),
  /** A party leaves from a day on, not backwards; two who remain are still bound to each other. */
  z.strictObject({ type: z.literal('instrument.withdraw'), party: PartyKey, reason: Note, on: PlainDate }),
  /** Emergency Response Law art. 26: the government issues its plan. `by` is put in by the server: the approving organization's name. */
  z.strictObject({ type: z.literal('instrument.approve'), by: z.optional(Words), note: Note }),
  z.strictObject({ type: z.literal('instrument.warn-expiry'), days: z.int().check(z.gte(1), z.lte(366)) }),
])
export type InstrumentCommand = z.infer<typeof InstrumentCommand>

export type InstrumentEvent =
  | { readonly type: 'instrument.adopted'; readonly version: number; readonly instrument: Instrument }
  | { readonly type: 'instrument.repealed'; readonly on: string; readonly reason: string }
  | ({ readonly type: 'instrument.signed' } & Signature)
  | ({ readonly type: 'instrument.withdrawn' } & Withdrawal)
  | ({ readonly type: 'instrument.approved' } & Approval)
  | { readonly type: 'instrument.expiry-warned'; readonly days: number; readonly until: string }

/** What a log from before signatures leaves out is absent, and nothing was signed, approved or warned of. */
export type InstrumentState = {
  readonly version: number
  readonly instrument: Instrument | null
  readonly signatures?: readonly Signature[]
  readonly withdrawals?: readonly Withdrawal[]
  readonly approvals?: readonly Approval[]
  /** The last version that had all it needs, while the newest waits for it. */
  readonly standing?: Version
  readonly repealed?: boolean
  readonly warned?: { readonly until: string; readonly days: number }
}

export const instrument: Decider<InstrumentState, InstrumentCommand, InstrumentEvent> = {
  initial: { version: 0, instrument: null },

  decide(state, command, by) {
    if (command.type === 'instrument.adopt') return adopt(state, command.instrument)
    if (state.instrument === null) return refuse('instrument.unknown')
    const version: Version = { version: state.version, instrument: state.instrument }
    switch (command.type) {
      case 'instrument.repeal':
        return command.on < version.instrument.inForceFrom
          ? refuse('instrument.repealed-before-in-force', { from: version.instrument.inForceFrom })
          : [{ type: 'instrument.repealed', on: command.on, reason: command.reason }]
      case 'instrument.sign':
      case 'instrument.withdraw':
        return bind(state, version, command, by)
      case 'instrument.approve':
        return approve(state, version, command, by)
      case 'instrument.warn-expiry': {
        const until = version.instrument.inForceUntil
        const days = until === null || state.repealed === true ? null : warningAt(until, by.at)
        const known = state.warned?.until === until && days !== null && state.warned.days <= days
        return until === null || days === null || known ? [] : [{ type: 'instrument.expiry-warned', days, until }]
      }
      default:
        return unreachable(command)
    }
  },

  evolve(state, event, stamp) {
    switch (event.type) {
      case 'instrument.adopted': {
        const { standing: _, repealed: __, ...kept } = state
        const next = { ...kept, version: event.version, instrument: event.instrument }
        const standing = standingAfter(state, dayOf(stamp.recordedAt))
        return standing === null || takesItsPlace(next, standing, dayOf(stamp.recordedAt)) ? next : { ...next, standing }
      }
      case 'instrument.repealed':
        return state.instrument === null ? state : ended(state, state.instrument, event.on)
      case 'instrument.signed': {
        const { type: _, ...signature } = event
        const withdrawals = (state.withdrawals ?? []).filter((one) => one.party !== event.party)
        return { ...state, signatures: [...(state.signatures ?? []), signature], withdrawals }
      }
      case 'instrument.withdrawn': {
        const { type: _, ...withdrawal } = event
        return { ...state, withdrawals: [...(state.withdrawals ?? []), withdrawal] }
      }
      case 'instrument.approved': {
        const { type: _, ...approval } = event
        return { ...state, approvals: [...(state.approvals ?? []), approval] }
      }
      case 'instrument.expiry-warned':
        return { ...state, warned: { until: event.until, days: event.days } }
      default:
        return unreachable(event)
    }
  },
}

function adopt(state: InstrumentState, file: Instrument): readonly InstrumentEvent[] | Refusal {
  const clash = firstRepeated(file.clauses.map((clause) => clause.id)) ?? firstRepeated((file.parties ?? []).map((party) => party.key))
  if (clash !== null) return refuse('instrument.clause-twice', { clause: clash })
  const unknown = unknownSupervised(file)
  if (unknown !== null) return refuse('instrument.supervised-unknown', { clause: unknown })
  const stranger = unknownParty(file)
  if (stranger !== null) return refuse('instrument.party-unknown', { party: stranger })
  if (state.instrument !== null && state.instrument.id !== file.id) return refuse('instrument.other-id', { id: state.instrument.id })
  if (state.instrument !== null && JSON.stringify(state.instrument) === JSON.stringify(file)) return []
  return [{ type: 'instrument.adopted', version: state.version + 1, instrument: file }]
}

type Binding = Extract<InstrumentCommand, { type: 'instrument.sign' | 'instrument.withdraw' }>

function bind(state: InstrumentState, version: Version, command: Binding, by: By): readonly InstrumentEvent[] | Refusal {
  const { instrument: file } = version
  if (file.kind !== 'agreement') return refuse('instrument.not-an-agreement')
  if (!file.parties?.some((party) => party.key === command.party)) return refuse('instrument.party-unknown', { party: command.party })
  const [today, heard] = [dayOf(by.occurredAt), dayOf(by.at)]
  if (file.inForceUntil !== null && file.inForceUntil <= heard) return refuse('instrument.expired', { until: file.inForceUntil })
  const isSigned = signedOn(state, version, command.party, today) !== null
  if (command.type === 'instrument.sign') {
    if (isSigned) return refuse('instrument.already-signed', { party: command.party })
    const organization = by.actor.kind === 'post' ? by.actor.organizationId : null
    const { version: number } = version
    return [{ type: 'instrument.signed', party: command.party, version: number, on: today, organization, note: command.note ?? null }]
  }
  if (!isSigned) return refuse('instrument.not-signed', { party: command.party })
  if (command.on < heard) return refuse('instrument.withdrawn-backwards', { today: heard })
  return [{ type: 'instrument.withdrawn', party: command.party, on: command.on, reason: command.reason }]
}

function approve(
  state: InstrumentState,
  { version, instrument: file }: Version,
  command: Extract<InstrumentCommand, { type: 'instrument.approve' }>,
  by: By,
): readonly InstrumentEvent[] | Refusal {
  if (file.kind !== 'plan' && file.kind !== 'order') return refuse('instrument.needs-no-approval')
  const organization = by.actor.kind === 'post' ? by.actor.organizationId : null
  if (state.approvals?.some((one) => one.version === version && one.organization === organization))
    return refuse('instrument.already-approved')
  const name = command.by ?? file.issuer
  return [{ type: 'instrument.approved', by: name, version, on: dayOf(by.occurredAt), organization, note: command.note }]
}

/** A version that has begun to bind stands until the next one may. */
function standingAfter(state: InstrumentState, day: string): Version | null {
  if (state.instrument === null) return null
  const current: Version = { version: state.version, instrument: state.instrument }
  const begun = current.instrument.inForceFrom <= day && isComplete(state, current, day)
  return begun ? current : (state.standing ?? null)
}

/** The newest has all it needs and binds from no later a day on: the one before it can never bind again. */
const takesItsPlace = (next: InstrumentState & { readonly instrument: Instrument }, standing: Version, day: string): boolean =>
  next.instrument.inForceFrom <= standing.instrument.inForceFrom &&
  isComplete(next, { version: next.version, instrument: next.instrument }, day)

function ended(state: InstrumentState, file: Instrument, on: string): InstrumentState {
  const { standing, ...rest } = state
  const repealed = { ...rest, repealed: true, instrument: { ...file, inForceUntil: on } }
  if (standing === undefined) return repealed
  const { inForceUntil } = standing.instrument
  const until = inForceUntil === null || on < inForceUntil ? on : inForceUntil
  return { ...repealed, standing: { ...standing, instrument: { ...standing.instrument, inForceUntil: until } } }
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
  const duties = new Set(file.clauses.filter(binds).map((clause) => clause.id))
  for (const clause of file.clauses)
    if (clause.kind === 'escalation' && clause.of !== 'all') for (const id of clause.of) if (!duties.has(id)) return id
  return null
}

/** A clause or a signature that names a party which the instrument does not have would bind nobody. */
function unknownParty(file: Instrument): string | null {
  const known = new Set((file.parties ?? []).map((party) => party.key))
  const stranger = file.signatures?.find((one) => !known.has(one.party))
  if (stranger !== undefined) return stranger.party
  for (const clause of file.clauses)
    for (const party of partiesNamed(clause)) {
      const key = /^party:([a-z0-9-]+)/.exec(party)?.[1]
      if (key !== undefined && !known.has(key)) return key
    }
  return null
}

/** Every party that a clause names, in whatever place. */
export function partiesNamed(clause: Clause): readonly string[] {
  switch (clause.kind) {
    case 'duty':
    case 'disclosure':
    case 'resource':
      return [clause.owes, clause.to, ...[...clause.when, ...clause.evidence].flatMap((one) => one.by ?? [])]
    case 'escalation':
      return clause.steps.map((step) => step.to)
    case 'cost':
      return [clause.payer, clause.payee]
    case 'authority':
      return [clause.holder, ...clause.approvals]
    case 'text':
      return []
    default:
      return unreachable(clause)
  }
}

type Cited = { readonly instrumentId: string; readonly version: number; readonly clauseId: string }
/** The basis as it stands in the log and in links: `instrument@version#clause`. */
export const basisText = ({ instrumentId, version, clauseId }: Cited): string => `${instrumentId}@${version}#${clauseId}`
