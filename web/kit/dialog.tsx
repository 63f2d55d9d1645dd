import { IconX } from '@tabler/icons-react'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import type { Answer, Command, Refused, Room } from '../api.ts'
import { useSend, written } from '../form.ts'
import { useLiveStatus } from '../live.ts'
import { useWords } from '../words.ts'
import { Button } from './button.tsx'
import { Field } from './field.tsx'
import { toast } from './toast.tsx'

type DialogProps = {
  readonly title: ReactNode
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly wide?: boolean
  readonly children: ReactNode
}

/** A dialog over the page; a sheet from below on a phone. */
export function Dialog({ title, isOpen, onClose, wide = false, children }: DialogProps) {
  const { t } = useWords()
  return (
    <ModalOverlay className="overlay" isOpen={isOpen} onOpenChange={(open) => !open && onClose()} isDismissable>
      <Modal className={`modal ${wide ? 'is-wide' : ''}`}>
        <AriaDialog className="dialog">
          <header className="dialog-head">
            <Heading slot="title">{title}</Heading>
            <Button variant="quiet" className="is-icon" aria-label={t('kit.close')} onPress={onClose}>
              <IconX size={18} aria-hidden />
            </Button>
          </header>
          <div className="dialog-body">{children}</div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}

/** The foot of a dialog with a form: the way back, the one action, and why it was refused. */
export function DialogFoot({
  busy,
  refused,
  label,
  onBack,
}: {
  readonly busy: boolean
  readonly refused: Refused | null
  readonly label: ReactNode
  readonly onBack: () => void
}) {
  const { t, code } = useWords()
  const cut = useLiveStatus() === 'cut'
  return (
    <>
      {refused !== null && (
        <p className="refused" role="alert">
          {t('kit.not-allowed', { reason: code('refusal', refused.code, refused.params) })}
        </p>
      )}
      {busy && cut && (
        <p className="waits" role="status">
          {t('kit.sending-waits')}
        </p>
      )}
      <footer className="dialog-foot">
        <Button onPress={onBack}>{t('kit.back')}</Button>
        <Button type="submit" variant="primary" className={busy ? 'is-busy' : ''}>
          {busy ? t('kit.sending') : label}
        </Button>
      </footer>
    </>
  )
}

type CommandDialog = {
  readonly title: ReactNode
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly room: Room
  readonly id: string
  readonly label: ReactNode
  /** After the server recorded it; the dialog is closed already. */
  readonly onRecorded?: (answer: Answer) => void
}

/** Asks once more, then sends the command. */
export function ConfirmDialog({
  command,
  children,
  ...rest
}: CommandDialog & { readonly command: Command; readonly children?: ReactNode }) {
  return (
    <Dialog title={rest.title} isOpen={rest.isOpen} onClose={rest.onClose}>
      <CommandForm {...rest} make={() => command}>
        {children}
      </CommandForm>
    </Dialog>
  )
}

type ReasonDialogProps = CommandDialog & {
  /** What the text is: why it is declined, what shows that it was done. */
  readonly ask: ReactNode
  readonly help?: ReactNode
  readonly command: (text: string) => Command
  readonly maxLength?: number
  readonly children?: ReactNode
}

/** Asks for a reason or evidence in words, then sends the command made of it. */
export function ReasonDialog({ ask, help, command, maxLength = 2000, children, ...rest }: ReasonDialogProps) {
  const [text, setText] = useState('')
  const reason = written(text)
  return (
    <Dialog title={rest.title} isOpen={rest.isOpen} onClose={rest.onClose}>
      <CommandForm {...rest} make={() => (reason === null ? null : command(reason))}>
        {children}
        <Field label={ask} help={help} lines={4} isRequired autoFocus value={text} onChange={setText} maxLength={maxLength} />
      </CommandForm>
    </Dialog>
  )
}

/** A form that makes one command; `make` gives null while the form is not complete. */
export function CommandForm({
  make,
  room,
  id,
  label,
  onClose,
  onRecorded,
  children,
}: Omit<CommandDialog, 'title' | 'isOpen'> & { readonly make: () => Command | null; readonly children?: ReactNode }) {
  const { t } = useWords()
  const { busy, refused, send } = useSend()
  const [incomplete, setIncomplete] = useState(false)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const command = make()
    setIncomplete(command === null)
    if (command === null || busy) return
    const answer = await send(room, id, command)
    if (!answer.ok) return
    onClose()
    toast(t('kit.done'))
    onRecorded?.(answer)
  }
  return (
    <form className="form" onSubmit={(event) => void submit(event)}>
      {children}
      {incomplete && (
        <p className="refused" role="alert">
          {t('kit.incomplete')}
        </p>
      )}
      <DialogFoot busy={busy} refused={refused} label={label} onBack={onClose} />
    </form>
  )
}
