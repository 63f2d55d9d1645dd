import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { adoptPlan, cast, declared, openGround, plan, reported, say, whole, type Ground } from '../fixtures/server/scene.ts'
import { ManualClock } from './clock.ts'
import type { Sql } from './database.ts'
import { rebuild } from './rebuild.ts'
import { importDivisions } from './setup.ts'
import { KEEPINGS, type World } from './world.ts'

let ground: Ground
before(async () => {
  ground = await openGround()
})
after(() => ground.leave())

const HOUR = 3600_000
const T0 = Date.parse('2026-07-01T08:00:00.000Z')
const TABLES = ['jurisdiction', 'organization', 'post', 'instrument', 'incident', 'sitrep', 'obligation', 'timer']
/** Every row as text, column by column, so that nothing can differ unseen. */
const rowsOf = async (sql: Sql): Promise<Readonly<Record<string, readonly string[]>>> =>
  Object.fromEntries(
    await Promise.all(
      TABLES.map(
        async (table) =>
          [table, (await sql.unsafe(`select t::text as row from ${table} t order by 1`)).map((row) => String(row.row))] as const,
      ),
    ),
  )

async function lived(): Promise<{ world: World; clock: ManualClock }> {
  const clock = new ManualClock(T0)
  const world = await ground.open({ clock })
  const { city, district, unit } = await cast(world)
  await importDivisions(world, (code) => code.startsWith('12'))
  await adoptPlan(world, plan())
  const post = randomUUID()
  await say(world, 'post', post, {
    type: 'post.create',
    organizationId: district,
    title: { 'zh-CN': '值班员', en: 'Duty officer' },
    powers: ['incident.report'],
  })
  await say(world, 'post', post, { type: 'post.assume', holder: '王芳' })
  const incident = await declared(world, { unitInvolved: unit, place: { name: '库区', lat: 38.9652, lon: 117.7446 } })
  await say(world, 'incident', incident, { type: 'incident.set-response', level: 2, text: '启动二级响应' })
  await say(world, 'incident', incident, {
    type: 'incident.activate-headquarters',
    name: { 'zh-CN': '指挥部', en: 'HQ' },
    lead: district,
    members: [unit],
    positions: [{ code: 'medical', words: { 'zh-CN': '医疗', en: 'Medical' }, organization: null }],
  })
  await say(world, 'incident', incident, { type: 'incident.fill-position', code: 'medical', organization: city })
  const sitrep = randomUUID()
  await say(world, 'sitrep', sitrep, {
    type: 'sitrep.file',
    incidentId: incident,
    kind: 'initial',
    from: district,
    to: city,
    summary: '首报',
    facts: [{ key: 'injured', value: 3, unit: null, source: '医院' }],
  })
  await say(world, 'sitrep', sitrep, { type: 'sitrep.correct', key: 'injured', value: 5, unit: null, source: '卫健委', reason: '复核' })
  const twin = await reported(world)
  await say(world, 'incident', twin, { type: 'incident.merge', into: incident })
  await world.settled()
  await world.advance(T0 + HOUR) // lapsed, not yet climbed: a timer stands
  await declared(world, { unitInvolved: unit })
  await say(world, 'organization', unit, { type: 'organization.subordinate', superior: city })
  await world.settled()
  return { world, clock }
}

describe('rebuilt from the log', () => {
  test('every row of every read model is what it was, and the figures say how much was read', async () => {
    const { world } = await lived()
    const before = await rowsOf(world.sql)
    for (const table of TABLES) assert.ok((before[table]?.length ?? 0) > 0, `${table} is empty: the comparison would say nothing`)
    const events = await whole(world)
    const done = await rebuild(world.sql, world.schema, KEEPINGS)
    assert.deepEqual(done, { events: events.length, streams: new Set(events.map((event) => event.stream)).size })
    assert.deepEqual(await rowsOf(world.sql), before)
    assert.deepEqual(await whole(world), events)
  })

  test('damaged, strange and missing rows are put right', async () => {
    const { world } = await lived()
    const before = await rowsOf(world.sql)
    await world.sql`update incident set title = '篡改', state = '{}'`
    await world.sql`delete from timer`
    await world.sql`delete from sitrep`
    await world.sql`insert into post (id, organization_id, title, powers, holders) select gen_random_uuid(), id, '{}', '{}', '{}' from organization`
    await rebuild(world.sql, world.schema, KEEPINGS)
    assert.deepEqual(await rowsOf(world.sql), before)
  })

  test('the deadlines stand again: time goes on as it would have', async () => {
    const { world } = await lived()
    await rebuild(world.sql, world.schema, KEEPINGS)
    await world.advance(T0 + 24 * HOUR)
    const types = (await whole(world)).map((event) => event.type)
    assert.deepEqual(
      [types.filter((type) => type === 'obligation.lapsed').length, types.filter((type) => type === 'obligation.escalated').length],
      [2, 2],
    )
  })

  test('while others write, nothing is lost of either', async () => {
    const { world } = await lived()
    const other = await ground.open({ name: world.name, clock: world.clock })
    const [, ...incidents] = await Promise.all([
      rebuild(world.sql, world.schema, KEEPINGS),
      ...Array.from({ length: 20 }, () => reported(other)),
    ])
    const rows = await world.sql<{ id: string }[]>`select id from incident`
    for (const id of incidents) assert.ok(rows.some((row) => row.id === id))
    const after = await rowsOf(world.sql)
    await rebuild(world.sql, world.schema, KEEPINGS)
    assert.deepEqual(await rowsOf(world.sql), after)
  })
})
