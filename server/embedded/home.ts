import { createHash, randomBytes } from 'node:crypto'
import {
  chmod,
  chown,
  link,
  lchown,
  lstat,
  mkdir,
  readFile,
  readdir,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { StartupProblem } from '#server/config.ts'
import { copyBinaries, linkLibraries, type Binaries } from './binaries.ts'
import { noPermission, quote } from './problem.ts'

/** Whom the server runs as when Node runs as root; undefined: as the user that runs Node. */
export type Account = { readonly name: string; readonly uid: number; readonly gid: number }

export type Home = {
  readonly varDir: string
  readonly account: Account | undefined
  readonly binaries: Binaries
  /** The data directory of PostgreSQL, its real path. */
  readonly data: string
  /** Holds the socket and the links to the libraries; nobody else may enter. */
  readonly run: string
  readonly log: string
  readonly passwordFile: string
}

const SOCKET_PATH_MAX_BYTES = 103 // 107 on Linux, 103 on macOS
const SOCKET_NAME_BYTES = '/.s.PGSQL.5432.lock'.length
const RUN_NAMES_MAX = 5
const ACCOUNTS = ['muster', 'postgres', 'nobody']

/** Chooses and prepares the places of the embedded server for this folder of data. */
export async function prepareHome(given: string, installed: Binaries, systemDir: string, say: (line: string) => void): Promise<Home> {
  // A recursive mkdir hides why it failed; the plain one tells.
  const made = await mkdir(given, { recursive: true }).catch(() => mkdir(given).then(() => given))
  if (made !== undefined) await chmod(given, 0o711)
  const varDir = await realpath(given)
  const shown = join(varDir, 'postgres')
  const account = await findAccount(shown, say)
  const binaries =
    account === undefined || (await reaches(account, join(installed.folder, 'bin', 'postgres')))
      ? installed
      : await copyToSystem(installed, systemDir, say)
  const data = await chooseData(varDir, shown, account, systemDir, say)
  const run = await makeRunFolder(dirname(data), account)
  await linkLibraries(binaries, run)
  return {
    varDir,
    account,
    binaries,
    data,
    run,
    log: join(varDir, 'postgres.log'),
    passwordFile: join(varDir, 'postgres-password'),
  }
}

async function copyToSystem(installed: Binaries, systemDir: string, say: (line: string) => void): Promise<Binaries> {
  await makeOpenFolder(systemDir)
  if (!existsSync(join(systemDir, `postgresql-${installed.version}`)))
    say(`Copying the embedded PostgreSQL to ${systemDir}, where an unprivileged user can read it.`)
  return copyBinaries(installed, systemDir)
}

/** The data directory: in the given folder, where its link points, or in a twin below `systemDir` when the account cannot reach it. */
async function chooseData(
  varDir: string,
  shown: string,
  account: Account | undefined,
  systemDir: string,
  say: (line: string) => void,
): Promise<string> {
  const kind = await lstat(shown).catch(() => undefined)
  if (kind?.isSymbolicLink()) {
    const target = resolve(varDir, await readlink(shown))
    const there = join(await makeTwin(dirname(target), account), basename(target))
    return existsSync(there) ? realpath(there) : there
  }
  if (account === undefined || (await reaches(account, varDir))) return shown
  if (kind !== undefined) throw unreachable(shown, account)
  const twin = await makeTwin(join(systemDir, shortHash(varDir)), account)
  // Of two processes that do this at once, the second finds the same link.
  await symlink(join(twin, 'postgres'), shown).catch((error) => (error.code === 'EEXIST' ? undefined : Promise.reject(error)))
  await writeFile(join(varDir, 'postgres-is-elsewhere.txt'), note(varDir, twin, account))
  say(`The user ${account.name} cannot reach ${varDir}: the data are kept in ${twin}/postgres, and ${shown} points there.`)
  return join(twin, 'postgres')
}

async function makeTwin(folder: string, account: Account | undefined): Promise<string> {
  await makeOpenFolder(dirname(folder))
  if ((await mkdir(folder, { recursive: true, mode: 0o700 })) !== undefined) await own(folder, account)
  return realpath(folder)
}

function unreachable(shown: string, account: Account): StartupProblem {
  return new StartupProblem(
    'embedded.unreachable',
    `PostgreSQL does not run as root, and the user ${account.name}, who runs it instead, cannot reach ${shown}.`,
    `mkdir -p /var/lib/muster/data && mv ${quote(shown)} /var/lib/muster/data/postgres && ln -s /var/lib/muster/data/postgres ${quote(shown)}`,
  )
}

const note = (varDir: string, twin: string, account: Account): string => `数据库文件不在本目录,而在 ${twin}/postgres。
PostgreSQL 拒绝以 root 身份运行;代为运行它的用户 ${account.name} 无法进入 ${varDir}。
备份或迁移时,请连同该目录一并处理。本目录下的 postgres 是指向它的符号链接。

The database is not kept in this folder but in ${twin}/postgres.
PostgreSQL refuses to run as root, and the user ${account.name}, who runs it instead, cannot enter ${varDir}.
Take that folder along when you back up or move. The entry postgres in this folder is a symbolic link to it.
`

/** Root hands the server to the owner of the data, else to a system user of ours, else to one that is always there. */
async function findAccount(shown: string, say: (line: string) => void): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const owner = await stat(join(shown, 'PG_VERSION')).catch(() => undefined)
  if (owner !== undefined && owner.uid !== 0)
    return { name: printed('id', '-un', String(owner.uid)) ?? String(owner.uid), uid: owner.uid, gid: owner.gid }
  const [first] = ACCOUNTS
  if (first !== undefined && findUser(first) === undefined) {
    const made = printed(
      'useradd',
      '--system',
      '--user-group',
      '--no-create-home',
      '--home-dir',
      '/nonexistent',
      '--shell',
      '/usr/sbin/nologin',
      first,
    )
    if (made !== undefined) say(`PostgreSQL does not run as root: created the system user ${first} for it.`)
  }
  for (const name of ACCOUNTS) {
    const account = findUser(name)
    if (account !== undefined && account.uid !== 0) return account
  }
  throw new StartupProblem(
    'embedded.no-account',
    'PostgreSQL does not run as root, and there is no other user that could run it.',
    'useradd --system muster',
  )
}

