import { IconCircleCheck, IconCircleDashed, IconCircleMinus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { ObligationDetail } from '#core/view.ts'
import { useNow } from '../clock.ts'
import { Countdown, DeadlineBar } from '../deadline.tsx'
import { FindingNote } from '../kit/finding.tsx'
import { Badge, DataList, Link, OrganizationName, PageHead, Panel, Read } from '../kit/index.ts'
import { isLate, isOwed, ObligationActions, ObligationBadge } from '../kit/obligation.tsx'
import { useParam, usePaths, useWorld } from '../paths.ts'
import { incidentsQuery, obligationQuery } from '../queries.ts'
import { TimelineList } from '../timeline.tsx'
import { useWords } from '../words.ts'
import { LegalSheet } from '../kit/legal-sheet.tsx'
import { BasisPanel } from './basis.tsx'
import { ChainPanel } from './chain.tsx'
import { FormPanel } from './form.tsx'

/** One obligation: who owes what to whom, by when, on what basis, and what came of it. */
export function ObligationPage() {
  const id = useParam('id')
  const reading = useQuery(obligationQuery(useWorld(), id))
  return (
    <Read of={reading} lines={12}>
      {(obligation) => <Obligation of={obligation} />}
    </Read>
  )
}

function Obligation({ of }: { readonly of: ObligationDetail }) {
  const { t, words } = useWords()
  const paths = usePaths()
  const now = useNow()
  // The incident's own zone; before the list of incidents is read, the home zone.
  const zone = useQuery(incidentsQuery(useWorld())).data?.find((one) => one.id === of.incidentId)?.zone
  const zoned = zone === undefined ? {} : { zone }
  return (
    <div className="obligation-page">
      <PageHead
        title={words(of.act)}
        note={
          <>
            <ObligationBadge of={of} /> <OrganizationName of={of.debtor} /> → <OrganizationName of={of.creditor} /> ·{' '}
            {of.incidentId === null ? (
              t('obligation.no-incident')
            ) : (
              <Link to={paths.incident(of.incidentId)}>{of.incidentTitle ?? t('obligation.incident')}</Link>
            )}
            {of.round !== null && <> · {t('obligation.round', { round: of.round })}</>}
          </>
        }
        actions={<ObligationActions of={of} {...zoned} />}
      />
      <div className={`obligation-deadline ${isLate(of, now) ? 'is-late' : ''}`}>
        <Deadline of={of} {...zoned} />
        <DeadlineBar of={of} />
        {of.findings.length > 0 && <FindingNote obligation={of.id} />}
      </div>
      <div className="page-grid">
        <div className="stack">
          <Outcome of={of} {...zoned} />
          <FormPanel of={of} {...zoned} />
          <ChainPanel of={of} {...zoned} />
          <BasisPanel of={of} {...zoned} />
          <LegalSheet obligation={of.id} />
        </div>
        <div className="stack">
          {(of.origin === 'clause' || of.ladder.length > 0) && <LadderPanel of={of} {...zoned} />}
          <HistoryPanel of={of} {...zoned} />
        </div>
      </div>
    </div>
  )
}

type Zoned = { readonly of: ObligationDetail; readonly zone?: string }

function Deadline({ of, zone }: Zoned) {
  const { t, dateTime, duration } = useWords()
  const now = useNow()
  const end = isOwed(of) && of.dueAt !== null ? Math.abs(now - Date.parse(of.dueAt)) : 0
  return (
    <p className="deadline-words">
      {isOwed(of) && of.dueAt !== null ? (
        <strong className={isLate(of, now) ? 'is-late' : ''}>
          {isLate(of, now) ? t('obligation.late-now', { late: duration(end) }) : t('obligation.time-left', { left: duration(end) })}
        </strong>
      ) : (
        <Countdown of={of} {...(zone === undefined ? {} : { zone })} />
      )}
      <span>
        {t('obligation.due')} {of.dueAt === null ? t('obligation.no-due') : dateTime(of.dueAt, zone)}
      </span>
      {of.lapsed && !isOwed(of) && <Badge tone="late">{t('obligation.was-late')}</Badge>}
    </p>
  )
}

/** How it stands, and what was said for it: evidence, refusal, waiver, each with who and when. */
function Outcome({ of, zone }: Zoned) {
  const { t, code, dateTime, duration } = useWords()
  const settled =
    of.status !== 'discharged' ? null : of.lateBy === null ? (
      t('obligation.settled-in-time')
    ) : (
      <b className="late-words">{t('obligation.settled-late', { late: duration(of.lateBy) })}</b>
    )
  const { extension } = of
  const extensionWords =
    extension === null
      ? null
      : t('obligation.extension-asked', {
          at: dateTime(extension.askedAt, zone),
          until: dateTime(extension.until, zone),
          reason: extension.reason,
        })
  return (
    <Panel title={t('obligation.status')} className="obligation-outcome">
      <div className="padded">
        <DataList
          rows={[
            [t('obligation.status'), settled ?? code('status.obligation', of.status)],
            [t('obligation.debtor'), <OrganizationName key="d" of={of.debtor} />],
            [t('obligation.creditor'), <OrganizationName key="c" of={of.creditor} />],
            [t('obligation.origin'), of.origin === 'clause' ? null : code('origin', of.origin)],
            [t('obligation.by'), of.by === null ? null : <OrganizationName key="b" of={of.by} />],
            [t('obligation.owed-at'), dateTime(of.owedAt, zone)],
            [
              t('obligation.answer-by'),
              of.answerBy === null ? null : <AnswerBy key="a" of={of} {...(zone === undefined ? {} : { zone })} />,
            ],
            [t('obligation.accepted-at'), of.acceptedAt === null ? null : dateTime(of.acceptedAt, zone)],
            [t('obligation.doer'), of.doer],
            [t('obligation.progress'), of.progress === null ? null : `${dateTime(of.progress.at, zone)} ${of.progress.text}`],
            [
              t('obligation.progress-every'),
              of.progressEvery === null ? null : t('obligation.progress-rule', { every: duration(of.progressEvery) }),
            ],
            [t('obligation.due'), of.dueAt === null ? t('obligation.no-due') : dateTime(of.dueAt, zone)],
            [t('obligation.extension'), extensionWords],
            [t('obligation.discharged-at'), of.dischargedAt === null ? null : dateTime(of.dischargedAt, zone)],
            [
              t('obligation.evidence'),
              of.evidence === null ? null : <Evidence key="evidence" of={of} {...(zone === undefined ? {} : { zone })} />,
            ],
            [t('obligation.decline-reason'), of.declineReason],
            [t('obligation.waive-reason'), of.waiveReason],
            [t('obligation.release-reason'), of.releaseReason === null ? null : code('release', of.releaseReason)],
            [t('obligation.confirmed-at'), of.confirmedAt === null ? null : dateTime(of.confirmedAt, zone)],
            [t('obligation.dispute-reason'), of.disputeReason],
          ]}
        />
      </div>
    </Panel>
  )
}

function AnswerBy({ of, zone }: Zoned) {
  const { t, dateTime } = useWords()
  return (
    <>
      {of.answerBy !== null && dateTime(of.answerBy, zone)}{' '}
      {of.unansweredAt !== null && <Badge tone="late">{t('obligation.unanswered')}</Badge>}
    </>
  )
}

function Evidence({ of, zone }: Zoned) {
  const { t, words, dateTime } = useWords()
  if (of.evidence === null) return null
  const { text, by, eventPosition } = of.evidence
  return (
    <div className="evidence">
      <p>{text}</p>
      <p className="soft">
        {t('obligation.evidence-by', {
          by: words((by ?? of.debtor).name),
          at: of.dischargedAt === null ? '—' : dateTime(of.dischargedAt, zone),
        })}
        {eventPosition !== null && ` · ${t('obligation.evidence-entry', { position: eventPosition })}`}
      </p>
    </div>
  )
}

/** Who hears of it when it stays undone, and when. */
function LadderPanel({ of, zone }: Zoned) {
  const { t, dateTime } = useWords()
  const owed = isOwed(of)
  return (
    <Panel title={t('obligation.ladder')}>
      {of.ladder.length === 0 ? (
        <p className="padded soft">{t('obligation.ladder-none')}</p>
      ) : (
        <ol className="ladder">
          {of.ladder.map((rung) => {
            const Mark = rung.done ? IconCircleCheck : owed ? IconCircleDashed : IconCircleMinus
            return (
              <li key={rung.at} className={rung.done ? 'is-done' : ''}>
                <Mark size={18} aria-hidden />
                <span>
                  <b>
                    <OrganizationName of={rung.to} />
                  </b>
                  <span className="soft">
                    {rung.done ? t('obligation.ladder-done') : owed ? t('obligation.ladder-to-come') : t('obligation.ladder-not-reached')} ·{' '}
                    {dateTime(rung.at, zone)}
                  </span>
                </span>
              </li>
            )
          })}
        </ol>
      )}
    </Panel>
  )
}

function HistoryPanel({ of, zone }: Zoned) {
  const { t } = useWords()
  const newestFirst = of.history.toSorted((a, b) => Number(b.position) - Number(a.position))
  return (
    <Panel title={t('obligation.history')} note={of.history.length}>
      <TimelineList entries={newestFirst} duties={[of]} {...(zone === undefined ? {} : { zone })} />
    </Panel>
  )
}
