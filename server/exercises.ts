/** The exercises of this node: the scenarios at hand, the runs made of them, each in a world of its own. */
import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod/mini'
import { mayAtAll } from '#core/authority.ts'
import { Refusal, refuse } from '#core/decider.ts'
import { actorText, type Words } from '#core/event.ts'
import type { ReplayReport } from '#core/exercise/report.ts'
import { parseScenario, type Scenario } from '#core/exercise/scenario.ts'
import type { Instrument } from '#core/instrument.ts'
import { fromMs } from '#core/time.ts'
import type { ExerciseSummary, ScenarioSummary } from '#core/view.ts'
import type { Doer } from '#core/authority.ts'
import type { Clock } from './clock.ts'
import { projectRoot } from './config.ts'
import type { Sql } from './database.ts'
import { runExercise, startOf } from './exercise.ts'
import { OWN_PACK, readInstrumentFiles } from './pack.ts'
import { idOf, look, notFound, parse, Refused, type Desk } from './room.ts'
import type { Worlds } from './worlds.ts'

const SCENARIOS = join(projectRoot, 'fixtures', 'scenarios')
const SCENARIOS_MAX = 200
const LIST_MAX = 50
const RUNNING_MAX = 2
const PROGRESS_EVERY_MS = 200

export type ExercisesParts = {
  readonly node: Sql
  readonly worlds: Worlds
  readonly clock: Clock
  readonly onError: (error: unknown) => void
}
type Row = {
  readonly id: string
  readonly scenario_id: string
  readonly title: Words
  readonly status: ExerciseSummary['status']
  readonly applied: number
  readonly entries: number
  readonly clock: Date | null
  readonly started_at: Date
  readonly report: ReplayReport | null
  readonly problem: string | null
}

/** The scenario files that come with the project, parsed once. */
let known: readonly Scenario[] | null = null
export function scenariosAtHand(): readonly Scenario[] {
  known ??= readdirSync(SCENARIOS)
    .filter((name) => name.endsWith('.json'))
    .slice(0, SCENARIOS_MAX)
    .map((name) => parseScenario(JSON.parse(readFileSync(join(SCENARIOS, name), 'utf8'))))
    .filter((parsed) => parsed.ok)
    .map((parsed) => parsed.scenario)
  return known
}

const titleOf = (scenario: Scenario): Words => ({ 'zh-CN': scenario.titleZh, en: scenario.title })

function scenarioSummary(scenario: Scenario): ScenarioSummary {
  return {
    id: scenario.id,
    title: titleOf(scenario),
    level: scenario.level,
    startsAt: scenario.entries[0]?.t ?? '',
    entries: scenario.entries.length,
    organizations: scenario.organisations.length,
    failures: scenario.failures.length,
  }
}

const summaryOf = (row: Row): ExerciseSummary => ({
  id: row.id,
  scenarioId: row.scenario_id,
  title: row.title,
  status: row.status,
  applied: row.applied,
  entries: row.entries,
  clock: row.clock?.toISOString() ?? null,
  startedAt: row.started_at.toISOString(),
})

export class Exercises {
  readonly #parts: ExercisesParts
  readonly #running = new Map<string, { readonly stop: AbortController; readonly done: Promise<void> }>()

  constructor(parts: ExercisesParts) {
    this.#parts = parts
  }

