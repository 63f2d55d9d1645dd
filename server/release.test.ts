import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import type { Power } from '#core/directory/post.ts'
import type { PublicRelease, Rumour } from '#core/release.ts'
import {
  adoptPlan,
  ALL_POWERS,
  cast,
  codeOf,
  declared,
  openGround,
  organization,
  plan,
  postOf,
  say,
  tell,
  whole,
  words,
  type Cast,
  type Command,
  type Ground,
} from '../fixtures/server/scene.ts'
import { ManualClock } from './clock.ts'
import { readPublicReleases } from './release/public.ts'
import type { World } from './world.ts'

const POWERS: readonly Power[] = [...ALL_POWERS, 'information.keep']
const T0 = Date.parse('2026-07-01T08:00:00.000Z')
let ground: Ground
before(async () => {
  ground = await openGround()
})
after(() => ground.leave())

type Scene = {
  readonly world: World
  readonly clock: ManualClock
  readonly parts: Cast
  readonly incident: string
  readonly publicity: string
  readonly team: string
}
async function scene(): Promise<Scene> {
  const clock = new ManualClock(T0)
  const world = await ground.open({ clock })
  const parts = await cast(world)
  await adoptPlan(world, plan())
  const publicity = await organization(world, { jurisdiction: '120116', functions: ['publicity'], sector: 'party', name: '宣传部' })
  const team = await organization(world, { jurisdiction: null, sector: 'social', name: '救援队' })
  const incident = await declared(world)
  await world.settled()
  return { world, clock, parts, incident, publicity, team }
}
const as = (organizationId: string) => ({ doer: postOf(organizationId, POWERS) })
const dead = (incidentId: string, value: number): Command => ({
  type: 'information.assert',
  incidentId,
  key: 'dead',
  value,
  unit: null,
  source: '现场',
  confidence: 'confirmed',
})
const draft = (incidentId: string, more: object = {}): Command => ({
  type: 'release.draft',
  incidentId,
  kind: 'first',
  channels: ['website'],
  title: '首次发布',
  text: { 'zh-CN': '事故已造成3人死亡。' },
  basis: '突发事件应对法第七条',
  states: [{ key: 'dead', value: 3, unit: null }],
  needs: [],
  audience: [],
  corrects: null,
  rumours: [],
  ...more,
})
/** Drafted by publicity, approved by the district, published by publicity. */
async function out({ world, parts, publicity, incident }: Scene, more: object = {}): Promise<string> {
  const id = randomUUID()
  await say(world, 'release', id, draft(incident, more), as(publicity))
  await say(world, 'release', id, { type: 'release.approve' }, as(parts.district))
  await say(world, 'release', id, { type: 'release.publish' }, as(publicity))
  await world.settled()
  return id
}
async function read<State = PublicRelease>(world: World, id: string): Promise<State> {
  const [row] = await world.sql<{ state: State }[]>`select state from release where id = ${id}`
  return row?.state ?? assert.fail('no such release')
}
const kinds = async (world: World): Promise<readonly string[]> =>
  (await whole(world)).flatMap((event) => (event.type === 'incident.noted' ? [(event.data as { kind: string }).kind] : []))

