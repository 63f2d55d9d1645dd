/** What became owed because of an event, as the scene shows it. */
import { itemKey } from '#core/linkage/decision.ts'
import type { ObligationView } from '#core/view.ts'
import { idFrom } from './clock.ts'
import type { TransactionSql } from './database.ts'
import { obligationView, type ObligationRow, type Scene } from './present.ts'

/** Those that `rest` asks for, of `obligation o` with its incident `i`: `where …` and what follows. */
export async function readObligationViews(
  sql: TransactionSql,
  scene: Scene,
  rest: ReturnType<TransactionSql>,
): Promise<readonly ObligationView[]> {
  const rows = await sql<ObligationRow[]>`
    select o.id, i.title, o.state from obligation o left join incident i on i.id = o.incident_id ${rest}`
  await scene.instruments.load(rows.flatMap((row) => row.state.basis ?? []))
  return rows.map((row) => obligationView(scene, row))
}

/** The ids that the linkage makes of the items of an event, by its place in its stream. */
export const itemIds = (stream: string, version: number, items: readonly unknown[]): readonly string[] =>
  items.map((_, i) => idFrom(itemKey({ stream, version }, i)))

/** What the one event of this type in the stream laid down. */
export async function readLaidDown(
  sql: TransactionSql,
  scene: Scene,
  { stream, type, items }: { readonly stream: string; readonly type: string; readonly items: readonly unknown[] },
): Promise<readonly ObligationView[]> {
  const [event] = await sql<{ version: number }[]>`select version from event where stream = ${stream} and type = ${type}`
  if (!event) return []
  return readObligationViews(sql, scene, sql`where o.id = any(${[...itemIds(stream, event.version, items)]}) order by o.due_at, o.id`)
}
