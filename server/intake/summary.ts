import { actorFrom } from '#core/event.ts'
import { awaiting, isUnhandled, proposalsFor, statusOf, type Proposal, type Report } from '#core/intake.ts'
import type { IntakeSummary, ProposalView } from '#core/view/intake.ts'
import type { TransactionSql } from '../database.ts'
import { maybe, reference, type Scene } from '../present.ts'
import { candidatesFor } from './candidates.ts'

export type ReportRow = { readonly id: string; readonly state: Report; readonly incidentNumber: string | null }

const TEXT_MAX = 300

export function summaryOf(scene: Scene, { id, state, incidentNumber }: ReportRow): IntakeSummary {
  const taker = actorFrom(state.takenBy)
  const { incidentId } = state
  return {
    id,
    number: state.number,
    status: statusOf(state),
    verification: state.verification,
    channel: state.channel,
    haste: state.haste,
    hazard: state.hazard,
    text: [...state.text].slice(0, TEXT_MAX).join(''),
    people: state.people,
    place: state.place,
    originalAt: state.originalAt,
    enteredAt: state.enteredAt,
    zone: state.zone,
    handler: reference(scene, state.handler),
    takenBy: taker.kind === 'post' ? reference(scene, taker.organizationId) : null,
    awaiting: maybe(scene, awaiting(state)?.to),
    unhandled: isUnhandled(state),
    news: state.news,
    proposed: state.mergedInto === null ? state.proposals.filter((one) => !state.apart.includes(one.id)).length : 0,
    media: state.forgottenAt === null ? state.media.length : 0,
    incident: incidentId === null || incidentNumber === null ? null : { id: incidentId, number: incidentNumber },
    mergedInto: state.mergedInto,
  }
}

export async function readSummaries(sql: TransactionSql, scene: Scene, ids: readonly string[]): Promise<readonly IntakeSummary[]> {
  if (ids.length === 0) return []
  const rows = await sql<ReportRow[]>`
    select i.id, i.state, n.number as "incidentNumber" from intake i left join incident n on n.id = i.incident_id
    where i.id = any(${[...ids]}::uuid[]) order by i.entered_at, i.id`
  return rows.map((row) => summaryOf(scene, row))
}

/** Proposals as far as the asker may see the reports that they name. */
export async function proposalViews(sql: TransactionSql, scene: Scene, found: readonly Proposal[]): Promise<readonly ProposalView[]> {
  const rows = await readSummaries(
    sql,
    scene,
    found.map((one) => one.id),
  )
  const byId = new Map(rows.map((one) => [one.id, one]))
  return found.flatMap(({ id, degree, reasons }) => {
    const report = byId.get(id)
    return report === undefined ? [] : [{ degree, reasons, report }]
  })
}

/** What a report may be the same as now, whichever came first; what a person told apart is left out. */
export async function likeReports(sql: TransactionSql, scene: Scene, { id, state }: ReportRow): Promise<readonly ProposalView[]> {
  const of = { id, text: state.text, place: state.place, hazard: state.hazard, at: state.originalAt }
  const all = await candidatesFor(sql, of, state.jurisdiction)
  const candidates = all.filter((one) => !state.apart.includes(one.id) && !one.apart.includes(id))
  return proposalViews(sql, scene, proposalsFor(of, candidates))
}
