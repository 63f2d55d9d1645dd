import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { AlertDetail } from '#core/view/alert.ts'
import type { DeskView } from '#core/view.ts'
import type { CallsView, LatenciesView } from '#core/view/call.ts'
import { openHouse, type Asker, type House } from '../fixtures/server/house.ts'
import { adoptPlan, openGround, organization, postOf, say, tell, cast, type Ground } from '../fixtures/server/scene.ts'
import { received, warningPlan } from '../fixtures/server/warning.ts'
import { ManualClock } from './clock.ts'
import { fromMs } from '#core/time.ts'

let house: House
let ground: Ground
before(async () => {
  house = await openHouse()
  ground = await openGround()
})
after(async () => {
  await house.leave()
  await ground.leave()
})

const T0 = Date.parse('2026-07-01T08:00:00.000Z')
const MINUTE = 60_000

/** Two sub-districts of Binhai under a red warning, a care home that one of them responds for. */
async function warned() {
  const clock = new ManualClock(T0)
  const world = await ground.open({ clock })
  const parts = await cast(world)
  const offices = await Promise.all(
    [1, 2].map(() =>
      organization(world, { jurisdiction: '120116', functions: ['community'], superior: parts.district, sector: 'grass-roots' }),
    ),
  )
  const [first = '', second = ''] = offices.toSorted()
  await adoptPlan(world, warningPlan())
  const site = {
    id: randomUUID(),
    name: '海滨养老院',
    kind: 'care-home',
    jurisdiction: '120116',
    owner: null,
    regulator: null,
    responder: first,
  }
  const reach = { divisions: [{ code: '120116', share: 'whole' as const }], sites: [site] }
  const alert = received({ reach, at: fromMs(T0) })
  await say(world, 'alert', alert.id, alert.command)
  await world.settled()
  const owed = async () =>
    world.sql<{ id: string; debtor: string; stage: string; status: string; climbed: number }[]>`
      select id, debtor, stage, status, (state ->> 'climbed')::int as climbed from obligation order by stage, debtor`
  return { world, clock, parts, first, second, site, alert, owed }
}

test('a red warning has each of the warned answer, the government decide, and the care home asked after by name', async () => {
  const { world, parts, first, second, site, alert, owed } = await warned()
  assert.deepEqual(
    (await owed()).map((one) => [one.stage, one.debtor]),
    [
      ['answer', first],
      ['answer', second],
      ['ask', first],
      ['decide', parts.district],
    ],
  )
  const [asked] = await world.sql<
    { words: string }[]
  >`select state -> 'actWords' ->> 'zh-CN' as words from obligation where site_id = ${site.id}`
  assert.match(asked?.words ?? '', /海滨养老院/)
  const [folder] = await world.sql<{ status: string; expected: string }[]>`
    select status, state ->> 'expected' as expected from incident where id = ${alert.incidentId}`
  assert.deepEqual(folder, { status: 'verified', expected: 'true' })
})

test('who is silent is climbed to the superior, then to the neighbour; a call that is answered is the answer, with who took it down', async () => {
  const { world, parts, first, second, alert, owed } = await warned()
  await world.advance(T0 + 16 * MINUTE)
  assert.deepEqual(
    (await owed()).filter((one) => one.stage === 'answer').map((one) => one.climbed),
    [1, 1],
  )
  await world.advance(T0 + 21 * MINUTE)
  const [row] = (await owed()).filter((one) => one.debtor === first && one.stage === 'answer')
  assert.equal(row?.climbed, 2)
  const call = (organizationId: string, outcome: string, text?: string) =>
    tell(
      world,
      'obligation',
      row?.id ?? '',
      { type: 'obligation.note-call', way: 'phone', outcome, ...(text === undefined ? {} : { text }) },
      { doer: postOf(organizationId, ['obligation.answer']) },
    )
  assert.ok('events' in (await call(parts.district, 'no-answer')))
  assert.ok('events' in (await call(second, 'answered', '已收到，正在转移')), 'the neighbour that it climbed to may call')
  const stranger = await organization(world, { jurisdiction: '130200' })
  assert.equal('code' in (await call(stranger, 'answered', 'x')), true)
  await world.settled()
  const [done] = (await owed()).filter((one) => one.debtor === first && one.stage === 'answer')
  assert.equal(done?.status, 'discharged')
  const [note] = await world.sql<{ data: { text: string; organization: string; sources: string[] } }[]>`
    select data from event where type = 'incident.noted' and data ->> 'kind' = 'warning-acknowledged' and incident_id = ${alert.incidentId}`
  assert.deepEqual([note?.data.text, note?.data.organization, note?.data.sources.length], ['已收到，正在转移', first, 1])
})

test('asking after the care home discharges that and nothing else; the all-clear releases the rest and closes what never happened', async () => {
  const { world, first, site, alert, owed } = await warned()
  await say(world, 'incident', alert.incidentId, {
    type: 'incident.note',
    kind: 'special-site-checked',
    text: '人员已转移',
    organization: first,
    subject: site.id,
  })
  await world.settled()
  assert.deepEqual(
    (await owed()).filter((one) => one.status === 'discharged').map((one) => one.stage),
    ['ask'],
  )
  const lifting = received({ chainId: alert.id, incidentId: alert.incidentId, supersedes: [alert.id] })
  const made = lifting.command.made as { message: object }
  await say(world, 'alert', lifting.id, { ...lifting.command, made: { ...made, message: { ...made.message, msgType: 'Cancel' } } })
  await world.settled()
  assert.deepEqual(
    (await owed()).map((one) => one.status),
    ['waived', 'waived', 'discharged', 'waived'],
  )
  const [folder] = await world.sql<{ status: string }[]>`select status from incident where id = ${alert.incidentId}`
  assert.equal(folder?.status, 'closed')
  const [before] = await world.sql<{ status: string }[]>`select status from alert where id = ${alert.id}`
  assert.equal(before?.status, 'cancelled')
})

