/**
 * The linkage 联动: when this happens there, that is owed here. The only file that composes rooms.
 * Pure and bounded: one event and a view of the world in, the commands that follow out, each with an id made
 * from its cause, so that the same event seen twice, or by two servers, does nothing twice.
 */
import type { Relations } from './directory/relations.ts'
import { actorFrom, type Recorded } from './event.ts'
import type { Incident, IncidentCommand } from './incident.ts'
import type { Clause, Condition, DutyClause, EscalationClause, Instrument, Party, TriggerEvent } from './instrument.ts'
import { basisText } from './instrument.ts'
import { atLeastAsGrave, type Colour, type Level } from './level.ts'
import { isOpen, type Obligation, type ObligationCommand } from './obligation.ts'
import { covers, divisionLevel, divisionPath } from './place.ts'
import { after } from './time.ts'

export type InForce = { readonly id: string; readonly version: number; readonly instrument: Instrument }

export type LinkageView = {
  readonly incident: Incident
  readonly relations: Relations
  /** What binds in the incident's jurisdiction on that day. */
  readonly rules: Rules
  /** Obligations of the incident, settled ones included. */
  readonly obligations: readonly { readonly id: string; readonly state: Obligation }[]
  /** The clause that an obligation rests on, in the version that made it. */
  readonly clause: (basis: Obligation['basis']) => Clause | null
  /** A stable id from a text. */
  readonly idFrom: (text: string) => string
}

export type Reaction =
  | {
      readonly room: 'obligation'
      readonly id: string
      readonly commandId: string
      readonly command: ObligationCommand
      readonly basis: string | null
      readonly occurredAt: string
    }
  | {
      readonly room: 'incident'
      readonly id: string
      readonly commandId: string
      readonly command: IncidentCommand
      readonly basis: string | null
      readonly occurredAt: string
    }

type Rule = { readonly from: InForce; readonly clause: DutyClause; readonly when: Condition }

/** Clauses in force, found by the event that they wait for. Built when an instrument changes, not when an event comes. */
export class Rules {
  readonly #byEvent = new Map<TriggerEvent, Rule[]>()
  readonly #escalation = new Map<string, EscalationClause>()

  constructor(instruments: Iterable<InForce>) {
    for (const from of instruments)
      for (const clause of from.instrument.clauses) {
        if (clause.kind === 'duty') this.#index(from, clause)
        if (clause.kind === 'escalation') this.#supervise(from, clause)
      }
  }

  #index(from: InForce, clause: DutyClause): void {
    for (const when of clause.when) {
      const known = this.#byEvent.get(when.event)
      if (known) known.push({ from, clause, when })
      else this.#byEvent.set(when.event, [{ from, clause, when }])
    }
  }

  #supervise(from: InForce, clause: EscalationClause): void {
    const duties = clause.of === 'all' ? from.instrument.clauses.filter((one) => one.kind === 'duty').map((one) => one.id) : clause.of
    for (const id of duties)
      if (clause.of !== 'all' || !this.#escalation.has(`${from.id}#${id}`)) this.#escalation.set(`${from.id}#${id}`, clause)
  }

  on(event: string): readonly Rule[] {
    return this.#byEvent.get(event as TriggerEvent) ?? []
  }

  escalation(instrumentId: string, clauseId: string): EscalationClause | null {
    return this.#escalation.get(`${instrumentId}#${clauseId}`) ?? null
  }
}

/** What an event says, whatever its type, in the words that conditions ask about. */
type Facts = {
  readonly event: Recorded
  readonly organization: string | null
  readonly targets: readonly string[]
  readonly recipient: string | null
  readonly debtor: string | null
  readonly creditor: string | null
  readonly kind: string | null
  readonly subject: string | null
  readonly complete: boolean | null
  readonly reportKind: string | null
  readonly act: string | null
  readonly level: Level | null
  readonly colour: Colour | null
}

const REACTIONS_MAX = 2000

/** The commands that follow from one event: first what it discharges, then what it makes owed. */
export function react(event: Recorded, view: LinkageView): readonly Reaction[] {
  const incidentId = event.incidentId
  if (incidentId === null) return []
  const facts = factsOf(event, view)
  const reactions = [...discharges(facts, view), ...owed(incidentId, facts, view)]
  if (reactions.length > REACTIONS_MAX)
    throw new Error(`event ${event.position} asks for ${reactions.length} commands; at most ${REACTIONS_MAX}`)
  return reactions
}

