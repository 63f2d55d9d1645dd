import type { Sql } from './database.ts'

type Asking = { readonly settle: (number: number) => void; readonly fail: (error: unknown) => void }

/** Who asks for a number by the same name in the same turn of the event loop, in order. */
const asking = new WeakMap<Sql, Map<string, Asking[]>>()
/** Further askers wait for the next statement. */
const AT_ONCE_MAX = 1000

/**
 * The next of the numbers that people use (`2026-120116-0042`, report no. 3), given out before the command is decided: a
 * decider cannot count what others did. One given to a command that is then refused is left out; none is given twice.
 * Those who ask together are answered together, in the order in which they asked.
 */
export function nextNumber(sql: Sql, name: string): Promise<number> {
  const lines = asking.get(sql) ?? new Map<string, Asking[]>()
  asking.set(sql, lines)
  return new Promise((settle, fail) => {
    const line = lines.get(name)
    if (line !== undefined && line.length < AT_ONCE_MAX) return void line.push({ settle, fail })
    const opened = [{ settle, fail }]
    lines.set(name, opened)
    setImmediate(() => {
      if (lines.get(name) === opened) lines.delete(name)
      void giveOut(sql, name, opened)
    })
  })
}

async function giveOut(sql: Sql, name: string, line: readonly Asking[]): Promise<void> {
  try {
    const last = await takeSome(sql, name, line.length)
    for (const [i, { settle }] of line.entries()) settle(last - line.length + 1 + i)
  } catch (error) {
    for (const { fail } of line) fail(error)
  }
}

/**
 * The last of as many. It does not wait for the disk: what uses a number is committed after it, and a disk that has the
 * later commit has the earlier one.
 */
async function takeSome(sql: Sql, name: string, count: number): Promise<number> {
  const [row] = await sql<{ last: number }[]>`
    with unhurried as materialized (select set_config('synchronous_commit', 'off', true))
    insert into counter (name, last) select ${name}::text, ${count}::integer from unhurried
    on conflict (name) do update set last = counter.last + excluded.last returning last`
  return row?.last ?? count
}
