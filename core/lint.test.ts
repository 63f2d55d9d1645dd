import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Instrument } from './instrument.ts'
import { lint } from './lint.ts'

const words = (text: string) => ({ 'zh-CN': text, en: text })
const common = { article: words('第一条'), words: words('x'), wording: 'summary' }
const duty = {
  ...common,
  id: 'duty',
  kind: 'duty',
  function: 'reporting',
  when: [{ event: 'incident.reported' }],
  once: 'incident',
  owes: 'unit-involved',
  to: 'government',
  act: 'report',
  actWords: words('报告'),
  limit: { within: 'PT1H', confirmed: true, source: words('公开文本') },
  evidence: [{ event: 'sitrep.filed' }],
}
const supervise = {
  ...common,
  id: 'supervise',
  kind: 'escalation',
  of: 'all',
  steps: [{ after: 'PT30M', to: 'debtor@superior', confirmed: false }],
}
const ON = '2026-11-22'
const file = (more: object = {}): Instrument =>
  Instrument.parse({
    schema: 'muster/instrument/1',
    id: 'plan',
    kind: 'plan',
    title: words('预案'),
    jurisdiction: '120116',
    issuer: words('区政府'),
    citation: words('无'),
    inForceFrom: '2026-01-01',
    inForceUntil: null,
    source: words('演示'),
    higher: [],
    demonstration: true,
    approvals: [{ by: words('区政府'), on: '2025-12-01' }],
    keeper: words('应急局'),
    reviewOn: '2028-01-01',
    clauses: [duty, supervise],
    ...more,
  })
const withDuty = (more: object): Instrument => file({ clauses: [{ ...duty, ...more }, supervise] })
const found = (...files: readonly Instrument[]): readonly string[] =>
  lint({ instruments: files }, { on: ON }).map(({ severity, code, clause, path }) => `${severity} ${code} ${clause ?? '-'} ${path}`)

test('a sound instrument has no findings', () => {
  assert.deepEqual(found(file()), [])
  assert.deepEqual(lint({ instruments: [] }, { on: ON }), [])
})

test('an instrument that ends on the day it begins is never in force', () => {
  assert.deepEqual(found(file({ inForceUntil: '2026-01-01' })), ['error lint.never-in-force - inForceUntil'])
  assert.deepEqual(found(file({ inForceUntil: '2026-12-02' })), [])
})

test('a higher instrument must be at hand', () => {
  assert.deepEqual(found(file({ higher: ['law'] })), ['warning lint.higher-unknown - higher[0]'])
  assert.deepEqual(found(file({ higher: ['law'] }), file({ id: 'law' })), [])
})

test('two clauses of one id are told apart by nobody', () => {
  assert.deepEqual(found(file({ clauses: [duty, supervise, { ...duty, act: 'warn' }] })), ['error lint.clause-twice - clauses[2].id'])
})

test('a duty owed to whom it binds is owed to oneself', () => {
  assert.deepEqual(found(withDuty({ to: 'unit-involved' })), ['error lint.owed-to-oneself duty clauses[0].to'])
})

test('a limit said to be confirmed names its source', () => {
  assert.deepEqual(found(withDuty({ limit: { within: 'PT1H', confirmed: true, source: null } })), [
    'error lint.confirmed-without-source duty clauses[0].limit.source',
  ])
  assert.deepEqual(found(withDuty({ limit: { within: 'PT1H', confirmed: false, source: null } })), [])
  assert.deepEqual(found(withDuty({ limit: { within: null, confirmed: true, source: null } })), [], 'at once: no figure, no source')
})

test('a duty that nothing proves, or that climbs to nobody, is warned of', () => {
  assert.deepEqual(found(withDuty({ evidence: [] })), ['warning lint.no-evidence duty clauses[0].evidence'])
  assert.deepEqual(found(file({ clauses: [duty] })), ['warning lint.no-escalation duty clauses[0].limit.within'])
  assert.deepEqual(found(file({ clauses: [{ ...duty, limit: { ...duty.limit, within: null } }] })), [], 'without a limit it never lapses')
})

test('an escalation supervises duties of its own instrument', () => {
  assert.deepEqual(found(file({ clauses: [duty, { ...supervise, of: ['duty', 'other'] }] })), [
    'error lint.supervised-unknown supervise clauses[1].of[1]',
  ])
})

test('a condition that asks an event for what it never says never holds', () => {
  assert.deepEqual(found(withDuty({ when: [{ event: 'incident.reported' }, { event: 'incident.declared', kinds: ['arrive'] }] })), [
    'error lint.never-fires duty clauses[0].when[1].kinds',
  ])
  assert.deepEqual(found(withDuty({ evidence: [{ event: 'incident.noted', reportKinds: ['initial'] }] })), [
    'error lint.never-proved duty clauses[0].evidence[0].reportKinds',
  ])
  assert.deepEqual(
    found(
      withDuty({
        when: [
          { event: 'incident.noted', kinds: ['warning'], colours: ['red'], complete: true },
          { event: 'obligation.accepted', acts: ['report'] },
        ],
      }),
    ),
    [],
  )
})
