import { readFile, readdir, rm, statfs } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { StartupProblem } from '#server/config.ts'
import { getBinaries } from './embedded/binaries.ts'
import { getPassword, ownAll, prepareHome, rotateLog, type Home } from './embedded/home.ts'
import {
  findPidFile,
  findProcesses,
  launch,
  logSince,
  makeCluster,
  resetPassword,
  stopServer,
  type Launched,
} from './embedded/postmaster.ts'
import { asProblem, diskFull, lastLines, problemFromOutput, quote } from './embedded/problem.ts'

/** `host` is the folder of the socket; the whole fits the options of postgres.js. */
export type Connection = {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
}

export type Embedded = {
  readonly connection: Connection
  /** True when a server was already running on the data: left behind by a process that was killed, or shared with one that lives. */
  readonly adopted: boolean
  /** Stops the server, unless another process still uses it. May be called again. */
  stop(): Promise<void>
}

export type EmbeddedOptions = {
  readonly varDir: string
  readonly say: (line: string) => void
  /** Bytes that may still be written below a folder. */
  readonly freeBytes?: (folder: string) => Promise<number>
  /** Where the server keeps what an unprivileged user cannot reach in its place. */
  readonly systemDir?: string
}

const FREE_MIN_BYTES = 200 * 1024 * 1024
const LOG_MAX_BYTES = 4 * 1024 * 1024
const ATTEMPTS_MAX = 8
const READY_MAX_MS = 120_000
const PATIENCE_MS = 5_000
const PROBE_MAX_MS = 10_000
const POLL_MS = 15
const REVIVALS_MAX = 5
const REVIVALS_WITHIN_MS = 600_000
const PORT = 5432
/** Advisory lock in the database `postgres`, shared by every process that uses the server: who leaves last stops it. */
const USE_LOCK = 7_391_228

type Server = { readonly home: Home; readonly password: string; readonly say: (line: string) => void }
type Sql = ReturnType<typeof postgres>
type Answer = 'yes' | 'password refused' | 'no'

/**
 * Starts the PostgreSQL that npm installed, with its data in `<varDir>/postgres`, or takes over the one that runs there.
 * Durable as PostgreSQL is by default. Throws a StartupProblem for whatever the operator can mend.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  try {
    const { varDir, say, freeBytes = freeBytesOf, systemDir = '/var/lib/muster' } = options
    const home = await prepareHome(varDir, await getBinaries(), systemDir, say)
    await refuseFullDisk(join(home.data, '..'), freeBytes)
    const { password, made } = await getPassword(home)
    return await use({ home, password, say }, made)
  } catch (error) {
    throw asProblem(error, options.varDir)
  }
}

async function refuseFullDisk(folder: string, freeBytes: (folder: string) => Promise<number>): Promise<void> {
  const free = await freeBytes(folder)
  if (free < FREE_MIN_BYTES)
    throw diskFull(folder, `${Math.floor(free / 1048576)} MiB are free, ${FREE_MIN_BYTES / 1048576} are needed to start`)
}

async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

async function use(server: Server, passwordMade: boolean): Promise<Embedded> {
  let stopping: Promise<void> | undefined
  let revivals: readonly number[] = []
  let reviving = Promise.resolve()
  // A server that dies under a living process (killed, out of memory) is started again, within reason.
  const onLost = (): void => {
    reviving = reviving.then(revive)
  }
  const revive = async (): Promise<void> => {
    if (stopping !== undefined) return
    revivals = [...revivals, performance.now()].filter((at) => performance.now() - at < REVIVALS_WITHIN_MS)
    if (revivals.length > REVIVALS_MAX)
      return server.say(`The database ended ${REVIVALS_MAX} times in ten minutes and is not started again. Its log: ${server.home.log}`)
    server.say('The connection to the database was lost; looking after it.')
    try {
      held = await hold(server, false, onLost)
    } catch (error) {
      server.say(`The database could not be started again: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  let held = await hold(server, passwordMade, onLost)
  const { folder, adopted } = held
  await ensureDatabase(held.sql)
  return {
    connection: { ...login(server, folder), database: 'muster' },
    adopted,
    stop: () => (stopping ??= reviving.then(() => leave(server, held.sql))),
  }
}

type Held = { readonly sql: Sql; readonly folder: string; readonly adopted: boolean }

/** Sees to a running server and takes a share in it by one connection that stays open. */
async function hold(server: Server, passwordMade: boolean, onLost: () => void): Promise<Held> {
  let forget = passwordMade && existsSync(join(server.home.data, 'PG_VERSION'))
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const running = await ensureRunning(server, forget)
    forget = running.answer === 'password refused'
    if (forget) continue
    let lost = (): void => undefined
    const sql = connect(server, running.folder, () => lost())
    const [row] = await sql`select pg_try_advisory_lock_shared(${USE_LOCK}) as taken`.catch(() => [])
    if (row?.['taken'] === true) {
      lost = onLost
      return { sql, folder: running.folder, adopted: running.adopted }
    }
    // Another process is just stopping it.
    await sql.end({ timeout: 0 })
    await sleep(200)
  }
  throw await startProblem(server, 0, 'did not come to rest')
}

