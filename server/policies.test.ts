import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { maySee } from '#core/authority.ts'
import { incidentThing, type Incident } from '#core/incident.ts'
import { obligationThing, type Obligation } from '#core/obligation.ts'
import { covers } from '#core/place.ts'
import type { Recorded } from '#core/event.ts'
import { openGround, organization, owe, reported, say, whole, type Ground } from '../fixtures/server/scene.ts'
import type { Sql } from './database.ts'
import { migrate } from './migrate.ts'
import type { Viewer, World } from './world.ts'

const PLACES = ['100000', '110000', '110101', '120000', '120116', '120117', '130000', '130200', '130207'] as const
const HOMES = [...PLACES, null] as const

let ground: Ground
let world: World
let reader: Sql
let viewers: readonly Viewer[]
before(async () => {
  ground = await openGround()
  world = await ground.open()
  reader = ground.database.pool(world.schema, { max: 1, role: 'muster_reader' })
  viewers = await fill()
})
after(async () => {
  await reader.end({ timeout: 5 })
  await ground.leave()
})

/** Every home twice: once for an organization that nothing names, once for one that is named in some things. */
async function fill(): Promise<readonly Viewer[]> {
  const homes = [...HOMES, ...HOMES]
  const ids = await Promise.all(homes.map((jurisdiction) => organization(world, { jurisdiction })))
  const named = ids.slice(HOMES.length)
  const [debtor, creditor] = [randomUUID(), randomUUID()]
  await Promise.all(
    PLACES.flatMap((jurisdiction, i) => {
      const party = named[(i * 3) % named.length] ?? ''
      const other = named[(i * 5 + 1) % named.length] ?? ''
      return [
        reported(world, { jurisdiction }),
        reported(world, { jurisdiction, reportedBy: party }),
        reported(world, { jurisdiction }).then(async (incident) => {
          await say(world, 'obligation', randomUUID(), owe(incident, debtor, creditor, { jurisdiction }))
          await say(world, 'obligation', randomUUID(), owe(incident, other, creditor, { jurisdiction }))
          await say(world, 'sitrep', randomUUID(), {
            type: 'sitrep.file',
            incidentId: incident,
            kind: 'initial',
            to: null,
            summary: '首报',
            facts: [],
            from: debtor,
          })
        }),
      ]
    }),
  )
  return ids.map((organizationId, i) => ({ organizationId, jurisdiction: homes[i] ?? null }))
}

type Kept<T> = { readonly id: string; readonly state: T }
const idsOf = (rows: readonly { readonly id: string }[]): readonly string[] => rows.map((row) => row.id).toSorted()

describe('row-level security says the same as maySee', () => {
  test('of every obligation, for every organization', async () => {
    const relations = await world.relations()
    const all = await world.sql<Kept<Obligation>[]>`select id, state from obligation`
    assert.equal(all.length, PLACES.length * 2)
    const counts = new Set<number>()
    for (const viewer of viewers) {
      const seen = idsOf(await world.read(viewer, (sql) => sql<{ id: string }[]>`select id from obligation`))
      assert.deepEqual(
        seen,
        idsOf(all.filter(({ state }) => maySee(viewer.organizationId, obligationThing(state), relations))),
        `${viewer.jurisdiction}`,
      )
      counts.add(seen.length)
    }
    assert.ok(counts.size > 3, 'the table tells organizations apart')
  })

  test('of every incident, with those who owe or are owed something in it', async () => {
    const relations = await world.relations()
    const [all, duties] = [
      await world.sql<Kept<Incident>[]>`select id, state from incident`,
      await world.sql<Kept<Obligation>[]>`select id, state from obligation`,
    ]
    const seenBy = (viewer: Viewer): readonly string[] =>
      idsOf(
        all.filter(({ id, state }) =>
          maySee(
            viewer.organizationId,
            {
              ...incidentThing(state),
              parties: [
                ...incidentThing(state).parties,
                ...duties.filter((duty) => duty.state.incidentId === id).flatMap((duty) => obligationThing(duty.state).parties),
              ],
            },
            relations,
          ),
        ),
      )
    for (const viewer of viewers)
      assert.deepEqual(
        idsOf(await world.read(viewer, (sql) => sql<{ id: string }[]>`select id from incident`)),
        seenBy(viewer),
        `${viewer.jurisdiction}`,
      )
  })

  test('of reports and of the log: those of the incidents that it may see, and what belongs to none', async () => {
    const events = await whole(world)
    for (const viewer of viewers) {
      const incidents = new Set(await world.read(viewer, async (sql) => idsOf(await sql<{ id: string }[]>`select id from incident`)))
      const expected = events
        .filter((event: Recorded) => event.incidentId === null || incidents.has(event.incidentId))
        .map((event) => event.position)
      const seen = await world.read(viewer, (sql) => sql<{ position: string }[]>`select position from event order by position`)
      assert.deepEqual(
        seen.map((row) => row.position),
        expected,
      )
      const sitreps = await world.read(viewer, (sql) => sql<{ incident_id: string }[]>`select incident_id from sitrep`)
      assert.ok(sitreps.every((row) => incidents.has(row.incident_id)))
    }
  })

  test('of which territory covers which', async () => {
    for (const outer of PLACES)
      for (const inner of PLACES) {
        const [row] = await world.sql<{ covers: boolean }[]>`select covers(${outer}, ${inner}) as covers`
        assert.equal(row?.covers, covers(outer, inner), `${outer} ${inner}`)
      }
  })
})

