import { z } from 'zod/mini'
import type { Thing } from './authority.ts'
import { refuse, unreachable, type Decider, type Refusal } from './decider.ts'
import { Slug, Uuid } from './id.ts'
import { MoneyText } from './money.ts'
import { covers, DivisionCode } from './place.ts'
import { Quantity } from './quantity.ts'
import { InstantText, PlainDate } from './time.ts'

const Title = z.string().check(z.trim(), z.minLength(1), z.maxLength(200))
const Text = z.string().check(z.trim(), z.minLength(1), z.maxLength(4000))

/** What is to be reached, by whom, measured by what, when, with what; all of it may be revised. */
const content = {
  title: Title,
  /** What shows that it is reached, in words. */
  measure: Text,
  target: z.nullable(Quantity),
  /** How much it weighs among the others, 0–100. */
  weight: z.number().check(z.gte(0), z.lte(100)),
  owner: Uuid,
  /** The functions whose obligations serve it. */
  functions: z.array(Slug).check(z.maxLength(40)),
  schedule: z.nullable(
    z.strictObject({ from: PlainDate, until: PlainDate }).check(z.refine(({ from, until }) => from <= until, 'until lies before from')),
  ),
  budget: z.nullable(MoneyText),
  /** The fund that the budget is drawn on. */
  fund: z.nullable(Slug),
  /** Resources by their slug, and organizations by their id, that it cannot do without in its time. */
  needs: z.array(Slug).check(z.maxLength(40)),
  /** The objectives that must be finished before it begins. */
  dependsOn: z.array(Uuid).check(z.maxLength(40)),
  /** The operational period 行动周期 of an incident's objective. */
  period: z.nullable(
    z
      .strictObject({ number: z.int().check(z.gte(1), z.lte(9999)), from: InstantText, until: InstantText })
      .check(z.refine(({ from, until }) => from < until, 'until lies before from')),
  ),
}

/** Where the parent stands; put in by the server, which alone knows. It never changes, so it may be read beforehand. */
const Standing = z.strictObject({ incidentId: z.nullable(Uuid), year: z.nullable(z.int()), jurisdiction: DivisionCode })
type Standing = z.infer<typeof Standing>

/** An objective 行动目标: a node of the one tree of an incident, or of a year and jurisdiction. */
export const ObjectiveCommand = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('objective.set'),
    incidentId: z.nullable(Uuid),
    year: z.nullable(z.int().check(z.gte(1949), z.lte(2200))),
    jurisdiction: DivisionCode,
    parent: z.nullable(Uuid),
    parentStands: z.optional(Standing),
    ...content,
  }),
  z.strictObject({ type: z.literal('objective.revise'), ...content }),
  z.strictObject({ type: z.literal('objective.link'), parent: z.nullable(Uuid), parentStands: z.optional(Standing) }),
  z.strictObject({ type: z.literal('objective.achieve'), evidence: Text }),
  z.strictObject({ type: z.literal('objective.drop'), reason: Text }),
])
export type ObjectiveCommand = z.infer<typeof ObjectiveCommand>
type Said<T extends ObjectiveCommand['type']> = Omit<Extract<ObjectiveCommand, { type: T }>, 'type' | 'parentStands'>
export type ObjectiveContent = Said<'objective.revise'>

export type ObjectiveEvent =
  | ({ readonly type: 'objective.set' } & Said<'objective.set'>)
  | ({ readonly type: 'objective.revised' } & ObjectiveContent)
  | { readonly type: 'objective.linked'; readonly parent: string | null; readonly from: string | null }
  | { readonly type: 'objective.achieved'; readonly evidence: string }
  | { readonly type: 'objective.dropped'; readonly reason: string }

export type ObjectiveStatus = 'open' | 'achieved' | 'dropped'
export type Objective = Said<'objective.set'> & {
  readonly status: ObjectiveStatus
  readonly setAt: string
  readonly endedAt: string | null
  /** The evidence of what was achieved, or why it was dropped. */
  readonly ending: string | null
}

