/** What the server answers about reports. Shapes only. */
import type { Beyond, Channel, ForwardStatus, Haste, IntakeStatus, Outcome, Reason, Spot, Verification } from '../intake.ts'
import type { ImportProblem } from '../intake/csv.ts'
import type { ActionView, BasisView, OrganizationRef, TimelineEntry } from '../view.ts'

export type IntakeSummary = {
  readonly id: string
  readonly number: string
  readonly status: IntakeStatus
  readonly verification: Verification
  readonly channel: Channel
  readonly haste: Haste
  readonly hazard: string | null
  /** Its first 300 characters. */
  readonly text: string
  readonly people: string | null
  readonly place: Spot
  readonly originalAt: string
  readonly enteredAt: string
  readonly zone: string
  readonly handler: OrganizationRef
  /** Who took it down; null: the reporter himself, by the public page, a message or a letter. */
  readonly takenBy: OrganizationRef | null
  /** Whom it was passed on to and who has not answered yet. */
  readonly awaiting: OrganizationRef | null
  readonly unhandled: boolean
  /** The reporter has written since a person last looked after it. */
  readonly news: boolean
  /** How many reports the machine proposes as the same. */
  readonly proposed: number
  readonly media: number
  readonly incident: { readonly id: string; readonly number: string } | null
  readonly mergedInto: string | null
}

/** A picture that was given: by its voucher whoever gave it attaches it to a report. */
export type PictureView = { readonly voucher: string }

export type ProposalView = { readonly degree: number; readonly reasons: readonly Reason[]; readonly report: IntakeSummary }

export type ForwardView = {
  readonly from: OrganizationRef
  readonly to: OrganizationRef
  readonly reason: string
  readonly beyond: Beyond
  readonly obligationId: string
  readonly at: string
  readonly answerBy: string | null
  readonly status: ForwardStatus
  readonly answeredAt: string | null
  readonly answerReason: string | null
  readonly basis: BasisView | null
}

export type AdditionView = {
  readonly at: string
  readonly text: string
  readonly byReporter: boolean
  readonly organization: OrganizationRef | null
  readonly media: readonly string[]
  /** The number of the merged report to which it was said; null: to this one. */
  readonly of: string | null
}

export type IntakeDetail = IntakeSummary & {
  /** The whole of it. */
  readonly words: string
  readonly clockAhead: boolean
  readonly verifiedText: string | null
  /** `words`: null where it is not the asker's to see, or was destroyed. */
  readonly contact: { readonly kept: boolean; readonly words: string | null }
  readonly hasCode: boolean
  readonly forgottenAt: string | null
  readonly outcome: Outcome | null
  readonly outcomeText: string | null
  readonly firstHandledAt: string | null
  readonly closedAt: string | null
  readonly jurisdiction: string
  /** Addresses of the pictures that came with it. */
  readonly pictures: readonly string[]
  readonly forwards: readonly ForwardView[]
  readonly additions: readonly AdditionView[]
  readonly proposals: readonly ProposalView[]
  readonly merged: readonly IntakeSummary[]
  readonly into: IntakeSummary | null
  /** Whether the asker is asked to handle it, and may say yes or no. */
  readonly asked: { readonly obligationId: string; readonly actions: readonly ActionView[] } | null
  readonly actions: readonly ActionView[]
  readonly history: readonly TimelineEntry[]
}

/** Of what was entered in the last 30 days and the asker may see. Shares are of 1; null where there is nothing to share. */
export type IntakeNumbers = {
  readonly days: number
  readonly entered: number
  readonly unhandled: number
  readonly awaiting: number
  readonly duplicates: number
  readonly duplicateShare: number | null
  readonly verifiedShare: number | null
  /** Seconds from entry to the first act of a person. */
  readonly firstHandling: { readonly p50: number; readonly p90: number; readonly count: number } | null
}

export type ImportView =
  | { readonly ok: true; readonly rows: number; readonly taken: number; readonly known: number }
  | { readonly ok: false; readonly problems: readonly ImportProblem[]; readonly more: number }
