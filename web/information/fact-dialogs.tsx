import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Checkbox } from 'react-aria-components'
import type { AssertionView, QuestionView } from '#core/view/information.ts'
import type { Command } from '../api.ts'
import { useNow } from '../clock.ts'
import { written } from '../form.ts'
import { CommandForm, Dialog, Field, SelectField } from '../kit/index.ts'
import { InstantField } from '../kit/instant-field.tsx'
import { OrganizationField, OrganizationsField } from '../kit/organization-field.tsx'
import { useOrganizations } from '../kit/organizations.ts'
import { instantOf, localText } from '../kit/times.ts'
import { sessionQuery } from '../queries.ts'
import { HOME_ZONE, useWords } from '../words.ts'
import { questionText, valueOf, valueText } from './parts.tsx'

const KEYS = [
  'dead',
  'missing',
  'injured',
  'serious',
  'in-hospital',
  'trapped',
  'evacuated',
  'substance-list',
  'affected',
  'collapsed-houses',
  'power-out',
  'loss',
] as const
const OTHER = 'other'
const SLUG = /^[a-z0-9](?:[a-z0-9.-]{0,62}[a-z0-9])?$/
const CONFIDENCES = ['confirmed', 'reported', 'unconfirmed'] as const
type Confidence = (typeof CONFIDENCES)[number]

type AssertProps = {
  readonly id: string
  readonly incidentId: string
  readonly zone?: string | undefined
  /** The question that it answers; null: a new one is chosen. */
  readonly question: QuestionView | null
  readonly onClose: () => void
}

type Draft = {
  readonly key: string
  readonly otherKey: string
  readonly value: string
  readonly unit: string
  readonly source: string
  readonly confidence: Confidence
  readonly asOf: string
  readonly who: string | null
  readonly scope: string
  readonly apart: boolean
  readonly replaces: boolean
}
type Part = { readonly draft: Draft; readonly change: (part: Partial<Draft>) => void }

/** Null while something that is required is missing. */
function assertion(draft: Draft, incidentId: string, key: string, zone: string): Command | null {
  const [at, source] = [instantOf(draft.asOf, zone), written(draft.source)]
  if (written(draft.value) === null || source === null || at === null || !SLUG.test(key)) return null
  const { confidence, who, apart, replaces } = draft
  const said = {
    value: valueOf(draft.value),
    unit: written(draft.unit),
    source,
    confidence,
    asOf: at,
    saidBy: who,
    scope: written(draft.scope),
    apart,
  }
  return { type: 'information.assert', incidentId, key, ...said, replaces: replaces && who !== null ? 'own' : 'same-source' }
}

/** One more word to a question: value, who says it, from where, how sure, as of when. */
export function AssertDialog({ id, incidentId, zone = HOME_ZONE, question, onClose }: AssertProps) {
  const words = useWords()
  const { t } = words
  const own = useQuery(sessionQuery).data?.post?.organization.id ?? null
  const now = useNow()
  const [draft, setDraft] = useState<Draft>(() => ({
    key: KEYS[0],
    otherKey: '',
    value: '',
    unit: '',
    source: '',
    confidence: 'reported',
    asOf: localText(new Date(now).toISOString(), zone),
    who: own,
    scope: '',
    apart: false,
    replaces: true,
  }))
  const change = (part: Partial<Draft>): void => setDraft((was) => ({ ...was, ...part }))
  const key = question?.key ?? (draft.key === OTHER ? draft.otherKey.trim() : draft.key)
  const title =
    question === null
      ? t('command.information.assert')
      : t('kit.named', { what: t('information.add-word'), of: questionText(question, words) })
  return (
    <Dialog title={title} isOpen wide onClose={onClose}>
      <CommandForm
        room="information"
        id={id}
        label={t('information.submit')}
        onClose={onClose}
        make={() => assertion(draft, incidentId, key, zone)}
      >
        {question === null && <KeyFields draft={draft} change={change} />}
        <div className="field-pair">
          <Field
            label={t('information.field.value')}
            isRequired
            autoFocus
            value={draft.value}
            onChange={(value) => change({ value })}
            maxLength={1000}
          />
          <Field
            label={t('information.field.unit')}
            help={t('information.field.unit-help')}
            value={draft.unit}
            onChange={(unit) => change({ unit })}
            maxLength={20}
          />
        </div>
        <SourceFields draft={draft} change={change} />
      </CommandForm>
    </Dialog>
  )
}

function KeyFields({ draft, change }: Part) {
  const { t, code } = useWords()
  const choices = [
    ...KEYS.map((one) => ({ id: one as string, label: code('fact', one) })),
    { id: OTHER, label: t('information.field.other') },
  ]
  return (
    <>
      <SelectField label={t('information.field.question')} choices={choices} value={draft.key} onChange={(key) => change({ key })} />
      {draft.key === OTHER && (
        <Field
          label={t('information.field.key')}
          help={t('information.field.key-help')}
          isRequired
          value={draft.otherKey}
          onChange={(otherKey) => change({ otherKey })}
          maxLength={64}
        />
      )}
    </>
  )
}

