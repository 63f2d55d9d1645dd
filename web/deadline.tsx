import { useNow } from './clock.ts'
import { countdownText, isOpen, urgency, usedShare, type Dated } from './urgency.ts'
import { useWords, type WordsApi } from './words.ts'

export { byUrgency, urgency } from './urgency.ts'

function words(one: Dated, now: number, api: WordsApi): string {
  const { t } = api
  if (one.status === 'waived') return t('deadline.waived')
  if (one.status === 'discharged')
    return one.lateBy === null ? t('deadline.discharged') : t('deadline.discharged-late', { time: api.duration(one.lateBy) })
  if (one.status === 'declined' && !one.lapsed) return t('deadline.declined')
  if (one.dueAt === null) return t('deadline.none')
  const left = Date.parse(one.dueAt) - now
  return left < 0 && one.status !== 'requested'
    ? t('deadline.late-by', { time: countdownText(left, api.lang) })
    : countdownText(left, api.lang)
}

/** How long is left, by how much it is overdue, or how it ended; the instant itself on hover. */
export function Countdown({ of, zone }: { readonly of: Dated; readonly zone?: string }) {
  const now = useNow()
  const api = useWords()
  const tone = urgency(of, now) === 'settled' && of.lateBy !== null ? 'soon' : urgency(of, now)
  if (of.dueAt === null) return <span className="countdown is-settled">{words(of, now, api)}</span>
  return (
    <time className={`countdown is-${tone}`} dateTime={of.dueAt} title={api.t('deadline.due-at', { at: api.dateTime(of.dueAt, zone) })}>
      {words(of, now, api)}
    </time>
  )
}

/** The time used up, filling from grey through orange to red. The words stand beside it, so readers pass over it. */
export function DeadlineBar({ of }: { readonly of: Dated }) {
  const now = useNow()
  const end = isOpen(of) ? now : Date.parse(of.dischargedAt ?? of.owedAt)
  const share = usedShare(of, end)
  if (share === null) return null
  return (
    <span className={`deadline-bar is-${urgency(of, now)}`} aria-hidden>
      <span style={{ width: `${Math.max(2, share * 100)}%` }} />
    </span>
  )
}
