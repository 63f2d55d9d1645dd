/** Territories drawn here as squares, so that geography says what is expected. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from './decider.ts'
import { columnsOf } from './place.ts'
import type { LonLat, Rings } from './target/area.ts'
import { areaOfGeo, Divisions, subscribed, Targets, upwards, type TargetArea } from './target.ts'

const square = (west: number, south: number, east: number, north: number): readonly LonLat[] => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
]
const division = (code: string, ...polygons: Rings[]): { code: string; polygons: Rings[] } => ({ code, polygons })

/** Two prefectures side by side, counties in the first, an enclave, an island apart, one across the antimeridian. */
const divisions = new Divisions([
  division('130100', [square(0, 0, 4, 4)]),
  division('130102', [square(0, 0, 2, 2)]),
  division('130104', [square(2, 0, 4, 2)]),
  division('130105', [square(0, 2, 4, 4)]),
  division('130200', [square(4, 0, 8, 4), square(5, 1, 6, 2)], [square(10, 10, 11, 11)]),
  division('130300', [square(5, 1, 6, 2)]),
  division('460300', [
    [
      [178, 0],
      [-178, 0],
      [-178, 4],
      [178, 4],
    ],
  ]),
])
function reached(area: TargetArea): string[] {
  const found = divisions.within(area)
  assert.ok(!(found instanceof Refusal), JSON.stringify(found))
  return found.map(({ code, share }) => (share === 'whole' ? code : `${code}~`))
}
const polygon = (...rings: Rings): TargetArea => ({ polygons: [rings] })

test('a territory’s own outline reaches it and what lies in it, and no neighbour', () => {
  assert.deepEqual(reached(polygon(square(0, 0, 4, 4))), ['130100', '130102', '130104', '130105'])
  assert.deepEqual(reached(polygon(square(2, 0, 4, 2))), ['130100~', '130104'])
  assert.deepEqual(reached(polygon(square(5, 1, 6, 2))), ['130300'])
})

test('the same outline drawn with other corners or the other way round reaches the same', () => {
  assert.deepEqual(
    reached(
      polygon([
        [2, 0],
        [3, 0],
        [4, 0],
        [4, 1.3],
        [4, 2],
        [2, 2],
        [2, 0.7],
      ]),
    ),
    ['130100~', '130104'],
  )
  assert.deepEqual(reached(polygon(square(2, 0, 4, 2).toReversed())), ['130100~', '130104'])
  assert.deepEqual(reached(polygon(square(0, 0, 8, 4), square(5, 1, 6, 2))), ['130100', '130102', '130104', '130105', '130200~'])
})

test('an area reaches whom it crosses, whom it lies in and who lies in it, but not through a hole', () => {
  assert.deepEqual(reached(polygon(square(1, 1, 3, 1.5))), ['130100~', '130102~', '130104~'])
  assert.deepEqual(reached(polygon(square(5.2, 1.2, 5.8, 1.8))), ['130300~'])
  assert.deepEqual(reached(polygon(square(4.5, 0.5, 7, 3), square(4.9, 0.9, 6.5, 2.5))), ['130200~'])
  assert.deepEqual(reached(polygon(square(-5, -5, 20, 20))), ['130100', '130102', '130104', '130105', '130200', '130300'])
  assert.deepEqual(
    reached(
      polygon([
        [4, 4],
        [6, 6],
        [2, 6],
      ]),
    ),
    [],
  )
  assert.deepEqual(reached(polygon(square(20, 20, 21, 21))), [])
  assert.deepEqual(
    reached(
      polygon([
        [1, 1],
        [2, 1],
        [1.5, 1.9],
      ]),
    ),
    ['130100~', '130102~'],
  )
})

test('a division that only several shapes together cover is reached in part, one of several islands too', () => {
  assert.deepEqual(reached(polygon(square(10, 10, 11, 11))), ['130200~'])
  assert.deepEqual(reached({ polygons: [[square(4, 0, 8, 4)], [square(9, 9, 12, 12)]] }), ['130200', '130300'])
})

test('across the antimeridian both sides are one division', () => {
  assert.deepEqual(reached(polygon(square(-179.5, 1, -179, 2))), ['460300~'])
  assert.deepEqual(reached(polygon(square(179, 1, 179.5, 2))), ['460300~'])
  assert.deepEqual(
    reached(
      polygon([
        [170, -1],
        [-170, -1],
        [-170, 5],
        [170, 5],
      ]),
    ),
    ['460300'],
  )
  assert.deepEqual(reached(polygon(square(-178, 1, -170, 2))), [])
  assert.deepEqual(divisions.at(-180, 2), ['460300'])
  assert.deepEqual(divisions.at(180, 2), ['460300'])
})

