import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import type { NoticesView } from '#core/view/notice.ts'
import {
  dutyPost,
  mailServer,
  nodeTables,
  noticeConfig,
  noticesOf,
  officeOf,
  simulator,
  type MailServer,
  type Nodes,
  type Simulator,
} from '../../fixtures/notice/scene.ts'
import { openHouse, type House } from '../../fixtures/server/house.ts'
import { cast, declared, openGround, organization, owe, reported, say, until, whole, type Ground } from '../../fixtures/server/scene.ts'
import { ManualClock } from '../clock.ts'
import { SETUP } from '../testing.ts'
import type { World } from '../world.ts'
import { coverageRow, readTests, shareOf } from './coverage.ts'
import type { Desk } from './book.ts'
import type { Scene } from '../present.ts'

let ground: Ground
let nodes: Nodes
let smsc: Simulator
let mail: MailServer
before(async () => {
  ground = await openGround()
  nodes = await nodeTables(ground)
  smsc = simulator('smsc.ts')
  mail = await mailServer()
})
after(async () => {
  await smsc.stop()
  await mail.stop()
  await nodes.leave()
  await ground.leave()
})

/** An office on a world whose clock stands where it is put; both channels work. */
async function standing(at: string): Promise<{ world: World; clock: ManualClock; close: () => Promise<void> }> {
  const clock = new ManualClock(Date.parse(at))
  const world = await ground.open({ clock })
  const { port } = await smsc.first()
  const office = officeOf(
    ground,
    world,
    nodes.sql,
    noticeConfig({
      smtp: { url: `smtp://127.0.0.1:${mail.port}`, from: 'muster@emergency.example', replyTo: null, listen: null },
      smpp: { host: '127.0.0.1', port, tls: false, system: 'muster', password: 'secret08', from: '10690' },
    }),
    { clock },
  )
  await office.start()
  return {
    world,
    clock,
    async close() {
      await office.stop()
      await ground.shut(world)
    },
  }
}
const at = (text: string): number => Date.parse(text)
const RULE = { setUp: new Set(['sms', 'email'] as const) }

test('contacts are tested by the clock, at three in the night too; what was measured is what the coverage says', async (t) => {
  const { world, clock, close } = await standing('2026-07-01T00:00:00.000Z')
  t.after(close)
  const { unit } = await cast(world)
  const post = await dutyPost(world, unit, [
    { channel: 'sms', address: '+8613000000001', roundTheClock: true },
    { channel: 'email', address: 'duty@emergency.example' },
  ])
  const tests = async (): Promise<readonly string[]> =>
    (await noticesOf(world, post)).map(({ state }) => `${state.channels.join()} ${state.status}`).toSorted()
  await world.advance(at('2026-07-01T02:00:00.000Z')) // 10:00 in Tianjin: the mail address
  await until('the letter is sent', async () => (await tests()).join() === 'email sent')
  await world.advance(at('2026-07-01T19:00:00.000Z')) // 03:00 of the 2nd: the telephone; the letter has had no answer in half an hour
  await until('the message is receipted', async () => (await tests()).join() === 'email exhausted,sms receipted')
  await until(
    'the receipt has confirmed the contact',
    async () =>
      (await world.sql<{ c: string | null }[]>`select contacts -> 0 ->> 'confirmedAt' as c from post where id = ${post}`)[0]?.c != null,
  )
  const row = async () => {
    const [desk] = await world.sql<
      Desk[]
    >`select id, organization_id as "organizationId", title, powers, holders, contacts, liaison, hours, subscriptions from post where id = ${post}`
    const kept = await world.read({ organizationId: unit, jurisdiction: null }, (sql) => readTests(sql, world.now()))
    const scene = { relations: await world.relations(), now: world.now(), readOnly: true, doer: SETUP } as unknown as Scene
    return { row: coverageRow(scene, unit, desk === undefined ? [] : [desk], kept, RULE.setUp), share: shareOf(kept, world.now()) }
  }
  const found = await row()
  assert.deepEqual([found.row.reachable, found.row.reachableAtNight, found.share], [true, true, { ended: 2, reached: 1 }])
  assert.deepEqual(
    found.row.cells.map((cell) => [cell.channel, cell.standing, cell.test?.outcome, cell.night?.outcome ?? null]),
    [
      ['sms', 'confirmed', 'reached', 'reached'],
      ['email', 'new', 'missed', null],
    ],
  )
  // Nobody confirms the mail address for ninety days; the telephone is confirmed by each of its tests.
  await world.advance(at('2026-08-15T00:00:00.000Z'))
  await until(
    'the second round has confirmed the telephone',
    async () =>
      ((await world.sql<{ c: string }[]>`select contacts -> 0 ->> 'confirmedAt' as c from post where id = ${post}`)[0]?.c ?? '') >
      '2026-08',
  )
  clock.set(at('2026-10-01T00:00:00.000Z'))
  assert.deepEqual(
    (await row()).row.cells.map((cell) => [cell.channel, cell.standing]),
    [
      ['sms', 'confirmed'],
      ['email', 'lost'],
    ],
  )
})

