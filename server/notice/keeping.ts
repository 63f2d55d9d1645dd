import { isUntold, notice, NoticeCommand, noticeThing, noticeTimer, type Notice, type NoticeEvent } from '#core/notice.ts'
import type { Keeping } from '../keeping.ts'

export const noticeKeeping: Keeping<Notice | null, NoticeCommand, NoticeEvent> = {
  room: 'notice',
  decider: notice,
  parse: (body) => NoticeCommand.safeParse(body),
  thing: (state, command) => noticeThing(state, command),
  // Who was told stands in the notice; an incident's own record is not made longer by every letter.
  incidentOf: () => null,
  table: {
    name: 'notice',
    columns: {
      id: 'uuid',
      to_post: 'uuid',
      to_organization: 'uuid',
      purpose: 'text',
      urgency: 'text',
      status: 'text',
      ready: 'boolean',
      untold: 'boolean',
      incident_id: 'uuid',
      abouts: 'text[]',
      sent_references: 'text[]',
      queued_at: 'timestamptz',
      ready_at: 'timestamptz',
      reached_at: 'timestamptz',
      state: 'jsonb',
    },
  },
  rows: (id, state) =>
    state === null
      ? []
      : [
          {
            id,
            to_post: state.toPost,
            to_organization: state.toOrganization,
            purpose: state.purpose,
            urgency: state.urgency,
            status: state.status,
            ready: state.status === 'ready',
            untold: isUntold(state),
            incident_id: state.incidentId,
            abouts: [...new Set(state.items.map((one) => one.about.stream))],
            sent_references: state.attempts.flatMap((one) => (one.reference === null ? [] : [`${one.channel} ${one.reference}`])),
            queued_at: state.queuedAt,
            ready_at: state.readyAt,
            reached_at: state.reachedAt,
            state,
          },
        ],
  timer: (state) => noticeTimer(state),
}
