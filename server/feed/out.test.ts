import assert from 'node:assert/strict'
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import fastify, { type FastifyInstance, type LightMyRequestResponse } from 'fastify'
import { elementsOf, readXml, textOf, type XmlElement } from '#core/xml.ts'
import { capBytes, type CapParts } from '../../fixtures/server/cap.ts'
import { cast, openGround, postOf, say, words, type Ground } from '../../fixtures/server/scene.ts'
import { receiveAlert } from '../alert/receive.ts'
import { selfSigned } from '../cap/identity.ts'
import { NO_TRUST } from '../cap/trust.ts'
import { publicPage } from '../public/page.ts'
import type { World } from '../world.ts'
import { feedRoutes } from './out.ts'
import { PublicView } from './snapshot.ts'

let ground: Ground
let world: World
let view: PublicView
let app: FastifyInstance
const ORIGIN = 'https://muster.example.org'
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const certificate = selfSigned({ privateKey, name: 'muster.example.org', from: Date.now() - 1000 })

const receive = async (parts: CapParts, effect: 'act' | 'show' = 'act'): Promise<string> => {
  const [one] = await receiveAlert(world, capBytes(parts), { source: { kind: 'feed', id: 'x', name: 'x' }, effect, trust: NO_TRUST })
  assert.ok(one?.id != null, JSON.stringify(one))
  return one.id
}
const get = (url: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET'): Promise<LightMyRequestResponse> =>
  app.inject({ method, url, headers })
const root = (text: string): XmlElement => {
  const read = readXml(text.replace(/^<!doctype html>\s*/, ''), { depth: 60, elements: 100_000, attributes: 40, attributeLength: 10_000 })
  return read.ok ? read.document.root : assert.fail(`${read.detail} in line ${read.line}`)
}
const named = (element: XmlElement, name: string): readonly XmlElement[] => elementsOf(element).filter((one) => one.name === name)
const attribute = (element: XmlElement, name: string): string | undefined => element.attributes.find((one) => one.name === name)?.value

/** Each word stands in one message alone, and none of them may come out anywhere. */
const HIDDEN: readonly CapParts[] = [
  {
    identifier: 'hidden-restricted',
    scope: 'Restricted',
    more: '<restriction>officials</restriction>',
    headline: '暗语甲',
    words: '暗语甲',
  },
  { identifier: 'hidden-private', scope: 'Private', more: '<addresses>a@example.org</addresses>', headline: '暗语乙', words: '暗语乙' },
  { identifier: 'hidden-exercise', status: 'Exercise', headline: '暗语丙', words: '暗语丙' },
  { identifier: 'hidden-test', status: 'Test', headline: '暗语丁', words: '暗语丁' },
  { identifier: 'hidden-system', status: 'System', headline: '暗语戊', words: '暗语戊' },
  { identifier: 'hidden-draft', status: 'Draft', headline: '暗语己', words: '暗语己' },
]
const ids = new Map<string, string>()

before(async () => {
  ground = await openGround()
  world = await ground.open()
  Object.assign(world, { alertKey: { privateKey, certificate } })
  for (const parts of HIDDEN) ids.set(parts.identifier, await receive(parts))
  ids.set('hidden-shown', await receive({ identifier: 'hidden-shown', headline: '暗语庚', words: '暗语庚' }, 'show'))
  ids.set('open-1', await receive({ identifier: 'open-1', headline: '示范气象台发布暴雨<橙色>预警 & 更多' }))
  view = new PublicView({ world, onError: (error) => assert.fail(error as Error) })
  app = fastify()
  feedRoutes(app, { world, view, origin: ORIGIN, node: 'muster.example.org' })
  publicPage(app, { view, origin: ORIGIN })
  await app.ready()
})
after(async () => {
  view.close()
  await app.close()
  await ground.leave()
})

/** Every way out that needs no sign-in and says something of warnings. */
const OUTPUTS = ['/public/alerts.atom', '/public/alerts.rss', '/public/alerts.json', '/public', '/public/'].flatMap((path) =>
  ['', '?lang=en', '?lang=zh-CN', '?area=120116', '?area=120000&lang=en', '?page=1'].map((query) => path + query),
)

test('restricted, private, exercise, test, system and draft messages, and what nobody here adopted, leave by none of the outputs', async () => {
  for (const url of OUTPUTS) {
    const answer = await get(url)
    assert.equal(answer.statusCode, 200, url)
    assert.doesNotMatch(answer.body, /暗语|hidden-/, url)
    assert.match(answer.body, /示范气象台/, url)
    for (const id of [...ids].filter(([name]) => name.startsWith('hidden')).map(([, one]) => one)) assert.ok(!answer.body.includes(id), url)
  }
  for (const [name, id] of ids) {
    if (!name.startsWith('hidden')) continue
    for (const one of [name, id]) assert.equal((await get(`/public/alerts/${one}.cap.xml`)).statusCode, 404, one)
  }
})

test('a row that says public of bytes that are not is not believed', async () => {
  await world.sql`update alert set scope = 'Public', cap_status = 'Actual', status = 'in-force' where identifier in ('hidden-restricted', 'hidden-exercise')`
  await view.settled()
  for (const url of OUTPUTS) assert.doesNotMatch((await get(url)).body, /暗语/, url)
  assert.equal((await get(`/public/alerts/${ids.get('hidden-restricted') ?? ''}.cap.xml`)).statusCode, 404)
  await world.sql`update alert set status = 'notice' where identifier in ('hidden-restricted', 'hidden-exercise')`
})

test('the message goes out with the very bytes that came in, by our id and by its identifier', async () => {
  const [row] = await world.sql<
    { bytes: Buffer }[]
  >`select m.bytes from alert a join alert_message m using (sha256) where a.identifier = 'open-1'`
  for (const name of ['open-1', ids.get('open-1') ?? '']) {
    const answer = await get(`/public/alerts/${name}.cap.xml`)
    assert.deepEqual([answer.statusCode, answer.headers['content-type']], [200, 'application/cap+xml'])
    assert.ok(answer.rawPayload.equals(row?.bytes ?? Buffer.alloc(0)))
  }
  for (const name of ['nothing', 'open-1.cap', '../../etc/passwd', 'x'.repeat(90)])
    assert.equal((await get(`/public/alerts/${encodeURIComponent(name)}.cap.xml`)).statusCode, 404, name)
  assert.equal((await get('/public/alerts/open-1.html')).statusCode, 404)
  assert.equal((await get('/public/alerts/certificate.pem')).body, certificate)
})

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/
const ATOM = 'http://www.w3.org/2005/Atom'
const IRI = /^[a-z][a-z0-9+.-]*:\S+$/i

/** The rules of RFC 4287, section 4, that a feed like ours can break. */
function checkAtom(feed: XmlElement): readonly XmlElement[] {
  const once = (parent: XmlElement, name: string): string => {
    const found = named(parent, name)
    assert.equal(found.length, 1, `${parent.name} has exactly one ${name}`)
    return textOf(found[0] ?? assert.fail())
  }
  const common = (parent: XmlElement): void => {
    assert.match(once(parent, 'id'), IRI)
    assert.match(once(parent, 'updated'), RFC3339)
    assert.notEqual(once(parent, 'title'), '')
    for (const person of named(parent, 'author')) assert.notEqual(once(person, 'name'), '')
    const alternates = named(parent, 'link').filter((link) => (attribute(link, 'rel') ?? 'alternate') === 'alternate')
    const kinds = alternates.map((link) => `${attribute(link, 'type')} ${attribute(link, 'hreflang')}`)
    assert.equal(new Set(kinds).size, kinds.length, 'no two alternates of one type and language')
    for (const link of named(parent, 'link')) assert.match(attribute(link, 'href') ?? '', IRI)
    for (const category of named(parent, 'category'))
      assert.ok((attribute(category, 'term') ?? '') !== '' && IRI.test(attribute(category, 'scheme') ?? ''))
  }
  assert.deepEqual([feed.name, feed.namespace], ['feed', ATOM])
  common(feed)
  assert.equal(named(feed, 'link').filter((link) => attribute(link, 'rel') === 'self').length, 1)
  const allowed = new Set(['id', 'title', 'subtitle', 'updated', 'author', 'generator', 'link', 'entry'])
  assert.ok(elementsOf(feed).every(({ name, namespace }) => namespace === ATOM && allowed.has(name)))
  const entries = named(feed, 'entry')
  for (const entry of entries) {
    common(entry)
    assert.ok(named(entry, 'author').length > 0 || named(feed, 'author').length > 0)
    assert.ok(named(entry, 'content').length > 0 || named(entry, 'link').some((link) => attribute(link, 'rel') === 'alternate'))
    assert.ok(named(entry, 'summary').length <= 1 && named(entry, 'published').length <= 1)
  }
  const keys = entries.map((entry) => once(entry, 'id') + once(entry, 'updated'))
  assert.equal(new Set(keys).size, keys.length, 'no entry twice')
  return entries
}

test('the Atom feed keeps the rules of RFC 4287, and each entry leads to its CAP message with its place and its grading', async () => {
  const answer = await get('/public/alerts.atom?lang=zh-CN')
  assert.match(String(answer.headers['content-type']), /^application\/atom\+xml/)
  const [entry] = checkAtom(root(answer.body))
  assert.ok(entry !== undefined)
  const link = named(entry, 'link')[0] ?? assert.fail()
  assert.deepEqual(
    [attribute(link, 'type'), attribute(link, 'href')],
    ['application/cap+xml', `${ORIGIN}/public/alerts/${ids.get('open-1') ?? ''}.cap.xml`],
  )
  assert.equal(textOf(named(entry, 'title')[0] ?? assert.fail()), '示范气象台发布暴雨<橙色>预警 & 更多')
  assert.equal(textOf(named(entry, 'polygon')[0] ?? assert.fail()), '38.9 117.6 38.9 117.8 39.1 117.8 39.1 117.6 38.9 117.6')
  assert.match(textOf(named(entry, 'summary')[0] ?? assert.fail()), /^远离低洼地带。/, 'what to do comes first')
  const terms = named(entry, 'category').map((one) => attribute(one, 'term'))
  for (const term of ['Met', 'Alert', 'Severe', 'Expected', 'Likely', 'orange', 'rainstorm']) assert.ok(terms.includes(term), term)
})

test('the RSS feed has what RSS 2.0 asks of a channel and an item', async () => {
  const rss = root((await get('/public/alerts.rss?lang=en')).body)
  assert.deepEqual([rss.name, attribute(rss, 'version')], ['rss', '2.0'])
  const channel = named(rss, 'channel')[0] ?? assert.fail()
  for (const name of ['title', 'link', 'description'])
    assert.equal(named(channel, name).filter(({ namespace }) => namespace === '').length, 1, name)
  const items = named(channel, 'item')
  assert.ok(items.length > 0)
  for (const item of items) {
    assert.ok(named(item, 'title').length + named(item, 'description').length > 0)
    const enclosure = named(item, 'enclosure')[0] ?? assert.fail()
    const fetched = await get(new URL(attribute(enclosure, 'url') ?? '').pathname)
    assert.equal(String(fetched.rawPayload.length), attribute(enclosure, 'length'))
    assert.equal(attribute(enclosure, 'type'), 'application/cap+xml')
    assert.match(
      textOf(named(item, 'pubDate')[0] ?? assert.fail()),
      /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d \+0000$/,
    )
    assert.equal(attribute(named(item, 'guid')[0] ?? assert.fail(), 'isPermaLink'), 'false')
  }
})

test('whoever has it already is told so, by tag or by time, in every coding; a HEAD says the same without the body', async () => {
  for (const url of ['/public/alerts.atom', '/public/alerts.rss', '/public/alerts.json', '/public', '/public/alerts/open-1.cap.xml']) {
    const plain = await get(url)
    const { etag, 'last-modified': modified, 'cache-control': caching } = plain.headers
    assert.match(String(etag), /^"[\w-]+"$/, url)
    assert.match(String(caching), /^public, max-age=\d+$/, url)
    assert.match(String(plain.headers.vary), /accept-encoding/, url)
    const tags = new Set([etag])
    for (const coding of ['gzip', 'br'] as const) {
      const packed = await get(url, { 'accept-encoding': coding })
      assert.equal(packed.headers['content-encoding'], coding, url)
      const body = coding === 'br' ? brotliDecompressSync(packed.rawPayload) : gunzipSync(packed.rawPayload)
      assert.ok(body.equals(plain.rawPayload), url)
      assert.ok(!tags.has(packed.headers.etag), 'another form has another strong tag')
      tags.add(packed.headers.etag)
    }
    for (const tag of tags) {
      const same = await get(url, { 'if-none-match': `"other", ${String(tag)}` })
      assert.deepEqual([same.statusCode, same.body], [304, ''], url)
    }
    assert.equal((await get(url, { 'if-none-match': '"other"', 'if-modified-since': String(modified) })).statusCode, 200, 'the tag decides')
    assert.equal((await get(url, { 'if-modified-since': String(modified) })).statusCode, 304, url)
    assert.equal((await get(url, { 'if-modified-since': 'Sun, 01 Jan 1995 00:00:00 GMT' })).statusCode, 200, url)
    const head = await get(url, {}, 'HEAD')
    assert.deepEqual([head.statusCode, head.body, head.headers.etag], [200, '', etag], url)
    assert.equal((await get(url, { 'accept-encoding': 'gzip;q=0, identity' })).headers['content-encoding'], undefined, url)
  }
})

test('a warning stands in the feed as soon as it is committed, and the tag is another', async () => {
  const { etag } = (await get('/public/alerts.atom')).headers
  ids.set('open-2', await receive({ identifier: 'open-2', division: '130900', headline: '沧州市气象台发布暴雨黄色预警' }))
  await view.settled()
  const now = await get('/public/alerts.atom', { 'if-none-match': String(etag) })
  assert.equal(now.statusCode, 200)
  assert.match(now.body, /沧州市/)
  assert.doesNotMatch((await get('/public/alerts.atom?area=120116')).body, /沧州市/)
  assert.match((await get('/public/alerts.atom?area=130000')).body, /沧州市/)
  assert.equal((await get('/public/alerts.atom?area=12')).statusCode, 400)
  assert.equal((await get('/public/alerts.atom?area=120116%27')).statusCode, 400)
})

test('one warning in two files, one a language, is one subject with both', async () => {
  const same = { sent: '2026-11-22T08:00:00+08:00', sender: 'two@example.org', ms: Date.now() }
  await receive({ identifier: 'two-zh', headline: '两种文字的橙色预警', ...same })
  await receive({ identifier: 'two-en', language: 'en-US', headline: 'Orange warning in two languages', words: 'Rain.', ...same })
  await view.settled()
  const both = (await get('/public/alerts.json?lang=en'))
    .json<{ alerts: { headline: string; languages: string[]; cap: string[]; sender: string }[] }>()
    .alerts.filter(({ sender }) => sender === same.sender)
  assert.deepEqual(
    both.map(({ headline, languages, cap }) => [headline, languages.toSorted(), cap.length]),
    [['Orange warning in two languages', ['en-US', 'zh-CN'], 2]],
  )
  assert.match((await get('/public?lang=zh-CN')).body, /两种文字的橙色预警/)
  checkAtom(root((await get('/public/alerts.atom')).body))
})

test('the public page is whole without a script, small however much there is, and names the gravest first', async () => {
  await receive({ identifier: 'red-1', headline: '气象台发布台风红色预警' })
  for (let i = 0; i < 130; i++) await receive({ identifier: `many-${i}`, headline: `第${i}号蓝色预警`, words: '长'.repeat(600) })
  await view.settled()
  for (const url of ['/public', '/public?lang=en', '/public?area=120116&lang=en']) {
    const answer = await get(url)
    assert.ok(answer.rawPayload.length < 30_000, `${url}: ${answer.rawPayload.length}`)
    const html = root(answer.body)
    const all: XmlElement[] = []
    const walk = (one: XmlElement): void => {
      all.push(one)
      for (const child of elementsOf(one)) walk(child)
    }
    walk(html)
    assert.ok(
      all.every(
        ({ name, attributes }) => name !== 'script' && name !== 'style' && attributes.every((one) => !/^on|^style$/.test(one.name)),
      ),
    )
    assert.deepEqual([all.filter(({ name }) => name === 'h1').length, attribute(html, 'lang')], [1, url.includes('en') ? 'en' : 'zh-CN'])
    const listed = all.filter(({ name }) => name === 'ul').flatMap(({ children }) => children.filter((child) => typeof child !== 'string'))
    assert.ok(listed.every((child) => 'name' in child && child.name === 'li'))
    const titles = all.filter(({ name }) => name === 'h3').map(textOf)
    assert.match(titles[0] ?? '', /红色/)
    assert.match(String(answer.headers.refresh), /^(?:[6-9]\d|\d{3,})$/)
  }
})

test('a long feed has pages that lead to each other (RFC 5005, 3), and none beyond its end', async () => {
  const first = root((await get('/public/alerts.atom?lang=en')).body)
  const rel = (feed: XmlElement, name: string): string | undefined =>
    attribute(named(feed, 'link').find((link) => attribute(link, 'rel') === name) ?? feed, 'href')
  const second = root((await get(String(rel(first, 'next')).replace(ORIGIN, ''))).body)
  assert.equal(rel(second, 'previous'), rel(first, 'self'))
  assert.equal(rel(second, 'first'), rel(first, 'self'))
  assert.equal(rel(second, 'next'), undefined)
  const entries = [...checkAtom(first), ...checkAtom(second)].map((entry) => textOf(named(entry, 'id')[0] ?? assert.fail()))
  assert.equal(new Set(entries).size, entries.length)
  assert.equal(entries.length, (await view.settled()).alerts.length)
  assert.equal((await get('/public/alerts.atom?page=3')).statusCode, 404)
  assert.equal((await get('/public/alerts.atom?page=0')).statusCode, 400)
})

test('a shelter is shown while its latest fact says that it is open, and no other site ever', async () => {
  const { district } = await cast(world)
  const doer = { doer: postOf(district, ['risk.keep']) }
  const whence = { source: '街道', asOfAt: new Date(Date.now() - 60_000).toISOString(), confidence: 'confirmed' } as const
  const register = async (name: string, siteKind: string, open: string): Promise<string> => {
    const id = randomUUID()
    const of = { kind: 'site', siteKind, name: words(name), jurisdiction: '120116', owner: district, regulator: null, responder: null }
    await say(world, 'risk', id, { type: 'risk.register', ...of, facts: [{ key: 'open', text: open }], ...whence }, doer)
    return id
  }
  const id = await register('体育馆避难场所', 'shelter', 'yes')
  await register('公园避难场所', 'shelter', 'no')
  await register('某养老院', 'care-home', 'yes')
  const shown = async (): Promise<readonly string[]> => {
    await view.settled()
    const { body } = await get('/public?lang=zh-CN&area=120116')
    return ['体育馆避难场所', '公园避难场所', '某养老院'].filter((name) => body.includes(name))
  }
  assert.deepEqual(await shown(), ['体育馆避难场所'])
  assert.ok(!(await get('/public?lang=zh-CN&area=440000')).body.includes('体育馆避难场所'), 'nor where nobody can walk to it')
  await say(world, 'risk', id, { type: 'risk.state', facts: [{ key: 'open', text: 'no' }], ...whence }, doer)
  assert.deepEqual(await shown(), [])
})

test('a message cancelled by its sender leaves the feed, and its bytes are no longer ours to give', async () => {
  const [row] = await world.sql<{ sent: string }[]>`select state #>> '{made,message,sent}' as sent from alert where identifier = 'open-2'`
  const [kept] = await world.sql<
    { bytes: Buffer }[]
  >`select m.bytes from alert a join alert_message m using (sha256) where a.identifier = 'open-2'`
  const sent = /<sent>(.*?)<\/sent>/.exec(String(kept?.bytes))?.[1] ?? row?.sent ?? ''
  await receive({
    identifier: 'open-2-cancel',
    msgType: 'Cancel',
    division: '130900',
    sent: new Date().toISOString().replace(/\.\d+Z/, '+00:00'),
    more: `<references>met@example.org,open-2,${sent}</references>`,
  })
  await world.settled()
  const snapshot = await view.settled()
  assert.ok(!snapshot.alerts.some(({ identifier }) => identifier === 'open-2'))
})
