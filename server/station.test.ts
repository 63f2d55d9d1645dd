import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { rowsOfCsv, type Proposal, type ThresholdSet } from '#core/station.ts'
import { fromMs } from '#core/time.ts'
import { codeOf, openGround, organization, postOf, say, tell, whole, type Command, type Ground } from '../fixtures/server/scene.ts'
import { MINUTE, T0, DOER, signals, register, opened, rain, report, evaluate, said, type Scene } from '../fixtures/station/scene.ts'
import type { Book, Desk } from './notice/book.ts'
import { warningTellings } from './notice/warning.ts'
import { rebuild } from './rebuild.ts'
import { tellSilence } from './station/evaluator.ts'
import { Ingest } from './station/ingest.ts'
import { readThresholdPack } from './station/thresholds.ts'
import { KEEPINGS } from './world.ts'

let ground: Ground
before(async () => {
  ground = await openGround()
})
after(() => ground.leave())

describe('readings', () => {
  test('are kept once however often they come, and one that changes its mind is counted and not believed', async () => {
    const { world, ingest } = await opened(ground)
    const rows = rain([
      [-10, 1],
      [-5, 2],
    ])
    assert.deepEqual(await report(ingest, rows), { kept: 2, repeated: 0, differing: 0, impossible: 0 })
    assert.deepEqual(await report(ingest, rows), { kept: 0, repeated: 2, differing: 0, impossible: 0 })
    assert.deepEqual(
      await report(
        ingest,
        rain([
          [-5, 9],
          [-5, 8],
          [-4, 1],
        ]),
      ),
      { kept: 1, repeated: 2, differing: 1, impossible: 0 },
    )
    const kept = await world.sql<{ value: number }[]>`select value from reading order by at`
    assert.deepEqual(
      kept.map((one) => one.value),
      [1, 2, 1],
    )
    assert.equal((await whole(world)).filter((event) => event.type.startsWith('station.')).length, 2, 'and none is an event')
  })
  test('that no instrument can measure are kept, marked, and move nothing', async () => {
    const { world, ingest } = await opened(ground)
    assert.equal(
      (
        await report(
          ingest,
          rain([
            [-10, 999],
            [-5, -3],
            [-4, 1],
          ]),
        )
      ).impossible,
      2,
    )
    await evaluate(world)
    assert.deepEqual(await said(world), [])
    const [row] = await world.sql<{ last: number; odd: number }[]>`select last_value as last, odd_value as odd from series`
    assert.deepEqual([row?.last, row?.odd], [1, -3])
  })
  test('of other stations, times and units are named row by row, and none of the batch is written', async () => {
    const { world, ingest, parts } = await opened(ground)
    const csv = [
      'station,indicator,at,value,unit',
      `R1,rain,${fromMs(T0)},1,mm`,
      `R9,rain,${fromMs(T0)},1,`,
      `R1,wind-gust,${fromMs(T0)},1,`,
      `R1,rain,${fromMs(T0 + 6 * MINUTE)},1,`,
      `R1,rain,${fromMs(T0 - 91 * 24 * 60 * MINUTE)},1,`,
      `R1,rain,${fromMs(T0)},1,cm`,
      'R1,rain,now,1,',
    ].join('\n')
    const { bad, fitting } = await ingest.check(rowsOfCsv(csv), DOER)
    assert.deepEqual(
      bad.map((one) => `${one.row} ${one.problem}`),
      ['3 station-unknown', '4 indicator-unknown', '5 time-in-future', '6 time-too-old', '7 unit-differs', '8 time-malformed'],
    )
    assert.equal(fitting.length, 1)
    const unit = { doer: postOf(parts.unit, ['risk.keep']) }
    assert.deepEqual(
      (await ingest.check(rain([[0, 1]]), unit)).bad.map((one) => one.problem),
      ['not-yours'],
      'a firm does not report for the district’s gauge',
    )
    assert.deepEqual((await ingest.check(rain([[0, 1]]), { doer: postOf(parts.city, ['risk.keep']) })).bad, [], 'the city may')
    assert.equal((await world.sql`select 1 from reading`).length, 0)
  })
  test('older than is kept go by whole weeks', async () => {
    const { world, ingest, clock } = await opened(ground)
    await report(
      ingest,
      rain([
        [-80 * 24 * 60, 1],
        [-10, 1],
      ]),
    )
    clock.set(T0 + 20 * 24 * 60 * MINUTE)
    assert.equal(await ingest.forget(), 1)
    assert.equal((await world.sql`select 1 from reading`).length, 1)
    assert.equal(await ingest.forget(), 0)
    await report(ingest, rain([[20 * 24 * 60, 1]]))
  })
})

