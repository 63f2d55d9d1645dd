/** How stations, thresholds in force, proposals and sources are kept. */
import { isIP } from 'node:net'
import type { Thing } from '#core/authority.ts'
import { refuse, type Refusal } from '#core/decider.ts'
import {
  adoption,
  AdoptionCommand,
  adoptionThing,
  isOver,
  proposal,
  ProposalCommand,
  proposalThing,
  SourceCommand,
  sourceThing,
  station,
  StationCommand,
  stationSource,
  stationThing,
  type Adoption,
  type AdoptionEvent,
  type Proposal,
  type ProposalEvent,
  type SourceEvent,
  type Station,
  type StationEvent,
  type StationSource,
  type ThresholdSet,
} from '#core/station.ts'
import { covers } from '#core/place.ts'
import { durationMs } from '#core/time.ts'
import type { Sql, TransactionSql } from '../database.ts'
import type { Request } from '../handle.ts'
import { oneRow, type Keeping, type Preparing } from '../keeping.ts'
import { isPrivate } from '../outbound.ts'
import { readStationConfig } from './config.ts'
import { refuseLooser, refuseSensors } from './thresholds.ts'

const NO_INCIDENT = (): null => null

export const stationKeeping: Keeping<Station | null, StationCommand, StationEvent> = {
  room: 'station',
  decider: station,
  parse: (body) => StationCommand.safeParse(body),
  thing: stationThing,
  incidentOf: NO_INCIDENT,
  ...oneRow<Station>('station', {
    code: ['text', (state) => state.code],
    jurisdiction: ['text', (state) => state.jurisdiction],
    parties: ['uuid[]', (state) => [state.owner]],
    owner: ['uuid', (state) => state.owner],
    indicators: ['text[]', (state) => state.sensors.map((one) => one.slug)],
    freshness_ms: ['bigint', (state) => durationMs(state.freshness)],
    silent_since: ['timestamptz', (state) => state.silentSince],
    retired: ['boolean', (state) => state.retired !== null],
    registered_at: ['timestamptz', (state) => state.registeredAt],
  }),
  prepare: prepareStation,
}

async function prepareStation(request: Request, { relations }: Preparing): Promise<Request | Refusal> {
  const command = request.command as StationCommand
  if (command.type !== 'station.register' && command.type !== 'station.revise') return request
  if ((await relations()).find(command.owner) === null) return refuse('organization.unknown')
  const wrong = refuseSensors(command.sensors)
  if (wrong !== null) return wrong
  // Moved elsewhere, it is for who answers for both places.
  const about: Partial<Thing> = { areas: [command.jurisdiction, ...command.divisions] }
  return { ...request, about }
}

export const thresholdKeeping: Keeping<Adoption | null, AdoptionCommand, AdoptionEvent> = {
  room: 'threshold',
  decider: adoption,
  parse: (body) => AdoptionCommand.safeParse(body),
  thing: adoptionThing,
  incidentOf: NO_INCIDENT,
  ...oneRow<Adoption>('threshold', {
    set_id: ['text', (state) => state.set.id],
    jurisdiction: ['text', (state) => state.jurisdiction],
    hazard: ['text', (state) => state.set.hazard],
    in_force: ['boolean', (state) => state.withdrawn === null],
    adopted_at: ['timestamptz', (state) => state.adoptedAt],
  }),
  prepare: async (request, { sql }) => {
    const command = request.command as AdoptionCommand
    if (command.type !== 'station.adopt-thresholds') return request
    const above = (await readAdopted(sql)).filter(
      (one) => covers(one.jurisdiction, command.jurisdiction) && one.jurisdiction !== command.jurisdiction,
    )
    return (
      refuseLooser(
        command.set,
        command.jurisdiction,
        above.map((one) => one.set),
      ) ?? request
    )
  },
}

const ADOPTED_MAX = 5000

/** The sets in force, with the territories that adopted them. */
export async function readAdopted(
  sql: Sql | TransactionSql,
): Promise<readonly { readonly id: string; readonly jurisdiction: string; readonly set: ThresholdSet; readonly state: Adoption }[]> {
  const rows = await sql<{ id: string; jurisdiction: string; state: Adoption }[]>`
    select id, jurisdiction, state from threshold where in_force order by jurisdiction, set_id limit ${ADOPTED_MAX}`
  return rows.map((row) => ({ ...row, set: row.state.set }))
}

export const proposalKeeping: Keeping<Proposal | null, ProposalCommand, ProposalEvent> = {
  room: 'proposal',
  decider: proposal,
  parse: (body) => ProposalCommand.safeParse(body),
  thing: proposalThing,
  incidentOf: NO_INCIDENT,
  ...oneRow<Proposal>('proposal', {
    station_id: ['uuid', (state) => state.station],
    jurisdiction: ['text', (state) => state.jurisdiction],
    divisions: ['text[]', (state) => state.divisions],
    parties: ['uuid[]', (state) => [state.owner]],
    hazard: ['text', (state) => state.hazard],
    colour: ['text', (state) => state.crossed.colour],
    status: ['text', (state) => state.status],
    alert_id: ['uuid', (state) => state.alertId],
    over: ['boolean', isOver],
    crossed_at: ['timestamptz', (state) => state.crossedAt],
    proposed_at: ['timestamptz', (state) => state.proposedAt],
    decided_at: ['timestamptz', (state) => state.decidedAt],
  }),
}

export const sourceKeeping: Keeping<StationSource | null, SourceCommand, SourceEvent> = {
  room: 'station-source',
  decider: stationSource,
  parse: (body) => SourceCommand.safeParse(body),
  thing: sourceThing,
  incidentOf: NO_INCIDENT,
  ...oneRow<StationSource>('station_source', {
    jurisdiction: ['text', (state) => state.jurisdiction],
    parties: ['uuid[]', (state) => [state.owner]],
    paused: ['boolean', (state) => state.paused !== null],
    added_at: ['timestamptz', (state) => state.addedAt],
  }),
  prepare: async (request, { relations }) => {
    const command = request.command as SourceCommand
    if (command.type !== 'station.add-source' && command.type !== 'station.change-source') return request
    if ((await relations()).find(command.owner) === null) return refuse('organization.unknown')
    if (!readStationConfig().allowPrivate && isOwnNetwork(command.url)) return refuse('source.address-forbidden')
    return { ...request, about: { areas: [command.jurisdiction] } }
  },
}

/** As far as the address itself says so; a name is looked up each time it is called. */
function isOwnNetwork(url: string): boolean {
  if (!URL.canParse(url)) return true
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '')
  return host === 'localhost' || host.endsWith('.localhost') || (isIP(host) !== 0 && isPrivate(host))
}
