import { endsHow, isWarning, type AlertEvent, type Made } from '../alert.ts'
import type { Recorded } from '../event.ts'
import type { Happened, ObligationEvent } from '../obligation.ts'
import type { Colour } from '../level.ts'
import { covers, divisionPath, NATION } from '../place.ts'
import type { LinkageView, Reaction } from './view.ts'

/** The events of the alert room that reach an incident. */
export const WARNINGS: readonly (AlertEvent | ObligationEvent)['type'][] = [
  'alert.issued',
  'alert.received',
  'alert.adopted',
  'alert.expired',
  'obligation.called',
]

/** A warning that takes effect here: an own one, one of a source that is answered for, one that somebody adopted. */
type InEffect = Made & {
  readonly colour: Colour | null
  readonly hazard: string
  readonly jurisdiction: string
  readonly owner: string | null
}

/**
 * A warning enters the record of its incident, which is opened for it where there is none, and there the clauses in force
 * find it. What replaces, cancels or lifts it says so to the earlier messages; once it is over, what is still open because
 * of it is released, and an incident that never happened is closed. Only Actual does anything (CAP 1.2, 3.2.1).
 */
export function warned(event: Recorded, view: LinkageView): readonly Reaction[] {
  if (event.type === 'alert.expired') {
    const { chainId, hazard } = event.data as { readonly chainId: string; readonly hazard: string | null }
    return lifted(event, view, { chainId, hazard, owner: null, text: '预警到期，未另行解除 Warning expired' })
  }
  if (event.type === 'obligation.called') return answeredByCall(event, view)
  const said = inEffect(event)
  // What is only shown replaces what is only shown; a warning in force stays until somebody adopts its update.
  if (said === null) return event.type === 'alert.received' ? supersede(event, event.data as Made, 'show', view) : []
  const superseded = supersede(event, said, 'act', view)
  const { message, chainId, hazard, owner, incidentId } = said
  // A private message is for whom it is addressed to: nobody else owes anything because of it.
  if (message.status !== 'Actual' || message.scope === 'Private' || event.incidentId === null) return superseded
  const text = headline(said)
  if (!isWarning(message)) return [...superseded, ...lifted(event, view, { chainId, hazard, owner, text })]
  if (said.supersededBy !== null || said.colour === null) return superseded
  const note: Reaction = {
    ...follows(event, view, 'incident', incidentId, 'note'),
    command: {
      type: 'incident.note',
      kind: 'warning',
      text,
      organization: owner,
      colour: said.colour,
      subject: hazard,
      data: { alertId: event.stream.slice('alert/'.length), chainId },
    },
  }
  return view.incident === null ? [opened(event, view, said), ...superseded, note] : [...superseded, note]
}

/** A live person who was reached by a call has answered for the organization, in the words that the caller took down. */
function answeredByCall(event: Recorded, view: LinkageView): readonly Reaction[] {
  const { outcome, way, text, by } = event.data as Happened<'obligation.called'>
  const state = view.obligations.get(event.stream.slice('obligation/'.length))
  if (outcome !== 'answered' || text === null || state?.warning?.stage !== 'answer' || event.incidentId === null) return []
  return [
    {
      ...follows(event, view, 'incident', event.incidentId, 'answered'),
      command: {
        type: 'incident.note',
        kind: 'warning-acknowledged',
        text,
        organization: state.debtor,
        sources: [`${way} ${by === null ? '' : (view.relations.find(by)?.name['zh-CN'] ?? '')}`.trim()],
        data: { chainId: state.warning.alertId },
      },
    },
  ]
}

function inEffect(event: Recorded): InEffect | null {
  if (event.type === 'alert.issued' || event.type === 'alert.adopted') return { owner: null, ...(event.data as Omit<InEffect, 'owner'>) }
  if (event.type !== 'alert.received') return null
  const data = event.data as Omit<InEffect, 'owner' | 'hazard'> & { readonly effect: 'act' | 'show'; readonly hazard: string | null }
  // What ends a warning is no less in effect when nobody knows the hazard that it names.
  return data.effect === 'show' || (data.hazard === null && isWarning(data.message))
    ? null
    : { ...data, owner: null, hazard: data.hazard ?? 'unknown' }
}

/** What is restricted (CAP 1.2, 3.2.1) is not told in a record that the whole territory reads; that something is owed is. */
const headline = ({ message: { blocks, identifier, scope } }: InEffect): string => {
  if (scope !== 'Public') return '受限预警 Restricted warning'
  const block = blocks.find(({ language }) => language.toLowerCase().startsWith('zh')) ?? blocks[0]
  return block?.headline ?? block?.event ?? identifier
}

type Head<Room> = {
  readonly room: Room
  readonly id: string
  readonly commandId: string
  readonly basis: null
  readonly occurredAt: string
}
const follows = <Room extends string>(event: Recorded, view: LinkageView, room: Room, id: string, what: string): Head<Room> => ({
  room,
  id,
  commandId: view.idFrom(`${what}|${id}|${event.position}`),
  basis: null,
  occurredAt: event.occurredAt,
})

function opened(event: Recorded, view: LinkageView, said: InEffect): Reaction {
  return {
    ...follows(event, view, 'incident', said.incidentId, 'report'),
    command: {
      type: 'incident.report',
      title: headline(said).slice(0, 200),
      place: null,
      jurisdiction: commonDivision(said),
      hazard: said.hazard,
      class: null,
      unitInvolved: null,
      text: headline(said),
      zone: 'Asia/Shanghai',
      reportedBy: said.owner,
      expected: true,
    },
  }
}

/** The smallest territory that holds all that is reached; where nothing is, the issuer's. */
export function commonDivision({ reach, jurisdiction }: Pick<InEffect, 'reach' | 'jurisdiction'>): string {
  const [first, ...others] = reach.divisions
  if (first === undefined) return jurisdiction
  return divisionPath(first.code).find((code) => others.every((one) => covers(code, one.code))) ?? NATION
}

const supersede = (event: Recorded, { message, supersedes }: Made, effect: 'act' | 'show', view: LinkageView): readonly Reaction[] =>
  supersedes.map((id) => ({
    ...follows(event, view, 'alert', id, 'supersede'),
    command: { type: 'alert.supersede', by: event.stream.slice('alert/'.length), how: endsHow(message), effect },
  }))

type Lifting = { readonly chainId: string; readonly hazard: string | null; readonly owner: string | null; readonly text: string }

function lifted(event: Recorded, view: LinkageView, { chainId, hazard, owner, text }: Lifting): readonly Reaction[] {
  const { incident, obligations } = view
  if (incident === null || event.incidentId === null) return []
  const note: Reaction = {
    ...follows(event, view, 'incident', event.incidentId, 'note'),
    command: {
      type: 'incident.note',
      kind: 'warning-lifted',
      text,
      organization: owner,
      ...(hazard === null ? {} : { subject: hazard }),
      data: { chainId },
    },
  }
  const released: Reaction[] = []
  let others = false
  for (const { id, state } of obligations.open())
    if (state.warning?.alertId === chainId)
      released.push({
        ...follows(event, view, 'obligation', id, 'release'),
        command: { type: 'obligation.release', reason: 'warning-lifted' },
      })
    else others ||= state.warning !== undefined
  const over = incident.expected === true && incident.closedAt === null && incident.responseLevel === null && !others
  if (!over) return [note, ...released]
  return [
    note,
    ...released,
    { ...follows(event, view, 'incident', event.incidentId, 'close'), command: { type: 'incident.close', reason: text } },
  ]
}
