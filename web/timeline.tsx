import {
  IconAlertTriangle,
  IconArrowNarrowUp,
  IconCheck,
  IconClockExclamation,
  IconFileText,
  IconFlag,
  IconNote,
  IconPencil,
  IconPhone,
  IconScale,
  IconSitemap,
  IconX,
} from '@tabler/icons-react'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { type ComponentType, useMemo, useState } from 'react'
import type { ObligationView, OrganizationRef, SitrepView, TimelineEntry } from '#core/view.ts'
import { get } from './api.ts'
import { Button, Chips, Empty, Link, Panel, Read } from './kit/index.ts'
import { usePaths, useWorld } from './paths.ts'
import { directoryQuery, findingsQuery, keyOf } from './queries.ts'
import { tell, type Known, type Told } from './timeline/tell.ts'
import { useWords } from './words.ts'
import './timeline.css'

/** Entries a read, and reads kept on one page. */
const PAGE = 100
const PAGES_MAX = 30
/** Both times are shown when they lie further apart than this. */
const SAME_TIME_MS = 60_000

const MARKS: Readonly<Record<Told['mark'], ComponentType<{ size?: number; stroke?: number }>>> = {
  report: IconPhone,
  decision: IconFlag,
  headquarters: IconSitemap,
  sitrep: IconFileText,
  correction: IconPencil,
  owed: IconScale,
  done: IconCheck,
  late: IconClockExclamation,
  climb: IconArrowNarrowUp,
  fact: IconNote,
  warning: IconAlertTriangle,
  end: IconX,
}

type Context = { readonly duties?: readonly ObligationView[]; readonly sitreps?: readonly SitrepView[]; readonly zone?: string }

/** What the entries' ids mean, from the directory and from what the page has read already. */
function useKnown({ duties = [], sitreps = [], zone }: Context, entries: readonly TimelineEntry[]): Known {
  const world = useWorld()
  const directory = useQuery(directoryQuery(world)).data
  const supervised = entries.some((one) => one.type.startsWith('finding.'))
  const findings = useQuery({ ...findingsQuery(world), enabled: supervised }).data
  return useMemo(
    () => ({
      organizations: new Map<string, OrganizationRef>((directory?.organizations ?? []).map((one) => [one.id, one])),
      duties: new Map(duties.map((one) => [one.id, one])),
      sitreps: new Map(sitreps.map((one) => [one.id, one])),
      missed: new Map((findings ?? []).map((one) => [one.id, one.act])),
      ...(zone === undefined ? {} : { zone }),
    }),
    [directory, duties, sitreps, findings, zone],
  )
}

const NO_DUTIES: readonly ObligationView[] = []
const NO_SITREPS: readonly SitrepView[] = []
const NO_ENTRIES: readonly TimelineEntry[] = []

/** What happened, newest first, a day at a time. */
export function TimelineList({
  entries,
  zone,
  duties = NO_DUTIES,
  sitreps = NO_SITREPS,
}: Context & { readonly entries: readonly TimelineEntry[] }) {
  const words = useWords()
  const known = useKnown({ duties, sitreps, ...(zone === undefined ? {} : { zone }) }, entries)
  const days = byDay(entries, (entry) => words.date(entry.occurredAt, zone))
  return (
    <div className="timeline">
      {days.map(({ day, entries: own }) => (
        <section key={own[0]?.position ?? day} aria-label={day}>
          <h3 className="timeline-day">{day}</h3>
          <ol>
            {own.map((entry) => (
              <Entry key={entry.position} entry={entry} known={known} />
            ))}
          </ol>
        </section>
      ))}
    </div>
  )
}

function byDay(
  entries: readonly TimelineEntry[],
  dayOf: (entry: TimelineEntry) => string,
): readonly { readonly day: string; readonly entries: readonly TimelineEntry[] }[] {
  const days: { day: string; entries: TimelineEntry[] }[] = []
  for (const entry of entries) {
    const day = dayOf(entry)
    const last = days.at(-1)
    if (last?.day === day) last.entries.push(entry)
    else days.push({ day, entries: [entry] })
  }
  return days
}