function SourceFields({ draft, change }: Part) {
  const { t } = useWords()
  const organizations = useOrganizations()
  return (
    <>
      <OrganizationField
        label={t('information.field.said-by')}
        organizations={organizations}
        value={draft.who}
        onChange={(who) => change({ who })}
      />
      <Field
        label={t('information.field.source')}
        help={t('information.field.source-help')}
        isRequired
        value={draft.source}
        onChange={(source) => change({ source })}
        maxLength={400}
      />
      <div className="field-pair">
        <ConfidenceField value={draft.confidence} onChange={(confidence) => change({ confidence })} />
        <InstantField label={t('information.field.as-of')} value={draft.asOf} onChange={(asOf) => change({ asOf })} isRequired />
      </div>
      <Field
        label={t('information.field.scope')}
        help={t('information.field.scope-help')}
        value={draft.scope}
        onChange={(scope) => change({ scope })}
        maxLength={120}
      />
      {written(draft.scope) !== null && (
        <Check label={t('information.field.apart')} value={draft.apart} onChange={(apart) => change({ apart })} />
      )}
      {draft.who !== null && (
        <Check label={t('information.field.replaces')} value={draft.replaces} onChange={(replaces) => change({ replaces })} />
      )}
    </>
  )
}

function ConfidenceField({ value, onChange }: { readonly value: Confidence; readonly onChange: (value: Confidence) => void }) {
  const { t, code } = useWords()
  return (
    <SelectField<Confidence>
      label={t('information.field.confidence')}
      choices={CONFIDENCES.map((one) => ({ id: one, label: code('confidence', one) }))}
      value={value}
      onChange={onChange}
    />
  )
}

export function Check({
  label,
  value,
  onChange,
}: {
  readonly label: string
  readonly value: boolean
  readonly onChange: (value: boolean) => void
}) {
  return (
    <Checkbox className="check" isSelected={value} onChange={onChange}>
      <span className="check-box" aria-hidden />
      {label}
    </Checkbox>
  )
}

type CorrectProps = {
  readonly of: AssertionView
  readonly question: QuestionView
  readonly zone?: string | undefined
  readonly onClose: () => void
}

/** Mends one word; whoever was given the wrong one is told. */
export function CorrectDialog({ of, question, zone = HOME_ZONE, onClose }: CorrectProps) {
  const words = useWords()
  const { t } = words
  const [value, setValue] = useState(String(of.value))
  const [unit, setUnit] = useState(of.unit ?? '')
  const [source, setSource] = useState(of.source)
  const [confidence, setConfidence] = useState<Confidence>(of.confidence)
  const [asOf, setAsOf] = useState(localText(of.asOf, zone))
  const [reason, setReason] = useState('')
  const make = (): Command | null => {
    const [why, from, at] = [written(reason), written(source), instantOf(asOf, zone)]
    if (why === null || from === null || at === null || written(value) === null) return null
    // A field of minutes does not lose the seconds of an instant that nobody changed.
    const same = asOf === localText(of.asOf, zone)
    return {
      type: 'information.correct',
      assertion: of.id,
      value: valueOf(value),
      unit: written(unit),
      source: from,
      confidence,
      asOf: same ? of.asOf : at,
      reason: why,
    }
  }
  return (
    <Dialog
      title={t('kit.named', {
        what: t('command.information.correct'),
        of: `${questionText(question, words)} ${valueText(of.value, of.unit, words)}`,
      })}
      isOpen
      onClose={onClose}
    >
      <CommandForm room="information" id={question.id} label={t('command.information.correct')} onClose={onClose} make={make}>
        <div className="field-pair">
          <Field label={t('information.field.value')} isRequired autoFocus value={value} onChange={setValue} maxLength={1000} />
          <Field label={t('information.field.unit')} value={unit} onChange={setUnit} maxLength={20} />
        </div>
        <Field label={t('information.field.source')} isRequired value={source} onChange={setSource} maxLength={400} />
        <div className="field-pair">
          <ConfidenceField value={confidence} onChange={setConfidence} />
          <InstantField label={t('information.field.as-of')} value={asOf} onChange={setAsOf} isRequired />
        </div>
        <Field
          label={t('information.reason')}
          help={t('information.correct-help')}
          lines={3}
          isRequired
          value={reason}
          onChange={setReason}
          maxLength={2000}
        />
      </CommandForm>
    </Dialog>
  )
}

