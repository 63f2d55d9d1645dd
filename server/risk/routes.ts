import type { FastifyInstance } from 'fastify'
import { refuse } from '#core/decider.ts'
import type { RiskDetail, RiskImportView, RiskListView } from '#core/view/risk.ts'
import { idOf, look, parse, Refused, type Desk } from '../room.ts'
import { CoverageQuery, readCoverage } from './coverage.ts'
import { exportCsv, IMPORT_BYTES_MAX, importCsv, ImportBody } from './csv.ts'
import { readRisk } from './detail.ts'
import { ListQuery, NearQuery, readNear, readRisks } from './list.ts'

type Asked = { readonly Querystring: Record<string, string> }

/** GET /api/risks, /near, /coverage, /export.csv, /:id; POST /api/risks/import. */
export function riskRoutes(app: FastifyInstance, desk: Desk): void {
  app.get<Asked>('/api/risks', async (request): Promise<RiskListView> => {
    const { read, scene, asker } = await look(desk, request)
    const query = parse(ListQuery, request.query)
    return read((sql) => readRisks(sql, scene, query, asker.viewer.organizationId))
  })
  app.get<Asked>('/api/risks/near', async (request): Promise<RiskListView> => {
    const { read, scene } = await look(desk, request)
    const query = parse(NearQuery, request.query)
    return read((sql) => readNear(sql, scene, query))
  })
  app.get<Asked>('/api/risks/coverage', async (request) => {
    const { read, scene } = await look(desk, request)
    const query = parse(CoverageQuery, request.query)
    return read((sql) => readCoverage(sql, scene, query))
  })
  app.get('/api/risks/export.csv', async (request, reply) => {
    const { read, scene } = await look(desk, request)
    const text = await read((sql) => exportCsv(sql, scene))
    return reply.type('text/csv; charset=utf-8').header('content-disposition', 'attachment; filename="muster-risks.csv"').send(text)
  })
  app.post('/api/risks/import', { bodyLimit: IMPORT_BYTES_MAX }, async (request): Promise<RiskImportView> => {
    const sight = await look(desk, request)
    if (sight.world.name !== 'real') throw new Refused(422, refuse('exercise.read-only'))
    const body = parse(ImportBody, request.body)
    return importCsv(sight, body.csv)
  })
  app.get<{ Params: { id: string } }>('/api/risks/:id', async (request): Promise<RiskDetail> => {
    const { read, scene, asker } = await look(desk, request)
    const id = idOf(request, 'risk.unknown')
    return read((sql) => readRisk(sql, scene, id, asker.viewer.organizationId))
  })
}
