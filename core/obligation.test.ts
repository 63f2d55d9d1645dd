import assert from 'node:assert/strict'
import { test } from 'node:test'
import { given } from './given.ts'
import {
  isOpen,
  nextTimer,
  obligation,
  ObligationCommand,
  obligationThing,
  partiesOf,
  type ObligationEvent,
  type Terms,
} from './obligation.ts'

const DEBTOR = '01900000-0000-7000-8000-00000000000a'
const CREDITOR = '01900000-0000-7000-8000-00000000000b'
const SUPERIOR = '01900000-0000-7000-8000-00000000000c'
const MINISTRY = '01900000-0000-7000-8000-00000000000d'
const OWED_AT = '2026-07-01T08:00:00.000Z'
const DUE_AT = '2026-07-01T09:00:00.000Z'

const terms: Terms = {
  incidentId: '01900000-0000-7000-8000-000000000001',
  jurisdiction: '120116',
  debtor: DEBTOR,
  creditor: CREDITOR,
  function: 'reporting',
  act: 'report-accident',
  actWords: { 'zh-CN': '报告事故情况', en: 'Report the accident' },
  basis: { instrumentId: 'cn-accident-report-493', version: 1, clauseId: 'art9' },
  dueAt: DUE_AT,
  limitConfirmed: true,
  trigger: { position: '7', type: 'incident.reported', occurredAt: OWED_AT },
  ladder: [
    { at: '2026-07-01T09:30:00.000Z', to: SUPERIOR, clauseId: 'supervise' },
    { at: '2026-07-01T10:00:00.000Z', to: MINISTRY, clauseId: 'supervise' },
  ],
}
const owed: ObligationEvent = { type: 'obligation.owed', ...terms }
const undated: ObligationEvent = { ...owed, dueAt: null, ladder: [] }
const accepted: ObligationEvent = { type: 'obligation.accepted', note: null }
const declined: ObligationEvent = { type: 'obligation.declined', reason: 'not ours' }
const lapsed: ObligationEvent = { type: 'obligation.lapsed', dueAt: DUE_AT }
const climbed: ObligationEvent = { type: 'obligation.escalated', step: 0, to: SUPERIOR, clauseId: 'supervise' }
const waived: ObligationEvent = { type: 'obligation.waived', reason: 'done by another' }
const discharged: ObligationEvent = {
  type: 'obligation.discharged',
  evidence: 'sent',
  eventPosition: null,
  deliveredBy: null,
  lateBy: null,
}
const discharge: ObligationCommand = { type: 'obligation.discharge', evidence: 'list sent by fax' }
const past = (...events: readonly ObligationEvent[]) => given(obligation, [owed, ...events], { at: OWED_AT })

test('what is owed is recorded as it was laid down', () => {
  assert.deepEqual(given(obligation).when({ type: 'obligation.owe', ...terms }), [owed])
  const { state } = past()
  assert.equal(state?.status, 'owed')
  assert.equal(state?.owedAt, OWED_AT)
})

test('the same obligation is owed once', () => {
  assert.deepEqual(past().when({ type: 'obligation.owe', ...terms }), { refused: 'obligation.already-owed' })
})

test('nobody owes anything to himself', () => {
  assert.deepEqual(given(obligation).when({ type: 'obligation.owe', ...terms, creditor: DEBTOR }), {
    refused: 'obligation.owed-to-oneself',
  })
})

test('nothing can be answered that was never owed', () => {
  for (const command of [
    discharge,
    { type: 'obligation.accept' },
    { type: 'obligation.lapse' },
    { type: 'obligation.escalate', step: 0 },
  ] as const)
    assert.deepEqual(given(obligation).when(command), { refused: 'obligation.unknown' })
})

test('it is accepted once, with or without a note', () => {
  assert.deepEqual(past().when({ type: 'obligation.accept', note: 'on our way' }), [{ type: 'obligation.accepted', note: 'on our way' }])
  assert.deepEqual(past().when({ type: 'obligation.accept' }), [accepted])
  assert.equal(past(accepted).state?.status, 'accepted')
  assert.deepEqual(past(accepted).when({ type: 'obligation.accept' }), { refused: 'obligation.already-accepted' })
})

test('it is declined with a reason that stays readable, and can still be accepted or discharged', () => {
  assert.deepEqual(past().when({ type: 'obligation.decline', reason: 'not ours' }), [declined])
  const after = past(declined)
  assert.deepEqual([after.state?.status, after.state?.declineReason], ['declined', 'not ours'])
  assert.deepEqual(after.when({ type: 'obligation.decline', reason: 'no' }), { refused: 'obligation.already-declined' })
  assert.deepEqual(after.when({ type: 'obligation.accept' }), [accepted])
  assert.ok(Array.isArray(after.when(discharge, { at: DUE_AT })))
})

