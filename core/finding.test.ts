import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { may, type Doer } from './authority.ts'
import type { Power } from './directory/post.ts'
import { Relations } from './directory/relations.ts'
import type { Actor } from './event.ts'
import {
  AFTER,
  finding,
  FindingCommand,
  findingThing,
  ladderOf,
  nextFindingTimer,
  type Finding,
  type FindingEvent,
  type Stage,
} from './finding.ts'
import { given } from './given.ts'
import { entry } from './linkage.given.ts'
import { after, durationMs } from './time.ts'

const id = (digit: string): string => `0190000${digit}-0000-7000-8000-000000000000`
const [SUBJECT, CREDITOR, DISTRICT, CITY, NATION] = [id('1'), id('2'), id('3'), id('4'), id('5')] as const
const MISSED = '2026-07-01T08:00:00.000Z'
const at = (duration: string): string => after(MISSED, duration)

const by = (organizationId: string): Actor => ({ kind: 'post', postId: id('9'), organizationId })
const ladder = (gravity: 1 | 2 | 3 | 4 = 3): readonly Stage[] =>
  ladderOf({ gravity, missedAt: MISSED, from: MISSED, subject: SUBJECT, supervisor: DISTRICT, rungs: [], superior: DISTRICT })

const raise = FindingCommand.parse({
  type: 'finding.raise',
  obligationId: id('a'),
  incidentId: null,
  jurisdiction: '120116',
  subject: SUBJECT,
  creditor: CREDITOR,
  supervisor: DISTRICT,
  kind: 'lapsed',
  gravity: 3,
  basis: null,
  actWords: { 'zh-CN': '报告', en: 'report' },
  missedAt: MISSED,
  ladder: ladder(),
})
const [raised = assert.fail('nothing was raised')] = given(finding).when(raise, {
  at: '2026-07-01T07:00:00.000Z',
}) as readonly FindingEvent[]

/** The events one after another, each at its own time and by whom; the decider folds them as the server would. */
function after_(...events: readonly (readonly [event: FindingEvent, at: string, organization?: string])[]) {
  let state: Finding | null = finding.initial
  for (const [event, recordedAt, organization] of [[raised, MISSED] as const, ...events]) {
    const actor = organization === undefined ? 'system/clock' : `post/${id('9')}/${organization}`
    state = finding.evolve(state, event, { occurredAt: recordedAt, recordedAt, actor, commandId: id('c') })
  }
  const folded = state
  return {
    state: folded,
    when: (command: FindingCommand, time: string, organization = DISTRICT) => {
      const outcome = finding.decide(folded, command, { actor: by(organization), at: time, occurredAt: time, commandId: id('c') })
      return 'code' in outcome ? outcome.code : outcome
    },
  }
}
const climbed = (index: number): FindingEvent => {
  const stage = ladder()[index]
  assert.ok(stage)
  return stage.step === 'interview' || stage.step === 'sanction'
    ? { type: 'finding.measure-due', index, step: stage.step, to: stage.to }
    : { type: 'finding.climbed', index, step: stage.step, to: stage.to, clauseId: null }
}
const REMINDED = [climbed(0), MISSED] as const
const URGED = [climbed(1), at('PT2H')] as const
const SUPERIOR = [climbed(2), at('PT12H')] as const

