import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import type { DeskView } from '#core/view.ts'
import type { IntakeDetail, IntakeNumbers, IntakeSummary, ProposalView } from '#core/view/intake.ts'
import type { Obligation } from '#core/obligation.ts'
import { openHouse, type Asker, type House } from '../fixtures/server/house.ts'
import { jpeg, png } from '../fixtures/server/pictures.ts'
import { declared, organization, reported, say, words } from '../fixtures/server/scene.ts'
import { Keeper } from './intake/keeper.ts'
import { rebuild } from './rebuild.ts'
import { KEEPINGS } from './world.ts'

let house: House
before(async () => {
  house = await openHouse()
})
after(() => house.leave())

const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString()
const TAKE = {
  type: 'intake.take-down',
  text: '解放路地道积水，车熄火，两人被困',
  place: { name: '解放路地道', lat: 39.02, lon: 117.65 },
  hazard: 'waterlogging',
  haste: 'now',
  people: '两人',
  channel: 'phone',
  zone: 'Asia/Shanghai',
}
async function take(asker: Asker, more: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const id = randomUUID()
  const answer = await asker.tell('intake', id, { ...TAKE, originalAt: minutesAgo(5), ...more })
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  return id
}
const detail = (asker: Asker, id: string): Promise<IntakeDetail> => asker.get<IntakeDetail>(`/api/intakes/${id}`)
async function tell(asker: Asker, id: string, command: Readonly<Record<string, unknown>>): Promise<string> {
  const { status, body } = await asker.tell('intake', id, command)
  return status === 200 ? 'done' : (body as { code: string }).code
}

let form = 0
type Sent = { readonly status: number; readonly body: string; readonly headers: Readonly<Record<string, unknown>> }
/** A browser's form, each from an address of its own. */
async function post(
  url: string,
  fields: Readonly<Record<string, string>>,
  files: readonly Buffer[] = [],
  more: Readonly<Record<string, string>> = {},
): Promise<Sent> {
  const parts = [
    ...Object.entries(fields).map(([name, value]) =>
      Buffer.from(`--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`),
    ),
    ...files.map((bytes) =>
      Buffer.concat([
        Buffer.from('--b\r\nContent-Disposition: form-data; name="photos"; filename="x.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'),
        bytes,
        Buffer.from('\r\n'),
      ]),
    ),
  ]
  const answer = await house.app.inject({
    method: 'POST',
    url,
    headers: {
      host: '127.0.0.1:8080',
      origin: 'http://127.0.0.1:8080',
      'content-type': 'multipart/form-data; boundary=b',
      'x-forwarded-for': `10.0.${form >> 8}.${form++ & 255}`,
      ...more,
    },
    payload: Buffer.concat([...parts, Buffer.from('--b--\r\n')]),
  })
  return { status: answer.statusCode, body: answer.body, headers: answer.headers }
}
const codeIn = ({ body }: Sent): string => /<span class="code"\s*>([^<]+)</.exec(body)?.[1] ?? assert.fail(body)
const REPORT = { text: '村口公路塌方，有车被埋', place: '石门村村口', haste: 'now', contact: '13800000000' }
const page = async (url: string, headers: Readonly<Record<string, string>> = {}): Promise<Sent> => {
  const answer = await house.app.inject({ method: 'GET', url, headers: { host: '127.0.0.1:8080', ...headers } })
  return { status: answer.statusCode, body: answer.body, headers: answer.headers }
}

