/** Who asks, and for which post: signing in and out, sessions, and how often anyone may ask. */
import { isIP } from 'node:net'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod/mini'
import type { Doer } from '#core/authority.ts'
import { refuse } from '#core/decider.ts'
import { Uuid } from '#core/id.ts'
import { fromMs } from '#core/time.ts'
import type { PostView, SessionView } from '#core/view.ts'
import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import type { Sql } from './database.ts'
import { parse, Refused } from './room.ts'
import { accountName } from './session/account.ts'
import { Attempts, Limiter, tooMany } from './session/limit.ts'
import { passkeyRoutes } from './session/passkey.ts'
import { hashPassword, isOutdated, TooManyPasswords, verifyPassword } from './session/password.ts'
import { Posts, type Held } from './session/posts.ts'
import { COOKIE_SECONDS, entryOf, SessionStore, type Kept, type SessionEntry } from './session/store.ts'
import { Tickets } from './session/ticket.ts'
import type { Viewer, World } from './world.ts'

export { addAccount, disableAccount, enableAccount, listAccounts, setPassword, type AccountEntry } from './session/account.ts'
export type { SessionEntry } from './session/store.ts'

export type Asker = {
  readonly doer: Doer
  readonly viewer: Viewer
  readonly postId: string
  /** Null: a post chosen in demonstration mode. */
  readonly account: string | null
}

export type SessionParts = {
  /** The schema `node`. */
  readonly node: Sql
  /** The real world: its directory says which posts there are and who holds them. */
  readonly world: World
  readonly config: Pick<Config, 'mode' | 'origin'>
  readonly clock: Clock
}

/** Answered to who has proved an account with several posts: the same list as the directory's, and what to send with the choice. */
export type PostChoice = { readonly choose: readonly PostView[]; readonly ticket: string }

const DEMONSTRATIONS_PER_MINUTE = 120
const OPTIONS_PER_MINUTE = 60
/** Sessions read from the database for one address, behind which a whole office may sit. */
const LOOKUPS_PER_MINUTE = 6_000
const TICKET_MS = 120_000
const TOKEN = /^[A-Za-z0-9_-]{43}$/

const PostId = z.strictObject({ postId: Uuid })
const Password = z.strictObject({
  name: z.string().check(z.minLength(1), z.maxLength(200)),
  password: z.string().check(z.minLength(1), z.maxLength(2000)),
  postId: z.optional(Uuid),
})
const Choice = z.strictObject({ ticket: z.string().check(z.regex(TOKEN)), postId: Uuid })

export class Sessions {
  readonly #parts: SessionParts
  readonly #store: SessionStore
  readonly #posts: Posts
  readonly #attempts = new Attempts()
  readonly #demonstrations = new Limiter(DEMONSTRATIONS_PER_MINUTE)
  readonly #options = new Limiter(OPTIONS_PER_MINUTE)
  readonly #lookups = new Limiter(LOOKUPS_PER_MINUTE)
  readonly #choices = new Tickets<{ readonly account: string }>(TICKET_MS)
  readonly #cookie: { readonly name: string; readonly attributes: string }
  /** The asker of a session, as long as neither the session nor its post was read anew. */
  readonly #askers = new WeakMap<Kept, { readonly held: Held; readonly asker: Asker }>()

