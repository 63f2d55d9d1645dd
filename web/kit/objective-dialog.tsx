import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Checkbox, CheckboxGroup, Label } from 'react-aria-components'
import type { ObjectiveView } from '#core/view/objective.ts'
import { newId, type Command } from '../api.ts'
import { written } from '../form.ts'
import { zhCN } from '../locales/zh-CN.ts'
import { sessionQuery } from '../queries.ts'
import { useWords } from '../words.ts'
import { CommandForm, Dialog } from './dialog.tsx'
import { Field } from './field.tsx'
import { OrganizationField, OrganizationsField } from './organization-field.tsx'
import { useOrganizations } from './organizations.ts'
import { SelectField } from './select.tsx'
import './objective.css'

type All = readonly ObjectiveView[]
const ROOT = 'root'
const FUNCTIONS = Object.keys(zhCN)
  .filter((key) => key.startsWith('function.'))
  .map((key) => key.slice('function.'.length))
const SLUG = /^[a-z0-9](?:[a-z0-9.-]{0,62}[a-z0-9])?$/
const UNIT_EXAMPLE = '{person}, km2, %'
const YUAN = /^\d{1,15}(?:\.\d{1,2})?$/

/** What may be a parent: what is not dropped, not the thing itself and not below it. */
function parentsFor(of: ObjectiveView | undefined, all: All): All {
  const below = new Set(of === undefined ? [] : [of.id])
  for (const one of all) if (one.parent !== null && below.has(one.parent)) below.add(one.id)
  return all.filter((one) => one.status !== 'dropped' && !below.has(one.id))
}

function ParentField({
  parents,
  value,
  onChange,
}: {
  readonly parents: All
  readonly value: string
  readonly onChange: (id: string) => void
}) {
  const { t, words } = useWords()
  const choices = [
    { id: ROOT, label: t('objective.link.root') },
    ...parents.map((one) => ({ id: one.id, label: `${one.title} · ${words(one.owner.name)}` })),
  ]
  return <SelectField label={t('objective.link.parent')} choices={choices} value={value} onChange={onChange} />
}

export function LinkObjectiveDialog({ of, all, onClose }: { readonly of: ObjectiveView; readonly all: All; readonly onClose: () => void }) {
  const { t } = useWords()
  const [parent, setParent] = useState(of.parent ?? ROOT)
  return (
    <Dialog title={t('objective.link.title')} isOpen onClose={onClose}>
      <CommandForm
        room="objective"
        id={of.id}
        label={t('objective.submit')}
        onClose={onClose}
        make={() => ({ type: 'objective.link', parent: parent === ROOT ? null : parent })}
      >
        <p>{of.title}</p>
        <ParentField parents={parentsFor(of, all)} value={parent} onChange={setParent} />
      </CommandForm>
    </Dialog>
  )
}

type Draft = {
  readonly title: string
  readonly measure: string
  readonly value: string
  readonly unit: string
  readonly weight: string
  readonly owner: string | null
  readonly parent: string
  readonly functions: readonly string[]
  readonly from: string
  readonly until: string
  readonly yuan: string
  readonly fund: string
  readonly needs: string
  readonly organizations: readonly string[]
  readonly dependsOn: readonly string[]
}

const isId = (need: string): boolean => need.length === 36

const yuanOf = (amount: string): string => {
  const padded = amount.padStart(3, '0')
  const fen = padded.slice(-2)
  return fen === '00' ? padded.slice(0, -2) : `${padded.slice(0, -2)}.${fen}`
}

function draftOf(of: ObjectiveView | undefined, own: string | null, functions: readonly string[], parent: string): Draft {
  return {
    title: of?.title ?? '',
    measure: of?.measure ?? '',
    value: of?.target == null ? '' : String(of.target.value),
    unit: of?.target?.unit ?? '1',
    weight: String(of?.weight ?? 10),
    owner: of?.owner.id ?? own,
    parent: of?.parent ?? parent,
    functions: of?.functions ?? functions,
    from: of?.schedule?.from ?? '',
    until: of?.schedule?.until ?? '',
    yuan: of?.budget == null ? '' : yuanOf(of.budget.amount),
    fund: of?.fund ?? '',
    needs: (of?.needs ?? []).filter((need) => !isId(need)).join(' '),
    organizations: (of?.needs ?? []).filter(isId),
    dependsOn: of?.dependsOn ?? [],
  }
}

