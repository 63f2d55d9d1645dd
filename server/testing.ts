/** What the server's tests and benches share: a real PostgreSQL, and worlds of their own in it. */
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Doer } from '#core/authority.ts'
import { systemActor } from '#core/event.ts'
import { projectRoot } from './config.ts'
import { systemClock, type Clock } from './clock.ts'
import { openDatabase, type Database } from './database.ts'
import { schemaOf, World } from './world.ts'

export const SETUP: Doer = { actor: systemActor('setup'), powers: [] }

/** The embedded server under var/test, shared by test files that run beside each other; or that of TEST_DATABASE_URL. */
export const testDatabase = (): Promise<Database> =>
  openDatabase({ databaseUrl: process.env.TEST_DATABASE_URL, varDir: join(projectRoot, 'var', 'test') }, () => {})

export async function testWorld(
  database: Database,
  {
    clock = systemClock,
    keepTime = false,
    name = randomUUID(),
    shared = false,
  }: { clock?: Clock; keepTime?: boolean; name?: string; shared?: boolean } = {},
): Promise<World> {
  return World.open({
    database,
    key: generateKeyPairSync('ed25519').privateKey,
    node: 'muster.test',
    name,
    clock,
    keepTime,
    shared,
    onError: (error) => {
      throw error
    },
  })
}

export async function dropWorld(database: Database, name: string): Promise<void> {
  const sql = database.pool('public', { max: 1 })
  await sql`drop schema if exists ${sql(schemaOf(name))} cascade`
  await sql.end({ timeout: 5 })
}
