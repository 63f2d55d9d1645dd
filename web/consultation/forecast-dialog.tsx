import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { ConsultationSummary } from '#core/view/consultation.ts'
import type { Command } from '../api.ts'
import { useNow } from '../clock.ts'
import { Button, CommandForm, Dialog, Field, SelectField } from '../kit/index.ts'
import { InstantField } from '../kit/instant-field.tsx'
import { instantOf, localText } from '../kit/times.ts'
import { HOME_ZONE, useWords } from '../words.ts'

const LIKELIHOODS = ['observed', 'likely', 'possible', 'unlikely', 'unknown'] as const
const SCENARIOS_MAX = 5
const DAY_MS = 24 * 3_600_000

type Draft = {
  readonly name: string
  readonly likelihood: (typeof LIKELIHOODS)[number]
  readonly low: string
  readonly high: string
  readonly text: string
  readonly what: string
  readonly least: string
  readonly most: string
  readonly unit: string
}
const NUMBER = /^-?\d+(?:\.\d+)?$/

/** The scenario as the command takes it; null while it is not complete. */
function scenarioOf({ name, likelihood, low, high, text, what, least, most, unit }: Draft): object | null {
  if (name.trim() === '' || text.trim() === '') return null
  const numbers = NUMBER.test(low) && NUMBER.test(high)
  const quantity = what.trim() !== '' && NUMBER.test(least) && NUMBER.test(most) && unit.trim() !== ''
  return {
    name: name.trim(),
    likelihood,
    probability: numbers ? { low: Number(low), high: Number(high) } : null,
    text: text.trim(),
    quantities: quantity ? [{ what: what.trim(), low: Number(least), high: Number(most), unit: unit.trim() }] : [],
  }
}

const blank = (name: string): Draft => ({
  name,
  likelihood: 'likely',
  low: '',
  high: '',
  text: '',
  what: '',
  least: '',
  most: '',
  unit: '',
})

/** A forecast: from when until when, where, from whom, and what is expected, with alternatives. */
export function ForecastDialog({ of, onClose }: { readonly of: ConsultationSummary; readonly onClose: () => void }) {
  const { t } = useWords()
  const now = useNow()
  const zone = of.zone ?? HOME_ZONE
  const [from, setFrom] = useState(() => localText(new Date(now).toISOString(), zone))
  const [until, setUntil] = useState(() => localText(new Date(now + DAY_MS).toISOString(), zone))
  const [divisions, setDivisions] = useState(of.jurisdiction.code)
  const [source, setSource] = useState('')
  const [scenarios, setScenarios] = useState<readonly Draft[]>([blank(t('consultation.scenario-main'))])
  const make = (): Command | null => {
    const [validFrom, validUntil] = [instantOf(from, zone), instantOf(until, zone)]
    const codes = divisions.split(/[\s,，、]+/).filter((one) => one !== '')
    const told = scenarios.map(scenarioOf)
    if (validFrom === null || validUntil === null || source.trim() === '' || codes.length === 0 || told.includes(null)) return null
    return { type: 'consultation.attach-forecast', validFrom, validUntil, divisions: codes, source: source.trim(), scenarios: told }
  }
  return (
    <Dialog title={t('consultation.forecast-attach')} isOpen wide onClose={onClose}>
      <CommandForm room="consultation" id={of.id} label={t('consultation.submit')} onClose={onClose} make={make}>
        <div className="field-pair">
          <InstantField label={t('consultation.forecast-from')} isRequired value={from} onChange={setFrom} />
          <InstantField label={t('consultation.forecast-until')} isRequired value={until} onChange={setUntil} />
        </div>
        <Field label={t('consultation.forecast-source')} isRequired autoFocus value={source} onChange={setSource} maxLength={500} />
        <Field label={t('consultation.forecast-divisions')} isRequired value={divisions} onChange={setDivisions} maxLength={1600} />
        {scenarios.map((one, index) => (
          <ScenarioFields
            key={index}
            of={one}
            number={index + 1}
            onChange={(more) => setScenarios(scenarios.map((other, i) => (i === index ? { ...other, ...more } : other)))}
            onRemove={index === 0 ? null : () => setScenarios(scenarios.filter((_, i) => i !== index))}
          />
        ))}
        {scenarios.length < SCENARIOS_MAX && (
          <Button onPress={() => setScenarios([...scenarios, { ...blank(t('consultation.scenario-other')), likelihood: 'possible' }])}>
            <IconPlus size={16} aria-hidden /> {t('consultation.scenario-add')}
          </Button>
        )}
      </CommandForm>
    </Dialog>
  )
}

type ScenarioProps = {
  readonly of: Draft
  readonly number: number
  readonly onChange: (more: Partial<Draft>) => void
  /** Null: the main scenario stays. */
  readonly onRemove: (() => void) | null
}

function ScenarioFields({ of, number, onChange, onRemove }: ScenarioProps) {
  const { t, code } = useWords()
  return (
    <fieldset className="item scenario-fields">
      <legend className="for-readers">
        {t('consultation.scenario')} {number}
      </legend>
      {onRemove !== null && (
        <Button
          variant="quiet"
          className="is-icon scenario-remove"
          aria-label={t('consultation.scenario-remove', { number })}
          onPress={onRemove}
        >
          <IconTrash size={16} aria-hidden />
        </Button>
      )}
      <Field label={t('consultation.scenario-name')} isRequired value={of.name} onChange={(name) => onChange({ name })} maxLength={100} />
      <Field
        label={t('consultation.scenario-text')}
        lines={2}
        isRequired
        value={of.text}
        onChange={(text) => onChange({ text })}
        maxLength={4000}
      />
      <SelectField
        label={t('consultation.likelihood')}
        choices={LIKELIHOODS.map((id) => ({ id, label: code('consultation.likelihood', id) }))}
        value={of.likelihood}
        onChange={(likelihood) => onChange({ likelihood })}
      />
      <div className="field-pair">
        <Field label={t('consultation.probability-low')} value={of.low} onChange={(low) => onChange({ low })} maxLength={6} />
        <Field label={t('consultation.probability-high')} value={of.high} onChange={(high) => onChange({ high })} maxLength={6} />
      </div>
      <Field label={t('consultation.quantity-what')} value={of.what} onChange={(what) => onChange({ what })} maxLength={100} />
      <div className="field-three">
        <Field label={t('consultation.quantity-low')} value={of.least} onChange={(least) => onChange({ least })} maxLength={12} />
        <Field label={t('consultation.quantity-high')} value={of.most} onChange={(most) => onChange({ most })} maxLength={12} />
        <Field label={t('consultation.quantity-unit')} value={of.unit} onChange={(unit) => onChange({ unit })} maxLength={40} />
      </div>
    </fieldset>
  )
}
