import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { draft as rain } from '#core/alert.given.ts'
import type { Draft } from '#core/alert/draft.ts'
import { messageOf } from '#core/alert/message.ts'
import { writeCap } from '#core/cap/write.ts'
import type { DeskView } from '#core/view.ts'
import type { AlertDetail, AlertsView } from '#core/view/alert.ts'
import { openHouse, type Asker, type House } from '../fixtures/server/house.ts'
import { ALL_POWERS } from '../fixtures/server/scene.ts'
import { systemClock } from './clock.ts'

let house: House
let officer: Asker
let head: Asker

before(async () => {
  house = await openHouse()
  const { district } = house.parts
  officer = await house.signIn(district, '预警起草岗', [...ALL_POWERS, 'alert.issue'])
  head = await house.signIn(district, '预警审批岗', [...ALL_POWERS, 'alert.issue', 'alert.approve'])
})
after(() => house.leave())

const inHours = (hours: number): string => new Date(Math.floor(systemClock.now() / 1000) * 1000 + hours * 3_600_000).toISOString()
const current = (more: Partial<Draft> = {}): Draft => ({ ...rain, onset: inHours(1), expires: inHours(6), ...more })
async function drawnUp(more: Partial<Draft> = {}): Promise<string> {
  const id = randomUUID()
  const command = { type: 'alert.draft', draft: current(more), jurisdiction: '120116', replaces: null, incidentId: null, proposalId: null }
  for (const one of [command, { type: 'alert.submit' }]) {
    const { status, body } = await officer.tell('alert', id, one)
    assert.equal(status, 200, JSON.stringify(body))
  }
  return id
}
const post = (who: Asker, xml: string | Buffer, type = 'application/cap+xml') =>
  house.ask('POST', '/api/alerts', { cookie: who.cookie, 'content-type': type }, typeof xml === 'string' ? xml : xml.toString())
const foreign = (more: Partial<Draft> = {}, identifier: string = randomUUID()): string =>
  writeCap(messageOf(current(more), { identifier, sender: 'city@example.org', sent: inHours(0), references: [] }))

test('whoever may approve finds it first, told what it will do; whoever drew it up may not approve', async () => {
  const id = await drawnUp()
  const list = await head.get<AlertsView>('/api/alerts')
  assert.deepEqual([list.alerts[0]?.id, list.alerts[0]?.needs], [id, 'approve'])
  assert.equal((await officer.get<AlertsView>('/api/alerts')).alerts.find((one) => one.id === id)?.needs, null)
  const onDesk = async (who: Asker): Promise<readonly string[]> =>
    (await who.get<DeskView>('/api/desk')).waiting.map((one) => `${one.kind} ${one.id} ${one.count}`)
  assert.deepEqual([await onDesk(head), await onDesk(officer), await onDesk(house.hebei)], [[`approval ${id} 1`], [], []])
  const detail = await head.get<AlertDetail>(`/api/alerts/${id}`)
  assert.deepEqual([detail.preview?.divisions, detail.preview?.consultation, detail.preview?.missing.ordinary], [1, 'not-needed', []])
  // The district, its warehouse: everyone registered in the territory.
  assert.equal(detail.preview?.organizations, 2)
  const refusalOf = (of: AlertDetail, command: string): string | null | undefined =>
    of.actions.find((one) => one.command === command)?.refusal?.code
  assert.equal(refusalOf(detail, 'alert.approve'), undefined)
  assert.equal(refusalOf(await officer.get<AlertDetail>(`/api/alerts/${id}`), 'alert.approve'), 'authority.no-power')
  assert.equal((await head.tell('alert', id, { type: 'alert.approve', path: 'ordinary' })).status, 200)
  assert.deepEqual(await onDesk(head), [])
  await house.worlds.real.settled()
  const issued = await officer.get<AlertDetail>(`/api/alerts/${id}`)
  assert.deepEqual([issued.status, issued.blocks.map(({ state }) => state)], ['in-force', ['pending', 'pending']])
  assert.equal(issued.incident?.id, issued.incidentId)
  assert.deepEqual(
    issued.actions.map(({ command }) => command),
    ['alert.update', 'alert.all-clear', 'alert.cancel'],
  )
  const xml = await officer.ask(`/api/alerts/${id}/cap.xml`)
  assert.equal(xml.status, 200)
  assert.match(String(xml.body), /<identifier>muster-/)
})

test('another organization reads a public warning, and neither a draft nor a private one', async () => {
  const draft = await drawnUp()
  const addressed = await drawnUp({ scope: 'Private', addresses: ['duty@example.org'] })
  await head.tell('alert', addressed, { type: 'alert.approve', path: 'ordinary' })
  const open = await drawnUp()
  await head.tell('alert', open, { type: 'alert.approve', path: 'ordinary' })
  const seen = new Set((await house.hebei.get<AlertsView>('/api/alerts')).alerts.map(({ id }) => id))
  assert.deepEqual(
    [draft, addressed, open].map((id) => seen.has(id)),
    [false, false, true],
  )
  for (const id of [draft, addressed]) {
    assert.equal((await house.hebei.ask(`/api/alerts/${id}`)).status, 404)
    assert.equal((await house.hebei.ask(`/api/alerts/${id}/cap.xml`)).status, 404)
  }
  assert.equal((await house.ask('GET', `/api/alerts/${open}`, {})).status, 401)
})