describe('the public page', () => {
  test('shows a form in both languages, small, without a script', async () => {
    for (const [lang, title] of [
      ['zh-CN', '报告险情'],
      ['en', 'Report a danger'],
    ] as const) {
      const { status, body, headers } = await page(`/public/report?lang=${lang}`)
      assert.equal(status, 200)
      assert.ok(body.includes(`<html lang="${lang}">`) && body.includes(title))
      assert.ok(!/<script|style=|onclick/i.test(body))
      assert.ok(Buffer.byteLength(body) < 30_000)
      assert.equal(headers['cache-control'], 'no-store')
      assert.match(String(headers['content-security-policy']), /script-src 'self'/)
    }
    assert.ok((await page('/public/report', { 'accept-language': 'en-GB,en;q=0.9' })).body.includes('Report a danger'))
    assert.equal((await page('/public/style.css')).status, 200)
  })

  test('takes a report down, gives a code, and the code says how it stands and no more', async () => {
    const sent = await post('/public/report', REPORT)
    assert.equal(sent.status, 200)
    const code = codeIn(sent)
    const shown = await page(`/public/report/status?code=${encodeURIComponent(code)}`)
    assert.equal(shown.status, 200)
    assert.ok(shown.body.includes('等待值班员查看'))
    for (const secret of ['13800000000', '塌方', '石门村', '滨海新区人民政府']) assert.ok(!shown.body.includes(secret), secret)
    const [row] = await house.worlds.real.sql<
      { id: string; text: string }[]
    >`select id, state::text as text from intake where channel = 'web' order by entered_at desc limit 1`
    const id = row?.id ?? assert.fail('no report')
    const log = await house.worlds.real.sql<{ data: string }[]>`select data::text from event where stream = ${`intake/${id}`}`
    const kept = JSON.stringify([row?.text, log])
    assert.ok(!kept.includes('13800000000') && !kept.includes(code.replaceAll(' ', '')))
    assert.equal((await detail(house.district, id)).contact.words, '13800000000')

    await tell(house.district, id, { type: 'intake.verify', text: '经派出所核实' })
    assert.ok(
      (await page(`/public/report/status?lang=en&code=${code.toLowerCase().replaceAll(' ', '-')}`)).body.includes(
        'Confirmed; being dealt with',
      ),
    )
    const incident = await declared(house.worlds.real)
    await tell(house.district, id, { type: 'intake.link', incidentId: incident })
    const { number } = await house.district.get<{ number: string }>(`/api/incidents/${incident}`)
    assert.ok((await page(`/public/report/status?code=${code.replaceAll(' ', '')}`)).body.includes(number))
  })

  test('sent twice it is one report with one code', async () => {
    const key = randomUUID()
    const [one, other] = [await post('/public/report', { ...REPORT, key }), await post('/public/report', { ...REPORT, key })]
    assert.equal(codeIn(one), codeIn(other))
  })

  test('keeps what was written when something is missing, escaped', async () => {
    const { status, body } = await post('/public/report', { ...REPORT, text: '<script>alert("x")</script>', place: '' })
    assert.equal(status, 422)
    assert.ok(body.includes('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;') && !body.includes('<script>'))
  })

  test('a field that only a machine fills in, and a foreign page, get no report in', async () => {
    const count = async (): Promise<number> => Number((await house.worlds.real.sql`select count(*) from intake`)[0]?.count)
    const before_ = await count()
    assert.equal((await post('/public/report', { ...REPORT, website: 'http://spam' })).status, 422)
    for (const more of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }, { origin: 'null' }])
      assert.equal((await post('/public/report', REPORT, [], more)).status, 403, JSON.stringify(more))
    assert.equal(
      (
        await house.app.inject({
          method: 'POST',
          url: '/public/report',
          headers: { host: '127.0.0.1:8080', origin: 'http://127.0.0.1:8080', 'content-type': 'application/x-www-form-urlencoded' },
          payload: 'text=a&place=b',
        })
      ).statusCode,
      403,
    )
    assert.equal(await count(), before_)
  })

  test('from one address it is limited, with a number to call; another address is not', async () => {
    const from = { 'x-forwarded-for': '10.9.9.9' }
    const answers = []
    for (let i = 0; i < 8; i++) answers.push(await post('/public/report', REPORT, [], from))
    assert.deepEqual(
      answers.map((one) => one.status),
      [200, 200, 200, 200, 200, 200, 429, 429],
    )
    assert.ok(answers.at(-1)?.body.includes('119') && answers.at(-1)?.headers['retry-after'] === '60')
    assert.equal((await post('/public/report', REPORT)).status, 200)
  })

  test('a code that is none, or nobody’s, says so and nothing else', async () => {
    for (const code of ['', 'AAAA', '0000 0000 0000', "' or '1'='1", '<script>']) {
      const { status, body } = await page(`/public/report/status?code=${encodeURIComponent(code)}`)
      assert.equal(status, code === '' ? 200 : 404)
      assert.ok(!body.includes('<script>') && !body.includes('<dl'))
    }
  })

  test('a reporter adds to a closed report, and it is open again', async () => {
    const code = codeIn(await post('/public/report', REPORT))
    const id = await newest()
    await tell(house.district, id, { type: 'intake.close', outcome: 'no-action', text: '已疏通' })
    assert.ok((await page(`/public/report/status?code=${encodeURIComponent(code)}`)).body.includes('无需进一步处置'))
    const added = await post('/public/report/status', { code, text: '又塌了', key: 'k1' })
    assert.ok(added.body.includes('补充的内容已收到'))
    await post('/public/report/status', { code, text: '又塌了', key: 'k1' })
    const now = await detail(house.district, id)
    assert.deepEqual(
      [now.status, now.unhandled, now.additions.map((one) => [one.text, one.byReporter])],
      ['received', true, [['又塌了', true]]],
    )
  })
})

