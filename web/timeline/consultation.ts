import type { TimelineEntry } from '#core/view.ts'
import type { WordsApi } from '../words.ts'
import type { Told } from './tell.ts'

type Said = Pick<Told, 'text' | 'mark' | 'tone' | 'key'>

/** What happens to a consultation, in a sentence; null for anything else. */
export function tellConsultation({ type, data }: TimelineEntry, nameOf: (id: unknown) => string, { t, code }: WordsApi): Said | null {
  const said = (name: string): string => {
    const value = data[name]
    return typeof value === 'string' ? value : ''
  }
  const fact = { mark: 'fact', tone: 'grey', key: false } as const
  const decision = { mark: 'decision', tone: 'accent', key: true } as const
  const who = nameOf(data['organization'])
  switch (type) {
    case 'consultation.convened':
      return { ...decision, key: false, text: t('event.consultation.convened', { title: said('title') }) }
    case 'consultation.invited':
      return {
        ...fact,
        text: t('event.consultation.invited', { count: Array.isArray(data['participants']) ? data['participants'].length : 0 }),
      }
    case 'consultation.attended':
      return { ...fact, text: t('event.consultation.attended', { who }) }
    case 'consultation.declined':
      return { ...fact, tone: 'soon', text: t('event.consultation.declined', { who, reason: said('reason') }) }
    case 'consultation.view-stated': {
      const colour = said('colour')
      const view = [code('consultation.view', said('view')), ...(colour === '' ? [] : [code('colour', colour)])].join(' ')
      return { ...fact, text: t('event.consultation.view-stated', { who, view }) }
    }
    case 'consultation.forecast-attached':
      return { ...fact, text: t('event.consultation.forecast-attached', { who, text: said('source') }) }
    case 'consultation.opened':
      return { ...fact, text: t('event.consultation.opened') }
    case 'consultation.concluded': {
      const outcome = code('consultation.outcome', said('outcome'))
      return { ...decision, text: t('event.consultation.concluded', { outcome, reason: said('reason') }) }
    }
    case 'consultation.cancelled':
      return { ...fact, text: t('event.consultation.cancelled', { reason: said('reason') }) }
    case 'consultation.linked':
      return { ...fact, text: t('event.consultation.linked') }
    case 'consultation.supplemented':
      return { ...fact, text: t('event.consultation.supplemented', { who, text: said('text') }) }
    default:
      return null
  }
}
