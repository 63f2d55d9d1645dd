/**
 * What the public may see, held ready in memory and renewed after commits: public, actual warnings in force and what ended ours
 * within a day. Restricted, private, exercise, test and draft messages are kept out three times: by the query, by the
 * bytes themselves, and by there being no other way out.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { areTwins, type Twin } from '#core/alert/twin.ts'
import type { Colour } from '#core/level.ts'
import { covers } from '#core/place.ts'
import type { PublicReleaseView } from '#core/view/information.ts'
import { identitiesIn } from '../cap.ts'
import { readPublicReleases } from '../release/public.ts'
import { readOpenShelters, type PublicShelter } from '../risk/public.ts'
import { keep } from '../session/limit.ts'
import type { World } from '../world.ts'
import { digestOf, type Digest } from './digest.ts'

const ALERTS_MAX = 500
const ENDED_SHOWN = '24 hours'
const RENEW_EVERY_MS = 20_000
const RENEW_GAP_MS = 100
const RENDERED_MAX = 400
const DIGESTS_MAX = 2000
const RELEASES_MAX = 60

export type PublicAlert = {
  readonly id: string
  readonly identifier: string
  readonly sender: string
  readonly sent: string
  readonly msgType: string
  /** It warns; else it ends a warning of ours. */
  readonly warns: boolean
  readonly colour: Colour | null
  readonly hazard: string | null
  /** Six digits, what lies under it. */
  readonly codes: readonly string[]
  readonly issuedAt: string
  readonly expires: string | null
  readonly own: boolean
  readonly digest: Digest
  readonly chain: string
  /** See core/alert/twin.ts; null: it can have none. */
  readonly twin: string | null
  /** Messages that say the same in other languages, each a file of its own. */
  readonly others: readonly { readonly id: string; readonly language: string }[]
}
export type Rendered = {
  readonly type: string
  readonly body: Buffer
  readonly tag: string
  readonly modified: string
  gzip: Buffer | null
  br: Buffer | null
}
export type Snapshot = {
  /** Newest first. */
  readonly alerts: readonly PublicAlert[]
  /** Published releases, needs and corrections, newest first. */
  readonly releases: readonly PublicReleaseView[]
  readonly shelters: readonly PublicShelter[]
  /** Milliseconds: when what is shown last became another. */
  readonly changedAt: number
  readonly mark: string
  /** By kind and parameters; goes with the snapshot. */
  readonly rendered: Map<string, Rendered>
}

type Row = {
  readonly id: string
  readonly identifier: string
  readonly sender: string
  readonly sent: string
  readonly msgType: string
  readonly status: string
  readonly colour: Colour | null
  readonly hazard: string | null
  readonly jurisdiction: string
  readonly jurisdictions: readonly string[]
  readonly issuedAt: Date
  readonly expires: Date | null
  readonly own: boolean
  readonly sha256: string
  readonly chain: string
  readonly twin: string | null
}

export type PublicParts = { readonly world: World; readonly onError: (error: unknown) => void }

export class PublicView {
  readonly #parts: PublicParts
  /** By the hash of the bytes; null: these are not for the public, whatever the row says. */
  readonly #digests = new Map<string, Digest | null>()
  readonly #deaf: () => void
  readonly #timer: NodeJS.Timeout
  #now: Snapshot | null = null
  #loading: Promise<Snapshot> | null = null
  #again = false
  #closed = false

  constructor(parts: PublicParts) {
    this.#parts = parts
    this.#deaf = parts.world.listen((events) => {
      if (events.length === 0 || events.some(({ stream }) => /^(?:alert|release|risk)\//.test(stream))) this.#renew()
    })
    this.#timer = setInterval(() => this.#renew(), RENEW_EVERY_MS)
    this.#timer.unref()
  }

  /** At once, but for the very first time; what was last known is served on when the database is away. */
  current(): Snapshot | Promise<Snapshot> {
    return this.#now ?? this.#load()
  }

  /** Resolves when everything committed before the call is shown. */
  async settled(): Promise<Snapshot> {
    await this.#loading?.catch(() => {})
    return this.#load()
  }

  close(): void {
    this.#closed = true
    this.#deaf()
    clearInterval(this.#timer)
  }

  #renew(): void {
    if (this.#closed || this.#now === null) return
    if (this.#loading !== null) {
      this.#again = true
      return
    }
    void this.#load().catch(this.#parts.onError)
  }

  #load(): Promise<Snapshot> {
    this.#loading ??= this.#read().finally(() => {
      this.#loading = null
      if (!this.#again) return
      this.#again = false
      void sleep(RENEW_GAP_MS, null, { ref: false }).then(() => this.#renew())
    })
    return this.#loading
  }

