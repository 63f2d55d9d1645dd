import type { TimelineEntry } from '#core/view.ts'
import type { WordsApi } from '../words.ts'
import type { Told } from './tell.ts'

type Said = Pick<Told, 'text' | 'mark' | 'tone' | 'key'>
type Names = { readonly act: string | null; readonly nameOf: (id: unknown) => string; readonly zone?: string }

/** What supervision did, in a sentence; null for a type that is not known here. */
export function tellFinding({ type, data }: TimelineEntry, { act, nameOf, zone }: Names, words: WordsApi): Said | null {
  const { t, code } = words
  const said = (name: string): string => {
    const value = data[name]
    return typeof value === 'string' ? value : ''
  }
  const text = said('text')
  const stepTo = { step: code('finding.step', said('step')), to: nameOf(data['to']) }
  const climb = { mark: 'climb', tone: 'late', key: true } as const
  const word = { mark: 'fact', tone: 'grey', key: false } as const
  const decision = { mark: 'decision', tone: 'soon', key: true } as const
  const done = { mark: 'done', tone: 'grey', key: true } as const
  switch (type) {
    case 'finding.raised':
      return { ...climb, mark: 'late', text: t('event.finding.raised', { kind: code('finding.kind', said('kind')), act: act ?? '' }) }
    case 'finding.reopened':
      return { ...climb, text: t('event.finding.reopened') }
    case 'finding.climbed':
      return { ...climb, key: said('step') === 'superior', text: t('event.finding.climbed', stepTo) }
    case 'finding.measure-due':
      return { ...climb, text: t('event.finding.measure-due', stepTo) }
    case 'finding.mended':
      return {
        ...done,
        text: said('lateBy') === '' ? t('event.finding.mended') : t('event.finding.mended-late', { time: words.duration(said('lateBy')) }),
      }
    case 'finding.withdrawn':
      return { ...done, text: t('event.finding.withdrawn', { cause: code('finding.outcome', said('cause')) }) }
    case 'finding.urged':
      return { ...word, text: t('event.finding.urged', { text }) }
    case 'finding.answered':
      return { ...word, text: t('event.finding.answered', { text }) }
    case 'finding.interviewed':
      return { ...decision, text: t('event.finding.interviewed', { text }) }
    case 'finding.sanction-proposed':
      return { ...decision, text: t('event.finding.sanction-proposed', { text, article: said('article') }) }
    case 'finding.objected':
      return { ...decision, text: t('event.finding.objected', { text: said('reason') }) }
    case 'finding.checked':
      return {
        ...decision,
        text: said('outcome') === 'upheld' ? t('event.finding.checked-upheld', { text }) : t('event.finding.checked-dismissed', { text }),
      }
    case 'finding.rectification-ordered':
      return { ...decision, text: t('event.finding.rectification-ordered', { text, due: words.short(said('dueAt'), zone) }) }
    case 'finding.rectification-lapsed':
      return { ...climb, text: t('event.finding.rectification-lapsed') }
    case 'finding.rectified':
      return { ...done, text: t('event.finding.rectified', { text: said('evidence') }) }
    case 'finding.verified':
      return data['accepted'] === true
        ? { ...done, text: t('event.finding.verified', { text }) }
        : { ...decision, text: t('event.finding.verified-not', { text }) }
    case 'finding.closed':
      return { ...done, text: t('event.finding.closed', { text: said('reason') }) }
    default:
      return null
  }
}
