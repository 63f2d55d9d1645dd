import assert from 'node:assert/strict'
import { test } from 'node:test'
import { everLapsed, isOpen, nextTimer, partiesOf, type ObligationEvent } from '../obligation.ts'
import {
  accepted,
  at,
  CREDITOR,
  DEBTOR,
  discharged,
  DUE_AT,
  HELPER,
  INCIDENT,
  lapsed,
  OTHER,
  owed,
  OWED_AT,
  past,
  requested,
  SUPERIOR,
  terms,
} from '../obligation.given.ts'

const UNTIL = '2026-07-01T10:00:00.000Z'
const doer = { postId: null, words: '值班二组' }
const parent = {
  incidentId: INCIDENT,
  jurisdiction: '120116',
  debtor: DEBTOR,
  creditor: CREDITOR,
  function: 'supplies',
  act: 'send-pumps',
  basis: terms.basis,
  dueAt: DUE_AT,
  watchers: [CREDITOR],
  objectiveId: null,
}

test('whoever accepts says who does it, and may name another later', () => {
  assert.deepEqual(past(owed).when({ type: 'obligation.accept', doer }, at('08:05:00')), [{ ...accepted, doer }])
  const { state } = past(owed, { ...accepted, doer } as ObligationEvent)
  assert.deepEqual([state?.acceptedAt, state?.doer], [OWED_AT, doer])
  const named = { type: 'obligation.doer-named', doer: { postId: null, words: '值班一组' } } as const
  assert.equal(past(owed, accepted, named).state?.doer?.words, '值班一组')
})

test('accepted is not done: it lapses', () => {
  assert.deepEqual(past(owed, accepted).when({ type: 'obligation.lapse' }, at('09:00:01')), [lapsed])
})

const silent = { ...owed, progressEvery: 'PT20M' } as ObligationEvent

test('silence takes the acceptance back, a word of progress keeps it', () => {
  const command = { type: 'obligation.unaccept' } as const
  assert.deepEqual(nextTimer(past(silent, accepted).state), { at: '2026-07-01T08:20:00.001Z', command })
  assert.deepEqual(past(silent, accepted).when(command, at('08:20:00')), [])
  const unaccepted = { type: 'obligation.unaccepted', since: OWED_AT, every: 'PT20M' } as const
  assert.deepEqual(past(silent, accepted).when(command, at('08:20:01')), [unaccepted])
  const after = past(silent, accepted, unaccepted)
  assert.equal(after.state?.status, 'owed')
  assert.deepEqual(nextTimer(after.state), { at: '2026-07-01T09:00:00.001Z', command: { type: 'obligation.lapse' } })
  assert.ok(Array.isArray(after.when({ type: 'obligation.accept' }, at('08:30:00'))))
})

test('progress is reported by whoever owes it, and counts from when it was said', () => {
  const progress = { type: 'obligation.progress-reported', text: 'six pumps loaded' } as const
  assert.deepEqual(past(silent, accepted).when({ type: 'obligation.report-progress', text: progress.text }), [progress])
  const { state } = past(silent, accepted, progress)
  assert.deepEqual(state?.progress, { at: OWED_AT, text: 'six pumps loaded' })
  assert.deepEqual(past(requested).when({ type: 'obligation.report-progress', text: 'x' }), { refused: 'obligation.not-accepted' })
})

const extensionAsked = { type: 'obligation.extension-asked', until: UNTIL, reason: 'the bridge is closed' } as const
const extensionGranted = { type: 'obligation.extension-granted', from: DUE_AT, until: UNTIL, reason: 'the bridge is closed' } as const

test('more time is asked for and granted: deadline and ladder move, and the record keeps both', () => {
  assert.deepEqual(past(owed, accepted).when({ type: 'obligation.ask-extension', until: UNTIL, reason: 'the bridge is closed' }), [
    extensionAsked,
  ])
  assert.deepEqual(past(owed, accepted, extensionAsked).when({ type: 'obligation.grant-extension' }, at('08:30:00')), [extensionGranted])
  const { state } = past(owed, accepted, extensionAsked, extensionGranted)
  assert.equal(state?.dueAt, UNTIL)
  assert.equal(state?.ladder[0]?.at, '2026-07-01T10:30:00.000Z')
  assert.deepEqual(
    state?.extensions?.map(({ from, until, reason }) => [from, until, reason]),
    [[DUE_AT, UNTIL, 'the bridge is closed']],
  )
  assert.deepEqual(nextTimer(state), { at: '2026-07-01T10:00:00.001Z', command: { type: 'obligation.lapse' } })
})

test('granted after the deadline, the time runs again and the lapse stays on record', () => {
  const { state } = past(owed, extensionAsked, lapsed, extensionGranted)
  assert.ok(state)
  assert.deepEqual([state.lapsedAt, everLapsed(state)], [null, true])
})

test('a refusal of more time says why and leaves the deadline where it was', () => {
  const refused = { type: 'obligation.extension-refused', until: UNTIL, reason: 'the water does not wait' } as const
  assert.deepEqual(past(owed, extensionAsked).when({ type: 'obligation.refuse-extension', reason: refused.reason }), [refused])
  const { state } = past(owed, extensionAsked, refused)
  assert.deepEqual([state?.dueAt, state?.extension], [DUE_AT, null])
})

test('nobody grants what was not asked for, nor what the law has set', () => {
  assert.deepEqual(past(owed).when({ type: 'obligation.grant-extension' }), { refused: 'obligation.no-extension-asked' })
  const statutory = '《生产安全事故报告和调查处理条例》第九条'
  assert.deepEqual(past(owed, extensionAsked).when({ type: 'obligation.grant-extension', statutory }, at('08:30:00')), {
    refused: 'obligation.limit-is-statutory',
  })
})

