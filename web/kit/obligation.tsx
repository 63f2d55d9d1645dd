import { IconAlertTriangle, IconArrowNarrowUp } from '@tabler/icons-react'
import { useState } from 'react'
import type { BasisView, ObligationView } from '#core/view.ts'
import { useNow } from '../clock.ts'
import { Countdown, DeadlineBar } from '../deadline.tsx'
import { usePaths, useWorld } from '../paths.ts'
import { isOpen as isOwed } from '../urgency.ts'
import { useWords } from '../words.ts'
import { ActionButton, findAction } from './action.tsx'
import { Badge, OrganizationName, type Tone } from './badge.tsx'
import { Link, LinkButton, type Variant } from './button.tsx'
import { CommandForm, Dialog, ReasonDialog } from './dialog.tsx'
import { Field } from './field.tsx'
import './obligation.css'

type Settles = Pick<ObligationView, 'status' | 'dueAt'>
export { isOwed }
export const isLate = (one: Settles, now: number): boolean => isOwed(one) && one.dueAt !== null && Date.parse(one.dueAt) < now

const TONES: Readonly<Record<ObligationView['status'], Tone>> = {
  owed: 'soon',
  accepted: 'grey',
  declined: 'late',
  discharged: 'grey',
  waived: 'grey',
}

export function ObligationBadge({ of }: { readonly of: ObligationView }) {
  const { code } = useWords()
  return <Badge tone={TONES[of.status]}>{code('status.obligation', of.status)}</Badge>
}

/** The clause that something rests on, as a link to its words; marked where it sets a time limit (`dated`) that no source confirms. */
export function BasisLink({
  basis,
  dated = true,
  short = false,
}: {
  readonly basis: BasisView
  readonly dated?: boolean
  readonly short?: boolean
}) {
  const { t, words } = useWords()
  const paths = usePaths()
  return (
    <span className="basis-link">
      <Link to={paths.clause(basis.instrumentId, basis.clauseId)}>
        {short ? '' : `${words(basis.instrumentTitle)} `}
        {words(basis.article)}
        {short && <span className="for-readers"> {words(basis.instrumentTitle)}</span>}
      </Link>
      {dated && !basis.limitConfirmed && (
        <span className="unconfirmed" title={t('obligation.limit-unconfirmed')}>
          <IconAlertTriangle size={14} aria-hidden />
          <span className={short ? 'for-readers' : ''}>{t('obligation.limit-unconfirmed')}</span>
        </span>
      )}
    </span>
  )
}

const ANSWERS = ['obligation.accept', 'obligation.discharge', 'obligation.decline', 'obligation.waive'] as const
const NEXT: ReadonlySet<string> = new Set(['obligation.accept', 'obligation.discharge'])
type AnswerCommand = (typeof ANSWERS)[number]

/** What the asking post may do with an obligation. `one`: only the obvious next step, or the way to its page. */
export function ObligationActions({ of, one = false }: { readonly of: ObligationView; readonly one?: boolean }) {
  const [asked, setAsked] = useState<AnswerCommand | null>(null)
  const { t, words } = useWords()
  const paths = usePaths()
  const world = useWorld()
  // Inside an exercise there is nothing to do: the banner says so once.
  const offered = world === null ? ANSWERS.map((command) => findAction(of.actions, command)).filter((action) => action !== null) : []
  const possible = offered.filter((action) => action.refusal === null)
  // To let somebody off, or to decline, is never the obvious next step.
  const next = possible.find((action) => NEXT.has(action.command))
  const shown = one ? (next === undefined ? [] : [next]) : offered
  return (
    <>
      {one && next === undefined && (
        <LinkButton to={paths.obligation(of.id)} aria-label={`${t('obligation.open')}: ${words(of.act)}`}>
          {t('obligation.open')}
        </LinkButton>
      )}
      {shown.map((action) => (
        <ActionButton
          key={action.command}
          action={action}
          variant={variantOf(action.command, next?.command)}
          onPress={() => setAsked(action.command as AnswerCommand)}
        />
      ))}
      {asked !== null && <AnswerDialog key={asked} of={of} command={asked} onClose={() => setAsked(null)} />}
    </>
  )
}

