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
import type { Keeping } from './keeping.ts'
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
  table: {
    name: 'obligation',
    columns: {
      id: 'uuid',
      incident_id: 'uuid',
      jurisdiction: 'text',
      parties: 'uuid[]',
      debtor: 'uuid',
      creditor: 'uuid',
      status: 'text',
      open: 'boolean',
      owed_at: 'timestamptz',
      due_at: 'timestamptz',
      lapsed_at: 'timestamptz',
      discharged_at: 'timestamptz',
      origin: 'text',
      based: 'boolean',
      lapsed: 'boolean',
      accepted_at: 'timestamptz',
      answer_by: 'timestamptz',
      confirmed_at: 'timestamptz',
      objective_id: 'uuid',
      parent_id: 'uuid',
      alert_id: 'uuid',
      colour: 'text',
      stage: 'text',
      site_id: 'uuid',
      state: 'jsonb',
    },
  },
  rows: (id, state) =>
    state === null
      ? []
      : [
          {
            id,
            incident_id: state.incidentId,
            jurisdiction: state.jurisdiction,
            parties: partiesOf(state),
            debtor: state.debtor,
            creditor: state.creditor,
            status: state.status,
            open: isOpen(state),
            owed_at: state.owedAt,
            due_at: state.dueAt,
            lapsed_at: state.lapsedAt,
            discharged_at: state.dischargedAt,
            origin: state.origin ?? 'clause',
            based: state.basis !== null,
            lapsed: everLapsed(state),
            accepted_at: state.acceptedAt ?? null,
            answer_by: state.answerBy ?? null,
            confirmed_at: state.confirmedAt ?? null,
            objective_id: state.objectiveId ?? null,
            parent_id: state.parentId ?? null,
            alert_id: state.warning?.alertId ?? null,
            colour: state.warning?.colour ?? null,
            stage: state.warning?.stage ?? null,
            site_id: state.site?.id ?? null,
            state,
          },
        ],
  timer: (state) => nextTimer(state),
}
