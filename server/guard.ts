/** What stands before every route: who may speak to this server at all, from which page, how much and how often. */
import { isIP } from 'node:net'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { refuse } from '#core/decider.ts'
import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import { Refused } from './room.ts'
import type { Sessions } from './session.ts'
import { Limiter, tooMany } from './session/limit.ts'

export type GuardParts = {
  readonly config: Pick<Config, 'mode' | 'host' | 'origin'>
  readonly clock: Clock
  readonly sessions: Pick<Sessions, 'counted'>
  /** What one session, or an address without one, may do in a minute. */
  readonly perMinute?: { readonly commands: number; readonly reads: number }
}

const PER_MINUTE = { commands: 600, reads: 6_000 }
const BODY_MAX_BYTES = 1024 * 1024
const SCENARIO_MAX_BYTES = 5 * BODY_MAX_BYTES

/** The two style elements that react-aria puts into the page by itself, by the hash of their text; a test compares them with the package. */
export const STYLE_HASHES = [
  "'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='",
  "'sha256-gYiS/BvZvRcK27JIXTuwhZ3hs2+VJ1X+2gUlE+farlg='",
]

const POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  `style-src 'self' ${STYLE_HASHES.join(' ')}`,
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'permissions-policy':
    'camera=(), microphone=(), geolocation=(self), payment=(), usb=(), publickey-credentials-get=(self), publickey-credentials-create=(self)',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}
const HTTPS_HEADERS = { 'strict-transport-security': 'max-age=31536000' }

/**
 * Puts the guard before every route that is added afterwards. Refusals: 421 request.unknown-host {host}, 403
 * request.cross-site, 429 request.too-many {retryAfterSeconds} with `Retry-After`. Bodies: 1 MiB, for exercises 5 MiB.
 */
export function guard(app: FastifyInstance, { config, clock, sessions, perMinute = PER_MINUTE }: GuardParts): void {
  const commands = new Limiter(perMinute.commands)
  const reads = new Limiter(perMinute.reads)
  const headers = config.origin.startsWith('https:') ? { ...HEADERS, ...HTTPS_HEADERS } : HEADERS

  app.addHook('onRoute', (route) => {
    route.bodyLimit ??= route.url === '/api/exercises' ? SCENARIO_MAX_BYTES : BODY_MAX_BYTES
  })
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers(headers)
    const api = request.url.startsWith('/api/')
    if (api) void reply.header('cache-control', 'no-store')
    if (!isKnownHost(request.headers.host, config))
      throw new Refused(421, refuse('request.unknown-host', { host: (request.headers.host ?? '').slice(0, 253) }))
    if (!isRead(request) && !isOurs(request, config) && !isPublicForm(request, config)) throw new Refused(403, refuse('request.cross-site'))
    if (api) await count(request, reply)
  })

  async function count(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const limiter = isRead(request) ? reads : commands
    const wait = limiter.take(await sessions.counted(request, reply), clock.now())
    if (wait > 0) throw tooMany(reply, wait)
  }
}

/**
 * A form of the pages that anybody may open. No cookie counts there, so there is nothing that a foreign page could do in
 * somebody's name; it is refused all the same where the browser says that it is one.
 */
function isPublicForm({ url, headers }: FastifyRequest, config: GuardParts['config']): boolean {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  if (!url.startsWith('/public/') || type !== 'multipart/form-data') return false
  const { origin, 'sec-fetch-site': site } = headers
  if (site !== undefined && site !== 'same-origin') return false
  return origin === undefined || origin === config.origin || isLocal(origin, headers.host, config)
}

/** On the loopback address that stands by default, the server goes by the name it was called. */
const isLocal = (origin: string, host: string | undefined, config: GuardParts['config']): boolean =>
  isLoopback(new URL(config.origin).hostname) && origin === `http://${host}`

/** What no foreign page can send without asking us first (Fetch, CORS-safelisted request-header). */
const UNSENDABLE: ReadonlySet<string> = new Set([
  'application/json',
  'application/xml',
  'text/xml',
  'application/cap+xml',
  'text/csv',
  'image/jpeg',
  'image/png',
  'image/webp',
])

const isRead = ({ method }: FastifyRequest): boolean => method === 'GET' || method === 'HEAD' || method === 'OPTIONS'

/**
 * A page of ours sent it. Cross-site pages can neither send JSON or XML nor delete without asking first, and browsers say where
 * a request comes from. On the loopback address that stands by default, the server goes by the name it was called.
 */
function isOurs({ method, headers }: FastifyRequest, config: GuardParts['config']): boolean {
  // A machine with a key of its own: no page of others can send this header, and no cookie counts where it does.
  if (headers.authorization?.startsWith('Bearer ') === true && headers.cookie === undefined) return true
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  if (type === undefined ? method !== 'DELETE' : !UNSENDABLE.has(type)) return false
  if (headers['sec-fetch-site'] === 'same-origin') return true
  const { origin } = headers
  if (origin === undefined) return false
  return origin === config.origin || (isLoopback(new URL(config.origin).hostname) && origin === `http://${headers.host}`)
}

/**
 * Signing in to a demonstration takes no password, so a foreign page must not reach it under a name of its own that it
 * points to this machine (DNS rebinding). Names are therefore refused unless they are ours; a bare address cannot be rebound.
 */
function isKnownHost(header: string | undefined, { mode, host, origin }: GuardParts['config']): boolean {
  if (mode === 'operation') return true
  const name = header === undefined || !URL.canParse(`http://${header}`) ? null : new URL(`http://${header}`).hostname
  if (name === null) return false
  if (isLoopback(name) || name === new URL(origin).hostname || name === host) return true
  return !isLoopback(host) && isIP(bare(name)) !== 0
}

const bare = (name: string): string => name.replace(/^\[|\]$/g, '')
const isLoopback = (name: string): boolean => name === 'localhost' || bare(name) === '::1' || (isIP(name) === 4 && name.startsWith('127.'))
