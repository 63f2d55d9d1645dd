import { hkdfSync, type KeyObject } from 'node:crypto'
import { Refusal } from '#core/decider.ts'
import type { Relations } from '#core/directory/relations.ts'
import type { Recorded, Words } from '#core/event.ts'
import { fromMs } from '#core/time.ts'
import { alertKeeping } from './alert.ts'
import { chainsAll, chainsAround } from './alert/chain.ts'
import type { SigningKey } from './cap/sign.ts'
import { ManualClock, Timers, type Clock } from './clock.ts'
import { carryKeeping } from './carry.ts'
import type { Database, Sql, TransactionSql } from './database.ts'
import { datasetKeeping } from './dataset.ts'
import { consultationKeeping } from './consultation.ts'
import { decisionKeeping } from './decision.ts'
import { divisionKeeping, organizationKeeping, postKeeping, readRelations, readTitles } from './directory.ts'
import { findingKeeping } from './finding.ts'
import { Duty } from './duty.ts'
import { Follower, Recent } from './follow.ts'
import { Handler, type Outcome, type Request } from './handle.ts'
import { headquartersKeeping } from './headquarters.ts'
import { incidentKeeping } from './incident.ts'
import { informationKeeping } from './information.ts'
import { intakeKeeping } from './intake.ts'
import { instrumentKeeping, readInstruments, readInstrumentsAt, type Instruments } from './instrument.ts'
import { anyKeeping, type AnyKeeping, type Preparing } from './keeping.ts'
import { Linker, readReach, type LinkerParts } from './linkage.ts'
import { readCommands } from './log.ts'
import { migrate } from './migrate.ts'
import { noticeKeeping } from './notice/keeping.ts'
import { objectiveKeeping, readAims } from './objective.ts'
import { obligationKeeping } from './obligation.ts'
import { releaseKeeping } from './release.ts'
import { riskKeeping } from './risk.ts'
import { Sealer } from './seal.ts'
import { sitrepKeeping } from './sitrep.ts'
import { proposalKeeping, sourceKeeping, stationKeeping, thresholdKeeping } from './station.ts'
import { WorldTargets } from './targets.ts'

export const KEEPINGS: ReadonlyMap<string, AnyKeeping> = new Map(
  [
    anyKeeping(divisionKeeping),
    anyKeeping(organizationKeeping),
    anyKeeping(postKeeping),
    anyKeeping(instrumentKeeping),
    anyKeeping(incidentKeeping),
    anyKeeping(headquartersKeeping),
    anyKeeping(decisionKeeping),
    anyKeeping(consultationKeeping),
    anyKeeping(sitrepKeeping),
    anyKeeping(obligationKeeping),
    anyKeeping(findingKeeping),
    anyKeeping(objectiveKeeping),
    anyKeeping(noticeKeeping),
    anyKeeping(intakeKeeping),
    anyKeeping(riskKeeping),
    anyKeeping(carryKeeping),
    anyKeeping(informationKeeping),
    anyKeeping(releaseKeeping),
    anyKeeping(datasetKeeping),
    anyKeeping(alertKeeping),
    anyKeeping(stationKeeping),
    anyKeeping(thresholdKeeping),
    anyKeeping(proposalKeeping),
    anyKeeping(sourceKeeping),
  ].map((keeping) => [keeping.room, keeping]),
)

/** Who reads: row-level security shows what this organization may see. */
export type Viewer = { readonly organizationId: string; readonly jurisdiction: string | null }

export type Listener = (events: readonly Recorded[]) => void

export type WorldOptions = {
  readonly database: Database
  /** `real`, or the id of an exercise. */
  readonly name: string
  readonly clock: Clock
  /** The node's signing key; its name is the node's origin, e.g. `muster.example.org`. */
  readonly key: KeyObject
  readonly node: string
  /** What signs the alerts that go out; absent in exercises, whose alerts go nowhere. */
  readonly alertKey?: SigningKey | null
  readonly onError: (error: unknown) => void
  /** Exercises move their own clock; the real world arms its timers. */
  readonly keepTime: boolean
  /** False: a crash may lose the last moments. Only for what can be run again, such as an exercise. */
  readonly durable?: boolean
  /** Other servers may keep the same log. */
  readonly shared?: boolean
}

export const schemaOf = (name: string): string => (name === 'real' ? 'world_real' : `exercise_${name.replaceAll('-', '')}`)

