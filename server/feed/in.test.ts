import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { escapeXml } from '#core/xml.ts'
import { capBytes, capText } from '../../fixtures/server/cap.ts'
import { openGround, type Ground } from '../../fixtures/server/scene.ts'
import { ManualClock } from '../clock.ts'
import { projectRoot } from '../config.ts'
import type { Sql } from '../database.ts'
import { migrate } from '../migrate.ts'
import { dropWorld } from '../testing.ts'
import { schemaOf, type World } from '../world.ts'
import { receiveCommand } from './command.ts'
import { readFeed } from './entries.ts'
import { FeedOffice } from './office.ts'
import { FeedReader, Hosts, waitMs } from './poll.ts'
import { receiving } from './receive.ts'
import { statusOf } from './routes.ts'
import { Sources, type SourceDraft } from './source.ts'

let ground: Ground
let world: World
let node: Sql
let sources: Sources
let origin: string
const nodeName = randomUUID()
const clock = new ManualClock(Date.now())
type Handler = (request: IncomingMessage, response: ServerResponse) => void
const paths = new Map<string, Handler>()
const heard: { readonly path: string; readonly headers: IncomingMessage['headers'] }[] = []
const server = createServer((request, response) => {
  heard.push({ path: request.url ?? '', headers: request.headers })
  const handler = paths.get(request.url ?? '')
  if (handler === undefined) response.writeHead(404).end('no such page')
  else handler(request, response)
})
const by = { postId: randomUUID(), organizationId: randomUUID() }

