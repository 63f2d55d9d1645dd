import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Actor } from './event.ts'
import { given } from './given.ts'
import { incident, IncidentCommand, incidentParties, incidentThing, type IncidentEvent } from './incident.ts'

const REPORTER = '01900000-0000-7000-8000-00000000000a'
const UNIT = '01900000-0000-7000-8000-00000000000b'
const LEAD = '01900000-0000-7000-8000-00000000000c'
const MEMBER = '01900000-0000-7000-8000-00000000000d'
const OTHER = '01900000-0000-7000-8000-0000000000ff'
const AT = '2026-07-01T14:51:00.000Z'
const post = (organizationId: string): Actor => ({ kind: 'post', postId: '01900000-0000-7000-8000-0000000000aa', organizationId })

const report = {
  type: 'incident.report',
  title: '仓库起火',
  place: { name: '瑞海仓库', lat: 39.04, lon: 117.74 },
  jurisdiction: '120116',
  hazard: 'fire',
  class: 'accident',
  unitInvolved: UNIT,
  text: '接警',
  zone: 'Asia/Shanghai',
  number: '2026-120116-0001',
} as const satisfies IncidentCommand
const reported: IncidentEvent = { ...report, type: 'incident.reported', reportedBy: REPORTER }
const verified: IncidentEvent = { type: 'incident.verified', text: '现场核实' }
const refuted: IncidentEvent = { type: 'incident.refuted', reason: '误报' }
const declare = {
  type: 'incident.declare',
  class: 'accident',
  severity: 2,
  hazard: 'explosion',
  title: '仓库爆炸',
} as const satisfies IncidentCommand
const declared: IncidentEvent = { ...declare, type: 'incident.declared' }
const position = { code: 'medical', words: { 'zh-CN': '医疗救治组', en: 'Medical' }, organization: null }
const activate = {
  type: 'incident.activate-headquarters',
  name: { 'zh-CN': '现场指挥部', en: 'On-scene command' },
  lead: LEAD,
  members: [LEAD, MEMBER],
  positions: [position],
} as const
const activated: IncidentEvent = {
  ...activate,
  type: 'incident.headquarters-activated',
  members: [...activate.members],
  positions: [position],
}
const closed: IncidentEvent = { type: 'incident.closed', reason: '处置结束' }
const merged: IncidentEvent = { type: 'incident.merged', into: OTHER }
const past = (...events: readonly IncidentEvent[]) => given(incident, [reported, ...events], { at: AT })
const setLevel = { type: 'incident.set-response', level: 2, text: '启动二级响应' } as const satisfies IncidentCommand

test('an incident is reported by the organization of the post that reports it', () => {
  assert.deepEqual(given(incident).when(report, { actor: post(REPORTER) }), [reported])
  assert.equal(past().state?.status, 'reported')
  assert.equal(past().state?.reportedAt, AT)
})

test('a report may name another reporter, or that nobody is known', () => {
  assert.deepEqual(given(incident).when({ ...report, reportedBy: UNIT }, { actor: post(REPORTER) }), [{ ...reported, reportedBy: UNIT }])
  assert.deepEqual(given(incident).when({ ...report, reportedBy: null }, { actor: post(REPORTER) }), [{ ...reported, reportedBy: null }])
})

test('an incident is reported once, and has a number', () => {
  assert.deepEqual(past().when(report), { refused: 'incident.already-reported' })
  const { number: _, ...unnumbered } = report
  assert.deepEqual(given(incident).when(unnumbered), { refused: 'incident.no-number' })
})

test('nothing happens to an incident that nobody reported', () => {
  for (const command of [
    { type: 'incident.verify', text: 'x' },
    declare,
    activate,
    { type: 'incident.note', kind: 'arrive', text: 'x' },
    { type: 'incident.close', reason: 'x' },
  ] as IncidentCommand[])
    assert.deepEqual(given(incident).when(command), { refused: 'incident.unknown' })
})

test('it is verified once', () => {
  assert.deepEqual(past().when({ type: 'incident.verify', text: '现场核实' }), [verified])
  assert.deepEqual(past(verified).when({ type: 'incident.verify', text: 'x' }), { refused: 'incident.already-verified' })
})

test('before it is verified nothing is declared, responded to or closed', () => {
  for (const command of [declare, setLevel, { type: 'incident.close', reason: 'x' }] as IncidentCommand[])
    assert.deepEqual(past().when(command), { refused: 'incident.not-verified' })
})

