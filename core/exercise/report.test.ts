import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Relations } from '../directory/relations.ts'
import { uuidV8 } from '../id.ts'
import type { Obligation } from '../obligation.ts'
import { reportOf, type ReplayReport } from './report.ts'
import { parseScenario } from './scenario.ts'
import { translate } from './translate.ts'

const DIVISIONS = [
  { code: '120000', name: '天津市' },
  { code: '410000', name: '河南省' },
  { code: '410100', name: '郑州市' },
  { code: '513221', name: '汶川县' },
  { code: '540000', name: '西藏自治区' },
  { code: '540223', name: '定日县' },
]
const idFrom = (text: string): string => uuidV8(createHash('sha256').update(text).digest())

function replayed(name: string, obligations: readonly { id: string; state: Obligation }[] = []): ReplayReport {
  const parsed = parseScenario(JSON.parse(readFileSync(new URL(`../../fixtures/scenarios/${name}.json`, import.meta.url), 'utf8')))
  assert.ok(parsed.ok)
  const translation = translate(parsed.scenario, { runId: 'run', idFrom, divisions: DIVISIONS })
  return reportOf({
    scenario: parsed.scenario,
    translation,
    obligations,
    incidents: [],
    names: new Map(),
    instruments: [],
    events: [],
    relations: new Relations([]),
    divisions: new Map(),
    led: [],
    openItems: [],
    end: translation.steps.at(-1)?.at ?? '',
  })
}
const duration = (report: ReplayReport, id: string): string | null | undefined => report.latencies.find((one) => one.id === id)?.duration
const failure = (report: ReplayReport, id: string): ReplayReport['failures'][number] | undefined =>
  report.failures.find((one) => one.id === id)

test('Tianjin: the substance list came 16 h 4 min after the first crew, at least 13 h by a record that knows only the afternoon', () => {
  const report = replayed('tianjin_812_2015')
  // 22:56 to 15:00 of the next day; the afternoon begins at 12:00.
  assert.equal(duration(report, 'first-crew→substance-list'), 'PT16H4M')
  const found = failure(report, 'F1')
  assert.deepEqual(
    [found?.measure, found?.value, found?.unit, found?.duration, found?.atLeast],
    ['first-crew-to-substance-list', 16.07, 'h', 'PT16H4M', 'PT13H4M'],
  )
})

test('Tianjin: three fire crews on scene under two chains of command, and no roster', () => {
  const found = failure(replayed('tianjin_812_2015'), 'F2')
  assert.deepEqual([found?.measure, found?.value, found?.unit], ['chains-without-roster', 2, '1'])
  assert.match(found?.sentence.en ?? '', /3 fire crews .*Tianjin Port Group, Ministry of Public Security/)
})

test('Tianjin: the hospital team waited 75 minutes from ready to ordered', () => {
  const report = replayed('tianjin_812_2015')
  assert.equal(duration(report, 'ready→ordered@h254'), 'PT1H15M')
  assert.deepEqual([failure(report, 'F3')?.measure, failure(report, 'F3')?.duration], ['ready-to-ordered', 'PT1H15M'])
})

test('Tianjin: request to answer, report by report, headquarters', () => {
  const report = replayed('tianjin_812_2015')
  assert.equal(duration(report, 'request-substance-list-4→answer'), 'PT13M') // 22:57 → 23:10
  assert.equal(duration(report, 'request-substance-list-4→complete-answer'), 'PT16H3M') // 22:57 → 15:00
  // 13 Aug 16:00, 16 Aug 09:00, 21 Aug 15:00, 12 Sep 15:00
  assert.deepEqual(
    [1, 2, 3].map((n) => duration(report, `casualty-report-${n}→casualty-report-${n + 1}`)),
    ['PT65H', 'PT126H', 'PT528H'],
  )
  assert.equal(duration(report, 'incident→headquarters'), 'PT8H8M14S') // 22:51:46 → 07:00
})

test('Tianjin: what the record cannot answer has no figure but a reason', () => {
  const report = replayed('tianjin_812_2015')
  for (const id of ['F4', 'F5', 'F6']) {
    assert.equal(failure(report, id)?.value, null, id)
    assert.ok((failure(report, id)?.reason ?? '').length > 20, id)
  }
  assert.equal(report.failures.length, 6)
})

test('Dingri: level by level and scope, society and needs', () => {
  const report = replayed('dingri_earthquake_2025')
  assert.equal(duration(report, 'incident→response-1@region'), 'PT12H10M')
  assert.equal(duration(report, 'response-2@region→response-1@region'), 'PT8H45M') // stated at 12:30, raised at 21:15
  assert.equal(duration(report, 'response-4@national-relief→response-2@national-relief'), 'PT4H')
  assert.equal(duration(report, 'incident→society-departure'), 'PT1H55M')
  assert.equal(duration(report, 'incident→needs-published'), 'PT3H5M')
  assert.deepEqual(
    [duration(report, 'casualty-report-1→casualty-report-2'), duration(report, 'casualty-report-2→casualty-report-3')],
    ['PT2H30M', 'PT4H'],
  )
  // At 21:15: III, II, IV, III, II, I held by six organizations.
  assert.deepEqual([failure(report, 'F1')?.measure, failure(report, 'F1')?.value], ['levels-held-at-once', 4])
  assert.match(failure(report, 'F1')?.sentence.en ?? '', /^6 organizations/)
  assert.equal(failure(report, 'F2')?.value, null)
})

