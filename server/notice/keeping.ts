import { isUntold, notice, NoticeCommand, noticeThing, noticeTimer, type Notice, type NoticeEvent } from '#core/notice.ts'
import { oneRow, type Keeping } from '../keeping.ts'

export const noticeKeeping: Keeping<Notice | null, NoticeCommand, NoticeEvent> = {
  room: 'notice',
  decider: notice,
  parse: (body) => NoticeCommand.safeParse(body),
  thing: (state, command) => noticeThing(state, command),
  // Who was told stands in the notice; an incident's own record is not made longer by every letter.
  incidentOf: () => null,
  ...oneRow<Notice>('notice', {
    to_post: ['uuid', (state) => state.toPost],
    to_organization: ['uuid', (state) => state.toOrganization],
    purpose: ['text', (state) => state.purpose],
    urgency: ['text', (state) => state.urgency],
    status: ['text', (state) => state.status],
    ready: ['boolean', (state) => state.status === 'ready'],
    untold: ['boolean', isUntold],
    incident_id: ['uuid', (state) => state.incidentId],
    abouts: ['text[]', (state) => [...new Set(state.items.map((one) => one.about.stream))]],
    sent_references: [
      'text[]',
      (state) => state.attempts.flatMap((one) => (one.reference === null ? [] : [`${one.channel} ${one.reference}`])),
    ],
    queued_at: ['timestamptz', (state) => state.queuedAt],
    ready_at: ['timestamptz', (state) => state.readyAt],
    reached_at: ['timestamptz', (state) => state.reachedAt],
  }),
  timer: (state) => noticeTimer(state),
}
