/** Standing coordination bodies 常设协调机构: committees, secretariats, headquarters, desks, joint teams; who sits in them and what they are for. */
import { z } from 'zod/mini'
import type { Thing } from './authority.ts'
import { refuse, unreachable, type By, type Decider, type Refusal } from './decider.ts'
import { Words } from './event.ts'
import { Slug, Uuid } from './id.ts'
import { findPastItem, Item, ITEMS_MAX } from './item.ts'
import { DivisionCode } from './place.ts'
import { between } from './time.ts'

const Text = z.string().check(z.trim(), z.minLength(1), z.maxLength(8000))
const Reason = z.string().check(z.trim(), z.minLength(1), z.maxLength(4000))

export const BodyKind = z.enum(['committee', 'secretariat', 'command', 'coordination-desk', 'joint-team', 'joint-conference'])
export type BodyKind = z.infer<typeof BodyKind>
export const Seat = z.enum(['member', 'observer'])
export type Seat = z.infer<typeof Seat>
/** What the body may do: `command` an incident it is activated for, `decide` for its members, `coordinate`, `allocate`, `inform`. */
export const BodyPower = z.enum(['command', 'decide', 'coordinate', 'allocate', 'inform'])
export type BodyPower = z.infer<typeof BodyPower>

const MEMBERS_MAX = 200
const Member = z.strictObject({ organization: Uuid, seat: Seat, sector: z.nullable(Slug) })
const Sector = z.strictObject({ code: Slug, words: Words, lead: Uuid })
const Basis = z.strictObject({ instrumentId: Slug, version: z.int().check(z.gte(1)), clauseId: Slug })
/** What the body is for: a tree, said in the words of all its members. */
const Aim = z.strictObject({ code: Slug, words: Words, parent: z.nullable(Slug) })
/** Who leads each of its functions: the letter A of the responsibility matrix. */
const Led = z.strictObject({ function: Slug, lead: z.nullable(Uuid) })
/** A word that its members agree on. */
const Term = z.strictObject({ term: z.string().check(z.trim(), z.minLength(1), z.maxLength(100)), means: Words })

export const HeadquartersCommand = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('headquarters.found'),
    name: Words,
    kind: BodyKind,
    jurisdiction: DivisionCode,
    lead: Uuid,
    members: z.array(Member).check(z.maxLength(MEMBERS_MAX)),
    powers: z.array(BodyPower).check(z.maxLength(10)),
    sectors: z.array(Sector).check(z.maxLength(40)),
    basis: z.nullable(Basis),
    /** The incident that it is founded for; null: it stands. */
    incidentId: z.nullable(Uuid),
    /** The body itself, where the directory has it as an organization. */
    organization: z.nullable(Uuid),
  }),
  z.strictObject({ type: z.literal('headquarters.admit'), member: Member }),
  z.strictObject({ type: z.literal('headquarters.release'), organization: Uuid, reason: Reason }),
  /** A member confirms its seat by itself. */
  z.strictObject({ type: z.literal('headquarters.join'), organization: z.optional(Uuid) }),
  z.strictObject({ type: z.literal('headquarters.change-lead'), lead: Uuid, reason: Reason }),
  z.strictObject({
    type: z.literal('headquarters.set-purpose'),
    objectives: z.array(Aim).check(z.maxLength(100)),
    functions: z.array(Led).check(z.maxLength(100)),
    terms: z.array(Term).check(z.maxLength(200)),
  }),
  z.strictObject({ type: z.literal('headquarters.activate'), incidentId: Uuid }),
  z.strictObject({ type: z.literal('headquarters.deactivate'), incidentId: Uuid, reason: Reason }),
  /** A meeting: what was said, who was there, and what each is to do by when. */
  z.strictObject({
    type: z.literal('headquarters.meet'),
    text: Text,
    attended: z.array(Uuid).check(z.maxLength(MEMBERS_MAX)),
    decisions: z.array(Item).check(z.maxLength(ITEMS_MAX)),
    incidentId: z.nullable(Uuid),
  }),
  z.strictObject({ type: z.literal('headquarters.stand-down'), reason: Reason }),
])
export type HeadquartersCommand = z.infer<typeof HeadquartersCommand>
type Said<T extends HeadquartersCommand['type']> = Omit<Extract<HeadquartersCommand, { type: T }>, 'type'>

