/** Proposals as they are asked for: what waits first, with what became of the warnings begun from them. */
import { fromMs, toMs } from '#core/time.ts'
import type { ProposalDetail, ProposalMeasures, ProposalView } from '#core/view/station.ts'
import type { TransactionSql } from '../database.ts'
import { readStreams } from '../log.ts'
import { divisionNames, timelineEntry, type Scene } from '../present.ts'
import { notFound } from '../room.ts'
import { proposalView, type ProposalRow } from './view.ts'

const PROPOSALS_MAX = 100
const HISTORY_MAX = 200
const MEASURED_MS = 30 * 86_400_000

/** A warning that was discarded before it went out leaves its proposal waiting. */
const COLUMNS = (sql: TransactionSql) => sql`
  p.id, case when a.status = 'discarded' then p.state || '{"status": "proposed"}' else p.state end as state, s.state as station, a.issued_at as "issuedAt",
  case when p.status <> 'proposed' then null else (
    select o.alert_id from proposal o join alert w on w.id = o.alert_id
    where o.hazard = p.hazard and o.jurisdiction = p.jurisdiction and o.id <> p.id and w.status in ('draft', 'submitted', 'in-force')
    order by o.decided_at desc limit 1) end as "besideAlert"`

async function present(sql: TransactionSql, scene: Scene, rows: readonly ProposalRow[]): Promise<readonly ProposalView[]> {
  const nameOf = await divisionNames(
    sql,
    rows.flatMap(({ state }) => state.divisions),
  )
  return rows.map((row) => proposalView(scene, row, nameOf))
}

const GRAVEST_FIRST = ['red', 'orange', 'yellow', 'blue']

export async function readProposals(
  sql: TransactionSql,
  scene: Scene,
  waiting: boolean,
  stationId: string | null = null,
): Promise<readonly ProposalView[]> {
  const waits = sql`(p.status = 'proposed' or a.status = 'discarded')`
  const rows = await sql<ProposalRow[]>`
    select ${COLUMNS(sql)} from proposal p left join station s on s.id = p.station_id left join alert a on a.id = p.alert_id
    where ${waiting ? waits : sql`true`} and ${stationId === null ? sql`true` : sql`p.station_id = ${stationId}`}
    order by ${waits} desc, p.proposed_at desc, p.id limit ${PROPOSALS_MAX}`
  const views = await present(sql, scene, rows)
  const rank = (one: ProposalView): number => (one.status === 'proposed' ? 0 : 1)
  return views.toSorted(
    (a, b) =>
      rank(a) - rank(b) ||
      (rank(a) === 0
        ? GRAVEST_FIRST.indexOf(a.colour) - GRAVEST_FIRST.indexOf(b.colour) || toMs(a.proposedAt) - toMs(b.proposedAt)
        : toMs(b.proposedAt) - toMs(a.proposedAt)),
  )
}

export async function readProposal(sql: TransactionSql, scene: Scene, id: string): Promise<ProposalDetail> {
  const [row] = await sql<ProposalRow[]>`
    select ${COLUMNS(sql)} from proposal p left join station s on s.id = p.station_id left join alert a on a.id = p.alert_id where p.id = ${id}`
  if (row === undefined) throw notFound('proposal.unknown')
  const [view] = await present(sql, scene, [row])
  if (view === undefined) throw notFound('proposal.unknown')
  const history = await readStreams(sql, [`proposal/${id}`])
  const { proof } = row.state.crossed
  return { ...view, proof, steps: row.state.steps, history: history.slice(-HISTORY_MAX).map((event) => timelineEntry(scene, event)) }
}

type Measured = {
  readonly proposals: number
  readonly answered: number
  readonly takenUp: number
  readonly dismissed: number
  readonly toProposalMs: number | null
  readonly toDecisionMs: number | null
  readonly oldest: Date | null
  readonly warnings: number
  readonly proactive: number
}

/** Medians of the last 30 days, and the share of warnings issued here that began from a proposal (S2-03). */
export async function readMeasures(sql: TransactionSql, scene: Pick<Scene, 'now'>): Promise<ProposalMeasures> {
  const since = fromMs(toMs(scene.now) - MEASURED_MS)
  const [row] = await sql<Measured[]>`
    select count(*)::int as proposals, count(*) filter (where p.status <> 'proposed')::int as answered,
      count(*) filter (where p.status = 'taken-up')::int as "takenUp", count(*) filter (where p.status = 'dismissed')::int as dismissed,
      percentile_cont(0.5) within group (order by extract(epoch from
        (p.state -> 'crossed' ->> 'proposedAt')::timestamptz - (p.state -> 'crossed' ->> 'crossedAt')::timestamptz) * 1000) as "toProposalMs",
      percentile_cont(0.5) within group (order by extract(epoch from p.decided_at - p.proposed_at) * 1000) filter (where p.decided_at is not null) as "toDecisionMs",
      min(p.proposed_at) filter (where p.status = 'proposed') as oldest,
      (select count(*)::int from alert a where a.owner is not null and a.msg_type = 'Alert' and a.cap_status = 'Actual' and a.issued_at >= ${since}) as warnings,
      (select count(*)::int from alert a where a.owner is not null and a.msg_type = 'Alert' and a.cap_status = 'Actual' and a.issued_at >= ${since}
        and exists (select from proposal o where o.alert_id = a.id)) as proactive
    from proposal p where p.proposed_at >= ${since}`
  if (row === undefined) throw new Error('an aggregate has one row')
  const { oldest, warnings, proactive, proposals, answered, takenUp, dismissed, toProposalMs, toDecisionMs } = row
  return {
    proposals,
    answered,
    waiting: proposals - answered,
    takenUp,
    dismissed,
    toProposalMs,
    toDecisionMs,
    oldestWaitingMs: oldest === null ? null : Math.max(0, toMs(scene.now) - oldest.getTime()),
    warnings,
    proactive,
    share: warnings === 0 ? null : proactive / warnings,
  }
}
