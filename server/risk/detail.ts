/** GET /api/risks/:id: what whoever stands before it must know within a minute. */
import { standing, type Contact } from '#core/directory/contact.ts'
import type { Words } from '#core/event.ts'
import { risk, riskThing, staleAfter, type Risk, type RiskCommand, type Substance } from '#core/risk.ts'
import type { DangerView, KnowerView, ProvenanceView, RiskDetail } from '#core/view/risk.ts'
import type { TransactionSql } from '../database.ts'
import { readStreams } from '../log.ts'
import { actionsOf, maybe, reference, timelineEntry, type Scene } from '../present.ts'
import { notFound } from '../room.ts'
import { plansFor } from './plans.ts'
import { columns, divisionsOf, riskSummary, type RiskRow } from './view.ts'

const HISTORY_MAX = 200
const INCIDENTS_MAX = 20
const NO_ID = '00000000-0000-7000-8000-000000000000'

type PostRow = { readonly id: string; readonly title: Words; readonly organization_id: string; readonly contacts: readonly Contact[] }
type IncidentRow = { readonly id: string; readonly number: string; readonly title: string; readonly open: boolean }

export async function readRisk(sql: TransactionSql, scene: Scene, id: string, own: string): Promise<RiskDetail> {
  const [row] = await sql<RiskRow[]>`select ${columns(sql)} from risk r where r.id = ${id}`
  if (row === undefined) throw notFound('risk.unknown')
  const { state } = row
  const posts = state.knowers.flatMap(({ post }) => (post === null ? [] : [post]))
  const [[stored], desks, incidents, history, division] = await Promise.all([
    sql<{ store: readonly Substance[] | null }[]>`select s.store from risk_store s where s.id = ${id}`,
    sql<PostRow[]>`select id, title, organization_id, contacts from post where id = any(${posts}::uuid[])`,
    sql<IncidentRow[]>`
      select id, number, title, closed_at is null as open from incident
      where closed_at is null or id = any(${[...state.incidents]}::uuid[])
      order by closed_at is null desc, reported_at desc limit ${INCIDENTS_MAX + state.incidents.length}`,
    readStreams(sql, [`risk/${id}`]),
    divisionsOf(sql, [row]),
  ])
  const storeShown = stored !== undefined
  const seen = new Map(incidents.map((one) => [one.id, one]))
  const by = <T extends { readonly by: string | null }>(one: T) => ({ ...one, by: maybe(scene, one.by) })
  return {
    ...riskSummary(scene, row, division),
    promise: state.promise,
    restricted: state.restricted,
    storeShown,
    store: stored?.store ?? null,
    facts: state.facts,
    provenance: provenanceOf(scene, state),
    knowers: state.knowers.map((one) => knowerView(scene, one, desks, storeShown ? null : own)),
    dangers: state.dangers.map((one) => dangerView(scene, one)),
    inspections: state.inspections.toReversed().map(by),
    checks: state.checks.toReversed().flatMap((one) => {
      const incident = seen.get(one.incidentId)
      return incident === undefined ? [] : [{ ...by(one), incident: incident.title }]
    }),
    plans: plansOf(scene, state),
    rehearsals: state.rehearsals.toReversed().map(by),
    carried: state.carried.toReversed().map(by),
    closing: state.closing === null ? null : by(state.closing),
    incidents: incidents
      .filter(({ open }) => open)
      .slice(0, INCIDENTS_MAX)
      .map(({ id: incident, number, title }) => ({ id: incident, number, title })),
    actions: actionsOf(scene, risk, state, riskThing(state, SAMPLE_CHECK), samples(scene.now, state)),
    history: history.slice(-HISTORY_MAX).map((event) => timelineEntry(scene, event)),
  }
}

/** How old each fact is, by its key. */
function provenanceOf(scene: Scene, state: Risk): Readonly<Record<string, ProvenanceView>> {
  return Object.fromEntries(
    Object.entries(state.provenance).map(([key, one]) => {
      const freshUntil = staleAfter(state, key) ?? one.asOfAt
      return [key, { ...one, freshUntil, stale: freshUntil < scene.now }]
    }),
  )
}

/** `onlyOf`: contacts are shown of this organization's posts alone; null: of all, to whoever may read what is stored there. */
function knowerView(scene: Scene, { post, words }: Risk['knowers'][number], desks: readonly PostRow[], onlyOf: string | null): KnowerView {
  const desk = desks.find(({ id }) => id === post)
  if (desk === undefined) return { post: null, words, contacts: null }
  const shown = onlyOf === null || desk.organization_id === onlyOf
  return {
    post: { id: desk.id, title: desk.title, organization: reference(scene, desk.organization_id) },
    words,
    contacts: shown
      ? desk.contacts.flatMap((one) =>
          one.channel === 'webhook' || one.channel === 'push'
            ? []
            : [
                {
                  channel: one.channel,
                  address: one.address,
                  confirmedAt: one.confirmedAt,
                  standing: standing(one, scene.now),
                  roundTheClock: one.roundTheClock,
                },
              ],
        )
      : null,
  }
}

const dangerView = (scene: Scene, { foundBy, ...one }: Risk['dangers'][number]): DangerView => ({
  ...one,
  foundBy: maybe(scene, foundBy),
  overdue: one.status === 'open' && one.dueAt < scene.now,
})

function plansOf(scene: Scene, state: Risk): RiskDetail['plans'] {
  const covering = new Map(
    state.hazards.flatMap((hazard) => plansFor(scene, hazard, state.jurisdiction)).map((plan) => [plan.id, plan.title]),
  )
  const linked = new Set(state.plans.map(({ plan }) => plan))
  for (const { plan } of state.plans) covering.set(plan, scene.instruments.current(plan)?.instrument?.title ?? { 'zh-CN': plan, en: plan })
  return [...covering].map(([id, title]) => ({ id, title, linked: linked.has(id) }))
}

const SAMPLE_CHECK: RiskCommand = { type: 'risk.check', incidentId: NO_ID, result: 'safe', people: null, text: 'x', sources: [] }

function samples(now: string, { dangers }: Risk): readonly RiskCommand[] {
  const provenance = { source: 'x', asOfAt: now, confidence: 'reported' } as const
  const open = dangers.find(({ status }) => status === 'open')
  const mended = dangers.find(({ status }) => status === 'mended')
  return [
    SAMPLE_CHECK,
    { type: 'risk.confirm', ...provenance },
    { type: 'risk.store', substances: [], ...provenance },
    { type: 'risk.state', facts: [{ key: 'x', text: 'x' }], ...provenance },
    { type: 'risk.inspect', result: 'sound', text: 'x', dangers: [] },
    ...(open === undefined ? [] : [{ type: 'risk.mend', danger: open.id, evidence: 'x' } as const]),
    ...(mended === undefined ? [] : [{ type: 'risk.verify', danger: mended.id, accepted: true, text: 'x' } as const]),
    { type: 'risk.appoint', owner: NO_ID, reason: 'x' },
    { type: 'risk.link-plan', plan: 'x', text: 'x' },
    { type: 'risk.rehearse', plan: null, exerciseId: null, heldAt: now, text: 'x' },
    { type: 'risk.involve', incidentId: NO_ID, reason: 'x' },
    { type: 'risk.close', reason: 'x', evidence: 'x' },
    { type: 'risk.reopen', reason: 'x' },
  ]
}
