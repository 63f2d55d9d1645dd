/** The life of an instrument: who signed, who approved, when it binds and in which version, and when its end is near. */
import type { Words } from '../event.ts'
import { fromMs, toMs } from '../time.ts'
import type { Instrument, InstrumentState } from '../instrument.ts'
import { binds, type Clause } from './clause.ts'

/** `version`: which text was signed; a signature does not pass on to the next one. */
export type Signature = {
  readonly party: string
  readonly version: number
  readonly on: string
  readonly organization: string | null
  readonly note: string | null
}
export type Withdrawal = { readonly party: string; readonly on: string; readonly reason: string }
export type Approval = {
  readonly by: Words
  readonly version: number
  readonly on: string
  readonly organization: string | null
  readonly note: string
}
export type Version = { readonly version: number; readonly instrument: Instrument }

/** How many days before its end an instrument is warned of. */
export const WARNING_DAYS: readonly number[] = [90, 30, 7]

/** The day of an instant, by the calendar of UTC, in which instruments are dated. */
export const dayOf = (at: string): string => at.slice(0, 10)
const daysBefore = (day: string, days: number): string => fromMs(toMs(`${day}T00:00:00.000Z`) - days * 86_400_000)

/** The day on which a party is bound by its signature, on paper or in the log; null: it has not signed, or has withdrawn by that day. */
export function signedOn(state: InstrumentState, { version, instrument }: Version, party: string, day: string): string | null {
  const left = state.withdrawals?.some((one) => one.party === party && one.on <= day) ?? false
  if (left) return null
  const days = [
    ...(instrument.signatures ?? []).filter((one) => one.party === party).map((one) => one.on),
    ...(state.signatures ?? []).filter((one) => one.party === party && one.version === version).map((one) => one.on),
  ]
  return days.toSorted()[0] ?? null
}

/** Who has left the agreement by that day. Two who remain are still bound to each other. */
const leftBy = (state: InstrumentState, day: string): ReadonlySet<string> =>
  new Set((state.withdrawals ?? []).filter((one) => one.on <= day).map((one) => one.party))

/**
 * Whether everything is given that this version needs: an agreement, the signatures of all its parties (of those who
 * have not left, and at least two); a plan or order, an approval, in its file or in the log. A law needs neither, nor
 * does a plan written for the demonstration.
 */
export function isComplete(state: InstrumentState, version: Version, day: string): boolean {
  const { instrument } = version
  switch (instrument.kind) {
    case 'law':
    case 'regulation':
      return true
    case 'agreement': {
      const left = leftBy(state, day)
      const bound = (instrument.parties ?? []).filter((party) => !left.has(party.key))
      return bound.length >= 2 && bound.every((party) => (signedOn(state, version, party.key, day) ?? '9') <= day)
    }
    case 'plan':
    case 'order': {
      const approved = [
        ...(instrument.approvals ?? []).map((one) => one.on),
        ...(state.approvals ?? []).filter((one) => one.version === version.version).map((one) => one.on),
      ]
      return instrument.demonstration || approved.some((on) => on <= day)
    }
  }
}

/** In force on a day: from its first day to the day before it was repealed. */
export const inForceOn = (file: Pick<Instrument, 'inForceFrom' | 'inForceUntil'>, day: string): boolean =>
  file.inForceFrom <= day && (file.inForceUntil === null || day < file.inForceUntil)

/**
 * The version that binds on a day, or null. While the newest awaits its signatures, its approval or its first day, the
 * one before it stands. Clauses that only a party who has left would owe, or be owed, no longer bind.
 */
export function bindingOn(state: InstrumentState, day: string): Version | null {
  if (state.instrument === null) return null
  const current: Version = { version: state.version, instrument: state.instrument }
  const complete = isComplete(state, current, day)
  if (complete && inForceOn(current.instrument, day)) return without(state, current, day)
  const before = state.standing ?? null
  const superseded = complete && current.instrument.inForceFrom <= day
  return before !== null && !superseded && isComplete(state, before, day) && inForceOn(before.instrument, day)
    ? without(state, before, day)
    : null
}

