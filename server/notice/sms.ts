/** Short messages over SMPP 3.4: submitted, receipted by the network, answered by hand. */
import smpp, { type Pdu, type Session } from 'smpp'
import { failed, SEND_TIMEOUT_MS, sent, type Heard, type Letter, type Sent, type Way } from './channel.ts'
import type { SmppConfig } from './config.ts'
import { Parts } from './parts.ts'
import { answerWords } from './words.ts'

const LINK_EVERY_MS = 30_000
const AGAIN_FIRST_MS = 1000
const AGAIN_SLOWEST_MS = 60_000
/** UCS-2 characters of one message, and of a part of a longer one (3GPP TS 23.040). */
const ALONE_MAX = 70
const PART_MAX = 67
const PARTS_MAX = 6
const UCS2 = 8
const DELIVERED = 2

/** The text in parts, each with its header where there are several. Characters of two units are never torn. */
export function partsOf(text: string, reference: number): readonly { readonly udh?: Buffer; readonly message: string }[] {
  if (text.length <= ALONE_MAX) return [{ message: text }]
  const parts: string[] = []
  for (let at = 0; at < text.length && parts.length < PARTS_MAX;) {
    const end = at + PART_MAX
    const torn = end < text.length && (text.charCodeAt(end - 1) & 0xfc00) === 0xd800
    parts.push(text.slice(at, torn ? end - 1 : end))
    at = torn ? end - 1 : end
  }
  return parts.map((message, i) => ({ udh: Buffer.from([5, 0, 3, reference & 0xff, parts.length, i + 1]), message }))
}

const ANSWER_ROOM = 90
/** Kept short: the words first, then how to answer; the page holds the rest. */
function textOf(letter: Letter): string {
  const room = PARTS_MAX * PART_MAX - ANSWER_ROOM
  const said = `【联动 Muster】${letter.title}${letter.text === '' ? '' : `\n${letter.text}`}`
  return `${said.length > room ? `${said.slice(0, room - 1)}…` : said}\n${answerWords(letter.language, letter)}`
}

const wordsOf = (pdu: Pdu): string => {
  const said = pdu.short_message?.message ?? pdu.message_payload?.message ?? ''
  return typeof said === 'string' ? said : said.toString('utf8')
}

/** A delivery receipt: which message, and whether the handset has it. Null for anything else. */
function receiptOf(pdu: Pdu): { readonly reference: string; readonly delivered: boolean; readonly stat: string } | null {
  if (((pdu.esm_class ?? 0) & 0x3c) !== 0x04) return null
  const text = wordsOf(pdu)
  const reference = pdu.receipted_message_id ?? /\bid:(\S+)/.exec(text)?.[1]
  const stat = /\bstat:(\w+)/.exec(text)?.[1] ?? (pdu.message_state === DELIVERED ? 'DELIVRD' : 'UNKNOWN')
  return reference === undefined ? null : { reference: reference.replaceAll('\0', ''), delivered: stat === 'DELIVRD', stat }
}
/** On the way still; neither a receipt nor a failure. */
const UNDECIDED: ReadonlySet<string> = new Set(['ENROUTE', 'ACCEPTD', 'UNKNOWN'])

type Options = { readonly config: SmppConfig; readonly onError: (error: unknown) => void }

export function smsWay(options: Options): Way {
  const line = new Line(options)
  return {
    channel: 'sms',
    send: (to, letter) => line.send(to, textOf(letter)),
    start: (heard) => line.start(heard),
    stop: () => line.stop(),
  }
}

/** One bound connection, made again when it breaks. */
class Line {
  readonly #options: Options
  #session: Session | null = null
  #bound = false
  #heard: Heard | null = null
  #again: NodeJS.Timeout | null = null
  #alive: NodeJS.Timeout | null = null
  #waitMs = AGAIN_FIRST_MS
  #stopped = false
  #reference = 0
  readonly #hearing = new Set<Promise<void>>()
  readonly #parts = new Parts()

  constructor(options: Options) {
    this.#options = options
  }