test('a natural, accident or public-health incident is declared with a grade: Emergency Response Law art. 3', () => {
  for (const kind of ['natural', 'accident', 'public-health'] as const)
    assert.deepEqual(past(verified).when({ ...declare, class: kind, severity: null }), { refused: 'incident.severity-missing' })
  assert.deepEqual(past(verified).when(declare), [declared])
})

test('a social-safety incident may be declared without a grade: art. 3 grades the other three classes', () => {
  assert.deepEqual(past(verified).when({ ...declare, class: 'social-safety', severity: null }), [
    { ...declared, class: 'social-safety', severity: null },
  ])
})

test('declaring again corrects class, grade, hazard or title; the same again is nothing', () => {
  assert.deepEqual(past(verified, declared).when(declare), [])
  const graver: IncidentEvent = { ...declared, severity: 1 }
  assert.deepEqual(past(verified, declared).when({ ...declare, severity: 1 }), [graver])
  const { state } = past(verified, declared, graver)
  assert.deepEqual([state?.severity, state?.hazard, state?.title], [1, 'explosion', '仓库爆炸'])
})

test('a false report ends as unfounded, verified or not, but not once it is declared', () => {
  assert.deepEqual(past().when({ type: 'incident.refute', reason: '误报' }), [refuted])
  assert.deepEqual(past(verified).when({ type: 'incident.refute', reason: '误报' }), [refuted])
  assert.deepEqual([past(refuted).state?.status, past(refuted).state?.closedAt], ['unfounded', AT])
  assert.deepEqual(past(verified, declared).when({ type: 'incident.refute', reason: 'x' }), { refused: 'incident.already-declared' })
})

test('a response level is set, and raised from what it was; the plan stays until another is named', () => {
  const second: IncidentEvent = {
    type: 'incident.response-set',
    level: 2,
    from: null,
    scope: null,
    plan: 'binhai-hazchem-plan',
    text: '启动二级响应',
    organization: LEAD,
  }
  assert.deepEqual(past(verified).when({ ...setLevel, plan: 'binhai-hazchem-plan' }, { actor: post(LEAD) }), [second])
  const first = past(verified, second).when({ ...setLevel, level: 1 }, { actor: post(LEAD) })
  assert.deepEqual(first, [{ ...second, level: 1, from: 2, plan: null }])
  const { state } = past(verified, second, { ...second, level: 1, from: 2, plan: null })
  assert.deepEqual([state?.responseLevel, state?.plan], [1, 'binhai-hazchem-plan'])
})

test('headquarters are activated once, and the lead belongs to them', () => {
  assert.deepEqual(past(verified).when({ ...activate, members: [MEMBER], positions: [position] }), [
    { ...activated, members: [LEAD, MEMBER] },
  ])
  assert.deepEqual(past(verified, activated).when({ ...activate, members: [], positions: [] }), {
    refused: 'incident.headquarters-already-active',
  })
  assert.equal(past(verified, activated).state?.headquarters?.activatedAt, AT)
})

test('a position stands once in the headquarters, and is filled only where it stands', () => {
  assert.deepEqual(past().when({ ...activate, members: [], positions: [position, position] }), { refused: 'incident.position-twice' })
  const fill = { type: 'incident.fill-position', code: 'medical', organization: MEMBER } as const
  assert.deepEqual(past().when(fill), { refused: 'incident.no-headquarters' })
  assert.deepEqual(past(activated).when({ ...fill, code: 'logistics' }), { refused: 'incident.no-such-position' })
  const filled: IncidentEvent = { type: 'incident.position-filled', code: 'medical', organization: MEMBER }
  assert.deepEqual(past(activated).when(fill), [filled])
  assert.equal(past(activated, filled).state?.headquarters?.positions[0]?.organization, MEMBER)
  assert.deepEqual(past(activated, filled).when(fill), [])
  assert.deepEqual(past(activated, filled).when({ ...fill, organization: null }), [{ ...filled, organization: null }])
})

test('a fact says who did it: the one named, else the organization of the post, else nobody', () => {
  const note = { type: 'incident.note', kind: 'arrive', text: '首批力量到场' } as const
  const noted = (organization: string | null) => [{ ...note, type: 'incident.noted', organization, target: [] }]
  assert.deepEqual(past().when(note, { actor: post(LEAD) }), noted(LEAD))
  assert.deepEqual(past().when({ ...note, organization: UNIT }, { actor: post(LEAD) }), noted(UNIT))
  assert.deepEqual(past().when({ ...note, organization: null }, { actor: post(LEAD) }), noted(null))
  assert.deepEqual(past().when(note), noted(null))
})

