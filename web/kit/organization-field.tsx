import { IconChevronDown, IconX } from '@tabler/icons-react'
import { type ReactNode, useMemo, useState } from 'react'
import { Button as AriaButton, ComboBox, Input, Label, ListBox, ListBoxItem, Popover, Tag, TagGroup, TagList } from 'react-aria-components'
import type { OrganizationRef } from '#core/view.ts'
import { useWords } from '../words.ts'
import './obligation.css'

type Known = readonly OrganizationRef[]
type OrganizationFieldProps = {
  readonly label: ReactNode
  readonly organizations: Known
  readonly value: string | null
  readonly onChange: (id: string | null) => void
  readonly isRequired?: boolean
}

/** One organization of the directory, found by writing a part of its name. */
export function OrganizationField({ label, organizations, value, onChange, isRequired = false }: OrganizationFieldProps) {
  const { words, t } = useWords()
  const items = useMemo(() => organizations.map((one) => ({ id: one.id, name: words(one.name) })), [organizations, words])
  return (
    <ComboBox
      className="field"
      defaultItems={items}
      selectedKey={value}
      onSelectionChange={(id) => onChange(id === null ? null : String(id))}
      isRequired={isRequired}
      menuTrigger="focus"
    >
      <Label>
        {label}
        {isRequired && <small> {t('kit.required')}</small>}
      </Label>
      <div className="combo">
        <Input />
        <AriaButton className="combo-open">
          <IconChevronDown size={16} aria-hidden />
        </AriaButton>
      </div>
      <Popover className="popover">
        <ListBox className="list-box">
          {(item: { readonly id: string; readonly name: string }) => <ListBoxItem id={item.id}>{item.name}</ListBoxItem>}
        </ListBox>
      </Popover>
    </ComboBox>
  )
}

type OrganizationsFieldProps = {
  readonly label: string
  readonly organizations: Known
  readonly value: readonly string[]
  readonly onChange: (ids: readonly string[]) => void
}

/** Several organizations: each that is chosen joins the row of names below. */
export function OrganizationsField({ label, organizations, value, onChange }: OrganizationsFieldProps) {
  const { words } = useWords()
  const [round, setRound] = useState(0)
  const left = organizations.filter((one) => !value.includes(one.id))
  const chosen = organizations.filter((one) => value.includes(one.id))
  const add = (id: string | null): void => {
    if (id === null) return
    onChange([...value, id])
    // A new round empties the text that the choice left in the field.
    setRound(round + 1)
  }
  return (
    <div className="organizations-field">
      <OrganizationField key={round} label={label} organizations={left} value={null} onChange={add} />
      {chosen.length > 0 && (
        <TagGroup aria-label={label} onRemove={(keys) => onChange(value.filter((id) => !keys.has(id)))}>
          <TagList className="tags">
            {chosen.map((one) => (
              <Tag key={one.id} id={one.id} textValue={words(one.name)} className="tag">
                {words(one.name)}
                <AriaButton slot="remove" className="tag-remove">
                  <IconX size={14} aria-hidden />
                </AriaButton>
              </Tag>
            ))}
          </TagList>
        </TagGroup>
      )}
    </div>
  )
}
