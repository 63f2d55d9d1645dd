import type { Thing } from '#core/authority.ts'
import { refuse, type Refusal } from '#core/decider.ts'
import { headquartersOf } from '#core/incident/headquarters.ts'
import { incidentThing, type Incident } from '#core/incident.ts'
import { objective, ObjectiveCommand, objectiveThing, type Objective, type ObjectiveEvent } from '#core/objective.ts'
import { covers } from '#core/place.ts'
import type { Sql } from './database.ts'
import type { Request } from './handle.ts'
import { oneRow, readState, type Keeping, type Preparing } from './keeping.ts'

export const objectiveKeeping: Keeping<Objective | null, ObjectiveCommand, ObjectiveEvent> = {
  room: 'objective',
  decider: objective,
  parse: (body) => ObjectiveCommand.safeParse(body),
  thing: (state, command) => objectiveThing(state, command),
  incidentOf: (_, state, command) => state?.incidentId ?? (command.type === 'objective.set' ? command.incidentId : null),
  prepare,
  ...oneRow<Objective>('objective', {
    incident_id: ['uuid', (state) => state.incidentId],
    year: ['smallint', (state) => state.year],
    jurisdiction: ['text', (state) => state.jurisdiction],
    parties: ['uuid[]', (state) => [state.owner]],
    parent: ['uuid', (state) => state.parent],
    owner: ['uuid', (state) => state.owner],
    functions: ['text[]', (state) => state.functions],
    status: ['text', (state) => state.status],
    open: ['boolean', (state) => state.status === 'open'],
    set_at: ['timestamptz', (state) => state.setAt],
  }),
}

/** Where the parent stands, and who leads the incident that the objective belongs to. */
async function prepare(request: Request, { sql }: Preparing): Promise<Request | Refusal> {
  const command = request.command as ObjectiveCommand
  const of = command.type === 'objective.set' ? command : await readState<Objective>(sql, 'objective', request.id)
  const incidentId = of?.incidentId ?? null
  let about: Partial<Thing> = {}
  if (of !== null && incidentId !== null) {
    const incident = await readState<Incident>(sql, 'incident', incidentId)
    if (incident === null) return refuse('incident.unknown')
    if (incident.status === 'merged' || incident.status === 'unfounded')
      return refuse('incident.already-ended', { status: incident.status })
    about = incidentAbout(incident, of.jurisdiction)
  }
  if (command.type !== 'objective.set' && command.type !== 'objective.link') return { ...request, about }
  const { parentStands: _, ...said } = command
  if (command.parent === null) return { ...request, command: said, about }
  const parent = await readState<Objective>(sql, 'objective', command.parent)
  if (parent?.status === 'dropped') return refuse('objective.parent-dropped')
  const stands = parent && { incidentId: parent.incidentId, year: parent.year, jurisdiction: parent.jurisdiction }
  const placed = (stands === null ? said : { ...said, parentStands: stands }) as ObjectiveCommand
  return { ...request, command: placed, about }
}

/**
 * What authority asks of an incident's objective: of several headquarters the one of its territory, else the one in overall
 * command where that reaches so far, by its own territory or because the lead was handed over to it.
 */
export function incidentAbout(state: Incident, jurisdiction: string): Partial<Thing> {
  const { areas = [], parties } = incidentThing(state)
  const overall = state.headquarters
  const reaches = overall !== null && (covers(overall.jurisdiction, jurisdiction) || state.lead === overall.lead)
  const headquarters = headquartersOf(state).find((one) => one.jurisdiction === jurisdiction) ?? (reaches ? overall : null)
  return { headquarters, lead: headquarters?.lead ?? state.lead, areas, parties }
}

const AIMS_MAX = 500

/** The open objectives of an incident with the functions that they cover, the first set first: what the linkage asks. */
export const readAims = (
  sql: Sql,
  incidentId: string,
): Promise<readonly { readonly id: string; readonly functions: readonly string[] }[]> =>
  sql<{ id: string; functions: string[] }[]>`
    select id, functions from objective where incident_id = ${incidentId} and open order by set_at, id limit ${AIMS_MAX}`
