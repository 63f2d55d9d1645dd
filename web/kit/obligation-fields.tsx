import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useWorld } from '../paths.ts'
import { instrumentQuery, instrumentsQuery, objectivesQuery } from '../queries.ts'
import { useWords } from '../words.ts'
import { Field } from './field.tsx'
import { InstantField, WithinField } from './instant-field.tsx'
import type { Draft } from './obligation-draft.ts'
import { SelectField } from './select.tsx'

const DUE = ['PT30M', 'PT1H', 'PT2H', 'PT4H', 'PT8H', 'PT24H', 'PT72H'] as const
const ANSWER = ['PT10M', 'PT30M', 'PT1H', 'PT2H', 'PT12H', 'PT24H'] as const
const PROGRESS = ['PT30M', 'PT1H', 'PT2H', 'PT6H', 'PT24H'] as const

/** By when, answered by when, and for which of the organization's functions. */
export function TermsFields({ draft, functions }: { readonly draft: Draft; readonly functions: readonly string[] }) {
  const { t, code } = useWords()
  return (
    <>
      <div className="field-row">
        <WithinField
          label={t('obligation.ask-due')}
          choices={DUE}
          none={t('obligation.ask-undated')}
          value={draft.due}
          onChange={draft.set('due')}
        />
        <WithinField
          label={t('obligation.ask-answer')}
          choices={ANSWER}
          none={t('obligation.ask-unset')}
          value={draft.answer}
          onChange={draft.set('answer')}
        />
      </div>
      {functions.length > 1 && (
        <SelectField
          label={t('obligation.ask-function')}
          choices={functions.map((one) => ({ id: one, label: code('function', one) }))}
          value={draft.duty ?? functions[0] ?? null}
          onChange={draft.set('duty')}
        />
      )}
    </>
  )
}

/** What is seldom said. */
export function MoreFields({ draft, military }: { readonly draft: Draft; readonly military: boolean }) {
  const { t } = useWords()
  return (
    <details className="more-fields">
      <summary>{t('obligation.ask-more')}</summary>
      <div className="form">
        <WithinField
          label={t('obligation.ask-progress')}
          choices={PROGRESS}
          none={t('obligation.ask-unset')}
          value={draft.progress}
          onChange={draft.set('progress')}
        />
        {!military && (
          <>
            <Field label={t('obligation.ask-place')} value={draft.place} onChange={draft.set('place')} maxLength={500} />
            <Field
              label={t('obligation.ask-situation')}
              lines={2}
              value={draft.situation}
              onChange={draft.set('situation')}
              maxLength={4000}
            />
            <Field label={t('obligation.ask-strength')} value={draft.strength} onChange={draft.set('strength')} maxLength={500} />
          </>
        )}
      </div>
    </details>
  )
}

/** The six particulars of State Council and CMC Order 436, art. 5. */
export function MilitaryFields({ draft, sameLevel }: { readonly draft: Draft; readonly sameLevel: boolean }) {
  const { t } = useWords()
  const text = (key: 'harmType' | 'place' | 'harm' | 'measures' | 'strength', lines?: number) => (
    <Field
      label={t(`obligation.form.${key}`)}
      isRequired
      value={draft[key]}
      onChange={draft.set(key)}
      maxLength={lines === undefined ? 500 : 4000}
      {...(lines === undefined ? {} : { lines })}
    />
  )
  return (
    <fieldset className="six form">
      <legend>{t('obligation.ask-military')}</legend>
      {text('harmType')}
      <InstantField label={t('obligation.form.time')} value={draft.time} onChange={draft.set('time')} isRequired />
      {text('place')}
      {text('harm', 2)}
      {text('measures', 2)}
      {text('strength', 2)}
      {!sameLevel && (
        <Field
          label={t('obligation.ask-direct')}
          isRequired
          lines={2}
          value={draft.direct}
          onChange={draft.set('direct')}
          maxLength={4000}
        />
      )}
    </fieldset>
  )
}

const NONE = 'none'

/** The clause that it rests on, of an instrument in force. */
export function BasisFields({ draft }: { readonly draft: Draft }) {
  const { t, words } = useWords()
  const world = useWorld()
  const instruments = useQuery(instrumentsQuery(world)).data ?? []
  const [instrumentId, setInstrumentId] = useState<string | null>(null)
  const instrument = useQuery({ ...instrumentQuery(world, instrumentId ?? ''), enabled: instrumentId !== null }).data
  const choose = (id: string): void => {
    setInstrumentId(id === NONE ? null : id)
    draft.set('basis')(null)
  }
  return (
    <div className="field-row">
      <SelectField
        label={t('obligation.ask-basis')}
        choices={[{ id: NONE, label: t('obligation.ask-none') }, ...instruments.map((one) => ({ id: one.id, label: words(one.title) }))]}
        value={instrumentId ?? NONE}
        onChange={choose}
      />
      {instrument !== undefined && (
        <SelectField
          label={t('obligation.ask-clause')}
          choices={instrument.clauses.map((one) => ({ id: one.id, label: words(one.article) }))}
          value={draft.basis?.clauseId ?? null}
          onChange={(clauseId) => draft.set('basis')({ instrumentId: instrument.id, version: instrument.version, clauseId })}
        />
      )}
    </div>
  )
}

/** No act without an objective: the incident's, where it has any. */
export function ObjectiveField({ incident, draft }: { readonly incident: string; readonly draft: Draft }) {
  const { t } = useWords()
  const objectives = useQuery(objectivesQuery(useWorld(), { incident })).data?.objectives.filter((one) => one.status === 'open') ?? []
  if (objectives.length === 0) return null
  return (
    <SelectField
      label={t('obligation.ask-objective')}
      choices={[{ id: NONE, label: t('obligation.ask-none') }, ...objectives.map((one) => ({ id: one.id, label: one.title }))]}
      value={draft.objective ?? NONE}
      onChange={(id) => draft.set('objective')(id === NONE ? null : id)}
    />
  )
}
