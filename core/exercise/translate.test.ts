import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Refusal } from '../decider.ts'
import { OrganizationCommand } from '../directory/organization.ts'
import { systemActor } from '../event.ts'
import { uuidV8 } from '../id.ts'
import { incident, IncidentCommand, type Incident } from '../incident.ts'
import { SitrepCommand } from '../sitrep.ts'
import { hazardFrom, kindOf } from './kinds.ts'
import { parseScenario, type Scenario, type ScenarioEntry } from './scenario.ts'
import { Gazetteer } from './territory.ts'
import { translate, type Step, type Translation } from './translate.ts'

const DIVISIONS = [
  ['120000', '天津市'],
  ['120116', '滨海新区'],
  ['410000', '河南省'],
  ['410100', '郑州市'],
  ['430000', '湖南省'],
  ['430100', '长沙市'],
  ['430121', '长沙县'],
  ['510000', '四川省'],
  ['513200', '阿坝藏族羌族自治州'],
  ['513221', '汶川县'],
  ['540000', '西藏自治区'],
  ['540200', '日喀则市'],
  ['540223', '定日县'],
  ['542500', '阿里地区'],
  ['110000', '北京市'],
  ['110105', '朝阳区'],
  ['211300', '朝阳市'],
].map(([code = '', name = '']) => ({ code, name }))
const idFrom = (text: string): string => uuidV8(createHash('sha256').update(text).digest())

const scenarioOf = (json: unknown): Scenario => {
  const parsed = parseScenario(json)
  assert.ok(parsed.ok, JSON.stringify(parsed))
  return parsed.scenario
}
const file = (name: string): Scenario =>
  scenarioOf(JSON.parse(readFileSync(new URL(`../../fixtures/scenarios/${name}.json`, import.meta.url), 'utf8')))
const translated = (scenario: Scenario): Translation => translate(scenario, { runId: 'run', idFrom, divisions: DIVISIONS })
const commandTypes = (step: Step | undefined): readonly string[] => step?.commands.map((one) => one.command.type) ?? []
const stepAt = (translation: Translation, index: number): Step | undefined =>
  translation.steps.find((one) => one.index === index && !one.derived)
const noteOf = (step: Step | undefined): Extract<IncidentCommand, { type: 'incident.note' }> | undefined =>
  step?.commands.map((one) => one.command).find((one) => one.type === 'incident.note')

const ALL = [
  'tianjin_812_2015',
  'dingri_earthquake_2025',
  'noto_counterpart_2024',
  'wenchuan_paired_assistance_2008',
  'odd/rainstorm_two_levels',
  'odd/odd_words',
]

test('every entry of every scenario becomes at least a fact, and the rooms accept every command', () => {
  for (const name of ALL) {
    const translation = translated(file(name))
    let state: Incident | null = incident.initial
    for (const member of translation.cast.members) {
      const { name: words, sector, kind, functions, jurisdiction, superior } = member
      assert.ok(
        OrganizationCommand.safeParse({
          type: 'organization.register',
          name: words,
          sector,
          kind,
          functions,
          jurisdiction,
          superior,
          verified: false,
        }).success,
        `${name} ${member.key}`,
      )
    }
    for (const step of translation.steps) {
      assert.ok(noteOf(step), `${name}[${step.index}]`)
      for (const { room, command, occurredAt, commandId } of step.commands) {
        assert.ok(
          (room === 'incident' ? IncidentCommand : SitrepCommand).safeParse(command).success,
          `${name}[${step.index}] ${command.type}`,
        )
        if (room !== 'incident') continue
        const numbered: IncidentCommand = command.type === 'incident.report' ? { ...command, number: '2015-120000-0001' } : command
        const events = incident.decide(state, numbered, { actor: systemActor('exercise'), at: step.at, occurredAt, commandId })
        assert.ok(
          !(events instanceof Refusal),
          `${name}[${step.index}] ${command.type} refused: ${events instanceof Refusal ? events.code : ''}`,
        )
        state = events.reduce(
          (folded: Incident | null, event) =>
            incident.evolve(folded, event, { occurredAt, recordedAt: step.at, actor: 'system/exercise', commandId }),
          state,
        )
      }
    }
    assert.deepEqual(new Set(translation.steps.filter((one) => !one.derived).map((one) => one.index)).size, file(name).entries.length, name)
  }
})

