import type { Relations } from '../directory/relations.ts'
import { Part, type BindingClause, type Party, type Phase } from '../instrument.ts'
import { hazardsOf, isBinding, placed, refOf, type ClauseRef, type Placed, type History, type Scope } from './in-force.ts'
import { seatsOf, type Seats } from './seat.ts'

export const PARTS: readonly Part[] = Part.options
export const FUNCTIONS_MAX = 400
export const COLUMNS_MAX = 1000
const BASES_MAX = 60
/** Of one function's leads so many are compared with each other. */
const LEADS_MAX = 400

/** A column: an organization, or a part that only an incident fills, such as `unit-involved`. */
export type Column = { readonly key: string; readonly organization: string | null; readonly part: Party | null }
export type CellBasis = { readonly part: Part; readonly basis: ClauseRef; readonly clause: BindingClause }
export type Cell = {
  readonly function: string
  readonly column: string
  /** In the order lead, support, consult, inform, backup. */
  readonly parts: readonly Part[]
  readonly bases: readonly CellBasis[]
}

export type MatrixProblem =
  /** Nobody leads; `promised`: the instruments that undertook to place it. */
  | { readonly kind: 'no-lead'; readonly function: string; readonly promised: readonly string[] }
  /** More than one leads in the same territory, for a hazard and a phase that they share. */
  | {
      readonly kind: 'two-leads'
      readonly function: string
      readonly leads: readonly { readonly column: string; readonly basis: ClauseRef }[]
    }
  | { readonly kind: 'no-backup'; readonly function: string }
  /** A clause gives a part to a holder that the directory does not know. */
  | { readonly kind: 'no-holder'; readonly function: string; readonly part: Part; readonly party: Party; readonly basis: ClauseRef }

/** The responsibility matrix 责任矩阵: functions × organizations, each cell with the clauses that it rests on. */
export type Matrix = {
  readonly scope: Scope
  readonly functions: readonly string[]
  readonly columns: readonly Column[]
  readonly cells: readonly Cell[]
  readonly problems: readonly MatrixProblem[]
  /** Binding clauses that give nobody a part, and so stand in no cell. */
  readonly unplaced: number
  /** What did not fit into the named maxima. */
  readonly left: { readonly functions: number; readonly columns: number }
}

type Lead = {
  readonly columns: readonly string[]
  readonly one: Placed
  readonly hazards: readonly string[] | null
  readonly phase: Phase | null
  readonly territories: readonly (string | null)[]
}

/**
 * Computed, never written down: what the clauses in force on the day give each organization in the territory.
 * Linear in the clauses; within one function its leads are compared with each other.
 */
export function responsibilityMatrix(histories: Iterable<History>, relations: Relations, scope: Scope): Matrix {
  const all = placed(histories, scope).filter(isBinding)
  const seats = seatFinder(relations, scope.area)
  const promised = promisedIn(histories, scope)
  const rows = new Map<string, Map<string, { parts: Set<Part>; bases: CellBasis[] }>>()
  const columns = new Map<string, Column>()
  const leads = new Map<string, Lead[]>()
  const vacant: MatrixProblem[] = []
  let unplaced = 0
  for (const one of all) {
    const { part } = one.clause
    if (part === undefined) {
      unplaced++
      continue
    }
    const row = rows.get(one.clause.function) ?? new Map<string, { parts: Set<Part>; bases: CellBasis[] }>()
    rows.set(one.clause.function, row)
    const found = seats(one)
    if (found.vacant) vacant.push({ kind: 'no-holder', function: one.clause.function, part, party: one.clause.owes, basis: refOf(one) })
    const keys = columnsOf(found)
    for (const column of keys) {
      columns.set(column.key, column)
      const cell = row.get(column.key) ?? { parts: new Set<Part>(), bases: [] }
      row.set(column.key, cell)
      cell.parts.add(part)
      if (cell.bases.length < BASES_MAX) cell.bases.push({ part, basis: refOf(one), clause: one.clause })
    }
    if (part === 'lead' && keys.length > 0) keep(leads, one.clause.function, leadOf(one, keys, found))
  }
  for (const name of promised.keys()) if (!rows.has(name)) rows.set(name, new Map())
  const functions = [...rows.keys()].slice(0, FUNCTIONS_MAX)
  const ordered = [...columns.values()].toSorted(byStanding(relations, scope.area))
  const shown = ordered.slice(0, COLUMNS_MAX)
  const seen = new Set(shown.map((one) => one.key))
  return {
    scope,
    functions,
    columns: shown,
    cells: functions.flatMap((name) =>
      [...(rows.get(name) ?? [])]
        .filter(([key]) => seen.has(key))
        .map(([column, { parts, bases }]) => ({ function: name, column, parts: PARTS.filter((part) => parts.has(part)), bases })),
    ),
    problems: [
      ...functions.flatMap((name) => problemsOf(name, rows.get(name), leads.get(name) ?? [], promised.get(name) ?? [])),
      ...vacant,
    ],
    unplaced,
    left: { functions: rows.size - functions.length, columns: ordered.length - shown.length },
  }
}

function keep<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const known = map.get(key)
  if (known) known.push(value)
  else map.set(key, [value])
}

