import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { RISK_GAPS, type RiskGap } from '#core/risk.ts'
import type { RiskCoverageView, RiskSummary } from '#core/view/risk.ts'
import { useNow } from '../clock.ts'
import { Badge, Chips, Empty, Link, OrganizationName, Panel, Read } from '../kit/index.ts'
import { usePaths, useWorld } from '../paths.ts'
import { riskCoverageQuery } from '../queries.ts'
import { useWords } from '../words.ts'
import { KindWords, toneOf } from './row.tsx'
import { RiskHead } from './tabs.tsx'

/** What the register leaves open: each item with what is missing and the one thing to do next. */
export function RiskCoveragePage() {
  const [gap, setGap] = useState<RiskGap | 'all'>('all')
  const reading = useQuery(riskCoverageQuery(useWorld(), gap === 'all' ? {} : { gap }))
  return (
    <div className="risks">
      <RiskHead />
      <Read of={reading} lines={10}>
        {(view) => <Coverage view={view} gap={gap} onGap={setGap} />}
      </Read>
    </div>
  )
}

type Props = { readonly view: RiskCoverageView; readonly gap: RiskGap | 'all'; readonly onGap: (gap: RiskGap | 'all') => void }

function Coverage({ view, gap, onGap }: Props) {
  const { t, code } = useWords()
  const present = RISK_GAPS.filter((one) => view.counts[one] > 0 || one === gap)
  return (
    <>
      <div className="risk-filters">
        <Chips
          label={t('risk.coverage.title')}
          choices={[
            { id: 'all' as const, label: t('risk.coverage.all') },
            ...present.map((id) => ({ id, label: `${code('risk.gap', id)} ${view.counts[id]}` })),
          ]}
          value={gap}
          onChange={onGap}
        />
      </div>
      <div className="carry-panels">
        <Panel title={t('risk.coverage.title')} note={t('risk.coverage.open', { count: view.open })}>
          {view.rows.length === 0 ? (
            <Empty title={t('risk.coverage.none')} />
          ) : (
            <ul>
              {view.rows.map((one) => (
                <GapRow key={one.id} of={one} gap={gap} />
              ))}
            </ul>
          )}
          {view.more && <p className="padded soft">{t('risk.coverage.more')}</p>}
        </Panel>
      </div>
    </>
  )
}

function GapRow({ of, gap }: { readonly of: RiskSummary; readonly gap: RiskGap | 'all' }) {
  const { t, words, code, duration } = useWords()
  const paths = usePaths()
  const now = useNow()
  const first = gap === 'all' ? of.gaps[0] : gap
  const late = of.dueAt === null ? 0 : now - Date.parse(of.dueAt)
  const stale = now - Date.parse(of.freshUntil)
  return (
    <li className={`risk-row ${of.gaps.includes('danger-overdue') ? 'is-late' : ''}`}>
      <div className="risk-what">
        <Link to={paths.risk(of.id)}>{words(of.name)}</Link>
        <span className="soft">
          <KindWords of={of} /> · {words(of.jurisdiction.name)}
        </span>
      </div>
      <div className="risk-who soft">{of.owner === null ? t('risk.gap.no-owner') : <OrganizationName of={of.owner} />}</div>
      <div className="risk-badges">
        {of.gaps.map((one) => (
          <Badge key={one} tone={toneOf(one)}>
            {code('risk.gap', one)}
            {one === 'danger-overdue' && late > 0 && ` ${duration(late)}`}
            {one === 'stale' && stale > 0 && ` ${duration(stale)}`}
          </Badge>
        ))}
      </div>
      {first !== undefined && (
        <div className="risk-badges risk-next">
          <Link to={paths.risk(of.id)}>{t('risk.coverage.next', { what: code('risk.next', first) })}</Link>
        </div>
      )}
    </li>
  )
}
