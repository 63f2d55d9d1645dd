import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Actor } from './event.ts'
import { given } from './given.ts'
import {
  boxesAround,
  contentsOf,
  freshUntil,
  gapFactsOf,
  gapsAt,
  gramsOf,
  lastingGaps,
  metresBetween,
  nextDue,
  risk,
  RiskCommand,
  searchText,
  type Risk,
  type RiskEvent,
  type RiskGap,
} from './risk.ts'

const AT = '2026-07-01T08:00:00.000Z'
const OWNER = '00000000-0000-7000-8000-00000000000a'
const REGULATOR = '00000000-0000-7000-8000-00000000000b'
const INCIDENT = '00000000-0000-7000-8000-00000000000c'
const by = (organizationId: string): Actor => ({ kind: 'post', postId: '00000000-0000-7000-8000-0000000000ff', organizationId })
const WORDS = { 'zh-CN': '海滨养老院', en: 'Haibin Care Home' }
const WHENCE = { source: '院方值班员', asOfAt: AT, confidence: 'confirmed' } as const
const PLACE = { name: '海滨路1号', lon: 117.7, lat: 38.99 }

const SITE: RiskEvent = {
  type: 'risk.registered',
  kind: 'site',
  siteKind: 'care-home',
  name: WORDS,
  jurisdiction: '120116',
  owner: OWNER,
  regulator: REGULATOR,
  responder: REGULATOR,
  place: PLACE,
  knowers: [{ post: null, words: '值班护士' }],
  people: { usual: 120, needHelp: 70 },
  ...WHENCE,
}
const STORE: RiskEvent = { ...SITE, siteKind: 'chemical-store' }
const DANGER = { text: '消防通道堵塞', dueAt: '2026-07-10T00:00:00.000Z' } as const
const FOUND: RiskEvent = { type: 'risk.danger-found', danger: 'd1', grade: 'major', ...DANGER }

const stateOf = (...events: readonly RiskEvent[]): Risk => {
  const { state } = given(risk, events, { at: AT })
  assert.ok(state !== null)
  return state
}
const types = (outcome: readonly RiskEvent[] | { readonly refused: string }): unknown =>
  'refused' in outcome ? outcome : outcome.map(({ type }) => type)

test('a site says which site, a hazard which hazard, a hidden danger by when it is removed', () => {
  const bare = {
    type: 'risk.register',
    name: '某处',
    jurisdiction: '120116',
    owner: null,
    regulator: null,
    responder: null,
    ...WHENCE,
  } as const
  const now = { at: AT }
  assert.deepEqual(given(risk).when({ ...bare, kind: 'site' }, now), { refused: 'risk.site-kind-unsaid' })
  assert.deepEqual(given(risk).when({ ...bare, kind: 'hazard' }, now), { refused: 'risk.hazard-unsaid' })
  assert.deepEqual(given(risk).when({ ...bare, kind: 'danger' }, now), { refused: 'risk.danger-unsaid' })
  assert.deepEqual(types(given(risk).when({ ...bare, kind: 'danger', danger: { ...DANGER, grade: 'general' } }, now)), [
    'risk.registered',
    'risk.danger-found',
  ])
  assert.deepEqual(given(risk, [SITE]).when({ ...bare, kind: 'site', siteKind: 'camp' }, now), { refused: 'risk.already-registered' })
})

test('what is stored is an event of its own, so that it can be kept from whom it is not for', () => {
  const command = {
    type: 'risk.register',
    kind: 'site',
    siteKind: 'chemical-store',
    name: '仓库',
    jurisdiction: '120116',
    owner: null,
    regulator: null,
    responder: null,
    ...WHENCE,
    substances: [{ name: '硝酸铵', un: '1942', cas: '6484-52-2', quantity: { value: 20, unit: 't' } }],
  } as const
  const parsed = RiskCommand.parse(command)
  const events = given(risk).when(parsed, { at: AT })
  assert.ok(!('refused' in events))
  const [registered, stored] = events
  assert.ok(!JSON.stringify(registered).includes('硝酸铵'))
  assert.equal(stored?.type, 'risk.stored')
})

