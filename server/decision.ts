import type { FastifyInstance } from 'fastify'
import { z } from 'zod/mini'
import { leadOf } from '#core/authority.ts'
import { Refusal, refuse } from '#core/decider.ts'
import {
  approvalsOf,
  decision,
  DecisionCommand,
  decisionParties,
  decisionThing,
  unheardOf,
  type Decision,
  type DecisionEvent,
  type Stand,
} from '#core/decision.ts'
import type { Body } from '#core/headquarters.ts'
import { Uuid } from '#core/id.ts'
import { incidentParties, type Incident } from '#core/incident.ts'
import { headquartersOf } from '#core/incident/headquarters.ts'
import { findApproval } from '#core/linkage/approval.ts'
import { creditorOfItem } from '#core/linkage/decision.ts'
import { fromMs } from '#core/time.ts'
import type { DecisionsView, DecisionSummary, DecisionView, StandView } from '#core/view/decision.ts'
import type { Sql } from './database.ts'
import type { Request } from './handle.ts'
import { oneRow, readState, type Keeping, type Preparing } from './keeping.ts'
import { readLaidDown } from './laid-down.ts'
import { actionsOf, basisView, maybe, reference, type Scene } from './present.ts'
import { idOf, look, notFound, parse, type Desk } from './room.ts'

export const decisionKeeping: Keeping<Decision | null, DecisionCommand, DecisionEvent> = {
  room: 'decision',
  decider: decision,
  parse: (body) => DecisionCommand.safeParse(body),
  thing: (state, command) => decisionThing(state, command),
  incidentOf: (_, state, command) => state?.incidentId ?? (command.type === 'decision.propose' ? command.incidentId : null),
  prepare,
  ...oneRow<Decision>('decision', {
    incident_id: ['uuid', (state) => state.incidentId],
    headquarters_id: ['uuid', (state) => state.headquartersId],
    jurisdiction: ['text', (state) => state.jurisdiction],
    parties: ['uuid[]', decisionParties],
    status: ['text', (state) => state.status],
    path: ['text', (state) => state.path],
    lead: ['uuid', (state) => state.lead],
    title: ['text', (state) => state.title],
    proposed_at: ['timestamptz', (state) => state.proposedAt],
    ended_at: ['timestamptz', (state) => state.endedAt],
  }),
}

type Seated = { readonly lead: string; readonly members: readonly string[]; readonly jurisdiction: string }

/**
 * Where it is decided, who takes it, whose approval the authority clauses demand. Refused: an emergency path that nobody
 * declared, headquarters that are not there, an item that nobody could be owed.
 */
async function prepare(request: Request, parts: Preparing): Promise<Request | Refusal> {
  const command = request.command as DecisionCommand
  if (command.type !== 'decision.propose') return request
  const relations = await parts.relations()
  const { actor } = request.doer
  const own = actor.kind === 'post' ? (relations.find(actor.organizationId) ?? null) : null
  const incident = command.incidentId === null ? null : await readState<Incident>(parts.sql, 'incident', command.incidentId)
  if (command.incidentId !== null && incident === null) return refuse('incident.unknown')
  const seated = await seatedIn(command.headquartersId, incident, parts.sql)
  if (seated instanceof Refusal) return seated
  if (command.path === 'emergency' && (incident?.emergencyPath ?? null) === null) return refuse('decision.no-emergency-path')
  const jurisdiction = incident?.jurisdiction ?? seated?.jurisdiction ?? own?.jurisdiction ?? null
  if (jurisdiction === null) return refuse('decision.no-place')
  const on = (request.occurredAt ?? fromMs(parts.clock.now())).slice(0, 10)
  const approval = incident === null ? null : findApproval((await parts.instruments()).bindingOn(on), command, incident, relations)
  const leading = incident === null ? null : leadOf({ jurisdiction, lead: incident.headquarters?.lead ?? incident.lead }, relations)
  const lead = approval?.holder ?? seated?.lead ?? leading ?? own?.id
  if (lead === undefined) return refuse('decision.nobody-takes-it')
  const asked = approval?.approvals ?? []
  const members = [...asked, ...command.members.filter((id) => !asked.includes(id))]
  const orphan = command.items.findIndex((item) => creditorOfItem(item, { lead, members, jurisdiction }, relations) === null)
  if (orphan >= 0) return refuse('decision.owed-to-nobody', { item: orphan + 1 })
  const inOrder = command.inOrder || asked.length > 1
  const told: DecisionCommand = { ...command, members, inOrder, jurisdiction, lead, basis: approval?.basis ?? null }
  const present = [...(seated?.members ?? []), ...(incident === null ? [] : incidentParties(incident))]
  return { ...request, command: told, about: { jurisdiction, headquarters: { lead, members: present }, parties: present } }
}

