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
  const ring = pointsOf(said)
  if (ring === null) return { ring: null, problems: [error('cap.polygon-syntax')] }
  let [north, east] = [0, 0]
  for (const point of ring) {
    north = Math.max(north, Math.abs(point[1]))
    east = Math.max(east, Math.abs(point[0]))
  }
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

/**
 * The points of `lat,lon lat,lon …`, null when it is something else. Polygons are most of what alerts are made of, so each
 * character is looked at once. Decimals have at most three digits before the point; up to 15 digits in all the quotient is the
 * nearest number, as Number() would give it.
 */
function pointsOf(text: string): LonLat[] | null {
  const points: LonLat[] = []
  const end = text.length
  let [lat, second] = [0, false]
  let [from, value, digits, after, negative] = [0, 0, 0, -1, false]
  for (let at = 0; at <= end; at++) {
    const code = at < end ? text.charCodeAt(at) : 0x20
    if (code >= 0x30 && code <= 0x39) {
      value = value * 10 + code - 0x30
      digits++
      if (after >= 0) after++
    } else if (code === 0x2e && after < 0 && digits > 0) after = 0
    else if ((code === 0x2d || code === 0x2b) && at === from) negative = code === 0x2d
    else {
      if (code <= 0x20 && at === from && !second) {
        from = at + 1
        continue
      }
      const whole = after < 0 ? digits : digits - after
      if (whole < 1 || whole > 3) return null
      const size = digits > 15 ? Math.abs(Number(text.slice(from, at))) : after > 0 ? value / (TENS[after] ?? 1) : value
      const number = negative ? -size : size
      if (code === 0x2c && !second) lat = number
      else if (code <= 0x20 && second && points.length < CAP_BOUNDS.points) points.push([number, lat])
      else return null
      second = !second
      from = at + 1
      value = 0
      digits = 0
      after = -1
      negative = false
    }
  }
  return second ? null : points
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
