import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { commandsOver } from '#core/authority.ts'
import type { Body } from '#core/headquarters.ts'
import type { Incident } from '#core/incident.ts'
import { commandingOf } from '#core/incident/headquarters.ts'
import type { Obligation } from '#core/obligation.ts'
import type { IncidentView } from '#core/view.ts'
import type { BodiesView, BodyView, LeadsView } from '#core/view/headquarters.ts'
import { openHouse, type House } from '../fixtures/server/house.ts'
import {
  cast,
  codeOf,
  declared,
  openGround,
  organization,
  postOf,
  say,
  tell,
  words,
  type Cast,
  type Ground,
} from '../fixtures/server/scene.ts'
import { ManualClock } from './clock.ts'
import { rebuild } from './rebuild.ts'
import { KEEPINGS, type World } from './world.ts'

const MINUTE = 60_000
const T0 = Date.parse('2026-07-01T08:00:00.000Z')

let ground: Ground
before(async () => {
  ground = await openGround()
})
after(() => ground.leave())

type Scene = {
  readonly world: World
  readonly clock: ManualClock
  readonly parts: Cast
  readonly charity: string
  readonly incident: string
}
async function scene(): Promise<Scene> {
  const clock = new ManualClock(T0)
  const world = await ground.open({ clock })
  const parts = await cast(world)
  const charity = await organization(world, { jurisdiction: null, sector: 'social', name: '红十字会' })
  return { world, clock, parts, charity, incident: await declared(world) }
}

const found = (lead: string, members: readonly string[], more: object = {}) => ({
  type: 'headquarters.found',
  name: words('防汛指挥部'),
  kind: 'command',
  jurisdiction: '120000',
  lead,
  members: members.map((one) => ({ organization: one, seat: 'member', sector: null })),
  powers: ['command'],
  sectors: [],
  basis: null,
  incidentId: null,
  organization: null,
  ...more,
})
const purpose = (functions: readonly (readonly [name: string, lead: string | null])[]) => ({
  type: 'headquarters.set-purpose',
  objectives: [{ code: 'life', words: words('不死人'), parent: null }],
  functions: functions.map(([name, lead]) => ({ function: name, lead })),
  terms: [],
})
const stateOf = async <State>(world: World, table: 'incident' | 'headquarters', id: string): Promise<State> => {
  const [row] = await world.sql<{ state: State }[]>`select state from ${world.sql(table)} where id = ${id}`
  return row?.state ?? assert.fail(`no ${table}`)
}

