/** The headquarters of an incident: one a jurisdiction, one of them in overall command; who is on the scene; how the lead is handed over. */
import { z } from 'zod/mini'
import type { Commanding } from '../authority.ts'
import { refuse, unreachable, type By, type Refusal } from '../decider.ts'
import { Words, type Stamp } from '../event.ts'
import { Slug, Uuid } from '../id.ts'
import type { Incident } from '../incident.ts'
import { DivisionCode } from '../place.ts'

const Text = z.string().check(z.trim(), z.minLength(1), z.maxLength(4000))
const Position = z.strictObject({ code: Slug, words: Words, organization: z.nullable(Uuid) })
export type Position = z.infer<typeof Position>

/** A part of the scene or of the work with one lead of its own, e.g. 东侧片区, 医疗救治组. */
export const Sector = z.strictObject({ code: Slug, words: Words, lead: Uuid })
export type Sector = z.infer<typeof Sector>

/** What passes with the lead: forces, duties still open, decisions, stores, contacts, what is known and what is not. */
const Transferred = z.strictObject({ kind: Slug, text: Text })
export type Transferred = z.infer<typeof Transferred>

export const HeadquartersCommands = [
  z.strictObject({
    type: z.literal('incident.activate-headquarters'),
    name: Words,
    lead: Uuid,
    members: z.array(Uuid).check(z.maxLength(200)),
    positions: z.array(Position).check(z.maxLength(40)),
    /** The standing body that is activated; left out, headquarters made for this incident alone. */
    headquarters: z.optional(Uuid),
    /** Left out, that of the incident. */
    jurisdiction: z.optional(DivisionCode),
    sectors: z.optional(z.array(Sector).check(z.maxLength(40))),
    /** The headquarters itself, where the directory has it as an organization. */
    organization: z.optional(z.nullable(Uuid)),
  }),
  /** `headquarters`: of which of several; left out, of the one in overall command. */
  z.strictObject({
    type: z.literal('incident.fill-position'),
    code: Slug,
    organization: z.nullable(Uuid),
    headquarters: z.optional(Uuid),
  }),
  z.strictObject({ type: z.literal('incident.stand-down-headquarters'), headquarters: z.optional(Uuid), reason: Text }),
  /**
   * `to` with `headquarters`: to another activated headquarters, whose lead it is. Without: to an organization, which
   * then leads the headquarters in overall command or, where there are none, the response.
   */
  z.strictObject({
    type: z.literal('incident.hand-over'),
    to: Uuid,
    headquarters: z.nullable(Uuid),
    transferred: z.array(Transferred).check(z.maxLength(100)),
    reason: Text,
  }),
  z.strictObject({ type: z.literal('incident.take-over'), note: z.optional(z.string().check(z.maxLength(2000))) }),
  z.strictObject({ type: z.literal('incident.decline-hand-over'), reason: Text }),
  z.strictObject({ type: z.literal('incident.enter-scene'), organization: Uuid, text: z.optional(z.string().check(z.maxLength(2000))) }),
  z.strictObject({ type: z.literal('incident.leave-scene'), organization: Uuid, text: z.optional(z.string().check(z.maxLength(2000))) }),
  /** The short way of approval, declared on record and ended on record; `basis` says what allows it. */
  z.strictObject({ type: z.literal('incident.declare-emergency-path'), reason: Text, basis: Text }),
  z.strictObject({ type: z.literal('incident.end-emergency-path'), reason: Text }),
] as const
export type HeadquartersCommand = z.infer<(typeof HeadquartersCommands)[number]>
type Said<T extends HeadquartersCommand['type']> = Omit<Extract<HeadquartersCommand, { type: T }>, 'type'>

export type HeadquartersEvent =
  | ({ readonly type: 'incident.headquarters-activated' } & Said<'incident.activate-headquarters'>)
  | {
      readonly type: 'incident.position-filled'
      readonly code: string
      readonly organization: string | null
      readonly headquarters?: string
    }
  | {
      readonly type: 'incident.headquarters-stood-down'
      readonly headquarters: string
      /** It is a standing body, which hears of it. */
      readonly standing: boolean
      readonly reason: string
    }
  | ({ readonly type: 'incident.hand-over-offered'; readonly from: string | null } & Said<'incident.hand-over'>)
  | {
      readonly type: 'incident.taken-over'
      readonly from: string | null
      readonly to: string
      readonly headquarters: string | null
      readonly transferred: readonly Transferred[]
      readonly reason: string
      readonly note: string | null
    }
  | { readonly type: 'incident.hand-over-declined'; readonly to: string; readonly reason: string }
  | {
      readonly type: 'incident.scene-entered'
      readonly organization: string
      readonly headquarters: string | null
      readonly text: string | null
    }
  | { readonly type: 'incident.scene-left'; readonly organization: string; readonly text: string | null }
  | { readonly type: 'incident.emergency-path-declared'; readonly reason: string; readonly basis: string }
  | { readonly type: 'incident.emergency-path-ended'; readonly reason: string }

