import { unreachable, type Decider } from '../decider.ts'
import { fromMs, toMs } from '../time.ts'
import type { Happened, ObligationCommand, ObligationEvent } from './command.ts'
import { terms, type Call, type DoneBy, type Terms } from './terms.ts'

export type ObligationStatus = 'requested' | 'owed' | 'accepted' | 'declined' | 'discharged' | 'waived'

export type Extension = {
  readonly from: string
  readonly until: string
  readonly reason: string
  readonly at: string
  readonly lapsedAt: string | null
}

export type Obligation = Terms & {
  readonly status: ObligationStatus
  readonly owedAt: string
  readonly lapsedAt: string | null
  readonly dischargedAt: string | null
  readonly lateBy: string | null
  readonly evidence: { readonly text: string; readonly eventPosition: string | null; readonly by: string | null } | null
  readonly declineReason: string | null
  readonly waiveReason: string | null
  /** How many rungs of the ladder it has climbed. */
  readonly climbed: number
} & Partial<Later>

/** What may be said of it later; a row kept before this was known has none of it. */
type Later = {
  /** It began as a request: declined, it is asked again and not owed. */
  readonly requested: boolean
  readonly acceptedAt: string | null
  readonly doer: DoneBy | null
  /** When the debtor last said yes or no; null while the creditor waits for that. */
  readonly answeredAt: string | null
  readonly unansweredAt: string | null
  /** When whoever accepted was last heard of. */
  readonly heardAt: string | null
  readonly progress: { readonly at: string; readonly text: string } | null
  readonly extension: { readonly until: string; readonly reason: string; readonly askedAt: string } | null
  readonly extensions: readonly Extension[]
  readonly confirmedAt: string | null
  readonly disputed: { readonly at: string; readonly reason: string; readonly evidence: string } | null
  readonly releaseReason: string | null
  /** Organizations that a part was handed on to or help was asked of. */
  readonly helpers: readonly string[]
  /** Tries to reach a person, the oldest first. */
  readonly calls: readonly Call[]
}

/**
 * Whether somebody still waits for it. Declined in time it is answered, which is no failure; declined after its deadline it
 * is late all the same and goes on climbing.
 */
export const isOpen = ({ status, lapsedAt }: Pick<Obligation, 'status' | 'lapsedAt'>): boolean =>
  status !== 'discharged' && status !== 'waived' && (status !== 'declined' || lapsedAt !== null)

/** Nothing that happens in the world can change it any more; what was declined can still be done. */
export const isSettled = ({ status }: Pick<Obligation, 'status'>): boolean => status === 'discharged' || status === 'waived'

/** Past its deadline without discharge at some time, an extension that came later notwithstanding. */
export const everLapsed = ({ lapsedAt, extensions = [] }: Pick<Obligation, 'lapsedAt' | 'extensions'>): boolean =>
  lapsedAt !== null || extensions.some((one) => one.lapsedAt !== null)

/** Everyone who is named in it: debtor, creditor, who ordered it, the chain above and below, the superiors that it has climbed to. */
export const partiesOf = (state: Obligation): readonly string[] => [
  ...new Set([
    state.debtor,
    state.creditor,
    ...(state.by === undefined ? [] : [state.by]),
    ...(state.watchers ?? []),
    ...(state.helpers ?? []),
    ...state.ladder.slice(0, state.climbed).map((rung) => rung.to),
  ]),
]

const LAID_DOWN = Object.keys(terms) as readonly (keyof Terms)[]

/** What was laid down, without what came of it since. */
export const termsOf = (state: Obligation): Terms =>
  Object.fromEntries(LAID_DOWN.flatMap((key) => (state[key] === undefined ? [] : [[key, state[key]]]))) as Terms

type Evolve = Decider<Obligation | null, ObligationCommand, ObligationEvent>['evolve']

export const evolve: Evolve = (state, event, stamp) => {
  if (event.type === 'obligation.owed' || event.type === 'obligation.requested') {
    const { type, ...owed } = event
    const nothing = { lapsedAt: null, dischargedAt: null, lateBy: null, evidence: null, declineReason: null, waiveReason: null, climbed: 0 }
    return type === 'obligation.requested'
      ? { ...owed, ...nothing, status: 'requested', requested: true, owedAt: stamp.occurredAt }
      : { ...owed, ...nothing, status: 'owed', owedAt: stamp.occurredAt }
  }
  return state === null ? state : changed(state, event, stamp.occurredAt)
}

type Change = Exclude<ObligationEvent, { readonly type: 'obligation.owed' | 'obligation.requested' }>

