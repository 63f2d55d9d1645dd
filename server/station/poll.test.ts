import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test, type TestContext } from 'node:test'
import { fromMs } from '#core/time.ts'
import { codeOf, openGround, say, tell, until, words, type Command, type Ground } from '../../fixtures/server/scene.ts'
import { MINUTE, T0, onError, opened, rain, report, evaluate, said, type Scene } from '../../fixtures/station/scene.ts'
import { StationOffice } from './office.ts'
import { Poller } from './poll.ts'
import { KEEPINGS, type World } from '../world.ts'

let ground: Ground
before(async () => {
  ground = await openGround()
})
after(() => ground.leave())

// ── Sources: real servers on this machine

type Service = { readonly port: number; readonly asked: string[]; readonly stop: () => Promise<void> }
async function service(t: TestContext, answer: (url: URL, response: ServerResponse, request: IncomingMessage) => void): Promise<Service> {
  const asked: string[] = []
  const server: Server = createServer((request, response) => {
    asked.push(request.url ?? '')
    answer(new URL(request.url ?? '', 'http://x'), response, request)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const stop = () => new Promise<void>((done) => void server.close(() => done()))
  t.after(stop)
  return { port: (server.address() as AddressInfo).port, asked, stop }
}
const json = (response: ServerResponse, body: unknown): void =>
  void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))