/** What is wrong with each field, by its name; empty where the draft can be sent. */
function faultsOf(
  draft: Draft,
): Readonly<Partial<Record<keyof Draft, 'objective.bad-number' | 'objective.bad-schedule' | 'objective.bad-code'>>> {
  const weight = Number(draft.weight)
  const dated = draft.from !== '' || draft.until !== ''
  return {
    ...(draft.value !== '' && !Number.isFinite(Number(draft.value)) ? { value: 'objective.bad-number' } : {}),
    ...(draft.weight.trim() === '' || !(weight >= 0 && weight <= 100) ? { weight: 'objective.bad-number' } : {}),
    ...(draft.yuan !== '' && !YUAN.test(draft.yuan) ? { yuan: 'objective.bad-number' } : {}),
    ...(dated && !(draft.from !== '' && draft.until >= draft.from) ? { until: 'objective.bad-schedule' } : {}),
    ...(draft.fund !== '' && !SLUG.test(draft.fund) ? { fund: 'objective.bad-code' } : {}),
    ...(codesOf(draft.needs).every((one) => SLUG.test(one)) ? {} : { needs: 'objective.bad-code' }),
  } as const
}

const codesOf = (text: string): readonly string[] => text.split(/[\s,，、]+/).filter((one) => one !== '')

function contentOf(draft: Draft, of: ObjectiveView | undefined): Command | null {
  const { owner } = draft
  const [title, measure] = [written(draft.title), written(draft.measure)]
  if (title === null || measure === null || owner === null || Object.keys(faultsOf(draft)).length > 0) return null
  const [whole = '0', part = ''] = draft.yuan.split('.')
  return {
    type: 'objective.revise',
    title,
    measure,
    target: draft.value === '' ? null : { value: Number(draft.value), unit: written(draft.unit) ?? '1' },
    weight: Number(draft.weight),
    owner,
    functions: draft.functions,
    schedule: draft.from === '' ? null : { from: draft.from, until: draft.until },
    budget: draft.yuan === '' ? null : { amount: BigInt(whole + part.padEnd(2, '0')).toString(), currency: of?.budget?.currency ?? 'CNY' },
    fund: draft.fund === '' ? null : draft.fund,
    needs: [...codesOf(draft.needs), ...draft.organizations],
    dependsOn: draft.dependsOn,
    period: of?.period ?? null,
  }
}

type ObjectiveDialogProps = {
  readonly all: All
  readonly incidentId: string | null
  readonly year: number | null
  readonly jurisdiction: string
  /** The objective to revise; left out, a new one is set. */
  readonly of?: ObjectiveView
  /** The functions that a new one begins with. */
  readonly functions?: readonly string[]
  readonly onClose: () => void
}

/** Sets an objective, or revises one: what, measured by what, kept by whom, covering which functions, when, with what. */
export function ObjectiveDialog({ all, incidentId, year, jurisdiction, of, functions = [], onClose }: ObjectiveDialogProps) {
  const { t } = useWords()
  const own = useQuery(sessionQuery).data?.post?.organization.id ?? null
  const [id] = useState(() => of?.id ?? newId())
  const root = incidentId === null ? undefined : all.find((one) => one.parent === null && one.status !== 'dropped')
  const [draft, setDraft] = useState(() => draftOf(of, own, functions, root?.id ?? ROOT))
  const change = (part: Partial<Draft>): void => setDraft({ ...draft, ...part })
  const make = (): Command | null => {
    const content = contentOf(draft, of)
    if (content === null || of !== undefined) return content
    return { ...content, type: 'objective.set', incidentId, year, jurisdiction, parent: draft.parent === ROOT ? null : draft.parent }
  }
  return (
    <Dialog title={of === undefined ? t('objective.set.title') : t('objective.revise.title')} isOpen wide onClose={onClose}>
      <CommandForm room="objective" id={id} label={t('objective.submit')} onClose={onClose} make={make}>
        <What draft={draft} change={change} />
        {of === undefined && <ParentField parents={parentsFor(of, all)} value={draft.parent} onChange={(parent) => change({ parent })} />}
        <FunctionsField value={draft.functions} onChange={(chosen) => change({ functions: chosen })} />
        <WhenAndWith draft={draft} change={change} others={all.filter((one) => one.id !== of?.id && one.status === 'open')} />
      </CommandForm>
    </Dialog>
  )
}

