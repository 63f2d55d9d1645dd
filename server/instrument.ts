import { refuse, type Refusal } from '#core/decider.ts'
import type { Relations } from '#core/directory/relations.ts'
import {
  bindingOn,
  binds,
  instrument,
  InstrumentCommand,
  nextWarning,
  standingOn,
  type Clause,
  type Instrument,
  type InstrumentEvent,
  type InstrumentState,
} from '#core/instrument.ts'
import { partyOf, Rules, type InForce } from '#core/linkage.ts'
import { covers } from '#core/place.ts'
import type { Sql } from './database.ts'
import type { Request } from './handle.ts'
import type { Keeping, Preparing } from './keeping.ts'
import { readStreams } from './log.ts'

export { instrumentRoutes } from './instrument/routes.ts'

export const instrumentKeeping: Keeping<InstrumentState, InstrumentCommand, InstrumentEvent> = {
  room: 'instrument',
  decider: instrument,
  parse: (body) => InstrumentCommand.safeParse(body),
  thing: (state, command) => ({
    jurisdiction: command.type === 'instrument.adopt' ? command.instrument.jurisdiction : (state.instrument?.jurisdiction ?? null),
    parties: [],
  }),
  incidentOf: () => null,
  prepare,
  table: {
    name: 'instrument',
    columns: {
      id: 'text',
      version: 'integer',
      jurisdiction: 'text',
      in_force_from: 'date',
      in_force_until: 'date',
      content: 'jsonb',
      life: 'jsonb',
    },
  },
  rows: (id, { version, instrument: file, ...life }) =>
    file === null
      ? []
      : [
          {
            id,
            version,
            jurisdiction: file.jurisdiction,
            in_force_from: file.inForceFrom,
            in_force_until: file.inForceUntil,
            content: file,
            life,
          },
        ],
  timer: (state) => {
    const next = nextWarning(state)
    return next === null ? null : { at: next.at, command: { type: 'instrument.warn-expiry', days: next.days } }
  },
}

/** Says which organization the party is that signs or leaves, and in whose name a plan is approved. */
async function prepare(request: Request, { relations, instruments }: Preparing): Promise<Request | Refusal> {
  const command = request.command as InstrumentCommand
  switch (command.type) {
    case 'instrument.sign':
    case 'instrument.withdraw': {
      const file = (await instruments()).current(request.id)?.instrument
      const party = file?.parties?.find((one) => one.key === command.party)
      if (file === undefined) return refuse('instrument.unknown')
      if (party === undefined) return refuse('instrument.party-unknown', { party: command.party })
      return { ...request, about: { owner: partyOf(party.key, file, await relations()) } }
    }
    case 'instrument.approve': {
      const { actor } = request.doer
      if (actor.kind !== 'post') return request
      // Nobody approves in another's name.
      const { by: _, ...said } = command
      const by = (await relations()).find(actor.organizationId)?.name
      const approval: InstrumentCommand = by === undefined ? said : { ...said, by }
      return { ...request, command: approval }
    }
    default:
      return request
  }
}

/**
 * Whether an instrument may be activated on a day for an incident in a territory: the version that then binds, or why
 * not. Refused: `instrument.unknown`, `instrument.expired`, `instrument.unsigned`, `instrument.unapproved`,
 * `instrument.not-in-force`, and `instrument.elsewhere` where it binds neither that territory nor any of its parties there.
 */
function activatable(
  instruments: Pick<Instruments, 'current'>,
  id: string,
  on: string,
  relations: Relations,
  jurisdiction: string,
): { readonly version: number } | Refusal {
  const state = instruments.current(id)
  const file = state?.instrument ?? null
  if (state === null || file === null) return refuse('instrument.unknown')
  const binding = bindingOn(state, on)
  if (binding === null) {
    const standing = standingOn(state, on)
    if (standing === 'expired') return refuse('instrument.expired', { until: file.inForceUntil })
    if (standing === 'unsigned') return refuse('instrument.unsigned')
    if (standing === 'unapproved') return refuse('instrument.unapproved')
    return refuse('instrument.not-in-force', { from: file.inForceFrom })
  }
  const { instrument: text } = binding
  const territories = (text.parties ?? []).map((party) => {
    const organization = partyOf(party.key, text, relations)
    return party.jurisdiction ?? (organization === null ? null : (relations.find(organization)?.jurisdiction ?? null))
  })
  const among = text.kind !== 'agreement' || territories.some((code) => code !== null && covers(code, jurisdiction))
  return covers(text.jurisdiction, jurisdiction) && among ? { version: binding.version } : refuse('instrument.elsewhere')
}

const INSTRUMENTS_MAX = 5000
const DAYS_MAX = 4

export type Kept = InForce & { readonly state: InstrumentState }

/** The instruments as the linkage asks them: what binds on a day, and any clause in any version that made something owed. */
export class Instruments {
  readonly #sql: Sql
  readonly #current: ReadonlyMap<string, Kept>
  readonly #rules = new Map<string, Rules>()
  readonly #versions = new Map<string, Instrument>()
  /** By version and id: an event asks for the clause of every obligation that it may discharge. */
  readonly #clauses = new Map<string, ReadonlyMap<string, Clause>>()
  readonly #listens = new Set<string>()

