import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import type { Obligation } from '#core/obligation.ts'
import type { ConsultationsView, ConsultationView, SuggestionsView } from '#core/view/consultation.ts'
import { openHouse, type House } from '../fixtures/server/house.ts'
import {
  ALL_POWERS,
  cast,
  codeOf,
  openGround,
  organization,
  postOf,
  reported,
  say,
  tell,
  whole,
  type Ground,
} from '../fixtures/server/scene.ts'
import { ManualClock } from './clock.ts'
import { rebuild } from './rebuild.ts'
import { KEEPINGS, type Viewer, type World } from './world.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const T0 = Date.parse('2026-07-01T00:00:00.000Z')
const at = (ms: number): string => new Date(T0 + ms).toISOString()
const POWERS = [...ALL_POWERS, 'consultation.hold'] as const
const of = (organizationId: string) => ({ doer: postOf(organizationId, POWERS) })

let ground: Ground
before(async () => {
  ground = await openGround()
})
after(() => ground.leave())

type Scene = {
  readonly world: World
  readonly clock: ManualClock
  readonly city: string
  readonly district: string
  readonly emb: string
  readonly met: string
  readonly water: string
  readonly police: string
  readonly hebei: string
}
async function scene(): Promise<Scene> {
  const clock = new ManualClock(T0)
  const world = await ground.open({ clock })
  const { city, district } = await cast(world)
  const department = (name: string): Promise<string> =>
    organization(world, { jurisdiction: '120116', functions: [name], superior: district })
  const [emb, met, water, police] = [
    await department('emergency-management'),
    await department('meteorology'),
    await department('water'),
    await department('public-security'),
  ]
  const hebei = await organization(world, { jurisdiction: '130000', functions: ['government'] })
  return { world, clock, city, district, emb, met, water, police, hebei }
}

const convene = (participants: readonly string[], more: object = {}) => ({
  type: 'consultation.convene',
  title: '暴雨会商',
  hazard: 'rainstorm',
  jurisdiction: '120116',
  colour: 'orange',
  incidentId: null,
  alertId: null,
  at: at(HOUR),
  onset: null,
  how: 'video',
  participants: participants.map((one) => ({ organization: one, asked: '说明情况', function: null })),
  questions: ['是否发布'],
  basis: null,
  ...more,
})
const view = (colour: string, text = '雷达回波增强') => ({
  type: 'consultation.state-view',
  view: 'issue',
  colour,
  level: null,
  confidence: 'high',
  text,
})
const conclude = (present: readonly string[], more: object = {}) => ({
  type: 'consultation.conclude',
  minutes: '各部门通报情况。',
  outcome: 'issue',
  colour: 'orange',
  level: null,
  reason: '降雨可能超过100毫米',
  present,
  decisions: [],
  ...more,
})
const item = (debtor: string, dueAt: string) => ({
  debtor,
  act: 'decided-act',
  actWords: { 'zh-CN': '预置泵车', en: 'Place pumps' },
  function: 'water',
  dueAt,
  objectiveId: null,
})
const warn = (colour: string, issuer: string, hazard = 'rainstorm') => ({
  type: 'incident.note',
  kind: 'warning',
  text: '预警',
  colour,
  subject: hazard,
  organization: issuer,
  target: [],
})
const obligations = async (world: World): Promise<readonly { id: string; state: Obligation }[]> =>
  world.sql<{ id: string; state: Obligation }[]>`select id, state from obligation order by owed_at, id`

