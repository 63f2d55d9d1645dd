/** What the obligation pages are shown. */
import type { Words } from '../event.ts'
import type { Clause } from '../instrument.ts'
import type { Form, ObligationStatus, Origin } from '../obligation.ts'
import type { ActionView, BasisView, OrganizationRef, TimelineEntry } from '../view.ts'

export type { Form, ObligationStatus, Origin }

export type ObligationView = {
  readonly id: string
  /** Null: a duty of ordinary times. */
  readonly incidentId: string | null
  readonly incidentTitle: string | null
  readonly act: Words
  readonly actCode: string
  readonly function: string
  readonly debtor: OrganizationRef
  readonly creditor: OrganizationRef
  readonly status: ObligationStatus
  readonly origin: Origin
  /** Who ordered or requested it; null where a clause did. */
  readonly by: OrganizationRef | null
  /** Past its deadline without discharge at some time; stays true. */
  readonly lapsed: boolean
  readonly owedAt: string
  readonly dueAt: string | null
  readonly acceptedAt: string | null
  readonly dischargedAt: string | null
  readonly confirmedAt: string | null
  /** ISO 8601 duration by which it was discharged late, or null. */
  readonly lateBy: string | null
  /** Until when the debtor says yes or no; null where he did or need not. */
  readonly answerBy: string | null
  readonly unansweredAt: string | null
  /** The creditor did not take the last evidence, and it is open again. */
  readonly disputed: boolean
  readonly extensionUntil: string | null
  /** Who does it for the debtor: a post by its name. */
  readonly doer: string | null
  readonly parentId: string | null
  readonly objectiveId: string | null
  readonly releaseReason: string | null
  readonly round: number | null
  /** Null: it rests on no clause, a gap of the legal basis. */
  readonly basis: BasisView | null
  readonly escalatedTo: OrganizationRef | null
  /** What the asking post may do now, and why not what it may not: the same table that the server obeys. */
  readonly actions: readonly ActionView[]
}

/** One obligation of a chain: the whole, its parts, and their parts. */
export type ChainLink = {
  readonly id: string
  readonly parentId: string | null
  readonly act: Words
  readonly debtor: OrganizationRef
  readonly creditor: OrganizationRef
  readonly status: ObligationStatus
  readonly origin: Origin
  readonly dueAt: string | null
  readonly lapsed: boolean
}

export type ExtensionView = {
  readonly from: string
  readonly until: string
  readonly reason: string
  readonly at: string
}

export type ObligationDetail = ObligationView & {
  readonly clause: Clause | null
  readonly evidence: { readonly text: string; readonly eventPosition: string | null; readonly by: OrganizationRef | null } | null
  readonly declineReason: string | null
  readonly waiveReason: string | null
  readonly disputeReason: string | null
  readonly progress: { readonly at: string; readonly text: string } | null
  readonly progressEvery: string | null
  readonly extension: { readonly until: string; readonly reason: string; readonly askedAt: string } | null
  readonly extensions: readonly ExtensionView[]
  readonly form: Form | null
  readonly gravity: number | null
  /** All that hangs together with it and the asker may see; empty where nothing was handed on. */
  readonly chain: readonly ChainLink[]
  /** Supervision's records of it, where there are any. */
  readonly findings: readonly string[]
  readonly triggeredBy: { readonly position: string; readonly type: string; readonly occurredAt: string; readonly summary: string } | null
  readonly ladder: readonly { readonly at: string; readonly to: OrganizationRef; readonly done: boolean }[]
  readonly history: readonly TimelineEntry[]
}

/** GET /api/obligations/may: whether the asker may order the organization, or only request it, and why. */
export type AskingView = {
  readonly order: ActionView
  readonly request: ActionView
  /** The request takes the form of State Council and CMC Order 436. */
  readonly military: boolean
  /** It goes through the military body of the same level; else the request says why it goes directly. */
  readonly sameLevel: boolean
}

/** POST /api/obligations/batch: what became of each. */
export type BatchView = {
  readonly outcomes: readonly {
    readonly id: string
    readonly commandId: string
    readonly refusal: ActionView['refusal']
  }[]
}
