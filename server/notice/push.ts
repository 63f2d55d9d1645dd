/** Web push (RFC 8030, 8291, 8292): to every browser that the post has subscribed; one that is gone is forgotten. */
import webpush from 'web-push'
import { failed, sent, type Letter, type Sent, type Way } from './channel.ts'
import { call, whyNot, whyStatus } from './outbound.ts'
import type { PushSubscription, Secrets } from './secrets.ts'

const TTL_SECONDS = 24 * 3600
const TEXT_MAX = 800

export function pushWay({
  secrets,
  contact,
  allowPrivate,
}: {
  readonly secrets: Secrets
  readonly contact: string
  readonly allowPrivate: boolean
}): Way {
  const { vapid } = secrets.keys
  async function one(
    { id, endpoint, p256dh, auth }: PushSubscription,
    { noticeId, urgency, title, text, link, code }: Letter,
  ): Promise<Sent> {
    const payload = JSON.stringify({ id: noticeId, title, text: text.slice(0, TEXT_MAX), link, code, urgency })
    const { headers, body } = webpush.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, payload, {
      vapidDetails: { subject: contact, ...vapid },
      TTL: TTL_SECONDS,
      urgency: urgency === 'routine' ? 'low' : 'high',
      contentEncoding: 'aes128gcm',
    })
    try {
      const { status } = await call(endpoint, { headers, body, allowPrivate })
      if (status === 404 || status === 410) {
        await secrets.dropPush(id)
        return failed('browser-gone', false)
      }
      const { reason, again } = whyStatus(status)
      // The push service has it; the browser says itself when it shows it.
      return status >= 200 && status < 300 ? sent(null) : failed(reason, again)
    } catch (error) {
      const { reason, again } = whyNot(error)
      return failed(reason, again)
    }
  }
  return {
    channel: 'push',
    async send(_, letter) {
      const browsers = await secrets.pushOf(letter.postId)
      const outcomes = await Promise.all(browsers.map((browser) => one(browser, letter)))
      return (
        outcomes.find((outcome) => outcome.ok) ??
        outcomes.find((outcome) => !outcome.ok && outcome.again) ??
        outcomes[0] ??
        failed('no-browser', false)
      )
    },
    stop: async () => {},
  }
}
