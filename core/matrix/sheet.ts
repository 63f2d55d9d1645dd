import type { Relations } from '../directory/relations.ts'
import type { Words } from '../event.ts'
import type { Clause } from '../instrument.ts'
import { placed, refOf, versionOn, type ClauseRef, type History, type Placed } from './in-force.ts'

/** The six things that whoever helps must know beforehand. */
export const SECTIONS = ['basis', 'duty', 'insurance', 'liability', 'command', 'cost'] as const
export type Section = (typeof SECTIONS)[number]
export type SheetClause = {
  readonly ref: ClauseRef
  readonly words: Words
  readonly wording: 'text' | 'summary'
  readonly kind: Clause['kind']
}
export type LegalSheet = {
  readonly on: string
  readonly sections: readonly { readonly section: Section; readonly clauses: readonly SheetClause[] }[]
  /** Sections that no clause in force fills: they must be settled before anybody goes. */
  readonly missing: readonly Section[]
}

const CLAUSES_MAX = 12
const TOPICS: Readonly<Record<Section, readonly string[]>> = {
  basis: [],
  duty: [],
  insurance: ['insurance', 'protection'],
  liability: ['liability'],
  command: ['command'],
  cost: ['cost', 'compensation'],
}

export type SheetOf = {
  readonly basis: { readonly instrumentId: string; readonly version: number; readonly clauseId: string } | null
  readonly jurisdiction: string
  readonly hazard: string | null
  /** The day on which it came to be owed. */
  readonly on: string
}

/** A legal sheet is for those who are no organ of the state: what an official owes stands in his own law. */
export const wantsSheet = (debtor: string, relations: Relations): boolean => {
  const sector = relations.find(debtor)?.sector
  return sector === 'social' || sector === 'enterprise' || sector === 'public'
}

/** Basis, duty, insurance, liability, command and cost 法律须知, picked from the clauses that bound in the place on that day. */
export function legalSheet(histories: readonly History[], { basis, jurisdiction, hazard, on }: SheetOf): LegalSheet {
  const all = placed(histories, { on, area: jurisdiction, hazard })
  const cited = citedIn(histories, basis, on)
  const own = cited?.from.id ?? null
  const isOwn = (one: Placed<Clause>): boolean => one.from.id === own
  const sections = SECTIONS.map((section) => {
    const found =
      section === 'basis' || section === 'duty'
        ? [cited].filter((one) => one !== null).filter((one) => section === 'basis' || one.clause.kind !== 'text')
        : all.filter((one) => speaksOf(section, one, cited)).toSorted((a, b) => Number(isOwn(b)) - Number(isOwn(a)))
    return { section, clauses: found.slice(0, CLAUSES_MAX).map(shown) }
  })
  return { on, sections, missing: sections.filter((one) => one.clauses.length === 0).map((one) => one.section) }
}

function speaksOf(section: Section, { from, clause }: Placed<Clause>, cited: Placed<Clause> | null): boolean {
  if (clause.topics?.some((topic) => TOPICS[section].includes(topic)) === true) return true
  if (section === 'cost' && clause.kind === 'cost')
    return clause.of === 'all' ? from.id === cited?.from.id : from.id === cited?.from.id && clause.of.includes(cited.clause.id)
  return section === 'command' && clause.kind === 'authority' && clause.decides.includes('command')
}

/** What was cited is shown in the version that was cited, whether or not it still binds. */
function citedIn(histories: readonly History[], basis: SheetOf['basis'], on: string): Placed<Clause> | null {
  const history = histories.find((one) => one.id === basis?.instrumentId)
  if (history === undefined || basis === null) return null
  const version = history.versions.find((one) => one.version === basis.version) ?? versionOn(history, on)
  const clause = version?.instrument.clauses.find((one) => one.id === basis.clauseId)
  return version == null || clause === undefined ? null : { from: { id: history.id, ...version }, clause }
}

const shown = (one: Placed<Clause>): SheetClause => ({
  ref: refOf(one),
  words: one.clause.words,
  wording: one.clause.wording,
  kind: one.clause.kind,
})
