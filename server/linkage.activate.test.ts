import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { departments, largePlan } from '../fixtures/server/many.ts'
import { adoptPlan, cast, declared, openGround, plan, say, until, type Ground } from '../fixtures/server/scene.ts'
import { ManualClock } from './clock.ts'
import type { World } from './world.ts'

const DUTIES = 1000
const ORGANIZATIONS = 100

let ground: Ground
before(async () => {
  ground = await openGround()
})
after(() => ground.leave())

async function ready(): Promise<{ readonly world: World; readonly incident: string }> {
  const world = await ground.open()
  const { district } = await cast(world)
  await departments(world, district, ORGANIZATIONS)
  await adoptPlan(world, largePlan('large-plan', DUTIES, ORGANIZATIONS))
  return { world, incident: await declared(world) }
}

const ACTIVATE = { type: 'incident.activate-instrument', instrumentId: 'large-plan', text: '启动' }

type Count = { readonly events: number; readonly obligations: number; readonly acts: number }
async function count(world: World, incident: string): Promise<Count> {
  const [row] = await ground.owner(world)<Count[]>`
    select (select count(*)::int from event where type = 'obligation.owed' and incident_id = ${incident}) as events,
           (select count(*)::int from obligation where incident_id = ${incident}) as obligations,
           (select count(distinct state ->> 'act')::int from obligation where incident_id = ${incident}) as acts`
  assert.ok(row)
  return row
}
const EACH_ONCE: Count = { events: DUTIES, obligations: DUTIES, acts: DUTIES }

test('activating a plan makes every one of its thousand duties owed, once, though two servers follow', async () => {
  const { world, incident } = await ready()
  const second = await ground.open({ name: world.name })
  await say(world, 'incident', incident, ACTIVATE)
  await world.settled()
  second.wakened()
  await second.settled()
  assert.deepEqual(await count(world, incident), EACH_ONCE)
  await ground.shut(second)
})

test('killed in the middle of an activation, a server has made nothing owed twice and the next one makes owed what is missing', async () => {
  const { world, incident } = await ready()
  await world.settled()
  await ground.shut(world)
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, '..', 'fixtures', 'server', 'writer.ts'), 'activate', world.name, 'large-plan', '0', incident],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const [first] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [Buffer | number]
  assert.match(String(first), /activated/)
  await until('some of it is owed', async () => (await count(world, incident)).events > 0)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const killedAt = await count(world, incident)
  const again = await ground.open({ name: world.name })
  await until('all of it is owed', async () => (await count(again, incident)).events >= DUTIES)
  await again.settled()
  assert.ok(killedAt.events < DUTIES, `it was killed after all ${killedAt.events} were owed: nothing is proved`)
  assert.deepEqual(await count(again, incident), EACH_ONCE)
})

test('an expired plan is not activated, nor one twice; what is terminated takes its open duties with it, and says why', async () => {
  const world = await ground.open()
  await cast(world)
  await adoptPlan(world, { ...plan({ id: 'old-plan' }), inForceUntil: '2020-01-01' })
  await adoptPlan(world, {
    ...largePlan('small-plan', 2, 1),
    clauses: largePlan('small-plan', 2, 1).clauses.map((one) => ('owes' in one ? { ...one, owes: 'government@province' } : one)),
  })
  const incident = await declared(world)
  const tell = (command: { type: string; instrumentId: string; text?: string; reason?: string }) =>
    say(world, 'incident', incident, command)
  await assert.rejects(
    tell({ type: 'incident.activate-instrument', instrumentId: 'old-plan', text: '启动' }),
    /instrument\.(expired|not-in-force)/,
  )
  await tell({ type: 'incident.activate-instrument', instrumentId: 'small-plan', text: '启动' })
  await assert.rejects(
    tell({ type: 'incident.activate-instrument', instrumentId: 'small-plan', text: '启动' }),
    /incident\.instrument-already-activated/,
  )
  await world.settled()
  assert.equal((await count(world, incident)).obligations, 2)
  await tell({ type: 'incident.terminate-instrument', instrumentId: 'small-plan', reason: '险情解除' })
  await world.settled()
  const open = await ground.owner(world)`select id from obligation where incident_id = ${incident} and open`
  assert.equal(open.length, 0)
  const released = await ground.owner(world)<
    { data: { reason?: string } }[]
  >`select data from event where type = 'obligation.released' and incident_id = ${incident}`
  assert.deepEqual(
    released.map((one) => one.data.reason),
    ['instrument-terminated', 'instrument-terminated'],
  )
  await assert.rejects(
    tell({ type: 'incident.terminate-instrument', instrumentId: 'small-plan', reason: 'x' }),
    /incident\.instrument-not-activated/,
  )
})

test('a duty that waits for time to pass is owed when it has passed, if the incident still calls for it', async () => {
  const clock = new ManualClock(Date.parse('2026-07-01T08:00:00.000Z'))
  const world = await ground.open({ clock })
  await cast(world)
  const when = { event: 'incident.declared', elapsed: 'PT2H' } as const
  const duties = largePlan('waiting-plan', 1, 1, () => ({ when: [when], owes: 'government@province' }))
  await adoptPlan(world, duties)
  const [lasting, closed] = [await declared(world), await declared(world)]
  await world.settled()
  await world.advance(Date.parse('2026-07-01T09:59:59.000Z'))
  await say(world, 'incident', closed, { type: 'incident.close', reason: '险情排除' })
  assert.equal((await count(world, lasting)).events, 0)
  await world.advance(Date.parse('2026-07-01T10:00:00.000Z'))
  await world.settled()
  assert.deepEqual([(await count(world, lasting)).events, (await count(world, closed)).events], [1, 0])
  const [row] = await ground.owner(world)<
    { dueAt: string }[]
  >`select state ->> 'dueAt' as "dueAt" from obligation where incident_id = ${lasting}`
  assert.equal(row?.dueAt, '2026-07-01T10:30:00.000Z')
})
