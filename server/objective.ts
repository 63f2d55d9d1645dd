import type { Thing } from '#core/authority.ts'
import { refuse, type Refusal } from '#core/decider.ts'
import { headquartersOf } from '#core/incident/headquarters.ts'
import { incidentThing, type Incident } from '#core/incident.ts'
import { objective, ObjectiveCommand, objectiveThing, type Objective, type ObjectiveEvent } from '#core/objective.ts'
import { covers } from '#core/place.ts'
import type { Sql } from './database.ts'
import type { Request } from './handle.ts'
import type { Keeping, Preparing } from './keeping.ts'

export const objectiveKeeping: Keeping<Objective | null, ObjectiveCommand, ObjectiveEvent> = {
  room: 'objective',
  decider: objective,
  parse: (body) => ObjectiveCommand.safeParse(body),
  thing: (state, command) => objectiveThing(state, command),
  incidentOf: (_, state, command) => state?.incidentId ?? (command.type === 'objective.set' ? command.incidentId : null),
  prepare,
  table: {
    name: 'objective',
    columns: {
      id: 'uuid',
      incident_id: 'uuid',
      year: 'smallint',
      jurisdiction: 'text',
      parties: 'uuid[]',
      parent: 'uuid',
      owner: 'uuid',
      functions: 'text[]',
      status: 'text',
      open: 'boolean',
      set_at: 'timestamptz',
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
            year: state.year,
            jurisdiction: state.jurisdiction,
            parties: [state.owner],
            parent: state.parent,
            owner: state.owner,
            functions: state.functions,
            status: state.status,
            open: state.status === 'open',
            set_at: state.setAt,
            state,
          },
        ],
}

/** Where the parent stands, and who leads the incident that the objective belongs to. */
async function prepare(request: Request, { sql }: Preparing): Promise<Request | Refusal> {
  const command = request.command as ObjectiveCommand
  const [kept] = await sql<{ state: Objective }[]>`select state from objective where id = ${request.id}`
  const of = command.type === 'objective.set' ? command : kept?.state
  const incidentId = of?.incidentId ?? null
  let about: Partial<Thing> = {}
  if (of !== undefined && incidentId !== null) {
    const [row] = await sql<{ state: Incident }[]>`select state from incident where id = ${incidentId}`
    if (!row) return refuse('incident.unknown')
    if (row.state.status === 'merged' || row.state.status === 'unfounded')
      return refuse('incident.already-ended', { status: row.state.status })
    about = incidentAbout(row.state, of.jurisdiction)
  }
  if (command.type !== 'objective.set' && command.type !== 'objective.link') return { ...request, about }
  const { parentStands: _, ...said } = command
  if (command.parent === null) return { ...request, command: said, about }
  const [parent] = await sql<{ state: Objective }[]>`select state from objective where id = ${command.parent}`
  if (parent?.state.status === 'dropped') return refuse('objective.parent-dropped')
  const stands = parent && { incidentId: parent.state.incidentId, year: parent.state.year, jurisdiction: parent.state.jurisdiction }
  const placed = (stands === undefined ? said : { ...said, parentStands: stands }) as ObjectiveCommand
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
