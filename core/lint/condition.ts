/** What a condition asks that no event says, and whether two conditions can hold of one event. */
import type { Condition, Instrument } from '../instrument.ts'
import { graver, type Level } from '../level.ts'
import { durationMs } from '../time.ts'
import { areasMeet, meet, nameOf } from './pack.ts'

const DAY_MS = 86_400_000

const OBLIGATION: readonly string[] = ['obligation.accepted', 'obligation.declined', 'obligation.discharged', 'obligation.lapsed']

/** The members that only these events answer. */
const SAID_ONLY_BY: readonly (readonly [members: readonly (keyof Condition)[], events: readonly string[]])[] = [
  [['kinds', 'colours', 'complete'], ['incident.noted']],
  [['reportKinds'], ['sitrep.filed']],
  [['acts', 'functions'], OBLIGATION],
  [['subject'], ['incident.noted', ...OBLIGATION]],
]

/** What a condition asks of an event that never says it: the members that make it empty. */
export function neverHolds(condition: Condition, file: Pick<Instrument, 'kind'>): readonly string[] {
  const { event } = condition
  const wrong: string[] = SAID_ONLY_BY.flatMap(([members, events]) =>
    events.includes(event) ? [] : members.filter((member) => condition[member] !== undefined),
  )
  // Only a warning has a colour.
  if (condition.colours !== undefined && event === 'incident.noted' && condition.kinds?.includes('warning') === false) wrong.push('colours')
  // A report comes before anybody declared a severity or set a level.
  if (event === 'incident.reported') wrong.push(...(['severity', 'level'] as const).filter((member) => condition[member] !== undefined))
  // An obligation alone has a debtor and a creditor; a report alone is sent to somebody.
  const by = condition.by?.split('@')[0] ?? 'anyone'
  if (['debtor', 'creditor'].includes(by) && !OBLIGATION.includes(event)) wrong.push('by')
  // Elapsed time is counted only while the incident is open.
  if (event === 'incident.closed' && condition.elapsed !== undefined) wrong.push('elapsed')
  // Laws are not activated for an incident: they bind by themselves.
  if (event === 'incident.instrument-activated' && (file.kind === 'law' || file.kind === 'regulation')) wrong.push('event')
  return wrong
}

/** Whether the elapsed time outlasts the instrument itself. */
export function outlasts(elapsed: string, file: Pick<Instrument, 'inForceFrom' | 'inForceUntil'>): boolean {
  if (file.inForceUntil === null) return false
  return durationMs(elapsed) >= Date.parse(file.inForceUntil) - Date.parse(file.inForceFrom) + DAY_MS
}

/** Whether one event can match both. Grades always meet: what holds from major upward holds of the gravest, too. */
export function overlap(a: Condition, b: Condition, files: readonly [Instrument, Instrument]): boolean {
  const same = <T>(one: T | undefined, other: T | undefined): boolean => one === undefined || other === undefined || one === other
  const by = (one: Condition, file: Instrument): string | undefined =>
    one.by === undefined || one.by === 'anyone' ? undefined : nameOf(one.by, file)
  return (
    a.event === b.event &&
    meet(a.kinds, b.kinds) &&
    meet(a.reportKinds, b.reportKinds) &&
    meet(a.acts, b.acts) &&
    meet(a.classes, b.classes) &&
    meet(a.hazards, b.hazards) &&
    meet(a.functions, b.functions) &&
    meet(a.colours, b.colours) &&
    same(a.subject, b.subject) &&
    same(a.complete, b.complete) &&
    same(by(a, files[0]), by(b, files[1])) &&
    areasMeet(a.areas, b.areas)
  )
}

/** −1: `a` waits for the graver; 1: `b` does; 0: the same; null: each in one way. */
export function graverTrigger(a: Condition, b: Condition): -1 | 0 | 1 | null {
  const one = compare(a.severity, b.severity)
  const other = compare(a.level, b.level)
  if (one === 0) return other
  return other === 0 || other === one ? one : null
}

function compare(a: Level | undefined, b: Level | undefined): -1 | 0 | 1 {
  if (a === b) return 0
  return b === undefined || (a !== undefined && graver(a, b)) ? -1 : 1
}

/** How much an event proves: which of the two asks less of it, by member. Both are conditions for the same kind of event. */
export function weaker(lower: Condition, higher: Condition): string | null {
  if (higher.complete === true && lower.complete !== true) return 'complete'
  if (higher.subject !== undefined && lower.subject === undefined) return 'subject'
  if (wider(lower.reportKinds, higher.reportKinds)) return 'reportKinds'
  if (wider(lower.kinds, higher.kinds)) return 'kinds'
  if (lower.by === 'anyone' && higher.by !== 'anyone') return 'by'
  if (compare(lower.severity, higher.severity) > 0) return 'severity'
  return compare(lower.level, higher.level) > 0 ? 'level' : null
}

const wider = (lower: readonly string[] | undefined, higher: readonly string[] | undefined): boolean =>
  higher !== undefined && (lower === undefined || lower.some((one) => !higher.includes(one)))
