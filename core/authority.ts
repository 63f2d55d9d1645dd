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
  /** The territories that it touches beside its own: whoever answers for one of them sees it. */
  readonly areas?: readonly string[]
  readonly debtor?: string
  readonly creditor?: string
  /** The organization that the thing belongs to or speaks for. */
  readonly owner?: string | null
  /** Whose word it is, and who took it down. */
  readonly speakers?: readonly string[]
  /** The superior that the command would give to the owner. */
  readonly superior?: string | null
  readonly headquarters?: { readonly lead: string; readonly members: readonly string[] } | null
  /** Powers that the command would hand out. */
  readonly grants?: readonly Power[]
  /** The territory that the command acts for, where it is not the thing's own: several headquarters, one per jurisdiction. */
  readonly territory?: string
  /** A warning that is out for everybody, that is still being drawn up, or that goes to whom it names alone. */
  readonly audience?: 'everyone' | 'approvers' | 'named'
  /** Who leads the incident; left out or null, the government of the place does (Emergency Response Law art. 17). */
  readonly lead?: string | null
  /** The organization that the lead is handed over to. */
  readonly successor?: string | null
  /** The organizations that command the debtor through an activated headquarters at this instant: `commandedBy()`. */
  readonly commandedBy?: readonly string[]
  /** The organization that ordered or requested it. */
  readonly orderedBy?: string | null
  /** Who answers for a risk item: its owner, regulator and responder. */
  readonly keepers?: readonly string[]
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
  thing.headquarters?.lead === post.organizationId || thing.lead === post.organizationId ? null : withinTerritory(post, thing, relations)

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
  return thing.creditor === post.organizationId || thing.orderedBy === post.organizationId || above
    ? null
    : (unseen(post, thing, relations) ?? refuse('authority.may-not-waive'))
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

/** One headquarters a territory, activated by who answers for it and has a part in the incident (art. 19, 20). */
const activates: Rule = (post, thing, relations, doer) =>
  withinTerritory(post, { ...thing, jurisdiction: thing.territory ?? thing.jurisdiction }, relations) ??
  participates(post, thing, relations, doer)

/** The lead hands over, or is told to by its superior; nobody takes it from below or beside (art. 17, 19). */
const handsOver: Rule = (post, thing, relations) => {
  const lead = leadOf(thing, relations)
  if (lead === null) return withinTerritory(post, thing, relations)
  return lead === post.organizationId || relations.isSuperior(post.organizationId, lead) ? null : refuse('authority.not-lead', { lead })
}

const takesOver: Rule = (post, thing) =>
  thing.successor === undefined || thing.successor === null || thing.successor === post.organizationId
    ? null
    : refuse('authority.not-successor', { successor: thing.successor })

/** Whoever comes onto the scene says so itself; who commands there may say it of others. */
const entersScene: Rule = (post, thing, relations, doer) =>
  thing.owner === post.organizationId ? null : commands(post, thing, relations, doer)

const isMember: Rule = (post, thing) =>
  thing.headquarters?.members.includes(post.organizationId) === true ? null : refuse('authority.not-a-member')

/** A decision is proposed by whoever takes part: a member that is asked, the lead, or who answers for the place. */
const proposes: Rule = (post, thing, relations, doer) =>
  thing.headquarters?.members.includes(post.organizationId) === true ? null : commands(post, thing, relations, doer)

const takesDecision: Rule = (post, thing) =>
  thing.owner === post.organizationId ? null : refuse('authority.not-lead', { lead: thing.owner ?? null })

/** A consultation is led by whoever convened it. */
const convenes: Rule = (post, thing) =>
  thing.owner === post.organizationId ? null : refuse('authority.not-convener', { convener: thing.owner ?? null })

/** A party signs and leaves by a post of its own; nobody signs for another. */
const signsFor: Rule = (post, thing) =>
  thing.owner === post.organizationId ? null : refuse('authority.not-the-party', { party: thing.owner ?? null })

/** Emergency Response Law art. 26: plans are issued by the government of the territory, or one above it. */
const approves: Rule = (post, thing, relations) =>
  withinTerritory(post, thing, relations) ??
  (relations.find(post.organizationId)?.functions.includes('government') === true ? null : refuse('authority.not-a-government'))

