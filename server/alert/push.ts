import type { FastifyInstance } from 'fastify'
import { mayAtAll } from '#core/authority.ts'
import { CAP_BOUNDS } from '#core/cap.ts'
import { refuse } from '#core/decider.ts'
import type { ReceivedView } from '#core/view/alert.ts'
import { NO_TRUST, readTrust, type Trust } from '../cap/trust.ts'
import { look, Refused, type Desk } from '../room.ts'
import type { World } from '../world.ts'
import { receiveAlert, type ReceivedAlert } from './receive.ts'

const XML_TYPES = ['application/xml', 'text/xml', 'application/cap+xml']

/**
 * POST /api/alerts: a CAP document as it is (XML), by a post that may draw up warnings. Taken whole or not at all: 201 where something
 * was new, 200 where all of it was known, 4xx with the reason. It is shown; somebody adopts it, unless a trusted signer signed it.
 */
export function pushRoute(app: FastifyInstance, desk: Desk): void {
  void app.register(async (scope) => {
    scope.addContentTypeParser(XML_TYPES, { parseAs: 'buffer', bodyLimit: CAP_BOUNDS.bytes }, (_, body, done) => done(null, body))
    scope.post('/api/alerts', { bodyLimit: CAP_BOUNDS.bytes }, async (request, reply) => {
      const { world, asker, scene } = await look(desk, request)
      if (world.name !== 'real') throw new Refused(422, refuse('exercise.read-only'))
      const no = mayAtAll(asker.doer, 'alert.issue')
      if (no !== null) throw new Refused(403, no)
      if (!Buffer.isBuffer(request.body))
        throw new Refused(415, refuse('request.malformed', { path: 'Content-Type', problem: XML_TYPES.join(', ') }))
      const own = asker.viewer.organizationId
      const name = (scene.relations.find(own)?.name['zh-CN'] ?? '').slice(0, 200)
      const source = { kind: 'push', id: null, name } as const
      const taken = await receiveAlert(world, request.body, {
        source,
        effect: 'show',
        trust: ownTrust(world),
        receivedBy: own,
        strict: true,
      })
      const wrong = taken.find(({ refusal }) => refusal !== null)?.refusal
      if (wrong) throw new Refused(wrong.code === 'alert.identity-reused' ? 409 : 422, wrong)
      void reply.code(taken.some(({ outcome }) => outcome === 'fresh') ? 201 : 200)
      return { alerts: taken.map(receivedView) }
    })
  })
}

/** Whoever signed with this node's own key is believed; other signers are entered with the feeds that they sign. */
const ownTrust = ({ alertKey, clock }: World): Trust => (alertKey === null ? NO_TRUST : readTrust(alertKey.certificate, clock.now()))

const receivedView = ({ refusal, ...one }: ReceivedAlert): ReceivedView => ({
  ...one,
  refusal: refusal === null ? null : { code: refusal.code, params: refusal.params },
})
