import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ObligationView } from '#core/view.ts'
import type { Command } from '../api.ts'
import { useNow } from '../clock.ts'
import { written } from '../form.ts'
import { useWorld } from '../paths.ts'
import { directoryQuery, sessionQuery } from '../queries.ts'
import { isLate } from '../urgency.ts'
import { HOME_ZONE, useWords } from '../words.ts'
import { CommandForm, Dialog, ReasonDialog } from './dialog.tsx'
import { Field } from './field.tsx'
import { InstantField } from './instant-field.tsx'
import { OrganizationField, OrganizationsField } from './organization-field.tsx'
import { useOrganizations } from './organizations.ts'
import { instantOf, localText } from './times.ts'

export type AnswerProps = { readonly of: ObligationView; readonly command: string; readonly onClose: () => void; readonly zone?: string }
type Common = {
  readonly onClose: () => void
  readonly room: 'obligation'
  readonly id: string
  readonly label: string
  readonly title: string
}
type Shaped = { readonly common: Common; readonly of: ObligationView; readonly zone: string }

/** What is asked for before a command to an obligation is sent. */
export function AnswerDialog({ of, command, onClose, zone = HOME_ZONE }: AnswerProps) {
  const { code, words } = useWords()
  const label = code('command', command)
  const common: Common = { onClose, room: 'obligation', id: of.id, label, title: `${label}：${words(of.act)}` }
  switch (command) {
    case 'obligation.accept':
      return <AcceptDialog common={common} of={of} zone={zone} />
    case 'obligation.name-doer':
      return <DoerDialog common={common} of={of} zone={zone} />
    case 'obligation.confirm':
      return <ConfirmEvidenceDialog common={common} of={of} zone={zone} />
    case 'obligation.ask-extension':
      return <ExtensionDialog common={common} of={of} zone={zone} />
    case 'obligation.grant-extension':
      return <GrantDialog common={common} of={of} zone={zone} />
    case 'obligation.ask-help':
      return <HelpDialog common={common} of={of} zone={zone} />
    case 'obligation.hand-on':
      return <HandOnDialog common={common} of={of} zone={zone} />
    case 'obligation.insist':
      return <InsistDialog common={common} of={of} zone={zone} />
    default:
      return <TextDialog common={common} of={of} command={command} />
  }
}

const ASKS = {
  'obligation.decline': ['obligation.decline.reason', 'reason'],
  'obligation.discharge': ['obligation.discharge.evidence', 'evidence'],
  'obligation.waive': ['obligation.waive.reason', 'reason'],
  'obligation.report-progress': ['obligation.report-progress.text', 'text'],
  'obligation.dispute': ['obligation.dispute.reason', 'reason'],
  'obligation.refuse-extension': ['obligation.refuse-extension.reason', 'reason'],
} as const

const isAsking = (command: string): command is keyof typeof ASKS => Object.hasOwn(ASKS, command)

function TextDialog({ common, of, command }: { readonly common: Common; readonly of: ObligationView; readonly command: string }) {
  const { t, duration } = useWords()
  const now = useNow()
  if (!isAsking(command)) return null
  const [ask, field] = ASKS[command]
  const late = command === 'obligation.discharge' && isLate(of, now) && of.dueAt !== null ? duration(now - Date.parse(of.dueAt)) : null
  return (
    <ReasonDialog {...common} isOpen ask={t(ask)} command={(text) => ({ type: command, [field]: text })} maxLength={4000}>
      {late !== null && <p className="late-note">{t('obligation.discharge.late-note', { late })}</p>}
      {command === 'obligation.dispute' && <Evidence of={of} />}
    </ReasonDialog>
  )
}

/** What is judged stands where it is judged. */
function Evidence({ of }: { readonly of: ObligationView }) {
  const said = 'evidence' in of ? (of as { readonly evidence: { readonly text: string } | null }).evidence : null
  return said === null ? null : <blockquote className="said">{said.text}</blockquote>
}

