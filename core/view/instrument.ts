/** What the instrument pages are shown, beyond the head and the clauses. */
import type { Words } from '../event.ts'
import type { Changes, ClauseChange, Instrument, Standing } from '../instrument.ts'
import type { ActionView, InstrumentSummary, InstrumentView, OrganizationRef } from '../view.ts'

export type { Changes, ClauseChange }
export type InstrumentStanding = Standing

export type InstrumentEntry = InstrumentSummary & {
  readonly standing: InstrumentStanding
  /** The version that binds today; an older one while the newest awaits its signatures. Null: none binds. */
  readonly binding: number | null
  /** To the first day on which it no longer binds; null where it has no end. */
  readonly daysLeft: number | null
  readonly parties: number
  readonly signed: number
}

export type PartyView = {
  readonly key: string
  readonly name: Words
  /** Who signs for it: the organization named, or the one that holds the function in the territory. */
  readonly organization: OrganizationRef | null
  readonly function: string | null
  readonly jurisdiction: { readonly code: string; readonly name: Words } | null
  readonly signedOn: string | null
  readonly withdrawnOn: string | null
  readonly note: string | null
  /** `instrument.sign` and `instrument.withdraw` of this party. */
  readonly actions: readonly ActionView[]
}
export type ApprovalView = { readonly by: Words; readonly on: string; readonly note: string | null; readonly version: number | null }
export type VersionView = { readonly version: number; readonly at: string; readonly title: Words; readonly changes: Changes }
export type ActivationView = {
  readonly incidentId: string
  readonly title: string
  readonly version: number
  readonly at: string
  readonly endedAt: string | null
}

export type InstrumentDetail = InstrumentView &
  InstrumentEntry & {
    readonly signatories: readonly PartyView[]
    readonly approvals: readonly ApprovalView[]
    readonly versions: readonly VersionView[]
    readonly activations: readonly ActivationView[]
    readonly actions: readonly ActionView[]
    /** Why it cannot be activated anywhere today, or null. */
    readonly inactive: ActionView['refusal']
    readonly keeper: Words | null
    readonly reviewOn: string | null
    readonly covers: NonNullable<Instrument['covers']> | null
    readonly scale: string | null
    readonly terms: NonNullable<Instrument['terms']>
  }

/** GET /api/instruments/:id/preview?incident=: what an activation would make owed, without doing it. */
export type ActivationPreview = {
  readonly version: number | null
  readonly refusal: ActionView['refusal']
  readonly obligations: readonly {
    readonly clauseId: string
    readonly article: Words
    readonly kind: 'duty' | 'disclosure' | 'resource'
    readonly debtor: OrganizationRef
    readonly creditor: OrganizationRef
    readonly act: Words
    readonly resource: { readonly words: Words; readonly value: number; readonly unit: string } | null
    readonly dueAt: string | null
    readonly limitConfirmed: boolean
    /** It arises later, if it is still called for then. */
    readonly beginsAt: string | null
  }[]
  readonly gaps: readonly { readonly clauseId: string; readonly article: Words; readonly party: string; readonly act: Words }[]
}

/** GET /api/incidents/:id/activations */
export type ActivationsView = {
  readonly activated: readonly {
    readonly instrumentId: string
    readonly title: Words
    readonly version: number
    readonly at: string
    readonly text: string
    readonly organization: OrganizationRef | null
    readonly terminated: { readonly at: string; readonly reason: string } | null
  }[]
  /** The level that each organization set last for each scope. */
  readonly responses: readonly ResponseView[]
  /** `incident.activate-instrument`, `incident.terminate-instrument`, `incident.terminate-response`. */
  readonly actions: readonly ActionView[]
}
export type ResponseView = {
  readonly organization: OrganizationRef | null
  readonly level: 1 | 2 | 3 | 4
  readonly scope: string | null
  /** The scale that it speaks in, and how that scale writes the level. */
  readonly scale: { readonly id: string; readonly title: Words; readonly code: string; readonly words: Words } | null
  readonly at: string
}

/** GET /api/templates */
export type TemplateSummary = {
  readonly id: string
  readonly title: Words
  readonly words: Words
  readonly source: Words
  readonly kind: Instrument['kind']
  readonly clauses: number
  readonly organizations: number
  readonly asks: readonly {
    readonly key: string
    readonly words: Words
    readonly kind: 'jurisdiction' | 'organization' | 'date' | 'text' | 'number'
    readonly example: string | null
  }[]
}
/** POST /api/templates/:id/fill */
export type FilledTemplate = { readonly id: string; readonly yaml: string; readonly instrument: Instrument }
/** POST /api/templates/:id/organizations */
export type RegisteredView = {
  readonly registered: readonly { readonly id: string; readonly name: Words; readonly refusal: ActionView['refusal'] }[]
}

/** GET /api/scales */
export type ScaleView = {
  readonly id: string
  readonly title: Words
  readonly issuer: Words
  readonly of: 'response' | 'severity' | 'warning'
  readonly levels: readonly { readonly code: string; readonly words: Words; readonly level: 1 | 2 | 3 | 4 | null }[]
}
export type VocabularyView = {
  readonly id: string
  readonly owner: Words
  readonly terms: readonly { readonly term: Words; readonly means: string }[]
  /** Share of its terms, 0–1, that mean a word of the shared vocabulary. */
  readonly mapped: number
}
export type ScalesView = { readonly scales: readonly ScaleView[]; readonly vocabularies: readonly VocabularyView[] }
