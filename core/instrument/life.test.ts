import assert from 'node:assert/strict'
import { test } from 'node:test'
import { given } from '../given.ts'
import {
  bindingOn,
  bindsOn,
  changes,
  daysLeft,
  Instrument,
  instrument,
  nextWarning,
  standingOn,
  type Clause,
  type InstrumentEvent,
  type InstrumentState,
} from '../instrument.ts'

const words = (text: string) => ({ 'zh-CN': text, en: text })
const duty = (id: string, more: Partial<Extract<Clause, { kind: 'duty' }>> = {}): Clause => ({
  id,
  kind: 'duty',
  article: words(id),
  words: words('派队'),
  wording: 'summary',
  function: 'mutual-aid',
  when: [{ event: 'incident.instrument-activated' }],
  once: 'incident',
  owes: 'party:helper',
  to: 'party:receiver',
  act: 'send-team',
  actWords: words('派队'),
  limit: { within: 'PT6H', confirmed: false, source: null },
  evidence: [],
  ...more,
})
const agreement = Instrument.parse({
  schema: 'muster/instrument/1',
  id: 'mutual-aid',
  kind: 'agreement',
  title: words('互助协议'),
  jurisdiction: '100000',
  issuer: words('双方'),
  citation: words('协议'),
  inForceFrom: '2026-01-01',
  inForceUntil: '2027-01-01',
  source: words('试验'),
  higher: [],
  demonstration: true,
  parties: [
    { key: 'receiver', name: words('受援方'), organization: '00000000-0000-7000-8000-000000000001' },
    { key: 'helper', name: words('支援方'), organization: '00000000-0000-7000-8000-000000000002' },
  ],
  clauses: [duty('send')],
})
const { parties: _, ...unbound } = agreement
const plan: Instrument = {
  ...unbound,
  id: 'plan',
  kind: 'plan',
  demonstration: false,
  inForceUntil: null,
  clauses: [duty('go', { owes: 'government', to: 'public' })],
}

const adopted = (text: Instrument, version = 1): InstrumentEvent => ({ type: 'instrument.adopted', version, instrument: text })
const signed = (party: string, on = '2026-02-01', version = 1): InstrumentEvent => ({
  type: 'instrument.signed',
  party,
  version,
  on,
  organization: null,
  note: null,
})
const approved = (on: string, version = 1): InstrumentEvent => ({
  type: 'instrument.approved',
  by: words('政府'),
  version,
  on,
  organization: null,
  note: '常务会',
})
const after = (...events: readonly InstrumentEvent[]): InstrumentState =>
  given(instrument, events, { at: '2026-03-01T00:00:00.000Z' }).state
const both = [adopted(agreement), signed('receiver'), signed('helper', '2026-02-10')]
const says = (past: readonly InstrumentEvent[], command: Parameters<typeof instrument.decide>[1], at = '2026-03-01T00:00:00.000Z') =>
  given(instrument, past).when(command, { at })

test('an agreement binds from the day on which the last of its parties signed, and not before its first day', () => {
  assert.ok(!bindsOn(after(adopted(agreement)), '2026-03-01'))
  assert.ok(!bindsOn(after(adopted(agreement), signed('receiver')), '2026-03-01'))
  assert.equal(standingOn(after(adopted(agreement), signed('receiver')), '2026-03-01'), 'unsigned')
  assert.ok(!bindsOn(after(...both), '2026-02-09'))
  assert.ok(bindsOn(after(...both), '2026-02-10'))
  const early = [adopted(agreement), signed('receiver', '2025-12-01'), signed('helper', '2025-12-01')]
  assert.equal(standingOn(after(...early), '2025-12-31'), 'future')
  assert.ok(bindsOn(after(...early), '2026-01-01'))
})

test('an agreement without parties binds nobody, and one signed on paper binds by its file', () => {
  assert.ok(!bindsOn(after(adopted({ ...unbound })), '2026-03-01'))
  const paper = {
    ...agreement,
    signatures: [
      { party: 'receiver', on: '2025-12-30' },
      { party: 'helper', on: '2025-12-30' },
    ],
  }
  assert.ok(bindsOn(after(adopted(paper)), '2026-01-01'))
})

test('an agreement binds on its last day and no longer on the day of its end', () => {
  assert.ok(bindsOn(after(...both), '2026-12-31'))
  assert.ok(!bindsOn(after(...both), '2027-01-01'))
  assert.equal(standingOn(after(...both), '2027-01-01'), 'expired')
  assert.equal(daysLeft(agreement, '2026-12-31'), 1)
})

test('a plan binds once it is approved, by its file or in the log; a law and a demonstration need no approval', () => {
  assert.equal(standingOn(after(adopted(plan)), '2026-03-01'), 'unapproved')
  assert.ok(!bindsOn(after(adopted(plan), approved('2026-02-01')), '2026-01-31'))
  assert.ok(bindsOn(after(adopted(plan), approved('2026-02-01')), '2026-02-01'))
  assert.ok(bindsOn(after(adopted({ ...plan, approvals: [{ by: words('政府'), on: '2025-12-01' }] })), '2026-03-01'))
  assert.ok(bindsOn(after(adopted({ ...plan, kind: 'law' })), '2026-03-01'))
  assert.ok(bindsOn(after(adopted({ ...plan, demonstration: true })), '2026-03-01'))
})

