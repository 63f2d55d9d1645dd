import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Actor } from './event.ts'
import { given } from './given.ts'
import {
  contradictionsOf,
  information,
  InformationCommand,
  partsOf,
  questionKey,
  questionName,
  settledOf,
  sidesOf,
  type Information,
  type InformationEvent,
} from './information.ts'

const id = (digit: string): string => `0190000${digit}-0000-7000-8000-000000000000`
const [EMB, HEALTH, FIRE, RED_CROSS, TEAM] = [id('1'), id('2'), id('3'), id('4'), id('5')] as const
const INCIDENT = id('a')
const at = (minute: number): string => `2026-07-01T08:${String(minute).padStart(2, '0')}:00.000Z`
const by = (organizationId: string): Actor => ({ kind: 'post', postId: id('9'), organizationId })

type Step = readonly [command: Record<string, unknown>, who: string, minute: number]
let made = 0
/** What a row of commands comes to: the state and every event, each command given by its organization at its minute. */
function after(...steps: readonly Step[]): {
  readonly state: Information
  readonly events: readonly InformationEvent[]
  readonly refused: string | null
} {
  let events: readonly InformationEvent[] = []
  let refused: string | null = null
  let state: Information | null = null
  for (const [body, who, minute] of steps) {
    const command = InformationCommand.parse(body)
    const outcome = information.decide(state, command, {
      actor: by(who),
      at: at(minute),
      occurredAt: at(minute),
      commandId: `command-${++made}`,
    })
    if (!Array.isArray(outcome)) {
      refused = (outcome as { code: string }).code
      continue
    }
    const stamp = { occurredAt: at(minute), recordedAt: at(minute), actor: `post/p/${who}`, commandId: `command-${made}` }
    state = outcome.reduce<Information | null>((folded, event) => information.evolve(folded, event, stamp), state)
    events = [...events, ...outcome]
  }
  return { state: state ?? assert.fail('nothing was said'), events, refused }
}
const says = (value: number | string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  type: 'information.assert',
  incidentId: INCIDENT,
  key: 'dead',
  value,
  unit: null,
  source: '指挥中心',
  confidence: 'reported',
  jurisdiction: '120116',
  ...more,
})
const deliver = (...to: readonly string[]): Record<string, unknown> => ({ type: 'information.deliver', to, complete: true })
const reconcile = (value: number, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  type: 'information.reconcile',
  value,
  unit: null,
  reason: '逐人核对',
  ...more,
})
const corrections = (events: readonly InformationEvent[]): readonly string[] =>
  events.flatMap((event) => (event.type === 'information.delivered' && event.cause === 'correction' ? event.to : []))
const X = id('b')

