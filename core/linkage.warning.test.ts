import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Made, Reach } from './alert.ts'
import type { Link } from './alert/chain.ts'
import { react } from './linkage.ts'
import {
  AT,
  climb,
  duty,
  entry,
  event,
  gaps,
  incidentWith,
  INCIDENT,
  law,
  noted,
  owedState,
  owes,
  REPORTED,
  view,
} from './linkage.given.ts'
import { commonDivision } from './linkage/warning.ts'

// A province with two districts; sub-districts below them, one district has no civil affairs bureau of its own.
const ENTRIES = [
  entry('province', '120000', null, 'government', 'emergency-management'),
  entry('east', '120116', 'province', 'government', 'emergency-management'),
  entry('east-1', '120116', 'east', 'community'),
  entry('east-2', '120116', 'east', 'community'),
  entry('west', '120117', 'province', 'government', 'emergency-management'),
  entry('west-1', '120117', 'west', 'community'),
  entry('far', '130200', null, 'government', 'community'),
]
const site = (id: string, kind: string, jurisdiction: string, responder: string | null): Reach['sites'][number] => ({
  id,
  name: `${kind} ${id}`,
  kind,
  jurisdiction,
  owner: null,
  regulator: null,
  responder,
})
const under = (codes: readonly string[], ...sites: Reach['sites']): Reach => ({
  divisions: codes.map((code) => ({ code, share: 'whole' as const })),
  sites,
})
const made = (more: Partial<Made> = {}, msgType: Made['message']['msgType'] = 'Alert'): Made => ({
  message: {
    identifier: '12011641600000_20260701080000',
    sender: 'x',
    sent: AT,
    status: 'Actual',
    msgType,
    scope: 'Public',
    references: [],
    blocks: [{ language: 'zh-CN', event: '暴雨', headline: '发布暴雨橙色预警', severity: 'Severe', allClear: msgType === 'Cancel' }],
    onset: AT,
    expires: null,
  },
  sha256: '0'.repeat(64),
  signature: 'none',
  reach: under(['120116']),
  chainId: 'chain',
  incidentId: INCIDENT,
  supersedes: [],
  supersededBy: null,
  ...more,
})
const issued = (more: Partial<Made> = {}, msgType?: Made['message']['msgType']) =>
  event(
    {
      type: 'alert.issued',
      path: 'ordinary',
      consultation: 'held',
      colour: 'orange',
      hazard: 'rainstorm',
      jurisdiction: '120116',
      owner: 'east',
      ...made(more, msgType),
    },
    { stream: 'alert/the-alert', position: '50' },
  )
const warning = (colour = 'orange') =>
  noted(
    'warning',
    { colour, subject: 'rainstorm', organization: 'east', data: { alertId: 'the-alert', chainId: 'chain' } },
    { position: '60' },
  )
const link = (id: string, more: Partial<Link> = {}): Link => ({
  id,
  chainId: 'chain',
  incidentId: INCIDENT,
  message: made().message,
  status: 'in-force',
  owner: 'east',
  acts: true,
  colour: 'orange',
  hazard: 'rainstorm',
  ...more,
})
const CANCELLED = [link('before', { status: 'cancelled' }), link('the-alert', { status: 'notice', message: made({}, 'Cancel').message })]
const ended = (how: 'update' | 'cancel') =>
  event({ type: 'alert.superseded', by: 'the-alert', how }, { stream: 'alert/before', position: '55' })
const answer = duty({
  id: 'answer',
  when: [{ event: 'incident.noted', kinds: ['warning'], colours: ['red', 'orange'] }],
  once: 'event',
  owes: 'warned:community',
  to: 'function:emergency-management',
  act: 'acknowledge-warning',
  limit: { within: 'PT15M', confirmed: false, source: null },
  evidence: [{ event: 'incident.noted', kinds: ['warning-acknowledged'] }],
})
const byName = duty({
  ...answer,
  id: 'by-name',
  sites: ['care-home'],
  owes: 'site-responder',
  act: 'ask-after-site',
  evidence: [{ event: 'incident.noted', kinds: ['special-site-checked'] }],
})
const expected = { ...REPORTED, hazard: 'rainstorm', expected: true } as const
const folder = () => ({ ...incidentWith(), expected: true as const, status: 'verified' as const })
const at = (reach: Reach | null, more: Parameters<typeof view>[1] = {}) =>
  view([law([answer, byName, climb()])], { entries: ENTRIES, reach, ...more })

