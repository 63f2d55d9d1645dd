/**
 * Reads a map of echarts 4: coordinates as zig-zag coded differences in UTF-16 units on a grid of
 * 1/1024 degree, GCJ-02. Rings come back closed, on the integer grid, without repeated points;
 * one polygon per shell, since the source files islands of a unit as if they were holes.
 */

import type { Point } from './plane.ts'
import { area, contains } from './plane.ts'

/** Grid units per degree. */
export const GRID = 1024

export type Unit = { readonly code: string; readonly name: string; readonly seat: Point; readonly polygons: Point[][][] }

type Encoded = {
  readonly features: readonly {
    readonly id: string
    readonly properties: { readonly name: string; readonly cp: Point }
    readonly geometry: { readonly type: string; readonly coordinates: readonly unknown[]; readonly encodeOffsets: readonly unknown[] }
  }[]
}

const unzigzag = (unit: number): number => ((unit - 64) >> 1) ^ -((unit - 64) & 1)

/** One ring of the encoding; refuses text of odd length by throwing, since that is a broken package. */
export function decodeRing(text: string, offset: Point): Point[] {
  if (text.length % 2 !== 0) throw new Error('encoded ring has an odd length')
  let [x, y] = offset
  const ring: Point[] = []
  for (let i = 0; i < text.length; i += 2) {
    const dx = unzigzag(text.charCodeAt(i))
    const dy = unzigzag(text.charCodeAt(i + 1))
    x += dx
    y += dy
    if (i === 0 || dx !== 0 || dy !== 0) ring.push([x, y])
  }
  const [first, last] = [ring[0], ring.at(-1)]
  if (first && last && (first[0] !== last[0] || first[1] !== last[1])) ring.push([first[0], first[1]])
  return ring
}

/** Files each ring under the shell that contains it, or as a shell of its own. */
function polygonsOf(rings: readonly Point[][]): Point[][][] {
  const shells: Point[][][] = []
  for (const ring of rings.toSorted((a, b) => area(b) - area(a))) {
    const probe = ring[0]
    if (!probe || ring.length < 4) continue
    const home = shells.find(([shell]) => shell && contains(shell, probe))
    if (home) home.push(ring)
    else shells.push([ring])
  }
  return shells
}

/** All units of an echarts map, holes told from islands by containment. */
export function unitsOf(map: Encoded): readonly Unit[] {
  return map.features.map(({ id, properties, geometry }) => {
    const rings: Point[][] = []
    const visit = (coordinates: unknown, offsets: unknown): void => {
      if (typeof coordinates === 'string') rings.push(decodeRing(coordinates, offsets as Point))
      else if (Array.isArray(coordinates) && Array.isArray(offsets)) coordinates.forEach((part, i) => visit(part, offsets[i]))
    }
    visit(geometry.coordinates, geometry.encodeOffsets)
    return { code: id, name: properties.name, seat: properties.cp, polygons: polygonsOf(rings) }
  })
}
