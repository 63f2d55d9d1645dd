/** The shapes of an area, each in every turn of the globe in which it reaches the map from 180° west to 180° east. */
import { refuse, Refusal } from '../decider.ts'
import type { Columns } from '../place.ts'
import { flatten, polygonsIn, refuseArea, type FlatRing, type TargetArea } from './area.ts'
import { Circle } from './circle.ts'
import { Polygon, type Shape } from './polygon.ts'

const TURNS: readonly number[] = [-2, -1, 0, 1, 2]

/** Rings laid out flat, holes in the turn of their shell. Refused as `flatten`. */
export function layOut(rings: readonly Columns[]): readonly FlatRing[] | Refusal {
  if (rings.length === 0) return refuse('target.ring-short')
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
  return TURNS.filter((turn) => shell.west + 360 * turn <= 180 && shell.east + 360 * turn >= -180)
}

export type Shapes = { readonly polygons: readonly Polygon[]; readonly circles: readonly Circle[] }

/** Refused as `refuseArea`, and where a polygon goes round a pole or is too wide or too intricate. */
export function shapesOf(area: TargetArea): Shapes | Refusal {
  const refused = refuseArea(area)
  if (refused) return refused
  const polygons: Polygon[] = []
  for (const rings of polygonsIn(area)) {
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
  const turns = Math.ceil((shell.west - ring.west) / 360)
  if (turns === 0 || ring.west + 360 * turns > shell.east) return ring
  const turn = (ring.turn ?? new Int32Array(ring.size + 1)).map((one) => one + turns)
  return { ...ring, turn, west: ring.west + 360 * turns, east: ring.east + 360 * turns }
}

/** All shapes, for asking about points. */
export function allShapes(area: TargetArea): readonly Shape[] | Refusal {
  const shapes = shapesOf(area)
  return shapes instanceof Refusal ? shapes : [...shapes.polygons, ...shapes.circles]
}
