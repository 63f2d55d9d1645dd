import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from './decider.ts'
import { add, Quantity, Unit } from './quantity.ts'

const isUnit = (text: string): boolean => Unit.safeParse(text).success

test('units as the UCUM specification and its examples write them are taken', () => {
  for (const unit of [
    'm',
    'm3/s',
    'mg/L',
    '%',
    '1',
    '10*3',
    '10*-6',
    '10^9',
    '[in_i]',
    'm[H2O]',
    "'",
    'Cel',
    'kg.m/s2',
    'kg/(m2.s)',
    '/min',
    '{person}',
    'mm[Hg]',
    'L{water}',
    'm-2',
    'h',
    't',
    '((m))',
  ])
    assert.ok(isUnit(unit), unit)
})

test('what UCUM cannot mean is refused', () => {
  for (const unit of [
    '',
    ' ',
    'm s',
    '米',
    'm//s',
    'm.',
    '.m',
    'm3/',
    '[in_i',
    'in_i]',
    '{person',
    'm)',
    '(m',
    'm()',
    '人',
    'm'.repeat(41),
    '(((((((((m)))))))))',
  ])
    assert.ok(!isUnit(unit), unit)
})

test('quantities of one unit add up', () => {
  assert.deepEqual(add({ value: 120, unit: 'm3/s' }, { value: 30, unit: 'm3/s' }), { value: 150, unit: 'm3/s' })
})

test('unlike units are never added, not even where a conversion is known', () => {
  const outcome = add({ value: 1, unit: 'km' }, { value: 1, unit: 'm' })
  assert.ok(outcome instanceof Refusal)
  assert.deepEqual([outcome.code, outcome.params], ['quantity.units-differ', { a: 'km', b: 'm' }])
})

test('a number without a unit, or that is no number, is no quantity', () => {
  for (const value of [
    { value: 3 },
    { value: '3', unit: 'm' },
    { value: Number.NaN, unit: 'm' },
    { value: Number.POSITIVE_INFINITY, unit: 'm' },
    { value: 3, unit: 'm', per: 's' },
  ])
    assert.ok(!Quantity.safeParse(value).success, JSON.stringify(value))
})
