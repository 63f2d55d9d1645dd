import type { ProposalMeasures } from '#core/view/station.ts'
import { useWords } from '../words.ts'

const LATE_MS = 10 * 60_000

/** How fast proposals are made and answered, and how many warnings began from one (S2-03). */
export function Measures({ of }: { readonly of: ProposalMeasures }) {
  const { t, duration } = useWords()
  const time = (ms: number | null): string => (ms === null ? '—' : duration(ms))
  return (
    <dl className="station-measures" aria-label={t('station.measures')}>
      <Measure
        name={t('station.measure-waiting')}
        value={String(of.waiting)}
        note={of.oldestWaitingMs === null ? t('station.measure-none') : t('station.measure-oldest', { time: duration(of.oldestWaitingMs) })}
        wrong={of.oldestWaitingMs !== null && of.oldestWaitingMs > LATE_MS}
      />
      <Measure name={t('station.measure-to-proposal')} value={time(of.toProposalMs)} note={t('station.measure-median')} />
      <Measure
        name={t('station.measure-to-decision')}
        value={time(of.toDecisionMs)}
        note={t('station.measure-answered', { answered: of.answered, count: of.proposals })}
      />
      <Measure
        name={t('station.measure-share')}
        value={of.share === null ? '—' : `${Math.round(of.share * 100)}%`}
        note={
          of.share === null
            ? t('station.measure-no-warnings')
            : t('station.measure-share-note', { warnings: of.warnings, count: of.proactive })
        }
      />
    </dl>
  )
}

type MeasureProps = { readonly name: string; readonly value: string; readonly note: string; readonly wrong?: boolean }

function Measure({ name, value, note, wrong = false }: MeasureProps) {
  return (
    <div className={`station-measure ${wrong ? 'is-wrong' : ''}`}>
      <dt>{name}</dt>
      <dd>
        <strong>{value}</strong>
        <span className="soft">{note}</span>
      </dd>
    </div>
  )
}
