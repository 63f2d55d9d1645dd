import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSubstances, substancesText } from './substances.ts'

test('a line says name, numbers, amount and place in any order; a question mark says that it is not known, and who said so', () => {
  assert.deepEqual(readSubstances('硝酸铵 | 1942 | 6484-52-2 | 20 t | 3号库\n? 库管员 | ？库管员\n\n甲醇，UN 1230，5.5t'), [
    { name: '硝酸铵', un: '1942', cas: '6484-52-2', quantity: { value: 20, unit: 't' }, where: '3号库' },
    { name: { unknown: '库管员' }, quantity: { unknown: '库管员' } },
    { name: '甲醇', un: '1230', quantity: { value: 5.5, unit: 't' } },
  ])
})

test('an amount left out is not nothing: the line is named', () => {
  assert.equal(readSubstances('硝酸铵 | 20 t\n甲醇'), 2)
  assert.equal(readSubstances('  \n'), 1)
})

test('nothing stored is said, not left empty', () => {
  assert.deepEqual(readSubstances('无'), [])
  assert.deepEqual(readSubstances(' none '), [])
})

test('what is shown for changing reads back as it was', () => {
  const list = [
    { name: { unknown: '库管员' }, quantity: { value: 3, unit: 'm3' }, where: '外场' },
    { name: '甲醇', un: '1230', quantity: { unknown: '值班员' } },
  ]
  assert.deepEqual(readSubstances(substancesText(list)), list)
})
