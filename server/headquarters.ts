import type { FastifyInstance } from 'fastify'
import { refuse, type Refusal } from '#core/decider.ts'
import {
  bodyParties,
  coGovernance,
  findNotReady,
  headquarters,
  HeadquartersCommand,
  headquartersThing,
  timeToForm,
  type Body,
  type HeadquartersEvent,
} from '#core/headquarters.ts'
import type { Incident } from '#core/incident.ts'
import { areasOf } from '#core/incident/area.ts'
import { headquartersOf } from '#core/incident/headquarters.ts'
import { covers } from '#core/place.ts'
import type { ActionView } from '#core/view.ts'
import type { BodiesView, BodySummary, BodyView, MeetingView } from '#core/view/headquarters.ts'
import type { TransactionSql } from './database.ts'
import type { Request } from './handle.ts'
import { oneRow, readState, type Keeping, type Preparing } from './keeping.ts'
import { itemIds, readObligationViews } from './laid-down.ts'
import { actionsOf, basisView, divisionNames, maybe, reference, type Division, type Scene } from './present.ts'
import { idOf, look, notFound, type Desk } from './room.ts'

export const headquartersKeeping: Keeping<Body | null, HeadquartersCommand, HeadquartersEvent> = {
  room: 'headquarters',
  decider: headquarters,
  parse: (body) => HeadquartersCommand.safeParse(body),
  thing: (state, command) => headquartersThing(state, command),
  incidentOf: (_, state, command) => ('incidentId' in command ? command.incidentId : null) ?? state?.incidentId ?? null,
  prepare,
  ...oneRow<Body>('headquarters', {
    name: ['jsonb', (state) => state.name],
    kind: ['text', (state) => state.kind],
    status: ['text', (state) => state.status],
    jurisdiction: ['text', (state) => state.jurisdiction],
    parties: ['uuid[]', bodyParties],
    lead: ['uuid', (state) => state.lead],
    incident_id: ['uuid', (state) => state.incidentId],
    founded_at: ['timestamptz', (state) => state.foundedAt],
    formed_at: ['timestamptz', (state) => state.formedAt],
  }),
}

/** The incident must still go on, lie where the body acts, and have no other headquarters of that territory. */
async function prepare(request: Request, { sql }: Preparing): Promise<Request | Refusal> {
  const command = request.command as HeadquartersCommand
  if (command.type !== 'headquarters.activate' && command.type !== 'headquarters.deactivate') return request
  if (request.doer.actor.kind === 'system') return request
  const [incident, body] = await Promise.all([
    readState<Incident>(sql, 'incident', command.incidentId),
    readState<Body>(sql, 'headquarters', request.id),
  ])
  if (incident === null) return refuse('incident.unknown')
  if (body === null) return refuse('headquarters.unknown')
  const active = headquartersOf(incident)
  if (command.type === 'headquarters.deactivate') {
    const leads = incident.headquarters?.id === request.id && active.length > 1
    return leads ? refuse('incident.lead-not-handed-over') : request
  }
  if (incident.closedAt !== null) return refuse('incident.already-ended', { status: incident.status })
  const areas = [incident.jurisdiction, ...areasOf(incident)]
  if (!areas.some((area) => covers(body.jurisdiction, area) || covers(area, body.jurisdiction)))
    return refuse('headquarters.outside-its-territory', { jurisdiction: body.jurisdiction })
  return active.some((one) => one.jurisdiction === body.jurisdiction)
    ? refuse('incident.headquarters-already-active', { jurisdiction: body.jurisdiction })
    : request
}

const LIST_MAX = 200
const SOCIAL = 'social'

type BodyRow = { readonly id: string; readonly state: Body }

/** Social organizations are known by their sector in the directory. */
const isSocial = (scene: Scene, id: string): boolean => scene.relations.find(id)?.sector === SOCIAL

function summary(scene: Scene, { id, state }: BodyRow, jurisdiction: Division): BodySummary {
  const members = state.members.filter((one) => one.seat === 'member')
  const no = state.status === 'stood-down' ? refuse('headquarters.already-stood-down') : findNotReady(state)
  return {
    id,
    name: state.name,
    kind: state.kind,
    status: state.status,
    jurisdiction,
    lead: reference(scene, state.lead),
    members: members.length,
    observers: state.members.length - members.length,
    socialSeats: members.filter((one) => isSocial(scene, one.organization)).length,
    joined: members.filter((one) => one.joinedAt !== null).length,
    foundedAt: state.foundedAt,
    timeToForm: timeToForm(state),
    incidents: state.incidents.length,
    notReady: no === null ? null : { code: no.code, params: no.params },
  }
}

