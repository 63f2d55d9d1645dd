import type { OrganizationEntry, Relations } from '../directory/relations.ts'

export type Government = {
  readonly code: string
  /** The people's government of the territory, or the nearest above it that is registered; null where none is. */
  readonly government: OrganizationEntry | null
  /** It is the territory's own and not one above it. */
  readonly own: boolean
}
export type OverallLead = {
  readonly governments: readonly Government[]
  /** The nearest government above all of them, or the only one; null where their lines never meet. */
  readonly lead: OrganizationEntry | null
}

/**
 * Who leads an incident over several territories: their common superior people's government (Emergency Response Law
 * art. 18, or the governments together); each of them is to be informed (art. 62). In one territory its own government leads (art. 17).
 */
export function overallLead(codes: readonly string[], relations: Relations): OverallLead {
  const governments = codes.map((code): Government => {
    const government = relations.holders('government', code).find(({ sector }) => sector === 'government') ?? null
    return { code, government, own: government?.jurisdiction === code }
  })
  const known = governments.flatMap(({ government }) => (government === null ? [] : [government]))
  const [first, ...others] = known
  if (first === undefined || known.length < governments.length) return { governments, lead: null }
  const common = others.reduce<OrganizationEntry | null>(
    (lead, one) => (lead === null ? null : relations.commonSuperior(lead.id, one.id)),
    first,
  )
  return { governments, lead: common }
}
