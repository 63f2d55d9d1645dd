/** `muster replay`: one scenario file, a world of its own, a report. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parseScenario } from '#core/exercise/scenario.ts'
import { ManualClock } from './clock.ts'
import type { Config } from './config.ts'
import type { Database } from './database.ts'
import { runExercise, startOf } from './exercise.ts'
import { OWN_PACK, readInstrumentFiles } from './pack.ts'
import { printReport } from './report-text.ts'
import { nodeIdentity } from './seal.ts'
import { schemaOf, World } from './world.ts'

const FILE_BYTES_MAX = 50 * 1024 * 1024

export type ReplayOptions = {
  readonly database: Database
  readonly config: Config
  readonly file: string
  readonly packs: readonly string[] | null
  readonly speed: 'max' | number
  readonly keep: boolean
  readonly json: boolean
  readonly out: (text: string) => void
  readonly note: (text: string) => void
}

/** Exit 0: it ran, whatever the record shows; 2: the scenario or a pack is malformed, and nothing was applied. */
export async function replay(options: ReplayOptions): Promise<number> {
  const { database, config, file, packs, speed, keep, json, out, note } = options
  const refused = (
    problems: readonly { readonly path: string; readonly problem: string; readonly file?: string; readonly line?: number }[],
  ): number => {
    if (json) out(JSON.stringify({ schema: 'muster/refusal/1', code: 'exercise.scenario-malformed', problems }, null, 2))
    for (const one of problems) note(`${one.file ?? file}${one.line === undefined ? '' : `:${one.line}`} ${one.path}: ${one.problem}`)
    note('refused; nothing was applied')
    return 2
  }
  const read = readJson(file)
  if (!read.ok) return refused([{ path: '', problem: read.problem }])
  const parsed = parseScenario(read.value)
  if (!parsed.ok) return refused(parsed.problems)
  const pack = readInstrumentFiles(packs ?? OWN_PACK)
  if (!pack.ok) return refused(pack.problems)
  const id = randomUUID()
  const onError = (error: unknown): void => note(error instanceof Error ? (error.stack ?? error.message) : String(error))
  const world = await World.open({
    database,
    name: id,
    clock: new ManualClock(startOf(parsed.scenario)),
    ...nodeIdentity(config),
    keepTime: false,
    durable: false,
    onError,
  })
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort())
  try {
    const onProgress = (applied: number, clock: string): void => {
      if (!json && speed !== 'max') note(`${clock}  ${applied}/${parsed.scenario.entries.length}`)
    }
    const report = await runExercise({
      world,
      scenario: parsed.scenario,
      instruments: pack.value.map((one) => one.instrument),
      speed,
      onProgress,
      signal: stop.signal,
    })
    if (json) out(JSON.stringify(report, null, 2))
    else printReport(report, out)
    if (keep) note(`kept as exercise ${id}`)
    return 0
  } finally {
    await world.close()
    if (!keep) await drop(database, id)
  }
}

function readJson(file: string): { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly problem: string } {
  try {
    const text = readFileSync(file, 'utf8')
    if (text.length > FILE_BYTES_MAX) return { ok: false, problem: `larger than ${FILE_BYTES_MAX} bytes` }
    return { ok: true, value: JSON.parse(text.replace(/^\uFEFF/, '')) }
  } catch (error) {
    return { ok: false, problem: (error as Error).message }
  }
}

async function drop(database: Database, id: string): Promise<void> {
  const sql = database.pool('public', { max: 1 })
  await sql`drop schema ${sql(schemaOf(id))} cascade`
  await sql.end({ timeout: 5 })
}
