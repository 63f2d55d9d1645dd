import type { FastifyInstance } from 'fastify'
import { z } from 'zod/mini'
import { Refusal, refuse } from '#core/decider.ts'
import { Uuid } from '#core/id.ts'
import { ObligationCommand } from '#core/obligation.ts'
import type { AskingView, BatchView, ObligationDetail } from '#core/view/obligation.ts'
import { look, malformed, notFound, Refused, type Desk } from '../room.ts'
import { readAsking, readObligation, readObligations } from './read.ts'

const BATCH_MAX = 200

const ListQuery = z.object({
  status: z.optional(z.enum(['open', 'late', 'done', 'requested', 'declined', 'unbased', 'all'])),
  incident: z.optional(Uuid),
  objective: z.optional(Uuid),
  whose: z.optional(z.enum(['mine', 'owed-to-us', 'all'])),
})
const AskingQuery = z.object({ debtor: Uuid, incident: z.optional(Uuid) })
const Batch = z.strictObject({
  items: z.array(z.strictObject({ id: Uuid, commandId: Uuid, command: ObligationCommand })).check(z.minLength(1), z.maxLength(BATCH_MAX)),
})

export function obligationRoutes(app: FastifyInstance, desk: Desk): void {
  app.get<{ Querystring: Record<string, string> }>('/api/obligations', async (request) => {
    const { read, scene, asker } = await look(desk, request)
    const query = ListQuery.safeParse(request.query)
    if (!query.success) throw malformed(query.error.issues)
    const { status = 'all', incident, objective, whose = 'all' } = query.data
    const own = asker.viewer.organizationId
    const filter = {
      status,
      ...(incident === undefined ? {} : { incident }),
      ...(objective === undefined ? {} : { objective }),
      ...(whose === 'mine' ? { debtor: own } : whose === 'owed-to-us' ? { creditor: own } : {}),
    }
    return read((sql) => readObligations(sql, scene, filter))
  })

  app.get<{ Querystring: Record<string, string> }>('/api/obligations/may', async (request): Promise<AskingView> => {
    const { world, scene } = await look(desk, request)
    const query = AskingQuery.safeParse(request.query)
    if (!query.success) throw malformed(query.error.issues)
    const found = await readAsking(world.sql, scene, { incidentId: query.data.incident ?? null, debtor: query.data.debtor })
    if (found === null) throw notFound('organization.unknown')
    return found
  })

  app.get<{ Params: { id: string } }>('/api/obligations/:id', async (request): Promise<ObligationDetail> => {
    const { read, scene } = await look(desk, request)
    const id = Uuid.safeParse(request.params.id)
    if (!id.success) throw notFound('obligation.unknown')
    const found = await read((sql) => readObligation(sql, scene, id.data))
    if (found === null) throw notFound('obligation.unknown')
    return found
  })

  /** Several at once, each decided and refused by itself; those that stand are committed together. */
  app.post('/api/obligations/batch', async (request): Promise<BatchView> => {
    const { world, asker } = await look(desk, request)
    if (world.name !== 'real') throw new Refused(422, refuse('exercise.read-only'))
    const batch = Batch.safeParse(request.body)
    if (!batch.success) throw malformed(batch.error.issues)
    const outcomes = await Promise.all(
      batch.data.items.map(async ({ id, commandId, command }) => {
        const outcome = await world.handle({ room: 'obligation', id, command, commandId, doer: asker.doer })
        return { id, commandId, refusal: outcome instanceof Refusal ? { code: outcome.code, params: outcome.params } : null }
      }),
    )
    return { outcomes }
  })
}