/** The doer is a post by its name; one of the own organization's is named by its id too. */
function useDoer(initial: string | null) {
  const post = useQuery(sessionQuery).data?.post ?? null
  const posts = useQuery(directoryQuery(useWorld())).data?.organizations.find((one) => one.id === post?.organization.id)?.posts ?? []
  const { words } = useWords()
  const [text, setText] = useState<string | null>(initial)
  const shown = text ?? (post === null ? '' : words(post.title))
  const doer = (): { readonly postId: string | null; readonly words: string } | null => {
    const said = written(shown)
    return said === null ? null : { postId: posts.find((one) => words(one.title) === said)?.id ?? null, words: said }
  }
  return { shown, setText, doer }
}

function AcceptDialog({ common: { title, ...rest }, of, zone }: Shaped) {
  const { t, dateTime } = useWords()
  const [note, setNote] = useState('')
  const [due, setDue] = useState('')
  const { shown, setText, doer } = useDoer(of.doer)
  const requested = of.status === 'requested'
  const make = (): Command => {
    const [named, dueAt, said] = [doer(), instantOf(due, zone), written(note)]
    return {
      type: 'obligation.accept',
      ...(said === null ? {} : { note: said }),
      ...(named === null ? {} : { doer: named }),
      ...(requested && dueAt !== null ? { dueAt } : {}),
    }
  }
  return (
    <Dialog title={title} isOpen onClose={rest.onClose}>
      <CommandForm {...rest} make={make}>
        <Field label={t('obligation.accept.doer')} value={shown} onChange={setText} maxLength={500} autoFocus />
        {requested && (
          <InstantField
            label={t('obligation.accept.due')}
            help={of.dueAt === null ? t('obligation.no-due') : t('obligation.accept.due-help', { due: dateTime(of.dueAt, zone) })}
            value={due}
            onChange={setDue}
          />
        )}
        <Field label={t('obligation.accept.note')} lines={3} value={note} onChange={setNote} maxLength={2000} />
      </CommandForm>
    </Dialog>
  )
}

function DoerDialog({ common: { title, ...rest }, of }: Shaped) {
  const { t } = useWords()
  const { shown, setText, doer } = useDoer(of.doer)
  const make = (): Command | null => {
    const named = doer()
    return named === null ? null : { type: 'obligation.name-doer', doer: named }
  }
  return (
    <Dialog title={title} isOpen onClose={rest.onClose}>
      <CommandForm {...rest} make={make}>
        <Field label={t('obligation.name-doer.words')} value={shown} onChange={setText} maxLength={500} isRequired autoFocus />
      </CommandForm>
    </Dialog>
  )
}

function ConfirmEvidenceDialog({ common: { title, ...rest }, of }: Shaped) {
  const { t } = useWords()
  const [note, setNote] = useState('')
  const said = written(note)
  return (
    <Dialog title={title} isOpen onClose={rest.onClose}>
      <CommandForm {...rest} make={() => ({ type: 'obligation.confirm', ...(said === null ? {} : { note: said }) })}>
        <Evidence of={of} />
        <Field label={t('obligation.confirm.note')} lines={3} value={note} onChange={setNote} maxLength={2000} autoFocus />
      </CommandForm>
    </Dialog>
  )
}

const HOUR_MS = 3_600_000

function ExtensionDialog({ common: { title, ...rest }, of, zone }: Shaped) {
  const { t, dateTime } = useWords()
  const now = useNow()
  const [until, setUntil] = useState(() =>
    localText(new Date(Math.max(now, Date.parse(of.dueAt ?? of.owedAt)) + HOUR_MS).toISOString(), zone),
  )
  const [reason, setReason] = useState('')
  const make = (): Command | null => {
    const [at, said] = [instantOf(until, zone), written(reason)]
    return at === null || said === null ? null : { type: 'obligation.ask-extension', until: at, reason: said }
  }
  return (
    <Dialog title={title} isOpen onClose={rest.onClose}>
      <CommandForm {...rest} make={make}>
        <InstantField
          label={t('obligation.ask-extension.until')}
          help={of.dueAt === null ? '' : `${t('obligation.due')} ${dateTime(of.dueAt, zone)}`}
          value={until}
          onChange={setUntil}
          isRequired
        />
        <Field
          label={t('obligation.ask-extension.reason')}
          lines={4}
          isRequired
          autoFocus
          value={reason}
          onChange={setReason}
          maxLength={4000}
        />
      </CommandForm>
    </Dialog>
  )
}

