import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { Checkbox, CheckboxGroup, Label } from 'react-aria-components'
import { figuresIn, problemsOf } from '#core/release.ts'
import type { ReleaseKind, ReleasesView, ReleaseView } from '#core/view/information.ts'
import type { Command } from '../api.ts'
import { written } from '../form.ts'
import { Button, Chips, CommandForm, Dialog, Field, SelectField } from '../kit/index.ts'
import { OrganizationField, OrganizationsField } from '../kit/organization-field.tsx'
import { useOrganizations } from '../kit/organizations.ts'
import { instantOf, localText } from '../kit/times.ts'
import { HOME_ZONE, useWords } from '../words.ts'
import { valueText } from './parts.tsx'
import { Problems } from './problems.tsx'

/** What a release is begun from: another draft, the release that it corrects, the rumours that it answers. */
export type Beginning = {
  readonly id: string
  readonly of: ReleaseView | null
  readonly kind: ReleaseKind | null
  readonly corrects: string | null
  readonly rumours: readonly string[]
}
type NeedDraft = { readonly what: string; readonly value: string; readonly unit: string; readonly where: string; readonly until: string }
const BLANK: NeedDraft = { what: '', value: '', unit: '', where: '', until: '' }
const KINDS = ['first', 'follow-up', 'correction', 'needs', 'closing'] as const
const CHANNELS = ['website', 'press-conference', 'broadcast', 'social-media', 'sms', 'bulletin'] as const
/** Social forces: whom needs are addressed to unless somebody says otherwise. */
const SOCIAL_MAX = 60
const NO_RELEASE = 'none'

type ComposerProps = {
  readonly beginning: Beginning
  readonly view: ReleasesView
  readonly incidentId: string
  readonly zone?: string | undefined
  readonly onClose: () => void
}

/** A release as it is being written, and what keeps it from going out as the facts stand. */
function useComposition({ beginning, view, incidentId, zone = HOME_ZONE }: Omit<ComposerProps, 'onClose'>) {
  const { t } = useWords()
  const { of } = beginning
  const social = useOrganizations()
    .filter((one) => one.sector === 'social')
    .slice(0, SOCIAL_MAX)
  const firstOut = view.releases.some((one) => one.kind === 'first' && one.status === 'published')
  const [draft, setDraft] = useState<Draft>(() => ({
    kind: of?.kind ?? beginning.kind ?? (firstOut ? 'follow-up' : 'first'),
    title: of?.title ?? '',
    zh: of?.text['zh-CN'] ?? '',
    en: of?.text.en ?? '',
    basis: of?.basis ?? t('release.basis-usual'),
    channels: of?.channels ?? ['website'],
    stated: of?.states.map((one) => one.key) ?? [],
    needs: of === null || of.needs.length === 0 ? [BLANK] : of.needs.map((one) => needDraft(one, zone)),
    audience: of === null ? null : of.audience.map((one) => one.organization.id),
    corrects: beginning.corrects,
    rumours: beginning.rumours,
    approver: of?.approver?.id ?? view.approver?.id ?? null,
  }))
  const { kind, zh, en, channels, stated, corrects, rumours, approver } = draft
  const audience = draft.audience ?? social.map((one) => one.id)
  const states = view.facts.flatMap(({ key, value, unit }) => (stated.includes(key) && value !== null ? [{ key, value, unit }] : []))
  const make = (): Command | null => {
    const [title, text, basis] = [written(draft.title), written(zh), written(draft.basis)]
    const needs = kind === 'needs' ? draft.needs.map((one) => needOf(one, zone)) : []
    if (title === null || text === null || basis === null || channels.length === 0 || needs.includes(null)) return null
    const content = {
      kind,
      channels,
      title,
      text: { 'zh-CN': text, en: written(en) },
      basis,
      states,
      needs,
      audience: kind === 'needs' ? audience : [],
      corrects: kind === 'correction' ? corrects : null,
      rumours,
      approver,
    }
    return of === null ? { type: 'release.draft', incidentId, ...content } : { type: 'release.revise', ...content }
  }
  return {
    draft,
    change: (part: Partial<Draft>): void => setDraft((was) => ({ ...was, ...part })),
    audience,
    make,
    problems: problemsOf({ states, text: { 'zh-CN': zh, en } }, view.facts).map(({ code, params }) => ({ code, params })),
    figures: figuresIn(zh).length + figuresIn(en).length,
  }
}

