/** What the page of the sources of warnings shows. */
import type { ActionView } from '../view.ts'

export type FeedEffect = 'show' | 'signed' | 'act'
export type FeedProblem = { readonly code: string; readonly params: Readonly<Record<string, string | number>> }
/** `silent`: nothing heard for longer than it promises. `failing`: the last look came to nothing. `waiting`: never looked at yet. */
export type FeedStatus = 'well' | 'failing' | 'silent' | 'paused' | 'waiting'
export type FeedRefusedView = {
  readonly id: string
  readonly at: string
  readonly code: string
  readonly detail: string
  readonly address: string | null
  readonly size: number
}
export type FeedSourceView = {
  readonly id: string
  readonly name: string
  /** Null: it pushes. Without its query for whoever may not change it. */
  readonly url: string | null
  readonly effect: FeedEffect
  /** Null where nobody is trusted, and for whoever may not change it. */
  readonly trust: string | null
  /** Who is trusted, by name. */
  readonly trusted: readonly string[]
  readonly everySeconds: number
  readonly promiseSeconds: number
  readonly status: FeedStatus
  readonly hasKey: boolean
  readonly checkedAt: string | null
  readonly successAt: string | null
  readonly freshAt: string | null
  readonly nextAt: string | null
  readonly failures: number
  readonly problem: FeedProblem | null
  readonly shape: string | null
  readonly fresh: number
  readonly known: number
  readonly refused: number
  readonly verdicts: Readonly<Partial<Record<'none' | 'valid-trusted' | 'valid-untrusted' | 'invalid', number>>>
  readonly refusals: readonly FeedRefusedView[]
}
export type FeedsView = {
  readonly at: string
  readonly sources: readonly FeedSourceView[]
  /** Whether this post may add and change sources. */
  readonly keep: ActionView
  /** Whether it may let a source take effect by itself. */
  readonly believe: ActionView
  /** Feeds that go out, by kind, and the certificate: paths. */
  readonly out: readonly { readonly kind: 'page' | 'atom' | 'rss' | 'json' | 'certificate'; readonly path: string }[]
}
