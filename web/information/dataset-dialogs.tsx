import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { durationMs } from '#core/time.ts'
import type { DatasetView, SharingState } from '#core/view/information.ts'
import { newId, type Command } from '../api.ts'
import { useNow } from '../clock.ts'
import { written } from '../form.ts'
import { CommandForm, Dialog, Field, SelectField } from '../kit/index.ts'
import { InstantField, WithinField } from '../kit/instant-field.tsx'
import { OrganizationsField } from '../kit/organization-field.tsx'
import { useOrganizations } from '../kit/organizations.ts'
import { instantOf, localText } from '../kit/times.ts'
import { sessionQuery } from '../queries.ts'
import { HOME_ZONE, useWords } from '../words.ts'

const SHARINGS = ['open', 'shared', 'on-request', 'withheld'] as const
const PROMISES = ['PT10M', 'PT1H', 'PT6H', 'P1D', 'P7D', 'P30D', 'P90D', 'P365D'] as const
type DialogProps = { readonly of: DatasetView; readonly onClose: () => void }

type Draft = {
  readonly title: string
  readonly description: string
  readonly promise: string
  readonly licence: string
  readonly format: string
  readonly where: string
  readonly quality: string
  readonly state: SharingState
  readonly shared: readonly string[]
  readonly reason: string
  readonly basis: string
}
type Part = { readonly draft: Draft; readonly change: (part: Partial<Draft>) => void }

const draftOf = (of: DatasetView | null): Draft => ({
  title: of?.title ?? '',
  description: of?.description ?? '',
  promise: of?.promise ?? 'P1D',
  licence: of?.licence ?? '',
  format: of?.format ?? '',
  where: of?.where ?? '',
  quality: of?.quality ?? '',
  state: of?.sharing.state ?? 'on-request',
  shared: of?.sharing.with.map((one) => one.id) ?? [],
  reason: of?.sharing.reason ?? '',
  basis: of?.sharing.basis ?? '',
})

/** Null while something that is required is missing; what is withheld without a reason the server refuses. */
function contentOf(draft: Draft): object | null {
  const [title, description, licence, format] = [draft.title, draft.description, draft.licence, draft.format].map(written)
  if (title === null || description === null || licence === null || format === null) return null
  const withheld = draft.state === 'withheld'
  const sharing = {
    state: draft.state,
    with: draft.state === 'shared' ? draft.shared : [],
    reason: withheld ? written(draft.reason) : null,
    basis: withheld ? written(draft.basis) : null,
  }
  return {
    title,
    description,
    promise: draft.promise,
    licence,
    sharing,
    quality: written(draft.quality),
    format,
    where: written(draft.where),
  }
}

/** Everything that the catalogue says of a data set; what is withheld says why and by which provision. */
export function DatasetDialog({ id, of, onClose }: { readonly id: string; readonly of: DatasetView | null; readonly onClose: () => void }) {
  const { t } = useWords()
  const session = useQuery(sessionQuery).data
  const [draft, setDraft] = useState(() => draftOf(of))
  const change = (part: Partial<Draft>): void => setDraft((was) => ({ ...was, ...part }))
  const owner = of?.owner.id ?? session?.post?.organization.id ?? null
  const jurisdiction = of === null ? (session?.jurisdiction?.code ?? null) : of.jurisdiction
  const make = (): Command | null => {
    const content = contentOf(draft)
    return owner === null || content === null
      ? null
      : { type: of === null ? 'dataset.register' : 'dataset.revise', ...content, owner, jurisdiction, themes: of?.themes ?? [] }
  }
  const label = t(of === null ? 'command.dataset.register' : 'command.dataset.revise')
  return (
    <Dialog title={label} isOpen wide onClose={onClose}>
      <CommandForm room="dataset" id={id} label={label} onClose={onClose} make={make}>
        <Field
          label={t('dataset.field.title')}
          isRequired
          autoFocus
          value={draft.title}
          onChange={(title) => change({ title })}
          maxLength={300}
        />
        <Field
          label={t('dataset.field.description')}
          lines={2}
          isRequired
          value={draft.description}
          onChange={(description) => change({ description })}
          maxLength={4000}
        />
        <SharingFields draft={draft} change={change} />
        <FormFields draft={draft} change={change} />
      </CommandForm>
    </Dialog>
  )
}

