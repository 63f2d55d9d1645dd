/**
 * The lag 滞后 of each mechanism, read off the log: from warning to response, from request to acceptance, answer and arrival,
 * from order to discharge, of reports level by level, from activation to the duty done. Nothing is filled in by anybody.
 */
import { unreachable } from './decider.ts'
import type { DivisionLevel } from './place.ts'
import { toMs, type Instant } from './time.ts'

export const MECHANISMS = ['warning', 'request', 'order', 'report', 'activation', 'duty', 'payment'] as const
/** By what way one organization comes to owe another: `duty` is what the law lays on it at once; `payment` has no rows before there is a ledger. */
export type Mechanism = (typeof MECHANISMS)[number]

/** What of an obligation tells its mechanism. `triggerKind`: the kind of fact, where a noted fact made it owed. */
export type Cause = {
  readonly origin: string | null
  readonly triggerType: string | null
  readonly triggerKind: string | null
  readonly act: string
  readonly function: string
}

const REQUESTS: ReadonlySet<string> = new Set(['aid-requested', 'information-requested', 'needs-published', 'request'])
const ORDERS: ReadonlySet<string> = new Set(['order', 'team-ordered'])
const ACTIVATIONS: ReadonlySet<string> = new Set([
  'incident.response-set',
  'incident.headquarters-activated',
  'incident.instrument-activated',
  'headquarters.activated',
])

/** How it was asked for goes before what is asked: an ordered report is an order. */
export function mechanismOf({ origin, triggerType, triggerKind, act, function: name }: Cause): Mechanism {
  if (origin === 'request') return 'request'
  if (origin === 'order' || origin === 'decision') return 'order'
  if (triggerKind === 'warning' || triggerType === 'alert.issued') return 'warning'
  if (triggerKind !== null && REQUESTS.has(triggerKind)) return 'request'
  if (triggerKind !== null && ORDERS.has(triggerKind)) return 'order'
  if (name === 'reporting' || /^(?:report|file)-/.test(act)) return 'report'
  return triggerType !== null && ACTIVATIONS.has(triggerType) ? 'activation' : 'duty'
}

/** What became of one obligation, in instants of the log. */
export type Course = {
  readonly id: string
  readonly mechanism: Mechanism
  readonly debtor: string
  readonly creditor: string
  /** When it was asked for: the warning, the request, the order, the event that made it owed. */
  readonly startedAt: Instant
  /** Until when it was to be answered; null where nothing says so. */
  readonly answerBy: Instant | null
  readonly dueAt: Instant | null
  readonly acceptedAt: Instant | null
  /** The first yes or no. */
  readonly answeredAt: Instant | null
  /** Of a request: when the debtor was first recorded as arrived. */
  readonly arrivedAt: Instant | null
  readonly dischargedAt: Instant | null
  /** Waived or released: nothing is waited for any more. */
  readonly ended: boolean
  /** The level of government that a report goes to. */
  readonly creditorLevel: DivisionLevel | null
}

export type Leg = 'acceptance' | 'answer' | 'arrival' | 'response' | 'discharge' | 'payment' | DivisionLevel
/** One part of the way, from its begin to its end or, while it is under way, to nothing. */
export type Passage = {
  readonly obligationId: string
  readonly mechanism: Mechanism
  readonly leg: Leg
  readonly from: Instant
  readonly to: Instant | null
  readonly dueAt: Instant | null
  readonly debtor: string
  readonly creditor: string
}

