import assert from 'node:assert/strict'
import { test } from 'node:test'
import { given } from '../given.ts'
import { risk, type RiskEvent } from '../risk.ts'
import { CSV_COLUMNS, csvRowOf, registerOf, type CsvRow } from './csv.ts'

const OWNER = '00000000-0000-7000-8000-00000000000a'
const byName = (name: string): string | null => (name === '滨海仓储' ? OWNER : null)
const ROW: CsvRow = {
  code: 'A1',
  kind: 'site',
  site_kind: 'chemical-store',
  name_zh: '三号库',
  jurisdiction: '120116',
  address: '港区',
  lon: '117.7',
  lat: '38.99',
  owner: '滨海仓储',
  substances: '硝酸铵|1942|6484-52-2|20 t|3号库; unknown: 库管员|||unknown: 库管员',
  people: '4',
  source: '企业填报',
  as_of: '2026-07-01',
  confidence: 'reported',
}
const problems = (row: CsvRow): unknown => {
  const said = registerOf(row, byName)
  return 'type' in said ? null : said.map(({ column, problem }) => `${column ?? ''} ${problem}`)
}

test('a line of the table says the command, what is unknown included; a day begins as it does in China', () => {
  const command = registerOf(ROW, byName)
  assert.ok('type' in command && command.type === 'risk.register')
  assert.equal(command.asOfAt, '2026-06-30T16:00:00.000Z')
  assert.equal(command.owner, OWNER)
  assert.deepEqual(command.substances, [
    { name: '硝酸铵', un: '1942', cas: '6484-52-2', quantity: { value: 20, unit: 't' }, where: '3号库' },
    { name: { unknown: '库管员' }, quantity: { unknown: '库管员' } },
  ])
  assert.deepEqual(command.people, { usual: 4, needHelp: { unknown: '企业填报' } })
})

test('every mistake of a line is named with its column', () => {
  assert.deepEqual(problems({ ...ROW, name_zh: ' ', source: '' }), ['name_zh missing', 'source missing'])
  assert.deepEqual(problems({ ...ROW, owner: '没有的单位' }), ['owner no-such-organization'])
  assert.deepEqual(problems({ ...ROW, lat: '138.99' }), ['lat malformed'])
  assert.deepEqual(problems({ ...ROW, lon: '', lat: '38.9' }), ['lon malformed'])
  assert.deepEqual(problems({ ...ROW, people: '很多' }), ['people malformed'])
  assert.deepEqual(problems({ ...ROW, kind: 'threat', jurisdiction: '12' }), ['kind malformed', 'jurisdiction malformed'])
  assert.deepEqual(problems({ ...ROW, as_of: '2026-02-30' }), ['as_of malformed'])
  assert.deepEqual(problems({ ...ROW, substances: '甲醇|||' }), ['substances malformed'])
  assert.deepEqual(problems({ ...ROW, kind: 'danger', danger: '堵塞', danger_due: 'soon' }), ['danger_due malformed'])
})

test('what was written out is read in as the same item', () => {
  const command = registerOf(ROW, byName)
  assert.ok('type' in command)
  const events = given(risk).when(command, { at: '2026-07-02T00:00:00.000Z' })
  assert.ok(!('refused' in events))
  const { state } = given<ReturnType<typeof risk.evolve>, typeof command, RiskEvent>(risk, events, { at: '2026-07-02T00:00:00.000Z' })
  assert.ok(state !== null)
  const cells = csvRowOf('A1', state, state.store, () => '滨海仓储')
  const again = registerOf(Object.fromEntries(CSV_COLUMNS.map((name, i) => [name, cells[i] ?? ''])), byName)
  assert.ok('type' in again && again.type === 'risk.register' && command.type === 'risk.register')
  assert.deepEqual(again.substances, command.substances)
  assert.deepEqual([again.name, again.place, again.people, again.owner], [command.name, command.place, command.people, command.owner])
})
