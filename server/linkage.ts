import { bothReach } from '#core/alert.ts'
import { saying } from '#core/alert/chain.ts'
import { isQuiet, LISTENS, Obligations, reactions, type LinkageView, type Reaction } from '#core/linkage.ts'
import { systemActor, type Recorded } from '#core/event.ts'
import { Uuid } from '#core/id.ts'
import { incident, type Incident, type IncidentEvent } from '#core/incident.ts'
import type { Relations } from '#core/directory/relations.ts'
import { obligation, type Obligation, type ObligationEvent } from '#core/obligation.ts'
import { idFrom } from './clock.ts'
import type { Sql } from './database.ts'
import type { Outcome, Request } from './handle.ts'
import type { Instruments } from './instrument.ts'
import { readStreams } from './log.ts'

const INCIDENTS_MAX = 500
const OBLIGATIONS_MAX = 50_000
/** So many commands wait together: those of others come in between. */
const TOGETHER_MAX = 256
/** What the clock alone makes happen, often to many at one instant; none of it changes what the others mean. */
const BY_TIME: ReadonlySet<string> = new Set([
  'obligation.lapsed',
  'obligation.escalated',
  'obligation.unanswered',
  'obligation.unaccepted',
])

export type LinkerParts = {
  readonly sql: Sql
  readonly relations: () => Promise<Relations>
  readonly instrumentsAt: (position: string) => Promise<Instruments>
  /** The objectives of an incident that are still pursued. */
  readonly objectives: (incidentId: string) => Promise<LinkageView['objectives']>
  /** What lay under messages when they were issued or adopted; null where it is not kept. */
  readonly reach: (alertIds: readonly string[]) => Promise<LinkageView['reach']>
  /** The messages of the chains around a message, or of one chain, as they are now. */
  readonly alerts: (of: { readonly alertId: string } | { readonly chainId: string }) => Promise<LinkageView['alerts']>
  readonly handle: (request: Request) => Promise<Outcome>
  readonly onRefused: (reaction: Reaction, outcome: Outcome) => void
}

/** An incident as it was right after the last of its events that came by, and its obligations as they are now. */
type Known = {
  readonly state: Incident
  readonly version: number
  readonly obligations: Obligations
  readonly versions: Map<string, number>
}
type Kept = { readonly id: string; readonly state: Obligation; readonly version: number }

/**
 * The linkage as a follower: each event in order, on the incident as it was right after that event, and on the
 * obligations as they are now, so that what the last event made owed can be discharged by this one. What it knows of
 * an incident is kept in memory and grows with what it does itself: an event costs no reading of the past.
 */
export class Linker {
  readonly #parts: LinkerParts
  readonly #known = new Map<string, Known>()
  readonly #objectives = new Map<string, LinkageView['objectives']>()

  /** As of the event that is acted on: an instrument binds from its place in the log on, however late the linkage is. */
  #instruments: Instruments | null = null

  constructor(parts: LinkerParts) {
    this.#parts = parts
  }

  async act(events: readonly Recorded[]): Promise<void> {
    const given: Promise<unknown>[] = []
    const settle = async (): Promise<void> => {
      const ended = await Promise.allSettled(given.splice(0))
      const failed = ended.find((one) => one.status === 'rejected')
      if (failed !== undefined) throw failed.reason
    }
    for (const event of events) {
      // What lapsed together is followed up together; anything else waits for what went before it.
      if (!BY_TIME.has(event.type)) await settle()
      if (event.stream.startsWith('instrument/')) this.#instruments = null
      if (event.stream.startsWith('objective/')) this.#objectives.delete(event.incidentId ?? '')
      this.#learn(event)
      const listened = LISTENS.has(event.type)
      if (event.incidentId === null && !listened) continue
      const instruments = (this.#instruments ??= await this.#parts.instrumentsAt(event.position))
      if (!instruments.listensTo(event.type) && (!listened || this.#isQuiet(event))) continue
      const done = this.#give(await this.#follows(event, instruments))
      done.catch(() => undefined) // heard in settle(), or by the follower that tries the batch again
      given.push(done)
    }
    await settle()
  }

  #isQuiet({ type, stream, incidentId }: Recorded): boolean {
    const known = incidentId === null ? undefined : this.#known.get(incidentId)
    const state = stream.startsWith('obligation/') ? known?.obligations.get(stream.slice('obligation/'.length)) : undefined
    return state !== undefined && isQuiet(type, state)
  }

  async #follows(event: Recorded, instruments: Instruments): Promise<Iterable<Reaction>> {
    const { incidentId } = event
    const known = incidentId === null ? null : (this.#known.get(incidentId) ?? (await this.#read(incidentId, event.position)))
    // The incident of a warning is opened by it.
    if (incidentId !== null && known === null && !event.stream.startsWith('alert/')) return []
    const obligations = known?.obligations ?? (await this.#alone(event))
    const alerts = await this.#alertsOf(event)
    await instruments.load(obligations.bases())
    const view: LinkageView = {
      incident: known?.state ?? null,
      relations: await this.#parts.relations(),
      rules: instruments.rulesOn(event.occurredAt.slice(0, 10)),
      obligations,
      reach: await this.#reachOf(event, alerts),
      alerts,
      objectives: incidentId === null ? [] : await this.#objectivesOf(incidentId),
      clause: (basis) => instruments.clause(basis),
      instrument: ({ instrumentId, version }) => instruments.find(instrumentId, version),
      idFrom,
    }
    return reactions(event, view)
  }

  /**
   * So many together: they wait together and are committed together, and the next are made ready meanwhile. What opens an
   * incident goes before what happens in it.
   */
  async #give(reactions: Iterable<Reaction>): Promise<void> {
    let before: Promise<unknown> = Promise.resolve()
    let together: Promise<void>[] = []
    for (const reaction of reactions) {
      together.push(this.#giveOne(reaction))
      const opens = reaction.command.type === 'incident.report'
      if (together.length < TOGETHER_MAX && !opens) continue
      const now = Promise.all(together)
      now.catch(() => undefined) // heard when it is waited for
      await (opens ? now : before)
      before = now
      together = []
    }
    await Promise.all([before, ...together])
  }

  async #giveOne(reaction: Reaction): Promise<void> {
    const outcome = await this.#parts.handle({ ...reaction, doer: { actor: systemActor('linkage'), powers: [] } })
    if ('code' in outcome) this.#parts.onRefused(reaction, outcome)
    else for (const done of outcome.events) this.#learnObligation(done)
  }

  /** Of a note that a warning has made: whoever took it up in another language is under it, too. */
  async #reachOf({ type, data }: Recorded, alerts: LinkageView['alerts']): Promise<LinkageView['reach']> {
    const alertId = type === 'incident.noted' ? warningIn(data) : null
    if (alertId === null) return null
    const me = alerts.find(({ id }) => id === alertId)
    return this.#parts.reach(me === undefined ? [alertId] : saying(me, alerts).map(({ id }) => id))
  }

  async #objectivesOf(incidentId: string): Promise<LinkageView['objectives']> {
    const known = this.#objectives.get(incidentId)
    if (known !== undefined) return known
    const read = await this.#parts.objectives(incidentId)
    this.#objectives.set(incidentId, read)
    const [oldest] = this.#objectives.keys()
    if (this.#objectives.size > INCIDENTS_MAX && oldest !== undefined) this.#objectives.delete(oldest)
    return read
  }

  /** Of what happens to a warning, of a note of it, and of what is asked for some time after it. */
  #alertsOf({ type, stream, data }: Recorded): Promise<LinkageView['alerts']> | LinkageView['alerts'] {
    if (stream.startsWith('alert/')) return this.#parts.alerts({ alertId: stream.slice('alert/'.length) })
    const alertId = type === 'incident.noted' ? warningIn(data) : null
    if (alertId !== null) return this.#parts.alerts({ alertId })
    if (type !== 'incident.elapsed') return []
    const { warning } = (data as { readonly owe: { readonly warning?: { readonly alertId: string } } }).owe
    return warning === undefined ? [] : this.#parts.alerts({ chainId: warning.alertId })
  }

