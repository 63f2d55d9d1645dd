/** Splits China's outline into land border and coast, and reads the ten-dash line. */

import type { MultiLineString, MultiPolygon, Position } from 'geojson'
import type { Point, Ring } from './plane.ts'

/** Runs shorter than this many vertices take the kind of their surroundings. */
const RUN_MIN = 12
/** Cells of one degree: how far away, in cells, a line of the other source is looked for. */
const REACH = 3

const toPoint = (position: Position): Point => [position[0] ?? 0, position[1] ?? 0]

/** Distance in degrees of latitude from a point to the nearest of many. */
function finder(points: readonly Point[]): (point: Point) => number {
  const cells = Map.groupBy(points, ([x, y]) => Math.floor(x) * 1000 + Math.floor(y))
  return ([x, y]) => {
    const shrink = Math.cos((y * Math.PI) / 180)
    let best = Infinity
    for (let i = -REACH; i <= REACH; i += 1)
      for (let j = -REACH; j <= REACH; j += 1)
        for (const [px, py] of cells.get((Math.floor(x) + i) * 1000 + Math.floor(y) + j) ?? [])
          best = Math.min(best, Math.hypot((px - x) * shrink, py - y))
    return best
  }
}

/** Sets runs of a closed sequence that are shorter than RUN_MIN to the kind before them. */
function smooth(kinds: readonly boolean[]): boolean[] {
  const smoothed = [...kinds]
  let start = 0
  for (let i = 1; i <= smoothed.length; i += 1) {
    if (i < smoothed.length && smoothed[i] === smoothed[start]) continue
    if (i - start < RUN_MIN && start > 0) smoothed.fill(smoothed[start - 1] ?? false, start, i)
    else start = i
    if (i < smoothed.length && smoothed[i] !== smoothed[start]) start = i
  }
  return smoothed
}

/** Every shell of `land` cut where the nearest foreign line changes from a shared border to a coast. */
export function splitOutline(
  land: MultiPolygon,
  touching: readonly Point[],
  coasts: readonly Point[],
): { readonly border: MultiLineString; readonly coast: MultiLineString } {
  const [toBorder, toCoast] = [finder(touching), finder(coasts)]
  const border: Position[][] = []
  const coast: Position[][] = []
  for (const [shell] of land.coordinates) {
    const ring = shell ?? []
    const onLand = smooth(ring.map((position) => toBorder(toPoint(position)) < toCoast(toPoint(position))))
    let start = 0
    for (let i = 1; i <= ring.length; i += 1) {
      if (i < ring.length && onLand[i] === onLand[start]) continue
      const piece = ring.slice(start, i + 1)
      if (piece.length > 1) (onLand[start] ? border : coast).push(piece)
      start = i
    }
  }
  return { border: { type: 'MultiLineString', coordinates: border }, coast: { type: 'MultiLineString', coordinates: coast } }
}

/** A dash drawn as a thin closed shape, as the line through its middle: its ring folded at the two farthest points. */
export function centreLine(ring: Ring): Point[] {
  const open = ring.slice(0, -1)
  let ends: readonly [number, number] = [0, 0]
  let length = -1
  open.forEach((a, i) =>
    open.forEach((b, j) => {
      const distance = Math.hypot(a[0] - b[0], a[1] - b[1])
      if (j > i && distance > length) [length, ends] = [distance, [i, j]]
    }),
  )
  return open.slice(ends[0], ends[1] + 1)
}

/** Dashes of the source's nation: thin shapes south-east of the mainland, longer than they are wide by far. Expects ten. */
export function dashesFrom(nation: MultiPolygon): Ring[] {
  const DASH_WIDTH = 0.06
  return nation.coordinates.flatMap(([shell]) => {
    const ring = (shell ?? []).map(toPoint)
    const line = centreLine(ring)
    const [a, b] = [line[0], line.at(-1)]
    if (!a || !b || ring.length > 30) return []
    const length = Math.hypot(a[0] - b[0], a[1] - b[1])
    let doubled = 0
    ring.forEach((p, i) => {
      const q = ring[i + 1]
      if (q) doubled += p[0] * q[1] - q[0] * p[1]
    })
    return length > 0.8 && Math.abs(doubled) / 2 / length < DASH_WIDTH ? [line] : []
  })
}
