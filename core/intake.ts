import type { Thing } from './authority.ts'
import { refuse, unreachable, type By, type Decider, type Refusal } from './decider.ts'
import { actorFrom, type Stamp } from './event.ts'
import type { Forward, ForwardStatus, IntakeCommand, IntakeEvent, IntakeStatus, Of, Report } from './intake/command.ts'

export * from './intake/code.ts'
export * from './intake/command.ts'
export * from './intake/duplicate.ts'

const ADDITIONS_MAX = 200
const FORWARDS_MAX = 20
const APART_MAX = 100

type Events = readonly IntakeEvent[] | Refusal
type Said = Exclude<IntakeCommand, { type: 'intake.take-down' | 'intake.hear' | 'intake.forget' | 'intake.add' | 'intake.separate' }>

/**
 * A report 来报: anybody reports, and whoever receives it verifies, handles, or passes it on, and never drops it
 * (Emergency Response Law art. 60; Shanghai, linkage regulation art. 31). It becomes part of an incident, is merged into
 * another report, is found unfounded, or is closed; each with who did it, and each but the closing can be taken back.
 */
export const intake: Decider<Report | null, IntakeCommand, IntakeEvent> = {
  initial: null,

  decide(state, command, by) {
    if (command.type === 'intake.take-down') return state === null ? takeDown(command, by) : refuse('intake.already-taken-down')
    if (state === null) return refuse('intake.unknown')
    switch (command.type) {
      case 'intake.hear':
        return hear(state, command)
      case 'intake.add':
        return add(state, command, by)
      case 'intake.forget':
        return forget(state, command)
      case 'intake.separate':
        return state.mergedInto === null
          ? refuse('intake.not-merged')
          : [{ type: 'intake.separated', from: state.mergedInto, reason: command.reason }]
      default:
        if (state.mergedInto !== null) return refuse('intake.already-merged')
        return state.closedAt === null ? person(state, command, by) : refuse('intake.already-closed')
    }
  },

  evolve(state, event, stamp) {
    if (event.type === 'intake.taken-down') return takenState(event, stamp)
    return state === null ? state : evolved(state, event, stamp)
  },
}

/** A phone whose clock is ahead still reports: what cannot have been seen yet was seen when we heard of it. */
function takeDown(command: Of<'intake.take-down'>, by: By): Events {
  const { number, text, place, jurisdiction, hazard, haste, people = null, channel, originalAt, zone } = command
  const handler = by.actor.kind === 'post' ? by.actor.organizationId : command.handler
  if (jurisdiction === undefined) return refuse('intake.no-jurisdiction')
  if (handler === undefined || number === undefined) return refuse('intake.no-handler')
  const clockAhead = originalAt > by.at
  const { contactId = null, codeHash = null, media = [], proposals = [], rowKey = null } = command
  const kept = { contactId, codeHash, media, proposals, rowKey }
  const what = { number, text, place, jurisdiction, hazard, haste, people, channel, zone, handler }
  return [{ type: 'intake.taken-down', ...what, originalAt: clockAhead ? by.at : originalAt, clockAhead, ...kept }]
}

const isReporter = ({ actor }: By): boolean => actor.kind === 'system' && actor.name === 'intake'

/** Whoever has more to say says it at any time; to what was closed, too. */
const add = (state: Report, { text, media = [] }: Of<'intake.add'>, by: By): Events =>
  state.additions.length >= ADDITIONS_MAX
    ? refuse('intake.too-many-additions', { max: ADDITIONS_MAX })
    : [{ type: 'intake.added', text, media, byReporter: isReporter(by) }]

const hear = (state: Report, { obligationId, answer, reason }: Of<'intake.hear'>): Events => {
  const forward = state.forwards.find((one) => one.obligationId === obligationId)
  const open = forward?.status === 'awaiting' || forward?.status === 'accepted'
  return forward === undefined || (!open && answer !== 'accepted') || forward.status === answer
    ? []
    : [{ type: 'intake.answered', obligationId, answer, reason }]
}

const mediaOf = (state: Report): readonly string[] =>
  [...state.media, ...state.additions.flatMap((one) => one.media)].map((one) => one.hash)

function forget(state: Report, { reason }: Of<'intake.forget'>): Events {
  if (state.forgottenAt !== null) return refuse('intake.already-forgotten')
  if (statusOf(state) === 'received' || statusOf(state) === 'forwarded') return refuse('intake.still-needed')
  return [{ type: 'intake.forgotten', reason, contactId: state.contactId, hashes: [...new Set(mediaOf(state))] }]
}

