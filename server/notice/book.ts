/** The posts as notices need them, remembered until the directory changes. */
import type { Channel, Language } from '#core/channel.ts'
import type { Doer } from '#core/authority.ts'
import { standing, type Contact } from '#core/directory/contact.ts'
import type { Power, Quiet, Subscription } from '#core/directory/post.ts'
import type { Words } from '#core/event.ts'
import type { Recipient } from '#core/notice/recipient.ts'
import type { World } from '../world.ts'

export type Desk = {
  readonly id: string
  readonly organizationId: string
  readonly title: Words
  readonly powers: readonly Power[]
  readonly holders: readonly string[]
  readonly contacts: readonly Contact[]
  readonly liaison: boolean
  readonly hours: { readonly zone: string; readonly language: Language; readonly quiet: Quiet | null }
  readonly subscriptions: readonly Subscription[]
}

const DESKS_MAX = 200_000
const SPEAKS_OF_POSTS = /^(?:post|organization)\//

const digits = (text: string): string => text.replaceAll(/\D/g, '')
/** Fewer digits than a subscriber's number say nothing. */
const NUMBER_MIN = 7

/** Whether the sender as the channel names him is that contact: numbers with or without the country's code. */
export function isAddress({ channel, address }: Pick<Contact, 'channel' | 'address'>, from: string): boolean {
  if (channel !== 'sms' && channel !== 'voice') return address.toLowerCase() === from.toLowerCase()
  const [a, b] = [digits(address), digits(from)]
  const [long, short] = a.length >= b.length ? [a, b] : [b, a]
  return short.length >= NUMBER_MIN ? long.endsWith(short) : a === b && a !== ''
}

export const doerOf = (desk: Desk): Doer => ({
  actor: { kind: 'post', postId: desk.id, organizationId: desk.organizationId },
  powers: desk.powers,
})

export class Book {
  readonly #world: World
  #desks: Promise<ReadonlyMap<string, Desk>> | null = null
  #byOrganization: ReadonlyMap<string, readonly Desk[]> = new Map()
  readonly close: () => void

  constructor(world: World) {
    this.#world = world
    // Woken with nothing, another process wrote: then anything may have changed.
    this.close = world.listen((events) => {
      if (events.length === 0 || events.some(({ stream }) => SPEAKS_OF_POSTS.test(stream))) this.#desks = null
    })
  }

  async #read(): Promise<ReadonlyMap<string, Desk>> {
    const rows = await this.#world.sql<Desk[]>`
      select id, organization_id as "organizationId", title, powers, holders, contacts, liaison, hours, subscriptions
      from post order by id limit ${DESKS_MAX}`
    this.#byOrganization = Map.groupBy(rows, (row) => row.organizationId)
    return new Map(rows.map((row) => [row.id, row]))
  }

  all(): Promise<ReadonlyMap<string, Desk>> {
    return (this.#desks ??= this.#read().catch((error: unknown) => {
      this.#desks = null
      throw error
    }))
  }

  async find(id: string): Promise<Desk | null> {
    return (await this.all()).get(id) ?? null
  }

  /** The organization's posts as recipients, of the channels that are set up here. */
  async recipients(setUp: ReadonlySet<Channel>): Promise<(organizationId: string) => readonly Recipient[]> {
    await this.all()
    const byOrganization = this.#byOrganization
    return (organizationId) =>
      (byOrganization.get(organizationId) ?? []).map((desk) => ({
        postId: desk.id,
        organizationId,
        liaison: desk.liaison,
        answers: desk.powers.includes('obligation.answer'),
        held: desk.holders.length > 0,
        channels: desk.contacts.map((one) => one.channel).filter((channel) => setUp.has(channel)),
      }))
  }

  /** Posts that are reached at this address. */
  async at(channel: Channel, from: string): Promise<readonly Desk[]> {
    return [...(await this.all()).values()].filter((desk) => desk.contacts.some((one) => one.channel === channel && isAddress(one, from)))
  }
}

/** The desk's ways that are set up here, and whether each still has its standing. */
export const waysOf = (
  desk: Desk,
  setUp: ReadonlySet<Channel>,
  at: string,
): readonly { readonly channel: Channel; readonly stands: boolean }[] =>
  desk.contacts.filter(({ channel }) => setUp.has(channel)).map((one) => ({ channel: one.channel, stands: standing(one, at) !== 'lost' }))
