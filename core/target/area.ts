/** The area of an alert as it comes: bounded and refused clearly before anything is reckoned. */
import { refuse, type Refusal } from '../decider.ts'
import { settled } from './orient.ts'

/** Longitude, latitude in degrees (WGS-84). */
export type LonLat = readonly [number, number]
/** The shell first, then its holes; closed or not, the last point joins the first. */
export type Rings = readonly (readonly LonLat[])[]
/** A ring as longitude and latitude by turns; closed or not. */
export type Flat = readonly number[]
export type Circle = { readonly lon: number; readonly lat: number; readonly radiusKm: number }

/** Together they are one area: polygons with holes, circles, and divisions by their code. What overlaps counts once. */
export type TargetArea = {
  readonly polygons?: readonly Rings[]
  /** Polygons of one ring each, as CAP has them. */
  readonly corners?: readonly Flat[]
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

const isLon = (lon: number): boolean => lon >= -180 && lon <= 180
const isLat = (lat: number): boolean => lat >= -90 && lat <= 90

/** The polygons of an area in one form: the shell first, then its holes, each a flat list. */
export const flatPolygons = ({ polygons = [], corners = [] }: TargetArea): readonly (readonly Flat[])[] => [
  ...polygons.map((rings) => rings.map(flatOf)),
  ...corners.map((ring) => [ring]),
]

export function flatOf(ring: readonly LonLat[]): Flat {
  const flat: number[] = []
  for (const point of ring) flat.push(point[0], point[1])
  return flat
}

/** Null where the area may be reckoned. Refused: too many parts, a coordinate or radius that is none, a ring of fewer than three points. */
export function refuseArea(area: TargetArea): Refusal | null {
  const { polygons = [], corners = [], circles = [], divisions = [] } = area
  const tooLarge = (given: number, most: number): Refusal | null => (given > most ? refuse('target.too-large', { most }) : null)
  const vertices = polygons.reduce((sum, one) => sum + one.reduce((part, ring) => part + ring.length, 0), 0)
  return (
    tooLarge(polygons.length + corners.length + circles.length, AREA_BOUNDS.shapes) ??
    tooLarge(divisions.length, AREA_BOUNDS.divisions) ??
    tooLarge(
      polygons.reduce((sum, one) => sum + one.length, corners.length),
      AREA_BOUNDS.rings,
    ) ??
    tooLarge(
      corners.reduce((sum, ring) => sum + ring.length / 2, vertices),
      AREA_BOUNDS.vertices,
    ) ??
    refuseRings(flatPolygons(area)) ??
    refuseCircles(circles)
  )
}

function refuseRings(polygons: readonly (readonly Flat[])[]): Refusal | null {
  for (const rings of polygons) {
    if (rings.length === 0) return refuse('target.ring-short')
    for (const ring of rings) {
      for (let i = 0; i < ring.length; i += 2)
        if (!isLon(ring[i] ?? NaN) || !isLat(ring[i + 1] ?? NaN)) return refuse('target.out-of-range')
      if (opened(ring) < 3) return refuse('target.ring-short')
    }
  }
  return null
}

function refuseCircles(circles: readonly Circle[]): Refusal | null {
  for (const { lon, lat, radiusKm } of circles) {
    if (!isLon(lon) || !isLat(lat)) return refuse('target.out-of-range')
    if (!(radiusKm >= 0 && radiusKm <= AREA_BOUNDS.radiusKm)) return refuse('target.radius', { most: AREA_BOUNDS.radiusKm })
  }
  return null
}

/** How many points a ring has, the last left out where it is the first again. */
function opened(ring: Flat): number {
  const size = ring.length / 2
  const closed = size > 1 && ring[0] === ring.at(-2) && ring[1] === ring.at(-1)
  return closed ? size - 1 : size
}

/** A ring laid out flat: its longitudes go on beyond ±180° where it crosses the antimeridian. `turn[i]`: whole turns in `lon[i]`. */
export type FlatRing = { readonly base: Float64Array; readonly turn: Int32Array; readonly lat: Float64Array }

/**
 * RFC 7946, 3.1.9 turned round: a step of more than half the globe is a step across the antimeridian. A step of exactly
 * one turn is a whole parallel and stays. Refused: a ring around a pole, which has no inside on the map: cut it at the
 * antimeridian, with edges along the pole; a ring that goes round more than once.
 */
export function flatten(ring: Flat): FlatRing | Refusal {
  const size = opened(ring)
  const flat = { base: new Float64Array(size), turn: new Int32Array(size), lat: new Float64Array(size) }
  let turns = 0
  let least = 360
  let most = -360
  let before = ring[0] ?? 0
  for (let i = 0; i < size; i++) {
    const lon = ring[2 * i] ?? 0
    turns += turnOf(before, lon)
    before = lon
    flat.base[i] = settled(lon)
    flat.lat[i] = settled(ring[2 * i + 1] ?? 0)
    flat.turn[i] = turns
    const at = lon + 360 * turns
    if (at < least) least = at
    if (at > most) most = at
  }
  if (turns + turnOf(before, ring[0] ?? 0) !== 0) return refuse('target.pole')
  if (most - least > 360) return refuse('target.too-wide')
  return flat
}
function turnOf(before: number, lon: number): number {
  const step = lon - before
  return step > 180 && step < 360 ? -1 : step < -180 && step > -360 ? 1 : 0
}
