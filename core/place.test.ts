import assert from 'node:assert/strict'
import { test } from 'node:test'
import { coveredBy, covers, DivisionCode, divisionLevel, divisionPath, NATION, Place } from './place.ts'

test('a county of a province stands below its prefecture, its province and the nation', () => {
  assert.deepEqual(divisionPath('130102'), ['130102', '130100', '130000', '100000'])
})

test('a district of a municipality stands directly below it: Beijing, Tianjin, Shanghai, Chongqing', () => {
  assert.deepEqual(divisionPath('120116'), ['120116', '120000', '100000'])
  for (const [district, city] of [
    ['110105', '110000'],
    ['310115', '310000'],
    ['500112', '500000'],
  ] as const)
    assert.deepEqual(divisionPath(district), [district, city, NATION])
})

test('the path of a prefecture, a province and the nation begins with itself', () => {
  assert.deepEqual(divisionPath('320100'), ['320100', '320000', '100000'])
  assert.deepEqual(divisionPath('710000'), ['710000', '100000'])
  assert.deepEqual(divisionPath(NATION), [NATION])
})

test('a county that its province governs directly (GB/T 2260 …90xx) has no prefecture above it', () => {
  assert.deepEqual(divisionPath('429004'), ['429004', '420000', '100000']) // 仙桃市, Hubei
})

test('a territory covers itself and what lies in it, never what lies beside or above', () => {
  const yes = [
    ['100000', '130102'],
    ['100000', '100000'],
    ['130000', '130102'],
    ['130000', '130100'],
    ['130100', '130102'],
    ['120116', '120116'],
    ['120000', '120116'],
  ] as const
  const no = [
    ['130100', '130202'],
    ['130000', '100000'],
    ['130000', '140000'],
    ['130102', '130100'],
    ['130102', '130103'],
    ['120116', '120117'],
    ['130100', '130000'],
  ] as const
  for (const [outer, inner] of yes) assert.ok(covers(outer, inner), `${outer} covers ${inner}`)
  for (const [outer, inner] of no) assert.ok(!covers(outer, inner), `${outer} does not cover ${inner}`)
})

test('whoever stands in the path of a territory covers it', () => {
  for (const code of ['130102', '120116', '320100', '429004', '710000', NATION])
    for (const above of divisionPath(code)) assert.ok(covers(above, code), `${above} ${code}`)
})

test('the level is read off the code', () => {
  assert.deepEqual([NATION, '130000', '130100', '130102', '120116'].map(divisionLevel), [
    'nation',
    'province',
    'prefecture',
    'county',
    'county',
  ])
})

test('a division code has six digits and begins with none of zero', () => {
  for (const code of ['110000', '820000']) assert.ok(DivisionCode.safeParse(code).success)
  for (const code of ['010000', '12011', '1201160', '12011a', '']) assert.ok(!DivisionCode.safeParse(code).success)
})

test('a point lies on the globe and has a name', () => {
  for (const point of [
    { name: '南极点', lat: -90, lon: 0 },
    { name: '日界线', lat: 0, lon: -180, accuracy: '100 m' },
  ])
    assert.ok(Place.safeParse(point).success)
  for (const point of [
    { name: 'x', lat: 91, lon: 0 },
    { name: 'x', lat: 0, lon: 180.1 },
    { name: '', lat: 0, lon: 0 },
    { name: 'x', lat: Number.NaN, lon: 0 },
  ])
    assert.ok(!Place.safeParse(point).success)
})

test('many territories at once contain what one of them contains', () => {
  const codes = ['100000', '110000', '110101', '120000', '120100', '120116', '130000', '130100', '130102', '419000', '419001', '420100']
  for (const [i, one] of codes.entries())
    for (const other of codes.slice(i)) {
      const under = coveredBy([one, other])
      for (const inner of codes) assert.equal(under(inner), covers(one, inner) || covers(other, inner), `${one} ${other} ${inner}`)
    }
  assert.equal(coveredBy([])('120116'), false)
})
