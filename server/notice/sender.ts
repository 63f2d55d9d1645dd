/** Sends what is ready and records what came of it: outside at least once, in the log once. */
import type { Channel, Urgency } from '#core/channel.ts'
import { Refusal } from '#core/decider.ts'
import type { Notice, NoticeCommand } from '#core/notice.ts'
import { idFrom } from '../clock.ts'
import type { World } from '../world.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Book, Desk } from './book.ts'
import { failed, type Letter, type Sent, type Way } from './channel.ts'
import type { Secrets } from './secrets.ts'
import { NOTICE } from './teller.ts'
import { noticeWords } from './words.ts'

const READY_MAX = 200
/** Letters of one channel under way at once. */
const AT_ONCE_MAX = 16
const RETRY_MS = 1000
/** How often the same way is tried before the next: where somebody waits, the next way is the better retry. */
const TRIES: Readonly<Record<Urgency, number>> = { flash: 1, urgent: 2, routine: 4 }
/** The last way of the ladder has no other after it. */
const LAST_TRIES = 5
const PAUSE_FIRST_MS = 1000
const PAUSE_SLOWEST_MS = 30_000
/** After so many failures in a row a channel counts as down, and what would take it falls back at once. */
const DOWN_AFTER = 3
const DOWN_FIRST_MS = 15_000
const DOWN_SLOWEST_MS = 10 * 60_000

/** How a channel does: after failures it rests, longer each time, and the first success forgets them. */
export class Health {
  #failures = 0
  #downUntil = 0
  #restMs = DOWN_FIRST_MS

  isDown(ms: number): boolean {
    return ms < this.#downUntil
  }

  note(ok: boolean, ms: number): void {
    if (ok) {
      this.#failures = 0
      this.#downUntil = 0
      this.#restMs = DOWN_FIRST_MS
      return
    }
    if (++this.#failures < DOWN_AFTER || this.isDown(ms)) return
    this.#downUntil = ms + this.#restMs
    this.#restMs = Math.min(this.#restMs * 2, DOWN_SLOWEST_MS)
  }
}

export type SenderParts = {
  readonly world: World
  readonly book: Book
  readonly secrets: Secrets
  readonly ways: ReadonlyMap<Channel, Way>
  readonly origin: string
  readonly onError: (error: unknown) => void
}

type Ready = { readonly id: string; readonly state: Notice }

/** What can be answered by 1 or 2: to the debtor, and not yet accepted. */
const ANSWERABLE: ReadonlySet<string> = new Set([
  'obligation-owed',
  'obligation-requested',
  'obligation-insisted',
  'obligation-unanswered',
  'obligation-unaccepted',
])
export const isAnswerable = (state: Notice): boolean => state.purpose === 'telling' && ANSWERABLE.has(state.items[0]?.code ?? '')

export class Sender {
  readonly #parts: SenderParts
  readonly #health = new Map<Channel, Health>()
  readonly #underWay = new Map<string, Promise<void>>()
  readonly #atOnce = new Map<Channel, number>()
  #woken = false
  #running: Promise<void> | null = null
  #stopped = false
  readonly #stop = new AbortController()

  constructor(parts: SenderParts) {
    this.#parts = parts
  }

  wake(): void {
    this.#woken = true
    if (this.#running !== null || this.#stopped) return
    this.#running = this.#run().finally(() => {
      this.#running = null
      if (this.#woken) this.wake()
    })
  }

