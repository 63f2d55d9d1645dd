import assert from 'node:assert/strict'
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { draft as rain } from '#core/alert.given.ts'
import type { Draft } from '#core/alert/draft.ts'
import { messageOf } from '#core/alert/message.ts'
import { writeCap } from '#core/cap/write.ts'
import { adoptPlan, cast, openGround, organization, REPORT, say, type Ground } from '../../fixtures/server/scene.ts'
import { warningPlan } from '../../fixtures/server/warning.ts'
import { selfSigned } from '../cap/identity.ts'
import { signAlert } from '../cap/sign.ts'
import type { Sql } from '../database.ts'
import { FeedReader } from '../feed/poll.ts'
import { receiving } from '../feed/receive.ts'
import { PublicView } from '../feed/snapshot.ts'
import { Sources, type Source } from '../feed/source.ts'
import { migrate } from '../migrate.ts'
import { dropWorld } from '../testing.ts'
import { schemaOf, type World } from '../world.ts'

const SENDER = 'city@example.org'
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const certificate = selfSigned({ privateKey, name: 'city.example.org', from: Date.now() - 60_000 })
const nodeName = randomUUID()
let ground: Ground
let world: World
let node: Sql
let view: PublicView
let reader: FeedReader
let source: Source
/** Who is asked in the district that stays under the warning, and in the one that is dropped by the update. */
const kept: string[] = []

before(async () => {
  ground = await openGround()
  world = await ground.open()
  const { city, district } = await cast(world)
  const beside = await organization(world, { jurisdiction: '120117', functions: ['government'], superior: city })
  for (const [jurisdiction, superior] of [
    ['120116', district],
    ['120116', district],
    ['120117', beside],
  ] as const) {
    const id = await organization(world, { jurisdiction, functions: ['community'], superior, sector: 'grass-roots' })
    if (jurisdiction === '120116') kept.push(id)
  }
  kept.push(district)
  await adoptPlan(world, warningPlan('120000'))
  await migrate(ground.database, schemaOf(nodeName), 'node')
  node = ground.database.pool(schemaOf(nodeName), { max: 2 })
  const sources = new Sources(node, world.clock)
  const terms = { name: '市预警中心', url: null, effect: 'signed', trust: certificate, everySeconds: 60, promiseSeconds: 600 } as const
  await sources.put('city', terms, { postId: randomUUID(), organizationId: randomUUID() })
  source = (await sources.find('city')) ?? assert.fail()
  reader = new FeedReader({ sources, clock: world.clock, receive: receiving(world), allowPrivate: false, origin: 'http://muster.test' })
  view = new PublicView({ world, onError: (error) => assert.fail(error as Error) })
})
after(async () => {
  view.close()
  await node.end()
  await dropWorld(ground.database, nodeName)
  await ground.leave()
})

const ago = (minutes: number): string => new Date(Math.floor(world.clock.now() / 1000) * 1000 - minutes * 60_000).toISOString()
const beijing = (at: string): string => `${new Date(Date.parse(at) + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`

/** One chain, and nothing of it stands any more. */
const OVER = { chains: 1, openFolders: 0, untied: 0, owing: [], called: true, public: [] }

const ALERT: Partial<Draft> = { colour: 'red', divisions: ['120116', '120117'] }
const UPDATES: readonly Partial<Draft>[] = [
  { kind: 'update', colour: 'red' },
  { kind: 'update', colour: 'orange' },
]
/** `all`: each names every earlier one; `last`: only the one before it. */
type Naming = 'all' | 'last'

