import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { cast, openGround, type Cast, type Ground } from '../../fixtures/server/scene.ts'
import { ManualClock } from '../clock.ts'
import type { Sql } from '../database.ts'
import { migrate } from '../migrate.ts'
import { dropWorld } from '../testing.ts'
import { schemaOf, type World } from '../world.ts'
import { watchSilence } from './silence.ts'
import { Sources } from './source.ts'

const MINUTE = 60_000
const nodeName = randomUUID()
const clock = new ManualClock(Date.parse('2026-07-01T08:00:00.000Z'))
let ground: Ground
let world: World
let parts: Cast
let node: Sql
let sources: Sources

before(async () => {
  ground = await openGround()
  world = await ground.open({ clock })
  parts = await cast(world)
  await migrate(ground.database, schemaOf(nodeName), 'node')
  node = ground.database.pool(schemaOf(nodeName), { max: 2 })
  sources = new Sources(node, clock)
})
after(async () => {
  await node.end()
  await dropWorld(ground.database, nodeName)
  await ground.leave()
})

const enter = (id: string, organizationId: string): Promise<boolean> =>
  sources.put(
    id,
    { name: `来源 ${id}`, url: null, effect: 'show', trust: null, everySeconds: 60, promiseSeconds: 600 },
    { postId: randomUUID(), organizationId },
  )
const speak = (id: string): Promise<void> =>
  sources.succeeded(id, {
    etag: null,
    modified: null,
    shape: null,
    nextAt: null,
    problem: null,
    tally: { fresh: 0, known: 0, refused: 0, verdicts: {} },
  })
/** So many minutes go by, and somebody looks twice. */
async function later(minutes: number): Promise<void> {
  await world.advance(clock.now() + minutes * MINUTE)
  for (let times = 0; times < 2; times++) await watchSilence(world, sources)
  await world.settled()
  await world.advance(clock.now() + 1)
}
const findings = (): Promise<readonly { subject: string; supervisor: string; kind: string; status: string; act: string }[]> =>
  world.sql<{ subject: string; supervisor: string; kind: string; status: string; act: string }[]>`
    select f.subject, f.supervisor, f.kind, f.status, o.state ->> 'subject' as act from finding f join obligation o on o.id = f.obligation_id order by o.owed_at`

test('a source that is silent for longer than it promised is one finding about whoever entered it, mended when it speaks again', async () => {
  await enter('radar', parts.district)
  await later(9)
  assert.deepEqual([...(await findings())], [], 'within its promise')
  await later(2)
  const raised = { subject: parts.district, supervisor: parts.city, kind: 'lapsed', act: 'radar' }
  assert.deepEqual(
    (await findings()).map(({ status: _, ...one }) => one),
    [raised],
  )
  assert.equal((await findings())[0]?.status, 'open')
  await speak('radar')
  await later(1)
  assert.deepEqual(
    (await findings()).map(({ status }) => status),
    ['mended'],
  )
  await later(20)
  assert.equal((await findings()).length, 2, 'silent again, it is another')
})

test('of a source that nobody listens to any more nothing is owed', async () => {
  await enter('river', parts.district)
  await later(11)
  const last = async (): Promise<string | undefined> => (await findings()).findLast(({ act }) => act === 'river')?.status
  assert.equal(await last(), 'open')
  await sources.change('river', 'pause', { postId: randomUUID(), organizationId: parts.district })
  await later(1)
  const [duty] = await world.sql<
    { open: boolean; reason: string }[]
  >`select open, state ->> 'releaseReason' as reason from obligation where state ->> 'subject' = 'river'`
  assert.deepEqual(duty, { open: false, reason: 'source-ended' })
  assert.notEqual(await last(), 'open')
})
