import { dutyPhase, PHASES, type IncidentPhase } from '../incident/phase.ts'
import type { Clause } from '../instrument.ts'
import { isOpen, type Obligation } from '../obligation.ts'
import type { Basis } from './view.ts'

type Owed = { readonly id: string; readonly state: Obligation }
export type PhaseItems = { readonly phase: IncidentPhase; readonly items: readonly Owed[] }

/** The phase that an obligation belongs to: that of its clause, else that of the event which made it owed. */
export function phaseOfObligation(state: Obligation, clause: (basis: Basis) => Clause | null): IncidentPhase {
  const said = state.basis === null ? undefined : clause(state.basis)?.phase
  return dutyPhase(said, state.trigger)
}

/**
 * What is still owed, by the phase that it keeps from closing (S0-23): every phase with open items, in the order of the
 * process, each item by its deadline. At the end of a replay: the items that the record leaves open.
 */
export function openItems(obligations: Iterable<Owed>, clause: (basis: Basis) => Clause | null): readonly PhaseItems[] {
  const open = [...obligations].filter(({ state }) => isOpen(state))
  const byPhase = Map.groupBy(open, ({ state }) => phaseOfObligation(state, clause))
  const byDeadline = (a: Owed, b: Owed): number => (a.state.dueAt ?? '9').localeCompare(b.state.dueAt ?? '9') || a.id.localeCompare(b.id)
  return PHASES.flatMap((phase) => {
    const items = byPhase.get(phase)?.toSorted(byDeadline) ?? []
    return items.length === 0 ? [] : [{ phase, items }]
  })
}
