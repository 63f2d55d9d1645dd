/** What the server answers and the browser shows: shapes only. Words are bilingual; codes are translated in web/locales. */
import type { Words } from './event.ts'
import type { Clause, Instrument } from './instrument.ts'
import type { Haste } from './intake.ts'
import type { Colour, IncidentClass, Level } from './level.ts'
import type { Place } from './place.ts'
import type { ConductView } from './view/headquarters.ts'
import type { ObligationView } from './view/obligation.ts'

export type { ObligationDetail, ObligationStatus, ObligationView } from './view/obligation.ts'

export type OrganizationRef = { readonly id: string; readonly name: Words; readonly verified: boolean }
export type PostView = {
  readonly id: string
  readonly title: Words
  readonly organization: OrganizationRef
  readonly powers: readonly string[]
  readonly holders: readonly string[]
}
export type SessionView = {
  readonly mode: 'demonstration' | 'operation'
  /** Null when nobody is signed in; then only the sign-in page and /api/session answer. */
  readonly post: PostView | null
  readonly jurisdiction: { readonly code: string; readonly name: Words } | null
  readonly serverTime: string
}

export type ActionView = {
  readonly command: string
  readonly refusal: { readonly code: string; readonly params: Readonly<Record<string, unknown>> } | null
}
export type BasisView = {
  readonly instrumentId: string
  readonly instrumentVersion: number
  readonly clauseId: string
  readonly instrumentTitle: Words
  readonly article: Words
  readonly limitConfirmed: boolean
}
export type TimelineEntry = {
  readonly position: string
  readonly type: string
  readonly stream: string
  readonly occurredAt: string
  readonly recordedAt: string
  readonly actor: {
    readonly kind: 'post' | 'system'
    readonly organization: OrganizationRef | null
    readonly title: Words | null
    readonly system: string | null
  }
  readonly basis: string | null
  /** The event's data as recorded. */
  readonly data: Readonly<Record<string, unknown>>
}

export type IncidentStatus = 'reported' | 'verified' | 'declared' | 'closed' | 'merged' | 'unfounded'
export type IncidentSummary = {
  readonly id: string
  readonly number: string
  readonly title: string
  readonly class: IncidentClass | null
  readonly hazard: string | null
  readonly severity: Level | null
  readonly responseLevel: Level | null
  readonly status: IncidentStatus
  /** Only warned of so far. */
  readonly expected: boolean
  /** The gravest colour of its warnings in force. */
  readonly warned: Colour | null
  readonly place: Place | null
  readonly jurisdiction: { readonly code: string; readonly name: Words }
  readonly reportedAt: string
  readonly closedAt: string | null
  readonly zone: string
  readonly obligations: { readonly open: number; readonly late: number; readonly discharged: number; readonly accepted: number }
}
export type PositionView = {
  readonly code: string
  readonly words: Words
  readonly organization: OrganizationRef | null
  readonly suggestion: OrganizationRef | null
}
export type HeadquartersView = {
  readonly id: string
  /** A standing body, with a page of its own. */
  readonly standing: boolean
  readonly jurisdiction: { readonly code: string; readonly name: Words }
  readonly sectors: readonly { readonly code: string; readonly words: Words; readonly lead: OrganizationRef }[]
  readonly name: Words
  readonly lead: OrganizationRef
  readonly members: readonly OrganizationRef[]
  readonly activatedAt: string
  readonly positions: readonly PositionView[]
}
export type SitrepView = {
  readonly id: string
  readonly number: number
  readonly kind: 'initial' | 'follow-up' | 'final'
  readonly from: OrganizationRef
  readonly to: OrganizationRef | null
  readonly filedAt: string
  readonly occurredAt: string
  readonly summary: string
  /** Superiors that it passed over, and why (Emergency Response Law art. 17). */
  readonly skips: readonly OrganizationRef[]
  readonly skipReason: string | null
  readonly facts: readonly {
    readonly key: string
    readonly value: string | number
    readonly unit: string | null
    readonly source: string
    readonly occurredAt: string
    readonly recordedAt: string
    readonly replaced: readonly {
      readonly value: string | number
      readonly unit: string | null
      readonly source: string
      readonly occurredAt: string
      readonly recordedAt: string
      readonly reason: string
    }[]
  }[]
}
export type IncidentView = IncidentSummary & {
  readonly warnings: readonly {
    readonly colour: Colour
    readonly hazard: string
    readonly at: string
    readonly issuer: OrganizationRef | null
  }[]
  readonly headquarters: HeadquartersView | null
  readonly conduct: ConductView
  readonly duties: readonly ObligationView[]
  readonly sitreps: readonly SitrepView[]
  readonly merged: readonly string[]
  readonly actions: readonly ActionView[]
  readonly gaps: readonly { readonly basis: BasisView; readonly party: string; readonly act: Words }[]
}

