import type { Recorded } from '#core/event.ts'
import type { Sql, TransactionSql } from './database.ts'

type Row = {
  readonly position: string
  readonly stream: string
  readonly version: number
  readonly type: string
  readonly data: object
  readonly command_id: string
  readonly actor: string
  readonly basis: string | null
  readonly incident_id: string | null
  readonly occurred_at: Date
  readonly recorded_at: Date
}

export const READ_MAX = 1000

export const toRecorded = (row: Row): Recorded => ({
  position: row.position,
  stream: row.stream,
  version: row.version,
  type: row.type,
  data: row.data,
  commandId: row.command_id,
  actor: row.actor,
  basis: row.basis,
  incidentId: row.incident_id,
  occurredAt: row.occurred_at.toISOString(),
  recordedAt: row.recorded_at.toISOString(),
})

/**
 * Held to the end of the transaction, so that the order of positions is the order of commits: whoever has seen
 * position n has seen everything before it. Throughput comes from committing many waiting commands under one lock.
 */
export const lock = (tx: TransactionSql, schema: string): Promise<unknown> =>
  tx`select pg_advisory_xact_lock(hashtextextended(${lockName(schema)}, 0))`.execute()

export const head = async (sql: Sql | TransactionSql): Promise<number> => {
  const [row] = await sql<{ head: string }[]>`select coalesce(max(position), 0) as head from event`
  return Number(row?.head ?? 0)
}

/** The last position, and when it was recorded. */
export const tail = async (sql: Sql | TransactionSql): Promise<{ readonly position: number; readonly at: string }> => {
  const [row] = await sql<{ position: string; at: Date }[]>`select position, recorded_at as at from event order by position desc limit 1`
  return { position: Number(row?.position ?? 0), at: row?.at.toISOString() ?? '' }
}

/** The whole past of some streams, each in its own order. */
export async function readStreams(sql: Sql | TransactionSql, streams: readonly string[]): Promise<readonly Recorded[]> {
  if (streams.length === 0) return []
  const rows = await sql<Row[]>`
    select position, stream, version, type, data, command_id, actor, basis, incident_id, occurred_at, recorded_at
    from event where stream = any(${streams as string[]}) order by stream, version`
  return rows.map(toRecorded)
}

/** What earlier applications of these commands left in the log. */
export async function readCommands(sql: Sql | TransactionSql, commandIds: readonly string[]): Promise<readonly Recorded[]> {
  const rows = await sql<Row[]>`
    select position, stream, version, type, data, command_id, actor, basis, incident_id, occurred_at, recorded_at
    from event where command_id = any(${commandIds as string[]}::uuid[]) order by position`
  return rows.map(toRecorded)
}

/** The next events after a position, at most READ_MAX of them. */
export async function readAfter(sql: Sql | TransactionSql, position: number, limit = READ_MAX): Promise<readonly Recorded[]> {
  const rows = await sql<Row[]>`
    select position, stream, version, type, data, command_id, actor, basis, incident_id, occurred_at, recorded_at
    from event where position > ${position} order by position limit ${Math.min(limit, READ_MAX)}`
  return rows.map(toRecorded)
}

/**
 * The same lock inside one statement: a part of it that reads `from gate` writes nothing before the lock is held. The
 * statement sees what was committed when it began; if another has appended while it waited, the key of `event` says so.
 */
export const gateText = (at: number): string =>
  `gate as materialized (select pg_advisory_xact_lock(hashtextextended($${at}, 0))::text as held)`
export const lockName = (schema: string): string => `muster log ${schema}`

/** Parameter `$at`: the events as one JSON text instead of eleven arrays: a tenth of the driver's work, and the same plan. */
export const appendText = (at: number, from = ''): string => `
    insert into event (position, stream, version, type, data, command_id, actor, basis, incident_id, occurred_at, recorded_at)
    select position, stream, version, type, data, "commandId", actor, basis, "incidentId", "occurredAt", "recordedAt"
    from ${from}jsonb_to_recordset($${at}::text::jsonb) as e(
      position bigint, stream text, version integer, type text, data jsonb, "commandId" uuid, actor text, basis text,
      "incidentId" uuid, "occurredAt" timestamptz, "recordedAt" timestamptz)`

/** The only writer of the log. The caller has given positions and versions without a gap. */
export const append = (tx: TransactionSql, events: readonly Recorded[]): Promise<unknown> =>
  tx.unsafe(appendText(1), [JSON.stringify(events)], { prepare: true }).execute()

/** In one statement, and so of one moment: where the log ends, and what earlier applications of these commands left in it. */
export async function readHeadAndCommands(
  sql: Sql,
  commandIds: readonly string[],
): Promise<{ readonly at: number; readonly repeated: readonly Recorded[] }> {
  const rows = await sql<(Row & { head: string })[]>`
    select h.head, e.position, stream, version, type, data, command_id, actor, basis, incident_id, occurred_at, recorded_at
    from (select coalesce(max(position), 0) as head from event) h left join event e on e.command_id = any(${commandIds as string[]}::uuid[]) order by e.position`
  return { at: Number(rows[0]?.head ?? 0), repeated: rows.filter((row) => row.position !== null).map(toRecorded) }
}

/** The newest events that belong to incidents, newest first. */
export async function readLatest(sql: Sql | TransactionSql, limit: number): Promise<readonly Recorded[]> {
  const rows = await sql<Row[]>`
    select position, stream, version, type, data, command_id, actor, basis, incident_id, occurred_at, recorded_at
    from event where incident_id is not null order by position desc limit ${Math.min(limit, READ_MAX)}`
  return rows.map(toRecorded)
}

/** The timeline of an incident and of those merged into it, newest first, before a position. */
export async function readTimeline(
  sql: Sql | TransactionSql,
  incidentId: string,
  before: string | null,
  limit: number,
): Promise<readonly Recorded[]> {
  const rows = await sql<Row[]>`
    select position, stream, version, type, data, command_id, actor, basis, incident_id, occurred_at, recorded_at
    from event
    where incident_id in (select id from incident where id = ${incidentId} or merged_into = ${incidentId})
      and position < ${before ?? '9223372036854775807'}
    order by position desc limit ${Math.min(limit, READ_MAX)}`
  return rows.map(toRecorded)
}

export async function findAt(sql: Sql | TransactionSql, position: string): Promise<Recorded | null> {
  const [row] = await sql<Row[]>`
    select position, stream, version, type, data, command_id, actor, basis, incident_id, occurred_at, recorded_at from event where position = ${position}`
  return row ? toRecorded(row) : null
}

/** The next events of an incident after a position, oldest first, at most READ_MAX of them. */
export async function readIncidentAfter(sql: Sql | TransactionSql, incidentId: string, position: number): Promise<readonly Recorded[]> {
  const rows = await sql<Row[]>`
    select position, stream, version, type, data, command_id, actor, basis, incident_id, occurred_at, recorded_at
    from event where incident_id = ${incidentId} and position > ${position} order by position limit ${READ_MAX}`
  return rows.map(toRecorded)
}
