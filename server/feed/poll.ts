/** One look at a source: asked politely, read within bounds, every message taken up whole or refused with its reason. */
import { hash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { CAP_BOUNDS } from '#core/cap.ts'
import type { SignatureVerdict } from '../cap/signature.ts'
import { NO_TRUST, readTrust, type Trust } from '../cap/trust.ts'
import type { Clock } from '../clock.ts'
import { callOut, Forbidden, TooLarge, type Called } from '../outbound.ts'
import { readFeed, type Entry } from './entries.ts'
import type { Problem, Source, Sources, Tally } from './source.ts'

/** What became of one message. */
export type Taken =
  | { readonly outcome: 'fresh' | 'known'; readonly signature: SignatureVerdict }
  | { readonly outcome: 'refused'; readonly code: string; readonly detail: string }
export type Receive = (
  bytes: Uint8Array,
  from: {
    readonly source: { readonly kind: 'feed' | 'push'; readonly id: string; readonly name: string }
    readonly effect: 'show' | 'act'
    readonly trust: Trust
    /** Who sends it can mend it: taken whole and sound, or not at all. */
    readonly strict: boolean
  },
) => Promise<Taken>

const TIMEOUT_MS = 15_000
const REDIRECTS_MAX = 3
/** Of one round: a feed that names more is read on in the next. */
const LINKS_MAX = 50
const LINK_TRIES_MAX = 4
/** Between two calls to the same host. */
const HOST_GAP_MS = 200
const LONGEST_WAIT_MS = 3_600_000

/** One call at a time to a host, with a pause between, whichever source it is for. */
export class Hosts {
  readonly #last = new Map<string, Promise<unknown>>()
  readonly #gapMs: number

  constructor(gapMs = HOST_GAP_MS) {
    this.#gapMs = gapMs
  }

  run<T>(address: string, work: () => Promise<T>): Promise<T> {
    const { host } = new URL(address)
    const mine = (this.#last.get(host) ?? Promise.resolve()).then(work)
    const over = mine.then(
      () => sleep(this.#gapMs),
      () => sleep(this.#gapMs),
    )
    this.#last.set(host, over)
    void over.then(() => {
      if (this.#last.get(host) === over) this.#last.delete(host)
    })
    return mine
  }
}

export type ReaderParts = {
  readonly sources: Sources
  readonly clock: Clock
  readonly receive: Receive
  readonly allowPrivate: boolean
  /** Where we are, for those who look into their logs. */
  readonly origin: string
  readonly hosts?: Hosts
  readonly timeoutMs?: number
}
type Counting = { fresh: number; known: number; refused: number; verdicts: Partial<Record<SignatureVerdict, number>> }
export type Refused = { readonly code: string; readonly detail: string }

export class FeedReader {
  readonly #parts: ReaderParts
  readonly #hosts: Hosts
  stopping = false

  constructor(parts: ReaderParts) {
    this.#parts = parts
    this.#hosts = parts.hosts ?? new Hosts()
  }

  /** Asks the source once and writes down how it went. Throws only for what is a bug of ours, after that is written down too. */
  async round(source: Source): Promise<void> {
    if (source.url === null) return
    try {
      await this.#look(source, source.url)
    } catch (error) {
      await this.#failed(source, { code: 'server.bug', params: {} }, 0)
      throw error
    }
  }

  async #look(source: Source, url: string): Promise<void> {
    let answer: Called
    try {
      answer = await this.#ask(url, {
        ...(source.etag === null ? {} : { 'if-none-match': source.etag }),
        ...(source.modified === null ? {} : { 'if-modified-since': source.modified }),
      })
    } catch (error) {
      return this.#failed(source, problemOf(error), 0)
    }
    if (this.stopping) return
    if (answer.status === 304)
      return this.#over(source, { etag: source.etag, modified: source.modified, shape: null, problem: null, tally: NOTHING })
    const problem = answerProblem(answer)
    if (problem !== null) return this.#failed(source, problem, retryAfterMs(answer, this.#parts.clock.now()))
    await this.#read(source, answer)
  }

  /** What a source sends us by itself: one alert or a whole feed; links in it are not followed. */
  async push(source: Source, bytes: Uint8Array): Promise<{ readonly tally: Tally; readonly refused: readonly Refused[] }> {
    const reading = readFeed(bytes, null)
    const tally: Counting = counting()
    if (!reading.ok) return { tally: await this.#noted(source, tally, reading, bytes, null), refused: [reading] }
    const refused: Refused[] = []
    for (const { bytes: one } of reading.entries) {
      if (one === null) continue
      const no = await this.#take(source, one, null, tally)
      if (no !== null) refused.push(no)
    }
    if (reading.entries.every((one) => one.bytes === null)) {
      const none = { code: 'cap.no-alert', detail: reading.shape }
      return { tally: await this.#noted(source, tally, none, bytes, null), refused: [none] }
    }
    await this.#parts.sources.succeeded(source.id, {
      etag: null,
      modified: null,
      shape: reading.shape,
      nextAt: source.nextAt?.getTime() ?? null,
      problem: null,
      tally,
    })
    return { tally, refused }
  }

  async #noted(source: Source, tally: Counting, no: Refused, bytes: Uint8Array, address: string | null): Promise<Tally> {
    tally.refused++
    await this.#parts.sources.keepRefused(source.id, { address, ...no, bytes })
    const { code, detail } = no
    await this.#parts.sources.succeeded(source.id, {
      etag: null,
      modified: null,
      shape: null,
      nextAt: source.nextAt?.getTime() ?? null,
      problem: { code, params: { detail } },
      tally,
    })
    return tally
  }

  #ask(address: string, headers: Readonly<Record<string, string>>): Promise<Called> {
    const { allowPrivate, origin, timeoutMs = TIMEOUT_MS } = this.#parts
    return this.#hosts.run(address, () =>
      callOut(address, {
        method: 'GET',
        headers: {
          accept: 'application/cap+xml, application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1',
          'accept-encoding': 'identity',
          'user-agent': `Muster (+${origin}/public)`,
          ...headers,
        },
        allowPrivate,
        timeoutMs,
        maxBytes: CAP_BOUNDS.bytes,
        redirects: REDIRECTS_MAX,
      }),
    )
  }

  async #read(source: Source, answer: Called): Promise<void> {
    const { sources } = this.#parts
    const reading = readFeed(answer.body, answer.address)
    if (!reading.ok) {
      // The same broken bytes are kept once, however often they are read.
      const key = `broken ${hash('sha256', answer.body, 'hex')}`
      if ((await sources.seen(source.id, [key])).size === 0) {
        await sources.keepRefused(source.id, { address: answer.address, ...reading, bytes: answer.body })
        await sources.saw(source.id, key, 0)
      }
      return this.#failed(source, { code: reading.code, params: { detail: reading.detail, line: reading.line } }, 0)
    }
    const keyed =
      reading.shape === 'cap' ? reading.entries.map((one) => ({ ...one, key: hash('sha256', answer.body, 'hex') })) : reading.entries
    const tally = counting()
    const left = (await this.#entries(source, keyed, tally)) || reading.more
    if (this.stopping) return
    const { etag, 'last-modified': modified } = answer.headers
    await this.#over(source, {
      etag: left ? null : (etag ?? null),
      modified: left ? null : (modified ?? null),
      shape: reading.shape,
      problem: null,
      tally,
    })
    await sources.tidy(source.id)
  }

  /** Takes up what is new. Answers whether something was left for the next round. */
  async #entries(source: Source, entries: readonly Entry[], tally: Counting): Promise<boolean> {
    const { sources } = this.#parts
    const seen = await sources.seen(
      source.id,
      entries.map(({ key }) => key),
    )
    let [left, links] = [false, 0]
    for (const { key, bytes, link } of entries) {
      if (this.stopping) return true
      const tries = seen.get(key)
      if (tries === 0) continue
      if (bytes !== null) {
        await this.#take(source, bytes, source.url, tally)
        await sources.saw(source.id, key, 0)
      } else if (link !== null) {
        if (++links > LINKS_MAX) return true
        const done = await this.#follow(source, link, tally, tries ?? 0)
        await sources.saw(source.id, key, done ? 0 : (tries ?? 0) + 1)
        left ||= !done
      }
    }
    return left
  }

  /** Fetches what an entry names. False: it did not come, and is tried again in the next round. */
  async #follow(source: Source, link: string, tally: Counting, tries: number): Promise<boolean> {
    let problem: Problem
    let body: Buffer = Buffer.alloc(0)
    try {
      const answer = await this.#ask(link, {})
      const wrong = answerProblem(answer)
      if (wrong === null) {
        const reading = readFeed(answer.body, answer.address)
        const alerts = reading.ok ? reading.entries.flatMap((one) => one.bytes ?? []) : []
        // What is no alert is refused by whoever reads alerts, with the code for it.
        for (const one of alerts.length > 0 ? alerts : [answer.body]) await this.#take(source, one, answer.address, tally)
        return true
      }
      ;[problem, body] = [wrong, answer.body]
    } catch (error) {
      problem = problemOf(error)
    }
    if (tries + 1 < LINK_TRIES_MAX && problem.code !== 'feed.address-forbidden') return false
    tally.refused++
    await this.#parts.sources.keepRefused(source.id, {
      address: link,
      code: problem.code,
      detail: Object.values(problem.params).join(' '),
      bytes: body,
    })
    return true
  }

  async #take(source: Source, bytes: Uint8Array, address: string | null, tally: Counting): Promise<Refused | null> {
    const { id, name, effect, trust } = source
    const pushed = address === null
    const taken = await this.#parts.receive(bytes, {
      source: { kind: pushed ? 'push' : 'feed', id, name },
      // What a trusted signer has signed takes effect by itself.
      effect: effect === 'act' ? 'act' : 'show',
      trust: trust === null || effect === 'show' ? NO_TRUST : readTrust(trust, this.#parts.clock.now()),
      strict: pushed,
    })
    if (taken.outcome === 'refused') {
      const { code, detail } = taken
      tally.refused++
      await this.#parts.sources.keepRefused(id, { address, code, detail, bytes })
      return { code, detail }
    }
    tally[taken.outcome]++
    tally.verdicts[taken.signature] = (tally.verdicts[taken.signature] ?? 0) + 1
    return null
  }

  async #over(source: Source, round: Omit<Parameters<Sources['succeeded']>[1], 'nextAt'>): Promise<void> {
    // Many sources of one interval spread out by themselves.
    const nextAt = this.#parts.clock.now() + source.everySeconds * 1000 * (0.95 + Math.random() * 0.1)
    await this.#parts.sources.succeeded(source.id, { ...round, nextAt })
  }

  async #failed(source: Source, problem: Problem, atLeastMs: number): Promise<void> {
    if (this.stopping) return
    const failures = source.failures + 1
    const nextAt =
      this.#parts.clock.now() + Math.max(waitMs(source.everySeconds, failures, Math.random()), Math.min(atLeastMs, LONGEST_WAIT_MS))
    await this.#parts.sources.failed(source.id, { problem, nextAt, failures })
  }
}