export const bindsOn = (state: InstrumentState, day: string): boolean => bindingOn(state, day) !== null

function without(state: InstrumentState, { version, instrument }: Version, day: string): Version {
  const left = leftBy(state, day)
  if (left.size === 0) return { version, instrument }
  const gone = (party: string): boolean => left.has(/^party:([a-z0-9-]+)/.exec(party)?.[1] ?? '')
  const clauses = instrument.clauses.filter((clause) => !binds(clause) || (!gone(clause.owes) && !gone(clause.to)))
  return { version, instrument: { ...instrument, clauses } }
}

export type Standing = 'binding' | 'future' | 'expired' | 'unsigned' | 'unapproved'
/** Why it binds on a day, or why not: what is shown beside every instrument. */
export function standingOn(state: InstrumentState, day: string): Standing {
  if (state.instrument === null) return 'expired'
  if (bindsOn(state, day)) return 'binding'
  const { inForceFrom, inForceUntil, kind } = state.instrument
  if (inForceUntil !== null && inForceUntil <= day) return 'expired'
  if (!isComplete(state, { version: state.version, instrument: state.instrument }, day))
    return kind === 'agreement' ? 'unsigned' : 'unapproved'
  return inForceFrom > day ? 'future' : 'expired'
}

/** How many days are left on a day; null where it has no end. Negative after it. */
export const daysLeft = (file: Pick<Instrument, 'inForceUntil'>, day: string): number | null =>
  file.inForceUntil === null ? null : Math.round((toMs(`${file.inForceUntil}T00:00:00.000Z`) - toMs(`${day}T00:00:00.000Z`)) / 86_400_000)

/** The narrowest of the three warnings whose time has come at an instant, or null where none has or the end is past. */
export function warningAt(until: string, at: string): number | null {
  if (at >= daysBefore(until, 0)) return null
  return WARNING_DAYS.findLast((days) => daysBefore(until, days) <= at) ?? null
}

/** The next warning of its end, in days, and when. A repeal is no end that anybody must be warned of. */
export function nextWarning(state: InstrumentState): { readonly at: string; readonly days: number } | null {
  const until = state.instrument?.inForceUntil ?? null
  if (until === null || state.repealed === true) return null
  const done = state.warned?.until === until ? state.warned.days : Number.POSITIVE_INFINITY
  const days = WARNING_DAYS.find((one) => one < done)
  return days === undefined ? null : { at: daysBefore(until, days), days }
}

export type ClauseChange = { readonly id: string; readonly before: Clause; readonly after: Clause; readonly members: readonly string[] }
export type Changes = {
  /** Members of the head that differ: `title`, `inForceUntil`, `parties` … */
  readonly head: readonly string[]
  readonly added: readonly Clause[]
  readonly removed: readonly Clause[]
  readonly changed: readonly ClauseChange[]
}

/** What a version changed, clause by clause; clauses are matched by their id. `before` null: everything is new. */
export function changes(before: Instrument | null, after: Instrument): Changes {
  const old = new Map((before?.clauses ?? []).map((clause) => [clause.id, clause]))
  const kept = new Set(after.clauses.map((clause) => clause.id))
  return {
    head: before === null ? [] : differing({ ...before, clauses: [] }, { ...after, clauses: [] }),
    added: after.clauses.filter((clause) => !old.has(clause.id)),
    removed: (before?.clauses ?? []).filter((clause) => !kept.has(clause.id)),
    changed: after.clauses.flatMap((clause): readonly ClauseChange[] => {
      const was = old.get(clause.id)
      const members = was === undefined ? [] : differing(was, clause)
      return was === undefined || members.length === 0 ? [] : [{ id: clause.id, before: was, after: clause, members }]
    }),
  }
}

function differing(a: object, b: object): readonly string[] {
  const [left, right] = [a as Readonly<Record<string, unknown>>, b as Readonly<Record<string, unknown>>]
  const names = new Set([...Object.keys(left), ...Object.keys(right)])
  return [...names].filter((name) => canonical(left[name]) !== canonical(right[name])).toSorted()
}

/** The order of a mapping's keys says nothing. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  ) ?? ''
