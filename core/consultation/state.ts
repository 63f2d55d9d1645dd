import { unreachable, type Decider } from '../decider.ts'
import type { Asked, Conclusion, ConsultationCommand, ConsultationEvent, Convened, Forecast, Statement } from './command.ts'

export type ConsultationStatus = 'planned' | 'under-way' | 'concluded' | 'cancelled'

export type Answer = {
  readonly organization: string
  readonly answer: 'attends' | 'declines'
  readonly reason: string | null
  readonly who: string | null
  readonly at: string
}
export type Timed<T> = T & { readonly at: string }
export type Consultation = Omit<Convened, 'participants' | 'at'> & {
  readonly status: ConsultationStatus
  /** The planned start. */
  readonly startsAt: string
  readonly participants: readonly (Asked & { readonly askedAt: string })[]
  /** Every answer in the order in which it came; the last of an organization counts. */
  readonly answers: readonly Answer[]
  /** Every view in the order in which it came; the last of an organization counts, the earlier ones stay. */
  readonly statements: readonly Timed<Statement>[]
  readonly forecasts: readonly Timed<Forecast>[]
  readonly convenedAt: string
  readonly openedAt: string | null
  readonly conclusion: Conclusion | null
  /** When it was concluded or cancelled. */
  readonly endedAt: string | null
  readonly cancelReason: string | null
  readonly supplements: readonly { readonly organization: string | null; readonly text: string; readonly at: string }[]
}

type Evolve = Decider<Consultation | null, ConsultationCommand, ConsultationEvent>['evolve']

export const evolve: Evolve = (state, event, { occurredAt: at }) => {
  if (event.type === 'consultation.convened') {
    const { type: _, at: startsAt, participants, ...said } = event
    const nothing = {
      answers: [],
      statements: [],
      forecasts: [],
      supplements: [],
      openedAt: null,
      conclusion: null,
      endedAt: null,
      cancelReason: null,
    }
    return {
      ...said,
      ...nothing,
      status: 'planned',
      startsAt,
      participants: participants.map((one) => ({ ...one, askedAt: at })),
      convenedAt: at,
    }
  }
  if (state === null) return state
  switch (event.type) {
    case 'consultation.invited':
      return { ...state, participants: [...state.participants, ...event.participants.map((one) => ({ ...one, askedAt: at }))] }
    case 'consultation.attended': {
      const { organization, who } = event
      return { ...state, answers: [...state.answers, { organization, answer: 'attends', reason: null, who, at }] }
    }
    case 'consultation.declined': {
      const { organization, reason } = event
      return { ...state, answers: [...state.answers, { organization, answer: 'declines', reason, who: null, at }] }
    }
    case 'consultation.view-stated': {
      const { type: _, byConvener: __, ...said } = event
      return { ...state, statements: [...state.statements, { ...said, at }] }
    }
    case 'consultation.forecast-attached': {
      const { type: _, incidentId: __, hazard: ___, title: ____, ...said } = event
      return { ...state, forecasts: [...state.forecasts, { ...said, at }] }
    }
    case 'consultation.opened':
      return { ...state, status: 'under-way', openedAt: at }
    case 'consultation.concluded': {
      const { minutes, outcome, colour, level, reason, present, decisions, heldAt, wrote, silent, dissenting } = event
      const conclusion = { minutes, outcome, colour, level, reason, present, decisions, heldAt, wrote, silent, dissenting }
      return { ...state, status: 'concluded', conclusion, openedAt: heldAt, endedAt: at }
    }
    case 'consultation.cancelled':
      return { ...state, status: 'cancelled', cancelReason: event.reason, endedAt: at }
    case 'consultation.linked':
      return { ...state, incidentId: event.incidentId, alertId: event.alertId }
    case 'consultation.supplemented':
      return { ...state, supplements: [...state.supplements, { organization: event.organization, text: event.text, at }] }
    default:
      return unreachable(event)
  }
}

/** What each organization said last. */
export const latestOf = <T extends { readonly organization: string }>(said: readonly T[]): ReadonlyMap<string, T> =>
  new Map(said.map((one) => [one.organization, one]))

/** Asked, and neither came nor declined nor wrote. */
export function silentOf(
  state: Pick<Consultation, 'participants' | 'answers' | 'statements'>,
  present: readonly string[],
): readonly string[] {
  const said = new Set([...present, ...state.answers.map((one) => one.organization), ...state.statements.map((one) => one.organization)])
  return state.participants.map((one) => one.organization).filter((id) => !said.has(id))
}

/**
 * Those whose last view was another than what is concluded: another course, or the same to another colour. To start the
 * response says nothing about the warning: there, who named another level dissents, and who saw nothing to warn of.
 */
export function dissentingOf(
  state: Pick<Consultation, 'statements'>,
  { outcome, colour, level }: Pick<Conclusion, 'outcome' | 'colour' | 'level'>,
): readonly string[] {
  if (outcome === 'start-response')
    return [...latestOf(state.statements).values()]
      .filter((one) => one.level === null || one.level !== level)
      .filter((one) => one.level !== null || one.view === 'lift' || one.view === 'none')
      .map((one) => one.organization)
  return [...latestOf(state.statements).values()]
    .filter((one) => one.view !== outcome || (one.colour !== null && colour !== null && one.colour !== colour))
    .map((one) => one.organization)
}

export const consultationParties = (state: Pick<Consultation, 'convener' | 'participants'>): readonly string[] => [
  ...new Set([state.convener, ...state.participants.map((one) => one.organization)]),
]