test('what is routine comes gathered: one digest a post and period, each event in it once', async (t) => {
  const { world, clock, close } = await standing('2026-07-01T01:30:00.000Z') // 09:30 in Tianjin
  t.after(close)
  const { unit, district } = await cast(world)
  const incident = await declared(world)
  const post = await dutyPost(world, unit, [{ channel: 'email', address: 'digest@emergency.example' }])
  for (let i = 0; i < 3; i++) await say(world, 'obligation', randomUUID(), owe(incident, unit, district))
  await until('all are gathered', async () => (await noticesOf(world, post)).some(({ state }) => state.items.length === 3))
  // Besides, the address is tested at ten.
  const letters = () => mail.mails.filter((one) => one.to?.[0]?.address === 'digest@emergency.example' && one.subject !== '通知渠道测试')
  assert.deepEqual(letters(), [])
  await world.advance(at('2026-07-01T05:00:00.000Z')) // 13:00
  await until('the digest is there', () => letters().length > 0)
  assert.deepEqual(
    letters().map((one) => one.subject),
    ['通知汇总：3条'],
  )
  await say(world, 'obligation', randomUUID(), owe(incident, unit, district))
  await until('the next one waits for 17 o’clock', async () => (await noticesOf(world, post)).some(({ state }) => state.status === 'held'))
  assert.equal((await noticesOf(world, post)).find(({ state }) => state.status === 'held')?.state.notBefore, '2026-07-01T09:00:00.000Z')
  assert.equal(clock.now(), at('2026-07-01T05:00:00.000Z'))
})

test('in quiet hours an urgent notice waits for the morning, unless it is due before', async (t) => {
  const { world, close } = await standing('2026-07-01T15:00:00.000Z') // 23:00 in Tianjin
  t.after(close)
  const { unit, district } = await cast(world)
  const incident = await declared(world)
  const post = await dutyPost(world, unit, [{ channel: 'sms', address: '+8613000000002' }])
  await say(world, 'post', post, {
    type: 'post.set-hours',
    zone: 'Asia/Shanghai',
    language: 'zh-CN',
    quiet: { from: '22:00', until: '07:00' },
  })
  await say(world, 'obligation', randomUUID(), owe(incident, unit, district, { dueAt: '2026-07-02T10:00:00.000Z' }))
  await say(world, 'obligation', randomUUID(), owe(incident, unit, district, { dueAt: '2026-07-01T20:00:00.000Z' }))
  await until(
    'one has gone, one is held',
    async () =>
      (await noticesOf(world, post))
        .map(({ state }) => state.status)
        .toSorted()
        .join() === 'held,receipted',
  )
  await world.advance(at('2026-07-01T23:00:00.000Z')) // 07:00
  await until('both are there', async () => (await noticesOf(world, post)).filter(({ state }) => state.reachedAt !== null).length >= 2)
})

test('a subscription is told what meets all of its conditions, and nothing that its organization may not see', async (t) => {
  const { world, close } = await standing('2026-07-01T02:00:00.000Z')
  t.after(close)
  const parts = await cast(world)
  const hebei = await organization(world, { jurisdiction: '130000', name: '河北' })
  const subscribed = async (organizationId: string, conditions: object): Promise<string> => {
    const post = await dutyPost(world, organizationId)
    await say(world, 'post', post, { type: 'post.subscribe', subscription: 'mine', conditions })
    return post
  }
  const all = await subscribed(parts.city, { areas: ['120000'], level: 3, classes: ['accident'], hazards: ['hazardous-chemicals'] })
  const graver = await subscribed(parts.city, { areas: ['120000'], level: 2 })
  const elsewhere = await subscribed(parts.city, { areas: ['130000'] })
  const stranger = await subscribed(hebei, { classes: ['accident'] })
  await declared(world)
  const told = async (post: string): Promise<readonly string[]> =>
    (await noticesOf(world, post)).flatMap(({ state }) => state.items.map((one) => one.code))
  await until('the one is told', async () => (await told(all)).includes('incident-declared'))
  await reported(world)
  for (const post of [graver, elsewhere, stranger]) assert.deepEqual(await told(post), [])
})

