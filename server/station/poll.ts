/** Asks the sources for readings: each at its own pace, slower while it fails, never twice for the same. */
import {
  datastreamPath,
  rowsOfCsv,
  rowsOfJson,
  rowsOfObservations,
  unitsOfDatastream,
  type BadRow,
  type Rows,
  type Station,
  type StationSource,
  type Stream,
} from '#core/station.ts'
import { durationMs, fromMs } from '#core/time.ts'
import { callOut, Forbidden, TooLarge, type Called } from '../outbound.ts'
import type { World } from '../world.ts'
import { ROWS_MAX, type Ingest } from './ingest.ts'

/** Sources asked at once, and found due at once. */
const AT_ONCE_MAX = 8
const DUE_MAX = 100
const TIMEOUT_MS = 20_000
const BYTES_MAX = 8 * 1024 * 1024
const REDIRECTS_MAX = 3
/** Pages of one Datastream in one round; the next round goes on. */
const PAGES_MAX = 20
const PAGE_SIZE = 1000
const BACK_OFF_MAX_MS = 60 * 60_000
/** A first look at a Datastream goes back so far. */
const FIRST_LOOK_MS = 24 * 3600_000
const BAD_SHOWN = 20

export type Health = {
  readonly etag: string | null
  readonly modified: string | null
  readonly failures: number
  readonly cursors: Readonly<Record<string, string>>
}
type Due = Health & { readonly id: string; readonly state: StationSource }

/** What went wrong, as the page says it in words: `source.error.<code>`. */
class Failed extends Error {
  readonly code: string
  constructor(code: string, detail: string) {
    super(detail)
    this.code = code
  }
}

type Answer = { readonly kept: number; readonly bad: readonly BadRow[] } & Pick<Health, 'etag' | 'modified' | 'cursors'>

export type PollParts = {
  readonly world: World
  readonly ingest: Ingest
  readonly allowPrivate: boolean
  readonly onError: (error: unknown) => void
  /** 0–1; a test gives its own. */
  readonly chance?: () => number
}

export class Poller {
  readonly #parts: PollParts
  readonly #underWay = new Map<string, Promise<void>>()
  #stopped = false

  constructor(parts: PollParts) {
    this.#parts = parts
  }

  /** Asks every source that is due. Resolves when those have answered. */
  async round(): Promise<number> {
    const { world } = this.#parts
    const now = fromMs(world.clock.now())
    const due = await world.sql<Due[]>`
      select s.id, s.state, h.etag, h.modified, coalesce(h.failures, 0) as failures, coalesce(h.cursors, '{}') as cursors
      from station_source s left join source_health h on h.source_id = s.id
      where not s.paused and (h.next_at is null or h.next_at <= ${now}) and not (s.id = any(${[...this.#underWay.keys()]}::uuid[]))
      order by h.next_at nulls first, s.id limit ${DUE_MAX}`
    const waiting = [...due]
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined && !this.#stopped; next = waiting.shift()) await this.#one(next)
    }
    await Promise.all(Array.from({ length: AT_ONCE_MAX }, work))
    return due.length
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await Promise.all(this.#underWay.values())
  }

  async #one(source: Due): Promise<void> {
    const asking = this.#ask(source).finally(() => this.#underWay.delete(source.id))
    this.#underWay.set(source.id, asking)
    await asking.catch(this.#parts.onError)
  }

