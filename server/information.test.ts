import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import type { Power } from '#core/directory/post.ts'
import type { Recorded } from '#core/event.ts'
import type { Information } from '#core/information.ts'
import { fromMs } from '#core/time.ts'
import type { InformationView, OwedInformationView } from '#core/view/information.ts'
import { openHouse, type House } from '../fixtures/server/house.ts'
import {
  adoptPlan,
  ALL_POWERS,
  cast,
  codeOf,
  declared,
  openGround,
  organization,
  plan,
  postOf,
  reported,
  say,
  tell,
  whole,
  type Cast,
  type Command,
  type Ground,
} from '../fixtures/server/scene.ts'
import { ManualClock } from './clock.ts'
import { rebuild } from './rebuild.ts'
import { KEEPINGS, type World } from './world.ts'

const POWERS: readonly Power[] = [...ALL_POWERS, 'information.keep']
const T0 = Date.parse('2026-07-01T08:00:00.000Z')
const MINUTE = 60_000

let ground: Ground
before(async () => {
  ground = await openGround()
})
after(() => ground.leave())

type Scene = {
  readonly world: World
  readonly clock: ManualClock
  readonly parts: Cast
  readonly incident: string
  readonly team: string
  readonly hebei: string
}
async function scene(): Promise<Scene> {
  const clock = new ManualClock(T0)
  const world = await ground.open({ clock })
  const parts = await cast(world)
  await adoptPlan(world, plan())
  const incident = await declared(world, { unitInvolved: parts.unit })
  const team = await organization(world, { jurisdiction: null, sector: 'social', name: '救援队' })
  const hebei = await organization(world, { jurisdiction: '130000', functions: ['government'], name: '河北省' })
  await world.settled()
  return { world, clock, parts, incident, team, hebei }
}
const asserts = (incidentId: string, key: string, value: string | number, more: object = {}): Command => ({
  type: 'information.assert',
  incidentId,
  key,
  value,
  unit: null,
  source: '现场',
  confidence: 'reported',
  ...more,
})
const as = (organizationId: string) => ({ doer: postOf(organizationId, POWERS) })
type Row = { readonly id: string; readonly key: string; readonly contradictory: boolean; readonly state: Information }
const questions = (world: World): Promise<readonly Row[]> =>
  world.sql<Row[]>`select id, key, contradictory, state from information order by key`
async function only(world: World): Promise<Row> {
  const [row, ...more] = await questions(world)
  assert.deepEqual(
    more.map((one) => one.key),
    [],
  )
  return row ?? assert.fail('no question')
}
const file = (incidentId: string, from: string, value: number, kind = 'initial'): Command => ({
  type: 'sitrep.file',
  incidentId,
  kind,
  from,
  to: null,
  summary: '情况',
  facts: [{ key: 'deaths', value, unit: null, source: '现场指挥' }],
})
const ofType = (events: readonly Recorded[], type: string): readonly Recorded[] => events.filter((one) => one.type === type)

