import { useQuery } from '@tanstack/react-query'
import { useRouterState } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { InstrumentDetail } from '#core/view/instrument.ts'
import { Chips, DataList, Empty, Link, PageHead, Panel, Read } from '../kit/index.ts'
import { useParam, usePaths, useWorld } from '../paths.ts'
import { instrumentQuery, instrumentsQuery } from '../queries.ts'
import { useWords } from '../words.ts'
import { HeadActions } from './actions.tsx'
import { ClauseItem } from './clause.tsx'
import { ActivationsPanel, ApprovalsPanel, PartiesPanel, VersionsPanel } from './life.tsx'
import { Marks } from './marks.tsx'
import { headWords } from './sentence.ts'

/** One instrument: what it is, whether it binds, who signed it, and every clause in words and as the linkage reads it. */
export function InstrumentPage() {
  const id = useParam('id')
  const reading = useQuery(instrumentQuery(useWorld(), id))
  return (
    <Read of={reading} lines={12}>
      {(instrument) => <InstrumentBody of={instrument} />}
    </Read>
  )
}

type Filter = 'all' | 'duties'

function InstrumentBody({ of }: { readonly of: InstrumentDetail }) {
  const { t, code, words } = useWords()
  const [filter, setFilter] = useState<Filter>('all')
  const target = useClauseInAddress(of)
  const shown = of.clauses.filter((clause) => filter === 'all' || clause.kind !== 'text' || clause.id === target)
  const choices = [
    { id: 'all' as Filter, label: t('instrument.filter-all') },
    { id: 'duties' as Filter, label: t('instrument.only-duties') },
  ]
  return (
    <>
      <PageHead
        title={words(of.title)}
        note={
          <>
            {code('instrument', of.kind)} · {words(of.citation)} <Marks of={of} />
          </>
        }
        actions={<HeadActions of={of} />}
      />
      <div className="page-grid instrument-grid">
        <Panel
          title={t('instrument.clauses')}
          note={of.clauses.length}
          actions={<Chips label={t('instrument.filter')} choices={choices} value={filter} onChange={setFilter} />}
        >
          {shown.length === 0 ? (
            <Empty title={t('instrument.clauses-none')} />
          ) : (
            <ol className="clauses">
              {shown.map((clause) => (
                <ClauseItem key={clause.id} of={clause} instrument={of} isTarget={clause.id === target} />
              ))}
            </ol>
          )}
        </Panel>
        <div className="stack instrument-side">
          {of.signatories.length > 0 && <PartiesPanel of={of} />}
          {(of.kind === 'plan' || of.kind === 'order') && <ApprovalsPanel of={of} />}
          <About of={of} />
          <ActivationsPanel of={of} />
          <VersionsPanel of={of} />
          <Contents of={of} />
        </div>
      </div>
    </>
  )
}

/** The clause that the address points to; it is brought into sight once it is drawn. */
function useClauseInAddress(of: InstrumentDetail): string | null {
  const hash = useRouterState({ select: (state) => decodeURIComponent(state.location.hash) })
  const target = hash.startsWith('clause-') ? hash.slice('clause-'.length) : null
  useEffect(() => {
    if (target === null) return
    const found = document.getElementById(`clause-${target}`)
    found?.scrollIntoView({ block: 'center' })
    found?.focus({ preventScroll: true })
  }, [target, of.id])
  return target
}

function About({ of }: { readonly of: InstrumentDetail }) {
  const { t, words } = useWords()
  const paths = usePaths()
  const known = useQuery(instrumentsQuery(useWorld())).data ?? []
  const higher = of.higher.map((id) => ({ id, title: known.find((one) => one.id === id)?.title ?? null }))
  return (
    <Panel title={t('instrument.name')}>
      <div className="padded stack">
        {of.demonstration && <p className="limit-mark is-unconfirmed">{t('instrument.demonstration-note')}</p>}
        <DataList
          rows={[
            [t('instrument.issuer'), words(of.issuer)],
            [t('instrument.jurisdiction'), words(of.jurisdiction.name)],
            [
              t('instrument.in-force'),
              of.inForceUntil === null
                ? t('instrument.from', { from: of.inForceFrom })
                : t('instrument.until', { from: of.inForceFrom, until: of.inForceUntil }),
            ],
            [
              t('instrument.duties'),
              `${t('instrument.duties-count', { count: of.duties })} · ${t('instrument.escalations-count', { count: of.escalations })}`,
            ],
            [t('obligation.title'), t('instrument.used-by', { count: of.usedBy })],
            [t('obligation.basis'), t('instrument.version', { version: of.version })],
            [t('instrument.keeper'), of.keeper === null ? null : words(of.keeper)],
            [t('instrument.review-on'), of.reviewOn],
            [
              t('instrument.covers'),
              of.covers === null
                ? null
                : t('instrument.covers-words', {
                    functions: of.covers.functions.length,
                    hazards: of.covers.hazards.length,
                    phases: of.covers.phases.length,
                  }),
            ],
            [t('instrument.scale'), of.scale],
            [
              t('instrument.terms'),
              of.terms.length === 0 ? null : of.terms.map((one) => `${words(one.term)} = ${one.means}`).join(t('instrument.list')),
            ],
            [t('instrument.source'), words(of.source)],
            [
              t('instrument.higher'),
              higher.length === 0 ? null : (
                <ul className="contents">
                  {higher.map(({ id, title }) => (
                    <li key={id}>{title === null ? id : <Link to={paths.instrument(id)}>{words(title)}</Link>}</li>
                  ))}
                </ul>
              ),
            ],
          ]}
        />
      </div>
    </Panel>
  )
}

const CONTENTS_MAX = 120

function Contents({ of }: { readonly of: InstrumentDetail }) {
  const api = useWords()
  const { t, words } = api
  const paths = usePaths()
  const binding = of.clauses.filter((clause) => clause.kind !== 'text').slice(0, CONTENTS_MAX)
  if (binding.length < 2) return null
  return (
    <Panel title={t('instrument.contents')}>
      <ul className="padded contents">
        {binding.map((clause) => (
          <li key={clause.id}>
            <Link to={paths.clause(of.id, clause.id)}>{words(clause.article)}</Link> <span className="soft">{headWords(clause, api)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
