import { useState } from 'react'
import type { IntakeDetail } from '#core/view/intake.ts'
import { ActionButton, ConfirmDialog, Panel, ReasonDialog } from '../kit/index.ts'
import { useWords } from '../words.ts'

type Props = { readonly of: IntakeDetail; readonly asked: NonNullable<IntakeDetail['asked']> }

/** It was passed on to us: yes or no, before anything else. */
export function Asked({ of, asked }: Props) {
  const { t, code, words, dateTime } = useWords()
  const [open, setOpen] = useState<string | null>(null)
  const forward = of.forwards.find((one) => one.obligationId === asked.obligationId)
  const dialog = { room: 'obligation', id: asked.obligationId, isOpen: true, onClose: () => setOpen(null) } as const
  return (
    <Panel title={t('intake.asked')} className="intake-asked">
      <div className="padded">
        {forward !== undefined && (
          <p>
            <b>{words(forward.from.name)}</b> · {t('kit.named', { what: code('beyond', forward.beyond), of: forward.reason })}
            {forward.answerBy !== null && <span className="soft"> · {dateTime(forward.answerBy, of.zone)}</span>}
          </p>
        )}
        <p className="intake-asked-actions">
          {asked.actions.map((action) => (
            <ActionButton
              key={action.command}
              action={action}
              variant={action.command === 'obligation.accept' ? 'primary' : 'plain'}
              onPress={() => setOpen(action.command)}
            />
          ))}
        </p>
      </div>
      {open === 'obligation.accept' && (
        <ConfirmDialog {...dialog} title={of.number} label={code('command', open)} command={{ type: 'obligation.accept' }}>
          <p>{of.text}</p>
        </ConfirmDialog>
      )}
      {open === 'obligation.decline' && (
        <ReasonDialog
          {...dialog}
          title={of.number}
          label={code('command', open)}
          ask={t('intake.reason')}
          command={(reason) => ({ type: 'obligation.decline', reason })}
        />
      )}
    </Panel>
  )
}
