import type { ReplayFailure, ReplayReport } from '#core/exercise/report.ts'
import { Badge, Empty, Panel, Table } from '../kit/index.ts'
import { useWords, type WordsApi } from '../words.ts'
import type { Part } from './part.ts'

type Figured = Pick<ReplayFailure, 'duration' | 'atLeast' | 'value' | 'unit'>

/** `16 h 4 min`, `25 %`, `2`; null where the record gives no figure. */
function figureWords({ duration, atLeast, value, unit }: Figured, words: WordsApi): string | null {
  if (duration !== null) return words.duration(duration)
  if (atLeast !== null) return words.t('exercise.at-least', { figure: words.duration(atLeast) })
  if (value === null) return null
  const shown = words.number(value)
  return unit === null || unit === '1' ? shown : `${shown} ${words.code('unit', unit)}`
}

/** Each failure that the record found, with the figure by which the replay answers it, or why it has none. */
export function Failures({ of }: Part) {
  const { t } = useWords()
  return (
    <Panel title={t('exercise.failures')} note={of.failures.length}>
      {of.failures.length === 0 ? (
        <Empty title={t('exercise.failures-none')} />
      ) : (
        <ul className="failures">
          {of.failures.map((failure) => (
            <Failure key={failure.id} of={failure} />
          ))}
        </ul>
      )}
    </Panel>
  )
}

function Failure({ of }: { readonly of: ReplayFailure }) {
  const words = useWords()
  const { t } = words
  const figure = figureWords(of, words)
  const sentence = words.words(of.sentence)
  const reason = of.reasonWords === null ? of.reason : words.words(of.reasonWords)
  return (
    <li className="failure">
      <div className="failure-figure">
        <span className="soft">{of.id}</span>
        {figure === null ? <Badge>{t('exercise.no-figure')}</Badge> : <strong>{figure}</strong>}
        {of.duration !== null && of.atLeast !== null && of.atLeast !== of.duration && (
          <small className="soft">{t('exercise.at-least', { figure: words.duration(of.atLeast) })}</small>
        )}
      </div>
      <div>
        <p>{sentence}</p>
        {reason !== null && !sentence.includes(reason) && <p className="soft">{t('exercise.reason', { reason })}</p>}
        {of.others.map((other, index) => (
          <p key={index}>
            {figureWords(other, words) !== null && <b>{figureWords(other, words)} </b>}
            {words.words(other.sentence)}
          </p>
        ))}
        <p className="soft">
          {t('exercise.finding')}: <span lang="en">{of.finding}</span>
        </p>
        {of.replayCheck !== '' && (
          <p className="soft">
            {t('exercise.check')}: <span lang="en">{of.replayCheck}</span>
          </p>
        )}
      </div>
    </li>
  )
}

type Latency = ReplayReport['latencies'][number]

/** How long things took, as far as the record tells. */
export function Latencies({ of, zone }: Part) {
  const words = useWords()
  const { t, short } = words
  const end = (point: Latency['from'] | null) =>
    point === null ? (
      <span className="soft">{t('exercise.latency-open')}</span>
    ) : (
      <span className="latency-end">
        <span className="nowrap">{short(point.at, zone)}</span> <span className="soft">{point.text}</span>
      </span>
    )
  return (
    <Panel title={t('exercise.latencies')} note={of.latencies.length}>
      {of.latencies.length === 0 ? (
        <Empty title={t('exercise.latency-none')} />
      ) : (
        <Table
          label={t('exercise.table', { of: t('exercise.latencies') })}
          rows={of.latencies}
          rowKey={(one) => one.id}
          columns={[
            { head: t('exercise.measure'), cell: (one) => words.words(one.words) },
            { head: t('exercise.figure'), cell: (one) => <LatencyFigure of={one} /> },
            { head: t('exercise.latency-from'), cell: (one) => end(one.from) },
            { head: t('exercise.latency-to'), cell: (one) => end(one.to) },
          ]}
        />
      )}
    </Panel>
  )
}

function LatencyFigure({ of }: { readonly of: Latency }) {
  const words = useWords()
  const { t, duration } = words
  if (of.duration === null)
    return <span className="soft">{of.reasonWords === null ? (of.reason ?? t('exercise.no-figure')) : words.words(of.reasonWords)}</span>
  return (
    <span className="latency-figure">
      <b className="nowrap">{duration(of.duration)}</b>
      {of.atLeast !== null && of.atLeast !== of.duration && (
        <small className="soft"> {t('exercise.at-least', { figure: duration(of.atLeast) })}</small>
      )}
    </span>
  )
}
