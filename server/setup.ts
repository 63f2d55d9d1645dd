/** Fills a world through the same commands as anybody's: divisions, organizations, posts, instruments, and what a demonstration shows. */
import { join } from 'node:path'
import { Refusal, type RefusalParams } from '#core/decider.ts'
import type { Doer } from '#core/authority.ts'
import { systemActor } from '#core/event.ts'
import { Uuid } from '#core/id.ts'
import type { Instrument } from '#core/instrument.ts'
import { durationMs, fromMs } from '#core/time.ts'
import { idFrom } from './clock.ts'
import { StartupProblem } from './config.ts'
import { divisionPackage } from './division.ts'
import type { Request } from './handle.ts'
import { CommandsFile, DEMONSTRATION, DirectoryFile, OWN_PACK, readFileAs, readInstrumentFiles, type Loaded } from './pack.ts'
import { loadReadings, thresholdsToAdopt } from './station/demonstration.ts'
import { KEEPINGS, type World } from './world.ts'

const SETUP: Doer = { actor: systemActor('setup'), powers: [] }

class SetupRefused extends Error {
  constructor(what: string, code: string, params: RefusalParams) {
    super(`${what}: ${code} ${JSON.stringify(params)}`)
  }
}

type SetupCommand = {
  readonly room: string
  readonly id: string
  readonly body: unknown
  /** What makes it the same command when it is given again; left out, the body. */
  readonly said?: unknown
  readonly doer?: Doer
  readonly occurredAt?: string
}

/** One command of the set-up: parsed like anybody's, done once however often the set-up runs. */
export async function command(world: World, { room, id, body, said = body, doer = SETUP, occurredAt }: SetupCommand): Promise<void> {
  const parsed = KEEPINGS.get(room)?.parse(body)
  if (!parsed?.success)
    throw new SetupRefused(`${room}/${id}`, 'request.malformed', {
      path: parsed?.error.issues[0]?.path.map(String).join('.') ?? '',
      problem: parsed?.error.issues[0]?.message ?? 'no such room',
    })
  const request: Request = {
    room,
    id,
    command: parsed.data,
    commandId: idFrom(`setup|${world.name}|${room}|${id}|${JSON.stringify(said)}`),
    doer,
    ...(occurredAt === undefined ? {} : { occurredAt }),
  }
  const outcome = await world.handle(request)
  if (outcome instanceof Refusal) throw new SetupRefused(`${room}/${id}`, outcome.code, outcome.params)
}

export async function importDivisions(world: World, wanted: (code: string) => boolean = () => true): Promise<void> {
  const { source, divisions } = divisionPackage()
  const byProvince = Map.groupBy(
    divisions.filter((one) => wanted(one.code)),
    (one) => one.code.slice(0, 2),
  )
  await Promise.all(
    [...byProvince].map(([province, all]) =>
      command(world, { room: 'division', id: `${province}0000`, body: { type: 'division.import', source, divisions: all } }),
    ),
  )
}

export async function adopt(world: World, instruments: readonly Instrument[]): Promise<void> {
  await Promise.all(
    instruments.map((instrument) =>
      command(world, { room: 'instrument', id: instrument.id, body: { type: 'instrument.adopt', instrument } }),
    ),
  )
}

/** Thresholds of the pack, each for the territory that it is made for. */
async function adoptThresholds(world: World): Promise<void> {
  for (const set of thresholdsToAdopt())
    await command(world, {
      room: 'threshold',
      id: idFrom(`demonstration|threshold|${set.id}`),
      body: { type: 'station.adopt-thresholds', set, jurisdiction: set.jurisdiction, basis: set.source['zh-CN'] },
    })
}

export const organizationId = (key: string): string => idFrom(`demonstration|organization|${key}`)
export const postId = (key: string): string => idFrom(`demonstration|post|${key}`)
const thingId = (world: World, room: string, name: string): string => idFrom(`demonstration|${world.name}|${room}|${name}`)

function take<T>(loaded: Loaded<T>): T {
  if (loaded.ok) return loaded.value
  const [first] = loaded.problems
  throw new StartupProblem(
    'pack-malformed',
    `${first?.file}:${first?.line}:${first?.column} ${first?.path}: ${first?.problem}`,
    'mend the file, or: git checkout packs',
  )
}

async function registerAll(world: World, file: DirectoryFile): Promise<void> {
  await Promise.all(
    file.organizations.map(({ key, posts: _, superior, ...profile }) =>
      command(world, {
        room: 'organization',
        id: organizationId(key),
        body: { type: 'organization.register', ...profile, superior: superior === null ? null : organizationId(superior), verified: true },
      }),
    ),
  )
  const posts = file.organizations.flatMap((one) => one.posts.map((post) => ({ ...post, owner: one.key })))
  await Promise.all(
    posts.map(({ key, owner, title, powers }) =>
      command(world, {
        room: 'post',
        id: postId(key),
        body: { type: 'post.create', organizationId: organizationId(owner), title, powers },
      }),
    ),
  )
}

/**
 * The demonstration jurisdiction, into an empty log: the division codes, the directory, the pack's instruments, and
 * some running incidents, each command given by the post that would give it.
 */
