/** What a replay says: what was owed and what came of it, times, failures with their figure, and what it did not understand. */
import type { Relations } from '../directory/relations.ts'
import type { Recorded, Words } from '../event.ts'
import type { Incident } from '../incident.ts'
import type { Instrument } from '../instrument.ts'
import { isOpen, type Obligation } from '../obligation.ts'
import { between } from '../time.ts'
import type { Figure } from './figure.ts'
import { latenciesOf } from './latency.ts'
import { oughtToLead, responsesSet, whoWasTold, type OughtToLead, type ResponseSet, type Told } from './leadership.ts'
import { answerTo } from './measure.ts'
import type { Scenario } from './scenario.ts'
import type { Latency } from './span.ts'
import type { Translation } from './translate.ts'

export type { Latency, Point } from './span.ts'

type Named = { readonly id: string; readonly name: Words }

export type ReplayObligation = {
  readonly id: string
  readonly act: Words
  readonly actCode: string
  readonly subject: string | null
  readonly debtor: Named
  readonly creditor: Named
  readonly basis: {
    readonly instrumentId: string
    readonly version: number
    readonly clauseId: string
    readonly article: Words
    readonly title: Words
  } | null
  readonly owedAt: string
  readonly dueAt: string | null
  readonly dischargedAt: string | null
  /** Who brought it, where it was not the debtor, and the evidence's words. */
  readonly deliveredBy: Named | null
  readonly evidence: string | null
  readonly status: 'in-time' | 'late' | 'lapsed' | 'open' | 'waived'
  /** ISO 8601 duration past the deadline at discharge. */
  readonly lateBy: string | null
  readonly limitConfirmed: boolean
  readonly escalatedTo: Named | null
  /** ISO 8601 duration by which it was overdue when the record ends. */
  readonly overdueAtEnd: string | null
}

export type ReplayFailure = {
  readonly id: string
  readonly finding: string
  readonly replayCheck: string
  readonly measure: string
  readonly value: number | null
  readonly unit: string | null
  readonly duration: string | null
  readonly atLeast: string | null
  readonly reason: string | null
  readonly reasonWords: Words | null
  readonly sentence: Words
  /** Further figures that the check's words ask for. */
  readonly others: readonly Omit<Figure, 'reasonWords'>[]
}

export type ReplayReport = {
  readonly schema: 'muster/replay/1'
  readonly scenario: { readonly id: string; readonly title: Words; readonly entries: number; readonly organizations: number }
  readonly jurisdiction: string
  /** The instruments that bound in the replay, with the dates on which they are really in force. */
  readonly pack: readonly {
    readonly id: string
    readonly version: number
    readonly title: Words
    readonly inForceFrom: string
    readonly inForceUntil: string | null
    readonly inForceThen: boolean
  }[]
  readonly counterfactual: true
  readonly assumptions: readonly Words[]
  readonly clock: { readonly from: string; readonly to: string }
  readonly incidents: readonly {
    readonly id: string
    readonly title: string
    readonly severity: number | null
    readonly responseLevel: number | null
    readonly reportedAt: string
    readonly closedAt: string | null
    readonly status: string
  }[]
  readonly obligations: {
    readonly created: number
    readonly dischargedInTime: number
    readonly dischargedLate: number
    /** Past the deadline and never discharged. */
    readonly lapsed: number
    /** Not discharged, and not past a deadline when the record ends. */
    readonly openAtEnd: number
    readonly waived: number
    readonly items: readonly ReplayObligation[]
  }
  readonly latencies: readonly Latency[]
  readonly failures: readonly ReplayFailure[]
  readonly notUnderstood: readonly {
    readonly index: number
    readonly t: string
    readonly actor: string
    readonly action: string
    readonly text: string
    readonly why: string
  }[]
  readonly facts: readonly { readonly index: number; readonly t: string; readonly kind: string; readonly text: string }[]
  /** Commands that the machinery refused, each with its entry. */
  readonly refused: readonly {
    readonly index: number
    readonly command: string
    readonly code: string
    readonly params: Readonly<Record<string, unknown>>
  }[]
  readonly leadership: {
    /** `government`: what it is called, also where the record does not know it. */
    readonly ought: readonly (Omit<OughtToLead, 'organization'> & { readonly organization: Named | null; readonly government: Words })[]
    /** Who led by the record, without a gap; `by` says what made it so. */
    readonly led: readonly {
      readonly organization: Named | null
      readonly by: string
      readonly from: string
      readonly until: string | null
    }[]
  }
  /** When each organization first heard, reported or acted; the earliest first. */
  readonly told: readonly (Omit<Told, 'organization' | 'by'> & { readonly organization: Named; readonly by: Named | null })[]
  readonly responses: readonly (Omit<ResponseSet, 'organization'> & { readonly organization: Named | null })[]
  /** What keeps each phase of the whole process from closing when the record ends. */
  readonly openItems: readonly {
    readonly phase: string
    readonly items: readonly { readonly id: string; readonly act: Words; readonly debtor: Named; readonly dueAt: string | null }[]
  }[]
  /** Clauses that bind but found nobody to owe them. */
  readonly gaps: readonly { readonly instrumentId: string; readonly clauseId: string; readonly party: string; readonly act: Words }[]
}