function person(state: Report, command: Said, by: By): Events {
  switch (command.type) {
    case 'intake.verify':
      return state.verification === 'verified' ? refuse('intake.already-verified') : [{ type: 'intake.verified', text: command.text }]
    case 'intake.mark-unfounded':
      if (state.incidentId !== null) return refuse('intake.already-linked')
      return state.verification === 'unfounded'
        ? refuse('intake.already-unfounded')
        : [{ type: 'intake.marked-unfounded', reason: command.reason, discharges: carried(state), releases: waiting(state) }]
    case 'intake.link':
      if (state.verification === 'unfounded') return refuse('intake.already-unfounded')
      return state.incidentId === command.incidentId
        ? []
        : [{ type: 'intake.linked', incidentId: command.incidentId, number: state.number }]
    case 'intake.merge':
      // Who was asked to handle it would look for it in vain: the other one is merged into this.
      return carried(state).length + waiting(state).length > 0
        ? refuse('intake.merge-forwarded')
        : [{ type: 'intake.merged', into: command.into }]
    case 'intake.keep-apart':
      return state.apart.includes(command.from) || state.apart.length >= APART_MAX
        ? []
        : [{ type: 'intake.kept-apart', from: command.from }]
    case 'intake.forward':
      return forward(state, command, by)
    case 'intake.close':
      return awaiting(state) === null
        ? [{ type: 'intake.closed', outcome: command.outcome, text: command.text, discharges: carried(state) }]
        : refuse('intake.awaits-receiver')
    default:
      return unreachable(command)
  }
}

/** The duties to handle it that its handler has taken on and that are done when it is. */
const carried = (state: Report): readonly string[] =>
  state.forwards.filter((one) => one.status === 'accepted').map((one) => one.obligationId)

const waiting = (state: Report): readonly string[] =>
  state.forwards.filter((one) => one.status === 'awaiting').map((one) => one.obligationId)

/** The forwarding that no receiver has answered yet: until one has, the forwarder handles it. */
export const awaiting = (state: Pick<Report, 'forwards'>): Forward | null => state.forwards.find((one) => one.status === 'awaiting') ?? null

function forward(state: Report, command: Of<'intake.forward'>, by: By): Events {
  const { to, reason, beyond, obligationId, basis = null, answerBy = null } = command
  if (obligationId === undefined) return refuse('intake.no-handler')
  if (to === state.handler) return refuse('intake.forwarded-to-handler')
  if (awaiting(state) !== null) return refuse('intake.awaits-receiver')
  if (state.verification === 'unfounded') return refuse('intake.already-unfounded')
  if (state.forwards.length >= FORWARDS_MAX) return refuse('intake.forwarded-too-often', { max: FORWARDS_MAX })
  if (answerBy !== null && answerBy <= by.at) return refuse('intake.answer-in-past')
  const { handler, number, jurisdiction, incidentId } = state
  return [{ type: 'intake.forwarded', from: handler, to, reason, beyond, obligationId, basis, answerBy, number, jurisdiction, incidentId }]
}

const takenState = ({ type: _, ...taken }: Extract<IntakeEvent, { type: 'intake.taken-down' }>, stamp: Stamp): Report => ({
  ...taken,
  enteredAt: stamp.recordedAt,
  takenBy: stamp.actor,
  verification: 'unverified',
  verifiedText: null,
  incidentId: null,
  mergedInto: null,
  apart: [],
  forwards: [],
  additions: [],
  firstHandledAt: null,
  news: false,
  closedAt: null,
  outcome: null,
  outcomeText: null,
  forgottenAt: null,
})

type Later = Exclude<IntakeEvent, { type: 'intake.taken-down' }>

