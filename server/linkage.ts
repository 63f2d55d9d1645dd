import { react, type LinkageView, type Reaction } from '#core/linkage.ts'
import { systemActor, type Recorded } from '#core/event.ts'
import { incident, type Incident, type IncidentEvent } from '#core/incident.ts'
import type { Relations } from '#core/directory/relations.ts'
import type { Obligation } from '#core/obligation.ts'
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
  readonly instruments: () => Promise<Instruments>
  readonly handle: (request: Request) => Promise<Outcome>
  readonly onRefused: (reaction: Reaction, outcome: Outcome) => void
}

type Folded = { readonly state: Incident; readonly version: number }

/**
 * The linkage as a follower: each event in order, on the incident as it was right after that event, and on the
 * obligations as they are now, so that what the last event made owed can be discharged by this one.
 */
export class Linker {
  readonly #parts: LinkerParts
  readonly #incidents = new Map<string, Folded>()

  constructor(parts: LinkerParts) {
    this.#parts = parts
  }

  async act(events: readonly Recorded[]): Promise<void> {
    for (const event of events) {
      if (event.stream.startsWith('incident/')) await this.#fold(event)
      if (event.incidentId === null) continue
      const instruments = await this.#parts.instruments()
      if (instruments.listensTo(event.type)) await this.#link(event, event.incidentId, instruments)
    }
  }

  async #link(event: Recorded, incidentId: string, instruments: Instruments): Promise<void> {
    const folded = this.#incidents.get(incidentId) ?? (await this.#read(incidentId, event.position))
    if (folded === null) return
    const obligations = await this.#obligations(incidentId)
    await instruments.load(obligations.map((one) => one.state.basis))
    const view: LinkageView = {
      incident: folded.state,
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
      }),
    )
  }

  async #obligations(incidentId: string): Promise<readonly { readonly id: string; readonly state: Obligation }[]> {
    return this.#parts.sql<{ id: string; state: Obligation }[]>`
      select id, state from obligation where incident_id = ${incidentId} order by owed_at, id limit ${OBLIGATIONS_MAX}`
  }

  async #fold(event: Recorded): Promise<void> {
    const id = event.stream.slice('incident/'.length)
    const known = this.#incidents.get(id)
    if (known === undefined && event.version > 1) {
      await this.#read(id, event.position)
      return
    }
    if (known !== undefined && known.version >= event.version) return
    const state = incident.evolve(known?.state ?? incident.initial, { type: event.type, ...event.data } as IncidentEvent, event)
    if (state !== null) this.#keep(id, { state, version: event.version })
  }

  /** After a restart: the incident as it was at that position of the log. */
  async #read(id: string, position: string): Promise<Folded | null> {
    const past = (await readStreams(this.#parts.sql, [`incident/${id}`])).filter((one) => BigInt(one.position) <= BigInt(position))
    const state = past.reduce((folded, one) => incident.evolve(folded, { type: one.type, ...one.data } as IncidentEvent, one), incident.initial)
    if (state === null) return null
    const folded = { state, version: past.length }
    this.#keep(id, folded)
    return folded
  }

  #keep(id: string, folded: Folded): void {
    this.#incidents.delete(id)
    this.#incidents.set(id, folded)
    const [oldest] = this.#incidents.keys()
    if (this.#incidents.size > INCIDENTS_MAX && oldest !== undefined) this.#incidents.delete(oldest)
  }
}
