import type { FastifyInstance } from 'fastify'
import { z } from 'zod/mini'
import { Refusal, refuse } from '#core/decider.ts'
import { Uuid } from '#core/id.ts'
import { ObligationCommand } from '#core/obligation.ts'
import type { AskingView, BatchView, ObligationDetail } from '#core/view/obligation.ts'
import { idOf, look, notFound, parse, Refused, type Desk } from '../room.ts'
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
    const { status = 'all', incident, objective, whose = 'all' } = parse(ListQuery, request.query)
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
    const query = parse(AskingQuery, request.query)
    const found = await readAsking(world.sql, scene, { incidentId: query.incident ?? null, debtor: query.debtor })
    if (found === null) throw notFound('organization.unknown')
    return found
  })

  app.get<{ Params: { id: string } }>('/api/obligations/:id', async (request): Promise<ObligationDetail> => {
    const { read, scene } = await look(desk, request)
    const id = idOf(request, 'obligation.unknown')
    const found = await read((sql) => readObligation(sql, scene, id))
    if (found === null) throw notFound('obligation.unknown')
    return found
  })

  /** Several at once, each decided and refused by itself; those that stand are committed together. */
  app.post('/api/obligations/batch', async (request): Promise<BatchView> => {
    const { world, asker } = await look(desk, request)
    if (world.name !== 'real') throw new Refused(422, refuse('exercise.read-only'))
    const batch = parse(Batch, request.body)
    const outcomes = await Promise.all(
      batch.items.map(async ({ id, commandId, command }) => {
        const outcome = await world.handle({ room: 'obligation', id, command, commandId, doer: asker.doer })
        return { id, commandId, refusal: outcome instanceof Refusal ? { code: outcome.code, params: outcome.params } : null }
      }),
    )
    return { outcomes }
  })
}
