import type { FastifyInstance } from 'fastify'
import { z } from 'zod/mini'
import {
  finding,
  FindingCommand,
  findingParties,
  findingThing,
  nextFindingTimer,
  type Finding,
  type FindingEvent,
  type Said,
} from '#core/finding.ts'
import { Uuid } from '#core/id.ts'
import { after } from '#core/time.ts'
import type { FindingDetail, FindingView, SaidView } from '#core/view/finding.ts'
import type { TransactionSql } from './database.ts'
import { boardRoute } from './finding/board.ts'
import { oneRow, type Keeping } from './keeping.ts'
import { readStreams } from './log.ts'
import { actionsOf, basisView, maybe, reference, timelineEntry, type Scene } from './present.ts'
import { idOf, look, notFound, parse, type Desk } from './room.ts'

export const findingKeeping: Keeping<Finding | null, FindingCommand, FindingEvent> = {
  room: 'finding',
  decider: finding,
  parse: (body) => FindingCommand.safeParse(body),
  thing: (state) => findingThing(state),
  incidentOf: (_, state, command) => (command.type === 'finding.raise' ? command.incidentId : (state?.incidentId ?? null)),
  ...oneRow<Finding>('finding', {
    obligation_id: ['uuid', (state) => state.obligationId],
    incident_id: ['uuid', (state) => state.incidentId],
    jurisdiction: ['text', (state) => state.jurisdiction],
    parties: ['uuid[]', findingParties],
    subject: ['uuid', (state) => state.subject],
    creditor: ['uuid', (state) => state.creditor],
    supervisor: ['uuid', (state) => state.supervisor],
    kind: ['text', (state) => state.kind],
    gravity: ['smallint', (state) => state.gravity],
    status: ['text', (state) => state.status],
    open: ['boolean', (state) => state.status !== 'closed'],
    missed_at: ['timestamptz', (state) => state.missedAt],
    raised_at: ['timestamptz', (state) => state.raisedAt],
    due_at: ['timestamptz', (state) => state.dueAt],
    closed_at: ['timestamptz', (state) => state.closedAt],
    verified: ['boolean', (state) => state.outcome === 'verified'],
  }),
  timer: (state) => nextFindingTimer(state),
}

const LIST_MAX = 200
const HISTORY_MAX = 200

type Row = { readonly id: string; readonly state: Finding }

const ListQuery = z.object({
  status: z.optional(z.enum(['open', 'closed', 'all'])),
  /** `ours`: about us; `supervised`: for us to supervise; `owed-us`: what was missed was owed to us. */
  whose: z.optional(z.enum(['ours', 'supervised', 'owed-us', 'all'])),
  incident: z.optional(Uuid),
  obligation: z.optional(Uuid),
})
type ListQuery = z.infer<typeof ListQuery>

/** Findings that the asker may see: open ones first, the gravest first, then the newest; at most 200. */
async function readFindings(sql: TransactionSql, scene: Scene, query: ListQuery, own: string): Promise<readonly FindingView[]> {
  const { status = 'all', whose = 'all', incident, obligation } = query
  const conditions = [
    status === 'all' ? sql`true` : status === 'open' ? sql`f.open` : sql`not f.open`,
    whose === 'ours'
      ? sql`f.subject = ${own}`
      : whose === 'supervised'
        ? sql`f.supervisor = ${own}`
        : whose === 'owed-us'
          ? sql`f.creditor = ${own}`
          : sql`true`,
    incident === undefined ? sql`true` : sql`f.incident_id = ${incident}`,
    obligation === undefined ? sql`true` : sql`f.obligation_id = ${obligation}`,
  ]
  const where = conditions.reduce((all, one) => sql`${all} and ${one}`)
  const rows = await sql<Row[]>`
    select f.id, f.state from finding f where ${where} order by f.open desc, f.gravity, f.raised_at desc, f.id limit ${LIST_MAX}`
  await scene.instruments.load(rows.flatMap(({ state }) => (state.basis === null ? [] : [state.basis])))
  return rows.map((row) => findingView(scene, row))
}

