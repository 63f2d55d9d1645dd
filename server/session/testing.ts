/** What the tests of signing in share: a server with accounts and posts, a browser that keeps its cookie, and a passkey of software. */
import { createHash, generateKeyPairSync, randomBytes, randomUUID, sign } from 'node:crypto'
import Fastify, { type FastifyInstance } from 'fastify'
import type { Power } from '#core/directory/post.ts'
import { Refusal } from '#core/decider.ts'
import { fromMs } from '#core/time.ts'
import { ManualClock } from '../clock.ts'
import type { Sql } from '../database.ts'
import { guard } from '../guard.ts'
import { migrate } from '../migrate.ts'
import { Refused } from '../room.ts'
import { addAccount, Sessions } from '../session.ts'
import { dropWorld, SETUP, testDatabase, testWorld } from '../testing.ts'
import type { World } from '../world.ts'

export const START = Date.parse('2026-07-01T00:00:00Z')
export const PASSWORD = '正确的马电池订书钉一二三'
export const ORIGIN = 'http://localhost:8080'

export type Place = {
  readonly node: Sql
  readonly world: World
  readonly clock: ManualClock
  readonly post: { readonly desk: string; readonly chief: string }
  readonly say: (room: string, id: string, command: { readonly type: string; readonly [field: string]: unknown }) => Promise<void>
  /** A new account that holds the posts. */
  readonly account: (...posts: readonly string[]) => Promise<string>
  readonly leave: () => Promise<void>
}

export async function openPlace(): Promise<Place> {
  const database = await testDatabase()
  const schema = `node_test_${randomUUID().replaceAll('-', '')}`
  const clock = new ManualClock(START)
  await migrate(database, schema, 'node')
  const node = database.pool(schema, { max: 4 })
  const world = await testWorld(database, { clock })
  const say: Place['say'] = async (room, id, command) => {
    const outcome = await world.handle({ room, id, command, commandId: randomUUID(), doer: SETUP })
    if (outcome instanceof Refusal) throw new Error(JSON.stringify(outcome))
  }
  const words = (text: string): object => ({ 'zh-CN': text, en: text })
  const organizationId = randomUUID()
  const post = { desk: randomUUID(), chief: randomUUID() }
  const create = (id: string, title: string, powers: readonly Power[]): Promise<void> =>
    say('post', id, { type: 'post.create', organizationId, title: words(title), powers })
  await say('organization', organizationId, {
    type: 'organization.register',
    name: words('应急管理局'),
    sector: 'government',
    kind: 'emergency',
    functions: [],
    jurisdiction: '120116',
    superior: null,
    verified: true,
  })
  await create(post.desk, '值班员', ['incident.report', 'sitrep.file'])
  await create(post.chief, '值班长', ['incident.command'])
  const account: Place['account'] = async (...posts) => {
    const name = `王芳 ${randomBytes(4).toString('hex')}`
    const refused = await addAccount(node, name, PASSWORD, fromMs(clock.now()))
    if (refused) throw new Error(refused.code)
    for (const id of posts) await say('post', id, { type: 'post.assume', holder: name })
    return name
  }
  const leave = async (): Promise<void> => {
    await world.close()
    await dropWorld(database, world.name)
    await node`drop schema ${node(schema)} cascade`
    await node.end({ timeout: 5 })
    await database.stop()
  }
  return { node, world, clock, post, say, account, leave }
}

export type ServerOptions = {
  readonly mode?: 'demonstration' | 'operation'
  readonly origin?: string
  readonly host?: string
  readonly perMinute?: { readonly commands: number; readonly reads: number }
}

/** A server of its own, with its own limits, on the place's data. */
export async function openServer(
  { node, world, clock }: Pick<Place, 'node' | 'world' | 'clock'>,
  { mode = 'operation', origin = ORIGIN, host = '127.0.0.1', perMinute }: ServerOptions = {},
): Promise<FastifyInstance> {
  const app = Fastify()
  const config = { mode, origin, host }
  const sessions = new Sessions({ node, world, config, clock })
  app.setErrorHandler((error, _, reply) => (error instanceof Refused ? reply.code(error.status).send(error.refusal) : reply.send(error)))
  guard(app, { config, clock, sessions, ...(perMinute ? { perMinute } : {}) })
  sessions.routes(app)
  app.get('/api/asker', async (request) => ({ asker: await sessions.asker(request) }))
  app.get('/api/peek', async (request) => ({ asker: await sessions.peek(request) }))
  app.post('/api/command', async () => ({}))
  app.post('/api/exercises', async () => ({}))
  app.get('/page', async () => 'page')
  app.addHook('onClose', async () => sessions.close())
  await app.ready()
  return app
}