test('a warning among the facts is kept with its colour, the newest first', () => {
  const warning = (colour: 'yellow' | 'red'): IncidentEvent => ({
    type: 'incident.noted',
    kind: 'warning',
    text: 'x',
    organization: LEAD,
    target: [],
    colour,
    subject: 'rainstorm',
  })
  const { state } = past(warning('yellow'), warning('red'))
  assert.deepEqual(state?.warnings, [
    { colour: 'red', hazard: 'rainstorm', at: AT, issuer: LEAD },
    { colour: 'yellow', hazard: 'rainstorm', at: AT, issuer: LEAD },
  ])
})

test('a warning that names no hazard is about the hazard of the incident, and one without a colour is no warning', () => {
  const noted = { type: 'incident.noted', kind: 'warning', text: 'x', organization: null, target: [] } as const
  assert.deepEqual(past({ ...noted, colour: 'blue' }, noted).state?.warnings, [{ colour: 'blue', hazard: 'fire', at: AT, issuer: null }])
})

test('a duplicate is merged into another incident and then answers nothing, not even a fact', () => {
  assert.deepEqual(past(verified).when({ type: 'incident.merge', into: OTHER }), [merged])
  const after = past(merged)
  assert.deepEqual([after.state?.status, after.state?.mergedInto, after.state?.closedAt], ['merged', OTHER, AT])
  for (const command of [
    { type: 'incident.note', kind: 'arrive', text: 'x' },
    declare,
    { type: 'incident.merge', into: LEAD },
  ] as IncidentCommand[])
    assert.deepEqual(after.when(command), { refused: 'incident.already-merged' })
})

test('from report to close', () => {
  const steps: readonly IncidentCommand[] = [
    report,
    { type: 'incident.verify', text: '核实' },
    declare,
    setLevel,
    { ...activate, members: [MEMBER], positions: [position] },
    { type: 'incident.close', reason: '处置结束' },
  ]
  let events: readonly IncidentEvent[] = []
  const statuses = steps.map((command) => {
    const outcome = given(incident, events).when(command)
    assert.ok(Array.isArray(outcome), command.type)
    events = [...events, ...outcome]
    return given(incident, events).state?.status
  })
  assert.deepEqual(statuses, ['reported', 'verified', 'declared', 'declared', 'declared', 'closed'])
})

test('what has ended is not done again, but a fact that becomes known later is still noted', () => {
  for (const end of [closed, refuted]) {
    const after = past(verified, end)
    for (const command of [
      { type: 'incident.verify', text: 'x' },
      declare,
      setLevel,
      { type: 'incident.close', reason: 'x' },
      { type: 'incident.merge', into: OTHER },
    ] as IncidentCommand[])
      assert.deepEqual(after.when(command), { refused: 'incident.already-ended' })
    assert.ok(Array.isArray(after.when({ type: 'incident.note', kind: 'finding', text: '事故调查报告' })))
  }
})

test('a gap, a clause that binds and nobody to owe it, is marked once', () => {
  const gap = {
    instrumentId: 'cn-erl-2024',
    version: 1,
    clauseId: 'art80',
    party: 'function:medical',
    act: { 'zh-CN': '救治伤员', en: 'Treat the injured' },
  }
  const marked: IncidentEvent = { type: 'incident.gap-marked', ...gap }
  assert.deepEqual(past().when({ type: 'incident.mark-gap', ...gap }), [marked])
  assert.deepEqual(past(marked).when({ type: 'incident.mark-gap', ...gap, version: 2 }), [])
  assert.deepEqual(past(marked).state?.gaps, [gap])
})

test('everyone named in it is a party, once', () => {
  const { state } = past(activated, { type: 'incident.position-filled', code: 'medical', organization: OTHER })
  assert.ok(state)
  assert.deepEqual(incidentParties(state), [REPORTER, UNIT, LEAD, MEMBER, OTHER])
  assert.deepEqual(incidentParties({ ...state, reportedBy: null, unitInvolved: null, headquarters: null }), [])
  assert.equal(incidentThing(state).headquarters?.lead, LEAD)
  assert.deepEqual(incidentThing(null), { jurisdiction: null, parties: [] })
})

test('a title of blanks, a point off the globe, a fifth level are malformed', () => {
  const malformed = [
    { ...report, title: '  ' },
    { ...report, place: { name: 'x', lat: 90.1, lon: 0 } },
    { ...setLevel, level: 5 },
    { ...report, jurisdiction: '12011' },
    { ...report, stray: 1 },
  ]
  for (const command of malformed) assert.ok(!IncidentCommand.safeParse(command).success, JSON.stringify(command))
  assert.ok(IncidentCommand.safeParse(report).success)
})