const newest = async (): Promise<string> =>
  (await house.worlds.real.sql<{ id: string }[]>`select id from intake order by entered_at desc, id desc limit 1`)[0]?.id ??
  assert.fail('none')

describe('pictures', () => {
  test('are kept without what cameras write into them, and shown only to whoever sees the report, never as a page', async () => {
    const sent = await post('/public/report', REPORT, [jpeg(), Buffer.from('<html><script>alert(1)</script>'), png()])
    assert.ok(sent.body.includes('1张照片未能收下'))
    const id = await newest()
    const { pictures, media } = await detail(house.district, id)
    assert.deepEqual([pictures.length, media], [2, 2])
    const got = await house.app.inject({
      method: 'GET',
      url: pictures[0] ?? '',
      headers: { host: '127.0.0.1:8080', cookie: house.district.cookie },
    })
    assert.equal(got.statusCode, 200)
    assert.ok(!got.rawPayload.includes('GPS'))
    assert.equal(got.headers['content-type'], 'image/jpeg')
    assert.match(String(got.headers['content-disposition']), /^attachment/)
    assert.match(String(got.headers['content-security-policy']), /sandbox/)
    assert.equal(got.headers['x-content-type-options'], 'nosniff')
    assert.equal((await house.hebei.ask(pictures[0] ?? '')).status, 404)
    assert.equal((await page(pictures[0] ?? '')).status, 401)
    assert.equal((await house.district.ask(`/api/intakes/${id}/media/${'0'.repeat(64)}`)).status, 404)
  })

  test('larger than the form may be, it is refused with a number to call', async () => {
    const { status, body } = await post('/public/report', REPORT, [Buffer.alloc(26 * 1024 * 1024)])
    assert.equal(status, 413)
    assert.ok(body.includes('119'))
  })
})

describe('who sees a report', () => {
  test('the handler, the desks of the place, who passed it on and to whom; nobody else', async () => {
    const { worlds, unit, district, city, hebei } = house
    const id = await take(unit, { contact: '022-00000000' })
    assert.equal((await detail(unit, id)).contact.words, '022-00000000')
    assert.equal((await detail(district, id)).contact.words, null, 'how to call back is for who handles it')
    assert.equal((await detail(district, id)).contact.kept, true)
    assert.equal((await city.ask(`/api/intakes/${id}`)).status, 200, 'the government of the wider territory')
    assert.equal((await hebei.ask(`/api/intakes/${id}`)).status, 404)
    assert.ok(!(await hebei.get<readonly IntakeSummary[]>('/api/intakes')).some((one) => one.id === id))
    assert.equal(await tell(hebei, id, { type: 'intake.verify', text: '属实' }), 'intake.unknown')
    assert.equal(await tell(hebei, id, { type: 'intake.add', text: '属实' }), 'intake.unknown')
    const firm = await organization(worlds.real, {
      jurisdiction: '120116',
      functions: ['rail-transit'],
      name: '轨道企业',
      sector: 'enterprise',
    })
    const seenBy = (organizationId: string): Promise<readonly object[]> =>
      worlds.real.read({ organizationId, jurisdiction: '120116' }, (sql) => sql`select id from intake where id = ${id}`)
    const events = (organizationId: string): Promise<readonly object[]> =>
      worlds.real.read(
        { organizationId, jurisdiction: '120116' },
        (sql) => sql`select position from event where stream = ${`intake/${id}`}`,
      )
    assert.deepEqual([(await seenBy(firm)).length, (await events(firm)).length], [0, 0])
    assert.equal(await tell(unit, id, { type: 'intake.forward', to: firm, reason: '地铁口', beyond: 'function' }), 'done')
    assert.deepEqual([(await seenBy(firm)).length, (await events(firm)).length], [1, 2])
    await assert.rejects(
      worlds.real.read({ organizationId: firm, jurisdiction: '120116' }, (sql) => sql`select * from intake_contact`),
      /permission denied/,
    )
    await assert.rejects(
      worlds.real.read({ organizationId: firm, jurisdiction: '120116' }, (sql) => sql`select * from intake_medium`),
      /permission denied/,
    )
  })

  test('what the server is told to have given itself is overwritten', async () => {
    const id = await take(house.unit, {
      number: 'R-1',
      handler: house.parts.hebei,
      contactId: randomUUID(),
      codeHash: 'a'.repeat(64),
      media: [{ hash: 'b'.repeat(64), kind: 'image/png', bytes: 9 }],
      proposals: [],
    })
    const { number, handler, contact, hasCode, pictures } = await detail(house.unit, id)
    assert.match(number, /^R-\d{4}-120116-\d{4}$/)
    assert.deepEqual([handler.id, contact.kept, hasCode, pictures], [house.parts.unit, false, false, []])
  })
})

