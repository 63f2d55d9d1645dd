import assert from 'node:assert/strict'
import { test } from 'node:test'
import { governedCommands, may, mayAtAll, maySee, type Doer, type Thing } from './authority.ts'
import { AlertCommand } from './alert.ts'
import { DivisionCommand } from './directory/division.ts'
import { OrganizationCommand } from './directory/organization.ts'
import { DecisionCommand } from './decision.ts'
import { HeadquartersCommand } from './headquarters.ts'
import { PostCommand, type Power } from './directory/post.ts'
import { Relations, type OrganizationEntry } from './directory/relations.ts'
import { systemActor } from './event.ts'
import { FindingCommand } from './finding.ts'
import { IncidentCommand } from './incident.ts'
import { InstrumentCommand } from './instrument.ts'
import { DatasetCommand } from './dataset.ts'
import { InformationCommand } from './information.ts'
import { ReleaseCommand } from './release.ts'
import { NoticeCommand } from './notice.ts'
import { ObjectiveCommand } from './objective.ts'
import { CarryCommand } from './carry.ts'
import { ConsultationCommand } from './consultation.ts'
import { IntakeCommand } from './intake.ts'
import { RiskCommand } from './risk.ts'
import { ObligationCommand } from './obligation.ts'
import { SitrepCommand } from './sitrep.ts'
import { AdoptionCommand } from './station/adoption.ts'
import { ProposalCommand } from './station/proposal.ts'
import { SourceCommand } from './station/source.ts'
import { StationCommand } from './station.ts'

const entry = (id: string, jurisdiction: string | null, superior: string | null = null): OrganizationEntry => ({
  id,
  name: { 'zh-CN': id, en: id },
  sector: 'government',
  kind: 'government',
  functions: [],
  jurisdiction,
  superior,
  verified: true,
})
const relations = new Relations([
  entry('state', '100000'),
  entry('tianjin', '120000', 'state'),
  entry('binhai', '120116', 'tianjin'),
  entry('binhai-health', '120116', 'binhai'),
  entry('hebei', '130000', 'state'),
  entry('plant', null, 'binhai'),
  entry('charity', null),
])
const EVERY: readonly Power[] = [
  'incident.report',
  'incident.verify',
  'incident.declare',
  'incident.command',
  'sitrep.file',
  'obligation.answer',
  'obligation.waive',
  'directory.keep',
  'instrument.keep',
  'exercise.run',
  'log.export',
]
const doer = (organizationId: string, powers: readonly Power[] = EVERY): Doer => ({
  actor: { kind: 'post', postId: `${organizationId}-duty`, organizationId },
  powers,
})
const says = (who: Doer, command: string, thing: Partial<Thing> = {}): string =>
  may(who, command, { jurisdiction: '120116', parties: [], ...thing }, relations)?.code ?? 'may'

test('every command of every room stands in the table, and nothing else does', () => {
  const several = [
    IncidentCommand,
    HeadquartersCommand,
    DecisionCommand,
    SitrepCommand,
    ObjectiveCommand,
    FindingCommand,
    ObligationCommand,
    InstrumentCommand,
    OrganizationCommand,
    PostCommand,
    NoticeCommand,
    AlertCommand,
    RiskCommand,
    CarryCommand,
    InformationCommand,
    ReleaseCommand,
    DatasetCommand,
    IntakeCommand,
    ConsultationCommand,
    StationCommand,
    AdoptionCommand,
    ProposalCommand,
    SourceCommand,
  ].flatMap((schema) => schema.def.options.flatMap((one): readonly string[] => one.shape.type.def.values))
  // Readings are too many for the log: they come in by a route of their own, under the same table.
  const all = [...several, ...DivisionCommand.shape.type.def.values, 'station.report-readings']
  assert.deepEqual([...governedCommands].toSorted(), all.toSorted())
})

