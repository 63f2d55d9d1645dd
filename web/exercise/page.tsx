import { useQuery } from '@tanstack/react-query'
import { ProgressBar } from 'react-aria-components'
import type { ReplayReport } from '#core/exercise/report.ts'
import type { ExerciseSummary } from '#core/view.ts'
import { Badge, LinkButton, PageHead, Panel, Read } from '../kit/index.ts'
import { pathsIn, useParam } from '../paths.ts'
import { exerciseQuery } from '../queries.ts'
import { useWords } from '../words.ts'
import { Report } from './report.tsx'

/** One run: how far it is, and, when it is done, what the record shows beside what the linkage would have demanded. */
export function ExercisePage() {
  const id = useParam('id')
  const reading = useQuery(exerciseQuery<ReplayReport>(id))
  return (
    <Read of={reading} lines={10}>
      {({ summary, report }) => <Run summary={summary} report={report} />}
    </Read>
  )
}

/** The record writes its times with their offset; it is the zone in which people there read the clock. */
function zoneOf(report: ReplayReport | null): string | undefined {
  const offset = /(?<offset>[+-]\d{2}:\d{2})$/.exec(report?.facts[0]?.t ?? '')?.groups?.['offset']
  return offset === '+08:00' ? undefined : offset
}

function Run({ summary, report }: { readonly summary: ExerciseSummary; readonly report: ReplayReport | null }) {
  const { t, words, code, short } = useWords()
  const inside = pathsIn(summary.id)
  const zone = zoneOf(report)
  return (
    <>
      <PageHead
        title={words(summary.title)}
        note={
          <>
            <Badge tone={summary.status === 'failed' ? 'late' : summary.status === 'running' ? 'accent' : 'grey'}>
              {code('exercise.status', summary.status)}
            </Badge>{' '}
            {t('exercise.started-at', { at: short(summary.startedAt) })}
          </>
        }
        actions={
          <>
            <LinkButton to={inside.desk()}>{t('exercise.world.desk')}</LinkButton>
            <LinkButton to={inside.obligations()}>{t('exercise.world.obligations')}</LinkButton>
            <LinkButton to={inside.directory()}>{t('exercise.world.directory')}</LinkButton>
          </>
        }
      />
      <div className="exercise-page">
        {summary.status !== 'done' && <Progress of={summary} />}
        {report !== null && <Report of={report} world={summary.id} {...(zone === undefined ? {} : { zone })} />}
      </div>
    </>
  )
}

function Progress({ of }: { readonly of: ExerciseSummary }) {
  const { t, dateTime } = useWords()
  return (
    <Panel title={t('exercise.progress')}>
      <div className="padded stack">
        <ProgressBar aria-label={t('exercise.progress')} value={of.applied} maxValue={Math.max(1, of.entries)}>
          {({ percentage = 0 }) => (
            <>
              <p className="run-figures">
                <strong>{t('exercise.applied', { applied: of.applied, entries: of.entries })}</strong>
                <span>
                  {t('exercise.clock')} <b>{of.clock === null ? '—' : dateTime(of.clock)}</b>
                </span>
              </p>
              <span className="run-bar">
                <span style={{ width: `${percentage}%` }} />
              </span>
            </>
          )}
        </ProgressBar>
        <p className="soft" role="status">
          {of.status === 'failed' ? t('exercise.failed-note') : t('exercise.running-note')}
        </p>
      </div>
    </Panel>
  )
}