describe('duplicates', () => {
  test('are proposed with reasons, merged by a person, kept with their provenance, and separated again', async () => {
    const place = { name: '新港四号路', lat: 38.99, lon: 117.7 }
    const first = await take(house.district, { text: '四号路树倒压住电线，冒火花', place, hazard: 'other', originalAt: minutesAgo(12) })
    const near = await house.district.get<readonly ProposalView[]>(
      `/api/intakes/near?${new URLSearchParams({ text: '大树倒了压住电线', place: '新港四号路', lat: '38.9934', lon: '117.7', hazard: 'other' })}`,
    )
    assert.deepEqual(
      near.map((one) => one.report.id),
      [first],
    )
    const second = await take(house.district, {
      text: '大树倒了，压住电线',
      place: { ...place, lat: 38.9934 },
      hazard: 'other',
      originalAt: minutesAgo(6),
    })
    const proposed = (await detail(house.district, second)).proposals
    assert.equal(proposed[0]?.report.id, first)
    assert.deepEqual(
      proposed[0]?.reasons.map((one) => one.kind),
      ['distance', 'minutes', 'hazard', 'words'],
    )
    assert.deepEqual(proposed[0]?.reasons[0], { kind: 'distance', metres: 378 })
    assert.equal((await detail(house.district, first)).proposals[0]?.report.id, second, 'seen from the first, too')
    assert.equal((await detail(house.district, second)).status, 'received', 'never merged by the machine')
    assert.ok((await house.district.get<readonly IntakeSummary[]>('/api/intakes?filter=duplicates')).some((one) => one.id === second))

    assert.equal(await tell(house.district, second, { type: 'intake.merge', into: first }), 'done')
    const [merged, into] = [await detail(house.district, second), await detail(house.district, first)]
    assert.deepEqual([merged.status, merged.into?.id, into.merged.map((one) => one.id)], ['merged', first, [second]])
    assert.equal(merged.words, '大树倒了，压住电线', 'it keeps its own words, channel and times')
    assert.equal(await tell(house.district, first, { type: 'intake.merge', into: second }), 'intake.merged-into-itself')
    assert.equal(await tell(house.district, second, { type: 'intake.separate', reason: '两棵树' }), 'done')
    assert.deepEqual(
      [(await detail(house.district, second)).status, (await detail(house.district, second)).proposals.length],
      ['received', 0],
    )
  })

  test('a circle of merges cannot be made', async () => {
    const ids = [await take(house.district), await take(house.district), await take(house.district)]
    const [a = '', b = '', c = ''] = ids
    assert.equal(await tell(house.district, a, { type: 'intake.merge', into: b }), 'done')
    assert.equal(await tell(house.district, b, { type: 'intake.merge', into: c }), 'done')
    assert.equal(await tell(house.district, c, { type: 'intake.merge', into: a }), 'intake.merged-into-itself')
    assert.equal(await tell(house.district, await take(house.district), { type: 'intake.merge', into: a }), 'done')
    assert.equal(await tell(house.district, a, { type: 'intake.merge', into: randomUUID() }), 'intake.merge-target-unknown')
  })
})

