/** Commands a second by the full path (read, fold, authorize, decide, append, project), beside pgbench's single-row commits a second. */
import { randomUUID } from 'node:crypto'
import { startChild, withScratch, type Child } from './child.ts'
import { lineOf, load, MACHINE, median, quantile, round, type Report } from './measure.ts'
import type { Cpu, Ran, Started } from './node.ts'
import { preparePgbench, type Pgbench } from './pgbench.ts'
import { Connection, signIn } from './requests.ts'

const ROUNDS = 5
const SLICE_MS = 2000
const WARM_UP_MS = 1000
const POOL = 4096
const PEER_CLIENTS = 16
/** The peer's other numbers of clients, in the first rounds: its best at 16 is the peer, these show that it is its best. */
const PEER_ALSO = [1, 64]
/** Sixty-four log-ins take a busy machine more than a slice. */
const PEER_ALSO_SECONDS = 4
const PEER_ALSO_ROUNDS = 3

type Path = 'handle' | 'http'
type Variant = { readonly path: Path; readonly clients: number; readonly target?: number }
const VARIANTS: readonly Variant[] = [
  { path: 'handle', clients: 1 },
  { path: 'handle', clients: 16, target: 0.3 },
  { path: 'handle', clients: 256, target: 0.8 },
  { path: 'http', clients: 1 },
  { path: 'http', clients: 16, target: 0.15 },
  { path: 'http', clients: 256, target: 0.15 },
]

type Sample = {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly nodeCpu: number
  readonly postgresCpu: number
  readonly peer: number | null
}

export async function append({ line, say }: Report): Promise<void> {
  await withScratch(async (folder) => {
    const node = startChild('./node.ts', { MUSTER_VAR: `${folder}/var`, PORT: '0', MUSTER_LOG: 'error', DATABASE_URL: '' })
    try {
      await measure({ node, folder, line, say })
    } finally {
      await node.stop()
    }
  })
}

async function measure({ node, folder, line, say }: Report & { readonly node: Child; readonly folder: string }): Promise<void> {
  const started = await node.call<Started>('start')
  const pgbench = await preparePgbench(started.connection, folder)
  if (pgbench === null) say('append: pgbench is not installed (Debian: postgresql-contrib or postgresql-15); ours stands alone')
  await node.call('fill', { count: POOL })
  const drive = await makeDriver(started, await node.call<readonly string[]>('owe', { count: POOL }))
  const samples = new Map<Variant, Sample[]>(VARIANTS.map((variant) => [variant, []]))
  const peerAlso = new Map(PEER_ALSO.map((clients): [number, number[]] => [clients, []]))
  const loadBefore = load()
  for (let at = 0; at <= ROUNDS; at++) {
    const ms = at === 0 ? WARM_UP_MS : SLICE_MS
    say(`append: ${at === 0 ? 'warm-up' : `round ${at} of ${ROUNDS}`}, load ${load()}`)
    for (const variant of VARIANTS) {
      const peer = pgbench === null ? null : await pgbench.run(PEER_CLIENTS, ms / 1000)
      const sample = await take(node, drive, variant, ms, peer)
      if (at > 0) samples.get(variant)?.push(sample)
    }
    for (const [clients, all] of peerAlso)
      if (at > 0 && at <= PEER_ALSO_ROUNDS && pgbench !== null) all.push(await pgbench.run(clients, PEER_ALSO_SECONDS))
  }
  await pgbench?.drop()
  drive.close()
  for (const [variant, taken] of samples) line(rowOf(variant, taken, { started, pgbench, loadBefore, peerAlso }))
}

async function take(node: Child, drive: Driver, { path, clients }: Variant, ms: number, peer: number | null): Promise<Sample> {
  const before = await node.call<Cpu>('cpu')
  const ran = path === 'handle' ? await node.call<Ran>('handle', { clients, ms }) : await drive.run(clients, ms)
  const after = await node.call<Cpu>('cpu')
  return {
    perSecond: (ran.commands / ran.ms) * 1000,
    p50: quantile(ran.latencies, 0.5),
    p99: quantile(ran.latencies, 0.99),
    nodeCpu: ((after.node - before.node) / ran.commands) * 1000,
    postgresCpu: ((after.postgres - before.postgres) / ran.commands) * 1000,
    peer,
  }
}