  constructor(parts: SessionParts) {
    this.#parts = parts
    this.#store = new SessionStore(parts)
    this.#posts = new Posts(parts.world)
    const secure = parts.config.origin.startsWith('https:')
    this.#cookie = {
      name: secure ? '__Host-muster' : 'muster',
      attributes: `; Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`,
    }
  }

  /** Who asks, or null. Using the session keeps it from ending idle. */
  async asker(request: FastifyRequest): Promise<Asker | null> {
    const found = await this.#find(request)
    if (found === null) return null
    const written = this.#store.touch(found.kept)
    if (written) await written
    return found.asker
  }

  /** The same without using the session: for a live connection that asks, again and again, whether it may go on. */
  async peek(request: FastifyRequest): Promise<Asker | null> {
    return (await this.#find(request))?.asker ?? null
  }

  /** What requests are counted by: the session if there is one, else the address. Made-up cookies do not reach the database without end. */
  async counted(request: FastifyRequest, reply: FastifyReply): Promise<string> {
    const token = this.#token(request)
    if (token === null) return addressOf(request)
    if (this.#store.known(token) === null) this.#mustWait(reply, this.#lookups.take(addressOf(request), this.#now()))
    return (await this.#find(request))?.kept.key ?? addressOf(request)
  }

  close(): void {
    this.#posts.close()
  }

  routes(app: FastifyInstance): void {
    app.get('/api/session', async (request) => this.#view((await this.#find(request))?.held ?? null))
    app.delete('/api/session', async (request, reply) => {
      const token = this.#token(request)
      if (token !== null) await this.#store.revoke(token)
      return this.#leave(reply)
    })
    app.get('/api/session/all', (request) => this.#list(request))
    app.delete('/api/session/all', async (request, reply) => {
      const { kept, token } = await this.#mustFind(request)
      if (kept.account === null) await this.#store.revoke(token)
      else await this.#store.revokeAll(kept.account)
      return this.#leave(reply)
    })
    if (this.#parts.config.mode === 'demonstration') this.#demonstrationRoutes(app)
    else this.#operationRoutes(app)
  }

  #demonstrationRoutes(app: FastifyInstance): void {
    app.get('/api/session/posts', async () => (await this.#posts.all()).map(({ view, jurisdiction }) => ({ ...view, jurisdiction })))
    app.post('/api/session/demonstration', async (request, reply) => {
      const { postId } = parse(PostId, request.body)
      this.#mustWait(reply, this.#demonstrations.take(addressOf(request), this.#now()))
      const held = await this.#posts.find(postId)
      if (held === null) throw new Refused(422, refuse('post.unknown'))
      return this.#enter(request, reply, null, held)
    })
  }

  #operationRoutes(app: FastifyInstance): void {
    app.post('/api/session/password', async (request, reply) => {
      const { name, password, postId } = parse(Password, request.body)
      const account = accountName(name)
      await this.#attempt(request, reply, account, () => this.#checkPassword(account, password))
      return this.#arrive(request, reply, account, postId)
    })
    app.post('/api/session/choose', async (request, reply) => {
      const { ticket, postId } = parse(Choice, request.body)
      const found = this.#choices.take(ticket, this.#now())
      if (found === null) throw new Refused(401, refuse('session.ticket-unknown'))
      return this.#arrive(request, reply, found.account, postId)
    })
    passkeyRoutes(app, {
      node: this.#parts.node,
      clock: this.#parts.clock,
      origin: this.#parts.config.origin,
      account: async (request) => {
        const { account } = (await this.#mustFind(request)).kept
        if (account === null) throw new Refused(401, refuse('session.missing'))
        return account
      },
      ask: (request, reply) => this.#mustWait(reply, this.#options.take(addressOf(request), this.#now())),
      attempt: (request, reply, check) => this.#attempt(request, reply, null, check),
      arrive: (request, reply, account, postId) => this.#arrive(request, reply, account, postId),
    })
  }

  /** Counts the attempt, and refuses it with one and the same answer whatever was wrong. Answers the account. */
  async #attempt(
    request: FastifyRequest,
    reply: FastifyReply,
    account: string | null,
    check: () => Promise<string | null>,
  ): Promise<string> {
    const address = addressOf(request)
    this.#mustWait(reply, this.#attempts.take(address, account, this.#now()))
    const proved = await check()
    if (proved === null) {
      this.#attempts.failed(address, account, this.#now())
      throw new Refused(401, refuse('session.wrong-credentials'))
    }
    this.#attempts.succeeded(address, proved)
    return proved
  }

  async #checkPassword(account: string, password: string): Promise<string | null> {
    const { node } = this.#parts
    const [row] = await node<
      { hash: string | null }[]
    >`select password_hash as hash from account where name = ${account} and disabled_at is null`
    const kept = row?.hash ?? null
    const right = await verifyPassword(password, kept).catch(refuseCrowd)
    if (!right || kept === null) return null
    if (isOutdated(kept))
      await node`update account set password_hash = ${await hashPassword(password)} where name = ${account} and password_hash = ${kept}`
    return account
  }

  /** The account is proved; now the post. One is entered at once, of several one must be chosen. */
  async #arrive(
    request: FastifyRequest,
    reply: FastifyReply,
    account: string,
    postId: string | undefined,
  ): Promise<SessionView | PostChoice> {
    const held = await this.#posts.heldBy(account)
    const [only] = held
    if (only === undefined) throw new Refused(403, refuse('session.no-post'))
    if (postId === undefined && held.length > 1)
      return { choose: held.map(({ view }) => view), ticket: this.#choices.put({ account }, this.#now()) }
    const chosen = postId === undefined ? only : held.find(({ view }) => view.id === postId)
    if (chosen === undefined) throw new Refused(403, refuse('session.post-not-held'))
    return this.#enter(request, reply, account, chosen)
  }

  /** Every sign-in is a new session; the one that the browser brought along ends. */
  async #enter(request: FastifyRequest, reply: FastifyReply, account: string | null, held: Held): Promise<SessionView> {
    const before = this.#token(request)
    if (before !== null) await this.#store.revoke(before)
    const token = await this.#store.open(account, held.view.id)
    void reply.header('set-cookie', `${this.#cookie.name}=${token}; Max-Age=${COOKIE_SECONDS}${this.#cookie.attributes}`)
    return this.#view(held)
  }

  #leave(reply: FastifyReply): SessionView {
    void reply.header('set-cookie', `${this.#cookie.name}=; Max-Age=0${this.#cookie.attributes}`)
    return this.#view(null)
  }

  async #list(request: FastifyRequest): Promise<readonly (SessionEntry & { readonly post: PostView | null })[]> {
    const { kept } = await this.#mustFind(request)
    const entries = kept.account === null ? [entryOf(kept, true)] : await this.#store.list(kept.account, kept.key)
    const posts = await Promise.all(entries.map(({ postId }) => this.#posts.find(postId)))
    return entries.map((entry, i) => ({ ...entry, post: posts[i]?.view ?? null }))
  }

  async #mustFind(request: FastifyRequest): Promise<{ readonly kept: Kept; readonly token: string }> {
    const found = await this.#find(request)
    if (found === null) throw new Refused(401, refuse('session.missing'))
    return found
  }

  async #find(
    request: FastifyRequest,
  ): Promise<{ readonly kept: Kept; readonly token: string; readonly held: Held; readonly asker: Asker } | null> {
    const token = this.#token(request)
    const kept = token === null ? null : (this.#store.known(token) ?? (await this.#store.find(token)))
    if (token === null || kept === null) return null
    const held = this.#posts.known(kept.postId) ?? (await this.#posts.find(kept.postId))
    if (held === null || !this.#holds(kept, held)) return null
    const remembered = this.#askers.get(kept)
    if (remembered?.held === held) return { kept, token, held, asker: remembered.asker }
    const asker: Asker = { doer: held.doer, viewer: held.viewer, postId: held.view.id, account: kept.account }
    this.#askers.set(kept, { held, asker })
    return { kept, token, held, asker }
  }

  /** A demonstration's session opens nothing in operation, whose database may be the same; and who was relieved of a post is out at once. */
  #holds({ account }: Kept, held: Held): boolean {
    return this.#parts.config.mode === 'demonstration' ? account === null : account !== null && held.view.holders.includes(account)
  }

  #token(request: FastifyRequest): string | null {
    const cookies = request.headers.cookie
    if (cookies === undefined) return null
    const start = `${this.#cookie.name}=`
    for (const one of cookies.split(';')) {
      const cookie = one.trim()
      if (cookie.startsWith(start)) {
        const token = cookie.slice(start.length)
        return TOKEN.test(token) ? token : null
      }
    }
    return null
  }

  #view(held: Held | null): SessionView {
    return {
      mode: this.#parts.config.mode,
      post: held?.view ?? null,
      jurisdiction: held?.jurisdiction ?? null,
      serverTime: fromMs(this.#now()),
    }
  }

  #mustWait(reply: FastifyReply, waitMs: number): void {
    if (waitMs > 0) throw tooMany(reply, waitMs)
  }

  #now(): number {
    return this.#parts.clock.now()
  }
}

/** One household or office of IPv6 has a /64 and could use every address in it. */
export function addressOf({ ip }: Pick<FastifyRequest, 'ip'>): string {
  return isIP(ip) === 6 && !ip.startsWith('::ffff:') ? prefixOf(ip) : ip
}

function prefixOf(ip: string): string {
  const [before = '', after] = ip.split('::')
  const groups = before === '' ? [] : before.split(':')
  const rest = after === undefined || after === '' ? [] : after.split(':')
  const zeros = after === undefined ? [] : Array.from({ length: Math.max(0, 8 - groups.length - rest.length) }, () => '0')
  return [...groups, ...zeros, ...rest].slice(0, 4).join(':')
}

function refuseCrowd(error: unknown): never {
  throw error instanceof TooManyPasswords ? new Refused(503, refuse('server.busy', { waiting: error.waiting })) : error
}