describe('requests and items', () => {
  test('whoever is asked owes an answer once, by its start; coming, writing and declining are answers', async () => {
    const { world, emb, met, water, police } = await scene()
    const id = randomUUID()
    await say(world, 'consultation', id, convene([met, water, police]), of(emb))
    await world.settled()
    const asked = await obligations(world)
    assert.deepEqual(
      asked.map(({ state }) => [state.debtor, state.creditor, state.status, state.dueAt, state.answerBy]).toSorted(),
      [met, water, police].map((one) => [one, emb, 'requested', at(HOUR), at(HOUR)]).toSorted(),
    )
    await say(world, 'consultation', id, { type: 'consultation.attend' }, of(met))
    await say(world, 'consultation', id, view('red'), of(water))
    await say(world, 'consultation', id, { type: 'consultation.decline', reason: '已派现场' }, of(police))
    await world.settled()
    const status = new Map((await obligations(world)).map(({ state }) => [state.debtor, state.status]))
    assert.deepEqual([status.get(met), status.get(water), status.get(police)], ['discharged', 'discharged', 'declined'])
    await say(world, 'consultation', id, view('orange'), of(water))
    await world.settled()
    assert.equal((await obligations(world)).length, 3, 'nothing is owed twice')
  })

  test('a request that is accepted or declined where it stands is heard in the consultation', async () => {
    const { world, emb, met, water } = await scene()
    const id = randomUUID()
    await say(world, 'consultation', id, convene([met, water]), of(emb))
    await world.settled()
    for (const { id: one, state } of await obligations(world))
      await say(
        world,
        'obligation',
        one,
        state.debtor === met ? { type: 'obligation.accept' } : { type: 'obligation.decline', reason: '无人' },
        of(state.debtor),
      )
    await world.settled()
    const [row] = await world.sql<
      { answers: { organization: string; answer: string }[] }[]
    >`select state -> 'answers' as answers from consultation where id = ${id}`
    assert.deepEqual(
      new Map(row?.answers.map((one) => [one.organization, one.answer])),
      new Map([
        [met, 'attends'],
        [water, 'declines'],
      ]),
    )
    const status = new Map((await obligations(world)).map(({ state }) => [state.debtor, state.status]))
    assert.deepEqual([status.get(met), status.get(water)], ['discharged', 'declined'])
  })

  test('items are owed once, to the convener, by whom they were laid on; an unknown organization is laid nothing', async () => {
    const { world, clock, emb, met, water } = await scene()
    const id = randomUUID()
    await say(world, 'consultation', id, convene([met, water]), of(emb))
    clock.set(T0 + 2 * HOUR)
    const stranger = await tell(world, 'consultation', id, conclude([met], { decisions: [item(randomUUID(), at(5 * HOUR))] }), of(emb))
    assert.equal(codeOf(stranger), 'organization.unknown')
    await say(world, 'consultation', id, conclude([met], { decisions: [item(water, at(5 * HOUR)), item(met, at(6 * HOUR))] }), of(emb))
    await world.settled()
    const owed = (await obligations(world)).filter(({ state }) => state.origin === 'decision')
    assert.deepEqual(
      owed.map(({ state }) => [state.debtor, state.creditor, state.dueAt, state.status]).toSorted(),
      [
        [water, emb, at(5 * HOUR), 'owed'],
        [met, emb, at(6 * HOUR), 'owed'],
      ].toSorted(),
    )
  })

  test('cancelled, nobody owes an answer any more', async () => {
    const { world, emb, met, water } = await scene()
    const id = randomUUID()
    await say(world, 'consultation', id, convene([met, water]), of(emb))
    await world.settled()
    await say(world, 'consultation', id, { type: 'consultation.cancel', reason: '云团减弱' }, of(emb))
    await world.settled()
    assert.deepEqual(
      (await obligations(world)).map(({ state }) => [state.status, state.releaseReason]),
      [
        ['waived', 'consultation-cancelled'],
        ['waived', 'consultation-cancelled'],
      ],
    )
  })

  test('only the convener leads it, and nobody consults for another territory', async () => {
    const { world, emb, met, water, hebei } = await scene()
    const id = randomUUID()
    assert.equal(codeOf(await tell(world, 'consultation', id, convene([met]), of(hebei))), 'authority.outside-jurisdiction')
    assert.equal(
      codeOf(await tell(world, 'consultation', id, convene([met]), { doer: postOf(emb, ['obligation.answer']) })),
      'authority.no-power',
    )
    await say(world, 'consultation', id, convene([met]), of(emb))
    for (const command of [{ type: 'consultation.open' }, conclude([met]), { type: 'consultation.cancel', reason: 'x' }])
      assert.equal(codeOf(await tell(world, 'consultation', id, command, of(met))), 'authority.not-convener', command.type)
    assert.equal(codeOf(await tell(world, 'consultation', id, { type: 'consultation.attend' }, of(water))), 'authority.not-a-member')
    assert.equal(codeOf(await tell(world, 'consultation', randomUUID(), convene([randomUUID()]), of(emb))), 'organization.unknown')
  })
})

