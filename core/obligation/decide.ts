import { refuse, unreachable, type By, type Refusal } from '../decider.ts'
import { between } from '../time.ts'
import type { ObligationCommand, ObligationEvent, Of, Parent } from './command.ts'
import { isOpen, type Obligation } from './state.ts'
import { acceptanceEndsAt, answerEndsAt } from './timer.ts'

type Outcome = readonly ObligationEvent[] | Refusal
export type Making = Of<'obligation.owe' | 'obligation.ask' | 'obligation.order' | 'obligation.request'>
type Debtors = Of<
  | 'obligation.accept'
  | 'obligation.decline'
  | 'obligation.discharge'
  | 'obligation.name-doer'
  | 'obligation.report-progress'
  | 'obligation.ask-extension'
  | 'obligation.ask-help'
  | 'obligation.hand-on'
>
type Creditors = Of<
  | 'obligation.confirm'
  | 'obligation.dispute'
  | 'obligation.insist'
  | 'obligation.grant-extension'
  | 'obligation.refuse-extension'
  | 'obligation.waive'
  | 'obligation.note-call'
>
type Times = Of<'obligation.lapse' | 'obligation.escalate' | 'obligation.mark-unanswered' | 'obligation.unaccept' | 'obligation.release'>

const EXTENSIONS_MAX = 20
const HELPERS_MAX = 60
const CALLS_MAX = 100

/** What makes it owed or asks for it. A post speaks for its own organization, whatever else it says. */
export function make(command: Making, by: By): Outcome {
  if (command.type === 'obligation.owe' || command.type === 'obligation.ask') {
    const { type, ...terms } = command
    return terms.debtor === terms.creditor
      ? refuse('obligation.owed-to-oneself')
      : [{ type: type === 'obligation.owe' ? 'obligation.owed' : 'obligation.requested', ...terms }]
  }
  const { type, creditor, ...said } = command
  const asker = by.actor.kind === 'post' ? by.actor.organizationId : null
  const owedTo = creditor ?? asker
  if (owedTo === null) return refuse('obligation.no-creditor')
  if (said.debtor === owedTo || said.debtor === asker) return refuse('obligation.owed-to-oneself')
  if (said.dueAt !== null && said.dueAt <= by.occurredAt) return refuse('obligation.due-passed', { dueAt: said.dueAt })
  if (said.answerBy !== undefined && said.answerBy <= by.occurredAt) return refuse('obligation.due-passed', { dueAt: said.answerBy })
  const order = type === 'obligation.order'
  return [
    {
      type: order ? 'obligation.owed' : 'obligation.requested',
      ...said,
      creditor: owedTo,
      limitConfirmed: true, // who orders or asks sets the deadline himself
      trigger: null,
      ladder: [],
      origin: order ? 'order' : 'request',
      ...(asker === null ? {} : { by: asker }),
    },
  ]
}

/** Who has let the deadline pass says so himself where the clock has not yet. */
const lapse = (state: Obligation, at: string): readonly ObligationEvent[] =>
  state.dueAt !== null && at > state.dueAt && state.lapsedAt === null && state.status !== 'requested'
    ? [{ type: 'obligation.lapsed', dueAt: state.dueAt }]
    : []

const settled = ({ status }: Obligation): Refusal | null =>
  status === 'discharged' ? refuse('obligation.already-discharged') : status === 'waived' ? refuse('obligation.already-waived') : null

/** Taken on, or at least owed: what was only asked for has nobody yet who could negotiate it. */
const running = (state: Obligation): Refusal | null =>
  settled(state) ??
  (state.status === 'requested'
    ? refuse('obligation.not-accepted')
    : state.status === 'declined'
      ? refuse('obligation.already-declined')
      : null)

export function debtorSays(state: Obligation, command: Debtors, by: By): Outcome {
  switch (command.type) {
    case 'obligation.accept':
      return accept(state, command, by)
    case 'obligation.decline':
      return (
        settled(state) ??
        (state.status === 'declined'
          ? refuse('obligation.already-declined')
          : [...lapse(state, by.occurredAt), { type: 'obligation.declined', reason: command.reason }])
      )
    case 'obligation.discharge':
      return settled(state) ?? discharge(state, command, by)
    case 'obligation.name-doer':
      return running(state) ?? [{ type: 'obligation.doer-named', doer: command.doer }]
    case 'obligation.report-progress':
      return running(state) ?? [{ type: 'obligation.progress-reported', text: command.text }]
    case 'obligation.ask-extension':
      return running(state) ?? askExtension(state, command)
    case 'obligation.ask-help':
      return running(state) ?? askHelp(state, command)
    case 'obligation.hand-on':
      return running(state) ?? handOn(state, command)
    default:
      return unreachable(command)
  }
}

