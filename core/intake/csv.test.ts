import assert from 'node:assert/strict'
import { test } from 'node:test'
import { csvCell, csvLine, readCsv, readImport } from './csv.ts'

const options = { zone: 'Asia/Shanghai', offset: '+08:00', keyOf: (line: string) => `row-${line.length}` }
const file = (...lines: readonly string[]): string => lines.join('\r\n')

test('cells with commas, quotes and line breaks are read as they were written (RFC 4180)', () => {
  const cells = ['a,b', 'say "no"', 'two\nlines', '', '=1+1']
  assert.deepEqual(readCsv(`\ufeff${csvLine(['h'])}${csvLine(cells)}`), [
    { line: 1, cells: ['h'] },
    { line: 2, cells: ['a,b', 'say "no"', 'two\nlines', '', "'=1+1"] },
  ])
  assert.deepEqual(readCsv('a\n"b'), { unclosed: 2 })
})

test('what a spreadsheet would run begins with an apostrophe, and comes back without it', () => {
  for (const formula of ['=cmd|calc!A1', '+1', '-1', '@SUM(A1)', '\t=1']) assert.match(csvCell(formula), /^"?'/)
  assert.equal(csvCell(-5), '-5', 'a number is no formula')
  const found = readImport(file('when,text,place', `2026-07-01 08:00,${csvCell('=cmd|calc!A1')},村口`), options)
  assert.ok(found.ok)
  assert.equal(found.rows[0]?.command.text, '=cmd|calc!A1')
})

test('a file in either language is read, local times by the zone', () => {
  const found = readImport(
    file('编号,时间,内容,地点,类型,紧急程度', 'A1,2026/7/1 8:05,河水漫堤,石门村,flood,now', ',2026-07-01T01:00:00Z,停电,二组,,'),
    options,
  )
  assert.ok(found.ok)
  assert.deepEqual(
    found.rows.map((row) => [row.key, row.command.originalAt, row.command.hazard, row.command.haste, row.command.channel]),
    [
      ['A1', '2026-07-01T00:05:00.000Z', 'flood', 'now', 'csv'],
      [found.rows[1]?.key, '2026-07-01T01:00:00.000Z', null, 'soon', 'csv'],
    ],
  )
})

test('every bad line is named, and with one of them none is taken', () => {
  const found = readImport(
    file(
      'key,when,text,place,lat,lon,haste',
      '1,2026-07-01 08:00,好的,村口,,,',
      '2,昨天,塌方,村口,,,',
      '3,2026-07-01 08:00,,村口,,,',
      '4,2026-07-01 08:00,塌方,,,,',
      '5,2026-07-01 08:00,塌方,,north,117,',
      '6,2026-07-01 08:00,塌方,,95,117,',
      '7,2026-07-01 08:00,塌方,村口,,,很急',
      '1,2026-07-01 08:00,又一个,村口,,,',
      '9,2026-07-01 08:00,塌方,村口,,,,more',
    ),
    options,
  )
  assert.ok(!found.ok)
  assert.deepEqual(
    found.problems.map(({ line, column, problem }) => `${line} ${column} ${problem}`),
    [
      '3 when no-time',
      '4 text malformed',
      '5 place no-place',
      '6 lat no-number',
      '7 lat malformed',
      '8 haste unknown-code',
      '9 key key-twice',
      '10  too-many-cells',
    ],
  )
})

test('a file that is too long, has no lines or lacks a column is refused as a whole', () => {
  const long = ['when,text,place', ...Array.from({ length: 5001 }, (_, i) => `2026-07-01 08:00,第${i}条,村口`)]
  for (const [text, problem] of [
    [file(...long), 'too-many-rows'],
    ['when,text,place', 'no-rows'],
    ['', 'no-rows'],
    [file('text,place', 'a,b'), 'no-column'],
    [file('when,text,place', '2026-07-01 08:00,"never closed,村口'), 'unclosed-quote'],
  ] as const) {
    const found = readImport(text, options)
    assert.equal(found.ok ? 'ok' : found.problems[0]?.problem, problem)
  }
})
