/** The channels that the operator has set up, from the environment. None set: a notice stands in the pages only. */
import { StartupProblem } from '../config.ts'

export type SmtpConfig = {
  readonly url: string
  readonly from: string
  /** Where answers go; without it the letter says that answers are not read. */
  readonly replyTo: string | null
  /** `host:port` of our own listener for answers, to which the mail server of that address delivers. */
  readonly listen: { readonly host: string; readonly port: number } | null
}
export type SmppConfig = {
  readonly host: string
  readonly port: number
  readonly tls: boolean
  readonly system: string
  readonly password: string
  readonly from: string
}
export type VoiceConfig = { readonly url: string; readonly secret: string }
export type NoticeConfig = {
  readonly smtp: SmtpConfig | null
  readonly smpp: SmppConfig | null
  readonly voice: VoiceConfig | null
  /** `mailto:` or `https:` of who runs this node: push services write there when something is wrong. */
  readonly pushContact: string | null
  readonly webhooks: boolean
  /** Webhooks and push services inside the own network, which are refused otherwise. */
  readonly allowPrivate: boolean
  /** Where the pages are, for links. */
  readonly origin: string
}

type Environment = Readonly<Record<string, string | undefined>>

const EMAIL = /^[^\s@<>"]{1,64}@[A-Za-z0-9.-]{1,253}$/

function wrong(name: string, words: string, example: string): StartupProblem {
  return new StartupProblem(
    'config.invalid',
    `The environment variable ${name} must be ${words}.`,
    `export ${name}=${example}    # or: unset ${name}`,
  )
}

const given = (environment: Environment, name: string): string | null => environment[name] || null

function urlOf(environment: Environment, name: string, protocols: RegExp, words: string, example: string): URL | null {
  const text = given(environment, name)
  if (text === null) return null
  if (!URL.canParse(text) || !protocols.test(new URL(text).protocol)) throw wrong(name, words, example)
  return new URL(text)
}

function flag(environment: Environment, name: string, byDefault: boolean): boolean {
  const text = given(environment, name) ?? (byDefault ? '1' : '0')
  if (text !== '0' && text !== '1') throw wrong(name, '0 or 1', '1')
  return text === '1'
}

function address(environment: Environment, name: string): string | null {
  const text = given(environment, name)
  if (text !== null && !EMAIL.test(text)) throw wrong(name, 'an e-mail address', 'muster@example.org')
  return text
}

function smtp(environment: Environment): SmtpConfig | null {
  const url = urlOf(
    environment,
    'MUSTER_SMTP_URL',
    /^smtps?:$/,
    'the address of a mail server',
    'smtp://name:password@mail.example.org:587',
  )
  if (url === null) return null
  const from = address(environment, 'MUSTER_MAIL_FROM')
  if (from === null) throw wrong('MUSTER_MAIL_FROM', 'an e-mail address, when MUSTER_SMTP_URL is set', 'muster@example.org')
  const text = given(environment, 'MUSTER_MAIL_LISTEN')
  const found = text === null ? null : /^(?<host>\[[0-9a-f:]+\]|[\w.-]+):(?<port>\d{1,5})$/.exec(text)
  if (text !== null && !found) throw wrong('MUSTER_MAIL_LISTEN', 'host:port', '127.0.0.1:2525')
  const listen = found?.groups ? { host: (found.groups.host ?? '').replace(/^\[|\]$/g, ''), port: Number(found.groups.port) } : null
  return { url: url.href, from, replyTo: address(environment, 'MUSTER_MAIL_REPLY_TO'), listen }
}

function smpp(environment: Environment): SmppConfig | null {
  const example = 'smpp://system:password@gateway.example.org:2775'
  const url = urlOf(environment, 'MUSTER_SMPP_URL', /^(?:smpp|ssmpp):$/, 'the address of an SMPP gateway', example)
  if (url === null) return null
  const from = given(environment, 'MUSTER_SMS_FROM')
  if (from === null || !/^\w{3,15}$/.test(from))
    throw wrong('MUSTER_SMS_FROM', 'the number or name that messages come from, when MUSTER_SMPP_URL is set', '106900000000')
  const tls = url.protocol === 'ssmpp:'
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || (tls ? 3550 : 2775)),
    tls,
    system: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    from,
  }
}

function voice(environment: Environment): VoiceConfig | null {
  const url = urlOf(environment, 'MUSTER_VOICE_URL', /^https?:$/, 'the address of a voice gateway', 'https://voice.example.org/calls')
  if (url === null) return null
  const secret = given(environment, 'MUSTER_VOICE_SECRET')
  if (secret === null || secret.length < 16)
    throw wrong('MUSTER_VOICE_SECRET', 'at least 16 characters, when MUSTER_VOICE_URL is set', '"$(openssl rand -hex 16)"')
  return { url: url.href, secret }
}

/** Reads what the channels need. A bad or missing value throws a StartupProblem that names the variable and never its value. */
export function readNoticeConfig(origin: string, environment: Environment = process.env): NoticeConfig {
  const pushContact = urlOf(environment, 'MUSTER_PUSH_CONTACT', /^(?:mailto|https):$/, 'mailto: or https:', 'mailto:muster@example.org')
  return {
    smtp: smtp(environment),
    smpp: smpp(environment),
    voice: voice(environment),
    pushContact: pushContact === null ? null : pushContact.href,
    webhooks: flag(environment, 'MUSTER_WEBHOOKS', false),
    allowPrivate: flag(environment, 'MUSTER_NOTICE_ALLOW_PRIVATE', false),
    origin,
  }
}

export const NO_CHANNELS: Omit<NoticeConfig, 'origin'> = {
  smtp: null,
  smpp: null,
  voice: null,
  pushContact: null,
  webhooks: false,
  allowPrivate: false,
}
