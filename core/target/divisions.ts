/** Territories by code, tens of thousands in memory: which of them an area takes in, wholly or in part. */
import { Refusal } from '../decider.ts'
import { columnsOf, divisionPath, DivisionCode } from '../place.ts'
import { boxAround, type FlatRing, type Rings, type TargetArea } from './area.ts'
import { shareInCircle, shareOf, type Share } from './overlap.ts'
import { boxMeets, Packed } from './pack.ts'
import { Polygon } from './polygon.ts'
import { layOut, shapesOf, turnsOf, type Shapes } from './shape.ts'

/** `code`: six digits of GB/T 2260, nine of a township, twelve of a community; any other code stands for itself. */
export type Division = { readonly code: string; readonly polygons: readonly Rings[] }
export type Reached = { readonly code: string; readonly share: 'part' | 'whole' }

export const DIVISIONS_MAX = 1_000_000
/** Made ready at once; the others are laid out when an area comes near them. */
const READY_MAX = 20_000

/** As short as it goes: the twelve digits of a county are its six, those of a township its nine. */
const plain = (code: string): string => code.replace(/^(\d{6})(\d{3})?(?:000){1,2}$/, '$1$2').replace(/^(\d{6})000$/, '$1')

/** From the division itself up to the nation by the code alone, also where it is of a township or community; else only itself. */
export function upwards(code: string): readonly string[] {
  const own = plain(code)
  const county = own.slice(0, 6)
  if (!/^\d{6}(?:\d{3}){0,2}$/.test(own) || !DivisionCode.safeParse(county).success) return [own]
  return [...new Set([own, ...(own.length === 12 ? [own.slice(0, 9)] : []), ...divisionPath(county)])]
}

export class Divisions {
  readonly #codes: readonly string[]
  /** One entry for each polygon: of which division, and its rings. */
  readonly #of: Uint32Array
  readonly #rings: readonly (readonly FlatRing[])[]
  /** How many polygons a division has. */
  readonly #parts: Uint32Array
  readonly #tree: Packed
  readonly #boxes: Boxes
  readonly #turn: Int8Array
  /** By a code, all that it is or that lies below it. */
  readonly #under = new Map<string, number[]>()
  readonly #ready = new Map<number, Polygon>()
  /** Polygons that could not be laid out, by the code of their division: around a pole, fewer than three points. */
  readonly unusable: readonly string[]

  constructor(divisions: readonly Division[]) {
    if (divisions.length > DIVISIONS_MAX) throw new Error(`${divisions.length} divisions, at most ${DIVISIONS_MAX}`)
    this.#codes = divisions.map(({ code }) => code)
    this.#parts = new Uint32Array(divisions.length)
    const [of, laid, turns, unusable]: [number[], (readonly FlatRing[])[], number[], string[]] = [[], [], [], []]
    for (const [index, { code, polygons }] of divisions.entries()) {
      for (const outer of upwards(code)) this.#file(outer, index)
      for (const rings of polygons) {
        const flat = layOut(rings.map(columnsOf))
        const [shell] = flat instanceof Refusal ? [] : flat
        if (flat instanceof Refusal || shell === undefined) {
          unusable.push(code)
          continue
        }
        for (const turn of turnsOf(shell)) {
          of.push(index)
          laid.push(flat)
          turns.push(turn)
          this.#parts[index] = (this.#parts[index] ?? 0) + 1
        }
      }
    }
    this.#turn = Int8Array.from(turns)
    this.#of = Uint32Array.from(of)
    this.#rings = laid
    this.unusable = unusable
    this.#boxes = boxesOf(laid, turns)
    const { west, south, east, north } = this.#boxes
    this.#tree = new Packed(laid.length, west, south, east, north)
  }

