/** What the pages and other systems ask of stations: lists, series, proposals, and readings brought in. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod/mini'
import { mayAtAll } from '#core/authority.ts'
import { refuse } from '#core/decider.ts'
import { Slug } from '#core/id.ts'
import { OWN_MAPPING, rowsOfCsv, rowsOfJson, type Rows, type ThresholdSet } from '#core/station.ts'
import type { ProposalDetail, ReadingsAnswer, ReadingsRefused, SeriesView, StationDetail, StationsView } from '#core/view/station.ts'
import { idOf, look, notFound, parse, Refused, type Desk, type Sight } from '../room.ts'
import { ROWS_MAX } from './ingest.ts'
import type { StationOffice } from './office.ts'
import { readOverview } from './overview.ts'
import { readProposal, readProposals } from './proposals.ts'
import { readSeriesOf, readStation } from './detail.ts'
import { thresholdPack } from './thresholds.ts'

const BAD_NAMED_MAX = ROWS_MAX
const HOURS_MAX = 24 * 90

const SeriesQuery = z.object({ indicator: Slug, hours: z.optional(z.coerce.number().check(z.gt(0), z.lte(HOURS_MAX))) })
const ProposalsQuery = z.object({ waiting: z.optional(z.enum(['yes', 'no'])) })

/**
 * GET /api/stations, /api/stations/:id, /api/stations/:id/series, /api/proposals, /api/proposals/:id; POST /api/readings: a JSON
 * list (or `{csv}`, or a body of text/csv) of at most 5,000 rows of stations that the post may report for; a bad row refuses all.
 */
export function stationRoutes(app: FastifyInstance, desk: Desk, office: StationOffice | null): void {
  app.get('/api/stations', async (request): Promise<StationsView> => readOverview(await look(desk, request), office))
  app.get('/api/stations/:id', async (request): Promise<StationDetail> =>
    readStation(await look(desk, request), idOf(request, 'station.unknown')),
  )
  app.get('/api/stations/:id/series', async (request): Promise<SeriesView> => {
    const sight = await look(desk, request)
    const query = parse(SeriesQuery, request.query)
    return readSeriesOf(sight, idOf(request, 'station.unknown'), query.indicator, query.hours ?? 24)
  })
  app.get('/api/proposals', async (request) => {
    const sight = await look(desk, request)
    const query = parse(ProposalsQuery, request.query)
    return sight.read((sql) => readProposals(sql, sight.scene, query.waiting === 'yes'))
  })
  app.get('/api/proposals/:id', async (request): Promise<ProposalDetail> => {
    const { read, scene } = await look(desk, request)
    const id = idOf(request, 'proposal.unknown')
    return read((sql) => readProposal(sql, scene, id))
  })
  app.get<{ Params: { id: string } }>('/api/thresholds/:id', async (request): Promise<ThresholdSet> => {
    await look(desk, request)
    const set = thresholdPack().sets.find((one) => one.id === request.params.id)
    if (set === undefined) throw notFound('threshold.unknown')
    return set
  })
  if (office === null) return
  // Only here: no other route takes what is not JSON.
  app.addContentTypeParser('text/csv', { parseAs: 'string' }, (_request, body, done) => done(null, { csv: body }))
  app.post('/api/readings', async (request, reply) => readings(await look(desk, request), request.body, reply, office))
}

function rowsIn(body: unknown): Rows {
  const csv = typeof body === 'object' && body !== null && 'csv' in body ? body.csv : undefined
  if (typeof csv === 'string') return rowsOfCsv(csv, OWN_MAPPING)
  const rows = rowsOfJson(body)
  if (rows === null) throw new Refused(400, refuse('request.malformed', { path: '', problem: 'a list of readings, or {csv}' }))
  return rows
}

/** Nothing half-applied: one bad row refuses all, and every one is named with its row. */
async function readings({ world, asker }: Sight, body: unknown, reply: FastifyReply, { ingest }: StationOffice): Promise<FastifyReply> {
  if (world.name !== 'real') throw new Refused(422, refuse('exercise.read-only'))
  const no = mayAtAll(asker.doer, 'risk.keep')
  if (no) throw new Refused(403, no)
  const rows = rowsIn(body)
  const count = rows.rows.length + rows.bad.length
  if (count > ROWS_MAX) throw new Refused(422, refuse('station.too-many-rows', { max: ROWS_MAX, count }))
  const { fitting, bad } = await ingest.check(rows, { doer: asker.doer })
  if (bad.length > 0) {
    const answer: ReadingsRefused = { code: 'station.rows-bad', params: { count: bad.length }, rows: bad.slice(0, BAD_NAMED_MAX) }
    return reply.code(422).send(answer)
  }
  const answer: ReadingsAnswer = await ingest.take(fitting)
  return reply.send(answer)
}
