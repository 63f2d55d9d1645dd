/** The only source of time, and of what time does: it sends the commands that fall due. */
import { createHash } from 'node:crypto'
import { systemActor } from '#core/event.ts'
import { uuidV8 } from '#core/id.ts'
import { fromMs, toMs } from '#core/time.ts'
import type { Sql } from './database.ts'
import type { Outcome, Request, TimerChange } from './handle.ts'

export type Clock = {
  /** Milliseconds since 1970, UTC. */
  now(): number
}

export const systemClock: Clock = { now: () => Date.now() }

/** The clock of an exercise: it stands until it is moved, and is never moved back. */
export class ManualClock implements Clock {
  #now: number
  constructor(startMs: number) {
    this.#now = startMs
  }
  now(): number {
    return this.#now
  }
  set(ms: number): void {
    if (ms < this.#now) throw new Error(`the clock cannot go back from ${fromMs(this.#now)} to ${fromMs(ms)}`)
    this.#now = ms
  }
}

/** The same text always makes the same id: what a cause has done once is not done again. */
export const idFrom = (text: string): string => uuidV8(createHash('sha256').update(text).digest())

type Due = { readonly stream: string; readonly at: Date; readonly command: { readonly type: string } }

const DUE_MAX = 500
/** setTimeout counts in a signed 32-bit number of milliseconds; a longer wait is taken in steps. */
const WAIT_MAX_MS = 2_000_000_000
const RETRY_MS = 1000

export type TimersParts = {
  readonly sql: Sql
  readonly clock: Clock
  readonly handle: (request: Request) => Promise<Outcome>
  readonly onError: (error: unknown) => void
}

/**
 * Deadlines are domain records (table `timer`), written with the state that set them. One timeout is armed for the
 * nearest; what falls due becomes a command with an id made from its cause, so that two servers do it once.
 */
export class Timers {
  readonly #parts: TimersParts
  #armedFor = Number.POSITIVE_INFINITY
  #timeout: NodeJS.Timeout | undefined
  #keepsTime = false
  #stopped = false
  #firing: Promise<void> = Promise.resolve()

  constructor(parts: TimersParts) {
    this.#parts = parts
  }

  /** Starts to keep real time; an exercise calls `fireUntil` instead. */
  async start(): Promise<void> {
    this.#keepsTime = true
    await this.#arm()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timeout)
    await this.#firing
  }

  changed(timers: readonly TimerChange[]): void {
    for (const { at } of timers) if (at !== null && toMs(at) < this.#armedFor) this.#armAt(toMs(at))
  }

  /** Another server may have set a timer of which we were not told. */
  wake(): void {
    if (this.#keepsTime && !this.#stopped) void this.#arm().catch(this.#parts.onError)
  }

  #armAt(ms: number): void {
    if (this.#stopped || !this.#keepsTime) return
    clearTimeout(this.#timeout)
    this.#armedFor = ms
    const wait = Math.min(Math.max(ms - this.#parts.clock.now(), 0), WAIT_MAX_MS)
    this.#timeout = setTimeout(() => {
      this.#firing = this.#fire()
    }, wait)
    this.#timeout.unref()
  }

  async #arm(): Promise<void> {
    // Before the question, so that a timer set while it is answered arms itself.
    this.#armedFor = Number.POSITIVE_INFINITY
    const next = await this.nextAt()
    if (next !== null && next < this.#armedFor) this.#armAt(next)
  }

  async #fire(): Promise<void> {
    try {
      await this.fireUntil(this.#parts.clock.now())
      if (!this.#stopped) await this.#arm()
    } catch (error) {
      this.#parts.onError(error)
      this.#armAt(this.#parts.clock.now() + RETRY_MS)
    }
  }

  async nextAt(): Promise<number | null> {
    const [row] = await this.#parts.sql<{ at: Date | null }[]>`select min(at) as at from timer`
    return row?.at?.getTime() ?? null
  }

  /** Sends everything due at `ms` or before; commands that fall due together are committed together. */
  async fireUntil(ms: number): Promise<void> {
    for (;;) {
      const due = await this.#parts.sql<
        Due[]
      >`select stream, at, command from timer where at <= ${fromMs(ms)} order by at, stream limit ${DUE_MAX}`
      if (due.length === 0) return
      await Promise.all(due.map((one) => this.#send(one)))
      if (this.#stopped) return
    }
  }

  async #send({ stream, at, command }: Due): Promise<void> {
    const slash = stream.indexOf('/')
    const commandId = idFrom(`timer|${stream}|${at.toISOString()}|${JSON.stringify(command)}`)
    const request = {
      room: stream.slice(0, slash),
      id: stream.slice(slash + 1),
      command,
      commandId,
      doer: { actor: systemActor('clock'), powers: [] },
      occurredAt: at.toISOString(),
    }
    const outcome = await this.#parts.handle(request)
    if ('code' in outcome && outcome.code === 'server.busy') throw new Error('too many commands wait; the timer is tried again')
    const undone = 'code' in outcome || outcome.position === null
    // A timer that its own command does not move would fire for ever.
    if (undone) await this.#parts.sql`delete from timer where stream = ${stream} and at = ${at}`
  }
}
