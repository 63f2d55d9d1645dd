/** What may be said to a risk item 风险点, and what its log says. */
import { z } from 'zod/mini'
import { Words } from '../event.ts'
import { Slug, Uuid } from '../id.ts'
import { DivisionCode, Place } from '../place.ts'
import { Quantity } from '../quantity.ts'
import { Duration, InstantText } from '../time.ts'

const Text = z.string().check(z.trim(), z.minLength(1), z.maxLength(2000))
const Short = z.string().check(z.trim(), z.minLength(1), z.maxLength(200))

/** `hazard` 危险源, `danger` 隐患 with a deadline to be removed, `site` 重点场所 that is asked after by name. */
export const RiskKind = z.enum(['hazard', 'danger', 'site'])
export type RiskKind = z.infer<typeof RiskKind>

export const SITE_KINDS = [
  'care-home',
  'kindergarten',
  'school',
  'hospital',
  'camp',
  'dormitory',
  'tunnel',
  'underpass',
  'basement',
  'metro-station',
  'chemical-store',
  'reservoir',
  'logistics-site',
  'crowd-site',
  'market',
  'construction-site',
  'shelter',
] as const
/** The fact of an emergency shelter 应急避难场所 that says whether people may go there now. */
export const SHELTER_OPEN = { key: 'open', yes: 'yes', no: 'no' } as const
export const SiteKind = z.enum(SITE_KINDS)
export type SiteKind = z.infer<typeof SiteKind>

export const Confidence = z.enum(['confirmed', 'reported', 'estimated'])
export type Confidence = z.infer<typeof Confidence>

/** Unknown is a value: somebody said that nobody knows, and who that was is kept. */
export const Unknown = z.strictObject({ unknown: Short })
export type Unknown = z.infer<typeof Unknown>
export const isUnknown = <T>(value: T | Unknown): value is Unknown => typeof value === 'object' && value !== null && 'unknown' in value

/** Whence a fact is known, since when it is so, and how surely. */
const Provenance = { source: Short, asOfAt: InstantText, confidence: Confidence }
export type Provenance = { readonly source: string; readonly asOfAt: string; readonly confidence: Confidence }

const Count = z.int().check(z.gte(0), z.lte(10_000_000))
const People = z.strictObject({
  /** Usually there at once; and of them who cannot get away without help. */
  usual: z.union([Count, Unknown]),
  needHelp: z.union([Count, Unknown]),
})
export type People = z.infer<typeof People>

/** One thing stored. UN number of the Recommendations on the Transport of Dangerous Goods; CAS registry number with its check digit. */
export const Substance = z.strictObject({
  name: z.union([Short, Unknown]),
  un: z.optional(z.string().check(z.regex(/^\d{4}$/))),
  cas: z.optional(z.string().check(z.regex(/^\d{2,7}-\d{2}-\d$/), z.refine(hasCheckDigit))),
  quantity: z.union([Quantity.check(z.refine(({ value }) => value >= 0)), Unknown]),
  /** Where within the item: `3号库`, `tank T-7`. */
  where: z.optional(Short),
})
export type Substance = z.infer<typeof Substance>

/** The last digit of a CAS number is the sum of the others, each times its place from the right, modulo ten. */
function hasCheckDigit(text: string): boolean {
  const digits = text.replaceAll('-', '')
  const sum = digits
    .slice(0, -1)
    .split('')
    .reduce((all, digit, i, { length }) => all + Number(digit) * (length - i), 0)
  return sum % 10 === Number(digits.at(-1))
}

const Fact = z.strictObject({ key: Slug, text: Text })
/** Who knows: a post that can be reached, or words where no post of the directory does. */
const Knower = z
  .strictObject({ post: z.nullable(Uuid), words: z.nullable(Short) })
  .check(z.refine(({ post, words }) => post !== null || words !== null))

const SUBSTANCES_MAX = 200
export const FACTS_MAX = 50
const KNOWERS_MAX = 10
const HAZARDS_MAX = 20
const DANGERS_AT_ONCE_MAX = 50

const Hazards = z.array(Slug).check(z.maxLength(HAZARDS_MAX))
const Name = z.union([Words, z.string().check(z.trim(), z.minLength(1), z.maxLength(200))])
const Substances = z.array(Substance).check(z.maxLength(SUBSTANCES_MAX))

