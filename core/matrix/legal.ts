import type { Relations } from '../directory/relations.ts'
import type { Words } from '../event.ts'
import type { Instrument } from '../instrument.ts'
import { covers } from '../place.ts'
import { versionOn, type ClauseRef, type History } from './in-force.ts'

/** A step between two organizations, or many of one kind on one day: what was owed, ordered or requested, and on what basis. */
export type Step = {
  readonly debtor: string
  readonly creditor: string
  readonly act: string
  readonly actWords: Words
  /** The day on which it was taken, in the calendar of UTC. */
  readonly on: string
  readonly basis: { readonly instrumentId: string; readonly version: number; readonly clauseId: string } | null
  readonly count: number
}
export type StepKind = 'all' | 'with-society' | 'cross-regional'

export type Gap = {
  readonly step: Step
  /** `none`: it cites nothing; `unknown`: there is no such clause; `not-in-force`: it bound nobody on that day. */
  readonly why: 'none' | 'unknown' | 'not-in-force'
}
export type LegalCoverage = {
  /** Steps between organizations, and of these those that rest on a clause that was in force on the day of the step. */
  readonly required: number
  readonly covered: number
  readonly gaps: readonly Gap[]
  /** The same steps held against the law of the chosen day: how many would have a basis, and which have lost theirs. */
  readonly standing: number
  readonly fallen: readonly Gap[]
  /** What carries them: how many steps rest on each clause. */
  readonly bases: readonly { readonly basis: ClauseRef; readonly steps: number; readonly stands: boolean }[]
  readonly left: number
}

export const GAPS_MAX = 500

/** Who governs and who does not: a company, an association, the public. Sub-districts and village committees carry public authority. */
const SOCIETY = new Set(['social', 'enterprise', 'public'])

/** `with-society`: exactly one side is no public authority. `cross-regional`: neither territory lies within the other. */
export function isOfKind(kind: StepKind, { debtor, creditor }: Pick<Step, 'debtor' | 'creditor'>, relations: Relations): boolean {
  if (debtor === creditor) return false
  if (kind === 'all') return true
  const [a, b] = [relations.find(debtor), relations.find(creditor)]
  if (a === null || b === null) return false
  if (kind === 'with-society') return SOCIETY.has(a.sector) !== SOCIETY.has(b.sector)
  const [here, there] = [a.jurisdiction, b.jurisdiction]
  return here !== null && there !== null && !covers(here, there) && !covers(there, here)
}

/** Each step held against the law of its own day, and once more against that of `on`. */
export function legalCoverage(
  steps: readonly Step[],
  histories: Iterable<History>,
  relations: Relations,
  { on, kind }: { readonly on: string; readonly kind: StepKind },
): LegalCoverage {
  const known = new Map([...histories].map((one) => [one.id, one]))
  const wanted = steps.filter((step) => isOfKind(kind, step, relations))
  const gaps: Gap[] = []
  const fallen: Gap[] = []
  const bases = new Map<string, { basis: ClauseRef; steps: number; stands: boolean }>()
  let [required, covered, standing] = [0, 0, 0]
  for (const step of wanted) {
    required += step.count
    const then = whyNot(step, known, step.on, true)
    const now = whyNot(step, known, on, false)
    if (then === null) covered += step.count
    else gaps.push({ step, why: then })
    if (now === null) standing += step.count
    else if (then === null) fallen.push({ step, why: now })
    carry(bases, step, known, now === null)
  }
  const byWeight = (a: Gap, b: Gap): number => b.step.count - a.step.count
  return {
    required,
    covered,
    gaps: gaps.toSorted(byWeight).slice(0, GAPS_MAX),
    standing,
    fallen: fallen.toSorted(byWeight).slice(0, GAPS_MAX),
    bases: [...bases.values()].toSorted((a, b) => b.steps - a.steps).slice(0, GAPS_MAX),
    left: Math.max(0, gaps.length - GAPS_MAX, fallen.length - GAPS_MAX, bases.size - GAPS_MAX),
  }
}

/** `exact`: the very version that was cited must have bound on that day; else the clause in whatever version binds then. */
function whyNot({ basis }: Step, known: ReadonlyMap<string, History>, day: string, exact: boolean): Gap['why'] | null {
  if (basis === null) return 'none'
  const history = known.get(basis.instrumentId)
  const cited = history?.versions.find((one) => one.version === basis.version)
  const has = (file: Instrument | undefined): boolean => file?.clauses.some((clause) => clause.id === basis.clauseId) ?? false
  if (history === undefined || !has(cited?.instrument)) return 'unknown'
  const bound = exact ? versionOn({ ...history, versions: cited === undefined ? [] : [cited] }, day) : versionOn(history, day)
  return has(bound?.instrument) ? null : 'not-in-force'
}

function carry(
  bases: Map<string, { basis: ClauseRef; steps: number; stands: boolean }>,
  step: Step,
  known: ReadonlyMap<string, History>,
  stands: boolean,
): void {
  if (step.basis === null) return
  const { instrumentId, version, clauseId } = step.basis
  const key = `${instrumentId}@${version}#${clauseId}`
  const before = bases.get(key)
  if (before !== undefined) {
    before.steps += step.count
    return
  }
  const file = known.get(instrumentId)?.versions.find((one) => one.version === version)?.instrument
  const unknown = { 'zh-CN': clauseId, en: clauseId }
  const article = file?.clauses.find((clause) => clause.id === clauseId)?.article ?? unknown
  const title = file?.title ?? { 'zh-CN': instrumentId, en: instrumentId }
  bases.set(key, { basis: { instrumentId, version, clauseId, title, article }, steps: step.count, stands })
}