  #file(outer: string, index: number): void {
    const filed = this.#under.get(outer)
    if (filed === undefined) this.#under.set(outer, [index])
    else filed.push(index)
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
    return shapes instanceof Refusal ? shapes : this.reached(shapes, area.divisions ?? [])
  }

  /** As `within`, for shapes that were made already. */
  reached(shapes: Shapes, codes: readonly string[]): readonly Reached[] {
    const found = new Map<string, 'part' | 'whole'>()
    for (const code of codes) {
      found.set(code, 'whole')
      for (const index of this.#under.get(plain(code)) ?? []) found.set(this.#codes[index] ?? '', 'whole')
    }
    const wholes = new Map<number, Set<number>>()
    const note = (part: number, share: Share): void => {
      if (share === 'none') return
      const index = this.#of[part] ?? 0
      const code = this.#codes[index] ?? ''
      const alone = this.#parts[index] === 1
      if (share === 'whole' && !alone) wholes.set(index, (wholes.get(index) ?? new Set()).add(part))
      if (alone ? share === 'whole' : wholes.get(index)?.size === this.#parts[index]) found.set(code, 'whole')
      else if (!found.has(code)) found.set(code, 'part')
    }
    for (const polygon of shapes.polygons) this.#near(polygon, (part, ready) => note(part, shareOf(ready, polygon)))
    for (const circle of shapes.circles) this.#near(circle, (part, ready) => note(part, shareInCircle(ready, circle)))
    return [...found].map(([code, share]) => ({ code, share })).toSorted((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0))
  }

  /** The outlines of divisions by their codes and, where a code has none of its own, of those below it; for asking about points. */
  outlines(codes: readonly string[]): readonly Polygon[] {
    const wanted = new Set<number>()
    for (const code of codes) {
      const under = this.#under.get(plain(code)) ?? []
      const own = under.filter((index) => plain(this.#codes[index] ?? '') === plain(code) && (this.#parts[index] ?? 0) > 0)
      for (const index of own.length > 0 ? own : under) wanted.add(index)
    }
    if (wanted.size === 0) return []
    const found: Polygon[] = []
    for (const [part, index] of this.#of.entries()) {
      const polygon = wanted.has(index) ? this.#polygon(part) : null
      if (polygon !== null) found.push(polygon)
    }
    return found
  }

  /** The divisions that a place lies in, on their line too; sorted by code. */
  at(lon: number, lat: number): readonly string[] {
    const found = new Set<string>()
    this.#near({ box: { west: lon, south: lat, east: lon, north: lat } }, (part, ready) => {
      if (ready.has(lon, lat)) found.add(this.#codes[this.#of[part] ?? 0] ?? '')
    })
    return [...found].toSorted()
  }

  #near({ box }: Pick<Polygon, 'box'>, visit: (part: number, ready: Polygon) => void): void {
    const { west, south, east, north } = this.#boxes
    this.#tree.search(boxMeets(box), (from, to) => {
      for (let at = from; at < to; at++) {
        const part = this.#tree.order[at] ?? 0
        if (
          (west[part] ?? 0) > box.east ||
          (east[part] ?? 0) < box.west ||
          (south[part] ?? 0) > box.north ||
          (north[part] ?? 0) < box.south
        )
          continue
        const ready = this.#polygon(part)
        if (ready !== null) visit(part, ready)
      }
    })
  }

  #polygon(part: number): Polygon | null {
    const known = this.#ready.get(part)
    if (known !== undefined) return known
    const made = Polygon.of(this.#rings[part] ?? [], this.#turn[part] ?? 0)
    if (made instanceof Refusal) return null
    if (this.#ready.size >= READY_MAX) this.#ready.clear()
    this.#ready.set(part, made)
    return made
  }
}

type Boxes = { readonly west: Float64Array; readonly south: Float64Array; readonly east: Float64Array; readonly north: Float64Array }
/** Of each polygon its shell's box, in its turn. */
function boxesOf(laid: readonly (readonly FlatRing[])[], turns: readonly number[]): Boxes {
  const of = (): Float64Array => new Float64Array(laid.length)
  const boxes = { west: of(), south: of(), east: of(), north: of() }
  for (const [i, [shell]] of laid.entries()) {
    if (shell === undefined) continue
    const { west, south, east, north } = boxAround(shell, turns[i] ?? 0)
    boxes.west[i] = west
    boxes.south[i] = south
    boxes.east[i] = east
    boxes.north[i] = north
  }
  return boxes
}
