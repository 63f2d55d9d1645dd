/** Geometries built from points whose place is known, and from squares drawn here: expectations by geography, not by the program. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Relations, type OrganizationEntry } from '#core/directory/relations.ts'
import { Area } from '#core/incident/area.ts'
import { overallLead } from '#core/linkage/area.ts'
import { Boundaries, installedBoundaries, type Unit } from './boundaries.ts'

type Point = [number, number]
const square = (west: number, south: number, east: number, north: number): Point[] => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
]
const around = ([lon, lat]: Point, degrees: number): Area => polygon(square(lon - degrees, lat - degrees, lon + degrees, lat + degrees))
const polygon = (...rings: Point[][]): Area => ({ type: 'Polygon', coordinates: rings })

const government = (code: string, superior: string | null): OrganizationEntry => ({
  id: code,
  name: { 'zh-CN': code, en: code },
  sector: 'government',
  kind: 'government',
  functions: ['government'],
  jurisdiction: code,
  superior,
  verified: true,
})
/** The State Council, provinces, prefectures and two counties, by the administrative order of the country. */
const relations = new Relations([
  government('100000', null),
  ...['110000', '120000', '130000', '320000', '340000', '460000', '350000'].map((code) => government(code, '100000')),
  ...['130100', '130200', '130600', '131000', '130900'].map((code) => government(code, '130000')),
  ...['320100', '320300', '320800'].map((code) => government(code, '320000')),
  ...['340500', '341100', '341300'].map((code) => government(code, '340000')),
  ...['460300', '460100'].map((code) => government(code, '460000')),
  ...['350200', '350500', '350100'].map((code) => government(code, '350000')),
])

const installed = installedBoundaries()
assert.ok(installed, 'the base map is made by the installation: node scripts/basemap.ts')
const place = async (area: Area, boundaries: Boundaries = installed): Promise<{ codes: readonly string[]; lead: string | null }> => {
  const affected = await boundaries.affected(area)
  const codes = affected.map(({ code }) => code).toSorted()
  return { codes, lead: overallLead(codes, relations).lead?.id ?? null }
}

const SHIJIAZHUANG: Point = [114.51, 38.04]
const TANGSHAN: Point = [118.18, 39.63]
const NANJING: Point = [118.79, 32.05]
const CHUZHOU: Point = [118.31, 32.3]

test('an area around one city is that city’s, and its own government leads', async () => {
  assert.deepEqual(await place(around(SHIJIAZHUANG, 0.02)), { codes: ['130100'], lead: '130100' })
})

test('two cities of one province are led by the province', async () => {
  const both: Area = {
    type: 'MultiPolygon',
    coordinates: [around(SHIJIAZHUANG, 0.02).coordinates, around(TANGSHAN, 0.02).coordinates] as Point[][][],
  }
  assert.deepEqual(await place(both), { codes: ['130100', '130200'], lead: '130000' })
})

test('across Beijing, Tianjin and Hebei the State Council leads', async () => {
  // Wuqing (Tianjin), Langfang (Hebei) and Daxing (Beijing) lie side by side.
  const { codes, lead } = await place(polygon(square(116.4, 39.35, 117.05, 39.7)))
  assert.deepEqual(codes, ['110000', '120000', '131000'])
  assert.equal(lead, '100000')
})

test('across Jiangsu and Anhui the State Council leads: Nanjing and Chuzhou are neighbours', async () => {
  const strip = polygon(square(CHUZHOU[0], 32.05, NANJING[0], 32.3))
  const { codes, lead } = await place(strip)
  assert.ok(codes.includes('320100') && codes.includes('341100'), codes.join())
  assert.equal(lead, '100000')
})

test('what lies in a hole of the area is not affected', async () => {
  // A ring around Nanjing, with the city left out: only its surroundings are hit.
  const ring = polygon(square(118.1, 31.0, 119.6, 32.9), square(118.2, 31.1, 119.5, 32.8))
  const solid = polygon(square(118.1, 31.0, 119.6, 32.9))
  assert.ok((await place(solid)).codes.includes('320100'))
  assert.ok(!(await place(ring)).codes.includes('320100'))
})

test('an island belongs to the city that administers it, far from its mainland', async () => {
  assert.deepEqual(await place(around([112.3385, 16.834], 0.01)), { codes: ['460300'], lead: '460300' })
})

test('an area on the open sea touches nobody', async () => {
  assert.deepEqual(await place(around([125.5, 29], 0.1)), { codes: [], lead: null })
})

