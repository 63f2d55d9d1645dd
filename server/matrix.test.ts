import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { unzipSync } from 'fflate'
import type { DutyClause, Instrument } from '#core/instrument.ts'
import type { GaugesView, LegalCoverageView, LegalSheetView, MatrixView, OpennessView, PlanCoverageView } from '#core/view/matrix.ts'
import { openHouse, type House } from '../fixtures/server/house.ts'
import { adoptPlan, declared, organization, owe, plan, reported, say, words } from '../fixtures/server/scene.ts'

let house: House
before(async () => {
  house = await openHouse()
})
after(() => house.leave())

const base = plan({ id: 'flood-plan' })
const [first] = base.clauses
const duty = (id: string, more: Partial<DutyClause>): DutyClause => ({ ...(first as DutyClause), id, when: [], evidence: [], ...more })
const flood = (clauses: readonly DutyClause[], more: Partial<Instrument> = {}): Instrument => ({
  ...base,
  inForceFrom: '2026-01-01',
  clauses: [...clauses],
  ...more,
})
const LEAD = duty('lead', { function: 'water', part: 'lead', owes: 'government', phase: 'respond', hazards: ['flood'] })

test('the matrix of a day follows the version of that day, and two days are compared by the clause that changed', async () => {
  await adoptPlan(house.worlds.real, flood([LEAD]))
  await adoptPlan(
    house.worlds.real,
    flood(
      [LEAD, duty('backup', { function: 'water', part: 'backup', owes: 'government@province', phase: 'respond', hazards: ['flood'] })],
      {
        inForceFrom: '2026-06-01',
        keeper: words('区政府'),
        reviewOn: '2026-12-01',
      },
    ),
  )
  const spring = await house.district.get<MatrixView>('/api/matrix?on=2026-03-01&hazard=flood')
  assert.deepEqual(
    spring.cells.map((cell) => `${cell.function} ${cell.parts.join()} ${cell.bases[0]?.basis.version}`),
    ['water lead 1'],
  )
  assert.deepEqual(
    spring.problems.map((one) => one.kind),
    ['no-backup'],
  )
  assert.equal(spring.columns[0]?.organization?.name['zh-CN'], '滨海新区人民政府')
  const both = await house.district.get<MatrixView>('/api/matrix?on=2026-07-01&against=2026-03-01&hazard=flood&area=120116')
  assert.deepEqual(both.problems, [])
  assert.deepEqual(
    both.changes?.map((one) => `${one.kind} ${one.after.join()} ${one.because.map((why) => why.basis.clauseId).join()}`),
    ['added backup backup'],
  )
  const backwards = await house.district.get<MatrixView>('/api/matrix?on=2026-03-01&against=2026-07-01&hazard=flood')
  assert.deepEqual(backwards.changes, both.changes, 'the earlier day always stands first')
  assert.deepEqual(
    backwards.gone.map((one) => one.organization?.name['zh-CN']),
    ['天津市人民政府'],
  )
  assert.ok(both.choices.hazards.includes('flood') && both.choices.areas.some((one) => one.code === '120116'))
  assert.equal((await house.district.ask('/api/matrix?on=2026-02-30')).status, 400)
  assert.equal((await house.ask('GET', '/api/matrix', {})).status, 401)
})

test('plan coverage names plan, clause, keeper and review date', async () => {
  const coverage = await house.district.get<PlanCoverageView>('/api/matrix/coverage?on=2026-07-01&hazard=flood')
  assert.deepEqual([coverage.organizations.length, coverage.covered, coverage.empty], [2, 2, 10])
  const [entry] = coverage.cells.find((cell) => cell.entries.length > 0)?.entries ?? []
  assert.deepEqual([entry?.basis.clauseId, entry?.keeper?.['zh-CN'], entry?.reviewOn], ['lead', '区政府', '2026-12-01'])
})

test('legal coverage counts the steps that the asker sees, and a repealed plan drops out that very day', async () => {
  const incident = await declared(house.worlds.real, {})
  await house.worlds.real.settled()
  await say(
    house.worlds.real,
    'obligation',
    randomUUID(),
    owe(incident, house.parts.unit, house.parts.district, { basis: { instrumentId: 'no-such', version: 1, clauseId: 'x' } }),
  )
  const today = house.worlds.real.now().slice(0, 10)
  const all = await house.district.get<LegalCoverageView>(`/api/matrix/legal?on=${today}`)
  assert.ok(all.required >= 1)
  assert.deepEqual(
    all.gaps.map((gap) => `${gap.why} ${gap.count}`),
    ['unknown 1'],
  )
  assert.equal(all.covered, all.required - 1)
  const late = await house.district.get<LegalCoverageView>('/api/matrix/legal?on=2099-01-01')
  assert.equal(late.standing, all.covered)
  await say(house.worlds.real, 'instrument', 'test-plan', { type: 'instrument.repeal', on: '2099-01-01', reason: '废止' })
  const [before_, then] = await Promise.all(
    ['2098-12-31', '2099-01-01'].map((on) => house.district.get<LegalCoverageView>(`/api/matrix/legal?on=${on}`)),
  )
  assert.equal(before_?.standing, all.covered)
  assert.equal(then?.standing, 0)
  assert.equal(then?.covered, all.covered, 'what had a basis on its own day keeps it')
  const stranger = await house.hebei.get<LegalCoverageView>(`/api/matrix/legal?on=${today}`)
  assert.equal(stranger.required, 0, 'another province sees none of these steps')
})