describe('sources', () => {
  before(() => {
    process.env.MUSTER_STATION_ALLOW_PRIVATE = '1'
  })
  after(() => {
    delete process.env.MUSTER_STATION_ALLOW_PRIVATE
  })
  const add = async ({ world, parts }: Scene, url: string, format: unknown): Promise<string> => {
    const id = randomUUID()
    await say(world, 'station-source', id, {
      type: 'station.add-source',
      name: words('水文局'),
      url,
      owner: parts.district,
      jurisdiction: '120116',
      every: 'PT5M',
      format,
    })
    return id
  }
  const health = async (world: World) =>
    (await world.sql`select error, error_detail, failures, kept::int as kept, next_at, bad_rows from source_health`)[0] ??
    assert.fail('not asked')
  const poller = ({ world, ingest }: Scene, allowPrivate = true): Poller =>
    new Poller({ world, ingest, allowPrivate, onError, chance: () => 0.5 })
  const OWN = { station: 'station', at: 'at', values: [{ indicator: 'indicator', value: 'value' }] }

  test('OGC SensorThings: page after page, then only what is newer; the unit is compared', async (t) => {
    const scene = await opened(ground)
    const observations = Array.from({ length: 7 }, (_, i) => ({ phenomenonTime: fromMs(T0 - (70 - i * 10) * MINUTE), result: 9 }))
    const things = await service(t, (url, response) => {
      if (!url.pathname.endsWith('/Observations'))
        return json(response, { '@iot.id': 5, unitOfMeasurement: { name: 'millimetre', symbol: 'mm', definition: 'ucum:mm' } })
      const since = /phenomenonTime gt (\S+)/.exec(url.searchParams.get('$filter') ?? '')?.[1] ?? ''
      const skip = Number(url.searchParams.get('$skip') ?? 0)
      const found = observations.filter((one) => one.phenomenonTime > since)
      url.searchParams.set('$skip', String(skip + 3))
      return json(response, {
        value: found.slice(skip, skip + 3),
        ...(found.length > skip + 3 ? { '@iot.nextLink': `http://127.0.0.1:${things.port}${url.pathname}${url.search}` } : {}),
      })
    })
    await add(scene, `http://127.0.0.1:${things.port}/v1.1`, {
      kind: 'sensorthings',
      streams: [{ datastream: '5', station: 'R1', indicator: 'rain' }],
    })
    await poller(scene).round()
    assert.equal((await health(scene.world)).kept, 7)
    assert.equal(things.asked.length, 4, 'the Datastream once, three pages')
    assert.match(things.asked[0] ?? '', /^\/v1\.1\/Datastreams\(5\)$/)
    await evaluate(scene.world)
    assert.deepEqual(await said(scene.world), ['station.crossed -20 orange 54'], 'six times 9 mm')
    observations.push({ phenomenonTime: fromMs(T0), result: 1 })
    scene.clock.set(T0 + 5 * MINUTE)
    await poller(scene).round()
    assert.equal((await health(scene.world)).kept, 8)
    assert.equal(things.asked.length, 5, 'one page, and only of what is new')
    assert.equal(await poller(scene).round(), 0, 'not before its time')
  })
  test('a service that measures in something else is said to, and nothing is taken', async (t) => {
    const scene = await opened(ground)
    const things = await service(t, (_, response) =>
      json(response, { unitOfMeasurement: { symbol: 'cm' }, value: [{ phenomenonTime: fromMs(T0), result: 1 }] }),
    )
    await add(scene, `http://127.0.0.1:${things.port}/v1.1`, {
      kind: 'sensorthings',
      streams: [{ datastream: 'a', station: 'R1', indicator: 'rain' }],
    })
    await poller(scene).round()
    const { error, error_detail: detail, kept } = await health(scene.world)
    assert.deepEqual([error, detail, kept], ['unit-differs', 'a: cm ≠ mm', 0])
  })
  test('a CSV is asked for again only if it changed, and its bad rows do not keep the good ones out', async (t) => {
    const scene = await opened(ground)
    const csv = await service(t, (_, response, request) => {
      if (request.headers['if-none-match'] === '"a"') return void response.writeHead(304).end()
      return void response
        .writeHead(200, { etag: '"a"' })
        .end(`station,indicator,at,value\nR1,rain,${fromMs(T0)},1\nR7,rain,${fromMs(T0)},1\n`)
    })
    await add(scene, `http://127.0.0.1:${csv.port}/now.csv`, { kind: 'csv', mapping: OWN })
    await poller(scene).round()
    const first = await health(scene.world)
    assert.deepEqual([first.error, first.kept, first.bad_rows], [null, 1, [{ row: 3, problem: 'station-unknown', said: 'R7' }]])
    scene.clock.set(T0 + 5 * MINUTE)
    await poller(scene).round()
    const second = await health(scene.world)
    assert.deepEqual([second.error, second.kept, csv.asked.length], [null, 1, 2])
  })
  test('one that fails is asked ever more seldom, says why, and recovers', async (t) => {
    const scene = await opened(ground)
    let works = false
    const csv = await service(
      t,
      (_, response) =>
        void (works
          ? response.writeHead(200).end(`[{"station":"R1","indicator":"rain","at":"${fromMs(T0)}","value":1}]`)
          : response.writeHead(503).end('busy')),
    )
    await add(scene, `http://127.0.0.1:${csv.port}/`, { kind: 'json', mapping: OWN })
    const waits: number[] = []
    for (let i = 0; i < 3; i++) {
      await poller(scene).round()
      const { next_at: next, error } = await health(scene.world)
      assert.equal(error, 'http-status')
      waits.push((next as Date).getTime() - scene.clock.now())
      scene.clock.set((next as Date).getTime())
    }
    assert.deepEqual(
      waits.map((ms) => ms / MINUTE),
      [5, 10, 20],
    )
    works = true
    await poller(scene).round()
    const { error, failures, kept } = await health(scene.world)
    assert.deepEqual([error, failures, kept], [null, 0, 1])
  })
  test('what is no list, not JSON, too large, or a redirection into the own network is refused in words', async (t) => {
    for (const [expected, allow, answer] of [
      ['no-list', true, (response: ServerResponse) => response.writeHead(200).end('{}')],
      ['not-json', true, (response: ServerResponse) => response.writeHead(200).end('<html>')],
      ['too-large', true, (response: ServerResponse) => response.writeHead(200).end('x'.repeat(9 * 1024 * 1024))],
      ['not-found', true, (response: ServerResponse) => response.writeHead(404).end()],
      ['address-forbidden', false, (response: ServerResponse) => response.writeHead(200).end('[]')],
    ] as const) {
      const scene = await opened(ground)
      const server = await service(t, (_, response) => void answer(response))
      await add(scene, `http://127.0.0.1:${server.port}/`, { kind: 'json', mapping: OWN })
      await poller(scene, allow).round()
      assert.equal((await health(scene.world)).error, expected)
      assert.equal(server.asked.length, allow ? 1 : 0)
    }
  })
  test('in the own network are refused when they are added, unless the operator allows it', async () => {
    const { world, parts } = await opened(ground)
    delete process.env.MUSTER_STATION_ALLOW_PRIVATE
    const source = (url: string): Command => ({
      type: 'station.add-source',
      name: words('x'),
      url,
      owner: parts.district,
      jurisdiction: '120116',
      every: 'PT5M',
      format: { kind: 'csv', mapping: OWN },
    })
    for (const url of ['http://localhost/a', 'http://169.254.169.254/latest', 'http://[::1]/', 'https://10.0.0.8/x'])
      assert.equal(codeOf(await tell(world, 'station-source', randomUUID(), source(url))), 'source.address-forbidden', url)
    assert.equal(
      KEEPINGS.get('station-source')?.parse(source('https://me:secret@example.org/')).success,
      false,
      'a secret in an address would stand in the log',
    )
    process.env.MUSTER_STATION_ALLOW_PRIVATE = '1'
  })
  test('of several servers one asks; when it is gone another does', async (t) => {
    const { world, clock } = await opened(ground)
    const config = { allowPrivate: true, daysKept: 90 }
    const other = await ground.open({ clock, name: world.name })
    const [a, b] = [
      new StationOffice({ world, database: ground.database, config, onError }),
      new StationOffice({ world: other, database: ground.database, config, onError }),
    ]
    t.after(() => Promise.all([a.stop(), b.stop()]))
    await a.start()
    await b.start()
    assert.deepEqual([a.isOnDuty, b.isOnDuty], [true, false])
    await report(b.ingest, rain([[-5, 55]]))
    await until('the one on duty has seen what the other took in', async () => (await said(world)).length === 1)
    await a.stop()
    await until('the other is on duty', () => b.isOnDuty)
    await report(b.ingest, rain([[-4, 50]]))
    await until('it goes on', async () => (await said(world)).length === 2)
    await b.stop()
  })
})
