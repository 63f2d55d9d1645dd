import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Alert } from '#core/alert.ts'
import { draft as rain } from '#core/alert.given.ts'
import type { Draft } from '#core/alert/draft.ts'
import { messageOf } from '#core/alert/message.ts'
import type { Doer } from '#core/authority.ts'
import { writeCap } from '#core/cap/write.ts'
import { Refusal } from '#core/decider.ts'
import type { Recorded } from '#core/event.ts'
import { cast, codeOf, openGround, organization, postOf, say, tell, type Cast, type Ground } from '../fixtures/server/scene.ts'
import { readBytes } from './alert/bytes.ts'
import { receiveAlert, type ReceiveFrom } from './alert/receive.ts'
import { readCap } from './cap.ts'
import { NO_TRUST } from './cap/trust.ts'
import { projectRoot } from './config.ts'
import { readStreams } from './log.ts'
import type { Book, Desk } from './notice/book.ts'
import { warningTellings } from './notice/warning.ts'
import { SETUP } from './testing.ts'
import type { World } from './world.ts'

let ground: Ground
let world: World
let parts: Cast & { readonly bureau: string; readonly fengnan: string }
let officer: Doer
let head: Doer

before(async () => {
  ground = await openGround()
  world = await ground.open()
  const all = await cast(world)
  const bureau = await organization(world, {
    jurisdiction: '120116',
    functions: ['meteorology'],
    superior: all.district,
    name: '滨海新区气象局',
  })
  const fengnan = await organization(world, { jurisdiction: '130207', functions: ['government'], name: '丰南区人民政府' })
  parts = { ...all, bureau, fengnan }
  officer = postOf(bureau, ['alert.issue'])
  head = postOf(bureau, ['alert.approve', 'alert.issue'])
})
after(() => ground.leave())

const expires = (hours: number): string => new Date(world.clock.now() + hours * 3_600_000).toISOString().replace(/\.\d+Z$/, '.000Z')
const current = (more: Partial<Draft> = {}): Draft => ({ ...rain, onset: expires(1), expires: expires(6), ...more })
async function drawnUp(more: Partial<Draft> = {}, replaces: string | null = null): Promise<string> {
  const id = randomUUID()
  const command = { type: 'alert.draft', draft: current(more), jurisdiction: '120116', replaces, incidentId: null, proposalId: null }
  await say(world, 'alert', id, command, { doer: officer })
  await say(world, 'alert', id, { type: 'alert.submit' }, { doer: officer })
  return id
}
async function issued(more: Partial<Draft> = {}, replaces: string | null = null): Promise<string> {
  const id = await drawnUp(more, replaces)
  await say(world, 'alert', id, { type: 'alert.approve', path: 'ordinary' }, { doer: head })
  await world.settled()
  return id
}
async function stateOf(id: string): Promise<Alert> {
  const [row] = await world.sql<{ state: Alert }[]>`select state from alert where id = ${id}`
  assert.ok(row, `no warning ${id}`)
  return row.state
}
const sees = async (organizationId: string, jurisdiction: string | null, id: string): Promise<boolean> =>
  (await world.read({ organizationId, jurisdiction }, (sql) => sql`select 1 from alert where id = ${id}`)).length > 0

test('a warning of our own becomes valid CAP with both languages, reads as it was meant, and is kept by its hash', async () => {
  const id = await issued({ profile: 'cn' })
  const { made, status } = await stateOf(id)
  assert.equal(status, 'in-force')
  assert.ok(made)
  const bytes = await readBytes(world.sql, made.sha256)
  assert.ok(bytes)
  const { alerts, sha256 } = await readCap(bytes)
  assert.equal(sha256, made.sha256)
  const [verdict] = alerts
  assert.deepEqual([verdict?.xsdValid, verdict?.findings], [true, []])
  assert.deepEqual(
    verdict?.alert?.infos.map(({ language }) => language),
    ['zh-CN', 'en-US'],
  )
  // China's profile: six digits of the division, eight of the issuer, the time in Beijing.
  assert.match(made.message.identifier, /^120116\d{8}_\d{14}$/)
  assert.equal(made.message.sender, `${parts.bureau}@muster.test`)
  // Art. 64: precautions and measures stand where whoever reads CAP looks for what to do.
  for (const info of verdict?.alert?.infos ?? []) assert.match(info.instruction ?? '', /积水[\s\S]*暂停|flooded[\s\S]*stop work/)
  assert.deepEqual(made.reach.divisions, [{ code: '120116', share: 'whole' }])
})