describe('the role that reads', () => {
  test('sees no row where nobody asks', async () => {
    for (const table of ['event', 'incident', 'obligation', 'sitrep'])
      assert.equal((await reader.unsafe(`select 1 from ${table}`)).length, 0, table)
  })

  test('sees no row for an organization that is nobody, in no territory', async () => {
    const nobody: Viewer = { organizationId: randomUUID(), jurisdiction: null }
    for (const table of ['incident', 'obligation', 'sitrep'])
      assert.equal((await world.read(nobody, (sql) => sql.unsafe(`select 1 from ${table}`))).length, 0, table)
    assert.equal((await world.read(nobody, (sql) => sql`select position from event where incident_id is not null`)).length, 0)
  })

  test('forgets who asked when the answer is given', async () => {
    await reader.begin(async (tx) => {
      await tx`select set_config('muster.organization', ${viewers[0]?.organizationId ?? ''}, true), set_config('muster.jurisdiction', '100000', true)`
      assert.ok((await tx`select 1 from incident`).length > 0)
    })
    assert.equal((await reader`select 1 from incident`).length, 0)
  })

  test('takes no text for an organization', async () => {
    await assert.rejects(
      world.read({ organizationId: `' or true --`, jurisdiction: '100000' }, (sql) => sql`select 1 from incident`),
      { code: '22P02' },
    )
  })

  test('cannot write, not even what it sees, nor see what is the machinery’s', async () => {
    const whole: Viewer = { organizationId: randomUUID(), jurisdiction: '100000' }
    const denied = /^(?:42501|25006)$/
    for (const statement of [
      `insert into obligation select * from obligation`,
      `update incident set title = 'x'`,
      `delete from sitrep`,
      `truncate event`,
      `insert into event select * from event`,
      `update organization set verified = true`,
      `create table own (x int)`,
      `drop table incident`,
      `alter table incident disable row level security`,
      ...['follower', 'timer', 'tree_node', 'counter', 'migration'].map((table) => `select * from ${table}`),
    ]) {
      await assert.rejects(
        world.read(whole, (sql) => sql.unsafe(statement)),
        (error: { code?: string }) => denied.test(error.code ?? ''),
        statement,
      )
      await assert.rejects(reader.unsafe(statement), { code: '42501' }, statement)
    }
  })

  test('cannot read the node’s accounts and sessions', async () => {
    const schema = `node_test_${randomUUID().replaceAll('-', '')}`
    await migrate(ground.database, schema, 'node')
    try {
      for (const table of ['account', 'passkey', 'session', 'exercise'])
        await assert.rejects(reader.unsafe(`select * from ${schema}.${table}`), { code: '42501' }, table)
    } finally {
      await world.sql.unsafe(`drop schema ${schema} cascade`)
    }
  })
})
