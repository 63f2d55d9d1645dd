import { IconAlertTriangle, IconCircleCheck, IconCircleDashed, IconCircleDot, IconClockPause, IconProgressCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { FindingDetail, SaidView, StageView } from '#core/view/finding.ts'
import { useNow } from '../clock.ts'
import { DataList, Link, OrganizationName, PageHead, Panel, Read } from '../kit/index.ts'
import { BasisLink } from '../kit/obligation.tsx'
import { LevelGlyph } from '../level.tsx'
import { useParam, usePaths, useWorld } from '../paths.ts'
import { findingQuery, incidentsQuery } from '../queries.ts'
import { TimelineList } from '../timeline.tsx'
import { useWords } from '../words.ts'
import { FindingActions } from './actions.tsx'
import { FindingBadge, NextStep } from './list.tsx'

/** One finding: what was missed, how far it has climbed, what each side said, and what mends it. */
export function FindingPage() {
  const id = useParam('id')
  const reading = useQuery(findingQuery(useWorld(), id))
  return (
    <Read of={reading} lines={12}>
      {(finding) => <Finding of={finding} />}
    </Read>
  )
}

type Props = { readonly of: FindingDetail; readonly zone?: string }

function Finding({ of }: { readonly of: FindingDetail }) {
  const { t, words, code } = useWords()
  const incidents = useQuery(incidentsQuery(useWorld())).data
  const incident = incidents?.find((one) => one.id === of.incidentId)
  const zoned = incident === undefined ? {} : { zone: incident.zone }
  return (
    <div className="finding-page">
      <PageHead
        mark={<LevelGlyph level={of.gravity} size={30} title={`${t('finding.gravity')} ${code('finding.gravity', String(of.gravity))}`} />}
        title={words(of.act)}
        note={
          <>
            <FindingBadge of={of} /> <OrganizationName of={of.subject} /> · {code('finding.kind', of.kind)}
          </>
        }
        actions={<FindingActions of={of} />}
      />
      <Standing of={of} {...zoned} />
      <Ladder of={of} {...zoned} />
      <div className="page-grid">
        <Facts of={of} title={incident?.title ?? null} {...zoned} />
        <Panel title={t('finding.history')} note={of.history.length}>
          <TimelineList entries={of.history.toReversed()} {...zoned} />
        </Panel>
      </div>
    </div>
  )
}

/** What it waits for now, in a sentence: the check of an objection, a rectification, a verification, or the next step. */
function Standing({ of, zone }: Props) {
  const { t, dateTime, duration } = useWords()
  const now = useNow()
  const { objection, rectification, status } = of
  const checkLate = objection === null ? 0 : now - Date.parse(objection.checkDueAt)
  return (
    <div className={`finding-standing is-${status}`}>
      {status === 'objected' && objection !== null && (
        <p>
          <IconClockPause size={18} aria-hidden />
          <span>
            {t('finding.objection-open', { at: dateTime(objection.checkDueAt, zone) })}
            {checkLate > 0 && <b className="late-words"> {t('finding.check-late', { time: duration(checkLate) })}</b>}
          </span>
        </p>
      )}
      {status === 'rectifying' && rectification !== null && (
        <p>
          <IconProgressCheck size={18} aria-hidden />
          <span>
            {t('finding.rectification-due', { at: dateTime(rectification.dueAt, zone) })} · <NextStep of={of} />
          </span>
        </p>
      )}
      {status === 'open' && rectification?.lapsedAt != null && (
        <p className="late-words">
          <IconAlertTriangle size={18} aria-hidden /> {t('finding.rectification-lapsed')}
        </p>
      )}
      {status === 'rectified' && <p>{t('finding.rectification-waits')}</p>}
      {status === 'mended' && (
        <p>
          {of.lateBy !== null && <b>{t('finding.mended-late', { time: duration(of.lateBy) })} · </b>}
          {t('finding.mended-waits')}
        </p>
      )}
      {(status === 'open' || status === 'closed') && (
        <p>
          <NextStep of={of} />
          {of.closedAt !== null && <span className="soft">{dateTime(of.closedAt, zone)}</span>}
        </p>
      )}
    </div>
  )
}

/** The steps in a line, each with its time and whom it reached; below, what was said to each. */
function Ladder({ of, zone }: Props) {
  const { t, code } = useWords()
  const zoned = zone === undefined ? {} : { zone }
  const nextAt = of.next === null ? -1 : of.ladder.findIndex((stage) => stage.reachedAt === null)
  const said = [
    ...of.said.map((one) => ({ ...one, after: null })),
    ...of.ladder.flatMap((stage) => stage.said.map((one) => ({ ...one, after: code('finding.step', stage.step) }))),
  ]
  return (
    <Panel title={t('finding.ladder')} note={t('finding.ladder-note')} className="finding-ladder-panel">
      {of.ladder.length === 0 ? (
        <p className="padded soft">{t('finding.ladder-none')}</p>
      ) : (
        <ol className="finding-ladder">
          {of.ladder.map((stage, i) => (
            <Stage key={`${stage.step} ${i}`} of={stage} isNext={i === nextAt} runs={of.next !== null} {...zoned} />
          ))}
        </ol>
      )}
      {said.length > 0 && <SaidList all={said} {...zoned} />}
    </Panel>
  )
}

type StageProps = { readonly of: StageView; readonly isNext: boolean; readonly runs: boolean; readonly zone?: string }

/** `runs`: the clock goes, so that the time of a step to come can be said. */
function Stage({ of, isNext, runs, zone }: StageProps) {
  const { t, code, words, short, dateTime } = useWords()
  const Mark = of.reachedAt !== null ? IconCircleCheck : isNext ? IconCircleDot : IconCircleDashed
  const person = of.step === 'interview' || of.step === 'sanction'
  const to = words(of.to.name)
  return (
    <li className={of.reachedAt !== null ? 'is-reached' : isNext ? 'is-next' : ''}>
      <Mark size={22} aria-hidden />
      <b>{code('finding.step', of.step)}</b>
      {of.reachedAt !== null || runs ? (
        <time dateTime={of.reachedAt ?? of.at} title={dateTime(of.reachedAt ?? of.at, zone)}>
          {of.reachedAt !== null ? `${t('finding.reached')} ${short(of.reachedAt, zone)}` : short(of.at, zone)}
        </time>
      ) : (
        <span className="soft">{t('finding.not-reached')}</span>
      )}
      <span>{person ? t('finding.due-for', { to }) : t('finding.told-to', { to })}</span>
      <small className="soft">{of.byClause ? t('finding.by-clause') : t('finding.our-target')}</small>
    </li>
  )
}

type SaidProps = { readonly all: readonly (SaidView & { readonly after: string | null })[]; readonly zone?: string }

function SaidList({ all, zone }: SaidProps) {
  const { t, code, words, short } = useWords()
  return (
    <ol className="finding-said" aria-label={t('finding.said')}>
      {all.map((one) => (
        <li key={`${one.at} ${one.what}`}>
          <p>
            <b>{code('finding.said', one.what)}</b>{' '}
            <span className="soft">
              {one.organization === null ? '' : words(one.organization.name)} {short(one.at, zone)}
              {one.after !== null && ` · ${t('finding.said-after', { name: one.after })}`}
            </span>
          </p>
          <p className="finding-said-text">{one.text}</p>
        </li>
      ))}
    </ol>
  )
}

function Facts({ of, title, zone }: Props & { readonly title: string | null }) {
  const { t, words, code, dateTime, duration } = useWords()
  const paths = usePaths()
  return (
    <Panel title={t('finding.facts')}>
      <div className="padded">
        <DataList
          rows={[
            [t('finding.subject'), <OrganizationName key="s" of={of.subject} />],
            [t('finding.creditor'), <OrganizationName key="c" of={of.creditor} />],
            [t('finding.supervisor'), <OrganizationName key="v" of={of.supervisor} />],
            [t('finding.gravity'), code('finding.gravity', String(of.gravity))],
            [
              t('finding.obligation'),
              <Link key="o" to={paths.obligation(of.obligationId)}>
                {words(of.act)}
              </Link>,
            ],
            [t('finding.basis'), of.basis === null ? null : <BasisLink key="b" basis={of.basis} dated={false} />],
            [
              t('finding.incident'),
              of.incidentId === null || title === null ? null : (
                <Link key="i" to={paths.incident(of.incidentId)}>
                  {title}
                </Link>
              ),
            ],
            [t('finding.missed-at'), dateTime(of.missedAt, zone)],
            [t('finding.raised-at'), dateTime(of.raisedAt, zone)],
            [t('finding.due-at'), dateTime(of.dueAt, zone)],
            [t('finding.outcome'), of.outcome === null ? null : code('finding.outcome', of.outcome)],
            [t('finding.closed-at'), of.closedAt === null ? null : dateTime(of.closedAt, zone)],
            [t('finding.verified-by'), of.verifiedBy === null ? null : <OrganizationName key="y" of={of.verifiedBy} />],
            [t('supervision.late'), of.lateBy === null ? null : duration(of.lateBy)],
          ]}
        />
      </div>
    </Panel>
  )
}
