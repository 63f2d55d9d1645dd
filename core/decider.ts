import type { Actor, Stamp } from './event.ts'

/** What a command brings besides its words: who asks, when we heard, when it happened in the world. */
export type By = { readonly actor: Actor; readonly at: string; readonly occurredAt: string; readonly commandId: string }

/** A decider is the whole law of one kind of thing: what it is, what may happen to it, what follows. */
export type Decider<State, Command, Event> = {
  readonly initial: State
  /** Given the state, either the events that follow from the command, or the reason there are none. */
  readonly decide: (state: State, command: Command, by: By) => readonly Event[] | Refusal
  readonly evolve: (state: State, event: Event, stamp: Stamp) => State
}

export type RefusalParams = Readonly<Record<string, string | number | boolean | null>>

/** An expected "no". Its code is stable, its words are in web/locales, and it is never built from prose. */
export class Refusal {
  readonly code: string
  readonly params: RefusalParams
  constructor(code: string, params: RefusalParams = {}) {
    this.code = code
    this.params = params
  }
}

export const refuse = (code: string, params?: RefusalParams): Refusal => new Refusal(code, params)

/** The way out of a `switch` that must be total: the compiler refuses a case that was forgotten. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`)
}
