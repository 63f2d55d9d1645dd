import assert from 'node:assert/strict'
import { test } from 'node:test'
import { event, incidentWith, INCIDENT, view } from '../linkage.given.ts'
import { react } from '../linkage.ts'
import { terms as sample } from '../obligation.given.ts'
import { obligation, type Obligation, type ObligationEvent, type Parent, type Terms } from '../obligation.ts'

const DUE_AT = '2026-07-01T20:00:00.000Z'
const terms: Terms = { ...sample, incidentId: INCIDENT, debtor: 'binhai', creditor: 'tianjin', dueAt: DUE_AT, basis: null, ladder: [] }
const stateOf = (...events: readonly ObligationEvent[]): Obligation => {
  const state = events.reduce<Obligation | null>(
    (was, one) =>
      obligation.evolve(was, one, { occurredAt: '2026-07-01T08:00:00.000Z', recordedAt: '', actor: 'system/setup', commandId: '' }),
    null,
  )
  assert.ok(state)
  return state
}
const owed = (more: Partial<Terms> = {}): ObligationEvent => ({ type: 'obligation.owed', ...terms, ...more })
const discharged: ObligationEvent = { type: 'obligation.discharged', evidence: 'x', eventPosition: null, deliveredBy: null, lateBy: null }
const on = (id: string) => ({ stream: `obligation/${id}`, position: '50' })
const parent: Parent = {
  incidentId: INCIDENT,
  jurisdiction: '120116',
  debtor: 'binhai',
  creditor: 'tianjin',
  function: 'supplies',
  act: 'send-pumps',
  basis: null,
  dueAt: DUE_AT,
  watchers: ['tianjin'],
  objectiveId: null,
}
const handedOn = (to: string) =>
  event({ type: 'obligation.handed-on', to, part: 'four of ten', act: 'send-pumps', dueAt: DUE_AT, parent }, on('whole'))

test('a part handed to a subordinate is owed to whoever handed it on, and all further up see it', () => {
  const [reaction, ...more] = react(handedOn('binhai-health'), view([]))
  assert.deepEqual(more, [])
  const { command } = reaction ?? {}
  assert.ok(command?.type === 'obligation.owe')
  assert.deepEqual([command.debtor, command.creditor, command.origin, command.parentId], ['binhai-health', 'binhai', 'handed-on', 'whole'])
  assert.deepEqual([command.watchers, command.by, command.dueAt, command.incidentId], [['tianjin'], 'binhai', DUE_AT, INCIDENT])
  assert.deepEqual(command.actWords, { 'zh-CN': 'four of ten', en: 'four of ten' })
})

test('a part handed to whoever is not subordinate is asked for', () => {
  for (const to of ['charity', 'hebei']) assert.equal(react(handedOn(to), view([]))[0]?.command.type, 'obligation.ask')
})

test('handed on twice by the same event, it is the same obligation', () => {
  const one = handedOn('charity')
  assert.deepEqual(
    react(one, view([])).map(({ id, commandId }) => [id, commandId]),
    react(one, view([])).map(({ id, commandId }) => [id, commandId]),
  )
})

test('help is asked of each, subordinate or not, as a part of the whole', () => {
  const asked = event({ type: 'obligation.help-asked', text: 'four pumps', of: ['binhai-health', 'charity'], parent }, on('whole'))
  const reactions = react(asked, view([]))
  assert.deepEqual(
    reactions.map(({ command }) =>
      command.type === 'obligation.ask' ? [command.debtor, command.creditor, command.parentId, command.origin] : [],
    ),
    [
      ['binhai-health', 'binhai', 'whole', 'request'],
      ['charity', 'binhai', 'whole', 'request'],
    ],
  )
  assert.equal(new Set(reactions.map((one) => one.id)).size, 2)
})

// The daily zero report: nothing happened is said every day (零报告).

