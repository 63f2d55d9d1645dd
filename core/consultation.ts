/**
 * Consultation 会商 before the event: who is asked, who comes, what each says and forecasts, what is concluded and who owes
 * what by it. What one organization says overwrites nothing of another's; what is concluded is only added to.
 * Emergency Response Law art. 62 (assess, consult), 64 (issue), 70 (adjust, lift).
 */
import type { Thing } from './authority.ts'
import {
  PARTICIPANTS_MAX,
  type Asked,
  type Conclusion,
  type ConsultationCommand,
  type ConsultationEvent,
  type Happened,
  type Of,
  type Scenario,
} from './consultation/command.ts'
import { consultationParties, dissentingOf, evolve, latestOf, silentOf, type Consultation } from './consultation/state.ts'
import { refuse, unreachable, type By, type Decider, type Refusal } from './decider.ts'
import { findPastItem } from './item.ts'

export {
  Confidence,
  ConsultationCommand,
  Likelihood,
  Meeting,
  Outcome,
  Stance,
  type Asked,
  type Conclusion,
  type ConsultationEvent,
  type Forecast,
  type Statement,
} from './consultation/command.ts'
export {
  consultationParties,
  dissentingOf,
  latestOf,
  silentOf,
  type Answer,
  type Consultation,
  type ConsultationStatus,
} from './consultation/state.ts'
export {
  consultationFor,
  heldShares,
  isAbout,
  isRequired,
  NEAR,
  type Concerning,
  type HeldShare,
  type Known,
  type WarningSeen,
} from './consultation/held.ts'

type Outcomes = readonly ConsultationEvent[] | Refusal
const ANSWERS_MAX = 1000
const STATEMENTS_MAX = 500
const FORECASTS_MAX = 50
const SUPPLEMENTS_MAX = 200

export const consultation: Decider<Consultation | null, ConsultationCommand, ConsultationEvent> = {
  initial: null,

  decide(state, command, by) {
    if (command.type === 'consultation.convene') return state === null ? convene(command, by) : refuse('consultation.already-convened')
    if (state === null) return refuse('consultation.unknown')
    if (command.type === 'consultation.link') return link(state, command)
    if (command.type === 'consultation.supplement') return supplement(state, command, by)
    if (state.status === 'concluded' || state.status === 'cancelled') {
      // What the linkage brings from a request that was answered late changes nothing any more.
      return by.actor.kind === 'system' && isAnswer(command) ? [] : refuse(`consultation.already-${state.status}`)
    }
    switch (command.type) {
      case 'consultation.invite':
        return invite(state, command)
      case 'consultation.attend':
      case 'consultation.decline':
        return answer(state, command, by)
      case 'consultation.state-view':
        return stateView(state, command, by)
      case 'consultation.attach-forecast':
        return attachForecast(state, command, by)
      case 'consultation.open':
        return state.status === 'under-way' ? [] : [{ type: 'consultation.opened' }]
      case 'consultation.conclude':
        return conclude(state, command, by)
      case 'consultation.cancel':
        return [{ type: 'consultation.cancelled', reason: command.reason, members: state.participants.map((one) => one.organization) }]
      default:
        return unreachable(command)
    }
  },

  evolve,
}

const isAnswer = ({ type }: ConsultationCommand): boolean => type === 'consultation.attend' || type === 'consultation.decline'

/** A post speaks for its own organization, whatever else it says. */
const speaker = (named: string | undefined, by: By): string | null => (by.actor.kind === 'post' ? by.actor.organizationId : (named ?? null))

function findTwice(participants: readonly Asked[], before: readonly Asked[] = []): string | null {
  const known = new Set(before.map((one) => one.organization))
  for (const { organization } of participants) {
    if (known.has(organization)) return organization
    known.add(organization)
  }
  return null
}

function convene(command: Of<'consultation.convene'>, by: By): Outcomes {
  const { type: _, organization, onset = null, ...said } = command
  const convener = speaker(organization, by)
  if (convener === null) return refuse('consultation.nobody-convenes')
  if (said.participants.some((one) => one.organization === convener)) return refuse('consultation.convener-is-there')
  const twice = findTwice(said.participants)
  if (twice !== null) return refuse('consultation.asked-twice', { organization: twice })
  return [{ type: 'consultation.convened', ...said, onset, convener }]
}

