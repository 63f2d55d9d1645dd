/** Messages that answer no notice are reports: whoever writes to the number has something to say. */
import { Refusal } from '#core/decider.ts'
import { codeShown, readCode } from '#core/intake.ts'
import { fromMs } from '#core/time.ts'
import { Limiter } from '../session/limit.ts'
import { placeIn } from './mail.ts'
import type { Reception } from './receive.ts'
import { receivedWords } from './words.ts'

/** A number that writes more than this in a minute is heard, and answered no more. */
const ANSWERS_PER_MINUTE = 2
/** A gateway that missed our acknowledgement sends again within this. */
const AGAIN_MS = 600_000
const TEXT_LEAST = 4

/** `from`, `text`: as the gateway gives them. The words that go back, or null where silence is right. */
export type TakesMessages = (from: string, text: string) => Promise<string | null>

export function messagesOf(reception: Reception, call: string): TakesMessages {
  const answers = new Limiter(ANSWERS_PER_MINUTE)
  return async (from, text) => {
    const { clock } = reception.world
    const words = text.trim()
    if (from === '' || [...words].length < TEXT_LEAST) return null
    const followed = await addTo(reception, from, words)
    const bucket = Math.floor(clock.now() / AGAIN_MS)
    const outcome =
      followed ??
      (await reception.take({
        key: `${from}|${bucket}|${words}`,
        channel: 'sms',
        text: words,
        place: { name: placeIn(words), lat: null, lon: null },
        contact: from,
        originalAt: fromMs(clock.now()),
      }))
    if (outcome instanceof Refusal) throw new Error(`a message was not taken down: ${outcome.code}`)
    return answers.take(from, clock.now()) > 0
      ? null
      : receivedWords('zh-CN', codeShown(outcome.code), `${reception.origin}/public/report/status`, call)
  }
}

const FOLLOWS = /^\s*((?:[0-9A-Za-z]{4}[\s-]?){3})(?=\s|$)/

/** `7KQ2 9MZX 4T0B 水已退`: more to a report that was made before. */
async function addTo(reception: Reception, from: string, words: string): Promise<{ readonly code: string } | null> {
  const [all = '', first = ''] = FOLLOWS.exec(words) ?? []
  const code = readCode(first)
  const found = code === null ? null : await reception.find(code)
  if (code === null || found === null) return null
  const rest = words.slice(all.length).trim()
  if (rest !== '') await reception.add(found.id, { text: rest, key: `${from}|${rest}` })
  return { code }
}