test('unknown is a value with who said so; a name or an amount left out is refused', () => {
  const store = (substances: unknown): boolean => RiskCommand.safeParse({ type: 'risk.store', substances, ...WHENCE }).success
  assert.ok(store([{ name: { unknown: '库管员' }, quantity: { unknown: '库管员' } }]))
  assert.ok(store([]))
  assert.ok(!store([{ name: '', quantity: { value: 1, unit: 't' } }]))
  assert.ok(!store([{ name: '甲醇' }]))
  assert.ok(!store([{ name: '甲醇', quantity: { unknown: '' } }]))
  assert.ok(!store([{ name: '甲醇', quantity: { value: -1, unit: 't' } }]))
})

test('a CAS number is held against its check digit', () => {
  const cas = (number: string): boolean =>
    RiskCommand.safeParse({ type: 'risk.store', substances: [{ name: 'x', cas: number, quantity: { value: 1, unit: 't' } }], ...WHENCE })
      .success
  // Water, ethanol and ammonium nitrate as the registry has them, and each with a digit turned.
  for (const good of ['7732-18-5', '64-17-5', '6484-52-2']) assert.ok(cas(good), good)
  for (const bad of ['7732-18-6', '64-71-5', '6484-52-3']) assert.ok(!cas(bad), bad)
})

test('nothing said is overwritten: each fact keeps its own source and age, and confirming one leaves the others old', () => {
  const later = '2026-08-01T00:00:00.000Z'
  const state = stateOf(
    SITE,
    {
      type: 'risk.stated',
      facts: [{ key: 'floors', text: '三层' }],
      source: '图纸',
      asOfAt: '2026-01-01T00:00:00.000Z',
      confidence: 'reported',
    },
    { type: 'risk.confirmed', keys: ['people'], source: '社区', asOfAt: later, confidence: 'confirmed' },
  )
  assert.equal(state.provenance.people?.asOfAt, later)
  assert.equal(state.provenance.floors?.source, '图纸')
  assert.equal(freshUntil(state), '2026-04-01T00:00:00.000Z') // 90 days after the oldest, 1 January
})

test('a fact from the future, an unknown fact and a saying that says nothing are refused', () => {
  const at = { at: AT }
  const future = { ...WHENCE, asOfAt: '2026-07-01T08:00:00.001Z' }
  assert.deepEqual(given(risk, [SITE]).when({ type: 'risk.confirm', ...future }, at), { refused: 'risk.as-of-in-future' })
  assert.deepEqual(given(risk, [SITE]).when({ type: 'risk.confirm', keys: ['floors'], ...WHENCE }, at), { refused: 'risk.fact-unknown' })
  assert.deepEqual(given(risk, [SITE]).when({ type: 'risk.state', ...WHENCE }, at), { refused: 'risk.nothing-said' })
  assert.deepEqual(given(risk, [SITE]).when({ type: 'risk.state', facts: [{ key: 'people', text: '很多' }], ...WHENCE }, at), {
    refused: 'risk.fact-key-reserved',
  })
})

test('a major danger that its owner calls mended waits for another to verify it; the owner does not verify itself', () => {
  const mend = { type: 'risk.mend', danger: 'd1', evidence: '照片' } as const
  const own = given(risk, [SITE, FOUND], { at: AT }).when(mend, { actor: by(OWNER), at: AT })
  assert.ok(!('refused' in own))
  const mended = stateOf(SITE, FOUND, ...own)
  assert.equal(mended.dangers[0]?.status, 'mended')
  assert.equal(nextDue(mended), null)
  const verify = { type: 'risk.verify', danger: 'd1', accepted: true, text: '看过' } as const
  assert.deepEqual(given(risk, [SITE, FOUND, ...own]).when(verify, { actor: by(OWNER), at: AT }), { refused: 'risk.own-verification' })
  assert.deepEqual(types(given(risk, [SITE, FOUND, ...own]).when(verify, { actor: by(REGULATOR), at: AT })), ['risk.verified'])
  assert.equal(stateOf(SITE, FOUND, ...own, { ...verify, type: 'risk.verified', accepted: false }).dangers[0]?.status, 'open')
})

test('nobody strikes off the list what has a danger open, nor what he himself answers for', () => {
  const close = { type: 'risk.close', reason: '已拆除', evidence: '现场照片' } as const
  assert.deepEqual(given(risk, [SITE, FOUND]).when(close, { actor: by(REGULATOR), at: AT }), { refused: 'risk.danger-open' })
  assert.deepEqual(given(risk, [SITE]).when(close, { actor: by(OWNER), at: AT }), { refused: 'risk.own-closing' })
  assert.deepEqual(types(given(risk, [SITE]).when(close, { actor: by(REGULATOR), at: AT })), ['risk.closed'])
  const closed = [SITE, { ...close, type: 'risk.closed' }] as const
  assert.deepEqual(given(risk, [...closed]).when({ type: 'risk.confirm', ...WHENCE }, { at: AT }), { refused: 'risk.already-closed' })
  assert.deepEqual(types(given(risk, [...closed]).when({ type: 'risk.reopen', reason: '又用了' }, { at: AT })), ['risk.reopened'])
})

