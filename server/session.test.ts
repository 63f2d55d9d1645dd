import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { fromMs } from '#core/time.ts'
import { disableAccount, listAccounts, Sessions, setPassword, addAccount, addressOf } from './session.ts'
import { hashPassword, verifyPassword } from './session/password.ts'
import { Browser, openPlace, openServer, ORIGIN, PASSWORD, START, type Answer, type Place } from './session/testing.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

let place: Place
before(async () => {
  place = await openPlace()
})
after(() => place.leave())

const codeOf = ({ status, body }: Answer): string => `${status} ${String(body.code)}`
const isIn = async (browser: Browser): Promise<boolean> => (await browser.get('/api/asker')).body.asker !== null
const pass = (ms: number): void => place.clock.set(place.clock.now() + ms)

async function signedIn({
  posts = [place.post.desk],
  address = '192.0.2.1',
  origin = ORIGIN,
}: { posts?: string[]; address?: string; origin?: string } = {}) {
  const app = await openServer(place, { origin })
  const name = await place.account(...posts)
  const browser = new Browser(app, { address, headers: { origin } })
  const answer = await browser.post('/api/session/password', { name, password: PASSWORD })
  return { app, name, browser, answer }
}

describe('a demonstration', () => {
  test('anyone enters as any post, without a password', async () => {
    const browser = new Browser(await openServer(place, { mode: 'demonstration' }))
    const posts = await browser.get('/api/session/posts')
    assert.equal(posts.status, 200)
    const answer = await browser.post('/api/session/demonstration', { postId: place.post.desk })
    assert.equal(answer.status, 200)
    const { asker } = (await browser.get('/api/asker')).body as {
      asker: { postId: string; account: null; viewer: object; doer: { powers: string[] } }
    }
    assert.deepEqual([asker.postId, asker.account, asker.doer.powers], [place.post.desk, null, ['incident.report', 'sitrep.file']])
    const session = (await browser.get('/api/session')).body
    assert.deepEqual(session, answer.body)
    assert.deepEqual(
      [session.mode, session.serverTime, session.jurisdiction],
      ['demonstration', fromMs(place.clock.now()), { code: '120116', name: { 'zh-CN': '120116', en: '120116' } }],
    )
  })

  test('whoever is not signed in is told the mode and nothing else', async () => {
    const answer = await new Browser(await openServer(place, { mode: 'demonstration' })).get('/api/session')
    assert.deepEqual(answer.body, { mode: 'demonstration', post: null, jurisdiction: null, serverTime: fromMs(place.clock.now()) })
  })

  test('a post that does not exist is refused, a malformed one is malformed', async () => {
    const browser = new Browser(await openServer(place, { mode: 'demonstration' }))
    assert.equal(
      codeOf(await browser.post('/api/session/demonstration', { postId: '0197c000-0000-7000-8000-000000000000' })),
      '422 post.unknown',
    )
    assert.equal(codeOf(await browser.post('/api/session/demonstration', { postId: 'x' })), '400 request.malformed')
  })

  test('its sign-in is absent in operation, and its sessions open nothing there', async () => {
    const browser = new Browser(await openServer(place, { mode: 'demonstration' }))
    await browser.post('/api/session/demonstration', { postId: place.post.desk })
    const operation = new Browser(await openServer(place))
    operation.cookie = browser.cookie
    assert.equal((await operation.get('/api/session/posts')).status, 404)
    assert.equal((await operation.post('/api/session/demonstration', { postId: place.post.desk })).status, 404)
    assert.equal(await isIn(operation), false)
  })

  test('has no password sign-in and no passkeys', async () => {
    const browser = new Browser(await openServer(place, { mode: 'demonstration' }))
    for (const path of ['password', 'choose', 'passkey/sign-in-options', 'passkey/sign-in', 'passkey/register'])
      assert.equal((await browser.post(`/api/session/${path}`, {})).status, 404, path)
  })

  test('entering as another post ends the session before', async () => {
    const app = await openServer(place, { mode: 'demonstration' })
    const [browser, old] = [new Browser(app), new Browser(app)]
    await browser.post('/api/session/demonstration', { postId: place.post.desk })
    old.cookie = browser.cookie
    await browser.post('/api/session/demonstration', { postId: place.post.chief })
    assert.deepEqual([await isIn(old), await isIn(browser)], [false, true])
  })
})