test('a command that stands in no line is refused, whoever gives it', () => {
  assert.equal(says(doer('state'), 'incident.forget'), 'authority.unknown-command')
  assert.equal(says({ actor: systemActor('setup'), powers: [] }, 'incident.forget'), 'authority.unknown-command')
})

test('a command named like something that every object of the language has is unknown, too', () => {
  for (const command of ['toString', 'constructor', '__proto__'])
    assert.equal(says({ actor: systemActor('setup'), powers: [] }, command), 'authority.unknown-command', command)
})

test('what follows by rule is done by the system alone, however much a post may', () => {
  for (const command of ['obligation.owe', 'obligation.lapse', 'obligation.escalate', 'incident.mark-gap']) {
    assert.equal(says(doer('state'), command), 'authority.system-only', command)
    for (const name of ['clock', 'linkage', 'exercise', 'setup'] as const)
      assert.equal(says({ actor: systemActor(name), powers: [] }, command), 'may')
  }
})

test('without its power a post does nothing, not even at home', () => {
  for (const command of governedCommands) assert.match(says(doer('binhai', []), command), /^authority\.(?:no-power|system-only)$/, command)
})

test('whoever learns of an incident reports it, wherever it is: Emergency Response Law art. 60', () => {
  assert.equal(says(doer('charity'), 'incident.report'), 'may')
  assert.equal(says(doer('hebei'), 'incident.report'), 'may')
})

test('the government of the place, or above it, verifies and declares; a neighbour does not: art. 17, 19', () => {
  for (const command of ['incident.verify', 'incident.refute', 'incident.declare', 'incident.merge', 'incident.activate-headquarters']) {
    for (const who of ['binhai', 'tianjin', 'state']) assert.equal(says(doer(who), command), 'may', `${who} ${command}`)
    for (const who of ['hebei', 'charity', 'plant'])
      assert.equal(says(doer(who), command), 'authority.outside-jurisdiction', `${who} ${command}`)
  }
})

test('the lead of the activated headquarters commands, wherever it comes from; a mere member does not', () => {
  const headquarters = { lead: 'hebei', members: ['hebei', 'charity'] }
  for (const command of ['incident.set-response', 'incident.fill-position', 'incident.close']) {
    assert.equal(says(doer('hebei'), command, { headquarters }), 'may', command)
    assert.equal(says(doer('hebei'), command), 'authority.outside-jurisdiction', command)
    assert.equal(says(doer('charity'), command, { headquarters, parties: ['charity'] }), 'authority.outside-jurisdiction', command)
  }
})

test('who has a part in the incident states facts and reports; a stranger does not', () => {
  for (const command of ['incident.note', 'sitrep.file']) {
    assert.equal(says(doer('charity'), command, { parties: ['charity'] }), 'may', command)
    assert.equal(says(doer('charity'), command), 'authority.not-a-party', command)
    assert.equal(says(doer('hebei'), command), 'authority.not-a-party', command)
  }
})

test('a report is corrected by whose it is, or by who answers for the place', () => {
  assert.equal(says(doer('charity'), 'sitrep.correct', { owner: 'charity' }), 'may')
  assert.equal(says(doer('tianjin'), 'sitrep.correct', { owner: 'charity' }), 'may')
  assert.equal(says(doer('hebei'), 'sitrep.correct', { owner: 'charity' }), 'authority.outside-jurisdiction')
})

test('only who owes it accepts, declines or discharges it, not even a superior', () => {
  for (const command of ['obligation.accept', 'obligation.decline', 'obligation.discharge']) {
    assert.equal(says(doer('binhai-health'), command, { debtor: 'binhai-health', creditor: 'binhai' }), 'may', command)
    for (const who of ['binhai', 'state'])
      assert.equal(says(doer(who), command, { debtor: 'binhai-health', creditor: 'binhai' }), 'authority.not-debtor', `${who} ${command}`)
    // Who may not see it does not learn that it is there, nor who owes it.
    for (const who of ['charity', 'hebei'])
      assert.equal(says(doer(who), command, { debtor: 'binhai-health', creditor: 'binhai' }), 'obligation.unknown', `${who} ${command}`)
  }
})