/** The same party is asked for by many clauses: it is looked up once. */
function seatFinder(relations: Relations, area: string): (one: Placed) => Seats {
  const known = new Map<string, Seats>()
  return ({ from, clause: { owes, each = false } }) => {
    const key = `${owes.startsWith('party:') ? `${from.id}@${from.version}` : ''}|${owes}|${each}`
    const found = known.get(key) ?? seatsOf(owes, from.instrument, area, each, relations)
    known.set(key, found)
    return found
  }
}

const columnsOf = ({ organizations, part }: Seats): readonly Column[] =>
  part === null
    ? organizations.map((one) => ({ key: one.id, organization: one.id, part: null }))
    : [{ key: part, organization: null, part }]

const leadOf = (one: Placed, columns: readonly Column[], { organizations }: Seats): Lead => ({
  columns: columns.map((column) => column.key),
  one,
  hazards: hazardsOf(one.from.instrument, one.clause),
  phase: one.clause.phase ?? null,
  territories: organizations.map((entry) => entry.jurisdiction),
})

/** The functions that instruments in force undertook to place there, with who undertook it. */
function promisedIn(histories: Iterable<History>, scope: Scope): ReadonlyMap<string, readonly string[]> {
  const promised = new Map<string, string[]>()
  const files = new Set(placed(histories, { ...scope, hazard: null, phase: null }).map((one) => one.from))
  for (const { id, instrument } of files) {
    const { hazards, phases, functions } = instrument.covers ?? { hazards: [], phases: [], functions: [] }
    if (scope.hazard !== null && !hazards.includes(scope.hazard)) continue
    if (scope.phase != null && !phases.includes(scope.phase)) continue
    for (const name of functions) keep(promised, name, id)
  }
  return promised
}

function problemsOf(
  name: string,
  row: ReadonlyMap<string, { readonly parts: ReadonlySet<Part> }> | undefined,
  leads: readonly Lead[],
  promised: readonly string[],
): readonly MatrixProblem[] {
  const problems: MatrixProblem[] = []
  if (leads.length === 0) problems.push({ kind: 'no-lead', function: name, promised })
  const doubled = overlapping(leads.slice(0, LEADS_MAX))
  if (doubled.size > 0) {
    const seen = new Map<string, ClauseRef>()
    for (const lead of doubled) for (const column of lead.columns) if (!seen.has(column)) seen.set(column, refOf(lead.one))
    problems.push({ kind: 'two-leads', function: name, leads: [...seen].map(([column, basis]) => ({ column, basis })) })
  }
  const backed = [...(row?.values() ?? [])].some((cell) => cell.parts.has('backup'))
  if (leads.length > 0 && !backed) problems.push({ kind: 'no-backup', function: name })
  return problems
}

/** Leads of which at least two would lead the same: another organization, the same territory, hazard and phase. */
function overlapping(leads: readonly Lead[]): ReadonlySet<Lead> {
  const found = new Set<Lead>()
  for (const [i, a] of leads.entries())
    for (const b of leads.slice(i + 1))
      if (clash(a, b)) {
        found.add(a)
        found.add(b)
      }
  return found
}

/**
 * Those whom one clause names each lead their own part of the territory. Leads that two authorities of different
 * levels name for their own level do not meet: responsibility is graded 分级负责 (Emergency Response Law art. 16, 17).
 */
function clash(a: Lead, b: Lead): boolean {
  const same = a.columns.length === b.columns.length && a.columns.every((key) => b.columns.includes(key))
  if (same) return false
  const hazards = a.hazards === null || b.hazards === null || a.hazards.some((one) => b.hazards?.includes(one))
  const phases = a.phase === null || b.phase === null || a.phase === b.phase
  const graded =
    a.one.from.instrument.jurisdiction !== b.one.from.instrument.jurisdiction &&
    a.territories.length > 0 &&
    b.territories.length > 0 &&
    !a.territories.some((one) => one === null || b.territories.includes(one)) &&
    !b.territories.includes(null)
  return hazards && phases && !graded
}

const SECTORS = ['command', 'party', 'government', 'public-institution', 'military', 'grass-roots', 'social', 'enterprise', 'public']

/** Authorities first, of the place before those above it; parts that an incident fills last. */
function byStanding(relations: Relations, area: string): (a: Column, b: Column) => number {
  const place = (column: Column): readonly [number, number, string] => {
    const entry = column.organization === null ? null : relations.find(column.organization)
    if (entry === null) return [SECTORS.length, 0, column.key]
    return [entry.jurisdiction === area ? 0 : entry.jurisdiction === null ? 2 : 1, SECTORS.indexOf(entry.sector), entry.name['zh-CN']]
  }
  const places = new Map<string, readonly [number, number, string]>()
  const known = (column: Column): readonly [number, number, string] => {
    const found = places.get(column.key) ?? place(column)
    places.set(column.key, found)
    return found
  }
  return (a, b) => {
    const [pa, pb] = [known(a), known(b)]
    return pa[0] - pb[0] || pa[1] - pb[1] || (pa[2] < pb[2] ? -1 : pa[2] > pb[2] ? 1 : a.key < b.key ? -1 : 1)
  }
}
