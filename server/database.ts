import postgres, { type Sql, type TransactionSql } from 'postgres'
import { type Config, StartupProblem } from './config.ts'
import { startEmbedded, type Connection } from './embedded.ts'

export type { Sql, TransactionSql }

const VERSION_MIN = 150000

/** A pool whose every connection sees one schema; `role` reads under row-level security; `durable: false` does not wait for the disk. */
export type PoolOptions = { readonly max: number; readonly role?: string; readonly durable?: boolean }

/** How to reach PostgreSQL, whichever it is: the embedded one or that of `DATABASE_URL`. */
export type Database = {
  readonly pool: (schema: string, options: PoolOptions) => Sql
  readonly stop: () => Promise<void>
}

/** Starts or reaches the database and makes sure that it can serve. Refusals are StartupProblems with the mend. */
export async function openDatabase(config: Pick<Config, 'databaseUrl' | 'varDir'>, say: (line: string) => void): Promise<Database> {
  if (config.databaseUrl !== undefined) return reach(config.databaseUrl, null, async () => {})
  const embedded = await startEmbedded({ varDir: config.varDir, say })
  return reach(null, embedded.connection, () => embedded.stop())
}

async function reach(url: string | null, connection: Connection | null, stop: () => Promise<void>): Promise<Database> {
  const pool = (schema: string, { max, role, durable = true }: PoolOptions): Sql => {
    const options: postgres.Options<Record<string, never>> = {
      max,
      idle_timeout: 60,
      connect_timeout: 10,
      onnotice: () => {},
      target_session_attrs: 'primary',
      connection: {
        application_name: 'muster',
        search_path: schema,
        timezone: 'UTC',
        ...(role === undefined ? {} : { role }),
        ...(durable ? {} : { synchronous_commit: 'off' }),
      },
    }
    return url !== null ? postgres(url, options) : postgres({ ...options, ...connection })
  }
  const sql = pool('public', { max: 1 })
  try {
    await prepare(sql)
  } catch (error) {
    await stop()
    throw error instanceof StartupProblem ? error : unreachable(error)
  } finally {
    await sql.end({ timeout: 5 })
  }
  return { pool, stop }
}

function unreachable(error: unknown): StartupProblem {
  const why = error instanceof Error ? error.message : String(error)
  return new StartupProblem(
    'database-unreachable',
    `PostgreSQL does not answer: ${why}`,
    'check DATABASE_URL (postgres://user:password@host:5432/database) and that the server runs',
  )
}

async function prepare(sql: Sql): Promise<void> {
  const [server] = await sql<
    { version: number; encoding: string }[]
  >`select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding`
  if (!server || server.version < VERSION_MIN)
    throw new StartupProblem(
      'database-too-old',
      `PostgreSQL ${server?.version ?? '?'} is older than 15`,
      'point DATABASE_URL to PostgreSQL 15 or newer',
    )
  if (server.encoding !== 'UTF8')
    throw new StartupProblem(
      'database-encoding',
      `the database is ${server.encoding}, not UTF8`,
      'create it with: createdb --encoding=UTF8 --template=template0 muster',
    )
  await readerRole(sql)
}

/** The role that reads under row-level security. A server shared with others may not let us create it. */
async function readerRole(sql: Sql): Promise<void> {
  try {
    // Two databases of one server may start at once; whoever is second finds the role made.
    await sql`do $$ begin create role muster_reader nologin; exception when duplicate_object or unique_violation then null; end $$`
    const [granted] = await sql<{ has: boolean }[]>`select pg_has_role(current_user, 'muster_reader', 'member') as has`
    if (granted?.has !== true) await sql`grant muster_reader to current_user`
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new StartupProblem(
      'database-role',
      `the role muster_reader is missing and cannot be created: ${why}`,
      'as an administrator: create role muster_reader nologin; grant muster_reader to <user of DATABASE_URL>;',
    )
  }
}