describe('the ladder', () => {
  test('runs reminder, urging, superior, interview, proposal of sanction, at instants that only age and gravity set', () => {
    assert.deepEqual(
      ladder().map(({ step, at: when, to }) => [step, when, to]),
      [
        ['reminder', MISSED, SUBJECT],
        ['urging', at('PT2H'), SUBJECT],
        ['superior', at('PT12H'), DISTRICT],
        ['interview', at('P3D'), DISTRICT],
        ['sanction', at('P7D'), DISTRICT],
      ],
    )
  })

  test('is quicker for what is graver, at every step', () => {
    for (const step of ['urging', 'superior', 'interview', 'sanction'] as const)
      for (const gravity of [1, 2, 3] as const)
        assert.ok(durationMs(AFTER[gravity][step]) < durationMs(AFTER[(gravity + 1) as 2 | 3 | 4][step]), `${step} ${gravity}`)
  })

  test("takes the clause's own time and superiors where an escalation clause names them, and never urges after the superior was told", () => {
    const rungs = [
      { at: at('PT30M'), to: DISTRICT, clauseId: 'supervise' },
      { at: at('PT3H'), to: CITY, clauseId: 'supervise' },
    ]
    const steps = ladderOf({
      gravity: 3,
      missedAt: MISSED,
      from: MISSED,
      subject: SUBJECT,
      supervisor: DISTRICT,
      rungs,
      superior: DISTRICT,
    })
    assert.deepEqual(
      steps.slice(1, 4).map((stage) => [stage.step, stage.at, stage.to, stage.clauseId]),
      [
        ['urging', at('PT30M'), SUBJECT, null],
        ['superior', at('PT30M'), DISTRICT, 'supervise'],
        ['superior', at('PT3H'), CITY, 'supervise'],
      ],
    )
    assert.deepEqual(
      steps.slice(4).map((stage) => stage.to),
      [CITY, CITY],
    )
    assert.deepEqual(
      steps.map((stage) => stage.at),
      steps.map((stage) => stage.at).toSorted(),
    )
  })

  test('heard of late, it is later by as much; told to the superior at once by a clause, it is not urged besides', () => {
    const parts = { gravity: 3, missedAt: MISSED, subject: SUBJECT, supervisor: DISTRICT, superior: DISTRICT } as const
    const rungs = [{ at: at('PT30M'), to: DISTRICT, clauseId: 'supervise' }]
    const late = ladderOf({ ...parts, from: at('P2D'), rungs })
    assert.deepEqual(
      late.slice(0, 3).map((stage) => stage.at),
      [at('P2D'), after(at('P2D'), 'PT30M'), after(at('P2D'), 'PT30M')],
    )
    const atOnce = ladderOf({ ...parts, from: MISSED, rungs: [{ at: at('PT1S'), to: DISTRICT, clauseId: 'art-95' }] })
    assert.deepEqual(
      atOnce.map((stage) => stage.step),
      ['reminder', 'superior', 'interview', 'sanction'],
    )
  })
})

describe('a missed duty', () => {
  test('is a finding at once, with its reminder; the same miss again is not a second one', () => {
    assert.deepEqual(given(finding).when(raise, { at: MISSED }), [raised, climbed(0)])
    assert.equal(after_().when(raise, MISSED), 'finding.already-raised')
  })

  test('missed again after it was mended opens the same finding anew, with what was said before', () => {
    const mended = after_(
      [{ type: 'finding.urged', text: '请速报' }, at('PT1H'), CREDITOR],
      [{ type: 'finding.mended', lateBy: 'PT1H' }, at('PT1H')],
    )
    const again = { ...raise, missedAt: at('P1D'), ladder: [] } as FindingCommand
    assert.deepEqual(mended.when(again, at('P1D')), [{ type: 'finding.reopened', missedAt: at('P1D'), ladder: [] }])
    const reopened = after_(
      [{ type: 'finding.urged', text: '请速报' }, at('PT1H'), CREDITOR],
      [{ type: 'finding.mended', lateBy: 'PT1H' }, at('PT1H')],
      [{ type: 'finding.reopened', missedAt: at('P1D'), ladder: ladder() }, at('P1D')],
    ).state
    assert.deepEqual([reopened?.status, reopened?.mendedAt, reopened?.said.length, reopened?.missedAt], ['open', null, 1, at('P1D')])
    assert.deepEqual(after_().when(again, at('P1D')), [], 'while it is open, another miss is no news')
  })

  test('climbs at its instants by time alone, no earlier, each step once', () => {
    const reminded = after_(REMINDED)
    assert.deepEqual(nextFindingTimer(reminded.state), { at: at('PT2H'), command: { type: 'finding.climb', step: 1 } })
    assert.deepEqual(reminded.when({ type: 'finding.climb', step: 1 }, at('PT1H59M')), [])
    assert.deepEqual(reminded.when({ type: 'finding.climb', step: 1 }, at('PT2H')), [climbed(1)])
    assert.deepEqual(after_(REMINDED, URGED).when({ type: 'finding.climb', step: 1 }, at('PT3H')), [])
  })

  test('interview and sanction become due by time, and are taken by a person', () => {
    const superior = after_(REMINDED, URGED, SUPERIOR)
    assert.deepEqual(superior.when({ type: 'finding.climb', step: 3 }, at('P3D')), [
      { type: 'finding.measure-due', index: 3, step: 'interview', to: DISTRICT },
    ])
    assert.deepEqual(superior.when({ type: 'finding.interview', text: '约谈值班负责人' }, at('P2D')), [
      { type: 'finding.interviewed', text: '约谈值班负责人' },
    ])
    assert.equal(after_(REMINDED).when({ type: 'finding.interview', text: 'x' }, at('PT1H')), 'finding.step-not-reached')
    const sanction = { type: 'finding.propose-sanction', text: '通报批评', article: '突发事件应对法第九十五条' } as const
    assert.equal(superior.when(sanction, at('P2D')), 'finding.step-not-reached')
    const interviewed = after_(REMINDED, URGED, SUPERIOR, [{ type: 'finding.interviewed', text: 'x' }, at('P2D'), DISTRICT])
    assert.deepEqual(interviewed.when(sanction, at('P2D')), [{ ...sanction, type: 'finding.sanction-proposed' }])
    const due = after_(REMINDED, URGED, SUPERIOR, [climbed(3), at('P3D')], [climbed(4), at('P7D')])
    assert.ok(Array.isArray(due.when(sanction, at('P7D'))))
    assert.equal(nextFindingTimer(due.state), null)
  })

  test('done late closes the ladder and stays on record as mended late', () => {
    const mended = after_(REMINDED, [{ type: 'finding.mended', lateBy: 'PT1H' }, at('PT1H')])
    assert.deepEqual([mended.state?.status, mended.state?.lateBy, nextFindingTimer(mended.state)], ['mended', 'PT1H', null])
    assert.deepEqual(mended.when({ type: 'finding.climb', step: 1 }, at('PT2H')), [])
    assert.deepEqual(mended.when({ type: 'finding.mend', lateBy: 'PT1H' }, at('PT2H')), [])
    assert.deepEqual(given(finding).when({ type: 'finding.mend', lateBy: null }), [], 'no finding, nothing to mend')
    assert.deepEqual(given(finding).when({ type: 'finding.withdraw', cause: 'waived' }), [])
  })

  test('taken back, it is no finding any more', () => {
    const gone = after_(REMINDED, [{ type: 'finding.withdrawn', cause: 'waived' }, at('PT1H')])
    assert.deepEqual([gone.state?.status, gone.state?.outcome, nextFindingTimer(gone.state)], ['closed', 'waived', null])
    assert.equal(gone.when({ type: 'finding.urge', text: 'x' }, at('PT2H')), 'finding.already-closed')
  })
})

