/** The incidents that the pages of facts and releases choose among, and the facts of one as they stand. */
import { contradictionsOf, settledOf, type Information } from '#core/information.ts'
import type { KnownFact } from '#core/release.ts'
import type { InformedIncident } from '#core/view/information.ts'
import type { Sql, TransactionSql } from './database.ts'

const INCIDENTS_MAX = 40
const FACTS_MAX = 1000

/** Running ones, contradictions first, then the newest; the one asked for is always among them. */
export const readIncidents = (sql: TransactionSql, asked: string | undefined): Promise<readonly InformedIncident[]> =>
  sql<InformedIncident[]>`
    select i.id, i.number, i.title, i.zone, i.closed_at is not null as closed, coalesce(n.questions, 0)::int as questions,
      coalesce(n.contradictory, 0)::int as contradictory
    from (select id, number, title, zone, closed_at, reported_at from incident
          where closed_at is null or id = ${asked ?? null} order by (id = ${asked ?? null}) desc nulls last, reported_at desc limit ${INCIDENTS_MAX}) i
    left join lateral (
      select count(*) as questions, count(*) filter (where contradictory) as contradictory from information where incident_id = i.id) n on true
    order by coalesce(n.contradictory, 0) > 0 desc, coalesce(n.questions, 0) > 0 desc, i.reported_at desc, i.id`

/** What a release may state: the settled values, and which questions are still contradictory. */
export async function readFacts(sql: Sql | TransactionSql, incidentId: string): Promise<readonly KnownFact[]> {
  const rows = await sql<{ state: Information }[]>`
    select state from information where incident_id = ${incidentId} order by key limit ${FACTS_MAX}`
  return rows.map(({ state }) => {
    const settled = settledOf(state)
    const contradiction = contradictionsOf(state).length > 0
    return { key: state.key, value: contradiction ? null : (settled?.value ?? null), unit: settled?.unit ?? null, contradiction }
  })
}
