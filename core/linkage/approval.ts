import { findProvision, type DecisionPath } from '../decision.ts'
import type { Relations } from '../directory/relations.ts'
import type { Recorded } from '../event.ts'
import type { Incident } from '../incident.ts'
import type { Instrument } from '../instrument.ts'
import { covers, divisionPath } from '../place.ts'
import { resolve, type Facts } from './facts.ts'
import type { Basis } from './view.ts'

export type Approval = {
  readonly basis: Basis
  /** Who takes it; null where the directory knows nobody of that part. */
  readonly holder: string | null
  /** Who approves before, in this order; a part that nobody holds is left out. */
  readonly approvals: readonly string[]
}

type InForce = { readonly id: string; readonly version: number; readonly instrument: Instrument }
type Asked = { readonly matter: string; readonly path: DecisionPath }

/**
 * The chain of approval that the authority clauses in force lay down for a matter in this incident, at its response level;
 * of several instruments the one nearest to the place counts. Null where none says anything: then the lead decides.
 */
export function findApproval(inForce: readonly InForce[], asked: Asked, incident: Incident, relations: Relations): Approval | null {
  const path = divisionPath(incident.jurisdiction)
  const provisions = inForce
    .filter(({ instrument }) => covers(instrument.jurisdiction, incident.jurisdiction))
    .toSorted((a, b) => path.indexOf(a.instrument.jurisdiction) - path.indexOf(b.instrument.jurisdiction))
    .flatMap((from) =>
      from.instrument.clauses.flatMap((clause) => (clause.kind === 'authority' ? [{ ...clause, clauseId: clause.id, from }] : [])),
    )
  const found = findProvision(provisions, { ...asked, level: incident.responseLevel })
  if (found === null) return null
  const { from, clauseId, holder, approvals } = found
  const facts: Facts = { ...NOTHING_SAID, incident, instrument: from.instrument, event: NO_EVENT }
  const first = (party: string): string | null => resolve(party, facts, { relations })[0] ?? null
  const takes = first(holder)
  const asking = approvals.map(first).filter((one) => one !== null && one !== takes)
  return {
    basis: { instrumentId: from.id, version: from.version, clauseId },
    holder: takes,
    approvals: [...new Set(asking)].filter((one) => one !== null),
  }
}

/** The parts that an approval names are those of the incident; no event is asked. */
const NOTHING_SAID: Omit<Facts, 'event' | 'incident'> = {
  organization: null,
  targets: [],
  recipient: null,
  debtor: null,
  creditor: null,
  instrument: null,
  kind: null,
  subject: null,
  complete: null,
  reportKind: null,
  act: null,
  function: null,
  level: null,
  colour: null,
  alertId: null,
  leaf: true,
  site: null,
}
const NO_EVENT: Recorded = {
  position: '0',
  stream: '',
  version: 0,
  type: '',
  data: {},
  commandId: '',
  actor: 'system/linkage',
  basis: null,
  incidentId: null,
  occurredAt: '',
  recordedAt: '',
}