const isCreditor: Rule = (post, thing, relations) =>
  thing.creditor === post.organizationId || thing.orderedBy === post.organizationId
    ? null
    : (unseen(post, thing, relations) ?? refuse('authority.not-creditor', { creditor: thing.creditor ?? null }))

/** Whoever is owed the answer, stands above who owes it, or answers for the place calls; a neighbour that it climbed to is a party. */
const callsUp: Rule = (post, thing, relations, doer) =>
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
const orders: Rule = (post, thing, relations, doer) => {
  const { debtor = '', commandedBy: commanders = [] } = thing
  const offer = 'obligation.request'
  if (relations.find(debtor)?.sector === 'military' && relations.find(post.organizationId)?.sector !== 'military')
    return refuse('authority.military-is-requested', { article: 'cn-order-436 art. 4', offer })
  return relations.isSuperior(post.organizationId, debtor) || commanders.includes(post.organizationId)
    ? participates(post, thing, relations, doer)
    : refuse('authority.not-subordinate', { article: 'cn-erl-2024 art. 19', offer })
}

/** How a post is reached is its own organization's affair; whoever keeps the channels does it for those below. */
const keepsContacts: Rule = (post, thing, relations, doer) => {
  if ((thing.owner ?? null) === post.organizationId) return null
  return doer.powers.includes('notice.keep')
    ? keepsOrganization(post, thing, relations, doer)
    : refuse('authority.no-power', { power: 'notice.keep' })
}

/** A receipt is given by whoever was told. */
const isTold: Rule = (post, thing) =>
  thing.owner === post.organizationId ? null : refuse('authority.speaks-for-another', { organization: thing.owner ?? null })

/** An objective is kept by its owner, by who stands above it, by the headquarters' lead, or by who answers for the place. */
const keepsObjective: Rule = (post, thing, relations, doer) => {
  const owner = thing.owner ?? null
  if (owner !== null && (owner === post.organizationId || relations.isSuperior(post.organizationId, owner))) return null
  return commands(post, thing, relations, doer)
}

/** In an incident whoever takes part sets an objective of its own; for the others, and for a year, who answers for the place. */
const setsObjective: Rule = (post, thing, relations, doer) =>
  thing.headquarters !== undefined && thing.owner === post.organizationId
    ? participates(post, thing, relations, doer)
    : commands(post, thing, relations, doer)

/** Functions whose holders check how others did their duty: audit, and the supervision offices of governments. */
const AUDITS = ['audit', 'supervision']
const audits = (organizationId: string, { jurisdiction }: Pick<Thing, 'jurisdiction'>, relations: Relations): boolean =>
  jurisdiction !== null &&
  relations.answersFor(organizationId, jurisdiction) &&
  AUDITS.some((name) => relations.find(organizationId)?.functions.includes(name) === true)

const unseenFinding = (post: Post, thing: Thing, relations: Relations): Refusal | null =>
  thing.debtor !== undefined && maySeeFinding(post.organizationId, thing, relations) ? null : refuse('finding.unknown')

const isSubject: Rule = (post, thing, relations) =>
  thing.debtor === post.organizationId ? null : (unseenFinding(post, thing, relations) ?? refuse('authority.not-subject'))

const isSupervisor = (post: Post, { debtor, owner }: Thing, relations: Relations): boolean =>
  debtor !== undefined && (owner === post.organizationId || relations.isSuperior(post.organizationId, debtor))

/** Emergency Response Law art. 95: the organ above orders correction. */
const supervises: Rule = (post, thing, relations) =>
  isSupervisor(post, thing, relations) ? null : (unseenFinding(post, thing, relations) ?? refuse('authority.not-supervisor'))

const urges: Rule = (post, thing, relations, doer) =>
  thing.debtor !== undefined && thing.creditor === post.organizationId ? null : supervises(post, thing, relations, doer)

