import type { Change } from '#core/matrix.ts'
import type { MatrixView } from '#core/view/matrix.ts'
import { Badge, Panel, Table } from '../kit/index.ts'
import { useWords } from '../words.ts'
import { ClauseLink } from './clause.tsx'
import { columnText } from './column.tsx'

const SHOWN_MAX = 300
const TONES = { added: 'good', removed: 'late', changed: 'soon' } as const

/** What differs between the two days, each cell with the clause that made the difference. */
export function Changes({ of, changes }: { readonly of: MatrixView; readonly changes: readonly Change[] }) {
  const words = useWords()
  const { t, code } = words
  const [before = '', after = ''] = [of.on, of.against ?? of.on].toSorted()
  const columns = new Map([...of.gone, ...of.columns].map((one) => [one.key, one]))
  const parts = (all: readonly string[]): string => all.map((part) => code('matrix.part', part)).join(t('instrument.list')) || '—'
  return (
    <Panel title={t('matrix.changes', { before, after })} note={changes.length}>
      {changes.length === 0 ? (
        <p className="padded soft">{t('matrix.changes-none')}</p>
      ) : (
        <Table
          label={t('matrix.label.changes')}
          rows={changes.slice(0, SHOWN_MAX)}
          rowKey={(one) => `${one.function}|${one.column}`}
          columns={[
            { head: t('matrix.label.change'), cell: (one) => <Badge tone={TONES[one.kind]}>{t(`matrix.change.${one.kind}`)}</Badge> },
            { head: t('matrix.label.function'), cell: (one) => code('function', one.function) },
            {
              head: t('matrix.label.organization'),
              cell: (one) => {
                const column = columns.get(one.column)
                return column === undefined ? one.column : columnText(column, words)
              },
            },
            { head: t('matrix.label.before'), cell: (one) => parts(one.before) },
            { head: t('matrix.label.after'), cell: (one) => parts(one.after) },
            {
              head: t('matrix.label.because'),
              cell: (one) => (
                <ul>
                  {one.because.map((why, index) => (
                    <li key={index}>
                      <ClauseLink of={why.basis} /> <span className="soft">{t(`matrix.change.${why.kind}`)}</span>
                    </li>
                  ))}
                </ul>
              ),
            },
          ]}
        />
      )}
    </Panel>
  )
}
