/** A running Muster: database, worlds, sessions, pages; started in order, stopped in reverse. */
import { mkdirSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import { makeApp, type AppParts } from './app.ts'
import { alertIdentity } from './cap/identity.ts'
import { systemClock } from './clock.ts'
import { StartupProblem, type Config } from './config.ts'
import { openDatabase, type Database, type Sql } from './database.ts'
import { Exercises } from './exercises.ts'
import { CHANNEL, PROCESS } from './handle.ts'
import { readFeedConfig } from './feed/config.ts'
import { FeedOffice } from './feed/office.ts'
import { receiving } from './feed/receive.ts'
import { watchSilence } from './feed/silence.ts'
import { readIntakeConfig } from './intake/config.ts'
import { IntakeOffice } from './intake/office.ts'
import { migrate } from './migrate.ts'
import { readNoticeConfig } from './notice/config.ts'
import { NoticeOffice } from './notice/office.ts'
import { noticeKeys } from './notice/secrets.ts'
import { nodeIdentity } from './seal.ts'
import { Sessions } from './session.ts'
import { loadDemonstration } from './setup.ts'
import { readStationConfig } from './station/config.ts'
import { StationOffice } from './station/office.ts'
import { schemaOf, type World } from './world.ts'
import { Worlds } from './worlds.ts'

export const NODE_SCHEMA = 'node'

export type Running = {
  readonly address: string
  readonly app: FastifyInstance
  readonly worlds: Worlds
  readonly node: Sql
  stop(): Promise<void>
}
export type StartOptions = { readonly say: (line: string) => void; readonly perMinute?: AppParts['perMinute'] }

export async function startNode(config: Config, { say, perMinute }: StartOptions): Promise<Running> {
  const onError = (error: unknown): void => say(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  mkdirSync(config.varDir, { recursive: true })
  const database = await openDatabase(config, say)
  const stops: (() => Promise<unknown>)[] = [() => database.stop()]
  try {
    const { node, worlds } = await openWorlds(database, config, onError, stops)
    if (config.mode === 'demonstration') await demonstrate(worlds, say)
    const sessions = new Sessions({ node, world: worlds.real, config, clock: systemClock })
    stops.push(async () => sessions.close())
    const exercises = new Exercises({ node, worlds, clock: systemClock, onError })
    stops.push(() => exercises.close())
    const offices = await openOffices(worlds.real, { database, node, config, onError }, stops)
    const app = await makeApp({
      config,
      clock: systemClock,
      worlds,
      sessions,
      exercises,
      ...offices,
      ...(perMinute === undefined ? {} : { perMinute }),
    })
    stops.push(() => app.close())
    const address = await listen(app, config)
    return { address, app, worlds, node, stop: () => stopAll(stops) }
  } catch (error) {
    await stopAll(stops)
    throw error
  }
}

type OfficeParts = {
  readonly database: Database
  readonly node: Sql
  readonly config: Config
  readonly onError: (error: unknown) => void
}
type Offices = Required<Pick<AppParts, 'notices' | 'intake' | 'stations' | 'feeds'>>

/** What deals with the world outside: people who are told, reports that come in, stations and feeds that are listened to. */
async function openOffices(real: World, parts: OfficeParts, stops: (() => Promise<unknown>)[]): Promise<Offices> {
  const { database, node, config, onError } = parts
  const { origin, varDir } = config
  const shared = { world: real, database, onError, clock: systemClock, node, origin }
  const letters = readNoticeConfig(origin)
  const intake = new IntakeOffice({ ...shared, config: readIntakeConfig(), smtp: letters.smtp })
  const notices = new NoticeOffice({ ...shared, config: letters, keys: noticeKeys(varDir), elsewhere: intake.takesMessages })
  const stations = new StationOffice({ ...shared, config: readStationConfig() })
  const feeds = new FeedOffice({
    ...shared,
    schema: real.schema,
    receive: receiving(real),
    watch: (sources) => watchSilence(real, sources),
    ...readFeedConfig(),
  })
  for (const office of [intake, notices, stations, feeds]) {
    stops.push(() => office.stop())
    await office.start()
  }
  return { notices, intake, stations, feeds }
}

async function openWorlds(
  database: Database,
  config: Config,
  onError: (error: unknown) => void,
  stops: (() => Promise<unknown>)[],
): Promise<{ node: Sql; worlds: Worlds }> {
  await migrate(database, NODE_SCHEMA, 'node')
  const node = database.pool(NODE_SCHEMA, { max: 4 })
  stops.push(() => node.end({ timeout: 5 }))
  const identity = nodeIdentity(config)
  const alertKey = alertIdentity({ varDir: config.varDir, node: identity.node, now: systemClock.now() })
  const worlds = await Worlds.open({ database, ...identity, alertKey, onError })
  stops.push(() => worlds.close())
  // What another process commits (a command line, a second server) wakes the followers of this one.
  const listening = await node.listen(CHANNEL, (payload) => {
    const [schema, process, rooms = ''] = payload.split(' ')
    if (process !== PROCESS && schema === schemaOf('real')) worlds.real.wakened(rooms.split(','))
  })
  stops.push(() => listening.unlisten())
  return { node, worlds }
}

/** Into an empty log only: what people did since is never mixed with it again. */
async function demonstrate({ real }: Worlds, say: (line: string) => void): Promise<void> {
  const [row] = await real.sql<{ done: boolean }[]>`select exists (select from follower where name = 'demonstration') as done`
  if (row?.done === true) return
  const [{ begun, used } = { begun: false, used: false }] = await real.sql<{ begun: boolean; used: boolean }[]>`
    select exists (select from follower where name = 'demonstration-begun') as begun, exists (select from event) as used`
  if (used && !begun) return say('the log holds work of its own: the demonstration is not loaded into it')
  await real.sql`insert into follower (name, position) values ('demonstration-begun', 0) on conflict (name) do nothing`
  if (used) say('the demonstration is completed where an earlier start was cut off')
  else say('loading the demonstration jurisdiction (天津市滨海新区) …')
  await loadDemonstration(real)
  await real.sql`insert into follower (name, position) values ('demonstration', 0) on conflict (name) do nothing`
}

async function listen(app: FastifyInstance, { host, port }: Config): Promise<string> {
  try {
    return await app.listen({ host, port })
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === 'EADDRINUSE')
      throw new StartupProblem(
        'port-taken',
        `port ${port} on ${host} is taken by another program (perhaps a Muster that already runs)`,
        `PORT=${port + 1} npm start`,
      )
    if (code === 'EACCES') throw new StartupProblem('port-forbidden', `port ${port} may not be opened by this user`, 'PORT=8080 npm start')
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new StartupProblem('host-unknown', `${host} is no address of this machine`, 'HOST=127.0.0.1 npm start')
    throw error
  }
}

/** In reverse order; one that fails does not keep the others from stopping. */
async function stopAll(stops: (() => Promise<unknown>)[]): Promise<void> {
  for (const stop of stops.splice(0).toReversed())
    await stop().catch((error: unknown) => process.stderr.write(`while stopping: ${String(error)}\n`))
}
