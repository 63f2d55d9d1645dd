/** Places near a point. WGS-84 degrees and metres on a sphere: good to half a percent, and no site is found by less. */
const EARTH_M = 6_371_008.8
const rad = (degrees: number): number => (degrees * Math.PI) / 180

export type Point = { readonly lon: number; readonly lat: number }
export type Box = { readonly west: number; readonly south: number; readonly east: number; readonly north: number }

/** Metres along the great circle. */
export function metresBetween(a: Point, b: Point): number {
  const [dLat, dLon] = [rad(b.lat - a.lat) / 2, rad(b.lon - a.lon) / 2]
  const h = Math.sin(dLat) ** 2 + Math.cos(rad(a.lat)) * Math.cos(rad(b.lat)) * Math.sin(dLon) ** 2
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(h)))
}

/** The boxes that together hold all within so many metres: two where the antimeridian lies between, the whole round near a pole. */
export function boxesAround({ lon, lat }: Point, metres: number): readonly Box[] {
  const dLat = ((metres / EARTH_M) * 180) / Math.PI
  const [south, north] = [Math.max(-90, lat - dLat), Math.min(90, lat + dLat)]
  const narrow = Math.cos(rad(Math.max(Math.abs(south), Math.abs(north))))
  const dLon = narrow < 1e-9 ? 180 : dLat / narrow
  if (dLon >= 180) return [{ west: -180, south, east: 180, north }]
  const [west, east] = [lon - dLon, lon + dLon]
  if (west < -180)
    return [
      { west: west + 360, south, east: 180, north },
      { west: -180, south, east, north },
    ]
  if (east > 180)
    return [
      { west, south, east: 180, north },
      { west: -180, south, east: east - 360, north },
    ]
  return [{ west, south, east, north }]
}
