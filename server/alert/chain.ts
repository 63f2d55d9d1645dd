/** Where a message stands among those that are known: which it names, which named it before it came (CAP 1.2, 3.2.1). */
import type { Alert, Message } from '#core/alert.ts'
import { linkOf, type Link } from '#core/alert/chain.ts'
import type { Sql } from '../database.ts'

/** So many known messages of one identifier, or of one chain, are looked at. */
const LINKED_MAX = 500

export type Known = { readonly id: string; readonly state: Alert; readonly message: Message }
type Row = { readonly id: string; readonly state: Alert }

const known = (rows: readonly Row[]): readonly Known[] =>
  rows.flatMap(({ id, state }) => (state.made === null ? [] : [{ id, state, message: state.made.message }]))

/** All issued messages of a chain, the first sent first. */
export async function chainOf(sql: Sql, chainId: string): Promise<readonly Known[]> {
  const rows = await sql<
    Row[]
  >`select id, state from alert where chain_id = ${chainId} order by sent, issued_at, identifier limit ${LINKED_MAX}`
  return known(rows)
}

/** Those that it names, that name it, and others of its own identifier, whatever came first; not itself. */
export async function linksOf(sql: Sql, { identifier, sender, sent, references }: Message): Promise<readonly Link[]> {
  const identifiers = [...new Set([identifier, ...references.map((one) => one.identifier)])]
  const rows = await sql<Row[]>`
    select id, ${slim(sql)} from alert
    where identifier = any(${identifiers}) or refers_to @> ${[identifier]}::text[] order by sent desc limit ${LINKED_MAX}`
  return links(rows).filter(({ message }) => message.identifier !== identifier || message.sender !== sender || message.sent !== sent)
}

/** Those that may say the same in another language, with all of their chains: so that it is known which of them still warn. */
export async function twinsIn(sql: Sql, { twin }: Pick<Link, 'twin'>): Promise<readonly Link[]> {
  if (twin === undefined) return []
  const chains = await sql<{ id: string }[]>`select distinct chain_id as id from alert where twin = ${twin} limit ${LINKED_MAX}`
  return chains.length === 0
    ? []
    : chainsAll(
        sql,
        chains.map(({ id }) => id),
      )
}

/** A message, all of its chain, and all of the chains that it has to do with, as they are now. */
export async function chainsAround(sql: Sql, id: string): Promise<readonly Link[]> {
  const [me] = links(await sql<Row[]>`select id, ${slim(sql)} from alert where id = ${id}`)
  if (me === undefined) return []
  const near = await Promise.all([linksOf(sql, me.message), twinsIn(sql, me)])
  return chainsAll(sql, [...new Set([me, ...near.flat()].map(({ chainId }) => chainId))])
}

export async function chainsAll(sql: Sql, chainIds: readonly string[]): Promise<readonly Link[]> {
  return links(
    await sql<Row[]>`
    select id, ${slim(sql)} from alert where chain_id = any(${chainIds}::uuid[]) order by sent desc limit ${LINKED_MAX}`,
  )
}

/** What lies under it is many times the rest. */
const slim = (sql: Sql) => sql`state #- '{made,reach}' as state`
const links = (rows: readonly Row[]): readonly Link[] => rows.flatMap(({ id, state }) => linkOf(id, state) ?? [])