function factsOf(event: Recorded, view: LinkageView): Facts {
  const data = event.data as Readonly<Record<string, unknown>>
  const text = (key: string): string | null => (typeof data[key] === 'string' ? data[key] : null)
  const actor = actorFrom(event.actor)
  const obligation = event.type.startsWith('obligation.')
    ? view.obligations.find((one) => event.stream === `obligation/${one.id}`)?.state
    : undefined
  const said = text('organization') ?? text('from') ?? (event.type === 'incident.reported' ? text('reportedBy') : null)
  return {
    event,
    organization: obligation?.debtor ?? said ?? (actor.kind === 'post' ? actor.organizationId : null),
    targets: Array.isArray(data.target) ? data.target.filter((one) => typeof one === 'string') : [],
    recipient: text('to'),
    debtor: obligation?.debtor ?? null,
    creditor: obligation?.creditor ?? null,
    kind: event.type === 'incident.noted' ? text('kind') : null,
    subject: text('subject') ?? obligation?.subject ?? null,
    complete: typeof data.complete === 'boolean' ? data.complete : null,
    reportKind: event.type === 'sitrep.filed' ? text('kind') : null,
    act: obligation?.act ?? null,
    level: typeof data.level === 'number' ? (data.level as Level) : view.incident.responseLevel,
    colour: text('colour') as Colour | null,
  }
}

/** Everything that the condition states holds. Who did it is asked apart, because it means another thing in evidence. */
function holds(condition: Condition, facts: Facts, incident: Incident): boolean {
  const among = (wanted: readonly string[] | undefined, value: string | null): boolean =>
    wanted === undefined || (value !== null && wanted.includes(value))
  const grave = (wanted: Level | undefined, value: Level | null): boolean =>
    wanted === undefined || (value !== null && atLeastAsGrave(value, wanted))
  return (
    condition.event === facts.event.type &&
    among(condition.kinds, facts.kind) &&
    (condition.subject === undefined || condition.subject === facts.subject) &&
    (condition.complete === undefined || condition.complete === (facts.complete ?? true)) &&
    among(condition.reportKinds, facts.reportKind) &&
    among(condition.acts, facts.act) &&
    among(condition.classes, incident.class) &&
    (among(condition.hazards, incident.hazard) || (facts.kind === 'warning' && among(condition.hazards, facts.subject))) &&
    grave(condition.severity, incident.severity) &&
    grave(condition.level, facts.level) &&
    among(condition.colours, facts.colour)
  )
}

function discharges(facts: Facts, view: LinkageView): readonly Reaction[] {
  const reactions: Reaction[] = []
  for (const { id, state } of view.obligations) {
    if (!isOpen(state) || state.trigger.position === facts.event.position) continue
    const clause = view.clause(state.basis)
    if (clause?.kind !== 'duty' || !clause.evidence.some((condition) => proves(condition, state, facts, view))) continue
    const deliveredBy = facts.organization !== null && facts.organization !== state.debtor ? { deliveredBy: facts.organization } : {}
    reactions.push({
      room: 'obligation',
      id,
      commandId: view.idFrom(`discharge|${id}|${facts.event.position}`),
      command: { type: 'obligation.discharge', evidence: evidenceText(facts.event), eventPosition: facts.event.position, ...deliveredBy },
      basis: basisText(state.basis.instrumentId, state.basis.version, state.basis.clauseId),
      occurredAt: facts.event.occurredAt,
    })
  }
  return reactions
}

function proves(condition: Condition, state: Obligation, facts: Facts, view: LinkageView): boolean {
  if (!holds(condition, facts, view.incident)) return false
  if (state.subject !== undefined && facts.subject !== null && state.subject !== facts.subject) return false
  // A report discharges what is owed to whom it was sent, or to anyone below: who skips a level has reported all the more.
  if (
    facts.recipient !== null &&
    condition.event === 'sitrep.filed' &&
    facts.recipient !== state.creditor &&
    !view.relations.isSuperior(facts.recipient, state.creditor)
  )
    return false
  if (condition.by === 'anyone') return true
  if (facts.organization === null) return false
  // A unit's own crews and departments act for it.
  const doers =
    condition.by === undefined ? [state.debtor] : resolve(condition.by, { ...facts, debtor: state.debtor, creditor: state.creditor }, view)
  return doers.some(
    (one) => one === facts.organization || (facts.organization !== null && view.relations.isSuperior(one, facts.organization)),
  )
}

