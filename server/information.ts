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
import type { Request } from './handle.ts'
import { readIncidents } from './informed.ts'
import { owedRoute } from './information/owed.ts'
import { questionView, type QuestionRow } from './information/view.ts'
import { oneRow, readState, type Keeping, type Preparing } from './keeping.ts'
import { look, parse, type Desk } from './room.ts'

export const informationKeeping: Keeping<Information | null, InformationCommand, InformationEvent> = {
  room: 'information',
  decider: information,
  parse: (body) => InformationCommand.safeParse(body),
  thing: (state, command) => informationThing(state, command),
  incidentOf: (_, state, command) => state?.incidentId ?? (command.type === 'information.assert' ? command.incidentId : null),
  prepare,
  ...oneRow<Information>('information', {
    incident_id: ['uuid', (state) => state.incidentId],
    key: ['text', (state) => state.key],
    jurisdiction: ['text', (state) => state.jurisdiction],
    parties: ['uuid[]', informationParties],
    contradictory: ['boolean', (state) => contradictionsOf(state).length > 0],
    heard_at: ['timestamptz', (state) => state.assertions.reduce((last, one) => (one.heardAt > last ? one.heardAt : last), state.askedAt)],
  }),
}

/**
 * The incident's place and who leads in it, and that the organizations are in the directory. One question of one incident is
 * one stream, whoever asks it first: an assertion goes to the stream that its incident and key name, whatever id it was sent to.
 */
async function prepare(request: Request, { sql, relations }: Preparing): Promise<Request | Refusal> {
  const command = request.command as InformationCommand
  const id = command.type === 'information.assert' ? idFrom(questionName(command.incidentId, command.key)) : request.id
  const state = await readState<Information>(sql, 'information', id)
  const incidentId = command.type === 'information.assert' ? command.incidentId : state?.incidentId
  if (incidentId === undefined) return refuse('information.unknown')
  const incident = await readState<Incident>(sql, 'incident', incidentId)
  if (incident === null) return refuse('incident.unknown')
  const directory = await relations()
  const named = command.type === 'information.deliver' ? command.to : command.type === 'information.assert' ? [command.saidBy] : []
  const stranger = named.find((one) => typeof one === 'string' && directory.find(one) === null)
  if (typeof stranger === 'string' && request.doer.actor.kind === 'post') return refuse('organization.unknown')
  const about = aboutIncident(incident, state === null ? [] : informationParties(state))
  const told = command.type === 'information.assert' ? { ...command, jurisdiction: incident.jurisdiction } : command
  return { ...request, id, command: told, about }
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
    const query = parse(ListQuery, request.query)
    const own = asker.viewer.organizationId
    return read(async (sql) => {
      const incidents = await readIncidents(sql, query.incident)
      const chosen = query.incident ?? incidents[0]?.id ?? null
      const incident = chosen === null ? null : await readState<Incident>(sql, 'incident', chosen)
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
