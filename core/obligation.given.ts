/** What the tests of obligations share: three organizations, the terms of one duty, and the words for what happens to it. */
import { given, type Circumstances } from './given.ts'
import { obligation, type ObligationEvent, type Terms } from './obligation.ts'

const organization = (last: string): string => `01900000-0000-7000-8000-0000000000${last}`
export const [DEBTOR, CREDITOR, SUPERIOR, HELPER, OTHER] = [
  organization('0a'),
  organization('0b'),
  organization('0c'),
  organization('0d'),
  organization('0e'),
]
export const INCIDENT = '01900000-0000-7000-8000-000000000001'
export const OWED_AT = '2026-07-01T08:00:00.000Z'
export const ANSWER_BY = '2026-07-01T08:15:00.000Z'
export const DUE_AT = '2026-07-01T09:00:00.000Z'
export const at = (text: string): Circumstances & { readonly at: string } => ({ at: `2026-07-01T${text}.000Z` })
export const post = (organizationId: string) => ({ kind: 'post', postId: organization('ff'), organizationId }) as const

export const terms: Terms = {
  incidentId: INCIDENT,
  jurisdiction: '120116',
  debtor: DEBTOR,
  creditor: CREDITOR,
  function: 'supplies',
  act: 'send-pumps',
  actWords: { 'zh-CN': '调运水泵十台', en: 'Send ten pumps' },
  basis: { instrumentId: 'binhai-flood-plan', version: 1, clauseId: 'pumps' },
  dueAt: DUE_AT,
  limitConfirmed: true,
  trigger: { position: '7', type: 'incident.declared', occurredAt: OWED_AT },
  ladder: [{ at: '2026-07-01T09:30:00.000Z', to: SUPERIOR, clauseId: 'supervise' }],
}
export const owed: ObligationEvent = { type: 'obligation.owed', ...terms }
export const requested: ObligationEvent = {
  type: 'obligation.requested',
  ...terms,
  ladder: [],
  origin: 'request',
  trigger: null,
  by: CREDITOR,
}
export const accepted: ObligationEvent = { type: 'obligation.accepted', note: null }
export const declined: ObligationEvent = { type: 'obligation.declined', reason: 'our pumps are under water' }
export const lapsed: ObligationEvent = { type: 'obligation.lapsed', dueAt: DUE_AT }
export const discharged: ObligationEvent = {
  type: 'obligation.discharged',
  evidence: 'ten pumps handed over at the north gate',
  eventPosition: null,
  deliveredBy: null,
  lateBy: null,
}
export const past = (...events: readonly ObligationEvent[]) => given(obligation, events, { at: OWED_AT })
