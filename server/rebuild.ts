/** Read models anew from the log: every stream folded once, every row written again. */
import type { Recorded } from '#core/event.ts'
import type { Sql, TransactionSql } from './database.ts'
import { TIMER, upsert } from './handle.ts'
import type { AnyKeeping, Table, TableRow } from './keeping.ts'
import { lock, toRecorded } from './log.ts'

const FETCH = 2000
const ROWS_MAX = 2000

type Row = Parameters<typeof toRecorded>[0]

export type Rebuilt = { readonly events: number; readonly streams: number }

/** In one transaction and under the log's lock: readers see the old rows until the new ones are whole. */
export async function rebuild(sql: Sql, schema: string, keepings: ReadonlyMap<string, AnyKeeping>): Promise<Rebuilt> {
  return sql.begin(async (tx) => {
    await lock(tx, schema)
    const tables = [...new Set([...keepings.values()].map((one) => one.table.name)), TIMER.name]
    await tx.unsafe(`delete from ${tables.join('; delete from ')}`)
    const writer = new Writer(tx)
    let events = 0
    let streams = 0
    let current = null as Folding | null
    // By pages, not by a cursor: while a cursor is open its connection writes nothing, and the writer would wait for ever.
    let after = { stream: '', version: 0 }
    for (;;) {
      const rows = await tx<Row[]>`
        select position, stream, version, type, data, command_id, actor, basis, incident_id, occurred_at, recorded_at
        from event where (stream, version) > (${after.stream}, ${after.version}) order by stream, version limit ${FETCH}`
      for (const row of rows) {
        const event = toRecorded(row)
        if (current?.stream !== event.stream) {
          if (current !== null) await writer.add(current)
          current = { stream: event.stream, keeping: keepingOf(keepings, event), state: undefined }
          current.state = current.keeping.decider.initial
          streams++
        }
        current.state = current.keeping.decider.evolve(current.state, { type: event.type, ...event.data }, event)
        events++
      }
      const last = rows.at(-1)
      if (last === undefined || rows.length < FETCH) break
      after = { stream: last.stream, version: last.version }
    }
    if (current !== null) await writer.add(current)
    await writer.flush()
    return { events, streams }
  }) as Promise<Rebuilt>
}

type Folding = { readonly stream: string; readonly keeping: AnyKeeping; state: unknown }

function keepingOf(keepings: ReadonlyMap<string, AnyKeeping>, event: Recorded): AnyKeeping {
  const keeping = keepings.get(event.stream.slice(0, event.stream.indexOf('/')))
  if (!keeping) throw new Error(`position ${event.position}: no room keeps the stream ${event.stream}`)
  return keeping
}

class Writer {
  readonly #tx: TransactionSql
  readonly #rows = new Map<Table, TableRow[]>()
  #count = 0

  constructor(tx: TransactionSql) {
    this.#tx = tx
  }

  async add({ stream, keeping, state }: { readonly stream: string; readonly keeping: AnyKeeping; readonly state: unknown }): Promise<void> {
    this.#push(keeping.table, keeping.rows(stream.slice(stream.indexOf('/') + 1), state))
    const timer = keeping.timer?.(state) ?? null
    if (timer !== null) this.#push(TIMER, [{ stream, ...timer }])
    if (this.#count >= ROWS_MAX) await this.flush()
  }

  #push(table: Table, rows: readonly TableRow[]): void {
    const all = this.#rows.get(table)
    if (all) all.push(...rows)
    else this.#rows.set(table, [...rows])
    this.#count += rows.length
  }

  async flush(): Promise<void> {
    for (const [table, rows] of this.#rows) if (rows.length > 0) await upsert(this.#tx, table, rows)
    this.#rows.clear()
    this.#count = 0
  }
}