describe('a standing body', () => {
  test('S0-21: is not activated without objectives and a lead for each function; with them it commands in the incident', async () => {
    const { world, parts, charity, incident } = await scene()
    const city = { doer: postOf(parts.city) }
    const body = randomUUID()
    await say(world, 'headquarters', body, found(parts.city, [charity]), city)
    const activate = { type: 'headquarters.activate', incidentId: incident }
    assert.equal(codeOf(await tell(world, 'headquarters', body, activate, city)), 'headquarters.no-objectives')
    await say(
      world,
      'headquarters',
      body,
      purpose([
        ['rescue', parts.city],
        ['shelter', null],
      ]),
      city,
    )
    assert.equal(codeOf(await tell(world, 'headquarters', body, activate, city)), 'headquarters.no-lead-for')
    assert.equal((await stateOf<Incident>(world, 'incident', incident)).headquarters, null, 'nothing commands meanwhile')
    await say(
      world,
      'headquarters',
      body,
      purpose([
        ['rescue', parts.city],
        ['shelter', charity],
      ]),
      city,
    )
    await say(world, 'headquarters', body, activate, city)
    await world.settled()
    const { headquarters } = await stateOf<Incident>(world, 'incident', incident)
    assert.deepEqual([headquarters?.id, headquarters?.lead, headquarters?.jurisdiction], [body, parts.city, '120000'])
    assert.deepEqual(headquarters?.members, [parts.city, charity])
  })

  test('commands whom it may not command otherwise, from its activation to its end', async () => {
    const { world, parts, charity, incident } = await scene()
    const city = { doer: postOf(parts.city) }
    const body = randomUUID()
    await say(world, 'headquarters', body, found(parts.city, [charity]), city)
    await say(world, 'headquarters', body, purpose([['rescue', parts.city]]), city)
    const commands = async (): Promise<boolean> =>
      commandsOver(parts.city, charity, commandingOf(await stateOf<Incident>(world, 'incident', incident)), await world.relations())
    assert.equal(await commands(), false)
    await say(world, 'headquarters', body, { type: 'headquarters.activate', incidentId: incident }, city)
    await world.settled()
    assert.equal(await commands(), true)
    await say(world, 'headquarters', body, { type: 'headquarters.deactivate', incidentId: incident, reason: '结束' }, city)
    await world.settled()
    assert.equal(await commands(), false)
    assert.equal((await stateOf<Body>(world, 'headquarters', body)).status, 'founded')
  })

  test('ends with the incident', async () => {
    const { world, parts, incident } = await scene()
    const body = randomUUID()
    await say(world, 'headquarters', body, found(parts.city, []))
    await say(world, 'headquarters', body, purpose([['rescue', parts.city]]))
    await say(world, 'headquarters', body, { type: 'headquarters.activate', incidentId: incident })
    await world.settled()
    await say(world, 'incident', incident, { type: 'incident.close', reason: '处置结束' })
    await world.settled()
    assert.deepEqual((await stateOf<Body>(world, 'headquarters', body)).incidents, [])
  })

  test('is activated where it answers, and only one for a territory', async () => {
    const { world, parts, incident } = await scene()
    const hebei = await organization(world, { jurisdiction: '130000', functions: ['government'] })
    const found1 = async (lead: string, jurisdiction: string): Promise<string> => {
      const body = randomUUID()
      await say(world, 'headquarters', body, found(lead, [], { jurisdiction }))
      await say(world, 'headquarters', body, purpose([['rescue', lead]]))
      return body
    }
    const [abroad, first, second] = [await found1(hebei, '130000'), await found1(parts.city, '120000'), await found1(parts.city, '120000')]
    const activate = async (body: string, doer: string): Promise<string> =>
      codeOf(await tell(world, 'headquarters', body, { type: 'headquarters.activate', incidentId: incident }, { doer: postOf(doer) }))
    assert.equal(await activate(abroad, hebei), 'headquarters.outside-its-territory')
    assert.equal(await activate(first, parts.city), 'done')
    await world.settled()
    assert.equal(await activate(second, parts.city), 'incident.headquarters-already-active')
  })

  test('S2-04: a joint team is formed when its last member has joined, and the time is kept', async () => {
    const { world, clock, parts, charity } = await scene()
    const body = randomUUID()
    await say(
      world,
      'headquarters',
      body,
      found(parts.district, [parts.unit, charity], { kind: 'joint-team', powers: ['coordinate'], jurisdiction: '120116' }),
    )
    for (const [minutes, member] of [
      [3, parts.unit],
      [9, charity],
    ] as const) {
      clock.set(T0 + minutes * MINUTE)
      await say(world, 'headquarters', body, { type: 'headquarters.join' }, { doer: postOf(member) })
    }
    const { formedAt, foundedAt, lead } = await stateOf<Body>(world, 'headquarters', body)
    assert.equal(Date.parse(formedAt ?? '') - Date.parse(foundedAt), 9 * MINUTE)
    assert.equal(lead, parts.district, 'one team, one leader')
    const outsider = { doer: postOf(parts.city) }
    assert.equal(codeOf(await tell(world, 'headquarters', body, { type: 'headquarters.join' }, outsider)), 'authority.not-a-member')
  })

  test('S3-17: what a meeting lays down is owed, each item once, by a member without a superior too', async () => {
    const { world, parts, charity } = await scene()
    const body = randomUUID()
    await say(
      world,
      'headquarters',
      body,
      found(parts.district, [charity], { kind: 'coordination-desk', powers: ['coordinate'], jurisdiction: '120116' }),
    )
    const item = (debtor: string) => ({
      debtor,
      act: 'share-needs',
      actWords: words('每日通报需求'),
      function: 'society',
      dueAt: new Date(T0 + 60 * MINUTE).toISOString(),
      objectiveId: null,
    })
    const meet = {
      type: 'headquarters.meet',
      text: '信息共享会',
      attended: [charity],
      decisions: [item(charity), item(parts.district)],
      incidentId: null,
    }
    await say(world, 'headquarters', body, meet, { doer: postOf(parts.district) })
    await world.settled()
    const owed = await world.sql<{ state: Obligation }[]>`select state from obligation where state ->> 'origin' = 'decision'`
    assert.deepEqual(
      owed.map(({ state }) => [state.debtor, state.creditor, state.trigger?.type]).toSorted(),
      [
        [charity, parts.district, 'headquarters.met'],
        [parts.district, parts.city, 'headquarters.met'],
      ].toSorted(),
    )
  })
})