test('Noto: decided to on site in 1.5 days in the middle and 6 at most; Wajima had eight helpers', () => {
  const report = replayed('noto_counterpart_2024')
  assert.deepEqual([duration(report, 'decided→on-site/median'), duration(report, 'decided→on-site/max')], ['PT36H', 'PT144H'])
  assert.equal(report.latencies.filter((one) => one.id.startsWith('decided→on-site@')).length, 14)
  assert.deepEqual([failure(report, 'F1')?.measure, failure(report, 'F1')?.value], ['helpers-of-one-receiver', 8])
})

test('Wenchuan: ten of the first twenty-one pairs were redrawn; fit has no figure', () => {
  const report = replayed('wenchuan_paired_assistance_2008')
  assert.deepEqual([failure(report, 'F1')?.measure, failure(report, 'F1')?.value], ['pairs-redrawn', 10])
  assert.equal(failure(report, 'F2')?.value, null)
})

test('a rainstorm: red warning to city level I 18 h 31 min, city to province level I 10 h 30 min, closures, special sites', () => {
  const report = replayed('odd/rainstorm_two_levels')
  assert.equal(duration(report, 'warning-red→response-1@city'), 'PT18H31M')
  assert.equal(duration(report, 'response-1@city→response-1@province'), 'PT10H30M')
  assert.equal(duration(report, 'warning-red→response-1@province'), 'PT29H1M')
  assert.equal(duration(report, 'warning-red-2→response-1@city'), 'PT10H28M')
  assert.equal(duration(report, 'warning-red→closure-metro'), 'PT20H11M')
  assert.equal(duration(report, 'warning-red→closure-school'), 'PT22H')
  assert.equal(duration(report, 'warning-red→special-site-checked'), 'PT11H1M')
  assert.equal(duration(report, 'casualty-report-1→casualty-report-2'), 'PT6H30M')
  assert.deepEqual(
    report.failures.map((one) => [one.measure, one.duration]),
    [
      ['warning-to-response', 'PT18H31M'],
      ['response-level-change', 'PT10H30M'],
      ['warning-to-closure', 'PT22H'],
      ['warning-to-special-site', 'PT11H1M'],
      ['unmeasured', null],
    ],
  )
})

test('every failure has words in both languages and either a figure or a reason', () => {
  for (const name of [
    'tianjin_812_2015',
    'dingri_earthquake_2025',
    'noto_counterpart_2024',
    'wenchuan_paired_assistance_2008',
    'odd/rainstorm_two_levels',
  ])
    for (const one of replayed(name).failures) {
      assert.ok(one.sentence['zh-CN'].length > 5 && one.sentence.en.length > 5, `${name} ${one.id}`)
      assert.ok(one.value !== null || one.reason !== null, `${name} ${one.id}`)
    }
})

test('what no rule knew stands in the report with its entry', () => {
  const report = replayed('odd/odd_words')
  assert.deepEqual(
    report.notUnderstood.map((one) => [one.index, one.action]),
    [
      [1, '召开临时碰头'],
      [0, 'frobnicate_widgets'],
      [3, 'response_level'],
    ],
  )
  assert.equal(report.facts.length, 7)
})

const owed = (over: Partial<Obligation>): Obligation => ({
  incidentId: idFrom('i'),
  jurisdiction: '120000',
  debtor: 'debtor',
  creditor: 'creditor',
  function: 'government',
  act: 'act',
  actWords: { 'zh-CN': '事项', en: 'Act' },
  basis: { instrumentId: 'plan', version: 1, clauseId: 'c' },
  dueAt: '2015-08-12T15:00:00.000Z',
  limitConfirmed: false,
  trigger: { position: '1', type: 'incident.noted', occurredAt: '2015-08-12T14:00:00.000Z' },
  ladder: [],
  status: 'owed',
  owedAt: '2015-08-12T14:00:00.000Z',
  lapsedAt: null,
  dischargedAt: null,
  lateBy: null,
  evidence: null,
  declineReason: null,
  waiveReason: null,
  climbed: 0,
  ...over,
})

test('an obligation is in time, late, lapsed, open or waived, and each is counted once', () => {
  const states = [
    owed({ status: 'discharged', dischargedAt: '2015-08-12T14:30:00.000Z' }),
    owed({ status: 'discharged', dischargedAt: '2015-08-12T16:00:00.000Z', lateBy: 'PT1H' }),
    owed({ lapsedAt: '2015-08-12T15:00:00.000Z' }),
    owed({ dueAt: null }),
    owed({ status: 'waived' }),
    owed({ status: 'declined', lapsedAt: '2015-08-12T15:00:00.000Z' }),
  ]
  const { obligations } = replayed(
    'tianjin_812_2015',
    states.map((state, i) => ({ id: `o${i}`, state })),
  )
  assert.deepEqual(
    obligations.items.map((one) => one.status),
    ['in-time', 'late', 'lapsed', 'open', 'waived', 'lapsed'],
  )
  const { created, dischargedInTime, dischargedLate, lapsed, openAtEnd, waived } = obligations
  assert.deepEqual(
    { created, dischargedInTime, dischargedLate, lapsed, openAtEnd, waived },
    { created: 6, dischargedInTime: 1, dischargedLate: 1, lapsed: 2, openAtEnd: 1, waived: 1 },
  )
  // From 12 Aug 15:00 UTC to the last entry, 5 Feb 2016 10:00 UTC: 176 days and 19 hours.
  assert.equal(obligations.items[2]?.overdueAtEnd, 'PT4243H')
})
