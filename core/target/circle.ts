/** A circle on the sphere: every place no farther from its middle than the radius, the pole and the antimeridian no exception. */
import type { Circle as Given } from './area.ts'
import type { Box, Shape, Within } from './polygon.ts'

/** Mean radius of the Earth (IUGG), km. */
export const EARTH_KM = 6371.0088
const RAD = Math.PI / 180
/** Degrees that the box of a circle is wider than reckoned, and the share by which a box must be nearer to be taken whole. */
const SLACK_DEGREES = 1e-9
const SLACK_SHARE = 1e-12

/** Great-circle distance by the haversine, km. */
export function distanceKm(lon1: number, lat1: number, lon2: number, lat2: number): number {
  const dLat = Math.sin(((lat2 - lat1) * RAD) / 2)
  const dLon = Math.sin(((lon2 - lon1) * RAD) / 2)
  const h = dLat * dLat + Math.cos(lat1 * RAD) * Math.cos(lat2 * RAD) * dLon * dLon
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(h)))
}

export class Circle implements Shape {
  readonly given: Given
  readonly box: Box
  readonly #lon: number

  /** `shift`: whole turns that are added to its longitude. */
  constructor(given: Given, shift = 0) {
    this.given = given
    this.#lon = given.lon + 360 * shift
    const { west, south, east, north } = boxOf(given)
    this.box = { west: west + 360 * shift, south, east: east + 360 * shift, north }
  }

  has(lon: number, lat: number): boolean {
    if (lat < this.box.south || lat > this.box.north) return false
    return distanceKm(this.given.lon, this.given.lat, lon, lat) <= this.given.radiusKm
  }

  meets(west: number, south: number, east: number, north: number): Within {
    const { box } = this
    if (west > box.east || east < box.west || south > box.north || north < box.south) return 'out'
    // Within a quarter of the globe a corner is what is farthest of a box: along a parallel and along a meridian alike.
    const near = Math.abs(west - this.#lon) <= 90 && Math.abs(east - this.#lon) <= 90
    const reach = this.given.radiusKm * (1 - SLACK_SHARE)
    const { lon, lat } = this.given
    const all =
      near &&
      distanceKm(lon, lat, west, south) <= reach &&
      distanceKm(lon, lat, west, north) <= reach &&
      distanceKm(lon, lat, east, south) <= reach &&
      distanceKm(lon, lat, east, north) <= reach
    return all ? 'in' : 'cross'
  }
}

function boxOf({ lon, lat, radiusKm }: Given): Box {
  const angle = radiusKm / EARTH_KM
  const degrees = angle / RAD + SLACK_DEGREES
  const [south, north] = [Math.max(-90, lat - degrees), Math.min(90, lat + degrees)]
  const pole = lat + degrees >= 90 || lat - degrees <= -90
  const half = pole ? 180 : Math.asin(Math.min(1, Math.sin(angle) / Math.cos(lat * RAD))) / RAD + SLACK_DEGREES
  return { west: lon - half, south, east: lon + half, north }
}