test('declined with a reason in time it is answered: nobody waits for it, and nothing lapses', () => {
  const { state } = past(declined)
  assert.ok(state && !isOpen(state))
  assert.equal(nextTimer(state), null)
  assert.deepEqual(past(declined).when({ type: 'obligation.lapse' }, { at: '2026-07-01T09:00:00.001Z' }), [])
})

test('declined after its deadline it is late all the same, and goes on climbing', () => {
  const outcome = past().when({ type: 'obligation.decline', reason: 'not ours' }, { at: '2026-07-01T09:10:00.000Z' })
  assert.deepEqual(outcome, [lapsed, declined])
  const { state } = past(lapsed, declined)
  assert.ok(state && isOpen(state))
  assert.deepEqual(past(lapsed, declined).when({ type: 'obligation.escalate', step: 0 }, { at: '2026-07-01T09:30:00.000Z' }), [climbed])
})

test('a log kept when a refusal still lapsed folds as it did', () => {
  const { state } = past(declined, lapsed)
  assert.deepEqual([state?.status, state?.lapsedAt, state !== null && isOpen(state)], ['declined', DUE_AT, true])
})

test('a reason and evidence are more than blanks', () => {
  for (const command of [
    { type: 'obligation.decline', reason: ' \n ' },
    { type: 'obligation.waive', reason: '' },
    { type: 'obligation.discharge', evidence: '\t' },
  ])
    assert.ok(!ObligationCommand.safeParse(command).success, command.type)
})

test('an obligation discharged before its deadline is in time', () => {
  assert.deepEqual(past().when(discharge, { at: '2026-07-01T08:59:59.999Z' }), [
    { type: 'obligation.discharged', evidence: 'list sent by fax', eventPosition: null, deliveredBy: null, lateBy: null },
  ])
})

test('an obligation discharged exactly at its deadline is in time', () => {
  assert.deepEqual(past().when(discharge, { at: DUE_AT }), [
    { type: 'obligation.discharged', evidence: 'list sent by fax', eventPosition: null, deliveredBy: null, lateBy: null },
  ])
})

test('an obligation discharged late is recorded as late, not refused', () => {
  assert.deepEqual(past(lapsed).when(discharge, { at: '2026-07-01T22:15:30.000Z' }), [
    { type: 'obligation.discharged', evidence: 'list sent by fax', eventPosition: null, deliveredBy: null, lateBy: 'PT13H15M30S' },
  ])
})

test('late is when it was done, not when we heard', () => {
  const heardLater = past().when(discharge, { at: '2026-07-02T00:00:00.000Z', occurredAt: '2026-07-01T08:30:00.000Z' })
  assert.deepEqual(heardLater, [
    { type: 'obligation.discharged', evidence: 'list sent by fax', eventPosition: null, deliveredBy: null, lateBy: null },
  ])
})

test('when the clock has not said so yet, a late discharge itself says that it had lapsed', () => {
  assert.deepEqual(past().when(discharge, { at: '2026-07-01T09:00:01.000Z' }), [
    lapsed,
    { type: 'obligation.discharged', evidence: 'list sent by fax', eventPosition: null, deliveredBy: null, lateBy: 'PT1S' },
  ])
})

test('an undated obligation is never late', () => {
  const outcome = given(obligation, [undated]).when(discharge, { at: '2036-07-01T00:00:00.000Z' })
  assert.deepEqual(outcome, [
    { type: 'obligation.discharged', evidence: 'list sent by fax', eventPosition: null, deliveredBy: null, lateBy: null },
  ])
})

test('the evidence names the recorded event and who delivered it in the stead of the debtor', () => {
  const outcome = past().when({ ...discharge, eventPosition: '42', deliveredBy: SUPERIOR }, { at: DUE_AT })
  assert.ok(Array.isArray(outcome))
  const { state } = given(obligation, [owed, ...outcome], { at: DUE_AT })
  assert.deepEqual(state?.evidence, { text: 'list sent by fax', eventPosition: '42', by: SUPERIOR })
  assert.deepEqual([state?.status, state?.dischargedAt], ['discharged', DUE_AT])
})

test('what is settled is settled: discharged or waived, nothing more is answered', () => {
  for (const command of [
    discharge,
    { type: 'obligation.accept' },
    { type: 'obligation.decline', reason: 'no' },
    { type: 'obligation.waive', reason: 'no' },
  ] as const) {
    assert.deepEqual(past(discharged).when(command), { refused: 'obligation.already-discharged' })
    assert.deepEqual(past(waived).when(command), { refused: 'obligation.already-waived' })
  }
})

test('it is waived with a reason, late or not', () => {
  assert.deepEqual(past(lapsed).when({ type: 'obligation.waive', reason: 'done by another' }), [waived])
  assert.deepEqual([past(waived).state?.status, past(waived).state?.waiveReason], ['waived', 'done by another'])
})

