import { z } from 'zod/mini'
import type { Thing } from './authority.ts'
import { refuse, unreachable, type By, type Decider, type Refusal } from './decider.ts'
import { Words } from './event.ts'
import { Slug, Uuid } from './id.ts'
import { DivisionCode } from './place.ts'
import { between, fromMs, toMs } from './time.ts'

const Reason = z.string().check(z.trim(), z.minLength(1), z.maxLength(4000))
const Instant = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/))

const Basis = z.strictObject({ instrumentId: Slug, version: z.int().check(z.gte(1)), clauseId: Slug })
const Rung = z.strictObject({ at: Instant, to: Uuid, clauseId: Slug })

/** What is owed, as the linkage or an order lays it down; it never changes afterwards. */
const terms = {
  incidentId: Uuid,
  jurisdiction: DivisionCode,
  debtor: Uuid,
  creditor: Uuid,
  function: Slug,
  act: Slug,
  actWords: Words,
  /** What the act is about, when the event that made it owed said so, e.g. `substance-list`. */
  subject: z.optional(Slug),
  basis: Basis,
  dueAt: z.nullable(Instant),
  limitConfirmed: z.boolean(),
  /** The event of the log that made it owed. */
  trigger: z.strictObject({ position: z.string(), type: z.string(), occurredAt: Instant }),
  /** To whom it climbs and when, once it has lapsed. */
  ladder: z.array(Rung).check(z.maxLength(6)),
}

/** An obligation 责任: one organization owes another one act for an incident, by a deadline, on a basis. */
export const ObligationCommand = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('obligation.owe'), ...terms }),
  z.strictObject({ type: z.literal('obligation.accept'), note: z.optional(z.string().check(z.maxLength(2000))) }),
  z.strictObject({ type: z.literal('obligation.decline'), reason: Reason }),
  /** `eventPosition`: the recorded event that is the evidence; `deliveredBy`: who brought it, when it was not the debtor. */
  z.strictObject({
    type: z.literal('obligation.discharge'),
    evidence: Reason,
    eventPosition: z.optional(z.string()),
    deliveredBy: z.optional(Uuid),
  }),
  z.strictObject({ type: z.literal('obligation.waive'), reason: Reason }),
  z.strictObject({ type: z.literal('obligation.lapse') }),
  z.strictObject({ type: z.literal('obligation.escalate'), step: z.int().check(z.gte(0), z.lte(5)) }),
])
export type ObligationCommand = z.infer<typeof ObligationCommand>
export type Terms = Omit<Extract<ObligationCommand, { type: 'obligation.owe' }>, 'type'>

export type ObligationEvent =
  | ({ readonly type: 'obligation.owed' } & Terms)
  | { readonly type: 'obligation.accepted'; readonly note: string | null }
  | { readonly type: 'obligation.declined'; readonly reason: string }
  | {
      readonly type: 'obligation.discharged'
      readonly evidence: string
      readonly eventPosition: string | null
      readonly deliveredBy: string | null
      /** ISO 8601 duration past the deadline, or null when in time or undated. */
      readonly lateBy: string | null
    }
  | { readonly type: 'obligation.waived'; readonly reason: string }
  | { readonly type: 'obligation.lapsed'; readonly dueAt: string }
  | { readonly type: 'obligation.escalated'; readonly step: number; readonly to: string; readonly clauseId: string }

export type ObligationStatus = 'owed' | 'accepted' | 'declined' | 'discharged' | 'waived'
export type Obligation = Terms & {
  readonly status: ObligationStatus
  readonly owedAt: string
  readonly lapsedAt: string | null
  readonly dischargedAt: string | null
  readonly lateBy: string | null
  readonly evidence: { readonly text: string; readonly eventPosition: string | null; readonly by: string | null } | null
  readonly declineReason: string | null
  readonly waiveReason: string | null
  /** How many rungs of the ladder it has climbed. */
  readonly climbed: number
}

const SETTLED: ReadonlySet<ObligationStatus> = new Set(['discharged', 'waived'])
export const isOpen = (state: Pick<Obligation, 'status'>): boolean => !SETTLED.has(state.status)

