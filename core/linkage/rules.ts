import { binds, type BindingClause, type Condition, type EscalationClause, type Instrument, type TriggerEvent } from '../instrument.ts'
import { divisionPath } from '../place.ts'

export type InForce = { readonly id: string; readonly version: number; readonly instrument: Instrument }
export type Rule = { readonly from: InForce; readonly clause: BindingClause; readonly when: Condition }

/** What is looked up first of an event: where it happened, and what sort of fact, report or act it is. */
export type Sought = { readonly event: string; readonly jurisdiction: string; readonly sort: string | null }

const ANY = '*'

/**
 * Clauses in force, found by the event that they wait for, the territory they bind in and the sort of fact that they
 * ask for. Built when an instrument changes, not when an event comes: what an event costs grows with what it makes owed.
 */
export class Rules {
  readonly #rules = new Map<string, Rule[]>()
  readonly #escalation = new Map<string, EscalationClause>()
  #order = 0
  readonly #place = new Map<Rule, number>()

  constructor(instruments: Iterable<InForce>) {
    for (const from of instruments)
      for (const clause of from.instrument.clauses) {
        if (binds(clause)) this.#index(from, clause)
        if (clause.kind === 'escalation') this.#supervise(from, clause)
      }
  }

  #index(from: InForce, clause: BindingClause): void {
    for (const when of clause.when) {
      const rule = { from, clause, when }
      this.#place.set(rule, this.#order++)
      for (const sort of sortsOf(when)) {
        const key = keyOf(when.event, from.instrument.jurisdiction, sort)
        const known = this.#rules.get(key)
        if (known) known.push(rule)
        else this.#rules.set(key, [rule])
      }
    }
  }

  #supervise(from: InForce, clause: EscalationClause): void {
    const supervised = clause.of === 'all' ? from.instrument.clauses.filter(binds).map((one) => one.id) : clause.of
    for (const id of supervised)
      if (clause.of !== 'all' || !this.#escalation.has(`${from.id}#${id}`)) this.#escalation.set(`${from.id}#${id}`, clause)
  }

  /** In the order of the instruments and of their clauses, whatever they are found by. */
  on({ event, jurisdiction, sort }: Sought): readonly Rule[] {
    const sorts = sort === null ? [ANY] : [ANY, sort]
    const found = divisionPath(jurisdiction).flatMap((code) =>
      sorts.flatMap((one) => this.#rules.get(keyOf(event as TriggerEvent, code, one)) ?? []),
    )
    return found.toSorted((a, b) => (this.#place.get(a) ?? 0) - (this.#place.get(b) ?? 0))
  }

  escalation(instrumentId: string, clauseId: string): EscalationClause | null {
    return this.#escalation.get(`${instrumentId}#${clauseId}`) ?? null
  }
}

const keyOf = (event: TriggerEvent, jurisdiction: string, sort: string): string => `${event}|${jurisdiction}|${sort}`

/** A condition that names kinds, acts or reports is found only by them. */
function sortsOf(when: Condition): readonly string[] {
  if (when.event === 'incident.noted') return when.kinds ?? [ANY]
  if (when.event === 'sitrep.filed') return when.reportKinds ?? [ANY]
  return when.event.startsWith('obligation.') ? (when.acts ?? [ANY]) : [ANY]
}
