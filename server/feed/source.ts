/** The book of sources: what we listen to, how that goes, and who decided it. Shared by the servers of a node. */
import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import { z } from 'zod/mini'
import { fromMs } from '#core/time.ts'
import type { SignatureVerdict } from '../cap/signature.ts'
import { readTrust } from '../cap/trust.ts'
import type { Clock } from '../clock.ts'
import type { Sql } from '../database.ts'
import type { FeedShape } from './entries.ts'

export const SOURCES_MAX = 100
/** Of all sources that ever were. */
const KEEPERS_MAX = 1000
const REFUSED_KEPT = 50
/** Of one message, for inspection. */
const KEPT_BYTES_MAX = 256 * 1024
const SEEN_MAX = 20_000
const EVERY_SECONDS = { least: 30, most: 86_400 } as const

const Url = z.string().check(
  z.maxLength(2000),
  z.refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).username === ''),
)
const Pem = z.string().check(z.maxLength(200_000), z.refine(isTrust))

function isTrust(pem: string): boolean {
  try {
    return readTrust(pem, 0).keys.length > 0
  } catch {
    return false
  }
}

export const FeedEffect = z.enum(['show', 'signed', 'act'])
export type FeedEffect = z.infer<typeof FeedEffect>

/**
 * What a post decides of a source. `show`: somebody here adopts its warnings or does not. `signed`: they take effect at once
 * when somebody of the trust list has signed them, else they are shown. `act`: at once, for its address or key is believed.
 */
export const SourceDraft = z.strictObject({
  name: z.string().check(z.trim(), z.minLength(1), z.maxLength(200)),
  /** Null: it pushes. */
  url: z.nullable(Url),
  effect: FeedEffect,
  trust: z.nullable(Pem),
  everySeconds: z.int().check(z.gte(EVERY_SECONDS.least), z.lte(EVERY_SECONDS.most)),
  promiseSeconds: z.int().check(z.gte(60), z.lte(30 * 86_400)),
})
export type SourceDraft = z.infer<typeof SourceDraft>

export const SourceCommand = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('put'), source: SourceDraft }),
  z.strictObject({ type: z.literal('pause') }),
  z.strictObject({ type: z.literal('resume') }),
  z.strictObject({ type: z.literal('try') }),
  z.strictObject({ type: z.literal('new-key') }),
  z.strictObject({ type: z.literal('remove') }),
])
export type SourceCommand = z.infer<typeof SourceCommand>

export type Problem = { readonly code: string; readonly params: Readonly<Record<string, string | number>> }
export type Source = SourceDraft & {
  readonly id: string
  readonly paused: boolean
  readonly hasKey: boolean
  readonly addedAt: Date
  readonly etag: string | null
  readonly modified: string | null
  readonly checkedAt: Date | null
  readonly successAt: Date | null
  readonly freshAt: Date | null
  readonly nextAt: Date | null
  readonly failures: number
  readonly problem: Problem | null
  readonly shape: FeedShape | null
  readonly fresh: number
  readonly known: number
  readonly refused: number
  readonly verdicts: Readonly<Partial<Record<SignatureVerdict, number>>>
}
export type RefusedMessage = {
  readonly id: string
  readonly at: Date
  readonly address: string | null
  readonly code: string
  readonly detail: string
  readonly size: number
}
/** What one round, or one push, has come to. */
export type Tally = {
  readonly fresh: number
  readonly known: number
  readonly refused: number
  readonly verdicts: Readonly<Partial<Record<SignatureVerdict, number>>>
}
export type By = { readonly postId: string; readonly organizationId: string }

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest()

export class Sources {
  readonly #sql: Sql
  readonly #clock: Clock

  constructor(sql: Sql, clock: Clock) {
    this.#sql = sql
    this.#clock = clock
  }

  #columns(): ReturnType<Sql['unsafe']> {
    return this.#sql.unsafe(`id, name, url, effect, trust, every_seconds as "everySeconds", promise_seconds as "promiseSeconds",
      paused, key_hash is not null as "hasKey", added_at as "addedAt", etag, modified, checked_at as "checkedAt",
      success_at as "successAt", fresh_at as "freshAt", next_at as "nextAt", failures, problem, shape,
      fresh::float8 as fresh, known::float8 as known, refused::float8 as refused, verdicts`)
  }

  all(): Promise<readonly Source[]> {
    return this.#sql<Source[]>`select ${this.#columns()} from feed_source order by name, id limit ${SOURCES_MAX}`
  }

