import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Relations } from './directory/relations.ts'
import type { Instrument } from './instrument.ts'
import { compareMatrices, historyOf, responsibilityMatrix, versionOn, type Matrix, type Scope } from './matrix.ts'
import { duty, entry, file, histories, RELATIONS, words } from './matrix/given.ts'

const SCOPE: Scope = { on: '2026-07-01', area: '120116', hazard: null }
const matrixOf = (files: readonly Instrument[], more: Partial<Scope> = {}): Matrix =>
  responsibilityMatrix(histories(...files), RELATIONS, { ...SCOPE, ...more })
const cells = (matrix: Matrix): readonly string[] => matrix.cells.map((cell) => `${cell.function} ${cell.column} ${cell.parts.join('+')}`)
const kinds = (matrix: Matrix): readonly string[] => matrix.problems.map((one) => `${one.kind} ${one.function}`)

test('a cell says the part, and rests on the clause that gives it', () => {
  const matrix = matrixOf([file('plan', [duty('drain', { part: 'lead' }), duty('help', { part: 'support', owes: 'function:power' })])])
  assert.deepEqual(cells(matrix), ['water district-water lead', 'water power support'])
  const [first] = matrix.cells
  assert.deepEqual(first?.bases[0]?.basis, {
    instrumentId: 'plan',
    version: 1,
    clauseId: 'drain',
    title: words('plan'),
    article: words('第一条'),
  })
})

test('any mix of sectors may stand in one function, and a clause without a part gives no place', () => {
  const parts = {
    support: 'function:military',
    consult: 'function:society-coordination',
    inform: 'function:community',
    backup: 'function:power',
  } as const
  const matrix = matrixOf([
    file('plan', [
      duty('a', { part: 'lead' }),
      ...Object.entries(parts).map(([part, owes]) => duty(part, { part: part as keyof typeof parts, owes, each: true })),
      duty('none'),
    ]),
  ])
  assert.deepEqual(
    new Set(matrix.columns.map((one) => one.organization)),
    new Set(['district-water', 'garrison', 'red-cross', 'street-a', 'street-b', 'power']),
  )
  assert.equal(matrix.unplaced, 1)
  assert.deepEqual(matrix.problems, [], 'one lead and one backup: nothing is wrong')
})

test('a function without a lead, one with two, and one without a backup are named', () => {
  const matrix = matrixOf([
    file('plan', [
      duty('a', { part: 'lead' }),
      duty('b', { part: 'lead', owes: 'function:emergency-management' }),
      duty('c', { part: 'support', function: 'power', owes: 'function:power' }),
    ]),
  ])
  assert.deepEqual(kinds(matrix), ['two-leads water', 'no-backup water', 'no-lead power'])
  const doubled = matrix.problems[0]
  assert.deepEqual(doubled?.kind === 'two-leads' && doubled.leads.map((one) => `${one.column} ${one.basis.clauseId}`), [
    'district-water a',
    'district-emb b',
  ])
})

test('a function that an instrument promised to place, and that no clause places, is a gap', () => {
  const covers = { hazards: ['flood'], phases: ['respond' as const], functions: ['water', 'health'] }
  const plan = file('plan', [duty('a', { part: 'lead' })], { covers })
  assert.deepEqual(kinds(matrixOf([plan], { hazard: 'flood' })), ['no-backup water', 'no-lead health'])
  assert.deepEqual(matrixOf([plan], { hazard: 'earthquake' }).functions, [], 'the plan is about floods')
})

test('two leads for different hazards, phases or areas do not meet', () => {
  const other = { part: 'lead', owes: 'function:emergency-management' } as const
  const apart = (a: object, b: object): Matrix =>
    matrixOf([file('plan', [duty('a', { part: 'lead', ...a }), duty('b', { ...other, ...b })])])
  assert.deepEqual(kinds(apart({ hazards: ['flood'] }, { hazards: ['fire'] })), ['no-backup water'])
  assert.deepEqual(kinds(apart({ phase: 'warn' }, { phase: 'recover' })), ['no-backup water'])
  assert.deepEqual(kinds(apart({}, { areas: ['120117'] })), ['no-backup water'])
  assert.deepEqual(
    kinds(apart({ hazards: ['flood'] }, {})),
    ['two-leads water', 'no-backup water'],
    'a clause without a hazard is about all',
  )
})

test('levels of government that each lead at their own level do not meet (Emergency Response Law art. 16: graded responsibility)', () => {
  const plan = file('district-plan', [duty('a', { part: 'lead' })])
  const above = file('city-plan', [duty('b', { part: 'lead', owes: 'function:water@province' })], { jurisdiction: '120000' })
  assert.deepEqual(kinds(matrixOf([plan, above])), ['no-backup water'])
  const within = file('one-plan', [duty('a', { part: 'lead' }), duty('b', { part: 'lead', owes: 'function:water@province' })])
  assert.deepEqual(kinds(matrixOf([within])), ['two-leads water', 'no-backup water'], 'one plan may not name two')
})

test('those whom one clause names each lead their own part of the area', () => {
  const matrix = matrixOf([file('plan', [duty('a', { part: 'lead', function: 'community', owes: 'function:community', each: true })])])
  assert.deepEqual(cells(matrix), ['community street-a lead', 'community street-b lead'])
  assert.deepEqual(kinds(matrix), ['no-backup community'])
})