describe('one question of one incident', () => {
  test('is one stream, whoever asks it first and whatever id it was sent to, by hand or by a report', async () => {
    const { world, parts, incident } = await scene()
    await say(world, 'information', randomUUID(), asserts(incident, 'dead', 2), as(parts.district))
    await say(world, 'information', randomUUID(), asserts(incident, 'deaths', 3), as(parts.city))
    await say(world, 'sitrep', randomUUID(), file(incident, parts.unit, 2), as(parts.unit))
    await world.settled()
    const { key, contradictory, state } = await only(world)
    assert.deepEqual(
      [key, contradictory, state.assertions.map((one) => [one.saidBy, one.value])],
      [
        'dead',
        true,
        [
          [parts.district, 2],
          [parts.city, 3],
          [parts.unit, 2],
        ],
      ],
    )
  })

  test('a report that is corrected corrects its own word and keeps the old one', async () => {
    const { world, parts, incident } = await scene()
    const sitrep = randomUUID()
    await say(world, 'sitrep', sitrep, file(incident, parts.unit, 2), as(parts.unit))
    await say(
      world,
      'sitrep',
      sitrep,
      { type: 'sitrep.correct', key: 'deaths', value: 3, unit: null, source: '复核', reason: '漏报一人' },
      as(parts.unit),
    )
    await world.settled()
    const { state } = await only(world)
    assert.deepEqual(
      state.assertions.map((one) => [one.value, one.replaced.map((old) => old.value)]),
      [[3, [2]]],
    )
  })

  test('is reconciled by who leads there, and by nobody else', async () => {
    const { world, parts, incident, hebei } = await scene()
    await say(world, 'information', randomUUID(), asserts(incident, 'dead', 2), as(parts.unit))
    await say(world, 'information', randomUUID(), asserts(incident, 'dead', 3), as(parts.city))
    const { id } = await only(world)
    const reconcile: Command = { type: 'information.reconcile', value: 3, unit: null, reason: '逐人核对' }
    assert.equal(codeOf(await tell(world, 'information', id, reconcile, as(hebei))), 'authority.outside-jurisdiction')
    assert.equal(
      codeOf(await tell(world, 'information', id, reconcile, { doer: postOf(parts.district, ['sitrep.file']) })),
      'authority.no-power',
    )
    assert.equal(codeOf(await tell(world, 'information', id, reconcile, as(parts.district))), 'done')
    assert.equal((await only(world)).contradictory, false)
  })

  test('nobody speaks against another word than his own from outside, and no stranger speaks at all', async () => {
    const { world, parts, incident, hebei } = await scene()
    assert.equal(codeOf(await tell(world, 'information', randomUUID(), asserts(incident, 'dead', 1), as(hebei))), 'authority.not-a-party')
    await say(world, 'information', randomUUID(), asserts(incident, 'dead', 2), as(parts.city))
    const { id, state } = await only(world)
    const withdraw: Command = { type: 'information.withdraw', assertion: state.assertions[0]?.id, reason: '误报' }
    const unit = { doer: postOf(parts.unit, ['sitrep.file']) }
    assert.equal(codeOf(await tell(world, 'information', id, withdraw, unit)), 'authority.speaks-for-another')
    assert.equal(codeOf(await tell(world, 'information', id, withdraw, as(hebei))), 'authority.outside-jurisdiction')
    assert.equal(codeOf(await tell(world, 'information', id, withdraw, as(parts.city))), 'done')
    assert.equal(
      codeOf(await tell(world, 'information', randomUUID(), asserts(randomUUID(), 'dead', 1), as(parts.city))),
      'incident.unknown',
    )
    assert.equal(
      codeOf(await tell(world, 'information', randomUUID(), asserts(incident, 'dead', 1, { saidBy: randomUUID() }), as(parts.city))),
      'organization.unknown',
    )
  })
})

describe('deliveries', () => {
  test('a correction reaches exactly those who were given the wrong one, in the same commit', async () => {
    const { world, parts, incident, team, hebei } = await scene()
    await say(world, 'information', randomUUID(), asserts(incident, 'dead', 2), as(parts.unit))
    const { id } = await only(world)
    const deliver = (...to: readonly string[]): Command => ({ type: 'information.deliver', to, complete: false })
    await say(world, 'information', id, deliver(team, hebei), as(parts.district))
    await say(world, 'information', randomUUID(), asserts(incident, 'dead', 3), as(parts.city))
    await say(world, 'information', id, deliver(parts.nation), as(parts.district))
    await say(world, 'information', id, { type: 'information.receipt' }, as(team))
    const events = await say(
      world,
      'information',
      id,
      { type: 'information.reconcile', value: 3, unit: null, reason: '逐人核对' },
      as(parts.district),
    )
    const [correction, ...more] = ofType(events, 'information.delivered')
    assert.deepEqual(more, [])
    assert.deepEqual((correction?.data as { to: string[] }).to.toSorted(), [team, hebei, parts.nation].toSorted())
    const seen = await world.read({ organizationId: hebei, jurisdiction: '130000' }, (sql) => sql`select 1 from information`)
    assert.equal(seen.length, 1, 'whoever was given it sees it')
  })

  test('discharge what the clause in force demands, on time or late', async () => {
    const { world, clock, parts, incident } = await scene()
    await say(world, 'information', randomUUID(), asserts(incident, 'substance-list', '氰化钠 700 吨'), as(parts.unit))
    const { id } = await only(world)
    await world.advance(T0 + 40 * MINUTE)
    const partly: Command = { type: 'information.deliver', to: [parts.district], complete: false }
    await say(world, 'information', id, partly, as(parts.unit))
    await world.settled()
    const status = async (): Promise<unknown> => (await world.sql`select status from obligation`)[0]?.status
    assert.equal(await status(), 'owed', 'a list that is not complete discharges nothing')
    await say(world, 'information', randomUUID(), asserts(incident, 'substance-list', '氰化钠 700 吨，硝酸铵 800 吨'), {
      ...as(parts.unit),
      occurredAt: fromMs(clock.now()),
    })
    await say(world, 'information', id, { ...partly, complete: true }, as(parts.unit))
    await world.settled()
    assert.equal(await status(), 'discharged')
    const [row] = await world.sql<{ late: string }[]>`select state ->> 'lateBy' as late from obligation`
    assert.equal(row?.late, 'PT10M')
  })

  test('rebuilt from the log the rows are the same, and nothing follows twice', async () => {
    const { world, parts, incident, team } = await scene()
    await say(world, 'sitrep', randomUUID(), file(incident, parts.unit, 2), as(parts.unit))
    await world.settled()
    const { id } = await only(world)
    await say(world, 'information', id, { type: 'information.deliver', to: [team], complete: true }, as(parts.district))
    await world.settled()
    const kept = await questions(world)
    await rebuild(world.sql, world.schema, KEEPINGS)
    assert.deepEqual(await questions(world), kept)
    assert.equal(ofType(await whole(world), 'information.asserted').length, 1)
  })
})

