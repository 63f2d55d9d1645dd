import { basisText, binds, type Condition } from '../instrument.ts'
import type { Obligation } from '../obligation.ts'
import { holds, resolve, type Facts } from './facts.ts'
import type { LinkageView, Reaction } from './view.ts'

/** What the event proves done: an obligation whose clause takes it as evidence, of whoever did it. */
export function discharges(facts: Facts, view: LinkageView): readonly Reaction[] {
  const reactions: Reaction[] = []
  const doers = facts.organization === null ? [] : view.relations.path(facts.organization).map((one) => one.id)
  // Of an organization that the directory does not have, at least itself.
  if (facts.organization !== null && doers.length === 0) doers.push(facts.organization)
  for (const { id, state } of view.obligations.waitingFor({ event: facts.event.type, kind: facts.kind, doers }, view.clause)) {
    const { basis } = state
    if (basis === null || !isOlder(state, facts.event)) continue
    const clause = view.clause(basis)
    if (clause === null || !binds(clause)) continue
    const asked = { ...facts, instrument: view.instrument(basis) }
    if (!clause.evidence.some((condition) => proves(condition, state, asked, view))) continue
    const deliveredBy = facts.organization !== null && facts.organization !== state.debtor ? { deliveredBy: facts.organization } : {}
    reactions.push({
      room: 'obligation',
      id,
      commandId: view.idFrom(`discharge|${id}|${facts.event.position}`),
      command: { type: 'obligation.discharge', evidence: evidenceText(facts), eventPosition: facts.event.position, ...deliveredBy },
      basis: basisText(basis),
      occurredAt: facts.event.occurredAt,
    })
  }
  return reactions
}

/** Nothing is proved by what went before it was owed: after a restart an event is seen again beside what came later. */
const isOlder = ({ trigger, owedAt }: Obligation, event: Facts['event']): boolean =>
  trigger === null ? owedAt <= event.recordedAt : Number(trigger.position) < Number(event.position)

function proves(condition: Condition, state: Obligation, facts: Facts, view: LinkageView): boolean {
  if (!holds(condition, facts)) return false
  if (state.subject !== undefined && facts.subject !== null && state.subject !== facts.subject) return false
  // A report discharges what is owed to whom it was sent, or to anyone below: who skips a level has reported all the more.
  if (
    facts.recipient !== null &&
    condition.event === 'sitrep.filed' &&
    facts.recipient !== state.creditor &&
    !view.relations.isSuperior(facts.recipient, state.creditor)
  )
    return false
  if (condition.by === 'anyone') return true
  if (facts.organization === null) return false
  // A unit's own crews and departments act for it.
  const doers =
    condition.by === undefined ? [state.debtor] : resolve(condition.by, { ...facts, debtor: state.debtor, creditor: state.creditor }, view)
  return doers.some(
    (one) => one === facts.organization || (facts.organization !== null && view.relations.isSuperior(one, facts.organization)),
  )
}

function evidenceText({ event }: Facts): string {
  const data = event.data as Readonly<Record<string, unknown>>
  const said = data.text ?? data.summary ?? data.evidence
  return typeof said === 'string' && said.length > 0 ? said.slice(0, 4000) : event.type
}