type Part = { readonly draft: Draft; readonly change: (part: Partial<Draft>) => void }

function What({ draft, change }: Part) {
  const { t } = useWords()
  const organizations = useOrganizations()
  const faults = faultsOf(draft)
  const wrong = (name: keyof Draft): string | undefined => (faults[name] === undefined ? undefined : t(faults[name]))
  return (
    <>
      <Field
        label={t('objective.field.title')}
        isRequired
        autoFocus
        value={draft.title}
        onChange={(title) => change({ title })}
        maxLength={200}
      />
      <Field label={t('objective.measure')} isRequired value={draft.measure} onChange={(measure) => change({ measure })} maxLength={4000} />
      <div className="objective-fields">
        <Field
          label={t('objective.field.target-value')}
          inputMode="decimal"
          value={draft.value}
          onChange={(value) => change({ value })}
          error={wrong('value')}
        />
        <Field
          label={t('objective.field.target-unit', { unit: UNIT_EXAMPLE })}
          value={draft.unit}
          onChange={(unit) => change({ unit })}
          maxLength={40}
        />
        <Field
          label={t('objective.field.weight')}
          inputMode="decimal"
          isRequired
          value={draft.weight}
          onChange={(weight) => change({ weight })}
          error={wrong('weight')}
        />
      </div>
      <OrganizationField
        label={t('objective.owner')}
        organizations={organizations}
        value={draft.owner}
        onChange={(owner) => change({ owner })}
        isRequired
      />
    </>
  )
}

function FunctionsField({ value, onChange }: { readonly value: readonly string[]; readonly onChange: (names: string[]) => void }) {
  const { t, code } = useWords()
  return (
    <CheckboxGroup className="field" value={[...value]} onChange={onChange}>
      <Label>{t('objective.functions')}</Label>
      <p className="field-help">{t('objective.functions-help')}</p>
      <div className="checks objective-functions">
        {[...new Set([...value, ...FUNCTIONS])].map((name) => (
          <Checkbox key={name} value={name} className="check">
            <span className="check-box" aria-hidden />
            {code('function', name)}
          </Checkbox>
        ))}
      </div>
    </CheckboxGroup>
  )
}

function WhenAndWith({ draft, change, others }: Part & { readonly others: All }) {
  const { t } = useWords()
  const organizations = useOrganizations()
  const faults = faultsOf(draft)
  const wrong = (name: keyof Draft): string | undefined => (faults[name] === undefined ? undefined : t(faults[name]))
  return (
    <>
      <div className="objective-fields">
        <Field label={t('objective.field.from')} type="date" value={draft.from} onChange={(from) => change({ from })} />
        <Field
          label={t('objective.field.until')}
          type="date"
          value={draft.until}
          onChange={(until) => change({ until })}
          error={wrong('until')}
        />
        <Field
          label={t('objective.field.budget')}
          inputMode="decimal"
          value={draft.yuan}
          onChange={(yuan) => change({ yuan })}
          error={wrong('yuan')}
        />
        <Field label={t('objective.field.fund')} value={draft.fund} onChange={(fund) => change({ fund })} error={wrong('fund')} />
      </div>
      <Field label={t('objective.field.needs')} value={draft.needs} onChange={(needs) => change({ needs })} error={wrong('needs')} />
      <OrganizationsField
        label={t('objective.field.needs-organizations')}
        organizations={organizations}
        value={draft.organizations}
        onChange={(chosen) => change({ organizations: chosen })}
      />
      {others.length > 0 && (
        <CheckboxGroup className="field" value={[...draft.dependsOn]} onChange={(dependsOn) => change({ dependsOn })}>
          <Label>{t('objective.depends-on')}</Label>
          <div className="checks objective-functions">
            {others.map((one) => (
              <Checkbox key={one.id} value={one.id} className="check">
                <span className="check-box" aria-hidden />
                {one.title}
              </Checkbox>
            ))}
          </div>
        </CheckboxGroup>
      )}
    </>
  )
}