describe('a threshold crossed', () => {
  const STORM = rain([
    [-100, 20],
    [-60, 20],
    [-20, 13.2],
  ])
  test('is one proposal with the colour, the readings that prove it and when they said so', async () => {
    const { world, ingest, station } = await opened(ground)
    await report(ingest, STORM)
    await evaluate(world)
    assert.deepEqual(await said(world), ['station.crossed -20 orange 53.2'])
    const [row] = await world.sql<{ state: Proposal; over: boolean }[]>`select state, over from proposal`
    const { crossed } = row?.state ?? assert.fail()
    assert.deepEqual(
      [crossed.value, crossed.over, crossed.set, crossed.crossedAt, crossed.proposedAt, row?.state.station],
      [53.2, 'PT3H', 'cn-rainstorm-signals', fromMs(T0 - 20 * MINUTE), fromMs(T0), station],
    )
    assert.deepEqual(
      crossed.proof.readings.map(([, value]) => value),
      [20, 20, 13.2],
    )
  })
  test('rises and recedes in the same proposal, and what follows is another', async () => {
    const { world, ingest, clock } = await opened(ground)
    await report(ingest, STORM)
    await evaluate(world)
    clock.set(T0 + 9 * 3600_000)
    await report(
      ingest,
      rain([
        [0, 60],
        [200, 0],
        [240, 0],
        [480, 0],
        [520, 0],
      ]),
    )
    await evaluate(world)
    // Red at 113.2 in 3 h; three hours on the rain has left that window; 6 h hold 60, then the 12 h still hold 113.2: blue.
    assert.deepEqual(await said(world), [
      'station.crossed -20 orange 53.2',
      'station.crossed 0 red 113.2',
      'station.receded 240 yellow 113.2',
      'station.receded 520 blue 113.2',
    ])
    assert.equal((await world.sql`select 1 from proposal`).length, 1)
    clock.set(T0 + 30 * 3600_000)
    await report(
      ingest,
      rain([
        [1300, 0],
        [1340, 0],
        [1700, 55],
      ]),
    )
    await evaluate(world)
    assert.deepEqual((await said(world)).slice(4), ['station.receded 1340 over 0', 'station.crossed 1700 orange 55'])
    assert.equal((await world.sql`select 1 from proposal`).length, 2)
  })
  test('killed after it was said and before that was noted, it is said once; so do two at once', async () => {
    const { world, ingest, clock } = await opened(ground)
    await report(ingest, STORM)
    await evaluate(world)
    const before = await said(world)
    await world.sql.unsafe(`update series set since = '${fromMs(T0 - 100 * MINUTE)}', evaluated_to = null`)
    const other = await ground.open({ clock, name: world.name })
    await Promise.all([evaluate(world), evaluate(other)])
    assert.deepEqual(await said(world), before)
    await report(ingest, rain([[-10, 50]]))
    await Promise.all([evaluate(world), evaluate(other)])
    assert.deepEqual(await said(world), [...before, 'station.crossed -10 red 103.2'])
    await report(new Ingest({ world: other }), rain([[-9, 1]]))
    await evaluate(other)
    assert.equal((await said(world)).length, 2, 'a watch made anew knows what was said')
  })
  test('late readings count while a window holds them, and old ones propose nothing', async () => {
    const { world, ingest } = await opened(ground)
    await report(ingest, rain([[-20, 30]]))
    await evaluate(world)
    await report(ingest, rain([[-90, 25]]))
    await evaluate(world)
    assert.deepEqual(await said(world), ['station.crossed -20 orange 55'])
    await report(ingest, rain([[-30 * 24 * 60, 90]]))
    await evaluate(world)
    assert.equal((await said(world)).length, 1)
  })
  test('thresholds withdrawn end what they proposed; nothing else ever would', async () => {
    const { world, ingest } = await opened(ground)
    await report(ingest, STORM)
    await evaluate(world)
    const [adopted] = await world.sql<{ id: string }[]>`select id from threshold`
    await say(world, 'threshold', adopted?.id ?? '', { type: 'station.withdraw-thresholds', reason: '试验' })
    await report(ingest, rain([[-1, 1]]))
    await evaluate(world)
    const [row] = await world.sql<{ over: boolean; status: string }[]>`select over, status from proposal`
    assert.deepEqual([row?.over, row?.status], [true, 'proposed'], 'the answer is still owed')
  })
  test('is the same when everything is built anew from the log', async () => {
    const { world, ingest } = await opened(ground)
    await report(ingest, STORM)
    await evaluate(world)
    const read = () =>
      Promise.all([world.sql`select * from station`, world.sql`select * from proposal`, world.sql`select * from threshold`])
    const before = await read()
    await rebuild(world.sql, world.schema, KEEPINGS)
    assert.deepEqual(await read(), before)
  })
})

