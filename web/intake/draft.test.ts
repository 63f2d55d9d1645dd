import assert from 'node:assert/strict'
import { test } from 'node:test'

/** What the form stands on keeps words and unsent commands in the browser, and hears when the line is back. */
const nothing = { getItem: () => null, setItem: () => {}, addEventListener: () => {} }
Object.assign(globalThis, { window: nothing, sessionStorage: nothing, localStorage: nothing, document: { documentElement: {} } })
const { commandOf, EMPTY, wrongIn } = await import('./draft.ts')

const CALL = { ...EMPTY, where: '解放路地道', what: '积水，车熄火' }

test('a call that is written down later keeps the time that the caller said, by the clock of the place', () => {
  const { command } = commandOf({ ...CALL, when: '2026-07-01T08:05' })
  assert.deepEqual([command['originalAt'], command['zone']], ['2026-07-01T00:05:00.000Z', 'Asia/Shanghai'])
})

test('without one it is the moment of sending, also where the network takes it later', () => {
  const before = Date.now()
  const at = Date.parse(String(commandOf(CALL).command['originalAt']))
  assert.ok(at >= before - 1000 && at <= Date.now() + 1000)
})

test('a time that no clock shows is asked again, nothing is guessed', () => {
  assert.deepEqual(wrongIn({ ...CALL, when: '昨天' }), ['when'])
})
