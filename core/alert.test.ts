import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alertTimer, AlertCommand, isWarning, needsConsultation } from './alert.ts'
import {
  approve,
  BUREAU,
  by,
  bySystem,
  draft,
  drawUp,
  head,
  INCIDENT,
  made,
  officer,
  OFFICER,
  submitted,
  told,
  WARNING,
} from './alert.given.ts'
import { missingParticulars, PARTICULARS } from './alert/draft.ts'
import { alertParties, alertThing } from './alert/thing.ts'
import { may } from './authority.ts'
import { Relations, type OrganizationEntry } from './directory/relations.ts'
import { systemActor } from './event.ts'

test('a warning needs a second person: who drew it up cannot approve it, nor can the system', () => {
  assert.equal(told(...submitted(), by(officer, approve())).refused, 'alert.second-person')
  assert.equal(told(...submitted(), bySystem(approve())).refused, 'alert.second-person')
  const { state, refused } = told(...submitted(), by(head, approve()))
  assert.equal(refused, null)
  assert.equal(state?.status, 'in-force')
})

test('the urgent path needs a second person as well, and a reason', () => {
  const urgent = { path: 'urgent', reason: '溃口在即' } as const
  assert.equal(told(...submitted(), by(officer, approve(urgent))).refused, 'alert.second-person')
  assert.equal(told(...submitted(), by(head, approve({ path: 'urgent' }))).refused, 'alert.urgent-reason-missing')
  const { state } = told(...submitted(), by(head, approve(urgent)))
  assert.deepEqual([state?.path, state?.reason], ['urgent', '溃口在即'])
})

test('whoever revised a draft last is not its second person, though another began it', () => {
  const steps = [by(officer, drawUp()), by(head, { type: 'alert.revise', draft }), by(head, { type: 'alert.submit' })]
  assert.equal(told(...steps, by(head, approve())).refused, 'alert.second-person')
  assert.equal(told(...steps, by(officer, approve())).refused, null)
})

// Emergency Response Law (2024) art. 64, para. 2: 预警类别、级别、起始时间、可能影响的范围、警示事项、应当采取的措施、发布单位和发布时间等.
test('the eight particulars of article 64 are asked for one by one', () => {
  const empty = { 'zh-CN': '', en: '' }
  const without: Readonly<Record<string, Partial<typeof draft>>> = {
    class: { event: empty },
    level: { colour: null },
    onset: { onset: null },
    area: { divisions: [] },
    precautions: { precautions: empty },
    measures: { measures: empty },
    issuer: { senderName: empty },
  }
  assert.deepEqual([...Object.keys(without), 'time'], [...PARTICULARS])
  for (const [particular, lacking] of Object.entries(without)) {
    const wanting = { ...draft, ...lacking }
    assert.deepEqual(missingParticulars(wanting, 'ordinary'), [particular])
    const steps = [by(officer, drawUp(lacking)), by(officer, { type: 'alert.submit' }), by(head, approve())]
    assert.equal(told(...steps).refused, 'alert.particular-missing', particular)
  }
})

test('said in one language alone is not said', () => {
  assert.deepEqual(missingParticulars({ ...draft, measures: { 'zh-CN': '撤离', en: ' ' } }, 'ordinary'), ['measures'])
})

test('on the urgent path level, beginning and what to beware of may follow; class, area, measures and issuer may not', () => {
  const empty = { 'zh-CN': '', en: '' }
  const lean = { ...draft, colour: null, onset: null, precautions: empty }
  assert.deepEqual(missingParticulars(lean, 'urgent'), [])
  assert.deepEqual(missingParticulars({ ...lean, event: empty, divisions: [], measures: empty, senderName: empty }, 'urgent'), [
    'class',
    'area',
    'measures',
    'issuer',
  ])
})

test('red and orange need a held consultation on the ordinary path, yellow and blue do not', () => {
  for (const colour of ['red', 'orange'] as const) {
    assert.equal(told(...submitted({ colour }), by(head, approve())).refused, 'alert.consultation-missing')
    assert.equal(told(...submitted({ colour }), by(head, approve({ consultation: 'called' }))).refused, 'alert.consultation-missing')
    assert.equal(told(...submitted({ colour }), by(head, approve({ consultation: 'held' }))).refused, null)
    assert.equal(told(...submitted({ colour }), by(head, approve({ path: 'urgent', reason: '来不及' }))).refused, null)
  }
  for (const colour of ['yellow', 'blue'] as const) assert.equal(told(...submitted({ colour }), by(head, approve())).refused, null)
})

