import { useState } from 'react'
import type { IntakeDetail } from '#core/view/intake.ts'
import { ActionButton, CommandForm, Dialog, findAction, ReasonDialog, SelectField, Field, type Variant } from '../kit/index.ts'
import { useWorld } from '../paths.ts'
import { written } from '../form.ts'
import { useWords } from '../words.ts'
import { ForwardDialog } from './forward.tsx'
import { LinkDialog } from './link.tsx'
import { addLater, PhotoField, vouchersOf, type Photos } from './photos.tsx'

/** In the order in which they come: checked, passed on, made part of an incident, ended. */
const ACTIONS = [
  'intake.verify',
  'intake.forward',
  'intake.link',
  'intake.add',
  'intake.close',
  'intake.mark-unfounded',
  'intake.separate',
  'intake.forget',
] as const
type Action = (typeof ACTIONS)[number]

/** Refused for these reasons it is nobody's next step here, and is left out instead of shown disabled. */
const NOT_NOW: ReadonlySet<string> = new Set([
  'authority.no-power',
  'intake.not-handler',
  'intake.not-merged',
  'intake.still-needed',
  'intake.already-closed',
  'intake.already-merged',
  'intake.already-verified',
  'intake.already-unfounded',
  'intake.already-forgotten',
  'intake.already-linked',
])
const REASONS = {
  'intake.verify': ['intake.how-verified', 'text'],
  'intake.mark-unfounded': ['intake.why-unfounded', 'reason'],
  'intake.separate': ['intake.why-separate', 'reason'],
  'intake.forget': ['intake.why-forget', 'reason'],
} as const
const hasReason = (action: Action): action is keyof typeof REASONS => action in REASONS

export function IntakeActions({ of }: { readonly of: IntakeDetail }) {
  const world = useWorld()
  const [open, setOpen] = useState<Action | null>(null)
  if (world !== null) return null
  const offered = ACTIONS.map((command) => findAction(of.actions, command)).filter((action) => action !== null)
  const shown = offered.filter((action) => action.refusal === null || !NOT_NOW.has(action.refusal.code))
  const variant = (command: string): Variant => (command === 'intake.verify' && of.status === 'received' ? 'primary' : 'plain')
  return (
    <>
      {shown.map((action) => (
        <ActionButton
          key={action.command}
          action={action}
          variant={variant(action.command)}
          onPress={() => setOpen(action.command as Action)}
        />
      ))}
      {open !== null && <ActionDialog key={open} of={of} action={open} onClose={() => setOpen(null)} />}
    </>
  )
}

type DialogProps = { readonly of: IntakeDetail; readonly action: Action; readonly onClose: () => void }

function ActionDialog({ of, action, onClose }: DialogProps) {
  const { t, code } = useWords()
  if (action === 'intake.forward') return <ForwardDialog of={of} onClose={onClose} />
  if (action === 'intake.link') return <LinkDialog of={of} onClose={onClose} />
  if (action === 'intake.add') return <AddDialog of={of} onClose={onClose} />
  if (action === 'intake.close') return <CloseDialog of={of} onClose={onClose} />
  if (!hasReason(action)) return null
  const [ask, name] = REASONS[action]
  return (
    <ReasonDialog
      title={`${code('command', action)} · ${of.number}`}
      isOpen
      onClose={onClose}
      room="intake"
      id={of.id}
      label={code('command', action)}
      ask={t(ask)}
      maxLength={4000}
      command={(text) => ({ type: action, [name]: text })}
    >
      {action === 'intake.forget' && <p className="soft">{t('intake.forget-note')}</p>}
    </ReasonDialog>
  )
}

function AddDialog({ of, onClose }: Omit<DialogProps, 'action'>) {
  const { t, code } = useWords()
  const [text, setText] = useState('')
  const [photos, setPhotos] = useState<Photos>([])
  const words = written(text)
  const label = code('command', 'intake.add')
  return (
    <Dialog title={`${label} · ${of.number}`} isOpen onClose={onClose}>
      <CommandForm
        room="intake"
        id={of.id}
        label={label}
        onClose={onClose}
        make={() => (words === null ? null : { type: 'intake.add', text: words, pictures: vouchersOf(photos) })}
        onRecorded={() => void addLater(of.id, photos, { text: t('intake.photos-later'), lost: t('intake.photos-lost') })}
      >
        <Field label={t('intake.how-added')} lines={4} isRequired autoFocus value={text} onChange={setText} maxLength={4000} />
        <PhotoField value={photos} onChange={setPhotos} />
      </CommandForm>
    </Dialog>
  )
}

const OUTCOMES = ['handled', 'no-action', 'unreachable'] as const

function CloseDialog({ of, onClose }: Omit<DialogProps, 'action'>) {
  const { t, code } = useWords()
  const [outcome, setOutcome] = useState<(typeof OUTCOMES)[number]>('handled')
  const [text, setText] = useState('')
  const words = written(text)
  return (
    <Dialog title={`${code('command', 'intake.close')} · ${of.number}`} isOpen onClose={onClose}>
      <CommandForm
        room="intake"
        id={of.id}
        label={code('command', 'intake.close')}
        onClose={onClose}
        make={() => (words === null ? null : { type: 'intake.close', outcome, text: words })}
      >
        <SelectField
          label={t('intake.outcome-label')}
          value={outcome}
          onChange={setOutcome}
          choices={OUTCOMES.map((id) => ({ id, label: code('outcome', id) }))}
        />
        <Field label={t('intake.outcome-text')} lines={3} isRequired autoFocus value={text} onChange={setText} maxLength={4000} />
      </CommandForm>
    </Dialog>
  )
}