export type HeadquartersEvent =
  | ({ readonly type: 'headquarters.founded' } & Said<'headquarters.found'>)
  | ({ readonly type: 'headquarters.admitted' } & Said<'headquarters.admit'>)
  | ({ readonly type: 'headquarters.released' } & Said<'headquarters.release'>)
  | { readonly type: 'headquarters.joined'; readonly organization: string }
  | ({ readonly type: 'headquarters.lead-changed'; readonly from: string } & Said<'headquarters.change-lead'>)
  | ({ readonly type: 'headquarters.purpose-set' } & Said<'headquarters.set-purpose'>)
  | {
      readonly type: 'headquarters.activated'
      readonly incidentId: string
      /** As the body was at that instant: the incident's own headquarters are made of it. */
      readonly name: Words
      readonly jurisdiction: string
      readonly lead: string
      readonly members: readonly string[]
      readonly sectors: readonly z.infer<typeof Sector>[]
      readonly organization: string | null
    }
  | ({ readonly type: 'headquarters.deactivated' } & Said<'headquarters.deactivate'>)
  | ({
      readonly type: 'headquarters.met'
      readonly lead: string
      readonly members: readonly string[]
      readonly jurisdiction: string
      readonly basis: z.infer<typeof Basis> | null
    } & Said<'headquarters.meet'>)
  | ({ readonly type: 'headquarters.stood-down' } & Said<'headquarters.stand-down'>)

export type BodyStatus = 'founded' | 'active' | 'stood-down'
export type BodyMember = z.infer<typeof Member> & { readonly joinedAt: string | null }
export type Meeting = Said<'headquarters.meet'> & { readonly at: string; readonly commandId: string }
export type Body = Omit<Said<'headquarters.found'>, 'members'> &
  Said<'headquarters.set-purpose'> & {
    readonly status: BodyStatus
    readonly members: readonly BodyMember[]
    readonly foundedAt: string
    /** When the last of those who have a seat as member confirmed it. */
    readonly formedAt: string | null
    readonly stoodDownAt: string | null
    /** The incidents that it is activated for now. */
    readonly incidents: readonly { readonly id: string; readonly at: string }[]
    /** The newest first, at most 50. */
    readonly meetings: readonly Meeting[]
  }

const MEETINGS_MAX = 50

export const headquarters: Decider<Body | null, HeadquartersCommand, HeadquartersEvent> = {
  initial: null,

  decide(state, command, by) {
    if (command.type === 'headquarters.found') return state === null ? found(command) : refuse('headquarters.already-founded')
    if (state === null) return refuse('headquarters.unknown')
    if (state.status === 'stood-down')
      return command.type === 'headquarters.deactivate' && by.actor.kind === 'system' ? [] : refuse('headquarters.already-stood-down')
    switch (command.type) {
      case 'headquarters.admit':
      case 'headquarters.release':
      case 'headquarters.join':
      case 'headquarters.change-lead':
        return seat(state, command, by)
      case 'headquarters.set-purpose':
        return setPurpose(state, command)
      case 'headquarters.activate':
        return activate(state, command.incidentId)
      case 'headquarters.deactivate': {
        const { incidentId, reason } = command
        if (state.incidents.some((one) => one.id === incidentId)) return [{ type: 'headquarters.deactivated', incidentId, reason }]
        // The linkage follows what the incident did, which may be what this body did before.
        return by.actor.kind === 'system' ? [] : refuse('headquarters.not-active')
      }
      case 'headquarters.meet': {
        const { type: _, ...said } = command
        const past = findPastItem(said.decisions, by.occurredAt)
        if (past !== null) return refuse('decision.due-in-the-past', { item: past })
        const { lead, jurisdiction, basis } = state
        return [{ type: 'headquarters.met', ...said, lead, members: state.members.map((one) => one.organization), jurisdiction, basis }]
      }
      case 'headquarters.stand-down':
        return state.incidents.length > 0
          ? refuse('headquarters.still-active')
          : [{ type: 'headquarters.stood-down', reason: command.reason }]
      default:
        return unreachable(command)
    }
  },

  evolve(state, event, stamp) {
    const at = stamp.occurredAt
    if (event.type === 'headquarters.founded') {
      const { type: _, members, ...said } = event
      const nothing = { objectives: [], functions: [], terms: [], incidents: [], meetings: [], stoodDownAt: null }
      const seats = members.map((one) => ({ ...one, joinedAt: one.organization === said.lead ? at : null }))
      return formed({ ...said, ...nothing, status: 'founded', members: seats, foundedAt: at, formedAt: null }, at)
    }
    if (state === null) return state
    switch (event.type) {
      case 'headquarters.admitted':
        return { ...state, members: [...state.members, { ...event.member, joinedAt: null }] }
      case 'headquarters.released':
        return formed({ ...state, members: state.members.filter((one) => one.organization !== event.organization) }, at)
      case 'headquarters.joined':
        return formed(
          { ...state, members: state.members.map((one) => (one.organization === event.organization ? { ...one, joinedAt: at } : one)) },
          at,
        )
      case 'headquarters.lead-changed':
        return { ...state, lead: event.lead }
      case 'headquarters.purpose-set': {
        const { type: _, ...purpose } = event
        return { ...state, ...purpose }
      }
      case 'headquarters.activated':
        return { ...state, status: 'active', incidents: [...state.incidents, { id: event.incidentId, at }] }
      case 'headquarters.deactivated': {
        const incidents = state.incidents.filter((one) => one.id !== event.incidentId)
        return { ...state, incidents, status: incidents.length === 0 ? 'founded' : 'active' }
      }
      case 'headquarters.met': {
        const { text, attended, decisions, incidentId } = event
        const meeting = { text, attended, decisions, incidentId, at, commandId: stamp.commandId }
        return { ...state, meetings: [meeting, ...state.meetings].slice(0, MEETINGS_MAX) }
      }
      case 'headquarters.stood-down':
        return { ...state, status: 'stood-down', stoodDownAt: at }
      default:
        return unreachable(event)
    }
  },
}