test('what ends a red warning is not consulted about before, nor is an exercise', () => {
  assert.equal(needsConsultation({ ...draft, colour: 'red', kind: 'all-clear' }), false)
  assert.equal(needsConsultation({ ...draft, colour: 'red', kind: 'cancel' }), false)
  assert.equal(needsConsultation({ ...draft, colour: 'red', status: 'Exercise' }), false)
  assert.equal(needsConsultation({ ...draft, colour: 'red', kind: 'update' }), true)
})

test('Exercise, System, Test and Draft are never in force (CAP 1.2, 3.2.1), own or received', () => {
  for (const status of ['Exercise', 'System', 'Test', 'Draft'] as const) {
    const own = { ...draft, status }
    const { state } = told(...submitted({ status }), by(head, approve({ made: made(own) })))
    assert.equal(state?.status, 'notice')
    assert.equal(alertTimer(state ?? null), null)
    const received = told(bySystem({ ...receive(), made: made(own) }))
    assert.equal(received.state?.status, 'notice')
  }
})

const receive = (
  more: Partial<Extract<AlertCommand, { type: 'alert.receive' }>> = {},
): Extract<AlertCommand, { type: 'alert.receive' }> => ({
  type: 'alert.receive',
  source: { kind: 'feed', id: 'city', name: '市预警中心' },
  receivedBy: null,
  effect: 'act',
  colour: 'orange',
  hazard: 'rainstorm',
  jurisdiction: '120116',
  made: made(),
  ...more,
})

test('a received warning is in force where its source may act and its colour is known, else it is shown', () => {
  assert.equal(told(bySystem(receive())).state?.status, 'in-force')
  assert.equal(told(bySystem(receive({ effect: 'show' }))).state?.status, 'shown')
  // A colour is never guessed from the severity.
  assert.equal(told(bySystem(receive({ colour: null }))).state?.status, 'shown')
})

test('received twice it is one', () => {
  const { state, events } = told(bySystem(receive()), bySystem(receive()))
  assert.deepEqual(events, [])
  assert.equal(state?.status, 'in-force')
})

test('what came after its own update is replaced from the beginning', () => {
  assert.equal(told(bySystem(receive({ made: made(draft, { supersededBy: WARNING }) }))).state?.status, 'replaced')
})

test('a shown warning is adopted with a colour; what is in force already is not', () => {
  const reach = { divisions: [{ code: '120116', share: 'whole' as const }], sites: [] }
  const adopt = { type: 'alert.adopt', colour: 'red', hazard: 'flood', reach } as const
  const { state } = told(bySystem(receive({ effect: 'show' })), by(officer, adopt))
  assert.deepEqual([state?.status, state?.colour, state?.hazard, state?.made?.reach], ['in-force', 'red', 'flood', reach])
  assert.equal(told(bySystem(receive()), by(officer, adopt)).refused, 'alert.not-adoptable')
  assert.equal(told(bySystem(receive({ effect: 'show' })), by(officer, adopt), by(officer, adopt)).refused, 'alert.not-adoptable')
})

test('a second territory adopts what one has adopted: what lies under it grows, the colour stays', () => {
  const adopt = (code: string): Extract<AlertCommand, { type: 'alert.adopt' }> => ({
    type: 'alert.adopt',
    colour: 'orange',
    hazard: 'rainstorm',
    reach: { divisions: [{ code, share: 'whole' }], sites: [] },
  })
  const { state } = told(
    bySystem(receive({ effect: 'show' })),
    by(officer, adopt('120116')),
    by(officer, { ...adopt('130207'), colour: 'blue' }),
  )
  assert.deepEqual(
    state?.made?.reach.divisions.map(({ code }) => code),
    ['120116', '130207'],
  )
  assert.equal(state?.colour, 'orange')
})

test('update, cancel and all-clear end the earlier one each by its own word, once', () => {
  const words = { update: 'replaced', cancel: 'cancelled', 'all-clear': 'lifted' } as const
  for (const [how, status] of Object.entries(words)) {
    const supersede = { type: 'alert.supersede', by: BUREAU, how: how as keyof typeof words, effect: 'act' } as const
    const { state } = told(...submitted(), by(head, approve()), bySystem(supersede))
    assert.equal(state?.status, status)
    assert.equal(state?.endedBy, BUREAU)
    assert.deepEqual(told(...submitted(), by(head, approve()), bySystem(supersede), bySystem(supersede)).events, [])
  }
})

