import assert from 'node:assert/strict'
import { test } from 'node:test'
import { given } from './given.ts'
import { sitrep, SitrepCommand, type SitrepEvent } from './sitrep.ts'

const FROM = '01900000-0000-7000-8000-00000000000a'
const TO = '01900000-0000-7000-8000-00000000000b'
const HEARD = '2026-07-01T16:00:00.000Z'
const WRITTEN = '2026-07-01T15:30:00.000Z'
const COUNTED = '2026-07-01T15:00:00.000Z'
const at = { at: HEARD, occurredAt: WRITTEN } as const

const injured = { key: 'injured', value: 12, unit: '{person}', source: '区卫生健康委' }
const file = {
  type: 'sitrep.file',
  incidentId: '01900000-0000-7000-8000-000000000001',
  kind: 'initial',
  from: FROM,
  to: TO,
  summary: '伤 12 人',
  facts: [injured],
  number: 1,
  jurisdiction: '120116',
} as const
const command = (more: object = {}): SitrepCommand => SitrepCommand.parse({ ...file, ...more })
const filed: SitrepEvent = { ...file, type: 'sitrep.filed', facts: [{ ...injured, occurredAt: WRITTEN }] }
const past = (...events: readonly SitrepEvent[]) => given(sitrep, [filed, ...events], at)

test('a report is filed with each fact at the time that it was so; left out, that of the report', () => {
  assert.deepEqual(given(sitrep).when(command(), at), [filed])
  const counted = { ...injured, occurredAt: '2026-07-01T23:00:00+08:00' }
  assert.deepEqual(given(sitrep).when(command({ facts: [counted] }), at), [{ ...filed, facts: [{ ...injured, occurredAt: COUNTED }] }])
})

test('each fact is kept with both times: when it was so and when we heard', () => {
  const { state } = given(sitrep, [{ ...filed, facts: [{ ...injured, occurredAt: COUNTED }] }], at)
  assert.deepEqual(state?.facts, [{ ...injured, occurredAt: COUNTED, recordedAt: HEARD, replaced: [] }])
  assert.deepEqual([state?.occurredAt, state?.filedAt], [WRITTEN, HEARD])
})

test('the reporter is the organization of the post, where the report names none', () => {
  const { from: _, ...unsigned } = file
  const outcome = given(sitrep).when(SitrepCommand.parse(unsigned), { ...at, actor: { kind: 'post', postId: TO, organizationId: FROM } })
  assert.deepEqual(outcome, [filed])
  assert.deepEqual(given(sitrep).when(SitrepCommand.parse(unsigned), at), { refused: 'sitrep.no-reporter' })
})

test('a report of an incident that nobody knows, or without its number, is refused', () => {
  const { number: _, ...unnumbered } = file
  assert.deepEqual(given(sitrep).when(SitrepCommand.parse(unnumbered), at), { refused: 'incident.unknown' })
})

test('a report is filed once; what follows is a report of its own', () => {
  assert.deepEqual(past().when(command(), at), { refused: 'sitrep.already-filed' })
})

test('no fact is from the future, not by a millisecond', () => {
  assert.deepEqual(given(sitrep).when(command({ facts: [{ ...injured, occurredAt: '2026-07-01T16:00:00.001Z' }] }), at), {
    refused: 'sitrep.fact-in-future',
  })
  assert.ok(Array.isArray(given(sitrep).when(command({ facts: [{ ...injured, occurredAt: HEARD }] }), at)))
})

test('one report says one thing once', () => {
  assert.deepEqual(given(sitrep).when(command({ facts: [injured, { ...injured, value: 13 }] }), at), { refused: 'sitrep.fact-twice' })
})

test('a correction replaces the value and keeps the old one with when we heard it and why it changed', () => {
  const correct: SitrepCommand = { type: 'sitrep.correct', ...injured, value: 15, reason: '复核' }
  const corrected: SitrepEvent = { type: 'sitrep.corrected', ...injured, value: 15, occurredAt: WRITTEN, reason: '复核' }
  assert.deepEqual(past().when(correct, at), [corrected])
  const later = '2026-07-01T18:00:00.000Z'
  const first = sitrep.evolve(past().state, corrected, { occurredAt: later, recordedAt: later, actor: 'system/setup', commandId: '' })
  assert.deepEqual(first?.facts, [
    {
      ...injured,
      value: 15,
      occurredAt: WRITTEN,
      recordedAt: later,
      replaced: [{ value: 12, unit: injured.unit, source: injured.source, occurredAt: WRITTEN, recordedAt: HEARD, reason: '复核' }],
    },
  ])
})

test('corrections add up, oldest first', () => {
  const corrected = (value: number, reason: string): SitrepEvent => ({
    type: 'sitrep.corrected',
    ...injured,
    value,
    occurredAt: WRITTEN,
    reason,
  })
  const { state } = past(corrected(15, '复核'), corrected(14, '重复计数'))
  assert.deepEqual(
    state?.facts[0]?.replaced.map(({ value, reason }) => [value, reason]),
    [
      [12, '复核'],
      [15, '重复计数'],
    ],
  )
  assert.equal(state?.facts[0]?.value, 14)
})

test('a correction names a fact that the report has, and changes it', () => {
  const correct: SitrepCommand = { type: 'sitrep.correct', ...injured, reason: 'x' }
  assert.deepEqual(past().when(correct, at), { refused: 'sitrep.nothing-corrected' })
  assert.deepEqual(past().when({ ...correct, key: 'missing' }, at), { refused: 'sitrep.no-such-fact' })
  assert.deepEqual(given(sitrep).when(correct, at), { refused: 'sitrep.unknown' })
})

test('a wrong unit or a wrong time is corrected like a wrong value', () => {
  const unit: SitrepCommand = { type: 'sitrep.correct', ...injured, unit: '10*3.{person}', reason: '单位写错' }
  assert.ok(Array.isArray(past().when(unit, at)), 'the unit')
  const time: SitrepCommand = { type: 'sitrep.correct', ...injured, occurredAt: COUNTED, reason: '时间写错' }
  assert.ok(Array.isArray(past().when(time, at)), 'the time')
})

test('a correction is not from the future either', () => {
  const correct: SitrepCommand = { type: 'sitrep.correct', ...injured, value: 15, occurredAt: '2026-07-01T16:00:00.001Z', reason: 'x' }
  assert.deepEqual(past().when(correct, at), { refused: 'sitrep.fact-in-future' })
})

test('a fact has a source', () => {
  assert.ok(!SitrepCommand.safeParse({ ...file, facts: [{ ...injured, source: '' }] }).success)
})
