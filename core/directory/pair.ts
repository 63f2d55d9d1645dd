import { covers, divisionLevel } from '../place.ts'
import type { OrganizationEntry, Relations } from './relations.ts'

/**
 * How two organizations stand to each other: who may order whom. Without command there is only the request, unless an
 * activated headquarters that both belong to commands (Emergency Response Law art. 19, 72).
 */
export type Relation = 'commands' | 'is-commanded' | 'same-superior' | 'none'
export type Pair = {
  readonly other: string
  readonly relation: Relation
  /** The nearest that stands above both, or null. */
  readonly common: string | null
  /** Both answer for territories of the same level of government. */
  readonly sameLevel: boolean
}

export const PAIRS_MAX = 2000

/** `commands`: `a` stands above `b`. */
export function relationOf(relations: Relations, a: string, b: string): Relation {
  if (relations.isSuperior(a, b)) return 'commands'
  if (relations.isSuperior(b, a)) return 'is-commanded'
  return relations.commonSuperior(a, b) === null ? 'none' : 'same-superior'
}

/** Every other organization as this one stands to it, those it can only ask first. At most `PAIRS_MAX`. */
export function pairsOf(relations: Relations, of: string): readonly Pair[] {
  const own = relations.find(of)
  if (own === null) return []
  const level = (one: OrganizationEntry): string | null => (one.jurisdiction === null ? null : divisionLevel(one.jurisdiction))
  return [...relations.all()]
    .filter((one) => one.id !== of)
    .slice(0, PAIRS_MAX)
    .map((one) => ({
      other: one.id,
      relation: relationOf(relations, of, one.id),
      common: relations.commonSuperior(of, one.id)?.id ?? null,
      sameLevel: level(own) !== null && level(own) === level(one),
    }))
}

/** How evenly two deal with each other, by what went each way: 1, as much there as back; 0, all one way. */
export const reciprocity = (there: number, back: number): number =>
  Math.max(there, back) === 0 ? 0 : Math.min(there, back) / Math.max(there, back)

/** The groups of the force register 力量名册, in the order in which they are shown. */
export const GROUPS = ['command', 'departments', 'military', 'enterprises', 'social', 'grass-roots', 'neighbours'] as const
export type ForceGroup = (typeof GROUPS)[number]
export type Force = { readonly id: string; readonly place: 'here' | 'above' | 'beside' }
export type ForceRegister = readonly { readonly group: ForceGroup; readonly forces: readonly Force[] }[]

const GROUP_OF: Readonly<Record<string, ForceGroup>> = {
  command: 'command',
  party: 'departments',
  government: 'departments',
  'public-institution': 'departments',
  military: 'military',
  enterprise: 'enterprises',
  social: 'social',
  'grass-roots': 'grass-roots',
}

/**
 * All forces that a territory can count on or turn to, each in its group: those in it, those above it, and as
 * neighbours those beside it. An organization without a territory counts where its superior does.
 */
export function forceRegister(relations: Relations, area: string): ForceRegister {
  const groups = new Map<ForceGroup, Force[]>(GROUPS.map((group) => [group, []]))
  for (const one of relations.all()) {
    const group = GROUP_OF[one.sector]
    const territory = relations.path(one.id).find((each) => each.jurisdiction !== null)?.jurisdiction ?? null
    if (group === undefined || territory === null) continue
    const place = covers(area, territory) ? 'here' : covers(territory, area) ? 'above' : 'beside'
    groups.get(place === 'beside' ? 'neighbours' : group)?.push({ id: one.id, place })
  }
  const near = (a: Force, b: Force): number => Number(a.place === 'above') - Number(b.place === 'above')
  return GROUPS.map((group) => ({ group, forces: (groups.get(group) ?? []).toSorted(near).slice(0, FORCES_MAX) }))
}
const FORCES_MAX = 1000
