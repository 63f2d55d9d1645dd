import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemActor, type Recorded } from '../event.ts'
import { AT, duty, entry, event, first, INCIDENT, incidentWith, law, owedState, reported, view as viewOf } from '../linkage.given.ts'
import { react, type LinkageView, type Reaction } from '../linkage.ts'
import type { Obligation } from '../obligation.ts'
import { after } from '../time.ts'
import { supervised } from './finding.ts'

const ENTRIES = [
  entry('state', '100000', null, 'government'),
  entry('city', '120000', 'state', 'government'),
  entry('district', '120116', 'city', 'government'),
  entry('plant', null, 'port'),
  entry('port', '120116', 'city'),
]
const LAW = law([duty({ owes: 'unit-involved', to: 'government', gravity: 2 })])
const view = (obligations: readonly (readonly [string, Obligation])[] = []): LinkageView =>
  viewOf([LAW], { incident: incidentWith(), entries: ENTRIES, obligations })
const OWED = first(react(reported(), view()))
const DUE = after(AT, 'PT1H')
const LATE = after(AT, 'PT2H')

type Change = Parameters<typeof owedState>[1]
/** The obligation as it is after these events, and what supervision does at the last. */
function when(change: Change, at: string, ...before: readonly Change[]): readonly Reaction[] {
  const [id, state] = owedState(OWED, ...before, change)
  return supervised(tell(change, at, id), view([[id, state]]))
}
const tell = (change: Change, at: string, id = OWED.id): Recorded =>
  event(change, { by: systemActor('clock'), at, stream: `obligation/${id}` })

const LAPSED: Change = { type: 'obligation.lapsed', dueAt: DUE }
const DISCHARGED: Change = { type: 'obligation.discharged', evidence: 'x', eventPosition: null, deliveredBy: null, lateBy: 'PT1H' }
const saysOf = (reactions: readonly Reaction[]) =>
  reactions.map(({ room, id, command }): readonly [string, string, string] => [room, id, command.type])

test('a lapse is a finding whose id is made from the obligation and what was missed', () => {
  const [reaction, ...more] = when(LAPSED, DUE)
  assert.deepEqual(more, [])
  assert.ok(reaction?.command.type === 'finding.raise')
  assert.equal(reaction.id, `finding|${OWED.id}|lapsed`)
  const { subject, creditor, supervisor, kind, gravity, missedAt, incidentId, basis } = reaction.command
  assert.deepEqual(
    [subject, creditor, supervisor, kind, gravity, missedAt, incidentId],
    ['plant', 'district', 'port', 'lapsed', 2, DUE, INCIDENT],
  )
  assert.equal(basis?.clauseId, 'report')
  assert.deepEqual(
    reaction.command.ladder.map((stage) => [stage.step, stage.at, stage.to]),
    [
      ['reminder', DUE, 'plant'],
      ['urging', after(DUE, 'PT30M'), 'plant'],
      ['superior', after(DUE, 'PT2H'), 'port'],
      ['interview', after(DUE, 'P1D'), 'port'],
      ['sanction', after(DUE, 'P3D'), 'port'],
    ],
  )
})

test('the linkage reacts so by itself, whatever the clauses wait for', () => {
  const [id, state] = owedState(OWED, LAPSED)
  assert.deepEqual(saysOf(react(tell(LAPSED, DUE, id), view([[id, state]]))), [['finding', `finding|${id}|lapsed`, 'finding.raise']])
})

test('heard late, the ladder counts from when we heard: nobody is urged for our own silence', () => {
  const [id, state] = owedState(OWED, LAPSED)
  const heard = { ...tell(LAPSED, DUE, id), recordedAt: LATE }
  const [reaction] = supervised(heard, view([[id, state]]))
  assert.ok(reaction?.command.type === 'finding.raise')
  assert.deepEqual([reaction.command.missedAt, reaction.command.ladder[0]?.at], [DUE, LATE])
})

test('done late in the same breath, it is on record with no ladder, and mended', () => {
  const [id, state] = owedState(OWED, LAPSED, DISCHARGED)
  const [raised] = supervised(tell(LAPSED, LATE, id), view([[id, state]]))
  assert.ok(raised?.command.type === 'finding.raise' && raised.command.ladder.length === 0)
  const [mended, ...more] = supervised(tell(DISCHARGED, LATE, id), view([[id, state]]))
  assert.deepEqual([mended?.command, more], [{ type: 'finding.mend', lateBy: 'PT1H' }, []])
})

test('done in time, answered in time, nothing is said to anybody', () => {
  for (const change of [DISCHARGED, { type: 'obligation.accepted', note: null }, { type: 'obligation.waived', reason: 'x' }] as const)
    assert.deepEqual(when(change, AT), [], change.type)
})

test('waived or released after it was missed, the finding is withdrawn', () => {
  assert.deepEqual(
    when({ type: 'obligation.waived', reason: 'x' }, LATE, LAPSED).map((one) => one.command),
    [{ type: 'finding.withdraw', cause: 'waived' }],
  )
  assert.deepEqual(
    when({ type: 'obligation.released', reason: 'incident-closed' }, LATE, LAPSED).map((one) => one.command),
    [{ type: 'finding.withdraw', cause: 'ended' }],
  )
})

test('silence past the time to answer, and silence after an acceptance, are findings of their own kinds', () => {
  const unanswered = when({ type: 'obligation.unanswered', answerBy: after(AT, 'PT10M'), requested: false }, after(AT, 'PT10M'))
  assert.deepEqual(saysOf(unanswered), [['finding', `finding|${OWED.id}|unanswered`, 'finding.raise']])
  assert.ok(unanswered[0]?.command.type === 'finding.raise' && unanswered[0].command.missedAt === after(AT, 'PT10M'))
  assert.deepEqual(saysOf(when({ type: 'obligation.unaccepted', since: AT, every: 'PT30M' }, after(AT, 'PT30M'))), [
    ['finding', `finding|${OWED.id}|silent`, 'finding.raise'],
  ])
})

test('an answer mends the silence, the act mends the lapse too', () => {
  const [id, state] = owedState(OWED, LAPSED)
  const asked = { ...state, answerBy: after(AT, 'PT10M'), progressEvery: 'PT30M' }
  const of = (change: Change) =>
    saysOf(supervised(tell(change, LATE, id), view([[id, asked]]))).map(([, finding]) => finding.split('|').at(-1))
  assert.deepEqual(of({ type: 'obligation.accepted', note: null }), ['unanswered', 'silent'])
  assert.deepEqual(of({ type: 'obligation.declined', reason: 'x' }), ['unanswered', 'silent'])
  assert.deepEqual(of(DISCHARGED), ['lapsed', 'unanswered', 'silent'])
})

test('done late and disputed it is late again', () => {
  const disputed: Change = { type: 'obligation.disputed', reason: '清单不全', evidence: 'x' }
  const [reaction] = when(disputed, after(AT, 'PT3H'), LAPSED, DISCHARGED)
  assert.ok(reaction?.command.type === 'finding.raise' && reaction.command.missedAt === after(AT, 'PT3H'))
})

test('what is no obligation is none of its business', () => {
  assert.deepEqual(supervised(reported(), view()), [])
})
