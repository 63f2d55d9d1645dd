/** Territories by code, tens of thousands in memory: which of them an area takes in, wholly or in part. */
import { Refusal } from '../decider.ts'
import { covers } from '../place.ts'
import { flatten, type FlatRing, type Rings, type TargetArea } from './area.ts'
import { shareInCircle, shareOf, type Share } from './overlap.ts'
import { boxMeets, Packed } from './pack.ts'
import { Polygon } from './polygon.ts'
import { shapesOf } from './shape.ts'

/** `code`: six digits of GB/T 2260, nine of a township, twelve of a community; any other code stands for itself. */
export type Division = { readonly code: string; readonly polygons: readonly Rings[] }
export type Reached = { readonly code: string; readonly share: 'part' | 'whole' }

export const DIVISIONS_MAX = 1_000_000
/** Made ready at once; the others are laid out when an area comes near them. */
const READY_MAX = 20_000

/** Whether the territory of `inner` is that of `outer` or below it, by the codes alone; also where they are longer than six digits. */
export function below(outer: string, inner: string): boolean {
  if (outer === inner) return true
  if (!/^\d+$/.test(outer) || !/^\d+$/.test(inner)) return false
  if (outer.length === 6) return inner.length >= 6 && covers(outer, inner.slice(0, 6))
  const stem = outer.length === 12 && outer.endsWith('000') ? outer.slice(0, 9) : outer
  return stem.length >= 9 && inner.startsWith(stem)
}

export class Divisions {
  readonly #codes: readonly string[]
  /** One entry for each polygon: of which division, and its rings. */
  readonly #of: Uint32Array
  readonly #rings: readonly (readonly FlatRing[])[]
  /** How many polygons a division has. */
  readonly #parts: Uint32Array
  readonly #tree: Packed
  readonly #boxes: { readonly west: Float64Array; readonly south: Float64Array; readonly east: Float64Array; readonly north: Float64Array }
  readonly #ready = new Map<number, Polygon>()
  /** Polygons that could not be laid out, by the code of their division: around a pole, fewer than three points. */
  readonly unusable: readonly string[]

  constructor(divisions: readonly Division[]) {
    if (divisions.length > DIVISIONS_MAX) throw new Error(`${divisions.length} divisions, at most ${DIVISIONS_MAX}`)
    this.#codes = divisions.map(({ code }) => code)
    this.#parts = new Uint32Array(divisions.length)
    const [of, laid, unusable]: [number[], FlatRing[][], string[]] = [[], [], []]
    for (const [index, { code, polygons }] of divisions.entries())
      for (const rings of polygons) {
        const flat = rings.map((ring) => (ring.length < 3 ? null : flatten(ring)))
        const good = flat.filter((ring) => ring !== null && !(ring instanceof Refusal))
        if (good.length === 0 || good.length < flat.length) unusable.push(code)
        if (good.length === 0) continue
        of.push(index)
        laid.push(good)
        this.#parts[index] = (this.#parts[index] ?? 0) + 1
      }
    this.#of = Uint32Array.from(of)
    this.#rings = laid
    this.unusable = unusable
    const size = laid.length
    const boxes = { west: new Float64Array(size), south: new Float64Array(size), east: new Float64Array(size), north: new Float64Array(size) }
    for (const [i, [shell]] of laid.entries()) {
      const lons = shell === undefined ? [] : Array.from(shell.base, (lon, k) => lon + 360 * (shell.turn[k] ?? 0))
      boxes.west[i] = lons.reduce((a, b) => Math.min(a, b), Infinity)
      boxes.east[i] = lons.reduce((a, b) => Math.max(a, b), -Infinity)
      boxes.south[i] = shell?.lat.reduce((a, b) => Math.min(a, b), Infinity) ?? 0
      boxes.north[i] = shell?.lat.reduce((a, b) => Math.max(a, b), -Infinity) ?? 0
    }
    this.#boxes = boxes
    this.#tree = new Packed(size, boxes.west, boxes.south, boxes.east, boxes.north)
  }

  get size(): number {
    return this.#codes.length
  }

  /**
   * The divisions that share more than a line with the area, and those that its codes name or that lie below them, sorted
   * by code. `whole`: all of the division lies in one shape of the area (a division that only several shapes together cover
   * is `part`). A code that no boundary is known of is answered all the same. Refused as `shapesOf`.
   */
  within(area: TargetArea): readonly Reached[] | Refusal {
    const shapes = shapesOf(area)
    if (shapes instanceof Refusal) return shapes
    const named = new Map((area.divisions ?? []).map((code): [string, 'whole'] => [code, 'whole']))
    const found = new Map<string, 'part' | 'whole'>(named)
    if (named.size > 0)
      for (const code of this.#codes) if (area.divisions?.some((outer) => below(outer, code))) found.set(code, 'whole')
    const wholes = new Map<number, Set<number>>()
    const note = (part: number, share: Share): void => {
      if (share === 'none') return
      const index = this.#of[part] ?? 0
      const code = this.#codes[index] ?? ''
      if (share === 'whole') wholes.set(index, (wholes.get(index) ?? new Set()).add(part))
      if (wholes.get(index)?.size === this.#parts[index]) found.set(code, 'whole')
      else if (!found.has(code)) found.set(code, 'part')
    }
    for (const polygon of shapes.polygons)
      this.#near(polygon, (part, ready) => note(part, shareOf(ready, polygon)))
    for (const circle of shapes.circles) this.#near(circle, (part, ready) => note(part, shareInCircle(ready, circle)))
    return [...found].map(([code, share]) => ({ code, share })).toSorted((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0))
  }

  /** The divisions that a place lies in, on their line too; sorted by code. */
  at(lon: number, lat: number): readonly string[] {
    const found = new Set<string>()
    for (const turned of [lon - 360, lon, lon + 360])
      this.#near({ box: { west: turned, south: lat, east: turned, north: lat } }, (part, ready) => {
        if (ready.has(turned, lat)) found.add(this.#codes[this.#of[part] ?? 0] ?? '')
      })
    return [...found].toSorted()
  }

  #near({ box }: Pick<Polygon, 'box'>, visit: (part: number, ready: Polygon) => void): void {
    const { west, south, east, north } = this.#boxes
    this.#tree.search(boxMeets(box), (from, to) => {
      for (let at = from; at < to; at++) {
        const part = this.#tree.order[at] ?? 0
        if ((west[part] ?? 0) > box.east || (east[part] ?? 0) < box.west || (south[part] ?? 0) > box.north || (north[part] ?? 0) < box.south)
          continue
        const ready = this.#polygon(part)
        if (ready !== null) visit(part, ready)
      }
    })
  }

  #polygon(part: number): Polygon | null {
    const known = this.#ready.get(part)
    if (known !== undefined) return known
    const made = Polygon.of(this.#rings[part] ?? [], 0)
    if (made instanceof Refusal) return null
    if (this.#ready.size >= READY_MAX) this.#ready.clear()
    this.#ready.set(part, made)
    return made
  }
}
