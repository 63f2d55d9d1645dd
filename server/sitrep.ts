import { refuse, type Refusal } from '#core/decider.ts'
import { sitrep, SitrepCommand, type Sitrep, type SitrepEvent } from '#core/sitrep.ts'
import type { Request } from './handle.ts'
import { oneRow, type Keeping, type Preparing } from './keeping.ts'
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
  ...oneRow<Sitrep>('sitrep', {
    incident_id: ['uuid', (state) => state.incidentId],
    number: ['integer', (state) => state.number],
    kind: ['text', (state) => state.kind],
    from_organization: ['uuid', (state) => state.from],
    to_organization: ['uuid', (state) => state.to],
    filed_at: ['timestamptz', (state) => state.filedAt],
  }),
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