export type ReportInput = {
  readonly scenario: Scenario
  readonly translation: Translation
  readonly obligations: readonly { readonly id: string; readonly state: Obligation }[]
  readonly incidents: readonly { readonly id: string; readonly state: Incident }[]
  /** Names by id; an organization that is not among them is shown by its id. */
  readonly names: ReadonlyMap<string, Words>
  /** As the pack's files have them, with their real dates; `version` is that of the replay's log. */
  readonly instruments: readonly { readonly version: number; readonly instrument: Instrument }[]
  readonly refused?: ReplayReport['refused']
  /** The incident's own events, in the order of the log, and the directory that they speak of. */
  readonly events: readonly Recorded[]
  readonly relations: Relations
  /** Names of divisions by code. */
  readonly divisions: ReadonlyMap<string, Words>
  /** Computed by the rooms they belong to. */
  readonly led: readonly {
    readonly organization: string | null
    readonly by: string
    readonly from: string
    readonly until: string | null
  }[]
  readonly openItems: readonly { readonly phase: string; readonly items: readonly { readonly id: string; readonly state: Obligation }[] }[]
  /** When the replay's clock stopped, ISO 8601 UTC. */
  readonly end: string
}

/** Reads the report off the states that the replay left. */
export function reportOf(input: ReportInput): ReplayReport {
  const { scenario, translation, incidents, end, instruments } = input
  const latencies = latenciesOf(translation)
  const items = input.obligations
    .map((one) => itemOf(one.id, one.state, input))
    .toSorted((a, b) => (a.owedAt < b.owedAt ? -1 : a.owedAt > b.owedAt ? 1 : a.id < b.id ? -1 : 1))
  const of = (status: ReplayObligation['status']): number => items.filter((one) => one.status === status).length
  const from = translation.steps[0]?.at ?? end
  return {
    schema: 'muster/replay/1',
    scenario: {
      id: scenario.id,
      title: { 'zh-CN': scenario.titleZh, en: scenario.title },
      entries: scenario.entries.length,
      organizations: translation.cast.members.length,
    },
    jurisdiction: translation.territory.code,
    pack: instruments.map(({ version, instrument }) => packOf(version, instrument, from)),
    counterfactual: true,
    assumptions: [...translation.assumptions, ...(instruments.length === 0 ? [] : [AS_IF])],
    clock: { from, to: end },
    incidents: incidents.map(({ id, state: { title, severity, responseLevel, reportedAt, closedAt, status } }) => ({
      id,
      title,
      severity,
      responseLevel,
      reportedAt,
      closedAt,
      status,
    })),
    obligations: {
      created: items.length,
      dischargedInTime: of('in-time'),
      dischargedLate: of('late'),
      lapsed: of('lapsed'),
      openAtEnd: of('open'),
      waived: of('waived'),
      items,
    },
    latencies,
    failures: failuresOf(scenario, translation, latencies),
    notUnderstood: translation.steps.flatMap(({ entry, why, derived }) =>
      why === null || derived
        ? []
        : [{ index: entry.index, t: entry.t, actor: entry.actor, action: entry.action, text: entry.text, why: WHY[why] ?? why }],
    ),
    facts: translation.steps.map((one) => ({
      index: one.index,
      t: one.derived ? one.occurredAt : one.entry.t,
      kind: one.factKind,
      text: one.entry.text,
    })),
    refused: input.refused ?? [],
    ...commandOf(input),
    gaps: incidents.flatMap(({ state }) =>
      state.gaps.map(({ instrumentId, clauseId, party, act }) => ({ instrumentId, clauseId, party, act })),
    ),
  }
}

