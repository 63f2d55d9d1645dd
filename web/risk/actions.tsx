import { useState } from 'react'
import type { RiskDetail } from '#core/view/risk.ts'
import type { ActionView } from '#core/view.ts'
import { ActionButton, findAction, Panel } from '../kit/index.ts'
import { useWorld } from '../paths.ts'
import { useWords } from '../words.ts'
import { RiskDialog, type RiskMeasure } from './dialogs.tsx'

/** On scene these two come first: is it safe, and is what stands here still so. */
const FIRST: readonly RiskMeasure[] = ['risk.check', 'risk.confirm']
const OTHERS: readonly RiskMeasure[] = [
  'risk.store',
  'risk.state',
  'risk.inspect',
  'risk.mend',
  'risk.verify',
  'risk.appoint',
  'risk.rehearse',
  'risk.link-plan',
  'risk.involve',
  'risk.close',
  'risk.reopen',
]
/** Refused for these reasons it is not this post's business at all, and is left out instead of shown disabled. */
const NOT_OURS: ReadonlySet<string> = new Set([
  'authority.not-keeper',
  'authority.no-power',
  'authority.outside-jurisdiction',
  'risk.not-closed',
  'risk.already-closed',
])

type Props = { readonly of: RiskDetail }

const offered = (of: RiskDetail, commands: readonly RiskMeasure[]): readonly ActionView[] =>
  commands
    .map((command) => findAction(of.actions, command))
    .filter((action) => action !== null)
    .filter((action) => action.refusal === null || !NOT_OURS.has(action.refusal.code))

export function FirstActions({ of }: Props) {
  return <Buttons of={of} actions={offered(of, FIRST)} />
}

export function OtherActions({ of }: Props) {
  const { t } = useWords()
  const world = useWorld()
  const actions = world === null ? offered(of, OTHERS) : []
  if (actions.length === 0) return null
  return (
    <Panel title={t('risk.actions')}>
      <div className="risk-actions">
        <Buttons of={of} actions={actions} />
      </div>
    </Panel>
  )
}

function Buttons({ of, actions }: Props & { readonly actions: readonly ActionView[] }) {
  const [asked, setAsked] = useState<RiskMeasure | null>(null)
  const world = useWorld()
  if (world !== null) return null
  return (
    <>
      {actions.map((action) => (
        <ActionButton
          key={action.command}
          action={action}
          variant={action.command === 'risk.check' ? 'primary' : 'plain'}
          onPress={() => setAsked(action.command as RiskMeasure)}
        />
      ))}
      {asked !== null && <RiskDialog key={asked} of={of} command={asked} onClose={() => setAsked(null)} />}
    </>
  )
}
