/**
 * A warning 预警 as one CAP message: drawn up, seen by a second person, issued; or received from elsewhere. Each message is
 * a stream; which replaces which is said by `supersede`. What it makes owed follows through its incident (core/linkage/warning.ts).
 */
import { z } from 'zod/mini'
import { Draft, missingParticulars } from './alert/draft.ts'
import { CapMsgType, CapScope, CapStatus, Reference } from './cap.ts'
import { refuse, unreachable, type By, type Decider, type Refusal } from './decider.ts'
import { actorText } from './event.ts'
import { Slug, Uuid } from './id.ts'
import { Colour, colourLevel, atLeastAsGrave } from './level.ts'
import { coveredBy, covers, DivisionCode } from './place.ts'
import { InstantText } from './time.ts'

const Text = z.string().check(z.trim(), z.minLength(1), z.maxLength(4000))
const Short = z.string().check(z.maxLength(1000))

export const REACH_MAX = { divisions: 4000, sites: 5000 } as const

/** A special site under the warning, as the register had it at that instant: it is to be asked after by name. */
export const ReachedSite = z.strictObject({
  id: Uuid,
  name: z.string().check(z.maxLength(200)),
  kind: Slug,
  jurisdiction: DivisionCode,
  owner: z.nullable(Uuid),
  regulator: z.nullable(Uuid),
  responder: z.nullable(Uuid),
})
export type ReachedSite = z.infer<typeof ReachedSite>

/** What lay under the area when it was issued or taken up; evidence for whoever asks two years later. */
export const Reach = z.strictObject({
  /** Six digits; `whole`: every territory below it is reached too, and where finer boundaries are not known, `part` as well. */
  divisions: z.array(z.strictObject({ code: DivisionCode, share: z.enum(['part', 'whole']) })).check(z.maxLength(REACH_MAX.divisions)),
  sites: z.array(ReachedSite).check(z.maxLength(REACH_MAX.sites)),
})
export type Reach = z.infer<typeof Reach>

/** What of a CAP message the log keeps beside the hash of its bytes: identity, and a line for each of its blocks. */
export const Message = z.strictObject({
  identifier: Short,
  sender: Short,
  sent: InstantText,
  status: CapStatus,
  msgType: CapMsgType,
  scope: CapScope,
  restriction: z.optional(Short),
  addresses: z.optional(z.array(Short).check(z.maxLength(5000))),
  references: z.array(Reference).check(z.maxLength(500)),
  /** Every block, not the first alone; at most 40 are shown, the bytes have all. */
  blocks: z
    .array(
      z.strictObject({
        language: z.string().check(z.maxLength(40)),
        event: Short,
        headline: z.optional(Short),
        areaDesc: z.optional(Short),
        severity: z.string().check(z.maxLength(20)),
        allClear: z.boolean(),
      }),
    )
    .check(z.maxLength(40)),
  /** The earliest onset (or effective, or sent) and the latest expiry of its blocks. */
  onset: InstantText,
  expires: z.nullable(InstantText),
})
export type Message = z.infer<typeof Message>

/** Put in by the server, which has the bytes, the map and the earlier messages. */
const Made = z.strictObject({
  message: Message,
  /** Of the bytes as sent or received, lower-case hex; they are kept by it. */
  sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  signature: z.enum(['none', 'valid-trusted', 'valid-untrusted', 'invalid']),
  reach: Reach,
  /** Lower-case hex, of all that it says in no language: by it the same in another language is known (core/alert/twin.ts). */
  twin: z.optional(z.string().check(z.regex(/^[0-9a-f]{64}$/))),
  /** The first message of the chain: its own id when it is the first. */
  chainId: Uuid,
  incidentId: Uuid,
  /** Earlier messages that it replaces or ends. */
  supersedes: z.array(Uuid).check(z.maxLength(500)),
  /** A later message that came first; left out how: as an update does. */
  supersededBy: z.nullable(Uuid),
  supersededHow: z.optional(z.enum(['update', 'cancel', 'all-clear'])),
})
export type Made = z.infer<typeof Made>

const Source = z.strictObject({ kind: z.enum(['feed', 'push', 'file']), id: z.nullable(Slug), name: z.string().check(z.maxLength(200)) })