/** The messages of a chain, ten minutes apart, signed by whom the operator trusts. */
function chain(drafts: readonly Partial<Draft>[], naming: Naming): readonly { readonly identifier: string; readonly bytes: Uint8Array }[] {
  const name = randomUUID()
  const sent = drafts.map((_, i) => ago(60 - 10 * i))
  const identities = drafts.map((_, i) => ({ sender: SENDER, identifier: `${name}-${i}`, sent: beijing(sent[i] ?? '') }))
  return drafts.map((more, i) => {
    const references = naming === 'all' ? identities.slice(0, i) : identities.slice(Math.max(0, i - 1), i)
    const message = messageOf(
      { ...rain, onset: ago(60), expires: ago(-360), ...more },
      { identifier: `${name}-${i}`, sender: SENDER, sent: sent[i] ?? '', references },
    )
    return { identifier: `${name}-${i}`, bytes: signAlert(Buffer.from(writeCap(message)), { privateKey, certificate }) }
  })
}

function orders<T>(all: readonly T[]): readonly (readonly T[])[] {
  if (all.length < 2) return [all]
  return all.flatMap((one, i) => orders(all.toSpliced(i, 1)).map((rest) => [one, ...rest]))
}

/** How it stands after all: each message, the folders, who owes what, what the public sees and whom the callers call. */
async function standing(messages: ReturnType<typeof chain>) {
  await world.settled()
  const names = messages.map(({ identifier }) => identifier)
  const rows = await world.sql<{ id: string; identifier: string; status: string; chain: string }[]>`
    select id, identifier, status, chain_id as chain from alert where identifier = any(${names}) order by sent, identifier`
  const ids = rows.map(({ id }) => id)
  const folders = await world.sql<{ id: string; status: string; into: string | null; reason: string | null }[]>`
    select id, status, merged_into as into,
      (select data ->> 'reason' from event where stream = 'incident/' || i.id and type = 'incident.closed') as reason
    from incident i where id in (select substr(stream, 10)::uuid from event where type = 'incident.noted' and data -> 'data' ->> 'alertId' = any(${ids}))`
  const owed = await world.sql<{ debtor: string; clause: string; open: boolean; chain: string }[]>`
    select debtor, state -> 'basis' ->> 'clauseId' as clause, open, alert_id as chain from obligation
    where incident_id = any(${folders.map(({ id }) => id)})`
  const open = owed.filter((one) => one.open)
  const shown = (await view.settled()).alerts.filter(({ identifier }) => names.includes(identifier))
  return {
    statuses: rows.map(({ status }) => status),
    chains: new Set(rows.map(({ chain: one }) => one)).size,
    openFolders: folders.filter(({ status }) => status !== 'closed' && status !== 'merged').length,
    untied: folders.filter(
      ({ id, into, reason }) => into === null && reason === null && folders.some((one) => one.id !== id && one.into !== id),
    ).length,
    owing: open.map(({ debtor, clause }) => `${clause} ${debtor}`).toSorted(),
    called: [...new Set(open.map(({ chain: one }) => one))].every((one) => one === rows[0]?.chain),
    public: shown.map(({ identifier }) => names.indexOf(identifier)),
  }
}

async function received(messages: ReturnType<typeof chain>, settling: boolean): Promise<void> {
  for (const { bytes } of messages) {
    const { refused } = await reader.push(source, bytes)
    assert.deepEqual(refused, [])
    if (settling) await world.settled()
  }
}

for (const [naming, end] of [
  ['all', 'cancel'],
  ['last', 'cancel'],
  ['last', 'all-clear'],
] as const)
  test(`an alert, two updates and the ${end} come to the same in every order, where each names ${naming === 'all' ? 'all before it' : 'the last'}`, async () => {
    // The last alone is cancelled or lifted: the others were replaced before.
    for (const [i, order] of orders([0, 1, 2, 3]).entries()) {
      const messages = chain([ALERT, ...UPDATES, { kind: end }], naming)
      await received(
        order.flatMap((one) => messages[one] ?? []),
        i % 4 !== 3,
      )
      assert.deepEqual(
        await standing(messages),
        {
          statuses: ['replaced', 'replaced', end === 'cancel' ? 'cancelled' : 'lifted', 'notice'],
          ...OVER,
        },
        `order ${order.join(' ')}`,
      )
    }
  })