describe('the incident', () => {
  test('has the conclusion and the forecast in its record, also when it is linked afterwards', async () => {
    const { world, clock, emb, met } = await scene()
    const incident = await reported(world, { hazard: 'rainstorm' })
    const forecast = {
      type: 'consultation.attach-forecast',
      validFrom: at(HOUR),
      validUntil: at(25 * HOUR),
      divisions: ['120116'],
      source: '区气象台',
      scenarios: [{ name: '主要', likelihood: 'likely', probability: { low: 60, high: 90 }, text: '暴雨到大暴雨', quantities: [] }],
    }
    const notes = async (): Promise<readonly unknown[]> =>
      (await whole(world)).filter((one) => one.type === 'incident.noted').map(({ data }) => (data as { kind: string }).kind)
    const [one, two] = [randomUUID(), randomUUID()]
    await say(world, 'consultation', one, convene([met], { incidentId: incident }), of(emb))
    await say(world, 'consultation', one, forecast, of(met))
    clock.set(T0 + 2 * HOUR)
    await say(world, 'consultation', one, conclude([met]), of(emb))
    await world.settled()
    assert.deepEqual(await notes(), ['forecast', 'consultation'])
    await say(world, 'consultation', two, convene([met], { at: at(3 * HOUR) }), of(emb))
    await say(world, 'consultation', two, forecast, of(met))
    await say(world, 'consultation', two, conclude([met]), of(emb))
    await world.settled()
    assert.deepEqual(await notes(), ['forecast', 'consultation'])
    await say(world, 'consultation', two, { type: 'consultation.link', incidentId: incident, alertId: null }, of(emb))
    await world.settled()
    assert.deepEqual(await notes(), ['forecast', 'consultation', 'forecast', 'consultation'])
    const warned = await world.sql<
      { n: number }[]
    >`select jsonb_array_length(state -> 'warnings') as n from incident where id = ${incident}`
    assert.equal(warned[0]?.n, 0, 'what is consulted about is no warning')
    assert.equal(
      codeOf(await tell(world, 'consultation', randomUUID(), convene([met], { incidentId: randomUUID() }), of(emb))),
      'incident.unknown',
    )
  })
})

