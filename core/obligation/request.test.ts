import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemActor } from '../event.ts'
import { isOpen, nextTimer, ObligationCommand, type ObligationEvent } from '../obligation.ts'
import { accepted, ANSWER_BY, at, CREDITOR, DEBTOR, declined, OTHER, OWED_AT, past, post, requested, terms } from '../obligation.given.ts'
import { militaryRefusal } from './military.ts'

const { incidentId, jurisdiction, debtor, function: duty, act, actWords, basis, dueAt } = terms
const asking = { incidentId, jurisdiction, debtor, function: duty, act, actWords, basis, dueAt } as const
const order = { type: 'obligation.order', ...asking } as const
const request = { type: 'obligation.request', ...asking } as const
const asker = { ...at('08:00:00'), actor: post(CREDITOR) }

test('an order is owed at once, to whoever gave it, and names who that was', () => {
  assert.deepEqual(past().when(order, asker), [
    {
      type: 'obligation.owed',
      ...asking,
      creditor: CREDITOR,
      limitConfirmed: true,
      trigger: null,
      ladder: [],
      origin: 'order',
      by: CREDITOR,
    },
  ])
})

test('an order may be given for the good of another, who is then owed', () => {
  const outcome = past().when({ ...order, creditor: OTHER }, asker)
  assert.ok(Array.isArray(outcome))
  const { state } = past(...(outcome as readonly ObligationEvent[]))
  assert.deepEqual([state?.creditor, state?.by, state?.status], [OTHER, CREDITOR, 'owed'])
})

test('a request is the same words and not owed', () => {
  const outcome = past().when(request, asker)
  assert.ok(Array.isArray(outcome))
  assert.deepEqual(
    outcome.map(({ type }) => type),
    ['obligation.requested'],
  )
  const { state } = past(...outcome)
  assert.deepEqual([state?.status, state?.origin], ['requested', 'request'])
})

test('one and the same is ordered or requested once', () => {
  for (const command of [order, request]) assert.deepEqual(past(requested).when(command, asker), { refused: 'obligation.already-owed' })
})

test('nobody orders or requests himself, and nothing for a time that is past', () => {
  assert.deepEqual(past().when(order, { ...asker, actor: post(DEBTOR) }), { refused: 'obligation.owed-to-oneself' })
  assert.deepEqual(past().when({ ...request, creditor: DEBTOR }, asker), { refused: 'obligation.owed-to-oneself' })
  assert.deepEqual(past().when(order, { ...asker, ...at('09:00:00') }), { refused: 'obligation.due-passed' })
  assert.deepEqual(past().when(order, { ...at('08:00:00'), actor: systemActor('setup') }), { refused: 'obligation.no-creditor' })
})

test('what was only requested never lapses', () => {
  assert.equal(nextTimer(past(requested).state), null)
  assert.deepEqual(past(requested).when({ type: 'obligation.lapse' }, at('23:00:00')), [])
})

test('accepted, a request is owed by its deadline like anything else', () => {
  const { state } = past(requested, accepted)
  assert.equal(state?.status, 'accepted')
  assert.deepEqual(nextTimer(state), { at: '2026-07-01T09:00:00.001Z', command: { type: 'obligation.lapse' } })
})

test('who accepts a request may name the time that he can keep; an order sets its own', () => {
  const later = { type: 'obligation.accept', dueAt: '2026-07-01T12:00:00.000Z' } as const
  const outcome = past(requested).when(later, at('08:05:00'))
  assert.deepEqual(outcome, [{ ...accepted, dueAt: later.dueAt }])
  assert.equal(past(requested, { ...accepted, dueAt: later.dueAt } as ObligationEvent).state?.dueAt, later.dueAt)
  assert.deepEqual(past({ type: 'obligation.owed', ...terms }).when(later, at('08:05:00')), { refused: 'obligation.deadline-is-set' })
})

test('a request whose time is over is not taken on as it is', () => {
  assert.deepEqual(past(requested).when({ type: 'obligation.accept' }, at('09:30:00')), { refused: 'obligation.due-passed' })
  assert.ok(Array.isArray(past(requested).when({ type: 'obligation.accept', dueAt: '2026-07-01T12:00:00.000Z' }, at('09:30:00'))))
})

test('a refusal gives its reason, closes the request and is no failure', () => {
  assert.ok(!ObligationCommand.safeParse({ type: 'obligation.decline', reason: ' ' }).success)
  const { state } = past(requested, declined)
  assert.ok(state && !isOpen(state))
  assert.deepEqual([state.status, state.declineReason, state.lapsedAt], ['declined', 'our pumps are under water', null])
  assert.equal(nextTimer(state), null)
})

const withAnswer = { ...requested, answerBy: ANSWER_BY } as ObligationEvent

