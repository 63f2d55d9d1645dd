/** On which side of a line a point lies: exactly, for any coordinates that a place on Earth has. */

const HALF_ULP = 2 ** -53
/** Below this share of its two products the sign of the difference is not certain (Shewchuk 1997, `ccwerrboundA`). */
const CERTAIN = (3 + 16 * HALF_ULP) * HALF_ULP
const SPLITTER = 2 ** 27 + 1
const TERMS = 12

/** Nearer to zero than this no coordinate tells places apart; products of what is left keep all their bits. */
const TINY = 1e-100
export const isSettled = (degrees: number): boolean => degrees >= TINY || degrees <= -TINY || Object.is(degrees, 0)
export const settled = (degrees: number): number => (degrees > -TINY && degrees < TINY ? 0 : degrees)

/**
 * Above zero where `c` lies left of the line from `a` to `b`, below zero on its right, zero on the line. Only the sign
 * means something. The numbers are taken as they are, without rounding; they are `settled` and below 1,000.
 */
export function orient(ax: number, ay: number, bx: number, by: number, cx: number, cy: number): number {
  const left = (ax - cx) * (by - cy)
  const right = (ay - cy) * (bx - cx)
  const det = left - right
  const bound = CERTAIN * (Math.abs(left) + Math.abs(right))
  if (det > bound || -det > bound) return det
  // A difference of two numbers is zero only where they are equal.
  if (left === 0 && right === 0 && (ax === cx || by === cy) && (ay === cy || bx === cx)) return 0
  return exactly(ax, ay, bx, by, cx, cy)
}

const expansion = new Float64Array(TERMS)

/** The determinant written out as six products, each kept with its rounding error, summed without any. */
function exactly(ax: number, ay: number, bx: number, by: number, cx: number, cy: number): number {
  let size = addProduct(0, ax, by)
  size = addProduct(size, -ay, bx)
  size = addProduct(size, bx, cy)
  size = addProduct(size, -by, cx)
  size = addProduct(size, cx, ay)
  size = addProduct(size, -cy, ax)
  for (let i = size - 1; i >= 0; i--) {
    const term = expansion[i] ?? 0
    if (term !== 0) return term
  }
  return 0
}

/** Dekker's product: `a * b` is `high + low` exactly. */
function addProduct(size: number, a: number, b: number): number {
  const high = a * b
  const aBig = SPLITTER * a
  const aHigh = aBig - (aBig - a)
  const aLow = a - aHigh
  const bBig = SPLITTER * b
  const bHigh = bBig - (bBig - b)
  const bLow = b - bHigh
  const low = aLow * bLow - (high - aHigh * bHigh - aLow * bHigh - aHigh * bLow)
  return add(add(size, low), high)
}

/** Knuth's sum, carried through the expansion: its terms do not overlap, and the last that is not zero has the sign of all. */
function add(size: number, value: number): number {
  let carried = value
  for (let i = 0; i < size; i++) {
    const term = expansion[i] ?? 0
    const sum = carried + term
    const part = sum - carried
    expansion[i] = carried - (sum - part) + (term - part)
    carried = sum
  }
  expansion[size] = carried
  return size + 1
}
