import { CAP_BOUNDS, type Circle, type Corners } from '../cap.ts'
import { isSpace } from '../xml.ts'
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
  const { ring, north, east } = found
  if (north > 90) return { ring: null, problems: [error('cap.polygon-lat-out-of-range')] }
  if (east > 180) problems.push(error('cap.polygon-lon-out-of-range'))
  if (found.given < 4) return { ring: null, problems: [...problems, error('cap.polygon-lt-4-points')] }
  if (ring.lon.length > found.given) problems.push(error('cap.polygon-not-closed'))
  return { ring, problems }
}

/** What is being read, a zero after it, and the columns that it says; kept from one ring to the next. No corner has less than four characters. */
const room = (characters: number): { bytes: Uint8Array; lon: Float64Array; lat: Float64Array } => {
  const corners = Math.min(CAP_BOUNDS.points, characters >> 2) + 2
  return { bytes: new Uint8Array(characters), lon: new Float64Array(corners), lat: new Float64Array(corners) }
}
let table = room(1 << 16)
const encoder = new TextEncoder()

const ZERO = 0x30
const POINT_MARK = 0x2e ^ ZERO
const COMMA = 0x2c
const TENS: readonly number[] = Array.from({ length: 24 }, (_, i) => 10 ** i)

type Ring = { readonly ring: Corners; readonly given: number; readonly north: number; readonly east: number }

/**
 * The closed ring of `lat,lon lat,lon …`, how many corners were given, and the largest of their latitudes and longitudes without
 * sign; null when it is something else. Numbers have one to three digits before the point. Corners are most of what large alerts
 * are made of, so they are read from bytes and in whole numbers of 32 bits, and nothing is called for a number: up to 15 digits
 * in all the quotient is the nearest number, as Number() would give it; what is longer is left to Number().
 */
function cornersOf(text: string): Ring | null {
  const end = text.length
  if (end >= table.bytes.length) table = room(2 * end)
  const { bytes, lon, lat } = table
  if (encoder.encodeInto(text, bytes).written !== end) return null
  bytes[end] = 0
  let [given, north, east] = [0, 0, 0]
  let isLat = true
  for (let at = 0; ; isLat = !isLat) {
    const from = at
    let code = bytes[at] ?? 0
    const isNegative = code === 0x2d
    if (isNegative || code === 0x2b) code = bytes[++at] ?? 0
    const begin = at
    let whole = code ^ ZERO
    if (whole > 9) return null
    let digit = (bytes[++at] ?? 0) ^ ZERO
    if (digit < 10) {
      whole = whole * 10 + digit
      digit = (bytes[++at] ?? 0) ^ ZERO
      if (digit < 10) {
        whole = whole * 10 + digit
        digit = (bytes[++at] ?? 0) ^ ZERO
        if (digit < 10) return null
      }
    }
    const digits = at - begin
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
    // Zero has no sign.
    const degrees = isNegative ? 0 - size : size
    if (isLat) {
      if (bytes[at] !== COMMA || given >= CAP_BOUNDS.points) return null
      at++
      if (size > north) north = size
      lat[given] = degrees
      continue
    }
    if (size > east) east = size
    lon[given++] = degrees
    const next = at
    while (isSpace(bytes[at] ?? 0)) at++
    if (at === end) break
    if (at === next) return null
  }
  const isOpen = lon[0] !== lon[given - 1] || lat[0] !== lat[given - 1]
  lon[given] = lon[0] ?? 0
  lat[given] = lat[0] ?? 0
  const all = isOpen ? given + 1 : given
  return { ring: { lon: lon.slice(0, all), lat: lat.slice(0, all) }, given, north, east }
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
