/** Where duplicates are looked for: near in place and in time, by index, never more than a bounded number of rows. */
import { CANDIDATES_MAX, cellsAround, NEAR_MINUTES, type Sighting } from '#core/intake.ts'
import { fromMs, toMs } from '#core/time.ts'
import type { Sql, TransactionSql } from '../database.ts'

/** Rows that are read at each cell and each side of the instant, and in a territory; of them the nearest are compared. */
const AT_CELL_MAX = 40
const AT_TERRITORY_MAX = 200
const TEXT_MAX = 500

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
  const { lat, lon } = of.place
  const point = lat === null || lon === null ? null : { lat, lon }
  const near = NEAR_MINUTES * 60_000
  const open = sql`i.merged_into is null and i.id <> ${of.id}`
  const before = sql`i.original_at between ${fromMs(toMs(of.at) - near)} and ${of.at} and ${open} order by i.original_at desc`
  const after = sql`i.original_at > ${of.at} and i.original_at <= ${fromMs(toMs(of.at) + near)} and ${open} order by i.original_at`
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
      select n.id, ${apart} as apart, abs(extract(epoch from n.original_at - ${of.at}::timestamptz)) as seconds
      from (${inTerritory} ${inCells}) n order by apart nulls last, seconds limit ${CANDIDATES_MAX})
    select i.id, left(i.state ->> 'text', ${TEXT_MAX}) as text, i.state -> 'place' ->> 'name' as name, i.lat, i.lon, i.hazard, i.original_at as at,
      i.state -> 'apart' as apart
    from nearest join intake i on i.id = nearest.id order by nearest.apart nulls last, nearest.seconds`
  return rows.map((row) => ({
    id: row.id,
    text: row.text,
    place: { name: row.name, lat: row.lat, lon: row.lon },
    hazard: row.hazard,
    at: row.at.toISOString(),
    apart: row.apart,
  }))
}
