import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { Instrument } from '#core/instrument.ts'
import { fromMs } from '#core/time.ts'
import type { SupervisionView } from '#core/view/finding.ts'
import { adoptPlan, cast, openGround, organization, owe, plan, reported, say, words, type Ground } from '../../fixtures/server/scene.ts'
import { ManualClock } from '../clock.ts'
import { SETUP } from '../testing.ts'
import type { World } from '../world.ts'
import { readBoard } from './board.ts'

let ground: Ground
before(async () => {
  ground = await openGround()
})
after(() => ground.leave())

const MINUTE = 60_000
const T0 = Date.parse('2026-07-01T08:00:00.000Z')
/** The minutes that an exercise lets pass at each turn; each incident takes one of them. */
const DELAYS = [2, 4, 6, 8, 50]
const [MEDIAN, P90] = [6 * MINUTE, 50 * MINUTE]

/** On a yellow warning the department takes measures within 30 minutes; when the response starts, a team is ready in 10; a report goes up in 5. */
function rules(): Instrument {
  const base = plan({ id: 'exercise-plan' })
  const [first] = base.clauses
  if (first?.kind !== 'duty') throw new Error('the plan begins with a duty')
  const duty = { ...first, evidence: [], once: 'event' as const, to: 'government' as const }
  const limit = (within: string) => ({ within, confirmed: false, source: null })
  return {
    ...base,
    clauses: [
      {
        ...duty,
        id: 'warned',
        owes: 'function:water',
        act: 'take-measures',
        when: [{ event: 'incident.noted', kinds: ['warning'] }],
        limit: limit('PT30M'),
      },
      {
        ...duty,
        id: 'started',
        owes: 'function:health',
        act: 'ready-team',
        when: [{ event: 'incident.response-set' }],
        limit: limit('PT10M'),
      },
      {
        ...duty,
        id: 'told',
        owes: 'government',
        to: 'government@superior',
        act: 'report-up',
        when: [{ event: 'incident.verified' }],
        limit: limit('PT5M'),
      },
    ],
  }
}

async function board(world: World): Promise<SupervisionView> {
  const [relations, instruments, titles] = await Promise.all([world.relations(), world.instruments(), world.titles()])
  const scene = { relations, instruments, titles, doer: SETUP, now: world.now(), readOnly: true }
  const observer = { organizationId: '00000000-0000-0000-0000-000000000000', jurisdiction: '100000' }
  return world.read(observer, (sql) => readBoard(sql, scene, null))
}

