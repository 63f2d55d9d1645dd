import assert from 'node:assert/strict'
import { test } from 'node:test'
import { duty, event, first, INCIDENT, incidentWith, law, noted, owedState, reported, view as viewOf } from '../linkage.given.ts'
import { react, type LinkageView, type Reaction } from '../linkage.ts'
import type { Obligation } from '../obligation.ts'
import { rumourSubject } from '../release.ts'
import { informed } from './information.ts'

const PLAIN = { incident: incidentWith() }
const view = (): LinkageView => viewOf([], PLAIN)
const brief = (reactions: readonly Reaction[]): readonly unknown[] => reactions.map(({ room, id, command }) => [room, id, command.type])
const RUMOUR = '01900000-0000-7000-8000-0000000000aa'

const fact = (key: string, value: string | number): object => ({
  key,
  value,
  unit: null,
  source: '现场',
  occurredAt: '2026-07-01T07:00:00.000Z',
})
const filed = (...facts: readonly object[]) =>
  event(
    { type: 'sitrep.filed', incidentId: INCIDENT, kind: 'initial', from: 'binhai-fire', to: null, summary: 'x', facts },
    { stream: 'sitrep/one' },
  )

test('each fact of a report enters the question that it answers, whatever the report calls it, as the word of its sender', () => {
  const reactions = informed(filed(fact('deaths', 3), fact('wind', ' ')), view())
  const [one, ...more] = reactions
  assert.deepEqual(more, [], 'a blank says nothing')
  assert.ok(one?.command.type === 'information.assert')
  assert.equal(one.id, `information|${INCIDENT}|dead`)
  const { key, value, saidBy, asOf, confidence, sitrep } = one.command
  assert.deepEqual(
    [key, value, saidBy, asOf, confidence, sitrep],
    ['dead', 3, 'binhai-fire', '2026-07-01T07:00:00.000Z', 'reported', 'one'],
  )
})

test('a correction of the report corrects the same assertion, whose id follows from the report', () => {
  const [asserted] = informed(filed(fact('dead', 3)), view())
  const [corrected] = informed(
    event({ type: 'sitrep.corrected', ...fact('dead', 4), reason: '漏报一人' }, { stream: 'sitrep/one' }),
    view(),
  )
  assert.ok(asserted?.command.type === 'information.assert' && corrected?.command.type === 'information.correct')
  assert.deepEqual(
    [corrected.id, corrected.command.assertion, corrected.command.reason],
    [asserted.id, asserted.command.assertion, '漏报一人'],
  )
})

const delivered = (cause: string) =>
  event(
    {
      type: 'information.delivered',
      cause,
      from: 'plant',
      to: ['binhai'],
      subject: 'substance-list',
      complete: true,
      note: null,
      key: 'substance-list',
      said: [{ assertion: null, scope: null, value: '氰化钠', unit: null, source: '企业台账', asOf: '2026-07-01T07:00:00.000Z' }],
    },
    { stream: 'information/one' },
  )

test('what is given is noted in the incident, so that the clauses that wait for it are discharged; a correction is not noted twice', () => {
  const [note, ...more] = informed(delivered('given'), view())
  assert.deepEqual(more, [])
  assert.ok(note?.command.type === 'incident.note')
  const { kind, subject, complete, organization, target } = note.command
  assert.deepEqual([kind, subject, complete, organization, target], ['information-provided', 'substance-list', true, 'plant', ['binhai']])
  assert.deepEqual(informed(delivered('correction'), view()), [])
})

test('that note discharges what the unit owes by a clause in force', () => {
  const clause = duty({
    evidence: [{ event: 'incident.noted', kinds: ['information-provided'], subject: 'substance-list', complete: true }],
  })
  const obligations: readonly (readonly [string, Obligation])[] = [owedState(first(react(reported(), viewOf([law([clause])], PLAIN))))]
  const told = (subject: string, complete: boolean) =>
    react(noted('information-provided', { subject, complete, organization: 'plant' }), viewOf([law([clause])], { ...PLAIN, obligations }))
  assert.deepEqual(
    told('substance-list', true).map(({ command }) => command.type),
    ['obligation.discharge'],
  )
  assert.deepEqual([told('site-data', true), told('substance-list', false)], [[], []])
})

const published = (more: object) =>
  event(
    {
      type: 'release.published',
      incidentId: INCIDENT,
      organization: 'binhai',
      kind: 'first',
      channels: ['website'],
      title: '首次发布',
      text: { 'zh-CN': '3人死亡' },
      basis: 'x',
      states: [],
      needs: [],
      audience: [],
      corrects: null,
      rumours: [],
      approver: null,
      ...more,
    },
    { stream: 'release/one' },
  )
const kindsOf = (reactions: readonly Reaction[]): readonly unknown[] =>
  reactions.flatMap(({ command }) => (command.type === 'incident.note' ? [command.kind] : []))

test('what is published is noted in the kinds that clauses wait for', () => {
  assert.deepEqual(kindsOf(informed(published({}), view())), ['public-information'])
  assert.deepEqual(kindsOf(informed(published({ channels: ['website', 'press-conference'] }), view())), [
    'public-information',
    'press-conference',
  ])
  assert.deepEqual(kindsOf(informed(published({ kind: 'needs', channels: ['press-conference'] }), view())), ['needs-published'])
})

test('a release tells the facts that it states, the release that it corrects and the rumours that it answers', () => {
  const reactions = informed(published({ states: [{ key: 'dead', value: 3, unit: null }], corrects: 'two', rumours: [RUMOUR] }), view())
  assert.deepEqual(brief(reactions).slice(1), [
    ['incident', INCIDENT, 'incident.note'],
    ['release', RUMOUR, 'release.correct-rumour'],
    ['release', 'two', 'release.note-corrected'],
    ['information', `information|${INCIDENT}|dead`, 'information.note-release'],
  ])
})

test('a rumour and its correction name the same subject, so that no other rumour counts as corrected', () => {
  const heard = informed(
    event(
      { type: 'release.rumour-noted', incidentId: INCIDENT, jurisdiction: '120116', text: '谣言', whereSeen: 'x', seenAt: 'x' },
      { stream: `release/${RUMOUR}` },
    ),
    view(),
  )
  const answered = informed(published({ rumours: [RUMOUR] }), view())
  const subjects = [...heard, ...answered].flatMap(({ command }) =>
    command.type === 'incident.note' && command.subject !== undefined ? [command.subject] : [],
  )
  assert.deepEqual(subjects, [rumourSubject(RUMOUR), rumourSubject(RUMOUR)])
})

test('a figure that does not hold any more marks the release that stated it', () => {
  const outdated = event(
    { type: 'information.release-outdated', release: 'two', key: 'dead', stated: 3, value: 4, unit: null },
    { stream: 'information/one' },
  )
  assert.deepEqual(brief(informed(outdated, view())), [['release', 'two', 'release.mark-outdated']])
})

test('the same event seen twice gives the same ids', () => {
  const seen = [filed(fact('dead', 3)), delivered('given'), published({ rumours: [RUMOUR] })]
  for (const one of seen) assert.deepEqual(informed(one, view()), informed(one, view()))
})
