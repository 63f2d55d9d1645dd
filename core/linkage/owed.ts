import { lasting, sameWarning } from '../alert/chain.ts'
import type { Words } from '../event.ts'
import type { Incident } from '../incident.ts'
import { basisText, type BindingClause, type Party } from '../instrument.ts'
import { atLeastAsGrave } from '../level.ts'
import type { ObligationCommand, Stage } from '../obligation.ts'
import { coveredBy, covers, divisionLevel, divisionPath } from '../place.ts'
import { after } from '../time.ts'
import { holds, levelAt, resolve, type Facts } from './facts.ts'
import { objectiveFor } from './objective.ts'
import { opening, triggerOf } from './opening.ts'
import type { Rule } from './rules.ts'
import type { Basis, LinkageView, Reaction } from './view.ts'

export type Owe = Extract<ObligationCommand, { type: 'obligation.owe' }>

/** What the clauses in force make owed because of the event, and the gaps where nobody can owe it. */
export function* owed(incidentId: string, said: Facts, view: LinkageView): Iterable<Reaction> {
  if (isOver(said, view)) return
  const seen = new Set<string>()
  /** What is asked of whom, with its obligation; null: it is done already. */
  const called = new Map<string, string | null>()
  for (const [rule, facts] of rulesFor(said, view)) {
    if (!applies(rule, facts, view)) continue
    const done = rule.when.elapsed === undefined && alreadyDone(rule.clause, said.incident)
    const debtors = debtorsOf(rule.clause, facts, view)
    const bound = bindsAll(rule.clause) ? debtors : debtors.slice(0, 1)
    if (!done && bound.length === 0 && wantsHolder(rule.clause.owes, facts)) yield gap(incidentId, rule, facts, view, rule.clause.owes)
    for (const debtor of bound) {
      const id = idFor(obligationKey(incidentId, rule, debtor, facts, view), view)
      const fresh = !done && !seen.has(id) && !view.obligations.has(id)
      if (said.alertId !== null && !seen.has(id)) called.set(asked(rule.from.id, rule.clause.id, debtor, facts.site), done ? null : id)
      if (!fresh) continue
      seen.add(id)
      const creditor = creditorOf(rule.clause, debtor, facts, view)
      yield creditor === null
        ? gap(incidentId, rule, facts, view, rule.clause.to)
        : owe(id, incidentId, rule, debtor, creditor, facts, view)
    }
  }
  if (said.alertId !== null) yield* replaced(said.alertId, called, said, view)
}

/** What an earlier message of its chain no longer asked for is asked for anew, once. */
function idFor(key: string, { idFrom, obligations }: LinkageView): string {
  let id = idFrom(key)
  for (let round = 1; obligations.get(id)?.releaseReason === REPLACED && round < ASKED_ANEW_MAX; round++) id = idFrom(`${key}|${round}`)
  return id
}

/** Read when the message that it notes was over already, or had gone on in another chain. */
function isOver({ event, alertId }: Facts, { alerts }: LinkageView): boolean {
  const message = messageIn(event)
  const known = alerts.find(({ id }) => id === message)
  return known !== undefined && (known.chainId !== alertId || !lasting(alerts).includes(known))
}

export const REPLACED = 'warning-replaced'
const ASKED_ANEW_MAX = 500

const asked = (instrumentId: string, clauseId: string, debtor: string, site: { readonly id: string } | null | undefined): string =>
  [instrumentId, clauseId, debtor, site?.id].join('|')

/** What an earlier message of the chain asked for is no longer owed when this one does not, or asks for it anew; not while both are in force. */
function* replaced(chainId: string, called: ReadonlyMap<string, string | null>, { event }: Facts, view: LinkageView): Iterable<Reaction> {
  const [one, ...others] = lasting(view.alerts).filter((link) => link.chainId === chainId)
  if (one === undefined || others.some((other) => !sameWarning(one, other))) return
  for (const { id, state } of view.obligations.open()) {
    const { warning, basis, debtor, site } = state
    if (warning?.alertId !== chainId || basis === null) continue
    const now = called.get(asked(basis.instrumentId, basis.clauseId, debtor, site))
    if (now === undefined || (now !== null && now !== id))
      yield {
        room: 'obligation',
        id,
        commandId: view.idFrom(`replaced|${id}|${event.position}`),
        command: { type: 'obligation.release', reason: REPLACED },
        basis: null,
        occurredAt: event.occurredAt,
      }
  }
}

