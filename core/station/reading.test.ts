import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { datastreamPath, rowsOfCsv, rowsOfJson, rowsOfObservations, unitsOfDatastream } from './reading.ts'

describe('rows as they come', () => {
  test('a CSV with quotes, a byte-order mark, Windows line ends and an empty line', () => {
    const { rows, bad } = rowsOfCsv(
      '\uFEFFstation,indicator,at,value,unit\r\n"A","rain",2026-07-01T08:00:00+08:00,1.5,mm\r\n\r\nA,rain,2026-07-01T08:05:00+08:00, 2 ,\r\n',
    )
    assert.deepEqual(bad, [])
    assert.deepEqual(
      rows.map((one) => [one.row, one.at, one.value, one.unit]),
      [
        [2, '2026-07-01T00:00:00.000Z', 1.5, 'mm'],
        [4, '2026-07-01T00:05:00.000Z', 2, null],
      ],
    )
  })
  test('every bad row is named by its line and what is wrong', () => {
    const { rows, bad } = rowsOfCsv(
      'station,indicator,at,value\nA,rain,2026-07-01T00:00:00Z,1\nA,rain,yesterday,1\nA,rain,2026-02-30T00:00:00Z,1\nA,rain,2026-07-01T00:00:00Z,much\n,rain,2026-07-01T00:00:00Z,1\nA,Rain!,2026-07-01T00:00:00Z,1\nA,rain,2026-07-01T00:00:00Z,1e999',
    )
    assert.equal(rows.length, 1)
    assert.deepEqual(
      bad.map((one) => `${one.row} ${one.problem}`),
      ['3 time-malformed', '4 time-malformed', '5 value-malformed', '6 station-missing', '7 indicator-malformed', '8 value-malformed'],
    )
  })
  test('a missing column is said once', () => {
    assert.deepEqual(rowsOfCsv('station,at,value\nA,2026-07-01T00:00:00Z,1').bad, [
      { row: 1, problem: 'column-missing', said: 'indicator' },
    ])
  })
  test('a foreign CSV by its mapping: local times, several values in a row, nothing where there is none', () => {
    const { rows, bad } = rowsOfCsv('id;time;R;W\n54623;2026-07-01 08:00;0.5;3.21\n54623;2026-07-01 08:10;--;3.22', {
      station: 'id',
      at: 'time',
      offset: '+08:00',
      separator: ';',
      values: [
        { indicator: '=rain', value: 'R' },
        { indicator: '=water-level', value: 'W' },
      ],
    })
    assert.deepEqual(bad, [])
    assert.deepEqual(
      rows.map((one) => `${one.station} ${one.indicator} ${one.at} ${one.value}`),
      [
        '54623 rain 2026-07-01T00:00:00.000Z 0.5',
        '54623 water-level 2026-07-01T00:00:00.000Z 3.21',
        '54623 water-level 2026-07-01T00:10:00.000Z 3.22',
      ],
    )
  })
  test('JSON by its paths; times in seconds; what is no list is said to be none', () => {
    const mapping = { items: 'data.list', station: 'site.code', at: 't', values: [{ indicator: '=gas-lel', value: 'v.now' }] }
    const document = { data: { list: [{ site: { code: 7 }, t: 1_782_864_000, v: { now: '12.5' } }, 'x', { site: {}, t: 1 }] } }
    const read = rowsOfJson(document, mapping)
    assert.deepEqual(
      read?.rows.map((one) => [one.station, one.at, one.value]),
      [['7', '2026-07-01T00:00:00.000Z', 12.5]],
    )
    assert.deepEqual(
      read?.bad.map((one) => `${one.row} ${one.problem}`),
      ['2 malformed', '3 station-missing'],
    )
    assert.equal(rowsOfJson({ data: {} }, mapping), null)
    assert.equal(rowsOfJson({ data: { list: [] } }, { ...mapping, items: 'data.__proto__' }), null)
  })
  test('SensorThings: a page of Observations, an interval at its end, the next link', () => {
    const page = rowsOfObservations(
      {
        value: [
          { phenomenonTime: '2026-07-01T00:00:00Z', result: 1 },
          { phenomenonTime: '2026-07-01T00:00:00Z/2026-07-01T00:05:00Z', result: '2.5' },
        ],
        '@iot.nextLink': 'https://x/next',
      },
      { datastream: '1', station: 'A', indicator: 'rain' },
    )
    assert.deepEqual(
      page?.rows.map((one) => [one.at, one.value]),
      [
        ['2026-07-01T00:00:00.000Z', 1],
        ['2026-07-01T00:05:00.000Z', 2.5],
      ],
    )
    assert.deepEqual([page?.next, page?.newest], ['https://x/next', '2026-07-01T00:05:00.000Z'])
    assert.deepEqual([datastreamPath('12'), datastreamPath("a'b")], ['Datastreams(12)', "Datastreams('a''b')"])
    assert.deepEqual(unitsOfDatastream({ unitOfMeasurement: { name: 'millimetre', symbol: 'mm', definition: 'ucum:mm' } }), [
      'mm',
      'mm',
      'millimetre',
    ])
  })
})
