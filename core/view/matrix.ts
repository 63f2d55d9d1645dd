/** What the server answers about the matrix, the coverages and the gauges: shapes only. */
import type { Words } from '../event.ts'
import type { ForceGroup, Force, Pair } from '../directory/pair.ts'
import type { Part, Phase } from '../instrument.ts'
import type {
  Change,
  ClauseRef,
  CoverageEntry,
  Gap,
  Gauge,
  LegalCoverage,
  LegalSheet,
  MadeItem,
  MatrixProblem,
  Openness,
  SeatItem,
  SharedItem,
  StepKind,
} from '../matrix.ts'
import type { OrganizationRef } from '../view.ts'

export type Territory = { readonly code: string; readonly name: Words }
/** What may be chosen above every table: hazards that instruments name, territories that organizations answer for. */
export type MatrixChoices = { readonly hazards: readonly string[]; readonly areas: readonly Territory[] }
/** What was asked for, as the server understood it. */
export type MatrixScopeView = {
  readonly on: string
  readonly area: Territory
  readonly hazard: string | null
  readonly phase: Phase | null
  readonly choices: MatrixChoices
}
export type ColumnView = {
  readonly key: string
  readonly organization: OrganizationRef | null
  readonly sector: string | null
  /** A part that only an incident fills, such as `unit-involved`. */
  readonly part: string | null
}
export type CellView = {
  readonly function: string
  readonly column: string
  readonly parts: readonly Part[]
  readonly bases: readonly { readonly part: Part; readonly basis: ClauseRef }[]
}
export type MatrixView = MatrixScopeView & {
  readonly functions: readonly string[]
  readonly columns: readonly ColumnView[]
  readonly cells: readonly CellView[]
  readonly problems: readonly MatrixProblem[]
  readonly unplaced: number
  readonly left: { readonly functions: number; readonly columns: number }
  /** Instruments of the place that do not bind on the day, and why. */
  readonly notBinding: readonly { readonly id: string; readonly title: Words; readonly standing: string }[]
  /** The day that it is compared with, and what changed since or until then. */
  readonly against: string | null
  readonly changes: readonly Change[] | null
  /** Columns that only the other day has. */
  readonly gone: readonly ColumnView[]
}
export type PlanCoverageView = MatrixScopeView & {
  readonly hazards: readonly string[]
  readonly organizations: readonly OrganizationRef[]
  readonly phases: readonly Phase[]
  readonly cells: readonly {
    readonly hazard: string
    readonly organization: string
    readonly phase: Phase
    readonly entries: readonly CoverageEntry[]
  }[]
  readonly covered: number
  readonly empty: number
  readonly withoutPhase: number
  readonly left: number
}
export type GapView = {
  readonly debtor: OrganizationRef
  readonly creditor: OrganizationRef
  readonly act: Words
  readonly on: string
  readonly count: number
  readonly basis: Gap['step']['basis']
  readonly why: Gap['why']
}
export type LegalCoverageView = MatrixScopeView & {
  readonly kind: StepKind
  readonly required: number
  readonly covered: number
  readonly standing: number
  readonly gaps: readonly GapView[]
  readonly fallen: readonly GapView[]
  readonly bases: LegalCoverage['bases']
  readonly left: number
}
export type OpennessView = MatrixScopeView & Openness

type Named<Item extends { readonly organizations: readonly string[] }> = Omit<Gauge<Item>, 'items'> & {
  readonly items: readonly (Omit<Item, 'organizations'> & {
    readonly shared: boolean
    readonly organizations: readonly OrganizationRef[]
  })[]
}
export type GaugesView = MatrixScopeView & {
  readonly construction: Named<MadeItem>
  readonly governance: Named<SeatItem>
  readonly sharing: Named<SharedItem>
}

/** GET /api/obligations/:id/legal-sheet. `sheet` null: the debtor is a public authority, for whom none is made. */
export type LegalSheetView = {
  readonly debtor: OrganizationRef
  /** Who commands the incident now, where headquarters are active. */
  readonly commander: OrganizationRef | null
  readonly sheet: LegalSheet | null
}

/** GET /api/directory/pairs?of= */
export type PairsView = {
  readonly of: OrganizationRef
  readonly pairs: readonly (Omit<Pair, 'other' | 'common'> & { readonly other: OrganizationRef; readonly common: OrganizationRef | null })[]
}

/** One organization as another deals with it. Times in milliseconds. */
export type Neighbour = {
  readonly other: OrganizationRef
  readonly sector: string | null
  readonly relation: Pair['relation']
  /** Still open now: what the ego owes the other, and what the other owes it. */
  readonly openTo: number
  readonly openFrom: number
  /** Ever owed. */
  readonly owedTo: number
  readonly owedFrom: number
  /** From being owed to the first answer: accepted, declined or discharged. Null: nothing was answered yet. */
  readonly replyToMs: number | null
  readonly replyFromMs: number | null
  /** 1: as much is owed one way as the other; 0: all goes one way. */
  readonly reciprocity: number
}
/** GET /api/directory/network?of= : what the asker may see, and nothing else. */
export type NetworkView = {
  readonly of: OrganizationRef
  readonly neighbours: readonly Neighbour[]
  readonly openTo: number
  readonly openFrom: number
  readonly replyToMs: number | null
  readonly replyFromMs: number | null
  /** Of its neighbours, the share with which both ways were used; null: it has none. */
  readonly mutual: number | null
}

/** GET /api/directory/forces?area= */
export type ForcesView = {
  readonly area: Territory
  readonly areas: readonly Territory[]
  readonly groups: readonly {
    readonly group: ForceGroup
    readonly forces: readonly {
      readonly organization: OrganizationRef
      readonly sector: string
      readonly functions: readonly string[]
      readonly territory: Territory | null
      readonly place: Force['place']
      readonly posts: number
    }[]
  }[]
}
