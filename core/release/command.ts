/** What may be said to a public release or a rumour, and what is kept of it. */
import { z } from 'zod/mini'
import { Slug, Uuid } from '../id.ts'
import { DivisionCode } from '../place.ts'
import { Quantity } from '../quantity.ts'
import { InstantText } from '../time.ts'
import type { KnownFact } from './check.ts'

const Text = z.string().check(z.trim(), z.minLength(1), z.maxLength(4000))
const Short = z.string().check(z.trim(), z.minLength(1), z.maxLength(300))

export const ReleaseKind = z.enum(['first', 'follow-up', 'correction', 'closing', 'needs'])
export type ReleaseKind = z.infer<typeof ReleaseKind>
const ReleaseChannel = z.enum(['website', 'press-conference', 'broadcast', 'social-media', 'sms', 'bulletin'])
export type ReleaseChannel = z.infer<typeof ReleaseChannel>

/** What is needed, how much, where, until when. */
export const Need = z.strictObject({
  what: Short,
  quantity: z.nullable(Quantity),
  where: Short,
  until: z.nullable(InstantText),
  note: z.optional(z.string().check(z.maxLength(500))),
})
export type Need = z.infer<typeof Need>

const content = {
  kind: ReleaseKind,
  channels: z.array(ReleaseChannel).check(z.minLength(1), z.maxLength(6)),
  title: z.string().check(z.trim(), z.minLength(1), z.maxLength(200)),
  text: z.strictObject({ 'zh-CN': Text, en: z.optional(z.nullable(Text)) }),
  /** The provision or decision that it rests on, in words. */
  basis: Short,
  /** The facts that it states, by the key of their question. */
  states: z
    .array(
      z.strictObject({
        key: Slug,
        value: z.union([z.string().check(z.minLength(1), z.maxLength(1000)), z.number()]),
        unit: z.nullable(z.string().check(z.maxLength(20))),
      }),
    )
    .check(z.maxLength(60)),
  needs: z.array(Need).check(z.maxLength(60)),
  /** Organizations that are told and asked for a receipt: social organizations, of needs. */
  audience: z.array(Uuid).check(z.maxLength(200)),
  /** The release that it corrects. */
  corrects: z.nullable(Uuid),
  /** The rumours that it answers. */
  rumours: z.array(Uuid).check(z.maxLength(20)),
  /** Whose approval it needs; left out, whoever leads the incident. */
  approver: z.optional(z.nullable(Uuid)),
}
/** What a draft says, field by field. */
export const CONTENT = Object.keys(content) as readonly (keyof typeof content)[]

/** What the server alone knows, put in by it before it is decided: the facts as they stand, and what was released before. */
const Known = z.strictObject({
  facts: z
    .array(
      z.strictObject({
        key: Slug,
        value: z.nullable(z.union([z.string(), z.number()])),
        unit: z.nullable(z.string()),
        contradiction: z.boolean(),
      }),
    )
    .check(z.maxLength(1000)),
  /** A first release of the incident is out. */
  first: z.boolean(),
  /** The release that it corrects and the rumours that it answers are there. */
  found: z.boolean(),
})
export type Known = z.infer<typeof Known>

/** A public release 信息发布, or a rumour 谣言 that one answers. */
export const ReleaseCommand = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('release.draft'),
    incidentId: Uuid,
    jurisdiction: z.optional(DivisionCode),
    known: z.optional(Known),
    ...content,
  }),
  z.strictObject({ type: z.literal('release.revise'), known: z.optional(Known), ...content }),
  z.strictObject({ type: z.literal('release.approve'), known: z.optional(Known) }),
  z.strictObject({ type: z.literal('release.publish'), known: z.optional(Known) }),
  z.strictObject({ type: z.literal('release.withdraw'), reason: Text }),
  z.strictObject({ type: z.literal('release.receipt') }),
  z.strictObject({
    type: z.literal('release.note-rumour'),
    incidentId: Uuid,
    text: Text,
    whereSeen: Short,
    seenAt: z.optional(InstantText),
    jurisdiction: z.optional(DivisionCode),
  }),
  // The linkage
  z.strictObject({
    type: z.literal('release.mark-outdated'),
    key: Slug,
    stated: z.union([z.string(), z.number()]),
    value: z.nullable(z.union([z.string(), z.number()])),
  }),
  z.strictObject({ type: z.literal('release.note-corrected'), by: Uuid }),
  z.strictObject({ type: z.literal('release.correct-rumour'), by: Uuid }),
])
export type ReleaseCommand = z.infer<typeof ReleaseCommand>
export type Of<T extends ReleaseCommand['type']> = Extract<ReleaseCommand, { readonly type: T }>
export type ReleaseContent = Omit<Of<'release.revise'>, 'type' | 'known' | 'approver'> & { readonly approver: string | null }

export type ReleaseEvent =
  | ({ readonly type: 'release.drafted'; readonly incidentId: string; readonly jurisdiction: string } & ReleaseContent)
  | ({ readonly type: 'release.revised' } & ReleaseContent)
  | { readonly type: 'release.approved' }
  /** Everything that went out, so that the record of the day needs no earlier event. */
  | ({ readonly type: 'release.published'; readonly incidentId: string; readonly organization: string | null } & ReleaseContent)
  | { readonly type: 'release.withdrawn'; readonly reason: string }
  | { readonly type: 'release.receipted'; readonly organization: string }
  | {
      readonly type: 'release.rumour-noted'
      readonly incidentId: string
      readonly jurisdiction: string
      readonly text: string
      readonly whereSeen: string
      readonly seenAt: string
    }
  | { readonly type: 'release.outdated'; readonly key: string; readonly stated: string | number; readonly value: string | number | null }
  | { readonly type: 'release.corrected'; readonly by: string }
  | { readonly type: 'release.rumour-corrected'; readonly by: string }

export type ReleaseStatus = 'draft' | 'approved' | 'published' | 'withdrawn'
type Hand = { readonly organization: string | null; readonly post: string | null; readonly at: string }
export type PublicRelease = ReleaseContent & {
  readonly sort: 'release'
  readonly incidentId: string
  readonly jurisdiction: string
  readonly status: ReleaseStatus
  readonly drafted: Hand
  readonly approved: Hand | null
  readonly published: Hand | null
  readonly withdrawal: string | null
  /** Figures that it stated and that do not hold; emptied by nothing, answered by a correction. */
  readonly outdated: readonly {
    readonly key: string
    readonly stated: string | number
    readonly value: string | number | null
    readonly at: string
  }[]
  readonly correctedBy: string | null
  readonly receipts: readonly { readonly organization: string; readonly at: string }[]
}
export type Rumour = {
  readonly sort: 'rumour'
  readonly incidentId: string
  readonly jurisdiction: string
  readonly text: string
  readonly whereSeen: string
  readonly seenAt: string
  readonly notedAt: string
  readonly notedBy: string | null
  readonly correctedBy: string | null
  readonly correctedAt: string | null
}
export type Release = PublicRelease | Rumour
export type { KnownFact }
