/** Obligation 责任: who owes what to whom, by when and on what basis; ordered or asked for, accepted, done, late, passed on. */
import type { Thing } from './authority.ts'
import { refuse, unreachable, type Decider } from './decider.ts'
import type { ObligationCommand, ObligationEvent } from './obligation/command.ts'
import { creditorSays, debtorSays, isMaking, make, passes } from './obligation/decide.ts'
import { evolve, isSettled, partiesOf, type Obligation } from './obligation/state.ts'

export { ObligationCommand, type Happened, type ObligationEvent, type Parent } from './obligation/command.ts'
export {
  everLapsed,
  isOpen,
  isSettled,
  partiesOf,
  termsOf,
  type Extension,
  type Obligation,
  type ObligationStatus,
} from './obligation/state.ts'
export { type Basis, type Call, CallOutcome, CallWay, type DoneBy, Form, type Origin, Stage, type Terms } from './obligation/terms.ts'
export { nextTimer, type Timer } from './obligation/timer.ts'

export const obligation: Decider<Obligation | null, ObligationCommand, ObligationEvent> = {
  initial: null,

  decide(state, command, by) {
    if (isMaking(command)) return state === null ? make(command, by) : refuse('obligation.already-owed')
    if (state === null) return refuse('obligation.unknown')
    switch (command.type) {
      case 'obligation.accept':
      case 'obligation.decline':
      case 'obligation.discharge':
      case 'obligation.name-doer':
      case 'obligation.report-progress':
      case 'obligation.ask-extension':
      case 'obligation.ask-help':
      case 'obligation.hand-on':
        return debtorSays(state, command, by)
      case 'obligation.confirm':
      case 'obligation.dispute':
      case 'obligation.insist':
      case 'obligation.grant-extension':
      case 'obligation.refuse-extension':
      case 'obligation.waive':
      case 'obligation.note-call':
        return creditorSays(state, command, by)
      case 'obligation.lapse':
      case 'obligation.escalate':
      case 'obligation.mark-unanswered':
      case 'obligation.unaccept':
      case 'obligation.release':
        return passes(state, command, by)
      case 'obligation.link':
        // What is over is linked by hand alone: the linkage, seeing an old event again, leaves it as it was.
        return state.objectiveId === command.objectiveId || (isSettled(state) && by.actor.kind === 'system')
          ? []
          : [{ type: 'obligation.linked', objectiveId: command.objectiveId }]
      default:
        return unreachable(command)
    }
  },

  evolve,
}

/** What authority asks about: for one that is being ordered or asked for, what the command says of it. */
export function obligationThing(state: Obligation | null, command?: ObligationCommand): Thing {
  if (state !== null) {
    const { jurisdiction, debtor, creditor, by } = state
    return { jurisdiction, debtor, creditor, ...(by === undefined ? {} : { orderedBy: by }), parties: partiesOf(state) }
  }
  return command?.type === 'obligation.order' || command?.type === 'obligation.request'
    ? { jurisdiction: command.jurisdiction, debtor: command.debtor, parties: [] }
    : { jurisdiction: null, parties: [] }
}
