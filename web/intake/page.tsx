import { useQuery } from '@tanstack/react-query'
import type { IntakeDetail } from '#core/view/intake.ts'
import { DataList, Link, OrganizationName, PageHead, Panel, Read } from '../kit/index.ts'
import { BasisLink } from '../kit/obligation.tsx'
import { useParam, usePaths, useWorld } from '../paths.ts'
import { intakeQuery } from '../queries.ts'
import { TimelineList } from '../timeline.tsx'
import { useWords } from '../words.ts'
import { IntakeActions } from './actions.tsx'
import { Asked } from './asked.tsx'
import { StatusBadge, VerificationBadge } from './badges.tsx'
import { Row } from './list.tsx'
import { SideBySide } from './side.tsx'
import '../intake.css'

/** One report: what was said, by what way, who had it when, what it may be the same as, and what became of it. */
export function IntakePage() {
  const id = useParam('id')
  const reading = useQuery(intakeQuery(useWorld(), id))
  return (
    <Read of={reading} lines={12}>
      {(report) => <Report of={report} />}
    </Read>
  )
}

type Props = { readonly of: IntakeDetail }

function Report({ of }: Props) {
  const { t, code } = useWords()
  const paths = usePaths()
  return (
    <div className="intake">
      <PageHead
        title={of.number}
        note={
          <span className="intake-badges">
            <StatusBadge of={of} /> <VerificationBadge of={of} /> {code('haste', of.haste)}
            {of.incident !== null && (
              <Link to={paths.incident(of.incident.id)}>
                {t('intake.part-of')} {of.incident.number}
              </Link>
            )}
            {of.into !== null && (
              <Link to={paths.intake(of.into.id)}>
                {t('intake.merged-into')} {of.into.number}
              </Link>
            )}
          </span>
        }
        actions={<IntakeActions of={of} />}
      />
      {of.asked !== null && <Asked of={of} asked={of.asked} />}
      <div className="page-grid">
        <div className="intake-column">
          <Said of={of} />
          <SideBySide of={of} />
          {of.merged.length > 0 && (
            <Panel title={t('intake.merged-reports')} note={of.merged.length}>
              <ul>
                {of.merged.map((one) => (
                  <Row key={one.id} of={one} />
                ))}
              </ul>
            </Panel>
          )}
        </div>
        <div className="intake-column">
          <Provenance of={of} />
          <Forwards of={of} />
          <Panel title={t('intake.history')} folded={false}>
            <TimelineList entries={of.history} zone={of.zone} />
          </Panel>
        </div>
      </div>
    </div>
  )
}

function Said({ of }: Props) {
  const { t, code, dateTime, words } = useWords()
  return (
    <Panel title={of.place.name ?? `${of.place.lat}, ${of.place.lon}`} note={of.hazard === null ? undefined : code('hazard', of.hazard)}>
      <div className="padded intake-said">
        <p className="intake-words">{of.words}</p>
        {of.people !== null && (
          <p>
            <b>{of.people}</b>
          </p>
        )}
        <Pictures of={of.pictures} />
        {of.additions.length > 0 && <h3>{t('intake.additions')}</h3>}
        {of.additions.map((one) => (
          <div key={`${one.at} ${one.text}`} className="intake-addition">
            <p className="soft">
              {one.byReporter ? t('intake.from-reporter') : one.organization === null ? '' : words(one.organization.name)} ·{' '}
              {dateTime(one.at, of.zone)}
              {one.of !== null && ` · ${t('intake.of-merged', { number: one.of })}`}
            </p>
            <p className="intake-words">{one.text}</p>
            <Pictures of={one.media} />
          </div>
        ))}
      </div>
    </Panel>
  )
}

function Pictures({ of }: { readonly of: readonly string[] }) {
  const { t } = useWords()
  if (of.length === 0) return null
  return (
    <ul className="intake-pictures" aria-label={t('intake.photos')}>
      {of.map((address, i) => (
        <li key={address}>
          <a href={address} target="_blank" rel="noreferrer">
            <img src={address} alt={t('intake.photo', { number: i + 1 })} loading="lazy" width="160" height="120" />
          </a>
        </li>
      ))}
    </ul>
  )
}

function Provenance({ of }: Props) {
  const { t, code, words, dateTime } = useWords()
  const { contact } = of
  const number = contact.words === null ? null : (/\+?\d[\d -]{5,}\d/.exec(contact.words)?.[0] ?? null)
  return (
    <Panel title={t('intake.provenance')} className="intake-provenance">
      <DataList
        rows={[
          [t('intake.channel'), code('channel', of.channel)],
          [t('intake.taken-by'), of.takenBy === null ? t('intake.by-reporter') : words(of.takenBy.name)],
          [
            t('intake.original'),
            <>
              {dateTime(of.originalAt, of.zone)}
              {of.clockAhead && <span className="soft"> · {t('intake.clock-ahead')}</span>}
            </>,
          ],
          [t('intake.entered'), dateTime(of.enteredAt, of.zone)],
          [t('intake.handled-by'), <OrganizationName key="handler" of={of.handler} />],
          [
            t('intake.contact'),
            contact.words !== null ? (
              number === null ? (
                contact.words
              ) : (
                <a href={`tel:${number.replaceAll(/[ -]/g, '')}`}>{contact.words}</a>
              )
            ) : of.forgottenAt !== null ? (
              t('intake.contact-gone')
            ) : contact.kept ? (
              t('intake.contact-hidden')
            ) : (
              t('intake.contact-none')
            ),
          ],
          [t('intake.follow'), of.hasCode ? t('intake.follow-given') : t('intake.follow-none')],
          [t('intake.verification'), of.verifiedText],
          [
            t('intake.outcome-label'),
            of.outcome === null
              ? null
              : of.outcomeText === null
                ? code('outcome', of.outcome)
                : t('kit.named', { what: code('outcome', of.outcome), of: of.outcomeText }),
          ],
        ]}
      />
    </Panel>
  )
}

function Forwards({ of }: Props) {
  const { t, code, words, dateTime } = useWords()
  const paths = usePaths()
  if (of.forwards.length === 0) return null
  return (
    <Panel title={t('intake.forwards')} note={of.forwards.length}>
      <ol className="padded intake-forwards">
        {of.forwards.map((one) => (
          <li key={one.obligationId}>
            <p>
              <b>{t('intake.forward-line', { from: words(one.from.name), to: words(one.to.name) })}</b>
            </p>
            <p>{t('kit.named', { what: code('beyond', one.beyond), of: one.reason })}</p>
            <p className="soft">
              {dateTime(one.at, of.zone)} · <Link to={paths.obligation(one.obligationId)}>{code('status.forward', one.status)}</Link>
              {one.answeredAt !== null && ` · ${dateTime(one.answeredAt, of.zone)}`}
              {one.answerReason !== null && ` · ${one.answerReason}`}
            </p>
            {one.basis !== null && <BasisLink basis={one.basis} />}
          </li>
        ))}
      </ol>
    </Panel>
  )
}
