import assert from 'node:assert/strict'
import { test } from 'node:test'
import { objectiveFor } from './objective.ts'

test('an act serves the objective that covers the fewest functions, the first set among equals, none where none covers it', () => {
  const objectives = [
    { id: 'all', functions: ['health', 'transport', 'community'] },
    { id: 'roads', functions: ['transport'] },
    { id: 'rails', functions: ['transport'] },
  ]
  assert.equal(objectiveFor('transport', objectives), 'roads')
  assert.equal(objectiveFor('health', objectives), 'all')
  assert.equal(objectiveFor('power', objectives), null)
})