function findUser(name: string): Account | undefined {
  const [uid, gid] = [printed('id', '-u', name), printed('id', '-g', name)]
  return uid === undefined || gid === undefined ? undefined : { name, uid: Number(uid), gid: Number(gid) }
}

/** What a short program prints, or undefined when it is missing or fails. */
function printed(program: string, ...args: string[]): string | undefined {
  const env = { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin:/usr/bin:/bin` }
  const run = spawnSync(program, args, { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'ignore'], timeout: 10_000 })
  return run.status === 0 ? run.stdout.trim() : undefined
}

/** True when the account may enter every folder above the path and read the path itself, by the permission bits. */
async function reaches(account: Account, path: string): Promise<boolean> {
  for (let at = await realpath(path); ; at = dirname(at)) {
    const { uid, gid, mode } = await stat(at)
    const bits = uid === account.uid ? mode >> 6 : gid === account.gid ? mode >> 3 : mode
    if ((bits & 1) === 0) return false
    if (at === dirname(at)) return true
  }
}

/** Makes the folder for the socket and the libraries, beside the data, or below the system's temporary folder when that path is too long. */
async function makeRunFolder(place: string, account: Account | undefined): Promise<string> {
  const names = Array.from({ length: RUN_NAMES_MAX }, (_, i) => `muster-${shortHash(place)}${i === 0 ? '' : `-${i}`}`)
  const candidates = [join(place, 'postgres-run'), ...names.flatMap((name) => [join(tmpdir(), name), join('/tmp', name)])]
  const uid = account?.uid ?? process.getuid?.() ?? 0
  let problem: unknown
  for (const folder of candidates.filter(fitsSocket)) {
    try {
      await mkdir(folder, { mode: 0o700 })
      await own(folder, account)
    } catch (error) {
      problem ??= error instanceof Error && 'code' in error && error.code === 'EEXIST' ? undefined : error
    }
    const found = await lstat(folder).catch(() => undefined)
    // In a temporary folder a stranger may have taken the name first: what is not ours alone is not used.
    if (found?.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0) return folder
  }
  if (!candidates.some(fitsSocket))
    throw new StartupProblem(
      'embedded.socket-path',
      `The path ${candidates[0]} is too long for a socket (${SOCKET_PATH_MAX_BYTES} bytes).`,
      'export TMPDIR=/tmp',
    )
  throw problem ?? noPermission(candidates[0] ?? place, 'the folder for the database socket cannot be made there')
}

// A comma or a colon would be read as a list of folders or as a port.
const fitsSocket = (folder: string): boolean =>
  Buffer.byteLength(folder) + SOCKET_NAME_BYTES <= SOCKET_PATH_MAX_BYTES && !/[,:]/.test(folder)

/** The password of the superuser, made once; `made` says that no cluster can know it yet. */
export async function getPassword(home: Home): Promise<{ readonly password: string; readonly made: boolean }> {
  const making = `${home.passwordFile}.making-${process.pid}`
  await writeFile(making, randomBytes(24).toString('base64url'), { mode: 0o600 })
  // A link is made whole or not at all, and fails when another process was first.
  const made = await link(making, home.passwordFile).then(
    () => true,
    (error) => (error.code === 'EEXIST' ? false : Promise.reject(error)),
  )
  await rm(making, { force: true })
  return { password: (await readFile(home.passwordFile, 'utf8')).trim(), made }
}

/** Gives a folder and all in it to the account, when there is one; data that root has unpacked or copied comes so to its owner. */
export async function ownAll(folder: string, account: Account | undefined): Promise<void> {
  if (account === undefined || (await stat(folder)).uid === account.uid) return
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    await lchown(join(entry.parentPath, entry.name), account.uid, account.gid)
  await own(folder, account)
}

export async function own(path: string, account: Account | undefined): Promise<void> {
  if (account !== undefined) await chown(path, account.uid, account.gid)
}

async function makeOpenFolder(folder: string): Promise<void> {
  if ((await mkdir(folder, { recursive: true })) !== undefined) await chmod(folder, 0o755)
}

/** Keeps the log of the server within bounds: a long one becomes the old one. */
export async function rotateLog(log: string, maxBytes: number): Promise<number> {
  const size = await stat(log).then(
    (found) => found.size,
    () => 0,
  )
  if (size <= maxBytes) return size
  await rename(log, `${log}.1`)
  return 0
}

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12)