export const obligation: Decider<Obligation | null, ObligationCommand, ObligationEvent> = {
  initial: null,

  decide(state, command, by) {
    if (command.type === 'obligation.owe') {
      if (state !== null) return refuse('obligation.already-owed')
      if (command.debtor === command.creditor) return refuse('obligation.owed-to-oneself')
      const { type: _, ...owed } = command
      return [{ type: 'obligation.owed', ...owed }]
    }
    if (state === null) return refuse('obligation.unknown')
    switch (command.type) {
      case 'obligation.lapse':
        return state.dueAt === null || by.at <= state.dueAt || state.lapsedAt !== null || !isOpen(state)
          ? []
          : [{ type: 'obligation.lapsed', dueAt: state.dueAt }]
      case 'obligation.escalate':
        return climb(state, command.step, by)
      case 'obligation.accept':
      case 'obligation.decline':
      case 'obligation.discharge':
      case 'obligation.waive':
        return answer(state, command, by)
      default:
        return unreachable(command)
    }
  },

  evolve(state, event, stamp) {
    if (event.type === 'obligation.owed') {
      const { type: _, ...owed } = event
      const nothing = {
        lapsedAt: null,
        dischargedAt: null,
        lateBy: null,
        evidence: null,
        declineReason: null,
        waiveReason: null,
        climbed: 0,
      }
      return { ...owed, ...nothing, status: 'owed', owedAt: stamp.occurredAt }
    }
    if (state === null) return state
    switch (event.type) {
      case 'obligation.accepted':
        return { ...state, status: 'accepted' }
      case 'obligation.declined':
        return { ...state, status: 'declined', declineReason: event.reason }
      case 'obligation.discharged': {
        const evidence = { text: event.evidence, eventPosition: event.eventPosition, by: event.deliveredBy }
        return { ...state, status: 'discharged', dischargedAt: stamp.occurredAt, lateBy: event.lateBy, evidence }
      }
      case 'obligation.waived':
        return { ...state, status: 'waived', waiveReason: event.reason }
      case 'obligation.lapsed':
        return { ...state, lapsedAt: event.dueAt }
      case 'obligation.escalated':
        return { ...state, climbed: event.step + 1 }
      default:
        return unreachable(event)
    }
  },
}

type Answer = Extract<ObligationCommand, { type: 'obligation.accept' | 'obligation.decline' | 'obligation.discharge' | 'obligation.waive' }>

function answer(state: Obligation, command: Answer, by: By): readonly ObligationEvent[] | Refusal {
  if (state.status === 'discharged') return refuse('obligation.already-discharged')
  if (state.status === 'waived') return refuse('obligation.already-waived')
  switch (command.type) {
    case 'obligation.accept':
      return state.status === 'accepted'
        ? refuse('obligation.already-accepted')
        : [{ type: 'obligation.accepted', note: command.note ?? null }]
    case 'obligation.decline':
      return state.status === 'declined' ? refuse('obligation.already-declined') : [{ type: 'obligation.declined', reason: command.reason }]
    case 'obligation.discharge': {
      const late = state.dueAt !== null && by.occurredAt > state.dueAt ? between(state.dueAt, by.occurredAt) : null
      const lapse: readonly ObligationEvent[] =
        late !== null && state.lapsedAt === null && state.dueAt !== null ? [{ type: 'obligation.lapsed', dueAt: state.dueAt }] : []
      return [
        ...lapse,
        {
          type: 'obligation.discharged',
          evidence: command.evidence,
          eventPosition: command.eventPosition ?? null,
          deliveredBy: command.deliveredBy ?? null,
          lateBy: late,
        },
      ]
    }
    case 'obligation.waive':
      return [{ type: 'obligation.waived', reason: command.reason }]
    default:
      return unreachable(command)
  }
}

function climb(state: Obligation, step: number, by: By): readonly ObligationEvent[] | Refusal {
  const rung = state.ladder[step]
  if (rung === undefined) return refuse('obligation.no-such-step', { step })
  if (!isOpen(state) || state.lapsedAt === null || step !== state.climbed || by.at < rung.at) return []
  return [{ type: 'obligation.escalated', step, to: rung.to, clauseId: rung.clauseId }]
}

export type Timer = {
  readonly at: string
  readonly command: Extract<ObligationCommand, { type: 'obligation.lapse' | 'obligation.escalate' }>
}

/** What time alone will do to it next. A deadline is still met at its very instant, so it lapses a millisecond later. */
export function nextTimer(state: Obligation | null): Timer | null {
  if (state === null || !isOpen(state)) return null
  if (state.lapsedAt === null)
    return state.dueAt === null ? null : { at: fromMs(toMs(state.dueAt) + 1), command: { type: 'obligation.lapse' } }
  const rung = state.ladder[state.climbed]
  return rung === undefined ? null : { at: rung.at, command: { type: 'obligation.escalate', step: state.climbed } }
}

/** Everyone who is named in it: debtor, creditor, and the superiors that it has climbed to. */
export const partiesOf = (state: Obligation): readonly string[] => [
  ...new Set([state.debtor, state.creditor, ...state.ladder.slice(0, state.climbed).map((rung) => rung.to)]),
]

export function obligationThing(state: Obligation | null): Thing {
  return state === null
    ? { jurisdiction: null, parties: [] }
    : { jurisdiction: state.jurisdiction, debtor: state.debtor, creditor: state.creditor, parties: partiesOf(state) }
}
