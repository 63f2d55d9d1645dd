/** The sources of warnings over HTTP: their health, what a post decides of them, and where machines push. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { mayAtAll } from '#core/authority.ts'
import { CAP_BOUNDS } from '#core/cap.ts'
import { refuse, type Refusal } from '#core/decider.ts'
import { Slug, Uuid } from '#core/id.ts'
import type { FeedsView, FeedSourceView, FeedStatus } from '#core/view/feed.ts'
import { readTrust } from '../cap/trust.ts'
import { isPrivate } from '../outbound.ts'
import { look, parse, Refused, type Desk, type Sight } from '../room.ts'
import { tooMany, Limiter } from '../session/limit.ts'
import type { FeedOffice } from './office.ts'
import { promisedUntil } from './silence.ts'
import { SourceCommand, type RefusedMessage, type Source } from './source.ts'

const SHOWN_REFUSED = 10
const PUSHES_PER_MINUTE = 120

/** Health in one word: what is wrong longest and worst first. */
export function statusOf(
  source: Pick<Source, 'paused' | 'checkedAt' | 'successAt' | 'addedAt' | 'promiseSeconds' | 'failures' | 'problem'>,
  now: number,
): FeedStatus {
  if (source.paused) return 'paused'
  if (now > promisedUntil(source)) return 'silent'
  if (source.failures > 0) return 'failing'
  return source.checkedAt === null ? 'waiting' : 'well'
}

const iso = (at: Date | null): string | null => at?.toISOString() ?? null

function viewOf(source: Source, refusals: readonly RefusedMessage[], now: number, keeps: boolean): FeedSourceView {
  const { id, name, url, effect, trust, everySeconds, promiseSeconds, hasKey, failures, problem, shape, fresh, known, refused, verdicts } =
    source
  return {
    id,
    name,
    url: url === null || keeps ? url : new URL(url).origin + new URL(url).pathname,
    effect,
    trust: keeps ? trust : null,
    trusted: trust === null ? [] : readTrust(trust, now).names,
    everySeconds,
    promiseSeconds,
    status: statusOf(source, now),
    hasKey,
    checkedAt: iso(source.checkedAt),
    successAt: iso(source.successAt),
    freshAt: iso(source.freshAt),
    nextAt: iso(source.nextAt),
    failures,
    problem,
    shape,
    fresh,
    known,
    refused,
    verdicts,
    refusals: refusals.slice(0, SHOWN_REFUSED).map((one) => ({ ...one, at: one.at.toISOString(), address: keeps ? one.address : null })),
  }
}

const OUT: FeedsView['out'] = [
  { kind: 'page', path: '/public' },
  { kind: 'atom', path: '/public/alerts.atom' },
  { kind: 'rss', path: '/public/alerts.rss' },
  { kind: 'json', path: '/public/alerts.json' },
  { kind: 'certificate', path: '/public/alerts/certificate.pem' },
]

async function feedsView({ scene, world }: Sight, office: FeedOffice | null): Promise<FeedsView> {
  const keep = { command: 'feed.put', refusal: mayAtAll(scene.doer, 'alert.issue') }
  const believe = { command: 'feed.believe', refusal: mayAtAll(scene.doer, 'alert.approve') }
  if (office === null || world.name !== 'real') {
    const no = refuse('exercise.read-only')
    return { at: scene.now, sources: [], keep: { ...keep, refusal: no }, believe: { ...believe, refusal: no }, out: OUT }
  }
  const now = world.clock.now()
  const all = await office.sources.all()
  const sources = await Promise.all(all.map(async (one) => viewOf(one, await office.sources.refusedOf(one.id), now, keep.refusal === null)))
  return { at: scene.now, sources, keep, believe, out: OUT }
}

