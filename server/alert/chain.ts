/** Where a message stands among those that are known: which it names, which named it before it came (CAP 1.2, 3.2.1). */
import type { Alert, Message } from '#core/alert.ts'
import { ReferenceIndex, type Linked } from '#core/cap/chain.ts'
import type { Sql } from '../database.ts'

/** So many known messages of one identifier, or of one chain, are looked at. */
const LINKED_MAX = 500

export type Known = { readonly id: string; readonly chainId: string; readonly state: Alert; readonly message: Message }
type Row = { readonly id: string; readonly state: Alert }

const known = (rows: readonly Row[]): readonly Known[] =>
  rows.flatMap(({ id, state }) => (state.made === null ? [] : [{ id, chainId: state.made.chainId, state, message: state.made.message }]))

/** All issued messages of a chain, the first sent first. */
export async function chainOf(sql: Sql, chainId: string): Promise<readonly Known[]> {
  const rows = await sql<
    Row[]
  >`select id, state from alert where chain_id = ${chainId} order by sent, issued_at, identifier limit ${LINKED_MAX}`
  return known(rows)
}

export type Links = {
  /** What it names, and others of its own identifier. */
  readonly earlier: readonly Known[]
  /** What names it and came first. */
  readonly later: readonly Known[]
}

/** Finds them by exact triple, then sender and identifier, then identifier alone, whatever came first. */
export async function linksOf(sql: Sql, { identifier, sender, sent, references }: Message): Promise<Links> {
  const identifiers = [...new Set([identifier, ...references.map((one) => one.identifier)])]
  const rows = known(
    await sql<Row[]>`
      select id, state from alert where identifier = any(${identifiers}) or refers_to @> ${[identifier]}::text[] order by sent desc limit ${LINKED_MAX}`,
  )
  const others = rows.filter(({ message }) => message.identifier !== identifier || message.sender !== sender || message.sent !== sent)
  const byId = new Map(others.map((one) => [one.id, one]))
  const index = new ReferenceIndex(others.map(linked))
  const named = new Set(references.flatMap((reference) => index.resolve(reference).keys))
  for (const key of index.named(identifier)) named.add(key)
  const own = new ReferenceIndex([
    ...others.map(linked),
    { key: '', identity: { identifier, sender, sent, msgType: '', references, malformed: 0 } },
  ])
  const later = others.filter(({ message }) => message.references.some((reference) => own.resolve(reference).keys.includes('')))
  return { earlier: [...named].flatMap((id) => byId.get(id) ?? []), later }
}

const linked = ({ id, message }: Known): Linked => ({
  key: id,
  identity: { ...message, malformed: 0 },
})
