import { IconAlertTriangle, IconArrowRight } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Words } from '#core/event.ts'
import type { ActivationPreview } from '#core/view/instrument.ts'
import { useWorld } from '../paths.ts'
import { incidentsQuery, instrumentsQuery, previewQuery, type World } from '../queries.ts'
import { useWords } from '../words.ts'
import { CommandForm, Dialog } from './dialog.tsx'
import { Field } from './field.tsx'
import { partyWords } from './party.ts'
import { SelectField } from './select.tsx'
import { Empty, Read } from './states.tsx'
import './activation.css'

type ActivateProps = {
  /** Given where one is looked at; else it is chosen here. */
  readonly instrument?: { readonly id: string; readonly title: Words }
  readonly incident?: { readonly id: string; readonly title: string; readonly zone: string }
  readonly onClose: () => void
}

const KINDS: ReadonlySet<string> = new Set(['plan', 'agreement', 'order'])
const ACTS_NAMED = 12

/** What binds and can be activated, and the incidents that are verified and open. */
function useChoices(world: World) {
  const instruments = (useQuery(instrumentsQuery(world)).data ?? []).filter((one) => one.binding !== null && KINDS.has(one.kind))
  const incidents = (useQuery(incidentsQuery(world)).data ?? []).filter((one) => one.closedAt === null && one.status !== 'reported')
  return { instruments, incidents }
}

/** One action: which instrument, for which incident, and everything that it will make owed, before it does. */
export function ActivateDialog({ instrument, incident, onClose }: ActivateProps) {
  const { t, words } = useWords()
  const world = useWorld()
  const { instruments, incidents } = useChoices(world)
  const [chosen, setChosen] = useState<string | null>(instrument?.id ?? null)
  const [where, setWhere] = useState<string | null>(incident?.id ?? null)
  const [text, setText] = useState<string | null>(null)
  const id = chosen ?? (instruments.length === 1 ? (instruments[0]?.id ?? null) : null)
  const at = where ?? (incidents.length === 1 ? (incidents[0]?.id ?? null) : null)
  const preview = useQuery({ ...previewQuery(world, id ?? '', at ?? ''), enabled: id !== null && at !== null, gcTime: 0 })
  const title = instrument?.title ?? instruments.find((one) => one.id === id)?.title ?? null
  const zone = incident?.zone ?? incidents.find((one) => one.id === at)?.zone
  const acts = [...new Set((preview.data?.obligations ?? []).map((one) => words(one.act)))].slice(0, ACTS_NAMED).join('；')
  const said = text ?? (title === null || acts === '' ? '' : t('instrument.activate-prefill', { title: words(title), acts }))
  const heading = title === null ? t('instrument.activate-any') : t('instrument.activate-title', { title: words(title) })
  const ready = id !== null && at !== null && said.trim() !== '' && preview.data?.refusal === null
  const missing =
    instrument === undefined && instruments.length === 0
      ? t('instrument.activate-none')
      : incident === undefined && incidents.length === 0
        ? t('instrument.activate-no-incident')
        : null
  if (missing !== null) return <Nothing title={heading} missing={missing} onClose={onClose} />
  return (
    <Dialog title={heading} isOpen onClose={onClose} wide>
      <CommandForm
        room="incident"
        id={at ?? ''}
        label={t('instrument.activate')}
        onClose={onClose}
        make={() => (ready ? { type: 'incident.activate-instrument', instrumentId: id, text: said.trim() } : null)}
      >
        {instrument === undefined && (
          <SelectField
            label={t('instrument.activate-which')}
            choices={instruments.map((one) => ({ id: one.id, label: words(one.title) }))}
            value={id}
            onChange={setChosen}
          />
        )}
        {incident === undefined && (
          <SelectField
            label={t('instrument.activate-for')}
            choices={incidents.map((one) => ({ id: one.id, label: `${one.number} ${one.title}` }))}
            value={at}
            onChange={setWhere}
          />
        )}
        {id !== null && at !== null && (
          <Read of={preview} lines={4}>
            {(value) => <PreviewList of={value} zone={zone} />}
          </Read>
        )}
        <Field
          label={t('instrument.activate-text')}
          help={t('instrument.activate-text-help')}
          lines={3}
          isRequired
          value={said}
          onChange={setText}
          maxLength={4000}
        />
      </CommandForm>
    </Dialog>
  )
}

function Nothing({ title, missing, onClose }: { readonly title: string; readonly missing: string; readonly onClose: () => void }) {
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      <Empty title={missing} />
    </Dialog>
  )
}

/** Who will owe what to whom by when, and what nobody can owe. */
export function PreviewList({ of, zone }: { readonly of: ActivationPreview; readonly zone: string | undefined }) {
  const { t, code, words, short, number } = useWords()
  if (of.refusal !== null)
    return (
      <p className="refused" role="alert">
        {code('refusal', of.refusal.code, of.refusal.params)}
      </p>
    )
  const unit = (text: string): string => code('instrument.unit', text.replaceAll(/[{}]/g, ''))
  return (
    <section className="preview" aria-label={t('instrument.preview', { count: of.obligations.length })}>
      <h3>{of.obligations.length === 0 ? t('instrument.preview-none') : t('instrument.preview', { count: of.obligations.length })}</h3>
      <ol className="preview-list" tabIndex={0}>
        {of.obligations.map((one, index) => (
          <li key={`${one.clauseId} ${one.debtor.id} ${index}`}>
            <p className="preview-who">
              <b>{words(one.debtor.name)}</b> <IconArrowRight size={14} aria-hidden />{' '}
              <span className="for-readers">{t('instrument.preview-whom')}</span> {words(one.creditor.name)}
            </p>
            <p>
              {words(one.act)}
              {one.resource !== null && ` · ${words(one.resource.words)} ${number(one.resource.value)} ${unit(one.resource.unit)}`}
            </p>
            <p className="soft">
              {one.dueAt === null ? t('instrument.preview-undated') : t('instrument.preview-due', { at: short(one.dueAt, zone) })}
              {one.beginsAt !== null && ` · ${t('instrument.preview-begins', { at: short(one.beginsAt, zone) })}`} · {words(one.article)}
            </p>
          </li>
        ))}
      </ol>
      {of.gaps.length > 0 && (
        <div className="preview-gaps">
          <p>
            <IconAlertTriangle size={16} aria-hidden /> {t('instrument.preview-gaps', { count: of.gaps.length })}
          </p>
          <ul>
            {of.gaps.map((one) => (
              <li key={`${one.clauseId} ${one.party}`}>
                {words(one.act)}{' '}
                <span className="soft">
                  · {partyWords(one.party, { code })} · {words(one.article)}
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  )
}