export type Answer = {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, unknown>>
}

/** Sends what a browser would, and keeps the cookie that it is given. */
export class Browser {
  readonly #app: FastifyInstance
  readonly #headers: Readonly<Record<string, string>>
  readonly #address: string
  cookie: string | null = null

  constructor(
    app: FastifyInstance,
    { headers = {}, address = '192.0.2.1' }: { readonly headers?: Readonly<Record<string, string>>; readonly address?: string } = {},
  ) {
    this.#app = app
    this.#headers = { host: 'localhost:8080', origin: ORIGIN, ...headers }
    this.#address = address
  }

  async send(method: 'GET' | 'POST' | 'DELETE', url: string, body?: object): Promise<Answer> {
    const headers = { ...this.#headers, ...(this.cookie === null ? {} : { cookie: this.cookie }) }
    const answer = await this.#app.inject({
      method,
      url,
      headers,
      remoteAddress: this.#address,
      ...(body === undefined ? {} : { payload: body }),
    })
    const given = answer.headers['set-cookie']
    if (typeof given === 'string') this.cookie = given.slice(0, given.indexOf(';'))
    return {
      status: answer.statusCode,
      body: answer.headers['content-type']?.toString().startsWith('application/json') === true ? answer.json() : {},
      headers: answer.headers,
    }
  }

  get = (url: string): Promise<Answer> => this.send('GET', url)
  post = (url: string, body: object): Promise<Answer> => this.send('POST', url, body)
}

/** Just enough of CBOR (RFC 8949) to write an attestation: unsigned and negative integers, bytes, texts, maps. */
function cbor(value: number | string | Uint8Array | ReadonlyMap<number | string, unknown>): Buffer {
  const head = (major: number, n: number): Buffer =>
    n < 24
      ? Buffer.from([(major << 5) | n])
      : n < 256
        ? Buffer.from([(major << 5) | 24, n])
        : Buffer.from([(major << 5) | 25, n >> 8, n & 255])
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value)
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value])
  return Buffer.concat([head(5, value.size), ...[...value].flatMap(([key, one]) => [cbor(key), cbor(one as Parameters<typeof cbor>[0])])])
}

const sha256 = (data: Uint8Array | string): Buffer => createHash('sha256').update(data).digest()
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')

/** A passkey on P-256 (ES256), as a device of the user's would hold it; `verified: false` is one that asked for no finger. */
export class SoftwarePasskey {
  readonly id = randomBytes(16)
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  readonly #origin: string
  count = 0
  verified = true

  constructor(origin = ORIGIN) {
    this.#origin = origin
  }

  register(challenge: unknown): object {
    const { x = '', y = '' } = this.#keys.publicKey.export({ format: 'jwk' })
    const cose = cbor(
      new Map<number, unknown>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, Buffer.from(x, 'base64url')],
        [-3, Buffer.from(y, 'base64url')],
      ]),
    )
    const length = Buffer.from([0, this.id.length])
    const data = Buffer.concat([this.#data(0x40), Buffer.alloc(16), length, this.id, cose])
    const attestationObject = text(
      cbor(
        new Map<string, unknown>([
          ['fmt', 'none'],
          ['attStmt', new Map()],
          ['authData', data],
        ]),
      ),
    )
    return this.#credential({ clientDataJSON: this.#client('webauthn.create', challenge), attestationObject, transports: ['internal'] })
  }

  signIn(challenge: unknown): object {
    this.count += 1
    const data = this.#data(0)
    const clientDataJSON = this.#client('webauthn.get', challenge)
    const signature = sign('sha256', Buffer.concat([data, sha256(Buffer.from(clientDataJSON, 'base64url'))]), this.#keys.privateKey)
    return this.#credential({ clientDataJSON, authenticatorData: text(data), signature: text(signature), userHandle: 'AA' })
  }

  /** RP id hash, flags (user present, user verified), count. */
  #data(flags: number): Buffer {
    const count = Buffer.alloc(4)
    count.writeUInt32BE(this.count)
    return Buffer.concat([sha256(new URL(this.#origin).hostname), Buffer.from([flags | 0x01 | (this.verified ? 0x04 : 0)]), count])
  }

  #client = (type: string, challenge: unknown): string =>
    text(Buffer.from(JSON.stringify({ type, challenge, origin: this.#origin, crossOrigin: false })))
  #credential = (response: object): object => ({
    id: text(this.id),
    rawId: text(this.id),
    type: 'public-key',
    clientExtensionResults: {},
    response,
  })
}
