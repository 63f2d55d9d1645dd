import type { OrganizationEntry, Relations } from '../directory/relations.ts'
import type { Instrument, Party } from '../instrument.ts'
import { divisionLevel, divisionPath } from '../place.ts'

/** Whom a party names in a territory while nothing has happened yet. */
export type Seats = {
  readonly organizations: readonly OrganizationEntry[]
  /** A part that only an incident fills, such as `unit-involved`; then there are no organizations. */
  readonly part: Party | null
  /** A lasting party that ought to name somebody and names nobody: a gap. */
  readonly vacant: boolean
}

const NOBODY: Seats = { organizations: [], part: null, vacant: false }

/** `party` is said of the instrument's own jurisdiction and parties; `each`: all who hold the function, not only the first. */
export function seatsOf(party: Party, file: Instrument, area: string, each: boolean, relations: Relations): Seats {
  const [base = party, at] = party.split('@')
  const lasting = base === 'government' || base === 'public' || base.startsWith('function:') || base.startsWith('party:')
  if (!lasting) return { ...NOBODY, part: party }
  const level = at === undefined || at === 'superior' ? area : divisionPath(area).find((code) => divisionLevel(code) === at)
  // A level of government that the place does not have binds nobody.
  if (level === undefined) return NOBODY
  const found = named(base, file, level, relations)
  const bound = each ? found : found.slice(0, 1)
  const organizations = atLevel(bound, at, level, relations)
  return { organizations, part: null, vacant: organizations.length === 0 }
}

function atLevel(
  bound: readonly OrganizationEntry[],
  at: string | undefined,
  level: string,
  relations: Relations,
): readonly OrganizationEntry[] {
  if (at === undefined) return bound
  if (at === 'superior') return bound.map((one) => relations.superior(one.id)).filter((one) => one !== null)
  return bound.filter((one) => one.jurisdiction === level)
}

function named(base: string, file: Instrument, level: string, relations: Relations): readonly OrganizationEntry[] {
  if (!base.startsWith('party:')) return relations.holders(base.replace(/^function:/, ''), level)
  const entry = file.parties?.find((one) => one.key === base.slice('party:'.length))
  if (entry === undefined) return []
  if (entry.organization !== undefined) return [relations.find(entry.organization)].filter((one) => one !== null)
  const territory = entry.jurisdiction ?? level
  return relations.holders(entry.function ?? 'government', territory)
}
