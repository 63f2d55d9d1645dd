import { endsHow, isWarning, type AlertEvent, type Made, type Message } from '../alert.ts'
import { actsAlone, goesOn, isInForce, lasting, newest, sameWarning, standing, type Link, type Standing } from '../alert/chain.ts'
import type { Recorded } from '../event.ts'
import type { Happened, Obligation, ObligationEvent } from '../obligation.ts'
import { covers, divisionPath, NATION } from '../place.ts'
import { REPLACED } from './owed.ts'
import type { LinkageView, Reaction } from './view.ts'

/** The events of the alert room that reach an incident. */
export const WARNINGS: readonly (AlertEvent | ObligationEvent)['type'][] = [
  'alert.issued',
  'alert.received',
  'alert.adopted',
  'alert.superseded',
  'alert.expired',
  'alert.joined',
  'obligation.called',
]

/** What of a message is needed to open its incident. */
type Began = Made & { readonly hazard: string | null; readonly jurisdiction: string }

/**
 * A warning enters the record of its incident, which is opened for it where there is none, and there the clauses in force
 * find it. What replaces, cancels or lifts it says so to the earlier messages, whichever came first; once nothing of the chain
 * warns any more, what is still open because of it is released, and an incident that never happened is closed. Two chains
 * that a message joins go on as one. Only Actual does anything (CAP 1.2, 3.2.1).
 */
export function warned(event: Recorded, view: LinkageView): readonly Reaction[] {
  switch (event.type as (typeof WARNINGS)[number]) {
    case 'alert.issued':
    case 'alert.received':
    case 'alert.adopted':
      return begun(event, view)
    case 'alert.superseded':
    case 'alert.expired':
      return over(event, view)
    case 'alert.joined':
      return joined(event, view)
    case 'obligation.called':
      return answeredByCall(event, view)
    default:
      return []
  }
}

function begun(event: Recorded, view: LinkageView): readonly Reaction[] {
  const said = event.data as Began
  const me = linkIn(event, said, view)
  const place = standing(me, view.alerts)
  const into = goesOn(me, place)
  const elsewhere = into.chainId !== me.chainId
  // The record that it joins may not have been opened by its own yet.
  const opens = elsewhere && isInForce(into) && into.hazard !== null ? [opened(event, view, into, said)] : []
  const follows = [...opens, ...supersede(event, me, said, place, view), ...joins(event, me, into, place, view)]
  const [by] = place.endedBy
  // A private message is for whom it is addressed to: nobody else owes anything because of it.
  if (by !== undefined || !isInForce(me) || me.colour === null || me.hazard === null || event.incidentId === null) return follows
  // What goes on in another record is entered there once it has joined that.
  if (elsewhere) return follows
  return view.incident === null ? [opened(event, view, me, said), ...follows, noted(event, view, me)] : [...follows, noted(event, view, me)]
}

/** As it is now; where it is not known yet, as the event says. */
function linkIn(event: Recorded, { message, chainId, incidentId, supersededBy, twin }: Began, view: LinkageView): Link {
  const id = idIn(event)
  const known = view.alerts.find((one) => one.id === id)
  if (known !== undefined) return known
  const {
    colour,
    hazard,
    owner = null,
    effect,
  } = event.data as Pick<Link, 'colour' | 'hazard'> & {
    readonly owner?: string | null
    readonly effect?: 'act' | 'show'
  }
  const acts = event.type !== 'alert.received' || actsAlone(effect ?? null, colour, message)
  const warns = message.status === 'Actual' && isWarning(message)
  const status = !warns ? 'notice' : supersededBy !== null ? 'replaced' : acts ? 'in-force' : 'shown'
  return { id, chainId, incidentId, message, status, owner, acts, colour, hazard, ...(twin === undefined ? {} : { twin }) }
}

const idIn = (event: Recorded): string => event.stream.slice('alert/'.length)

const noted = (event: Recorded, view: LinkageView, { id, chainId, incidentId, colour, hazard, owner, message }: Link): Reaction => ({
  ...follows(event, view, 'incident', incidentId, 'note'),
  command: {
    type: 'incident.note',
    kind: 'warning',
    text: headline(message),
    organization: owner,
    ...(colour === null ? {} : { colour }),
    ...(hazard === null ? {} : { subject: hazard }),
    data: { alertId: id, chainId },
  },
})

