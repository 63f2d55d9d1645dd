/**
 * The area within so many kilometres of a point, a line or a polygon, for a warning. Of a point it is a circle of CAP; else it
 * is put together from hulls around each piece of the line, reckoned on the sphere. What joins polygons is given: core takes no library.
 */
import { refuse, type Refusal } from '../decider.ts'
import { ringFault, unrolled, type Position } from './ring.ts'

export type BufferShape =
  | { readonly type: 'point'; readonly at: Position }
  | { readonly type: 'line'; readonly along: readonly Position[] }
  | { readonly type: 'polygon'; readonly ring: readonly Position[] }
export type Buffered = {
  readonly circles: readonly { readonly lon: number; readonly lat: number; readonly radiusKm: number }[]
  readonly polygons: readonly (readonly Position[])[]
}
/** Joins closed rings into the fewest closed rings around them; longitudes may go beyond ±180°. */
export type Union = (rings: readonly (readonly Position[])[]) => readonly (readonly Position[])[]

/** Points of a line or ring that is buffered, kilometres, and pieces that it is cut into. */
export const BUFFER_BOUNDS = { points: 500, km: 500, pieces: 2000 } as const

/** Mean radius of the Earth (IUGG), km. */
const EARTH_KM = 6371.0088
/** Corners of the circle around each end; it is drawn outside of the true one, at most 0.5 % too far. */
const CORNERS = 32
const POLE_DEGREES = 85
const RAD = Math.PI / 180

/**
 * Refused: `alert.buffer-too-large` {most}, `alert.ring-faulty` {fault}, `alert.buffer-pole`: nearer to a pole than five degrees.
 * No point within the distance is left out; holes that close are closed.
 */
export function bufferOf(shape: BufferShape, km: number, union: Union): Buffered | Refusal {
  if (!(km > 0 && km <= BUFFER_BOUNDS.km)) return refuse('alert.buffer-too-large', { most: BUFFER_BOUNDS.km })
  if (shape.type === 'point') return { circles: [{ lon: shape.at[0], lat: shape.at[1], radiusKm: km }], polygons: [] }
  const line = shape.type === 'line' ? shape.along : shape.ring
  if (line.length > BUFFER_BOUNDS.points) return refuse('alert.buffer-too-large', { most: BUFFER_BOUNDS.points })
  if (shape.type === 'line' && line.length < 2) return refuse('alert.ring-faulty', { fault: 'short' })
  const fault = shape.type === 'polygon' ? ringFault(shape.ring) : null
  if (fault !== null) return refuse('alert.ring-faulty', { fault })
  const reach = km / EARTH_KM / RAD
  if (line.some(([, lat]) => Math.abs(lat) + reach > POLE_DEGREES)) return refuse('alert.buffer-pole')
  const flat = unrolled(line)
  const steps = densified(flat, Math.min(20, Math.max(2, km * 4)))
  if (steps.length > BUFFER_BOUNDS.pieces) return refuse('alert.buffer-too-large', { most: BUFFER_BOUNDS.points })
  const hulls = steps.slice(1).map((to, i) => hull([...around(steps[i] ?? to, km), ...around(to, km)]))
  return { circles: [], polygons: union(shape.type === 'polygon' ? [flat, ...hulls] : hulls) }
}

/** So many points between that no piece is longer than `most` km: an edge of CAP is straight on the map, not on the globe. */
function densified(line: readonly Position[], most: number): readonly Position[] {
  return line.flatMap((point, i) => {
    const before = line[i - 1]
    if (before === undefined) return [point]
    const pieces = Math.max(1, Math.ceil(kmBetween(before, point) / most))
    return Array.from({ length: pieces }, (_, j): Position => {
      const part = (j + 1) / pieces
      return [before[0] + part * (point[0] - before[0]), before[1] + part * (point[1] - before[1])]
    })
  })
}

/** Great-circle distance, km. */
function kmBetween([lon1, lat1]: Position, [lon2, lat2]: Position): number {
  const half =
    Math.sin(((lat2 - lat1) * RAD) / 2) ** 2 + Math.cos(lat1 * RAD) * Math.cos(lat2 * RAD) * Math.sin(((lon2 - lon1) * RAD) / 2) ** 2
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(half)))
}

/** Corners outside of the circle, so that its edges touch it. */
function around([lon, lat]: Position, km: number): readonly Position[] {
  const distance = km / EARTH_KM / Math.cos(Math.PI / CORNERS)
  const phi = lat * RAD
  return Array.from({ length: CORNERS }, (_, i): Position => {
    const bearing = (2 * Math.PI * i) / CORNERS
    const to = Math.asin(Math.sin(phi) * Math.cos(distance) + Math.cos(phi) * Math.sin(distance) * Math.cos(bearing))
    const along = Math.atan2(Math.sin(bearing) * Math.sin(distance) * Math.cos(phi), Math.cos(distance) - Math.sin(phi) * Math.sin(to))
    return [lon + along / RAD, to / RAD]
  })
}

/** The convex hull as a closed ring (A. M. Andrew's monotone chain). */
function hull(points: readonly Position[]): readonly Position[] {
  const sorted = points.toSorted((a, b) => a[0] - b[0] || a[1] - b[1])
  const half = (all: readonly Position[]): Position[] => {
    const chain: Position[] = []
    for (const point of all) {
      while (chain.length > 1 && turn(chain.at(-2) ?? point, chain.at(-1) ?? point, point) <= 0) chain.pop()
      chain.push(point)
    }
    return chain.slice(0, -1)
  }
  const ring = [...half(sorted), ...half(sorted.toReversed())]
  const [first] = ring
  return first === undefined ? ring : [...ring, first]
}
const turn = (a: Position, b: Position, c: Position): number => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
