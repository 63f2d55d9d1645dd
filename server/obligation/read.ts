/** Obligations as the asker may see them: lists, one with its chain and history, whether he may order or only ask. */
import { may, type Thing } from '#core/authority.ts'
import type { Recorded } from '#core/event.ts'
import { obligation, obligationThing, type Obligation, type ObligationCommand } from '#core/obligation.ts'
import { militaryRefusal } from '#core/obligation/military.ts'
import type { AskingView, ChainLink, ObligationDetail } from '#core/view/obligation.ts'
import type { ActionView, ObligationView } from '#core/view.ts'
import { idFrom } from '../clock.ts'
import type { Sql, TransactionSql } from '../database.ts'
import { findAt, readStreams } from '../log.ts'
import { actionsOf, maybe, obligationView, reference, timelineEntry, type ObligationRow, type Scene } from '../present.ts'
import { aboutAsking, statutoryOf } from './prepare.ts'

const LIST_MAX = 200
const HISTORY_MAX = 200
const CHAIN_MAX = 200
const DEPTH_MAX = 20

export type ObligationFilter = {
  /** Still open and due before this instant. */
  readonly openDueBefore?: string
  readonly debtor?: string
  readonly creditor?: string
  readonly incident?: string
  readonly objective?: string
  /** `requested`: asked for and not answered; `unbased`: resting on no clause. */
  readonly status?: 'open' | 'late' | 'done' | 'requested' | 'declined' | 'unbased' | 'all'
  readonly limit?: number
}

/** Obligations that the asker may see, most urgent first, at most 200. */
export async function readObligations(sql: TransactionSql, scene: Scene, filter: ObligationFilter): Promise<readonly ObligationView[]> {
  const { openDueBefore, debtor, creditor, incident, objective, status = 'all', limit = LIST_MAX } = filter
  const inState = {
    all: sql`true`,
    open: sql`o.open`,
    late: sql`(o.open and o.lapsed_at is not null)`,
    done: sql`not o.open`,
    requested: sql`o.status = 'requested'`,
    declined: sql`o.status = 'declined'`,
    unbased: sql`not o.based`,
  }[status]
  const conditions = [
    openDueBefore === undefined ? sql`true` : sql`(o.open and o.due_at <= ${openDueBefore})`,
    debtor === undefined ? sql`true` : sql`o.debtor = ${debtor}`,
    creditor === undefined ? sql`true` : sql`o.creditor = ${creditor}`,
    incident === undefined ? sql`true` : sql`o.incident_id = ${incident}`,
    objective === undefined ? sql`true` : sql`o.objective_id = ${objective}`,
    inState,
  ]
  const where = conditions.reduce((all, one) => sql`${all} and ${one}`)
  const rows = await sql<ObligationRow[]>`
    select o.id, i.title, o.state from obligation o left join incident i on i.id = o.incident_id
    where ${where} order by o.open desc, o.due_at nulls last, o.id limit ${Math.min(limit, LIST_MAX)}`
  return rows.map((row) => obligationView(scene, row))
}

const SAMPLE = 'x'
const ID = '00000000-0000-7000-8000-000000000000'
const FAR = '9999-12-31T00:00:00.000Z'

/** One command of each kind, tried without effect: what the page offers. */
const samples = (statutory: Awaited<ReturnType<typeof statutoryOf>>): readonly ObligationCommand[] => [
  { type: 'obligation.accept', dueAt: FAR },
  { type: 'obligation.accept' },
  { type: 'obligation.discharge', evidence: SAMPLE },
  { type: 'obligation.decline', reason: SAMPLE },
  { type: 'obligation.name-doer', doer: { postId: null, words: SAMPLE } },
  { type: 'obligation.report-progress', text: SAMPLE },
  { type: 'obligation.ask-extension', until: FAR, reason: SAMPLE },
  { type: 'obligation.ask-help', text: SAMPLE, of: [ID] },
  { type: 'obligation.hand-on', to: ID, part: SAMPLE },
  { type: 'obligation.confirm' },
  { type: 'obligation.dispute', reason: SAMPLE },
  { type: 'obligation.insist', reason: SAMPLE, dueAt: FAR },
  { type: 'obligation.grant-extension', until: FAR, ...(statutory === null ? {} : { statutory }) },
  { type: 'obligation.refuse-extension', reason: SAMPLE },
  { type: 'obligation.waive', reason: SAMPLE },
  { type: 'obligation.link', objectiveId: ID },
]

/** Of two ways to say the same command, the one that is allowed. */
function offered(actions: readonly ActionView[]): readonly ActionView[] {
  const byCommand = new Map<string, ActionView>()
  for (const action of actions) if (byCommand.get(action.command)?.refusal !== null) byCommand.set(action.command, action)
  return [...byCommand.values()]
}

