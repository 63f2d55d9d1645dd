import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Recorded } from '#core/event.ts'
import { adoptPlan, cast, declared, openGround, organization, plan, until, whole, type Ground } from '../fixtures/server/scene.ts'
import { Follower, Recent } from './follow.ts'
import type { World } from './world.ts'

let ground: Ground
before(async () => {
  ground = await openGround()
})
after(() => ground.leave())

const at = (position: number): Recorded => ({
  position: String(position),
  stream: `post/${position}`,
  version: 1,
  type: 'post.created',
  data: {},
  commandId: randomUUID(),
  actor: 'system/setup',
  basis: null,
  incidentId: null,
  occurredAt: '2026-07-01T00:00:00.000Z',
  recordedAt: '2026-07-01T00:00:00.000Z',
})
const positions = (events: readonly Recorded[] | null): readonly number[] | null => events && events.map((event) => Number(event.position))

describe('the newest events in memory', () => {
  test('answer what comes after a position, at most as many as asked', () => {
    const recent = new Recent()
    recent.push([at(5), at(6)])
    recent.push([at(7)])
    assert.deepEqual(positions(recent.after(4, 10)), [5, 6, 7])
    assert.deepEqual(positions(recent.after(5, 1)), [6])
    assert.deepEqual(positions(recent.after(7, 10)), [])
    assert.equal(recent.after(3, 10), null, 'it does not reach back so far')
    assert.equal(recent.last, 7)
  })

  test('never answer across a gap, where another server wrote and its notification has not yet come', () => {
    const recent = new Recent()
    recent.push([at(1), at(2)])
    recent.push([at(5)])
    const found = recent.after(2, 10)
    assert.ok(found === null || found[0] === undefined || found[0].position === '3', `after 2 it answered ${positions(found)?.join()}`)
    assert.deepEqual(positions(recent.after(4, 10)), [5])
  })
})

type Witness = { readonly follower: Follower; readonly seen: number[] }
async function witness(
  world: World,
  name: string,
  act: (events: readonly Recorded[]) => Promise<void> = async () => {},
  batch = 1000,
): Promise<Witness> {
  const seen: number[] = []
  const follower = new Follower({
    name,
    sql: world.sql,
    recent: world.recent,
    onError: () => {},
    batch,
    act: async (events) => {
      await act(events)
      seen.push(...events.map((event) => Number(event.position)))
    },
  })
  await follower.start()
  world.listen(() => follower.wake())
  return { follower, seen }
}

describe('a follower', () => {
  test('sees what another server wrote between two of our own commits, before any notification of it', async () => {
    const ours = await ground.open()
    const theirs = await ground.open({ name: ours.name })
    const { follower, seen } = await witness(ours, 'witness')
    for (const world of [ours, theirs, ours, ours, theirs, theirs, ours]) {
      await organization(world, { jurisdiction: null })
      await sleep(20) // the follower may look now, or wait
    }
    await until('it has seen the last', () => seen.includes(7), 3000).catch(() => {})
    await follower.stop()
    assert.deepEqual(seen, [1, 2, 3, 4, 5, 6, 7])
  })

  test('goes on after a restart where it was, and misses nothing that was written meanwhile', async () => {
    const world = await ground.open()
    await organization(world, { jurisdiction: null })
    const first = await witness(world, 'witness')
    await until('it has caught up', () => first.seen.length === 1)
    await first.follower.stop()
    await organization(world, { jurisdiction: null })
    await organization(world, { jurisdiction: null })
    const second = await witness(world, 'witness')
    await until('it has caught up', () => second.seen.length >= 2)
    await second.follower.stop()
    assert.deepEqual([first.seen, second.seen], [[1], [2, 3]])
  })

  test('is told the same events again when acting on them failed, and goes on in order', async () => {
    const world = await ground.open()
    for (let i = 0; i < 3; i++) await organization(world, { jurisdiction: null })
    let fails = 1
    const told: number[][] = []
    const { follower, seen } = await witness(
      world,
      'witness',
      async (events) => {
        told.push(events.map((event) => Number(event.position)))
        if (events[0]?.position === '2' && fails-- > 0) throw new Error('the network is down')
      },
      1,
    )
    await until('it has seen all', () => seen.length >= 3)
    await follower.stop()
    assert.deepEqual(
      [told, seen],
      [
        [[1], [2], [2], [3]],
        [1, 2, 3],
      ],
    )
  })

  test('never moves its cursor back, also when two servers keep the same one', async () => {
    const world = await ground.open()
    for (let i = 0; i < 4; i++) await organization(world, { jurisdiction: null })
    let go = (): void => {}
    const held = new Promise<void>((resolve) => (go = resolve))
    const slow = await witness(world, 'shared', () => held, 2)
    const fast = await witness(world, 'shared')
    await until('the fast one has caught up', () => fast.seen.length === 4)
    await fast.follower.stop()
    go()
    await slow.follower.stop()
    const [row] = await world.sql<{ position: string }[]>`select position from follower where name = 'shared'`
    assert.equal(row?.position, '4')
  })
})

describe('a world is settled', () => {
  test('when the linkage has acted on everything and on what followed from it', async () => {
    const world = await ground.open()
    const { unit } = await cast(world)
    await adoptPlan(world, plan())
    await declared(world, { unitInvolved: unit })
    await world.settled()
    assert.equal((await whole(world)).filter((event) => event.type === 'obligation.owed').length, 1)
  })

  test('only then, also when another server has just written', async () => {
    const world = await ground.open()
    const { unit } = await cast(world)
    await adoptPlan(world, plan())
    await world.settled()
    await declared(world, { unitInvolved: unit })
    world.wakened()
    await world.settled()
    assert.equal((await whole(world)).filter((event) => event.type === 'obligation.owed').length, 1)
  })
})
