import { CAP_BOUNDS, type Circle, type LonLat } from '../cap.ts'
import type { CapFindingCode } from './codes.ts'

type Problem = { readonly code: CapFindingCode; readonly severity: 'error' | 'warning' }
const POINT = /^([-+]?\d{1,3}(?:\.\d*)?),([-+]?\d{1,3}(?:\.\d*)?)$/
const LENGTH = /^[-+]?\d{1,6}(?:\.\d*)?(?:[eE][-+]?\d{1,2})?$/

const error = (code: CapFindingCode): Problem => ({ code, severity: 'error' })

/** A closed ring, longitude first, of CAP's `lat,lon lat,lon …`. Null: it is no area, and the problem says why. An open ring is closed and found. */
export function polygonOf(text: string): { readonly ring: readonly LonLat[] | null; readonly problems: readonly Problem[] } {
  const said = text.trim()
  if (said === '') return { ring: null, problems: [{ code: 'cap.polygon-empty', severity: 'warning' }] }
  const problems: Problem[] = []
  const found = pointsOf(said)
  if (found === null) return { ring: null, problems: [error('cap.polygon-syntax')] }
  const { points: ring, north, east } = found
  if (north > 90) return { ring: null, problems: [error('cap.polygon-lat-out-of-range')] }
  if (east > 180) problems.push(error('cap.polygon-lon-out-of-range'))
  const [first, last] = [ring[0], ring.at(-1)]
  if (ring.length < 4) return { ring: null, problems: [...problems, error('cap.polygon-lt-4-points')] }
  if (first !== undefined && last !== undefined && (first[0] !== last[0] || first[1] !== last[1])) {
    problems.push(error('cap.polygon-not-closed'))
    ring.push(first)
  }
  return { ring, problems }
}

/** Where the last number ended; -1: it was none. */
let ended = 0

/**
 * A decimal with one to three digits before the point. Polygons are most of what alerts are made of: each character is looked
 * at once, in whole numbers of 32 bits as long as they reach. Up to 15 digits in all the quotient is the nearest number, as
 * Number() would give it; what is longer is left to Number().
 */
function decimalAt(text: string, from: number): number {
  const end = text.length
  let at = from
  let code = at < end ? text.charCodeAt(at) : 0
  const negative = code === 0x2d
  if (negative || code === 0x2b) code = ++at < end ? text.charCodeAt(at) : 0
  const begin = at
  let whole = 0
  while (code >= 0x30 && code <= 0x39) {
    whole = (whole * 10 + code - 0x30) | 0
    code = ++at < end ? text.charCodeAt(at) : 0
  }
  const digits = at - begin
  ended = -1
  if (digits < 1 || digits > 3) return 0
  let size = whole
  if (code === 0x2e) {
    const point = at
    code = ++at < end ? text.charCodeAt(at) : 0
    let fraction = 0
    const nine = point + 10
    while (code >= 0x30 && code <= 0x39 && at < nine) {
      fraction = (fraction * 10 + code - 0x30) | 0
      code = ++at < end ? text.charCodeAt(at) : 0
    }
    let long = fraction
    while (code >= 0x30 && code <= 0x39) {
      long = long * 10 + code - 0x30
      code = ++at < end ? text.charCodeAt(at) : 0
    }
    const after = at - point - 1
    const ten = TENS[after] ?? 1
    size = digits + after > 15 ? Number(text.slice(begin, at)) : (whole * ten + long) / ten
  }
  ended = at
  return negative ? -size : size
}

/** The points of `lat,lon lat,lon …`, and the largest of their latitudes and longitudes without sign; null when it is something else. */
function pointsOf(text: string): { readonly points: LonLat[]; readonly north: number; readonly east: number } | null {
  const points: LonLat[] = []
  const end = text.length
  let north = 0
  let east = 0
  for (let at = 0; at < end;) {
    if (text.charCodeAt(at) <= 0x20) {
      at++
      continue
    }
    const lat = decimalAt(text, at)
    if (ended < 0 || text.charCodeAt(ended) !== 0x2c) return null
    const lon = decimalAt(text, ended + 1)
    if (ended < 0 || (ended < end && text.charCodeAt(ended) > 0x20) || points.length >= CAP_BOUNDS.points) return null
    const up = lat < 0 ? -lat : lat
    const aside = lon < 0 ? -lon : lon
    if (up > north) north = up
    if (aside > east) east = aside
    points.push([lon, lat])
    at = ended
  }
  return { points, north, east }
}
const TENS: readonly number[] = Array.from({ length: 16 }, (_, i) => 10 ** i)

/** CAP's `lat,lon radius`, the radius in kilometres. */
export function circleOf(text: string): { readonly circle: Circle | null; readonly problem: CapFindingCode | null } {
  const [point = '', radius = '', ...rest] = text.trim().split(/\s+/, 4)
  const found = POINT.exec(point)
  if (found === null || !LENGTH.test(radius) || rest.length > 0) return { circle: null, problem: 'cap.circle-syntax' }
  const circle = { lat: Number(found[1]), lon: Number(found[2]), radiusKm: Number(radius) }
  const within = Math.abs(circle.lat) <= 90 && Math.abs(circle.lon) <= 180 && circle.radiusKm >= 0 && circle.radiusKm <= 20_100
  return within ? { circle, problem: null } : { circle: null, problem: 'cap.circle-out-of-range' }
}
