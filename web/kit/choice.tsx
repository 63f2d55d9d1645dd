import type { ReactNode } from 'react'
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components'

type ChipsProps<Id extends string> = {
  readonly label: string
  readonly choices: readonly { readonly id: Id; readonly label: ReactNode }[]
  readonly value: Id
  readonly onChange: (id: Id) => void
}

/** One of a few, all in sight: filters, and the first question of a form. */
export function Chips<Id extends string>({ label, choices, value, onChange }: ChipsProps<Id>) {
  return (
    <ToggleButtonGroup
      className="chips"
      aria-label={label}
      disallowEmptySelection
      selectedKeys={[value]}
      onSelectionChange={(keys) => {
        const [first] = keys
        if (first !== undefined) onChange(String(first) as Id)
      }}
    >
      {choices.map((choice) => (
        <ToggleButton key={choice.id} id={choice.id} className="chip">
          {choice.label}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  )
}
