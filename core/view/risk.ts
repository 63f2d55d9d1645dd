/** What the server answers about the risk register and the browser shows. */
import type { CarryOutcome } from '../carry.ts'
import type { Words } from '../event.ts'
import type {
  CheckResult,
  Confidence,
  Contents,
  DangerStatus,
  Grade,
  People,
  RiskGap,
  RiskKind,
  RiskStatus,
  SiteKind,
  Substance,
} from '../risk.ts'
import type { ActionView, OrganizationRef, TimelineEntry } from '../view.ts'

export type Territory = { readonly code: string; readonly name: Words }

export type RiskSummary = {
  readonly id: string
  readonly kind: RiskKind
  readonly siteKind: SiteKind | null
  readonly hazard: string | null
  readonly hazards: readonly string[]
  readonly name: Words
  readonly address: string
  readonly jurisdiction: Territory
  readonly point: { readonly lon: number; readonly lat: number; readonly accuracy: string | null } | null
  readonly owner: OrganizationRef | null
  readonly regulator: OrganizationRef | null
  readonly responder: OrganizationRef | null
  readonly status: RiskStatus
  readonly people: People | null
  readonly contents: Contents
  readonly gaps: readonly RiskGap[]
  readonly freshUntil: string
  readonly dueAt: string | null
  readonly dangersOpen: number
  /** Metres from the point that was asked for; null where none was. */
  readonly metres: number | null
}
/** `next`: the cursor of the page that follows. */
export type RiskListView = { readonly rows: readonly RiskSummary[]; readonly next: string | null }

export type RiskCoverageView = {
  readonly open: number
  readonly counts: Readonly<Record<RiskGap, number>>
  readonly rows: readonly RiskSummary[]
  /** There are more than are shown. */
  readonly more: boolean
}

export type ProvenanceView = {
  readonly source: string
  readonly asOfAt: string
  readonly confidence: Confidence
  readonly freshUntil: string
  readonly stale: boolean
}
/** `contacts`: null where they are not for the asker to see. */
export type KnowerView = {
  readonly post: { readonly id: string; readonly title: Words; readonly organization: OrganizationRef } | null
  readonly words: string | null
  readonly contacts:
    | readonly {
        readonly channel: string
        readonly address: string
        readonly confirmedAt: string | null
        readonly standing: string
        readonly roundTheClock: boolean
      }[]
    | null
}
export type DangerView = {
  readonly id: string
  readonly text: string
  readonly grade: Grade
  readonly status: DangerStatus
  readonly dueAt: string
  readonly overdue: boolean
  readonly foundAt: string
  readonly foundBy: OrganizationRef | null
  readonly mendedAt: string | null
  readonly evidence: string | null
}
type Done = { readonly at: string; readonly by: OrganizationRef | null; readonly text: string }

export type RiskDetail = RiskSummary & {
  readonly promise: string
  readonly restricted: boolean
  /** Whether the asker may read what is stored; if not, `store` is null and nothing is said of it. */
  readonly storeShown: boolean
  readonly store: readonly Substance[] | null
  readonly facts: readonly { readonly key: string; readonly text: string }[]
  readonly provenance: Readonly<Record<string, ProvenanceView>>
  readonly knowers: readonly KnowerView[]
  readonly dangers: readonly DangerView[]
  readonly inspections: readonly (Done & { readonly result: string; readonly dangers: readonly string[] })[]
  readonly checks: readonly (Done & {
    readonly incidentId: string
    readonly incident: string
    readonly result: CheckResult
    readonly people: number | null
    readonly sources: readonly string[]
  })[]
  /** Plans in force that cover its hazards where it lies, and those that were linked by hand. */
  readonly plans: readonly { readonly id: string; readonly title: Words; readonly linked: boolean }[]
  readonly rehearsals: readonly (Done & { readonly plan: string | null; readonly exerciseId: string | null })[]
  readonly carried: readonly (Done & { readonly from: string; readonly incidentId: string | null })[]
  readonly closing: (Done & { readonly evidence: string }) | null
  /** Incidents open now in which it may be asked after. */
  readonly incidents: readonly { readonly id: string; readonly number: string; readonly title: string }[]
  readonly actions: readonly ActionView[]
  readonly history: readonly TimelineEntry[]
}

/** A finding, or a fact noted in an incident, that waits to be carried over or was. */
export type CarryView = {
  readonly id: string
  readonly source: 'finding' | 'note'
  readonly incident: { readonly id: string; readonly title: string } | null
  readonly jurisdiction: string
  readonly subject: OrganizationRef | null
  readonly words: Words
  readonly raisedAt: string
  readonly outcome: CarryOutcome | null
  readonly risk: { readonly id: string; readonly name: Words } | null
  readonly instrumentId: string | null
  readonly text: string | null
  readonly by: OrganizationRef | null
  readonly decidedAt: string | null
  readonly actions: readonly ActionView[]
}
export type CarryBoard = {
  readonly due: number
  readonly settled: number
  /** Of what was due, the share that was carried over or refused with reason; null where nothing was due. Target: 1. */
  readonly share: number | null
  readonly refused: number
  /** Median milliseconds: from raising until the decision; of what still waits, until now. */
  readonly medianMs: number | null
  readonly waitingMedianMs: number | null
  readonly waiting: readonly CarryView[]
  readonly decided: readonly CarryView[]
}

/** What came of an imported file: everything, or the lines that are wrong. Lines count from 1, the head is line 1. */
export type RiskImportView = {
  readonly registered: number
  readonly unchanged: number
  readonly problems: readonly { readonly line: number; readonly column: string | null; readonly problem: string; readonly value: string }[]
}