describe('a public release', () => {
  test('is noted in the incident and discharges the first duty of publicity', async () => {
    const set = await scene()
    const { world, parts, incident } = set
    const clause = { article: words('第七条'), words: words('及时公布'), wording: 'summary' as const }
    await say(world, 'instrument', 'publicity-law', {
      type: 'instrument.adopt',
      instrument: {
        ...plan({ id: 'publicity-law' }),
        clauses: [
          {
            ...clause,
            id: 'first',
            kind: 'duty',
            function: 'publicity',
            when: [{ event: 'incident.noted', kinds: ['rumour'] }],
            once: 'event',
            owes: 'government',
            to: 'government@superior',
            act: 'correct-rumour',
            actWords: words('澄清'),
            limit: { within: 'PT2H', confirmed: false, source: null },
            evidence: [{ event: 'incident.noted', kinds: ['rumour-corrected'], by: 'anyone' }],
          },
        ],
      },
    })
    const rumours = [randomUUID(), randomUUID()]
    for (const rumour of rumours)
      await say(
        world,
        'release',
        rumour,
        { type: 'release.note-rumour', incidentId: incident, text: '三公里内全部撤离', whereSeen: '微信群' },
        as(parts.district),
      )
    await world.settled()
    const owed = async (): Promise<readonly unknown[]> =>
      [
        ...(await world.sql<{ status: string }[]>`select status from obligation where state ->> 'act' = 'correct-rumour' order by status`),
      ].map((row) => row.status)
    assert.deepEqual(await owed(), ['owed', 'owed'])
    await world.advance(T0 + 25 * 60_000)
    await out(set, { kind: 'correction', states: [], text: { 'zh-CN': '网传不实。' }, rumours: rumours.slice(0, 1) })
    assert.deepEqual(await owed(), ['discharged', 'owed'], 'the rumour that it answers, and no other')
    assert.deepEqual((await kinds(world)).toSorted(), ['public-information', 'rumour', 'rumour', 'rumour-corrected'])
    const rumour = await read<Rumour>(world, rumours[0] ?? '')
    assert.equal(Date.parse(rumour.correctedAt ?? '') - Date.parse(rumour.seenAt), 25 * 60_000)
  })

  test('contradicting the log of casualties is refused, and so is an open contradiction', async () => {
    const { world, parts, incident, publicity } = await scene()
    const id = randomUUID()
    await say(world, 'release', id, draft(incident), as(publicity))
    const approve = (): Promise<string> => tell(world, 'release', id, { type: 'release.approve' }, as(parts.district)).then(codeOf)
    assert.equal(await approve(), 'release.fact-unknown')
    await say(world, 'information', randomUUID(), dead(incident, 4), as(parts.district))
    assert.equal(await approve(), 'release.contradicts-log')
    await say(world, 'information', randomUUID(), dead(incident, 3), as(parts.city))
    assert.equal(await approve(), 'release.contradiction-open')
    const [question] = await world.sql<{ id: string }[]>`select id from information`
    await say(
      world,
      'information',
      question?.id ?? '',
      { type: 'information.reconcile', value: 3, unit: null, reason: '逐人核对' },
      as(parts.district),
    )
    assert.equal(await approve(), 'done')
    const forged = { facts: [{ key: 'dead', value: 9, unit: null, contradiction: false }], first: false, found: true }
    const other = randomUUID()
    await say(
      world,
      'release',
      other,
      draft(incident, { states: [{ key: 'dead', value: 9, unit: null }], text: { 'zh-CN': '通报' } }),
      as(publicity),
    )
    assert.equal(
      codeOf(await tell(world, 'release', other, { type: 'release.approve', known: forged }, as(parts.district))),
      'release.contradicts-log',
      'what was sent along is not believed',
    )
  })

  test('whose figure is reconciled to another later is to be corrected, and the correction closes that', async () => {
    const set = await scene()
    const { world, parts, incident } = set
    await say(world, 'information', randomUUID(), dead(incident, 3), as(parts.district))
    const id = await out(set)
    assert.deepEqual((await read(world, id)).outdated, [])
    await say(world, 'information', randomUUID(), dead(incident, 4), as(parts.city))
    const [question] = await world.sql<{ id: string }[]>`select id from information`
    await say(
      world,
      'information',
      question?.id ?? '',
      { type: 'information.reconcile', value: 4, unit: null, reason: '一人不治' },
      as(parts.district),
    )
    await world.settled()
    assert.deepEqual(
      (await read(world, id)).outdated.map(({ key, stated, value }) => [key, stated, value]),
      [['dead', 3, 4]],
    )
    assert.equal((await readPublicReleases(world.sql, 10))[0]?.toBeCorrected, true)
    const correction = await out(set, {
      kind: 'correction',
      corrects: id,
      text: { 'zh-CN': '更正：4人死亡。' },
      states: [{ key: 'dead', value: 4, unit: null }],
    })
    assert.equal((await read(world, id)).correctedBy, correction)
    assert.deepEqual(
      (await readPublicReleases(world.sql, 10)).map((one) => [one.id, one.toBeCorrected]).toSorted(),
      [
        [correction, false],
        [id, false],
      ].toSorted(),
    )
  })

  test('there is one first, even of two that were approved', async () => {
    const set = await scene()
    const plain = { states: [], text: { 'zh-CN': '通报' } }
    await out(set, plain)
    const { world, parts, publicity, incident } = set
    const id = randomUUID()
    await say(world, 'release', id, draft(incident, plain), as(publicity))
    assert.equal(
      codeOf(await tell(world, 'release', id, { type: 'release.approve' }, as(parts.district))),
      'release.first-already-published',
    )
    await out(set, { ...plain, kind: 'follow-up' })
  })
})

