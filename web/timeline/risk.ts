import type { TimelineEntry } from '#core/view.ts'
import type { WordsApi } from '../words.ts'
import type { Told } from './tell.ts'

type Said = Pick<Told, 'text' | 'mark' | 'tone' | 'key'>

/** What happened to a risk item, and what of an incident was carried over, in a sentence; null for a type that is not known here. */
export function tellRisk({ type, data }: TimelineEntry, words: WordsApi): Said | null {
  const { t, code } = words
  const said = (name: string): string => {
    const value = data[name]
    return typeof value === 'string' ? value : ''
  }
  const name = words.words(bothOf(data['name']))
  const text = said('text')
  const fact = { mark: 'fact', tone: 'grey', key: false } as const
  const done = { mark: 'done', tone: 'grey', key: true } as const
  const decision = { mark: 'decision', tone: 'grey', key: true } as const
  switch (type) {
    case 'risk.registered':
      return { ...decision, text: t('event.risk.registered', { name }) }
    case 'risk.stated':
      return { ...fact, text: t('event.risk.stated', { source: said('source') }) }
    case 'risk.stored':
      return { ...fact, text: t('event.risk.stored', { count: Array.isArray(data['substances']) ? data['substances'].length : '—' }) }
    case 'risk.confirmed':
      return { ...fact, text: t('event.risk.confirmed', { source: said('source') }) }
    case 'risk.appointed':
      return { ...decision, text: t('event.risk.appointed', { text: said('reason') }) }
    case 'risk.inspected':
      return { ...decision, text: t('event.risk.inspected', { result: code('risk.result', said('result')), text }) }
    case 'risk.danger-found':
      return { mark: 'late', tone: 'soon', key: true, text: t('event.risk.danger-found', { text, due: words.short(said('dueAt')) }) }
    case 'risk.mended':
      return { ...done, text: t('event.risk.mended', { text: said('evidence') }) }
    case 'risk.verified':
      return data['accepted'] === true
        ? { ...done, text: t('event.risk.verified', { text }) }
        : { ...decision, tone: 'soon', text: t('event.risk.not-verified', { text }) }
    case 'risk.plan-linked':
      return { ...fact, text: t('event.risk.plan-linked', { text }) }
    case 'risk.rehearsed':
      return { ...done, text: t('event.risk.rehearsed', { text }) }
    case 'risk.checked': {
      const isBad = said('result') === 'needs-help' || said('result') === 'unreachable'
      return {
        mark: isBad ? 'late' : 'done',
        tone: isBad ? 'late' : 'grey',
        key: true,
        text: t('event.risk.checked', { name, result: code('risk.check', said('result')), text }),
      }
    }
    case 'risk.involved':
      return { ...decision, text: t('event.risk.involved', { text: said('reason') }) }
    case 'risk.carried':
      return { ...decision, text: t('event.risk.carried', { text }) }
    case 'risk.closed':
      return { ...decision, mark: 'end', text: t('event.risk.closed', { text: said('reason') }) }
    case 'risk.reopened':
      return { ...decision, text: t('event.risk.reopened', { text: said('reason') }) }
    case 'carry.carried-into-risk':
    case 'carry.carried-into-instrument':
      return { ...decision, text: t('event.carry.settled', { text }) }
    case 'carry.refused':
      return { ...decision, text: t('event.carry.refused', { text: said('reason') }) }
    default:
      return null
  }
}

const bothOf = (value: unknown): { readonly 'zh-CN': string; readonly en: string } =>
  typeof value === 'object' && value !== null && 'zh-CN' in value && 'en' in value
    ? { 'zh-CN': String(value['zh-CN']), en: String(value.en) }
    : { 'zh-CN': '', en: '' }