export async function loadDemonstration(world: World): Promise<void> {
  const directory = take(readFileAs(join(DEMONSTRATION, 'directory.yaml'), DirectoryFile))
  const commands = take(readFileAs(join(DEMONSTRATION, 'incidents.yaml'), CommandsFile))
  const instruments = take(readInstrumentFiles(OWN_PACK)).map((one) => one.instrument)
  await importDivisions(world)
  await registerAll(world, directory)
  await adopt(world, instruments)
  await adoptThresholds(world)
  const doers = new Map(
    directory.organizations.flatMap((one) =>
      one.posts.map((post): readonly [string, Doer] => [
        post.key,
        { actor: { kind: 'post', postId: postId(post.key), organizationId: organizationId(one.key) }, powers: post.powers },
      ]),
    ),
  )
  const loadedAt = world.clock.now()
  for (const { as, ago, room, thing, command: body } of commands.commands) {
    const doer = doers.get(as)
    if (!doer)
      throw new StartupProblem('pack-malformed', `incidents.yaml: no post ${as} in directory.yaml`, 'mend the file, or: git checkout packs')
    await command(world, {
      room,
      id: room === 'post' ? postId(thing) : thingId(world, room, thing),
      body: withIds(world, body),
      // Its times count from the loading, and it is the same command whenever that is.
      ...(room === 'obligation' || JSON.stringify(body).includes('"~') ? { said: body } : {}),
      doer,
      occurredAt: fromMs(loadedAt - durationMs(ago)),
    })
    await world.settled() // so that a fact finds the obligation that it discharges
  }
  await loadReadings(world, SETUP)
}

const MARK = /^(?:@(?<key>[a-z0-9-]+)|#(?<room>[a-z]+)\/(?<name>[a-z0-9-]+)|~(?<time>-?P.+))$/

/** Names in the file become ids: `@key` an organization, `#room/name` a thing of the file, `~PT2H` a time after the loading, `~-PT2H` before it. */
function marked(world: World, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => marked(world, one))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, marked(world, inner)]))
  const mark = typeof value === 'string' ? MARK.exec(value)?.groups : undefined
  if (mark?.key !== undefined) return organizationId(mark.key)
  if (mark?.room === 'post') return postId(mark.name ?? '')
  if (mark?.room !== undefined) return thingId(world, mark.room, mark.name ?? '')
  return mark?.time === undefined ? value : later(world, mark.time)
}

/** `PT2H`: so long after the loading; `-PT41M`: before it. */
function later(world: World, within: unknown): unknown {
  const found = typeof within === 'string' ? /^(?<before>-?)(?<length>P.+)$/.exec(within)?.groups : undefined
  const ms = durationMs(found?.length ?? 'PT0S')
  return found === undefined ? within : fromMs(world.clock.now() + (found.before === '-' ? -ms : ms))
}

/** The marks, and the members that name an organization or an incident without one. */
function withIds(world: World, said: Readonly<Record<string, unknown>>): unknown {
  const body = marked(world, said) as Readonly<Record<string, unknown>>
  const isName = (value: unknown): value is string => typeof value === 'string' && !Uuid.safeParse(value).success
  const one = (key: unknown): unknown => (isName(key) ? organizationId(key) : key)
  const many = (keys: unknown): unknown => (Array.isArray(keys) ? keys.map(one) : keys)
  const aim = (name: unknown): unknown => (isName(name) ? thingId(world, 'objective', name) : name)
  /** An organization by itself, or one that sits in a body or leads a function of it. */
  const seat = (member: unknown): unknown => {
    if (typeof member !== 'object' || member === null) return one(member)
    if ('organization' in member) return { ...member, organization: one(member.organization) }
    return 'lead' in member ? { ...member, lead: one(member.lead) } : member
  }
  const year = fromMs(world.clock.now()).slice(0, 4)
  const change: Readonly<Record<string, (value: unknown) => unknown>> = {
    unitInvolved: one,
    lead: one,
    organization: one,
    to: (value) => (Array.isArray(value) ? value : one(value)),
    from: one,
    debtor: one,
    creditor: one,
    of: many,
    dueAt: (within) => later(world, within),
    answerBy: (within) => later(world, within),
    form: (said) => (typeof said === 'object' && said !== null && 'time' in said ? { ...said, time: later(world, said.time) } : said),
    members: (list) => (Array.isArray(list) ? list.map(seat) : list),
    functions: (list) => (Array.isArray(list) ? list.map((entry) => (typeof entry === 'string' ? entry : seat(entry))) : list),
    target: many,
    owner: one,
    parent: aim,
    dependsOn: (names) => (Array.isArray(names) ? names.map(aim) : names),
    /** `present`: the year of the loading. */
    year: (value) => (value === 'present' ? Number(year) : value),
    schedule: (days) => (days === null ? days : (JSON.parse(JSON.stringify(days).replaceAll('present', year)) as unknown)),
    incidentId: (name) => (isName(name) ? thingId(world, 'incident', name) : name),
    into: (name) => (isName(name) ? thingId(world, 'incident', name) : name),
    positions: (list) =>
      Array.isArray(list)
        ? list.map((position: Readonly<Record<string, unknown>>) => ({ ...position, organization: one(position.organization) }))
        : list,
  }
  return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, change[key]?.(value) ?? value]))
}
