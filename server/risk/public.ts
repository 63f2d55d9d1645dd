/** What is public of the register: shelters 应急避难场所 that are open by their latest fact, and nothing else of it. */
import type { Words } from '#core/event.ts'
import { SHELTER_OPEN } from '#core/risk.ts'
import type { Sql } from '../database.ts'

export type PublicShelter = {
  readonly id: string
  readonly name: Words
  readonly address: string
  readonly jurisdiction: string
  /** Since when it is known to be so. */
  readonly asOfAt: string
}

const LIMIT_MAX = 200

/** By place, then by name; at most 200. */
export const readOpenShelters = (sql: Sql): Promise<readonly PublicShelter[]> => sql<PublicShelter[]>`
  select id, name, address, jurisdiction, state #>> ${['provenance', SHELTER_OPEN.key, 'asOfAt']} as "asOfAt" from risk
  where site_kind = 'shelter' and open
    and state @> ${sql.json({ facts: [{ key: SHELTER_OPEN.key, text: SHELTER_OPEN.yes }] })}
  order by jurisdiction, name ->> 'zh-CN', id limit ${LIMIT_MAX}`
