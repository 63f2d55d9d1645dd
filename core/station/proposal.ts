/**
 * A proposal of a warning 预警建议: a threshold was crossed at a station, with the readings that prove it. It proposes; a person
 * decides (Emergency Response Law art. 63, 64: the government issues). From the first crossing until all is over it is one and the same.
 */
import { z } from 'zod/mini'
import type { Thing } from '../authority.ts'
import { refuse, unreachable, type Decider, type Refusal } from '../decider.ts'
import { Words, type Stamp } from '../event.ts'
import { Slug, Uuid } from '../id.ts'
import { Colour, colourLevel, graver } from '../level.ts'
import { covers, DivisionCode } from '../place.ts'
import { Unit } from '../quantity.ts'
import { Duration, InstantText } from '../time.ts'
import { PROOF_MAX } from './watch.ts'

const Text = z.string().check(z.trim(), z.minLength(1), z.maxLength(4000))
const CROSSINGS_MAX = 500

/** What was reached: the step of the set, and the readings. */
const Crossing = {
  colour: Colour,
  indicator: Slug,
  of: z.enum(['sum', 'max', 'min', 'mean', 'level']),
  over: z.nullable(Duration),
  reach: z.enum(['at-least', 'at-most']),
  limit: z.number(),
  value: z.number(),
  unit: Unit,
  set: Slug,
  /** Names the step in its set. */
  step: z.string().check(z.maxLength(40_000)),
  article: Words,
  confirmed: z.boolean(),
  /** All readings of the window, or of many the largest; `count` says how many there were. */
  proof: z.strictObject({ count: z.int(), readings: z.array(z.tuple([InstantText, z.number()])).check(z.maxLength(PROOF_MAX)) }),
}

export const ProposalCommand = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('station.cross'),
    station: Uuid,
    owner: Uuid,
    hazard: Slug,
    jurisdiction: DivisionCode,
    divisions: z.array(DivisionCode).check(z.minLength(1), z.maxLength(100)),
    ...Crossing,
  }),
  /** Over (`to` null), or down to a lesser colour. `cause`: readings say so, or nothing watches it any more. */
  z.strictObject({
    type: z.literal('station.recede'),
    to: z.nullable(Colour),
    cause: z.enum(['readings', 'withdrawn']),
    value: z.nullable(z.number()),
    proof: z.nullable(Crossing.proof),
  }),
  /** `jurisdiction`: that of the warning, where the linkage says it. */
  z.strictObject({ type: z.literal('station.take-up'), alertId: Uuid, jurisdiction: z.optional(DivisionCode) }),
  z.strictObject({ type: z.literal('station.dismiss'), reason: Text }),
])
export type ProposalCommand = z.infer<typeof ProposalCommand>
type Of<T extends ProposalCommand['type']> = Extract<ProposalCommand, { type: T }>
type Said<T extends ProposalCommand['type']> = Omit<Of<T>, 'type'>

export type ProposalEvent =
  | ({ readonly type: 'station.crossed'; readonly from: Colour | null } & Said<'station.cross'>)
  | ({ readonly type: 'station.receded'; readonly from: Colour } & Said<'station.recede'>)
  | { readonly type: 'station.taken-up'; readonly alertId: string; readonly colour: Colour }
  | { readonly type: 'station.dismissed'; readonly reason: string; readonly colour: Colour }

/** One colour reached: `crossedAt` by the readings, `proposedAt` when the system said so. */
export type Crossed = Omit<Said<'station.cross'>, 'station' | 'owner' | 'hazard' | 'jurisdiction' | 'divisions' | 'proof'> & {
  readonly proof: { readonly count: number; readonly readings: readonly (readonly [string, number])[] }
  readonly crossedAt: string
  readonly proposedAt: string
}

export type ProposalStatus = 'proposed' | 'taken-up' | 'dismissed'

export type Proposal = {
  readonly station: string
  readonly owner: string
  readonly hazard: string
  readonly jurisdiction: string
  readonly divisions: readonly string[]
  readonly status: ProposalStatus
  /** The colour that holds now; null once all is over. */
  readonly colour: Colour | null
  /** What waits for an answer, or was answered last: the gravest reached. */
  readonly crossed: Crossed
  /** Every colour reached, the first first; at most 500 are remembered, the log has all. */
  readonly steps: readonly Pick<Crossed, 'colour' | 'value' | 'crossedAt' | 'proposedAt'>[]
  readonly crossedAt: string
  /** Since when it waits for an answer; kept when it has one. */
  readonly proposedAt: string
  readonly recededAt: string | null
  /** The reading that changed the colour last. */
  readonly changedAt: string
  readonly alertId: string | null
  readonly reason: string | null
  readonly decidedAt: string | null
  readonly decidedBy: string | null
  /** The colour that the person decided on. */
  readonly decidedOn: Colour | null
}

