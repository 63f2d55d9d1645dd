import type { Position } from '#core/alert/ring.ts'

const NUMBER = /-?\d+(?:\.\d+)?/g
const POINTS_MAX = 2000

/**
 * Points as people write them: a line each, latitude before longitude as CAP has it; where the first number can be no
 * latitude, or the line says 东经 or E first, it is taken as longitude. GeoJSON is read, too. Null: something is no point.
 */
export function pointsIn(text: string): readonly Position[] | null {
  const geojson = geoJsonIn(text)
  if (geojson !== undefined) return geojson
  const lines = text.split(/\n|;|；/).filter((line) => line.trim() !== '')
  if (lines.length > POINTS_MAX) return null
  const points = lines.map(pointIn)
  return points.every((point) => point !== null) ? points : null
}

function pointIn(line: string): Position | null {
  const [first, second, ...more] = [...line.matchAll(NUMBER)].map(([found]) => Number(found))
  if (first === undefined || second === undefined || more.length > 0) return null
  const lonFirst = Math.abs(first) > 90 || /^\s*(?:东经|西经|E|W|lon)/i.test(line)
  const [lon, lat] = lonFirst ? [first, second] : [second, first]
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? [lon, lat] : null
}

/** Undefined: it is no GeoJSON at all. */
function geoJsonIn(text: string): readonly Position[] | null | undefined {
  if (!text.trim().startsWith('{')) return undefined
  try {
    const read: unknown = JSON.parse(text)
    const geometry = (typeof read === 'object' && read !== null && 'geometry' in read ? read.geometry : read) as {
      readonly type?: unknown
      readonly coordinates?: unknown
    }
    const line =
      geometry.type === 'Polygon'
        ? (geometry.coordinates as readonly unknown[])[0]
        : geometry.type === 'LineString'
          ? geometry.coordinates
          : null
    if (!Array.isArray(line) || line.length > POINTS_MAX) return null
    const points = line.map((one: unknown): Position | null => {
      const [lon, lat] = Array.isArray(one) ? (one as readonly unknown[]) : []
      return typeof lon === 'number' && typeof lat === 'number' && Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? [lon, lat] : null
    })
    return points.every((point) => point !== null) ? points : null
  } catch {
    return null
  }
}

/** A ring is closed by its first point. */
export function closed(points: readonly Position[]): [number, number][] {
  const [first, last] = [points[0], points.at(-1)]
  const ring = first !== undefined && last !== undefined && (first[0] !== last[0] || first[1] !== last[1]) ? [...points, first] : points
  return ring.map(([lon, lat]) => [lon, lat])
}

/** Latitude before longitude, a line each: what `pointsIn` reads. */
export const pointsText = (points: readonly Position[]): string =>
  points.map(([lon, lat]) => `${Math.round(lat * 1e5) / 1e5}, ${Math.round(lon * 1e5) / 1e5}`).join('\n')