function invite(state: Consultation, { participants }: Of<'consultation.invite'>): Outcomes {
  if (participants.some((one) => one.organization === state.convener)) return refuse('consultation.convener-is-there')
  const twice = findTwice(participants, state.participants)
  if (twice !== null) return refuse('consultation.asked-twice', { organization: twice })
  if (state.participants.length + participants.length > PARTICIPANTS_MAX) return refuse('consultation.too-many', { max: PARTICIPANTS_MAX })
  const { title, startsAt: at, jurisdiction, incidentId, convener, basis } = state
  return [{ type: 'consultation.invited', participants, title, at, jurisdiction, incidentId, convener, basis }]
}

const isAsked = (state: Consultation, organization: string | null): organization is string =>
  organization !== null && state.participants.some((one) => one.organization === organization)

function answer(state: Consultation, command: Of<'consultation.attend' | 'consultation.decline'>, by: By): Outcomes {
  const organization = speaker(command.organization, by)
  if (!isAsked(state, organization)) return refuse('consultation.not-asked')
  const last = latestOf(state.answers).get(organization) ?? null
  if (command.type === 'consultation.attend' && last?.answer === 'attends' && (command.who ?? last.who) === last.who) return []
  if (command.type === 'consultation.decline' && last?.answer === 'declines')
    return by.actor.kind === 'system' ? [] : refuse('consultation.already-declined')
  if (state.answers.length >= ANSWERS_MAX) return refuse('consultation.too-many', { max: ANSWERS_MAX })
  return command.type === 'consultation.attend'
    ? [{ type: 'consultation.attended', organization, who: command.who ?? null }]
    : [{ type: 'consultation.declined', organization, reason: command.reason }]
}

/** The convener has a view, too. */
function stateView(state: Consultation, command: Of<'consultation.state-view'>, by: By): Outcomes {
  const { type: _, ...said } = command
  const organization = speaker(said.organization, by)
  if (organization !== state.convener && !isAsked(state, organization)) return refuse('consultation.not-asked')
  if ((said.view === 'issue' || said.view === 'raise' || said.view === 'lower') && said.colour === null && said.level === null)
    return refuse('consultation.colour-missing')
  if (state.statements.length >= STATEMENTS_MAX) return refuse('consultation.too-many', { max: STATEMENTS_MAX })
  return [{ type: 'consultation.view-stated', ...said, organization, byConvener: organization === state.convener }]
}

function attachForecast(state: Consultation, command: Of<'consultation.attach-forecast'>, by: By): Outcomes {
  const { type: _, ...said } = command
  const organization = speaker(said.organization, by)
  if (organization !== state.convener && !isAsked(state, organization)) return refuse('consultation.not-asked')
  if (said.validUntil <= said.validFrom) return refuse('consultation.forecast-ends-before-it-begins')
  const wrong = said.scenarios.findIndex(contradicts)
  if (wrong >= 0) return refuse('consultation.words-contradict-numbers', { scenario: wrong + 1 })
  const crossed = said.scenarios.findIndex(({ quantities }) => quantities.some(({ low, high }) => low > high))
  if (crossed >= 0) return refuse('consultation.range-crossed', { scenario: crossed + 1 })
  if (state.forecasts.length >= FORECASTS_MAX) return refuse('consultation.too-many', { max: FORECASTS_MAX })
  const { incidentId, hazard, title } = state
  return [{ type: 'consultation.forecast-attached', ...said, organization, incidentId, hazard, title }]
}

/** CAP 1.2: likely is more than 50 in a hundred; possible and unlikely are not. */
function contradicts({ likelihood, probability }: Scenario): boolean {
  if (probability === null) return false
  const { low, high } = probability
  if (low > high) return true
  return likelihood === 'likely' ? high <= 50 : (likelihood === 'possible' || likelihood === 'unlikely') && low > 50
}

