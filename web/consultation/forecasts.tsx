import { useState } from 'react'
import type { ConsultationDetail, ConsultationSummary, ForecastView, ScenarioView } from '#core/view/consultation.ts'
import { useNow } from '../clock.ts'
import { ActionButton, findAction, OrganizationName, Panel } from '../kit/index.ts'
import { useWorld } from '../paths.ts'
import { useWords } from '../words.ts'
import { ForecastDialog } from './forecast-dialog.tsx'

type ForecastsProps = { readonly of: ConsultationSummary; readonly detail: ConsultationDetail; readonly zone?: string }

/** What is expected where and when, by whom, each with its alternatives; on one axis, so that one sees where they disagree about time. */
export function ForecastsPanel({ of, detail, zone }: ForecastsProps) {
  const { t } = useWords()
  const real = useWorld() === null
  const [attaching, setAttaching] = useState(false)
  const action = findAction(detail.actions, 'consultation.attach-forecast')
  const { forecasts } = detail
  const zoned = zone === undefined ? {} : { zone }
  return (
    <Panel
      title={t('consultation.forecasts')}
      note={forecasts.length === 0 ? undefined : forecasts.length}
      actions={
        real &&
        action !== null &&
        of.endedAt === null &&
        of.mine !== null && <ActionButton action={action} onPress={() => setAttaching(true)} />
      }
    >
      {forecasts.length === 0 ? (
        <p className="padded soft">{t('consultation.forecasts-none')}</p>
      ) : (
        <>
          <Axis of={forecasts} onset={of.onset} {...zoned} />
          <ul className="decision-list">
            {forecasts.map((one, index) => (
              <ForecastRow key={index} of={one} {...zoned} />
            ))}
          </ul>
        </>
      )}
      {attaching && <ForecastDialog of={of} onClose={() => setAttaching(false)} />}
    </Panel>
  )
}

type AxisProps = { readonly of: readonly ForecastView[]; readonly onset: string | null; readonly zone?: string }

/** Validity bars on a common axis of time, with now and the onset; its words are in the list below. */
function Axis({ of, onset, zone }: AxisProps) {
  const { t, short } = useWords()
  const now = useNow()
  const marks = onset === null ? [] : [Date.parse(onset)]
  const times = of.flatMap((one) => [Date.parse(one.validFrom), Date.parse(one.validUntil)])
  const [start, end] = [Math.min(...times, ...marks), Math.max(...times, ...marks)]
  const at = (ms: number): number => ((ms - start) / Math.max(1, end - start)) * 100
  const line = (ms: number, name: string) =>
    ms < start || ms > end ? null : <span className={`axis-line ${name}`} style={{ insetInlineStart: `${at(ms)}%` }} aria-hidden />
  return (
    <div className="forecast-axis padded" role="img" aria-label={t('consultation.forecast-axis')}>
      <div className="axis-ends soft">
        <span>{short(new Date(start).toISOString(), zone)}</span>
        <span>{short(new Date(end).toISOString(), zone)}</span>
      </div>
      <div className="axis-bars">
        {line(now, 'is-now')}
        {onset !== null && line(Date.parse(onset), 'is-onset')}
        {of.map((one, index) => (
          <div key={index} className="axis-row">
            <span className="axis-name">
              <OrganizationName of={one.organization} />
            </span>
            <span
              className="axis-bar"
              style={{
                insetInlineStart: `${at(Date.parse(one.validFrom))}%`,
                inlineSize: `${Math.max(1, at(Date.parse(one.validUntil)) - at(Date.parse(one.validFrom)))}%`,
              }}
            />
          </div>
        ))}
      </div>
      <div className="axis-key soft">
        <span className="key-now">{t('consultation.now')}</span>
        {onset !== null && <span className="key-onset">{t('consultation.onset')}</span>}
      </div>
    </div>
  )
}

function ForecastRow({ of, zone }: { readonly of: ForecastView; readonly zone?: string }) {
  const { t, words, short } = useWords()
  const [main, ...others] = of.scenarios
  return (
    <li className="decision-row forecast">
      <span className="decision-name">
        <OrganizationName of={of.organization} />
        <span className="soft">
          {t('consultation.forecast-valid', { from: short(of.validFrom, zone), until: short(of.validUntil, zone) })}
        </span>
      </span>
      {main !== undefined && <Scenario of={main} />}
      {others.map((one, index) => (
        <Scenario key={index} of={one} />
      ))}
      <span className="soft">
        {of.divisions.map((one) => words(one.name)).join('、')} · {of.source} · {short(of.at, zone)}
      </span>
    </li>
  )
}

function Scenario({ of }: { readonly of: ScenarioView }) {
  const { t, code, number } = useWords()
  const facts = [
    code('consultation.likelihood', of.likelihood),
    ...(of.probability === null ? [] : [t('consultation.probability', { low: of.probability.low, high: of.probability.high })]),
    ...of.quantities.map((one) =>
      t('consultation.quantity', { what: one.what, low: number(one.low), high: number(one.high), unit: one.unit }),
    ),
  ]
  return (
    <span className="scenario">
      <b>{of.name}</b> {of.text} <span className="soft">{facts.join(' · ')}</span>
    </span>
  )
}
