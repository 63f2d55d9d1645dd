import { z } from 'zod/mini'
import { Slug, Uuid } from '../id.ts'
import { Item, ITEMS_MAX } from '../item.ts'
import { Colour, Level } from '../level.ts'
import { DivisionCode } from '../place.ts'
import { Unit } from '../quantity.ts'
import { InstantText } from '../time.ts'

const Line = z.string().check(z.trim(), z.minLength(1), z.maxLength(500))
const Reason = z.string().check(z.trim(), z.minLength(1), z.maxLength(4000))
const Minutes = z.string().check(z.trim(), z.minLength(1), z.maxLength(20_000))
const Basis = z.strictObject({ instrumentId: Slug, version: z.int().check(z.gte(1)), clauseId: Slug })
export type Basis = z.infer<typeof Basis>

export const PARTICIPANTS_MAX = 200
export const QUESTIONS_MAX = 20
export const SCENARIOS_MAX = 5

export const Meeting = z.enum(['room', 'video', 'phone'])
/** What an organization says should be done about the warning; Emergency Response Law art. 64 (issue), 70 (adjust, lift). */
export const Stance = z.enum(['issue', 'raise', 'hold', 'lower', 'lift', 'none'])
export type Stance = z.infer<typeof Stance>
export const Outcome = z.enum(['issue', 'raise', 'hold', 'lower', 'lift', 'start-response', 'none'])
export type Outcome = z.infer<typeof Outcome>
export const Confidence = z.enum(['high', 'medium', 'low'])
/** The words of CAP 1.2 (certainty): likely is more than 50 in a hundred, possible is 50 or fewer, unlikely about none. */
export const Likelihood = z.enum(['observed', 'likely', 'possible', 'unlikely', 'unknown'])
export type Likelihood = z.infer<typeof Likelihood>

/** An organization that is asked, and for what: the function of the directory that it is asked as, where one is meant. */
export const Asked = z.strictObject({ organization: Uuid, asked: Line, function: z.nullable(Slug) })
export type Asked = z.infer<typeof Asked>

const Scenario = z.strictObject({
  name: z.string().check(z.trim(), z.minLength(1), z.maxLength(100)),
  likelihood: Likelihood,
  /** In a hundred; null where nobody puts a number to it. */
  probability: z.nullable(z.strictObject({ low: z.number().check(z.gte(0), z.lte(100)), high: z.number().check(z.gte(0), z.lte(100)) })),
  text: Reason,
  quantities: z
    .array(
      z.strictObject({
        what: z.string().check(z.trim(), z.minLength(1), z.maxLength(100)),
        low: z.number(),
        high: z.number(),
        unit: Unit,
      }),
    )
    .check(z.maxLength(10)),
})
export type Scenario = z.infer<typeof Scenario>

/** What is expected where and from when until when; the first scenario is the one held most likely, the others its alternatives. */
const forecast = {
  validFrom: InstantText,
  validUntil: InstantText,
  divisions: z.array(DivisionCode).check(z.minLength(1), z.maxLength(200)),
  source: Line,
  scenarios: z.array(Scenario).check(z.minLength(1), z.maxLength(SCENARIOS_MAX)),
}

/** A post speaks for its own organization; only a record that is read in names another. */
const speaks = { organization: z.optional(Uuid) }

/**
 * Consultation 会商 (Emergency Response Law art. 62: departments, technical staff and experts assess how likely an incident is
 * and what it may do): convened, heard, concluded; or cancelled.
 */