type Draft = {
  readonly kind: ReleaseKind
  readonly title: string
  readonly zh: string
  readonly en: string
  readonly basis: string
  readonly channels: readonly string[]
  readonly stated: readonly string[]
  readonly needs: readonly NeedDraft[]
  /** Null: all social organizations, until somebody chooses. */
  readonly audience: readonly string[] | null
  readonly corrects: string | null
  readonly rumours: readonly string[]
  readonly approver: string | null
}

/** Writes a release and holds it against the facts while it is being written. */
export function Composer(props: ComposerProps) {
  const { beginning, view, onClose } = props
  const { t, code } = useWords()
  const organizations = useOrganizations()
  const { draft, change, audience, make, problems, figures } = useComposition(props)
  const isNew = beginning.of === null
  return (
    <Dialog title={t(isNew ? 'command.release.draft' : 'command.release.revise')} isOpen wide onClose={onClose}>
      <CommandForm
        room="release"
        id={beginning.id}
        label={t(isNew ? 'release.submit' : 'command.release.revise')}
        onClose={onClose}
        make={make}
      >
        <Chips
          label={t('release.field.kind')}
          choices={KINDS.map((id) => ({ id, label: code('release.kind', id) }))}
          value={draft.kind}
          onChange={(kind) => change({ kind })}
        />
        {draft.kind === 'correction' && <Corrected view={view} value={draft.corrects} onChange={(corrects) => change({ corrects })} />}
        <Texts draft={draft} change={change} />
        <Facts view={view} value={draft.stated} onChange={(stated) => change({ stated })} />
        {problems.length > 0 ? (
          <Problems of={problems} />
        ) : (
          figures > 0 && (
            <p className="release-agrees" role="status">
              {t('release.agrees', { count: figures })}
            </p>
          )
        )}
        {draft.kind === 'needs' && (
          <>
            <NeedsField value={draft.needs} onChange={(needs) => change({ needs })} />
            <OrganizationsField
              label={t('release.field.audience')}
              organizations={organizations}
              value={audience}
              onChange={(chosen) => change({ audience: chosen })}
            />
          </>
        )}
        <Rumours view={view} value={draft.rumours} onChange={(rumours) => change({ rumours })} />
        <Channels value={draft.channels} onChange={(channels) => change({ channels })} />
        <div className="field-pair">
          <Field label={t('release.field.basis')} isRequired value={draft.basis} onChange={(basis) => change({ basis })} maxLength={300} />
          <OrganizationField
            label={t('release.field.approver')}
            organizations={organizations}
            value={draft.approver}
            onChange={(approver) => change({ approver })}
          />
        </div>
      </CommandForm>
    </Dialog>
  )
}

function Texts({ draft, change }: { readonly draft: Draft; readonly change: (part: Partial<Draft>) => void }) {
  const { t } = useWords()
  return (
    <>
      <Field
        label={t('release.field.title')}
        isRequired
        autoFocus
        value={draft.title}
        onChange={(title) => change({ title })}
        maxLength={200}
      />
      <Field label={t('release.field.text')} lines={5} isRequired value={draft.zh} onChange={(zh) => change({ zh })} maxLength={4000} />
      <Field label={t('release.field.text-en')} lines={3} value={draft.en} onChange={(en) => change({ en })} maxLength={4000} />
    </>
  )
}

function Channels({ value, onChange }: { readonly value: readonly string[]; readonly onChange: (channels: string[]) => void }) {
  const { t, code } = useWords()
  return (
    <CheckboxGroup className="field" value={[...value]} onChange={onChange}>
      <Label>{t('release.field.channels')}</Label>
      <div className="checks">
        {CHANNELS.map((one) => (
          <Checkbox key={one} value={one} className="check">
            <span className="check-box" aria-hidden />
            {code('release.channel', one)}
          </Checkbox>
        ))}
      </div>
    </CheckboxGroup>
  )
}

/** The settled facts may be stated as they stand; what is contradictory waits until it is reconciled. */
function Facts({
  view,
  value,
  onChange,
}: {
  readonly view: ReleasesView
  readonly value: readonly string[]
  readonly onChange: (keys: string[]) => void
}) {
  const words = useWords()
  const { t, code } = words
  if (view.facts.length === 0) return <p className="soft">{t('release.no-facts')}</p>
  return (
    <CheckboxGroup className="field" value={[...value]} onChange={onChange}>
      <Label>{t('release.field.states')}</Label>
      <p className="field-help">{t('release.field.states-help')}</p>
      <div className="checks release-checks">
        {view.facts.map((one) => (
          <Checkbox key={one.key} value={one.key} className="check" isDisabled={one.value === null}>
            <span className="check-box" aria-hidden />
            <span>
              {code('fact', one.key)}{' '}
              <b>
                {one.value === null
                  ? t(one.contradiction ? 'information.contradiction' : 'release.unsettled')
                  : valueText(one.value, one.unit, words)}
              </b>
            </span>
          </Checkbox>
        ))}
      </div>
    </CheckboxGroup>
  )
}

