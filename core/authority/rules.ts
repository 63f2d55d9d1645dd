/** The rules that the table of authority names: given who asks and what about, null or the refusal that says why not. */
import { refuse, type Refusal } from '../decider.ts'
import type { Relations } from '../directory/relations.ts'
import { covers } from '../place.ts'
import { audits, leadOf, mayApproveAlert, maySee, maySeeAlert, maySeeFinding, maySeeReport } from './sight.ts'
import type { Post, Rule, Thing } from './thing.ts'

export const anywhere: Rule = () => null

export const withinTerritory = (post: Post, thing: Thing, relations: Relations): Refusal | null =>
  thing.jurisdiction === null || relations.answersFor(post.organizationId, thing.jurisdiction)
    ? null
    : refuse('authority.outside-jurisdiction', { jurisdiction: thing.jurisdiction })

/** Emergency Response Law art. 19, 72: the government of the place commands, or the lead of the headquarters that it activated. */
export const commands: Rule = (post, thing, relations) =>
  thing.headquarters?.lead === post.organizationId || thing.lead === post.organizationId ? null : withinTerritory(post, thing, relations)

export const participates: Rule = (post, thing, relations) =>
  maySee(post.organizationId, thing, relations) ? null : refuse('authority.not-a-party')

/** Who may not see it does not learn that it is there. */
const unseen = (post: Post, thing: Thing, relations: Relations): Refusal | null =>
  thing.debtor !== undefined && maySee(post.organizationId, thing, relations) ? null : refuse('obligation.unknown')

export const isDebtor: Rule = (post, thing, relations) =>
  thing.debtor === post.organizationId
    ? null
    : (unseen(post, thing, relations) ?? refuse('authority.not-debtor', { debtor: thing.debtor ?? null }))

/** Only who is owed, or stands above the debtor, may let it off. */
export const mayWaive: Rule = (post, thing, relations) => {
  const above = thing.debtor !== undefined && relations.isSuperior(post.organizationId, thing.debtor)
  return thing.creditor === post.organizationId || thing.orderedBy === post.organizationId || above
    ? null
    : (unseen(post, thing, relations) ?? refuse('authority.may-not-waive'))
}

export const speaksFor: Rule = (post, thing, relations) =>
  thing.owner === undefined || thing.owner === null || thing.owner === post.organizationId ? null : withinTerritory(post, thing, relations)

/** A post is kept by whoever answers for its organization, and nobody hands out a power that he has not. */
export const keepsPost: Rule = (post, thing, relations, doer) => {
  const excess = thing.grants?.find((power) => !doer.powers.includes(power))
  if (excess !== undefined) return refuse('authority.cannot-grant', { power: excess })
  return keepsOrganization(post, thing, relations, doer)
}

/** An organization without a territory is kept by itself or by a superior. */
export const keepsOrganization: Rule = (post, thing, relations) => {
  const owner = thing.owner ?? null
  if (owner === null || owner === post.organizationId || relations.isSuperior(post.organizationId, owner)) return null
  const territory = relations.find(owner)?.jurisdiction ?? null
  return territory !== null && relations.answersFor(post.organizationId, territory)
    ? null
    : refuse('authority.outside-jurisdiction', { jurisdiction: territory })
}

/** One headquarters a territory, activated by who answers for it and has a part in the incident (art. 19, 20). */
export const activates: Rule = (post, thing, relations, doer) =>
  withinTerritory(post, { ...thing, jurisdiction: thing.territory ?? thing.jurisdiction }, relations) ??
  participates(post, thing, relations, doer)

/** The lead hands over, or is told to by its superior; nobody takes it from below or beside (art. 17, 19). */
export const handsOver: Rule = (post, thing, relations) => {
  const lead = leadOf(thing, relations)
  if (lead === null) return withinTerritory(post, thing, relations)
  return lead === post.organizationId || relations.isSuperior(post.organizationId, lead) ? null : refuse('authority.not-lead', { lead })
}

export const takesOver: Rule = (post, thing) =>
  thing.successor === undefined || thing.successor === null || thing.successor === post.organizationId
    ? null
    : refuse('authority.not-successor', { successor: thing.successor })

/** Whoever comes onto the scene says so itself; who commands there may say it of others. */
export const entersScene: Rule = (post, thing, relations, doer) =>
  thing.owner === post.organizationId ? null : commands(post, thing, relations, doer)

