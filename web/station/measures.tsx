import type { ProposalMeasures } from '#core/view/station.ts'
import { Gauge, Gauges } from '../kit/gauge.tsx'
import { useWords } from '../words.ts'

const LATE_MS = 10 * 60_000

/** How fast proposals are made and answered, and how many warnings began from one (S2-03). */
export function Measures({ of }: { readonly of: ProposalMeasures }) {
  const { t, duration } = useWords()
  const time = (ms: number | null): string => (ms === null ? '—' : duration(ms))
  return (
    <Gauges label={t('station.measures')}>
      <Gauge
        name={t('station.measure-waiting')}
        value={String(of.waiting)}
        note={of.oldestWaitingMs === null ? t('station.measure-none') : t('station.measure-oldest', { time: duration(of.oldestWaitingMs) })}
        wrong={of.oldestWaitingMs !== null && of.oldestWaitingMs > LATE_MS}
      />
      <Gauge name={t('station.measure-to-proposal')} value={time(of.toProposalMs)} note={t('station.measure-median')} />
      <Gauge
        name={t('station.measure-to-decision')}
        value={time(of.toDecisionMs)}
        note={t('station.measure-answered', { answered: of.answered, count: of.proposals })}
      />
      <Gauge
        name={t('station.measure-share')}
        value={of.share === null ? '—' : `${Math.round(of.share * 100)}%`}
        note={
          of.share === null
            ? t('station.measure-no-warnings')
            : t('station.measure-share-note', { warnings: of.warnings, count: of.proactive })
        }
      />
    </Gauges>
  )
}