const NEEDS_COLOUR: ReadonlySet<string> = new Set(['issue', 'raise', 'lower'])

function conclude(state: Consultation, command: Of<'consultation.conclude'>, by: By): Outcomes {
  const { type: _, heldAt: said, ...told } = command
  if (NEEDS_COLOUR.has(told.outcome) && told.colour === null) return refuse('consultation.colour-missing')
  if (told.outcome === 'start-response' && told.level === null) return refuse('consultation.level-missing')
  const stranger = told.present.find((id) => id !== state.convener && !isAsked(state, id))
  if (stranger !== undefined) return refuse('consultation.not-asked', { organization: stranger })
  const present = [...new Set(told.present)].filter((id) => id !== state.convener)
  // Who only talks to himself has consulted nobody.
  const wrote = [...latestOf(state.statements).keys()].filter((id) => id !== state.convener)
  if (present.length === 0 && wrote.length === 0) return refuse('consultation.nobody-heard')
  const past = findPastItem(told.decisions, by.occurredAt)
  if (past !== null) return refuse('decision.due-in-the-past', { item: past })
  const heldAt = state.openedAt ?? said ?? (state.startsAt <= by.occurredAt ? state.startsAt : by.occurredAt)
  if (heldAt > by.occurredAt) return refuse('consultation.held-after-concluded', { heldAt })
  const found = { present, heldAt, wrote, silent: silentOf(state, present), dissenting: dissentingOf(state, told) }
  const conclusion: Conclusion = { ...told, ...found }
  return [{ type: 'consultation.concluded', ...conclusion, ...aboutOf(state) }]
}

const aboutOf = (state: Consultation): Happened<'consultation.linked'>['about'] => ({
  title: state.title,
  hazard: state.hazard,
  jurisdiction: state.jurisdiction,
  incidentId: state.incidentId,
  alertId: state.alertId,
  lead: state.convener,
  members: state.participants.map((one) => one.organization),
  basis: state.basis,
})

/** The incident and the warning that came of it are added once; to another it is never turned. */
function link(state: Consultation, { incidentId, alertId }: Of<'consultation.link'>): Outcomes {
  if (state.status === 'cancelled') return refuse('consultation.already-cancelled')
  const moved = (old: string | null, next: string | null): boolean => old !== null && next !== null && old !== next
  if (moved(state.incidentId, incidentId) || moved(state.alertId, alertId)) return refuse('consultation.already-linked')
  const linked = { incidentId: state.incidentId ?? incidentId, alertId: state.alertId ?? alertId }
  if (linked.incidentId === state.incidentId && linked.alertId === state.alertId) return []
  // What the incident has heard already is not told again.
  const told = state.incidentId !== null
  const forecasts = told ? [] : state.forecasts.map(({ at: _, ...one }) => one)
  const about = { ...aboutOf(state), ...linked }
  return [{ type: 'consultation.linked', ...linked, about, conclusion: told ? null : state.conclusion, forecasts }]
}

function supplement(state: Consultation, command: Of<'consultation.supplement'>, by: By): Outcomes {
  if (state.status !== 'concluded')
    return refuse(state.status === 'cancelled' ? 'consultation.already-cancelled' : 'consultation.not-concluded')
  const organization = speaker(command.organization, by)
  if (organization !== null && organization !== state.convener && !isAsked(state, organization)) return refuse('consultation.not-asked')
  if (state.supplements.length >= SUPPLEMENTS_MAX) return refuse('consultation.too-many', { max: SUPPLEMENTS_MAX })
  return [{ type: 'consultation.supplemented', organization, byConvener: organization === state.convener, text: command.text }]
}

/** `owner`: the convener. Whoever is asked sits in it. */
export function consultationThing(state: Consultation | null, command?: ConsultationCommand): Thing {
  if (state === null) return { jurisdiction: command?.type === 'consultation.convene' ? command.jurisdiction : null, parties: [] }
  const parties = consultationParties(state)
  return { jurisdiction: state.jurisdiction, owner: state.convener, headquarters: { lead: state.convener, members: parties }, parties }
}
