import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commandedBy, commandsOver, leadOf, may, type Commanding, type Doer, type Thing } from './authority.ts'
import { Relations, type OrganizationEntry } from './directory/relations.ts'

const entry = (id: string, jurisdiction: string | null, superior: string | null, ...functions: readonly string[]): OrganizationEntry => ({
  id,
  name: { 'zh-CN': id, en: id },
  sector: 'government',
  kind: 'government',
  functions,
  jurisdiction,
  superior,
  verified: true,
})
const relations = new Relations([
  entry('city', '120000', null, 'government'),
  entry('district', '120116', 'city', 'government'),
  entry('district-fire', '120116', 'district'),
  entry('neighbour', '120117', 'city', 'government'),
  entry('charity', null, null),
  entry('garrison', null, null),
])
const at = (headquarters: readonly Partial<Commanding['headquarters'][number]>[], entered: readonly string[] = []): Commanding => ({
  headquarters: headquarters.map((one) => ({ lead: 'district', organization: null, members: [], sectors: [], overall: true, ...one })),
  entered,
})
const NONE = at([])

test('a superior orders whoever stands below, near or far; nobody orders upward or beside', () => {
  assert.ok(commandsOver('district', 'district-fire', NONE, relations))
  assert.ok(commandsOver('city', 'district-fire', NONE, relations))
  assert.ok(!commandsOver('district', 'city', NONE, relations))
  assert.ok(!commandsOver('district', 'neighbour', NONE, relations))
  assert.ok(!commandsOver('district', 'charity', NONE, relations))
  assert.ok(!commandsOver('district', 'district', NONE, relations), 'nobody orders himself')
})

test('the lead of an activated headquarters orders its members and the leads of its sectors, subordinate or not', () => {
  const active = at([{ members: ['district', 'charity'], sectors: [{ lead: 'garrison' }] }])
  assert.ok(commandsOver('district', 'charity', active, relations))
  assert.ok(commandsOver('district', 'garrison', active, relations))
  assert.ok(!commandsOver('charity', 'garrison', active, relations), 'a member orders nobody')
  assert.ok(!commandsOver('district', 'neighbour', active, relations), 'who does not belong to it is only requested')
})

test('the headquarters itself, where it is an organization, orders as its lead does', () => {
  const active = at([{ organization: 'the-headquarters', members: ['charity'] }])
  assert.deepEqual(commandedBy('charity', active), ['district', 'the-headquarters'])
  assert.deepEqual(commandedBy('district', at([{ members: ['district'] }])), [], 'nobody commands himself')
})

test('whoever enters the scene is commanded by the headquarters in overall command, and no other: art. 72; Order 708 art. 20, 21', () => {
  const two = at([{ lead: 'district' }, { lead: 'neighbour', overall: false }], ['charity'])
  assert.deepEqual(commandedBy('charity', two), ['district'])
  assert.ok(!commandsOver('neighbour', 'charity', two, relations))
  assert.deepEqual(commandedBy('charity', at([{ lead: 'district' }])), [], 'not before it enters, nor after it has left')
})

test('without headquarters the government of the place leads: art. 17', () => {
  assert.equal(leadOf({ jurisdiction: '120116' }, relations), 'district')
  assert.equal(leadOf({ jurisdiction: '120116', lead: 'city' }, relations), 'city')
  assert.equal(leadOf({ jurisdiction: '130000' }, relations), null)
})

const doer = (organizationId: string): Doer => ({
  actor: { kind: 'post', postId: 'x', organizationId },
  powers: ['incident.command', 'sitrep.file', 'obligation.answer', 'headquarters.keep', 'decision.take'],
})
const says = (who: string, command: string, thing: Partial<Thing> = {}): string =>
  may(doer(who), command, { jurisdiction: '120116', parties: [], ...thing }, relations)?.code ?? 'may'

test('the lead hands over, or its superior tells it to; nobody takes the lead from beside', () => {
  assert.equal(says('district', 'incident.hand-over'), 'may')
  assert.equal(says('city', 'incident.hand-over'), 'may')
  assert.equal(says('neighbour', 'incident.hand-over'), 'authority.not-lead')
  assert.equal(
    says('district', 'incident.hand-over', { lead: 'city' }),
    'authority.not-lead',
    'what is handed over is not taken back from below',
  )
  assert.equal(says('city', 'incident.hand-over', { lead: 'city' }), 'may')
})

test('only the organization that the lead is handed to takes it over or declines it', () => {
  for (const command of ['incident.take-over', 'incident.decline-hand-over']) {
    assert.equal(says('city', command, { successor: 'city' }), 'may')
    assert.equal(says('district', command, { successor: 'city' }), 'authority.not-successor')
  }
})

test('a second jurisdiction activates its own headquarters if it has a part in the incident, and nobody else’s', () => {
  const there = { territory: '120117', parties: ['neighbour'] }
  assert.equal(says('neighbour', 'incident.activate-headquarters', there), 'may')
  assert.equal(says('neighbour', 'incident.activate-headquarters', { territory: '120117' }), 'authority.not-a-party')
  assert.equal(says('neighbour', 'incident.activate-headquarters', { parties: ['neighbour'] }), 'authority.outside-jurisdiction')
})

test('an organization enters the scene by its own word, or by the word of who commands there', () => {
  assert.equal(says('charity', 'incident.enter-scene', { owner: 'charity' }), 'may')
  assert.equal(says('district', 'incident.enter-scene', { owner: 'charity' }), 'may')
  assert.equal(says('neighbour', 'incident.enter-scene', { owner: 'charity' }), 'authority.outside-jurisdiction')
})

test('members answer for themselves, the lead takes the decision', () => {
  const body = { headquarters: { lead: 'district', members: ['district', 'charity'] }, owner: 'district' }
  for (const command of ['headquarters.join', 'decision.concur', 'decision.dissent']) {
    assert.equal(says('charity', command, body), 'may', command)
    assert.equal(says('neighbour', command, body), 'authority.not-a-member', command)
  }
  assert.equal(says('charity', 'decision.propose', body), 'may')
  assert.equal(says('neighbour', 'decision.propose', body), 'authority.outside-jurisdiction')
  assert.equal(says('district', 'decision.take', body), 'may')
  assert.equal(says('charity', 'decision.take', body), 'authority.not-lead')
})

test('a standing body is kept by its lead or by who answers for its territory', () => {
  const body = { headquarters: { lead: 'charity', members: ['charity'] } }
  for (const who of ['charity', 'district', 'city']) assert.equal(says(who, 'headquarters.set-purpose', body), 'may', who)
  assert.equal(says('neighbour', 'headquarters.set-purpose', body), 'authority.outside-jurisdiction')
  assert.equal(says('neighbour', 'headquarters.found'), 'authority.outside-jurisdiction')
})