/** It is formed when everybody who sits in it as a member has said so; once formed it stays formed. */
function formed(state: Body, at: string): Body {
  const all = state.members.every((one) => one.seat === 'observer' || one.joinedAt !== null)
  return { ...state, formedAt: state.formedAt ?? (all && state.members.length > 1 ? at : null) }
}

function found(command: Extract<HeadquartersCommand, { type: 'headquarters.found' }>): readonly HeadquartersEvent[] | Refusal {
  const { type: _, members, ...said } = command
  const ids = members.map((one) => one.organization)
  const twice = ids.find((id, i) => ids.indexOf(id) !== i)
  if (twice !== undefined) return refuse('headquarters.member-twice', { organization: twice })
  const seats = ids.includes(said.lead) ? members : [{ organization: said.lead, seat: 'member' as const, sector: null }, ...members]
  if (seats.some((one) => one.organization === said.lead && one.seat !== 'member')) return refuse('headquarters.lead-observes')
  const codes = said.sectors.map((one) => one.code)
  const stray = seats.find((one) => one.sector !== null && !codes.includes(one.sector))
  if (stray?.sector !== undefined && stray.sector !== null) return refuse('headquarters.no-such-sector', { sector: stray.sector })
  return [{ type: 'headquarters.founded', ...said, members: seats }]
}

type Seating = Extract<
  HeadquartersCommand,
  { type: 'headquarters.admit' | 'headquarters.release' | 'headquarters.join' | 'headquarters.change-lead' }
>

function seat(state: Body, command: Seating, by: By): readonly HeadquartersEvent[] | Refusal {
  const find = (id: string | null): BodyMember | undefined => state.members.find((one) => one.organization === id)
  switch (command.type) {
    case 'headquarters.admit': {
      const { member } = command
      if (find(member.organization)) return refuse('headquarters.member-twice', { organization: member.organization })
      if (state.members.length >= MEMBERS_MAX) return refuse('headquarters.too-many-members', { max: MEMBERS_MAX })
      if (member.sector !== null && !state.sectors.some((one) => one.code === member.sector))
        return refuse('headquarters.no-such-sector', { sector: member.sector })
      return [{ type: 'headquarters.admitted', member }]
    }
    case 'headquarters.release': {
      const { organization, reason } = command
      if (!find(organization)) return refuse('headquarters.not-a-member')
      if (organization === state.lead) return refuse('headquarters.lead-stays')
      return [{ type: 'headquarters.released', organization, reason }]
    }
    case 'headquarters.join': {
      const organization = by.actor.kind === 'post' ? by.actor.organizationId : (command.organization ?? null)
      const member = find(organization)
      if (!member) return refuse('headquarters.not-a-member')
      return member.joinedAt === null ? [{ type: 'headquarters.joined', organization: member.organization }] : []
    }
    case 'headquarters.change-lead': {
      const { lead, reason } = command
      if (lead === state.lead) return []
      if (find(lead)?.seat !== 'member') return refuse('headquarters.not-a-member')
      return [{ type: 'headquarters.lead-changed', from: state.lead, lead, reason }]
    }
    default:
      return unreachable(command)
  }
}

