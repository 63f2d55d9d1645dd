import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { GaugesView as View } from '#core/view/matrix.ts'
import type { OrganizationRef } from '#core/view.ts'
import { Badge, Link, Panel, Read } from '../kit/index.ts'
import { usePaths } from '../paths.ts'
import { gaugesQuery } from '../queries.ts'
import { useWords } from '../words.ts'
import { ClauseLink } from './clause.tsx'
import { Figure } from './figure.tsx'
import type { PartProps } from './part.ts'
import { Scope } from './scope.tsx'

/** Co-construction, co-governance, sharing: three gauges beside each other, each above the items that it counts. */
export function GaugesView({ fields, change, world }: PartProps) {
  const reading = useQuery(gaugesQuery(world, fields))
  return (
    <Read of={reading} lines={12}>
      {(gauges) => (
        <>
          <Scope of={gauges} fields={fields} change={change} />
          <Gauges of={gauges} />
        </>
      )}
    </Read>
  )
}

function Gauges({ of }: { readonly of: View }) {
  const { t, words } = useWords()
  const paths = usePaths()
  return (
    <>
      <p className="soft matrix-hint">{t('matrix.gauges.note')}</p>
      <div className="matrix-gauges">
        <Gauge of={of.construction} name={t('matrix.gauge.construction')} means={t('matrix.gauge.construction-means')}>
          {(item) => <Link to={paths.instrument(item.instrumentId)}>{words(item.title)}</Link>}
        </Gauge>
        <Gauge of={of.governance} name={t('matrix.gauge.governance')} means={t('matrix.gauge.governance-means')}>
          {(item) => (
            <>
              {words(item.name)} <span className="soft">{item.standing ? t('matrix.gauge.standing') : t('matrix.gauge.of-incident')}</span>
            </>
          )}
        </Gauge>
        <Gauge of={of.sharing} name={t('matrix.gauge.sharing')} means={t('matrix.gauge.sharing-means')}>
          {(item) => (
            <>
              {words(item.words)} <ClauseLink of={item.basis} />
            </>
          )}
        </Gauge>
      </div>
    </>
  )
}

type Item = { readonly shared: boolean; readonly organizations: readonly OrganizationRef[] }
type GaugeProps<One extends Item> = {
  readonly of: { readonly shared: number; readonly all: number; readonly items: readonly One[] }
  readonly name: string
  readonly means: string
  readonly children: (item: One) => ReactNode
}

function Gauge<One extends Item>({ of, name, means, children }: GaugeProps<One>) {
  const { t, words } = useWords()
  return (
    <Panel title={name} note={of.all}>
      <div className="figures">
        <Figure name={means} part={of.shared} whole={of.all} />
      </div>
      {of.items.length === 0 ? (
        <p className="padded soft">{t('matrix.gauge.none')}</p>
      ) : (
        <ul className="gauge-items" aria-label={`${name}: ${t('matrix.gauge.items')}`}>
          {of.items.map((item, index) => (
            <li key={index}>
              <span>{children(item)}</span>
              <span>
                <Badge tone={item.shared ? 'good' : 'grey'}>{item.shared ? t('matrix.gauge.with') : t('matrix.gauge.without')}</Badge>{' '}
                <span className="soft">{item.organizations.map((one) => words(one.name)).join(t('instrument.list'))}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
