import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Colour } from '#core/level.ts'
import type { AlertsView, AlertSummary } from '#core/view/alert.ts'
import { Badge, Button, Chips, Empty, Link, LinkButton, OrganizationName, PageHead, Panel, Read } from '../kit/index.ts'
import { usePaths, useWorld } from '../paths.ts'
import { alertMapQuery, alertsQuery, type AlertFilter } from '../queries.ts'
import { useWords } from '../words.ts'
import { AreaMap } from './area-map.tsx'
import { AlertBadges, AlertGlyph, Expiry, readIn, SaidText } from './parts.tsx'
import { AlertTabs } from '../kit/alert-tabs.tsx'
import '../kit/obligation.css'
import '../alert.css'

const WHICH = ['all', 'in-force', 'mine'] as const
type Which = (typeof WHICH)[number]
const COLOURS = ['all', ...Colour.options] as const
type Chosen = (typeof COLOURS)[number]

/** Warnings 预警: what waits for this post, what is in force, then the rest. */
export function AlertListPage() {
  const { t } = useWords()
  const [which, setWhich] = useState<Which>('all')
  const [colour, setColour] = useState<Chosen>('all')
  const filter: AlertFilter = {
    ...(which === 'in-force' ? { 'in-force': 'true' } : which === 'mine' ? { mine: 'true' } : {}),
    ...(colour === 'all' ? {} : { colour }),
  }
  const reading = useQuery(alertsQuery(useWorld(), filter))
  return (
    <>
      <PageHead title={t('alert.title')} note={t('alert.subtitle')} actions={<DrawUp of={reading.data} />} />
      <AlertTabs on="list" />
      <div className="alert-filters">
        <Chips
          label={t('alert.filter')}
          choices={WHICH.map((id) => ({ id, label: t(`alert.filter.${id}`) }))}
          value={which}
          onChange={setWhich}
        />
        <Chips
          label={t('alert.colours')}
          choices={COLOURS.map((id) => ({ id, label: id === 'all' ? t('alert.filter.all') : t(`colour.${id}`) }))}
          value={colour}
          onChange={setColour}
        />
      </div>
      <Read of={reading} lines={10}>
        {(view) => <Parts key={JSON.stringify(filter)} first={view} filter={filter} />}
      </Read>
    </>
  )
}

function DrawUp({ of }: { readonly of: AlertsView | undefined }) {
  const { t } = useWords()
  const paths = usePaths()
  const real = useWorld() === null
  if (!real || of === undefined || of.action.refusal !== null) return null
  return (
    <LinkButton variant="primary" to={paths.alertNew()}>
      <IconPlus size={17} aria-hidden /> {t('alert.draw-up')}
    </LinkButton>
  )
}

const PARTS = [
  { key: 'waiting', has: (one: AlertSummary) => one.needs === 'approve' || one.needs === 'mend' },
  { key: 'in-force', has: (one: AlertSummary) => one.status === 'in-force' },
  { key: 'shown', has: (one: AlertSummary) => one.status === 'shown' },
  { key: 'drawing', has: (one: AlertSummary) => one.status === 'draft' || one.status === 'submitted' },
  { key: 'past', has: () => true },
] as const

function Parts({ first, filter }: { readonly first: AlertsView; readonly filter: AlertFilter }) {
  const { t } = useWords()
  const [cursors, setCursors] = useState<readonly string[]>([])
  const seen = new Set<string>()
  const parts = PARTS.map(({ key, has }) => {
    const all = first.alerts.filter((one) => !seen.has(one.id) && has(one))
    for (const one of all) seen.add(one.id)
    return { key, all }
  })
  if (first.alerts.length === 0) return <Empty title={t(Object.keys(filter).length === 0 ? 'alert.none' : 'alert.none-shown')} />
  const shown = parts.filter(({ all }) => all.length > 0)
  return (
    <div className="page-grid alert-columns">
      <div className="stack">
        {shown.map(({ key, all }) => (
          <Panel key={key} title={t(`alert.part.${key}`)} note={all.length} className={key === 'waiting' ? 'alert-waiting' : ''}>
            <Rows alerts={all} />
            {key === 'past' && (
              <Earlier first={first} filter={filter} cursors={cursors} onMore={(cursor) => setCursors([...cursors, cursor])} />
            )}
          </Panel>
        ))}
      </div>
      <MapPanel />
    </div>
  )
}