  async #ask(source: Due): Promise<void> {
    const { world, chance = Math.random } = this.#parts
    const every = durationMs(source.state.every)
    let next = world.clock.now() + every
    try {
      const answer = await this.#fetch(source)
      await this.#keep(source, next, { ...answer, failures: 0, error: null, detail: null })
    } catch (error) {
      if (!(error instanceof Failed)) throw error
      const failures = source.failures + 1
      // Twice as long after each failure, and never all at the same moment.
      const wait = Math.min(every * 2 ** Math.min(failures - 1, 10), Math.max(BACK_OFF_MAX_MS, every))
      next = world.clock.now() + Math.round(wait * (0.75 + chance() / 2))
      const { etag, modified, cursors } = source
      await this.#keep(source, next, {
        kept: 0,
        bad: null,
        etag,
        modified,
        cursors,
        failures,
        error: error.code,
        detail: error.message.slice(0, 300),
      })
    }
  }

  async #keep(
    { id }: Due,
    next: number,
    said: Omit<Answer, 'bad'> & { bad: readonly BadRow[] | null; failures: number; error: string | null; detail: string | null },
  ): Promise<void> {
    const now = fromMs(this.#parts.world.clock.now())
    const succeeded = said.error === null ? now : null
    await this.#parts.world.sql`
      insert into source_health (source_id, next_at, tried_at, succeeded_at, failures, error, error_detail, kept, bad_rows, etag, modified, cursors)
      values (${id}, ${fromMs(next)}, ${now}, ${succeeded}, ${said.failures}, ${said.error}, ${said.detail}, ${said.kept},
        ${JSON.stringify((said.bad ?? []).slice(0, BAD_SHOWN))}::text::jsonb, ${said.etag}, ${said.modified}, ${JSON.stringify(said.cursors)}::text::jsonb)
      on conflict (source_id) do update set next_at = excluded.next_at, tried_at = excluded.tried_at,
        succeeded_at = coalesce(excluded.succeeded_at, source_health.succeeded_at), failures = excluded.failures, error = excluded.error,
        error_detail = excluded.error_detail, kept = source_health.kept + excluded.kept,
        bad_rows = case when excluded.error is null then excluded.bad_rows else source_health.bad_rows end,
        etag = excluded.etag, modified = excluded.modified, cursors = excluded.cursors`
  }

  async #fetch(source: Due): Promise<Answer> {
    const { format, url } = source.state
    if (format.kind === 'sensorthings') return this.#things(source, format.streams)
    const headers = {
      accept: format.kind === 'csv' ? 'text/csv, text/plain;q=0.9, */*;q=0.1' : 'application/json',
      ...(source.etag === null ? {} : { 'if-none-match': source.etag }),
      ...(source.modified === null ? {} : { 'if-modified-since': source.modified }),
    }
    const answer = await this.#get(url, headers)
    if (answer.status === 304) return { kept: 0, bad: [], etag: source.etag, modified: source.modified, cursors: source.cursors }
    const rows = format.kind === 'csv' ? rowsOfCsv(textOf(answer), format.mapping) : rowsOfJson(jsonOf(answer), format.mapping)
    if (rows === null) throw new Failed('no-list', format.mapping.items ?? '')
    const column = rows.bad.find((one) => one.problem === 'column-missing')
    if (column !== undefined) throw new Failed('column-missing', column.said)
    const taken = await this.#take(source, rows)
    return { ...taken, etag: headerOf(answer, 'etag'), modified: headerOf(answer, 'last-modified'), cursors: source.cursors }
  }

  /** Good rows go in though others of the page are bad: what a foreign service writes wrong once must not silence all it says. */
  async #take({ state }: Due, rows: Rows): Promise<{ readonly kept: number; readonly bad: readonly BadRow[] }> {
    const { ingest } = this.#parts
    const doer = { actor: { kind: 'post', postId: state.owner, organizationId: state.owner }, powers: ['risk.keep'] } as const
    let kept = 0
    const bad: BadRow[] = rows.bad.slice(0, BAD_SHOWN)
    for (let from = 0; from < rows.rows.length; from += ROWS_MAX) {
      const checked = await ingest.check({ rows: rows.rows.slice(from, from + ROWS_MAX), bad: [] }, { doer })
      bad.push(...checked.bad.slice(0, BAD_SHOWN))
      kept += (await ingest.take(checked.fitting)).kept
    }
    return { kept, bad: bad.slice(0, BAD_SHOWN) }
  }

  /** OGC SensorThings 1.1: per Datastream what is newer than the newest that we have, page after page. */
  async #things(source: Due, streams: readonly Stream[]): Promise<Answer> {
    const root = source.state.url.replace(/\/$/, '')
    const cursors: Record<string, string> = { ...source.cursors }
    const bad: BadRow[] = []
    let kept = 0
    for (const stream of streams) {
      const base = `${root}/${datastreamPath(stream.datastream)}`
      if (cursors[stream.datastream] === undefined) await this.#checkUnit(base, stream)
      const since = cursors[stream.datastream] ?? fromMs(this.#parts.world.clock.now() - FIRST_LOOK_MS)
      const query = new URLSearchParams({
        $select: 'phenomenonTime,result',
        $orderby: 'phenomenonTime asc',
        $filter: `phenomenonTime gt ${since}`,
        $top: String(PAGE_SIZE),
      })
      let next: string | null = `${base}/Observations?${query.toString().replaceAll('+', '%20')}`
      for (let pages = 0; next !== null && pages < PAGES_MAX; pages++) {
        const answer: Called = await this.#get(next, { accept: 'application/json' })
        const page = rowsOfObservations(jsonOf(answer), stream)
        if (page === null) throw new Failed('no-list', 'value')
        const taken = await this.#take(source, page)
        kept += taken.kept
        bad.push(...taken.bad)
        const known = cursors[stream.datastream]
        if (page.newest !== null && (known === undefined || page.newest > known)) cursors[stream.datastream] = page.newest
        // A next page on another host would take our trust in this one elsewhere.
        next = page.next === null || !URL.canParse(page.next, next) ? null : sameHost(new URL(page.next, next), root)
      }
    }
    return { kept, bad: bad.slice(0, BAD_SHOWN), etag: null, modified: null, cursors }
  }

  /** What the service measures in must be what we count in: metres are not millimetres. */
  async #checkUnit(base: string, stream: Stream): Promise<void> {
    const units = unitsOfDatastream(jsonOf(await this.#get(base, { accept: 'application/json' })))
    const unit = stream.unit ?? (await this.#unitOf(stream))
    if (unit !== null && units.length > 0 && !units.includes(unit))
      throw new Failed('unit-differs', `${stream.datastream}: ${units.join(' / ')} ≠ ${unit}`)
  }

  async #unitOf({ station, indicator }: Stream): Promise<string | null> {
    const [row] = await this.#parts.world.sql<{ state: Station }[]>`select state from station where code = ${station} and not retired`
    return row?.state.sensors.find((one) => one.slug === indicator)?.unit ?? null
  }

  async #get(url: string, headers: Readonly<Record<string, string>>): Promise<Called> {
    const { allowPrivate } = this.#parts
    const answer = await callOut(url, {
      method: 'GET',
      headers,
      allowPrivate,
      timeoutMs: TIMEOUT_MS,
      maxBytes: BYTES_MAX,
      redirects: REDIRECTS_MAX,
    }).catch((error: unknown) => {
      if (error instanceof Forbidden) throw new Failed('address-forbidden', error.message)
      if (error instanceof TooLarge) throw new Failed('too-large', String(BYTES_MAX))
      const { name, code, message } = error as { name: string; code?: string; message: string }
      throw new Failed(name === 'TimeoutError' || name === 'AbortError' ? 'no-answer-in-time' : 'no-connection', code ?? message)
    })
    if (answer.status === 304 || (answer.status >= 200 && answer.status < 300)) return answer
    throw new Failed(
      answer.status === 401 || answer.status === 403 ? 'not-allowed' : answer.status === 404 ? 'not-found' : 'http-status',
      String(answer.status),
    )
  }
}

const sameHost = (next: URL, root: string): string | null => {
  if (next.host !== new URL(root).host) throw new Failed('other-host', next.host)
  return next.href
}
const headerOf = (answer: Called, name: string): string | null => {
  const found = answer.headers[name]
  return typeof found === 'string' && found.length <= 500 ? found : null
}

/** UTF-8, else GB 18030, which stations of older systems write. */
function textOf({ body }: Called): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    return new TextDecoder('gb18030').decode(body)
  }
}

function jsonOf(answer: Called): unknown {
  try {
    return JSON.parse(textOf(answer)) as unknown
  } catch (error) {
    throw new Failed('not-json', (error as Error).message)
  }
}
