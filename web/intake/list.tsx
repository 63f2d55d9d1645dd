import { IconPhoto } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { IntakeSummary } from '#core/view/intake.ts'
import { Badge, Button, Chips, Empty, Link, OrganizationName, Panel, Read } from '../kit/index.ts'
import { usePaths, useWorld } from '../paths.ts'
import { intakesQuery } from '../queries.ts'
import { useWords } from '../words.ts'
import { StatusBadge, VerificationBadge } from './badges.tsx'

const FILTERS = ['all', 'unhandled', 'duplicates', 'awaiting', 'mine'] as const
type Filter = (typeof FILTERS)[number]
const PAGE = 100

/** Reports, the newest entered first; a page of a hundred, and older ones on request. */
export function IntakeList() {
  const { t, code } = useWords()
  const world = useWorld()
  const [filter, setFilter] = useState<Filter>('all')
  const [before, setBefore] = useState<string | null>(null)
  const reading = useQuery(intakesQuery(world, { filter, ...(before === null ? {} : { before }) }))
  const choose = (next: Filter): void => {
    setFilter(next)
    setBefore(null)
  }
  return (
    <Panel title={t('intake.title')} className="intake-list">
      <div className="intake-filters">
        <Chips
          label={t('intake.filters')}
          value={filter}
          onChange={choose}
          choices={FILTERS.map((id) => ({ id, label: code('intake.filter', id) }))}
        />
      </div>
      <Read of={reading} lines={8}>
        {(reports) =>
          reports.length === 0 ? (
            <Empty title={t('intake.none')} help={t('intake.none-help')} />
          ) : (
            <>
              <ul>
                {reports.map((one) => (
                  <Row key={one.id} of={one} />
                ))}
              </ul>
              {reports.length >= PAGE && (
                <p className="padded">
                  <Button onPress={() => setBefore(reports.at(-1)?.enteredAt ?? null)}>{t('intake.older')}</Button>
                </p>
              )}
            </>
          )
        }
      </Read>
    </Panel>
  )
}

export function Row({ of }: { readonly of: IntakeSummary }) {
  const { t, code, words, short } = useWords()
  const paths = usePaths()
  return (
    <li className={`intake-row ${of.unhandled ? 'is-unhandled' : ''}`}>
      <div className="intake-what">
        <p className="intake-badges">
          {of.haste === 'now' && of.unhandled && <Badge tone="late">{code('haste', of.haste)}</Badge>}
          <StatusBadge of={of} />
          {of.status !== 'verified' && of.status !== 'unfounded' && of.status !== 'received' && <VerificationBadge of={of} />}
          {of.news && <Badge tone="late">{t('intake.news')}</Badge>}
          {of.proposed > 0 && <Badge tone="soon">{t('intake.proposed', { count: of.proposed })}</Badge>}
        </p>
        <Link className="intake-text" to={paths.intake(of.id)}>
          {of.text}
        </Link>
        <p className="intake-notes">
          <span>{of.place.name ?? `${of.place.lat}, ${of.place.lon}`}</span>
          {of.hazard !== null && <span>{code('hazard', of.hazard)}</span>}
          {of.people !== null && <b>{of.people}</b>}
          {of.media > 0 && (
            <span>
              <IconPhoto size={14} aria-hidden /> {t('intake.pictures', { count: of.media })}
            </span>
          )}
          {of.incident !== null && (
            <Link to={paths.incident(of.incident.id)}>
              {t('intake.part-of')} {of.incident.number}
            </Link>
          )}
        </p>
      </div>
      <div className="intake-whence">
        <span>
          <b>{of.number}</b> · {code('channel', of.channel)} ·{' '}
          {of.takenBy === null ? t('intake.by-reporter') : t('intake.by', { who: words(of.takenBy.name) })}
        </span>
        <span>
          <time dateTime={of.originalAt}>{t('intake.seen-at', { at: short(of.originalAt, of.zone) })}</time> ·{' '}
          <time dateTime={of.enteredAt}>{t('intake.entered-at', { at: short(of.enteredAt, of.zone) })}</time>
        </span>
        <span>
          <OrganizationName of={of.handler} />
          {of.awaiting !== null && <b className="soon-words"> · {t('intake.awaits', { who: words(of.awaiting.name) })}</b>}
        </span>
      </div>
    </li>
  )
}