/** Who may not, and what may not be: by their codes. */
function unfit(command: SourceCommand, doer: Sight['scene']['doer'], allowPrivate: boolean): Refusal | null {
  const no = mayAtAll(doer, 'alert.issue')
  if (no !== null || command.type !== 'put') return no
  const { url, effect, trust } = command.source
  if (effect !== 'show') {
    const notAlone = mayAtAll(doer, 'alert.approve')
    if (notAlone !== null) return notAlone
  }
  if (effect === 'signed' && trust === null) return refuse('feed.trust-missing')
  if (url === null || allowPrivate) return null
  const { protocol, hostname } = new URL(url)
  const literal = hostname.startsWith('[') || /^[\d.]+$/.test(hostname)
  if (hostname === 'localhost' || (literal && isPrivate(hostname))) return refuse('feed.address-forbidden')
  // Anybody on the way could write into it.
  return protocol === 'http:' && effect === 'act' ? refuse('feed.plain-http') : null
}

/**
 * GET /api/feeds. POST /api/feeds/<id>: a SourceCommand; `new-key` answers the key, once. GET /api/feeds/<id>/refused/<id>: the
 * bytes. POST /api/feeds/<id>/push: CAP, alone or in a feed, with `Authorization: Bearer <key>`; taken whole or refused.
 */
export function feedSourceRoutes(app: FastifyInstance, desk: Desk, office: FeedOffice | null): void {
  app.get('/api/feeds', async (request): Promise<FeedsView> => feedsView(await look(desk, request), office))
  if (office === null) return
  const named = ({ params }: FastifyRequest): string => parse(Slug, (params as { readonly id?: unknown }).id)
  app.post('/api/feeds/:id', async (request): Promise<{ readonly ok: true; readonly key: string | null }> => {
    const { world, scene } = await look(desk, request)
    if (world.name !== 'real') throw new Refused(422, refuse('exercise.read-only'))
    const id = named(request)
    const command = parse(SourceCommand, request.body)
    const { actor } = scene.doer
    const no = unfit(command, scene.doer, office.allowPrivate)
    if (no !== null) throw new Refused(no.code.startsWith('authority.') ? 403 : 422, no)
    if (actor.kind !== 'post') throw new Refused(403, refuse('authority.no-power', { power: 'alert.issue' }))
    if (command.type === 'put') {
      if (!(await office.sources.put(id, command.source, actor))) throw new Refused(422, refuse('feed.too-many'))
      return { ok: true, key: null }
    }
    const done = await office.sources.change(id, command.type, actor)
    if (done === null) throw new Refused(404, refuse('feed.unknown'))
    return { ok: true, key: done.key }
  })
  app.get('/api/feeds/:id/refused/:message', async (request, reply) => {
    const { scene } = await look(desk, request)
    const no = mayAtAll(scene.doer, 'alert.issue')
    if (no !== null) throw new Refused(403, no)
    const message = Uuid.safeParse((request.params as { readonly message?: unknown }).message)
    const bytes = message.success ? await office.sources.refusedBytes(named(request), message.data) : null
    if (bytes === null) throw new Refused(404, refuse('feed.unknown'))
    // Never shown as a page: nobody knows what is in it.
    return reply
      .type('application/octet-stream')
      .header('content-disposition', 'attachment; filename="refused.xml"')
      .send(Buffer.from(bytes))
  })
  pushRoute(app, office, named)
}

function pushRoute(app: FastifyInstance, office: FeedOffice, named: (request: FastifyRequest) => string): void {
  const pushes = new Limiter(PUSHES_PER_MINUTE)
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body))
    scope.post('/api/feeds/:id/push', { bodyLimit: CAP_BOUNDS.bytes }, async (request, reply) => {
      const key = /^Bearer ([\w.~+/-]{16,200}=*)$/.exec(request.headers.authorization ?? '')?.[1]
      const id = named(request)
      const source = key === undefined ? null : await office.sources.withKey(id, key)
      if (source === null) throw new Refused(401, refuse('feed.key-unknown'))
      const wait = pushes.take(id, office.now())
      if (wait > 0) throw tooMany(reply, wait)
      const { tally, refused } = await office.push(source, Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0))
      const [first] = refused
      if (first !== undefined && tally.fresh + tally.known === 0)
        throw new Refused(422, refuse(first.code, { detail: first.detail.slice(0, 400) }))
      return { fresh: tally.fresh, known: tally.known, refused }
    })
  })
}
