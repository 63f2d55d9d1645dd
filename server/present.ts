/** From what is kept to what is shown: the shapes of core/view.ts, for one asker. */
import { may, type Doer } from '#core/authority.ts'
import { Refusal, refuse, type By, type Decider } from '#core/decider.ts'
import type { Relations } from '#core/directory/relations.ts'
import { actorFrom, type Recorded, type Words } from '#core/event.ts'
import { everLapsed, isOpen, obligation, obligationThing, type Basis, type Obligation } from '#core/obligation.ts'
import { divisionPath } from '#core/place.ts'
import type { ActionView, BasisView, ObligationView, OrganizationRef, TimelineEntry } from '#core/view.ts'
import type { TransactionSql } from './database.ts'
import type { Instruments } from './instrument.ts'

const NOBODY: Words = { 'zh-CN': '未登记单位', en: 'unregistered organization' }

/** Everything that a page needs besides its own rows, read once for a request. */
export type Scene = {
  readonly relations: Relations
  readonly instruments: Instruments
  readonly doer: Doer
  readonly now: string
  /** Posts and divisions by id and code: small tables, read where a page shows them. */
  readonly titles: ReadonlyMap<string, Words>
  /** In an exercise's world nobody may act, whoever he is. */
  readonly readOnly: boolean
}

export function reference(scene: Pick<Scene, 'relations'>, id: string): OrganizationRef {
  const found = scene.relations.find(id)
  return { id, name: found?.name ?? NOBODY, verified: found?.verified ?? false }
}
export const maybe = (scene: Pick<Scene, 'relations'>, id: string | null | undefined): OrganizationRef | null =>
  id === null || id === undefined ? null : reference(scene, id)

export function basisView({ instruments }: Pick<Scene, 'instruments'>, basis: Basis, limitConfirmed: boolean): BasisView {
  const file = instruments.find(basis.instrumentId, basis.version)
  const unknown = { 'zh-CN': basis.clauseId, en: basis.clauseId }
  return {
    instrumentId: basis.instrumentId,
    instrumentVersion: basis.version,
    clauseId: basis.clauseId,
    instrumentTitle: file?.title ?? { 'zh-CN': basis.instrumentId, en: basis.instrumentId },
    article: instruments.clause(basis)?.article ?? unknown,
    limitConfirmed,
  }
}

const SAMPLE = 'x'
const OBLIGATION_ACTIONS = [
  { type: 'obligation.accept' },
  { type: 'obligation.discharge', evidence: SAMPLE },
  { type: 'obligation.decline', reason: SAMPLE },
  { type: 'obligation.confirm' },
  { type: 'obligation.waive', reason: SAMPLE },
] as const

/** What the asker may do now, and why not the rest: authority first, then the thing's own law, tried without effect. */
export function actionsOf<S, C extends { readonly type: string }, E>(
  scene: Scene,
  decider: Decider<S, C, E>,
  state: S,
  thing: Parameters<typeof may>[2],
  samples: readonly C[],
): readonly ActionView[] {
  const by: By = { actor: scene.doer.actor, at: scene.now, occurredAt: scene.now, commandId: '00000000-0000-7000-8000-000000000000' }
  return samples.map((command) => {
    const outcome = scene.readOnly
      ? refuse('exercise.read-only')
      : (may(scene.doer, command.type, thing, scene.relations) ?? decider.decide(state, command, by))
    return { command: command.type, refusal: outcome instanceof Refusal ? { code: outcome.code, params: outcome.params } : null }
  })
}

/** `title`: the incident's, null in ordinary times. */
export type ObligationRow = { readonly id: string; readonly title: string | null; readonly state: Obligation }

