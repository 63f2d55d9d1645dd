import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { STYLE_HASHES } from './guard.ts'
import { Browser, openPlace, openServer, type Answer, type Place } from './session/testing.ts'

let place: Place
before(async () => {
  place = await openPlace()
})
after(() => place.leave())

const codeOf = ({ status, body }: Answer): string => `${status} ${String(body.code ?? '')}`.trim()
const CROSS = '403 request.cross-site'

describe('what another site sends', () => {
  const post = async (headers: Record<string, string>, origin?: string, payload: string | undefined = '{}'): Promise<string> => {
    const app = await openServer(place, origin === undefined ? {} : { origin })
    const answer = await app.inject({
      method: 'POST',
      url: '/api/command',
      headers: { host: 'localhost:8080', ...headers },
      ...(payload === undefined ? {} : { payload }),
    })
    return `${answer.statusCode} ${answer.statusCode === 403 ? answer.json<{ code: string }>().code : ''}`.trim()
  }
  const json = { 'content-type': 'application/json' }

  test('is refused, and so is what does not say where it comes from', async () => {
    assert.equal(await post({ ...json, origin: 'https://evil.example' }), CROSS)
    assert.equal(await post({ ...json, origin: 'null' }), CROSS)
    assert.equal(await post({ ...json, origin: 'http://localhost:8081' }), CROSS)
    assert.equal(await post({ ...json, 'sec-fetch-site': 'same-site' }), CROSS)
    assert.equal(await post({ ...json, 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }), CROSS)
    assert.equal(await post(json), CROSS)
  })

  test('as a form is refused even from our own page', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/plain; application/json',
    ])
      assert.equal(await post({ 'content-type': type, origin: 'http://localhost:8080' }), CROSS)
  })

  test('our own pages are heard', async () => {
    assert.equal(await post({ ...json, origin: 'http://localhost:8080' }), '200')
    assert.equal(await post({ 'content-type': 'application/json; charset=utf-8', origin: 'http://localhost:8080' }), '200')
    assert.equal(await post({ ...json, 'sec-fetch-site': 'same-origin' }), '200')
  })

  test('on the loopback address that stands by default the server goes by the name it was called; with an origin set, by that alone', async () => {
    assert.equal(await post({ ...json, host: '127.0.0.1:34567', origin: 'http://127.0.0.1:34567' }), '200')
    assert.equal(await post({ ...json, host: '127.0.0.1:34567', origin: 'http://127.0.0.1:34567' }, 'https://muster.example.org'), CROSS)
    assert.equal(
      await post({ ...json, host: '127.0.0.1:34567', origin: 'https://muster.example.org' }, 'https://muster.example.org'),
      '200',
    )
  })

  test('a deletion needs no body, but does need to come from us', async () => {
    const app = await openServer(place)
    const send = async (origin: string): Promise<number> =>
      (await app.inject({ method: 'DELETE', url: '/api/session', headers: { host: 'localhost:8080', origin } })).statusCode
    assert.deepEqual([await send('http://localhost:8080'), await send('https://evil.example')], [200, 403])
  })
})

describe('a demonstration', () => {
  const ask = async (host: string, options: { host?: string; origin?: string; mode?: 'operation' } = {}): Promise<string> => {
    const app = await openServer(place, { mode: 'demonstration', ...options })
    return codeOf(await new Browser(app, { headers: { host } }).get('/api/session'))
  }

  test('answers on this machine by its own names', async () => {
    for (const host of ['localhost', 'localhost:8080', '127.0.0.1:8080', '[::1]:8080', 'LOCALHOST:8080'])
      assert.equal(await ask(host), '200', host)
    assert.equal(await ask('muster.example.org', { origin: 'https://muster.example.org' }), '200')
  })

  test('refuses a name that somebody else points here', async () => {
    for (const host of [
      'evil.example',
      'evil.example:8080',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      '192.168.1.5',
      'a b',
      'localhost@evil.example',
    ])
      assert.equal(await ask(host), '421 request.unknown-host', host)
  })

  test('on every address answers by any address, and still by no foreign name', async () => {
    assert.equal(await ask('192.168.1.5:8080', { host: '0.0.0.0' }), '200')
    assert.equal(await ask('evil.example', { host: '0.0.0.0' }), '421 request.unknown-host')
  })

  test('only: in operation a proxy may call the server what it likes', async () => {
    assert.equal(await ask('internal-7', { mode: 'operation' }), '200')
  })
})

