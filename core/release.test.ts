import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Actor } from './event.ts'
import { given } from './given.ts'
import { figuresIn, numberIn, problemsOf, release, ReleaseCommand, rumourSubject, type KnownFact, type ReleaseEvent } from './release.ts'

const id = (digit: string): string => `0190000${digit}-0000-7000-8000-000000000000`
const [PUBLICITY, GOVERNMENT, TEAM, INCIDENT, OTHER] = [id('1'), id('2'), id('3'), id('a'), id('b')] as const
const by = (organizationId: string, postId = id('8')): Actor => ({ kind: 'post', postId, organizationId })
const fact = (key: string, value: number | null, contradiction = false): KnownFact => ({ key, value, unit: null, contradiction })
const FACTS = [fact('dead', 3), fact('missing', null, true), fact('injured', 12)]
const known = (more: object = {}): object => ({ facts: FACTS, first: false, found: true, ...more })
const content = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  kind: 'first',
  channels: ['website'],
  title: '首次发布',
  text: { 'zh-CN': '港区仓库发生泄漏，已造成3人死亡，救援正在进行。' },
  basis: '突发事件应对法第七条',
  states: [{ key: 'dead', value: 3, unit: null }],
  needs: [],
  audience: [],
  corrects: null,
  rumours: [],
  approver: GOVERNMENT,
  ...more,
})
const command = (body: Record<string, unknown>): ReleaseCommand => ReleaseCommand.parse(body)
const draft = (more: Record<string, unknown> = {}, facts: object = known()): ReleaseCommand =>
  command({ type: 'release.draft', incidentId: INCIDENT, jurisdiction: '120116', known: facts, ...content(more) })
/** Drafted by a post of publicity, and perhaps approved by one of the government. */
function past(approved = true, more: Record<string, unknown> = {}, facts: object = known()): readonly ReleaseEvent[] {
  const drafted = given(release).when(draft(more, facts), { actor: by(PUBLICITY) })
  if (!Array.isArray(drafted)) return assert.fail(JSON.stringify(drafted))
  return approved ? [...(drafted as readonly ReleaseEvent[]), { type: 'release.approved' }] : (drafted as readonly ReleaseEvent[])
}
const publish = (facts: object = known()): ReleaseCommand => command({ type: 'release.publish', known: facts })
const approve = (facts: object = known()): ReleaseCommand => command({ type: 'release.approve', known: facts })
const typesOf = (outcome: readonly ReleaseEvent[] | { readonly refused: string }): unknown =>
  'refused' in outcome ? outcome.refused : outcome.map((event) => event.type)

