/** The joint planning calendar 联合计划日历 (S2-16): where the plans of several departments collide in time or in money. */
import type { MoneyText } from '../money.ts'
import type { Node } from './alignment.ts'

/**
 * In time: `dependency-late` (what it waits for ends on or after the day it begins), `dependency-circle`,
 * `dependency-gone` (it waits for what was dropped or is not there), `need-clash` (both need the same at the same time),
 * `outside-parent` (it runs beyond what it is a part of). In money: `over-budget` (the parts cost more than the whole),
 * `currencies-differ`, `fund-clash` (two organizations draw on the same fund at the same time).
 */
export type ConflictKind =
  | 'dependency-late'
  | 'dependency-circle'
  | 'dependency-gone'
  | 'need-clash'
  | 'outside-parent'
  | 'over-budget'
  | 'currencies-differ'
  | 'fund-clash'
export type Conflict = {
  readonly kind: ConflictKind
  readonly in: 'time' | 'money'
  /** The objectives that collide, in the order in which the kind names them. */
  readonly objectives: readonly string[]
  /** What they collide over: a resource, an organization's id, a fund. */
  readonly over: string | null
  /** The days on which they do, both included. */
  readonly days: { readonly from: string; readonly until: string } | null
  readonly excess: MoneyText | null
}

const CONFLICTS_MAX = 1000
const CHAIN_MAX = 64

/** Every conflict among the objectives that are still open, and over money that what was achieved has spent; at most 1,000. */
export function conflicts(nodes: readonly Node[]): readonly Conflict[] {
  const open = nodes.filter(({ state }) => state.status === 'open')
  const byId = new Map(nodes.map((node) => [node.id, node]))
  return [...dependencies(open, byId), ...clashes(open, byId), ...beyondParents(open, byId), ...budgets(nodes, byId)].slice(
    0,
    CONFLICTS_MAX,
  )
}

type ById = ReadonlyMap<string, Node>
const nothing = { over: null, days: null, excess: null } as const

function dependencies(open: readonly Node[], byId: ById): readonly Conflict[] {
  return open.flatMap((node) =>
    node.state.dependsOn.flatMap((id): readonly Conflict[] => {
      const before = byId.get(id)
      const pair = { in: 'time', objectives: [node.id, id], ...nothing } as const
      if (before === undefined || before.state.status === 'dropped') return [{ ...pair, kind: 'dependency-gone' }]
      if (before.state.status === 'achieved') return []
      // Each circle is said once, by its smallest id.
      const circle = circleThrough(node.id, id, byId)
      if (circle !== null) return circle.every((one) => node.id <= one) ? [{ ...pair, kind: 'dependency-circle', objectives: circle }] : []
      const [own, other] = [node.state.schedule, before.state.schedule]
      if (own === null || other === null || other.until < own.from) return []
      return [{ ...pair, kind: 'dependency-late', days: { from: own.from, until: other.until } }]
    }),
  )
}

/** The chain of dependences from `start` over `next` back to `start`, or null. */
function circleThrough(start: string, next: string, byId: ById): readonly string[] | null {
  const seen = new Set<string>()
  const search = (at: string, path: readonly string[]): readonly string[] | null => {
    if (at === start) return path
    if (seen.has(at) || path.length >= CHAIN_MAX) return null
    seen.add(at)
    const state = byId.get(at)?.state
    if (state?.status !== 'open') return null
    for (const id of state.dependsOn) {
      const found = search(id, [...path, at])
      if (found !== null) return found
    }
    return null
  }
  return search(next, [start])
}