const ELSE = 'else'
/** No scope of a source is named so: it would have no blank around it. */
const WHOLE = ' whole '

/** Which value holds, and why. The others are struck through and kept. */
export function ReconcileDialog({ of, onClose }: { readonly of: QuestionView; readonly onClose: () => void }) {
  const words = useWords()
  const { t } = words
  const scopes = [...new Set(of.assertions.filter((one) => one.status === 'current').map((one) => one.scope))]
  const differing = of.contradictions.find((one) => one.kind === 'differ')
  const [scope, setScope] = useState<string>((differing === undefined ? scopes[0] : differing.scope) ?? WHOLE)
  const inScope = of.assertions.filter((one) => one.status === 'current' && (one.scope ?? WHOLE) === scope)
  const sides = inScope.filter((one, i) => inScope.findIndex((other) => other.value === one.value && other.unit === one.unit) === i)
  const [chosen, setChosen] = useState<string | null>(null)
  const [other, setOther] = useState('')
  const [reason, setReason] = useState('')
  const given = of.deliveries.length
  const make = (): Command | null => {
    const why = written(reason)
    const side = sides.find((one) => one.id === chosen)
    const value = chosen === ELSE ? (written(other) === null ? null : valueOf(other)) : (side?.value ?? null)
    if (why === null || value === null) return null
    return {
      type: 'information.reconcile',
      scope: scope === WHOLE ? null : scope,
      value,
      unit: side?.unit ?? sides[0]?.unit ?? null,
      reason: why,
    }
  }
  const label = (one: AssertionView): string => {
    const who = sides.length === inScope.length ? [one] : inScope.filter((two) => two.value === one.value && two.unit === one.unit)
    return `${valueText(one.value, one.unit, words)} — ${who.map((two) => (two.saidBy === null ? two.source : words.words(two.saidBy.name))).join(t('kit.and'))}`
  }
  return (
    <Dialog title={t('kit.named', { what: t('command.information.reconcile'), of: questionText(of, words) })} isOpen onClose={onClose}>
      <CommandForm room="information" id={of.id} label={t('command.information.reconcile')} onClose={onClose} make={make}>
        {scopes.length > 1 && (
          <SelectField
            label={t('information.field.which-part')}
            choices={scopes.map((one) => ({ id: one ?? WHOLE, label: one ?? t('information.whole') }))}
            value={scope}
            onChange={(id) => {
              setScope(id)
              setChosen(null)
            }}
          />
        )}
        <SelectField
          label={t('information.field.holds')}
          choices={[...sides.map((one) => ({ id: one.id, label: label(one) })), { id: ELSE, label: t('information.field.another') }]}
          value={chosen}
          onChange={setChosen}
        />
        {chosen === ELSE && <Field label={t('information.field.value')} isRequired value={other} onChange={setOther} maxLength={1000} />}
        <Field
          label={t('information.reason')}
          help={t('information.reconcile-help')}
          lines={3}
          isRequired
          value={reason}
          onChange={setReason}
          maxLength={2000}
        />
        {given > 0 && <p className="soft">{t('information.will-be-told', { count: given })}</p>}
      </CommandForm>
    </Dialog>
  )
}

type DeliverProps = { readonly of: QuestionView; readonly to?: readonly string[]; readonly subject?: string; readonly onClose: () => void }

/** Gives what stands now to whoever needs it. */
export function DeliverDialog({ of, to: given = [], subject, onClose }: DeliverProps) {
  const words = useWords()
  const { t } = words
  const organizations = useOrganizations()
  const own = useQuery(sessionQuery).data?.post?.organization.id ?? null
  const [to, setTo] = useState<readonly string[]>(given)
  const [complete, setComplete] = useState(of.contradictions.length === 0)
  const [note, setNote] = useState('')
  const make = (): Command | null =>
    to.length === 0
      ? null
      : {
          type: 'information.deliver',
          to,
          complete,
          ...(subject === undefined ? {} : { subject }),
          ...(written(note) === null ? {} : { note: written(note) }),
        }
  return (
    <Dialog title={t('kit.named', { what: t('command.information.deliver'), of: questionText(of, words) })} isOpen onClose={onClose}>
      <CommandForm room="information" id={of.id} label={t('command.information.deliver')} onClose={onClose} make={make}>
        {of.contradictions.length > 0 && <p className="question-wrong">{t('information.deliver-contradiction')}</p>}
        <OrganizationsField
          label={t('information.field.to')}
          organizations={organizations.filter((one) => one.id !== own && one.sector !== 'public')}
          value={to}
          onChange={setTo}
        />
        <Check label={t('information.field.complete')} value={complete} onChange={setComplete} />
        <Field label={t('information.field.note')} lines={2} value={note} onChange={setNote} maxLength={2000} />
      </CommandForm>
    </Dialog>
  )
}
