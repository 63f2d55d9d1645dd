import assert from 'node:assert/strict'
import { test } from 'node:test'
import { atLeastAsGrave, Colour, colourLevel, graver, Level } from './level.ts'

test('1 is the gravest and 4 the least', () => {
  assert.ok(graver(1, 2) && graver(3, 4))
  assert.ok(!graver(2, 2) && !graver(4, 1))
  assert.ok(atLeastAsGrave(2, 2) && atLeastAsGrave(1, 4))
  assert.ok(!atLeastAsGrave(3, 2))
})

test('warning colours rank as Emergency Response Law art. 63 has them: red, orange, yellow, blue are levels 1 to 4', () => {
  assert.deepEqual((['red', 'orange', 'yellow', 'blue'] as const).map(colourLevel), [1, 2, 3, 4])
  assert.ok(!Colour.safeParse('green').success)
})

test('there is no level 0 and no level 5', () => {
  for (const level of [0, 5, 1.5, '1', null]) assert.ok(!Level.safeParse(level).success)
})