  async start(heard: Heard): Promise<void> {
    this.#heard = heard
    this.#connect()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    if (this.#again !== null) clearTimeout(this.#again)
    if (this.#alive !== null) clearInterval(this.#alive)
    await Promise.all(this.#hearing)
    this.#session?.destroy()
  }

  #connect(): void {
    const { host, port, tls, system, password } = this.#options.config
    const session = smpp.connect({ host, port, tls })
    this.#session = session
    session.on(tls ? 'secureConnect' : 'connect', () => {
      session.bind_transceiver({ system_id: system, password, interface_version: 0x34 }, (pdu) => {
        if (pdu.command_status !== smpp.ESME_ROK) {
          this.#options.onError(new Error(`the SMPP gateway refused to bind: status ${pdu.command_status}`))
          return session.destroy()
        }
        this.#bound = true
        this.#waitMs = AGAIN_FIRST_MS
      })
    })
    session.on('deliver_sm', (pdu: Pdu) => {
      const hearing = this.#deliver(session, pdu)
        .catch(this.#options.onError)
        .finally(() => this.#hearing.delete(hearing))
      this.#hearing.add(hearing)
    })
    session.on('enquire_link', (pdu: Pdu) => session.send(pdu.response()))
    session.on('error', () => session.destroy())
    session.on('close', () => this.#lost(session))
    if (this.#alive !== null) clearInterval(this.#alive)
    this.#alive = setInterval(() => this.#bound && session.enquire_link(), LINK_EVERY_MS)
    this.#alive.unref()
  }

  #lost(session: Session): void {
    if (session !== this.#session || this.#stopped) return
    this.#session = null
    this.#bound = false
    this.#again = setTimeout(() => this.#connect(), this.#waitMs)
    this.#again.unref()
    this.#waitMs = Math.min(this.#waitMs * 2, AGAIN_SLOWEST_MS)
  }

  /** All parts, in order; the reference is that of the last, after which the message is whole. */
  async send(to: string, text: string, receipted = true): Promise<Sent> {
    let reference: string | null = null
    const parts = partsOf(text, ++this.#reference)
    for (const [i, part] of parts.entries()) {
      const outcome = await this.#submit(to, part, receipted && i === parts.length - 1)
      if (!outcome.ok) return outcome
      reference = outcome.reference
    }
    return sent(reference)
  }

  #submit(to: string, part: { readonly udh?: Buffer; readonly message: string }, receipted: boolean): Promise<Sent> {
    const session = this.#session
    if (session === null || !this.#bound) return Promise.resolve(failed('no-connection', true))
    const fields = {
      source_addr: this.#options.config.from,
      destination_addr: to.replace(/^\+/, ''),
      dest_addr_ton: to.startsWith('+') ? 1 : 0,
      dest_addr_npi: 1,
      registered_delivery: receipted ? 1 : 0,
      data_coding: UCS2,
      short_message: part,
    }
    return new Promise((settle) => {
      const timeout = setTimeout(() => settle(failed('no-answer', true)), SEND_TIMEOUT_MS)
      session.submit_sm(fields, (pdu) => {
        clearTimeout(timeout)
        const { command_status: status } = pdu
        if (status === smpp.ESME_ROK) settle(sent(pdu.message_id ?? null))
        else settle(failed(`smpp-${status}`, status === smpp.ESME_RTHROTTLED || status === smpp.ESME_RMSGQFUL))
      })
    })
  }

  /** Acknowledged only after it was recorded: what we lose, the gateway sends again. */
  async #deliver(session: Session, pdu: Pdu): Promise<void> {
    const heard = this.#heard
    if (heard === null) return
    const receipt = receiptOf(pdu)
    if (receipt?.delivered === true) await heard.receipt('sms', receipt.reference, 'device')
    else if (receipt !== null && !UNDECIDED.has(receipt.stat))
      await heard.failure('sms', receipt.reference, `sms-${receipt.stat.toLowerCase()}`)
    if (receipt === null) {
      const from = pdu.source_addr ?? ''
      // A part is acknowledged as it comes: a gateway may wait for that before it sends the next.
      const whole = this.#parts.put(from, pdu.short_message?.udh, wordsOf(pdu))
      const back = whole === null ? null : await heard.answer('sms', from, whole, '')
      session.send(pdu.response())
      if (back !== null) await this.send(from, back, false)
    } else session.send(pdu.response())
  }
}
