/** Which events are told to whom, how urgently, in which words: one table. Types that it does not know are told to nobody. */
import type { Urgency } from '../channel.ts'
import type { Recorded, Words } from '../event.ts'
import { toMs } from '../time.ts'

export type Param = string | number | Words
export type Telling = {
  readonly organization: string
  readonly urgency: Urgency
  readonly code: string
  readonly params: Readonly<Record<string, Param>>
  readonly dueAt: string | null
}

/** What the event's own data do not say: the obligation or the finding that it is of, the incident's title. */
export type Context = {
  readonly obligation: {
    readonly debtor: string
    readonly creditor: string
    readonly actWords: Words
    readonly dueAt: string | null
  } | null
  readonly finding: { readonly subject: string; readonly supervisor: string; readonly actWords: Words } | null
  /** Organizations that keep the instruments of the territory that the event's instrument is of. */
  readonly keepers: readonly string[]
  readonly incidentTitle: string
  readonly nameOf: (organizationId: string) => Words
}

type Data = Readonly<Record<string, unknown>>
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const PARTIES_MAX = 500

/** The organizations that stand under these members of the data, each once. */
const parties = (data: Data, ...members: readonly string[]): readonly string[] =>
  [...new Set(members.flatMap((name) => data[name]).filter((one): one is string => typeof one === 'string' && UUID.test(one)))].slice(
    0,
    PARTIES_MAX,
  )
const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 300) : '')

/** A deadline so near that somebody has to answer at once. */
const FLASH_WITHIN_MS = 30 * 60_000
function byDeadline(event: Recorded, dueAt: string | null): Urgency {
  if (dueAt === null) return 'routine'
  return toMs(dueAt) - toMs(event.recordedAt) <= FLASH_WITHIN_MS ? 'flash' : 'urgent'
}

type Teller = (event: Recorded, context: Context) => readonly Telling[]

/** To one party of the obligation, or to whom the event names. */
function ofObligation(code: string, urgency: Urgency | 'by-deadline', to: 'debtor' | 'creditor' | 'to'): Teller {
  return (event, { obligation, incidentTitle, nameOf }) => {
    if (obligation === null) return []
    const { debtor, creditor, actWords, dueAt } = obligation
    const named = parties(event.data as Data, 'to')[0]
    const organization = to === 'debtor' ? debtor : to === 'creditor' ? creditor : named
    if (organization === undefined) return []
    const params = {
      act: actWords,
      incident: incidentTitle,
      debtor: nameOf(debtor),
      creditor: nameOf(creditor),
      due: dueAt ?? '',
      reason: text((event.data as Data).reason),
    }
    return [{ organization, urgency: urgency === 'by-deadline' ? byDeadline(event, dueAt) : urgency, code, params, dueAt }]
  }
}

/** To everyone whom these members of the event name. */
const toParties =
  (code: string, urgency: Urgency, ...members: readonly string[]): Teller =>
  (event, { incidentTitle }) => {
    const data = event.data as Data
    const said = text(data.text ?? data.title ?? data.summary ?? data.question)
    return parties(data, ...members).map((organization) => ({
      organization,
      urgency,
      code,
      params: { incident: incidentTitle, text: said },
      dueAt: null,
    }))
  }

/** Warning colours red and orange may not wait for the morning. */
const warning: Teller = (event, context) => {
  const data = event.data as Data
  const colour = text(data.colour)
  if (colour === '') return []
  const urgency = colour === 'red' || colour === 'orange' ? 'flash' : 'urgent'
  return toParties('warning', urgency, 'target')(event, context).map((one) => ({ ...one, params: { ...one.params, colour } }))
}

const both =
  (...tellers: readonly Teller[]): Teller =>
  (event, context) =>
    tellers.flatMap((tell) => tell(event, context))

const finding =
  (code: string, urgency: Urgency, to: 'subject' | 'supervisor' | 'to'): Teller =>
  (event, { finding: of, incidentTitle, nameOf }) => {
    if (of === null) return []
    const data = event.data as Data
    const organization = to === 'to' ? parties(data, 'to')[0] : of[to]
    if (organization === undefined) return []
    const params = {
      act: of.actWords,
      incident: incidentTitle,
      debtor: nameOf(of.subject),
      text: text(data.text ?? data.reason ?? data.evidence),
    }
    return [{ organization, urgency, code, params, dueAt: null }]
  }

/** An instrument of a territory ends: whoever keeps the instruments there is told. */
const expiry: Teller = (event, { keepers }) => {
  const { days, until } = event.data as { readonly days?: number; readonly until?: string }
  const params = { days: days ?? 0, until: until ?? '', instrument: event.stream.slice('instrument/'.length) }
  return keepers.map((organization) => ({ organization, urgency: 'routine', code: 'instrument-expiry', params, dueAt: null }))
}

/** What was given, to whom it was given; what turns out wrong may not wait for the morning's digest. */
const information: Teller = (event, { incidentTitle }) => {
  const data = event.data as Data
  const urgency = data.cause === 'correction' ? 'urgent' : 'routine'
  const code = data.cause === 'correction' ? 'information-correction' : 'information-delivered'
  const said = Array.isArray(data.said) ? (data.said as readonly { readonly value?: unknown; readonly unit?: unknown }[]) : []
  const values = said.map(({ value, unit }) => `${String(value)}${typeof unit === 'string' ? ` ${unit}` : ''}`).join(' / ')
  const params = { incident: incidentTitle, fact: text(data.key), text: text(values === '' ? '—' : values) }
  return parties(data, 'to').map((organization) => ({ organization, urgency, code, params, dueAt: null }))
}

