import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { consultation, type Consultation, type ConsultationCommand, type ConsultationEvent } from '../consultation.ts'
import { AT, conclude, convened, EMB, forecast, forecastOf, item, MET, POLICE, START, stated, WATER } from '../consultation/given.ts'
import { Refusal } from '../decider.ts'
import type { Recorded } from '../event.ts'
import type { IncidentEvent } from '../incident.ts'
import { duty, entry, event, incidentWith, law, view, words } from '../linkage.given.ts'
import { isQuiet, react, type LinkageView, type Reaction } from '../linkage.ts'
import { obligation, type Obligation, type ObligationCommand } from '../obligation.ts'

const ID = '00000000-0000-7000-8000-0000000000c0'
const INCIDENT = '00000000-0000-7000-8000-0000000000a0'
const STREAM = `consultation/${ID}`
const ENTRIES = [
  entry(EMB, '120116', 'binhai', 'emergency-management'),
  entry(MET, '120116', 'binhai', 'meteorology'),
  entry(WATER, '120116', 'binhai', 'water'),
  entry(POLICE, '120116', 'binhai', 'public-security'),
  entry('binhai', '120116', null, 'government'),
]
const nowhere: LinkageView = { ...view([], { entries: ENTRIES }), incident: null }
const somewhere = (laws: Parameters<typeof view>[0] = []): LinkageView => view(laws, { entries: ENTRIES, incident: incidentWith() })

const recorded = (of: ConsultationEvent, more: Partial<Recorded> = {}): Recorded => ({
  ...event(of, { stream: STREAM, by: EMB, at: AT }),
  incidentId: null,
  ...more,
})
const requestId = (organization: string): string => `${STREAM}|${organization}`
const commands = (reactions: readonly Reaction[]) => reactions.map(({ id, command }) => [id, command.type])

/** The event that the decider makes of a command after that past. */
function happened(past: readonly ConsultationEvent[], command: object, at = '2026-07-01T03:30:00.000Z'): ConsultationEvent {
  const stamp = { occurredAt: AT, recordedAt: AT, actor: 'system/setup', commandId: '' }
  const state = past.reduce<Consultation | null>((was, one) => consultation.evolve(was, one, stamp), null)
  const actor = { kind: 'post', postId: 'duty', organizationId: EMB } as const
  const outcome = consultation.decide(state, command as ConsultationCommand, { actor, at, occurredAt: at, commandId: '' })
  assert.ok(!(outcome instanceof Refusal), outcome instanceof Refusal ? outcome.code : '')
  return outcome[0] ?? assert.fail('no event')
}

describe('whoever is asked gets a request', () => {
  const asked = react(recorded(convened), nowhere)
  test('to come or to send a view, due when it starts, each once', () => {
    assert.deepEqual(
      commands(asked),
      [MET, WATER, POLICE].map((one) => [requestId(one), 'obligation.ask']),
    )
    const { command } = asked[0] ?? assert.fail()
    assert.ok(command.type === 'obligation.ask')
    assert.deepEqual(
      [command.debtor, command.creditor, command.dueAt, command.answerBy, command.subject, command.incidentId],
      [MET, EMB, START, START, ID, null],
    )
    assert.deepEqual(
      react(recorded(convened), nowhere).map((one) => one.commandId),
      asked.map((one) => one.commandId),
      'seen twice it is the same command',
    )
  })
  test('asked later, later; called for now, at no time, so that nobody is late for what had begun', () => {
    const invited = happened(
      [convened],
      { type: 'consultation.invite', participants: [{ organization: 'x', asked: '列席', function: 'health' }] },
      AT,
    )
    const [one, ...more] = react(recorded(invited), nowhere)
    assert.deepEqual([one?.id, more.length], [requestId('x'), 0])
    const atOnce = react(recorded({ ...convened, at: AT } as ConsultationEvent), nowhere)[0]?.command
    assert.ok(atOnce?.type === 'obligation.ask')
    assert.deepEqual([atOnce.dueAt, 'answerBy' in atOnce], [null, false])
  })
  test('is met by coming or by a view; the view itself is not told to those who see the request', () => {
    const came = react(recorded({ type: 'consultation.attended', organization: MET, who: '预报值班员' }), nowhere)
    assert.deepEqual(commands(came), [[requestId(MET), 'obligation.discharge']])
    const wrote = react(recorded(stated(WATER, 'none')), nowhere)
    assert.deepEqual(commands(wrote), [[requestId(WATER), 'obligation.discharge']])
    assert.ok(!JSON.stringify(wrote).includes('依据雷达回波'))
    assert.deepEqual(react(recorded(stated(EMB, 'hold')), nowhere), [], 'the convener was asked nothing')
  })
  test('is declined by declining, released when it is cancelled', () => {
    const declined = react(recorded({ type: 'consultation.declined', organization: MET, reason: '人手不足' }), nowhere)
    assert.deepEqual(commands(declined), [[requestId(MET), 'obligation.decline']])
    const cancelled = react(recorded(happened([convened], { type: 'consultation.cancel', reason: 'x' })), nowhere)
    assert.deepEqual(
      commands(cancelled),
      [MET, WATER, POLICE].map((one) => [requestId(one), 'obligation.release']),
    )
  })
})

