/**
 * China from its Chinese-sourced prefectures: neighbours' edges made to coincide, small islets and fine
 * detail removed, provinces and the national outline dissolved from the same arcs, GCJ-02 turned to WGS-84.
 */

import type { Feature, MultiLineString, MultiPolygon } from 'geojson'
import { presimplify, simplify } from 'topojson-simplify'
import { topology } from 'topojson-server'
import type { Unit } from './echarts.ts'
import { GRID } from './echarts.ts'
import { wgsFromGcj } from './gcj02.ts'
import type { Loop } from './dissolve.ts'
import { loopsOf, ownersOf, pointsOf } from './dissolve.ts'
import type { Point } from './plane.ts'
import { Cells, contains, nearest } from './plane.ts'
import type { TopoGeometry, Topology } from './topology.ts'

/** Edges of neighbours closer than this are one edge (grid units, about 100 m each). */
const SNAP = 2.5
const SNAP_PASSES = 1
/** Detail smaller than this is removed: a triangle of about 0.5 km². */
const DETAIL = 48
/** Islets smaller than this are removed, unless they are all a unit has: about 4 km². */
const ISLET = 400
/** A hole in a unit smaller than this is a gap between sources, not an enclave: about 60 km². */
const HOLE = 6000

type Layer = readonly Feature<MultiPolygon, { code: string }>[]

export type China = {
  readonly prefectures: Layer
  readonly provinces: Layer
  readonly land: MultiPolygon
  readonly provinceLines: MultiLineString
  readonly prefectureLines: MultiLineString
}

const same = (p: Point | undefined, q: Point): boolean => p !== undefined && p[0] === q[0] && p[1] === q[1]

/**
 * Number of an undirected edge between points of the integer grid: its midpoint and extent. Edges that cross in
 * their middle as mirror images share a number; such a pair would merely be left as it is.
 */
const edgeKey = ([ax, ay]: Point, [bx, by]: Point): number =>
  (((ax + bx) * 0x20000 + ay + by) * 0x100 + (Math.abs(ax - bx) & 0xff)) * 0x100 + (Math.abs(ay - by) & 0xff)

/** Adds to every unshared edge the vertices of other units that lie on it, so that shared edges become identical. */
function snap(units: readonly Unit[]): readonly Unit[] {
  const uses = new Map<number, number>()
  const eachEdge = (visit: (a: Point, b: Point, unit: number) => void): void =>
    units.forEach(({ polygons }, unit) => {
      for (const ring of polygons.flat())
        ring.forEach((b, i) => {
          const a = ring[i - 1]
          if (a) visit(a, b, unit)
        })
    })
  eachEdge((a, b) => {
    const key = edgeKey(a, b)
    uses.set(key, (uses.get(key) ?? 0) + 1)
  })
  const cells = new Cells<{ readonly unit: number; readonly point: Point }>(16)
  eachEdge((a, b, unit) => {
    if (uses.get(edgeKey(a, b)) !== 1) return
    cells.add(a, { unit, point: a })
    cells.add(b, { unit, point: b })
  })
  const split = (unit: number, a: Point, b: Point): readonly Point[] => {
    if (uses.get(edgeKey(a, b)) !== 1) return [a]
    const between = cells
      .near(a, b, SNAP)
      .filter((other) => other.unit !== unit)
      .map(({ point }) => ({ point, ...nearest(point, a, b) }))
      .filter(({ along, distance }) => distance <= SNAP && along > 0 && along < 1)
      .toSorted((p, q) => p.along - q.along)
    return [a, ...between.map(({ point }) => point)]
  }
  return units.map((one, unit) => ({
    ...one,
    polygons: one.polygons.map((polygon) =>
      polygon.map((ring) =>
        ring
          .flatMap((b, i) => {
            const a = ring[i - 1]
            return a ? split(unit, a, b) : []
          })
          .concat(ring.slice(-1))
          .filter((point, i, all) => !same(all[i - 1], point)),
      ),
    ),
  }))
}

const polygonOf = (polygons: readonly Point[][][]): MultiPolygon => ({
  type: 'MultiPolygon',
  coordinates: polygons.map((rings) => rings.map((ring) => ring.map(toWgs))),
})

