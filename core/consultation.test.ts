import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { consultation, ConsultationCommand, type Consultation, type ConsultationEvent } from './consultation.ts'
import {
  as,
  asked,
  attended,
  AT,
  CHARITY,
  conclude,
  convene,
  convened,
  EMB,
  forecast,
  item,
  MET,
  POLICE,
  START,
  stated,
  view,
  WATER,
} from './consultation/given.ts'
import { given, type Circumstances } from './given.ts'

const LATER = '2026-07-01T03:30:00.000Z'
const said = (past: readonly ConsultationEvent[]) => given(consultation, past, { at: AT })
const after = (past: readonly ConsultationEvent[], command: ConsultationCommand, by: Circumstances) => said(past).when(command, by)
const first = (outcome: ReturnType<typeof after>): ConsultationEvent =>
  'refused' in outcome ? assert.fail(outcome.refused) : (outcome[0] ?? assert.fail('no event'))
const folded = (past: readonly ConsultationEvent[]): Consultation => said(past).state ?? assert.fail('no state')
const whole = (past: readonly ConsultationEvent[], more: object = {}, by = as(EMB, { at: LATER })): readonly ConsultationEvent[] => {
  const outcome = after(past, { ...conclude, present: [...conclude.present], decisions: [], ...more }, by)
  return 'refused' in outcome ? assert.fail(outcome.refused) : [...past, ...outcome]
}

describe('convening', () => {
  test('a post convenes for its own organization, whatever else it says', () => {
    const event = first(
      after([], { ...convene, participants: [...convene.participants], questions: [...convene.questions], organization: MET }, as(EMB)),
    )
    assert.equal(event.type === 'consultation.convened' && event.convener, EMB)
  })
  test('asks each organization once, and never itself', () => {
    const of = (organizations: readonly string[]): ConsultationCommand => ({
      ...convene,
      participants: organizations.map(asked),
      questions: ['？'],
    })
    assert.deepEqual(after([], of([MET, MET]), as(EMB)), { refused: 'consultation.asked-twice' })
    assert.deepEqual(after([], of([MET, EMB]), as(EMB)), { refused: 'consultation.convener-is-there' })
    assert.deepEqual(after([convened], { type: 'consultation.invite', participants: [asked(MET)] }, as(EMB)), {
      refused: 'consultation.asked-twice',
    })
    assert.equal(folded([convened]).participants.length, 3)
  })
  test('without somebody to ask or a question to decide it is no consultation', () => {
    for (const more of [{ participants: [] }, { questions: [] }, { questions: ['  '] }])
      assert.equal(ConsultationCommand.safeParse({ ...convene, ...more }).success, false, JSON.stringify(more))
  })
})

describe('what one says overwrites nothing of another', () => {
  test('the last view of each counts, and the earlier ones stay', () => {
    const { statements } = folded([convened, stated(MET, 'issue', 'orange'), stated(WATER, 'none'), stated(MET, 'issue', 'red')])
    assert.deepEqual(
      statements.map((one) => [one.organization, one.colour]),
      [
        [MET, 'orange'],
        [WATER, null],
        [MET, 'red'],
      ],
    )
  })
  test('a post cannot speak for another organization, and who was not asked has no say', () => {
    const event = first(after([convened], { ...view('issue', 'red'), organization: WATER }, as(MET)))
    assert.equal(event.type === 'consultation.view-stated' && event.organization, MET)
    for (const command of [
      view('none'),
      { type: 'consultation.attend' },
      { type: 'consultation.decline', reason: 'x' },
      forecast,
    ] as ConsultationCommand[])
      assert.deepEqual(after([convened], command, as(CHARITY)), { refused: 'consultation.not-asked' })
  })
  test('the convener has a view of its own', () => {
    const event = first(after([convened], view('hold'), as(EMB)))
    assert.equal(event.type === 'consultation.view-stated' && event.byConvener, true)
  })
  test('to issue, raise or lower says to which colour or level', () => {
    for (const one of ['issue', 'raise', 'lower'] as const)
      assert.deepEqual(after([convened], view(one), as(MET)), { refused: 'consultation.colour-missing' })
    assert.ok(!('refused' in after([convened], view('lift'), as(MET))))
  })
  test('to come is said once; to decline, and to come after all, are both on record', () => {
    assert.deepEqual(after([convened, attended(MET)], { type: 'consultation.attend' }, as(MET)), [])
    const declined: ConsultationEvent = { type: 'consultation.declined', organization: MET, reason: '人手不足' }
    assert.deepEqual(after([convened, declined], { type: 'consultation.decline', reason: '再次' }, as(MET)), {
      refused: 'consultation.already-declined',
    })
    assert.equal(folded([convened, declined, attended(MET)]).answers.length, 2)
  })
})

