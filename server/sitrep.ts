import { refuse, type Refusal } from '#core/decider.ts'
import { sitrep, SitrepCommand, type Sitrep, type SitrepEvent } from '#core/sitrep.ts'
import type { Request } from './handle.ts'
import type { Keeping, Preparing } from './keeping.ts'
import { nextNumber } from './number.ts'

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
  prepare,
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

/** Its number, the incident's jurisdiction, and whom it passes over when it goes past the direct superior. */
async function prepare(request: Request, { sql, relations }: Preparing): Promise<Request | Refusal> {
  const command = request.command as SitrepCommand
  if (command.type !== 'sitrep.file') return request
  const [row] = await sql<{ jurisdiction: string }[]>`select jurisdiction from incident where id = ${command.incidentId}`
  if (!row) return refuse('incident.unknown')
  const { actor } = request.doer
  const from = command.from ?? (actor.kind === 'post' ? actor.organizationId : null)
  const path = from === null ? [] : (await relations()).path(from).map((one) => one.id)
  const skips = path.slice(1, Math.max(1, path.indexOf(command.to ?? '')))
  const number = await nextNumber(sql, `sitrep ${command.incidentId}`)
  const told: SitrepCommand = { ...command, number, jurisdiction: row.jurisdiction, skips }
  return { ...request, command: told }
}
