/** Where duplicates are looked for: near in place and in time, by index, never more than a bounded number of rows. */
import { CANDIDATES_MAX, cellOf, cellsAround, NEAR_MINUTES, pointOf, type Sighting } from '#core/intake.ts'
import { fromMs, toMs } from '#core/time.ts'
import type { Sql, TransactionSql } from '../database.ts'

/** Rows that are read at each cell and each side of the instant; of them the nearest are compared. */
const AT_CELL_MAX = 40
/** Without points the nearest in time are compared: no more on each side than there are compared in all. */
const AT_TERRITORY_MAX = CANDIDATES_MAX
const TEXT_MAX = 500
const NEAR_MS = NEAR_MINUTES * 60_000

type Row = Omit<Sighting, 'at' | 'place'> & {
  readonly name: string | null
  readonly lat: number | null
  readonly lon: number | null
  readonly at: Date
  readonly apart: readonly string[]
}
export type Candidate = Sighting & { readonly apart: readonly string[] }

/** Reports that a sighting may be the same as; merged ones are found by what they were merged into. */
export async function candidatesFor(sql: Sql | TransactionSql, of: Sighting, jurisdiction: string): Promise<readonly Candidate[]> {
  const point = pointOf(of)
  const open = sql`i.merged_into is null and i.id <> ${of.id}`
  const before = sql`i.original_at between ${fromMs(toMs(of.at) - NEAR_MS)} and ${of.at} and ${open} order by i.original_at desc`
  const after = sql`i.original_at > ${of.at} and i.original_at <= ${fromMs(toMs(of.at) + NEAR_MS)} and ${open} order by i.original_at`
  const kept = sql`i.id, i.lat, i.lon, i.original_at`
  const territory = sql`select ${kept} from intake i where i.jurisdiction = ${jurisdiction} and ${point === null ? sql`true` : sql`i.cell is null`}`
  const inTerritory = sql`(${territory} and ${before} limit ${AT_TERRITORY_MAX}) union all (${territory} and ${after} limit ${AT_TERRITORY_MAX})`
  const inCells =
    point === null
      ? sql``
      : sql`
        union all select i.* from unnest(${[...cellsAround(point)]}::int[]) as c(cell) cross join lateral (
          (select ${kept} from intake i where i.cell = c.cell and ${before} limit ${AT_CELL_MAX})
          union all (select ${kept} from intake i where i.cell = c.cell and ${after} limit ${AT_CELL_MAX})) i`
  const apart = point === null ? sql`0.0` : sql`(n.lat - ${point.lat}) ^ 2 + (n.lon - ${point.lon}) ^ 2`
  const rows = await sql<Row[]>`
    with nearest as (
      select n.id, ${apart} as apart, greatest(n.original_at - ${of.at}::timestamptz, ${of.at}::timestamptz - n.original_at) as gap
      from (${inTerritory} ${inCells}) n order by apart nulls last, gap limit ${CANDIDATES_MAX})
    select ${compared(sql)} from nearest join intake i on i.id = nearest.id order by nearest.apart nulls last, nearest.gap`
  return rows.map(candidateOf)
}

/** What is compared of a row `i` of `intake`. */
const compared = (sql: Sql | TransactionSql) =>
  sql`i.id, left(i.state ->> 'text', ${TEXT_MAX}) as text, i.state -> 'place' ->> 'name' as name, i.lat, i.lon, i.hazard, i.original_at as at,
    i.state -> 'apart' as apart`

const candidateOf = ({ id, text, name, lat, lon, hazard, at, apart }: Row): Candidate => ({
  id,
  text,
  place: { name, lat, lon },
  hazard,
  at: at.toISOString(),
  apart,
})

/** More reports than these around the rows of a file are not held: each of its rows then asks the database. */
const HELD_MAX = 20_000

/**
 * The reports around the rows of a file, read at once and added to as the rows are taken down, so that each is compared
 * with those before it: for each the same candidates as `candidatesFor` finds in the database.
 */
export class Around {
  /** In the order of time: those of a cell, those of the territory without a point, all of the territory. */
  readonly #lines = new Map<Line, Timed[]>()

  /** Null where there are too many. */
  static async read(sql: Sql, all: readonly Sighting[], jurisdiction: string): Promise<Around | null> {
    const around = new Around()
    const times = all.map((one) => toMs(one.at)).toSorted((a, b) => a - b)
    const [first = 0, last = 0] = [times[0], times.at(-1)]
    const cells = new Set(
      all.flatMap((one) => {
        const point = pointOf(one)
        return point === null ? [] : cellsAround(point)
      }),
    )
    const rows = await sql<(Row & { readonly ours: boolean })[]>`
      select ${compared(sql)}, i.jurisdiction = ${jurisdiction} as ours from intake i
      where i.merged_into is null and i.original_at between ${fromMs(first - NEAR_MS)} and ${fromMs(last + NEAR_MS)}
        and (i.jurisdiction = ${jurisdiction} or i.cell = any(${[...cells]}::int[]))
      order by i.original_at limit ${HELD_MAX + 1}`
    if (rows.length > HELD_MAX) return null
    for (const row of rows) around.add(candidateOf(row), row.ours)
    return around
  }

  add(one: Sighting, ours = true): void {
    const point = pointOf(one)
    if (ours) this.#put('territory', one)
    if (point !== null) this.#put(cellOf(point), one)
    else if (ours) this.#put('nowhere', one)
  }

  near(of: Sighting): readonly Sighting[] {
    const [point, ms] = [pointOf(of), toMs(of.at)]
    if (point === null) return this.#beside('territory', ms, AT_TERRITORY_MAX).toSorted(byGap(ms)).map(sightingOf)
    const found = [...cellsAround(point)].flatMap((cell) => this.#beside(cell, ms, AT_CELL_MAX))
    const far = ({ of: { place } }: Timed): number => ((place.lat ?? 0) - point.lat) ** 2 + ((place.lon ?? 0) - point.lon) ** 2
    const nearest = found.toSorted((a, b) => far(a) - far(b) || byGap(ms)(a, b))
    return [...nearest, ...this.#beside('nowhere', ms, AT_TERRITORY_MAX).toSorted(byGap(ms))].slice(0, CANDIDATES_MAX).map(sightingOf)
  }

  #put(name: Line, of: Sighting): void {
    const [line, ms] = [this.#lines.get(name) ?? [], toMs(of.at)]
    line.splice(after(line, ms), 0, { ms, of })
    this.#lines.set(name, line)
  }

  /** The nearest in time on each side, at most so many. */
  #beside(name: Line, ms: number, max: number): readonly Timed[] {
    const line = this.#lines.get(name) ?? []
    const at = after(line, ms)
    return line.slice(Math.max(0, at - max), at + max).filter((one) => Math.abs(one.ms - ms) <= NEAR_MS)
  }
}

type Line = number | 'nowhere' | 'territory'
type Timed = { readonly ms: number; readonly of: Sighting }
const sightingOf = ({ of }: Timed): Sighting => of
const byGap =
  (ms: number) =>
  (a: Timed, b: Timed): number =>
    Math.abs(a.ms - ms) - Math.abs(b.ms - ms)

/** Where in a line, which is in the order of time, the first stands that is later. */
function after(line: readonly Timed[], ms: number): number {
  let [low, high] = [0, line.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((line[middle]?.ms ?? 0) <= ms) low = middle + 1
    else high = middle
  }
  return low
}
