import { useQuery } from '@tanstack/react-query'
import type { OpennessView as View } from '#core/view/matrix.ts'
import { Panel, Read, Table } from '../kit/index.ts'
import { opennessQuery } from '../queries.ts'
import { useWords } from '../words.ts'
import { ClauseLink } from './clause.tsx'
import { Figure } from './figure.tsx'
import type { PartProps } from './part.ts'
import { Scope } from './scope.tsx'

/** What any organization may take on, and what an article keeps for public authority. */
export function OpennessView({ fields, change, world }: PartProps) {
  const reading = useQuery(opennessQuery(world, fields))
  return (
    <Read of={reading} lines={12}>
      {(open) => (
        <>
          <Scope of={open} fields={fields} change={change} />
          <Openness of={open} />
        </>
      )}
    </Read>
  )
}

function Openness({ of }: { readonly of: View }) {
  const { t, code, words } = useWords()
  const social = of.bySector.find((one) => one.sector === 'social')?.mayTake ?? 0
  return (
    <>
      <Panel title={t('matrix.view.openness')} note={t('matrix.open.note')}>
        <div className="figures">
          <Figure name={t('matrix.open.share')} part={social} whole={of.open} />
        </div>
        <p className="padded">{t('matrix.open.acts', { acts: of.acts, open: of.open, reserved: of.acts - of.open })}</p>
      </Panel>
      <Panel title={t('matrix.open.sectors')}>
        <Table
          label={t('matrix.open.sectors')}
          rows={of.bySector}
          rowKey={(one) => one.sector}
          columns={[
            { head: t('matrix.open.sector'), cell: (one) => code('sector', one.sector) },
            {
              head: t('matrix.open.may'),
              className: 'is-number',
              cell: (one) => t('matrix.legal.of', { covered: one.mayTake, required: one.of }),
            },
          ]}
        />
      </Panel>
      <Panel title={t('matrix.open.reserved')} note={of.reserved.length}>
        {of.reserved.length === 0 ? (
          <p className="padded soft">{t('matrix.open.reserved-none')}</p>
        ) : (
          <Table
            label={t('matrix.open.reserved')}
            rows={of.reserved}
            rowKey={(one) => one.act}
            columns={[
              { head: t('matrix.legal.step'), cell: (one) => words(one.words) },
              { head: t('matrix.label.function'), cell: (one) => code('function', one.function) },
              { head: t('matrix.open.article'), cell: (one) => words(one.article) },
              { head: t('matrix.open.clause'), cell: (one) => <ClauseLink of={one.basis} /> },
            ]}
          />
        )}
      </Panel>
    </>
  )
}
