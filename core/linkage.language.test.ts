import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Recorded } from './event.ts'
import { incident as incidentDecider, type IncidentEvent } from './incident.ts'
import type { ResourceClause } from './instrument.ts'
import { react } from './linkage.ts'
import {
  AT,
  climb,
  discharged,
  duty,
  entry,
  ENTRIES,
  event,
  first,
  gaps,
  incidentWith,
  law,
  noted,
  owedState,
  owes,
  pairs,
  reported,
  view,
  words,
} from './linkage.given.ts'
import { after } from './time.ts'

const activated = (instrumentId: string, how: { by?: string; position?: string } = {}): Recorded =>
  event({ type: 'incident.instrument-activated', instrumentId, version: 1, text: '启动', organization: 'binhai' }, { by: 'binhai', ...how })
const onActivation = (more: Parameters<typeof duty>[0] = {}) => duty({ when: [{ event: 'incident.instrument-activated' }], ...more })

test('activation makes owed what the instrument itself lays down for it, and nothing of another one', () => {
  const laws = [
    law([onActivation({ id: 'a' }), onActivation({ id: 'b', owes: 'function:health' })], { id: 'plan' }),
    law([onActivation({ id: 'c' })], { id: 'other-plan' }),
  ]
  assert.deepEqual(
    owes(react(activated('plan'), view(laws))).map((one) => one.basis?.clauseId),
    ['a', 'b'],
  )
})

test('a party is the organization that the instrument names, or who holds its function in its territory; a party nobody knows is a gap', () => {
  const parties = [
    { key: 'port', name: words('港'), organization: 'port' },
    { key: 'hebei', name: words('冀'), function: 'government', jurisdiction: '130000' },
    { key: 'nobody', name: words('无'), function: 'divers', jurisdiction: '130000' },
  ]
  const laws = [
    law(
      [
        onActivation({ id: 'a', owes: 'party:port', to: 'party:hebei' }),
        onActivation({ id: 'b', owes: 'party:hebei', to: 'party:port' }),
        onActivation({ id: 'c', owes: 'party:nobody', to: 'party:port' }),
      ],
      { id: 'agreement', parties },
    ),
  ]
  const reactions = react(activated('agreement'), view(laws))
  assert.deepEqual(pairs(reactions), ['port → hebei', 'hebei → port'])
  assert.deepEqual(gaps(reactions), ['c party:nobody'])
})

test('an area binds inside itself, whether the clause or its condition names it', () => {
  const inArea = (areas: string[]) =>
    [law([duty({ areas })]), law([duty({ when: [{ event: 'incident.reported', areas }] })])].map(
      (one) => owes(react(reported(), view([one]))).length,
    )
  assert.deepEqual(inArea(['120116']), [1, 1])
  assert.deepEqual(inArea(['120000']), [1, 1])
  assert.deepEqual(inArea(['130000', '120101']), [0, 0])
})

test('a condition on the function asks for that of the obligation that the event belongs to', () => {
  const accepted = (functions: string[]): number => {
    const laws = [
      law([
        duty(),
        duty({ id: 'then', when: [{ event: 'obligation.accepted', functions }], once: 'event', owes: 'creditor', to: 'debtor' }),
      ]),
    ]
    const owed = owedState(first(react(reported(), view(laws))))
    const answer = event({ type: 'obligation.accepted', note: null }, { by: 'plant', stream: `obligation/${owed[0]}` })
    return owes(react(answer, view(laws, { obligations: [owed] }))).length
  }
  assert.deepEqual([['reporting'], ['rescue']].map(accepted), [1, 0])
})

test('what a clause says of answer, progress, rounds, gravity and phase stands in the obligation, reckoned from the event', () => {
  const laws = [
    law([
      duty({
        answerWithin: 'PT10M',
        progressEvery: 'PT2H',
        every: 'P1D',
        gravity: 1,
        phase: 'respond',
        quorum: 2,
        each: true,
        owes: 'function:government',
      }),
    ]),
  ]
  const [one] = owes(react(reported(), view(laws)))
  assert.equal(one?.answerBy, after(AT, 'PT10M'))
  assert.deepEqual(
    [one?.progressEvery, one?.every, one?.round, one?.gravity, one?.phase, one?.group?.quorum],
    ['PT2H', 'P1D', 1, 1, 'respond', 2],
  )
})

test('a resource clause and a disclosure clause bind like a duty', () => {
  const { kind: _, ...common } = duty({ id: 'r', act: 'ready', owes: 'function:health', to: 'government' })
  const resource: ResourceClause = {
    ...common,
    kind: 'resource',
    resource: { type: 'ambulance', words: words('救护车'), quantity: { value: 5, unit: '{vehicle}' } },
    limits: null,
  }
  assert.deepEqual(pairs(react(reported(), view([law([resource, climb()])]))), ['binhai-health → binhai'])
})

