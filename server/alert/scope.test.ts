import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { draft as rain } from '#core/alert.given.ts'
import type { Draft } from '#core/alert/draft.ts'
import { messageOf } from '#core/alert/message.ts'
import { writeCap } from '#core/cap/write.ts'
import type { AlertsView } from '#core/view/alert.ts'
import { openHouse, type House } from '../../fixtures/server/house.ts'
import { adoptPlan, ALL_POWERS, organization, postOf, say } from '../../fixtures/server/scene.ts'
import { warningPlan } from '../../fixtures/server/warning.ts'
import { NO_TRUST } from '../cap/trust.ts'
import { readStreams } from '../log.ts'
import type { Book, Desk } from '../notice/book.ts'
import { isOfWarning, warningTellings } from '../notice/warning.ts'
import { receiveAlert } from './receive.ts'

let house: House
let bureau: string
let community: string
const ids = new Map<string, string>()

const hours = (count: number): string => new Date(Math.floor(Date.now() / 1000) * 1000 + count * 3_600_000).toISOString()
const both = (text: string) => ({ 'zh-CN': text, en: text })
/** Every text of a warning says the word. */
const saying = (word: string, more: Partial<Draft>): Draft => ({
  ...rain,
  onset: hours(0),
  expires: hours(6),
  event: both(`暴雨${word}`),
  headline: both(`headline ${word}`),
  description: both(`description ${word}`),
  precautions: both(`precautions ${word}`),
  measures: both(`measures ${word}`),
  areaDesc: both(`area ${word}`),
  contact: word,
  ...more,
})

async function issue(name: string, more: Partial<Draft>): Promise<void> {
  const { real } = house.worlds
  const id = randomUUID()
  ids.set(name, id)
  const command = {
    type: 'alert.draft',
    draft: saying(name, more),
    jurisdiction: '120116',
    replaces: null,
    incidentId: null,
    proposalId: null,
  }
  await say(real, 'alert', id, command, { doer: postOf(bureau, ['alert.issue']) })
  if (name.startsWith('drawn')) return
  await say(real, 'alert', id, { type: 'alert.submit' }, { doer: postOf(bureau, ['alert.issue']) })
  await say(real, 'alert', id, { type: 'alert.approve', path: 'ordinary' }, { doer: postOf(bureau, ['alert.approve']) })
}

async function receive(name: string, more: Partial<Draft>, receivedBy: string | null = null): Promise<void> {
  const message = messageOf(saying(name, more), { identifier: randomUUID(), sender: 'met@example.org', sent: hours(-1), references: [] })
  const source = { kind: 'push', id: null, name: 'met' } as const
  const [one] = await receiveAlert(house.worlds.real, Buffer.from(writeCap(message)), {
    source,
    effect: 'act',
    trust: NO_TRUST,
    receivedBy,
  })
  assert.equal(one?.outcome, 'fresh')
  ids.set(name, one?.id ?? '')
}

before(async () => {
  house = await openHouse()
  const { real } = house.worlds
  const { district } = house.parts
  bureau = await organization(real, { jurisdiction: '120116', functions: ['meteorology'], superior: district, name: '滨海新区气象局' })
  community = await organization(real, { jurisdiction: '120116', functions: ['community'], superior: district })
  await adoptPlan(real, warningPlan('120116', { when: [{ event: 'incident.noted', kinds: ['warning'] }] }))
  const restricted: Partial<Draft> = { scope: 'Restricted', restriction: 'hushword' }
  const addressed: Partial<Draft> = { scope: 'Private', addresses: [house.parts.city] }
  await issue('hushrestricted', restricted)
  await issue('hushprivate', addressed)
  await issue('drawnhush', {})
  await receive('hushreceived', restricted)
  await receive('hushtoone', addressed, house.parts.city)
  await issue('openword', {})
  for (const status of ['Exercise', 'Test', 'Draft'] as const) {
    await issue(`unreal${status.toLowerCase()}`, { status })
    await receive(`unrealfrom${status.toLowerCase()}`, { status })
  }
  await real.settled()
})
after(() => house.leave())

