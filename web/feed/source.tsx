import { useState } from 'react'
import type { FeedProblem, FeedSourceView } from '#core/view/feed.ts'
import type { ActionView } from '#core/view.ts'
import { ask, type Refused } from '../api.ts'
import { ActionButton, Badge, DataList } from '../kit/index.ts'
import type { Tone } from '../kit/badge.tsx'
import { useWords } from '../words.ts'

const TONES: Readonly<Record<FeedSourceView['status'], Tone>> = {
  well: 'good',
  failing: 'soon',
  silent: 'late',
  paused: 'grey',
  waiting: 'grey',
}
const VERDICTS = ['valid-trusted', 'valid-untrusted', 'none', 'invalid'] as const

/** A problem in words: what a reader of CAP says of a message, or what an address answers. */
export function useProblem(): (problem: FeedProblem | null) => string {
  const { code } = useWords()
  return (problem) => {
    if (problem === null) return '—'
    const cap = problem.code.startsWith('cap.')
    return code(cap ? 'cap' : 'refusal', cap ? problem.code.slice(4) : problem.code, problem.params)
  }
}

type Props = {
  readonly of: FeedSourceView
  readonly keep: ActionView
  readonly onOpen: (kind: 'source' | 'key' | 'remove') => void
  readonly onDone: () => void
}

/** One source: whether it is heard, what came of it, what was wrong with what. */
export function SourceCard({ of, keep, onOpen, onDone }: Props) {
  const { t, code } = useWords()
  const [refused, setRefused] = useState<Refused | null>(null)
  const { id, name, url, status } = of
  const tell = async (type: 'try' | 'pause' | 'resume'): Promise<void> => {
    const answer = await ask('POST', `/api/feeds/${encodeURIComponent(id)}`, { type })
    setRefused(answer.ok ? null : answer)
    onDone()
  }
  const act = (label: string, onPress: () => void) => <ActionButton action={keep} label={label} onPress={onPress} />
  return (
    <li className="feed-source">
      <header>
        <h3>{name}</h3>
        <Badge tone={TONES[status]}>{code('status.feed', status)}</Badge>
        <span className="soft feed-address">{url ?? t('feed.pushes')}</span>
      </header>
      <Facts of={of} />
      {refused !== null && (
        <p className="refused" role="alert">
          {t('kit.not-allowed', { reason: code('refusal', refused.code, refused.params) })}
        </p>
      )}
      <Refusals of={of} />
      <div className="feed-actions">
        {url !== null && status !== 'paused' && act(t('feed.try'), () => void tell('try'))}
        {act(t('feed.change'), () => onOpen('source'))}
        {act(t('feed.new-key'), () => onOpen('key'))}
        {act(t(status === 'paused' ? 'feed.resume' : 'feed.pause'), () => void tell(status === 'paused' ? 'resume' : 'pause'))}
        {act(t('feed.remove'), () => onOpen('remove'))}
      </div>
    </li>
  )
}

function Facts({ of }: { readonly of: FeedSourceView }) {
  const { t, short } = useWords()
  const problemWords = useProblem()
  const { fresh, known, refused, verdicts, successAt, freshAt, nextAt, failures, problem, effect, trusted } = of
  const signatures = VERDICTS.flatMap((one) => {
    const count = verdicts[one] ?? 0
    return count === 0 ? [] : [t(`feed.signature.${one}`, { count })]
  })
  return (
    <DataList
      rows={[
        [t('feed.heard'), successAt === null ? t('feed.heard-never') : short(successAt)],
        [t('feed.fresh'), freshAt === null ? t('feed.fresh-never') : short(freshAt)],
        [t('feed.problem'), problem === null ? null : problemWords(problem)],
        [
          t('feed.next'),
          nextAt === null || of.status === 'paused'
            ? null
            : failures > 0
              ? t('feed.next-wait', { failures, at: short(nextAt) })
              : short(nextAt),
        ],
        [t('feed.effect'), t(`feed.effect.${effect}`)],
        [t('feed.trusted'), trusted.length === 0 ? null : trusted.join('; ')],
        [t('feed.signatures'), signatures.length === 0 ? null : signatures.join(' · ')],
        [t('feed.counted'), t('feed.counts', { fresh, known, refused })],
      ]}
    />
  )
}

function Refusals({ of: { id, refusals } }: { readonly of: FeedSourceView }) {
  const { t, short } = useWords()
  const problemWords = useProblem()
  if (refusals.length === 0) return null
  return (
    <details className="feed-refusals">
      <summary>
        {t('feed.refusals')} · {t('feed.refusals-of', { count: refusals.length })}
      </summary>
      <ul>
        {refusals.map((one) => (
          <li key={one.id}>
            <span className="soft">{short(one.at)}</span> {problemWords({ code: one.code, params: { detail: one.detail, line: 0 } })}{' '}
            <span className="soft">{t('feed.bytes', { size: one.size })}</span>{' '}
            <a href={`/api/feeds/${encodeURIComponent(id)}/refused/${one.id}`} download>
              {t('feed.download')}
            </a>
          </li>
        ))}
      </ul>
    </details>
  )
}
