import type { FastifyInstance } from 'fastify'
import { z } from 'zod/mini'
import { may } from '#core/authority.ts'
import { Refusal, refuse } from '#core/decider.ts'
import type { Colour } from '#core/level.ts'
import { fromMs, yearIn } from '#core/time.ts'
import { nextElapse } from '#core/incident/activation.ts'
import { areasOf } from '#core/incident/area.ts'
import { incident, IncidentCommand, incidentParties, incidentThing, type Incident, type IncidentEvent } from '#core/incident.ts'
import type { Sitrep } from '#core/sitrep.ts'
import type { ActionView, IncidentSummary, IncidentView, SitrepView } from '#core/view.ts'
import type { TransactionSql } from './database.ts'
import type { Request } from './handle.ts'
import { oneRow, type Keeping, type Preparing } from './keeping.ts'
import { readTimeline } from './log.ts'
import { nextNumber } from './number.ts'
import {
  actionsOf,
  basisView,
  divisionNames,
  maybe,
  obligationView,
  reference,
  timelineEntries,
  type Division,
  type ObligationRow,
  type Scene,
} from './present.ts'
import { idOf, look, notFound, parse, type Desk } from './room.ts'
import { prepareArea } from './incident/area.ts'
import { conductActions, conductView, readLeads } from './incident/conduct.ts'
import { prepareClosing } from './incident/phase.ts'

export const incidentKeeping: Keeping<Incident | null, IncidentCommand, IncidentEvent> = {
  room: 'incident',
  decider: incident,
  parse: (body) => IncidentCommand.safeParse(body),
  thing: (state, command) => incidentThing(state, command),
  incidentOf: (id) => id,
  prepare,
  ...oneRow<Incident>('incident', {
    number: ['text', (state) => state.number],
    title: ['text', (state) => state.title],
    status: ['text', (state) => state.status],
    class: ['text', (state) => state.class],
    hazard: ['text', (state) => state.hazard],
    severity: ['smallint', (state) => state.severity],
    response_level: ['smallint', (state) => state.responseLevel],
    jurisdiction: ['text', (state) => state.jurisdiction],
    jurisdictions: ['text[]', areasOf],
    parties: ['uuid[]', incidentParties],
    place: ['jsonb', (state) => state.place],
    zone: ['text', (state) => state.zone],
    reported_at: ['timestamptz', (state) => state.reportedAt],
    closed_at: ['timestamptz', (state) => state.closedAt],
    merged_into: ['uuid', (state) => state.mergedInto],
  }),
  timer: (state) => (state === null || state.closedAt !== null ? null : nextElapse(state)),
}

/** The number of a new incident; which version is activated, if it may be. */
async function prepare(request: Request, parts: Preparing): Promise<Request | Refusal> {
  const { sql, clock, relations, instruments } = parts
  const command = request.command as IncidentCommand
  if (command.type === 'incident.activate-instrument') {
    const on = (request.occurredAt ?? fromMs(clock.now())).slice(0, 10)
    const [row] = await sql<{ jurisdiction: string }[]>`select jurisdiction from incident where id = ${request.id}`
    if (row === undefined) return refuse('incident.unknown')
    const found = (await instruments()).activatable(command.instrumentId, on, await relations(), row.jurisdiction)
    if (found instanceof Refusal) return found
    const versioned: IncidentCommand = { ...command, version: found.version }
    return { ...request, command: versioned }
  }
  if (command.type === 'incident.close-phase') return prepareClosing(request, command, parts)
  if (command.type === 'incident.mark-area') return prepareArea(request, command, parts)
  if (command.type !== 'incident.report') return request
  const year = yearIn(request.occurredAt ?? fromMs(clock.now()), command.zone)
  const last = await nextNumber(sql, `incident ${year} ${command.jurisdiction}`)
  const numbered: IncidentCommand = { ...command, number: `${year}-${command.jurisdiction}-${String(last).padStart(4, '0')}` }
  return { ...request, command: numbered }
}

