import type { Thing } from './authority.ts'
import { refuse, unreachable, type By, type Decider, type Refusal } from './decider.ts'
import { actorFrom, type Stamp } from './event.ts'
import { CHECK_WITHIN, CLOSE_WITHIN, takenByTime } from './finding/ladder.ts'
import type { Finding, FindingCommand, FindingEvent, FindingOutcome, FindingTerms, Said } from './finding/command.ts'
import { after, fromMs, toMs } from './time.ts'

export * from './finding/command.ts'
export * from './finding/ladder.ts'

/** Words said to one finding; more belongs into a file. */
const SAID_MAX = 200

type PersonCommand = Exclude<FindingCommand, { type: 'finding.raise' | 'finding.climb' | 'finding.mend' | 'finding.withdraw' }>

/**
 * One missed duty under supervision. Emergency Response Law arts. 95–99 and Order 708 say who orders correction and who
 * is disciplined; that the steps are graded, answerable and verified by another is requirement S1-06 and S4-18.
 */
export const finding: Decider<Finding | null, FindingCommand, FindingEvent> = {
  initial: null,

  decide(state, command, by) {
    if (command.type === 'finding.raise') return raise(state, command, by)
    // What follows from an obligation is told to each finding that it may have, raised or not.
    if (command.type === 'finding.mend')
      return state === null || state.status === 'closed' || state.mendedAt !== null
        ? []
        : [{ type: 'finding.mended', lateBy: command.lateBy }]
    if (command.type === 'finding.withdraw')
      return state === null || state.status === 'closed' ? [] : [{ type: 'finding.withdrawn', cause: command.cause }]
    if (state === null) return refuse('finding.unknown')
    if (command.type === 'finding.climb') return climb(state, command.step, by)
    if (state.status === 'closed') return refuse('finding.already-closed')
    if (state.said.length >= SAID_MAX) return refuse('finding.too-many-words', { max: SAID_MAX })
    return person(state, command, by)
  },

  evolve(state, event, stamp) {
    if (event.type === 'finding.raised') return raisedState(event, stamp)
    return state === null ? state : evolved(state, event, stamp)
  },
}

/**
 * A duty missed is one finding, however often it is heard of; missed again after it was mended or closed, it is the same one
 * opened anew. The reminder goes with it, unless the duty has been done meanwhile (an empty ladder).
 */
function raise(
  state: Finding | null,
  { type: _, ...terms }: Extract<FindingCommand, { type: 'finding.raise' }>,
  by: By,
): readonly FindingEvent[] | Refusal {
  const { ladder, missedAt } = terms
  const [first] = ladder
  const reminder: readonly FindingEvent[] =
    first !== undefined && takenByTime(first.step) && first.at <= by.at
      ? [{ type: 'finding.climbed', index: 0, step: first.step, to: first.to, clauseId: first.clauseId }]
      : []
  if (state === null) return [{ type: 'finding.raised', ...terms }, ...reminder]
  if (missedAt <= state.missedAt) return refuse('finding.already-raised')
  return state.status === 'mended' || state.status === 'closed' ? [{ type: 'finding.reopened', missedAt, ladder }, ...reminder] : []
}

function climb(state: Finding, step: number, by: By): readonly FindingEvent[] {
  if (step !== state.passed) return []
  const due = state.rectification
  if (state.status === 'rectifying' && due !== null)
    return by.at > due.dueAt ? [{ type: 'finding.rectification-lapsed', dueAt: due.dueAt }, ...next(state)] : []
  const stage = state.ladder[state.passed]
  return state.status === 'open' && stage !== undefined && by.at >= stage.at ? next(state) : []
}

function next(state: Finding): readonly FindingEvent[] {
  const stage = state.ladder[state.passed]
  if (stage === undefined) return []
  const { step, to, clauseId } = stage
  const index = state.passed
  return takenByTime(step) ? [{ type: 'finding.climbed', index, step, to, clauseId }] : [{ type: 'finding.measure-due', index, step, to }]
}

const reached = (state: Finding, step: Finding['ladder'][number]['step']): boolean =>
  state.ladder.some((stage) => stage.step === step && stage.reachedAt !== null)
const has = (state: Finding, what: Said['what']): boolean => state.said.some((one) => one.what === what)

