import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemActor, type Recorded } from './event.ts'
import type { IncidentEvent } from './incident.ts'
import type { DutyClause, EscalationClause } from './instrument.ts'
import {
  AT,
  INCIDENT,
  ENTRIES,
  entry,
  words,
  duty,
  climb,
  law,
  incidentWith,
  view,
  event,
  reported,
  noted,
  owes,
  pairs,
  gaps,
  owedState,
  first,
} from './linkage.given.ts'
import { react, type InForce } from './linkage.ts'

test('when it happens there, it is owed here: debtor, creditor, deadline, basis and cause', () => {
  const found = react(reported({ position: '7', at: '2026-07-01T08:00:00.500Z' }), view([law([duty()])]))
  assert.equal(found.length, 1)
  const { id, room, basis, occurredAt, command } = first(found)
  assert.deepEqual([room, basis, occurredAt], ['obligation', 'law@1#report', '2026-07-01T08:00:00.500Z'])
  assert.ok(id.includes('law') && id.includes('report'))
  assert.deepEqual(command, {
    type: 'obligation.owe',
    incidentId: INCIDENT,
    jurisdiction: '120116',
    debtor: 'plant',
    creditor: 'binhai',
    function: 'reporting',
    act: 'report',
    actWords: words('报告'),
    basis: { instrumentId: 'law', version: 1, clauseId: 'report' },
    dueAt: '2026-07-01T09:00:00.500Z',
    limitConfirmed: true,
    trigger: { position: '7', type: 'incident.reported', occurredAt: '2026-07-01T08:00:00.500Z' },
    ladder: [],
  })
})

test('the deadline counts from when it happened, not from when we heard', () => {
  const late: Recorded = { ...reported(), occurredAt: AT, recordedAt: '2026-07-02T00:00:00.000Z' }
  assert.equal(owes(react(late, view([law([duty()])])))[0]?.dueAt, '2026-07-01T09:00:00.000Z')
})

test('a duty to act at once has no deadline, and climbs to nobody', () => {
  const [command] = owes(react(reported(), view([law([duty({ limit: { within: null, confirmed: true, source: null } }), climb()])])))
  assert.deepEqual([command?.dueAt, command?.ladder], [null, []])
})

test('the same event seen twice, or by two servers, makes the same ids', () => {
  const once = reported()
  const situation = view([law([duty(), duty({ id: 'rescue', owes: 'function:fire-rescue', each: true })])])
  assert.deepEqual(react(once, situation), react(once, situation))
  assert.equal(new Set(react(once, situation).flatMap(({ id, commandId }) => [id, commandId])).size, 6)
})

test('what is owed already is not owed again', () => {
  const laws = [law([duty()])]
  const made = first(react(reported(), view(laws)))
  assert.deepEqual(react(reported(), view(laws, { obligations: [owedState(made)] })), [])
})

test('a new version of the law does not make the same owed twice', () => {
  const old = law([duty()])
  const made = first(react(reported(), view([old])))
  assert.deepEqual(react(reported(), view([{ ...old, version: 2 }], { obligations: [owedState(made)] })), [])
})

test('two conditions that both hold make it owed once', () => {
  assert.equal(
    react(
      reported(),
      view([law([duty({ when: [{ event: 'incident.reported' }, { event: 'incident.reported', classes: ['accident'] }] })])]),
    ).length,
    1,
  )
})

test('once an incident, once for each debtor, or at each event', () => {
  const when: DutyClause['when'] = [{ event: 'incident.noted', kinds: ['arrive'], by: 'anyone' }]
  const twice = (once: DutyClause['once'], second: string): number => {
    const laws = [law([duty({ when, once, owes: 'actor' })])]
    const made = first(react(noted('arrive', {}, { by: 'port-fire' }), view(laws)))
    return owes(react(noted('arrive', {}, { by: second }), view(laws, { obligations: [owedState(made)] }))).length
  }
  assert.deepEqual([twice('incident', 'port-fire'), twice('debtor', 'port-fire'), twice('event', 'port-fire')], [0, 0, 1])
  assert.deepEqual([twice('incident', 'binhai-fire'), twice('debtor', 'binhai-fire'), twice('event', 'binhai-fire')], [0, 1, 1])
})

test('a function binds its first holder, or each of them where the clause says so', () => {
  assert.deepEqual(pairs(react(reported(), view([law([duty({ owes: 'function:fire-rescue' })])]))), ['binhai-fire → binhai'])
  assert.deepEqual(pairs(react(reported(), view([law([duty({ owes: 'function:fire-rescue', each: true })])]))), [
    'binhai-fire → binhai',
    'port-fire → binhai',
  ])
})

test('the law of the nation binds everywhere, that of another place nowhere else', () => {
  const under = (jurisdiction: string): number => react(reported(), view([law([duty()], { jurisdiction })])).length
  assert.deepEqual(['100000', '120000', '120116', '130000', '120117'].map(under), [1, 1, 1, 0, 0])
})

