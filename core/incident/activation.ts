/** What is in force for one incident: instruments activated, response levels set, and duties that wait for time to pass. */
import { z } from 'zod/mini'
import { refuse, unreachable, type By, type Refusal } from '../decider.ts'
import { Slug, Uuid } from '../id.ts'
import type { Level } from '../level.ts'

const Text = z.string().check(z.trim(), z.minLength(1), z.maxLength(4000))
const Instant = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/))

export const ActivationCommands = [
  /** One action: everything that the plan or the agreement lays down for its activation is owed from now on. */
  z.strictObject({
    type: z.literal('incident.activate-instrument'),
    instrumentId: Slug,
    /** In force at this moment; given by the server. */
    version: z.optional(z.int().check(z.gte(1))),
    text: Text,
  }),
  z.strictObject({ type: z.literal('incident.terminate-instrument'), instrumentId: Slug, reason: Text }),
  /** Emergency Response Law art. 86: the response ends, and with it what it alone had made owed. */
  z.strictObject({ type: z.literal('incident.terminate-response'), reason: Text }),
  /** A condition asks for time to pass: the incident keeps what will then be owed. */
  z.strictObject({
    type: z.literal('incident.await'),
    at: Instant,
    obligationId: Uuid,
    owe: z.record(z.string(), z.unknown()),
    /** Which condition of the clause. */
    when: z.int().check(z.gte(0), z.lte(7)),
  }),
  z.strictObject({ type: z.literal('incident.elapse'), obligationId: Uuid }),
] as const
export type ActivationCommand = z.infer<(typeof ActivationCommands)[number]>
type Said<T extends ActivationCommand['type']> = Omit<Extract<ActivationCommand, { type: T }>, 'type'>

export type ActivationEvent =
  | {
      readonly type: 'incident.instrument-activated'
      readonly instrumentId: string
      readonly version: number
      readonly text: string
      readonly organization: string | null
    }
  | { readonly type: 'incident.instrument-terminated'; readonly instrumentId: string; readonly reason: string }
  | { readonly type: 'incident.response-terminated'; readonly from: Level; readonly reason: string }
  | ({ readonly type: 'incident.awaited' } & Said<'incident.await'>)
  | ({ readonly type: 'incident.elapsed' } & Said<'incident.await'>)

export type Activated = {
  readonly instrumentId: string
  readonly version: number
  readonly at: string
  readonly text: string
  readonly organization: string | null
  readonly terminated: { readonly at: string; readonly reason: string } | null
}
/** The level that an organization set last, in the scale that it used. */
export type Response = {
  readonly organization: string | null
  readonly level: Level
  readonly scope: string | null
  readonly scale: string | null
  readonly at: string
}
export type Activation = {
  readonly activated: readonly Activated[]
  readonly responses: readonly Response[]
  readonly awaited: readonly Said<'incident.await'>[]
}
export const NOTHING_ACTIVATED: Activation = { activated: [], responses: [], awaited: [] }

const ACTIVATED_MAX = 200
const AWAITED_MAX = 500
const RESPONSES_MAX = 100

const COMMANDS: ReadonlySet<string> = new Set(ActivationCommands.flatMap((one) => [...one.shape.type.def.values]))
export const isActivationCommand = <T extends { readonly type: string }>(command: T): command is T & ActivationCommand =>
  COMMANDS.has(command.type)
const EVENTS: ReadonlySet<string> = new Set([
  'incident.instrument-activated',
  'incident.instrument-terminated',
  'incident.response-terminated',
  'incident.awaited',
  'incident.elapsed',
])
export const isActivationEvent = <T extends { readonly type: string }>(event: T): event is T & ActivationEvent => EVENTS.has(event.type)

/** Rows kept before any of this was known have none of it. */
type State = Partial<Activation> & { readonly status: string; readonly responseLevel: Level | null }

export function conductActivation(state: State, command: ActivationCommand, by: By): readonly ActivationEvent[] | Refusal {
  const { activated = [], awaited = [] } = state
  switch (command.type) {
    case 'incident.activate-instrument': {
      if (state.status === 'reported') return refuse('incident.not-verified')
      const { instrumentId, version, text } = command
      if (version === undefined) return refuse('instrument.unknown')
      if (activated.some((one) => one.instrumentId === instrumentId && one.terminated === null))
        return refuse('incident.instrument-already-activated', { instrumentId })
      if (activated.length >= ACTIVATED_MAX) return refuse('incident.too-many-activated', { max: ACTIVATED_MAX })
      const organization = by.actor.kind === 'post' ? by.actor.organizationId : null
      return [{ type: 'incident.instrument-activated', instrumentId, version, text, organization }]
    }
    case 'incident.terminate-instrument':
      return activated.some((one) => one.instrumentId === command.instrumentId && one.terminated === null)
        ? [{ type: 'incident.instrument-terminated', instrumentId: command.instrumentId, reason: command.reason }]
        : refuse('incident.instrument-not-activated', { instrumentId: command.instrumentId })
    case 'incident.terminate-response':
      return state.responseLevel === null
        ? refuse('incident.no-response')
        : [{ type: 'incident.response-terminated', from: state.responseLevel, reason: command.reason }]
    case 'incident.await': {
      const { type: _, ...said } = command
      const known = awaited.some((one) => one.obligationId === said.obligationId)
      return known || awaited.length >= AWAITED_MAX ? [] : [{ type: 'incident.awaited', ...said }]
    }
    case 'incident.elapse': {
      const due = awaited.find((one) => one.obligationId === command.obligationId)
      return due === undefined || by.at < due.at ? [] : [{ type: 'incident.elapsed', ...due }]
    }
    default:
      return unreachable(command)
  }
}

export function evolveActivation<S extends State>(state: S, event: ActivationEvent, at: string): S {
  const { activated = [], awaited = [] } = state
  switch (event.type) {
    case 'incident.instrument-activated': {
      const { type: _, ...said } = event
      return {
        ...state,
        activated: [...activated.filter((one) => one.instrumentId !== said.instrumentId), { ...said, at, terminated: null }],
      }
    }
    case 'incident.instrument-terminated':
      return {
        ...state,
        activated: activated.map((one) =>
          one.instrumentId === event.instrumentId ? { ...one, terminated: { at, reason: event.reason } } : one,
        ),
      }
    case 'incident.response-terminated':
      return { ...state, responseLevel: null, responses: [] }
    case 'incident.awaited': {
      const { type: _, ...said } = event
      return { ...state, awaited: [...awaited, said] }
    }
    case 'incident.elapsed':
      return { ...state, awaited: awaited.filter((one) => one.obligationId !== event.obligationId) }
    default:
      return unreachable(event)
  }
}

/** The response levels with one more: who sets it again, for the same scope and by the same scale, replaces his own. */
export const withResponse = (known: readonly Response[] | undefined, set: Response): readonly Response[] =>
  [
    ...(known ?? []).filter((one) => one.organization !== set.organization || one.scope !== set.scope || one.scale !== set.scale),
    set,
  ].slice(-RESPONSES_MAX)

/** The first duty that waits for time to pass. */
export function nextElapse(
  state: Pick<Activation, 'awaited'>,
): { readonly at: string; readonly command: Extract<ActivationCommand, { type: 'incident.elapse' }> } | null {
  const [first, ...rest] = state.awaited ?? []
  if (first === undefined) return null
  const next = rest.reduce((nearest, one) => (one.at < nearest.at ? one : nearest), first)
  return { at: next.at, command: { type: 'incident.elapse', obligationId: next.obligationId } }
}
