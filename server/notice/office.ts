/** The office that tells people: of the servers that share a log, one at a time. Exercises never have one. */
import { CHANNELS, type Channel } from '#core/channel.ts'
import type { Clock } from '../clock.ts'
import type { Database, Sql } from '../database.ts'
import { Duty } from '../duty.ts'
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

export type OfficeParts = {
  readonly world: World
  readonly database: Database
  readonly node: Sql
  readonly config: NoticeConfig
  readonly keys: NoticeKeys
  readonly clock: Clock
  readonly onError: (error: unknown) => void
  /** Takes messages that answer no notice. */
  readonly elsewhere?: (from: string, text: string) => Promise<string | null>
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
  readonly #duty: Duty

  constructor(parts: OfficeParts) {
    this.#parts = parts
    const { world, node, clock, keys, elsewhere, onError } = parts
    this.secrets = new Secrets(node, clock, keys)
    this.book = new Book(world)
    this.replies = new Replies({
      world,
      book: this.book,
      secrets: this.secrets,
      onError,
      ...(elsewhere === undefined ? {} : { elsewhere }),
    })
    this.setUp = setUpOf(parts.config)
    this.#duty = new Duty({
      database: parts.database,
      schema: world.schema,
      name: 'notice',
      onError,
      begin: async () => {
        const telling = await Telling.begin(parts, this)
        return () => telling.end()
      },
    })
  }

  get config(): NoticeConfig {
    return this.#parts.config
  }

  get isOnDuty(): boolean {
    return this.#duty.isOn
  }

  start(): Promise<void> {
    return this.#duty.start()
  }

  async stop(): Promise<void> {
    await this.#duty.stop()
    this.book.close()
  }
}

/** What runs while this server is on duty. */
class Telling {
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

  static async begin(parts: OfficeParts, office: NoticeOffice): Promise<Telling> {
    const duty = new Telling(parts, office)
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
