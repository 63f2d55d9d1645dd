/** What stands at a question of fact: who says what, whether they agree, what a count of parts can say of the whole. */
import type { Assertion, Delivered, Information, Reconciliation, Value } from './command.ts'

/** Words of one language for a key that reports write in several ways. */
const ALIASES: Readonly<Record<string, string>> = {
  deaths: 'dead',
  fatalities: 'dead',
  inhospital: 'in-hospital',
  displaced: 'evacuated',
  'people-trapped': 'trapped',
  substances: 'substance-list',
  workgroups: 'work-groups',
}
/** The key that the question is kept under: 遇难 is one question, whatever a report calls it. */
export const questionKey = (key: string): string => ALIASES[key] ?? key

/** The name that the stream's id is made of: one question of one incident is one stream, whoever asks it first. */
export const questionName = (incidentId: string, key: string): string => `information|${incidentId}|${questionKey(key)}`

/** Told in sentences, which never agree to the letter: shown side by side, not counted as a contradiction. */
const NARRATIVE: ReadonlySet<string> = new Set(['situation', 'measures', 'weather', 'wind', 'summary', 'progress'])

/** A count of persons is the same count whatever it is counted in. */
const COUNTED: ReadonlySet<string> = new Set(['{person}', '{people}', '人', '1', ''])
const unitKey = (unit: string | null): string => (unit === null || COUNTED.has(unit) ? '' : unit)
const valueKey = (value: Value): string =>
  typeof value === 'number'
    ? String(value)
    : /^-?\d+(?:\.\d+)?$/.test(value.trim())
      ? String(Number(value))
      : value.trim().replaceAll(/\s+/g, ' ')

type Valued = { readonly value: Value; readonly unit: string | null }
/** Whether two say the same: number and unit, or the words without regard to blanks. */
export const agrees = (a: Valued, b: Valued): boolean => valueKey(a.value) === valueKey(b.value) && unitKey(a.unit) === unitKey(b.unit)

export const currentOf = (state: Information): readonly Assertion[] => state.assertions.filter((one) => one.status === 'current')

export const reconciledOf = (state: Information, scope: string | null): Reconciliation | null =>
  state.reconciliations.findLast((one) => one.holds && one.scope === scope) ?? null

/** The scopes that somebody speaks of, the whole first. */
export const scopesOf = (state: Information): readonly (string | null)[] => {
  const scopes = [...currentOf(state), ...state.reconciliations.filter((one) => one.holds)].map((one) => one.scope)
  return [...new Set(scopes)].toSorted((a, b) => (a === null ? -1 : b === null ? 1 : a < b ? -1 : 1))
}

/** What stands side by side for one scope: the reconciled value first, then every current word. */
export function sidesOf(state: Information, scope: string | null): readonly Delivered[] {
  const reconciled = reconciledOf(state, scope)
  const first =
    reconciled === null
      ? []
      : [{ assertion: null, scope, value: reconciled.value, unit: reconciled.unit, source: reconciled.reason, asOf: reconciled.asOf }]
  const rest = currentOf(state)
    .filter((one) => one.scope === scope)
    .map(({ id, value, unit, source, asOf }) => ({ assertion: id, scope, value, unit, source, asOf }))
  return [...first, ...rest]
}

/** The value that holds for the scope: reconciled or said by all alike; null where nothing is said or they contradict each other. */
export function settledOf(state: Information, scope: string | null = null): Delivered | null {
  const [first, ...others] = sidesOf(state, scope)
  return first !== undefined && others.every((one) => agrees(first, one)) ? first : null
}

export type Contradiction =
  | { readonly kind: 'differ'; readonly scope: string | null }
  /** More in a part than in the whole. */
  | { readonly kind: 'part-exceeds-whole'; readonly scope: string; readonly part: number; readonly whole: number }

/** Where the sources contradict each other. */
export function contradictionsOf(state: Information): readonly Contradiction[] {
  if (NARRATIVE.has(state.key)) return []
  const scopes = scopesOf(state)
  const differing = scopes.filter((scope) => sidesOf(state, scope).length > 1 && settledOf(state, scope) === null)
  const whole = settledOf(state)
  const exceeding = scopes.flatMap((scope): readonly Contradiction[] => {
    const part = scope === null ? null : settledOf(state, scope)
    return scope !== null &&
      part !== null &&
      whole !== null &&
      typeof part.value === 'number' &&
      typeof whole.value === 'number' &&
      part.value > whole.value
      ? [{ kind: 'part-exceeds-whole', scope, part: part.value, whole: whole.value }]
      : []
  })
  return [...differing.map((scope): Contradiction => ({ kind: 'differ', scope })), ...exceeding]
}

export type Parts = {
  readonly parts: readonly { readonly scope: string; readonly value: number; readonly apart: boolean }[]
  /** Null where parts may count the same people twice, or one of them is contradicted: then nothing is added up. */
  readonly sum: number | null
  /** The parts that nobody said to be counted apart. */
  readonly overlapping: readonly string[]
}

/** The counts of the parts, added up only where every one of them was said to be apart from the others. */
export function partsOf(state: Information): Parts {
  const parts = scopesOf(state).flatMap((scope) => {
    const settled = scope === null ? null : settledOf(state, scope)
    if (scope === null || settled === null || typeof settled.value !== 'number') return []
    const apart = currentOf(state).some((one) => one.scope === scope && one.apart)
    return [{ scope, value: settled.value, apart }]
  })
  const numbered = scopesOf(state).filter((scope) => scope !== null).length
  const overlapping = parts.length < 2 ? [] : parts.filter((one) => !one.apart).map((one) => one.scope)
  const whole = parts.length >= 2 && parts.length === numbered && overlapping.length === 0
  return { parts, sum: whole ? parts.reduce((sum, one) => sum + one.value, 0) : null, overlapping }
}

/** What each organization was given last. */
export const latestDeliveries = (state: Information): ReadonlyMap<string, Information['deliveries'][number]> =>
  new Map(state.deliveries.map((one) => [one.to, one]))
