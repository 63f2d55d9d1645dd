/**
 * Dissolves units of a topology by cancelling arcs that are walked both ways. What is left balances at
 * every node, so it always falls apart into closed loops, even where neighbours' edges do not quite match:
 * a mismatch becomes a small loop of its own and never a torn outline.
 */

import type { Point } from './plane.ts'
import { signedArea } from './plane.ts'
import type { TopoGeometry, Topology } from './topology.ts'

/** A closed walk: arcs in order (negative means reversed, as in TopoJSON), its points, and its area, positive for shells. */
export type Loop = { readonly arcs: readonly number[]; readonly ring: Point[]; readonly area: number }

const bare = (arc: number): number => (arc < 0 ? ~arc : arc)

/** Points of one arc, in its direction of walk. */
export function pointsOf(topo: Topology, arc: number): Point[] {
  const points = topo.arcs[bare(arc)] ?? []
  return arc < 0 ? points.toReversed() : [...points]
}

function ringOf(topo: Topology, arcs: readonly number[]): Point[] {
  return arcs.flatMap((arc, i) => pointsOf(topo, arc).slice(i === 0 ? 0 : 1))
}

/** Codes of the units that walk each arc, each once. */
export function ownersOf(units: readonly TopoGeometry[]): ReadonlyMap<number, readonly string[]> {
  const owners = new Map<number, string[]>()
  for (const { id, arcs } of units)
    for (const arc of (arcs ?? []).flat(2)) {
      const codes = owners.get(bare(arc)) ?? []
      if (id !== undefined && !codes.includes(id)) codes.push(id)
      owners.set(bare(arc), codes)
    }
  return owners
}

/** Net walks over all rings, each ring turned so that shells run one way and holes the other. */
function netWalks(topo: Topology, units: readonly TopoGeometry[]): ReadonlyMap<number, number> {
  const net = new Map<number, number>()
  for (const polygon of units.flatMap(({ arcs }) => arcs ?? []))
    polygon.forEach((ring, i) => {
      const turn = signedArea(ringOf(topo, ring)) > 0 === (i === 0) ? 1 : -1
      for (const arc of ring) net.set(bare(arc), (net.get(bare(arc)) ?? 0) + (arc < 0 ? -turn : turn))
    })
  return net
}

/** The outline of the given units together, as loops. Throws when arcs do not close, which is a broken topology. */
export function loopsOf(topo: Topology, units: readonly TopoGeometry[]): readonly Loop[] {
  const leaving = new Map<string, number[]>()
  const node = (point: Point | undefined): string => `${point?.[0]},${point?.[1]}`
  const from = (arc: number): string => node(arc < 0 ? topo.arcs[bare(arc)]?.at(-1) : topo.arcs[arc]?.[0])
  const to = (arc: number): string => from(~arc)
  for (const [arc, count] of netWalks(topo, units))
    for (let i = 0; i < Math.abs(count); i += 1) {
      const walked = count < 0 ? ~arc : arc
      leaving.set(from(walked), [...(leaving.get(from(walked)) ?? []), walked])
    }
  const loops: Loop[] = []
  for (const start of leaving.keys()) {
    const path: number[] = []
    const seenAt = new Map<string, number>([[start, 0]])
    for (let next = leaving.get(start)?.pop(); next !== undefined; next = leaving.get(to(path.at(-1) ?? next))?.pop()) {
      path.push(next)
      const back = seenAt.get(to(next))
      if (back === undefined) {
        seenAt.set(to(next), path.length)
        continue
      }
      const arcs = path.splice(back)
      for (const arc of arcs.slice(0, -1)) seenAt.delete(to(arc))
      const ring = ringOf(topo, arcs)
      loops.push({ arcs, ring, area: signedArea(ring) })
      if (path.length === 0 && (leaving.get(start)?.length ?? 0) === 0) break
    }
    if (path.length > 0) throw new Error('arcs of a dissolved outline do not close')
  }
  return loops
}
