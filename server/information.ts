/** Questions of fact with what each source says; the board of a running incident. */
import type { FastifyInstance } from 'fastify'
import { z } from 'zod/mini'
import { may, type Thing } from '#core/authority.ts'
import { refuse, type Refusal } from '#core/decider.ts'
import { Uuid } from '#core/id.ts'
import { incidentThing, type Incident } from '#core/incident.ts'
import {
  contradictionsOf,
  information,
  InformationCommand,
  informationParties,
  informationThing,
  questionName,
  type Information,
  type InformationEvent,
} from '#core/information.ts'
import type { ActionView } from '#core/view.ts'
import type { InformationView } from '#core/view/information.ts'
import { idFrom } from './clock.ts'
import type { Sql, TransactionSql } from './database.ts'
import type { Request } from './handle.ts'
import { readIncidents } from './informed.ts'
import { owedRoute } from './information/owed.ts'
import { questionView, type QuestionRow } from './information/view.ts'
import type { Keeping, Preparing } from './keeping.ts'
import { look, malformed, type Desk } from './room.ts'

export const informationKeeping: Keeping<Information | null, InformationCommand, InformationEvent> = {
  room: 'information',
  decider: information,
  parse: (body) => InformationCommand.safeParse(body),
  thing: (state, command) => informationThing(state, command),
  incidentOf: (_, state, command) => state?.incidentId ?? (command.type === 'information.assert' ? command.incidentId : null),
  prepare,
  table: {
    name: 'information',
    columns: {
      id: 'uuid',
      incident_id: 'uuid',
      key: 'text',
      jurisdiction: 'text',
      parties: 'uuid[]',
      contradictory: 'boolean',
      heard_at: 'timestamptz',
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
            key: state.key,
            jurisdiction: state.jurisdiction,
            parties: informationParties(state),
            contradictory: contradictionsOf(state).length > 0,
            heard_at: state.assertions.reduce((last, one) => (one.heardAt > last ? one.heardAt : last), state.askedAt),
            state,
          },
        ],
}

/**
 * The incident's place and who leads in it, and that the organizations are in the directory. One question of one incident is
 * one stream, whoever asks it first: an assertion goes to the stream that its incident and key name, whatever id it was sent to.
 */
async function prepare(request: Request, { sql, relations }: Preparing): Promise<Request | Refusal> {
  const command = request.command as InformationCommand
  const id = command.type === 'information.assert' ? idFrom(questionName(command.incidentId, command.key)) : request.id
  const [kept] = await sql<{ state: Information }[]>`select state from information where id = ${id}`
  const incidentId = command.type === 'information.assert' ? command.incidentId : kept?.state.incidentId
  if (incidentId === undefined) return refuse('information.unknown')
  const incident = await readIncident(sql, incidentId)
  if (incident === null) return refuse('incident.unknown')
  const directory = await relations()
  const named = command.type === 'information.deliver' ? command.to : command.type === 'information.assert' ? [command.saidBy] : []
  const stranger = named.find((one) => typeof one === 'string' && directory.find(one) === null)
  if (typeof stranger === 'string' && request.doer.actor.kind === 'post') return refuse('organization.unknown')
  const about = aboutIncident(incident, kept === undefined ? [] : informationParties(kept.state))
  const told = command.type === 'information.assert' ? { ...command, jurisdiction: incident.jurisdiction } : command
  return { ...request, id, command: told, about }
}

async function readIncident(sql: Sql | TransactionSql, id: string): Promise<Incident | null> {
  const [row] = await sql<{ state: Incident }[]>`select state from incident where id = ${id}`
  return row?.state ?? null
}

/** What authority asks of a thing in an incident: who commands there, and who takes part or is named in the thing itself. */
function aboutIncident(incident: Incident, parties: readonly string[]): Partial<Thing> {
  const { jurisdiction, headquarters = null, lead = null, areas = [], parties: involved } = incidentThing(incident)
  return { jurisdiction, headquarters, lead, areas, parties: [...new Set([...involved, ...parties])] }
}

const ListQuery = z.object({ incident: z.optional(Uuid) })
const QUESTIONS_MAX = 200

export function informationRoutes(app: FastifyInstance, desk: Desk): void {
  /** The questions of one incident (left out: the one that needs it most), contradictory ones first. */
  app.get<{ Querystring: Record<string, string> }>('/api/information', async (request): Promise<InformationView> => {
    const { read, scene, asker } = await look(desk, request)
    const query = ListQuery.safeParse(request.query)
    if (!query.success) throw malformed(query.error.issues)
    const own = asker.viewer.organizationId
    return read(async (sql) => {
      const incidents = await readIncidents(sql, query.data.incident)
      const chosen = query.data.incident ?? incidents[0]?.id ?? null
      const incident = chosen === null ? null : await readIncident(sql, chosen)
      const rows =
        chosen === null
          ? []
          : await sql<QuestionRow[]>`
              select id, state from information where incident_id = ${chosen} order by contradictory desc, key, id limit ${QUESTIONS_MAX}`
      const about = incident === null ? {} : aboutIncident(incident, [])
      const thing: Thing = { jurisdiction: null, parties: [], ...about }
      const seen = incident === null ? thing : { ...thing, parties: [...thing.parties, own] }
      const no = scene.readOnly ? refuse('exercise.read-only') : may(scene.doer, 'information.assert', seen, scene.relations)
      const assert: ActionView = { command: 'information.assert', refusal: no === null ? null : { code: no.code, params: no.params } }
      return { incidents, incident: chosen, questions: rows.map((row) => questionView(scene, row, own, about)), assert }
    })
  })
  owedRoute(app, desk)
}
