/** How long is waited, when it is quiet, in what order ways are tried: by how soon somebody has to know. */
import type { Channel, Urgency } from '../channel.ts'
import { fromMs, minuteOfDay, nextMinuteOfDay, toMs, type Instant } from '../time.ts'

const MINUTE_MS = 60_000

/**
 * Without a receipt after this the next way is tried. Two ways silent and the third reached stay under the five minutes
 * that a grass-roots channel may take (requirement S1-16).
 */
const WAIT_MS: Readonly<Record<Urgency, number>> = { flash: MINUTE_MS, urgent: 2 * MINUTE_MS, routine: 30 * MINUTE_MS }
export const waitMs = (urgency: Urgency): number => WAIT_MS[urgency]

/** A flash wants a person's answer (叫应); for the rest it is enough that the device has it. */
export const needsPerson = (urgency: Urgency): boolean => urgency === 'flash'

/** Ways in the order in which they are tried. A routine notice calls nobody. */
const ORDER: Readonly<Record<Urgency, readonly Channel[]>> = {
  flash: ['push', 'sms', 'voice', 'email', 'webhook'],
  urgent: ['push', 'sms', 'email', 'webhook', 'voice'],
  routine: ['email', 'webhook', 'push', 'sms'],
}

/** The ladder of ways for a post: what stands first, what has lost its standing last. */
export function ladderOf(
  urgency: Urgency,
  contacts: readonly { readonly channel: Channel; readonly stands: boolean }[],
): readonly Channel[] {
  const has = (channel: Channel, stands: boolean): boolean => contacts.some((one) => one.channel === channel && one.stands === stands)
  const order = ORDER[urgency]
  return [...order.filter((channel) => has(channel, true)), ...order.filter((channel) => has(channel, false))]
}

type Quiet = { readonly from: string; readonly until: string }
const minutes = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3))

export function isQuiet(at: Instant, quiet: Quiet | null, zone: string): boolean {
  if (quiet === null) return false
  const [from, until, now] = [minutes(quiet.from), minutes(quiet.until), minuteOfDay(at, zone)]
  return from <= until ? now >= from && now < until : now >= from || now < until
}

/** When the digests of a day go out, in minutes of the post's own day: morning, noon, end of the day. */
const DIGESTS: readonly number[] = [9 * 60, 13 * 60, 17 * 60]

/** The next digest after the instant, outside quiet hours where there is one. */
export function digestAt(at: Instant, quiet: Quiet | null, zone: string): Instant {
  const next = DIGESTS.map((minute) => nextMinuteOfDay(at, minute, zone)).toSorted()
  return next.find((one) => !isQuiet(one, quiet, zone)) ?? next[0] ?? at
}

/**
 * Until when a notice is held back, or null when it goes at once. A flash always goes; an urgent one goes at night only
 * if its deadline falls before the morning; a routine one waits for the digest.
 */
export function holdUntil(urgency: Urgency, at: Instant, dueAt: Instant | null, quiet: Quiet | null, zone: string): Instant | null {
  if (urgency === 'flash') return null
  if (urgency === 'routine') return digestAt(at, quiet, zone)
  if (quiet === null || !isQuiet(at, quiet, zone)) return null
  const morning = nextMinuteOfDay(at, minutes(quiet.until), zone)
  return dueAt !== null && dueAt <= fromMs(toMs(morning) + 2 * waitMs('urgent')) ? null : morning
}