export function obligationView(scene: Scene, { id, title, state }: ObligationRow): ObligationView {
  const climbedTo = state.climbed > 0 ? state.ladder[state.climbed - 1]?.to : undefined
  return {
    id,
    incidentId: state.incidentId,
    incidentTitle: title,
    act: state.actWords,
    actCode: state.act,
    function: state.function,
    debtor: reference(scene, state.debtor),
    creditor: reference(scene, state.creditor),
    status: state.status,
    origin: state.origin ?? 'clause',
    by: maybe(scene, state.by),
    lapsed: everLapsed(state),
    owedAt: state.owedAt,
    dueAt: state.dueAt,
    acceptedAt: state.acceptedAt ?? null,
    dischargedAt: state.dischargedAt,
    confirmedAt: state.confirmedAt ?? null,
    lateBy: state.lateBy,
    answerBy: state.answeredAt || !isOpen(state) ? null : (state.answerBy ?? null),
    unansweredAt: state.unansweredAt ?? null,
    disputed: state.disputed !== undefined && state.disputed !== null && isOpen(state),
    extensionUntil: state.extension?.until ?? null,
    doer: state.doer?.words ?? null,
    parentId: state.parentId ?? null,
    objectiveId: state.objectiveId ?? null,
    releaseReason: state.releaseReason ?? null,
    round: state.round ?? null,
    basis: state.basis === null ? null : basisView(scene, state.basis, state.limitConfirmed),
    escalatedTo: maybe(scene, climbedTo),
    actions: actionsOf(scene, obligation, state, obligationThing(state), OBLIGATION_ACTIONS),
  }
}

export function timelineEntry(scene: Pick<Scene, 'relations' | 'titles'>, event: Recorded): TimelineEntry {
  const actor = actorFrom(event.actor)
  return {
    position: event.position,
    type: event.type,
    stream: event.stream,
    occurredAt: event.occurredAt,
    recordedAt: event.recordedAt,
    actor: {
      kind: actor.kind,
      organization: actor.kind === 'post' ? reference(scene, actor.organizationId) : null,
      title: actor.kind === 'post' ? (scene.titles.get(actor.postId) ?? null) : null,
      system: actor.kind === 'system' ? actor.name : null,
    },
    basis: event.basis,
    data: withNames(scene, event.data as Readonly<Record<string, unknown>>),
  }
}

/** Events as a page shows them; those of an obligation with the act that it is about, which only its first event says. */
export async function timelineEntries(sql: TransactionSql, scene: Scene, events: readonly Recorded[]): Promise<readonly TimelineEntry[]> {
  const ids = [
    ...new Set(events.filter((event) => event.stream.startsWith('obligation/')).map((event) => event.stream.slice('obligation/'.length))),
  ]
  const rows =
    ids.length === 0
      ? []
      : await sql<{ id: string; actWords: Words }[]>`select id, state -> 'actWords' as "actWords" from obligation where id = any(${ids})`
  const acts = new Map(rows.map((row) => [`obligation/${row.id}`, row.actWords]))
  return events.map((event) => {
    const entry = timelineEntry(scene, event)
    const actWords = acts.get(event.stream)
    return actWords === undefined ? entry : { ...entry, data: { ...entry.data, actWords } }
  })
}

/** Organization ids in an event's data, beside their names, so that no page has to fetch the directory to read a line. */
function withNames(scene: Pick<Scene, 'relations'>, data: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const names: Record<string, Words> = {}
  for (const value of Object.values(data).flat()) {
    const found = typeof value === 'string' && value.length === 36 ? scene.relations.find(value) : null
    if (found) names[found.id] = found.name
  }
  return Object.keys(names).length === 0 ? data : { ...data, names }
}

export type Division = { readonly code: string; readonly name: Words }

/** A division with its name; one that the package does not list is shown by its code. */
export async function divisionNames(sql: TransactionSql, codes: readonly string[]): Promise<(code: string) => Division> {
  const wanted = [...new Set(codes.flatMap((code) => divisionPath(code)))]
  const rows = await sql<Division[]>`select code, name from jurisdiction where code = any(${wanted})`
  const byCode = new Map(rows.map((row) => [row.code, row]))
  return (code) => byCode.get(code) ?? { code, name: { 'zh-CN': code, en: code } }
}

/** Most urgent first: late before due, nearest deadline first, undated last. */
export const byUrgency = (a: ObligationView, b: ObligationView): number =>
  (a.dueAt ?? '9').localeCompare(b.dueAt ?? '9') || a.owedAt.localeCompare(b.owedAt)
