import type { Area, Circle, Corners, LonLat } from '../cap.ts'

export type CapGeometry =
  | { readonly type: 'Polygon'; readonly coordinates: readonly (readonly LonLat[])[] }
  | { readonly type: 'MultiPolygon'; readonly coordinates: readonly (readonly (readonly LonLat[])[])[] }

/** Mean radius of the Earth, kilometres (IUGG). */
const EARTH_KM = 6371.0088
const CORNERS = 64
/** So that the polygon with corners on the circle covers no less than 99.9% of it, and a circle of radius nothing is still an area. */
const POINT_KM = 0.001

/** The area as GeoJSON: each polygon, and each circle as a polygon of 64 corners outside of it; null when it has neither. */
export function areaGeometry(area: Pick<Area, 'polygons' | 'circles'>): CapGeometry | null {
  const rings = [...area.polygons.map((corners) => rightHanded(pointsOf(corners))), ...area.circles.map(circleRing)].flatMap(
    splitAtAntimeridian,
  )
  const [first] = rings
  if (first === undefined) return null
  return rings.length === 1 ? { type: 'Polygon', coordinates: [first] } : { type: 'MultiPolygon', coordinates: rings.map((ring) => [ring]) }
}

/** The corners of a ring as points, for whoever draws. */
export const pointsOf = ({ lon, lat }: Corners): readonly LonLat[] => Array.from(lon, (degrees, i) => [degrees, lat[i] ?? 0])

/** A ring around the circle: no point of the circle is left out. Near a pole, or with a radius above a quarter of the Earth, it is bounded by latitude. */
export function circleRing({ lon, lat, radiusKm }: Circle): readonly LonLat[] {
  const distance = Math.max(radiusKm, POINT_KM) / EARTH_KM / Math.cos(Math.PI / CORNERS)
  const degrees = (distance * 180) / Math.PI
  if (Math.abs(lat) + degrees >= 90) return cap(lat, degrees)
  const phi = (lat * Math.PI) / 180
  const ring = Array.from({ length: CORNERS }, (_, i): LonLat => {
    const bearing = (-2 * Math.PI * i) / CORNERS
    const to = Math.asin(Math.sin(phi) * Math.cos(distance) + Math.cos(phi) * Math.sin(distance) * Math.cos(bearing))
    const along = Math.atan2(Math.sin(bearing) * Math.sin(distance) * Math.cos(phi), Math.cos(distance) - Math.sin(phi) * Math.sin(to))
    return [lon + (along * 180) / Math.PI, (to * 180) / Math.PI]
  })
  const [first] = ring
  return first === undefined ? ring : [...ring, first]
}

/** All longitudes from a latitude to the pole that the circle holds. */
function cap(lat: number, degrees: number): readonly LonLat[] {
  const [south, north] = [Math.max(-90, lat - degrees), Math.min(90, lat + degrees)]
  return [
    [-180, south],
    [180, south],
    [180, north],
    [-180, north],
    [-180, south],
  ]
}

/** Twice the signed area in degrees; positive when it runs against the clock. */
const turning = (ring: readonly LonLat[]): number =>
  ring.reduce((sum, [lon, lat], i) => {
    const [nextLon, nextLat] = ring[(i + 1) % ring.length] ?? [lon, lat]
    return sum + lon * nextLat - nextLon * lat
  }, 0)

/** RFC 7946, 3.1.6: outer rings run against the clock. CAP says nothing of it. */
const rightHanded = (ring: readonly LonLat[]): readonly LonLat[] => (turning(unrolled(ring)) < 0 ? ring.toReversed() : ring)

/** Longitudes without a jump: two points are joined by the shorter way (RFC 7946, 3.1.9). */
function unrolled(ring: readonly LonLat[]): readonly LonLat[] {
  let [before, shift] = [ring[0]?.[0] ?? 0, 0]
  return ring.map(([lon, lat]): LonLat => {
    if (lon - before > 180) shift -= 360
    else if (lon - before < -180) shift += 360
    before = lon
    return [lon + shift, lat]
  })
}

