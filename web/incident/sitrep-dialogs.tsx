import { IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { IncidentView, OrganizationView, SitrepView } from '#core/view.ts'
import { newId, type Command } from '../api.ts'
import { Button, CommandForm, Dialog, Field, SelectField } from '../kit/index.ts'
import { OrganizationField } from '../kit/organization-field.tsx'
import { sessionQuery } from '../queries.ts'
import { useWords } from '../words.ts'
import { useOrganizations } from '../kit/organizations.ts'
import { latestOf, shownValue } from './facts.ts'
import { instantOf, localText } from '../kit/times.ts'

type Fact = SitrepView['facts'][number]
/** `was`: the fact of the last report that it was begun from. */
type Draft = { readonly key: string; readonly value: string; readonly unit: string; readonly source: string; readonly was: Fact | null }

/** When it was so: as the form says; else, taken over unchanged, as old as it was; else now. */
function asOfDraft({ value, source, was }: Draft, at: string | null): { readonly occurredAt?: string } {
  if (at !== null) return { occurredAt: at }
  return was !== null && valueOf(value) === was.value && source.trim() === was.source ? { occurredAt: was.occurredAt } : {}
}

const FACT_KEYS = [
  'dead',
  'missing',
  'injured',
  'serious',
  'in-hospital',
  'evacuated',
  'trapped',
  'affected',
  'people',
  'teams',
  'vehicles',
  'wind',
  'water-level',
  'collapsed-houses',
  'damaged-houses',
  'power-out',
  'loss',
  'situation',
] as const
const FACTS_MAX = 60

/** A plain number becomes a number, so that reports compare; anything else stays text. */
const valueOf = (text: string): string | number => (/^-?\d{1,15}(?:\.\d{1,6})?$/.test(text.trim()) ? Number(text.trim()) : text.trim())
const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim())

/** Steps up from an organization, at most; the directory is never as deep. */
const SUPERIORS_MAX = 16

/** The superiors between the one who reports and the one who is told; none where the two are not above one another. */
function passedOver(all: readonly OrganizationView[], from: string | null, to: string | null): readonly OrganizationView[] {
  const skipped: OrganizationView[] = []
  let at = all.find((one) => one.id === from)?.superior ?? null
  for (let step = 0; at !== null && step < SUPERIORS_MAX; step++) {
    if (at.id === to) return skipped
    const superior = all.find((one) => one.id === at?.id)
    if (superior === undefined) return []
    skipped.push(superior)
    at = superior.superior
  }
  return []
}

const KINDS = ['initial', 'follow-up', 'final'] as const

/** A new report, begun from the last one: nothing is entered twice. */
export function FileDialog({ incident, onClose }: { readonly incident: IncidentView; readonly onClose: () => void }) {
  const { t, code } = useWords()
  const organizations = useOrganizations()
  const last = latestOf(incident.sitreps)
  const [id] = useState(newId)
  const [kind, setKind] = useState<string>(last === null ? 'initial' : 'follow-up')
  const own = useQuery(sessionQuery).data?.post?.organization.id ?? null
  // The last report may have come to us; ours then goes elsewhere.
  const [to, setTo] = useState<string | null>(last?.to == null || last.to.id === own ? null : last.to.id)
  const skipped = passedOver(organizations, own, to)
  const [skipReason, setSkipReason] = useState('')
  const [summary, setSummary] = useState(last?.summary ?? '')
  const [asOf, setAsOf] = useState('')
  const [facts, setFacts] = useState<readonly Draft[]>(() =>
    (last?.facts ?? []).map((was) => ({ key: was.key, value: String(was.value), unit: was.unit ?? '', source: was.source, was })),
  )
  const at = instantOf(asOf, incident.zone)
  const wrongTime = asOf.trim() !== '' && at === null
  const make = (): Command | null => {
    const complete = facts.every((fact) => fact.value.trim() !== '' && fact.source.trim() !== '')
    if (summary.trim() === '' || !complete || wrongTime || (skipped.length > 0 && skipReason.trim() === '')) return null
    const said = facts.map((fact) => ({
      key: fact.key,
      value: valueOf(fact.value),
      unit: orNull(fact.unit),
      source: fact.source.trim(),
      ...asOfDraft(fact, at),
    }))
    const filed = { type: 'sitrep.file', incidentId: incident.id, kind, to, summary: summary.trim(), facts: said }
    return skipped.length === 0 ? filed : { ...filed, skipReason: skipReason.trim() }
  }
  return (
    <Dialog title={t('incident.action.sitrep.file')} isOpen wide onClose={onClose}>
      <CommandForm room="sitrep" id={id} label={t('incident.submit')} onClose={onClose} make={make}>
        <SelectField
          label={t('incident.file.kind')}
          choices={KINDS.map((one) => ({ id: one as string, label: code('sitrep', one) }))}
          value={kind}
          onChange={setKind}
        />
        <OrganizationField label={t('incident.file.to')} organizations={organizations} value={to} onChange={setTo} />
        {skipped.length > 0 && <SkipReason skipped={skipped} value={skipReason} onChange={setSkipReason} />}
        <Field label={t('incident.file.summary')} lines={4} isRequired value={summary} onChange={setSummary} maxLength={8000} />
        <Field
          type="datetime-local"
          label={t('incident.file.occurred-at')}
          help={t('incident.file.occurred-at-help')}
          value={asOf}
          onChange={setAsOf}
        />
        <Facts title={last === null ? t('incident.file.facts-first') : t('incident.file.facts')} facts={facts} onChange={setFacts} />
      </CommandForm>
    </Dialog>
  )
}

