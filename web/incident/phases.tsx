import { IconAlertTriangle, IconCircle, IconCircleCheck, IconCircleDot } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { PhaseView } from '#core/view/objective.ts'
import type { IncidentView } from '#core/view.ts'
import { ActionButton, ConfirmDialog, findAction, Link, OrganizationName, Panel, Read } from '../kit/index.ts'
import { useNarrow } from '../kit/narrow.ts'
import { usePaths, useWorld } from '../paths.ts'
import { phasesQuery } from '../queries.ts'
import { useWords } from '../words.ts'
import './course.css'

const MARKS = { ahead: IconCircle, open: IconCircleDot, closed: IconCircleCheck } as const
const ITEMS_SHOWN = 3
const PRODUCTS_SHOWN = 3

/** The whole process: what each phase has yielded, what is still owed in it, and whether it may close. */
export function PhasesPanel({ incident }: { readonly incident: IncidentView }) {
  const { t } = useWords()
  const narrow = useNarrow()
  const reading = useQuery(phasesQuery(useWorld(), incident.id))
  const phases = reading.data?.phases ?? []
  const closed = phases.filter((one) => one.status === 'closed').length
  return (
    <Panel
      title={t('phase.title')}
      note={phases.length > 0 && t('phase.note', { closed, count: phases.length })}
      className="room-phases"
      {...(narrow ? {} : { folded: true })}
    >
      <Read of={reading} lines={6}>
        {(view) => (
          <ol className="course">
            {view.phases.map((one) => (
              <Phase key={one.phase} of={one} incident={incident} />
            ))}
          </ol>
        )}
      </Read>
    </Panel>
  )
}

function Phase({ of, incident }: { readonly of: PhaseView; readonly incident: IncidentView }) {
  const { t, code, short } = useWords()
  const Mark = MARKS[of.status]
  const { zone } = incident
  return (
    <li className={`course-phase is-${of.status}`}>
      <Mark size={18} aria-hidden />
      <div>
        <p className="course-line">
          <b>{code('phase', of.phase)}</b>
          <span className="soft">
            {of.enteredAt === null
              ? code('status.phase', of.status)
              : of.closedAt === null
                ? t('phase.since', { at: short(of.enteredAt, zone) })
                : t('phase.until', { from: short(of.enteredAt, zone), at: short(of.closedAt, zone) })}
          </span>
          {of.products.count > 0 && <span className="soft">{t('phase.products', { count: of.products.count })}</span>}
          {of.missing && (
            <span className="course-missing">
              <IconAlertTriangle size={14} aria-hidden /> {t('phase.missing')}
            </span>
          )}
        </p>
        {of.products.count > 0 && <Products of={of} zone={zone} />}
        {of.open.count > 0 && <Open of={of} />}
        <PhaseActions of={of} incident={incident} />
      </div>
    </li>
  )
}

function Products({ of, zone }: { readonly of: PhaseView; readonly zone: string }) {
  const { t, code, short } = useWords()
  return (
    <details className="course-products">
      <summary>{t('phase.newest')}</summary>
      <ul>
        {of.products.newest.slice(0, PRODUCTS_SHOWN).map((one) => (
          <li key={one.position}>
            <span className="soft">
              {short(one.occurredAt, zone)}
              {one.type === 'incident.noted' && one.kind !== null && ` · ${code('noted', one.kind)}`}
              {one.type === 'sitrep.filed' && one.kind !== null && ` · ${code('sitrep', one.kind)}`}
            </span>{' '}
            {one.text}
          </li>
        ))}
      </ul>
    </details>
  )
}

function Open({ of: { open } }: { readonly of: PhaseView }) {
  const { t, words } = useWords()
  const paths = usePaths()
  return (
    <div className="course-open">
      <span>{t('phase.open-items', { count: open.count })}</span>
      <ul>
        {open.items.slice(0, ITEMS_SHOWN).map((one) => (
          <li key={one.id}>
            <Link to={paths.obligation(one.id)}>{words(one.act)}</Link>{' '}
            <span className="soft">
              <OrganizationName of={one.debtor} />
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}

type Asked = 'incident.enter-phase' | 'incident.close-phase'

/** Entering what is not under way, closing what is. */
function PhaseActions({ of, incident }: { readonly of: PhaseView; readonly incident: IncidentView }) {
  const { t, code } = useWords()
  const [asked, setAsked] = useState<Asked | null>(null)
  if (useWorld() !== null) return null
  const command: Asked = of.status === 'open' ? 'incident.close-phase' : 'incident.enter-phase'
  const action = findAction(of.actions, command)
  if (action === null) return null
  const phase = code('phase', of.phase)
  const ask = asked === 'incident.close-phase' ? t('phase.close-ask', { phase }) : t('phase.enter-ask', { phase })
  return (
    <>
      <ActionButton
        action={action}
        label={
          <>
            {command === 'incident.close-phase' ? t('phase.close') : t('phase.enter')}
            <span className="for-readers"> {phase}</span>
          </>
        }
        onPress={() => setAsked(command)}
      />
      {asked !== null && (
        <ConfirmDialog
          title={code('command', asked)}
          isOpen
          onClose={() => setAsked(null)}
          room="incident"
          id={incident.id}
          label={t('incident.submit')}
          command={{ type: asked, phase: of.phase }}
        >
          <p>{ask}</p>
        </ConfirmDialog>
      )}
    </>
  )
}