describe('a proposal is told', () => {
  const desk = (organizationId: string, powers: Desk['powers'] = ['alert.issue']): Desk => ({
    id: randomUUID(),
    organizationId,
    title: { 'zh-CN': '值班员', en: 'Duty officer' },
    powers,
    holders: [],
    contacts: [],
    liaison: false,
    hours: { zone: 'Asia/Shanghai', language: 'zh-CN', quiet: null },
    subscriptions: [],
  })
  const tellings = async ({ world }: Pick<Scene, 'world'>, desks: readonly Desk[]) => {
    const book = { all: async () => new Map(desks.map((one) => [one.id, one])) } as unknown as Book
    const event = (await whole(world)).findLast(({ type }) => type === 'station.crossed') ?? assert.fail('nothing crossed')
    return (await warningTellings(event, world, book)).map((one) => [one.desk.id, one.telling.code, one.telling.urgency])
  }

  test('at once to the posts of the territory that may warn, and no more once one of them has answered', async () => {
    const scene = await opened(ground)
    const { world, ingest, parts } = scene
    await report(ingest, rain([[-20, 55]]))
    await evaluate(world)
    const [own, above, powerless] = [desk(parts.district), desk(parts.city), desk(parts.district, ['risk.keep'])]
    assert.deepEqual(await tellings(scene, [above, powerless, own]), [[own.id, 'station-crossed', 'flash']])
    assert.deepEqual(await tellings(scene, [above, powerless]), [[above.id, 'station-crossed', 'flash']], 'nobody nearer may')
    const [row] = await world.sql<{ id: string }[]>`select id from proposal`
    await say(
      world,
      'proposal',
      row?.id ?? '',
      { type: 'station.dismiss', reason: '检修' },
      { doer: postOf(parts.district, ['alert.issue']) },
    )
    assert.deepEqual(await tellings(scene, [own]), [])
  })
  test('a blue or yellow one without waking anybody', async () => {
    const scene = await opened(ground)
    await report(
      scene.ingest,
      rain([
        [-600, 30],
        [-20, 25],
      ]),
    )
    await evaluate(scene.world)
    const own = desk(scene.parts.district)
    assert.deepEqual(await tellings(scene, [own]), [[own.id, 'station-crossed', 'urgent']])
  })
})

describe('silence', () => {
  test('is said when a promise is older than itself, and that it is over, once each', async () => {
    const { world, clock, ingest } = await opened(ground)
    await report(ingest, rain([[-10, 1]]))
    assert.equal(await tellSilence(world), 0)
    clock.set(T0 + 21 * MINUTE)
    assert.equal(await tellSilence(world), 1)
    assert.equal(await tellSilence(world), 0)
    const events = (await whole(world)).filter((event) => event.type.startsWith('station.fell'))
    assert.deepEqual(
      events.map((event) => (event.data as { since: string }).since),
      [fromMs(T0 - 10 * MINUTE)],
    )
    await report(ingest, rain([[21, 1]]))
    assert.equal(await tellSilence(world), 1)
    assert.deepEqual((await whole(world)).map((event) => event.type).slice(-2), ['station.fell-silent', 'station.heard-again'])
  })
})