export async function readObligation(sql: TransactionSql, scene: Scene, id: string): Promise<ObligationDetail | null> {
  const [row] = await sql<ObligationRow[]>`
    select o.id, i.title, o.state from obligation o left join incident i on i.id = o.incident_id where o.id = ${id}`
  if (!row) return null
  const { state } = row
  if (state.basis !== null) await scene.instruments.load([state.basis])
  const [history, trigger, chain, findings, statutory] = await Promise.all([
    readStreams(sql, [`obligation/${id}`]),
    state.trigger === null ? null : findAt(sql, state.trigger.position),
    readChain(sql, scene, id),
    readFindings(sql, id),
    statutoryOf(state, scene.instruments),
  ])
  const view = obligationView(scene, row)
  return {
    ...view,
    ...saidOf(scene, state),
    actions: offered(actionsOf(scene, obligation, state, obligationThing(state), samples(statutory))),
    clause: state.basis === null ? null : scene.instruments.clause(state.basis),
    chain,
    findings,
    triggeredBy: state.trigger === null ? null : { ...state.trigger, summary: summaryOf(trigger) },
    history: history.slice(-HISTORY_MAX).map((event) => timelineEntry(scene, event)),
  }
}

/** What the two sides have said about it, as it stands. */
const saidOf = (scene: Scene, state: Obligation) => ({
  evidence: state.evidence === null ? null : { ...state.evidence, by: maybe(scene, state.evidence.by) },
  declineReason: state.declineReason,
  waiveReason: state.waiveReason,
  disputeReason: state.disputed?.reason ?? null,
  progress: state.progress ?? null,
  progressEvery: state.progressEvery ?? null,
  extension: state.extension ?? null,
  extensions: (state.extensions ?? []).map(({ from, until, reason, at }) => ({ from, until, reason, at })),
  form: state.form ?? null,
  gravity: state.gravity ?? null,
  ladder: state.ladder.map((rung, i) => ({ at: rung.at, to: reference(scene, rung.to), done: i < state.climbed })),
})

/** The whole that it is a part of, and all parts of that; only what the asker sees. Empty where it stands alone. */
async function readChain(sql: TransactionSql, scene: Scene, id: string): Promise<readonly ChainLink[]> {
  const rows = await sql<{ id: string; state: Obligation }[]>`
    with recursive up as (
      select id, parent_id, 0 as depth from obligation where id = ${id}
      union all select o.id, o.parent_id, up.depth + 1 from obligation o join up on o.id = up.parent_id where up.depth < ${DEPTH_MAX}
    ), down as (
      (select id, 0 as depth from up order by up.depth desc limit 1)
      union all select o.id, down.depth + 1 from obligation o join down on o.parent_id = down.id where down.depth < ${DEPTH_MAX}
    )
    select o.id, o.state from obligation o where o.id in (select id from down) order by o.owed_at, o.id limit ${CHAIN_MAX}`
  if (rows.length < 2) return []
  return rows.map(({ id: own, state }) => ({
    id: own,
    parentId: state.parentId ?? null,
    act: state.actWords,
    debtor: reference(scene, state.debtor),
    creditor: reference(scene, state.creditor),
    status: state.status,
    origin: state.origin ?? 'clause',
    dueAt: state.dueAt,
    lapsed: state.lapsedAt !== null,
  }))
}

const FINDING_KINDS = ['lapsed', 'unanswered', 'silent']

/** What supervision has recorded about it: a finding's id is made from the obligation and what was missed. */
async function readFindings(sql: TransactionSql, id: string): Promise<readonly string[]> {
  const ids = FINDING_KINDS.map((kind) => idFrom(`finding|${id}|${kind}`))
  const rows = await sql<{ id: string }[]>`select id from finding where id = any(${ids}) order by id`
  return rows.map((row) => row.id)
}

function summaryOf(event: Recorded | null): string {
  const data = (event?.data ?? {}) as Readonly<Record<string, unknown>>
  const text = data.text ?? data.part ?? data.summary ?? data.title ?? ''
  return typeof text === 'string' ? text : ''
}

/** Whether the asker may order the organization at this instant or only request it; in exercises nobody does either. */
export async function readAsking(
  sql: Sql,
  scene: Scene,
  asked: { readonly incidentId: string | null; readonly debtor: string },
): Promise<AskingView | null> {
  const { actor } = scene.doer
  const own = actor.kind === 'post' ? scene.relations.find(actor.organizationId) : null
  const debtor = scene.relations.find(asked.debtor)
  const about = await aboutAsking(sql, asked)
  if (own === null || debtor === null || about === null) return null
  const thing: Thing = {
    ...about,
    jurisdiction: about.jurisdiction ?? null,
    debtor: asked.debtor,
    parties: asked.incidentId === null ? [own.id] : about.parties,
  }
  const action = (command: string): ActionView => {
    const no = may(scene.doer, command, thing, scene.relations)
    return { command, refusal: no === null ? null : { code: no.code, params: no.params } }
  }
  const military = debtor.sector === 'military' && own.sector !== 'military'
  return {
    order: action('obligation.order'),
    request: action('obligation.request'),
    military,
    sameLevel: !military || militaryRefusal(own, debtor, SIX)?.code !== 'obligation.military-not-same-level',
  }
}

/** A complete form, to ask what else stands against the request. */
const SIX = {
  type: 'military',
  harmType: SAMPLE,
  time: FAR,
  place: SAMPLE,
  harm: SAMPLE,
  measures: SAMPLE,
  strength: SAMPLE,
} as const
