import assert from 'node:assert/strict'
import { test } from 'node:test'
import { given } from '../given.ts'
import { incident, type IncidentCommand, type IncidentEvent } from '../incident.ts'
import { Phase } from '../instrument.ts'
import { IncidentPhase, phaseStates, productOf } from './phase.ts'

const reported = {
  type: 'incident.reported',
  number: '2026-120116-0001',
  title: '仓库起火',
  place: null,
  jurisdiction: '120116',
  hazard: 'hazardous-chemicals',
  class: 'accident',
  unitInvolved: null,
  text: '仓库冒烟',
  zone: 'Asia/Shanghai',
  reportedBy: null,
} as const satisfies IncidentEvent
const verified: IncidentEvent = { type: 'incident.verified', text: '属实' }
const closed: IncidentEvent = { type: 'incident.closed', reason: '处置完毕' }
const entered = (phase: IncidentPhase): IncidentEvent => ({ type: 'incident.phase-entered', phase })
const left = (phase: IncidentPhase): IncidentEvent => ({ type: 'incident.phase-closed', phase })
const enter = (phase: IncidentPhase): IncidentCommand => ({ type: 'incident.enter-phase', phase })
const close = (phase: IncidentPhase, count = 0): IncidentCommand => ({
  type: 'incident.close-phase',
  phase,
  open: { count, first: count === 0 ? null : '提供物质清单' },
})

test('an incident and the clauses of instruments speak of the same six phases, in the same order', () => {
  assert.deepEqual(IncidentPhase.options, Phase.options)
})

test('the response begins with the first report and warning with the first warning, the other phases when somebody says so', () => {
  const warned: IncidentEvent = {
    type: 'incident.noted',
    kind: 'warning',
    text: '暴雨红色预警',
    colour: 'red',
    organization: null,
    target: [],
  }
  const { state } = given(incident, [reported, warned])
  assert.ok(state)
  const open = [...phaseStates(state)].filter(([, entry]) => entry !== null).map(([phase]) => phase)
  assert.deepEqual(open, ['warn', 'respond'])
})

test('a phase cannot close while something mandatory is owed in it', () => {
  const { when } = given(incident, [reported, verified])
  assert.deepEqual(when(close('respond', 2)), { refused: 'incident.phase-open-items' })
  assert.deepEqual(when(close('respond')), [{ type: 'incident.phase-closed', phase: 'respond' }])
})

test('a phase is entered before it is closed, once, and may begin again after it was closed', () => {
  assert.deepEqual(given(incident, [reported]).when(close('recover')), { refused: 'incident.phase-not-entered' })
  assert.deepEqual(given(incident, [reported]).when(enter('respond')), { refused: 'incident.phase-already-entered' })
  const done = given(incident, [reported, entered('recover'), left('recover')])
  assert.deepEqual(done.when(close('recover')), { refused: 'incident.phase-already-closed' })
  assert.deepEqual(done.when(enter('recover')), [entered('recover')])
})

test('recovery, review and improvement come after the incident is closed; after a merger or a false report nothing does', () => {
  assert.deepEqual(given(incident, [reported, verified, closed]).when(enter('review')), [entered('review')])
  assert.deepEqual(given(incident, [reported, { type: 'incident.refuted', reason: '误报' }]).when(enter('review')), {
    refused: 'incident.already-ended',
  })
  assert.deepEqual(
    given(incident, [reported, { type: 'incident.merged', into: '01900000-0000-7000-8000-000000000001' }]).when(enter('review')),
    {
      refused: 'incident.already-merged',
    },
  )
})

test('reports, warnings, decisions and findings are products of the phase that they belong to', () => {
  assert.equal(productOf('sitrep.filed', 'initial'), 'respond')
  assert.equal(productOf('sitrep.filed', 'final'), 'recover')
  assert.equal(productOf('incident.noted', 'warning'), 'warn')
  assert.equal(productOf('incident.noted', 'investigation'), 'review')
  assert.equal(productOf('incident.noted', 'arrive'), null)
  assert.equal(productOf('obligation.discharged', null, 'prepare'), 'prepare')
  assert.equal(productOf('obligation.lapsed', null), null)
})
