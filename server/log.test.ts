import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Recorded } from '#core/event.ts'
import { openGround, organization, reported, request, say, until, whole, words, type Ground } from '../fixtures/server/scene.ts'
import { Follower } from './follow.ts'
import { CHANNEL, PROCESS } from './handle.ts'
import type { World } from './world.ts'

let ground: Ground
before(async () => {
  ground = await openGround()
})
after(() => ground.leave())

describe('the log is append-only', () => {
  for (const table of ['event', 'checkpoint'])
    for (const [what, statement] of [
      ['an update', `update ${table} set ${table === 'event' ? `type = 'x'` : `note = 'x'`}`],
      ['a delete', `delete from ${table}`],
      ['a truncate', `truncate ${table}`],
      ['a truncate of everything that hangs on it', `truncate ${table} cascade`],
    ] as const)
      test(`${what} of ${table} raises, even for the owner, and changes nothing`, async () => {
        const world = await shared()
        const sql = ground.owner(world)
        const before = await sql.unsafe(`select * from ${table} order by 1`)
        assert.ok(before.length > 0)
        await assert.rejects(sql.unsafe(statement), { code: '23001', message: 'the event log is append-only' })
        assert.deepEqual(await sql.unsafe(`select * from ${table} order by 1`), before)
      })

  let made: Promise<World> | undefined
  const shared = (): Promise<World> =>
    (made ??= ground.open().then(async (world) => {
      await organization(world, { jurisdiction: null })
      await world.sealer.seal()
      return world
    }))
})

describe('the log gives positions', () => {
  test('from 1 without a gap, and versions of each stream likewise, also across refusals', async () => {
    const world = await ground.open()
    const id = await reported(world)
    for (let i = 0; i < 5; i++) {
      await world.handle(request('incident', id, { type: 'incident.set-response', level: 4, text: 'x' })) // refused: not verified
      await say(world, 'incident', id, { type: 'incident.note', kind: 'arrive', text: `${i}` })
    }
    const events = await whole(world)
    assert.deepEqual(
      events.map((event) => event.position),
      ['1', '2', '3', '4', '5', '6'],
    )
    assert.deepEqual(
      events.map((event) => event.version),
      [1, 2, 3, 4, 5, 6],
    )
  })
})

const TOTAL = 10_000
const OF_CHILD = 2_000
const WRITERS = 12
const WORLDS = 3
const BURST = 40

describe('no follower may ever miss an event', () => {
  test(`twelve writers in two processes, and a follower that sees all ${TOTAL} in the order of their positions`, async () => {
    const server = await ground.open()
    const owner = await organization(server, { jurisdiction: null })
    const others = [await ground.open({ name: server.name }), await ground.open({ name: server.name })]
    for (const other of others) other.listen(() => server.wakened())
    const node = ground.database.pool('public', { max: 1 })
    const listening = await node.listen(CHANNEL, (payload) => {
      const [schema, process] = payload.split(' ')
      if (process !== PROCESS && schema === server.schema) server.wakened()
    })

    const seen: Recorded[] = []
    const witness = new Follower({
      name: 'witness',
      sql: server.sql,
      recent: server.recent,
      onError: (error) => assert.fail(error as Error),
      act: async (events) => void seen.push(...events),
    })
    await witness.start()
    server.listen(() => witness.wake())

    const child = spawn(
      process.execPath,
      [fileURLToPath(new URL('../fixtures/server/writer.ts', import.meta.url)), 'burst', server.name, owner, String(OF_CHILD)],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    )
    const ended = once(child, 'exit')
    const writers = Array.from({ length: WRITERS - 1 }, (_, i) =>
      write([server, ...others][i % WORLDS] ?? server, owner, share(TOTAL - OF_CHILD, WRITERS - 1, i)),
    )
    await Promise.all(writers)
    assert.deepEqual(await ended, [0, null])

    await until('the follower has seen the last event', async () => seen.length >= TOTAL + 1 || lastOf(seen) >= TOTAL + 1)
    assert.deepEqual(
      seen.map((event) => Number(event.position)),
      Array.from({ length: TOTAL + 1 }, (_, i) => i + 1),
    )
    const events = await whole(server)
    assert.deepEqual(
      events.map((event) => Number(event.position)),
      Array.from({ length: TOTAL + 1 }, (_, i) => i + 1),
    )
    assert.deepEqual(
      seen.map((event) => event.commandId),
      events.map((event) => event.commandId),
    )
    assert.equal(new Set(events.map((event) => event.stream)).size, TOTAL + 1)
    await witness.stop()
    await listening.unlisten()
    await node.end({ timeout: 5 })
  })

  const lastOf = (events: readonly Recorded[]): number => Number(events.at(-1)?.position ?? 0)
  const share = (all: number, parts: number, i: number): number => Math.floor(all / parts) + (i < all % parts ? 1 : 0)

  async function write(world: World, organizationId: string, count: number): Promise<void> {
    for (let done = 0; done < count; done += BURST)
      await Promise.all(
        Array.from({ length: Math.min(BURST, count - done) }, () =>
          say(world, 'post', randomUUID(), { type: 'post.create', organizationId, title: words('值班员'), powers: [] }),
        ),
      )
  }
})
