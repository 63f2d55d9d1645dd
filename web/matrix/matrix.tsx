import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import type { CellView, ColumnView, MatrixView } from '#core/view/matrix.ts'
import { Dialog, Empty, Field, Link, Panel, Read } from '../kit/index.ts'
import { useNarrow } from '../kit/narrow.ts'
import { usePaths } from '../paths.ts'
import { matrixQuery } from '../queries.ts'
import { useWords } from '../words.ts'
import { Changes } from './changes.tsx'
import { ClauseLink } from './clause.tsx'
import { ColumnName, columnText } from './column.tsx'
import type { PartProps } from './part.ts'
import { Problems } from './problems.tsx'
import { Scope } from './scope.tsx'

/** So much of a great matrix is drawn at once; the search brings the rest. */
const ROWS_MAX = 150
const COLUMNS_MAX = 60

export function MatrixPart({ fields, change, world }: PartProps) {
  const reading = useQuery(matrixQuery(world, fields))
  return (
    <Read of={reading} lines={12}>
      {(matrix) => (
        <>
          <Scope of={matrix} fields={fields} change={change} compares />
          <NotBinding of={matrix} />
          {matrix.changes !== null && <Changes of={matrix} changes={matrix.changes} />}
          {matrix.functions.length > 0 && <Problems of={matrix} />}
          <Body of={matrix} />
        </>
      )}
    </Read>
  )
}

function NotBinding({ of }: { readonly of: MatrixView }) {
  const { t, words, code } = useWords()
  const paths = usePaths()
  if (of.notBinding.length === 0) return null
  return (
    <details className="panel matrix-not-binding">
      <summary>{t('matrix.not-binding', { count: of.notBinding.length })}</summary>
      <ul>
        {of.notBinding.map((one) => (
          <li key={one.id}>
            <Link to={paths.instrument(one.id)}>{words(one.title)}</Link>{' '}
            <span className="soft">{code('matrix.standing', one.standing)}</span>
          </li>
        ))}
      </ul>
    </details>
  )
}

function Body({ of }: { readonly of: MatrixView }) {
  const words = useWords()
  const { t, code } = words
  const narrow = useNarrow()
  const [search, setSearch] = useState('')
  const [opened, setOpened] = useState<CellView | null>(null)
  const wanted = useDeferredValue(search.trim().toLowerCase())
  if (of.functions.length === 0)
    return (
      <div className="panel">
        <Empty title={t('matrix.empty')} help={`${t('matrix.empty-help')} ${t('matrix.unplaced', { count: of.unplaced })}`} />
      </div>
    )
  const cells = new Map(of.cells.map((cell) => [`${cell.function}|${cell.column}`, cell]))
  const said = (text: string): boolean => text.toLowerCase().includes(wanted)
  const rows = of.functions.filter((name) => said(code('function', name)) || said(name))
  const columns = of.columns.filter((one) => said(columnText(one, words)))
  // What is found among the functions shows their organizations, and the other way round.
  const shownRows = (rows.length > 0 ? rows : of.functions.filter((name) => columns.some((one) => cells.has(`${name}|${one.key}`)))).slice(
    0,
    ROWS_MAX,
  )
  const shownColumns = (
    rows.length > 0 && wanted !== '' ? of.columns.filter((one) => shownRows.some((name) => cells.has(`${name}|${one.key}`))) : columns
  ).slice(0, COLUMNS_MAX)
  const part = { of, rows: shownRows, columns: shownColumns, cells, open: setOpened }
  return (
    <Panel
      title={t('matrix.title')}
      note={t('matrix.shown', { functions: of.functions.length, columns: of.columns.length, cells: of.cells.length })}
    >
      <div className="padded">
        <Field label={t('matrix.search')} type="search" value={search} onChange={setSearch} />
      </div>
      {shownRows.length === 0 || shownColumns.length === 0 ? <Empty /> : narrow ? <ByFunction {...part} /> : <Grid {...part} />}
      <p className="padded soft">
        {of.unplaced > 0 && t('matrix.unplaced', { count: of.unplaced })}{' '}
        {hidden(of, shownRows.length, shownColumns.length) &&
          t('matrix.left', {
            functions: of.functions.length + of.left.functions - shownRows.length,
            columns: of.columns.length + of.left.columns - shownColumns.length,
          })}
      </p>
      {opened !== null && <CellDialog cell={opened} of={of} onClose={() => setOpened(null)} />}
    </Panel>
  )
}

