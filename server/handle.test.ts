import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { Refusal } from '#core/decider.ts'
import {
  ALL_POWERS,
  codeOf,
  DECLARE,
  openGround,
  organization,
  owe,
  postOf,
  REPORT,
  reported,
  request,
  say,
  tell,
  whole,
  words,
  type Ground,
} from '../fixtures/server/scene.ts'
import { ManualClock } from './clock.ts'
import { projectRoot } from './config.ts'
import { REFUSAL_OF_CONSTRAINT } from './handle.ts'

let ground: Ground
before(async () => {
  ground = await openGround()
})
after(() => ground.leave())

const note = { type: 'incident.note', kind: 'arrive', text: '到场' } as const

describe('the same command id', () => {
  test('sent twice at once is applied once, and both hear the same', async () => {
    const world = await ground.open()
    const id = await reported(world)
    const commandId = randomUUID()
    const outcomes = await Promise.all([1, 2, 3].map(() => tell(world, 'incident', id, note, { commandId })))
    assert.deepEqual(outcomes[1], outcomes[0])
    assert.deepEqual(outcomes[2], outcomes[0])
    assert.equal((await whole(world)).length, 2)
  })

  test('sent again later, after a restart and to another server is applied once, with the same outcome', async () => {
    const world = await ground.open()
    const id = await reported(world)
    const commandId = randomUUID()
    const first = await tell(world, 'incident', id, note, { commandId })
    const other = await ground.open({ name: world.name })
    const again = [await tell(world, 'incident', id, note, { commandId }), await tell(other, 'incident', id, note, { commandId })]
    await ground.shut(world)
    const restarted = await ground.open({ name: world.name })
    again.push(await tell(restarted, 'incident', id, note, { commandId }))
    for (const outcome of again) assert.deepEqual(outcome, first)
    assert.equal((await whole(restarted)).length, 2)
  })

  test('sent to two servers at once is applied once, with the same outcome', async () => {
    const world = await ground.open()
    const other = await ground.open({ name: world.name })
    const id = await reported(world)
    const ids = Array.from({ length: 20 }, () => randomUUID())
    const pairs = await Promise.all(
      ids.map((commandId) => Promise.all([world, other].map((one) => tell(one, 'incident', id, note, { commandId })))),
    )
    for (const [a, b] of pairs) assert.deepEqual(a, b)
    assert.equal((await whole(world)).length, 1 + ids.length)
  })

  test('answers with the first outcome even when the state has since changed', async () => {
    const world = await ground.open()
    const id = await reported(world)
    const commandId = randomUUID()
    const first = await tell(world, 'incident', id, { type: 'incident.verify', text: '属实' }, { commandId })
    await say(world, 'incident', id, { type: 'incident.close', reason: '处置完毕' })
    assert.deepEqual(await tell(world, 'incident', id, { type: 'incident.verify', text: '属实' }, { commandId }), first)
  })

  test('on another stream is refused and leaves nothing, in the same batch too', async () => {
    const world = await ground.open()
    const [a, b] = [await reported(world), await reported(world)]
    const commandId = randomUUID()
    await say(world, 'incident', a, note, { commandId })
    assert.equal(codeOf(await tell(world, 'incident', b, note, { commandId })), 'command.id-reused')
    const second = randomUUID()
    const both = await Promise.all([
      tell(world, 'incident', a, note, { commandId: second }),
      tell(world, 'incident', b, note, { commandId: second }),
    ])
    assert.deepEqual(both.map(codeOf), ['done', 'command.id-reused'])
    assert.equal((await whole(world)).length, 4)
  })

  test('of a report of an incident gives it one number', async () => {
    const world = await ground.open()
    const id = randomUUID()
    const commandId = randomUUID()
    const [a, b] = await Promise.all([
      tell(world, 'incident', id, REPORT, { commandId }),
      tell(world, 'incident', id, REPORT, { commandId }),
    ])
    assert.deepEqual(a, b)
    assert.equal((await world.sql`select 1 from incident`).length, 1)
  })
})

