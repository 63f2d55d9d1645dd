import { z } from 'zod/mini'
import { Channel, Language } from '../channel.ts'
import { refuse, unreachable, type By, type Decider, type Refusal } from '../decider.ts'
import { Words } from '../event.ts'
import { Slug, Uuid } from '../id.ts'
import { Zone, type Instant } from '../time.ts'
import { addressFits, ContactEntry, CONTACTS_MAX, HOME_ZONE, mergeContacts, nextTest, type Contact } from './contact.ts'
import { Conditions, SUBSCRIPTIONS_MAX } from './subscription.ts'

/** What a post may do by itself; what it may do in an incident follows from its organization's part in it. */
export const Power = z.enum([
  'incident.report',
  'incident.verify',
  'incident.declare',
  'incident.command',
  'sitrep.file',
  'obligation.answer',
  'obligation.waive',
  'obligation.order',
  'finding.supervise',
  'headquarters.keep',
  'decision.take',
  'objective.keep',
  'notice.keep',
  'alert.issue',
  'alert.approve',
  'consultation.hold',
  'risk.keep',
  'information.keep',
  'directory.keep',
  'instrument.keep',
  'exercise.run',
  'log.export',
])
export type Power = z.infer<typeof Power>

const Holder = z.string().check(z.minLength(1), z.maxLength(100))

const HourMinute = z.string().check(z.regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/))
/** Quiet hours 静默时段 by the post's own clock; past midnight where `until` is the smaller. */
const Quiet = z.strictObject({ from: HourMinute, until: HourMinute })
export type Quiet = z.infer<typeof Quiet>

export const PostCommand = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('post.create'), organizationId: Uuid, title: Words, powers: z.array(Power).check(z.maxLength(40)) }),
  /** A person takes the post; several may hold a duty post in turn. */
  z.strictObject({ type: z.literal('post.assume'), holder: Holder }),
  z.strictObject({ type: z.literal('post.relinquish'), holder: Holder }),
  z.strictObject({ type: z.literal('post.empower'), powers: z.array(Power).check(z.maxLength(40)) }),
  /** All contacts of the post at once; what is left out is no contact any more. */
  z.strictObject({ type: z.literal('post.set-contacts'), contacts: z.array(ContactEntry).check(z.maxLength(CONTACTS_MAX)) }),
  /** Somebody says that the contact is right, or a receipt has shown it. */
  z.strictObject({ type: z.literal('post.confirm-contact'), channel: Channel }),
  /** Time has come to test what falls due for it. */
  z.strictObject({ type: z.literal('post.call-test'), channels: z.array(Channel).check(z.maxLength(CONTACTS_MAX)) }),
  /** The liaison officer 联络员 of its organization is told first. */
  z.strictObject({ type: z.literal('post.set-liaison'), liaison: z.boolean() }),
  z.strictObject({ type: z.literal('post.set-hours'), zone: Zone, language: Language, quiet: z.nullable(Quiet) }),
  z.strictObject({ type: z.literal('post.subscribe'), subscription: Slug, conditions: Conditions }),
  z.strictObject({ type: z.literal('post.unsubscribe'), subscription: Slug }),
])
export type PostCommand = z.infer<typeof PostCommand>

export type PostEvent =
  | { readonly type: 'post.created'; readonly organizationId: string; readonly title: Words; readonly powers: readonly Power[] }
  | { readonly type: 'post.assumed'; readonly holder: string }
  | { readonly type: 'post.relinquished'; readonly holder: string }
  | { readonly type: 'post.empowered'; readonly powers: readonly Power[] }
  | { readonly type: 'post.contacts-set'; readonly contacts: readonly ContactEntry[] }
  | { readonly type: 'post.contact-confirmed'; readonly channel: Channel }
  | { readonly type: 'post.test-called'; readonly channels: readonly Channel[] }
  | { readonly type: 'post.liaison-set'; readonly liaison: boolean }
  | { readonly type: 'post.hours-set'; readonly zone: string; readonly language: Language; readonly quiet: Quiet | null }
  | { readonly type: 'post.subscribed'; readonly subscription: string; readonly conditions: Conditions }
  | { readonly type: 'post.unsubscribed'; readonly subscription: string }

export type Subscription = { readonly id: string; readonly conditions: Conditions }
export type PostState = {
  readonly organizationId: string
  readonly title: Words
  readonly powers: readonly Power[]
  readonly holders: readonly string[]
  readonly contacts: readonly Contact[]
  readonly liaison: boolean
  readonly zone: string
  readonly language: Language
  readonly quiet: Quiet | null
  readonly subscriptions: readonly Subscription[]
} | null

export const DEFAULT_QUIET: Quiet = { from: '22:00', until: '07:00' }

const HOLDERS_MAX = 50