export const isMember: Rule = (post, thing) =>
  thing.headquarters?.members.includes(post.organizationId) === true ? null : refuse('authority.not-a-member')

/** A decision is proposed by whoever takes part: a member that is asked, the lead, or who answers for the place. */
export const proposes: Rule = (post, thing, relations, doer) =>
  thing.headquarters?.members.includes(post.organizationId) === true ? null : commands(post, thing, relations, doer)

export const takesDecision: Rule = (post, thing) =>
  thing.owner === post.organizationId ? null : refuse('authority.not-lead', { lead: thing.owner ?? null })

/** A consultation is led by whoever convened it. */
export const convenes: Rule = (post, thing) =>
  thing.owner === post.organizationId ? null : refuse('authority.not-convener', { convener: thing.owner ?? null })

/** A party signs and leaves by a post of its own; nobody signs for another. */
export const signsFor: Rule = (post, thing) =>
  thing.owner === post.organizationId ? null : refuse('authority.not-the-party', { party: thing.owner ?? null })

/** Emergency Response Law art. 26: plans are issued by the government of the territory, or one above it. */
export const approves: Rule = (post, thing, relations) =>
  withinTerritory(post, thing, relations) ??
  (relations.find(post.organizationId)?.functions.includes('government') === true ? null : refuse('authority.not-a-government'))

export const isCreditor: Rule = (post, thing, relations) =>
  thing.creditor === post.organizationId || thing.orderedBy === post.organizationId
    ? null
    : (unseen(post, thing, relations) ?? refuse('authority.not-creditor', { creditor: thing.creditor ?? null }))

/** Whoever is owed the answer, stands above who owes it, or answers for the place calls; a neighbour that it climbed to is a party. */
export const callsUp: Rule = (post, thing, relations, doer) =>
  isCreditor(post, thing, relations, doer) === null ||
  (thing.debtor !== undefined && relations.isSuperior(post.organizationId, thing.debtor)) ||
  (thing.debtor !== post.organizationId && thing.parties.includes(post.organizationId)) ||
  withinTerritory(post, thing, relations) === null
    ? null
    : (unseen(post, thing, relations) ?? refuse('authority.not-creditor', { creditor: thing.creditor ?? null }))

/**
 * An order goes to a subordinate, or in an activated headquarters to whom it commands; anyone else is requested (Emergency
 * Response Law art. 19; Organic Law of local governments art. 73). The armed forces are always requested (Order 436 art. 4).
 */
export const orders: Rule = (post, thing, relations, doer) => {
  const { debtor = '', commandedBy: commanders = [] } = thing
  const offer = 'obligation.request'
  if (relations.find(debtor)?.sector === 'military' && relations.find(post.organizationId)?.sector !== 'military')
    return refuse('authority.military-is-requested', { article: 'cn-order-436 art. 4', offer })
  return relations.isSuperior(post.organizationId, debtor) || commanders.includes(post.organizationId)
    ? participates(post, thing, relations, doer)
    : refuse('authority.not-subordinate', { article: 'cn-erl-2024 art. 19', offer })
}

/** How a post is reached is its own organization's affair; whoever keeps the channels does it for those below. */
export const keepsContacts: Rule = (post, thing, relations, doer) => {
  if ((thing.owner ?? null) === post.organizationId) return null
  return doer.powers.includes('notice.keep')
    ? keepsOrganization(post, thing, relations, doer)
    : refuse('authority.no-power', { power: 'notice.keep' })
}

/** A receipt is given by whoever was told. */
export const isTold: Rule = (post, thing) =>
  thing.owner === post.organizationId ? null : refuse('authority.speaks-for-another', { organization: thing.owner ?? null })

/** An objective is kept by its owner, by who stands above it, by the headquarters' lead, or by who answers for the place. */
export const keepsObjective: Rule = (post, thing, relations, doer) => {
  const owner = thing.owner ?? null
  if (owner !== null && (owner === post.organizationId || relations.isSuperior(post.organizationId, owner))) return null
  return commands(post, thing, relations, doer)
}

/** In an incident whoever takes part sets an objective of its own; for the others, and for a year, who answers for the place. */
export const setsObjective: Rule = (post, thing, relations, doer) =>
  thing.headquarters !== undefined && thing.owner === post.organizationId
    ? participates(post, thing, relations, doer)
    : commands(post, thing, relations, doer)

