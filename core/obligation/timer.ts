import { after, fromMs, toMs } from '../time.ts'
import type { Of } from './command.ts'
import { isOpen, type Obligation } from './state.ts'

export type Timer = {
  readonly at: string
  readonly command: Of<'obligation.lapse' | 'obligation.escalate' | 'obligation.mark-unanswered' | 'obligation.unaccept'>
}

/** Until when the debtor may still say yes or no in time; null where nobody waits for that. */
export function answerEndsAt(state: Obligation): string | null {
  const waits = state.status === 'requested' || state.status === 'owed'
  return waits && !state.answeredAt && !state.unansweredAt ? (state.answerBy ?? null) : null
}

/** Until when the acceptance holds without another word; null where it needs none. */
export function acceptanceEndsAt(state: Obligation): string | null {
  if (state.status !== 'accepted' || state.progressEvery === undefined) return null
  return after(state.heardAt ?? state.acceptedAt ?? state.owedAt, state.progressEvery)
}

/** What is said at the very instant is said in time, so the time is over a millisecond later. */
const past = (at: string): string => fromMs(toMs(at) + 1)

/** What time alone will do to it next, whichever comes first: no answer, no word of progress, the deadline, the next rung of the ladder. */
export function nextTimer(state: Obligation | null): Timer | null {
  if (state === null || !isOpen(state)) return null
  const timers: Timer[] = []
  const answer = answerEndsAt(state)
  if (answer !== null) timers.push({ at: past(answer), command: { type: 'obligation.mark-unanswered' } })
  const acceptance = acceptanceEndsAt(state)
  if (acceptance !== null) timers.push({ at: past(acceptance), command: { type: 'obligation.unaccept' } })
  const rung = state.ladder[state.climbed]
  if (state.lapsedAt !== null) {
    if (rung !== undefined) timers.push({ at: rung.at, command: { type: 'obligation.escalate', step: state.climbed } })
  } else if (state.dueAt !== null && state.status !== 'requested')
    timers.push({ at: past(state.dueAt), command: { type: 'obligation.lapse' } })
  return timers.reduce<Timer | null>((first, timer) => (first === null || timer.at < first.at ? timer : first), null)
}
