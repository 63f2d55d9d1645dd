import { useEffect, useState } from 'react'
import { Checkbox, CheckboxGroup, Label } from 'react-aria-components'
import type { Colour } from '#core/level.ts'
import type { ConsultationDetail, ConsultationSummary, OutcomeName } from '#core/view/consultation.ts'
import type { Command } from '../api.ts'
import { useNow } from '../clock.ts'
import { ColourMark } from '../conduct/colour.tsx'
import { ItemsField, itemsOf, useItems } from '../conduct/items-field.tsx'
import { ActionButton, Chips, CommandForm, Dialog, Field, findAction, Panel, SelectField } from '../kit/index.ts'
import { useOrganizations } from '../kit/organizations.ts'
import { useWorld } from '../paths.ts'
import { useWords } from '../words.ts'
import { Labelled } from './answer.tsx'

const OUTCOMES: readonly OutcomeName[] = ['issue', 'raise', 'hold', 'lower', 'lift', 'start-response', 'none']
const COLOURS = ['red', 'orange', 'yellow', 'blue'] as const
const LEVELS = ['1', '2', '3', '4'] as const

type Props = { readonly of: ConsultationSummary; readonly detail: ConsultationDetail }

/** A text that outlives a reload and a dead battery: kept on this device until it is sent. */
function useKept(key: string): readonly [string, (text: string) => void, () => void] {
  const [text, setText] = useState(() => localStorage.getItem(key) ?? '')
  useEffect(() => {
    if (text === '') localStorage.removeItem(key)
    else localStorage.setItem(key, text)
  }, [key, text])
  return [text, setText, () => localStorage.removeItem(key)]
}

/** The convener writes the minutes while it goes on, and concludes when everybody was heard. */
export function ConcludePanel({ of, detail }: Props) {
  const { t } = useWords()
  const real = useWorld() === null
  const [minutes, setMinutes, forget] = useKept(`muster.minutes.${of.id}`)
  const [concluding, setConcluding] = useState(false)
  const action = findAction(detail.actions, 'consultation.conclude')
  if (!real || action === null) return null
  return (
    <Panel title={t('consultation.minutes')}>
      <div className="padded minutes-editor">
        <Field
          label={t('consultation.minutes')}
          help={t('consultation.minutes-kept')}
          lines={8}
          value={minutes}
          onChange={setMinutes}
          maxLength={20_000}
        />
        <div>
          <ActionButton action={action} variant="primary" onPress={() => setConcluding(true)} />
        </div>
      </div>
      {concluding && (
        <ConcludeDialog
          of={of}
          detail={detail}
          minutes={minutes}
          onMinutes={setMinutes}
          onRecorded={forget}
          onClose={() => setConcluding(false)}
        />
      )}
    </Panel>
  )
}

type ConcludeProps = Props & {
  readonly minutes: string
  readonly onMinutes: (text: string) => void
  readonly onRecorded: () => void
  readonly onClose: () => void
}

type Course = { readonly outcome: OutcomeName; readonly colour: Colour; readonly level: (typeof LEVELS)[number] }
const isColoured = (outcome: OutcomeName): boolean =>
  outcome === 'issue' || outcome === 'raise' || outcome === 'lower' || outcome === 'hold'

function ConcludeDialog({ of, detail, minutes, onMinutes, onRecorded, onClose }: ConcludeProps) {
  const { t } = useWords()
  const now = useNow()
  const organizations = useOrganizations()
  const [course, setCourse] = useState<Course>({ outcome: 'issue', colour: of.colour ?? 'orange', level: '3' })
  const [reason, setReason] = useState('')
  const [present, setPresent] = useState<readonly string[]>(
    detail.participants.filter((one) => one.answer === 'attends').map((one) => one.organization.id),
  )
  const { items, setItems } = useItems(false)
  const make = (): Command | null => {
    const decisions = itemsOf(items, now)
    const { outcome, colour, level } = course
    if (minutes.trim() === '' || reason.trim() === '' || decisions === null) return null
    return {
      type: 'consultation.conclude',
      minutes: minutes.trim(),
      outcome,
      colour: isColoured(outcome) ? colour : null,
      level: outcome === 'start-response' ? Number(level) : null,
      reason: reason.trim(),
      present,
      decisions,
    }
  }
  return (
    <Dialog title={t('consultation.conclude')} isOpen wide onClose={onClose}>
      <CommandForm room="consultation" id={of.id} label={t('consultation.submit')} onClose={onClose} onRecorded={onRecorded} make={make}>
        <CourseFields of={course} onChange={setCourse} />
        <Field label={t('consultation.reason')} lines={2} isRequired autoFocus value={reason} onChange={setReason} maxLength={4000} />
        <Field label={t('consultation.minutes')} lines={5} isRequired value={minutes} onChange={onMinutes} maxLength={20_000} />
        <PresentField of={detail} value={present} onChange={setPresent} />
        <ItemsField
          label={t('consultation.items')}
          help={t('consultation.items-help')}
          organizations={organizations}
          items={items}
          onChange={setItems}
        />
      </CommandForm>
    </Dialog>
  )
}

function CourseFields({ of, onChange }: { readonly of: Course; readonly onChange: (course: Course) => void }) {
  const { t, code } = useWords()
  return (
    <div className="field-pair">
      <SelectField
        label={t('consultation.outcome')}
        choices={OUTCOMES.map((id) => ({ id, label: code('consultation.outcome', id) }))}
        value={of.outcome}
        onChange={(outcome) => onChange({ ...of, outcome })}
      />
      {isColoured(of.outcome) && (
        <Labelled label={t('consultation.outcome-colour')}>
          <Chips
            label={t('consultation.outcome-colour')}
            choices={COLOURS.map((id) => ({ id, label: <ColourMark colour={id} size={16} /> }))}
            value={of.colour}
            onChange={(colour) => onChange({ ...of, colour })}
          />
        </Labelled>
      )}
      {of.outcome === 'start-response' && (
        <Labelled label={t('consultation.outcome-level')}>
          <Chips
            label={t('consultation.outcome-level')}
            choices={LEVELS.map((id) => ({ id, label: code('level', id) }))}
            value={of.level}
            onChange={(level) => onChange({ ...of, level })}
          />
        </Labelled>
      )}
    </div>
  )
}

type PresentProps = {
  readonly of: ConsultationDetail
  readonly value: readonly string[]
  readonly onChange: (ids: readonly string[]) => void
}

/** Who was there, as the convener saw it: those who said that they come are marked already. */
function PresentField({ of, value, onChange }: PresentProps) {
  const { t, words } = useWords()
  return (
    <CheckboxGroup className="field" value={[...value]} onChange={onChange}>
      <Label>{t('consultation.who-was-there')}</Label>
      <div className="checks">
        {of.participants.map((one) => (
          <Checkbox key={one.organization.id} value={one.organization.id} className="check">
            <span className="check-box" aria-hidden />
            {words(one.organization.name)}
          </Checkbox>
        ))}
      </div>
    </CheckboxGroup>
  )
}