function Corrected({
  view,
  value,
  onChange,
}: {
  readonly view: ReleasesView
  readonly value: string | null
  readonly onChange: (id: string | null) => void
}) {
  const { t } = useWords()
  const choices = view.releases.filter((one) => one.status === 'published').map((one) => ({ id: one.id, label: one.title }))
  return (
    <SelectField
      label={t('release.field.corrects')}
      choices={[{ id: NO_RELEASE, label: t('release.corrects-none') }, ...choices]}
      value={value ?? NO_RELEASE}
      onChange={(id) => onChange(id === NO_RELEASE ? null : id)}
    />
  )
}

function Rumours({
  view,
  value,
  onChange,
}: {
  readonly view: ReleasesView
  readonly value: readonly string[]
  readonly onChange: (ids: string[]) => void
}) {
  const { t } = useWords()
  const open = view.rumours.filter((one) => one.correctedBy === null || value.includes(one.id))
  if (open.length === 0) return null
  return (
    <CheckboxGroup className="field" value={[...value]} onChange={onChange}>
      <Label>{t('release.field.rumours')}</Label>
      <div className="checks release-checks">
        {open.map((one) => (
          <Checkbox key={one.id} value={one.id} className="check">
            <span className="check-box" aria-hidden />
            <span>“{one.text}”</span>
          </Checkbox>
        ))}
      </div>
    </CheckboxGroup>
  )
}

const needDraft = ({ what, quantity, where, until }: ReleaseView['needs'][number], zone: string): NeedDraft => ({
  what,
  value: quantity === null ? '' : String(quantity.value),
  unit: quantity === null || quantity.unit === '1' ? '' : quantity.unit,
  where,
  until: until === null ? '' : localText(until, zone),
})
/** Null while a line is not complete. */
function needOf({ what, value, unit, where, until }: NeedDraft, zone: string): object | null {
  const [name, place, at] = [written(what), written(where), until.trim() === '' ? null : instantOf(until, zone)]
  if (name === null || place === null || (until.trim() !== '' && at === null) || Number.isNaN(Number(value))) return null
  return {
    what: name,
    quantity: written(value) === null ? null : { value: Number(value), unit: written(unit) ?? '1' },
    where: place,
    until: at,
  }
}

const NEEDS_MAX = 60

function NeedsField({
  value,
  onChange,
}: {
  readonly value: readonly NeedDraft[]
  readonly onChange: (needs: readonly NeedDraft[]) => void
}) {
  const { t } = useWords()
  const change = (index: number, part: Partial<NeedDraft>): void =>
    onChange(value.map((one, at) => (at === index ? { ...one, ...part } : one)))
  return (
    <fieldset className="needs-field">
      <legend>{t('release.field.needs')}</legend>
      {value.map((one, index) => (
        <div key={index} className="need-line">
          <Field label={t('release.field.what')} isRequired value={one.what} onChange={(what) => change(index, { what })} maxLength={300} />
          <Field
            label={t('release.field.quantity')}
            inputMode="decimal"
            value={one.value}
            onChange={(quantity) => change(index, { value: quantity })}
            maxLength={12}
          />
          <Field label={t('information.field.unit')} value={one.unit} onChange={(unit) => change(index, { unit })} maxLength={20} />
          <Field
            label={t('release.field.where')}
            isRequired
            value={one.where}
            onChange={(where) => change(index, { where })}
            maxLength={300}
          />
          <Field label={t('release.field.until')} type="datetime-local" value={one.until} onChange={(until) => change(index, { until })} />
          <Button
            variant="quiet"
            className="is-icon"
            aria-label={t('release.need-remove')}
            onPress={() => onChange(value.filter((_, at) => at !== index))}
          >
            <IconTrash size={16} aria-hidden />
          </Button>
        </div>
      ))}
      {value.length < NEEDS_MAX && (
        <Button variant="quiet" onPress={() => onChange([...value, BLANK])}>
          <IconPlus size={16} aria-hidden /> {t('release.need-add')}
        </Button>
      )}
    </fieldset>
  )
}