  async #read(): Promise<Snapshot> {
    const { sql, clock } = this.#parts.world
    const now = clock.now()
    const at = new Date(now)
    const [rows, releases, shelters] = await Promise.all([
      sql<Row[]>`
        select id, identifier, sender, state #>> '{made,message,sent}' as sent, msg_type as "msgType", status, colour, hazard,
          jurisdiction, jurisdictions, coalesce(issued_at, at) as "issuedAt", expires, owner is not null as own, sha256, chain_id as chain, twin
        from alert
        where scope = 'Public' and cap_status = 'Actual' and not drawing and sha256 is not null
          and ((status = 'in-force' and (expires is null or expires > ${at}))
            or (status = 'notice' and owner is not null and msg_type in ('Update', 'Cancel') and at > ${at}::timestamptz - ${ENDED_SHOWN}::interval))
        order by at desc, id desc limit ${ALERTS_MAX}`,
      readPublicReleases(sql, RELEASES_MAX),
      readOpenShelters(sql),
    ])
    await this.#digest(rows.map(({ sha256 }) => sha256))
    const alerts = together(rows.flatMap((row) => alertOf(row, this.#digests.get(row.sha256) ?? null, now)))
    const mark = JSON.stringify([
      alerts.map(({ id, colour, digest, others }) => [id, colour, digest.subjects.length, others]),
      releases,
      shelters,
    ])
    const before = this.#now
    // Unchanged, what was rendered stays good.
    const next =
      before !== null && before.mark === mark ? before : { alerts, releases, shelters, mark, changedAt: now, rendered: new Map() }
    this.#now = next
    return next
  }

  async #digest(wanted: readonly string[]): Promise<void> {
    const missing = [...new Set(wanted)].filter((one) => !this.#digests.has(one))
    for (let from = 0; from < missing.length; from += 20) {
      const rows = await this.#parts.world.sql<{ sha256: string; bytes: Buffer }[]>`
        select sha256, bytes from alert_message where sha256 = any(${missing.slice(from, from + 20)})`
      for (const { sha256, bytes } of rows) keep(this.#digests, sha256, digestOfBytes(bytes), DIGESTS_MAX)
    }
  }
}

/** The bytes decide: what is not public and actual by its own words is not shown, even if a row says so. */
function digestOfBytes(bytes: Uint8Array): Digest | null {
  const [one, ...more] = identitiesIn(bytes)
  const alert = one?.alert ?? null
  return alert === null || more.length > 0 || alert.scope !== 'Public' || alert.status !== 'Actual' ? null : digestOf(alert, bytes.length)
}
export const isForPublic = (bytes: Uint8Array): boolean => digestOfBytes(bytes) !== null

function alertOf(row: Row, digest: Digest | null, now: number): readonly PublicAlert[] {
  if (digest === null) return []
  const warns = row.status === 'in-force'
  // Each block lapses by itself.
  const subjects = digest.subjects.flatMap(({ frame, versions }) => {
    const good = versions.filter(({ expires }) => !warns || expires === null || expires > now)
    return good.length === 0 ? [] : [{ frame, versions: good }]
  })
  if (subjects.length === 0 && warns) return []
  const { id, identifier, sender, sent, msgType, colour, hazard, jurisdiction, jurisdictions, issuedAt, expires, own, chain, twin } = row
  return [
    {
      id,
      identifier,
      sender,
      sent,
      msgType,
      warns,
      colour,
      hazard,
      codes: jurisdictions.length > 0 ? jurisdictions : [jurisdiction],
      issuedAt: issuedAt.toISOString(),
      expires: expires?.toISOString() ?? null,
      own,
      digest: { ...digest, subjects },
      chain,
      twin,
      others: [],
    },
  ]
}

/** What the log has as one warning in several languages is shown as one, with all of them. */
function together(alerts: readonly PublicAlert[]): readonly PublicAlert[] {
  const found: PublicAlert[] = []
  for (const alert of alerts) {
    const nth = found.findIndex((one) => one.chain === alert.chain && areTwins(spoken(one), spoken(alert)))
    const first = found[nth]
    if (first === undefined) found.push(alert)
    else found[nth] = joined(first, alert)
  }
  return found
}

const spoken = (alert: PublicAlert): Twin => ({ ...alert, languages: alert.digest.languages })

const joined = (first: PublicAlert, { id, codes, others, digest }: PublicAlert): PublicAlert => ({
  ...first,
  codes: [...new Set([...first.codes, ...codes])],
  others: [...first.others, { id, language: digest.languages[0] ?? '' }, ...others],
  digest: {
    ...first.digest,
    languages: [...first.digest.languages, ...digest.languages],
    subjects: first.digest.subjects.map((one) => ({
      ...one,
      versions: [...one.versions, ...(digest.subjects.find((other) => other.frame === one.frame)?.versions ?? [])],
    })),
  },
})

/** What touches the area from either side: better one too many. */
export const within = (alerts: readonly PublicAlert[], area: string | null): readonly PublicAlert[] =>
  area === null ? alerts : alerts.filter(({ codes }) => codes.some((code) => covers(area, code) || covers(code, area)))

/** Made once for a snapshot and its parameters. */
export function rendered(snapshot: Snapshot, key: string, make: () => Rendered): Rendered {
  const found = snapshot.rendered.get(key) ?? make()
  keep(snapshot.rendered, key, found, RENDERED_MAX)
  return found
}
