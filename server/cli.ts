/** The command line. Exit 0: fine; 1: findings; 2: wrong use; 3: could not be set up or started. */
import { createReadStream, createWriteStream, existsSync, readFileSync } from 'node:fs'
import { once } from 'node:events'
import { parseArgs, type ParseArgsConfig } from 'node:util'
import { parseVerifierKey } from '#core/checkpoint.ts'
import { Refusal } from '#core/decider.ts'
import { Uuid } from '#core/id.ts'
import { DivisionCode } from '#core/place.ts'
import { fromMs, InstantText, PlainDate, toMs } from '#core/time.ts'
import { systemClock } from './clock.ts'
import { readConfig, StartupProblem, type Config } from './config.ts'
import type { Database } from './database.ts'
import { HELP } from './help.ts'
import type { World } from './world.ts'

// What a command needs is loaded when it runs: a linter that first loads a server is a slow linter.

class Usage extends Error {}

const out = (text: string): void => void process.stdout.write(`${text}\n`)
const note = (text: string): void => void process.stderr.write(`${text}\n`)
const json = (value: unknown): void => out(JSON.stringify(value, null, 2))

type Options = NonNullable<ParseArgsConfig['options']>
type Parsed = {
  readonly files: readonly string[]
  readonly values: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>
}

function parse(args: readonly string[], options: Options, [least, most]: readonly [number, number]): Parsed {
  try {
    const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
    if (positionals.length < least || positionals.length > most)
      throw new Usage(
        least === most ? `${least} argument(s) expected, ${positionals.length} given` : `${positionals.length} arguments given`,
      )
    return { files: positionals, values }
  } catch (error) {
    throw error instanceof Usage ? error : new Usage((error as Error).message)
  }
}

