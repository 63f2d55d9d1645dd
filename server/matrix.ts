import type { FastifyInstance } from 'fastify'
import {
  compareMatrices,
  gauges,
  legalCoverage,
  legalSheet,
  openness,
  planCoverage,
  responsibilityMatrix,
  wantsSheet,
  type Column,
  type Gap,
  type Gauge,
  type Matrix,
} from '#core/matrix.ts'
import { standingOn } from '#core/instrument.ts'
import type { Obligation } from '#core/obligation.ts'
import { covers } from '#core/place.ts'
import type {
  ColumnView,
  GapView,
  GaugesView,
  LegalCoverageView,
  LegalSheetView,
  MatrixView,
  OpennessView,
  PlanCoverageView,
} from '#core/view/matrix.ts'
import { documentRoutes } from './matrix/document.ts'
import { readBodies, readHistories, readSteps } from './matrix/read.ts'
import { asked, type Asked } from './matrix/scope.ts'
import { maybe, reference, type Scene } from './present.ts'
import { idOf, look, notFound, type Desk } from './room.ts'

const SHOWN_MAX = 300

function columnView(scene: Scene, { key, organization, part }: Column): ColumnView {
  const entry = organization === null ? null : scene.relations.find(organization)
  return { key, organization: maybe(scene, organization), sector: entry?.sector ?? null, part }
}

/** The matrix that was asked for, and beside another day what changed. */
export function matrixView({ histories, scene, scope, query, view }: Asked): MatrixView {
  const { relations } = scene
  const matrix = responsibilityMatrix(histories, relations, scope)
  const other = query.against === undefined ? null : responsibilityMatrix(histories, relations, { ...scope, on: query.against })
  const [before, after] = query.against !== undefined && query.against > scope.on ? [matrix, other] : [other, matrix]
  const shown = new Set(matrix.columns.map((one) => one.key))
  const notBinding = histories
    .filter(({ state }) => state.instrument !== null && covers(state.instrument.jurisdiction, scope.area))
    .map(({ id, state }) => ({ id, title: state.instrument?.title ?? { 'zh-CN': id, en: id }, standing: standingOn(state, scope.on) }))
    .filter((one) => one.standing !== 'binding')
    .slice(0, SHOWN_MAX)
  return {
    ...view,
    functions: matrix.functions,
    columns: matrix.columns.map((one) => columnView(scene, one)),
    cells: cellsOf(matrix),
    problems: matrix.problems,
    unplaced: matrix.unplaced,
    left: matrix.left,
    notBinding,
    against: query.against ?? null,
    changes: before === null || after === null ? null : compareMatrices(before, after),
    gone: (other?.columns ?? []).filter((one) => !shown.has(one.key)).map((one) => columnView(scene, one)),
  }
}

const cellsOf = (matrix: Matrix): MatrixView['cells'] =>
  matrix.cells.map((cell) => ({ ...cell, bases: cell.bases.map(({ part, basis }) => ({ part, basis })) }))

const gapView = (scene: Scene, { step, why }: Gap): GapView => ({
  debtor: reference(scene, step.debtor),
  creditor: reference(scene, step.creditor),
  act: step.actWords,
  on: step.on,
  count: step.count,
  basis: step.basis,
  why,
})

const named = <Item extends { readonly organizations: readonly string[] }>(scene: Scene, of: Gauge<Item>) => ({
  ...of,
  items: of.items.map((item) => ({ ...item, organizations: item.organizations.map((id) => reference(scene, id)) })),
})

/** GET /api/matrix and what is read off the same clauses: plan coverage, legal coverage, openness, gauges, a helper's legal sheet. */
export function matrixRoutes(app: FastifyInstance, desk: Desk): void {
  app.get('/api/matrix', async (request): Promise<MatrixView> => matrixView(await asked(desk, request)))
  documentRoutes(app, desk, matrixView)

  app.get('/api/matrix/coverage', async (request): Promise<PlanCoverageView> => {
    const { histories, scene, scope, view } = await asked(desk, request)
    const coverage = planCoverage(histories, scene.relations, scope)
    return { ...view, ...coverage, organizations: coverage.organizations.map((id) => reference(scene, id)) }
  })

  app.get('/api/matrix/legal', async (request): Promise<LegalCoverageView> => {
    const { histories, scene, scope, query, read, view } = await asked(desk, request)
    const kind = query.kind ?? 'all'
    const steps = await read((sql) => readSteps(sql, scope.on))
    const { gaps, fallen, ...coverage } = legalCoverage(steps, histories, scene.relations, { on: scope.on, kind })
    const shown = (all: readonly Gap[]): readonly GapView[] => all.slice(0, SHOWN_MAX).map((gap) => gapView(scene, gap))
    return { ...view, ...coverage, kind, gaps: shown(gaps), fallen: shown(fallen) }
  })

  app.get('/api/matrix/openness', async (request): Promise<OpennessView> => {
    const { histories, scope, view } = await asked(desk, request)
    return { ...view, ...openness(histories, scope) }
  })

  app.get('/api/matrix/gauges', async (request): Promise<GaugesView> => {
    const { histories, scene, scope, read, view } = await asked(desk, request)
    const bodies = await read((sql) => readBodies(sql))
    const { construction, governance, sharing } = gauges(histories, bodies, scene.relations, scope)
    return { ...view, construction: named(scene, construction), governance: named(scene, governance), sharing: named(scene, sharing) }
  })

  app.get<{ Params: { id: string } }>('/api/obligations/:id/legal-sheet', async (request): Promise<LegalSheetView> => {
    const { read, scene, world } = await look(desk, request)
    const id = idOf(request, 'obligation.unknown')
    const [row] = await read(
      (sql) => sql<{ state: Obligation; hazard: string | null; lead: string | null }[]>`
        select o.state, i.hazard, i.state -> 'headquarters' ->> 'lead' as lead
        from obligation o left join incident i on i.id = o.incident_id where o.id = ${id}`,
    )
    if (!row) throw notFound('obligation.unknown')
    const { debtor, basis, jurisdiction, owedAt } = row.state
    const of = { basis: basis ?? null, jurisdiction, hazard: row.hazard, on: owedAt.slice(0, 10) }
    return {
      debtor: reference(scene, debtor),
      commander: maybe(scene, row.lead),
      sheet: wantsSheet(debtor, scene.relations) ? legalSheet(await readHistories(world), of) : null,
    }
  })
}