const variantOf = (command: string, next: string | undefined): Variant => (command === next ? 'primary' : 'plain')

type AnswerProps = { readonly of: ObligationView; readonly command: AnswerCommand; readonly onClose: () => void }
const ASKS = {
  'obligation.decline': 'obligation.decline.reason',
  'obligation.discharge': 'obligation.discharge.evidence',
  'obligation.waive': 'obligation.waive.reason',
} as const

function AnswerDialog({ of, command, onClose }: AnswerProps) {
  const { t, code, words, duration } = useWords()
  const now = useNow()
  const common = {
    onClose,
    room: 'obligation',
    id: of.id,
    label: code('command', command),
    title: `${code('command', command)}：${words(of.act)}`,
  } as const
  if (command === 'obligation.accept') return <AcceptDialog {...common} />
  const late = command === 'obligation.discharge' && isLate(of, now) && of.dueAt !== null ? duration(now - Date.parse(of.dueAt)) : null
  const make = (text: string) => (command === 'obligation.discharge' ? { type: command, evidence: text } : { type: command, reason: text })
  return (
    <ReasonDialog {...common} isOpen ask={t(ASKS[command])} command={make} maxLength={4000}>
      {late !== null && <p className="late-note">{t('obligation.discharge.late-note', { late })}</p>}
    </ReasonDialog>
  )
}

type AcceptProps = Omit<Parameters<typeof CommandForm>[0], 'make' | 'children'> & { readonly title: string }

function AcceptDialog({ title, ...rest }: AcceptProps) {
  const { t } = useWords()
  const [note, setNote] = useState('')
  const make = () => (note.trim() === '' ? { type: 'obligation.accept' } : { type: 'obligation.accept', note: note.trim() })
  return (
    <Dialog title={title} isOpen onClose={rest.onClose}>
      <CommandForm {...rest} make={make}>
        <Field label={t('obligation.accept.note')} lines={3} autoFocus value={note} onChange={setNote} maxLength={2000} />
      </CommandForm>
    </Dialog>
  )
}

/** One obligation in a list: how long, what, who for whom, on which clause, how it stands, and one action. */
export function ObligationRow({
  of,
  zone,
  incident = false,
}: {
  readonly of: ObligationView
  readonly zone?: string
  readonly incident?: boolean
}) {
  const { t, words } = useWords()
  const paths = usePaths()
  const now = useNow()
  return (
    <li className={`obligation-row ${isLate(of, now) ? 'is-late' : ''}`}>
      <div className="obligation-when">
        <Countdown of={of} {...(zone === undefined ? {} : { zone })} />
        {isOwed(of) && of.dueAt !== null && !isLate(of, now) && <small>{t('obligation.left')}</small>}
      </div>
      <div className="obligation-what">
        <Link className="obligation-act" to={paths.obligation(of.id)}>
          {words(of.act)}
        </Link>
        <p className="obligation-who">
          <OrganizationName of={of.debtor} /> <span aria-hidden>→</span> <span className="for-readers">{t('obligation.creditor')}</span>{' '}
          <OrganizationName of={of.creditor} />
        </p>
        <p className="obligation-notes">
          <ObligationBadge of={of} />
          <BasisLink basis={of.basis} dated={of.dueAt !== null} short />
          {of.escalatedTo !== null && (
            <span className="climbed">
              <IconArrowNarrowUp size={14} aria-hidden />
              {t('obligation.escalated', { to: words(of.escalatedTo.name) })}
            </span>
          )}
          {incident && <Link to={paths.incident(of.incidentId)}>{of.incidentTitle}</Link>}
        </p>
      </div>
      <div className="obligation-action">
        <ObligationActions of={of} one />
      </div>
      <DeadlineBar of={of} />
    </li>
  )
}
