import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import { byUrgency, countdownText, urgency, usedShare, type Dated } from './urgency.ts'

const NOON = Date.parse('2015-08-12T12:00:00.000Z')
const at = (minutes: number): string => new Date(NOON + minutes * 60_000).toISOString()
const dated = (part: Partial<Dated>): Dated => ({
  status: 'owed',
  owedAt: at(-30),
  dueAt: at(30),
  dischargedAt: null,
  lateBy: null,
  lapsed: false,
  ...part,
})

test('half the time used up is half the bar, and a deadline that has passed is the whole of it', () => {
  equal(usedShare(dated({}), NOON), 0.5)
  equal(usedShare(dated({ dueAt: at(-1) }), NOON), 1)
  equal(usedShare(dated({ dueAt: null }), NOON), null)
})

test('an obligation is calm, then soon in its last quarter, then late; a declined one is still owed, a discharged one is settled', () => {
  equal(urgency(dated({}), NOON), 'calm')
  equal(urgency(dated({ owedAt: at(-90), dueAt: at(30) }), NOON), 'soon')
  equal(urgency(dated({ dueAt: at(-1) }), NOON), 'late')
  equal(urgency(dated({ dueAt: at(-1), status: 'declined', lapsed: true }), NOON), 'late')
  equal(urgency(dated({ dueAt: at(-1), status: 'declined', lapsed: false }), NOON), 'settled')
  equal(urgency(dated({ dueAt: at(-1), status: 'requested' }), NOON), 'soon')
  equal(urgency(dated({ dueAt: at(-1), status: 'discharged' }), NOON), 'settled')
  equal(urgency(dated({ dueAt: null }), NOON), 'calm')
})

test('what is late longest stands first, what has no deadline after what has one, and what is settled last', () => {
  const [late, soon, undated, settled] = [
    dated({ dueAt: at(-60) }),
    dated({ dueAt: at(5) }),
    dated({ dueAt: null }),
    dated({ dueAt: at(-90), status: 'waived' }),
  ]
  deepEqual([settled, undated, soon, late].toSorted(byUrgency), [late, soon, undated, settled])
})

test('a countdown shows minutes and seconds below an hour, hours below two days, then days', () => {
  equal(countdownText(130_000, 'zh-CN'), '02:10')
  equal(countdownText(-130_000, 'en'), '02:10')
  equal(countdownText(3_600_000, 'zh-CN'), '1 小时 00 分')
  equal(countdownText(47 * 3_600_000 + 59 * 60_000, 'en'), '47 h 59 min')
  equal(countdownText(76 * 3_600_000, 'zh-CN'), '3 天 4 小时')
  equal(countdownText(76 * 3_600_000, 'en'), '3 d 4 h')
})
