// Makes a clone ready to run: packages, base map, pages. Plain JavaScript, since it runs before anything is installed,
// on whatever Node the system has. All words go to standard error, so that standard output stays free for JSON.
// `--install-only` leaves out the base map and the pages, which only the server needs.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync, writeSync, closeSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
const at = (...parts) => join(root, ...parts)
const NODE_MIN = [20, 10]
const NODE_PINNED = 24
const LOCK_WAIT_MAX_MS = 900_000
const LOCK_POLL_MS = 200
const INSTALL_MAX_MS = 900_000
const BUILD_MAX_MS = 300_000
const LINES_SHOWN = 6
const FILES_MAX = 20_000
const NO_BROWSERS = { PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' }

const say = (line) => process.stderr.write(`muster: ${line}\n`)

/** Says what is wrong and what mends it, and ends. */
function fail(what, mend) {
  process.stderr.write(`\nmuster: ${what}\n  To mend it: ${mend}\n\n`)
  process.exit(1)
}

const hashOf = (...parts) => parts.reduce((hash, part) => hash.update(part).update('\0'), createHash('sha256')).digest('hex')
const textOf = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : '')
const stamp = (name) => at('node_modules', name)

function filesIn(folder, found = []) {
  for (const entry of existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1))
    : []) {
    const path = join(folder, entry.name)
    if (path === at('web', 'dist') || path === at('web', 'public', 'basemap')) continue
    if (entry.isDirectory()) filesIn(path, found)
    else if (!/\.test\.tsx?$/.test(entry.name)) found.push(path)
    if (found.length > FILES_MAX) fail(`${folder} holds more than ${FILES_MAX} files.`, `git clean -n ${folder}`)
  }
  return found
}

const hashOfFiles = (paths) => hashOf(...paths.flatMap((path) => [relative(root, path), readFileSync(path)]))

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < NODE_MIN[0] || (major === NODE_MIN[0] && minor < NODE_MIN[1]))
    fail(
      `Muster needs Node ${NODE_MIN.join('.')} or newer to set itself up; this is ${process.versions.node}.`,
      'install a newer Node, e.g. on Debian: apt-get install nodejs npm',
    )
}

/** True when npm left the very packages of the lockfile: its own record lists what it installed. Packages for other platforms may be missing. */
function matchesLockfile(lock) {
  const record = textOf(at('node_modules', '.package-lock.json'))
  if (record === '') return false
  const { packages: installed } = JSON.parse(record)
  return Object.entries(JSON.parse(lock).packages).every(([path, wanted]) => {
    if (path === '' || wanted.link) return true
    const found = installed[path]
    return found === undefined ? mayBeMissing(wanted) : found.version === wanted.version
  })
}

const mayBeMissing = ({ optional, peer, os, cpu, libc }) =>
  peer === true || (optional === true && (!os?.includes(process.platform) || !cpu?.includes(process.arch) || libc !== undefined))

/** True when every optional package that another one names has its entry. */
function isComplete(lock) {
  const { packages } = JSON.parse(lock)
  const names = new Set(Object.keys(packages).map((path) => path.split('node_modules/').at(-1)))
  return Object.values(packages).every((entry) => Object.keys(entry.optionalDependencies ?? {}).every((name) => names.has(name)))
}

const lockfile = textOf(at('package-lock.json'))
const installStamp = hashOf(lockfile, process.platform, process.arch)
const isInstalled = () => textOf(stamp('.muster-setup')) === installStamp

function install() {
  if (isInstalled()) return
  if (lockfile === '') fail('package-lock.json is missing.', 'git checkout package-lock.json')
  if (!matchesLockfile(lockfile)) {
    say('Installing what Muster needs. This takes about a minute, once.')
    const npm = basename(process.env.npm_execpath ?? '') === 'npm-cli.js' ? [process.execPath, process.env.npm_execpath] : ['npm']
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--include=dev', '--include=optional', '--loglevel=error']
    // `npm ci` refuses a lockfile that leaves out a tool's packages for other platforms, as one does that was made where the
    // registry lacks them. What it does name is installed as it says, integrity included, by either command.
    const command = isComplete(lockfile) ? ['ci'] : ['install', '--no-save']
    must(`npm ${command[0]}`, [...npm, ...command, ...options], INSTALL_MAX_MS, mendForInstall, NO_BROWSERS)
    if (!matchesLockfile(lockfile))
      fail('npm installed other packages than the lockfile names.', 'rm -r node_modules && npm ci --ignore-scripts')
  }
  checkPinnedNode()
  writeFileSync(stamp('.muster-setup'), installStamp)
}

function mendForInstall(output) {
  if (/ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|network/.test(output))
    return 'npm ping    # the package registry must be reachable: npm config get registry'
  if (/ENOSPC/.test(output)) return `df -h ${root}    # free about 1 GB there and start again`
  if (/EACCES|EPERM|EROFS/.test(output))
    return `ls -ld ${root} ${at('node_modules')}    # the user that starts Muster must be able to write there`
  if (/can only install packages when|EUSAGE/.test(output))
    return 'git checkout package.json package-lock.json    # the two files do not fit together'
  return 'npm ci --ignore-scripts    # shows all that npm has to say'
}

/** The Node of the lockfile where there is one for this platform, else the system's when it is new enough. */
function pinnedNode() {
  const pinned = at('node_modules', '.bin', 'node')
  return existsSync(pinned) ? pinned : process.execPath
}

