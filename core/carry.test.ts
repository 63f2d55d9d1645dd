import assert from 'node:assert/strict'
import { test } from 'node:test'
import { carry, type CarrySource } from './carry.ts'
import type { Actor } from './event.ts'
import { given } from './given.ts'

const SUBJECT = '00000000-0000-7000-8000-00000000000a'
const OTHER = '00000000-0000-7000-8000-00000000000b'
const RISK = '00000000-0000-7000-8000-00000000000c'
const of: CarrySource = {
  source: 'finding',
  incidentId: RISK,
  jurisdiction: '120116',
  subject: SUBJECT,
  supervisor: OTHER,
  words: { 'zh-CN': '提供清单', en: 'Provide the list' },
  raisedAt: '2026-07-01T00:00:00.000Z',
}
const by = (organizationId: string): Actor => ({ kind: 'post', postId: RISK, organizationId })

test('a finding becomes a change of the register or of an instrument, or is refused with reason, and only once', () => {
  const into = { type: 'carry.into-risk', riskId: RISK, text: '登记', of } as const
  const done = given(carry).when(into)
  assert.deepEqual(!('refused' in done) && done.map(({ type }) => type), ['carry.carried-into-risk'])
  assert.ok(!('refused' in done))
  assert.deepEqual(given(carry, done).when(into), { refused: 'carry.already-settled' })
  assert.deepEqual(given(carry, done).when({ type: 'carry.refuse', reason: 'x', of }), { refused: 'carry.already-settled' })
})

test('an instrument that was not changed since carries nothing', () => {
  const into = { type: 'carry.into-instrument', instrumentId: 'flood-plan', text: '修订', of } as const
  assert.deepEqual(given(carry).when(into), { refused: 'carry.instrument-unchanged' })
  const done = given(carry).when({ ...into, version: 2 })
  assert.equal(!('refused' in done) && done[0]?.type, 'carry.carried-into-instrument')
})

test('who missed the duty does not refuse its own lesson; what was refused may be carried over after all', () => {
  const refuse = { type: 'carry.refuse', reason: '不可重现', of } as const
  assert.deepEqual(given(carry).when(refuse, { actor: by(SUBJECT) }), { refused: 'carry.own-refusal' })
  const refused = given(carry).when(refuse, { actor: by(OTHER) })
  assert.ok(!('refused' in refused))
  const after = given(carry, refused).when({ type: 'carry.into-risk', riskId: RISK, text: '登记', of })
  assert.equal(!('refused' in after) && after[0]?.type, 'carry.carried-into-risk')
})

test('what nothing stands behind is unknown', () => {
  assert.deepEqual(given(carry).when({ type: 'carry.refuse', reason: 'x' }), { refused: 'carry.unknown' })
})
