/**
 * Webhooks: a POST signed with the endpoint's key, in the shape that the receiver understands. Generic receivers check
 * `webhook-signature: v1,base64(HMAC-SHA256(key, "<webhook-id>.<webhook-timestamp>.<body>"))` and refuse old timestamps.
 */
import { createHmac } from 'node:crypto'
import { z } from 'zod/mini'
import type { Clock } from '../clock.ts'
import { failed, sent, type Letter, type Sent, type Way } from './channel.ts'
import { call, whyNot, whyStatus } from './outbound.ts'
import type { Endpoint, Secrets } from './secrets.ts'

export const Shape = z.enum(['generic', 'wecom', 'dingtalk', 'feishu', 'slack'])
export type Shape = z.infer<typeof Shape>

type Post = { readonly url: string; readonly headers: Readonly<Record<string, string>>; readonly body: string }
const hmac = (key: string | Buffer, text: string): string => createHmac('sha256', key).update(text).digest('base64')
const json = { 'content-type': 'application/json; charset=utf-8' }

/** `whsec_` and base64, as receivers of that convention hand it out; any other text is the key itself. */
const keyOf = (secret: string): Buffer => (secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret))

type Parts = { readonly endpoint: Endpoint; readonly letter: Letter; readonly ms: number }
const plain = ({ title, text, link }: Letter): string => [title, text, link].filter((one) => one !== '').join('\n')
/** Markdown of group robots: nothing in the words may begin a link or a mention. */
const calm = (text: string): string => text.replaceAll(/[[\]<>@`*_]/g, ' ')
const marked = ({ title, text, link }: Letter): string => `**${calm(title)}**\n\n${calm(text)}\n\n[${link}](${link})`

const POSTS: Readonly<Record<Shape, (parts: Parts) => Post>> = {
  generic({ endpoint, letter, ms }) {
    const { noticeId, urgency, title, text, link } = letter
    const body = JSON.stringify({
      type: 'notice',
      timestamp: new Date(ms).toISOString(),
      data: { id: noticeId, urgency, title, text, link },
    })
    const timestamp = String(Math.floor(ms / 1000))
    const signature = `v1,${hmac(keyOf(endpoint.secret), `${noticeId}.${timestamp}.${body}`)}`
    return {
      url: endpoint.url,
      headers: { ...json, 'webhook-id': noticeId, 'webhook-timestamp': timestamp, 'webhook-signature': signature },
      body,
    }
  },
  wecom: ({ endpoint, letter }) => ({
    url: endpoint.url,
    headers: json,
    body: JSON.stringify({ msgtype: 'markdown', markdown: { content: marked(letter) } }),
  }),
  dingtalk({ endpoint, letter, ms }) {
    const url = new URL(endpoint.url)
    if (endpoint.secret !== '') {
      url.searchParams.set('timestamp', String(ms))
      url.searchParams.set('sign', hmac(endpoint.secret, `${ms}\n${endpoint.secret}`))
    }
    return {
      url: url.href,
      headers: json,
      body: JSON.stringify({ msgtype: 'markdown', markdown: { title: calm(letter.title), text: marked(letter) } }),
    }
  },
  feishu({ endpoint, letter, ms }) {
    const timestamp = String(Math.floor(ms / 1000))
    // Here the text to sign is the key, and nothing is signed with it.
    const signed = endpoint.secret === '' ? {} : { timestamp, sign: hmac(`${timestamp}\n${endpoint.secret}`, '') }
    return { url: endpoint.url, headers: json, body: JSON.stringify({ ...signed, msg_type: 'text', content: { text: plain(letter) } }) }
  },
  slack: ({ endpoint, letter }) => ({
    url: endpoint.url,
    headers: json,
    body: JSON.stringify({ text: plain(letter).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;') }),
  }),
}

/** Robots answer 200 with a code of their own that says whether it was taken. */
function taken(shape: Shape, body: string): boolean {
  if (shape === 'generic' || shape === 'slack') return true
  try {
    const said = JSON.parse(body) as { errcode?: number; code?: number; StatusCode?: number }
    return (said.errcode ?? said.code ?? said.StatusCode) === 0
  } catch {
    return false
  }
}

/** The request as it goes out; `ms` is when. */
export const webhookPost = (parts: Parts): Post => POSTS[Shape.parse(parts.endpoint.shape)](parts)

export function webhookWay({
  secrets,
  clock,
  allowPrivate,
}: {
  readonly secrets: Secrets
  readonly clock: Clock
  readonly allowPrivate: boolean
}): Way {
  return {
    channel: 'webhook',
    async send(to, letter): Promise<Sent> {
      const endpoint = await secrets.endpoint(to)
      if (endpoint === null) return failed('no-address', false)
      const { url, headers, body } = webhookPost({ endpoint, letter, ms: clock.now() })
      try {
        const answer = await call(url, { headers, body, allowPrivate })
        if (answer.status < 200 || answer.status > 299) {
          const { reason, again } = whyStatus(answer.status)
          return failed(reason, again)
        }
        return taken(Shape.parse(endpoint.shape), answer.body) ? sent(null, true) : failed('not-taken', false)
      } catch (error) {
        const { reason, again } = whyNot(error)
        return failed(reason, again)
      }
    },
    stop: async () => {},
  }
}
