import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import type { ImportView } from '#core/view/intake.ts'
import { openHouse, type House } from '../../fixtures/server/house.ts'

let house: House
before(async () => {
  house = await openHouse()
})
after(() => house.leave())

describe('files', () => {
  const give = (csv: string, asker = house.district): Promise<{ status: number; body: unknown }> =>
    house.ask('POST', '/api/intakes/import', { cookie: asker.cookie, 'content-type': 'application/json' }, JSON.stringify({ csv }))

  test('one bad row and nothing is taken; good, it is taken once however often it is given', async () => {
    const count = async (): Promise<number> =>
      Number((await house.worlds.real.sql`select count(*) from intake where channel = 'csv'`)[0]?.count)
    const began = await count()
    const bad = (await give('when,text,place,key\n2026-07-01 08:00,塌方,村口,f1\n昨天,塌方,村口,f2')).body as ImportView
    assert.deepEqual(bad, { ok: false, problems: [{ line: 3, column: 'when', problem: 'no-time' }], more: 0 })
    assert.equal(await count(), began)
    const good = 'when,text,place,key,contact\n2026-07-01 08:00,=cmd|calc,村口,f1,13900000000\n2026-07-01 08:10,停电,二组,f2,'
    assert.deepEqual((await give(good)).body, { ok: true, rows: 2, taken: 2, known: 0 })
    assert.deepEqual((await give(good)).body, { ok: true, rows: 2, taken: 0, known: 2 })
    assert.equal(await count(), began + 2)
    assert.equal((await give(good, house.reporter)).status, 200, 'whoever may report may import')
  })

  test('what goes out holds no contact, and no cell that a spreadsheet would run', async () => {
    const out = await house.district.ask('/api/intakes/export?format=csv')
    assert.equal(out.status, 200)
    const text = String(out.body)
    assert.ok(text.startsWith('\ufeffnumber,'))
    assert.ok(text.includes("'=cmd|calc"))
    assert.ok(!/(?:^|,|\n)=/.test(text))
    assert.ok(!text.includes('13900000000'))
    const json = await house.hebei.get<{ reports: readonly unknown[] }>('/api/intakes/export?format=json')
    assert.deepEqual(json.reports, [])
  })
})

test('many calls from one place at one time cost one bounded look each', async () => {
  const csv = [
    'when,text,place,lat,lon,key',
    ...Array.from(
      { length: 300 },
      (_, i) => `${new Date(Date.now() - 180_000).toISOString()},有人落水呼救第${i}个电话,海河外滩,39.01${i % 10},117.66${i % 7},mass-${i}`,
    ),
  ].join('\n')
  const { body } = await house.ask(
    'POST',
    '/api/intakes/import',
    { cookie: house.district.cookie, 'content-type': 'application/json' },
    JSON.stringify({ csv }),
  )
  assert.deepEqual(body, { ok: true, rows: 300, taken: 300, known: 0 })
  const began = performance.now()
  await house.district.get(
    `/api/intakes/near?${new URLSearchParams({ text: '有人落水', place: '海河外滩', lat: '39.012', lon: '117.662' })}`,
  )
  assert.ok(performance.now() - began < 1000)
})

test('a file and the same reports one by one are proposed alike, and numbers follow the order of the file', async () => {
  const began = Date.now() - 86_400_000
  const places = [
    ['新港路12号', '', ''],
    ['新港路12号院', '', ''],
    ['', '39.101', '117.801'],
    ['', '39.113', '117.822'],
    ['洞庭路', '39.102', '117.799'],
  ]
  const rows = Array.from({ length: 260 }, (_, i) => {
    const [name = '', lat = '', lon = ''] = places[(i * 7) % places.length] ?? []
    const text = `${['地下室进水', '大树压断电线', '地下车库进水有人被困'][i % 3]} ${i % 13}号楼`
    return { when: new Date(began + ((i * 37) % 260) * 97_000).toISOString(), text, name, lat, lon }
  })
  type Stored = {
    readonly id: string
    readonly number: string
    readonly text: string
    readonly at: Date
    readonly likes: readonly { readonly id: string; readonly degree: number }[]
  }
  const stored = async (channel: string): Promise<readonly Stored[]> =>
    house.worlds.real.sql<Stored[]>`
      select id, number, state ->> 'text' as text, original_at as at, state -> 'proposals' as likes from intake
      where channel = ${channel} and state ->> 'rowKey' like 'same-%' or channel = ${channel} and ${channel === 'radio-note'} order by number`
  const named = (all: readonly Stored[]): readonly unknown[] => {
    const name = new Map(all.map((one) => [one.id, `${one.at.toISOString()} ${one.text}`]))
    return all.map((one) => ({ of: name.get(one.id), likes: one.likes.map(({ id, degree }) => `${degree} ${name.get(id)}`).toSorted() }))
  }
  // One by one first, by another territory: nothing of the one is near the other.
  for (const { when, text, name, lat, lon } of rows) {
    const place = { name: name === '' ? null : name, lat: lat === '' ? null : Number(lat), lon: lon === '' ? null : Number(lon) - 20 }
    const command = {
      type: 'intake.take-down',
      text,
      place,
      hazard: null,
      haste: 'soon',
      channel: 'radio-note',
      originalAt: when,
      zone: 'Asia/Shanghai',
    }
    assert.equal((await house.hebei.tell('intake', randomUUID(), command)).status, 200)
  }
  const csv = [
    'when,text,place,lat,lon,key',
    ...rows.map((row, i) => `${row.when},${row.text},${row.name},${row.lat},${row.lon},same-${i}`),
  ]
  const { body } = await house.ask(
    'POST',
    '/api/intakes/import',
    { cookie: house.district.cookie, 'content-type': 'application/json' },
    JSON.stringify({ csv: csv.join('\n') }),
  )
  assert.deepEqual(body, { ok: true, rows: 260, taken: 260, known: 0 })
  const [alone, together] = [await stored('radio-note'), await stored('csv')]
  assert.deepEqual(
    together.map((one) => one.text),
    rows.map((row) => row.text),
    'in the order of the file',
  )
  assert.equal(new Set(together.map((one) => one.number)).size, 260)
  assert.ok(together.some((one) => one.likes.length > 0))
  assert.deepEqual(named(together), named(alone))
})