function evidenceText(event: Recorded): string {
  const data = event.data as Readonly<Record<string, unknown>>
  const said = data.text ?? data.summary ?? data.evidence
  return typeof said === 'string' && said.length > 0 ? said.slice(0, 4000) : event.type
}

function owed(incidentId: string, facts: Facts, view: LinkageView): readonly Reaction[] {
  const reactions: Reaction[] = []
  const seen = new Set(view.obligations.map((one) => one.id))
  for (const rule of view.rules.on(facts.event.type)) {
    if (!applies(rule, facts, view) || alreadyDone(rule.clause, view.incident)) continue
    const debtors = debtorsOf(rule.clause, facts, view)
    const bound = rule.clause.each === true || rule.clause.owes === 'target' ? debtors : debtors.slice(0, 1)
    if (bound.length === 0 && wantsHolder(rule.clause.owes, view)) reactions.push(gap(incidentId, rule, facts, view, rule.clause.owes))
    for (const debtor of bound) {
      const id = view.idFrom(obligationKey(incidentId, rule, debtor, facts.event.position))
      if (seen.has(id)) continue
      seen.add(id)
      const creditor = creditorOf(rule.clause, debtor, facts, view)
      reactions.push(
        creditor === null ? gap(incidentId, rule, facts, view, rule.clause.to) : owe(id, incidentId, rule, debtor, creditor, facts, view),
      )
    }
  }
  return reactions
}

/** Who is owed does not owe it to himself while another can. */
function debtorsOf(clause: DutyClause, facts: Facts, view: LinkageView): readonly string[] {
  const debtors = resolve(clause.owes, facts, view)
  const creditors = resolve(clause.to, facts, view)
  const others = debtors.filter((id) => !creditors.includes(id))
  return others.length > 0 ? others : debtors
}

/** A part that nobody was named for binds nobody, and so does a level of government that the place does not have; a function without a holder is a gap. */
function wantsHolder(party: Party, view: LinkageView): boolean {
  const [base = party, at] = party.split('@')
  const lasting = base.startsWith('function:') || base === 'government' || base === 'lead' || base === 'headquarters'
  return lasting && (at === undefined || at === 'superior' || levelAt(view.incident.jurisdiction, at) !== undefined)
}

const levelAt = (jurisdiction: string, level: string): string | undefined =>
  divisionPath(jurisdiction).find((code) => divisionLevel(code) === level)

const LEVELS = ['county', 'prefecture', 'province', 'nation']

/** For a creditor: the level named, or the next above that the place has. */
function levelOrAbove(party: Party, jurisdiction: string): Party {
  const [base = party, at = ''] = party.split('@')
  const there = LEVELS.slice(LEVELS.indexOf(at)).find((level) => levelAt(jurisdiction, level) !== undefined)
  return LEVELS.includes(at) && there !== undefined ? `${base}@${there}` : party
}

function applies({ from, when }: Rule, facts: Facts, view: LinkageView): boolean {
  if (!covers(from.instrument.jurisdiction, view.incident.jurisdiction) || !holds(when, facts, view.incident)) return false
  if (when.by === undefined || when.by === 'anyone') return true
  return facts.organization !== null && isOneOf(when.by, facts.organization, facts, view)
}

/** Whether the organization is the party; for a function, whether it holds it, nearest or not. */
function isOneOf(party: Party, organizationId: string, facts: Facts, view: LinkageView): boolean {
  const name = /^function:([a-z-]+)$/.exec(party)?.[1]
  return name !== undefined
    ? (view.relations.find(organizationId)?.functions.includes(name) ?? false)
    : resolve(party, facts, view).includes(organizationId)
}

/** What stands already when the duty would arise is not demanded again. */
function alreadyDone(clause: DutyClause, incident: Incident): boolean {
  return clause.evidence.some(
    (condition) =>
      (condition.event === 'incident.headquarters-activated' && incident.headquarters !== null) ||
      (condition.event === 'incident.response-set' &&
        incident.responseLevel !== null &&
        (condition.level === undefined || atLeastAsGrave(incident.responseLevel, condition.level))),
  )
}

