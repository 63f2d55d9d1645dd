import assert from 'node:assert/strict'
import { test } from 'node:test'
import { given } from './given.ts'
import { basisText, Condition, inForceOn, Instrument, instrument, Party, type Clause, type InstrumentEvent } from './instrument.ts'

const words = (text: string) => ({ 'zh-CN': text, en: text })
const common = { article: words('第九条'), words: words('事故报告'), wording: 'summary' } as const
const duty = {
  ...common,
  id: 'art9',
  kind: 'duty',
  function: 'reporting',
  when: [{ event: 'incident.reported' }],
  once: 'incident',
  owes: 'unit-involved',
  to: 'government',
  act: 'report',
  actWords: words('报告'),
  limit: { within: 'PT1H', confirmed: true, source: words('国务院令第493号') },
  evidence: [{ event: 'sitrep.filed' }],
} as const satisfies Clause
const escalation = {
  ...common,
  id: 'supervise',
  kind: 'escalation',
  of: ['art9'],
  steps: [{ after: 'PT30M', to: 'debtor@superior', confirmed: false }],
} as const satisfies Clause
const file = Instrument.parse({
  schema: 'muster/instrument/1',
  id: 'cn-accident-report-493',
  kind: 'regulation',
  title: words('生产安全事故报告和调查处理条例'),
  jurisdiction: '100000',
  issuer: words('国务院'),
  citation: words('国务院令第493号'),
  inForceFrom: '2007-06-01',
  inForceUntil: null,
  source: words('公开文本'),
  higher: [],
  demonstration: false,
  clauses: [duty, escalation],
})
const revised: Instrument = { ...file, title: words('修订') }
const adopted = (version: number, text: Instrument): InstrumentEvent => ({ type: 'instrument.adopted', version, instrument: text })
const adopt = (text: Instrument) => ({ type: 'instrument.adopt', instrument: text }) as const

test('adopting an instrument makes its first version, a changed text the next', () => {
  assert.deepEqual(given(instrument).when(adopt(file)), [adopted(1, file)])
  assert.deepEqual(given(instrument, [adopted(1, file)]).when(adopt(revised)), [adopted(2, revised)])
  assert.deepEqual(given(instrument, [adopted(1, file), adopted(2, revised)]).state, { version: 2, instrument: revised })
})

test('the same text twice changes nothing', () => {
  assert.deepEqual(given(instrument, [adopted(1, file)]).when(adopt(Instrument.parse(structuredClone(file)))), [])
})

test('going back to an older text is a version of its own', () => {
  assert.deepEqual(given(instrument, [adopted(1, file), adopted(2, revised)]).when(adopt(file)), [adopted(3, file)])
})

test('an instrument keeps its id', () => {
  assert.deepEqual(given(instrument, [adopted(1, file)]).when(adopt({ ...file, id: 'another' })), { refused: 'instrument.other-id' })
})

test('two clauses of one id, or the supervision of a clause that is no duty of it, are refused', () => {
  assert.deepEqual(given(instrument).when(adopt({ ...file, clauses: [duty, duty] })), { refused: 'instrument.clause-twice' })
  assert.deepEqual(given(instrument).when(adopt({ ...file, clauses: [duty, { ...escalation, of: ['art10'] }] })), {
    refused: 'instrument.supervised-unknown',
  })
  assert.deepEqual(given(instrument).when(adopt({ ...file, clauses: [duty, { ...escalation, of: ['supervise'] }] })), {
    refused: 'instrument.supervised-unknown',
  })
})

test('repealed, it is in force to the day before', () => {
  const repealed: InstrumentEvent = { type: 'instrument.repealed', on: '2026-07-01', reason: '废止' }
  assert.deepEqual(given(instrument, [adopted(1, file)]).when({ type: 'instrument.repeal', on: '2026-07-01', reason: '废止' }), [repealed])
  const after = given(instrument, [adopted(1, file), repealed]).state.instrument
  assert.ok(after)
  assert.deepEqual([inForceOn(after, '2026-06-30'), inForceOn(after, '2026-07-01')], [true, false])
})

test('nothing is repealed that does not exist, or before it is in force', () => {
  assert.deepEqual(given(instrument).when({ type: 'instrument.repeal', on: '2026-07-01', reason: 'x' }), { refused: 'instrument.unknown' })
  assert.deepEqual(given(instrument, [adopted(1, file)]).when({ type: 'instrument.repeal', on: '2007-05-31', reason: 'x' }), {
    refused: 'instrument.repealed-before-in-force',
  })
})

test('an instrument is in force from its first day, in the day before its last', () => {
  const span = { inForceFrom: '2024-11-01', inForceUntil: '2026-01-01' }
  assert.deepEqual(
    ['2024-10-31', '2024-11-01', '2025-12-31', '2026-01-01'].map((day) => inForceOn(span, day)),
    [false, true, true, false],
  )
  assert.ok(inForceOn({ ...span, inForceUntil: null }, '9999-12-31'))
})

test('a basis names its instrument, version and clause', () => {
  assert.equal(basisText({ instrumentId: 'cn-erl-2024', version: 12, clauseId: 'art.72-1' }), 'cn-erl-2024@12#art.72-1')
})

test('a party is a part in the incident or a function, with at most one step or level', () => {
  for (const party of [
    'unit-involved',
    'government@prefecture',
    'function:fire-rescue@superior',
    'debtor@superior',
    'public',
    'headquarters',
  ])
    assert.ok(Party.safeParse(party).success, party)
  for (const party of ['mayor', 'government@city', 'function:', 'function:Fire', 'debtor@superior@superior', '', '120116'])
    assert.ok(!Party.safeParse(party).success, party)
})

test('a condition that nobody can mean is malformed: an unknown event, a stray word, an empty list', () => {
  for (const condition of [
    { event: 'incident.exploded' },
    { event: 'incident.noted', kind: 'arrive' },
    { event: 'incident.noted', kinds: [] },
    { event: 'incident.noted', colours: ['purple'] },
  ])
    assert.ok(!Condition.safeParse(condition).success, JSON.stringify(condition))
})

test('an instrument file says everything, and nothing that is not known', () => {
  const { source: _, ...unsourced } = file
  for (const text of [
    unsourced,
    { ...file, schema: 'muster/instrument/2' },
    { ...file, stray: 1 },
    { ...file, clauses: [] },
    { ...file, inForceFrom: '2007-02-30' },
    { ...file, title: { 'zh-CN': '只有中文' } },
  ])
    assert.ok(!Instrument.safeParse(text).success)
  assert.ok(
    !Instrument.safeParse({ ...file, clauses: [{ ...duty, limit: { ...duty.limit, within: 'P1M' } }] }).success,
    'a month has no fixed length',
  )
})
