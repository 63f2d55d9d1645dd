import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Command } from '../api.ts'
import { useWorld } from '../paths.ts'
import { CommandForm, Dialog, Field, ReasonDialog, SelectField } from '../kit/index.ts'
import { OrganizationsField } from '../kit/organization-field.tsx'
import { incidentsQuery, instrumentsQuery } from '../queries.ts'
import { useWords } from '../words.ts'
import { HeadquartersDialog, type IncidentDialogProps } from './headquarters-dialog.tsx'
import { useOrganizations } from '../kit/organizations.ts'
import { FileDialog } from './sitrep-dialogs.tsx'

/** The dialog of one command of the incident. */
export function IncidentDialog({ command, incident, onClose }: IncidentDialogProps & { readonly command: string }) {
  const { t, code } = useWords()
  const title = code('incident.action', command)
  const asking = { title, isOpen: true, onClose, room: 'incident', id: incident.id, label: t('incident.submit'), maxLength: 4000 } as const
  switch (command) {
    case 'incident.verify':
      return (
        <ReasonDialog
          {...asking}
          ask={t('incident.verify.text')}
          help={t('incident.verify.hint')}
          command={(text) => ({ type: command, text })}
        />
      )
    case 'incident.occur':
      return (
        <ReasonDialog
          {...asking}
          ask={t('incident.occur.text')}
          help={t('incident.occur.hint')}
          command={(text) => ({ type: command, text })}
        />
      )
    case 'incident.refute':
      return <ReasonDialog {...asking} ask={t('incident.refute.reason')} command={(reason) => ({ type: command, reason })} />
    case 'incident.close':
      return <ReasonDialog {...asking} ask={t('incident.close.reason')} command={(reason) => ({ type: command, reason })} />
    case 'incident.declare':
      return <DeclareDialog incident={incident} onClose={onClose} />
    case 'incident.set-response':
      return <ResponseDialog incident={incident} onClose={onClose} />
    case 'incident.activate-headquarters':
      return <HeadquartersDialog incident={incident} onClose={onClose} />
    case 'incident.note':
      return <NoteDialog incident={incident} onClose={onClose} />
    case 'incident.merge':
      return <MergeDialog incident={incident} onClose={onClose} />
    case 'sitrep.file':
      return <FileDialog incident={incident} onClose={onClose} />
    default:
      return null
  }
}

const CLASSES = ['natural', 'accident', 'public-health', 'social-safety'] as const
const LEVELS = ['1', '2', '3', '4'] as const
const HAZARDS = [
  'flood',
  'rainstorm',
  'typhoon',
  'earthquake',
  'landslide',
  'wildfire',
  'drought',
  'fire',
  'explosion',
  'hazardous-chemicals',
  'production-accident',
  'traffic',
  'mine',
  'building-collapse',
  'power-outage',
  'infectious-disease',
  'food-poisoning',
  'mass-gathering',
  'other',
] as const

function DeclareDialog({ incident, onClose }: IncidentDialogProps) {
  const { t, code } = useWords()
  const [kind, setKind] = useState<string>(incident.class ?? 'accident')
  const [severity, setSeverity] = useState<string>(incident.severity === null ? '4' : String(incident.severity))
  const [hazard, setHazard] = useState<string>(incident.hazard ?? 'other')
  const [title, setTitle] = useState(incident.title)
  const social = kind === 'social-safety'
  const hazards = [...new Set([...(incident.hazard === null ? [] : [incident.hazard]), ...HAZARDS])]
  const grades = [
    ...LEVELS.map((id) => ({ id: id as string, label: code('severity', id) })),
    ...(social ? [{ id: 'none', label: t('incident.declare.no-severity') }] : []),
  ]
  const ready = title.trim() !== '' && (social || severity !== 'none')
  const make = (): Command | null =>
    ready
      ? { type: 'incident.declare', class: kind, severity: severity === 'none' ? null : Number(severity), hazard, title: title.trim() }
      : null
  return (
    <Dialog title={t('incident.action.incident.declare')} isOpen onClose={onClose}>
      <CommandForm room="incident" id={incident.id} label={t('incident.submit')} onClose={onClose} make={make}>
        <Field label={t('incident.declare.title')} isRequired value={title} onChange={setTitle} maxLength={200} />
        <SelectField
          label={t('incident.declare.class')}
          choices={CLASSES.map((id) => ({ id: id as string, label: code('class', id) }))}
          value={kind}
          onChange={setKind}
        />
        <SelectField label={t('incident.declare.severity')} choices={grades} value={severity} onChange={setSeverity} />
        <SelectField
          label={t('incident.declare.hazard')}
          choices={hazards.map((id) => ({ id, label: code('hazard', id) }))}
          value={hazard}
          onChange={setHazard}
        />
      </CommandForm>
    </Dialog>
  )
}