export const AlertCommand = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('alert.draft'),
    draft: Draft,
    /** The issuer's own territory. */
    jurisdiction: DivisionCode,
    /** The message that this updates, cancels or ends. */
    replaces: z.nullable(Uuid),
    /** The incident that it belongs to already; null: its chain's, or one is opened when it is issued. */
    incidentId: z.nullable(Uuid),
    /** What the monitoring proposed. */
    proposalId: z.nullable(Uuid),
  }),
  z.strictObject({ type: z.literal('alert.revise'), draft: Draft }),
  z.strictObject({ type: z.literal('alert.submit') }),
  z.strictObject({ type: z.literal('alert.return'), reason: Text }),
  z.strictObject({ type: z.literal('alert.discard'), reason: Text }),
  /**
   * The second person signs and it goes out. `urgent`: with fewer particulars and before a consultation, with the reason.
   * Nobody issues alone on either path: the false missile alert of Hawaii (2018) was one person's press of a button.
   */
  z.strictObject({
    type: z.literal('alert.approve'),
    path: z.enum(['ordinary', 'urgent']),
    reason: z.optional(Text),
    /** Put in by the server: what was consulted about it beforehand. Red and orange need `held` on the ordinary path. */
    consultation: z.optional(z.enum(['held', 'called', 'missing'])),
    made: z.optional(Made),
  }),
  /** From elsewhere. `act`: its source is answered for, so it takes effect here at once; `show`: it waits for somebody to adopt it. */
  z.strictObject({
    type: z.literal('alert.receive'),
    source: Source,
    /** The organization whose post brought it in; null: a feed did. */
    receivedBy: z.nullable(Uuid),
    effect: z.enum(['act', 'show']),
    colour: z.nullable(Colour),
    hazard: z.nullable(Slug),
    jurisdiction: DivisionCode,
    made: Made,
  }),
  /** A received message takes effect here; `reach` is put in by the server, as the register is now. */
  z.strictObject({ type: z.literal('alert.adopt'), colour: Colour, hazard: Slug, reach: z.optional(Reach) }),
  /** `effect`: what the later message does here; one that is only shown leaves a warning in force as it is. */
  z.strictObject({
    type: z.literal('alert.supersede'),
    by: Uuid,
    how: z.enum(['update', 'cancel', 'all-clear']),
    effect: z.enum(['act', 'show']),
  }),
  z.strictObject({ type: z.literal('alert.expire') }),
  /** A later message has shown that its chain and another are one: it goes on in that one. */
  z.strictObject({ type: z.literal('alert.join'), chainId: Uuid, incidentId: Uuid }),
])
export type AlertCommand = z.infer<typeof AlertCommand>
type Of<T extends AlertCommand['type']> = Extract<AlertCommand, { type: T }>
type Said<T extends AlertCommand['type']> = Omit<Of<T>, 'type'>

export type AlertEvent =
  | ({ readonly type: 'alert.drafted'; readonly owner: string } & Said<'alert.draft'>)
  | { readonly type: 'alert.revised'; readonly draft: Draft }
  | { readonly type: 'alert.submitted' }
  | { readonly type: 'alert.returned'; readonly reason: string }
  | { readonly type: 'alert.discarded'; readonly reason: string }
  | ({
      readonly type: 'alert.issued'
      readonly path: 'ordinary' | 'urgent'
      readonly reason?: string
      readonly consultation: 'held' | 'called' | 'missing' | null
      readonly colour: Colour | null
      readonly hazard: string
      readonly jurisdiction: string
      readonly owner: string | null
    } & Made)
  | ({ readonly type: 'alert.received' } & Omit<Said<'alert.receive'>, 'made'> & Made)
  | ({ readonly type: 'alert.adopted'; readonly colour: Colour; readonly hazard: string; readonly jurisdiction: string } & Made)
  | { readonly type: 'alert.superseded'; readonly by: string; readonly how: 'update' | 'cancel' | 'all-clear' }
  | { readonly type: 'alert.expired'; readonly chainId: string; readonly hazard: string | null }
  | ({ readonly type: 'alert.joined'; readonly from: Chain } & Chain)

type Chain = { readonly chainId: string; readonly incidentId: string }

/**
 * `in-force`: it warns. `shown`: received, without effect here. `notice`: it ends or answers another message, or is none for
 * people (Exercise, System, Test, Draft). `replaced`, `cancelled`, `lifted`, `expired`: it warned once.
 */
export type AlertStatus =
  | 'draft'
  | 'submitted'
  | 'discarded'
  | 'in-force'
  | 'shown'
  | 'notice'
  | 'replaced'
  | 'cancelled'
  | 'lifted'
  | 'expired'

