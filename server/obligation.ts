import type { FastifyInstance } from 'fastify'
import { z } from 'zod/mini'
import type { Recorded } from '#core/event.ts'
import { Uuid } from '#core/id.ts'
import {
  isOpen,
  nextTimer,
  obligation,
  ObligationCommand,
  obligationThing,
  partiesOf,
  type Obligation,
  type ObligationEvent,
} from '#core/obligation.ts'
import type { ObligationDetail, ObligationView } from '#core/view.ts'
import type { TransactionSql } from './database.ts'
import type { Keeping } from './keeping.ts'
import { findAt, readStreams } from './log.ts'
import { maybe, obligationView, reference, timelineEntry, type ObligationRow, type Scene } from './present.ts'
import { look, malformed, notFound, type Desk } from './room.ts'

export const obligationKeeping: Keeping<Obligation | null, ObligationCommand, ObligationEvent> = {
  room: 'obligation',
  decider: obligation,
  parse: (body) => ObligationCommand.safeParse(body),
  thing: (state) => obligationThing(state),
  incidentOf: (_, state, command) => state?.incidentId ?? (command.type === 'obligation.owe' ? command.incidentId : null),
  table: {
    name: 'obligation',
    columns: {
      id: 'uuid',
      incident_id: 'uuid',
      jurisdiction: 'text',
      parties: 'uuid[]',
      debtor: 'uuid',
      creditor: 'uuid',
      status: 'text',
      open: 'boolean',
      owed_at: 'timestamptz',
      due_at: 'timestamptz',
      lapsed_at: 'timestamptz',
      discharged_at: 'timestamptz',
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
            jurisdiction: state.jurisdiction,
            parties: partiesOf(state),
            debtor: state.debtor,
            creditor: state.creditor,
            status: state.status,
            open: isOpen(state),
            owed_at: state.owedAt,
            due_at: state.dueAt,
            lapsed_at: state.lapsedAt,
            discharged_at: state.dischargedAt,
            state,
          },
        ],
  timer: (state) => nextTimer(state),
}

const LIST_MAX = 200
const HISTORY_MAX = 200

export type ObligationFilter = {
  /** Still open and due before this instant. */
  readonly openDueBefore?: string
  readonly debtor?: string
  readonly creditor?: string
  readonly incident?: string
  readonly status?: 'open' | 'late' | 'done' | 'all'
  readonly limit?: number
}

const OPEN = ['owed', 'accepted', 'declined']

/** Obligations that the asker may see, most urgent first, at most 200. */
export async function readObligations(sql: TransactionSql, scene: Scene, filter: ObligationFilter): Promise<readonly ObligationView[]> {
  const { openDueBefore, debtor, creditor, incident, status = 'all', limit = LIST_MAX } = filter
  const open = sql`o.status = any(${OPEN})`
  const conditions = [
    openDueBefore === undefined ? sql`true` : sql`(${open} and o.due_at <= ${openDueBefore})`,
    debtor === undefined ? sql`true` : sql`o.debtor = ${debtor}`,
    creditor === undefined ? sql`true` : sql`o.creditor = ${creditor}`,
    incident === undefined ? sql`true` : sql`o.incident_id = ${incident}`,
    status === 'all'
      ? sql`true`
      : status === 'open'
        ? open
        : status === 'late'
          ? sql`(${open} and o.lapsed_at is not null)`
          : sql`not ${open}`,
  ]
  const where = conditions.reduce((all, one) => sql`${all} and ${one}`)
  const rows = await sql<ObligationRow[]>`
    select o.id, i.title, o.state from obligation o join incident i on i.id = o.incident_id
    where ${where} order by (o.status = any(${OPEN})) desc, o.due_at nulls last, o.id limit ${Math.min(limit, LIST_MAX)}`
  return rows.map((row) => obligationView(scene, row))
}

export function obligationRoutes(app: FastifyInstance, desk: Desk): void {
  app.get<{ Querystring: Record<string, string> }>('/api/obligations', async (request) => {
    const { read, scene, asker } = await look(desk, request)
    const query = ListQuery.safeParse(request.query)
    if (!query.success) throw malformed(query.error.issues)
    const { status = 'all', incident, whose = 'all' } = query.data
    const own = asker.viewer.organizationId
    const filter = {
      status,
      ...(incident === undefined ? {} : { incident }),
      ...(whose === 'mine' ? { debtor: own } : whose === 'owed-to-us' ? { creditor: own } : {}),
    }
    return read((sql) => readObligations(sql, scene, filter))
  })

  app.get<{ Params: { id: string } }>('/api/obligations/:id', async (request): Promise<ObligationDetail> => {
    const { read, scene } = await look(desk, request)
    const id = Uuid.safeParse(request.params.id)
    if (!id.success) throw notFound('obligation.unknown')
    return read(async (sql) => {
      const [row] = await sql<
        ObligationRow[]
      >`select o.id, i.title, o.state from obligation o join incident i on i.id = o.incident_id where o.id = ${id.data}`
      if (!row) throw notFound('obligation.unknown')
      const { state } = row
      await scene.instruments.load([state.basis])
      const [history, trigger] = await Promise.all([readStreams(sql, [`obligation/${id.data}`]), findAt(sql, state.trigger.position)])
      return {
        ...obligationView(scene, row),
        clause: scene.instruments.clause(state.basis),
        evidence: state.evidence === null ? null : { ...state.evidence, by: maybe(scene, state.evidence.by) },
        declineReason: state.declineReason,
        waiveReason: state.waiveReason,
        triggeredBy: { ...state.trigger, summary: summaryOf(trigger) },
        ladder: state.ladder.map((rung, i) => ({ at: rung.at, to: reference(scene, rung.to), done: i < state.climbed })),
        history: history.slice(-HISTORY_MAX).map((event) => timelineEntry(scene, event)),
      }
    })
  })
}

const ListQuery = z.object({
  status: z.optional(z.enum(['open', 'late', 'done', 'all'])),
  incident: z.optional(Uuid),
  whose: z.optional(z.enum(['mine', 'owed-to-us', 'all'])),
})

function summaryOf(event: Recorded | null): string {
  const data = (event?.data ?? {}) as Readonly<Record<string, unknown>>
  const text = data.text ?? data.summary ?? data.title ?? ''
  return typeof text === 'string' ? text : ''
}
