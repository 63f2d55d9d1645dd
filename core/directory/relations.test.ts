import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Relations, type OrganizationEntry } from './relations.ts'

const entry = (id: string, more: Partial<OrganizationEntry> = {}): OrganizationEntry => ({
  id,
  name: { 'zh-CN': id, en: id },
  sector: 'government',
  kind: 'government',
  functions: [],
  jurisdiction: null,
  superior: null,
  verified: true,
  ...more,
})
const ids = (all: readonly OrganizationEntry[]): readonly string[] => all.map((one) => one.id)

// Two cities of one province and one of another; fire and rescue stands in a line of its own up to the nation.
const relations = new Relations([
  entry('state', { jurisdiction: '100000', functions: ['government'] }),
  entry('fire-nation', { jurisdiction: '100000', functions: ['fire-rescue'], superior: 'state' }),
  entry('hebei', { jurisdiction: '130000', functions: ['government'], superior: 'state' }),
  entry('fire-hebei', { jurisdiction: '130000', functions: ['fire-rescue'], superior: 'fire-nation' }),
  entry('shijiazhuang', { jurisdiction: '130100', functions: ['government'], superior: 'hebei' }),
  entry('tangshan', { jurisdiction: '130200', functions: ['government'], superior: 'hebei' }),
  entry('health-shijiazhuang', { jurisdiction: '130100', functions: ['health'], superior: 'shijiazhuang' }),
  entry('clinic-a', { jurisdiction: '130102', functions: ['medical-rescue'], superior: 'health-shijiazhuang' }),
  entry('clinic-b', { jurisdiction: '130102', functions: ['medical-rescue'], superior: 'health-shijiazhuang' }),
  entry('tianjin', { jurisdiction: '120000', functions: ['government'], superior: 'state' }),
  entry('charity', { sector: 'social' }),
])

test('the path leads from an organization up through its superiors', () => {
  assert.deepEqual(ids(relations.path('clinic-a')), ['clinic-a', 'health-shijiazhuang', 'shijiazhuang', 'hebei', 'state'])
  assert.deepEqual(ids(relations.path('charity')), ['charity'])
  assert.deepEqual(relations.path('nobody'), [])
})

test('the superior is one step up', () => {
  assert.equal(relations.superior('tangshan')?.id, 'hebei')
  assert.equal(relations.superior('state'), null)
})

test('a superior is above at any distance, and nobody is above himself', () => {
  assert.ok(relations.isSuperior('state', 'clinic-a'))
  assert.ok(!relations.isSuperior('clinic-a', 'state'))
  assert.ok(!relations.isSuperior('state', 'state'))
  assert.ok(!relations.isSuperior('tangshan', 'shijiazhuang'))
})

test('two regions are led by their nearest common superior: Emergency Response Law art. 18', () => {
  assert.equal(relations.commonSuperior('shijiazhuang', 'tangshan')?.id, 'hebei')
  assert.equal(relations.commonSuperior('tangshan', 'tianjin')?.id, 'state')
})

test('the fire line and the department next door meet only far up', () => {
  assert.equal(relations.commonSuperior('fire-hebei', 'health-shijiazhuang')?.id, 'state')
})

test('of a superior and its subordinate the superior is common, of one organization itself, whichever is named first', () => {
  assert.equal(relations.commonSuperior('hebei', 'clinic-a')?.id, 'hebei')
  assert.equal(relations.commonSuperior('clinic-a', 'hebei')?.id, 'hebei')
  assert.equal(relations.commonSuperior('hebei', 'hebei')?.id, 'hebei')
})

test('where the lines never meet there is no common superior', () => {
  assert.equal(relations.commonSuperior('charity', 'tianjin'), null)
  assert.equal(relations.commonSuperior('nobody', 'tianjin'), null)
})

test('a circle of superiors ends where it would begin again, and a superior that nobody registered ends it, too', () => {
  const circle = new Relations([
    entry('a', { superior: 'b' }),
    entry('b', { superior: 'c' }),
    entry('c', { superior: 'a' }),
    entry('d', { superior: 'gone' }),
  ])
  assert.deepEqual(ids(circle.path('a')), ['a', 'b', 'c'])
  assert.equal(circle.commonSuperior('a', 'd'), null)
  assert.deepEqual(ids(circle.path('d')), ['d'])
})

test('a function is held by the nearest: in the territory, else one division up, and so on to the nation', () => {
  assert.deepEqual(ids(relations.holders('health', '130102')), ['health-shijiazhuang'])
  assert.deepEqual(ids(relations.holders('fire-rescue', '130102')), ['fire-hebei'])
  assert.deepEqual(ids(relations.holders('fire-rescue', '120116')), ['fire-nation'])
  assert.deepEqual(ids(relations.holders('government', '130102')), ['shijiazhuang'])
})

test('all who hold it in one territory are named, and nobody where nobody does', () => {
  assert.deepEqual(ids(relations.holders('medical-rescue', '130102')), ['clinic-a', 'clinic-b'])
  assert.deepEqual(relations.holders('medical-rescue', '120116'), [])
  assert.deepEqual(relations.holders('magic', '130102'), [])
})

test('an organization answers for its territory and what lies in it; without a territory, for none', () => {
  assert.ok(relations.answersFor('hebei', '130102'))
  assert.ok(!relations.answersFor('shijiazhuang', '130200'))
  assert.ok(!relations.answersFor('shijiazhuang', '130000'))
  assert.ok(!relations.answersFor('charity', '130102'))
  assert.ok(!relations.answersFor('nobody', '130102'))
})
