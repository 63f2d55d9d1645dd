import { durationMs } from '#core/time.ts'
import type { ReplayObligation, ReplayReport } from '#core/exercise/report.ts'
import { Badge, Link, Panel } from '../kit/index.ts'
import { LevelGlyph } from '../level.tsx'
import { pathsIn } from '../paths.ts'
import { useWords } from '../words.ts'
import { Failures, Latencies } from './figures.tsx'
import { Leadership } from './leadership.tsx'
import { ObligationTable } from './obligations.tsx'
import { SideBySide } from './side-by-side.tsx'
import { Doubts } from './doubts.tsx'
import type { Part } from './part.ts'

/** The report of a replay: the sentence first, then the evidence for it, then what it could not say. */
export function Report(part: Part) {
  return (
    <>
      <Headline of={part.of} />
      <Failures {...part} />
      <ObligationTable {...part} />
      <SideBySide {...part} />
      <Leadership {...part} />
      <Latencies {...part} />
      <div className="exercise-pair">
        <Incidents {...part} />
        <Pack {...part} />
      </div>
      <Doubts {...part} />
    </>
  )
}

function worstOf(items: readonly ReplayObligation[]): ReplayObligation | null {
  const late = items.filter((one) => one.status === 'late' && one.lateBy !== null)
  return late.toSorted((a, b) => durationMs(b.lateBy ?? 'PT0S') - durationMs(a.lateBy ?? 'PT0S'))[0] ?? null
}

function Headline({ of }: { readonly of: ReplayReport }) {
  const { t, words, duration, number } = useWords()
  const { created, dischargedInTime, dischargedLate, lapsed, openAtEnd, waived, items } = of.obligations
  const worst = worstOf(items)
  const totals = [
    { name: t('exercise.total-created'), value: created, tone: '' },
    { name: t('exercise.total-in-time'), value: dischargedInTime, tone: '' },
    { name: t('exercise.total-late'), value: dischargedLate, tone: 'is-soon' },
    { name: t('exercise.total-lapsed'), value: lapsed, tone: 'is-late' },
    { name: t('exercise.total-open'), value: openAtEnd, tone: '' },
    { name: t('exercise.total-waived'), value: waived, tone: '' },
  ]
  return (
    <div className="headline">
      <p className="headline-words">
        {t('exercise.headline', { created, inTime: dischargedInTime, late: dischargedLate, lapsed })}
        {worst?.lateBy != null &&
          ` ${t('exercise.headline-worst', { late: duration(worst.lateBy), debtor: words(worst.debtor.name), act: words(worst.act) })}`}
        {openAtEnd + waived > 0 && ` ${t('exercise.headline-open', { open: openAtEnd, waived })}`}
      </p>
      <dl className="totals">
        {totals.map(({ name, value, tone }) => (
          <div key={name} className={value > 0 ? tone : ''}>
            <dt>{name}</dt>
            <dd>{number(value)}</dd>
          </div>
        ))}
      </dl>
      <p className="soft">{t('exercise.counterfactual')}</p>
      {of.assumptions.length > 0 && (
        <ul className="assumptions soft">
          {of.assumptions.map((one, index) => (
            <li key={index}>{words(one)}</li>
          ))}
        </ul>
      )}
    </div>
  )
}

function Incidents({ of, world, zone }: Part) {
  const { t, code, dateTime } = useWords()
  const inside = pathsIn(world)
  return (
    <Panel title={t('exercise.incidents')} note={of.incidents.length}>
      <ul className="exercise-incidents">
        {of.incidents.map((one) => {
          const level = one.responseLevel ?? one.severity
          const shown = level === 1 || level === 2 || level === 3 || level === 4 ? level : null
          return (
            <li key={one.id}>
              <LevelGlyph
                level={shown}
                size={26}
                title={
                  one.responseLevel !== null
                    ? code('response', String(one.responseLevel))
                    : one.severity !== null
                      ? code('severity', String(one.severity))
                      : t('level.none')
                }
              />
              <span>
                <Link to={inside.incident(one.id)}>{one.title}</Link>
                <span className="soft">
                  {code('status.incident', one.status)} · {t('exercise.incident-reported', { at: dateTime(one.reportedAt, zone) })}
                </span>
              </span>
            </li>
          )
        })}
      </ul>
    </Panel>
  )
}

function Pack({ of, world }: Part) {
  const { t, words } = useWords()
  const inside = pathsIn(world)
  return (
    <Panel title={t('exercise.pack')} note={of.pack.length}>
      <ul className="padded contents">
        {of.pack.map((one) => (
          <li key={one.id}>
            <Link to={inside.instrument(one.id)}>{words(one.title)}</Link>{' '}
            <span className="soft">
              {one.inForceUntil === null
                ? t('instrument.from', { from: one.inForceFrom })
                : t('instrument.until', { from: one.inForceFrom, until: one.inForceUntil })}
            </span>{' '}
            {!one.inForceThen && <Badge tone="soon">{t('exercise.not-in-force-then')}</Badge>}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