test('a place on a border lies in both territories', () => {
  assert.deepEqual(divisions.at(4, 1), ['130100', '130104', '130200'])
  assert.deepEqual(divisions.at(5.5, 1.5), ['130300'])
})

test('a circle reaches whom it overlaps: from inside, across an edge between two corners, and around', () => {
  const circle = (lon: number, lat: number, radiusKm: number): string[] => reached({ circles: [{ lon, lat, radiusKm }] })
  assert.deepEqual(circle(1, 1, 10), ['130100~', '130102~'])
  // A degree is about 111 km: the edge at 11° is half a degree away, its corners further.
  assert.deepEqual(circle(11.5, 10.5, 50), [])
  assert.deepEqual(circle(11.5, 10.5, 56), ['130200~'])
  assert.deepEqual(circle(2, 2, 350), ['130100', '130102', '130104', '130105', '130200~', '130300~'])
  assert.deepEqual(circle(-179, 2, 450), ['460300'])
})

test('codes reach what they name and what lies below, boundaries or none', () => {
  assert.deepEqual(reached({ divisions: ['130100'] }), ['130100', '130102', '130104', '130105'])
  assert.deepEqual(reached({ divisions: ['320100'] }), ['320100'])
  assert.deepEqual(reached({ divisions: ['130102'], ...polygon(square(3, 0.5, 3.5, 1)) }), ['130100~', '130102', '130104~'])
  assert.deepEqual(upwards('130102003000'), ['130102003', '130102', '130100', '130000', '100000'])
  assert.deepEqual(upwards('130102003004'), ['130102003004', '130102003', '130102', '130100', '130000', '100000'])
  assert.deepEqual(upwards('US-TX'), ['US-TX'])
})

test('organizations, sites, resources and subscribers are found by kind, where they stand now, and in divisions named by code', () => {
  const targets = new Targets(
    [division('130102', [square(0, 0, 2, 2)])],
    [
      { kind: 'organization', id: 'bureau', lon: 1, lat: 1 },
      { kind: 'site', id: 'care-home', lon: 2, lat: 1 },
      { kind: 'resource', id: 'boat', lon: 5, lat: 5 },
      { kind: 'subscriber', id: 'boat', lon: 1.5, lat: 1.5 },
    ],
  )
  const within = (area: TargetArea): unknown => {
    const found = targets.within(area)
    return found instanceof Refusal ? found.code : found.points
  }
  assert.deepEqual(within({ divisions: ['130100'] }), { organization: ['bureau'], site: ['care-home'], resource: [], subscriber: ['boat'] })
  targets.put({ kind: 'resource', id: 'boat', lon: 1, lat: 2 })
  assert.equal(targets.remove('organization', 'bureau'), true)
  assert.equal(targets.remove('organization', 'bureau'), false)
  const area = { corners: [columnsOf(square(0, 0, 2, 2))], circles: [{ lon: 1, lat: 1, radiusKm: 5 }] }
  assert.deepEqual(within(area), { organization: [], site: ['care-home'], resource: ['boat'], subscriber: ['boat'] })
  assert.deepEqual(within(areaOfGeo({ type: 'Polygon', coordinates: [square(0, 1.9, 2, 3)] })), {
    organization: [],
    site: [],
    resource: ['boat'],
    subscriber: [],
  })
  assert.equal(within({ circles: [{ lon: 1, lat: 91, radiusKm: 5 }] }), 'target.out-of-range')
  assert.throws(() => targets.put({ kind: 'site', id: 'nowhere', lon: 0, lat: 200 }), /no place/)
})

test('who subscribed is told where every condition holds, and a county where its whole province is warned', () => {
  const about = { hazard: 'flood', class: 'natural', level: 2, functions: [] } as const
  const told = (
    areas: readonly string[] | null,
    reached: readonly { code: string; share: 'part' | 'whole' }[],
    hazards = ['flood'],
  ): boolean =>
    subscribed([{ to: 'post', conditions: { hazards, ...(areas === null ? {} : { areas: [...areas] }) } }], about, reached).length === 1
  const part = [{ code: '130102', share: 'part' }] as const
  assert.equal(told(['130100'], part), true)
  assert.equal(told(['130102'], part), true)
  assert.equal(told(['130104'], part), false)
  assert.equal(told(['130100'], part, ['earthquake']), false)
  assert.equal(told(null, []), true)
  assert.equal(told(['130104'], [{ code: '130000', share: 'whole' }]), true)
  assert.equal(told(['130104'], [{ code: '130000', share: 'part' }]), false)
  assert.deepEqual(
    subscribed(
      [
        { to: 'b', conditions: { level: 3 } },
        { to: 'a', conditions: { level: 2 } },
        { to: 'a', conditions: { hazards: ['flood'] } },
        { to: 'c', conditions: { level: 1 } },
      ],
      about,
      [],
    ),
    ['a', 'b'],
  )
})
