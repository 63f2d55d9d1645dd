import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ENTRIES, entry } from '../matrix/given.ts'
import { forceRegister, pairsOf, relationOf } from './pair.ts'
import { Relations } from './relations.ts'

const relations = new Relations(ENTRIES)

test('a pair is command, one superior in common, or neither; bureaus of one level are not subordinate to each other', () => {
  assert.equal(relationOf(relations, 'district', 'district-water'), 'commands')
  assert.equal(relationOf(relations, 'district-water', 'city'), 'is-commanded')
  assert.equal(relationOf(relations, 'district-water', 'district-health'), 'same-superior')
  assert.equal(relationOf(relations, 'district-water', 'garrison'), 'none')
})

test('the pairs of one organization are all the others, each with the nearest common superior and whether the level is the same', () => {
  const pairs = pairsOf(relations, 'district-emb')
  assert.equal(pairs.length, ENTRIES.length - 1)
  const of = (id: string) => pairs.find((one) => one.other === id)
  assert.deepEqual(of('district-water'), { other: 'district-water', relation: 'same-superior', common: 'district', sameLevel: true })
  assert.deepEqual(of('city-water'), { other: 'city-water', relation: 'same-superior', common: 'city', sameLevel: false })
  assert.deepEqual(of('red-cross'), { other: 'red-cross', relation: 'none', common: null, sameLevel: true })
  assert.deepEqual(pairsOf(relations, 'nobody'), [])
})

test('the force register holds departments, military, enterprises, social organizations, grass-roots and neighbours', () => {
  const withCrew = new Relations([...ENTRIES, entry('crew', 'enterprise', null, 'power'), entry('lost', 'social', null, null)])
  const register = new Map(
    forceRegister(withCrew, '120116').map((one) => [one.group, one.forces.map((force) => `${force.id} ${force.place}`)]),
  )
  assert.deepEqual(register.get('military'), ['garrison here'])
  assert.deepEqual(
    register.get('enterprises'),
    ['power here', 'crew here'],
    'without a territory of its own it counts where its superior does',
  )
  assert.deepEqual(register.get('social'), ['red-cross here'])
  assert.deepEqual(register.get('grass-roots'), ['street-a here', 'street-b here'])
  assert.deepEqual(register.get('neighbours'), ['next-door beside', 'hebei beside'])
  const departments = register.get('departments') ?? []
  assert.equal(departments.length, 7)
  assert.ok(departments.indexOf('district here') < departments.indexOf('city above'), 'those of the place stand first')
})