test('more time is later than before and still to come', () => {
  assert.deepEqual(past(owed).when({ type: 'obligation.ask-extension', until: DUE_AT, reason: 'x' }), {
    refused: 'obligation.extension-not-later',
  })
  assert.deepEqual(past(owed, extensionAsked).when({ type: 'obligation.grant-extension' }, at('10:00:01')), {
    refused: 'obligation.extension-not-later',
  })
  assert.deepEqual(
    past({ ...owed, dueAt: null } as ObligationEvent).when({ type: 'obligation.ask-extension', until: UNTIL, reason: 'x' }),
    {
      refused: 'obligation.no-deadline',
    },
  )
})

test('help is asked of others, who then see it too', () => {
  const asked = { type: 'obligation.help-asked', text: 'four pumps', of: [HELPER, OTHER], parent } as const
  assert.deepEqual(past(owed, accepted).when({ type: 'obligation.ask-help', text: 'four pumps', of: [HELPER, OTHER, HELPER] }), [asked])
  const { state } = past(owed, accepted, asked)
  assert.ok(state)
  assert.deepEqual(partiesOf(state), [DEBTOR, CREDITOR, HELPER, OTHER])
  assert.deepEqual([state.status, state.debtor], ['accepted', DEBTOR], 'whoever asks for help still owes it')
})

test('a part is handed on: due no later than the whole, never back up the chain', () => {
  const handOn = { type: 'obligation.hand-on', to: HELPER, part: 'four of the ten' } as const
  assert.deepEqual(past(owed).when(handOn), [
    { type: 'obligation.handed-on', to: HELPER, part: 'four of the ten', act: 'send-pumps', dueAt: DUE_AT, parent },
  ])
  assert.deepEqual(past(owed).when({ ...handOn, dueAt: UNTIL }), { refused: 'obligation.later-than-the-whole' })
  assert.deepEqual(past(owed).when({ ...handOn, to: CREDITOR }), { refused: 'obligation.handed-in-a-circle' })
  assert.deepEqual(past({ ...owed, watchers: [OTHER] } as ObligationEvent).when({ ...handOn, to: OTHER }), {
    refused: 'obligation.handed-in-a-circle',
  })
  assert.deepEqual(past(owed).when({ ...handOn, to: DEBTOR }), { refused: 'obligation.owed-to-oneself' })
})

test('the creditor takes the evidence once, and after that disputes nothing', () => {
  const confirmed = { type: 'obligation.confirmed', note: null } as const
  assert.deepEqual(past(owed, discharged).when({ type: 'obligation.confirm' }), [confirmed])
  assert.equal(past(owed, discharged, confirmed).state?.confirmedAt, OWED_AT)
  for (const command of [{ type: 'obligation.confirm' }, { type: 'obligation.dispute', reason: 'x' }] as const) {
    assert.deepEqual(past(owed, discharged, confirmed).when(command), { refused: 'obligation.already-confirmed' })
    assert.deepEqual(past(owed).when(command), { refused: 'obligation.not-discharged' })
  }
})

test('disputed evidence opens it again, and the first deadline counts', () => {
  const disputed = { type: 'obligation.disputed', reason: 'six, not ten', evidence: 'ten pumps handed over at the north gate' } as const
  assert.deepEqual(past(owed, accepted, discharged).when({ type: 'obligation.dispute', reason: 'six, not ten' }), [disputed])
  const { state } = past(owed, accepted, discharged, disputed)
  assert.ok(state && isOpen(state))
  assert.deepEqual([state.status, state.dischargedAt, state.dueAt, state.disputed?.reason], ['accepted', null, DUE_AT, 'six, not ten'])
  assert.deepEqual(nextTimer(state), { at: '2026-07-01T09:00:00.001Z', command: { type: 'obligation.lapse' } })
  assert.deepEqual(
    past(owed, accepted, discharged, disputed).when({ type: 'obligation.discharge', evidence: 'the other four' }, at('09:10:00')),
    [lapsed, { ...discharged, evidence: 'the other four', lateBy: 'PT10M' }],
  )
})

test('what it depended on being over, it is let off with the reason, and what is settled is left alone', () => {
  const release = { type: 'obligation.release', reason: 'quorum-met' } as const
  assert.deepEqual(past(owed).when(release), [{ type: 'obligation.released', reason: 'quorum-met' }])
  const { state } = past(owed, { type: 'obligation.released', reason: 'quorum-met' })
  assert.deepEqual([state?.status, state?.releaseReason], ['waived', 'quorum-met'])
  assert.deepEqual(past(owed, discharged).when(release), [])
})

test('it is tied to an objective, once', () => {
  const link = { type: 'obligation.link', objectiveId: SUPERIOR } as const
  assert.deepEqual(past(owed).when(link), [{ type: 'obligation.linked', objectiveId: SUPERIOR }])
  assert.deepEqual(past(owed, { type: 'obligation.linked', objectiveId: SUPERIOR }).when(link), [])
})

test('of answer, progress, deadline and ladder the first comes first', () => {
  const all = { ...owed, answerBy: '2026-07-01T08:10:00.000Z', progressEvery: 'PT50M' } as ObligationEvent
  assert.equal(nextTimer(past(all).state)?.command.type, 'obligation.mark-unanswered')
  assert.equal(nextTimer(past(all, accepted).state)?.command.type, 'obligation.unaccept')
  assert.equal(nextTimer(past({ ...owed, progressEvery: 'PT2H' } as ObligationEvent, accepted).state)?.command.type, 'obligation.lapse')
  assert.equal(
    nextTimer(past({ ...owed, progressEvery: 'PT2H' } as ObligationEvent, accepted, lapsed).state)?.command.type,
    'obligation.escalate',
  )
})