describe('a report beyond our means', () => {
  test('is recorded and passed on as a duty, and stays ours until the receiver accepts', async () => {
    const { worlds, district, city, parts } = house
    const id = await take(district, { text: '跨区河堤管涌', place: { name: '独流减河左堤', lat: null, lon: null }, hazard: 'flood' })
    assert.equal(await tell(district, id, { type: 'intake.forward', to: parts.city, reason: '跨区河道', beyond: 'place' }), 'done')
    await worlds.real.settled()
    const { asked, awaiting, status, handler } = await detail(city, id)
    assert.deepEqual([awaiting?.id, status, handler.id], [parts.city, 'forwarded', parts.district])
    assert.ok((await district.get<readonly IntakeSummary[]>('/api/intakes?filter=awaiting')).some((one) => one.id === id))
    const obligationId = asked?.obligationId ?? assert.fail('nobody is asked')
    const [duty] = await worlds.real.sql<{ state: Obligation }[]>`select state from obligation where id = ${obligationId}`
    assert.deepEqual(
      [duty?.state.debtor, duty?.state.creditor, duty?.state.origin, duty?.state.status],
      [parts.city, parts.district, 'request', 'requested'],
    )
    assert.equal(await tell(district, id, { type: 'intake.close', outcome: 'handled', text: '已转' }), 'intake.awaits-receiver')
    assert.equal((await city.tell('obligation', obligationId, { type: 'obligation.accept' })).status, 200)
    await worlds.real.settled()
    assert.deepEqual([(await detail(district, id)).handler.id, (await detail(district, id)).status], [parts.city, 'received'])
    assert.equal(await tell(city, id, { type: 'intake.close', outcome: 'handled', text: '已封堵' }), 'done')
    await worlds.real.settled()
    const [done] = await worlds.real.sql<{ status: string }[]>`select status from obligation where id = ${obligationId}`
    assert.equal(done?.status, 'discharged')
  })

  test('declined, it is ours again with the reason', async () => {
    const { worlds, district, city, parts } = house
    const id = await take(district)
    await tell(district, id, {
      type: 'intake.forward',
      to: parts.city,
      reason: '超出能力',
      beyond: 'means',
      answerBy: new Date(Date.now() + 900_000).toISOString(),
    })
    await worlds.real.settled()
    const { asked } = await detail(city, id)
    await city.tell('obligation', asked?.obligationId ?? '', { type: 'obligation.decline', reason: '应由港区处置' })
    await worlds.real.settled()
    const back = await detail(district, id)
    assert.deepEqual(
      [back.status, back.unhandled, back.forwards[0]?.status, back.forwards[0]?.answerReason],
      ['received', true, 'declined', '应由港区处置'],
    )
  })

  test('where a clause in force says so, it is owed by that clause and not only asked for', async () => {
    const { worlds, district, parts } = house
    const both = (text: string) => words(text)
    await say(worlds.real, 'instrument', 'passing-law', {
      type: 'instrument.adopt',
      instrument: {
        schema: 'muster/instrument/1',
        id: 'passing-law',
        kind: 'law',
        title: both('试验法'),
        jurisdiction: '100000',
        issuer: both('试验'),
        citation: both('试验'),
        inForceFrom: '2015-01-01',
        inForceUntil: null,
        source: both('为试验而写'),
        higher: [],
        demonstration: true,
        clauses: [
          {
            id: 'art-60-3',
            kind: 'duty',
            article: both('第六十条第三款'),
            wording: 'summary',
            words: both('不属于其职责的，应当立即移送'),
            function: 'emergency-management',
            when: [],
            once: 'incident',
            owes: 'function:emergency-management',
            to: 'government',
            act: 'verify-report',
            actWords: both('核实'),
            limit: { within: null, confirmed: true, source: null },
            evidence: [],
          },
        ],
      },
    })
    const id = await take(district)
    await tell(district, id, { type: 'intake.forward', to: parts.city, reason: '跨区', beyond: 'place' })
    await worlds.real.settled()
    const [forward] = (await detail(district, id)).forwards
    assert.equal(forward?.basis?.clauseId, 'art-60-3')
    const [duty] = await worlds.real.sql<{ state: Obligation }[]>`select state from obligation where id = ${forward?.obligationId ?? ''}`
    assert.deepEqual([duty?.state.status, duty?.state.origin], ['owed', 'clause'])
    const other = await take(district)
    await tell(district, other, { type: 'intake.forward', to: parts.unit, reason: '企业厂区内', beyond: 'place' })
    await worlds.real.settled()
    assert.equal((await detail(district, other)).forwards[0]?.basis, null, 'a firm is asked')
  })
})

