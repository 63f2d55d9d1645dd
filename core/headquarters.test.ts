import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Actor } from './event.ts'
import { given } from './given.ts'
import {
  bodyParties,
  coGovernance,
  headquarters,
  HeadquartersCommand,
  headquartersThing,
  timeToForm,
  type HeadquartersEvent,
} from './headquarters.ts'

const id = (n: number): string => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`
const [LEAD, FIRE, CHARITY, GARRISON, INCIDENT, OTHER] = [id(1), id(2), id(3), id(4), id(5), id(6)]
const AT = '2026-07-01T08:00:00.000Z'
const words = (text: string) => ({ 'zh-CN': text, en: text })
const post = (organizationId: string): Actor => ({ kind: 'post', postId: id(99), organizationId })

const found = {
  type: 'headquarters.found',
  name: words('市防汛抗旱指挥部'),
  kind: 'command',
  jurisdiction: '120000',
  lead: LEAD,
  members: [
    { organization: LEAD, seat: 'member', sector: null },
    { organization: FIRE, seat: 'member', sector: 'rescue' },
    { organization: CHARITY, seat: 'observer', sector: null },
  ],
  powers: ['command', 'decide'],
  sectors: [{ code: 'rescue', words: words('抢险组'), lead: FIRE }],
  basis: null,
  incidentId: null,
  organization: null,
} as const satisfies HeadquartersCommand
const founded = {
  ...found,
  type: 'headquarters.founded',
  members: [...found.members],
  powers: [...found.powers],
  sectors: [...found.sectors],
} as HeadquartersEvent
const purpose = {
  type: 'headquarters.set-purpose',
  objectives: [
    { code: 'life', words: words('不发生群死群伤'), parent: null },
    { code: 'evacuate', words: words('危险区人员全部转移'), parent: 'life' },
  ],
  functions: [
    { function: 'evacuation', lead: LEAD },
    { function: 'fire-rescue', lead: FIRE },
  ],
  terms: [{ term: '转移到位', means: words('人员已登记入住安置点') }],
} satisfies HeadquartersCommand
const purposeSet: HeadquartersEvent = { ...purpose, type: 'headquarters.purpose-set' }
const past = (...events: readonly HeadquartersEvent[]) => given(headquarters, [founded, ...events], { at: AT })
const activate = { type: 'headquarters.activate', incidentId: INCIDENT } as const

test('a body is founded once, with its lead among its members', () => {
  assert.deepEqual(given(headquarters).when({ ...found, members: found.members.slice(1) }), [founded])
  assert.deepEqual(past().when(found), { refused: 'headquarters.already-founded' })
  assert.deepEqual(given(headquarters).when(activate), { refused: 'headquarters.unknown' })
})

test('nobody sits in it twice, the lead does not merely observe, a sector is one of its own', () => {
  const when = (members: unknown) => given(headquarters).when({ ...found, members } as HeadquartersCommand)
  const fire = { organization: FIRE, seat: 'member', sector: null }
  assert.deepEqual(when([fire, fire]), { refused: 'headquarters.member-twice' })
  assert.deepEqual(when([{ organization: LEAD, seat: 'observer', sector: null }]), { refused: 'headquarters.lead-observes' })
  assert.deepEqual(when([{ ...fire, sector: 'medical' }]), { refused: 'headquarters.no-such-sector' })
})

test('S0-21: it is not activated without objectives', () => {
  assert.deepEqual(past().when(activate), { refused: 'headquarters.no-objectives' })
  assert.deepEqual(past({ ...purposeSet, objectives: [] }).when(activate), { refused: 'headquarters.no-objectives' })
})

test('S0-21: it is not activated while a function has no lead, whether never named or released since', () => {
  const open = {
    ...purposeSet,
    functions: [
      { function: 'evacuation', lead: LEAD },
      { function: 'medical', lead: null },
    ],
  }
  assert.deepEqual(past(open).when(activate), { refused: 'headquarters.no-lead-for' })
  assert.deepEqual(past({ ...purposeSet, functions: [] }).when(activate), { refused: 'headquarters.no-functions' })
  const gone: HeadquartersEvent = { type: 'headquarters.released', organization: FIRE, reason: '改编' }
  assert.deepEqual(past(purposeSet, gone).when(activate), { refused: 'headquarters.no-lead-for' })
})

test('with objectives and a lead for each function it is activated, and says who is commanded: members, not observers', () => {
  assert.deepEqual(past(purposeSet).when(activate), [
    {
      type: 'headquarters.activated',
      incidentId: INCIDENT,
      name: found.name,
      jurisdiction: '120000',
      lead: LEAD,
      members: [LEAD, FIRE],
      sectors: found.sectors,
      organization: null,
    },
  ])
})

test('a body that has not the power to command is not activated', () => {
  const desk = { ...founded, kind: 'coordination-desk', powers: ['inform'] } as HeadquartersEvent
  assert.deepEqual(given(headquarters, [desk, purposeSet]).when(activate), { refused: 'headquarters.cannot-command' })
})

test('it is active for each incident once, and stands down when it is active for none', () => {
  const on: HeadquartersEvent = {
    type: 'headquarters.activated',
    incidentId: INCIDENT,
    name: found.name,
    jurisdiction: '120000',
    lead: LEAD,
    members: [LEAD],
    sectors: [],
    organization: null,
  }
  const active = past(purposeSet, on)
  assert.equal(active.state?.status, 'active')
  assert.deepEqual(active.when(activate), { refused: 'headquarters.already-active' })
  assert.ok(Array.isArray(active.when({ ...activate, incidentId: OTHER })))
  assert.deepEqual(active.when({ type: 'headquarters.stand-down', reason: 'x' }), { refused: 'headquarters.still-active' })
  const off: HeadquartersEvent = { type: 'headquarters.deactivated', incidentId: INCIDENT, reason: '结束' }
  const ended = past(purposeSet, on, off)
  assert.equal(ended.state?.status, 'founded')
  assert.deepEqual(ended.when({ type: 'headquarters.deactivate', incidentId: INCIDENT, reason: 'x' }, { actor: post(LEAD) }), {
    refused: 'headquarters.not-active',
  })
  const stoodDown: HeadquartersEvent = { type: 'headquarters.stood-down', reason: '撤销' }
  assert.deepEqual(ended.when({ type: 'headquarters.stand-down', reason: '撤销' }), [stoodDown])
  assert.deepEqual(past(stoodDown).when(activate), { refused: 'headquarters.already-stood-down' })
})

test('only members lead functions; each objective stands under one before it; nothing is named twice', () => {
  const when = (more: Partial<typeof purpose>) => past().when({ ...purpose, ...more })
  assert.deepEqual(when({ functions: [{ function: 'shelter', lead: CHARITY }] }), { refused: 'headquarters.lead-not-member' })
  assert.deepEqual(when({ objectives: [{ code: 'a', words: words('a'), parent: 'b' }] }), {
    refused: 'headquarters.objective-without-parent',
  })
  assert.deepEqual(when({ terms: [...purpose.terms, ...purpose.terms] }), { refused: 'headquarters.named-twice' })
  assert.deepEqual(when({}), [purposeSet])
})

test('members are admitted and released with a reason; the lead is not released but replaced by a member', () => {
  const member = { organization: GARRISON, seat: 'member', sector: null } as const
  assert.deepEqual(past().when({ type: 'headquarters.admit', member }), [{ type: 'headquarters.admitted', member }])
  assert.deepEqual(past().when({ type: 'headquarters.release', organization: LEAD, reason: 'x' }), { refused: 'headquarters.lead-stays' })
  assert.deepEqual(past().when({ type: 'headquarters.change-lead', lead: CHARITY, reason: 'x' }), { refused: 'headquarters.not-a-member' })
  assert.deepEqual(past().when({ type: 'headquarters.change-lead', lead: FIRE, reason: '主汛期' }), [
    { type: 'headquarters.lead-changed', from: LEAD, lead: FIRE, reason: '主汛期' },
  ])
})

test('S2-04: a joint team has one leader and is formed when the last member has joined; the time is measured', () => {
  const team = { ...founded, kind: 'joint-team', members: found.members.map((one) => ({ ...one, seat: 'member' })) } as HeadquartersEvent
  const joined = (organization: string): HeadquartersEvent => ({ type: 'headquarters.joined', organization })
  const fold = (steps: readonly (readonly [minute: number, HeadquartersEvent])[]) =>
    steps.reduce<ReturnType<typeof headquarters.evolve>>((state, [minute, event]) => {
      const occurredAt = new Date(Date.parse(AT) + minute * 60_000).toISOString()
      return headquarters.evolve(state, event, { occurredAt, recordedAt: occurredAt, actor: 'system/setup', commandId: id(1) })
    }, null)
  const half = fold([
    [0, team],
    [4, joined(FIRE)],
  ])
  assert.ok(half)
  assert.equal(timeToForm(half), null)
  const whole = fold([
    [0, team],
    [4, joined(FIRE)],
    [11, joined(CHARITY)],
  ])
  assert.ok(whole)
  assert.equal(timeToForm(whole), 'PT11M')
  const later = fold([
    [0, team],
    [4, joined(FIRE)],
    [11, joined(CHARITY)],
    [20, { type: 'headquarters.released', organization: FIRE, reason: 'x' }],
  ])
  assert.ok(later)
  assert.equal(timeToForm(later), 'PT11M', 'once formed it stays formed')
})

test('a member joins by itself, once; who has no seat cannot join', () => {
  assert.deepEqual(past().when({ type: 'headquarters.join' }, { actor: post(FIRE) }), [{ type: 'headquarters.joined', organization: FIRE }])
  assert.deepEqual(past({ type: 'headquarters.joined', organization: FIRE }).when({ type: 'headquarters.join' }, { actor: post(FIRE) }), [])
  assert.deepEqual(past().when({ type: 'headquarters.join', organization: FIRE }, { actor: post(GARRISON) }), {
    refused: 'headquarters.not-a-member',
  })
})

const item = {
  debtor: CHARITY,
  act: 'survey-needs',
  actWords: words('汇总灾民需求'),
  function: 'society',
  dueAt: '2026-07-01T12:00:00.000Z',
  objectiveId: null,
}

test('S3-17: a meeting to share information keeps what was said, who came, and who does what by when', () => {
  const meet = {
    type: 'headquarters.meet',
    text: '各组织通报需求',
    attended: [FIRE, CHARITY],
    decisions: [item],
    incidentId: null,
  } as const
  const outcome = past().when({ ...meet, attended: [...meet.attended], decisions: [...meet.decisions] }, { occurredAt: AT })
  assert.ok(Array.isArray(outcome))
  const state = past(...outcome).state
  assert.deepEqual(
    state?.meetings.map((one) => [one.text, one.decisions.length, one.at]),
    [['各组织通报需求', 1, AT]],
  )
})

test('what a meeting lays down is owed by somebody, by a time to come', () => {
  const meet = { type: 'headquarters.meet', text: 'x', attended: [], incidentId: null } as const
  const due = { ...item, dueAt: AT }
  assert.deepEqual(past().when({ ...meet, attended: [], decisions: [due] }, { occurredAt: AT }), { refused: 'decision.due-in-the-past' })
  const { debtor: _, ...nobodys } = item
  assert.ok(!HeadquartersCommand.safeParse({ ...meet, decisions: [nobodys] }).success)
  const { dueAt: __, ...undated } = item
  assert.ok(!HeadquartersCommand.safeParse({ ...meet, decisions: [undated] }).success)
})

test('S3-12: co-governance counts the bodies where a social organization sits as a member, observers apart', () => {
  const { state } = past()
  assert.ok(state)
  const social = (one: string): boolean => one === CHARITY
  const seated = { ...state, members: state.members.map((one) => ({ ...one, seat: 'member' as const })) }
  assert.deepEqual(coGovernance([state, seated, { ...seated, status: 'stood-down' }], social), {
    bodies: 2,
    withSocialMember: 1,
    withSocialObserver: 1,
    socialSeats: 1,
    share: 0.5,
  })
  assert.equal(coGovernance([], social).share, null)
})

test('everyone with a seat sees it, wherever it is; who founds it answers for its territory', () => {
  const { state } = past()
  assert.ok(state)
  assert.deepEqual(bodyParties(state), [LEAD, FIRE, CHARITY])
  assert.deepEqual(headquartersThing(null, found), { jurisdiction: '120000', parties: [] })
  assert.deepEqual(headquartersThing(state).headquarters, { lead: LEAD, members: [LEAD, FIRE, CHARITY] })
})
