/** GET /api/risks/coverage: what the register leaves open, with the one thing to do next for each item. */
import { z } from 'zod/mini'
import { fromMs, toMs, durationMs } from '#core/time.ts'
import { DivisionCode } from '#core/place.ts'
import { rehearsedWithin, RISK_GAPS, RiskKind, type RiskGap } from '#core/risk.ts'
import type { RiskCoverageView } from '#core/view/risk.ts'
import type { TransactionSql } from '../database.ts'
import type { Scene } from '../present.ts'
import { within } from './list.ts'
import { plansFor } from './plans.ts'
import { columns, divisionsOf, riskSummary, type RiskRow } from './view.ts'

const SHOWN_MAX = 200
/** Pairs of hazard and territory: some dozens of hazards in the counties of a province. */
const PAIRS_MAX = 5000

export const CoverageQuery = z.object({
  gap: z.optional(z.enum(RISK_GAPS)),
  kind: z.optional(RiskKind),
  jurisdiction: z.optional(DivisionCode),
})
type CoverageQuery = z.infer<typeof CoverageQuery>

/** Every open item with at least one gap, what is overdue first. */
export async function readCoverage(
  sql: TransactionSql,
  scene: Scene,
  { gap, kind, jurisdiction }: CoverageQuery,
): Promise<RiskCoverageView> {
  const scope = sql`r.open and ${kind === undefined ? sql`true` : sql`r.kind = ${kind}`} and ${jurisdiction === undefined ? sql`true` : within(sql, jurisdiction)}`
  const { uncovered, unrehearsed } = await planGaps(sql, scene)
  const holds = (one: RiskGap) =>
    one === 'stale'
      ? sql`r.fresh_until < ${scene.now}`
      : one === 'danger-overdue'
        ? sql`r.due_at < ${scene.now}`
        : one === 'no-plan'
          ? uncovered
          : one === 'not-rehearsed'
            ? unrehearsed
            : sql`r.gaps @> ${[one]}`
  const timely = (['danger-overdue', 'stale', 'no-plan', 'not-rehearsed'] as const).map(holds).reduce((all, one) => sql`${all} or ${one}`)
  const wanted = gap === undefined ? sql`(r.gaps <> '{}' or ${timely})` : holds(gap)
  const [rows, [total], ...counts] = await Promise.all([
    sql<RiskRow[]>`
      select ${columns(sql)} from risk r where ${scope} and ${wanted}
      order by r.due_at < ${scene.now} desc nulls last, r.fresh_until, r.id limit ${SHOWN_MAX + 1}`,
    sql<{ count: number }[]>`select count(*)::int as count from risk r where ${scope}`,
    ...RISK_GAPS.map((one) => sql<{ count: number }[]>`select count(*)::int as count from risk r where ${scope} and ${holds(one)}`),
  ])
  const shown = rows.slice(0, SHOWN_MAX)
  const division = await divisionsOf(sql, shown)
  return {
    open: total?.count ?? 0,
    counts: Object.fromEntries(RISK_GAPS.map((one, i) => [one, counts[i]?.[0]?.count ?? 0])) as Record<RiskGap, number>,
    rows: shown.map((row) => riskSummary(scene, row, division)),
    more: rows.length > SHOWN_MAX,
  }
}

/** Of hazards alone: those for which no plan in force is found where they lie, and those whose plan was not rehearsed in time. */
async function planGaps(sql: TransactionSql, scene: Scene) {
  const pairs = await sql<{ hazard: string; jurisdiction: string }[]>`
    select distinct r.hazard, r.jurisdiction from risk r where r.open and r.kind = 'hazard' order by 1, 2 limit ${PAIRS_MAX}`
  const bare = pairs.filter(({ hazard, jurisdiction }) => plansFor(scene, hazard, jurisdiction).length === 0)
  const covered = pairs.filter((pair) => !bare.includes(pair))
  const since = (hazard: string): string => fromMs(toMs(scene.now) - durationMs(rehearsedWithin(hazard)))
  const among = (list: typeof bare) =>
    sql`(r.hazard, r.jurisdiction) in (select * from unnest(${list.map((one) => one.hazard)}::text[], ${list.map((one) => one.jurisdiction)}::text[]))`
  const uncovered = sql`(r.kind = 'hazard' and ${among(bare)})`
  const unrehearsed = sql`(r.kind = 'hazard' and exists (
    select 1 from unnest(${covered.map((one) => one.hazard)}::text[], ${covered.map((one) => one.jurisdiction)}::text[], ${covered.map((one) => since(one.hazard))}::timestamptz[]) c (hazard, jurisdiction, since)
    where c.hazard = r.hazard and c.jurisdiction = r.jurisdiction and (r.rehearsed_at is null or r.rehearsed_at < c.since)))`
  return { uncovered, unrehearsed }
}
