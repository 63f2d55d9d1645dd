import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { IntakeDetail, PictureView } from '#core/view/intake.ts'
import { openHouse, type Asker, type House } from '../../fixtures/server/house.ts'
import { jpeg, png } from '../../fixtures/server/pictures.ts'
import { MEDIUM_MAX_BYTES } from './media.ts'

let house: House
before(async () => {
  house = await openHouse()
})
after(() => house.leave())

type Given = { readonly status: number; readonly body: PictureView & { readonly code?: string } }
async function give(cookie: string, payload: Buffer, more: Readonly<Record<string, string>> = {}): Promise<Given> {
  const answer = await house.app.inject({
    method: 'POST',
    url: '/api/intakes/media',
    headers: { host: '127.0.0.1:8080', origin: 'http://127.0.0.1:8080', 'content-type': 'image/jpeg', cookie, ...more },
    payload,
  })
  return { status: answer.statusCode, body: JSON.parse(answer.body) as Given['body'] }
}
const voucher = async (cookie: string, payload: Buffer): Promise<string> => (await give(cookie, payload)).body.voucher

async function take(asker: Asker, pictures: readonly string[]): Promise<string> {
  const id = randomUUID()
  const said = { type: 'intake.take-down', text: '解放路地道积水', place: { name: '解放路地道', lat: null, lon: null }, hazard: null }
  const how = { haste: 'now', channel: 'walk-in', zone: 'Asia/Shanghai', originalAt: new Date(Date.now() - 60_000).toISOString() }
  assert.equal((await asker.tell('intake', id, { ...said, ...how, pictures })).status, 200)
  return id
}
const detail = (asker: Asker, id: string): Promise<IntakeDetail> => asker.get<IntakeDetail>(`/api/intakes/${id}`)

test('the desk attaches pictures to what it takes down and to what it adds, cleaned and seen like those of a reporter', async () => {
  const { cookie } = house.district
  const id = await take(house.district, [await voucher(cookie, jpeg()), await voucher(cookie, png())])
  const more = await voucher(cookie, png({ size: 3 }))
  assert.equal((await house.district.tell('intake', id, { type: 'intake.add', text: '水深半米', pictures: [more] })).status, 200)
  const { pictures, additions } = await detail(house.district, id)
  assert.deepEqual([pictures.length, additions[0]?.media.length], [2, 1])
  for (const url of [...pictures, ...(additions[0]?.media ?? [])]) {
    const got = await house.app.inject({ method: 'GET', url, headers: { host: '127.0.0.1:8080', cookie } })
    assert.equal(got.statusCode, 200)
    assert.ok(!got.rawPayload.includes('GPS'), 'what cameras write is gone')
    assert.equal((await house.hebei.ask(url)).status, 404)
  }
})

test('a picture is attached only by the organization that gave it: neither a hash nor another’s voucher opens it', async () => {
  const own = await voucher(house.district.cookie, png({ size: 4 }))
  const [hash = ''] = own.split('.')
  const id = await take(house.hebei, [own, hash, `${hash}.${'0'.repeat(64)}`])
  assert.deepEqual((await detail(house.hebei, id)).pictures, [])
  assert.equal((await house.hebei.ask(`/api/intakes/${id}/media/${hash}`)).status, 404)
})

test('what is no picture, is too large, comes from another page or from nobody is refused', async () => {
  const { cookie } = house.district
  const html = await give(cookie, Buffer.from('<html><script>alert(1)</script>'))
  assert.deepEqual([html.status, html.body.code], [422, 'intake.picture-refused'])
  assert.equal((await give(cookie, Buffer.alloc(MEDIUM_MAX_BYTES + 1))).status, 413)
  assert.equal((await give(cookie, jpeg(), { 'content-type': 'multipart/form-data; boundary=b' })).status, 403)
  assert.equal((await give(cookie, jpeg(), { origin: 'https://evil.example' })).status, 403)
  assert.equal((await give('', jpeg())).status, 401)
})

test('a report comes in without the pictures that are gone by then', async () => {
  const given = await voucher(house.district.cookie, png({ size: 5 }))
  await house.worlds.real.sql`delete from intake_medium where hash = ${given.split('.')[0] ?? ''}`
  assert.deepEqual((await detail(house.district, await take(house.district, [given]))).pictures, [])
})
