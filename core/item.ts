import { z } from 'zod/mini'
import { Words } from './event.ts'
import { Slug, Uuid } from './id.ts'
import { InstantText } from './time.ts'

/** What a joint decision or a meeting lays on one organization: without a debtor and a date it is no item. */
export const Item = z.strictObject({
  debtor: Uuid,
  act: Slug,
  actWords: Words,
  function: Slug,
  dueAt: InstantText,
  objectiveId: z.nullable(Uuid),
})
export type Item = z.infer<typeof Item>

export const ITEMS_MAX = 100

/** The first item whose time has passed when it is laid down, by its number from 1; null where there is none. */
export function findPastItem(items: readonly Item[], at: string): number | null {
  const index = items.findIndex((one) => one.dueAt <= at)
  return index < 0 ? null : index + 1
}
