/** The only way to act on events: after commit, in order, each at least once, from a cursor that survives a restart. */
import type { Recorded } from '#core/event.ts'
import type { Sql } from './database.ts'
import { readAfter, READ_MAX } from './log.ts'

const RETRY_MS = 1000
const RECENT_MAX = 5000
/** A cursor that is kept seldom costs no commit of its own for every batch; after a crash more is told twice. */
const KEEP_EVERY_MS = 250

/** The newest events of a world in memory, so that followers and browsers that keep up never ask the database. */
export class Recent {
  #events: Recorded[] = []
  #last = 0

  push(events: readonly Recorded[]): void {
    const [first] = events
    const last = events.at(-1)
    if (!first || !last) return
    // Another server wrote in between and its notification has not come yet: what is remembered does not join on.
    if (Number(first.position) !== this.#last + 1) this.#events = []
    this.#last = Number(last.position)
    this.#events.push(...events)
    if (this.#events.length > RECENT_MAX * 2) this.#events = this.#events.slice(-RECENT_MAX)
  }

  /** Everything after the position, or null when this memory does not reach back that far. */
  after(position: number, limit: number): readonly Recorded[] | null {
    const first = this.#events[0]
    if (!first || Number(first.position) > position + 1) return null
    const from = position + 1 - Number(first.position)
    return this.#events.slice(from, from + limit)
  }

  /** Another server wrote: positions are missing here, so what is remembered cannot be relied on. */
  clear(): void {
    this.#events = []
  }

  /** The last position that this process committed, remembered or not. */
  get last(): number {
    return this.#last
  }
}

export type FollowerParts = {
  readonly name: string
  readonly sql: Sql
  readonly recent: Recent
  /** Does what the events ask. Must bear being told the same event twice: the cursor is kept after the work. */
  readonly act: (events: readonly Recorded[]) => Promise<void>
  readonly onError: (error: unknown) => void
  /** How many events are handed over at once, at most READ_MAX. */
  readonly batch?: number
}

export class Follower {
  readonly #parts: FollowerParts
  #position = 0
  #kept = 0
  #woken = false
  #running: Promise<void> | null = null
  #stopped = false
  #keep: NodeJS.Timeout | null = null

  constructor(parts: FollowerParts) {
    this.#parts = parts
  }

  get position(): number {
    return this.#position
  }

  async start(): Promise<void> {
    const { sql, name } = this.#parts
    const [row] = await sql<{ position: string }[]>`select position from follower where name = ${name}`
    this.#position = this.#kept = Number(row?.position ?? 0)
    this.wake()
  }

  wake(): void {
    this.#woken = true
    if (this.#running === null && !this.#stopped)
      this.#running = this.#run().finally(() => {
        this.#running = null
        if (this.#woken && !this.#stopped) this.wake()
      })
  }

  /** Resolves when everything up to the position was acted on. */
  async reached(position: number): Promise<void> {
    while (this.#position < position && !this.#stopped) {
      this.wake()
      await (this.#running ?? Promise.resolve())
    }
  }

  /** Resolves when it has nothing to act on, at this moment. */
  async idle(): Promise<void> {
    await this.#running
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#running
    if (this.#keep !== null) clearTimeout(this.#keep)
    await this.#keepCursor()
  }

  async #run(): Promise<void> {
    while (this.#woken && !this.#stopped) {
      this.#woken = false
      try {
        await this.#catchUp()
      } catch (error) {
        this.#parts.onError(error)
        this.#woken = true
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref())
      }
    }
  }

  async #catchUp(): Promise<void> {
    const { sql, recent, act } = this.#parts
    const limit = Math.min(this.#parts.batch ?? READ_MAX, READ_MAX)
    for (;;) {
      const events = recent.after(this.#position, limit) ?? (await readAfter(sql, this.#position, limit))
      const last = events.at(-1)
      if (!last || this.#stopped) break
      await act(events)
      this.#position = Number(last.position)
    }
    this.#keep ??= setTimeout(() => {
      this.#keep = null
      void this.#keepCursor().catch(this.#parts.onError)
    }, KEEP_EVERY_MS).unref()
  }

  async #keepCursor(): Promise<void> {
    const { sql, name } = this.#parts
    const position = this.#position
    if (position === this.#kept) return
    await sql`insert into follower (name, position) values (${name}, ${position}) on conflict (name) do update set position = greatest(follower.position, excluded.position)`
    this.#kept = position
  }
}
