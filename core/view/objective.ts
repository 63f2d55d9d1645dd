/** What the server answers about objectives, phases and the area of an incident. Shapes only. */
import type { Conflict } from '../objective/calendar.ts'
import type { ObjectiveContent, ObjectiveStatus as Kept } from '../objective.ts'
import type { Affected, MarkedArea } from '../incident/area.ts'
import type { IncidentPhase } from '../incident/phase.ts'
import type { Words } from '../event.ts'
import type { ActionView, ObligationView, OrganizationRef } from '../view.ts'

export type ObjectiveStatus = 'open' | 'achieved' | 'dropped'
export type PhaseStatus = 'ahead' | 'open' | 'closed'

export type ObjectiveView = Omit<ObjectiveContent, 'owner'> & {
  readonly id: string
  readonly incidentId: string | null
  readonly year: number | null
  readonly jurisdiction: { readonly code: string; readonly name: Words }
  readonly parent: string | null
  readonly depth: number
  readonly owner: OrganizationRef
  readonly status: Kept
  readonly setAt: string
  readonly ending: string | null
  /** Its chain of parents leads to an objective that others share. */
  readonly linked: boolean
  readonly shared: boolean
  /** The obligations that serve it. */
  readonly serving: { readonly open: number; readonly late: number; readonly done: number }
  readonly actions: readonly ActionView[]
}
export type AlignmentView = {
  readonly weight: number | null
  readonly share: number | null
  readonly target: number
  readonly unlinked: number
}
/** `over`, where it is an organization, has its name beside it. */
export type ConflictView = Conflict & { readonly organization: OrganizationRef | null }
/** GET /api/objectives?year= or ?incident=: each objective after its parent. */
export type ObjectivesView = {
  readonly objectives: readonly ObjectiveView[]
  readonly alignment: AlignmentView
  readonly conflicts: readonly ConflictView[]
  /** The years that have objectives, the newest first. */
  readonly years: readonly number[]
  readonly set: ActionView
}
/** GET /api/objectives/unlinked?incident=: obligations that serve no objective. */
export type UnlinkedView = {
  readonly linked: number
  readonly total: number
  readonly obligations: readonly ObligationView[]
  /** The functions of those without one: an objective that covers them links them. */
  readonly functions: readonly string[]
}

export type ProductView = {
  readonly position: string
  readonly type: string
  /** The kind of a noted fact or of a report. */
  readonly kind: string | null
  readonly text: string
  readonly occurredAt: string
}
export type PhaseView = {
  readonly phase: IncidentPhase
  readonly status: PhaseStatus
  readonly enteredAt: string | null
  readonly closedAt: string | null
  /** What is still owed in it and keeps it from closing, the first 20. */
  readonly open: {
    readonly count: number
    readonly items: readonly { readonly id: string; readonly act: Words; readonly debtor: OrganizationRef }[]
  }
  /** The newest 10 and how many there are. */
  readonly products: { readonly count: number; readonly newest: readonly ProductView[] }
  /** It was entered and has no product yet. */
  readonly missing: boolean
  readonly actions: readonly ActionView[]
}
/** GET /api/incidents/:id/phases */
export type PhasesView = { readonly phases: readonly PhaseView[] }

export type AffectedView = Affected & {
  readonly name: Words
  readonly government: OrganizationRef | null
  /** The government is the territory's own, not one above it. */
  readonly own: boolean
}
/** GET /api/incidents/:id/area */
export type AreaView = {
  readonly marked: Omit<MarkedArea, 'affected'> | null
  readonly affected: readonly AffectedView[]
  /** The common superior government: leads, unless the governments above lead together (Emergency Response Law art. 18). */
  readonly lead: OrganizationRef | null
  readonly action: ActionView
}