const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  async start(args) {
    parse(args, {}, [0, 0])
    const config = readConfig()
    const asked = stopSignal() // before the database starts: a Ctrl-C while it does leaves nothing behind
    const { startNode } = await import('./node.ts')
    const node = await startNode(config, { say: note })
    greet(config, node.address)
    await asked
    note('stopping …')
    await node.stop()
    note('stopped; nothing was lost.')
    return 0
  },

  async replay(args) {
    const { files, values } = parse(
      args,
      {
        speed: { type: 'string', default: 'max' },
        pack: { type: 'string', multiple: true },
        json: { type: 'boolean' },
        keep: { type: 'boolean' },
      },
      [1, 1],
    )
    const speed = values.speed === 'max' ? 'max' : Number(values.speed)
    if (speed !== 'max' && !(speed > 0 && speed <= 1e9)) throw new Usage(`--speed is max or a number above 0, not ${String(values.speed)}`)
    const { replay } = await import('./replay.ts')
    return withDatabase((database, config) =>
      replay({
        database,
        config,
        file: files[0] ?? '',
        packs: (values.pack ?? null) as readonly string[] | null,
        speed,
        keep: values.keep === true,
        json: values.json === true,
        out,
        note,
      }),
    )
  },

  async lint(args) {
    const { files, values } = parse(args, { json: { type: 'boolean' }, on: { type: 'string' }, format: { type: 'string' } }, [1, 500])
    const { on = fromMs(systemClock.now()).slice(0, 10), format = values.json === true ? 'json' : 'words' } = values
    const day = PlainDate.safeParse(on)
    if (!day.success) throw new Usage(`--on is a day such as 2026-11-22, not ${String(on)}`)
    if (format !== 'words' && format !== 'unix' && format !== 'json')
      throw new Usage(`--format is words, unix or json, not ${String(format)}`)
    const { lintCommand } = await import('./lint/command.ts')
    return lintCommand({ paths: files, on: day.data, format, out })
  },

  async matrix(args) {
    const text = { type: 'string' } as const
    const { files, values } = parse(args, { hazard: text, area: text, on: text, against: text, format: text, lang: text }, [0, 500])
    const { on = fromMs(systemClock.now()).slice(0, 10), format = 'text', lang = 'zh-CN' } = values
    const day = (name: string, value: unknown): string => {
      const found = PlainDate.safeParse(value)
      if (!found.success) throw new Usage(`--${name} is a day such as 2026-11-22, not ${String(value)}`)
      return found.data
    }
    const area = values.area === undefined ? null : DivisionCode.safeParse(values.area)
    if (area !== null && !area.success) throw new Usage(`--area is a division code such as 120116, not ${String(values.area)}`)
    if (format !== 'text' && format !== 'csv' && format !== 'json') throw new Usage(`--format is text, csv or json, not ${String(format)}`)
    if (lang !== 'zh-CN' && lang !== 'en') throw new Usage(`--lang is zh-CN or en, not ${String(lang)}`)
    const [{ matrixCommand }, { OWN_PACK }] = await Promise.all([import('./matrix/command.ts'), import('./pack.ts')])
    return matrixCommand({
      paths: files.length === 0 ? OWN_PACK : files,
      on: day('on', on),
      against: values.against === undefined ? null : day('against', values.against),
      area: area === null ? null : area.data,
      hazard: values.hazard === undefined ? null : String(values.hazard),
      format,
      lang,
      out,
      note,
    })
  },

  async cap(args) {
    const text = { type: 'string' } as const
    const { files, values } = parse(args, { json: { type: 'boolean' }, at: text, trust: text, profile: text }, [1, 100_000])
    const { at = fromMs(systemClock.now()) } = values
    const instant = InstantText.safeParse(at)
    if (!instant.success) throw new Usage(`--at is an instant such as 2026-11-22T08:00:00+08:00, not ${String(at)}`)
    const trust = values.trust === undefined ? null : String(values.trust)
    if (trust !== null && !existsSync(trust)) throw new Usage(`--trust: there is no file ${trust}`)
    const [{ capCommand }, { alertPacks }] = await Promise.all([import('./cap/command.ts'), import('./alert/packs.ts')])
    const profiles = values.profile === undefined ? [] : alertPacks().profiles
    const profile = profiles.find((one) => one.id === values.profile) ?? null
    if (values.profile !== undefined && profile === null)
      throw new Usage(`--profile is one of ${profiles.map((one) => one.id).join(', ')}, not ${String(values.profile)}`)
    return capCommand({ files, at: toMs(instant.data), trust, profile, json: values.json === true, out })
  },

  async readings(args) {
    const { files, values } = parse(args, { thresholds: { type: 'string', multiple: true }, json: { type: 'boolean' } }, [1, 1])
    const { readingsCommand } = await import('./station/command.ts')
    return readingsCommand({
      file: files[0] ?? '',
      thresholds: (values.thresholds ?? []) as readonly string[],
      json: values.json === true,
      out,
      note,
    })
  },

  async export(args) {
    const { values } = parse(
      args,
      { incident: { type: 'string' }, world: { type: 'string', default: 'real' }, output: { type: 'string', short: 'o' } },
      [0, 0],
    )
    const incident = values.incident === undefined ? null : Uuid.safeParse(values.incident)
    if (incident !== null && !incident.success) throw new Usage(`--incident is an incident's id, not ${String(values.incident)}`)
    const { exportWorld } = await import('./export.ts')
    return withWorld(String(values.world), async (world) => {
      const target = typeof values.output === 'string' ? createWriteStream(values.output) : process.stdout
      let lines = 0
      for await (const line of exportWorld(world, incident === null ? null : incident.data)) {
        if (!target.write(`${line}\n`)) await once(target, 'drain')
        lines++
      }
      if (target !== process.stdout) await new Promise<void>((done) => target.end(done))
      note(`${Math.max(0, lines - 2)} events exported`)
      return 0
    })
  },

  async verify(args) {
    const { files, values } = parse(args, { key: { type: 'string' }, json: { type: 'boolean' } }, [1, 1])
    const { readLines, sha256, verifyExport } = await import('./verify.ts')
    const key = typeof values.key === 'string' ? values.key : undefined
    if (key !== undefined && parseVerifierKey(key, sha256) instanceof Refusal)
      throw new Usage('--key is not a verifier key (name+id+base64)')
    const [file = ''] = files
    const result = await verifyExport(readLines(createReadStream(file)), key === undefined ? {} : { key })
    if (values.json === true) json({ schema: 'muster/verify/1', ...result })
    else {
      out(
        `${file}: ${result.ok ? 'verified 核验通过' : 'NOT verified 核验不通过'} · ${result.events} events · ${result.origin ?? 'no origin'}`,
      )
      for (const one of result.findings) out(`  line ${one.line}: ${one.code} ${JSON.stringify(one.params)}`)
      if (result.ok && !result.pinned)
        out(`  The key in the file was believed. Compare it with the one that the node published, or give --key:\n  ${result.vkey ?? ''}`)
    }
    return result.ok ? 0 : 1
  },

  async rebuild(args) {
    const { values } = parse(args, { json: { type: 'boolean' }, world: { type: 'string', default: 'real' } }, [0, 0])
    const [{ rebuild }, { KEEPINGS }] = await Promise.all([import('./rebuild.ts'), import('./world.ts')])
    return withWorld(String(values.world), async (world) => {
      const started = performance.now()
      const done = await rebuild(world.sql, world.schema, KEEPINGS)
      const seconds = (performance.now() - started) / 1000
      if (values.json === true) json({ schema: 'muster/rebuild/1', ...done, seconds })
      else out(`${done.events} events of ${done.streams} streams folded in ${seconds.toFixed(2)} s`)
      return 0
    })
  },

  async bench(args) {
    const { files, values } = parse(args, { json: { type: 'boolean' } }, [1, 1])
    const { runBench } = await import('../bench/bench.ts')
    return runBench(files[0] ?? '', { json: values.json === true })
  },

  async alert(args) {
    const { files, values } = parse(args, { source: { type: 'string' } }, [2, 10_000])
    const [what, ...paths] = files
    if (what !== 'receive') throw new Usage(`alert ${what}: only "alert receive FILE… --source NAME" is known`)
    if (typeof values.source !== 'string') throw new Usage('--source is missing: whose warnings these are')
    const source = values.source
    const [{ migrate }, { NODE_SCHEMA }, { FeedReader }, { receiving }, { Sources }, { receiveCommand }] = await Promise.all([
      import('./migrate.ts'),
      import('./node.ts'),
      import('./feed/poll.ts'),
      import('./feed/receive.ts'),
      import('./feed/source.ts'),
      import('./feed/command.ts'),
    ])
    return withWorld('real', async (world, database, { origin }) => {
      await migrate(database, NODE_SCHEMA, 'node')
      const node = database.pool(NODE_SCHEMA, { max: 1 })
      const sources = new Sources(node, systemClock)
      const reader = new FeedReader({ sources, clock: systemClock, receive: receiving(world), allowPrivate: false, origin })
      const code = await receiveCommand({ files: paths, source, sources, reader, out })
      await world.settled()
      await node.end({ timeout: 5 })
      return code
    })
  },

  async account(args) {
    const { files } = parse(args, {}, [2, 2])
    const [what, name = ''] = files
    if (what !== 'add') throw new Usage(`account ${what}: only "account add NAME" is known`)
    const password = readFileSync(0, 'utf8').replace(/\r?\n$/, '')
    const [{ migrate }, { NODE_SCHEMA }, { addAccount }] = await Promise.all([
      import('./migrate.ts'),
      import('./node.ts'),
      import('./session.ts'),
    ])
    return withDatabase(async (database) => {
      await migrate(database, NODE_SCHEMA, 'node')
      const node = database.pool(NODE_SCHEMA, { max: 1 })
      const outcome = await addAccount(node, name, password, new Date(systemClock.now()).toISOString())
      await node.end({ timeout: 5 })
      if (!(outcome instanceof Refusal)) out(`account ${name} made. A keeper of the directory now gives it a post.`)
      else note(`refused: ${outcome.code} ${JSON.stringify(outcome.params)}`)
      return outcome instanceof Refusal ? 1 : 0
    })
  },
}

