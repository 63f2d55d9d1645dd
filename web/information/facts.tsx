import { IconAlertTriangle, IconSpeakerphone } from '@tabler/icons-react'
import { useState } from 'react'
import type { AssertionView, InformationView, QuestionView, ReconciliationView } from '#core/view/information.ts'
import { ActionButton, Badge, Button, ConfirmDialog, findAction, Link, OrganizationName, ReasonDialog } from '../kit/index.ts'
import { usePaths, useWorld } from '../paths.ts'
import { useWords } from '../words.ts'
import { AssertDialog, CorrectDialog, DeliverDialog, ReconcileDialog } from './fact-dialogs.tsx'
import { Ages, questionText, valueText } from './parts.tsx'

type QuestionProps = { readonly of: QuestionView; readonly view: InformationView; readonly zone?: string | undefined }

/** One question: what holds, or what stands against what; then who was told, and what is public. */
export function QuestionCard({ of, view, zone }: QuestionProps) {
  const words = useWords()
  const { t } = words
  const [past, setPast] = useState(false)
  // The whole before its parts.
  const current = of.assertions.filter((one) => one.status === 'current').toSorted((a, b) => (a.scope ?? '').localeCompare(b.scope ?? ''))
  const ended = of.assertions.filter((one) => one.status !== 'current')
  const held = of.reconciliations.filter((one) => one.holds)
  const wrong = of.contradictions.length > 0
  const before = ended.length + of.reconciliations.length - held.length + current.reduce((sum, one) => sum + one.replaced.length, 0)
  return (
    <li className={`question ${wrong ? 'is-contradictory' : ''}`}>
      <header className="question-head">
        <h2>{questionText(of, words)}</h2>
        {wrong ? (
          <Badge tone="late">{t('information.contradiction')}</Badge>
        ) : of.settled === null ? null : (
          <Badge tone={of.settled.reconciled ? 'good' : 'grey'}>
            {t(of.settled.reconciled ? 'information.reconciled' : current.length < 2 ? 'information.one-source' : 'information.agreed')}
          </Badge>
        )}
        <QuestionActions of={of} view={view} zone={zone} />
      </header>
      {wrong && <Contradictions of={of} />}
      <ul className="sides">
        {held.map((one) => (
          <Reconciled key={`${one.scope ?? ''} ${one.at}`} of={one} zone={zone} />
        ))}
        {current.map((one) => (
          <Side key={one.id} of={one} question={of} zone={zone} />
        ))}
      </ul>
      <PartsLine of={of} />
      <Told of={of} />
      {before > 0 && (
        <div className="question-past">
          <Button variant="quiet" aria-expanded={past} onPress={() => setPast(!past)}>
            {t('information.past', { count: before })}
          </Button>
          {past && <Past of={of} current={current} ended={ended} zone={zone} />}
        </div>
      )}
    </li>
  )
}

function Contradictions({ of }: { readonly of: QuestionView }) {
  const { t, number } = useWords()
  return (
    <p className="question-wrong">
      <IconAlertTriangle size={16} aria-hidden />
      {of.contradictions
        .map((one) =>
          one.kind === 'differ'
            ? one.scope === null
              ? t('information.differ')
              : t('information.differ-in', { scope: one.scope })
            : t('information.part-exceeds', { scope: one.scope, part: number(one.part), whole: number(one.whole) }),
        )
        .join('；')}
    </p>
  )
}

