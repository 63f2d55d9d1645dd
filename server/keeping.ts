import type { Thing } from '#core/authority.ts'
import type { Decider, Refusal } from '#core/decider.ts'
import type { Relations } from '#core/directory/relations.ts'
import type { SigningKey } from './cap/sign.ts'
import type { Clock } from './clock.ts'
import type { Sql, TransactionSql } from './database.ts'
import type { Request } from './handle.ts'
import type { Instruments } from './instrument.ts'
import type { WorldTargets } from './targets.ts'

/** A table of a room and the PostgreSQL type of each of its columns; the first column is the key. */
export type Table = { readonly name: string; readonly columns: Readonly<Record<string, string>> }
export type TableRow = Readonly<Record<string, unknown>>

/** What a room may ask before a command is decided. */
export type Preparing = {
  readonly sql: Sql
  readonly clock: Clock
  readonly relations: () => Promise<Relations>
  readonly instruments: () => Promise<Instruments>
  /** For `signAlert`; null where alerts go nowhere: they stay unsigned. */
  readonly alertKey: SigningKey | null
  /** The node's own name, such as `muster.example.org`: the second half of every sender. */
  readonly node: string
  /** What lies under an area. */
  readonly targets: WorldTargets
  /** 32 bytes for one purpose, the same in every server of this node; nobody who has only the database has them. */
  readonly secret: (purpose: string) => Buffer
}

/** How the server keeps one kind of stream: its law, its rows, what authority and time need to know of it. */
export type Keeping<State, Command extends { readonly type: string }, Event extends { readonly type: string }> = {
  /** The first part of the stream's name and the table's name. */
  readonly room: string
  readonly decider: Decider<State, Command, Event>
  readonly parse: (body: unknown) =>
    | { readonly success: true; readonly data: Command }
    | {
        readonly success: false
        readonly error: { readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[] }
      }
  readonly thing: (state: State, command: Command, id: string) => Thing
  readonly incidentOf: (id: string, state: State, command: Command) => string | null
  readonly table: Table
  /** The read model as a function of the folded state: rebuilt from the log it is the same. */
  readonly rows: (id: string, state: State) => readonly TableRow[]
  /**
   * Puts into the command, or into what authority sees, what a decider cannot know from its own stream: a number given
   * out, another room's state. It reads before the lock: what must hold at the instant of commit is a named constraint.
   */
  readonly prepare?: (request: Request, parts: Preparing) => Promise<Request | Refusal>
  /** What time alone will do next. */
  readonly timer?: (state: State) => { readonly at: string; readonly command: Command } | null
}

/**
 * A table of one row a stream: `id`, the columns given, each with its type and what it holds, and `state` whole. A stream
 * without a state has no row.
 */
export const oneRow = <State>(
  name: string,
  columns: Readonly<Record<string, readonly [type: string, value: (state: State) => unknown]>>,
): { readonly table: Table; readonly rows: (id: string, state: State | null) => readonly TableRow[] } => {
  const given = Object.entries(columns)
  return {
    table: { name, columns: { id: 'uuid', ...Object.fromEntries(given.map(([column, [type]]) => [column, type])), state: 'jsonb' } },
    rows: (id, state) =>
      state === null ? [] : [{ id, ...Object.fromEntries(given.map(([column, [, value]]) => [column, value(state)])), state }],
  }
}

/** The state that the room's row keeps; null: it has none, or the asker may not see it. */
export async function readState<State>(sql: Sql | TransactionSql, room: string, id: string): Promise<State | null> {
  const [row] = await sql<{ state: State }[]>`select state from ${sql(room)} where id = ${id}`
  return row?.state ?? null
}

/** Any room, for the machinery that treats all alike: each function gets back only what the same room made. */
export type AnyKeeping = Keeping<unknown, { readonly type: string }, { readonly type: string }>
/** The one place where a room's own types are put aside. */
export const anyKeeping = <S, C extends { readonly type: string }, E extends { readonly type: string }>(
  keeping: Keeping<S, C, E>,
): AnyKeeping => keeping as unknown as AnyKeeping
