/**
 * Whether two territories share more than a line. Neighbours share edges and vertices and nothing else; whoever is warned
 * is not his neighbour. Exact where the lines cross or lie on each other; two lines that pass each other closer than about
 * 1e-13° (ten nanometres) without touching may be taken for one.
 */
import type { Circle } from './circle.ts'
import { orient } from './orient.ts'
import type { Polygon } from './polygon.ts'

export type Share = 'none' | 'part' | 'whole'

/** How much of `one` lies in `other`. */
export function shareOf(one: Polygon, other: Polygon): Share {
  const [a, b] = [one.box, other.box]
  if (a.west > b.east || a.east < b.west || a.south > b.north || a.north < b.south) return 'none'
  // Where no line of the one comes into the box of the other, the box tells: most divisions of a wide area lie well within it.
  const boxed = other.meets(a.west, a.south, a.east, a.north)
  if (boxed !== 'cross') return boxed === 'in' ? 'whole' : 'none'
  const around = one.meets(b.west, b.south, b.east, b.north)
  if (around !== 'cross') return around === 'in' ? 'part' : 'none'
  // A corner of the one inside the other: its line runs there, and so does its outside.
  if (other.someEdge(a.west, a.south, a.east, a.north, (i) => one.locate(other.ax[i] ?? 0, other.ay[i] ?? 0) === 'in')) return 'part'
  const own = lineIn(one, other)
  if (own.crosses || (own.outside && (own.inside || own.along))) return 'part'
  const back = lineIn(other, one)
  if (back.crosses || back.inside) return 'part'
  if (!own.inside && !own.along && !back.along) return 'none'
  return own.outside ? 'part' : 'whole'
}

/**
 * Where a line runs: inside the other territory, outside, along its line with both territories on the same side. It
 * crosses where two edges do, and then nothing else is looked for. Neighbours run along each other on different sides.
 */
type Runs = { crosses: boolean; inside: boolean; outside: boolean; along: boolean }

function lineIn(one: Polygon, other: Polygon): Runs {
  const runs: Runs = { crosses: false, inside: false, outside: false, along: false }
  const [own, box] = [one.box, other.box]
  if (own.west < box.west || own.east > box.east || own.south < box.south || own.north > box.north) runs.outside = true
  one.someEdge(box.west, box.south, box.east, box.north, (i) => {
    follow(one, i, other, runs)
    return runs.crosses || (runs.outside && (runs.inside || runs.along))
  })
  return runs
}

/** Follows one edge. It is cut where a vertex of the other lies on it; between two cuts all of it lies on one side of the other's line. */
function follow(one: Polygon, i: number, other: Polygon, runs: Runs): void {
  const [px, py, qx, qy] = [one.ax[i] ?? 0, one.ay[i] ?? 0, one.bx[i] ?? 0, one.by[i] ?? 0]
  if (px === qx && py === qy) return
  const cuts: number[] = []
  const shared: (readonly [number, number])[] = []
  // The longer of its two extents tells how far along the edge a point is.
  const steep = Math.abs(qy - py) > Math.abs(qx - px)
  const along = (x: number, y: number): number => (steep ? (y - py) / (qy - py) : (x - px) / (qx - px))
  runs.crosses = other.someEdge(Math.min(px, qx), Math.min(py, qy), Math.max(px, qx), Math.max(py, qy), (j) => {
    const [ax, ay, bx, by] = [other.ax[j] ?? 0, other.ay[j] ?? 0, other.bx[j] ?? 0, other.by[j] ?? 0]
    const a = orient(px, py, qx, qy, ax, ay)
    const b = orient(px, py, qx, qy, bx, by)
    if (a === 0 && b === 0) {
      const [from, to] = [along(ax, ay), along(bx, by)]
      cuts.push(from, to)
      if (Math.max(from, to) <= 0 || Math.min(from, to) >= 1) return false
      shared.push([Math.min(from, to), Math.max(from, to)])
      if ((one.isLeft(i) === other.isLeft(j)) === from < to) runs.along = true
      return false
    }
    if (a === 0) cuts.push(along(ax, ay))
    if (b === 0) cuts.push(along(bx, by))
    if (a === 0 || b === 0 || a > 0 === b > 0) return false
    const p = orient(ax, ay, bx, by, px, py)
    const q = orient(ax, ay, bx, by, qx, qy)
    return p !== 0 && q !== 0 && p > 0 !== q > 0
  })
  if (runs.crosses) return
  if (cuts.length === 0) {
    const place = other.locate((px + qx) / 2, (py + qy) / 2)
    if (place === 'in') runs.inside = true
    if (place === 'out') runs.outside = true
    return
  }
  const ends = [0, ...cuts.filter((at) => at > 0 && at < 1), 1].toSorted((x, y) => x - y)
  for (const [k, to] of ends.entries()) {
    const from = ends[k - 1]
    if (from === undefined || to <= from) continue
    const middle = (from + to) / 2
    if (shared.some(([begin, end]) => begin <= from && end >= to)) continue
    const place = other.locate(px + (qx - px) * middle, py + (qy - py) * middle)
    if (place === 'in') runs.inside = true
    if (place === 'out') runs.outside = true
  }
}

/** How much of a territory lies in a circle. */
export function shareInCircle(one: Polygon, circle: Circle): Share {
  const boxed = circle.meets(one.box.west, one.box.south, one.box.east, one.box.north)
  if (boxed !== 'cross') return boxed === 'in' ? 'whole' : 'none'
  const around = one.meets(circle.box.west, circle.box.south, circle.box.east, circle.box.north)
  if (around !== 'cross') return around === 'in' ? 'part' : 'none'
  const { lon, lat, radiusKm } = circle.given
  const turned = lon + Math.round((circle.box.west + circle.box.east - 2 * lon) / 720) * 360
  if (one.locate(turned, lat) === 'in' && radiusKm === 0) return 'part'
  let [inside, outside] = [0, 0]
  for (let i = 0; i < one.size; i++) {
    if (circle.has(one.ax[i] ?? 0, one.ay[i] ?? 0)) inside++
    else outside++
    if (inside > 0 && outside > 0) return 'part'
  }
  if (outside === 0) return 'whole'
  if (one.locate(turned, lat) === 'in') return 'part'
  const { west, south, east, north } = circle.box
  const isCut = (i: number): boolean => circle.cuts(one.ax[i] ?? 0, one.ay[i] ?? 0, one.bx[i] ?? 0, one.by[i] ?? 0)
  return one.someEdge(west, south, east, north, isCut) ? 'part' : 'none'
}
