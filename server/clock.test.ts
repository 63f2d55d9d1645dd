import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { refuse } from '#core/decider.ts'
import type { Recorded } from '#core/event.ts'
import { fromMs } from '#core/time.ts'
import {
  adoptPlan,
  cast,
  declared,
  openGround,
  organization,
  owe,
  plan,
  reported,
  say,
  until,
  whole,
  type Cast,
  type Ground,
} from '../fixtures/server/scene.ts'
import { ManualClock, systemClock, Timers } from './clock.ts'
import type { Sql } from './database.ts'
import type { World } from './world.ts'

let ground: Ground
before(async () => {
  ground = await openGround()
})
after(() => ground.leave())

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const T0 = Date.parse('2026-07-01T08:00:00.000Z')

/** Declared at T0 under the plan: due half an hour later, at the city's an hour after that. */
async function owed(start = T0): Promise<{ world: World; clock: ManualClock; parts: Cast; incident: string }> {
  const clock = new ManualClock(start)
  const world = await ground.open({ clock })
  const parts = await cast(world)
  await adoptPlan(world, plan())
  const incident = await declared(world, { unitInvolved: parts.unit })
  await world.settled()
  return { world, clock, parts, incident }
}
const ofObligations = async (world: World): Promise<readonly Recorded[]> =>
  (await whole(world)).filter((event) => event.stream.startsWith('obligation/'))
const typesOf = (events: readonly Recorded[]): readonly string[] => events.map((event) => event.type)

describe('an obligation, by the clock of an exercise', () => {
  test('is still in time at the very instant of its deadline, and lapses after it', async () => {
    const { world } = await owed()
    await world.advance(T0 + 30 * MINUTE)
    assert.deepEqual(typesOf(await ofObligations(world)), ['obligation.owed'])
    await world.advance(T0 + 30 * MINUTE + 1)
    const events = await ofObligations(world)
    assert.deepEqual(typesOf(events), ['obligation.owed', 'obligation.lapsed'])
    assert.deepEqual(events[1]?.data, { dueAt: fromMs(T0 + 30 * MINUTE) })
    assert.deepEqual([events[1]?.actor, events[1]?.recordedAt], ['system/clock', fromMs(T0 + 30 * MINUTE + 1)])
  })

  test('lapses and climbs each at its own instant, however far time goes at once', async () => {
    const { world, parts } = await owed()
    await world.advance(T0 + 24 * HOUR)
    const events = await ofObligations(world)
    assert.deepEqual(typesOf(events), ['obligation.owed', 'obligation.lapsed', 'obligation.escalated'])
    assert.equal(Date.parse(events[1]?.recordedAt ?? '') - T0, 30 * MINUTE + 1)
    assert.deepEqual([events[2]?.recordedAt, (events[2]?.data as { to: string }).to], [fromMs(T0 + 90 * MINUTE), parts.city])
    assert.equal(world.clock.now(), T0 + 24 * HOUR)
    assert.equal((await world.sql`select 1 from timer where stream like 'obligation/%'`).length, 0)
  })

  test('does neither once it was discharged', async () => {
    const { world, incident } = await owed()
    await say(world, 'incident', incident, {
      type: 'incident.note',
      kind: 'information-provided',
      subject: 'substance-list',
      complete: true,
      text: '清单',
      organization: (await world.sql<{ debtor: string }[]>`select debtor from obligation`)[0]?.debtor ?? '',
    })
    await world.settled()
    await world.advance(T0 + 24 * HOUR)
    assert.deepEqual(typesOf(await ofObligations(world)), ['obligation.owed', 'obligation.discharged'])
  })

  test('goes by no clock that is set back', () => {
    const clock = new ManualClock(T0)
    assert.throws(() => clock.set(T0 - 1))
    assert.equal(clock.now(), T0)
  })
})

describe('after a restart', () => {
  test('what fell due meanwhile is done once, at once, and recorded as of when it was due', async () => {
    const start = Date.now() - 3 * HOUR
    const { world } = await owed(start)
    await ground.shut(world)
    const again = await ground.open({ name: world.name, clock: systemClock, keepTime: true })
    await until('it has climbed', async () => (await ofObligations(again)).length >= 3, 3000)
    await sleep(100)
    const events = await ofObligations(again)
    assert.deepEqual(typesOf(events), ['obligation.owed', 'obligation.lapsed', 'obligation.escalated'])
    assert.deepEqual(
      events.map((event) => Date.parse(event.occurredAt) - start),
      [0, 30 * MINUTE + 1, 90 * MINUTE],
    )
    await ground.shut(again)
    const third = await ground.open({ name: world.name, clock: systemClock, keepTime: true })
    await sleep(100)
    assert.equal((await ofObligations(third)).length, 3)
  })
})

