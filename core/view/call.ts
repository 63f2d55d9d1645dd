/** What the call list 叫应 is shown: who has answered a warning, who not, what was tried, and how long answers take. */
import type { CallOutcome, CallWay, Stage } from '../obligation.ts'
import type { Words } from '../event.ts'
import type { Said } from './alert.ts'
import type { Colour } from '../level.ts'
import type { ActionView, OrganizationRef } from '../view.ts'

export type CallableWarning = {
  /** The first message of its chain. */
  readonly alertId: string
  readonly incidentId: string
  /** Of the incident; the headline of its newest message in force stands beside it, where the asker may see that. */
  readonly title: string
  readonly headline: Said
  readonly colour: Colour
  readonly hazard: string
  /** When the newest duty of it began. */
  readonly since: string
  readonly open: number
  readonly late: number
  readonly all: number
}

export type StageCount = {
  readonly stage: Stage
  readonly all: number
  readonly done: number
  readonly open: number
  readonly late: number
}

/** One try to reach a person: by a channel of the notices, or by a person who called. */
export type TryView = {
  readonly at: string
  readonly how: 'notice' | 'call'
  readonly way: string
  readonly outcome: 'sent' | 'failed' | 'receipted' | CallOutcome
  readonly by: OrganizationRef | null
  readonly text: string | null
}

export type CallRow = {
  readonly obligationId: string
  readonly organization: OrganizationRef
  readonly stage: Stage
  readonly act: Words
  readonly site: { readonly id: string; readonly name: string } | null
  readonly jurisdiction: string
  readonly owedAt: string
  readonly dueAt: string | null
  readonly lapsed: boolean
  readonly open: boolean
  readonly releaseReason: string | null
  readonly discharge: { readonly at: string; readonly text: string; readonly late: string | null } | null
  readonly acceptedAt: string | null
  readonly tries: readonly TryView[]
  /** Where it climbs: those done already first. */
  readonly ladder: readonly { readonly at: string; readonly to: OrganizationRef; readonly done: boolean }[]
  readonly actions: readonly ActionView[]
}

export type CallsView = {
  readonly warnings: readonly CallableWarning[]
  readonly warning: CallableWarning | null
  readonly stages: readonly StageCount[]
  /** Who still owes something first, the asker's own before the others', the latest of them first; at most 200. */
  readonly rows: readonly CallRow[]
  readonly more: boolean
}

/** Milliseconds from the warning to what was owed; `open`: not yet done, counted apart and never as quick. */
export type Latency = { readonly done: number; readonly open: number; readonly p50: number | null; readonly p90: number | null }
export type LatenciesView = {
  readonly days: number
  readonly byColour: readonly ({ readonly colour: Colour; readonly stage: Stage } & Latency)[]
  /** The slowest answers first, at most 30. */
  readonly byOrganization: readonly ({ readonly organization: OrganizationRef } & Latency)[]
  readonly byPlace: readonly ({ readonly place: { readonly code: string; readonly name: Words } } & Latency)[]
}
export type { CallOutcome, CallWay, Stage }
