import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { fromMs } from '#core/time.ts'
import { listAccounts } from '../session.ts'
import { Browser, openPlace, openServer, PASSWORD, SoftwarePasskey, type Answer, type Place } from './testing.ts'

const MINUTE = 60_000

let place: Place
before(async () => {
  place = await openPlace()
})
after(() => place.leave())

const codeOf = ({ status, body }: Answer): string => `${status} ${String(body.code)}`
const isIn = async (browser: Browser): Promise<boolean> => (await browser.get('/api/asker')).body.asker !== null
const pass = (ms: number): void => place.clock.set(place.clock.now() + ms)

async function signedIn() {
  const app = await openServer(place)
  const name = await place.account(place.post.desk)
  const browser = new Browser(app)
  await browser.post('/api/session/password', { name, password: PASSWORD })
  return { app, name, browser }
}

describe('a passkey', () => {
  const challengeOf = async (browser: Browser, path: string): Promise<unknown> => {
    const answer = await browser.post(`/api/session/passkey/${path}`, {})
    assert.equal(answer.status, 200, JSON.stringify(answer.body))
    return answer.body.challenge
  }
  const registered = async () => {
    const made = await signedIn()
    const passkey = new SoftwarePasskey()
    const answer = await made.browser.post('/api/session/passkey/register', {
      response: passkey.register(await challengeOf(made.browser, 'register-options')),
    })
    return { ...made, passkey, answer, fresh: new Browser(made.app, { address: '192.0.2.50' }) }
  }
  const WRONG = '401 session.wrong-credentials'

  test('once registered signs in by itself', async () => {
    const { answer, passkey, fresh, name } = await registered()
    assert.equal(answer.status, 200, JSON.stringify(answer.body))
    const signed = await fresh.post('/api/session/passkey/sign-in', {
      response: passkey.signIn(await challengeOf(fresh, 'sign-in-options')),
    })
    assert.equal(signed.status, 200, JSON.stringify(signed.body))
    assert.equal(((await fresh.get('/api/asker')).body.asker as { account: string }).account, name)
    assert.deepEqual((await listAccounts(place.node, fromMs(place.clock.now()))).find((one) => one.name === name)?.passkeys, 1)
  })

  test('asks the device for the user, and tells nobody who has an account', async () => {
    const { browser, fresh } = await registered()
    const options = (await browser.post('/api/session/passkey/register-options', {})).body
    assert.deepEqual(
      [
        (options.rp as { id: string }).id,
        (options.authenticatorSelection as { userVerification: string }).userVerification,
        (options.excludeCredentials as unknown[]).length,
      ],
      ['localhost', 'required', 1],
    )
    const signIn = (await fresh.post('/api/session/passkey/sign-in-options', {})).body
    assert.deepEqual([signIn.userVerification, signIn.allowCredentials, signIn.rpId], ['required', [], 'localhost'])
  })

  test('of who holds several posts leads to the choice of one', async () => {
    const { passkey, fresh, browser, name } = await registered()
    await place.say('post', place.post.chief, { type: 'post.assume', holder: name })
    const signed = await fresh.post('/api/session/passkey/sign-in', {
      response: passkey.signIn(await challengeOf(fresh, 'sign-in-options')),
    })
    const chosen = await fresh.post('/api/session/choose', { ticket: signed.body.ticket, postId: place.post.chief })
    assert.equal((chosen.body.post as { id: string }).id, place.post.chief)
    assert.equal(await isIn(browser), true)
  })

  test('a challenge is good once, for its purpose, and five minutes', async () => {
    const { passkey, fresh, browser } = await registered()
    const challenge = await challengeOf(fresh, 'sign-in-options')
    assert.equal((await fresh.post('/api/session/passkey/sign-in', { response: passkey.signIn(challenge) })).status, 200)
    assert.equal(codeOf(await fresh.post('/api/session/passkey/sign-in', { response: passkey.signIn(challenge) })), WRONG)
    assert.equal(
      codeOf(
        await fresh.post('/api/session/passkey/sign-in', { response: passkey.signIn(await challengeOf(browser, 'register-options')) }),
      ),
      WRONG,
    )
    const late = await challengeOf(fresh, 'sign-in-options')
    pass(5 * MINUTE)
    assert.equal(codeOf(await fresh.post('/api/session/passkey/sign-in', { response: passkey.signIn(late) })), WRONG)
    assert.equal(codeOf(await fresh.post('/api/session/passkey/sign-in', { response: passkey.signIn('AAAA') })), WRONG)
  })

  test('of another site, without its user, with a forged signature or with an old count is refused', async () => {
    const { passkey, fresh } = await registered()
    const attempt = async (change: (response: object) => object): Promise<string> =>
      codeOf(
        await fresh.post('/api/session/passkey/sign-in', { response: change(passkey.signIn(await challengeOf(fresh, 'sign-in-options'))) }),
      )
    const foreign = new SoftwarePasskey('https://evil.example')
    assert.equal(await attempt(() => foreign.signIn('AAAA')), WRONG)
    assert.equal(
      await attempt((response) => ({ ...response, response: { ...(response as { response: object }).response, signature: 'MEUCIQ' } })),
      WRONG,
    )
    passkey.verified = false
    assert.equal(await attempt((response) => response), WRONG)
    passkey.verified = true
    assert.equal(await attempt((response) => response), '200 undefined')
    passkey.count -= 1
    assert.equal(await attempt((response) => response), WRONG, 'the count did not grow: a copy')
  })

  test('from another origin is refused even with our challenge', async () => {
    const { app } = await registered()
    const evil = new SoftwarePasskey('https://evil.example')
    const { browser } = { browser: new Browser(app, { address: '192.0.2.60' }) }
    const name = await place.account(place.post.desk)
    await browser.post('/api/session/password', { name, password: PASSWORD })
    assert.equal(
      codeOf(
        await browser.post('/api/session/passkey/register', { response: evil.register(await challengeOf(browser, 'register-options')) }),
      ),
      '422 session.passkey-refused',
    )
  })

  test('can be removed by its owner alone, and then signs in no more', async () => {
    const { browser, passkey, fresh } = await registered()
    const id = passkey.id.toString('base64url')
    assert.equal(codeOf(await (await signedIn()).browser.send('DELETE', `/api/session/passkey/${id}`)), '404 session.passkey-unknown')
    assert.equal((await browser.send('DELETE', `/api/session/passkey/${id}`)).status, 200)
    assert.deepEqual((await browser.get('/api/session/passkey')).body, [])
    assert.equal(
      codeOf(await fresh.post('/api/session/passkey/sign-in', { response: passkey.signIn(await challengeOf(fresh, 'sign-in-options')) })),
      WRONG,
    )
  })

  test('is registered only by who is signed in, and only where the server has a name', async () => {
    const app = await openServer(place, { origin: 'http://127.0.0.1:8080' })
    const browser = new Browser(app, { headers: { origin: 'http://127.0.0.1:8080' } })
    assert.equal(codeOf(await browser.post('/api/session/passkey/register-options', {})), '401 session.missing')
    assert.equal(codeOf(await browser.post('/api/session/passkey/sign-in-options', {})), '422 session.passkey-needs-name')
  })
})
