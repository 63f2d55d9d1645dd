import type { Obligation } from '../obligation.ts'

/**
 * Whether an event of an obligation leads to nothing by the nature of the rooms. Asked before a view is made, because these
 * are the many: an answer to what had to be answered by no time is no end of a silence, and what a clause made owed
 * has been given its objective already.
 */
export function isQuiet(eventType: string, { act, answerBy, progressEvery, origin }: Obligation): boolean {
  switch (eventType) {
    case 'obligation.accepted':
    case 'obligation.declined':
      // Whoever is asked to a consultation, or handed a report, is heard of there, too.
      return answerBy === undefined && progressEvery === undefined && act !== 'join-consultation' && act !== 'handle-report'
    case 'obligation.owed':
      return origin === undefined || origin === 'clause'
    default:
      return false
  }
}
