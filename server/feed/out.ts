/** The public ways out: feeds, the messages themselves, the certificate; from memory, with conditional requests. No sign-in, no cookie. */
import { createHash } from 'node:crypto'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod/mini'
import { refuse } from '#core/decider.ts'
import { Uuid } from '#core/id.ts'
import { DivisionCode } from '#core/place.ts'
import { languageOf } from '../public/html.ts'
import { parse, Refused } from '../room.ts'
import { keep, Limiter, tooMany } from '../session/limit.ts'
import type { World } from '../world.ts'
import { atom, json, pagesOf, rss, type FeedOf, type Language } from './render.ts'
import { isForPublic, rendered, within, type PublicView, type Rendered, type Snapshot } from './snapshot.ts'

const MAX_AGE_SECONDS = 15
/** Messages never change; that they are no longer in force is said by the feed. */
const MESSAGE_MAX_AGE_SECONDS = 3600
/** Kept at hand; what is larger or older is read from the database, so many a minute for an address. */
const KEPT = { messages: 600, bytes: 256 * 1024 }
const READS_PER_MINUTE = 120
const COMPRESSED_FROM = 256

const Query = z.object({ area: z.optional(DivisionCode), page: z.optional(z.string().check(z.regex(/^[1-9]\d{0,2}$/))) })

export type Asked = { readonly area: string | null; readonly lang: Language; readonly page: number }
/** Only what is known counts for the answer, so that inventing parameters fills no memory. Refuses an area that is no code. */
export function asked(request: FastifyRequest): Asked {
  const query = parse(Query, request.query)
  return { area: query.area ?? null, lang: languageOf(request), page: Number(query.page ?? 1) }
}

/** A finished document with its strong tag. `changedAt`: milliseconds, when it became so. */
export function finished(type: string, said: string | Buffer, changedAt: number): Rendered {
  const body = typeof said === 'string' ? Buffer.from(said) : said
  const tag = createHash('sha256').update(body).digest('hex').slice(0, 32)
  return { type, body, tag, modified: new Date(Math.floor(changedAt / 1000) * 1000).toUTCString(), gzip: null, br: null }
}

