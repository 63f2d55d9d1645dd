/** Secrets that are good once and not for long: a passkey's challenge, the choice of a post. */
import { randomBytes } from 'node:crypto'
import { keep } from './limit.ts'

const TICKETS_MAX = 10_000
const BYTES = 32

export class Tickets<Value> {
  readonly #lifeMs: number
  readonly #tickets = new Map<string, { readonly value: Value; readonly until: number }>()

  constructor(lifeMs: number) {
    this.#lifeMs = lifeMs
  }

  /** 32 random bytes, base64url; where there are too many, the oldest is forgotten. */
  put(value: Value, now: number): string {
    const ticket = randomBytes(BYTES).toString('base64url')
    keep(this.#tickets, ticket, { value, until: now + this.#lifeMs }, TICKETS_MAX)
    return ticket
  }

  /** What it stood for; whoever asks again, or too late, hears null. */
  take(ticket: string, now: number): Value | null {
    const found = this.#tickets.get(ticket)
    this.#tickets.delete(ticket)
    return found !== undefined && now < found.until ? found.value : null
  }
}
