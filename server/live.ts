/** Browsers, by server-sent events: what was committed, batched per tick, filtered by who may see it, resumable by position. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ServerResponse } from 'node:http'
import { maySee, maySeeAlert, maySeeFinding, maySeeReport, type AlertSight } from '#core/authority.ts'
import type { Recorded } from '#core/event.ts'
import { head, readAfter, READ_MAX } from './log.ts'
import { timelineEntry, type Scene } from './present.ts'
import { look, type Desk } from './room.ts'
import type { World } from './world.ts'

const TICK_MS = 50
const HEARTBEAT_MS = 15_000
/** A browser that lags by more is told to read its pages anew. */
const CATCH_UP_MAX = 10_000
/** A socket that holds more unsent bytes is closed: the browser comes back and resumes where it was. */
const UNSENT_MAX = 1024 * 1024
const BROWSERS_MAX = 20_000
const INCIDENTS_MAX = 5000

/** Who receives the same: one organization, or everyone who may look into an exercise. */
type Audience = { readonly organizationId: string | null; readonly browsers: Map<ServerResponse, Allowed> }
/** Whether the session behind a live connection still stands. */
type Allowed = () => Promise<boolean>
type Sight = { readonly jurisdiction: string; readonly parties: readonly string[]; readonly areas?: readonly string[] }

/** Events after which other organizations may be parties of the incident. */
const CHANGES_PARTIES: ReadonlySet<string> = new Set([
  'incident.reported',
  'incident.headquarters-activated',
  'incident.area-marked',
  'incident.position-filled',
  'obligation.owed',
  'obligation.requested',
  'obligation.handed-on',
  'obligation.help-asked',
  'obligation.escalated',
])

export class Hub {
  readonly #world: World
  readonly #onError: (error: unknown) => void
  readonly #audiences = new Map<string | null, Audience>()
  readonly #sights = new Map<string, Sight>()
  #forgotten = 0
  readonly #unlisten: () => void
  readonly #heartbeat: NodeJS.Timeout
  /** Everything up to here was delivered; a browser that has caught up to it may join. */
  #position = 0
  #started: Promise<void>
  #tick: NodeJS.Timeout | null = null
  #delivering = false
  /** Something came while the last was being sent. */
  #woken = false
  #count = 0