describe('a forecast', () => {
  const attach = (more: object): ConsultationCommand => ({ ...forecast, ...more }) as unknown as ConsultationCommand
  const scenario = (likelihood: string, low: number, high: number) => ({
    scenarios: [{ ...forecast.scenarios[0], likelihood, probability: { low, high } }],
  })
  test('ends after it begins', () => {
    assert.deepEqual(after([convened], attach({ validUntil: forecast.validFrom }), as(MET)), {
      refused: 'consultation.forecast-ends-before-it-begins',
    })
  })
  test('has words and numbers that agree: CAP 1.2 says likely of more than 50 in a hundred', () => {
    for (const [word, low, high] of [
      ['likely', 10, 40],
      ['likely', 20, 50],
      ['possible', 60, 80],
      ['unlikely', 51, 60],
      ['possible', 40, 20],
    ] as const)
      assert.deepEqual(
        after([convened], attach(scenario(word, low, high)), as(MET)),
        { refused: 'consultation.words-contradict-numbers' },
        `${word} ${low}–${high}`,
      )
    for (const [word, low, high] of [
      ['likely', 50, 60],
      ['possible', 30, 60],
      ['unlikely', 0, 5],
      ['unknown', 0, 100],
    ] as const)
      assert.ok(!('refused' in after([convened], attach(scenario(word, low, high)), as(MET))), `${word} ${low}–${high}`)
  })
  test('does not replace what another, or the same, forecast before', () => {
    const attached = first(after([convened], attach({}), as(MET)))
    const again = first(after([convened, attached], attach({ source: '中央气象台' }), as(MET)))
    assert.equal(folded([convened, attached, again]).forecasts.length, 2)
  })
})

describe('concluding', () => {
  test('needs another organization that was there or wrote: to talk to oneself is no consultation', () => {
    const alone = { ...conclude, present: [EMB], decisions: [] }
    assert.deepEqual(after([convened], alone, as(EMB)), { refused: 'consultation.nobody-heard' })
    assert.deepEqual(
      after([convened, attended(MET)], alone, as(EMB)),
      { refused: 'consultation.nobody-heard' },
      'to say that one comes is not to have come',
    )
    assert.ok(!('refused' in after([convened, stated(MET, 'none')], alone, as(EMB))))
  })
  test('keeps who was there, who kept silent and who dissented', () => {
    const past = [convened, stated(MET, 'issue', 'orange'), stated(WATER, 'issue', 'red'), stated(EMB, 'issue', 'orange')]
    const concluded = whole(past, { present: [WATER] }).at(-1)
    if (concluded?.type !== 'consultation.concluded') assert.fail()
    assert.deepEqual(concluded.present, [WATER])
    assert.deepEqual(concluded.wrote, [MET, WATER])
    assert.deepEqual(concluded.silent, [POLICE])
    assert.deepEqual(concluded.dissenting, [WATER], 'the same course to another colour')
  })
  test('says the colour that it issues, raises or lowers to, and the level of the response that it starts', () => {
    for (const outcome of ['issue', 'raise', 'lower'] as const)
      assert.deepEqual(after([convened], { ...conclude, outcome, colour: null, present: [MET], decisions: [] }, as(EMB)), {
        refused: 'consultation.colour-missing',
      })
    assert.deepEqual(after([convened], { ...conclude, outcome: 'start-response', present: [MET], decisions: [] }, as(EMB)), {
      refused: 'consultation.level-missing',
    })
  })
  test('who was not asked was not there on record, until he is asked', () => {
    const there = { ...conclude, present: [CHARITY], decisions: [] }
    assert.deepEqual(after([convened], there, as(EMB)), { refused: 'consultation.not-asked' })
    const invited = first(after([convened], { type: 'consultation.invite', participants: [asked(CHARITY)] }, as(EMB)))
    assert.ok(!('refused' in after([convened, invited], there, as(EMB))))
  })
  test('an item whose time has passed is laid on nobody', () => {
    assert.deepEqual(after([convened], { ...conclude, present: [MET], decisions: [item(WATER, AT)] }, as(EMB)), {
      refused: 'decision.due-in-the-past',
    })
  })
  test('began when it was opened, else at its planned start, else now; never after it ended', () => {
    const heldAt = (past: readonly ConsultationEvent[], at: string, more: object = {}): string | undefined =>
      folded(whole(past, more, as(EMB, { at }))).conclusion?.heldAt
    assert.equal(heldAt([convened], LATER), START)
    assert.equal(heldAt([convened], AT), AT, 'called earlier than it was planned')
    assert.equal(heldAt([convened], LATER, { heldAt: '2026-07-01T02:20:00.000Z' }), '2026-07-01T02:20:00.000Z')
    assert.deepEqual(
      after([convened], { ...conclude, present: [MET], decisions: [], heldAt: '2026-07-01T09:00:00.000Z' }, as(EMB, { at: LATER })),
      { refused: 'consultation.held-after-concluded' },
    )
  })
  test('is the end: nothing is changed any more, it is only added to', () => {
    const past = whole([convened])
    for (const command of [
      { type: 'consultation.attend' },
      view('hold'),
      forecast,
      { type: 'consultation.invite', participants: [asked(CHARITY)] },
      { type: 'consultation.open' },
      { ...conclude, present: [MET], decisions: [] },
      { type: 'consultation.cancel', reason: 'x' },
    ] as unknown as ConsultationCommand[])
      assert.deepEqual(
        after(past, command, as(command.type === 'consultation.invite' ? EMB : MET)),
        { refused: 'consultation.already-concluded' },
        command.type,
      )
    const added = first(after(past, { type: 'consultation.supplement', text: '第二段应为80毫米' }, as(MET)))
    const { conclusion, supplements } = folded([...past, added])
    assert.equal(conclusion?.minutes, conclude.minutes)
    assert.deepEqual(
      supplements.map((one) => [one.organization, one.text]),
      [[MET, '第二段应为80毫米']],
    )
    assert.deepEqual(after([convened], { type: 'consultation.supplement', text: 'x' }, as(MET)), { refused: 'consultation.not-concluded' })
    assert.deepEqual(after(past, { type: 'consultation.supplement', text: 'x' }, as(CHARITY)), { refused: 'consultation.not-asked' })
  })
})

