/** Joint decisions 联合决策: what is proposed, how each member stands to it and why, when it is taken, and who owes what by it. */
import { z } from 'zod/mini'
import type { Thing } from './authority.ts'
import { refuse, unreachable, type By, type Decider, type Refusal } from './decider.ts'
import { Slug, Uuid } from './id.ts'
import { findPastItem, Item, ITEMS_MAX } from './item.ts'
import { atLeastAsGrave, graver, type Level } from './level.ts'
import { DivisionCode } from './place.ts'

const Text = z.string().check(z.trim(), z.minLength(1), z.maxLength(8000))
const Reason = z.string().check(z.trim(), z.minLength(1), z.maxLength(4000))
const Basis = z.strictObject({ instrumentId: Slug, version: z.int().check(z.gte(1)), clauseId: Slug })

export const DecisionPath = z.enum(['ordinary', 'emergency'])
export type DecisionPath = z.infer<typeof DecisionPath>

export const DecisionCommand = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('decision.propose'),
    incidentId: z.nullable(Uuid),
    headquartersId: z.nullable(Uuid),
    title: z.string().check(z.trim(), z.minLength(1), z.maxLength(200)),
    text: Text,
    /** What is decided, in the word of the authority clauses: `evacuation`, `response-level`, `requisition`. */
    matter: Slug,
    path: DecisionPath,
    members: z.array(Uuid).check(z.maxLength(200)),
    /** Each is heard after the one before it, as an approval chain demands; else all at once. */
    inOrder: z.boolean(),
    items: z.array(Item).check(z.minLength(1), z.maxLength(ITEMS_MAX)),
    /** Known to the server, and put there by it: where, who takes it, by which clause. */
    jurisdiction: z.optional(DivisionCode),
    lead: z.optional(Uuid),
    basis: z.optional(z.nullable(Basis)),
  }),
  z.strictObject({ type: z.literal('decision.concur'), reason: z.optional(Reason), organization: z.optional(Uuid) }),
  z.strictObject({ type: z.literal('decision.dissent'), reason: Reason, organization: z.optional(Uuid) }),
  z.strictObject({ type: z.literal('decision.take'), reason: z.optional(Reason) }),
  z.strictObject({ type: z.literal('decision.withdraw'), reason: Reason }),
])
export type DecisionCommand = z.infer<typeof DecisionCommand>
type Proposed = Omit<Extract<DecisionCommand, { type: 'decision.propose' }>, 'type' | 'jurisdiction' | 'lead' | 'basis'> & {
  readonly jurisdiction: string
  readonly lead: string
  readonly basis: z.infer<typeof Basis> | null
  readonly proposedBy: string | null
}

export type DecisionEvent =
  | ({ readonly type: 'decision.proposed' } & Proposed)
  | { readonly type: 'decision.concurred'; readonly organization: string; readonly reason: string | null }
  | { readonly type: 'decision.dissented'; readonly organization: string; readonly reason: string }
  | {
      readonly type: 'decision.taken'
      readonly reason: string | null
      /** Members that had said nothing when it was taken on the emergency path. */
      readonly unheard: readonly string[]
      readonly items: readonly Item[]
      readonly incidentId: string | null
      readonly jurisdiction: string
      readonly lead: string
      readonly members: readonly string[]
      readonly basis: z.infer<typeof Basis> | null
    }
  | { readonly type: 'decision.withdrawn'; readonly reason: string }

export type DecisionStatus = 'proposed' | 'taken' | 'withdrawn'
export type Stand = {
  readonly organization: string
  readonly stand: 'concurs' | 'dissents'
  readonly reason: string | null
  readonly at: string
}
export type Decision = Proposed & {
  readonly status: DecisionStatus
  readonly proposedAt: string
  readonly endedAt: string | null
  /** How each member stands, in the order in which they spoke; what was said before and changed stays in `changed`. */
  readonly stands: readonly Stand[]
  readonly changed: readonly Stand[]
  readonly unheard: readonly string[]
  readonly reason: string | null
}