describe('what sources say stands side by side', () => {
  test('two current words that differ are a contradiction until somebody answerable reconciles them', () => {
    const both = after([says(3), FIRE, 1], [says(5), HEALTH, 2])
    assert.deepEqual(contradictionsOf(both.state), [{ kind: 'differ', scope: null }])
    assert.equal(settledOf(both.state), null)
    assert.deepEqual(
      sidesOf(both.state, null).map((one) => one.value),
      [3, 5],
    )
    const done = after([says(3), FIRE, 1], [says(5), HEALTH, 2], [reconcile(5), EMB, 3])
    assert.deepEqual([contradictionsOf(done.state), settledOf(done.state)?.value], [[], 5])
    assert.deepEqual(
      done.state.assertions.map((one) => [one.value, one.status, one.ending]),
      [
        [3, 'struck', '逐人核对'],
        [5, 'current', null],
      ],
    )
  })

  test('the same number in other clothes is no contradiction: no unit or persons, text or figure', () => {
    const { state } = after([says(3), FIRE, 1], [says('3', { unit: '{person}' }), HEALTH, 2], [says(3, { unit: '人' }), EMB, 3])
    assert.deepEqual([contradictionsOf(state), settledOf(state)?.value], [[], 3])
    assert.equal(contradictionsOf(after([says(3, { unit: 'km' }), FIRE, 1], [says(3, { unit: 'm' }), EMB, 2]).state).length, 1)
  })

  test('a newer word of the same organization takes the place of its own older one and of no other', () => {
    const { state } = after([says(1), FIRE, 1], [says(2), HEALTH, 2], [says(2), FIRE, 3])
    assert.deepEqual(
      state.assertions.map((one) => [one.saidBy, one.value, one.status]),
      [
        [FIRE, 1, 'superseded'],
        [HEALTH, 2, 'current'],
        [FIRE, 2, 'current'],
      ],
    )
    assert.deepEqual(contradictionsOf(state), [])
  })

  test('what one officer takes down from two sources stays two words', () => {
    const from = (source: string): Record<string, unknown> => ({ saidBy: null, source })
    const { state } = after([says(3, from('医院电话')), EMB, 1], [says(5, from('派出所电话')), EMB, 2])
    assert.equal(contradictionsOf(state).length, 1)
    const own = after([says(3, { source: '一号电话' }), EMB, 1], [says(5, { source: '二号电话' }), EMB, 2])
    assert.equal(contradictionsOf(own.state).length, 1, 'of itself, too, where the sources differ')
    assert.deepEqual(
      contradictionsOf(after([says(3, { source: '一号电话' }), EMB, 1], [says(5, { source: '核定', replaces: 'own' }), EMB, 2]).state),
      [],
    )
  })

  test('what is heard late about an earlier time does not push aside what is newer', () => {
    const { state } = after([says(5, { asOf: at(20) }), FIRE, 21], [says(2, { asOf: at(5) }), FIRE, 25])
    assert.equal(settledOf(state)?.value, 5)
    assert.deepEqual(
      state.assertions.map((one) => one.status),
      ['current', 'superseded'],
    )
  })

  test('a value found to hold is itself contradicted by a newer word of another, and followed by one of its own finder', () => {
    const past: readonly Step[] = [
      [says(3), FIRE, 1],
      [says(5), HEALTH, 2],
      [reconcile(5), EMB, 3],
    ]
    assert.equal(contradictionsOf(after(...past, [says(6), HEALTH, 9]).state).length, 1)
    assert.equal(settledOf(after([says(5), HEALTH, 2], [says(3), FIRE, 2], [reconcile(5), EMB, 3], [says(5), HEALTH, 9]).state)?.value, 5)
    const followed = after([says(3), FIRE, 1], [says(5), EMB, 2], [reconcile(5), EMB, 3], [says(7, { source: '指挥中心' }), EMB, 9])
    assert.deepEqual([settledOf(followed.state)?.value, followed.state.reconciliations[0]?.holds], [7, false])
  })

  test('a correction keeps what was said before, whole; a withdrawal keeps it with its reason', () => {
    const correct = {
      type: 'information.correct',
      assertion: X,
      value: 4,
      unit: null,
      source: '复核',
      confidence: 'confirmed',
      reason: '一人重复登记',
    }
    const { state } = after([says(5, { assertion: X }), FIRE, 1], [correct, FIRE, 4])
    const [one] = state.assertions
    assert.deepEqual([one?.value, one?.replaced.map((old) => [old.value, old.source, old.reason])], [4, [[5, '指挥中心', '一人重复登记']]])
    const gone = after([says(5, { assertion: X }), FIRE, 1], [{ type: 'information.withdraw', assertion: X, reason: '误报' }, FIRE, 2])
    assert.deepEqual(
      [gone.state.assertions[0]?.status, gone.state.assertions[0]?.ending, settledOf(gone.state)],
      ['withdrawn', '误报', null],
    )
  })

  test('what is wrong is refused: the future, another question, nothing to reconcile, nothing corrected', () => {
    const refused = (...steps: readonly Step[]): string | null => after(...steps).refused
    assert.equal(refused([says(1), FIRE, 1], [says(2, { asOf: at(50) }), FIRE, 2]), 'information.in-future')
    assert.equal(refused([says(1), FIRE, 1], [says(2, { key: 'missing' }), FIRE, 2]), 'information.other-question')
    assert.equal(refused([says(1), FIRE, 1], [reconcile(1), EMB, 2]), 'information.nothing-to-reconcile')
    assert.equal(
      refused([says(1, { assertion: X }), FIRE, 1], [{ type: 'information.withdraw', assertion: id('c'), reason: 'x' }, FIRE, 2]),
      'information.no-such-assertion',
    )
    assert.equal(refused([says(1), FIRE, 1], [deliver(FIRE), FIRE, 2]), 'information.to-oneself')
    assert.equal(refused([says(1), FIRE, 1], [{ type: 'information.receipt' }, HEALTH, 2]), 'information.nothing-to-receipt')
    assert.deepEqual(given(information).when(InformationCommand.parse(deliver(FIRE))), { refused: 'information.unknown' })
  })

  test('several names of one question are one question', () => {
    assert.equal(questionKey('deaths'), 'dead')
    assert.equal(questionName(INCIDENT, 'people-trapped'), questionName(INCIDENT, 'trapped'))
    assert.equal(after([says(1, { key: 'deaths' }), FIRE, 1]).state.key, 'dead')
  })
})

