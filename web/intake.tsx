import { useQuery } from '@tanstack/react-query'
import type { IntakeNumbers } from '#core/view/intake.ts'
import { Files } from './intake/files.tsx'
import { TakeDown } from './intake/form.tsx'
import { IntakeList } from './intake/list.tsx'
import { Gauge, Gauges, shareText } from './kit/gauge.tsx'
import { PageHead, Read } from './kit/index.ts'
import { useWorld } from './paths.ts'
import { intakeNumbersQuery } from './queries.ts'
import { useWords } from './words.ts'
import './intake.css'

export { IntakePage } from './intake/page.tsx'

/** Intake 接报: the form on top, ready for the next call; the numbers; then the reports, newest first. */
export function IntakesPage() {
  const { t } = useWords()
  const world = useWorld()
  const numbers = useQuery(intakeNumbersQuery(world))
  return (
    <div className="intake">
      <PageHead
        title={t('intake.title')}
        note={t('intake.subtitle')}
        actions={
          <a className="button is-plain" href="/public/report" target="_blank" rel="noreferrer">
            {t('intake.public')}
          </a>
        }
      />
      {world === null && <TakeDown />}
      <Read of={numbers} lines={2}>
        {(view) => <Numbers of={view} />}
      </Read>
      <IntakeList />
      {world === null && <Files />}
    </div>
  )
}

function Numbers({ of }: { readonly of: IntakeNumbers }) {
  const { t, duration } = useWords()
  const { firstHandling: first } = of
  return (
    <Gauges label={t('intake.numbers', { days: of.days })}>
      <Gauge
        name={t('intake.number.unhandled')}
        value={String(of.unhandled)}
        note={t('intake.number.unhandled-note', { count: of.entered })}
        wrong={of.unhandled > 0}
      />
      <Gauge
        name={t('intake.number.awaiting')}
        value={String(of.awaiting)}
        note={t('intake.number.awaiting-note')}
        wrong={of.awaiting > 0}
      />
      <Gauge
        name={t('intake.number.first')}
        value={first === null ? '—' : duration(first.p50 * 1000)}
        note={first === null ? t('intake.number.first-none') : t('intake.number.first-note', { p90: duration(first.p90 * 1000) })}
      />
      <Gauge
        name={t('intake.number.duplicates')}
        value={shareText(of.duplicateShare)}
        note={t('intake.number.duplicates-note', { count: of.duplicates })}
      />
      <Gauge name={t('intake.number.verified')} value={shareText(of.verifiedShare)} note={t('intake.number.verified-note')} />
    </Gauges>
  )
}