test('lists are asked by colour, hazard, area and owner', async () => {
  const id = await drawnUp({ colour: 'blue', hazard: 'gale' })
  await head.tell('alert', id, { type: 'alert.approve', path: 'ordinary' })
  const has = async (query: string): Promise<boolean> =>
    (await officer.get<AlertsView>(`/api/alerts?${query}`)).alerts.some((one) => one.id === id)
  assert.deepEqual(
    await Promise.all(
      [
        'colour=blue',
        'colour=red',
        'hazard=gale',
        'hazard=fog',
        'area=120000',
        'area=120116',
        'area=130207',
        'in-force=true',
        'mine=true',
      ].map(has),
    ),
    [true, false, true, false, true, true, false, true, true],
  )
  assert.equal((await officer.ask('/api/alerts?area=here')).status, 400)
  assert.equal((await officer.ask('/api/alerts?cursor=x')).status, 400)
})

test('what was issued stays reachable page by page, each once', async () => {
  const seen: string[] = []
  const past = await Promise.all(Array.from({ length: 55 }, () => drawnUp({ status: 'Test' })))
  for (const id of past) assert.equal((await head.tell('alert', id, { type: 'alert.approve', path: 'ordinary' })).status, 200)
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: AlertsView = await officer.get<AlertsView>(`/api/alerts${cursor === '' ? '' : `?cursor=${cursor}`}`)
    seen.push(...page.alerts.map(({ id }) => id))
    cursor = page.next
  }
  assert.equal(new Set(seen).size, seen.length)
  assert.deepEqual(
    past.filter((id) => !seen.includes(id)),
    [],
  )
})

test('a CAP document is pushed as it is: new, known, refused', async () => {
  const xml = foreign()
  const first = await post(officer, xml)
  assert.equal(first.status, 201, JSON.stringify(first.body))
  const [taken] = (first.body as { alerts: { id: string; status: string; outcome: string }[] }).alerts
  // Nobody answers for a push without a trusted signature: it is shown.
  assert.deepEqual([taken?.outcome, taken?.status], ['fresh', 'shown'])
  assert.equal((await post(officer, xml)).status, 200)
  const other = await post(officer, xml.replace('暂停户外作业', '撤离'))
  assert.deepEqual([other.status, (other.body as { code: string }).code], [409, 'alert.identity-reused'])
  const broken = await post(officer, xml.slice(0, -30))
  assert.deepEqual([broken.status, (broken.body as { code: string }).code], [422, 'cap.not-well-formed'])
  assert.equal((await post(house.reporter, foreign())).status, 403)
  assert.equal((await house.ask('POST', '/api/alerts', { 'content-type': 'application/xml' }, foreign())).status, 401)
})

test('no foreign page pushes anything, and no other kind of body is taken', async () => {
  const cookie = { cookie: officer.cookie, 'content-type': 'application/xml' }
  assert.equal((await house.ask('POST', '/api/alerts', { ...cookie, origin: 'https://evil.example' }, foreign())).status, 403)
  assert.equal((await post(officer, foreign(), 'text/plain')).status, 403)
  assert.equal((await post(officer, '{}', 'application/json')).status, 415)
})

test('what others wrote is never opened as a page of ours', async () => {
  const { body } = await post(officer, foreign())
  const [taken] = (body as { alerts: { id: string }[] }).alerts
  const answer = await house.app.inject({
    method: 'GET',
    url: `/api/alerts/${taken?.id}/cap.xml`,
    headers: { host: '127.0.0.1:8080', cookie: officer.cookie },
  })
  assert.match(String(answer.headers['content-security-policy']), /sandbox/)
  assert.match(String(answer.headers['content-disposition']), /attachment/)
})

test('a received warning is adopted with what the page offers', async () => {
  const { body } = await post(officer, foreign({ colour: 'orange' }))
  const id = (body as { alerts: { id: string }[] }).alerts[0]?.id ?? ''
  const detail = await officer.get<AlertDetail>(`/api/alerts/${id}`)
  assert.deepEqual([detail.needs, detail.colour, detail.hazard, detail.signature], ['adopt', 'orange', 'rainstorm', 'none'])
  const adopted = await officer.tell('alert', id, { type: 'alert.adopt', colour: 'orange', hazard: 'rainstorm' })
  assert.equal(adopted.status, 200, JSON.stringify(adopted.body))
  await house.worlds.real.settled()
  const now = await officer.get<AlertDetail>(`/api/alerts/${id}`)
  assert.deepEqual([now.status, now.incident?.id === now.incidentId], ['in-force', true])
})
