import type { RiskDetail } from '#core/view/risk.ts'
import { useNow } from '../clock.ts'
import { Badge, Link, OrganizationName, Panel, type Tone } from '../kit/index.ts'
import { usePaths } from '../paths.ts'
import { TimelineList } from '../timeline.tsx'
import { useWords } from '../words.ts'

type Props = { readonly of: RiskDetail }

const TONES: Readonly<Record<string, Tone>> = { open: 'soon', mended: 'accent', verified: 'grey' }

/** The hidden dangers, those past their deadline first. */
export function Dangers({ of }: Props) {
  const { t, code, dateTime, duration } = useWords()
  const now = useNow()
  const dangers = of.dangers.toSorted((a, b) => Number(b.overdue) - Number(a.overdue) || a.dueAt.localeCompare(b.dueAt))
  return (
    <Panel title={t('risk.dangers')} note={of.dangersOpen}>
      {dangers.length === 0 ? (
        <p className="padded soft">{t('risk.dangers-none')}</p>
      ) : (
        <ul className="risk-records">
          {dangers.map((one) => (
            <li key={one.id} className={one.overdue ? 'is-late' : ''}>
              <p>
                <Badge tone={one.overdue ? 'late' : (TONES[one.status] ?? 'grey')}>{code('status.danger', one.status)}</Badge>{' '}
                <b>{code('risk.grade', one.grade)}</b> {one.text}
              </p>
              <p className="soft">
                {t('risk.due', { at: dateTime(one.dueAt) })}
                {one.overdue && <b className="late-words"> {t('risk.overdue', { age: duration(now - Date.parse(one.dueAt)) })}</b>}
                {one.foundBy !== null && (
                  <>
                    {' · '}
                    <OrganizationName of={one.foundBy} />
                  </>
                )}
                {one.evidence !== null && ` · ${one.evidence}`}
              </p>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

/** Which plans in force cover it, and when they were last rehearsed for it. */
export function Plans({ of }: Props) {
  const { t, words, date } = useWords()
  const paths = usePaths()
  return (
    <Panel title={t('risk.plans')}>
      <div className="padded">
        {of.plans.length === 0 ? (
          <p className={of.kind === 'hazard' ? 'risk-warn' : 'soft'}>{t('risk.plans-none')}</p>
        ) : (
          <ul>
            {of.plans.map((plan) => (
              <li key={plan.id}>
                <Link to={paths.instrument(plan.id)}>{words(plan.title)}</Link>
                {plan.linked && <small className="soft"> {t('risk.plan-linked')}</small>}
              </li>
            ))}
          </ul>
        )}
        {of.rehearsals.length === 0 ? (
          <p className="soft">{t('risk.rehearsed-never')}</p>
        ) : (
          of.rehearsals.map((one) => (
            <p key={one.at}>
              {t('risk.rehearsed')} {date(one.at)} · {one.text}
              {one.exerciseId !== null && (
                <>
                  {' '}
                  <Link to={paths.exercise(one.exerciseId)}>{t('risk.open')}</Link>
                </>
              )}
            </p>
          ))
        )}
      </div>
    </Panel>
  )
}

/** Who looked at it: inspections, and who asked after it in an incident. */
export function Looked({ of }: Props) {
  const { t, dateTime } = useWords()
  const paths = usePaths()
  return (
    <div className="page-grid">
      <Inspections of={of} />
      <Checks of={of} />
      {of.carried.length > 0 && (
        <Panel title={t('risk.carried')} note={of.carried.length}>
          <ul className="risk-records">
            {of.carried.map((one) => (
              <li key={one.from}>
                <p>{one.text}</p>
                <p className="soft">
                  {dateTime(one.at)}
                  {one.incidentId !== null && (
                    <>
                      {' · '}
                      <Link to={paths.incident(one.incidentId)}>{t('risk.open')}</Link>
                    </>
                  )}
                </p>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {of.closing !== null && (
        <Panel title={t('risk.closing')}>
          <p className="padded">
            {of.closing.text} · {of.closing.evidence} · {dateTime(of.closing.at)}
          </p>
        </Panel>
      )}
    </div>
  )
}

export function History({ of }: Props) {
  const { t } = useWords()
  return (
    <Panel title={t('risk.history')} note={of.history.length} folded className="risk-history">
      <TimelineList entries={of.history.toReversed()} />
    </Panel>
  )
}

function Inspections({ of }: Props) {
  const { t, code, dateTime } = useWords()
  return (
    <Panel title={t('risk.inspections')} note={of.inspections.length}>
      {of.inspections.length === 0 ? (
        <p className="padded soft">{t('risk.inspections-none')}</p>
      ) : (
        <ul className="risk-records">
          {of.inspections.map((one) => (
            <li key={one.at}>
              <p>
                <b>{code('risk.result', one.result)}</b> {one.text}
              </p>
              <p className="soft">
                {dateTime(one.at)} · {one.by !== null && <OrganizationName of={one.by} />}
              </p>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

function Checks({ of }: Props) {
  const { t, code, dateTime, number } = useWords()
  const paths = usePaths()
  return (
    <Panel title={t('risk.checks')} note={of.checks.length}>
      {of.checks.length === 0 ? (
        <p className="padded soft">{t('risk.checks-none')}</p>
      ) : (
        <ul className="risk-records">
          {of.checks.map((one) => (
            <li key={`${one.incidentId} ${one.at}`}>
              <p>
                <b>{code('risk.check', one.result)}</b>{' '}
                {one.people !== null && `${t('risk.check-people', { count: number(one.people) })} · `}
                {one.text}
              </p>
              <p className="soft">
                {dateTime(one.at)} · {one.by !== null && <OrganizationName of={one.by} />} ·{' '}
                <Link to={paths.incident(one.incidentId)}>{one.incident}</Link>
              </p>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
