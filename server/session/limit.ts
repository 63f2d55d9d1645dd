/** How often somebody may ask. In memory and bounded: an attacker with many names costs no more than KEYS_MAX entries. */
import type { FastifyReply } from 'fastify'
import { refuse } from '#core/decider.ts'
import { Refused } from '../room.ts'

const KEYS_MAX = 20_000
const MINUTE_MS = 60_000

type Bucket = { tokens: number; at: number }

/** Token buckets: `perMinute` in the long run, as many at once. */
export class Limiter {
  readonly #perMinute: number
  readonly #buckets = new Map<string, Bucket>()

  constructor(perMinute: number) {
    this.#perMinute = perMinute
  }

  /** Takes one; answers 0, or how many milliseconds to wait for the next. */
  take(key: string, now: number): number {
    const bucket = this.#buckets.get(key) ?? { tokens: this.#perMinute, at: now }
    // A clock that was set back gives nothing and takes nothing.
    bucket.tokens = Math.min(this.#perMinute, bucket.tokens + (Math.max(0, now - bucket.at) * this.#perMinute) / MINUTE_MS)
    bucket.at = now
    keep(this.#buckets, key, bucket)
    if (bucket.tokens < 1) return ((1 - bucket.tokens) * MINUTE_MS) / this.#perMinute
    bucket.tokens -= 1
    return 0
  }
}

type Strikes = { failures: number; until: number }

/** The wait grows: it doubles with every failure after the first few, up to `longestMs`; a success ends it. */
export class Strictness {
  readonly #free: number
  readonly #firstMs: number
  readonly #longestMs: number
  readonly #strikes = new Map<string, Strikes>()

  constructor({ free, firstMs, longestMs }: { readonly free: number; readonly firstMs: number; readonly longestMs: number }) {
    this.#free = free
    this.#firstMs = firstMs
    this.#longestMs = longestMs
  }

  waitMs(key: string, now: number): number {
    return Math.max(0, (this.#strikes.get(key)?.until ?? 0) - now)
  }

  failed(key: string, now: number): void {
    const failures = (this.#strikes.get(key)?.failures ?? 0) + 1
    const over = failures - this.#free
    keep(this.#strikes, key, { failures, until: over < 0 ? 0 : now + Math.min(this.#longestMs, this.#firstMs * 2 ** Math.min(over, 30)) })
  }

  succeeded(key: string): void {
    this.#strikes.delete(key)
  }
}

/** Puts the key last; the map is kept in the order of use, and what was not used longest goes first. */
export function keep<Value>(map: Map<string, Value>, key: string, value: Value, max = KEYS_MAX): void {
  map.delete(key)
  map.set(key, value)
  for (const oldest of map.keys()) {
    if (map.size <= max) break
    map.delete(oldest)
  }
}

const ACCOUNT_PER_MINUTE = 5
const ADDRESS_PER_MINUTE = 20

/** Who tries to sign in: five a minute on an account, twenty from an address, and ever more slowly after failures. */
export class Attempts {
  readonly #accounts = new Limiter(ACCOUNT_PER_MINUTE)
  readonly #addresses = new Limiter(ADDRESS_PER_MINUTE)
  readonly #accountStrictness = new Strictness({ free: ACCOUNT_PER_MINUTE, firstMs: 12_000, longestMs: 120_000 })
  readonly #addressStrictness = new Strictness({ free: ADDRESS_PER_MINUTE, firstMs: 3_000, longestMs: 900_000 })
  readonly #known = new Map<string, true>()

  /** Milliseconds to wait, 0 to go on. `account` is null where the request does not name one. */
  take(address: string, account: string | null, now: number): number {
    const key = this.#keyOf(address, account)
    const strict = Math.max(this.#addressStrictness.waitMs(address, now), key === null ? 0 : this.#accountStrictness.waitMs(key, now))
    if (strict > 0) return strict
    return Math.max(this.#addresses.take(address, now), key === null ? 0 : this.#accounts.take(key, now))
  }

  failed(address: string, account: string | null, now: number): void {
    const key = this.#keyOf(address, account)
    this.#addressStrictness.failed(address, now)
    if (key !== null) this.#accountStrictness.failed(key, now)
  }

  succeeded(address: string, account: string): void {
    this.#addressStrictness.succeeded(address)
    this.#accountStrictness.succeeded(this.#keyOf(address, account) ?? account)
    keep(this.#known, `${account}\n${address}`, true)
  }

  /** From where the account has signed in before it is counted apart: a stranger's wrong passwords do not lock out a duty officer at his desk. */
  #keyOf(address: string, account: string | null): string | null {
    if (account === null) return null
    const both = `${account}\n${address}`
    return this.#known.has(both) ? both : account
  }
}

/** 429 with `Retry-After`, in whole seconds. */
export function tooMany(reply: FastifyReply, waitMs: number): Refused {
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000))
  void reply.header('retry-after', String(retryAfterSeconds))
  return new Refused(429, refuse('request.too-many', { retryAfterSeconds }))
}