/** Cut at 180° when a ring crosses it, so that no piece does (RFC 7946, 3.1.9); one that goes around a pole is left as it is. */
export function splitAtAntimeridian(ring: readonly LonLat[]): readonly (readonly LonLat[])[] {
  const flat = unrolled(ring)
  const [first, last] = [flat[0], flat.at(-1)]
  const lons = flat.map(([lon]) => lon)
  const [least, most] = [Math.min(...extremes(lons)), Math.max(...extremes(lons))]
  if (
    (least >= -180 && most <= 180) ||
    first === undefined ||
    last === undefined ||
    Math.abs(first[0] - last[0]) > 1e-9 ||
    most - least >= 360
  )
    return [ring]
  const turns = Array.from(
    { length: Math.ceil((most + 180) / 360) - Math.floor((least + 180) / 360) },
    (_, i) => Math.floor((least + 180) / 360) + i,
  )
  return turns.flatMap((turn) => {
    const [west, east] = [turn * 360 - 180, turn * 360 + 180]
    const piece = clip(clip(flat, west, 1), east, -1).map(([lon, lat]): LonLat => [lon - turn * 360, lat])
    const [start] = piece
    return piece.length < 3 || start === undefined ? [] : [[...piece, start]]
  })
}

/** Math.min of a long list would overflow the stack. */
function extremes(values: readonly number[]): readonly number[] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    if (value < least) least = value
    if (value > most) most = value
  }
  return [least, most]
}

/** What is east (side 1) or west (side -1) of a meridian: Sutherland and Hodgman's cut, an open ring. */
function clip(ring: readonly LonLat[], meridian: number, side: 1 | -1): readonly LonLat[] {
  const within = ([lon]: LonLat): boolean => (lon - meridian) * side >= 0
  const out: LonLat[] = []
  for (const [i, point] of ring.entries()) {
    const next = ring[(i + 1) % ring.length] ?? point
    if (within(point)) out.push(point)
    if (within(point) !== within(next)) {
      const part = (meridian - point[0]) / (next[0] - point[0])
      out.push([meridian, point[1] + part * (next[1] - point[1])])
    }
  }
  return out.filter((point, i) => i === 0 || point[0] !== out[i - 1]?.[0] || point[1] !== out[i - 1]?.[1])
}

/** Great-circle distance in kilometres. */
export function distanceKm([lon1, lat1]: LonLat, [lon2, lat2]: LonLat): number {
  const [a, b] = [(lat1 * Math.PI) / 180, (lat2 * Math.PI) / 180]
  const half = Math.sin((b - a) / 2) ** 2 + Math.cos(a) * Math.cos(b) * Math.sin(((lon2 - lon1) * Math.PI) / 360) ** 2
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(half)))
}

/** Whether a point lies in one of the polygons or circles; their edges count as inside, and circles are exact. */
export function areaContains(area: Area, point: LonLat): boolean {
  return (
    area.circles.some(({ lon, lat, radiusKm }) => distanceKm([lon, lat], point) <= radiusKm) ||
    area.polygons.some((corners) => ringContains(pointsOf(corners), point))
  )
}

function ringContains(ring: readonly LonLat[], [lon, lat]: LonLat): boolean {
  const flat = unrolled(ring)
  return [-360, 0, 360].some((turn) => around(flat, lon + turn, lat))
}

/** By crossings of the ray to the east (W. R. Franklin's test), and by hand on the edge. */
function around(ring: readonly LonLat[], x: number, y: number): boolean {
  let inside = false
  let before = ring.at(-1)
  for (const point of ring) {
    if (before !== undefined) {
      const [[x1, y1], [x2, y2]] = [before, point]
      const cross = (x - x1) * (y2 - y1) - (y - y1) * (x2 - x1)
      if (cross === 0 && Math.min(x1, x2) <= x && x <= Math.max(x1, x2) && Math.min(y1, y2) <= y && y <= Math.max(y1, y2)) return true
      if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside
    }
    before = point
  }
  return inside
}
