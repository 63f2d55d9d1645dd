import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Objective } from '../objective.ts'
import type { Node } from './alignment.ts'
import { conflicts } from './calendar.ts'

type Plan = Partial<Objective> & { readonly days?: readonly [string, string]; readonly cost?: number }

const plan = (id: string, { days, cost, ...more }: Plan = {}): Node => ({
  id,
  state: {
    incidentId: null,
    year: 2026,
    jurisdiction: '120116',
    parent: null,
    title: id,
    measure: id,
    target: null,
    weight: 10,
    owner: id,
    functions: [],
    schedule: days === undefined ? null : { from: days[0], until: days[1] },
    budget: cost === undefined ? null : { amount: String(cost), currency: 'CNY' },
    fund: null,
    needs: [],
    dependsOn: [],
    period: null,
    status: 'open',
    setAt: '2026-01-01T00:00:00.000Z',
    endedAt: null,
    ending: null,
    ...more,
  },
})

/**
 * A year of a district as its departments send it in: a flood plan, its drill, a chemical drill, a school drill, dyke works.
 * Eight faults are sown, one of each kind; `mended` sets each of them right, and nothing else.
 */
function year(mended: boolean): readonly Node[] {
  const when = <T>(sown: T, right: T): T => (mended ? right : sown)
  return [
    plan('safety', { days: ['2026-01-01', '2026-12-31'], cost: 10_000_00 }),
    // The drill begins while the plan that it tries out is still being written.
    plan('flood-plan', { parent: 'safety', days: ['2026-03-01', when('2026-05-20', '2026-05-14')], cost: when(6_000_00, 5_000_00) }),
    plan('flood-drill', {
      parent: 'safety',
      days: ['2026-05-15', '2026-05-17'],
      cost: 2_000_00,
      dependsOn: ['flood-plan'],
      needs: ['foam-tender'],
    }),
    // Two drills want the one foam tender on the same day, and two organizations the same fund.
    plan('chemical-drill', {
      parent: 'safety',
      days: [when('2026-05-17', '2026-05-18'), '2026-05-19'],
      cost: 3_000_00,
      needs: ['foam-tender'],
      fund: 'drill-fund',
    }),
    plan('school-drill', { days: ['2026-05-19', '2026-05-19'], cost: 1_00, fund: when('drill-fund', 'school-fund') }),
    // The works run into the next year, beyond what they are a part of; their pumps are paid in another money.
    plan('dyke', { days: ['2026-02-01', '2026-11-30'], cost: 90_000_00 }),
    plan('dyke-pumps', {
      parent: 'dyke',
      days: ['2026-06-01', when('2026-12-15', '2026-11-30')],
      budget: { amount: '100', currency: when('USD', 'CNY') },
    }),
    // Each of two waits for the other; and one waits for what was given up.
    plan('roster', { dependsOn: ['training'] }),
    plan('training', { dependsOn: when(['roster'], []) }),
    plan('radio', { dependsOn: when(['old-mast'], []) }),
    plan('old-mast', { status: 'dropped' }),
  ]
}

const told = (nodes: readonly Node[]): readonly string[] =>
  conflicts(nodes)
    .map(({ kind, objectives, over }) => [kind, ...objectives, ...(over === null ? [] : [over])].join(' '))
    .toSorted()

test('all faults sown into the year of several departments are found, and nothing else', () => {
  assert.deepEqual(told(year(false)), [
    'currencies-differ dyke-pumps dyke',
    'dependency-circle roster training',
    'dependency-gone radio old-mast',
    'dependency-late flood-drill flood-plan',
    'fund-clash chemical-drill school-drill drill-fund',
    'need-clash flood-drill chemical-drill foam-tender',
    'outside-parent dyke-pumps dyke',
    'over-budget safety flood-plan flood-drill chemical-drill',
  ])
})

test('the same year set right has no conflict', () => {
  assert.deepEqual(told(year(true)), [])
})

test('a conflict says on which days, and by how much money', () => {
  const found = conflicts(year(false))
  assert.deepEqual(found.find((one) => one.kind === 'need-clash')?.days, { from: '2026-05-17', until: '2026-05-17' })
  assert.deepEqual(found.find((one) => one.kind === 'over-budget')?.excess, { amount: '100000', currency: 'CNY' })
  assert.deepEqual(found.find((one) => one.kind === 'dependency-late')?.days, { from: '2026-05-15', until: '2026-05-20' })
})

test('what is waited for ends the day before: ending on the very day is too late', () => {
  const pair = (until: string): readonly Node[] => [
    plan('a', { days: ['2026-04-01', until] }),
    plan('b', { days: ['2026-05-01', '2026-05-02'], dependsOn: ['a'] }),
  ]
  assert.deepEqual(told(pair('2026-05-01')), ['dependency-late b a'])
  assert.deepEqual(told(pair('2026-04-30')), [])
})

test('what a part needs its whole needs anyway, and what is achieved needs nothing more but has cost its money', () => {
  const whole = plan('whole', { days: ['2026-05-01', '2026-05-31'], needs: ['boats'], cost: 100 })
  const part = plan('part', { parent: 'whole', days: ['2026-05-03', '2026-05-04'], needs: ['boats'], cost: 80 })
  const done = plan('done', { parent: 'whole', days: ['2026-05-03', '2026-05-04'], needs: ['boats'], cost: 40, status: 'achieved' })
  assert.deepEqual(told([whole, part]), [])
  assert.deepEqual(told([whole, part, done]), ['over-budget whole part done'])
})
