import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { AlertPacksView, BufferView, DivisionsView, ReachView } from '#core/view/compose.ts'
import { openHouse, type Answer, type Asker, type House } from '../../fixtures/server/house.ts'
import { say } from '../../fixtures/server/scene.ts'

const TIANJIN = [
  { code: '120000', name: { 'zh-CN': '天津市', en: 'Tianjin' } },
  { code: '120116', name: { 'zh-CN': '滨海新区', en: 'Binhai New Area' } },
]

describe('drawing up a warning asks the server', () => {
  let house: House
  let officer: Asker
  before(async () => {
    house = await openHouse()
    await say(house.worlds.real, 'division', '120000', { type: 'division.import', source: 'test', divisions: TIANJIN })
    officer = await house.signIn(house.parts.district, '预警起草岗', ['alert.issue'])
  })
  after(() => house.leave())
  const post = (url: string, body: unknown, cookie = officer.cookie): Promise<Answer> =>
    house.ask('POST', url, { cookie, 'content-type': 'application/json' }, JSON.stringify(body))
  const code = ({ status, body }: Answer): string => `${status} ${(body as { readonly code?: string }).code ?? ''}`.trim()

  it('for templates, measures of the law and profiles', async () => {
    const packs = await house.city.get<AlertPacksView>('/api/alerts/packs')
    assert.equal(packs.templates.length, 23)
    assert.equal(packs.legal.measures.length, 13)
    assert.deepEqual(
      packs.profiles.map(({ id }) => id),
      ['cap-cp', 'cn', 'ipaws'],
    )
  })

  it('for territories by a part of their name or their code, and takes a sign of the pattern as it stands', async () => {
    const named = await house.city.get<DivisionsView>('/api/alerts/divisions?codes=120116,120000')
    assert.deepEqual(
      named.divisions.map((one) => one.code),
      ['120000', '120116'],
    )
    assert.deepEqual((await house.city.get<DivisionsView>('/api/alerts/divisions?q=滨海')).divisions[0]?.above, TIANJIN[0]?.name)
    assert.equal((await house.city.get<DivisionsView>('/api/alerts/divisions?q=%25')).divisions.length, 0)
    assert.ok(
      (await house.city.get<DivisionsView>('/api/alerts/divisions?under=120000')).divisions.every((one) => one.code.startsWith('12')),
    )
    assert.equal(code(await house.city.ask('/api/alerts/divisions?codes=12')), '400 request.malformed')
  })

  it('for a buffer, which is a circle around a point and one ring around a line; what is faulty is refused', async () => {
    const point = await post('/api/alerts/buffer', { shape: { type: 'point', at: [117.74, 39.04] }, km: 3 })
    assert.deepEqual((point.body as BufferView).circles, [{ lon: 117.74, lat: 39.04, radiusKm: 3 }])
    const line = await post('/api/alerts/buffer', {
      shape: {
        type: 'line',
        along: [
          [117.5, 39],
          [117.6, 39.1],
          [117.7, 39],
        ],
      },
      km: 2,
    })
    const { polygons } = line.body as BufferView
    assert.equal(polygons.length, 1)
    assert.deepEqual(polygons[0]?.[0], polygons[0]?.at(-1), 'the ring is closed')
    assert.equal(
      code(
        await post('/api/alerts/buffer', {
          shape: {
            type: 'line',
            along: [
              [0, 0],
              [1, 0],
            ],
          },
          km: 5000,
        }),
      ),
      '422 alert.buffer-too-large',
    )
    assert.equal(
      code(
        await post('/api/alerts/buffer', {
          shape: {
            type: 'line',
            along: [
              [0, 0],
              [900, 0],
            ],
          },
          km: 1,
        }),
      ),
      '400 request.malformed',
    )
  })

  it('for what lies under an area, and tells it only to whoever may draw up a warning', async () => {
    const area = { divisions: ['120116'], polygons: [], circles: [] }
    const answer = await post('/api/alerts/reach', area)
    assert.equal(code(await post('/api/alerts/reach', area, house.city.cookie)), '403 authority.no-power')
    assert.equal(answer.status, 200, JSON.stringify(answer.body))
    const reach = answer.body as ReachView
    assert.deepEqual(
      reach.divisions.map((one) => one.code),
      ['120116'],
    )
    assert.ok(reach.organizations >= 1)
    const beyond = (await post('/api/alerts/reach', { ...area, divisions: ['120116', '130200'] })).body as ReachView
    assert.deepEqual(
      [beyond.divisions.map((one) => one.code), beyond.organizations],
      [['120116'], reach.organizations],
      'whoever lies beyond the issuer’s territory is warned by its own authorities (art. 63): not counted here',
    )
    assert.equal(
      code(await house.ask('POST', '/api/alerts/reach', { 'content-type': 'application/json' }, JSON.stringify(area))),
      '401 session.missing',
    )
    assert.equal(
      code(
        await post('/api/alerts/reach', {
          ...area,
          polygons: [
            [
              [0, 0],
              [1, 1],
            ],
          ],
        }),
      ),
      '400 request.malformed',
    )
  })
})
