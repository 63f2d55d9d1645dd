/** Events a second: folded by core alone, and folded and written again as read models (`bin/muster rebuild`). */
import { randomUUID } from 'node:crypto'
import { systemActor, type Recorded } from '#core/event.ts'
import { openDatabase } from '#server/database.ts'
import { readAfter } from '#server/log.ts'
import { rebuild } from '#server/rebuild.ts'
import { dropWorld, testWorld } from '#server/testing.ts'
import { KEEPINGS, type World } from '#server/world.ts'
import { withScratch } from './child.ts'
import { lineOf, load, MACHINE, type Report } from './measure.ts'
import { must, reportIncident } from './world.ts'

const ROUNDS = 5
const OBLIGATIONS = 17_000
const EVENTS_EACH = 3
const PER_INCIDENT = 200
const AT_ONCE = 2000
const REBUILD_MAX_MS = 60_000

export async function fold({ line, say }: Report): Promise<void> {
  await withScratch(async (folder) => {
    const database = await openDatabase({ databaseUrl: undefined, varDir: `${folder}/var` }, () => undefined)
    const name = randomUUID()
    const world = await testWorld(database, { name })
    try {
      say(`fold: recording ${OBLIGATIONS * EVENTS_EACH} events`)
      await record(world)
      const events = await readAll(world)
      const loadBefore = load()
      const pure: number[] = []
      const whole: number[] = []
      let streams = 0
      for (let at = 0; at <= ROUNDS; at++) {
        const folded = timed(() => foldAll(events))
        const began = performance.now()
        const rebuilt = await within(REBUILD_MAX_MS, rebuild(world.sql, world.schema, KEEPINGS))
        const seconds = (performance.now() - began) / 1000
        if (rebuilt.events !== events.length || rebuilt.streams !== folded.streams) throw new Error('the rebuild read other events')
        streams = rebuilt.streams
        if (at > 0) pure.push(events.length / folded.seconds)
        if (at > 0) whole.push(rebuilt.events / seconds)
      }
      const shared = { unit: 'events/s', better: 'more', peer: [], loadBefore } as const
      const notes = {
        events: events.length,
        streams,
        life: 'each obligation owed, accepted, discharged; 200 an incident',
        versions: MACHINE,
      }
      line(
        lineOf({
          ...shared,
          name: 'fold.rebuild',
          ours: whole,
          notes: { ...notes, what: 'read from the log, folded, every row written again, in one transaction' },
        }),
      )
      line(
        lineOf({
          ...shared,
          name: 'fold.core',
          ours: pure,
          notes: { ...notes, what: 'the same events folded in memory by core alone, stream by stream' },
        }),
      )
    } finally {
      await world.close()
      await dropWorld(database, name)
      await database.stop()
    }
  })
}

function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>(
    (_, reject) => (timer = setTimeout(() => reject(new Error(`the rebuild did not end within ${ms / 1000} s`)), ms)),
  )
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

type Folded = { readonly streams: number }

function timed(run: () => Folded): Folded & { readonly seconds: number } {
  const began = performance.now()
  return { ...run(), seconds: (performance.now() - began) / 1000 }
}

function foldAll(events: readonly Recorded[]): Folded {
  const states = new Map<string, unknown>()
  for (const event of events) {
    const keeping = KEEPINGS.get(event.stream.slice(0, event.stream.indexOf('/')))
    if (!keeping) throw new Error(`no room keeps ${event.stream}`)
    const state = states.has(event.stream) ? states.get(event.stream) : keeping.decider.initial
    states.set(event.stream, keeping.decider.evolve(state, { type: event.type, ...event.data }, event))
  }
  return { streams: states.size }
}

async function readAll(world: World): Promise<readonly Recorded[]> {
  const all: Recorded[] = []
  for (let some = await readAfter(world.sql, 0); some.length > 0; some = await readAfter(world.sql, all.length)) all.push(...some)
  return all
}

async function record(world: World): Promise<void> {
  let incident = ''
  for (let from = 0; from < OBLIGATIONS; from += AT_ONCE) {
    const lives: Promise<void>[] = []
    for (let i = from; i < Math.min(from + AT_ONCE, OBLIGATIONS); i++) {
      if (i % PER_INCIDENT === 0) incident = await reportIncident(world, `bench ${i}`)
      lives.push(live(world, incident))
    }
    await Promise.all(lives)
  }
  await world.settled()
}

async function live(world: World, incidentId: string): Promise<void> {
  const id = randomUUID()
  const owe = {
    type: 'obligation.owe',
    incidentId,
    jurisdiction: '120116',
    debtor: randomUUID(),
    creditor: randomUUID(),
    function: 'work-safety',
    act: 'deliver-substance-list',
    actWords: { 'zh-CN': '提供危险化学品清单', en: 'Deliver the list of hazardous substances' },
    basis: { instrumentId: 'bench', version: 1, clauseId: '1' },
    dueAt: new Date(world.clock.now() + 3_600_000).toISOString(),
    limitConfirmed: true,
    trigger: { position: '1', type: 'incident.reported', occurredAt: new Date(world.clock.now()).toISOString() },
    ladder: [],
  }
  const doer = { actor: systemActor('setup'), powers: [] }
  for (const command of [owe, { type: 'obligation.accept' }, { type: 'obligation.discharge', evidence: '清单已移交 list handed over' }])
    must(await world.handle({ room: 'obligation', id, command, commandId: randomUUID(), doer }))
}