test('silence past the time to answer is heard once, and the request stays open', () => {
  const command = { type: 'obligation.mark-unanswered' } as const
  assert.deepEqual(nextTimer(past(withAnswer).state), { at: '2026-07-01T08:15:00.001Z', command })
  assert.deepEqual(past(withAnswer).when(command, at('08:15:00')), [], 'an answer at the very instant is in time')
  const unanswered = { type: 'obligation.unanswered', answerBy: ANSWER_BY, requested: true } as const
  assert.deepEqual(past(withAnswer).when(command, at('08:15:01')), [unanswered])
  const after = past(withAnswer, unanswered)
  assert.deepEqual(after.when(command, at('08:20:00')), [])
  assert.ok(after.state && isOpen(after.state))
  assert.equal(nextTimer(after.state), null)
  assert.deepEqual(after.when({ type: 'obligation.accept' }, at('08:20:00')), [accepted])
})

test('an order without an answer stays owed, and its deadline stands', () => {
  const ordered = { type: 'obligation.owed', ...terms, answerBy: ANSWER_BY } as const
  const unanswered = { type: 'obligation.unanswered', answerBy: ANSWER_BY, requested: false } as const
  assert.deepEqual(past(ordered).when({ type: 'obligation.mark-unanswered' }, at('08:15:01')), [unanswered])
  const { state } = past(ordered, unanswered)
  assert.equal(state?.status, 'owed')
  assert.deepEqual(nextTimer(state)?.command, { type: 'obligation.lapse' })
})

test('whoever answered in time is not said to have been silent', () => {
  for (const answer of [accepted, declined])
    assert.deepEqual(past(withAnswer, answer).when({ type: 'obligation.mark-unanswered' }, at('08:20:00')), [])
})

test('the creditor may insist: a request is asked again, a duty owed again, never late by that alone', () => {
  const insist = { type: 'obligation.insist', reason: 'the dyke will not hold' } as const
  assert.deepEqual(past(requested, declined).when(insist, at('08:30:00')), [{ type: 'obligation.insisted', reason: insist.reason }])
  const insisted = { type: 'obligation.insisted', reason: insist.reason } as const
  assert.equal(past(requested, declined, insisted).state?.status, 'requested')
  assert.equal(past({ type: 'obligation.owed', ...terms }, declined, insisted).state?.status, 'owed')
  assert.deepEqual(past(requested, declined).when(insist, at('09:30:00')), { refused: 'obligation.due-passed' })
  const anew = { ...insist, dueAt: '2026-07-01T11:00:00.000Z' } as const
  assert.ok(Array.isArray(past(requested, declined).when(anew, at('09:30:00'))))
  assert.deepEqual(past(requested).when(insist, at('08:30:00')), { refused: 'obligation.not-declined' })
})

// State Council and CMC Order 436, articles 4 and 5.

const military = {
  type: 'military',
  harmType: '洪水',
  time: OWED_AT,
  place: '海河口北岸',
  harm: '堤防渗漏，三千人受困',
  measures: '已疏散一千人',
  strength: '舟艇二十艘、兵力两百人',
} as const
const government = { sector: 'government', jurisdiction: '120116' }
const sameLevel = { sector: 'military', jurisdiction: '120116' }

test('a request to the armed forces states all six particulars', () => {
  const { form: _, ...without } = { ...request, form: military }
  assert.ok(ObligationCommand.safeParse({ ...without, form: military }).success)
  for (const particular of ['harmType', 'time', 'place', 'harm', 'measures', 'strength'] as const) {
    const { [particular]: __, ...rest } = military
    assert.ok(!ObligationCommand.safeParse({ ...without, form: rest }).success, particular)
  }
  assert.equal(militaryRefusal(government, sameLevel, undefined)?.code, 'obligation.military-form-missing')
  assert.equal(militaryRefusal(government, sameLevel, military), null)
})

test('it goes through the military body of the same level, and past it only in extremis with the reason', () => {
  const stationed = { sector: 'military', jurisdiction: '120000' }
  assert.equal(militaryRefusal(government, stationed, military)?.code, 'obligation.military-not-same-level')
  assert.equal(militaryRefusal(government, stationed, { ...military, direct: '决口在即，来不及逐级提出' }), null)
})

test('it is governments that ask for the armed forces, not enterprises or associations', () => {
  for (const sector of ['enterprise', 'social', 'grass-roots'])
    assert.equal(militaryRefusal({ sector, jurisdiction: '120116' }, sameLevel, military)?.code, 'obligation.military-by-government')
})

test('whoever is no military body is asked without that form', () => {
  assert.equal(militaryRefusal(government, { sector: 'social', jurisdiction: null }, undefined), null)
})