/** Who is owed does not owe it to himself while another can. */
function debtorsOf(clause: BindingClause, facts: Facts, view: LinkageView): readonly string[] {
  const debtors = resolve(clause.owes, facts, view)
  const creditors = resolve(clause.to, facts, view)
  const others = debtors.filter((id) => !creditors.includes(id))
  return others.length > 0 ? others : debtors
}

/** Whoever the party names is bound, not only the first. */
const bindsAll = ({ each, owes }: BindingClause): boolean => each === true || owes === 'target' || owes.startsWith('warned')

/** The rules that the event meets: of a warning in every territory under it, and once for each special site where a clause asks for that. */
function* rulesFor(said: Facts, view: LinkageView): Iterable<readonly [Rule, Facts]> {
  const sort = said.kind ?? said.reportKind ?? said.act
  const territories = territoriesUnder(said, view)
  const above = new Set(territories.flatMap((code) => divisionPath(code).slice(1)))
  const sitesIn = Map.groupBy(view.reach?.sites ?? [], (site) => site.jurisdiction)
  for (const jurisdiction of territories) {
    const leaf = !above.has(jurisdiction)
    const incident = jurisdiction === said.incident.jurisdiction ? said.incident : { ...said.incident, jurisdiction }
    const sites = sitesIn.get(jurisdiction) ?? []
    for (const rule of view.rules.on({ event: said.event.type, jurisdiction, sort })) {
      const facts = { ...said, incident, leaf, instrument: rule.from.instrument }
      const { sites: asked } = rule.clause
      if (asked === undefined) yield [rule, facts]
      else for (const site of sites) if (asked === 'all' || asked.includes(site.kind)) yield [rule, { ...facts, site }]
    }
  }
}

/** Where somebody is registered or a special site stands; what only contains others of them is no place of its own. */
function territoriesUnder({ incident }: Facts, { reach, relations }: LinkageView): readonly string[] {
  if (reach === null) return [incident.jurisdiction]
  const under = coveredBy(reach.divisions.map(({ code }) => code))
  const places = new Set([...reach.sites.map((site) => site.jurisdiction), ...[...relations.territories()].filter(under)])
  return places.size === 0 ? [incident.jurisdiction] : [...places].toSorted()
}

/** A part that nobody was named for binds nobody, and so does a level of government that the place does not have; a function or a party without a holder is a gap. */
function wantsHolder(party: Party, { incident, site, leaf }: Facts): boolean {
  // Of a warning over many territories the gap is where people live, not in each one above them.
  if (!leaf) return false
  const [base = party, at] = party.split('@')
  const lasting =
    /^(?:function:|party:)/.test(base) ||
    base === 'government' ||
    base === 'lead' ||
    base === 'headquarters' ||
    (base.startsWith('site-') && site !== null)
  return lasting && (at === undefined || at === 'superior' || levelAt(incident.jurisdiction, at) !== undefined)
}

const LEVELS = ['county', 'prefecture', 'province', 'nation']

/** For a creditor: the level named, or the next above that the place has. */
function levelOrAbove(party: Party, jurisdiction: string): Party {
  const [base = party, at = ''] = party.split('@')
  const there = LEVELS.slice(LEVELS.indexOf(at)).find((level) => divisionPath(jurisdiction).some((code) => divisionLevel(code) === level))
  return LEVELS.includes(at) && there !== undefined ? `${base}@${there}` : party
}