test('what the asker puts in for the server counts for nothing', async () => {
  const id = await drawnUp({ colour: 'red' })
  const other = (await stateOf(await issued())).made
  const forged = { type: 'alert.approve', path: 'ordinary', consultation: 'held', made: other }
  assert.equal(codeOf(await tell(world, 'alert', id, forged, { doer: head })), 'alert.consultation-missing')
  const yellow = await drawnUp()
  await say(world, 'alert', yellow, { type: 'alert.approve', path: 'ordinary', made: other }, { doer: head })
  assert.equal((await stateOf(yellow)).made?.message.identifier, `muster-${yellow}`)
})

test('a refused approval leaves no bytes behind', async () => {
  const id = await drawnUp()
  const count = async (): Promise<number> => (await world.sql<{ n: number }[]>`select count(*)::int as n from alert_message`)[0]?.n ?? -1
  const earlier = await count()
  assert.equal(codeOf(await tell(world, 'alert', id, { type: 'alert.approve', path: 'ordinary' }, { doer: officer })), 'authority.no-power')
  const both = { ...officer, powers: ['alert.issue', 'alert.approve'] as const }
  assert.equal(codeOf(await tell(world, 'alert', id, { type: 'alert.approve', path: 'ordinary' }, { doer: both })), 'alert.second-person')
  assert.equal(await count(), earlier)
})

test('an update names every earlier message of its chain and replaces what is in force; the all-clear lifts it', async () => {
  const first = await issued()
  const second = await issued({ kind: 'update' }, first)
  const third = await issued({ kind: 'all-clear' }, second)
  const states = await Promise.all([first, second, third].map(stateOf))
  assert.deepEqual(
    states.map(({ status }) => status),
    ['replaced', 'lifted', 'notice'],
  )
  assert.deepEqual(new Set(states.map(({ made }) => made?.chainId)), new Set([first]))
  assert.deepEqual(new Set(states.map(({ incidentId }) => incidentId)).size, 1)
  const { made } = states[2] ?? assert.fail()
  assert.deepEqual(
    made?.message.references.map(({ identifier }) => identifier),
    [`muster-${first}`, `muster-${second}`],
  )
  const { alerts } = await readCap((await readBytes(world.sql, made?.sha256 ?? '')) ?? assert.fail())
  assert.deepEqual(
    alerts[0]?.alert?.infos.map(({ responseTypes }) => responseTypes),
    [['AllClear'], ['AllClear']],
  )
  assert.equal(alerts[0]?.alert?.msgType, 'Update')
})

test('a cancel ends the warning and says so as Cancel', async () => {
  const first = await issued()
  const second = await issued({ kind: 'cancel' }, first)
  assert.equal((await stateOf(first)).status, 'cancelled')
  assert.equal((await stateOf(second)).made?.message.msgType, 'Cancel')
  const again = {
    type: 'alert.draft',
    draft: current({ kind: 'update' }),
    jurisdiction: '120116',
    replaces: first,
    incidentId: null,
    proposalId: null,
  }
  assert.equal(codeOf(await tell(world, 'alert', randomUUID(), again, { doer: officer })), 'alert.already-ended')
})

test('an exercise is never in force, and ends nothing that is', async () => {
  const real = await issued()
  const exercise = await issued({ status: 'Exercise' })
  assert.equal((await stateOf(exercise)).status, 'notice')
  const [row] = await world.sql`select 1 from alert where id = ${exercise} and (status = 'in-force' or incident_id is not null)`
  assert.equal(row, undefined)
  const cancel = {
    type: 'alert.draft',
    draft: current({ kind: 'cancel', status: 'Exercise' }),
    jurisdiction: '120116',
    replaces: real,
    incidentId: null,
    proposalId: null,
  }
  assert.equal(codeOf(await tell(world, 'alert', randomUUID(), cancel, { doer: officer })), 'alert.status-differs')
})

test('another organization neither updates nor ends a warning of ours', async () => {
  const real = await issued()
  const doer = postOf(parts.fengnan, ['alert.issue'])
  const cancel = {
    type: 'alert.draft',
    draft: current({ kind: 'cancel', divisions: ['130207'] }),
    jurisdiction: '130207',
    replaces: real,
    incidentId: null,
    proposalId: null,
  }
  assert.equal(codeOf(await tell(world, 'alert', randomUUID(), cancel, { doer })), 'alert.not-own')
})