test('who is owed, or stands above the debtor, waives it; the debtor never lets himself off', () => {
  const thing = { debtor: 'binhai-health', creditor: 'charity' }
  for (const who of ['charity', 'binhai', 'state']) assert.equal(says(doer(who), 'obligation.waive', thing), 'may', who)
  assert.equal(says(doer('binhai-health'), 'obligation.waive', thing), 'authority.may-not-waive')
  for (const who of ['hebei', 'plant']) assert.equal(says(doer(who), 'obligation.waive', thing), 'obligation.unknown', who)
})

test("an instrument is adopted for one's own territory or a part of it", () => {
  assert.equal(says(doer('tianjin'), 'instrument.adopt', { jurisdiction: '120116' }), 'may')
  assert.equal(says(doer('binhai'), 'instrument.adopt', { jurisdiction: '120000' }), 'authority.outside-jurisdiction')
  assert.equal(says(doer('binhai'), 'instrument.repeal', { jurisdiction: '100000' }), 'authority.outside-jurisdiction')
})

test('an organization is kept by itself, by a superior and by who answers for its territory', () => {
  for (const who of ['plant', 'binhai', 'tianjin'])
    assert.equal(says(doer(who), 'organization.verify', { owner: 'plant', jurisdiction: null }), 'may', who)
  for (const who of ['hebei', 'charity'])
    assert.equal(says(doer(who), 'organization.verify', { owner: 'plant', jurisdiction: null }), 'authority.outside-jurisdiction', who)
  assert.equal(says(doer('tianjin'), 'organization.entrust', { owner: 'binhai-health' }), 'may')
})

test('nobody hands out a power that he has not', () => {
  const thing = { owner: 'binhai', grants: ['incident.command'] } as const
  assert.equal(says(doer('binhai'), 'post.create', thing), 'may')
  assert.equal(says(doer('binhai', ['directory.keep']), 'post.create', thing), 'authority.cannot-grant')
  assert.equal(says(doer('binhai', ['directory.keep']), 'post.empower', thing), 'authority.cannot-grant')
})

test("nobody makes himself the superior of another's organization, nor registers one abroad", () => {
  assert.equal(
    says(doer('hebei'), 'organization.subordinate', { owner: 'binhai', jurisdiction: '120116' }),
    'authority.outside-jurisdiction',
  )
  assert.equal(says(doer('hebei'), 'organization.register', { jurisdiction: '120116' }), 'authority.outside-jurisdiction')
})

test('a power of no single thing is had or not', () => {
  assert.equal(mayAtAll(doer('binhai', ['log.export']), 'log.export'), null)
  assert.equal(mayAtAll(doer('binhai', []), 'log.export')?.code, 'authority.no-power')
  assert.equal(mayAtAll({ actor: systemActor('setup'), powers: [] }, 'log.export'), null)
})

test('an organization sees what happens in its territory, what happens above it, and what it is a party to', () => {
  const sees = (who: string, jurisdiction: string | null, parties: readonly string[] = []): boolean =>
    maySee(who, { jurisdiction, parties }, relations)
  assert.ok(sees('binhai', '120116'))
  assert.ok(sees('tianjin', '120116'), 'below it')
  assert.ok(sees('binhai', '120000'), 'above it')
  assert.ok(!sees('hebei', '120116'), 'a neighbour')
  assert.ok(sees('hebei', '120116', ['hebei']), 'a neighbour that is named')
  assert.ok(!sees('charity', '120116'), 'without a territory')
  assert.ok(sees('charity', '120116', ['charity']))
  assert.ok(sees('charity', null), 'what belongs to no place')
  assert.ok(!sees('nobody', '120116'))
})
