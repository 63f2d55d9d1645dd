import { IconPlus, IconTrash } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import type { OrganizationRef } from '#core/view.ts'
import type { BodyView } from '#core/view/headquarters.ts'
import type { Command } from '../api.ts'
import { useOrganizations } from '../kit/organizations.ts'
import { Button, CommandForm, Dialog, Field, SelectField } from '../kit/index.ts'
import { useWords } from '../words.ts'
import '../conduct/conduct.css'

type Aim = { readonly code: string; readonly text: string; readonly parent: string }
type Led = { readonly name: string; readonly lead: string }
type Term = { readonly term: string; readonly means: string }
const TOP = 'top'
const NOBODY = 'nobody'
/** Functions that a body usually divides among its members, beside those that they hold already. */
const COMMON = ['coordination', 'fire-rescue', 'health', 'public-security', 'transport', 'commerce', 'publicity', 'society-coordination']

type RowsProps<Row> = {
  readonly legend: string
  readonly rows: readonly Row[]
  readonly blank: () => Row
  readonly onChange: (rows: readonly Row[]) => void
  readonly fields: (row: Row, change: (more: Partial<Row>) => void, index: number) => ReactNode
}

function Rows<Row>({ legend, rows, blank, onChange, fields }: RowsProps<Row>) {
  const { t } = useWords()
  return (
    <fieldset className="items">
      <legend>{legend}</legend>
      {rows.map((row, index) => (
        <div key={index} className="wizard-row">
          {fields(row, (more) => onChange(rows.map((one, i) => (i === index ? { ...one, ...more } : one))), index)}
          <Button
            variant="quiet"
            className="is-icon"
            aria-label={`${t('headquarters.remove')} ${legend} ${index + 1}`}
            onPress={() => onChange(rows.filter((_, i) => i !== index))}
          >
            <IconTrash size={16} aria-hidden />
          </Button>
        </div>
      ))}
      <Button onPress={() => onChange([...rows, blank()])}>
        <IconPlus size={16} aria-hidden /> {t('headquarters.add')}
      </Button>
    </fieldset>
  )
}

/** The goals and words of a body, step by step: without objectives and one lead for each function it is not activated. */
export function PurposeDialog({ of, onClose }: { readonly of: BodyView; readonly onClose: () => void }) {
  const { t, words, code } = useWords()
  const directory = useOrganizations()
  const members = of.seats.filter((one) => one.seat === 'member').map((one) => one.organization)
  const held = members.flatMap((one) => directory.find((known) => known.id === one.id)?.functions ?? [])
  const [aims, setAims] = useState<readonly Aim[]>(
    of.objectives.length === 0
      ? [{ code: 'aim-1', text: '', parent: TOP }]
      : of.objectives.map((one) => ({ code: one.code, text: words(one.words), parent: one.parent ?? TOP })),
  )
  const [led, setLed] = useState<readonly Led[]>(of.functions.map((one) => ({ name: one.function, lead: one.lead?.id ?? NOBODY })))
  const [terms, setTerms] = useState<readonly Term[]>(of.terms.map((one) => ({ term: one.term, means: words(one.means) })))
  const functions = [...new Set([...led.map((one) => one.name), ...held, ...COMMON])]
  const both = (text: string) => ({ 'zh-CN': text.trim(), en: text.trim() })
  const make = (): Command => {
    const kept = aims.filter((one) => one.text.trim() !== '')
    return {
      type: 'headquarters.set-purpose',
      // Words that were kept in both languages and are not changed stay as they are.
      objectives: kept.map((one) => ({
        code: one.code,
        words: of.objectives.find((known) => known.code === one.code && words(known.words) === one.text.trim())?.words ?? both(one.text),
        parent: one.parent === TOP ? null : one.parent,
      })),
      functions: led.map((one) => ({ function: one.name, lead: one.lead === NOBODY ? null : one.lead })),
      terms: terms
        .filter((one) => one.term.trim() !== '' && one.means.trim() !== '')
        .map((one) => ({
          term: one.term.trim(),
          means:
            of.terms.find((known) => known.term === one.term.trim() && words(known.means) === one.means.trim())?.means ?? both(one.means),
        })),
    }
  }
  return (
    <Dialog title={code('command', 'headquarters.set-purpose')} isOpen wide onClose={onClose}>
      <CommandForm room="headquarters" id={of.id} label={t('headquarters.submit')} onClose={onClose} make={make}>
        <AimsStep aims={aims} onChange={setAims} />
        <LedStep led={led} functions={functions} members={members} onChange={setLed} />
        <TermsStep terms={terms} onChange={setTerms} />
      </CommandForm>
    </Dialog>
  )
}

const nextNumber = (aims: readonly Aim[]): number => Math.max(0, ...aims.map((one) => Number(/^aim-(\d+)$/.exec(one.code)?.[1] ?? 0))) + 1

function AimsStep({ aims, onChange }: { readonly aims: readonly Aim[]; readonly onChange: (aims: readonly Aim[]) => void }) {
  const { t } = useWords()
  const above = (index: number) => aims.slice(0, index).map((one) => ({ id: one.code, label: one.text === '' ? one.code : one.text }))
  return (
    <Rows
      legend={t('headquarters.step-objectives')}
      rows={aims}
      blank={() => ({ code: `aim-${nextNumber(aims)}`, text: '', parent: TOP })}
      onChange={onChange}
      fields={(row, change, index) => (
        <>
          <Field label={t('headquarters.objective-words')} value={row.text} onChange={(text) => change({ text })} maxLength={1000} />
          <SelectField
            label={t('headquarters.objective-under')}
            choices={[{ id: TOP, label: t('headquarters.objective-top') }, ...above(index)]}
            value={row.parent}
            onChange={(parent) => change({ parent })}
          />
        </>
      )}
    />
  )
}

type LedStepProps = {
  readonly led: readonly Led[]
  readonly functions: readonly string[]
  readonly members: readonly OrganizationRef[]
  readonly onChange: (led: readonly Led[]) => void
}

function LedStep({ led, functions, members, onChange }: LedStepProps) {
  const { t, words, code } = useWords()
  const free = functions.find((name) => !led.some((one) => one.name === name)) ?? 'coordination'
  return (
    <Rows
      legend={t('headquarters.step-functions')}
      rows={led}
      blank={() => ({ name: free, lead: NOBODY })}
      onChange={onChange}
      fields={(row, change) => (
        <>
          <SelectField
            label={t('headquarters.function')}
            choices={functions.map((id) => ({ id, label: code('function', id) }))}
            value={row.name}
            onChange={(name) => change({ name })}
          />
          <SelectField
            label={t('headquarters.lead')}
            choices={[{ id: NOBODY, label: t('headquarters.no-lead') }, ...members.map((one) => ({ id: one.id, label: words(one.name) }))]}
            value={row.lead}
            onChange={(lead) => change({ lead })}
          />
        </>
      )}
    />
  )
}

function TermsStep({ terms, onChange }: { readonly terms: readonly Term[]; readonly onChange: (terms: readonly Term[]) => void }) {
  const { t } = useWords()
  return (
    <Rows
      legend={t('headquarters.step-terms')}
      rows={terms}
      blank={() => ({ term: '', means: '' })}
      onChange={onChange}
      fields={(row, change) => (
        <>
          <Field label={t('headquarters.term')} value={row.term} onChange={(term) => change({ term })} maxLength={100} />
          <Field label={t('headquarters.term-means')} value={row.means} onChange={(means) => change({ means })} maxLength={2000} />
        </>
      )}
    />
  )
}
