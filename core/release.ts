/** Public releases 信息发布: drafted, approved by another person, held against the facts, published, corrected; and rumours. */
import type { Thing } from './authority.ts'
import { refuse, unreachable, type By, type Decider, type Refusal } from './decider.ts'
import { actorFrom, type Stamp } from './event.ts'
import { problemsOf } from './release/check.ts'
import {
  CONTENT,
  type Known,
  type Of,
  type PublicRelease,
  type Release,
  type ReleaseCommand,
  type ReleaseContent,
  type ReleaseEvent,
} from './release/command.ts'

export * from './release/check.ts'
export * from './release/command.ts'

/** Our targets (requirement S0-19); no article gives a figure (Emergency Response Law art. 72 para. 3). */
export const FIRST_NEEDS_WITHIN = 'PT30M'
export const NEEDS_REFRESHED_EVERY = 'PT2H'

const OUTDATED_MAX = 100

/** What the notes of the incident call this rumour, so that its correction discharges the duty to correct it and no other. */
export const rumourSubject = (id: string): string => `rumour-${id.slice(0, 8)}${id.slice(-6)}`

export const release: Decider<Release | null, ReleaseCommand, ReleaseEvent> = {
  initial: null,

  decide(state, command, by) {
    if (command.type === 'release.draft') return state === null ? draft(command) : refuse('release.already-drafted')
    if (command.type === 'release.note-rumour') return state === null ? noteRumour(command, by) : refuse('release.already-drafted')
    if (state === null) return refuse('release.unknown')
    if (state.sort === 'rumour')
      return command.type !== 'release.correct-rumour'
        ? refuse('release.is-a-rumour')
        : state.correctedBy === null
          ? [{ type: 'release.rumour-corrected', by: command.by }]
          : []
    return conduct(state, command, by)
  },

  evolve(state, event, stamp) {
    const hand = handOf(stamp)
    if (event.type === 'release.drafted') {
      const { type: _, ...drafted } = event
      const nothing = { approved: null, published: null, withdrawal: null, outdated: [], correctedBy: null, receipts: [] }
      return { sort: 'release', ...drafted, ...nothing, status: 'draft', drafted: hand }
    }
    if (event.type === 'release.rumour-noted') {
      const { type: _, ...noted } = event
      return { sort: 'rumour', ...noted, notedAt: stamp.recordedAt, notedBy: hand.organization, correctedBy: null, correctedAt: null }
    }
    if (state === null) return state
    if (state.sort === 'rumour')
      return event.type === 'release.rumour-corrected' ? { ...state, correctedBy: event.by, correctedAt: stamp.occurredAt } : state
    return evolved(state, event, stamp)
  },
}

function handOf(stamp: Stamp): PublicRelease['drafted'] {
  const actor = actorFrom(stamp.actor)
  return actor.kind === 'post'
    ? { organization: actor.organizationId, post: actor.postId, at: stamp.occurredAt }
    : { organization: null, post: null, at: stamp.occurredAt }
}

/** Of a command or a release only what its draft says; an `approver` left out is null. */
export const contentOf = (from: Omit<ReleaseContent, 'approver'> & Pick<Of<'release.revise'>, 'approver'>): ReleaseContent =>
  Object.fromEntries(CONTENT.map((field) => [field, from[field] ?? null])) as ReleaseContent

function draft(command: Of<'release.draft'>): readonly ReleaseEvent[] | Refusal {
  const { incidentId, jurisdiction, known } = command
  if (jurisdiction === undefined || known === undefined) return refuse('incident.unknown')
  return malformed(command, known) ?? [{ type: 'release.drafted', incidentId, jurisdiction, ...contentOf(command) }]
}

/** What its kind demands, whatever the facts say. */
function malformed(content: Pick<ReleaseContent, 'kind' | 'corrects' | 'needs' | 'rumours' | 'states'>, known: Known): Refusal | null {
  const { kind, corrects, needs, rumours, states } = content
  const twice = states.find((one, i) => states.findIndex((other) => other.key === one.key) !== i)
  if (twice) return refuse('release.fact-twice', { fact: twice.key })
  if (kind === 'needs' && needs.length === 0) return refuse('release.no-needs')
  if (kind !== 'needs' && needs.length > 0) return refuse('release.needs-elsewhere')
  if (kind === 'correction' && corrects === null && rumours.length === 0) return refuse('release.corrects-nothing')
  if (kind !== 'correction' && corrects !== null) return refuse('release.not-a-correction')
  return known.found ? null : refuse('release.corrected-unknown')
}

/** First things first: a follow-up or a closing release follows a first one. */
function untimely({ kind }: Pick<ReleaseContent, 'kind'>, known: Known): Refusal | null {
  if (kind === 'first' && known.first) return refuse('release.first-already-published')
  return (kind === 'follow-up' || kind === 'closing') && !known.first ? refuse('release.no-first') : null
}

function noteRumour(command: Of<'release.note-rumour'>, by: By): readonly ReleaseEvent[] | Refusal {
  const { incidentId, jurisdiction, text, whereSeen, seenAt = by.occurredAt } = command
  if (jurisdiction === undefined) return refuse('incident.unknown')
  return seenAt > by.at
    ? refuse('information.in-future', { asOf: seenAt })
    : [{ type: 'release.rumour-noted', incidentId, jurisdiction, text, whereSeen, seenAt }]
}

