import type { AlertEvent } from '../alert.ts'
import type { Recorded } from '../event.ts'
import type { LinkageView, Reaction } from './view.ts'

export const TAKES_UP = ['alert.drafted'] as const

/** A warning begun from a proposal 预警建议 answers it; whether it was issued, the warning itself says. */
export function takenUp(event: Recorded, view: LinkageView): readonly Reaction[] {
  if (event.type !== 'alert.drafted' || !event.stream.startsWith('alert/')) return []
  const { proposalId, jurisdiction } = event.data as Extract<AlertEvent, { type: 'alert.drafted' }>
  if (proposalId === null || proposalId === undefined) return []
  const alertId = event.stream.slice('alert/'.length)
  return [
    {
      room: 'proposal',
      id: proposalId,
      commandId: view.idFrom(`station.take-up|${proposalId}|${alertId}`),
      command: { type: 'station.take-up', alertId, jurisdiction },
      basis: null,
      occurredAt: event.occurredAt,
    },
  ]
}
