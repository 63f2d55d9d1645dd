/**
 * One polygon of an area made ready for many questions: its edges in flat arrays, sorted into bands of latitude, so that a
 * point looks only at the few edges beside it. Edges are straight lines on the map of longitude and latitude, as in GeoJSON.
 */
import { refuse, type Refusal } from '../decider.ts'
import { boxAround, type Box, type FlatRing } from './area.ts'
import { orient } from './orient.ts'

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

const NOWHERE: Box = { west: Infinity, south: Infinity, east: -Infinity, north: -Infinity }
const BANDS_MAX = 8192
const SPREAD_MAX = 4
/** Mean number of edges that a parallel may cross: a coast has some dozens. */
const CROSSED_MAX = 2000
/** Rounding of four products of degrees, generously. */
const SLACK = 1e-9

/** The edges by bands of latitude: those of a band stand in `edges` from its `start` on. Made when somebody comes near. */
type Banded = {
  readonly bands: number
  readonly perDegree: number
  readonly south: number
  readonly start: Uint32Array
  readonly edges: Uint32Array
}
const bandOf = ({ south, perDegree, bands }: Banded, lat: number): number => bandIn(lat, south, perDegree, bands)
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
  readonly #left: readonly boolean[]
  #banded: Banded | null = null

  /** Refused: so many edges side by side that no territory has them. `shift`: whole turns that are added to every longitude. */
  static of(rings: readonly FlatRing[], shift: number): Polygon | Refusal {
    const made = new Polygon(rings, shift)
    const climb = rings.reduce((sum, ring) => sum + ring.climb, 0)
    return made.size > CROSSED_MAX && climb > CROSSED_MAX * (made.box.north - made.box.south) ? refuse('target.too-intricate') : made
  }

  private constructor(rings: readonly FlatRing[], shift: number) {
    this.size = rings.reduce((sum, { size }) => sum + size, 0)
    this.ring = new Uint32Array(this.size)
    this.#left = rings.map(({ isLeft }, index) => isLeft === (index === 0))
    const [shell] = rings
    if (shell !== undefined && rings.length === 1 && shell.turn === null && shift === 0) {
      // The ring as it was laid out already: each edge begins where the last one ended.
      this.ax = shell.lon.subarray(0, shell.size)
      this.ay = shell.lat.subarray(0, shell.size)
      this.bx = shell.lon.subarray(1)
      this.by = shell.lat.subarray(1)
    } else {
      this.ax = new Float64Array(this.size)
      this.ay = new Float64Array(this.size)
      this.bx = new Float64Array(this.size)
      this.by = new Float64Array(this.size)
      let at = 0
      for (const [index, flat] of rings.entries()) at = this.#lay(flat, index, shift, at)
    }
    this.box = shell === undefined ? NOWHERE : boxAround(shell, shift)
  }

  #lay({ size, lon, turn, lat }: FlatRing, index: number, shift: number, from: number): number {
    const lonOf = (i: number): number => (lon[i] ?? 0) + 360 * ((turn?.[i] ?? 0) + shift)
    for (let i = 0; i < size; i++) {
      const next = i + 1 === size ? 0 : i + 1
      this.ax[from + i] = lonOf(i)
      this.ay[from + i] = lat[i] ?? 0
      this.bx[from + i] = lonOf(next)
      this.by[from + i] = lat[next] ?? 0
      this.ring[from + i] = index
    }
    return from + size
  }

  /** What is inside lies left of the edge. */
  isLeft(edge: number): boolean {
    return this.#left[this.ring[edge] ?? 0] === true
  }

  /** As many bands as edges, fewer where long edges would stand in too many of them. What of a hole lies beyond the shell is in the outermost. */
  #band(): Banded {
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
    return { bands, perDegree, south, start, edges }
  }

  has(lon: number, lat: number): boolean {
    return this.locate(lon, lat) !== 'out'
  }

  /** In the shell, on its line too, and not inside a hole; the line of a hole is line. Each ring by parity, so that spikes enclose nothing. */
  locate(lon: number, lat: number): Place {
    const { box } = this
    if (lon < box.west || lon > box.east || lat < box.south || lat > box.north) return 'out'
    const banded = (this.#banded ??= this.#band())
    const { start, edges } = banded
    const band = bandOf(banded, lat)
    const end = start[band + 1] ?? 0
    let ring = 0
    let odd = false
    let on = false
    let line = false
    for (let at = start[band] ?? 0; at < end; at++) {
      const i = edges[at] ?? 0
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
    const banded = (this.#banded ??= this.#band())
    const { start, edges } = banded
    const end = start[bandOf(banded, north) + 1] ?? 0
    for (let at = start[bandOf(banded, south)] ?? 0; at < end; at++)
      if (this.#touches(edges[at] ?? 0, west, south, east, north)) return 'cross'
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
    const banded = (this.#banded ??= this.#band())
    const { start, edges } = banded
    const end = start[bandOf(banded, north) + 1] ?? 0
    for (let at = start[bandOf(banded, south)] ?? 0; at < end; at++) {
      const i = edges[at] ?? 0
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