describe('the cookie', () => {
  test('is out of reach of scripts and other sites, and lasts seven days', async () => {
    const { answer } = await signedIn()
    assert.match(String(answer.headers['set-cookie']), /^muster=[A-Za-z0-9_-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Strict$/)
  })

  test('over https is Secure and bound to the host', async () => {
    const { answer, browser } = await signedIn({ origin: 'https://muster.example.org' })
    assert.match(
      String(answer.headers['set-cookie']),
      /^__Host-muster=[A-Za-z0-9_-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Strict; Secure$/,
    )
    assert.equal(await isIn(browser), true)
  })

  test('holds 32 bytes of which only the SHA-256 is kept', async () => {
    const { browser, name } = await signedIn()
    const token = (browser.cookie ?? '').slice('muster='.length)
    assert.equal(Buffer.from(token, 'base64url').length, 32)
    const rows = await place.node<{ hash: Buffer }[]>`select token_hash as hash from session where account = ${name}`
    assert.deepEqual(
      rows.map(({ hash }) => hash.toString('hex')),
      [createHash('sha256').update(token).digest('hex')],
    )
  })

  test('that nobody was given opens nothing, whatever its shape', async () => {
    const browser = new Browser(await openServer(place))
    for (const value of ['', 'x', 'A'.repeat(43), 'A'.repeat(5000), '../../etc', '%00']) {
      browser.cookie = `muster=${value}`
      assert.equal(await isIn(browser), false)
    }
  })
})

describe('a password', () => {
  test('the account enters the only post that it holds', async () => {
    const { answer, name } = await signedIn()
    assert.equal(answer.status, 200)
    assert.equal((answer.body.post as { id: string }).id, place.post.desk)
    assert.ok((answer.body.post as { holders: string[] }).holders.includes(name))
  })

  test('who holds several posts chooses one, and no other', async () => {
    const { answer, browser, name } = await signedIn({ posts: [place.post.desk, place.post.chief] })
    assert.equal(answer.status, 200)
    const { choose, ticket } = answer.body as { choose: { id: string }[]; ticket: string }
    assert.deepEqual(new Set(choose.map(({ id }) => id)), new Set([place.post.desk, place.post.chief]))
    assert.equal(await isIn(browser), false)
    const chosen = await browser.post('/api/session/choose', { ticket, postId: place.post.chief })
    assert.equal((chosen.body.post as { id: string }).id, place.post.chief)
    assert.equal(codeOf(await browser.post('/api/session/choose', { ticket, postId: place.post.chief })), '401 session.ticket-unknown')
    const direct = await browser.post('/api/session/password', { name, password: PASSWORD, postId: place.post.desk })
    assert.equal((direct.body.post as { id: string }).id, place.post.desk)
  })

  test('a post that the account does not hold is refused, and so is an account without one', async () => {
    const { browser, name } = await signedIn()
    assert.equal(
      codeOf(await browser.post('/api/session/password', { name, password: PASSWORD, postId: place.post.chief })),
      '403 session.post-not-held',
    )
    assert.equal(codeOf((await signedIn({ posts: [] })).answer), '403 session.no-post')
  })

  test('a wrong password, an unknown name and a disabled account hear the same in about the same time', async () => {
    const app = await openServer(place)
    const [known, disabled] = [await place.account(place.post.desk), await place.account(place.post.desk)]
    await disableAccount(place.node, disabled, fromMs(place.clock.now()))
    const spent: number[] = []
    const bodies: string[] = []
    for (const [i, [name, password]] of [
      [known, 'not the password'],
      ['nobody at all', 'not the password'],
      [disabled, PASSWORD],
    ].entries()) {
      const times: number[] = []
      for (let n = 0; n < 3; n++) {
        const began = performance.now()
        const answer = await new Browser(app, { address: `192.0.2.${10 + i}` }).post('/api/session/password', { name, password })
        times.push(performance.now() - began)
        bodies.push(`${answer.status} ${JSON.stringify(answer.body)}`)
      }
      spent.push(Math.min(...times))
    }
    assert.deepEqual(new Set(bodies), new Set(['401 {"code":"session.wrong-credentials","params":{}}']))
    // Without the work of argon2id an answer takes a few milliseconds, less than a fifth.
    assert.ok(Math.max(...spent) < 3 * Math.min(...spent), `milliseconds: ${spent.map(Math.round).join(', ')}`)
  })

  test('the same characters in another Unicode form are the same name and password', async () => {
    const name = 'Zoë Ångström'
    await addAccount(place.node, name.normalize('NFD'), 'Pässwörd für alle'.normalize('NFD'), fromMs(place.clock.now()))
    await place.say('post', place.post.desk, { type: 'post.assume', holder: name })
    const answer = await new Browser(await openServer(place)).post('/api/session/password', {
      name,
      password: 'Pässwörd für alle'.normalize('NFC'),
    })
    assert.equal(answer.status, 200)
  })

  test('is kept as the reference implementation of argon2id would', async () => {
    // From the reference implementation's own tests (version 0x13, t=2, m=2^16, p=1).
    assert.equal(
      await verifyPassword('password', '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'),
      true,
    )
    assert.equal(
      await verifyPassword('passwore', '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'),
      false,
    )
    const made = await hashPassword(PASSWORD)
    assert.match(made, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    assert.notEqual(made, await hashPassword(PASSWORD))
    for (const broken of [null, '', 'plain', '$argon2i$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'])
      assert.equal(await verifyPassword('', broken), false)
  })

  test('kept with other strength is renewed at the next sign-in', async () => {
    const name = await place.account(place.post.desk)
    await place.node`update account set password_hash = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc' where name = ${name}`
    const answer = await new Browser(await openServer(place)).post('/api/session/password', { name, password: 'password' })
    assert.equal(answer.status, 200)
    const [row] = await place.node<{ hash: string }[]>`select password_hash as hash from account where name = ${name}`
    assert.match(row?.hash ?? '', /m=19456,t=2,p=1/)
    assert.equal(await verifyPassword('password', row?.hash ?? null), true)
  })
})

describe('a session ends', () => {
  test('when it is signed out of, at once', async () => {
    const { browser } = await signedIn()
    const cookie = browser.cookie
    const answer = await browser.send('DELETE', '/api/session')
    assert.deepEqual([answer.status, answer.body.post], [200, null])
    assert.match(String(answer.headers['set-cookie']), /^muster=; Max-Age=0;/)
    browser.cookie = cookie
    assert.equal(await isIn(browser), false)
  })

  test('with all others of the account, from any of them', async () => {
    const { app, browser, name } = await signedIn()
    const second = new Browser(app)
    await second.post('/api/session/password', { name, password: PASSWORD })
    const list = (await browser.get('/api/session/all')).body as unknown as { current: boolean; post: { id: string } }[]
    assert.deepEqual(list.map(({ current }) => current).toSorted(), [false, true])
    assert.ok(list.every(({ post }) => post.id === place.post.desk))
    await browser.send('DELETE', '/api/session/all')
    assert.equal(await isIn(second), false)
    assert.equal(codeOf(await second.get('/api/session/all')), '401 session.missing')
  })

  test('after twelve hours without use, not before', async () => {
    const { browser } = await signedIn()
    pass(12 * HOUR - 1)
    assert.equal(await isIn(browser), true)
    pass(12 * HOUR - 1)
    assert.equal(await isIn(browser), true, 'use begins the twelve hours anew')
    pass(12 * HOUR)
    assert.equal(await isIn(browser), false)
  })

  test('idle even while a live connection asks after it', async () => {
    const { browser } = await signedIn()
    for (let hour = 1; hour < 12; hour++) {
      pass(HOUR)
      assert.notEqual((await browser.get('/api/peek')).body.asker, null)
    }
    pass(HOUR)
    assert.equal((await browser.get('/api/peek')).body.asker, null)
  })

  test('after seven days, however much it is used', async () => {
    const { browser } = await signedIn()
    const began = place.clock.now()
    while (place.clock.now() + 11 * HOUR < began + 7 * DAY) {
      pass(11 * HOUR)
      assert.equal(await isIn(browser), true)
    }
    place.clock.set(began + 7 * DAY)
    assert.equal(await isIn(browser), false)
  })

  test('when its account is disabled, or its password is set anew, within ten seconds', async () => {
    const now = (): string => fromMs(place.clock.now())
    for (const end of [
      (name: string) => disableAccount(place.node, name, now()),
      (name: string) => setPassword(place.node, name, 'another long password', now()),
    ]) {
      const { browser, name } = await signedIn()
      assert.equal(await isIn(browser), true)
      assert.equal(await end(name), null)
      pass(10_001)
      assert.equal(await isIn(browser), false)
    }
  })

  test('for the one unused longest when an account has more than fifty', async () => {
    const { browser, name } = await signedIn()
    const rows = Array.from({ length: 49 }, (_, i) => createHash('sha256').update(`${name}${i}`).digest())
    const later = fromMs(place.clock.now() + 1000)
    for (const hash of rows)
      await place.node`insert into session (token_hash, account, post_id, created_at, seen_at, expires_at) values (${hash}, ${name}, ${place.post.desk}, ${later}, ${later}, ${fromMs(place.clock.now() + DAY)})`
    pass(2000)
    const app = await openServer(place)
    await new Browser(app).post('/api/session/password', { name, password: PASSWORD })
    pass(10_001)
    assert.equal(await isIn(browser), false)
    const [row] = await place.node<{ n: number }[]>`select count(*)::int as n from session where account = ${name} and revoked_at is null`
    assert.equal(row?.n, 50)
  })
})

describe('the directory rules', () => {
  test('a power taken from a post is gone at the next request', async () => {
    const { browser } = await signedIn({ posts: [place.post.chief] })
    const powers = async (): Promise<unknown> => ((await browser.get('/api/asker')).body.asker as { doer: { powers: unknown } }).doer.powers
    assert.deepEqual(await powers(), ['incident.command'])
    await place.say('post', place.post.chief, { type: 'post.empower', powers: [] })
    assert.deepEqual(await powers(), [])
    await place.say('post', place.post.chief, { type: 'post.empower', powers: ['incident.command'] })
    assert.deepEqual(await powers(), ['incident.command'])
  })

  test('who is relieved of the post is out at the next request', async () => {
    const { browser, name } = await signedIn()
    assert.equal(await isIn(browser), true)
    await place.say('post', place.post.desk, { type: 'post.relinquish', holder: name })
    assert.equal(await isIn(browser), false)
  })
})

describe('too many attempts', () => {
  test('the sixth on an account within a minute waits, even with the right password, and each failure doubles the wait', async () => {
    const { app, name } = { app: await openServer(place), name: await place.account(place.post.desk) }
    const attempt = (password: string, i: number): Promise<Answer> =>
      new Browser(app, { address: `198.51.100.${i}` }).post('/api/session/password', { name, password })
    for (let i = 1; i <= 5; i++) assert.equal((await attempt('wrong', i)).status, 401)
    const refused = await attempt(PASSWORD, 6)
    assert.deepEqual(
      [refused.status, refused.body, refused.headers['retry-after']],
      [429, { code: 'request.too-many', params: { retryAfterSeconds: 12 } }, '12'],
    )
    pass(12_000)
    assert.equal((await attempt('wrong', 7)).status, 401)
    assert.equal((await attempt(PASSWORD, 8)).headers['retry-after'], '24')
    pass(24_000)
    assert.equal((await attempt(PASSWORD, 9)).status, 200)
  })

  test('a stranger cannot lock out who has signed in from his own desk', async () => {
    const { app, name } = await signedIn({ address: '192.0.2.7' })
    const attempt = (password: string, address: string): Promise<Answer> =>
      new Browser(app, { address }).post('/api/session/password', { name, password })
    for (let i = 0; i < 8; i++) await attempt('wrong', '203.0.113.9')
    assert.equal((await attempt(PASSWORD, '203.0.113.9')).status, 429)
    assert.equal((await attempt(PASSWORD, '192.0.2.7')).status, 200)
  })

  test('the twenty-first from an address waits, whatever the names', async () => {
    const app = await openServer(place)
    const attempt = (i: number, address: string): Promise<Answer> =>
      new Browser(app, { address }).post('/api/session/password', { name: `nobody ${i}`, password: 'wrong' })
    for (let i = 0; i < 20; i++) assert.equal((await attempt(i, '203.0.113.1')).status, 401)
    assert.equal(codeOf(await attempt(20, '203.0.113.1')), '429 request.too-many')
    assert.equal((await attempt(21, '203.0.113.2')).status, 401)
  })

  test('one network of IPv6 counts as one address', () => {
    assert.equal(addressOf({ ip: '2001:db8:1:2:3:4:5:6' }), addressOf({ ip: '2001:db8:1:2::9' }))
    assert.notEqual(addressOf({ ip: '2001:db8:1:3::9' }), addressOf({ ip: '2001:db8:1:2::9' }))
    assert.equal(addressOf({ ip: '2001:db8::9' }), '2001:db8:0:0')
    assert.equal(addressOf({ ip: '192.0.2.1' }), '192.0.2.1')
  })
})

describe('accounts', () => {
  const now = fromMs(START)
  test('a weak password and a bad or taken name are refused', async () => {
    const code = async (name: string, password: string | null): Promise<string | undefined> =>
      (await addAccount(place.node, name, password, now))?.code
    assert.equal(await code('陈静', '十一个字的口令太短了啊'), 'account.password-too-short')
    assert.equal(await code('陈静', 'x'.repeat(1025)), 'account.password-too-long')
    for (const name of ['', '  ', 'a\nb', 'a\u0000', '-x', 'x'.repeat(101), 'a\u202Eb'])
      assert.equal(await code(name, PASSWORD), 'account.name-malformed', JSON.stringify(name))
    assert.equal(await code('陈静', null), undefined)
    assert.equal(await code('陈静 ', PASSWORD), 'account.already-exists')
    assert.equal((await setPassword(place.node, '陈静', 'short', now))?.code, 'account.password-too-short')
    assert.equal((await setPassword(place.node, '没有这人', PASSWORD, now))?.code, 'account.unknown')
    assert.equal((await disableAccount(place.node, '没有这人', now))?.code, 'account.unknown')
  })

  test('are listed with what they have', async () => {
    const { name } = await signedIn()
    await addAccount(place.node, '无口令', null, now)
    const all = await listAccounts(place.node, fromMs(place.clock.now()))
    const { createdAt: _, ...entry } = all.find((one) => one.name === name) ?? { createdAt: '' }
    assert.deepEqual(entry, { name, disabledAt: null, hasPassword: true, passkeys: 0, sessions: 1 })
    assert.equal(all.find((one) => one.name === '无口令')?.hasPassword, false)
  })
})

test('a request of who is signed in costs less than 50 microseconds to recognize', async (t) => {
  const { browser, app } = await signedIn()
  await app.close()
  const sessions = new Sessions({ node: place.node, world: place.world, config: { mode: 'operation', origin: ORIGIN }, clock: place.clock })
  const request = { headers: { cookie: `theme=night; ${browser.cookie}` }, ip: '192.0.2.1' } as unknown as Parameters<Sessions['asker']>[0]
  const ROUNDS = 20_000
  assert.notEqual(await sessions.asker(request), null)
  const began = process.cpuUsage()
  for (let i = 0; i < ROUNDS; i++) await sessions.asker(request)
  const { user, system } = process.cpuUsage(began)
  sessions.close()
  t.diagnostic(`${((user + system) / ROUNDS).toFixed(1)} µs`)
  assert.ok((user + system) / ROUNDS < 50, `${((user + system) / ROUNDS).toFixed(1)} µs`)
})
