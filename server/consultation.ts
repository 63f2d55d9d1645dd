import { refuse, type Refusal } from '#core/decider.ts'
import {
  consultation,
  ConsultationCommand,
  consultationParties,
  consultationThing,
  latestOf,
  type Consultation,
  type ConsultationEvent,
} from '#core/consultation.ts'
import { binds } from '#core/instrument.ts'
import type { Incident } from '#core/incident.ts'
import { creditorOfItem } from '#core/linkage/decision.ts'
import { covers } from '#core/place.ts'
import { fromMs } from '#core/time.ts'
import { instantText } from './consultation/read.ts'
import type { Sql } from './database.ts'
import type { Request } from './handle.ts'
import { oneRow, readState, type Keeping, type Preparing } from './keeping.ts'

export { consultationRoutes } from './consultation/routes.ts'

export const consultationKeeping: Keeping<Consultation | null, ConsultationCommand, ConsultationEvent> = {
  room: 'consultation',
  decider: consultation,
  parse: (body) => ConsultationCommand.safeParse(body),
  thing: (state, command) => consultationThing(state, command),
  incidentOf: (_, state, command) =>
    state?.incidentId ?? (command.type === 'consultation.convene' || command.type === 'consultation.link' ? command.incidentId : null),
  prepare,
  ...oneRow<Consultation>('consultation', {
    incident_id: ['uuid', (state) => state.incidentId],
    alert_id: ['uuid', (state) => state.alertId],
    jurisdiction: ['text', (state) => state.jurisdiction],
    parties: ['uuid[]', consultationParties],
    convener: ['uuid', (state) => state.convener],
    status: ['text', (state) => state.status],
    title: ['text', (state) => state.title],
    hazard: ['text', (state) => state.hazard],
    colour: ['text', (state) => state.colour],
    how: ['text', (state) => state.how],
    starts_at: ['timestamptz', (state) => state.startsAt],
    onset: ['timestamptz', (state) => state.onset],
    asked: ['integer', (state) => state.participants.length],
    took_part: ['integer', tookPart],
    convened_at: ['timestamptz', (state) => state.convenedAt],
    held_at: ['timestamptz', (state) => state.openedAt],
    concluded_at: ['timestamptz', (state) => (state.status === 'concluded' ? state.endedAt : null)],
    ended_at: ['timestamptz', (state) => state.endedAt],
    outcome: ['text', (state) => state.conclusion?.outcome ?? null],
    concluded: ['text', (state) => state.conclusion?.colour ?? null],
  }),
}

/** Beside the convener: who was there or wrote; before it is concluded, who says that it comes. */
function tookPart({ conclusion, answers, statements, convener }: Consultation): number {
  const coming = [...latestOf(answers).values()].filter((one) => one.answer === 'attends')
  const said =
    conclusion === null ? [...coming, ...statements].map((one) => one.organization) : [...conclusion.present, ...conclusion.wrote]
  return new Set(said.filter((id) => id !== convener)).size
}

/**
 * What a consultation cannot know from its own stream: the folder of its warning, the clause that demands it, who leads the
 * incident, whether everyone asked is registered and every item has somebody whom it is owed to.
 */
async function prepare(request: Request, parts: Preparing): Promise<Request | Refusal> {
  const command = request.command as ConsultationCommand
  switch (command.type) {
    case 'consultation.convene':
      return convening(request, command, parts)
    case 'consultation.invite':
      return (await findStranger(command.participants, parts)) ?? request
    case 'consultation.link':
      return (await findNowhere(command.incidentId, parts.sql)) ?? request
    case 'consultation.conclude':
      return concluding(request, command, parts)
    default:
      return request
  }
}

type Of<T extends ConsultationCommand['type']> = Extract<ConsultationCommand, { readonly type: T }>

async function findStranger(asked: readonly { readonly organization: string }[], parts: Preparing): Promise<Refusal | null> {
  const relations = await parts.relations()
  const stranger = asked.find((one) => relations.find(one.organization) === null)
  return stranger === undefined ? null : refuse('organization.unknown')
}

async function findNowhere(incidentId: string | null, sql: Sql): Promise<Refusal | null> {
  if (incidentId === null) return null
  const [found] = await sql`select 1 from incident where id = ${incidentId}`
  return found === undefined ? refuse('incident.unknown') : null
}

async function convening(request: Request, command: Of<'consultation.convene'>, parts: Preparing): Promise<Request | Refusal> {
  const { sql } = parts
  const stranger = await findStranger(command.participants, parts)
  if (stranger) return stranger
  const [warning] = command.alertId === null ? [] : await readWarning(command.alertId, sql)
  if (command.alertId !== null && warning === undefined) return refuse('alert.unknown')
  const incidentId = command.incidentId ?? warning?.incidentId ?? null
  const incident = incidentId === null ? null : await readState<Incident>(sql, 'incident', incidentId)
  if (incidentId !== null && incident === null) return refuse('incident.unknown')
  const on = (request.occurredAt ?? fromMs(parts.clock.now())).slice(0, 10)
  const told: ConsultationCommand = {
    ...command,
    incidentId,
    onset: command.onset ?? warning?.onset ?? null,
    basis: command.basis ?? findBasis(command, on, await parts.instruments()),
  }
  const lead = incident?.headquarters?.lead ?? incident?.lead ?? null
  // The headquarters' lead consults for the incident, too; the territory is still the one that the command names.
  const leads = incident !== null && covers(incident.jurisdiction, command.jurisdiction)
  return { ...request, command: told, ...(leads && lead !== null ? { about: { lead } } : {}) }
}

/** A warning's folder, once it is opened, and when it begins. */
const readWarning = (alertId: string, sql: Sql) => sql<{ incidentId: string | null; onset: string | null }[]>`
  select i.id as "incidentId", ${instantText(sql, sql`a.onset`)} as onset from alert a left join incident i on i.id = a.incident_id where a.id = ${alertId}`

/** The first clause in force there whose evidence is that a consultation was held. */
function findBasis(
  { hazard, jurisdiction }: Of<'consultation.convene'>,
  on: string,
  instruments: Awaited<ReturnType<Preparing['instruments']>>,
): Of<'consultation.convene'>['basis'] {
  for (const { id, version, instrument } of instruments.bindingOn(on)) {
    if (!covers(instrument.jurisdiction, jurisdiction)) continue
    const clause = instrument.clauses.find(
      (one) =>
        binds(one) &&
        one.evidence.some((condition) => condition.kinds?.includes('consultation') === true) &&
        (one.hazards === undefined || one.hazards.includes(hazard)) &&
        one.when.some((condition) => condition.hazards === undefined || condition.hazards.includes(hazard)),
    )
    if (clause !== undefined) return { instrumentId: id, version, clauseId: clause.id }
  }
  return null
}

async function concluding(request: Request, command: Of<'consultation.conclude'>, parts: Preparing): Promise<Request | Refusal> {
  if (command.decisions.length === 0) return request
  const state = await readState<Consultation>(parts.sql, 'consultation', request.id)
  if (state === null) return request
  const { convener: lead, participants, jurisdiction } = state
  const relations = await parts.relations()
  const stranger = command.decisions.find((item) => relations.find(item.debtor) === null)
  if (stranger !== undefined) return refuse('organization.unknown')
  const members = participants.map((one) => one.organization)
  const orphan = command.decisions.findIndex((item) => creditorOfItem(item, { lead, members, jurisdiction }, relations) === null)
  return orphan < 0 ? request : refuse('decision.owed-to-nobody', { item: orphan + 1 })
}
