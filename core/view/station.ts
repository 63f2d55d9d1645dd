/** What the server answers about stations, readings and proposals. Shapes only. */
import type { Words } from '../event.ts'
import type { Colour } from '../level.ts'
import type { BadRow, Indicator, Mapping, ProposalStatus, RowProblem, Sensor, Step, Stream, ThresholdSet } from '../station.ts'
import type { ActionView, OrganizationRef, TimelineEntry } from '../view.ts'

export type StationRef = { readonly id: string; readonly code: string; readonly name: Words; readonly lon: number; readonly lat: number }

/** One crossing that a person is asked about, or was. GET /api/proposals/:id */
export type ProposalView = {
  readonly id: string
  readonly colour: Colour
  readonly hazard: string
  readonly jurisdiction: string
  readonly divisions: readonly string[]
  readonly divisionNames: readonly { readonly code: string; readonly name: Words }[]
  readonly indicator: string
  readonly indicatorWords: Words
  readonly value: number
  readonly unit: string
  /** `sum`, `max` … over an ISO 8601 duration; null for a level. */
  readonly window: { readonly of: 'sum' | 'max' | 'min' | 'mean' | 'level'; readonly over: string | null }
  readonly limit: number
  readonly reach: 'at-least' | 'at-most'
  readonly station: StationRef
  /** When the readings crossed. */
  readonly at: string
  /** The rule: the set, its article, and whether a source confirms the figure. */
  readonly source: { readonly set: string; readonly title: Words; readonly article: Words; readonly confirmed: boolean }
  readonly status: ProposalStatus
  /** The colour that holds now; null once all is over. */
  readonly now: Colour | null
  readonly recededAt: string | null
  /** Since when it waits for an answer. */
  readonly proposedAt: string
  readonly decidedAt: string | null
  readonly reason: string | null
  readonly alertId: string | null
  /** When the warning begun from it was issued; null while it is not. */
  readonly issuedAt: string | null
  /** A warning begun from another proposal of the same hazard and place: this one may be answered by it. */
  readonly besideAlert: string | null
  /** ISO 8601: crossing → proposal, proposal → decision. */
  readonly toProposal: string
  readonly toDecision: string | null
  readonly actions: readonly ActionView[]
}

export type ProposalDetail = ProposalView & {
  readonly proof: { readonly count: number; readonly readings: readonly (readonly [string, number])[] }
  readonly steps: readonly { readonly colour: Colour; readonly value: number; readonly crossedAt: string; readonly proposedAt: string }[]
  readonly history: readonly TimelineEntry[]
}

/** One indicator of a station: the newest reading, and where it stands among the thresholds. */
export type GaugeView = {
  readonly indicator: string
  readonly words: Words
  readonly unit: string
  readonly kind: 'amount' | 'level'
  readonly at: string | null
  readonly value: number | null
  /** What the thresholds look at, such as the sum of 3 hours; null where none applies. */
  readonly watched: { readonly of: Step['of']; readonly over: string | null; readonly value: number | null } | null
  /** The values that propose a colour, by the step of `watched`, least grave first. */
  readonly bands: readonly {
    readonly colour: Colour
    readonly value: number
    readonly reach: 'at-least' | 'at-most'
    readonly confirmed: boolean
  }[]
  /** The newest readings, at most 48, oldest first: the trend. */
  readonly trend: readonly (readonly [string, number])[]
  /** The newest reading that cannot be true. */
  readonly odd: { readonly at: string; readonly value: number } | null
}

export type StationStatus = 'silent' | 'crossed' | 'calm' | 'retired'

export type StationView = StationRef & {
  readonly place: string
  readonly jurisdiction: string
  readonly owner: OrganizationRef
  readonly freshness: string
  readonly status: StationStatus
  readonly silentSince: string | null
  readonly lastAt: string | null
  /** The gravest colour that holds. */
  readonly colour: Colour | null
  readonly gauges: readonly GaugeView[]
}

export type SourceStatus = 'fine' | 'waiting' | 'failing' | 'paused'