/** A live person who was reached by a call has answered for the organization, in the words that the caller took down. */
function answeredByCall(event: Recorded, view: LinkageView): readonly Reaction[] {
  const { outcome, way, text, by } = event.data as Happened<'obligation.called'>
  const state = view.obligations.get(event.stream.slice('obligation/'.length))
  if (outcome !== 'answered' || text === null || state?.warning?.stage !== 'answer' || event.incidentId === null) return []
  return [
    {
      ...follows(event, view, 'incident', event.incidentId, 'answered'),
      command: {
        type: 'incident.note',
        kind: 'warning-acknowledged',
        text,
        organization: state.debtor,
        sources: [`${way} ${by === null ? '' : (view.relations.find(by)?.name['zh-CN'] ?? '')}`.trim()],
        data: { chainId: state.warning.alertId },
      },
    },
  ]
}

/** What is restricted (CAP 1.2, 3.2.1) is not told in a record that the whole territory reads; that something is owed is. */
const headline = ({ blocks, identifier, scope }: Message): string => {
  if (scope !== 'Public') return '受限预警 Restricted warning'
  const block = blocks.find(({ language }) => language.toLowerCase().startsWith('zh')) ?? blocks[0]
  return block?.headline ?? block?.event ?? identifier
}

type Head<Room> = {
  readonly room: Room
  readonly id: string
  readonly commandId: string
  readonly basis: null
  readonly occurredAt: string
}
const follows = <Room extends string>(event: Recorded, view: LinkageView, room: Room, id: string, what: string): Head<Room> => ({
  room,
  id,
  commandId: view.idFrom(`${what}|${id}|${event.position}`),
  basis: null,
  occurredAt: event.occurredAt,
})

const opened = (event: Recorded, view: LinkageView, { incidentId, message, owner, hazard }: Link, began: Began): Reaction => ({
  ...follows(event, view, 'incident', incidentId, 'report'),
  command: {
    type: 'incident.report',
    title: headline(message).slice(0, 200),
    place: null,
    jurisdiction: commonDivision(began),
    hazard: hazard ?? 'unknown',
    class: null,
    unitInvolved: null,
    text: headline(message),
    zone: 'Asia/Shanghai',
    reportedBy: owner,
    expected: true,
  },
})

/** The smallest territory that holds all that is reached; where nothing is, the issuer's. */
export function commonDivision({ reach, jurisdiction }: Pick<Began, 'reach' | 'jurisdiction'>): string {
  const [first, ...others] = reach.divisions
  if (first === undefined) return jurisdiction
  return divisionPath(first.code).find((code) => others.every((one) => covers(code, one.code))) ?? NATION
}

function supersede(event: Recorded, me: Link, { supersedes }: Made, { ends, endedBy }: Standing, view: LinkageView): readonly Reaction[] {
  const told = (id: string, by: Link): Reaction => ({
    ...follows(event, view, 'alert', id, `supersede|${by.id}`),
    command: { type: 'alert.supersede', by: by.id, how: endsHow(by.message), effect: by.acts ? 'act' : 'show' },
  })
  const earlier = new Set([...supersedes, ...ends.map(({ id }) => id)])
  // It came last, or at the same time, and was still in force when it was put down.
  const late = me.status === 'in-force' || me.status === 'shown' ? endedBy : []
  return [...[...earlier].map((id) => told(id, me)), ...late.map((by) => told(me.id, by))]
}

function joins(event: Recorded, me: Link, into: Link, { ends, endedBy, twins }: Standing, view: LinkageView): readonly Reaction[] {
  const chains = new Set([me, ...ends, ...endedBy, ...twins].map(({ chainId }) => chainId))
  const { chainId, incidentId } = into
  return view.alerts
    .filter((one) => one.chainId !== chainId && chains.has(one.chainId))
    .map(({ id }) => ({ ...follows(event, view, 'alert', id, `join|${chainId}`), command: { type: 'alert.join', chainId, incidentId } }))
}