test('a holder that nobody is, is a gap; a part that an incident fills has a column of its own', () => {
  const matrix = matrixOf([
    file('plan', [
      duty('a', { part: 'lead', function: 'metro', owes: 'function:rail-transit' }),
      duty('b', { part: 'lead', function: 'list', owes: 'unit-involved' }),
    ]),
  ])
  assert.deepEqual(kinds(matrix), ['no-lead metro', 'no-backup list', 'no-holder metro'])
  assert.deepEqual(matrix.columns, [{ key: 'unit-involved', organization: null, part: 'unit-involved' }])
})

test('a party of an agreement is found by its key: an organization, or whoever holds a function in a territory', () => {
  const signed = [
    { party: 'us', on: '2026-01-02' },
    { party: 'them', on: '2026-01-03' },
  ]
  const agreement = file('aid', [duty('a', { part: 'lead', owes: 'party:us' }), duty('b', { part: 'support', owes: 'party:them' })], {
    kind: 'agreement',
    jurisdiction: '120000',
    parties: [
      { key: 'us', name: words('甲'), function: 'government', jurisdiction: '120116' },
      { key: 'them', name: words('乙'), function: 'government', jurisdiction: '120117' },
    ],
    signatures: signed,
  })
  assert.deepEqual(cells(matrixOf([agreement])), ['water district lead', 'water next-door support'])
  assert.deepEqual(cells(matrixOf([{ ...agreement, signatures: signed.slice(0, 1) }])), [], 'unsigned, it binds nobody')
  assert.deepEqual(cells(matrixOf([agreement], { on: '2026-01-02' })), [], 'nor before the last has signed')
})

test('an instrument speaks only for its own territory, hazard and days', () => {
  const plan = file('plan', [duty('a', { part: 'lead', hazards: ['flood'] })], { inForceFrom: '2026-03-01', inForceUntil: '2026-09-01' })
  assert.deepEqual(cells(matrixOf([plan], { area: '120117' })), [])
  assert.deepEqual(cells(matrixOf([plan], { hazard: 'fire' })), [])
  for (const [on, count] of [
    ['2026-02-28', 0],
    ['2026-03-01', 1],
    ['2026-08-31', 1],
    ['2026-09-01', 0],
  ] as const)
    assert.equal(matrixOf([plan], { on }).cells.length, count, on)
})

test('comparing two days names the cell and the clause that changed', () => {
  const before = matrixOf([file('plan', [duty('a', { part: 'lead' }), duty('b', { part: 'support', owes: 'function:power' })])])
  const after = matrixOf([
    file('plan', [
      duty('a', { part: 'lead', limit: { within: 'PT1H', confirmed: false, source: null } }),
      duty('c', { part: 'backup', owes: 'function:military' }),
    ]),
  ])
  assert.deepEqual(
    compareMatrices(before, after).map((one) => [
      one.kind,
      one.column,
      one.before.join(),
      one.after.join(),
      one.because.map((why) => `${why.kind} ${why.basis.clauseId}`).join(),
    ]),
    [
      ['changed', 'district-water', 'lead', 'lead', 'changed a'],
      ['removed', 'power', 'support', '', 'removed b'],
      ['added', 'garrison', '', 'backup', 'added c'],
    ],
  )
  assert.deepEqual(compareMatrices(before, before), [])
})

test('the version of a day: the older one until the newer begins, none once it was repealed, and never the older one again', () => {
  const at = '2026-01-01T00:00:00.000Z'
  const stamp = {
    position: '1',
    stream: 'instrument/plan',
    version: 1,
    commandId: 'x',
    actor: 'system/setup',
    basis: null,
    incidentId: null,
    occurredAt: at,
    recordedAt: at,
  }
  const adopted = (version: number, inForceFrom: string) => ({
    ...stamp,
    type: 'instrument.adopted',
    data: { version, instrument: file('plan', [duty('a')], { inForceFrom }) },
  })
  const history = historyOf('plan', [
    adopted(1, '2026-02-01'),
    adopted(2, '2026-06-01'),
    { ...stamp, type: 'instrument.repealed', data: { on: '2026-10-01', reason: '废止' } },
  ])
  assert.ok(history)
  const seen = ['2026-01-31', '2026-02-01', '2026-05-31', '2026-06-01', '2026-09-30', '2026-10-01'].map(
    (day) => versionOn(history, day)?.version ?? null,
  )
  assert.deepEqual(seen, [null, 1, 1, 2, 2, null])
})

test('500 organizations and 2,000 clauses are laid out in far less than two seconds', () => {
  const relations = new Relations([
    entry('district', 'government', '120116', null, 'government'),
    ...Array.from({ length: 499 }, (_, i) => entry(`o${i}`, 'government', '120116', 'district', `f${i}`)),
  ])
  const parts = ['lead', 'support', 'consult', 'inform', 'backup'] as const
  const clauses = Array.from({ length: 2000 }, (_, i) =>
    duty(`c${i}`, {
      function: `f${i % 300}`,
      part: parts[i % 5] ?? 'lead',
      owes: `function:f${(i * 7) % 499}`,
      hazards: ['flood', `h${i % 20}`],
    }),
  )
  const all = histories(file('great', clauses))
  responsibilityMatrix(all, relations, SCOPE)
  const began = performance.now()
  const matrix = responsibilityMatrix(all, relations, { ...SCOPE, hazard: 'flood' })
  const took = performance.now() - began
  assert.equal(matrix.functions.length, 300)
  assert.equal(
    matrix.cells.reduce((sum, cell) => sum + cell.bases.length, 0),
    2000,
  )
  assert.ok(took < 2000, `${took.toFixed(0)} ms`)
})
