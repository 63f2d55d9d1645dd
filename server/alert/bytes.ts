/** The bytes of every message as sent or received, by their SHA-256: the log names them, this is where they are. Never altered, never deleted. */
import { hash } from 'node:crypto'
import type { Sql, TransactionSql } from '../database.ts'

export const sha256Of = (bytes: Uint8Array): string => hash('sha256', bytes, 'hex')

/** Twice the same is kept once. They are seen by nobody before a warning names them. */
export async function keepBytes(sql: Sql, bytes: Uint8Array, at: string): Promise<string> {
  const sha256 = sha256Of(bytes)
  await sql`insert into alert_message (sha256, bytes, received_at) values (${sha256}, ${Buffer.from(bytes)}, ${at}) on conflict (sha256) do nothing`
  return sha256
}

export async function readBytes(sql: Sql | TransactionSql, sha256: string): Promise<Buffer | null> {
  const [row] = await sql<{ bytes: Buffer }[]>`select bytes from alert_message where sha256 = ${sha256}`
  return row?.bytes ?? null
}
