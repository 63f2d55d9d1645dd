/** The weeks of the table of readings: made before they are written to, dropped when they are older than is kept. */
import type { Sql } from '../database.ts'

const WEEK_MS = 7 * 86_400_000
/** Monday, 5 January 1970, 00:00 UTC. */
const FIRST_MS = 4 * 86_400_000
const WEEKS_MAX = 60

const weekOf = (ms: number): number => Math.floor((ms - FIRST_MS) / WEEK_MS)
const startOf = (week: number): Date => new Date(FIRST_MS + week * WEEK_MS)
const nameOf = (week: number): string => `reading_${startOf(week).toISOString().slice(0, 10).replaceAll('-', '')}`

export class Partitions {
  readonly #sql: Sql
  readonly #known = new Set<number>()

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /** Makes the weeks of these instants, at most 60 at once. Several servers may do so at the same time. */
  async make(times: readonly number[]): Promise<void> {
    const missing = [...new Set(times.map(weekOf))].filter((week) => !this.#known.has(week)).slice(0, WEEKS_MAX)
    for (const week of missing) {
      const [from, to] = [startOf(week).toISOString(), startOf(week + 1).toISOString()]
      await this.#sql.begin(async (tx) => {
        await tx`select pg_advisory_xact_lock(hashtextextended(current_schema() || ' reading', 0))`
        await tx.unsafe(`create table if not exists ${nameOf(week)} partition of reading for values from ('${from}') to ('${to}')`)
      })
      this.#known.add(week)
    }
  }

  /** Drops the weeks that end before the instant. Gives back how many. */
  async drop(beforeMs: number): Promise<number> {
    const rows = await this.#sql<{ name: string }[]>`
      select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'reading'::regclass order by c.relname limit 1000`
    const last = nameOf(weekOf(beforeMs))
    const old = rows.filter(({ name }) => /^reading_\d{8}$/.test(name) && name < last)
    for (const { name } of old) await this.#sql.unsafe(`drop table if exists ${name}`)
    if (old.length > 0) this.#known.clear()
    return old.length
  }
}