function applies({ from, clause, when }: Rule, facts: Facts, view: LinkageView): boolean {
  const { event, incident } = facts
  if (!covers(from.instrument.jurisdiction, incident.jurisdiction) || !holds(when, facts)) return false
  if (clause.areas !== undefined && !clause.areas.some((area) => covers(area, incident.jurisdiction))) return false
  if (clause.hazards !== undefined && !clause.hazards.includes(incident.hazard)) return false
  // Of an activation, only the clauses of what was activated.
  if (event.type === 'incident.instrument-activated' && (event.data as { instrumentId?: unknown }).instrumentId !== from.id) return false
  if (when.by === undefined || when.by === 'anyone') return true
  return facts.organization !== null && isOneOf(when.by, facts.organization, facts, view)
}

/** Whether the organization is the party; for a function, whether it holds it, nearest or not. */
function isOneOf(party: Party, organizationId: string, facts: Facts, view: LinkageView): boolean {
  const name = /^function:([a-z0-9-]+)$/.exec(party)?.[1]
  return name !== undefined
    ? (view.relations.find(organizationId)?.functions.includes(name) ?? false)
    : resolve(party, facts, view).includes(organizationId)
}

/** What stands already when the duty would arise is not demanded again. */
export function alreadyDone(clause: BindingClause, incident: Incident): boolean {
  return clause.evidence.some(
    (condition) =>
      (condition.event === 'incident.headquarters-activated' && incident.headquarters !== null) ||
      (condition.event === 'incident.response-set' &&
        incident.responseLevel !== null &&
        (condition.level === undefined || atLeastAsGrave(incident.responseLevel, condition.level))),
  )
}

function obligationKey(incidentId: string, { from, clause }: Rule, debtor: string, facts: Facts, view: LinkageView): string {
  const { event, alertId, site } = facts
  const parts = ['owe', incidentId, from.id, clause.id]
  // A warning binds in each territory under it: there, once an incident is once for each of its debtors.
  if (clause.once !== 'incident' || clause.each === true || alertId !== null) parts.push(debtor)
  if (clause.once === 'event') parts.push(saidIn(facts, view) ?? event.position)
  if (alertId !== null) parts.push(alertId)
  if (site !== null) parts.push(site.id)
  return parts.join('|')
}

/** What a warning says is one event, in however many languages, and however often it is noted (core/alert/twin.ts). */
function saidIn({ event, colour, subject }: Facts, { alerts }: LinkageView): string | null {
  const message = messageIn(event)
  const twin = alerts.find(({ id }) => id === message)?.twin
  return twin === undefined ? message : [twin, colour, subject].join('|')
}

function messageIn({ data }: Facts['event']): string | null {
  const { kind, data: more } = data as { readonly kind?: unknown; readonly data?: { readonly alertId?: unknown } }
  return kind === 'warning' && typeof more?.alertId === 'string' ? more.alertId : null
}

/** To oneself nothing is owed: then the superior is the creditor, else the government of the place, else the public. */
function creditorOf(clause: BindingClause, debtor: string, facts: Facts, view: LinkageView): string | null {
  const withDebtor = { ...facts, debtor }
  const named = [levelOrAbove(clause.to, facts.incident.jurisdiction), 'debtor@superior', 'government', 'public'].flatMap((party) =>
    resolve(party, withDebtor, view),
  )
  return named.find((one) => one !== debtor) ?? null
}

const basisOf = ({ id, version }: Rule['from'], { id: clauseId }: BindingClause): Basis => ({ instrumentId: id, version, clauseId })

