import type { ReachedSite } from '../alert.ts'
import { actorFrom, type Recorded } from '../event.ts'
import type { Incident } from '../incident.ts'
import type { Condition, Instrument, Party } from '../instrument.ts'
import { atLeastAsGrave, type Colour, type Level } from '../level.ts'
import { covers, divisionLevel, divisionPath } from '../place.ts'
import type { LinkageView } from './view.ts'

/** What an event says, whatever its type, in the words that conditions ask about. */
export type Facts = {
  readonly event: Recorded
  readonly incident: Incident
  readonly organization: string | null
  readonly targets: readonly string[]
  readonly recipient: string | null
  readonly debtor: string | null
  readonly creditor: string | null
  /** The instrument whose clause is asked, for the parties that it names. */
  readonly instrument: Instrument | null
  readonly kind: string | null
  readonly subject: string | null
  readonly complete: boolean | null
  readonly reportKind: string | null
  readonly act: string | null
  readonly function: string | null
  readonly level: Level | null
  readonly colour: Colour | null
  /** The warning that is noted: the first message of its chain. */
  readonly alertId: string | null
  /** Whether nobody is registered in a territory below the one that is asked about. */
  readonly leaf: boolean
  /** The special site that is asked about. */
  readonly site: ReachedSite | null
}

export function factsOf(event: Recorded, incident: Incident, view: LinkageView): Facts {
  const data = event.data as Readonly<Record<string, unknown>>
  const text = (key: string): string | null => (typeof data[key] === 'string' ? data[key] : null)
  const actor = actorFrom(event.actor)
  const obligation = event.stream.startsWith('obligation/') ? view.obligations.get(event.stream.slice('obligation/'.length)) : undefined
  const said = text('organization') ?? text('from') ?? (event.type === 'incident.reported' ? text('reportedBy') : null)
  return {
    event,
    incident,
    organization: obligation?.debtor ?? said ?? (actor.kind === 'post' ? actor.organizationId : null),
    targets: Array.isArray(data.target) ? data.target.filter((one) => typeof one === 'string') : [],
    recipient: text('to'),
    debtor: obligation?.debtor ?? null,
    creditor: obligation?.creditor ?? null,
    instrument: null,
    kind: event.type === 'incident.noted' ? text('kind') : null,
    subject: text('subject') ?? obligation?.subject ?? null,
    complete: typeof data.complete === 'boolean' ? data.complete : null,
    reportKind: event.type === 'sitrep.filed' ? text('kind') : null,
    act: obligation?.act ?? null,
    function: obligation?.function ?? null,
    level: typeof data.level === 'number' ? (data.level as Level) : incident.responseLevel,
    colour: text('colour') as Colour | null,
    alertId: chainOf(data),
    leaf: true,
    site: null,
  }
}

/** Of a note about a warning: the first message of its chain. */
export function chainOf(data: Readonly<Record<string, unknown>>): string | null {
  const { chainId } = (data.data ?? {}) as { readonly chainId?: unknown }
  return data.kind === 'warning' && typeof chainId === 'string' ? chainId : null
}

/** Everything that the condition states holds. Who did it is asked apart, because it means another thing in evidence. */
export function holds(condition: Condition, facts: Facts): boolean {
  const { incident } = facts
  return condition.event === facts.event.type && saysSo(condition, facts) && standsSo(condition, facts, incident)
}

const among = (wanted: readonly string[] | undefined, value: string | null): boolean =>
  wanted === undefined || (value !== null && wanted.includes(value))
const grave = (wanted: Level | undefined, value: Level | null): boolean =>
  wanted === undefined || (value !== null && atLeastAsGrave(value, wanted))

const saysSo = (condition: Condition, facts: Facts): boolean =>
  among(condition.kinds, facts.kind) &&
  (condition.subject === undefined || condition.subject === facts.subject) &&
  (condition.complete === undefined || condition.complete === (facts.complete ?? true)) &&
  among(condition.reportKinds, facts.reportKind) &&
  among(condition.acts, facts.act) &&
  among(condition.functions, facts.function) &&
  grave(condition.level, facts.level) &&
  among(condition.colours, facts.colour)

/** What is asked of the incident itself: it may have changed by the time that a condition with `elapsed` comes true. */
export const standsSo = (condition: Condition, facts: Pick<Facts, 'kind' | 'subject'>, incident: Incident): boolean =>
  among(condition.classes, incident.class) &&
  (among(condition.hazards, incident.hazard) || (facts.kind === 'warning' && among(condition.hazards, facts.subject))) &&
  grave(condition.severity, incident.severity) &&
  (condition.areas === undefined || condition.areas.some((area) => covers(area, incident.jurisdiction)))

export const levelAt = (jurisdiction: string, level: string): string | undefined =>
  divisionPath(jurisdiction).find((code) => divisionLevel(code) === level)

/** The organizations that a party names in this incident at this event; none where nobody is known. */
export function resolve(party: Party, facts: Facts, { relations }: Pick<LinkageView, 'relations'>): readonly string[] {
  const [base = party, at] = party.split('@')
  const { jurisdiction } = facts.incident
  const fixed = at === undefined || at === 'superior' || at === 'neighbour' ? jurisdiction : levelAt(jurisdiction, at)
  if (fixed === undefined) return []
  const found = partOf(base, fixed, facts, relations)
  if (at === undefined) return found
  if (at === 'superior') return found.map((id) => relations.superior(id)?.id).filter((id) => id !== undefined)
  if (at === 'neighbour') return found.map((id) => relations.neighbour(id)?.id).filter((id) => id !== undefined)
  if (base === 'government' || base.startsWith('function:')) return found.filter((id) => relations.find(id)?.jurisdiction === fixed)
  return found.map((id) => relations.path(id).find((one) => one.jurisdiction === fixed)?.id).filter((id) => id !== undefined)
}

function partOf(base: string, jurisdiction: string, facts: Facts, relations: LinkageView['relations']): readonly string[] {
  const { incident, instrument, site } = facts
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
    case 'warned':
      return relations.at(jurisdiction).map((entry) => entry.id)
    case 'site-owner':
      return one(site?.owner)
    case 'site-regulator':
      return one(site?.regulator)
    case 'site-responder':
      return one(site?.responder)
    default:
      if (base.startsWith('warned:')) {
        const name = base.slice('warned:'.length)
        return relations.at(jurisdiction).flatMap((entry) => (entry.functions.includes(name) ? [entry.id] : []))
      }
      return base.startsWith('party:')
        ? one(partyOf(base.slice('party:'.length), instrument, relations))
        : holders(base.slice('function:'.length))
  }
}

/** The organization that stands behind a party of an instrument: the one named, or whoever holds its function in its territory. */
export function partyOf(
  key: string,
  instrument: Pick<Instrument, 'parties' | 'jurisdiction'> | null,
  relations: LinkageView['relations'],
): string | null {
  const party = instrument?.parties?.find((one) => one.key === key)
  if (party === undefined) return null
  if (party.organization !== undefined) return party.organization
  const within = party.jurisdiction ?? instrument?.jurisdiction
  return party.function === undefined || within === undefined ? null : (relations.holders(party.function, within)[0]?.id ?? null)
}