  /** Outside any incident: the obligation that the event belongs to. */
  async #alone(event: Recorded): Promise<Obligations> {
    if (!event.stream.startsWith('obligation/')) return new Obligations()
    const rows = await this.#parts.sql<Kept[]>`select id, state from obligation where id = ${event.stream.slice('obligation/'.length)}`
    return new Obligations(rows)
  }

  #learn(event: Recorded): void {
    this.#learnObligation(event)
    if (!event.stream.startsWith('incident/')) return
    const id = event.stream.slice('incident/'.length)
    const known = this.#known.get(id)
    if (known === undefined && event.version > 1) return // read when it is needed
    if (known !== undefined && known.version + 1 !== event.version) return void this.#known.delete(id)
    const state = incident.evolve(known?.state ?? incident.initial, { type: event.type, ...event.data } as IncidentEvent, event)
    if (state === null) return
    const { obligations = new Obligations(), versions = new Map<string, number>() } = known ?? {}
    this.#keep(id, { state, version: event.version, obligations, versions })
  }

  /** Heard twice, from its own doing and from the log, an event counts once; one that is missing means to read anew. */
  #learnObligation(event: Recorded): void {
    if (event.incidentId === null || !event.stream.startsWith('obligation/')) return
    const known = this.#known.get(event.incidentId)
    if (known === undefined) return
    const id = event.stream.slice('obligation/'.length)
    const before = known.versions.get(id) ?? 0
    if (event.version <= before) return
    if (event.version !== before + 1) return void this.#known.delete(event.incidentId)
    const state = obligation.evolve(known.obligations.get(id) ?? null, { type: event.type, ...event.data } as ObligationEvent, event)
    if (state === null) return
    known.obligations.put(id, state)
    known.versions.set(id, event.version)
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
    const rows = await sql<Kept[]>`
      select o.id, o.state, (select max(e.version) from event e where e.stream = 'obligation/' || o.id) as version
      from obligation o where o.incident_id = ${id} order by o.owed_at, o.id limit ${OBLIGATIONS_MAX}`
    const versions = new Map(rows.map((row) => [row.id, row.version]))
    const known = { state, version: past.length, obligations: new Obligations(rows), versions }
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

/** The warning that a note is about; people write notes, too, with whatever in them. */
function warningIn({ kind, data }: { readonly kind?: unknown; readonly data?: unknown }): string | null {
  const { alertId } = (data ?? {}) as { readonly alertId?: unknown }
  const id = Uuid.safeParse(alertId)
  return kind === 'warning' && id.success ? id.data : null
}

/** What lay under messages when they were issued or adopted, in the order of their ids. */
export async function readReach(sql: Sql, alertIds: readonly string[]): Promise<LinkageView['reach']> {
  const rows = await sql<
    { reach: LinkageView['reach'] }[]
  >`select state->'made'->'reach' as reach from alert where id = any(${alertIds}) order by id`
  return rows.reduce<LinkageView['reach']>(
    (all, { reach }) => (all === null || reach === null ? (all ?? reach) : bothReach(all, reach)),
    null,
  )
}