export const post: Decider<PostState, PostCommand, PostEvent> = {
  initial: null,
  decide(state, command, by) {
    if (command.type === 'post.create')
      return state === null
        ? [{ type: 'post.created', organizationId: command.organizationId, title: command.title, powers: command.powers }]
        : refuse('post.already-created')
    if (state === null) return refuse('post.unknown')
    switch (command.type) {
      case 'post.assume':
        if (state.holders.includes(command.holder)) return []
        return state.holders.length >= HOLDERS_MAX
          ? refuse('post.too-many-holders', { max: HOLDERS_MAX })
          : [{ type: 'post.assumed', holder: command.holder }]
      case 'post.relinquish':
        return state.holders.includes(command.holder)
          ? [{ type: 'post.relinquished', holder: command.holder }]
          : refuse('post.not-held', { holder: command.holder })
      case 'post.empower':
        return [{ type: 'post.empowered', powers: command.powers }]
      default:
        return reach(state, command, by)
    }
  },
  evolve(state, event, stamp) {
    if (event.type === 'post.created') {
      const { type: _, ...made } = event
      return {
        ...made,
        holders: [],
        contacts: [],
        liaison: false,
        zone: HOME_ZONE,
        language: 'zh-CN',
        quiet: DEFAULT_QUIET,
        subscriptions: [],
      }
    }
    if (state === null) return state
    switch (event.type) {
      case 'post.assumed':
        return { ...state, holders: [...state.holders, event.holder] }
      case 'post.relinquished':
        return { ...state, holders: state.holders.filter((holder) => holder !== event.holder) }
      case 'post.empowered':
        return { ...state, powers: event.powers }
      default:
        return reached(state, event, stamp.recordedAt)
    }
  },
}

type Kept = NonNullable<PostState>
type ReachCommand = Exclude<PostCommand, { type: 'post.create' | 'post.assume' | 'post.relinquish' | 'post.empower' }>
type ReachEvent = Exclude<PostEvent, { type: 'post.created' | 'post.assumed' | 'post.relinquished' | 'post.empowered' }>

/** What a receipt shows again within a day is not said again. */
const CONFIRM_AGAIN_MS = 24 * 3_600_000

/** How the post is reached, and what it asks to be told. */
function reach(state: Kept, command: ReachCommand, by: By): readonly PostEvent[] | Refusal {
  switch (command.type) {
    case 'post.set-contacts': {
      const { contacts } = command
      const wrong = contacts.find((one) => !addressFits(one))
      if (wrong) return refuse('post.address-malformed', { channel: wrong.channel })
      const twice = contacts.find((one, i) => contacts.findIndex((other) => other.channel === one.channel) !== i)
      if (twice) return refuse('post.channel-twice', { channel: twice.channel })
      return [{ type: 'post.contacts-set', contacts }]
    }
    case 'post.confirm-contact': {
      const { channel } = command
      const contact = state.contacts.find((one) => one.channel === channel)
      if (!contact) return refuse('post.no-such-contact', { channel })
      const known = by.actor.kind === 'system' && contact.confirmedAt !== null
      return known && Date.parse(by.at) - Date.parse(contact.confirmedAt ?? '') < CONFIRM_AGAIN_MS
        ? []
        : [{ type: 'post.contact-confirmed', channel }]
    }
    case 'post.call-test': {
      const due = nextTest(state.contacts, state.zone)
      return due === null || due.at > by.at ? [] : [{ type: 'post.test-called', channels: due.channels }]
    }
    case 'post.set-liaison':
      return state.liaison === command.liaison ? [] : [{ type: 'post.liaison-set', liaison: command.liaison }]
    case 'post.set-hours': {
      const { zone, language, quiet } = command
      return [{ type: 'post.hours-set', zone, language, quiet }]
    }
    case 'post.subscribe': {
      const { subscription, conditions } = command
      if (state.subscriptions.length >= SUBSCRIPTIONS_MAX && !state.subscriptions.some((one) => one.id === subscription))
        return refuse('post.too-many-subscriptions', { max: SUBSCRIPTIONS_MAX })
      return [{ type: 'post.subscribed', subscription, conditions }]
    }
    case 'post.unsubscribe':
      return state.subscriptions.some((one) => one.id === command.subscription)
        ? [{ type: 'post.unsubscribed', subscription: command.subscription }]
        : refuse('post.no-such-subscription', { subscription: command.subscription })
    default:
      return unreachable(command)
  }
}

function reached(state: Kept, event: ReachEvent, at: Instant): Kept {
  const others = (id: string): readonly Subscription[] => state.subscriptions.filter((one) => one.id !== id)
  switch (event.type) {
    case 'post.contacts-set':
      return { ...state, contacts: mergeContacts(state.contacts, event.contacts, at) }
    case 'post.contact-confirmed':
      return { ...state, contacts: state.contacts.map((one) => (one.channel === event.channel ? { ...one, confirmedAt: at } : one)) }
    case 'post.test-called': {
      const tested = (one: Contact): Contact => ({ ...one, testedAt: at, tests: one.tests + 1 })
      return { ...state, contacts: state.contacts.map((one) => (event.channels.includes(one.channel) ? tested(one) : one)) }
    }
    case 'post.liaison-set':
      return { ...state, liaison: event.liaison }
    case 'post.hours-set':
      return { ...state, zone: event.zone, language: event.language, quiet: event.quiet }
    case 'post.subscribed':
      return { ...state, subscriptions: [...others(event.subscription), { id: event.subscription, conditions: event.conditions }] }
    case 'post.unsubscribed':
      return { ...state, subscriptions: others(event.subscription) }
    default:
      return unreachable(event)
  }
}

/** What time alone does to a post: it calls for the test of its contacts. */
export function postTimer(
  state: PostState,
): { readonly at: Instant; readonly command: Extract<PostCommand, { type: 'post.call-test' }> } | null {
  const due = state === null ? null : nextTest(state.contacts, state.zone)
  return due === null ? null : { at: due.at, command: { type: 'post.call-test', channels: [...due.channels] } }
}
