import { IconAlertTriangle, IconCheck, IconLink } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useRouterState } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { Clause } from '#core/instrument.ts'
import type { InstrumentView } from '#core/view.ts'
import { Badge, Chips, DataList, Empty, Link, PageHead, Panel, Read } from '../kit/index.ts'
import { useParam, usePaths, useWorld } from '../paths.ts'
import { instrumentQuery, instrumentsQuery } from '../queries.ts'
import { useWords } from '../words.ts'
import { Marks } from './marks.tsx'
import { dutySentence, evidenceWords, stepsWords } from './sentence.ts'

/** One instrument: what it is, whether it binds, and every clause in words and as the linkage reads it. */
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

function InstrumentBody({ of }: { readonly of: InstrumentView }) {
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
          <About of={of} />
          <Contents of={of} />
        </div>
      </div>
    </>
  )
}

/** The clause that the address points to; it is brought into sight once it is drawn. */
function useClauseInAddress(of: InstrumentView): string | null {
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

function About({ of }: { readonly of: InstrumentView }) {
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

function Contents({ of }: { readonly of: InstrumentView }) {
  const { t, words } = useWords()
  const paths = usePaths()
  const binding = of.clauses.filter((clause) => clause.kind !== 'text').slice(0, CONTENTS_MAX)
  if (binding.length < 2) return null
  return (
    <Panel title={t('instrument.contents')}>
      <ul className="padded contents">
        {binding.map((clause) => (
          <li key={clause.id}>
            <Link to={paths.clause(of.id, clause.id)}>{words(clause.article)}</Link>{' '}
            <span className="soft">{clause.kind === 'duty' ? words(clause.actWords) : t('instrument.clause-kind.escalation')}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

type ClauseProps = { readonly of: Clause; readonly instrument: InstrumentView; readonly isTarget: boolean }

function ClauseItem({ of, instrument, isTarget }: ClauseProps) {
  const { t, words, code, lang } = useWords()
  const paths = usePaths()
  return (
    <li id={`clause-${of.id}`} tabIndex={-1} className={`clause ${isTarget ? 'is-target' : ''}`}>
      <header>
        <h3>{words(of.article)}</h3>
        <Badge tone={of.kind === 'text' ? 'grey' : 'accent'}>{code('instrument.clause-kind', of.kind)}</Badge>
        <Badge>{code('obligation.wording', of.wording)}</Badge>
        <Link className="clause-link" to={paths.clause(instrument.id, of.id)} aria-label={`${t('instrument.link')}: ${words(of.article)}`}>
          <IconLink size={16} aria-hidden />
        </Link>
      </header>
      <div className="clause-words">
        <p lang={lang}>{words(of.words)}</p>
        <p lang={lang === 'en' ? 'zh-CN' : 'en'} className="soft">
          {lang === 'en' ? of.words['zh-CN'] : of.words.en}
        </p>
      </div>
      {of.kind !== 'text' && <AsData of={of} instrument={instrument} />}
    </li>
  )
}

/** The clause as data, in a sentence. */
function AsData({ of, instrument }: { readonly of: Exclude<Clause, { kind: 'text' }>; readonly instrument: InstrumentView }) {
  const words = useWords()
  const { t, code } = words
  const supervised =
    of.kind === 'escalation' && of.of !== 'all'
      ? of.of
          .map((id) => words.words(instrument.clauses.find((one) => one.id === id)?.article ?? { 'zh-CN': id, en: id }))
          .join(t('instrument.list'))
      : null
  const evidence = of.kind === 'duty' ? evidenceWords(of, words) : null
  return (
    <div className="as-data">
      <h4>{t('instrument.as-data')}</h4>
      {of.kind === 'duty' ? (
        <>
          <p>
            <b>{dutySentence(of, words)}</b>
          </p>
          <p className="soft">
            {code('instrument.once', of.once)}
            {of.each === true && ` · ${t('instrument.each')}`}
          </p>
          {evidence !== null && <p className="soft">{evidence}</p>}
          {of.limit.within !== null && (
            <Confirmed is={of.limit.confirmed} source={of.limit.source === null ? null : words.words(of.limit.source)} />
          )}
        </>
      ) : (
        <>
          <p>{supervised === null ? t('instrument.escalation-of-all') : t('instrument.escalation-of', { clauses: supervised })}</p>
          <p>{t('instrument.escalation')}</p>
          <ol>
            {stepsWords(of, words).map((step, index) => (
              <li key={index}>
                <b>{step.text}</b> {!step.confirmed && <span className="unconfirmed">{t('instrument.step-unconfirmed')}</span>}
              </li>
            ))}
          </ol>
        </>
      )}
    </div>
  )
}

function Confirmed({ is, source }: { readonly is: boolean; readonly source: string | null }) {
  const { t } = useWords()
  return (
    <p className={is ? 'limit-mark' : 'limit-mark is-unconfirmed'}>
      {is ? <IconCheck size={16} aria-hidden /> : <IconAlertTriangle size={16} aria-hidden />}
      <span>
        {is ? t('obligation.limit-confirmed') : t('obligation.limit-unconfirmed')}
        {source !== null && <span className="soft"> {t('obligation.limit-source', { source })}</span>}
      </span>
    </p>
  )
}
