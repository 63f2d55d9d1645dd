import type { Clause } from '../instrument.ts'
import { binds } from '../instrument.ts'
import { isSettled, type Obligation } from '../obligation.ts'

export type Owed = { readonly id: string; readonly state: Obligation }
type ClauseOf = (basis: NonNullable<Obligation['basis']>) => Clause | null

/**
 * The obligations of one incident, found by id, by what may still discharge them, by the instrument they rest on, and
 * by the group or chain they belong to: an event costs as much as what it concerns, not as much as all that is owed.
 */
export class Obligations implements Iterable<Owed> {
  readonly #byId = new Map<string, Obligation>()
  /** Not yet settled ones by the events that their clauses take as evidence. */
  readonly #waiting = new Map<string, Set<string>>()
  /** Not yet looked up: their clause may be of a version that is still to be read. */
  readonly #unread = new Set<string>()
  readonly #open = new Set<string>()
  /** One for each instrument and version: a new reading of the instruments has forgotten the older versions. */
  readonly #bases = new Map<string, NonNullable<Obligation['basis']>>()
  readonly #members = new Map<string, Set<string>>()

  constructor(all: Iterable<Owed> = []) {
    for (const { id, state } of all) this.put(id, state)
  }

  put(id: string, state: Obligation): void {
    const before = this.#byId.get(id)
    this.#byId.set(id, state)
    if (state.basis !== null) this.#bases.set(`${state.basis.instrumentId}@${state.basis.version}`, state.basis)
    if (isSettled(state)) this.#open.delete(id)
    else this.#open.add(id)
    if (state.basis !== null && !isSettled(state) && (before === undefined || isSettled(before))) this.#unread.add(id)
    if (before !== undefined) return
    for (const key of [state.group?.id, state.parentId]) if (key !== undefined) addTo(this.#members, key, id)
  }

  get(id: string): Obligation | undefined {
    return this.#byId.get(id)
  }

  has(id: string): boolean {
    return this.#byId.has(id)
  }

  get size(): number {
    return this.#byId.size
  }

  *[Symbol.iterator](): Iterator<Owed> {
    for (const [id, state] of this.#byId) yield { id, state }
  }

  *open(): Iterable<Owed> {
    yield* this.#all(this.#open)
  }

  /** Those of a group, or handed on from one obligation. */
  *membersOf(key: string): Iterable<Owed> {
    yield* this.#all(this.#members.get(key) ?? [])
  }

  /** What the clauses must be known of before `waitingFor` is asked. */
  bases(): Iterable<NonNullable<Obligation['basis']>> {
    return this.#bases.values()
  }

  /** Those not yet settled that an event of this type may discharge. */
  *waitingFor(eventType: string, clause: ClauseOf): Iterable<Owed> {
    for (const id of this.#unread) {
      const basis = this.#byId.get(id)?.basis ?? null
      const found = basis === null ? null : clause(basis)
      if (found !== null && binds(found)) for (const { event } of found.evidence) addTo(this.#waiting, event, id)
    }
    this.#unread.clear()
    const waiting = this.#waiting.get(eventType)
    if (waiting === undefined) return
    for (const id of waiting) {
      const state = this.#byId.get(id)
      // What is settled is put in again if it is opened again, so that the list stays as short as what is open.
      if (state !== undefined && !isSettled(state)) yield { id, state }
      else waiting.delete(id)
    }
  }

  *#all(ids: Iterable<string>): Iterable<Owed> {
    for (const id of ids) {
      const state = this.#byId.get(id)
      if (state !== undefined) yield { id, state }
    }
  }
}

function addTo(sets: Map<string, Set<string>>, key: string, id: string): void {
  const known = sets.get(key)
  if (known) known.add(id)
  else sets.set(key, new Set([id]))
}
