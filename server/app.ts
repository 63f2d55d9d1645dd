/** The HTTP border: what comes in is parsed, what goes out is a value or a refusal with a stable code. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import fastifyStatic from '@fastify/static'
import fastify, { LogController, type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { z } from 'zod/mini'
import { mayAtAll } from '#core/authority.ts'
import { refuse, type Refusal } from '#core/decider.ts'
import { Uuid } from '#core/id.ts'
import { projectRoot, type Config } from './config.ts'
import { drawRoutes } from './alert/draw.ts'
import { alertRoutes } from './alert/routes.ts'
import { callRoutes } from './call.ts'
import { carryRoutes } from './carry.ts'
import type { Clock } from './clock.ts'
import { consultationRoutes } from './consultation.ts'
import { decisionRoutes } from './decision.ts'
import { datasetRoutes } from './dataset.ts'
import { deskRoutes } from './desk.ts'
import { directoryRoutes } from './directory.ts'
import { exerciseRoutes, type Exercises } from './exercises.ts'
import { exportWorld } from './export.ts'
import { feedRoutes } from './feed/out.ts'
import type { FeedOffice } from './feed/office.ts'
import { feedSourceRoutes } from './feed/routes.ts'
import { PublicView } from './feed/snapshot.ts'
import { findingRoutes } from './finding.ts'
import { guard, type GuardParts } from './guard.ts'
import { headquartersRoutes } from './headquarters.ts'
import { incidentRoutes } from './incident.ts'
import { informationRoutes } from './information.ts'
import { instrumentRoutes } from './instrument.ts'
import { intakeRoutes } from './intake.ts'
import type { IntakeOffice } from './intake/office.ts'
import { publicReport } from './intake/public.ts'
import { lintRoutes } from './lint.ts'
import { liveRoutes } from './live.ts'
import { matrixRoutes } from './matrix.ts'
import { networkRoutes } from './network.ts'
import { areaRoutes } from './incident/area.ts'
import { phaseRoutes } from './incident/phase.ts'
import { publicStyle } from './public/html.ts'
import { objectiveRoutes } from './objective/routes.ts'
import { noticeRoutes } from './notice.ts'
import type { NoticeOffice } from './notice/office.ts'
import { obligationRoutes } from './obligation.ts'
import { releaseRoutes } from './release.ts'
import { riskRoutes } from './risk.ts'
import { publicPage } from './public/page.ts'
import { commandRoute, look, notFound, Refused, type Desk } from './room.ts'
import type { Sessions } from './session.ts'
import { stationRoutes } from './station.ts'
import type { StationOffice } from './station/office.ts'
import { KEEPINGS } from './world.ts'
import type { Worlds } from './worlds.ts'

const DIST = join(projectRoot, 'web', 'dist')

export type AppParts = {
  readonly config: Config
  readonly clock: Clock
  readonly worlds: Worlds
  readonly sessions: Sessions
  readonly exercises: Exercises
  /** Absent: notices stand in the pages only. */
  readonly notices?: NoticeOffice
  /** Absent: nobody reports from outside. */
  readonly intake?: IntakeOffice
  /** Absent: no readings are taken in. */
  readonly stations?: StationOffice
  /** Absent: no warnings of others are read. */
  readonly feeds?: FeedOffice
  readonly perMinute?: GuardParts['perMinute']
}

/** The rooms that need nothing but the desk. */
const ROOMS: readonly ((app: FastifyInstance, desk: Desk) => void)[] = [
  deskRoutes,
  incidentRoutes,
  headquartersRoutes,
  decisionRoutes,
  consultationRoutes,
  obligationRoutes,
  findingRoutes,
  objectiveRoutes,
  riskRoutes,
  carryRoutes,
  phaseRoutes,
  areaRoutes,
  instrumentRoutes,
  lintRoutes,
  alertRoutes,
  directoryRoutes,
  matrixRoutes,
  networkRoutes,
  drawRoutes,
  callRoutes,
  informationRoutes,
  releaseRoutes,
  intakeRoutes,
  datasetRoutes,
  logRoutes,
]

