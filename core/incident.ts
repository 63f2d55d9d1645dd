import { z } from 'zod/mini'
import type { Thing } from './authority.ts'
import { refuse, unreachable, type By, type Decider, type Refusal } from './decider.ts'
import { Words, type Stamp } from './event.ts'
import { Slug, Uuid } from './id.ts'
import {
  ActivationCommands,
  conductActivation,
  evolveActivation,
  isActivationCommand,
  isActivationEvent,
  NOTHING_ACTIVATED,
  withResponse,
  type Activation,
  type ActivationCommand,
  type ActivationEvent,
} from './incident/activation.ts'
import {
  AreaCommands,
  areasOf,
  conductArea,
  evolveArea,
  isAreaCommand,
  isAreaEvent,
  type AreaCommand,
  type AreaEvent,
  type Spread,
} from './incident/area.ts'
import {
  conductHeadquarters,
  conductingParties,
  evolveHeadquarters,
  headquartersOf,
  HeadquartersCommands,
  isHeadquartersCommand,
  isHeadquartersEvent,
  NOBODY_CONDUCTS,
  type Conducting,
  type HeadquartersCommand,
  type HeadquartersEvent,
} from './incident/headquarters.ts'
import {
  conductPhase,
  evolvePhase,
  goesOnAfter,
  isPhaseCommand,
  isPhaseEvent,
  PhaseCommands,
  type Phased,
  type PhaseCommand,
  type PhaseEvent,
} from './incident/phase.ts'
import { Colour, IncidentClass, Level } from './level.ts'
import { DivisionCode, Place } from './place.ts'
import { Zone } from './time.ts'

const Text = z.string().check(z.minLength(1), z.maxLength(4000))
const Title = z.string().check(z.trim(), z.minLength(1), z.maxLength(200))

/** A fact of the timeline that no other command states: who did what, to whom, where, and who says so. */
const note = {
  kind: Slug,
  text: Text,
  /** Who did it; left out, the organization of the post that notes it. */
  organization: z.optional(z.nullable(Uuid)),
  target: z.optional(z.array(Uuid).check(z.maxLength(200))),
  subject: z.optional(Slug),
  complete: z.optional(z.boolean()),
  colour: z.optional(Colour),
  place: z.optional(z.nullable(Place)),
  sources: z.optional(z.array(z.string().check(z.maxLength(200))).check(z.maxLength(50))),
  confidence: z.optional(z.string().check(z.maxLength(60))),
  data: z.optional(z.record(z.string().check(z.maxLength(60)), z.json())),
}

/** An incident 突发事件: report → verify → declare → respond → close, or unfounded, or merged into another. */
export const IncidentCommand = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('incident.report'),
    /** The number that people use, given by the server: `2026-120116-0042`. */
    number: z.optional(z.string().check(z.regex(/^\d{4}-\d{6}-\d{4,8}$/))),
    title: Title,
    place: z.nullable(Place),
    jurisdiction: DivisionCode,
    hazard: Slug,
    class: z.nullable(IncidentClass),
    unitInvolved: z.nullable(Uuid),
    text: Text,
    zone: Zone,
    reportedBy: z.optional(z.nullable(Uuid)),
    /** A warning says that it may come; nothing has happened yet. */
    expected: z.optional(z.literal(true)),
  }),
  /** What was expected has happened: from here on it is owed what is owed for a report. */
  z.strictObject({ type: z.literal('incident.occur'), text: Text, place: z.optional(z.nullable(Place)) }),
  z.strictObject({ type: z.literal('incident.verify'), text: Text }),
  z.strictObject({ type: z.literal('incident.refute'), reason: Text }),
  z.strictObject({ type: z.literal('incident.declare'), class: IncidentClass, severity: z.nullable(Level), hazard: Slug, title: Title }),
  z.strictObject({
    type: z.literal('incident.set-response'),
    level: Level,
    scope: z.optional(z.nullable(z.string().check(z.maxLength(200)))),
    plan: z.optional(z.nullable(Slug)),
    text: Text,
    organization: z.optional(z.nullable(Uuid)),
    /** The scale that the level is said in, where it is not the nation's. */
    scale: z.optional(Slug),
  }),
  ...ActivationCommands,
  ...HeadquartersCommands,
  ...PhaseCommands,
  ...AreaCommands,
  z.strictObject({ type: z.literal('incident.note'), ...note }),
  z.strictObject({ type: z.literal('incident.merge'), into: Uuid }),
  z.strictObject({ type: z.literal('incident.close'), reason: Text }),
  /** The linkage found a clause that binds but nobody to owe it. */
  z.strictObject({
    type: z.literal('incident.mark-gap'),
    instrumentId: Slug,
    version: z.int(),
    clauseId: Slug,
    party: z.string(),
    act: Words,
  }),
])
export type IncidentCommand = z.infer<typeof IncidentCommand>
type Said<T extends IncidentCommand['type']> = Omit<Extract<IncidentCommand, { type: T }>, 'type'>

