import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { AskingView } from '#core/view/obligation.ts'
import type { OrganizationView } from '#core/view.ts'
import { newId } from '../api.ts'
import { useNow } from '../clock.ts'
import { useSend } from '../form.ts'
import { useWorld } from '../paths.ts'
import { askingQuery, directoryQuery, sessionQuery } from '../queries.ts'
import { HOME_ZONE, useWords } from '../words.ts'
import { Button } from './button.tsx'
import { Chips } from './choice.tsx'
import { Dialog, DialogFoot } from './dialog.tsx'
import { Field } from './field.tsx'
import { useDraft, type Mode } from './obligation-draft.ts'
import { BasisFields, MilitaryFields, MoreFields, ObjectiveField, TermsFields } from './obligation-fields.tsx'
import { OrganizationField } from './organization-field.tsx'
import { localText } from './times.ts'
import { toast } from './toast.tsx'

type OrderDialogProps = {
  /** Left out: a duty of ordinary times. */
  readonly incident?: { readonly id: string; readonly jurisdiction: string; readonly zone: string }
  /** Who is asked, where the page says so. */
  readonly debtor?: string
  readonly onClose: () => void
}

const NOBODY: readonly OrganizationView[] = []

/** Asks an organization to do something: as an order where it is commanded at this instant, else as a request. */
export function OrderDialog(props: OrderDialogProps) {
  const { t } = useWords()
  return (
    <Dialog title={t('obligation.ask-title')} isOpen wide onClose={props.onClose}>
      <OrderForm {...props} />
    </Dialog>
  )
}

function OrderForm({ incident, debtor: given, onClose }: OrderDialogProps) {
  const { t, code } = useWords()
  const world = useWorld()
  const own = useQuery(sessionQuery).data?.post?.organization.id ?? null
  const organizations = useQuery(directoryQuery(world)).data?.organizations ?? NOBODY
  const zone = incident?.zone ?? HOME_ZONE
  const now = useNow()
  const { busy, refused, send } = useSend()
  const [id] = useState(newId)
  const [debtor, setDebtor] = useState<string | null>(given ?? null)
  const [chosen, setChosen] = useState<Mode | null>(null)
  const draft = useDraft(localText(new Date(now).toISOString(), zone))
  const asking = useQuery({ ...askingQuery(world, debtor ?? '', incident?.id ?? null), enabled: debtor !== null }).data
  const mode: Mode = chosen ?? (asking === undefined || asking.order.refusal === null ? 'order' : 'request')
  const organization = organizations.find((one) => one.id === debtor)
  const military = asking?.military === true
  const go = async (type: Mode): Promise<void> => {
    const at = new Date(now).toISOString()
    const command = organization === undefined ? null : draft.command({ type, at, organization, incident, military, zone })
    if (command === null || busy) return
    const answer = await send('obligation', id, command)
    if (!answer.ok) return
    onClose()
    toast(t('kit.done'))
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    void go(mode)
  }
  const offersRequest = refused !== null && refused.params['offer'] === 'obligation.request'
  return (
    <form className="form" onSubmit={submit}>
      {given === undefined && (
        <OrganizationField
          label={t('obligation.ask-debtor')}
          organizations={organizations.filter((one) => one.id !== own)}
          value={debtor}
          onChange={setDebtor}
          isRequired
        />
      )}
      {asking === undefined ? <p className="soft">{t('obligation.ask-choose')}</p> : <Ways of={asking} mode={mode} onChange={setChosen} />}
      <Field label={t('obligation.ask-act')} lines={2} isRequired value={draft.act} onChange={draft.set('act')} maxLength={2000} />
      {asking !== undefined && military && <MilitaryFields draft={draft} sameLevel={asking.sameLevel} />}
      <TermsFields draft={draft} functions={organization?.functions ?? []} />
      <BasisFields draft={draft} />
      {incident !== undefined && <ObjectiveField incident={incident.id} draft={draft} />}
      <MoreFields draft={draft} military={military} />
      <DialogFoot busy={busy} refused={refused} label={code('command', `obligation.${mode}`)} onBack={onClose} />
      {offersRequest && (
        <Button variant="primary" onPress={() => (setChosen('request'), void go('request'))}>
          {t('obligation.ask-as-request')}
        </Button>
      )}
    </form>
  )
}

/** Whether it can be ordered, and why not. */
function Ways({ of, mode, onChange }: { readonly of: AskingView; readonly mode: Mode; readonly onChange: (mode: Mode) => void }) {
  const { t, code } = useWords()
  const { order, request } = of
  const reason = (refusal: NonNullable<AskingView['order']['refusal']>): string => code('refusal', refusal.code, refusal.params)
  if (request.refusal !== null && order.refusal !== null)
    return <p className="late-note">{t('obligation.ask-nothing', { reason: reason(request.refusal) })}</p>
  if (order.refusal !== null) return <p className="ask-note">{t('obligation.ask-only-request', { reason: reason(order.refusal) })}</p>
  return (
    <div className="ask-note">
      <p>{t('obligation.ask-may-order')}</p>
      <Chips
        label={t('obligation.ask-mode')}
        choices={[
          { id: 'order', label: code('command', 'obligation.order') },
          { id: 'request', label: code('command', 'obligation.request') },
        ]}
        value={mode}
        onChange={onChange}
      />
    </div>
  )
}
