import { areaWords, timesOf, withTemplate, type TextField } from '#core/alert/compose.ts'
import type { Draft } from '#core/alert/draft.ts'
import { colourOf, type AlertTemplate, type LegalMeasure } from '#core/alert/template.ts'
import type { AlertPacksView, DivisionChoice } from '#core/view/compose.ts'
import type { Words } from '#core/event.ts'
import type { Colour } from '#core/level.ts'

/** Texts that follow the template, the area and the times until somebody writes in them. */
export type Followed = TextField | 'areaDesc'
export const FOLLOWED: readonly Followed[] = ['event', 'headline', 'description', 'precautions', 'measures', 'areaDesc']

export type Measured = { readonly station: Words; readonly value: string } | null
export type Surroundings = {
  readonly packs: AlertPacksView
  readonly names: ReadonlyMap<string, DivisionChoice>
  readonly measured: Measured
  /** Measures of the law that are named in the text, by id. */
  readonly legal: readonly string[]
  readonly own: ReadonlySet<Followed>
  readonly zone: string
}

export const templateOf = ({ templates }: AlertPacksView, hazard: string): AlertTemplate | null =>
  templates.find((one) => one.id === hazard) ?? null

/** Two governments start with the plan and with advice; at the graver levels teams and supplies come with them. */
export function usualMeasures(measures: readonly LegalMeasure[], colour: Colour | null, evacuates: boolean): readonly string[] {
  const wanted = ['art-66-1', 'art-66-5', 'art-67-1', 'art-67-2', ...(evacuates ? ['art-67-6'] : [])]
  return measures.filter((one) => colour !== null && one.at.includes(colour) && wanted.includes(one.id)).map((one) => one.id)
}

/** `11 月 22 日 18 时 30 分` and `18:30 on 22 November (UTC+8)`, in the zone. */
function timeWords(at: string, zone: string): Words {
  const parts = (lang: string, options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(lang, { timeZone: zone, ...options }).format(Date.parse(at))
  const clock = parts('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const [hour = '', minute = ''] = clock.split(':')
  return {
    'zh-CN': `${parts('zh-CN', { month: 'long', day: 'numeric' })}${Number(hour)}时${minute}分`,
    en: `${clock} on ${parts('en-GB', { day: 'numeric', month: 'long' })}`,
  }
}

const ENDING: ReadonlySet<Draft['kind']> = new Set(['cancel', 'all-clear'])
export const isEnding = ({ kind }: Pick<Draft, 'kind'>): boolean => ENDING.has(kind)

/** The draft with everything that follows from its hazard, colour, area and times; what a person wrote himself stays. */
export function settled(draft: Draft, { packs, names, measured, legal, own, zone }: Surroundings): Draft {
  const named = draft.divisions.flatMap((code) => names.get(code) ?? []).map(({ name, above }) => fullName(name, above))
  const areaDesc = own.has('areaDesc') ? draft.areaDesc : areaWords(named, draft)
  const placed = { ...draft, areaDesc, eventCode: eventCodeOf(draft, packs) }
  const template = templateOf(packs, draft.hazard)
  if (template === null || isEnding(draft)) return placed
  const short = areaWords(named, draft, true)
  const filling = {
    area: short['zh-CN'] === '' ? null : short,
    onset: draft.onset === null ? null : timeWords(draft.onset, zone),
    expires: draft.expires === null ? null : timeWords(draft.expires, zone),
    station: measured?.station ?? null,
    value: measured === null ? null : { 'zh-CN': measured.value, en: measured.value },
    issuer: draft.senderName['zh-CN'] === '' ? null : draft.senderName,
  }
  const kept = FOLLOWED.filter((field): field is TextField => field !== 'areaDesc' && own.has(field))
  const chosen = packs.legal.measures.filter((one) => legal.includes(one.id))
  const filled = withTemplate(placed, template, draft.colour, filling, { legal: chosen, kept })
  if (filled === null) return placed
  const { urgency, severity, certainty, responseTypes, category } = draft
  return { ...filled, urgency, severity, certainty, responseTypes, category }
}

/** A county is named with the province or city above it where both are known in Chinese. */
function fullName(name: Words, above: Words | null): Words {
  if (above === null) return name
  const zh = name['zh-CN'].startsWith(above['zh-CN']) ? name['zh-CN'] : `${above['zh-CN']}${name['zh-CN']}`
  return { 'zh-CN': zh, en: name.en.includes(above.en) ? name.en : `${name.en}, ${above.en}` }
}

function eventCodeOf({ hazard, profile }: Pick<Draft, 'hazard' | 'profile'>, { profiles }: AlertPacksView): Draft['eventCode'] {
  const events = profiles.find((one) => one.id === profile)?.events
  const value = events?.values.find((one) => one.hazard === hazard)?.value
  return events === undefined || value === undefined ? null : { valueName: events.valueName, value }
}

/** A hazard in a colour: its values of CAP and its times begin as the template has them. */
export function chosen(draft: Draft, template: AlertTemplate, colour: Colour | null, now: string): Draft {
  const at = colourOf(template, colour)
  if (at === null) return { ...draft, hazard: template.id, colour }
  const times = draft.onset !== null && draft.expires !== null ? {} : timesOf(template, colour, draft.onset ?? now)
  return {
    ...draft,
    hazard: template.id,
    colour,
    category: template.category,
    urgency: at.urgency,
    severity: at.severity,
    certainty: at.certainty,
    responseTypes: [...at.responseTypes],
    ...times,
  }
}

/**
 * Which texts of a kept draft are a person's own: those that the template would write otherwise. `anew`: of an earlier message, whose
 * measurement was appended to the template's words and is past: an update to another level must not go on saying the old one's rain.
 */
export function ownTexts(draft: Draft, around: Omit<Surroundings, 'own'>, anew = false): ReadonlySet<Followed> {
  const same = settled(draft, { ...around, own: new Set() })
  return new Set(
    FOLLOWED.filter((field) => {
      const [kept, made] = [draft[field], same[field]]
      if (anew && made.en !== '' && kept['zh-CN'].startsWith(made['zh-CN']) && kept.en.startsWith(made.en)) return false
      return (kept['zh-CN'] !== '' || kept.en !== '') && (kept['zh-CN'] !== made['zh-CN'] || kept.en !== made.en)
    }),
  )
}
