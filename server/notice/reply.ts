/** Answers by letter, message or key: what is meant, who says it, whether he may; recorded either way. */
import type { Channel } from '#core/channel.ts'
import { Refusal } from '#core/decider.ts'
import type { Notice, NoticeCommand } from '#core/notice.ts'
import { idFrom } from '../clock.ts'
import { readState } from '../keeping.ts'
import type { World } from '../world.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import { doerOf, isAddress, type Book, type Desk } from './book.ts'
import type { Heard } from './channel.ts'
import { isAnswerable } from './sender.ts'
import { CODE, type Secrets } from './secrets.ts'
import { NOTICE } from './teller.ts'
import { replyWords } from './words.ts'

const TEXT_MAX = 20_000
const REASON_MAX = 400
const OPEN_FOR_MS = 24 * 3_600_000
/** A receipt may overtake the record of what was sent. */
const LOOKS_MAX = 10
const LOOK_AGAIN_MS = 200

export type Meant = { readonly answer: '0' | '1' | '2' | null; readonly reason: string; readonly code: string | null }

/** `1 CODE`, `CODE 1`, `1`, `2 CODE why`; full-width digits and Chinese punctuation as people type them. */
export function meantBy(text: string): Meant {
  const plain = text.slice(0, TEXT_MAX).normalize('NFKC')
  const code = CODE.exec(plain.toUpperCase())?.[1] ?? null
  const line = (plain.split('\n').find((one) => one.trim() !== '') ?? '').trim()
  const bare = code === null ? line : line.replace(new RegExp(code, 'i'), ' ').trim()
  const found = /^["'“”「\s]*(?<answer>[012])(?![\d])["'“”」]?[\s,.:;、。,:-]*(?<reason>.*)$/s.exec(bare)?.groups
  return { answer: (found?.answer as Meant['answer']) ?? null, reason: (found?.reason ?? '').trim().slice(0, REASON_MAX), code }
}

export type ReplyParts = {
  readonly world: World
  readonly book: Book
  readonly secrets: Secrets
  readonly onError: (error: unknown) => void
  /** Takes a message that answers no notice; what is said back. Absent: such messages are dropped. */
  readonly elsewhere?: (from: string, text: string) => Promise<string | null>
}
type Case = {
  readonly id: string
  readonly state: Notice
  readonly desk: Desk
  readonly way: Channel
  readonly said: string
  readonly key: string
}

export class Replies implements Heard {
  readonly #parts: ReplyParts

  constructor(parts: ReplyParts) {
    this.#parts = parts
  }

  readonly receipt: Heard['receipt'] = async (channel, reference, by) => {
    const id = await this.#referred(channel, reference)
    if (id !== null) await this.#do(id, { type: 'notice.receipt', way: channel, by }, `receipt|${channel}|${by}`)
  }

  readonly failure: Heard['failure'] = async (channel, reference, reason) => {
    const id = await this.#referred(channel, reference)
    const state = id === null ? null : await this.#notice(id)
    if (id === null || state === null || state.channels[state.rung] !== channel) return
    await this.#do(
      id,
      { type: 'notice.fail', rung: state.rung, reason: reason.replaceAll(/[^a-z0-9.-]/g, '-').slice(0, 60) },
      `failed-later|${state.rung}`,
    )
  }

  /** The browser shows it, or somebody has touched it. Gives back whether the code was good. */
  async seen(code: string, by: 'device' | 'person'): Promise<boolean> {
    const found = await this.#parts.secrets.find(code)
    if (found === null || found.lapsed) return false
    await this.#do(found.noticeId, { type: 'notice.receipt', way: 'push', by }, `receipt|push|${by}`)
    return true
  }

  readonly answer: Heard['answer'] = async (channel, from, text, messageId, given) => {
    const { book, secrets } = this.#parts
    const senders = await book.at(channel, from)
    const language = senders[0]?.hours.language ?? 'zh-CN'
    // Whom we do not know gets no letter from us: his address may be another's.
    const back = (what: string, code = ''): string | null => (senders.length === 0 ? null : replyWords(what, language, code))
    const meant = meantBy(text)
    const code = given ?? meant.code
    const found = code === null ? await this.#onlyOpen(channel, senders) : await secrets.find(code)
    if (found === null && channel === 'sms' && meant.answer === null && this.#parts.elsewhere !== undefined)
      return this.#parts.elsewhere(from, text)
    if (found === null) return back('no-code')
    const state = await this.#notice(found.noticeId)
    const desk = state === null ? null : await book.find(state.toPost)
    if (state === null || desk === null) return back('no-code')
    const said = (code === null ? text : text.replaceAll(new RegExp(code, 'gi'), '…')).trim().split('\n')[0]?.slice(0, REASON_MAX) ?? ''
    const one: Case = { id: found.noticeId, state, desk, way: channel, said, key: `${channel}|${messageId}|${said}` }
    const own = desk.contacts.some((contact) => contact.channel === channel && isAddress(contact, from))
    const no = !own
      ? 'foreign-code'
      : found.lapsed
        ? 'code-lapsed'
        : meant.answer === null
          ? 'not-understood'
          : meant.answer === '2' && meant.reason === ''
            ? 'no-reason'
            : null
    if (no !== null) {
      await this.#record(one, 'refused', `notice.${no}`)
      return back(no)
    }
    return back(...(await this.#take(one, meant)))
  }

  /** The answer of the post that was told: received, accepted or declined as anybody would in the pages. */
  async #take(one: Case, { answer, reason }: Meant): Promise<[what: string, code?: string]> {
    const about = one.state.items[0]?.about.stream ?? ''
    if (answer === '0' || !isAnswerable(one.state) || !about.startsWith('obligation/')) {
      await this.#record(one, 'received', null)
      return [answer === '0' ? 'received' : 'not-an-obligation']
    }
    const command =
      answer === '1' ? { type: 'obligation.accept', ...(reason === '' ? {} : { note: reason }) } : { type: 'obligation.decline', reason }
    const outcome = await this.#parts.world.handle({
      room: 'obligation',
      id: about.slice('obligation/'.length),
      command,
      commandId: idFrom(`notice|reply|${one.id}|${one.key}`),
      doer: doerOf(one.desk),
    })
    if (outcome instanceof Refusal) {
      await this.#record(one, 'refused', outcome.code)
      return ['not-allowed', outcome.code]
    }
    const what = answer === '1' ? 'accepted' : 'declined'
    await this.#record(one, what, null)
    return [what]
  }

  async #record(
    { id, way, said, key }: Case,
    outcome: 'received' | 'accepted' | 'declined' | 'refused',
    refusal: string | null,
  ): Promise<void> {
    if (outcome !== 'refused') await this.#do(id, { type: 'notice.receipt', way, by: 'person' }, `receipt|${way}|person`)
    await this.#do(id, { type: 'notice.answer', way, text: said, outcome, refusal }, `answer|${key}`)
  }

  /** Without a code: the one notice that this address was sent within a day and has not answered. */
  async #onlyOpen(channel: Channel, senders: readonly Desk[]): Promise<{ readonly noticeId: string; readonly lapsed: boolean } | null> {
    if (channel !== 'sms' || senders.length === 0) return null
    const { world } = this.#parts
    const since = new Date(world.clock.now() - OPEN_FOR_MS).toISOString()
    const rows = await world.sql<{ id: string }[]>`
      select id from notice where to_post = any(${senders.map((desk) => desk.id)}::uuid[]) and queued_at >= ${since} and status <> 'answered'
      and exists (select from unnest(sent_references) as r where r like 'sms %') order by id limit 2`
    const [only] = rows
    return rows.length === 1 && only !== undefined ? { noticeId: only.id, lapsed: false } : null
  }

  async #referred(channel: Channel, reference: string): Promise<string | null> {
    for (let looks = 0; looks < LOOKS_MAX; looks++) {
      if (looks > 0) await sleep(LOOK_AGAIN_MS, undefined, { ref: false })
      const [row] = await this.#parts.world.sql<{ id: string }[]>`
        select id from notice where sent_references @> array[${`${channel} ${reference}`}]::text[] order by queued_at desc limit 1`
      if (row) return row.id
    }
    return null
  }

  #notice(id: string): Promise<Notice | null> {
    return readState(this.#parts.world.sql, 'notice', id)
  }

  async #do(id: string, command: NoticeCommand, what: string): Promise<void> {
    const outcome = await this.#parts.world.handle({ room: 'notice', id, command, commandId: idFrom(`notice|${id}|${what}`), doer: NOTICE })
    if (outcome instanceof Refusal) this.#parts.onError(new Error(`${command.type}: ${outcome.code}`))
  }
}
