/**
 * One polygon of an area made ready for many questions: its edges in flat arrays, sorted into bands of latitude, so that a
 * point looks only at the few edges beside it. Edges are straight lines on the map of longitude and latitude, as in GeoJSON.
 */
import { refuse, type Refusal } from '../decider.ts'
import type { FlatRing } from './area.ts'
import { orient } from './orient.ts'

/** West, south, east, north, degrees; a box may reach beyond ±180°. */
export type Box = { readonly west: number; readonly south: number; readonly east: number; readonly north: number }
/** Of a box: `out` nothing of it, `in` all of it lies in the area; `cross`: a closer look is needed. */
export type Within = 'out' | 'in' | 'cross'
/** Of a point: on the line counts as inside wherever people are told. */
export type Place = 'out' | 'line' | 'in'

/** What points are held against, a polygon or a circle. */
export type Shape = {
  readonly box: Box
  has(lon: number, lat: number): boolean
  meets(west: number, south: number, east: number, north: number): Within
}

const BANDS_MAX = 8192
const SPREAD_MAX = 4
/** Mean number of edges that a parallel may cross: a coast has some dozens. */
const CROSSED_MAX = 2000
/** Rounding of four products of degrees, generously. */
const SLACK = 1e-9

function bandIn(lat: number, south: number, perDegree: number, bands: number): number {
  const band = (lat - south) * perDegree
  return band > 0 ? (band < bands ? band | 0 : bands - 1) : 0
}

export class Polygon implements Shape {
  readonly box: Box
  readonly size: number
  readonly ax: Float64Array
  readonly ay: Float64Array
  readonly bx: Float64Array
  readonly by: Float64Array
  /** Which ring an edge is of: 0 is the shell. */
  readonly ring: Uint32Array
  /** 1 where what is inside lies left of the edge. */
  readonly left: Uint8Array
  readonly #bands: number
  readonly #perDegree: number
  readonly #start: Uint32Array
  readonly #edges: Uint32Array

  /** Refused: so many edges side by side that no territory has them. `shift`: whole turns that are added to every longitude. */
  static of(rings: readonly FlatRing[], shift: number): Polygon | Refusal {
    const made = new Polygon(rings, shift)
    return made.#edges.length > CROSSED_MAX * made.#bands && made.size > CROSSED_MAX ? refuse('target.too-intricate') : made
  }

  private constructor(rings: readonly FlatRing[], shift: number) {
    this.size = rings.reduce((sum, { lat }) => sum + lat.length, 0)
    this.ax = new Float64Array(this.size)
    this.ay = new Float64Array(this.size)
    this.bx = new Float64Array(this.size)
    this.by = new Float64Array(this.size)
    this.ring = new Uint32Array(this.size)
    this.left = new Uint8Array(this.size)
    let at = 0
    for (const [index, flat] of rings.entries()) at = this.#lay(flat, index, shift, at)
    this.box = this.#bounds()
    const { bands, perDegree, start, edges } = this.#band()
    this.#bands = bands
    this.#perDegree = perDegree
    this.#start = start
    this.#edges = edges
  }

  #lay({ base, turn, lat }: FlatRing, index: number, shift: number, from: number): number {
    const size = lat.length
    const lonOf = (i: number): number => (base[i] ?? 0) + 360 * ((turn[i] ?? 0) + shift)
    const x0 = lonOf(0)
    const y0 = lat[0] ?? 0
    let x1 = x0
    let y1 = y0
    let doubled = 0
    for (let i = 0; i < size; i++) {
      const at = from + i
      const next = i + 1 === size ? 0 : i + 1
      const x2 = lonOf(next)
      const y2 = lat[next] ?? 0
      this.ax[at] = x1
      this.ay[at] = y1
      this.bx[at] = x2
      this.by[at] = y2
      this.ring[at] = index
      doubled += (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
      x1 = x2
      y1 = y2
    }
    this.left.fill(doubled > 0 === (index === 0) ? 1 : 0, from, from + size)
    return from + size
  }

