import type { Words } from '../event.ts'
import { isBinding, placed, refOf, type ClauseRef, type History, type Scope } from './in-force.ts'

export type ReservedAct = {
  readonly act: string
  readonly words: Words
  readonly function: string
  /** The article that keeps the act for public authority, and the clause that says so. */
  readonly article: Words
  readonly basis: ClauseRef
}
export type Openness = {
  /** Distinct acts that clauses in force demand of anybody. */
  readonly acts: number
  /** Acts that any organization of the right grade may take on: all that no article reserves. */
  readonly open: number
  readonly reserved: readonly ReservedAct[]
  /** How many of the open acts an organization of each sector may take; public authority may take the reserved ones, too. */
  readonly bySector: readonly { readonly sector: string; readonly mayTake: number; readonly of: number }[]
}

const AUTHORITIES = new Set(['party', 'government', 'command', 'military', 'public-institution'])
const SECTORS = ['government', 'public-institution', 'military', 'enterprise', 'social', 'grass-roots']
const RESERVED_MAX = 500

/** Whether an organization of the sector may take the act: only an article closes it, never the sector alone. */
export const mayTake = (sector: string, reserved: boolean): boolean => !reserved || AUTHORITIES.has(sector)

/** What is open to organizations that are no public authority. One clause that reserves an act closes it. */
export function openness(histories: Iterable<History>, scope: Scope): Openness {
  const reserved = new Map<string, ReservedAct>()
  const acts = new Map<string, boolean>()
  for (const one of placed(histories, scope).filter(isBinding)) {
    const { act, actWords, reserved: article } = one.clause
    acts.set(act, (acts.get(act) ?? false) || article !== undefined)
    if (article !== undefined && !reserved.has(act))
      reserved.set(act, { act, words: actWords, function: one.clause.function, article, basis: refOf(one) })
  }
  const closed = [...acts.values()].filter(Boolean).length
  return {
    acts: acts.size,
    open: acts.size - closed,
    reserved: [...reserved.values()].slice(0, RESERVED_MAX),
    bySector: SECTORS.map((sector) => ({
      sector,
      mayTake: [...acts.values()].filter((isReserved) => mayTake(sector, isReserved)).length,
      of: acts.size,
    })),
  }
}
