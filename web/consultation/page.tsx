import { useQuery } from '@tanstack/react-query'
import type { ConsultationDetail, ConsultationSummary, ConsultationView } from '#core/view/consultation.ts'
import { AlertTabs } from '../kit/alert-tabs.tsx'
import { ColourMark } from '../conduct/colour.tsx'
import { ConsultationBadge } from '../conduct/consultations.tsx'
import { DataList, Link, OrganizationName, PageHead, Panel, Read } from '../kit/index.ts'
import { BasisLink, ObligationRow } from '../kit/obligation.tsx'
import { useParam, usePaths, useWorld } from '../paths.ts'
import { consultationQuery } from '../queries.ts'
import { useWords } from '../words.ts'
import { Actions, Asked } from './answer.tsx'
import { ConcludePanel } from './conclude.tsx'
import { ForecastsPanel } from './forecasts.tsx'
import { Participants, Views } from './participants.tsx'
import { Record } from './record.tsx'
import '../conduct/conduct.css'
import '../consultation.css'

/** One consultation: who was asked, who came, what each thinks and forecasts, what was concluded, what became owed. */
export function ConsultationPage() {
  const id = useParam('id')
  const reading = useQuery(consultationQuery(useWorld(), id))
  return (
    <>
      <AlertTabs on="consultations" />
      <Read of={reading} lines={12}>
        {(found) => <Consultation of={found} />}
      </Read>
    </>
  )
}

function Consultation({ of }: { readonly of: ConsultationView }) {
  const { t, words, code, dateTime } = useWords()
  const { detail } = of
  return (
    <div className="consultation-page">
      <PageHead
        title={of.title}
        note={
          <span className="consultation-note">
            <ConsultationBadge status={of.status} /> <ColourMark colour={of.concluded ?? of.colour} />
            <span>{code('hazard', of.hazard)}</span> <span>{words(of.jurisdiction.name)}</span>
            <span>
              {code('consultation.how', of.how)} {dateTime(of.heldAt ?? of.startsAt, of.zone ?? undefined)}
            </span>
          </span>
        }
        actions={detail !== null && <Actions of={of} detail={detail} />}
      />
      {detail === null ? (
        <div className="page-grid">
          <Panel title={t('consultation.conclusion')}>
            <p className="padded soft">{t(of.status === 'cancelled' ? 'consultation.outside-cancelled' : 'consultation.outside')}</p>
          </Panel>
          <Facts of={of} basis={null} />
        </div>
      ) : (
        <Inside of={of} detail={detail} />
      )}
    </div>
  )
}

type InsideProps = { readonly of: ConsultationSummary; readonly detail: ConsultationDetail }

function Inside({ of, detail }: InsideProps) {
  const { t } = useWords()
  const zone = of.zone ?? undefined
  const zoned = zone === undefined ? {} : { zone }
  const [first] = detail.participants
  return (
    <>
      <Asked of={of} detail={detail} />
      <div className="page-grid">
        <div className="stack">
          {detail.conclusion !== null && <Conclusion of={of} detail={detail} />}
          {of.status === 'cancelled' && (
            <Panel title={t('consultation.cancelled-because')}>
              <p className="padded">{detail.cancelReason}</p>
            </Panel>
          )}
          {(detail.items.length > 0 || detail.obligations.length > 0) && <Items of={of} detail={detail} />}
          {first !== undefined && <Participants of={detail} begun={of.heldAt !== null} {...zoned} />}
          <Views of={detail} {...zoned} />
          <ForecastsPanel of={of} detail={detail} {...zoned} />
          {of.mine === 'convener' && of.endedAt === null && <ConcludePanel of={of} detail={detail} />}
        </div>
        <div className="stack">
          <Panel title={t('consultation.questions')}>
            <ol className="padded questions">
              {detail.questions.map((one, index) => (
                <li key={index}>{one}</li>
              ))}
            </ol>
          </Panel>
          <Facts of={of} basis={detail.basis} />
          {detail.supplements.length > 0 && <Supplements of={detail} {...zoned} />}
          <Record of={detail.record} {...zoned} />
        </div>
      </div>
    </>
  )
}