test('an inspection that found dangers names them with deadlines; a sound one names none', () => {
  const inspect = { type: 'risk.inspect' as const, text: '年度检查', dangers: [{ ...DANGER, grade: 'general' as const }] }
  const now = { at: AT }
  assert.deepEqual(given(risk, [SITE]).when({ ...inspect, result: 'sound' }, now), { refused: 'risk.sound-with-dangers' })
  assert.deepEqual(given(risk, [SITE]).when({ ...inspect, result: 'dangers', dangers: [] }, now), { refused: 'risk.danger-unsaid' })
  const events = given(risk, [SITE, FOUND]).when({ ...inspect, result: 'dangers' }, now)
  assert.deepEqual(!('refused' in events) && events.map((one) => ('danger' in one ? one.danger : one.type)), ['risk.inspected', 'd2'])
})

test('what an incident taught is kept even of a closed item, and once', () => {
  const carry = { type: 'risk.carry', from: INCIDENT, incidentId: INCIDENT, text: '增设备用出口' } as const
  const closed: readonly RiskEvent[] = [SITE, { type: 'risk.closed', reason: 'x', evidence: 'x' }]
  assert.deepEqual(types(given(risk, closed).when(carry)), ['risk.carried'])
  const carried: RiskEvent = { ...carry, type: 'risk.carried' }
  assert.deepEqual(given(risk, [...closed, carried]).when(carry), [])
})

const GAPS_OF: readonly (readonly [string, Risk, readonly RiskGap[]])[] = [
  ['a whole care home', stateOf(SITE), []],
  ['a site without owner', stateOf({ ...SITE, owner: null }), ['no-owner']],
  ['a site without regulator and responder', stateOf({ ...SITE, regulator: null, responder: null }), ['no-regulator', 'no-responder']],
  ['a store of which nothing was said', stateOf(STORE), ['contents-unsaid']],
  [
    'a store with an unknown amount',
    stateOf(STORE, { type: 'risk.stored', substances: [{ name: '甲醇', quantity: { unknown: '库管员' } }], ...WHENCE }),
    ['contents-unknown'],
  ],
  [
    'a store with an unknown substance',
    stateOf(STORE, { type: 'risk.stored', substances: [{ name: { unknown: '库管员' }, quantity: { value: 3, unit: 't' } }], ...WHENCE }),
    ['contents-unknown'],
  ],
  ['a store that is empty', stateOf(STORE, { type: 'risk.stored', substances: [], ...WHENCE }), []],
  ['nobody who knows, nowhere', stateOf({ ...SITE, knowers: [], place: null }), ['nobody-knows', 'no-place']],
  ['a school beside dangerous goods', stateOf({ ...SITE, siteKind: 'school', hazards: ['hazardous-chemicals'] }), []],
  ['a hidden danger without responder', stateOf({ ...SITE, kind: 'danger', responder: null, knowers: [] }, FOUND), []],
]
for (const [name, state, expected] of GAPS_OF)
  test(`the register says exactly what is missing: ${name}`, () => {
    assert.deepEqual(lastingGaps(state), expected)
    assert.deepEqual(gapsAt(gapFactsOf(state), AT, 'plan'), expected)
  })

test('a fact is fresh to the very instant of its promise, a danger in time to the very instant of its deadline', () => {
  const state = gapFactsOf(stateOf(SITE, FOUND))
  assert.deepEqual(gapsAt(state, '2026-07-10T00:00:00.000Z', 'plan'), [])
  assert.deepEqual(gapsAt(state, '2026-07-10T00:00:00.001Z', 'plan'), ['danger-overdue'])
  assert.deepEqual(gapsAt(state, '2026-09-29T08:00:00.000Z', 'plan'), ['danger-overdue'])
  assert.deepEqual(gapsAt(state, '2026-09-29T08:00:00.001Z', 'plan'), ['danger-overdue', 'stale'])
  assert.deepEqual(gapsAt({ ...state, status: 'closed' }, '2027-01-01T00:00:00.000Z', 'none'), [])
})

