/** Who sees what, who leads and who commands: the answers that the rules of authority rest on, and that the policies of the database repeat. */
import type { Relations } from '../directory/relations.ts'
import { covers } from '../place.ts'
import type { Thing } from './thing.ts'

/** Functions whose holders check how others did their duty: audit, and the supervision offices of governments. */
const AUDITS = ['audit', 'supervision']
export const audits = (organizationId: string, { jurisdiction }: Pick<Thing, 'jurisdiction'>, relations: Relations): boolean =>
  jurisdiction !== null &&
  relations.answersFor(organizationId, jurisdiction) &&
  AUDITS.some((name) => relations.find(organizationId)?.functions.includes(name) === true)

/**
 * Whether an organization sees a thing: its territory contains the place or lies within it, or it is a party.
 * The policies of the database (migrations) keep the same rule.
 */
export function maySee(organizationId: string, thing: Pick<Thing, 'jurisdiction' | 'parties' | 'areas'>, relations: Relations): boolean {
  if (thing.jurisdiction === null || thing.parties.includes(organizationId)) return true
  const own = relations.find(organizationId)?.jurisdiction ?? null
  return own !== null && [thing.jurisdiction, ...(thing.areas ?? [])].some((code) => covers(own, code) || covers(code, own))
}

/**
 * Narrower than `maySee`: whoever is named in a finding sees it, whoever stands above one of them, and who audits in the place.
 * The policy of the table `finding` keeps the same rule.
 */
export const maySeeFinding = (organizationId: string, thing: Pick<Thing, 'jurisdiction' | 'parties'>, relations: Relations): boolean =>
  thing.parties.some((party) => party === organizationId || relations.isSuperior(organizationId, party)) ||
  audits(organizationId, thing, relations)

/** What of a warning decides who sees it. */
export type AlertSight = Pick<Thing, 'jurisdiction' | 'parties' | 'owner' | 'audience'>

/** Who may see it out: its owner, who stands above it, a government that answers for the place. */
export const mayApproveAlert = (own: string, { jurisdiction, owner }: AlertSight, relations: Relations): boolean =>
  typeof owner === 'string' &&
  (own === owner ||
    relations.isSuperior(own, owner) ||
    (jurisdiction !== null && relations.find(own)?.functions.includes('government') === true && relations.answersFor(own, jurisdiction)))

/**
 * Who sees a warning: a public one everybody, a draft its owner and whoever may approve it, a restricted or private one whom it
 * names (CAP 1.2, 3.2.1). The policy of the table `alert` keeps the same rule.
 */
export const maySeeAlert = (organizationId: string, thing: AlertSight, relations: Relations): boolean => {
  if (thing.audience === 'everyone' || thing.parties.includes(organizationId) || thing.owner === organizationId) return true
  if (typeof thing.owner === 'string' && relations.isSuperior(organizationId, thing.owner)) return true
  return thing.audience === 'approvers' && mayApproveAlert(organizationId, thing, relations)
}

/** Functions whose holders see every report of their territory. */
const DESKS = ['emergency-management', 'fire-rescue', 'public-security', 'government']

/**
 * Whoever is named in a report sees it: who took it down, who handles it, whom it was passed on by and to; and the desks of
 * the place: emergency management, fire, police, the government. The policy of the table `intake` keeps the same rule.
 */
export const maySeeReport = (organizationId: string, thing: Pick<Thing, 'jurisdiction' | 'parties'>, relations: Relations): boolean =>
  thing.parties.includes(organizationId) ||
  (thing.jurisdiction !== null &&
    relations.answersFor(organizationId, thing.jurisdiction) &&
    DESKS.some((name) => relations.find(organizationId)?.functions.includes(name) === true))

/** Who leads: whoever the record names, else the government of the place (Emergency Response Law art. 17); null where none is registered. */
export const leadOf = (thing: Pick<Thing, 'lead' | 'jurisdiction'>, relations: Relations): string | null =>
  thing.lead ?? (thing.jurisdiction === null ? null : (relations.holders('government', thing.jurisdiction)[0]?.id ?? null))

/** The activated headquarters of an incident and who is on its scene, at one instant. */
export type Commanding = {
  readonly headquarters: readonly {
    readonly lead: string
    /** The headquarters itself, where the directory has it as an organization. */
    readonly organization: string | null
    readonly members: readonly string[]
    readonly sectors: readonly { readonly lead: string }[]
    /** The one that commands whoever enters the scene. */
    readonly overall: boolean
  }[]
  readonly entered: readonly string[]
}

/**
 * The organizations that command another through an activated headquarters: it is a member, leads a sector, or has entered
 * the scene (Emergency Response Law art. 72: whoever enters obeys the one command; State Council Order 708 art. 20, 21).
 */
export function commandedBy(over: string, { headquarters, entered }: Commanding): readonly string[] {
  const commanding = headquarters.flatMap(({ lead, organization, members, sectors, overall }) => {
    const belongs = members.includes(over) || sectors.some((sector) => sector.lead === over) || (overall && entered.includes(over))
    return belongs ? [lead, ...(organization === null ? [] : [organization])] : []
  })
  return [...new Set(commanding)].filter((id) => id !== over)
}

/**
 * Whether `by` may order `over` at this instant: a superior, or the lead of an activated headquarters that `over` belongs to.
 * Anyone else can only be requested.
 */
export const commandsOver = (by: string, over: string, commanding: Commanding, relations: Relations): boolean =>
  relations.isSuperior(by, over) || commandedBy(over, commanding).includes(by)
