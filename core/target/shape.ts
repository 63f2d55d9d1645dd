/** The shapes of an area, each in every turn of the globe in which it reaches the map from 180° west to 180° east. */
import { Refusal } from '../decider.ts'
import { flatPolygons, flatten, refuseArea, type Flat, type FlatRing, type TargetArea } from './area.ts'
import { Circle } from './circle.ts'
import { Polygon, type Shape } from './polygon.ts'

const TURNS: readonly number[] = [-2, -1, 0, 1, 2]

/** Rings laid out flat, holes in the turn of their shell. Refused as `flatten`. */
export function layOut(rings: readonly Flat[]): readonly FlatRing[] | Refusal {
  const flat: FlatRing[] = []
  for (const ring of rings) {
    const one = flatten(ring)
    if (one instanceof Refusal) return one
    flat.push(beside(flat[0], one))
  }
  return flat
}

/** Whole turns to be added to a shell so that some of it lies between 180° west and 180° east: one, and one more for each time it crosses or touches that line. */
export function turnsOf(shell: FlatRing): readonly number[] {
  const [west, east] = [least(shell), most(shell)]
  return TURNS.filter((turn) => west + 360 * turn <= 180 && east + 360 * turn >= -180)
}

export type Shapes = { readonly polygons: readonly Polygon[]; readonly circles: readonly Circle[] }

/** Refused as `refuseArea`, and where a polygon goes round a pole or is too wide or too intricate. */
export function shapesOf(area: TargetArea): Shapes | Refusal {
  const refused = refuseArea(area)
  if (refused) return refused
  const polygons: Polygon[] = []
  for (const rings of flatPolygons(area)) {
    const flat = layOut(rings)
    if (flat instanceof Refusal) return flat
    const [shell] = flat
    for (const turn of shell === undefined ? [] : turnsOf(shell)) {
      const polygon = Polygon.of(flat, turn)
      if (polygon instanceof Refusal) return polygon
      polygons.push(polygon)
    }
  }
  const circles = (area.circles ?? []).flatMap((given) =>
    TURNS.map((turn) => new Circle(given, turn)).filter(({ box }) => box.west <= 180 && box.east >= -180),
  )
  return { polygons, circles }
}

/** A hole is in the same turn as its shell: the turn in which it lies over it. */
function beside(shell: FlatRing | undefined, ring: FlatRing): FlatRing {
  if (shell === undefined) return ring
  const [west, east] = [least(shell), most(shell)]
  const turns = Math.ceil((west - least(ring)) / 360)
  if (turns === 0) return ring
  const shift = least(ring) + 360 * turns <= east ? turns : 0
  return { ...ring, turn: ring.turn.map((turn) => turn + shift) }
}
const lonAt = (ring: FlatRing, i: number): number => (ring.base[i] ?? 0) + 360 * (ring.turn[i] ?? 0)
function least(ring: FlatRing): number {
  let found = Infinity
  for (let i = 0; i < ring.lat.length; i++) found = Math.min(found, lonAt(ring, i))
  return found
}
function most(ring: FlatRing): number {
  let found = -Infinity
  for (let i = 0; i < ring.lat.length; i++) found = Math.max(found, lonAt(ring, i))
  return found
}

/** All shapes, for asking about points. */
export function allShapes(area: TargetArea): readonly Shape[] | Refusal {
  const shapes = shapesOf(area)
  return shapes instanceof Refusal ? shapes : [...shapes.polygons, ...shapes.circles]
}