function greet(config: Config, address: string): void {
  note('')
  out(`Muster 联动  ${config.origin.includes(`:${config.port}`) && config.port !== 0 ? config.origin : address}`)
  if (config.mode === 'demonstration')
    note('Demonstration: open the address and choose a post; no password. 演示模式：打开上面的地址，选择岗位即可登录，无需密码。')
  else note('Sign in with an account: printf %s PASSWORD | bin/muster account add NAME. 请用账号登录。')
  note('Ctrl-C stops it, database included. 按 Ctrl-C 停止（含数据库）。')
}

const stopSignal = (): Promise<void> =>
  new Promise((resolve) => {
    let asked = false
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => {
        if (asked) note('already stopping; a moment more')
        asked = true
        resolve()
      })
  })

async function withDatabase<T>(use: (database: Database, config: Config) => Promise<T>): Promise<T> {
  const config = readConfig()
  const { openDatabase } = await import('./database.ts')
  const database = await openDatabase(config, note)
  try {
    return await use(database, config)
  } finally {
    await database.stop()
  }
}

async function hasWorld(database: Database, name: string): Promise<boolean> {
  const { schemaOf } = await import('./world.ts')
  const sql = database.pool('public', { max: 1 })
  const found = await sql`select 1 from information_schema.schemata where schema_name = ${schemaOf(name)}`
  await sql.end({ timeout: 5 })
  return found.length > 0
}

/** A world for a command: its timers stay with the server that runs it, and so does the linkage where one runs. */
async function withWorld<T>(name: string, use: (world: World, database: Database, config: Config) => Promise<T>): Promise<T> {
  if (name !== 'real' && !Uuid.safeParse(name).success) throw new Usage(`--world is real or the id of an exercise, not ${name}`)
  return withDatabase(async (database, config) => {
    if (name !== 'real' && !(await hasWorld(database, name))) throw new Usage(`there is no exercise ${name}`)
    const [{ World }, { nodeIdentity }] = await Promise.all([import('./world.ts'), import('./seal.ts')])
    const onError = (error: unknown): void => note(String(error))
    const world = await World.open({
      database,
      name,
      clock: systemClock,
      ...nodeIdentity(config),
      keepTime: false,
      shared: true,
      onError,
    })
    try {
      return await use(world, database, config)
    } finally {
      await world.close()
    }
  })
}

async function main(): Promise<number> {
  const [name = '--help', ...args] = process.argv.slice(2)
  if (name === '--help' || name === '-h' || name === 'help') {
    out(HELP[args[0] ?? 'muster'] ?? HELP.muster ?? '')
    return 0
  }
  const run = COMMANDS[name]
  if (!run) throw new Usage(`unknown command: ${name}`)
  if (args.includes('--help') || args.includes('-h')) {
    out(HELP[name] ?? '')
    return 0
  }
  return run(args)
}

main().then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    if (error instanceof Usage) note(`muster: ${error.message}\nTry: bin/muster --help`)
    else if (error instanceof StartupProblem) note(`\nmuster: ${error.message}\n  To mend it: ${error.mend}\n`)
    else note(error instanceof Error ? (error.stack ?? error.message) : String(error))
    process.exitCode = error instanceof Usage ? 2 : error instanceof StartupProblem ? 3 : 70
  },
)
