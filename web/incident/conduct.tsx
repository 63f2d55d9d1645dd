import { IconArrowRight, IconBolt, IconFlag } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { IncidentView } from '#core/view.ts'
import type { LeadsView } from '#core/view/headquarters.ts'
import { ActionButton, Button, findAction, OrganizationName, Panel } from '../kit/index.ts'
import { useWorld } from '../paths.ts'
import { leadsQuery } from '../queries.ts'
import { useWords } from '../words.ts'
import { ConductDialog, LeaveDialog } from './conduct-dialogs.tsx'
import './conduct.css'

type Of = { readonly incident: IncidentView }

const NEXT = [
  'incident.take-over',
  'incident.decline-hand-over',
  'incident.hand-over',
  'incident.enter-scene',
  'incident.leave-scene',
] as const
const RARE = ['incident.declare-emergency-path', 'incident.end-emergency-path', 'incident.stand-down-headquarters'] as const

/** Who leads now and who led before, what is being handed over, who is on the scene, and what can be done about it. */
export function ConductPanel({ incident }: Of) {
  const { t, words, dateTime } = useWords()
  const { lead, handOver, emergencyPath } = incident.conduct
  return (
    <Panel title={t('conduct.actions')} className="conduct">
      <div className="padded conduct-parts">
        <p className="conduct-lead">
          <IconFlag size={18} aria-hidden />
          <span>
            <span className="soft">{t('conduct.lead')}</span>
            <b>{lead === null ? t('conduct.nobody') : words(lead.name)}</b>
            {incident.headquarters === null && lead !== null && <small className="soft">{t('conduct.lead-by-law')}</small>}
          </span>
        </p>
        {handOver !== null && (
          <div className="conduct-note" role="status">
            <p>
              <IconArrowRight size={16} aria-hidden />
              {t('conduct.hand-over-pending', {
                from: words((handOver.from ?? lead)?.name ?? { 'zh-CN': '—', en: '—' }),
                to: words(handOver.to.name),
              })}
            </p>
            <p className="soft">{handOver.reason}</p>
            <Transferred of={handOver.transferred} />
          </div>
        )}
        {emergencyPath !== null && (
          <div className="conduct-note">
            <p>
              <IconBolt size={16} aria-hidden />
              <b>{t('conduct.emergency-path')}</b>
            </p>
            <p className="soft">
              {t('conduct.emergency-since', { at: dateTime(emergencyPath.at, incident.zone), basis: emergencyPath.basis })}
            </p>
          </div>
        )}
        <Actions incident={incident} />
        <Scene incident={incident} />
        <Leads incident={incident} />
      </div>
    </Panel>
  )
}

function Actions({ incident }: Of) {
  const { t } = useWords()
  const real = useWorld() === null
  const [asked, setAsked] = useState<string | null>(null)
  const [more, setMore] = useState(false)
  if (!real || incident.closedAt !== null) return null
  const offered = [...NEXT, ...RARE].flatMap((command) => findAction(incident.actions, command) ?? [])
  const near = offered.filter((one) => one.refusal === null && NEXT.some((next) => next === one.command))
  const far = offered.filter((one) => !near.includes(one) && !(one.refusal?.code ?? '').startsWith('incident.no'))
  return (
    <div className="conduct-actions" role="group" aria-label={t('conduct.actions')}>
      {near.map((action) => (
        <ActionButton
          key={action.command}
          action={action}
          variant={action.command === 'incident.take-over' ? 'primary' : 'plain'}
          onPress={() => setAsked(action.command)}
        />
      ))}
      {far.length > 0 && (
        <Button variant="quiet" aria-expanded={more} onPress={() => setMore(!more)}>
          {t('conduct.more')}
        </Button>
      )}
      {more && far.map((action) => <ActionButton key={action.command} action={action} onPress={() => setAsked(action.command)} />)}
      {asked !== null && <ConductDialog key={asked} command={asked} incident={incident} onClose={() => setAsked(null)} />}
    </div>
  )
}

/** What passes with the lead, item by item. */
function Transferred({ of }: { readonly of: readonly { readonly kind: string; readonly text: string }[] }) {
  const { t, code } = useWords()
  if (of.length === 0) return <p className="soft">{t('conduct.transferred-none')}</p>
  return (
    <ul className="transferred">
      {of.map((one, index) => (
        <li key={index}>
          <b>{code('conduct.kind', one.kind)}</b> {one.text}
        </li>
      ))}
    </ul>
  )
}

/** Who is on the scene: all of them under the one command there. */
function Scene({ incident }: Of) {
  const { t, short, words } = useWords()
  const real = useWorld() === null
  const [leaving, setLeaving] = useState<string | null>(null)
  const { onScene } = incident.conduct
  const commands = findAction(incident.actions, 'incident.fill-position')?.refusal === null
  const who = onScene.find((one) => one.organization.id === leaving)
  return (
    <section aria-label={t('conduct.on-scene')}>
      <h3 className="conduct-head">
        {t('conduct.on-scene')} {onScene.length > 0 && onScene.length}
      </h3>
      {onScene.length === 0 ? (
        <p className="soft">{t('conduct.on-scene-none')}</p>
      ) : (
        <ul className="on-scene">
          {onScene.map(({ organization, at }) => (
            <li key={organization.id}>
              <span>
                <OrganizationName of={organization} /> <span className="soft">{short(at, incident.zone)}</span>
              </span>
              {real && commands && incident.closedAt === null && (
                <Button
                  variant="quiet"
                  aria-label={t('conduct.leave-of', { who: words(organization.name) })}
                  onPress={() => setLeaving(organization.id)}
                >
                  {t('command.incident.leave-scene')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      <p className="soft conduct-why">{t('conduct.on-scene-why')}</p>
      {who !== undefined && <LeaveDialog incident={incident} organization={who.organization} onClose={() => setLeaving(null)} />}
    </section>
  )
}

/** The lead as a line over time: each part as long as it lasted, and beneath it who it was. */
function Leads({ incident }: Of) {
  const { t } = useWords()
  const reading = useQuery(leadsQuery(useWorld(), incident.id))
  if (reading.data === undefined) return null
  return (
    <section aria-label={t('conduct.leads')}>
      <h3 className="conduct-head">{t('conduct.leads')}</h3>
      <LeadLine of={reading.data} zone={incident.zone} />
    </section>
  )
}

function LeadLine({ of, zone }: { readonly of: LeadsView; readonly zone: string }) {
  const { t, words, code, short, duration } = useWords()
  const whole = of.leadless === 'PT0S'
  return (
    <>
      <ol className="leads">
        {of.leads.map((one) => (
          <li key={one.from} className={one.until === null ? 'is-now' : ''}>
            <b>{one.organization === null ? t('conduct.nobody') : words(one.organization.name)}</b>
            <span className="soft">
              {short(one.from, zone)} – {one.until === null ? t('conduct.until-now') : short(one.until, zone)} ·{' '}
              {code('conduct.by', one.by)}
              {one.headquarters !== null && ` · ${words(one.headquarters)}`}
            </span>
            {one.by === 'hand-over' && <Transferred of={one.transferred} />}
          </li>
        ))}
      </ol>
      <p className="soft conduct-why">{whole ? t('conduct.leads-whole') : t('conduct.leads-gap', { time: duration(of.leadless) })}</p>
    </>
  )
}
