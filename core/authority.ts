import { refuse, type Refusal } from './decider.ts'
import type { Power } from './directory/post.ts'
import type { Relations } from './directory/relations.ts'
import type { Actor } from './event.ts'
import { covers } from './place.ts'

/** Who asks: the post, its organization and what the post may do by itself. */
export type Doer = { readonly actor: Actor; readonly powers: readonly Power[] }

/** What authority needs to know of the thing that a command is about. */
export type Thing = {
  readonly jurisdiction: string | null
  readonly debtor?: string
  readonly creditor?: string
  /** The organization that the thing belongs to or speaks for. */
  readonly owner?: string | null
  /** The superior that the command would give to the owner. */
  readonly superior?: string | null
  readonly headquarters?: { readonly lead: string; readonly members: readonly string[] } | null
  /** Powers that the command would hand out. */
  readonly grants?: readonly Power[]
  /** Everyone named in it: reporter, unit involved, members, debtor, creditor, superiors it climbed to. */
  readonly parties: readonly string[]
}

type Post = Extract<Actor, { kind: 'post' }>
type Rule = (post: Post, thing: Thing, relations: Relations, doer: Doer) => Refusal | null
type Entry = { readonly power: Power; readonly rule: Rule } | 'system'

const anywhere: Rule = () => null

const withinTerritory = (post: Post, thing: Thing, relations: Relations): Refusal | null =>
  thing.jurisdiction === null || relations.answersFor(post.organizationId, thing.jurisdiction)
    ? null
    : refuse('authority.outside-jurisdiction', { jurisdiction: thing.jurisdiction })

/** Emergency Response Law art. 19, 72: the government of the place commands, or the lead of the headquarters that it activated. */
const commands: Rule = (post, thing, relations) =>
  thing.headquarters?.lead === post.organizationId ? null : withinTerritory(post, thing, relations)

const participates: Rule = (post, thing, relations) =>
  maySee(post.organizationId, thing, relations) ? null : refuse('authority.not-a-party')

/** Who may not see it does not learn that it is there. */
const unseen = (post: Post, thing: Thing, relations: Relations): Refusal | null =>
  thing.debtor !== undefined && maySee(post.organizationId, thing, relations) ? null : refuse('obligation.unknown')

const isDebtor: Rule = (post, thing, relations) =>
  thing.debtor === post.organizationId
    ? null
    : (unseen(post, thing, relations) ?? refuse('authority.not-debtor', { debtor: thing.debtor ?? null }))

/** Only who is owed, or stands above the debtor, may let it off. */
const mayWaive: Rule = (post, thing, relations) => {
  const above = thing.debtor !== undefined && relations.isSuperior(post.organizationId, thing.debtor)
  return thing.creditor === post.organizationId || above ? null : (unseen(post, thing, relations) ?? refuse('authority.may-not-waive'))
}

const speaksFor: Rule = (post, thing, relations) =>
  thing.owner === undefined || thing.owner === null || thing.owner === post.organizationId ? null : withinTerritory(post, thing, relations)

/** A post is kept by whoever answers for its organization, and nobody hands out a power that he has not. */
const keepsPost: Rule = (post, thing, relations, doer) => {
  const excess = thing.grants?.find((power) => !doer.powers.includes(power))
  if (excess !== undefined) return refuse('authority.cannot-grant', { power: excess })
  return keepsOrganization(post, thing, relations, doer)
}

/** An organization without a territory is kept by itself or by a superior. */
const keepsOrganization: Rule = (post, thing, relations) => {
  const owner = thing.owner ?? null
  if (owner === null || owner === post.organizationId || relations.isSuperior(post.organizationId, owner)) return null
  const territory = relations.find(owner)?.jurisdiction ?? null
  return territory !== null && relations.answersFor(post.organizationId, territory)
    ? null
    : refuse('authority.outside-jurisdiction', { jurisdiction: territory })
}