async function seatedIn(id: string | null, incident: Incident | null, sql: Sql): Promise<Seated | null | Refusal> {
  if (id === null) return incident?.headquarters ?? null
  const active = incident === null ? undefined : headquartersOf(incident).find((one) => one.id === id)
  if (active !== undefined) return active
  const body = await readState<Body>(sql, 'headquarters', id)
  if (body === null) return refuse('headquarters.unknown')
  const members = body.members.filter((one) => one.seat === 'member').map((one) => one.organization)
  return { lead: body.lead, members, jurisdiction: body.jurisdiction }
}

const LIST_MAX = 200

type DecisionRow = { readonly id: string; readonly state: Decision }

function summary(scene: Scene, { id, state }: DecisionRow): DecisionSummary {
  const { incidentId, headquartersId, title, matter, path, status, proposedAt, endedAt, stands } = state
  return {
    id,
    incidentId,
    headquartersId,
    title,
    matter,
    path,
    status,
    proposedAt,
    endedAt,
    lead: reference(scene, state.lead),
    proposedBy: maybe(scene, state.proposedBy),
    concurring: stands.filter((one) => one.stand === 'concurs').length,
    dissenting: stands.filter((one) => one.stand === 'dissents').length,
    members: state.members.length,
    items: state.items.length,
    actions: [
      { type: 'decision.concur' } as const,
      { type: 'decision.dissent', reason: 'x' } as const,
      // With a reason: whether one is needed is asked in the dialog.
      { type: 'decision.take', reason: 'x' } as const,
      { type: 'decision.withdraw', reason: 'x' } as const,
    ].flatMap((sample) => actionsOf(scene, decision, state, decisionThing(state, sample), [sample])),
  }
}

function standsOf(scene: Scene, state: Decision): readonly StandView[] {
  const shown = ({ organization, stand, reason, at }: Stand): StandView => ({
    organization: reference(scene, organization),
    stand,
    reason,
    at,
  })
  const unheard = new Set(unheardOf(state))
  return state.members.flatMap((id) => {
    const said = state.stands.find((one) => one.organization === id)
    if (said !== undefined) return [shown(said)]
    return unheard.has(id) ? [{ organization: reference(scene, id), stand: 'unheard' as const, reason: null, at: null }] : []
  })
}

const ListQuery = z.object({ incident: z.optional(Uuid), headquarters: z.optional(Uuid) })

export function decisionRoutes(app: FastifyInstance, desk: Desk): void {
  app.get('/api/decisions', async (request): Promise<DecisionsView> => {
    const { read, scene } = await look(desk, request)
    const { incident, headquarters } = parse(ListQuery, request.query)
    return read(async (sql) => {
      const rows = await sql<DecisionRow[]>`
        select id, state from decision
        where ${incident === undefined ? sql`true` : sql`incident_id = ${incident}`}
          and ${headquarters === undefined ? sql`true` : sql`headquarters_id = ${headquarters}`}
        order by proposed_at desc, id limit ${LIST_MAX}`
      return { decisions: rows.map((row) => summary(scene, row)), approvals: approvalsOf(rows.map((row) => row.state)) }
    })
  })

  app.get<{ Params: { id: string } }>('/api/decisions/:id', async (request): Promise<DecisionView> => {
    const { read, scene } = await look(desk, request)
    const id = idOf(request, 'decision.unknown')
    return read(async (sql) => {
      const [row] = await sql<DecisionRow[]>`select id, state from decision where id = ${id}`
      if (!row) throw notFound('decision.unknown')
      const { state } = row
      await scene.instruments.load(state.basis === null ? [] : [state.basis])
      const [obligations, [incident]] = await Promise.all([
        state.status === 'taken'
          ? readLaidDown(sql, scene, { stream: `decision/${row.id}`, type: 'decision.taken', items: state.items })
          : [],
        sql<{ title: string; zone: string }[]>`select title, zone from incident where id = ${state.incidentId}`,
      ])
      return {
        ...summary(scene, row),
        text: state.text,
        inOrder: state.inOrder,
        basis: state.basis === null ? null : basisView(scene, state.basis, true),
        reason: state.reason,
        stands: standsOf(scene, state),
        changed: state.changed.map(({ organization, ...said }) => ({ ...said, organization: reference(scene, organization) })),
        laidDown: state.items.map((item) => ({
          debtor: reference(scene, item.debtor),
          act: item.actWords,
          dueAt: item.dueAt,
          function: item.function,
        })),
        obligations,
        incidentTitle: incident?.title ?? null,
        zone: incident?.zone ?? null,
      }
    })
  })
}
