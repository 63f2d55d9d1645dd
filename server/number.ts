import type { Sql } from './database.ts'

/**
 * The next of the numbers that people use (`2026-120116-0042`, report no. 3), given out before the command is decided: a
 * decider cannot count what others did. One given to a command that is then refused is left out; none is given twice.
 */
export async function nextNumber(sql: Sql, name: string): Promise<number> {
  const [row] = await sql<{ last: number }[]>`
    insert into counter (name, last) values (${name}, 1) on conflict (name) do update set last = counter.last + 1 returning last`
  return row?.last ?? 1
}