const CHANGED_MAX = 1000

export const decision: Decider<Decision | null, DecisionCommand, DecisionEvent> = {
  initial: null,

  decide(state, command, by) {
    if (command.type === 'decision.propose') return state === null ? propose(command, by) : refuse('decision.already-proposed')
    if (state === null) return refuse('decision.unknown')
    if (state.status === 'taken') return refuse('decision.already-taken')
    if (state.status === 'withdrawn') return refuse('decision.already-withdrawn')
    switch (command.type) {
      case 'decision.concur':
      case 'decision.dissent':
        return stand(state, command, by)
      case 'decision.take':
        return take(state, command.reason ?? null)
      case 'decision.withdraw':
        return [{ type: 'decision.withdrawn', reason: command.reason }]
      default:
        return unreachable(command)
    }
  },

  evolve(state, event, stamp) {
    const at = stamp.occurredAt
    if (event.type === 'decision.proposed') {
      const { type: _, ...said } = event
      return { ...said, status: 'proposed', proposedAt: at, endedAt: null, stands: [], changed: [], unheard: [], reason: null }
    }
    if (state === null) return state
    switch (event.type) {
      case 'decision.concurred':
      case 'decision.dissented': {
        const { organization, reason } = event
        const said: Stand = { organization, stand: event.type === 'decision.concurred' ? 'concurs' : 'dissents', reason, at }
        const before = state.stands.filter((one) => one.organization === organization)
        return {
          ...state,
          stands: [...state.stands.filter((one) => one.organization !== organization), said],
          changed: [...state.changed, ...before].slice(-CHANGED_MAX),
        }
      }
      case 'decision.taken':
        return { ...state, status: 'taken', endedAt: at, unheard: event.unheard, reason: event.reason }
      case 'decision.withdrawn':
        return { ...state, status: 'withdrawn', endedAt: at, reason: event.reason }
      default:
        return unreachable(event)
    }
  },
}

function propose(command: Extract<DecisionCommand, { type: 'decision.propose' }>, by: By): readonly DecisionEvent[] | Refusal {
  const { type: _, jurisdiction, lead, basis = null, ...said } = command
  if (jurisdiction === undefined || lead === undefined) return refuse('decision.nobody-takes-it')
  const twice = said.members.find((id, i) => said.members.indexOf(id) !== i)
  if (twice !== undefined) return refuse('headquarters.member-twice', { organization: twice })
  const past = findPastItem(said.items, by.occurredAt)
  if (past !== null) return refuse('decision.due-in-the-past', { item: past })
  const proposedBy = by.actor.kind === 'post' ? by.actor.organizationId : null
  return [{ type: 'decision.proposed', ...said, jurisdiction, lead, basis, proposedBy }]
}

/** Each member speaks for itself, and may think again until it is taken. */
function stand(
  state: Decision,
  command: Extract<DecisionCommand, { type: 'decision.concur' | 'decision.dissent' }>,
  by: By,
): readonly DecisionEvent[] | Refusal {
  const organization = by.actor.kind === 'post' ? by.actor.organizationId : (command.organization ?? null)
  if (organization === null || !state.members.includes(organization)) return refuse('decision.not-a-member')
  const heard = new Set(state.stands.map((one) => one.organization))
  const before = state.inOrder ? state.members.slice(0, state.members.indexOf(organization)).find((id) => !heard.has(id)) : undefined
  if (before !== undefined) return refuse('decision.not-yet-its-turn', { before })
  return command.type === 'decision.concur'
    ? [{ type: 'decision.concurred', organization, reason: command.reason ?? null }]
    : [{ type: 'decision.dissented', organization, reason: command.reason }]
}

/** Who has not said how it stands. */
export const unheardOf = (state: Pick<Decision, 'members' | 'stands'>): readonly string[] =>
  state.members.filter((id) => !state.stands.some((one) => one.organization === id))

