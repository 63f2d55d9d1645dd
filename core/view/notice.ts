/** What the page of notices shows. */
import type { Channel, Language, Urgency } from '../channel.ts'
import type { Standing } from '../directory/contact.ts'
import type { Conditions } from '../directory/subscription.ts'
import type { Words } from '../event.ts'
import type { ActionView, OrganizationRef } from '../view.ts'

export type NoticeStatus = 'held' | 'ready' | 'sent' | 'receipted' | 'answered' | 'exhausted' | 'in-app'

/** What one test of a contact showed. */
export type TestView = {
  readonly noticeId: string
  readonly at: string
  readonly outcome: 'reached' | 'waiting' | 'missed'
  /** From sending to receipt. */
  readonly delaySeconds: number | null
}
export type CoverageCell = {
  readonly channel: Channel
  readonly postId: string
  readonly postTitle: Words
  readonly standing: Standing
  readonly confirmedAt: string | null
  readonly roundTheClock: boolean
  readonly nextTestAt: string
  readonly test: TestView | null
  /** The last test between midnight and six by the post's clock. */
  readonly night: TestView | null
  readonly tryNow: ActionView
}
export type CoverageRow = {
  readonly organization: OrganizationRef
  readonly liaison: Words | null
  readonly cells: readonly CoverageCell[]
  /** By at least one channel that is set up and has its standing. */
  readonly reachable: boolean
  /** As measured; null where it was never tried at night. */
  readonly reachableAtNight: boolean | null
}
export type NoticeView = {
  readonly id: string
  readonly to: OrganizationRef
  readonly postTitle: Words
  readonly purpose: 'telling' | 'digest' | 'test'
  readonly urgency: Urgency
  readonly status: NoticeStatus
  readonly title: Words
  readonly text: Words
  /** Things that it is about, as streams. */
  readonly about: readonly string[]
  readonly queuedAt: string
  readonly heldUntil: string | null
  readonly reachedAt: string | null
  readonly reachedBy: Channel | 'app' | null
  readonly passedFrom: string | null
  readonly ladder: readonly {
    readonly channel: Channel
    readonly sentAt: string | null
    readonly receiptedAt: string | null
    readonly failedAt: string | null
    readonly reason: string | null
  }[]
  readonly answers: readonly {
    readonly way: Channel | 'app'
    readonly text: string
    readonly outcome: string
    readonly refusal: string | null
    readonly at: string
  }[]
  readonly actions: readonly ActionView[]
}
export type ContactView = {
  readonly channel: Channel
  /** As the channel writes it; a webhook's kind and host, never its key. */
  readonly address: string
  readonly shown: string
  readonly note: string | null
  readonly roundTheClock: boolean
  readonly confirmedAt: string | null
  readonly standing: Standing
}
export type OwnPostView = {
  readonly postId: string
  readonly title: Words
  readonly organization: OrganizationRef
  readonly liaison: boolean
  readonly contacts: readonly ContactView[]
  readonly subscriptions: readonly { readonly id: string; readonly conditions: Conditions }[]
  readonly hours: {
    readonly zone: string
    readonly language: Language
    readonly quiet: { readonly from: string; readonly until: string } | null
  }
  readonly actions: readonly ActionView[]
}
export type NoticesView = {
  readonly channels: readonly { readonly channel: Channel; readonly setUp: boolean }[]
  /** Tests of the last 90 days that have ended, and how many of them got through. */
  readonly tests: { readonly ended: number; readonly reached: number }
  readonly coverage: readonly CoverageRow[]
  readonly own: OwnPostView | null
  readonly notices: readonly NoticeView[]
  /** With which a browser subscribes; null where push is not set up. */
  readonly pushKey: string | null
}
