import { lasting } from '../alert/chain.ts'
import type { Recorded } from '../event.ts'
import { binds } from '../instrument.ts'
import { standsSo } from './facts.ts'
import { opening } from './opening.ts'
import { alreadyDone, type Owe } from './owed.ts'
import type { LinkageView, Reaction } from './view.ts'

/** A condition with `elapsed` has come true: what the clause asks for is owed, if the incident still calls for it. */
export function elapsed(event: Recorded, view: LinkageView): readonly Reaction[] {
  const { incident } = view
  if (event.type !== 'incident.elapsed' || incident === null) return []
  const { obligationId, owe, when } = event.data as { obligationId: string; owe: Owe; when: number }
  const clause = owe.basis === null ? null : view.clause(owe.basis)
  const condition = clause !== null && binds(clause) ? clause.when[when] : undefined
  if (owe.basis === null || clause === null || !binds(clause) || condition === undefined || view.obligations.has(obligationId)) return []
  if (!standsSo(condition, { kind: null, subject: null }, incident) || alreadyDone(clause, incident)) return []
  // A warning that is over asks for nothing more.
  if (owe.warning !== undefined && !lasting(view.alerts).some(({ chainId }) => chainId === owe.warning?.alertId)) return []
  return [opening(obligationId, owe, event, view)]
}
