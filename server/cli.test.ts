import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { plan, until } from '../fixtures/server/scene.ts'
import { findProcesses } from './embedded/postmaster.ts'
import { HELP } from './help.ts'

const CLI = fileURLToPath(new URL('cli.ts', import.meta.url))
const STOP_MAX_MS = 10_000

const root = await mkdtemp(join(tmpdir(), 'muster-cli-'))
await chmod(root, 0o755)
const running = new Set<Run>()
after(async () => {
  for (const run of running) run.kill('SIGKILL')
  await rm(root, { recursive: true, force: true })
})

type Ended = { readonly code: number | null; readonly out: string; readonly err: string }
type Run = {
  readonly out: () => string
  readonly err: () => string
  readonly kill: (signal: NodeJS.Signals) => void
  readonly ended: Promise<Ended>
}

function muster(args: readonly string[], env: Readonly<Record<string, string>> = {}): Run {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: root,
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: join(root, 'compiled'), MUSTER_LOG: 'silent', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  const run: Run = {
    out: () => out,
    err: () => err,
    kill: (signal) => child.kill(signal),
    ended: once(child, 'close').then(([code]) => {
      running.delete(run)
      return { code: code as number | null, out, err }
    }),
  }
  running.add(run)
  return run
}
const ran = (args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended> => muster(args, env).ended

describe('wrong use', () => {
  test('exits 2 with what was wrong and where help is', async () => {
    for (const args of [
      ['dance'],
      ['verify', 'a', 'b'],
      ['replay', 'x.json', '--speed', '0'],
      ['lint', 'x', '--loud'],
      ['export', '--world', 'x'],
      ['alert', 'receive', 'x.xml'],
      ['alert', 'send', 'x.xml', '--source', 'x'],
    ]) {
      const { code, out, err } = await ran(args)
      assert.deepEqual([code, out], [2, ''], args.join(' '))
      assert.match(err, /^muster: .+\n.*--help/s)
    }
  })

  test('of a variable exits 3 with the mend', async () => {
    const { code, err } = await ran(['start'], { PORT: 'x' })
    assert.equal(code, 3)
    assert.match(err, /PORT.*\n\s+To mend it: export PORT=/s)
  })

  test('is avoided by --help, of the whole and of each command', async () => {
    for (const name of ['start', 'replay', 'lint', 'export', 'verify', 'rebuild', 'bench', 'alert', 'account'])
      assert.match(HELP[name] ?? '', new RegExp(`bin/muster ${name}`))
    const [whole, one] = await Promise.all([ran([]), ran(['lint', '--help'])])
    assert.deepEqual([whole.code, whole.out, one.code, one.out], [0, `${HELP.muster}\n`, 0, `${HELP.lint}\n`])
  })
})

describe('lint', () => {
  const write = async (name: string, content: unknown): Promise<string> => {
    const file = join(root, name)
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content, null, 2))
    return file
  }

  /** The plan of the other tests, kept as a plan should be. */
  const kept = (): object => ({
    ...plan(),
    keeper: plan().issuer,
    reviewOn: '2100-01-01',
    approvals: [{ by: plan().issuer, on: '2010-01-01' }],
  })

  test('of a sound instrument finds nothing and exits 0', async () => {
    const { code, out } = await ran(['lint', await write('good.json', kept()), '--json', '--on', '2026-11-22'])
    assert.deepEqual(
      [code, JSON.parse(out)],
      [0, { schema: 'muster/lint/1', ok: true, on: '2026-11-22', instruments: 1, problems: [], findings: [], accepted: [] }],
    )
  })

  test('of one that can never work names the place and exits 1', async () => {
    const [duty, supervision] = plan().clauses
    const bad = { ...kept(), inForceUntil: '2014-01-01', clauses: [{ ...duty, to: 'unit-involved' }, supervision] }
    const { code, out } = await ran(['lint', await write('bad.json', bad), '--json'])
    const report = JSON.parse(out) as {
      ok: boolean
      findings: { code: string; instrument: string; clause: string | null; path: string; file: string }[]
    }
    assert.deepEqual([code, report.ok], [1, false])
    assert.deepEqual(
      report.findings.map((one) => [one.code, one.instrument, one.clause, one.path, one.file]),
      [
        ['lint.never-in-force', 'test-plan', null, 'inForceUntil', 'bad.json'],
        ['lint.owed-to-oneself', 'test-plan', 'list', 'clauses[0].to', 'bad.json'],
      ],
    )
  })

  test('of a malformed one names line, column and path, in words and in JSON', async () => {
    const file = await write('malformed.yaml', `schema: muster/instrument/1\nid: x\nkind: poem\n`)
    const { code, out } = await ran(['lint', file, '--json'])
    const report = JSON.parse(out) as { ok: boolean; problems: { line: number; column: number; path: string }[] }
    assert.deepEqual([code, report.ok], [1, false])
    assert.ok(
      report.problems.some((one) => one.path === 'kind' && one.line === 3 && one.column === 7),
      out,
    )
    const inWords = await ran(['lint', file])
    assert.deepEqual([inWords.code, /malformed\.yaml:3:7 error malformed kind: /.test(inWords.out)], [1, true])
    assert.equal((await ran(['lint', join(root, 'absent.yaml'), await write('broken.yaml', 'a: [')])).code, 1)
  })

  test('of a folder tells malformed files and findings in one run, one line each where editors ask for it', async () => {
    const folder = join(root, 'pack', 'below')
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'bad.json'), JSON.stringify({ ...kept(), inForceUntil: '2014-01-01' }, null, 2))
    await writeFile(join(root, 'pack', 'broken.yaml'), 'a: 1\n b: 2\n')
    const { code, out } = await ran(['lint', 'pack', '--format', 'unix'])
    const [first = '', second = '', ...more] = out.trimEnd().split('\n')
    assert.deepEqual([code, more], [1, []], out)
    assert.match(first, /^pack\/broken\.yaml:2:\d+ error malformed /)
    assert.match(second, /^pack\/below\/bad\.json:\d+:\d+: error: lint\.never-in-force: it ends .+; let inForceUntil be after/)
    const words = await ran(['lint', 'pack'])
    assert.match(words.out, /从未生效。改法：.+\n.+To mend: /)
  })

  test('asks about a day: what has ended by then, and what a wrong day is', async () => {
    const file = await write('ends.json', { ...kept(), inForceUntil: '2027-01-01' })
    assert.deepEqual((await ran(['lint', file, '--on', '2026-12-31'])).code, 0)
    const { code, out } = await ran(['lint', file, '--on', '2027-01-01', '--format', 'unix'])
    assert.deepEqual([code, /lint\.ended/.test(out)], [1, true])
    assert.equal((await ran(['lint', file, '--on', '2026-02-30'])).code, 2)
    assert.equal((await ran(['lint', file, '--format', 'poem'])).code, 2)
  })
})