  async find(id: string): Promise<Source | null> {
    const [row] = await this.#sql<Source[]>`select ${this.#columns()} from feed_source where id = ${id}`
    return row ?? null
  }

  /** The organization that entered each source, or changed it last. */
  async keepers(): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#sql<{ source: string; organization: string }[]>`
      select distinct on (source_id) source_id as source, organization_id as organization from feed_change
      where change ->> 'type' = 'put' order by source_id, at desc limit ${KEEPERS_MAX}`
    return new Map(rows.map(({ source, organization }) => [source, organization]))
  }

  due(most: number): Promise<readonly Source[]> {
    const now = fromMs(this.#clock.now())
    return this.#sql<Source[]>`
      select ${this.#columns()} from feed_source where next_at <= ${now} and not paused and url is not null order by next_at limit ${most}`
  }

  /** Whose key it is. Every key is compared, so that time tells nothing. */
  async withKey(id: string, key: string): Promise<Source | null> {
    const [row] = await this.#sql<{ hash: Buffer | null }[]>`select key_hash as hash from feed_source where id = ${id} and not paused`
    const fits = timingSafeEqual(hashOf(key), row?.hash ?? hashOf(randomUUID()))
    return fits ? this.find(id) : null
  }

  /** Adds or changes it; a new address is looked at at once. False: there are too many already. */
  async put(id: string, source: SourceDraft, by: By): Promise<boolean> {
    const now = fromMs(this.#clock.now())
    const { name, url, effect, trust, everySeconds, promiseSeconds } = source
    return this.#sql.begin(async (tx) => {
      const [count] = await tx<{ count: number }[]>`select count(*)::int as count from feed_source where id <> ${id}`
      if ((count?.count ?? 0) >= SOURCES_MAX) return false
      await tx`
        insert into feed_source (id, name, url, effect, trust, every_seconds, promise_seconds, paused, added_at, next_at)
        values (${id}, ${name}, ${url}, ${effect}, ${trust}, ${everySeconds}, ${promiseSeconds}, false, ${now}, ${url === null ? null : now})
        on conflict (id) do update set name = excluded.name, url = excluded.url, effect = excluded.effect, trust = excluded.trust,
          every_seconds = excluded.every_seconds, promise_seconds = excluded.promise_seconds, next_at = excluded.next_at,
          etag = null, modified = null, failures = 0, problem = null`
      // Told anew under the new terms: what was seen under the old ones is not passed over.
      await tx`delete from feed_seen where source_id = ${id}`
      await tx`insert into feed_change (id, source_id, at, post_id, organization_id, change)
        values (${randomUUID()}, ${id}, ${now}, ${by.postId}, ${by.organizationId}, ${tx.json({ type: 'put', source })})`
      return true
    })
  }

  /** Null: there is none of that name. A new key is answered once, and kept as its hash. */
  async change(id: string, type: Exclude<SourceCommand['type'], 'put'>, by: By): Promise<{ readonly key: string | null } | null> {
    const now = fromMs(this.#clock.now())
    const key = type === 'new-key' ? randomBytes(24).toString('base64url') : null
    return this.#sql.begin(async (tx) => {
      const done =
        type === 'remove'
          ? await tx`delete from feed_source where id = ${id}`
          : type === 'pause'
            ? await tx`update feed_source set paused = true where id = ${id}`
            : type === 'new-key'
              ? await tx`update feed_source set key_hash = ${hashOf(key ?? '')} where id = ${id}`
              : // Tried now, and asked for whole: who presses this does not want to hear that nothing has changed.
                await tx`update feed_source set paused = ${type === 'resume' ? false : tx`paused`}, etag = null, modified = null,
                  next_at = case when url is null then null else ${now}::timestamptz end where id = ${id}`
      if (done.count === 0) return null
      await tx`insert into feed_change (id, source_id, at, post_id, organization_id, change)
        values (${randomUUID()}, ${id}, ${now}, ${by.postId}, ${by.organizationId}, ${tx.json({ type })})`
      return { key }
    })
  }

  /** A round that came to its end. `etag` and `modified` are null when something was left for the next one. */
  async succeeded(
    id: string,
    round: {
      readonly etag: string | null
      readonly modified: string | null
      readonly shape: FeedShape | null
      readonly nextAt: number | null
      readonly problem: Problem | null
      readonly tally: Tally
    },
  ): Promise<void> {
    const now = fromMs(this.#clock.now())
    const { etag, modified, shape, nextAt, problem, tally } = round
    await this.#sql`
      update feed_source set etag = ${etag}, modified = ${modified}, shape = coalesce(${shape}, shape), failures = 0,
        checked_at = ${now}, success_at = ${now}, problem = ${problem === null ? null : this.#sql.json(problem)},
        next_at = ${nextAt === null ? null : fromMs(nextAt)}, ${this.#counted(tally, now)} where id = ${id}`
  }

  async failed(
    id: string,
    { problem, nextAt, failures }: { readonly problem: Problem; readonly nextAt: number; readonly failures: number },
  ): Promise<void> {
    const now = fromMs(this.#clock.now())
    await this.#sql`
      update feed_source set failures = ${failures}, checked_at = ${now}, problem = ${this.#sql.json(problem)}, next_at = ${fromMs(nextAt)} where id = ${id}`
  }

  #counted({ fresh, known, refused, verdicts }: Tally, now: string): ReturnType<Sql> {
    const added = JSON.stringify(verdicts)
    return this.#sql`fresh = fresh + ${fresh}, known = known + ${known}, refused = refused + ${refused},
      fresh_at = ${fresh > 0 ? this.#sql`${now}::timestamptz` : this.#sql`fresh_at`},
      verdicts = (select coalesce(jsonb_object_agg(k, coalesce((verdicts ->> k)::bigint, 0) + coalesce((${added}::text::jsonb ->> k)::bigint, 0)), '{}')
        from (select jsonb_object_keys(verdicts) union select jsonb_object_keys(${added}::text::jsonb)) as keys(k))`
  }

  /** Which of these were done with before, and how often a link of them has failed. */
  async seen(id: string, keys: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const byHash = new Map(keys.map((key) => [hashOf(key).toString('hex'), key]))
    const rows = await this.#sql<{ key: Buffer; tries: number }[]>`
      select key, tries from feed_seen where source_id = ${id} and key in (select decode(h, 'hex') from jsonb_array_elements_text(${JSON.stringify([...byHash.keys()])}::text::jsonb) as t(h))`
    return new Map(rows.map(({ key, tries }) => [byHash.get(key.toString('hex')) ?? '', tries]))
  }

  /** `tries` 0: done with. The oldest are forgotten; told again, they are known by their identity. */
  async saw(id: string, key: string, tries: number): Promise<void> {
    const now = fromMs(this.#clock.now())
    await this.#sql`insert into feed_seen (source_id, key, tries, seen_at) values (${id}, ${hashOf(key)}, ${tries}, ${now})
      on conflict (source_id, key) do update set tries = excluded.tries, seen_at = excluded.seen_at`
  }

  async tidy(id: string): Promise<void> {
    await this.#sql`delete from feed_seen where source_id = ${id} and seen_at < (select seen_at from feed_seen where source_id = ${id} order by seen_at desc offset ${SEEN_MAX} limit 1)`
  }

  async keepRefused(
    id: string,
    {
      address,
      code,
      detail,
      bytes,
    }: { readonly address: string | null; readonly code: string; readonly detail: string; readonly bytes: Uint8Array },
  ): Promise<void> {
    const now = fromMs(this.#clock.now())
    const kept = bytes.length > KEPT_BYTES_MAX ? null : Buffer.from(bytes)
    await this.#sql`insert into feed_refused (id, source_id, at, address, code, detail, size, bytes)
      values (${randomUUID()}, ${id}, ${now}, ${address}, ${code}, ${detail.slice(0, 400).toWellFormed().replaceAll('\0', ' ')}, ${bytes.length}, ${kept})`
    await this.#sql`delete from feed_refused where source_id = ${id} and id not in (select id from feed_refused where source_id = ${id} order by at desc, id limit ${REFUSED_KEPT})`
  }

  refusedOf(id: string): Promise<readonly RefusedMessage[]> {
    return this.#sql<
      RefusedMessage[]
    >`select id, at, address, code, detail, size from feed_refused where source_id = ${id} order by at desc, id limit ${REFUSED_KEPT}`
  }

  async refusedBytes(id: string, message: string): Promise<Uint8Array | null> {
    const [row] = await this.#sql<{ bytes: Buffer | null }[]>`select bytes from feed_refused where source_id = ${id} and id = ${message}`
    return row?.bytes ?? null
  }
}
