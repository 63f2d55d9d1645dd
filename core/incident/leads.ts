import { incident, type Incident, type IncidentEvent } from '../incident.ts'
import { durationText, toMs } from '../time.ts'

/** Who led from when to when, and by what: the law, headquarters activated, the lead handed over, headquarters stood down. */
export type Lead = {
  /** Null: the government of the place leads by law, but none is registered. */
  readonly organization: string | null
  readonly headquarters: string | null
  readonly by: 'law' | 'activation' | 'hand-over' | 'stand-down'
  readonly from: string
  /** Null: leads still. */
  readonly until: string | null
}

export type LeadEvent = IncidentEvent & { readonly occurredAt: string; readonly commandId?: string }

const REASONS: Readonly<Record<string, Lead['by']>> = {
  'incident.headquarters-activated': 'activation',
  'incident.taken-over': 'hand-over',
  'incident.headquarters-stood-down': 'stand-down',
}

/**
 * Who led, without a gap and never two at once, from the report to the end: the government of the place first (Emergency
 * Response Law art. 17), then whoever the record names. `events` are those of one incident in the order of the log; what
 * was recorded late takes effect no earlier than what was recorded before it.
 */
export function leads(events: readonly LeadEvent[], governmentOf: (jurisdiction: string) => string | null): readonly Lead[] {
  const all: Lead[] = []
  let state: Incident | null = null
  let at = ''
  for (const event of events) {
    at = event.occurredAt > at ? event.occurredAt : at
    state = incident.evolve(state, event, { occurredAt: at, recordedAt: at, actor: '', commandId: event.commandId ?? '' })
    if (state === null) continue
    const last = all.at(-1)
    if (last?.until !== undefined && last.until !== null) break
    if (state.closedAt !== null && last !== undefined) {
      all[all.length - 1] = { ...last, until: at }
      continue
    }
    const organization = state.headquarters?.lead ?? state.lead ?? governmentOf(state.jurisdiction)
    const headquarters = state.headquarters?.id ?? null
    if (last?.organization === organization && last.headquarters === headquarters) continue
    const next: Lead = { organization, headquarters, by: REASONS[event.type] ?? 'law', from: at, until: null }
    if (last === undefined) all.push(next)
    else if (last.from === at) all[all.length - 1] = next
    else all.splice(-1, 1, { ...last, until: at }, next)
  }
  return all
}

/** For how long nobody that is known by name led, ISO 8601; `now` ends what has no end. */
export const leadless = (all: readonly Lead[], now: string): string =>
  durationText(
    all.filter((one) => one.organization === null).reduce((sum, one) => sum + Math.max(0, toMs(one.until ?? now) - toMs(one.from)), 0),
  )
