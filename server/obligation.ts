import {
  everLapsed,
  isOpen,
  nextTimer,
  obligation,
  ObligationCommand,
  obligationThing,
  partiesOf,
  type Obligation,
  type ObligationEvent,
} from '#core/obligation.ts'
import { oneRow, type Keeping } from './keeping.ts'
import { prepare } from './obligation/prepare.ts'

export { readObligations, type ObligationFilter } from './obligation/read.ts'
export { obligationRoutes } from './obligation/routes.ts'

export const obligationKeeping: Keeping<Obligation | null, ObligationCommand, ObligationEvent> = {
  room: 'obligation',
  decider: obligation,
  parse: (body) => ObligationCommand.safeParse(body),
  thing: (state, command) => obligationThing(state, command),
  incidentOf: (_, state, command) => (state !== null ? state.incidentId : 'incidentId' in command ? command.incidentId : null),
  prepare,
  ...oneRow<Obligation>('obligation', {
    incident_id: ['uuid', (state) => state.incidentId],
    jurisdiction: ['text', (state) => state.jurisdiction],
    parties: ['uuid[]', partiesOf],
    debtor: ['uuid', (state) => state.debtor],
    creditor: ['uuid', (state) => state.creditor],
    status: ['text', (state) => state.status],
    open: ['boolean', isOpen],
    owed_at: ['timestamptz', (state) => state.owedAt],
    due_at: ['timestamptz', (state) => state.dueAt],
    lapsed_at: ['timestamptz', (state) => state.lapsedAt],
    discharged_at: ['timestamptz', (state) => state.dischargedAt],
    origin: ['text', (state) => state.origin ?? 'clause'],
    based: ['boolean', (state) => state.basis !== null],
    lapsed: ['boolean', everLapsed],
    accepted_at: ['timestamptz', (state) => state.acceptedAt ?? null],
    answer_by: ['timestamptz', (state) => state.answerBy ?? null],
    confirmed_at: ['timestamptz', (state) => state.confirmedAt ?? null],
    objective_id: ['uuid', (state) => state.objectiveId ?? null],
    parent_id: ['uuid', (state) => state.parentId ?? null],
    alert_id: ['uuid', (state) => state.warning?.alertId ?? null],
    colour: ['text', (state) => state.warning?.colour ?? null],
    stage: ['text', (state) => state.warning?.stage ?? null],
    site_id: ['uuid', (state) => state.site?.id ?? null],
  }),
  timer: (state) => nextTimer(state),
}
