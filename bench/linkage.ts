/**
 * The linkage at scale: 500 organizations, 10,000 clauses in force. How long after an event's commit everything that
 * follows from it is committed, on a short and on a long log; what the rules alone cost beside a rule engine; and how
 * long it takes to activate a plan of a thousand duties.
 */
import { randomUUID } from 'node:crypto'
import { Engine } from 'json-rules-engine'
import type { Instrument } from '#core/instrument.ts'
import { Rules, type InForce } from '#core/linkage.ts'
import { openDatabase } from '#server/database.ts'
import { dropWorld, testWorld } from '#server/testing.ts'
import type { World } from '#server/world.ts'
import { departments, largePlan } from '../fixtures/server/many.ts'
import { adoptPlan, cast, declared, owe, say } from '../fixtures/server/scene.ts'
import { withScratch } from './child.ts'
import { lineOf, load, MACHINE, quantile, type Report } from './measure.ts'

const ORGANIZATIONS = 500
const FILES = 10
const CLAUSES_EACH = 1000
const DUTIES = 1000
const ROUNDS = 5
const EVENTS = 60
const FILL = 40_000
const FILL_AT_ONCE = 2000
const P99_MAX_MS = 20
const ACTIVATION_MAX_MS = 2000
const KINDS = FILES * CLAUSES_EACH

const kindOf = (index: number): string => `kind-${String(index)}`

/** Ten plans of a thousand clauses; each clause waits for a fact of its own and binds one department. */
const files = (): readonly Instrument[] =>
  Array.from({ length: FILES }, (_, file) =>
    largePlan(`plan-${String(file)}`, CLAUSES_EACH, ORGANIZATIONS, (i) => ({
      when: [{ event: 'incident.noted', kinds: [kindOf(file * CLAUSES_EACH + i)] }],
      once: 'event',
    })),
  )

export async function linkage({ line, say: tell }: Report): Promise<void> {
  await rulesAlone({ line, say: tell })
  await withScratch(async (folder) => {
    const database = await openDatabase({ databaseUrl: undefined, varDir: `${folder}/var` }, () => undefined)
    const name = randomUUID()
    const world = await testWorld(database, { name })
    try {
      const { district } = await cast(world)
      await departments(world, district, ORGANIZATIONS)
      for (const file of files()) await adoptPlan(world, file)
      await adoptPlan(world, largePlan('large-plan', DUTIES, ORGANIZATIONS))
      await world.settled()
      const incident = await declared(world)
      const short = await rounds(world, incident)
      tell(`linkage: filling the log with ${FILL} obligations of other incidents`)
      await fill(world, district)
      const long = await rounds(world, incident)
      const shared = {
        unit: 'ms',
        better: 'less',
        target: { of: 'ours', value: P99_MAX_MS },
        notes: { organizations: ORGANIZATIONS, clauses: KINDS, versions: MACHINE },
      } as const
      line(lineOf({ ...shared, name: 'linkage.event.p99', ours: short.p99, peer: [], loadBefore: short.load }))
      // The peer is ourselves on the short log: a ratio near 1 says that the log's length costs nothing.
      line(lineOf({ ...shared, name: 'linkage.event.p99.long', ours: long.p99, peer: short.p99, loadBefore: long.load }))
      await activation(world, { line, say: tell })
    } finally {
      await world.close()
      await dropWorld(database, name)
      await database.stop()
    }
  })
}

/** From an event's acknowledgement until all that follows is committed; one event after another. */
async function rounds(world: World, incident: string): Promise<{ readonly p99: readonly number[]; readonly load: number }> {
  const before = load()
  const p99: number[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const times: number[] = []
    for (let i = 0; i < EVENTS; i++) {
      await say(world, 'incident', incident, {
        type: 'incident.note',
        kind: kindOf((round * EVENTS + i * 17) % KINDS),
        text: '情况',
        organization: null,
      })
      const began = performance.now()
      await world.settled()
      times.push(performance.now() - began)
    }
    if (round > 0) p99.push(quantile(times, 0.99))
  }
  return { p99, load: before }
}

async function fill(world: World, district: string): Promise<void> {
  const incidents = await Promise.all(Array.from({ length: 40 }, () => declared(world)))
  for (let done = 0; done < FILL; done += FILL_AT_ONCE)
    await Promise.all(
      Array.from({ length: FILL_AT_ONCE }, (_, i) => {
        const incident = incidents[(done + i) % incidents.length] ?? ''
        return say(world, 'obligation', randomUUID(), owe(incident, district, incident))
      }),
    )
  await world.settled()
}

async function activation(world: World, { line }: Report): Promise<void> {
  const loadBefore = load()
  const ours: number[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const incident = await declared(world)
    await world.settled()
    const began = performance.now()
    await say(world, 'incident', incident, { type: 'incident.activate-instrument', instrumentId: 'large-plan', text: '启动' })
    await world.settled()
    const took = performance.now() - began
    const [row] = await world.sql<{ owed: number }[]>`select count(*)::int as owed from obligation where incident_id = ${incident}`
    if (row?.owed !== DUTIES) throw new Error(`${row?.owed ?? 0} obligations, ${DUTIES} were expected`)
    if (round > 0) ours.push(took)
  }
  const target = { of: 'ours', value: ACTIVATION_MAX_MS } as const
  line(
    lineOf({
      name: 'linkage.activate.1000',
      unit: 'ms',
      better: 'less',
      ours,
      peer: [],
      target,
      loadBefore,
      notes: { duties: DUTIES, until: 'the last is committed' },
    }),
  )
}

const OURS_EACH = 1000

/** Which of the clauses an event concerns: ours by index, the peer's by asking each rule. Microseconds an event. */
async function rulesAlone({ line }: Report): Promise<void> {
  const loadBefore = load()
  const rules = new Rules(files().map((instrument): InForce => ({ id: instrument.id, version: 1, instrument })))
  const engine = new Engine()
  for (let i = 0; i < KINDS; i++) {
    const all = [
      { fact: 'event', operator: 'equal', value: 'incident.noted' },
      { fact: 'kind', operator: 'equal', value: kindOf(i) },
    ]
    engine.addRule({ conditions: { all }, event: { type: `d-${String(i)}` } })
  }
  const ours: number[] = []
  const peer: number[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const kind = kindOf(round * 997)
    const began = performance.now()
    let found = 0
    for (let i = 0; i < OURS_EACH; i++) found += rules.on({ event: 'incident.noted', jurisdiction: '120116', sort: kind }).length
    const between = performance.now()
    const { events } = await engine.run({ event: 'incident.noted', kind })
    const ended = performance.now()
    if (found !== OURS_EACH || events.length !== 1) throw new Error(`found ${found} and ${events.length}, not one clause an event`)
    if (round === 0) continue
    ours.push(((between - began) * 1000) / OURS_EACH)
    peer.push((ended - between) * 1000)
  }
  line(
    lineOf({
      name: 'linkage.rules',
      unit: 'µs',
      better: 'less',
      ours,
      peer,
      loadBefore,
      notes: { peer: 'json-rules-engine 7, the same conditions', clauses: KINDS },
    }),
  )
}
