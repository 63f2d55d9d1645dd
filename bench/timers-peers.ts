/** The peers of `timers`: two job queues on the same PostgreSQL server, whose jobs commit one row each, as a lapse commits its event. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Logger, makeWorkerUtils, run as runWorker, type Runner } from 'graphile-worker'
import { PgBoss } from 'pg-boss'
import postgres, { type Sql } from 'postgres'
import { projectRoot } from '#server/config.ts'
import type { Connection } from '#server/embedded.ts'

export type Queue = {
  readonly name: string
  readonly version: string
  /** How it is set up: its quickest settings, not its defaults. */
  readonly how: string
  /** So many jobs that are due in days. */
  fill(count: number): Promise<void>
  /** Jobs due at these instants; answers by how many milliseconds each was committed late. */
  run(instants: readonly number[]): Promise<readonly number[]>
  close(): Promise<void>
}

export const preciseNow = (): number => performance.timeOrigin + performance.now()

const WAIT_MAX_MS = 120_000
const AT_ONCE = 5000
const FAR_MS = 86_400_000
/** Far jobs lie this far apart, as the deadlines of `timers` do. */
const APART_MS = 5000
const WORKERS = 10

const versionOf = (name: string): string =>
  (JSON.parse(readFileSync(join(projectRoot, 'node_modules', name, 'package.json'), 'utf8')) as { version: string }).version
/** The host may be the folder of a socket, which stands in no address. */
const addressOf = ({ user, password, host, port, database }: Connection): string =>
  `postgres://${user}:${encodeURIComponent(password)}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`

/** What a job does: one row, committed; and what it hears of itself. */
class Ledger {
  readonly #sql: Sql
  readonly #table: string
  #lateness: number[] = []

  private constructor(sql: Sql, table: string) {
    this.#sql = sql
    this.#table = table
  }

  static async open(connection: Connection, table: string): Promise<Ledger> {
    const sql = postgres({ ...connection, max: WORKERS, onnotice: () => undefined })
    await sql.unsafe(
      `create table ${table} (position bigint generated always as identity primary key, due_at timestamptz not null, data jsonb not null)`,
    )
    return new Ledger(sql, table)
  }

  async commit(instants: readonly number[]): Promise<void> {
    const rows = instants.map((due) => ({ due_at: new Date(due), data: { type: 'lapsed' } }))
    await this.#sql`insert into ${this.#sql(this.#table)} ${this.#sql(rows as never)}`
    const now = preciseNow()
    for (const due of instants) this.#lateness.push(now - due)
  }

  begin(): void {
    this.#lateness = []
  }

  async all(count: number, until: number): Promise<readonly number[]> {
    while (this.#lateness.length < count && preciseNow() < until) await new Promise((resolve) => setTimeout(resolve, 20))
    if (this.#lateness.length < count) throw new Error(`only ${this.#lateness.length} of ${count} jobs ran`)
    return this.#lateness
  }

  async close(): Promise<void> {
    await this.#sql.end({ timeout: 5 })
  }
}

const far = (count: number): readonly (readonly number[])[] => {
  const from = Date.now() + FAR_MS
  return Array.from({ length: Math.ceil(count / AT_ONCE) }, (_, batch) =>
    Array.from({ length: Math.min(AT_ONCE, count - batch * AT_ONCE) }, (__, i) => from + (batch * AT_ONCE + i) * APART_MS),
  )
}

export async function openGraphile(connection: Connection): Promise<Queue> {
  const ledger = await Ledger.open(connection, 'bench_graphile')
  const logger = new Logger(() => () => undefined)
  const utils = await makeWorkerUtils({ connectionString: addressOf(connection), logger })
  await utils.migrate()
  const add = (instants: readonly number[]): Promise<unknown> =>
    utils.addJobs(instants.map((due) => ({ identifier: 'lapse', payload: { due }, runAt: new Date(due), maxAttempts: 1 })))
  const start = (): Promise<Runner> =>
    runWorker({
      connectionString: addressOf(connection),
      preset: { worker: { concurrentJobs: WORKERS, maxPoolSize: WORKERS + 2, pollInterval: 100, localQueue: { size: 200 } } },
      noHandleSignals: true,
      parsedCronItems: [],
      logger,
      taskList: { lapse: async (payload) => ledger.commit([(payload as { due: number }).due]) },
    })
  return {
    name: 'graphile-worker',
    version: versionOf('graphile-worker'),
    how: 'polls every 100 ms, 10 jobs at once, 200 fetched at a time',
    async fill(count) {
      for (const batch of far(count)) await add(batch)
    },
    async run(instants) {
      ledger.begin()
      await add(instants)
      const runner = await start()
      try {
        return await ledger.all(instants.length, (instants.at(-1) ?? 0) + WAIT_MAX_MS)
      } finally {
        await runner.stop()
      }
    },
    async close() {
      await utils.release()
      await ledger.close()
    },
  }
}

export async function openPgBoss(connection: Connection): Promise<Queue> {
  const ledger = await Ledger.open(connection, 'bench_pg_boss')
  const { host, port, user, password, database } = connection
  const boss = new PgBoss({ host, port, user, password, database, max: WORKERS })
  boss.on('error', () => undefined) // its own upkeep may be cut off when the bench ends
  await boss.start()
  await boss.createQueue('lapse')
  const add = (instants: readonly number[]): Promise<unknown> =>
    boss.insert(
      'lapse',
      instants.map((due) => ({ data: { due }, startAfter: new Date(due), retryLimit: 0 })),
    )
  return {
    name: 'pg-boss',
    version: versionOf('pg-boss'),
    how: 'polls every 500 ms (its least), 2 workers, 500 jobs a batch, each batch committed by one statement',
    async fill(count) {
      for (const batch of far(count)) await add(batch)
    },
    async run(instants) {
      ledger.begin()
      await add(instants)
      await boss.work<{ due: number }>('lapse', { batchSize: 500, pollingIntervalSeconds: 0.5, localConcurrency: 2 }, async (jobs) =>
        ledger.commit(jobs.map((job) => job.data.due)),
      )
      try {
        return await ledger.all(instants.length, (instants.at(-1) ?? 0) + WAIT_MAX_MS)
      } finally {
        await boss.offWork('lapse')
      }
    },
    async close() {
      await boss.stop({ graceful: false })
      await ledger.close()
    },
  }
}
