import type { Recorded } from '../event.ts'
import { isOpen } from '../obligation.ts'
import type { LinkageView, Reaction } from './view.ts'

type Aim = { readonly id: string; readonly functions: readonly string[] }

/** The open objective that an act of the function serves: the one that covers the fewest functions, else the first set; null where none covers it. */
export function objectiveFor(name: string, objectives: readonly Aim[]): string | null {
  const covering = objectives.filter(({ functions }) => functions.includes(name))
  return covering.toSorted((a, b) => a.functions.length - b.functions.length)[0]?.id ?? null
}

/**
 * No obligation without an objective (S0-11): once an objective of the incident is set or revised, what is open, serves
 * none and has a function that it covers is linked to it; what is ordered or requested later is linked at once; when one is dropped, what served it goes to another that covers it.
 */
export function linkObjectives(event: Recorded, view: LinkageView): readonly Reaction[] {
  if (event.incidentId === null) return []
  const own = event.stream.slice('objective/'.length)
  if (event.type === 'objective.dropped') {
    const left = view.objectives.filter(({ id }) => id !== own)
    return linked(event, view, left, (objectiveId) => objectiveId === own)
  }
  if (event.type === 'obligation.owed' || event.type === 'obligation.requested') return served(event, view)
  if (event.type !== 'objective.set' && event.type !== 'objective.revised') return []
  const { functions } = event.data as { readonly functions: readonly string[] }
  // The view may be newer than the event, or not know of it yet: what the event says counts.
  const objectives = [...view.objectives.filter(({ id }) => id !== own), { id: own, functions }]
  return linked(event, view, objectives, (objectiveId) => objectiveId === undefined || objectiveId === null)
}

/** What was ordered, requested or decided without naming an objective; and what a clause made owed just before one was set. */
function served(event: Recorded, view: LinkageView): readonly Reaction[] {
  const { function: name, objectiveId } = event.data as { readonly function: string; readonly objectiveId?: string }
  const found = objectiveId === undefined ? objectiveFor(name, view.objectives) : null
  return found === null ? [] : [link(event, view, event.stream.slice('obligation/'.length), found)]
}

const link = (event: Recorded, view: LinkageView, id: string, objectiveId: string): Reaction => ({
  room: 'obligation',
  id,
  commandId: view.idFrom(`serve|${id}|${objectiveId}|${event.position}`),
  command: { type: 'obligation.link', objectiveId },
  basis: null,
  occurredAt: event.occurredAt,
})

const LINKS_MAX = 1000

function linked(
  event: Recorded,
  view: LinkageView,
  objectives: readonly Aim[],
  isFree: (objectiveId: string | null | undefined) => boolean,
): readonly Reaction[] {
  const reactions: Reaction[] = []
  for (const { id, state } of view.obligations) {
    if (!isOpen(state) || !isFree(state.objectiveId) || reactions.length >= LINKS_MAX) continue
    const objectiveId = objectiveFor(state.function, objectives)
    if (objectiveId !== null) reactions.push(link(event, view, id, objectiveId))
  }
  return reactions
}
