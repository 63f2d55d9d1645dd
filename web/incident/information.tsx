import { useQuery } from '@tanstack/react-query'
import type { IncidentView } from '#core/view.ts'
import { Badge, Link, Panel, Read } from '../kit/index.ts'
import { usePaths, useWorld } from '../paths.ts'
import { informationQuery } from '../queries.ts'
import { useWords } from '../words.ts'
import './information.css'

/** The way from the incident to its facts, with what is contradictory about them in sight even when it is folded. */
export function InformationPanel({ incident }: { readonly incident: IncidentView }) {
  const { t, code, number } = useWords()
  const paths = usePaths()
  const reading = useQuery(informationQuery(useWorld(), incident.id))
  const wrong = reading.data?.questions.filter((one) => one.contradictions.length > 0) ?? []
  return (
    <Panel
      title={t('information.panel')}
      note={
        wrong.length > 0 ? (
          <Badge tone="late">{t('information.contradictory-count', { count: wrong.length })}</Badge>
        ) : (
          reading.data?.questions.length
        )
      }
      folded
    >
      <Read of={reading} lines={2}>
        {({ questions }) => (
          <div className="padded information-panel-links">
            {questions
              .filter((one) => one.contradictions.length > 0 || one.settled !== null)
              .slice(0, SHOWN_MAX)
              .map((one) => (
                <p key={one.id}>
                  <span className="soft">{code('fact', one.key)}</span>{' '}
                  {one.contradictions.length > 0 ? (
                    <Badge tone="late">{t('information.contradiction')}</Badge>
                  ) : (
                    <b>{typeof one.settled?.value === 'number' ? number(one.settled.value) : one.settled?.value}</b>
                  )}
                </p>
              ))}
            <p>
              <Link to={paths.information(incident.id)}>{t('information.panel-open')}</Link>
              <Link to={paths.releases(incident.id)}>{t('information.panel-releases')}</Link>
            </p>
          </div>
        )}
      </Read>
    </Panel>
  )
}

const SHOWN_MAX = 8
