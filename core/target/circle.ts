/** A circle on the sphere: every place no farther from its middle than the radius, the pole and the antimeridian no exception. */
import type { Box, Circle as Given } from './area.ts'
import type { Shape, Within } from './polygon.ts'

/** Mean radius of the Earth (IUGG), km. */
export const EARTH_KM = 6371.0088
const RAD = Math.PI / 180
/** Degrees that the box of a circle is wider than reckoned, and the share by which a box must be nearer to be taken whole. */
const SLACK_DEGREES = 1e-9
const SLACK_SHARE = 1e-12
const GOLDEN = (Math.sqrt(5) - 1) / 2
/** Steps after which an edge round half the globe is narrowed down to a metre, where the distance hardly changes any more. */
const SEEKING = 40

/** The square of half the chord: it grows with the distance, and says as well which of two is nearer. */
function haversine(lon1: number, lat1: number, cos1: number, lon2: number, lat2: number): number {
  const dLat = Math.sin(((lat2 - lat1) * RAD) / 2)
  const dLon = Math.sin(((lon2 - lon1) * RAD) / 2)
  return dLat * dLat + cos1 * Math.cos(lat2 * RAD) * dLon * dLon
}

export class Circle implements Shape {
  readonly given: Given
  readonly box: Box
  readonly #lon: number
  readonly #cos: number
  /** The haversine of the radius. */
  readonly #most: number

  /** `shift`: whole turns that are added to its longitude. */
  constructor(given: Given, shift = 0) {
    this.given = given
    this.#lon = given.lon + 360 * shift
    this.#cos = Math.cos(given.lat * RAD)
    this.#most = Math.sin(Math.min(given.radiusKm / EARTH_KM, Math.PI) / 2) ** 2
    const { west, south, east, north } = boxOf(given)
    this.box = { west: west + 360 * shift, south, east: east + 360 * shift, north }
  }

  has(lon: number, lat: number): boolean {
    if (lat < this.box.south || lat > this.box.north) return false
    return haversine(this.given.lon, this.given.lat, this.#cos, lon, lat) <= this.#most
  }

  /** Whether an edge whose ends lie outside comes nearer than the radius. Along it the distance falls to one lowest point and rises again: by the golden section. */
  cuts(ax: number, ay: number, bx: number, by: number): boolean {
    const { lon, lat } = this.given
    const at = (share: number): number => haversine(lon, lat, this.#cos, ax + (bx - ax) * share, ay + (by - ay) * share)
    let [low, high] = [0, 1]
    let [first, second] = [high - GOLDEN, GOLDEN]
    let [one, other] = [at(first), at(second)]
    for (let step = 0; step < SEEKING; step++) {
      if (one < this.#most || other < this.#most) return true
      if (one <= other) {
        high = second
        second = first
        other = one
        first = high - GOLDEN * (high - low)
        one = at(first)
      } else {
        low = first
        first = second
        one = other
        second = low + GOLDEN * (high - low)
        other = at(second)
      }
    }
    return false
  }

  meets(west: number, south: number, east: number, north: number): Within {
    const { box } = this
    if (west > box.east || east < box.west || south > box.north || north < box.south) return 'out'
    // Within a quarter of the globe a corner is what is farthest of a box: along a parallel and along a meridian alike.
    const near = Math.abs(west - this.#lon) <= 90 && Math.abs(east - this.#lon) <= 90
    const reach = this.#most * (1 - SLACK_SHARE)
    const { lon, lat } = this.given
    const all =
      near &&
      haversine(lon, lat, this.#cos, west, south) <= reach &&
      haversine(lon, lat, this.#cos, west, north) <= reach &&
      haversine(lon, lat, this.#cos, east, south) <= reach &&
      haversine(lon, lat, this.#cos, east, north) <= reach
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