function changed(state: Obligation, event: Change, at: string): Obligation {
  switch (event.type) {
    case 'obligation.accepted':
      return accepted(state, event, at)
    case 'obligation.declined':
      return { ...state, status: 'declined', declineReason: event.reason, answeredAt: at, acceptedAt: null, extension: null }
    case 'obligation.discharged': {
      const evidence = { text: event.evidence, eventPosition: event.eventPosition, by: event.deliveredBy }
      return { ...state, status: 'discharged', dischargedAt: at, lateBy: event.lateBy, evidence, extension: null }
    }
    case 'obligation.waived':
      return { ...state, status: 'waived', waiveReason: event.reason }
    case 'obligation.released':
      return { ...state, status: 'waived', releaseReason: event.reason }
    case 'obligation.lapsed':
      return { ...state, lapsedAt: event.dueAt }
    case 'obligation.escalated':
      return { ...state, climbed: event.step + 1 }
    case 'obligation.unanswered':
      return { ...state, unansweredAt: event.answerBy }
    case 'obligation.unaccepted':
      return { ...state, status: 'owed', acceptedAt: null }
    case 'obligation.linked':
      return { ...state, objectiveId: event.objectiveId }
    default:
      return negotiated(state, event, at)
  }
}

type Negotiation = Exclude<
  Change,
  {
    readonly type:
      | 'obligation.accepted'
      | 'obligation.declined'
      | 'obligation.discharged'
      | 'obligation.waived'
      | 'obligation.released'
      | 'obligation.lapsed'
      | 'obligation.escalated'
      | 'obligation.unanswered'
      | 'obligation.unaccepted'
      | 'obligation.linked'
  }
>

/** What the two sides say to each other about it. */
function negotiated(state: Obligation, event: Negotiation, at: string): Obligation {
  const heard = { ...state, heardAt: at }
  switch (event.type) {
    case 'obligation.doer-named':
      return { ...heard, doer: event.doer }
    case 'obligation.progress-reported':
      return { ...heard, progress: { at, text: event.text } }
    case 'obligation.extension-asked':
      return { ...heard, extension: { until: event.until, reason: event.reason, askedAt: at } }
    case 'obligation.extension-granted':
      return extended(state, event, at)
    case 'obligation.extension-refused':
      return { ...state, extension: null }
    case 'obligation.help-asked':
      return { ...heard, helpers: [...new Set([...(state.helpers ?? []), ...event.of])] }
    case 'obligation.handed-on':
      return { ...heard, helpers: [...new Set([...(state.helpers ?? []), event.to])] }
    case 'obligation.called': {
      const { type: _, ...call } = event
      return { ...state, calls: [...(state.calls ?? []), { at, ...call }] }
    }
    case 'obligation.confirmed':
      return { ...state, confirmedAt: at }
    case 'obligation.disputed':
      return {
        ...state,
        status: 'accepted',
        dischargedAt: null,
        lateBy: null,
        acceptedAt: state.acceptedAt ?? at,
        heardAt: at,
        disputed: { at, reason: event.reason, evidence: event.evidence },
      }
    case 'obligation.insisted':
      return {
        ...state,
        status: state.requested === true ? 'requested' : 'owed',
        answeredAt: null,
        unansweredAt: null,
        ...(event.dueAt === undefined ? {} : moved(state, event.dueAt)),
        ...(event.answerBy === undefined ? {} : { answerBy: event.answerBy }),
      }
    default:
      return unreachable(event)
  }
}

function accepted(state: Obligation, event: Happened<'obligation.accepted'>, at: string): Obligation {
  return {
    ...state,
    status: 'accepted',
    acceptedAt: at,
    answeredAt: at,
    heardAt: at,
    ...(event.doer === undefined ? {} : { doer: event.doer }),
    ...(event.dueAt === undefined ? {} : moved(state, event.dueAt)),
  }
}

/** The deadline moves and the ladder with it; what had lapsed runs again, and the record keeps that it had. */
function extended(state: Obligation, event: Happened<'obligation.extension-granted'>, at: string): Obligation {
  const { from, until, reason } = event
  const extensions = [...(state.extensions ?? []), { from, until, reason, at, lapsedAt: state.lapsedAt }]
  return { ...state, ...moved(state, until), extensions, extension: null, lapsedAt: null }
}

function moved({ dueAt, ladder }: Obligation, until: string): Pick<Obligation, 'dueAt' | 'ladder'> {
  const by = dueAt === null ? 0 : toMs(until) - toMs(dueAt)
  return { dueAt: until, ladder: ladder.map((rung) => ({ ...rung, at: fromMs(toMs(rung.at) + by) })) }
}
