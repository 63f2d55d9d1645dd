import type { FastifyInstance } from 'fastify'
import { z } from 'zod/mini'
import { CHANNELS, type Channel } from '#core/channel.ts'
import { refuse } from '#core/decider.ts'
import { standing } from '#core/directory/contact.ts'
import { post, type PostState } from '#core/directory/post.ts'
import { notice, noticeThing, type Notice } from '#core/notice.ts'
import { covers } from '#core/place.ts'
import type { NoticesView, NoticeView, OwnPostView } from '#core/view/notice.ts'
import type { TransactionSql } from './database.ts'
import type { Desk as Post } from './notice/book.ts'
import { coverageRow, readTests, shareOf } from './notice/coverage.ts'
import type { NoticeOffice } from './notice/office.ts'
import { isPrivate } from './notice/outbound.ts'
import { Shape } from './notice/webhook.ts'
import { noticeWords } from './notice/words.ts'
import { actionsOf, reference, type Scene } from './present.ts'
import { look, notFound, parse, Refused, type Desk, type Sight } from './room.ts'

const COVERED_MAX = 500
const NOTICES_MAX = 100

type Row = { readonly id: string; readonly state: Notice }

function noticeView(scene: Scene, { id, state }: Row, zone: string): NoticeView {
  const zh = noticeWords(state, { language: 'zh-CN', zone })
  const en = noticeWords(state, { language: 'en', zone })
  const tried = state.attempts.map(({ reference: _, ...attempt }) => attempt)
  const waiting = state.channels
    .slice(tried.length)
    .map((channel) => ({ channel, sentAt: null, receiptedAt: null, failedAt: null, reason: null }))
  const receipt = { type: 'notice.receipt', way: 'app', by: 'person' } as const
  return {
    id,
    to: reference(scene, state.toOrganization),
    postTitle: scene.titles.get(state.toPost) ?? { 'zh-CN': '—', en: '—' },
    purpose: state.purpose,
    urgency: state.urgency,
    status: state.status,
    title: { 'zh-CN': zh.title, en: en.title },
    text: { 'zh-CN': zh.text, en: en.text },
    about: [...new Set(state.items.map((one) => one.about.stream))],
    queuedAt: state.queuedAt,
    heldUntil: state.status === 'held' ? state.notBefore : null,
    reachedAt: state.reachedAt,
    reachedBy: state.reachedBy,
    passedFrom: state.passedFrom,
    ladder: [...tried, ...waiting],
    answers: state.answers.map(({ way, text, outcome, refusal, at }) => ({ way, text, outcome, refusal, at })),
    actions: actionsOf(scene, notice, state, noticeThing(state, receipt), [receipt]),
  }
}

async function readDesks(sql: TransactionSql, organizations: readonly string[]): Promise<readonly Post[]> {
  return sql<Post[]>`
    select id, organization_id as "organizationId", title, powers, holders, contacts, liaison, hours, subscriptions
    from post where organization_id = any(${[...organizations]}::uuid[]) order by id`
}

/** Who keeps an eye on whom: one's own organization, and those in one's territory. */
function coveredBy({ asker, scene }: Pick<Sight, 'asker' | 'scene'>): readonly string[] {
  const { organizationId, jurisdiction } = asker.viewer
  const below = [...scene.relations.all()].filter(
    (one) => one.id !== organizationId && jurisdiction !== null && one.jurisdiction !== null && covers(jurisdiction, one.jurisdiction),
  )
  return [organizationId, ...below.map((one) => one.id)].slice(0, COVERED_MAX)
}

async function ownPost(scene: Scene, desk: Post, office: NoticeOffice | null): Promise<OwnPostView> {
  const hosts = await (office?.secrets.endpointHosts(desk.contacts.filter((one) => one.channel === 'webhook').map((one) => one.address)) ??
    new Map<string, { shape: string; host: string }>())
  const shown = (channel: Channel, address: string): string => {
    const found = channel === 'webhook' ? hosts.get(address) : undefined
    return found === undefined ? address : `${found.shape} · ${found.host}`
  }
  const { title, powers, holders, contacts, liaison, hours, subscriptions, organizationId } = desk
  const state: PostState = { organizationId, title, powers, holders, contacts, liaison, ...hours, subscriptions }
  const samples = [
    { type: 'post.set-contacts', contacts: [] },
    { type: 'post.set-liaison', liaison: !liaison },
  ] as const
  return {
    postId: desk.id,
    title,
    organization: reference(scene, organizationId),
    liaison,
    contacts: contacts.map((one) => ({ ...one, shown: shown(one.channel, one.address), standing: standing(one, scene.now) })),
    subscriptions,
    hours,
    actions: actionsOf(
      scene,
      post,
      state,
      { jurisdiction: null, owner: organizationId, parties: [] },
      samples.map((one) => ({ ...one })) as Parameters<typeof post.decide>[1][],
    ),
  }
}

