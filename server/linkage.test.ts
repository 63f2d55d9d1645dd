import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Recorded } from '#core/event.ts'
import type { Obligation } from '#core/obligation.ts'
import { fromMs } from '#core/time.ts'
import { adoptPlan, cast, DECLARE, declared, openGround, plan, reported, say, whole, type Ground } from '../fixtures/server/scene.ts'
import { ManualClock } from './clock.ts'
import type { World } from './world.ts'

let ground: Ground
before(async () => {
  ground = await openGround()
})
after(() => ground.leave())

const MINUTE = 60_000
const T0 = Date.parse('2026-07-01T08:00:00.000Z')
const T1 = T0 + 5 * MINUTE

const list = (organization: string | null) => ({
  type: 'incident.note',
  kind: 'information-provided',
  subject: 'substance-list',
  complete: true,
  text: '硝酸铵800吨',
  organization,
})
const obligations = (world: World): Promise<readonly { id: string; state: Obligation }[]> =>
  world.sql<{ id: string; state: Obligation }[]>`select id, state from obligation order by owed_at, id`
const linked = async (world: World): Promise<readonly Recorded[]> =>
  (await whole(world)).filter((event) => event.actor === 'system/linkage')

async function scene() {
  const clock = new ManualClock(T0)
  const world = await ground.open({ clock })
  const parts = await cast(world)
  await adoptPlan(world, plan())
  return { world, clock, parts }
}

describe('the linkage', () => {
  test('makes owed what the clause in force says, to whom, by when and on what basis', async () => {
    const { world, parts } = await scene()
    const incident = await declared(world, { unitInvolved: parts.unit })
    await world.settled()
    const [{ state } = assert.fail('nothing is owed'), ...more] = await obligations(world)
    assert.deepEqual(more, [])
    const declaredEvent = (await whole(world)).find((event) => event.type === 'incident.declared')
    assert.deepEqual(
      [state.incidentId, state.debtor, state.creditor, state.act],
      [incident, parts.unit, parts.district, 'provide-substance-list'],
    )
    assert.deepEqual([state.dueAt, state.limitConfirmed], [fromMs(T0 + 30 * MINUTE), false])
    assert.deepEqual(state.basis, { instrumentId: 'test-plan', version: 1, clauseId: 'list' })
    assert.deepEqual(state.ladder, [{ at: fromMs(T0 + 90 * MINUTE), to: parts.city, clauseId: 'supervision' }])
    assert.deepEqual(state.trigger, { position: declaredEvent?.position, type: 'incident.declared', occurredAt: fromMs(T0) })
    const [owed] = await linked(world)
    assert.deepEqual([owed?.basis, owed?.incidentId, owed?.occurredAt], ['test-plan@1#list', incident, fromMs(T0)])
  })

  test('sees the duty discharged by the recorded fact, and by no fact that says less', async () => {
    const { world, clock, parts } = await scene()
    const incident = await declared(world, { unitInvolved: parts.unit })
    await world.settled()
    clock.set(T1)
    await say(world, 'incident', incident, { ...list(parts.unit), complete: false })
    await say(world, 'incident', incident, { ...list(parts.unit), subject: 'site-plan' })
    await say(world, 'incident', incident, list(parts.district))
    await world.settled()
    assert.equal((await obligations(world))[0]?.state.status, 'owed')
    const [proof] = await say(world, 'incident', incident, list(parts.unit))
    await world.settled()
    const [done] = await obligations(world)
    assert.deepEqual([done?.state.status, done?.state.dischargedAt, done?.state.lateBy], ['discharged', fromMs(T1), null])
    assert.deepEqual(done?.state.evidence, { text: '硝酸铵800吨', eventPosition: proof?.position, by: null })
  })

  test('records what was brought late as late', async () => {
    const { world, clock, parts } = await scene()
    const incident = await declared(world, { unitInvolved: parts.unit })
    await world.settled()
    await world.advance(T0 + 45 * MINUTE)
    clock.set(T0 + 45 * MINUTE)
    await say(world, 'incident', incident, list(parts.unit))
    await world.settled()
    const [done] = await obligations(world)
    assert.deepEqual([done?.state.status, done?.state.lateBy, done?.state.lapsedAt], ['discharged', 'PT15M', fromMs(T0 + 30 * MINUTE)])
  })

  test('marks once that nobody is there to be owed, instead of keeping silent', async () => {
    const { world } = await scene()
    const nobody = plan({ id: 'other-plan' })
    const [duty] = nobody.clauses
    await adoptPlan(world, { ...nobody, clauses: [{ ...(duty ?? assert.fail()), owes: 'function:radiation' } as typeof duty & object] })
    const incident = await reported(world)
    await say(world, 'incident', incident, { type: 'incident.verify', text: '属实' })
    await say(world, 'incident', incident, DECLARE)
    await say(world, 'incident', incident, { ...DECLARE, severity: 2 })
    await world.settled()
    const gaps = (await linked(world)).filter((event) => event.type === 'incident.gap-marked')
    assert.deepEqual(
      gaps.map((event) => (event.data as { party: string }).party),
      ['function:radiation'],
    )
  })
})