type Running = { readonly folder: string; readonly adopted: boolean; readonly answer: Answer }

/** Never starts a second server on the data: what runs there is taken over, waited for, or stopped first. */
async function ensureRunning(server: Server, forgetPassword: boolean): Promise<Running> {
  const { home } = server
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const found = await findPidFile(home.data)
    const processes = await findProcesses(home.data)
    if (found !== undefined && !forgetPassword) {
      const isRunning = processes.includes(found.pid)
      const answer = isRunning
        ? await awaitReady(server, found.socketFolder, async () => !(await findProcesses(home.data)).includes(found.pid))
        : await probe(server, found.socketFolder)
      if (answer !== 'no') return { folder: found.socketFolder, adopted: true, answer }
    }
    if (processes.length > 0) {
      server.say('A database server that does not answer is still there: stopping it.')
      await stopServer(home.data)
    }
    const logStart = await prepareData(server, forgetPassword)
    const launched = await launch(home)
    const answer = await awaitReady(server, home.run, async () => launched.hasEnded())
    if (answer !== 'no') return { folder: home.run, adopted: (await findPidFile(home.data))?.pid !== launched.pid, answer }
    await explain(server, launched, logStart)
  }
  throw await startProblem(server, 0, 'did not start')
}

/** Makes the cluster when there is none, refuses what is not ours to open. Returns the length of the log before the start. */
async function prepareData({ home, password, say }: Server, forgetPassword: boolean): Promise<number> {
  const version = (
    await readFile(join(home.data, 'PG_VERSION'), 'utf8').catch((error) => (error.code === 'ENOENT' ? '' : Promise.reject(error)))
  ).trim()
  if (version === '') {
    const strangers: readonly string[] = await readdir(home.data).catch((error) => (error.code === 'ENOENT' ? [] : Promise.reject(error)))
    if (strangers.length > 0 && !strangers.includes('PG_VERSION'))
      throw new StartupProblem(
        'embedded.not-a-cluster',
        `${home.data} holds something that is not a PostgreSQL database.`,
        `mv ${quote(home.data)} ${quote(`${home.data}.aside`)}`,
      )
    say('Making the database for the first time.')
    await makeCluster(home, password)
  } else if (version !== home.binaries.major)
    throw new StartupProblem(
      'embedded.foreign-version',
      `The data in ${home.data} were made by PostgreSQL ${version}; this Muster brings PostgreSQL ${home.binaries.major}, which cannot open them. They are untouched. ` +
        `Let a PostgreSQL ${version} serve them and set DATABASE_URL to it, or move them with pg_upgrade; to begin with an empty database, put them aside.`,
      `mv ${quote(home.data)} ${quote(`${home.data}-${version}`)}`,
    )
  await ownAll(home.data, home.account)
  await clearStalePidFile(home)
  if (forgetPassword) await resetPassword(home, password)
  return rotateLog(home.log, LOG_MAX_BYTES)
}