describe('before it is out', () => {
  test('it is seen by whoever drafted it and whoever approves it, and by nobody else, in the rows and in the log', async () => {
    const set = await scene()
    const { world, parts, publicity, incident, team } = set
    const id = randomUUID()
    await say(
      world,
      'release',
      id,
      draft(incident, {
        states: [],
        text: { 'zh-CN': '内部稿' },
        kind: 'needs',
        needs: [{ what: '帐篷', quantity: null, where: '新港街道', until: null }],
        audience: [team],
      }),
      as(publicity),
    )
    const sees = (organizationId: string, jurisdiction: string | null): Promise<readonly number[]> =>
      world.read({ organizationId, jurisdiction }, async (sql) => [
        (await sql`select 1 from release`).length,
        (await sql`select 1 from event where stream like 'release/%'`).length,
      ])
    assert.deepEqual(await sees(publicity, '120116'), [1, 1])
    assert.deepEqual(await sees(parts.district, '120116'), [1, 1], 'who leads approves')
    assert.deepEqual(
      [await sees(parts.city, '120000'), await sees(parts.unit, '120116'), await sees(team, null)],
      [
        [0, 0],
        [0, 0],
        [0, 0],
      ],
    )
    assert.deepEqual(await readPublicReleases(world.sql, 10), [])
    for (const type of ['release.approve', 'release.publish', 'release.withdraw'] as const)
      assert.equal(codeOf(await tell(world, 'release', id, { type, reason: 'x' }, as(parts.city))), 'release.unknown')
    assert.equal(codeOf(await tell(world, 'release', id, { type: 'release.approve' }, as(publicity))), 'authority.not-release-approver')
    await say(world, 'release', id, { type: 'release.approve' }, as(parts.district))
    await say(world, 'release', id, { type: 'release.publish' }, as(publicity))
    await world.settled()
    assert.deepEqual([(await sees(parts.city, '120000'))[0], (await sees(team, null))[0]], [1, 1])
    assert.deepEqual(await kinds(world), ['needs-published'])
    await say(world, 'release', id, { type: 'release.receipt' }, as(team))
    assert.equal((await read(world, id)).receipts.length, 1)
    const [shown] = await readPublicReleases(world.sql, 10)
    assert.deepEqual([shown?.kind, shown?.needs[0]?.what], ['needs', '帐篷'])
  })
})

test('the catalogue is seen by all, its addresses by whom it is shared with, and the log of it too', async () => {
  const { world, parts, publicity } = await scene()
  const id = randomUUID()
  const sharing = { state: 'withheld', with: [], reason: '涉及个人信息', basis: '突发事件应对法第八十四条' }
  const content = {
    title: '在册人员名单',
    description: '名单',
    owner: parts.district,
    jurisdiction: '120116',
    promise: 'P1D',
    licence: '不公开',
    sharing,
    quality: null,
    format: 'XLSX',
    where: 'https://inside.example/list',
    themes: [],
  }
  await say(world, 'dataset', id, { type: 'dataset.register', ...content }, as(parts.district))
  assert.equal(
    codeOf(await tell(world, 'dataset', id, { type: 'dataset.revise', ...content, title: '别名' }, as(publicity))),
    'authority.speaks-for-another',
  )
  const events = (organizationId: string): Promise<number> =>
    world.read(
      { organizationId, jurisdiction: '120116' },
      async (sql) => (await sql`select 1 from event where stream like 'dataset/%'`).length,
    )
  assert.deepEqual([await events(parts.district), await events(parts.unit)], [1, 0])
  assert.equal((await world.read({ organizationId: parts.unit, jurisdiction: '120116' }, (sql) => sql`select 1 from dataset`)).length, 1)
})
