/** Whether the objectives of many organizations pull on one tree: S0-08, S1-13. Pure; of one year, or of one incident. */
import type { Objective } from '../objective.ts'
import { covers } from '../place.ts'

export type Node = { readonly id: string; readonly state: Objective }

export type Alignment = {
  /** Weight of what is linked to a shared objective, divided by the weight of all; null where nothing is there to be linked. */
  readonly weight: number | null
  /** The same by number of objectives: the share of them linked. */
  readonly share: number | null
  readonly linked: readonly string[]
  readonly unlinked: readonly string[]
  /** The roots that the others are linked to. */
  readonly shared: readonly string[]
}

/** Requirement S1-13: the weight linked is at least nine tenths of all. */
export const ALIGNMENT_TARGET = 0.9

/** No chain of parents is longer (the database keeps depth to 8); one that is, is a circle. */
const CHAIN_MAX = 32

/**
 * A shared objective is the root of a tree in the highest territory there is, on which another organization has an
 * objective, too. Everything else is linked when its chain of parents leads to such a root over nothing that was dropped.
 * Dropped objectives do not count. Where all belongs to one organization, there is nobody to be apart from.
 */
export function alignment(nodes: readonly Node[]): Alignment {
  const standing = nodes.filter(({ state }) => state.status !== 'dropped')
  const byId = new Map(standing.map((node) => [node.id, node]))
  const roots = new Map(standing.map((node) => [node.id, rootOf(node, byId)]))
  const owners = Map.groupBy(standing, ({ id }) => roots.get(id) ?? '')
  const alone = new Set(standing.map(({ state }) => state.owner)).size <= 1
  const territories = [...new Set(standing.map(({ state }) => state.jurisdiction))]
  const highest = (code: string): boolean => !territories.some((other) => other !== code && covers(other, code))
  const isShared = ({ id, state }: Node): boolean =>
    roots.get(id) === id && highest(state.jurisdiction) && (alone || new Set(owners.get(id)?.map((one) => one.state.owner)).size > 1)
  const shared = new Set(standing.filter(isShared).map(({ id }) => id))
  const others = standing.filter(({ id }) => !shared.has(id))
  const linked = others.filter(({ id }) => shared.has(roots.get(id) ?? ''))
  const weightOf = (some: readonly Node[]): number => some.reduce((sum, { state }) => sum + state.weight, 0)
  const [part, whole] = [weightOf(linked), weightOf(others)]
  return {
    weight: whole === 0 ? null : part / whole,
    share: others.length === 0 ? null : linked.length / others.length,
    linked: linked.map(({ id }) => id),
    unlinked: others.filter((node) => !linked.includes(node)).map(({ id }) => id),
    shared: [...shared],
  }
}

/** The root that a chain of parents leads to; null where a parent was dropped or is not seen. */
function rootOf(node: Node, byId: ReadonlyMap<string, Node>): string | null {
  let at: Node | undefined = node
  for (let steps = 0; at !== undefined && steps < CHAIN_MAX; steps++) {
    if (at.state.parent === null) return at.id
    at = byId.get(at.state.parent)
  }
  return null
}

export type Branch<T extends Node = Node> = { readonly node: T; readonly depth: number }

/** All as an indented list: each after its parent, the heavier first; what hangs on nothing seen stands as a root. */
export function flatten<T extends Node>(nodes: readonly T[]): readonly Branch<T>[] {
  const ids = new Set(nodes.map(({ id }) => id))
  const children = Map.groupBy(nodes, ({ state }) => (state.parent !== null && ids.has(state.parent) ? state.parent : ''))
  const inTurn = (a: T, b: T): number =>
    a.state.jurisdiction.localeCompare(b.state.jurisdiction) || b.state.weight - a.state.weight || a.id.localeCompare(b.id)
  const branches: Branch<T>[] = []
  const seen = new Set<string>()
  const grow = (parent: string, depth: number): void => {
    if (depth >= CHAIN_MAX) return
    for (const node of (children.get(parent) ?? []).toSorted(inTurn)) {
      if (seen.has(node.id)) continue
      seen.add(node.id)
      branches.push({ node, depth })
      grow(node.id, depth + 1)
    }
  }
  grow('', 0)
  return branches
}
