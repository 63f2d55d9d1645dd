import assert from 'node:assert/strict'
import { test } from 'node:test'
import { given } from './given.ts'
import { objective, ObjectiveCommand, type ObjectiveEvent } from './objective.ts'

const INCIDENT = '01900000-0000-7000-8000-000000000001'
const OTHER_INCIDENT = '01900000-0000-7000-8000-000000000002'
const OWNER = '01900000-0000-7000-8000-00000000000a'
const PARENT = '01900000-0000-7000-8000-0000000000b0'

const said = {
  title: '四小时内转移低洼片区居民',
  measure: '已转移人数',
  target: { value: 1200, unit: '{person}' },
  weight: 40,
  owner: OWNER,
  functions: ['civil-affairs', 'community'],
  schedule: null,
  budget: null,
  fund: null,
  needs: [],
  dependsOn: [],
  period: null,
}
const set = ObjectiveCommand.parse({
  type: 'objective.set',
  incidentId: INCIDENT,
  year: null,
  jurisdiction: '120116',
  parent: null,
  ...said,
})
const yearly = ObjectiveCommand.parse({ ...set, incidentId: null, year: 2026 })
const wasSet = set as Extract<ObjectiveEvent, { type: 'objective.set' }>
const revise = ObjectiveCommand.parse({ type: 'objective.revise', ...said })

test('an objective is set once, and is revised, achieved or dropped only where it was set', () => {
  assert.deepEqual(given(objective).when(set), [set])
  assert.deepEqual(given(objective, [wasSet]).when(set), { refused: 'objective.already-set' })
  assert.deepEqual(given(objective).when(revise), { refused: 'objective.unknown' })
})

test('a tree belongs to one incident or to one year, never to both and never to neither', () => {
  assert.deepEqual(given(objective).when({ ...set, year: 2026 } as ObjectiveCommand), { refused: 'objective.incident-or-year' })
  assert.deepEqual(given(objective).when({ ...set, incidentId: null } as ObjectiveCommand), { refused: 'objective.incident-or-year' })
})

test('a branch grows on its own incident’s tree only', () => {
  const under = (incidentId: string | null, year: number | null): ObjectiveCommand =>
    ({ ...set, parent: PARENT, parentStands: { incidentId, year, jurisdiction: '120116' } }) as ObjectiveCommand
  assert.ok(Array.isArray(given(objective).when(under(INCIDENT, null))))
  assert.deepEqual(given(objective).when(under(OTHER_INCIDENT, null)), { refused: 'objective.parent-of-another-tree' })
  assert.deepEqual(given(objective).when(under(null, 2026)), { refused: 'objective.parent-of-another-tree' })
  assert.deepEqual(given(objective).when({ ...set, parent: PARENT } as ObjectiveCommand), { refused: 'objective.parent-unknown' })
})

test('where the parent stands is said by the server and not kept', () => {
  const command = { ...set, parent: PARENT, parentStands: { incidentId: INCIDENT, year: null, jurisdiction: '120000' } } as ObjectiveCommand
  assert.deepEqual(given(objective).when(command), [{ ...set, parent: PARENT }])
})

test('a local target of a year links up to its own or a superior territory, never sideways or down', () => {
  const link = (jurisdiction: string, year = 2026): ObjectiveCommand => ({
    type: 'objective.link',
    parent: PARENT,
    parentStands: { incidentId: null, year, jurisdiction },
  })
  const local = given(objective, [yearly as ObjectiveEvent])
  assert.deepEqual(local.when(link('120000')), [{ type: 'objective.linked', parent: PARENT, from: null }])
  assert.deepEqual(local.when(link('100000')), [{ type: 'objective.linked', parent: PARENT, from: null }])
  assert.deepEqual(local.when(link('120116')), [{ type: 'objective.linked', parent: PARENT, from: null }])
  assert.deepEqual(local.when(link('130000')), { refused: 'objective.parent-not-superior' })
  assert.deepEqual(local.when(link('120000', 2025)), { refused: 'objective.parent-of-another-tree' })
})

test('the same content again is nothing, other content is a revision', () => {
  assert.deepEqual(given(objective, [wasSet]).when(revise), [])
  const revised = { ...revise, weight: 60 } as ObjectiveCommand
  assert.deepEqual(given(objective, [wasSet]).when(revised), [{ ...revised, type: 'objective.revised' }])
})

test('what an objective is a part of ends after it, so it cannot wait for that', () => {
  const parent = { parent: PARENT, parentStands: { incidentId: INCIDENT, year: null, jurisdiction: '120116' } }
  assert.deepEqual(given(objective).when({ ...set, ...parent, dependsOn: [PARENT] } as ObjectiveCommand), {
    refused: 'objective.depends-on-parent',
  })
})

test('an objective is achieved with evidence, and what was achieved or dropped is not changed any more', () => {
  const achieved: ObjectiveEvent = { type: 'objective.achieved', evidence: '1,236 人已在安置点登记' }
  const done = given(objective, [wasSet, achieved])
  assert.deepEqual(given(objective, [wasSet]).when({ type: 'objective.achieve', evidence: '1,236 人已在安置点登记' }), [achieved])
  assert.equal(done.state?.status, 'achieved')
  assert.equal(done.state?.ending, '1,236 人已在安置点登记')
  assert.deepEqual(done.when(revise), { refused: 'objective.already-ended' })
  const dropped = given(objective, [wasSet, { type: 'objective.dropped', reason: '水位已退' }])
  assert.deepEqual(dropped.when({ type: 'objective.link', parent: null }), { refused: 'objective.already-ended' })
})

test('a schedule that ends before it begins and a weight above one hundred are not taken', () => {
  const bad = (more: object): boolean => ObjectiveCommand.safeParse({ ...revise, ...more }).success
  assert.ok(!bad({ schedule: { from: '2026-05-02', until: '2026-05-01' } }))
  assert.ok(bad({ schedule: { from: '2026-05-01', until: '2026-05-01' } }))
  assert.ok(!bad({ weight: 101 }))
  assert.ok(!bad({ budget: { amount: '-1', currency: 'CNY' } }))
})
