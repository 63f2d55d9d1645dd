import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import type { Power } from '#core/directory/post.ts'
import { RISK_GAPS, type RiskGap } from '#core/risk.ts'
import type { RiskCoverageView, RiskDetail, RiskImportView, RiskListView } from '#core/view/risk.ts'
import { openHouse, type Asker, type House } from '../fixtures/server/house.ts'
import { codeOf, organization, postOf, REPORT, say, tell, until, words } from '../fixtures/server/scene.ts'

const POWERS: readonly Power[] = ['risk.keep', 'sitrep.file', 'incident.report']
const AT = '2026-11-01T00:00:00.000Z'
const WHENCE = { source: '院方值班员', asOfAt: new Date(Date.now() - 86_400_000).toISOString(), confidence: 'confirmed' } as const

let house: House
let fire: string
let club: string
let regulator: string
before(async () => {
  house = await openHouse()
  const { real } = house.worlds
  fire = await organization(real, { jurisdiction: '120116', functions: ['fire-rescue'], name: '消防救援支队' })
  regulator = await organization(real, { jurisdiction: '120116', name: '民政局' })
  club = await organization(real, { jurisdiction: '120116', name: '社会救援队', sector: 'social' })
})
after(() => house.leave())

const site = (more: Readonly<Record<string, unknown>> = {}) => ({
  type: 'risk.register',
  kind: 'site',
  siteKind: 'care-home',
  name: words('海滨养老院'),
  jurisdiction: '120116',
  owner: house.parts.unit,
  regulator,
  responder: fire,
  place: { name: '海滨大道1号', lon: 117.7, lat: 38.99 },
  knowers: [{ post: null, words: '值班护士' }],
  promise: 'P90D',
  ...WHENCE,
  ...more,
})
async function registered(more: Readonly<Record<string, unknown>> = {}, as = house.parts.district): Promise<string> {
  const id = randomUUID()
  await say(house.worlds.real, 'risk', id, site(more), { doer: postOf(as, POWERS) })
  return id
}
const SUBSTANCES = [
  { name: '硝酸铵', un: '1942', quantity: { value: 20, unit: 't' } },
  { name: { unknown: '库管员' }, quantity: { unknown: '库管员' } },
]
const store = (more: Readonly<Record<string, unknown>> = {}) =>
  registered({ siteKind: 'chemical-store', name: words('三号库'), substances: SUBSTANCES, ...more })
const detail = (asker: Asker, id: string) => asker.get<RiskDetail>(`/api/risks/${id}`)
const seeStore = (organizationId: string, jurisdiction: string | null, id: string) =>
  house.worlds.real.read({ organizationId, jurisdiction }, async (sql) => {
    const [row] = await sql`select store from risk_store where id = ${id}`
    const events = await sql`select 1 from event where stream = ${`risk/${id}`} and type = 'risk.stored'`
    assert.equal(row === undefined, events.length === 0, 'the view and the log show the same')
    return row !== undefined
  })

describe('what is stored is for those who answer for it', () => {
  test('owner, regulator, responder and fire rescue read it; who merely sees the item does not, in the view, the log and the page', async () => {
    const id = await store()
    for (const one of [house.parts.unit, regulator, fire]) assert.ok(await seeStore(one, '120116', id))
    for (const one of [club, house.parts.district]) assert.ok(!(await seeStore(one, '120116', id)))
    const shown = await detail(house.unit, id)
    assert.deepEqual(shown.store, SUBSTANCES)
    const hidden = await detail(house.district, id)
    assert.deepEqual([hidden.storeShown, hidden.store, hidden.contents], [false, null, 'unknown'])
    assert.ok(!JSON.stringify(hidden).includes('硝酸铵'))
    assert.equal((await house.hebei.ask(`/api/risks/${id}`)).status, 404)
  })

  test('the column itself is not granted to readers, so that no query can leave the rule out', async () => {
    const id = await store()
    await assert.rejects(
      house.worlds.real.read(
        { organizationId: house.parts.unit, jurisdiction: '120116' },
        (sql) => sql`select store from risk where id = ${id}`,
      ),
      /permission denied/,
    )
  })

  test('fire rescue of another territory reads nothing; of the city above it does', async () => {
    const id = await store()
    const [other, above] = await Promise.all(
      ['130000', '120000'].map((jurisdiction) => organization(house.worlds.real, { jurisdiction, functions: ['fire-rescue'] })),
    )
    assert.ok(!(await seeStore(other ?? '', '130000', id)))
    assert.ok(await seeStore(above ?? '', '120000', id))
  })

  test('during an incident at it its parties read it, and not when the incident is over', async () => {
    const id = await store()
    const incident = randomUUID()
    const { real } = house.worlds
    assert.ok(!(await seeStore(club, '120116', id)))
    await say(real, 'incident', incident, { ...REPORT, unitInvolved: house.parts.unit, reportedBy: club })
    assert.ok(await seeStore(club, '120116', id))
    await say(real, 'incident', incident, { type: 'incident.refute', reason: '误报' })
    const [ended] = await real.sql<{ closed: boolean }[]>`select closed_at is not null as closed from incident where id = ${incident}`
    assert.equal(await seeStore(club, '120116', id), !(ended?.closed ?? false))
  })

  test('what is not restricted is read by whoever sees the item', async () => {
    const id = await store({ restricted: false })
    assert.ok(await seeStore(club, '120116', id))
    assert.ok(!(await seeStore(house.parts.hebei, '130000', id)))
  })
})

