/**
 * The linkage 联动: when this happens there, that is owed here. The only place that composes rooms.
 * Pure and bounded: one event and a view of the world in, the commands that follow out, each with an id made
 * from its cause, so that the same event seen twice, or by two servers, does nothing twice.
 */
import type { Recorded } from './event.ts'
import { chained } from './linkage/chain.ts'
import { CONSULTED, consulted } from './linkage/consultation.ts'
import { decided } from './linkage/decision.ts'
import { discharges } from './linkage/discharge.ts'
import { elapsed } from './linkage/elapsed.ts'
import { ended } from './linkage/ended.ts'
import { factsOf } from './linkage/facts.ts'
import { stoodUp } from './linkage/headquarters.ts'
import { SUPERVISED, supervised } from './linkage/finding.ts'
import { OF_INTAKE, passedOn } from './linkage/intake.ts'
import { informed, INFORMS } from './linkage/information.ts'
import { linkObjectives } from './linkage/objective.ts'
import { owed } from './linkage/owed.ts'
import { OF_RISK, ofRisk } from './linkage/risk.ts'
import type { LinkageView, Reaction } from './linkage/view.ts'
import { TAKES_UP, takenUp } from './linkage/station.ts'
import { warned, WARNINGS } from './linkage/warning.ts'

export { Obligations, type Owed } from './linkage/obligations.ts'
export { Rules, type InForce } from './linkage/rules.ts'
export type { LinkageView, Reaction } from './linkage/view.ts'
export { partyOf } from './linkage/facts.ts'
export { isQuiet } from './linkage/quiet.ts'

/** A province warned at once: every organization and special site of it. */
const REACTIONS_MAX = 50_000

type React = (event: Recorded, view: LinkageView) => Iterable<Reaction>

/** What follows by the clauses in force: first what the event discharges, then what it makes owed. */
const byClause = function* (event: Recorded, view: LinkageView): Iterable<Reaction> {
  const { incident } = view
  if (event.incidentId === null || incident === null || isOnlyExpected(event)) return
  const facts = factsOf(asReported(event), incident, view)
  yield* discharges(facts, view)
  yield* owed(event.incidentId, facts, view)
}

/** What a warning opens has not happened: nothing is owed for a report until it has. */
const isOnlyExpected = ({ type, data }: Recorded): boolean =>
  type === 'incident.reported' && (data as { readonly expected?: boolean }).expected === true
const asReported = (event: Recorded): Recorded => (event.type === 'incident.occurred' ? { ...event, type: 'incident.reported' } : event)

/** What follows by the nature of the rooms, whatever the clauses say. */
const ROOMS_REACT: readonly React[] = [
  elapsed,
  ended,
  chained,
  decided,
  stoodUp,
  supervised,
  linkObjectives,
  passedOn,
  warned,
  takenUp,
  consulted,
  ofRisk,
  informed,
]

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
  'incident.occurred',
  ...SUPERVISED,
  ...INFORMS,
  ...WARNINGS,
  ...TAKES_UP,
  ...CONSULTED,
  ...OF_RISK,
  ...OF_INTAKE,
])

/** The commands that follow from one event, in the order in which they are given. */
export function react(event: Recorded, view: LinkageView): readonly Reaction[] {
  return [...reactions(event, view)]
}

/** The same one by one: of ten thousand the first need not wait for the last. */
export function* reactions(event: Recorded, view: LinkageView): Iterable<Reaction> {
  let count = 0
  for (const one of [byClause, ...ROOMS_REACT])
    for (const reaction of one(event, view)) {
      if (++count > REACTIONS_MAX) throw new Error(`event ${event.position} asks for more than ${REACTIONS_MAX} commands`)
      yield reaction
    }
}