/** 一般隐患, 重大隐患. */
export const Grade = z.enum(['general', 'major'])
export type Grade = z.infer<typeof Grade>
const DangerSaid = z.strictObject({ text: Text, grade: Grade, dueAt: InstantText })

/** What an asking after a site by name found. */
export const CheckResult = z.enum(['safe', 'moving', 'needs-help', 'unreachable'])
export type CheckResult = z.infer<typeof CheckResult>

const stated = {
  name: z.optional(Name),
  place: z.optional(z.nullable(Place)),
  people: z.optional(People),
  facts: z.optional(z.array(Fact).check(z.maxLength(FACTS_MAX))),
  knowers: z.optional(z.array(Knower).check(z.maxLength(KNOWERS_MAX))),
  hazards: z.optional(Hazards),
  promise: z.optional(Duration),
  restricted: z.optional(z.boolean()),
}

export const RiskCommand = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('risk.register'),
    kind: RiskKind,
    siteKind: z.optional(SiteKind),
    /** What a hazard is, by the slug of its kind. */
    hazard: z.optional(Slug),
    jurisdiction: DivisionCode,
    owner: z.nullable(Uuid),
    regulator: z.nullable(Uuid),
    responder: z.nullable(Uuid),
    ...stated,
    name: Name,
    ...Provenance,
    substances: z.optional(Substances),
    danger: z.optional(DangerSaid),
    /** The carry-over that it comes from: it was not on the list. */
    from: z.optional(Uuid),
  }),
  z.strictObject({ type: z.literal('risk.state'), ...stated, ...Provenance }),
  /** All that is stored there, anew; an empty list says that nothing is. */
  z.strictObject({ type: z.literal('risk.store'), substances: Substances, ...Provenance }),
  /** Still so: of the facts named by their keys, or of all. */
  z.strictObject({
    type: z.literal('risk.confirm'),
    keys: z.optional(z.array(Slug).check(z.minLength(1), z.maxLength(60))),
    ...Provenance,
  }),
  z.strictObject({
    type: z.literal('risk.appoint'),
    owner: z.optional(z.nullable(Uuid)),
    regulator: z.optional(z.nullable(Uuid)),
    responder: z.optional(z.nullable(Uuid)),
    reason: Text,
  }),
  z.strictObject({
    type: z.literal('risk.inspect'),
    /** `stopped`: what is done there was ordered to cease. */
    result: z.enum(['sound', 'dangers', 'stopped']),
    text: Text,
    dangers: z.array(DangerSaid).check(z.maxLength(DANGERS_AT_ONCE_MAX)),
  }),
  z.strictObject({ type: z.literal('risk.mend'), danger: Slug, evidence: Text }),
  /** Whether what the owner says is mended is so. */
  z.strictObject({ type: z.literal('risk.verify'), danger: Slug, accepted: z.boolean(), text: Text }),
  z.strictObject({ type: z.literal('risk.link-plan'), plan: Slug, text: Text }),
  z.strictObject({
    type: z.literal('risk.rehearse'),
    plan: z.nullable(Slug),
    exerciseId: z.nullable(Uuid),
    heldAt: InstantText,
    text: Text,
  }),
  z.strictObject({
    type: z.literal('risk.check'),
    incidentId: Uuid,
    result: CheckResult,
    /** Who were there when it was asked after; null: not said. */
    people: z.nullable(Count),
    text: Text,
    sources: z.array(Short).check(z.maxLength(20)),
  }),
  /** Opens what is stored there to the parties of an incident. */
  z.strictObject({ type: z.literal('risk.involve'), incidentId: Uuid, reason: Text }),
  /** What an incident taught about it. */
  z.strictObject({ type: z.literal('risk.carry'), from: Uuid, incidentId: z.nullable(Uuid), text: Text }),
  z.strictObject({ type: z.literal('risk.close'), reason: Text, evidence: Text }),
  z.strictObject({ type: z.literal('risk.reopen'), reason: Text }),
])
export type RiskCommand = z.infer<typeof RiskCommand>
export type Said<T extends RiskCommand['type']> = Omit<Extract<RiskCommand, { type: T }>, 'type'>
type DangerSaid = z.infer<typeof DangerSaid>