  constructor(sql: Sql, current: readonly Kept[]) {
    this.#sql = sql
    this.#current = new Map(current.map((one) => [one.id, one]))
    for (const { id, version, instrument: file, state } of current) {
      this.#learn(`${id}@${version}`, file)
      if (state.standing !== undefined) this.#learn(`${id}@${state.standing.version}`, state.standing.instrument)
    }
  }

  #learn(key: string, file: Instrument): void {
    this.#versions.set(key, file)
    this.#clauses.set(key, new Map(file.clauses.map((clause) => [clause.id, clause])))
    for (const clause of file.clauses)
      if (binds(clause)) for (const { event } of [...clause.when, ...clause.evidence]) this.#listens.add(event)
  }

  /** Whether any clause waits for such an event, as a trigger or as evidence. */
  listensTo(event: string): boolean {
    return this.#listens.has(event)
  }

  /** What binds on a day, each in the version that then binds. */
  bindingOn(day: string): readonly InForce[] {
    return [...this.#current.values()].flatMap(({ id, state }) => {
      const found = bindingOn(state, day)
      return found === null ? [] : [{ id, ...found }]
    })
  }

  /** The rules of a day, made once for that day. */
  rulesOn(day: string): Rules {
    const known = this.#rules.get(day)
    if (known) return known
    const rules = new Rules(this.bindingOn(day))
    const [oldest] = this.#rules.keys()
    if (this.#rules.size >= DAYS_MAX && oldest !== undefined) this.#rules.delete(oldest) // days long past are seldom asked again
    this.#rules.set(day, rules)
    return rules
  }

  /** Makes sure that `clause` can answer for these bases: versions since replaced are read from the log. */
  async load(bases: Iterable<{ readonly instrumentId: string; readonly version: number }>): Promise<void> {
    for (const { instrumentId, version } of bases) {
      const key = `${instrumentId}@${version}`
      if (this.#versions.has(key)) continue
      const [row] = await this.#sql<{ file: Instrument }[]>`
        select data -> 'instrument' as file from event
        where stream = ${`instrument/${instrumentId}`} and type = 'instrument.adopted' and (data ->> 'version')::int = ${version}`
      if (row) this.#learn(key, row.file)
    }
  }

  clause({
    instrumentId,
    version,
    clauseId,
  }: {
    readonly instrumentId: string
    readonly version: number
    readonly clauseId: string
  }): Clause | null {
    return this.#clauses.get(`${instrumentId}@${version}`)?.get(clauseId) ?? null
  }

  find(instrumentId: string, version: number): Instrument | null {
    return this.#versions.get(`${instrumentId}@${version}`) ?? null
  }

  /** The newest version, whether it binds or not, with its signatures and approvals. */
  current(instrumentId: string): InstrumentState | null {
    return this.#current.get(instrumentId)?.state ?? null
  }

  /** Whether it may be activated on a day for an incident in a territory, and in which version: see `activatable`. */
  activatable(id: string, on: string, relations: Relations, jurisdiction: string): { readonly version: number } | Refusal {
    return activatable(this, id, on, relations, jurisdiction)
  }

  all(): readonly Kept[] {
    return [...this.#current.values()]
  }
}

type Row = { readonly id: string; readonly version: number; readonly content: Instrument; readonly life: Partial<InstrumentState> | null }

export async function readInstruments(sql: Sql): Promise<Instruments> {
  const rows = await sql<Row[]>`select id, version, content, life from instrument order by id limit ${INSTRUMENTS_MAX}`
  return new Instruments(
    sql,
    rows.map(({ id, version, content, life }) => ({
      id,
      version,
      instrument: content,
      state: { ...life, version, instrument: content },
    })),
  )
}

/** The same as they were at a position of the log: what was adopted or repealed after it has not happened yet. */
export async function readInstrumentsAt(sql: Sql, position: string): Promise<Instruments> {
  const current = await readInstruments(sql)
  const changed = await sql<
    { stream: string }[]
  >`select distinct stream from event where position > ${position} and stream like 'instrument/%'`
  if (changed.length === 0) return current
  const streams = changed.map((row) => row.stream)
  const past = (await readStreams(sql, streams)).filter((event) => BigInt(event.position) <= BigInt(position))
  const then = [...Map.groupBy(past, (event) => event.stream.slice('instrument/'.length))].flatMap(([id, events]): readonly Kept[] => {
    const state = events.reduce(
      (folded, event) => instrument.evolve(folded, { type: event.type, ...event.data } as InstrumentEvent, event),
      instrument.initial,
    )
    return state.instrument === null ? [] : [{ id, version: state.version, instrument: state.instrument, state }]
  })
  return new Instruments(sql, [...current.all().filter((one) => !streams.includes(`instrument/${one.id}`)), ...then])
}