describe('an answer to the request is an answer to the consultation', () => {
  const ask = react(recorded(convened), nowhere)[0] ?? assert.fail()
  const stateOf = (): Obligation => {
    const actor = { kind: 'system', name: 'linkage' } as const
    const outcome = obligation.decide(null, ask.command as ObligationCommand, { actor, at: AT, occurredAt: AT, commandId: '' })
    assert.ok(!(outcome instanceof Refusal))
    const made = outcome.reduce<Obligation | null>(
      (was, one) => obligation.evolve(was, one, { occurredAt: AT, recordedAt: AT, actor: '', commandId: '' }),
      null,
    )
    return made ?? assert.fail()
  }
  const heard = (
    said: { readonly type: string } & Readonly<Record<string, unknown>>,
    by: Parameters<typeof event>[1] = {},
  ): readonly Reaction[] => {
    const known = { ...view([], { entries: ENTRIES, obligations: [[ask.id, stateOf()]] }), incident: null }
    return react({ ...event(said, { stream: `obligation/${ask.id}`, by: MET, ...by }), incidentId: null }, known).filter(
      (one) => one.room === 'consultation',
    )
  }
  test('accepted, done and declined where it stands among what is owed', () => {
    for (const [said, type] of [
      [{ type: 'obligation.accepted', note: null }, 'consultation.attend'],
      [
        { type: 'obligation.discharged', evidence: '预报值班员参加', eventPosition: null, deliveredBy: null, lateBy: null },
        'consultation.attend',
      ],
      [{ type: 'obligation.declined', reason: '人手不足' }, 'consultation.decline'],
    ] as const) {
      const [one] = heard(said)
      assert.deepEqual([one?.id, one?.command.type, (one?.command as { organization?: string }).organization], [ID, type, MET])
    }
  })
  test('is not told back and forth, and is heard although no time was set for it', () => {
    assert.deepEqual(heard({ type: 'obligation.declined', reason: 'x' }, { by: { kind: 'system', name: 'linkage' } }), [])
    const told = recorded({ type: 'consultation.declined', organization: MET, reason: 'x' }, { actor: 'system/linkage' })
    assert.deepEqual(react(told, nowhere), [])
    const { answerBy: _, ...state } = stateOf()
    assert.equal(isQuiet('obligation.declined', state), false)
    assert.equal(isQuiet('obligation.declined', { ...state, act: 'send-pumps' }), true)
  })
})