test('delays injected by an exercise come out of the log exactly, mechanism by mechanism', async () => {
  const clock = new ManualClock(T0)
  const world = await ground.open({ clock })
  const parts = await cast(world)
  const water = await organization(world, { jurisdiction: '120116', functions: ['water'], superior: parts.district })
  const health = await organization(world, { jurisdiction: '120116', functions: ['health'], superior: parts.district })
  await adoptPlan(world, rules())
  const at = (minutes: number) => ({ occurredAt: fromMs(T0 + minutes * MINUTE) })
  const answer = (id: string, type: 'accept' | 'discharge', minutes: number) =>
    say(
      world,
      'obligation',
      id,
      type === 'accept' ? { type: 'obligation.accept' } : { type: 'obligation.discharge', evidence: '已办' },
      at(minutes),
    )
  clock.set(T0 + 600 * MINUTE)
  for (const delay of DELAYS) {
    const incident = await reported(world, {}, at(0))
    await say(world, 'incident', incident, { type: 'incident.note', kind: 'warning', colour: 'yellow', text: '暴雨黄色预警' }, at(10))
    await say(world, 'incident', incident, { type: 'incident.verify', text: '属实' }, at(20))
    await say(
      world,
      'incident',
      incident,
      { type: 'incident.declare', class: 'natural', severity: 4, hazard: 'flood', title: '积水' },
      at(25),
    )
    await say(world, 'incident', incident, { type: 'incident.set-response', level: 4, scope: '全区', text: '启动' }, at(30))
    await world.settled()
    const owed = await world.sql<
      { id: string; act: string }[]
    >`select id, state ->> 'act' as act from obligation where incident_id = ${incident}`
    const idOf = (act: string): string => owed.find((one) => one.act === act)?.id ?? assert.fail(`${act} is not owed`)
    await answer(idOf('take-measures'), 'accept', 10 + delay)
    await answer(idOf('take-measures'), 'discharge', 10 + 2 * delay)
    await answer(idOf('report-up'), 'discharge', 20 + delay)
    await answer(idOf('ready-team'), 'discharge', 30 + delay)
    const [asked, ordered] = [randomUUID(), randomUUID()]
    const terms = { ...owe(incident, health, parts.district, { dueAt: fromMs(T0 + 100 * MINUTE) }), trigger: null }
    await say(world, 'obligation', asked, { ...terms, type: 'obligation.ask', origin: 'request' }, at(40))
    await answer(asked, 'accept', 40 + delay)
    await say(
      world,
      'incident',
      incident,
      { type: 'incident.note', kind: 'arrive', organization: health, text: '到场' },
      at(40 + 3 * delay),
    )
    await answer(asked, 'discharge', 40 + 4 * delay)
    await say(world, 'obligation', ordered, { ...terms, origin: 'order' }, at(50))
    await answer(ordered, 'accept', 50 + delay)
    await answer(ordered, 'discharge', 50 + 2 * delay)
  }
  await world.settled()
  const { lags, absent, handOffs, late, pairs } = await board(world)
  const taken = Object.fromEntries(
    lags.map((line) => [`${line.mechanism} ${line.leg}`, [line.taken.count, line.taken.median, line.taken.p90]]),
  )
  const times = (n: number) => [DELAYS.length, n * MEDIAN, n * P90]
  assert.deepEqual(taken, {
    'warning acceptance': times(1),
    'warning response': times(2),
    'request acceptance': times(1),
    'request answer': times(1),
    'request arrival': times(3),
    'request discharge': times(4),
    'order acceptance': times(1),
    'order discharge': times(2),
    'report province': times(1),
    'activation discharge': times(1),
  })
  const lagOf = (mechanism: string, leg: string) => lags.find((line) => line.mechanism === mechanism && line.leg === leg)
  assert.deepEqual(lagOf('report', 'province')?.lag, { count: 5, median: 1 * MINUTE, p90: 45 * MINUTE }, 'actual less due: 5 minutes')
  assert.deepEqual([lagOf('report', 'province')?.late, lagOf('activation', 'discharge')?.late], [3, 1])
  assert.deepEqual(absent, ['duty', 'payment'])
  assert.equal(late.total, 0)
  // Received are all; late those whose receipt came after what was due: reports after 5 minutes, and so on, counted by hand.
  assert.deepEqual([handOffs.count, handOffs.judged, handOffs.lost], [25, 25, 3 + 1 + 1])
  const asked = pairs.find((line) => line.creditor.id === parts.district && line.debtor.id === health)
  assert.deepEqual([asked?.count, asked?.reply.median, asked?.back], [15, MEDIAN, 0])
  assert.equal(pairs.find((line) => line.debtor.id === water)?.count, 5)
})

test('what is late now stands first by how long, counted by mechanism and by who owes it; what was handed over without receipt is lost', async () => {
  const clock = new ManualClock(T0)
  const world = await ground.open({ clock })
  const parts = await cast(world)
  const incident = await reported(world)
  const owes = async (debtor: string, minutes: number): Promise<string> => {
    const id = randomUUID()
    await say(world, 'obligation', id, owe(incident, debtor, parts.city, { dueAt: fromMs(T0 + minutes * MINUTE), actWords: words('报') }))
    return id
  }
  const [oldest, second] = [await owes(parts.district, 10), await owes(parts.district, 20)]
  await owes(parts.unit, 30)
  await owes(parts.unit, 600)
  await world.advance(T0 + 60 * MINUTE)
  const { late, handOffs, closure, read } = await board(world)
  assert.deepEqual(late.items.map((one) => one.obligationId).slice(0, 2), [oldest, second])
  assert.deepEqual(
    late.byOrganization.map((one) => [one.organization.id, one.count, one.oldestMs]),
    [
      [parts.district, 2, 50 * MINUTE],
      [parts.unit, 1, 30 * MINUTE],
    ],
  )
  assert.deepEqual(
    late.byMechanism.map((one) => [one.mechanism, one.count]),
    [['duty', 3]],
  )
  assert.deepEqual([late.total, handOffs.count, handOffs.judged, handOffs.lost, handOffs.share], [3, 4, 3, 3, 1])
  assert.deepEqual(
    handOffs.items.map((one) => one.state),
    ['lost', 'lost', 'lost', 'waiting'],
  )
  assert.deepEqual([closure.due, closure.share, read.obligations, read.more], [0, null, 4, false])
  await world.advance(T0 + 8 * 24 * 60 * MINUTE)
  assert.deepEqual(
    (await board(world)).closure,
    { due: 4, onTime: 0, verified: 0, share: 0 },
    'four findings were not closed within our target',
  )
})