for (const naming of ['all', 'last'] as const)
  test(`an alert and two updates leave the last in force in every order, where each names ${naming === 'all' ? 'all before it' : 'the last'}: one folder, each owes once`, async () => {
    for (const order of orders([0, 1, 2])) {
      const messages = chain([ALERT, ...UPDATES], naming)
      await received(
        order.flatMap((one) => messages[one] ?? []),
        true,
      )
      const [first = '', second = '', district = ''] = kept
      assert.deepEqual(
        await standing(messages),
        {
          statuses: ['replaced', 'replaced', 'in-force'],
          chains: 1,
          openFolders: 1,
          untied: 0,
          owing: [`answer ${first}`, `answer ${second}`, `decide ${district}`].toSorted(),
          called: true,
          public: [2],
        },
        `order ${order.join(' ')}`,
      )
    }
  })

test('a message that comes at the same moment as what it names comes to the same', async () => {
  for (let round = 0; round < 4; round++) {
    const messages = chain([ALERT, ...UPDATES, { kind: 'cancel' }], 'last')
    await Promise.all(messages.map(({ bytes }) => reader.push(source, bytes)))
    const { statuses, openFolders, owing, chains } = await standing(messages)
    assert.deepEqual([statuses, openFolders, owing, chains], [['replaced', 'replaced', 'cancelled', 'notice'], 0, [], 1])
  }
})

test('an alert whose cancel came first makes nothing owed, opens no record and is on no public page', async () => {
  const messages = chain([ALERT, { kind: 'cancel' }], 'all')
  const before = await world.sql<{ owed: number }[]>`select count(*)::int as owed from obligation`
  await received(messages.toReversed(), true)
  const stands = await standing(messages)
  assert.deepEqual([stands.statuses, stands.openFolders, stands.public], [['cancelled', 'notice'], 0, []])
  assert.deepEqual(await world.sql`select count(*)::int as owed from obligation`, before)
})

test('two warnings that one update replaces go on as one: in the older record, into which the younger is merged', async () => {
  const [first, second, update] = chain([ALERT, { colour: 'red' }, UPDATES[1] ?? {}], 'all')
  assert.ok(first !== undefined && second !== undefined && update !== undefined)
  // The second names nobody: a warning of its own.
  const own = Buffer.from(second.bytes)
    .toString()
    .replace(/<references>[^<]*<\/references>/, '')
    .replace(/<Signature .*<\/Signature>/s, '')
  const alone = signAlert(Buffer.from(own.replace('<msgType>Update</msgType>', '<msgType>Alert</msgType>')), { privateKey, certificate })
  await received([first, { ...second, bytes: alone }], true)
  const apart = await standing([first, second])
  assert.deepEqual([apart.chains, apart.openFolders], [2, 2])
  await received([update], true)
  const { statuses, chains, openFolders, untied, owing, called } = await standing([first, second, update])
  assert.deepEqual([statuses, chains, openFolders, untied, called], [['replaced', 'replaced', 'in-force'], 1, 1, 0, true])
  assert.equal(new Set(owing).size, owing.length)
  assert.equal(owing.length, 3)
  const [merged] = await world.sql<{ older: boolean }[]>`
    select into_.reported_at <= i.reported_at as older from incident i join incident into_ on into_.id = i.merged_into
    where i.id in (select incident_id from event where type = 'alert.received' and data -> 'message' ->> 'identifier' = ${second.identifier})`
  assert.deepEqual(merged, { older: true })
})

test('a note of a person that names a warning which is none stops nobody', async () => {
  const id = randomUUID()
  await say(world, 'incident', id, REPORT)
  for (const alertId of ['no id', 5, null, randomUUID()])
    await say(world, 'incident', id, {
      type: 'incident.note',
      kind: 'warning',
      text: 'x',
      organization: null,
      data: { alertId, chainId: 'x' },
    })
  await world.settled()
  const messages = chain([ALERT], 'all')
  await received(messages, true)
  assert.equal((await standing(messages)).owing.length, 5)
})

