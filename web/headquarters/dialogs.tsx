import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { BodyView } from '#core/view/headquarters.ts'
import type { Command } from '../api.ts'
import { useNow } from '../clock.ts'
import { ItemsField, itemsOf, useItems } from '../conduct/items-field.tsx'
import { useOrganizations } from '../kit/organizations.ts'
import { Chips, CommandForm, ConfirmDialog, Dialog, Field, ReasonDialog, SelectField } from '../kit/index.ts'
import { OrganizationField, OrganizationsField } from '../kit/organization-field.tsx'
import { useWorld } from '../paths.ts'
import { incidentsQuery } from '../queries.ts'
import { useWords } from '../words.ts'
import { PurposeDialog } from './purpose.tsx'

type BodyDialogProps = { readonly of: BodyView; readonly onClose: () => void }

/** The dialog of one command of a standing body. */
export function BodyDialog({ command, of, onClose }: BodyDialogProps & { readonly command: string }) {
  const { t, code } = useWords()
  const title = code('command', command)
  const common = { title, isOpen: true, onClose, room: 'headquarters', id: of.id, label: t('headquarters.submit') } as const
  switch (command) {
    case 'headquarters.join':
      return <ConfirmDialog {...common} command={{ type: command }} />
    case 'headquarters.stand-down':
      return <ReasonDialog {...common} ask={t('headquarters.reason')} command={(reason) => ({ type: command, reason })} />
    case 'headquarters.set-purpose':
      return <PurposeDialog of={of} onClose={onClose} />
    case 'headquarters.admit':
      return <AdmitDialog of={of} onClose={onClose} />
    case 'headquarters.release':
    case 'headquarters.change-lead':
      return <MemberDialog command={command} of={of} onClose={onClose} />
    case 'headquarters.activate':
    case 'headquarters.deactivate':
      return <IncidentDialog command={command} of={of} onClose={onClose} />
    case 'headquarters.meet':
      return <MeetDialog of={of} onClose={onClose} />
    default:
      return null
  }
}

const SEATS = ['member', 'observer'] as const

function AdmitDialog({ of, onClose }: BodyDialogProps) {
  const { t, code } = useWords()
  const organizations = useOrganizations().filter((one) => !of.seats.some((seat) => seat.organization.id === one.id))
  const [organization, setOrganization] = useState<string | null>(null)
  const [seat, setSeat] = useState<(typeof SEATS)[number]>('member')
  const make = (): Command | null =>
    organization === null ? null : { type: 'headquarters.admit', member: { organization, seat, sector: null } }
  return (
    <Dialog title={code('command', 'headquarters.admit')} isOpen onClose={onClose}>
      <CommandForm room="headquarters" id={of.id} label={t('headquarters.submit')} onClose={onClose} make={make}>
        <OrganizationField
          label={t('decision.organization')}
          organizations={organizations}
          value={organization}
          onChange={setOrganization}
          isRequired
        />
        <Chips
          label={t('headquarters.seat')}
          choices={SEATS.map((id) => ({ id, label: code('headquarters.seat', id) }))}
          value={seat}
          onChange={setSeat}
        />
      </CommandForm>
    </Dialog>
  )
}

/** A member that leaves, or that leads from now on; either with the reason. */
function MemberDialog({
  command,
  of,
  onClose,
}: BodyDialogProps & { readonly command: 'headquarters.release' | 'headquarters.change-lead' }) {
  const { t, code, words } = useWords()
  const others = of.seats
    .filter((one) => one.organization.id !== of.lead.id && (command === 'headquarters.release' || one.seat === 'member'))
    .map((one) => ({ id: one.organization.id, label: words(one.organization.name) }))
  const [who, setWho] = useState<string | null>(others[0]?.id ?? null)
  const [reason, setReason] = useState('')
  const make = (): Command | null => {
    if (who === null || reason.trim() === '') return null
    return { type: command, [command === 'headquarters.release' ? 'organization' : 'lead']: who, reason: reason.trim() }
  }
  return (
    <Dialog title={code('command', command)} isOpen onClose={onClose}>
      <CommandForm room="headquarters" id={of.id} label={t('headquarters.submit')} onClose={onClose} make={make}>
        <SelectField label={t('decision.organization')} choices={others} value={who} onChange={setWho} />
        <Field label={t('headquarters.reason')} lines={3} isRequired value={reason} onChange={setReason} maxLength={4000} />
      </CommandForm>
    </Dialog>
  )
}

/** For which incident it begins, or ends, to command. */
function IncidentDialog({
  command,
  of,
  onClose,
}: BodyDialogProps & { readonly command: 'headquarters.activate' | 'headquarters.deactivate' }) {
  const { t, code } = useWords()
  const incidents = useQuery(incidentsQuery(useWorld())).data ?? []
  const on = command === 'headquarters.activate'
  const active = new Set(of.activations.map((one) => one.id))
  const choices = incidents
    .filter((one) => (on ? one.closedAt === null && !active.has(one.id) : active.has(one.id)))
    .map((one) => ({ id: one.id, label: `${one.number} ${one.title}` }))
  const [chosen, setChosen] = useState<string | null>(null)
  const [reason, setReason] = useState('')
  const incidentId = chosen ?? choices[0]?.id ?? null
  const make = (): Command | null => {
    if (incidentId === null) return null
    if (on) return { type: command, incidentId }
    return reason.trim() === '' ? null : { type: command, incidentId, reason: reason.trim() }
  }
  return (
    <Dialog title={code('command', command)} isOpen onClose={onClose}>
      {choices.length === 0 ? (
        <p>{t('headquarters.incident-none')}</p>
      ) : (
        <CommandForm room="headquarters" id={of.id} label={t('headquarters.submit')} onClose={onClose} make={make}>
          <SelectField label={t('headquarters.incident')} choices={choices} value={incidentId} onChange={setChosen} />
          {!on && <Field label={t('headquarters.reason')} lines={3} isRequired value={reason} onChange={setReason} maxLength={4000} />}
        </CommandForm>
      )}
    </Dialog>
  )
}

/** What was said, who came, and what each is to do by when: the items become duties. */
function MeetDialog({ of, onClose }: BodyDialogProps) {
  const { t, code } = useWords()
  const now = useNow()
  const organizations = useOrganizations()
  const [text, setText] = useState('')
  const [attended, setAttended] = useState<readonly string[]>(of.seats.map((one) => one.organization.id))
  const { items, setItems } = useItems(false)
  const make = (): Command | null => {
    const decisions = itemsOf(items, now)
    if (text.trim() === '' || decisions === null) return null
    return { type: 'headquarters.meet', text: text.trim(), attended, decisions, incidentId: of.activations[0]?.id ?? null }
  }
  return (
    <Dialog title={code('command', 'headquarters.meet')} isOpen wide onClose={onClose}>
      <CommandForm room="headquarters" id={of.id} label={t('headquarters.submit')} onClose={onClose} make={make}>
        <Field label={t('headquarters.meeting-text')} lines={4} isRequired autoFocus value={text} onChange={setText} maxLength={8000} />
        <OrganizationsField label={t('headquarters.meeting-who')} organizations={organizations} value={attended} onChange={setAttended} />
        <ItemsField label={t('headquarters.meeting-items')} organizations={organizations} items={items} onChange={setItems} />
      </CommandForm>
    </Dialog>
  )
}
