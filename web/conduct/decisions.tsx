import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { DecisionsView, DecisionSummary } from '#core/view/decision.ts'
import { Badge, Button, Link, OrganizationName, Panel, type Tone } from '../kit/index.ts'
import { usePaths, useWorld } from '../paths.ts'
import { decisionsQuery } from '../queries.ts'
import { useWords } from '../words.ts'
import { ProposeDialog, type ProposeProps } from './propose.tsx'
import './conduct.css'

const TONES: Readonly<Record<DecisionSummary['status'], Tone>> = { proposed: 'soon', taken: 'grey', withdrawn: 'grey' }

export function DecisionBadge({ status }: { readonly status: DecisionSummary['status'] }) {
  const { code } = useWords()
  return <Badge tone={TONES[status]}>{code('status.decision', status)}</Badge>
}

/** The joint decisions of an incident or of a body: what, how each stands, who takes it. */
export function DecisionsPanel({ zone, ...propose }: Omit<ProposeProps, 'onClose'> & { readonly zone?: string }) {
  const { t } = useWords()
  const world = useWorld()
  const { incidentId, headquartersId } = propose
  const filter = {
    ...(incidentId === null ? {} : { incident: incidentId }),
    ...(headquartersId === null ? {} : { headquarters: headquartersId }),
  }
  const reading = useQuery(decisionsQuery(world, filter))
  const [proposing, setProposing] = useState(false)
  const decisions = reading.data?.decisions ?? []
  return (
    <Panel
      title={t('decision.title')}
      note={decisions.length === 0 ? undefined : decisions.length}
      actions={world === null && <Button onPress={() => setProposing(true)}>{t('decision.propose')}</Button>}
      className="decisions"
    >
      {decisions.length === 0 ? (
        <p className="padded soft">{t('decision.none')}</p>
      ) : (
        <ul className="decision-list">
          {decisions.map((one) => (
            <DecisionRow key={one.id} of={one} {...(zone === undefined ? {} : { zone })} />
          ))}
        </ul>
      )}
      {reading.data !== undefined && reading.data.approvals.taken > 0 && <Chains of={reading.data.approvals} />}
      {proposing && <ProposeDialog {...propose} onClose={() => setProposing(false)} />}
    </Panel>
  )
}

function DecisionRow({ of, zone }: { readonly of: DecisionSummary; readonly zone?: string }) {
  const { t, short } = useWords()
  const paths = usePaths()
  return (
    <li className="decision-row">
      <span className="decision-name">
        <Link to={paths.decision(of.id)}>{of.title}</Link> <DecisionBadge status={of.status} />
        {of.path === 'emergency' && <Badge tone="soon">{t('decision.path.emergency')}</Badge>}
      </span>
      <span className="soft">
        {t('decision.counts', { concurring: of.concurring, dissenting: of.dissenting, members: of.members })} ·{' '}
        <OrganizationName of={of.lead} /> · {short(of.endedAt ?? of.proposedAt, zone)}
      </span>
    </li>
  )
}

/** How long the chains of approval are, how often they are cut short, and whether every item has an owner and a date. */
function Chains({ of }: { readonly of: DecisionsView['approvals'] }) {
  const { t, number } = useWords()
  const percent = (share: number | null): string =>
    share === null ? '—' : t('decision.percent', { value: number(Math.round(share * 100)) })
  return (
    <p className="padded soft decision-chains">
      {t('decision.chain')}: {t('decision.chain-taken', { count: of.taken })} ·{' '}
      {t('decision.chain-steps', { steps: of.medianSteps === null ? '—' : number(of.medianSteps) })} ·{' '}
      {t('decision.chain-emergency', { share: percent(of.emergencyShare) })} ·{' '}
      {t('decision.chain-owned', { share: percent(of.itemsOwnedAndDated) })}
    </p>
  )
}