test('a message that is only shown ends nothing that is in force', () => {
  const supersede = { type: 'alert.supersede', by: BUREAU, how: 'cancel', effect: 'show' } as const
  assert.equal(told(...submitted(), by(head, approve()), bySystem(supersede)).state?.status, 'in-force')
  assert.equal(told(bySystem(receive({ effect: 'show' })), bySystem(supersede)).state?.status, 'cancelled')
})

test('a cancel and an all-clear warn of nothing themselves', () => {
  for (const kind of ['cancel', 'all-clear'] as const) {
    const ending = { ...draft, kind }
    const { message } = made(ending)
    assert.equal(isWarning(message), false)
    const { state } = told(by(officer, drawUp({ kind })), by(officer, { type: 'alert.submit' }), by(head, approve({ made: made(ending) })))
    assert.equal(state?.status, 'notice')
  }
})

test('a warning expires with its last block, not before', () => {
  const { state } = told(...submitted(), by(head, approve()))
  assert.deepEqual(alertTimer(state), { at: '2026-07-01T20:00:00.000Z', command: { type: 'alert.expire' } })
  const expire = { type: 'alert.expire' } as const
  const steps = [...submitted(), by(head, approve())]
  assert.equal(told(...steps, bySystem(expire, '2026-07-01T19:59:59.999Z')).state?.status, 'in-force')
  assert.equal(told(...steps, bySystem(expire, '2026-07-01T20:00:00.000Z')).state?.status, 'expired')
})

test('a discarded draft stays discarded', () => {
  const steps = [by(officer, drawUp()), by(officer, { type: 'alert.discard', reason: '雨已停' } as const)]
  assert.equal(told(...steps).state?.status, 'discarded')
  assert.equal(told(...steps, by(officer, { type: 'alert.submit' })).refused, 'alert.already-ended')
})

test('what was sent back is mended and sent again; what is with the second person is not changed under his eyes', () => {
  const returned = by(head, { type: 'alert.return', reason: '范围过大' } as const)
  assert.equal(told(...submitted(), by(officer, { type: 'alert.revise', draft })).refused, 'alert.already-submitted')
  const { state } = told(...submitted(), returned)
  assert.deepEqual([state?.status, state?.returned], ['draft', '范围过大'])
  assert.equal(told(...submitted(), returned, by(officer, { type: 'alert.submit' }), by(head, approve())).state?.status, 'in-force')
})

test('a warning names no division outside of the territory it is issued for (Emergency Response Law art. 63)', () => {
  assert.equal(told(by(officer, drawUp({ divisions: ['130207'] }))).refused, 'alert.outside-territory')
  assert.equal(
    told(by(officer, drawUp()), by(officer, { type: 'alert.revise', draft: { ...draft, divisions: ['110101'] } })).refused,
    'alert.outside-territory',
  )
})

test('what updates or ends names an earlier warning, a new one names none', () => {
  assert.equal(told(by(officer, { ...drawUp({ kind: 'update' }), replaces: null })).refused, 'alert.nothing-replaced')
  assert.equal(told(by(officer, { ...drawUp(), replaces: WARNING })).refused, 'alert.nothing-replaced')
})

test('a warning without a second look, a message or a draft is refused', () => {
  assert.equal(told(by(officer, drawUp()), by(head, approve())).refused, 'alert.not-submitted')
  const { made: _, ...unmade } = approve()
  assert.equal(told(...submitted(), by(head, unmade)).refused, 'alert.not-made')
  assert.equal(told(by(head, { type: 'alert.submit' })).refused, 'alert.unknown')
  assert.equal(told(bySystem(drawUp())).refused, 'alert.no-issuer')
})

type Given = Pick<OrganizationEntry, 'id' | 'superior' | 'jurisdiction' | 'functions'>
const relationsOf = (all: readonly Given[]): Relations =>
  new Relations(
    all.map((one) => ({ name: { 'zh-CN': '单位', en: 'unit' }, sector: 'government', kind: 'department', verified: true, ...one })),
  )