test('the same scenario and run make the same ids; another run makes others', () => {
  const ids = (runId: string): readonly string[] =>
    translate(file('tianjin_812_2015'), { runId, idFrom, divisions: DIVISIONS }).steps.flatMap((step) =>
      step.commands.map((one) => one.commandId),
    )
  assert.deepEqual(ids('a'), ids('a'))
  assert.equal(new Set([...ids('a'), ...ids('b')]).size, 2 * ids('a').length)
})

test('the clock of the steps never goes back', () => {
  for (const name of ALL) {
    const times = translated(file(name)).steps.map((one) => one.at)
    assert.deepEqual(times, times.toSorted(), name)
  }
})

test('Tianjin: reported with the alarm, declared when it starts, grade 1 by hindsight, closed by the headquarters', () => {
  const translation = translated(file('tianjin_812_2015'))
  assert.equal(translation.territory.code, '120000')
  assert.deepEqual([translation.hazard, translation.class, translation.severity], ['hazardous-chemicals', 'accident', 1])
  assert.deepEqual(commandTypes(stepAt(translation, 0)), ['incident.report', 'incident.note'])
  assert.deepEqual(commandTypes(stepAt(translation, 1)), ['incident.verify', 'incident.declare', 'incident.note'])
  const report = stepAt(translation, 0)?.commands[0]?.command
  assert.equal(report?.type === 'incident.report' ? report.unitInvolved : null, translation.cast.byKey.get('ruihai')?.id)
  assert.deepEqual(commandTypes(stepAt(translation, 19)), ['incident.activate-headquarters', 'incident.note'])
  assert.deepEqual(commandTypes(stepAt(translation, 34)), ['incident.note', 'sitrep.file', 'incident.close'])
})

test('Tianjin: the hospital team is ready at the time that its entry tells, before it is ordered out', () => {
  const translation = translated(file('tianjin_812_2015'))
  const ready = translation.steps.find((one) => one.derived)
  assert.deepEqual([ready?.index, ready?.factKind, ready?.occurredAt], [12, 'team-ready', '2015-08-12T16:15:00.000Z'])
  assert.equal(stepAt(translation, 14)?.factKind, 'team-ordered')
})

test('Tianjin: what the manager knew was incomplete, what the owners brought was complete', () => {
  const translation = translated(file('tianjin_812_2015'))
  const said = [7, 22].map((index) => noteOf(stepAt(translation, index)))
  assert.deepEqual(
    said.map((one) => [one?.kind, one?.subject, one?.complete]),
    [
      ['information-provided', 'substance-list', false],
      ['information-provided', 'substance-list', true],
    ],
  )
})

test('an organization reports for the first time in an initial report, then in follow-ups, at the close in a final one', () => {
  const kinds = translated(file('tianjin_812_2015')).steps.flatMap((step) =>
    step.commands.flatMap(({ command }) => (command.type === 'sitrep.file' && step.entry.actor === 'hq' ? [command.kind] : [])),
  )
  assert.deepEqual(kinds, ['initial', 'follow-up', 'follow-up', 'follow-up', 'final'])
})

test('the organizations have the functions that their names say', () => {
  const { cast } = translated(file('tianjin_812_2015'))
  const of = (key: string): unknown => [cast.byKey.get(key)?.sector, cast.byKey.get(key)?.functions, cast.byKey.get(key)?.jurisdiction]
  assert.deepEqual(of('tj_gov'), ['government', ['government'], '120000'])
  assert.deepEqual(of('state'), ['government', ['government'], '100000'])
  assert.deepEqual(of('mps'), ['government', ['public-security'], '100000'])
  assert.deepEqual(of('portfire'), ['enterprise', ['fire-rescue'], '120000'])
  assert.deepEqual(of('tedafire'), ['government', ['fire-rescue'], '120000'])
  assert.deepEqual(of('epb'), ['government', ['ecology'], '120000'])
  assert.deepEqual(of('traffic'), ['government', ['transport'], '120000'])
  assert.deepEqual(of('pap'), ['military', ['armed-police'], '120000'])
  assert.deepEqual(of('hq'), ['command', [], '120000'])
  assert.deepEqual(of('ruihai'), ['enterprise', ['hazardous-goods-storage'], '120000'])
  assert.deepEqual(of('public'), ['public', ['public'], '120000'])
})

test('a superior stands before those under it, and a public there always is', () => {
  for (const name of ALL) {
    const { members } = translated(file(name)).cast
    const seen = new Set<string>()
    for (const one of members) {
      assert.ok(one.superior === null || seen.has(one.superior), `${name} ${one.key}`)
      seen.add(one.id)
    }
    assert.equal(members.filter((one) => one.functions.includes('public')).length, 1, name)
  }
})

