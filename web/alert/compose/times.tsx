import { useState } from 'react'
import type { Draft } from '#core/alert/draft.ts'
import { CapCertainty, CapResponseType, CapSeverity, CapUrgency } from '#core/cap.ts'
import { Field, Panel, SelectField } from '../../kit/index.ts'
import { InstantField } from '../../kit/instant-field.tsx'
import { instantOf, localText } from '../../kit/times.ts'
import { serverNow } from '../../clock.ts'
import { useWords } from '../../words.ts'
import { isEnding } from './settle.ts'
import type { Composing } from './state.ts'

const HOUR_MS = 3_600_000
const LENGTHS = [1, 3, 6, 12, 24, 48, 72] as const

/** When it begins and ends, by the clock of the place. */
export function TimesPanel({ of }: { readonly of: Composing }) {
  const { t, zone: zoneName } = useWords()
  const { draft, around, change } = of
  const { zone } = around
  if (isEnding(draft)) return null
  const from = draft.onset ?? new Date(serverNow()).toISOString()
  const hours = draft.expires === null ? null : (Date.parse(draft.expires) - Date.parse(from)) / HOUR_MS
  const length = LENGTHS.find((one) => one === hours)
  return (
    <Panel title={t('compose.times')} note={zoneName(zone)}>
      <div className="padded form compose-times">
        <TimeField label={t('compose.onset')} at={draft.onset} zone={zone} onChange={(onset) => change({ onset })} />
        <TimeField label={t('compose.expires')} at={draft.expires} zone={zone} onChange={(expires) => change({ expires })} />
        <SelectField
          label={t('compose.length')}
          choices={LENGTHS.map((one) => ({ id: String(one), label: t('compose.hours', { count: one }) }))}
          value={length === undefined ? null : String(length)}
          onChange={(id) => change({ onset: from, expires: new Date(Date.parse(from) + Number(id) * HOUR_MS).toISOString() })}
        />
      </div>
    </Panel>
  )
}

type TimeFieldProps = {
  readonly label: string
  readonly at: string | null
  readonly zone: string
  readonly onChange: (at: string | null) => void
}

/** Half a time, while it is being typed, stays in the field and changes nothing. */
function TimeField({ label, at, zone, onChange }: TimeFieldProps) {
  const shown = at === null ? '' : localText(at, zone)
  const [typing, setTyping] = useState<string | null>(null)
  return (
    <InstantField
      label={label}
      value={typing ?? shown}
      onChange={(text) => {
        const found = instantOf(text, zone)
        setTyping(found === null && text !== '' ? text : null)
        if (found !== null || text === '') onChange(found)
      }}
    />
  )
}

const URGENCIES = CapUrgency.options
const SEVERITIES = CapSeverity.options
const CERTAINTIES = CapCertainty.options

/** How the machines of others sort it: the template says, a person may correct. */
export function CapPanel({ of: { draft, change } }: { readonly of: Composing }) {
  const { t } = useWords()
  const toggle = (one: Draft['responseTypes'][number]): void =>
    change({
      responseTypes: draft.responseTypes.includes(one)
        ? draft.responseTypes.filter((other) => other !== one)
        : [...draft.responseTypes, one],
    })
  return (
    <Panel
      title={t('compose.cap')}
      folded
      note={`${t(`compose.urgency.${draft.urgency}`)} · ${t(`compose.severity.${draft.severity}`)} · ${t(`compose.certainty.${draft.certainty}`)}`}
    >
      <div className="padded form compose-cap">
        <SelectField
          label={t('compose.urgency')}
          choices={URGENCIES.map((id) => ({ id, label: t(`compose.urgency.${id}`) }))}
          value={draft.urgency}
          onChange={(urgency) => change({ urgency })}
        />
        <SelectField
          label={t('compose.severity')}
          choices={SEVERITIES.map((id) => ({ id, label: t(`compose.severity.${id}`) }))}
          value={draft.severity}
          onChange={(severity) => change({ severity })}
        />
        <SelectField
          label={t('compose.certainty')}
          choices={CERTAINTIES.map((id) => ({ id, label: t(`compose.certainty.${id}`) }))}
          value={draft.certainty}
          onChange={(certainty) => change({ certainty })}
        />
        <fieldset className="compose-responses">
          <legend>{t('compose.responses')}</legend>
          {CapResponseType.options.map((one) => (
            <label key={one}>
              <input type="checkbox" checked={draft.responseTypes.includes(one)} onChange={() => toggle(one)} />{' '}
              {t(`compose.response.${one}`)}
            </label>
          ))}
        </fieldset>
        <Field label={t('compose.web')} value={draft.web} onChange={(web) => change({ web })} maxLength={400} inputMode="url" />
      </div>
    </Panel>
  )
}
