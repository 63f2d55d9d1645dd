import assert from 'node:assert/strict'
import { test } from 'node:test'
import { closureOf, handOffs, lagLines, mechanismOf, pairLines, passagesOf, spread, type Course } from './lag.ts'
import { after } from './time.ts'

const AT = '2026-07-01T08:00:00.000Z'
const at = (duration: string): string => after(AT, duration)
const NOW = at('P1D')
const MINUTE = 60_000

const cause = (more: Partial<Parameters<typeof mechanismOf>[0]> = {}) =>
  mechanismOf({ origin: null, triggerType: 'incident.declared', triggerKind: null, act: 'set-cordon', function: 'cordon', ...more })
let ids = 0
const course = (more: Partial<Course> = {}): Course => ({
  id: `o${++ids}`,
  mechanism: 'duty',
  debtor: 'fire',
  creditor: 'government',
  startedAt: AT,
  answerBy: null,
  dueAt: null,
  acceptedAt: null,
  answeredAt: null,
  arrivedAt: null,
  dischargedAt: null,
  ended: false,
  creditorLevel: null,
  ...more,
})
const legs = (one: Course) => passagesOf(one).map(({ leg, to }) => [leg, to])

test('the mechanism follows from how it was asked for, and only then from what was asked', () => {
  assert.equal(cause(), 'duty')
  assert.equal(cause({ origin: 'clause', triggerType: 'incident.noted', triggerKind: 'warning' }), 'warning')
  assert.equal(cause({ triggerType: 'incident.noted', triggerKind: 'information-requested' }), 'request')
  assert.equal(cause({ triggerType: 'incident.noted', triggerKind: 'order' }), 'order')
  assert.equal(cause({ triggerType: 'incident.noted', triggerKind: 'closure' }), 'duty')
  assert.equal(cause({ act: 'report-up' }), 'report')
  assert.equal(cause({ act: 'rescue', function: 'reporting' }), 'report')
  assert.equal(cause({ origin: 'order', act: 'report-up' }), 'order')
  assert.equal(cause({ origin: 'request', triggerType: null }), 'request')
  for (const triggerType of ['incident.response-set', 'incident.headquarters-activated', 'incident.instrument-activated'])
    assert.equal(cause({ triggerType }), 'activation')
})

test('a request is measured to its acceptance, its answer, the arrival and the discharge', () => {
  const done = course({
    mechanism: 'request',
    acceptedAt: at('PT5M'),
    answeredAt: at('PT4M'),
    arrivedAt: at('PT40M'),
    dischargedAt: at('PT2H'),
  })
  assert.deepEqual(legs(done), [
    ['acceptance', at('PT5M')],
    ['answer', at('PT4M')],
    ['arrival', at('PT40M')],
    ['discharge', at('PT2H')],
  ])
  assert.deepEqual(
    legs(course({ mechanism: 'request', answeredAt: at('PT9M') })),
    [['answer', at('PT9M')]],
    'a "no" is an answer, and nothing more is waited for',
  )
})

test('a report is measured by the level that it goes to', () => {
  assert.deepEqual(legs(course({ mechanism: 'report', creditorLevel: 'province', dischargedAt: at('PT2H') })), [['province', at('PT2H')]])
})

test('what was waived is waited for no more, and counts for nothing', () => {
  assert.deepEqual(legs(course({ ended: true })), [])
  assert.deepEqual(legs(course({ mechanism: 'order', ended: true, acceptedAt: at('PT1M'), answeredAt: at('PT1M') })), [
    ['acceptance', at('PT1M')],
  ])
})

test('median and p90 are values that occurred, by nearest rank', () => {
  assert.deepEqual(spread([]), { count: 0, median: null, p90: null })
  assert.deepEqual(spread([7]), { count: 1, median: 7, p90: 7 })
  assert.deepEqual(spread([10, 1, 2, 3, 4, 5, 6, 7, 8, 9]), { count: 10, median: 5, p90: 9 })
})

test('injected delays come out exactly: actual less due, early ones negative, open ones by their age', () => {
  const delays = [-10, 0, 3, 20, 45]
  const ended = delays.map((minutes) =>
    course({ mechanism: 'activation', dueAt: at('PT30M'), dischargedAt: after(AT, `PT${30 + minutes}M`) }),
  )
  const open = course({ mechanism: 'activation', dueAt: at('PT30M') })
  const [line, ...more] = lagLines([...ended, open].flatMap(passagesOf), NOW)
  assert.deepEqual(more, [])
  assert.deepEqual(line?.taken, { count: 5, median: 33 * MINUTE, p90: 75 * MINUTE })
  assert.deepEqual(line?.lag, { count: 5, median: 3 * MINUTE, p90: 45 * MINUTE })
  assert.deepEqual([line?.late, line?.open, line?.oldestMs], [4, 1, 24 * 60 * MINUTE])
  assert.equal(line?.obligationIds[0], open.id, 'the one waited for longest stands first')
})

test('what no obligation belongs to has no line: claims and payments are absent, not zero', () => {
  assert.deepEqual(
    lagLines([course()].flatMap(passagesOf), NOW).map((line) => line.mechanism),
    ['duty'],
  )
})

test('a pair counts each direction by itself, and how often was asked back', () => {
  const asked = [
    course({ creditor: 'emb', debtor: 'health', answeredAt: at('PT5M'), acceptedAt: at('PT5M'), dueAt: at('PT1H') }),
    course({ creditor: 'emb', debtor: 'health', dischargedAt: at('PT15M') }),
    course({ creditor: 'health', debtor: 'emb' }),
  ]
  const lines = pairLines(asked, NOW)
  assert.deepEqual(
    lines.find((line) => line.debtor === 'health'),
    {
      creditor: 'emb',
      debtor: 'health',
      count: 2,
      reply: { count: 2, median: 5 * MINUTE, p90: 15 * MINUTE },
      open: 1,
      late: 1,
      back: 1,
    },
  )
  assert.equal(lines.find((line) => line.debtor === 'emb')?.back, 2)
})

test('a hand-off without a receipt by its due time is lost, though the receipt came later', () => {
  const all = [
    course({ answerBy: at('PT10M'), answeredAt: at('PT9M') }),
    course({ dueAt: at('PT10M'), dischargedAt: at('PT10M') }),
    course({ answerBy: at('PT10M'), answeredAt: at('PT11M') }),
    course({ dueAt: at('PT10M') }),
    course({ dueAt: after(NOW, 'PT1M') }),
    course(),
    course({ ended: true }),
  ]
  const gauge = handOffs(all, NOW)
  assert.deepEqual(
    gauge.all.map((one) => one.state),
    ['received', 'received', 'late', 'lost', 'waiting', 'undated'],
  )
  assert.deepEqual([gauge.judged, gauge.lost, gauge.share, gauge.undated], [4, 2, 0.5, 1])
  assert.equal(handOffs([], NOW).share, null)
})

test('closed on time is the share of what was to be closed by now', () => {
  const closed = (closedAt: string | null, verified = false) => ({ dueAt: at('PT1H'), closedAt, verified })
  const notYet = { dueAt: after(NOW, 'PT1H'), closedAt: null, verified: false }
  assert.deepEqual(closureOf([closed(at('PT1H'), true), closed(at('PT2H')), closed(null), notYet], NOW), {
    due: 3,
    onTime: 1,
    verified: 1,
    share: 1 / 3,
  })
  assert.equal(closureOf([notYet], NOW).share, null)
})
