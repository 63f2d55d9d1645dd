/** Orders, requests and what two organizations say to each other about them, over HTTP and PostgreSQL. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { AskingView, BatchView, ObligationDetail } from '#core/view/obligation.ts'
import type { ObligationView } from '#core/view.ts'
import { openHouse, type Answer, type Asker, type House } from '../fixtures/server/house.ts'
import { ALL_POWERS, declared, organization, plan, postOf, say, tell, words } from '../fixtures/server/scene.ts'

let house: House
let incident: string
let hospital: string
before(async () => {
  house = await openHouse()
  incident = await declared(house.worlds.real)
  hospital = await organization(house.worlds.real, { jurisdiction: '120116', superior: house.parts.district, name: '区医院' })
})
after(() => house.leave())

const HOUR = 3600_000
const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString()
const asking = (debtor: string, more: object = {}) => ({
  incidentId: incident,
  jurisdiction: '120116',
  debtor,
  function: 'supplies',
  act: 'send-pumps',
  actWords: words('调运水泵'),
  basis: null,
  dueAt: inMs(HOUR),
  ...more,
})
const code = ({ body }: Answer): unknown => (body as { code?: unknown }).code
const settled = (): Promise<void> => house.worlds.real.settled()
const detail = (asker: Asker, id: string): Promise<ObligationDetail> => asker.get<ObligationDetail>(`/api/obligations/${id}`)
const done = (answer: Answer): void => assert.equal(answer.status, 200, JSON.stringify(answer.body))
async function request(by: Asker, debtor: string, more: object = {}): Promise<string> {
  const id = randomUUID()
  done(await by.tell('obligation', id, { type: 'obligation.request', ...asking(debtor, more) }))
  return id
}

test('an order to a subordinate is owed; it names who gave it, and that no clause was named', async () => {
  const id = randomUUID()
  done(await house.city.tell('obligation', id, { type: 'obligation.order', ...asking(house.parts.district) }))
  const seen = await detail(house.district, id)
  assert.deepEqual([seen.status, seen.origin, seen.by?.id, seen.basis], ['owed', 'order', house.parts.city, null])
  const unbased = await house.city.get<readonly ObligationView[]>('/api/obligations?status=unbased')
  assert.ok(unbased.some((one) => one.id === id))
})

test('an order to whoever is not subordinate is refused with the article, and the same is requested and accepted', async () => {
  const id = randomUUID()
  const order = { type: 'obligation.order', ...asking(house.parts.hebei) }
  const refused = await house.city.tell('obligation', id, order)
  assert.deepEqual([refused.status, code(refused)], [403, 'authority.not-subordinate'])
  const { params } = refused.body as { params: { offer: string; article: string } }
  assert.equal(params.offer, 'obligation.request')
  assert.match(params.article, /art\. 19/)
  done(await house.city.tell('obligation', id, { ...order, type: params.offer }))
  assert.equal((await detail(house.hebei, id)).status, 'requested', 'whoever is asked sees it, in another province')
  done(await house.hebei.tell('obligation', id, { type: 'obligation.accept', doer: { postId: null, words: '值班组' } }))
  const seen = await detail(house.city, id)
  assert.deepEqual([seen.status, seen.doer], ['accepted', '值班组'])
})

test('in an activated headquarters its lead orders the members, and outside it nobody is ordered', async () => {
  const place = await declared(house.worlds.real)
  const order = { type: 'obligation.order', ...asking(house.parts.hebei, { incidentId: place }) }
  const may = (): Promise<AskingView> => house.city.get<AskingView>(`/api/obligations/may?debtor=${house.parts.hebei}&incident=${place}`)
  assert.equal((await may()).order.refusal?.code, 'authority.not-subordinate')
  assert.equal((await may()).request.refusal, null)
  done(
    await house.city.tell('incident', place, {
      type: 'incident.activate-headquarters',
      name: words('抢险指挥部'),
      lead: house.parts.city,
      members: [house.parts.city, house.parts.hebei],
      positions: [],
    }),
  )
  assert.equal((await may()).order.refusal, null)
  done(await house.city.tell('obligation', randomUUID(), order))
  assert.equal(code(await house.city.tell('obligation', randomUUID(), { ...order, incidentId: incident })), 'authority.not-subordinate')
})

test('a reasoned refusal of a request is an answer and no failure', async () => {
  const id = await request(house.district, house.parts.hebei)
  done(await house.hebei.tell('obligation', id, { type: 'obligation.decline', reason: '本省同时受灾' }))
  const seen = await detail(house.district, id)
  assert.deepEqual([seen.status, seen.lapsed, seen.declineReason], ['declined', false, '本省同时受灾'])
  assert.ok(!(await house.district.get<readonly ObligationView[]>('/api/obligations?status=late')).some((one) => one.id === id))
})

test('only the debtor answers, only the creditor takes the evidence, and whoever may see nothing learns nothing', async () => {
  const far = await organization(house.worlds.real, { jurisdiction: '440000', name: '广东某单位' })
  const id = await request(house.city, house.parts.hebei)
  assert.equal(code(await house.district.tell('obligation', id, { type: 'obligation.accept' })), 'authority.not-debtor')
  done(await house.hebei.tell('obligation', id, { type: 'obligation.accept' }))
  done(await house.hebei.tell('obligation', id, { type: 'obligation.discharge', evidence: '十台已到' }))
  assert.equal(code(await house.hebei.tell('obligation', id, { type: 'obligation.confirm' })), 'authority.not-creditor')
  done(await house.city.tell('obligation', id, { type: 'obligation.dispute', reason: '只到六台' }))
  assert.equal((await detail(house.hebei, id)).disputed, true)
  done(await house.hebei.tell('obligation', id, { type: 'obligation.discharge', evidence: '另四台已到' }))
  done(await house.city.tell('obligation', id, { type: 'obligation.confirm' }))
  assert.notEqual((await detail(house.city, id)).confirmedAt, null)
  const stranger = postOf(far, ALL_POWERS)
  const refused = await tell(house.worlds.real, 'obligation', id, { type: 'obligation.hand-on', to: far, part: 'x' }, { doer: stranger })
  assert.equal('code' in refused && refused.code, 'obligation.unknown')
})

test('what belongs to no incident is asked for too, and only those named in it see it and its history', async () => {
  const id = randomUUID()
  const asked = asking(house.parts.hebei, { incidentId: null, jurisdiction: '130000' })
  done(await house.district.tell('obligation', id, { type: 'obligation.request', ...asked }))
  assert.equal((await detail(house.hebei, id)).incidentTitle, null)
  assert.equal((await house.unit.ask(`/api/obligations/${id}`)).status, 404)
  const { real } = house.worlds
  const eventsFor = (organizationId: string, jurisdiction: string | null) =>
    real.read(
      { organizationId, jurisdiction },
      (sql) => sql<{ type: string }[]>`select type from event where stream = ${`obligation/${id}`}`,
    )
  assert.equal((await eventsFor(house.parts.hebei, '130000')).length, 1)
  assert.equal((await eventsFor(randomUUID(), '440000')).length, 0)
})

test('a part handed on is an order below and a request beside; the chain is seen from both ends', async () => {
  const id = await request(house.city, house.parts.hebei)
  done(await house.hebei.tell('obligation', id, { type: 'obligation.accept' }))
  done(await house.hebei.tell('obligation', id, { type: 'obligation.hand-on', to: house.parts.unit, part: '其中四台' }))
  done(await house.hebei.tell('obligation', id, { type: 'obligation.ask-help', text: '运输车辆', of: [hospital] }))
  await settled()
  const { chain } = await detail(house.city, id)
  assert.deepEqual(
    chain.map((one) => [one.debtor.id, one.parentId, one.status]),
    [
      [house.parts.hebei, null, 'accepted'],
      [house.parts.unit, id, 'requested'],
      [hospital, id, 'requested'],
    ],
  )
  const part = chain[1]?.id ?? ''
  assert.equal((await detail(house.unit, part)).chain.length, 3, 'whoever has a part sees the whole')
  done(await house.unit.tell('obligation', part, { type: 'obligation.accept' }))
  assert.equal((await detail(house.hebei, id)).status, 'accepted', 'who handed on stays answerable')
})

test('to a subordinate a part is handed as an order', async () => {
  const id = randomUUID()
  done(await house.city.tell('obligation', id, { type: 'obligation.order', ...asking(house.parts.district) }))
  done(await house.district.tell('obligation', id, { type: 'obligation.hand-on', to: hospital, part: '收治伤员' }))
  await settled()
  const { chain } = await detail(house.city, id)
  assert.deepEqual(
    chain.map((one) => [one.debtor.id, one.status, one.origin]),
    [
      [house.parts.district, 'owed', 'order'],
      [hospital, 'owed', 'handed-on'],
    ],
  )
})

test('more time is negotiated on record; what a regulation sets nobody extends', async () => {
  const id = randomUUID()
  done(await house.city.tell('obligation', id, { type: 'obligation.order', ...asking(house.parts.district) }))
  const until = inMs(3 * HOUR)
  done(await house.district.tell('obligation', id, { type: 'obligation.ask-extension', until, reason: '桥断了' }))
  assert.equal((await detail(house.city, id)).extension?.until, until)
  done(await house.city.tell('obligation', id, { type: 'obligation.grant-extension' }))
  const seen = await detail(house.district, id)
  assert.deepEqual([seen.dueAt, seen.extensions.map((one) => one.reason)], [until, ['桥断了']])

  const { real } = house.worlds
  const law = { ...plan(), id: 'test-regulation', kind: 'regulation' as const }
  await say(real, 'instrument', law.id, { type: 'instrument.adopt', instrument: law })
  const statutory = randomUUID()
  const basis = { instrumentId: law.id, version: 1, clauseId: 'list' }
  const trigger = { position: '1', type: 'incident.declared', occurredAt: inMs(-HOUR) }
  const owe = {
    type: 'obligation.owe',
    ...asking(house.parts.district),
    creditor: house.parts.city,
    basis,
    limitConfirmed: true,
    trigger,
    ladder: [],
  }
  await say(real, 'obligation', statutory, owe)
  done(await house.district.tell('obligation', statutory, { type: 'obligation.ask-extension', until, reason: '来不及' }))
  const refused = await house.city.tell('obligation', statutory, { type: 'obligation.grant-extension' })
  assert.deepEqual([refused.status, code(refused)], [422, 'obligation.limit-is-statutory'])
  assert.match(JSON.stringify(refused.body), /第一条/)
  const offered = (await detail(house.city, statutory)).actions.find((one) => one.command === 'obligation.grant-extension')
  assert.equal(offered?.refusal?.code, 'obligation.limit-is-statutory', 'the page says so before anybody presses')
})

test('a basis that is unknown or not in force is not cited', async () => {
  const cite = async (basis: object): Promise<unknown> =>
    code(await house.city.tell('obligation', randomUUID(), { type: 'obligation.order', ...asking(house.parts.district, { basis }) }))
  assert.equal(await cite({ instrumentId: 'nowhere', version: 1, clauseId: 'list' }), 'obligation.basis-unknown')
  assert.equal(await cite({ instrumentId: 'test-plan', version: 9, clauseId: 'list' }), 'obligation.basis-not-in-force')
  assert.equal(await cite({ instrumentId: 'test-plan', version: 1, clauseId: 'nothing' }), 'obligation.basis-unknown')
  assert.equal(await cite({ instrumentId: 'test-plan', version: 1, clauseId: 'list' }), undefined)
})

// State Council and CMC Order 436, articles 4 and 5.
test('the armed forces are never ordered, and requested only by their own form', async () => {
  const garrison = await organization(house.worlds.real, { jurisdiction: '120116', name: '滨海新区人民武装部', sector: 'military' })
  const order = { type: 'obligation.order', ...asking(garrison) }
  assert.equal(code(await house.district.tell('obligation', randomUUID(), order)), 'authority.military-is-requested')
  const form = {
    type: 'military',
    harmType: '洪水',
    time: inMs(0),
    place: '海河口',
    harm: '堤防渗漏',
    measures: '已疏散',
    strength: '舟艇二十艘',
  }
  const asked = { ...order, type: 'obligation.request' }
  assert.equal(code(await house.district.tell('obligation', randomUUID(), asked)), 'obligation.military-form-missing')
  assert.equal(code(await house.city.tell('obligation', randomUUID(), { ...asked, form })), 'obligation.military-not-same-level')
  done(await house.city.tell('obligation', randomUUID(), { ...asked, form: { ...form, direct: '决口在即' } }))
  const id = randomUUID()
  done(await house.district.tell('obligation', id, { ...asked, form }))
  assert.deepEqual((await detail(house.district, id)).form, form)
})

test('several are accepted at once, each refused by itself', async () => {
  const ids = await Promise.all([1, 2, 3].map(() => request(house.city, house.parts.district)))
  const send = (asker: Asker, items: readonly object[]): Promise<Answer> =>
    house.ask('POST', '/api/obligations/batch', { cookie: asker.cookie, 'content-type': 'application/json' }, JSON.stringify({ items }))
  const items = ids.map((id) => ({ id, commandId: randomUUID(), command: { type: 'obligation.accept' } }))
  const first = (await send(house.district, items)).body as BatchView
  assert.deepEqual(
    first.outcomes.map((one) => one.refusal),
    [null, null, null],
  )
  const again = (await send(house.district, items)).body as BatchView
  assert.deepEqual(
    again.outcomes.map((one) => one.refusal),
    [null, null, null],
    'the same commands sent twice are done once',
  )
  const others = (await send(house.unit, [{ id: ids[0], commandId: randomUUID(), command: { type: 'obligation.accept' } }]))
    .body as BatchView
  assert.equal(others.outcomes[0]?.refusal?.code, 'authority.not-debtor')
  const many = Array.from({ length: 201 }, () => ({ id: ids[0], commandId: randomUUID(), command: { type: 'obligation.accept' } }))
  assert.equal((await send(house.district, many)).status, 400)
})

test('two hundred are listed in a moment', async () => {
  const { real } = house.worlds
  const owe = {
    type: 'obligation.owe',
    ...asking(house.parts.district),
    creditor: house.parts.city,
    basis: null,
    limitConfirmed: false,
    trigger: null,
    ladder: [],
  }
  await Promise.all(Array.from({ length: 200 }, () => say(real, 'obligation', randomUUID(), owe)))
  await house.city.get('/api/obligations')
  const began = performance.now()
  const rows = await house.city.get<readonly ObligationView[]>('/api/obligations')
  const ms = performance.now() - began
  assert.equal(rows.length, 200)
  assert.ok(ms < 1500, `${ms} ms`)
})
