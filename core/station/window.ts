/**
 * Windows over one series, kept up reading by reading. Values are counted in ten-thousandths, so that sums are exact:
 * five hundred times 0.1 mm is 50 mm. In order a reading costs O(1) amortised; a late one is found by halving, and moves what came after it.
 */
const SCALE = 10_000
export const toCount = (value: number): number => Math.round(value * SCALE)
export const fromCount = (count: number): number => count / SCALE

/** One reading a second for the longest window; beyond it the oldest go. */
const READINGS_MAX = 260_000
/** How many slots may lie unused at the front before the arrays are cut. */
const SLACK = 1024

export type Aggregate = 'sum' | 'max' | 'min' | 'mean' | 'level'
export type Pair = readonly [atMs: number, value: number]

/** The readings of the longest window in order of their time, and the windows over them. */
export class Series {
  #ats: number[] = []
  #counts: number[] = []
  /** Where the longest window begins in the arrays. */
  #first = 0
  readonly #keepMs: number
  readonly #windows: Window[] = []

  /** `keepMs`: how far back readings are kept, at least the longest window. */
  constructor(keepMs: number) {
    this.#keepMs = keepMs
  }

  window(of: Aggregate, overMs: number): Window {
    const made = of === 'max' || of === 'min' ? new Extreme(of, overMs) : new Total(of, overMs)
    this.#windows.push(made)
    return made
  }

  /** The newest time, or null before the first reading. */
  get head(): number | null {
    return this.#ats.at(-1) ?? null
  }
  get size(): number {
    return this.#ats.length - this.#first
  }

  /** False: known already, or older than anything that is kept. */
  add(at: number, value: number): boolean {
    const count = toCount(value)
    const head = this.head
    if (head !== null && at <= head - this.#keepMs) return false
    const index = this.#place(at)
    if (this.#ats[index] === at && index < this.#ats.length) return false
    this.#ats.splice(index, 0, at)
    this.#counts.splice(index, 0, count)
    const now = head === null || at > head ? at : head
    for (const window of this.#windows) window.add(at, count, index, now, this.#ats, this.#counts)
    this.#forget(now)
    return true
  }

  /** The index at which a reading of that time stands or would stand; the end is tried first. */
  #place(at: number): number {
    const last = this.#ats.at(-1)
    if (last === undefined || at > last) return this.#ats.length
    let [low, high] = [this.#first, this.#ats.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#ats[middle] ?? 0) < at) low = middle + 1
      else high = middle
    }
    return low
  }

  #forget(now: number): void {
    while (this.#first < this.#ats.length && ((this.#ats[this.#first] ?? 0) <= now - this.#keepMs || this.size > READINGS_MAX))
      this.#first++
    if (this.#first < SLACK || this.#first * 2 < this.#ats.length) return
    for (const window of this.#windows) window.shift(this.#first, this.#counts)
    this.#ats.splice(0, this.#first)
    this.#counts.splice(0, this.#first)
    this.#first = 0
  }

  /** The readings after `fromMs`, oldest first. */
  since(fromMs: number): readonly Pair[] {
    const found: Pair[] = []
    for (let i = Math.max(this.#first, this.#place(fromMs)); i < this.#ats.length; i++) {
      const at = this.#ats[i] ?? 0
      if (at > fromMs) found.push([at, fromCount(this.#counts[i] ?? 0)])
    }
    return found
  }
}

export type Window = {
  /** `now`: the newest time of the series; `index`: where the reading was put. */
  add(at: number, count: number, index: number, now: number, ats: readonly number[], counts: readonly number[]): void
  /** The first readings of the series are about to go. */
  shift(by: number, counts: readonly number[]): void
  /** In ten-thousandths of the unit; null before the first reading. */
  value(): number | null
}

/** Sum and mean of (now − over, now]; `level` is the newest reading. */
class Total implements Window {
  readonly #of: Aggregate
  readonly #overMs: number
  #start = 0
  #length = 0
  #sum = 0
  #newest = 0

  constructor(of: Aggregate, overMs: number) {
    this.#of = of
    this.#overMs = overMs
  }

  add(at: number, count: number, index: number, now: number, ats: readonly number[], counts: readonly number[]): void {
    if (at === now) this.#newest = count
    if (this.#of === 'level') {
      this.#length++
      return
    }
    if (at > now - this.#overMs) {
      if (index < this.#start) this.#start = index
      this.#sum += count
      this.#length++
    } else if (index <= this.#start) this.#start++
    while (this.#start < ats.length && (ats[this.#start] ?? 0) <= now - this.#overMs) {
      this.#sum -= counts[this.#start] ?? 0
      this.#length--
      this.#start++
    }
  }

  shift(by: number, counts: readonly number[]): void {
    for (; this.#of !== 'level' && this.#start < by; this.#start++, this.#length--) this.#sum -= counts[this.#start] ?? 0
    this.#start = Math.max(0, this.#start - by)
  }

  value(): number | null {
    if (this.#length === 0) return null
    if (this.#of === 'level') return this.#newest
    return this.#of === 'mean' ? this.#sum / this.#length : this.#sum
  }
}

/** Largest or smallest of the window: only readings that nothing later outdoes are kept, so that the first is the answer. */
class Extreme implements Window {
  readonly #overMs: number
  readonly #sign: 1 | -1
  #kept: { readonly at: number; readonly count: number }[] = []
  #from = 0

  constructor(of: 'max' | 'min', overMs: number) {
    this.#overMs = overMs
    this.#sign = of === 'max' ? 1 : -1
  }

  add(at: number, count: number, _index: number, now: number): void {
    if (at > now - this.#overMs) this.#insert(at, this.#sign * count)
    while (this.#from < this.#kept.length && (this.#kept[this.#from]?.at ?? 0) <= now - this.#overMs) this.#from++
    if (this.#from < SLACK || this.#from * 2 < this.#kept.length) return
    this.#kept.splice(0, this.#from)
    this.#from = 0
  }

  #insert(at: number, count: number): void {
    let place = this.#kept.length
    while (place > this.#from && (this.#kept[place - 1]?.at ?? 0) > at) place--
    const later = this.#kept[place]
    if (later !== undefined && later.count >= count) return
    let begin = place
    while (begin > this.#from && (this.#kept[begin - 1]?.count ?? 0) <= count) begin--
    this.#kept.splice(begin, place - begin, { at, count })
  }

  shift(): void {}

  value(): number | null {
    const first = this.#kept[this.#from]
    return first === undefined ? null : this.#sign * first.count
  }
}
