import type { Words } from '#core/event.ts'
import type { TimelineEntry } from '#core/view.ts'
import type { WordsApi } from '../words.ts'
import type { Told } from './tell.ts'

const text = (data: TimelineEntry['data'], name: string): string => (typeof data[name] === 'string' ? data[name] : '')

function actOf(data: TimelineEntry['data'], { words, t }: WordsApi): string {
  const act = data['actWords'] as Words | undefined
  return act === undefined ? t('event.an-obligation') : words(act)
}

/** Objectives, phases and the area of an incident in a sentence; null for everything else. */
export function tellCourse({ type, data }: TimelineEntry, words: WordsApi): Told | null {
  const { t, code } = words
  const plain = { kind: null, mark: 'decision', tone: 'grey', key: true, notes: [], correction: null } as const
  switch (type) {
    case 'objective.set':
      return { ...plain, text: t('event.objective.set', { title: text(data, 'title') }), tone: 'accent' }
    case 'objective.revised':
      return { ...plain, text: t('event.objective.revised', { title: text(data, 'title') }), key: false }
    case 'objective.linked':
      return { ...plain, text: data['parent'] === null ? t('event.objective.unlinked') : t('event.objective.linked'), key: false }
    case 'objective.achieved':
      return { ...plain, text: t('event.objective.achieved', { text: text(data, 'evidence') }), mark: 'done' }
    case 'objective.dropped':
      return { ...plain, text: t('event.objective.dropped', { text: text(data, 'reason') }) }
    case 'obligation.linked':
      return { ...plain, text: t('event.obligation.linked', { act: actOf(data, words) }), mark: 'fact', key: false }
    case 'incident.phase-entered':
      return { ...plain, text: t('event.incident.phase-entered', { phase: code('phase', text(data, 'phase')) }), tone: 'accent' }
    case 'incident.phase-closed':
      return { ...plain, text: t('event.incident.phase-closed', { phase: code('phase', text(data, 'phase')) }), mark: 'end' }
    case 'incident.area-marked': {
      const count = Array.isArray(data['affected']) ? data['affected'].length : 0
      return { ...plain, text: t('event.incident.area-marked', { count, source: text(data, 'source') }), tone: 'accent' }
    }
    default:
      return null
  }
}
