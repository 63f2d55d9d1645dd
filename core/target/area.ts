/** The area of an alert as it comes: bounded and refused clearly before anything is reckoned. */
import { refuse, type Refusal } from '../decider.ts'
import { settled } from './orient.ts'

/** Longitude, latitude in degrees (WGS-84). */
export type LonLat = readonly [number, number]
/** The shell first, then its holes; closed or not, the last point joins the first. */
export type Rings = readonly (readonly LonLat[])[]
export type Circle = { readonly lon: number; readonly lat: number; readonly radiusKm: number }

/** Together they are one area: polygons with holes, circles, and divisions by their code. What overlaps counts once. */
export type TargetArea = {
  readonly polygons?: readonly Rings[]
  readonly circles?: readonly Circle[]
  readonly divisions?: readonly string[]
}

/** Bounds of one area; what is larger is refused, never cut. `radiusKm`: half round the Earth. */
export const AREA_BOUNDS = { shapes: 5000, rings: 20_000, vertices: 200_000, divisions: 5000, radiusKm: 20_038 } as const

type GeoArea =
  | { readonly type: 'Polygon'; readonly coordinates: Rings }
  | { readonly type: 'MultiPolygon'; readonly coordinates: readonly Rings[] }

/** A GeoJSON polygon or several. */
export const areaOfGeo = (area: GeoArea): TargetArea => ({ polygons: area.type === 'Polygon' ? [area.coordinates] : area.coordinates })

/** The polygons and circles of an area of a CAP message; a polygon of CAP is one ring. Which geocodes are divisions, its profile knows. */
export const areaOfCap = (area: {
  readonly polygons: readonly (readonly LonLat[])[]
  readonly circles: readonly Circle[]
}): TargetArea => ({ polygons: area.polygons.map((ring) => [ring]), circles: area.circles })

const isLon = (lon: number): boolean => lon >= -180 && lon <= 180
const isLat = (lat: number): boolean => lat >= -90 && lat <= 90

/** Null where the area may be reckoned. Refused: too many parts, a coordinate or radius that is none, a ring of fewer than three points. */
export function refuseArea({ polygons = [], circles = [], divisions = [] }: TargetArea): Refusal | null {
  if (polygons.length + circles.length > AREA_BOUNDS.shapes) return refuse('target.too-large', { most: AREA_BOUNDS.shapes })
  if (divisions.length > AREA_BOUNDS.divisions) return refuse('target.too-large', { most: AREA_BOUNDS.divisions })
  const rings = polygons.reduce((sum, one) => sum + one.length, 0)
  if (rings > AREA_BOUNDS.rings) return refuse('target.too-large', { most: AREA_BOUNDS.rings })
  const vertices = polygons.reduce((sum, one) => sum + one.reduce((part, ring) => part + ring.length, 0), 0)
  if (vertices > AREA_BOUNDS.vertices) return refuse('target.too-large', { most: AREA_BOUNDS.vertices })
  for (const one of polygons) {
    if (one.length === 0) return refuse('target.ring-short')
    for (const ring of one) {
      if (ring.some((point) => !isLon(point[0]) || !isLat(point[1]))) return refuse('target.out-of-range')
      if (opened(ring) < 3) return refuse('target.ring-short')
    }
  }
  for (const { lon, lat, radiusKm } of circles) {
    if (!isLon(lon) || !isLat(lat)) return refuse('target.out-of-range')
    if (!(radiusKm >= 0 && radiusKm <= AREA_BOUNDS.radiusKm)) return refuse('target.radius', { most: AREA_BOUNDS.radiusKm })
  }
  return null
}

/** How many points a ring has, the last left out where it is the first again. */
function opened(ring: readonly LonLat[]): number {
  const [first, last] = [ring[0], ring.at(-1)]
  const closed = ring.length > 1 && first?.[0] === last?.[0] && first?.[1] === last?.[1]
  return closed ? ring.length - 1 : ring.length
}

/** A ring laid out flat: its longitudes go on beyond ±180° where it crosses the antimeridian. `turn[i]`: whole turns in `lon[i]`. */
export type FlatRing = { readonly base: Float64Array; readonly turn: Int32Array; readonly lat: Float64Array }

/**
 * RFC 7946, 3.1.9 turned round: a step of more than half the globe is a step across the antimeridian. A step of exactly
 * one turn is a whole parallel and stays. Refused: a ring around a pole, which has no inside on the map: cut it at the
 * antimeridian, with edges along the pole; a ring that goes round more than once.
 */
export function flatten(ring: readonly LonLat[]): FlatRing | Refusal {
  const size = opened(ring)
  const flat = { base: new Float64Array(size), turn: new Int32Array(size), lat: new Float64Array(size) }
  let turns = 0
  let least = 360
  let most = -360
  let before = ring[0]?.[0] ?? 0
  for (let i = 0; i < size; i++) {
    const lon = ring[i]?.[0] ?? 0
    turns += turnOf(before, lon)
    before = lon
    flat.base[i] = settled(lon)
    flat.lat[i] = settled(ring[i]?.[1] ?? 0)
    flat.turn[i] = turns
    const at = lon + 360 * turns
    if (at < least) least = at
    if (at > most) most = at
  }
  if (turns + turnOf(before, ring[0]?.[0] ?? 0) !== 0) return refuse('target.pole')
  if (most - least > 360) return refuse('target.too-wide')
  return flat
}
function turnOf(before: number, lon: number): number {
  const step = lon - before
  return step > 180 && step < 360 ? -1 : step < -180 && step > -360 ? 1 : 0
}