test('while a new version awaits its signatures the old one stands, and gives way when they are there', () => {
  const next = { ...agreement, clauses: [duty('send', { limit: { within: 'PT4H', confirmed: false, source: null } })] }
  const waiting = after(...both, adopted(next, 2))
  assert.equal(bindingOn(waiting, '2026-03-01')?.version, 1)
  const half = after(...both, adopted(next, 2), signed('receiver', '2026-03-01', 2))
  assert.equal(bindingOn(half, '2026-03-02')?.version, 1, 'a signature does not pass on to the next text')
  const whole = after(...both, adopted(next, 2), signed('receiver', '2026-03-01', 2), signed('helper', '2026-03-05', 2))
  assert.equal(bindingOn(whole, '2026-03-04')?.version, 1)
  assert.equal(bindingOn(whole, '2026-03-05')?.version, 2)
})

test('a version whose first day is still to come leaves the present one in force until then', () => {
  const next: Instrument = { ...plan, kind: 'law', inForceFrom: '2026-06-01', title: words('修订') }
  const state = after(adopted({ ...plan, kind: 'law' }), adopted(next, 2))
  assert.equal(bindingOn(state, '2026-05-31')?.version, 1)
  assert.equal(bindingOn(state, '2026-06-01')?.version, 2)
})

test('a repeal ends every version', () => {
  const next: Instrument = { ...plan, kind: 'law', inForceFrom: '2026-06-01', title: words('修订') }
  const state = after(adopted({ ...plan, kind: 'law' }), adopted(next, 2), {
    type: 'instrument.repealed',
    on: '2026-06-15',
    reason: '废止',
  })
  assert.ok(bindsOn(state, '2026-05-01'))
  assert.ok(bindsOn(state, '2026-06-14'))
  assert.ok(!bindsOn(state, '2026-06-15'))
})

test('of two parties none may leave the other bound; of three the rest stay, without the clauses of who left', () => {
  const left: InstrumentEvent = { type: 'instrument.withdrawn', party: 'helper', on: '2026-05-01', reason: '机构调整' }
  assert.ok(bindsOn(after(...both, left), '2026-04-30'))
  assert.ok(!bindsOn(after(...both, left), '2026-05-01'))
  const three = {
    ...agreement,
    parties: [...(agreement.parties ?? []), { key: 'third', name: words('第三方') }],
    clauses: [duty('send'), duty('third-sends', { owes: 'party:third' })],
  }
  const state = after(adopted(three), signed('receiver'), signed('helper'), signed('third'), left)
  assert.deepEqual(
    bindingOn(state, '2026-04-30')?.instrument.clauses.map((one) => one.id),
    ['send', 'third-sends'],
  )
  assert.deepEqual(
    bindingOn(state, '2026-05-01')?.instrument.clauses.map((one) => one.id),
    ['third-sends'],
  )
  assert.ok(bindsOn(after(...both, left, signed('helper', '2026-06-01')), '2026-06-01'), 'who signs again is a party again')
})

test('signing is refused twice, by strangers, of a plan, and of what has ended', () => {
  assert.deepEqual(says([], { type: 'instrument.sign', party: 'helper' }), { refused: 'instrument.unknown' })
  assert.deepEqual(says([adopted(plan)], { type: 'instrument.sign', party: 'helper' }), { refused: 'instrument.not-an-agreement' })
  assert.deepEqual(says([adopted(agreement)], { type: 'instrument.sign', party: 'nobody' }), { refused: 'instrument.party-unknown' })
  assert.deepEqual(says(both, { type: 'instrument.sign', party: 'helper' }), { refused: 'instrument.already-signed' })
  assert.deepEqual(says([adopted(agreement)], { type: 'instrument.sign', party: 'helper' }, '2027-01-01T00:00:00.000Z'), {
    refused: 'instrument.expired',
  })
  assert.deepEqual(says([adopted(agreement)], { type: 'instrument.sign', party: 'helper', note: '已盖章' }), [
    { type: 'instrument.signed', party: 'helper', version: 1, on: '2026-03-01', organization: null, note: '已盖章' },
  ])
})

test('nobody leaves backwards, and only who signed can leave', () => {
  const leave = (on: string) => ({ type: 'instrument.withdraw', party: 'helper', reason: '机构调整', on }) as const
  assert.deepEqual(says([adopted(agreement)], leave('2026-04-01')), { refused: 'instrument.not-signed' })
  assert.deepEqual(says(both, leave('2026-02-28')), { refused: 'instrument.withdrawn-backwards' })
  assert.deepEqual(says(both, leave('2026-03-01')), [
    { type: 'instrument.withdrawn', party: 'helper', on: '2026-03-01', reason: '机构调整' },
  ])
})