export const isOver = ({ colour }: Pick<Proposal, 'colour'>): boolean => colour === null

export const proposal: Decider<Proposal | null, ProposalCommand, ProposalEvent> = {
  initial: null,

  decide(state, command) {
    if (command.type === 'station.cross') return cross(state, command)
    if (state === null) return refuse('proposal.unknown')
    switch (command.type) {
      case 'station.recede': {
        const { type: _, ...said } = command
        const from = state.colour
        // What is over is over; and to recede is to become less grave.
        if (from === null || (said.to !== null && !graver(colourLevel(from), colourLevel(said.to)))) return []
        return [{ type: 'station.receded', from, ...said }]
      }
      case 'station.take-up':
        if (command.jurisdiction !== undefined && !isAbout(state, command.jurisdiction)) return refuse('proposal.elsewhere')
        return state.status === 'taken-up' && state.alertId === command.alertId
          ? []
          : [{ type: 'station.taken-up', alertId: command.alertId, colour: state.crossed.colour }]
      case 'station.dismiss':
        return state.status === 'dismissed'
          ? refuse('proposal.already-dismissed')
          : [{ type: 'station.dismissed', reason: command.reason, colour: state.crossed.colour }]
      default:
        return unreachable(command)
    }
  },

  evolve: (state, event, stamp) =>
    event.type === 'station.crossed' ? crossed(state, event, stamp) : state === null ? state : evolved(state, event, stamp),
}

/** A warning of a territory above, below or equal to one that is proposed for. */
const isAbout = ({ divisions, jurisdiction }: Proposal, code: string): boolean =>
  [jurisdiction, ...divisions].some((one) => covers(one, code) || covers(code, one))

/** The same or a lesser colour again says nothing new; once all is over, the next crossing is another proposal. */
function cross(state: Proposal | null, command: Of<'station.cross'>): readonly ProposalEvent[] | Refusal {
  const { type: _, ...said } = command
  if (state === null) return [{ type: 'station.crossed', from: null, ...said }]
  if (state.colour === null) return refuse('proposal.over')
  return graver(colourLevel(said.colour), colourLevel(state.colour)) ? [{ type: 'station.crossed', from: state.colour, ...said }] : []
}

/** A graver colour than the one decided on asks again; one that was answered for already does not. */
function crossed(state: Proposal | null, event: Extract<ProposalEvent, { type: 'station.crossed' }>, stamp: Stamp): Proposal {
  const { type: _, from: __, station, owner, hazard, jurisdiction, divisions, ...said } = event
  const now: Crossed = { ...said, crossedAt: stamp.occurredAt, proposedAt: stamp.recordedAt }
  const step = { colour: now.colour, value: now.value, crossedAt: now.crossedAt, proposedAt: now.proposedAt }
  const asks = state === null || state.decidedOn === null || graver(colourLevel(now.colour), colourLevel(state.decidedOn))
  const gravest = state === null || graver(colourLevel(now.colour), colourLevel(state.crossed.colour))
  return {
    ...(state ?? {
      station,
      owner,
      hazard,
      jurisdiction,
      divisions,
      crossedAt: now.crossedAt,
      recededAt: null,
      alertId: null,
      reason: null,
      decidedAt: null,
      decidedBy: null,
      decidedOn: null,
      status: 'proposed' as const,
      proposedAt: now.proposedAt,
    }),
    ...(asks ? { status: 'proposed' as const, proposedAt: waits(state) ? state.proposedAt : now.proposedAt } : {}),
    colour: now.colour,
    changedAt: now.crossedAt,
    crossed: gravest || state === null ? now : state.crossed,
    steps: [...(state?.steps ?? []), step].slice(-CROSSINGS_MAX),
  }
}

/** It has waited since the first colour, not since the last. */
const waits = (state: Proposal | null): state is Proposal => state !== null && state.status === 'proposed'

function evolved(state: Proposal, event: Exclude<ProposalEvent, { type: 'station.crossed' }>, stamp: Stamp): Proposal {
  const decided = { decidedAt: stamp.occurredAt, decidedBy: stamp.actor }
  switch (event.type) {
    case 'station.receded':
      return { ...state, colour: event.to, changedAt: stamp.occurredAt, recededAt: event.to === null ? stamp.occurredAt : state.recededAt }
    case 'station.taken-up':
      return { ...state, ...decided, decidedOn: event.colour, status: 'taken-up', alertId: event.alertId, reason: null }
    case 'station.dismissed':
      return { ...state, ...decided, decidedOn: event.colour, status: 'dismissed', reason: event.reason }
    default:
      return unreachable(event)
  }
}

export const proposalThing = (state: Proposal | null): Thing =>
  state === null
    ? { jurisdiction: null, parties: [] }
    : { jurisdiction: state.jurisdiction, areas: state.divisions, parties: [state.owner] }
