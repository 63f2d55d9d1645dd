/** Passkeys (W3C WebAuthn Level 3): registered by who is signed in, and enough by themselves to sign in, since the device asks for a finger or a PIN. */
import { createHash } from 'node:crypto'
import { isIP } from 'node:net'
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod/mini'
import { refuse } from '#core/decider.ts'
import { Uuid } from '#core/id.ts'
import { fromMs } from '#core/time.ts'
import type { Clock } from '../clock.ts'
import type { Sql } from '../database.ts'
import { parse, Refused } from '../room.ts'
import { Tickets } from './ticket.ts'

export type PasskeyParts = {
  readonly node: Sql
  readonly clock: Clock
  readonly origin: string
  /** The account that is signed in; refuses where there is none. */
  readonly account: (request: FastifyRequest) => Promise<string>
  /** Counts a request for options. */
  readonly ask: (request: FastifyRequest, reply: FastifyReply) => void
  readonly attempt: (request: FastifyRequest, reply: FastifyReply, check: () => Promise<string | null>) => Promise<string>
  readonly arrive: (request: FastifyRequest, reply: FastifyReply, account: string, postId: string | undefined) => Promise<object>
}

export type PasskeyEntry = { readonly id: string; readonly createdAt: string }

const CHALLENGE_MS = 300_000
const OF_ACCOUNT_MAX = 20
/** COSE: Ed25519, P-256, RSA. */
const ALGORITHMS = [-8, -7, -257]

const Bytes = z.string().check(z.maxLength(20_000), z.regex(/^[A-Za-z0-9_-]+$/))
const CredentialId = z.string().check(z.maxLength(1400), z.regex(/^[A-Za-z0-9_-]+$/))
const credential = { id: CredentialId, rawId: CredentialId, type: z.literal('public-key') }
const Registration = z.strictObject({
  response: z.object({
    ...credential,
    response: z.object({
      clientDataJSON: Bytes,
      attestationObject: Bytes,
      transports: z._default(z.array(z.string().check(z.maxLength(40))).check(z.maxLength(10)), []),
    }),
  }),
})
const Assertion = z.strictObject({
  response: z.object({ ...credential, response: z.object({ clientDataJSON: Bytes, authenticatorData: Bytes, signature: Bytes }) }),
  postId: z.optional(Uuid),
})
const ClientData = z.object({ challenge: z.string().check(z.maxLength(100)) })

/** Null: for signing in; a name: for the registration of that account's passkey. */
type Purpose = { readonly account: string | null }
type Row = { readonly account: string; readonly publicKey: Buffer; readonly signCount: string }

export function passkeyRoutes(app: FastifyInstance, parts: PasskeyParts): void {
  const { node, clock } = parts
  const passkeys = new Passkeys(parts)
  const path = '/api/session/passkey'

  app.get(path, async (request): Promise<readonly PasskeyEntry[]> => {
    const account = await parts.account(request)
    const rows = await node<
      { id: string; createdAt: Date }[]
    >`select id, created_at as "createdAt" from passkey where account = ${account} order by created_at limit ${OF_ACCOUNT_MAX}`
    return rows.map(({ id, createdAt }) => ({ id, createdAt: createdAt.toISOString() }))
  })
  app.delete<{ Params: { id: string } }>(`${path}/:id`, async (request) => {
    const account = await parts.account(request)
    const gone = await node`delete from passkey where id = ${request.params.id} and account = ${account} returning id`
    if (gone.length === 0) throw new Refused(404, refuse('session.passkey-unknown'))
    return {}
  })
  app.post(`${path}/register-options`, async (request) => passkeys.registerOptions(await parts.account(request)))
  app.post(`${path}/register`, async (request) => {
    const account = await parts.account(request)
    const { response } = parse(Registration, request.body)
    return passkeys.register(account, response, fromMs(clock.now()))
  })
  app.post(`${path}/sign-in-options`, async (request, reply) => {
    parts.ask(request, reply)
    return passkeys.signInOptions()
  })
  app.post(`${path}/sign-in`, async (request, reply) => {
    const { response, postId } = parse(Assertion, request.body)
    const account = await parts.attempt(request, reply, () => passkeys.check(response))
    return parts.arrive(request, reply, account, postId)
  })
}

class Passkeys {
  readonly #parts: PasskeyParts
  readonly #rpId: string
  readonly #challenges = new Tickets<Purpose>(CHALLENGE_MS)

  constructor(parts: PasskeyParts) {
    this.#parts = parts
    this.#rpId = new URL(parts.origin).hostname
  }

