/**
 * `npm test`: the checks that read the code (types, lint, format), the tests beside the code, and the journeys in a
 * browser. Each check counts as one test. The last line says how many passed and failed; the exit code is 0 only when
 * every stage ran and nothing failed. `npm test -- core server/follow` runs only the test files whose path begins so.
 */
import { spawn } from 'node:child_process'
import { existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { cpus } from 'node:os'
import { delimiter, join, relative } from 'node:path'
import { run } from 'node:test'
import { inspect } from 'node:util'

type Count = { readonly passed: number; readonly failed: number; readonly skipped: number }
type Ran = { readonly code: number | null; readonly output: string }

const root = join(import.meta.dirname, '..')
const at = (...names: readonly string[]): string => join(root, ...names)
const NONE: Count = { passed: 0, failed: 0, skipped: 0 }
const PASSED: Count = { passed: 1, failed: 0, skipped: 0 }
const FAILED: Count = { passed: 0, failed: 1, skipped: 0 }
const CONCURRENT_MAX = 2
const CHECK_MAX_MS = 240_000
const TEST_MAX_MS = 240_000
const FILE_MAX_MS = 300_000
/** All test files together; whatever runs longer is ended and fails. */
const TESTS_MAX_MS = 660_000
const JOURNEYS_MAX_MS = 720_000
const OUTPUT_MAX = 200_000
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const TESTS = ['{core,packs,scripts,server,web,bench}/**/*.test.ts', 'tidy.test.ts']

const add = (a: Count, b: Count): Count => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped })
const say = (line: string): void => void process.stdout.write(`${line}\n`)
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

/** Runs a script of a package with this same Node. What it says is passed on when `shown`, and kept up to 200,000 characters. */
function node(
  script: string,
  args: readonly string[],
  { maxMs, shown, env = {} }: { maxMs: number; shown: boolean; env?: NodeJS.ProcessEnv },
): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...args], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: maxMs,
      killSignal: 'SIGTERM',
    })
    let output = ''
    const take = (chunk: Buffer): void => {
      if (shown) process.stdout.write(chunk)
      if (output.length < OUTPUT_MAX) output += chunk.toString()
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.on('error', (error) => resolve({ code: null, output: `${output}${error.message}\n` }))
    child.on('close', (code, signal) => resolve({ code, output: signal === null ? output : `${output}ended by ${signal}\n` }))
  })
}

const CHECKS: readonly (readonly [name: string, script: string, ...args: string[]])[] = [
  ['types of core', 'node_modules/typescript/bin/tsc', '-p', 'core'],
  ['types of server', 'node_modules/typescript/bin/tsc', '-p', 'server'],
  ['types of web', 'node_modules/typescript/bin/tsc', '-p', 'web'],
  ['lint', 'node_modules/oxlint/bin/oxlint', '--type-aware'],
  ['format', 'node_modules/oxfmt/bin/oxfmt', '--check'],
]

async function check(): Promise<Count> {
  let count = NONE
  for (const [name, script, ...args] of CHECKS) {
    const started = performance.now()
    const { code, output } = await node(at(script), args, { maxMs: CHECK_MAX_MS, shown: false })
    say(`${code === 0 ? '✔' : '✖'} ${name} (${seconds(performance.now() - started)})`)
    if (code !== 0) say(output.trimEnd())
    count = add(count, code === 0 ? PASSED : FAILED)
  }
  return count
}

/** The tests beside the code, each file in a process of its own. A file that crashes before or between its tests is one failure. */
async function test(wanted: readonly string[]): Promise<Count> {
  const files = globSync([...TESTS], { cwd: root, exclude: ['**/node_modules/**', '**/dist/**'] })
    .filter((path) => wanted.length === 0 || wanted.some((begin) => path.startsWith(begin)))
    .toSorted()
  if (files.length === 0) {
    say(`✖ no test file begins with ${wanted.join(' or ')}`)
    return FAILED
  }
  const failures: string[] = []
  const stopAt = AbortSignal.timeout(TESTS_MAX_MS)
  const waiting = files.values()
  const work = async (): Promise<Count> => {
    let count = NONE
    for (const file of waiting) count = add(count, await testFile(file, stopAt, failures))
    return count
  }
  const workers = Array.from({ length: Math.min(CONCURRENT_MAX, Math.max(cpus().length, 1)) }, work)
  const total = (await Promise.all(workers)).reduce(add)
  if (failures.length > 1) say(`\n${failures.join('\n')}`)
  return total
}