/** Whoever has it already is told so; else it goes out in the smallest form that he reads (RFC 9110, 8.8, 12.5.3, 13). */
export function answer(request: FastifyRequest, reply: FastifyReply, of: Rendered, maxAge = MAX_AGE_SECONDS): FastifyReply {
  const { headers } = request
  const coding = codingOf(of, headers['accept-encoding'])
  void reply
    .header('cache-control', `public, max-age=${maxAge}`)
    .header('last-modified', of.modified)
    .header('vary', 'accept-encoding, accept-language')
    .header('etag', tagOf(of, coding))
  const known = headers['if-none-match']
  const same =
    known === undefined
      ? headers['if-modified-since'] !== undefined && Date.parse(headers['if-modified-since']) >= Date.parse(of.modified)
      : known.trim() === '*' ||
        known.split(',', 20).some(
          (one) =>
            one
              .trim()
              .replace(/^W\//, '')
              .replace(/-\w+"$/, '"') === `"${of.tag}"`,
        )
  if (same) return reply.code(304).send()
  if (coding !== null) void reply.header('content-encoding', coding)
  return reply.type(of.type).send(coding === null ? of.body : compressed(of, coding))
}

type Coding = 'gzip' | 'br'
const tagOf = ({ tag }: Rendered, coding: Coding | null): string => `"${tag}${coding === null ? '' : `-${coding}`}"`

function codingOf({ body }: Rendered, accepted: string | undefined): Coding | null {
  if (accepted === undefined || body.length < COMPRESSED_FROM) return null
  const takes = (name: string): boolean =>
    new RegExp(`(?:^|,)\\s*${name}\\s*(?:;\\s*q=(?!0(?:\\.0*)?\\s*(?:,|$)))?[^,;]*(?:,|$)`, 'i').test(accepted)
  return takes('br') ? 'br' : takes('gzip') ? 'gzip' : null
}

function compressed(of: Rendered, coding: Coding): Buffer {
  if (coding === 'br') return (of.br ??= brotliCompressSync(of.body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }))
  return (of.gzip ??= gzipSync(of.body))
}

const FEEDS = {
  atom: 'application/atom+xml; charset=utf-8',
  rss: 'application/rss+xml; charset=utf-8',
  json: 'application/json; charset=utf-8',
} as const
type Kind = keyof typeof FEEDS

export type OutParts = {
  readonly world: Pick<World, 'sql' | 'clock' | 'alertKey'>
  readonly view: Pick<PublicView, 'current'>
  readonly origin: string
  readonly node: string
}

/**
 * GET /public/alerts.atom, .rss, .json `?area=120116&lang=en&page=2`; GET /public/alerts/<id or identifier>.cap.xml: the bytes
 * as they were sent; GET /public/alerts/certificate.pem: by which our signatures are known.
 */
export function feedRoutes(app: FastifyInstance, parts: OutParts): void {
  for (const kind of ['atom', 'rss', 'json'] as const)
    app.get(`/public/alerts.${kind}`, async (request, reply) => {
      const snapshot = await parts.view.current()
      return answer(request, open(reply), feed(kind, snapshot, asked(request), parts))
    })
  const messages = new Messages(parts)
  app.get('/public/alerts/certificate.pem', async (request, reply) => {
    const { alertKey } = parts.world
    if (alertKey === null) throw new Refused(404, refuse('request.unknown-path'))
    return answer(request, open(reply), finished('application/x-pem-file', alertKey.certificate, 0), MESSAGE_MAX_AGE_SECONDS)
  })
  app.get<{ Params: { name: string } }>('/public/alerts/:name', async (request, reply) => {
    const name = /^(.{1,200})\.cap\.xml$/s.exec(request.params.name)?.[1]
    const found = name === undefined ? null : await messages.find(name, request, reply)
    if (found === null) throw new Refused(404, refuse('alert.unknown'))
    return answer(request, open(reply), found, MESSAGE_MAX_AGE_SECONDS)
  })
}

/** These are for everybody, pages of others included. */
const open = (reply: FastifyReply): FastifyReply =>
  reply.header('access-control-allow-origin', '*').header('cross-origin-resource-policy', 'cross-origin')

function feed(kind: Kind, snapshot: Snapshot, { area, lang, page }: Asked, { origin, node }: OutParts): Rendered {
  // Checked before anything is kept: a page that is not there takes no place.
  if (page > 1 && page > pagesOf(within(snapshot.alerts, area))) throw new Refused(404, refuse('request.unknown-path'))
  return rendered(snapshot, `${kind} ${lang} ${area ?? ''} ${page}`, () => {
    const alerts = within(snapshot.alerts, area)
    const path = `/public/alerts.${kind}?${area === null ? '' : `area=${area}&`}lang=${lang}`
    const of: FeedOf = { alerts, lang, origin, path, page, node }
    const said = kind === 'atom' ? atom(of) : kind === 'rss' ? rss(of) : json(of)
    return finished(FEEDS[kind], said, snapshot.changedAt)
  })
}

/** The original bytes of public, actual messages, whether still in force or not: what a reference names can be read. */
class Messages {
  readonly #parts: OutParts
  readonly #kept = new Map<string, Rendered>()
  readonly #reads = new Limiter(READS_PER_MINUTE)

  constructor(parts: OutParts) {
    this.#parts = parts
  }

  /** By the id in our feeds, or by the identifier when one sender alone has used it. */
  async find(name: string, request: FastifyRequest, reply: FastifyReply): Promise<Rendered | null> {
    const kept = this.#kept.get(name)
    if (kept !== undefined) return kept
    const { sql, clock } = this.#parts.world
    const wait = this.#reads.take(request.ip, clock.now())
    if (wait > 0) throw tooMany(reply, wait)
    const byId = Uuid.safeParse(name).success
    const rows = await sql<{ bytes: Buffer; issuedAt: Date | null }[]>`
      select m.bytes, a.issued_at as "issuedAt" from alert a join alert_message m on m.sha256 = a.sha256
      where ${byId ? sql`a.id = ${name}` : sql`a.identifier = ${name}`} and a.scope = 'Public' and a.cap_status = 'Actual' and not a.drawing
        and (a.owner is not null or a.status = 'in-force') limit 2`
    const [row] = rows
    if (row === undefined || rows.length > 1 || !isForPublic(row.bytes)) return null
    const made = finished('application/cap+xml', row.bytes, row.issuedAt?.getTime() ?? 0)
    if (row.bytes.length <= KEPT.bytes) keep(this.#kept, name, made, KEPT.messages)
    return made
  }
}