describe('counts by source are never silently summed', () => {
  const part = (scope: string, value: number, apart = false): Record<string, unknown> => says(value, { key: 'injured', scope, apart })

  test('parts that nobody said to be apart are flagged and not added up', () => {
    const { state } = after([part('滨海医院', 4, true), HEALTH, 1], [part('120中心', 6), HEALTH, 2])
    assert.deepEqual(partsOf(state), {
      parts: [
        { scope: '120中心', value: 6, apart: false },
        { scope: '滨海医院', value: 4, apart: true },
      ],
      sum: null,
      overlapping: ['120中心'],
    })
    assert.deepEqual(contradictionsOf(state), [], 'a part does not contradict another part')
  })

  test('parts that are all apart have a sum; a contradicted part takes it away', () => {
    const both: readonly Step[] = [
      [part('滨海医院', 4, true), HEALTH, 1],
      [part('泰达医院', 6, true), HEALTH, 2],
    ]
    assert.equal(partsOf(after(...both).state).sum, 10)
    assert.equal(partsOf(after(...both, [part('泰达医院', 7, true), FIRE, 3]).state).sum, null)
  })

  test('more in a part than in the whole is a contradiction', () => {
    const { state } = after([says(3, { key: 'injured' }), EMB, 1], [part('滨海医院', 4), HEALTH, 2])
    assert.deepEqual(contradictionsOf(state), [{ kind: 'part-exceeds-whole', scope: '滨海医院', part: 4, whole: 3 }])
  })
})

