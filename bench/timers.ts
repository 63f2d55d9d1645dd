/**
 * How late a lapse is recorded: from the instant of the deadline until it is committed, with 100,000 deadlines open, for
 * 1,000 that are due at once and for a steady stream; beside two job queues that hold as many and commit one row a job.
 */
import { randomUUID } from 'node:crypto'
import { Refusal } from '#core/decider.ts'
import { systemActor, type Recorded } from '#core/event.ts'
import { openDatabase } from '#server/database.ts'
import { startEmbedded } from '#server/embedded.ts'
import { dropWorld, SETUP, testWorld } from '#server/testing.ts'
import type { World } from '#server/world.ts'
import { withScratch } from './child.ts'
import { lineOf, load, MACHINE, quantile, type Report } from './measure.ts'
import { openGraphile, openPgBoss, preciseNow, type Queue } from './timers-peers.ts'

const OPEN = 100_000
const ROUNDS = 5
const BURST = 1000
const STEADY = 300
const STEADY_PER_SECOND = 50
/** From setting the deadlines until the first is due. */
const LEAD_MS = 4000
const FAR_MS = 86_400_000
const APART_MS = 5000
const PER_INCIDENT = 256
const WAIT_MAX_MS = 240_000
const TARGET_MS = 1000
const FINDING_TARGET_MS = 60_000

/** The instants, in milliseconds since 1970, of one slice. */
type Shape = { readonly name: 'burst' | 'steady'; readonly instants: (from: number) => readonly number[] }
const SHAPES: readonly Shape[] = [
  { name: 'burst', instants: (from) => Array.from({ length: BURST }, () => from) },
  { name: 'steady', instants: (from) => Array.from({ length: STEADY }, (_, i) => from + Math.round((i * 1000) / STEADY_PER_SECOND)) },
]

type Slice = { readonly lapse: readonly number[]; readonly finding: readonly number[] }
type Taken = { readonly p50: number; readonly p99: number }
const taken = (lateness: readonly number[]): Taken => ({ p50: quantile(lateness, 0.5), p99: quantile(lateness, 0.99) })

export async function timers({ line, say }: Report): Promise<void> {
  await withScratch(async (folder) => {
    const varDir = `${folder}/var`
    const embedded = await startEmbedded({ varDir, say: () => undefined })
    const database = await openDatabase({ databaseUrl: undefined, varDir }, () => undefined)
    const name = randomUUID()
    const world = await testWorld(database, { name, keepTime: true })
    const peers: Queue[] = []
    try {
      const bench = await Deadlines.open(world)
      say(`timers: ${OPEN} open deadlines here`)
      await bench.fill()
      for (const open of [openGraphile, openPgBoss]) {
        const peer = await open(embedded.connection)
        peers.push(peer)
        say(`timers: ${OPEN} waiting jobs in ${peer.name} ${peer.version}`)
        await peer.fill(OPEN)
      }
      await measure(bench, peers, { line, say })
    } finally {
      for (const peer of peers) await peer.close()
      await world.close()
      await dropWorld(database, name)
      await database.stop()
      await embedded.stop()
    }
  })
}

async function measure(bench: Deadlines, peers: readonly Queue[], { line, say }: Report): Promise<void> {
  const loadBefore = load()
  const ours = new Map<string, Slice[]>()
  const theirs = new Map<string, Taken[]>()
  const push = <T>(all: Map<string, T[]>, key: string, one: T): void => void all.set(key, [...(all.get(key) ?? []), one])
  for (let at = 0; at <= ROUNDS; at++) {
    say(`timers: ${at === 0 ? 'warm-up' : `round ${at} of ${ROUNDS}`}, load ${load()}`)
    for (const shape of SHAPES) {
      const slice = await bench.run(shape.instants(Date.now() + LEAD_MS))
      if (at > 0) push(ours, shape.name, slice)
      for (const peer of peers) {
        const lateness = await peer.run(shape.instants(Date.now() + LEAD_MS))
        if (at > 0) push(theirs, `${shape.name} ${peer.name}`, taken(lateness))
      }
    }
  }
  for (const shape of SHAPES) {
    const slices = ours.get(shape.name) ?? []
    const notes = {
      open: OPEN,
      due: shape.name === 'burst' ? `${BURST} at one instant` : `${STEADY}, ${STEADY_PER_SECOND} a second`,
      measured: 'from the instant of the deadline until the lapse is committed; each lapse also makes a finding',
      versions: MACHINE,
    }
    for (const part of ['p50', 'p99'] as const)
      for (const peer of peers)
        line(
          lineOf({
            name: `timers.${shape.name}.${part}.${peer.name}`,
            unit: 'ms',
            better: 'less',
            ours: slices.map((slice) => taken(slice.lapse)[part]),
            peer: (theirs.get(`${shape.name} ${peer.name}`) ?? []).map((one) => one[part]),
            target: { of: 'ours', value: TARGET_MS },
            loadBefore,
            notes: { ...notes, peer: `${peer.name} ${peer.version}: ${peer.how}` },
          }),
        )
    line(
      lineOf({
        name: `timers.${shape.name}.finding.p99`,
        unit: 'ms',
        better: 'less',
        ours: slices.map((slice) => taken(slice.finding).p99),
        peer: [],
        target: { of: 'ours', value: FINDING_TARGET_MS },
        loadBefore,
        notes: { ...notes, measured: 'from the instant of the deadline until the finding is committed' },
      }),
    )
  }
}

