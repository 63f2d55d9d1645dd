/** What the pages of facts, releases and data sets show. */
import type { Words } from '../event.ts'
import type { ActionView, ObligationView, OrganizationRef } from '../view.ts'
import type { Quantity } from '../quantity.ts'

export type AssertionStatus = 'current' | 'superseded' | 'struck' | 'withdrawn'
export type ReleaseStatus = 'draft' | 'approved' | 'published' | 'withdrawn'

type Value = string | number
type Confidence = 'confirmed' | 'reported' | 'unconfirmed'

/** An incident that has questions or releases, with how many of its questions are contradictory. */
export type InformedIncident = {
  readonly id: string
  readonly number: string
  readonly title: string
  readonly zone: string
  readonly closed: boolean
  readonly questions: number
  readonly contradictory: number
}

export type AssertionView = {
  readonly id: string
  readonly scope: string | null
  readonly value: Value
  readonly unit: string | null
  readonly source: string
  readonly confidence: Confidence
  readonly asOf: string
  readonly heardAt: string
  readonly saidBy: OrganizationRef | null
  readonly enteredBy: OrganizationRef | null
  readonly sitrep: string | null
  readonly apart: boolean
  readonly status: AssertionStatus
  readonly endedAt: string | null
  readonly ending: string | null
  readonly replaced: readonly {
    readonly value: Value
    readonly unit: string | null
    readonly source: string
    readonly asOf: string
    readonly heardAt: string
    readonly reason: string
  }[]
  readonly actions: readonly ActionView[]
}
export type ReconciliationView = {
  readonly scope: string | null
  readonly value: Value
  readonly unit: string | null
  readonly asOf: string
  readonly at: string
  readonly by: OrganizationRef | null
  readonly reason: string
  readonly holds: boolean
}
export type DeliveryView = {
  readonly to: OrganizationRef
  readonly from: OrganizationRef | null
  readonly at: string
  readonly cause: 'given' | 'correction'
  readonly said: string
  readonly complete: boolean
  readonly receiptAt: string | null
  /** What stands now is another than what was given last. */
  readonly outdated: boolean
}
export type ContradictionView =
  | { readonly kind: 'differ'; readonly scope: string | null }
  | { readonly kind: 'part-exceeds-whole'; readonly scope: string; readonly part: number; readonly whole: number }
export type QuestionView = {
  readonly id: string
  readonly incidentId: string
  readonly key: string
  readonly words: Words | null
  readonly contradictions: readonly ContradictionView[]
  /** The value that holds for the whole; null while nothing is said of it, or the sources differ. */
  readonly settled: { readonly value: Value; readonly unit: string | null; readonly asOf: string; readonly reconciled: boolean } | null
  readonly parts: {
    readonly parts: readonly { readonly scope: string; readonly value: number; readonly apart: boolean }[]
    readonly sum: number | null
    readonly overlapping: readonly string[]
  }
  /** The current ones first, then the newest. */
  readonly assertions: readonly AssertionView[]
  readonly reconciliations: readonly ReconciliationView[]
  readonly deliveries: readonly DeliveryView[]
  /** The asker was given it and has not said so yet. */
  readonly awaitsReceipt: boolean
  readonly stated: readonly { readonly release: string; readonly value: Value; readonly outdated: boolean }[]
  readonly actions: readonly ActionView[]
}
export type InformationView = {
  readonly incidents: readonly InformedIncident[]
  /** Whose questions these are; null where there is no incident. */
  readonly incident: string | null
  readonly questions: readonly QuestionView[]
  readonly assert: ActionView
}

export type Share = { readonly judged: number; readonly onTime: number; readonly share: number | null }
export type OwedInformation = {
  readonly obligation: ObligationView
  readonly information: readonly string[]
  readonly state: 'on-time' | 'late' | 'lapsed' | 'open'
  /** Red or orange, or graver than level 3. */
  readonly grave: boolean
}
export type InformationPair = Share & {
  readonly from: OrganizationRef
  readonly to: OrganizationRef
  readonly open: number
  readonly lapsed: number
}
export type WaitingReceipt = {
  readonly question: string
  readonly incidentId: string
  readonly incidentTitle: string | null
  readonly key: string
  readonly words: Words | null
  readonly to: OrganizationRef
  readonly at: string
  readonly cause: 'given' | 'correction'
  readonly ours: boolean
}
export type OwedInformationView = {
  readonly target: number
  readonly all: Share
  readonly grave: Share
  readonly pairs: readonly InformationPair[]
  readonly owed: readonly OwedInformation[]
  readonly receipts: { readonly delivered: number; readonly receipted: number; readonly waiting: readonly WaitingReceipt[] }
}

