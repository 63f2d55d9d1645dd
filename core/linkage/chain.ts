import { commandsOver, type Commanding } from '../authority.ts'
import type { Recorded } from '../event.ts'
import { commandingOf } from '../incident/headquarters.ts'
import { isOpen, termsOf, type Happened, type Obligation, type Parent, type Terms } from '../obligation.ts'
import { after, fromMs, toMs } from '../time.ts'
import { opening, triggerOf } from './opening.ts'
import type { LinkageView, Reaction } from './view.ts'

/** A daily report of five years; a duty that recurs without end is a mistake. */
const ROUNDS_MAX = 2000
const ACT_WORDS_MAX = 4000

/** What follows from one obligation for another: parts handed on, help asked for, the next round, enough of a group. */
export function chained(event: Recorded, view: LinkageView): readonly Reaction[] {
  const id = event.stream.slice('obligation/'.length)
  switch (event.type) {
    case 'obligation.handed-on':
      return [handedOn(id, event, view)]
    case 'obligation.help-asked':
      return helpAsked(id, event, view)
    case 'obligation.discharged':
      return [...nextRound(id, event, view), ...quorum(id, event, view)]
    case 'obligation.lapsed':
      return nextRound(id, event, view)
    default:
      return []
  }
}

/** A part of the whole: owed to who handed it on, who stays answerable; seen by all further up. */
function partOf(parentId: string, parent: Parent, debtor: string, event: Recorded): Omit<Terms, 'act' | 'actWords' | 'dueAt'> {
  return {
    incidentId: parent.incidentId,
    jurisdiction: parent.jurisdiction,
    debtor,
    creditor: parent.debtor,
    function: parent.function,
    basis: parent.basis,
    limitConfirmed: true,
    trigger: triggerOf(event),
    ladder: [],
    origin: 'handed-on',
    parentId,
    watchers: parent.watchers.filter((one) => one !== debtor && one !== parent.debtor),
    by: parent.debtor,
    ...(parent.objectiveId === null ? {} : { objectiveId: parent.objectiveId }),
  }
}

const both = (text: string): Terms['actWords'] => ({ 'zh-CN': text.slice(0, ACT_WORDS_MAX), en: text.slice(0, ACT_WORDS_MAX) })

const NOBODY: Commanding = { headquarters: [], entered: [] }

/** To whom the one who hands on commands, a part is an order; anyone else is asked. The armed forces are always asked (Order 436 art. 4). */
function mayOrder({ incident, relations }: LinkageView, by: string, over: string): boolean {
  const commanding = incident === null || incident.closedAt !== null ? NOBODY : commandingOf(incident)
  return relations.find(over)?.sector !== 'military' && commandsOver(by, over, commanding, relations)
}

function handedOn(id: string, event: Recorded, view: LinkageView): Reaction {
  const { to, part, act, dueAt, parent } = event.data as Happened<'obligation.handed-on'>
  const terms = { ...partOf(id, parent, to, event), act, actWords: both(part), dueAt }
  const type = mayOrder(view, parent.debtor, to) ? 'obligation.owe' : 'obligation.ask'
  return opening(view.idFrom(`handed-on|${id}|${event.position}`), { type, ...terms }, event, view)
}

function helpAsked(id: string, event: Recorded, view: LinkageView): readonly Reaction[] {
  const { of, text, parent } = event.data as Happened<'obligation.help-asked'>
  return of.map((helper) => {
    const terms: Terms = {
      ...partOf(id, parent, helper, event),
      origin: 'request',
      act: 'give-help',
      actWords: both(text),
      dueAt: parent.dueAt !== null && parent.dueAt > event.occurredAt ? parent.dueAt : null,
    }
    return opening(view.idFrom(`help|${id}|${helper}|${event.position}`), { type: 'obligation.ask', ...terms }, event, view)
  })
}

/** What recurs is owed anew once the last round is over, done or missed, for as long as the incident lasts: the daily zero report. */
function nextRound(id: string, event: Recorded, view: LinkageView): readonly Reaction[] {
  const state = view.obligations.get(id)
  if (state?.every === undefined || state.dueAt === null) return []
  const round = (state.round ?? 1) + 1
  const next = view.idFrom(`round|${id}`)
  const over = view.incident !== null && view.incident.closedAt !== null
  if (over || round > ROUNDS_MAX || view.obligations.has(next)) return []
  const owe = { type: 'obligation.owe', ...following(state, state.every), round, trigger: triggerOf(event) } as const
  // Done early, it is owed anew only when this round's time is over: one report is not two days' reports.
  if (state.incidentId !== null && event.occurredAt < state.dueAt)
    return [
      {
        room: 'incident',
        id: state.incidentId,
        commandId: view.idFrom(`await|${next}`),
        command: { type: 'incident.await', at: state.dueAt, obligationId: next, owe, when: 0 },
        basis: null,
        occurredAt: event.occurredAt,
      },
    ]
  return [opening(next, owe, event, view)]
}

/** The same terms one period on. An extension moved one round, not those that come after. */
function following(state: Obligation, every: string): Terms {
  const terms = termsOf(state)
  const first = state.extensions?.[0]?.from ?? state.dueAt
  const dueAt = first === null ? null : after(first, every)
  const by = dueAt === null || state.dueAt === null ? 0 : toMs(dueAt) - toMs(state.dueAt)
  return {
    ...terms,
    dueAt,
    ladder: terms.ladder.map((rung) => ({ ...rung, at: fromMs(toMs(rung.at) + by) })),
    ...(terms.answerBy === undefined ? {} : { answerBy: after(terms.answerBy, every) }),
  }
}

/** So many of a group are enough: the others are let off, and the record says why. */
function quorum(id: string, event: Recorded, view: LinkageView): readonly Reaction[] {
  const group = view.obligations.get(id)?.group
  if (group === undefined) return []
  const members = [...view.obligations.membersOf(group.id)]
  const done = members.filter(({ id: one, state }) => one === id || state.status === 'discharged').length
  if (done < group.quorum) return []
  return members
    .filter(({ id: one, state }) => one !== id && isOpen(state))
    .map(({ id: one }) => ({
      room: 'obligation',
      id: one,
      commandId: view.idFrom(`quorum|${one}|${event.position}`),
      command: { type: 'obligation.release', reason: 'quorum-met' },
      basis: null,
      occurredAt: event.occurredAt,
    }))
}
