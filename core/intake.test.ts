import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Refusal, type By } from './decider.ts'
import { actorText, systemActor, type Actor } from './event.ts'
import {
  awaiting,
  intake,
  intakeParties,
  IntakeCommand,
  isUnhandled,
  statusOf,
  type IntakeCommand as Command,
  type Report,
} from './intake.ts'

const DESK = '11111111-1111-7111-8111-111111111111'
const STREET = '22222222-2222-7222-8222-222222222222'
const WATER = '33333333-3333-7333-8333-333333333333'
const DUTY = '44444444-4444-7444-8444-444444444444'
const OTHER = '55555555-5555-7555-8555-555555555555'
const postOf = (organizationId: string): Actor => ({ kind: 'post', postId: OTHER, organizationId })
const REPORTER = systemActor('intake')
const LINKAGE = systemActor('linkage')

const TAKE: Command = {
  type: 'intake.take-down',
  text: '村口公路塌方，有车被埋',
  place: { name: '石门村村口', lat: null, lon: null },
  hazard: 'landslide',
  haste: 'now',
  people: '两人',
  channel: 'phone',
  originalAt: '2026-07-01T08:00:00.000Z',
  zone: 'Asia/Shanghai',
  jurisdiction: '120116',
  number: 'R-2026-120116-0001',
  contactId: null,
  codeHash: null,
}

/** One report, told one thing after another; a minute passes each time. */
class Told {
  state: Report | null = null
  #minute = 10
  say(command: Command, actor: Actor = postOf(DESK)): string {
    const at = `2026-07-01T08:${this.#minute++}:00.000Z`
    const by: By = { actor, at, occurredAt: at, commandId: OTHER }
    const outcome = intake.decide(this.state, command, by)
    if (outcome instanceof Refusal) return outcome.code
    const stamp = { occurredAt: at, recordedAt: at, actor: actorText(actor), commandId: OTHER }
    for (const event of outcome) this.state = intake.evolve(this.state, event, stamp)
    return outcome.map((event) => event.type).join()
  }
  get now(): Report {
    return this.state ?? assert.fail('nothing was taken down')
  }
}
const taken = (): Told => {
  const told = new Told()
  assert.equal(told.say(TAKE), 'intake.taken-down')
  return told
}
const FORWARD: Command = { type: 'intake.forward', to: WATER, reason: '河堤归水务', beyond: 'function', obligationId: DUTY }

describe('a report that is taken down', () => {
  test('keeps the time when it was seen apart from the time when it was entered', () => {
    const { now } = taken()
    assert.deepEqual([now.originalAt, now.enteredAt], ['2026-07-01T08:00:00.000Z', '2026-07-01T08:10:00.000Z'])
    assert.equal(now.clockAhead, false)
  })

  test('by a clock that is ahead is taken all the same, as seen when we heard of it, and says so', () => {
    const told = new Told()
    told.say({ ...TAKE, originalAt: '2026-07-02T08:00:00.000Z' })
    assert.deepEqual([told.now.originalAt, told.now.clockAhead], ['2026-07-01T08:10:00.000Z', true])
  })

  test('is handled by whoever took it down, whatever the command says', () => {
    const told = new Told()
    told.say({ ...TAKE, handler: WATER }, postOf(STREET))
    assert.deepEqual([told.now.handler, intakeParties(told.now)], [STREET, [STREET]])
  })

  test('needs a place, in words or as a point with both coordinates', () => {
    const place = (spot: unknown): boolean => IntakeCommand.safeParse({ ...TAKE, place: spot }).success
    assert.equal(place({ name: null, lat: null, lon: null }), false)
    assert.equal(place({ name: '村口', lat: 39, lon: null }), false)
    assert.equal(place({ name: null, lat: 39, lon: 117 }), true)
    assert.equal(place({ name: '村口', lat: null, lon: null }), true)
  })

  test('holds no way to call back: of a contact the log knows only that there is one', () => {
    const told = new Told()
    told.say({ ...TAKE, contact: '13800000000', code: '7KQ29MZX4T0B' })
    assert.ok(!JSON.stringify(told.now).includes('13800000000'))
    assert.ok(!JSON.stringify(told.now).includes('7KQ29MZX4T0B'))
  })

  test('is unhandled until a person does something about it', () => {
    const told = taken()
    assert.ok(isUnhandled(told.now))
    told.say({ type: 'intake.verify', text: '经村委会核实' })
    assert.deepEqual([isUnhandled(told.now), statusOf(told.now), told.now.firstHandledAt], [false, 'verified', '2026-07-01T08:11:00.000Z'])
  })
})

