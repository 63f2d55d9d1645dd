/** Small plane geometry on [x, y] pairs: areas, containment, and an index of segments by cell. */

export type Point = readonly [number, number]
export type Ring = readonly Point[]

/** Area of a closed ring in the square of its unit, positive when it runs anticlockwise. */
export function signedArea(ring: Ring): number {
  let sum = 0
  let last = ring.at(-1)
  for (const point of ring) {
    if (last) sum += last[0] * point[1] - point[0] * last[1]
    last = point
  }
  return sum / 2
}

/** Area of a closed ring, never negative. */
export const area = (ring: Ring): number => Math.abs(signedArea(ring))

/** Whether a point lies inside a closed ring (even-odd rule). */
export function contains(ring: Ring, [x, y]: Point): boolean {
  let within = false
  let last = ring.at(-1)
  for (const point of ring) {
    if (last && point[1] > y !== last[1] > y && x < ((last[0] - point[0]) * (y - point[1])) / (last[1] - point[1]) + point[0])
      within = !within
    last = point
  }
  return within
}

/** How far along a-b (0 to 1) the point is nearest, and its distance there. */
export function nearest([px, py]: Point, [ax, ay]: Point, [bx, by]: Point): { readonly along: number; readonly distance: number } {
  const dx = bx - ax
  const dy = by - ay
  const squared = dx * dx + dy * dy
  const along = squared === 0 ? 0 : Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / squared))
  return { along, distance: Math.hypot(px - ax - along * dx, py - ay - along * dy) }
}

/** Things filed by square cells of integer-grid space. */
export class Cells<T> {
  readonly #size: number
  readonly #cells = new Map<number, T[]>()

  constructor(size: number) {
    this.#size = size
  }

  #key(x: number, y: number): number {
    return Math.floor(x / this.#size) * 0x400000 + Math.floor(y / this.#size)
  }

  add([x, y]: Point, thing: T): void {
    const key = this.#key(x, y)
    const cell = this.#cells.get(key)
    if (cell) cell.push(thing)
    else this.#cells.set(key, [thing])
  }

  /** Everything filed in a cell that the box around both points, widened by the margin, touches. */
  near(a: Point, b: Point, margin: number): readonly T[] {
    const found: T[] = []
    const [left, right] = [Math.min(a[0], b[0]) - margin, Math.max(a[0], b[0]) + margin]
    const [low, high] = [Math.min(a[1], b[1]) - margin, Math.max(a[1], b[1]) + margin]
    const step = this.#size
    for (let x = Math.floor(left / step) * step; x <= right; x += step)
      for (let y = Math.floor(low / step) * step; y <= high; y += step) found.push(...(this.#cells.get(this.#key(x, y)) ?? []))
    return found
  }
}
