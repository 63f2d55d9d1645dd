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
import type { Keeping, Preparing } from '../keeping.ts'
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
  table: {
    name: 'station',
    columns: {
      id: 'uuid',
      code: 'text',
      jurisdiction: 'text',
      parties: 'uuid[]',
      owner: 'uuid',
      indicators: 'text[]',
      freshness_ms: 'bigint',
      silent_since: 'timestamptz',
      retired: 'boolean',
      registered_at: 'timestamptz',
      state: 'jsonb',
    },
  },
  rows: (id, state) =>
    state === null
      ? []
      : [
          {
            id,
            code: state.code,
            jurisdiction: state.jurisdiction,
            parties: [state.owner],
            owner: state.owner,
            indicators: state.sensors.map((one) => one.slug),
            freshness_ms: durationMs(state.freshness),
            silent_since: state.silentSince,
            retired: state.retired !== null,
            registered_at: state.registeredAt,
            state,
          },
        ],
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
  table: {
    name: 'threshold',
    columns: {
      id: 'uuid',
      set_id: 'text',
      jurisdiction: 'text',
      hazard: 'text',
      in_force: 'boolean',
      adopted_at: 'timestamptz',
      state: 'jsonb',
    },
  },
  rows: (id, state) =>
    state === null
      ? []
      : [
          {
            id,
            set_id: state.set.id,
            jurisdiction: state.jurisdiction,
            hazard: state.set.hazard,
            in_force: state.withdrawn === null,
            adopted_at: state.adoptedAt,
            state,
          },
        ],
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
  table: {
    name: 'proposal',
    columns: {
      id: 'uuid',
      station_id: 'uuid',
      jurisdiction: 'text',
      divisions: 'text[]',
      parties: 'uuid[]',
      hazard: 'text',
      colour: 'text',
      status: 'text',
      alert_id: 'uuid',
      over: 'boolean',
      crossed_at: 'timestamptz',
      proposed_at: 'timestamptz',
      decided_at: 'timestamptz',
      state: 'jsonb',
    },
  },
  rows: (id, state) =>
    state === null
      ? []
      : [
          {
            id,
            station_id: state.station,
            jurisdiction: state.jurisdiction,
            divisions: state.divisions,
            parties: [state.owner],
            hazard: state.hazard,
            colour: state.crossed.colour,
            status: state.status,
            alert_id: state.alertId,
            over: isOver(state),
            crossed_at: state.crossedAt,
            proposed_at: state.proposedAt,
            decided_at: state.decidedAt,
            state,
          },
        ],
}

export const sourceKeeping: Keeping<StationSource | null, SourceCommand, SourceEvent> = {
  room: 'station-source',
  decider: stationSource,
  parse: (body) => SourceCommand.safeParse(body),
  thing: sourceThing,
  incidentOf: NO_INCIDENT,
  table: {
    name: 'station_source',
    columns: { id: 'uuid', jurisdiction: 'text', parties: 'uuid[]', paused: 'boolean', added_at: 'timestamptz', state: 'jsonb' },
  },
  rows: (id, state) =>
    state === null
      ? []
      : [{ id, jurisdiction: state.jurisdiction, parties: [state.owner], paused: state.paused !== null, added_at: state.addedAt, state }],
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
