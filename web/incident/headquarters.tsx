import { IconAlertTriangle, IconUsers } from '@tabler/icons-react'
import { useState } from 'react'
import type { HeadquartersView, IncidentView, PositionView } from '#core/view.ts'
import { ActionButton, Badge, CommandForm, Dialog, findAction, Link, OrganizationName, Panel } from '../kit/index.ts'
import { BasisLink } from '../kit/obligation.tsx'
import { OrganizationField } from '../kit/organization-field.tsx'
import { partyWords } from '../kit/party.ts'
import { usePaths, useWorld } from '../paths.ts'
import { useWords } from '../words.ts'
import { useOrganizations } from '../kit/organizations.ts'

/** Of each headquarters: who leads, who takes part, which positions stand vacant and who could take them. */
export function HeadquartersPanel({ incident }: { readonly incident: IncidentView }) {
  const { t } = useWords()
  const { headquarters, conduct } = incident
  const all = [headquarters, ...conduct.otherHeadquarters].filter((one) => one !== null)
  if (all.length === 0)
    return (
      <Panel title={t('incident.headquarters')} className="room-headquarters">
        <p className="padded soft">{t('incident.headquarters-none')}</p>
      </Panel>
    )
  const positions = all.flatMap((one) => one.positions)
  const filled = positions.filter((one) => one.organization !== null).length
  return (
    <Panel
      title={t('incident.headquarters')}
      note={positions.length === 0 ? all.length : t('incident.headquarters-filled', { filled, count: positions.length })}
      className="room-headquarters"
      scrolls
    >
      {all.map((one) => (
        <Headquarters key={one.id} of={one} overall={one.id === headquarters?.id} alone={all.length === 1} incident={incident} />
      ))}
    </Panel>
  )
}

type HeadquartersProps = {
  readonly of: HeadquartersView
  readonly overall: boolean
  readonly alone: boolean
  readonly incident: IncidentView
}

function Headquarters({ of, overall, alone, incident }: HeadquartersProps) {
  const { t, words, short } = useWords()
  const paths = usePaths()
  return (
    <div className="padded headquarters">
      <div className="headquarters-lead">
        <b>
          {of.standing ? <Link to={paths.body(of.id)}>{words(of.name)}</Link> : words(of.name)}{' '}
          {!alone && <Badge tone={overall ? 'accent' : 'grey'}>{overall ? t('conduct.overall') : words(of.jurisdiction.name)}</Badge>}
        </b>
        <span>
          {t('incident.lead')} · <OrganizationName of={of.lead} /> · <span className="soft">{short(of.activatedAt, incident.zone)}</span>
        </span>
      </div>
      {of.sectors.length > 0 && (
        <ul className="members" aria-label={t('headquarters.sectors')}>
          {of.sectors.map((sector) => (
            <li key={sector.code}>{t('conduct.sector-lead', { sector: words(sector.words), lead: words(sector.lead.name) })}</li>
          ))}
        </ul>
      )}
      {of.positions.length > 0 && (
        <ul className="positions">
          {of.positions.map((position) => (
            <Position key={position.code} position={position} headquarters={overall ? null : of.id} incident={incident} />
          ))}
        </ul>
      )}
      <section aria-label={`${words(of.name)} ${t('incident.members')}`}>
        <h3 className="headquarters-members">
          <IconUsers size={15} aria-hidden /> {t('incident.members')} {of.members.length}
        </h3>
        <ul className="members">
          {of.members.map((member) => (
            <li key={member.id}>
              <OrganizationName of={member} />
            </li>
          ))}
        </ul>
      </section>
    </div>
  )
}

type PositionProps = {
  readonly position: PositionView
  /** Null: the headquarters in overall command. */
  readonly headquarters: string | null
  readonly incident: IncidentView
}

function Position({ position, headquarters, incident }: PositionProps) {
  const { t, words } = useWords()
  const [filling, setFilling] = useState(false)
  const real = useWorld() === null
  const action = real ? findAction(incident.actions, 'incident.fill-position') : null
  const vacant = position.organization === null
  return (
    <li className={`position ${vacant ? 'is-vacant' : ''}`}>
      <b>
        {words(position.words)}
        {vacant && ` · ${t('incident.vacant')}`}
      </b>
      {position.organization !== null ? (
        <OrganizationName of={position.organization} />
      ) : (
        <span>
          {position.suggestion === null ? t('incident.no-suggestion') : t('incident.suggestion', { who: words(position.suggestion.name) })}
        </span>
      )}
      {vacant && action !== null && (
        <ActionButton action={action} label={t('incident.action.incident.fill-position')} onPress={() => setFilling(true)} />
      )}
      {filling && <FillDialog position={position} headquarters={headquarters} incident={incident} onClose={() => setFilling(false)} />}
    </li>
  )
}

function FillDialog({ position, headquarters, incident, onClose }: PositionProps & { readonly onClose: () => void }) {
  const { t, words } = useWords()
  const organizations = useOrganizations()
  const [organization, setOrganization] = useState<string | null>(position.organization?.id ?? position.suggestion?.id ?? null)
  return (
    <Dialog title={`${t('incident.action.incident.fill-position')} · ${words(position.words)}`} isOpen onClose={onClose}>
      <CommandForm
        room="incident"
        id={incident.id}
        label={t('incident.submit')}
        onClose={onClose}
        make={() =>
          organization === null
            ? null
            : { type: 'incident.fill-position', code: position.code, organization, ...(headquarters === null ? {} : { headquarters }) }
        }
      >
        <OrganizationField
          label={t('incident.fill.organization')}
          organizations={organizations}
          value={organization}
          onChange={setOrganization}
          isRequired
        />
      </CommandForm>
    </Dialog>
  )
}

/** Clauses that bind here and that nobody in the directory can owe: a hole in the plan, seen while it matters. */
export function GapsPanel({ incident }: { readonly incident: IncidentView }) {
  const words = useWords()
  const { t } = words
  const paths = usePaths()
  if (incident.gaps.length === 0) return null
  return (
    <Panel title={t('incident.gaps')} note={incident.gaps.length} className="room-gaps">
      <div className="padded">
        <p className="soft">{t('incident.gaps-why')}</p>
        <ul className="gaps">
          {incident.gaps.map((gap) => (
            <li key={`${gap.basis.instrumentId}#${gap.basis.clauseId}#${gap.party}`}>
              <IconAlertTriangle size={16} aria-hidden />
              <span>
                <b>{words.words(gap.act)}</b>
                <span>{t('incident.gap-party', { party: partyWords(gap.party, words) })}</span>
                <BasisLink basis={gap.basis} dated={false} />
              </span>
            </li>
          ))}
        </ul>
        <Link to={paths.directory()}>{t('directory.title')}</Link>
      </div>
    </Panel>
  )
}