function accept(state: Obligation, { note, doer, dueAt }: Of<'obligation.accept'>, by: By): Outcome {
  const over = settled(state)
  if (over) return over
  if (state.status === 'accepted') return refuse('obligation.already-accepted')
  const asked = state.requested === true
  if (dueAt !== undefined && !asked) return refuse('obligation.deadline-is-set')
  const due = dueAt ?? state.dueAt
  // Nobody takes on what is late already: he names a time that he can keep.
  if (asked && state.answeredAt === undefined && due !== null && due <= by.occurredAt)
    return refuse('obligation.due-passed', { dueAt: due })
  return [
    {
      type: 'obligation.accepted',
      note: note ?? null,
      ...(doer === undefined ? {} : { doer }),
      ...(dueAt === undefined || dueAt === state.dueAt ? {} : { dueAt }),
    },
  ]
}

function discharge(state: Obligation, command: Of<'obligation.discharge'>, by: By): Outcome {
  const late =
    state.dueAt !== null && state.status !== 'requested' && by.occurredAt > state.dueAt ? between(state.dueAt, by.occurredAt) : null
  return [
    ...lapse(state, by.occurredAt),
    {
      type: 'obligation.discharged',
      evidence: command.evidence,
      eventPosition: command.eventPosition ?? null,
      deliveredBy: command.deliveredBy ?? null,
      lateBy: late,
    },
  ]
}

function askExtension(state: Obligation, { until, reason }: Of<'obligation.ask-extension'>): Outcome {
  if (state.dueAt === null) return refuse('obligation.no-deadline')
  if (until <= state.dueAt) return refuse('obligation.extension-not-later', { dueAt: state.dueAt })
  return [{ type: 'obligation.extension-asked', until, reason }]
}

const chainOf = (state: Obligation): readonly string[] => [...new Set([state.creditor, ...(state.watchers ?? [])])]

const parentOf = (state: Obligation): Parent => ({
  incidentId: state.incidentId,
  jurisdiction: state.jurisdiction,
  debtor: state.debtor,
  creditor: state.creditor,
  function: state.function,
  act: state.act,
  basis: state.basis,
  dueAt: state.dueAt,
  watchers: chainOf(state),
  objectiveId: state.objectiveId ?? null,
})

function askHelp(state: Obligation, { text, of }: Of<'obligation.ask-help'>): Outcome {
  const helpers = [...new Set(of)]
  if (helpers.includes(state.debtor)) return refuse('obligation.owed-to-oneself')
  if ((state.helpers?.length ?? 0) + helpers.length > HELPERS_MAX) return refuse('obligation.too-many-helpers', { max: HELPERS_MAX })
  return [{ type: 'obligation.help-asked', text, of: helpers, parent: parentOf(state) }]
}

/** A part goes to another; the whole stays with who handed it on, and never comes back to those it came from. */
function handOn(state: Obligation, { to, part, act, dueAt }: Of<'obligation.hand-on'>): Outcome {
  if (to === state.debtor) return refuse('obligation.owed-to-oneself')
  if (chainOf(state).includes(to)) return refuse('obligation.handed-in-a-circle', { to })
  const due = dueAt ?? state.dueAt
  if (state.dueAt !== null && (due === null || due > state.dueAt)) return refuse('obligation.later-than-the-whole', { dueAt: state.dueAt })
  if ((state.helpers?.length ?? 0) >= HELPERS_MAX) return refuse('obligation.too-many-helpers', { max: HELPERS_MAX })
  return [{ type: 'obligation.handed-on', to, part, act: act ?? state.act, dueAt: due, parent: parentOf(state) }]
}

