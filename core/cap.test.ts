import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Alert, type Info } from '#core/cap.ts'
import { chainsOf, statesAt, type AlertState, type Message } from '#core/cap/chain.ts'
import { checkComposed, identityOfAlert } from '#core/cap/check.ts'
import { chinaIdentifier, colourOf, divisionsOf, hazardOf, writeChinaIdentifier } from '#core/cap/china.ts'
import { chooseBlocks } from '#core/cap/choose.ts'
import { areaContains, areaGeometry, circleRing, distanceKm } from '#core/cap/geometry.ts'
import { circleOf, polygonOf } from '#core/cap/shape.ts'

const info: Info = {
  language: 'zh-CN',
  categories: ['Met'],
  event: '暴雨',
  responseTypes: ['Prepare'],
  urgency: 'Expected',
  severity: 'Severe',
  certainty: 'Likely',
  eventCodes: [],
  parameters: [],
  resources: [],
  areas: [],
  expires: '2026-08-01T21:00:00+08:00',
}
const alert = (identifier: string, sent: string, rest: Partial<Alert> = {}): Alert => ({
  identifier,
  sender: 'met@example.org',
  sent: `2026-08-01T${sent}:00+08:00`,
  status: 'Actual',
  msgType: 'Alert',
  scope: 'Public',
  addresses: [],
  codes: [],
  references: [],
  incidents: [],
  infos: [info],
  ...rest,
})
const naming = (...alerts: readonly Alert[]): Partial<Alert> => ({
  references: alerts.map(({ sender, identifier, sent }) => ({ sender, identifier, sent })),
})
const messages = (...alerts: readonly Alert[]): Message[] =>
  alerts.map((one, i) => ({ key: String(i), identity: identityOfAlert(one), alert: one }))
const at = (time: string): number => Date.parse(`2026-08-01T${time}:00+08:00`)
const states = (set: readonly Message[], time: string): Record<string, AlertState> =>
  Object.fromEntries(
    [...statesAt(set, at(time))].map(([key, { state }]) => [set.find((one) => one.key === key)?.identity.identifier ?? '', state]),
  )

const first = alert('A', '13:00')
const update = alert('B', '14:00', { msgType: 'Update', ...naming(first) })
const cancel = alert('C', '15:00', { msgType: 'Cancel', infos: [], ...naming(update) })

test('an update replaces the whole of what it names, a cancel ends it, whatever arrived first', () => {
  const wanted = { A: 'replaced', B: 'cancelled', C: 'notice' }
  for (const order of [
    [first, update, cancel],
    [cancel, update, first],
    [update, cancel, first],
  ])
    assert.deepEqual(states(messages(...order), '16:00'), wanted)
})

test('a cancel of the whole chain leaves replaced what an update had taken the place of, and cancels the rest', () => {
  const all = alert('C', '15:00', { msgType: 'Cancel', infos: [], ...naming(first, update) })
  for (const order of [
    [first, update, all],
    [all, first, update],
  ])
    assert.deepEqual(states(messages(...order), '16:00'), { A: 'replaced', B: 'cancelled', C: 'notice' })
  assert.deepEqual(states(messages(first, all), '16:00'), { A: 'cancelled', C: 'notice' })
})

test('a message has no effect before it was sent', () => {
  assert.deepEqual(states(messages(first, update, cancel), '14:30'), { A: 'replaced', B: 'in-force', C: 'pending' })
})

test('an update to AllClear ends a warning without a cancel', () => {
  const clear = alert('D', '15:00', { msgType: 'Update', infos: [{ ...info, responseTypes: ['AllClear'] }], ...naming(first) })
  assert.deepEqual(states(messages(first, clear), '16:00'), { A: 'replaced', D: 'ended' })
})

test('each block has its own end, and one without an end stays', () => {
  const { expires: _, ...open } = info
  const two = alert('A', '13:00', { infos: [{ ...info, expires: '2026-08-01T14:00:00+08:00' }, info] })
  assert.deepEqual(statesAt(messages(two), at('15:00')).get('0')?.blocks, ['past', 'in-force'])
  assert.deepEqual(states(messages(two), '21:00'), { A: 'past' })
  assert.deepEqual(states(messages(alert('A', '13:00', { infos: [open] })), '23:00'), { A: 'in-force' })
})

