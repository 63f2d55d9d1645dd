/** Reads the sources of warnings: of the servers of a node one at a time. Exercises have none. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../clock.ts'
import type { Database, Sql } from '../database.ts'
import { Duty } from '../duty.ts'
import { FeedReader, Hosts, type ReaderParts, type Receive } from './poll.ts'
import { Sources, type Source } from './source.ts'

const LOOK_EVERY_MS = 1000
const SILENCE_EVERY_MS = 30_000
const AT_ONCE = 4
const PATIENCE_MS = 2000

export type FeedOfficeParts = Pick<ReaderParts, 'receive' | 'allowPrivate' | 'origin' | 'timeoutMs'> & {
  readonly database: Database
  readonly node: Sql
  /** The schema whose log the warnings go to; one duty for each. */
  readonly schema: string
  readonly clock: Clock
  /** What is done about sources that are not heard. */
  readonly watch?: (sources: Sources) => Promise<void>
  readonly onError: (error: unknown) => void
}
export type { Receive }

export class FeedOffice {
  readonly sources: Sources
  readonly #parts: FeedOfficeParts
  readonly #duty: Duty
  readonly #pusher: FeedReader

  constructor(parts: FeedOfficeParts) {
    const { database, node, schema, clock, onError } = parts
    this.#parts = parts
    this.sources = new Sources(node, clock)
    this.#pusher = new FeedReader({ ...parts, sources: this.sources })
    this.#duty = new Duty({ database, schema, name: 'feed', onError, begin: async () => this.#begin() })
  }

  get isOnDuty(): boolean {
    return this.#duty.isOn
  }

  now(): number {
    return this.#parts.clock.now()
  }

  get allowPrivate(): boolean {
    return this.#parts.allowPrivate
  }

  start(): Promise<void> {
    return this.#duty.start()
  }

  stop(): Promise<void> {
    return this.#duty.stop()
  }

  push(source: Source, bytes: Uint8Array): ReturnType<FeedReader['push']> {
    return this.#pusher.push(source, bytes)
  }

  #begin(): () => Promise<void> {
    const reader = new FeedReader({ ...this.#parts, sources: this.sources, hosts: new Hosts() })
    const running = new Map<string, Promise<void>>()
    let looking: Promise<void> | null = null
    const look = async (): Promise<void> => {
      for (const source of await this.sources.due(AT_ONCE + running.size)) {
        if (running.has(source.id) || running.size >= AT_ONCE || reader.stopping) continue
        const round = reader.round(source).catch((error: unknown) => {
          if (!reader.stopping) this.#parts.onError(error)
        })
        running.set(
          source.id,
          round.finally(() => running.delete(source.id)),
        )
      }
    }
    const timer = setInterval(() => {
      looking ??= look()
        .catch(this.#parts.onError)
        .finally(() => {
          looking = null
        })
    }, LOOK_EVERY_MS)
    timer.unref()
    const { watch, onError } = this.#parts
    let watching: Promise<void> | null = null
    const listen = (): void => {
      watching ??=
        watch?.(this.sources)
          .catch(onError)
          .finally(() => (watching = null)) ?? null
    }
    const listener = setInterval(listen, SILENCE_EVERY_MS)
    listener.unref()
    return async () => {
      clearInterval(timer)
      clearInterval(listener)
      reader.stopping = true
      await Promise.all([looking, watching])
      // A slow answer is not waited for; whatever was not written down is read again.
      await Promise.race([Promise.all(running.values()), sleep(PATIENCE_MS)])
    }
  }
}
