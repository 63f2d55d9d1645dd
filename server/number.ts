import type { Sql } from './database.ts'

type Asked = { readonly settle: (number: number) => void; readonly fail: (error: unknown) => void }
type Desk = { waiting: Asked[]; busy: boolean }

const DESKS = new WeakMap<Sql, Map<string, Desk>>()

/**
 * The next of the numbers that people use (`2026-120116-0042`, report no. 3), given out before the command is decided: a
 * decider cannot count what others did. One given to a command that is then refused is left out; none is given twice.
 * Those who ask while a number is being given wait together and are given theirs by one statement: each costs a wait for
 * the disk, and a storm of reports would otherwise stand in line for it.
 */
export function nextNumber(sql: Sql, name: string): Promise<number> {
  const desks = DESKS.get(sql) ?? new Map<string, Desk>()
  DESKS.set(sql, desks)
  const desk = desks.get(name) ?? { waiting: [], busy: false }
  desks.set(name, desk)
  return new Promise((settle, fail) => {
    desk.waiting.push({ settle, fail })
    if (!desk.busy) void give(sql, name, desk).finally(() => desks.delete(name))
  })
}

async function give(sql: Sql, name: string, desk: Desk): Promise<void> {
  desk.busy = true
  while (desk.waiting.length > 0) {
    const asked = desk.waiting.splice(0)
    try {
      const [row] = await sql<{ last: number }[]>`
        insert into counter (name, last) values (${name}, ${asked.length})
        on conflict (name) do update set last = counter.last + ${asked.length} returning last`
      const last = row?.last ?? asked.length
      for (const [i, one] of asked.entries()) one.settle(last - asked.length + 1 + i)
    } catch (error) {
      for (const one of asked) one.fail(error)
    }
  }
  desk.busy = false
}
