import { useState } from 'react'
import type { InstrumentDetail } from '#core/view/instrument.ts'
import { useNow } from '../clock.ts'
import { ActivateDialog } from '../kit/activation.tsx'
import { ActionButton, CommandForm, Dialog, Field, findAction, ReasonDialog } from '../kit/index.ts'
import { useWorld } from '../paths.ts'
import { useWords } from '../words.ts'

type Asked = 'activate' | 'approve' | 'repeal'

/** What can be done with the whole instrument: activate it, approve it, end it. */
export function HeadActions({ of }: { readonly of: InstrumentDetail }) {
  const { t, words } = useWords()
  const world = useWorld()
  const [asked, setAsked] = useState<Asked | null>(null)
  if (world !== null) return null
  const approve = of.kind === 'plan' || of.kind === 'order' ? findAction(of.actions, 'instrument.approve') : null
  const repeal = findAction(of.actions, 'instrument.repeal')
  const activates = of.kind === 'plan' || of.kind === 'agreement' || of.kind === 'order'
  const close = (): void => setAsked(null)
  return (
    <>
      {activates && (
        <ActionButton
          action={{ command: 'incident.activate-instrument', refusal: of.inactive }}
          label={t('instrument.activate')}
          variant="primary"
          onPress={() => setAsked('activate')}
        />
      )}
      {approve !== null && <ActionButton action={approve} label={t('instrument.approve')} onPress={() => setAsked('approve')} />}
      {repeal !== null && repeal.refusal === null && (
        <ActionButton action={repeal} label={t('instrument.repeal')} variant="quiet" onPress={() => setAsked('repeal')} />
      )}
      {asked === 'activate' && <ActivateDialog instrument={{ id: of.id, title: of.title }} onClose={close} />}
      {asked === 'approve' && (
        <ReasonDialog
          title={t('instrument.approve-title')}
          isOpen
          onClose={close}
          room="instrument"
          id={of.id}
          label={t('instrument.approve')}
          ask={t('instrument.approve-note')}
          command={(note) => ({ type: 'instrument.approve', note })}
        >
          <p>{words(of.title)}</p>
        </ReasonDialog>
      )}
      {asked === 'repeal' && <DatedDialog of={of} command="instrument.repeal" onClose={close} />}
    </>
  )
}

type DatedProps = {
  readonly of: InstrumentDetail
  readonly command: 'instrument.repeal' | 'instrument.withdraw'
  readonly party?: { readonly key: string; readonly name: string }
  readonly onClose: () => void
}

/** Ends something from a day on, with a reason: the instrument itself, or one party's part in it. */
export function DatedDialog({ of, command, party, onClose }: DatedProps) {
  const { t, date } = useWords()
  const [on, setOn] = useState(date(new Date(useNow()).toISOString()))
  const [reason, setReason] = useState('')
  const leaves = command === 'instrument.withdraw'
  const ready = /^\d{4}-\d{2}-\d{2}$/.test(on) && reason.trim() !== ''
  const said = { reason: reason.trim(), on }
  return (
    <Dialog
      title={leaves ? t('instrument.withdraw-title', { party: party?.name ?? '' }) : t('instrument.repeal-title')}
      isOpen
      onClose={onClose}
    >
      <CommandForm
        room="instrument"
        id={of.id}
        label={leaves ? t('instrument.withdraw') : t('instrument.repeal')}
        onClose={onClose}
        make={() => (ready ? { type: command, ...said, ...(party === undefined ? {} : { party: party.key }) } : null)}
      >
        <Field
          label={leaves ? t('instrument.withdraw-on') : t('instrument.repeal-on')}
          type="date"
          isRequired
          value={on}
          onChange={setOn}
        />
        <Field
          label={leaves ? t('instrument.withdraw-reason') : t('instrument.repeal-reason')}
          lines={3}
          isRequired
          value={reason}
          onChange={setReason}
          maxLength={2000}
        />
      </CommandForm>
    </Dialog>
  )
}