export type Headquarters = {
  /** The standing body's own id, or that of the command that activated it. */
  readonly id: string
  readonly standing: boolean
  readonly name: Words
  readonly lead: string
  readonly members: readonly string[]
  readonly positions: readonly Position[]
  readonly sectors: readonly Sector[]
  readonly jurisdiction: string
  readonly organization: string | null
  readonly activatedAt: string
}
export type HandOver = Said<'incident.hand-over'> & { readonly from: string | null; readonly at: string }
export type EmergencyPath = { readonly reason: string; readonly basis: string; readonly at: string }

export type Conducting = {
  /** The headquarters in overall command. */
  readonly headquarters: Headquarters | null
  readonly otherHeadquarters: readonly Headquarters[]
  /** Who leads where no headquarters does; null: the government of the place (Emergency Response Law art. 17). */
  readonly lead: string | null
  /** Offered and not yet taken over: until then the old lead leads. */
  readonly handOver: HandOver | null
  readonly onScene: readonly { readonly organization: string; readonly at: string }[]
  readonly emergencyPath: EmergencyPath | null
}
export const NOBODY_CONDUCTS: Conducting = {
  headquarters: null,
  otherHeadquarters: [],
  lead: null,
  handOver: null,
  onScene: [],
  emergencyPath: null,
}

const HEADQUARTERS_MAX = 40
const ON_SCENE_MAX = 2000

const TYPES: ReadonlySet<string> = new Set(HeadquartersCommands.flatMap((one) => [...one.shape.type.def.values]))
export const isHeadquartersCommand = <T extends { readonly type: string }>(command: T): command is T & HeadquartersCommand =>
  TYPES.has(command.type)

/** All that are activated, the one in overall command first. */
export const headquartersOf = (state: Pick<Conducting, 'headquarters' | 'otherHeadquarters'>): readonly Headquarters[] =>
  state.headquarters === null ? state.otherHeadquarters : [state.headquarters, ...state.otherHeadquarters]

const findHeadquarters = (state: Conducting, id: string | undefined): Headquarters | null =>
  id === undefined ? state.headquarters : (headquartersOf(state).find((one) => one.id === id) ?? null)

export function conductHeadquarters(state: Incident, command: HeadquartersCommand, by: By): readonly HeadquartersEvent[] | Refusal {
  switch (command.type) {
    case 'incident.activate-headquarters':
      return activate(state, command)
    case 'incident.fill-position': {
      const { code, organization } = command
      const headquarters = findHeadquarters(state, command.headquarters)
      if (headquarters === null) return refuse('incident.no-headquarters')
      const position = headquarters.positions.find((one) => one.code === code)
      if (!position) return refuse('incident.no-such-position', { code })
      const which = command.headquarters === undefined ? {} : { headquarters: command.headquarters }
      return position.organization === organization ? [] : [{ type: 'incident.position-filled', code, organization, ...which }]
    }
    case 'incident.stand-down-headquarters': {
      const headquarters = findHeadquarters(state, command.headquarters)
      // The linkage follows the standing body, which may itself follow the incident.
      if (headquarters === null) return by.actor.kind === 'system' ? [] : refuse('incident.no-headquarters')
      if (headquarters.id === state.headquarters?.id && state.otherHeadquarters.length > 0) return refuse('incident.lead-not-handed-over')
      const { id, standing } = headquarters
      return [{ type: 'incident.headquarters-stood-down', headquarters: id, standing, reason: command.reason }]
    }
    case 'incident.hand-over':
    case 'incident.take-over':
    case 'incident.decline-hand-over':
      return passLead(state, command, by)
    case 'incident.enter-scene':
    case 'incident.leave-scene':
      return crossCordon(state, command)
    case 'incident.declare-emergency-path': {
      const { reason, basis } = command
      return state.emergencyPath === null
        ? [{ type: 'incident.emergency-path-declared', reason, basis }]
        : refuse('incident.emergency-path-already-declared')
    }
    case 'incident.end-emergency-path':
      return state.emergencyPath === null
        ? refuse('incident.no-emergency-path')
        : [{ type: 'incident.emergency-path-ended', reason: command.reason }]
    default:
      return unreachable(command)
  }
}