test('it does not lapse at its deadline, and lapses a millisecond later', () => {
  assert.deepEqual(past().when({ type: 'obligation.lapse' }, { at: DUE_AT }), [])
  assert.deepEqual(past().when({ type: 'obligation.lapse' }, { at: '2026-07-01T09:00:00.001Z' }), [lapsed])
})

test('it lapses once, stays lapsed, and can still be accepted', () => {
  const later = { at: '2026-07-01T12:00:00.000Z' }
  assert.deepEqual(past(lapsed).when({ type: 'obligation.lapse' }, later), [])
  assert.equal(past(lapsed).state?.lapsedAt, DUE_AT)
  assert.equal(past(lapsed, accepted).state?.lapsedAt, DUE_AT)
  assert.equal(past(lapsed, accepted).state?.status, 'accepted')
})

test('nothing lapses that is settled or has no deadline', () => {
  const later = { at: '2026-07-02T00:00:00.000Z' }
  assert.deepEqual(past(discharged).when({ type: 'obligation.lapse' }, later), [])
  assert.deepEqual(past(waived).when({ type: 'obligation.lapse' }, later), [])
  assert.deepEqual(given(obligation, [undated]).when({ type: 'obligation.lapse' }, later), [])
})

test('once lapsed it climbs the ladder rung by rung, each at its time and once', () => {
  const step = (n: number): ObligationCommand => ({ type: 'obligation.escalate', step: n })
  const at = (text: string) => ({ at: `2026-07-01T${text}Z` })
  assert.deepEqual(past(lapsed).when(step(0), at('09:29:59.999')), [])
  assert.deepEqual(past(lapsed).when(step(0), at('09:30:00.000')), [climbed])
  assert.deepEqual(past(lapsed).when(step(1), at('10:00:00.000')), [], 'no rung is skipped')
  assert.deepEqual(past(lapsed, climbed).when(step(0), at('10:00:00.000')), [], 'no rung is climbed twice')
  assert.deepEqual(past(lapsed, climbed).when(step(1), at('10:00:00.000')), [
    { type: 'obligation.escalated', step: 1, to: MINISTRY, clauseId: 'supervise' },
  ])
  assert.deepEqual(past(lapsed).when(step(2)), { refused: 'obligation.no-such-step' })
})

test('what has not lapsed or is settled does not climb', () => {
  const late = { at: '2026-07-01T12:00:00.000Z' }
  assert.deepEqual(past().when({ type: 'obligation.escalate', step: 0 }, late), [])
  assert.deepEqual(past(lapsed, discharged).when({ type: 'obligation.escalate', step: 0 }, late), [])
})

test('the next timer is the lapse, then each rung, then nothing', () => {
  assert.deepEqual(nextTimer(past().state), { at: '2026-07-01T09:00:00.001Z', command: { type: 'obligation.lapse' } })
  assert.deepEqual(nextTimer(past(lapsed).state), { at: '2026-07-01T09:30:00.000Z', command: { type: 'obligation.escalate', step: 0 } })
  assert.deepEqual(nextTimer(past(lapsed, climbed).state), {
    at: '2026-07-01T10:00:00.000Z',
    command: { type: 'obligation.escalate', step: 1 },
  })
  assert.equal(nextTimer(past(lapsed, climbed, { ...climbed, step: 1, to: MINISTRY }).state), null)
  for (const settled of [past(discharged), past(waived), given(obligation, [undated]), given(obligation)])
    assert.equal(nextTimer(settled.state), null)
})

test('each timer does what it was set for, so that none fires for ever', () => {
  let events: readonly ObligationEvent[] = [owed]
  for (let fired = 0; fired < 3; fired++) {
    const timer = nextTimer(given(obligation, events).state)
    assert.ok(timer)
    const outcome = given(obligation, events).when(timer.command, { at: timer.at })
    assert.ok(Array.isArray(outcome) && outcome.length === 1, `timer ${fired}`)
    events = [...events, ...outcome]
  }
  assert.equal(nextTimer(given(obligation, events).state), null)
})

test('a superior becomes a party when it has climbed to him, not before', () => {
  const state = past(lapsed).state
  const after = past(lapsed, climbed).state
  assert.ok(state && after)
  assert.deepEqual(partiesOf(state), [DEBTOR, CREDITOR])
  assert.deepEqual(partiesOf(after), [DEBTOR, CREDITOR, SUPERIOR])
  assert.deepEqual(obligationThing(after), {
    jurisdiction: '120116',
    debtor: DEBTOR,
    creditor: CREDITOR,
    parties: [DEBTOR, CREDITOR, SUPERIOR],
  })
})

test('a command that says more than the schema knows is malformed', () => {
  assert.ok(!ObligationCommand.safeParse({ type: 'obligation.accept', by: DEBTOR }).success)
  assert.ok(!ObligationCommand.safeParse({ type: 'obligation.owe', ...terms, dueAt: '2026-07-01T09:00:00+08:00' }).success)
  assert.ok(ObligationCommand.safeParse({ type: 'obligation.owe', ...terms }).success)
})
