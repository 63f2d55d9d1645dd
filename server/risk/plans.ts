/** Which plans in force cover a hazard in a territory: read from the instruments, once for a day. */
import type { Words } from '#core/event.ts'
import { binds, type Instrument } from '#core/instrument.ts'
import { covers } from '#core/place.ts'
import type { Scene } from '../present.ts'

export type Plan = { readonly id: string; readonly title: Words; readonly jurisdiction: string; readonly hazards: ReadonlySet<string> }

const PLANS = new WeakMap<Scene['instruments'], { readonly day: string; readonly plans: readonly Plan[] }>()

/** A plan covers what it promises to place, and what its clauses name as the hazard that they wait for. */
function hazardsOf(file: Instrument): ReadonlySet<string> {
  const named = file.clauses.flatMap((clause) => (binds(clause) ? clause.when.flatMap(({ hazards }) => hazards ?? []) : []))
  return new Set([...(file.covers?.hazards ?? []), ...named])
}

function plansInForce({ instruments, now }: Pick<Scene, 'instruments' | 'now'>): readonly Plan[] {
  const day = now.slice(0, 10)
  const known = PLANS.get(instruments)
  if (known?.day === day) return known.plans
  const plans = instruments
    .bindingOn(day)
    .filter(({ instrument: file }) => file.kind === 'plan')
    .map(({ id, instrument: file }) => ({ id, title: file.title, jurisdiction: file.jurisdiction, hazards: hazardsOf(file) }))
  PLANS.set(instruments, { day, plans })
  return plans
}

/** The plans of the territory itself come first, those of the territories around it after. */
export const plansFor = (scene: Pick<Scene, 'instruments' | 'now'>, hazard: string, jurisdiction: string): readonly Plan[] =>
  plansInForce(scene)
    .filter((plan) => plan.hazards.has(hazard) && covers(plan.jurisdiction, jurisdiction))
    .toSorted((a, b) => Number(b.jurisdiction === jurisdiction) - Number(a.jurisdiction === jurisdiction))
