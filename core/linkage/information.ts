import type { Recorded } from '../event.ts'
import { questionKey, questionName, type Delivered, type InformationEvent } from '../information.ts'
import { rumourSubject, type ReleaseEvent } from '../release.ts'
import type { SitrepEvent } from '../sitrep.ts'
import type { LinkageView, Reaction } from './view.ts'

/** What makes information, and what information makes of an incident. */
export const INFORMS = [
  'sitrep.filed',
  'sitrep.corrected',
  'information.delivered',
  'information.release-outdated',
  'release.published',
  'release.rumour-noted',
] as const

type Happened<E extends { readonly type: string }, T extends E['type']> = Extract<E, { readonly type: T }>
type Note = Extract<Reaction, { room: 'incident' }>['command']

const NOTE_MAX = 4000

/**
 * The facts of a report enter the questions that they answer; what is given, published or heard as a rumour is noted in the
 * incident in the kinds that clauses wait for; and a release learns when a figure that it stated does not hold any more.
 */
export function informed(event: Recorded, view: LinkageView): readonly Reaction[] {
  switch (event.type) {
    case 'sitrep.filed':
      return filed(event, view)
    case 'sitrep.corrected':
      return corrected(event, view)
    case 'information.delivered':
      return delivered(event, view)
    case 'information.release-outdated': {
      const { release, key, stated, value } = event.data as Happened<InformationEvent, 'information.release-outdated'>
      const commandId = view.idFrom(`release-outdated|${release}|${event.position}`)
      return [
        {
          room: 'release',
          id: release,
          commandId,
          basis: null,
          occurredAt: event.occurredAt,
          command: { type: 'release.mark-outdated', key, stated, value },
        },
      ]
    }
    case 'release.published':
      return published(event, view)
    case 'release.rumour-noted': {
      const { text } = event.data as Happened<ReleaseEvent, 'release.rumour-noted'>
      return note(event, view, 'rumour', { kind: 'rumour', text, subject: rumourSubject(idOf(event)) })
    }
    default:
      return []
  }
}

const idOf = ({ stream }: Recorded): string => stream.slice(stream.indexOf('/') + 1)
/** One assertion for each fact of a report, however often the fact is corrected. */
const assertionName = (stream: string, key: string): string => `assertion|${stream}|${key}`
/** A blank says nothing. */
const isSaid = (value: string | number): boolean => typeof value === 'number' || value.trim() !== ''

function filed(event: Recorded, view: LinkageView): readonly Reaction[] {
  const { incidentId, from, facts } = event.data as Happened<SitrepEvent, 'sitrep.filed'>
  return facts
    .filter(({ value, source }) => isSaid(value) && source.trim() !== '')
    .map(({ key, value, unit, source, occurredAt }) => {
      const assertion = view.idFrom(assertionName(event.stream, key))
      return {
        room: 'information',
        id: view.idFrom(questionName(incidentId, key)),
        commandId: view.idFrom(`command|${assertion}`),
        basis: null,
        occurredAt: event.occurredAt,
        command: {
          type: 'information.assert',
          incidentId,
          key: questionKey(key),
          value,
          unit,
          source,
          confidence: 'reported',
          asOf: occurredAt,
          saidBy: from,
          replaces: 'own',
          assertion,
          sitrep: idOf(event),
        },
      }
    })
}

function corrected(event: Recorded, view: LinkageView): readonly Reaction[] {
  const { key, value, unit, source, occurredAt, reason } = event.data as Happened<SitrepEvent, 'sitrep.corrected'>
  if (event.incidentId === null || !isSaid(value) || source.trim() === '') return []
  const assertion = view.idFrom(assertionName(event.stream, key))
  return [
    {
      room: 'information',
      id: view.idFrom(questionName(event.incidentId, key)),
      commandId: view.idFrom(`correct|${assertion}|${event.position}`),
      basis: null,
      occurredAt: event.occurredAt,
      command: { type: 'information.correct', assertion, value, unit, source, confidence: 'reported', asOf: occurredAt, reason },
    },
  ]
}

/** `key：value unit（source）`, side by side where they differ. */
const sentence = (key: string, said: readonly Delivered[]): string =>
  `${key}：${said.map(({ scope, value, unit, source }) => `${scope === null ? '' : `${scope} `}${value}${unit === null ? '' : ` ${unit}`}（${source}）`).join('；')}`

function delivered(event: Recorded, view: LinkageView): readonly Reaction[] {
  const { cause, from, to, said, subject, complete, note: words, key } = event.data as Happened<InformationEvent, 'information.delivered'>
  if (cause !== 'given') return []
  const text = words === null || words === '' ? sentence(key, said) : `${sentence(key, said)}。${words}`
  return note(event, view, 'delivered', {
    kind: 'information-provided',
    text: text.slice(0, NOTE_MAX),
    organization: from,
    target: [...to],
    subject,
    complete,
  })
}

function published(event: Recorded, view: LinkageView): readonly Reaction[] {
  const data = event.data as Happened<ReleaseEvent, 'release.published'>
  const { kind, channels, text, organization, states, corrects, rumours, needs, title } = data
  const id = idOf(event)
  const said = { text: `${title}：${text['zh-CN']}`.slice(0, NOTE_MAX), organization }
  const kinds = [
    ...(kind === 'needs' ? ['needs-published'] : ['public-information']),
    ...(kind !== 'needs' && channels.includes('press-conference') ? ['press-conference'] : []),
  ]
  const base = { basis: null, occurredAt: event.occurredAt }
  return [
    ...kinds.flatMap((one) =>
      note(event, view, one, { kind: one, ...said, ...(kind === 'needs' ? { data: { needs: needs.length } } : {}) }),
    ),
    ...rumours.flatMap((rumour) =>
      note(event, view, `rumour|${rumour}`, { kind: 'rumour-corrected', ...said, subject: rumourSubject(rumour) }),
    ),
    ...rumours.map((rumour): Reaction => ({
      ...base,
      room: 'release',
      id: rumour,
      commandId: view.idFrom(`correct-rumour|${rumour}|${event.position}`),
      command: { type: 'release.correct-rumour', by: id },
    })),
    ...(corrects === null
      ? []
      : [
          {
            ...base,
            room: 'release' as const,
            id: corrects,
            commandId: view.idFrom(`corrected|${corrects}|${event.position}`),
            command: { type: 'release.note-corrected' as const, by: id },
          },
        ]),
    ...states.map(({ key, value, unit }): Reaction => ({
      ...base,
      room: 'information',
      id: view.idFrom(questionName(data.incidentId, key)),
      commandId: view.idFrom(`stated|${id}|${key}|${event.position}`),
      command: { type: 'information.note-release', release: id, value, unit },
    })),
  ]
}

function note(
  event: Recorded,
  view: LinkageView,
  name: string,
  said: Omit<Extract<Note, { type: 'incident.note' }>, 'type'>,
): readonly Reaction[] {
  if (event.incidentId === null) return []
  const commandId = view.idFrom(`information-note|${event.stream}|${event.version}|${name}`)
  return [
    {
      room: 'incident',
      id: event.incidentId,
      commandId,
      basis: null,
      occurredAt: event.occurredAt,
      command: { type: 'incident.note', ...said },
    },
  ]
}