function Side({ of, question, zone }: { readonly of: AssertionView; readonly question: QuestionView; readonly zone?: string | undefined }) {
  const words = useWords()
  const { t, code } = words
  const [asked, setAsked] = useState<'correct' | 'withdraw' | null>(null)
  const real = useWorld() === null
  const offered = (real ? of.actions : []).filter((action) => action.refusal === null)
  return (
    <li className="side">
      <p className={`side-value ${typeof of.value === 'string' && of.value.length > 12 ? 'is-text' : ''}`}>
        {valueText(of.value, of.unit, words)}
      </p>
      <div className="side-who">
        {of.scope !== null && <b>{t('information.scope-of', { scope: of.scope })}</b>}
        <span>
          {of.saidBy === null ? <b>{of.source}</b> : <OrganizationName of={of.saidBy} />} <ConfidenceMark of={of.confidence} />
        </span>
        {of.saidBy !== null && <span className="soft">{t('information.source', { source: of.source })}</span>}
        {of.enteredBy !== null && of.enteredBy.id !== of.saidBy?.id && (
          <span className="soft">{t('information.taken-down', { who: words.words(of.enteredBy.name) })}</span>
        )}
        <Ages asOf={of.asOf} heardAt={of.heardAt} zone={zone} />
      </div>
      {offered.length > 0 && (
        <div className="side-actions">
          {offered.map((action) => (
            <Button
              key={action.command}
              variant="quiet"
              onPress={() => setAsked(action.command === 'information.correct' ? 'correct' : 'withdraw')}
            >
              {code('command', action.command)}
            </Button>
          ))}
        </div>
      )}
      {asked === 'correct' && <CorrectDialog of={of} question={question} zone={zone} onClose={() => setAsked(null)} />}
      {asked === 'withdraw' && (
        <ReasonDialog
          title={t('kit.named', {
            what: t('command.information.withdraw'),
            of: `${questionText(question, words)} ${valueText(of.value, of.unit, words)}`,
          })}
          isOpen
          onClose={() => setAsked(null)}
          room="information"
          id={question.id}
          label={t('command.information.withdraw')}
          ask={t('information.reason')}
          help={t('information.withdraw-help')}
          command={(reason) => ({ type: 'information.withdraw', assertion: of.id, reason })}
        />
      )}
    </li>
  )
}

function ConfidenceMark({ of }: { readonly of: AssertionView['confidence'] }) {
  const { code } = useWords()
  return <Badge tone={of === 'confirmed' ? 'good' : of === 'unconfirmed' ? 'soon' : 'grey'}>{code('confidence', of)}</Badge>
}

function Reconciled({ of, zone }: { readonly of: ReconciliationView; readonly zone?: string | undefined }) {
  const words = useWords()
  const { t } = words
  return (
    <li className="side is-reconciled">
      <p className="side-value">{valueText(of.value, of.unit, words)}</p>
      <div className="side-who">
        {of.scope !== null && <b>{t('information.scope-of', { scope: of.scope })}</b>}
        <span>{t('information.reconciled-by', { who: of.by === null ? '—' : words.words(of.by.name) })}</span>
        <span className="soft">{of.reason}</span>
        <Ages asOf={of.asOf} heardAt={of.at} zone={zone} />
      </div>
    </li>
  )
}

/** Counts of parts are shown, and added up only where nobody can be counted twice. */
function PartsLine({ of: { parts } }: { readonly of: QuestionView }) {
  const { t, number } = useWords()
  if (parts.parts.length < 2) return null
  const list = parts.parts.map((one) => `${one.scope} ${number(one.value)}`).join(' · ')
  return (
    <p className="question-parts">
      {t('information.parts', { list })}{' '}
      {parts.sum !== null ? (
        <b>{t('information.parts-sum', { sum: number(parts.sum) })}</b>
      ) : (
        <Badge tone="soon">
          {parts.overlapping.length > 0
            ? t('information.parts-overlap', { list: parts.overlapping.join(t('kit.and')) })
            : t('information.parts-unsettled')}
        </Badge>
      )}
    </p>
  )
}

