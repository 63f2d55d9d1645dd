import type { Recorded } from '../event.ts'
import { headquartersOf } from '../incident/headquarters.ts'
import type { HeadquartersEvent } from '../headquarters.ts'
import type { LinkageView, Reaction } from './view.ts'

type Activated = Extract<HeadquartersEvent, { type: 'headquarters.activated' }>

const ENDS: ReadonlySet<string> = new Set(['incident.closed', 'incident.merged', 'incident.refuted'])

/** A standing body that is activated commands in the incident, and what ends there ends here. */
export function stoodUp(event: Recorded, view: LinkageView): readonly Reaction[] {
  const id = event.stream.slice(event.stream.indexOf('/') + 1)
  const follows = { basis: null, occurredAt: event.occurredAt }
  const commandId = view.idFrom(`headquarters|${event.stream}|${event.version}`)
  switch (event.type) {
    case 'headquarters.activated': {
      const { name, jurisdiction, lead, members, sectors, organization, incidentId } = event.data as Activated
      return [
        {
          room: 'incident',
          id: incidentId,
          commandId,
          ...follows,
          command: {
            type: 'incident.activate-headquarters',
            name,
            lead,
            jurisdiction,
            organization,
            members: [...members],
            positions: [],
            headquarters: id,
            sectors: [...sectors],
          },
        },
      ]
    }
    case 'headquarters.deactivated': {
      const { incidentId, reason } = event.data as Extract<HeadquartersEvent, { type: 'headquarters.deactivated' }>
      const command = { type: 'incident.stand-down-headquarters', headquarters: id, reason } as const
      return [{ room: 'incident', id: incidentId, commandId, ...follows, command }]
    }
    case 'incident.headquarters-stood-down': {
      const { headquarters, standing, reason } = event.data as {
        readonly headquarters: string
        readonly standing: boolean
        readonly reason: string
      }
      const command = { type: 'headquarters.deactivate', incidentId: id, reason } as const
      return standing ? [{ room: 'headquarters', id: headquarters, commandId, ...follows, command }] : []
    }
    default:
      return ENDS.has(event.type) && view.incident !== null ? withTheIncident(event, id, view) : []
  }
}

function withTheIncident(event: Recorded, incidentId: string, view: LinkageView): readonly Reaction[] {
  const { reason } = event.data as { readonly reason?: string }
  const standing = view.incident === null ? [] : headquartersOf(view.incident).filter((one) => one.standing)
  return standing.map((one) => ({
    room: 'headquarters',
    id: one.id,
    commandId: view.idFrom(`headquarters|${event.stream}|${event.version}|${one.id}`),
    basis: null,
    occurredAt: event.occurredAt,
    command: { type: 'headquarters.deactivate', incidentId, reason: reason ?? event.type },
  }))
}