function SharingFields({ draft, change }: Part) {
  const { t, code, duration } = useWords()
  const organizations = useOrganizations()
  const promises = [...new Set([...PROMISES, draft.promise])].toSorted((a, b) => durationMs(a) - durationMs(b))
  return (
    <>
      <div className="field-pair">
        <SelectField
          label={t('dataset.field.promise')}
          choices={promises.map((one) => ({ id: one, label: t('dataset.every', { time: duration(one) }) }))}
          value={draft.promise}
          onChange={(promise) => change({ promise })}
        />
        <SelectField<SharingState>
          label={t('dataset.field.sharing')}
          choices={SHARINGS.map((one) => ({ id: one, label: code('sharing', one) }))}
          value={draft.state}
          onChange={(state) => change({ state })}
        />
      </div>
      {draft.state === 'shared' && (
        <OrganizationsField
          label={t('dataset.field.with')}
          organizations={organizations}
          value={draft.shared}
          onChange={(shared) => change({ shared })}
        />
      )}
      {draft.state === 'withheld' && (
        <div className="field-pair">
          <Field
            label={t('dataset.field.reason')}
            isRequired
            value={draft.reason}
            onChange={(reason) => change({ reason })}
            maxLength={4000}
          />
          <Field label={t('dataset.field.basis')} isRequired value={draft.basis} onChange={(basis) => change({ basis })} maxLength={300} />
        </div>
      )}
    </>
  )
}

function FormFields({ draft, change }: Part) {
  const { t } = useWords()
  return (
    <>
      <div className="field-pair">
        <Field
          label={t('dataset.field.format')}
          isRequired
          value={draft.format}
          onChange={(format) => change({ format })}
          maxLength={300}
        />
        <Field
          label={t('dataset.field.licence')}
          isRequired
          value={draft.licence}
          onChange={(licence) => change({ licence })}
          maxLength={300}
        />
      </div>
      <Field
        label={t('dataset.field.where')}
        help={t('dataset.field.where-help')}
        value={draft.where}
        onChange={(where) => change({ where })}
        maxLength={1000}
      />
      <Field
        label={t('dataset.field.quality')}
        lines={2}
        value={draft.quality}
        onChange={(quality) => change({ quality })}
        maxLength={4000}
      />
    </>
  )
}

/** The data were brought up to date. */
export function UpdateDialog({ of, onClose }: DialogProps) {
  const { t } = useWords()
  const now = useNow()
  const [at, setAt] = useState(() => localText(new Date(now).toISOString(), HOME_ZONE))
  const make = (): Command | null => {
    const updatedAt = instantOf(at, HOME_ZONE)
    return updatedAt === null ? null : { type: 'dataset.record-update', updatedAt }
  }
  return (
    <Dialog title={t('kit.named', { what: t('command.dataset.record-update'), of: of.title })} isOpen onClose={onClose}>
      <CommandForm room="dataset" id={of.id} label={t('command.dataset.record-update')} onClose={onClose} make={make}>
        <InstantField label={t('dataset.field.updated-at')} value={at} onChange={setAt} isRequired />
      </CommandForm>
    </Dialog>
  )
}

const WITHIN = ['PT30M', 'PT2H', 'PT12H', 'PT24H', 'PT72H'] as const
const NATION = '100000'

/** Asks the owner for access: a request like any other, which is granted or declined with a reason. */
export function RequestDialog({ of, onClose }: DialogProps) {
  const { t } = useWords()
  const now = useNow()
  const organizations = useOrganizations()
  const jurisdiction = useQuery(sessionQuery).data?.jurisdiction?.code ?? of.jurisdiction ?? NATION
  const [id] = useState(newId)
  const [purpose, setPurpose] = useState('')
  const [within, setWithin] = useState<string | null>('PT24H')
  const functions = organizations.find((one) => one.id === of.owner.id)?.functions ?? []
  const make = (): Command | null => {
    const why = written(purpose)
    if (why === null) return null
    return {
      type: 'obligation.request',
      incidentId: null,
      jurisdiction,
      debtor: of.owner.id,
      function: functions[0] ?? 'information-reporting',
      act: 'provide-dataset',
      actWords: { 'zh-CN': `提供数据“${of.title}”，用途：${why}`, en: `Give access to the data set “${of.title}”, for: ${why}` },
      basis: null,
      dueAt: within === null ? null : new Date(now + durationMs(within)).toISOString(),
    }
  }
  return (
    <Dialog title={t('kit.named', { what: t('dataset.request'), of: of.title })} isOpen onClose={onClose}>
      <CommandForm room="obligation" id={id} label={t('dataset.request')} onClose={onClose} make={make}>
        <p className="soft">{t('dataset.request-help')}</p>
        <Field label={t('dataset.field.purpose')} lines={3} isRequired autoFocus value={purpose} onChange={setPurpose} maxLength={1000} />
        <WithinField
          label={t('dataset.field.within')}
          choices={WITHIN}
          none={t('information.undated')}
          value={within}
          onChange={setWithin}
        />
      </CommandForm>
    </Dialog>
  )
}