describe('what was concluded', () => {
  const withIncident = { ...convened, incidentId: INCIDENT } as ConsultationEvent
  const concluded = (past: readonly ConsultationEvent[], more: object = {}): ConsultationEvent =>
    happened(past, { ...conclude, present: [...conclude.present], ...more })
  const inIncident = { incidentId: INCIDENT }

  test('is owed: each item by whom it was laid on, to the convener, once', () => {
    const event1 = recorded(concluded([convened], { decisions: [item(WATER), item(POLICE, '2026-07-01T09:00:00.000Z')] }))
    const owed = (event: Recorded) =>
      react(event, nowhere).flatMap(({ id, command }) =>
        command.type === 'obligation.owe' ? [[id, command.debtor, command.creditor, command.dueAt, command.origin, command.basis]] : [],
      )
    assert.deepEqual(owed(event1), [
      [`item|${STREAM}|1|0`, WATER, EMB, '2026-07-01T08:00:00.000Z', 'decision', null],
      [`item|${STREAM}|1|1`, POLICE, EMB, '2026-07-01T09:00:00.000Z', 'decision', null],
    ])
    assert.deepEqual(owed(event1), owed(event1))
  })
  test('discharges the request of whoever was there though he had not said so', () => {
    const done = react(recorded(concluded([convened])), nowhere)
    assert.deepEqual(
      commands(done),
      [MET, WATER].map((one) => [requestId(one), 'obligation.discharge']),
    )
  })
  test('goes into the record of its incident: convener, who took part, outcome and reason, never a colour', () => {
    const said = react(recorded(concluded([withIncident, stated(POLICE, 'none')]), inIncident), somewhere())
    const [note, ...more] = said.flatMap(({ id, command }) => (command.type === 'incident.note' ? [{ at: id, ...command }] : []))
    assert.ok(note !== undefined && more.length === 0)
    assert.deepEqual([note.at, note.kind, note.organization, note.target], [INCIDENT, 'consultation', EMB, [MET, WATER, POLICE]])
    assert.ok(note.text.includes('发布预警') && note.text.includes(conclude.reason))
    assert.ok(!('colour' in note))
  })
  test('is the evidence that a plan asks for: consult within an hour', () => {
    const clause = duty({
      id: 'consultation',
      when: [{ event: 'incident.noted', kinds: ['warning'], colours: ['red', 'orange'] }],
      owes: 'function:emergency-management',
      act: 'hold-consultation',
      evidence: [{ event: 'incident.noted', kinds: ['consultation'], by: 'anyone' }],
    })
    const laws = [law([clause], { id: 'plan' })]
    const warning = event(
      { type: 'incident.noted', kind: 'warning', colour: 'orange', text: 'x', target: [], organization: MET },
      { position: '10' },
    )
    const [owed] = react(warning, somewhere(laws))
    assert.ok(owed?.command.type === 'obligation.owe')
    const { type: _, ...terms } = owed.command
    const state = obligation.evolve(
      null,
      { type: 'obligation.owed', ...terms },
      { occurredAt: AT, recordedAt: AT, actor: '', commandId: '' },
    )
    const note = react(recorded(concluded([withIncident]), inIncident), somewhere()).find((one) => one.command.type === 'incident.note')
    assert.ok(note?.command.type === 'incident.note' && state !== null)
    const noted = event({ ...note.command, target: [...(note.command.target ?? [])], type: 'incident.noted' } as unknown as IncidentEvent, {
      position: '20',
    })
    const known = view(laws, { entries: ENTRIES, obligations: [[owed.id, state]] })
    assert.deepEqual(
      react(noted, known).flatMap(({ id, command }) => (command.type === 'obligation.discharge' ? [id] : [])),
      [owed.id],
    )
  })
  test('a clause that demands the consultation is the basis of none of its requests and items: they are no evidence of it', () => {
    const clause = duty({ id: 'hold', evidence: [{ event: 'incident.noted', kinds: ['consultation'] }] })
    const basis = { instrumentId: 'plan', version: 1, clauseId: 'hold' }
    const laws = [law([clause, { ...duty(), id: 'other' }], { id: 'plan' })]
    const basisOf = (clauseId: string) => {
      const { command } =
        react(recorded({ ...convened, basis: { ...basis, clauseId } } as ConsultationEvent), { ...view(laws), incident: null })[0] ??
        assert.fail()
      return command.type === 'obligation.ask' ? command.basis : assert.fail()
    }
    assert.equal(basisOf('hold'), null)
    assert.deepEqual(basisOf('other'), { ...basis, clauseId: 'other' })
    const owed = react(recorded(concluded([{ ...convened, basis } as ConsultationEvent], { decisions: [item(WATER)] })), {
      ...view(laws, { entries: ENTRIES }),
      incident: null,
    })
    assert.ok(owed.some((one) => one.command.type === 'obligation.owe' && one.command.basis === null))
  })
  test('and what was forecast is a fact of the incident, also when the incident comes later, each told once', () => {
    const now = happened([withIncident], forecast)
    const notes = (of: ConsultationEvent, more: Partial<Recorded> = inIncident) =>
      react(recorded(of, more), somewhere()).flatMap(({ command }) =>
        command.type === 'incident.note' ? [[command.kind, command.organization]] : [],
      )
    assert.deepEqual(notes(now), [['forecast', EMB]])
    assert.deepEqual(notes(happened([convened], forecast), { incidentId: null }), [])
    const past: readonly ConsultationEvent[] = [
      convened,
      { type: 'consultation.forecast-attached', ...forecastOf(MET), incidentId: null, hazard: 'rainstorm', title: '会商' },
    ]
    const linked = happened([...past, concluded(past)], { type: 'consultation.link', incidentId: INCIDENT, alertId: null })
    assert.deepEqual(notes(linked), [
      ['forecast', MET],
      ['consultation', EMB],
    ])
    const before = happened([withIncident, now, concluded([withIncident])], { type: 'consultation.link', incidentId: null, alertId: MET })
    assert.deepEqual(notes(before), [], 'the incident has heard it already')
  })
})

test('the words that ask are in both languages', () => {
  const { command } = react(recorded(convened), nowhere)[0] ?? assert.fail()
  assert.ok(command.type === 'obligation.ask' && command.actWords['zh-CN'] !== words('').en && /consultation/.test(command.actWords.en))
})