describe('start', () => {
  const varDir = join(root, 'var')
  const port = 20_000 + (process.pid % 20_000)
  const env = { MUSTER_VAR: varDir, PORT: String(port) }
  const data = join(varDir, 'postgres')
  let server: Run
  before(async () => {
    server = muster(['start'], env)
    await until('it says where it is', () => server.out().includes('http'), 60_000)
  })

  test('prints the address and how to sign in, and answers there', async () => {
    assert.equal(server.out(), `Muster 联动  http://127.0.0.1:${port}\n`)
    assert.match(server.err(), /choose a post.*选择岗位/s)
    assert.match(server.err(), /Ctrl-C/)
    const session = (await (await fetch(`http://127.0.0.1:${port}/api/session`)).json()) as { mode: string; post: unknown }
    assert.deepEqual([session.mode, session.post], ['demonstration', null])
  })

  test('a second time says that the port is taken and how to go on, and leaves the first alone', async () => {
    const { code, out, err } = await ran(['start'], env)
    assert.deepEqual([code, out], [3, ''])
    assert.match(err, new RegExp(`port ${port}.*taken.*already runs`))
    assert.match(err, new RegExp(`To mend it: PORT=${port + 1} npm start`))
    assert.equal((await fetch(`http://127.0.0.1:${port}/api/health`)).status, 200)
  })

  test('beside it, an export is written that verifies, and one that was altered does not', async () => {
    const [file, bad] = [join(root, 'log.jsonl'), join(root, 'altered.jsonl')]
    const exported = await ran(['export', '-o', file], env)
    assert.equal(exported.code, 0, exported.err)
    const checkpoint = JSON.parse((await readFile(file, 'utf8')).split('\n')[0] ?? '') as { vkey: string }
    const verified = await ran(['verify', file, '--json', '--key', checkpoint.vkey])
    const result = JSON.parse(verified.out) as { schema: string; ok: boolean; pinned: boolean; events: number; findings: object[] }
    assert.deepEqual([verified.code, result.schema, result.ok, result.pinned, result.findings], [0, 'muster/verify/1', true, true, []])
    assert.ok(result.events > 100)
    assert.match(exported.err, new RegExp(`${result.events} events exported`))
    const text = await readFile(file, 'utf8')
    await writeFile(bad, text.replace('群众反映一处沿街商铺二层冒黑烟', '群众反映一处沿街商铺二层冒白烟'))
    const altered = await ran(['verify', bad, '--json'])
    assert.deepEqual(
      [altered.code, (JSON.parse(altered.out) as { findings: { code: string }[] }).findings.map((one) => one.code)],
      [1, ['verify.altered']],
    )
    assert.match((await ran(['verify', bad])).out, /NOT verified 核验不通过/)
  })

  test('beside it, one incident is exported with its proofs', async () => {
    const whole = (await readFile(join(root, 'log.jsonl'), 'utf8')).split('\n')
    const { incidentId } = JSON.parse(whole.find((line) => line.includes('"type":"incident.reported"')) ?? '{}') as { incidentId: string }
    const file = join(root, 'incident.jsonl')
    const exported = await ran(['export', '--incident', incidentId], env) // to standard output
    assert.equal(exported.code, 0, exported.err)
    await writeFile(file, exported.out)
    const verified = await ran(['verify', file, '--json'])
    assert.deepEqual([verified.code, (JSON.parse(verified.out) as { kind: string }).kind], [0, 'incident'])
  })

  test('beside it, a rebuild says how much it read, in words and in JSON', async () => {
    const { code, out } = await ran(['rebuild', '--json'], env)
    const done = JSON.parse(out) as { schema: string; events: number; streams: number; seconds: number }
    assert.deepEqual([code, done.schema], [0, 'muster/rebuild/1'])
    assert.ok(done.events >= done.streams && done.streams > 100 && done.seconds > 0)
    assert.match((await ran(['rebuild'], env)).out, /^\d+ events of \d+ streams folded in \d+\.\d\d s\n$/)
  })

  test('a world that nobody made is not made by asking for it', async () => {
    const id = randomUUID()
    const { code, out } = await ran(['export', '--world', id], env)
    assert.notEqual(code, 0)
    assert.equal(out, '')
  })

  test('Ctrl-C stops it within ten seconds, and its database with it', async () => {
    const asked = performance.now()
    server.kill('SIGINT')
    const { code, err } = await server.ended
    assert.equal(code, 0)
    assert.ok(performance.now() - asked < STOP_MAX_MS)
    assert.match(err, /stopped/)
    assert.deepEqual(await findProcesses(data), [])
  })

  test('again finds everything as it was, and Ctrl-C pressed while it starts leaves no database behind', async () => {
    const again = muster(['start'], env)
    await until('its database runs', async () => (await findProcesses(data)).length > 0)
    again.kill('SIGINT')
    await again.ended
    assert.deepEqual(await findProcesses(data), [])
  })
})