describe('an objection', () => {
  const objected = [{ type: 'finding.objected', reason: '通知未送达', checkDueAt: at('P3DT1H') }, at('PT1H'), SUBJECT] as const

  test('stops the clock until it is checked', () => {
    const standing = after_(REMINDED, objected)
    assert.equal(nextFindingTimer(standing.state), null)
    assert.deepEqual(standing.when({ type: 'finding.climb', step: 1 }, at('PT5H')), [])
    for (const command of [
      { type: 'finding.urge', text: 'x' },
      { type: 'finding.order-rectification', text: 'x', dueAt: at('P9D') },
      { type: 'finding.rectify', evidence: 'x' },
      { type: 'finding.close', reason: 'x' },
    ] as const)
      assert.equal(standing.when(command, at('PT2H')), 'finding.objected', command.type)
  })

  test('dismissed, the ladder goes on and what is to come is put off by the time that it stood', () => {
    const on = after_(REMINDED, objected, [{ type: 'finding.checked', outcome: 'dismissed', text: '回执在案' }, at('PT4H'), CITY])
    assert.deepEqual(nextFindingTimer(on.state), { at: at('PT5H'), command: { type: 'finding.climb', step: 1 } })
    assert.equal(on.state?.ladder[0]?.at, MISSED, 'what was passed keeps its time')
  })

  test('upheld, the finding is closed and says so', () => {
    const gone = after_(REMINDED, objected, [{ type: 'finding.checked', outcome: 'upheld', text: '确未送达' }, at('PT4H'), CITY])
    assert.deepEqual([gone.state?.status, gone.state?.outcome], ['closed', 'objection-upheld'])
  })

  test('is made once against each step: dismissed, it is made again only when something new was done', () => {
    const dismissed = [objected, [{ type: 'finding.checked', outcome: 'dismissed', text: 'x' }, at('PT4H'), CITY]] as const
    assert.equal(
      after_(REMINDED, ...dismissed).when({ type: 'finding.object', reason: 'x' }, at('PT4H'), SUBJECT),
      'finding.already-checked',
    )
    assert.ok(
      Array.isArray(
        after_(REMINDED, ...dismissed, [climbed(1), at('PT5H')]).when({ type: 'finding.object', reason: 'x' }, at('PT5H'), SUBJECT),
      ),
    )
    assert.equal(after_(objected).when({ type: 'finding.object', reason: 'x' }, at('PT2H'), SUBJECT), 'finding.already-objected')
  })

  test('is not checked where there is none, nor by who urged in it', () => {
    assert.equal(after_().when({ type: 'finding.check', outcome: 'upheld', text: 'x' }, MISSED, CITY), 'finding.no-objection')
    const urged = after_([{ type: 'finding.urged', text: 'x' }, at('PT30M'), CITY], objected)
    assert.equal(urged.when({ type: 'finding.check', outcome: 'upheld', text: 'x' }, at('PT2H'), CITY), 'authority.not-a-third-party')
    assert.ok(Array.isArray(urged.when({ type: 'finding.check', outcome: 'upheld', text: 'x' }, at('PT2H'), NATION)))
  })

  test('asks to be checked within a time that gravity sets', () => {
    assert.deepEqual(after_(REMINDED).when({ type: 'finding.object', reason: '通知未送达' }, at('PT1H'), SUBJECT), [objected[0]])
  })
})

