/** The area of an alert as it comes: bounded and refused clearly before anything is reckoned. */
import { refuse, type Refusal } from '../decider.ts'
import { columnsOf, type Columns } from '../place.ts'
import { isSettled, settled } from './orient.ts'

/** Longitude, latitude in degrees (WGS-84). */
export type LonLat = readonly [number, number]
/** The shell first, then its holes; closed or not, the last point joins the first. */
export type Rings = readonly (readonly LonLat[])[]
export type Circle = { readonly lon: number; readonly lat: number; readonly radiusKm: number }

/** Together they are one area: polygons with holes, circles, and divisions by their code. What overlaps counts once. */
export type TargetArea = {
  readonly polygons?: readonly Rings[]
  /** Polygons of one ring each, as CAP has them. */
  readonly corners?: readonly Columns[]
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

/** The polygons of an area in one form: the shell first, then its holes. */
export const polygonsIn = ({ polygons = [], corners = [] }: TargetArea): readonly (readonly Columns[])[] => [
  ...polygons.map((rings) => rings.map(columnsOf)),
  ...corners.map((ring) => [ring]),
]

/** Null where the area may be laid out: not too many parts, and circles that are on Earth. Rings are looked at by `flatten`. */
export function refuseArea({ polygons = [], corners = [], circles = [], divisions = [] }: TargetArea): Refusal | null {
  const tooLarge = (given: number, most: number): Refusal | null => (given > most ? refuse('target.too-large', { most }) : null)
  const rings = polygons.reduce((sum, one) => sum + one.length, corners.length)
  const vertices = polygons.reduce((sum, one) => sum + one.reduce((part, ring) => part + ring.length, 0), 0)
  const all = corners.reduce((sum, { lon }) => sum + lon.length, vertices)
  return (
    tooLarge(polygons.length + corners.length + circles.length, AREA_BOUNDS.shapes) ??
    tooLarge(divisions.length, AREA_BOUNDS.divisions) ??
    tooLarge(rings, AREA_BOUNDS.rings) ??
    tooLarge(all, AREA_BOUNDS.vertices) ??
    refuseCircles(circles)
  )
}

function refuseCircles(circles: readonly Circle[]): Refusal | null {
  for (const { lon, lat, radiusKm } of circles) {
    if (!isLon(lon) || !isLat(lat)) return refuse('target.out-of-range')
    if (!(radiusKm >= 0 && radiusKm <= AREA_BOUNDS.radiusKm)) return refuse('target.radius', { most: AREA_BOUNDS.radiusKm })
  }
  return null
}

/**
 * A ring laid out flat: its longitudes go on beyond ±180° where it crosses the antimeridian. `lon` and `lat` end with the first
 * point again. `turn[i]`: whole turns to be added to `lon[i]`; null: none anywhere. `west` and `east`: how far it reaches, turns added.
 */
export type FlatRing = Columns & {
  readonly size: number
  readonly turn: Int32Array | null
  readonly west: number
  readonly east: number
  readonly south: number
  readonly north: number
  /** It runs against the clock. */
  readonly isLeft: boolean
  /** All degrees that it goes up or down. */
  readonly climb: number
}

/**
 * RFC 7946, 3.1.9 turned round: a step of more than half the globe is a step across the antimeridian. A step of exactly
 * one turn is a whole parallel and stays. Refused: a coordinate that is none, fewer than three points; a ring around a pole,
 * which has no inside on the map: cut it at the antimeridian, with edges along the pole; a ring that goes round more than once.
 */
export function flatten({ lon, lat }: Columns): FlatRing | Refusal {
  const size = lon.length - 1
  if (size < 3) return refuse('target.ring-short')
  const x0 = lon[0] ?? NaN
  const y0 = lat[0] ?? NaN
  let turn: Int32Array | null = null
  let turns = 0
  let west = Infinity
  let east = -Infinity
  let south = Infinity
  let north = -Infinity
  let before = x0
  let x1 = x0
  let y1 = y0
  let doubled = 0
  let climb = 0
  let areSettled = true
  for (let i = 0; i < size; i++) {
    const degrees = lon[i] ?? NaN
    const y = lat[i] ?? NaN
    if (!isLon(degrees) || !isLat(y)) return refuse('target.out-of-range')
    turns += turnOf(before, degrees)
    before = degrees
    if (turns !== 0) (turn ??= new Int32Array(size + 1))[i] = turns
    if (!isSettled(degrees) || !isSettled(y)) areSettled = false
    const x = degrees + 360 * turns
    if (x < west) west = x
    if (x > east) east = x
    if (y < south) south = y
    if (y > north) north = y
    doubled += (x1 - x0) * (y - y0) - (x - x0) * (y1 - y0)
    climb += y > y1 ? y - y1 : y1 - y
    x1 = x
    y1 = y
  }
  if (turns + turnOf(before, x0) !== 0) return refuse('target.pole')
  if (east - west > 360) return refuse('target.too-wide')
  const columns = areSettled ? { lon, lat } : { lon: lon.map(settled), lat: lat.map(settled) }
  return { ...columns, size, turn, west, east, south, north, isLeft: doubled > 0, climb }
}
function turnOf(before: number, lon: number): number {
  const step = lon - before
  return step > 180 && step < 360 ? -1 : step < -180 && step > -360 ? 1 : 0
}

/** West, south, east, north, degrees; a box may reach beyond ±180°. */
export type Box = { readonly west: number; readonly south: number; readonly east: number; readonly north: number }

/** The box around a ring that is moved by whole turns; to the last bit where its points will be. */
export function boxAround({ size, lon, turn, west, east, south, north }: FlatRing, shift: number): Box {
  if (turn === null) return { west: west + 360 * shift, south, east: east + 360 * shift, north }
  let [least, most] = [Infinity, -Infinity]
  for (let i = 0; i < size; i++) {
    const x = (lon[i] ?? 0) + 360 * ((turn[i] ?? 0) + shift)
    if (x < least) least = x
    if (x > most) most = x
  }
  return { west: least, south, east: most, north }
}