const toWgs = ([x, y]: Point): [number, number] => {
  const [lon, lat] = wgsFromGcj([x / GRID, y / GRID])
  return [lon, lat]
}

/** Shells and holes from loops: islets and gaps below the threshold go, unless the unit has nothing else. */
function shapeOf(loops: readonly Loop[]): Point[][][] {
  const sorted = loops.toSorted((a, b) => b.area - a.area)
  const shells = sorted.filter((loop, i) => loop.area > 0 && (i === 0 || loop.area >= ISLET))
  const holes = sorted.filter(({ area }) => area <= -HOLE)
  return shells.map(({ ring }) => [ring, ...holes.filter((hole) => contains(ring, hole.ring[0] ?? [0, 0])).map((hole) => hole.ring)])
}

/** Inner lines of the country: shared arcs, plus one side of every gap or overlap that is left between units. */
function innerLines(
  topo: Topology,
  units: readonly TopoGeometry[],
  slivers: readonly Loop[],
  wanted: (codes: readonly string[]) => boolean,
): MultiLineString {
  const owners = ownersOf(units)
  const lines: Point[][] = []
  for (const [arc, codes] of owners) if (codes.length > 1 && wanted(codes)) lines.push([...(topo.arcs[arc] ?? [])])
  for (const { arcs } of slivers) {
    const byOwner = Map.groupBy(arcs, (arc) => owners.get(arc < 0 ? ~arc : arc)?.[0] ?? '')
    if (byOwner.size < 2 || !wanted([...byOwner.keys()])) continue
    const points = (side: readonly number[]): Point[] => side.flatMap((arc) => pointsOf(topo, arc))
    const finest = [...byOwner.values()].toSorted((p, q) => points(q).length - points(p).length)[0] ?? []
    for (const arc of finest) lines.push(pointsOf(topo, arc))
  }
  return { type: 'MultiLineString', coordinates: lines.map((line) => line.map(toWgs)) }
}

/**
 * Builds all layers of China from decoded units on the GCJ-02 grid; units that share a code are one unit.
 * Units named in `whole` (far islands) keep every islet and vertex. Answers in WGS-84 degrees.
 */
export function chinaFrom(units: readonly Unit[], whole: ReadonlySet<Unit>): China {
  let snapped: readonly Unit[] = units.filter((unit) => !whole.has(unit))
  for (let pass = 0; pass < SNAP_PASSES; pass += 1) snapped = snap(snapped)
  const features = snapped.map(({ code, polygons }) => ({
    type: 'Feature',
    id: code,
    properties: {},
    geometry: { type: 'MultiPolygon', coordinates: polygons },
  }))
  const topo = simplify(presimplify(topology({ units: { type: 'FeatureCollection', features } })), DETAIL)
  const geometries = topo.objects['units']?.geometries ?? []
  const far = Map.groupBy(whole, ({ code }) => code)
  const province = (code: string): string => `${code.slice(0, 2)}0000`
  const shaped = (key: (code: string) => string): Layer => {
    const shapes = new Map(
      [...Map.groupBy(geometries, ({ id }) => key(id ?? ''))].map(([code, members]) => [code, shapeOf(loopsOf(topo, members))]),
    )
    for (const [code, members] of far)
      shapes.set(key(code), [...(shapes.get(key(code)) ?? []), ...members.flatMap(({ polygons }) => polygons)])
    return [...shapes].map(([code, polygons]) => ({ type: 'Feature', id: code, properties: { code }, geometry: polygonOf(polygons) }))
  }
  const loops = loopsOf(topo, geometries)
  const outer = loops.filter(
    (loop) => loop.area > 0 && !loops.some((big) => big.area > loop.area && contains(big.ring, loop.ring[0] ?? [0, 0])),
  )
  const slivers = loops.filter((loop) => !outer.includes(loop))
  const land = outer.filter((loop) => loop.area >= ISLET).map(({ ring }) => [ring])
  return {
    prefectures: shaped((code) => code),
    provinces: shaped(province),
    land: polygonOf([...land, ...[...whole].flatMap(({ polygons }) => polygons)]),
    provinceLines: innerLines(topo, geometries, slivers, (codes) => new Set(codes.map(province)).size > 1),
    prefectureLines: innerLines(topo, geometries, slivers, (codes) => new Set(codes.map(province)).size === 1),
  }
}