describe('commands that wait together', () => {
  test('are committed together, but for the one that its law refuses and the one that breaks a rule across things', async () => {
    const world = await ground.open()
    const owner = await organization(world, { jurisdiction: null })
    const create = (id: string, organizationId: string) =>
      request('post', id, { type: 'post.create', organizationId, title: words('值班员'), powers: [] })
    const twice = randomUUID()
    await world.handle(create(twice, owner))
    const requests = Array.from({ length: 256 }, () => create(randomUUID(), owner))
    requests[100] = create(twice, owner)
    requests[200] = create(randomUUID(), randomUUID())
    const outcomes = await Promise.all(requests.map((one) => world.handle(one)))
    assert.equal(codeOf(outcomes[100] ?? assert.fail()), 'post.already-created')
    assert.equal(codeOf(outcomes[200] ?? assert.fail()), 'organization.unknown')
    assert.equal(outcomes.filter((outcome) => codeOf(outcome) === 'done').length, 254)
    const events = await whole(world)
    assert.deepEqual(
      events.map((event) => Number(event.position)),
      Array.from({ length: 2 + 254 }, (_, i) => i + 1),
    )
    assert.equal((await world.sql`select 1 from post`).length, 255)
    // Each heard of its own event, where it truly is.
    for (const outcome of outcomes)
      if (!(outcome instanceof Refusal)) assert.deepEqual(outcome.events, [events[Number(outcome.position) - 1]])
  })

  test('and text that the database cannot keep refuse only themselves', async () => {
    const world = await ground.open()
    const id = await reported(world)
    const texts = ['好', 'a\u0000b', '好', '\ud800', '\udc00\ud800', '𠮷']
    const outcomes = await Promise.all(texts.map((text) => tell(world, 'incident', id, { ...note, text })))
    assert.deepEqual(outcomes.map(codeOf), ['done', 'text.unstorable', 'done', 'text.unstorable', 'text.unstorable', 'done'])
    assert.deepEqual(
      (await whole(world)).slice(1).map((event) => (event.data as { text: string }).text),
      ['好', '好', '𠮷'],
    )
  })

  test('are each decided on the state that the one before left', async () => {
    const world = await ground.open()
    const [debtor, creditor] = [
      await organization(world, { jurisdiction: '120116' }),
      await organization(world, { jurisdiction: '120116' }),
    ]
    const incident = await reported(world)
    const id = randomUUID()
    const post = postOf(debtor)
    const outcomes = await Promise.all([
      tell(world, 'obligation', id, { type: 'obligation.accept' }, { doer: post }),
      tell(world, 'obligation', id, owe(incident, debtor, creditor)),
      tell(world, 'obligation', id, { type: 'obligation.accept' }, { doer: post }),
      tell(world, 'obligation', id, { type: 'obligation.accept' }, { doer: post }),
      tell(world, 'obligation', id, { type: 'obligation.discharge', evidence: '清单' }, { doer: post }),
      tell(world, 'obligation', id, { type: 'obligation.accept' }, { doer: post }),
    ])
    assert.deepEqual(outcomes.map(codeOf), [
      'obligation.unknown', // not yet owed
      'done',
      'done',
      'obligation.already-accepted',
      'done',
      'obligation.already-discharged',
    ])
    const events = (await whole(world)).filter((event) => event.stream === `obligation/${id}`)
    assert.deepEqual(
      events.map(({ type, version }) => [type, version]),
      [
        ['obligation.owed', 1],
        ['obligation.accepted', 2],
        ['obligation.discharged', 3],
      ],
    )
    const [row] = await world.sql<{ status: string; discharged_at: Date }[]>`select status, discharged_at from obligation where id = ${id}`
    assert.deepEqual([row?.status, row?.discharged_at.toISOString()], ['discharged', events[2]?.occurredAt])
  })

  test('are refused without being tried when too many wait', async () => {
    const world = await ground.open()
    const id = await reported(world)
    const outcomes = await Promise.all(
      Array.from({ length: 20_010 }, () => tell(world, 'incident', id, { type: 'incident.set-response', level: 4, text: 'x' })),
    )
    const count = (code: string): number => outcomes.filter((outcome) => codeOf(outcome) === code).length
    assert.ok(count('server.busy') > 0)
    assert.equal(count('server.busy') + count('incident.not-verified'), 20_010)
    assert.equal((await whole(world)).length, 1)
  })
})

describe('what another server wrote', () => {
  test('is known to the next decision here', async () => {
    const here = await ground.open()
    const there = await ground.open({ name: here.name })
    const id = await reported(here)
    await say(there, 'incident', id, { type: 'incident.verify', text: '属实' })
    await say(here, 'incident', id, DECLARE)
    await say(there, 'incident', id, { type: 'incident.close', reason: '处置完毕' })
    assert.equal(codeOf(await tell(here, 'incident', id, DECLARE)), 'incident.already-ended')
  })
})

describe('time in the log', () => {
  test('never runs against the positions, even when the clock of the machine is set back', async () => {
    const times = [3000, 1000, 2000, 4000]
    const world = await ground.open({ clock: { now: () => times[0] ?? 5000 } })
    const id = await reported(world)
    for (let i = 0; i < 3; i++) {
      times.shift()
      await say(world, 'incident', id, note)
    }
    assert.deepEqual(
      (await whole(world)).map((event) => Date.parse(event.recordedAt)),
      [3000, 3000, 3000, 4000],
    )
  })

  test('does not either when a server with an earlier clock takes over', async () => {
    const ahead = await ground.open({ clock: new ManualClock(60_000) })
    const id = await reported(ahead)
    await ground.shut(ahead)
    const behind = await ground.open({ name: ahead.name, clock: new ManualClock(30_000) })
    await say(behind, 'incident', id, note)
    const [first, second] = await whole(behind)
    assert.ok((second?.recordedAt ?? '') >= (first?.recordedAt ?? ''), `${second?.recordedAt} after ${first?.recordedAt}`)
  })
})

