import { useState } from 'react'
import type { CallOutcome, CallRow, CallWay } from '#core/view/call.ts'
import { CommandForm, Dialog, Field, ReasonDialog, SelectField } from '../kit/index.ts'
import { useWords } from '../words.ts'

type Props = { readonly row: CallRow; readonly incidentId: string; readonly chainId: string; readonly onClose: () => void }

const KIND = { answer: 'warning-acknowledged', decide: 'level-decided' } as const

/** A person answers for the organization: received, and what will be done; or what was decided, and why not more. */
export function AnswerDialog({ row, incidentId, chainId, onClose }: Props) {
  const { t, words } = useWords()
  const kind = row.stage === 'decide' ? KIND.decide : KIND.answer
  return (
    <ReasonDialog
      title={words(row.act)}
      isOpen
      onClose={onClose}
      room="incident"
      id={incidentId}
      label={t(row.stage === 'decide' ? 'call.decide' : 'call.answer')}
      ask={t(row.stage === 'decide' ? 'call.decision' : 'call.what-will-be-done')}
      help={t(row.stage === 'decide' ? 'call.decision-help' : 'call.answer-help')}
      command={(text) => ({ type: 'incident.note', kind, text, organization: row.organization.id, data: { chainId } })}
    />
  )
}

const WAYS: readonly CallWay[] = ['phone', 'radio', 'message', 'visit']
const OUTCOMES: readonly CallOutcome[] = ['answered', 'no-answer', 'busy', 'unreachable']

/** Somebody was called: each try is kept. What a live person said counts as the answer, with who took it down. */
export function CallDialog({ row, onClose }: Pick<Props, 'row' | 'onClose'>) {
  const { t, code, words } = useWords()
  const [way, setWay] = useState<CallWay>('phone')
  const [outcome, setOutcome] = useState<CallOutcome>('answered')
  const [text, setText] = useState('')
  const said = text.trim()
  const answers = outcome === 'answered' && row.stage === 'answer'
  const make = () =>
    answers && said === '' ? null : { type: 'obligation.note-call' as const, way, outcome, ...(said === '' ? {} : { text: said }) }
  return (
    <Dialog title={t('call.record', { name: words(row.organization.name) })} isOpen onClose={onClose}>
      <CommandForm room="obligation" id={row.obligationId} label={t('call.keep')} onClose={onClose} make={make}>
        <SelectField
          label={t('call.way')}
          choices={WAYS.map((id) => ({ id, label: code('call-way', id) }))}
          value={way}
          onChange={setWay}
        />
        <SelectField
          label={t('call.outcome')}
          choices={OUTCOMES.map((id) => ({ id, label: code('call-outcome', id) }))}
          value={outcome}
          onChange={setOutcome}
        />
        <Field
          label={t(answers ? 'call.what-they-said' : 'call.remark')}
          help={answers ? t('call.counts-as-answer') : undefined}
          lines={3}
          isRequired={answers}
          value={text}
          onChange={setText}
          maxLength={2000}
        />
      </CommandForm>
    </Dialog>
  )
}
