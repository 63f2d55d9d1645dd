/** The peer of `append`: pgbench, inserting one row a commit into a table like the log, on the server that Muster uses. */
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import postgres from 'postgres'
import type { Connection } from '#server/embedded.ts'
import { versionOf } from './measure.ts'

const TABLE = `
create schema bench;
create table bench.row (
  position bigint generated always as identity primary key, stream text not null, version integer not null, type text not null, data jsonb not null,
  command_id uuid not null, actor text not null, basis text, incident_id uuid, occurred_at timestamptz not null, recorded_at timestamptz not null
)`
const SCRIPT = `\\set version random(1, 1000000)
insert into bench.row (stream, version, type, data, command_id, actor, basis, incident_id, occurred_at, recorded_at)
values ('obligation/0198c0de-0000-7000-8000-000000000000', :version, 'obligation.accepted', '{"note": null}', '0198c0de-0000-7000-8000-000000000001',
  'post/0198c0de-0000-7000-8000-000000000002/0198c0de-0000-7000-8000-000000000003', null, '0198c0de-0000-7000-8000-000000000004', now(), now());
`
const RUN_MAX_MS = 30_000

export type Pgbench = {
  readonly version: string
  /** Commits a second, connecting left out, of so many clients on two threads. Throws when connecting took all the time. */
  run(clients: number, seconds: number): Promise<number>
  drop(): Promise<void>
}

/** Null when pgbench is not installed. */
export async function preparePgbench(connection: Connection, folder: string): Promise<Pgbench | null> {
  const version = versionOf('pgbench')
  if (version === null) return null
  const file = join(folder, 'pgbench.sql')
  writeFileSync(file, SCRIPT)
  const sql = postgres({ ...connection, max: 1, onnotice: () => undefined })
  await sql.unsafe(TABLE)
  const { host, port, user, password, database } = connection
  const env = { ...process.env, PGHOST: host, PGPORT: String(port), PGUSER: user, PGPASSWORD: password, PGDATABASE: database }
  return {
    version,
    async run(clients, seconds) {
      const args = ['-n', '-M', 'prepared', '-f', file, '-c', String(clients), '-j', String(Math.min(2, clients)), '-T', String(seconds)]
      const { stdout } = await promisify(execFile)('pgbench', args, { env, timeout: RUN_MAX_MS })
      const tps = Number(/^tps = ([\d.]+)/m.exec(stdout)?.[1])
      if (!(tps > 0)) throw new Error(`pgbench said no figure:\n${stdout}`)
      return tps
    },
    async drop() {
      await sql`drop schema bench cascade`
      await sql.end({ timeout: 5 })
    },
  }
}
