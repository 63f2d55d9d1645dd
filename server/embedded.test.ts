import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { StartupProblem } from './config.ts'
import { startEmbedded, type Connection, type EmbeddedOptions } from './embedded.ts'
import { getBinaries } from './embedded/binaries.ts'
import { findPidFile, findProcesses } from './embedded/postmaster.ts'
import { asProblem, problemFromOutput } from './embedded/problem.ts'

const WAIT_MAX_MS = 20_000
const isRoot = process.getuid?.() === 0

const root = await mkdtemp(join(tmpdir(), 'muster-embedded-'))
// As root the server runs as another user, who must be able to pass through.
await chmod(root, 0o755)
const systemDir = join(root, 'system')
const children: ChildProcess[] = []

after(async () => {
  for (const child of children) child.kill('SIGKILL')
  await rm(root, { recursive: true, force: true })
})

let made = 0
const newVar = (): string => join(root, `var-${made++}`)
const start = (varDir: string, more: Partial<EmbeddedOptions> = {}) => startEmbedded({ varDir, say: () => undefined, systemDir, ...more })

async function withSql<T>(connection: Connection, work: (sql: ReturnType<typeof postgres>) => Promise<T>): Promise<T> {
  const sql = postgres({ ...connection, max: 4, onnotice: () => undefined })
  try {
    return await work(sql)
  } finally {
    await sql.end({ timeout: 1 })
  }
}

const keep = (connection: Connection, word: string) =>
  withSql(connection, (sql) => sql`create table if not exists kept (word text)`.then(() => sql`insert into kept values (${word})`))
const kept = (connection: Connection) => withSql(connection, async (sql) => (await sql`select word from kept`).map((row) => row['word']))

/** Another Node process that starts the server on this folder and then goes on with `script`, where `embedded` and `postgres` are known. */
function another(varDir: string, script = ''): { readonly child: ChildProcess; readonly lines: AsyncIterator<string> } {
  const module = new URL('./embedded.ts', import.meta.url).href
  const code = `import { startEmbedded } from ${JSON.stringify(module)}; import postgres from 'postgres'
    const embedded = await startEmbedded({ varDir: ${JSON.stringify(varDir)}, systemDir: ${JSON.stringify(systemDir)}, say: () => {} })
    console.log('up', embedded.adopted); setInterval(() => {}, 1000); ${script}`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    cwd: new URL('..', import.meta.url),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() }
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

const getPid = async (varDir: string): Promise<number> =>
  (await findPidFile(join(varDir, 'postgres')))?.pid ?? assert.fail('no server runs')

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (const began = performance.now(); performance.now() - began < WAIT_MAX_MS; await sleep(20)) if (await isSo()) return
  assert.fail(`waited in vain until ${what}`)
}

const refusalOf = (work: Promise<unknown>): Promise<StartupProblem> =>
  work.then(
    () => assert.fail('it started'),
    (error) => (error instanceof StartupProblem ? error : Promise.reject(error)),
  )

/** A backend may end by itself between being listed and being killed. */
function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as { code?: string }).code !== 'ESRCH') throw error
  }
}

