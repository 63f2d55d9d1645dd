import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { ReplayReport } from '#core/exercise/report.ts'
import { parseScenario, type Scenario } from '#core/exercise/scenario.ts'
import { ManualClock } from './clock.ts'
import { projectRoot } from './config.ts'
import type { Database } from './database.ts'
import { runExercise } from './exercise.ts'
import { OWN_PACK, readInstrumentFiles } from './pack.ts'
import { dropWorld, testDatabase, testWorld } from './testing.ts'
import type { World } from './world.ts'

let database: Database
before(async () => {
  database = await testDatabase()
})
after(() => database.stop())

function read(name: string): Scenario {
  const parsed = parseScenario(JSON.parse(readFileSync(join(projectRoot, 'fixtures', 'scenarios', `${name}.json`), 'utf8')))
  assert.ok(parsed.ok)
  return parsed.scenario
}

async function replayed<T = null>(
  name: string,
  { speed = 'max', signal, look }: { speed?: 'max' | number; signal?: AbortSignal; look?: (world: World) => Promise<T> } = {},
): Promise<{ report: ReplayReport; progress: readonly number[]; seen: T | null }> {
  const id = randomUUID()
  const pack = readInstrumentFiles(OWN_PACK)
  assert.ok(pack.ok)
  const world = await testWorld(database, { clock: new ManualClock(0), name: id })
  const progress: number[] = []
  try {
    const run = {
      world,
      scenario: read(name),
      instruments: pack.value.map((one) => one.instrument),
      speed,
      onProgress: (applied: number) => void progress.push(applied),
      ...(signal === undefined ? {} : { signal }),
    }
    const report = await runExercise(run)
    return { report, progress, seen: look === undefined ? null : await look(world) }
  } finally {
    await world.close()
    await dropWorld(database, id)
  }
}

test('Tianjin: the substance list was owed by the warehouse, came late by more than 13 hours, and had climbed to a superior', async () => {
  const { report, progress, seen } = await replayed('tianjin_812_2015', {
    look: async (world) =>
      world.sql<
        { entry: number }[]
      >`select distinct (data -> 'data' ->> 'entry')::int as entry from event where type = 'incident.noted' order by 1`,
  })
  const lists = report.obligations.items.filter((one) => one.debtor.name.en.startsWith('Ruihai') && one.status === 'late')
  const late = lists.map((one) => /^PT(\d+)H/.exec(one.lateBy ?? '')?.[1]).map(Number)
  assert.ok(
    late.some((hours) => hours >= 13),
    `late by ${late.join(', ')} h`,
  )
  assert.ok(lists.some((one) => one.escalatedTo !== null))
  assert.deepEqual(report.refused, [])
  assert.equal(report.incidents[0]?.status, 'closed')
  assert.equal(progress.at(-1), 36)
  assert.deepEqual(
    seen?.map((one) => one.entry),
    Array.from({ length: 36 }, (_, i) => i),
  )
  assert.ok(report.pack.some((one) => one.id === 'cn-erl-2024' && one.inForceFrom === '2024-11-01' && !one.inForceThen))
  const { created, dischargedInTime, dischargedLate, lapsed, openAtEnd, waived } = report.obligations
  assert.equal(dischargedInTime + dischargedLate + lapsed + openAtEnd + waived, created)
})

test('deadlines lapse at their own instant on the clock of the scenario, between the entries', async () => {
  const { seen } = await replayed('tianjin_812_2015', {
    look: async (world) => world.sql<{ occurred: string; due: string }[]>`
      select to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS') as occurred, left(data ->> 'dueAt', 19) as due from event where type = 'obligation.lapsed' and actor = 'system/clock'`,
  })
  assert.ok((seen?.length ?? 0) > 0)
  for (const one of seen ?? []) assert.equal(one.occurred, one.due)
})

test('every other scenario runs, and so does one of odd words: nothing refused, each entry a fact', async () => {
  for (const name of [
    'dingri_earthquake_2025',
    'noto_counterpart_2024',
    'wenchuan_paired_assistance_2008',
    'odd/rainstorm_two_levels',
    'odd/odd_words',
  ]) {
    const { report } = await replayed(name)
    assert.deepEqual(report.refused, [], name)
    assert.equal(new Set(report.facts.map((one) => one.index)).size, report.scenario.entries, name)
  }
})

test('abroad, nothing is owed by the law of China', async () => {
  const { report } = await replayed('noto_counterpart_2024')
  assert.deepEqual([report.obligations.created, report.pack.length], [0, 0])
})

test('a rainstorm: the city owed a decision on the response level after the red warning, and it came late', async () => {
  const { report } = await replayed('odd/rainstorm_two_levels')
  const decide = report.obligations.items.filter((one) => one.actCode === 'decide-response-level')
  assert.ok(
    decide.length > 0 && decide.every((one) => one.debtor.name['zh-CN'] === '郑州市人民政府'),
    JSON.stringify(decide.map((one) => one.debtor.name)),
  )
  // Red at 21:59 on the 19th (13:59 UTC); level I at 16:30 on the 20th: 18 h 31 min less the 30 min that the plan gives.
  assert.ok(
    decide.some((one) => one.owedAt === '2021-07-19T13:59:00.000Z' && one.status === 'late' && one.lateBy === 'PT18H1M'),
    JSON.stringify(decide.map((one) => [one.owedAt, one.lateBy])),
  )
})

test('a run at a given speed can be broken off', async () => {
  const stop = new AbortController()
  setTimeout(() => stop.abort(), 300)
  await assert.rejects(replayed('tianjin_812_2015', { speed: 1, signal: stop.signal }), { name: 'AbortError' })
})

/** From the first report to the end, who leads next begins when who led before ends. */
function assertLedThroughout(report: ReplayReport): void {
  const { led } = report.leadership
  assert.ok(led.length > 0)
  for (const [i, one] of led.entries()) assert.equal(one.until ?? null, led[i + 1]?.from ?? (report.incidents[0]?.closedAt || null))
}

test('city and province each have a headquarters, and at no moment nobody leads', async () => {
  const { report, seen } = await replayed('odd/rainstorm_two_levels', {
    look: async (world) =>
      world.sql<
        { headquarters: number; lead: string }[]
      >`select 1 + jsonb_array_length(state -> 'otherHeadquarters') as headquarters, state -> 'headquarters' ->> 'jurisdiction' as lead from incident`,
  })
  assert.deepEqual([...(seen ?? [])], [{ headquarters: 2, lead: '410100' }])
  assertLedThroughout(report)
  // The record knows no hand-over: the province set level I, which by art. 17 makes the lead its own, and the city led on.
  assert.deepEqual(
    report.leadership.ought.map((one) => one.jurisdiction),
    ['410100', '410000'],
  )
})

test('in Tianjin and Dingri, too, somebody leads at every moment; Dingri holds levels II, III and IV at once, each by its own scale', async () => {
  assertLedThroughout((await replayed('tianjin_812_2015')).report)
  const { report } = await replayed('dingri_earthquake_2025')
  assertLedThroughout(report)
  const beforeNoon = report.responses.filter((one) => one.at < '2025-01-07T04:00:00.000Z')
  assert.deepEqual(
    beforeNoon.map((one) => [one.scale, one.level]),
    [
      ['earthquake', 3],
      ['earthquake-service', 2],
      ['geological-hazard', 4],
      ['housing-earthquake', 3],
    ],
  )
})
