import type { Words } from '#core/event.ts'
import type { TimelineEntry } from '#core/view.ts'
import type { WordsApi } from '../words.ts'
import type { Told } from './tell.ts'

type Conducted = Partial<Told> & Pick<Told, 'text' | 'mark' | 'tone'>

/** What happens to the lead, the headquarters and the joint decisions, in a sentence; null for anything else. */
export function tellConduct(entry: TimelineEntry, nameOf: (id: unknown) => string, { t, words }: WordsApi): Conducted | null {
  const data = entry.data
  const said = (name: string): string => (typeof data[name] === 'string' ? data[name] : '')
  const count = (name: string): number => (Array.isArray(data[name]) ? data[name].length : 0)
  const name = (): string => words((data['name'] as Words | undefined) ?? { 'zh-CN': '', en: '' })
  const reason = said('reason')
  const headquarters = (text: string, key = true): Conducted => ({ text, mark: 'headquarters', tone: 'accent', key })
  const decision = (text: string, tone: Told['tone'], key = false): Conducted => ({ text, mark: 'decision', tone, key })
  const who = nameOf(data['organization'])
  switch (entry.type) {
    case 'incident.headquarters-stood-down':
      return headquarters(t('event.incident.headquarters-stood-down', { reason }))
    case 'incident.hand-over-offered':
      return headquarters(t('event.incident.hand-over-offered', { from: nameOf(data['from']), to: nameOf(data['to']), reason }))
    case 'incident.taken-over':
      return headquarters(t('event.incident.taken-over', { to: nameOf(data['to']), count: count('transferred') }))
    case 'incident.hand-over-declined':
      return { ...headquarters(t('event.incident.hand-over-declined', { to: nameOf(data['to']), reason })), tone: 'soon' }
    case 'incident.scene-entered':
      return { text: t('event.incident.scene-entered', { who }), mark: 'headquarters', tone: 'grey' }
    case 'incident.scene-left':
      return { text: t('event.incident.scene-left', { who }), mark: 'headquarters', tone: 'grey' }
    case 'incident.emergency-path-declared':
      return decision(t('event.incident.emergency-path-declared', { reason, basis: said('basis') }), 'soon', true)
    case 'incident.emergency-path-ended':
      return decision(t('event.incident.emergency-path-ended', { reason }), 'grey', true)
    case 'headquarters.founded':
      return headquarters(t('event.headquarters.founded', { name: name() }))
    case 'headquarters.activated':
      return headquarters(t('event.headquarters.activated', { name: name() }), false)
    case 'headquarters.deactivated':
      return headquarters(t('event.headquarters.deactivated', { reason }), false)
    case 'headquarters.met':
      return headquarters(t('event.headquarters.met', { text: said('text') }))
    case 'decision.proposed':
      return decision(t('event.decision.proposed', { title: said('title') }), 'grey')
    case 'decision.concurred':
      return decision(t('event.decision.concurred', { who }), 'grey')
    case 'decision.dissented':
      return decision(t('event.decision.dissented', { who, reason }), 'soon')
    case 'decision.taken':
      return decision(t('event.decision.taken', { count: count('items') }), 'accent', true)
    case 'decision.withdrawn':
      return decision(t('event.decision.withdrawn', { reason }), 'grey')
    default:
      return null
  }
}