/** Each message as two files, as some services send them: first the Chinese, then the English; each names its own language's earlier one. */
function files(drafts: readonly Partial<Draft>[], other: Partial<Draft> = {}, name = randomUUID()): ReturnType<typeof chain> {
  const sender = `${name}@example.org`
  const times = drafts.map((_, i) => ago(60 - 10 * i))
  const [onset = '', expires] = [times[0], ago(-360)]
  return drafts.flatMap((more, i) =>
    (['zh-CN', 'en'] as const).map((language) => {
      const [sent = '', identifier] = [times[i], `${name}-${i}-${language}`]
      const before = { sender, identifier: `${name}-${i - 1}-${language}`, sent: beijing(times[i - 1] ?? sent) }
      const { infos, ...message } = messageOf(
        { ...rain, onset, expires, ...more, ...(language === 'en' ? other : {}) },
        { identifier, sender, sent, references: i === 0 ? [] : [before] },
      )
      const file = { ...message, infos: infos.filter((info) => info.language === language) }
      return { identifier, bytes: signAlert(Buffer.from(writeCap(file)), { privateKey, certificate }) }
    }),
  )
}
const pick = (messages: ReturnType<typeof chain>, order: readonly number[]) => order.flatMap((one) => messages[one] ?? [])
const shownOf = async (messages: ReturnType<typeof chain>) =>
  (await view.settled()).alerts
    .filter(({ identifier }) => messages.some((one) => one.identifier === identifier))
    .map(({ digest, others }) => [digest.languages.toSorted(), others.length])

test('a warning and its update in two languages, a file each, are one in every order: one record, each owes once, one on the page', async () => {
  const [first = '', second = '', district = ''] = kept
  for (const [i, order] of orders([0, 1, 2, 3]).entries()) {
    const messages = files([ALERT, UPDATES[1] ?? {}])
    await received(pick(messages, order), i % 4 !== 3)
    const { public: shown, ...stands } = await standing(messages)
    assert.deepEqual(
      stands,
      {
        statuses: ['replaced', 'replaced', 'in-force', 'in-force'],
        chains: 1,
        openFolders: 1,
        untied: 0,
        owing: [`answer ${first}`, `answer ${second}`, `decide ${district}`].toSorted(),
        called: true,
      },
      `order ${order.join(' ')}`,
    )
    assert.equal(shown.length, 1)
    assert.deepEqual(await shownOf(messages), [[['en', 'zh-CN'], 1]])
  }
})

for (const kind of ['cancel', 'all-clear'] as const)
  test(`the ${kind} in both languages ends a warning in two in every order`, async () => {
    for (const [i, order] of orders([0, 1, 2, 3]).entries()) {
      const messages = files([ALERT, { kind }])
      await received(pick(messages, order), i % 4 !== 3)
      const over = kind === 'cancel' ? 'cancelled' : 'lifted'
      assert.deepEqual(
        await standing(messages),
        {
          statuses: [over, over, 'notice', 'notice'],
          ...OVER,
        },
        `order ${order.join(' ')}`,
      )
    }
  })

test('two languages that come at the same moment are one warning, and nobody is asked twice', async () => {
  for (let round = 0; round < 6; round++) {
    const messages = files([ALERT])
    await Promise.all((round % 2 === 0 ? messages : messages.toReversed()).map(({ bytes }) => reader.push(source, bytes)))
    const { chains, openFolders, untied, owing, called } = await standing(messages)
    assert.deepEqual([chains, openFolders, untied, owing.length, called], [1, 1, 0, 5, true])
    const [ever] = await world.sql<{ asked: number }[]>`
      select count(*)::int as asked from obligation where incident_id in (
        select incident_id from event where type = 'alert.received' and data -> 'message' ->> 'identifier' = any(${messages.map((one) => one.identifier)}))`
    assert.equal(ever?.asked, 5)
    assert.deepEqual(await shownOf(messages), [[['en', 'zh-CN'], 1]])
  }
  const messages = files([ALERT, ...UPDATES, { kind: 'cancel' }])
  await Promise.all(messages.map(({ bytes }) => reader.push(source, bytes)))
  const { chains, openFolders, owing, statuses } = await standing(messages)
  assert.deepEqual([chains, openFolders, owing], [1, 0, []])
  assert.deepEqual(new Set(statuses.slice(0, 4)), new Set(['replaced']))
})

