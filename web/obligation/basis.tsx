import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import type { ObligationDetail } from '#core/view.ts'
import { Badge, Link, Panel } from '../kit/index.ts'
import { usePaths } from '../paths.ts'
import { useWords } from '../words.ts'

type Props = { readonly of: ObligationDetail; readonly zone?: string }

/** Why it is owed: the clause in its own words, and how the deadline follows from it. */
export function BasisPanel({ of, zone }: Props) {
  const { t } = useWords()
  return (
    <Panel title={t('obligation.basis')} className="obligation-basis">
      <div className="padded stack">
        {of.basis === null ? <p className="soft">{t('obligation.no-basis-why')}</p> : <ClauseWords of={of} basis={of.basis} />}
        {of.dueAt !== null && <LimitMark of={of} />}
        <Computed of={of} {...(zone === undefined ? {} : { zone })} />
      </div>
    </Panel>
  )
}

function ClauseWords({ of, basis }: Props & { readonly basis: NonNullable<ObligationDetail['basis']> }) {
  const { t, words, code, lang } = useWords()
  const paths = usePaths()
  const { clause } = of
  return (
    <>
      <p>
        <Link to={paths.clause(basis.instrumentId, basis.clauseId)}>
          {words(basis.instrumentTitle)} {words(basis.article)}
        </Link>{' '}
        <span className="soft">{t('obligation.basis-version', { version: basis.instrumentVersion })}</span>
      </p>
      {clause === null ? (
        <p className="soft">{t('obligation.basis-gone')}</p>
      ) : (
        <>
          <Badge>{code('obligation.wording', clause.wording)}</Badge>
          <div className={lang === 'en' ? 'both-words' : ''}>
            {lang === 'en' && (
              <blockquote>
                <h3>{t('obligation.translation')}</h3>
                {clause.words.en}
              </blockquote>
            )}
            <blockquote lang="zh-CN">
              {lang === 'en' && <h3 lang="en">{t('obligation.original')}</h3>}
              {clause.words['zh-CN']}
            </blockquote>
          </div>
        </>
      )}
    </>
  )
}

const MINUTE_MS = 60_000
/** Who orders thinks in minutes; the seconds it took to send it are none of the limit. */
const wholeMinutes = (from: string, to: string): number =>
  Math.max(MINUTE_MS, Math.round((Date.parse(to) - Date.parse(from)) / MINUTE_MS) * MINUTE_MS)

const limitOf = ({ clause }: ObligationDetail) => (clause !== null && 'limit' in clause ? clause.limit : null)

function LimitMark({ of }: Props) {
  const { t, words } = useWords()
  // Who orders, asks or hands on sets the deadline himself.
  if (of.origin !== 'clause') return <p className="soft">{t('obligation.limit-by-asker')}</p>
  const source = limitOf(of)?.source ?? null
  const confirmed = of.basis?.limitConfirmed ?? false
  return (
    <p className={confirmed ? 'limit-mark' : 'limit-mark is-unconfirmed'}>
      {confirmed ? <IconCheck size={16} aria-hidden /> : <IconAlertTriangle size={16} aria-hidden />}
      <span>
        {confirmed ? t('obligation.limit-confirmed') : t('obligation.limit-unconfirmed')}
        {source !== null && <span className="soft"> {t('obligation.limit-source', { source: words(source) })}</span>}
      </span>
    </p>
  )
}

/** Trigger + within = due, each where it can be checked. */
function Computed({ of, zone }: Props) {
  const { t, dateTime, duration } = useWords()
  const byClause = of.origin === 'clause'
  const first = of.extensions[0]?.from ?? of.dueAt
  const within = byClause ? (limitOf(of)?.within ?? null) : first === null ? null : wholeMinutes(of.owedAt, first)
  const trigger = of.triggeredBy
  return (
    <section className="computed" aria-label={t('obligation.computed')}>
      <h3>{t('obligation.computed')}</h3>
      <dl>
        <div>
          <dt>{t('obligation.computed-trigger')}</dt>
          <dd>
            <b>{dateTime(trigger?.occurredAt ?? of.owedAt, zone)}</b>
            {trigger !== null && (
              <span className="soft">
                {trigger.summary} · {t('obligation.trigger-position', { position: trigger.position })}
              </span>
            )}
          </dd>
        </div>
        <div className="computed-sign" aria-hidden>
          <dt />
          <dd>+</dd>
        </div>
        <div>
          <dt>{t('obligation.computed-within')}</dt>
          <dd>
            <b>{within === null ? '—' : duration(within)}</b>
            {within === null && byClause && <span className="soft">{t('obligation.computed-none')}</span>}
          </dd>
        </div>
        <div className="computed-sign" aria-hidden>
          <dt />
          <dd>=</dd>
        </div>
        <div>
          <dt>{t('obligation.computed-due')}</dt>
          <dd>
            <b>{first === null ? t('obligation.no-due') : dateTime(first, zone)}</b>
          </dd>
        </div>
      </dl>
      {of.extensions.length > 0 && (
        <ul className="extensions" aria-label={t('obligation.extension')}>
          {of.extensions.map((one) => (
            <li key={one.at}>
              {t('obligation.extension-row', { from: dateTime(one.from, zone), until: dateTime(one.until, zone), reason: one.reason })}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
