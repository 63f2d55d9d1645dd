/** The time between two entries of the record, and what its precision leaves open. */
import type { Words } from '../event.ts'
import { between, durationText, toMs } from '../time.ts'
import type { Step } from './translate.ts'

export type Point = { readonly index: number; readonly at: string; readonly text: string }
export type Latency = {
  /** Stable within a scenario, e.g. `warning-red→response-1@city`. */
  readonly id: string
  readonly words: Words
  readonly from: Point
  readonly to: Point | null
  readonly duration: string | null
  /** Where the record gives only the hour or the day: the shortest that its words allow. */
  readonly atLeast: string | null
  /** The coarser precision of the two ends where it is coarser than a minute. */
  readonly precision: string | null
  /** Why there is no duration, in English; the same in both languages beside it. */
  readonly reason: string | null
  readonly reasonWords: Words | null
}

/** Of one kind at most so many are listed. */
export const PAIRS_MAX = 200

export const point = (step: Step): Point => ({ index: step.index, at: step.occurredAt, text: step.entry.text })

/** `duration` and its bounds between two steps of the record. */
export function span(id: string, words: Words, from: Step, to: Step | null, reason: Words | null = null): Latency {
  if (to === null)
    return {
      id,
      words,
      from: point(from),
      to: null,
      duration: null,
      atLeast: null,
      precision: null,
      reason: reason?.en ?? null,
      reasonWords: reason,
    }
  const coarse =
    [from, to]
      .map((one) => (one.derived ? null : one.entry.precision))
      .find((one) => one !== null && one !== 'second' && one !== 'minute') ?? null
  const [latest, earliest] = [bounds(from).latest, bounds(to).earliest]
  const least = coarse === null || latest === null || earliest === null ? null : durationText(Math.max(0, earliest - latest))
  return {
    id,
    words,
    from: point(from),
    to: point(to),
    duration: between(from.occurredAt, to.occurredAt),
    atLeast: least,
    precision: coarse,
    reason: null,
    reasonWords: null,
  }
}

/** The earliest and the latest instant that an entry's precision allows; null where it allows no bound. */
function bounds({ entry, derived, occurredAt }: Step): { readonly earliest: number | null; readonly latest: number | null } {
  const at = toMs(occurredAt)
  if (derived || entry.precision === null || entry.precision === 'second' || entry.precision === 'minute')
    return { earliest: at, latest: at }
  const midnight = toMs(new Date(`${entry.t.slice(0, 10)}T00:00:00${/(?:Z|[+-]\d{2}:\d{2})$/.exec(entry.t)?.[0] ?? 'Z'}`).toISOString())
  const HOUR = 3_600_000
  if (entry.precision === 'hour')
    return {
      earliest: /afternoon|下午/i.test(entry.text) ? Math.min(at, midnight + 12 * HOUR) : at - (at % HOUR),
      latest: at - (at % HOUR) + HOUR,
    }
  if (entry.precision === 'day') return { earliest: midnight, latest: midnight + 24 * HOUR }
  return { earliest: null, latest: null }
}

/** One thing to another, in words. */
export const join = (a: Words, b: Words): Words => ({ 'zh-CN': `${a['zh-CN']} → ${b['zh-CN']}`, en: `${a.en} → ${b.en}` })

/** The first step that is wanted, from an instant on. */
export const first = (steps: readonly Step[], wanted: (step: Step) => boolean, notBefore = ''): Step | null =>
  steps.find((one) => one.occurredAt >= notBefore && wanted(one)) ?? null
export const isKind =
  (...kinds: readonly string[]) =>
  (step: Step): boolean =>
    kinds.includes(step.factKind)
