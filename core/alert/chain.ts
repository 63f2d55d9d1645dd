/**
 * Where a warning stands among those that it names and that name it: what it ends, what ends it, and which chain goes on when it
 * joins two. Reckoned from the messages that are known, so that the order of their arrival does not matter (CAP 1.2, 3.2.1).
 */
import { isWarning, type Alert, type Message } from '../alert.ts'
import { ReferenceIndex } from '../cap/chain.ts'
import type { Colour } from '../level.ts'
import { areTwins, languagesOf } from './twin.ts'

export type Link = {
  readonly id: string
  readonly chainId: string
  readonly incidentId: string
  readonly message: Message
  readonly status: Alert['status']
  readonly owner: string | null
  /** Our own, adopted, or of a source that is answered for; else it is only shown. */
  readonly acts: boolean
  readonly colour: Colour | null
  readonly hazard: string | null
  /** What it says in no language; left out: nothing can say the same in another. */
  readonly twin?: string
}

/** Null: it has not been issued. */
export function linkOf(id: string, state: Alert): Link | null {
  const { made, status, owner, effect, approver, colour, hazard } = state
  if (made === null) return null
  const { message, chainId, incidentId, twin } = made
  const acts = owner !== null || approver !== null || actsAlone(effect, colour, message)
  return {
    id,
    chainId,
    incidentId: state.incidentId ?? incidentId,
    message,
    status,
    owner,
    acts,
    colour,
    hazard,
    ...(twin === undefined ? {} : { twin }),
  }
}

/** A warning without a colour waits for somebody to read one in it; what ends a warning needs none. */
export const actsAlone = (effect: 'act' | 'show' | null, colour: Colour | null, message: Message): boolean =>
  effect === 'act' && (colour !== null || !isWarning(message))

/** It warns people here: what it makes owed stands as long as one such message of its chain does. */
export const isInForce = ({ status, acts, message }: Link): boolean => status === 'in-force' && acts && message.scope !== 'Private'

export type Standing = {
  /** What it ends, the first sent first; whether or not that is over already. */
  readonly ends: readonly Link[]
  /** What ends it, the first sent first. */
  readonly endedBy: readonly Link[]
  /** The same warning in other languages, whether or not that is over. */
  readonly twins: readonly Link[]
  /** The first of these that still warns. */
  readonly beside: Link | null
}

export function standing(me: Link, known: readonly Link[]): Standing {
  const others = known.filter(({ id }) => id !== me.id)
  const named = namedBy([me, ...others])
  const ending = (by: Link, what: Link): boolean => mayEnd(by, what) && named(by).has(what.id)
  const twins = others.filter((one) => sameWarning(me, one)).toSorted(bySent)
  const still = twins.length === 0 ? [] : lasting(others)
  return {
    ends: others.filter((one) => ending(me, one)).toSorted(bySent),
    endedBy: others.filter((one) => ending(one, me)).toSorted(bySent),
    twins,
    beside: twins.find((one) => still.includes(one)) ?? null,
  }
}

/** What is only shown is nobody's twin: it may not come from whom it says. */
export const sameWarning = (a: Link, b: Link): boolean => a.acts && b.acts && areTwins(spoken(a), spoken(b))
const spoken = (link: Link) => ({ ...link, languages: languagesOf(link.message) })

/** The messages in force that say what this one says, itself first: it, and its twins in its chain. */
export const saying = (me: Link, known: readonly Link[]): readonly Link[] => [
  me,
  ...standing(me, known).twins.filter((one) => one.chainId === me.chainId && isInForce(one)),
]

/** Those in force that nothing known ends. */
export function lasting(known: readonly Link[]): readonly Link[] {
  const named = namedBy(known)
  return known.filter((one) => isInForce(one) && !known.some((by) => mayEnd(by, one) && named(by).has(one.id)))
}

/** What stays is the chain of what warns now, so that nobody is asked anew; where nothing does, the oldest. */
export const goesOn = (me: Link, place: Standing): Link => {
  const { ends, endedBy, twins } = place
  const warns = endedBy.find(isInForce) ?? place.beside ?? (endedBy.length === 0 && isInForce(me) ? me : undefined)
  return warns ?? oldest([me, ...ends, ...endedBy, ...twins]) ?? me
}

/** Where one that comes belongs; the record of its twin only while that warns. Undefined: to nothing that it names or that names it. */
export const belongsTo = ({ ends, endedBy, beside }: Standing): Link | undefined =>
  endedBy.find(isInForce) ?? beside ?? oldest([...ends, ...endedBy])

export const oldest = (links: readonly Link[]): Link | undefined => links.toSorted(bySent)[0]
export const newest = (links: readonly Link[]): Link | undefined => links.toSorted(bySent).at(-1)

/** By exact triple, then sender and identifier, then identifier alone. */
function namedBy(known: readonly Link[]): (by: Link) => ReadonlySet<string> {
  const index = new ReferenceIndex(known.map(({ id, message }) => ({ key: id, identity: { ...message, malformed: 0 } })))
  const found = new Map<string, ReadonlySet<string>>()
  return ({ id, message }) => {
    const before = found.get(id) ?? new Set(message.references.flatMap((one) => index.resolve(one).keys))
    found.set(id, before)
    return before
  }
}

/**
 * Our own warnings are ended by ourselves alone; those of another sender by whatever acts here, its own sender's by itself. What is
 * only shown ends nothing that acts. Actual and other messages do not touch, and nothing ends what was sent after it, nor its like.
 */
const mayEnd = (by: Link, what: Link): boolean =>
  by.id !== what.id &&
  (by.message.msgType === 'Update' || by.message.msgType === 'Cancel') &&
  by.message.sent >= what.message.sent &&
  (by.message.sent > what.message.sent || by.message.identifier !== what.message.identifier) &&
  (by.message.status === 'Actual') === (what.message.status === 'Actual') &&
  (what.owner === null || by.owner !== null) &&
  (by.acts || (!what.acts && by.message.sender === what.message.sender))

const bySent = (a: Link, b: Link): number =>
  order(a.message.sent, b.message.sent) || order(a.message.identifier, b.message.identifier) || order(a.id, b.id)
const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
