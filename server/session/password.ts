/** Passwords as argon2id (RFC 9106) in PHC strings; OWASP's first recommendation, which a login of ours bears easily. */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { refuse, type Refusal } from '#core/decider.ts'

type Strength = { readonly m: number; readonly t: number; readonly p: number }
type Parsed = { readonly strength: Strength; readonly salt: Buffer; readonly hash: Buffer }

/** Memory in KiB, passes, lanes. */
const STRENGTH: Strength = { m: 19_456, t: 2, p: 1 }
const SALT_BYTES = 16
const HASH_BYTES = 32
const CHARACTERS_MIN = 12
const BYTES_MAX = 1024
/** Each takes 19 MiB and a thread; more wait, and beyond that are refused. */
const AT_ONCE_MAX = 2
const WAITING_MAX = 64
const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/

const derive = promisify(argon2)

/** The same characters typed on another keyboard are the same password. */
const normal = (password: string): string => password.normalize('NFKC')

/** Refuses what is too short to withstand guessing, or too long to be typed. */
export function refusePassword(password: string): Refusal | null {
  const text = normal(password)
  if ([...text].length < CHARACTERS_MIN) return refuse('account.password-too-short', { min: CHARACTERS_MIN })
  return Buffer.byteLength(text) > BYTES_MAX ? refuse('account.password-too-long', { max: BYTES_MAX }) : null
}

/** A PHC string, `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
export async function hashPassword(password: string, salt: Buffer = randomBytes(SALT_BYTES)): Promise<string> {
  const hash = await run(password, { strength: STRENGTH, salt, hash: Buffer.alloc(HASH_BYTES) })
  return phc({ strength: STRENGTH, salt, hash })
}

/** In constant time. A null hash, or one that cannot be read, costs the same time and is never right. */
export async function verifyPassword(password: string, kept: string | null): Promise<boolean> {
  const parsed = kept === null ? null : parse(kept)
  const against = parsed ?? NOBODY
  const found = await run(password, against)
  return timingSafeEqual(found, against.hash) && parsed !== null
}

/** Whether the hash was made with other than today's strength, so that it is renewed at the next sign-in. */
export function isOutdated(kept: string): boolean {
  const strength = parse(kept)?.strength
  return strength?.m !== STRENGTH.m || strength.t !== STRENGTH.t || strength.p !== STRENGTH.p
}

const NOBODY: Parsed = { strength: STRENGTH, salt: randomBytes(SALT_BYTES), hash: randomBytes(HASH_BYTES) }

function parse(kept: string): Parsed | null {
  const [, m, t, p, salt, hash] = PHC.exec(kept) ?? []
  if (m === undefined || t === undefined || p === undefined || salt === undefined || hash === undefined) return null
  return { strength: { m: Number(m), t: Number(t), p: Number(p) }, salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') }
}

const phc = ({ strength: { m, t, p }, salt, hash }: Parsed): string => `$argon2id$v=19$m=${m},t=${t},p=${p}$${bare(salt)}$${bare(hash)}`
const bare = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '')

let running = 0
const queue: (() => void)[] = []

/** Thrown, not refused: whoever calls decides what to say when the machine has no room for another. */
export class TooManyPasswords extends Error {
  override name = 'TooManyPasswords'
  readonly waiting = WAITING_MAX
}

async function run(password: string, { strength, salt, hash }: Parsed): Promise<Buffer> {
  if (running >= AT_ONCE_MAX) {
    if (queue.length >= WAITING_MAX) throw new TooManyPasswords(`more than ${WAITING_MAX} passwords wait`)
    await new Promise<void>((resolve) => queue.push(resolve))
  } else running += 1
  try {
    const message = Buffer.from(normal(password))
    return await derive('argon2id', {
      message,
      nonce: salt,
      parallelism: strength.p,
      memory: strength.m,
      passes: strength.t,
      tagLength: hash.length,
    })
  } finally {
    // The place is handed to the one who waits longest, so that nobody slips in between.
    const next = queue.shift()
    if (next) next()
    else running -= 1
  }
}