export type Noted = {
  readonly kind: string
  readonly text: string
  readonly organization: string | null
  readonly target: readonly string[]
  readonly subject?: string
  readonly complete?: boolean
  readonly colour?: Colour
  readonly place?: Place | null
  readonly sources?: readonly string[]
  readonly confidence?: string
  readonly data?: Readonly<Record<string, unknown>>
}
export type Gap = Said<'incident.mark-gap'>

export type IncidentEvent =
  | ({ readonly type: 'incident.reported'; readonly number: string; readonly reportedBy: string | null } & Omit<
      Said<'incident.report'>,
      'number' | 'reportedBy'
    >)
  | { readonly type: 'incident.occurred'; readonly text: string; readonly place: Place | null; readonly reportedBy: string | null }
  | { readonly type: 'incident.verified'; readonly text: string }
  | { readonly type: 'incident.refuted'; readonly reason: string }
  | ({ readonly type: 'incident.declared' } & Said<'incident.declare'>)
  | {
      readonly type: 'incident.response-set'
      readonly level: Level
      readonly from: Level | null
      readonly scope: string | null
      readonly plan: string | null
      readonly text: string
      readonly organization: string | null
      readonly scale?: string
    }
  | ActivationEvent
  | HeadquartersEvent
  | PhaseEvent
  | AreaEvent
  | ({ readonly type: 'incident.noted' } & Noted)
  | { readonly type: 'incident.merged'; readonly into: string }
  | { readonly type: 'incident.closed'; readonly reason: string }
  | ({ readonly type: 'incident.gap-marked' } & Gap)

export type IncidentStatus = 'reported' | 'verified' | 'declared' | 'closed' | 'merged' | 'unfounded'
export type Warning = { readonly colour: Colour; readonly hazard: string; readonly at: string; readonly issuer: string | null }

export type Incident = Phased &
  Spread &
  Activation &
  Conducting & {
    readonly status: IncidentStatus
    readonly number: string
    readonly title: string
    readonly place: Place | null
    readonly jurisdiction: string
    readonly hazard: string
    readonly class: IncidentClass | null
    readonly severity: Level | null
    readonly responseLevel: Level | null
    readonly plan: string | null
    readonly unitInvolved: string | null
    readonly reportedBy: string | null
    /** Only warned of so far. */
    readonly expected?: true
    readonly zone: string
    readonly reportedAt: string
    readonly closedAt: string | null
    readonly mergedInto: string | null
    /** The newest first, at most 50. */
    readonly warnings: readonly Warning[]
    readonly gaps: readonly Gap[]
  }

const WARNINGS_MAX = 50
const GAPS_MAX = 500
const ENDED: ReadonlySet<IncidentStatus> = new Set(['closed', 'merged', 'unfounded'])

/** The organization that a post speaks for, unless the command names another. */
const speaker = (named: string | null | undefined, by: By): string | null =>
  named !== undefined ? named : by.actor.kind === 'post' ? by.actor.organizationId : null