type EarlierProps = {
  readonly first: AlertsView
  readonly filter: AlertFilter
  readonly cursors: readonly string[]
  readonly onMore: (cursor: string) => void
}

function Earlier({ first, filter, cursors, onMore }: EarlierProps) {
  return (
    <>
      {cursors.map((cursor, i) => (
        <Page key={cursor} filter={{ ...filter, cursor }} isLast={i === cursors.length - 1} onMore={onMore} />
      ))}
      {cursors.length === 0 && <More next={first.next} onMore={onMore} />}
    </>
  )
}

function Page({
  filter,
  isLast,
  onMore,
}: {
  readonly filter: AlertFilter
  readonly isLast: boolean
  readonly onMore: (cursor: string) => void
}) {
  const reading = useQuery(alertsQuery(useWorld(), filter))
  return (
    <Read of={reading} lines={4}>
      {(view) => (
        <>
          <Rows alerts={view.alerts} />
          {isLast && <More next={view.next} onMore={onMore} />}
        </>
      )}
    </Read>
  )
}

function More({ next, onMore }: { readonly next: string | null; readonly onMore: (cursor: string) => void }) {
  const { t } = useWords()
  return next === null ? null : (
    <p className="alert-more">
      <Button onPress={() => onMore(next)}>{t('alert.more')}</Button>
    </p>
  )
}

const Rows = ({ alerts }: { readonly alerts: readonly AlertSummary[] }) => (
  <ul className="alert-rows">
    {alerts.map((one) => (
      <Row key={one.id} of={one} />
    ))}
  </ul>
)

function Row({ of }: { readonly of: AlertSummary }) {
  const { t, code, lang } = useWords()
  const paths = usePaths()
  const hazard = of.hazard === null ? '' : code('hazard', of.hazard)
  const name = of.headline.length > 0 ? of.headline : of.event
  return (
    <li className={`alert-row is-${of.status}`}>
      <AlertGlyph of={of} />
      <div className="alert-row-words">
        <Link to={paths.alert(of.id)} className="alert-row-name">
          <SaidText of={name} otherwise={hazard} />
        </Link>
        <span className="alert-row-area">{readIn(of.area, lang)?.text ?? '—'}</span>
        <Whence of={of} />
      </div>
      <div className="alert-row-state">
        <span>
          {of.needs !== null && <Badge tone="soon">{t(`alert.need.${of.needs}`)}</Badge>}{' '}
          <AlertBadges of={of} isPlain={of.status === 'in-force' || of.needs !== null} />
        </span>
        {(of.status === 'in-force' || of.status === 'shown' || of.endedAt !== null) && (
          <span className="soft">
            <Expiry of={of} />
          </span>
        )}
        <Answers of={of} />
      </div>
    </li>
  )
}

function Whence({ of }: { readonly of: AlertSummary }) {
  const { t, words, short, lang } = useWords()
  const issuer = of.owner === null ? (readIn(of.senderName, lang)?.text ?? t('alert.foreign')) : words(of.owner.name)
  const said =
    of.issuedAt === null
      ? t('alert.drafted-at', { issuer, at: short(of.draftedAt) })
      : of.source === null
        ? t('alert.from', { issuer, at: short(of.issuedAt) })
        : t('alert.received-from', { source: t(`alert.source.${of.source.kind}`, { name: of.source.name }), at: short(of.issuedAt) })
  return (
    <span className="soft">
      {of.owner !== null && !of.owner.verified ? <OrganizationName of={of.owner} /> : null} {said}
    </span>
  )
}

export function Answers({ of }: { readonly of: Pick<AlertSummary, 'answers'> }) {
  const { t } = useWords()
  if (of.answers === null) return null
  const { owed, answered, late } = of.answers
  return (
    <span className={late > 0 ? 'late-words' : answered < owed ? 'soon-words' : 'soft'}>
      {t('alert.answered', { answered, owed })}
      {late > 0 && ` · ${t('alert.answered-late', { late })}`}
    </span>
  )
}

function MapPanel() {
  const { t } = useWords()
  const shapes = useQuery(alertMapQuery(useWorld()))
  return (
    <Panel title={t('alert.map')} className="alert-map-panel">
      <Read of={shapes} lines={4}>
        {(all) =>
          all.length === 0 ? (
            <p className="padded soft">{t('alert.map-none')}</p>
          ) : (
            <AreaMap shapes={all} label={t('alert.map')} proportion={1} />
          )
        }
      </Read>
    </Panel>
  )
}