describe('who keeps the register', () => {
  test('an association registers and changes only what it answers for; the authorities of the place all of it', async () => {
    const { real } = house.worlds
    const doer = postOf(club, POWERS)
    assert.equal(codeOf(await tell(real, 'risk', randomUUID(), site(), { doer })), 'authority.not-keeper')
    assert.equal(codeOf(await tell(real, 'risk', randomUUID(), site({ owner: club }), { doer })), 'done')
    assert.equal(
      codeOf(await tell(real, 'risk', randomUUID(), site(), { doer: postOf(house.parts.hebei, POWERS) })),
      'authority.outside-jurisdiction',
    )
    assert.equal(
      codeOf(await tell(real, 'risk', randomUUID(), site(), { doer: postOf(house.parts.district, ['sitrep.file']) })),
      'authority.no-power',
    )
  })

  test('an organization or a post that is not there is refused, and so is a plan', async () => {
    const { real } = house.worlds
    assert.equal(codeOf(await tell(real, 'risk', randomUUID(), site({ responder: randomUUID() }))), 'organization.unknown')
    assert.equal(
      codeOf(await tell(real, 'risk', randomUUID(), site({ knowers: [{ post: randomUUID(), words: null }] }))),
      'risk.post-unknown',
    )
    assert.equal(
      codeOf(await tell(real, 'risk', await registered(), { type: 'risk.link-plan', plan: 'no-such-plan', text: 'x' })),
      'risk.no-such-plan',
    )
  })
})

test('a site asked after by name is a fact of the incident: kind, site, who asked, and complete where somebody answered', async () => {
  const { real } = house.worlds
  const [id, incident] = [await registered({ name: words('静海敬老院') }), randomUUID()]
  await say(real, 'incident', incident, { ...REPORT, hazard: 'flood' })
  const check = (result: string) =>
    say(
      real,
      'risk',
      id,
      { type: 'risk.check', incidentId: incident, result, people: 69, text: '院长答复', sources: ['电话'] },
      { doer: postOf(house.parts.district, POWERS) },
    )
  await check('unreachable')
  await check('moving')
  await until(
    'both are noted',
    async () => (await real.sql`select 1 from event where stream = ${`incident/${incident}`} and type = 'incident.noted'`).length === 2,
  )
  const rows = await real.sql<{ data: { kind: string; subject: string; organization: string; complete: boolean; text: string } }[]>`
    select data from event where stream = ${`incident/${incident}`} and type = 'incident.noted' order by version`
  assert.deepEqual(
    rows.map(({ data }) => [data.kind, data.subject, data.organization, data.complete]),
    [
      ['special-site-checked', id, house.parts.district, false],
      ['special-site-checked', id, house.parts.district, true],
    ],
  )
  assert.match(rows[1]?.data.text ?? '', /静海敬老院：正在转移，在场 69 人。院长答复/)
  const stranger = randomUUID()
  assert.equal(
    codeOf(
      await tell(real, 'risk', id, { type: 'risk.check', incidentId: stranger, result: 'safe', people: null, text: 'x', sources: [] }),
    ),
    'incident.unknown',
  )
  assert.equal((await detail(house.district, id)).checks[0]?.result, 'moving')
})

