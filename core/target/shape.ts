/** The shapes of an area, each in every turn of the globe in which it reaches the map from 180° west to 180° east. */
import { Refusal } from '../decider.ts'
import { flatten, refuseArea, type FlatRing, type TargetArea } from './area.ts'
import { Circle } from './circle.ts'
import { Polygon, type Box, type Shape } from './polygon.ts'

const TURNS = [-1, 0, 1, 2] as const

const onMap = ({ west, east }: Box): boolean => west <= 180 && east >= -180

/** Refused as `refuseArea`, and where a polygon goes round a pole or is too wide or too intricate. */
export function shapesOf(area: TargetArea): { readonly polygons: readonly Polygon[]; readonly circles: readonly Circle[] } | Refusal {
  const refused = refuseArea(area)
  if (refused) return refused
  const polygons: Polygon[] = []
  for (const rings of area.polygons ?? []) {
    const flat: FlatRing[] = []
    for (const ring of rings) {
      const one = flatten(ring)
      if (one instanceof Refusal) return one
      flat.push(beside(flat[0], one))
    }
    const first = Polygon.of(flat, 0)
    if (first instanceof Refusal) return first
    for (const shift of TURNS) {
      if (!onMap({ ...first.box, west: first.box.west + 360 * shift, east: first.box.east + 360 * shift })) continue
      const turned = shift === 0 ? first : Polygon.of(flat, shift)
      if (!(turned instanceof Refusal)) polygons.push(turned)
    }
  }
  const circles = (area.circles ?? []).flatMap((given) =>
    TURNS.map((shift) => new Circle(given, shift)).filter((circle) => onMap(circle.box)),
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
const lonAt = ({ base, turn }: FlatRing, i: number): number => (base[i] ?? 0) + 360 * (turn[i] ?? 0)
const least = (ring: FlatRing): number => ring.lat.reduce((found, _, i) => Math.min(found, lonAt(ring, i)), Infinity)
const most = (ring: FlatRing): number => ring.lat.reduce((found, _, i) => Math.max(found, lonAt(ring, i)), -Infinity)

/** All shapes, for asking about points. */
export function allShapes(area: TargetArea): readonly Shape[] | Refusal {
  const shapes = shapesOf(area)
  return shapes instanceof Refusal ? shapes : [...shapes.polygons, ...shapes.circles]
}