describe('a rule across things is a named constraint', () => {
  const sql = readdirSync(join(projectRoot, 'migrations', 'world'))
    .map((name) => readFileSync(join(projectRoot, 'migrations', 'world', name), 'utf8'))
    .join('\n')
  const named = new Set(
    [
      ...sql.matchAll(/\bconstraint\s+(?!trigger\b)(\w+)/g),
      ...sql.matchAll(/\bconstraint = '(\w+)'/g),
      ...sql.matchAll(/create unique index (\w+)/g),
    ].map((found) => found[1] ?? ''),
  )
  /** Keys of one stream's own row, and what every schema of commands already keeps: no command can reach them. */
  const UNREACHABLE = new Set(
    [...named].filter(
      (name) =>
        name.endsWith('_pkey') ||
        name === 'event_stream_version_key' ||
        name === 'incident_severity_level' ||
        name === 'incident_response_level' ||
        name === 'finding_gravity_level' ||
        name === 'post_organization_key' ||
        /^(?:risk_kind|carry_source|carry_outcome|consultation_status)_known$|^risk_place_whole$/.test(name) || // the schemas of the commands
        name === 'obligation_not_its_own_part', // a part's id is made from the whole's
    ),
  )

  test('and every name that becomes a refusal is in the migrations', () => {
    for (const name of Object.keys(REFUSAL_OF_CONSTRAINT)) assert.ok(named.has(name), name)
  })

  test('and every one that a command can break becomes a refusal', () => {
    assert.deepEqual(
      [...named].filter((name) => !UNREACHABLE.has(name) && !(name in REFUSAL_OF_CONSTRAINT)),
      [],
    )
  })

  test('and its breach is heard as that refusal, with nothing applied', async () => {
    const world = await ground.open()
    const [from, self, incident, again] = [
      await organization(world, { jurisdiction: '120116' }),
      randomUUID(),
      await reported(world),
      randomUUID(),
    ]
    const register = {
      type: 'organization.register',
      name: words('单位'),
      sector: 'government',
      kind: 'x',
      functions: [],
      jurisdiction: null,
      verified: true,
    }
    const file = { type: 'sitrep.file', incidentId: incident, to: null, summary: '首报', facts: [], from }
    await say(world, 'sitrep', randomUUID(), { ...file, kind: 'initial' })
    await say(world, 'sitrep', randomUUID(), { ...file, kind: 'final' })
    const before = (await whole(world)).length
    const heard = async (
      room: string,
      id: string,
      command: { readonly type: string; readonly [member: string]: unknown },
    ): Promise<string> => codeOf(await tell(world, room, id, command))
    assert.equal(await heard('organization', self, { ...register, superior: randomUUID() }), 'organization.superior-unknown')
    assert.equal(await heard('organization', self, { ...register, superior: self }), 'organization.own-superior')
    assert.equal(
      await heard('post', again, { type: 'post.create', organizationId: randomUUID(), title: words('x'), powers: [] }),
      'organization.unknown',
    )
    assert.equal(await heard('incident', incident, { type: 'incident.merge', into: randomUUID() }), 'incident.merge-target-unknown')
    assert.equal(await heard('incident', incident, { type: 'incident.merge', into: incident }), 'incident.merged-into-itself')
    assert.equal(await heard('sitrep', again, { ...file, kind: 'initial' }), 'sitrep.initial-already-filed')
    assert.equal(await heard('sitrep', again, { ...file, kind: 'final' }), 'sitrep.final-already-filed')
    assert.equal(await heard('sitrep', again, { ...file, kind: 'follow-up', incidentId: randomUUID() }), 'incident.unknown')
    assert.equal(await heard('obligation', again, owe(randomUUID(), from, self)), 'incident.unknown')
    assert.equal((await whole(world)).length, before)
  })
})

describe('numbers that people use', () => {
  test('run by year and jurisdiction and are never given twice, by two servers at once', async () => {
    const clock = new ManualClock(Date.parse('2026-07-01T00:00:00Z'))
    const world = await ground.open({ clock })
    const other = await ground.open({ name: world.name, clock })
    await Promise.all(Array.from({ length: 30 }, (_, i) => reported(i % 2 === 0 ? world : other)))
    await reported(world, { jurisdiction: '130000' })
    const numbers = (await world.sql<{ number: string }[]>`select number from incident order by number`).map((row) => row.number)
    const expected = Array.from({ length: 30 }, (_, i) => `2026-120116-${String(i + 1).padStart(4, '0')}`)
    assert.deepEqual(numbers, [...expected, '2026-130000-0001'])
  })
})

test('nobody hands out a power that he has not, and the set-up may', async () => {
  const world = await ground.open()
  const owner = await organization(world, { jurisdiction: '120116' })
  const create = (powers: readonly string[]) => ({ type: 'post.create', organizationId: owner, title: words('x'), powers })
  const few = postOf(owner, ['directory.keep'])
  assert.equal(codeOf(await tell(world, 'post', randomUUID(), create(['incident.command']), { doer: few })), 'authority.cannot-grant')
  assert.equal(codeOf(await tell(world, 'post', randomUUID(), create(ALL_POWERS))), 'done')
})
