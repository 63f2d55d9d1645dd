/** Warnings 预警: one row a CAP message, drawn up here or received. */
import { alert, AlertCommand, alertTimer, isWarning, type Alert, type AlertEvent, type Made } from '#core/alert.ts'
import { alertParties, alertThing, isDrawing, scopeOf } from '#core/alert/thing.ts'
import { prepareAlert } from './alert/prepare.ts'
import { oneRow, type Keeping } from './keeping.ts'

export const alertKeeping: Keeping<Alert | null, AlertCommand, AlertEvent> = {
  room: 'alert',
  decider: alert,
  parse: (body) => AlertCommand.safeParse(body),
  thing: (state, command) => alertThing(state, command),
  incidentOf,
  prepare: prepareAlert,
  timer: (state) => alertTimer(state),
  ...oneRow<Alert>('alert', {
    chain_id: ['uuid', (state) => state.made?.chainId ?? null],
    identifier: ['text', (state) => state.made?.message.identifier ?? null],
    sender: ['text', (state) => state.made?.message.sender ?? null],
    sent: ['timestamptz', (state) => state.made?.message.sent ?? null],
    sha256: ['text', (state) => state.made?.sha256 ?? null],
    twin: ['text', (state) => state.made?.twin ?? null],
    status: ['text', (state) => state.status],
    cap_status: ['text', (state) => state.made?.message.status ?? state.draft?.status ?? 'Draft'],
    msg_type: ['text', (state) => state.made?.message.msgType ?? MSG_TYPE[state.draft?.kind ?? 'warning']],
    scope: ['text', scopeOf],
    colour: ['text', (state) => state.colour],
    hazard: ['text', (state) => state.hazard],
    jurisdiction: ['text', (state) => state.jurisdiction],
    jurisdictions: ['text[]', (state) => state.made?.reach.divisions.map(({ code }) => code) ?? state.draft?.divisions ?? []],
    incident_id: ['uuid', (state) => folderOf(state)],
    owner: ['uuid', (state) => state.owner],
    parties: ['uuid[]', alertParties],
    source: ['text', (state) => state.source?.kind ?? null],
    drawing: ['boolean', isDrawing],
    onset: ['timestamptz', (state) => state.made?.message.onset ?? state.draft?.onset ?? null],
    expires: ['timestamptz', (state) => state.made?.message.expires ?? state.draft?.expires ?? null],
    drafted_at: ['timestamptz', (state) => state.draftedAt],
    issued_at: ['timestamptz', (state) => state.issuedAt],
    ended_at: ['timestamptz', (state) => state.endedAt],
    at: ['timestamptz', (state) => state.issuedAt ?? state.draftedAt],
    refers_to: ['text[]', (state) => state.made?.message.references.map(({ identifier }) => identifier) ?? []],
  }),
}

const MSG_TYPE = { warning: 'Alert', update: 'Update', cancel: 'Cancel', 'all-clear': 'Update' } as const

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