/** Two that need the same, or draw on the same fund, on the same day. What a part needs, its whole needs anyway. */
function clashes(open: readonly Node[], byId: ById): readonly Conflict[] {
  const dated = open.filter(({ state }) => state.schedule !== null)
  const needs = grouped(dated, ({ state }) => state.needs)
  const funds = grouped(dated, ({ state }) => (state.fund === null || state.budget === null ? [] : [state.fund]))
  return [
    ...[...needs].flatMap(([over, some]) => overlaps(some, over, { kind: 'need-clash', in: 'time' }, byId)),
    ...[...funds].flatMap(([over, some]) => overlaps(some, over, { kind: 'fund-clash', in: 'money' }, byId)),
  ]
}

function grouped(nodes: readonly Node[], keysOf: (node: Node) => readonly string[]): ReadonlyMap<string, readonly Node[]> {
  const groups = new Map<string, Node[]>()
  for (const node of nodes) for (const key of new Set(keysOf(node))) groups.set(key, [...(groups.get(key) ?? []), node])
  return groups
}

function overlaps(some: readonly Node[], over: string, kind: Pick<Conflict, 'kind' | 'in'>, byId: ById): readonly Conflict[] {
  const byStart = some.toSorted(
    (a, b) => (a.state.schedule?.from ?? '').localeCompare(b.state.schedule?.from ?? '') || a.id.localeCompare(b.id),
  )
  return byStart.flatMap((a, i) =>
    byStart.slice(i + 1).flatMap((b): readonly Conflict[] => {
      const [first, second] = [a.state.schedule, b.state.schedule]
      if (first === null || second === null || second.from > first.until) return []
      if (kind.kind === 'fund-clash' && a.state.owner === b.state.owner) return []
      if (isPartOf(a, b.id, byId) || isPartOf(b, a.id, byId)) return []
      const days = { from: second.from, until: first.until < second.until ? first.until : second.until }
      return [{ ...kind, objectives: [a.id, b.id], over, days, excess: null }]
    }),
  )
}

function isPartOf(node: Node, whole: string, byId: ById): boolean {
  let at: Node | undefined = node
  for (let steps = 0; at !== undefined && at.state.parent !== null && steps < CHAIN_MAX; steps++) {
    if (at.state.parent === whole) return true
    at = byId.get(at.state.parent)
  }
  return false
}

function beyondParents(open: readonly Node[], byId: ById): readonly Conflict[] {
  return open.flatMap(({ id, state }): readonly Conflict[] => {
    const parent = state.parent === null ? undefined : byId.get(state.parent)
    const [own, frame] = [state.schedule, parent?.state.schedule ?? null]
    if (parent === undefined || own === null || frame === null || (own.from >= frame.from && own.until <= frame.until)) return []
    return [{ kind: 'outside-parent', in: 'time', objectives: [id, parent.id], over: null, days: own, excess: null }]
  })
}

/** The parts of a whole together cost no more than the whole was given. */
function budgets(nodes: readonly Node[], byId: ById): readonly Conflict[] {
  const parts = Map.groupBy(
    nodes.filter(({ state }) => state.status !== 'dropped'),
    ({ state }) => state.parent ?? '',
  )
  return [...parts].flatMap(([id, some]): readonly Conflict[] => {
    const whole = byId.get(id)?.state.budget ?? null
    if (whole === null) return []
    const priced = some.filter(({ state }) => state.budget !== null)
    const foreign = priced.filter(({ state }) => state.budget?.currency !== whole.currency)
    const same = priced.filter(({ state }) => state.budget?.currency === whole.currency)
    const sum = same.reduce((total, { state }) => total + BigInt(state.budget?.amount ?? 0), 0n)
    const excess = sum - BigInt(whole.amount)
    return [
      ...foreign.map((node): Conflict => ({ kind: 'currencies-differ', in: 'money', objectives: [node.id, id], ...nothing })),
      ...(excess <= 0n
        ? []
        : [
            {
              kind: 'over-budget' as const,
              in: 'money' as const,
              objectives: [id, ...same.map((node) => node.id)],
              ...nothing,
              excess: { amount: excess.toString(), currency: whole.currency },
            },
          ]),
    ]
  })
}