/** Every way out by GET, with whatever id it may be asked for. */
async function ways(): Promise<readonly string[]> {
  const { real } = house.worlds
  const rows = async (table: string): Promise<readonly string[]> =>
    (await real.sql<{ id: string }[]>`select id::text as id from ${real.sql(table)} order by id limit 6`).map(({ id }) => id)
  const all = [...ids.values(), ...(await rows('incident')), ...(await rows('obligation')), bureau, community]
  const open: string[] = []
  const found: string[] = []
  for (const line of house.app.printRoutes({ commonPrefix: false }).split('\n')) {
    const [, indent = '', path = '', methods = ''] = /^([│ ├└─]*)(\S.*?)(?: \(([A-Z, ]+)\))?$/.exec(line) ?? []
    open.length = Math.max(0, indent.length / 4 - 1)
    open.push(path)
    if (methods.includes('GET')) found.push(open.join(''))
  }
  return found
    .filter((path) => path !== '/api/live')
    .flatMap((path) => (/[:*]/.test(path) ? all.map((id) => path.replaceAll(/:\w+|\*/g, id)) : [path, `${path}?area=120116&lang=en`]))
}

/** What is pushed to a browser that has missed everything. */
async function pushed(origin: string, cookie: string): Promise<string> {
  const answer = await fetch(`${origin}/api/live`, { headers: { cookie, 'last-event-id': '0' }, signal: AbortSignal.timeout(10_000) })
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of answer.body ?? assert.fail()) {
    text += decoder.decode(chunk, { stream: true })
    if (text.includes(ids.get('openword') ?? '?')) break
  }
  return text
}

test('the public and other organizations find no word of what is restricted, private or not issued, nor take an exercise for real, by any way out', async () => {
  const paths = await ways()
  assert.ok(paths.length > 200, `${paths.length} ways`)
  const [leaks, unreal] = [new Set<string>(), new Set<string>()]
  let open = 0
  // Whoever may export the log reads all of it: that is a power of its own.
  const province = await house.signIn(
    house.parts.hebei,
    '省值班员',
    ALL_POWERS.filter((one) => one !== 'log.export'),
  )
  for (const [who, cookie] of [
    ['public', null],
    ['province', province.cookie],
    ['company', house.unit.cookie],
  ] as const)
    for (const path of paths) {
      const { body } = await house.ask('GET', path, cookie === null ? {} : { cookie })
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      const way = `${who} ${path.replace(/[0-9a-f-]{36}/, ':id').replace(/\?.*/, '')}`
      if (text.includes('openword')) open++
      if (text.includes('hush')) leaks.add(way)
      if (text.includes('unreal')) unreal.add(way)
    }
  assert.deepEqual([...leaks], [])
  assert.ok(open > 8, 'what is open is found by the same ways')
  const listed = ['/api/alerts', '/api/alerts/:id', '/api/alerts/:id/cap.xml']
  assert.deepEqual(
    [...unreal],
    ['province', 'company'].flatMap((who) => listed.map((path) => `${who} ${path}`)),
  )
  const { alerts } = await province.get<AlertsView>('/api/alerts')
  const exercised = alerts.filter((one) => JSON.stringify(one).includes('unreal'))
  assert.equal(exercised.length, 6)
  assert.ok(exercised.every(({ capStatus, status }) => capStatus !== 'Actual' && status === 'notice'))
})

test('what is pushed to the browsers of others has no word of it', async () => {
  const origin = await house.app.listen({ port: 0, host: '127.0.0.1' })
  for (const { cookie } of [house.hebei, house.unit]) assert.doesNotMatch(await pushed(origin, cookie), /hush/)
})

test('no incident, duty, notice or finding says a word of it, and nobody else is told who asked for all warnings', async () => {
  const { real } = house.worlds
  const said = await real.sql`select stream, type from event where stream not like 'alert/%' and data::text ~ 'hush|unreal'`
  assert.deepEqual([...said], [])
  const desks = [house.parts.hebei, house.parts.unit].map((organizationId): Desk => ({
    id: randomUUID(),
    organizationId,
    title: both('值班员'),
    powers: [],
    holders: [],
    contacts: [],
    liaison: false,
    hours: { zone: 'Asia/Shanghai', language: 'zh-CN', quiet: null },
    subscriptions: [{ id: randomUUID(), conditions: { hazards: ['rainstorm'] } }],
  }))
  const book = { all: async () => new Map(desks.map((one) => [one.id, one])) } as unknown as Book
  const told: string[] = []
  for (const [name, id] of ids)
    for (const event of await readStreams(real.sql, [`alert/${id}`]))
      if (isOfWarning(event.type))
        for (const { desk } of await warningTellings(event, real, book)) told.push(`${name} ${desks.indexOf(desk)}`)
  assert.deepEqual(told.toSorted(), ['openword 0', 'openword 1'])
})
