import type { Recorded } from '#core/event.ts'
import { READ_MAX, readAfter, readIncidentAfter } from './log.ts'
import { exportLines } from './verify.ts'
import type { World } from './world.ts'

/** The log as JSON Lines (docs/export-format.md): whole, or one incident's events each with its proof. */
export async function* exportWorld(world: World, incidentId: string | null): AsyncGenerator<string> {
  const { sealer } = world
  const { size, note } = await sealer.checkpoint()
  const header = {
    format: 'muster/export/1',
    world: world.name,
    origin: sealer.origin,
    vkey: sealer.vkey,
    exportedAt: world.now(),
  } as const
  if (incidentId === null) yield* exportLines({ ...header, kind: 'whole', incidentId: null }, whole(world, size), null, note)
  else yield* exportLines({ ...header, kind: 'incident', incidentId }, ofIncident(world, incidentId, size), sealer.proofOf, note)
}

async function* whole(world: World, size: number): AsyncGenerator<Recorded> {
  for (let position = 0; position < size;) {
    const events = await readAfter(world.sql, position, Math.min(READ_MAX, size - position))
    if (events.length === 0) return
    yield* events
    position = Number(events.at(-1)?.position)
  }
}

async function* ofIncident(world: World, incidentId: string, size: number): AsyncGenerator<Recorded> {
  for (let position = 0; ;) {
    const events = await readIncidentAfter(world.sql, incidentId, position)
    for (const event of events) if (Number(event.position) <= size) yield event
    if (events.length < READ_MAX) return
    position = Number(events.at(-1)?.position)
  }
}