export const incident: Decider<Incident | null, IncidentCommand, IncidentEvent> = {
  initial: null,

  decide(state, command, by) {
    if (command.type === 'incident.report') {
      if (state !== null) return refuse('incident.already-reported', { number: state.number })
      const { type: _, number, reportedBy, ...said } = command
      if (number === undefined) return refuse('incident.no-number')
      return [{ type: 'incident.reported', ...said, number, reportedBy: speaker(reportedBy, by) }]
    }
    if (state === null) return refuse('incident.unknown')
    if (state.status === 'merged') return refuse('incident.already-merged', { into: state.mergedInto })
    if (command.type === 'incident.note') return [noted(command, by)]
    if (isPhaseCommand(command) && goesOnAfter(state.status)) return conductPhase(state, command)
    if (ENDED.has(state.status)) return refuse('incident.already-ended', { status: state.status })
    if (isActivationCommand(command)) return conductActivation(state, command, by)
    if (isHeadquartersCommand(command)) return conductHeadquarters(state, command, by)
    if (isPhaseCommand(command)) return conductPhase(state, command)
    if (isAreaCommand(command)) return conductArea(state, command)
    return command.type === 'incident.verify' ||
      command.type === 'incident.refute' ||
      command.type === 'incident.declare' ||
      command.type === 'incident.occur'
      ? establish(state, command, by)
      : conduct(state, command, by)
  },

  evolve(state, event, stamp) {
    if (event.type === 'incident.reported') {
      const { type: _, text: __, expected, ...said } = event
      const nothing = {
        severity: null,
        responseLevel: null,
        plan: null,
        closedAt: null,
        mergedInto: null,
        ...NOTHING_ACTIVATED,
        ...NOBODY_CONDUCTS,
        warnings: [],
        gaps: [],
      }
      // A warning comes from whoever answers for it: there is nothing left to verify.
      const reportedAt = stamp.occurredAt
      return expected === true
        ? { ...said, ...nothing, status: 'verified', expected, reportedAt }
        : { ...said, ...nothing, status: 'reported', reportedAt }
    }
    return state === null ? state : changed(state, event, stamp)
  },
}

function noted(command: Extract<IncidentCommand, { type: 'incident.note' }>, by: By): IncidentEvent {
  const { type: _, organization, target = [], ...said } = command
  const kept = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) as typeof said
  return { type: 'incident.noted', ...kept, organization: speaker(organization, by), target } as IncidentEvent
}

function establish(
  state: Incident,
  command: Extract<IncidentCommand, { type: 'incident.occur' | 'incident.verify' | 'incident.refute' | 'incident.declare' }>,
  by: By,
): readonly IncidentEvent[] | Refusal {
  switch (command.type) {
    case 'incident.occur':
      return state.expected === true
        ? [{ type: 'incident.occurred', text: command.text, place: command.place ?? null, reportedBy: speaker(undefined, by) }]
        : refuse('incident.already-happened')
    case 'incident.verify':
      return state.status === 'reported' ? [{ type: 'incident.verified', text: command.text }] : refuse('incident.already-verified')
    case 'incident.refute':
      return state.status === 'declared' ? refuse('incident.already-declared') : [{ type: 'incident.refuted', reason: command.reason }]
    case 'incident.declare': {
      if (state.status === 'reported') return refuse('incident.not-verified')
      // Emergency Response Law art. 3 grades natural, accident and public-health incidents; social safety has no grade there.
      if (command.severity === null && command.class !== 'social-safety')
        return refuse('incident.severity-missing', { class: command.class })
      const { type: _, ...said } = command
      const same =
        state.status === 'declared' &&
        state.severity === said.severity &&
        state.class === said.class &&
        state.hazard === said.hazard &&
        state.title === said.title
      return same ? [] : [{ type: 'incident.declared', ...said }]
    }
    default:
      return unreachable(command)
  }
}

type Conduct = Exclude<
  IncidentCommand,
  {
    type:
      | 'incident.report'
      | 'incident.note'
      | 'incident.occur'
      | 'incident.verify'
      | 'incident.refute'
      | 'incident.declare'
      | ActivationCommand['type']
      | HeadquartersCommand['type']
      | PhaseCommand['type']
      | AreaCommand['type']
  }
>

