import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { HeldShare } from '#core/consultation.ts'
import type { ConsultationsView, ConsultationSummary, OwedConsultation } from '#core/view/consultation.ts'
import { AlertTabs } from './kit/alert-tabs.tsx'
import { ColourMark } from './conduct/colour.tsx'
import { ConsultationBadge, ConsultationLine } from './conduct/consultations.tsx'
import { ConveneDialog } from './conduct/convene.tsx'
import { Badge, Button, Empty, Link, PageHead, Panel, Read } from './kit/index.ts'
import { usePaths, useWorld } from './paths.ts'
import { consultationsQuery, sessionQuery } from './queries.ts'
import { useWords } from './words.ts'
import './consultation.css'

export { ConsultationPage } from './consultation/page.tsx'

/** Consultations: what lacks one, those planned and under way, those that ended, and how often what is required was done. */
export function ConsultationsPage() {
  const { t } = useWords()
  const world = useWorld()
  const reading = useQuery(consultationsQuery(world))
  const may = useQuery(sessionQuery).data?.post?.powers.includes('consultation.hold') === true
  const [convening, setConvening] = useState<OwedConsultation | 'new' | null>(null)
  return (
    <>
      <PageHead
        title={t('consultation.title')}
        note={t('consultation.subtitle')}
        actions={
          world === null &&
          may && (
            <Button variant="primary" onPress={() => setConvening('new')}>
              {t('consultation.convene')}
            </Button>
          )
        }
      />
      <AlertTabs on="consultations" />
      <Read of={reading} lines={10}>
        {(shown) => <Consultations of={shown} may={world === null && may} onConvene={setConvening} />}
      </Read>
      {convening !== null && (
        <ConveneDialog
          alertId={null}
          incidentId={convening === 'new' ? null : convening.incidentId}
          {...(convening === 'new'
            ? {}
            : { hazard: convening.hazard, jurisdiction: convening.jurisdiction.code, colour: convening.colour })}
          onClose={() => setConvening(null)}
        />
      )}
    </>
  )
}

type ListProps = { readonly of: ConsultationsView; readonly may: boolean; readonly onConvene: (of: OwedConsultation) => void }

function Consultations({ of, may, onConvene }: ListProps) {
  const { t } = useWords()
  const open = of.consultations.filter((one) => one.endedAt === null)
  const ended = of.consultations.filter((one) => one.endedAt !== null)
  return (
    <div className="consultations">
      {of.owed.length > 0 && (
        <Panel title={t('consultation.owed')} note={of.owed.length}>
          <ul className="decision-list">
            {of.owed.map((one) => (
              <OwedRow key={`${one.incidentId} ${one.colour}`} of={one} may={may} onConvene={() => onConvene(one)} />
            ))}
          </ul>
        </Panel>
      )}
      {of.consultations.length === 0 && <Empty title={t('consultation.none')} help={t('consultation.none-help')} />}
      {open.length > 0 && (
        <Panel title={t('consultation.open-now')} note={open.length}>
          <Rows of={open} />
        </Panel>
      )}
      {ended.length > 0 && (
        <Panel title={t('consultation.ended')} note={ended.length}>
          <Rows of={ended} />
          {of.left && <p className="padded soft">{t('consultation.left')}</p>}
        </Panel>
      )}
      <Shares of={of.shares.filter((one) => one.warnings > 0)} />
    </div>
  )
}

function OwedRow({ of, may, onConvene }: { readonly of: OwedConsultation; readonly may: boolean; readonly onConvene: () => void }) {
  const { t, words, code, short } = useWords()
  const paths = usePaths()
  return (
    <li className="decision-row owed-consultation">
      <span className="decision-name">
        <ColourMark colour={of.colour} /> <Link to={paths.incident(of.incidentId)}>{of.title}</Link>
        <Badge tone={of.state === 'missing' ? 'late' : 'soon'}>{t(`consultation.owed-${of.state}`)}</Badge>
      </span>
      <span className="soft">
        {code('hazard', of.hazard)} · {words(of.jurisdiction.name)} · {short(of.at)}
      </span>
      {may && of.state === 'missing' && <Button onPress={onConvene}>{t('consultation.convene')}</Button>}
    </li>
  )
}

/** S2-15: how often a consultation was held about red and orange, and how long before the event. */
function Shares({ of }: { readonly of: readonly HeldShare[] }) {
  const { t, number } = useWords()
  const lead = useLead()
  if (of.length === 0) return null
  return (
    <section className="consultation-shares" aria-label={t('consultation.shares')}>
      {of.map((one) => (
        <dl key={one.colour}>
          <dt>
            <ColourMark colour={one.colour} /> {t('consultation.share')}
          </dt>
          <dd>{one.share === null ? '—' : `${number(Math.round(one.share * 100))}%`}</dd>
          <dd className="soft">
            {[
              t('consultation.share-of', { held: one.held, warnings: one.warnings }),
              t('consultation.share-before', { count: one.before }),
              ...(one.missing > 0 ? [`${t('consultation.owed-missing')} ${number(one.missing)}`] : []),
            ].join(' · ')}
          </dd>
          <dd className="soft">{one.lead === null ? t('consultation.lead-unknown') : lead(one.lead)}</dd>
        </dl>
      ))}
    </section>
  )
}

/** A lead time in words: ahead of the onset, or after it. */
function useLead(): (lead: string) => string {
  const { t, duration } = useWords()
  return (lead) => t(lead.startsWith('-') ? 'consultation.lead-late' : 'consultation.lead-before', { lead: duration(lead) })
}

function Rows({ of }: { readonly of: readonly ConsultationSummary[] }) {
  return (
    <ul className="decision-list">
      {of.map((one) => (
        <Row key={one.id} of={one} />
      ))}
    </ul>
  )
}

function Row({ of }: { readonly of: ConsultationSummary }) {
  const { t, words, code } = useWords()
  const paths = usePaths()
  const lead = useLead()
  const zone = of.zone ?? undefined
  return (
    <li className="decision-row consultation-row">
      <span className="decision-name">
        <ColourMark colour={of.concluded ?? of.colour} /> <Link to={paths.consultation(of.id)}>{of.title}</Link>
        <ConsultationBadge status={of.status} />
        {of.mine === 'asked' && <Badge tone="soon">{t('consultation.mine-asked')}</Badge>}
      </span>
      <ConsultationLine of={of} {...(zone === undefined ? {} : { zone })} />
      <span className="soft">
        {code('hazard', of.hazard)} · {words(of.jurisdiction.name)} · {code('consultation.how', of.how)}
        {of.lead !== null && ` · ${lead(of.lead)}`}
        {of.incidentId !== null && of.incidentTitle !== null && (
          <>
            {' '}
            · <Link to={paths.incident(of.incidentId)}>{of.incidentTitle}</Link>
          </>
        )}
      </span>
    </li>
  )
}