describe('the incident that came of it', () => {
  const link = { type: 'consultation.link', incidentId: CHARITY, alertId: null } as const
  test('is added once, also afterwards, and brings with it what it had not heard', () => {
    const event = first(after(whole([convened]), link, as(EMB)))
    assert.equal(event.type === 'consultation.linked' && event.conclusion?.outcome, 'issue')
    const linked = [...whole([convened]), event]
    assert.deepEqual(after(linked, link, as(EMB)), [])
    assert.deepEqual(after(linked, { ...link, incidentId: POLICE }, as(EMB)), { refused: 'consultation.already-linked' })
    const warned = first(after(linked, { ...link, incidentId: null, alertId: WATER }, as(EMB)))
    assert.equal(warned.type === 'consultation.linked' && warned.conclusion, null, 'the incident has heard it already')
    assert.deepEqual([folded([...linked, warned]).incidentId, folded([...linked, warned]).alertId], [CHARITY, WATER])
  })
})

describe('what is sent in bad faith or by mistake', () => {
  const refused = (command: unknown): void =>
    assert.equal(ConsultationCommand.safeParse(command).success, false, JSON.stringify(command).slice(0, 200))
  test('is refused before it is decided', () => {
    refused({ ...convene, title: '' })
    refused({ ...convene, title: '会'.repeat(201) })
    refused({ ...convene, jurisdiction: '12011' })
    refused({ ...convene, colour: 'purple' })
    refused({ ...convene, at: '2026-02-30T00:00:00Z' })
    refused({ ...convene, at: '明天上午' })
    refused({ ...convene, status: 'concluded' })
    refused({ ...convene, participants: Array.from({ length: 201 }, () => asked(MET)) })
    refused({ ...convene, participants: [{ ...asked(MET), organization: "x'; drop table consultation" }] })
    refused({ ...conclude, minutes: '记'.repeat(20_001) })
    refused({ ...conclude, outcome: 'ignore' })
    refused({ ...conclude, decisions: [{ ...item(MET), dueAt: null }] })
    refused({ ...view('issue', 'red'), confidence: 'certain' })
    refused({ ...forecast, divisions: [] })
    refused({ ...forecast, scenarios: [{ ...forecast.scenarios[0], probability: { low: -1, high: 101 } }] })
    refused({ ...forecast, scenarios: [{ ...forecast.scenarios[0], probability: { low: Number.NaN, high: 1 } }] })
    refused({ ...forecast, scenarios: [{ ...forecast.scenarios[0], quantities: [{ what: 'x', low: 1, high: 2, unit: 'not a unit!' }] }] })
    refused({ type: 'consultation.overwrite', text: 'x' })
  })
  test('fills nothing without end', () => {
    const many = Array.from({ length: 500 }, () => stated(MET, 'none'))
    assert.deepEqual(after([convened, ...many], view('none'), as(MET)), { refused: 'consultation.too-many' })
  })
  test('a request that is answered after the end changes nothing, and is no fault of the linkage', () => {
    const linkage: Circumstances = { at: LATER, actor: { kind: 'system', name: 'linkage' } }
    assert.deepEqual(after(whole([convened]), { type: 'consultation.decline', organization: POLICE, reason: '晚' }, linkage), [])
    assert.deepEqual(after([convened], { type: 'consultation.cancel', reason: '天气转好' }, as(EMB)), [
      { type: 'consultation.cancelled', reason: '天气转好', members: [MET, WATER, POLICE] },
    ])
  })
})