function activate(
  state: Incident,
  command: Extract<HeadquartersCommand, { type: 'incident.activate-headquarters' }>,
): readonly HeadquartersEvent[] | Refusal {
  const { type: _, members, ...said } = command
  const active = headquartersOf(state)
  const territory = said.jurisdiction ?? state.jurisdiction
  if (active.some((one) => one.jurisdiction === territory || one.id === said.headquarters))
    return refuse('incident.headquarters-already-active', { jurisdiction: territory })
  if (active.length >= HEADQUARTERS_MAX) return refuse('incident.too-many-headquarters', { max: HEADQUARTERS_MAX })
  for (const codes of [command.positions, command.sectors ?? []].map((list) => list.map((one) => one.code))) {
    const twice = codes.find((code, i) => codes.indexOf(code) !== i)
    if (twice !== undefined) return refuse('incident.position-twice', { code: twice })
  }
  return [{ type: 'incident.headquarters-activated', ...said, members: members.includes(said.lead) ? members : [said.lead, ...members] }]
}

type Passing = Extract<HeadquartersCommand, { type: 'incident.hand-over' | 'incident.take-over' | 'incident.decline-hand-over' }>

/** Offered by the old lead, led by the old lead until the new one takes it: at no moment nobody leads, at none two do. */
function passLead(state: Incident, command: Passing, by: By): readonly HeadquartersEvent[] | Refusal {
  if (command.type === 'incident.hand-over') {
    const { type: _, ...said } = command
    const to = said.headquarters === null ? null : findHeadquarters(state, said.headquarters)
    if (said.headquarters !== null && to === null) return refuse('incident.no-such-headquarters')
    if (to !== null && to.lead !== said.to) return refuse('incident.not-its-lead', { lead: to.lead })
    const leading = state.headquarters?.lead ?? state.lead
    if (said.to === leading && (to === null || to.id === state.headquarters?.id)) return refuse('incident.leads-already')
    if (to !== null && to.id === state.headquarters?.id) return refuse('incident.leads-already')
    const from = leading ?? (by.actor.kind === 'post' ? by.actor.organizationId : null)
    return [{ type: 'incident.hand-over-offered', from, ...said }]
  }
  const offered = state.handOver
  if (offered === null) return refuse('incident.no-hand-over')
  const { from, to, headquarters, transferred, reason } = offered
  if (command.type === 'incident.decline-hand-over') return [{ type: 'incident.hand-over-declined', to, reason: command.reason }]
  if (headquarters !== null && findHeadquarters(state, headquarters) === null) return refuse('incident.no-such-headquarters')
  return [{ type: 'incident.taken-over', from, to, headquarters, transferred, reason, note: command.note ?? null }]
}

function crossCordon(
  state: Incident,
  command: Extract<HeadquartersCommand, { type: 'incident.enter-scene' | 'incident.leave-scene' }>,
): readonly HeadquartersEvent[] | Refusal {
  const { organization, text = null } = command
  const there = state.onScene.some((one) => one.organization === organization)
  if (command.type === 'incident.leave-scene')
    return there ? [{ type: 'incident.scene-left', organization, text }] : refuse('incident.not-on-scene', { organization })
  if (there) return []
  if (state.onScene.length >= ON_SCENE_MAX) return refuse('incident.too-many-on-scene', { max: ON_SCENE_MAX })
  return [{ type: 'incident.scene-entered', organization, headquarters: state.headquarters?.id ?? null, text }]
}

const EVENTS: ReadonlySet<string> = new Set<HeadquartersEvent['type']>([
  'incident.headquarters-activated',
  'incident.position-filled',
  'incident.headquarters-stood-down',
  'incident.hand-over-offered',
  'incident.taken-over',
  'incident.hand-over-declined',
  'incident.scene-entered',
  'incident.scene-left',
  'incident.emergency-path-declared',
  'incident.emergency-path-ended',
])
export const isHeadquartersEvent = <T extends { readonly type: string }>(event: T): event is T & HeadquartersEvent => EVENTS.has(event.type)