const unseenFinding = (post: Post, thing: Thing, relations: Relations): Refusal | null =>
  thing.debtor !== undefined && maySeeFinding(post.organizationId, thing, relations) ? null : refuse('finding.unknown')

export const isSubject: Rule = (post, thing, relations) =>
  thing.debtor === post.organizationId ? null : (unseenFinding(post, thing, relations) ?? refuse('authority.not-subject'))

const isSupervisor = (post: Post, { debtor, owner }: Thing, relations: Relations): boolean =>
  debtor !== undefined && (owner === post.organizationId || relations.isSuperior(post.organizationId, debtor))

/** Emergency Response Law art. 95: the organ above orders correction. */
export const supervises: Rule = (post, thing, relations) =>
  isSupervisor(post, thing, relations) ? null : (unseenFinding(post, thing, relations) ?? refuse('authority.not-supervisor'))

export const urges: Rule = (post, thing, relations, doer) =>
  thing.debtor !== undefined && thing.creditor === post.organizationId ? null : supervises(post, thing, relations, doer)

/** Neither who is found fault with, nor who urges, nor who waits for it: a superior of both sides, or of the supervisor where the subject has none, or an auditor. */
export const checksFinding: Rule = (post, thing, relations) => {
  const unseen = unseenFinding(post, thing, relations)
  if (unseen !== null || thing.debtor === undefined) return unseen
  const own = post.organizationId
  const party = own === thing.debtor || own === thing.creditor || own === thing.owner || relations.isSuperior(thing.debtor, own)
  const answers = relations.isSuperior(own, thing.debtor) || (thing.jurisdiction !== null && relations.answersFor(own, thing.jurisdiction))
  const above = answers && typeof thing.owner === 'string' && relations.isSuperior(own, thing.owner)
  return !party && (above || audits(own, thing, relations)) ? null : refuse('authority.not-a-third-party')
}

/** Four eyes: nobody verifies what he or his own subordinates were to mend. */
export const verifiesFinding: Rule = (post, thing, relations) => {
  const unseen = unseenFinding(post, thing, relations)
  if (unseen !== null || thing.debtor === undefined) return unseen
  const own = post.organizationId
  if (own === thing.debtor || relations.isSuperior(thing.debtor, own)) return refuse('finding.own-verification')
  return own === thing.creditor || isSupervisor(post, thing, relations) || audits(own, thing, relations)
    ? null
    : refuse('authority.not-supervisor')
}

/** Sectors that answer for the hazards of their territory (Emergency Response Law art. 33); a firm or an association answers for its own. */
const AUTHORITIES: ReadonlySet<string> = new Set(['command', 'party', 'government', 'grass-roots'])

/** A risk item is kept by whoever answers for it, by who stands above one of those, and by the authorities of the place. */
export const keepsRisk: Rule = (post, thing, relations) => {
  const own = post.organizationId
  if (thing.keepers?.some((one) => one === own || relations.isSuperior(own, one)) === true) return null
  const outside = withinTerritory(post, thing, relations)
  if (outside !== null) return outside
  return AUTHORITIES.has(relations.find(own)?.sector ?? '') ? null : refuse('authority.not-keeper')
}

/** What of an incident goes back into the register is decided by who supervises it, or by the authorities of the place. */
export const carriesOver: Rule = (post, thing, relations, doer) =>
  thing.owner === post.organizationId ? null : keepsRisk(post, thing, relations, doer)

/** A draft is changed and sent up by the organization that it speaks for; who may not see it does not learn that it is there. */
export const drawsUp: Rule = (post, thing, relations) =>
  thing.owner === post.organizationId
    ? null
    : maySeeAlert(post.organizationId, thing, relations)
      ? refuse('authority.speaks-for-another', { organization: thing.owner ?? null })
      : refuse('alert.unknown')

/** The second person: of the issuer itself, of an organization above it, or of a government that answers for the place (Emergency Response Law art. 63). */
export const approvesAlert: Rule = (post, thing, relations) =>
  mayApproveAlert(post.organizationId, thing, relations)
    ? null
    : maySeeAlert(post.organizationId, thing, relations)
      ? refuse('authority.not-approver')
      : refuse('alert.unknown')