type Conduct = Exclude<ReleaseCommand, Of<'release.draft' | 'release.note-rumour'>>

function conduct(state: PublicRelease, command: Conduct, by: By): readonly ReleaseEvent[] | Refusal {
  switch (command.type) {
    case 'release.revise':
      if (state.status === 'published' || state.status === 'withdrawn') return refuse('release.already-ended', { status: state.status })
      if (command.known === undefined) return refuse('incident.unknown')
      return (
        malformed(command, command.known) ?? [
          { type: 'release.revised', ...contentOf({ ...command, approver: command.approver ?? state.approver }) },
        ]
      )
    case 'release.approve':
    case 'release.publish':
      return command.known === undefined ? refuse('incident.unknown') : goOut(state, command.type, command.known, by)
    case 'release.withdraw':
      return state.status === 'published' || state.status === 'withdrawn'
        ? refuse('release.already-ended', { status: state.status })
        : [{ type: 'release.withdrawn', reason: command.reason }]
    case 'release.receipt': {
      const organization = by.actor.kind === 'post' ? by.actor.organizationId : null
      if (state.status !== 'published' || organization === null || !state.audience.includes(organization))
        return refuse('release.not-of-the-audience')
      return state.receipts.some((one) => one.organization === organization) ? [] : [{ type: 'release.receipted', organization }]
    }
    case 'release.mark-outdated': {
      const { key, stated, value } = command
      const known = state.outdated.some((one) => one.key === key && one.value === value)
      return state.status !== 'published' || known || state.outdated.length >= OUTDATED_MAX
        ? []
        : [{ type: 'release.outdated', key, stated, value }]
    }
    case 'release.note-corrected':
      return state.status !== 'published' || state.correctedBy !== null ? [] : [{ type: 'release.corrected', by: command.by }]
    case 'release.correct-rumour':
      return refuse('release.not-a-rumour')
    default:
      return unreachable(command)
  }
}

/** Held against the facts when it is approved and once more when it goes out; two persons see it before anybody else does. */
function goOut(state: PublicRelease, type: 'release.approve' | 'release.publish', known: Known, by: By): readonly ReleaseEvent[] | Refusal {
  if (state.status === 'published' || state.status === 'withdrawn') return refuse('release.already-ended', { status: state.status })
  const problem = malformed(state, known) ?? untimely(state, known) ?? problemsOf(state, known.facts)[0]
  if (problem !== undefined) return problem
  if (type === 'release.publish') {
    if (state.status !== 'approved') return refuse('release.not-approved')
    const organization = by.actor.kind === 'post' ? by.actor.organizationId : state.drafted.organization
    return [{ type: 'release.published', incidentId: state.incidentId, organization, ...contentOf(state) }]
  }
  if (state.status === 'approved') return []
  return by.actor.kind === 'post' && by.actor.postId === state.drafted.post
    ? refuse('release.own-approval')
    : [{ type: 'release.approved' }]
}

function evolved(state: PublicRelease, event: ReleaseEvent, stamp: Stamp): PublicRelease {
  switch (event.type) {
    case 'release.revised': {
      const { type: _, ...content } = event
      // Whoever changes it has drafted it anew, and what was approved was another text.
      return { ...state, ...content, status: 'draft', approved: null, drafted: handOf(stamp) }
    }
    case 'release.approved':
      return { ...state, status: 'approved', approved: handOf(stamp) }
    case 'release.published':
      return { ...state, status: 'published', published: handOf(stamp) }
    case 'release.withdrawn':
      return { ...state, status: 'withdrawn', withdrawal: event.reason }
    case 'release.receipted':
      return { ...state, receipts: [...state.receipts, { organization: event.organization, at: stamp.occurredAt }] }
    case 'release.outdated': {
      const { type: _, ...one } = event
      return { ...state, outdated: [...state.outdated, { ...one, at: stamp.recordedAt }] }
    }
    case 'release.corrected':
      return { ...state, correctedBy: event.by }
    case 'release.drafted':
    case 'release.rumour-noted':
    case 'release.rumour-corrected':
      return state
    default:
      return unreachable(event)
  }
}

export const isOut = (state: Release): boolean => state.sort === 'rumour' || state.status === 'published'

/** Before it is out: whoever drafted it and whoever approves it. Afterwards also the audience. */
export function releaseParties(state: Release): readonly string[] {
  const named =
    state.sort === 'rumour'
      ? [state.notedBy]
      : [state.drafted.organization, state.approver, state.approved?.organization, ...(isOut(state) ? state.audience : [])]
  return [...new Set(named.filter((id) => id !== null && id !== undefined))]
}

/** `owner`: who approves. `debtor` is left out: nothing is owed by it. */
export function releaseThing(state: Release | null, command: ReleaseCommand): Thing {
  if (state === null) {
    const jurisdiction = 'jurisdiction' in command ? (command.jurisdiction ?? null) : null
    return { jurisdiction, parties: [] }
  }
  const owner = state.sort === 'rumour' ? null : state.approver
  return { jurisdiction: state.jurisdiction, owner, parties: releaseParties(state) }
}
