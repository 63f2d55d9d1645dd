import { IconAlertTriangle, IconArrowNarrowUp } from '@tabler/icons-react'
import { useState } from 'react'
import { Checkbox } from 'react-aria-components'
import type { ActionView, BasisView, ObligationView } from '#core/view.ts'
import { useNow } from '../clock.ts'
import { Countdown, DeadlineBar } from '../deadline.tsx'
import { usePaths, useWorld } from '../paths.ts'
import { isLate, isOpen as isOwed } from '../urgency.ts'
import { useWords } from '../words.ts'
import { ActionButton, findAction } from './action.tsx'
import { Badge, OrganizationName, type Tone } from './badge.tsx'
import { Button, Link, LinkButton } from './button.tsx'
import { AnswerDialog } from './obligation-answers.tsx'
import './obligation.css'

export { isLate, isOwed }

const TONES: Readonly<Record<ObligationView['status'], Tone>> = {
  requested: 'soon',
  owed: 'soon',
  accepted: 'grey',
  declined: 'grey',
  discharged: 'grey',
  waived: 'grey',
}

export function ObligationBadge({ of }: { readonly of: ObligationView }) {
  const { code } = useWords()
  const tone = of.status === 'declined' && of.lapsed ? 'late' : TONES[of.status]
  return <Badge tone={tone}>{code('status.obligation', of.status)}</Badge>
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

/** In the order in which they are likely to be the next step. */
const COMMANDS = [
  'obligation.accept',
  'obligation.discharge',
  'obligation.confirm',
  'obligation.grant-extension',
  'obligation.refuse-extension',
  'obligation.dispute',
  'obligation.report-progress',
  'obligation.decline',
  'obligation.insist',
  'obligation.ask-extension',
  'obligation.ask-help',
  'obligation.hand-on',
  'obligation.name-doer',
  'obligation.waive',
] as const
/** To let somebody off, or to decline, is never the obvious next step. */
const NEXT: ReadonlySet<string> = new Set(['obligation.accept', 'obligation.discharge', 'obligation.confirm', 'obligation.grant-extension'])
/** Shown with the reason where they are refused; of the others only what can be done. */
const BASIC: ReadonlySet<string> = new Set(['obligation.accept', 'obligation.decline', 'obligation.discharge', 'obligation.waive'])
const NEAR_MAX = 4

/** What the asking post may do with an obligation. `one`: only the obvious next step, or the way to its page. */
export function ObligationActions({
  of,
  one = false,
  plain = false,
  zone,
}: {
  readonly of: ObligationView
  readonly one?: boolean
  /** Something else of the place comes first. */
  readonly plain?: boolean
  readonly zone?: string
}) {
  const [asked, setAsked] = useState<string | null>(null)
  const [more, setMore] = useState(false)
  const { t, words } = useWords()
  const paths = usePaths()
  const world = useWorld()
  // Inside an exercise there is nothing to do: the banner says so once.
  const offered = world === null ? COMMANDS.map((command) => findAction(of.actions, command)).filter((action) => action !== null) : []
  const possible = offered.filter((action) => action.refusal === null)
  const next = possible.find((action) => NEXT.has(action.command))
  const asksForTime = of.extensionUntil !== null
  const told = (action: ActionView): boolean =>
    BASIC.has(action.command) || (asksForTime && action.command === 'obligation.grant-extension')
  const all = [...possible, ...offered.filter((action) => action.refusal !== null && told(action))]
  const near = one ? (next === undefined ? [] : [next]) : all.slice(0, NEAR_MAX)
  const far = one ? [] : all.slice(NEAR_MAX)
  const button = (action: ActionView) => (
    <ActionButton
      key={action.command}
      action={action}
      variant={action === next && !plain ? 'primary' : 'plain'}
      onPress={() => setAsked(action.command)}
    />
  )
  return (
    <>
      {one && next === undefined && (
        <LinkButton to={paths.obligation(of.id)} aria-label={`${t('obligation.open')}: ${words(of.act)}`}>
          {t('obligation.open')}
        </LinkButton>
      )}
      {near.map(button)}
      {far.length > 0 && (
        <Button variant="quiet" aria-expanded={more} onPress={() => setMore(!more)}>
          {t('obligation.more')}
        </Button>
      )}
      {more && far.map(button)}
      {asked !== null && (
        <AnswerDialog key={asked} of={of} command={asked} onClose={() => setAsked(null)} {...(zone === undefined ? {} : { zone })} />
      )}
    </>
  )
}

/** Chosen together with others, to be answered at once. */
export type Selection = { readonly isSelected: boolean; readonly onChange: (isSelected: boolean) => void }
type RowProps = {
  readonly of: ObligationView
  readonly zone?: string
  readonly incident?: boolean
  readonly selection?: Selection
}

/** One obligation in a list: how long, what, who for whom, on which clause, how it stands, and one action. */
export function ObligationRow({ of, zone, incident = false, selection }: RowProps) {
  const { t, words } = useWords()
  const paths = usePaths()
  const now = useNow()
  return (
    <li className={`obligation-row ${isLate(of, now) ? 'is-late' : ''}`}>
      <div className="obligation-when">
        {selection !== undefined && (
          <Checkbox className="check obligation-select" isSelected={selection.isSelected} onChange={selection.onChange}>
            <span className="check-box" aria-hidden />
            <span className="for-readers">{t('obligation.select', { act: words(of.act) })}</span>
          </Checkbox>
        )}
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
        <RowNotes of={of} incident={incident} {...(zone === undefined ? {} : { zone })} />
      </div>
      <div className="obligation-action">
        <ObligationActions of={of} one {...(zone === undefined ? {} : { zone })} />
      </div>
      <DeadlineBar of={of} />
    </li>
  )
}

function RowNotes({ of, zone, incident }: { readonly of: ObligationView; readonly zone?: string; readonly incident: boolean }) {
  const { t, code, words, short } = useWords()
  const paths = usePaths()
  return (
    <p className="obligation-notes">
      <ObligationBadge of={of} />
      {of.disputed && <Badge tone="soon">{t('obligation.disputed')}</Badge>}
      {of.extensionUntil !== null && (
        <Badge tone="soon">{t('obligation.extension-pending', { until: short(of.extensionUntil, zone) })}</Badge>
      )}
      {of.unansweredAt !== null && <Badge tone="late">{t('obligation.unanswered')}</Badge>}
      {of.unansweredAt === null && of.answerBy !== null && (
        <span className="soft">{t('deadline.answer-by', { at: short(of.answerBy, zone) })}</span>
      )}
      {of.origin !== 'clause' && <Badge>{code('origin', of.origin)}</Badge>}
      {of.basis === null ? (
        <span className="soft">{t('obligation.no-basis')}</span>
      ) : (
        <BasisLink basis={of.basis} dated={of.dueAt !== null} short />
      )}
      {of.doer !== null && (
        <span className="soft">
          {t('obligation.doer')}: {of.doer}
        </span>
      )}
      {of.escalatedTo !== null && (
        <span className="climbed">
          <IconArrowNarrowUp size={14} aria-hidden />
          {t('obligation.escalated', { to: words(of.escalatedTo.name) })}
        </span>
      )}
      {incident && of.incidentId !== null && <Link to={paths.incident(of.incidentId)}>{of.incidentTitle ?? t('obligation.incident')}</Link>}
      {incident && of.incidentId === null && <span className="soft">{t('obligation.no-incident')}</span>}
    </p>
  )
}
