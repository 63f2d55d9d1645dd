/** Consultations as the server answers and the pages show them. */
import type { HeldShare } from '../consultation.ts'
import type { Words } from '../event.ts'
import type { Colour, Level } from '../level.ts'
import type { ActionView, BasisView, ObligationStatus, ObligationView, OrganizationRef, TimelineEntry } from '../view.ts'

export type ConsultationStatus = 'planned' | 'under-way' | 'concluded' | 'cancelled'
export type StanceName = 'issue' | 'raise' | 'hold' | 'lower' | 'lift' | 'none'
export type OutcomeName = StanceName | 'start-response'
export type Place = { readonly code: string; readonly name: Words }

export type ConsultationSummary = {
  readonly id: string
  readonly title: string
  readonly hazard: string
  readonly jurisdiction: Place
  /** Considered; null: the question is open. */
  readonly colour: Colour | null
  readonly concluded: Colour | null
  readonly outcome: OutcomeName | null
  readonly status: ConsultationStatus
  readonly how: 'room' | 'video' | 'phone'
  readonly startsAt: string
  readonly convenedAt: string
  readonly heldAt: string | null
  readonly concludedAt: string | null
  readonly endedAt: string | null
  /** Of the warning that came of it, else as it was said. */
  readonly onset: string | null
  /** Onset less conclusion, ISO 8601; negative where it was concluded too late. */
  readonly lead: string | null
  readonly convener: OrganizationRef
  readonly asked: number
  readonly tookPart: number
  readonly incidentId: string | null
  readonly incidentTitle: string | null
  readonly alertId: string | null
  readonly zone: string | null
  /** Whether the asker may read what was said; else only that there is one. */
  readonly inside: boolean
  /** The asker's own part in it. */
  readonly mine: 'convener' | 'asked' | 'answered' | null
}
/** A warning in force that has no consultation yet. */
export type OwedConsultation = {
  readonly incidentId: string
  readonly title: string
  readonly jurisdiction: Place
  readonly hazard: string
  readonly colour: Colour
  readonly at: string
  readonly state: 'called' | 'missing'
}
/** GET /api/consultations?incident= */
export type ConsultationsView = {
  readonly consultations: readonly ConsultationSummary[]
  readonly shares: readonly HeldShare[]
  readonly owed: readonly OwedConsultation[]
  /** More lie further back. */
  readonly left: boolean
}

export type ViewShown = {
  readonly organization: OrganizationRef
  readonly view: StanceName
  readonly colour: Colour | null
  readonly level: Level | null
  readonly confidence: 'high' | 'medium' | 'low'
  readonly text: string
  readonly at: string
  /** The organization has said something else since. */
  readonly replaced: boolean
}
export type ParticipantView = {
  readonly organization: OrganizationRef
  readonly asked: string
  readonly function: string | null
  readonly askedAt: string
  readonly answer: 'attends' | 'declines' | null
  readonly reason: string | null
  readonly who: string | null
  readonly answeredAt: string | null
  /** As the convener saw it; null until it is concluded. */
  readonly present: boolean | null
  /** Its last view. */
  readonly view: ViewShown | null
  readonly dissents: boolean
  readonly silent: boolean
  readonly request: { readonly id: string; readonly status: ObligationStatus } | null
}
export type ScenarioView = {
  readonly name: string
  readonly likelihood: 'observed' | 'likely' | 'possible' | 'unlikely' | 'unknown'
  readonly probability: { readonly low: number; readonly high: number } | null
  readonly text: string
  readonly quantities: readonly { readonly what: string; readonly low: number; readonly high: number; readonly unit: string }[]
}
export type ForecastView = {
  readonly organization: OrganizationRef
  readonly validFrom: string
  readonly validUntil: string
  readonly divisions: readonly Place[]
  readonly source: string
  readonly scenarios: readonly ScenarioView[]
  readonly at: string
}
export type ItemView = {
  readonly debtor: OrganizationRef
  readonly act: Words
  readonly function: string
  readonly dueAt: string
}
export type ConclusionView = {
  readonly minutes: string
  readonly outcome: OutcomeName
  readonly colour: Colour | null
  readonly level: Level | null
  readonly reason: string
  readonly heldAt: string
}
export type ConsultationDetail = {
  readonly questions: readonly string[]
  readonly basis: BasisView | null
  readonly participants: readonly ParticipantView[]
  /** The convener's own last view. */
  readonly ownView: ViewShown | null
  /** Every view in the order in which it came. */
  readonly views: readonly ViewShown[]
  readonly forecasts: readonly ForecastView[]
  readonly conclusion: ConclusionView | null
  readonly items: readonly ItemView[]
  /** What the items became. */
  readonly obligations: readonly ObligationView[]
  readonly cancelReason: string | null
  readonly supplements: readonly { readonly organization: OrganizationRef | null; readonly text: string; readonly at: string }[]
  /** Who said what when, as the log has it. */
  readonly record: readonly TimelineEntry[]
  readonly actions: readonly ActionView[]
}
/** GET /api/consultations/:id; `detail` is null for whoever may know only that there is one. */
export type ConsultationView = ConsultationSummary & { readonly detail: ConsultationDetail | null }

/** GET /api/consultations/suggestions?hazard=&jurisdiction= */
export type Suggestion = {
  readonly organization: OrganizationRef
  readonly function: string | null
  /** Because a clause in force says so, for its function, as the garrison, or as the government of a place beside it. */
  readonly why: 'clause' | 'function' | 'garrison' | 'neighbour'
  readonly basis: BasisView | null
}
export type SuggestionsView = { readonly suggestions: readonly Suggestion[]; readonly refusal: ActionView['refusal'] }