test('who has answered one language is not asked by the other', async () => {
  const messages = files([ALERT])
  await received(messages.slice(0, 1), true)
  const [asked] = await world.sql<{ id: string; incident: string; debtor: string; chain: string }[]>`
    select o.id, o.incident_id as incident, o.debtor, o.alert_id as chain from obligation o join alert a on a.chain_id = o.alert_id
    where a.identifier = ${messages[0]?.identifier ?? ''} and o.debtor = ${kept[0] ?? ''}`
  assert.ok(asked !== undefined)
  const { incident, debtor: organization, chain: chainId } = asked
  await say(world, 'incident', incident, {
    type: 'incident.note',
    kind: 'warning-acknowledged',
    text: '收到',
    organization,
    data: { chainId },
  })
  await world.settled()
  await received(messages.slice(1), true)
  const owed = await world.sql<{ status: string }[]>`select status from obligation where incident_id = ${incident}`
  assert.deepEqual([owed.length, owed.filter(({ status }) => status === 'discharged').length], [5, 1])
})

test('a cancel in one language ends that one alone; the warning is over when no language of it warns', async () => {
  const messages = files([ALERT, { kind: 'cancel' }])
  await received(pick(messages, [0, 1, 2]), true)
  const half = await standing(messages)
  assert.deepEqual([half.statuses, half.openFolders, half.owing.length], [['in-force', 'cancelled', 'notice'], 1, 5])
  assert.deepEqual(await shownOf(messages), [[['en'], 0]])
  await received(pick(messages, [3]), true)
  const over = await standing(messages)
  assert.deepEqual([over.openFolders, over.owing, over.public], [0, [], []])
})

test('a language that comes when the other is over warns in a record of its own', async () => {
  const messages = files([ALERT, { kind: 'cancel' }])
  await received(pick(messages, [0, 2, 1]), true)
  const { statuses, openFolders, owing } = await standing(messages)
  assert.deepEqual([statuses, openFolders, owing.length], [['in-force', 'cancelled', 'notice'], 1, 5])
})

test('an update in one language and a cancel in the other leave what the update asks for', async () => {
  const name = randomUUID()
  const messages = files([ALERT, { kind: 'update', colour: 'orange' }], {}, name)
  const [, , , cancel] = files([ALERT, { kind: 'cancel' }], {}, name)
  await received(messages.slice(0, 3), true)
  await received(cancel === undefined ? [] : [cancel], true)
  const { statuses, openFolders, owing } = await standing(messages)
  assert.deepEqual([statuses, openFolders, owing.length], [['cancelled', 'replaced', 'notice', 'in-force'], 1, 3])
})

test('what only looks alike stays apart: another area, gravity, colour, hazard, time or the same language', async () => {
  const others: readonly Partial<Draft>[] = [
    { divisions: ['120116'] },
    { severity: 'Extreme' },
    { colour: 'orange' },
    { hazard: 'gale' },
    { expires: ago(-300) },
  ]
  for (const other of others) {
    const messages = files([ALERT], other)
    await received(messages, true)
    const { chains, openFolders } = await standing(messages)
    assert.deepEqual([chains, openFolders], [2, 2], JSON.stringify(other))
    assert.equal((await shownOf(messages)).length, 2)
  }
  const [one = assert.fail()] = files([ALERT])
  const bare = Buffer.from(one.bytes)
    .toString()
    .replace(/<Signature .*<\/Signature>/s, '')
    .replace('-0-zh-CN</identifier>', '-0-again</identifier>')
  const twice = [
    one,
    { identifier: one.identifier.replace('zh-CN', 'again'), bytes: signAlert(Buffer.from(bare), { privateKey, certificate }) },
  ]
  await received(twice, true)
  const { chains, openFolders } = await standing(twice)
  assert.deepEqual([chains, openFolders], [2, 2])
})