const daily = { every: 'PT24H', round: 1, ladder: [{ at: '2026-07-01T21:00:00.000Z', to: 'state', clauseId: 'c' }] } as const
const OVER = '2026-07-01T22:00:00.000Z'
const rounds = (state: Obligation, type: 'obligation.discharged' | 'obligation.lapsed', incident = incidentWith(), at = OVER) =>
  react(event({ type, evidence: 'x' }, { ...on('r1'), at }), view([], { incident, obligations: [['r1', state]] }))

test('what recurs is owed anew a day later, done or missed, deadline and ladder with it', () => {
  for (const [type, state] of [
    ['obligation.discharged', stateOf(owed({ ...daily, ladder: [...daily.ladder] }), discharged)],
    ['obligation.lapsed', stateOf(owed({ ...daily, ladder: [...daily.ladder] }), { type: 'obligation.lapsed', dueAt: DUE_AT })],
  ] as const) {
    const [reaction] = rounds(state, type)
    const { command } = reaction ?? {}
    assert.ok(command?.type === 'obligation.owe', type)
    assert.deepEqual([command.dueAt, command.round, command.every], ['2026-07-02T20:00:00.000Z', 2, 'PT24H'])
    assert.equal(command.ladder[0]?.at, '2026-07-02T21:00:00.000Z')
    assert.equal(command.debtor, 'binhai')
  }
})

test('done early, it is owed anew only when the time of this round is over: one report is not two days’ reports', () => {
  const [reaction] = rounds(
    stateOf(owed({ ...daily, ladder: [] }), discharged),
    'obligation.discharged',
    incidentWith(),
    '2026-07-01T10:00:00.000Z',
  )
  assert.ok(reaction?.command.type === 'incident.await')
  assert.equal(reaction.command.at, DUE_AT)
  const { dueAt, round } = reaction.command.owe
  assert.deepEqual([dueAt, round], ['2026-07-02T20:00:00.000Z', 2])
})

test('missed and then done late, one round makes one next round', () => {
  const late = stateOf(owed({ ...daily, ladder: [] }), { type: 'obligation.lapsed', dueAt: DUE_AT }, discharged)
  const lapse = rounds(late, 'obligation.lapsed')[0]
  const done = rounds(late, 'obligation.discharged')[0]
  assert.ok(lapse)
  assert.deepEqual([lapse.id, lapse.commandId], [done?.id, done?.commandId])
})

test('more time for one round moves no other', () => {
  const extended = stateOf(owed({ ...daily, ladder: [] }), {
    type: 'obligation.extension-granted',
    from: DUE_AT,
    until: '2026-07-01T22:00:00.000Z',
    reason: 'x',
  })
  const command = rounds(extended, 'obligation.discharged')[0]?.command
  assert.equal(command?.type === 'obligation.owe' && command.dueAt, '2026-07-02T20:00:00.000Z')
})

test('once the incident is closed nothing recurs', () => {
  const closed = { ...incidentWith(), status: 'closed', closedAt: '2026-07-01T19:00:00.000Z' } as const
  assert.deepEqual(rounds(stateOf(owed({ ...daily, ladder: [] }), discharged), 'obligation.discharged', closed), [])
})

test('when so many of a group have done it, the others are let off with the reason', () => {
  const group = { id: 'g', quorum: 2 }
  const done = stateOf(owed({ group }), discharged)
  const open = stateOf(owed({ group }))
  const situation = (...states: readonly Obligation[]) =>
    react(
      event({ type: 'obligation.discharged', evidence: 'x' }, on('m0')),
      view([], { obligations: states.map((state, i) => [`m${i}`, state]) }),
    )
  assert.deepEqual(situation(done, open, open), [], 'one of two is not enough')
  assert.deepEqual(
    situation(done, done, open, open).map(({ id, command }) => [id, command]),
    ['m2', 'm3'].map((id) => [id, { type: 'obligation.release', reason: 'quorum-met' }]),
  )
})