export function creditorSays(state: Obligation, command: Creditors, by: By): Outcome {
  switch (command.type) {
    case 'obligation.confirm':
      return evidenceSeen(state) ?? [{ type: 'obligation.confirmed', note: command.note ?? null }]
    case 'obligation.dispute':
      return evidenceSeen(state) ?? [{ type: 'obligation.disputed', reason: command.reason, evidence: state.evidence?.text ?? '' }]
    case 'obligation.insist':
      return insist(state, command, by)
    case 'obligation.grant-extension':
      return running(state) ?? grant(state, command, by)
    case 'obligation.refuse-extension': {
      if (!state.extension) return refuse('obligation.no-extension-asked')
      return [{ type: 'obligation.extension-refused', until: state.extension.until, reason: command.reason }]
    }
    case 'obligation.note-call': {
      const { way, outcome, text } = command
      if ((state.calls?.length ?? 0) >= CALLS_MAX) return refuse('obligation.too-many-calls', { max: CALLS_MAX })
      const caller = by.actor.kind === 'post' ? by.actor.organizationId : null
      return settled(state) ?? [{ type: 'obligation.called', by: caller, way, outcome, text: text ?? null }]
    }
    case 'obligation.waive':
      return settled(state) ?? [{ type: 'obligation.waived', reason: command.reason }]
    default:
      return unreachable(command)
  }
}

const evidenceSeen = (state: Obligation): Refusal | null =>
  state.status !== 'discharged'
    ? refuse('obligation.not-discharged')
    : state.confirmedAt !== undefined && state.confirmedAt !== null
      ? refuse('obligation.already-confirmed')
      : null

function insist(state: Obligation, { reason, dueAt, answerBy }: Of<'obligation.insist'>, by: By): Outcome {
  if (state.status !== 'declined') return refuse('obligation.not-declined')
  const due = dueAt ?? state.dueAt
  // What was declined in time is not made late by insisting on it afterwards.
  if (state.lapsedAt === null && due !== null && due <= by.occurredAt) return refuse('obligation.due-passed', { dueAt: due })
  return [
    {
      type: 'obligation.insisted',
      reason,
      ...(dueAt === undefined ? {} : { dueAt }),
      ...(answerBy === undefined ? {} : { answerBy }),
    },
  ]
}

function grant(state: Obligation, { until, statutory }: Of<'obligation.grant-extension'>, by: By): Outcome {
  if (statutory !== undefined) return refuse('obligation.limit-is-statutory', { article: statutory })
  if (!state.extension || state.dueAt === null) return refuse('obligation.no-extension-asked')
  if ((state.extensions?.length ?? 0) >= EXTENSIONS_MAX) return refuse('obligation.too-many-extensions', { max: EXTENSIONS_MAX })
  const end = until ?? state.extension.until
  if (end <= state.dueAt || end <= by.occurredAt) return refuse('obligation.extension-not-later', { dueAt: state.dueAt })
  return [{ type: 'obligation.extension-granted', from: state.dueAt, until: end, reason: state.extension.reason }]
}

/** What time and the linkage do: without effect where it does not apply, never refused. */
export function passes(state: Obligation, command: Times, by: By): Outcome {
  switch (command.type) {
    case 'obligation.lapse':
      return isOpen(state) ? lapse(state, by.at) : []
    case 'obligation.escalate':
      return climb(state, command.step, by)
    case 'obligation.mark-unanswered': {
      const end = answerEndsAt(state)
      return end === null || by.at <= end ? [] : [{ type: 'obligation.unanswered', answerBy: end, requested: state.status === 'requested' }]
    }
    case 'obligation.unaccept': {
      const end = acceptanceEndsAt(state)
      const since = state.heardAt ?? state.acceptedAt ?? state.owedAt
      return end === null || by.at <= end ? [] : [{ type: 'obligation.unaccepted', since, every: state.progressEvery ?? '' }]
    }
    case 'obligation.release':
      return isOpen(state) ? [{ type: 'obligation.released', reason: command.reason }] : []
    default:
      return unreachable(command)
  }
}

function climb(state: Obligation, step: number, by: By): Outcome {
  const rung = state.ladder[step]
  if (rung === undefined) return refuse('obligation.no-such-step', { step })
  if (!isOpen(state) || state.lapsedAt === null || step !== state.climbed || by.at < rung.at) return []
  return [{ type: 'obligation.escalated', step, to: rung.to, clauseId: rung.clauseId }]
}

export const isMaking = (command: ObligationCommand): command is Making =>
  command.type === 'obligation.owe' ||
  command.type === 'obligation.ask' ||
  command.type === 'obligation.order' ||
  command.type === 'obligation.request'
