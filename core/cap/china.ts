/**
 * How warnings of China's national release platform write CAP: the identifier says where and who, the colour stands in words in
 * the headline alone, the place is a division code of twelve digits and nothing is drawn. Facts of the messages themselves.
 */
import type { Alert, Info } from '../cap.ts'
import type { Colour } from '../level.ts'
import { DivisionCode } from '../place.ts'
import type { Instant } from '../time.ts'

/** Kinds of warning by event code, as the weather service numbers them: the code, the Chinese word, the hazard in our words. */
export const CHINA_EVENT_CODES: readonly { readonly code: string; readonly name: string; readonly hazard: string }[] = [
  { code: '11B01', name: '台风', hazard: 'typhoon' },
  { code: '11B03', name: '暴雨', hazard: 'rainstorm' },
  { code: '11B04', name: '暴雪', hazard: 'snowstorm' },
  { code: '11B05', name: '寒潮', hazard: 'cold-wave' },
  { code: '11B06', name: '大风', hazard: 'gale' },
  { code: '11B07', name: '沙尘暴', hazard: 'sandstorm' },
  { code: '11B09', name: '高温', hazard: 'heat' },
  { code: '11B14', name: '雷电', hazard: 'lightning' },
  { code: '11B15', name: '冰雹', hazard: 'hail' },
  { code: '11B16', name: '霜冻', hazard: 'frost' },
  { code: '11B17', name: '大雾', hazard: 'fog' },
  { code: '11B19', name: '霾', hazard: 'haze' },
  { code: '11B20', name: '雷雨大风', hazard: 'thunderstorm-gale' },
  { code: '11B21', name: '道路结冰', hazard: 'road-icing' },
  { code: '11B22', name: '干旱', hazard: 'drought' },
  { code: '11E02', name: '风暴潮', hazard: 'storm-surge' },
  { code: '11E06', name: '海浪', hazard: 'sea-wave' },
]

export const CHINA_GEOCODE = 'CPEAS Geographic Code'

export type ChinaIdentifier = { readonly division: string; readonly issuer: string; readonly at: Instant }
const IDENTIFIER = /^(\d{6})(\d{8})_(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/

/** Six digits of the division, eight of the issuer, the time in Beijing; null when it is another kind of identifier. */
export function chinaIdentifier(identifier: string): ChinaIdentifier | null {
  const [, division = '', issuer = '', year, month, day, hour, minute, second] = IDENTIFIER.exec(identifier) ?? []
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}+08:00`)
  return Number.isNaN(ms) ? null : { division, issuer, at: new Date(ms).toISOString() }
}

/** `37061441600000_20260801133303`: what we give a warning of our own. `at` in UTC. */
export function writeChinaIdentifier({ division, issuer, at }: ChinaIdentifier): string {
  const beijing = new Date(Date.parse(at) + 8 * 3_600_000).toISOString()
  return `${division}${issuer}_${beijing.slice(0, 19).replaceAll(/\D/g, '')}`
}

const COLOURS: readonly (readonly [Colour, RegExp])[] = [
  ['red', /红色|\bred\b|Ⅰ级|\[Level I\b/i],
  ['orange', /橙色|\borange\b|Ⅱ级|\[Level II\b/i],
  ['yellow', /黄色|\byellow\b|Ⅲ级|\[Level III\b/i],
  ['blue', /蓝色|\bblue\b|Ⅳ级|\[Level IV\b/i],
]

/**
 * The colour that the headline says, in Chinese or English. Null when it says none, or more than one ("orange raised to red"
 * has to be read by a person): a colour is never guessed from CAP's severity, which says something else.
 */
export function colourOf({ headline = '' }: Pick<Info, 'headline'>): Colour | null {
  const found = COLOURS.filter(([, says]) => says.test(headline))
  const [first] = found
  return first !== undefined && found.length === 1 ? first[0] : null
}

/** The hazard in our words, by the event code, else by the Chinese word at the beginning of the kind of event; null: not one of the list. */
export function hazardOf({ event, eventCodes }: Pick<Info, 'event' | 'eventCodes'>): string | null {
  const coded = CHINA_EVENT_CODES.find(({ code }) => eventCodes.some(({ value }) => value.trim() === code))
  if (coded !== undefined) return coded.hazard
  const named = CHINA_EVENT_CODES.filter(({ name }) => event.trim().startsWith(name)).toSorted((a, b) => b.name.length - a.name.length)
  return named[0]?.hazard ?? null
}

/** Codes of GB/T 2260 that the areas of a message name: twelve digits end in zeros above the township, six stand alone. Each once. */
export function divisionsOf(alert: Pick<Alert, 'infos'>): readonly string[] {
  const codes = alert.infos.flatMap(({ areas }) => areas.flatMap(({ geocodes }) => geocodes))
  return [...new Set(codes.filter(({ valueName }) => valueName === CHINA_GEOCODE).flatMap(({ value }) => divisionOf(value) ?? []))]
}

/** The county or above of a code of six or twelve digits; a township's code belongs to its county. */
export function divisionOf(code: string): string | null {
  const found = /^(\d{6})(?:\d{6})?$/.exec(code.trim())?.[1]
  return found !== undefined && DivisionCode.safeParse(found).success ? found : null
}
