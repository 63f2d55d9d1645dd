import type { ReactNode } from 'react'
import { durationMs } from '#core/time.ts'
import { useWords } from '../words.ts'
import { Field } from './field.tsx'
import { SelectField } from './select.tsx'

type InstantFieldProps = {
  readonly label: ReactNode
  readonly help?: ReactNode
  /** As the field holds it, `2026-11-22T03:40` of the zone's clock: see `times.ts`. */
  readonly value: string
  readonly onChange: (text: string) => void
  readonly isRequired?: boolean
}

/** A day and a time of the wall clock. */
export function InstantField({ label, help, value, onChange, isRequired = false }: InstantFieldProps) {
  return (
    <Field
      label={label}
      type="datetime-local"
      value={value}
      onChange={onChange}
      isRequired={isRequired}
      {...(help === undefined ? {} : { help })}
    />
  )
}

const UNSET = 'unset'

type WithinFieldProps = {
  readonly label: ReactNode
  /** ISO 8601 durations to choose from, in whole minutes. */
  readonly choices: readonly string[]
  /** The words for no time at all. */
  readonly none: string
  readonly value: string | null
  readonly onChange: (duration: string | null) => void
}

/** Within how long, or not said. */
export function WithinField({ label, choices, none, value, onChange }: WithinFieldProps) {
  const { t } = useWords()
  const words = (within: string): string => {
    const minutes = durationMs(within) / 60_000
    return minutes % 60 === 0 ? t('obligation.within-hours', { count: minutes / 60 }) : t('obligation.within-minutes', { count: minutes })
  }
  return (
    <SelectField
      label={label}
      choices={[{ id: UNSET, label: none }, ...choices.map((id) => ({ id, label: words(id) }))]}
      value={value ?? UNSET}
      onChange={(id) => onChange(id === UNSET ? null : id)}
    />
  )
}
