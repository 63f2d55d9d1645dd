import { IconChevronDown } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Button as AriaButton, Label, ListBox, ListBoxItem, Popover, Select as AriaSelect, SelectValue } from 'react-aria-components'

export type Choice<Id extends string = string> = { readonly id: Id; readonly label: string }
type SelectFieldProps<Id extends string> = {
  readonly label: ReactNode
  readonly choices: readonly Choice<Id>[]
  readonly value: Id | null
  readonly onChange: (id: Id) => void
  readonly placeholder?: string
}

/** A labelled choice of one among few. */
export function SelectField<Id extends string>({ label, choices, value, onChange, placeholder }: SelectFieldProps<Id>) {
  return (
    <AriaSelect className="field" value={value} onChange={(id) => onChange(String(id) as Id)} placeholder={placeholder ?? '—'}>
      <Label>{label}</Label>
      <AriaButton className="select">
        <SelectValue />
        <IconChevronDown size={16} aria-hidden />
      </AriaButton>
      <Popover className="popover">
        <ListBox className="list-box" items={choices}>
          {(choice) => <ListBoxItem id={choice.id}>{choice.label}</ListBoxItem>}
        </ListBox>
      </Popover>
    </AriaSelect>
  )
}