test('a draft is seen by its owner and by whoever may approve it, an issued public one by everybody', async () => {
  const id = await drawnUp()
  assert.deepEqual(
    await Promise.all([
      sees(parts.bureau, '120116', id),
      sees(parts.district, '120116', id),
      sees(parts.city, '120000', id),
      sees(parts.unit, '120116', id),
      sees(parts.fengnan, '130207', id),
    ]),
    [true, true, true, false, false],
  )
  assert.equal(
    codeOf(await tell(world, 'alert', id, { type: 'alert.approve', path: 'ordinary' }, { doer: postOf(parts.fengnan, ['alert.approve']) })),
    'alert.unknown',
  )
  await say(world, 'alert', id, { type: 'alert.approve', path: 'ordinary' }, { doer: postOf(parts.district, ['alert.approve']) })
  assert.deepEqual(await Promise.all([sees(parts.unit, '120116', id), sees(parts.fengnan, '130207', id)]), [true, true])
})

test('a private warning and its bytes are seen by its issuer and its addressees alone, in the log too', async () => {
  const id = await issued({ scope: 'Private', addresses: [parts.fengnan] })
  const looks = async (organizationId: string, jurisdiction: string): Promise<readonly number[]> =>
    world.read({ organizationId, jurisdiction }, async (sql) => {
      const sha256 = (await stateOf(id)).made?.sha256 ?? ''
      const rows = [
        await sql`select 1 from alert where id = ${id}`,
        await sql`select 1 from alert_message where sha256 = ${sha256}`,
        await sql`select 1 from event where stream = ${`alert/${id}`} limit 1`,
      ]
      return rows.map(({ length }) => length)
    })
  assert.deepEqual(await looks(parts.bureau, '120116'), [1, 1, 1])
  assert.deepEqual((await looks(parts.fengnan, '130207')).slice(0, 2), [1, 1])
  assert.deepEqual(await looks(parts.unit, '120116'), [0, 0, 0])
})

// ── From elsewhere

const from = (more: Partial<ReceiveFrom> = {}): ReceiveFrom => ({
  source: { kind: 'feed', id: 'city', name: '市预警中心' },
  effect: 'act',
  trust: NO_TRUST,
  ...more,
})
type Sent = {
  readonly identifier: string
  readonly sent: string
  readonly more?: Partial<Draft>
  readonly references?: readonly { sender: string; identifier: string; sent: string }[]
}
const SENDER = 'city@example.org'
const written = ({ identifier, sent, more = {}, references = [] }: Sent): Buffer =>
  Buffer.from(writeCap(messageOf(current(more), { identifier, sender: SENDER, sent, references })))
const ago = (minutes: number): string => new Date(Math.floor(world.clock.now() / 1000) * 1000 - minutes * 60_000).toISOString()
const beijing = (at: string): string => `${new Date(Date.parse(at) + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`
const only = async (bytes: Uint8Array, how: Partial<ReceiveFrom> = {}) => (await receiveAlert(world, bytes, from(how)))[0] ?? assert.fail()
const named = (identifier: string, sent: string) => ({ sender: SENDER, identifier, sent: beijing(sent) })

test('an update that comes before what it updates replaces it all the same', async () => {
  const [early, late] = [ago(10), ago(5)]
  const name = randomUUID()
  const update = await only(
    written({ identifier: `${name}-2`, sent: late, more: { kind: 'update' }, references: [named(`${name}-1`, early)] }),
  )
  const first = await only(written({ identifier: `${name}-1`, sent: early }))
  await world.settled()
  assert.deepEqual([update.outcome, update.status, first.outcome, first.status], ['fresh', 'in-force', 'fresh', 'replaced'])
  const [a, b] = await Promise.all([stateOf(update.id ?? ''), stateOf(first.id ?? '')])
  assert.equal(a.made?.chainId, b.made?.chainId)
})

test('in the order of sending it comes out the same', async () => {
  const [early, late] = [ago(10), ago(5)]
  const name = randomUUID()
  const first = await only(written({ identifier: `${name}-1`, sent: early }))
  const cancel = await only(
    written({ identifier: `${name}-2`, sent: late, more: { kind: 'cancel' }, references: [named(`${name}-1`, early)] }),
  )
  await world.settled()
  assert.deepEqual([(await stateOf(first.id ?? '')).status, cancel.status], ['cancelled', 'notice'])
})

test('the same again is known; the same identity with other words is refused', async () => {
  const sent = ago(3)
  const identifier = randomUUID()
  const bytes = written({ identifier, sent })
  assert.equal((await only(bytes)).outcome, 'fresh')
  assert.equal((await only(bytes)).outcome, 'known')
  // A feed that sets it anew: other white space, the same message.
  assert.equal((await only(Buffer.from(bytes.toString().replaceAll('>\n', '>\n\n')))).outcome, 'known')
  const other = await only(written({ identifier, sent, more: { measures: { 'zh-CN': '撤离', en: 'Evacuate' } } }))
  assert.deepEqual([other.outcome, other.refusal?.code], ['refused', 'alert.identity-reused'])
})

