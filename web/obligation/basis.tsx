import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import type { ObligationDetail } from '#core/view.ts'
import { Badge, Link, Panel } from '../kit/index.ts'
import { usePaths } from '../paths.ts'
import { useWords } from '../words.ts'

type Props = { readonly of: ObligationDetail; readonly zone?: string }

/** Why it is owed: the clause in its own words, and how the deadline follows from it. */
export function BasisPanel({ of, zone }: Props) {
  const { t, words, code, lang } = useWords()
  const paths = usePaths()
  const { basis, clause } = of
  return (
    <Panel title={t('obligation.basis')} className="obligation-basis">
      <div className="padded stack">
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
        {of.dueAt !== null && <LimitMark of={of} />}
        <Computed of={of} {...(zone === undefined ? {} : { zone })} />
      </div>
    </Panel>
  )
}

function LimitMark({ of }: Props) {
  const { t, words } = useWords()
  const source = of.clause?.kind === 'duty' ? of.clause.limit.source : null
  return (
    <p className={of.basis.limitConfirmed ? 'limit-mark' : 'limit-mark is-unconfirmed'}>
      {of.basis.limitConfirmed ? <IconCheck size={16} aria-hidden /> : <IconAlertTriangle size={16} aria-hidden />}
      <span>
        {of.basis.limitConfirmed ? t('obligation.limit-confirmed') : t('obligation.limit-unconfirmed')}
        {source !== null && <span className="soft"> {t('obligation.limit-source', { source: words(source) })}</span>}
      </span>
    </p>
  )
}

/** Trigger + within = due, each where it can be checked. */
function Computed({ of, zone }: Props) {
  const { t, dateTime, duration } = useWords()
  const within = of.clause?.kind === 'duty' ? of.clause.limit.within : null
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
            {within === null && <span className="soft">{t('obligation.computed-none')}</span>}
          </dd>
        </div>
        <div className="computed-sign" aria-hidden>
          <dt />
          <dd>=</dd>
        </div>
        <div>
          <dt>{t('obligation.computed-due')}</dt>
          <dd>
            <b>{of.dueAt === null ? t('obligation.no-due') : dateTime(of.dueAt, zone)}</b>
          </dd>
        </div>
      </dl>
    </section>
  )
}
