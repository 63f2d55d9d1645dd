import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { InstrumentSummary } from '#core/view.ts'
import { Chips, Empty, Link, PageHead, Read, Table } from './kit/index.ts'
import { useNarrow } from './kit/narrow.ts'
import { usePaths, useWorld } from './paths.ts'
import { instrumentsQuery } from './queries.ts'
import { useWords } from './words.ts'
import { Marks } from './instrument/marks.tsx'
import './kit/obligation.css'
import './instrument.css'

export { InstrumentPage } from './instrument/page.tsx'

const KINDS = ['law', 'regulation', 'plan', 'agreement', 'order'] as const
type Filter = 'all' | InstrumentSummary['kind']

/** Every law, plan, agreement and order that obligations rest on. */
export function InstrumentListPage() {
  const { t } = useWords()
  const reading = useQuery(instrumentsQuery(useWorld()))
  return (
    <>
      <PageHead title={t('instrument.title')} note={t('instrument.subtitle')} />
      <Read of={reading} lines={10}>
        {(all) => <List all={all} />}
      </Read>
    </>
  )
}

function List({ all }: { readonly all: readonly InstrumentSummary[] }) {
  const { t, code, words } = useWords()
  const paths = usePaths()
  const [filter, setFilter] = useState<Filter>('all')
  const narrow = useNarrow()
  const kinds = KINDS.filter((kind) => all.some((one) => one.kind === kind))
  const shown = all.filter((one) => filter === 'all' || one.kind === filter)
  const choices = [
    { id: 'all' as Filter, label: `${t('instrument.filter-all')} ${all.length}` },
    ...kinds.map((id) => ({ id: id as Filter, label: `${code('instrument', id)} ${all.filter((one) => one.kind === id).length}` })),
  ]
  if (all.length === 0) return <Empty title={t('instrument.none')} />
  return (
    <div className="instruments">
      <Chips label={t('instrument.filter')} choices={choices} value={filter} onChange={setFilter} />
      {narrow ? (
        <Cards shown={shown} />
      ) : (
        <div className="panel">
          <Table
            label={t('instrument.title')}
            rows={shown}
            rowKey={(one) => one.id}
            columns={[
              { head: t('instrument.kind'), cell: (one) => <span className="nowrap">{code('instrument', one.kind)}</span> },
              {
                head: t('instrument.name'),
                className: 'instrument-name',
                cell: (one) => (
                  <>
                    <Link to={paths.instrument(one.id)}>{words(one.title)}</Link>
                    <Marks of={one} />
                    <span className="soft">{words(one.citation)}</span>
                  </>
                ),
              },
              { head: t('instrument.issuer'), cell: (one) => words(one.issuer) },
              { head: t('instrument.in-force'), cell: (one) => <InForce of={one} /> },
              { head: t('instrument.duties'), className: 'is-number', cell: (one) => one.duties },
            ]}
          />
        </div>
      )}
    </div>
  )
}

/** The same list on a phone: one instrument below the other. */
function Cards({ shown }: { readonly shown: readonly InstrumentSummary[] }) {
  const { t, code, words } = useWords()
  const paths = usePaths()
  return (
    <ul className="panel instrument-cards">
      {shown.map((one) => (
        <li key={one.id}>
          <Link to={paths.instrument(one.id)}>{words(one.title)}</Link>
          <Marks of={one} />
          <span className="soft">
            {code('instrument', one.kind)} · {words(one.citation)} · {words(one.issuer)}
          </span>
          <span className="soft">
            <InForce of={one} /> · {t('instrument.duties-count', { count: one.duties })}
          </span>
        </li>
      ))}
    </ul>
  )
}

function InForce({ of }: { readonly of: InstrumentSummary }) {
  const { t } = useWords()
  return (
    <span className="nowrap">
      {of.inForceUntil === null
        ? t('instrument.from', { from: of.inForceFrom })
        : t('instrument.until', { from: of.inForceFrom, until: of.inForceUntil })}
    </span>
  )
}
