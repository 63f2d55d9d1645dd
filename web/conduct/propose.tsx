import { useState } from 'react'
import { newId, type Command } from '../api.ts'
import { useNow } from '../clock.ts'
import { Chips, CommandForm, Dialog, Field, SelectField } from '../kit/index.ts'
import { OrganizationsField } from '../kit/organization-field.tsx'
import { useWords } from '../words.ts'
import { ItemsField, itemsOf, useItems } from './items-field.tsx'
import { useOrganizations } from '../kit/organizations.ts'

const MATTERS = ['evacuation', 'response-level', 'requisition', 'mutual-aid', 'publication', 'closure', 'other'] as const
const PATHS = ['ordinary', 'emergency'] as const

export type ProposeProps = {
  readonly incidentId: string | null
  readonly headquartersId: string | null
  /** Those who are asked unless one says otherwise. */
  readonly asked: readonly string[]
  /** The emergency path was declared in the incident. */
  readonly emergency: boolean
  readonly onClose: () => void
}

/** A joint decision: what, who is heard and in which order, who does what by when. */
export function ProposeDialog({ incidentId, headquartersId, asked, emergency, onClose }: ProposeProps) {
  const { t, code } = useWords()
  const now = useNow()
  const organizations = useOrganizations()
  const [id] = useState(newId)
  const [title, setTitle] = useState('')
  const [text, setText] = useState('')
  const [matter, setMatter] = useState<(typeof MATTERS)[number]>('evacuation')
  const [path, setPath] = useState<(typeof PATHS)[number]>('ordinary')
  const [members, setMembers] = useState<readonly string[]>(asked)
  const [order, setOrder] = useState<'at-once' | 'in-order'>('at-once')
  const { items, setItems } = useItems(true)
  const make = (): Command | null => {
    const laid = itemsOf(items, now)
    if (title.trim() === '' || text.trim() === '' || laid === null || laid.length === 0) return null
    return {
      type: 'decision.propose',
      incidentId,
      headquartersId,
      title: title.trim(),
      text: text.trim(),
      matter,
      path,
      members,
      inOrder: order === 'in-order',
      items: laid,
    }
  }
  return (
    <Dialog title={t('decision.propose')} isOpen wide onClose={onClose}>
      <CommandForm room="decision" id={id} label={t('decision.submit')} onClose={onClose} make={make}>
        <Field label={t('decision.name')} isRequired autoFocus value={title} onChange={setTitle} maxLength={200} />
        <Field label={t('decision.text')} lines={3} isRequired value={text} onChange={setText} maxLength={8000} />
        <SelectField
          label={t('decision.matter')}
          choices={MATTERS.map((one) => ({ id: one, label: code('decision.matter', one) }))}
          value={matter}
          onChange={setMatter}
        />
        {emergency && <PathField value={path} onChange={setPath} />}
        <OrganizationsField label={t('decision.members')} organizations={organizations} value={members} onChange={setMembers} />
        <p className="field-help">{t('decision.members-help')}</p>
        <Chips
          label={t('decision.members')}
          choices={[
            { id: 'at-once', label: t('decision.at-once') },
            { id: 'in-order', label: t('decision.in-order') },
          ]}
          value={order}
          onChange={setOrder}
        />
        <ItemsField
          label={t('decision.items')}
          help={t('decision.items-help')}
          organizations={organizations}
          items={items}
          onChange={setItems}
        />
      </CommandForm>
    </Dialog>
  )
}

type Path = (typeof PATHS)[number]

function PathField({ value, onChange }: { readonly value: Path; readonly onChange: (path: Path) => void }) {
  const { t, code } = useWords()
  return (
    <div className="field">
      <span>{t('decision.path')}</span>
      <Chips
        label={t('decision.path')}
        choices={PATHS.map((one) => ({ id: one, label: code('decision.path', one) }))}
        value={value}
        onChange={onChange}
      />
      <p className="field-help">{t('decision.path-help')}</p>
    </div>
  )
}
