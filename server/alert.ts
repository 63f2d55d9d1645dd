/** Warnings 预警: one row a CAP message, drawn up here or received. */
import { alert, AlertCommand, alertTimer, isWarning, type Alert, type AlertEvent, type Made } from '#core/alert.ts'
import { alertParties, alertThing, isDrawing, scopeOf } from '#core/alert/thing.ts'
import { prepareAlert } from './alert/prepare.ts'
import type { Keeping } from './keeping.ts'

export const alertKeeping: Keeping<Alert | null, AlertCommand, AlertEvent> = {
  room: 'alert',
  decider: alert,
  parse: (body) => AlertCommand.safeParse(body),
  thing: (state, command) => alertThing(state, command),
  incidentOf,
  prepare: prepareAlert,
  timer: (state) => alertTimer(state),
  table: {
    name: 'alert',
    columns: {
      id: 'uuid',
      chain_id: 'uuid',
      identifier: 'text',
      sender: 'text',
      sent: 'timestamptz',
      sha256: 'text',
      status: 'text',
      cap_status: 'text',
      msg_type: 'text',
      scope: 'text',
      colour: 'text',
      hazard: 'text',
      jurisdiction: 'text',
      jurisdictions: 'text[]',
      incident_id: 'uuid',
      owner: 'uuid',
      parties: 'uuid[]',
      source: 'text',
      drawing: 'boolean',
      onset: 'timestamptz',
      expires: 'timestamptz',
      drafted_at: 'timestamptz',
      issued_at: 'timestamptz',
      ended_at: 'timestamptz',
      at: 'timestamptz',
      refers_to: 'text[]',
      state: 'jsonb',
    },
  },
  rows: (id, state) => (state === null ? [] : [rowOf(id, state)]),
}

const MSG_TYPE = { warning: 'Alert', update: 'Update', cancel: 'Cancel', 'all-clear': 'Update' } as const

function rowOf(id: string, state: Alert): Readonly<Record<string, unknown>> {
  const { draft, made } = state
  const message = made?.message ?? null
  return {
    id,
    chain_id: made?.chainId ?? null,
    identifier: message?.identifier ?? null,
    sender: message?.sender ?? null,
    sent: message?.sent ?? null,
    sha256: made?.sha256 ?? null,
    status: state.status,
    cap_status: message?.status ?? draft?.status ?? 'Draft',
    msg_type: message?.msgType ?? MSG_TYPE[draft?.kind ?? 'warning'],
    scope: scopeOf(state),
    colour: state.colour,
    hazard: state.hazard,
    jurisdiction: state.jurisdiction,
    jurisdictions: made?.reach.divisions.map(({ code }) => code) ?? draft?.divisions ?? [],
    incident_id: folderOf(state),
    owner: state.owner,
    parties: alertParties(state),
    source: state.source?.kind ?? null,
    drawing: isDrawing(state),
    onset: message?.onset ?? draft?.onset ?? null,
    expires: message?.expires ?? draft?.expires ?? null,
    drafted_at: state.draftedAt,
    issued_at: state.issuedAt,
    ended_at: state.endedAt,
    at: state.issuedAt ?? state.draftedAt,
    refers_to: message?.references.map(({ identifier }) => identifier) ?? [],
    state,
  }
}

/** Its incident once it takes effect; what is only shown, or is none for people, has none (core/linkage/warning.ts opens none for it). */
const folderOf = (state: Alert): string | null =>
  state.status === 'shown' || (state.made !== null && state.made.message.status !== 'Actual') ? null : state.incidentId

function incidentOf(_: string, state: Alert | null, command: AlertCommand): string | null {
  if (command.type === 'alert.draft') return command.incidentId
  if (command.type === 'alert.approve' && command.made !== undefined) return inEffect(command.made, true) ? command.made.incidentId : null
  if (command.type === 'alert.receive') {
    const { made, effect, colour } = command
    return inEffect(made, effect === 'act' && (colour !== null || !isWarning(made.message))) ? made.incidentId : null
  }
  if (state === null) return null
  return command.type === 'alert.adopt' ? state.incidentId : folderOf(state)
}

const inEffect = ({ message }: Made, acts: boolean): boolean => acts && message.status === 'Actual'