  /** Waits for what is under way; what was not recorded is sent again by whoever comes next. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#stop.abort()
    await this.#running
    await Promise.all(this.#underWay.values())
  }

  async #run(): Promise<void> {
    while (this.#woken && !this.#stopped) {
      this.#woken = false
      try {
        for (const ready of await this.#ready()) this.#begin(ready)
      } catch (error) {
        this.#parts.onError(error)
        this.#woken = true
        await sleep(RETRY_MS, undefined, { ref: false })
      }
    }
  }

  #ready(): Promise<readonly Ready[]> {
    return this.#parts.world.sql<Ready[]>`
      select id, state from notice where ready and not (id = any(${[...this.#underWay.keys()]}::uuid[]))
      order by (urgency = 'flash') desc, (urgency = 'urgent') desc, queued_at, id limit ${READY_MAX}`
  }

  #begin({ id, state }: Ready): void {
    const channel = state.channels[state.rung]
    if (channel === undefined || this.#underWay.has(id)) return
    const busy = this.#atOnce.get(channel) ?? 0
    if (busy >= AT_ONCE_MAX) return // the next one that ends looks again
    this.#atOnce.set(channel, busy + 1)
    const sending = this.#send(id, state, channel)
      .catch(async (error: unknown) => {
        this.#parts.onError(error)
        await sleep(RETRY_MS, undefined, { ref: false })
      })
      .finally(() => {
        this.#underWay.delete(id)
        this.#atOnce.set(channel, (this.#atOnce.get(channel) ?? 1) - 1)
        this.wake()
      })
    this.#underWay.set(id, sending)
  }

  async #send(id: string, state: Notice, channel: Channel): Promise<void> {
    const { rung } = state
    const desk = await this.#parts.book.find(state.toPost)
    const address = desk?.contacts.find((one) => one.channel === channel)?.address
    const outcome =
      desk === null || address === undefined ? failed('no-contact', false) : await this.#try(id, state, channel, desk, address)
    if (!outcome.ok && outcome.reason === 'stopped') return
    if (!outcome.ok) return this.#record(id, { type: 'notice.fail', rung, reason: outcome.reason }, `failed|${rung}`)
    await this.#record(id, { type: 'notice.send', rung, reference: outcome.reference }, `sent|${rung}`)
    if (outcome.delivered) await this.#record(id, { type: 'notice.receipt', way: channel, by: 'device' }, `receipt|${channel}|device`)
  }

  async #try(id: string, state: Notice, channel: Channel, desk: Desk, address: string): Promise<Sent> {
    const { world, ways } = this.#parts
    const way = ways.get(channel)
    if (way === undefined) return failed('not-set-up', false)
    const health = this.#health.get(channel) ?? new Health()
    this.#health.set(channel, health)
    const letter = await this.#letter(id, state, desk)
    const last = state.rung === state.channels.length - 1 && state.purpose !== 'test'
    const tries = last ? LAST_TRIES : TRIES[state.urgency]
    let outcome: Sent = failed('channel-down', true)
    for (let tried = 0; tried < tries; tried++) {
      if (tried > 0 && !(await this.#pause(Math.min(PAUSE_FIRST_MS * 2 ** (tried - 1), PAUSE_SLOWEST_MS)))) return failed('stopped', true)
      if (health.isDown(world.clock.now())) {
        if (last) continue
        return failed('channel-down', true)
      }
      outcome = await way.send(address, letter)
      // An address that is refused says nothing about the channel.
      if (outcome.ok || outcome.again) health.note(outcome.ok, world.clock.now())
      if (outcome.ok || !outcome.again) return outcome
    }
    return outcome
  }

  /** False when it is cut short, because the server stops. */
  #pause(ms: number): Promise<boolean> {
    return sleep(ms, true, { ref: false, signal: this.#stop.signal }).catch(() => false)
  }

  async #letter(id: string, state: Notice, desk: Desk): Promise<Letter> {
    const { language, zone } = desk.hours
    return {
      noticeId: id,
      postId: desk.id,
      urgency: state.urgency,
      language,
      ...noticeWords(state, { language, zone }),
      code: await this.#parts.secrets.codeFor(id),
      answerable: isAnswerable(state),
      link: `${this.#parts.origin}${pathOf(state)}`,
    }
  }

  async #record(id: string, command: NoticeCommand, what: string): Promise<void> {
    const outcome = await this.#parts.world.handle({ room: 'notice', id, command, commandId: idFrom(`notice|${id}|${what}`), doer: NOTICE })
    if (outcome instanceof Refusal) throw new Error(`${command.type}: ${outcome.code}`)
  }
}

/** The page about it. */
function pathOf(state: Notice): string {
  const about = state.items[0]?.about.stream ?? ''
  const found = /^(?<room>obligation|incident|instrument|finding)\/(?<id>[\w.-]+)$/.exec(about)?.groups
  return state.purpose !== 'telling' || found === undefined ? '/notices' : `/${found.room}s/${found.id}`
}