test('what nobody answers for is shown and takes effect nowhere until somebody adopts it in his territory', async () => {
  const shown = await only(written({ identifier: randomUUID(), sent: ago(2) }), { effect: 'show' })
  assert.equal(shown.status, 'shown')
  const id = shown.id ?? ''
  const adopt = { type: 'alert.adopt', colour: 'yellow', hazard: 'rainstorm' }
  assert.equal(
    codeOf(await tell(world, 'alert', id, adopt, { doer: postOf(parts.fengnan, ['alert.issue']) })),
    'authority.outside-jurisdiction',
  )
  await say(world, 'alert', id, adopt, { doer: officer })
  const { status, made } = await stateOf(id)
  assert.deepEqual([status, made?.reach.divisions.map(({ code }) => code)], ['in-force', ['120116']])
})

test('an update that is only shown leaves the warning of a source that acts in force', async () => {
  const [early, late] = [ago(10), ago(5)]
  const name = randomUUID()
  const first = await only(written({ identifier: `${name}-1`, sent: early }))
  await only(written({ identifier: `${name}-2`, sent: late, more: { kind: 'cancel' }, references: [named(`${name}-1`, early)] }), {
    effect: 'show',
  })
  await world.settled()
  assert.equal((await stateOf(first.id ?? '')).status, 'in-force')
})

test('a stranger ends none of our own warnings, and none speaks in our name', async () => {
  const own = await issued()
  const { message } = (await stateOf(own)).made ?? assert.fail()
  const reference = { sender: message.sender, identifier: message.identifier, sent: beijing(message.sent) }
  const bytes = Buffer.from(
    writeCap(
      messageOf(current({ kind: 'cancel' }), {
        identifier: randomUUID(),
        sender: SENDER,
        sent: new Date(world.clock.now() + 60_000).toISOString(),
        references: [reference],
      }),
    ),
  )
  await only(bytes)
  await world.settled()
  assert.equal((await stateOf(own)).status, 'in-force')
  const forged = Buffer.from(
    writeCap(
      messageOf(current({ kind: 'cancel' }), { identifier: randomUUID(), sender: message.sender, sent: ago(0), references: [reference] }),
    ),
  )
  assert.equal((await only(forged)).refusal?.code, 'alert.own-sender')
})

test('what came out of date is shown, not in force', async () => {
  const old = written({ identifier: randomUUID(), sent: ago(600), more: { onset: ago(590), expires: ago(60) } })
  assert.equal((await only(old)).status, 'shown')
})

test('a refused document leaves nothing behind, and says why', async () => {
  const counts = async (): Promise<unknown> =>
    (
      await world.sql`select (select count(*)::int from alert) as alerts, (select count(*)::int from alert_message) as bytes, (select count(*)::int from event) as events`
    )[0]
  const earlier = await counts()
  const good = written({ identifier: randomUUID(), sent: ago(1) }).toString()
  const attacks = {
    'cap.doctype': `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>${good.slice(good.indexOf('<alert'))}`,
    'cap.not-well-formed': good.slice(0, -20),
    'cap.no-alert': '<feed/>',
    'cap.status-unknown': good.replace('<status>Actual</status>', '<status>Real</status>'),
    'cap.sent-format': good.replace(/<sent>[^<]*/, '<sent>yesterday'),
  }
  for (const [code, text] of Object.entries(attacks)) {
    const refused = await only(Buffer.from(text), { strict: true })
    assert.deepEqual([refused.outcome, refused.refusal?.code], ['refused', code])
  }
  const addressless = good.replace('<scope>Public</scope>', '<scope>Private</scope>')
  assert.equal((await only(Buffer.from(addressless))).refusal?.code, 'cap.private-without-addresses')
  assert.deepEqual(await counts(), earlier)
})

test('pushed documents are taken whole or not at all; of a feed each message counts for itself', async () => {
  const good = written({ identifier: randomUUID(), sent: ago(1) }).toString()
  const alert = good.slice(good.indexOf('<alert'))
  const bad = alert.replace(/<sent>[^<]*/, '<sent>yesterday').replace(/<identifier>[^<]*/, '<identifier>other')
  const feed = (): Buffer => Buffer.from(`<feed xmlns="http://www.w3.org/2005/Atom">${alert}${bad}</feed>`)
  assert.deepEqual(
    (await receiveAlert(world, feed(), from({ strict: true }))).map(({ outcome }) => outcome),
    ['refused', 'refused'],
  )
  assert.deepEqual(
    (await receiveAlert(world, feed(), from())).map(({ outcome }) => outcome),
    ['fresh', 'refused'],
  )
})