export type Alert = {
  readonly status: AlertStatus
  /** Null: received from elsewhere. */
  readonly owner: string | null
  readonly jurisdiction: string
  readonly draft: Draft | null
  readonly replaces: string | null
  readonly proposalId: string | null
  /** Who changed the draft last: the second person is another post. */
  readonly drafter: string | null
  readonly approver: string | null
  readonly path: 'ordinary' | 'urgent' | null
  readonly consultation: 'held' | 'called' | 'missing' | null
  readonly returned: string | null
  /** Why it was issued on the urgent path. */
  readonly reason: string | null
  /** The organization whose post brought it in. */
  readonly receivedBy: string | null
  /** What its source may do here; null: it is our own. */
  readonly effect: 'act' | 'show' | null
  readonly source: z.infer<typeof Source> | null
  readonly colour: Colour | null
  readonly hazard: string | null
  readonly made: Made | null
  readonly incidentId: string | null
  readonly draftedAt: string
  readonly submittedAt: string | null
  readonly issuedAt: string | null
  readonly endedAt: string | null
  readonly endedBy: string | null
}

export const alert: Decider<Alert | null, AlertCommand, AlertEvent> = {
  initial: null,

  decide(state, command, by) {
    if (command.type === 'alert.draft') {
      if (state !== null) return refuse('alert.already-drafted')
      if (by.actor.kind !== 'post') return refuse('alert.no-issuer')
      const { type: _, ...said } = command
      const wrong = misplaced(said.draft, said)
      if (wrong !== null) return wrong
      return [{ type: 'alert.drafted', owner: by.actor.organizationId, ...said }]
    }
    if (command.type === 'alert.receive') {
      if (state !== null) return []
      const { type: _, made, ...said } = command
      return [{ type: 'alert.received', ...said, ...made }]
    }
    if (state === null) return refuse('alert.unknown')
    switch (command.type) {
      case 'alert.revise':
      case 'alert.submit':
      case 'alert.return':
      case 'alert.discard':
      case 'alert.approve':
        return drawUp(state, command, by)
      case 'alert.adopt':
        return adopt(state, command)
      case 'alert.supersede':
        return supersede(state, command)
      case 'alert.join':
        return join(state, command)
      case 'alert.expire': {
        const { made, hazard } = state
        const expires = made?.message.expires ?? null
        return made !== null && warns(state) && expires !== null && by.at >= expires
          ? [{ type: 'alert.expired', chainId: made.chainId, hazard }]
          : []
      }
      default:
        return unreachable(command)
    }
  },

  evolve(state, event, stamp) {
    const at = stamp.occurredAt
    switch (event.type) {
      case 'alert.drafted': {
        const { type: _, ...said } = event
        const { draft } = said
        return { ...NOTHING, ...said, status: 'draft', drafter: stamp.actor, colour: draft.colour, hazard: draft.hazard, draftedAt: at }
      }
      case 'alert.received': {
        const { type: _, source, receivedBy, effect, colour, hazard, jurisdiction, ...made } = event
        const status = statusOf(made, effect === 'show' || colour === null ? 'shown' : 'in-force')
        const over = status !== 'notice' && made.supersededBy !== null
        const { incidentId } = made
        const said = { source, receivedBy, effect, colour, hazard, jurisdiction, made, incidentId }
        return { ...NOTHING, ...said, status, draftedAt: at, issuedAt: at, ...(over ? { endedAt: at, endedBy: made.supersededBy } : {}) }
      }
      default:
        return state === null ? state : changed(state, event, stamp.actor, at)
    }
  },
}

const NOTHING = {
  owner: null,
  draft: null,
  replaces: null,
  proposalId: null,
  drafter: null,
  approver: null,
  path: null,
  consultation: null,
  returned: null,
  reason: null,
  receivedBy: null,
  effect: null,
  source: null,
  made: null,
  submittedAt: null,
  issuedAt: null,
  endedAt: null,
  endedBy: null,
} as const

const warns = ({ status }: Alert): boolean => status === 'in-force' || status === 'shown'

/** Only Actual is for people to act on (CAP 1.2, 3.2.1); a message that ends another warns of nothing itself. */
const statusOf = ({ message, supersededBy, supersededHow = 'update' }: Made, otherwise: AlertStatus): AlertStatus =>
  message.status !== 'Actual' || !isWarning(message) ? 'notice' : supersededBy !== null ? ENDED[supersededHow] : otherwise

