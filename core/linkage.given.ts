/** A district, a burning plant and who stands above whom: what the tests of the linkage begin with. */
import { Relations, type OrganizationEntry } from './directory/relations.ts'
import { actorText, type Actor, type Recorded } from './event.ts'
import { incident as decider, type Incident, type IncidentEvent } from './incident.ts'
import type { DutyClause, EscalationClause, Instrument } from './instrument.ts'
import { Obligations, Rules, type InForce, type LinkageView, type Reaction } from './linkage.ts'
import { obligation, type Obligation } from './obligation.ts'

export const words = (text: string) => ({ 'zh-CN': text, en: text })
export const AT = '2026-07-01T08:00:00.000Z'
export const INCIDENT = 'the-incident'

export const entry = (
  id: string,
  jurisdiction: string | null,
  superior: string | null,
  ...functions: readonly string[]
): OrganizationEntry => ({
  id,
  name: words(id),
  sector: 'government',
  kind: 'government',
  functions,
  jurisdiction,
  superior,
  verified: true,
})
// The plant and its crew burn in a district of a municipality; the chains meet in the State Council.
export const ENTRIES = [
  entry('state', '100000', null, 'government'),
  entry('tianjin', '120000', 'state', 'government'),
  entry('binhai', '120116', 'tianjin', 'government'),
  entry('binhai-health', '120116', 'binhai', 'health'),
  entry('binhai-fire', '120116', 'tianjin-fire', 'fire-rescue'),
  entry('port-fire', '120116', 'port', 'fire-rescue'),
  entry('tianjin-fire', '120000', 'state'),
  entry('port', '120116', 'tianjin'),
  entry('plant', null, 'port'),
  entry('plant-crew', null, 'plant'),
  entry('charity', null, null, 'society'),
  entry('hebei', '130000', 'state', 'government'),
]

export const common = { article: words('第一条'), words: words('x'), wording: 'summary' } as const
export const duty = (more: Partial<DutyClause> = {}): DutyClause => ({
  ...common,
  id: 'report',
  kind: 'duty',
  function: 'reporting',
  when: [{ event: 'incident.reported' }],
  once: 'incident',
  owes: 'unit-involved',
  to: 'government',
  act: 'report',
  actWords: words('报告'),
  limit: { within: 'PT1H', confirmed: true, source: words('第493号令') },
  evidence: [{ event: 'sitrep.filed' }],
  ...more,
})
export const climb = (more: Partial<EscalationClause> = {}): EscalationClause => ({
  ...common,
  id: 'supervise',
  kind: 'escalation',
  of: 'all',
  steps: [{ after: 'PT30M', to: 'debtor@superior', confirmed: false }],
  ...more,
})
export const law = (clauses: Instrument['clauses'], more: Partial<Instrument> = {}): InForce => {
  const id = more.id ?? 'law'
  return {
    id,
    version: 1,
    instrument: {
      schema: 'muster/instrument/1',
      id,
      kind: 'law',
      title: words('法'),
      jurisdiction: '100000',
      issuer: words('x'),
      citation: words('x'),
      inForceFrom: '2024-11-01',
      inForceUntil: null,
      source: words('x'),
      higher: [],
      demonstration: false,
      clauses,
      ...more,
    },
  }
}

export const REPORTED: IncidentEvent = {
  type: 'incident.reported',
  number: '2026-120116-0001',
  title: '仓库起火',
  place: null,
  jurisdiction: '120116',
  hazard: 'fire',
  class: 'accident',
  unitInvolved: 'plant',
  text: 'x',
  zone: 'Asia/Shanghai',
  reportedBy: 'binhai-fire',
}
export const incidentWith = (...events: readonly IncidentEvent[]): Incident => {
  const state = [REPORTED, ...events].reduce<Incident | null>(
    (was, event) => decider.evolve(was, event, { occurredAt: AT, recordedAt: AT, actor: 'system/setup', commandId: '' }),
    decider.initial,
  )
  if (state === null) throw new Error('no state')
  return state
}