/** The parts of the way that the mechanism is measured by. */
export function passagesOf(course: Course): readonly Passage[] {
  const { id, mechanism, debtor, creditor, startedAt: from, dueAt, ended } = course
  const answered = course.answeredAt ?? course.dischargedAt
  const part = (leg: Leg, to: Instant | null, due: Instant | null): readonly Passage[] =>
    ended && to === null ? [] : [{ obligationId: id, mechanism, leg, from, to, dueAt: due, debtor, creditor }]
  const { answerBy, acceptedAt, arrivedAt, dischargedAt } = course
  // A "no" ends the wait for a yes and for what would have followed.
  const refused = acceptedAt === null && course.answeredAt !== null && dischargedAt === null
  const unlessRefused = (parts: readonly Passage[]): readonly Passage[] => (refused ? [] : parts)
  switch (mechanism) {
    case 'warning':
      return [...unlessRefused(part('acceptance', acceptedAt ?? dischargedAt, answerBy)), ...part('response', dischargedAt, dueAt)]
    case 'request':
      return [
        ...unlessRefused(part('acceptance', acceptedAt ?? dischargedAt, answerBy)),
        ...part('answer', answered, answerBy),
        ...(arrivedAt === null && dischargedAt !== null ? [] : unlessRefused(part('arrival', arrivedAt, dueAt))),
        ...unlessRefused(part('discharge', dischargedAt, dueAt)),
      ]
    case 'order':
      return [...unlessRefused(part('acceptance', acceptedAt ?? dischargedAt, answerBy)), ...part('discharge', dischargedAt, dueAt)]
    case 'report':
      return part(course.creditorLevel ?? 'discharge', dischargedAt, dueAt)
    case 'activation':
    case 'duty':
      return part('discharge', dischargedAt, dueAt)
    case 'payment':
      return part('payment', dischargedAt, dueAt)
    default:
      return unreachable(mechanism)
  }
}

/** Milliseconds; `lag` is actual less due, negative when early. Median and 90th percentile by the nearest rank, null of nothing. */
export type Spread = { readonly count: number; readonly median: number | null; readonly p90: number | null }
export type LagLine = {
  readonly mechanism: Mechanism
  readonly leg: Leg
  /** From begin to end, of what has ended. */
  readonly taken: Spread
  /** Past or before the deadline, of what has ended and had one. */
  readonly lag: Spread
  readonly late: number
  readonly open: number
  /** How long the oldest open one has been waited for. */
  readonly oldestMs: number | null
  /** The slowest and the oldest open first, to be looked into. */
  readonly obligationIds: readonly string[]
}

const SHOWN_MAX = 50

/** By nearest rank: the smallest value that so many do not exceed. */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number): number | null => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null
  return { count: sorted.length, median: at(0.5), p90: at(0.9) }
}

const elapsed = ({ from, to }: Passage, now: Instant): number => Math.max(0, toMs(to ?? now) - toMs(from))

/** One line for each part of each mechanism that has any passage, in the order of MECHANISMS. */
export function lagLines(passages: readonly Passage[], now: Instant): readonly LagLine[] {
  const groups = Map.groupBy(passages, (one) => `${MECHANISMS.indexOf(one.mechanism)} ${one.leg}`)
  return [...groups.values()]
    .flatMap((group): readonly LagLine[] => {
      const [first] = group
      return first === undefined ? [] : [lineOf(first, group, now)]
    })
    .toSorted((a, b) => MECHANISMS.indexOf(a.mechanism) - MECHANISMS.indexOf(b.mechanism))
}

function lineOf({ mechanism, leg }: Passage, group: readonly Passage[], now: Instant): LagLine {
  const ended = group.filter((one) => one.to !== null)
  const open = group.filter((one) => one.to === null)
  const lags = ended.flatMap(({ to, dueAt }) => (to === null || dueAt === null ? [] : [toMs(to) - toMs(dueAt)]))
  const slowest = group.toSorted((a, b) => elapsed(b, now) - elapsed(a, now))
  return {
    mechanism,
    leg,
    taken: spread(ended.map((one) => elapsed(one, now))),
    lag: spread(lags),
    late: lags.filter((one) => one > 0).length + open.filter(({ dueAt }) => dueAt !== null && dueAt < now).length,
    open: open.length,
    oldestMs: open.length === 0 ? null : Math.max(...open.map((one) => elapsed(one, now))),
    obligationIds: slowest.slice(0, SHOWN_MAX).map((one) => one.obligationId),
  }
}