test('an exercise message reaches no incident and makes nothing owed', async () => {
  const { world, owed } = await warned()
  const before = (await owed()).length
  const drill = received({})
  const made = drill.command.made as { message: object }
  await say(world, 'alert', drill.id, { ...drill.command, made: { ...made, message: { ...made.message, status: 'Exercise' } } })
  await world.settled()
  assert.equal((await owed()).length, before)
  assert.equal((await world.sql`select 1 from incident where id = ${drill.incidentId}`).length, 0)
})

test('the page shows who has not answered, late first; another region sees nothing of it', async () => {
  const { real } = house.worlds
  await adoptPlan(real, warningPlan('120116', { owes: 'warned' }))
  const alert = received({})
  await say(real, 'alert', alert.id, alert.command)
  await real.settled()
  const view = await house.district.get<CallsView>(`/api/calls?warning=${alert.id}`)
  assert.equal(view.warning?.alertId, alert.id)
  assert.equal(view.warning?.colour, 'red')
  const rows = await real.sql<{ debtor: string }[]>`select debtor from obligation where alert_id = ${alert.id} and stage = 'answer'`
  assert.deepEqual(
    view.rows
      .filter((one) => one.stage === 'answer')
      .map((one) => one.organization.id)
      .toSorted(),
    rows.map((one) => one.debtor).toSorted(),
  )
  assert.deepEqual(
    view.stages.map((one) => [one.stage, one.all, one.done]),
    [
      ['answer', rows.length, 0],
      ['decide', 1, 0],
    ],
  )
  const elsewhere = await house.hebei.get<CallsView>(`/api/calls?warning=${alert.id}`)
  assert.deepEqual([elsewhere.warning, elsewhere.rows], [null, []])
  const bad = await house.district.ask('/api/calls?warning=x')
  assert.equal(bad.status, 400)
})

test('the desk of whoever may call shows the gravest warning that others have not answered in time, and how many', async () => {
  const { real } = house.worlds
  const desk = async (who: Asker): Promise<readonly unknown[]> =>
    (await who.get<DeskView>('/api/desk')).waiting.filter((one) => one.kind === 'calls').map((one) => [one.id, one.colour, one.count])
  assert.deepEqual(await desk(house.district), [])
  const [row] = await real.sql<{ alertId: string; debtor: string; count: number }[]>`
    select alert_id as "alertId", debtor, count(*) over ()::int as count from obligation
    where open and stage = 'answer' and debtor <> ${house.parts.district} limit 1`
  const { alertId, count } = row ?? assert.fail('nothing is owed')
  // Its time ran out, as the clock would say.
  await real.sql`update obligation set lapsed_at = ${real.now()} where alert_id = ${alertId} and stage = 'answer'`
  assert.deepEqual(await desk(house.district), [[alertId, 'red', count]])
  assert.deepEqual(await desk(house.hebei), [])
})

test('latencies count what is open apart: half of the answers after 10 minutes, none decided', async () => {
  const { world, clock, first, second, alert } = await warned()
  for (const [organizationId, minutes] of [
    [first, 4],
    [second, 10],
  ] as const) {
    clock.set(T0 + minutes * MINUTE)
    await say(world, 'incident', alert.incidentId, {
      type: 'incident.note',
      kind: 'warning-acknowledged',
      text: '收到',
      organization: organizationId,
    })
    await world.settled()
  }
  const rows = await world.sql<{ stage: string; ms: number | null }[]>`
    select stage, (extract(epoch from discharged_at - owed_at) * 1000)::float8 as ms from obligation where stage in ('answer', 'decide') order by stage, ms`
  assert.deepEqual(
    rows.map((one) => [one.stage, one.ms]),
    [
      ['answer', 4 * MINUTE],
      ['answer', 10 * MINUTE],
      ['decide', null],
    ],
  )
  const view = await house.district.get<LatenciesView>('/api/calls/latencies?days=400')
  assert.ok(view.byColour.every((one) => one.done + one.open > 0))
  assert.ok(view.byColour.some((one) => one.stage === 'decide' && one.done === 0 && one.p50 === null))
})

test('what the all-clear releases is not counted as answered: two years later nobody may read it so', async () => {
  const { real } = house.worlds
  const alert = received({})
  await say(real, 'alert', alert.id, alert.command)
  await real.settled()
  const before = await house.district.get<AlertDetail>(`/api/alerts/${alert.id}`)
  assert.ok((before.answers?.owed ?? 0) > 0)
  const lifting = received({ chainId: alert.id, incidentId: alert.incidentId, supersedes: [alert.id] })
  const made = lifting.command.made as { message: object }
  await say(real, 'alert', lifting.id, { ...lifting.command, made: { ...made, message: { ...made.message, msgType: 'Cancel' } } })
  await real.settled()
  const over = await house.district.get<AlertDetail>(`/api/alerts/${alert.id}`)
  assert.deepEqual(over.answers, { owed: before.answers?.owed, answered: 0, late: 0 })
})
