import { z } from 'zod/mini'

/** A GB/T 2260 division code, six digits: province `120000`, prefecture `130100`, county `120116`; the nation is `100000`. */
export const DivisionCode = z.string().check(z.regex(/^[1-9]\d{5}$/))

/** A WGS-84 point with the name that people use. Degrees; accuracy as the source states it. */
export const Place = z.object({
  name: z.string().check(z.minLength(1), z.maxLength(200)),
  lat: z.number().check(z.gte(-90), z.lte(90)),
  lon: z.number().check(z.gte(-180), z.lte(180)),
  accuracy: z.optional(z.string().check(z.maxLength(40))),
})
export type Place = z.infer<typeof Place>

export const NATION = '100000'

/** From the division itself up to the nation, by the code alone: county, prefecture, province, nation. */
export function divisionPath(code: string): readonly string[] {
  if (code === NATION) return [NATION]
  // GB/T 2260: `90` in the place of the prefecture marks counties directly under the province.
  const direct = MUNICIPALITIES.has(code.slice(0, 2)) || code.slice(2, 4) === '90'
  const prefecture = direct ? [] : [`${code.slice(0, 4)}00`]
  return [...new Set([code, ...prefecture, `${code.slice(0, 2)}0000`, NATION])].filter((one) => covers(one, code))
}

/** Beijing, Tianjin, Shanghai, Chongqing: their counties stand directly below the province level. */
const MUNICIPALITIES: ReadonlySet<string> = new Set(['11', '12', '31', '50'])

export type DivisionLevel = 'nation' | 'province' | 'prefecture' | 'county'
export const divisionLevel = (code: string): DivisionLevel =>
  code === NATION ? 'nation' : code.endsWith('0000') ? 'province' : code.endsWith('00') ? 'prefecture' : 'county'

/** Whether the territory of `outer` contains that of `inner` (or is the same). The database keeps the same rule for its policies. */
export const covers = (outer: string, inner: string): boolean =>
  outer === NATION ||
  outer === inner ||
  (outer.endsWith('00') && inner !== NATION && inner.startsWith(outer.endsWith('0000') ? outer.slice(0, 2) : outer.slice(0, 4)))

/** Whether one of the territories contains it: as `covers`, for many of them at once. */
export function coveredBy(outer: Iterable<string>): (inner: string) => boolean {
  const known = new Set<string>()
  for (const code of outer) {
    known.add(code)
    if (code !== NATION && code.endsWith('00')) known.add(code.slice(0, code.endsWith('0000') ? 2 : 4))
  }
  return (inner) =>
    known.has(NATION) || known.has(inner) || (inner !== NATION && (known.has(inner.slice(0, 2)) || known.has(inner.slice(0, 4))))
}

/** A closed ring in two columns, degrees: a coast has a hundred thousand corners, and a pair for each would be most of its cost. */
export type Columns = { readonly lon: Float64Array<ArrayBuffer>; readonly lat: Float64Array<ArrayBuffer> }

/** Of points, longitude first; closed where they are not. */
export function columnsOf(ring: readonly (readonly [number, number])[]): Columns {
  const [first, last] = [ring[0], ring.at(-1)]
  const isClosed = ring.length > 1 && first?.[0] === last?.[0] && first?.[1] === last?.[1]
  const closed = isClosed || first === undefined ? ring : [...ring, first]
  return { lon: Float64Array.from(closed, ([lon]) => lon), lat: Float64Array.from(closed, ([, lat]) => lat) }
}
