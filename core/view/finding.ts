/** What the server answers about supervision: findings, the board of what is late, the lag of each mechanism. Shapes only. */
import type { Words } from '../event.ts'
import type { FindingKind, FindingOutcome, FindingStatus, Said, Step } from '../finding.ts'
import type { Closure, HandOff, LagLine, Mechanism, Spread } from '../lag.ts'
import type { Level } from '../level.ts'
import type { ActionView, BasisView, OrganizationRef, TimelineEntry } from '../view.ts'

export type FindingView = {
  readonly id: string
  readonly obligationId: string
  readonly incidentId: string | null
  readonly act: Words
  readonly kind: FindingKind
  readonly gravity: Level
  readonly status: FindingStatus
  readonly outcome: FindingOutcome | null
  readonly subject: OrganizationRef
  readonly creditor: OrganizationRef
  readonly supervisor: OrganizationRef
  readonly basis: BasisView | null
  readonly missedAt: string
  readonly raisedAt: string
  /** By when it is to be closed. */
  readonly dueAt: string
  readonly closedAt: string | null
  readonly lateBy: string | null
  /** The last step of the ladder that was reached, and the next one with its instant while the clock goes. */
  readonly step: Step | null
  readonly next: { readonly step: Step; readonly at: string } | null
  readonly actions: readonly ActionView[]
}

export type StageView = {
  readonly step: Step
  readonly at: string
  readonly reachedAt: string | null
  readonly to: OrganizationRef
  /** Whether a clause sets the time; else it is our target. */
  readonly byClause: boolean
  readonly clauseId: string | null
  /** What was said after this step and before the next. */
  readonly said: readonly SaidView[]
}
export type SaidView = {
  readonly what: Said['what']
  readonly organization: OrganizationRef | null
  readonly at: string
  readonly text: string
}

export type FindingDetail = FindingView & {
  readonly ladder: readonly StageView[]
  /** Said before the first step. */
  readonly said: readonly SaidView[]
  /** Since when the clock stands, while it does. */
  readonly heldAt: string | null
  readonly objection: { readonly reason: string; readonly at: string; readonly checkDueAt: string } | null
  readonly rectification: { readonly text: string; readonly dueAt: string; readonly lapsedAt: string | null } | null
  readonly mendedAt: string | null
  readonly verifiedBy: OrganizationRef | null
  readonly history: readonly TimelineEntry[]
}

/** GET /api/supervision */
export type SupervisionView = {
  readonly at: string
  /** Open past the deadline now, most overdue first, at most 2,000 read. */
  readonly late: {
    readonly total: number
    readonly byMechanism: readonly { readonly mechanism: Mechanism; readonly count: number; readonly oldestMs: number }[]
    readonly byOrganization: readonly { readonly organization: OrganizationRef; readonly count: number; readonly oldestMs: number }[]
    readonly items: readonly LateView[]
  }
  /** Of the newest obligations, at most 5,000. */
  readonly lags: readonly LagLine[]
  /** Mechanisms that have no obligation at all: said so, not zero. */
  readonly absent: readonly Mechanism[]
  readonly pairs: readonly PairView[]
  readonly handOffs: {
    readonly count: number
    readonly judged: number
    readonly lost: number
    readonly share: number | null
    readonly undated: number
    /** Lost and late ones first, then the newest; at most 500. */
    readonly items: readonly HandOffView[]
  }
  readonly closure: Closure
  /** How many obligations the lags were read from, and since when. */
  readonly read: { readonly obligations: number; readonly since: string | null; readonly more: boolean }
}
export type LateView = {
  readonly obligationId: string
  readonly act: Words
  readonly mechanism: Mechanism
  readonly debtor: OrganizationRef
  readonly creditor: OrganizationRef
  readonly dueAt: string
}
export type PairView = {
  readonly creditor: OrganizationRef
  readonly debtor: OrganizationRef
  readonly count: number
  readonly reply: Spread
  readonly open: number
  readonly late: number
  readonly back: number
}
export type HandOffView = Omit<HandOff, 'from' | 'to'> & {
  readonly from: OrganizationRef
  readonly to: OrganizationRef
  readonly act: Words
}
