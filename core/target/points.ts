/** Points by number, a million and more in memory: which of them lie in an area. */
import { Refusal } from '../decider.ts'
import type { TargetArea } from './area.ts'
import { settled } from './orient.ts'
import { Packed } from './pack.ts'
import type { Shape } from './polygon.ts'
import { allShapes } from './shape.ts'

/** So many points may have changed since the tree was packed before it is packed anew, and this share of all. */
const CHANGED_MIN = 4096
const CHANGED_SHARE = 32
export const POINTS_MAX = 20_000_000

const UNKNOWN = 0
const PACKED = 1
const LOOSE = 2

export class Points {
  #lon: Float64Array
  #lat: Float64Array
  /** Of each number: in the tree as it stands, beside it, or no point. */
  #state: Uint8Array
  /** Found in this search already: its number. */
  #seen: Uint32Array
  #search = 0
  #numbers = 0
  #live = 0
  #tree: Packed = new Packed(0, new Float64Array(0), new Float64Array(0))
  #treeLon = new Float64Array(0)
  #treeLat = new Float64Array(0)
  /** Points that moved or left since the tree was packed: their numbers, those that are still points in `#loose`. */
  #stale = 0
  #loose: number[] = []

  /** Points numbered from 0: longitude and latitude in degrees. They are copied. */
  constructor(lon: Float64Array = new Float64Array(0), lat: Float64Array = new Float64Array(0)) {
    if (lon.length !== lat.length || lon.length > POINTS_MAX) throw new Error(`${lon.length} longitudes, ${lat.length} latitudes`)
    this.#lon = lon.map(settled)
    this.#lat = lat.map(settled)
    for (let i = 0; i < lon.length; i++) checkPlace(lon[i] ?? Number.NaN, lat[i] ?? Number.NaN)
    this.#state = new Uint8Array(lon.length).fill(PACKED)
    this.#seen = new Uint32Array(lon.length)
    this.#numbers = lon.length
    this.#live = lon.length
    this.pack()
  }

  get size(): number {
    return this.#live
  }

  /** How many changes wait beside the tree. */
  get changed(): number {
    return this.#stale + this.#loose.length
  }

  /** Adds a point or moves it. Numbers are given without large gaps: memory is kept for all up to the largest. */
  put(number: number, lon: number, lat: number): void {
    checkPlace(lon, lat)
    if (!Number.isInteger(number) || number < 0 || number >= POINTS_MAX) throw new Error(`no number of a point: ${number}`)
    this.#grow(number + 1)
    const state = this.#state[number]
    this.#lon[number] = settled(lon)
    this.#lat[number] = settled(lat)
    if (state === LOOSE) return
    if (state === PACKED) this.#stale++
    else this.#live++
    this.#state[number] = LOOSE
    this.#loose.push(number)
    this.#packWhenDue()
  }

  /** False where there was no such point. */
  remove(number: number): boolean {
    const state = this.#state[number] ?? UNKNOWN
    if (number >= this.#numbers || state === UNKNOWN) return false
    if (state === PACKED) this.#stale++
    else this.#loose.splice(this.#loose.indexOf(number), 1)
    this.#state[number] = UNKNOWN
    this.#live--
    this.#packWhenDue()
    return true
  }

  #packWhenDue(): void {
    if (this.changed > Math.max(CHANGED_MIN, this.#live / CHANGED_SHARE)) this.pack()
  }

  #grow(size: number): void {
    if (size <= this.#numbers) return
    this.#numbers = size
    if (size <= this.#state.length) return
    const room = Math.min(POINTS_MAX, Math.max(size, Math.ceil(this.#state.length * 1.5), 1024))
    const copied = <T extends Float64Array | Uint8Array | Uint32Array>(to: T, from: T): T => {
      to.set(from)
      return to
    }
    this.#lon = copied(new Float64Array(room), this.#lon)
    this.#lat = copied(new Float64Array(room), this.#lat)
    this.#state = copied(new Uint8Array(room), this.#state)
    this.#seen = copied(new Uint32Array(room), this.#seen)
  }

  /** Takes all changes into the tree: one to two and a half seconds for a million points. It does so by itself when many wait. */
  pack(): void {
    const numbers = new Uint32Array(this.#live)
    let size = 0
    for (let number = 0; number < this.#numbers; number++) {
      if (this.#state[number] === UNKNOWN) continue
      this.#state[number] = PACKED
      numbers[size++] = number
    }
    const lon = new Float64Array(size)
    const lat = new Float64Array(size)
    for (let i = 0; i < size; i++) {
      lon[i] = this.#lon[numbers[i] ?? 0] ?? 0
      lat[i] = this.#lat[numbers[i] ?? 0] ?? 0
    }
    this.#tree = new Packed(size, lon, lat)
    const { order } = this.#tree
    this.#treeLon = new Float64Array(size)
    this.#treeLat = new Float64Array(size)
    for (let at = 0; at < size; at++) {
      const i = order[at] ?? 0
      this.#treeLon[at] = lon[i] ?? 0
      this.#treeLat[at] = lat[i] ?? 0
      order[at] = numbers[i] ?? 0
    }
    this.#stale = 0
    this.#loose = []
  }

  /** The numbers of all points in the area or on its line, each once, in no order. Refused as `allShapes`. */
  within(area: TargetArea): Uint32Array | Refusal {
    const shapes = allShapes(area)
    return shapes instanceof Refusal ? shapes : this.inside(shapes)
  }

  inside(shapes: readonly Shape[]): Uint32Array {
    let found = new Uint32Array(64)
    let size = 0
    const room = (more: number): void => {
      if (size + more <= found.length) return
      const larger = new Uint32Array(Math.max(size + more, found.length * 2))
      larger.set(found)
      found = larger
    }
    // One shape alone finds a point once; the tree has it in one place, unless it moved beside it.
    const once = shapes.length > 1
    const search = (this.#search = this.#search === 2 ** 32 - 1 ? this.#fresh() : this.#search + 1)
    const seen = this.#seen
    const take = (number: number): void => {
      if (once && seen[number] === search) return
      if (once) seen[number] = search
      found[size++] = number
    }
    const { order } = this.#tree
    for (const shape of shapes) {
      this.#tree.search(shape, (from, to, whole) => {
        room(to - from)
        if (whole && !once && this.#stale === 0) {
          found.set(order.subarray(from, to), size)
          size += to - from
          return
        }
        for (let at = from; at < to; at++) {
          const number = order[at] ?? 0
          if (this.#state[number] === PACKED && (whole || shape.has(this.#treeLon[at] ?? 0, this.#treeLat[at] ?? 0))) take(number)
        }
      })
      room(this.#loose.length)
      for (const number of this.#loose) {
        const [lon, lat] = [this.#lon[number] ?? 0, this.#lat[number] ?? 0]
        if (shape.has(lon, lat)) take(number)
      }
    }
    return found.slice(0, size)
  }

  #fresh(): number {
    this.#seen.fill(0)
    return 1
  }
}

/** Throws where there is no such place. */
export function checkPlace(lon: number, lat: number): void {
  if (!(lon >= -180 && lon <= 180 && lat >= -90 && lat <= 90)) throw new Error(`no place on Earth: ${lon}, ${lat}`)
}