function commandOf({
  events,
  relations,
  led,
  openItems,
  names,
  divisions,
  translation,
}: ReportInput): Pick<ReplayReport, 'leadership' | 'told' | 'responses' | 'openItems'> {
  const named = (id: string): Named => ({ id, name: names.get(id) ?? { 'zh-CN': id, en: id } })
  const maybe = (id: string | null): Named | null => (id === null ? null : named(id))
  const government = (code: string): Words => {
    const name = divisions.get(code) ?? { 'zh-CN': code, en: code }
    return { 'zh-CN': `${name['zh-CN']}人民政府`, en: `People's Government of ${name.en}` }
  }
  const place = { jurisdiction: translation.territory.code, law: translation.packApplies }
  return {
    leadership: {
      ought: oughtToLead(events, place, relations).map((one) => ({
        ...one,
        organization: maybe(one.organization),
        government: government(one.jurisdiction),
      })),
      led: led.map(({ organization, by, from, until }) => ({ organization: maybe(organization), by, from, until })),
    },
    told: whoWasTold(events).map((one) => ({ ...one, organization: named(one.organization), by: maybe(one.by) })),
    responses: responsesSet(events).map((one) => ({ ...one, organization: maybe(one.organization) })),
    openItems: openItems.map(({ phase, items }) => ({
      phase,
      items: items.map(({ id, state }) => ({ id, act: state.actWords, debtor: named(state.debtor), dueAt: state.dueAt })),
    })),
  }
}

const AS_IF: Words = {
  'zh-CN': '推演假设所列依据当时已经在事发地施行；各依据实际施行日期见列表，责任事项说明“如果当时有此规定”，不是对当时各单位的法律评价。',
  en: 'The replay asks what if the instruments listed had been in force there at the time; the dates on which they really are in force stand with them. What is owed here is no legal judgement of anybody at the time.',
}

const WHY: Readonly<Record<string, string>> = {
  'action-unknown': 'no rule knows this action; it became a fact of the timeline under its own name',
  'level-not-stated': 'it speaks of a response but states no level 1–4; it became a fact of the timeline',
}

const packOf = (version: number, { id, title, inForceFrom, inForceUntil }: Instrument, from: string): ReplayReport['pack'][number] => {
  const day = from.slice(0, 10)
  return { id, version, title, inForceFrom, inForceUntil, inForceThen: inForceFrom <= day && (inForceUntil === null || day < inForceUntil) }
}

function basisOf(basis: Obligation['basis'], instruments: ReportInput['instruments']): ReplayObligation['basis'] {
  if (basis === null) return null
  const { instrumentId, version, clauseId } = basis
  const instrument = instruments.find((one) => one.instrument.id === instrumentId && one.version === version)?.instrument
  const clause = instrument?.clauses.find((one) => one.id === clauseId)
  return {
    ...basis,
    article: clause?.article ?? { 'zh-CN': clauseId, en: clauseId },
    title: instrument?.title ?? { 'zh-CN': instrumentId, en: instrumentId },
  }
}

function itemOf(id: string, state: Obligation, { names, instruments, end }: ReportInput): ReplayObligation {
  const named = (one: string): Named => ({ id: one, name: names.get(one) ?? { 'zh-CN': one, en: one } })
  const rung = state.climbed > 0 ? state.ladder[state.climbed - 1] : undefined
  const overdue = isOpen(state) && state.dueAt !== null && state.dueAt < end ? between(state.dueAt, end) : null
  return {
    id,
    act: state.actWords,
    actCode: state.act,
    subject: state.subject ?? null,
    debtor: named(state.debtor),
    creditor: named(state.creditor),
    basis: basisOf(state.basis, instruments),
    owedAt: state.owedAt,
    dueAt: state.dueAt,
    dischargedAt: state.dischargedAt,
    deliveredBy: state.evidence?.by ? named(state.evidence.by) : null,
    evidence: state.evidence?.text ?? null,
    status: statusOf(state, overdue),
    lateBy: state.lateBy,
    limitConfirmed: state.limitConfirmed,
    escalatedTo: rung === undefined ? null : named(rung.to),
    overdueAtEnd: overdue,
  }
}

function statusOf(state: Obligation, overdue: string | null): ReplayObligation['status'] {
  if (state.status === 'waived') return 'waived'
  if (state.status === 'discharged') return state.lateBy === null ? 'in-time' : 'late'
  return overdue === null ? 'open' : 'lapsed'
}

function failuresOf(scenario: Scenario, translation: Translation, latencies: readonly Latency[]): readonly ReplayFailure[] {
  return scenario.failures.map(({ id, finding, replayCheck }) => {
    const { figure, others } = answerTo(replayCheck, finding, { scenario, translation, latencies })
    return {
      id,
      finding,
      replayCheck,
      ...figure,
      reason: figure.reasonWords?.en ?? null,
      others: others.map(({ reasonWords: _, ...rest }) => rest),
    }
  })
}