function obligationKey(incidentId: string, { from, clause }: Rule, debtor: string, position: string): string {
  const parts = ['owe', incidentId, from.id, clause.id]
  if (clause.once !== 'incident' || clause.each === true) parts.push(debtor)
  if (clause.once === 'event') parts.push(position)
  return parts.join('|')
}

/** To oneself nothing is owed: then the superior is the creditor, else the government of the place, else the public. */
function creditorOf(clause: DutyClause, debtor: string, facts: Facts, view: LinkageView): string | null {
  const withDebtor = { ...facts, debtor }
  const named = [levelOrAbove(clause.to, view.incident.jurisdiction), 'debtor@superior', 'government', 'public'].flatMap((party) =>
    resolve(party, withDebtor, view),
  )
  return named.find((one) => one !== debtor) ?? null
}

function owe(
  id: string,
  incidentId: string,
  { from, clause }: Rule,
  debtor: string,
  creditor: string,
  facts: Facts,
  view: LinkageView,
): Reaction {
  const { event } = facts
  // The subject of a warning is its hazard, not what is asked for because of it.
  const subject = facts.kind === 'warning' ? null : facts.subject
  const dueAt = clause.limit.within === null ? null : after(event.occurredAt, clause.limit.within)
  const basis = { instrumentId: from.id, version: from.version, clauseId: clause.id }
  return {
    room: 'obligation',
    id,
    commandId: view.idFrom(`command|${id}`),
    basis: basisText(from.id, from.version, clause.id),
    occurredAt: event.occurredAt,
    command: {
      type: 'obligation.owe',
      incidentId,
      jurisdiction: view.incident.jurisdiction,
      debtor,
      creditor,
      function: clause.function,
      act: clause.act,
      actWords: clause.actWords,
      ...(subject === null ? {} : { subject }),
      basis,
      dueAt,
      limitConfirmed: clause.limit.confirmed,
      trigger: { position: event.position, type: event.type, occurredAt: event.occurredAt },
      ladder: dueAt === null ? [] : ladder(from.id, clause.id, dueAt, { ...facts, debtor, creditor }, view),
    },
  }
}

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
  return {
    room: 'incident',
    id: incidentId,
    commandId: view.idFrom(`gap|${incidentId}|${from.id}|${clause.id}|${party}`),
    basis: basisText(from.id, from.version, clause.id),
    occurredAt: facts.event.occurredAt,
    command: { type: 'incident.mark-gap', instrumentId: from.id, version: from.version, clauseId: clause.id, party, act: clause.actWords },
  }
}

/** The organizations that a party names in this incident at this event; none where nobody is known. */
export function resolve(party: Party, facts: Facts, view: LinkageView): readonly string[] {
  const [base = party, at] = party.split('@')
  const { incident, relations } = view
  const fixed = at === undefined || at === 'superior' ? incident.jurisdiction : levelAt(incident.jurisdiction, at)
  if (fixed === undefined) return []
  const found = part(base, fixed, facts, view)
  if (at === undefined) return found
  if (at === 'superior') return found.map((id) => relations.superior(id)?.id).filter((id) => id !== undefined)
  if (base === 'government' || base.startsWith('function:')) return found.filter((id) => relations.find(id)?.jurisdiction === fixed)
  return found.map((id) => relations.path(id).find((one) => one.jurisdiction === fixed)?.id).filter((id) => id !== undefined)
}

function part(base: string, jurisdiction: string, facts: Facts, view: LinkageView): readonly string[] {
  const { incident, relations } = view
  const one = (id: string | null | undefined): readonly string[] => (id === null || id === undefined ? [] : [id])
  const holders = (name: string): readonly string[] => relations.holders(name, jurisdiction).map((entry) => entry.id)
  switch (base) {
    case 'unit-involved':
      return one(incident.unitInvolved)
    case 'reporter':
      return one(incident.reportedBy)
    case 'actor':
      return one(facts.organization)
    case 'target':
      return facts.targets
    case 'recipient':
      return one(facts.recipient)
    case 'debtor':
      return one(facts.debtor)
    case 'creditor':
      return one(facts.creditor)
    case 'headquarters':
    case 'lead':
      return incident.headquarters !== null
        ? [incident.headquarters.lead]
        : [...holders('emergency-management'), ...holders('government')].slice(0, 1)
    case 'government':
      return holders('government').slice(0, 1)
    case 'public':
      return holders('public').slice(0, 1)
    default:
      return holders(base.slice('function:'.length))
  }
}
