/** Who is signed in: rows of the table `session`, the newest of them in memory because every request asks. */
import { hash, randomBytes } from 'node:crypto'
import { fromMs } from '#core/time.ts'
import type { Clock } from '../clock.ts'
import type { Sql } from '../database.ts'
import { keep } from './limit.ts'

const HOUR_MS = 3_600_000
const IDLE_MS = 12 * HOUR_MS
const ABSOLUTE_MS = 7 * 24 * HOUR_MS
/** `seen_at` is written at most this often. */
const SEEN_EVERY_MS = 60_000
/** How long a session is trusted without asking the database: another process may have revoked it. */
const TRUST_MS = 10_000
const REMEMBERED_MAX = 10_000
/** Sessions of one account; the one unused longest ends when another begins. */
const OF_ACCOUNT_MAX = 50
const TOKEN_BYTES = 32
/** Rows are kept a month after their end, then deleted, some at a time. */
const KEPT_MS = 30 * 24 * HOUR_MS
const SWEPT_MAX = 1_000

export const COOKIE_SECONDS = ABSOLUTE_MS / 1000

export type Kept = {
  /** SHA-256 of the token in hexadecimal digits: names the session without opening it. */
  readonly key: string
  /** Null: a post chosen in demonstration mode. */
  readonly account: string | null
  readonly postId: string
  readonly createdAt: number
  readonly expiresAt: number
  seenAt: number
  writtenAt: number
  readonly readAt: number
}

type Row = {
  readonly account: string | null
  readonly postId: string
  readonly createdAt: Date
  readonly seenAt: Date
  readonly expiresAt: Date
}

/** What one sign-in listed: `id` names it on the screen, and opens nothing. */
export type SessionEntry = {
  readonly id: string
  readonly postId: string
  readonly createdAt: string
  readonly seenAt: string
  readonly expiresAt: string
  readonly current: boolean
}

export class SessionStore {
  readonly #parts: { readonly node: Sql; readonly clock: Clock }
  readonly #kept = new Map<string, Kept>()
  /** Counts revocations: what was read before one is not remembered after it. */
  #generation = 0
  #sweptAt = Number.NEGATIVE_INFINITY

  constructor(parts: { readonly node: Sql; readonly clock: Clock }) {
    this.#parts = parts
  }

