import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { OrganizationRef } from '#core/view.ts'
import type { Command } from '../api.ts'
import { Button, CommandForm, ConfirmDialog, Dialog, Field, ReasonDialog, SelectField } from '../kit/index.ts'
import { isOwed } from '../kit/obligation.tsx'
import { OrganizationField } from '../kit/organization-field.tsx'
import { sessionQuery } from '../queries.ts'
import { useWords } from '../words.ts'
import type { IncidentDialogProps } from './headquarters-dialog.tsx'
import { useOrganizations } from '../kit/organizations.ts'

/** The dialog of one command about the lead, the scene or the emergency path. */
export function ConductDialog({ command, incident, onClose }: IncidentDialogProps & { readonly command: string }) {
  const { t, code } = useWords()
  const title = code('command', command)
  const asking = { title, isOpen: true, onClose, room: 'incident', id: incident.id, label: t('incident.submit'), maxLength: 4000 } as const
  switch (command) {
    case 'incident.hand-over':
      return <HandOverDialog incident={incident} onClose={onClose} />
    case 'incident.take-over':
      return <TakeOverDialog incident={incident} onClose={onClose} />
    case 'incident.decline-hand-over':
    case 'incident.end-emergency-path':
    case 'incident.stand-down-headquarters':
      return <ReasonDialog {...asking} ask={t('headquarters.reason')} command={(reason) => ({ type: command, reason })} />
    case 'incident.enter-scene':
    case 'incident.leave-scene':
      return <SceneDialog command={command} incident={incident} onClose={onClose} />
    case 'incident.declare-emergency-path':
      return <EmergencyDialog incident={incident} onClose={onClose} />
    default:
      return null
  }
}

const KINDS = ['forces', 'duties', 'decisions', 'supplies', 'facts', 'unknown', 'contacts'] as const
type Kind = (typeof KINDS)[number]
type Item = { readonly key: number; readonly kind: Kind; readonly text: string }
const ELSEWHERE = 'elsewhere'

/** To whom, why, and item by item what passes with the lead. */
function HandOverDialog({ incident, onClose }: IncidentDialogProps) {
  const { t, words, code } = useWords()
  const organizations = useOrganizations()
  const others = incident.conduct.otherHeadquarters
  const open = incident.duties.filter(isOwed).length
  const [to, setTo] = useState<string>(others[0]?.id ?? ELSEWHERE)
  const [organization, setOrganization] = useState<string | null>(null)
  const [reason, setReason] = useState('')
  const [items, setItems] = useState<readonly Item[]>([
    { key: 0, kind: 'forces', text: incident.conduct.onScene.map((one) => words(one.organization.name)).join(t('instrument.list')) },
    { key: 1, kind: 'duties', text: t('incident.duties-count', { open, done: incident.duties.length - open }) },
  ])
  const make = (): Command | null => {
    const there = others.find((one) => one.id === to)
    const target = there?.lead.id ?? organization
    const transferred = items.filter((one) => one.text.trim() !== '').map(({ kind, text }) => ({ kind, text: text.trim() }))
    if (target === null || reason.trim() === '') return null
    return { type: 'incident.hand-over', to: target, headquarters: there?.id ?? null, transferred, reason: reason.trim() }
  }
  return (
    <Dialog title={t('command.incident.hand-over')} isOpen wide onClose={onClose}>
      <CommandForm room="incident" id={incident.id} label={t('incident.submit')} onClose={onClose} make={make}>
        {others.length > 0 && (
          <SelectField
            label={t('conduct.hand-over-to')}
            choices={[
              ...others.map((one) => ({
                id: one.id,
                label: t('conduct.hand-over-headquarters', { name: words(one.name), lead: words(one.lead.name) }),
              })),
              { id: ELSEWHERE, label: t('conduct.hand-over-organization') },
            ]}
            value={to}
            onChange={setTo}
          />
        )}
        {to === ELSEWHERE && (
          <OrganizationField
            label={t('conduct.hand-over-to')}
            organizations={organizations}
            value={organization}
            onChange={setOrganization}
            isRequired
          />
        )}
        <Field label={t('conduct.hand-over-reason')} lines={2} isRequired value={reason} onChange={setReason} maxLength={4000} />
        <fieldset className="items">
          <legend>{t('conduct.transferred')}</legend>
          <p className="field-help">{t('conduct.transferred-help')}</p>
          {items.map((item) => (
            <TransferredField
              key={item.key}
              item={item}
              kinds={KINDS.map((id) => ({ id, label: code('conduct.kind', id) }))}
              onChange={(more) => setItems(items.map((one) => (one.key === item.key ? { ...one, ...more } : one)))}
              onRemove={() => setItems(items.filter((one) => one.key !== item.key))}
            />
          ))}
          <Button onPress={() => setItems([...items, { key: Math.max(-1, ...items.map((one) => one.key)) + 1, kind: 'facts', text: '' }])}>
            <IconPlus size={16} aria-hidden /> {t('headquarters.add')}
          </Button>
        </fieldset>
      </CommandForm>
    </Dialog>
  )
}

