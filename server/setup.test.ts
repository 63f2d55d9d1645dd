import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Recorded } from '#core/event.ts'
import { openGround, until, whole, type Ground } from '../fixtures/server/scene.ts'
import { divisionPackage } from './division.ts'
import { head } from './log.ts'
import { loadDemonstration, organizationId } from './setup.ts'
import { systemClock } from './clock.ts'
import { rebuild } from './rebuild.ts'
import { KEEPINGS, type World } from './world.ts'

let ground: Ground
let first: World
let loaded: readonly Recorded[]
before(async () => {
  ground = await openGround()
  first = await ground.open()
  await loadDemonstration(first)
  loaded = await whole(first)
})
after(() => ground.leave())

/** What was done, apart from what time alone does: a cut costs seconds, and deadlines do not wait for them. */
const deeds = (events: readonly Recorded[]): readonly string[] =>
  events
    .filter((event) => event.actor !== 'system/clock' && event.type !== 'obligation.lapsed')
    .map((event) => `${event.type} ${event.actor.startsWith('system/') ? event.actor : ''} ${event.basis ?? ''}`)
    .toSorted()

describe('the demonstration', () => {
  test('is loaded by ordinary commands: the divisions, a directory of every sector, instruments, and incidents under way', async () => {
    const types = new Set(loaded.map((event) => event.type))
    for (const type of [
      'division.imported',
      'organization.registered',
      'post.created',
      'instrument.adopted',
      'incident.reported',
      'incident.declared',
      'incident.headquarters-activated',
      'sitrep.filed',
      'obligation.owed',
      'obligation.discharged',
    ])
      assert.ok(types.has(type), type)
    const [row] = await first.sql<{ divisions: number; organizations: number; sectors: number }[]>`
      select (select count(*)::int from jurisdiction) as divisions, count(*)::int as organizations, count(distinct sector)::int as sectors from organization`
    assert.equal(row?.divisions, divisionPackage().divisions.length)
    assert.ok((row?.divisions ?? 0) > 3000 && (row?.organizations ?? 0) > 30 && (row?.sectors ?? 0) >= 6, JSON.stringify(row))
    const relations = await first.relations()
    const path = relations.path(organizationId('binhai-government')).map((one) => one.name.en)
    assert.deepEqual(path.slice(1), ["Tianjin Municipal People's Government", 'State Council'])
  })

  test('leaves no command refused and nothing for the linkage to do', async () => {
    await first.settled()
    assert.equal(
      (await whole(first)).filter((event) => event.actor !== 'system/clock').length,
      loaded.filter((event) => event.actor !== 'system/clock').length,
    )
    assert.ok(loaded.every((event) => event.occurredAt <= event.recordedAt))
  })

  test('loaded again changes nothing', async () => {
    const before = await whole(first)
    await loadDemonstration(first)
    assert.deepEqual(await whole(first), before)
  })

  test('its rows are those that a rebuild makes', async () => {
    const rows = () =>
      first.sql`select (select md5(string_agg(t::text, '' order by id)) from incident t) as incidents, (select md5(string_agg(t::text, '' order by id)) from obligation t) as obligations, (select md5(string_agg(t::text, '' order by id)) from organization t) as organizations`
    const before = await rows()
    await rebuild(first.sql, first.schema, KEEPINGS)
    assert.deepEqual([...(await rows())], [...before])
  })

  test('killed half-way is completed by the next load, with nothing twice', async () => {
    const cut = await ground.open({ clock: systemClock })
    for (const part of [0.3, 0.85]) {
      const loader = spawn(process.execPath, [fileURLToPath(new URL('../fixtures/server/loader.ts', import.meta.url)), cut.name], {
        stdio: ['ignore', 'ignore', 'inherit'],
      })
      const ended = once(loader, 'exit')
      await until('it is part-way', async () => (await head(cut.sql)) >= part * loaded.length || loader.exitCode !== null)
      loader.kill('SIGKILL')
      assert.deepEqual(await ended, [null, 'SIGKILL'])
    }
    const half = await whole(cut)
    assert.ok(half.length < loaded.length, 'it was cut before the end')
    await ground.shut(cut)
    const again = await ground.open({ name: cut.name })
    await loadDemonstration(again)
    const events = await whole(again)
    assert.deepEqual(events.slice(0, half.length), half)
    assert.deepEqual(
      events.map((event) => Number(event.position)),
      Array.from(events, (_, i) => i + 1),
    )
    assert.deepEqual(deeds(events), deeds(loaded))
  })
})
