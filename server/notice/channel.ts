/** What a channel is to the sender: one way to put words before somebody, and what it hears back. */
import type { Channel, Language } from '#core/channel.ts'
import type { Urgency } from '#core/channel.ts'

export type Letter = {
  readonly noticeId: string
  readonly postId: string
  readonly urgency: Urgency
  readonly language: Language
  readonly title: string
  readonly text: string
  /** With which an answer names this notice. */
  readonly code: string
  /** Whether 1 and 2 mean something: there is an obligation to accept or decline. */
  readonly answerable: boolean
  /** The page about it. */
  readonly link: string
}

export type Sent =
  | {
      readonly ok: true
      readonly reference: string | null
      /** The other side confirmed by itself that it has it. */ readonly delivered: boolean
    }
  | { readonly ok: false; readonly reason: string; /** Worth another try by the same way. */ readonly again: boolean }

export const sent = (reference: string | null, delivered = false): Sent => ({ ok: true, reference, delivered })
export const failed = (reason: string, again: boolean): Sent => ({ ok: false, reason, again })

/** What comes back by a channel: that a letter got there, that it did not, or an answer. */
export type Heard = {
  readonly receipt: (channel: Channel, reference: string, by: 'device' | 'person') => Promise<void>
  readonly failure: (channel: Channel, reference: string, reason: string) => Promise<void>
  /** `from` as the channel knows the sender; the words that go back to him, or null where silence is right. */
  readonly answer: (channel: Channel, from: string, text: string, messageId: string, code?: string) => Promise<string | null>
}

export type Way = {
  readonly channel: Channel
  readonly send: (to: string, letter: Letter) => Promise<Sent>
  readonly start?: (heard: Heard) => Promise<void>
  readonly stop: () => Promise<void>
}

/** How long one sending may take before it counts as failed. */
export const SEND_TIMEOUT_MS = 10_000
