import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { durationMs } from '#core/time.ts'
import type { OrganizationView } from '#core/view.ts'
import { Button, Field, SelectField } from '../kit/index.ts'
import { OrganizationField } from '../kit/organization-field.tsx'
import { useWords } from '../words.ts'
import './conduct.css'

const WITHIN = ['PT30M', 'PT1H', 'PT2H', 'PT4H', 'PT8H', 'PT12H', 'PT24H', 'PT48H', 'PT72H', 'PT168H'] as const
type Within = (typeof WITHIN)[number]
const USUAL = 'coordination'
const ITEMS_MAX = 100

/** What one organization is to do by when, while it is being written. */
export type Draft = {
  readonly key: number
  readonly debtor: string | null
  readonly act: string
  readonly within: Within
  readonly name: string
}
const blank = (key: number): Draft => ({ key, debtor: null, act: '', within: 'PT24H', name: USUAL })

export function useItems(atLeastOne: boolean) {
  const [items, setItems] = useState<readonly Draft[]>(atLeastOne ? [blank(0)] : [])
  return { items, setItems }
}

/** The items as the server takes them, their deadlines counted from now; null while one is not complete. */
export function itemsOf(drafts: readonly Draft[], now: number): readonly object[] | null {
  if (drafts.some((one) => one.debtor === null || one.act.trim() === '')) return null
  return drafts.map(({ debtor, act, within, name }) => ({
    debtor,
    act: 'decided-act',
    actWords: { 'zh-CN': act.trim(), en: act.trim() },
    function: name,
    dueAt: new Date(now + durationMs(within)).toISOString(),
    objectiveId: null,
  }))
}

type ItemsFieldProps = {
  readonly label: string
  readonly help?: string
  readonly organizations: readonly OrganizationView[]
  readonly items: readonly Draft[]
  readonly onChange: (items: readonly Draft[]) => void
}

/** Who does what by when: an item without a debtor or a date cannot be written here. */
export function ItemsField({ label, help, organizations, items, onChange }: ItemsFieldProps) {
  const { t } = useWords()
  const change = (key: number, more: Partial<Draft>): void => onChange(items.map((one) => (one.key === key ? { ...one, ...more } : one)))
  const next = Math.max(-1, ...items.map((one) => one.key)) + 1
  return (
    <fieldset className="items">
      <legend>{label}</legend>
      {help !== undefined && <p className="field-help">{help}</p>}
      {items.map((item, index) => (
        <ItemField
          key={item.key}
          number={index + 1}
          item={item}
          organizations={organizations}
          onChange={(more) => change(item.key, more)}
          onRemove={() => onChange(items.filter((one) => one.key !== item.key))}
        />
      ))}
      {items.length < ITEMS_MAX && (
        <Button onPress={() => onChange([...items, blank(next)])}>
          <IconPlus size={16} aria-hidden /> {t('decision.item-add')}
        </Button>
      )}
    </fieldset>
  )
}

type ItemFieldProps = {
  readonly number: number
  readonly item: Draft
  readonly organizations: readonly OrganizationView[]
  readonly onChange: (more: Partial<Draft>) => void
  readonly onRemove: () => void
}

function ItemField({ number, item, organizations, onChange, onRemove }: ItemFieldProps) {
  const { t, code, duration } = useWords()
  const own = organizations.find((one) => one.id === item.debtor)?.functions ?? []
  const functions = [...new Set([...own, USUAL])]
  const choose = (debtor: string | null): void => {
    const first = organizations.find((one) => one.id === debtor)?.functions[0]
    onChange({ debtor, name: first ?? USUAL })
  }
  return (
    <div className="item" role="group" aria-label={t('decision.item', { number })}>
      <div className="item-head">
        <b>{t('decision.item', { number })}</b>
        <Button variant="quiet" className="is-icon" aria-label={t('decision.item-remove', { number })} onPress={onRemove}>
          <IconTrash size={16} aria-hidden />
        </Button>
      </div>
      <OrganizationField label={t('decision.item-debtor')} organizations={organizations} value={item.debtor} onChange={choose} isRequired />
      <Field label={t('decision.item-act')} isRequired value={item.act} onChange={(act) => onChange({ act })} maxLength={1000} />
      <div className="field-pair">
        <SelectField
          label={t('decision.item-within')}
          choices={WITHIN.map((id) => ({ id, label: duration(id) }))}
          value={item.within}
          onChange={(within) => onChange({ within })}
        />
        <SelectField
          label={t('decision.item-function')}
          choices={functions.map((id) => ({ id, label: code('function', id) }))}
          value={item.name}
          onChange={(name) => onChange({ name })}
        />
      </div>
    </div>
  )
}