function conduct(state: Incident, command: Conduct, by: By): readonly IncidentEvent[] | Refusal {
  switch (command.type) {
    case 'incident.set-response': {
      if (state.status === 'reported') return refuse('incident.not-verified')
      const { level, scope = null, plan = null, text, organization, scale } = command
      const own = speaker(organization, by)
      // The log of an exercise says who set it in the record; a post sets it for itself.
      if (by.actor.kind === 'post' && organization !== undefined && organization !== by.actor.organizationId)
        return refuse('authority.speaks-for-another', { organization })
      return [
        {
          type: 'incident.response-set',
          level,
          from: state.responseLevel,
          scope,
          plan,
          text,
          organization: own,
          ...(scale === undefined ? {} : { scale }),
        },
      ]
    }
    case 'incident.merge':
      return [{ type: 'incident.merged', into: command.into }]
    case 'incident.close':
      return state.status === 'reported' ? refuse('incident.not-verified') : [{ type: 'incident.closed', reason: command.reason }]
    case 'incident.mark-gap': {
      const { type: _, ...gap } = command
      const known = state.gaps.some(
        (one) => one.instrumentId === gap.instrumentId && one.clauseId === gap.clauseId && one.party === gap.party,
      )
      return known || state.gaps.length >= GAPS_MAX ? [] : [{ type: 'incident.gap-marked', ...gap }]
    }
    default:
      return unreachable(command)
  }
}

function changed(
  state: Incident,
  event: Exclude<IncidentEvent, { type: 'incident.reported' }>,
  stamp: Pick<Stamp, 'occurredAt' | 'commandId'>,
): Incident {
  if (isActivationEvent(event)) return evolveActivation(state, event, stamp.occurredAt)
  if (isHeadquartersEvent(event)) return evolveHeadquarters(state, event, stamp)
  if (isPhaseEvent(event)) return evolvePhase(state, event, stamp.occurredAt)
  if (isAreaEvent(event)) return evolveArea(state, event, stamp.occurredAt)
  const at = stamp.occurredAt
  switch (event.type) {
    case 'incident.occurred': {
      const { expected: _, ...known } = state
      return { ...known, place: event.place ?? state.place, reportedBy: event.reportedBy ?? state.reportedBy, reportedAt: at }
    }
    case 'incident.verified':
      return { ...state, status: 'verified' }
    case 'incident.refuted':
      return { ...state, status: 'unfounded', closedAt: at }
    case 'incident.declared':
      return { ...state, status: 'declared', class: event.class, severity: event.severity, hazard: event.hazard, title: event.title }
    case 'incident.response-set':
      return {
        ...state,
        responseLevel: event.level,
        plan: event.plan ?? state.plan,
        responses: withResponse(state.responses, {
          organization: event.organization,
          level: event.level,
          scope: event.scope,
          scale: event.scale ?? null,
          at,
        }),
      }
    case 'incident.noted':
      return event.kind === 'warning' && event.colour !== undefined
        ? {
            ...state,
            warnings: [
              { colour: event.colour, hazard: event.subject ?? state.hazard, at, issuer: event.organization },
              ...state.warnings,
            ].slice(0, WARNINGS_MAX),
          }
        : state
    case 'incident.merged':
      return { ...state, status: 'merged', mergedInto: event.into, closedAt: at }
    case 'incident.closed':
      return { ...state, status: 'closed', closedAt: at }
    case 'incident.gap-marked': {
      const { type: _, ...gap } = event
      return { ...state, gaps: [...state.gaps, gap] }
    }
    default:
      return unreachable(event)
  }
}

/** Everyone who is named in it and therefore sees it, wherever they are. */
export const incidentParties = (state: Incident): readonly string[] => {
  const named = [state.reportedBy, state.unitInvolved, ...conductingParties(state)]
  return [...new Set(named.filter((id) => id !== null && id !== undefined))]
}

/** `command`: of several headquarters the one that it names is asked, and the territory that it acts for. */
export function incidentThing(state: Incident | null, command?: IncidentCommand): Thing {
  if (state === null) return { jurisdiction: null, parties: [] }
  const { jurisdiction, headquarters, handOver } = state
  const lead = headquarters?.lead ?? state.lead
  const thing = {
    jurisdiction,
    headquarters,
    lead,
    successor: handOver?.to ?? null,
    parties: incidentParties(state),
    areas: areasOf(state),
  }
  switch (command?.type) {
    case 'incident.activate-headquarters':
      return { ...thing, territory: command.jurisdiction ?? jurisdiction }
    case 'incident.fill-position':
    case 'incident.stand-down-headquarters': {
      const about = headquartersOf(state).find((one) => one.id === command.headquarters)
      return about === undefined ? thing : { ...thing, jurisdiction: about.jurisdiction, headquarters: about, lead: about.lead }
    }
    case 'incident.enter-scene':
    case 'incident.leave-scene':
      return { ...thing, owner: command.organization }
    default:
      return thing
  }
}