function GrantDialog({ common: { title, ...rest }, of, zone }: Shaped) {
  const { t, dateTime } = useWords()
  return (
    <Dialog title={title} isOpen onClose={rest.onClose}>
      <CommandForm {...rest} make={() => ({ type: 'obligation.grant-extension' })}>
        {of.extensionUntil !== null && <p>{t('obligation.grant-extension.until', { until: dateTime(of.extensionUntil, zone) })}</p>}
      </CommandForm>
    </Dialog>
  )
}

function HelpDialog({ common: { title, ...rest }, of: owed }: Shaped) {
  const { t } = useWords()
  const organizations = useOrganizations().filter((one) => one.id !== owed.debtor.id)
  const [text, setText] = useState('')
  const [of, setOf] = useState<readonly string[]>([])
  const make = (): Command | null => {
    const said = written(text)
    return said === null || of.length === 0 ? null : { type: 'obligation.ask-help', text: said, of }
  }
  return (
    <Dialog title={title} isOpen onClose={rest.onClose}>
      <CommandForm {...rest} make={make}>
        <Field label={t('obligation.ask-help.text')} lines={3} isRequired autoFocus value={text} onChange={setText} maxLength={4000} />
        <OrganizationsField label={t('obligation.ask-help.of')} organizations={organizations} value={of} onChange={setOf} />
      </CommandForm>
    </Dialog>
  )
}

function HandOnDialog({ common: { title, ...rest }, of, zone }: Shaped) {
  const { t } = useWords()
  const organizations = useOrganizations().filter((one) => one.id !== of.debtor.id && one.id !== of.creditor.id)
  const [to, setTo] = useState<string | null>(null)
  const [part, setPart] = useState('')
  const [due, setDue] = useState(of.dueAt === null ? '' : localText(of.dueAt, zone))
  const make = (): Command | null => {
    const [said, at] = [written(part), instantOf(due, zone)]
    if (said === null || to === null) return null
    // The field knows no seconds: left as it was, it is the deadline of the whole.
    const whole = of.dueAt !== null && due === localText(of.dueAt, zone)
    return { type: 'obligation.hand-on', to, part: said, ...(at === null || whole ? {} : { dueAt: at }) }
  }
  return (
    <Dialog title={title} isOpen onClose={rest.onClose}>
      <CommandForm {...rest} make={make}>
        <p className="soft">{t('obligation.chain-note')}</p>
        <OrganizationField label={t('obligation.hand-on.to')} organizations={organizations} value={to} onChange={setTo} isRequired />
        <Field label={t('obligation.hand-on.part')} lines={3} isRequired value={part} onChange={setPart} maxLength={4000} />
        <InstantField label={t('obligation.hand-on.due')} value={due} onChange={setDue} />
      </CommandForm>
    </Dialog>
  )
}

function InsistDialog({ common: { title, ...rest }, zone }: Shaped) {
  const { t } = useWords()
  const [reason, setReason] = useState('')
  const [due, setDue] = useState('')
  const make = (): Command | null => {
    const [said, dueAt] = [written(reason), instantOf(due, zone)]
    return said === null ? null : { type: 'obligation.insist', reason: said, ...(dueAt === null ? {} : { dueAt }) }
  }
  return (
    <Dialog title={title} isOpen onClose={rest.onClose}>
      <CommandForm {...rest} make={make}>
        <Field label={t('obligation.insist.reason')} lines={4} isRequired autoFocus value={reason} onChange={setReason} maxLength={4000} />
        <InstantField label={t('obligation.insist.due')} value={due} onChange={setDue} />
      </CommandForm>
    </Dialog>
  )
}
