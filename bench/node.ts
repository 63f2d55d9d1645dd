/** A Muster node for benches, in a process of its own: the same as `npm start`, but for the limits of requests a minute. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Doer } from '#core/authority.ts'
import { systemActor } from '#core/event.ts'
import type { Terms } from '#core/obligation.ts'
import { readConfig } from '#server/config.ts'
import { startEmbedded, type Embedded } from '#server/embedded.ts'
import { findProcesses } from '#server/embedded/postmaster.ts'
import { startNode, type Running } from '#server/node.ts'
import { organizationId, postId } from '#server/setup.ts'
import { answerCalls } from './child.ts'
import { must, reportIncident } from './world.ts'

/** Milliseconds of processor time since the process began. */
export type Cpu = { readonly node: number; readonly postgres: number }
export type Ran = { readonly commands: number; readonly ms: number; readonly latencies: Float64Array }
export type Started = {
  readonly address: string
  readonly connection: Embedded['connection']
  readonly postgres: Readonly<Record<string, string>>
  readonly postId: string
}
/** Milliseconds since 1970 with fractions: when the command was given, and when it was acknowledged. */
export type NoteTimes = { readonly given: Float64Array; readonly acknowledged: Float64Array }

const NO_LIMIT = { commands: 1e9, reads: 1e9 }
const TICKS_PER_SECOND = 100
const SEED_AT_ONCE = 2000
const PER_INCIDENT = 256
const POST = 'binhai-emb-duty'
const ORGANIZATION = 'binhai-emb'
const DOER: Doer = {
  actor: { kind: 'post', postId: postId(POST), organizationId: organizationId(ORGANIZATION) },
  powers: ['obligation.answer', 'sitrep.file'],
}

let embedded: Embedded
let running: Running
let pool: readonly string[] = []
const accepted = new Set<string>()

const preciseNow = (): number => performance.timeOrigin + performance.now()

async function start(): Promise<Started> {
  const config = readConfig()
  const say = (line: string): void => void (line.startsWith('error') && process.stderr.write(`${line}\n`))
  // A share of its own in the database: the bench needs to know where it is.
  embedded = await startEmbedded({ varDir: config.varDir, say })
  running = await startNode(config, { say, perMinute: NO_LIMIT })
  await running.worlds.real.settled()
  const [postgres] = await running.node<Record<string, string>[]>`
    select current_setting('server_version') as version, current_setting('fsync') as fsync, current_setting('synchronous_commit') as synchronous_commit`
  if (postgres?.['fsync'] !== 'on' || postgres['synchronous_commit'] !== 'on')
    throw new Error('the database is not durable: fsync and synchronous_commit must be on')
  return { address: running.address, connection: embedded.connection, postgres, postId: postId(POST) }
}

/** Obligations that one organization owes, with a deadline a day from now, at most 256 an incident. */
async function owe({ count }: { readonly count: number }): Promise<readonly string[]> {
  const { real } = running.worlds
  const ids = Array.from({ length: count }, () => randomUUID() as string)
  const dueAt = new Date(Date.now() + 86_400_000).toISOString()
  let incidentId = ''
  for (let from = 0; from < count; from += SEED_AT_ONCE) {
    const some = ids.slice(from, from + SEED_AT_ONCE)
    const owed: Promise<void>[] = []
    for (const [i, id] of some.entries()) {
      if ((from + i) % PER_INCIDENT === 0) incidentId = await reportIncident(running.worlds.real, `bench ${from + i}`)
      const command = { type: 'obligation.owe', ...termsOf(incidentId, dueAt) }
      owed.push(
        real
          .handle({ room: 'obligation', id, command, commandId: randomUUID(), doer: { actor: systemActor('linkage'), powers: [] } })
          .then(must),
      )
    }
    await Promise.all(owed)
  }
  await real.settled()
  return ids
}

