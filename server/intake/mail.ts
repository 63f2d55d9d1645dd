/** Letters to one address are reports: a listener behind the house's mail server, off unless the operator sets it up. */
import { createHash } from 'node:crypto'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server'
import { Refusal } from '#core/decider.ts'
import { codeShown, MEDIA_MAX } from '#core/intake.ts'
import { fromMs } from '#core/time.ts'
import { Limiter } from '../session/limit.ts'
import type { IntakeConfig } from './config.ts'
import type { Reception } from './receive.ts'
import { receivedWords } from './words.ts'

const LETTER_MAX_BYTES = 26 * 1024 * 1024
const TEXT_MAX = 4000
const CLIENTS_MAX = 20
/** Letters of one sender in a minute; more is answered with “try again later”, so that its mail server keeps them. */
const SENDER_PER_MINUTE = 20
const NESTING_MAX = 20

export type MailParts = {
  readonly reception: Reception
  readonly config: NonNullable<IntakeConfig['mail']>
  readonly call: string
  /** Writes back; absent where no mail server is set up. */
  readonly answer?: (to: string, subject: string, text: string) => Promise<void>
  readonly onError: (error: unknown) => void
}

const refused = (why: string, responseCode: number): Error => Object.assign(new Error(why), { responseCode })

/** Where a mail program begins to quote or to sign. */
const TAIL = /^(?:-- $|>|On .+ wrote:|-{2,}\s*(?:Original Message|原始邮件)|_{5,}|(?:From|发件人)\s*[:：])/m

function textOf(mail: Email): string {
  const whole =
    mail.text ?? (mail.html ?? '').replaceAll(/<(?:style|script)\b[\s\S]*?<\/(?:style|script)>/gi, ' ').replaceAll(/<[^>]*>/g, ' ')
  const at = whole.search(TAIL)
  const said = (at > 0 ? whole.slice(0, at) : whole).trim()
  return [mail.subject?.trim() ?? '', said]
    .filter((one) => one !== '')
    .join('\n')
    .slice(0, TEXT_MAX)
}

const isMachine = (mail: Email): boolean =>
  mail.headers.some(
    ({ key, value }) =>
      (key === 'auto-submitted' && value.toLowerCase() !== 'no') || (key === 'precedence' && /bulk|junk|list/i.test(value)),
  )

/** A line `地点：…` or `Place: …` says where; without one, the first line of the letter has to do. */
export function placeIn(text: string): string {
  const said = /^\s*(?:地点|位置|地址|place|where|location)\s*[:：]\s*(?<place>.+)$/im.exec(text)?.groups?.place
  const [first = ''] = text.split('\n').filter((one) => one.trim() !== '')
  return (said ?? first).trim().slice(0, 200)
}

export class MailDesk {
  readonly #parts: MailParts
  readonly #senders = new Limiter(SENDER_PER_MINUTE)
  #server: SMTPServer | null = null

  constructor(parts: MailParts) {
    this.#parts = parts
  }

  async start(): Promise<void> {
    const { config, onError } = this.#parts
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH'],
      // It stands behind the mail server of the house, which speaks TLS to the world and checks who sends.
      hideSTARTTLS: true,
      size: LETTER_MAX_BYTES,
      maxClients: CLIENTS_MAX,
      closeTimeout: 1000,
      disableReverseLookup: true,
      onRcptTo: ({ address }, _, done) =>
        done(address.toLowerCase() === config.address.toLowerCase() ? null : refused('no such address', 550)),
      onData: (stream, session, done) => {
        const from = session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address.toLowerCase()
        void this.#answer(stream, from, done)
      },
    })
    server.on('error', onError)
    this.#server = server
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(config.port, config.host, resolve)
    })
  }

  get port(): number | null {
    return (this.#server?.server.address() as { port: number } | null)?.port ?? null
  }

  async stop(): Promise<void> {
    const server = this.#server
    if (server !== null) await new Promise<void>((resolve) => server.close(() => resolve()))
  }

  async #answer(stream: SMTPServerDataStream, from: string, done: (error?: Error | null) => void): Promise<void> {
    try {
      done(await this.#read(stream, from))
    } catch (error) {
      this.#parts.onError(error)
      done(refused('try again', 451))
    }
  }

  /** Acknowledged only after it was recorded: what we lose, the mail server sends again. */
  async #read(stream: SMTPServerDataStream, from: string): Promise<Error | null> {
    const parts: Buffer[] = []
    let bytes = 0
    for await (const part of stream as AsyncIterable<Buffer>) {
      bytes += part.length
      if (bytes <= LETTER_MAX_BYTES) parts.push(part)
    }
    if (stream.sizeExceeded || bytes > LETTER_MAX_BYTES) return refused('too large', 552)
    if (this.#senders.take(from, this.#parts.reception.world.clock.now()) > 0) return refused('too many letters; try again later', 451)
    const raw = Buffer.concat(parts)
    const mail = await PostalMime.parse(raw, { attachmentEncoding: 'arraybuffer', maxNestingDepth: NESTING_MAX }).catch(() => null)
    return mail === null ? refused('not a letter', 554) : this.#take(mail, raw)
  }

  async #take(mail: Email, raw: Buffer): Promise<Error | null> {
    const { reception, call, answer, onError } = this.#parts
    const text = textOf(mail)
    if (text === '') return refused('the letter says nothing', 554)
    const from = mail.from?.address ?? ''
    const sent = mail.date === undefined ? Number.NaN : Date.parse(mail.date)
    const files = mail.attachments
      .slice(0, MEDIA_MAX * 2)
      .map(({ content }) => (typeof content === 'string' ? Buffer.from(content) : Buffer.from(new Uint8Array(content))))
    const outcome = await reception.take({
      key: mail.messageId ?? createHash('sha256').update(raw).digest('hex'),
      channel: 'email',
      text,
      place: { name: placeIn(text), lat: null, lon: null },
      contact: from === '' ? null : `${mail.from?.name ?? ''} <${from}>`.trim(),
      files,
      ...(Number.isNaN(sent) ? {} : { originalAt: fromMs(sent) }),
    })
    if (outcome instanceof Refusal) return refused(outcome.code, 451)
    if (answer !== undefined && from !== '' && !isMachine(mail)) {
      const words = receivedWords('zh-CN', codeShown(outcome.code), `${reception.origin}/public/report/status`, call)
      // The report is taken down; that the answer does not get there changes nothing of it.
      await answer(from, `Re: ${mail.subject ?? ''}`.slice(0, 200), `${words}\n`).catch(onError)
    }
    return null
  }
}