describe('the embedded PostgreSQL', { concurrency: 2 }, () => {
  test('starts on an empty folder, durable, in UTF-8, without a network port', async () => {
    const embedded = await start(newVar())
    assert.equal(embedded.adopted, false)
    assert.equal(embedded.connection.database, 'muster')
    const [row] = await withSql(
      embedded.connection,
      (sql) => sql`select current_user as who, current_setting('fsync') as fsync, current_setting('synchronous_commit') as sync,
        current_setting('full_page_writes') as pages, current_setting('listen_addresses') as listens, current_setting('server_encoding') as encoding,
        (select datlocprovider::text || ' ' || datlocale from pg_database where datname = 'muster') as locale, (select rolpassword from pg_authid where rolname = 'muster') as secret`,
    )
    assert.deepEqual(
      { ...row, secret: String(row?.['secret']).split('$')[0] },
      { who: 'muster', fsync: 'on', sync: 'on', pages: 'on', listens: '', encoding: 'UTF8', locale: 'b C.UTF-8', secret: 'SCRAM-SHA-256' },
    )
    await embedded.stop()
  })

  test('keeps its rows over a restart, and stopping twice is stopping once', async () => {
    const varDir = newVar()
    const first = await start(varDir)
    await keep(first.connection, '联动')
    await Promise.all([first.stop(), first.stop()])
    assert.deepEqual(await findProcesses(join(varDir, 'postgres')), [])
    const second = await start(varDir)
    assert.equal(second.adopted, false)
    assert.deepEqual(await kept(second.connection), ['联动'])
    await second.stop()
  })

  test('lets nobody else read the password, the data or the socket', async () => {
    const varDir = newVar()
    const embedded = await start(varDir)
    for (const name of ['postgres-password', 'postgres', 'postgres-run', 'postgres.log'])
      assert.equal((await stat(join(varDir, name))).mode & 0o077, 0, name)
    await assert.rejects(
      withSql({ ...embedded.connection, password: 'wrong' }, (sql) => sql`select 1`),
      { code: '28P01' },
    )
    await embedded.stop()
  })

  test('is adopted when the Node that started it was killed', async () => {
    const varDir = newVar()
    const { child, lines } = another(varDir)
    assert.equal((await lines.next()).value, 'up false')
    const pid = await getPid(varDir)
    await kill(child)
    const embedded = await start(varDir)
    assert.equal(embedded.adopted, true)
    assert.equal(await getPid(varDir), pid)
    await embedded.stop()
    assert.deepEqual(await findProcesses(join(varDir, 'postgres')), [])
  })

  test('is shared by two processes, and the last one stops it', async () => {
    const varDir = newVar()
    const first = await start(varDir)
    const second = await start(varDir)
    assert.equal(second.adopted, true)
    await first.stop()
    await keep(second.connection, 'still there')
    await second.stop()
    assert.deepEqual(await findProcesses(join(varDir, 'postgres')), [])
  })

  test('is one server when two processes make it at the same moment', async () => {
    const varDir = newVar()
    const both = [another(varDir), another(varDir)]
    const answers = await Promise.all(both.map(async ({ lines }) => (await lines.next()).value))
    assert.deepEqual(answers.toSorted(), ['up false', 'up true'])
    await Promise.all(both.map(({ child }) => kill(child)))
    const embedded = await start(varDir)
    await embedded.stop()
  })

  test('has every acknowledged row after it and its Node were killed amid writing', async () => {
    const varDir = newVar()
    const writing = `const sql = postgres({ ...embedded.connection, max: 8, onnotice() {} }); await sql\`create table written (n int)\`
      let n = 0; const write = async () => { for (;;) { const mine = n++; await sql\`insert into written values (\${mine})\`; console.log(mine) } }
      for (let i = 0; i < 8; i++) write().catch(() => {})`
    const { child, lines } = another(varDir, writing)
    await lines.next()
    const acknowledged = [Number((await lines.next()).value)]
    const reading = (async () => {
      for (let line = await lines.next(); line.done !== true; line = await lines.next()) acknowledged.push(Number(line.value))
    })()
    await until('500 rows are written', async () => acknowledged.length >= 500)
    child.kill('SIGSTOP')
    for (const pid of await findProcesses(join(varDir, 'postgres'))) killIfThere(pid)
    await kill(child)
    await reading
    const embedded = await start(varDir)
    assert.equal(embedded.adopted, false)
    const rows = new Set(await withSql(embedded.connection, async (sql) => (await sql`select n from written`).map((row) => row['n'])))
    assert.deepEqual(
      acknowledged.filter((n) => !rows.has(n)),
      [],
    )
    await embedded.stop()
  })

  test('is started again when it is killed under a living Node', async () => {
    const varDir = newVar()
    const embedded = await start(varDir)
    await keep(embedded.connection, 'before')
    const pid = await getPid(varDir)
    process.kill(pid, 'SIGKILL')
    await until('a new server is ready', async () => {
      const found = await findPidFile(join(varDir, 'postgres'))
      return found !== undefined && found.pid !== pid && found.status === 'ready'
    })
    assert.deepEqual(await kept(embedded.connection), ['before'])
    await embedded.stop()
    assert.deepEqual(await findProcesses(join(varDir, 'postgres')), [])
  })

  test('is stopped and started anew when it runs but does not answer', async () => {
    const varDir = newVar()
    const { child, lines } = another(varDir)
    await lines.next()
    const pid = await getPid(varDir)
    await kill(child)
    process.kill(pid, 'SIGSTOP')
    const embedded = await start(varDir)
    assert.equal(embedded.adopted, false)
    assert.notEqual(await getPid(varDir), pid)
    await embedded.stop()
  })

  test('is made anew when making it was interrupted, and the remains are cleared away', async () => {
    const varDir = newVar()
    const { child } = another(varDir)
    const remains = async () => (existsSync(varDir) ? (await readdir(varDir)).filter((name) => name.startsWith('postgres.making-')) : [])
    await until('making has begun', async () => (await remains()).length > 0)
    await kill(child)
    assert.equal(existsSync(join(varDir, 'postgres')), false)
    const embedded = await start(varDir)
    await keep(embedded.connection, 'made')
    assert.deepEqual(await remains(), [])
    await embedded.stop()
  })

  test('starts although the number in a stale pid file now belongs to another process', async () => {
    const varDir = newVar()
    await (await start(varDir)).stop()
    const data = join(varDir, 'postgres')
    await writeFile(join(data, 'postmaster.pid'), `${process.pid}\n${data}\n1\n5432\n${varDir}/postgres-run\n\n\nready\n`)
    const embedded = await start(varDir)
    assert.equal(embedded.adopted, false)
    await embedded.stop()
  })

  test('opens again with a new password when the file of the old one was lost', async () => {
    const varDir = newVar()
    const first = await start(varDir)
    await keep(first.connection, 'kept')
    await first.stop()
    await rm(join(varDir, 'postgres-password'))
    const second = await start(varDir)
    assert.notEqual(second.connection.password, first.connection.password)
    assert.deepEqual(await kept(second.connection), ['kept'])
    await second.stop()
  })

  test('works below a path too long for a socket, with spaces and Chinese in it', async () => {
    const varDir = join(root, '应急 联动 '.repeat(8).trim(), 'var')
    const embedded = await start(varDir)
    assert.ok(Buffer.byteLength(embedded.connection.host) < 90)
    await keep(embedded.connection, 'reached')
    await embedded.stop()
    await rm(embedded.connection.host, { recursive: true })
  })

  test(
    'as root below a closed folder keeps its data where the server can reach them, and says where',
    { skip: isRoot ? false : 'needs root' },
    async () => {
      const closed = join(root, 'closed')
      await mkdir(closed, { mode: 0o700 })
      const said: string[] = []
      const varDir = join(closed, 'var')
      const first = await start(varDir, { say: (line) => void said.push(line) })
      await keep(first.connection, 'kept')
      await first.stop()
      assert.ok(said.some((line) => line.includes(`the data are kept in ${systemDir}`)))
      assert.match(await readFile(join(varDir, 'postgres-is-elsewhere.txt'), 'utf8'), new RegExp(systemDir))
      assert.equal((await readFile(join(varDir, 'postgres', 'PG_VERSION'), 'utf8')).trim(), (await getBinaries()).major)
      assert.notEqual((await stat(join(varDir, 'postgres') + '/')).uid, 0)
      const second = await start(varDir)
      assert.deepEqual(await kept(second.connection), ['kept'])
      await second.stop()
    },
  )
})