type Circumstances = {
  readonly started: Started
  readonly pgbench: Pgbench | null
  readonly loadBefore: number
  readonly peerAlso: ReadonlyMap<number, readonly number[]>
}

function rowOf({ path, clients, target }: Variant, taken: readonly Sample[], { started, pgbench, loadBefore, peerAlso }: Circumstances) {
  const middle = (pick: (sample: Sample) => number): number => round(median(taken.map(pick)), 2)
  return lineOf({
    name: `append.${path}.${clients}`,
    unit: 'commands/s',
    better: 'more',
    ours: taken.map((sample) => sample.perSecond),
    peer: taken.map((sample) => sample.peer).filter((peer) => peer !== null),
    ...(target === undefined ? {} : { target: { of: 'ratio', value: target } }),
    loadBefore,
    notes: {
      command:
        'obligation.accept and obligation.decline in turn, by a post that is the debtor; each writes an event, the obligation’s row and its timer',
      clients,
      over:
        path === 'http'
          ? 'HTTP/1.1, connections kept alive, the asking process apart from the serving one'
          : 'world.handle in the process of the node',
      p50Ms: middle((sample) => sample.p50),
      p99Ms: middle((sample) => sample.p99),
      nodeCpuMicroseconds: middle((sample) => sample.nodeCpu),
      postgresCpuMicroseconds: middle((sample) => sample.postgresCpu),
      peer:
        pgbench === null
          ? 'pgbench is not installed'
          : `pgbench, ${PEER_CLIENTS} clients, one row a commit, prepared, on the same server just before each slice`,
      peerWithOtherClients: Object.fromEntries([...peerAlso].map(([also, all]) => [also, all.length === 0 ? null : round(median(all))])),
      sliceMs: SLICE_MS,
      versions: { ...MACHINE, postgres: started.postgres, pgbench: pgbench?.version ?? null },
    },
  })
}

type Driver = { run(clients: number, ms: number): Promise<Ran>; close(): void }

/** Clients of the HTTP interface in this process, which does nothing else meanwhile. */
async function makeDriver({ address, postId }: Started, pool: readonly string[]): Promise<Driver> {
  const url = new URL(address)
  const cookie = await signIn(address, postId)
  const connections = await Connection.openMany(url, Math.max(...VARIANTS.map((variant) => variant.clients)))
  const accepted = new Set<string>()
  const requestOf = (id: string): string => {
    const body = accepted.has(id) ? '{"type":"obligation.decline","reason":"not enough crews"}' : '{"type":"obligation.accept"}'
    return `POST /api/obligation/${id} HTTP/1.1\r\nhost: ${url.host}\r\norigin: ${address}\r\ncookie: ${cookie}\r\ncontent-type: application/json\r\nidempotency-key: ${randomUUID()}\r\ncontent-length: ${body.length}\r\n\r\n${body}`
  }
  return {
    async run(clients, ms) {
      const latencies: number[] = []
      const began = performance.now()
      const client = async (connection: Connection, number: number): Promise<void> => {
        for (let i = number; ; i += clients) {
          const at = performance.now()
          if (at - began >= ms) return
          const id = pool[i % pool.length] ?? ''
          const { status, body } = await connection.ask(requestOf(id))
          if (status !== 200) throw new Error(`${status} ${body}`)
          if (!accepted.delete(id)) accepted.add(id)
          latencies.push(performance.now() - at)
        }
      }
      await Promise.all(connections.slice(0, clients).map(client))
      return { commands: latencies.length, ms: performance.now() - began, latencies: Float64Array.from(latencies) }
    },
    close: () => connections.forEach((connection) => connection.close()),
  }
}