function setPurpose(
  state: Body,
  command: Extract<HeadquartersCommand, { type: 'headquarters.set-purpose' }>,
): readonly HeadquartersEvent[] | Refusal {
  const { type: _, ...purpose } = command
  const codes = purpose.objectives.map((one) => one.code)
  const orphan = purpose.objectives.find((one, i) => one.parent !== null && !codes.slice(0, i).includes(one.parent))
  if (orphan !== undefined) return refuse('headquarters.objective-without-parent', { objective: orphan.code })
  const lists = [codes, purpose.functions.map((one) => one.function), purpose.terms.map((one) => one.term)]
  const twice = lists.flatMap((list) => list.filter((one, i) => list.indexOf(one) !== i))[0]
  if (twice !== undefined) return refuse('headquarters.named-twice', { name: twice })
  const members = new Set(state.members.filter((one) => one.seat === 'member').map((one) => one.organization))
  const stranger = purpose.functions.find((one) => one.lead !== null && !members.has(one.lead))
  if (stranger !== undefined) return refuse('headquarters.lead-not-member', { function: stranger.function })
  return [{ type: 'headquarters.purpose-set', ...purpose }]
}

/** Without objectives, and without one lead for each function, nobody knows what it commands or who answers for what. */
export function findNotReady(state: Body): Refusal | null {
  if (!state.powers.includes('command')) return refuse('headquarters.cannot-command')
  if (state.objectives.length === 0) return refuse('headquarters.no-objectives')
  if (state.functions.length === 0) return refuse('headquarters.no-functions')
  const open = state.functions.find((one) => one.lead === null || !state.members.some((member) => member.organization === one.lead))
  return open === undefined ? null : refuse('headquarters.no-lead-for', { function: open.function })
}

function activate(state: Body, incidentId: string): readonly HeadquartersEvent[] | Refusal {
  const unready = findNotReady(state)
  if (unready) return unready
  if (state.incidents.some((one) => one.id === incidentId)) return refuse('headquarters.already-active')
  const { name, jurisdiction, lead, sectors, organization } = state
  // An observer hears and speaks; it is not commanded.
  const members = state.members.filter((one) => one.seat === 'member').map((one) => one.organization)
  return [{ type: 'headquarters.activated', incidentId, name, jurisdiction, lead, members, sectors, organization }]
}

/** From founding until everybody had joined, ISO 8601; null while it is not formed (S2-04: a joint team in 15 minutes). */
export const timeToForm = (state: Pick<Body, 'foundedAt' | 'formedAt'>): string | null =>
  state.formedAt === null ? null : between(state.foundedAt, state.formedAt)

export type CoGovernance = {
  readonly bodies: number
  /** Bodies where a social organization sits as a member, and as an observer only. */
  readonly withSocialMember: number
  readonly withSocialObserver: number
  readonly socialSeats: number
  /** 0 to 1, or null where no body stands. */
  readonly share: number | null
}

/** 共治: in how many standing bodies social organizations have a seat and a say. `isSocial` asks the directory. */
export function coGovernance(bodies: readonly Pick<Body, 'members' | 'status'>[], isSocial: (id: string) => boolean): CoGovernance {
  const standing = bodies.filter((one) => one.status !== 'stood-down')
  const social = standing.map((one) => one.members.filter((member) => isSocial(member.organization)))
  const withSocialMember = social.filter((seats) => seats.some((one) => one.seat === 'member')).length
  return {
    bodies: standing.length,
    withSocialMember,
    withSocialObserver: social.filter((seats) => seats.length > 0 && seats.every((one) => one.seat === 'observer')).length,
    socialSeats: social.flat().filter((one) => one.seat === 'member').length,
    share: standing.length === 0 ? null : withSocialMember / standing.length,
  }
}

/** Everyone who sits in it, leads a sector of it, or owes something by its meetings. */
export const bodyParties = (state: Body): readonly string[] => [
  ...new Set([
    state.lead,
    ...state.members.map((one) => one.organization),
    ...state.sectors.map((one) => one.lead),
    ...(state.organization === null ? [] : [state.organization]),
  ]),
]

export function headquartersThing(state: Body | null, command?: HeadquartersCommand): Thing {
  if (state === null) return { jurisdiction: command?.type === 'headquarters.found' ? command.jurisdiction : null, parties: [] }
  const members = state.members.map((one) => one.organization)
  return { jurisdiction: state.jurisdiction, headquarters: { lead: state.lead, members }, parties: bodyParties(state) }
}