function person(state: Finding, command: PersonCommand, by: By): readonly FindingEvent[] | Refusal {
  switch (command.type) {
    case 'finding.urge':
      return state.status === 'objected' ? refuse('finding.objected') : [{ type: 'finding.urged', text: command.text }]
    case 'finding.answer':
      return [{ type: 'finding.answered', text: command.text }]
    case 'finding.interview':
      return measure(state, reached(state, 'superior') || reached(state, 'interview'), { type: 'finding.interviewed', text: command.text })
    case 'finding.propose-sanction':
      return measure(state, has(state, 'interviewed') || reached(state, 'sanction'), {
        type: 'finding.sanction-proposed',
        text: command.text,
        article: command.article,
      })
    case 'finding.object':
      return object(state, command.reason, by)
    case 'finding.check':
      return check(state, command, by)
    case 'finding.order-rectification':
      if (state.status === 'objected') return refuse('finding.objected')
      if (state.status === 'rectified') return refuse('finding.awaits-verification')
      return command.dueAt <= by.at
        ? refuse('finding.due-in-past', { dueAt: command.dueAt })
        : [{ type: 'finding.rectification-ordered', text: command.text, dueAt: command.dueAt }]
    case 'finding.rectify':
      if (state.status === 'rectified') return refuse('finding.awaits-verification')
      return state.status === 'objected' ? refuse('finding.objected') : [{ type: 'finding.rectified', evidence: command.evidence }]
    case 'finding.verify':
      return state.status === 'rectified' || state.status === 'mended'
        ? [{ type: 'finding.verified', accepted: command.accepted, text: command.text }]
        : refuse('finding.nothing-to-verify')
    case 'finding.close':
      return state.status === 'objected' ? refuse('finding.objected') : [{ type: 'finding.closed', reason: command.reason }]
    default:
      return unreachable(command)
  }
}

/** Graded: no measure before its step was reached, none while an objection is open. */
function measure(state: Finding, ripe: boolean, event: FindingEvent): readonly FindingEvent[] | Refusal {
  if (state.status === 'objected') return refuse('finding.objected')
  return ripe ? [event] : refuse('finding.step-not-reached')
}

/** Once against each step: what was checked and dismissed is not objected to again until something new was done. */
function object(state: Finding, reason: string, by: By): readonly FindingEvent[] | Refusal {
  if (state.status === 'objected') return refuse('finding.already-objected')
  const measures = state.said.filter((one) => one.what !== 'answered' && one.what !== 'objected' && one.what !== 'checked')
  const lastAt = measures.at(-1)?.at ?? ''
  if (state.objection !== null && state.objection.stage === state.passed && lastAt <= state.objection.at)
    return refuse('finding.already-checked')
  return [{ type: 'finding.objected', reason, checkDueAt: after(by.at, CHECK_WITHIN[state.gravity]) }]
}

/** Who urged, interviewed or ordered in it is a party, and no third one. */
function check(state: Finding, command: Extract<FindingCommand, { type: 'finding.check' }>, by: By): readonly FindingEvent[] | Refusal {
  if (state.status !== 'objected') return refuse('finding.no-objection')
  const organization = by.actor.kind === 'post' ? by.actor.organizationId : null
  return organization !== null && state.said.some((one) => one.organization === organization && one.what !== 'checked')
    ? refuse('authority.not-a-third-party')
    : [{ type: 'finding.checked', outcome: command.outcome, text: command.text }]
}

function raisedState(terms: FindingTerms, stamp: Stamp): Finding {
  const { obligationId, incidentId, jurisdiction, subject, creditor, supervisor, kind, gravity, basis, actWords, missedAt } = terms
  return {
    obligationId,
    incidentId,
    jurisdiction,
    subject,
    creditor,
    supervisor,
    kind,
    gravity,
    basis,
    actWords,
    missedAt,
    status: 'open',
    outcome: null,
    raisedAt: stamp.recordedAt,
    ladder: terms.ladder.map(({ step, at, to, clauseId }) => ({ step, at, to, clauseId, reachedAt: null })),
    passed: 0,
    heldAt: null,
    objection: null,
    rectification: null,
    mendedAt: null,
    lateBy: null,
    dueAt: after(stamp.recordedAt, CLOSE_WITHIN[gravity]),
    closedAt: null,
    verifiedBy: null,
    said: [],
  }
}

type Later = Exclude<FindingEvent, { type: 'finding.raised' }>

