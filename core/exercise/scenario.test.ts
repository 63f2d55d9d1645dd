import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { EVENTS_MAX, parseScenario } from './scenario.ts'

const FOLDER = new URL('../../fixtures/scenarios/', import.meta.url)
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'))
const minimal = (over: object = {}, entry: object = {}): unknown => ({
  id: 's',
  title: 'T',
  timezone: '+08:00',
  organisations: [{ id: 'a', name: 'A' }],
  events: [{ t: '2021-07-20T16:30:00+08:00', actor: 'a', action: 'alarm', text: 'x', ...entry }],
  ...over,
})
const paths = (json: unknown): readonly string[] => {
  const parsed = parseScenario(json)
  return parsed.ok ? [] : parsed.problems.map((one) => one.path)
}

test('the scenarios that come with the project are read whole', () => {
  const counts = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json'))
    .map((name) => {
      const parsed = parseScenario(read(name))
      assert.ok(parsed.ok, name)
      return [parsed.scenario.id, parsed.scenario.entries.length, parsed.scenario.organisations.length]
    })
  // As the files' own `counts` say.
  assert.deepEqual(counts.toSorted(), [
    ['dingri_earthquake_2025', 18, 12],
    ['noto_counterpart_2024', 22, 25],
    ['tianjin_812_2015', 36, 22],
    ['wenchuan_paired_assistance_2008', 10, 49],
  ])
})

test('a malformed file is refused with every place that is wrong', () => {
  assert.deepEqual(paths(read('odd/malformed_time.json')), ['events[1].t', 'events[2].t', 'events[3].actor'])
  assert.deepEqual(paths(minimal({ organisations: [{ id: 'a' }, { id: 'a' }] })), ['organisations[1].id'])
  assert.deepEqual(paths(minimal({ events: 'none' })), ['events'])
  assert.deepEqual(paths(minimal({ events: [] })), ['events'])
  assert.deepEqual(paths(minimal({ schema: 'scenario/2' })), ['schema'])
  assert.deepEqual(paths(minimal({ timezone: undefined })), ['timezone'])
  assert.deepEqual(paths(minimal({}, { location: { name: 'x', lat: 91, lon: 0 } })), ['events[0].location.lat'])
  assert.deepEqual(paths(minimal({}, { target: 7 })), ['events[0].target'])
  assert.deepEqual(paths(minimal({}, { text: '   ' })), ['events[0].text'])
  for (const json of [null, 7, 'text', []]) assert.deepEqual(paths(json), ['$'])
})

test('a time without an offset, or on a day that the calendar has not, is malformed', () => {
  for (const t of [
    '2021-07-20T16:30:00',
    '2021-07-20',
    '2021-02-29T10:00:00+08:00',
    '2021-13-01T10:00:00Z',
    '2021-07-20T25:00:00Z',
    1626769800,
  ])
    assert.deepEqual(paths(minimal({}, { t })), ['events[0].t'], String(t))
  assert.deepEqual(paths(minimal({}, { t: '2020-02-29T10:00:00Z' })), [])
})

test('no more than twenty problems are listed, and no more entries than the limit are taken', () => {
  const wrong = Array.from({ length: 30 }, () => ({}))
  assert.equal(paths(minimal({ events: wrong })).length, 20)
  const [one] = (minimal() as { events: unknown[] }).events
  assert.deepEqual(paths(minimal({ events: Array.from({ length: EVENTS_MAX + 1 }, () => one) })), ['events'])
})

test('keys that we do not know are let be, and what may be left out may be left out', () => {
  assert.deepEqual(paths(minimal({ kpi: { x: 1 }, weather: 'bad' }, { mood: 'bad', location: null, target: null, data: null })), [])
})

test('organizations may be spelled the American way', () => {
  const { organisations, ...rest } = minimal() as { organisations: unknown }
  const parsed = parseScenario({ ...rest, organizations: organisations })
  assert.ok(parsed.ok)
  assert.deepEqual(
    parsed.scenario.organisations.map((one) => one.id),
    ['a'],
  )
})

test('entries out of order are taken by time and keep their place; equal times keep their order', () => {
  const at = (t: string, text: string): object => ({ t, actor: 'a', action: 'alarm', text })
  const parsed = parseScenario(
    minimal({
      events: [at('2021-07-20T10:00:00Z', 'second'), at('2021-07-20T10:00:00Z', 'third'), at('2021-07-20T17:59:00+08:00', 'first')],
    }),
  )
  assert.ok(parsed.ok)
  assert.deepEqual(
    parsed.scenario.entries.map((one) => [one.index, one.text]),
    [
      [2, 'first'],
      [0, 'second'],
      [1, 'third'],
    ],
  )
  assert.equal(parsed.scenario.outOfOrder, 1)
})