describe('a release contradicting the casualty log is refused', () => {
  const cases: readonly (readonly [string, Record<string, unknown>, string])[] = [
    [
      'a stated figure that is another',
      { states: [{ key: 'dead', value: 2, unit: null }], text: { 'zh-CN': '情况通报' } },
      'release.contradicts-log',
    ],
    [
      'a figure whose sources contradict each other',
      { states: [{ key: 'missing', value: 5, unit: null }], text: { 'zh-CN': '情况通报' } },
      'release.contradiction-open',
    ],
    [
      'a figure that nobody has said',
      { states: [{ key: 'trapped', value: 5, unit: null }], text: { 'zh-CN': '情况通报' } },
      'release.fact-unknown',
    ],
    ['another number in its text', { text: { 'zh-CN': '事故造成2人死亡。' } }, 'release.figure-contradicts-log'],
    [
      'another number in its English text',
      { text: { 'zh-CN': '已造成3人死亡。', en: 'Two people were killed.' } },
      'release.figure-contradicts-log',
    ],
    ['a contradicted number in its text', { text: { 'zh-CN': '3人死亡，5人失联。' } }, 'release.contradiction-open'],
    [
      'a right number that it does not state as a fact',
      { states: [], text: { 'zh-CN': '事故造成3人死亡。' } },
      'release.figure-not-stated',
    ],
  ]
  for (const [name, more, code] of cases)
    test(name, () => {
      for (const [approved, asked] of [
        [false, approve()],
        [true, publish()],
      ] as const)
        assert.equal(typesOf(given(release, past(approved, more)).when(asked, { actor: by(GOVERNMENT, id('7')) })), code)
    })

  test('what agrees goes out, whole, and says who published it', () => {
    const outcome = given(release, past()).when(publish(), { actor: by(PUBLICITY) })
    assert.ok(!('refused' in outcome))
    const [event] = outcome
    assert.ok(event?.type === 'release.published' && event.organization === PUBLICITY && event.states.length === 1)
  })

  test('what was right when it was approved and is not any more when it goes out is refused', () => {
    const changed = known({ facts: [fact('dead', 4)] })
    assert.equal(typesOf(given(release, past()).when(publish(changed))), 'release.contradicts-log')
  })

  test('everything that is wrong is named at once, each thing once', () => {
    const problems = problemsOf({ states: [{ key: 'dead', value: 9, unit: null }], text: { 'zh-CN': '9人死亡，死亡9人，5人失联' } }, FACTS)
    assert.deepEqual(
      problems.map((one) => [one.code, one.params.fact]),
      [
        ['release.contradicts-log', 'dead'],
        ['release.figure-contradicts-log', 'dead'],
        ['release.contradiction-open', 'missing'],
      ],
    )
  })
})

describe('the figures of a text', () => {
  test('are read in Chinese and English, digits and characters', () => {
    const read = (text: string): unknown => figuresIn(text).map((one) => [one.key, one.value])
    assert.deepEqual(read('截至12时，遇难人数增至116人，失联60人，受伤722人，重伤12人'), [
      ['dead', 116],
      ['missing', 60],
      ['serious', 12],
      ['injured', 722],
    ])
    assert.deepEqual(read('造成二十三人死亡、两名消防员失联'), [
      ['dead', 23],
      ['missing', 2],
    ])
    assert.deepEqual(read('已转移安置1.2万人'), [['evacuated', 12000]])
    assert.deepEqual(read('At least 14 people are missing and 1,200 residents evacuated; three dead.'), [
      ['dead', 3],
      ['missing', 14],
      ['evacuated', 1200],
    ])
    assert.deepEqual(read('无人员伤亡；出动车辆15辆、人员77人，3号库起火'), [])
  })

  test('numbers written with characters are the numbers that they are', () => {
    for (const [text, value] of [
      ['十', 10],
      ['十二', 12],
      ['二百零五', 205],
      ['一万二千', 12000],
      ['三千', 3000],
      ['１', null],
    ] as const)
      assert.equal(numberIn(text), value, text)
  })
})

