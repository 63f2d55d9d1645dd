import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Objective } from '../objective.ts'
import { alignment, ALIGNMENT_TARGET, flatten, type Node } from './alignment.ts'

const node = (id: string, jurisdiction: string, owner: string, parent: string | null, more: Partial<Objective> = {}): Node => ({
  id,
  state: {
    incidentId: null,
    year: 2026,
    jurisdiction,
    parent,
    title: id,
    measure: id,
    target: null,
    weight: 10,
    owner,
    functions: [],
    schedule: null,
    budget: null,
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

// One tree from the nation down, and a district that keeps a target of its own.
const NATION = node('nation', '100000', 'state', null)
const CITY = node('city', '120000', 'tianjin', 'nation')
const local = (count: number): readonly Node[] => Array.from({ length: count }, (_, i) => node(`d${i}`, '120116', 'binhai', 'city'))
const APART = node('apart', '120116', 'binhai', null)

test('nine of ten equal weights that lead up to the shared tree are an alignment of nine tenths', () => {
  const found = alignment([NATION, CITY, ...local(8), APART])
  assert.equal(found.weight, 0.9)
  assert.ok(found.weight >= ALIGNMENT_TARGET)
  assert.equal(found.share, 0.9)
  assert.deepEqual(found.unlinked, ['apart'])
  assert.deepEqual(found.shared, ['nation'])
})

test('weight counts and not number: one heavy target apart is worse than one light', () => {
  const heavy = alignment([NATION, CITY, ...local(8), node('apart', '120116', 'binhai', null, { weight: 90 })])
  assert.equal(heavy.weight, 0.5)
  assert.equal(heavy.share, 0.9)
})

test('an organization beside the others, at the top, is apart, too: nobody shares its target', () => {
  const found = alignment([NATION, CITY, node('own', '100000', 'ministry', null)])
  assert.deepEqual(found.unlinked, ['own'])
  assert.equal(found.weight, 0.5)
})

test('a chain that leads over something dropped leads nowhere, and what was dropped counts for nothing', () => {
  const found = alignment([
    NATION,
    { ...CITY, state: { ...CITY.state, status: 'dropped' } },
    ...local(2),
    node('x', '120000', 'tianjin', 'nation'),
  ])
  assert.deepEqual(found.unlinked, ['d0', 'd1'])
  assert.deepEqual(found.linked, ['x'])
})

test('a local tree is unlinked as a whole until its root links up', () => {
  const root = (parent: string | null): Node => node('root', '120116', 'binhai', parent)
  const leaf = node('leaf', '120116', 'harbour', 'root')
  assert.deepEqual(alignment([NATION, CITY, root(null), leaf]).unlinked, ['root', 'leaf'])
  assert.deepEqual(alignment([NATION, CITY, root('city'), leaf]).unlinked, [])
})

test('where nothing is there to be linked there is no number, and one organization alone is not apart from anybody', () => {
  assert.equal(alignment([]).weight, null)
  assert.equal(alignment([APART]).weight, null)
  assert.deepEqual(alignment([APART, node('b', '120116', 'binhai', 'apart')]).linked, ['b'])
})

test('each stands after its parent, the heavier first; what hangs on nothing seen stands as a root', () => {
  const light = node('light', '120116', 'binhai', 'city', { weight: 1 })
  const heavy = node('heavy', '120116', 'binhai', 'city', { weight: 50 })
  const stray = node('stray', '120116', 'binhai', 'not-here')
  const listed = flatten([light, stray, heavy, CITY, NATION]).map(({ node: { id }, depth }) => `${depth} ${id}`)
  assert.deepEqual(listed, ['0 nation', '1 city', '2 heavy', '2 light', '0 stray'])
})
