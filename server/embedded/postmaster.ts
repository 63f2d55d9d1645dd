import { spawn, spawnSync } from 'node:child_process'
import { open, readFile, readdir, readlink, rename, rm, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { own, type Home } from './home.ts'
import { problemFromOutput } from './problem.ts'

const INITDB_MAX_MS = 120_000
const FAST_MAX_MS = 20_000
const IMMEDIATE_MAX_MS = 5_000
const KILL_MAX_MS = 5_000
const POLL_MS = 20
const LOG_SHOWN_MAX_BYTES = 64 * 1024
const PORT = '5432'

/** What the server wrote about itself into postmaster.pid. */
export type PidFile = { readonly pid: number; readonly socketFolder: string; readonly status: string }

/** fsync, full_page_writes and synchronous_commit keep their default, on: what was acknowledged is on the disk. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '',
  port: PORT,
  unix_socket_permissions: '0700',
  max_connections: '100',
  shared_buffers: '128MB',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  log_line_prefix: '%m [%p] ',
  lc_messages: 'C',
  cluster_name: 'muster',
}

export async function findPidFile(data: string): Promise<PidFile | undefined> {
  const lines = (await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
  const pid = Number(lines[0])
  return Number.isInteger(pid) && pid > 0 ? { pid, socketFolder: lines[4] ?? '', status: (lines[7] ?? '').trim() } : undefined
}

/**
 * The processes of a server on this data directory: the server and all its children work in that folder.
 * A number in postmaster.pid alone proves nothing: after a crash it may belong to any other process.
 */
export async function findProcesses(data: string): Promise<readonly number[]> {
  if (process.platform !== 'linux') return findProcessesByName(data)
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const folders = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => '')))
  const here = pids.filter((pid, i) => folders[i] === data && pid !== process.pid)
  const names = await Promise.all(here.map((pid) => readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')))
  return here.filter((_, i) => names[i]?.trim() === 'postgres')
}

async function findProcessesByName(data: string): Promise<readonly number[]> {
  const found = await findPidFile(data)
  if (found === undefined) return []
  const shown = spawnSync('ps', ['-p', String(found.pid), '-o', 'command='], { encoding: 'utf8' }).stdout ?? ''
  return shown.includes('postgres') ? [found.pid] : []
}

/** Only what the server needs: variables such as PGDATA or PGOPTIONS of the operator's shell must not reach it. */
const serverEnv = (home: Home): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  LC_ALL: 'C',
  TZ: 'UTC',
  LD_LIBRARY_PATH: `${home.run}:${home.binaries.folder}/lib`,
  DYLD_LIBRARY_PATH: `${home.run}:${home.binaries.folder}/lib`,
})

const identity = (home: Home) => (home.account === undefined ? {} : { uid: home.account.uid, gid: home.account.gid })

/** Makes the cluster beside its place and moves it there whole: what an interrupted attempt leaves is never taken for data. */
export async function makeCluster(home: Home, password: string): Promise<void> {
  const place = join(home.data, '..')
  for (const name of await readdir(place)) {
    const maker = /^postgres\.making-(\d+)$/.exec(name)?.[1]
    if (maker !== undefined && !isAlive(Number(maker))) await rm(join(place, name), { recursive: true, force: true })
  }
  const making = join(place, `postgres.making-${process.pid}`)
  const passwordCopy = join(home.run, `password-${process.pid}`)
  await rm(making, { recursive: true, force: true })
  await mkdir(making, { mode: 0o700 })
  await own(making, home.account)
  try {
    await writeFile(passwordCopy, password, { mode: 0o600 })
    await own(passwordCopy, home.account)
    const words = ['--username=muster', `--pwfile=${passwordCopy}`, '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C']
    await runTool(home, 'initdb', [...words, '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--pgdata', making], '')
    await rename(making, home.data).catch((error) => (['ENOTEMPTY', 'EEXIST'].includes(error.code) ? undefined : Promise.reject(error)))
  } finally {
    await rm(passwordCopy, { force: true })
    await rm(making, { recursive: true, force: true })
  }
}

const isAlive = (pid: number): boolean => {
  try {
    return pid !== process.pid && process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Gives the superuser this password while no server runs: the file that kept the old one was lost or changed. */
export async function resetPassword(home: Home, password: string): Promise<void> {
  await runTool(
    home,
    'postgres',
    ['--single', '-D', home.data, 'postgres'],
    `alter role muster password '${password.replaceAll("'", "''")}'\n`,
  )
}

async function runTool(home: Home, tool: string, args: readonly string[], input: string): Promise<void> {
  const child = spawn(join(home.binaries.folder, 'bin', tool), args, {
    cwd: home.run,
    env: serverEnv(home),
    ...identity(home),
    timeout: INITDB_MAX_MS,
  })
  let output = ''
  const keep = (chunk: Buffer) => (output = (output + chunk.toString('utf8')).slice(-LOG_SHOWN_MAX_BYTES))
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  child.stdin.on('error', () => undefined).end(input)
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  if (code !== 0) throw problemFromOutput(output, home.data)
}

export type Launched = { readonly pid: number; readonly hasEnded: () => boolean }

/** Starts the server in a session of its own: Ctrl-C in the terminal reaches Node alone, which then stops it in order. */
export async function launch(home: Home): Promise<Launched> {
  const log = await open(home.log, 'a', 0o600)
  try {
    const settings = Object.entries({ ...SETTINGS, unix_socket_directories: home.run }).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ])
    const child = spawn(join(home.binaries.folder, 'bin', 'postgres'), ['-D', home.data, ...settings], {
      cwd: home.run,
      env: serverEnv(home),
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      ...identity(home),
    })
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject))
    child.unref()
    return { pid: child.pid ?? 0, hasEnded: () => child.exitCode !== null || child.signalCode !== null }
  } finally {
    await log.close()
  }
}

/** What the log holds since this byte, at most its last 64 KiB. */
export async function logSince(home: Home, start: number): Promise<string> {
  const all = await readFile(home.log).catch(() => Buffer.alloc(0))
  return all.subarray(Math.max(start, all.length - LOG_SHOWN_MAX_BYTES)).toString('utf8')
}

/** Stops whatever serves this data directory: in order first, at once next, by force last. Returns when nothing of it is left. */
export async function stopServer(data: string): Promise<void> {
  const main = (await findPidFile(data))?.pid
  const steps = [
    ['SIGINT', FAST_MAX_MS],
    ['SIGQUIT', IMMEDIATE_MAX_MS],
    ['SIGKILL', KILL_MAX_MS],
  ] as const
  for (const [signal, maxMs] of steps) {
    const pids = await findProcesses(data)
    // Without its parent a child ends by itself; only the last step kills every one.
    const targets = signal !== 'SIGKILL' && main !== undefined && pids.includes(main) ? [main] : pids
    for (const pid of targets) send(pid, signal)
    // A frozen process takes a signal only once it runs again.
    for (const pid of targets) send(pid, 'SIGCONT')
    if (await isGone(data, maxMs)) return
  }
  throw new Error(`the server on ${data} does not end`)
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

async function isGone(data: string, maxMs: number): Promise<boolean> {
  for (const start = performance.now(); performance.now() - start < maxMs; await sleep(POLL_MS)) {
    if ((await findProcesses(data)).length === 0) return true
  }
  return false
}
