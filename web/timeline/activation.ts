import type { TimelineEntry } from '#core/view.ts'
import type { WordsApi } from '../words.ts'

type Told = { readonly text: string; readonly kind: string; readonly mark: 'decision' | 'end'; readonly key: true }

/** Plans and agreements activated and ended, and the end of the response. */
export function tellActivation({ type, data }: TimelineEntry, { t }: WordsApi): Told | null {
  const said = (name: string): string => (typeof data[name] === 'string' ? data[name] : '—')
  switch (type) {
    case 'incident.instrument-activated':
      return {
        text: said('text'),
        kind: t('timeline.instrument-activated', { instrument: said('instrumentId') }),
        mark: 'decision',
        key: true,
      }
    case 'incident.instrument-terminated':
      return {
        text: said('reason'),
        kind: t('timeline.instrument-terminated', { instrument: said('instrumentId') }),
        mark: 'end',
        key: true,
      }
    case 'incident.response-terminated':
      return { text: said('reason'), kind: t('timeline.response-terminated'), mark: 'end', key: true }
    default:
      return null
  }
}