type SkipProps = { readonly skipped: readonly OrganizationView[]; readonly value: string; readonly onChange: (text: string) => void }

/** Past the direct superior one reports only where necessary, and says why (Emergency Response Law art. 17). */
function SkipReason({ skipped, value, onChange }: SkipProps) {
  const { t, words } = useWords()
  const who = skipped.map((one) => words(one.name)).join(t('instrument.list'))
  return (
    <Field
      label={t('incident.file.skip-reason')}
      help={t('incident.file.skip-help', { who })}
      lines={2}
      isRequired
      value={value}
      onChange={onChange}
      maxLength={2000}
    />
  )
}

type FactsProps = { readonly title: string; readonly facts: readonly Draft[]; readonly onChange: (facts: readonly Draft[]) => void }

function Facts({ title, facts, onChange }: FactsProps) {
  const { t, code } = useWords()
  const change = (index: number, part: Partial<Draft>): void =>
    onChange(facts.map((fact, at) => (at === index ? { ...fact, ...part } : fact)))
  const left = FACT_KEYS.filter((key) => !facts.some((fact) => fact.key === key))
  const add = (key: string): void => onChange([...facts, { key, value: '', unit: '', source: facts.at(-1)?.source ?? '', was: null }])
  return (
    <fieldset className="facts">
      <legend>{title}</legend>
      {facts.map((fact, index) => (
        <div key={fact.key} className="fact-draft" role="group" aria-label={code('fact', fact.key)}>
          <b>{code('fact', fact.key)}</b>
          <Field
            label={t('incident.file.value')}
            isRequired
            value={fact.value}
            onChange={(value) => change(index, { value })}
            maxLength={1000}
          />
          <Field label={t('incident.file.unit')} value={fact.unit} onChange={(unit) => change(index, { unit })} maxLength={20} />
          <Field
            label={t('incident.file.source')}
            isRequired
            value={fact.source}
            onChange={(source) => change(index, { source })}
            maxLength={400}
          />
          <Button
            variant="quiet"
            className="is-icon"
            aria-label={`${t('incident.file.remove-fact')} ${code('fact', fact.key)}`}
            onPress={() => onChange(facts.filter((_, at) => at !== index))}
          >
            <IconTrash size={17} aria-hidden />
          </Button>
        </div>
      ))}
      {facts.length < FACTS_MAX && left.length > 0 && (
        <SelectField
          key={facts.length}
          label={t('incident.file.add-fact')}
          choices={left.map((key) => ({ id: key as string, label: code('fact', key) }))}
          value={null}
          onChange={add}
        />
      )}
    </fieldset>
  )
}

type CorrectProps = { readonly sitrep: SitrepView; readonly fact: Fact; readonly zone: string; readonly onClose: () => void }

/** Corrects one fact. The old value stays in the report, struck through, with the reason. */
export function CorrectDialog({ sitrep, fact, zone, onClose }: CorrectProps) {
  const words = useWords()
  const { t, code } = words
  const [value, setValue] = useState(String(fact.value))
  const [unit, setUnit] = useState(fact.unit ?? '')
  const [source, setSource] = useState(fact.source)
  const [asOf, setAsOf] = useState(localText(fact.occurredAt, zone))
  const [reason, setReason] = useState('')
  const make = (): Command | null => {
    const unchanged = asOf === localText(fact.occurredAt, zone)
    const at = unchanged ? fact.occurredAt : instantOf(asOf, zone)
    if (value.trim() === '' || source.trim() === '' || reason.trim() === '' || at === null) return null
    return {
      type: 'sitrep.correct',
      key: fact.key,
      value: valueOf(value),
      unit: orNull(unit),
      source: source.trim(),
      occurredAt: at,
      reason: reason.trim(),
    }
  }
  return (
    <Dialog title={`${t('incident.action.sitrep.correct')} · ${code('fact', fact.key)}`} isOpen onClose={onClose}>
      <CommandForm room="sitrep" id={sitrep.id} label={t('incident.submit')} onClose={onClose} make={make}>
        <p className="soft">{t('incident.correct.old', { value: shownValue(fact.value, fact.unit, words) })}</p>
        <Field label={t('incident.correct.value')} isRequired autoFocus value={value} onChange={setValue} maxLength={1000} />
        <Field label={t('incident.file.unit')} value={unit} onChange={setUnit} maxLength={20} />
        <Field label={t('incident.file.source')} isRequired value={source} onChange={setSource} maxLength={400} />
        <Field type="datetime-local" label={t('incident.file.occurred-at')} value={asOf} onChange={setAsOf} />
        <Field label={t('incident.correct.reason')} lines={3} isRequired value={reason} onChange={setReason} maxLength={2000} />
      </CommandForm>
    </Dialog>
  )
}
