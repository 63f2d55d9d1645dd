import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import type { Decision } from '#core/decision.ts'
import type { Obligation } from '#core/obligation.ts'
import type { DecisionsView, DecisionView } from '#core/view/decision.ts'
import { openHouse, type House } from '../fixtures/server/house.ts'
import {
  adoptPlan,
  cast,
  codeOf,
  declared,
  openGround,
  organization,
  plan,
  postOf,
  say,
  tell,
  until,
  words,
  type Cast,
  type Ground,
} from '../fixtures/server/scene.ts'
import { ManualClock } from './clock.ts'
import type { World } from './world.ts'

const T0 = Date.parse('2026-07-01T08:00:00.000Z')
const HOUR = 3_600_000

let ground: Ground
before(async () => {
  ground = await openGround()
})
after(() => ground.leave())

type Scene = { readonly world: World; readonly parts: Cast; readonly health: string; readonly charity: string; readonly incident: string }
async function scene(): Promise<Scene> {
  const world = await ground.open({ clock: new ManualClock(T0) })
  const parts = await cast(world)
  const health = await organization(world, {
    jurisdiction: '120116',
    functions: ['health'],
    superior: parts.district,
    name: '区卫生健康委',
  })
  const charity = await organization(world, { jurisdiction: null, sector: 'social', name: '救援队' })
  const incident = await declared(world)
  const activate = {
    type: 'incident.activate-headquarters',
    name: words('指挥部'),
    lead: parts.district,
    members: [health, charity],
    positions: [],
  }
  await say(world, 'incident', incident, activate)
  return { world, parts, health, charity, incident }
}

const item = (debtor: string, act = 'evacuate', from = T0) => ({
  debtor,
  act,
  actWords: words('转移群众'),
  function: 'evacuation',
  dueAt: new Date(from + 6 * HOUR).toISOString(),
  objectiveId: null,
})
const propose = (incidentId: string | null, members: readonly string[], items: readonly object[], more: object = {}) => ({
  type: 'decision.propose',
  incidentId,
  headquartersId: null,
  title: '转移下游群众',
  text: '今晚前转移三村',
  matter: 'evacuation',
  path: 'ordinary',
  members,
  inOrder: false,
  items,
  ...more,
})
const owedIn = (world: World): Promise<readonly { readonly id: string; readonly state: Obligation }[]> =>
  world.sql<{ id: string; state: Obligation }[]>`select id, state from obligation where state ->> 'origin' = 'decision' order by id`
const stateOf = async (world: World, id: string): Promise<Decision> => {
  const [row] = await world.sql<{ state: Decision }[]>`select state from decision where id = ${id}`
  return row?.state ?? assert.fail('no decision')
}

