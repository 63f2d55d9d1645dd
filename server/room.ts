/** What every route shares: who asks, which world he looks into, and how a command comes in. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod/mini'
import { Refusal, refuse } from '#core/decider.ts'
import { Slug, Uuid } from '#core/id.ts'
import type { TransactionSql } from './database.ts'
import type { AnyKeeping } from './keeping.ts'
import type { Scene } from './present.ts'
import type { Asker } from './session.ts'
import type { Viewer, World } from './world.ts'

export type Desk = {
  readonly asker: (request: FastifyRequest) => Promise<Asker | null>
  /** The same without keeping the session from ending idle. */
  readonly peek: (request: FastifyRequest) => Promise<Asker | null>
  /** The world that the request looks into (`?world=`), or null when there is none of that name. */
  readonly world: (request: FastifyRequest) => Promise<World | null>
}

/** A refusal on its way out of a route; the one handler in app.ts turns it into an answer. */
export class Refused extends Error {
  readonly status: number
  readonly refusal: Refusal
  constructor(status: number, refusal: Refusal) {
    super(refusal.code)
    this.status = status
    this.refusal = refusal
  }
}

/** Exercises are shown whole to whoever is signed in: they hold no real data. */
const OBSERVER: Viewer = { organizationId: '00000000-0000-0000-0000-000000000000', jurisdiction: '100000' }

export type Sight = {
  readonly world: World
  readonly asker: Asker
  readonly scene: Scene
  readonly read: <T>(query: (sql: TransactionSql) => Promise<T>) => Promise<T>
}

/** Everything a page's route needs. Refuses who is not signed in, and a world that is not there. */
export async function look(desk: Desk, request: FastifyRequest): Promise<Sight> {
  const asker = await desk.asker(request)
  if (asker === null) throw new Refused(401, refuse('session.missing'))
  const world = await desk.world(request)
  if (world === null) throw new Refused(404, refuse('exercise.unknown'))
  const readOnly = world.name !== 'real'
  const viewer = readOnly ? OBSERVER : asker.viewer
  const read = <T>(query: (sql: TransactionSql) => Promise<T>): Promise<T> => world.read(viewer, query)
  const [relations, instruments, titles] = await Promise.all([world.relations(), world.instruments(), world.titles()])
  return { world, asker, read, scene: { relations, instruments, doer: asker.doer, now: world.now(), titles, readOnly } }
}

export const notFound = (code: string): Refused => new Refused(404, refuse(code))

/** POST /api/<room>/<id>: the command as JSON, its id in `Idempotency-Key`. Sent twice, it is done once. */
export function commandRoute(app: FastifyInstance, desk: Desk, keeping: AnyKeeping): void {
  app.post<{ Params: { id: string } }>(`/api/${keeping.room}/:id`, async (request, reply) => {
    const { world, asker, read } = await look(desk, request)
    if (world.name !== 'real') throw new Refused(422, refuse('exercise.read-only'))
    const id = (keeping.room === 'instrument' ? Slug : Uuid).safeParse(request.params.id)
    if (!id.success) throw new Refused(400, refuse('request.malformed', { path: 'id', problem: 'not an id' }))
    const commandId = Uuid.safeParse(request.headers['idempotency-key'])
    if (!commandId.success) throw new Refused(400, refuse('request.malformed', { path: 'Idempotency-Key', problem: 'not a UUID' }))
    const parsed = keeping.parse(request.body)
    if (!parsed.success) throw malformed(parsed.error.issues)
    const named = (parsed.data as { readonly instrument?: { readonly id: string } }).instrument?.id
    if (named !== undefined && named !== id.data)
      throw new Refused(400, refuse('request.malformed', { path: 'instrument.id', problem: 'not the name in the address' }))
    const outcome = await world.handle({
      room: keeping.room,
      id: id.data,
      command: parsed.data,
      commandId: commandId.data,
      doer: asker.doer,
      ...(await seenBy(read, keeping.room, id.data, parsed.data)),
    })
    if (outcome instanceof Refusal) throw new Refused(statusOf(outcome), outcome)
    return answer(reply, outcome)
  })
}

/** What whoever sees the incident may add to it. */
const OF_INCIDENTS: ReadonlySet<string> = new Set(['sitrep', 'objective', 'information', 'release'])

/** Facts and reports come from whoever sees the incident; that an obligation makes it seen, only the database knows. */
async function seenBy(read: Sight['read'], room: string, id: string, command: { readonly type: string }): Promise<{ seen?: true }> {
  const about =
    command.type === 'incident.note'
      ? id
      : OF_INCIDENTS.has(room) && 'incidentId' in command && typeof command.incidentId === 'string'
        ? command.incidentId
        : null
  if (about === null && room !== 'information') return {}
  const rows = await read((sql) =>
    about === null ? sql`select 1 from information where id = ${id}` : sql`select 1 from incident where id = ${about}`,
  )
  return rows.length > 0 ? { seen: true } : {}
}

const answer = (reply: FastifyReply, outcome: { readonly position: string | null; readonly events: readonly object[] }): FastifyReply =>
  reply.send(outcome)

export function malformed(issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]): Refused {
  const [first] = issues
  return new Refused(400, refuse('request.malformed', { path: first?.path.map(String).join('.') ?? '', problem: first?.message ?? '' }))
}

/** What came in, as the schema has it. */
export function parse<T>(schema: z.ZodMiniType<T>, from: unknown): T {
  const result = schema.safeParse(from)
  if (!result.success) throw malformed(result.error.issues)
  return result.data
}

/** The id in an address `…/:id`: what cannot be one names nothing that is there. */
export function idOf({ params }: FastifyRequest, unknown: string): string {
  const id = Uuid.safeParse((params as { readonly id?: unknown }).id)
  if (!id.success) throw notFound(unknown)
  return id.data
}

/** 403 for what authority refuses, 503 when too many wait, 422 for every other "no". */
const statusOf = (refusal: Refusal): number =>
  refusal.code.startsWith('authority.')
    ? 403
    : refusal.code === 'alert.unknown' ||
        refusal.code === 'obligation.unknown' ||
        refusal.code === 'risk.unknown' ||
        refusal.code === 'finding.unknown' ||
        refusal.code === 'intake.unknown' ||
        refusal.code === 'release.unknown'
      ? 404
      : refusal.code === 'server.busy'
        ? 503
        : 422