type TransferredFieldProps = {
  readonly item: Item
  readonly kinds: readonly { readonly id: Kind; readonly label: string }[]
  readonly onChange: (more: Partial<Item>) => void
  readonly onRemove: () => void
}

function TransferredField({ item, kinds, onChange, onRemove }: TransferredFieldProps) {
  const { t, code } = useWords()
  const name = code('conduct.kind', item.kind)
  return (
    <div className="transferred-item">
      <SelectField label={t('conduct.transferred')} choices={kinds} value={item.kind} onChange={(kind) => onChange({ kind })} />
      <Field label={name} value={item.text} onChange={(text) => onChange({ text })} maxLength={4000} />
      <Button variant="quiet" className="is-icon" aria-label={`${t('headquarters.remove')} ${name}`} onPress={onRemove}>
        <IconTrash size={16} aria-hidden />
      </Button>
    </div>
  )
}

function TakeOverDialog({ incident, onClose }: IncidentDialogProps) {
  const { t, code } = useWords()
  const [note, setNote] = useState('')
  const make = (): Command => ({ type: 'incident.take-over', ...(note.trim() === '' ? {} : { note: note.trim() }) })
  const transferred = incident.conduct.handOver?.transferred ?? []
  return (
    <Dialog title={t('command.incident.take-over')} isOpen onClose={onClose}>
      <CommandForm room="incident" id={incident.id} label={t('incident.submit')} onClose={onClose} make={make}>
        <ul className="transferred">
          {transferred.map((one, index) => (
            <li key={index}>
              <b>{code('conduct.kind', one.kind)}</b> {one.text}
            </li>
          ))}
        </ul>
        <Field label={t('conduct.take-over-note')} lines={2} autoFocus value={note} onChange={setNote} maxLength={2000} />
      </CommandForm>
    </Dialog>
  )
}

/** One's own coming and going; who commands there may register another's. */
function SceneDialog({
  command,
  incident,
  onClose,
}: IncidentDialogProps & { readonly command: 'incident.enter-scene' | 'incident.leave-scene' }) {
  const { t, code } = useWords()
  const organizations = useOrganizations()
  const own = useQuery(sessionQuery).data?.post?.organization.id ?? null
  const [organization, setOrganization] = useState<string | null>(own)
  const [text, setText] = useState('')
  const make = (): Command | null =>
    organization === null ? null : { type: command, organization, ...(text.trim() === '' ? {} : { text: text.trim() }) }
  return (
    <Dialog title={code('command', command)} isOpen onClose={onClose}>
      <CommandForm room="incident" id={incident.id} label={t('incident.submit')} onClose={onClose} make={make}>
        <p className="soft">{t('conduct.on-scene-why')}</p>
        <OrganizationField
          label={t('decision.organization')}
          organizations={organizations}
          value={organization}
          onChange={setOrganization}
          isRequired
        />
        <Field label={t('incident.note.text')} value={text} onChange={setText} maxLength={2000} />
      </CommandForm>
    </Dialog>
  )
}

export function LeaveDialog({ incident, organization, onClose }: IncidentDialogProps & { readonly organization: OrganizationRef }) {
  const { t, words } = useWords()
  return (
    <ConfirmDialog
      title={t('conduct.leave-of', { who: words(organization.name) })}
      isOpen
      onClose={onClose}
      room="incident"
      id={incident.id}
      label={t('incident.submit')}
      command={{ type: 'incident.leave-scene', organization: organization.id }}
    />
  )
}

function EmergencyDialog({ incident, onClose }: IncidentDialogProps) {
  const { t } = useWords()
  const [reason, setReason] = useState('')
  const [basis, setBasis] = useState('')
  const make = (): Command | null =>
    reason.trim() === '' || basis.trim() === ''
      ? null
      : { type: 'incident.declare-emergency-path', reason: reason.trim(), basis: basis.trim() }
  return (
    <Dialog title={t('command.incident.declare-emergency-path')} isOpen onClose={onClose}>
      <CommandForm room="incident" id={incident.id} label={t('incident.submit')} onClose={onClose} make={make}>
        <p className="soft">{t('decision.path-help')}</p>
        <Field label={t('conduct.emergency-reason')} lines={3} isRequired autoFocus value={reason} onChange={setReason} maxLength={4000} />
        <Field label={t('conduct.emergency-basis')} isRequired value={basis} onChange={setBasis} maxLength={4000} />
      </CommandForm>
    </Dialog>
  )
}
