import type { Part } from '../instrument.ts'
import type { ClauseRef } from './in-force.ts'
import type { Cell, CellBasis, Matrix } from './responsibility.ts'

export type Change = {
  readonly kind: 'added' | 'removed' | 'changed'
  readonly function: string
  readonly column: string
  readonly before: readonly Part[]
  readonly after: readonly Part[]
  /** The clauses that made the difference. */
  readonly because: readonly { readonly kind: 'added' | 'removed' | 'changed'; readonly basis: ClauseRef }[]
}

const keyOf = (cell: Cell): string => `${cell.function}|${cell.column}`
const clauseKey = (one: CellBasis): string => `${one.basis.instrumentId}#${one.basis.clauseId}`

/** What differs between two matrices of one scope, cell by cell, each with the clause that changed. Two equal matrices: nothing. */
export function compareMatrices(before: Matrix, after: Matrix): readonly Change[] {
  const old = new Map(before.cells.map((cell) => [keyOf(cell), cell]))
  const young = new Map(after.cells.map((cell) => [keyOf(cell), cell]))
  return [...new Set([...old.keys(), ...young.keys()])].flatMap((key): readonly Change[] => {
    const [was, is] = [old.get(key), young.get(key)]
    const cell = is ?? was
    if (cell === undefined) return []
    const because = reasons(was?.bases ?? [], is?.bases ?? [])
    const [partsBefore, partsAfter] = [was?.parts ?? [], is?.parts ?? []]
    if (because.length === 0 && partsBefore.join() === partsAfter.join()) return []
    const kind = was === undefined ? 'added' : is === undefined ? 'removed' : 'changed'
    return [{ kind, function: cell.function, column: cell.column, before: partsBefore, after: partsAfter, because }]
  })
}

function reasons(before: readonly CellBasis[], after: readonly CellBasis[]): Change['because'] {
  const old = new Map(before.map((one) => [clauseKey(one), one]))
  const young = new Map(after.map((one) => [clauseKey(one), one]))
  return [...new Set([...old.keys(), ...young.keys()])].flatMap((key): Change['because'] => {
    const [was, is] = [old.get(key), young.get(key)]
    if (was === undefined) return is === undefined ? [] : [{ kind: 'added', basis: is.basis }]
    if (is === undefined) return [{ kind: 'removed', basis: was.basis }]
    return JSON.stringify(was.clause) === JSON.stringify(is.clause) ? [] : [{ kind: 'changed', basis: is.basis }]
  })
}
