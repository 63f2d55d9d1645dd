import type { Recorded } from '../event.ts'
import type { Obligation } from '../obligation.ts'
import type { LinkageView, Reaction } from './view.ts'

/** What a termination takes with it: everything open that rested on the instrument, or that the response had made owed. */
export function ended(event: Recorded, view: LinkageView): readonly Reaction[] {
  const rests = dependent(event)
  if (rests === null) return []
  const reactions: Reaction[] = []
  for (const { id, state } of view.obligations.open())
    if (rests(state))
      reactions.push({
        room: 'obligation',
        id,
        commandId: view.idFrom(`release|${id}|${event.position}`),
        command: {
          type: 'obligation.release',
          reason: event.type === 'incident.response-terminated' ? 'response-terminated' : 'instrument-terminated',
        },
        basis: null,
        occurredAt: event.occurredAt,
      })
  return reactions
}

function dependent(event: Recorded): ((state: Obligation) => boolean) | null {
  const { instrumentId } = event.data as { readonly instrumentId?: string }
  switch (event.type) {
    case 'incident.instrument-terminated':
      return (state) => state.basis?.instrumentId === instrumentId
    case 'incident.response-terminated':
      return (state) => state.trigger?.type === 'incident.response-set'
    default:
      return null
  }
}
