/** The whole process 全过程 of an incident (S0-23, S1-04): its phases, what closes them, and what each of them yields. */
import { z } from 'zod/mini'
import { refuse, type Refusal } from '../decider.ts'

/** The phases that clauses name; an instrument's clause and an incident speak of the same six. */
export const IncidentPhase = z.enum(['prepare', 'warn', 'respond', 'recover', 'review', 'improve'])
export type IncidentPhase = z.infer<typeof IncidentPhase>
export const PHASES: readonly IncidentPhase[] = IncidentPhase.options

export const PhaseCommands = [
  z.strictObject({ type: z.literal('incident.enter-phase'), phase: IncidentPhase }),
  z.strictObject({
    type: z.literal('incident.close-phase'),
    phase: IncidentPhase,
    /** What is still owed in the phase, counted by the server; a phase closes only when it is nothing. */
    open: z.optional(z.strictObject({ count: z.int().check(z.gte(0)), first: z.nullable(z.string().check(z.maxLength(4000))) })),
  }),
] as const
export type PhaseCommand = z.infer<(typeof PhaseCommands)[number]>

export type PhaseEvent =
  | { readonly type: 'incident.phase-entered'; readonly phase: IncidentPhase }
  | { readonly type: 'incident.phase-closed'; readonly phase: IncidentPhase }

export type PhaseEntry = { readonly phase: IncidentPhase; readonly enteredAt: string; readonly closedAt: string | null }
/** Left out by incidents that were kept before phases were. */
export type Phased = { readonly phases?: readonly PhaseEntry[] }

type Course = Phased & {
  readonly reportedAt: string
  readonly expected?: true
  readonly closedAt: string | null
  readonly warnings: readonly { readonly at: string }[]
}

/**
 * Each phase as it stands, null where it was never entered. The response begins with the first report that it happened and
 * the warning phase with the first warning, whether or not anybody says so.
 */
export function phaseStates(of: Course): ReadonlyMap<IncidentPhase, PhaseEntry | null> {
  const said = new Map((of.phases ?? []).map((one) => [one.phase, one]))
  const begun = (phase: IncidentPhase): PhaseEntry | null => {
    const enteredAt =
      phase === 'respond' ? (of.expected === true ? undefined : of.reportedAt) : phase === 'warn' ? of.warnings.at(-1)?.at : undefined
    return said.get(phase) ?? (enteredAt === undefined ? null : { phase, enteredAt, closedAt: null })
  }
  return new Map(PHASES.map((phase) => [phase, begun(phase)]))
}

/** Refused: entered or closed already, not entered, items still owed in it (S0-23). */
export function conductPhase(state: Course, command: PhaseCommand): readonly PhaseEvent[] | Refusal {
  const { phase } = command
  const entry = phaseStates(state).get(phase) ?? null
  const isOpen = entry !== null && entry.closedAt === null
  if (command.type === 'incident.enter-phase')
    return isOpen ? refuse('incident.phase-already-entered', { phase }) : [{ type: 'incident.phase-entered', phase }]
  if (entry === null) return refuse('incident.phase-not-entered', { phase })
  if (!isOpen) return refuse('incident.phase-already-closed', { phase })
  const { open } = command
  if (open !== undefined && open.count > 0) return refuse('incident.phase-open-items', { phase, count: open.count, first: open.first })
  return [{ type: 'incident.phase-closed', phase }]
}

/** A phase entered anew after it was closed begins again. */
export function evolvePhase<State extends Course>(state: State, event: PhaseEvent, at: string): State {
  const { phase } = event
  const before = phaseStates(state).get(phase) ?? null
  const now: PhaseEntry =
    event.type === 'incident.phase-entered'
      ? { phase, enteredAt: at, closedAt: null }
      : { phase, enteredAt: before?.enteredAt ?? at, closedAt: at }
  return { ...state, phases: [...(state.phases ?? []).filter((one) => one.phase !== phase), now] }
}

export const isPhaseCommand = (command: { readonly type: string }): command is PhaseCommand =>
  command.type === 'incident.enter-phase' || command.type === 'incident.close-phase'
export const isPhaseEvent = (event: { readonly type: string }): event is PhaseEvent =>
  event.type === 'incident.phase-entered' || event.type === 'incident.phase-closed'

/** Whether an incident that has ended may still change a phase: the recovery, the review and the mending come after it. */
export const goesOnAfter = (status: string): boolean => status === 'closed'

/** The types of event that are products 成果 of a phase. */
const PRODUCTS: Readonly<Record<string, IncidentPhase>> = {
  'incident.instrument-activated': 'respond',
  'incident.response-set': 'respond',
  'incident.headquarters-activated': 'respond',
  'decision.taken': 'respond',
  'incident.closed': 'respond',
  'finding.raised': 'review',
  'finding.checked': 'review',
  'finding.verified': 'improve',
  'finding.closed': 'improve',
  'finding.rectified': 'improve',
}
/** Kinds of noted facts that are products, as the record and the note dialog name them. */
const NOTED: Readonly<Record<string, IncidentPhase>> = {
  'plan-started': 'prepare',
  'instrument-issued': 'prepare',
  agreement: 'prepare',
  exercise: 'prepare',
  inspection: 'prepare',
  'special-site-checked': 'prepare',
  'roster-published': 'prepare',
  forecast: 'warn',
  warning: 'warn',
  'warning-acknowledged': 'warn',
  'warning-lifted': 'warn',
  consultation: 'warn',
  'public-information': 'respond',
  'press-conference': 'respond',
  'relief-delivered': 'recover',
  'environment-monitored': 'recover',
  recovery: 'recover',
  resettlement: 'recover',
  compensation: 'recover',
  milestone: 'recover',
  investigation: 'review',
  review: 'review',
  improvement: 'improve',
}
export const PRODUCT_TYPES: readonly string[] = [...Object.keys(PRODUCTS), 'incident.noted', 'sitrep.filed', 'obligation.discharged']

/** The phase whose product an event is, or null where it is none. `duty`: the phase of the clause that was discharged. */
export function productOf(type: string, kind: string | null, duty: IncidentPhase | null = null): IncidentPhase | null {
  if (type === 'incident.noted') return kind !== null && Object.hasOwn(NOTED, kind) ? (NOTED[kind] ?? null) : null
  if (type === 'sitrep.filed') return kind === 'final' ? 'recover' : 'respond'
  if (type === 'obligation.discharged') return duty
  return Object.hasOwn(PRODUCTS, type) ? (PRODUCTS[type] ?? null) : null
}

/** The phase that an obligation belongs to: what its clause says, else where the event that made it owed stands. */
export function dutyPhase(said: IncidentPhase | undefined, trigger: { readonly type: string } | null): IncidentPhase {
  if (said !== undefined) return said
  return trigger?.type === 'incident.closed' ? 'recover' : 'respond'
}