test('a condition with elapsed time makes the incident wait, and is owed then if it is still called for', () => {
  const clause = duty({
    id: 'wait',
    when: [
      { event: 'incident.reported', elapsed: 'PT2H', severity: 2 },
      { event: 'incident.reported', elapsed: 'PT2H' },
    ],
    evidence: [{ event: 'incident.headquarters-activated' }],
  })
  const laws = [law([clause])]
  const [waits] = react(reported({ position: '1' }), view(laws))
  assert.ok(waits?.command.type === 'incident.await')
  assert.equal(waits.command.at, after(AT, 'PT2H'))
  const { type: _, ...said } = waits.command
  const elapsed = event({ type: 'incident.elapsed', ...said }, { by: { kind: 'system', name: 'clock' }, at: said.at })
  const [owed] = owes(react(elapsed, view(laws)))
  assert.equal(owed?.dueAt, after(AT, 'PT3H'))
  assert.equal(owed?.trigger?.position, '1')
  const led: IncidentEvent = {
    type: 'incident.headquarters-activated',
    name: words('指挥部'),
    lead: 'binhai',
    members: ['binhai'],
    positions: [],
  }
  assert.deepEqual(owes(react(elapsed, view(laws, { incident: incidentWith(led) }))), [], 'what stands already is not demanded')
})

test('the incident hears of a wait once, when its time has come, and of nothing once it is closed', () => {
  const await_ = {
    type: 'incident.await',
    at: after(AT, 'PT2H'),
    obligationId: '01900000-0000-8000-8000-000000000001',
    owe: {},
    when: 0,
  } as const
  const by = (at: string) => ({ actor: { kind: 'system', name: 'clock' }, at, occurredAt: at, commandId: 'x' }) as const
  const stamp = { occurredAt: AT, recordedAt: AT, actor: 'system/clock', commandId: 'x' }
  const before = incidentWith()
  const decided = incidentDecider.decide(before, await_, by(AT))
  assert.ok(Array.isArray(decided) && decided.length === 1)
  const waiting = incidentDecider.evolve(before, decided[0] as IncidentEvent, stamp)
  assert.deepEqual(incidentDecider.decide(waiting, await_, by(AT)), [])
  const elapse = { type: 'incident.elapse', obligationId: await_.obligationId } as const
  assert.deepEqual(incidentDecider.decide(waiting, elapse, by(after(AT, 'PT1H'))), [])
  const [due] = incidentDecider.decide(waiting, elapse, by(after(AT, 'PT2H'))) as readonly IncidentEvent[]
  assert.equal(due?.type, 'incident.elapsed')
  const heard = due === undefined ? null : incidentDecider.evolve(waiting, due, stamp)
  assert.deepEqual(incidentDecider.decide(heard, elapse, by(after(AT, 'PT3H'))), [])
})

test('termination releases what rested on the instrument, and the end of the response what the response had made owed', () => {
  const laws = [
    law([onActivation({ id: 'a' }), duty({ id: 'b', when: [{ event: 'incident.response-set', level: 4 }] })], { id: 'plan' }),
    law([duty({ id: 'c' })], { id: 'law' }),
  ]
  const set: IncidentEvent = {
    type: 'incident.response-set',
    level: 3,
    from: null,
    scope: null,
    plan: null,
    text: 'x',
    organization: 'binhai',
  }
  const made = [activated('plan'), event(set, { by: 'binhai' }), reported()].flatMap((one) =>
    react(one, view(laws)).map((reaction) => owedState(reaction)),
  )
  const obligations = made.map(([id, state]) => [id, state] as const)
  const released = (ending: { type: string; [member: string]: unknown }): readonly string[] =>
    react(event(ending, { by: 'binhai' }), view(laws, { obligations, incident: incidentWith(set) })).flatMap(({ command, id }) =>
      command.type === 'obligation.release' ? [`${id.split('|')[3]} ${command.reason}`] : [],
    )
  assert.deepEqual(released({ type: 'incident.instrument-terminated', instrumentId: 'plan', reason: 'x' }).toSorted(), [
    'a instrument-terminated',
    'b instrument-terminated',
  ])
  assert.deepEqual(released({ type: 'incident.response-terminated', from: 3, reason: 'x' }), ['b response-terminated'])
})

test('an objective that covers the function is served by what is owed for it', () => {
  const [one] = owes(
    react(reported(), {
      ...view([law([duty()])]),
      objectives: [
        { id: 'o-1', functions: ['rescue'] },
        { id: 'o-2', functions: ['reporting'] },
      ],
    }),
  )
  assert.equal(one?.objectiveId, 'o-2')
})

test('an event costs what it concerns: ten thousand clauses that wait for something else are not asked', () => {
  const others = Array.from({ length: 10_000 }, (_, i) => duty({ id: `d-${i}`, when: [{ event: 'incident.noted', kinds: [`kind-${i}`] }] }))
  const seen = view([law([...others, duty({ id: 'mine', when: [{ event: 'incident.noted', kinds: ['arrive'] }] })])], {
    entries: [...ENTRIES, entry('x', '120116', null)],
  })
  assert.equal(seen.rules.on({ event: 'incident.noted', jurisdiction: '120116', sort: 'arrive' }).length, 1)
  assert.equal(discharged(react(noted('arrive'), seen)).length, 0)
})