/** Dissent is kept and does not bind the lead; silence does, but for the emergency path, with a reason on record. */
function take(state: Decision, reason: string | null): readonly DecisionEvent[] | Refusal {
  const unheard = unheardOf(state)
  if (unheard.length > 0 && state.path === 'ordinary') return refuse('decision.members-unheard', { count: unheard.length })
  if (unheard.length > 0 && reason === null) return refuse('decision.reason-needed', { count: unheard.length })
  const { items, incidentId, jurisdiction, lead, members, basis } = state
  return [{ type: 'decision.taken', reason, unheard, items, incidentId, jurisdiction, lead, members, basis }]
}

/** What an authority clause says of a decision; the parties are resolved where the directory is known. */
export type Provision = {
  readonly decides: readonly string[]
  readonly level?: Level | undefined
  readonly path: DecisionPath
  readonly holder: string
  readonly approvals: readonly string[]
}

/**
 * The provision that a decision rests on: of those for this matter and path the one for the gravest level that the response
 * has reached, else one for any level. Of equals the first, so that the nearer instrument is given first.
 */
export function findProvision<P extends Provision>(
  provisions: readonly P[],
  { matter, path, level }: { readonly matter: string; readonly path: DecisionPath; readonly level: Level | null },
): P | null {
  const fit = provisions.filter(
    (one) =>
      one.decides.includes(matter) &&
      one.path === path &&
      (one.level === undefined || (level !== null && atLeastAsGrave(level, one.level))),
  )
  const closer = (one: P, than: P): boolean => one.level !== undefined && (than.level === undefined || graver(one.level, than.level))
  return fit.reduce<P | null>((best, one) => (best === null || closer(one, best) ? one : best), null)
}

export type Approvals = {
  readonly taken: number
  /** The median of the members heard before a decision was taken, by path; null where none was taken. */
  readonly medianSteps: number | null
  readonly medianStepsOrdinary: number | null
  readonly medianStepsEmergency: number | null
  /** Decisions taken on the emergency path among all taken, 0 to 1. */
  readonly emergencyShare: number | null
  readonly dissents: number
  /** Items that have both a debtor and a date, among all items; 1 is demanded (S0-18). */
  readonly itemsOwnedAndDated: number | null
}

/** How long the chains of approval are and how often they are cut short, over decisions that were taken. */
export function approvalsOf(decisions: readonly Decision[]): Approvals {
  const taken = decisions.filter((one) => one.status === 'taken')
  const steps = (path?: DecisionPath): number | null =>
    median(taken.filter((one) => path === undefined || one.path === path).map((one) => one.stands.length))
  const items = taken.flatMap((one) => one.items)
  return {
    taken: taken.length,
    medianSteps: steps(),
    medianStepsOrdinary: steps('ordinary'),
    medianStepsEmergency: steps('emergency'),
    emergencyShare: taken.length === 0 ? null : taken.filter((one) => one.path === 'emergency').length / taken.length,
    dissents: taken.flatMap((one) => one.stands).filter((one) => one.stand === 'dissents').length,
    itemsOwnedAndDated:
      items.length === 0 ? null : items.filter((one) => one.debtor !== '' && !Number.isNaN(Date.parse(one.dueAt))).length / items.length,
  }
}

function median(numbers: readonly number[]): number | null {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle]
  if (upper === undefined) return null
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2
}

export const decisionParties = (state: Decision): readonly string[] => [
  ...new Set([
    state.lead,
    ...state.members,
    ...state.items.map((one) => one.debtor),
    ...(state.proposedBy === null ? [] : [state.proposedBy]),
  ]),
]

/** `owner`: who takes it; to withdraw it, who proposed it. */
export function decisionThing(state: Decision | null, command?: DecisionCommand): Thing {
  if (state === null) return { jurisdiction: null, parties: [] }
  const owner = command?.type === 'decision.withdraw' ? state.proposedBy : state.lead
  return {
    jurisdiction: state.jurisdiction,
    headquarters: { lead: state.lead, members: state.members },
    owner,
    parties: decisionParties(state),
  }
}