function Conclusion({ of, detail }: InsideProps) {
  const { t, code } = useWords()
  const { conclusion } = detail
  if (conclusion === null) return null
  return (
    <Panel title={t('consultation.conclusion')}>
      <div className="padded conclusion">
        <p className="outcome">
          <b>{code('consultation.outcome', conclusion.outcome)}</b>
          {conclusion.colour !== null && <ColourMark colour={conclusion.colour} size={20} />}
          {conclusion.level !== null && <span>{code('response', String(conclusion.level))}</span>}
        </p>
        <p>{conclusion.reason}</p>
        <h3>{t('consultation.minutes')}</h3>
        <p className="minutes">{conclusion.minutes}</p>
        {of.status === 'concluded' && detail.items.length === 0 && <p className="soft">{t('consultation.items-none')}</p>}
      </div>
    </Panel>
  )
}

/** What became owed; before the linkage has done it, what was laid down. */
function Items({ of, detail }: InsideProps) {
  const { t, words, dateTime } = useWords()
  const zone = of.zone ?? undefined
  return (
    <Panel title={t('consultation.items')} note={detail.items.length}>
      {detail.obligations.length > 0 ? (
        <ul>
          {detail.obligations.map((one) => (
            <ObligationRow key={one.id} of={one} {...(zone === undefined ? {} : { zone })} />
          ))}
        </ul>
      ) : (
        <ul className="decision-list">
          {detail.items.map((one, index) => (
            <li key={index} className="decision-row">
              <b>{words(one.act)}</b>
              <span className="soft">
                <OrganizationName of={one.debtor} /> · {t('consultation.due', { at: dateTime(one.dueAt, zone) })}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

function Facts({ of, basis }: { readonly of: ConsultationSummary; readonly basis: ConsultationDetail['basis'] }) {
  const { t, dateTime, duration } = useWords()
  const paths = usePaths()
  const at = (instant: string | null): string | null => (instant === null ? null : dateTime(instant, of.zone ?? undefined))
  return (
    <Panel title={t('consultation.title')} note={t('consultation.counts', { asked: of.asked, took: of.tookPart })}>
      <div className="padded">
        <DataList
          rows={[
            [t('consultation.convener'), <OrganizationName key="convener" of={of.convener} />],
            [t('consultation.colour'), <ColourMark key="colour" colour={of.colour} />],
            [t('consultation.convened-at'), at(of.convenedAt)],
            [t('consultation.starts-at'), at(of.startsAt)],
            [t('consultation.held-at'), at(of.heldAt)],
            [t('consultation.concluded-at'), at(of.concludedAt)],
            [t('consultation.onset'), at(of.onset)],
            [t('consultation.lead'), of.lead === null ? null : `${of.lead.startsWith('-') ? '−' : ''}${duration(of.lead)}`],
            [
              t('consultation.incident'),
              of.incidentId === null || of.incidentTitle === null ? null : (
                <Link key="incident" to={paths.incident(of.incidentId)}>
                  {of.incidentTitle}
                </Link>
              ),
            ],
            [
              t('consultation.alert'),
              of.alertId === null ? null : (
                <Link key="alert" to={paths.alert(of.alertId)}>
                  {t('consultation.to-alert')}
                </Link>
              ),
            ],
            [
              t('consultation.basis'),
              basis === null ? of.inside ? t('consultation.basis-none') : null : <BasisLink key="basis" basis={basis} dated={false} />,
            ],
          ]}
        />
      </div>
    </Panel>
  )
}

function Supplements({ of, zone }: { readonly of: ConsultationDetail; readonly zone?: string }) {
  const { t, short } = useWords()
  return (
    <Panel title={t('consultation.supplements')} note={of.supplements.length}>
      <ul className="decision-list">
        {of.supplements.map((one, index) => (
          <li key={index} className="decision-row">
            <span className="minutes">{one.text}</span>
            <span className="soft">
              {one.organization !== null && <OrganizationName of={one.organization} />} · {short(one.at, zone)}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
