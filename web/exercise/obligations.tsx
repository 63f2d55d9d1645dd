import { useState } from 'react'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReplayObligation } from '#core/exercise/report.ts'
import { Badge, Button, Chips, Empty, Link, Panel, Table, type Tone } from '../kit/index.ts'
import { useNarrow } from '../kit/narrow.ts'
import { pathsIn } from '../paths.ts'
import { useWords } from '../words.ts'
import type { Part } from './part.ts'

const ROWS = 60
const TONES: Readonly<Record<ReplayObligation['status'], Tone>> = {
  'in-time': 'good',
  late: 'soon',
  lapsed: 'late',
  open: 'grey',
  waived: 'grey',
}
type Filter = 'all' | 'late'

/** Every obligation that clauses would have made, and what the record shows came of it. */
export function ObligationTable(part: Part) {
  const { t } = useWords()
  const { items } = part.of.obligations
  const [filter, setFilter] = useState<Filter>('all')
  const [shown, setShown] = useState(ROWS)
  const narrow = useNarrow()
  const chosen = filter === 'all' ? items : items.filter((one) => one.status === 'late' || one.status === 'lapsed')
  const rows = chosen.slice(0, shown)
  const choices = [
    { id: 'all' as Filter, label: `${t('exercise.show.all')} ${items.length}` },
    {
      id: 'late' as Filter,
      label: `${t('exercise.show.late')} ${items.filter((one) => one.status === 'late' || one.status === 'lapsed').length}`,
    },
  ]
  return (
    <Panel
      title={t('exercise.linkage')}
      note={t('exercise.linkage-why')}
      actions={<Chips label={t('exercise.show')} choices={choices} value={filter} onChange={setFilter} />}
    >
      {rows.length === 0 ? (
        <Empty title={t('exercise.item-none')} />
      ) : narrow ? (
        <Cards {...part} rows={rows} />
      ) : (
        <Rows {...part} rows={rows} />
      )}
      {chosen.length > rows.length && (
        <p className="show-more">
          <Button onPress={() => setShown(shown + ROWS)}>
            {t('exercise.show-more', { count: Math.min(ROWS, chosen.length - rows.length) })}
          </Button>
        </p>
      )}
    </Panel>
  )
}

type RowsProps = Part & { readonly rows: readonly ReplayObligation[] }

function Rows({ rows, world, zone }: RowsProps) {
  const { t, words, short } = useWords()
  const inside = pathsIn(world)
  return (
    <Table
      label={t('exercise.table', { of: t('exercise.linkage') })}
      rows={rows}
      rowKey={(one) => one.id}
      rowClass={(one) => `is-${one.status}`}
      columns={[
        { head: t('exercise.act'), cell: (one) => <Link to={inside.obligation(one.id)}>{words(one.act)}</Link> },
        { head: t('exercise.who'), cell: (one) => <Who of={one} /> },
        { head: t('exercise.basis'), cell: (one) => <Basis of={one} world={world} /> },
        { head: t('exercise.owed-at'), cell: (one) => <span className="nowrap">{short(one.owedAt, zone)}</span> },
        { head: t('exercise.due-at'), cell: (one) => <span className="nowrap">{one.dueAt === null ? '—' : short(one.dueAt, zone)}</span> },
        { head: t('exercise.result'), cell: (one) => <Result of={one} /> },
        { head: t('exercise.climbed'), cell: (one) => (one.escalatedTo === null ? '—' : words(one.escalatedTo.name)) },
      ]}
    />
  )
}

function Cards({ rows, world, zone }: RowsProps) {
  const { t, words, short } = useWords()
  const inside = pathsIn(world)
  return (
    <ul className="replay-cards">
      {rows.map((one) => (
        <li key={one.id}>
          <Link to={inside.obligation(one.id)}>{words(one.act)}</Link>
          <Who of={one} />
          <span className="replay-card-line">
            <Result of={one} />
            <Basis of={one} world={world} />
          </span>
          <span className="soft">
            {t('exercise.owed-at')} {short(one.owedAt, zone)}
            {one.dueAt !== null && ` · ${t('exercise.due-at')} ${short(one.dueAt, zone)}`}
            {one.escalatedTo !== null && ` · ${t('exercise.climbed')} ${words(one.escalatedTo.name)}`}
          </span>
        </li>
      ))}
    </ul>
  )
}

function Who({ of }: { readonly of: ReplayObligation }) {
  const { words } = useWords()
  return (
    <span>
      {words(of.debtor.name)} <span className="soft">→ {words(of.creditor.name)}</span>
    </span>
  )
}

function Basis({ of, world }: { readonly of: ReplayObligation; readonly world: string }) {
  const { t, words } = useWords()
  return (
    <span className="basis-link">
      {of.basis === null ? (
        '—'
      ) : (
        <Link to={pathsIn(world).clause(of.basis.instrumentId, of.basis.clauseId)}>
          <span className="for-readers">{words(of.basis.title)} </span>
          {words(of.basis.article)}
        </Link>
      )}
      {!of.limitConfirmed && of.dueAt !== null && (
        <span className="unconfirmed" title={t('obligation.limit-unconfirmed')}>
          <IconAlertTriangle size={14} aria-hidden />
          <span className="for-readers">{t('obligation.limit-unconfirmed')}</span>
        </span>
      )}
    </span>
  )
}

export function Result({ of }: { readonly of: ReplayObligation }) {
  const { t, duration } = useWords()
  const said =
    of.status === 'late'
      ? t('exercise.result.late', { late: of.lateBy === null ? '' : duration(of.lateBy) })
      : of.status === 'open' && of.dueAt === null
        ? t('exercise.result.undated')
        : t(`exercise.result.${of.status}`)
  return (
    <span className="result">
      <Badge tone={TONES[of.status]}>{said}</Badge>
      {of.status === 'lapsed' && of.overdueAtEnd !== null && (
        <small className="soft">{t('exercise.overdue-at-end', { late: duration(of.overdueAtEnd) })}</small>
      )}
    </span>
  )
}