describe('who reads it', () => {
  const sees = async (world: World, viewer: Viewer, id: string): Promise<{ inside: boolean; known: boolean; log: number }> =>
    world.read(viewer, async (sql) => {
      const inside = await sql`select 1 from consultation where id = ${id}`
      const known = await sql`select 1 from consultation_known where id = ${id}`
      const log = await sql`select 1 from event where stream = ${`consultation/${id}`}`
      return { inside: inside.length > 0, known: known.length > 0, log: log.length }
    })
  test('before it is concluded: convener, those asked, those above; the others of the territory only that there is one', async () => {
    const { world, clock, city, district, emb, met, water, police, hebei } = await scene()
    const id = randomUUID()
    await say(world, 'consultation', id, convene([met, hebei]), of(emb))
    await say(world, 'consultation', id, view('red'), of(met))
    const place = (organizationId: string, jurisdiction: string | null): Viewer => ({ organizationId, jurisdiction })
    const all = { inside: true, known: true, log: 2 }
    assert.deepEqual(await sees(world, place(emb, '120116'), id), all)
    assert.deepEqual(await sees(world, place(met, '120116'), id), all)
    assert.deepEqual(await sees(world, place(hebei, '130000'), id), all, 'a neighbour that is asked')
    assert.deepEqual(await sees(world, place(city, '120000'), id), all, 'above')
    assert.deepEqual(await sees(world, place(district, '120116'), id), all, 'the superior of the convener in the same territory')
    assert.deepEqual(await sees(world, place(water, '120116'), id), { inside: false, known: true, log: 0 })
    const elsewhere = await organization(world, { jurisdiction: '310000', functions: ['government'] })
    assert.deepEqual(await sees(world, place(elsewhere, '310000'), id), { inside: false, known: false, log: 0 })
    const society = await organization(world, { jurisdiction: null, sector: 'social' })
    assert.deepEqual(
      await sees(world, place(society, null), id),
      { inside: false, known: false, log: 0 },
      'without a territory nothing but what names it',
    )
    await world.settled()
    const leaked = await world.read(place(police, '120116'), (sql) => sql`select state::text from obligation`)
    assert.ok(!JSON.stringify(leaked).includes('雷达回波增强'), 'the request tells nobody what was written')
    clock.set(T0 + 2 * HOUR)
    await say(world, 'consultation', id, conclude([met]), of(emb))
    assert.deepEqual(await sees(world, place(water, '120116'), id), { inside: true, known: true, log: 3 })
    assert.deepEqual(await sees(world, place(elsewhere, '310000'), id), { inside: false, known: false, log: 0 })
  })
  test('one that was cancelled stays closed', async () => {
    const { world, emb, met, water } = await scene()
    const id = randomUUID()
    await say(world, 'consultation', id, convene([met]), of(emb))
    await say(world, 'consultation', id, { type: 'consultation.cancel', reason: 'x' }, of(emb))
    assert.deepEqual(await sees(world, { organizationId: water, jurisdiction: '120116' }, id), { inside: false, known: true, log: 0 })
  })
  test('the rows are the fold of the log', async () => {
    const { world, clock, emb, met, water } = await scene()
    const [one, two] = [randomUUID(), randomUUID()]
    await say(world, 'consultation', one, convene([met, water]), of(emb))
    await say(world, 'consultation', two, convene([met, water]), of(emb))
    await say(world, 'consultation', one, view('red'), of(met))
    clock.set(T0 + 2 * HOUR)
    await say(world, 'consultation', one, conclude([water]), of(emb))
    await world.settled()
    const read = () => world.sql`select * from consultation order by id`
    const was = JSON.stringify(await read())
    await rebuild(world.sql, world.schema, KEEPINGS)
    assert.equal(JSON.stringify(await read()), was)
    const [row] = await world.sql<{ asked: number; took: number }[]>`select asked, took_part as took from consultation where id = ${one}`
    assert.deepEqual(row, { asked: 2, took: 2 })
  })
})