test('a hazard needs a plan, and the plan a rehearsal: of dangerous goods every half year, else every two years (Order 708 art. 8)', () => {
  const hazard: RiskEvent = { ...SITE, kind: 'hazard', hazard: 'flood', promise: 'P999D' }
  const chemical: RiskEvent = { ...hazard, hazard: 'hazardous-chemicals' }
  const empty: RiskEvent = { type: 'risk.stored', substances: [], ...WHENCE }
  const rehearsed: RiskEvent = { type: 'risk.rehearsed', plan: 'p', exerciseId: null, heldAt: '2026-01-01T00:00:00.000Z', text: 'x' }
  const at = (cover: 'none' | 'plan', now: string, ...events: readonly RiskEvent[]) => gapsAt(gapFactsOf(stateOf(...events)), now, cover)
  assert.deepEqual(at('none', AT, hazard, rehearsed), ['no-plan'])
  assert.deepEqual(at('plan', AT, hazard), ['not-rehearsed'])
  assert.deepEqual(at('plan', AT, hazard, rehearsed), [])
  assert.deepEqual(at('plan', '2028-01-02T00:00:00.000Z', hazard, rehearsed), ['not-rehearsed'])
  assert.deepEqual(at('plan', '2026-06-30T00:00:00.000Z', chemical, empty, rehearsed), [])
  assert.deepEqual(at('plan', '2026-07-20T00:00:00.000Z', chemical, empty, rehearsed), ['not-rehearsed'])
})

test('contents: nothing asked, never said, partly unknown, known', () => {
  const contents = (...events: readonly RiskEvent[]): string => contentsOf(lastingGaps(stateOf(...events)), stateOf(...events))
  const stored = (quantity: { unknown: string } | { value: number; unit: string }): RiskEvent => ({
    type: 'risk.stored',
    substances: [{ name: '甲醇', quantity }],
    ...WHENCE,
  })
  assert.deepEqual(
    [contents(SITE), contents(STORE), contents(STORE, stored({ unknown: 'x' })), contents(STORE, stored({ value: 1, unit: 't' }))],
    ['none', 'unsaid', 'unknown', 'known'],
  )
})

test('a name is found by any two neighbouring characters of it, in Chinese and in English', () => {
  const text = searchText(stateOf(SITE))
  const grams = new Set(gramsOf(text))
  for (const part of ['养老', '海滨路1', 'Care', 'ＨＡＩＢＩＮ'])
    for (const gram of gramsOf(part)) assert.ok(grams.has(gram), `${part}: ${gram}`)
  assert.deepEqual(gramsOf('院'), [])
})

test('the boxes around a point hold everything within the distance, also across the antimeridian and at a pole', () => {
  // A degree of latitude is 111.2 km.
  assert.ok(Math.abs(metresBetween({ lon: 0, lat: 0 }, { lon: 0, lat: 1 }) - 111_195) < 10)
  const inside = ({ lon, lat }: { lon: number; lat: number }, from: { lon: number; lat: number }, metres: number): boolean =>
    boxesAround(from, metres).some((box) => lon >= box.west && lon <= box.east && lat >= box.south && lat <= box.north)
  for (const from of [
    { lon: 117.7, lat: 38.99 },
    { lon: 179.99, lat: 10 },
    { lon: -179.99, lat: -60 },
    { lon: 10, lat: 89.99 },
  ])
    for (let bearing = 0; bearing < 360; bearing += 15) {
      const metres = 5000
      const [d, a] = [(metres * 0.999) / 6_371_008.8, (bearing * Math.PI) / 180]
      const lat1 = (from.lat * Math.PI) / 180
      const lat2 = Math.asin(Math.sin(lat1) * Math.cos(d) + Math.cos(lat1) * Math.sin(d) * Math.cos(a))
      const lon2 =
        (from.lon * Math.PI) / 180 + Math.atan2(Math.sin(a) * Math.sin(d) * Math.cos(lat1), Math.cos(d) - Math.sin(lat1) * Math.sin(lat2))
      const to = { lat: (lat2 * 180) / Math.PI, lon: (((((lon2 * 180) / Math.PI + 540) % 360) + 360) % 360) - 180 }
      assert.ok(inside(to, from, metres), JSON.stringify([from, bearing, to]))
    }
})
