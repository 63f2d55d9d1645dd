/** Two servers on one log: what time and the linkage do to obligations is done once. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { adoptPlan, cast, declared, openGround, owe, plan, say, until, whole, type Cast, type Ground } from '../fixtures/server/scene.ts'
import type { World } from './world.ts'

let ground: Ground
let one: World
let other: World
let parts: Cast
let incident: string
before(async () => {
  ground = await openGround()
  one = await ground.open({ keepTime: true })
  parts = await cast(one)
  await adoptPlan(one, plan())
  incident = await declared(one)
  other = await ground.open({ keepTime: true, name: one.name })
})
after(() => ground.leave())

const terms = (more: object = {}) => ({ ...owe(incident, parts.district, parts.city), trigger: null, ...more })
const soon = (ms: number): string => new Date(Date.now() + ms).toISOString()
const count = async (type: string, stream: string): Promise<number> =>
  (await whole(one)).filter((event) => event.type === type && event.stream === `obligation/${stream}`).length
const bothSettled = async (): Promise<void> => {
  await one.settled()
  other.wakened()
  await other.settled()
}

test('silence is heard once by two clocks', async () => {
  const id = randomUUID()
  await say(one, 'obligation', id, terms({ type: 'obligation.ask', answerBy: soon(200), origin: 'request' }))
  other.wakened()
  await until('somebody heard the silence', async () => (await count('obligation.unanswered', id)) > 0)
  await bothSettled()
  assert.equal(await count('obligation.unanswered', id), 1)
})

test('an acceptance without a word of progress is taken back once, in its time', async () => {
  const id = randomUUID()
  await say(one, 'obligation', id, terms({ progressEvery: 'PT1S' }))
  await say(other, 'obligation', id, { type: 'obligation.accept' })
  one.wakened()
  await until('the acceptance is taken back', async () => (await count('obligation.unaccepted', id)) > 0)
  await bothSettled()
  assert.equal(await count('obligation.unaccepted', id), 1)
  const [row] = await one.sql<{ status: string }[]>`select status from obligation where id = ${id}`
  assert.equal(row?.status, 'owed')
})

test('a part handed on is one obligation, whichever server hears of it', async () => {
  const id = randomUUID()
  await say(one, 'obligation', id, terms())
  await say(one, 'obligation', id, { type: 'obligation.hand-on', to: parts.unit, part: '其中一份' })
  await bothSettled()
  const rows = await one.sql`select id from obligation where parent_id = ${id}`
  assert.equal(rows.length, 1)
})

test('a round that lapses and is then done makes one next round', async () => {
  const id = randomUUID()
  await say(one, 'obligation', id, terms({ dueAt: soon(300), every: 'PT24H', round: 1 }))
  other.wakened()
  await until('it lapsed', async () => (await count('obligation.lapsed', id)) > 0)
  await say(other, 'obligation', id, { type: 'obligation.discharge', evidence: '今日无情况' })
  await bothSettled()
  const rows = await one.sql<{ round: number }[]>`
    select (state ->> 'round')::int as round from obligation where incident_id = ${incident} and state ? 'every' order by round`
  assert.deepEqual(
    rows.map((row) => row.round),
    [1, 2],
  )
})

test('two of three are enough, and the third is let off with the reason', async () => {
  const group = { id: randomUUID(), quorum: 2 }
  const ids = [randomUUID(), randomUUID(), randomUUID()]
  await Promise.all(ids.map((id) => say(one, 'obligation', id, terms({ group }))))
  await say(one, 'obligation', ids[0] ?? '', { type: 'obligation.discharge', evidence: 'x' })
  await say(other, 'obligation', ids[1] ?? '', { type: 'obligation.discharge', evidence: 'x' })
  await until('the third is let off', async () => {
    await bothSettled()
    return (await count('obligation.released', ids[2] ?? '')) > 0
  })
  const rows = await one.sql<{ status: string; reason: string | null }[]>`
    select status, state ->> 'releaseReason' as reason from obligation where id = any(${ids}) order by status`
  assert.deepEqual(
    rows.map((row) => [row.status, row.reason]),
    [
      ['discharged', null],
      ['discharged', null],
      ['waived', 'quorum-met'],
    ],
  )
})
