/** Objectives, phases and the area of an incident over HTTP and in the database, against S0-11, S0-23, S1-13, S4-01 and S4-02. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { IncidentView } from '#core/view.ts'
import type { AreaView, ObjectivesView, PhasesView, UnlinkedView } from '#core/view/objective.ts'
import { openHouse, type Asker, type House } from '../fixtures/server/house.ts'
import { DECLARE, organization, REPORT, say, words, type Command } from '../fixtures/server/scene.ts'
import { rebuild } from './rebuild.ts'
import { KEEPINGS } from './world.ts'

let house: House
before(async () => {
  house = await openHouse()
})
after(() => house.leave())

const content = (owner: string, more: Partial<Command> = {}): Command => ({
  type: 'objective.revise',
  title: '四小时内转移低洼片区居民',
  measure: '已转移人数',
  target: { value: 1200, unit: '{person}' },
  weight: 40,
  owner,
  functions: [],
  schedule: null,
  budget: null,
  fund: null,
  needs: [],
  dependsOn: [],
  period: null,
  ...more,
})
const incidentTree = (incidentId: string, owner: string, more: Partial<Command> = {}): Command => ({
  ...content(owner),
  type: 'objective.set',
  incidentId,
  year: null,
  jurisdiction: '120116',
  parent: null,
  ...more,
})
const yearTree = (year: number, jurisdiction: string, owner: string, more: Partial<Command> = {}): Command => ({
  ...content(owner),
  type: 'objective.set',
  incidentId: null,
  year,
  jurisdiction,
  parent: null,
  ...more,
})

const HEBEI_AND_TIANJIN = {
  type: 'Polygon',
  coordinates: [
    [
      [116.4, 39.35],
      [117.05, 39.35],
      [117.05, 39.7],
      [116.4, 39.7],
      [116.4, 39.35],
    ],
  ],
}

const refusalOf = (answer: { readonly body: unknown }): unknown => (answer.body as { code?: string }).code
async function told(asker: Asker, room: string, id: string, command: Command): Promise<string> {
  const answer = await asker.tell(room, id, command)
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  return id
}
async function incident(more: Partial<Command> = {}): Promise<string> {
  const id = randomUUID()
  await told(house.district, 'incident', id, { ...REPORT, unitInvolved: house.parts.unit, ...more })
  await told(house.district, 'incident', id, { type: 'incident.verify', text: '属实' })
  await told(house.district, 'incident', id, DECLARE)
  await house.worlds.real.settled()
  return id
}

test('an objective of an incident covers a function, and what is owed for it is linked: the list of orphans empties', async () => {
  const { district, parts, worlds } = house
  const id = await incident()
  const orphans = await district.get<UnlinkedView>(`/api/objectives/unlinked?incident=${id}`)
  assert.equal(orphans.linked, 0)
  assert.deepEqual(orphans.functions, ['substance-information'])
  const root = await told(district, 'objective', randomUUID(), incidentTree(id, parts.district, { functions: ['substance-information'] }))
  await worlds.real.settled()
  const none = await district.get<UnlinkedView>(`/api/objectives/unlinked?incident=${id}`)
  assert.deepEqual([none.linked, none.total, none.obligations.length], [orphans.total, orphans.total, 0])
  const { objectives } = await district.get<ObjectivesView>(`/api/objectives?incident=${id}`)
  assert.deepEqual(
    objectives.map((one) => [one.id, one.serving.open]),
    [[root, orphans.total]],
  )
  // Dropped, it carries nobody: they are orphans again.
  await told(district, 'objective', root, { type: 'objective.drop', reason: '改为按片区分设' })
  await worlds.real.settled()
  assert.equal((await district.get<UnlinkedView>(`/api/objectives/unlinked?incident=${id}`)).linked, 0)
})

test('what becomes owed after the objective was set is linked from the start', async () => {
  const { district, parts, worlds } = house
  const id = randomUUID()
  await told(district, 'incident', id, { ...REPORT, unitInvolved: parts.unit })
  await told(district, 'objective', randomUUID(), incidentTree(id, parts.district, { functions: ['substance-information'] }))
  await told(district, 'incident', id, { type: 'incident.verify', text: '属实' })
  await told(district, 'incident', id, DECLARE)
  await worlds.real.settled()
  const { linked, total } = await district.get<UnlinkedView>(`/api/objectives/unlinked?incident=${id}`)
  assert.ok(total > 0)
  assert.equal(linked, total)
})

test('what one organization requests of another without naming an objective serves the one that covers its function', async () => {
  const { city, district, parts, worlds } = house
  const id = await incident()
  const root = await told(district, 'objective', randomUUID(), incidentTree(id, parts.district, { functions: ['transport'] }))
  const request = await told(city, 'obligation', randomUUID(), {
    type: 'obligation.request',
    incidentId: id,
    jurisdiction: '120116',
    debtor: parts.unit,
    function: 'transport',
    act: 'open-rescue-road',
    actWords: words('开辟救援通道'),
    basis: null,
    dueAt: null,
  })
  await worlds.real.settled()
  const { objectives } = await district.get<ObjectivesView>(`/api/objectives?incident=${id}`)
  assert.equal(objectives.find((one) => one.id === root)?.serving.open, 1)
  const orphans = await district.get<UnlinkedView>(`/api/objectives/unlinked?incident=${id}`)
  assert.ok(!orphans.obligations.some((one) => one.id === request))
})

test('objectives, phases and areas rebuilt from the log are what they were', async () => {
  const { sql, schema } = house.worlds.real
  const rows = (): Promise<unknown> =>
    Promise.all([sql`select * from objective order by id`, sql`select id, jurisdictions, state from incident order by id`]).then((all) => [
      ...all,
    ])
  const id = await incident()
  await told(house.district, 'incident', id, { type: 'incident.mark-area', area: HEBEI_AND_TIANJIN, source: '洪水淹没模型' })
  await told(house.district, 'incident', id, { type: 'incident.enter-phase', phase: 'review' })
  await told(house.district, 'objective', randomUUID(), incidentTree(id, house.parts.district))
  const kept = await rows()
  await rebuild(sql, schema, KEEPINGS)
  assert.deepEqual(await rows(), kept)
})

test('an incident has one tree: a second root is refused, a circle, a ninth level and another incident’s parent, too', async () => {
  const { district, parts } = house
  const id = await incident()
  const set = (more: Partial<Command>): Promise<{ status: number; body: unknown; id: string }> => {
    const own = randomUUID()
    return district.tell('objective', own, incidentTree(id, parts.district, more)).then((answer) => ({ ...answer, id: own }))
  }
  const root = await set({})
  assert.equal(root.status, 200)
  assert.equal(refusalOf(await set({})), 'objective.tree-has-root')
  let last = root.id
  const chain = [root.id]
  for (let level = 2; level <= 8; level++) {
    const next = await set({ parent: last })
    assert.equal(next.status, 200, JSON.stringify(next.body))
    last = next.id
    chain.push(last)
  }
  assert.equal(refusalOf(await set({ parent: last })), 'objective.too-deep')
  assert.equal(refusalOf(await district.tell('objective', chain[1] ?? '', { type: 'objective.link', parent: last })), 'objective.circle')
  assert.equal(refusalOf(await set({ parent: randomUUID() })), 'objective.parent-unknown')
  const other = await incident()
  assert.equal(
    refusalOf(await district.tell('objective', randomUUID(), incidentTree(other, parts.district, { parent: root.id }))),
    'objective.parent-of-another-tree',
  )
})

test('the targets of a year link up from district to city; what does not is shown, and the alignment says how much', async () => {
  const { district, city, hebei, parts } = house
  const top = await told(city, 'objective', randomUUID(), yearTree(2027, '120000', parts.city))
  await told(district, 'objective', randomUUID(), yearTree(2027, '120116', parts.district, { parent: top, weight: 90 }))
  const apart = await told(district, 'objective', randomUUID(), yearTree(2027, '120116', parts.district, { weight: 10 }))
  const view = await city.get<ObjectivesView>('/api/objectives?year=2027')
  assert.equal(view.alignment.weight, 0.9)
  assert.equal(view.alignment.unlinked, 1)
  assert.deepEqual(
    view.objectives.filter((one) => !one.linked && !one.shared).map((one) => one.id),
    [apart],
  )
  // Sideways there is nothing to link to, and a province keeps nobody's tree but its own.
  assert.equal(refusalOf(await hebei.tell('objective', apart, { type: 'objective.link', parent: top })), 'authority.outside-jurisdiction')
  assert.equal(
    refusalOf(await hebei.tell('objective', randomUUID(), yearTree(2027, '130000', parts.hebei, { parent: top }))),
    'objective.parent-not-superior',
  )
  assert.deepEqual((await hebei.get<ObjectivesView>('/api/objectives?year=2027')).objectives, [])
  const seenBy = (organizationId: string, jurisdiction: string): Promise<number> =>
    house.worlds.real.read({ organizationId, jurisdiction }, async (sql) => {
      const rows = await sql`select 1 from event where stream = ${`objective/${top}`}`
      return rows.length
    })
  assert.deepEqual([await seenBy(parts.hebei, '130000'), await seenBy(parts.district, '120116')], [0, 1])
  await told(district, 'objective', apart, { type: 'objective.link', parent: top })
  assert.equal((await city.get<ObjectivesView>('/api/objectives?year=2027')).alignment.weight, 1)
})

test('the calendar of a year shows what collides over HTTP as the reckoning says it', async () => {
  const { city, parts } = house
  const plan = (more: Partial<Command>): Promise<string> =>
    told(city, 'objective', randomUUID(), yearTree(2028, '120000', parts.city, more))
  const first = await plan({ schedule: { from: '2028-05-01', until: '2028-05-10' }, needs: ['foam-tender', parts.unit] })
  const second = await plan({ schedule: { from: '2028-05-10', until: '2028-05-12' }, needs: [parts.unit], dependsOn: [first] })
  const { conflicts } = await city.get<ObjectivesView>('/api/objectives?year=2028')
  assert.deepEqual(conflicts.map((one) => [one.kind, ...one.objectives]).toSorted(), [
    ['dependency-late', second, first],
    ['need-clash', first, second],
  ])
  assert.equal(conflicts.find((one) => one.kind === 'need-clash')?.organization?.id, parts.unit)
})

test('a phase does not close while something is owed in it, and says what; then it does', async () => {
  const { district, unit, worlds } = house
  const id = await incident()
  const view = await district.get<PhasesView>(`/api/incidents/${id}/phases`)
  const respond = view.phases.find((one) => one.phase === 'respond')
  assert.equal(respond?.status, 'open')
  assert.ok(respond && respond.open.count > 0)
  const refused = await district.tell('incident', id, { type: 'incident.close-phase', phase: 'respond', open: { count: 0, first: null } })
  assert.equal(refusalOf(refused), 'incident.phase-open-items')
  assert.deepEqual((refused.body as { params: { count: number } }).params.count, respond.open.count)
  for (const item of respond.open.items) await told(unit, 'obligation', item.id, { type: 'obligation.discharge', evidence: '清单已报' })
  await worlds.real.settled()
  await told(district, 'incident', id, { type: 'incident.close-phase', phase: 'respond' })
  const after = (await district.get<PhasesView>(`/api/incidents/${id}/phases`)).phases.find((one) => one.phase === 'respond')
  assert.equal(after?.status, 'closed')
  assert.ok(after && after.products.count > 0 && !after.missing)
})

test('a phase that was entered and has yielded nothing is marked, until it has a product', async () => {
  const { district } = house
  const id = await incident()
  const review = async (): Promise<boolean | undefined> =>
    (await district.get<PhasesView>(`/api/incidents/${id}/phases`)).phases.find((one) => one.phase === 'review')?.missing
  assert.equal(await review(), false)
  await told(district, 'incident', id, { type: 'incident.enter-phase', phase: 'review' })
  assert.equal(await review(), true)
  await told(district, 'incident', id, { type: 'incident.note', kind: 'review', text: '复盘会已开' })
  assert.equal(await review(), false)
})

test('an area over several provinces names them, is seen by each of them, and their common superior leads', async () => {
  const { district, hebei, parts } = house
  const id = await incident()
  assert.equal((await hebei.ask(`/api/incidents/${id}`)).status, 404)
  await told(district, 'incident', id, {
    type: 'incident.mark-area',
    area: HEBEI_AND_TIANJIN,
    source: '洪水淹没模型',
    affected: [],
  })
  const area = await district.get<AreaView>(`/api/incidents/${id}/area`)
  assert.deepEqual(area.affected.map((one) => one.code).toSorted(), ['110000', '120000', '131000'])
  // Langfang has no government in this directory: Hebei stands for it and is told.
  const langfang = area.affected.find((one) => one.code === '131000')
  assert.deepEqual([langfang?.government?.id, langfang?.own], [parts.hebei, false])
  assert.equal((await hebei.get<IncidentView>(`/api/incidents/${id}`)).id, id)
})

test('the common superior of the affected governments is found, and takes part in the incident', async () => {
  const { district, parts, worlds } = house
  // Hebei was registered without a superior: it stands below the State Council as Tianjin does.
  await say(worlds.real, 'organization', parts.hebei, { type: 'organization.subordinate', superior: parts.nation })
  await organization(worlds.real, { jurisdiction: '110000', functions: ['government'], superior: parts.nation, name: '北京市人民政府' })
  const id = await incident()
  await told(district, 'incident', id, { type: 'incident.mark-area', area: HEBEI_AND_TIANJIN, source: '洪水淹没模型' })
  assert.equal((await district.get<AreaView>(`/api/incidents/${id}/area`)).lead?.id, parts.nation)
})

test('territories picked by code become the area, and an unknown one or a spot at sea is refused', async () => {
  const { district } = house
  const id = await incident()
  const mark = (more: object): Promise<unknown> =>
    district.tell('incident', id, { type: 'incident.mark-area', area: null, source: '研判', ...more }).then(refusalOf)
  assert.equal(await mark({ divisions: ['130200'] }), undefined)
  assert.deepEqual(
    (await district.get<AreaView>(`/api/incidents/${id}/area`)).affected.map((one) => one.code),
    ['130200'],
  )
  assert.equal(await mark({ divisions: ['999900'] }), 'incident.no-outline')
  const other = { type: 'incident.mark-area', area: null, source: '研判', divisions: ['130200'] }
  assert.equal(refusalOf(await house.hebei.tell('incident', id, other)), 'authority.outside-jurisdiction')
  assert.equal(refusalOf(await house.reporter.tell('incident', id, other)), 'authority.no-power')
  assert.equal(await mark({}), 'incident.area-not-reckoned')
  const sea = {
    type: 'Polygon',
    coordinates: [
      [
        [125, 29],
        [125.1, 29],
        [125.1, 29.1],
        [125, 29.1],
        [125, 29],
      ],
    ],
  }
  assert.equal(await mark({ area: sea }), 'incident.area-outside')
  assert.equal(
    (await district.tell('incident', id, { type: 'incident.mark-area', area: { type: 'Point', coordinates: [1, 1] }, source: 'x' })).status,
    400,
  )
})

test('two governments with a part in one incident work on one tree, each on its own branch', async () => {
  const { district, hebei, parts } = house
  const id = await incident()
  await told(district, 'incident', id, { type: 'incident.mark-area', area: HEBEI_AND_TIANJIN, source: '洪水淹没模型' })
  const root = await told(district, 'objective', randomUUID(), incidentTree(id, parts.district))
  await told(hebei, 'incident', id, {
    type: 'incident.activate-headquarters',
    name: words('河北省前方指挥部'),
    lead: parts.hebei,
    members: [],
    positions: [],
    jurisdiction: '130000',
  })
  const branch = await told(hebei, 'objective', randomUUID(), incidentTree(id, parts.hebei, { parent: root, jurisdiction: '130000' }))
  assert.equal(
    refusalOf(await hebei.tell('objective', root, { type: 'objective.drop', reason: '不是自己的' })),
    'authority.outside-jurisdiction',
  )
  const { objectives, alignment } = await district.get<ObjectivesView>(`/api/objectives?incident=${id}`)
  assert.deepEqual(
    objectives.map((one) => [one.id, one.depth, one.owner.id]),
    [
      [root, 0, parts.district],
      [branch, 1, parts.hebei],
    ],
  )
  assert.equal(alignment.weight, 1)
})