describe('finding it', () => {
  test('near a point the nearest comes first and nothing farther is named; a part of the name finds it in any script', async () => {
    const near = await registered({
      name: { 'zh-CN': '近处学校', en: 'Nearby School' },
      siteKind: 'school',
      place: { name: '渤海路', lon: 118.5, lat: 39.5 },
    })
    const middle = await registered({ name: words('中处学校'), siteKind: 'school', place: { name: '渤海路', lon: 118.51, lat: 39.5 } })
    await registered({ name: words('远处学校'), siteKind: 'school', place: { name: '渤海路', lon: 118.6, lat: 39.5 } })
    const { rows } = await house.district.get<RiskListView>('/api/risks/near?lon=118.501&lat=39.5&km=2')
    assert.deepEqual(
      rows.map(({ id }) => id),
      [near, middle],
    )
    assert.equal(rows[0]?.metres, 86) // 0.001° at 39.5° north: 85.8 m
    for (const q of ['近处', 'nearby sch', '渤海路 近'])
      assert.ok(
        (await house.district.get<RiskListView>(`/api/risks?q=${encodeURIComponent(q)}`)).rows.some(({ id }) => id === near),
        q,
      )
    assert.equal((await house.district.ask('/api/risks/near?lon=181&lat=0')).status, 400)
    assert.equal((await house.district.ask('/api/risks/near?lon=1&lat=0&km=51')).status, 400)
    assert.deepEqual((await house.district.get<RiskListView>("/api/risks?q=' or 1=1 --%")).rows, [])
  })

  test('every item is on exactly one page', async () => {
    await Promise.all(Array.from({ length: 60 }, (_, i) => registered({ name: words(`分页${i}号`), siteKind: 'market' })))
    const seen: string[] = []
    let cursor: string | null = ''
    for (let page = 0; cursor !== null && page < 10; page++) {
      const { rows, next }: RiskListView = await house.district.get<RiskListView>(
        `/api/risks?siteKind=market${cursor === '' ? '' : `&cursor=${cursor}`}`,
      )
      seen.push(...rows.map(({ id }) => id))
      cursor = next
    }
    assert.deepEqual([seen.length, new Set(seen).size], [60, 60])
  })
})

test('coverage finds exactly the faults that were seeded, each in its own items', async () => {
  const away = await organization(house.worlds.real, { jurisdiction: '120115', functions: ['government'], name: '宝坻区人民政府' })
  const asker = postOf(away, POWERS)
  const put = async (more: Readonly<Record<string, unknown>> = {}): Promise<string> => {
    const id = randomUUID()
    await say(house.worlds.real, 'risk', id, site({ jurisdiction: '120115', ...more }), { doer: asker })
    return id
  }
  const old = { asOfAt: '2026-01-01T00:00:00.000Z' }
  const danger = { text: '堵塞', grade: 'general', dueAt: '2026-01-02T00:00:00.000Z' }
  const none = { owner: null, regulator: null, responder: null }
  await Promise.all([put(), put({ siteKind: 'school' })])
  const seeded: Readonly<Record<RiskGap, string[]>> = {
    'danger-overdue': [await put({ kind: 'danger', danger, promise: 'P9999D', ...old })],
    stale: [await put(old)],
    'no-owner': [await put({ owner: null })],
    'no-regulator': [await put({ regulator: null })],
    'no-responder': [await put({ responder: null })],
    'contents-unsaid': [await put({ siteKind: 'chemical-store' })],
    'contents-unknown': [await put({ siteKind: 'chemical-store', substances: SUBSTANCES })],
    'nobody-knows': [await put({ knowers: [] })],
    'no-place': [await put({ place: null })],
    'no-plan': [await put({ kind: 'hazard', hazard: 'tsunami', siteKind: undefined })],
    'not-rehearsed': [],
  }
  const all = await put(none)
  for (const gap of ['no-owner', 'no-regulator', 'no-responder'] as const) seeded[gap].push(all)
  const view = await house.city.get<RiskCoverageView>('/api/risks/coverage?jurisdiction=120115')
  for (const gap of RISK_GAPS) {
    const one = await house.city.get<RiskCoverageView>(`/api/risks/coverage?jurisdiction=120115&gap=${gap}`)
    assert.deepEqual(one.rows.map(({ id }) => id).toSorted(), seeded[gap].toSorted(), gap)
    assert.equal(view.counts[gap], seeded[gap].length, gap)
    assert.ok(
      one.rows.every(({ gaps }) => gaps.includes(gap)),
      gap,
    )
  }
  assert.equal(view.rows.length, 11)
  assert.equal(view.open, 13)
})

