import { IconAlertTriangle, IconCheck, IconCircleDashed, IconSend } from '@tabler/icons-react'
import type { NoticeView } from '#core/view/notice.ts'
import { useSend } from '../form.ts'
import { ActionButton, Badge, Empty, Link, Panel, toast, type Tone } from '../kit/index.ts'
import { usePaths } from '../paths.ts'
import { useWords } from '../words.ts'

const TONES: Readonly<Record<NoticeView['status'], Tone>> = {
  held: 'grey',
  ready: 'grey',
  sent: 'grey',
  receipted: 'good',
  answered: 'good',
  exhausted: 'late',
  'in-app': 'grey',
}

/** What the organization was told, newest first, each with its ways and their receipts. */
export function NoticeList({ notices }: { readonly notices: readonly NoticeView[] }) {
  const { t } = useWords()
  return (
    <Panel title={t('notice.tab-list')} note={notices.length}>
      {notices.length === 0 ? (
        <Empty title={t('notice.none')} />
      ) : (
        <ul className="notice-list">
          {notices.map((one) => (
            <Notice key={one.id} of={one} />
          ))}
        </ul>
      )}
    </Panel>
  )
}

function Notice({ of }: { readonly of: NoticeView }) {
  const { t, code, words, short } = useWords()
  const paths = usePaths()
  const { send, busy } = useSend()
  const link = linkOf(of.about[0] ?? '', paths)
  const [receipt] = of.actions
  const open = of.status !== 'receipted' && of.status !== 'answered'
  const receive = async (): Promise<void> => {
    if (busy) return
    const answer = await send('notice', of.id, { type: 'notice.receipt', way: 'app', by: 'person' })
    if (!answer.ok) toast(code('refusal', answer.code, answer.params))
  }
  return (
    <li className={`notice is-${of.urgency}`}>
      <div className="notice-words">
        <h3>
          <Badge tone={of.urgency === 'flash' && open ? 'late' : of.urgency === 'urgent' && open ? 'soon' : 'grey'}>
            {code('urgency', of.urgency)}
          </Badge>{' '}
          {link === null ? words(of.title) : <Link to={link}>{words(of.title)}</Link>}
        </h3>
        <p className="notice-text">{words(of.text)}</p>
        <p className="soft">
          {code('notice.purpose', of.purpose)} · {words(of.postTitle)} · <time dateTime={of.queuedAt}>{short(of.queuedAt)}</time>
          {of.passedFrom !== null && ` · ${t('notice.passed')}`}
        </p>
      </div>
      <div className="notice-state">
        <Badge tone={TONES[of.status]}>{code('status.notice', of.status)}</Badge>
        {of.heldUntil !== null && <small className="soft">{t('notice.held-until', { at: short(of.heldUntil) })}</small>}
        {of.reachedAt !== null && (
          <small className="soft">
            {t('notice.reached', { at: short(of.reachedAt) })} · {code('channel', of.reachedBy ?? 'app')}
          </small>
        )}
        <Ladder of={of} />
        {of.answers.map((one) => (
          <small key={`${one.at} ${one.text}`}>
            {t('notice.answered', { way: code('channel', one.way), text: one.text, outcome: code('outcome', one.outcome) })}
            {one.refusal !== null && ` (${code('refusal', one.refusal)})`}
          </small>
        ))}
        {open && receipt !== undefined && <ActionButton action={receipt} label={t('notice.receive')} onPress={() => void receive()} />}
      </div>
    </li>
  )
}

function Ladder({ of }: { readonly of: NoticeView }) {
  const { t, code, time } = useWords()
  if (of.ladder.length === 0) return null
  return (
    <ol className="notice-ladder" aria-label={t('notice.ladder')}>
      {of.ladder.map((step) => {
        const [Icon, said] =
          step.receiptedAt !== null
            ? [IconCheck, t('notice.step-receipt', { at: time(step.receiptedAt) })]
            : step.failedAt !== null
              ? [IconAlertTriangle, t('notice.step-failed', { at: time(step.failedAt), reason: code('reason', step.reason ?? '') })]
              : step.sentAt !== null
                ? [IconSend, t('notice.step-sent', { at: time(step.sentAt) })]
                : [IconCircleDashed, t('notice.step-none')]
        return (
          <li key={step.channel}>
            <Icon size={14} aria-hidden /> <b>{code('channel', step.channel)}</b> <span className="soft">{said}</span>
          </li>
        )
      })}
    </ol>
  )
}

function linkOf(stream: string, paths: ReturnType<typeof usePaths>): string | null {
  const [room, id = ''] = stream.split('/')
  if (room === 'obligation') return paths.obligation(id)
  if (room === 'incident') return paths.incident(id)
  return room === 'instrument' ? paths.instrument(id) : room === 'finding' ? paths.finding(id) : null
}
