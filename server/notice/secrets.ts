/** What never stands in the log: reply codes, the browsers' push addresses, webhook addresses with their keys. */
import { createHash, createHmac, randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { dirname, join } from 'node:path'
import webpush from 'web-push'
import type { Clock } from '../clock.ts'
import type { Sql } from '../database.ts'
import { fromMs } from '#core/time.ts'

export type NoticeKeys = { readonly reply: Buffer; readonly vapid: { readonly publicKey: string; readonly privateKey: string } }
const SUBSCRIPTIONS_MAX = 10
const ENDPOINTS_MAX = 5
const CODE_DAYS = 7
/** No letter that is mistaken for another, none that spells. */
const ALPHABET = '23456789BCDFGHJKMNPQRSTVWXYZ'
export const CODE = /(?<![0-9A-Z])([2-9BCDFGHJKMNPQRSTVWXYZ]{12})(?![0-9A-Z])/

/** Made once, kept beside the node's key, readable by nobody else. Losing them silences browsers and voids codes; nothing else. */
export function noticeKeys(varDir: string): NoticeKeys {
  const path = join(varDir, 'notice-keys.json')
  try {
    const kept = JSON.parse(readFileSync(path, 'utf8')) as { reply: string; vapid: NoticeKeys['vapid'] }
    return { reply: Buffer.from(kept.reply, 'base64'), vapid: kept.vapid }
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw error
  }
  const made = { reply: randomBytes(32).toString('base64'), vapid: webpush.generateVAPIDKeys() }
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, JSON.stringify(made), { mode: 0o600, flag: 'wx' })
  return { reply: Buffer.from(made.reply, 'base64'), vapid: made.vapid }
}

/** Twelve characters, 57 bits: good for one notice, and never kept in clear. */
export function codeOf(key: Buffer, noticeId: string): string {
  const digest = createHmac('sha256', key).update(`reply|${noticeId}`).digest()
  return Array.from({ length: 12 }, (_, i) => ALPHABET[digest.readUInt16BE(i * 2) % ALPHABET.length]).join('')
}
const hashOf = (code: string): Buffer => createHash('sha256').update(code).digest()

export type PushSubscription = { readonly id: string; readonly endpoint: string; readonly p256dh: string; readonly auth: string }
export type Endpoint = { readonly id: string; readonly shape: string; readonly url: string; readonly secret: string }
export type Found = { readonly noticeId: string; readonly lapsed: boolean }

export class Secrets {
  readonly #sql: Sql
  readonly #clock: Clock
  readonly keys: NoticeKeys

  constructor(sql: Sql, clock: Clock, keys: NoticeKeys) {
    this.#sql = sql
    this.#clock = clock
    this.keys = keys
  }

  /** The notice's reply code, good for seven days from now. */
  async codeFor(noticeId: string): Promise<string> {
    const code = codeOf(this.keys.reply, noticeId)
    const lapsesAt = fromMs(this.#clock.now() + CODE_DAYS * 86_400_000)
    await this.#sql`insert into notice_code (code_hash, notice_id, lapses_at) values (${hashOf(code)}, ${noticeId}, ${lapsesAt})
      on conflict (code_hash) do update set lapses_at = excluded.lapses_at`
    return code
  }

  async find(code: string): Promise<Found | null> {
    const [row] = await this.#sql<
      { notice_id: string; lapses_at: Date }[]
    >`select notice_id, lapses_at from notice_code where code_hash = ${hashOf(code)}`
    return row ? { noticeId: row.notice_id, lapsed: row.lapses_at.getTime() < this.#clock.now() } : null
  }

  pushOf(postId: string): Promise<readonly PushSubscription[]> {
    return this.#sql<PushSubscription[]>`
      select id, endpoint, p256dh, auth from push_subscription where post_id = ${postId} order by made_at desc, id limit ${SUBSCRIPTIONS_MAX}`
  }

  async addPush(postId: string, { endpoint, p256dh, auth }: Omit<PushSubscription, 'id'>): Promise<void> {
    await this.#sql`
      insert into push_subscription (id, post_id, endpoint, p256dh, auth, made_at)
      values (${randomUUID()}, ${postId}, ${endpoint}, ${p256dh}, ${auth}, ${fromMs(this.#clock.now())})
      on conflict (endpoint) do update set post_id = excluded.post_id, p256dh = excluded.p256dh, auth = excluded.auth`
  }

  /** The push service says that the browser is gone. */
  async dropPush(id: string): Promise<void> {
    await this.#sql`delete from push_subscription where id = ${id}`
  }

  async endpoint(id: string): Promise<Endpoint | null> {
    const [row] = await this.#sql<Endpoint[]>`select id, shape, url, secret from webhook_endpoint where id = ${id}`
    return row ?? null
  }

  /** Keeps an address with its key and gives back the id that the contact says; of a post's many the oldest goes. */
  async addEndpoint(postId: string, { shape, url, secret }: Omit<Endpoint, 'id'>): Promise<string> {
    const [count] = await this.#sql<{ count: number }[]>`select count(*)::int as count from webhook_endpoint where post_id = ${postId}`
    if ((count?.count ?? 0) >= ENDPOINTS_MAX)
      await this.#sql`delete from webhook_endpoint where id = (select id from webhook_endpoint where post_id = ${postId} order by made_at, id limit 1)`
    const id = randomUUID()
    await this.#sql`insert into webhook_endpoint (id, post_id, shape, url, secret, made_at) values (${id}, ${postId}, ${shape}, ${url}, ${secret}, ${fromMs(this.#clock.now())})`
    return id
  }

  /** What the pages may know of the addresses: the shape and the host. */
  async endpointHosts(ids: readonly string[]): Promise<ReadonlyMap<string, { readonly shape: string; readonly host: string }>> {
    const rows =
      ids.length === 0
        ? []
        : await this.#sql<Endpoint[]>`select id, shape, url, secret from webhook_endpoint where id = any(${[...ids]}::uuid[])`
    return new Map(rows.map(({ id, shape, url }) => [id, { shape, host: new URL(url).host }]))
  }
}
