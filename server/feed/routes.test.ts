import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { FeedsView } from '#core/view/feed.ts'
import { capText } from '../../fixtures/server/cap.ts'
import { openHouse, type Asker, type House } from '../../fixtures/server/house.ts'

let house: House
let issuer: Asker
let approver: Asker
before(async () => {
  house = await openHouse()
  issuer = await house.signIn(house.parts.district, '预警岗', ['alert.issue'])
  approver = await house.signIn(house.parts.district, '预警负责人', ['alert.issue', 'alert.approve'])
})
after(() => house.leave())

const source = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  name: '市气象台',
  url: 'https://met.example.org/cap.atom?token=geheim',
  effect: 'show',
  trust: null,
  everySeconds: 60,
  promiseSeconds: 1800,
  ...more,
})
const tell = async (who: Asker, id: string, command: unknown): Promise<string> => {
  const { status, body } = await who.tell('feeds', id, command, null)
  return `${status} ${(body as { readonly code?: string }).code ?? ''}`.trim()
}
const put = (who: Asker, more: Record<string, unknown> = {}, id = 'met'): Promise<string> =>
  tell(who, id, { type: 'put', source: source(more) })

test('a source is added by who may warn; that it takes effect by itself, by who may approve', async () => {
  assert.equal(await put(house.unit), '403 authority.no-power')
  assert.equal(await put(issuer), '200')
  assert.equal(await put(issuer, { effect: 'act' }), '403 authority.no-power')
  assert.equal(await put(approver, { effect: 'act' }), '200')
  assert.equal(await put(approver, { effect: 'signed' }), '422 feed.trust-missing')
  assert.equal(await put(approver, { effect: 'act', url: 'http://met.example.org/' }), '422 feed.plain-http')
})

test('no address of the own network, no other scheme, no half-read terms are taken', async () => {
  for (const url of ['http://127.0.0.1/', 'https://[::1]/', 'http://localhost/x', 'http://10.1.2.3/', 'http://[fe80::1]/'])
    assert.equal(await put(issuer, { url }), '422 feed.address-forbidden', url)
  for (const more of [
    { url: 'file:///etc/passwd' },
    { url: 'https://a:b@met.example.org/' },
    { everySeconds: 29 },
    { trust: 'no certificate' },
    { name: ' ' },
    { more: 1 },
  ])
    assert.equal(await put(issuer, more), '400 request.malformed', JSON.stringify(more))
  assert.equal(await put(issuer, {}, 'NOT A SLUG'), '400 request.malformed')
  assert.equal(await tell(issuer, 'nobody', { type: 'try' }), '404 feed.unknown')
})

test('everybody who is signed in sees how the sources are heard; their keys and queries only who may change them', async () => {
  const shown = await house.unit.get<FeedsView>('/api/feeds')
  assert.deepEqual(
    [shown.sources[0]?.url, shown.sources[0]?.status, shown.keep.refusal?.code],
    ['https://met.example.org/cap.atom', 'waiting', 'authority.no-power'],
  )
  assert.equal((await issuer.get<FeedsView>('/api/feeds')).sources[0]?.url, 'https://met.example.org/cap.atom?token=geheim')
  assert.equal((await house.ask('GET', '/api/feeds', {})).status, 401)
})

test('a machine pushes with its key and no session; what is wrong is told to it, and nothing of it is kept', async () => {
  assert.equal(await put(approver, { url: null, effect: 'act' }, 'pusher'), '200')
  const { body } = await approver.tell('feeds', 'pusher', { type: 'new-key' }, null)
  const { key } = body as { readonly key: string }
  const push = async (payload: string, authorization = `Bearer ${key}`, id = 'pusher') => {
    const answer = await house.app.inject({
      method: 'POST',
      url: `/api/feeds/${id}/push`,
      headers: { host: '127.0.0.1:8080', authorization, 'content-type': 'application/cap+xml' },
      payload,
    })
    return { status: answer.statusCode, body: answer.json<{ code?: string; fresh?: number; known?: number }>() }
  }
  const good = capText({ identifier: 'pushed-over-http', headline: '气象台发布暴雨红色预警' })
  assert.deepEqual((await push(good)).body, { fresh: 1, known: 0, refused: [] })
  assert.deepEqual((await push(good)).body, { fresh: 0, known: 1, refused: [] })
  for (const [wrong, id] of [
    ['Bearer 0123456789abcdef0123', 'pusher'],
    [`Bearer ${key}`, 'met'],
    [`Bearer ${key}`, 'nobody'],
  ] as const) {
    const { status, body: said } = await push(good, wrong, id)
    assert.deepEqual([status, said.code], [401, 'feed.key-unknown'])
  }
  const bad = await push('<!DOCTYPE a><alert/>')
  assert.deepEqual([bad.status, bad.body.code], [422, 'cap.doctype'])
  // A page of another site cannot send it in the name of who is signed in.
  const foreign = await house.app.inject({
    method: 'POST',
    url: '/api/feeds/pusher/push',
    headers: { host: '127.0.0.1:8080', cookie: approver.cookie, origin: 'https://evil.example', 'content-type': 'text/plain' },
    payload: good,
  })
  assert.equal(foreign.statusCode, 403)
  const { sources } = await approver.get<FeedsView>('/api/feeds')
  const pusher = sources.find(({ id }) => id === 'pusher') ?? assert.fail()
  assert.deepEqual([pusher.fresh, pusher.known, pusher.refused, pusher.status, pusher.hasKey], [1, 1, 1, 'well', true])
  const [refused] = pusher.refusals
  assert.equal(refused?.code, 'cap.doctype')
  const bytes = await house.app.inject({
    method: 'GET',
    url: `/api/feeds/pusher/refused/${refused.id}`,
    headers: { host: '127.0.0.1:8080', cookie: approver.cookie },
  })
  assert.deepEqual(
    [bytes.body, bytes.headers['content-type'], String(bytes.headers['content-disposition']).startsWith('attachment')],
    ['<!DOCTYPE a><alert/>', 'application/octet-stream', true],
  )
})

test('what a believed source pushed stands on the public page at once, in both languages, for anybody', async () => {
  await house.worlds.real.settled()
  for (let tries = 0; ; tries++) {
    const { body } = await house.ask('GET', '/public?lang=en', { cookie: '' })
    if (String(body).includes('红色预警')) break
    assert.ok(tries < 50, 'not within five seconds')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const page = await house.app.inject({ method: 'GET', url: '/public', headers: { host: '127.0.0.1:8080' } })
  assert.equal(page.statusCode, 200)
  assert.equal(page.headers['set-cookie'], undefined)
  assert.match(String(page.headers['content-security-policy']), /script-src 'self'/)
  assert.match(page.body, /红色预警[\s\S]*怎样保护自己/)
})