  #bounds(): Box {
    let west = Infinity
    let south = Infinity
    let east = -Infinity
    let north = -Infinity
    for (let i = 0; i < this.size && this.ring[i] === 0; i++) {
      const x = this.ax[i] ?? 0
      const y = this.ay[i] ?? 0
      if (x < west) west = x
      if (x > east) east = x
      if (y < south) south = y
      if (y > north) north = y
    }
    return { west, south, east, north }
  }

  /** As many bands as edges, fewer where long edges would stand in too many of them. What of a hole lies beyond the shell is in the outermost. */
  #band(): { bands: number; perDegree: number; start: Uint32Array; edges: Uint32Array } {
    const { size, ay, by } = this
    const { south, north } = this.box
    const low = new Uint16Array(size)
    const high = new Uint16Array(size)
    let bands = Math.min(BANDS_MAX, Math.max(1, size))
    let perDegree = 0
    for (; ; bands = Math.ceil(bands / 2)) {
      perDegree = north > south ? bands / (north - south) : 0
      let total = 0
      let y = NaN
      let a = 0
      for (let i = 0; i < size; i++) {
        // An edge begins where the last one ended, but for the first of a ring.
        const from = ay[i] ?? 0
        const to = by[i] ?? 0
        if (from !== y) a = bandIn(from, south, perDegree, bands)
        const b = bandIn(to, south, perDegree, bands)
        low[i] = a < b ? a : b
        high[i] = a < b ? b : a
        total += a < b ? b - a + 1 : a - b + 1
        y = to
        a = b
      }
      if (bands === 1 || total <= SPREAD_MAX * size) break
    }
    const start = new Uint32Array(bands + 1)
    for (let i = 0; i < size; i++)
      for (let band = low[i] ?? 0, last = high[i] ?? 0; band <= last; band++) start[band + 1] = (start[band + 1] ?? 0) + 1
    for (let band = 0; band < bands; band++) start[band + 1] = (start[band + 1] ?? 0) + (start[band] ?? 0)
    const edges = new Uint32Array(start[bands] ?? 0)
    const next = start.slice(0, bands)
    for (let i = 0; i < size; i++)
      for (let band = low[i] ?? 0, last = high[i] ?? 0; band <= last; band++) {
        const at = next[band] ?? 0
        edges[at] = i
        next[band] = at + 1
      }
    return { bands, perDegree, start, edges }
  }

  #bandOf(lat: number): number {
    return bandIn(lat, this.box.south, this.#perDegree, this.#bands)
  }

  has(lon: number, lat: number): boolean {
    return this.locate(lon, lat) !== 'out'
  }

  /** In the shell, on its line too, and not inside a hole; the line of a hole is line. Each ring by parity, so that spikes enclose nothing. */
  locate(lon: number, lat: number): Place {
    const { box } = this
    if (lon < box.west || lon > box.east || lat < box.south || lat > box.north) return 'out'
    const band = this.#bandOf(lat)
    const end = this.#start[band + 1] ?? 0
    let ring = 0
    let odd = false
    let on = false
    let line = false
    for (let at = this.#start[band] ?? 0; at < end; at++) {
      const i = this.#edges[at] ?? 0
      if (this.ring[i] !== ring) {
        if (ring === 0 ? !odd && !on : odd && !on) return 'out'
        ring = this.ring[i] ?? 0
        line ||= on
        odd = false
        on = false
      }
      if (on) continue
      const ay = this.ay[i] ?? 0
      const by = this.by[i] ?? 0
      if (ay > lat && by > lat) continue
      if (ay < lat && by < lat) continue
      const ax = this.ax[i] ?? 0
      const bx = this.bx[i] ?? 0
      if (ax < lon && bx < lon) continue
      if (ay === by) {
        // Level with the point: on it, or it does not count.
        if ((ax <= lon && lon <= bx) || (bx <= lon && lon <= ax)) on = true
        continue
      }
      const crosses = ay > lat !== by > lat
      if (ax > lon && bx > lon) {
        if (crosses) odd = !odd
        continue
      }
      const side = orient(ax, ay, bx, by, lon, lat)
      if (side === 0) on = true
      // The edge lies east of the point where the point is left of it going up, or right of it going down.
      else if (crosses && side > 0 === by > ay) odd = !odd
    }
    if (ring === 0 ? !odd && !on : odd && !on) return 'out'
    // Every band of the shell has an edge of it, so a first ring that is a hole cannot be.
    return line || on ? 'line' : 'in'
  }

  meets(west: number, south: number, east: number, north: number): Within {
    const { box } = this
    if (west > box.east || east < box.west || south > box.north || north < box.south) return 'out'
    const end = this.#start[this.#bandOf(north) + 1] ?? 0
    for (let at = this.#start[this.#bandOf(south)] ?? 0; at < end; at++)
      if (this.#touches(this.#edges[at] ?? 0, west, south, east, north)) return 'cross'
    return this.has(west, south) ? 'in' : 'out'
  }

  /** Whether an edge comes into a box; where rounding leaves it open, it does. */
  #touches(i: number, west: number, south: number, east: number, north: number): boolean {
    const ay = this.ay[i] ?? 0
    const by = this.by[i] ?? 0
    if (ay > north && by > north) return false
    if (ay < south && by < south) return false
    const ax = this.ax[i] ?? 0
    const bx = this.bx[i] ?? 0
    if (ax > east && bx > east) return false
    if (ax < west && bx < west) return false
    const dx = bx - ax
    const dy = by - ay
    const sw = dx * (south - ay) - dy * (west - ax)
    const se = dx * (south - ay) - dy * (east - ax)
    const nw = dx * (north - ay) - dy * (west - ax)
    const ne = dx * (north - ay) - dy * (east - ax)
    if (sw > SLACK && se > SLACK && nw > SLACK && ne > SLACK) return false
    return !(sw < -SLACK && se < -SLACK && nw < -SLACK && ne < -SLACK)
  }

  /** Edges that come into a box of latitudes and longitudes, each perhaps more than once. Stops and answers true where `visit` does. */
  someEdge(west: number, south: number, east: number, north: number, visit: (edge: number) => boolean): boolean {
    const { box } = this
    if (west > box.east || east < box.west || south > box.north || north < box.south) return false
    const end = this.#start[this.#bandOf(north) + 1] ?? 0
    for (let at = this.#start[this.#bandOf(south)] ?? 0; at < end; at++) {
      const i = this.#edges[at] ?? 0
      const ax = this.ax[i] ?? 0
      const ay = this.ay[i] ?? 0
      const bx = this.bx[i] ?? 0
      const by = this.by[i] ?? 0
      if (Math.max(ay, by) < south || Math.min(ay, by) > north || Math.max(ax, bx) < west || Math.min(ax, bx) > east) continue
      if (visit(i)) return true
    }
    return false
  }
}