test('a warning opens an incident that is only expected, and enters it as a note of its colour', () => {
  const found = react(issued(), { ...at(null), incident: null })
  assert.deepEqual(
    found.map(({ room, command }) => [room, command.type]),
    [
      ['incident', 'incident.report'],
      ['incident', 'incident.note'],
    ],
  )
  const [open, note] = found.map(({ command }) => command)
  assert.ok(open?.type === 'incident.report' && open.expected === true && open.jurisdiction === '120116' && open.hazard === 'rainstorm')
  assert.ok(note?.type === 'incident.note' && note.kind === 'warning' && note.colour === 'orange' && note.organization === 'east')
  assert.deepEqual(note.data, { alertId: 'the-alert', chainId: 'chain' })
})

test('an exercise, a test or a draft message does nothing at all', () => {
  for (const status of ['Exercise', 'System', 'Test', 'Draft'] as const)
    assert.deepEqual(react(issued({ message: { ...made().message, status } }), { ...at(null), incident: null }), [])
})

test('a private message makes nothing owed; a restricted one does, and its words stay out of the record', () => {
  const scoped = (scope: 'Private' | 'Restricted') =>
    react(issued({ message: { ...made().message, scope } }), { ...at(null), incident: null })
  assert.deepEqual(scoped('Private'), [])
  const found = scoped('Restricted')
  assert.equal(found.length, 2)
  assert.ok(!JSON.stringify(found).includes('发布暴雨橙色预警'))
})

test('what is warned of has not happened: nothing is owed for a report until it has', () => {
  const report = law([duty({ owes: 'government', to: 'government@superior' })])
  assert.deepEqual(owes(react(event(expected), view([report], { entries: ENTRIES }))), [])
  const happened = event({ type: 'incident.occurred', text: '进水', place: null, reportedBy: 'east-1' })
  assert.deepEqual(
    owes(react(happened, view([report], { entries: ENTRIES }))).map((one) => one.debtor),
    ['east'],
  )
})

test('under a warning everyone of its territories owes, and nobody else', () => {
  const owed = owes(react(warning(), at(under(['120000']))))
  assert.deepEqual(owed.map((one) => `${one.debtor} → ${one.creditor} in ${one.jurisdiction}`).toSorted(), [
    'east-1 → east in 120116',
    'east-2 → east in 120116',
    'west-1 → west in 120117',
  ])
  assert.deepEqual(owed[0]?.warning, { alertId: 'chain', colour: 'orange', stage: 'answer' })
  assert.deepEqual(
    owes(react(warning(), at(under(['120117'])))).map((one) => one.debtor),
    ['west-1'],
  )
})

test('a colour that the clause does not name makes nothing owed', () => {
  assert.deepEqual(owes(react(warning('blue'), at(under(['120000'])))), [])
})

test('each special site under it is asked after by name: 100 percent of the kinds, each once', () => {
  const sites = Array.from({ length: 40 }, (_, i) =>
    site(`s${i}`, i % 4 === 0 ? 'school' : 'care-home', i % 2 === 0 ? '120116' : '120117', 'east-1'),
  )
  const owed = owes(react(warning(), at(under(['120000'], ...sites)))).filter((one) => one.act === 'ask-after-site')
  assert.deepEqual(
    owed.map((one) => one.site?.id).toSorted(),
    sites.flatMap((one) => (one.kind === 'care-home' ? [one.id] : [])).toSorted(),
  )
  assert.ok(
    owed.every(
      (one) => one.subject === one.site?.id && one.actWords['zh-CN'].includes(one.site?.name ?? '?') && one.warning?.stage === 'ask',
    ),
  )
})

test('a site that nobody responds for is a gap, not silence', () => {
  assert.deepEqual(gaps(react(warning(), at(under(['120116'], site('s', 'care-home', '120116', null))))), ['by-name site-responder'])
})

