/** Work that one of the servers sharing a log does at a time: whoever holds the lock is on duty, the others wait for it. */
import type { Database, Sql } from './database.ts'

/** How often the one on duty makes sure that it still is. */
const LOOK_EVERY_MS = 2000
/** A wait is cut and begun anew, so that no statement runs for so long that PostgreSQL cannot clean up behind it. */
const WAIT_MAX_MS = 20_000
const RETRY_MS = 1000
/** PostgreSQL: the lock was not to be had in time. */
const LOCK_NOT_AVAILABLE = '55P03'

export type DutyParts = {
  readonly database: Database
  readonly schema: string
  /** What it is about, such as `notice`: each has a lock of its own. */
  readonly name: string
  readonly onError: (error: unknown) => void
  /** Starts the work and gives back how to end it. */
  readonly begin: () => Promise<() => Promise<void>>
}

type Held = { readonly sql: Sql; readonly connection: Awaited<ReturnType<Sql['reserve']>> }

export class Duty {
  readonly #parts: DutyParts
  #end: (() => Promise<void>) | null = null
  #held: Held | null = null
  #waiting: { readonly cancel: () => void } | null = null
  #running: Promise<void> = Promise.resolve()
  #stopped = false
  readonly #stop = Promise.withResolvers<void>()

  constructor(parts: DutyParts) {
    this.#parts = parts
  }

  get isOn(): boolean {
    return this.#end !== null
  }

  /** Resolves when it is known who is on duty: this one, which has begun, or another, which is waited for. */
  async start(): Promise<void> {
    const known = Promise.withResolvers<void>()
    this.#running = this.#run(known.resolve)
    await known.promise
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#stop.resolve()
    this.#waiting?.cancel()
    await this.#running
  }

  async #run(known: () => void): Promise<void> {
    while (!this.#stopped) {
      try {
        const held = await this.#connect()
        if (!(await this.#take(held))) {
          known()
          await this.#wait(held)
        }
        if (this.#stopped) break
        this.#end = await this.#parts.begin()
        known()
        while (!this.#stopped) {
          await this.#pause(LOOK_EVERY_MS)
          // The lock goes with the connection: while that answers, it is ours.
          if (!this.#stopped) await held.connection`select 1`
        }
      } catch (error) {
        this.#parts.onError(error)
        known()
        await this.#pause(RETRY_MS)
      } finally {
        await this.#leave().catch(this.#parts.onError)
      }
    }
    await this.#leave().catch(this.#parts.onError)
  }

  async #connect(): Promise<Held> {
    const sql = this.#parts.database.pool(this.#parts.schema, { max: 1 })
    this.#held = { sql, connection: await sql.reserve() }
    return this.#held
  }

  get #lock(): string {
    return `muster ${this.#parts.name} ${this.#parts.schema}`
  }

  async #take({ connection }: Held): Promise<boolean> {
    const [row] = await connection<{ mine: boolean }[]>`select pg_try_advisory_lock(hashtextextended(${this.#lock}, 0)) as mine`
    return row?.mine ?? false
  }

  /** Until the lock is ours: the moment that the other lets go of it, or dies. */
  async #wait({ connection }: Held): Promise<void> {
    await connection`select set_config('lock_timeout', ${String(WAIT_MAX_MS)}, false)`
    while (!this.#stopped)
      try {
        const waiting = connection`select pg_advisory_lock(hashtextextended(${this.#lock}, 0))`.execute()
        this.#waiting = waiting
        await waiting
        return
      } catch (error) {
        if (!this.#stopped && (error as { code?: string }).code !== LOCK_NOT_AVAILABLE) throw error
      } finally {
        this.#waiting = null
      }
  }

  #pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, ms).unref()
    return Promise.race([promise, this.#stop.promise]).finally(() => clearTimeout(timer))
  }

  async #leave(): Promise<void> {
    const [end, held] = [this.#end, this.#held]
    this.#end = null
    this.#held = null
    await end?.()
    held?.connection.release()
    await held?.sql.end({ timeout: 1 })
  }
}
