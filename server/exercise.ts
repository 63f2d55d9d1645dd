/** One run of a scenario in a world of its own: each entry becomes commands through `handle`, deadlines lapse by the scenario's clock. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Doer } from '#core/authority.ts'
import { Refusal, refuse } from '#core/decider.ts'
import { systemActor, type Recorded, type Words } from '#core/event.ts'
import { reportOf, type ReplayReport } from '#core/exercise/report.ts'
import { localGovernment } from '#core/exercise/leadership.ts'
import type { Scenario } from '#core/exercise/scenario.ts'
import { translate, type Step, type Translation } from '#core/exercise/translate.ts'
import type { Incident } from '#core/incident.ts'
import { leads, type LeadEvent } from '#core/incident/leads.ts'
import type { Instrument } from '#core/instrument.ts'
import { openItems } from '#core/linkage/phase.ts'
import type { Obligation } from '#core/obligation.ts'
import { covers, divisionPath } from '#core/place.ts'
import { fromMs, toMs } from '#core/time.ts'
import { idFrom } from './clock.ts'
import { divisionPackage } from './division.ts'
import type { Outcome, Request } from './handle.ts'
import { readStreams } from './log.ts'
import { importDivisions } from './setup.ts'
import { KEEPINGS, type World } from './world.ts'

export type ExerciseRun = {
  /** A fresh, empty world whose clock (ManualClock) stands at `startOf(scenario)` or before; the caller closes it. */
  readonly world: World
  readonly scenario: Scenario
  /** The pack as read from files; the run adopts its copies for the scenario's jurisdiction. */
  readonly instruments: readonly Instrument[]
  /** Scenario seconds a real second, or as fast as it goes. */
  readonly speed: 'max' | number
  readonly onProgress: (applied: number, clock: string) => void | Promise<void>
  readonly signal?: AbortSignal
}

const EXERCISE: Doer = { actor: systemActor('exercise'), powers: [] }
/** Before anything that is replayed: the exercise asks what if this had been in force. */
const LONG_AGO = '1900-01-01'
const AT_ONCE_MAX = 200
const SLICE_MS = 250
const OBLIGATIONS_MAX = 200_000
const SITREPS_MAX = 5000

type Refused = ReplayReport['refused'][number]

/** Where the exercise's clock has to stand before anything happens: at the first entry. */
export const startOf = (scenario: Scenario): number => toMs(scenario.entries[0]?.at ?? fromMs(0))

/** Runs the scenario to its last entry and no further; commands that the rooms refuse stand in the report. Throws when aborted. */
export async function runExercise(run: ExerciseRun): Promise<ReplayReport> {
  const { world, scenario } = run
  const divisions = divisionPackage().divisions.map(({ code, name }) => ({ code, name: name['zh-CN'] }))
  const translation = translate(scenario, { runId: world.name, idFrom, divisions })
  const { adopted, left } = adoptedFor(translation, run.instruments)
  const refused: Refused[] = []
  const start = translation.steps[0]
  if (start === undefined) throw new Error(`scenario ${scenario.id} has no entry`)
  await world.advance(toMs(start.at))
  await prepare(world, translation, adopted, refused)
  let applied = 0
  for (const step of translation.steps) {
    await passTime(run, toMs(step.at))
    await apply(world, step, refused)
    if (!step.derived) applied++
    await run.onProgress(applied, fromMs(world.clock.now()))
  }
  await world.advance(world.clock.now())
  await world.settled()
  const report = await reportFrom(run, translation, adopted, refused)
  return left.length === 0 ? report : { ...report, assumptions: [...report.assumptions, notBinding(left)] }
}

/** Laws as they are; the demonstration's plans as if the place of the scenario had adopted them; other places' instruments not at all. */
function adoptedFor(
  { packApplies, territory }: Translation,
  instruments: readonly Instrument[],
): { readonly adopted: readonly Instrument[]; readonly left: readonly Instrument[] } {
  if (!packApplies) return { adopted: [], left: instruments }
  const binds = (one: Instrument): boolean => one.demonstration || covers(one.jurisdiction, territory.code)
  const adopted = instruments.filter(binds).map((one) => ({
    ...one,
    inForceFrom: LONG_AGO,
    inForceUntil: null,
    jurisdiction: covers(one.jurisdiction, territory.code) ? one.jurisdiction : territory.code,
  }))
  return { adopted, left: instruments.filter((one) => !binds(one)) }
}

const notBinding = (left: readonly Instrument[]): Words => ({
  'zh-CN': `以下依据在事发地不适用，未采用：${left.map((one) => one.title['zh-CN']).join('、')}。`,
  en: `Not taken, because they do not bind where it happened: ${left.map((one) => one.title.en).join(', ')}.`,
})

async function prepare(world: World, translation: Translation, adopted: readonly Instrument[], refused: Refused[]): Promise<void> {
  const { territory, cast } = translation
  const wanted = new Set([
    ...divisionPath(territory.code),
    ...cast.members.flatMap((one) => (one.jurisdiction === null ? [] : divisionPath(one.jurisdiction))),
  ])
  await importDivisions(world, (code) => wanted.has(code))
  const cause = (what: string): string => idFrom(`exercise|${world.name}|${what}`)
  const registered = cast.members.map((one): Request => {
    const { id, name, sector, kind, functions, jurisdiction, superior } = one
    const command = {
      type: 'organization.register' as const,
      name,
      sector,
      kind,
      functions: [...functions],
      jurisdiction,
      superior,
      verified: false,
    }
    return { room: 'organization', id, command, commandId: cause(`register|${id}`), doer: EXERCISE }
  })
  const instruments = adopted.map((instrument): Request => ({
    room: 'instrument',
    id: instrument.id,
    command: { type: 'instrument.adopt', instrument } as Request['command'],
    commandId: cause(`adopt|${instrument.id}`),
    doer: EXERCISE,
  }))
  await applyAll(world, [...registered, ...instruments], -1, refused)
  await world.settled()
}