function evolved(state: Finding, event: Later, stamp: Stamp): Finding {
  const at = stamp.recordedAt
  const said = (what: Said['what'], text: string): Pick<Finding, 'said'> => {
    const actor = actorFrom(stamp.actor)
    const organization = actor.kind === 'post' ? actor.organizationId : null
    return { said: [...state.said, { what, organization, at, text, stage: state.passed }] }
  }
  switch (event.type) {
    case 'finding.reopened':
      return {
        ...raisedState({ ...state, missedAt: event.missedAt, ladder: [...event.ladder] }, stamp),
        said: state.said,
      }
    case 'finding.climbed':
    case 'finding.measure-due': {
      const ladder = state.ladder.map((stage, i) => (i === event.index ? { ...stage, reachedAt: at } : stage))
      return { ...state, ladder, passed: event.index + 1 }
    }
    case 'finding.mended': {
      const held = state.heldAt ?? at
      const status = state.status === 'open' ? 'mended' : state.status
      return { ...state, status, heldAt: held, mendedAt: stamp.occurredAt, lateBy: event.lateBy }
    }
    case 'finding.withdrawn':
      return closed(state, event.cause, at)
    case 'finding.urged':
      return { ...state, ...said('urged', event.text) }
    case 'finding.answered':
      return { ...state, ...said('answered', event.text) }
    case 'finding.interviewed':
      return { ...state, ...said('interviewed', event.text) }
    case 'finding.sanction-proposed':
      return { ...state, ...said('sanction-proposed', `${event.article}\n${event.text}`) }
    case 'finding.objected': {
      const objection = { reason: event.reason, at, checkDueAt: event.checkDueAt, stage: state.passed }
      return { ...state, ...said('objected', event.reason), status: 'objected', heldAt: state.heldAt ?? at, objection }
    }
    case 'finding.checked':
      return event.outcome === 'upheld'
        ? { ...closed(state, 'objection-upheld', at), ...said('checked', event.text) }
        : { ...goOn(state, at), ...said('checked', event.text) }
    case 'finding.rectification-ordered': {
      const rectification = { text: event.text, dueAt: event.dueAt, lapsedAt: null }
      const held = state.heldAt ?? at
      return { ...state, ...said('ordered', event.text), status: 'rectifying', heldAt: held, rectification, dueAt: event.dueAt }
    }
    case 'finding.rectification-lapsed': {
      const rectification = state.rectification === null ? null : { ...state.rectification, lapsedAt: event.dueAt }
      return { ...moved(state, at), status: 'open', rectification }
    }
    case 'finding.rectified':
      return { ...state, ...said('rectified', event.evidence), status: 'rectified', heldAt: state.heldAt ?? at }
    case 'finding.verified': {
      const words = said('verified', event.text)
      if (event.accepted) return { ...closed(state, 'verified', at), ...words, verifiedBy: words.said.at(-1)?.organization ?? null }
      return { ...goOn({ ...state, mendedAt: null, lateBy: null }, at), ...words }
    }
    case 'finding.closed':
      return { ...closed(state, 'closed', at), ...said('closed', event.reason) }
    default:
      return unreachable(event)
  }
}

const closed = (state: Finding, outcome: FindingOutcome, at: string): Finding => ({
  ...state,
  status: 'closed',
  outcome,
  closedAt: at,
  heldAt: null,
})

/** Back to where it stood before: to the rectification if its deadline is to come, to waiting if the duty was done, else up the ladder. */
function goOn(state: Finding, at: string): Finding {
  if (state.mendedAt !== null) return { ...state, status: 'mended' }
  const { rectification } = state
  if (rectification !== null && rectification.lapsedAt === null && rectification.dueAt > at) return { ...state, status: 'rectifying' }
  return { ...moved(state, at), status: 'open' }
}

/** The clock goes again: steps to come are put off by the time that it stood. */
function moved(state: Finding, at: string): Finding {
  if (state.heldAt === null) return state
  const stood = Math.max(0, toMs(at) - toMs(state.heldAt))
  const put = (instant: string): string => fromMs(toMs(instant) + stood)
  return {
    ...state,
    heldAt: null,
    ladder: state.ladder.map((stage, i) => (i < state.passed ? stage : { ...stage, at: put(stage.at) })),
  }
}

export type FindingTimer = { readonly at: string; readonly command: Extract<FindingCommand, { type: 'finding.climb' }> }

/** What time alone will do to it next. A deadline is still met at its very instant. */
export function nextFindingTimer(state: Finding | null): FindingTimer | null {
  if (state === null) return null
  const command = { type: 'finding.climb', step: state.passed } as const
  if (state.status === 'rectifying' && state.rectification !== null) return { at: fromMs(toMs(state.rectification.dueAt) + 1), command }
  const stage = state.status === 'open' ? state.ladder[state.passed] : undefined
  return stage === undefined ? null : { at: stage.at, command }
}

/** Who is named in it: subject, creditor, supervisor, and the superiors that it has climbed to. */
export const findingParties = (state: Finding): readonly string[] => [
  ...new Set([
    state.subject,
    state.creditor,
    state.supervisor,
    ...state.ladder.filter((stage) => stage.reachedAt !== null).map((stage) => stage.to),
  ]),
]

/** `debtor` is the subject, `owner` the supervisor. */
export const findingThing = (state: Finding | null): Thing =>
  state === null
    ? { jurisdiction: null, parties: [] }
    : {
        jurisdiction: state.jurisdiction,
        debtor: state.subject,
        creditor: state.creditor,
        owner: state.supervisor,
        parties: findingParties(state),
      }