export function evolveHeadquarters(state: Incident, event: HeadquartersEvent, stamp: Pick<Stamp, 'occurredAt' | 'commandId'>): Incident {
  const at = stamp.occurredAt
  switch (event.type) {
    case 'incident.headquarters-activated': {
      const {
        type: _,
        headquarters: id = stamp.commandId,
        jurisdiction = state.jurisdiction,
        sectors = [],
        organization = null,
        ...said
      } = event
      const standing = event.headquarters !== undefined
      const one: Headquarters = { ...said, id, standing, jurisdiction, sectors, organization, activatedAt: at }
      // Where the lead was handed to somebody, headquarters of another do not take it by being activated.
      return state.headquarters === null && (state.lead === null || state.lead === one.lead)
        ? { ...state, headquarters: one }
        : { ...state, otherHeadquarters: [...state.otherHeadquarters, one] }
    }
    case 'incident.position-filled':
      return withHeadquarters(state, event.headquarters ?? state.headquarters?.id, (one) => ({
        ...one,
        positions: one.positions.map((position) =>
          position.code === event.code ? { ...position, organization: event.organization } : position,
        ),
      }))
    case 'incident.headquarters-stood-down': {
      const left = { ...state, handOver: state.handOver?.headquarters === event.headquarters ? null : state.handOver }
      return state.headquarters?.id === event.headquarters
        ? { ...left, headquarters: null, lead: null }
        : { ...left, otherHeadquarters: state.otherHeadquarters.filter((one) => one.id !== event.headquarters) }
    }
    case 'incident.hand-over-offered': {
      const { type: _, ...said } = event
      return { ...state, handOver: { ...said, at } }
    }
    case 'incident.taken-over':
      return takenOver({ ...state, handOver: null }, event)
    case 'incident.hand-over-declined':
      return { ...state, handOver: null }
    case 'incident.scene-entered':
      return { ...state, onScene: [...state.onScene, { organization: event.organization, at }] }
    case 'incident.scene-left':
      return { ...state, onScene: state.onScene.filter((one) => one.organization !== event.organization) }
    case 'incident.emergency-path-declared':
      return { ...state, emergencyPath: { reason: event.reason, basis: event.basis, at } }
    case 'incident.emergency-path-ended':
      return { ...state, emergencyPath: null }
    default:
      return unreachable(event)
  }
}

const withHeadquarters = (state: Incident, id: string | undefined, change: (one: Headquarters) => Headquarters): Incident => ({
  ...state,
  headquarters: state.headquarters !== null && state.headquarters.id === id ? change(state.headquarters) : state.headquarters,
  otherHeadquarters: state.otherHeadquarters.map((one) => (one.id === id ? change(one) : one)),
})

function takenOver(state: Incident, event: Extract<HeadquartersEvent, { type: 'incident.taken-over' }>): Incident {
  if (event.headquarters !== null) {
    const all = headquartersOf(state)
    const next = all.find((one) => one.id === event.headquarters) ?? null
    return next === null ? state : { ...state, headquarters: next, otherHeadquarters: all.filter((one) => one !== next), lead: null }
  }
  if (state.headquarters === null) return { ...state, lead: event.to }
  const { members } = state.headquarters
  return withHeadquarters(state, state.headquarters.id, (one) => ({
    ...one,
    lead: event.to,
    members: members.includes(event.to) ? members : [...members, event.to],
  }))
}

/** What authority asks of the incident: who commands whom there now. */
export const commandingOf = (state: Pick<Conducting, 'headquarters' | 'otherHeadquarters' | 'onScene'>): Commanding => ({
  headquarters: headquartersOf(state).map(({ id, lead, organization, members, sectors }) => ({
    lead,
    organization,
    members,
    sectors,
    overall: id === state.headquarters?.id,
  })),
  entered: state.onScene.map((one) => one.organization),
})

/** Everyone that the headquarters name. */
export const conductingParties = (state: Conducting): readonly (string | null)[] => [
  ...headquartersOf(state).flatMap((one) => [
    one.lead,
    ...one.members,
    ...one.positions.map((position) => position.organization),
    ...one.sectors.map((sector) => sector.lead),
    one.organization,
  ]),
  state.lead,
  state.handOver?.to ?? null,
  ...state.onScene.map((one) => one.organization),
]
