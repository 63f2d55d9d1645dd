/**
 * Which message replaces, ends or repeats which, and what is in force at an instant: reckoned from the set of messages, so that
 * the order of their arrival does not matter (CAP 1.2, 3.2.1: msgType, references).
 */
import { capMs, type Alert, type Info, type Reference } from '../cap.ts'
import type { Identity } from './check.ts'

/** One message of a set. `key` is the caller's own, unique in the set. */
export type Linked = { readonly key: string; readonly identity: Identity }
export type Resolution = {
  readonly reference: Reference
  /** What was found; empty when the set does not have it. More than one: the same message came more than once. */
  readonly keys: readonly string[]
  /** By what it was found: all three, then sender and identifier, then the identifier alone. */
  readonly by: 'triple' | 'sender' | 'identifier' | null
}

const instantOf = (time: string): string => String(capMs(time) ?? time)
const joined = (...parts: readonly string[]): string => parts.join('\u0000')

/** Finds messages by what references say of them. Build it once for a set, then ask for each reference. */
export class ReferenceIndex {
  readonly #triples = new Map<string, string[]>()
  readonly #pairs = new Map<string, string[]>()
  readonly #identifiers = new Map<string, string[]>()

  constructor(messages: Iterable<Linked>) {
    for (const { key, identity } of messages) {
      if (identity.identifier === '') continue
      add(this.#triples, joined(identity.sender, identity.identifier, instantOf(identity.sent)), key)
      add(this.#pairs, joined(identity.sender, identity.identifier), key)
      add(this.#identifiers, identity.identifier, key)
    }
  }

  resolve(reference: Reference): Resolution {
    const { sender, identifier, sent } = reference
    const ways = [
      ['triple', this.#triples.get(joined(sender, identifier, instantOf(sent)))],
      ['sender', this.#pairs.get(joined(sender, identifier))],
      ['identifier', this.#identifiers.get(identifier)],
    ] as const
    for (const [by, keys] of ways) if (keys !== undefined) return { reference, keys, by }
    return { reference, keys: [], by: null }
  }

  /** All with the identifier, whoever sent them. */
  named(identifier: string): readonly string[] {
    return this.#identifiers.get(identifier) ?? []
  }
}

function add(map: Map<string, string[]>, at: string, key: string): void {
  const before = map.get(at)
  if (before === undefined) map.set(at, [key])
  else before.push(key)
}

/** Sets of messages that belong together: by references, and by the same identifier. Each set in the order of sending, sets of one left in. */
export function chainsOf(messages: readonly Linked[]): readonly (readonly Linked[])[] {
  const index = new ReferenceIndex(messages)
  const parent = new Map<string, string>(messages.map(({ key }) => [key, key]))
  const top = (key: string): string => {
    let one = key
    for (let up = parent.get(one) ?? one; up !== one; up = parent.get(one) ?? one) {
      parent.set(one, parent.get(up) ?? up)
      one = up
    }
    return one
  }
  const join = (key: string, keys: readonly string[]): void => {
    for (const other of keys) parent.set(top(key), top(other))
  }
  for (const { key, identity } of messages) {
    join(key, index.named(identity.identifier))
    for (const reference of identity.references) join(key, index.resolve(reference).keys)
  }
  const sets = Map.groupBy(messages, ({ key }) => top(key))
  return [...sets.values()].map((set) => set.toSorted(inOrder))
}

/** By the time of sending, then by identifier, so that every order of arrival gives the same. */
const inOrder = (a: Linked, b: Linked): number =>
  (capMs(a.identity.sent) ?? 0) - (capMs(b.identity.sent) ?? 0) ||
  order(a.identity.identifier, b.identity.identifier) ||
  order(a.key, b.key)
const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

export type BlockState = 'pending' | 'in-force' | 'all-clear' | 'past'
/**
 * `replaced` by an update, `cancelled` by a cancel and by no update, `ended`: every block that still counts says AllClear,
 * `past`: every block is, `answer`: Ack and Error, `notice`: a cancel, or a message without a block that says anything.
 */
export type AlertState = 'pending' | 'in-force' | 'ended' | 'past' | 'replaced' | 'cancelled' | 'notice' | 'answer'
export type ChainState = {
  readonly state: AlertState
  /** Of each block, in order. */
  readonly blocks: readonly BlockState[]
  /** By which messages it was replaced or cancelled. */
  readonly by: readonly string[]
  /** Another sender than its own replaced or cancelled it: CAP allows it, and whoever relies on it should look. */
  readonly foreign: boolean
  readonly resolutions: readonly Resolution[]
}

export type Message = Linked & { readonly alert: Alert | null }

/** The state of one block at an instant (milliseconds). A block without `expires` stays until the message is replaced or cancelled. */
export function blockState(info: Info, sent: string, at: number): BlockState {
  const [from, until] = [capMs(info.onset) ?? capMs(info.effective) ?? capMs(sent), capMs(info.expires)]
  if (until !== null && at >= until) return 'past'
  if (info.responseTypes.includes('AllClear')) return 'all-clear'
  return from !== null && at < from ? 'pending' : 'in-force'
}

/** The state of every message of a set at an instant (milliseconds), by key. What was sent after that instant has no effect yet and is pending. */
export function statesAt(messages: readonly Message[], at: number): ReadonlyMap<string, ChainState> {
  const sent = ({ identity }: Message): boolean => (capMs(identity.sent) ?? Number.NEGATIVE_INFINITY) <= at
  const known = messages.filter(sent)
  const index = new ReferenceIndex(messages)
  const byKey = new Map(messages.map((message) => [message.key, message]))
  const struck = new Map<string, { readonly by: string; readonly how: 'replaced' | 'cancelled'; readonly foreign: boolean }[]>()
  for (const message of known) {
    const how = message.identity.msgType === 'Update' ? 'replaced' : message.identity.msgType === 'Cancel' ? 'cancelled' : null
    if (how === null) continue
    for (const key of new Set(message.identity.references.flatMap((reference) => index.resolve(reference).keys))) {
      const other = byKey.get(key)
      if (other === undefined || !strikes(message, other)) continue
      const strokes = struck.get(key) ?? []
      struck.set(key, [...strokes, { by: message.key, how, foreign: other.identity.sender !== message.identity.sender }])
    }
  }
  return new Map(
    messages.map((message): readonly [string, ChainState] => {
      const strokes = struck.get(message.key) ?? []
      const early = !sent(message)
      const blocks = message.alert?.infos.map((info) => (early ? 'pending' : blockState(info, message.identity.sent, at))) ?? []
      return [
        message.key,
        {
          state: early
            ? 'pending'
            : stateOf(
                message,
                strokes.map(({ how }) => how),
                blocks,
              ),
          blocks,
          by: strokes.map(({ by }) => by).toSorted(),
          foreign: strokes.some(({ foreign }) => foreign),
          resolutions: message.identity.references.map((reference) => index.resolve(reference)),
        },
      ]
    }),
  )
}

/** A message cannot replace itself, a copy of itself, or what was sent after it. An Exercise or a Test never strikes what is Actual. */
function strikes(message: Message, other: Message): boolean {
  const [mine, theirs] = [capMs(message.identity.sent), capMs(other.identity.sent)]
  if (message.key === other.key || (message.identity.identifier === other.identity.identifier && mine === theirs)) return false
  if (mine !== null && theirs !== null && theirs > mine) return false
  return message.alert === null || other.alert === null || message.alert.status === other.alert.status
}

function stateOf({ identity, alert }: Message, strokes: readonly ('replaced' | 'cancelled')[], blocks: readonly BlockState[]): AlertState {
  // An Update takes the place of what it names; a Cancel of the whole chain ends what none had taken the place of.
  if (strokes.includes('replaced')) return 'replaced'
  if (strokes.length > 0) return 'cancelled'
  if (identity.msgType === 'Ack' || identity.msgType === 'Error') return 'answer'
  if (identity.msgType === 'Cancel' || alert === null || blocks.length === 0) return 'notice'
  if (blocks.includes('in-force')) return 'in-force'
  if (blocks.includes('pending')) return 'pending'
  return blocks.includes('all-clear') ? 'ended' : 'past'
}
