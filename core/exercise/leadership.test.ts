import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Relations } from '../directory/relations.ts'
import type { Recorded } from '../event.ts'
import { oughtToLead, responsesSet, whoWasTold } from './leadership.ts'

const words = (text: string) => ({ 'zh-CN': text, en: text })
const government = (id: string, jurisdiction: string, superior: string | null) => ({
  id,
  name: words(id),
  sector: 'government',
  kind: 'government',
  functions: ['government'],
  jurisdiction,
  superior,
  verified: true,
})
const RELATIONS = new Relations([government('xizang', '540000', null), government('dingri', '540223', 'xizang')])

let position = 0
const event = (type: string, at: string, data: object): Recorded => ({
  position: String(++position),
  stream: 'incident/i',
  version: position,
  type,
  data,
  commandId: 'x',
  actor: 'system/exercise',
  basis: null,
  incidentId: 'i',
  occurredAt: `2025-01-07T${at}:00.000Z`,
  recordedAt: `2025-01-07T${at}:00.000Z`,
})
const set = (at: string, organization: string | null, level: number, scope: string | null = null): Recorded =>
  event('incident.response-set', at, { organization, level, scope, text: 'x', from: null, plan: null })
const REPORTED = event('incident.reported', '01:05', { reportedBy: 'station', text: '地震' })

test('the county of the place leads first (art. 17), then upward only: by grade, and when a superior government sets a response', () => {
  const events = [REPORTED, event('incident.declared', '01:10', { severity: 3 }), set('04:30', 'xizang', 2), set('05:00', 'dingri', 4)]
  assert.deepEqual(
    oughtToLead(events, { jurisdiction: '540223', law: true }, RELATIONS).map((one) => [one.jurisdiction, one.organization, one.confirmed]),
    [
      ['540223', 'dingri', true],
      ['540200', null, false],
      ['540000', 'xizang', true],
    ],
  )
})

test('a department that sets a level does not take the lead by it', () => {
  const events = [REPORTED, set('02:00', 'earthquake-administration', 2)]
  assert.equal(oughtToLead(events, { jurisdiction: '540223', law: true }, RELATIONS).length, 1)
})

test('where Chinese law does not bind, only the government of the place is named, and not as confirmed', () => {
  const events = [REPORTED, event('incident.declared', '01:10', { severity: 1 })]
  assert.deepEqual(
    oughtToLead(events, { jurisdiction: '540223', law: false }, RELATIONS).map((one) => one.confirmed),
    [false],
  )
})

test('each organization heard when it first reported, was addressed or acted, whichever the record tells earliest', () => {
  const events = [
    REPORTED,
    event('incident.noted', '02:00', { kind: 'order', organization: 'hq', target: ['fire', 'police'], text: '集结' }),
    event('incident.noted', '01:40', { kind: 'arrive', organization: 'fire', target: [], text: '到场' }),
  ]
  assert.deepEqual(
    whoWasTold(events).map((one) => [one.organization, one.at.slice(11, 16), one.by]),
    [
      ['station', '01:05', null],
      ['fire', '01:40', null],
      ['hq', '02:00', null],
      ['police', '02:00', 'hq'],
    ],
  )
})

test('levels of several agencies stand side by side, each with its scope', () => {
  const events = [REPORTED, set('01:40', 'mem', 3, 'earthquake'), set('01:45', 'cea', 2, 'service'), set('02:00', 'mnr', 4, 'geology')]
  assert.deepEqual(
    responsesSet(events).map((one) => [one.organization, one.level, one.scope]),
    [
      ['mem', 3, 'earthquake'],
      ['cea', 2, 'service'],
      ['mnr', 4, 'geology'],
    ],
  )
})
