import { sitrep, SitrepCommand, type Sitrep, type SitrepEvent } from '#core/sitrep.ts'
import type { Keeping } from './keeping.ts'

export const sitrepKeeping: Keeping<Sitrep | null, SitrepCommand, SitrepEvent> = {
  room: 'sitrep',
  decider: sitrep,
  parse: (body) => SitrepCommand.safeParse(body),
  thing: (state, command) => {
    if (state !== null)
      return { jurisdiction: state.jurisdiction, owner: state.from, parties: [state.from, ...(state.to === null ? [] : [state.to])] }
    return { jurisdiction: command.type === 'sitrep.file' ? (command.jurisdiction ?? null) : null, parties: [] }
  },
  incidentOf: (_, state, command) => state?.incidentId ?? (command.type === 'sitrep.file' ? command.incidentId : null),
  table: {
    name: 'sitrep',
    columns: {
      id: 'uuid',
      incident_id: 'uuid',
      number: 'integer',
      kind: 'text',
      from_organization: 'uuid',
      to_organization: 'uuid',
      filed_at: 'timestamptz',
      state: 'jsonb',
    },
  },
  rows: (id, state) =>
    state === null
      ? []
      : [
          {
            id,
            incident_id: state.incidentId,
            number: state.number,
            kind: state.kind,
            from_organization: state.from,
            to_organization: state.to,
            filed_at: state.filedAt,
            state,
          },
        ],
}