/** What came from elsewhere takes effect in the territory of whoever takes it up, where some of it lies under the warning. */
export const adoptsAlert: Rule = (post, thing, relations) => {
  if (!maySeeAlert(post.organizationId, thing, relations)) return refuse('alert.unknown')
  const under = [...(thing.jurisdiction === null ? [] : [thing.jurisdiction]), ...(thing.areas ?? [])]
  return under.some((code) => relations.answersFor(post.organizationId, code))
    ? null
    : refuse('authority.outside-jurisdiction', { jurisdiction: thing.jurisdiction })
}

/** A word is taken back or mended by whose it is, by who took it down or stands above; of others, by who leads and keeps the facts. */
export const mendsWord: Rule = (post, thing, relations, doer) => {
  const { speakers = [] } = thing
  if (speakers.some((one) => one === post.organizationId || relations.isSuperior(post.organizationId, one))) return null
  return doer.powers.includes('information.keep')
    ? commands(post, thing, relations, doer)
    : refuse('authority.speaks-for-another', { organization: speakers[0] ?? null })
}

export const keepsData: Rule = (post, { owner = null }, relations) =>
  owner !== null && (owner === post.organizationId || relations.isSuperior(post.organizationId, owner))
    ? null
    : refuse('authority.speaks-for-another', { organization: owner })

/** Before it is out a release is known to whoever drafted it and whoever approves it, and to nobody else. */
export const handlesRelease: Rule = (post, thing) => (thing.parties.includes(post.organizationId) ? null : refuse('release.unknown'))

export const approvesRelease: Rule = (post, thing, relations, doer) => {
  const owner = thing.owner ?? null
  if (owner === null) return commands(post, thing, relations, doer)
  return owner === post.organizationId
    ? null
    : (handlesRelease(post, thing, relations, doer) ?? refuse('authority.not-release-approver', { approver: owner }))
}

/** Whoever handles a report, stands above who does, or keeps the emergency desk of the place. */
export const handlesReport: Rule = (post, thing, relations) => {
  const own = post.organizationId
  if (!maySeeReport(own, thing, relations)) return refuse('intake.unknown')
  const owner = thing.owner ?? null
  const desk =
    relations.find(own)?.functions.includes('emergency-management') === true &&
    thing.jurisdiction !== null &&
    relations.answersFor(own, thing.jurisdiction)
  return owner === null || owner === own || relations.isSuperior(own, owner) || desk
    ? null
    : refuse('intake.not-handler', { handler: owner })
}

/** Whoever sees a report may add what it knows. */
export const addsToReport: Rule = (post, thing, relations) =>
  maySeeReport(post.organizationId, thing, relations) ? null : refuse('intake.unknown')

/** Public authority, which answers for a place; a firm that stands in it does not. */
const PUBLIC: ReadonlySet<string> = new Set(['government', 'party', 'command', 'public-institution', 'grass-roots'])

/** What an instrument says is said by its owner, by who stands above it, or by the authority of the place. */
export const reportsReadings: Rule = (post, thing, relations) => {
  const owner = thing.owner ?? null
  if (owner !== null && (owner === post.organizationId || relations.isSuperior(post.organizationId, owner))) return null
  return PUBLIC.has(relations.find(post.organizationId)?.sector ?? '')
    ? withinTerritory(post, thing, relations)
    : refuse('authority.speaks-for-another', { organization: owner })
}

/** Whoever reports for a station keeps it, as far as its own territory goes: it warns for no other. */
export const keepsStation: Rule = (post, thing, relations, doer) => {
  const no = reportsReadings(post, thing, relations, doer)
  if (no !== null) return no
  const codes = [thing.jurisdiction, ...(thing.areas ?? [])].filter((code) => code !== null)
  const own = relations.find(post.organizationId)?.jurisdiction ?? null
  const outside = codes.find((code) => own === null || !covers(own, code))
  return outside === undefined ? null : refuse('authority.outside-jurisdiction', { jurisdiction: outside })
}

/** The government of the place issues warnings (Emergency Response Law art. 63, 64); below the territories that are warned, each for itself. */
export const answersProposal: Rule = (post, thing, relations) =>
  [thing.jurisdiction, ...(thing.areas ?? [])].some((code) => code !== null && relations.answersFor(post.organizationId, code))
    ? null
    : refuse('authority.outside-jurisdiction', { jurisdiction: thing.jurisdiction })