/** Needs go to the social organizations that they are addressed to at once; other releases wait for the digest. */
const published: Teller = (event, context) => {
  const needs = (event.data as Data).kind === 'needs'
  return toParties(needs ? 'needs-published' : 'release-published', needs ? 'urgent' : 'routine', 'audience')(event, context)
}

/** A report that did not come over the handler's own desk. Where and how urgent, never what it says of people: that stands in the page. */
const takenDown: Teller = (event) => {
  const { handler, haste, number, place } = event.data as Data & { readonly place?: { readonly name?: string | null } }
  if (typeof handler !== 'string' || event.actor.endsWith(`/${handler}`)) return []
  const params = { number: text(number), place: place?.name ?? '' }
  return [{ organization: handler, urgency: haste === 'now' ? 'flash' : 'urgent', code: 'intake-taken-down', params, dueAt: null }]
}

const TABLE: Readonly<Record<string, Teller>> = {
  'obligation.owed': ofObligation('obligation-owed', 'by-deadline', 'debtor'),
  'obligation.requested': ofObligation('obligation-requested', 'by-deadline', 'debtor'),
  'obligation.insisted': ofObligation('obligation-insisted', 'urgent', 'debtor'),
  'obligation.lapsed': both(
    ofObligation('obligation-lapsed', 'urgent', 'debtor'),
    ofObligation('obligation-lapsed-us', 'routine', 'creditor'),
  ),
  'obligation.unanswered': both(
    ofObligation('obligation-unanswered', 'urgent', 'debtor'),
    ofObligation('obligation-unanswered-us', 'routine', 'creditor'),
  ),
  'obligation.unaccepted': ofObligation('obligation-unaccepted', 'urgent', 'debtor'),
  'obligation.escalated': ofObligation('obligation-escalated', 'urgent', 'to'),
  'obligation.declined': ofObligation('obligation-declined', 'urgent', 'creditor'),
  'obligation.extension-asked': ofObligation('extension-asked', 'urgent', 'creditor'),
  'obligation.extension-granted': ofObligation('extension-granted', 'routine', 'debtor'),
  'obligation.extension-refused': ofObligation('extension-refused', 'urgent', 'debtor'),
  'obligation.discharged': ofObligation('obligation-discharged', 'routine', 'creditor'),
  'obligation.disputed': ofObligation('obligation-disputed', 'urgent', 'debtor'),
  'obligation.released': ofObligation('obligation-released', 'routine', 'debtor'),
  'incident.headquarters-activated': toParties('headquarters-activated', 'flash', 'lead', 'members'),
  'incident.noted': warning,
  'incident.hand-over-offered': toParties('hand-over-offered', 'flash', 'to'),
  'incident.taken-over': toParties('taken-over', 'urgent', 'from', 'to'),
  'intake.taken-down': takenDown,
  'information.delivered': information,
  'release.drafted': toParties('release-drafted', 'urgent', 'approver'),
  'release.published': published,
  'decision.taken': toParties('decision-taken', 'urgent', 'members'),
  'decision.proposed': toParties('decision-proposed', 'urgent', 'members'),
  'instrument.expiry-warned': expiry,
  // The subject heard of what it missed when it lapsed.
  'finding.raised': finding('finding-raised', 'routine', 'supervisor'),
  'finding.climbed': finding('finding-climbed', 'urgent', 'to'),
  'finding.measure-due': finding('finding-measure-due', 'urgent', 'to'),
  'finding.urged': finding('finding-step', 'urgent', 'subject'),
  'finding.interviewed': finding('finding-step', 'urgent', 'subject'),
  'finding.sanction-proposed': finding('finding-step', 'urgent', 'subject'),
  'finding.rectification-ordered': finding('finding-step', 'urgent', 'subject'),
  'finding.checked': finding('finding-step', 'urgent', 'subject'),
  'finding.objected': finding('finding-answered', 'urgent', 'supervisor'),
  'finding.answered': finding('finding-answered', 'routine', 'supervisor'),
  'finding.rectified': finding('finding-answered', 'routine', 'supervisor'),
}

/** Whom the event is told to, by its own meaning; who subscribed comes besides. */
export const tellingsOf = (event: Recorded, context: Context): readonly Telling[] =>
  Object.hasOwn(TABLE, event.type) ? (TABLE[event.type]?.(event, context) ?? []) : []

export const isTold = (type: string): boolean => Object.hasOwn(TABLE, type)

/** What subscribers are told, and how urgently: the course of an incident, and duties that lapse. */
const SUBSCRIBED: Readonly<Record<string, { readonly code: string; readonly urgency: Urgency }>> = {
  'incident.declared': { code: 'incident-declared', urgency: 'urgent' },
  'incident.response-set': { code: 'response-set', urgency: 'urgent' },
  'incident.closed': { code: 'incident-closed', urgency: 'routine' },
  'obligation.lapsed': { code: 'obligation-lapsed', urgency: 'routine' },
}
export const subscribedTo = (type: string): { readonly code: string; readonly urgency: Urgency } | null =>
  Object.hasOwn(SUBSCRIBED, type) ? (SUBSCRIBED[type] ?? null) : null
