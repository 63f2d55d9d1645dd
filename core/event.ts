import { z } from 'zod/mini'

/** One entry of the log as it is kept, exported and proved. Times are ISO 8601 UTC with milliseconds. */
export type Recorded<Data = object> = {
  /** Decimal digits; positions of one world run from 1 without a gap, in the order of commit. */
  readonly position: string
  readonly stream: string
  readonly version: number
  readonly type: string
  readonly data: Data
  readonly commandId: string
  readonly actor: string
  /** The clause that this rests on, as `instrument-id#clause-id`, where there is one. */
  readonly basis: string | null
  readonly incidentId: string | null
  /** When it happened in the world. */
  readonly occurredAt: string
  /** When we heard. */
  readonly recordedAt: string
}

/** What of the envelope a state may keep. */
export type Stamp = Pick<Recorded, 'occurredAt' | 'recordedAt' | 'actor' | 'commandId'>

/** Who does: a post of an organization, or a part of the system that acts by rule. */
export type Actor =
  | { readonly kind: 'post'; readonly postId: string; readonly organizationId: string }
  | { readonly kind: 'system'; readonly name: SystemName }

export type SystemName = 'clock' | 'linkage' | 'exercise' | 'setup' | 'notice' | 'intake' | 'station'

export const systemActor = (name: SystemName): Actor => ({ kind: 'system', name })

/** `post/<post>/<organization>` or `system/<name>`: the form in the log, so that a reader two years later needs no join. */
export const actorText = (actor: Actor): string =>
  actor.kind === 'post' ? `post/${actor.postId}/${actor.organizationId}` : `system/${actor.name}`

const ACTOR = /^(?:post\/(?<post>[^/]+)\/(?<organization>[^/]+)|system\/(?<system>clock|linkage|exercise|setup|notice|intake|station))$/

export function actorFrom(text: string): Actor {
  const found = ACTOR.exec(text)?.groups
  if (!found) throw new Error(`not an actor: ${text}`)
  return found.post !== undefined && found.organization !== undefined
    ? { kind: 'post', postId: found.post, organizationId: found.organization }
    : { kind: 'system', name: found.system as SystemName }
}

/** Words in both languages; simplified Chinese is the text, English its equal for reading. */
export const Words = z.strictObject({
  'zh-CN': z.string().check(z.minLength(1), z.maxLength(4000)),
  en: z.string().check(z.minLength(1), z.maxLength(8000)),
})
export type Words = z.infer<typeof Words>