type Stated = { readonly key: string; readonly value: Value; readonly unit: string | null }
export type NeedView = {
  readonly what: string
  readonly quantity: Quantity | null
  readonly where: string
  readonly until: string | null
  readonly note?: string | undefined
}
export type ReleaseKind = 'first' | 'follow-up' | 'correction' | 'closing' | 'needs'
export type ReleaseView = {
  readonly id: string
  readonly incidentId: string
  readonly kind: ReleaseKind
  readonly channels: readonly string[]
  readonly title: string
  readonly text: { readonly 'zh-CN': string; readonly en?: string | null | undefined }
  readonly basis: string
  readonly states: readonly Stated[]
  readonly needs: readonly NeedView[]
  readonly audience: readonly { readonly organization: OrganizationRef; readonly receiptAt: string | null }[]
  readonly corrects: string | null
  readonly correctedBy: string | null
  readonly rumours: readonly string[]
  readonly status: ReleaseStatus
  readonly approver: OrganizationRef | null
  readonly drafted: { readonly organization: OrganizationRef | null; readonly at: string }
  readonly approved: { readonly organization: OrganizationRef | null; readonly at: string } | null
  readonly published: { readonly organization: OrganizationRef | null; readonly at: string } | null
  readonly outdated: readonly { readonly key: string; readonly stated: Value; readonly value: Value | null; readonly at: string }[]
  /** What keeps an unpublished one from going out, as the facts stand now. */
  readonly problems: readonly { readonly code: string; readonly params: Readonly<Record<string, unknown>> }[]
  readonly actions: readonly ActionView[]
}
export type RumourView = {
  readonly id: string
  readonly incidentId: string
  readonly text: string
  readonly whereSeen: string
  readonly seenAt: string
  readonly notedBy: OrganizationRef | null
  readonly correctedBy: string | null
  readonly correctedAt: string | null
}
export type ReleaseClocks = {
  readonly reportedAt: string
  readonly firstAt: string | null
  /** When a response level was first set or headquarters activated. */
  readonly activatedAt: string | null
  readonly firstNeedsAt: string | null
  readonly lastNeedsAt: string | null
  readonly needsWithin: string
  readonly needsEvery: string
  readonly openRumours: number
  /** From seen to corrected, in milliseconds; null where none was corrected. */
  readonly rumourMedianMs: number | null
  readonly needsReceipts: { readonly asked: number; readonly given: number }
}
export type ReleasesView = {
  readonly incidents: readonly InformedIncident[]
  readonly incident: string | null
  readonly releases: readonly ReleaseView[]
  readonly rumours: readonly RumourView[]
  readonly clocks: ReleaseClocks | null
  /** Publishing and correcting as the clauses in force demand it. */
  readonly owed: readonly ObligationView[]
  readonly facts: readonly {
    readonly key: string
    readonly value: Value | null
    readonly unit: string | null
    readonly contradiction: boolean
  }[]
  readonly approver: OrganizationRef | null
  readonly draft: ActionView
  readonly noteRumour: ActionView
}

/** Whatever is public of releases, newest first: what the public page renders. */
export type PublicReleaseView = {
  readonly id: string
  readonly incidentId: string
  readonly incidentTitle: string
  readonly jurisdiction: string
  readonly zone: string
  readonly kind: ReleaseKind
  readonly title: string
  readonly text: { readonly 'zh-CN': string; readonly en?: string | null | undefined }
  readonly needs: readonly NeedView[]
  readonly publishedAt: string
  readonly organization: string | null
  readonly corrects: string | null
  readonly correctedBy: string | null
  /** A figure in it does not hold any more and no correction is out yet. */
  readonly toBeCorrected: boolean
  readonly rumours: readonly string[]
}

export type SharingState = 'open' | 'shared' | 'on-request' | 'withheld'
export type DatasetView = {
  readonly id: string
  readonly title: string
  readonly description: string
  readonly owner: OrganizationRef
  readonly jurisdiction: string | null
  readonly promise: string
  readonly licence: string
  readonly sharing: {
    readonly state: SharingState
    readonly with: readonly OrganizationRef[]
    readonly reason: string | null
    readonly basis: string | null
  }
  readonly quality: string | null
  readonly format: string
  /** Null where the asker may not have it, or nobody said. */
  readonly where: string | null
  readonly themes: readonly string[]
  readonly updatedAt: string | null
  readonly checked: boolean
  readonly staleAt: string
  readonly stale: boolean
  readonly actions: readonly ActionView[]
}
export type DatasetsView = {
  readonly datasets: readonly DatasetView[]
  readonly fresh: { readonly fresh: number; readonly total: number; readonly share: number | null; readonly target: number }
  readonly register: ActionView
}
