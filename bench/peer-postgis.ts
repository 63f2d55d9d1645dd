/** The peer of `target`: PostGIS on a server of its own, when one is installed here. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'

const TRIES_MAX = 100
const BATCH = 100_000
/** Where Debian puts servers; `MUSTER_BENCH_POSTGIS` names another folder of programs. */
const INSTALLED = '/usr/lib/postgresql'
/** PostgreSQL does not run as root; there is this account on every system. */
const NOBODY = 65_534

export type Postgis = {
  readonly version: string
  /** Numbers of the points in a polygon or on its line, and milliseconds until they were here. */
  within(ring: string): Promise<{ readonly numbers: readonly number[]; readonly ms: number }>
  stop(): Promise<void>
}

const programs = (): string | null => {
  const named = process.env.MUSTER_BENCH_POSTGIS
  const versions = existsSync(INSTALLED) ? readdirSync(INSTALLED).toSorted() : []
  const newest = versions.at(-1)
  const folder = named ?? (newest === undefined ? null : join(INSTALLED, newest, 'bin'))
  return folder !== null && existsSync(join(folder, 'initdb')) ? folder : null
}

/** Null where no server with PostGIS is installed. */
export async function startPostgis(folder: string, port: number, lon: Float64Array, lat: Float64Array): Promise<Postgis | null> {
  const bin = programs()
  if (bin === null) return null
  const data = join(folder, 'postgis')
  mkdirSync(data, { mode: 0o700 })
  const root = process.getuid?.() === 0
  if (root) for (const path of [folder, data]) chownSync(path, NOBODY, NOBODY)
  const as = root ? { uid: NOBODY, gid: NOBODY } : {}
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'bench', '-A', 'trust', '-E', 'UTF8', '--locale=C'], { ...as, stdio: 'ignore' })
  const options = [
    '-c',
    `port=${port}`,
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    `unix_socket_directories=${data}`,
    '-c',
    'shared_buffers=512MB',
    '-c',
    'jit=off',
  ]
  const server = spawn(join(bin, 'postgres'), ['-D', data, ...options], { ...as, stdio: 'ignore' })
  const sql = postgres({ host: '127.0.0.1', port, user: 'bench', database: 'postgres', max: 1, onnotice: () => undefined })
  const stop = async (): Promise<void> => {
    await sql.end({ timeout: 5 })
    await ended(server)
  }
  try {
    await ready(sql)
    const [can] = await sql<{ name: string }[]>`select name from pg_available_extensions where name = 'postgis'`
    if (can === undefined) {
      await stop()
      return null
    }
    await sql`create extension postgis`
    const [told] = await sql<{ version: string }[]>`select postgis_full_version() as version`
    await sql`create table point (number integer primary key, place geometry(point, 4326) not null)`
    for (let from = 0; from < lon.length; from += BATCH) {
      const [x, y] = [Array.from(lon.subarray(from, from + BATCH)), Array.from(lat.subarray(from, from + BATCH))]
      await sql`insert into point select ${from}::integer + at::integer - 1, st_setsrid(st_makepoint(x, y), 4326)
        from unnest(${x}::float8[], ${y}::float8[]) with ordinality as given (x, y, at)`
    }
    await sql`create index on point using gist (place)`
    await sql`vacuum analyze point`
    return {
      version: told?.version ?? '',
      async within(ring) {
        const began = performance.now()
        const rows = await sql<{ numbers: number[] | null }[]>`
          select array_agg(number) as numbers from point where st_intersects(place, st_geomfromtext(${ring}, 4326))`
        return { numbers: rows[0]?.numbers ?? [], ms: performance.now() - began }
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function ready(sql: postgres.Sql): Promise<void> {
  for (let i = 1; ; i++)
    try {
      await sql`select 1`
      return
    } catch (error) {
      if (i === TRIES_MAX) throw error
      await sleep(100)
    }
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return
  const end = new Promise((resolve) => server.once('exit', resolve))
  server.kill('SIGINT')
  await end
}
