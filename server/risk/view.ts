/** From the rows of the register to what is shown of them. */
import type { Words } from '#core/event.ts'
import { contentsOf, gapsAt, metresBetween, type Point, type Risk, type RiskGap } from '#core/risk.ts'
import type { RiskSummary } from '#core/view/risk.ts'
import type { TransactionSql } from '../database.ts'
import { divisionNames, maybe, type Division, type Scene } from '../present.ts'
import { plansFor } from './plans.ts'

export type RiskRow = {
  readonly id: string
  readonly name: Words
  readonly address: string
  readonly gaps: readonly RiskGap[]
  readonly fresh_until: Date
  readonly due_at: Date | null
  readonly dangers_open: number
  readonly rehearsed_at: Date | null
  readonly registered_at: Date
  readonly state: Risk
}
/** What every list reads; a part of a statement, to stand between `select` and `from risk r`. */
export const columns = (sql: TransactionSql) => sql`
  r.id, r.name, r.address, r.gaps, r.fresh_until, r.due_at, r.dangers_open, r.rehearsed_at, r.registered_at, r.state`

export const divisionsOf = (sql: TransactionSql, rows: readonly RiskRow[]): Promise<(code: string) => Division> =>
  divisionNames(
    sql,
    rows.map(({ state }) => state.jurisdiction),
  )

/** `from`: the point that was asked for. */
export function riskSummary(scene: Scene, row: RiskRow, division: (code: string) => Division, from: Point | null = null): RiskSummary {
  const { state } = row
  const { place } = state
  const cover = state.hazard !== null && plansFor(scene, state.hazard, state.jurisdiction).length === 0 ? 'none' : 'plan'
  const facts = {
    kind: state.kind,
    hazard: state.hazard,
    status: state.status,
    lasting: row.gaps,
    freshUntil: row.fresh_until.toISOString(),
    dueAt: row.due_at?.toISOString() ?? null,
    rehearsedAt: row.rehearsed_at?.toISOString() ?? null,
  }
  return {
    id: row.id,
    kind: state.kind,
    siteKind: state.siteKind,
    hazard: state.hazard,
    hazards: state.hazards,
    name: state.name,
    address: row.address,
    jurisdiction: division(state.jurisdiction),
    point: place === null ? null : { lon: place.lon, lat: place.lat, accuracy: place.accuracy ?? null },
    owner: maybe(scene, state.owner),
    regulator: maybe(scene, state.regulator),
    responder: maybe(scene, state.responder),
    status: state.status,
    people: state.people,
    contents: contentsOf(row.gaps, state),
    gaps: gapsAt(facts, scene.now, cover),
    freshUntil: facts.freshUntil,
    dueAt: facts.dueAt,
    dangersOpen: row.dangers_open,
    metres: from === null || place === null ? null : Math.round(metresBetween(from, place)),
  }
}