// Counties of an operator's pack, drawn as squares side by side in the two prefectures of one province and in another.
const unit = (code: string, ...rings: Point[][]): Unit => ({ code, polygons: [rings] })
const pack = new Boundaries([
  unit('130100', square(0, 0, 2, 1)),
  unit('130200', square(2, 0, 3, 1)),
  unit('110000', square(3, 0, 4, 1)),
  // Of 130100 only this half is drawn finer; 130103 lies in the middle of 130102, which has a hole there.
  unit('130102', square(0, 0, 1, 1), square(0.4, 0.4, 0.6, 0.6)),
  unit('130103', square(0.4, 0.4, 0.6, 0.6)),
  unit('120000', square(179, 0, 180, 1)),
  unit('350100', square(-180, 0, -179, 1)),
])
const counties = new Relations([
  government('100000', null),
  government('130000', '100000'),
  government('110000', '100000'),
  government('120000', '100000'),
  government('350000', '100000'),
  government('350100', '350000'),
  government('130100', '130000'),
  government('130200', '130000'),
  government('130102', '130100'),
  government('130103', '130100'),
])
const inPack = async (area: Area): Promise<readonly [readonly string[], string | null]> => {
  const codes = (await pack.affected(area)).map(({ code }) => code).toSorted()
  return [codes, overallLead(codes, counties).lead?.id ?? null]
}

test('where counties are drawn the county is named, and its government leads alone', async () => {
  assert.deepEqual(await inPack(polygon(square(0.1, 0.1, 0.2, 0.2))), [['130102'], '130102'])
})

test('two counties of one prefecture are led by the prefecture', async () => {
  assert.deepEqual(await inPack(polygon(square(0.1, 0.1, 0.5, 0.5))), [['130102', '130103'], '130100'])
})

test('a territory in the hole of another is its own: what happens there is not the other’s', async () => {
  assert.deepEqual(await inPack(polygon(square(0.45, 0.45, 0.55, 0.55))), [['130103'], '130103'])
})

test('beyond the finer boundaries the territory around them answers', async () => {
  assert.deepEqual(await inPack(polygon(square(1.2, 0.2, 1.4, 0.4))), [['130100'], '130100'])
})

test('edges and corners that only touch do not count', async () => {
  assert.deepEqual(await inPack(polygon(square(2, 0, 3, 1))), [['130200'], '130200'])
  assert.deepEqual(await inPack(polygon(square(3, 1, 4, 2))), [[], null])
})

test('two provinces are led by the State Council, however thin the share of one of them', async () => {
  assert.deepEqual(await inPack(polygon(square(2.5, 0.2, 3.001, 0.4))), [['110000', '130200'], '100000'])
})

test('an area over the antimeridian is cut there, whether drawn across it or in two parts', async () => {
  const across = polygon([
    [179.5, 0.2],
    [-179.5, 0.2],
    [-179.5, 0.4],
    [179.5, 0.4],
    [179.5, 0.2],
  ])
  const parts: Area = { type: 'MultiPolygon', coordinates: [[square(179.5, 0.2, 180, 0.4)], [square(-180, 0.2, -179.5, 0.4)]] }
  assert.deepEqual(await inPack(across), [['120000', '350100'], '100000'])
  assert.deepEqual(await inPack(parts), [['120000', '350100'], '100000'])
})

test('a square degree at the equator measures what the sphere says, and a hole is taken off', async () => {
  // One degree is 111.195 km on a sphere of 6371.0088 km.
  const [whole] = await pack.affected(polygon(square(2, 0, 3, 1)))
  assert.ok(Math.abs((whole?.km2 ?? 0) - 111.195 ** 2) < 5, String(whole?.km2))
  const [holed] = await pack.affected(polygon(square(2, 0, 3, 1), square(2.25, 0.25, 2.75, 0.75)))
  assert.ok(Math.abs((holed?.km2 ?? 0) / (whole?.km2 ?? 1) - 0.75) < 0.001)
})

test('the outline of a territory picked by its code lies in that territory alone', async () => {
  const area = installed.outline(['130100'])
  assert.ok(area)
  assert.deepEqual((await place(area)).codes, ['130100'])
  const pair = installed.outline(['130100', '130200'])
  assert.ok(pair)
  assert.deepEqual(await place(pair), { codes: ['130100', '130200'], lead: '130000' })
  assert.equal(installed.outline(['999999']), null)
})

test('a ring that is not closed, a point off the globe and more than ten thousand vertices are not taken', () => {
  assert.ok(Area.safeParse(polygon(square(0, 0, 1, 1))).success)
  assert.ok(!Area.safeParse(polygon(square(0, 0, 1, 1).slice(0, 4))).success)
  assert.ok(!Area.safeParse(polygon(square(0, 0, 181, 1))).success)
  const ring: Point[] = Array.from({ length: 10_000 }, (_, i) => [i / 100, 1])
  assert.ok(!Area.safeParse(polygon([[0, 1], ...ring.slice(1), [0, 1], [0, 1]])).success)
})