test('grades bind from the one named up to the gravest, and what has no grade is bound by none', () => {
  const bound = (severity: 1 | 2 | 3 | 4 | null): number => {
    const declared: IncidentEvent = { type: 'incident.declared', class: 'accident', severity, hazard: 'fire', title: 'x' }
    return react(
      event(declared),
      view([law([duty({ when: [{ event: 'incident.declared', severity: 2 }] })])], {
        incident: incidentWith({ type: 'incident.verified', text: 'x' }, declared),
      }),
    ).length
  }
  assert.deepEqual(([1, 2, 3, 4, null] as const).map(bound), [1, 1, 0, 0, 0])
})

test('a response level binds in the same order', () => {
  const set = (level: 1 | 2 | 3 | 4): number => {
    const said: IncidentEvent = {
      type: 'incident.response-set',
      level,
      from: null,
      scope: null,
      plan: null,
      text: 'x',
      organization: 'binhai',
    }
    return react(
      event(said),
      view([law([duty({ when: [{ event: 'incident.response-set', level: 3 }] })])], { incident: incidentWith(said) }),
    ).length
  }
  assert.deepEqual(([1, 2, 3, 4] as const).map(set), [1, 1, 1, 0])
})

test('a warning binds by its own colour and hazard', () => {
  const laws = [
    law([
      duty({
        owes: 'function:health',
        when: [{ event: 'incident.noted', kinds: ['warning'], colours: ['orange', 'red'], hazards: ['rainstorm'] }],
      }),
    ]),
  ]
  const warned = (colour: string, subject: string): number => react(noted('warning', { colour, subject }), view(laws)).length
  assert.deepEqual([warned('red', 'rainstorm'), warned('yellow', 'rainstorm'), warned('red', 'typhoon')], [1, 0, 0])
})

test('a function that nobody holds is a gap, marked with the clause', () => {
  const reactions = react(reported(), view([law([duty({ owes: 'function:magic' })])]))
  assert.deepEqual([owes(reactions), gaps(reactions)], [[], ['report function:magic']])
  assert.deepEqual([first(reactions).room, first(reactions).id, first(reactions).basis], ['incident', INCIDENT, 'law@1#report'])
})

test('a part that nobody was named for binds nobody and is no gap', () => {
  const nobody = { ...incidentWith(), unitInvolved: null }
  assert.deepEqual(react(reported(), view([law([duty()])], { incident: nobody })), [])
  assert.deepEqual(react(noted('arrive'), view([law([duty({ when: [{ event: 'incident.noted' }], owes: 'target' })])])), [])
})

test('a level of government that the place does not have owes nothing: a district of a municipality has no prefecture', () => {
  assert.deepEqual(react(reported(), view([law([duty({ owes: 'government@prefecture' })])])), [])
  assert.deepEqual(pairs(react(reported(), view([law([duty({ owes: 'government@county', to: 'government@province' })])]))), [
    'binhai → tianjin',
  ])
})

test('what is owed to a level that the place does not have is owed to the next above', () => {
  assert.deepEqual(pairs(react(reported(), view([law([duty({ to: 'government@prefecture' })])]))), ['plant → tianjin'])
})

test('a county that its province governs directly reports to the province, too', () => {
  const entries = [
    entry('state', '100000', null, 'government'),
    entry('hubei', '420000', 'state', 'government'),
    entry('xiantao', '429004', 'hubei', 'government'),
  ]
  const situation = { entries, incident: { ...incidentWith(), jurisdiction: '429004' } }
  assert.deepEqual(react(reported(), view([law([duty({ owes: 'government@prefecture' })])], situation)), [])
  assert.deepEqual(pairs(react(reported(), view([law([duty({ owes: 'government@county', to: 'government@prefecture' })])], situation))), [
    'xiantao → hubei',
  ])
})

test('nobody is his own creditor: then it is the superior, else the government of the place', () => {
  assert.deepEqual(pairs(react(reported(), view([law([duty({ owes: 'government', to: 'government' })])]))), ['binhai → tianjin'])
  assert.deepEqual(
    pairs(
      react(
        reported(),
        view([law([duty({ owes: 'function:society', to: 'function:society' })])], {
          entries: [...ENTRIES, entry('red-cross', '120116', null, 'society')],
        }),
      ),
    ),
    ['red-cross → binhai'],
  )
})

test('where one of several can owe it to another, that one owes it', () => {
  assert.deepEqual(pairs(react(reported(), view([law([duty({ owes: 'function:fire-rescue', to: 'reporter' })])]))), [
    'port-fire → binhai-fire',
  ])
})

test('where there is nobody to owe it to, the gap says so', () => {
  const alone = [entry('plant', null, null)]
  assert.deepEqual(gaps(react(reported(), view([law([duty()])], { entries: alone }))), ['report government'])
})

test('the ladder climbs after the deadline, step by step, past who owes it and to nobody twice', () => {
  const steps: EscalationClause['steps'] = [
    { after: 'PT1H', to: 'government@province', confirmed: false },
    { after: 'PT30M', to: 'debtor@superior', confirmed: false },
    { after: 'PT2H', to: 'debtor', confirmed: false },
    { after: 'PT3H', to: 'government@province', confirmed: false },
    { after: 'PT4H', to: 'function:magic', confirmed: false },
    { after: 'P1D', to: 'government@nation', confirmed: false },
  ]
  const [command] = owes(react(reported(), view([law([duty(), climb({ steps })])])))
  assert.deepEqual(command?.ladder, [
    { at: '2026-07-01T09:30:00.000Z', to: 'port', clauseId: 'supervise' },
    { at: '2026-07-01T10:00:00.000Z', to: 'tianjin', clauseId: 'supervise' },
    { at: '2026-07-02T09:00:00.000Z', to: 'state', clauseId: 'supervise' },
  ])
})

