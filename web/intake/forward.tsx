import { useState } from 'react'
import type { Beyond } from '#core/intake.ts'
import { durationMs } from '#core/time.ts'
import type { IntakeDetail } from '#core/view/intake.ts'
import { serverNow } from '../clock.ts'
import { written } from '../form.ts'
import { CommandForm, Dialog, Field, SelectField } from '../kit/index.ts'
import { WithinField } from '../kit/instant-field.tsx'
import { OrganizationField } from '../kit/organization-field.tsx'
import { useOrganizations } from '../kit/organizations.ts'
import { useWords } from '../words.ts'

const BEYOND: readonly Beyond[] = ['function', 'place', 'means']
const ANSWERS = ['PT5M', 'PT15M', 'PT30M', 'PT1H'] as const

/** Recorded and passed on, with why; the receiver answers in time, or supervision hears of the silence. */
export function ForwardDialog({ of, onClose }: { readonly of: IntakeDetail; readonly onClose: () => void }) {
  const { t, code } = useWords()
  const organizations = useOrganizations().filter((one) => one.id !== of.handler.id)
  const [to, setTo] = useState<string | null>(null)
  const [beyond, setBeyond] = useState<Beyond>('function')
  const [text, setText] = useState('')
  const [within, setWithin] = useState<string | null>('PT15M')
  const reason = written(text)
  const label = code('command', 'intake.forward')
  return (
    <Dialog title={`${label} · ${of.number}`} isOpen onClose={onClose}>
      <CommandForm
        room="intake"
        id={of.id}
        label={label}
        onClose={onClose}
        make={() =>
          to === null || reason === null
            ? null
            : {
                type: 'intake.forward',
                to,
                beyond,
                reason,
                ...(within === null ? {} : { answerBy: new Date(serverNow() + durationMs(within)).toISOString() }),
              }
        }
      >
        <p className="soft">{t('intake.forward-note')}</p>
        <OrganizationField label={t('intake.to')} organizations={organizations} value={to} onChange={setTo} isRequired />
        <SelectField
          label={t('intake.beyond')}
          value={beyond}
          onChange={setBeyond}
          choices={BEYOND.map((id) => ({ id, label: code('beyond', id) }))}
        />
        <Field label={t('intake.reason')} lines={2} isRequired value={text} onChange={setText} maxLength={2000} />
        <WithinField label={t('intake.answer-by')} choices={ANSWERS} none={t('intake.answer-none')} value={within} onChange={setWithin} />
      </CommandForm>
    </Dialog>
  )
}