/** An alert or an update of which one block at least is no all-clear. */
export const isWarning = ({ msgType, blocks }: Pick<Message, 'msgType' | 'blocks'>): boolean =>
  (msgType === 'Alert' || msgType === 'Update') && blocks.some(({ allClear }) => !allClear)
/** What it does to the messages that it names. */
export const endsHow = (message: Pick<Message, 'msgType' | 'blocks'>): 'update' | 'cancel' | 'all-clear' =>
  message.msgType === 'Cancel' ? 'cancel' : isWarning(message) ? 'update' : 'all-clear'

type DrawUp = Of<'alert.revise' | 'alert.submit' | 'alert.return' | 'alert.discard' | 'alert.approve'>

/** What updates or ends names what; a warning of one's own goes no further than one's territory (Emergency Response Law art. 63). */
function misplaced(draft: Draft, { jurisdiction, replaces }: Pick<Alert, 'jurisdiction' | 'replaces'>): Refusal | null {
  if ((draft.kind === 'warning') !== (replaces === null)) return refuse('alert.nothing-replaced', { kind: draft.kind })
  const outside = draft.divisions.find((code) => !covers(jurisdiction, code))
  return outside === undefined ? null : refuse('alert.outside-territory', { division: outside })
}

function drawUp(state: Alert, command: DrawUp, by: By): readonly AlertEvent[] | Refusal {
  const { status, draft } = state
  if (draft === null || (status !== 'draft' && status !== 'submitted')) return refuse('alert.already-ended', { status: `alert.${status}` })
  switch (command.type) {
    case 'alert.revise':
      if (status !== 'draft') return refuse('alert.already-submitted')
      return misplaced(command.draft, state) ?? [{ type: 'alert.revised', draft: command.draft }]
    case 'alert.submit': {
      const [missing] = missingParticulars(draft, 'urgent')
      if (missing !== undefined) return refuse('alert.particular-missing', { particular: missing })
      return status === 'draft' ? [{ type: 'alert.submitted' }] : []
    }
    case 'alert.return':
      return status === 'submitted' ? [{ type: 'alert.returned', reason: command.reason }] : refuse('alert.not-submitted')
    case 'alert.discard':
      return [{ type: 'alert.discarded', reason: command.reason }]
    case 'alert.approve':
      return approve(state, draft, command, by)
    default:
      return unreachable(command)
  }
}

function approve(state: Alert, draft: Draft, command: Of<'alert.approve'>, by: By): readonly AlertEvent[] | Refusal {
  const { path, reason, made, consultation = null } = command
  if (state.status !== 'submitted') return refuse('alert.not-submitted')
  if (by.actor.kind !== 'post' || state.drafter === actorText(by.actor)) return refuse('alert.second-person')
  if (path === 'urgent' && reason === undefined) return refuse('alert.urgent-reason-missing')
  const [missing] = missingParticulars(draft, path)
  if (missing !== undefined) return refuse('alert.particular-missing', { particular: missing })
  if (path === 'ordinary' && needsConsultation(draft) && consultation !== 'held')
    return refuse('alert.consultation-missing', { colour: draft.colour })
  if (made === undefined) return refuse('alert.not-made')
  const { colour, hazard } = draft
  const { jurisdiction, owner } = state
  return [
    { type: 'alert.issued', path, ...(reason === undefined ? {} : { reason }), consultation, colour, hazard, jurisdiction, owner, ...made },
  ]
}

/** Red and orange for people to act on are consulted about before; what ends a warning is not. */
export const needsConsultation = ({ kind, status, colour }: Pick<Draft, 'kind' | 'status' | 'colour'>): boolean =>
  status === 'Actual' && (kind === 'warning' || kind === 'update') && colour !== null && atLeastAsGrave(colourLevel(colour), 2)

function adopt(state: Alert, { colour, hazard, reach }: Of<'alert.adopt'>): readonly AlertEvent[] | Refusal {
  const { status, made, jurisdiction } = state
  if (status === 'in-force' && made !== null && state.effect === 'show' && reach !== undefined) return widen(state, made, reach)
  if (status !== 'shown') return refuse('alert.not-adoptable', { status: `alert.${status}` })
  if (reach === undefined || made === null) return refuse('alert.not-made')
  return [{ type: 'alert.adopted', colour, hazard, jurisdiction, ...made, reach }]
}

