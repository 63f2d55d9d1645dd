/** Whom to tell for an organization: posts, in the order in which they are tried. */
import type { Channel } from '../channel.ts'

export type Recipient = {
  readonly postId: string
  readonly organizationId: string
  readonly liaison: boolean
  /** May answer for the organization what it is told to do. */
  readonly answers: boolean
  readonly held: boolean
  /** Ways by which it can be reached from here. */
  readonly channels: readonly Channel[]
}

const rank = (one: Recipient): number => (one.liaison ? 0 : 4) + (one.answers ? 0 : 2) + (one.held ? 0 : 0.5)

/** The organization's posts: the liaison officer first, then who may answer, then who is held by somebody now; ids decide the rest. */
export const inOrder = (posts: readonly Recipient[]): readonly Recipient[] =>
  posts.toSorted((a, b) => rank(a) - rank(b) || (a.postId < b.postId ? -1 : 1))

/**
 * Who is told next: the first reachable post of the chain (the organization itself, then its superiors) that was not
 * tried before. Where nobody up the chain can be reached, the organization's own first post, in its pages; null when
 * that was tried, too, or there is no post.
 */
export function nextRecipient(
  chain: readonly string[],
  postsOf: (organizationId: string) => readonly Recipient[],
  tried: ReadonlySet<string>,
): Recipient | null {
  for (const organizationId of chain) {
    const found = inOrder(postsOf(organizationId)).find((one) => one.channels.length > 0 && !tried.has(one.postId))
    if (found) return found
  }
  if (tried.size > 0) return null
  const [own] = chain
  return own === undefined ? null : (inOrder(postsOf(own))[0] ?? null)
}