  /** The token for the cookie; it is kept nowhere. */
  async open(account: string | null, postId: string): Promise<string> {
    const token = randomBytes(TOKEN_BYTES).toString('base64url')
    const now = this.#parts.clock.now()
    await this.#parts.node`
      insert into session (token_hash, account, post_id, created_at, seen_at, expires_at, revoked_at)
      values (${bytesOf(keyOf(token))}, ${account}, ${postId}, ${fromMs(now)}, ${fromMs(now)}, ${fromMs(now + ABSOLUTE_MS)}, null)`
    if (account !== null) await this.#limit(account, now)
    await this.#sweep(now)
    return token
  }

  /** The session as remembered, if it is remembered freshly enough and still lives. */
  known(token: string): Kept | null {
    const kept = this.#kept.get(keyOf(token))
    const now = this.#parts.clock.now()
    return kept !== undefined && now - kept.readAt <= TRUST_MS && lives(kept, now) ? kept : null
  }

  async find(token: string): Promise<Kept | null> {
    const known = this.known(token)
    if (known) return known
    const key = keyOf(token)
    const before = this.#generation
    const now = this.#parts.clock.now()
    const [row] = await this.#parts.node<Row[]>`
      select account, post_id as "postId", s.created_at as "createdAt", seen_at as "seenAt", expires_at as "expiresAt"
      from session s left join account a on a.name = s.account
      where token_hash = ${bytesOf(key)} and revoked_at is null and disabled_at is null`
    if (!row) {
      this.#kept.delete(key)
      return null
    }
    const written = row.seenAt.getTime()
    const seenAt = Math.max(written, this.#kept.get(key)?.seenAt ?? 0)
    const kept: Kept = {
      key,
      account: row.account,
      postId: row.postId,
      createdAt: row.createdAt.getTime(),
      expiresAt: row.expiresAt.getTime(),
      seenAt,
      writtenAt: written,
      readAt: now,
    }
    if (!lives(kept, now)) return null
    if (before === this.#generation) keep(this.#kept, key, kept, REMEMBERED_MAX)
    return kept
  }

  /** The session is in use. Answers the write when one is due, so that the caller may wait for it. */
  touch(kept: Kept): Promise<unknown> | null {
    const now = this.#parts.clock.now()
    kept.seenAt = Math.max(kept.seenAt, now)
    if (now - kept.writtenAt < SEEN_EVERY_MS) return null
    kept.writtenAt = now
    return this.#parts
      .node`update session set seen_at = greatest(seen_at, ${fromMs(now)}) where token_hash = ${bytesOf(kept.key)} and revoked_at is null`.execute()
  }

  async revoke(token: string): Promise<void> {
    const key = keyOf(token)
    await this.#parts
      .node`update session set revoked_at = ${fromMs(this.#parts.clock.now())} where token_hash = ${bytesOf(key)} and revoked_at is null`
    this.#forget((kept) => kept.key === key)
  }

  /** How many ended. */
  async revokeAll(account: string): Promise<number> {
    const ended = await this.#parts
      .node`update session set revoked_at = ${fromMs(this.#parts.clock.now())} where account = ${account} and revoked_at is null and expires_at > ${fromMs(this.#parts.clock.now())} returning 1`
    this.#forget((kept) => kept.account === account)
    return ended.length
  }

  /** The living sessions of the account, newest use first. */
  async list(account: string, current: string): Promise<readonly SessionEntry[]> {
    const now = this.#parts.clock.now()
    const rows = await this.#parts.node<(Row & { readonly tokenHash: Buffer })[]>`
      select token_hash as "tokenHash", account, post_id as "postId", created_at as "createdAt", seen_at as "seenAt", expires_at as "expiresAt" from session
      where account = ${account} and revoked_at is null and expires_at > ${fromMs(now)} and seen_at > ${fromMs(now - IDLE_MS)} order by seen_at desc limit ${OF_ACCOUNT_MAX}`
    return rows.map((row) => {
      const key = row.tokenHash.toString('hex')
      return entryOf(
        { key, postId: row.postId, createdAt: row.createdAt.getTime(), seenAt: row.seenAt.getTime(), expiresAt: row.expiresAt.getTime() },
        key === current,
      )
    })
  }

  async #limit(account: string, now: number): Promise<void> {
    const ended = await this.#parts.node`
      update session set revoked_at = ${fromMs(now)} where token_hash in (
        select token_hash from session where account = ${account} and revoked_at is null order by seen_at desc, created_at desc offset ${OF_ACCOUNT_MAX}) returning 1`
    if (ended.length > 0) this.#forget((kept) => kept.account === account)
  }

  async #sweep(now: number): Promise<void> {
    if (now - this.#sweptAt < HOUR_MS) return
    this.#sweptAt = now
    await this.#parts
      .node`delete from session where token_hash in (select token_hash from session where expires_at < ${fromMs(now - KEPT_MS)} limit ${SWEPT_MAX})`
  }

  #forget(which: (kept: Kept) => boolean): void {
    this.#generation += 1
    for (const [key, kept] of this.#kept) if (which(kept)) this.#kept.delete(key)
  }
}

export const entryOf = (kept: Omit<Kept, 'account' | 'writtenAt' | 'readAt'>, current: boolean): SessionEntry => ({
  id: kept.key.slice(0, 16),
  postId: kept.postId,
  createdAt: fromMs(kept.createdAt),
  seenAt: fromMs(kept.seenAt),
  expiresAt: fromMs(kept.expiresAt),
  current,
})

const lives = ({ seenAt, expiresAt }: Kept, now: number): boolean => now < expiresAt && now - seenAt < IDLE_MS
const keyOf = (token: string): string => hash('sha256', token, 'hex')
const bytesOf = (key: string): Buffer => Buffer.from(key, 'hex')
