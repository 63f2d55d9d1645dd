import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { organization, postOf, reported, say, until, words } from '../fixtures/server/scene.ts'
import { readConfig, StartupProblem, type Config } from './config.ts'
import { openDatabase, type Sql } from './database.ts'
import { startNode } from './node.ts'
import { testWorld } from './testing.ts'

const root = await mkdtemp(join(tmpdir(), 'muster-node-'))
await chmod(root, 0o755)
const children: ChildProcess[] = []
after(async () => {
  for (const child of children) child.kill('SIGKILL')
  await rm(root, { recursive: true, force: true })
})
let made = 0
const newVar = (): string => join(root, `var-${made++}`)

/** What the second process said: the commands that it sent, and those of which it heard that they were done. */
type Said = { readonly tried: ReadonlySet<string>; readonly acknowledged: ReadonlySet<string> }

function writer(
  varDir: string,
  world: string,
  organizationId: string,
  incident: string,
): { readonly child: ChildProcess; readonly said: Said; readonly ended: Promise<unknown> } {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('../fixtures/server/writer.ts', import.meta.url)), 'endless', world, organizationId, '0', incident],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, VAR_DIR: varDir },
    },
  )
  children.push(child)
  const [tried, acknowledged] = [new Set<string>(), new Set<string>()]
  const lines = createInterface({ input: child.stdout })
  lines.on('line', (line) => {
    const [word, id = ''] = line.split(' ')
    if (word === 'try') tried.add(id)
    if (word === 'ack') acknowledged.add(id)
  })
  return { child, said: { tried, acknowledged }, ended: Promise.all([once(child, 'exit'), once(lines, 'close')]) }
}

/** Every acknowledged command is in the log, and every other one whole or absent. */
async function check(sql: Sql, { tried, acknowledged }: Said): Promise<void> {
  const rows = await sql<
    { id: string; types: string[] }[]
  >`select command_id as id, array_agg(type order by position) as types from event where command_id = any(${[...tried]}::uuid[]) group by command_id`
  const found = new Map(rows.map((row) => [row.id, row.types]))
  const lost = [...acknowledged].filter((id) => !found.has(id))
  assert.deepEqual(lost, [], `${lost.length} of ${acknowledged.size} acknowledged commands are lost`)
  for (const [id, types] of found) assert.deepEqual(types, ['obligation.lapsed', 'obligation.discharged'], id)
  const [log] = await sql<{ last: string; count: number }[]>`select max(position) as last, count(*)::int as count from event`
  assert.equal(Number(log?.last), log?.count, 'no gap')
  // What is shown is what was recorded: the rows belong to the same transaction.
  const [rowsOf] = await sql<
    { done: number; events: number }[]
  >`select (select count(*)::int from obligation where status = 'discharged') as done, (select count(*)::int from event where type = 'obligation.discharged') as events`
  assert.equal(rowsOf?.done, rowsOf?.events)
}

describe('nothing is acknowledged before it is durable', () => {
  test('a server killed with -9 loses nothing that it had acknowledged, twice over, and neither does a killed database', async () => {
    const varDir = newVar()
    const database = await openDatabase({ databaseUrl: undefined, varDir }, () => {})
    const world = await testWorld(database)
    const debtor = await organization(world, { jurisdiction: '120116' })
    const incident = await reported(world)
    for (const wanted of [200, 300]) {
      const { child, said, ended } = writer(varDir, world.name, debtor, incident)
      await until('it writes', () => said.acknowledged.size >= wanted)
      child.kill('SIGKILL')
      await ended
      await check(world.sql, said)
    }
    const { child, said, ended } = writer(varDir, world.name, debtor, incident)
    await until('it writes', () => said.acknowledged.size >= 300)
    const postmaster = Number((await readFile(join(varDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0])
    process.kill(postmaster, 'SIGKILL')
    await sleep(300)
    child.kill('SIGKILL')
    await ended
    await until('the database is back', () =>
      world.sql`select 1`.then(
        () => true,
        () => false,
      ),
    )
    await check(world.sql, said)
    await say(world, 'incident', incident, { type: 'incident.note', kind: 'arrive', text: '继续' })
    await world.close()
    await database.stop()
  })
})

const configOf = (varDir: string, more: Readonly<Record<string, string>> = {}): Config =>
  readConfig({ MUSTER_VAR: varDir, PORT: '0', MUSTER_LOG: 'silent', ...more })
const quiet = { say: () => {} }

describe('a node', () => {
  test('in operation has an empty log of its own, and started as a demonstration by mistake does not mix one into it', async () => {
    const varDir = newVar()
    const node = await startNode(configOf(varDir, { MUSTER_MODE: 'operation' }), quiet)
    const real = node.worlds.real
    assert.equal((await real.sql`select 1 from event`).length, 0)
    const district = await organization(real, { jurisdiction: '120116', functions: ['government'] })
    await say(
      real,
      'post',
      randomUUID(),
      { type: 'post.create', organizationId: district, title: words('值班员'), powers: [] },
      { doer: postOf(district) },
    )
    await reported(real, {}, { doer: postOf(district) })
    await node.stop()
    const started = await startNode(configOf(varDir), quiet).catch((error: unknown) =>
      error instanceof StartupProblem ? null : Promise.reject(error),
    )
    if (started === null) return // refused: as good
    const rows = await started.worlds.real.sql<{ title: string }[]>`select title from incident`
    const count = (await started.worlds.real.sql`select 1 from event`).length
    await started.stop()
    assert.deepEqual([rows.map((row) => row.title), count], [['仓库起火'], 3])
  })

  test('hears of what another process of it recorded: its linkage, its browsers and its directory', async () => {
    const varDir = newVar()
    const config = configOf(varDir, { MUSTER_MODE: 'operation' })
    const node = await startNode(config, quiet)
    const heard: string[] = []
    node.worlds.real.listen(() => heard.push('woken'))
    const id = randomUUID()
    assert.equal((await node.worlds.real.relations()).find(id), null)
    const script = `
      import { World } from '#server/world.ts'; import { openDatabase } from '#server/database.ts'; import { systemClock } from '#server/clock.ts'; import { nodeKey } from '#server/seal.ts'
      const database = await openDatabase({ databaseUrl: undefined, varDir: ${JSON.stringify(varDir)} }, () => {})
      const world = await World.open({ database, name: 'real', clock: systemClock, key: nodeKey(${JSON.stringify(join(varDir, 'node-key.pem'))}), node: '127.0.0.1', keepTime: false, onError: console.error })
      await world.handle({ room: 'organization', id: '${id}', commandId: '${randomUUID()}', doer: { actor: { kind: 'system', name: 'setup' }, powers: [] },
        command: { type: 'organization.register', name: { 'zh-CN': '甲', en: 'A' }, sector: 'government', kind: 'x', functions: [], jurisdiction: null, superior: null, verified: true } })
      await world.close(); await database.stop()`
    const other = spawn(process.execPath, ['--input-type=module', '-e', script], {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    children.push(other)
    assert.deepEqual(await once(other, 'exit'), [0, null])
    await until('it is woken', () => heard.length > 0)
    assert.equal((await node.worlds.real.relations()).find(id)?.name.en, 'A')
    await node.stop()
  })
})