test('a refusal of the room is a refusal to whoever brought it in, not an error', async () => {
  const outcome = await tell(world, 'alert', randomUUID(), { type: 'alert.submit' }, { doer: officer })
  assert.ok(outcome instanceof Refusal)
  assert.equal(outcome.code, 'alert.unknown')
  assert.equal(codeOf(await tell(world, 'alert', randomUUID(), { type: 'alert.submit' }, { doer: SETUP })), 'alert.unknown')
})

// ── Who is told

test('a warning in force is told to the posts that asked for it, all conditions at once, the graver the sooner', async () => {
  const desk = (organizationId: string, conditions: Desk['subscriptions'][number]['conditions'], powers: Desk['powers'] = []): Desk => ({
    id: randomUUID(),
    organizationId,
    title: { 'zh-CN': '值班员', en: 'Duty officer' },
    powers,
    holders: [],
    contacts: [],
    liaison: false,
    hours: { zone: 'Asia/Shanghai', language: 'zh-CN', quiet: null },
    subscriptions: [{ id: randomUUID(), conditions }],
  })
  const holding = desk(parts.fengnan, { hazards: ['rainstorm'], areas: ['120000'], level: 3 })
  const elsewhere = desk(parts.fengnan, { hazards: ['rainstorm'], areas: ['130207'] })
  const graver = desk(parts.fengnan, { hazards: ['rainstorm'], level: 2 })
  const approver = desk(parts.bureau, { hazards: ['earthquake'] }, ['alert.approve'])
  const book = { all: async () => new Map([holding, elsewhere, graver, approver].map((one) => [one.id, one])) } as unknown as Book
  const eventOf = async (id: string, type: string): Promise<Recorded> => {
    const events = await readStreams(world.sql, [`alert/${id}`])
    return events.find((one) => one.type === type) ?? assert.fail(type)
  }
  const drawn = await drawnUp()
  const waiting = await warningTellings(await eventOf(drawn, 'alert.submitted'), world, book)
  assert.deepEqual(
    waiting.map(({ desk: one, telling }) => [one.id, telling.code]),
    [[approver.id, 'alert-submitted']],
  )
  const id = await issued()
  const told = await warningTellings(await eventOf(id, 'alert.issued'), world, book)
  assert.deepEqual(
    told.map(({ desk: one, telling }) => [one.id, telling.code, telling.urgency]),
    [[holding.id, 'alert-issued', 'urgent']],
  )
  // An exercise tells nobody.
  const exercise = await issued({ status: 'Exercise' })
  assert.deepEqual(await warningTellings(await eventOf(exercise, 'alert.issued'), world, book), [])
})

// ── What the world sends

const CORPUS = join(projectRoot, '..', 'shared', 'data', 'cap', 'public')
const CORPUS_MAX = 400

test(
  'messages of the world are taken or refused, never half, and none but Actual ones take effect',
  { skip: existsSync(CORPUS) ? false : 'the corpus is not here' },
  async () => {
    const files = readdirSync(CORPUS)
      .filter((name) => name.endsWith('.xml'))
      .slice(0, CORPUS_MAX)
    let fresh = 0
    for (const name of files)
      for (const one of await receiveAlert(world, readFileSync(join(CORPUS, name)), from({ effect: 'act' }))) {
        assert.equal(one.outcome === 'refused', one.refusal !== null, name)
        assert.equal(one.outcome === 'refused', one.id === null, name)
        if (one.outcome === 'fresh') fresh++
      }
    await world.settled()
    assert.ok(fresh > 50, `${fresh} of ${files.length}`)
    const wrong =
      await world.sql`select 1 from alert where status = 'in-force' and (cap_status <> 'Actual' or sha256 is null or expires <= ${world.now()})`
    assert.equal(wrong.length, 0)
    const bare =
      await world.sql`select 1 from alert a where sha256 is not null and not exists (select 1 from alert_message m where m.sha256 = a.sha256)`
    assert.equal(bare.length, 0)
    const seen = await world.read(
      { organizationId: parts.unit, jurisdiction: '120116' },
      (sql) => sql`select 1 from alert where scope <> 'Public' and sender is distinct from ${`${parts.bureau}@muster.test`}`,
    )
    assert.equal(seen.length, 0)
  },
)
