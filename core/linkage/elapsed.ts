import type { Recorded } from '../event.ts'
import { basisText, binds } from '../instrument.ts'
import { standsSo } from './facts.ts'
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
  return [
    {
      room: 'obligation',
      id: obligationId,
      commandId: view.idFrom(`command|${obligationId}`),
      command: owe,
      basis: basisText(owe.basis.instrumentId, owe.basis.version, owe.basis.clauseId),
      occurredAt: event.occurredAt,
    },
  ]
}
