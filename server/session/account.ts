/** Accounts as the command line keeps them. Which posts an account may fill is said by the directory: the holders of a post are names of accounts. */
import { refuse, type Refusal } from '#core/decider.ts'
import type { Sql } from '../database.ts'
import { hashPassword, refusePassword } from './password.ts'

export type AccountEntry = {
  readonly name: string
  readonly createdAt: string
  readonly disabledAt: string | null
  readonly hasPassword: boolean
  readonly passkeys: number
  /** Sessions that have not ended. */
  readonly sessions: number
}

const ACCOUNTS_MAX = 10_000
/** Letters of any script, digits, and `. _ - @`; no blanks at the ends, so that two names that look alike are not two accounts. */
const NAME = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}._@ -]{0,98}[\p{L}\p{M}\p{N}])?$/u

/** One spelling for a name however it was typed. */
export const accountName = (name: string): string => name.normalize('NFC').trim()

/**
 * Makes an account; `at` is an instant. Without a password it cannot sign in until one is set.
 * Refuses: account.name-malformed, account.already-exists, account.password-too-short, account.password-too-long.
 */
export async function addAccount(node: Sql, name: string, password: string | null, at: string): Promise<Refusal | null> {
  const known = accountName(name)
  if (!NAME.test(known)) return refuse('account.name-malformed', { name: known })
  const weak = password === null ? null : refusePassword(password)
  if (weak) return weak
  const hash = password === null ? null : await hashPassword(password)
  const made =
    await node`insert into account (name, password_hash, created_at, disabled_at) values (${known}, ${hash}, ${at}, null) on conflict (name) do nothing returning name`
  return made.length === 1 ? null : refuse('account.already-exists', { name: known })
}

/** Sets another password and ends every session of the account. Refuses: account.unknown, account.password-too-short, account.password-too-long. */
export async function setPassword(node: Sql, name: string, password: string, at: string): Promise<Refusal | null> {
  const weak = refusePassword(password)
  if (weak) return weak
  const hash = await hashPassword(password)
  return change(node, name, at, (known) => node`update account set password_hash = ${hash} where name = ${known} returning name`)
}

/** The account can sign in no more, and its sessions end; a running server notices within ten seconds. Refuses: account.unknown. */
export const disableAccount = (node: Sql, name: string, at: string): Promise<Refusal | null> =>
  change(
    node,
    name,
    at,
    (known) => node`update account set disabled_at = coalesce(disabled_at, ${at}) where name = ${known} returning name`,
  )

/** Refuses: account.unknown. */
export const enableAccount = (node: Sql, name: string, at: string): Promise<Refusal | null> =>
  change(node, name, at, (known) => node`update account set disabled_at = null where name = ${known} returning name`)

async function change(
  node: Sql,
  name: string,
  at: string,
  update: (known: string) => PromiseLike<readonly unknown[]>,
): Promise<Refusal | null> {
  const known = accountName(name)
  const changed = await update(known)
  if (changed.length === 0) return refuse('account.unknown', { name: known })
  await node`update session set revoked_at = ${at} where account = ${known} and revoked_at is null`
  return null
}

type Row = Omit<AccountEntry, 'createdAt' | 'disabledAt'> & { readonly createdAt: Date; readonly disabledAt: Date | null }

/** By name. `at` says which sessions still live. */
export async function listAccounts(node: Sql, at: string): Promise<readonly AccountEntry[]> {
  const rows = await node<Row[]>`
    select name, created_at as "createdAt", disabled_at as "disabledAt", password_hash is not null as "hasPassword",
           (select count(*)::int from passkey where passkey.account = account.name) as passkeys,
           (select count(*)::int from session where session.account = account.name and revoked_at is null and expires_at > ${at}) as sessions
    from account order by name limit ${ACCOUNTS_MAX}`
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString(), disabledAt: row.disabledAt?.toISOString() ?? null }))
}