const ANY = '00000000-0000-7000-8000-000000000000'
const samples = (state: Body): readonly HeadquartersCommand[] => [
  { type: 'headquarters.admit', member: { organization: ANY, seat: 'member', sector: null } },
  {
    type: 'headquarters.release',
    organization: state.members.find((one) => one.organization !== state.lead)?.organization ?? ANY,
    reason: 'x',
  },
  { type: 'headquarters.join' },
  { type: 'headquarters.change-lead', lead: state.lead, reason: 'x' },
  { type: 'headquarters.set-purpose', objectives: [], functions: [], terms: [] },
  { type: 'headquarters.activate', incidentId: ANY },
  { type: 'headquarters.deactivate', incidentId: state.incidents[0]?.id ?? ANY, reason: 'x' },
  { type: 'headquarters.meet', text: 'x', attended: [], decisions: [], incidentId: null },
  { type: 'headquarters.stand-down', reason: 'x' },
]

function actions(scene: Scene, state: Body): readonly ActionView[] {
  return actionsOf(scene, headquarters, state, headquartersThing(state), samples(state))
}

async function view(sql: TransactionSql, scene: Scene, row: BodyRow): Promise<BodyView> {
  const { state } = row
  const [names, incidents, meetings] = await Promise.all([
    divisionNames(sql, [state.jurisdiction]),
    sql<{ id: string; title: string }[]>`select id, title from incident where id = any(${state.incidents.map((one) => one.id)})`,
    meetingsOf(sql, scene, row),
  ])
  return {
    ...summary(scene, row, names(state.jurisdiction)),
    seats: state.members.map(({ organization, seat, sector, joinedAt }) => ({
      organization: reference(scene, organization),
      seat,
      sector,
      joinedAt,
      social: isSocial(scene, organization),
    })),
    powers: state.powers,
    sectors: state.sectors.map((one) => ({ ...one, lead: reference(scene, one.lead) })),
    basis: state.basis === null ? null : basisView(scene, state.basis, true),
    objectives: state.objectives,
    functions: state.functions.map((one) => ({ function: one.function, lead: maybe(scene, one.lead) })),
    terms: state.terms,
    // An incident that the asker may not see is not named to him.
    activations: state.incidents.flatMap((one) => {
      const title = incidents.find((incident) => incident.id === one.id)?.title
      return title === undefined ? [] : [{ ...one, title }]
    }),
    meetings,
    actions: actions(scene, state),
  }
}

/** Each meeting with what it made owed, found by the ids that the linkage makes of the meeting's place in the stream. */
async function meetingsOf(sql: TransactionSql, scene: Scene, { id, state }: BodyRow): Promise<readonly MeetingView[]> {
  if (state.meetings.length === 0) return []
  const stream = `headquarters/${id}`
  const commands = state.meetings.map((one) => one.commandId)
  const events = await sql<{ command: string; version: number }[]>`
    select command_id as command, version from event where stream = ${stream} and type = 'headquarters.met' and command_id = any(${commands})`
  const ids = state.meetings.map((meeting) => {
    const version = events.find((one) => one.command === meeting.commandId)?.version
    return version === undefined ? [] : itemIds(stream, version, meeting.decisions)
  })
  const obligations = await readObligationViews(sql, scene, sql`where o.id = any(${ids.flat()})`)
  return state.meetings.map(({ at, text, attended }, i) => ({
    at,
    text,
    attended: attended.map((one) => reference(scene, one)),
    obligations: obligations.filter((one) => ids[i]?.includes(one.id)),
  }))
}

export function headquartersRoutes(app: FastifyInstance, desk: Desk): void {
  app.get('/api/headquarters', async (request): Promise<BodiesView> => {
    const { read, scene } = await look(desk, request)
    return read(async (sql) => {
      const rows = await sql<BodyRow[]>`
        select id, state from headquarters order by status = 'stood-down', founded_at desc, id limit ${LIST_MAX}`
      const names = await divisionNames(
        sql,
        rows.map((row) => row.state.jurisdiction),
      )
      return {
        bodies: rows.map((row) => summary(scene, row, names(row.state.jurisdiction))),
        coGovernance: coGovernance(
          rows.map((row) => row.state),
          (id) => isSocial(scene, id),
        ),
      }
    })
  })

  app.get<{ Params: { id: string } }>('/api/headquarters/:id', async (request) => {
    const { read, scene } = await look(desk, request)
    const id = idOf(request, 'headquarters.unknown')
    return read(async (sql) => {
      const [row] = await sql<BodyRow[]>`select id, state from headquarters where id = ${id}`
      if (!row) throw notFound('headquarters.unknown')
      return view(sql, scene, row)
    })
  })
}