/** The copies' deadline as the log writes it. */
const dueText = (sql: World['sql']) => sql`to_char(copy.due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

type Parts = { readonly debtor: string; readonly creditor: string }

/** Obligations of one world, and when each lapse and each finding of them was committed. */
class Deadlines {
  readonly #world: World
  readonly #parts: Parts
  #incident = ''
  #owed = 0
  #slice: { readonly lapse: number[]; readonly finding: number[] } | null = null

  private constructor(world: World, parts: Parts) {
    this.#world = world
    this.#parts = parts
    world.listen((events) => this.#hear(events))
  }

  static async open(world: World): Promise<Deadlines> {
    const register = async (name: string, superior: string | null): Promise<string> => {
      const id = randomUUID()
      const words = { 'zh-CN': name, en: name }
      const profile = {
        name: words,
        sector: 'government',
        kind: 'department',
        functions: [],
        jurisdiction: '120116',
        superior,
        verified: true,
      }
      await must(world, 'organization', id, { type: 'organization.register', ...profile })
      return id
    }
    const creditor = await register('滨海新区人民政府', null)
    return new Deadlines(world, { creditor, debtor: await register('滨海新区消防救援支队', creditor) })
  }

  #hear(events: readonly Recorded[]): void {
    const now = preciseNow()
    for (const { type, data } of events) {
      if (type === 'obligation.lapsed') this.#slice?.lapse.push(now - Date.parse((data as { dueAt: string }).dueAt))
      if (type === 'finding.raised') this.#slice?.finding.push(now - Date.parse((data as { missedAt: string }).missedAt))
    }
  }

  /** One goes the whole way; the others are copied from it, event, row and timer, for they only stand there and wait. */
  async fill(): Promise<void> {
    const { sql } = this.#world
    const from = Date.now() + FAR_MS
    await this.#owe([from])
    await this.#world.settled()
    await sql`
      with model as (
        select e.*, o.state, t.command from obligation o join event e on e.stream = 'obligation/' || o.id join timer t on t.stream = e.stream limit 1),
      copy as materialized (
        select n, gen_random_uuid() as id, to_timestamp((${from}::bigint + n * ${APART_MS}::bigint) / 1000.0) as due_at from generate_series(1, ${OPEN - 1}::int) n),
      logged as (
        insert into event (position, stream, version, type, data, command_id, actor, basis, incident_id, occurred_at, recorded_at)
        select (select max(position) from event) + n, 'obligation/' || id, 1, type, jsonb_set(data, '{dueAt}', to_jsonb(${dueText(sql)})), gen_random_uuid(), actor,
          basis, incident_id, occurred_at, recorded_at from copy, model),
      armed as (insert into timer (stream, at, command) select 'obligation/' || id, due_at + interval '1 millisecond', command from copy, model)
      insert into obligation (id, incident_id, jurisdiction, parties, debtor, creditor, status, open, owed_at, due_at, state)
      select copy.id, o.incident_id, o.jurisdiction, o.parties, o.debtor, o.creditor, o.status, o.open, o.owed_at, copy.due_at,
        jsonb_set(o.state, '{dueAt}', to_jsonb(${dueText(sql)}))
      from copy, obligation o`
    await sql`analyze event, timer, obligation`
    this.#world.wakened()
    this.#owed = 0
    await this.#world.settled()
  }

  async run(instants: readonly number[]): Promise<Slice> {
    const slice: { readonly lapse: number[]; readonly finding: number[] } = { lapse: [], finding: [] }
    await this.#owe(instants)
    if (preciseNow() > (instants[0] ?? 0)) throw new Error('the deadlines were not set in time')
    this.#slice = slice
    const until = (instants.at(-1) ?? 0) + WAIT_MAX_MS
    while (slice.finding.length < instants.length && preciseNow() < until) await new Promise((resolve) => setTimeout(resolve, 20))
    this.#slice = null
    if (slice.finding.length < instants.length)
      throw new Error(`${slice.lapse.length} lapses and ${slice.finding.length} findings of ${instants.length}`)
    await this.#world.settled()
    return slice
  }

  async #owe(instants: readonly number[]): Promise<void> {
    const { debtor, creditor } = this.#parts
    const sent: Promise<void>[] = []
    for (const due of instants) {
      if (this.#owed++ % PER_INCIDENT === 0) {
        this.#incident = randomUUID()
        const report = {
          title: 'bench',
          place: null,
          jurisdiction: '120116',
          hazard: 'bench',
          class: null,
          unitInvolved: null,
          text: 'bench',
        }
        await must(this.#world, 'incident', this.#incident, { type: 'incident.report', ...report, zone: 'Asia/Shanghai' })
      }
      const command = {
        type: 'obligation.owe',
        incidentId: this.#incident,
        jurisdiction: '120116',
        debtor,
        creditor,
        function: 'fire-rescue',
        act: 'report-progress',
        actWords: { 'zh-CN': '报告处置进展', en: 'Report progress' },
        basis: { instrumentId: 'bench', version: 1, clauseId: '1' },
        dueAt: new Date(due).toISOString(),
        limitConfirmed: true,
        trigger: { position: '1', type: 'incident.declared', occurredAt: new Date(due - 3_600_000).toISOString() },
        ladder: [],
      }
      sent.push(must(this.#world, 'obligation', randomUUID(), command))
    }
    await Promise.all(sent)
  }
}

async function must(
  world: World,
  room: string,
  id: string,
  command: { readonly type: string; readonly [member: string]: unknown },
): Promise<void> {
  const doer = room === 'obligation' ? { actor: systemActor('linkage'), powers: [] } : SETUP
  const outcome = await world.handle({ room, id, command, commandId: randomUUID(), doer })
  if (outcome instanceof Refusal) throw new Error(`${command.type} was refused: ${outcome.code}`)
}