async function noticesView(sight: Sight, office: NoticeOffice | null): Promise<NoticesView> {
  const { asker, scene, read } = sight
  const setUp = office?.setUp ?? new Set<Channel>()
  const organizations = coveredBy(sight)
  return read(async (sql) => {
    const [desks, tests, rows] = await Promise.all([
      readDesks(sql, organizations),
      readTests(sql, scene.now),
      sql<Row[]>`
        select id, state from notice where to_organization = ${asker.viewer.organizationId} order by queued_at desc, id limit ${NOTICES_MAX}`,
    ])
    const desksOf = Map.groupBy(desks, (desk) => desk.organizationId)
    const own = desks.find((desk) => desk.id === asker.postId) ?? null
    const zone = own?.hours.zone ?? 'Asia/Shanghai'
    return {
      channels: CHANNELS.map((channel) => ({ channel, setUp: setUp.has(channel) })),
      tests: shareOf(tests, scene.now),
      coverage: organizations.map((id) => coverageRow(scene, id, desksOf.get(id) ?? [], tests, setUp)),
      own: own === null ? null : await ownPost(scene, own, office),
      notices: rows.map((row) => noticeView(scene, row, zone)),
      pushKey: setUp.has('push') ? (office?.secrets.keys.vapid.publicKey ?? null) : null,
    }
  })
}

const Https = z.string().check(
  z.maxLength(2000),
  z.refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)),
)
const Receipt = z.strictObject({ code: z.string().check(z.maxLength(40)), by: z.enum(['device', 'person']) })
const Browser = z.strictObject({
  endpoint: Https,
  keys: z.strictObject({
    p256dh: z.string().check(z.regex(/^[\w-]{80,100}={0,2}$/)),
    auth: z.string().check(z.regex(/^[\w-]{20,30}={0,2}$/)),
  }),
})
const NewEndpoint = z.strictObject({ shape: Shape, url: Https, secret: z.string().check(z.maxLength(500)) })

/** An address that may be called: public, and by TLS, unless the operator allows the own network. */
function allowed(address: string, allowPrivate: boolean): boolean {
  const { protocol, hostname } = new URL(address)
  if (allowPrivate) return true
  const literal = hostname.startsWith('[') || /^[\d.]+$/.test(hostname)
  return protocol === 'https:' && hostname !== 'localhost' && !(literal && isPrivate(hostname))
}

/**
 * GET /api/notices: coverage, the own post, what the organization was told. POST …/receipts: a browser has shown a
 * notice, named by its code, signed in or not. POST …/browsers: this browser takes push for the post. POST …/endpoints:
 * keeps a webhook's address and key beside the node and answers the id that the contact says.
 */
export function noticeRoutes(app: FastifyInstance, desk: Desk, office: NoticeOffice | null): void {
  app.get('/api/notices', async (request): Promise<NoticesView> => noticesView(await look(desk, request), office))
  if (office === null) return
  const own = async (request: Parameters<Desk['asker']>[0]): Promise<string> => {
    const { world, asker } = await look(desk, request)
    if (world.name !== 'real') throw new Refused(422, refuse('exercise.read-only'))
    return asker.postId
  }
  app.post('/api/notices/receipts', async (request) => {
    const { code, by } = parse(Receipt, request.body)
    if (!(await office.replies.seen(code, by))) throw notFound('notice.unknown-code')
    return { ok: true }
  })
  app.post('/api/notices/browsers', async (request) => {
    const postId = await own(request)
    const { endpoint, keys } = parse(Browser, request.body)
    if (!office.setUp.has('push')) throw new Refused(422, refuse('notice.not-set-up', { channel: 'push' }))
    if (!allowed(endpoint, office.config.allowPrivate)) throw new Refused(422, refuse('notice.address-forbidden'))
    await office.secrets.addPush(postId, { endpoint, ...keys })
    return { ok: true }
  })
  app.post('/api/notices/endpoints', async (request) => {
    const postId = await own(request)
    const endpoint = parse(NewEndpoint, request.body)
    if (!office.setUp.has('webhook')) throw new Refused(422, refuse('notice.not-set-up', { channel: 'webhook' }))
    if (!allowed(endpoint.url, office.config.allowPrivate)) throw new Refused(422, refuse('notice.address-forbidden'))
    return { id: await office.secrets.addEndpoint(postId, endpoint) }
  })
}