/** Who was given it, who has said so, and what the public was told. */
function Told({ of }: { readonly of: QuestionView }) {
  const words = useWords()
  const { t, duration } = words
  const paths = usePaths()
  const [open, setOpen] = useState(false)
  const { deliveries, stated } = of
  const seen = deliveries.filter((one) => one.receiptAt !== null).length
  const outdated = stated.some((one) => one.outdated)
  if (deliveries.length === 0 && stated.length === 0) return null
  return (
    <div className="question-told">
      {deliveries.length > 0 && (
        <Button variant="quiet" aria-expanded={open} onPress={() => setOpen(!open)}>
          {t('information.told', { count: deliveries.length, seen })}
        </Button>
      )}
      {stated.length > 0 && (
        <Link to={paths.releases(of.incidentId)} className={outdated ? 'is-wrong' : ''}>
          <IconSpeakerphone size={14} aria-hidden />{' '}
          {outdated ? t('information.stated-outdated') : t('information.stated', { value: String(stated.at(-1)?.value ?? '') })}
        </Link>
      )}
      {open && (
        <ul className="told-list">
          {deliveries.map((one) => (
            <li key={one.to.id}>
              <OrganizationName of={one.to} />
              <span className="soft">
                {one.cause === 'correction'
                  ? t('information.told-correction', { said: one.said })
                  : t('information.told-value', { said: one.said })}
              </span>
              {one.outdated && <Badge>{t('information.told-older')}</Badge>}
              {one.receiptAt === null ? (
                <Badge tone="soon">{t('information.no-receipt')}</Badge>
              ) : (
                <span className="soft">
                  {t('information.receipt-after', { time: duration(Math.max(0, Date.parse(one.receiptAt) - Date.parse(one.at))) })}
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

type PastProps = {
  readonly of: QuestionView
  readonly current: readonly AssertionView[]
  readonly ended: readonly AssertionView[]
  readonly zone?: string | undefined
}

/** Everything that was said and does not stand any more: struck through, with who, when and why. */
function Past({ of, current, ended, zone }: PastProps) {
  const words = useWords()
  const { code, short, t } = words
  const who = (one: AssertionView): string => (one.saidBy === null ? one.source : words.words(one.saidBy.name))
  const replaced = [...current, ...ended].flatMap((one) =>
    one.replaced.map((old) => ({
      key: `${one.id} ${old.heardAt}`,
      at: old.heardAt,
      value: valueText(old.value, old.unit, words),
      who: who(one),
      why: t('information.corrected-why', { reason: old.reason }),
    })),
  )
  const over = ended.map((one) => ({
    key: one.id,
    at: one.heardAt,
    value: valueText(one.value, one.unit, words),
    who: who(one),
    why:
      one.ending === null
        ? code('status.assertion', one.status)
        : t('kit.named', { what: code('status.assertion', one.status), of: one.ending }),
  }))
  const reconciliations = of.reconciliations
    .filter((one) => !one.holds)
    .map((one) => ({
      key: one.at,
      at: one.at,
      value: valueText(one.value, one.unit, words),
      who: one.by === null ? '—' : words.words(one.by.name),
      why: t('information.reconciled-before', { reason: one.reason }),
    }))
  const all = [...replaced, ...over, ...reconciliations].toSorted((a, b) => (a.at < b.at ? 1 : -1))
  return (
    <ul className="past-list">
      {all.map((one) => (
        <li key={one.key}>
          <time dateTime={one.at}>{short(one.at, zone)}</time> <del>{one.value}</del> <span>{one.who}</span>{' '}
          <span className="soft">{one.why}</span>
        </li>
      ))}
    </ul>
  )
}

function QuestionActions({ of, view, zone }: QuestionProps) {
  const words = useWords()
  const { t } = words
  const real = useWorld() === null
  const [asked, setAsked] = useState<'assert' | 'reconcile' | 'deliver' | 'receipt' | null>(null)
  if (!real) return null
  const close = (): void => setAsked(null)
  const [reconcile, deliver] = [findAction(of.actions, 'information.reconcile'), findAction(of.actions, 'information.deliver')]
  const wrong = of.contradictions.length > 0
  return (
    <div className="question-actions">
      {of.awaitsReceipt && (
        <Button variant="primary" onPress={() => setAsked('receipt')}>
          {t('command.information.receipt')}
        </Button>
      )}
      {reconcile !== null && (wrong || (of.settled?.reconciled === true && reconcile.refusal === null)) && (
        <ActionButton action={reconcile} variant={wrong && !of.awaitsReceipt ? 'primary' : 'plain'} onPress={() => setAsked('reconcile')} />
      )}
      {deliver !== null && <ActionButton action={deliver} onPress={() => setAsked('deliver')} />}
      <ActionButton action={view.assert} label={t('information.add-word')} onPress={() => setAsked('assert')} />
      {asked === 'assert' && <AssertDialog id={of.id} incidentId={of.incidentId} zone={zone} question={of} onClose={close} />}
      {asked === 'reconcile' && <ReconcileDialog of={of} onClose={close} />}
      {asked === 'deliver' && <DeliverDialog of={of} onClose={close} />}
      {asked === 'receipt' && (
        <ConfirmDialog
          title={t('kit.named', { what: t('command.information.receipt'), of: questionText(of, words) })}
          isOpen
          onClose={close}
          room="information"
          id={of.id}
          label={t('command.information.receipt')}
          command={{ type: 'information.receipt' }}
        >
          <p>{t('information.receipt-help')}</p>
        </ConfirmDialog>
      )}
    </div>
  )
}
