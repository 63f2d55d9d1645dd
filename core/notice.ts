import { z } from 'zod/mini'
import type { Thing } from './authority.ts'
import { Channel, Urgency } from './channel.ts'
import { refuse, unreachable, type By, type Decider, type Refusal } from './decider.ts'
import { Words } from './event.ts'
import { Slug, Uuid } from './id.ts'
import { needsPerson, waitMs } from './notice/urgency.ts'
import { DivisionCode } from './place.ts'
import { fromMs, toMs } from './time.ts'

const Instant = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/))
const Text = z.string().check(z.maxLength(500))
const Param = z.union([z.string().check(z.maxLength(400)), z.number(), Words])

/** What a notice says: a code with parameters, put into words when it is sent or shown, and the event that it is about. */
const Item = z.strictObject({
  about: z.strictObject({
    stream: z.string().check(z.maxLength(120)),
    position: z.string().check(z.maxLength(20)),
    kind: z.string().check(z.maxLength(80)),
  }),
  code: Slug,
  params: z.record(z.string().check(z.maxLength(40)), Param),
})
export type Item = z.infer<typeof Item>

export const ITEMS_MAX = 50
export const PASSES_MAX = 4
const Rung = z.int().check(z.gte(0), z.lte(4))
/** Where an answer came in: one of the channels, or the pages themselves. */
const Way = z.union([Channel, z.literal('app')])
export type Way = z.infer<typeof Way>

/** A notice 通知: one post is told of something, by one way after the other until there is a receipt. */
export const NoticeCommand = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('notice.queue'),
    toPost: Uuid,
    toOrganization: Uuid,
    urgency: Urgency,
    /** A digest gathers what is routine; further items join it until it goes out. */
    purpose: z.enum(['telling', 'digest', 'test']),
    item: Item,
    channels: z.array(Channel).check(z.maxLength(5)),
    notBefore: z.nullable(Instant),
    incidentId: z.nullable(Uuid),
    jurisdiction: z.nullable(DivisionCode),
    /** The notice that nobody answered, and how many before it. */
    passedFrom: z.nullable(Uuid),
    passes: z.int().check(z.gte(0), z.lte(PASSES_MAX)),
  }),
  /** A keeper tries one contact now. */
  z.strictObject({ type: z.literal('notice.test'), toPost: Uuid, toOrganization: Uuid, channel: Channel }),
  z.strictObject({ type: z.literal('notice.release') }),
  z.strictObject({ type: z.literal('notice.send'), rung: Rung, reference: z.nullable(z.string().check(z.maxLength(200))) }),
  z.strictObject({ type: z.literal('notice.fail'), rung: Rung, reason: Slug }),
  z.strictObject({ type: z.literal('notice.fall-back'), rung: Rung }),
  /** `device`: delivered; `person`: somebody saw it. A post gives it itself in the pages. */
  z.strictObject({ type: z.literal('notice.receipt'), way: Way, by: z.enum(['device', 'person']) }),
  z.strictObject({
    type: z.literal('notice.answer'),
    way: Way,
    text: Text,
    outcome: z.enum(['received', 'accepted', 'declined', 'refused']),
    refusal: z.nullable(z.string().check(z.maxLength(120))),
  }),
])
export type NoticeCommand = z.infer<typeof NoticeCommand>
type Said<T extends NoticeCommand['type']> = Omit<Extract<NoticeCommand, { type: T }>, 'type'>

export type NoticeEvent =
  | ({ readonly type: 'notice.queued' } & Omit<Said<'notice.queue'>, 'incidentId'> & { readonly incidentId: string | null })
  | { readonly type: 'notice.gathered'; readonly item: Item }
  | { readonly type: 'notice.released' }
  | { readonly type: 'notice.sent'; readonly rung: number; readonly channel: Channel; readonly reference: string | null }
  | { readonly type: 'notice.failed'; readonly rung: number; readonly channel: Channel; readonly reason: string }
  | { readonly type: 'notice.fell-back'; readonly rung: number; readonly channel: Channel }
  | { readonly type: 'notice.exhausted' }
  | { readonly type: 'notice.receipted'; readonly way: Way; readonly by: 'device' | 'person'; readonly enough: boolean }
  | ({ readonly type: 'notice.answered' } & Said<'notice.answer'>)