/** One log with its own tables, clock and followers: the real one, or one exercise, apart in a schema of its own. */
export class World {
  readonly name: string
  readonly schema: string
  readonly sql: Sql
  readonly clock: Clock
  readonly timers: Timers
  readonly sealer: Sealer
  readonly alertKey: SigningKey | null
  readonly node: string
  /** Divisions and special sites by place: what lies under an area. */
  readonly targets: WorldTargets
  readonly recent = new Recent()
  readonly #readers: Sql
  readonly #key: KeyObject
  /** By purpose; purposes are named in the code, a handful. */
  readonly #secrets = new Map<string, Buffer>()
  readonly #handler: Handler
  readonly #linker: () => Follower
  /** Null while another server of this log is on duty. */
  #linkage: Follower | null = null
  #duty: Duty | null = null
  readonly #preparing: Preparing
  readonly #listeners = new Set<Listener>()
  #relations: Promise<Relations> | null = null
  #instruments: Promise<Instruments> | null = null
  #titles: Promise<ReadonlyMap<string, Words>> | null = null

  private constructor({ database, name, clock, key, node, alertKey = null, onError, durable = true }: WorldOptions) {
    this.name = name
    this.schema = schemaOf(name)
    this.clock = clock
    this.alertKey = alertKey
    this.#key = key
    const many = name === 'real'
    this.sql = database.pool(this.schema, { max: many ? 6 : 3, durable })
    this.#readers = database.pool(this.schema, { max: many ? 8 : 2, role: 'muster_reader' })
    this.targets = new WorldTargets(this.sql)
    this.node = node
    this.#preparing = {
      sql: this.sql,
      clock,
      alertKey,
      node,
      targets: this.targets,
      secret: (purpose) => this.secret(purpose),
      relations: () => this.relations(),
      instruments: () => this.instruments(),
    }
    this.#handler = new Handler({
      sql: this.sql,
      schema: this.schema,
      clock,
      keepings: KEEPINGS,
      relations: () => this.relations(),
      onCommit: (events, timers) => this.#committed(events, timers),
    })
    this.sealer = new Sealer({ sql: this.sql, origin: `${node}/${name}`, key, clock, onError })
    this.timers = new Timers({ sql: this.sql, clock, handle: (request) => this.handle(request), onError })
    const parts: LinkerParts = {
      sql: this.sql,
      relations: () => this.relations(),
      instrumentsAt: (position) => readInstrumentsAt(this.sql, position),
      objectives: (incidentId) => readAims(this.sql, incidentId),
      reach: (alertIds) => readReach(this.sql, alertIds),
      alerts: (of) => ('alertId' in of ? chainsAround(this.sql, of.alertId) : chainsAll(this.sql, [of.chainId])),
      handle: (request) => this.handle(request),
      onRefused: (reaction, outcome) => {
        if (outcome instanceof Refusal && !EXPECTED.has(outcome.code))
          onError(new Error(`the linkage was refused ${reaction.command.type}: ${outcome.code} ${JSON.stringify(outcome.params)}`))
      },
    }
    this.#linker = () => {
      const linker = new Linker(parts)
      return new Follower({ name: 'linkage', sql: this.sql, recent: this.recent, onError, act: (events) => linker.act(events) })
    }
  }

  /** Makes or opens the world: its schema brought to this version, its followers started. */
  static async open(options: WorldOptions): Promise<World> {
    await migrate(options.database, schemaOf(options.name), 'world')
    const world = new World(options)
    await world.#follow(options)
    if (options.keepTime) await world.timers.start()
    return world
  }

  /** Where servers share the log one of them links, and the next takes over at once when it dies; what both did would be done once all the same. */
  async #follow({ database, shared, onError }: WorldOptions): Promise<void> {
    const begin = async (): Promise<() => Promise<void>> => {
      const linkage = this.#linker()
      this.#linkage = linkage
      await linkage.start()
      return async () => {
        this.#linkage = null
        await linkage.stop()
      }
    }
    if (shared !== true) return void (await begin())
    this.#duty = new Duty({ database, schema: this.schema, name: 'linkage', onError, begin })
    await this.#duty.start()
  }

  /** The only way to change anything. */
  async handle(request: Request): Promise<Outcome> {
    const prepare = KEEPINGS.get(request.room)?.prepare
    const prepared = prepare === undefined ? request : await prepare(request, this.#preparing)
    if (!(prepared instanceof Refusal)) return this.#handler.handle(prepared)
    // Sent again after it was done, a command is answered as it was then, not refused for what it did itself.
    const done = (await readCommands(this.sql, [request.commandId])).filter(({ stream }) => stream === `${request.room}/${request.id}`)
    return done.length === 0 ? prepared : { position: done.at(-1)?.position ?? null, events: done }
  }

  /** Reads as somebody, under row-level security. */
  read<T>(viewer: Viewer, query: (sql: TransactionSql) => Promise<T>): Promise<T> {
    return this.#readers.begin('read only', async (tx) => {
      const asked =
        tx`select set_config('muster.organization', ${viewer.organizationId}, true), set_config('muster.jurisdiction', ${viewer.jurisdiction ?? ''}, true)`.execute()
      const [, result] = await Promise.all([asked, query(tx)])
      return result
    }) as Promise<T>
  }

  relations(): Promise<Relations> {
    return (this.#relations ??= readRelations(this.sql).catch((error: unknown) => {
      this.#relations = null
      throw error
    }))
  }

  instruments(): Promise<Instruments> {
    return (this.#instruments ??= readInstruments(this.sql).catch((error: unknown) => {
      this.#instruments = null
      throw error
    }))
  }

  /** The posts' titles by id. */
  titles(): Promise<ReadonlyMap<string, Words>> {
    return (this.#titles ??= readTitles(this.sql).catch((error: unknown) => {
      this.#titles = null
      throw error
    }))
  }

  /** Called with what was committed, after it was, in order. Returns how to stop listening. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Another process of this node, or another node, appended to this log, in these rooms; left out, in any. */
  wakened(rooms: readonly string[] = CACHED): void {
    this.#forget(rooms)
    this.recent.clear()
    this.timers.wake()
    this.#linkage?.wake()
    for (const listener of this.#listeners) listener([])
  }

  /** Resolves when the linkage has acted on everything committed so far, and on all that followed from it. */
  async settled(): Promise<void> {
    for (;;) {
      await this.#handler.idle()
      const last = this.recent.last
      await this.#linkage?.reached(last)
      await this.#handler.idle()
      if (this.recent.last === last) return
    }
  }

  /** Exercises only: time passes; what falls due is done at its own instant, and what follows from it, before time goes on. */
  async advance(ms: number): Promise<void> {
    const { clock } = this
    if (!(clock instanceof ManualClock)) throw new Error('only the clock of an exercise can be moved')
    for (let next = await this.timers.nextAt(); next !== null && next <= ms; next = await this.timers.nextAt()) {
      clock.set(Math.max(next, clock.now()))
      await this.timers.fireUntil(clock.now())
      await this.settled()
    }
    clock.set(Math.max(ms, clock.now()))
  }

  /** 32 bytes for one purpose, made from the node's key: whoever has only the database does not have them. */
  secret(purpose: string): Buffer {
    const known = this.#secrets.get(purpose)
    if (known !== undefined) return known
    const key = this.#key.export({ type: 'pkcs8', format: 'der' })
    const made = Buffer.from(hkdfSync('sha256', key, this.schema, purpose, 32))
    this.#secrets.set(purpose, made)
    return made
  }

  /** Resolves when the linkage has nothing to do, or after so many milliseconds: whoever tells of what is owed lets it become owed first. */
  calm(ms: number): Promise<unknown> {
    const given = new Promise((resolve) => setTimeout(resolve, ms).unref())
    return Promise.race([this.#linkage?.idle() ?? null, given])
  }

  now(): string {
    return fromMs(this.clock.now())
  }

  async close(): Promise<void> {
    await this.timers.stop()
    await this.#handler.idle()
    await (this.#duty?.stop() ?? this.#linkage?.stop())
    await this.sealer.stop()
    await Promise.all([this.sql.end({ timeout: 5 }), this.#readers.end({ timeout: 5 })])
  }

  /** What was read of these rooms is old. */
  #forget(rooms: readonly string[]): void {
    if (rooms.includes('organization')) this.#relations = null
    if (rooms.includes('instrument')) this.#instruments = null
    if (rooms.includes('post')) this.#titles = null
  }

  #committed(events: readonly Recorded[], timers: Parameters<Timers['changed']>[0]): void {
    this.recent.push(events)
    this.#forget(events.map(({ stream }) => stream.slice(0, stream.indexOf('/'))))
    this.timers.changed(timers)
    this.sealer.wake()
    this.#linkage?.wake()
    for (const listener of this.#listeners) listener(events)
  }
}

const CACHED = ['organization', 'instrument', 'post']

/** What the linkage may hear when it repeats itself after a restart, or acts on what has meanwhile been settled. */
const EXPECTED: ReadonlySet<string> = new Set([
  'obligation.already-owed',
  'proposal.unknown',
  'proposal.elsewhere',
  'obligation.already-discharged',
  'obligation.already-waived',
  'finding.already-raised',
  'carry.already-settled',
  'carry.unknown',
  'information.no-such-assertion',
  'information.nothing-corrected',
  'information.already-withdrawn',
  'information.too-many',
  'incident.already-ended',
  'incident.already-reported',
  'incident.already-merged',
])
