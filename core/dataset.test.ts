import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dataset, DatasetCommand, mayHave, staleAt, type Dataset, type DatasetEvent } from './dataset.ts'
import { given } from './given.ts'

const id = (digit: string): string => `0190000${digit}-0000-7000-8000-000000000000`
const [OWNER, FRIEND, STRANGER] = [id('1'), id('2'), id('3')] as const
const AT = '2026-07-01T00:00:00.000Z'
const content = (sharing: Record<string, unknown> = {}): Record<string, unknown> => ({
  title: '雨量站逐小时雨量',
  description: '全区雨量站',
  owner: OWNER,
  jurisdiction: '120116',
  promise: 'PT1H',
  licence: 'CC BY 4.0',
  sharing: { state: 'open', with: [], reason: null, basis: null, ...sharing },
  quality: null,
  format: 'CSV',
  where: 'https://data.example/rain.csv',
  themes: ['rainfall'],
})
const register = (sharing = {}, more = {}): DatasetCommand =>
  DatasetCommand.parse({ type: 'dataset.register', ...content(sharing), ...more })
const registered = given(dataset).when(register({}, { updatedAt: AT }), { at: AT }) as readonly DatasetEvent[]
const refusedOf = (outcome: unknown): unknown => (outcome as { refused?: string }).refused

test('nothing is withheld without a reason and a provision, nor shared with nobody', () => {
  assert.equal(refusedOf(given(dataset).when(register({ state: 'withheld', reason: '涉及个人信息' }))), 'dataset.withheld-without-reason')
  assert.equal(refusedOf(given(dataset).when(register({ state: 'shared' }))), 'dataset.shared-with-nobody')
  assert.equal(
    refusedOf(given(dataset).when(register({ state: 'withheld', reason: '涉及个人信息', basis: '突发事件应对法第八十四条' }))),
    undefined,
  )
})

test('it is stale when it is older than promised, and from the beginning where it was never updated', () => {
  const state = given(dataset, registered).state as Dataset
  assert.equal(staleAt(state), '2026-07-01T01:00:00.000Z')
  assert.equal(staleAt({ ...state, updatedAt: null }), state.registeredAt)
})

test('an update is newer than the last and not in the future; an address seen unchanged says nothing', () => {
  const when = (updatedAt: string, checked = false): unknown =>
    given(dataset, registered).when({ type: 'dataset.record-update', updatedAt, checked }, { at: '2026-07-01T02:00:00.000Z' })
  assert.equal(refusedOf(when('2026-07-01T03:00:00.000Z')), 'dataset.updated-in-future')
  assert.equal(refusedOf(when(AT)), 'dataset.not-newer')
  assert.deepEqual(when(AT, true), [])
  assert.deepEqual(when('2026-07-01T01:30:00.000Z'), [{ type: 'dataset.updated', updatedAt: '2026-07-01T01:30:00.000Z', checked: false }])
})

test('where it lies is for its owner and for whom it is shared with', () => {
  const of = (sharing: Partial<Dataset['sharing']>): Pick<Dataset, 'owner' | 'sharing'> => ({
    owner: OWNER,
    sharing: { state: 'open', with: [], reason: null, basis: null, ...sharing },
  })
  assert.ok(mayHave(STRANGER, of({})) && mayHave(OWNER, of({ state: 'withheld' })))
  assert.ok(mayHave(FRIEND, of({ state: 'shared', with: [FRIEND] })))
  for (const state of ['shared', 'on-request', 'withheld'] as const) assert.ok(!mayHave(STRANGER, of({ state, with: [FRIEND] })))
})