/** In order and together: commands that wait together are committed together, each decided after the one before it. */
async function applyAll(world: World, requests: readonly Request[], index: number, refused: Refused[]): Promise<void> {
  for (let at = 0; at < requests.length; at += AT_ONCE_MAX) {
    const some = requests.slice(at, at + AT_ONCE_MAX)
    const outcomes = await Promise.all(some.map((request) => parsed(world, request)))
    for (const [i, outcome] of outcomes.entries())
      if (outcome instanceof Refusal)
        refused.push({ index, command: some[i]?.command.type ?? '', code: outcome.code, params: outcome.params })
  }
}

/** A record may say more than a command may hold; the room's own schema says so. */
async function parsed(world: World, request: Request): Promise<Outcome> {
  const read = KEEPINGS.get(request.room)?.parse(request.command)
  if (read?.success === true) return world.handle({ ...request, command: read.data })
  const [issue] = read?.error.issues ?? []
  return refuse('request.malformed', { path: issue?.path.map(String).join('.') ?? '', problem: issue?.message ?? 'no such room' })
}

/**
 * Commands to one incident are committed together, in their order. A report waits for its number, and a situation report
 * for its incident, so that each of these goes alone.
 */
async function apply(world: World, step: Step, refused: Refused[]): Promise<void> {
  let together: Request[] = []
  const flush = async (): Promise<void> => {
    await applyAll(world, together, step.index, refused)
    together = []
  }
  for (const { room, id, command, commandId, occurredAt } of step.commands) {
    const alone = room === 'sitrep' || command.type === 'incident.report'
    if (alone) await flush()
    together.push({ room, id, command, commandId, occurredAt, doer: EXERCISE })
    if (alone) await flush()
  }
  await flush()
  await world.settled()
}

/** Moves the clock to the instant, what falls due on the way included; at a given speed it takes its time. */
async function passTime({ world, speed, signal }: ExerciseRun, untilMs: number): Promise<void> {
  signal?.throwIfAborted()
  while (speed !== 'max' && world.clock.now() < untilMs) {
    const left = (untilMs - world.clock.now()) / speed
    await sleep(Math.min(left, SLICE_MS), undefined, signal === undefined ? {} : { signal })
    if (left <= SLICE_MS) break
    await world.advance(world.clock.now() + SLICE_MS * speed)
  }
  await world.advance(untilMs)
}

/** What was said and decided in the incident: its own events and its reports, in the order of the log. */
async function readSaid(world: World, incidentId: string): Promise<readonly Recorded[]> {
  const sitreps = await world.sql<{ id: string }[]>`select id from sitrep where incident_id = ${incidentId} limit ${SITREPS_MAX}`
  const events = await readStreams(world.sql, [`incident/${incidentId}`, ...sitreps.map(({ id }) => `sitrep/${id}`)])
  return events.toSorted((a, b) => Number(a.position) - Number(b.position))
}

async function reportFrom(
  run: ExerciseRun,
  translation: Translation,
  adopted: readonly Instrument[],
  refused: readonly Refused[],
): Promise<ReplayReport> {
  const { world, scenario } = run
  const [relations, instruments, obligations, incidents, versions, events] = await Promise.all([
    world.relations(),
    world.instruments(),
    world.sql<
      { id: string; state: Obligation }[]
    >`select id, state from obligation where incident_id = ${translation.incidentId} order by owed_at, id limit ${OBLIGATIONS_MAX}`,
    world.sql<{ id: string; state: Incident }[]>`select id, state from incident where id = ${translation.incidentId}`,
    world.sql<{ id: string; version: number }[]>`select id, version from instrument order by id`,
    readSaid(world, translation.incidentId),
  ])
  const reported = events.find((one) => one.type === 'incident.reported')
  const taken = new Map(versions.map((one) => [one.id, one.version]))
  const bound = new Set(adopted.map((one) => one.id))
  return reportOf({
    scenario,
    translation,
    obligations,
    incidents,
    refused,
    events,
    relations,
    divisions: new Map(divisionPackage().divisions.map(({ code, name }) => [code, name])),
    led: leads(
      events
        .filter((one) => one.stream.startsWith('incident/'))
        .map((one) => ({ ...one.data, type: one.type, occurredAt: one.occurredAt, commandId: one.commandId }) as LeadEvent),
      (jurisdiction) =>
        translation.packApplies
          ? (relations.holders('government', jurisdiction)[0]?.id ?? null)
          : reported === undefined
            ? null
            : localGovernment(reported, relations),
    ),
    openItems: openItems(obligations, (basis) => instruments.clause(basis)),
    names: new Map([...relations.all()].map((one) => [one.id, one.name])),
    instruments: run.instruments
      .filter((one) => bound.has(one.id))
      .map((instrument) => ({ version: taken.get(instrument.id) ?? 1, instrument })),
    end: fromMs(world.clock.now()),
  })
}