/** One file, ended with its process at the limit: a test that hangs, or leaves something open, is a failure. */
async function testFile(path: string, stopAt: AbortSignal, failures: string[]): Promise<Count> {
  const signal = AbortSignal.any([stopAt, AbortSignal.timeout(FILE_MAX_MS)])
  const stream = run({ files: [at(path)], cwd: root, concurrency: 1, timeout: TEST_MAX_MS, signal, isolation: 'process' })
  let found: Count | undefined
  stream.on('test:fail', (event) => {
    // What stands above a failed test fails with it; the test itself says why.
    if (Reflect.get(event.details.error, 'failureType') === 'subtestsFailed') return
    const failure = `✖ ${place(event.file, event.line)} ${event.file === event.name ? 'the file did not end by itself' : event.name}`
    failures.push(failure)
    say(`${failure}\n${indent(reason(event.details.error))}`)
  })
  stream.on('test:stdout', ({ message }) => process.stdout.write(message))
  stream.on('test:stderr', ({ message }) => process.stderr.write(message))
  stream.on('test:summary', ({ file, counts, duration_ms: ms }) => {
    if (file !== undefined) return
    const failed = counts.tests - counts.passed - counts.skipped - counts.todo
    found = { passed: counts.passed, failed, skipped: counts.skipped + counts.todo }
    say(`${failed === 0 ? '✔' : '✖'} ${path} ${words(found)} (${seconds(ms)})`)
  })
  for await (const _ of stream) void _
  if (found === undefined || (found.failed === 0 && signal.aborted)) {
    say(`✖ ${path} did not end within its time`)
    return add(found ?? NONE, FAILED)
  }
  return found
}

const place = (file: string | undefined, line: number | undefined): string =>
  file === undefined ? '' : `${relative(root, file)}:${line ?? 0}`
const reason = (error: Error): string =>
  error.cause instanceof Error ? inspect(error.cause) : `${typeof error.cause === 'string' ? error.cause : inspect(error)}${ending(error)}`
const ending = (error: Error): string =>
  ['exitCode', 'signal']
    .flatMap((name) => (name in error && Reflect.get(error, name) !== null ? [`, ${name} ${String(Reflect.get(error, name))}`] : []))
    .join('')
const indent = (text: string): string => text.replaceAll(/^/gm, '    ')
const words = ({ passed, failed, skipped }: Count): string =>
  `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`

function findBrowser(): string | undefined {
  const named = process.env['MUSTER_CHROMIUM']
  if (named !== undefined && named !== '') return existsSync(named) ? named : undefined
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/local/bin']
  return BROWSERS.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path))
}

/** Playwright's own count in its JSON report. */
type Report = {
  readonly stats?: { readonly expected: number; readonly unexpected: number; readonly flaky: number; readonly skipped: number }
  readonly errors?: readonly unknown[]
}

async function travel(): Promise<Count> {
  const config = 'journeys/playwright.config.ts'
  if (!existsSync(at(config))) {
    say(`✖ journeys: ${config} is missing`)
    return FAILED
  }
  const browser = findBrowser()
  if (browser === undefined) {
    const journeys = globSync('journeys/*.journey.ts', { cwd: root }).length
    say(
      '⚠ The journeys in the browser were SKIPPED: no Chromium was found. Install one (Debian: apt-get install chromium fonts-noto-cjk), or set MUSTER_CHROMIUM to its path.',
    )
    return { ...NONE, skipped: Math.max(journeys, 1) }
  }
  const file = at('var', 'test', 'journeys.json')
  mkdirSync(at('var', 'test'), { recursive: true })
  rmSync(file, { force: true })
  const env = { MUSTER_CHROMIUM: browser, PLAYWRIGHT_JSON_OUTPUT_FILE: file, PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' }
  const { code } = await node(at('node_modules/@playwright/test/cli.js'), ['test', '-c', config, '--reporter=list,json'], {
    maxMs: JOURNEYS_MAX_MS,
    shown: true,
    env,
  })
  if (!existsSync(file)) {
    say(`✖ the journeys could not run (exit ${code ?? 'by signal'})`)
    return FAILED
  }
  const { stats, errors = [] } = JSON.parse(readFileSync(file, 'utf8')) as Report
  if (stats === undefined) return FAILED
  if (stats.flaky > 0) say(`⚠ ${stats.flaky} journeys passed only when tried again`)
  const failed = stats.unexpected + errors.length
  return { passed: stats.expected + stats.flaky, failed: failed === 0 && code !== 0 ? 1 : failed, skipped: stats.skipped }
}

/** A stage that breaks is a failure of its own, and the others still run. */
async function stage(name: string, work: () => Promise<Count>): Promise<Count> {
  say(`\n── ${name}`)
  const started = performance.now()
  const count = await work().catch((error: unknown) => {
    say(`✖ ${name} could not run\n${indent(inspect(error))}`)
    return FAILED
  })
  say(`── ${name}: ${words(count)} in ${seconds(performance.now() - started)}`)
  return count
}

const wanted = process.argv.slice(2)
let total = NONE
if (wanted.length === 0) total = add(total, await stage('checks', check))
total = add(total, await stage('tests', () => test(wanted)))
if (wanted.length === 0) total = add(total, await stage('journeys', travel))
say(`\nTests: ${words(total)}`)
process.exitCode = total.failed === 0 ? 0 : 1