describe('over HTTP', () => {
  let house: House
  before(async () => {
    house = await openHouse()
  })
  after(() => house.leave())

  test('the list, the detail with its record, and who might be asked', async () => {
    const { worlds, parts, district, unit, hebei } = house
    const world = worlds.real
    const met = await organization(world, {
      jurisdiction: '120116',
      functions: ['meteorology'],
      superior: parts.district,
      name: '区气象局',
    })
    const holder = { doer: postOf(parts.district, POWERS) }
    const suggestions = await district.get<SuggestionsView>('/api/consultations/suggestions?hazard=rainstorm&jurisdiction=120116')
    assert.ok(suggestions.suggestions.some((one) => one.organization.id === met && one.why === 'function'))
    assert.ok(!suggestions.suggestions.some((one) => one.organization.id === parts.district), 'the convener is not asked')
    const id = randomUUID()
    const soon = new Date(Date.now() + HOUR).toISOString()
    await say(world, 'consultation', id, convene([met], { at: soon }), holder)
    await say(world, 'consultation', id, view('red'), { doer: postOf(met) })
    await world.settled()
    const own = await district.get<ConsultationView>(`/api/consultations/${id}`)
    assert.equal(own.mine, 'convener')
    assert.deepEqual(
      own.detail?.record.map((one) => [one.type, one.actor.organization?.id]),
      [
        ['consultation.convened', parts.district],
        ['consultation.view-stated', met],
      ],
    )
    assert.equal(own.detail?.participants[0]?.request?.status, 'discharged')
    const outside = await unit.get<ConsultationView>(`/api/consultations/${id}`)
    assert.deepEqual([outside.inside, outside.detail, outside.title], [false, null, '暴雨会商'])
    assert.equal((await hebei.ask(`/api/consultations/${id}`)).status, 404)
    assert.equal((await district.ask('/api/consultations/x')).status, 404)
    assert.equal((await district.ask('/api/consultations?incident=x')).status, 400)
    assert.equal((await district.ask("/api/consultations/suggestions?hazard=';--&jurisdiction=120116")).status, 400)
    const { consultations } = await unit.get<ConsultationsView>('/api/consultations')
    assert.deepEqual([consultations[0]?.id, consultations[0]?.inside], [id, false])
  })

  test('held share, lead time and what is owed are what one counts by hand', async () => {
    const { worlds, parts, district } = house
    const world = worlds.real
    const doer = { doer: postOf(parts.district, POWERS) }
    const now = Date.now()
    const ago = (hours: number): string => new Date(now - hours * HOUR).toISOString()
    const expert = await organization(world, { jurisdiction: '120116', functions: ['hydrology'], superior: parts.district })
    // Each of a hazard of its own, so that none is taken for another's.
    const incident = async (hazard: string, colour: string | null, warned: number): Promise<string> => {
      const id = await reported(world, { hazard }, { occurredAt: ago(warned + 1) })
      if (colour !== null) await say(world, 'incident', id, warn(colour, parts.district, hazard), { occurredAt: ago(warned) })
      return id
    }
    const held = async (incidentId: string | null, hazard: string, colour: string, concludedAt: number, onset: number): Promise<void> => {
      const id = randomUUID()
      const start = { occurredAt: ago(concludedAt + 1), ...doer }
      await say(
        world,
        'consultation',
        id,
        convene([expert], { incidentId, hazard, colour, at: ago(concludedAt + 0.5), onset: ago(onset) }),
        start,
      )
      await say(world, 'consultation', id, conclude([expert], { colour }), { occurredAt: ago(concludedAt), ...doer })
    }
    const [a, b, c] = [await incident('flood', 'red', 10), await incident('typhoon', 'red', 8), await incident('landslide', 'orange', 6)]
    await incident('wildfire', 'yellow', 5)
    await held(a, 'flood', 'red', 12, 4) // 2 hours before the warning, 8 before the onset
    await held(null, 'landslide', 'orange', 5, 6) // after the warning, an hour after the onset, bound to no incident
    const id = randomUUID()
    await say(
      world,
      'consultation',
      id,
      convene([expert], { incidentId: b, hazard: 'typhoon', colour: 'red', at: new Date(now + HOUR).toISOString() }),
      doer,
    )
    const { shares, owed } = await district.get<ConsultationsView>('/api/consultations')
    assert.deepEqual(shares, [
      { colour: 'red', warnings: 2, held: 1, before: 1, called: 1, missing: 0, share: 0.5, lead: 'PT8H' },
      { colour: 'orange', warnings: 1, held: 1, before: 0, called: 0, missing: 0, share: 1, lead: '-PT1H' },
    ])
    assert.deepEqual(
      owed.map((one) => [one.incidentId, one.state]),
      [[b, 'called']],
    )
    const within = await district.get<ConsultationsView>(`/api/consultations?incident=${c}`)
    assert.deepEqual([within.consultations.length, within.owed.length], [0, 0])
    await incident('drought', 'orange', 1)
    const later = await district.get<ConsultationsView>('/api/consultations')
    assert.deepEqual([later.shares[1]?.missing, later.shares[1]?.share, later.owed.length], [1, 0.5, 2])
  })

  test('what is malformed, too large or of a stranger is refused and leaves nothing behind', async () => {
    const { worlds, parts, district, unit } = house
    const count = async (): Promise<number> => (await worlds.real.sql`select 1 from consultation`).length
    const was = await count()
    const good = convene([parts.unit], { at: new Date(Date.now() + HOUR).toISOString() })
    for (const [command, status] of [
      [{ ...good, hazard: 'Robert"); drop' }, 400],
      [{ ...good, participants: [{ organization: parts.unit, asked: 'x', function: null, power: 'all' }] }, 400],
      [{ ...good, minutes: 'x' }, 400],
      ['{"type":"consultation.convene"', 400],
    ] as const)
      assert.equal((await district.tell('consultation', randomUUID(), command)).status, status, JSON.stringify(command).slice(0, 80))
    const unstorable = await tell(worlds.real, 'consultation', randomUUID(), { ...good, title: '会\u0000商' }, of(parts.district))
    assert.equal(codeOf(unstorable), 'text.unstorable')
    assert.equal((await unit.tell('consultation', randomUUID(), good)).status, 403)
    assert.equal((await district.tell('consultation', randomUUID(), good)).status, 403, 'without the power')
    assert.equal(await count(), was)
  })
})
