import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import type { Power } from '#core/directory/post.ts'
import { rowsOfCsv } from '#core/station.ts'
import { fromMs } from '#core/time.ts'
import type { DeskView } from '#core/view.ts'
import type { ProposalDetail, ReadingsAnswer, ReadingsRefused, SeriesView, StationDetail, StationsView } from '#core/view/station.ts'
import { openHouse, type House } from '../../fixtures/server/house.ts'
import { say, words, type Command } from '../../fixtures/server/scene.ts'
import { MINUTE, signals, register, report, evaluate } from '../../fixtures/station/scene.ts'
import { Ingest } from './ingest.ts'

describe('over HTTP', () => {
  let house: House
  let cookie: { readonly district: string; readonly unit: string; readonly hebei: string }
  const POWERS: readonly Power[] = ['risk.keep', 'alert.issue', 'obligation.answer', 'instrument.keep']
  before(async () => {
    house = await openHouse()
    const signIn = async (organizationId: string): Promise<string> => {
      const postId = randomUUID()
      await say(house.worlds.real, 'post', postId, { type: 'post.create', organizationId, title: words('值班员'), powers: POWERS })
      const answer = await house.app.inject({ method: 'POST', url: '/api/session/demonstration', headers: HEADERS, payload: { postId } })
      return String(answer.headers['set-cookie']).split(';')[0] ?? ''
    }
    const { district, unit, hebei } = house.parts
    cookie = { district: await signIn(district), unit: await signIn(unit), hebei: await signIn(hebei) }
  })
  after(() => house.leave())
  const HEADERS = { host: '127.0.0.1:8080', origin: 'http://127.0.0.1:8080' }
  const get = async <T>(url: string, as: string = cookie.district): Promise<{ readonly status: number; readonly body: T }> => {
    const answer = await house.app.inject({ method: 'GET', url, headers: { ...HEADERS, cookie: as } })
    return { status: answer.statusCode, body: answer.json<T>() }
  }
  const post = async <T>(
    payload: string,
    type = 'application/json',
    as: string = cookie.district,
  ): Promise<{ readonly status: number; readonly body: T }> => {
    const answer = await house.app.inject({
      method: 'POST',
      url: '/api/readings',
      headers: { ...HEADERS, 'content-type': type, cookie: as },
      payload,
    })
    return { status: answer.statusCode, body: answer.json<T>() }
  }
  const now = Date.now()
  const at = (minutes: number): string => fromMs(now - minutes * MINUTE)

  test('a station, its readings, a proposal, its answer: seen by who may, and by nobody else', async () => {
    const { real } = house.worlds
    const station = randomUUID()
    const tellAs = (room: string, id: string, command: Command) =>
      house.ask(
        'POST',
        `/api/${room}/${id}`,
        { cookie: cookie.district, 'content-type': 'application/json', 'idempotency-key': randomUUID() },
        JSON.stringify(command),
      )
    assert.equal((await tellAs('station', station, register(house.parts.district, 'H1'))).status, 200)
    const adoption = randomUUID()
    await say(real, 'threshold', adoption, { type: 'station.adopt-thresholds', set: signals(), jurisdiction: '100000', basis: 'x' })
    const csv = ['station,indicator,at,value', `H1,rain,${at(90)},30`, `H1,rain,${at(10)},23.2`].join('\n')
    const csvAnswer = await post<ReadingsAnswer>(csv, 'text/csv')
    assert.deepEqual([csvAnswer.status, csvAnswer.body.kept], [200, 2], JSON.stringify(csvAnswer.body))
    const list = await post<ReadingsAnswer>(JSON.stringify([{ station: 'H1', indicator: 'rain', at: at(10), value: 23.2 }]))
    assert.deepEqual(list.body, { kept: 0, repeated: 1, differing: 0, impossible: 0 })
    await evaluate(real)
    const { body: view } = await get<StationsView>('/api/stations')
    assert.deepEqual(
      view.stations.map((one) => [one.code, one.status, one.colour]),
      [['H1', 'crossed', 'orange']],
    )
    const gauge = view.stations[0]?.gauges[0]
    assert.deepEqual([gauge?.value, gauge?.watched, gauge?.trend.length], [23.2, { of: 'sum', over: 'PT3H', value: 53.2 }, 2])
    assert.deepEqual(
      gauge?.bands.map((one) => [one.colour, one.value]),
      [
        ['orange', 50],
        ['red', 100],
      ],
    )
    const [proposed] = view.proposals
    assert.deepEqual(
      [proposed?.colour, proposed?.value, proposed?.unit, proposed?.station.code, proposed?.window],
      ['orange', 53.2, 'mm', 'H1', { of: 'sum', over: 'PT3H' }],
    )
    const onDesk = async (as?: string): Promise<readonly unknown[]> =>
      (await get<DeskView>('/api/desk', as)).body.waiting.map((one) => [one.kind, one.id, one.since, one.count])
    assert.deepEqual(await onDesk(), [['proposal', proposed?.id, proposed?.proposedAt, 1]])
    assert.deepEqual(await onDesk(cookie.hebei), [], 'it is not theirs to decide')
    const { body: detail } = await get<ProposalDetail>(`/api/proposals/${proposed?.id}`)
    assert.deepEqual([detail.at, detail.proof.count, detail.divisions], [at(10), 2, ['120116']])
    const { body: series } = await get<SeriesView>(`/api/stations/${station}/series?indicator=rain&hours=6`)
    assert.deepEqual([series.readings, series.points.length, series.windowed?.points.at(-1)?.[1]], [2, 2, 53.2])
    assert.equal((await get<StationDetail>(`/api/stations/${station}`)).body.sensors.length, 1)

    const far = await get<StationsView>('/api/stations', cookie.hebei)
    assert.deepEqual([far.body.stations, far.body.proposals], [[], []])
    for (const url of [`/api/stations/${station}`, `/api/proposals/${proposed?.id}`, `/api/stations/${station}/series?indicator=rain`])
      assert.equal((await get(url, cookie.hebei)).status, 404, url)
    assert.equal((await post<ReadingsRefused>(csv, 'text/csv', cookie.hebei)).body.rows[0]?.problem, 'not-yours')

    assert.equal((await tellAs('proposal', proposed?.id ?? '', { type: 'station.dismiss', reason: '雨量筒堵塞，已派人检修' })).status, 200)
    assert.deepEqual(await onDesk(), [])
    const after = (await get<StationsView>('/api/stations')).body
    assert.deepEqual(
      [after.proposals[0]?.status, after.measures.answered, after.measures.dismissed, after.measures.waiting],
      ['dismissed', 1, 1, 0],
    )
  })
  test('a downstream county sees what the gauge upstream proposes for it, and the gauge', async () => {
    const { real, parts } = { real: house.worlds.real, parts: house.parts }
    const id = randomUUID()
    await say(real, 'station', id, register(parts.city, 'U1', { jurisdiction: '120119', divisions: ['120119', '130000'] }))
    await post(JSON.stringify([{ station: 'U1', indicator: 'rain', at: at(5), value: 55 }]), 'application/json')
    const ingest = new Ingest({ world: real })
    await report(ingest, rowsOfCsv(`station,indicator,at,value\nU1,rain,${at(5)},55`))
    await evaluate(real)
    const { body } = await get<StationsView>('/api/stations', cookie.hebei)
    assert.deepEqual(
      body.proposals.map((one) => one.station.code),
      ['U1'],
    )
    assert.deepEqual(
      body.stations.map((one) => one.code),
      ['U1'],
    )
  })
  test('5,000 rows at most, every bad row named, nothing of the batch kept', async () => {
    const before = (await house.worlds.real.sql`select count(*)::int as n from reading`)[0]?.n
    const rows = Array.from({ length: 20 }, (_, i) => ({ station: 'H1', indicator: 'rain', at: at(600 - i), value: i === 3 ? 'wet' : 0 }))
    const { status, body } = await post<ReadingsRefused>(JSON.stringify(rows))
    assert.deepEqual(
      [status, body.code, body.params.count, body.rows],
      [422, 'station.rows-bad', 1, [{ row: 4, problem: 'value-malformed', said: 'wet' }]],
    )
    const many = await post<ReadingsRefused>(
      JSON.stringify(Array.from({ length: 5001 }, () => ({ station: 'H1', indicator: 'rain', at: at(1), value: 0 }))),
    )
    assert.deepEqual([many.status, many.body.code], [422, 'station.too-many-rows'])
    assert.equal((await post<{ code: string }>('{}')).status, 400)
    assert.equal((await post<{ code: string }>('not json')).status, 400)
    assert.equal((await house.worlds.real.sql`select count(*)::int as n from reading`)[0]?.n, before)
    const anonymous = await house.app.inject({
      method: 'POST',
      url: '/api/readings',
      headers: { ...HEADERS, 'content-type': 'text/csv' },
      payload: 'x',
    })
    assert.equal(anonymous.statusCode, 401)
    const foreign = await house.app.inject({
      method: 'POST',
      url: '/api/readings',
      headers: { ...HEADERS, origin: 'https://evil.example', 'content-type': 'text/csv', cookie: cookie.district },
      payload: 'x',
    })
    assert.equal(foreign.statusCode, 403)
  })
})