test('a step at once comes after the lapse, not with the deadline', () => {
  const [command] = owes(
    react(reported(), view([law([duty(), climb({ steps: [{ after: 'PT0S', to: 'debtor@superior', confirmed: true }] })])])),
  )
  assert.ok(command?.dueAt && (command.ladder[0]?.at ?? '') > command.dueAt)
})

test('an escalation that names its duty goes before one that says all, wherever it stands', () => {
  const named = climb({ id: 'named', of: ['report'], steps: [{ after: 'PT5M', to: 'government@nation', confirmed: false }] })
  for (const clauses of [
    [duty(), climb(), named],
    [duty(), named, climb()],
  ])
    assert.equal(owes(react(reported(), view([law(clauses)])))[0]?.ladder[0]?.clauseId, 'named')
  assert.deepEqual(
    owes(react(reported(), view([law([duty()]), law([climb()], { id: 'other' })])))[0]?.ladder,
    [],
    'of its own instrument only',
  )
})

test('headquarters that stand, and a response as grave as demanded, are not demanded again', () => {
  const activated: IncidentEvent = {
    type: 'incident.headquarters-activated',
    name: words('x'),
    lead: 'binhai',
    members: ['binhai'],
    positions: [],
  }
  const clause = duty({
    owes: 'government',
    when: [{ event: 'incident.declared' }],
    evidence: [{ event: 'incident.headquarters-activated' }],
  })
  const declared: IncidentEvent = { type: 'incident.declared', class: 'accident', severity: 2, hazard: 'fire', title: 'x' }
  assert.equal(react(event(declared), view([law([clause])], { incident: incidentWith(declared) })).length, 1)
  assert.equal(react(event(declared), view([law([clause])], { incident: incidentWith(activated, declared) })).length, 0)
  const respond = duty({
    owes: 'government',
    when: [{ event: 'incident.declared' }],
    evidence: [{ event: 'incident.response-set', level: 2 }],
  })
  const at = (level: 1 | 2 | 3): number =>
    react(
      event(declared),
      view([law([respond])], {
        incident: incidentWith(
          { type: 'incident.response-set', level, from: null, scope: null, plan: null, text: 'x', organization: null },
          declared,
        ),
      }),
    ).length
  assert.deepEqual(([1, 2, 3] as const).map(at), [0, 0, 1])
})

test('a duty may follow from another that lapsed, and names its debtor and creditor', () => {
  const laws = [
    law([
      duty(),
      duty({
        id: 'urge',
        when: [{ event: 'obligation.lapsed', acts: ['report'] }],
        once: 'event',
        owes: 'creditor',
        to: 'government@province',
        act: 'urge',
      }),
      duty({
        id: 'step-in',
        when: [{ event: 'obligation.lapsed', acts: ['report'] }],
        once: 'event',
        owes: 'debtor@superior',
        to: 'creditor',
        act: 'step-in',
      }),
    ]),
  ]
  const [id, state] = owedState(first(react(reported(), view(laws))))
  const lapsed = event(
    { type: 'obligation.lapsed', dueAt: '2026-07-01T09:00:00.000Z' },
    { by: systemActor('clock'), stream: `obligation/${id}` },
  )
  assert.deepEqual(pairs(react(lapsed, view(laws, { obligations: [[id, state]] }))), ['binhai → tianjin', 'port → binhai'])
  assert.deepEqual(owes(react(lapsed, view(laws, { obligations: [[id, { ...state, act: 'rescue' }]] }))), [])
})

test("in the creditor's place, debtor means whoever owes this very duty", () => {
  assert.deepEqual(pairs(react(reported(), view([law([duty({ owes: 'function:health', to: 'debtor@superior' })])]))), [
    'binhai-health → binhai',
  ])
})

test('a condition on who did it holds for that part alone', () => {
  const by = (party: string): number =>
    react(noted('arrive', {}, { by: 'port-fire' }), view([law([duty({ when: [{ event: 'incident.noted', by: party }] })])])).length
  assert.deepEqual(['anyone', 'function:fire-rescue', 'function:health', 'unit-involved', 'government'].map(by), [1, 1, 0, 0, 0])
})

test('what belongs to no incident makes nothing owed', () => {
  assert.deepEqual(react({ ...reported(), incidentId: null }, view([law([duty()])])), [])
})

test('one event asks for at most fifty thousand commands', () => {
  const many = (count: number): InForce => law(Array.from({ length: count }, (_, i) => duty({ id: `duty-${i}` })))
  assert.equal(react(reported(), view([many(50_000)])).length, 50_000)
  assert.throws(() => react(reported(), view([many(50_001)])), /more than 50000/)
})