describe('the linkage, told the same events again,', () => {
  test('from the beginning, after it was half-way, and by a second server, makes nothing owed twice', async () => {
    const { world, clock, parts } = await scene()
    const incident = await declared(world, { unitInvolved: parts.unit })
    await world.settled()
    clock.set(T1)
    await say(world, 'incident', incident, list(parts.unit))
    await declared(world, { unitInvolved: parts.unit })
    await world.settled()
    const before = await whole(world)
    assert.deepEqual(
      before.filter((event) => event.actor === 'system/linkage').map((event) => event.type),
      ['obligation.owed', 'obligation.discharged', 'obligation.owed'],
    )
    await ground.shut(world)
    for (const from of [0, Math.floor(before.length / 2), before.length - 2]) {
      const sql = ground.owner(world)
      await sql`update follower set position = ${from} where name = 'linkage'`
      const again = await ground.open({ name: world.name, clock })
      const beside = await ground.open({ name: world.name, clock })
      await say(again, 'incident', incident, { type: 'incident.note', kind: 'arrive', text: '到场' }) // something to settle
      await again.settled()
      await beside.settled()
      await ground.shut(again)
      await ground.shut(beside)
    }
    const sql = ground.owner(world)
    const after = await sql<{ type: string }[]>`select type from event where actor = 'system/linkage' order by position`
    assert.deepEqual(
      after.map((row) => row.type),
      ['obligation.owed', 'obligation.discharged', 'obligation.owed'],
    )
  })

  test('after it was killed between acting and keeping its place, makes up what is missing and no more', async () => {
    const { world, clock, parts } = await scene()
    await world.settled()
    const incident = await declared(world, { unitInvolved: parts.unit })
    await ground.shut(world)
    const sql = ground.owner(world)
    await sql`update follower set position = 0 where name = 'linkage'`
    const again = await ground.open({ name: world.name, clock })
    await say(again, 'incident', incident, { type: 'incident.note', kind: 'arrive', text: '到场' })
    await again.settled()
    assert.equal((await obligations(again)).length, 1)
  })
})

describe('an instrument whose version changes during an incident', () => {
  const next = plan({ within: 'PT10M', act: 'provide-full-register' })
  const [duty, supervision] = next.clauses
  const changed = {
    ...next,
    clauses: [
      { ...(duty ?? assert.fail()), evidence: [{ event: 'incident.noted', kinds: ['register-published'] }] } as typeof duty & object,
      supervision ?? assert.fail(),
    ],
  }

  test('changes only what comes after', async () => {
    const { world, clock, parts } = await scene()
    const old = await declared(world, { unitInvolved: parts.unit })
    await world.settled()
    await adoptPlan(world, changed)
    clock.set(T1)
    const young = await declared(world, { unitInvolved: parts.unit })
    await world.settled()
    const [before, after] = await obligations(world)
    assert.deepEqual([before?.state.incidentId, before?.state.basis?.version, before?.state.dueAt], [old, 1, fromMs(T0 + 30 * MINUTE)])
    assert.deepEqual(
      [after?.state.incidentId, after?.state.basis?.version, after?.state.dueAt, after?.state.act],
      [young, 2, fromMs(T1 + 10 * MINUTE), 'provide-full-register'],
    )
    // The evidence that counts is that of the version that made it owed.
    for (const incident of [old, young]) await say(world, 'incident', incident, list(parts.unit))
    await world.settled()
    assert.deepEqual(
      (await obligations(world)).map((one) => one.state.status),
      ['discharged', 'owed'],
    )
    await say(world, 'incident', young, { type: 'incident.note', kind: 'register-published', text: '台账', organization: parts.unit })
    await world.settled()
    assert.deepEqual(
      (await obligations(world)).map((one) => one.state.status),
      ['discharged', 'discharged'],
    )
  })

  test('does so after a restart too, for versions that are no longer current', async () => {
    const { world, clock, parts } = await scene()
    const old = await declared(world, { unitInvolved: parts.unit })
    await world.settled()
    await adoptPlan(world, changed)
    await ground.shut(world)
    const again = await ground.open({ name: world.name, clock })
    await say(again, 'incident', old, list(parts.unit))
    await again.settled()
    assert.deepEqual(
      (await obligations(again)).map((one) => [one.state.basis?.version, one.state.status]),
      [[1, 'discharged']],
    )
  })

  test('by the order of the log, even when both were committed together', async () => {
    const { world, parts } = await scene()
    const incident = await reported(world, { unitInvolved: parts.unit })
    await say(world, 'incident', incident, { type: 'incident.verify', text: '属实' })
    await Promise.all([say(world, 'incident', incident, DECLARE), adoptPlan(world, changed)])
    const events = await whole(world)
    const at = (type: string): number => events.findLastIndex((event) => event.type === type)
    assert.ok(at('incident.declared') < at('instrument.adopted'))
    await world.settled()
    assert.deepEqual(
      (await obligations(world)).map((one) => one.state.basis?.version),
      [1],
    )
  })
})