  constructor(world: World, onError: (error: unknown) => void) {
    this.#world = world
    this.#onError = onError
    this.#unlisten = world.listen((events) => {
      this.#forget(events)
      if (events.length === 0) {
        this.#sights.clear()
        this.#forgotten++
      }
      this.#schedule()
    })
    this.#heartbeat = setInterval(() => void this.#beat().catch(onError), HEARTBEAT_MS)
    this.#heartbeat.unref()
    this.#started = head(world.sql).then((position) => {
      this.#position = position
    })
  }

  get browsers(): number {
    return this.#count
  }

  close(): void {
    this.#unlisten()
    clearInterval(this.#heartbeat)
    if (this.#tick) clearTimeout(this.#tick)
    for (const { browsers } of this.#audiences.values()) for (const out of browsers.keys()) out.end()
  }

  /** Sends what was missed since `after`, then keeps the browser among those who hear what comes. */
  async join(out: ServerResponse, organizationId: string | null, after: number | null, allowed: Allowed = async () => true): Promise<void> {
    await this.#started
    if (this.#count >= BROWSERS_MAX) {
      out.end('event: full\ndata: {}\n\n')
      return
    }
    this.#count++
    let open = true
    out.on('close', () => {
      open = false
      this.#count--
      this.#leave(out, organizationId)
    })
    const reset = after !== null && (after > this.#position || this.#position - after > CATCH_UP_MAX)
    let position = after === null || reset ? this.#position : after
    out.write(
      `retry: 1000\nid: ${position}\nevent: ${reset ? 'reset' : 'hello'}\ndata: ${JSON.stringify({ position: String(position), serverTime: this.#world.now() })}\n\n`,
    )
    while (open && position < this.#position) {
      // What lies beyond is delivered to it once it has joined.
      const upTo = this.#position
      const events = (await this.#read(position)).filter((event) => Number(event.position) <= upTo)
      const last = events.at(-1)
      if (!last) break
      const frame = await this.#frame(organizationId, events)
      if (frame !== null && !out.write(frame)) await drained(out)
      position = Number(last.position)
    }
    if (open) this.#audience(organizationId).browsers.set(out, allowed) // no await since the last comparison: nothing can fall between
  }

  #audience(organizationId: string | null): Audience {
    const known = this.#audiences.get(organizationId)
    if (known) return known
    const made = { organizationId, browsers: new Map<ServerResponse, Allowed>() }
    this.#audiences.set(organizationId, made)
    return made
  }

  #leave(out: ServerResponse, organizationId: string | null): void {
    const audience = this.#audiences.get(organizationId)
    audience?.browsers.delete(out)
    if (audience?.browsers.size === 0) this.#audiences.delete(organizationId)
  }

  #schedule(): void {
    this.#woken = this.#delivering
    if (this.#tick === null && !this.#delivering) this.#tick = setTimeout(() => void this.#deliver(), TICK_MS)
  }

  async #deliver(): Promise<void> {
    this.#tick = null
    this.#delivering = true
    let more = false
    try {
      await this.#started
      const events = await this.#read(this.#position)
      const last = events.at(-1)
      if (last) {
        this.#forget(events)
        const frames = await this.#framesFor(events)
        // No await from here on: position and deliveries move together.
        this.#position = Number(last.position)
        for (const [audience, frame] of frames) if (frame !== null) send(audience, frame)
        more = events.length === READ_MAX
      }
    } catch (error) {
      this.#onError(error)
      more = true
    } finally {
      this.#delivering = false
    }
    if (more || this.#woken || this.#world.recent.last > this.#position) this.#schedule()
  }

  /** A frame for every audience, those included that joined while the frames were made. */
  async #framesFor(events: readonly Recorded[]): Promise<ReadonlyMap<Audience, string | null>> {
    const frames = new Map<Audience, string | null>()
    for (;;) {
      const missing = [...this.#audiences.values()].filter((audience) => !frames.has(audience))
      if (missing.length === 0) return frames
      for (const audience of missing) frames.set(audience, await this.#frame(audience.organizationId, events))
    }
  }

  async #read(position: number): Promise<readonly Recorded[]> {
    return this.#world.recent.after(position, READ_MAX) ?? (await readAfter(this.#world.sql, position))
  }

  /** One frame with all that this audience may see, or null when it may see nothing of it. */
  async #frame(organizationId: string | null, events: readonly Recorded[]): Promise<string | null> {
    const [sights, relations, titles] = await Promise.all([this.#sightsOf(events), this.#world.relations(), this.#world.titles()])
    const findings = organizationId === null ? NO_SIGHTS : await this.#findingsOf(events)
    const alone = organizationId === null ? NO_SIGHTS : await this.#aloneOf(events)
    const own = organizationId === null ? NOBODYS : await this.#ownOf(events)
    const alerts = organizationId === null ? NO_ALERTS : await this.#alertsOf(events)
    const reports = organizationId === null ? NO_SIGHTS : await this.#reportsOf(events)
    const seen = events.filter((event) => {
      if (organizationId === null) return true
      if (event.stream.startsWith(FINDING)) {
        const sight = findings.get(event.stream.slice(FINDING.length))
        return sight !== undefined && maySeeFinding(organizationId, sight, relations)
      }
      if (isOwn(event)) return own.get(event.stream) === organizationId
      if (event.stream.startsWith(ALERT)) {
        const sight = alerts.get(thingOf(event.stream))
        return sight !== undefined && maySeeAlert(organizationId, sight, relations)
      }
      if (event.stream.startsWith(INTAKE)) {
        const sight = reports.get(thingOf(event.stream))
        return sight !== undefined && maySeeReport(organizationId, sight, relations)
      }
      if (event.incidentId === null && !isAlone(event)) return true
      const sight = event.incidentId === null ? alone.get(thingOf(event.stream)) : sights.get(event.incidentId)
      return sight !== undefined && maySee(organizationId, sight, relations)
    })
    const last = events.at(-1)
    if (seen.length === 0 || !last) return null
    return `id: ${last.position}\nevent: recorded\ndata: [${seen.map((event) => entryText(event, { relations, titles })).join(',')}]\n\n`
  }

  /** Who may see an incident is asked anew when it may have changed; an answer that was on its way is not kept. */
  #forget(events: readonly Recorded[]): void {
    for (const event of events)
      if (event.incidentId !== null && CHANGES_PARTIES.has(event.type)) {
        this.#sights.delete(event.incidentId)
        this.#forgotten++
      }
  }

  async #sightsOf(events: readonly Recorded[]): Promise<ReadonlyMap<string, Sight>> {
    const ids = [...new Set(events.map((event) => event.incidentId).filter((id) => id !== null))]
    const sights = new Map<string, Sight>()
    for (const id of ids) {
      const known = this.#sights.get(id)
      if (known) sights.set(id, known)
    }
    const missing = ids.filter((id) => !sights.has(id))
    if (missing.length > 0) {
      const asked = this.#forgotten
      const rows = await this.#world.sql<(Sight & { id: string })[]>`
        select i.id, i.jurisdiction, i.jurisdictions as areas, i.parties || coalesce((select array_agg(distinct p) from obligation o, unnest(o.parties) p where o.incident_id = i.id), '{}') as parties
        from incident i where i.id = any(${missing})`
      if (this.#sights.size > INCIDENTS_MAX) this.#sights.clear()
      for (const { id, ...sight } of rows) {
        sights.set(id, sight)
        if (asked === this.#forgotten) this.#sights.set(id, sight)
      }
    }
    return sights
  }

  /** Who a finding names changes with nearly every event of it, so nothing is kept of that; they are few. */
  async #findingsOf(events: readonly Recorded[]): Promise<ReadonlyMap<string, Sight>> {
    const ids = [...new Set(events.filter(({ stream }) => stream.startsWith(FINDING)).map(({ stream }) => stream.slice(FINDING.length)))]
    if (ids.length === 0) return NO_SIGHTS
    const known = FINDINGS.get(events)
    if (known !== undefined) return known
    const asked = this.#world.sql<(Sight & { id: string })[]>`select id, jurisdiction, parties from finding where id = any(${ids})`
    const sights = asked.then((rows) => new Map(rows.map(({ id, jurisdiction, parties }) => [id, { jurisdiction, parties }])))
    FINDINGS.set(events, sights)
    return sights
  }

  /** Whom a report names changes when it is passed on. */
  async #reportsOf(events: readonly Recorded[]): Promise<ReadonlyMap<string, Sight>> {
    const ids = [...new Set(events.filter(({ stream }) => stream.startsWith(INTAKE)).map(({ stream }) => thingOf(stream)))]
    if (ids.length === 0) return NO_SIGHTS
    const known = REPORTS.get(events)
    if (known !== undefined) return known
    const asked = this.#world.sql<(Sight & { id: string })[]>`select id, jurisdiction, parties from intake where id = any(${ids}::uuid[])`
    const sights = asked.then((rows) => new Map(rows.map(({ id, jurisdiction, parties }) => [id, { jurisdiction, parties }])))
    REPORTS.set(events, sights)
    return sights
  }

  /** A warning is seen by everybody once it is out and public; until then by its owner and whoever may approve it. */
  async #alertsOf(events: readonly Recorded[]): Promise<ReadonlyMap<string, AlertSight>> {
    const ids = [...new Set(events.filter(({ stream }) => stream.startsWith(ALERT)).map(({ stream }) => thingOf(stream)))]
    if (ids.length === 0) return NO_ALERTS
    const known = ALERTS.get(events)
    if (known !== undefined) return known
    const asked = this.#world.sql<(AlertSight & { id: string })[]>`
      select id, jurisdiction, parties, owner, case when drawing then 'approvers' when scope = 'Public' then 'everyone' else 'named' end as audience
      from alert where id = any(${ids}::uuid[])`
    const sights = asked.then((rows) => new Map(rows.map(({ id, ...sight }) => [id, sight])))
    ALERTS.set(events, sights)
    return sights
  }

  /** What concerns no incident is seen by whom it names; read once for a batch, as findings are. */
  async #aloneOf(events: readonly Recorded[]): Promise<ReadonlyMap<string, Sight>> {
    const own = events.filter(isAlone)
    if (own.length === 0) return NO_SIGHTS
    const known = ALONE.get(events)
    if (known !== undefined) return known
    const ids = [...new Set(own.map(({ stream }) => thingOf(stream)))]
    const asked = this.#world.sql<(Sight & { id: string })[]>`
      select id, jurisdiction, parties from obligation where id = any(${ids})
      union all select id, jurisdiction, parties from objective where id = any(${ids})
      union all select id, jurisdiction, parties from headquarters where id = any(${ids})
      union all select id, jurisdiction, parties from decision where id = any(${ids})
      union all select id, jurisdiction, parties from risk where id = any(${ids})`
    const sights = asked.then((rows) => new Map(rows.map(({ id, jurisdiction, parties }) => [id, { jurisdiction, parties }])))
    ALONE.set(events, sights)
    return sights
  }

  /** Notices, and how posts are reached, are each organization's own affair. */
  async #ownOf(events: readonly Recorded[]): Promise<ReadonlyMap<string, string>> {
    const streams = [...new Set(events.filter(isOwn).map(({ stream }) => stream))]
    if (streams.length === 0) return NOBODYS
    const known = OWN.get(events)
    if (known !== undefined) return known
    const ids = streams.map(thingOf)
    const asked = this.#world.sql<{ stream: string; owner: string }[]>`
      select 'notice/' || id as stream, to_organization as owner from notice where id = any(${ids}::uuid[])
      union all select 'post/' || id, organization_id from post where id = any(${ids}::uuid[])`
    const owners = asked.then((rows) => new Map(rows.map(({ stream, owner }) => [stream, owner])))
    OWN.set(events, owners)
    return owners
  }

  /** Keeps connections alive, and ends those whose session was revoked or ran out. */
  async #beat(): Promise<void> {
    for (const audience of this.#audiences.values()) {
      send(audience, ':\n\n')
      for (const [out, allowed] of audience.browsers) if (!(await allowed())) out.end('event: over\ndata: {}\n\n')
    }
  }
}

/** The findings of one batch are read once for all who hear it. */
const FINDINGS = new WeakMap<readonly Recorded[], Promise<ReadonlyMap<string, Sight>>>()
const ALONE = new WeakMap<readonly Recorded[], Promise<ReadonlyMap<string, Sight>>>()
const OWN = new WeakMap<readonly Recorded[], Promise<ReadonlyMap<string, string>>>()
const NOBODYS: ReadonlyMap<string, string> = new Map()
const ALONE_ROOMS = /^(?:obligation|objective|headquarters|decision|risk)\//
const isAlone = ({ incidentId, stream }: Pick<Recorded, 'incidentId' | 'stream'>): boolean =>
  incidentId === null && ALONE_ROOMS.test(stream)
const isOwn = ({ stream }: Pick<Recorded, 'stream'>): boolean => stream.startsWith('notice/') || stream.startsWith('post/')
const thingOf = (stream: string): string => stream.slice(stream.indexOf('/') + 1)
const NO_SIGHTS: ReadonlyMap<string, Sight> = new Map()
const FINDING = 'finding/'
const ALERT = 'alert/'
const ALERTS = new WeakMap<readonly Recorded[], Promise<ReadonlyMap<string, AlertSight>>>()
const NO_ALERTS: ReadonlyMap<string, AlertSight> = new Map()
const INTAKE = 'intake/'
const REPORTS = new WeakMap<readonly Recorded[], Promise<ReadonlyMap<string, Sight>>>()

/** Resolves when the socket takes more, or is gone. */
const drained = (out: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      out.off('drain', done).off('close', done)
      resolve()
    }
    out.on('drain', done).on('close', done)
  })

function send({ browsers }: Audience, frame: string): void {
  const bytes = Buffer.from(frame)
  for (const out of browsers.keys()) {
    if (out.writableLength > UNSENT_MAX) out.destroy()
    else out.write(bytes)
  }
}

/** The same event goes to many: its text is made once. */
const TEXTS = new WeakMap<Recorded, string>()

function entryText(event: Recorded, scene: Pick<Scene, 'relations' | 'titles'>): string {
  const known = TEXTS.get(event)
  if (known !== undefined) return known
  // How posts are reached, what each was told, what a store holds, what a finding taught: read by who may; to the others it only happened.
  const isHidden = /^(?:alert|notice|post|carry)\//.test(event.stream) || event.type === 'risk.stored'
  const text = JSON.stringify(timelineEntry(scene, isHidden ? { ...event, data: {} } : event))
  TEXTS.set(event, text)
  return text
}

export function liveRoutes(app: FastifyInstance, desk: Desk, hubOf: (world: World) => Hub): void {
  app.get<{ Querystring: { after?: string } }>(
    '/api/live',
    async (request: FastifyRequest<{ Querystring: { after?: string } }>, reply: FastifyReply) => {
      const { world, asker } = await look(desk, request)
      const text = request.headers['last-event-id'] ?? request.query.after
      const after = typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : null
      for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) reply.raw.setHeader(name, value)
      reply.hijack()
      reply.raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      })
      reply.raw.socket?.setNoDelay(true)
      await hubOf(world).join(
        reply.raw,
        world.name === 'real' ? asker.viewer.organizationId : null,
        after,
        async () => (await desk.peek(request)) !== null,
      )
    },
  )
}