function owe(
  id: string,
  incidentId: string,
  { from, clause, when }: Rule,
  debtor: string,
  creditor: string,
  facts: Facts,
  view: LinkageView,
): Reaction {
  const { event, incident, alertId, site } = facts
  // The subject of a warning is its hazard, not what is asked for because of it; of a site, the site.
  const subject = site !== null ? site.id : facts.kind === 'warning' ? null : facts.subject
  const beginsAt = when.elapsed === undefined ? event.occurredAt : after(event.occurredAt, when.elapsed)
  const dueAt = clause.limit.within === null ? null : after(beginsAt, clause.limit.within)
  const objectiveId = objectiveFor(clause.function, view.objectives)
  const group =
    clause.quorum === undefined
      ? null
      : { id: view.idFrom(`group|${incidentId}|${from.id}|${clause.id}|${event.position}`), quorum: clause.quorum }
  const basis = basisOf(from, clause)
  const command: Owe = {
    type: 'obligation.owe',
    incidentId,
    jurisdiction: incident.jurisdiction,
    debtor,
    creditor,
    function: clause.function,
    act: clause.act,
    actWords: site === null ? clause.actWords : about(clause.actWords, site.name),
    ...(subject === null ? {} : { subject }),
    basis,
    dueAt,
    limitConfirmed: clause.limit.confirmed,
    trigger: triggerOf(event),
    ladder: dueAt === null ? [] : ladder(from.id, clause.id, dueAt, { ...facts, debtor, creditor }, view),
    ...(clause.answerWithin === undefined ? {} : { answerBy: after(beginsAt, clause.answerWithin) }),
    ...(clause.progressEvery === undefined ? {} : { progressEvery: clause.progressEvery }),
    ...(clause.every === undefined ? {} : { every: clause.every, round: 1 }),
    ...(clause.gravity === undefined ? {} : { gravity: clause.gravity }),
    ...(clause.phase === undefined ? {} : { phase: clause.phase }),
    ...(group === null ? {} : { group }),
    ...(alertId === null || facts.colour === null ? {} : { warning: { alertId, colour: facts.colour, stage: stageOf(clause) } }),
    ...(site === null ? {} : { site: { id: site.id, name: site.name } }),
    ...(objectiveId === null ? {} : { objectiveId }),
  }
  // Later, if it is still called for then: the incident waits, and the linkage hears of it again.
  if (when.elapsed !== undefined)
    return {
      room: 'incident',
      id: incidentId,
      commandId: view.idFrom(`await|${id}`),
      basis: basisText(basis),
      occurredAt: event.occurredAt,
      command: { type: 'incident.await', at: beginsAt, obligationId: id, owe: command, when: clause.when.indexOf(when) },
    }
  return opening(id, command, event, view)
}

/** What a clause asks of whom a warning reaches, by what proves it done. */
function stageOf({ sites, evidence }: BindingClause): Stage {
  const proved = (...kinds: readonly string[]): boolean => evidence.some((one) => one.kinds?.some((kind) => kinds.includes(kind)) === true)
  if (sites !== undefined || proved('special-site-checked')) return 'ask'
  if (proved('warning-acknowledged')) return 'answer'
  if (proved('level-decided') || evidence.some(({ event }) => event === 'incident.response-set')) return 'decide'
  return proved('public-information', 'press-conference') ? 'publish' : 'act'
}

const about = (act: Words, name: string): Words => ({ 'zh-CN': `${act['zh-CN']}：${name}`, en: `${act.en}: ${name}` })

function ladder(
  instrumentId: string,
  clauseId: string,
  dueAt: string,
  facts: Facts,
  view: LinkageView,
): { at: string; to: string; clauseId: string }[] {
  const escalation = view.rules.escalation(instrumentId, clauseId)
  if (escalation === null) return []
  const rungs: { at: string; to: string; clauseId: string }[] = []
  for (const step of escalation.steps) {
    const to = resolve(step.to, facts, view).find((one) => one !== facts.debtor && !rungs.some((rung) => rung.to === one))
    if (to !== undefined) rungs.push({ at: after(dueAt, step.after), to, clauseId: escalation.id })
  }
  return rungs
    .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    .map((rung) => ({ ...rung, at: rung.at <= dueAt ? after(dueAt, 'PT1S') : rung.at }))
}

function gap(incidentId: string, { from, clause }: Rule, facts: Facts, view: LinkageView, party: string): Reaction {
  const basis = basisOf(from, clause)
  return {
    room: 'incident',
    id: incidentId,
    commandId: view.idFrom(`gap|${incidentId}|${from.id}|${clause.id}|${party}`),
    basis: basisText(basis),
    occurredAt: facts.event.occurredAt,
    command: { type: 'incident.mark-gap', ...basis, party, act: clause.actWords },
  }
}
