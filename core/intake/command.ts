/** What may be said to a report, and what is kept of it. */
import { z } from 'zod/mini'
import { Slug, Uuid } from '../id.ts'
import { DivisionCode } from '../place.ts'
import { InstantText, Zone } from '../time.ts'
import type { Proposal } from './duplicate.ts'

const Text = z.string().check(z.trim(), z.minLength(1), z.maxLength(4000))
const Line = z.string().check(z.trim(), z.minLength(1), z.maxLength(200))
const Hash = z.string().check(z.regex(/^[0-9a-f]{64}$/))

/** By what way it came. `radio-note`: taken down from a radio call; `walk-in`: somebody came to the desk. */
export const Channel = z.enum(['web', 'phone', 'sms', 'email', 'csv', 'radio-note', 'walk-in'])
export type Channel = z.infer<typeof Channel>

/** How soon somebody has to act, as the reporter sees it: people in danger now, soon, or none. */
export const Haste = z.enum(['now', 'soon', 'later'])
export type Haste = z.infer<typeof Haste>

/** Where: in words, by a point of WGS-84, or both. */
export const Spot = z
  .strictObject({
    name: z.nullable(Line),
    lat: z.nullable(z.number().check(z.gte(-90), z.lte(90))),
    lon: z.nullable(z.number().check(z.gte(-180), z.lte(180))),
  })
  .check(z.refine(({ name, lat, lon }) => (lat === null) === (lon === null) && (name !== null || lat !== null)))
export type Spot = z.infer<typeof Spot>

export const MediumKind = z.enum(['image/jpeg', 'image/png', 'image/webp'])
export const MEDIA_MAX = 3
/** A picture that came with it, by the SHA-256 of what is kept of it. */
const Medium = z.strictObject({ hash: Hash, kind: MediumKind, bytes: z.int().check(z.gte(1)) })
export type Medium = z.infer<typeof Medium>
const Media = z.optional(z.array(Medium).check(z.maxLength(MEDIA_MAX)))
/** The vouchers of pictures that the sender has given to the server before; what they stand for is looked up there. */
const Pictures = z.optional(z.array(z.string().check(z.maxLength(200))).check(z.maxLength(MEDIA_MAX)))

/** Why it is passed on: beyond our means, outside our place, or not our function (Shanghai, linkage regulation art. 31; Emergency Response Law art. 60). */
export const Beyond = z.enum(['means', 'place', 'function'])
export type Beyond = z.infer<typeof Beyond>
export const Outcome = z.enum(['handled', 'no-action', 'unreachable'])
export type Outcome = z.infer<typeof Outcome>

const Basis = z.strictObject({ instrumentId: Slug, version: z.int().check(z.gte(1)), clauseId: Slug })
type Basis = z.infer<typeof Basis>

/** A report 来报. What stands below “given by the server” is overwritten there, whatever a browser says. */
export const IntakeCommand = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('intake.take-down'),
    text: Text,
    place: Spot,
    hazard: z.nullable(Slug),
    haste: Haste,
    /** Who is in danger, in words: `三人，一位老人`. */
    people: z.optional(z.nullable(Line)),
    channel: Channel,
    /** When it was seen or called, by the clock of whoever took it down; apart from when it was entered. */
    originalAt: InstantText,
    zone: Zone,
    /** How to call back. Goes to a table of its own, encrypted; the log knows only that there is one. */
    contact: z.optional(z.nullable(z.string().check(z.trim(), z.maxLength(300)))),
    /** The follow-up code, where whoever takes it down has made one; only a keyed hash of it is kept. */
    code: z.optional(z.string().check(z.maxLength(40))),
    pictures: Pictures,
    jurisdiction: z.optional(DivisionCode),
    /** Its row in the file that it came by, so that a file read twice is taken once. */
    rowKey: z.optional(z.string().check(z.minLength(1), z.maxLength(100))),
    // Given by the server.
    number: z.optional(z.string().check(z.maxLength(40))),
    handler: z.optional(Uuid),
    contactId: z.optional(z.nullable(Uuid)),
    codeHash: z.optional(z.nullable(Hash)),
    media: Media,
    proposals: z.optional(z.array(z.custom<Proposal>()).check(z.maxLength(10))),
  }),
  z.strictObject({ type: z.literal('intake.add'), text: Text, pictures: Pictures, media: Media }),
  z.strictObject({ type: z.literal('intake.verify'), text: Text }),
  z.strictObject({ type: z.literal('intake.mark-unfounded'), reason: Text }),
  z.strictObject({ type: z.literal('intake.link'), incidentId: Uuid }),
  z.strictObject({ type: z.literal('intake.merge'), into: Uuid }),
  z.strictObject({ type: z.literal('intake.separate'), reason: Text }),
  /** Not the same, though the machine proposed it. */
  z.strictObject({ type: z.literal('intake.keep-apart'), from: Uuid }),
  z.strictObject({
    type: z.literal('intake.forward'),
    to: Uuid,
    reason: Text,
    beyond: Beyond,
    /** Until when the receiver says yes or no; silence is heard by supervision. */
    answerBy: z.optional(InstantText),
    // Given by the server.
    obligationId: z.optional(Uuid),
    basis: z.optional(z.nullable(Basis)),
  }),
  /** What the receiver said to the duty that the forwarding laid on it; from the linkage. */
  z.strictObject({
    type: z.literal('intake.hear'),
    obligationId: Uuid,
    answer: z.enum(['accepted', 'declined', 'discharged', 'ended']),
    reason: z.nullable(z.string().check(z.maxLength(4000))),
  }),
  z.strictObject({ type: z.literal('intake.close'), outcome: Outcome, text: Text }),
  /** The contact and the pictures are destroyed (Emergency Response Law art. 85); what was reported stays. */
  z.strictObject({ type: z.literal('intake.forget'), reason: Text }),
])
export type IntakeCommand = z.infer<typeof IntakeCommand>
export type Of<T extends IntakeCommand['type']> = Extract<IntakeCommand, { readonly type: T }>

