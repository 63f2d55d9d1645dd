import assert from 'node:assert/strict'
import { test } from 'node:test'
import { may, type Doer, type Thing } from '../authority.ts'
import { Relations, type OrganizationEntry } from '../directory/relations.ts'

const entry = (id: string, superior: string | null, sector: OrganizationEntry['sector'] = 'government'): OrganizationEntry => ({
  id,
  name: { 'zh-CN': id, en: id },
  sector,
  kind: 'department',
  functions: [],
  jurisdiction: '120116',
  superior,
  verified: true,
})
const relations = new Relations([
  entry('district', null),
  entry('health', 'district'),
  entry('transport', 'district'),
  entry('garrison', 'district', 'military'),
  entry('charity', null, 'social'),
])
const doer = (organizationId: string): Doer => ({
  actor: { kind: 'post', postId: 'p', organizationId },
  powers: ['obligation.order', 'obligation.answer', 'obligation.waive'],
})
const incident: Thing = { jurisdiction: '120116', parties: ['charity'] }
const code = (by: string, command: string, thing: Thing) => may(doer(by), command, thing, relations)?.code ?? null

test('an order goes to a subordinate', () => {
  assert.equal(code('district', 'obligation.order', { ...incident, debtor: 'health' }), null)
})

// Two departments of one government: 同级不相隶属.
test('an order to a department of the same level is refused with the article and the request in its place', () => {
  const refusal = may(doer('health'), 'obligation.order', { ...incident, debtor: 'transport' }, relations)
  assert.equal(refusal?.code, 'authority.not-subordinate')
  assert.deepEqual(refusal.params, { article: 'cn-erl-2024 art. 19', offer: 'obligation.request' })
  assert.equal(code('health', 'obligation.request', { ...incident, debtor: 'transport' }), null)
})

test('the lead of an activated headquarters orders whom it commands there, subordinate or not', () => {
  const within = { ...incident, debtor: 'charity', commandedBy: ['health'] }
  assert.equal(code('health', 'obligation.order', within), null)
  assert.equal(code('transport', 'obligation.order', within), 'authority.not-subordinate')
})

// State Council and CMC Order 436, art. 4.
test('the armed forces are requested, by whomever, in whatever headquarters', () => {
  const thing = { ...incident, debtor: 'garrison', commandedBy: ['district'] }
  const refusal = may(doer('district'), 'obligation.order', thing, relations)
  assert.deepEqual([refusal?.code, refusal?.params.offer], ['authority.military-is-requested', 'obligation.request'])
  assert.equal(code('district', 'obligation.request', thing), null)
})

test('what the creditor may do the one who ordered it may do too, and nobody else', () => {
  const thing: Thing = { jurisdiction: '120116', debtor: 'health', creditor: 'charity', orderedBy: 'district', parties: [] }
  for (const command of [
    'obligation.confirm',
    'obligation.dispute',
    'obligation.insist',
    'obligation.grant-extension',
    'obligation.refuse-extension',
  ]) {
    assert.equal(code('charity', command, thing), null, command)
    assert.equal(code('district', command, thing), null, command)
    assert.equal(code('transport', command, thing), 'authority.not-creditor', command)
    assert.equal(code('health', command, thing), 'authority.not-creditor', 'nobody takes his own evidence')
  }
})

test('who may not see an obligation does not learn that it is there', () => {
  const far = new Relations([{ ...entry('far', null), jurisdiction: '440000' }, entry('health', null)])
  const thing: Thing = { jurisdiction: '120116', debtor: 'health', creditor: 'x', parties: ['health', 'x'] }
  for (const command of ['obligation.confirm', 'obligation.hand-on'])
    assert.equal(may(doer('far'), command, thing, far)?.code, 'obligation.unknown')
})