/** A pid file is left to PostgreSQL, which knows best, unless it is empty or its number now belongs to a stranger: those it would refuse. */
async function clearStalePidFile(home: Home): Promise<void> {
  const file = join(home.data, 'postmaster.pid')
  if (!existsSync(file) || (await findProcesses(home.data)).length > 0) return
  const found = await findPidFile(home.data)
  if (found === undefined || process.platform !== 'linux' || existsSync(`/proc/${found.pid}`)) await rm(file, { force: true })
}

async function awaitReady(server: Server, folder: string, hasEnded: () => Promise<boolean>): Promise<Answer> {
  const start = performance.now()
  let told = false
  for (; performance.now() - start < READY_MAX_MS; await sleep(POLL_MS)) {
    const status = (await findPidFile(server.home.data))?.status
    if (status === 'ready') return probe(server, folder)
    if (await hasEnded()) return 'no'
    if (status === 'stopping' && performance.now() - start > PATIENCE_MS) return 'no'
    if (!told && performance.now() - start > PATIENCE_MS) {
      told = true
      server.say('The database is recovering what it had not finished; this can take a minute.')
    }
  }
  return 'no'
}

/** Ends the attempt with a StartupProblem unless another one may fare better. */
async function explain(server: Server, launched: Launched, logStart: number): Promise<void> {
  const shown = await logSince(server.home, logStart)
  if (!launched.hasEnded()) throw await startProblem(server, logStart, `was not ready within ${READY_MAX_MS / 1000} s`)
  // Another process was first, or the last children of a killed server had not yet gone: both pass.
  if (/lock file "[^"]*" already exists|is still in use|is in use by|could not create lock file/.test(shown)) return sleep(300)
  throw problemFromOutput(shown, server.home.data)
}

async function startProblem({ home }: Server, logStart: number, what: string): Promise<StartupProblem> {
  const shown = lastLines(await logSince(home, logStart))
  return new StartupProblem(
    'embedded.start-timeout',
    `The embedded PostgreSQL ${what}. The end of its log, ${home.log}:\n${shown}`,
    'npm start    # again: a recovery goes on where it was',
  )
}

async function probe(server: Server, folder: string): Promise<Answer> {
  const sql = connect(server, folder)
  try {
    const answer = await Promise.race([sql`show data_directory`, sleep(PROBE_MAX_MS, [], { ref: false })])
    return answer[0]?.['data_directory'] === server.home.data ? 'yes' : 'no'
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    // It lives, and stopping it would take it from those who use it.
    if (code === '53300')
      throw new StartupProblem(
        'embedded.too-many-connections',
        `The database in ${server.home.data} is running, but all its connections are taken.`,
        `ps ax | grep 'postgres: muster'    # see who holds them, end what is not needed, start again`,
        { cause: error },
      )
    return code === '28P01' ? 'password refused' : 'no'
  } finally {
    await sql.end({ timeout: 0 })
  }
}

const login = ({ password }: Server, folder: string) => ({ host: folder, port: PORT, user: 'muster', password })

function connect(server: Server, folder: string, onclose: () => void = () => undefined): Sql {
  const lasting = { max: 1, idle_timeout: 0, max_lifetime: null, connect_timeout: PROBE_MAX_MS / 1000, fetch_types: false }
  return postgres({ ...login(server, folder), ...lasting, database: 'postgres', onclose: () => onclose(), onnotice: () => undefined })
}

async function ensureDatabase(sql: Sql): Promise<void> {
  const found = await sql`select 1 from pg_database where datname = 'muster'`
  if (found.length > 0) return
  // Two processes may make it at once; the second one hears that it is there (42P04, or 23505 from the catalogue).
  await sql`create database muster`.catch((error) => (['42P04', '23505'].includes(error.code) ? undefined : Promise.reject(error)))
}

/** Gives up the share; the last process stops the server. */
async function leave({ home, say }: Server, sql: Sql): Promise<void> {
  const given = sql`select pg_advisory_unlock_shared(${USE_LOCK}), pg_try_advisory_lock(${USE_LOCK}) as alone`
  const answer = await Promise.race([given, sleep(PROBE_MAX_MS, [], { ref: false })]).catch(() => [])
  if (answer[0]?.['alone'] === false) say('Another process still uses the database; it is left running.')
  else if ((await findProcesses(home.data)).length > 0) await stopServer(home.data)
  await sql.end({ timeout: 0 })
}