describe('who may see it', () => {
  test('whoever sees the incident, and whoever was given it; of the log no more than that', async () => {
    const { world, parts, incident, team, hebei } = await scene()
    await say(world, 'information', randomUUID(), asserts(incident, 'dead', 2), as(parts.unit))
    const sees = async (organizationId: string, jurisdiction: string | null): Promise<readonly number[]> =>
      world.read({ organizationId, jurisdiction }, async (sql) => {
        const [rows, events] = [await sql`select 1 from information`, await sql`select 1 from event where stream like 'information/%'`]
        return [rows.length, events.length]
      })
    assert.deepEqual(await sees(parts.city, '120000'), [1, 2])
    assert.deepEqual(await sees(hebei, '130000'), [0, 0])
    assert.deepEqual(await sees(team, null), [0, 0])
    const { id } = await only(world)
    await say(world, 'information', id, { type: 'information.deliver', to: [team], complete: true }, as(parts.district))
    assert.deepEqual(await sees(team, null), [1, 0])
    assert.deepEqual(await sees(hebei, '130000'), [0, 0])
  })
})

describe('over HTTP', () => {
  let house: House
  before(async () => {
    house = await openHouse()
  })
  after(() => house.leave())

  test('the board shows both words side by side, who may reconcile, and what is owed by whom to whom', async () => {
    const { worlds, parts, district, unit, hebei } = house
    const { real } = worlds
    const incident = await reported(real, { unitInvolved: parts.unit })
    await say(real, 'incident', incident, { type: 'incident.verify', text: '属实' })
    await say(real, 'incident', incident, {
      type: 'incident.declare',
      class: 'accident',
      severity: 2,
      hazard: 'hazardous-chemicals',
      title: '仓库起火',
    })
    await real.settled()
    for (const [who, value] of [
      [unit, 2],
      [district, 3],
    ] as const) {
      const answer = await who.tell('information', randomUUID(), asserts(incident, 'dead', value))
      assert.equal(answer.status, 200, JSON.stringify(answer.body))
    }
    const view = await district.get<InformationView>(`/api/information?incident=${incident}`)
    const [question] = view.questions
    assert.deepEqual(
      [question?.contradictions, question?.settled, question?.assertions.map((one) => one.value).toSorted()],
      [[{ kind: 'differ', scope: null }], null, [2, 3]],
    )
    assert.equal(view.incidents.find((one) => one.id === incident)?.contradictory, 1)
    assert.equal(view.assert.refusal, null)
    const owed = await district.get<OwedInformationView>(`/api/information/owed?incident=${incident}`)
    assert.deepEqual(
      owed.owed.map((one) => [one.obligation.debtor.id, one.information, one.state, one.grave]),
      [[parts.unit, ['substance-list'], 'open', true]],
    )
    const none = await hebei.get<InformationView>(`/api/information?incident=${incident}`)
    assert.deepEqual([none.incident === null || none.questions.length === 0, none.incidents], [true, []])
    const refused = await hebei.tell('information', question?.id ?? '', { type: 'information.deliver', to: [parts.hebei], complete: true })
    assert.equal(refused.status, 403)
  })

  test('hostile input is refused before anything is decided', async () => {
    const { district } = house
    for (const body of [
      { type: 'information.assert' },
      { type: 'information.note-release', release: randomUUID(), value: 1, unit: null },
      { type: 'information.deliver', to: [], complete: true },
      '{"type":',
    ]) {
      const { status } = await district.tell('information', randomUUID(), body)
      assert.ok([400, 403, 422].includes(status), String(status))
    }
    assert.equal((await district.ask('/api/information?incident=1')).status, 400)
  })
})