function Entry({ entry, known }: { readonly entry: TimelineEntry; readonly known: Known }) {
  const words = useWords()
  const { t, time } = words
  const told = tell(entry, known, words)
  const Mark = MARKS[told.mark]
  const apart = Math.abs(Date.parse(entry.recordedAt) - Date.parse(entry.occurredAt)) > SAME_TIME_MS
  return (
    <li className={`timeline-entry is-${told.tone}`}>
      <time dateTime={entry.occurredAt} title={words.dateTime(entry.occurredAt, known.zone)}>
        {time(entry.occurredAt, known.zone)}
      </time>
      <span className="timeline-mark" aria-hidden>
        <Mark size={13} stroke={2} />
      </span>
      <div className="timeline-words">
        <p className="timeline-text">
          {told.kind !== null && <b className="timeline-kind">{told.kind}</b>}
          {told.text}
          {told.correction !== null && <Correction of={told.correction} />}
        </p>
        <p className="timeline-notes">
          <ActorName of={entry.actor} />
          {told.notes.map((note, index) => (
            <span key={index}>{note}</span>
          ))}
          {apart && (
            <span>
              {t('timeline.occurred', { at: time(entry.occurredAt, known.zone) })} ·{' '}
              {t('timeline.heard', { at: words.short(entry.recordedAt, known.zone) })}
            </span>
          )}
          <BasisOf entry={entry} known={known} />
        </p>
      </div>
    </li>
  )
}

/** The old value is struck through and stays. */
function Correction({ of }: { readonly of: NonNullable<Told['correction']> }) {
  const { t } = useWords()
  return (
    <>
      {' '}
      {of.was !== null && <del>{of.was}</del>} <span aria-hidden>→</span>
      <span className="for-readers">{t('timeline.new-value')}</span> <ins>{of.now}</ins>
      {of.reason !== '' && <span className="soft"> {of.reason}</span>}
    </>
  )
}

function ActorName({ of }: { readonly of: TimelineEntry['actor'] }) {
  const { t, words, code } = useWords()
  if (of.organization === null) return <span>{of.system === null ? t('timeline.system') : code('system', of.system)}</span>
  return (
    <span>
      {words(of.organization.name)}
      {of.title !== null && ` · ${words(of.title)}`}
    </span>
  )
}

const BASIS = /^(?<instrument>[^@#]+)(?:@\d+)?#(?<clause>.+)$/

function BasisOf({ entry, known }: { readonly entry: TimelineEntry; readonly known: Known }) {
  const { t, words } = useWords()
  const paths = usePaths()
  const found = entry.basis === null ? undefined : BASIS.exec(entry.basis)?.groups
  if (found?.['instrument'] === undefined || found['clause'] === undefined) return null
  const same = (basis: ObligationView['basis']): boolean =>
    basis?.instrumentId === found['instrument'] && basis?.clauseId === found['clause']
  const article = [...known.duties.values()].find((duty) => same(duty.basis))?.basis?.article
  return (
    <Link to={paths.clause(found['instrument'], found['clause'])}>
      {t('timeline.basis')} {article === undefined ? '' : words(article)}
    </Link>
  )
}

type TimelineProps = Context & { readonly incidentId: string; readonly panelClass?: string }

/** The timeline of an incident. It only grows; what is shown of it is a matter of choice. */
export function TimelinePanel({ incidentId, panelClass = '', ...context }: TimelineProps) {
  const words = useWords()
  const { t } = words
  const known = useKnown(context, NO_ENTRIES)
  const [only, setOnly] = useState<'all' | 'key'>('all')
  const reading = useTimeline(incidentId)
  const all = useMemo(() => reading.data?.pages.flat() ?? [], [reading.data])
  const shown = only === 'all' ? all : all.filter((entry) => tell(entry, known, words).key)
  const choices = [
    { id: 'all', label: t('timeline.all') },
    { id: 'key', label: t('timeline.key-moments') },
  ] as const
  return (
    <Panel
      title={t('timeline.title')}
      note={`${t('timeline.count', { count: shown.length })} · ${t('timeline.grows')}`}
      actions={<Chips label={t('timeline.filter')} choices={choices} value={only} onChange={setOnly} />}
      className={panelClass}
      scrolls
    >
      <Read of={reading} lines={8}>
        {() => (
          <>
            {shown.length === 0 ? (
              <Empty title={all.length === 0 ? t('timeline.none') : t('timeline.none-key')} />
            ) : (
              <TimelineList entries={shown} {...context} />
            )}
            {reading.hasNextPage && (
              <div className="timeline-more">
                <Button isPending={reading.isFetchingNextPage} onPress={() => void reading.fetchNextPage()}>
                  {t('timeline.earlier')}
                </Button>
              </div>
            )}
          </>
        )}
      </Read>
    </Panel>
  )
}

function useTimeline(incident: string) {
  const world = useWorld()
  return useInfiniteQuery({
    queryKey: keyOf(world, 'incident', incident, 'timeline', 'pages'),
    queryFn: ({ pageParam, signal }) =>
      get<readonly TimelineEntry[]>(
        `/api/incidents/${encodeURIComponent(incident)}/timeline?limit=${PAGE}${pageParam === null ? '' : `&before=${pageParam}`}`,
        world,
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last, pages) => (last.length < PAGE || pages.length >= PAGES_MAX ? null : (last.at(-1)?.position ?? null)),
  })
}
