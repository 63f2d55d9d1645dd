import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { InstrumentEntry } from '#core/view/instrument.ts'
import { Chips, Empty, Link, PageHead, Read, Table } from './kit/index.ts'
import { useNarrow } from './kit/narrow.ts'
import { usePaths, useWorld } from './paths.ts'
import { instrumentsQuery } from './queries.ts'
import { useWords } from './words.ts'
import { Marks } from './instrument/marks.tsx'
import { InstrumentTabs } from './instrument/tabs.tsx'
import './kit/obligation.css'
import './instrument.css'

export { InstrumentPage } from './instrument/page.tsx'
export { TemplatesPage } from './instrument/templates.tsx'

const KINDS = ['law', 'regulation', 'plan', 'agreement', 'order'] as const
type Kind = 'all' | InstrumentEntry['kind']

const STATES = ['all', 'binding', 'd90', 'd30', 'd7', 'unsigned', 'unapproved', 'expired'] as const
type State = (typeof STATES)[number]

function isIn(state: State, { standing, daysLeft }: InstrumentEntry): boolean {
  const endsWithin = (days: number): boolean => standing === 'binding' && daysLeft !== null && daysLeft <= days
  switch (state) {
    case 'all':
      return true
    case 'd90':
      return endsWithin(90)
    case 'd30':
      return endsWithin(30)
    case 'd7':
      return endsWithin(7)
    default:
      return standing === state
  }
}

/** Every law, plan, agreement and order that obligations rest on. */
export function InstrumentListPage() {
  const { t } = useWords()
  const reading = useQuery(instrumentsQuery(useWorld()))
  return (
    <>
      <PageHead title={t('instrument.title')} note={t('instrument.subtitle')} />
      <InstrumentTabs on="instruments" />
      <Read of={reading} lines={10}>
        {(all) => <List all={all} />}
      </Read>
    </>
  )
}

function List({ all }: { readonly all: readonly InstrumentEntry[] }) {
  const { t, code } = useWords()
  const [kind, setKind] = useState<Kind>('all')
  const [state, setState] = useState<State>('all')
  const narrow = useNarrow()
  const kinds = KINDS.filter((one) => all.some((entry) => entry.kind === one))
  const ofKind = all.filter((one) => kind === 'all' || one.kind === kind)
  const shown = ofKind.filter((one) => isIn(state, one))
  const kindChoices = [
    { id: 'all' as Kind, label: `${t('instrument.filter-all')} ${all.length}` },
    ...kinds.map((id) => ({ id: id as Kind, label: `${code('instrument', id)} ${all.filter((one) => one.kind === id).length}` })),
  ]
  // A state that nothing is in asks nothing, except where it is being shown.
  const stateChoices = STATES.map((id) => ({ id, count: ofKind.filter((one) => isIn(id, one)).length }))
    .filter(({ id, count }) => id === 'all' || count > 0 || id === state)
    .map(({ id, count }) => ({ id, label: id === 'all' ? t('instrument.state.all') : `${code('instrument.state', id)} ${count}` }))
  if (all.length === 0) return <Empty title={t('instrument.none')} />
  return (
    <div className="instruments">
      <Chips label={t('instrument.filter')} choices={kindChoices} value={kind} onChange={setKind} />
      <Chips label={t('instrument.state-filter')} choices={stateChoices} value={state} onChange={setState} />
      {shown.length === 0 ? <Empty title={t('instrument.none-shown')} /> : narrow ? <Cards shown={shown} /> : <Rows shown={shown} />}
    </div>
  )
}

function Rows({ shown }: { readonly shown: readonly InstrumentEntry[] }) {
  const { t, code, words } = useWords()
  const paths = usePaths()
  return (
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
          { head: t('instrument.signatures'), cell: (one) => <Signed of={one} /> },
          { head: t('instrument.in-force'), cell: (one) => <InForce of={one} /> },
          { head: t('instrument.duties'), className: 'is-number', cell: (one) => one.duties },
        ]}
      />
    </div>
  )
}

/** The same list on a phone: one instrument below the other. */
function Cards({ shown }: { readonly shown: readonly InstrumentEntry[] }) {
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
          <Signed of={one} />
        </li>
      ))}
    </ul>
  )
}

function Signed({ of }: { readonly of: InstrumentEntry }) {
  const { t } = useWords()
  if (of.kind !== 'agreement') return null
  return <span className="soft nowrap">{t('instrument.signed-of', { signed: of.signed, parties: of.parties })}</span>
}

function InForce({ of }: { readonly of: InstrumentEntry }) {
  const { t } = useWords()
  return (
    <span className="nowrap">
      {of.inForceUntil === null
        ? t('instrument.from', { from: of.inForceFrom })
        : t('instrument.until', { from: of.inForceFrom, until: of.inForceUntil })}
    </span>
  )
}