describe('corrections reach everyone who received the wrong one', () => {
  const correct = (value: number): Record<string, unknown> => ({
    type: 'information.correct',
    assertion: X,
    value,
    unit: null,
    source: '复核',
    confidence: 'confirmed',
    reason: '重复登记',
  })

  test('and nobody else: who got the right one, or was told since', () => {
    const { events } = after(
      [says(3, { assertion: X }), FIRE, 1],
      [deliver(HEALTH, RED_CROSS), FIRE, 2],
      [says(5), EMB, 3],
      [deliver(TEAM), FIRE, 4], // was given 3 and 5, side by side
      [reconcile(3), EMB, 5],
    )
    assert.deepEqual(corrections(events), [TEAM], 'those who had only 3 had the right one')
    const wrong = after(
      [says(3, { assertion: X }), FIRE, 1],
      [deliver(HEALTH, RED_CROSS), FIRE, 2],
      [correct(4), FIRE, 3],
      [deliver(TEAM), FIRE, 4],
    )
    assert.deepEqual(corrections(wrong.events), [HEALTH, RED_CROSS])
    const again = after(
      [says(3, { assertion: X }), FIRE, 1],
      [deliver(HEALTH), FIRE, 2],
      [correct(4), FIRE, 3],
      [deliver(TEAM), FIRE, 4],
      [correct(5), FIRE, 5],
    )
    assert.deepEqual(corrections(again.events), [HEALTH, HEALTH, TEAM], 'whoever had the 4 is told of the 5')
  })

  test('what they are told is what stands now, and their receipt is open again', () => {
    const { state } = after(
      [says(3), FIRE, 1],
      [says(5), HEALTH, 1],
      [deliver(TEAM), FIRE, 2],
      [{ type: 'information.receipt' }, TEAM, 3],
      [reconcile(4, { reason: '一人重复' }), EMB, 5],
    )
    const [first, second] = state.deliveries
    assert.deepEqual(
      [first?.receiptAt, second?.cause, second?.receiptAt, second?.said.map((one) => one.value)],
      [at(3), 'correction', null, [4]],
    )
  })

  test('a newer count is no correction, nor is another source for the same number', () => {
    const { events } = after([says(3, { assertion: X }), FIRE, 1], [deliver(TEAM), FIRE, 2], [says(5), FIRE, 9])
    assert.deepEqual(corrections(events), [])
    const same = after([says(3, { assertion: X }), FIRE, 1], [deliver(TEAM), FIRE, 2], [correct(3), FIRE, 3])
    assert.deepEqual(corrections(same.events), [])
  })

  test('a withdrawn word is told of, too', () => {
    const { events } = after(
      [says(3, { assertion: X }), FIRE, 1],
      [deliver(TEAM, RED_CROSS), FIRE, 2],
      [{ type: 'information.withdraw', assertion: X, reason: '误报' }, FIRE, 3],
    )
    assert.deepEqual(corrections(events), [TEAM, RED_CROSS])
  })

  test('what was given stays given: the same twice is refused, a change is given anew', () => {
    assert.equal(after([says(3), FIRE, 1], [deliver(TEAM), FIRE, 2], [deliver(TEAM), FIRE, 3]).refused, 'information.already-delivered')
    const { state } = after([says(3), FIRE, 1], [deliver(TEAM), FIRE, 2], [says(4), FIRE, 3], [deliver(TEAM, HEALTH), FIRE, 4])
    assert.deepEqual(
      state.deliveries.map((one) => one.to),
      [TEAM, TEAM, HEALTH],
    )
  })
})

describe('public releases that stated a figure', () => {
  const released = (value: number): InformationCommand => ({ type: 'information.note-release', release: X, value, unit: null })

  test('are named once when it is reconciled to another', () => {
    const { state } = after([says(3), FIRE, 1])
    const stamp = { occurredAt: at(2), recordedAt: at(2), actor: 'system/linkage', commandId: 'x' }
    const system = { actor: { kind: 'system', name: 'linkage' }, at: at(2), occurredAt: at(2), commandId: 'x' } as const
    const told = information.decide(state, released(3), system)
    assert.ok(Array.isArray(told) && told.length === 1)
    const known = (told as readonly InformationEvent[]).reduce<Information | null>(
      (folded, event) => information.evolve(folded, event, stamp),
      state,
    )
    const by = { actor: { kind: 'post', postId: id('9'), organizationId: EMB }, at: at(5), occurredAt: at(5), commandId: 'y' } as const
    const outcome = information.decide(known, InformationCommand.parse(reconcile(4)), by) as readonly InformationEvent[]
    assert.deepEqual(
      outcome.filter((event) => event.type === 'information.release-outdated'),
      [{ type: 'information.release-outdated', release: X, key: 'dead', stated: 3, value: 4, unit: null }],
    )
    const after4 = outcome.reduce<Information | null>((folded, event) => information.evolve(folded, event, stamp), known)
    const again = information.decide(after4, InformationCommand.parse(reconcile(6)), by) as readonly InformationEvent[]
    assert.deepEqual(
      again.filter((event) => event.type === 'information.release-outdated'),
      [],
    )
  })

  test('are named at once when the figure changed between its check and its going out', () => {
    const { state } = after([says(4), FIRE, 1])
    const system = { actor: { kind: 'system', name: 'linkage' }, at: at(2), occurredAt: at(2), commandId: 'x' } as const
    const outcome = information.decide(state, released(3), system) as readonly InformationEvent[]
    assert.deepEqual(
      outcome.map((event) => event.type),
      ['information.released', 'information.release-outdated'],
    )
  })
})
