/**
 * A packed tree over boxes or points that do not move: sorted along a Hilbert curve, so that neighbours on the map are
 * neighbours in memory and every node holds one unbroken range of them.
 */
import type { Box } from './area.ts'
import type { Within } from './polygon.ts'

/** Children of a node, and items of a leaf. */
export const FANOUT = 16
const LEAF = 32
const HILBERT_BITS = 16
const DIGIT = 2 ** 11

/** Visits of one search: levels × fan-out are open at once at most, far below this. */
const OPEN_MAX = 1024

export class Packed {
  /** Items in the order of the curve. */
  readonly order: Uint32Array
  readonly #west: Float64Array
  readonly #south: Float64Array
  readonly #east: Float64Array
  readonly #north: Float64Array
  /** Where each level begins, leaves first; then the end. */
  readonly #levels: readonly number[]
  readonly #open = new Uint32Array(OPEN_MAX)

  /** `boxOf` an item, by its number from 0 to `size`. Degrees. */
  constructor(size: number, west: Float64Array, south: Float64Array, east = west, north = south) {
    this.order = curveOrder(size, west, south, east, north)
    const levels = [0]
    let [width, total] = [Math.ceil(size / LEAF), Math.ceil(size / LEAF)]
    while (width > 1) {
      levels.push(total)
      width = Math.ceil(width / FANOUT)
      total += width
    }
    levels.push(total)
    this.#levels = levels
    this.#west = new Float64Array(total).fill(Infinity)
    this.#south = new Float64Array(total).fill(Infinity)
    this.#east = new Float64Array(total).fill(-Infinity)
    this.#north = new Float64Array(total).fill(-Infinity)
    for (let at = 0; at < size; at++) {
      const item = this.order[at] ?? 0
      this.#widen(Math.floor(at / LEAF), west[item] ?? 0, south[item] ?? 0, east[item] ?? 0, north[item] ?? 0)
    }
    for (let level = 1; level < levels.length - 1; level++) {
      const [below, begin, end] = [levels[level - 1] ?? 0, levels[level] ?? 0, levels[level] ?? 0]
      for (let node = below; node < end; node++)
        this.#widen(
          begin + Math.floor((node - below) / FANOUT),
          this.#west[node] ?? 0,
          this.#south[node] ?? 0,
          this.#east[node] ?? 0,
          this.#north[node] ?? 0,
        )
    }
  }

  #widen(node: number, west: number, south: number, east: number, north: number): void {
    if (west < (this.#west[node] ?? 0)) this.#west[node] = west
    if (south < (this.#south[node] ?? 0)) this.#south[node] = south
    if (east > (this.#east[node] ?? 0)) this.#east[node] = east
    if (north > (this.#north[node] ?? 0)) this.#north[node] = north
  }

  /** Ranges of `order` whose node the shape meets: `whole` where all of them lie in it, else one leaf to be looked through. */
  search(
    meets: { meets(west: number, south: number, east: number, north: number): Within },
    found: (from: number, to: number, whole: boolean) => void,
  ): void {
    const top = this.#levels.length - 2
    if (this.order.length === 0) return
    // Of each open node its number and its level; a node of a level covers an unbroken range.
    const open = this.#open
    let depth = 0
    open[depth++] = top
    open[depth++] = this.#levels[top] ?? 0
    while (depth > 0) {
      const node = open[--depth] ?? 0
      const level = open[--depth] ?? 0
      const within = meets.meets(this.#west[node] ?? 0, this.#south[node] ?? 0, this.#east[node] ?? 0, this.#north[node] ?? 0)
      if (within === 'out') continue
      const index = node - (this.#levels[level] ?? 0)
      if (within === 'in' || level === 0) {
        const span = LEAF * FANOUT ** level
        found(index * span, Math.min(this.order.length, (index + 1) * span), within === 'in')
        continue
      }
      const below = this.#levels[level - 1] ?? 0
      const last = Math.min((this.#levels[level] ?? 0) - below, (index + 1) * FANOUT)
      for (let child = index * FANOUT; child < last; child++) {
        open[depth++] = level - 1
        open[depth++] = below + child
      }
    }
  }
}

/** For items that are boxes: every node that the box overlaps. */
export const boxMeets = (box: Box): { meets(west: number, south: number, east: number, north: number): Within } => ({
  meets: (west, south, east, north) => (west > box.east || east < box.west || south > box.north || north < box.south ? 'out' : 'cross'),
})

/** By radix sort: three passes of eleven bits. */
function curveOrder(size: number, west: Float64Array, south: Float64Array, east: Float64Array, north: Float64Array): Uint32Array {
  const cells = 2 ** HILBERT_BITS - 1
  const keys = new Uint32Array(size)
  for (let i = 0; i < size; i++) {
    const x = ((west[i] ?? 0) + (east[i] ?? 0)) / 2
    const y = ((south[i] ?? 0) + (north[i] ?? 0)) / 2
    keys[i] = hilbert(Math.floor(((x + 180) / 360) * cells), Math.floor(((y + 90) / 180) * cells))
  }
  let order = new Uint32Array(size)
  for (let i = 0; i < size; i++) order[i] = i
  for (let pass = 0; pass < 3; pass++) {
    const counts = new Uint32Array(DIGIT + 1)
    const digitOf = (key: number): number => (key >>> (11 * pass)) & (DIGIT - 1)
    for (let i = 0; i < size; i++) {
      const after = digitOf(keys[i] ?? 0) + 1
      counts[after] = (counts[after] ?? 0) + 1
    }
    for (let i = 1; i <= DIGIT; i++) counts[i] = (counts[i] ?? 0) + (counts[i - 1] ?? 0)
    const next = new Uint32Array(size)
    for (let i = 0; i < size; i++) {
      const item = order[i] ?? 0
      const digit = digitOf(keys[item] ?? 0)
      const at = counts[digit] ?? 0
      next[at] = item
      counts[digit] = at + 1
    }
    order = next
  }
  return order
}

/** How far along Hilbert's curve through 2^16 × 2^16 cells a cell lies. */
function hilbert(column: number, row: number): number {
  let x = Math.max(0, Math.min(65_535, column))
  let y = Math.max(0, Math.min(65_535, row))
  let key = 0
  for (let side = 32_768; side > 0; side >>= 1) {
    const rx = (x & side) > 0 ? 1 : 0
    const ry = (y & side) > 0 ? 1 : 0
    key += side * side * ((3 * rx) ^ ry)
    if (ry === 0) {
      if (rx === 1) {
        x = 65_535 - x
        y = 65_535 - y
      }
      const swapped = x
      x = y
      y = swapped
    }
  }
  return key
}