function evolved(state: Report, event: Later, stamp: Stamp): Report {
  const at = stamp.recordedAt
  const handled = { ...state, firstHandledAt: state.firstHandledAt ?? at, news: false }
  switch (event.type) {
    case 'intake.added':
      return added(state, event, stamp)
    case 'intake.verified':
      return { ...handled, verification: 'verified', verifiedText: event.text }
    case 'intake.marked-unfounded':
      return {
        ...settle(settle(handled, event.discharges), event.releases, 'ended'),
        verification: 'unfounded',
        verifiedText: event.reason,
      }
    case 'intake.linked':
      return { ...handled, incidentId: event.incidentId }
    case 'intake.merged':
      return { ...handled, mergedInto: event.into }
    case 'intake.separated':
      return { ...handled, mergedInto: null, apart: [...new Set([...state.apart, event.from])].slice(-APART_MAX) }
    case 'intake.kept-apart':
      return { ...handled, apart: [...state.apart, event.from] }
    case 'intake.forwarded': {
      const { from, to, reason, beyond, obligationId, answerBy } = event
      const made: Forward = {
        from,
        to,
        reason,
        beyond,
        obligationId,
        answerBy,
        at,
        status: 'awaiting',
        answeredAt: null,
        answerReason: null,
      }
      return { ...handled, forwards: [...state.forwards, made] }
    }
    case 'intake.answered':
      return answered(state, event, at)
    case 'intake.closed':
      return { ...settle(handled, event.discharges), closedAt: at, outcome: event.outcome, outcomeText: event.text }
    case 'intake.forgotten':
      return { ...state, forgottenAt: at, contactId: null }
    default:
      return unreachable(event)
  }
}

const settle = (state: Report, which: readonly string[], status: ForwardStatus = 'done'): Report => ({
  ...state,
  forwards: state.forwards.map((one) => (which.includes(one.obligationId) ? { ...one, status } : one)),
})

/** What a reporter writes to a report that was closed or found unfounded opens it again: he would not write if all were well. */
function added(state: Report, { text, media, byReporter }: Extract<Later, { type: 'intake.added' }>, stamp: Stamp): Report {
  const actor = actorFrom(stamp.actor)
  const organization = actor.kind === 'post' ? actor.organizationId : null
  const additions = [...state.additions, { at: stamp.recordedAt, text, byReporter, organization, media }]
  if (!byReporter) return { ...state, additions }
  const verification = state.verification === 'unfounded' ? 'unverified' : state.verification
  return { ...state, additions, verification, news: true, closedAt: null, outcome: null, outcomeText: null }
}

const ANSWERED: Readonly<Record<Of<'intake.hear'>['answer'], ForwardStatus>> = {
  accepted: 'accepted',
  declined: 'declined',
  discharged: 'done',
  ended: 'ended',
}

/** Accepted, it is the receiver's; declined, it is the forwarder's as before; done with evidence, it is closed. */
function answered(state: Report, { obligationId, answer, reason }: Extract<Later, { type: 'intake.answered' }>, at: string): Report {
  const forwards = state.forwards.map((one) =>
    one.obligationId === obligationId ? { ...one, status: ANSWERED[answer], answeredAt: at, answerReason: reason } : one,
  )
  const to = forwards.find((one) => one.obligationId === obligationId)?.to ?? state.handler
  if (answer === 'accepted') return { ...state, forwards, handler: to }
  if (answer !== 'discharged') return { ...state, forwards }
  const closed = state.closedAt === null && state.mergedInto === null
  return { ...state, forwards, handler: to, ...(closed ? { closedAt: at, outcome: 'handled', outcomeText: reason } : {}) }
}

/** In one word; the gravest first. */
export function statusOf(state: Report): IntakeStatus {
  if (state.mergedInto !== null) return 'merged'
  if (state.verification === 'unfounded') return 'unfounded'
  if (state.closedAt !== null) return 'closed'
  if (awaiting(state) !== null) return 'forwarded'
  if (state.incidentId !== null) return 'linked'
  return state.verification === 'verified' ? 'verified' : 'received'
}

/** Nothing was done yet, or what was done came back. */
export const isUnhandled = (state: Report): boolean =>
  state.news ||
  (state.closedAt === null &&
    (state.firstHandledAt === null || (statusOf(state) === 'received' && state.forwards.at(-1)?.status === 'declined')))

/** Who handles it, who took it down, and everybody whom it was passed on by and to. */
export const intakeParties = (state: Report): readonly string[] => {
  const taker = actorFrom(state.takenBy)
  return [
    ...new Set([
      state.handler,
      ...(taker.kind === 'post' ? [taker.organizationId] : []),
      ...state.forwards.flatMap((one) => [one.from, one.to]),
    ]),
  ]
}

/** `owner` is who handles it. */
export const intakeThing = (state: Report | null): Thing =>
  state === null
    ? { jurisdiction: null, parties: [] }
    : { jurisdiction: state.jurisdiction, owner: state.handler, parties: intakeParties(state) }