test('a block that begins later is pending until its onset', () => {
  const later = alert('A', '13:00', { infos: [{ ...info, onset: '2026-08-01T18:00:00+08:00' }] })
  assert.deepEqual(states(messages(later), '17:59'), { A: 'pending' })
  assert.deepEqual(states(messages(later), '18:00'), { A: 'in-force' })
})

test('a reference is matched by all three, then by sender and identifier, then by identifier alone', () => {
  const by = (reference: Partial<Alert['references'][number]>): string | null | undefined => {
    const one = alert('B', '14:00', {
      msgType: 'Update',
      references: [{ sender: first.sender, identifier: 'A', sent: first.sent, ...reference }],
    })
    return statesAt(messages(first, one), at('15:00')).get('1')?.resolutions[0]?.by
  }
  assert.equal(by({}), 'triple')
  assert.equal(by({ sent: '2026-08-01T05:00:00+00:00' }), 'triple', 'the same instant in another zone')
  assert.equal(by({ sent: '2026-08-01T05:00:01+00:00' }), 'sender')
  assert.equal(by({ sender: 'other@example.org' }), 'identifier')
  assert.equal(by({ identifier: 'Z' }), null)
})

test('a Test never strikes what is Actual, nothing strikes itself or what came after it, and another sender is marked', () => {
  const drill = alert('T', '14:00', { msgType: 'Cancel', status: 'Test', infos: [], ...naming(first) })
  assert.equal(states(messages(first, drill), '15:00').A, 'in-force')
  const early = alert('E', '12:00', { msgType: 'Cancel', infos: [], ...naming(first) })
  assert.equal(states(messages(first, early), '15:00').A, 'in-force')
  const self = alert('S', '13:00', { msgType: 'Update', ...naming(alert('S', '13:00')) })
  assert.equal(states(messages(self), '15:00').S, 'in-force')
  const other = alert('O', '14:00', { msgType: 'Cancel', sender: 'other@example.org', infos: [], ...naming(first) })
  assert.deepEqual(
    [statesAt(messages(first, other), at('15:00')).get('0')].map((one) => [one?.state, one?.foreign]),
    [['cancelled', true]],
  )
})

test('chains join messages over a reference and over the same identifier, in the order of sending', () => {
  const apart = alert('X', '10:00')
  const found = chainsOf(messages(cancel, apart, update, first))
  assert.deepEqual(found.map((chain) => chain.map(({ identity }) => identity.identifier).join('')).toSorted(), ['ABC', 'X'])
})

test('of several languages the one that is read best is chosen, of several areas all that concern', () => {
  const area = (lon: number): Info['areas'] => [{ areaDesc: '', circles: [{ lon, lat: 37, radiusKm: 10 }], polygons: [], geocodes: [] }]
  const blocks = [120, 125].flatMap((lon) => ['en', 'zh-CN'].map((language) => ({ ...info, language, areas: area(lon) })))
  const [english, chinese, ...east] = blocks
  assert.deepEqual(chooseBlocks(blocks, ['zh-Hans', 'en'], { point: [120, 37] }), [chinese])
  assert.deepEqual(chooseBlocks(blocks, ['fr'], { point: [120, 37] }), [english])
  assert.deepEqual(chooseBlocks(blocks, ['zh-CN'], null), [chinese, east[1]])
  assert.deepEqual(chooseBlocks(blocks, ['zh-CN'], { point: [0, 0] }), [])
  assert.equal(chooseBlocks([info], [], { point: [0, 0] }).length, 1, 'words alone concern everybody')
})

test('polygons are read latitude first, closed when open, and refused when they are no area', () => {
  assert.deepEqual(polygonOf(' 37.10,120.5\n37,+120.9  38,120.9 37.10,120.5 ').ring, {
    lon: Float64Array.of(120.5, 120.9, 120.9, 120.5),
    lat: Float64Array.of(37.1, 37, 38, 37.1),
  })
  const codes = (text: string): readonly string[] => polygonOf(text).problems.map(({ code }) => code)
  assert.deepEqual(codes('1,1 2,2 3,1 1,1.0'), [])
  assert.deepEqual(codes('1,1 2,2 3,1 4,4'), ['cap.polygon-not-closed'])
  assert.deepEqual(codes('1,1 2,2 1,1'), ['cap.polygon-lt-4-points'])
  assert.deepEqual(codes('1,1 2,181 3,1 1,1'), ['cap.polygon-lon-out-of-range'])
  assert.deepEqual(codes('91,1 2,18 3,1 91,1'), ['cap.polygon-lat-out-of-range'])
  for (const bad of ['1,1 2', '1,1,2,2', '1 1 2 2', 'a,b', '1,1e9 2,2', '1,--1', '1,1 2,', '1,.5', '1-2,3'])
    assert.deepEqual(codes(bad), ['cap.polygon-syntax'], bad)
  const long = '-17.123456789012345,120.00000000000001'
  const { lon, lat } = polygonOf(`${long} 1,1 2,2 ${long}`).ring ?? assert.fail('no ring')
  assert.deepEqual([lon[0], lat[0]], [Number('120.00000000000001'), Number('-17.123456789012345')])
})