  /** Stops what runs; what it has applied stays readable and is marked failed. */
  async close(): Promise<void> {
    for (const { stop } of this.#running.values()) stop.abort()
    await Promise.all([...this.#running.values()].map((one) => one.done))
  }

  async list(): Promise<readonly ExerciseSummary[]> {
    const rows = await this.#parts.node<Row[]>`
      select id, scenario_id, title, status, applied, entries, clock, started_at, null as report, problem from exercise order by started_at desc limit ${LIST_MAX}`
    return rows.map(summaryOf)
  }

  async find(
    id: string,
  ): Promise<{ readonly summary: ExerciseSummary; readonly report: ReplayReport | null; readonly problem: string | null } | null> {
    const [row] = await this.#parts.node<
      Row[]
    >`select id, scenario_id, title, status, applied, entries, clock, started_at, report, problem from exercise where id = ${id}`
    return row ? { summary: summaryOf(row), report: row.report, problem: row.problem } : null
  }

  /** Starts a run in a fresh world and answers at once; the run goes on beside. */
  async start(scenario: Scenario, speed: 'max' | number, doer: Doer): Promise<ExerciseSummary | Refusal> {
    if (this.#running.size >= RUNNING_MAX) return refuse('exercise.too-many-running', { max: RUNNING_MAX })
    const loaded = readInstrumentFiles(OWN_PACK)
    if (!loaded.ok) throw new Error(`the project's own pack is malformed: ${JSON.stringify(loaded.problems[0])}`)
    const { node, clock } = this.#parts
    const id = randomUUID()
    const startedAt = fromMs(clock.now())
    await node`
      insert into exercise (id, scenario_id, title, scenario, status, applied, entries, clock, started_at, started_by)
      values (${id}, ${scenario.id}, ${node.json(titleOf(scenario))}, ${node.json(JSON.parse(JSON.stringify(scenario)))}, 'running', 0, ${scenario.entries.length}, null, ${startedAt}, ${actorText(doer.actor)})`
    const stop = new AbortController()
    const done = this.#run(
      id,
      scenario,
      loaded.value.map((one) => one.instrument),
      speed,
      stop.signal,
    ).finally(() => this.#running.delete(id))
    this.#running.set(id, { stop, done })
    return {
      id,
      scenarioId: scenario.id,
      title: titleOf(scenario),
      status: 'running',
      applied: 0,
      entries: scenario.entries.length,
      clock: null,
      startedAt,
    }
  }

  async #run(
    id: string,
    scenario: Scenario,
    instruments: readonly Instrument[],
    speed: 'max' | number,
    signal: AbortSignal,
  ): Promise<void> {
    const { node, worlds, clock, onError } = this.#parts
    let toldAt = 0
    try {
      const world = await worlds.make(id, startOf(scenario))
      const onProgress = async (applied: number, at: string): Promise<void> => {
        if (clock.now() - toldAt < PROGRESS_EVERY_MS) return
        toldAt = clock.now()
        await node`update exercise set applied = ${applied}, clock = ${at} where id = ${id}`
      }
      const report = await runExercise({ world, scenario, instruments, speed, onProgress, signal })
      await world.sealer.seal()
      await node`update exercise set status = 'done', applied = entries, clock = ${world.now()}, report = ${node.json(JSON.parse(JSON.stringify(report)))} where id = ${id}`
    } catch (error) {
      onError(error)
      await node`update exercise set status = 'failed', problem = ${String(error)} where id = ${id}`.catch(onError)
    } finally {
      worlds.release(id)
    }
  }
}

const Start = z.union([
  z.strictObject({ scenarioId: z.string(), speed: z.union([z.literal('max'), z.number().check(z.gt(0), z.lte(1e9))]) }),
  z.strictObject({ scenario: z.unknown(), speed: z.union([z.literal('max'), z.number().check(z.gt(0), z.lte(1e9))]) }),
])

export function exerciseRoutes(app: FastifyInstance, desk: Desk, exercises: Exercises): void {
  app.get('/api/exercises', async (request) => {
    await look(desk, request)
    return { scenarios: scenariosAtHand().map(scenarioSummary), exercises: await exercises.list() }
  })

  app.get<{ Params: { id: string } }>('/api/exercises/:id', async (request) => {
    await look(desk, request)
    const found = await exercises.find(idOf(request, 'exercise.unknown'))
    if (found === null) throw notFound('exercise.unknown')
    return found
  })

  app.post('/api/exercises', async (request) => {
    const { asker } = await look(desk, request)
    const no = mayAtAll(asker.doer, 'exercise.run')
    if (no) throw new Refused(403, no)
    const start = parse(Start, request.body)
    const scenario = 'scenarioId' in start ? atHand(start.scenarioId) : parsedOf(start.scenario)
    const started = await exercises.start(scenario, start.speed, asker.doer)
    if (started instanceof Refusal) throw new Refused(422, started)
    return started
  })
}

function atHand(id: string): Scenario {
  const scenario = scenariosAtHand().find((one) => one.id === id)
  if (!scenario) throw notFound('exercise.scenario-unknown')
  return scenario
}

function parsedOf(json: unknown): Scenario {
  const parsed = parseScenario(json)
  if (parsed.ok) return parsed.scenario
  const [first] = parsed.problems
  throw new Refused(
    400,
    refuse('exercise.scenario-malformed', { path: first?.path ?? '', problem: first?.problem ?? '', problems: parsed.problems.length }),
  )
}
