/** Joint decisions as the server answers and the pages show them. */
import type { Approvals } from '../decision.ts'
import type { Words } from '../event.ts'
import type { ActionView, BasisView, ObligationView, OrganizationRef } from '../view.ts'

export type DecisionStatus = 'proposed' | 'taken' | 'withdrawn'
export type StandView = {
  readonly organization: OrganizationRef
  readonly stand: 'concurs' | 'dissents' | 'unheard'
  readonly reason: string | null
  readonly at: string | null
}
export type DecisionSummary = {
  readonly id: string
  readonly incidentId: string | null
  readonly headquartersId: string | null
  readonly title: string
  readonly matter: string
  readonly path: 'ordinary' | 'emergency'
  readonly status: DecisionStatus
  readonly lead: OrganizationRef
  readonly proposedBy: OrganizationRef | null
  readonly proposedAt: string
  readonly endedAt: string | null
  readonly concurring: number
  readonly dissenting: number
  readonly members: number
  readonly items: number
  readonly actions: readonly ActionView[]
}
/** GET /api/decisions?incident=&headquarters= */
export type DecisionsView = {
  readonly decisions: readonly DecisionSummary[]
  readonly approvals: Approvals
}
/** GET /api/decisions/:id */
export type DecisionView = DecisionSummary & {
  readonly text: string
  readonly inOrder: boolean
  readonly basis: BasisView | null
  readonly reason: string | null
  /** In the order in which they are asked. */
  readonly stands: readonly StandView[]
  /** What was said before and changed. */
  readonly changed: readonly StandView[]
  readonly laidDown: readonly { readonly debtor: OrganizationRef; readonly act: Words; readonly dueAt: string; readonly function: string }[]
  /** What became owed when it was taken. */
  readonly obligations: readonly ObligationView[]
  readonly incidentTitle: string | null
  readonly zone: string | null
}
