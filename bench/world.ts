/** What the benches do to a world before they measure. */
import { randomUUID } from 'node:crypto'
import { Refusal } from '#core/decider.ts'
import type { Outcome } from '#server/handle.ts'
import { SETUP } from '#server/testing.ts'
import type { World } from '#server/world.ts'

export function must(outcome: Outcome): void {
  if (outcome instanceof Refusal) throw new Error(`refused: ${outcome.code} ${JSON.stringify(outcome.params)}`)
}

export async function reportIncident(world: World, title: string): Promise<string> {
  const id = randomUUID()
  const command = {
    type: 'incident.report',
    title,
    place: null,
    jurisdiction: '120116',
    hazard: 'bench',
    class: null,
    unitInvolved: null,
    text: title,
    zone: 'Asia/Shanghai',
  }
  must(await world.handle({ room: 'incident', id, command, commandId: randomUUID(), doer: SETUP }))
  return id
}