test('a circle is a point and kilometres', () => {
  assert.deepEqual(circleOf('37.25,120.7 18.5').circle, { lat: 37.25, lon: 120.7, radiusKm: 18.5 })
  assert.equal(circleOf('37.25,120.7').problem, 'cap.circle-syntax')
  assert.equal(circleOf('97.25,120.7 1').problem, 'cap.circle-out-of-range')
})

test('the ring around a circle leaves nothing of it out and little in', () => {
  const ring = circleRing({ lon: 120, lat: 37, radiusKm: 50 })
  for (const point of ring) {
    const far = distanceKm([120, 37], point)
    assert.ok(far >= 50 && far < 50.2, String(far))
  }
})

test('an area over the antimeridian is cut there and still holds its points', () => {
  const ring = polygonOf('-20,179 -20,-179 -22,-179 -22,179 -20,179').ring ?? assert.fail('no ring')
  const area = { areaDesc: '', polygons: [ring], circles: [], geocodes: [] }
  assert.ok(areaContains(area, [179.5, -21]) && areaContains(area, [-179.5, -21]) && !areaContains(area, [0, -21]))
  assert.ok(areaContains(area, [179, -21]), 'its edge belongs to it')
  const geometry = areaGeometry(area)
  assert.equal(geometry?.type, 'MultiPolygon')
  const lons =
    JSON.stringify(geometry?.coordinates)
      .match(/-?17\d(?:\.\d+)?|-?180/g)
      ?.map(Number) ?? []
  assert.ok(lons.every((lon) => Math.abs(lon) <= 180))
})

test("China's identifiers, colours, hazards and divisions are read off what stands there, never off CAP's severity", () => {
  const parts = { division: '370614', issuer: '99000000', at: '2026-08-01T05:33:03.000Z' }
  assert.deepEqual(chinaIdentifier('37061499000000_20260801133303'), parts)
  assert.equal(writeChinaIdentifier(parts), '37061499000000_20260801133303')
  assert.equal(chinaIdentifier('urn:oid:2.49'), null)
  assert.equal(colourOf({ headline: '示范县气象台发布暴雨橙色预警信号[Ⅱ级/严重]' }), 'orange')
  assert.equal(colourOf({ headline: 'Demonstration County updates blue warning [Level IV/General]' }), 'blue')
  assert.equal(colourOf({ headline: '暴雨橙色预警升级为红色' }), null)
  assert.equal(colourOf({ headline: 'Hundred cars stopped' }), null)
  assert.equal(hazardOf({ event: '雷雨大风', eventCodes: [] }), 'thunderstorm-gale')
  assert.equal(hazardOf({ event: '', eventCodes: [{ valueName: 'CMA', value: '11B03' }] }), 'rainstorm')
  const geocodes = ['130132000000', '130132101000', '130132', '13013'].map((value) => ({ valueName: 'CPEAS Geographic Code', value }))
  assert.deepEqual(
    divisionsOf(alert('A', '13:00', { infos: [{ ...info, areas: [{ areaDesc: '', polygons: [], circles: [], geocodes }] }] })),
    ['130132'],
  )
})

test('what is composed is checked by the same rules, and the schema of the model takes it', () => {
  assert.deepEqual(checkComposed(first), [])
  const wrong = alert('A B', '13:00', { msgType: 'Update', scope: 'Restricted' })
  assert.deepEqual(
    checkComposed(wrong).map(({ code }) => code),
    ['cap.identifier-illegal-char', 'cap.update-without-references', 'cap.restricted-without-restriction'],
  )
  assert.ok(Alert.safeParse(first).success)
})