describe('thresholds', () => {
  test('of the pack are whole, and what is only our target says so', () => {
    const loaded = readThresholdPack()
    assert.ok(loaded.ok, loaded.ok ? '' : JSON.stringify(loaded.problems))
    const figures = signals()
      .steps.filter((one) => one.indicator === 'rain')
      .map((one) => [one.colour, one.over, one.value, one.confirmed])
    assert.deepEqual(figures, [
      ['blue', 'PT12H', 50, true],
      ['yellow', 'PT6H', 50, true],
      ['orange', 'PT3H', 50, true],
      ['red', 'PT3H', 100, true],
    ])
    for (const set of loaded.ok ? loaded.value.sets : [])
      if (set.demonstration || set.id.includes('target'))
        assert.ok(
          set.steps.every((one) => !one.confirmed),
          set.id,
        )
  })
  test('stricter than the nation’s are adopted, looser ones refused with what they undercut, and each once', async () => {
    const { world, parts } = await opened(ground)
    const local = (value: number): ThresholdSet => ({
      ...signals(),
      id: 'binhai-rain',
      jurisdiction: '120116',
      binding: false,
      steps: signals().steps.map((one) => ({ ...one, value: one.value + value })),
    })
    const adopt = (set: ThresholdSet, jurisdiction = '120116'): Command => ({
      type: 'station.adopt-thresholds',
      set,
      jurisdiction,
      basis: '区防汛预案',
    })
    const looser = await tell(world, 'threshold', randomUUID(), adopt(local(5)))
    assert.equal(codeOf(looser), 'threshold.looser')
    await say(world, 'threshold', randomUUID(), adopt(local(-10)), { doer: postOf(parts.district, ['instrument.keep']) })
    assert.equal(codeOf(await tell(world, 'threshold', randomUUID(), adopt(local(-10)))), 'threshold.already-adopted')
    assert.equal(codeOf(await tell(world, 'threshold', randomUUID(), adopt(local(-10), '120117'))), 'threshold.outside')
    const doer = postOf(parts.district, ['instrument.keep'])
    assert.equal(
      codeOf(await tell(world, 'threshold', randomUUID(), adopt(local(-20), '120000'), { doer })),
      'authority.outside-jurisdiction',
    )
    const forged = { ...signals(), steps: signals().steps.map((one) => ({ ...one, value: 500 })) }
    assert.equal(codeOf(await tell(world, 'threshold', randomUUID(), adopt(forged, '120116'))), 'threshold.looser')
  })
})

describe('a station', () => {
  test('measures in the unit of the catalogue, within what is possible, under a code of its own', async () => {
    const { world, parts } = await opened(ground)
    const sensors = (unit: string, max: number) => [{ slug: 'rain', unit, min: 0, max }]
    const add = (command: Command) => tell(world, 'station', randomUUID(), command)
    assert.equal(codeOf(await add(register(parts.district, 'R2', { sensors: sensors('cm', 20) }))), 'station.unit-differs')
    assert.equal(codeOf(await add(register(parts.district, 'R2', { sensors: sensors('mm', 5000) }))), 'station.bounds-wider')
    assert.equal(codeOf(await add(register(parts.district, 'R1'))), 'station.code-taken')
    assert.equal(codeOf(await add(register(randomUUID(), 'R2'))), 'organization.unknown')
    const doer = postOf(parts.unit, ['risk.keep'])
    assert.equal(
      codeOf(await tell(world, 'station', randomUUID(), register(parts.unit, 'R3'), { doer })),
      'done',
      'a firm sets up its own where it stands',
    )
    assert.equal(
      codeOf(await tell(world, 'station', randomUUID(), register(parts.unit, 'R4', { divisions: ['120000'] }), { doer })),
      'authority.outside-jurisdiction',
    )
  })
})

describe('a warning begun from a proposal', () => {
  test('answers it', async () => {
    const { world, ingest, parts } = await opened(ground)
    await report(ingest, rain([[-20, 55]]))
    await evaluate(world)
    const [row] = await world.sql<{ id: string }[]>`select id from proposal`
    const id = row?.id ?? ''
    const doer = postOf(parts.district, ['alert.issue'])
    assert.equal(
      codeOf(
        await tell(world, 'proposal', id, { type: 'station.dismiss', reason: 'x' }, { doer: postOf(parts.unit, ['obligation.answer']) }),
      ),
      'authority.no-power',
    )
    const hebei = await organization(world, { jurisdiction: '130000', functions: ['government'] })
    assert.equal(
      codeOf(await tell(world, 'proposal', id, { type: 'station.dismiss', reason: 'x' }, { doer: postOf(hebei, ['alert.issue']) })),
      'authority.outside-jurisdiction',
    )
    await say(world, 'proposal', id, { type: 'station.take-up', alertId: randomUUID() }, { doer })
    const [after] = await world.sql<{ status: string }[]>`select status from proposal`
    assert.equal(after?.status, 'taken-up')
  })
})