describe('rectification', () => {
  const ordered = [{ type: 'finding.rectification-ordered', text: '补报并整改值班制度', dueAt: at('P2D') }, at('PT1H'), DISTRICT] as const
  const rectified = [{ type: 'finding.rectified', evidence: '已补报,制度已修订' }, at('P1D'), SUBJECT] as const

  test('is ordered with a deadline to come, and the ladder waits for it', () => {
    assert.equal(after_().when({ type: 'finding.order-rectification', text: 'x', dueAt: MISSED }, MISSED), 'finding.due-in-past')
    const waiting = after_(REMINDED, ordered)
    assert.deepEqual([waiting.state?.status, waiting.state?.dueAt], ['rectifying', at('P2D')])
    assert.deepEqual(nextFindingTimer(waiting.state), {
      at: after(at('P2D'), 'PT0S').replace('.000Z', '.001Z'),
      command: { type: 'finding.climb', step: 1 },
    })
  })

  test('its deadline lapsed, the finding climbs at once', () => {
    const late = after_(REMINDED, ordered)
    assert.deepEqual(late.when({ type: 'finding.climb', step: 1 }, at('P2D')), [], 'met at the very instant')
    assert.deepEqual(late.when({ type: 'finding.climb', step: 1 }, '2026-07-03T08:00:00.001Z'), [
      { type: 'finding.rectification-lapsed', dueAt: at('P2D') },
      climbed(1),
    ])
    const climbing = after_(
      REMINDED,
      ordered,
      [{ type: 'finding.rectification-lapsed', dueAt: at('P2D') }, at('P2D')],
      [climbed(1), at('P2D')],
    )
    assert.equal(climbing.state?.status, 'open')
    assert.equal(nextFindingTimer(climbing.state)?.at, after(at('PT12H'), 'PT47H'), 'put off by the 47 hours that it stood')
    assert.ok(Array.isArray(climbing.when({ type: 'finding.rectify', evidence: 'x' }, at('P3D'), SUBJECT)), 'late is still mended')
  })

  test('said done, it waits for verification; accepted by another it is closed', () => {
    const waiting = after_(REMINDED, ordered, rectified)
    assert.deepEqual([waiting.state?.status, nextFindingTimer(waiting.state)], ['rectified', null])
    assert.equal(waiting.when({ type: 'finding.rectify', evidence: 'x' }, at('P1D'), SUBJECT), 'finding.awaits-verification')
    const done = after_(REMINDED, ordered, rectified, [
      { type: 'finding.verified', accepted: true, text: '已现场核验' },
      at('P1DT1H'),
      DISTRICT,
    ]).state
    assert.deepEqual([done?.status, done?.outcome, done?.verifiedBy, done?.closedAt], ['closed', 'verified', DISTRICT, at('P1DT1H')])
    assert.ok(done !== null && done.closedAt !== null && done.closedAt <= done.dueAt, 'closed on time')
  })

  test('not accepted it is to be mended again: by its deadline, or up the ladder', () => {
    const rejected = { type: 'finding.verified', accepted: false, text: '值班记录缺页' } as const
    assert.equal(after_(REMINDED, ordered, rectified, [rejected, at('P1DT1H'), DISTRICT]).state?.status, 'rectifying')
    const without = after_(REMINDED, rectified, [rejected, at('P1DT1H'), DISTRICT])
    assert.deepEqual([without.state?.status, nextFindingTimer(without.state)?.at], ['open', after(at('PT2H'), 'PT1H')])
  })

  test('what nobody mended cannot be verified; what was done late can', () => {
    assert.equal(after_().when({ type: 'finding.verify', accepted: true, text: 'x' }, MISSED), 'finding.nothing-to-verify')
    const mended = after_(REMINDED, [{ type: 'finding.mended', lateBy: 'PT1H' }, at('PT1H')])
    assert.ok(Array.isArray(mended.when({ type: 'finding.verify', accepted: true, text: 'x' }, at('PT2H'))))
  })

  test('every step can be answered without stopping the clock', () => {
    const answered = after_(REMINDED, URGED, [{ type: 'finding.answered', text: '道路中断,两小时内报' }, at('PT3H'), SUBJECT])
    assert.deepEqual(answered.state?.said, [
      { what: 'answered', organization: SUBJECT, at: at('PT3H'), text: '道路中断,两小时内报', stage: 2 },
    ])
    assert.equal(nextFindingTimer(answered.state)?.at, at('PT12H'))
  })
})

