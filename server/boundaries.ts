/**
 * Boundaries of territories: which of them an area lies in. From the base map that the installation made: prefectures,
 * and counties where the operator's boundary pack has them (an object `counties` in `china.json`, each with its `code`).
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { intersection, union, type Geom } from 'polyclip-ts'
import { feature } from 'topojson-client'
import { AFFECTED_MAX, polygonsOf, type Affected, type Area } from '#core/incident/area.ts'
import { covers } from '#core/place.ts'
import { projectRoot } from './config.ts'

type Point = readonly [number, number]
type Rings = readonly (readonly Point[])[]
/** West, south, east, north in degrees. */
type Box = readonly [number, number, number, number]
export type Unit = { readonly code: string; readonly polygons: readonly Rings[] }
type Bounded = Unit & { readonly box: Box }

/** Less of a territory is no part of the area but the thickness of a line, km². */
const TOUCH_KM2 = 0.01
const EARTH_KM = 6371.0088

export class Boundaries {
  readonly #units: readonly Bounded[]
  readonly #outlines: ReadonlyMap<string, Unit>

  /** `units`: territories that lie beside or within each other; `outlines`: those that are only drawn, such as provinces. */
  constructor(units: readonly Unit[], outlines: readonly Unit[] = []) {
    this.#units = units.map((unit) => ({ ...unit, box: boxOf(unit.polygons) }))
    this.#outlines = new Map([...outlines, ...units].map((unit) => [unit.code, unit]))
  }

  /**
   * The smallest known territories that share more than an edge with the area, and how much of each lies in it, km²; the
   * largest share first. Holes of the area are no part of it; a ring across the antimeridian is cut there.
   */
  async affected(area: Area): Promise<readonly Affected[]> {
    const subject = split(polygonsOf(area))
    const found: (Affected & { readonly unit: Bounded })[] = []
    const finer = this.#units.filter(({ code }) => !this.#units.some((other) => other.code !== code && covers(code, other.code)))
    await this.#meet(finer, subject, found)
    // Where the finer boundaries have a hole, the territory around it answers.
    const rest = this.#units.filter((unit) => !finer.includes(unit) && !found.some(({ code }) => covers(unit.code, code)))
    await this.#meet(rest, subject, found)
    return found
      .map(({ code, km2 }) => ({ code, km2 }))
      .toSorted((a, b) => b.km2 - a.km2 || a.code.localeCompare(b.code))
      .slice(0, AFFECTED_MAX)
  }

