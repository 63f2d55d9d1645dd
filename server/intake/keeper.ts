/** Destroys what a report has forgotten, after it was decided and for as long as it takes; sweeps what nothing refers to. */
import type { Recorded } from '#core/event.ts'
import { Follower } from '../follow.ts'
import type { World } from '../world.ts'
import { destroyContact, sweepContacts } from './contacts.ts'
import { destroyMedia, sweepMedia } from './media.ts'

const SWEEP_EVERY_MS = 3_600_000

type Forgotten = { readonly contactId: string | null; readonly hashes: readonly string[] }

export class Keeper {
  readonly #world: World
  readonly #follower: Follower
  readonly #onError: (error: unknown) => void
  #deaf: () => void = () => {}
  #timer: NodeJS.Timeout | null = null

  constructor(world: World, onError: (error: unknown) => void) {
    this.#world = world
    this.#onError = onError
    this.#follower = new Follower({ name: 'intake', sql: world.sql, recent: world.recent, onError, act: (events) => this.#act(events) })
  }

  async start(): Promise<void> {
    await this.#follower.start()
    this.#deaf = this.#world.listen(() => this.#follower.wake())
    this.#timer = setInterval(() => void this.sweep().catch(this.#onError), SWEEP_EVERY_MS)
    this.#timer.unref()
  }

  async stop(): Promise<void> {
    this.#deaf()
    if (this.#timer !== null) clearInterval(this.#timer)
    await this.#follower.stop()
  }

  /** Resolves when everything decided so far has been acted on. */
  reached(): Promise<void> {
    return this.#follower.reached(this.#world.recent.last)
  }

  async sweep(): Promise<void> {
    const { sql, clock } = this.#world
    await sweepContacts(sql, clock.now())
    await sweepMedia(sql, clock.now())
  }

  async #act(events: readonly Recorded[]): Promise<void> {
    const { sql } = this.#world
    for (const event of events) {
      if (event.type !== 'intake.forgotten') continue
      const { contactId, hashes } = event.data as Forgotten
      if (contactId !== null) await destroyContact(sql, contactId)
      await destroyMedia(sql, event.stream.slice('intake/'.length), hashes)
    }
  }
}
