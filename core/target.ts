/**
 * Targeting 靶向: the area of an alert → the divisions, organizations, special sites, resources and subscribers in it
 * (S1-05). All in memory and pure: whoever keeps one feeds it from the read model and asks it for every alert.
 */
import { holds, type Conditions, type Happening } from './directory/subscription.ts'
import { Refusal } from './decider.ts'
import type { TargetArea } from './target/area.ts'
import { Divisions, upwards, type Division, type Reached } from './target/divisions.ts'
import { checkPlace, Points } from './target/points.ts'
import { shapesOf } from './target/shape.ts'

export { AREA_BOUNDS, areaOfGeo, type TargetArea } from './target/area.ts'
export { Divisions, upwards, type Division, type Reached } from './target/divisions.ts'
export { Points } from './target/points.ts'

export type TargetKind = 'organization' | 'site' | 'resource' | 'subscriber'
/** A thing at a place; longitude and latitude in degrees. */
export type TargetPoint = { readonly kind: TargetKind; readonly id: string; readonly lon: number; readonly lat: number }
export type Targeted = {
  readonly divisions: readonly Reached[]
  readonly points: Readonly<Record<TargetKind, readonly string[]>>
}

const KINDS: readonly TargetKind[] = ['organization', 'site', 'resource', 'subscriber']

export class Targets {
  readonly divisions: Divisions
  readonly points: Points
  readonly #numbers = new Map<string, number>()
  readonly #ids: string[] = []
  readonly #kinds: number[] = []
  readonly #free: number[] = []

  constructor(divisions: readonly Division[], points: readonly TargetPoint[] = []) {
    this.divisions = new Divisions(divisions)
    const newest = new Map(points.map((point) => [keyOf(point.kind, point.id), point]))
    const [lon, lat] = [new Float64Array(newest.size), new Float64Array(newest.size)]
    for (const [key, point] of newest) {
      const number = this.#number(key, point)
      lon[number] = point.lon
      lat[number] = point.lat
    }
    this.points = new Points(lon, lat)
  }

  /** Adds a thing, or says where it is now. Throws where the place is none on Earth. */
  put(point: TargetPoint): void {
    checkPlace(point.lon, point.lat)
    const key = keyOf(point.kind, point.id)
    this.points.put(this.#numbers.get(key) ?? this.#number(key, point), point.lon, point.lat)
  }

  remove(kind: TargetKind, id: string): boolean {
    const key = keyOf(kind, id)
    const number = this.#numbers.get(key)
    if (number === undefined) return false
    this.#numbers.delete(key)
    this.#free.push(number)
    return this.points.remove(number)
  }

  #number(key: string, { kind, id }: TargetPoint): number {
    const number = this.#free.pop() ?? this.#ids.length
    this.#numbers.set(key, number)
    this.#ids[number] = id
    this.#kinds[number] = KINDS.indexOf(kind)
    return number
  }

  /**
   * Everything in the area, what lies on its line too: divisions as `Divisions.within`, ids by kind in no order. Codes reach
   * points only where the division's boundary is known: then whoever stands in it. Refused as `refuseArea` and `flatten`: polygons
   * around a pole (`target.pole`), wider than the globe (`target.too-wide`), too intricate (`target.too-intricate`).
   */
  within(area: TargetArea): Targeted | Refusal {
    const shapes = shapesOf(area)
    if (shapes instanceof Refusal) return shapes
    const codes = area.divisions ?? []
    const divisions = this.divisions.reached(shapes, codes)
    const points: Record<TargetKind, string[]> = { organization: [], site: [], resource: [], subscriber: [] }
    for (const number of this.points.inside([...shapes.polygons, ...shapes.circles, ...this.divisions.outlines(codes)]))
      points[KINDS[this.#kinds[number] ?? 0] ?? 'organization'].push(this.#ids[number] ?? '')
    return { divisions, points }
  }
}

const keyOf = (kind: TargetKind, id: string): string => `${kind}/${id}`

/** Whoever asked to be told: `to` may stand in several subscriptions, and one that holds is enough. */
export type Subscription = { readonly to: string; readonly conditions: Conditions }

/**
 * Who is told of an alert over these divisions: every condition of a subscription holds at once. A condition on areas
 * holds where one of them is reached, lies above one that is reached, or below one that is reached wholly. Sorted, each once.
 */
export function subscribed(
  subscriptions: readonly Subscription[],
  about: Omit<Happening, 'jurisdiction'>,
  divisions: readonly Reached[],
): readonly string[] {
  const above = new Set(divisions.flatMap(({ code }) => upwards(code)))
  const whole = new Set(divisions.filter(({ share }) => share === 'whole').map(({ code }) => code))
  const reached = (area: string): boolean => above.has(area) || upwards(area).some((outer) => whole.has(outer))
  const told = subscriptions.filter(({ conditions }) =>
    holds(conditions, { ...about, jurisdiction: conditions.areas?.find(reached) ?? null }),
  )
  return [...new Set(told.map(({ to }) => to))].toSorted()
}
