/** Where a post is reached. Posts hold duties, not persons: a contact belongs to the desk and outlives who sits at it. */
import { z } from 'zod/mini'
import { Channel } from '../channel.ts'
import { after, nextMinuteOfDay, toMs, durationMs, type Instant } from '../time.ts'

export const HOME_ZONE = 'Asia/Shanghai'
/** One contact a channel: a second telephone is a second post's. */
export const CONTACTS_MAX = 5

const EMAIL = /^[^\s@<>"]{1,64}@[A-Za-z0-9.-]{1,253}$/
/** E.164, or a short service number. */
const NUMBER = /^\+?\d{3,15}$/
const UUID = /^[0-9a-f-]{36}$/

const FITS: Readonly<Record<Channel, (address: string) => boolean>> = {
  email: (address) => EMAIL.test(address),
  sms: (address) => NUMBER.test(address),
  voice: (address) => NUMBER.test(address),
  /** The id of an address kept beside the node: the address itself holds a key and stays out of the log. */
  webhook: (address) => UUID.test(address),
  push: (address) => address === 'browsers',
}

/** An address as the channel writes it: `duty@example.org`, `+8622…`, an endpoint's id, `browsers`. */
export const ContactEntry = z.strictObject({
  channel: Channel,
  address: z.string().check(z.minLength(1), z.maxLength(320)),
  note: z.optional(z.string().check(z.maxLength(200))),
  /** Somebody answers here at any hour; such a contact is tested at night, too. */
  roundTheClock: z.optional(z.boolean()),
})
export type ContactEntry = z.infer<typeof ContactEntry>
export const addressFits = ({ channel, address }: Pick<ContactEntry, 'channel' | 'address'>): boolean => FITS[channel](address)

export type Contact = {
  readonly channel: Channel
  readonly address: string
  readonly note: string | null
  readonly roundTheClock: boolean
  readonly setAt: Instant
  readonly confirmedAt: Instant | null
  /** When a test was last called for, and how often. */
  readonly testedAt: Instant | null
  readonly tests: number
}

export type Standing = 'confirmed' | 'new' | 'lost'
const STANDS_FOR = 'P90D'

/** Whether a contact may still be relied on: confirmed, by word or by a receipt, within 90 days; a new one has as long to be. */
export function standing(contact: Pick<Contact, 'setAt' | 'confirmedAt'>, at: Instant): Standing {
  const age = toMs(at) - toMs(contact.confirmedAt ?? contact.setAt)
  if (age > durationMs(STANDS_FOR)) return 'lost'
  return contact.confirmedAt === null ? 'new' : 'confirmed'
}

const TEST_EVERY = 'P30D'
const NIGHT = 3 * 60
const AFTERNOON = 15 * 60
const MORNING = 10 * 60

/** When the contact is tested next: every 30 days, a round-the-clock contact by turns at 3 in the night and at 15 o'clock, others at 10. */
export function testDue(contact: Contact, zone: string): Instant {
  const from = contact.testedAt === null ? contact.setAt : after(contact.testedAt, TEST_EVERY)
  const minute = contact.roundTheClock ? (contact.tests % 2 === 0 ? NIGHT : AFTERNOON) : MORNING
  return nextMinuteOfDay(from, minute, zone)
}

/** The instant and the channels of the post's next test; null where there is nothing to test. */
export function nextTest(
  contacts: readonly Contact[],
  zone: string,
): { readonly at: Instant; readonly channels: readonly Channel[] } | null {
  const due = contacts.map((contact) => ({ at: testDue(contact, zone), channel: contact.channel }))
  const [first] = due.map((one) => one.at).toSorted()
  return first === undefined ? null : { at: first, channels: due.filter((one) => one.at === first).map((one) => one.channel) }
}

/** New entries over the old: what is the same keeps when it was confirmed and tested. */
export const mergeContacts = (old: readonly Contact[], entries: readonly ContactEntry[], at: Instant): readonly Contact[] =>
  entries.map(({ channel, address, note = null, roundTheClock = false }) => {
    const before = old.find((one) => one.channel === channel && one.address === address)
    const fresh = { setAt: at, confirmedAt: null, testedAt: null, tests: 0 }
    return { ...(before ?? fresh), channel, address, note: note ?? null, roundTheClock }
  })
