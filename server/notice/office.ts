/** The office that tells people: of the servers that share a log, one at a time. Exercises never have one. */
import { CHANNELS, type Channel } from '#core/channel.ts'
import type { Clock } from '../clock.ts'
import type { Database, Sql } from '../database.ts'
import { Follower } from '../follow.ts'
import type { World } from '../world.ts'
import { Book } from './book.ts'
import type { Way } from './channel.ts'
import type { NoticeConfig } from './config.ts'
import { emailWay } from './email.ts'
import { pushWay } from './push.ts'
import { Replies } from './reply.ts'
import { Secrets, type NoticeKeys } from './secrets.ts'
import { Sender } from './sender.ts'
import { smsWay } from './sms.ts'
import { Teller } from './teller.ts'
import { voiceWay } from './voice.ts'
import { webhookWay } from './webhook.ts'

/** How soon another server takes over from one that died, and how often the one on duty makes sure that it is. */
const LOOK_EVERY_MS = 2000

export type OfficeParts = {
  readonly world: World
  readonly database: Database
  readonly node: Sql
  readonly config: NoticeConfig
  readonly keys: NoticeKeys
  readonly clock: Clock
  readonly onError: (error: unknown) => void
  /** For tests of voice. */
  readonly askEveryMs?: number
}

/** The channels that the operator has set up. */
export const setUpOf = ({ smtp, smpp, voice, pushContact, webhooks }: NoticeConfig): ReadonlySet<Channel> =>
  new Set(
    CHANNELS.filter(
      (channel) =>
        ({ push: pushContact !== null, email: smtp !== null, webhook: webhooks, sms: smpp !== null, voice: voice !== null })[channel],
    ),
  )

export function waysOf({ config, clock, onError, askEveryMs }: OfficeParts, secrets: Secrets): ReadonlyMap<Channel, Way> {
  const { smtp, smpp, voice, pushContact, webhooks, allowPrivate } = config
  const ways: readonly (Way | null)[] = [
    pushContact === null ? null : pushWay({ secrets, contact: pushContact, allowPrivate }),
    smtp === null ? null : emailWay({ config: smtp, onError }),
    webhooks ? webhookWay({ secrets, clock, allowPrivate }) : null,
    smpp === null ? null : smsWay({ config: smpp, onError }),
    voice === null ? null : voiceWay({ config: voice, clock, onError, ...(askEveryMs === undefined ? {} : { askEveryMs }) }),
  ]
  return new Map(ways.filter((way) => way !== null).map((way) => [way.channel, way]))
}

export class NoticeOffice {
  readonly #parts: OfficeParts
  readonly secrets: Secrets
  readonly book: Book
  readonly replies: Replies
  readonly setUp: ReadonlySet<Channel>
  #duty: Duty | null = null
  #lock: { readonly sql: Sql; readonly held: Awaited<ReturnType<Sql['reserve']>> } | null = null
  #timer: NodeJS.Timeout | null = null
  #looking: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(parts: OfficeParts) {
    this.#parts = parts
    const { world, node, clock, keys, onError } = parts
    this.secrets = new Secrets(node, clock, keys)
    this.book = new Book(world)
    this.replies = new Replies({ world, book: this.book, secrets: this.secrets, onError })
    this.setUp = setUpOf(parts.config)
  }

  get config(): NoticeConfig {
    return this.#parts.config
  }

  get isOnDuty(): boolean {
    return this.#duty !== null
  }

  async start(): Promise<void> {
    await this.#look()
    this.#timer = setInterval(() => {
      this.#looking = this.#looking.then(() => this.#look())
    }, LOOK_EVERY_MS)
    this.#timer.unref()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    if (this.#timer !== null) clearInterval(this.#timer)
    await this.#looking
    await this.#leave()
    this.book.close()
  }

  /** Whoever holds the lock is on duty. Its connection broken, another may have taken it: then this one leaves. */
  async #look(): Promise<void> {
    if (this.#stopped) return
    try {
      const mine = await this.#hold()
      if (mine && this.#duty === null) this.#duty = await Duty.begin(this.#parts, this)
      else if (!mine && this.#duty !== null) await this.#leave()
    } catch (error) {
      this.#parts.onError(error)
      await this.#leave().catch(this.#parts.onError)
    }
  }

  async #hold(): Promise<boolean> {
    const { database, world } = this.#parts
    if (this.#lock === null) {
      const sql = database.pool(world.schema, { max: 1 })
      this.#lock = { sql, held: await sql.reserve() }
    }
    // Taken again by who has it, the lock is only counted; on a new connection it has to be won anew.
    const [row] = await this.#lock.held<
      { mine: boolean }[]
    >`select pg_try_advisory_lock(hashtextextended(${`muster notice ${world.schema}`}, 0)) as mine`
    return row?.mine ?? false
  }

  async #leave(): Promise<void> {
    const [duty, lock] = [this.#duty, this.#lock]
    this.#duty = null
    this.#lock = null
    await duty?.end()
    lock?.held.release()
    await lock?.sql.end({ timeout: 1 })
  }
}

/** What runs while this server is on duty. */
class Duty {
  readonly #follower: Follower
  readonly #sender: Sender
  readonly #ways: ReadonlyMap<Channel, Way>
  readonly #deaf: () => void

  private constructor(parts: OfficeParts, { secrets, book, setUp }: NoticeOffice) {
    const { world, config, onError } = parts
    this.#ways = waysOf(parts, secrets)
    this.#sender = new Sender({ world, book, secrets, ways: this.#ways, origin: config.origin, onError })
    const teller = new Teller({ world, book, setUp })
    this.#follower = new Follower({ name: 'notice', sql: world.sql, recent: world.recent, onError, act: (events) => teller.act(events) })
    // Nothing is listed where another process wrote: there may be something to send.
    this.#deaf = world.listen((events) => {
      this.#follower.wake()
      if (events.length === 0 || events.some(({ stream }) => stream.startsWith('notice/'))) this.#sender.wake()
    })
  }

  static async begin(parts: OfficeParts, office: NoticeOffice): Promise<Duty> {
    const duty = new Duty(parts, office)
    // A channel that does not start leaves the others be; its letters fall back.
    for (const way of duty.#ways.values()) await way.start?.(office.replies).catch(parts.onError)
    await duty.#follower.start()
    duty.#sender.wake()
    return duty
  }

  async end(): Promise<void> {
    this.#deaf()
    await this.#follower.stop()
    await this.#sender.stop()
    for (const way of this.#ways.values()) await way.stop()
  }
}