  async registerOptions(account: string): Promise<object> {
    const known = await this.#parts.node<
      { id: string; transports: string[] }[]
    >`select id, transports from passkey where account = ${account} limit ${OF_ACCOUNT_MAX}`
    if (known.length >= OF_ACCOUNT_MAX) throw new Refused(422, refuse('session.too-many-passkeys', { max: OF_ACCOUNT_MAX }))
    return generateRegistrationOptions({
      rpName: 'Muster 联动',
      rpID: this.#name(),
      userName: account,
      userDisplayName: account,
      userID: new Uint8Array(createHash('sha256').update(account).digest()),
      challenge: this.#challenge(account),
      timeout: CHALLENGE_MS,
      attestationType: 'none',
      excludeCredentials: known,
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      supportedAlgorithmIDs: ALGORITHMS,
    })
  }

  async register(account: string, response: z.infer<typeof Registration>['response'], at: string): Promise<PasskeyEntry> {
    const challenge = this.#answered(response.response.clientDataJSON, account)
    const verified =
      challenge === null
        ? null
        : await verifyRegistrationResponse({
            response: { ...response, clientExtensionResults: {} },
            expectedChallenge: challenge,
            expectedOrigin: this.#parts.origin,
            expectedRPID: this.#rpId,
            supportedAlgorithmIDs: ALGORITHMS,
          }).catch(unproved)
    if (!verified?.verified) throw new Refused(422, refuse('session.passkey-refused'))
    const { id, publicKey, counter } = verified.registrationInfo.credential
    const made = await this.#parts.node`
      insert into passkey (id, account, public_key, sign_count, transports, created_at)
      values (${id}, ${account}, ${Buffer.from(publicKey)}, ${counter}, ${response.response.transports}, ${at}) on conflict (id) do nothing returning id`
    if (made.length === 0) throw new Refused(422, refuse('session.passkey-already-registered'))
    return { id, createdAt: at }
  }

  /** The same for everybody, so that nothing is learnt about who has an account: the device knows its passkeys. */
  async signInOptions(): Promise<object> {
    return generateAuthenticationOptions({
      rpID: this.#name(),
      challenge: this.#challenge(null),
      timeout: CHALLENGE_MS,
      userVerification: 'required',
      allowCredentials: [],
    })
  }

  /** The account that the passkey belongs to, or null if anything about it is wrong. */
  async check(response: z.infer<typeof Assertion>['response']): Promise<string | null> {
    const challenge = this.#answered(response.response.clientDataJSON, null)
    const [row] = await this.#parts.node<Row[]>`
      select account, public_key as "publicKey", sign_count as "signCount" from passkey join account on account.name = passkey.account
      where id = ${response.id} and disabled_at is null`
    if (challenge === null || !row) return null
    const verified = await verifyAuthenticationResponse({
      response: { ...response, clientExtensionResults: {} },
      expectedChallenge: challenge,
      expectedOrigin: this.#parts.origin,
      expectedRPID: this.#rpId,
      credential: { id: response.id, publicKey: new Uint8Array(row.publicKey), counter: Number(row.signCount) },
    }).catch(unproved)
    if (!verified?.verified) return null
    // Two requests with one count: the second comes from a copy of the key. Devices that do not count stay at zero.
    const count = verified.authenticationInfo.newCounter
    const used = await this.#parts
      .node`update passkey set sign_count = ${count} where id = ${response.id} and (sign_count < ${count} or (sign_count = 0 and ${count} = 0)) returning id`
    return used.length === 1 ? row.account : null
  }

  /** A passkey is bound to a name; browsers make none for a bare address. */
  #name(): string {
    if (isIP(this.#rpId.replace(/^\[|\]$/g, '')) !== 0) throw new Refused(422, refuse('session.passkey-needs-name', { host: this.#rpId }))
    return this.#rpId
  }

  #challenge(account: string | null): Uint8Array<ArrayBuffer> {
    return new Uint8Array(Buffer.from(this.#challenges.put({ account }, this.#parts.clock.now()), 'base64url'))
  }

  /** The challenge in the answer, if we gave it for this purpose; it is used up either way. */
  #answered(clientDataJSON: string, account: string | null): string | null {
    const data = ClientData.safeParse(jsonOf(clientDataJSON))
    if (!data.success) return null
    const purpose = this.#challenges.take(data.data.challenge, this.#parts.clock.now())
    return purpose !== null && purpose.account === account ? data.data.challenge : null
  }
}

/** The library throws for every way in which an answer can be wrong; to who tries they are all one. */
const unproved = (): null => null

function jsonOf(base64url: string): unknown {
  try {
    return JSON.parse(Buffer.from(base64url, 'base64url').toString('utf8'))
  } catch {
    return null
  }
}