/** One way that was tried. */
export type Attempt = {
  readonly channel: Channel
  readonly sentAt: string | null
  readonly reference: string | null
  readonly failedAt: string | null
  readonly reason: string | null
  readonly receiptedAt: string | null
}
export type NoticeStatus = 'held' | 'ready' | 'sent' | 'receipted' | 'answered' | 'exhausted' | 'in-app'
export type Notice = Omit<Said<'notice.queue'>, 'item'> & {
  readonly items: readonly Item[]
  /** Items that came when the digest was full. */
  readonly more: number
  readonly status: NoticeStatus
  readonly queuedAt: string
  /** When it could first be sent: the delay of a delivery counts from here. */
  readonly readyAt: string | null
  readonly rung: number
  readonly attempts: readonly Attempt[]
  /** The first receipt of any kind. */
  readonly reachedAt: string | null
  readonly reachedBy: Way | null
  readonly answers: readonly (Said<'notice.answer'> & { readonly at: string })[]
}

const ANSWERS_MAX = 20
const ENDED: ReadonlySet<NoticeStatus> = new Set(['receipted', 'answered', 'exhausted'])
/** Whether nobody has it yet and it may still be told. */
export const isUntold = (state: Pick<Notice, 'status'>): boolean => !ENDED.has(state.status)

export const notice: Decider<Notice | null, NoticeCommand, NoticeEvent> = {
  initial: null,

  decide(state, command, by) {
    if (command.type === 'notice.queue') return queue(state, command)
    if (command.type === 'notice.test') {
      if (state !== null) return refuse('notice.already-queued')
      const { toPost, toOrganization, channel } = command
      const item = { about: { stream: `post/${toPost}`, position: '0', kind: 'notice.test' }, code: 'test', params: {} }
      const rest = { channels: [channel], notBefore: null, incidentId: null, jurisdiction: null, passedFrom: null, passes: 0 }
      return [{ type: 'notice.queued', toPost, toOrganization, urgency: 'routine', purpose: 'test', item, ...rest }]
    }
    if (state === null) return refuse('notice.unknown')
    return command.type === 'notice.receipt' || command.type === 'notice.answer' ? hear(state, command, by) : go(state, command, by)
  },

  evolve(state, event, stamp) {
    if (event.type === 'notice.queued') {
      const { type: _, item, ...said } = event
      const status = said.channels.length === 0 ? 'in-app' : said.notBefore !== null ? 'held' : 'ready'
      const readyAt = status === 'ready' ? stamp.recordedAt : null
      const nothing = { more: 0, rung: 0, attempts: [], reachedAt: null, reachedBy: null, answers: [] }
      return { ...said, ...nothing, items: [item], status, queuedAt: stamp.recordedAt, readyAt }
    }
    if (state === null) return state
    return progress(state, event, stamp.recordedAt)
  },
}

function queue(
  state: Notice | null,
  { type: _, ...said }: Extract<NoticeCommand, { type: 'notice.queue' }>,
): readonly NoticeEvent[] | Refusal {
  if (state === null) return [{ type: 'notice.queued', ...said }]
  if (state.purpose !== 'digest') return refuse('notice.already-queued')
  if (state.items.some((one) => one.about.position === said.item.about.position && one.code === said.item.code)) return []
  return state.status === 'held' || state.status === 'in-app'
    ? [{ type: 'notice.gathered', item: said.item }]
    : refuse('notice.already-sent')
}

type Go = Extract<NoticeCommand, { type: 'notice.release' | 'notice.send' | 'notice.fail' | 'notice.fall-back' }>

/** What the sender and the clock do. Told twice, or too late, it is nothing. */
function go(state: Notice, command: Go, by: By): readonly NoticeEvent[] {
  switch (command.type) {
    case 'notice.release':
      return state.status === 'held' && state.notBefore !== null && by.at >= state.notBefore ? [{ type: 'notice.released' }] : []
    case 'notice.send': {
      const { rung, reference } = command
      const channel = state.channels[rung]
      return state.status === 'ready' && rung === state.rung && channel !== undefined
        ? [{ type: 'notice.sent', rung, channel, reference }]
        : []
    }
    case 'notice.fail': {
      const { rung, reason } = command
      const channel = state.channels[rung]
      if ((state.status !== 'ready' && state.status !== 'sent') || rung !== state.rung || channel === undefined) return []
      return [{ type: 'notice.failed', rung, channel, reason }, next(state)]
    }
    case 'notice.fall-back': {
      const due = fallBackAt(state)
      return due === null || by.at < due || command.rung !== state.rung ? [] : [next(state)]
    }
    default:
      return unreachable(command)
  }
}

