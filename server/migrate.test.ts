import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { openGround, reported, whole, type Ground } from '../fixtures/server/scene.ts'
import { StartupProblem } from './config.ts'
import type { Sql } from './database.ts'
import { migrate, migrationsOf } from './migrate.ts'

let ground: Ground
let sql: Sql
const made: string[] = []
before(async () => {
  ground = await openGround()
  sql = ground.database.pool('public', { max: 1 })
})
after(async () => {
  for (const schema of made) await sql.unsafe(`drop schema if exists ${schema} cascade`)
  await sql.end({ timeout: 5 })
  await ground.leave()
})

function fresh(): string {
  const schema = `migrate_test_${randomUUID().replaceAll('-', '')}`
  made.push(schema)
  return schema
}
const appliedTo = (schema: string) => sql.unsafe(`select name, digest, applied_at from ${schema}.migration order by name`)
const tablesOf = async (schema: string): Promise<readonly string[]> =>
  (await sql`select table_name as name from information_schema.tables where table_schema = ${schema} order by 1`).map((row) =>
    String(row.name),
  )
const problemOf = (work: Promise<unknown>): Promise<StartupProblem> =>
  work.then(
    () => assert.fail('it was not refused'),
    (error) => (error instanceof StartupProblem ? error : Promise.reject(error)),
  )

for (const kind of ['world', 'node'] as const)
  describe(`a schema of kind ${kind}`, () => {
    test('is made whole, and brought to the same version twice is left alone', async () => {
      const schema = fresh()
      await migrate(ground.database, schema, kind)
      const [before, tables] = [await appliedTo(schema), await tablesOf(schema)]
      assert.deepEqual(
        before.map((row) => row.name),
        migrationsOf(kind).map((one) => one.name),
      )
      await migrate(ground.database, schema, kind)
      assert.deepEqual([await appliedTo(schema), await tablesOf(schema)], [before, tables])
    })

    test('made by two servers at once is made once', async () => {
      const schema = fresh()
      await Promise.all([1, 2, 3].map(() => migrate(ground.database, schema, kind)))
      assert.equal((await appliedTo(schema)).length, migrationsOf(kind).length)
    })

    test('of an older version is brought forward with its data, as whole as a new one', async () => {
      const [old, young] = [fresh(), fresh()]
      await migrate(ground.database, young, kind)
      const [first = assert.fail()] = migrationsOf(kind)
      await sql.begin(async (tx) => {
        await tx.unsafe(
          `create schema ${old}; set local search_path to ${old}; create table migration (name text primary key, digest text not null, applied_at timestamptz not null default now()); ${first.text}`,
        )
        await tx`insert into migration (name, digest) values (${first.name}, ${first.digest})`
      })
      await migrate(ground.database, old, kind)
      assert.deepEqual(await tablesOf(old), await tablesOf(young))
      assert.deepEqual(
        (await appliedTo(old)).map((row) => row.name),
        migrationsOf(kind).map((one) => one.name),
      )
    })

    test('whose migration was edited after it was applied is refused, and untouched', async () => {
      const schema = fresh()
      await migrate(ground.database, schema, kind)
      await sql.unsafe(`update ${schema}.migration set digest = 'edited' where name like '0001%'`)
      const problem = await problemOf(migrate(ground.database, schema, kind))
      assert.equal(problem.code, 'migration-edited')
      assert.match(problem.message, /0001/)
      assert.ok(problem.mend.length > 0)
    })

    test('of a newer Muster is refused with what to do, and untouched', async () => {
      const schema = fresh()
      await migrate(ground.database, schema, kind)
      await sql.unsafe(`insert into ${schema}.migration (name, digest) values ('9999-of-the-future.sql', 'x')`)
      const before = await appliedTo(schema)
      const problem = await problemOf(migrate(ground.database, schema, kind))
      assert.equal(problem.code, 'data-newer')
      assert.match(problem.message, /9999-of-the-future\.sql/)
      assert.ok(problem.mend.length > 0)
      assert.deepEqual(await appliedTo(schema), before)
    })
  })

test('a newer world is not opened, and an older server cannot write to it', async () => {
  const world = await ground.open()
  await reported(world)
  const events = await whole(world)
  await ground.shut(world)
  await sql.unsafe(`insert into ${world.schema}.migration (name, digest) values ('9999-of-the-future.sql', 'x')`)
  assert.equal((await problemOf(ground.open({ name: world.name }))).code, 'data-newer')
  assert.equal((await sql.unsafe(`select 1 from ${world.schema}.event`)).length, events.length)
})