/** Every command there is, and who may give it. `system`: only the clock, the linkage, an exercise or the set-up. */
const TABLE: Readonly<Record<string, Entry>> = {
  'incident.report': { power: 'incident.report', rule: anywhere }, // art. 60: whoever learns of it reports it
  'incident.verify': { power: 'incident.verify', rule: withinTerritory },
  'incident.refute': { power: 'incident.verify', rule: withinTerritory },
  'incident.declare': { power: 'incident.declare', rule: withinTerritory },
  'incident.set-response': { power: 'incident.command', rule: commands },
  'incident.activate-headquarters': { power: 'incident.command', rule: withinTerritory },
  'incident.fill-position': { power: 'incident.command', rule: commands },
  'incident.note': { power: 'sitrep.file', rule: participates },
  'incident.merge': { power: 'incident.verify', rule: withinTerritory },
  'incident.close': { power: 'incident.command', rule: commands },
  'incident.mark-gap': 'system',
  'sitrep.file': { power: 'sitrep.file', rule: participates },
  'sitrep.correct': { power: 'sitrep.file', rule: speaksFor },
  'obligation.owe': 'system',
  'obligation.lapse': 'system',
  'obligation.escalate': 'system',
  'obligation.accept': { power: 'obligation.answer', rule: isDebtor },
  'obligation.decline': { power: 'obligation.answer', rule: isDebtor },
  'obligation.discharge': { power: 'obligation.answer', rule: isDebtor },
  'obligation.waive': { power: 'obligation.waive', rule: mayWaive },
  'instrument.adopt': { power: 'instrument.keep', rule: withinTerritory },
  'instrument.repeal': { power: 'instrument.keep', rule: withinTerritory },
  'division.import': { power: 'directory.keep', rule: withinTerritory },
  'organization.register': { power: 'directory.keep', rule: withinTerritory },
  'organization.verify': { power: 'directory.keep', rule: keepsOrganization },
  'organization.subordinate': { power: 'directory.keep', rule: keepsOrganization },
  'organization.entrust': { power: 'directory.keep', rule: keepsOrganization },
  'post.create': { power: 'directory.keep', rule: keepsPost },
  'post.assume': { power: 'directory.keep', rule: keepsPost },
  'post.relinquish': { power: 'directory.keep', rule: keepsPost },
  'post.empower': { power: 'directory.keep', rule: keepsPost },
}

export const governedCommands: readonly string[] = Object.keys(TABLE)

/**
 * Whether the doer may give the command about the thing: null, or the refusal that says why not.
 * The one table that the server obeys and the screen shows; a command that stands in no line is refused.
 */
export function may(doer: Doer, command: string, thing: Thing, relations: Relations): Refusal | null {
  const entry = Object.hasOwn(TABLE, command) ? TABLE[command] : undefined
  if (entry === undefined) return refuse('authority.unknown-command', { command })
  if (isCircle(thing, relations)) return refuse('organization.superior-circle')
  if (doer.actor.kind === 'system') return null
  if (entry === 'system') return refuse('authority.system-only', { command })
  if (!doer.powers.includes(entry.power)) return refuse('authority.no-power', { power: entry.power })
  return entry.rule(doer.actor, thing, relations, doer)
}

/** Nobody stands above his own superior. */
const isCircle = ({ owner, superior }: Thing, relations: Relations): boolean =>
  typeof owner === 'string' && typeof superior === 'string' && relations.isSuperior(owner, superior)

/** A power that belongs to no single thing: `exercise.run`, `log.export`. */
export const mayAtAll = (doer: Doer, power: Power): Refusal | null =>
  doer.actor.kind === 'system' || doer.powers.includes(power) ? null : refuse('authority.no-power', { power })

/**
 * Whether an organization sees a thing: its territory contains the place or lies within it, or it is a party.
 * The policies of the database (migrations) keep the same rule.
 */
export function maySee(organizationId: string, thing: Pick<Thing, 'jurisdiction' | 'parties'>, relations: Relations): boolean {
  if (thing.jurisdiction === null || thing.parties.includes(organizationId)) return true
  const own = relations.find(organizationId)?.jurisdiction ?? null
  return own !== null && (covers(own, thing.jurisdiction) || covers(thing.jurisdiction, own))
}