const samples = (now: string): readonly FindingCommand[] => [
  { type: 'finding.answer', text: 'x' },
  { type: 'finding.rectify', evidence: 'x' },
  { type: 'finding.object', reason: 'x' },
  { type: 'finding.urge', text: 'x' },
  { type: 'finding.order-rectification', text: 'x', dueAt: after(now, 'P1D') },
  { type: 'finding.interview', text: 'x' },
  { type: 'finding.propose-sanction', text: 'x', article: 'x' },
  { type: 'finding.check', outcome: 'dismissed', text: 'x' },
  { type: 'finding.verify', accepted: true, text: 'x' },
  { type: 'finding.close', reason: 'x' },
]

function findingView(scene: Scene, { id, state }: Row): FindingView {
  const timer = nextFindingTimer(state)
  const following = state.ladder[state.passed]
  return {
    id,
    obligationId: state.obligationId,
    incidentId: state.incidentId,
    act: state.actWords,
    kind: state.kind,
    gravity: state.gravity,
    status: state.status,
    outcome: state.outcome,
    subject: reference(scene, state.subject),
    creditor: reference(scene, state.creditor),
    supervisor: reference(scene, state.supervisor),
    basis: state.basis === null ? null : basisView(scene, state.basis, true),
    missedAt: state.missedAt,
    raisedAt: state.raisedAt,
    dueAt: state.dueAt,
    closedAt: state.closedAt,
    lateBy: state.lateBy,
    step: state.ladder[state.passed - 1]?.step ?? null,
    next: timer === null || following === undefined ? null : { step: following.step, at: timer.at },
    actions: actionsOf(scene, finding, state, findingThing(state), samples(scene.now)),
  }
}

export function findingRoutes(app: FastifyInstance, desk: Desk): void {
  app.get<{ Querystring: Record<string, string> }>('/api/findings', async (request) => {
    const { read, scene, asker } = await look(desk, request)
    const query = parse(ListQuery, request.query)
    return read((sql) => readFindings(sql, scene, query, asker.viewer.organizationId))
  })

  app.get<{ Params: { id: string } }>('/api/findings/:id', async (request): Promise<FindingDetail> => {
    const { read, scene } = await look(desk, request)
    const id = idOf(request, 'finding.unknown')
    return read(async (sql) => {
      const [row] = await sql<Row[]>`select f.id, f.state from finding f where f.id = ${id}`
      if (!row) throw notFound('finding.unknown')
      if (row.state.basis !== null) await scene.instruments.load([row.state.basis])
      const history = await readStreams(sql, [`finding/${id}`])
      return { ...detail(scene, row), history: history.slice(-HISTORY_MAX).map((event) => timelineEntry(scene, event)) }
    })
  })
  boardRoute(app, desk)
}

function detail(scene: Scene, row: Row): Omit<FindingDetail, 'history'> {
  const { state } = row
  const shown = (one: Said): SaidView => ({ what: one.what, organization: maybe(scene, one.organization), at: one.at, text: one.text })
  const saidAt = (stage: number): readonly SaidView[] => state.said.filter((one) => one.stage === stage).map(shown)
  const { objection } = state
  return {
    ...findingView(scene, row),
    ladder: state.ladder.map((stage, i) => ({
      step: stage.step,
      at: stage.at,
      reachedAt: stage.reachedAt,
      to: reference(scene, stage.to),
      byClause: stage.clauseId !== null,
      clauseId: stage.clauseId,
      said: saidAt(i + 1),
    })),
    said: saidAt(0),
    heldAt: state.heldAt,
    objection: objection === null ? null : { reason: objection.reason, at: objection.at, checkDueAt: objection.checkDueAt },
    rectification: state.rectification,
    mendedAt: state.mendedAt,
    verifiedBy: maybe(scene, state.verifiedBy),
  }
}