function ResponseDialog({ incident, onClose }: IncidentDialogProps) {
  const { t, code, words } = useWords()
  const instruments = useQuery(instrumentsQuery(useWorld())).data ?? []
  const [level, setLevel] = useState<string>(String(incident.responseLevel ?? incident.severity ?? 4))
  const [scope, setScope] = useState(words(incident.jurisdiction.name))
  const [plan, setPlan] = useState('none')
  const [text, setText] = useState('')
  const plans = [
    { id: 'none', label: t('incident.response.no-plan') },
    ...instruments.filter((one) => one.kind === 'plan').map((one) => ({ id: one.id, label: words(one.title) })),
  ]
  const make = (): Command | null =>
    text.trim() === ''
      ? null
      : {
          type: 'incident.set-response',
          level: Number(level),
          scope: scope.trim() === '' ? null : scope.trim(),
          plan: plan === 'none' ? null : plan,
          text: text.trim(),
        }
  return (
    <Dialog title={t('incident.action.incident.set-response')} isOpen onClose={onClose}>
      <CommandForm room="incident" id={incident.id} label={t('incident.submit')} onClose={onClose} make={make}>
        <SelectField
          label={t('incident.response.level')}
          choices={LEVELS.map((id) => ({ id: id as string, label: code('response', id) }))}
          value={level}
          onChange={setLevel}
        />
        <Field label={t('incident.response.scope')} value={scope} onChange={setScope} maxLength={200} />
        <SelectField label={t('incident.response.plan')} choices={plans} value={plan} onChange={setPlan} />
        <Field label={t('incident.response.text')} lines={3} isRequired value={text} onChange={setText} maxLength={4000} />
      </CommandForm>
    </Dialog>
  )
}

const KINDS = [
  'status',
  'arrive',
  'depart',
  'check-in',
  'information-requested',
  'information-provided',
  'warning',
  'request',
  'offer',
  'dispatch',
  'order',
  'decision',
  'evacuation',
  'closure',
  'control',
  'public-information',
  'rumour-corrected',
  'needs-published',
  'superior-informed',
  'neighbours-informed',
  'garrison-informed',
  'environment-monitored',
  'loss-assessed',
  'secondary-event',
] as const
const SUBJECTS = ['substance-list', 'site-data', 'roster', 'needs'] as const
const ABOUT: ReadonlySet<string> = new Set(['information-requested', 'information-provided'])
const COLOURS = ['red', 'orange', 'yellow', 'blue'] as const

/** A fact that no other command states. What it needs to say depends on its kind. */
function NoteDialog({ incident, onClose }: IncidentDialogProps) {
  const { t, code } = useWords()
  const organizations = useOrganizations()
  const [kind, setKind] = useState<string>('status')
  const [text, setText] = useState('')
  const [target, setTarget] = useState<readonly string[]>([])
  const [subject, setSubject] = useState('none')
  const [complete, setComplete] = useState('yes')
  const [colour, setColour] = useState<string>('blue')
  const about = ABOUT.has(kind)
  const make = (): Command | null => {
    if (text.trim() === '') return null
    const more = {
      ...(target.length > 0 ? { target } : {}),
      ...(about && subject !== 'none' ? { subject } : {}),
      ...(kind === 'information-provided' ? { complete: complete === 'yes' } : {}),
      ...(kind === 'warning' ? { colour } : {}),
    }
    return { type: 'incident.note', kind, text: text.trim(), ...more }
  }
  return (
    <Dialog title={t('incident.action.incident.note')} isOpen onClose={onClose}>
      <CommandForm room="incident" id={incident.id} label={t('incident.submit')} onClose={onClose} make={make}>
        <SelectField
          label={t('incident.note.kind')}
          choices={KINDS.map((id) => ({ id: id as string, label: code('noted', id) }))}
          value={kind}
          onChange={setKind}
        />
        <Field label={t('incident.note.text')} lines={3} isRequired autoFocus value={text} onChange={setText} maxLength={4000} />
        {kind === 'warning' && (
          <SelectField
            label={t('incident.note.colour')}
            choices={COLOURS.map((id) => ({ id: id as string, label: code('colour', id) }))}
            value={colour}
            onChange={setColour}
          />
        )}
        {about && (
          <SelectField
            label={t('incident.note.subject')}
            choices={[
              { id: 'none', label: t('incident.note.no-subject') },
              ...SUBJECTS.map((id) => ({ id: id as string, label: code('subject', id) })),
            ]}
            value={subject}
            onChange={setSubject}
          />
        )}
        {kind === 'information-provided' && (
          <SelectField
            label={t('incident.note.complete')}
            choices={[
              { id: 'yes', label: t('timeline.complete') },
              { id: 'no', label: t('timeline.incomplete') },
            ]}
            value={complete}
            onChange={setComplete}
          />
        )}
        <OrganizationsField label={t('incident.note.target')} organizations={organizations} value={target} onChange={setTarget} />
      </CommandForm>
    </Dialog>
  )
}

const ENDED: ReadonlySet<string> = new Set(['closed', 'merged', 'unfounded'])

function MergeDialog({ incident, onClose }: IncidentDialogProps) {
  const { t } = useWords()
  const incidents = useQuery(incidentsQuery(useWorld())).data ?? []
  const others = incidents.filter((one) => one.id !== incident.id && !ENDED.has(one.status))
  const [into, setInto] = useState<string | null>(null)
  return (
    <Dialog title={t('incident.action.incident.merge')} isOpen onClose={onClose}>
      {others.length === 0 ? (
        <p>{t('incident.merge.none')}</p>
      ) : (
        <CommandForm
          room="incident"
          id={incident.id}
          label={t('incident.submit')}
          onClose={onClose}
          make={() => (into === null ? null : { type: 'incident.merge', into })}
        >
          <SelectField
            label={t('incident.merge.into')}
            choices={others.map((one) => ({ id: one.id, label: `${one.number} ${one.title}` }))}
            value={into}
            onChange={setInto}
          />
        </CommandForm>
      )}
    </Dialog>
  )
}