test('on the desk of whoever handles reports stands the most urgent that nobody has looked at, until somebody does', async () => {
  await take(house.district, { haste: 'later' })
  await take(house.district, { haste: 'now' })
  const onDesk = async (who: Asker): Promise<readonly string[]> =>
    (await who.get<DeskView>('/api/desk')).waiting.flatMap((one) => (one.kind === 'report' ? [`${one.id} ${one.haste} ${one.count}`] : []))
  const listed = (await house.district.get<readonly IntakeSummary[]>('/api/intakes?filter=unhandled')).filter(
    ({ handler }) => handler.id === house.parts.district,
  )
  const [oldest] = listed.filter(({ haste }) => haste === 'now').toSorted((a, b) => (a.enteredAt < b.enteredAt ? -1 : 1))
  assert.deepEqual(await onDesk(house.district), [`${oldest?.id} now ${listed.length}`])
  assert.deepEqual(await onDesk(house.hebei), [])
  assert.equal(await tell(house.district, oldest?.id ?? '', { type: 'intake.verify', text: '已派人到场核实' }), 'done')
  assert.match((await onDesk(house.district)).join(), new RegExp(` ${listed.length - 1}$`))
})

test('the original time is the event’s own time, the time of entry the log’s, in whatever order reports come', async () => {
  const [late, early] = [minutesAgo(30), minutesAgo(350)]
  const ids = [await take(house.reporter, { originalAt: late }), await take(house.reporter, { originalAt: early })]
  const rows = await house.worlds.real.sql<{ stream: string; at: Date; recorded: Date }[]>`
    select stream, occurred_at as at, recorded_at as recorded from event where stream = any(${ids.map((id) => `intake/${id}`)}) order by position`
  assert.deepEqual(
    rows.map((row) => row.at.toISOString()),
    [late, early],
  )
  assert.ok(rows.every((row) => Date.now() - row.recorded.getTime() < 60_000))
})

test('numbers: what is entered, unhandled, duplicate, verified, and how long the first act took', async () => {
  const numbers = await house.district.get<IntakeNumbers>('/api/intakes/numbers')
  const [row] = await house.worlds.real.sql<{ entered: number; merged: number }[]>`
    select count(*)::int as entered, count(*) filter (where merged_into is not null)::int as merged from intake`
  assert.deepEqual([numbers.entered, numbers.duplicates], [row?.entered, row?.merged])
  assert.ok(numbers.firstHandling !== null && numbers.firstHandling.p50 <= numbers.firstHandling.p90)
  assert.equal((await house.hebei.get<IntakeNumbers>('/api/intakes/numbers')).entered, 0)
})

test('destroyed, contact and pictures are gone from the database, and the report stays (art. 85)', async () => {
  const sent = await post('/public/report', { ...REPORT, contact: '13700000000' }, [png({ more: [] })])
  const [code, id] = [codeIn(sent), await newest()]
  await tell(house.district, id, { type: 'intake.close', outcome: 'handled', text: '已处理' })
  const keeper = new Keeper(house.worlds.real, (error) => assert.fail(error as Error))
  await keeper.start()
  assert.equal(await tell(house.district, id, { type: 'intake.forget', reason: '处置工作结束' }), 'done')
  await keeper.reached()
  await keeper.stop()
  const { contact, pictures, words: said } = await detail(house.district, id)
  assert.deepEqual([contact, pictures, said], [{ kept: false, words: null }, [], REPORT.text])
  assert.equal((await house.worlds.real.sql`select 1 from intake_contact where report_id = ${id}`).length, 0)
  assert.equal((await page(`/public/report/status?code=${encodeURIComponent(code)}`)).status, 200)
})

test('rebuilt from the log, the reports are the same', async () => {
  const read = async (): Promise<readonly object[]> => [...(await house.worlds.real.sql`select * from intake order by id`)]
  const kept = await read()
  await rebuild(house.worlds.real.sql, house.worlds.real.schema, KEEPINGS)
  assert.deepEqual(await read(), kept)
})

test('an incident that is unknown, or that the asker may not see, is not linked', async () => {
  const id = await take(house.district)
  assert.equal(await tell(house.district, id, { type: 'intake.link', incidentId: randomUUID() }), 'incident.unknown')
  const incident = await reported(house.worlds.real)
  assert.equal(await tell(house.district, id, { type: 'intake.link', incidentId: incident }), 'done')
  assert.equal((await detail(house.district, id)).incident?.id, incident)
})