describe('several headquarters in one incident', () => {
  test('hand the lead from county to city with what is transferred, and at no moment nobody leads', async () => {
    const { world, clock, parts, incident } = await scene()
    const as = (id: string) => ({ doer: postOf(id) })
    const activate = (lead: string, jurisdiction: string) => ({
      type: 'incident.activate-headquarters',
      name: words('指挥部'),
      lead,
      members: [],
      positions: [],
      jurisdiction,
    })
    const at = (minutes: number): void => clock.set(T0 + minutes * MINUTE)
    at(10)
    await say(world, 'incident', incident, activate(parts.district, '120116'), as(parts.district))
    at(20)
    await say(world, 'incident', incident, activate(parts.city, '120000'), as(parts.city))
    const before = await stateOf<Incident>(world, 'incident', incident)
    assert.equal(before.headquarters?.lead, parts.district, 'a superior takes over by hand-over only')
    const there = before.otherHeadquarters[0]?.id ?? null
    const handOver = {
      type: 'incident.hand-over',
      to: parts.city,
      headquarters: there,
      transferred: [{ kind: 'forces', text: '6 队' }],
      reason: '超出本级能力',
    }
    assert.equal(codeOf(await tell(world, 'incident', incident, handOver, as(parts.unit))), 'authority.not-lead')
    at(30)
    await say(world, 'incident', incident, handOver, as(parts.district))
    assert.equal(
      codeOf(await tell(world, 'incident', incident, { type: 'incident.take-over' }, as(parts.district))),
      'authority.not-successor',
    )
    assert.equal((await stateOf<Incident>(world, 'incident', incident)).headquarters?.lead, parts.district)
    at(35)
    await say(world, 'incident', incident, { type: 'incident.take-over' }, as(parts.city))
    const state = await stateOf<Incident>(world, 'incident', incident)
    assert.deepEqual([state.headquarters?.lead, state.otherHeadquarters.map((one) => one.lead)], [parts.city, [parts.district]])
    await rebuild(world.sql, world.schema, KEEPINGS)
    assert.deepEqual(await stateOf<Incident>(world, 'incident', incident), state)
  })

  test('whoever entered the scene is commanded by the one in overall command, and no longer when it has left', async () => {
    const { world, parts, charity, incident } = await scene()
    await say(world, 'incident', incident, {
      type: 'incident.activate-headquarters',
      name: words('指挥部'),
      lead: parts.district,
      members: [],
      positions: [],
    })
    const commands = async (): Promise<boolean> =>
      commandsOver(parts.district, charity, commandingOf(await stateOf<Incident>(world, 'incident', incident)), await world.relations())
    assert.equal(await commands(), false)
    await say(world, 'incident', incident, { type: 'incident.enter-scene', organization: charity }, { doer: postOf(charity) })
    assert.equal(await commands(), true)
    await say(world, 'incident', incident, { type: 'incident.leave-scene', organization: charity }, { doer: postOf(parts.district) })
    assert.equal(await commands(), false)
  })
})

describe('over HTTP', () => {
  let house: House
  before(async () => {
    house = await openHouse()
  })
  after(() => house.leave())

  test('a body is founded, listed with how ready it is, and shown only to those whom it concerns', async () => {
    const { parts, district, city, hebei, unit } = house
    const id = randomUUID()
    const { status, body } = await district.tell('headquarters', id, found(parts.district, [parts.unit], { jurisdiction: '120116' }))
    assert.equal(status, 200, JSON.stringify(body))
    const { bodies, coGovernance } = await city.get<BodiesView>('/api/headquarters')
    assert.deepEqual(
      bodies.map((one) => [one.id, one.notReady?.code, one.members, one.joined]),
      [[id, 'headquarters.no-objectives', 2, 1]],
    )
    assert.deepEqual([coGovernance.bodies, coGovernance.share], [1, 0])
    assert.equal((await unit.tell('headquarters', id, { type: 'headquarters.join' })).status, 200)
    const shown = await unit.get<BodyView>(`/api/headquarters/${id}`)
    assert.ok(shown.timeToForm !== null)
    assert.equal((await hebei.ask(`/api/headquarters/${id}`)).status, 404, 'a neighbour')
    assert.equal((await hebei.tell('headquarters', id, { type: 'headquarters.stand-down', reason: 'x' })).status, 403)
  })

  test('an incident says who leads it by law, and the leads over time have no gap', async () => {
    const { parts, district, city } = house
    const id = await declared(house.worlds.real)
    const bare = await district.get<IncidentView>(`/api/incidents/${id}`)
    assert.deepEqual([bare.headquarters, bare.conduct.lead?.id], [null, parts.district])
    const activated = {
      type: 'incident.activate-headquarters',
      name: words('区指挥部'),
      lead: parts.district,
      members: [],
      positions: [],
      sectors: [{ code: 'east', words: words('东区'), lead: parts.unit }],
    }
    assert.equal((await district.tell('incident', id, activated)).status, 200)
    assert.equal(
      (
        await district.tell('incident', id, {
          type: 'incident.hand-over',
          to: parts.city,
          headquarters: null,
          transferred: [{ kind: 'forces', text: '6 队' }],
          reason: '升级',
        })
      ).status,
      200,
    )
    const pending = await city.get<IncidentView>(`/api/incidents/${id}`)
    assert.deepEqual([pending.conduct.lead?.id, pending.conduct.handOver?.to.id], [parts.district, parts.city])
    assert.equal(pending.actions.find((one) => one.command === 'incident.take-over')?.refusal, null)
    assert.equal((await city.tell('incident', id, { type: 'incident.take-over' })).status, 200)
    const { leads, leadless } = await district.get<LeadsView>(`/api/incidents/${id}/leads`)
    assert.deepEqual(leads.map((one) => one.organization?.id).slice(-2), [parts.district, parts.city])
    for (const [i, one] of leads.entries()) assert.equal(one.until, leads[i + 1]?.from ?? null, 'each begins where the last one ended')
    assert.deepEqual([leads.at(-1)?.transferred, leadless], [[{ kind: 'forces', text: '6 队' }], 'PT0S'])
  })
})
