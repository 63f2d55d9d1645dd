import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ActivationsView } from '#core/view/instrument.ts'
import type { IncidentView } from '#core/view.ts'
import { ActivateDialog } from '../kit/activation.tsx'
import { ActionButton, Badge, Button, findAction, Link, Panel, ReasonDialog } from '../kit/index.ts'
import { usePaths, useWorld } from '../paths.ts'
import { activationsQuery } from '../queries.ts'
import { useWords } from '../words.ts'
import { LevelsTable } from './levels.tsx'

type Activated = ActivationsView['activated'][number]

/** The plans and agreements that are activated for this incident, how to activate one more or end one, and everybody's response level. */
export function InstrumentsPanel({ incident }: { readonly incident: IncidentView }) {
  const { t } = useWords()
  const world = useWorld()
  const [asked, setAsked] = useState<'activate' | 'response' | Activated | null>(null)
  const view = useQuery(activationsQuery(world, incident.id)).data
  const close = (): void => setAsked(null)
  if (view === undefined) return null
  const activate = findAction(view.actions, 'incident.activate-instrument')
  const respond = findAction(view.actions, 'incident.terminate-response')
  const ended = incident.closedAt !== null
  const running = view.activated.filter((one) => one.terminated === null)
  return (
    <Panel
      title={t('instrument.active')}
      note={running.length}
      actions={
        activate !== null &&
        world === null &&
        !ended && <ActionButton action={activate} label={t('instrument.activate')} onPress={() => setAsked('activate')} />
      }
    >
      {view.activated.length === 0 ? (
        <p className="padded soft">{t('instrument.active-none')}</p>
      ) : (
        <ul className="activated">
          {view.activated.map((one) => (
            <ActivatedItem key={one.instrumentId} of={one} incident={incident} view={view} onEnd={() => setAsked(one)} />
          ))}
        </ul>
      )}
      {view.responses.length > 0 && (
        <LevelsTable
          responses={view.responses}
          zone={incident.zone}
          actions={
            respond !== null &&
            world === null &&
            !ended && <ActionButton action={respond} label={t('instrument.terminate-response')} onPress={() => setAsked('response')} />
          }
        />
      )}
      {asked === 'activate' && <ActivateDialog incident={incident} onClose={close} />}
      {asked === 'response' && (
        <ReasonDialog
          title={t('instrument.terminate-response')}
          isOpen
          onClose={close}
          room="incident"
          id={incident.id}
          label={t('instrument.terminate')}
          ask={t('instrument.terminate-reason')}
          help={t('instrument.terminate-note')}
          command={(reason) => ({ type: 'incident.terminate-response', reason })}
        />
      )}
      {asked !== null && typeof asked === 'object' && <EndDialog of={asked} incident={incident} onClose={close} />}
    </Panel>
  )
}

type ItemProps = { readonly of: Activated; readonly incident: IncidentView; readonly view: ActivationsView; readonly onEnd: () => void }

function ActivatedItem({ of, incident, view, onEnd }: ItemProps) {
  const { t, words, short } = useWords()
  const paths = usePaths()
  const world = useWorld()
  const end = findAction(view.actions, 'incident.terminate-instrument')
  return (
    <li className={of.terminated === null ? '' : 'is-ended'}>
      <div>
        <Link to={paths.instrument(of.instrumentId)}>{words(of.title)}</Link>{' '}
        <Badge tone={of.terminated === null ? 'good' : 'grey'}>
          {of.terminated === null
            ? t('instrument.activated-since', { at: short(of.at, incident.zone) })
            : t('instrument.activation-ended', { at: short(of.terminated.at, incident.zone) })}
        </Badge>
        <p className="soft">
          {[of.organization === null ? null : words(of.organization.name), t('instrument.version', { version: of.version })]
            .filter((one) => one !== null)
            .join(' · ')}
        </p>
        <p className="soft">{of.terminated === null ? of.text : of.terminated.reason}</p>
      </div>
      {of.terminated === null &&
        end !== null &&
        world === null &&
        (end.refusal === null ? (
          <Button variant="quiet" onPress={onEnd}>
            {t('instrument.terminate')}
          </Button>
        ) : (
          <ActionButton action={end} label={t('instrument.terminate')} onPress={onEnd} />
        ))}
    </li>
  )
}

function EndDialog({ of, incident, onClose }: { readonly of: Activated; readonly incident: IncidentView; readonly onClose: () => void }) {
  const { t, words } = useWords()
  return (
    <ReasonDialog
      title={t('instrument.terminate-title', { title: words(of.title) })}
      isOpen
      onClose={onClose}
      room="incident"
      id={incident.id}
      label={t('instrument.terminate')}
      ask={t('instrument.terminate-reason')}
      help={t('instrument.terminate-note')}
      command={(reason) => ({ type: 'incident.terminate-instrument', instrumentId: of.instrumentId, reason })}
    />
  )
}
