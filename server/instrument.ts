import type { FastifyInstance } from 'fastify'
import {
  instrument,
  InstrumentCommand,
  inForceOn,
  type Clause,
  type Instrument,
  type InstrumentEvent,
  type InstrumentState,
} from '#core/instrument.ts'
import { Rules, type InForce } from '#core/linkage.ts'
import type { InstrumentSummary, InstrumentView } from '#core/view.ts'
import type { Sql } from './database.ts'
import type { Keeping } from './keeping.ts'
import { readStreams } from './log.ts'
import { divisionNames, type Division } from './present.ts'
import { look, notFound, type Desk } from './room.ts'

export const instrumentKeeping: Keeping<InstrumentState, InstrumentCommand, InstrumentEvent> = {
  room: 'instrument',
  decider: instrument,
  parse: (body) => InstrumentCommand.safeParse(body),
  thing: (state, command) => ({
    jurisdiction: command.type === 'instrument.adopt' ? command.instrument.jurisdiction : (state.instrument?.jurisdiction ?? null),
    parties: [],
  }),
  incidentOf: () => null,
  table: {
    name: 'instrument',
    columns: { id: 'text', version: 'integer', jurisdiction: 'text', in_force_from: 'date', in_force_until: 'date', content: 'jsonb' },
  },
  rows: (id, { version, instrument: file }) =>
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
          },
        ],
}

const INSTRUMENTS_MAX = 5000

/** The instruments as the linkage asks them: what is in force on a day, and any clause in any version that made something owed. */
export class Instruments {
  readonly #sql: Sql
  readonly #current: readonly InForce[]
  readonly #rules = new Map<string, Rules>()
  readonly #versions = new Map<string, Instrument>()
  readonly #listens = new Set<string>()

  constructor(sql: Sql, current: readonly InForce[]) {
    this.#sql = sql
    this.#current = current
    for (const { id, version, instrument: file } of current) this.#learn(`${id}@${version}`, file)
  }

  #learn(key: string, file: Instrument): void {
    this.#versions.set(key, file)
    for (const clause of file.clauses)
      if (clause.kind === 'duty') for (const { event } of [...clause.when, ...clause.evidence]) this.#listens.add(event)
  }

  /** Whether any clause waits for such an event, as a trigger or as evidence. */
  listensTo(event: string): boolean {
    return this.#listens.has(event)
  }

  /** The rules of a day, made once for that day. */
  rulesOn(day: string): Rules {
    const known = this.#rules.get(day)
    if (known) return known
    const rules = new Rules(this.#current.filter((one) => inForceOn(one.instrument, day)))
    this.#rules.clear() // yesterday is seldom asked again
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
    return this.find(instrumentId, version)?.clauses.find((one) => one.id === clauseId) ?? null
  }

  find(instrumentId: string, version: number): Instrument | null {
    return this.#versions.get(`${instrumentId}@${version}`) ?? null
  }

  all(): readonly InForce[] {
    return this.#current
  }
}

export async function readInstruments(sql: Sql): Promise<Instruments> {
  const rows = await sql<
    { id: string; version: number; content: Instrument }[]
  >`select id, version, content from instrument order by id limit ${INSTRUMENTS_MAX}`
  return new Instruments(
    sql,
    rows.map(({ id, version, content }) => ({ id, version, instrument: content })),
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
  const then = [...Map.groupBy(past, (event) => event.stream.slice('instrument/'.length))].flatMap(([id, events]): readonly InForce[] => {
    const state = events.reduce(
      (folded, event) => instrument.evolve(folded, { type: event.type, ...event.data } as InstrumentEvent, event),
      instrument.initial,
    )
    return state.instrument === null ? [] : [{ id, version: state.version, instrument: state.instrument }]
  })
  return new Instruments(sql, [...current.all().filter((one) => !streams.includes(`instrument/${one.id}`)), ...then])
}

export function instrumentRoutes(app: FastifyInstance, desk: Desk): void {
  app.get('/api/instruments', async (request): Promise<readonly InstrumentSummary[]> => {
    const { read, scene } = await look(desk, request)
    const all = scene.instruments.all()
    const divisionOf = await read((sql) =>
      divisionNames(
        sql,
        all.map((one) => one.instrument.jurisdiction),
      ),
    )
    return all.map((one) => summary(one, divisionOf(one.instrument.jurisdiction)))
  })

  app.get<{ Params: { id: string } }>('/api/instruments/:id', async (request): Promise<InstrumentView> => {
    const { read, scene } = await look(desk, request)
    const found = scene.instruments.all().find((one) => one.id === request.params.id)
    if (!found) throw notFound('instrument.unknown')
    const { source, higher, clauses, jurisdiction } = found.instrument
    const [divisionOf, used] = await read((sql) =>
      Promise.all([
        divisionNames(sql, [jurisdiction]),
        sql<{ used: number }[]>`select count(*)::int as used from obligation where state #>> '{basis,instrumentId}' = ${found.id}`,
      ]),
    )
    return { ...summary(found, divisionOf(jurisdiction)), source, higher, clauses, usedBy: used[0]?.used ?? 0 }
  })
}

function summary({ id, version, instrument: file }: InForce, jurisdiction: Division): InstrumentSummary {
  const { kind, title, citation, issuer, inForceFrom, inForceUntil, demonstration, clauses } = file
  const count = (of: Clause['kind']): number => clauses.filter((clause) => clause.kind === of).length
  return {
    id,
    kind,
    title,
    citation,
    issuer,
    jurisdiction,
    inForceFrom,
    inForceUntil,
    demonstration,
    version,
    duties: count('duty'),
    escalations: count('escalation'),
  }
}