before(async () => {
  ground = await openGround()
  world = await ground.open()
  const schema = schemaOf(nodeName)
  await migrate(ground.database, schema, 'node')
  node = ground.database.pool(schema, { max: 3 })
  sources = new Sources(node, clock)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
after(async () => {
  server.closeAllConnections()
  server.close()
  await node.end()
  await dropWorld(ground.database, nodeName)
  await ground.leave()
})

const body =
  (said: string | Buffer, headers: Record<string, string> = {}): Handler =>
  (_, response) =>
    void response.writeHead(200, { 'content-type': 'application/xml', ...headers }).end(said)
const draft = (path: string | null, more: Partial<SourceDraft> = {}): SourceDraft => ({
  name: path ?? 'push',
  url: path === null ? null : `${origin}${path}`,
  effect: 'show',
  trust: null,
  everySeconds: 60,
  promiseSeconds: 600,
  ...more,
})
const reader = (more: { readonly allowPrivate?: boolean; readonly timeoutMs?: number } = {}): FeedReader =>
  new FeedReader({
    sources,
    clock,
    receive: receiving(world),
    allowPrivate: true,
    origin: 'http://muster.test',
    hosts: new Hosts(0),
    ...more,
  })
/** Adds a source, has it read, and says how it stands afterwards. */
async function look(id: string, path: string, more: Partial<SourceDraft> = {}, how: Parameters<typeof reader>[0] = {}) {
  if ((await sources.find(id)) === null) await sources.put(id, draft(path, more), by)
  await reader(how).round((await sources.find(id)) ?? assert.fail())
  return (await sources.find(id)) ?? assert.fail()
}
const kept = async (identifier: string) =>
  (
    await world.sql<
      { status: string; source: string; sha256: string }[]
    >`select status, source, sha256 from alert where identifier = ${identifier}`
  )[0]

const atomOf = (entries: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"><id>urn:x</id><title>t</title><updated>2026-11-22T00:00:00Z</updated>${entries}</feed>`
const linked = (path: string, id = path): string =>
  `<entry><id>${id}</id><title>x</title><updated>2026-11-22T00:00:00Z</updated><link rel="alternate" type="text/html" href="${origin}/page.html"/><link type="application/cap+xml" href="${path}"/></entry>`

test('a feed is read with its links and what stands in it, and asked next time whether it has changed', async () => {
  const inner = capText({ identifier: 'in-atom' }).replace(/<\?xml.*?\?>\s*/, '')
  paths.set('/one.cap', body(capBytes({ identifier: 'linked-1' })))
  paths.set('/good.atom', (request, response) => {
    if (request.headers['if-none-match'] === '"v1"') return void response.writeHead(304).end()
    response
      .writeHead(200, { etag: '"v1"', 'last-modified': 'Sun, 22 Nov 2026 00:00:00 GMT' })
      .end(atomOf(`${linked('/one.cap')}<entry><id>b</id><content type="text/xml">${inner}</content></entry>`))
  })
  const first = await look('good', '/good.atom')
  assert.deepEqual([first.fresh, first.known, first.refused, first.shape, first.problem, first.etag], [2, 0, 0, 'atom', null, '"v1"'])
  assert.deepEqual(first.verdicts, { none: 2 })
  assert.equal((await kept('linked-1'))?.status, 'shown')
  assert.equal((await kept('in-atom'))?.status, 'shown')
  heard.length = 0
  const second = await look('good', '/good.atom')
  assert.deepEqual([second.fresh, second.known, second.failures], [2, 0, 0])
  assert.equal(heard.length, 1, 'what was seen is not fetched again')
  assert.equal(heard[0]?.headers['if-modified-since'], 'Sun, 22 Nov 2026 00:00:00 GMT')
  assert.match(heard[0]?.headers['user-agent'] ?? '', /^Muster /)
})

test('an alert that RSS holds as an escaped text is unescaped once and read; twice escaped it is none', async () => {
  const once = escapeXml(capText({ identifier: 'escaped-1' }))
  const twice = escapeXml(escapeXml(capText({ identifier: 'escaped-2' })))
  const item = (text: string): string => `<item><title>x</title><description>${text}</description></item>`
  paths.set(
    '/escaped.rss',
    body(
      `<rss version="2.0"><channel><title>t</title>${item(once)}${item(twice)}<item><description><![CDATA[${capText({ identifier: 'cdata-1' })}]]></description></item></channel></rss>`,
    ),
  )
  const source = await look('escaped', '/escaped.rss')
  assert.deepEqual([source.fresh, source.refused, source.shape], [2, 0, 'rss'])
  assert.ok((await kept('escaped-1')) !== undefined && (await kept('cdata-1')) !== undefined)
  assert.equal(await kept('escaped-2'), undefined)
})

test('the same message by another way is known, and the same identity with other words is refused with its bytes kept', async () => {
  paths.set('/again.cap', body(capBytes({ identifier: 'linked-1', ms: clock.now() })))
  const [row] = await world.sql<
    { bytes: Buffer }[]
  >`select bytes from alert a join alert_message m using (sha256) where identifier = 'linked-1'`
  paths.set('/again.cap', body(row?.bytes ?? ''))
  const again = await look('again', '/again.cap')
  assert.deepEqual([again.fresh, again.known, again.shape], [0, 1, 'cap'])
  const other = String(row?.bytes).replace('50毫米', '90毫米')
  paths.set('/other.cap', body(other))
  const refused = await look('other', '/other.cap')
  assert.deepEqual([refused.fresh, refused.known, refused.refused], [0, 0, 1])
  const [shown] = await sources.refusedOf('other')
  assert.equal(shown?.code, 'alert.identity-reused')
  assert.equal(String(await sources.refusedBytes('other', shown?.id ?? '')), other)
})

test('whatever goes wrong at the other end is a problem in words and a longer wait, and nothing is half kept', async () => {
  const [{ before: alerts } = { before: 0 }] = await world.sql<{ before: number }[]>`select count(*)::int as before from alert`
  paths.set('/503', (_, response) => void response.writeHead(503, { 'retry-after': '1800' }).end())
  paths.set('/slow', () => {})
  paths.set('/huge', (_, response) => {
    response.writeHead(200)
    const chunk = Buffer.alloc(1 << 20, 0x20)
    const more = (): void => void (response.destroyed || response.write(chunk, () => setImmediate(more)))
    more()
  })
  paths.set('/broken', body('<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>x</iden'))
  paths.set('/bomb', body('<!DOCTYPE x [<!ENTITY a "b">]><alert>&a;</alert>'))
  paths.set('/html', body('<html><body>Sign in</body></html>'))
  paths.set('/zipped', body('zip', { 'content-encoding': 'gzip' }))
  const codes: Record<string, string | undefined> = {}
  for (const path of ['/503', '/slow', '/huge', '/broken', '/bomb', '/html', '/zipped', '/missing']) {
    const source = await look(path.slice(1), path, {}, { timeoutMs: 500 })
    codes[path] = source.problem?.code
    assert.equal(source.failures, 1, path)
    assert.ok((source.nextAt?.getTime() ?? 0) > clock.now() + 40_000, path)
  }
  assert.deepEqual(codes, {
    '/503': 'feed.http-status',
    '/slow': 'feed.no-answer',
    '/huge': 'feed.answer-too-large',
    '/broken': 'cap.not-well-formed',
    '/bomb': 'cap.doctype',
    '/html': 'cap.no-alert',
    '/zipped': 'feed.answer-encoded',
    '/missing': 'feed.http-status',
  })
  const unavailable = (await sources.find('503')) ?? assert.fail()
  assert.ok((unavailable.nextAt?.getTime() ?? 0) >= clock.now() + 1_800_000, 'whoever asks to be left alone is')
  await look('broken', '/broken')
  assert.equal((await sources.refusedOf('broken')).length, 1, 'the same broken bytes are kept once')
  const [{ now } = { now: -1 }] = await world.sql<{ now: number }[]>`select count(*)::int as now from alert`
  assert.equal(now, alerts)
})

test('the wait doubles to an hour, a fifth more or less', () => {
  const minutes = [1, 2, 3, 4, 5, 6, 7, 20].map((failures) => waitMs(60, failures, 0.5) / 60_000)
  assert.deepEqual(minutes, [1, 2, 4, 8, 16, 32, 60, 60])
  assert.deepEqual([waitMs(60, 1, 0), waitMs(60, 1, 1)], [48_000, 72_000])
  assert.ok(waitMs(60, 99, 1) <= 3_600_000)
})

test('no address leads into the own network, neither directly nor by redirect or link', async () => {
  paths.set('/to-private', (_, response) => void response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end())
  const direct = await look('private', '/good.atom', {}, { allowPrivate: false })
  assert.equal(direct.problem?.code, 'feed.address-forbidden')
  await sources.put('redirected', { ...draft(null), url: 'http://[::1]:1/' }, by)
  assert.equal((await look('redirected', '')).problem?.code, 'feed.no-connection', 'the guard is what forbids it, not chance')
  await sources.put('mapped', { ...draft(null), url: 'http://[::ffff:127.0.0.1]/x' }, by)
  assert.equal((await look('mapped', '', {}, { allowPrivate: false })).problem?.code, 'feed.address-forbidden')
})

test('a link that fails is tried again, four times in all, and then given up with its reason; the rest is taken', async () => {
  paths.set('/partly.atom', body(atomOf(`${linked('/gone.cap')}${linked('/two.cap')}`), { etag: '"p"' }))
  paths.set('/two.cap', body(capBytes({ identifier: 'linked-2' })))
  let source = await look('partly', '/partly.atom')
  assert.deepEqual([source.fresh, source.refused, source.etag], [1, 0, null])
  for (let round = 2; round <= 4; round++) source = await look('partly', '/partly.atom')
  assert.deepEqual([source.fresh, source.refused, source.etag], [1, 1, '"p"'])
  assert.deepEqual(
    (await sources.refusedOf('partly')).map(({ code, address }) => [code, address]),
    [['feed.http-status', `${origin}/gone.cap`]],
  )
})

test('a source that is believed acts at once, one that has to sign acts only when it did, the rest is shown', async () => {
  paths.set('/act.cap', body(capBytes({ identifier: 'acts' })))
  paths.set('/unsigned.cap', body(capBytes({ identifier: 'unsigned' })))
  assert.equal((await look('act', '/act.cap', { effect: 'act' })).fresh, 1)
  assert.equal((await kept('acts'))?.status, 'in-force')
  const { trust } = await signer()
  await look('unsigned', '/unsigned.cap', { effect: 'signed', trust })
  assert.equal((await kept('unsigned'))?.status, 'shown')
  const { signed } = await signer()
  paths.set('/signed.cap', body(signed('signed-1')))
  const source = await look('signed', '/signed.cap', { effect: 'signed', trust: (await signer()).trust })
  assert.deepEqual(source.verdicts, { 'valid-trusted': 1 })
  assert.equal((await kept('signed-1'))?.status, 'in-force')
})

test('which of two lines was quicker decides nothing: what a believed source says too takes effect', async () => {
  const bytes = capBytes({ identifier: 'twice-told' })
  paths.set('/quick.cap', body(bytes))
  paths.set('/believed.cap', body(bytes))
  await look('quick', '/quick.cap')
  assert.equal((await kept('twice-told'))?.status, 'shown')
  assert.equal((await look('also', '/quick.cap', { name: 'also' })).known, 1)
  assert.equal((await kept('twice-told'))?.status, 'shown', 'twice told by who is not believed is still not believed')
  assert.equal((await look('believed', '/believed.cap', { effect: 'act' })).known, 1)
  assert.equal((await kept('twice-told'))?.status, 'in-force')
})

let made: { trust: string; signed: (identifier: string) => Buffer } | null = null
async function signer(): Promise<NonNullable<typeof made>> {
  if (made !== null) return made
  const { generateKeyPairSync } = await import('node:crypto')
  const [{ selfSigned }, { signAlert }] = await Promise.all([import('../cap/identity.ts'), import('../cap/sign.ts')])
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const certificate = selfSigned({ privateKey, name: 'met.example.org', from: Date.now() - 1000 })
  made = { trust: certificate, signed: (identifier) => Buffer.from(signAlert(capBytes({ identifier }), { privateKey, certificate })) }
  return made
}

test('what is pushed is taken whole or refused to its sender, and only with the key of its source', async () => {
  await sources.put('pusher', draft(null), by)
  const { key } = (await sources.change('pusher', 'new-key', by)) ?? assert.fail()
  assert.ok(key !== null && key.length >= 32)
  const source = (await sources.withKey('pusher', key)) ?? assert.fail()
  assert.equal(await sources.withKey('pusher', `${key}x`), null)
  assert.equal(await sources.withKey('nobody', key), null)
  const push = reader()
  assert.equal((await push.push(source, capBytes({ identifier: 'pushed-1' }))).tally.fresh, 1)
  assert.equal((await push.push(source, capBytes({ identifier: 'pushed-1' }))).tally.known, 1)
  const bad = await push.push(source, Buffer.from('<alert'))
  assert.deepEqual([bad.tally.refused, bad.refused[0]?.code], [1, 'cap.not-well-formed'])
  const [row] = await node<{ hash: Buffer }[]>`select key_hash as hash from feed_source where id = 'pusher'`
  assert.ok(!String(row?.hash).includes(key), 'the key itself is kept nowhere')
  assert.equal((await sources.find('pusher'))?.refused, 1)
})

test('a source that is not heard for longer than it promises is silent, whatever its last problem', () => {
  const at = (secondsAgo: number): Date => new Date(clock.now() - secondsAgo * 1000)
  const source = { paused: false, checkedAt: at(10), successAt: at(10), addedAt: at(9999), promiseSeconds: 600, failures: 0, problem: null }
  assert.equal(statusOf(source, clock.now()), 'well')
  assert.equal(statusOf({ ...source, failures: 3 }, clock.now()), 'failing')
  assert.equal(statusOf({ ...source, failures: 3, successAt: at(601) }, clock.now()), 'silent')
  assert.equal(statusOf({ ...source, checkedAt: null, successAt: null, addedAt: at(5) }, clock.now()), 'waiting')
  assert.equal(statusOf({ ...source, successAt: at(601), paused: true }, clock.now()), 'paused')
})

test('of two servers one reads at a time, the other takes over, and each message is taken once', async () => {
  let asked = 0
  paths.set('/shared.cap', (_, response) => {
    asked++
    response.writeHead(200).end(capBytes({ identifier: `shared-${asked}` }))
  })
  const second = await ground.open({ name: world.name })
  const office = (of: World): FeedOffice =>
    new FeedOffice({
      database: ground.database,
      node,
      schema: world.schema,
      clock,
      origin: 'http://muster.test',
      allowPrivate: true,
      receive: receiving(of),
      onError: (error) => assert.fail(error as Error),
    })
  const [a, b] = [office(world), office(second)]
  for (const { id } of await sources.all()) await sources.change(id, 'pause', by)
  await sources.put('shared', draft('/shared.cap'), by)
  await a.start()
  await b.start()
  assert.deepEqual([a.isOnDuty, b.isOnDuty], [true, false])
  await until(async () => (await kept('shared-1')) !== undefined)
  await a.stop()
  await until(async () => b.isOnDuty)
  await sources.change('shared', 'try', by)
  await until(async () => (await kept('shared-2')) !== undefined)
  assert.equal(asked, 2)
  await b.stop()
})

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 80; tries++) {
    if (await holds()) return
    await sleep(100)
  }
  assert.fail('it did not come about within eight seconds')
}

test('who decided about a source stays on record when it is gone', async () => {
  await sources.change('pusher', 'remove', by)
  assert.equal(await sources.find('pusher'), null)
  const rows = await node<
    { type: string; post: string }[]
  >`select change ->> 'type' as type, post_id as post from feed_change where source_id = 'pusher' order by at, id`
  assert.deepEqual(rows.map(({ type }) => type).toSorted(), ['new-key', 'pause', 'put', 'remove'])
  assert.ok(rows.every(({ post }) => post === by.postId))
  const [left] = await node`select 1 from feed_refused where source_id = 'pusher'`
  assert.equal(left, undefined)
})

/** Its links lead to the own server, where there is nothing. */
function homeward(bytes: Buffer, nth: number): Buffer {
  const reading = readFeed(bytes, 'http://feed.example/')
  const links = reading.ok ? reading.entries.flatMap(({ link }) => link ?? []) : []
  const text = links
    .toSorted((a, b) => b.length - a.length)
    .reduce((all, link, i) => all.replaceAll(escapeXml(link), `${origin}/gone/${nth}/${i}`), bytes.toString('latin1'))
  return Buffer.from(text, 'latin1')
}

const FEEDS = join(projectRoot, '..', 'shared', 'data', 'cap', 'feeds')
test(
  'every feed of the corpus is read: each alert in it is taken or refused with a reason, each link found',
  { skip: !existsSync(FEEDS) },
  async () => {
    const files = readdirSync(FEEDS).toSorted()
    assert.ok(files.length > 0)
    for (const file of files) {
      const bytes = homeward(readFileSync(join(FEEDS, file)), files.indexOf(file))
      const path = `/corpus/${file}`
      paths.set(path, body(bytes))
      const reading = readFeed(bytes, `${origin}${path}`)
      const source = await look(`corpus-${files.indexOf(file)}`, path, {}, { allowPrivate: true })
      if (!reading.ok) {
        assert.equal(source.problem?.code, reading.code, file)
        continue
      }
      assert.equal(source.problem, null, file)
      assert.ok(
        reading.entries.every(({ link }) => link === null || link.startsWith(origin)),
        file,
      )
      const inside = reading.entries.filter(({ bytes: one }) => one !== null).length
      assert.equal(source.fresh + source.known + source.refused >= inside, true, file)
      assert.equal(
        (await sources.refusedOf(source.id)).every(({ code }) => code !== ''),
        true,
        file,
      )
    }
  },
)

test('files from the command line are taken as if the source had pushed them: the bad ones are named, the others go on', async () => {
  await sources.put('desk', { ...draft(null, { effect: 'act' }), name: '值班室' }, by)
  const folder = await mkdtemp(join(tmpdir(), 'muster-receive-'))
  const write = async (name: string, bytes: string | Buffer): Promise<string> => {
    await writeFile(join(folder, name), bytes)
    return join(folder, name)
  }
  const good = await write('good.xml', capBytes({ identifier: 'from-file' }))
  const bad = await write('bad.xml', capText({ identifier: 'bad-file' }).slice(0, -20))
  const other = await write('other.xml', capBytes({ identifier: 'from-other-file' }))
  const receive = async (files: readonly string[], source: string): Promise<{ code: number; said: string[] }> => {
    const said: string[] = []
    const code = await receiveCommand({ files, source, sources, reader: reader(), out: (text) => said.push(text.replaceAll(folder, '')) })
    return { code, said }
  }
  const first = await receive([good, bad, join(folder, 'absent.xml'), other], '值班室')
  assert.equal(first.code, 1)
  assert.match(first.said[0] ?? '', /^\/good\.xml: 1 new, 0 known$/)
  assert.match(first.said[1] ?? '', /^\/bad\.xml: refused cap\.not-well-formed/)
  assert.match(first.said[2] ?? '', /^\/absent\.xml: refused unreadable ENOENT/)
  assert.match(first.said[3] ?? '', /^\/other\.xml: 1 new/)
  assert.deepEqual(
    [(await kept('from-file'))?.status, (await kept('from-file'))?.source, await kept('bad-file')],
    ['in-force', 'push', undefined],
  )
  assert.deepEqual(await receive([good], 'desk'), { code: 0, said: ['/good.xml: 0 new, 1 known'] })
  assert.equal((await sources.refusedOf('desk')).length, 1)
  const nobody = await receive([good], 'nobody')
  assert.deepEqual([nobody.code, /desk \(值班室\)/.test(nobody.said[0] ?? '')], [2, true])
  await rm(folder, { recursive: true })
})
