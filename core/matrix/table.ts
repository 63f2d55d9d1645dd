/** A matrix as plain tables of text: what CSV, a workbook, a printed page and a terminal all show. */
import type { Words } from '../event.ts'
import type { Change } from './compare.ts'
import type { ClauseRef, Scope } from './in-force.ts'
import type { MatrixProblem } from './responsibility.ts'

export type Sheet = 'matrix' | 'bases' | 'problems' | 'changes'
export type Table = {
  readonly sheet: Sheet
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** The words of one language, looked up by code; a code without words stands for itself. */
export type Speaker = {
  readonly words: (both: Words) => string
  readonly label: (
    name:
      | 'title'
      | 'function'
      | 'organization'
      | 'part'
      | 'instrument'
      | 'article'
      | 'version'
      | 'bases'
      | 'problems'
      | 'problem'
      | 'detail'
      | 'changes'
      | 'change'
      | 'before'
      | 'after'
      | 'because'
      | 'all-hazards'
      | 'none',
  ) => string
  readonly function: (code: string) => string
  readonly hazard: (code: string) => string
  readonly part: (code: string) => string
  readonly problem: (code: string) => string
  readonly change: (code: string) => string
  readonly party: (party: string) => string
  readonly list: (all: readonly string[]) => string
}

type Bases = readonly { readonly part: string; readonly basis: ClauseRef }[]
/** What is put into tables; `names` gives each column its organization's name, null where it is a part of an incident. */
export type Told = {
  readonly scope: Scope
  readonly area: Words
  readonly functions: readonly string[]
  readonly columns: readonly { readonly key: string; readonly part: string | null }[]
  readonly cells: readonly {
    readonly function: string
    readonly column: string
    readonly parts: readonly string[]
    readonly bases: Bases
  }[]
  readonly problems: readonly MatrixProblem[]
  readonly against: string | null
  readonly changes: readonly Change[] | null
  readonly names: (column: string) => Words | null
}

export function headingOf({ scope, area, against }: Told, say: Speaker): string {
  const hazard = scope.hazard === null ? say.label('all-hazards') : say.hazard(scope.hazard)
  const days = against === null ? scope.on : [scope.on, against].toSorted().join(' → ')
  return [say.label('title'), say.words(area), hazard, days].join(' · ')
}

/** The matrix, its clauses, what is wrong with it, and, of two days, what changed. */
export function tablesOf(told: Told, say: Speaker): readonly Table[] {
  const name = (column: string): string => {
    const found = told.names(column)
    return found === null ? say.party(column) : say.words(found)
  }
  const tables = [matrixTable(told, say, name), basesTable(told, say, name), problemsTable(told, say, name)]
  return told.changes === null ? tables : [...tables, changesTable(told.changes, say, name)]
}

const clauseText = (basis: ClauseRef, say: Speaker): string => `${say.words(basis.title)} ${say.words(basis.article)}`
type Name = (column: string) => string

function matrixTable(told: Told, say: Speaker, name: Name): Table {
  const cells = new Map(told.cells.map((cell) => [`${cell.function}|${cell.column}`, cell.parts]))
  const text = (row: string, column: string): string => say.list((cells.get(`${row}|${column}`) ?? []).map(say.part))
  return {
    sheet: 'matrix',
    title: say.label('title'),
    head: [say.label('function'), ...told.columns.map((column) => name(column.key))],
    rows: told.functions.map((row) => [say.function(row), ...told.columns.map((column) => text(row, column.key))]),
  }
}

function basesTable(told: Told, say: Speaker, name: Name): Table {
  return {
    sheet: 'bases',
    title: say.label('bases'),
    head: (['function', 'organization', 'part', 'instrument', 'article', 'version'] as const).map(say.label),
    rows: told.cells.flatMap((cell) =>
      cell.bases.map(({ part, basis }) => [
        say.function(cell.function),
        name(cell.column),
        say.part(part),
        say.words(basis.title),
        say.words(basis.article),
        String(basis.version),
      ]),
    ),
  }
}

function problemsTable(told: Told, say: Speaker, name: Name): Table {
  const detail = (one: MatrixProblem): string => {
    if (one.kind === 'two-leads') return say.list(one.leads.map((lead) => `${name(lead.column)} (${clauseText(lead.basis, say)})`))
    return one.kind === 'no-holder' ? `${one.party} (${clauseText(one.basis, say)})` : ''
  }
  return {
    sheet: 'problems',
    title: say.label('problems'),
    head: (['function', 'problem', 'detail'] as const).map(say.label),
    rows: told.problems.map((one) => [say.function(one.function), say.problem(one.kind), detail(one)]),
  }
}

function changesTable(changes: readonly Change[], say: Speaker, name: Name): Table {
  return {
    sheet: 'changes',
    title: say.label('changes'),
    head: (['change', 'function', 'organization', 'before', 'after', 'because'] as const).map(say.label),
    rows: changes.map((one) => [
      say.change(one.kind),
      say.function(one.function),
      name(one.column),
      say.list(one.before.map(say.part)),
      say.list(one.after.map(say.part)),
      say.list(one.because.map((why) => `${clauseText(why.basis, say)} (${say.change(why.kind)})`)),
    ]),
  }
}

/**
 * RFC 4180, with a byte order mark, by which spreadsheets know UTF-8. A text that a spreadsheet would take for a
 * formula gets an apostrophe before it.
 */
export function csvOf({ head, rows }: Pick<Table, 'head' | 'rows'>): string {
  const cell = (text: string): string => {
    const guarded = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
    return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded
  }
  return `\uFEFF${[head, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`
}
