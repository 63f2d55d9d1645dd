import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { Writable } from 'node:stream'
import { after, before, describe, test } from 'node:test'
import type { Power } from '#core/directory/post.ts'
import type { Finding } from '#core/finding.ts'
import { fromMs } from '#core/time.ts'
import { openHouse, type House } from '../fixtures/server/house.ts'
import {
  adoptPlan,
  cast,
  codeOf,
  declared,
  openGround,
  organization,
  owe,
  plan,
  postOf,
  reported,
  say,
  tell,
  until,
  whole,
  type Command,
  type Ground,
} from '../fixtures/server/scene.ts'
import { idFrom, ManualClock } from './clock.ts'
import { Hub } from './live.ts'
import { KEEPINGS, type World } from './world.ts'
import { rebuild } from './rebuild.ts'

let ground: Ground
before(async () => {
  ground = await openGround()
})
after(() => ground.leave())

const MINUTE = 60_000
const T0 = Date.parse('2026-07-01T08:00:00.000Z')
const MINUTE_LIMIT_MS = 60_000
const POWERS: readonly Power[] = ['obligation.answer', 'finding.supervise']

type Row = { readonly id: string; readonly state: Finding }
const findings = (world: World): Promise<readonly Row[]> => world.sql<Row[]>`select id, state from finding order by raised_at, id`
const raisedIn = async (world: World): Promise<number> => (await whole(world)).filter((event) => event.type === 'finding.raised').length
const only = async (world: World): Promise<Row> => {
  const [first, ...more] = await findings(world)
  assert.deepEqual(more, [])
  return first ?? assert.fail('no finding')
}

/** A warehouse that owes the district a list within 30 minutes; an hour later its silence climbs to the city. */
async function scene() {
  const clock = new ManualClock(T0)
  const world = await ground.open({ clock })
  const parts = await cast(world)
  await adoptPlan(world, plan())
  await declared(world, { unitInvolved: parts.unit })
  await world.settled()
  const [owed] = await world.sql<{ id: string }[]>`select id from obligation`
  const says = (organizationId: string, id: string, command: Command) =>
    tell(world, 'finding', id, command, { doer: postOf(organizationId, POWERS) })
  return { world, clock, parts, obligationId: owed?.id ?? assert.fail('nothing is owed'), says }
}

describe('a missed duty', () => {
  test('is one finding at the instant of the lapse, reminded at once, and climbs as the clock goes', async () => {
    const { world, parts, obligationId } = await scene()
    await world.advance(T0 + 30 * MINUTE)
    assert.equal((await findings(world)).length, 0, 'a deadline is met at its very instant')
    await world.advance(T0 + 31 * MINUTE)
    const { id, state } = await only(world)
    assert.equal(id, idFrom(`finding|${obligationId}|lapsed`))
    assert.deepEqual([state.subject, state.creditor, state.supervisor, state.gravity], [parts.unit, parts.district, parts.city, 3])
    assert.deepEqual(
      [state.missedAt, state.passed, state.ladder[0]?.reachedAt],
      [fromMs(T0 + 30 * MINUTE), 1, fromMs(T0 + 30 * MINUTE + 1)],
    )
    await world.advance(T0 + 91 * MINUTE)
    const climbed = await only(world)
    assert.deepEqual(
      climbed.state.ladder.filter((stage) => stage.reachedAt !== null).map((stage) => [stage.step, stage.to]),
      [
        ['reminder', parts.unit],
        ['urging', parts.unit],
        ['superior', parts.city],
      ],
    )
    await world.advance(T0 + 9 * 24 * 60 * MINUTE)
    const due = (await whole(world)).filter((event) => event.type === 'finding.measure-due')
    assert.deepEqual(
      due.map((event) => (event.data as { step: string }).step),
      ['interview', 'sanction'],
    )
    assert.equal(await raisedIn(world), 1)
  })

  test('done late is mended, and the ladder stands; waived, it is withdrawn', async () => {
    for (const [command, expected] of [
      [{ type: 'obligation.discharge', evidence: '清单已交' }, 'mended'],
      [{ type: 'obligation.waive', reason: '不再需要' }, 'closed'],
    ] as const) {
      const { world, clock, obligationId } = await scene()
      await world.advance(T0 + 40 * MINUTE)
      await say(world, 'obligation', obligationId, command, { occurredAt: fromMs(clock.now()) })
      await world.settled()
      await world.advance(T0 + 30 * 24 * 60 * MINUTE)
      const { state } = await only(world)
      assert.deepEqual([state.status, state.passed], [expected, 1])
      if (expected === 'mended') assert.equal(state.lateBy, 'PT10M')
    }
  })

  test('rebuilt from the log, the rows and the timers are the same', async () => {
    const { world } = await scene()
    await world.advance(T0 + 31 * MINUTE)
    const read = async () => [await findings(world), [...(await world.sql`select stream, at, command from timer order by stream`)]]
    const kept = await read()
    await rebuild(world.sql, world.schema, KEEPINGS)
    assert.deepEqual(await read(), kept)
  })

  test('on the real clock it is a finding within a minute, once, though two servers saw it', async () => {
    const name = randomUUID()
    const [one, two] = [await ground.open({ keepTime: true, name }), await ground.open({ keepTime: true, name })]
    const stop = setInterval(() => (one.wakened(), two.wakened()), 200)
    const parts = await cast(one)
    await adoptPlan(one, plan({ within: 'PT1S', climbs: 'PT2S' }))
    await declared(one, { unitInvolved: parts.unit })
    await until('the finding is there', async () => (await findings(one)).length === 1, MINUTE_LIMIT_MS)
    await until('it has climbed to the superior', async () => (await only(one)).state.passed >= 2)
    clearInterval(stop)
    const { state } = await only(two)
    assert.ok(Date.parse(state.raisedAt) - Date.parse(state.missedAt) <= MINUTE_LIMIT_MS)
    const events = await whole(one)
    for (const type of ['obligation.lapsed', 'finding.raised']) assert.equal(events.filter((event) => event.type === type).length, 1, type)
    assert.deepEqual(
      events.filter((event) => event.type === 'finding.climbed').map((event) => (event.data as { index: number }).index),
      [0, 1],
      'the reminder and the superior, each once',
    )
    await Promise.all([ground.shut(one), ground.shut(two)])
  })

  test('missed by a thousand at once is a thousand findings', async () => {
    const clock = new ManualClock(T0)
    const world = await ground.open({ clock })
    const parts = await cast(world)
    const incident = await reported(world)
    const dueAt = fromMs(T0 + MINUTE)
    await Promise.all(
      Array.from({ length: 1000 }, () => say(world, 'obligation', randomUUID(), owe(incident, parts.unit, parts.district, { dueAt }))),
    )
    const began = performance.now()
    await world.advance(T0 + 2 * MINUTE)
    assert.equal(await raisedIn(world), 1000)
    assert.ok(performance.now() - began < MINUTE_LIMIT_MS)
  })
})

