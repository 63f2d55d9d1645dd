import type { TimelineEntry } from '#core/view.ts'
import type { WordsApi } from '../words.ts'
import type { Told } from './tell.ts'

type Said = Pick<Told, 'text'> & Partial<Told>
const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')

/** What happens to facts and to public releases, in a sentence; null for what is neither. */
export function tellInformation({ type, data }: TimelineEntry, nameOf: (id: unknown) => string, words: WordsApi): Said | null {
  return type.startsWith('information.')
    ? tellFact(type, data, nameOf, words)
    : type.startsWith('release.')
      ? tellRelease(type, data, words)
      : null
}

function tellFact(type: string, data: TimelineEntry['data'], nameOf: (id: unknown) => string, { t, code }: WordsApi): Said | null {
  const fact = code('fact', text(data['key']))
  const unit = text(data['unit'])
  const value = `${text(data['value'])}${unit === '' ? '' : ` ${unit}`}`
  const count = Array.isArray(data['to']) ? data['to'].length : 0
  const reason = text(data['reason'])
  switch (type) {
    case 'information.asked':
      return { text: t('event.information.asked', { fact }) }
    case 'information.asserted':
      return {
        text: t('event.information.asserted', {
          fact: text(data['source']),
          value,
          who: data['saidBy'] === null ? text(data['source']) : nameOf(data['saidBy']),
        }),
      }
    case 'information.corrected':
      return { text: t('event.information.corrected', { fact: text(data['source']), value, reason }), mark: 'correction' }
    case 'information.withdrawn':
      return { text: t('event.information.withdrawn', { reason }), mark: 'correction' }
    case 'information.reconciled':
      return { text: t('event.information.reconciled', { value, reason }), mark: 'decision', tone: 'accent', key: true }
    case 'information.delivered':
      return data['cause'] === 'correction'
        ? { text: t('event.information.correction', { count, fact }), mark: 'correction', tone: 'soon', key: true }
        : { text: t('event.information.delivered', { count, fact }) }
    case 'information.receipted':
      return { text: t('event.information.receipted') }
    case 'information.released':
      return { text: t('event.information.released') }
    case 'information.release-outdated':
      return { text: t('event.information.outdated', { fact, stated: text(data['stated']) }), mark: 'correction', tone: 'late', key: true }
    default:
      return null
  }
}

function tellRelease(type: string, data: TimelineEntry['data'], { t, code }: WordsApi): Said | null {
  const title = text(data['title'])
  switch (type) {
    case 'release.drafted':
      return { text: t('event.release.drafted', { title }) }
    case 'release.revised':
      return { text: t('event.release.revised', { title }) }
    case 'release.approved':
      return { text: t('event.release.approved') }
    case 'release.published':
      return {
        text: t('event.release.published', { kind: code('release.kind', text(data['kind'])), title }),
        mark: 'decision',
        tone: 'accent',
        key: true,
      }
    case 'release.withdrawn':
      return { text: t('event.release.withdrawn', { reason: text(data['reason']) }) }
    case 'release.receipted':
      return { text: t('event.release.receipted') }
    case 'release.rumour-noted':
      return { text: t('event.release.rumour-noted', { text: text(data['text']) }), tone: 'soon', key: true }
    case 'release.outdated':
      return { text: t('event.release.outdated', { fact: code('fact', text(data['key'])) }), mark: 'correction', tone: 'late' }
    case 'release.corrected':
      return { text: t('event.release.corrected'), mark: 'correction' }
    case 'release.rumour-corrected':
      return { text: t('event.release.rumour-corrected'), mark: 'correction' }
    default:
      return null
  }
}
