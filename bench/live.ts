/** Browsers that hear what was recorded: many on one node by server-sent events, beside the raw ws package with the same bytes. */
import type { Heard } from './browsers.ts'
import { startChild, withScratch, type Child } from './child.ts'
import { lineOf, load, MACHINE, median, quantile, round, type Report } from './measure.ts'
import type { Cpu, NoteTimes, Started } from './node.ts'
import { signIn } from './requests.ts'

const SIZES = [1000, 5000]
const ROUNDS = 5
const PER_SECOND = 10
const NOTES = 30
const WAIT_MAX_MS = 10_000
const SETTLE_MS = 2000
const TARGET_P99_MS = 1000

type Side = {
  readonly server: Child
  readonly browsers: Child
  readonly join: (count: number) => Promise<unknown>
  /** Resident bytes before any browser came. */ readonly bare: number
  readonly note: (first: number) => Promise<NoteTimes>
}
type Slice = {
  readonly p50: number
  readonly p99: number
  readonly max: number
  readonly p99FromAcknowledged: number
  readonly lost: number
  readonly twice: number
  readonly perSecond: number
  readonly cpu: number
  readonly sample: string
}
type Joined = { readonly bytesEach: number; readonly seconds: number }

export async function live({ line, say }: Report): Promise<void> {
  await withScratch(async (folder) => {
    const gc = { NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --expose-gc`.trim() }
    const node = startChild('./node.ts', { ...gc, MUSTER_VAR: `${folder}/var`, PORT: '0', MUSTER_LOG: 'error', DATABASE_URL: '' })
    const ws = startChild('./peer-ws.ts', gc)
    const children = [node, ws, startChild('./browsers.ts'), startChild('./browsers.ts')]
    try {
      const [ours, peer, started] = await makeSides(node, ws, children.slice(2))
      const take = makeTaker()
      for (const size of SIZES) await measure({ size, ours, peer, started, take, line, say })
    } finally {
      for (const child of children.toReversed()) await child.stop()
    }
  })
}

async function makeSides(node: Child, ws: Child, [nodeBrowsers, wsBrowsers]: readonly Child[]): Promise<readonly [Side, Side, Started]> {
  if (nodeBrowsers === undefined || wsBrowsers === undefined) throw new Error('two processes of browsers are needed')
  const started = await node.call<Started>('start')
  const { address } = await ws.call<{ readonly address: string }>('start')
  const cookie = await signIn(started.address, started.postId)
  const incident = await node.call<string>('reportIncident', { title: 'bench live' })
  // The peer sends what a browser of ours received; until the first has, it sends nothing.
  let frame = ''
  const ours: Side = {
    server: node,
    bare: await node.call<number>('memory'),
    browsers: nodeBrowsers,
    join: (count) => nodeBrowsers.call('join', { address: started.address, count, kind: 'sse', cookie }),
    note: (first) => node.call<NoteTimes>('note', { incident, first, count: NOTES, perSecond: PER_SECOND }),
  }
  const peer: Side = {
    server: ws,
    bare: await ws.call<number>('memory'),
    browsers: wsBrowsers,
    join: (count) => wsBrowsers.call('join', { address, count, kind: 'ws', cookie: '' }),
    note: async (first) => {
      if (frame === '') frame = (await nodeBrowsers.call<Heard>('heard', { maxMs: 0 })).sample
      if (frame === '') throw new Error('no browser has heard anything that the peer could send')
      return ws.call<NoteTimes>('note', { first, count: NOTES, perSecond: PER_SECOND, frame })
    },
  }
  return [ours, peer, started]
}

type Measure = Report & {
  readonly size: number
  readonly ours: Side
  readonly peer: Side
  readonly started: Started
  readonly take: (side: Side) => Promise<Slice>
}

async function measure({ size, ours, peer, started, take, line, say }: Measure): Promise<void> {
  const loadBefore = load()
  const joined = { ours: await join(ours, size), peer: await join(peer, size) }
  const slices: { readonly ours: Slice[]; readonly peer: Slice[] } = { ours: [], peer: [] }
  for (let at = 0; at <= ROUNDS; at++) {
    say(`live: ${size} browsers, ${at === 0 ? 'warm-up' : `round ${at} of ${ROUNDS}`}, load ${load()}`)
    const [mine, theirs] = [await take(ours), await take(peer)]
    if (at === 0) continue
    slices.ours.push(mine)
    slices.peer.push(theirs)
  }
  await Promise.all([ours.browsers.call('leave'), peer.browsers.call('leave')])
  const sum = (all: readonly Slice[], pick: (slice: Slice) => number): number => all.reduce((total, slice) => total + pick(slice), 0)
  const notes = {
    browsers: size,
    eventsPerSecond: PER_SECOND,
    events: NOTES * ROUNDS,
    lost: sum(slices.ours, (slice) => slice.lost),
    twice: sum(slices.ours, (slice) => slice.twice),
    peerLost: sum(slices.peer, (slice) => slice.lost),
    bytesAnEvent: Buffer.byteLength(slices.ours[0]?.sample ?? ''),
    sliceMs: (NOTES * 1000) / PER_SECOND,
    peer: 'ws, perMessageDeflate off, the same bytes to as many sockets, nothing recorded',
    versions: { ...MACHINE, postgres: started.postgres },
  }
  const row = (
    name: string,
    unit: string,
    pick: (slice: Slice) => number,
    better: 'less' | 'more',
    more: object,
    target?: { of: 'ours'; value: number },
  ): void =>
    line(
      lineOf({
        name: `live.${name}.${size}`,
        unit,
        better,
        ours: slices.ours.map(pick),
        peer: slices.peer.map(pick),
        ...(target === undefined ? {} : { target }),
        loadBefore,
        notes: { ...notes, ...more },
      }),
    )
  const middle = (all: readonly Slice[], pick: (slice: Slice) => number): number => round(median(all.map(pick)), 2)
  row(
    'p99',
    'ms',
    (slice) => slice.p99,
    'less',
    {
      from: 'the moment the command was given (peer: send began) to the last byte of its number at the browser, one clock',
      p50Ms: middle(slices.ours, (slice) => slice.p50),
      maxMs: middle(slices.ours, (slice) => slice.max),
      p99FromAcknowledgedMs: middle(slices.ours, (slice) => slice.p99FromAcknowledged),
      peerP50Ms: middle(slices.peer, (slice) => slice.p50),
      peerMaxMs: middle(slices.peer, (slice) => slice.max),
      tickMs: 'ours waits up to 50 ms for what else is recorded, so that one write carries it all',
    },
    { of: 'ours', value: TARGET_P99_MS },
  )
  row('deliveries', 'deliveries/s', (slice) => slice.perSecond, 'more', {
    from: 'the first event given to the last delivery; at most events a second × browsers',
  })
  row('cpu', 'µs a delivery', (slice) => slice.cpu, 'less', {
    what: 'processor time of the serving process; ours includes recording and the database connection, not PostgreSQL itself',
  })
  line(
    lineOf({
      name: `live.memory.${size}`,
      unit: 'KiB a connection',
      better: 'less',
      ours: [joined.ours.bytesEach / 1024],
      peer: [joined.peer.bytesEach / 1024],
      loadBefore,
      notes: {
        ...notes,
        what: 'resident memory of the serving process with all joined, less that before any had, garbage collected first, a connection',
        joinSeconds: round(joined.ours.seconds),
        peerJoinSeconds: round(joined.peer.seconds),
      },
    }),
  )
}

async function join({ server, bare, join: joinMany }: Side, count: number): Promise<Joined> {
  const began = performance.now()
  await joinMany(count)
  const seconds = (performance.now() - began) / 1000
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
  return { bytesEach: ((await server.call<number>('memory')) - bare) / count, seconds }
}

/** One slice at a time; every message of a run has a number of its own. */
function makeTaker(): (side: Side) => Promise<Slice> {
  let next = 1
  return async ({ server, browsers, note }) => {
    const first = next
    next += NOTES
    await browsers.call('expect', { from: first, count: NOTES })
    const before = await server.call<Cpu>('cpu')
    const { given, acknowledged } = await note(first)
    const { receivedAt, lost, twice, sample } = await browsers.call<Heard>('heard', { maxMs: WAIT_MAX_MS })
    const after = await server.call<Cpu>('cpu')
    const latencies = latenciesOf(receivedAt, given)
    const came = latencies.length
    const last = receivedAt.reduce((most, one) => one.reduce((a, b) => Math.max(a, b), most), 0)
    return {
      p50: quantile(latencies, 0.5),
      p99: quantile(latencies, 0.99),
      max: quantile(latencies, 1),
      p99FromAcknowledged: quantile(latenciesOf(receivedAt, acknowledged), 0.99),
      lost,
      twice,
      sample,
      perSecond: (came / (last - (given[0] ?? 0))) * 1000,
      cpu: ((after.node - before.node) / came) * 1000,
    }
  }
}

function latenciesOf(receivedAt: readonly Float64Array[], from: Float64Array): Float64Array {
  const all = new Float64Array(receivedAt.length * from.length)
  let count = 0
  for (const one of receivedAt) for (const [i, at] of one.entries()) if (at !== 0) all[count++] = at - (from[i] ?? 0)
  return all.subarray(0, count)
}