describe('the register as a file', () => {
  const HEAD = 'code,kind,site_kind,name_zh,jurisdiction,address,lon,lat,owner,who_knows,substances,source,as_of'
  const line = (code: string, more: Readonly<Record<string, string>> = {}): string =>
    HEAD.split(',')
      .map(
        (name) =>
          ({
            code,
            kind: 'site',
            site_kind: 'chemical-store',
            name_zh: `导入${code}`,
            jurisdiction: '120116',
            address: '港区',
            lon: '117.71',
            lat: '38.98',
            owner: '仓储企业',
            who_knows: '值班员',
            substances: '甲醇|1230||5 t',
            source: '企业填报',
            as_of: '2026-07-01',
            ...more,
          })[name] ?? '',
      )
      .join(',')
  let asker: Asker
  before(async () => {
    const { real } = house.worlds
    const postId = randomUUID()
    await say(real, 'post', postId, { type: 'post.create', organizationId: house.parts.district, title: words('风险员'), powers: POWERS })
    const answer = await house.app.inject({
      method: 'POST',
      url: '/api/session/demonstration',
      headers: { host: '127.0.0.1:8080', origin: 'http://127.0.0.1:8080' },
      payload: { postId },
    })
    const cookie = String(answer.headers['set-cookie']).split(';')[0] ?? ''
    asker = { ...house.district, cookie }
  })
  const send = async (csv: string): Promise<RiskImportView> => {
    const { status, body } = await house.ask(
      'POST',
      '/api/risks/import',
      { cookie: asker.cookie, 'content-type': 'application/json' },
      JSON.stringify({ csv }),
    )
    assert.equal(status, 200, JSON.stringify(body))
    return body as RiskImportView
  }
  const count = async (): Promise<number> => (await house.worlds.real.sql`select 1 from risk where search like '导入%'`).length

  test('with one bad line nothing is taken, and every bad line is named', async () => {
    const view = await send(
      [
        HEAD,
        line('1'),
        line('2', { lat: '139' }),
        line('1'),
        line('4', { owner: '没有的单位' }),
        line('5', { jurisdiction: '130200' }),
        'a,b',
        '',
      ].join('\r\n'),
    )
    assert.deepEqual(
      view.problems.map(({ line: at, column, problem }) => [at, column, problem]),
      [
        [3, 'lat', 'malformed'],
        [4, 'code', 'twice'],
        [5, 'owner', 'no-such-organization'],
        [6, null, 'refused'],
        [7, null, 'cells'],
      ],
    )
    assert.deepEqual([view.registered, await count()], [0, 0])
    assert.deepEqual((await send('kind,colour\nsite,red')).problems.map(({ value, problem }) => `${problem} ${value}`).slice(0, 1), [
      'no-such-column colour',
    ])
  })

  test('sent twice it is taken once; the same code with other facts is refused', async () => {
    const csv = [HEAD, line('1'), line('2')].join('\n')
    assert.deepEqual([(await send(csv)).registered, (await send(csv)).unchanged, await count()], [2, 2, 2])
    assert.deepEqual(
      (await send([HEAD, line('1', { name_zh: '导入别名' })].join('\n'))).problems.map(({ problem }) => problem),
      ['already-registered'],
    )
  })

  test('more lines than there may be are refused whole', async () => {
    const csv = [HEAD, ...Array.from({ length: 5001 }, (_, i) => line(`x${i}`))].join('\n')
    assert.equal((await send(csv)).problems[0]?.problem, 'too-many-lines')
  })

  test('what goes out holds only what its reader may see, and no formula', async () => {
    await registered({ name: words('=HYPERLINK("http://x")') })
    const out = async (cookie: string): Promise<string> => (await house.ask('GET', '/api/risks/export.csv', { cookie })).body as string
    const own = await out(house.unit.cookie)
    const other = await out(asker.cookie)
    assert.ok(own.includes('甲醇|1230||5 t') && !other.includes('甲醇'))
    assert.ok(other.includes(`"'=HYPERLINK(`))
    assert.ok(other.includes('海滨养老院'))
  })
})

test('the page on scene says how old each fact is, who knows, and which contacts the asker may see', async () => {
  const { real } = house.worlds
  const post = randomUUID()
  await say(real, 'post', post, { type: 'post.create', organizationId: house.parts.unit, title: words('库区值班员'), powers: [] })
  await say(real, 'post', post, { type: 'post.set-contacts', contacts: [{ channel: 'sms', address: '100000', roundTheClock: true }] })
  const id = await store({ knowers: [{ post, words: null }], asOfAt: AT, promise: 'P1D' })
  const own = await detail(house.unit, id)
  assert.deepEqual(
    own.knowers[0]?.contacts?.map(({ address, roundTheClock }) => [address, roundTheClock]),
    [['100000', true]],
  )
  assert.equal((await detail(house.district, id)).knowers[0]?.contacts, null)
  assert.deepEqual([own.provenance.contents?.stale, own.provenance.contents?.freshUntil], [true, '2026-11-02T00:00:00.000Z'])
  assert.ok(own.gaps.includes('stale') && own.gaps.includes('contents-unknown'))
})
