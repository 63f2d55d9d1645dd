import type { FastifyInstance } from 'fastify'
import { phaseStates, PHASES, PRODUCT_TYPES, productOf, type IncidentPhase, type PhaseCommand } from '#core/incident/phase.ts'
import { incident, incidentThing, type Incident, type IncidentCommand } from '#core/incident.ts'
import { openItems, phaseOfObligation, type PhaseItems } from '#core/linkage/phase.ts'
import type { Obligation } from '#core/obligation.ts'
import type { PhasesView, PhaseView, ProductView } from '#core/view/objective.ts'
import type { Sql, TransactionSql } from '../database.ts'
import type { Request } from '../handle.ts'
import { readState, type Preparing } from '../keeping.ts'
import { actionsOf, reference, type Scene } from '../present.ts'
import { idOf, look, notFound, type Desk } from '../room.ts'

const OBLIGATIONS_MAX = 20_000
const EVENTS_MAX = 5000
const ITEMS_MAX = 20
const PRODUCTS_MAX = 10

type Owed = { readonly id: string; readonly state: Obligation }

/** What is still owed in the phase, put into the command that would close it. */
export async function prepareClosing(request: Request, command: PhaseCommand, { sql, instruments }: Preparing): Promise<Request> {
  if (command.type !== 'incident.close-phase') return request
  const known = await instruments()
  const items = openItems(await readObligations(sql, request.id, known), (basis) => known.clause(basis))
  const owed = items.find(({ phase }) => phase === command.phase)?.items ?? []
  const first = owed[0]?.state.actWords
  const closing: IncidentCommand = {
    ...command,
    open: { count: owed.length, first: first === undefined ? null : `${first['zh-CN']} / ${first.en}`.slice(0, 4000) },
  }
  return { ...request, command: closing }
}

async function readObligations(sql: Sql | TransactionSql, incidentId: string, instruments: Scene['instruments']): Promise<readonly Owed[]> {
  const owed = await sql<Owed[]>`select id, state from obligation where incident_id = ${incidentId} order by id limit ${OBLIGATIONS_MAX}`
  await instruments.load(owed.flatMap(({ state }) => (state.basis === null ? [] : [state.basis])))
  return owed
}

/** GET /api/incidents/:id/phases: the whole process, what each phase has yielded and what keeps it from closing. */
export function phaseRoutes(app: FastifyInstance, desk: Desk): void {
  app.get<{ Params: { id: string } }>('/api/incidents/:id/phases', async (request): Promise<PhasesView> => {
    const { read, scene } = await look(desk, request)
    const id = idOf(request, 'incident.unknown')
    return read(async (sql) => {
      const incident = await readState<Incident>(sql, 'incident', id)
      if (incident === null) throw notFound('incident.unknown')
      const owed = await readObligations(sql, id, scene.instruments)
      const products = await readProducts(sql, id, scene, owed)
      const open = openItems(owed, (basis) => scene.instruments.clause(basis))
      return { phases: PHASES.map((phase) => phaseView(scene, incident, phase, products, open)) }
    })
  })
}

type Product = ProductView & { readonly phase: IncidentPhase }
type EventRow = { position: string; stream: string; type: string; kind: string | null; text: string | null; occurredAt: Date }

async function readProducts(sql: TransactionSql, id: string, scene: Scene, owed: readonly Owed[]): Promise<readonly Product[]> {
  const rows = await sql<EventRow[]>`
    select position, stream, type, data ->> 'kind' as kind, occurred_at as "occurredAt",
      coalesce(data ->> 'summary', data ->> 'text', data ->> 'evidence', data ->> 'reason', data ->> 'title', '') as text
    from event where incident_id = ${id} and type = any(${PRODUCT_TYPES as string[]}) order by position desc limit ${EVENTS_MAX}`
  const duties = new Map(owed.map(({ id: own, state }) => [`obligation/${own}`, state]))
  return rows.flatMap((row) => {
    const duty = duties.get(row.stream)
    const phase = productOf(
      row.type,
      row.kind,
      duty === undefined ? null : phaseOfObligation(duty, (basis) => scene.instruments.clause(basis)),
    )
    const { position, type, kind, text } = row
    const shown = {
      position,
      type,
      kind,
      text: (text ?? '').slice(0, 400),
      occurredAt: new Date(row.occurredAt).toISOString(),
    }
    return phase === null ? [] : [{ ...shown, phase }]
  })
}

function phaseView(
  scene: Scene,
  state: Incident,
  phase: IncidentPhase,
  products: readonly Product[],
  open: readonly PhaseItems[],
): PhaseView {
  const entry = phaseStates(state).get(phase) ?? null
  const items = open.find((one) => one.phase === phase)?.items ?? []
  const own = products.filter((one) => one.phase === phase)
  const samples: readonly IncidentCommand[] = [
    { type: 'incident.enter-phase', phase },
    { type: 'incident.close-phase', phase, open: { count: items.length, first: items[0]?.state.actWords['zh-CN'] ?? null } },
  ]
  return {
    phase,
    status: entry === null ? 'ahead' : entry.closedAt === null ? 'open' : 'closed',
    enteredAt: entry?.enteredAt ?? null,
    closedAt: entry?.closedAt ?? null,
    open: {
      count: items.length,
      items: items.slice(0, ITEMS_MAX).map((one) => ({ id: one.id, act: one.state.actWords, debtor: reference(scene, one.state.debtor) })),
    },
    products: { count: own.length, newest: own.slice(0, PRODUCTS_MAX).map(({ phase: _, ...product }) => product) },
    missing: entry !== null && own.length === 0,
    actions: actionsOf(scene, incident, state, incidentThing(state), samples),
  }
}