const NOTHING: Tally = { fresh: 0, known: 0, refused: 0, verdicts: {} }
const counting = (): Counting => ({ fresh: 0, known: 0, refused: 0, verdicts: {} })

/** Doubles with every failure, to an hour at most, and a fifth more or less, so that not all come back at once. `dice` from 0 to 1. */
export const waitMs = (everySeconds: number, failures: number, dice: number): number =>
  Math.min(LONGEST_WAIT_MS, Math.round(everySeconds * 1000 * 2 ** Math.min(failures - 1, 20) * (0.8 + dice * 0.4)))

function problemOf(error: unknown): Problem {
  if (error instanceof Forbidden) return { code: 'feed.address-forbidden', params: {} }
  if (error instanceof TooLarge) return { code: 'feed.answer-too-large', params: { bytes: CAP_BOUNDS.bytes } }
  const { name, code } = error as { name?: string; code?: string }
  if (name === 'TimeoutError' || code === 'ABORT_ERR' || code === 'ETIMEDOUT')
    return { code: 'feed.no-answer', params: { seconds: TIMEOUT_MS / 1000 } }
  return { code: 'feed.no-connection', params: { detail: (code ?? (error as Error).message).slice(0, 200) } }
}

function answerProblem({ status, headers }: Called): Problem | null {
  if (status !== 200) return { code: 'feed.http-status', params: { status } }
  const encoding = headers['content-encoding'] ?? 'identity'
  return encoding === 'identity' ? null : { code: 'feed.answer-encoded', params: { encoding: encoding.slice(0, 40) } }
}

function retryAfterMs({ headers }: Called, now: number): number {
  const text = headers['retry-after']
  if (text === undefined) return 0
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now
  return Number.isNaN(ms) ? 0 : Math.max(0, ms)
}