export async function makeApp({
  config,
  clock,
  worlds,
  sessions,
  exercises,
  notices,
  stations,
  intake,
  feeds,
  perMinute,
}: AppParts): Promise<FastifyInstance> {
  const app = fastify({
    logger: { level: config.logLevel },
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: 'loopback',
    forceCloseConnections: true,
    bodyLimit: 1024 * 1024,
  })
  app.setErrorHandler(answerError)
  guard(app, { config, clock, sessions, ...(perMinute === undefined ? {} : { perMinute }) })
  const desk: Desk = {
    asker: (request) => sessions.asker(request),
    peek: (request) => sessions.peek(request),
    world: (request) => {
      const name = (request.query as { world?: unknown }).world
      return typeof name === 'string' && name !== '' ? worlds.find(name) : Promise.resolve(worlds.real)
    },
  }
  sessions.routes(app)
  for (const routes of ROOMS) routes(app, desk)
  exerciseRoutes(app, desk, exercises)
  noticeRoutes(app, desk, notices ?? null)
  stationRoutes(app, desk, stations ?? null)
  publicStyle(app)
  if (intake?.config.isPublic === true) publicReport(app, { reception: intake.reception, clock, call: intake.config.call })
  feedSourceRoutes(app, desk, feeds ?? null)
  publicRoutes(app, worlds, config.origin)
  liveRoutes(app, desk, (world) => worlds.hubOf(world))
  for (const keeping of KEEPINGS.values()) if (keeping.room !== 'division') commandRoute(app, desk, keeping)
  app.get('/api/health', async () => ({ ok: true }))
  app.all('/api/*', async () => {
    throw new Refused(404, refuse('request.unknown-path'))
  })
  pages(app)
  return app
}

/** What anybody may read; of the real world alone. */
function publicRoutes(app: FastifyInstance, { real }: Worlds, origin: string): void {
  const view = new PublicView({ world: real, onError: (error) => app.log.error({ err: error }, 'the public page is not renewed') })
  app.addHook('onClose', async () => view.close())
  feedRoutes(app, { world: real, view, origin, node: real.node })
  publicPage(app, { view, origin })
}

/** GET /api/log/export?incident=: the log as JSON Lines; GET /api/log/checkpoint: its newest signed head. */
function logRoutes(app: FastifyInstance, desk: Desk): void {
  const Query = z.object({ incident: z.optional(Uuid) })
  app.get('/api/log/export', async (request, reply) => {
    const { world, asker, read } = await look(desk, request)
    const no = mayAtAll(asker.doer, 'log.export')
    if (no) throw new Refused(403, no)
    const query = Query.safeParse(request.query)
    if (!query.success) throw new Refused(400, refuse('request.malformed', { path: 'incident', problem: 'not an id' }))
    const incident = query.data.incident ?? null
    const [seen] = incident === null ? [true] : await read((sql) => sql`select 1 from incident where id = ${incident}`)
    if (seen === undefined) throw notFound('incident.unknown')
    const lines = exportWorld(world, incident)
    const name = `muster-${world.name}.jsonl`
    return reply.type('application/jsonl').header('content-disposition', `attachment; filename="${name}"`).send(textOf(lines))
  })
  app.get('/api/log/checkpoint', async (request) => {
    const { world } = await look(desk, request)
    return { ...(await world.sealer.checkpoint()), vkey: world.sealer.vkey }
  })
}

async function* newlines(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`
}
const textOf = (lines: AsyncIterable<string>): Readable => Readable.from(newlines(lines))

/** One page for every address that is not a file: the browser's router reads the rest. */
function pages(app: FastifyInstance): void {
  if (!existsSync(join(DIST, 'index.html'))) {
    app.setNotFoundHandler((_, reply) =>
      reply
        .code(503)
        .type('text/plain; charset=utf-8')
        .send('The pages are not built yet. Run: node scripts/setup.js\n页面尚未构建，请运行：node scripts/setup.js\n'),
    )
    return
  }
  // Read anew, so that pages built while the server runs name the files that are there.
  const page = (reply: FastifyReply): FastifyReply =>
    reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-cache')
      .send(readFileSync(join(DIST, 'index.html')))
  app.get('/', (_, reply) => page(reply))
  void app.register(fastifyStatic, {
    root: DIST,
    index: false,
    cacheControl: false,
    setHeaders: (response, path) => {
      // Names with a hash never change; everything else is asked for anew.
      void response.header(
        'cache-control',
        /-[\w-]{8,}\.\w+$/.test(path) && path.includes('assets') ? 'public, max-age=31536000, immutable' : 'no-cache',
      )
    },
  })
  app.setNotFoundHandler((request, reply) => {
    if (request.method !== 'GET' || /\.\w{2,5}$/.test(request.url.split('?')[0] ?? ''))
      return reply.code(404).send({ code: 'request.unknown-path', params: {} })
    return page(reply)
  })
}

/** The one handler: a refusal is an answer, bad HTTP is the asker's, everything else is a bug of ours and is logged. */
function answerError(error: FastifyError | Refused, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const send = (status: number, { code, params }: Refusal): FastifyReply => reply.code(status).send({ code, params })
  if (error instanceof Refused) return send(error.status, error.refusal)
  const status = error.statusCode ?? 500
  if (status === 413) return send(413, refuse('request.too-large'))
  if (status >= 400 && status < 500) return send(status, refuse('request.malformed', { path: '', problem: error.message }))
  request.log.error({ err: error, url: request.url }, 'a bug')
  return send(500, refuse('server.bug'))
}
