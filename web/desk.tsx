import { IconArrowsSort, IconGavel, IconStack2 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { colourLevel, graver, type Level } from '#core/level.ts'
import type { DeskView, IncidentSummary, ObligationView, WaitingView } from '#core/view.ts'
import { useNow } from './clock.ts'
import { Countdown, DeadlineBar, byUrgency, urgency } from './deadline.tsx'
import { Button, Chips, Empty, Link, LinkButton, OrganizationName, Panel, Read } from './kit/index.ts'
import { BasisLink, ObligationActions } from './kit/obligation.tsx'
import { LevelGlyph } from './level.tsx'
import { PageMap } from './map/page-map.tsx'
import type { MapMark } from './map/types.ts'
import { usePaths, useWorld } from './paths.ts'
import { deskQuery, findingsQuery, incidentsQuery, sessionQuery } from './queries.ts'
import { TimelineList } from './timeline.tsx'
import { useWords } from './words.ts'
import './desk.css'

const MILLISECONDS_AN_HOUR = 3_600_000
/** Dashes that stand for an incident's duties, at most. */
const DASHES_MAX = 10
/** Records in the short timeline. */
const RECENT_SHOWN = 12

/** The duty desk: what needs this post first, then what goes on, where, and what is owed by when. */
export function DeskPage() {
  const { t } = useWords()
  const desk = useQuery(deskQuery(useWorld()))
  return (
    <div className="desk">
      <h1 className="for-readers">{t('desk.title')}</h1>
      <Read of={desk} lines={12}>
        {(view) => <Desk view={view} />}
      </Read>
    </div>
  )
}

function Desk({ view }: { readonly view: DeskView }) {
  const { t } = useWords()
  const [selected, setSelected] = useState<string | null>(null)
  const world = useWorld()
  // An exercise that has run to its end has closed its incidents; there they are what one came to see.
  const run = useQuery({ ...incidentsQuery(world), enabled: world !== null }).data
  const active = useMemo(() => (world === null ? view.incidents.filter(goesOn) : (run ?? view.incidents)), [world, view.incidents, run])
  return (
    <>
      <NeedsYou view={view} />
      <div className="desk-columns">
        <Incidents view={view} active={active} selected={selected} />
        <DeskMap incidents={active} selected={selected} onSelect={setSelected} />
        <div className="desk-right">
          <Due view={view} />
          <Panel title={t('desk.recent')} className="desk-recent" scrolls>
            {view.recent.length === 0 ? (
              <Empty title={t('desk.no-recent')} />
            ) : (
              <TimelineList entries={view.recent.slice(0, RECENT_SHOWN)} />
            )}
          </Panel>
        </div>
      </div>
    </>
  )
}

const goesOn = (one: IncidentSummary): boolean => one.closedAt === null && one.status !== 'merged' && one.status !== 'unfounded'

/** At most a few actions, each with its countdown and one button. */
function NeedsYou({ view }: { readonly view: DeskView }) {
  const { t, words } = useWords()
  const paths = usePaths()
  const now = useNow()
  const many = view.waiting.length + view.needsYou.length
  return (
    <section className="needs" aria-labelledby="needs-you">
      <h2 id="needs-you">
        {t('desk.needs-you')} {many > 0 && many}
      </h2>
      {many === 0 ? (
        <p className="soft">{t('desk.nothing-needed')}</p>
      ) : (
        <ul className="needs-list">
          {view.waiting.map((one, i) => (
            <Waiting key={one.id} of={one} first={i === 0} />
          ))}
          {view.needsYou.map((one, i) => (
            <li key={one.id} className={`needs-one is-${urgency(one, now)}`}>
              <Countdown of={one} />
              <Link to={paths.obligation(one.id)} title={words(one.act)}>
                {words(one.act)}
              </Link>
              <ObligationActions of={one} one plain={view.waiting.length + i > 0} />
            </li>
          ))}
        </ul>
      )}
      <Supervised />
    </section>
  )
}

/** What waits: what about, for how long, and the page where it is done; the first of all is marked as the next. */
function Waiting({ of, first }: { readonly of: WaitingView; readonly first: boolean }) {
  const { t, code, words, duration } = useWords()
  const paths = usePaths()
  // To the minute: seconds that run would draw the eye for nothing.
  const waits = Math.max(1, Math.floor((useNow() - Date.parse(of.since)) / 60_000)) * 60_000
  const colour = of.kind === 'report' ? null : of.colour
  const what =
    of.kind === 'proposal'
      ? `${t('station.proposed', { colour: code('colour', of.colour), hazard: code('hazard', of.hazard) })} · ${words(of.station)}`
      : of.kind === 'approval'
        ? words(of.headline)
        : of.kind === 'calls'
          ? t('desk.unanswered', { colour: code('colour', of.colour), hazard: code('hazard', of.hazard), count: of.count })
          : [of.haste === 'now' ? code('haste', of.haste) : null, of.place, of.text]
              .filter((part) => part !== null && part !== '')
              .join(' · ')
  const to = {
    proposal: paths.stations(),
    approval: paths.alert(of.id),
    calls: paths.calls(of.id),
    report: paths.intake(of.id),
  }[of.kind]
  const isLate = of.kind === 'calls' || (of.kind === 'report' && of.haste === 'now')
  return (
    <li className={`needs-one ${isLate ? 'is-late' : ''}`}>
      <span className="needs-head">
        {colour !== null && <LevelGlyph level={colourLevel(colour)} size={22} title={code('colour', colour)} />}
        <time dateTime={of.since}>{t('station.waits', { time: duration(waits) })}</time>
        {of.kind !== 'calls' && of.count > 1 && <span>{t('desk.waiting-more', { count: of.count - 1 })}</span>}
      </span>
      <Link to={to} title={what}>
        {what}
      </Link>
      <LinkButton variant={first ? 'primary' : 'plain'} to={to} aria-label={`${t(`desk.waiting-${of.kind}`)} · ${what}`}>
        {t(`desk.waiting-${of.kind}`)}
      </LinkButton>
    </li>
  )
}

/** Findings that wait for this organization: about it and not mended, or for it to check. */
function Supervised() {
  const { t } = useWords()
  const paths = usePaths()
  const own = useQuery(sessionQuery).data?.post?.organization.id
  const findings = useQuery(findingsQuery(useWorld())).data ?? []
  const about = findings.filter((one) => one.subject.id === own && (one.status === 'open' || one.status === 'rectifying')).length
  const toCheck = findings.filter(({ status, supervisor }) => supervisor.id === own && CHECKED.has(status)).length
  if (about + toCheck === 0) return null
  return (
    <p className="needs-findings">
      <IconGavel size={16} aria-hidden />
      <Link to={paths.findings()}>
        {about > 0 && t('desk.findings-about', { count: about })}
        {about > 0 && toCheck > 0 && ' · '}
        {toCheck > 0 && t('desk.findings-to-check', { count: toCheck })}
      </Link>
    </p>
  )
}
/** States in which the supervisor has the next word. */
const CHECKED: ReadonlySet<string> = new Set(['mended', 'rectified'])

type Filter = 'all' | 'ours' | 'late' | 'closed'
type IncidentsProps = { readonly view: DeskView; readonly active: readonly IncidentSummary[]; readonly selected: string | null }

function Incidents({ view, active, selected }: IncidentsProps) {
  const { t } = useWords()
  const [filter, setFilter] = useState<Filter>('all')
  const [byLevel, setByLevel] = useState(true)
  const ours = useQuery(sessionQuery).data?.post?.organization.id
  const world = useWorld()
  const closed = useQuery({ ...incidentsQuery(world), enabled: filter === 'closed' })
  const oursDue = new Set([...view.due, ...view.needsYou].filter((one) => one.debtor.id === ours).map((one) => one.incidentId))
  const lists: Readonly<Record<Filter, readonly IncidentSummary[]>> = {
    all: active,
    ours: active.filter((one) => oursDue.has(one.id)),
    late: active.filter((one) => one.obligations.late > 0),
    closed: (closed.data ?? []).filter((one) => !goesOn(one)),
  }
  const shown = lists[filter].toSorted(byLevel ? byGravity : newestFirst)
  const choice = (id: Filter, label: string) => ({ id, label: `${label} ${lists[id].length}` })
  const choices = [
    choice('all', t('desk.all')),
    choice('ours', t('desk.ours')),
    choice('late', t('desk.late')),
    { id: 'closed' as const, label: t('desk.closed') },
  ]
  const order = (
    <Button onPress={() => setByLevel(!byLevel)}>
      {byLevel ? <IconStack2 size={16} aria-hidden /> : <IconArrowsSort size={16} aria-hidden />}
      {t(byLevel ? 'desk.by-level' : 'desk.by-time')}
    </Button>
  )
  return (
    <Panel
      title={t(world === null ? 'desk.incidents' : 'desk.exercise-incidents')}
      note={active.length}
      actions={order}
      className="desk-incidents"
      scrolls
    >
      <div className="desk-filter">
        <Chips label={t('desk.filter')} value={filter} onChange={setFilter} choices={choices} />
      </div>
      {shown.length === 0 ? (
        <Empty title={t('desk.no-incidents')} help={active.length === 0 && world === null ? t('desk.no-incidents-help') : undefined} />
      ) : (
        <ul>
          {shown.map((one) => (
            <IncidentRow key={one.id} incident={one} selected={one.id === selected} />
          ))}
        </ul>
      )}
    </Panel>
  )
}

const newestFirst = (a: IncidentSummary, b: IncidentSummary): number => b.reportedAt.localeCompare(a.reportedAt)
/** Graver first, what nobody has graded last, newer before older. */
function byGravity(a: IncidentSummary, b: IncidentSummary): number {
  const [one, other] = [levelOf(a), levelOf(b)]
  if (one === other) return newestFirst(a, b)
  if (one === null || other === null) return one === null ? 1 : -1
  return graver(one, other) ? -1 : 1
}

/** That of the response; of what is only warned of, that of the warning. */
const levelOf = ({ responseLevel, warned }: IncidentSummary): Level | null =>
  responseLevel ?? (warned === null ? null : colourLevel(warned))

/** Duties of an incident: how many there are, and how many somebody has answered for. */
const counts = ({ obligations }: IncidentSummary) => ({
  total: obligations.open + obligations.discharged,
  answered: obligations.accepted + obligations.discharged,
  late: obligations.late,
})

function IncidentRow({ incident, selected }: { readonly incident: IncidentSummary; readonly selected: boolean }) {
  const { t, code } = useWords()
  const paths = usePaths()
  const { total, answered, late } = counts(incident)
  const under = incident.warned === null ? null : t('desk.under', { colour: code('colour', incident.warned) })
  const facts = [
    incident.severity === null ? null : code('severity', String(incident.severity)),
    incident.hazard === null ? null : code('hazard', incident.hazard),
    incident.place?.name ?? null,
    under ?? (incident.expected ? t('incident.expected') : null),
  ]
  const level = levelOf(incident)
  const title = incident.responseLevel === null ? (under ?? t('level.none')) : code('response', String(incident.responseLevel))
  return (
    <li className={`incident-row ${selected ? 'is-selected' : ''}`}>
      <LevelGlyph level={level} title={title} />
      <div className="incident-words">
        <p className="incident-head">
          <Link to={paths.incident(incident.id)} aria-current={selected ? 'true' : undefined}>
            {incident.title}
          </Link>
          <Elapsed since={incident.reportedAt} until={incident.closedAt} />
        </p>
        <p className="soft">{facts.filter((fact) => fact !== null).join(' · ') || code('status.incident', incident.status)}</p>
        <p className="incident-duties">
          {total > 0 && <Dashes {...{ total, answered, late }} />}
          <span>{total === 0 ? t('desk.no-duties') : t('desk.accepted-of', { accepted: answered, total })}</span>
          {late > 0 && <strong className="incident-late">{t('desk.late-count', { count: late })}</strong>}
        </p>
      </div>
    </li>
  )
}

/** Answered, late and waiting duties as dashes; the words stand beside them. */
function Dashes({ total, answered, late }: { readonly total: number; readonly answered: number; readonly late: number }) {
  const scale = Math.min(1, DASHES_MAX / total)
  const [settled, overdue] = [Math.round(answered * scale), late === 0 ? 0 : Math.max(1, Math.round(late * scale))]
  const many = Math.min(total, DASHES_MAX)
  return (
    <span className="dashes" aria-hidden>
      {Array.from({ length: many }, (_, index) => (
        <i key={index} className={index >= many - overdue ? 'is-late' : index < settled ? 'is-answered' : ''} />
      ))}
    </span>
  )
}

/** Hours and minutes since the report, until the incident was closed. */
function Elapsed({ since, until }: { readonly since: string; readonly until: string | null }) {
  const { duration, dateTime } = useWords()
  const now = useNow()
  const ms = Math.max(0, (until === null ? now : Date.parse(until)) - Date.parse(since))
  const hours = Math.floor(ms / MILLISECONDS_AN_HOUR)
  const minutes = String(Math.floor(ms / 60_000) % 60).padStart(2, '0')
  return (
    <time className="elapsed" dateTime={since} title={dateTime(since)}>
      {hours < 100 ? `${String(hours).padStart(2, '0')}:${minutes}` : duration(ms)}
    </time>
  )
}

type DeskMapProps = {
  readonly incidents: readonly IncidentSummary[]
  readonly selected: string | null
  readonly onSelect: (id: string) => void
}

/** Where it happens; the list of incidents is its twin. */
function DeskMap({ incidents, selected, onSelect }: DeskMapProps) {
  const { t } = useWords()
  const marks = useMemo(
    () =>
      incidents.flatMap((one): readonly MapMark[] => {
        if (one.place === null) return []
        const { total, answered, late } = counts(one)
        return [
          {
            id: one.id,
            lat: one.place.lat,
            lon: one.place.lon,
            label: one.title,
            level: one.responseLevel,
            tone: late > 0 ? 'late' : 'normal',
            ...(total === 0 ? {} : { sub: `${answered}/${total}` }),
          },
        ]
      }),
    [incidents],
  )
  return (
    <div className="desk-map">
      <PageMap label={t('desk.map')} marks={marks} selected={selected} onSelect={onSelect} />
    </div>
  )
}

function Due({ view }: { readonly view: DeskView }) {
  const { t } = useWords()
  const paths = usePaths()
  const due = view.due.toSorted(byUrgency)
  return (
    <Panel
      title={t('desk.due')}
      note={t('desk.due-within', { count: view.dueTotal })}
      actions={
        <LinkButton to={paths.obligations()} aria-label={t('desk.all-obligations')}>
          {t('kit.all')}
        </LinkButton>
      }
      className="desk-due"
      scrolls
    >
      {due.length === 0 ? (
        <Empty title={t('desk.no-due')} />
      ) : (
        <ul>
          {due.map((one) => (
            <DueRow key={one.id} of={one} />
          ))}
        </ul>
      )}
    </Panel>
  )
}

function DueRow({ of }: { readonly of: ObligationView }) {
  const { words } = useWords()
  const paths = usePaths()
  return (
    <li className="due-row">
      <p className="due-head">
        <Link to={paths.obligation(of.id)}>{words(of.act)}</Link>
        <Countdown of={of} />
      </p>
      <DeadlineBar of={of} />
      <p className="due-foot">
        <span>
          <OrganizationName of={of.debtor} /> → <OrganizationName of={of.creditor} />
        </span>
        {of.basis !== null && (
          <span className="due-basis">
            <span aria-hidden>{words(of.basis.instrumentTitle)}</span>
            <BasisLink basis={of.basis} short />
          </span>
        )}
      </p>
    </li>
  )
}