/** What waits for a post: a warning that readings propose, one to be approved, one that others have not answered in time (its id is the chain's), a report that nobody looked at. */
export type WaitingView = {
  readonly id: string
  readonly since: string
  /** How many of the kind wait, this one among them; at most 100 are counted. */
  readonly count: number
} & (
  | { readonly kind: 'proposal'; readonly colour: Colour; readonly hazard: string; readonly station: Words }
  | { readonly kind: 'approval'; readonly colour: Colour | null; readonly headline: Words }
  | { readonly kind: 'calls'; readonly colour: Colour; readonly hazard: string }
  | { readonly kind: 'report'; readonly haste: Haste; readonly text: string; readonly place: string | null }
)

export type DeskView = {
  readonly at: string
  readonly incidents: readonly IncidentSummary[]
  /** Beside duties, the first of each kind that waits for the asking post, most urgent first: at most four. */
  readonly waiting: readonly WaitingView[]
  /** Most urgent first: what the asking post can do now; with `waiting` at most five. */
  readonly needsYou: readonly ObligationView[]
  /** Due within the next 24 hours or late, most urgent first, at most 50. */
  readonly due: readonly ObligationView[]
  readonly dueTotal: number
  readonly recent: readonly TimelineEntry[]
}

export type InstrumentSummary = {
  readonly id: string
  readonly kind: Instrument['kind']
  readonly title: Words
  readonly citation: Words
  readonly issuer: Words
  readonly jurisdiction: { readonly code: string; readonly name: Words }
  readonly inForceFrom: string
  readonly inForceUntil: string | null
  readonly demonstration: boolean
  readonly version: number
  readonly duties: number
  readonly escalations: number
}
export type InstrumentView = InstrumentSummary & {
  readonly source: Words
  readonly higher: readonly string[]
  readonly clauses: readonly Clause[]
  readonly usedBy: number
}

export type OrganizationView = OrganizationRef & {
  readonly sector: string
  readonly kind: string
  readonly functions: readonly string[]
  readonly jurisdiction: { readonly code: string; readonly name: Words } | null
  readonly superior: OrganizationRef | null
  readonly posts: readonly PostView[]
}
export type DirectoryView = {
  readonly organizations: readonly OrganizationView[]
  readonly divisions: number
  readonly sources: readonly string[]
}
/** GET /api/directory/common-superior?a=&b= */
export type CommonSuperiorView = {
  readonly a: OrganizationRef
  readonly b: OrganizationRef
  readonly common: OrganizationRef | null
  readonly pathA: readonly OrganizationRef[]
  readonly pathB: readonly OrganizationRef[]
}

/** GET /api/exercises: the scenarios at hand and the runs made of them. */
export type ScenarioSummary = {
  readonly id: string
  readonly title: Words
  readonly level: string
  readonly startsAt: string
  readonly entries: number
  readonly organizations: number
  readonly failures: number
}
export type ExerciseSummary = {
  readonly id: string
  readonly scenarioId: string
  readonly title: Words
  readonly status: 'running' | 'done' | 'failed'
  readonly applied: number
  readonly entries: number
  readonly clock: string | null
  readonly startedAt: string
}
export type ExerciseListView = { readonly scenarios: readonly ScenarioSummary[]; readonly exercises: readonly ExerciseSummary[] }
