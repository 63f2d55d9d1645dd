/** The area of an incident 影响范围 and the territories in it (S4-01): geometry is reckoned by the server, which has the boundaries. */
import { z } from 'zod/mini'
import { refuse, type Refusal } from '../decider.ts'
import { DivisionCode } from '../place.ts'

const VERTICES_MAX = 10_000

const Lon = z.number().check(z.gte(-180), z.lte(180))
const Lat = z.number().check(z.gte(-90), z.lte(90))
const Position = z.tuple([Lon, Lat])
/** RFC 7946 §3.1.6: four positions or more, the last is the first. */
const Ring = z.array(Position).check(
  z.minLength(4),
  z.maxLength(VERTICES_MAX),
  z.refine((ring) => ring[0]?.[0] === ring.at(-1)?.[0] && ring[0]?.[1] === ring.at(-1)?.[1], 'a ring is not closed'),
)
const Rings = z.array(Ring).check(z.minLength(1), z.maxLength(1000))

/** A GeoJSON polygon or several (RFC 7946), WGS-84 degrees, at most 10,000 vertices; holes are left out of it. */
export const Area = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('Polygon'), coordinates: Rings }),
    z.strictObject({ type: z.literal('MultiPolygon'), coordinates: z.array(Rings).check(z.minLength(1), z.maxLength(1000)) }),
  ])
  .check(z.refine((area) => verticesOf(area) <= VERTICES_MAX, `more than ${VERTICES_MAX} vertices`))
export type Area =
  | { readonly type: 'Polygon'; readonly coordinates: readonly (readonly (readonly [number, number])[])[] }
  | { readonly type: 'MultiPolygon'; readonly coordinates: readonly (readonly (readonly (readonly [number, number])[])[])[] }

export const polygonsOf = (area: Area): readonly (readonly (readonly (readonly [number, number])[])[])[] =>
  area.type === 'Polygon' ? [area.coordinates] : area.coordinates
function verticesOf(area: Area): number {
  return polygonsOf(area).reduce((sum, rings) => sum + rings.reduce((part, ring) => part + ring.length, 0), 0)
}

export const AFFECTED_MAX = 500

/** A territory and how much of it lies in the area, km². */
const Affected = z.strictObject({ code: DivisionCode, km2: z.number().check(z.gte(0)) })
export type Affected = z.infer<typeof Affected>

export const AreaCommands = [
  z.strictObject({
    type: z.literal('incident.mark-area'),
    /** Null where `divisions` says it: then their outlines are the area. */
    area: z.nullable(Area),
    divisions: z.optional(z.array(DivisionCode).check(z.minLength(1), z.maxLength(50))),
    /** Who or what says so: a survey, a model run, a flood map. */
    source: z.string().check(z.trim(), z.minLength(1), z.maxLength(400)),
    /** The territories in it, the smallest that the boundaries know; put in by the server. */
    affected: z.optional(z.array(Affected).check(z.maxLength(AFFECTED_MAX))),
  }),
] as const
export type AreaCommand = z.infer<(typeof AreaCommands)[number]>

export type AreaEvent = {
  readonly type: 'incident.area-marked'
  readonly area: Area
  readonly affected: readonly Affected[]
  readonly source: string
}
export type MarkedArea = Omit<AreaEvent, 'type'> & { readonly markedAt: string }
/** Left out by incidents whose area nobody has marked. */
export type Spread = { readonly area?: MarkedArea }

/** Refused: outside every known territory. The newest area counts; the earlier ones stay in the log. */
export function conductArea(state: Spread, command: AreaCommand): readonly AreaEvent[] | Refusal {
  const { area, affected, source } = command
  if (area === null || affected === undefined) return refuse('incident.area-not-reckoned')
  if (affected.length === 0) return refuse('incident.area-outside')
  const same = state.area?.source === source && JSON.stringify(state.area.area) === JSON.stringify(area)
  return same ? [] : [{ type: 'incident.area-marked', area, affected, source }]
}

export function evolveArea<State extends Spread>(state: State, { type: _, ...marked }: AreaEvent, at: string): State {
  return { ...state, area: { ...marked, markedAt: at } }
}

/** The territories that an incident touches beside its own: whoever answers for one of them sees it. */
export const areasOf = (state: Spread): readonly string[] => state.area?.affected.map(({ code }) => code) ?? []

export const isAreaCommand = (command: { readonly type: string }): command is AreaCommand => command.type === 'incident.mark-area'
export const isAreaEvent = (event: { readonly type: string }): event is AreaEvent => event.type === 'incident.area-marked'