export type Taken = {
  readonly number: string
  readonly text: string
  readonly place: Spot
  readonly jurisdiction: string
  readonly hazard: string | null
  readonly haste: Haste
  readonly people: string | null
  readonly channel: Channel
  readonly originalAt: string
  readonly zone: string
  /** The clock that said `originalAt` was ahead of ours; it was set back to the time of entry. */
  readonly clockAhead: boolean
  readonly handler: string
  readonly contactId: string | null
  readonly codeHash: string | null
  readonly media: readonly Medium[]
  readonly proposals: readonly Proposal[]
  readonly rowKey: string | null
}

export type IntakeEvent =
  | ({ readonly type: 'intake.taken-down' } & Taken)
  | { readonly type: 'intake.added'; readonly text: string; readonly media: readonly Medium[]; readonly byReporter: boolean }
  | { readonly type: 'intake.verified'; readonly text: string }
  | {
      readonly type: 'intake.marked-unfounded'
      readonly reason: string
      readonly discharges: readonly string[]
      /** The duties to handle it that nobody has taken on and nobody needs to. */
      readonly releases: readonly string[]
    }
  | { readonly type: 'intake.linked'; readonly incidentId: string; readonly number: string }
  | { readonly type: 'intake.merged'; readonly into: string }
  | { readonly type: 'intake.separated'; readonly from: string; readonly reason: string }
  | { readonly type: 'intake.kept-apart'; readonly from: string }
  | {
      readonly type: 'intake.forwarded'
      readonly from: string
      readonly to: string
      readonly reason: string
      readonly beyond: Beyond
      readonly obligationId: string
      readonly basis: Basis | null
      readonly answerBy: string | null
      readonly number: string
      readonly jurisdiction: string
      readonly incidentId: string | null
    }
  | {
      readonly type: 'intake.answered'
      readonly obligationId: string
      readonly answer: Of<'intake.hear'>['answer']
      readonly reason: string | null
    }
  /** `discharges`: the duties to handle it that are done with it. */
  | { readonly type: 'intake.closed'; readonly outcome: Outcome; readonly text: string; readonly discharges: readonly string[] }
  | { readonly type: 'intake.forgotten'; readonly reason: string; readonly contactId: string | null; readonly hashes: readonly string[] }

export type ForwardStatus = 'awaiting' | 'accepted' | 'declined' | 'done' | 'ended'
export type Forward = {
  readonly from: string
  readonly to: string
  readonly reason: string
  readonly beyond: Beyond
  readonly obligationId: string
  readonly at: string
  readonly answerBy: string | null
  readonly status: ForwardStatus
  readonly answeredAt: string | null
  readonly answerReason: string | null
}
export type Addition = {
  readonly at: string
  readonly text: string
  readonly byReporter: boolean
  readonly organization: string | null
  readonly media: readonly Medium[]
}

export type IntakeStatus = 'received' | 'verified' | 'forwarded' | 'linked' | 'merged' | 'unfounded' | 'closed'
export type Verification = 'unverified' | 'verified' | 'unfounded'

export type Report = Taken & {
  readonly enteredAt: string
  /** Who wrote it down: the actor's text; a reporter himself on the public page is `system/intake`. */
  readonly takenBy: string
  readonly verification: Verification
  readonly verifiedText: string | null
  readonly incidentId: string | null
  readonly mergedInto: string | null
  readonly apart: readonly string[]
  readonly forwards: readonly Forward[]
  readonly additions: readonly Addition[]
  /** When a person first did something about it. */
  readonly firstHandledAt: string | null
  /** The reporter has written since a person last looked after it. */
  readonly news: boolean
  readonly closedAt: string | null
  readonly outcome: Outcome | null
  readonly outcomeText: string | null
  readonly forgottenAt: string | null
}
