import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Writable } from 'node:stream'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fromMs } from '#core/time.ts'
import { openGround, organization, owe, reported, say, until, whole, type Ground } from '../fixtures/server/scene.ts'
import { ManualClock } from './clock.ts'
import { Hub } from './live.ts'
import type { World } from './world.ts'

let ground: Ground
const hubs: Hub[] = []
const servers: Server[] = []
before(async () => {
  ground = await openGround()
})
after(async () => {
  for (const hub of hubs) hub.close()
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
  await ground.leave()
})

type Entry = { readonly position: string; readonly type: string; readonly data: Readonly<Record<string, unknown>> }
type Frame = { readonly event: string; readonly id: string | null; readonly data: unknown }

/** A browser's side of the stream (WHATWG HTML, 9.2.6): frames as they come, and the last id to come back with. */
class Listener {
  readonly frames: Frame[] = []
  lastId: string | null = null
  ended = false
  #text = ''
  readonly #response: IncomingMessage

  constructor(response: IncomingMessage) {
    this.#response = response
    response.setEncoding('utf8')
    response.on('data', (text: string) => this.#take(text))
    response.on('close', () => (this.ended = true))
    response.on('error', () => {})
  }

  #take(text: string): void {
    const blocks = (this.#text + text).split('\n\n')
    this.#text = blocks.pop() ?? ''
    for (const block of blocks) {
      const fields = new Map(
        block
          .split('\n')
          .filter((line) => !line.startsWith(':'))
          .map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      )
      const id = fields.get('id') ?? null
      if (id !== null) this.lastId = id
      if (fields.has('data')) this.frames.push({ event: fields.get('event') ?? 'message', id, data: JSON.parse(fields.get('data') ?? '') })
    }
  }

  get entries(): readonly Entry[] {
    return this.frames.filter((frame) => frame.event === 'recorded').flatMap((frame) => frame.data as Entry[])
  }

  get positions(): readonly number[] {
    return this.entries.map((entry) => Number(entry.position))
  }

  leave(): void {
    this.#response.destroy()
  }
}

type House = {
  readonly world: World
  readonly hub: Hub
  readonly come: (organizationId?: string | null, after?: string | null) => Promise<Listener>
}

async function house(world: World): Promise<House> {
  const hub = new Hub(world, (error) => assert.fail(error as Error))
  hubs.push(hub)
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://x')
    const after = searchParams.get('after')
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    void hub.join(response, searchParams.get('as'), after === null ? null : Number(after))
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const come = async (organizationId: string | null = null, after: string | null = null): Promise<Listener> => {
    const query = new URLSearchParams({ ...(organizationId === null ? {} : { as: organizationId }), ...(after === null ? {} : { after }) })
    const [response] = (await once(get({ host: '127.0.0.1', port, path: `/?${query}`, agent: false }), 'response')) as [IncomingMessage]
    const listener = new Listener(response)
    await until('it is greeted', () => listener.frames.length > 0)
    return listener
  }
  return { world, hub, come }
}

const note = (world: World, incident: string, text: string) =>
  say(world, 'incident', incident, { type: 'incident.note', kind: 'arrive', text })
const range = (from: number, to: number): readonly number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i)