describe('supervision', () => {
  test('an objection stops the clock, a third party checks it, rectification is verified by another', async () => {
    const { world, clock, parts, says } = await scene()
    await world.advance(T0 + 40 * MINUTE)
    const { id } = await only(world)
    assert.equal(codeOf(await says(parts.unit, id, { type: 'finding.object', reason: '未收到通知' })), 'done')
    await world.advance(T0 + 5 * 60 * MINUTE)
    assert.equal((await only(world)).state.passed, 1, 'the clock stands')
    for (const [who, code] of [
      [parts.city, 'authority.not-a-third-party'],
      [parts.district, 'authority.not-a-third-party'],
      [parts.nation, 'done'],
    ] as const)
      assert.equal(codeOf(await says(who, id, { type: 'finding.check', outcome: 'dismissed', text: '回执在案' })), code)
    await world.advance(T0 + 5 * 60 * MINUTE + 51 * MINUTE)
    assert.equal((await only(world)).state.passed, 3, 'the fifty minutes that were left have gone by')
    const dueAt = fromMs(clock.now() + 60 * MINUTE)
    assert.equal(
      codeOf(await says(parts.district, id, { type: 'finding.order-rectification', text: 'x', dueAt })),
      'authority.not-supervisor',
    )
    assert.equal(codeOf(await says(parts.city, id, { type: 'finding.order-rectification', text: '补交清单', dueAt })), 'done')
    assert.equal(codeOf(await says(parts.unit, id, { type: 'finding.rectify', evidence: '清单已交' })), 'done')
    assert.equal(codeOf(await says(parts.unit, id, { type: 'finding.verify', accepted: true, text: 'x' })), 'finding.own-verification')
    assert.equal(codeOf(await says(parts.city, id, { type: 'finding.verify', accepted: true, text: '已核验' })), 'done')
    const { state } = await only(world)
    assert.deepEqual([state.status, state.outcome, state.verifiedBy], ['closed', 'verified', parts.city])
  })

  test('a rectification not made by its deadline climbs', async () => {
    const { world, clock, parts, says } = await scene()
    await world.advance(T0 + 40 * MINUTE)
    const { id } = await only(world)
    await says(parts.city, id, { type: 'finding.order-rectification', text: '补交清单', dueAt: fromMs(clock.now() + 60 * MINUTE) })
    await world.advance(clock.now() + 61 * MINUTE)
    const { state } = await only(world)
    assert.deepEqual([state.status, state.passed, state.rectification?.lapsedAt], ['open', 2, fromMs(T0 + 100 * MINUTE)])
  })
})

