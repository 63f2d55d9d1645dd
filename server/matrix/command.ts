/** `bin/muster matrix`: the responsibility matrix of pack files, without a server. */
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Relations } from '#core/directory/relations.ts'
import { standingOn, type Instrument } from '#core/instrument.ts'
import {
  compareMatrices,
  csvOf,
  headingOf,
  historyOfFile,
  responsibilityMatrix,
  tablesOf,
  type History,
  type Matrix,
  type Scope,
  type Told,
} from '#core/matrix.ts'
import { divisionPath } from '#core/place.ts'
import { DEMONSTRATION, DirectoryFile, readFileAs, readInstrumentFiles, type Problem } from '../pack.ts'
import { speaker, type Saying } from './words.ts'

export type MatrixCommand = {
  readonly paths: readonly string[]
  readonly on: string
  readonly against: string | null
  /** Null: the smallest territory that an instrument among the files has. */
  readonly area: string | null
  readonly hazard: string | null
  readonly format: 'text' | 'csv' | 'json'
  readonly lang: 'zh-CN' | 'en'
  readonly out: (text: string) => void
  readonly note: (text: string) => void
}

/** Prints the matrix. Answers the exit code: 0, 1 where a function lacks its one lead or a backup, 2 where a file is malformed. */
export function matrixCommand({ paths, on, against, area, hazard, format, lang, out, note }: MatrixCommand): number {
  const files = paths.filter((path) => !isDirectory(path))
  const loaded = readInstrumentFiles(files)
  if (!loaded.ok) return malformed(loaded.problems, note)
  const directory = readFileAs(directoryOf(paths), DirectoryFile)
  if (!directory.ok) return malformed(directory.problems, note)
  const relations = relationsOf(directory.value)
  const instruments = loaded.value.map((one) => one.instrument)
  const histories = instruments.map(historyOfFile)
  const scope: Scope = { on, hazard, area: area ?? smallest(instruments) }
  const matrix = responsibilityMatrix(histories, relations, scope)
  const other = against === null ? null : responsibilityMatrix(histories, relations, { ...scope, on: against })
  const [before, after] = against !== null && against > on ? [matrix, other] : [other, matrix]
  const told: Told = {
    ...matrix,
    area: { 'zh-CN': scope.area, en: scope.area },
    against,
    changes: before === null || after === null ? null : compareMatrices(before, after),
    names: (key) => relations.find(key)?.name ?? null,
  }
  tellNotBinding(histories, on, note)
  const say = speaker(lang)
  if (format === 'json') out(JSON.stringify(asJson(told, matrix), null, 2))
  else if (format === 'csv') out(csvFor(told, say))
  else print(told, say, out)
  return matrix.problems.length === 0 ? 0 : 1
}

function malformed(problems: readonly Problem[], note: (text: string) => void): number {
  for (const one of problems) note(`${one.file}:${one.line}:${one.column} ${one.path}: ${one.problem}`)
  return 2
}

/** A file that says by itself that it is a directory. */
const isDirectory = (path: string): boolean =>
  /\.ya?ml$/.test(path) && existsSync(path) && readFileSync(path, 'utf8').slice(0, 2000).includes('muster/directory/1')

/** The directory among the paths, one that lies in a folder among them, or that of the demonstration. */
function directoryOf(paths: readonly string[]): string {
  const within = paths.map((path) => join(resolve(path), 'directory.yaml')).find((path) => existsSync(path))
  return paths.find(isDirectory) ?? within ?? join(DEMONSTRATION, 'directory.yaml')
}

/** In files, organizations are called by their keys. */
const relationsOf = ({ organizations }: DirectoryFile): Relations =>
  new Relations(organizations.map(({ key, posts: _, ...entry }) => ({ id: key, ...entry, verified: true })))

const smallest = (files: readonly Instrument[]): string =>
  files.map((file) => file.jurisdiction).toSorted((a, b) => divisionPath(b).length - divisionPath(a).length)[0] ?? '100000'

function tellNotBinding(histories: readonly History[], on: string, note: (text: string) => void): void {
  for (const { id, state } of histories) {
    const standing = standingOn(state, on)
    if (standing !== 'binding') note(`${id} does not bind on ${on}: ${standing}`)
  }
}

function csvFor(told: Told, say: Saying): string {
  const wanted = told.changes === null ? 'matrix' : 'changes'
  const table = tablesOf(told, say).find((one) => one.sheet === wanted)
  return table === undefined ? '' : csvOf(table).trimEnd()
}

/** The core's own data, without the whole text of every clause. */
function asJson(told: Told, { scope, functions, columns, problems, unplaced, left }: Matrix): object {
  const cells = told.cells.map((cell) => ({ ...cell, bases: cell.bases.map(({ part, basis }) => ({ part, basis })) }))
  return {
    schema: 'muster/matrix/1',
    scope,
    functions,
    columns,
    cells,
    problems,
    unplaced,
    left,
    against: told.against,
    changes: told.changes,
  }
}

/** For a terminal: function by function, who does what on which clause; then what is wrong, and what changed. */
function print(told: Told, say: Saying, out: (text: string) => void): void {
  const name = (key: string): string => {
    const found = told.names(key)
    return found === null ? say.party(key) : say.words(found)
  }
  out(headingOf(told, say))
  for (const row of told.functions) {
    out(`\n${say.function(row)}`)
    for (const cell of told.cells.filter((one) => one.function === row)) {
      const bases = say.list(cell.bases.map(({ basis }) => `${basis.instrumentId}#${basis.clauseId}`))
      out(`  ${say.list(cell.parts.map(say.part))}  ${name(cell.column)}  ${bases}`)
    }
  }
  for (const table of tablesOf(told, say).filter((one) => one.sheet === 'problems' || one.sheet === 'changes')) {
    out(`\n${table.title} ${table.rows.length}`)
    for (const row of table.rows) out(`  ${row.filter((text) => text !== '').join('  ')}`)
  }
}
