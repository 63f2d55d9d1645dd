/**
 * The linkage 联动: when this happens there, that is owed here. The only place that composes rooms.
 * Pure and bounded: one event and a view of the world in, the commands that follow out, each with an id made
 * from its cause, so that the same event seen twice, or by two servers, does nothing twice.
 */
import type { Recorded } from './event.ts'
import { chained } from './linkage/chain.ts'
import { decided } from './linkage/decision.ts'
import { discharges } from './linkage/discharge.ts'
import { elapsed } from './linkage/elapsed.ts'
import { ended } from './linkage/ended.ts'
import { factsOf } from './linkage/facts.ts'
import { stoodUp } from './linkage/headquarters.ts'
import { SUPERVISED, supervised } from './linkage/finding.ts'
import { linkObjectives } from './linkage/objective.ts'
import { owed } from './linkage/owed.ts'
import type { LinkageView, Reaction } from './linkage/view.ts'

export { Obligations, type Owed } from './linkage/obligations.ts'
export { Rules, type InForce } from './linkage/rules.ts'
export type { LinkageView, Reaction } from './linkage/view.ts'
export { partyOf } from './linkage/facts.ts'
export { isQuiet } from './linkage/quiet.ts'

const REACTIONS_MAX = 5000

type React = (event: Recorded, view: LinkageView) => readonly Reaction[]

/** What follows by the clauses in force: first what the event discharges, then what it makes owed. */
const byClause: React = (event, view) => {
  const { incident } = view
  if (event.incidentId === null || incident === null) return []
  const facts = factsOf(event, incident, view)
  return [...discharges(facts, view), ...owed(event.incidentId, facts, view)]
}

/** What follows by the nature of the rooms, whatever the clauses say. */
const ROOMS_REACT: readonly React[] = [elapsed, ended, chained, decided, stoodUp, supervised, linkObjectives]

/** The events that the rooms themselves wait for; the clauses name theirs. */
export const LISTENS: ReadonlySet<string> = new Set([
  'incident.elapsed',
  'decision.taken',
  'headquarters.met',
  'headquarters.activated',
  'headquarters.deactivated',
  'incident.headquarters-stood-down',
  'incident.closed',
  'incident.merged',
  'incident.refuted',
  'incident.instrument-terminated',
  'incident.response-terminated',
  'obligation.handed-on',
  'obligation.help-asked',
  'obligation.discharged',
  'obligation.lapsed',
  'obligation.owed',
  'obligation.requested',
  'objective.set',
  'objective.revised',
  'objective.dropped',
  ...SUPERVISED,
])

/** The commands that follow from one event, in the order in which they are given. */
export function react(event: Recorded, view: LinkageView): readonly Reaction[] {
  const reactions = [byClause, ...ROOMS_REACT].flatMap((one) => one(event, view))
  if (reactions.length > REACTIONS_MAX)
    throw new Error(`event ${event.position} asks for ${reactions.length} commands; at most ${REACTIONS_MAX}`)
  return reactions
}