test('asking after one site proves nothing about another', () => {
  const sites = [site('a', 'care-home', '120116', 'east-1'), site('b', 'care-home', '120116', 'east-1')]
  const before = react(warning(), at(under(['120116'], ...sites)))
  const obligations = before.filter(({ command }) => command.type === 'obligation.owe').map((one) => owedState(one))
  const checked = noted('special-site-checked', { subject: 'a', organization: 'east-1' }, { position: '70' })
  const done = react(checked, at(null, { obligations })).filter(({ command }) => command.type === 'obligation.discharge')
  assert.deepEqual(
    done.map(({ id }) => obligations.find(([known]) => known === id)?.[1].site?.id),
    ['a'],
  )
})

test('who does not answer is climbed: to the superior, then to the neighbour of its kind', () => {
  const supervised = climb({
    steps: [
      { after: 'PT1S', to: 'debtor@superior', confirmed: false },
      { after: 'PT5M', to: 'debtor@neighbour', confirmed: false },
    ],
  })
  const owed = owes(react(warning(), view([law([answer, supervised])], { entries: ENTRIES, reach: under(['120116']) })))
  assert.deepEqual(
    owed.map(({ debtor, ladder }) => [debtor, ladder.map((rung) => rung.to)]),
    [
      ['east-1', ['east', 'east-2']],
      ['east-2', ['east', 'east-1']],
    ],
  )
})

test('the all-clear releases what is open because of the warning, and closes what never happened', () => {
  const obligations = react(warning(), at(under(['120116'])))
    .filter(({ command }) => command.type === 'obligation.owe')
    .map((one) => owedState(one))
  const cancel = react(issued({ supersedes: ['before'] }, 'Cancel'), { ...at(null, { obligations }), incident: folder() })
  assert.deepEqual(
    cancel.map(({ command }) => command.type),
    ['alert.supersede'],
  )
  const found = react(ended('cancel'), { ...at(null, { obligations, alerts: CANCELLED }), incident: folder() })
  assert.deepEqual(
    found.map(({ command }) => command.type),
    ['incident.note', ...obligations.map(() => 'obligation.release'), 'incident.close'],
  )
})

test('what was handed on of a warning’s duty ends with it', () => {
  const [duty] = react(warning(), at(under(['120116'])))
    .filter(({ command }) => command.type === 'obligation.owe')
    .map((one) => owedState(one))
  assert.ok(duty !== undefined)
  const { warning: _, ...state } = duty[1]
  const part = ['part', { ...state, parentId: duty[0] }] as const
  const found = react(ended('cancel'), { ...at(null, { obligations: [duty, part], alerts: CANCELLED }), incident: folder() })
  assert.deepEqual(
    found.filter(({ command }) => command.type === 'obligation.release').map(({ id }) => id),
    [duty[0], 'part'],
  )
})

test('what an update replaces ends nothing: its chain still warns', () => {
  const alerts = [
    link('before', { status: 'replaced' }),
    link('update', { message: { ...made().message, identifier: 'u', msgType: 'Update' } }),
  ]
  assert.deepEqual(react(ended('update'), { ...at(null, { alerts }), incident: folder() }), [])
})

test('what a note asks for is not owed when its warning is over by the time that it is read', () => {
  const alerts = [link('the-alert', { status: 'cancelled' })]
  assert.deepEqual(owes(react(warning(), at(under(['120116']), { alerts }))), [])
})

test('what has happened meanwhile stays open after the all-clear', () => {
  const found = react(ended('cancel'), { ...at(null, { alerts: CANCELLED }), incident: incidentWith() })
  assert.deepEqual(
    found.map(({ command }) => command.type),
    ['incident.note'],
  )
})

test('the same warning seen twice owes the same obligations', () => {
  const once = react(warning(), at(under(['120000'])))
  const again = react(warning(), at(under(['120000'])))
  assert.deepEqual(
    once.map((one) => one.id),
    again.map((one) => one.id),
  )
})

test('the incident belongs to the smallest territory that holds all that is warned', () => {
  const common = (...codes: readonly string[]): string => commonDivision({ reach: under(codes), jurisdiction: '120000' })
  assert.deepEqual(
    [common('120116'), common('120116', '120117'), common('130102', '130202'), common('130102', '120116'), common()],
    ['120116', '120000', '130000', '100000', '120000'],
  )
})
