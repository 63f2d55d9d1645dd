import { react, type LinkageView, type Reaction } from '#core/linkage.ts'
import { systemActor, type Recorded } from '#core/event.ts'
import { incident, type Incident, type IncidentEvent } from '#core/incident.ts'
import type { Relations } from '#core/directory/relations.ts'
import { obligation, type Obligation, type ObligationEvent } from '#core/obligation.ts'
import { idFrom } from './clock.ts'
import type { Sql } from './database.ts'
import type { Outcome, Request } from './handle.ts'
import type { Instruments } from './instrument.ts'
import { readStreams } from './log.ts'

const INCIDENTS_MAX = 500
const OBLIGATIONS_MAX = 20_000

export type LinkerParts = {
  readonly sql: Sql
  readonly relations: () => Promise<Relations>
  readonly instrumentsAt: (position: string) => Promise<Instruments>
  readonly handle: (request: Request) => Promise<Outcome>
  readonly onRefused: (reaction: Reaction, outcome: Outcome) => void
}

type Owed = { readonly id: string; readonly state: Obligation; readonly version: number }
/** An incident as it was right after the last of its events that came by, and its obligations as they are now. */
type Known = { readonly state: Incident; readonly version: number; readonly obligations: Map<string, Owed> }

/**
 * The linkage as a follower: each event in order, on the incident as it was right after that event, and on the
 * obligations as they are now, so that what the last event made owed can be discharged by this one. What it knows of
 * an incident is kept in memory and grows with what it does itself: an event costs no reading of the past.
 */
export class Linker {
  readonly #parts: LinkerParts
  readonly #known = new Map<string, Known>()

  /** As of the event that is acted on: an instrument binds from its place in the log on, however late the linkage is. */
  #instruments: Instruments | null = null

  constructor(parts: LinkerParts) {
    this.#parts = parts
  }

  async act(events: readonly Recorded[]): Promise<void> {
    for (const event of events) {
      if (event.stream.startsWith('instrument/')) this.#instruments = null
      this.#learn(event)
      if (event.incidentId === null) continue
      const instruments = (this.#instruments ??= await this.#parts.instrumentsAt(event.position))
      if (instruments.listensTo(event.type)) await this.#link(event, event.incidentId, instruments)
    }
  }

  async #link(event: Recorded, incidentId: string, instruments: Instruments): Promise<void> {
    const known = this.#known.get(incidentId) ?? (await this.#read(incidentId, event.position))
    if (known === null) return
    const obligations = [...known.obligations.values()]
    await instruments.load(obligations.map((one) => one.state.basis))
    const view: LinkageView = {
      incident: known.state,
      relations: await this.#parts.relations(),
      rules: instruments.rulesOn(event.occurredAt.slice(0, 10)),
      obligations,
      clause: (basis) => instruments.clause(basis),
      idFrom,
    }
    const doer = { actor: systemActor('linkage'), powers: [] }
    // All at once: they wait together and are committed together.
    await Promise.all(
      react(event, view).map(async (reaction) => {
        const outcome = await this.#parts.handle({ ...reaction, doer })
        if ('code' in outcome) this.#parts.onRefused(reaction, outcome)
        else for (const done of outcome.events) this.#learnObligation(done)
      }),
    )
  }

  #learn(event: Recorded): void {
    this.#learnObligation(event)
    if (!event.stream.startsWith('incident/')) return
    const id = event.stream.slice('incident/'.length)
    const known = this.#known.get(id)
    if (known === undefined && event.version > 1) return // read when it is needed
    if (known !== undefined && known.version + 1 !== event.version) return void this.#known.delete(id)
    const state = incident.evolve(known?.state ?? incident.initial, { type: event.type, ...event.data } as IncidentEvent, event)
    if (state !== null) this.#keep(id, { state, version: event.version, obligations: known?.obligations ?? new Map() })
  }

  /** Heard twice, from its own doing and from the log, an event counts once; one that is missing means to read anew. */
  #learnObligation(event: Recorded): void {
    if (event.incidentId === null || !event.stream.startsWith('obligation/')) return
    const known = this.#known.get(event.incidentId)
    if (known === undefined) return
    const id = event.stream.slice('obligation/'.length)
    const before = known.obligations.get(id)
    if (event.version <= (before?.version ?? 0)) return
    if (event.version !== (before?.version ?? 0) + 1) return void this.#known.delete(event.incidentId)
    const state = obligation.evolve(before?.state ?? null, { type: event.type, ...event.data } as ObligationEvent, event)
    if (state !== null) known.obligations.set(id, { id, state, version: event.version })
  }

  /** After a restart: the incident as it was at that position of the log, and its obligations as they are. */
  async #read(id: string, position: string): Promise<Known | null> {
    const { sql } = this.#parts
    const past = (await readStreams(sql, [`incident/${id}`])).filter((one) => BigInt(one.position) <= BigInt(position))
    const state = past.reduce(
      (folded, one) => incident.evolve(folded, { type: one.type, ...one.data } as IncidentEvent, one),
      incident.initial,
    )
    if (state === null) return null
    const rows = await sql<Owed[]>`
      select o.id, o.state, (select max(e.version) from event e where e.stream = 'obligation/' || o.id) as version
      from obligation o where o.incident_id = ${id} order by o.owed_at, o.id limit ${OBLIGATIONS_MAX}`
    const known = { state, version: past.length, obligations: new Map(rows.map((row) => [row.id, row])) }
    this.#keep(id, known)
    return known
  }

  #keep(id: string, known: Known): void {
    this.#known.delete(id)
    this.#known.set(id, known)
    const [oldest] = this.#known.keys()
    if (this.#known.size > INCIDENTS_MAX && oldest !== undefined) this.#known.delete(oldest)
  }
}
