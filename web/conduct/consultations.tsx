import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ConsultationStatus, ConsultationSummary } from '#core/view/consultation.ts'
import { Badge, Button, Link, OrganizationName, Panel, type Tone } from '../kit/index.ts'
import { usePaths, useWorld } from '../paths.ts'
import { consultationsQuery, sessionQuery } from '../queries.ts'
import { useWords } from '../words.ts'
import { ColourMark } from './colour.tsx'
import { ConveneDialog } from './convene.tsx'
import './conduct.css'
import './convene.css'

const TONES: Readonly<Record<ConsultationStatus, Tone>> = { planned: 'grey', 'under-way': 'accent', concluded: 'good', cancelled: 'grey' }

export function ConsultationBadge({ status }: { readonly status: ConsultationStatus }) {
  const { code } = useWords()
  return <Badge tone={TONES[status]}>{code('status.consultation', status)}</Badge>
}

/** What came of it, or when it is to be, in a few words. */
export function ConsultationLine({ of, zone }: { readonly of: ConsultationSummary; readonly zone?: string }) {
  const { t, code, short } = useWords()
  const at = short(of.concludedAt ?? of.heldAt ?? of.startsAt, zone)
  return (
    <span className="soft">
      {of.outcome !== null && <b>{code('consultation.outcome', of.outcome)} · </b>}
      {t('consultation.counts', { asked: of.asked, took: of.tookPart })} · <OrganizationName of={of.convener} /> · {at}
    </span>
  )
}

type PanelProps = {
  readonly incidentId: string
  readonly hazard: string | null
  readonly jurisdiction: string | null
  readonly zone: string
}

/** The consultations of an incident, folded up until one is under way or owed. */
export function ConsultationsPanel({ incidentId, hazard, jurisdiction, zone }: PanelProps) {
  const { t } = useWords()
  const world = useWorld()
  const paths = usePaths()
  const shown = useQuery(consultationsQuery(world, incidentId)).data
  const may = useQuery(sessionQuery).data?.post?.powers.includes('consultation.hold') === true
  const [convening, setConvening] = useState(false)
  const all = shown?.consultations ?? []
  const owed = shown?.owed[0]
  return (
    <Panel
      key={owed === undefined ? 'quiet' : 'owed'}
      title={t('consultation.title')}
      folded={owed === undefined}
      note={
        owed === undefined ? all.length === 0 ? undefined : all.length : <Badge tone="late">{t(`consultation.owed-${owed.state}`)}</Badge>
      }
      actions={world === null && may && <Button onPress={() => setConvening(true)}>{t('consultation.convene')}</Button>}
    >
      {all.length === 0 ? (
        <p className="padded soft">{t('consultation.none-here')}</p>
      ) : (
        <ul className="decision-list">
          {all.map((one) => (
            <li key={one.id} className="decision-row">
              <span className="decision-name">
                <Link to={paths.consultation(one.id)}>{one.title}</Link> <ConsultationBadge status={one.status} />
                {(one.concluded ?? one.colour) !== null && <ColourMark colour={one.concluded ?? one.colour} size={16} />}
              </span>
              <ConsultationLine of={one} zone={zone} />
            </li>
          ))}
        </ul>
      )}
      {convening && (
        <ConveneDialog
          incidentId={incidentId}
          alertId={null}
          hazard={hazard}
          jurisdiction={jurisdiction}
          colour={owed?.colour ?? null}
          zone={zone}
          onClose={() => setConvening(false)}
        />
      )}
    </Panel>
  )
}
