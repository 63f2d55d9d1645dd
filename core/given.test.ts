import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal, refuse, unreachable, type Decider } from './decider.ts'
import { given } from './given.ts'

type Event = { readonly type: 'counted'; readonly at: string }
const counter: Decider<number, 'count', Event> = {
  initial: 0,
  decide: (state, _command, by) => (state >= 2 ? refuse('count.full', { max: 2 }) : [{ type: 'counted', at: by.occurredAt }]),
  evolve: (state) => state + 1,
}
const counted: Event = { type: 'counted', at: '2026-07-01T00:00:00.000Z' }

test('given the past, a command makes events or is refused with a code', () => {
  assert.deepEqual(given(counter).when('count'), [counted])
  assert.deepEqual(given(counter, [counted, counted]).when('count'), { refused: 'count.full' })
  assert.equal(given(counter, [counted]).state, 1)
})

test('without its own time, what happens happened when we heard', () => {
  assert.deepEqual(given(counter).when('count', { at: '2026-08-01T00:00:00.000Z' }), [{ type: 'counted', at: '2026-08-01T00:00:00.000Z' }])
})

test('a refusal is a code and parameters, never prose', () => {
  const refusal = refuse('count.full', { max: 2 })
  assert.ok(refusal instanceof Refusal)
  assert.deepEqual([refusal.code, refusal.params, refuse('x').params], ['count.full', { max: 2 }, {}])
})

test('a case that nobody thought of is a bug and is thrown', () => {
  assert.throws(() => unreachable('other' as never), /unreachable: "other"/)
})