describe('a report that is passed on (Emergency Response Law art. 60)', () => {
  test('stays with the forwarder until the receiver accepts', () => {
    const told = taken()
    assert.equal(told.say(FORWARD), 'intake.forwarded')
    assert.deepEqual([statusOf(told.now), told.now.handler, awaiting(told.now)?.to], ['forwarded', DESK, WATER])
    assert.equal(told.say({ type: 'intake.close', outcome: 'handled', text: '已转' }), 'intake.awaits-receiver')
    told.say({ type: 'intake.hear', obligationId: DUTY, answer: 'accepted', reason: null }, LINKAGE)
    assert.deepEqual([statusOf(told.now), told.now.handler, awaiting(told.now)], ['received', WATER, null])
    assert.deepEqual(intakeParties(told.now), [WATER, DESK])
  })

  test('comes back when the receiver declines, and stands among the unhandled again', () => {
    const told = taken()
    told.say(FORWARD)
    assert.ok(!isUnhandled(told.now))
    told.say({ type: 'intake.hear', obligationId: DUTY, answer: 'declined', reason: '不在我局管辖' }, LINKAGE)
    assert.deepEqual([told.now.handler, told.now.forwards[0]?.answerReason, isUnhandled(told.now)], [DESK, '不在我局管辖', true])
    assert.equal(told.say({ ...FORWARD, to: STREET, obligationId: OTHER }), 'intake.forwarded')
  })

  test('is closed when the receiver has done what it took on', () => {
    const told = taken()
    told.say(FORWARD)
    told.say({ type: 'intake.hear', obligationId: DUTY, answer: 'accepted', reason: null }, LINKAGE)
    told.say({ type: 'intake.hear', obligationId: DUTY, answer: 'discharged', reason: '已清淤' }, LINKAGE)
    assert.deepEqual([statusOf(told.now), told.now.outcomeText], ['closed', '已清淤'])
  })

  test('is not passed on to its handler, to two at once, or to be answered in the past', () => {
    const told = taken()
    assert.equal(told.say({ ...FORWARD, to: DESK }), 'intake.forwarded-to-handler')
    assert.equal(told.say({ ...FORWARD, answerBy: '2026-07-01T08:00:00.000Z' }), 'intake.answer-in-past')
    told.say(FORWARD)
    assert.equal(told.say({ ...FORWARD, to: STREET }), 'intake.awaits-receiver')
  })

  test('found unfounded, it lets off whoever was asked', () => {
    const told = taken()
    told.say(FORWARD)
    const outcome = intake.decide(
      told.now,
      { type: 'intake.mark-unfounded', reason: '虚警' },
      { actor: postOf(DESK), at: '2026-07-01T09:00:00.000Z', occurredAt: '2026-07-01T09:00:00.000Z', commandId: OTHER },
    )
    assert.ok(!(outcome instanceof Refusal))
    assert.deepEqual(
      outcome.map((event) => (event.type === 'intake.marked-unfounded' ? event.releases : [])),
      [[DUTY]],
    )
  })
})

describe('duplicates', () => {
  test('are merged by a person and separated again, and then not proposed any more', () => {
    const told = taken()
    told.say({ type: 'intake.merge', into: OTHER })
    assert.deepEqual([statusOf(told.now), told.now.mergedInto], ['merged', OTHER])
    assert.equal(told.say({ type: 'intake.verify', text: '属实' }), 'intake.already-merged')
    told.say({ type: 'intake.separate', reason: '两处塌方' })
    assert.deepEqual([told.now.mergedInto, told.now.apart], [null, [OTHER]])
    assert.equal(told.say({ type: 'intake.separate', reason: '两处塌方' }), 'intake.not-merged')
  })

  test('one that somebody was asked to handle is not merged away', () => {
    const told = taken()
    told.say(FORWARD)
    assert.equal(told.say({ type: 'intake.merge', into: OTHER }), 'intake.merge-forwarded')
  })
})

describe('a reporter who writes again', () => {
  test('opens what was closed', () => {
    const told = taken()
    told.say({ type: 'intake.close', outcome: 'no-action', text: '已自行疏通' })
    assert.equal(statusOf(told.now), 'closed')
    told.say({ type: 'intake.add', text: '又塌了' }, REPORTER)
    assert.deepEqual([statusOf(told.now), isUnhandled(told.now), told.now.additions[0]?.byReporter], ['received', true, true])
  })

  test('is heard though the report was found unfounded or merged', () => {
    const told = taken()
    told.say({ type: 'intake.mark-unfounded', reason: '现场未见' })
    told.say({ type: 'intake.add', text: '在桥的另一侧' }, REPORTER)
    assert.deepEqual([statusOf(told.now), isUnhandled(told.now)], ['received', true])
    told.say({ type: 'intake.merge', into: OTHER })
    told.say({ type: 'intake.add', text: '水位上涨' }, REPORTER)
    assert.ok(isUnhandled(told.now))
  })

  test('does not open it when it was the desk that added something', () => {
    const told = taken()
    told.say({ type: 'intake.close', outcome: 'handled', text: '已处理' })
    told.say({ type: 'intake.add', text: '补记' })
    assert.equal(statusOf(told.now), 'closed')
  })
})

test('what is personal is destroyed only when it is needed no more (art. 85), and the report itself stays', () => {
  const told = taken()
  assert.equal(told.say({ type: 'intake.forget', reason: '期满' }), 'intake.still-needed')
  told.say({ type: 'intake.close', outcome: 'handled', text: '已处理' })
  assert.equal(told.say({ type: 'intake.forget', reason: '期满' }), 'intake.forgotten')
  assert.deepEqual([told.now.contactId, told.now.text], [null, '村口公路塌方，有车被埋'])
  assert.equal(told.say({ type: 'intake.forget', reason: '期满' }), 'intake.already-forgotten')
})
