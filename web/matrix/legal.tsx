import { useQuery } from '@tanstack/react-query'
import type { GapView, LegalCoverageView } from '#core/view/matrix.ts'
import { Badge, Chips, Empty, Panel, Read, Table } from '../kit/index.ts'
import { legalQuery } from '../queries.ts'
import { useWords } from '../words.ts'
import { ClauseLink } from './clause.tsx'
import { Figure } from './figure.tsx'
import type { PartProps } from './part.ts'
import { Scope } from './scope.tsx'

const KINDS = ['all', 'with-society', 'cross-regional'] as const

/** Whether every step between organizations rests on a clause: on its own day, and by the law of the chosen one. */
export function LegalView({ fields, change, world }: PartProps) {
  const { t } = useWords()
  const reading = useQuery(legalQuery(world, fields))
  const choices = KINDS.map((id) => ({ id, label: t(`matrix.legal.kind.${id}`) }))
  return (
    <Read of={reading} lines={12}>
      {(coverage) => (
        <>
          <Scope of={coverage} fields={fields} change={change} onlyDay />
          <Chips
            label={t('matrix.legal.kind')}
            choices={choices}
            value={coverage.kind}
            onChange={(id) => change({ kind: id === 'all' ? null : id })}
          />
          {coverage.required === 0 ? (
            <div className="panel">
              <Empty title={t('matrix.legal.none')} help={t('matrix.legal.note')} />
            </div>
          ) : (
            <Coverage of={coverage} />
          )}
        </>
      )}
    </Read>
  )
}

function Coverage({ of }: { readonly of: LegalCoverageView }) {
  const { t } = useWords()
  const { required } = of
  return (
    <>
      <Panel title={t(`matrix.legal.kind.${of.kind}`)} note={t('matrix.legal.note')}>
        <div className="figures">
          <Figure name={t('matrix.legal.covered')} part={of.covered} whole={required} />
          <Figure name={t('matrix.legal.standing')} part={of.standing} whole={required} />
        </div>
      </Panel>
      <Gaps title={t('matrix.legal.gaps')} gaps={of.gaps} />
      {of.fallen.length > 0 && <Gaps title={t('matrix.legal.fallen')} gaps={of.fallen} />}
      <Panel title={t('matrix.legal.bases')} note={of.bases.length}>
        <Table
          label={t('matrix.legal.bases')}
          rows={of.bases}
          rowKey={(one) => `${one.basis.instrumentId}@${one.basis.version}#${one.basis.clauseId}`}
          columns={[
            { head: t('matrix.label.article'), cell: (one) => <ClauseLink of={one.basis} /> },
            { head: t('matrix.legal.count'), className: 'is-number', cell: (one) => one.steps },
            {
              head: t('matrix.legal.state'),
              cell: (one) => (
                <Badge tone={one.stands ? 'grey' : 'late'}>{one.stands ? t('matrix.legal.stands') : t('matrix.legal.fell')}</Badge>
              ),
            },
          ]}
        />
      </Panel>
    </>
  )
}

function Gaps({ title, gaps }: { readonly title: string; readonly gaps: readonly GapView[] }) {
  const { t, words } = useWords()
  return (
    <Panel title={title} note={gaps.length}>
      {gaps.length === 0 ? (
        <p className="padded soft">{t('matrix.legal.gaps-none')}</p>
      ) : (
        <Table
          label={title}
          rows={gaps}
          rowKey={(one) =>
            `${one.debtor.id}|${one.creditor.id}|${words(one.act)}|${one.on}|${one.basis?.instrumentId}|${one.basis?.clauseId}`
          }
          columns={[
            { head: t('matrix.legal.step'), cell: (one) => words(one.act) },
            { head: t('matrix.legal.parties'), cell: (one) => `${words(one.debtor.name)} → ${words(one.creditor.name)}` },
            { head: t('matrix.legal.when'), cell: (one) => <span className="nowrap">{one.on}</span> },
            { head: t('matrix.legal.count'), className: 'is-number', cell: (one) => one.count },
            {
              head: t('matrix.legal.why'),
              cell: (one) => (
                <>
                  {t(`matrix.legal.why.${one.why}`)}
                  {one.basis !== null && (
                    <span className="soft">
                      {' '}
                      {one.basis.instrumentId}#{one.basis.clauseId}
                    </span>
                  )}
                </>
              ),
            },
          ]}
        />
      )}
    </Panel>
  )
}
