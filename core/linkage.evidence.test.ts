import assert from 'node:assert/strict'
import { test } from 'node:test'
import { duty, law, view, reported, noted, filed, owes, pairs, discharged, owedState, first } from './linkage.given.ts'
import { react } from './linkage.ts'

test('what is asked for is owed by each who is asked, to who asks', () => {
  const laws = [
    law([
      duty({
        id: 'answer',
        when: [{ event: 'incident.noted', kinds: ['information-requested'], by: 'anyone' }],
        once: 'event',
        owes: 'target',
        to: 'actor',
        act: 'inform',
        evidence: [{ event: 'incident.noted', kinds: ['information-provided'] }],
      }),
    ]),
  ]
  const asked = noted('information-requested', { target: ['plant', 'port'], subject: 'substance-list' }, { by: 'binhai-fire' })
  const reactions = react(asked, view(laws))
  assert.deepEqual(pairs(reactions), ['plant → binhai-fire', 'port → binhai-fire'])
  assert.deepEqual(
    owes(reactions).map((one) => one.subject),
    ['substance-list', 'substance-list'],
  )
})

test('an answer discharges what it is about, and nothing that was asked about something else', () => {
  const laws = [
    law([
      duty({
        id: 'answer',
        when: [{ event: 'incident.noted', kinds: ['information-requested'], by: 'anyone' }],
        once: 'event',
        owes: 'target',
        to: 'actor',
        evidence: [{ event: 'incident.noted', kinds: ['information-provided'], complete: true }],
      }),
    ]),
  ]
  const [list, map] = ['substance-list', 'site-map'].map((subject) =>
    owedState(first(react(noted('information-requested', { target: ['plant'], subject }), view(laws)))),
  )
  assert.ok(list && map)
  const situation = view(laws, { obligations: [list, map] })
  assert.deepEqual(discharged(react(noted('information-provided', { subject: 'substance-list' }, { by: 'plant' }), situation)), [list[0]])
  assert.deepEqual(
    discharged(react(noted('information-provided', { subject: 'substance-list', complete: false }, { by: 'plant' }), situation)),
    [],
    'an incomplete list is none',
  )
  assert.deepEqual(
    discharged(react(noted('information-requested', { target: ['plant'], subject: 'site-map' }, { by: 'plant' }), situation)),
    [],
  )
})

test('evidence comes from the debtor, or from whoever is below him', () => {
  const laws = [law([duty({ evidence: [{ event: 'incident.noted', kinds: ['cordon'] }] })])]
  const situation = view(laws, { obligations: [owedState(first(react(reported(), view(laws))))] })
  assert.equal(discharged(react(noted('cordon', {}, { by: 'plant' }), situation)).length, 1)
  assert.equal(discharged(react(noted('cordon', {}, { by: 'plant-crew' }), situation)).length, 1)
  assert.equal(discharged(react(noted('cordon', {}, { by: 'port' }), situation)).length, 0, 'not from his superior')
  assert.equal(discharged(react(noted('cordon', {}, { by: 'hebei' }), situation)).length, 0)
  assert.equal(
    discharged(react(noted('cordon', { organization: 'plant' }, { by: 'hebei' }), situation)).length,
    1,
    'who did it counts, not who noted it',
  )
})

test('where the clause takes evidence from anyone, it says who delivered it', () => {
  const laws = [law([duty({ evidence: [{ event: 'incident.noted', kinds: ['cordon'], by: 'anyone' }] })])]
  const situation = view(laws, { obligations: [owedState(first(react(reported(), view(laws))))] })
  const reaction = first(react(noted('cordon', {}, { by: 'hebei', position: '99', at: '2026-07-01T08:10:00.000Z' }), situation))
  assert.deepEqual(reaction.command, { type: 'obligation.discharge', evidence: 'x', eventPosition: '99', deliveredBy: 'hebei' })
  assert.deepEqual([reaction.basis, reaction.occurredAt], ['law@1#report', '2026-07-01T08:10:00.000Z'])
})

test("where the clause names whose evidence counts, nobody else's does", () => {
  const laws = [law([duty({ evidence: [{ event: 'incident.noted', kinds: ['cordon'], by: 'function:health' }] })])]
  const situation = view(laws, { obligations: [owedState(first(react(reported(), view(laws))))] })
  assert.equal(discharged(react(noted('cordon', {}, { by: 'binhai-health' }), situation)).length, 1)
  assert.equal(discharged(react(noted('cordon', {}, { by: 'plant' }), situation)).length, 0)
})

test('a report discharges what is owed to whom it was sent or to anyone below: Emergency Response Law art. 17 lets a level be skipped', () => {
  const laws = [law([duty()])] // the plant owes Binhai a report
  const situation = view(laws, { obligations: [owedState(first(react(reported(), view(laws))))] })
  const sentTo = (to: string | null): number => discharged(react(filed('plant', to), situation)).length
  assert.deepEqual(['binhai', 'tianjin', 'state'].map(sentTo), [1, 1, 1])
  assert.deepEqual(['binhai-health', 'hebei', 'port'].map(sentTo), [0, 0, 0])
  assert.equal(sentTo(null), 1, 'to all')
})

test('what is settled is not discharged again, and no event proves what it made owed itself', () => {
  const laws = [law([duty({ evidence: [{ event: 'incident.reported', by: 'anyone' }] })])]
  const trigger = reported()
  const [id, state] = owedState(first(react(trigger, view(laws))))
  assert.deepEqual(discharged(react(trigger, view(laws, { obligations: [[id, state]] }))), [])
  assert.equal(discharged(react(reported(), view(laws, { obligations: [[id, state]] }))).length, 1)
  for (const status of ['discharged', 'waived'] as const)
    assert.deepEqual(discharged(react(reported(), view(laws, { obligations: [[id, { ...state, status }]] }))), [])
  for (const status of ['accepted', 'declined'] as const)
    assert.equal(discharged(react(reported(), view(laws, { obligations: [[id, { ...state, status }]] }))).length, 1)
})

test('a discharge comes before what the same event makes owed', () => {
  const laws = [
    law([duty(), duty({ id: 'forward', when: [{ event: 'sitrep.filed' }], once: 'event', owes: 'recipient', to: 'recipient@superior' })]),
  ]
  const owed = owedState(first(react(reported(), view(laws))))
  const reactions = react(filed('plant', 'binhai'), view(laws, { obligations: [owed] }))
  assert.deepEqual(
    reactions.map(({ command }) => command.type),
    ['obligation.discharge', 'obligation.owe'],
  )
  assert.deepEqual(pairs(reactions), ['binhai → tianjin'])
})
