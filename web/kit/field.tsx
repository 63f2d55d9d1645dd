import type { ReactNode } from 'react'
import { FieldError, Input, Label, Text, TextArea, TextField, type TextFieldProps } from 'react-aria-components'
import { useWords } from '../words.ts'

type FieldProps = Omit<TextFieldProps, 'children' | 'className'> & {
  readonly label: ReactNode
  readonly help?: ReactNode
  readonly error?: ReactNode
  /** More than one line. */
  readonly lines?: number
  readonly placeholder?: string
}

/** A labelled text field. `error` marks it wrong and is read out. */
export function Field({ label, help, error, lines, placeholder, ...rest }: FieldProps) {
  const { t } = useWords()
  return (
    <TextField {...rest} className="field" isInvalid={error !== undefined && error !== null}>
      <Label>
        {label}
        {rest.isRequired === true && <small> {t('kit.required')}</small>}
      </Label>
      {lines === undefined ? <Input placeholder={placeholder ?? ''} /> : <TextArea rows={lines} placeholder={placeholder ?? ''} />}
      {help !== undefined && (
        <Text slot="description" className="field-help">
          {help}
        </Text>
      )}
      <FieldError className="field-error">{error}</FieldError>
    </TextField>
  )
}