export type Stated = Omit<Said<'risk.state'>, 'name'> & { readonly name?: Words }

export type RiskEvent =
  | ({ readonly type: 'risk.registered'; readonly name: Words } & Omit<Said<'risk.register'>, 'name' | 'substances' | 'danger'>)
  | ({ readonly type: 'risk.stated' } & Stated)
  /** Apart from every other fact, because not everyone who sees the item may read it. */
  | ({ readonly type: 'risk.stored' } & Said<'risk.store'>)
  | ({ readonly type: 'risk.confirmed' } & Said<'risk.confirm'>)
  | ({ readonly type: 'risk.appointed' } & Said<'risk.appoint'>)
  | ({ readonly type: 'risk.inspected'; readonly dangers: readonly string[] } & Omit<Said<'risk.inspect'>, 'dangers'>)
  | ({ readonly type: 'risk.danger-found'; readonly danger: string } & DangerSaid)
  | ({ readonly type: 'risk.mended'; readonly verified: boolean } & Said<'risk.mend'>)
  | ({ readonly type: 'risk.verified' } & Said<'risk.verify'>)
  | ({ readonly type: 'risk.plan-linked' } & Said<'risk.link-plan'>)
  | ({ readonly type: 'risk.rehearsed' } & Said<'risk.rehearse'>)
  | ({ readonly type: 'risk.checked'; readonly name: Words } & Said<'risk.check'>)
  | ({ readonly type: 'risk.involved' } & Said<'risk.involve'>)
  | ({ readonly type: 'risk.carried' } & Said<'risk.carry'>)
  | ({ readonly type: 'risk.closed' } & Said<'risk.close'>)
  | ({ readonly type: 'risk.reopened' } & Said<'risk.reopen'>)

export type RiskStatus = 'open' | 'closed'
export type DangerStatus = 'open' | 'mended' | 'verified'

/** What of an inspection found wrong, with its deadline. */
export type Danger = DangerSaid & {
  readonly id: string
  readonly status: DangerStatus
  readonly foundAt: string
  readonly foundBy: string | null
  readonly mendedAt: string | null
  readonly evidence: string | null
}

type Done = { readonly at: string; readonly by: string | null; readonly text: string }

/** Facts that have keys of their own beside those that people name. */
export const PEOPLE = 'people'
export const CONTENTS = 'contents'
export const KNOWERS = 'knowers'

export type Risk = {
  readonly kind: RiskKind
  readonly siteKind: SiteKind | null
  readonly hazard: string | null
  readonly hazards: readonly string[]
  readonly name: Words
  readonly jurisdiction: string
  readonly place: Place | null
  readonly owner: string | null
  readonly regulator: string | null
  readonly responder: string | null
  readonly registeredBy: string | null
  readonly registeredAt: string
  /** How often each fact is to be confirmed. */
  readonly promise: string
  readonly restricted: boolean
  readonly people: People | null
  readonly knowers: readonly { readonly post: string | null; readonly words: string | null }[]
  readonly facts: readonly { readonly key: string; readonly text: string }[]
  /** What is stored; null: nobody has said. Kept apart from the row that everyone reads. */
  readonly store: readonly Substance[] | null
  /** By the key of the fact. */
  readonly provenance: Readonly<Record<string, Provenance>>
  readonly dangers: readonly Danger[]
  readonly inspections: readonly (Done & { readonly result: Said<'risk.inspect'>['result']; readonly dangers: readonly string[] })[]
  readonly checks: readonly (Done & {
    readonly incidentId: string
    readonly result: CheckResult
    readonly people: number | null
    readonly sources: readonly string[]
  })[]
  readonly plans: readonly { readonly plan: string; readonly text: string }[]
  readonly rehearsals: readonly (Done & { readonly plan: string | null; readonly exerciseId: string | null })[]
  readonly carried: readonly (Done & { readonly from: string; readonly incidentId: string | null })[]
  readonly incidents: readonly string[]
  readonly status: RiskStatus
  readonly closing: (Done & { readonly evidence: string }) | null
}
