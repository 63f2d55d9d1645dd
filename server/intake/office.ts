/** What takes reports in from outside: the public page's reception on every server, the mail listener on the one on duty. */
import { createTransport } from 'nodemailer'
import type { Database } from '../database.ts'
import { Duty } from '../duty.ts'
import { smtpServer } from '../smtp.ts'
import type { World } from '../world.ts'
import type { IntakeConfig } from './config.ts'
import { Keeper } from './keeper.ts'
import { MailDesk } from './mail.ts'
import { Reception } from './receive.ts'
import { messagesOf, type TakesMessages } from './sms.ts'

const TIMEOUT_MS = 10_000

export type IntakeOfficeParts = {
  readonly world: World
  readonly database: Database
  readonly config: IntakeConfig
  /** By which answers to letters go out; null: none do. */
  readonly smtp: { readonly url: string; readonly from: string } | null
  readonly origin: string
  readonly onError: (error: unknown) => void
}

export class IntakeOffice {
  readonly config: IntakeConfig
  readonly reception: Reception
  readonly takesMessages: TakesMessages
  readonly #duty: Duty
  #desk: MailDesk | null = null

  constructor(parts: IntakeOfficeParts) {
    const { world, database, config, origin, onError } = parts
    this.config = config
    this.reception = new Reception(world, { home: config.home, origin })
    this.takesMessages = messagesOf(this.reception, config.call)
    this.#duty = new Duty({ database, schema: world.schema, name: 'intake', onError, begin: () => this.#begin(parts) })
  }

  /** The port of the mail listener, while this server runs it. */
  get mailPort(): number | null {
    return this.#desk?.port ?? null
  }

  start(): Promise<void> {
    return this.#duty.start()
  }

  stop(): Promise<void> {
    return this.#duty.stop()
  }

  async #begin({ world, config, smtp, onError }: IntakeOfficeParts): Promise<() => Promise<void>> {
    const keeper = new Keeper(world, onError)
    await keeper.start()
    const answering = smtp === null || config.mail === null ? null : answers(smtp)
    if (config.mail !== null) {
      this.#desk = new MailDesk({
        reception: this.reception,
        config: config.mail,
        call: config.call,
        onError,
        ...(answering === null ? {} : { answer: answering.send }),
      })
      // A port that is taken leaves the page and the messages be.
      await this.#desk.start().catch(onError)
    }
    return async () => {
      await this.#desk?.stop()
      this.#desk = null
      answering?.close()
      await keeper.stop()
    }
  }
}

function answers({ url, from }: { readonly url: string; readonly from: string }): {
  readonly send: (to: string, subject: string, text: string) => Promise<void>
  readonly close: () => void
} {
  const transport = createTransport(smtpServer(url, TIMEOUT_MS))
  return {
    async send(to, subject, words) {
      const headers = { 'auto-submitted': 'auto-replied' }
      await transport.sendMail({ from, to: { name: '', address: to }, subject, text: words, headers })
    },
    close: () => transport.close(),
  }
}