export type Situation = {
  readonly incident?: Incident
  readonly obligations?: readonly (readonly [id: string, state: Obligation])[]
  readonly entries?: readonly OrganizationEntry[]
  readonly laws?: readonly InForce[]
  readonly reach?: LinkageView['reach']
  readonly alerts?: LinkageView['alerts']
}
export function view(
  laws: readonly InForce[],
  { incident = incidentWith(), obligations = [], entries = ENTRIES, reach = null, alerts = [] }: Situation = {},
): LinkageView {
  return {
    incident,
    relations: new Relations(entries),
    rules: new Rules(laws),
    obligations: new Obligations(obligations.map(([id, state]) => ({ id, state }))),
    objectives: [],
    reach,
    alerts,
    instrument: ({ instrumentId }) => laws.find((one) => one.id === instrumentId)?.instrument ?? null,
    idFrom: (text) => text,
    clause: (basis) =>
      laws.find((one) => one.id === basis.instrumentId)?.instrument.clauses.find((one) => one.id === basis.clauseId) ?? null,
  }
}

let positions = 0
/** An event of the log as `by` did it; `at` is when it happened. */
export function event<Data extends { readonly type: string }>(
  data: Data,
  {
    by = 'binhai-fire',
    position = String(++positions),
    at = AT,
    stream = `incident/${INCIDENT}`,
  }: { by?: string | Actor; position?: string; at?: string; stream?: string } = {},
): Recorded {
  const { type, ...said } = data
  const actor = typeof by === 'string' ? ({ kind: 'post', postId: `${by}-duty`, organizationId: by } as const) : by
  return {
    position,
    stream,
    version: 1,
    type,
    data: said,
    commandId: 'x',
    actor: actorText(actor),
    basis: null,
    incidentId: INCIDENT,
    occurredAt: at,
    recordedAt: at,
  }
}
export const reported = (more: Parameters<typeof event>[1] = {}): Recorded => event(REPORTED, more)
export const noted = (kind: string, more: object = {}, how: Parameters<typeof event>[1] = {}): Recorded =>
  event({ type: 'incident.noted', kind, text: 'x', target: [], ...more }, how)
export const filed = (from: string, to: string | null, how: Parameters<typeof event>[1] = {}): Recorded =>
  event({ type: 'sitrep.filed', incidentId: INCIDENT, kind: 'initial', from, to, summary: '伤 3 人', facts: [] }, how)

export const owes = (reactions: readonly Reaction[]) =>
  reactions.flatMap(({ command }) => (command.type === 'obligation.owe' ? [command] : []))
export const pairs = (reactions: readonly Reaction[]): readonly string[] => owes(reactions).map((one) => `${one.debtor} → ${one.creditor}`)
export const gaps = (reactions: readonly Reaction[]): readonly string[] =>
  reactions.flatMap(({ command }) => (command.type === 'incident.mark-gap' ? [`${command.clauseId} ${command.party}`] : []))
export const discharged = (reactions: readonly Reaction[]): readonly string[] =>
  reactions.flatMap(({ id, command }) => (command.type === 'obligation.discharge' ? [id] : []))

/** What was made owed, as the decider keeps it. */
export function owedState(reaction: Reaction, ...more: readonly Parameters<typeof obligation.evolve>[1][]): readonly [string, Obligation] {
  if (reaction.command.type !== 'obligation.owe') throw new Error(`not owed: ${reaction.command.type}`)
  const { type: _, ...terms } = reaction.command
  const first = { type: 'obligation.owed', ...terms } as const
  const state = [first, ...more].reduce<Obligation | null>(
    (was, one) => obligation.evolve(was, one, { occurredAt: AT, recordedAt: AT, actor: 'system/linkage', commandId: '' }),
    null,
  )
  if (state === null) throw new Error('no state')
  return [reaction.id, state]
}
export function first(reactions: readonly Reaction[]): Reaction {
  const [reaction] = reactions
  if (reaction === undefined) throw new Error('nothing followed')
  return reaction
}
