/** The pack made ready to be asked: every look-up of a check is by key, so that checking stays near-linear in the clauses. */
import { binds, type BindingClause, type Instrument, type Party } from '../instrument.ts'
import { covers } from '../place.ts'
import type { LintPack } from './finding.ts'

export type Bound = { readonly index: number; readonly file: Instrument; readonly position: number; readonly clause: BindingClause }
export type Placed = { readonly index: number; readonly file: Instrument }

/** How many instruments above one are looked at; no hierarchy of law is deeper or wider. */
const ABOVE_MAX = 200

export class Pack {
  readonly on: string
  readonly given: LintPack
  readonly files: readonly Placed[]
  readonly bound: readonly Bound[]
  readonly byId: ReadonlyMap<string, Placed>
  /** Acts and functions that some clause makes owed. */
  readonly acts: ReadonlySet<string>
  readonly functions: ReadonlySet<string>
  readonly #above = new Map<number, ReadonlySet<number>>()

  constructor(given: LintPack, on: string) {
    this.on = on
    this.given = given
    this.files = given.instruments.map((file, index) => ({ file, index }))
    const byId = new Map<string, Placed>()
    for (const one of this.files) if (!byId.has(one.file.id)) byId.set(one.file.id, one)
    this.byId = byId
    this.bound = this.files.flatMap(({ file, index }) =>
      file.clauses.flatMap((clause, position) => (binds(clause) ? [{ index, file, position, clause }] : [])),
    )
    this.acts = new Set(this.bound.map(({ clause }) => clause.act))
    this.functions = new Set(this.bound.map(({ clause }) => clause.function))
  }

  /** Every instrument above this one, through any number of steps; itself only where `higher` goes in a circle. */
  above(index: number): ReadonlySet<number> {
    const known = this.#above.get(index)
    if (known) return known
    const found = new Set<number>()
    const open = [index]
    for (let at = open.pop(); at !== undefined && found.size < ABOVE_MAX; at = open.pop())
      for (const id of this.files[at]?.file.higher ?? []) {
        const next = this.byId.get(id)?.index
        if (next === undefined || found.has(next)) continue
        found.add(next)
        open.push(next)
      }
    this.#above.set(index, found)
    return found
  }
}

/** The party without `@superior` and the like, equal names made one: who commands is the lead, a government is a holder of its function. */
export function baseOf(party: Party, file: Instrument): string {
  const [base = party] = party.split('@')
  if (base === 'headquarters') return 'lead'
  if (base === 'government' || base === 'public') return `function:${base}`
  if (!base.startsWith('party:')) return base
  const named = partyOf(file, base.slice('party:'.length))
  if (named?.organization !== undefined) return `organization:${named.organization}`
  return named?.function === undefined || named.jurisdiction !== undefined ? `${base} of ${file.id}` : `function:${named.function}`
}

/** The same with the step or level that was asked for. */
export function nameOf(party: Party, file: Instrument): string {
  const [, at] = party.split('@')
  return at === undefined ? baseOf(party, file) : `${baseOf(party, file)}@${at}`
}

const PARTIES = new WeakMap<Instrument, ReadonlyMap<string, NonNullable<Instrument['parties']>[number]>>()

export function partyOf(file: Instrument, key: string): NonNullable<Instrument['parties']>[number] | undefined {
  const known = PARTIES.get(file) ?? new Map((file.parties ?? []).map((one) => [one.key, one]))
  PARTIES.set(file, known)
  return known.get(key)
}

/** Whether two lists have something in common; a list left out asks for nothing. */
export function meet<T>(a: readonly T[] | undefined, b: readonly T[] | undefined): boolean {
  if (a === undefined || b === undefined) return true
  if (a.length + b.length < SHORT) return a.some((one) => b.includes(one))
  const has = new Set(a)
  return b.some((one) => has.has(one))
}
const SHORT = 12

/** Whether some territory of the one lies in, or contains, one of the other. */
export function areasMeet(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
  if (a === undefined || b === undefined) return true
  if (a.length + b.length < SHORT) return a.some((one) => b.some((other) => covers(one, other) || covers(other, one)))
  return within(a, b) || within(b, a)
}

/** Whether some territory of `inner` lies in one of `outer`: asked by the three prefixes of a code, not pair by pair. */
function within(outer: readonly string[], inner: readonly string[]): boolean {
  const has = new Set(outer)
  return inner.some((code) => wider(code).some((one) => has.has(one)))
}

/** The codes of the territories that contain it, itself first. */
export const wider = (code: string): readonly string[] =>
  [...new Set([code, `${code.slice(0, 4)}00`, `${code.slice(0, 2)}0000`, '100000'])].filter((one) => covers(one, code))
