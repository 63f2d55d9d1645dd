import assert from 'node:assert/strict'
import { test } from 'node:test'
import { after, between, Duration, durationMs, durationText, fromMs, InstantText, PlainDate, toMs } from './time.ts'

const HOUR = 3_600_000

test('an instant with any offset becomes the same moment in UTC with milliseconds', () => {
  const same = '2015-08-12T14:51:46.000Z'
  for (const text of [
    '2015-08-12T22:51:46+08:00',
    '2015-08-12T14:51:46Z',
    '2015-08-12T20:21:46+05:30',
    '2015-08-12T11:21:46.000-03:30',
    '2015-08-12T14:51:46.0000Z',
  ])
    assert.equal(InstantText.parse(text), same)
  assert.equal(InstantText.parse('2015-08-12T22:51+08:00'), '2015-08-12T14:51:00.000Z')
})

test('an offset may take it into another day, month or year', () => {
  assert.equal(InstantText.parse('2026-01-01T07:59:59+08:00'), '2025-12-31T23:59:59.000Z')
  assert.equal(InstantText.parse('2024-02-28T20:00:00-05:00'), '2024-02-29T01:00:00.000Z')
})

test("a time without an offset is nobody's time and is refused", () => {
  for (const text of [
    '2015-08-12T22:51:46',
    '2015-08-12',
    '22:51',
    '2015-08-12 22:51:46+08:00',
    '2015-08-12T22:51:46+0800',
    '1439391106',
    '',
  ])
    assert.ok(!InstantText.safeParse(text).success, text)
})

test('an instant that the calendar or the clock does not have is refused', () => {
  for (const text of [
    '2015-13-01T00:00:00Z',
    '2015-01-32T00:00:00Z',
    '2015-01-01T25:00:00Z',
    '2015-01-01T00:60:00Z',
    '2016-12-31T23:59:60Z',
    '2023-02-29T00:00:00Z',
    '2015-04-31T00:00:00Z',
  ])
    assert.ok(!InstantText.safeParse(text).success, text)
})

test('the 29th of February is a date in leap years only: by 4, not by 100, but by 400', () => {
  for (const text of ['2024-02-29', '2000-02-29']) assert.ok(PlainDate.safeParse(text).success, text)
  for (const text of ['2023-02-29', '1900-02-29', '2100-02-29', '2024-02-30', '2024-04-31', '2024-00-10', '24-02-29', '2024-2-29'])
    assert.ok(!PlainDate.safeParse(text).success, text)
})

test('a duration is days, hours, minutes, seconds', () => {
  const cases: readonly [string, number][] = [
    ['PT30M', HOUR / 2],
    ['PT1H', HOUR],
    ['P1D', 24 * HOUR],
    ['P1DT12H', 36 * HOUR],
    ['PT90S', 90_000],
    ['PT0S', 0],
    ['P7D', 168 * HOUR],
    ['P1DT1H1M1S', 25 * HOUR + 61_000],
  ]
  for (const [text, ms] of cases) assert.equal(durationMs(Duration.parse(text)), ms, text)
})

test('months, years, fractions, signs and blanks are no duration', () => {
  for (const text of ['P1M', 'P1Y', 'P1W', 'PT1.5H', '-PT1H', 'PT', 'P', 'P1DT', '1H', 'PT1H ', 'pt1h', 'PT1M1H', ''])
    assert.ok(!Duration.safeParse(text).success, text)
  for (const text of ['P', 'P1M', '']) assert.throws(() => durationMs(text), text)
})

test('a deadline is counted in real time across midnight and the leap day', () => {
  assert.equal(after('2024-02-28T23:30:00.000Z', 'PT1H'), '2024-02-29T00:30:00.000Z')
  assert.equal(after('2024-02-28T12:00:00.000Z', 'P2D'), '2024-03-01T12:00:00.000Z')
  assert.equal(after('2023-02-28T12:00:00.000Z', 'P2D'), '2023-03-02T12:00:00.000Z')
  assert.equal(after('2026-12-31T23:59:59.999Z', 'PT1S'), '2027-01-01T00:00:00.999Z')
})

test('what lies between two instants is said in hours, minutes and seconds, rounded down', () => {
  assert.equal(between('2015-08-12T14:51:46.000Z', '2015-08-13T04:00:00.000Z'), 'PT13H8M14S')
  assert.equal(between('2026-07-01T00:00:00.000Z', '2026-07-04T04:00:00.000Z'), 'PT76H')
  assert.equal(between('2026-07-01T00:00:00.000Z', '2026-07-01T00:00:00.999Z'), 'PT0S')
  assert.equal(between('2026-07-01T01:00:00.000Z', '2026-07-01T00:00:00.000Z'), '-PT1H')
})

test('nothing is never minus nothing', () => {
  assert.equal(between('2026-07-01T00:00:00.500Z', '2026-07-01T00:00:00.000Z'), 'PT0S')
})

test('a duration goes into text and back', () => {
  for (const ms of [0, 1000, 59_000, 60_000, 3_599_000, HOUR, 25 * HOUR, 76 * HOUR + 61_000])
    assert.equal(durationMs(Duration.parse(durationText(ms))), ms)
})

test('milliseconds and instants are the same', () => {
  assert.equal(fromMs(0), '1970-01-01T00:00:00.000Z')
  assert.equal(toMs('2000-01-01T00:00:00.000Z'), 946_684_800_000)
})
