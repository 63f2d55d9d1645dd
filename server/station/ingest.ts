/** Readings into their table: whole or not at all, each once, and every bad row named. */
import { may, type Doer } from '#core/authority.ts'
import type { Relations } from '#core/directory/relations.ts'
import { isPossible, type BadRow, type Row, type RowProblem, type Rows, type Station } from '#core/station.ts'
import { fromMs, toMs } from '#core/time.ts'
import type { World } from '../world.ts'
import { Partitions } from './partitions.ts'

/** Rows of one request or page. */
export const ROWS_MAX = 5000
/** How long readings are kept; MUSTER_READING_DAYS sets it. */
export const DAYS_KEPT = 90
/** How far a sensor's clock may be ahead. */
const AHEAD_MS = 5 * 60_000

export type Taken = {
  readonly kept: number
  /** Known already. */
  readonly repeated: number
  /** Of the known ones, those that now say another value; the first one stays. */
  readonly differing: number
  readonly impossible: number
}

type Known = { readonly id: string; readonly state: Station }
type Fitting = {
  readonly stationId: string
  readonly indicator: string
  readonly at: string
  readonly value: number
  readonly possible: boolean
}

export type IngestParts = { readonly world: World; readonly daysKept?: number }

/** What may report: a post, or a source of the node in the name of its owner. */
export type Reporter = { readonly doer: Doer }

export class Ingest {
  readonly #world: World
  readonly #partitions: Partitions
  readonly #daysKept: number
  /** Told after commit that there is something to look at. */
  onTaken: () => void = () => {}

  constructor({ world, daysKept = DAYS_KEPT }: IngestParts) {
    this.#world = world
    this.#daysKept = daysKept
    this.#partitions = new Partitions(world.sql)
  }

  get oldestMs(): number {
    return this.#world.clock.now() - this.#daysKept * 86_400_000
  }

  /** Rows that fit and rows that do not; nothing is written. */
  async check({ rows, bad }: Rows, { doer }: Reporter): Promise<{ readonly fitting: readonly Fitting[]; readonly bad: readonly BadRow[] }> {
    const [stations, relations] = await Promise.all([this.#stations(rows), this.#world.relations()])
    const fitting: Fitting[] = []
    const wrong: BadRow[] = [...bad]
    const mine = new Map<string, boolean>()
    const now = this.#world.clock.now()
    for (const row of rows) {
      const found = stations.get(row.station.toLowerCase())
      const problem =
        this.#problem(row, found, now) ?? (found !== undefined && !this.#isMine(found, doer, relations, mine) ? 'not-yours' : null)
      if (problem !== null || found === undefined) {
        wrong.push({ row: row.row, problem: problem ?? 'station-unknown', said: saidOf(row, problem) })
        continue
      }
      const sensor = found.state.sensors.find((one) => one.slug === row.indicator)
      const possible = sensor !== undefined && isPossible(sensor, row.value)
      fitting.push({ stationId: found.id, indicator: row.indicator, at: row.at, value: row.value, possible })
    }
    return { fitting, bad: wrong.toSorted((a, b) => a.row - b.row) }
  }

  #problem(row: Row, found: Known | undefined, now: number): RowProblem | null {
    if (found === undefined) return 'station-unknown'
    if (found.state.retired !== null) return 'station-retired'
    const sensor = found.state.sensors.find((one) => one.slug === row.indicator)
    if (sensor === undefined) return 'indicator-unknown'
    if (row.unit !== null && row.unit !== sensor.unit) return 'unit-differs'
    const at = toMs(row.at)
    return at > now + AHEAD_MS ? 'time-in-future' : at < this.oldestMs ? 'time-too-old' : null
  }

  #isMine(found: Known, doer: Doer, relations: Relations, known: Map<string, boolean>): boolean {
    const before = known.get(found.id)
    if (before !== undefined) return before
    const { jurisdiction, owner } = found.state
    const mine = may(doer, 'station.report-readings', { jurisdiction, owner, parties: [owner] }, relations) === null
    known.set(found.id, mine)
    return mine
  }

  async #stations(rows: readonly Row[]): Promise<ReadonlyMap<string, Known>> {
    const names = [...new Set(rows.map((row) => row.station))]
    const found = await this.#world.sql<Known[]>`
      select id, state from station where code = any(${names}) or id::text = any(${names}) order by retired desc limit ${ROWS_MAX}`
    return new Map(found.flatMap((one) => [[one.state.code.toLowerCase(), one] as const, [one.id, one] as const]))
  }

  /** All in one transaction; what is known already changes nothing. */
  async take(fitting: readonly Fitting[]): Promise<Taken> {
    if (fitting.length === 0) return { kept: 0, repeated: 0, differing: 0, impossible: 0 }
    await this.#partitions.make(fitting.map((one) => toMs(one.at)))
    // In the order of the keys, so that two that write the same wait for each other and never crosswise.
    const rows = fitting.toSorted((a, b) => order(a.stationId, b.stationId) || order(a.indicator, b.indicator) || order(a.at, b.at))
    const { sql } = this.#world
    const [counts] = await sql<{ kept: number; differing: number }[]>`
      with given as (
        select distinct on (station_id, indicator, at) * from unnest(
          ${rows.map((one) => one.stationId)}::uuid[], ${rows.map((one) => one.indicator)}::text[], ${rows.map((one) => one.at)}::timestamptz[],
          ${rows.map((one) => String(one.value))}::text[]::float8[], ${rows.map((one) => String(one.possible))}::text[]::boolean[])
          with ordinality as g(station_id, indicator, at, value, possible, place)
        order by station_id, indicator, at, place),
      kept as (
        insert into reading (station_id, indicator, at, value, possible) select station_id, indicator, at, value, possible from given
        on conflict (station_id, indicator, at) do nothing returning station_id, indicator, at, value, possible),
      touched as (
        insert into series (station_id, indicator, last_at, last_value, heard_at, odd_at, odd_value, since, touched)
        select station_id, indicator, max(at) filter (where possible), (array_agg(value order by at desc) filter (where possible))[1],
          ${fromMs(this.#world.clock.now())}::timestamptz, max(at) filter (where not possible),
          (array_agg(value order by at desc) filter (where not possible))[1], min(at) filter (where possible), 1
        from kept group by station_id, indicator order by station_id, indicator
        on conflict (station_id, indicator) do update set
          last_value = case when excluded.last_at is null or excluded.last_at < series.last_at then series.last_value else excluded.last_value end,
          last_at = greatest(series.last_at, excluded.last_at), heard_at = excluded.heard_at,
          odd_value = case when excluded.odd_at is null or excluded.odd_at < series.odd_at then series.odd_value else excluded.odd_value end,
          odd_at = greatest(series.odd_at, excluded.odd_at),
          since = least(series.since, excluded.since), touched = series.touched + 1)
      select (select count(*)::int from kept) as kept,
        (select count(*)::int from given g join reading r using (station_id, indicator, at) where r.value <> g.value) as differing`
    const kept = counts?.kept ?? 0
    if (kept > 0) this.onTaken()
    return {
      kept,
      repeated: fitting.length - kept,
      differing: counts?.differing ?? 0,
      impossible: fitting.filter((one) => !one.possible).length,
    }
  }

  /** Weeks older than is kept. */
  forget(): Promise<number> {
    return this.#partitions.drop(this.oldestMs)
  }
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function saidOf(row: Row, problem: RowProblem | null): string {
  if (problem === 'indicator-unknown') return row.indicator
  if (problem === 'unit-differs') return row.unit ?? ''
  return problem === 'time-in-future' || problem === 'time-too-old' ? row.at : row.station
}