const LIST_MAX = 200
const TIMELINE_MAX = 200
const SITREPS_MAX = 100
const DUTIES_MAX = 200

type Counts = { readonly open: number; readonly late: number; readonly discharged: number; readonly accepted: number }
type IncidentRow = { readonly id: string; readonly state: Incident; readonly counts: Counts }

const NO_COUNTS: Counts = { open: 0, late: 0, discharged: 0, accepted: 0 }

/** Incidents that the asker may see, the newest first, at most 200. */
export async function readIncidents(
  sql: TransactionSql,
  { open = false, id }: { readonly open?: boolean; readonly id?: string },
): Promise<readonly IncidentSummary[]> {
  const rows = await sql<Omit<IncidentRow, 'counts'>[]>`
    select id, state from incident
    where ${open ? sql`closed_at is null` : sql`true`} and ${id === undefined ? sql`true` : sql`id = ${id}`}
    order by reported_at desc limit ${LIST_MAX}`
  const ids = rows.map((row) => row.id)
  const [counts, warned, divisionOf] = await Promise.all([
    countObligations(sql, ids),
    readWarned(sql, ids),
    divisionNames(
      sql,
      rows.map((row) => row.state.jurisdiction),
    ),
  ])
  return rows.map((row) => ({
    ...summary({ ...row, counts: counts.get(row.id) ?? NO_COUNTS }, divisionOf(row.state.jurisdiction)),
    warned: warned.get(row.id) ?? null,
  }))
}

async function readWarned(sql: TransactionSql, ids: readonly string[]): Promise<ReadonlyMap<string, Colour>> {
  const rows = await sql<{ id: string; colour: Colour }[]>`
    select incident_id as id, (array_agg(colour order by array_position(array['red', 'orange', 'yellow', 'blue'], colour)))[1] as colour
    from alert where incident_id = any(${[...ids]}) and status = 'in-force' and colour is not null group by incident_id`
  return new Map(rows.map(({ id, colour }) => [id, colour]))
}

async function countObligations(sql: TransactionSql, ids: readonly string[]): Promise<ReadonlyMap<string, Counts>> {
  const rows = await sql<({ id: string } & Counts)[]>`
    select incident_id as id,
      count(*) filter (where open)::int as open,
      count(*) filter (where open and lapsed_at is not null)::int as late,
      count(*) filter (where status = 'discharged')::int as discharged,
      count(*) filter (where status = 'accepted')::int as accepted
    from obligation where incident_id = any(${ids as string[]}) group by incident_id`
  return new Map(rows.map((row) => [row.id, row]))
}

function summary({ id, state, counts }: IncidentRow, jurisdiction: Division): Omit<IncidentSummary, 'warned'> {
  return {
    id,
    number: state.number,
    title: state.title,
    class: state.class,
    hazard: state.hazard,
    severity: state.severity,
    responseLevel: state.responseLevel,
    status: state.status,
    expected: state.expected === true,
    place: state.place,
    jurisdiction,
    reportedAt: state.reportedAt,
    closedAt: state.closedAt,
    zone: state.zone,
    obligations: { open: counts.open, late: counts.late, discharged: counts.discharged, accepted: counts.accepted },
  }
}

function sitrepView(scene: Scene, id: string, state: Sitrep): SitrepView {
  const { number, kind, from, to, filedAt, occurredAt, summary: text, facts, skips = [], skipReason = null } = state
  const passed = { skips: skips.map((one) => reference(scene, one)), skipReason }
  return { id, number, kind, from: reference(scene, from), to: maybe(scene, to), filedAt, occurredAt, summary: text, facts, ...passed }
}

const samples = (state: Incident): readonly IncidentCommand[] => [
  ...(state.expected === true ? ([{ type: 'incident.occur', text: 'x' }] as const) : []),
  { type: 'incident.verify', text: 'x' },
  { type: 'incident.refute', reason: 'x' },
  {
    type: 'incident.declare',
    class: state.class ?? 'accident',
    severity: state.severity === 4 ? 3 : 4,
    hazard: state.hazard,
    title: state.title,
  },
  { type: 'incident.set-response', level: 4, text: 'x' },
  { type: 'incident.note', kind: 'x', text: 'x' },
  { type: 'incident.merge', into: '00000000-0000-7000-8000-000000000000' },
  { type: 'incident.close', reason: 'x' },
]