test('a helper who is no authority gets a legal sheet, an authority none, and a stranger does not learn of the obligation', async () => {
  const incident = await reported(house.worlds.real, {})
  const [byUnit, byDistrict] = [randomUUID(), randomUUID()]
  await say(house.worlds.real, 'obligation', byUnit, owe(incident, house.parts.unit, house.parts.district))
  await say(house.worlds.real, 'obligation', byDistrict, owe(incident, house.parts.district, house.parts.city))
  const sheet = await house.unit.get<LegalSheetView>(`/api/obligations/${byUnit}/legal-sheet`)
  assert.deepEqual(
    sheet.sheet?.sections.find((one) => one.section === 'basis')?.clauses.map((clause) => clause.ref.clauseId),
    ['list'],
  )
  assert.deepEqual(sheet.sheet?.missing, ['insurance', 'liability', 'command', 'cost'], 'the test plan settles none of these')
  assert.equal((await house.district.get<LegalSheetView>(`/api/obligations/${byDistrict}/legal-sheet`)).sheet, null)
  assert.equal((await house.hebei.ask(`/api/obligations/${byUnit}/legal-sheet`)).status, 404)
})

test('openness and the three gauges answer for the asker’s own territory', async () => {
  const open = await house.district.get<OpennessView>('/api/matrix/openness?on=2026-07-01')
  assert.equal(open.open, open.acts)
  assert.equal(open.area.code, '120116')
  const red = await organization(house.worlds.real, {
    jurisdiction: '120116',
    sector: 'social',
    name: '红十字会',
    functions: ['society-coordination'],
  })
  const incident = await declared(house.worlds.real, {})
  await say(house.worlds.real, 'incident', incident, {
    type: 'incident.activate-headquarters',
    name: words('现场指挥部'),
    lead: house.parts.district,
    members: [house.parts.district, red],
    positions: [],
  })
  const gauges = await house.district.get<GaugesView>('/api/matrix/gauges?on=2026-07-01')
  assert.deepEqual(
    gauges.governance.items.filter((one) => one.shared).map((one) => one.organizations.map((each) => each.id)),
    [[red]],
  )
  assert.equal(gauges.construction.all, 2)
})

const bytes = async (url: string): Promise<Buffer> => {
  const answer = await house.app.inject({ method: 'GET', url, headers: { host: '127.0.0.1:8080', cookie: house.district.cookie } })
  assert.equal(answer.statusCode, 200, `${url}: ${answer.body.slice(0, 200)}`)
  return answer.rawPayload
}

test('the CSV has a byte order mark, and no cell that a spreadsheet would run', async () => {
  await organization(house.worlds.real, { jurisdiction: '120116', functions: ['trick'], name: '=HYPERLINK("http://x","y"),甲' })
  await adoptPlan(
    house.worlds.real,
    flood([duty('t', { function: 'trick', part: 'lead', owes: 'function:trick', hazards: ['trick'] })], { id: 'trick-plan' }),
  )
  const text = (await bytes('/api/matrix.csv?on=2026-07-01&hazard=trick')).toString()
  assert.equal(text, `\uFEFF职能,"'=HYPERLINK(""http://x"",""y""),甲"\r\ntrick,牵头\r\n`)
  const english = (await bytes('/api/matrix.csv?on=2026-07-01&hazard=flood&lang=en&sheet=problems')).toString()
  assert.equal(english, '\uFEFFFunction,Problem,Detail\r\n')
  const changes = (await bytes('/api/matrix.csv?on=2026-07-01&against=2026-03-01&hazard=flood')).toString()
  assert.match(changes, /\r\n新增,水利,天津市人民政府,,备份,试验预案 第一条 \(新增\)\r\n/)
})

test('the workbook holds a sheet for the matrix, its clauses, its gaps and what changed', async () => {
  const files = unzipSync(await bytes('/api/matrix.xlsx?on=2026-07-01&against=2026-03-01&hazard=flood'))
  const text = (name: string): string => Buffer.from(files[name] ?? []).toString()
  assert.deepEqual(
    [...text('xl/workbook.xml').matchAll(/<sheet [^>]*?name="([^"]+)"/g)].map((found) => found[1]),
    ['责任矩阵', '条款依据', '缺口与重叠', '两日比较'],
  )
  assert.match(text('xl/sharedStrings.xml'), /滨海新区人民政府/)
  assert.match(text('xl/worksheets/sheet1.xml'), /<pane[^>]*(?:xSplit="1"[^>]*ySplit="1"|ySplit="1"[^>]*xSplit="1")/)
  assert.ok(!Object.keys(files).some((name) => text(name).includes('<f>')), 'nothing in it is a formula')
})

test('the printed page is a PDF with the very words in it', async (context) => {
  const pdf = await bytes('/api/matrix.pdf?on=2026-07-01&against=2026-03-01&hazard=flood')
  assert.equal(pdf.subarray(0, 5).toString(), '%PDF-')
  try {
    const text = execFileSync('pdftotext', ['-', '-'], { input: pdf }).toString()
    for (const said of ['责任矩阵', '滨海新区人民政府', '牵头', '备份', '2026-03-01 → 2026-07-01']) assert.ok(text.includes(said), said)
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw error
    context.diagnostic('pdftotext is not here: the words in the PDF were not read')
  }
})