  async #meet(units: readonly Bounded[], subject: readonly Rings[], found: (Affected & { readonly unit: Bounded })[]): Promise<void> {
    const boxes = subject.map((rings) => ({ rings, box: boxOf([rings]) }))
    for (const unit of units) {
      const near = boxes.filter(({ box }) => overlap(box, unit.box)).map(({ rings }) => rings)
      if (near.length === 0) continue
      const km2 = round(areaOf(cut(near, unit.polygons)))
      if (km2 >= TOUCH_KM2) found.push({ code: unit.code, km2, unit })
      // One territory after another, so that a long reckoning holds up nobody else.
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  /** The outlines of territories together as one area; null where one of them is not known. */
  outline(codes: readonly string[]): Area | null {
    const units = codes.map((code) => this.#outlines.get(code))
    const [first, ...others] = units.map((unit) => unit?.polygons as Geom | undefined)
    if (first === undefined || others.includes(undefined)) return null
    const coordinates = others.length === 0 ? first : union(first, ...(others as Geom[]))
    return { type: 'MultiPolygon', coordinates } as Area
  }

  /** The territories that an area is held against: beside or within each other. */
  get units(): readonly Unit[] {
    return this.#units
  }

  has(code: string): boolean {
    return this.#outlines.has(code)
  }
}

const cut = (some: readonly Rings[], others: readonly Rings[]): readonly Rings[] => intersection(some as Geom, others as Geom)

const round = (km2: number): number => Math.round(km2 * 1000) / 1000

function boxOf(polygons: readonly Rings[]): Box {
  let [west, south, east, north] = [180, 90, -180, -90]
  for (const [shell = []] of polygons)
    for (const [lon, lat] of shell) {
      west = Math.min(west, lon)
      east = Math.max(east, lon)
      south = Math.min(south, lat)
      north = Math.max(north, lat)
    }
  return [west, south, east, north]
}

const overlap = (a: Box, b: Box): boolean => a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3]

/** On the sphere, km²: shells less their holes (Chamberlain and Duquette, JPL 07-03). */
function areaOf(polygons: readonly Rings[]): number {
  return polygons.reduce((sum, [shell = [], ...holes]) => sum + ringArea(shell) - holes.reduce((all, hole) => all + ringArea(hole), 0), 0)
}
function ringArea(ring: readonly Point[]): number {
  const rad = Math.PI / 180
  let sum = 0
  for (const [i, [lon, lat]] of ring.entries()) {
    const [nextLon, nextLat] = ring[(i + 1) % ring.length] ?? [lon, lat]
    sum += (nextLon - lon) * rad * (2 + Math.sin(lat * rad) + Math.sin(nextLat * rad))
  }
  return Math.abs((sum * EARTH_KM ** 2) / 2)
}

const WORLD: Rings = box(-180, 180)
function box(west: number, east: number): Rings {
  return [
    [
      [west, -90],
      [east, -90],
      [east, 90],
      [west, 90],
      [west, -90],
    ],
  ]
}

/** RFC 7946 §3.1.9: what crosses the antimeridian is cut there. A step of more than half the globe is a step across it. */
function split(polygons: readonly Rings[]): readonly Rings[] {
  return polygons.flatMap((rings): readonly Rings[] => {
    const whole = rings.map(unwrapped)
    if (whole.every((ring) => ring.every(([lon]) => lon >= -180 && lon <= 180))) return [rings]
    const moved = (by: number): readonly Rings[] => cut([whole.map((ring) => ring.map(([lon, lat]): Point => [lon + by, lat]))], [WORLD])
    return [-360, 0, 360].flatMap(moved)
  })
}
function unwrapped(ring: readonly Point[]): readonly Point[] {
  let turns = 0
  return ring.map(([lon, lat], i): Point => {
    const before = ring[i - 1]?.[0] ?? lon
    if (lon - before > 180) turns -= 360
    if (lon - before < -180) turns += 360
    return [lon + turns, lat]
  })
}

const FOLDER = join(projectRoot, 'web', 'public', 'basemap')
let known: Boundaries | null = null

/** The boundaries of this installation, read once; null where no base map was made. */
export function installedBoundaries(): Boundaries | null {
  return (known ??= readBoundaries(FOLDER))
}

type Topology = { readonly objects: Readonly<Record<string, unknown>> }
type Drawn = { readonly properties: { readonly code?: string } | null; readonly geometry: Area | { readonly type: 'LineString' } }

export function readBoundaries(folder: string): Boundaries | null {
  const index = join(folder, 'basemap.json')
  if (!existsSync(index)) return null
  const { files } = JSON.parse(readFileSync(index, 'utf8')) as { readonly files: { readonly china: string } }
  const topology = JSON.parse(readFileSync(join(folder, files.china), 'utf8')) as Topology
  const unitsOf = (name: string): readonly Unit[] => {
    const object = topology.objects[name]
    if (object === undefined) return []
    const { features } = feature(topology as never, object as never) as unknown as { readonly features: readonly Drawn[] }
    return features.flatMap(({ properties, geometry }) => {
      const code = properties?.code
      const polygons = polygonsIn(geometry)
      return code === undefined || polygons.length === 0 ? [] : [{ code, polygons }]
    })
  }
  return new Boundaries(merged([...unitsOf('prefectures'), ...unitsOf('counties')]), merged(unitsOf('provinces')))
}

const polygonsIn = (geometry: Drawn['geometry']): readonly Rings[] =>
  geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.type === 'MultiPolygon' ? geometry.coordinates : []

/** A territory that the map draws in several features is one. */
const merged = (units: readonly Unit[]): readonly Unit[] =>
  [...Map.groupBy(units, ({ code }) => code)].map(([code, parts]) => ({ code, polygons: parts.flatMap(({ polygons }) => polygons) }))