describe('who may', () => {
  const relations = new Relations([
    entry(NATION, '100000', null, 'government'),
    entry(CITY, '120000', NATION, 'government'),
    entry(DISTRICT, '120116', CITY, 'government'),
    entry(SUBJECT, '120116', DISTRICT),
    entry('crew', '120116', SUBJECT),
    entry(CREDITOR, '120116', null),
    entry('audit', '120000', null, 'audit'),
    entry('audit-elsewhere', '130000', null, 'audit'),
    entry('neighbour', '120116', null),
  ])
  const thing = findingThing(after_(REMINDED).state)
  const doer = (organizationId: string, powers: readonly Power[] = ['obligation.answer', 'finding.supervise']): Doer => ({
    actor: by(organizationId),
    powers,
  })
  const says = (organization: string, command: string): string => may(doer(organization), command, thing, relations)?.code ?? 'yes'

  test('only the clock and the linkage raise, climb, mend and withdraw', () => {
    for (const command of ['finding.raise', 'finding.climb', 'finding.mend', 'finding.withdraw'])
      assert.equal(says(CITY, command), 'authority.system-only')
  })

  test('the subject answers, objects and rectifies, nobody for it', () => {
    for (const command of ['finding.answer', 'finding.object', 'finding.rectify']) {
      assert.equal(says(SUBJECT, command), 'yes')
      assert.equal(says(DISTRICT, command), 'authority.not-subject')
      assert.equal(says('neighbour', command), 'finding.unknown', 'who is not in it does not learn of it')
    }
  })

  test('creditor and superior urge; only the organ above orders, interviews and proposes (Emergency Response Law art. 95)', () => {
    assert.deepEqual(
      [CREDITOR, DISTRICT, CITY, SUBJECT].map((one) => says(one, 'finding.urge')),
      ['yes', 'yes', 'yes', 'authority.not-supervisor'],
    )
    for (const command of ['finding.order-rectification', 'finding.interview', 'finding.propose-sanction'])
      assert.deepEqual(
        [CREDITOR, DISTRICT, CITY].map((one) => says(one, command)),
        ['authority.not-supervisor', 'yes', 'yes'],
        command,
      )
    assert.equal(may(doer(DISTRICT, ['obligation.answer']), 'finding.interview', thing, relations)?.code, 'authority.no-power')
  })

  test('an objection is checked by a common superior or an auditor of the place', () => {
    assert.deepEqual(
      [CITY, NATION, 'audit', SUBJECT, DISTRICT, CREDITOR, 'crew'].map((one) => says(one, 'finding.check')),
      ['yes', 'yes', 'yes', ...Array<string>(3).fill('authority.not-a-third-party'), 'finding.unknown'],
    )
    assert.equal(says('audit-elsewhere', 'finding.check'), 'finding.unknown')
  })

  test('nobody verifies or closes his own finding, nor do his subordinates', () => {
    for (const command of ['finding.verify', 'finding.close']) {
      assert.equal(says(SUBJECT, command), 'finding.own-verification')
      assert.deepEqual(
        [DISTRICT, CITY, CREDITOR, 'audit'].map((one) => says(one, command)),
        ['yes', 'yes', 'yes', 'yes'],
      )
    }
    const named = { ...thing, parties: [...thing.parties, 'crew'] }
    assert.equal(may(doer('crew'), 'finding.verify', named, relations)?.code, 'finding.own-verification')
  })
})
