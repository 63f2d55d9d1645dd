import type { AlertCommand, Reach } from '../alert.ts'
import type { Link } from '../alert/chain.ts'
import type { CarryCommand } from '../carry.ts'
import type { ConsultationCommand } from '../consultation.ts'
import type { Relations } from '../directory/relations.ts'
import type { FindingCommand } from '../finding.ts'
import type { HeadquartersCommand } from '../headquarters.ts'
import type { Incident, IncidentCommand } from '../incident.ts'
import type { InformationCommand } from '../information.ts'
import type { Clause, Instrument } from '../instrument.ts'
import type { IntakeCommand } from '../intake.ts'
import type { Obligation, ObligationCommand } from '../obligation.ts'
import type { ReleaseCommand } from '../release.ts'
import type { RiskCommand } from '../risk.ts'
import type { ProposalCommand } from '../station.ts'
import type { Obligations } from './obligations.ts'
import type { Rules } from './rules.ts'

export type Basis = NonNullable<Obligation['basis']>

/** All that the linkage may know when it reacts to one event. */
export type LinkageView = {
  /** As it was right after the event; null where the event belongs to no incident. */
  readonly incident: Incident | null
  readonly relations: Relations
  /** What binds on that day. */
  readonly rules: Rules
  /** Of the incident, settled ones included; without an incident, the one that the event belongs to. */
  readonly obligations: Obligations
  /** The incident's objectives: what is owed for a function serves the first that covers it. */
  readonly objectives: readonly { readonly id: string; readonly functions: readonly string[] }[]
  /** The clause that an obligation rests on, in the version that made it. */
  readonly clause: (basis: Basis) => Clause | null
  readonly instrument: (basis: Pick<Basis, 'instrumentId' | 'version'>) => Instrument | null
  /** What lay under the warning that the event notes; null where it notes none that we have. */
  readonly reach: Reach | null
  /** The messages of the chains that the event concerns, and of those that it joins, as they are now. */
  readonly alerts: readonly Link[]
  /** A stable id from a text. */
  readonly idFrom: (text: string) => string
}

type Follows<Room extends string, Command> = {
  readonly room: Room
  readonly id: string
  readonly commandId: string
  readonly command: Command
  readonly basis: string | null
  readonly occurredAt: string
}

/** A command that follows from an event, with an id made from its cause. */
export type Reaction =
  | Follows<'obligation', ObligationCommand>
  | Follows<'incident', IncidentCommand>
  | Follows<'risk', RiskCommand>
  | Follows<'carry', CarryCommand>
  | Follows<'finding', FindingCommand>
  | Follows<'intake', IntakeCommand>
  | Follows<'alert', AlertCommand>
  | Follows<'headquarters', HeadquartersCommand>
  | Follows<'information', InformationCommand>
  | Follows<'release', ReleaseCommand>
  | Follows<'consultation', ConsultationCommand>
  | Follows<'proposal', ProposalCommand>
