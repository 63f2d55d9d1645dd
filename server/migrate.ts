import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot, StartupProblem } from './config.ts'
import type { Database } from './database.ts'

type Migration = { readonly name: string; readonly text: string; readonly digest: string }

const NAME = /^\d{4}-[a-z-]+\.sql$/

/** The numbered files of one kind, in order. They go forward only and are never edited once landed. */
export function migrationsOf(kind: 'world' | 'node'): readonly Migration[] {
  const folder = join(projectRoot, 'migrations', kind)
  const names = readdirSync(folder)
    .filter((name) => NAME.test(name))
    .toSorted()
  return names.map((name) => {
    const text = readFileSync(join(folder, name), 'utf8')
    return { name, text, digest: createHash('sha256').update(text).digest('hex') }
  })
}

/**
 * Brings a schema to this version in one transaction: all of it or nothing. Two servers that start at once wait for
 * each other. Data made by a newer Muster, or by an edited migration, are refused untouched.
 */
export async function migrate(database: Database, schema: string, kind: 'world' | 'node'): Promise<void> {
  const sql = database.pool(schema, { max: 1 })
  try {
    await sql.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(hashtextextended(${`muster migrate ${schema}`}, 0))`
      await tx`create schema if not exists ${tx(schema)}`
      await tx`create table if not exists migration (name text primary key, digest text not null, applied_at timestamptz not null default now())`
      const done = new Map(
        (await tx<{ name: string; digest: string }[]>`select name, digest from migration`).map((row) => [row.name, row.digest]),
      )
      const known = migrationsOf(kind)
      refuseForeign(schema, done, known)
      for (const { name, text, digest } of known) {
        if (done.has(name)) continue
        await tx.unsafe(text)
        await tx`insert into migration (name, digest) values (${name}, ${digest})`
      }
    })
  } finally {
    await sql.end({ timeout: 5 })
  }
}

function refuseForeign(schema: string, done: ReadonlyMap<string, string>, known: readonly Migration[]): void {
  for (const [name, digest] of done) {
    const ours = known.find((one) => one.name === name)
    if (!ours)
      throw new StartupProblem(
        'data-newer',
        `the data (${schema}) were made by a newer Muster: it has the migration ${name}`,
        'run the newer Muster, or restore a backup made by this version',
      )
    if (ours.digest !== digest)
      throw new StartupProblem(
        'migration-edited',
        `migration ${name} (${schema}) was changed after it had been applied`,
        `git checkout migrations: a landed migration is never edited; add a new one`,
      )
  }
}