function next(state: Notice): NoticeEvent {
  const rung = state.rung + 1
  const channel = state.channels[rung]
  return channel === undefined ? { type: 'notice.exhausted' } : { type: 'notice.fell-back', rung, channel }
}

/** A receipt counts whenever it comes: one that comes after the next way was tried is still when the post was reached. */
function hear(
  state: Notice,
  command: Extract<NoticeCommand, { type: 'notice.receipt' | 'notice.answer' }>,
  { actor }: By,
): readonly NoticeEvent[] | Refusal {
  if (command.type === 'notice.answer') {
    const { type: _, ...said } = command
    return state.answers.length >= ANSWERS_MAX ? [] : [{ type: 'notice.answered', ...said }]
  }
  const { way, by } = command
  // What a channel says, only the channel says: else a post could show itself to be reachable.
  if (actor.kind === 'post' && (way !== 'app' || by !== 'person')) return refuse('notice.app-only')
  // Of a test somebody says that it came; what did not go out cannot have come.
  if (state.purpose === 'test' && way === 'app' && state.status !== 'sent') return refuse('notice.not-under-way')
  const enough = by === 'person' || state.purpose === 'test' || !needsPerson(state.urgency)
  const known = state.reachedAt !== null && (!enough || !isUntold(state))
  return known || state.status === 'answered' ? [] : [{ type: 'notice.receipted', way, by, enough }]
}

function progress(state: Notice, event: Exclude<NoticeEvent, { type: 'notice.queued' }>, at: string): Notice {
  const onRung = (rung: number, change: Partial<Attempt>): readonly Attempt[] => {
    const channel = state.channels[rung] ?? 'push'
    const fresh = { channel, sentAt: null, reference: null, failedAt: null, reason: null, receiptedAt: null }
    const before = state.attempts[rung] ?? fresh
    return [...state.attempts.slice(0, rung), { ...before, ...change }, ...state.attempts.slice(rung + 1)]
  }
  switch (event.type) {
    case 'notice.gathered':
      return state.items.length >= ITEMS_MAX ? { ...state, more: state.more + 1 } : { ...state, items: [...state.items, event.item] }
    case 'notice.released':
      return { ...state, status: 'ready', readyAt: at }
    case 'notice.sent':
      return { ...state, status: 'sent', attempts: onRung(event.rung, { sentAt: at, reference: event.reference }) }
    case 'notice.failed':
      return { ...state, attempts: onRung(event.rung, { failedAt: at, reason: event.reason }) }
    case 'notice.fell-back':
      return { ...state, status: 'ready', rung: event.rung }
    case 'notice.exhausted':
      return { ...state, status: 'exhausted' }
    case 'notice.receipted': {
      const rung = state.attempts.findIndex((one) => one.channel === event.way)
      const attempts = rung === -1 ? state.attempts : onRung(rung, { receiptedAt: at })
      const first = state.reachedAt === null ? { reachedAt: at, reachedBy: event.way } : {}
      return { ...state, ...first, attempts, status: event.enough ? 'receipted' : state.status }
    }
    case 'notice.answered': {
      const { type: _, ...said } = event
      const status = said.outcome === 'refused' ? state.status : 'answered'
      return { ...state, status, answers: [...state.answers, { ...said, at }] }
    }
    default:
      return unreachable(event)
  }
}

/** A test waits as long as a person may take to look; a notice as long as its urgency allows. */
const TEST_WAIT_MS = 30 * 60_000
function fallBackAt(state: Notice): string | null {
  const sentAt = state.attempts[state.rung]?.sentAt ?? null
  if (state.status !== 'sent' || sentAt === null) return null
  return fromMs(toMs(sentAt) + (state.purpose === 'test' ? TEST_WAIT_MS : waitMs(state.urgency)))
}

/** What time alone will do to it next. */
export function noticeTimer(
  state: Notice | null,
): { readonly at: string; readonly command: Extract<NoticeCommand, { type: 'notice.release' | 'notice.fall-back' }> } | null {
  if (state === null) return null
  if (state.status === 'held' && state.notBefore !== null) return { at: state.notBefore, command: { type: 'notice.release' } }
  const due = fallBackAt(state)
  return due === null ? null : { at: due, command: { type: 'notice.fall-back', rung: state.rung } }
}

export const noticeThing = (state: Notice | null, command: NoticeCommand): Thing => ({
  jurisdiction: state?.jurisdiction ?? null,
  owner: state?.toOrganization ?? ('toOrganization' in command ? command.toOrganization : null),
  parties: [],
})