test('odd words: unknown actors are registered, unknown actions kept under their own name, nothing is dropped', () => {
  const translation = translated(file('odd/odd_words'))
  assert.deepEqual(
    ['ghost', 'phantom', 'nobody-listed'].map((key) => translation.cast.byKey.get(key)?.listed),
    [false, false, false],
  )
  assert.deepEqual(translation.cast.brokenCircles.length, 1)
  assert.deepEqual(
    translation.steps.filter((one) => !one.understood).map((one) => one.index),
    [1, 0],
  )
  assert.equal(stepAt(translation, 0)?.factKind, 'frobnicate-widgets')
  assert.equal(stepAt(translation, 3)?.why, 'level-not-stated')
  assert.equal(stepAt(translation, 4)?.factKind, 'omission')
  assert.equal(
    translation.steps.some((one) => one.derived),
    false,
  )
})

test('an incident abroad binds no instrument of China', () => {
  const translation = translated(file('noto_counterpart_2024'))
  assert.deepEqual([translation.packApplies, translation.territory.code], [false, '100000'])
})

test('a place is found by its whole or short name, the nearest superior named with it deciding', () => {
  const gazetteer = new Gazetteer(DIVISIONS)
  const found = [
    '郑州“7·20”特大暴雨',
    '西藏定日6.8级地震',
    '长沙自建房倒塌',
    '汶川地震对口支援',
    '北京朝阳火灾',
    '朝阳',
    '天津港“8·12”事故',
    '能登半岛地震',
  ].map((text) => gazetteer.find(text))
  assert.deepEqual(found, ['410100', '540223', '430100', '513221', '110105', '211300', '120000', null])
  assert.equal(gazetteer.owner('阿里巴巴', '540223') === '540223', false)
  assert.equal(gazetteer.owner('河南省郑州市防汛抗旱指挥部', null), '410100')
})

const entry = (action: string, text = 'x', data: ScenarioEntry['data'] = {}): ScenarioEntry => ({
  index: 0,
  t: '2021-07-20T10:00:00Z',
  at: '2021-07-20T10:00:00.000Z',
  precision: null,
  actor: 'a',
  action,
  targets: [],
  text,
  place: null,
  source: [],
  confidence: null,
  data,
})

test('actions are read from their words, in English and in Chinese', () => {
  const read: Readonly<Record<string, string>> = {
    alarm_transfer: 'alarm',
    info_request: 'information-requested',
    info_reply: 'information-provided',
    dispatch: 'dispatch',
    arrive: 'arrive',
    liaison_arrive: 'arrive',
    rumour_denied: 'rumour-corrected',
    mutual_aid_request: 'aid-requested',
    mutual_aid_dispatch: 'aid-answered',
    emac_request: 'aid-requested',
    evacuate: 'evacuation',
    roster_published: 'roster-published',
    needs_bulletin: 'needs-published',
    warning_issued: 'warning',
    warningLifted: 'warning-lifted',
    response_level: 'response-level',
    levelRaised: 'response-level',
    water_level: 'observation',
    hq_established: 'headquarters',
    press_conference: 'press-conference',
    public_notice: 'public-information',
    casualty_report: 'casualties',
    status: 'situation-report',
    road_closed: 'closure',
    suspend_classes: 'closure',
    levee_breach: 'secondary-event',
    zero_report: 'zero-report',
    care_home_called: 'special-site-checked',
    no_evacuation: 'omission',
    warning_ignored: 'omission',
    investigation: 'investigation',
    发布暴雨红色预警: 'warning',
    停运: 'closure',
    转移群众: 'evacuation',
    启动应急响应: 'response-level',
  }
  assert.deepEqual(Object.fromEntries(Object.keys(read).map((action) => [action, kindOf(entry(action), false).kind])), read)
})

test('closing a road is a closure, closing the incident is its end, and an end with levels still to come is none', () => {
  assert.equal(kindOf(entry('closure', 'The tunnel and two metro lines are closed'), false).kind, 'closure')
  assert.equal(kindOf(entry('closure', 'Helpers invested 16.669 bn in 1349 projects'), false).kind, 'close')
  assert.equal(kindOf(entry('close', 'On-site disposal finished'), true).kind, 'milestone')
})

test('the hazard is the one that the words name first', () => {
  assert.deepEqual(
    ['natural disaster (typhoon, flood)', 'accident disaster (work-safety, hazardous chemicals)', '特大暴雨', 'of another kind'].map(
      hazardFrom,
    ),
    ['typhoon', 'hazardous-chemicals', 'rainstorm', null],
  )
})
