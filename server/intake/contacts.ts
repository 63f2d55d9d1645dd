/**
 * How to call reporters back. Personal data is used for the emergency alone and destroyed after it (Emergency Response Law
 * art. 85), so it is kept beside the log, each entry under a key of its own; that key is sealed with one that the database
 * does not hold. What is destroyed is gone from every later backup, and nothing in the log says what it was.
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import { readCode } from '#core/intake.ts'
import type { Sql } from '../database.ts'
import { fromMs } from '#core/time.ts'

type Secret = (purpose: string) => Buffer

const NONCE_BYTES = 12
const TAG_BYTES = 16
/** What was written for a command that was then refused is swept away after a day. */
const ORPHAN_AFTER_MS = 86_400_000
const SWEEP_MAX = 5000

function seal(key: Buffer, plain: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed])
}

/** Null where it was sealed with another key. */
function unseal(key: Buffer, sealed: Buffer): Buffer | null {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES))
    decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()])
  } catch {
    return null
  }
}

const ownKey = (secret: Secret): Buffer => secret('intake contact')

/** A keyed hash: with the database alone nobody can try codes. Null for what is no code. */
export function codeHash(secret: Secret, code: string): string | null {
  const plain = readCode(code)
  return plain === null ? null : createHmac('sha256', secret('intake code')).update(plain).digest('hex')
}

/** It does not wait for the disk: the report that needs it is committed after it, and a disk that has the one has the other. */
export async function keepContact(
  sql: Sql,
  secret: Secret,
  { id, reportId, words, at }: { readonly id: string; readonly reportId: string; readonly words: string; readonly at: number },
): Promise<void> {
  const key = randomBytes(32)
  await sql`
    with unhurried as materialized (select set_config('synchronous_commit', 'off', true))
    insert into intake_contact (id, report_id, sealed, key, made_at)
    select ${id}::uuid, ${reportId}::uuid, ${seal(key, Buffer.from(words))}::bytea, ${seal(ownKey(secret), key)}::bytea, ${fromMs(at)}::timestamptz
    from unhurried on conflict (id) do nothing`
}

/** The words, or null where they were destroyed or cannot be read with this node's key. */
export async function readContact(sql: Sql, secret: Secret, id: string): Promise<string | null> {
  const [row] = await sql<{ sealed: Buffer; key: Buffer }[]>`select sealed, key from intake_contact where id = ${id}`
  const key = row === undefined ? null : unseal(ownKey(secret), row.key)
  return row === undefined || key === null ? null : (unseal(key, row.sealed)?.toString() ?? null)
}

export async function destroyContact(sql: Sql, id: string): Promise<void> {
  await sql`delete from intake_contact where id = ${id}`
}

/** Contacts that no report refers to: of commands that were refused, or of reports that have forgotten them. */
export async function sweepContacts(sql: Sql, now: number): Promise<void> {
  await sql`
    delete from intake_contact
    where id in (select c.id from intake_contact c
                 where c.made_at < ${fromMs(now - ORPHAN_AFTER_MS)} and not exists (select from intake i where i.contact_id = c.id)
                 order by c.made_at limit ${SWEEP_MAX})`
}