describe('a joint decision', () => {
  test('S0-18: becomes obligations when it is taken, each item one, exactly once; every one has an owner and a date', async () => {
    const { world, parts, health, charity, incident } = await scene()
    const id = randomUUID()
    const items = [item(health, 'open-hospital'), item(charity, 'ferry'), item(parts.district, 'order-evacuation')]
    await say(world, 'decision', id, propose(incident, [health, charity], items), { doer: postOf(parts.district) })
    await world.settled()
    assert.equal((await owedIn(world)).length, 0, 'what is only proposed is not owed')
    await say(world, 'decision', id, { type: 'decision.concur' }, { doer: postOf(health) })
    await say(world, 'decision', id, { type: 'decision.dissent', reason: '船不够' }, { doer: postOf(charity) })
    const take = { commandId: randomUUID(), doer: postOf(parts.district) }
    await say(world, 'decision', id, { type: 'decision.take' }, take)
    await say(world, 'decision', id, { type: 'decision.take' }, take)
    await world.settled()
    const owed = await owedIn(world)
    assert.deepEqual(
      owed.map(({ state }) => [state.debtor, state.creditor]).toSorted(),
      [
        [health, parts.district],
        [charity, parts.district],
        [parts.district, parts.city],
      ].toSorted(),
      'who leads owes its own part to its superior',
    )
    const ownedAndDated = owed.filter(({ state }) => state.debtor !== '' && state.dueAt === new Date(T0 + 6 * HOUR).toISOString())
    assert.equal(ownedAndDated.length / items.length, 1)
    // A second server of the same log acts on the same event again: nothing is owed twice.
    await world.sql`update follower set position = 0`
    const second = await ground.open({ name: world.name, clock: new ManualClock(T0) })
    await until('it has acted on the whole log again', async () => {
      const [row] = await second.sql<{ done: boolean }[]>`
        select position >= (select max(position) from event) as done from follower where name = 'linkage'`
      return row?.done === true
    })
    await second.settled()
    assert.deepEqual(await owedIn(world), owed)
  })

  test('is not taken while a member is unheard, but on an emergency path that was declared, with a reason', async () => {
    const { world, parts, health, charity, incident } = await scene()
    const lead = { doer: postOf(parts.district) }
    const id = randomUUID()
    const emergency = propose(incident, [health, charity], [item(health)], { path: 'emergency' })
    assert.equal(codeOf(await tell(world, 'decision', id, emergency, lead)), 'decision.no-emergency-path')
    await say(
      world,
      'incident',
      incident,
      { type: 'incident.declare-emergency-path', reason: '洪峰将至', basis: '突发事件应对法第十七条' },
      lead,
    )
    await say(world, 'decision', id, emergency, lead)
    assert.equal(codeOf(await tell(world, 'decision', id, { type: 'decision.take' }, lead)), 'decision.reason-needed')
    await say(world, 'decision', id, { type: 'decision.take', reason: '四十分钟后到' }, lead)
    assert.deepEqual((await stateOf(world, id)).unheard, [health, charity])
    const ordinary = randomUUID()
    await say(world, 'decision', ordinary, propose(incident, [health], [item(health)]), lead)
    assert.equal(codeOf(await tell(world, 'decision', ordinary, { type: 'decision.take', reason: '急' }, lead)), 'decision.members-unheard')
    await say(world, 'incident', incident, { type: 'incident.end-emergency-path', reason: '险情解除' }, lead)
    assert.equal(codeOf(await tell(world, 'decision', randomUUID(), emergency, lead)), 'decision.no-emergency-path')
  })

  test('asks those whom the authority clause in force asks, in its order, and is taken by its holder', async () => {
    const { world, parts, health, charity, incident } = await scene()
    const clause = {
      id: 'approve-evacuation',
      kind: 'authority',
      article: words('第九条'),
      words: words('转移由市政府决定，先经区卫生健康、区政府同意'),
      wording: 'summary',
      decides: ['evacuation'],
      path: 'ordinary',
      holder: 'government@superior',
      approvals: ['function:health', 'government'],
      within: null,
    } as const
    await adoptPlan(world, {
      ...plan({ id: 'authority-plan' }),
      clauses: [{ ...clause, decides: [...clause.decides], approvals: [...clause.approvals] }],
    })
    const id = randomUUID()
    await say(world, 'decision', id, propose(incident, [charity], [item(health)]), { doer: postOf(parts.district) })
    const state = await stateOf(world, id)
    assert.deepEqual([state.members, state.inOrder, state.lead], [[health, parts.district, charity], true, parts.city])
    assert.deepEqual(state.basis, { instrumentId: 'authority-plan', version: 1, clauseId: 'approve-evacuation' })
    assert.equal(
      codeOf(await tell(world, 'decision', id, { type: 'decision.concur' }, { doer: postOf(parts.district) })),
      'decision.not-yet-its-turn',
    )
    for (const member of [health, parts.district, charity])
      await say(world, 'decision', id, { type: 'decision.concur' }, { doer: postOf(member) })
    assert.equal(
      codeOf(await tell(world, 'decision', id, { type: 'decision.take' }, { doer: postOf(parts.district) })),
      'authority.not-lead',
    )
    await say(world, 'decision', id, { type: 'decision.take' }, { doer: postOf(parts.city) })
    await world.settled()
    const [owed] = await owedIn(world)
    assert.deepEqual([owed?.state.basis?.clauseId, owed?.state.creditor], ['approve-evacuation', parts.city])
  })

  test('is proposed by who takes part, not by a stranger who names himself', async () => {
    const { world, parts, health, charity, incident } = await scene()
    const neighbour = await organization(world, { jurisdiction: '120117', functions: ['government'], superior: parts.city })
    const outcome = await tell(world, 'decision', randomUUID(), propose(incident, [neighbour], [item(health)]), { doer: postOf(neighbour) })
    assert.equal(codeOf(outcome), 'authority.outside-jurisdiction')
    assert.equal(
      codeOf(await tell(world, 'decision', randomUUID(), propose(incident, [health], [item(health)]), { doer: postOf(charity) })),
      'done',
    )
    const elsewhere = propose(incident, [health], [item(health)], { jurisdiction: '120117', lead: neighbour })
    const id = randomUUID()
    await say(world, 'decision', id, elsewhere, { doer: postOf(charity) })
    assert.equal((await stateOf(world, id)).lead, parts.district, 'who takes it is known to the server, not said by who proposes')
  })
})

describe('over HTTP', () => {
  let house: House
  before(async () => {
    house = await openHouse()
  })
  after(() => house.leave())

  test('it is shown with how each stands, what became owed, and how long the chains are', async () => {
    const { parts, district, unit, city, hebei } = house
    const incident = await declared(house.worlds.real)
    const activate = {
      type: 'incident.activate-headquarters',
      name: words('指挥部'),
      lead: parts.district,
      members: [parts.unit],
      positions: [],
    }
    assert.equal((await district.tell('incident', incident, activate)).status, 200)
    const id = randomUUID()
    const proposed = await district.tell('decision', id, propose(incident, [parts.unit], [item(parts.unit, 'evacuate', Date.now())]))
    assert.equal(proposed.status, 200, JSON.stringify(proposed.body))
    const early = await district.tell('decision', id, { type: 'decision.take' })
    assert.deepEqual([early.status, (early.body as { code: string }).code], [422, 'decision.members-unheard'])
    assert.equal((await unit.tell('decision', id, { type: 'decision.dissent', reason: '人手不足' })).status, 200)
    assert.equal((await district.tell('decision', id, { type: 'decision.take' })).status, 200)
    await house.worlds.real.settled()
    const shown = await unit.get<DecisionView>(`/api/decisions/${id}`)
    assert.deepEqual(
      shown.stands.map((one) => [one.organization.id, one.stand, one.reason]),
      [[parts.unit, 'dissents', '人手不足']],
    )
    assert.deepEqual(
      shown.obligations.map((one) => [one.debtor.id, one.creditor.id]),
      [[parts.unit, parts.district]],
    )
    const { decisions, approvals } = await city.get<DecisionsView>(`/api/decisions?incident=${incident}`)
    assert.deepEqual(
      decisions.map((one) => [one.id, one.status]),
      [[id, 'taken']],
    )
    assert.deepEqual([approvals.medianSteps, approvals.emergencyShare, approvals.itemsOwnedAndDated], [1, 0, 1])
    assert.equal((await hebei.ask(`/api/decisions/${id}`)).status, 404)
  })
})