const SOON = 400
const TOLERANCE = 200
/** An obligation that falls due shortly, in a world that keeps real time. */
async function dueSoon(world: World): Promise<number> {
  const [debtor, creditor, incident] = [
    await organization(world, { jurisdiction: '120116' }),
    await organization(world, { jurisdiction: '120116' }),
    await reported(world),
  ]
  const due = Date.now() + SOON
  await say(world, 'obligation', randomUUID(), owe(incident, debtor, creditor, { dueAt: fromMs(due) }))
  return due
}
const lapses = async (world: World): Promise<readonly Recorded[]> =>
  (await whole(world)).filter((event) => event.type === 'obligation.lapsed')

describe('in real time', () => {
  test(`an obligation lapses within ${TOLERANCE} ms of its deadline`, async () => {
    const world = await ground.open({ keepTime: true })
    const due = await dueSoon(world)
    await until('it lapsed', async () => (await lapses(world)).length > 0, 3000)
    const [lapse] = await lapses(world)
    const lateness = Date.parse(lapse?.recordedAt ?? '') - due
    assert.ok(lateness > 0 && lateness <= TOLERANCE, `${lateness} ms`)
  })

  test('two servers on one log let it lapse once', async () => {
    const world = await ground.open({ keepTime: true })
    const other = await ground.open({ keepTime: true, name: world.name })
    await dueSoon(world)
    other.wakened()
    await until('it lapsed', async () => (await lapses(world)).length > 0, 3000)
    await sleep(200)
    assert.equal((await lapses(world)).length, 1)
  })

  test('a deadline that another process set is kept by the server that goes on', async () => {
    const server = await ground.open({ keepTime: true })
    const other = await ground.open({ name: server.name })
    await dueSoon(other)
    server.wakened() // as by the notification of the other's commit
    await ground.shut(other)
    await until('it lapsed', async () => (await lapses(server)).length > 0, SOON + 1500).catch(() => {})
    assert.equal((await lapses(server)).length, 1)
  })
})

/** Timers by themselves, on rows of their own. */
async function bare(handle: ConstructorParameters<typeof Timers>[0]['handle'], sqlOf: (sql: Sql) => Sql = (sql) => sql) {
  const world = await ground.open()
  const put = (stream: string, at: number) =>
    world.sql`insert into timer (stream, at, command) values (${stream}, ${fromMs(at)}, ${world.sql.json({ type: 'obligation.lapse' })})`
  const timers = new Timers({ sql: sqlOf(world.sql), clock: systemClock, handle, onError: () => {} })
  return { world, put, timers, rows: () => world.sql<{ stream: string }[]>`select stream from timer order by stream` }
}

describe('a timer', () => {
  test('whose command is refused for good does not fire for ever', async () => {
    let sent = 0
    const { put, timers, rows } = await bare(async () => (sent++, refuse('obligation.unknown')))
    await put(`obligation/${randomUUID()}`, Date.now() - 1000)
    await timers.fireUntil(Date.now())
    assert.deepEqual([sent, (await rows()).length], [1, 0])
  })

  test('is not lost when the server is only too busy to take its command', async () => {
    const { put, timers, rows } = await bare(async () => refuse('server.busy', { waiting: 20_000 }))
    await put(`obligation/${randomUUID()}`, Date.now() - 1000)
    void timers.start().catch(() => {})
    await sleep(100)
    await timers.stop()
    assert.equal((await rows()).length, 1)
  })

  test('that is set while another one fires is not overheard', async () => {
    const fired: string[] = []
    let gate: Promise<void> = Promise.resolve()
    let asked = 0
    // The query for the next timer answers late, as on a busy database, with what was true when it was asked.
    const slow = (sql: Sql): Sql =>
      new Proxy(sql, {
        apply(target, self, [strings, ...values]: [TemplateStringsArray, ...unknown[]]) {
          const query = Reflect.apply(target, self, [strings, ...values]) as Promise<unknown>
          if (!strings.join('').includes('min(at)')) return query
          asked++
          return query.then(async (rows) => {
            await gate
            return rows
          })
        },
      })
    const { world, put, timers } = await bare(async ({ id, room }) => {
      fired.push(id)
      await world.sql`delete from timer where stream = ${`${room}/${id}`}`
      return { position: '1', events: [] }
    }, slow)
    const [first, second] = [randomUUID(), randomUUID()]
    await put(`obligation/${first}`, Date.now() + 50)
    await timers.start()
    let open = (): void => {}
    gate = new Promise<void>((resolve) => (open = resolve))
    await until('the next timer is asked for', () => asked === 2)
    await sleep(50)
    const at = Date.now() + 150
    await put(`obligation/${second}`, at)
    timers.changed([{ stream: `obligation/${second}`, at: fromMs(at) }])
    open()
    await until('both fired', () => fired.length === 2, 1500).catch(() => {})
    await timers.stop()
    assert.deepEqual(fired, [first, second])
  })
})