const hidden = (of: MatrixView, rows: number, columns: number): boolean =>
  of.left.functions + of.left.columns > 0 || rows === ROWS_MAX || columns === COLUMNS_MAX

type GridProps = {
  readonly of: MatrixView
  readonly rows: readonly string[]
  readonly columns: readonly ColumnView[]
  readonly cells: ReadonlyMap<string, CellView>
  readonly open: (cell: CellView) => void
}

/** The table proper: its head and its first column stand still while the rest goes by. */
function Grid({ rows, columns, cells, open }: GridProps) {
  const { t, code } = useWords()
  return (
    <div className="matrix-frame" role="region" aria-label={t('matrix.title')} tabIndex={0}>
      <table className="matrix-table">
        <caption className="for-readers">{t('matrix.title')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('matrix.label.function')}</th>
            {columns.map((column) => (
              <th key={column.key} scope="col">
                <ColumnName of={column} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((name) => (
            <tr key={name}>
              <th scope="row">{code('function', name)}</th>
              {columns.map((column) => (
                <td key={column.key}>
                  <Cell of={cells.get(`${name}|${column.key}`)} open={open} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** A cell leads to its clause; where it rests on several, to the list of them. */
function Cell({ of, open }: { readonly of: CellView | undefined; readonly open: (cell: CellView) => void }) {
  const { words } = useWords()
  const paths = usePaths()
  if (of === undefined) return null
  const [first] = of.bases
  if (of.bases.length === 1 && first !== undefined)
    return (
      <Link
        className="matrix-cell"
        to={paths.clause(first.basis.instrumentId, first.basis.clauseId)}
        title={`${words(first.basis.title)} ${words(first.basis.article)}`}
      >
        <Parts of={of} />
      </Link>
    )
  return (
    <button type="button" className="matrix-cell" onClick={() => open(of)}>
      <Parts of={of} />
      <small className="matrix-count">{of.bases.length}</small>
    </button>
  )
}

function Parts({ of }: { readonly of: Pick<CellView, 'parts'> }) {
  const { t } = useWords()
  return (
    <>
      {of.parts.map((part) => (
        <span key={part} className={`matrix-part is-${part}`}>
          {t(`matrix.part.${part}`)}
        </span>
      ))}
    </>
  )
}

/** The same on a phone: one function below the other, with who does what in it. */
function ByFunction({ rows, columns, cells, open }: GridProps) {
  const { t, code } = useWords()
  return (
    <ul className="matrix-functions" aria-label={t('matrix.by-function')}>
      {rows.map((name) => (
        <li key={name}>
          <h3>{code('function', name)}</h3>
          <ul>
            {columns.map((column) => {
              const cell = cells.get(`${name}|${column.key}`)
              return cell === undefined ? null : (
                <li key={column.key}>
                  <Cell of={cell} open={open} />
                  <ColumnName of={column} />
                </li>
              )
            })}
          </ul>
        </li>
      ))}
    </ul>
  )
}

function CellDialog({ cell, of, onClose }: { readonly cell: CellView; readonly of: MatrixView; readonly onClose: () => void }) {
  const words = useWords()
  const { t, code } = words
  const column = of.columns.find((one) => one.key === cell.column)
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`${code('function', cell.function)} · ${column === undefined ? '' : columnText(column, words)}`}
    >
      <ul className="matrix-bases">
        {cell.bases.map(({ part, basis }, index) => (
          <li key={index}>
            <span className={`matrix-part is-${part}`}>{t(`matrix.part.${part}`)}</span> <ClauseLink of={basis} />
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
