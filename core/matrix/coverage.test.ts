import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gauges, historyOfFile, legalCoverage, legalSheet, openness, planCoverage, wantsSheet, type Scope, type Step } from '../matrix.ts'
import { disclosure, duty, file, histories, RELATIONS, text, words } from './given.ts'

const SCOPE: Scope = { on: '2026-07-01', area: '120116', hazard: null }

test('the plan matrix equals a count by hand: hazard × department × phase, empty cells shown', () => {
  const flood = file(
    'flood',
    [
      duty('f1', { hazards: ['flood'], phase: 'warn' }),
      duty('f2', { hazards: ['flood'], phase: 'respond' }),
      duty('f3', { hazards: ['flood'], phase: 'respond', owes: 'function:health' }),
      duty('f4', { hazards: ['flood'] }),
    ],
    { keeper: words('水务局'), reviewOn: '2026-05-01' },
  )
  const fire = file('fire', [duty('g1', { hazards: ['fire'], phase: 'recover', owes: 'function:health' })], { reviewOn: '2027-01-01' })
  const law = file('law', [duty('l1', { hazards: ['fire'], phase: 'prepare' })], { kind: 'law' })
  const coverage = planCoverage(histories(flood, fire, law), RELATIONS, SCOPE)
  // By hand: 2 hazards × 2 departments × 6 phases = 24 cells. Filled: water flood warn, water flood respond, health flood respond, health fire recover.
  assert.equal(coverage.cells.length, 24)
  assert.equal(coverage.covered, 4)
  assert.equal(coverage.empty, 20)
  assert.equal(coverage.withoutPhase, 1)
  const filled = coverage.cells.filter((cell) => cell.entries.length > 0)
  assert.deepEqual(
    filled
      .map(
        (cell) =>
          `${cell.hazard} ${cell.organization} ${cell.phase} ${cell.entries.map((one) => `${one.basis.clauseId}${one.overdue ? ' overdue' : ''}`).join()}`,
      )
      .toSorted(),
    [
      'fire district-health recover g1',
      'flood district-health respond f3 overdue',
      'flood district-water respond f2 overdue',
      'flood district-water warn f1 overdue',
    ],
  )
  assert.deepEqual(filled[0]?.entries[0]?.keeper, null, 'the fire plan names no keeper')
})

const step = (more: Partial<Step> = {}): Step => ({
  debtor: 'district-water',
  creditor: 'district',
  act: 'drain',
  actWords: words('排水'),
  on: '2026-07-01',
  basis: { instrumentId: 'plan', version: 1, clauseId: 'drain' },
  count: 1,
  ...more,
})
const PLAN = file('plan', [duty('drain')], { inForceUntil: '2026-09-01' })
const coverageOf = (steps: readonly Step[], on = '2026-07-01', kind: 'all' | 'with-society' | 'cross-regional' = 'all') =>
  legalCoverage(steps, histories(PLAN), RELATIONS, { on, kind })

test('a step between organizations is covered by a clause in force on its own day; what cites none is a gap', () => {
  const steps = [
    step({ count: 3 }),
    step({ on: '2025-12-31' }),
    step({ basis: null, count: 2 }),
    step({ basis: { instrumentId: 'plan', version: 1, clauseId: 'other' } }),
    step({ debtor: 'district', creditor: 'district', basis: null }),
  ]
  const found = coverageOf(steps)
  assert.deepEqual([found.required, found.covered], [7, 3], 'what an organization owes itself is no step between two')
  assert.deepEqual(
    found.gaps.map((gap) => `${gap.why} ${gap.step.count}`),
    ['none 2', 'not-in-force 1', 'unknown 1'],
  )
})

test('recomputed for any date, a repealed instrument drops out that very day', () => {
  const steps = [step({ count: 5 }), step({ basis: null, count: 0 })]
  for (const [on, standing] of [
    ['2026-08-31', 5],
    ['2026-09-01', 0],
  ] as const) {
    const found = coverageOf(steps, on)
    assert.deepEqual([found.required, found.covered, found.standing], [5, 5, standing], on)
    assert.equal(found.bases[0]?.stands, standing > 0)
    assert.deepEqual(
      found.fallen.map((gap) => gap.why),
      standing > 0 ? [] : ['not-in-force'],
    )
  }
})