export const ConsultationCommand = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('consultation.convene'),
    ...speaks,
    title: z.string().check(z.trim(), z.minLength(1), z.maxLength(200)),
    hazard: Slug,
    jurisdiction: DivisionCode,
    /** The colour that is considered; null where the question is open. */
    colour: z.nullable(Colour),
    incidentId: z.nullable(Uuid),
    alertId: z.nullable(Uuid),
    /** The planned start. */
    at: InstantText,
    /** When what is expected would begin, as far as one knows. */
    onset: z.optional(z.nullable(InstantText)),
    how: Meeting,
    participants: z.array(Asked).check(z.minLength(1), z.maxLength(PARTICIPANTS_MAX)),
    /** What is to be decided. */
    questions: z.array(Line).check(z.minLength(1), z.maxLength(QUESTIONS_MAX)),
    basis: z.nullable(Basis),
  }),
  z.strictObject({
    type: z.literal('consultation.invite'),
    participants: z.array(Asked).check(z.minLength(1), z.maxLength(PARTICIPANTS_MAX)),
  }),
  /** `who`: the posts that come, never private persons. */
  z.strictObject({
    type: z.literal('consultation.attend'),
    ...speaks,
    who: z.optional(z.string().check(z.trim(), z.minLength(1), z.maxLength(200))),
  }),
  z.strictObject({ type: z.literal('consultation.decline'), ...speaks, reason: Reason }),
  z.strictObject({
    type: z.literal('consultation.state-view'),
    ...speaks,
    view: Stance,
    colour: z.nullable(Colour),
    level: z.nullable(Level),
    confidence: Confidence,
    text: Reason,
  }),
  z.strictObject({ type: z.literal('consultation.attach-forecast'), ...speaks, ...forecast }),
  z.strictObject({ type: z.literal('consultation.open') }),
  z.strictObject({
    type: z.literal('consultation.conclude'),
    minutes: Minutes,
    outcome: Outcome,
    colour: z.nullable(Colour),
    level: z.nullable(Level),
    reason: Reason,
    /** Organizations that were there, as the convener saw it. */
    present: z.array(Uuid).check(z.maxLength(PARTICIPANTS_MAX)),
    decisions: z.array(Item).check(z.maxLength(ITEMS_MAX)),
    /** When it began, where nobody opened it on record. */
    heldAt: z.optional(InstantText),
  }),
  z.strictObject({ type: z.literal('consultation.cancel'), reason: Reason }),
  /** The incident or the warning that came of it, once there is one. */
  z.strictObject({ type: z.literal('consultation.link'), incidentId: z.nullable(Uuid), alertId: z.nullable(Uuid) }),
  z.strictObject({ type: z.literal('consultation.supplement'), ...speaks, text: Minutes }),
])
export type ConsultationCommand = z.infer<typeof ConsultationCommand>
export type Of<T extends ConsultationCommand['type']> = Extract<ConsultationCommand, { readonly type: T }>
type Said<T extends ConsultationCommand['type']> = Omit<Of<T>, 'type' | 'organization'>

export type Convened = Omit<Said<'consultation.convene'>, 'onset'> & { readonly convener: string; readonly onset: string | null }
export type Forecast = Said<'consultation.attach-forecast'> & { readonly organization: string }
export type Statement = Said<'consultation.state-view'> & { readonly organization: string }

/** The whole of what was concluded, so that nobody who reads it later needs another line of the log. */
export type Conclusion = Omit<Said<'consultation.conclude'>, 'heldAt'> & {
  readonly heldAt: string
  /** Organizations that had sent a view, the convener's own aside. */
  readonly wrote: readonly string[]
  /** Asked, and neither came nor declined nor wrote. */
  readonly silent: readonly string[]
  /** Those whose last view was another than what was concluded. */
  readonly dissenting: readonly string[]
}

/** What others must know of a consultation that they have not followed. */
type About = {
  readonly title: string
  readonly hazard: string
  readonly jurisdiction: string
  readonly incidentId: string | null
  readonly alertId: string | null
  /** The convener: whom the items are owed to. */
  readonly lead: string
  readonly members: readonly string[]
  readonly basis: Basis | null
}

export type ConsultationEvent =
  | ({ readonly type: 'consultation.convened' } & Convened)
  | ({ readonly type: 'consultation.invited' } & Said<'consultation.invite'> & InviteAbout)
  | { readonly type: 'consultation.attended'; readonly organization: string; readonly who: string | null }
  | { readonly type: 'consultation.declined'; readonly organization: string; readonly reason: string }
  | ({ readonly type: 'consultation.view-stated'; readonly byConvener: boolean } & Statement)
  | ({ readonly type: 'consultation.forecast-attached' } & Forecast & Pick<About, 'incidentId' | 'hazard' | 'title'>)
  | { readonly type: 'consultation.opened' }
  | ({ readonly type: 'consultation.concluded' } & Conclusion & About)
  | { readonly type: 'consultation.cancelled'; readonly reason: string; readonly members: readonly string[] }
  | {
      readonly type: 'consultation.linked'
      readonly incidentId: string | null
      readonly alertId: string | null
      readonly about: About
      /** What had been concluded and forecast before the incident was known. */
      readonly conclusion: Conclusion | null
      readonly forecasts: readonly Forecast[]
    }
  | {
      readonly type: 'consultation.supplemented'
      readonly organization: string | null
      readonly byConvener: boolean
      readonly text: string
    }
export type Happened<T extends ConsultationEvent['type']> = Extract<ConsultationEvent, { readonly type: T }>

/** What a request to whoever is asked later needs of the first invitation. */
type InviteAbout = Pick<Convened, 'title' | 'at' | 'jurisdiction' | 'incidentId' | 'convener' | 'basis'>