function checkPinnedNode() {
  const pinned = at('node_modules', '.bin', 'node')
  if (existsSync(pinned)) {
    if (spawnSync(pinned, ['--version']).status === 0) return
    // On a system that cannot run it (another C library) the link would only stand in the way of the system's Node.
    rmSync(pinned)
  }
  if (Number(process.versions.node.split('.')[0]) < NODE_PINNED)
    fail(
      `There is no packaged Node ${NODE_PINNED} that runs on this system (${process.platform}-${process.arch}), and the system's own is ${process.versions.node}.`,
      `install Node ${NODE_PINNED} or newer from https://nodejs.org and start again`,
    )
}

/** Runs a step in silence; when it fails, shows what it said and ends. */
function must(name, [program, ...args], timeout, mend, environment = {}) {
  const ran = spawnSync(program, args, {
    cwd: root,
    env: { ...process.env, NO_COLOR: '1', ...environment },
    encoding: 'utf8',
    timeout,
    maxBuffer: 64 * 1024 * 1024,
  })
  if (ran.status === 0) return
  const output = `${ran.stdout ?? ''}${ran.stderr ?? ''}${ran.error?.message ?? ''}`.trimEnd()
  fail(`${name} failed (${ran.error?.code ?? ran.signal ?? `exit ${ran.status}`}).\n${shorten(output)}`, mend(output))
}

/** The beginning and the end of what a program said: npm tells the cause first, a compiler last. Lines of a stack tell nobody anything. */
function shorten(output) {
  const lines = output.split('\n').filter((line) => !/^(npm error)?\s+at /.test(line))
  return lines.length <= 2 * LINES_SHOWN ? lines.join('\n') : [...lines.slice(0, LINES_SHOWN), '…', ...lines.slice(-LINES_SHOWN)].join('\n')
}

const basemapStamp = () =>
  hashOfFiles([...filesIn(at('scripts')).filter((path) => relative(at('scripts'), path).startsWith('basemap')), at('package-lock.json')])
const isBasemapMade = () =>
  !existsSync(at('scripts', 'basemap.ts')) ||
  (existsSync(at('web', 'public', 'basemap')) && textOf(stamp('.muster-basemap')) === basemapStamp())

function makeBasemap() {
  if (isBasemapMade()) return
  say('Making the base map.')
  must('Making the base map', [pinnedNode(), 'scripts/basemap.ts'], BUILD_MAX_MS, () => 'node_modules/.bin/node scripts/basemap.ts')
  writeFileSync(stamp('.muster-basemap'), basemapStamp())
}

const hasPages = () => ['vite.config.ts', 'index.html', 'main.tsx'].every((name) => existsSync(at('web', name)))
const webStamp = () =>
  hashOfFiles([...filesIn(at('web')), ...filesIn(at('core')), at('package-lock.json'), ...[stamp('.muster-basemap')].filter(existsSync)])
const arePagesBuilt = () => !hasPages() || (existsSync(at('web', 'dist', 'index.html')) && textOf(stamp('.muster-web')) === webStamp())

function buildPages() {
  if (arePagesBuilt()) return
  say('Building the pages.')
  const before = webStamp()
  must(
    'Building the pages',
    [pinnedNode(), 'node_modules/vite/bin/vite.js', 'build', '--config', 'web/vite.config.ts', '--logLevel', 'warn'],
    BUILD_MAX_MS,
    () => 'node_modules/.bin/node node_modules/vite/bin/vite.js build --config web/vite.config.ts',
  )
  writeFileSync(stamp('.muster-web'), before)
}

/** Two starts at once on a fresh clone must not install over each other: the second one waits. Returns what gives the lock back. */
function lock() {
  const file = at('var', 'setup.lock')
  mkdirSync(at('var'), { recursive: true })
  for (let waited = 0; waited <= LOCK_WAIT_MAX_MS; waited += LOCK_POLL_MS) {
    try {
      const opened = openSync(file, 'wx')
      writeSync(opened, String(process.pid))
      closeSync(opened)
      process.once('exit', () => rmSync(file, { force: true }))
      return
    } catch (error) {
      if (error.code !== 'EEXIST')
        fail(
          `Cannot write ${file} (${error.code}).`,
          `ls -ld ${root} ${at('var')}    # the user that starts Muster must be able to write there`,
        )
    }
    if (waited === 0) say('Another start is setting Muster up; waiting for it.')
    if (isAbandoned(file)) rmSync(file, { force: true })
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOCK_POLL_MS)
  }
  fail('Another start has been setting Muster up for too long.', `rm ${file}`)
}

function isAbandoned(file) {
  try {
    const pid = Number(readFileSync(file, 'utf8'))
    // Between making and writing the file it is empty for a moment.
    if (pid === 0) return Date.now() - statSync(file).mtimeMs > 10_000
    process.kill(pid, 0)
    // After a crash the number may belong to any other process.
    const words = `/proc/${pid}/cmdline`
    return pid === process.pid || (existsSync(words) && !readFileSync(words, 'utf8').includes('setup.js'))
  } catch (error) {
    return error.code === 'ESRCH' || error.code === 'ENOENT'
  }
}

const installOnly = process.argv.includes('--install-only')
checkNode()
if (!isInstalled() || (!installOnly && !(isBasemapMade() && arePagesBuilt()))) {
  lock()
  install()
  if (!installOnly) {
    makeBasemap()
    buildPages()
  }
}
