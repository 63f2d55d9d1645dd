/**
 * Calls through a voice gateway over HTTP: POST <url> {reference, to, language, words, keys} → {id}; GET <url>/<id> →
 * {status: 'ringing'|'answered'|'failed', key}. Both signed: `muster-signature: HMAC-SHA256(key, "<muster-timestamp>.<body>")`,
 * hexadecimal. What the key pressed means is said in the words.
 */
import { createHmac } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod/mini'
import type { Clock } from '../clock.ts'
import { failed, sent, type Heard, type Sent, type Way } from './channel.ts'
import type { VoiceConfig } from './config.ts'
import { call, whyNot, whyStatus } from './outbound.ts'

const ASK_EVERY_MS = 2000
/** Longer than a telephone rings, and the words twice over. */
const ASKS_MAX = 60
const WORDS_MAX = 400

const Begun = z.object({ id: z.string().check(z.regex(/^[\w-]{1,100}$/)) })
const Course = z.object({
  status: z.enum(['ringing', 'answered', 'failed']),
  key: z.optional(z.nullable(z.string().check(z.maxLength(4)))),
})

const KEYS = {
  'zh-CN': (answerable: boolean): string => (answerable ? '签收请按1,仅表示收到请按0。' : '表示收到请按0。'),
  en: (answerable: boolean): string => (answerable ? 'Press 1 to accept, 0 to say received.' : 'Press 0 to say received.'),
} as const

type Options = {
  readonly config: VoiceConfig
  readonly clock: Clock
  readonly onError: (error: unknown) => void
  readonly askEveryMs?: number
}

export function voiceWay({ config, clock, onError, askEveryMs = ASK_EVERY_MS }: Options): Way {
  const ringing = new Set<Promise<void>>()
  let heard: Heard | null = null
  let stopped = false
  const signed = (body: string): Record<string, string> => {
    const timestamp = String(Math.floor(clock.now() / 1000))
    const signature = createHmac('sha256', config.secret).update(`${timestamp}.${body}`).digest('hex')
    return { 'content-type': 'application/json', 'muster-timestamp': timestamp, 'muster-signature': signature }
  }

  /** Asks how the call went until it has ended. After a restart nobody asks any more: the notice falls back by its timer. */
  async function follow(id: string, to: string, code: string): Promise<void> {
    for (let asks = 0; asks < ASKS_MAX && !stopped; asks++) {
      await sleep(askEveryMs, undefined, { ref: false })
      const answer = await call(`${config.url}/${id}`, { method: 'GET', headers: signed(''), allowPrivate: true }).catch(() => null)
      const course = answer === null || answer.status !== 200 ? null : Course.safeParse(parsed(answer.body))
      if (course === null || !course.success || course.data.status === 'ringing') continue
      if (course.data.status === 'failed') {
        await heard?.failure('voice', id, 'not-picked-up')
        return
      }
      const key = course.data.key ?? ''
      await heard?.receipt('voice', id, key === '' ? 'device' : 'person')
      if (key !== '') await heard?.answer('voice', to, key, id, code)
      return
    }
  }

  return {
    channel: 'voice',
    async send(to, letter): Promise<Sent> {
      const { noticeId, title, text, language, code, answerable } = letter
      const words = `${title}。${text}`.slice(0, WORDS_MAX)
      const body = JSON.stringify({
        reference: noticeId,
        to,
        language,
        words: `${words} ${KEYS[language](answerable)}`,
        keys: answerable ? ['0', '1'] : ['0'],
      })
      try {
        const answer = await call(config.url, { headers: signed(body), body, allowPrivate: true })
        if (answer.status < 200 || answer.status > 299) {
          const { reason, again } = whyStatus(answer.status)
          return failed(reason, again)
        }
        const begun = Begun.safeParse(parsed(answer.body))
        if (!begun.success) return failed('not-taken', false)
        const course = follow(begun.data.id, to, code)
          .catch(onError)
          .finally(() => ringing.delete(course))
        ringing.add(course)
        return sent(begun.data.id)
      } catch (error) {
        const { reason, again } = whyNot(error)
        return failed(reason, again)
      }
    },
    async start(hears) {
      heard = hears
    },
    async stop() {
      stopped = true
      await Promise.all(ringing)
    },
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