test('coverage of government with society, and across regions, counts only those steps', () => {
  const steps = [
    step({ count: 1 }),
    step({ debtor: 'red-cross', count: 2 }),
    step({ debtor: 'power', creditor: 'red-cross', count: 4 }),
    step({ debtor: 'next-door', count: 8 }),
    step({ debtor: 'city', count: 16 }),
    step({ debtor: 'hebei', count: 32, basis: null }),
  ]
  assert.equal(coverageOf(steps).required, 63)
  assert.equal(coverageOf(steps, '2026-07-01', 'with-society').required, 2)
  const across = coverageOf(steps, '2026-07-01', 'cross-regional')
  assert.deepEqual([across.required, across.covered], [40, 8], 'the city stands above the district; the next district and Hebei do not')
})

test('every act is open to any sector, save those that an article reserves', () => {
  const reserved = words('突发事件应对法第六十四条')
  const plan = file('plan', [duty('a'), duty('b', { act: 'shelter' }), duty('c', { act: 'warn', reserved }), duty('d', { act: 'warn' })])
  const found = openness(histories(plan), SCOPE)
  assert.deepEqual([found.acts, found.open], [3, 2])
  assert.deepEqual(
    found.reserved.map((one) => `${one.act} ${one.article['zh-CN']} ${one.basis.clauseId}`),
    ['warn 突发事件应对法第六十四条 c'],
  )
  const may = (sector: string): number | undefined => found.bySector.find((one) => one.sector === sector)?.mayTake
  assert.deepEqual([may('social'), may('enterprise'), may('government')], [2, 2, 3])
})

test('the legal sheet of a helper holds basis, duty, insurance, liability, command and cost, and names what is missing', () => {
  const law = file(
    'law',
    [
      text('art-40', { topics: ['insurance'] }),
      text('art-39', { topics: ['command'] }),
      text('art-98', { topics: ['liability'] }),
      text('art-12', { topics: ['compensation'] }),
      text('art-1'),
    ],
    { kind: 'law', jurisdiction: '100000' },
  )
  const plan = file('plan', [duty('rescue', { owes: 'function:society-coordination' })])
  const all = histories(law, plan)
  const of = { basis: { instrumentId: 'plan', version: 1, clauseId: 'rescue' }, jurisdiction: '120116', hazard: 'flood', on: '2026-07-01' }
  const sheet = legalSheet(all, of)
  assert.deepEqual(
    sheet.sections.map((one) => `${one.section} ${one.clauses.map((clause) => clause.ref.clauseId).join()}`),
    ['basis rescue', 'duty rescue', 'insurance art-40', 'liability art-98', 'command art-39', 'cost art-12'],
  )
  assert.deepEqual(sheet.missing, [])
  assert.deepEqual(legalSheet(histories(plan), { ...of, basis: null }).missing, [
    'basis',
    'duty',
    'insurance',
    'liability',
    'command',
    'cost',
  ])
  assert.deepEqual([wantsSheet('red-cross', RELATIONS), wantsSheet('district', RELATIONS)], [true, false])
})

test('co-construction, co-governance and sharing are three gauges, each with its items', () => {
  const aid = file('aid', [duty('a', { owes: 'party:help' })], {
    parties: [{ key: 'help', name: words('红十字会'), function: 'society-coordination', jurisdiction: '120116' }],
  })
  const kept = file('kept', [disclosure('tell', { to: 'function:society-coordination' }), disclosure('hide')], {
    keeper: words('red-cross'),
  })
  const other = file('other', [duty('x')])
  const bodies = [
    { id: 'b1', name: words('防汛抗旱指挥部'), standing: true, members: ['district', 'red-cross'] },
    { id: 'b2', name: words('现场指挥部'), standing: false, members: ['district'] },
  ]
  const found = gauges([aid, kept, other].map(historyOfFile), bodies, RELATIONS, SCOPE)
  const figure = ({ shared, all }: { readonly shared: number; readonly all: number }): string => `${shared}/${all}`
  assert.deepEqual([figure(found.construction), figure(found.governance), figure(found.sharing)], ['2/3', '1/2', '1/2'])
  assert.deepEqual(
    found.sharing.items.map((one) => [one.basis.clauseId, one.shared]),
    [
      ['tell', true],
      ['hide', false],
    ],
  )
})