export type SourceView = {
  readonly id: string
  readonly name: Words
  readonly url: string
  readonly kind: 'csv' | 'json' | 'sensorthings'
  readonly every: string
  readonly owner: OrganizationRef
  readonly status: SourceStatus
  readonly paused: string | null
  readonly triedAt: string | null
  readonly succeededAt: string | null
  readonly nextAt: string | null
  readonly failures: number
  /** `source.error.<code>` has words. */
  readonly error: string | null
  readonly errorDetail: string | null
  readonly kept: number
  readonly badRows: readonly BadRow[]
  readonly format: { readonly mapping: Mapping | null; readonly streams: readonly Stream[] }
  readonly actions: readonly ActionView[]
}

/** GET /api/stations */
export type StationsView = {
  readonly at: string
  /** Silent first, then what is crossed, the gravest first; at most 2,000. */
  readonly stations: readonly StationView[]
  readonly total: number
  /** Waiting first, the gravest and oldest first, then the newest answered; at most 100. */
  readonly proposals: readonly ProposalView[]
  readonly sources: readonly SourceView[]
  readonly measures: ProposalMeasures
  /** Sets in force where the asker stands. */
  readonly thresholds: readonly ThresholdView[]
  /** What a new station may measure. */
  readonly indicators: readonly Indicator[]
  /** Sets of the pack that are not in force here. */
  readonly offered: readonly Pick<
    ThresholdSet,
    'id' | 'title' | 'hazard' | 'issuer' | 'source' | 'demonstration' | 'jurisdiction' | 'binding'
  >[]
  /** `station.register`, `station.add-source`, `station.adopt-thresholds` for the asker's own organization. */
  readonly actions: readonly ActionView[]
}
export type ThresholdView = {
  readonly id: string
  readonly set: ThresholdSet
  readonly jurisdiction: string
  readonly basis: string
  readonly adoptedAt: string
  readonly actions: readonly ActionView[]
}

/** Of the last 30 days. Durations in milliseconds, null where there is none to measure. */
export type ProposalMeasures = {
  readonly proposals: number
  readonly answered: number
  readonly waiting: number
  readonly takenUp: number
  readonly dismissed: number
  readonly toProposalMs: number | null
  readonly toDecisionMs: number | null
  readonly oldestWaitingMs: number | null
  /** Warnings issued here, and those of them that began from a proposal: the proactive share. */
  readonly warnings: number
  readonly proactive: number
  readonly share: number | null
}

/** GET /api/stations/:id */
export type StationDetail = StationView & {
  readonly divisions: readonly { readonly code: string; readonly name: Words }[]
  readonly registeredAt: string
  readonly retired: string | null
  readonly sensors: readonly Sensor[]
  readonly proposals: readonly ProposalView[]
  readonly history: readonly TimelineEntry[]
  readonly actions: readonly ActionView[]
}

/** GET /api/stations/:id/series?indicator=&hours=: at most 400 points; of a bucket the largest, and the smallest where it differs. */
export type SeriesView = {
  readonly indicator: string
  readonly unit: string
  readonly from: string
  readonly to: string
  /** How many readings the points stand for. */
  readonly readings: number
  readonly impossible: number
  readonly points: readonly { readonly at: string; readonly low: number; readonly high: number }[]
  /** The windowed value that the thresholds look at, where it is not the reading itself. */
  readonly windowed: { readonly of: Step['of']; readonly over: string; readonly points: readonly (readonly [string, number])[] } | null
  readonly bands: GaugeView['bands']
}

/** POST /api/readings */
export type ReadingsAnswer = {
  readonly kept: number
  readonly repeated: number
  readonly differing: number
  readonly impossible: number
}
/** 422 with `code: station.rows-bad`: nothing was kept. */
export type ReadingsRefused = {
  readonly code: string
  readonly params: { readonly count: number }
  readonly rows: readonly { readonly row: number; readonly problem: RowProblem; readonly said: string }[]
}