describe('over HTTP', () => {
  let house: House
  before(async () => {
    house = await openHouse()
  })
  after(() => house.leave())
  const CONTACTS = [{ channel: 'sms', address: '+8613000000003' }]

  test('a post keeps its own contacts; another organization does not, and whoever keeps the channels of the territory does', async () => {
    const unit = await house.unit.get<NoticesView>('/api/notices')
    const post = unit.own?.postId ?? ''
    assert.equal((await house.unit.tell('post', post, { type: 'post.set-contacts', contacts: CONTACTS })).status, 200)
    assert.equal((await house.hebei.tell('post', post, { type: 'post.set-contacts', contacts: [] })).status, 403)
    assert.deepEqual(
      (await house.unit.get<NoticesView>('/api/notices')).own?.contacts.map((one) => [one.address, one.standing]),
      [['+8613000000003', 'new']],
    )
    assert.deepEqual(
      unit.channels.map((one) => one.setUp),
      [false, false, false, false, false],
      'nothing is set up here',
    )
  })

  test('a notice is seen by its organization and by those above its territory, in the table and in the log', async () => {
    const { real } = house.worlds
    const own = (await house.unit.get<NoticesView>('/api/notices')).own?.postId ?? ''
    const id = randomUUID()
    await say(real, 'notice', id, {
      type: 'notice.queue',
      toPost: own,
      toOrganization: house.parts.unit,
      urgency: 'urgent',
      purpose: 'telling',
      channels: [],
      notBefore: null,
      incidentId: null,
      jurisdiction: null,
      passedFrom: null,
      passes: 0,
      item: { about: { stream: 'obligation/x', position: '1', kind: 'obligation.owed' }, code: 'obligation-owed', params: {} },
    })
    const { unit, hebei, district } = house.parts
    const sees = (organizationId: string, jurisdiction: string | null) =>
      real.read({ organizationId, jurisdiction }, async (sql) => [
        (await sql`select 1 from notice where id = ${id}`).length,
        (await sql`select 1 from event where stream = ${`notice/${id}`}`).length,
        (await sql`select 1 from event where stream = ${`post/${own}`}`).length,
      ])
    assert.deepEqual(await sees(unit, null), [1, 1, 2])
    assert.deepEqual(await sees(district, '120116'), [1, 1, 0], 'how a post is reached stays with its organization')
    assert.deepEqual(await sees(hebei, '130000'), [0, 0, 0])
    assert.deepEqual(
      (await house.unit.get<NoticesView>('/api/notices')).notices.map((one) => [one.id, one.status]),
      [[id, 'in-app']],
    )
    assert.equal((await house.hebei.tell('notice', id, { type: 'notice.receipt', way: 'app', by: 'person' })).status, 403)
    const forged = await house.unit.tell('notice', id, { type: 'notice.receipt', way: 'sms', by: 'device' })
    assert.deepEqual(
      [forged.status, (forged.body as { code: string }).code],
      [422, 'notice.app-only'],
      'what a channel says, only the channel says',
    )
    assert.equal((await house.unit.tell('notice', id, { type: 'notice.receipt', way: 'app', by: 'person' })).status, 200)
    assert.equal((await house.unit.get<NoticesView>('/api/notices')).notices[0]?.status, 'receipted')
  })

  test('nobody gives himself a receipt of a channel or sends a notice by hand', async () => {
    const queue = await house.district.tell('notice', randomUUID(), { type: 'notice.release' })
    assert.deepEqual([queue.status, (queue.body as { code: string }).code], [403, 'authority.system-only'])
    const events = await whole(house.worlds.real)
    assert.ok(!events.some((event) => event.type === 'notice.released'))
  })

  test('a post that an organization does not have cannot be tested in its name', async () => {
    const answer = await house.unit.tell('notice', randomUUID(), {
      type: 'notice.test',
      toPost: randomUUID(),
      toOrganization: house.parts.unit,
      channel: 'sms',
    })
    assert.deepEqual([answer.status, (answer.body as { code: string }).code], [422, 'notice.post-unknown'])
  })
})