test('only a plan or an order needs an approval, once from each organization', () => {
  const approve = { type: 'instrument.approve', note: '常务会' } as const
  assert.deepEqual(says(both, approve), { refused: 'instrument.needs-no-approval' })
  assert.deepEqual(says([adopted(plan), approved('2026-02-01')], approve), { refused: 'instrument.already-approved' })
  assert.deepEqual(says([adopted(plan), approved('2026-02-01'), adopted({ ...plan, title: words('修订') }, 2)], approve), [
    { type: 'instrument.approved', by: words('双方'), version: 2, on: '2026-03-01', organization: null, note: '常务会' },
  ])
})

test('the end is warned of 90, 30 and 7 days ahead, once each', () => {
  const warn = (past: readonly InstrumentEvent[], days: number, at: string) => says(past, { type: 'instrument.warn-expiry', days }, at)
  const warned = (days: number): InstrumentEvent => ({ type: 'instrument.expiry-warned', days, until: '2027-01-01' })
  // 2027-01-01 less 90 days is 2026-10-03, less 30 is 2026-12-02, less 7 is 2026-12-25.
  assert.deepEqual(nextWarning(after(...both)), { at: '2026-10-03T00:00:00.000Z', days: 90 })
  assert.deepEqual(warn(both, 90, '2026-10-02T23:59:59.999Z'), [])
  assert.deepEqual(warn(both, 90, '2026-10-03T00:00:00.000Z'), [warned(90)])
  assert.deepEqual(warn([...both, warned(90)], 90, '2026-10-04T00:00:00.000Z'), [])
  assert.deepEqual(nextWarning(after(...both, warned(90))), { at: '2026-12-02T00:00:00.000Z', days: 30 })
  assert.deepEqual(nextWarning(after(...both, warned(30))), { at: '2026-12-25T00:00:00.000Z', days: 7 })
  assert.equal(nextWarning(after(...both, warned(7))), null)
})

test('what is adopted shortly before its end is warned of once, with the days that are left; after its end not at all', () => {
  const warn = (at: string) => says(both, { type: 'instrument.warn-expiry', days: 90 }, at)
  assert.deepEqual(warn('2026-12-26T00:00:00.000Z'), [{ type: 'instrument.expiry-warned', days: 7, until: '2027-01-01' }])
  assert.deepEqual(warn('2027-01-01T00:00:00.000Z'), [])
})

test('a new end is warned of anew, and a repeal is none', () => {
  const longer = { ...agreement, inForceUntil: '2028-01-01' }
  const state = after(...both, { type: 'instrument.expiry-warned', days: 7, until: '2027-01-01' }, adopted(longer, 2))
  assert.deepEqual(nextWarning(state), { at: '2027-10-03T00:00:00.000Z', days: 90 })
  assert.equal(nextWarning(after(adopted(plan), { type: 'instrument.repealed', on: '2026-12-01', reason: '废止' })), null)
})

test('a version says clause by clause what it changed, by the members that differ', () => {
  const before = { ...agreement, clauses: [duty('a'), duty('b'), duty('c')] }
  const text: Clause = { id: 'd', kind: 'text', article: words('d'), words: words('新'), wording: 'summary' }
  const later = {
    ...agreement,
    inForceUntil: '2028-01-01',
    clauses: [duty('a'), duty('b', { limit: { within: 'PT4H', confirmed: false, source: null } }), text],
  }
  const found = changes(before, later)
  assert.deepEqual(found.head, ['inForceUntil'])
  assert.deepEqual(
    found.added.map((one) => one.id),
    ['d'],
  )
  assert.deepEqual(
    found.removed.map((one) => one.id),
    ['c'],
  )
  assert.deepEqual(
    found.changed.map(({ id, members }) => ({ id, members })),
    [{ id: 'b', members: ['limit'] }],
  )
  assert.deepEqual(changes(null, later).added.length, 3)
})

test('the order of keys in a file is no change', () => {
  const turned = { ...agreement, clauses: agreement.clauses.map((one) => Object.fromEntries(Object.entries(one).toReversed()) as Clause) }
  assert.deepEqual(changes(agreement, turned), { head: [], added: [], removed: [], changed: [] })
})

test('a log from before signatures folds to what binds by its dates', () => {
  const law: Instrument = { ...plan, kind: 'law' }
  assert.deepEqual(given(instrument, [adopted(law)]).state.signatures, undefined)
  assert.ok(bindsOn({ version: 1, instrument: law }, '2026-03-01'))
})

test('a clause or a signature of a party that the instrument does not have is refused', () => {
  const adopt = (text: Instrument) => says([], { type: 'instrument.adopt', instrument: text })
  assert.deepEqual(adopt({ ...agreement, clauses: [duty('send', { owes: 'party:nobody' })] }), { refused: 'instrument.party-unknown' })
  assert.deepEqual(adopt({ ...agreement, signatures: [{ party: 'nobody', on: '2026-01-01' }] }), { refused: 'instrument.party-unknown' })
  assert.deepEqual(adopt({ ...agreement, parties: [...(agreement.parties ?? []), ...(agreement.parties ?? [])] }), {
    refused: 'instrument.clause-twice',
  })
})