describe('every answer', () => {
  test('carries the policy and the other headers', async () => {
    const { headers } = await new Browser(await openServer(place)).get('/page')
    assert.match(String(headers['content-security-policy']), /^default-src 'self'; script-src 'self'; .*frame-ancestors 'none'$/)
    assert.doesNotMatch(String(headers['content-security-policy']), /unsafe|\*/)
    assert.deepEqual(
      [headers['x-content-type-options'], headers['cross-origin-opener-policy'], headers['referrer-policy']],
      ['nosniff', 'same-origin', 'same-origin'],
    )
    assert.equal(headers['strict-transport-security'], undefined)
  })

  test('of the interface is kept by no cache, over https asks for https, and refusals are guarded too', async () => {
    const app = await openServer(place, { origin: 'https://muster.example.org' })
    const { headers, status } = await new Browser(app, { headers: { origin: 'https://evil.example' } }).post('/api/command', {})
    assert.deepEqual(
      [status, headers['cache-control'], headers['strict-transport-security'], headers['x-content-type-options']],
      [403, 'no-store', 'max-age=31536000', 'nosniff'],
    )
  })

  test('allows the style elements of react-aria and no other', () => {
    const sourceOf = (path: string): string =>
      readFileSync(new URL(`../node_modules/react-aria/dist/private/${path}`, import.meta.url), 'utf8')
    const press = sourceOf('interactions/usePress.mjs')
    const attribute = /PRESSABLE_ATTRIBUTE = '([^']+)'/.exec(press)?.[1] ?? ''
    const texts = [press, sourceOf('overlays/usePreventScroll.mjs')].map(
      (source) =>
        /style\.textContent = `([^`]*)`\.trim\(\)/
          .exec(source)?.[1]
          ?.replace(/\$\{[^}]*PRESSABLE_ATTRIBUTE\}/, attribute)
          .trim() ?? '',
    )
    assert.deepEqual(
      texts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`),
      [...STYLE_HASHES],
    )
  })
})

describe('too much', () => {
  test('a session may command so often in a minute, and another is not hindered', async () => {
    const app = await openServer(place, { mode: 'demonstration', perMinute: { commands: 3, reads: 5 } })
    const [first, second] = [new Browser(app, { address: '192.0.2.1' }), new Browser(app, { address: '192.0.2.2' })]
    for (const browser of [first, second]) await browser.post('/api/session/demonstration', { postId: place.post.desk })
    for (let i = 0; i < 3; i++) assert.equal((await first.post('/api/command', {})).status, 200)
    const refused = await first.post('/api/command', {})
    assert.deepEqual(
      [refused.status, refused.body, refused.headers['retry-after']],
      [429, { code: 'request.too-many', params: { retryAfterSeconds: 20 } }, '20'],
    )
    assert.equal((await second.post('/api/command', {})).status, 200)
    for (let i = 0; i < 5; i++) assert.equal((await first.get('/api/session')).status, 200)
    assert.equal((await first.get('/api/session')).status, 429)
    assert.equal((await first.get('/page')).status, 200)
    place.clock.set(place.clock.now() + 20_000)
    assert.equal((await first.post('/api/command', {})).status, 200)
  })

  test('a body of more than 1 MiB is refused, a scenario of more than 5', async () => {
    const browser = new Browser(await openServer(place))
    const body = (mebibytes: number): object => ({ text: 'x'.repeat(mebibytes * 1024 * 1024) })
    assert.equal((await browser.post('/api/command', body(0.9))).status, 200)
    assert.equal((await browser.post('/api/command', body(1.1))).status, 413)
    assert.equal((await browser.post('/api/exercises', body(4.9))).status, 200)
    assert.equal((await browser.post('/api/exercises', body(5.1))).status, 413)
  })
})