test('who may approve: the issuer, an organization above it, a government of the place; who may not see it does not learn of it', () => {
  const [above, government, other] = ['0a', '0b', '0c'].map((last) => `01900000-0000-7000-8000-0000000001${last}`)
  const relations = relationsOf([
    { id: above ?? '', superior: null, jurisdiction: '120000', functions: ['meteorology'] },
    { id: BUREAU, superior: above ?? '', jurisdiction: '120116', functions: ['meteorology'] },
    { id: government ?? '', superior: null, jurisdiction: '120116', functions: ['government'] },
    { id: other ?? '', superior: null, jurisdiction: '120116', functions: ['health'] },
  ])
  const { state } = told(...submitted())
  const asks = (organizationId = '') =>
    may(
      { actor: { kind: 'post', postId: WARNING, organizationId }, powers: ['alert.approve'] },
      'alert.approve',
      alertThing(state),
      relations,
    )?.code ?? 'may'
  assert.deepEqual([asks(BUREAU), asks(above), asks(government), asks(other)], ['may', 'may', 'may', 'alert.unknown'])
  const powerless = may({ actor: officer, powers: ['alert.issue'] }, 'alert.approve', alertThing(state), relations)
  assert.equal(powerless?.code, 'authority.no-power')
})

test('what an update replaced stays replaced when it is cancelled with its chain, whichever was heard of first', () => {
  const end = (how: 'update' | 'cancel' | 'all-clear', effect: 'act' | 'show' = 'act') =>
    bySystem({ type: 'alert.supersede', by: BUREAU, how, effect })
  const one = bySystem(receive())
  assert.equal(told(one, end('update'), end('cancel')).state?.status, 'replaced')
  assert.equal(told(one, end('cancel'), end('update')).state?.status, 'replaced')
  assert.equal(told(one, end('all-clear'), end('cancel')).state?.status, 'lifted')
  assert.equal(told(one, end('cancel'), end('all-clear')).state?.status, 'lifted')
  assert.equal(told(one, end('cancel'), end('update', 'show')).state?.status, 'cancelled')
  const late = { supersededBy: WARNING, supersededHow: 'cancel' } as const
  assert.equal(told(bySystem(receive({ made: made(draft, late) }))).state?.status, 'cancelled')
})

test('a message goes on in another chain once, and the log says from which', () => {
  const [chainId, incidentId] = [BUREAU, OFFICER]
  const join = bySystem({ type: 'alert.join', chainId, incidentId })
  const { state, events } = told(bySystem(receive()), join)
  assert.deepEqual(events, [{ type: 'alert.joined', chainId, incidentId, from: { chainId: WARNING, incidentId: INCIDENT } }])
  assert.deepEqual([state?.made?.chainId, state?.incidentId, state?.status], [chainId, incidentId, 'in-force'])
  assert.deepEqual(told(bySystem(receive()), join, join).events, [])
  assert.equal(told(...submitted(), join).refused, 'alert.not-made')
})

test('receiving is done by the system alone', () => {
  const relations = relationsOf([{ id: BUREAU, superior: null, jurisdiction: '120116', functions: [] }])
  const refusal = may({ actor: officer, powers: ['alert.issue', 'alert.approve'] }, 'alert.receive', alertThing(null), relations)
  assert.equal(refusal?.code, 'authority.system-only')
  assert.equal(may({ actor: systemActor('linkage'), powers: [] }, 'alert.receive', alertThing(null), relations), null)
})

test('a restricted warning names who answers for the sites under it, a private one whom it is addressed to', () => {
  const site = {
    id: WARNING,
    name: '养老院',
    kind: 'care-home',
    jurisdiction: '120116',
    owner: head.kind === 'post' ? head.postId : '',
    regulator: null,
    responder: null,
  }
  const restricted = { ...draft, scope: 'Restricted' as const, restriction: '内部' }
  const reach = { divisions: [], sites: [site] }
  const one = told(...submitted(restricted), by(head, approve({ made: made(restricted, { reach }) }))).state
  assert.deepEqual(one === null ? [] : alertParties(one), [BUREAU, site.owner])
  const address = '01900000-0000-7000-8000-0000000000aa'
  const addressed = { ...draft, scope: 'Private' as const, addresses: [address, 'duty@example.org'] }
  const two = told(...submitted(addressed), by(head, approve({ made: made(addressed, { reach }) }))).state
  assert.deepEqual(two === null ? [] : alertParties(two), [BUREAU, address])
  assert.equal(two === null ? '' : alertThing(two).audience, 'named')
})

test('a command that is malformed is none', () => {
  assert.equal(AlertCommand.safeParse({ ...drawUp(), jurisdiction: '12' }).success, false)
  assert.equal(AlertCommand.safeParse({ type: 'alert.approve', path: 'alone' }).success, false)
  assert.equal(AlertCommand.safeParse({ ...drawUp(), draft: { ...draft, polygons: [[[0, 0]]] } }).success, false)
  assert.equal(AlertCommand.safeParse(drawUp()).success, true)
})
