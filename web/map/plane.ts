import type { Bounds } from './basemap.ts'
import type { MapFocus, MapPoint } from './types.ts'

/** Side of the whole world at zoom 0, CSS pixels: the same measure as the WebGL renderer's. */
const WORLD = 512
export const ZOOM_MIN = 1.5
export const ZOOM_MAX = 13
const LATITUDE_MAX = 85

export type Size = { readonly width: number; readonly height: number }
export type Spot = { readonly x: number; readonly y: number }

/** Web Mercator at zoom 0, CSS pixels from the north-west corner. */
export function mercator({ lon, lat }: MapPoint): Spot {
  const phi = (Math.max(-LATITUDE_MAX, Math.min(LATITUDE_MAX, lat)) * Math.PI) / 180
  return { x: (WORLD * (lon + 180)) / 360, y: (WORLD * (1 - Math.log(Math.tan(Math.PI / 4 + phi / 2)) / Math.PI)) / 2 }
}

/** The inverse of `mercator`. */
export function unmercator({ x, y }: Spot): MapPoint {
  return { lon: (360 * x) / WORLD - 180, lat: (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / WORLD))) * 180) / Math.PI }
}

/** Where a place is on a view of the given size, CSS pixels. */
export function project(point: MapPoint, view: MapFocus, size: Size): Spot {
  const scale = 2 ** view.zoom
  const [at, centre] = [mercator(point), mercator(view)]
  return { x: (at.x - centre.x) * scale + size.width / 2, y: (at.y - centre.y) * scale + size.height / 2 }
}

export const clampZoom = (zoom: number): number => Math.max(ZOOM_MIN, Math.min(ZOOM_MAX, zoom))

/** The view that shows the whole of `bounds` with `padding` pixels to spare, no nearer than `nearest`. */
export function fit([west, south, east, north]: Bounds, size: Size, padding: number, nearest: number): MapFocus {
  const [a, b] = [mercator({ lon: west, lat: north }), mercator({ lon: east, lat: south })]
  const room = (side: number, span: number): number => Math.log2(Math.max(40, side - 2 * padding) / Math.max(span, 1e-9))
  const zoom = clampZoom(Math.min(room(size.width, b.x - a.x), room(size.height, b.y - a.y), nearest))
  return { ...unmercator({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }), zoom }
}

/** The smallest bounds around points; undefined without points. */
export function boundsOf(points: readonly MapPoint[]): Bounds | undefined {
  const [first, ...rest] = points
  if (!first) return undefined
  let [west, south, east, north] = [first.lon, first.lat, first.lon, first.lat]
  for (const { lon, lat } of rest) {
    west = Math.min(west, lon)
    east = Math.max(east, lon)
    south = Math.min(south, lat)
    north = Math.max(north, lat)
  }
  return [west, south, east, north]
}

/** Steps of a drawn arc. */
const ARC_STEPS = 32
/** How far an arc bows out, as a share of its length. */
const ARC_BOW = 0.16

/** An arc between two places as [lon, lat] points, bowed to the left of travel, even on a Mercator map. */
export function arcPoints(from: MapPoint, to: MapPoint): [number, number][] {
  const [a, b] = [mercator(from), mercator(to)]
  const bend = { x: (a.x + b.x) / 2 + (b.y - a.y) * ARC_BOW * 2, y: (a.y + b.y) / 2 - (b.x - a.x) * ARC_BOW * 2 }
  return Array.from({ length: ARC_STEPS + 1 }, (_, i) => {
    const t = i / ARC_STEPS
    const mix = (p: number, q: number, r: number): number => (1 - t) ** 2 * p + 2 * t * (1 - t) * q + t ** 2 * r
    const { lon, lat } = unmercator({ x: mix(a.x, bend.x, b.x), y: mix(a.y, bend.y, b.y) })
    return [lon, lat]
  })
}

/** Where an arc carries its label. */
export function middleOf({ from, to }: { readonly from: MapPoint; readonly to: MapPoint }): MapPoint {
  const [lon, lat] = arcPoints(from, to)[ARC_STEPS / 2] ?? [from.lon, from.lat]
  return { lon, lat }
}

type Box = { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number }

const clash = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom

/** About how wide a line of text is, CSS pixels: a Chinese character is as wide as it is high. */
export function textWidth(text: string, size: number): number {
  let width = 0
  for (const character of text) width += (character.codePointAt(0) ?? 0) > 0x2e7f ? size : size * 0.56
  return width
}

/** Which boxes, best first, fit without covering one another or any of the `taken` ones. */
export function roomFor(wanted: readonly Box[], taken: readonly (readonly Box[])[]): ReadonlySet<number> {
  const placed: Box[] = []
  const fits = new Set<number>()
  wanted.forEach((box, i) => {
    if (placed.some((other) => clash(box, other)) || taken.some((boxes, j) => j !== i && boxes.some((other) => clash(box, other)))) return
    placed.push(box)
    fits.add(i)
  })
  return fits
}