describe('four eyes, and the order of things', () => {
  test('whoever drafted it does not approve it, and what is not approved does not go out', () => {
    assert.deepEqual(typesOf(given(release, past(false)).when(approve(), { actor: by(GOVERNMENT) })), ['release.approved'])
    const own = { actor: { kind: 'post', postId: id('8'), organizationId: PUBLICITY } as const }
    const state = past(false).reduce(
      (folded, event) =>
        release.evolve(folded, event, {
          occurredAt: '2026-07-01T00:00:00.000Z',
          recordedAt: '2026-07-01T00:00:00.000Z',
          actor: `post/${id('8')}/${PUBLICITY}`,
          commandId: 'x',
        }),
      release.initial,
    )
    const outcome = release.decide(state, approve(), {
      ...own,
      at: '2026-07-01T00:01:00.000Z',
      occurredAt: '2026-07-01T00:01:00.000Z',
      commandId: 'y',
    })
    assert.equal((outcome as { code?: string }).code, 'release.own-approval')
    assert.equal(typesOf(given(release, past(false)).when(publish())), 'release.not-approved')
  })

  test('changed after its approval it needs another', () => {
    const revise = command({ type: 'release.revise', known: known(), ...content({ title: '改' }) })
    const revised = given(release, past()).when(revise) as readonly ReleaseEvent[]
    assert.equal(typesOf(given(release, [...past(), ...revised]).when(publish())), 'release.not-approved')
  })

  test('a follow-up follows a first one, and there is one first', () => {
    const plain = { text: { 'zh-CN': '情况通报' }, states: [] }
    assert.equal(typesOf(given(release, past(true, { ...plain, kind: 'follow-up' })).when(publish())), 'release.no-first')
    const first = known({ first: true })
    assert.deepEqual(typesOf(given(release, past(true, { ...plain, kind: 'follow-up' })).when(publish(first))), ['release.published'])
    assert.equal(typesOf(given(release, past(true, plain)).when(publish(first))), 'release.first-already-published')
  })

  test('a correction names what it corrects, needs name what is needed', () => {
    assert.equal(typesOf(given(release).when(draft({ kind: 'correction' }))), 'release.corrects-nothing')
    assert.equal(
      typesOf(given(release).when(draft({ kind: 'correction', corrects: OTHER }, known({ found: false })))),
      'release.corrected-unknown',
    )
    assert.equal(typesOf(given(release).when(draft({ kind: 'needs' }))), 'release.no-needs')
    const need = { what: '帐篷', quantity: { value: 50, unit: '1' }, where: '新港街道', until: null }
    assert.deepEqual(typesOf(given(release).when(draft({ kind: 'needs', needs: [need], states: [], text: { 'zh-CN': '需求' } }))), [
      'release.drafted',
    ])
  })

  test('what is out stays out: it is corrected by another, once, and never withdrawn', () => {
    const out = [...past(), ...(given(release, past()).when(publish()) as readonly ReleaseEvent[])]
    assert.equal(typesOf(given(release, out).when({ type: 'release.withdraw', reason: 'x' })), 'release.already-ended')
    const mark: ReleaseCommand = { type: 'release.mark-outdated', key: 'dead', stated: 3, value: 4 }
    const marked = given(release, out).when(mark) as readonly ReleaseEvent[]
    assert.deepEqual(typesOf(marked), ['release.outdated'])
    assert.deepEqual(given(release, [...out, ...marked]).when(mark), [])
    assert.deepEqual(typesOf(given(release, out).when({ type: 'release.note-corrected', by: OTHER })), ['release.corrected'])
  })

  test('only the audience gives a receipt, and one', () => {
    const out = [
      ...past(true, { audience: [TEAM] }),
      ...(given(release, past(true, { audience: [TEAM] })).when(publish()) as readonly ReleaseEvent[]),
    ]
    assert.equal(typesOf(given(release, out).when({ type: 'release.receipt' }, { actor: by(OTHER) })), 'release.not-of-the-audience')
    assert.deepEqual(typesOf(given(release, out).when({ type: 'release.receipt' }, { actor: by(TEAM) })), ['release.receipted'])
  })
})

test('a rumour is noted with when it was seen and corrected once', () => {
  const noted = given(release).when(
    command({ type: 'release.note-rumour', incidentId: INCIDENT, jurisdiction: '120116', text: '三公里内全部撤离', whereSeen: '微信群' }),
  ) as readonly ReleaseEvent[]
  assert.deepEqual(typesOf(noted), ['release.rumour-noted'])
  const correct: ReleaseCommand = { type: 'release.correct-rumour', by: OTHER }
  const corrected = given(release, noted).when(correct) as readonly ReleaseEvent[]
  assert.deepEqual(typesOf(corrected), ['release.rumour-corrected'])
  assert.deepEqual(given(release, [...noted, ...corrected]).when(correct), [])
  assert.match(rumourSubject(OTHER), /^[a-z0-9-]{1,64}$/)
  assert.equal(typesOf(given(release, noted).when(publish())), 'release.is-a-rumour')
})
