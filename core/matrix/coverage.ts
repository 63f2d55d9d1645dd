import type { Words } from '../event.ts'
import { Phase } from '../instrument.ts'
import type { Relations } from '../directory/relations.ts'
import { hazardsOf, isBinding, placed, refOf, type ClauseRef, type History, type Scope } from './in-force.ts'
import { seatsOf } from './seat.ts'

export const PHASES: readonly Phase[] = Phase.options
export const CELLS_MAX = 20_000
const ENTRIES_MAX = 30

export type CoverageEntry = {
  readonly basis: ClauseRef
  /** Who keeps the instrument up to date, and by when it is reviewed; null where it does not say. */
  readonly keeper: Words | null
  readonly reviewOn: string | null
  /** The review is due before the day that is looked at. */
  readonly overdue: boolean
}
/** One cell of hazard × department × phase; without entries it is a hole in the planning. */
export type CoverageCell = {
  readonly hazard: string
  readonly organization: string
  readonly phase: Phase
  readonly entries: readonly CoverageEntry[]
}
export type PlanCoverage = {
  readonly hazards: readonly string[]
  readonly organizations: readonly string[]
  readonly phases: readonly Phase[]
  readonly cells: readonly CoverageCell[]
  readonly covered: number
  readonly empty: number
  /** Clauses of plans that say no phase; they count in none. */
  readonly withoutPhase: number
  readonly left: number
}

/**
 * Which plan lays down what for each hazard, each organization and each phase, by the plans in force on the day.
 * The rows are the organizations that stand in any plan of the place, the columns the hazards that plans name there.
 */
export function planCoverage(histories: Iterable<History>, relations: Relations, scope: Scope): PlanCoverage {
  const all = placed(histories, { ...scope, hazard: null, phase: null })
    .filter(isBinding)
    .filter((one) => one.from.instrument.kind === 'plan')
  const hazards = new Set<string>()
  const organizations = new Set<string>()
  const found = new Map<string, CoverageEntry[]>()
  for (const one of all) for (const hazard of hazardsOf(one.from.instrument, one.clause) ?? []) hazards.add(hazard)
  let withoutPhase = 0
  for (const one of all) {
    const { phase, owes, each = false } = one.clause
    for (const entry of seatsOf(owes, one.from.instrument, scope.area, each, relations).organizations) {
      organizations.add(entry.id)
      if (phase === undefined) continue
      for (const hazard of hazardsOf(one.from.instrument, one.clause) ?? hazards) {
        const key = [hazard, entry.id, phase].join('|')
        const entries = found.get(key) ?? []
        found.set(key, entries)
        if (entries.length < ENTRIES_MAX) entries.push(entryOf(one, scope.on))
      }
    }
    if (phase === undefined) withoutPhase++
  }
  const shown = [...hazards].filter((hazard) => scope.hazard === null || hazard === scope.hazard).toSorted()
  const phases = scope.phase == null ? PHASES : [scope.phase]
  const cells = shown.flatMap((hazard) =>
    [...organizations].flatMap((organization) =>
      phases.map((phase): CoverageCell => ({
        hazard,
        organization,
        phase,
        entries: found.get([hazard, organization, phase].join('|')) ?? [],
      })),
    ),
  )
  const covered = cells.filter((cell) => cell.entries.length > 0).length
  return {
    hazards: shown,
    organizations: [...organizations],
    phases,
    cells: cells.slice(0, CELLS_MAX),
    covered,
    empty: cells.length - covered,
    withoutPhase,
    left: Math.max(0, cells.length - CELLS_MAX),
  }
}

function entryOf(one: Parameters<typeof refOf>[0], on: string): CoverageEntry {
  const { keeper = null, reviewOn = null } = one.from.instrument
  return { basis: refOf(one), keeper, reviewOn, overdue: reviewOn !== null && reviewOn < on }
}