/** Another territory takes up what one has taken up already; its colour stays what the first read in it. */
function widen({ colour, hazard, jurisdiction }: Alert, made: Made, more: Reach): readonly AlertEvent[] | Refusal {
  const reach = bothReach(made.reach, more)
  const none = reach.divisions.length === made.reach.divisions.length
  if (none || colour === null || hazard === null) return refuse('alert.not-adoptable', { status: 'alert.in-force' })
  return [{ type: 'alert.adopted', colour, hazard, jurisdiction, ...made, reach }]
}

/** All that lies under one or the other. */
export function bothReach(one: Reach, { divisions, sites }: Reach): Reach {
  const under = coveredBy(one.divisions.map(({ code }) => code))
  const known = new Set(one.sites.map(({ id }) => id))
  return {
    divisions: [...one.divisions, ...divisions.filter(({ code }) => !under(code))],
    sites: [...one.sites, ...sites.filter(({ id }) => !known.has(id))],
  }
}

/**
 * The weaker first: an Update takes the place of what it names, and so does an all-clear, which is one (CAP 1.2, 3.2.1); a Cancel
 * that names these as well ends what nothing had taken the place of. Whichever was heard of first (core/cap/chain.ts says the same).
 */
const ENDED = { cancel: 'cancelled', 'all-clear': 'lifted', update: 'replaced' } as const satisfies Record<string, AlertStatus>
const BY_STRENGTH: readonly AlertStatus[] = Object.values(ENDED)
/** Of several that end a message, the one that says how it ended. */
export const strongest = <T extends { readonly message: Message }>(all: readonly T[]): T | undefined =>
  all.toSorted((a, b) => strength(b.message) - strength(a.message))[0]
const strength = (message: Message): number => BY_STRENGTH.indexOf(ENDED[endsHow(message)])

function supersede({ status, effect: own, approver }: Alert, { by, how, effect }: Of<'alert.supersede'>): readonly AlertEvent[] {
  const shown = status === 'shown' || (own === 'show' && approver === null)
  const before = BY_STRENGTH.indexOf(status)
  const warned = status === 'shown' || status === 'in-force' || (before >= 0 && BY_STRENGTH.indexOf(ENDED[how]) > before)
  return warned && (shown || effect === 'act') ? [{ type: 'alert.superseded', by, how }] : []
}

function join({ made, incidentId: folder }: Alert, { chainId, incidentId }: Of<'alert.join'>): readonly AlertEvent[] | Refusal {
  if (made === null) return refuse('alert.not-made')
  if (made.chainId === chainId) return []
  return [{ type: 'alert.joined', chainId, incidentId, from: { chainId: made.chainId, incidentId: folder ?? made.incidentId } }]
}

function changed(state: Alert, event: Exclude<AlertEvent, { type: 'alert.drafted' | 'alert.received' }>, actor: string, at: string): Alert {
  switch (event.type) {
    case 'alert.revised':
      return { ...state, draft: event.draft, colour: event.draft.colour, hazard: event.draft.hazard, drafter: actor }
    case 'alert.submitted':
      return { ...state, status: 'submitted', returned: null, submittedAt: at }
    case 'alert.returned':
      return { ...state, status: 'draft', returned: event.reason }
    case 'alert.discarded':
      return { ...state, status: 'discarded', endedAt: at }
    case 'alert.issued': {
      const { type: _, path, reason = null, consultation, colour, hazard, jurisdiction: __, owner: ___, ...made } = event
      const said = { path, reason, consultation, colour, hazard, made, incidentId: made.incidentId }
      return { ...state, ...said, status: statusOf(made, 'in-force'), approver: actor, issuedAt: at }
    }
    case 'alert.adopted': {
      const { type: _, colour, hazard, jurisdiction: __, ...made } = event
      return { ...state, status: 'in-force', colour, hazard, made, approver: actor, issuedAt: at }
    }
    case 'alert.superseded':
      return { ...state, status: ENDED[event.how], endedAt: at, endedBy: event.by }
    case 'alert.expired':
      return { ...state, status: 'expired', endedAt: at }
    case 'alert.joined': {
      const { chainId, incidentId } = event
      return { ...state, incidentId, made: state.made === null ? null : { ...state.made, chainId, incidentId } }
    }
    default:
      return unreachable(event)
  }
}

/** A warning ends by itself when its last block expires. */
export function alertTimer(state: Alert | null): { readonly at: string; readonly command: Of<'alert.expire'> } | null {
  const expires = state?.made?.message.expires ?? null
  return state !== null && warns(state) && expires !== null ? { at: expires, command: { type: 'alert.expire' } } : null
}