/** The record says that it is over when nothing of its chain warns any more, in whatever language. */
function over(event: Recorded, view: LinkageView): readonly Reaction[] {
  const { chainId: said } = event.data as { readonly chainId?: string }
  const me = view.alerts.find(({ id }) => id === idIn(event))
  const chainId = me?.chainId ?? said
  // Where it has joined another chain meanwhile, that is said by what follows on the joining.
  if (chainId === undefined || event.incidentId === null || (me !== undefined && me.incidentId !== event.incidentId)) return []
  const rest = lasting(view.alerts).filter((one) => one.chainId === chainId)
  if (rest.length > 0) return stillWarns(event, me, rest, view)
  const hazard = me?.hazard ?? null
  if (event.type === 'alert.expired') return lifted(event, view, { chainId, hazard, owner: null, text: EXPIRED, last: idIn(event) }, null)
  const ender = newest(view.alerts.filter((one) => one.acts && one.chainId === chainId))
  const text = ender === undefined ? ENDED : headline(ender.message)
  return lifted(event, view, { chainId, hazard, owner: ender?.owner ?? null, text, last: ender?.id ?? '' }, null)
}

/** What is left asks for is noted anew where what ended may have asked for more; not after an update, which is noted itself. */
function stillWarns(event: Recorded, me: Link | undefined, rest: readonly Link[], view: LinkageView): readonly Reaction[] {
  const [one] = rest
  const { how } = event.data as { readonly how?: string }
  const several = rest.some((other) => other !== one && (one === undefined || !sameWarning(one, other)))
  return me === undefined || one === undefined || several || how === 'update' || sameWarning(me, one) ? [] : [noted(event, view, one)]
}

const HANDED_ON_MAX = 20
const EXPIRED = '预警到期，未另行解除 Warning expired'
const ENDED = '预警结束 Warning ended'
const JOINED = '与另一预警是同一件事，并入其记录 Same event as another warning, goes on in its record'

/** What the chain that is given up made owed is owed in the other; its folder becomes part of the other's. */
function joined(event: Recorded, view: LinkageView): readonly Reaction[] {
  const { from, incidentId } = event.data as Extract<AlertEvent, { type: 'alert.joined' }>
  const me = view.alerts.find(({ id }) => id === idIn(event))
  const again = me !== undefined && lasting(view.alerts).includes(me) ? [noted(event, view, me)] : []
  if (me === undefined || event.incidentId === null) return again
  const { hazard, owner } = me
  return [...lifted(event, view, { chainId: from.chainId, hazard, owner, text: JOINED, last: incidentId }, incidentId), ...again]
}

type Lifting = {
  readonly chainId: string
  readonly hazard: string | null
  readonly owner: string | null
  readonly text: string
  /** What ended it: that is said once. */
  readonly last: string
}

/** `into`: the folder in which it goes on; null: it is over. */
function lifted(
  event: Recorded,
  view: LinkageView,
  { chainId, hazard, owner, text, last }: Lifting,
  into: string | null,
): readonly Reaction[] {
  const { incident, obligations } = view
  const { incidentId } = event
  if (incident === null || incidentId === null) return []
  const reactions: Reaction[] = []
  let others = false
  for (const { id, state } of obligations.open())
    if (isOfChain(state, chainId, obligations))
      reactions.push({
        ...follows(event, view, 'obligation', id, 'release'),
        command: { type: 'obligation.release', reason: into === null ? 'warning-lifted' : REPLACED },
      })
    else others ||= state.warning !== undefined
  if (incident.closedAt === null && (into === null || reactions.length > 0))
    reactions.unshift({
      ...follows(event, view, 'incident', incidentId, 'lifted'),
      commandId: view.idFrom(`lifted|${incidentId}|${chainId}|${last}`),
      command: {
        type: 'incident.note',
        kind: 'warning-lifted',
        text,
        organization: owner,
        ...(hazard === null ? {} : { subject: hazard }),
        data: { chainId },
      },
    })
  const isFolder = incident.expected === true && incident.closedAt === null && incident.responseLevel === null
  if (!isFolder || others || into === incidentId) return reactions
  // Where nothing warns any more, the other's folder may never have been opened.
  const goes = into !== null && lasting(view.alerts).length > 0
  return [
    ...reactions,
    {
      ...follows(event, view, 'incident', incidentId, 'close'),
      command: goes ? { type: 'incident.merge', into } : { type: 'incident.close', reason: text },
    },
  ]
}

/** What a warning made owed, and what was handed on of that. */
export function isOfChain(state: Obligation, chainId: string, obligations: LinkageView['obligations']): boolean {
  let one: Obligation | undefined = state
  for (let depth = 0; one !== undefined && depth < HANDED_ON_MAX; depth++) {
    if (one.warning !== undefined || one.parentId === undefined) return one.warning?.alertId === chainId
    one = obligations.get(one.parentId)
  }
  return false
}
