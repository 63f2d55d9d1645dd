/** Letters by SMTP, and the listener for answers to them. */
import { createTransport } from 'nodemailer'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import { smtpServer } from '../smtp.ts'
import { failed, SEND_TIMEOUT_MS, sent, type Heard, type Letter, type Sent, type Way } from './channel.ts'
import type { SmtpConfig } from './config.ts'
import { answerWords } from './words.ts'

const MESSAGE_MAX_BYTES = 1024 * 1024
const CONNECTIONS_MAX = 5
const CLIENTS_MAX = 20
const TEXT_MAX = 20_000

/** Where the quoted letter begins, in the ways that mail programs write it. */
const QUOTED = /^(?:>|On .+ wrote:|-{2,}\s*(?:Original Message|原始邮件)|_{5,}|(?:From|发件人)\s*[::]|在.+写道[::])/m

/** What was written, without the quoted letter below it. */
export const writtenPart = (text: string): string => {
  const at = text.search(QUOTED)
  return (at === -1 ? text : text.slice(0, at)).trim()
}

const isMachine = (mail: Email): boolean =>
  mail.headers.some(
    ({ key, value }) =>
      (key === 'auto-submitted' && value.toLowerCase() !== 'no') || (key === 'precedence' && /bulk|junk|list/i.test(value)),
  )

type Options = { readonly config: SmtpConfig; readonly onError: (error: unknown) => void }

export function emailWay({ config, onError }: Options): Way & { readonly listening: () => number | null } {
  const transport = createTransport({
    ...smtpServer(config.url, SEND_TIMEOUT_MS, 2 * SEND_TIMEOUT_MS),
    pool: true,
    maxConnections: CONNECTIONS_MAX,
  })
  let server: SMTPServer | null = null

  const send = async (to: string, letter: Letter): Promise<Sent> => {
    try {
      const done = await transport.sendMail({ ...mailOf(letter, config), to: { name: '', address: to } })
      return done.rejected.length > 0 ? failed('address-refused', false) : sent(done.messageId)
    } catch (error) {
      const { responseCode } = error as { responseCode?: number }
      return responseCode !== undefined && responseCode >= 500 ? failed(`smtp-${responseCode}`, false) : failed('no-connection', true)
    }
  }

  return {
    channel: 'email',
    send,
    async start(heard) {
      if (config.listen === null || config.replyTo === null) return
      server = listener(config.replyTo, async (mail) => {
        const said = await answerOf(mail, heard)
        if (said === null) return
        const subject = `Re: ${mail.subject ?? ''}`.slice(0, 200)
        const headers = { 'auto-submitted': 'auto-replied' }
        await transport.sendMail({
          from: config.from,
          to: { name: '', address: said.to },
          subject,
          text: said.text,
          headers,
          inReplyTo: mail.messageId ?? '',
        })
      })
      server.on('error', onError)
      const { host, port } = config.listen
      const opening = server
      await new Promise<void>((resolve, reject) => {
        opening.on('error', reject)
        opening.listen(port, host, resolve)
      })
    },
    listening: () => (server?.server.address() as { port: number } | null)?.port ?? null,
    async stop() {
      const open = server
      if (open !== null) await new Promise<void>((resolve) => open.close(() => resolve()))
      transport.close()
    },
  }
}

function mailOf(letter: Letter, config: SmtpConfig): Parameters<ReturnType<typeof createTransport>['sendMail']>[0] {
  const { title, text, link, code, language, urgency } = letter
  const answers = config.replyTo === null ? '' : `\n\n${answerWords(language, letter)}`
  return {
    from: config.from,
    ...(config.replyTo === null ? {} : { replyTo: config.replyTo }),
    subject: config.replyTo === null ? title : `${title} [${code}]`,
    text: `${title}\n\n${text}\n\n${link}${answers}\n`,
    headers: { 'auto-submitted': 'auto-generated', ...(urgency === 'routine' ? {} : { 'x-priority': '1', importance: 'high' }) },
  }
}

/** Gives the answer on, and what is to be written back; null where nothing is: to machines, and to whom we do not know. */
async function answerOf(mail: Email, heard: Heard): Promise<{ readonly to: string; readonly text: string } | null> {
  const from = mail.from?.address
  if (from === undefined || from === '' || isMachine(mail)) return null
  const whole = (mail.text ?? (mail.html ?? '').replaceAll(/<[^>]*>/g, ' ')).slice(0, TEXT_MAX)
  // The code stands in the subject or in what is quoted, the answer in what was written.
  const text = `${writtenPart(whole)}\n\n${mail.subject ?? ''}\n${whole}`
  const said = await heard.answer('email', from.toLowerCase(), text, mail.messageId ?? '')
  return said === null ? null : { to: from, text: said }
}

const refused = (why: string, responseCode: number): Error => Object.assign(new Error(why), { responseCode })

function listener(address: string, take: (mail: Email) => Promise<void>): SMTPServer {
  return new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH'],
    // It stands behind the mail server of the house, which speaks TLS to the world and checks who sends.
    hideSTARTTLS: true,
    size: MESSAGE_MAX_BYTES,
    maxClients: CLIENTS_MAX,
    closeTimeout: 1000,
    disableReverseLookup: true,
    onRcptTo(to, _, done) {
      done(to.address.toLowerCase() === address.toLowerCase() ? null : refused('no such address', 550))
    },
    onData(stream: SMTPServerDataStream, _: SMTPServerSession, done) {
      const parts: Buffer[] = []
      let bytes = 0
      stream.on('data', (part: Buffer) => {
        bytes += part.length
        if (bytes <= MESSAGE_MAX_BYTES) parts.push(part)
      })
      const finish = async (): Promise<void> => {
        if (stream.sizeExceeded || bytes > MESSAGE_MAX_BYTES) return done(refused('too large', 552))
        try {
          await take(await PostalMime.parse(Buffer.concat(parts)))
        } catch {
          return done(refused('try again', 451))
        }
        done(null)
      }
      stream.on('end', () => void finish())
    },
  })
}