const termsOf = (incidentId: string, dueAt: string): Terms => ({
  incidentId,
  jurisdiction: '120116',
  debtor: organizationId(ORGANIZATION),
  creditor: organizationId('binhai-government'),
  function: 'emergency-management',
  act: 'report-progress',
  actWords: {
    'zh-CN': '向本级人民政府报告处置进展、伤亡和次生灾害风险',
    en: 'Report progress, casualties and the risk of secondary disasters to the government of this level',
  },
  basis: { instrumentId: 'binhai-hazchem-plan', version: 1, clauseId: '5.1' },
  dueAt,
  limitConfirmed: true,
  trigger: { position: '1', type: 'incident.declared', occurredAt: new Date().toISOString() },
  ladder: [{ at: dueAt.replace(/\d{3}Z$/, '999Z'), to: organizationId('binhai-government'), clauseId: '6.2' }],
})

async function fill({ count }: { readonly count: number }): Promise<void> {
  pool = await owe({ count })
  accepted.clear()
}

/** So many clients, each with one command in flight: it accepts an obligation, and the next time round declines it again. */
async function handle({ clients, ms }: { readonly clients: number; readonly ms: number }): Promise<Ran> {
  const { real } = running.worlds
  const latencies: number[] = []
  const began = performance.now()
  const client = async (number: number): Promise<void> => {
    for (let i = number; ; i += clients) {
      const at = performance.now()
      if (at - began >= ms) return
      const id = pool[i % pool.length] ?? ''
      const command = accepted.has(id) ? { type: 'obligation.decline', reason: '力量不足 not enough crews' } : { type: 'obligation.accept' }
      must(await real.handle({ room: 'obligation', id, command, commandId: randomUUID(), doer: DOER }))
      if (!accepted.delete(id)) accepted.add(id)
      latencies.push(performance.now() - at)
    }
  }
  await Promise.all(Array.from({ length: clients }, (_, i) => client(i)))
  return { commands: latencies.length, ms: performance.now() - began, latencies: Float64Array.from(latencies) }
}

/** Facts noted in an incident at an even pace; each carries its number, from `first` on. */
async function note({
  incident,
  first,
  count,
  perSecond,
}: {
  readonly incident: string
  readonly first: number
  readonly count: number
  readonly perSecond: number
}): Promise<NoteTimes> {
  const given = new Float64Array(count)
  const acknowledged = new Float64Array(count)
  const began = performance.now()
  const send = async (i: number): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, began + (i * 1000) / perSecond - performance.now())))
    given[i] = preciseNow()
    const command = {
      type: 'incident.note',
      kind: 'bench',
      text: `bench-note:${first + i}; 消防救援支队到场,开始排查。Crews arrived and began their search.`,
    }
    must(await running.worlds.real.handle({ room: 'incident', id: incident, command, commandId: randomUUID(), doer: DOER }))
    acknowledged[i] = preciseNow()
  }
  await Promise.all(Array.from({ length: count }, (_, i) => send(i)))
  return { given, acknowledged }
}

/** Processor time of this process and of the whole database server, those of its processes that have ended included. */
async function cpu(): Promise<Cpu> {
  const { user, system } = process.cpuUsage()
  const [data] = await running.node<{ data_directory: string }[]>`show data_directory`
  const pids = await findProcesses(data?.data_directory ?? '')
  const ticks = pids.reduce((sum, pid) => sum + ticksOf(pid), 0)
  return { node: (user + system) / 1000, postgres: (ticks * 1000) / TICKS_PER_SECOND }
}

function ticksOf(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [, , , , , , , , , , , user, system, usersOfEnded, systemOfEnded] = text.slice(text.lastIndexOf(')')).split(' ').map(Number)
    return (user ?? 0) + (system ?? 0) + (usersOfEnded ?? 0) + (systemOfEnded ?? 0)
  } catch {
    return 0 // it ended meanwhile
  }
}

/** Bytes resident now, garbage collected first where `--expose-gc` allows it. */
function memory(): number {
  globalThis.gc?.()
  return process.memoryUsage().rss
}

async function stop(): Promise<void> {
  await running?.stop()
  await embedded?.stop()
}

answerCalls({
  start,
  owe,
  fill,
  handle,
  note,
  cpu,
  memory,
  stop,
  reportIncident: ({ title }: { readonly title: string }) => reportIncident(running.worlds.real, title),
})