describe('a start is refused, with the way to mend it', () => {
  test('on data of another major version, which stay untouched', async () => {
    const varDir = newVar()
    const data = join(varDir, 'postgres')
    await mkdir(data, { recursive: true })
    await writeFile(join(data, 'PG_VERSION'), '16\n')
    const problem = await refusalOf(start(varDir))
    assert.equal(problem.code, 'embedded.foreign-version')
    assert.match(problem.message, /made by PostgreSQL 16; this Muster brings PostgreSQL 18/)
    assert.match(problem.mend, /^mv /)
    assert.deepEqual(await readdir(data), ['PG_VERSION'])
  })

  test('when less than 200 MiB are free, before anything is made', async () => {
    const varDir = newVar()
    const problem = await refusalOf(start(varDir, { freeBytes: async () => 199 * 1024 * 1024 }))
    assert.equal(problem.code, 'embedded.disk-full')
    assert.match(problem.message, /199 MiB are free, 200 are needed/)
    assert.equal(existsSync(join(varDir, 'postgres')), false)
  })

  test('when the folder of the data holds something else', async () => {
    const varDir = newVar()
    await mkdir(join(varDir, 'postgres'), { recursive: true })
    await writeFile(join(varDir, 'postgres', 'notes.txt'), 'mine')
    assert.equal((await refusalOf(start(varDir))).code, 'embedded.not-a-cluster')
    assert.deepEqual(await readdir(join(varDir, 'postgres')), ['notes.txt'])
  })

  test('when the place of the data is a file', async () => {
    const file = newVar()
    await writeFile(file, '')
    assert.equal((await refusalOf(start(file))).code, 'embedded.not-a-folder')
  })

  test('on a platform without binaries', async () => {
    const problem = await refusalOf(getBinaries('sunos-x64'))
    assert.equal(problem.code, 'embedded.no-binaries')
    assert.match(problem.mend, /DATABASE_URL=/)
  })

  test('by the words of the server and of the system', () => {
    const words = {
      'embedded.library-missing':
        'postgres: error while loading shared libraries: libssl.so.1.1: cannot open shared object file: No such file or directory',
      'embedded.disk-full': 'FATAL:  could not write to file "pg_wal/xlogtemp.26": No space left on device',
      'embedded.shared-memory': 'FATAL:  could not resize shared memory segment "/PostgreSQL.1" to 1048576 bytes: No space left on device',
      'embedded.permission': 'FATAL:  data directory "/srv/postgres" has wrong ownership',
      'embedded.nameless-user': 'initdb: error: could not look up effective user ID 1234: user does not exist',
      'embedded.start-failed': 'PANIC:  could not locate a valid checkpoint record at 0/1',
    }
    for (const [code, line] of Object.entries(words))
      assert.equal(problemFromOutput(`2026 UTC [1] LOG: starting\n${line}\n`, '/srv').code, code)
    const codeOf = (code: string) => (asProblem(Object.assign(new Error(code), { code }), '/srv') as StartupProblem).code
    assert.deepEqual(['ENOSPC', 'EACCES', 'EROFS'].map(codeOf), ['embedded.disk-full', 'embedded.permission', 'embedded.read-only'])
  })
})