/** Neither who is found fault with, nor who urges, nor who waits for it: a superior of both sides, or of the supervisor where the subject has none, or an auditor. */
const checksFinding: Rule = (post, thing, relations) => {
  const unseen = unseenFinding(post, thing, relations)
  if (unseen !== null || thing.debtor === undefined) return unseen
  const own = post.organizationId
  const party = own === thing.debtor || own === thing.creditor || own === thing.owner || relations.isSuperior(thing.debtor, own)
  const answers = relations.isSuperior(own, thing.debtor) || (thing.jurisdiction !== null && relations.answersFor(own, thing.jurisdiction))
  const above = answers && typeof thing.owner === 'string' && relations.isSuperior(own, thing.owner)
  return !party && (above || audits(own, thing, relations)) ? null : refuse('authority.not-a-third-party')
}

/** Four eyes: nobody verifies what he or his own subordinates were to mend. */
const verifiesFinding: Rule = (post, thing, relations) => {
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
const keepsRisk: Rule = (post, thing, relations) => {
  const own = post.organizationId
  if (thing.keepers?.some((one) => one === own || relations.isSuperior(own, one)) === true) return null
  const outside = withinTerritory(post, thing, relations)
  if (outside !== null) return outside
  return AUTHORITIES.has(relations.find(own)?.sector ?? '') ? null : refuse('authority.not-keeper')
}

/** What of an incident goes back into the register is decided by who supervises it, or by the authorities of the place. */
const carriesOver: Rule = (post, thing, relations, doer) =>
  thing.owner === post.organizationId ? null : keepsRisk(post, thing, relations, doer)

/** A draft is changed and sent up by the organization that it speaks for; who may not see it does not learn that it is there. */
const drawsUp: Rule = (post, thing, relations) =>
  thing.owner === post.organizationId
    ? null
    : maySeeAlert(post.organizationId, thing, relations)
      ? refuse('authority.speaks-for-another', { organization: thing.owner ?? null })
      : refuse('alert.unknown')

/** The second person: of the issuer itself, of an organization above it, or of a government that answers for the place (Emergency Response Law art. 63). */
const approvesAlert: Rule = (post, thing, relations) =>
  mayApproveAlert(post.organizationId, thing, relations)
    ? null
    : maySeeAlert(post.organizationId, thing, relations)
      ? refuse('authority.not-approver')
      : refuse('alert.unknown')

/** What came from elsewhere takes effect in the territory of whoever takes it up, where some of it lies under the warning. */
const adoptsAlert: Rule = (post, thing, relations) => {
  if (!maySeeAlert(post.organizationId, thing, relations)) return refuse('alert.unknown')
  const under = [...(thing.jurisdiction === null ? [] : [thing.jurisdiction]), ...(thing.areas ?? [])]
  return under.some((code) => relations.answersFor(post.organizationId, code))
    ? null
    : refuse('authority.outside-jurisdiction', { jurisdiction: thing.jurisdiction })
}

/** A word is taken back or mended by whose it is, by who took it down or stands above; of others, by who leads and keeps the facts. */
const mendsWord: Rule = (post, thing, relations, doer) => {
  const { speakers = [] } = thing
  if (speakers.some((one) => one === post.organizationId || relations.isSuperior(post.organizationId, one))) return null
  return doer.powers.includes('information.keep')
    ? commands(post, thing, relations, doer)
    : refuse('authority.speaks-for-another', { organization: speakers[0] ?? null })
}

const keepsData: Rule = (post, { owner = null }, relations) =>
  owner !== null && (owner === post.organizationId || relations.isSuperior(post.organizationId, owner))
    ? null
    : refuse('authority.speaks-for-another', { organization: owner })

/** Before it is out a release is known to whoever drafted it and whoever approves it, and to nobody else. */
const handlesRelease: Rule = (post, thing) => (thing.parties.includes(post.organizationId) ? null : refuse('release.unknown'))

const approvesRelease: Rule = (post, thing, relations, doer) => {
  const owner = thing.owner ?? null
  if (owner === null) return commands(post, thing, relations, doer)
  return owner === post.organizationId
    ? null
    : (handlesRelease(post, thing, relations, doer) ?? refuse('authority.not-release-approver', { approver: owner }))
}

/** Whoever handles a report, stands above who does, or keeps the emergency desk of the place. */
const handlesReport: Rule = (post, thing, relations) => {
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
const addsToReport: Rule = (post, thing, relations) =>
  maySeeReport(post.organizationId, thing, relations) ? null : refuse('intake.unknown')

/** Public authority, which answers for a place; a firm that stands in it does not. */
const PUBLIC: ReadonlySet<string> = new Set(['government', 'party', 'command', 'public-institution', 'grass-roots'])

/** What an instrument says is said by its owner, by who stands above it, or by the authority of the place. */
const reportsReadings: Rule = (post, thing, relations) => {
  const owner = thing.owner ?? null
  if (owner !== null && (owner === post.organizationId || relations.isSuperior(post.organizationId, owner))) return null
  return PUBLIC.has(relations.find(post.organizationId)?.sector ?? '')
    ? withinTerritory(post, thing, relations)
    : refuse('authority.speaks-for-another', { organization: owner })
}

/** Whoever reports for a station keeps it, as far as its own territory goes: it warns for no other. */
const keepsStation: Rule = (post, thing, relations, doer) => {
  const no = reportsReadings(post, thing, relations, doer)
  if (no !== null) return no
  const codes = [thing.jurisdiction, ...(thing.areas ?? [])].filter((code) => code !== null)
  const own = relations.find(post.organizationId)?.jurisdiction ?? null
  const outside = codes.find((code) => own === null || !covers(own, code))
  return outside === undefined ? null : refuse('authority.outside-jurisdiction', { jurisdiction: outside })
}

/** The government of the place issues warnings (Emergency Response Law art. 63, 64); below the territories that are warned, each for itself. */
const answersProposal: Rule = (post, thing, relations) =>
  [thing.jurisdiction, ...(thing.areas ?? [])].some((code) => code !== null && relations.answersFor(post.organizationId, code))
    ? null
    : refuse('authority.outside-jurisdiction', { jurisdiction: thing.jurisdiction })

/** Every command there is, and who may give it. `system`: only the clock, the linkage, an exercise or the set-up. */
const TABLE: Readonly<Record<string, Entry>> = {
  'incident.report': { power: 'incident.report', rule: anywhere }, // art. 60: whoever learns of it reports it
  'incident.verify': { power: 'incident.verify', rule: withinTerritory },
  'incident.refute': { power: 'incident.verify', rule: withinTerritory },
  'incident.declare': { power: 'incident.declare', rule: withinTerritory },
  'incident.set-response': { power: 'incident.command', rule: commands },
  'incident.activate-instrument': { power: 'incident.command', rule: commands },
  'incident.terminate-instrument': { power: 'incident.command', rule: commands },
  'incident.terminate-response': { power: 'incident.command', rule: commands },
  'incident.await': 'system',
  'incident.elapse': 'system',
  'incident.activate-headquarters': { power: 'incident.command', rule: activates },
  'incident.fill-position': { power: 'incident.command', rule: commands },
  'incident.stand-down-headquarters': { power: 'incident.command', rule: commands },
  'incident.hand-over': { power: 'incident.command', rule: handsOver },
  'incident.take-over': { power: 'incident.command', rule: takesOver },
  'incident.decline-hand-over': { power: 'incident.command', rule: takesOver },
  'incident.enter-scene': { power: 'sitrep.file', rule: entersScene },
  'incident.leave-scene': { power: 'sitrep.file', rule: entersScene },
  'incident.declare-emergency-path': { power: 'incident.command', rule: commands },
  'incident.end-emergency-path': { power: 'incident.command', rule: commands },
  'incident.occur': { power: 'incident.report', rule: participates },
  'incident.note': { power: 'sitrep.file', rule: participates },
  'incident.merge': { power: 'incident.verify', rule: withinTerritory },
  'incident.close': { power: 'incident.command', rule: commands },
  'incident.mark-gap': 'system',
  'incident.enter-phase': { power: 'incident.command', rule: commands },
  'incident.close-phase': { power: 'incident.command', rule: commands },
  'incident.mark-area': { power: 'incident.command', rule: commands },
  'objective.set': { power: 'objective.keep', rule: setsObjective },
  'objective.revise': { power: 'objective.keep', rule: keepsObjective },
  'objective.link': { power: 'objective.keep', rule: keepsObjective },
  'objective.achieve': { power: 'objective.keep', rule: keepsObjective },
  'objective.drop': { power: 'objective.keep', rule: keepsObjective },
  'headquarters.found': { power: 'headquarters.keep', rule: withinTerritory },
  'headquarters.admit': { power: 'headquarters.keep', rule: commands },
  'headquarters.release': { power: 'headquarters.keep', rule: commands },
  'headquarters.join': { power: 'obligation.answer', rule: isMember },
  'headquarters.change-lead': { power: 'headquarters.keep', rule: commands },
  'headquarters.set-purpose': { power: 'headquarters.keep', rule: commands },
  'headquarters.activate': { power: 'headquarters.keep', rule: commands },
  'headquarters.deactivate': { power: 'headquarters.keep', rule: commands },
  'headquarters.meet': { power: 'headquarters.keep', rule: commands },
  'headquarters.stand-down': { power: 'headquarters.keep', rule: commands },
  'decision.propose': { power: 'decision.take', rule: proposes },
  'decision.concur': { power: 'obligation.answer', rule: isMember },
  'decision.dissent': { power: 'obligation.answer', rule: isMember },
  'decision.take': { power: 'decision.take', rule: takesDecision },
  'decision.withdraw': { power: 'decision.take', rule: speaksFor },
  'alert.draft': { power: 'alert.issue', rule: withinTerritory }, // Emergency Response Law art. 63: each for its own territory
  'alert.revise': { power: 'alert.issue', rule: drawsUp },
  'alert.submit': { power: 'alert.issue', rule: drawsUp },
  'alert.discard': { power: 'alert.issue', rule: drawsUp },
  'alert.return': { power: 'alert.approve', rule: approvesAlert },
  'alert.approve': { power: 'alert.approve', rule: approvesAlert },
  'alert.adopt': { power: 'alert.issue', rule: adoptsAlert },
  'alert.receive': 'system', // by the routes and feeds that have read and judged the bytes
  'alert.supersede': 'system',
  'alert.expire': 'system',
  'consultation.convene': { power: 'consultation.hold', rule: commands }, // art. 62: the government of the place organizes it
  'consultation.invite': { power: 'consultation.hold', rule: convenes },
  'consultation.attend': { power: 'obligation.answer', rule: isMember },
  'consultation.decline': { power: 'obligation.answer', rule: isMember },
  'consultation.state-view': { power: 'obligation.answer', rule: isMember },
  'consultation.attach-forecast': { power: 'obligation.answer', rule: isMember },
  'consultation.open': { power: 'consultation.hold', rule: convenes },
  'consultation.conclude': { power: 'consultation.hold', rule: convenes },
  'consultation.cancel': { power: 'consultation.hold', rule: convenes },
  'consultation.link': { power: 'consultation.hold', rule: convenes },
  'consultation.supplement': { power: 'obligation.answer', rule: isMember },
  'sitrep.file': { power: 'sitrep.file', rule: participates },
  'sitrep.correct': { power: 'sitrep.file', rule: speaksFor },
  'information.assert': { power: 'sitrep.file', rule: participates },
  'information.correct': { power: 'sitrep.file', rule: mendsWord },
  'information.withdraw': { power: 'sitrep.file', rule: mendsWord },
  'information.reconcile': { power: 'information.keep', rule: commands },
  'information.deliver': { power: 'sitrep.file', rule: participates },
  'information.receipt': { power: 'obligation.answer', rule: participates },
  'information.note-release': 'system',
  'release.draft': { power: 'sitrep.file', rule: participates },
  'release.revise': { power: 'sitrep.file', rule: handlesRelease },
  'release.approve': { power: 'information.keep', rule: approvesRelease },
  'release.publish': { power: 'information.keep', rule: handlesRelease },
  'release.withdraw': { power: 'sitrep.file', rule: handlesRelease },
  'release.receipt': { power: 'obligation.answer', rule: anywhere },
  'release.note-rumour': { power: 'sitrep.file', rule: participates },
  'release.mark-outdated': 'system',
  'release.note-corrected': 'system',
  'release.correct-rumour': 'system',
  'dataset.register': { power: 'sitrep.file', rule: keepsData },
  'dataset.revise': { power: 'sitrep.file', rule: keepsData },
  'dataset.record-update': { power: 'sitrep.file', rule: keepsData },
  'dataset.retire': { power: 'sitrep.file', rule: keepsData },
  'obligation.owe': 'system',
  'obligation.ask': 'system',
  'obligation.lapse': 'system',
  'obligation.escalate': 'system',
  'obligation.mark-unanswered': 'system',
  'obligation.unaccept': 'system',
  'obligation.release': 'system',
  'obligation.order': { power: 'obligation.order', rule: orders },
  'obligation.request': { power: 'obligation.order', rule: participates },
  'obligation.name-doer': { power: 'obligation.answer', rule: isDebtor },
  'obligation.report-progress': { power: 'obligation.answer', rule: isDebtor },
  'obligation.ask-extension': { power: 'obligation.answer', rule: isDebtor },
  'obligation.ask-help': { power: 'obligation.answer', rule: isDebtor },
  'obligation.hand-on': { power: 'obligation.answer', rule: isDebtor },
  'obligation.note-call': { power: 'obligation.answer', rule: callsUp },
  'obligation.confirm': { power: 'obligation.answer', rule: isCreditor },
  'obligation.dispute': { power: 'obligation.answer', rule: isCreditor },
  'obligation.insist': { power: 'obligation.order', rule: isCreditor },
  'obligation.grant-extension': { power: 'obligation.waive', rule: isCreditor },
  'obligation.refuse-extension': { power: 'obligation.waive', rule: isCreditor },
  'obligation.link': { power: 'objective.keep', rule: participates },
  'obligation.accept': { power: 'obligation.answer', rule: isDebtor },
  'obligation.decline': { power: 'obligation.answer', rule: isDebtor },
  'obligation.discharge': { power: 'obligation.answer', rule: isDebtor },
  'obligation.waive': { power: 'obligation.waive', rule: mayWaive },
  'finding.raise': 'system',
  'finding.climb': 'system',
  'finding.mend': 'system',
  'finding.withdraw': 'system',
  'finding.urge': { power: 'obligation.answer', rule: urges },
  'finding.answer': { power: 'obligation.answer', rule: isSubject },
  'finding.object': { power: 'obligation.answer', rule: isSubject },
  'finding.rectify': { power: 'obligation.answer', rule: isSubject },
  'finding.interview': { power: 'finding.supervise', rule: supervises }, // Emergency Response Law art. 95; Order 708 art. 29
  'finding.propose-sanction': { power: 'finding.supervise', rule: supervises },
  'finding.order-rectification': { power: 'finding.supervise', rule: supervises },
  'finding.check': { power: 'finding.supervise', rule: checksFinding },
  'finding.verify': { power: 'finding.supervise', rule: verifiesFinding },
  'finding.close': { power: 'finding.supervise', rule: verifiesFinding },
  'station.register': { power: 'risk.keep', rule: keepsStation },
  'station.revise': { power: 'risk.keep', rule: keepsStation },
  'station.retire': { power: 'risk.keep', rule: keepsStation },
  'station.mark-silent': 'system',
  'station.mark-heard': 'system',
  'station.report-readings': { power: 'risk.keep', rule: reportsReadings },
  'station.adopt-thresholds': { power: 'instrument.keep', rule: withinTerritory },
  'station.withdraw-thresholds': { power: 'instrument.keep', rule: withinTerritory },
  'station.cross': 'system',
  'station.recede': 'system',
  'station.take-up': { power: 'alert.issue', rule: answersProposal }, // Emergency Response Law art. 64
  'station.dismiss': { power: 'alert.issue', rule: answersProposal },
  'station.add-source': { power: 'risk.keep', rule: keepsStation },
  'station.change-source': { power: 'risk.keep', rule: keepsStation },
  'station.pause-source': { power: 'risk.keep', rule: keepsStation },
  'station.resume-source': { power: 'risk.keep', rule: keepsStation },
  'instrument.adopt': { power: 'instrument.keep', rule: withinTerritory },
  'instrument.repeal': { power: 'instrument.keep', rule: withinTerritory },
  'instrument.sign': { power: 'decision.take', rule: signsFor },
  'instrument.withdraw': { power: 'decision.take', rule: signsFor },
  'instrument.approve': { power: 'decision.take', rule: approves },
  'instrument.warn-expiry': 'system',
  'risk.register': { power: 'risk.keep', rule: keepsRisk }, // Emergency Response Law art. 33, 35
  'risk.state': { power: 'risk.keep', rule: keepsRisk },
  'risk.store': { power: 'risk.keep', rule: keepsRisk },
  'risk.confirm': { power: 'risk.keep', rule: keepsRisk },
  'risk.appoint': { power: 'risk.keep', rule: keepsRisk },
  'risk.inspect': { power: 'risk.keep', rule: keepsRisk },
  'risk.mend': { power: 'risk.keep', rule: keepsRisk },
  'risk.verify': { power: 'risk.keep', rule: keepsRisk },
  'risk.link-plan': { power: 'risk.keep', rule: keepsRisk },
  'risk.rehearse': { power: 'risk.keep', rule: keepsRisk },
  'risk.check': { power: 'sitrep.file', rule: participates },
  'risk.involve': { power: 'risk.keep', rule: keepsRisk },
  'risk.carry': 'system',
  'risk.close': { power: 'risk.keep', rule: keepsRisk },
  'risk.reopen': { power: 'risk.keep', rule: keepsRisk },
  'carry.into-risk': { power: 'risk.keep', rule: carriesOver },
  'carry.into-instrument': { power: 'risk.keep', rule: carriesOver },
  'carry.refuse': { power: 'risk.keep', rule: carriesOver },
  'intake.take-down': { power: 'incident.report', rule: anywhere }, // Emergency Response Law art. 60: anybody reports anything
  'intake.add': { power: 'incident.report', rule: addsToReport },
  'intake.forward': { power: 'incident.report', rule: handlesReport }, // art. 60: whoever was told wrongly passes it on
  'intake.verify': { power: 'incident.report', rule: handlesReport }, // art. 60: whoever receives it verifies it
  'intake.mark-unfounded': { power: 'incident.verify', rule: handlesReport },
  'intake.link': { power: 'incident.verify', rule: handlesReport },
  'intake.merge': { power: 'incident.verify', rule: handlesReport },
  'intake.separate': { power: 'incident.verify', rule: handlesReport },
  'intake.keep-apart': { power: 'incident.verify', rule: handlesReport },
  'intake.close': { power: 'incident.report', rule: handlesReport },
  'intake.forget': { power: 'incident.verify', rule: handlesReport }, // art. 85
  'intake.hear': 'system',
  'division.import': { power: 'directory.keep', rule: withinTerritory },
  'organization.register': { power: 'directory.keep', rule: withinTerritory },
  'organization.verify': { power: 'directory.keep', rule: keepsOrganization },
  'organization.subordinate': { power: 'directory.keep', rule: keepsOrganization },
  'organization.entrust': { power: 'directory.keep', rule: keepsOrganization },
  'post.create': { power: 'directory.keep', rule: keepsPost },
  'post.assume': { power: 'directory.keep', rule: keepsPost },
  'post.relinquish': { power: 'directory.keep', rule: keepsPost },
  'post.empower': { power: 'directory.keep', rule: keepsPost },
  'post.set-contacts': { power: 'obligation.answer', rule: keepsContacts },
  'post.confirm-contact': { power: 'obligation.answer', rule: keepsContacts },
  'post.call-test': 'system',
  'post.set-liaison': { power: 'obligation.answer', rule: keepsContacts },
  'post.set-hours': { power: 'obligation.answer', rule: keepsContacts },
  'post.subscribe': { power: 'obligation.answer', rule: keepsContacts },
  'post.unsubscribe': { power: 'obligation.answer', rule: keepsContacts },
  'notice.queue': 'system',
  'notice.test': { power: 'obligation.answer', rule: keepsContacts },
  'notice.release': 'system',
  'notice.send': 'system',
  'notice.fail': 'system',
  'notice.fall-back': 'system',
  'notice.receipt': { power: 'obligation.answer', rule: isTold },
  'notice.answer': 'system',
}

export const governedCommands: readonly string[] = Object.keys(TABLE)
/** What people may ask for, as far as their post and the thing allow it. */
export const commandsOfPosts: readonly string[] = Object.entries(TABLE).flatMap(([command, entry]) => (entry === 'system' ? [] : [command]))

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
