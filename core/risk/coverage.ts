/** What the register does not say, says too late, or leaves undone: each with the one thing to do next. */
import { after } from '../time.ts'
import { CONTENTS, isUnknown, type Risk } from './command.ts'

/** In the order in which they are shown: what is late first, then who is missing, then what is not known. */
export const RISK_GAPS = [
  'danger-overdue',
  'stale',
  'no-owner',
  'no-regulator',
  'no-responder',
  'contents-unsaid',
  'contents-unknown',
  'nobody-knows',
  'no-place',
  'no-plan',
  'not-rehearsed',
] as const
export type RiskGap = (typeof RISK_GAPS)[number]

/** Where dangerous goods are kept; a school beside them keeps none. */
const keepsStore = ({ siteKind, hazard }: Risk): boolean => siteKind === 'chemical-store' || hazard === 'hazardous-chemicals'

/** What is missing whatever the time. A hidden danger needs somebody to mend it and somebody to see to it, and no more. */
export function lastingGaps(state: Risk): readonly RiskGap[] {
  if (state.status === 'closed') return []
  const lasting = state.kind !== 'danger'
  const { store } = state
  const unclear = (store ?? []).some(({ name, quantity }) => isUnknown(name) || isUnknown(quantity))
  const found: readonly (readonly [RiskGap, boolean])[] = [
    ['no-owner', state.owner === null],
    ['no-regulator', state.regulator === null],
    ['no-responder', lasting && state.responder === null],
    ['contents-unsaid', store === null && keepsStore(state)],
    ['contents-unknown', unclear],
    ['nobody-knows', lasting && state.knowers.length === 0],
    ['no-place', state.place === null],
  ]
  return found.flatMap(([gap, holds]) => (holds ? [gap] : []))
}

/** Until its oldest fact breaks the promise; an item of which nothing more is said is as old as its registration. */
export function freshUntil(state: Risk): string {
  const facts = Object.values(state.provenance).map(({ asOfAt }) => asOfAt)
  return after(facts.length === 0 ? state.registeredAt : facts.reduce((a, b) => (a < b ? a : b)), state.promise)
}

/** When each fact breaks the promise, by its key. */
export const staleAfter = (state: Risk, key: string): string | null => {
  const known = state.provenance[key]
  return known === undefined ? null : after(known.asOfAt, state.promise)
}

/** The earliest deadline of a danger that is not yet mended; one that only waits for verification is no longer the owner's delay. */
export function nextDue(state: Risk): string | null {
  const due = state.dangers.filter(({ status }) => status === 'open').map(({ dueAt }) => dueAt)
  return due.length === 0 ? null : due.reduce((a, b) => (a < b ? a : b))
}

const lastRehearsedAt = ({ rehearsals }: Risk): string | null =>
  rehearsals.length === 0 ? null : rehearsals.map(({ at }) => at).reduce((a, b) => (a > b ? a : b))

/** Of dangerous goods every half year, of all else every two years (State Council Order 708 art. 8). */
const HALF_YEARLY: ReadonlySet<string> = new Set(['hazardous-chemicals', 'explosion', 'mine', 'crowd'])
export const rehearsedWithin = (hazard: string): string => (HALF_YEARLY.has(hazard) ? 'P183D' : 'P730D')

/** Whether an adopted plan covers the hazard in the item's territory, which the register itself does not know. */
export type PlanCover = 'none' | 'plan'

/** What decides the gaps of an item, as its row keeps it. */
export type GapFacts = Pick<Risk, 'kind' | 'hazard' | 'status'> & {
  readonly lasting: readonly RiskGap[]
  readonly freshUntil: string
  readonly dueAt: string | null
  readonly rehearsedAt: string | null
}
export const gapFactsOf = (state: Risk): GapFacts => ({
  kind: state.kind,
  hazard: state.hazard,
  status: state.status,
  lasting: lastingGaps(state),
  freshUntil: freshUntil(state),
  dueAt: nextDue(state),
  rehearsedAt: lastRehearsedAt(state),
})

/** Every gap of one item at an instant, the most pressing first. */
export function gapsAt(
  { kind, hazard, status, lasting, freshUntil: fresh, dueAt, rehearsedAt }: GapFacts,
  now: string,
  cover: PlanCover,
): readonly RiskGap[] {
  if (status === 'closed') return []
  const found = new Set<RiskGap>(lasting)
  if (dueAt !== null && dueAt < now) found.add('danger-overdue')
  if (fresh < now) found.add('stale')
  if (kind === 'hazard' && hazard !== null) {
    if (cover === 'none') found.add('no-plan')
    else if (rehearsedAt === null || after(rehearsedAt, rehearsedWithin(hazard)) < now) found.add('not-rehearsed')
  }
  return RISK_GAPS.filter((gap) => found.has(gap))
}

/** Whether anything is said of what is stored there, and all of it is known; by the lasting gaps and whether it was ever said. */
export type Contents = 'none' | 'unsaid' | 'unknown' | 'known'
export const contentsOf = (lasting: readonly RiskGap[], { provenance }: Pick<Risk, 'provenance'>): Contents =>
  lasting.includes('contents-unsaid')
    ? 'unsaid'
    : lasting.includes('contents-unknown')
      ? 'unknown'
      : provenance[CONTENTS] === undefined
        ? 'none'
        : 'known'