/** How two organizations deal with each other in one direction: what the creditor asked of the debtor. */
export type PairLine = {
  readonly creditor: string
  readonly debtor: string
  readonly count: number
  readonly reply: Spread
  readonly open: number
  readonly late: number
  /** The same the other way round; 0 where nothing ever was asked back. */
  readonly back: number
}

/** By pair, most late first, then most open. */
export function pairLines(courses: readonly Course[], now: Instant): readonly PairLine[] {
  const groups = Map.groupBy(courses, (one) => `${one.creditor} ${one.debtor}`)
  return [...groups.values()]
    .flatMap((group): readonly PairLine[] => {
      const [first] = group
      if (first === undefined) return []
      const { creditor, debtor } = first
      const replies = group.flatMap((one) => {
        const to = one.answeredAt ?? one.dischargedAt
        return to === null ? [] : [Math.max(0, toMs(to) - toMs(one.startedAt))]
      })
      const open = group.filter(isOpenCourse)
      const late = open.filter((one) => one.dueAt !== null && one.dueAt < now).length
      const back = groups.get(`${debtor} ${creditor}`)?.length ?? 0
      return [{ creditor, debtor, count: group.length, reply: spread(replies), open: open.length, late, back }]
    })
    .toSorted((a, b) => b.late - a.late || b.open - a.open || b.count - a.count)
}

export const isOpenCourse = (course: Course): boolean =>
  !course.ended && course.dischargedAt === null && (course.answeredAt === null || course.acceptedAt !== null)

/**
 * A hand-off 交接: something passes from one organization to another. It has a receipt (the first yes, no or deed) and is
 * due: by the time to answer, else by the deadline of what was handed over. Lost: no receipt by then.
 */
export type HandOff = {
  readonly obligationId: string
  readonly from: string
  readonly to: string
  readonly mechanism: Mechanism
  readonly handedAt: Instant
  readonly dueAt: Instant | null
  readonly receivedAt: Instant | null
  readonly state: 'received' | 'late' | 'lost' | 'waiting' | 'undated'
}
export type HandOffs = {
  readonly all: readonly HandOff[]
  /** Whose due time has come, or that were received before. */
  readonly judged: number
  /** No receipt by the due time, whether it came later or not at all. */
  readonly lost: number
  /** Lost of those judged; null when there is none to judge. The target is at most 0.01. */
  readonly share: number | null
  readonly undated: number
}

export function handOffs(courses: readonly Course[], now: Instant): HandOffs {
  const all = courses.filter((one) => !(one.ended && one.answeredAt === null)).map((one) => handOff(one, now))
  const count = (...states: readonly HandOff['state'][]): number => all.filter((one) => states.includes(one.state)).length
  const lost = count('lost', 'late')
  const judged = lost + count('received')
  return { all, judged, lost, share: judged === 0 ? null : lost / judged, undated: count('undated') }
}

function handOff(course: Course, now: Instant): HandOff {
  const dueAt = course.answerBy ?? course.dueAt
  const receivedAt = course.answeredAt ?? course.dischargedAt
  const state =
    receivedAt !== null
      ? dueAt === null || receivedAt <= dueAt
        ? 'received'
        : 'late'
      : dueAt === null
        ? 'undated'
        : dueAt < now
          ? 'lost'
          : 'waiting'
  const { id, creditor, debtor, mechanism, startedAt } = course
  return { obligationId: id, from: creditor, to: debtor, mechanism, handedAt: startedAt, dueAt, receivedAt, state }
}

/** Closed on time of what was to be closed by now (requirement S4-18). */
export type Closure = { readonly due: number; readonly onTime: number; readonly verified: number; readonly share: number | null }
export function closureOf(
  findings: readonly { readonly dueAt: Instant; readonly closedAt: Instant | null; readonly verified: boolean }[],
  now: Instant,
): Closure {
  const judged = findings.filter((one) => one.closedAt !== null || one.dueAt < now)
  const onTime = judged.filter((one) => one.closedAt !== null && one.closedAt <= one.dueAt).length
  const verified = judged.filter((one) => one.verified).length
  return { due: judged.length, onTime, verified, share: judged.length === 0 ? null : onTime / judged.length }
}
