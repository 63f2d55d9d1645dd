import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Actor } from './event.ts'
import { given } from './given.ts'
import {
  approvalsOf,
  decision,
  DecisionCommand,
  decisionThing,
  findProvision,
  type Decision,
  type DecisionEvent,
  type Provision,
} from './decision.ts'

const id = (n: number): string => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`
const [LEAD, HEALTH, POLICE, CHARITY, INCIDENT] = [id(1), id(2), id(3), id(4), id(5)]
const AT = '2026-07-01T08:00:00.000Z'
const words = (text: string) => ({ 'zh-CN': text, en: text })
const post = (organizationId: string): Actor => ({ kind: 'post', postId: id(99), organizationId })
const by = (organizationId: string) => ({ actor: post(organizationId), at: AT })

const item = {
  debtor: HEALTH,
  act: 'open-hospital',
  actWords: words('开设方舱医院'),
  function: 'medical',
  dueAt: '2026-07-01T20:00:00.000Z',
  objectiveId: null,
}
const propose: Extract<DecisionCommand, { type: 'decision.propose' }> = {
  type: 'decision.propose',
  incidentId: INCIDENT,
  headquartersId: null,
  title: '转移下游群众',
  text: '今晚八时前转移下游三村',
  matter: 'evacuation',
  path: 'ordinary',
  members: [HEALTH, POLICE, CHARITY],
  inOrder: false,
  items: [item, { ...item, debtor: POLICE, act: 'close-road', actWords: words('封闭道路') }],
  jurisdiction: '120116',
  lead: LEAD,
}
const proposed = { ...propose, type: 'decision.proposed', basis: null, proposedBy: LEAD } as DecisionEvent
const concurred = (organization: string, reason: string | null = null): DecisionEvent => ({
  type: 'decision.concurred',
  organization,
  reason,
})
const dissented = (organization: string, reason = '道路未通'): DecisionEvent => ({ type: 'decision.dissented', organization, reason })
const past = (more: Partial<typeof propose>, ...events: readonly DecisionEvent[]) =>
  given(decision, [{ ...proposed, ...more } as DecisionEvent, ...events], { at: AT })

test('a decision is proposed once, with who takes it and where', () => {
  assert.deepEqual(given(decision).when(propose, by(LEAD)), [proposed])
  assert.deepEqual(past({}).when(propose), { refused: 'decision.already-proposed' })
  const { lead: _, ...leaderless } = propose
  assert.deepEqual(given(decision).when(leaderless), { refused: 'decision.nobody-takes-it' })
  assert.deepEqual(given(decision).when({ ...propose, members: [POLICE, POLICE] }), { refused: 'headquarters.member-twice' })
})

test('S0-18: every item has a debtor and a date to come; a decision that lays nothing on anybody is malformed', () => {
  const without = (key: 'debtor' | 'dueAt') => ({
    ...propose,
    items: [Object.fromEntries(Object.entries(item).filter(([name]) => name !== key))],
  })
  for (const command of [
    without('debtor'),
    without('dueAt'),
    { ...propose, items: [] },
    { ...propose, items: Array.from({ length: 101 }, () => item) },
  ])
    assert.ok(!DecisionCommand.safeParse(command).success)
  assert.ok(DecisionCommand.safeParse(propose).success)
  assert.deepEqual(given(decision).when({ ...propose, items: [{ ...item, dueAt: AT }] }, by(LEAD)), { refused: 'decision.due-in-the-past' })
})

test('each member concurs, or dissents with reasons, for itself alone', () => {
  assert.deepEqual(past({}).when({ type: 'decision.concur', organization: HEALTH }, by(POLICE)), [concurred(POLICE)])
  assert.deepEqual(past({}).when({ type: 'decision.dissent', reason: '道路未通' }, by(POLICE)), [dissented(POLICE)])
  assert.deepEqual(past({}).when({ type: 'decision.concur' }, by(LEAD)), { refused: 'decision.not-a-member' })
  assert.ok(!DecisionCommand.safeParse({ type: 'decision.dissent' }).success, 'dissent without a reason says nothing')
})

test('a member may think again until it is taken, and what it said before is kept', () => {
  const { state } = past({}, dissented(POLICE), concurred(POLICE, '道路已通'))
  assert.deepEqual(
    state?.stands.map((one) => [one.organization, one.stand, one.reason]),
    [[POLICE, 'concurs', '道路已通']],
  )
  assert.deepEqual(
    state?.changed.map((one) => [one.stand, one.reason]),
    [['dissents', '道路未通']],
  )
})

test('in an approval chain each speaks after the one before it', () => {
  const chain = past({ inOrder: true })
  assert.deepEqual(chain.when({ type: 'decision.concur' }, by(POLICE)), { refused: 'decision.not-yet-its-turn' })
  assert.ok(Array.isArray(chain.when({ type: 'decision.concur' }, by(HEALTH))))
  assert.ok(Array.isArray(past({ inOrder: true }, dissented(HEALTH)).when({ type: 'decision.concur' }, by(POLICE))))
})

test('on the ordinary path it is taken when every member was heard; dissent is kept and does not stop it', () => {
  const take = { type: 'decision.take' } as const
  assert.deepEqual(past({}, concurred(HEALTH)).when({ ...take, reason: '来不及' }), { refused: 'decision.members-unheard' })
  const outcome = past({}, concurred(HEALTH), dissented(POLICE), concurred(CHARITY)).when(take)
  assert.ok(Array.isArray(outcome))
  const [taken] = outcome
  assert.ok(taken?.type === 'decision.taken')
  assert.deepEqual([taken.unheard, taken.items.length, taken.lead], [[], 2, LEAD])
})

test('S4-07: on the emergency path the lead takes it with members unheard, but says why', () => {
  const emergency = past({ path: 'emergency' }, concurred(HEALTH))
  assert.deepEqual(emergency.when({ type: 'decision.take' }), { refused: 'decision.reason-needed' })
  const outcome = emergency.when({ type: 'decision.take', reason: '洪峰四十分钟后到' })
  assert.ok(Array.isArray(outcome) && outcome[0]?.type === 'decision.taken')
  assert.deepEqual(outcome[0].unheard, [POLICE, CHARITY])
})

test('what is taken or withdrawn is over', () => {
  const heard = [concurred(HEALTH), concurred(POLICE), concurred(CHARITY)]
  const outcome = past({}, ...heard).when({ type: 'decision.take' })
  assert.ok(Array.isArray(outcome))
  const taken = past({}, ...heard, ...outcome)
  assert.deepEqual([taken.state?.status, taken.state?.endedAt], ['taken', AT])
  const late: readonly DecisionCommand[] = [
    { type: 'decision.take' },
    { type: 'decision.dissent', reason: 'x' },
    { type: 'decision.withdraw', reason: 'x' },
  ]
  for (const command of late) assert.deepEqual(taken.when(command, by(POLICE)), { refused: 'decision.already-taken' })
  const withdrawn = past({}, { type: 'decision.withdrawn', reason: '雨停' })
  assert.deepEqual(withdrawn.when({ type: 'decision.concur' }, by(HEALTH)), { refused: 'decision.already-withdrawn' })
})

test('of the authority clauses the one for the gravest level reached counts, on the path that is taken', () => {
  const provision = (name: string, more: Partial<Provision>): Provision & { readonly name: string } => ({
    name,
    decides: ['evacuation'],
    path: 'ordinary',
    holder: 'government',
    approvals: [],
    ...more,
  })
  const all = [
    provision('any level', {}),
    provision('level II', { level: 2 }),
    provision('level I', { level: 1 }),
    provision('emergency', { path: 'emergency' }),
    provision('another matter', { decides: ['requisition'], level: 1 }),
  ]
  const find = (level: 1 | 2 | 3 | 4 | null, path: 'ordinary' | 'emergency' = 'ordinary') =>
    findProvision(all, { matter: 'evacuation', path, level })?.name
  assert.deepEqual(
    [find(1), find(2), find(3), find(null), find(1, 'emergency')],
    ['level I', 'level II', 'any level', 'any level', 'emergency'],
  )
  assert.equal(findProvision(all, { matter: 'publication', path: 'ordinary', level: 1 }), null)
})

test('median approval steps, the share of the emergency path and of items with owner and date are read off the decisions', () => {
  const made = (path: 'ordinary' | 'emergency', ...heard: readonly DecisionEvent[]): Decision => {
    const { state } = past({ path }, ...heard, {
      type: 'decision.taken',
      reason: null,
      unheard: [],
      items: [],
      incidentId: null,
      jurisdiction: '120116',
      lead: LEAD,
      members: [],
      basis: null,
    })
    assert.ok(state)
    return state
  }
  const all = [
    made('ordinary', concurred(HEALTH), dissented(POLICE), concurred(CHARITY)),
    made('ordinary', concurred(HEALTH), concurred(POLICE)),
    made('emergency'),
  ]
  assert.deepEqual(approvalsOf(all), {
    taken: 3,
    medianSteps: 2,
    medianStepsOrdinary: 2.5,
    medianStepsEmergency: 0,
    emergencyShare: 1 / 3,
    dissents: 1,
    itemsOwnedAndDated: 1,
  })
  assert.deepEqual(approvalsOf([]).emergencyShare, null)
})

test('who takes it is the lead; who withdraws it is who proposed it; those who owe see it', () => {
  const { state } = past({ lead: CHARITY, members: [HEALTH] })
  assert.equal(decisionThing(state).owner, CHARITY)
  assert.equal(decisionThing(state, { type: 'decision.withdraw', reason: 'x' }).owner, LEAD)
  assert.deepEqual(decisionThing(state).parties, [CHARITY, HEALTH, POLICE, LEAD])
})