/** What can be done to the reports and positions of an incident, by the same table. */
function moreActions(scene: Scene, state: Incident): readonly ActionView[] {
  const thing = incidentThing(state)
  const refusal = (command: string): ActionView => {
    const no = scene.readOnly ? refuse('exercise.read-only') : may(scene.doer, command, thing, scene.relations)
    return { command, refusal: no === null ? null : { code: no.code, params: no.params } }
  }
  return ['incident.fill-position', 'sitrep.file', 'sitrep.correct'].map(refusal)
}

export function incidentRoutes(app: FastifyInstance, desk: Desk): void {
  app.get('/api/incidents', async (request) => {
    const { read } = await look(desk, request)
    return read((sql) => readIncidents(sql, {}))
  })

  app.get<{ Params: { id: string } }>('/api/incidents/:id', async (request): Promise<IncidentView> => {
    const { read, scene } = await look(desk, request)
    const id = idOf(request, 'incident.unknown')
    return read(async (sql) => {
      const [row] = await sql<{ state: Incident }[]>`select state from incident where id = ${id}`
      const [shown] = row ? await readIncidents(sql, { id }) : []
      if (!row || !shown) throw notFound('incident.unknown')
      const { state } = row
      const [duties, sitreps, merged] = await Promise.all([
        sql<
          ObligationRow[]
        >`select id, ${state.title} as title, state from obligation where incident_id = ${id} order by due_at nulls last, id limit ${DUTIES_MAX}`,
        sql<
          { id: string; state: Sitrep }[]
        >`select id, state from sitrep where incident_id = ${id} order by number desc limit ${SITREPS_MAX}`,
        sql<{ number: string }[]>`select number from incident where merged_into = ${id} order by number limit ${LIST_MAX}`,
      ])
      await scene.instruments.load([...duties.flatMap((duty) => duty.state.basis ?? []), ...state.gaps])
      return {
        ...shown,
        warnings: state.warnings.map((one) => ({ ...one, issuer: maybe(scene, one.issuer) })),
        ...(await conductView(sql, scene, state)),
        duties: duties.map((duty) => obligationView(scene, duty)),
        sitreps: sitreps.map((one) => sitrepView(scene, one.id, one.state)),
        merged: merged.map((one) => one.number),
        actions: [
          ...actionsOf(scene, incident, state, incidentThing(state), samples(state)),
          ...conductActions(scene, state),
          ...moreActions(scene, state),
        ],
        gaps: state.gaps.map((gap) => ({ basis: basisView(scene, gap, false), party: gap.party, act: gap.act })),
      }
    })
  })

  app.get<{ Params: { id: string } }>('/api/incidents/:id/leads', async (request) => {
    const { read, scene } = await look(desk, request)
    const id = idOf(request, 'incident.unknown')
    return read(async (sql) => {
      const [row] = await sql`select 1 from incident where id = ${id}`
      const found = row ? await readLeads(sql, scene, id) : null
      if (found === null) throw notFound('incident.unknown')
      return found
    })
  })

  app.get<{ Params: { id: string }; Querystring: Record<string, string> }>('/api/incidents/:id/timeline', async (request) => {
    const { read, scene } = await look(desk, request)
    const id = idOf(request, 'incident.unknown')
    const query = parse(TimelineQuery, request.query)
    const limit = Math.min(Number(query.limit ?? TIMELINE_MAX), TIMELINE_MAX)
    return read(async (sql) => timelineEntries(sql, scene, await readTimeline(sql, id, query.before ?? null, limit)))
  })
}

const TimelineQuery = z.object({
  before: z.optional(z.string().check(z.regex(/^\d{1,18}$/))),
  limit: z.optional(z.string().check(z.regex(/^\d{1,3}$/))),
})
