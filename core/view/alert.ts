/** Warnings as the server answers and the pages show them. */
import type { Alert, Message, Reach } from '../alert.ts'
import type { Draft, Particular } from '../alert/draft.ts'
import type { CapMsgType, CapScope, CapStatus } from '../cap.ts'
import type { CapGeometry } from '../cap/geometry.ts'
import type { Words } from '../event.ts'
import type { Colour } from '../level.ts'
import type { ActionView, OrganizationRef } from '../view.ts'

export type { AlertStatus } from '../alert.ts'

/** A text in the languages that the message has, in its order; the page shows the one that is read best. */
export type Said = readonly { readonly language: string; readonly text: string }[]

/** How many duties a warning made, and how many of them were answered; null: nobody owes anything by it. */
export type AnswersView = { readonly owed: number; readonly answered: number; readonly late: number }

export type AlertSummary = {
  readonly id: string
  readonly chainId: string | null
  readonly incidentId: string | null
  readonly status: Alert['status']
  readonly capStatus: CapStatus
  readonly msgType: CapMsgType
  readonly kind: Draft['kind']
  readonly scope: CapScope
  readonly colour: Colour | null
  readonly hazard: string | null
  readonly headline: Said
  readonly event: Said
  readonly area: Said
  /** Whose it is; null: it came from elsewhere, and `senderName` says who sent it. */
  readonly owner: OrganizationRef | null
  readonly senderName: Said
  readonly source: Alert['source']
  readonly jurisdiction: string
  readonly draftedAt: string
  readonly issuedAt: string | null
  readonly onset: string | null
  readonly expires: string | null
  readonly endedAt: string | null
  readonly divisions: number
  readonly sites: number
  readonly signature: 'none' | 'valid-trusted' | 'valid-untrusted' | 'invalid'
  readonly answers: AnswersView | null
  /** What waits for the asker: a draft to be approved, one of his own that was sent back, a received one to be taken up. */
  readonly needs: 'approve' | 'mend' | 'adopt' | null
}

/** GET /api/alerts: what waits for the asker first, then what is in force by colour, then the rest, newest first. */
export type AlertsView = {
  readonly alerts: readonly AlertSummary[]
  /** Where the next page begins; null: there is none. */
  readonly next: string | null
  readonly counts: { readonly inForce: number; readonly waiting: number; readonly shown: number }
  /** Whether the asker may draw up one. */
  readonly action: ActionView
}

/** GET /api/alerts/map: what is in force, drawn with few points, the gravest last. */
export type AlertShape = { readonly id: string; readonly colour: Colour | null; readonly geometry: CapGeometry }

export type BlockView = {
  readonly language: string
  readonly state: 'pending' | 'in-force' | 'all-clear' | 'past'
  readonly categories: readonly string[]
  readonly event: string
  readonly responseTypes: readonly string[]
  readonly urgency: string
  readonly severity: string
  readonly certainty: string
  readonly effective: string | null
  readonly onset: string | null
  readonly expires: string | null
  readonly senderName: string | null
  readonly headline: string | null
  readonly description: string | null
  readonly instruction: string | null
  readonly web: string | null
  readonly contact: string | null
  readonly codes: readonly { readonly valueName: string; readonly value: string }[]
  readonly areas: readonly string[]
}

export type ReachedDivision = { readonly code: string; readonly name: Words; readonly share: 'part' | 'whole' }
export type ReachedSiteView = Pick<Reach['sites'][number], 'id' | 'name' | 'kind'> & {
  readonly jurisdiction: string
  readonly division: Words
  readonly owner: OrganizationRef | null
  readonly regulator: OrganizationRef | null
  readonly responder: OrganizationRef | null
}

export type ChainEntry = Pick<
  AlertSummary,
  'id' | 'status' | 'msgType' | 'kind' | 'colour' | 'headline' | 'issuedAt' | 'endedAt' | 'owner'
> & {
  readonly identifier: string
}

/** Who did one step of the drawing up, and when. */
export type StepView = { readonly organization: OrganizationRef | null; readonly title: Words | null; readonly at: string }

/** What approving would do, said before it is done. */
export type ApprovalPreview = {
  readonly divisions: number
  readonly organizations: number
  readonly sites: number
  /** Which particulars are missing, by path (Emergency Response Law art. 64). */
  readonly missing: { readonly ordinary: readonly Particular[]; readonly urgent: readonly Particular[] }
  readonly consultation: 'held' | 'called' | 'missing' | 'not-needed'
  /** Why the area cannot be reckoned, or null. */
  readonly refusal: ActionView['refusal']
}

/** GET /api/alerts/:id */
export type AlertDetail = AlertSummary & {
  readonly draft: Draft | null
  readonly replaces: string | null
  readonly identifier: string | null
  readonly sender: string | null
  readonly sent: string | null
  readonly restriction: string | null
  readonly addresses: readonly string[]
  readonly references: Message['references']
  /** SHA-256 of the bytes, and where they are read as they were sent. */
  readonly sha256: string | null
  readonly path: Alert['path']
  readonly reason: string | null
  readonly consultation: Alert['consultation']
  readonly returned: string | null
  readonly drafted: StepView | null
  readonly submittedAt: string | null
  readonly approved: StepView | null
  /** ISO 8601 durations between the steps; null where one was not taken. */
  readonly latencies: { readonly drawnUp: string | null; readonly approved: string | null; readonly lead: string | null }
  readonly blocks: readonly BlockView[]
  readonly geometry: CapGeometry | null
  /** Drawn by a larger territory, because the outline of the one that is meant is not known here. */
  readonly isCoarse: boolean
  readonly reached: readonly ReachedDivision[]
  readonly sitesUnder: readonly ReachedSiteView[]
  readonly organizations: number
  readonly chain: readonly ChainEntry[]
  readonly preview: ApprovalPreview | null
  readonly incident: { readonly id: string; readonly title: string } | null
  readonly actions: readonly ActionView[]
}

/** One message of a document that was brought in. */
export type ReceivedView = {
  readonly identifier: string
  readonly outcome: 'fresh' | 'known' | 'refused'
  readonly id: string | null
  readonly status: Alert['status'] | null
  readonly refusal: ActionView['refusal']
  readonly signature: AlertSummary['signature']
  /** What was found in it all the same: codes of `muster cap`. */
  readonly findings: readonly string[]
}
