import type { Clause } from '../instrument.ts'
import { binds } from '../instrument.ts'
import { isSettled, type Obligation } from '../obligation.ts'

export type Owed = { readonly id: string; readonly state: Obligation }
type ClauseOf = (basis: NonNullable<Obligation['basis']>) => Clause | null
/** What happened: the event, what kind of fact it notes, and who did it with everyone whom it does it for. */
type Happening = { readonly event: string; readonly kind: string | null; readonly doers: readonly string[] }

const ANY = '*'
const keyOf = (event: string, kind: string, doer: string): string => `${event}|${kind}|${doer}`

/**
 * The obligations of one incident, found by id, by what may still discharge them, by the instrument they rest on, and
 * by the group or chain they belong to: an event costs as much as what it concerns, not as much as all that is owed.
 */
export class Obligations implements Iterable<Owed> {
  readonly #byId = new Map<string, Obligation>()
  /** Not yet settled ones by what their clauses take as evidence: the event, its kind, and the debtor where nobody else's doing counts. */
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

  /** Those not yet settled that this may discharge, each once: what ten thousand others wait for is not looked at. */
  *waitingFor({ event, kind, doers }: Happening, clause: ClauseOf): Iterable<Owed> {
    for (const id of this.#unread) this.#read(id, clause)
    this.#unread.clear()
    const seen = new Set<string>()
    for (const sort of kind === null ? [ANY] : [ANY, kind])
      for (const doer of [ANY, ...doers])
        for (const one of this.#still(keyOf(event, sort, doer)))
          if (!seen.has(one.id)) {
            seen.add(one.id)
            yield one
          }
  }

  #read(id: string, clause: ClauseOf): void {
    const state = this.#byId.get(id)
    const found = state?.basis === undefined || state.basis === null ? null : clause(state.basis)
    if (state === undefined || found === null || !binds(found)) return
    for (const { event, kinds, by } of found.evidence)
      for (const kind of kinds ?? [ANY]) addTo(this.#waiting, keyOf(event, kind, by === undefined ? state.debtor : ANY), id)
  }

  *#still(key: string): Iterable<Owed> {
    const waiting = this.#waiting.get(key)
    if (waiting === undefined) return
    for (const id of waiting) {
      const state = this.#byId.get(id)
      // What is settled is put in again if it is opened again, so that the list stays as short as what is open.
      if (state !== undefined && !isSettled(state)) yield { id, state }
      else waiting.delete(id)
    }
    if (waiting.size === 0) this.#waiting.delete(key)
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