/** Root included; the database keeps the same number (migrations/world/0006-objective.sql). */
export const DEPTH_MAX = 8

export const objective: Decider<Objective | null, ObjectiveCommand, ObjectiveEvent> = {
  initial: null,

  decide(state, command) {
    if (command.type === 'objective.set') return state === null ? set(command) : refuse('objective.already-set')
    if (state === null) return refuse('objective.unknown')
    if (state.status !== 'open' && command.type !== 'objective.link') return refuse('objective.already-ended', { status: state.status })
    switch (command.type) {
      case 'objective.revise': {
        const { type: _, ...said } = command
        const same = Object.entries(said).every(([key, value]) => alike(value, state[key as keyof ObjectiveContent]))
        return same ? [] : (badDependence(said.dependsOn, state.parent) ?? [{ type: 'objective.revised', ...said }])
      }
      case 'objective.link':
        if (state.status === 'dropped') return refuse('objective.already-ended', { status: state.status })
        if (state.parent === command.parent) return []
        return (
          misplaced(state, command.parent, command.parentStands) ?? [
            { type: 'objective.linked', parent: command.parent, from: state.parent },
          ]
        )
      case 'objective.achieve':
        return [{ type: 'objective.achieved', evidence: command.evidence }]
      case 'objective.drop':
        return [{ type: 'objective.dropped', reason: command.reason }]
      default:
        return unreachable(command)
    }
  },

  evolve(state, event, stamp) {
    if (event.type === 'objective.set') {
      const { type: _, ...said } = event
      return { ...said, status: 'open', setAt: stamp.occurredAt, endedAt: null, ending: null }
    }
    if (state === null) return state
    switch (event.type) {
      case 'objective.revised': {
        const { type: _, ...said } = event
        return { ...state, ...said }
      }
      case 'objective.linked':
        return { ...state, parent: event.parent }
      case 'objective.achieved':
        return { ...state, status: 'achieved', endedAt: stamp.occurredAt, ending: event.evidence }
      case 'objective.dropped':
        return { ...state, status: 'dropped', endedAt: stamp.occurredAt, ending: event.reason }
      default:
        return unreachable(event)
    }
  },
}

function set(command: Extract<ObjectiveCommand, { type: 'objective.set' }>): readonly ObjectiveEvent[] | Refusal {
  const { parentStands, ...said } = command
  if ((said.incidentId === null) === (said.year === null)) return refuse('objective.incident-or-year')
  return misplaced(said, said.parent, parentStands) ?? badDependence(said.dependsOn, said.parent) ?? [said]
}

/** A branch grows on a tree of the same incident, or of the same year in its own or a superior territory: local targets link up. */
function misplaced(own: Standing, parent: string | null, stands: Standing | undefined): Refusal | null {
  if (parent === null) return null
  if (stands === undefined) return refuse('objective.parent-unknown')
  if (own.incidentId !== stands.incidentId || own.year !== stands.year) return refuse('objective.parent-of-another-tree')
  const above = own.incidentId !== null || covers(stands.jurisdiction, own.jurisdiction)
  return above ? null : refuse('objective.parent-not-superior', { jurisdiction: stands.jurisdiction })
}

/** What it is a part of ends after it, so it cannot wait for that. */
const badDependence = (dependsOn: readonly string[], parent: string | null): Refusal | null =>
  parent !== null && dependsOn.includes(parent) ? refuse('objective.depends-on-parent') : null

const alike = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

export function objectiveThing(state: Objective | null, command: ObjectiveCommand): Thing {
  const of = state ?? (command.type === 'objective.set' ? command : null)
  return of === null
    ? { jurisdiction: null, parties: [] }
    : {
        jurisdiction: of.jurisdiction,
        owner: of.owner,
        parties: [...new Set([of.owner, ...('owner' in command ? [command.owner] : [])])],
      }
}
