import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { consultationFor, heldShares, isAbout, isRequired, type Concerning, type Known, type WarningSeen } from './held.ts'

const one = (status: Concerning['status'], colour: Concerning['colour'], concluded: Concerning['concluded'] = null): Concerning => ({
  status,
  colour,
  concluded,
})

describe('whether a warning was consulted about', () => {
  test('S2-15: required for red and orange alone', () => {
    assert.deepEqual((['red', 'orange', 'yellow', 'blue'] as const).map(isRequired), [true, true, false, false])
  })
  test('held when concluded, called while it is not over, missing when cancelled or never called', () => {
    assert.equal(consultationFor('red', []), 'missing')
    assert.equal(consultationFor('red', [one('cancelled', 'red')]), 'missing')
    assert.equal(consultationFor('red', [one('planned', 'red')]), 'called')
    assert.equal(consultationFor('red', [one('cancelled', 'red'), one('under-way', 'red')]), 'called')
    assert.equal(consultationFor('red', [one('planned', 'red'), one('concluded', 'red', 'orange')]), 'held')
  })
  test('who considered yellow has not considered red; who considered red has considered orange', () => {
    assert.equal(consultationFor('red', [one('concluded', 'yellow', 'yellow')]), 'missing')
    assert.equal(consultationFor('orange', [one('concluded', 'red', 'red')]), 'held')
    assert.equal(consultationFor('red', [one('concluded', 'orange', 'red')]), 'held', 'it went beyond what it was called for')
    assert.equal(consultationFor('red', [one('concluded', null)]), 'held', 'the question was open')
  })
})

const hour = (n: number): string => new Date(Date.UTC(2026, 6, 1, n)).toISOString()
const known = (more: Partial<Known> = {}): Known => ({
  status: 'concluded',
  colour: 'red',
  concluded: 'red',
  incidentId: null,
  jurisdiction: '120116',
  hazard: 'rainstorm',
  startsAt: hour(1),
  concludedAt: hour(2),
  onset: null,
  ...more,
})
const warning = (more: Partial<WarningSeen> = {}): WarningSeen => ({
  incidentId: 'a',
  jurisdiction: '120116',
  hazard: 'rainstorm',
  colour: 'red',
  at: hour(3),
  onset: hour(9),
  ...more,
})

describe('which warning a consultation is about', () => {
  test('that of its incident; without one, the same hazard over the same place within a day', () => {
    assert.equal(isAbout(known({ incidentId: 'a', hazard: 'flood' }), warning()), true)
    assert.equal(isAbout(known({ incidentId: 'b' }), warning()), false)
    assert.equal(isAbout(known(), warning()), true)
    assert.equal(isAbout(known({ jurisdiction: '120000' }), warning()), true, 'the city consulted for its district')
    assert.equal(isAbout(known({ jurisdiction: '130207' }), warning()), false)
    assert.equal(isAbout(known({ hazard: 'earthquake' }), warning()), false)
    assert.equal(isAbout(known(), warning({ at: hour(26) })), true)
    assert.equal(isAbout(known(), warning({ at: hour(27) })), false)
  })
})

describe('held share and lead time (S2-15)', () => {
  test('are what one counts by hand', () => {
    const warnings = [
      warning({ incidentId: 'a' }), // concluded an hour before it went out, 7 hours before the onset
      warning({ incidentId: 'b' }), // concluded afterwards, 4 hours before the onset
      warning({ incidentId: 'c' }), // planned
      warning({ incidentId: 'd' }), // nobody called
      warning({ incidentId: 'e', colour: 'orange', onset: hour(1) }), // concluded an hour too late
      warning({ incidentId: 'f', colour: 'yellow' }), // none is required
    ]
    const consultations = [
      known({ incidentId: 'a' }),
      known({ incidentId: 'a', concludedAt: hour(8) }),
      known({ incidentId: 'b', concludedAt: hour(5) }),
      known({ incidentId: 'c', status: 'planned', concluded: null, concludedAt: null }),
      known({ incidentId: 'e', colour: 'orange', concluded: 'orange' }),
    ]
    const [red, orange] = heldShares(warnings, consultations)
    assert.deepEqual(red, { colour: 'red', warnings: 4, held: 2, before: 1, called: 1, missing: 1, share: 0.5, lead: 'PT5H30M' })
    assert.deepEqual(orange, { colour: 'orange', warnings: 1, held: 1, before: 1, called: 0, missing: 0, share: 1, lead: '-PT1H' })
  })
  test('are unknown where there was no warning, and the lead where nobody said an onset', () => {
    assert.deepEqual(heldShares([], [])[0], {
      colour: 'red',
      warnings: 0,
      held: 0,
      before: 0,
      called: 0,
      missing: 0,
      share: null,
      lead: null,
    })
    assert.equal(heldShares([warning({ onset: null })], [known({ incidentId: 'a' })])[0]?.lead, null)
    assert.equal(heldShares([warning({ onset: null })], [known({ incidentId: 'a', onset: hour(4) })])[0]?.lead, 'PT2H')
  })
})