describe('a browser that comes', () => {
  test('is greeted with the position it stands at and the time of the server, and hears what follows', async () => {
    const clock = new ManualClock(Date.parse('2026-07-01T08:00:00Z'))
    const world = await ground.open({ clock })
    await organization(world, { jurisdiction: null })
    const { come } = await house(world)
    const browser = await come()
    assert.deepEqual(browser.frames, [{ event: 'hello', id: '1', data: { position: '1', serverTime: fromMs(clock.now()) } }])
    await reported(world)
    await until('it hears', () => browser.positions.length > 0)
    assert.deepEqual(
      browser.entries.map(({ position, type }) => [position, type]),
      [['2', 'incident.reported']],
    )
    assert.deepEqual([browser.lastId, (browser.entries[0]?.data as { title: string }).title], ['2', '仓库起火'])
  })

  test('back with the last position it heard, is told all that it missed and nothing twice', async () => {
    const world = await ground.open()
    const incident = await reported(world)
    const { come } = await house(world)
    const browser = await come()
    await note(world, incident, '1')
    await until('it hears', () => browser.positions.length > 0)
    browser.leave()
    for (const text of ['2', '3']) await note(world, incident, text)
    const back = await come(null, browser.lastId)
    await note(world, incident, '4')
    await until('it hears', () => back.positions.length >= 3)
    assert.deepEqual([back.frames[0]?.event, browser.positions, back.positions], ['hello', [2], [3, 4, 5]])
  })

  test('is cut off again and again in a flood of 2,000, and misses nothing', async () => {
    const world = await ground.open()
    const incident = await reported(world)
    const { come } = await house(world)
    const heard: number[] = []
    let browser = await come()
    const flood = (async () => {
      for (let i = 0; i < 2000; i += 50) {
        await Promise.all(range(1, 50).map((j) => note(world, incident, `${i + j}`)))
        await sleep(10)
      }
    })()
    for (const away of [0, 30, 300]) {
      const wanted = heard.length + 200
      await until('it hears some', () => heard.length + browser.positions.length >= wanted)
      browser.leave()
      heard.push(...browser.positions)
      await sleep(away)
      browser = await come(null, browser.lastId)
      assert.equal(browser.frames[0]?.event, 'hello')
    }
    await flood
    await until('it hears the last', () => browser.positions.at(-1) === 2001)
    assert.deepEqual([...heard, ...browser.positions], range(2, 2001))
  })

  test('is told to read anew when it lags by more than 10,000 or comes from a future that is not ours', async () => {
    const world = await ground.open()
    await world.sql`
      insert into event (position, stream, version, type, data, command_id, actor, basis, incident_id, occurred_at, recorded_at)
      select n, 'post/' || gen_random_uuid(), 1, 'post.created', '{}', gen_random_uuid(), 'system/setup', null, null, now(), now() from generate_series(1, 10001) n`
    const { come } = await house(world)
    const [lost, just, future] = [await come(null, '0'), await come(null, '1'), await come(null, '10002')]
    assert.deepEqual(
      [lost, just, future].map((browser) => browser.frames[0]?.event),
      ['reset', 'hello', 'reset'],
    )
    assert.deepEqual([lost.frames[0]?.id, future.frames[0]?.id], ['10001', '10001'])
    await until('it has caught up', () => just.positions.length === 10_000)
    assert.deepEqual(just.positions, range(2, 10_001))
    assert.deepEqual(lost.positions, [])
  })
})

describe('an organization', () => {
  test('hears only of what it may see, and from the moment that it may', async () => {
    const world = await ground.open()
    const [here, above, there, nowhere] = [
      await organization(world, { jurisdiction: '120116' }),
      await organization(world, { jurisdiction: '120000' }),
      await organization(world, { jurisdiction: '130000' }),
      await organization(world, { jurisdiction: null }),
    ]
    const { come } = await house(world)
    const [a, b, c, d] = [await come(here), await come(above), await come(there), await come(nowhere)]
    const incident = await reported(world)
    await note(world, incident, '甲')
    const elsewhere = await reported(world, { jurisdiction: '130000' })
    await note(world, elsewhere, '乙')
    await say(world, 'obligation', randomUUID(), owe(incident, nowhere, here))
    await note(world, incident, '丙')
    await until('all have heard', () => d.positions.length >= 2 && a.positions.length >= 4)
    await sleep(150)
    const said = (browser: Listener): readonly unknown[] => browser.entries.map((entry) => entry.data.text ?? entry.type)
    assert.deepEqual(said(a), ['仓库冒烟', '甲', 'obligation.owed', '丙'])
    assert.deepEqual(said(b), said(a))
    assert.deepEqual(said(c), ['仓库冒烟', '乙'])
    // The tick in which it became a party may hold what came just before.
    assert.deepEqual(said(d).slice(-2), ['obligation.owed', '丙'])
    assert.ok(!said(d).includes('乙'))
    const back = await come(there, '4')
    await sleep(150)
    assert.deepEqual(said(back), ['仓库冒烟', '乙'], 'what was missed is filtered alike')
  })
})

