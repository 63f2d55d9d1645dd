import { CAP_BOUNDS, type Circle, type Corners } from '../cap.ts'
import type { CapFindingCode } from './codes.ts'

type Problem = { readonly code: CapFindingCode; readonly severity: 'error' | 'warning' }
const POINT = /^([-+]?\d{1,3}(?:\.\d*)?),([-+]?\d{1,3}(?:\.\d*)?)$/
const LENGTH = /^[-+]?\d{1,6}(?:\.\d*)?(?:[eE][-+]?\d{1,2})?$/

const error = (code: CapFindingCode): Problem => ({ code, severity: 'error' })

/** The closed ring of CAP's `lat,lon lat,lon …`. Null: it is no area, and the problem says why. An open ring is closed and found. */
export function polygonOf(text: string): { readonly ring: Corners | null; readonly problems: readonly Problem[] } {
  const said = text.trim()
  if (said === '') return { ring: null, problems: [{ code: 'cap.polygon-empty', severity: 'warning' }] }
  const problems: Problem[] = []
  const found = cornersOf(said)
  if (found === null) return { ring: null, problems: [error('cap.polygon-syntax')] }
  const { corners, north, east } = found
  if (north > 90) return { ring: null, problems: [error('cap.polygon-lat-out-of-range')] }
  if (east > 180) problems.push(error('cap.polygon-lon-out-of-range'))
  const [lon = 0, lat = 0] = corners
  if (corners.length < 8) return { ring: null, problems: [...problems, error('cap.polygon-lt-4-points')] }
  if (corners.at(-2) !== lon || corners.at(-1) !== lat) {
    problems.push(error('cap.polygon-not-closed'))
    corners.push(lon, lat)
  }
  return { ring: corners, problems }
}

/** The bytes that are being read, a zero after them; kept from one ring to the next. */
let kept = new Uint8Array(1 << 16)
const encoder = new TextEncoder()
function bytesOf(text: string): Uint8Array | null {
  if (text.length >= kept.length) kept = new Uint8Array(2 * text.length)
  if (encoder.encodeInto(text, kept).written !== text.length) return null
  kept[text.length] = 0
  return kept
}

const ZERO = 0x30
const POINT_MARK = 0x2e ^ ZERO
const COMMA = 0x2c
const isSpace = (code: number): boolean => code === 0x20 || (code >= 0x09 && code <= 0x0d && code !== 0x0b && code !== 0x0c)
const TENS: readonly number[] = Array.from({ length: 16 }, (_, i) => 10 ** i)

/**
 * The corners of `lat,lon lat,lon …`, and the largest of their latitudes and longitudes without sign; null when it is something
 * else. Numbers have one to three digits before the point. Corners are most of what large alerts are made of, so they are read
 * from bytes and in whole numbers of 32 bits, and nothing is called for a number: up to 15 digits in all the quotient is the
 * nearest number, as Number() would give it; what is longer is left to Number().
 */
function cornersOf(text: string): { readonly corners: number[]; readonly north: number; readonly east: number } | null {
  const bytes = bytesOf(text)
  if (bytes === null) return null
  const end = text.length
  // Room for all at once, at seven characters a number: to grow bit by bit costs a third as much again.
  const corners: number[] = []
  corners.length = Math.ceil(end / 7)
  let count = 0
  let [north, east, lat] = [0, 0, 0]
  for (let at = 0; ; count++) {
    const from = at
    let code = bytes[at] ?? 0
    const isNegative = code === 0x2d
    if (isNegative || code === 0x2b) code = bytes[++at] ?? 0
    const begin = at
    let digit = code ^ ZERO
    let whole = 0
    while (digit < 10 && at < begin + 4) {
      whole = (whole * 10 + digit) | 0
      digit = (bytes[++at] ?? 0) ^ ZERO
    }
    const digits = at - begin
    if (digits < 1 || digits > 3) return null
    let size = whole
    if (digit === POINT_MARK) {
      const point = ++at
      digit = (bytes[at] ?? 0) ^ ZERO
      let fraction = 0
      while (digit < 10 && at < point + 9) {
        fraction = (fraction * 10 + digit) | 0
        digit = (bytes[++at] ?? 0) ^ ZERO
      }
      let long = fraction
      while (digit < 10) {
        long = long * 10 + digit
        digit = (bytes[++at] ?? 0) ^ ZERO
      }
      const ten = TENS[at - point] ?? 1
      size = digits + at - point > 15 ? Math.abs(Number(text.slice(from, at))) : (whole * ten + long) / ten
    }
    if (count % 2 === 0) {
      if (bytes[at] !== COMMA) return null
      at++
      if (size > north) north = size
      lat = isNegative ? 0 - size : size
      continue
    }
    if (count > 2 * CAP_BOUNDS.points) return null
    if (size > east) east = size
    corners[count - 1] = isNegative ? 0 - size : size
    corners[count] = lat
    const next = at
    while (isSpace(bytes[at] ?? 0)) at++
    if (at === end) break
    if (at === next) return null
  }
  corners.length = count + 1
  return { corners, north, east }
}

/** CAP's `lat,lon radius`, the radius in kilometres. */
export function circleOf(text: string): { readonly circle: Circle | null; readonly problem: CapFindingCode | null } {
  const [point = '', radius = '', ...rest] = text.trim().split(/\s+/, 4)
  const found = POINT.exec(point)
  if (found === null || !LENGTH.test(radius) || rest.length > 0) return { circle: null, problem: 'cap.circle-syntax' }
  const circle = { lat: Number(found[1]) + 0, lon: Number(found[2]) + 0, radiusKm: Number(radius) + 0 }
  const within = Math.abs(circle.lat) <= 90 && Math.abs(circle.lon) <= 180 && circle.radiusKm >= 0 && circle.radiusKm <= 20_100
  return within ? { circle, problem: null } : { circle: null, problem: 'cap.circle-out-of-range' }
}
