/** What watches the stations: of the servers that share a log, one at a time. Exercises never have one. */
import type { Database } from '../database.ts'
import { Duty } from '../duty.ts'
import type { World } from '../world.ts'
import type { StationConfig } from './config.ts'
import { Evaluator, tellSilence } from './evaluator.ts'
import { Ingest } from './ingest.ts'
import { Poller } from './poll.ts'

const POLL_EVERY_MS = 1000
const SILENCE_EVERY_MS = 20_000
const FORGET_EVERY_MS = 3600_000

export type StationOfficeParts = {
  readonly world: World
  readonly database: Database
  readonly config: StationConfig
  readonly onError: (error: unknown) => void
}

export class StationOffice {
  readonly ingest: Ingest
  readonly config: StationConfig
  readonly #duty: Duty
  #evaluator: Evaluator | null = null

  constructor({ world, database, config, onError }: StationOfficeParts) {
    this.config = config
    this.ingest = new Ingest({ world, daysKept: config.daysKept })
    this.ingest.onTaken = () => this.#evaluator?.wake()
    this.#duty = new Duty({
      database,
      schema: world.schema,
      name: 'station',
      onError,
      begin: async () => {
        const evaluator = new Evaluator({ world, onError })
        const poller = new Poller({ world, ingest: this.ingest, allowPrivate: config.allowPrivate, onError })
        this.#evaluator = evaluator
        evaluator.start()
        const ends = [
          repeat(POLL_EVERY_MS, () => poller.round(), onError),
          repeat(SILENCE_EVERY_MS, () => tellSilence(world), onError),
          repeat(FORGET_EVERY_MS, () => this.ingest.forget(), onError),
        ]
        return async () => {
          this.#evaluator = null
          await Promise.all([...ends.map((end) => end()), poller.stop(), evaluator.stop()])
        }
      },
    })
  }

  get isOnDuty(): boolean {
    return this.#duty.isOn
  }

  start(): Promise<void> {
    return this.#duty.start()
  }

  stop(): Promise<void> {
    return this.#duty.stop()
  }

  /** Resolves when what came so far has been looked at, where this server is on duty. */
  async settled(): Promise<void> {
    await this.#evaluator?.settled()
  }
}

/** Again and again, never two at once. Gives back how to end it. */
function repeat(everyMs: number, work: () => Promise<unknown>, onError: (error: unknown) => void): () => Promise<void> {
  let ended = false
  let timer: NodeJS.Timeout | null = null
  let running: Promise<unknown> = Promise.resolve()
  const go = (): void => {
    running = work()
      .catch(onError)
      .then(() => {
        if (ended) return
        timer = setTimeout(go, everyMs)
        timer.unref()
      })
  }
  go()
  return async () => {
    ended = true
    if (timer !== null) clearTimeout(timer)
    await running
  }
}