describe('an organization that becomes a party', () => {
  test('hears of it even if who may see was just being asked', async () => {
    const world = await ground.open()
    const [here, elsewhere] = [await organization(world, { jurisdiction: '120116' }), await organization(world, { jurisdiction: '130000' })]
    const incident = await reported(world)
    const { come } = await house(world)
    const browser = await come(elsewhere)
    let [gate, asked] = [Promise.resolve(), 0]
    let open = (): void => {}
    const slow = new Proxy(world.sql, {
      apply(target, self, [strings, ...values]: [TemplateStringsArray, ...unknown[]]) {
        const query = Reflect.apply(target, self, [strings, ...values]) as Promise<unknown>
        if (!Array.isArray(strings) || !strings.join('').includes('array_agg(distinct p)')) return query
        asked++
        return query.then((rows) => gate.then(() => rows))
      },
    })
    Object.defineProperty(world, 'sql', { value: slow })
    gate = new Promise<void>((resolve) => (open = resolve))
    await note(world, incident, '甲')
    await until('who may see is asked', () => asked > 0)
    await sleep(50)
    await say(world, 'obligation', randomUUID(), owe(incident, elsewhere, here))
    open()
    await note(world, incident, '乙')
    await until('it hears', () => browser.entries.length >= 2, 2000).catch(() => {})
    assert.deepEqual(browser.entries.map((entry) => entry.data.text ?? entry.type).slice(-2), ['obligation.owed', '乙'])
  })
})

/** A connection whose other end takes nothing. */
function deaf(): { readonly out: ServerResponse; readonly written: () => number } {
  let written = 0
  const out = new Writable({
    highWaterMark: 16_384,
    write(chunk: Buffer) {
      written += chunk.length
    },
  })
  return { out: out as unknown as ServerResponse, written: () => written }
}

describe('a browser that does not read', () => {
  test('is cut off once a megabyte waits for it, and the others hear on', async () => {
    const world = await ground.open()
    const incident = await reported(world)
    const { hub, come } = await house(world)
    const listener = await come()
    const { out } = deaf()
    await hub.join(out, null, null)
    assert.equal(hub.browsers, 2)
    let most = 0
    for (let i = 0; i < 60 && !out.destroyed; i++) {
      await Promise.all(range(1, 20).map(() => note(world, incident, '灾'.repeat(1300))))
      await sleep(60)
      most = Math.max(most, out.writableLength)
    }
    assert.ok(out.destroyed)
    assert.ok(most < 2 * 1024 * 1024, `${most} bytes waited`)
    await until('it is counted out', () => hub.browsers === 1)
    const last = (await whole(world)).length
    await until('the other has heard all', () => listener.positions.at(-1) === last)
    assert.deepEqual(listener.positions, range(2, last))
  })
})

describe('what another server wrote', () => {
  test('is heard here after its notification', async () => {
    const { world, come } = await house(await ground.open())
    const other = await ground.open({ name: world.name })
    const browser = await come()
    await reported(other)
    await reported(world)
    await reported(other)
    world.wakened()
    await until('it hears', () => browser.positions.length >= 3, 3000).catch(() => {})
    assert.deepEqual(browser.positions, [1, 2, 3])
  })

  test('is heard also when the notification comes while something is being sent', async () => {
    const world = await ground.open()
    let open = (): void => {}
    const gate = new Promise<void>((resolve) => (open = resolve))
    const { relations } = world
    const { come } = await house(world)
    const other = await ground.open({ name: world.name })
    const browser = await come()
    let asked = false
    world.relations = async () => {
      asked = true
      await gate
      return relations.call(world)
    }
    await reported(other)
    world.wakened()
    await until('it is being sent', () => asked)
    await reported(other)
    world.wakened()
    await sleep(20)
    open()
    await until('it hears', () => browser.positions.length >= 2, 2000).catch(() => {})
    assert.deepEqual(browser.positions, [1, 2])
  })
})
