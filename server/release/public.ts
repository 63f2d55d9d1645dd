/** What is public of the release log: read without anybody's signing in, so nothing but what is out is asked for. */
import type { PublicRelease } from '#core/release.ts'
import type { PublicReleaseView } from '#core/view/information.ts'
import type { Sql, TransactionSql } from '../database.ts'

const LIMIT_MAX = 200

type Row = { readonly id: string; readonly title: string; readonly zone: string; readonly state: PublicRelease; readonly published: Date }

/** Published releases, needs and corrections, newest first; at most 200. Who drafted and approved them stays inside. */
export async function readPublicReleases(sql: Sql | TransactionSql, limit: number): Promise<readonly PublicReleaseView[]> {
  const rows = await sql<Row[]>`
    select r.id, i.title, i.zone, r.state, r.published_at as published from release r join incident i on i.id = r.incident_id
    where r.status = 'published' order by r.published_at desc, r.id limit ${Math.max(0, Math.min(limit, LIMIT_MAX))}`
  return rows.map(({ id, title, zone, state, published }) => ({
    id,
    incidentId: state.incidentId,
    incidentTitle: title,
    jurisdiction: state.jurisdiction,
    zone,
    kind: state.kind,
    title: state.title,
    text: state.text,
    needs: state.needs,
    publishedAt: published.toISOString(),
    organization: state.published?.organization ?? null,
    corrects: state.corrects,
    correctedBy: state.correctedBy,
    toBeCorrected: state.outdated.length > 0 && state.correctedBy === null,
    rumours: state.rumours,
  }))
}