describe('who sees a finding', () => {
  test('those named, those above them, and the auditor of the place; not the whole territory; nor what the log says of it', async () => {
    const { world, parts } = await scene()
    const strangers = {
      'a department of the same district': await organization(world, { jurisdiction: '120116', superior: parts.district }),
      'a neighbour in the city': await organization(world, { jurisdiction: '120117', superior: parts.city }),
      'a department of the nation': await organization(world, { jurisdiction: '100000', superior: parts.nation }),
      'an auditor elsewhere': await organization(world, { jurisdiction: '130000', functions: ['audit'] }),
      'an association without a territory': await organization(world, { jurisdiction: null }),
    }
    const seers = { ...parts, auditor: await organization(world, { jurisdiction: '120000', functions: ['audit'] }) }
    await world.advance(T0 + 31 * MINUTE)
    const relations = await world.relations()
    const sees = async (organizationId: string): Promise<readonly [rows: number, events: number]> => {
      const viewer = { organizationId, jurisdiction: relations.find(organizationId)?.jurisdiction ?? null }
      return world.read(viewer, async (sql) => {
        const rows = await sql`select id from finding`
        const events = await sql`select position from event where stream like 'finding/%'`
        return [rows.length, events.length] as const
      })
    }
    for (const [who, id] of Object.entries(seers)) assert.deepEqual(await sees(id), [1, 2], who)
    for (const [who, id] of Object.entries(strangers)) assert.deepEqual(await sees(id), [0, 0], who)
  })
})

/** What a browser of the organization is sent, as text. */
async function hear(hub: Hub, organizationId: string | null): Promise<() => string> {
  let text = ''
  const out = new Writable({
    write(chunk: Buffer, _, done) {
      text += chunk.toString()
      done()
    },
  })
  await hub.join(out as unknown as ServerResponse, organizationId, null)
  return () => text
}

test('browsers hear of a finding as they may see it, though they hear of its incident', async () => {
  const { world, parts } = await scene()
  const department = await organization(world, { jurisdiction: '120116', superior: parts.district })
  const hub = new Hub(world, (error) => assert.fail(error as Error))
  const [stranger, district, observer] = [await hear(hub, department), await hear(hub, parts.district), await hear(hub, null)]
  await world.advance(T0 + 31 * MINUTE)
  for (const heard of [district, observer]) await until('it is heard', () => heard().includes('finding.climbed'))
  await until('the department has heard of the lapse', () => stranger().includes('obligation.lapsed'))
  assert.ok(!stranger().includes('finding.'))
  hub.close()
})

describe('over HTTP', () => {
  let house: House
  before(async () => {
    house = await openHouse()
  })
  after(() => house.leave())

  test('a finding is listed, opened and acted on; who may not see it does not learn that it is there', async () => {
    const { worlds, parts, district, hebei } = house
    const incident = await reported(worlds.real)
    const past = fromMs(Date.now() - 3_600_000)
    const obligationId = randomUUID()
    await say(worlds.real, 'obligation', obligationId, owe(incident, parts.unit, parts.district, { dueAt: past }), { occurredAt: past })
    type Listed = readonly {
      readonly id: string
      readonly status: string
      readonly actions: readonly { command: string; refusal: { code: string } | null }[]
    }[]
    const list = (): Promise<Listed> => district.get<Listed>(`/api/findings?status=open&obligation=${obligationId}`)
    await until('the finding is listed', async () => (await list()).length === 1)
    const [found] = await list()
    const id = found?.id ?? ''
    const can = (command: string): string | undefined => found?.actions.find((one) => one.command === command)?.refusal?.code
    assert.deepEqual([can('finding.urge'), can('finding.object')], [undefined, 'authority.not-subject'])
    assert.equal((await district.tell('finding', id, { type: 'finding.urge', text: '请立即提供' })).status, 200)
    type Detail = {
      readonly ladder: readonly { step: string; said: readonly { what: string; text: string }[] }[]
      readonly history: readonly { type: string }[]
    }
    const detail = await district.get<Detail>(`/api/findings/${id}`)
    assert.deepEqual(
      detail.ladder[0]?.said.map((one) => [one.what, one.text]),
      [['urged', '请立即提供']],
    )
    assert.deepEqual(
      detail.history.map((one) => one.type),
      ['finding.raised', 'finding.climbed', 'finding.urged'],
    )
    assert.equal((await hebei.ask(`/api/findings/${id}`)).status, 404)
    assert.equal((await hebei.tell('finding', id, { type: 'finding.urge', text: 'x' })).status, 404)
    assert.equal((await house.unit.tell('finding', id, { type: 'finding.raise' })).status, 400)
    assert.equal((await district.ask('/api/findings?status=nonsense')).status, 400)
  })

  test('the board answers, and says which mechanisms have nothing', async () => {
    type Board = {
      readonly late: { total: number }
      readonly absent: readonly string[]
      readonly handOffs: { lost: number; judged: number }
    }
    const board = await house.district.get<Board>('/api/supervision')
    assert.equal(board.late.total, 1)
    assert.deepEqual([board.handOffs.lost, board.handOffs.judged], [1, 1])
    assert.ok(board.absent.includes('payment'), 'no ledger yet: absent, not zero')
    assert.equal((await house.hebei.get<Board>('/api/supervision')).late.total, 0, 'others see their own')
  })
})
