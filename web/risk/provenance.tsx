import type { Confidence } from '#core/risk.ts'
import { serverNow } from '../clock.ts'
import { written } from '../form.ts'
import { Field, SelectField } from '../kit/index.ts'
import { InstantField } from '../kit/instant-field.tsx'
import { instantOf, localText } from '../kit/times.ts'
import { HOME_ZONE, useWords } from '../words.ts'

/** Whence a fact is known, as the form holds it. */
export type Whence = { readonly source: string; readonly asOf: string; readonly confidence: Confidence }
export const newWhence = (): Whence => ({
  source: '',
  asOf: localText(new Date(serverNow()).toISOString(), HOME_ZONE),
  confidence: 'confirmed',
})

/** Null while the source or the time is missing. */
export function whenceOf({ source, asOf, confidence }: Whence): { source: string; asOfAt: string; confidence: Confidence } | null {
  const [said, asOfAt] = [written(source), instantOf(asOf, HOME_ZONE)]
  return said === null || asOfAt === null ? null : { source: said, asOfAt, confidence }
}

const CONFIDENCES = ['confirmed', 'reported', 'estimated'] as const

export function WhenceFields({ value, onChange }: { readonly value: Whence; readonly onChange: (value: Whence) => void }) {
  const { t, code } = useWords()
  return (
    <>
      <Field
        label={t('risk.ask.source')}
        isRequired
        value={value.source}
        onChange={(source) => onChange({ ...value, source })}
        maxLength={200}
      />
      <div className="field-pair">
        <InstantField label={t('risk.ask.as-of')} isRequired value={value.asOf} onChange={(asOf) => onChange({ ...value, asOf })} />
        <SelectField<Confidence>
          label={t('risk.ask.confidence')}
          choices={CONFIDENCES.map((id) => ({ id, label: code('risk.confidence', id) }))}
          value={value.confidence}
          onChange={(confidence) => onChange({ ...value, confidence })}
        />
      </div>
    </>
  )
}

/** `120` people, or `unknown` with who said so; null where nothing was written. */
export function countOf(text: string, source: string): number | { unknown: string } | null {
  const said = written(text)
  return said === null ? null : /^\d{1,8}$/.test(said) ? Number(said) : { unknown: source }
}
