import type { Relations } from '#core/directory/relations.ts'
import { binds, type Party } from '#core/instrument.ts'
import { partyOf, type InForce } from '#core/linkage.ts'
import { covers, divisionLevel } from '#core/place.ts'
import type { Basis } from '#core/obligation.ts'

export type Suggested = {
  readonly organization: string
  readonly function: string | null
  readonly why: 'clause' | 'function' | 'garrison' | 'neighbour'
  readonly basis: Basis | null
}

/** Whom Emergency Response Law art. 62 has consulted and informed: departments, the garrison, the places beside. */
const FUNCTIONS = [
  'meteorology',
  'water',
  'emergency-management',
  'natural-resources',
  'public-security',
  'transport',
  'housing',
  'education',
  'health',
  'fire-rescue',
] as const
const SUGGESTIONS_MAX = 40
const NEIGHBOURS_MAX = 8

type Scope = { readonly hazard: string; readonly jurisdiction: string; readonly convener: string | null }

/** Who might be asked: first whom clauses in force name for this hazard and place, each organization once; never the convener. */
export function suggest(inForce: readonly InForce[], relations: Relations, scope: Scope): readonly Suggested[] {
  const found = new Map<string, Suggested>()
  const add = (one: Suggested): void => {
    if (one.organization !== scope.convener && !found.has(one.organization)) found.set(one.organization, one)
  }
  for (const one of byClause(inForce, relations, scope)) add(one)
  for (const name of FUNCTIONS)
    for (const { id } of relations.holders(name, scope.jurisdiction).slice(0, 1))
      add({ organization: id, function: name, why: 'function', basis: null })
  for (const { id } of relations.holders('military', scope.jurisdiction).slice(0, 1))
    add({ organization: id, function: 'military', why: 'garrison', basis: null })
  for (const id of neighbours(inForce, relations, scope)) add({ organization: id, function: 'government', why: 'neighbour', basis: null })
  return [...found.values()].slice(0, SUGGESTIONS_MAX)
}

/** The part `consult` 会商 of the responsibility matrix, where the clause speaks of this hazard. */
function byClause(inForce: readonly InForce[], relations: Relations, { hazard, jurisdiction }: Scope): readonly Suggested[] {
  return inForce
    .filter(({ instrument }) => covers(instrument.jurisdiction, jurisdiction))
    .flatMap(({ id, version, instrument }) =>
      instrument.clauses.flatMap((clause) => {
        if (!binds(clause) || clause.part !== 'consult' || (clause.hazards !== undefined && !clause.hazards.includes(hazard))) return []
        const organization = holder(clause.owes, instrument, jurisdiction, relations)
        const basis = { instrumentId: id, version, clauseId: clause.id }
        return organization === null ? [] : [{ organization, function: nameOf(clause.owes), why: 'clause' as const, basis }]
      }),
    )
}

const nameOf = (party: Party): string | null => /^function:([a-z0-9-]+)/.exec(party)?.[1] ?? null

function holder(party: Party, instrument: InForce['instrument'], jurisdiction: string, relations: Relations): string | null {
  const [base = party] = party.split('@')
  if (base.startsWith('party:')) return partyOf(base.slice('party:'.length), instrument, relations)
  const name = base === 'government' ? 'government' : nameOf(base)
  return name === null ? null : (relations.holders(name, jurisdiction)[0]?.id ?? null)
}

/** Governments of the places of the same level beside it: those that an agreement in force binds together with it first, then those under the same superior. */
function neighbours(inForce: readonly InForce[], relations: Relations, { jurisdiction }: Scope): readonly string[] {
  const own = relations.holders('government', jurisdiction)[0]
  if (own === undefined) return []
  const bound = inForce.flatMap(({ instrument }) => {
    const parties = (instrument.parties ?? []).map((party) => partyOf(party.key, instrument, relations))
    return parties.includes(own.id) ? parties.filter((id) => id !== null) : []
  })
  const beside = [...relations.all()].filter((one) => one.superior !== null && one.superior === own.superior)
  return [...bound, ...beside.map((one) => one.id)]
    .filter((id, i, all) => id !== own.id && all.indexOf(id) === i)
    .filter((id) => {
      const one = relations.find(id)
      return one?.functions.includes('government') === true && one.jurisdiction !== null && sameLevel(one.jurisdiction, jurisdiction)
    })
    .slice(0, NEIGHBOURS_MAX)
}

const sameLevel = (a: string, b: string): boolean => divisionLevel(a) === divisionLevel(b)
