/** Drawing up a warning: how a draft begins, what follows from what it replaces, and what a careful reader would find in it. */
import type { Words } from '../event.ts'
import type { Colour } from '../level.ts'
import type { Instant } from '../time.ts'
import type { Draft } from './draft.ts'
import { ringFault } from './ring.ts'
import { fillTemplate, type AlertTemplate, type Filling, type LegalMeasure } from './template.ts'
import { COLOUR_WORDS } from './words.ts'

type Lang = keyof Words
type BothField = 'event' | 'headline' | 'description' | 'precautions' | 'measures' | 'senderName' | 'areaDesc'
const LANGS: readonly Lang[] = ['zh-CN', 'en']
/** What a person writes, in the order of the page. */
const TEXT_FIELDS = ['event', 'headline', 'description', 'precautions', 'measures'] as const
export type TextField = (typeof TEXT_FIELDS)[number]

/** CAP 1.2, 3.2.2 recommends 160 characters for a headline; 72 hours is as far as a forecast is worth warning of. */
const COMPOSE_BOUNDS = { headline: 160, hours: 72, sentence: { 'zh-CN': 90, en: 45 } } as const
const HOUR_MS = 3_600_000

const nothing = (): { 'zh-CN': string; en: string } => ({ 'zh-CN': '', en: '' })

/** A draft that says nothing yet; it is Actual unless said, for who forgets must not issue an exercise in place of a warning. */
export const emptyDraft = (senderName: Words | null, hazard = 'rainstorm'): Draft => ({
  kind: 'warning',
  status: 'Actual',
  scope: 'Public',
  hazard,
  colour: null,
  category: 'Met',
  urgency: 'Expected',
  severity: 'Moderate',
  certainty: 'Likely',
  responseTypes: [],
  eventCode: null,
  profile: 'cn',
  onset: null,
  expires: null,
  event: nothing(),
  headline: nothing(),
  description: nothing(),
  precautions: nothing(),
  measures: nothing(),
  senderName: senderName === null ? nothing() : { ...senderName },
  contact: '',
  web: '',
  areaDesc: nothing(),
  divisions: [],
  polygons: [],
  circles: [],
})

/** When a warning of a template begins and ends, unless somebody says otherwise: from the whole minute `now`, for as long as its colour lasts. */
export function timesOf(template: AlertTemplate, colour: Colour | null, now: Instant): Pick<Draft, 'onset' | 'expires'> {
  const from = Math.floor(Date.parse(now) / 60_000) * 60_000
  const hours = template.colours.find((one) => one.colour === colour)?.hours ?? 24
  return { onset: new Date(from).toISOString(), expires: new Date(from + hours * HOUR_MS).toISOString() }
}

/**
 * The draft with the texts and values of a template. `kept`: fields that a person wrote himself and that stay as they are.
 * Null where the hazard is not warned of in that colour.
 */
export function withTemplate(
  draft: Draft,
  template: AlertTemplate,
  colour: Colour | null,
  filling: Filling,
  { legal = [], kept = [] }: { readonly legal?: readonly LegalMeasure[]; readonly kept?: readonly TextField[] } = {},
): Draft | null {
  const filled = fillTemplate(template, colour, filling, legal)
  if (filled === null) return null
  const own = Object.fromEntries(kept.map((field) => [field, draft[field]])) as Partial<Pick<Draft, TextField>>
  const headline = draft.kind === 'update' ? prefixed(UPDATED, filled.headline) : filled.headline
  return { ...draft, ...filled, headline, ...own }
}

const UPDATED: Words = { 'zh-CN': '更新：', en: 'Update: ' }
const LIFTED: Words = { 'zh-CN': '解除：', en: 'Lifted: ' }
const CANCELLED: Words = { 'zh-CN': '取消：', en: 'Cancelled: ' }
const PREFIXES: readonly Words[] = [UPDATED, LIFTED, CANCELLED]
const prefixed = (prefix: Words, words: Words): Words => ({
  'zh-CN': `${prefix['zh-CN']}${bare(words['zh-CN'], 'zh-CN')}`,
  en: `${prefix.en}${bare(words.en, 'en')}`,
})
const bare = (text: string, lang: Lang): string =>
  PREFIXES.reduce((left, prefix) => (left.startsWith(prefix[lang]) ? left.slice(prefix[lang].length) : left), text)

/**
 * A draft that updates, cancels or ends another. An update begins with what was said and takes its level anew; what ends a
 * warning keeps its hazard, colour and area, is past, and waits for its reason in `measures`.
 */
export function replacing(kind: Exclude<Draft['kind'], 'warning'>, before: Draft): Draft {
  if (kind === 'update') return { ...before, kind, headline: prefixed(UPDATED, before.headline) }
  const ended = prefixed(kind === 'cancel' ? CANCELLED : LIFTED, before.headline)
  return {
    ...before,
    kind,
    headline: ended,
    description: kind === 'cancel' ? ENDED_CANCEL(before) : ENDED_LIFT(before),
    precautions: nothing(),
    measures: nothing(),
    urgency: 'Past',
    severity: 'Minor',
    certainty: kind === 'cancel' ? 'Unlikely' : 'Observed',
    responseTypes: kind === 'cancel' ? ['None'] : ['AllClear'],
    onset: null,
    expires: null,
  }
}
const ENDED_CANCEL = ({ headline }: Draft): Words => ({
  'zh-CN': `“${bare(headline['zh-CN'], 'zh-CN')}”予以取消，请勿再按其采取行动。`,
  en: `The warning “${bare(headline.en, 'en')}” is cancelled: do not act on it any more.`,
})
const ENDED_LIFT = ({ headline }: Draft): Words => ({
  'zh-CN': `“${bare(headline['zh-CN'], 'zh-CN')}”予以解除。`,
  en: `The warning “${bare(headline.en, 'en')}” is lifted.`,
})

/** The words for an area: the names of its divisions, and how many shapes are drawn. `short` names two at most, for a headline. */
export function areaWords(
  names: readonly Words[],
  drawn: Pick<Draft, 'polygons' | 'circles'>,
  short = false,
): { 'zh-CN': string; en: string } {
  const shown = short ? names.slice(0, 2) : names
  const rest = names.length - shown.length
  const shapes = drawn.polygons.length
  const zh = [shown.map((one) => one['zh-CN']).join('、') + (rest > 0 ? `等${names.length}个地区` : '')]
  const en = [shown.map((one) => one.en).join(', ') + (rest > 0 ? ` and ${rest} more` : '')]
  if (shapes > 0 && !(short && names.length > 0)) {
    zh.push(shapes === 1 ? '图上划定的区域' : `图上划定的${shapes}个区域`)
    en.push(shapes === 1 ? 'the area drawn on the map' : `the ${shapes} areas drawn on the map`)
  }
  for (const { lon, lat, radiusKm } of short && names.length > 0 ? [] : drawn.circles) {
    zh.push(`东经${degrees(lon)}、北纬${degrees(lat)}周围${kilometres(radiusKm)}公里`)
    en.push(`within ${kilometres(radiusKm)} km of ${degrees(lat)} N ${degrees(lon)} E`)
  }
  const said = (parts: readonly string[], by: string): string => parts.filter((part) => part !== '').join(by)
  return { 'zh-CN': said(zh, '；').slice(0, 1000), en: said(en, '; ').slice(0, 2000) }
}
const degrees = (value: number): string => `${Math.round(value * 1000) / 1000}°`
const kilometres = (value: number): string => String(Math.round(value * 10) / 10)

const FINDINGS = [
  'language-missing',
  'language-mixed',
  'place-left',
  'headline-long',
  'headline-colour',
  'sentence-long',
  'area-missing',
  'ring-faulty',
  'onset-missing',
  'expires-missing',
  'expires-before-onset',
  'expires-past',
  'expires-far',
  'restriction-missing',
  'addresses-missing',
  'response-missing',
  'contact-missing',
  'unchanged',
] as const
export type ComposeCode = (typeof FINDINGS)[number]
export const COMPOSE_CODES: readonly ComposeCode[] = FINDINGS
export type ComposeFinding = {
  readonly code: ComposeCode
  /** `error`: it cannot go out like this. `warning`: somebody should look. */
  readonly severity: 'error' | 'warning'
  readonly field: keyof Draft
  readonly params: Readonly<Record<string, string | number>>
}

/** What a careful reader finds in a draft at an instant. `before`: what it updates. Particulars are `missingParticulars`. */
export function composeFindings(draft: Draft, now: Instant, before: Draft | null = null): readonly ComposeFinding[] {
  return [...inTexts(draft), ...inArea(draft), ...inTimes(draft, now), ...inScope(draft), ...inUpdate(draft, before)]
}

type Make = (
  code: ComposeCode,
  severity: ComposeFinding['severity'],
  field: keyof Draft,
  params?: ComposeFinding['params'],
) => ComposeFinding
const found: Make = (code, severity, field, params = {}) => ({ code, severity, field, params })

/** An all-clear and a cancel have nothing to beware of. */
const isEnding = ({ kind }: Draft): boolean => kind === 'cancel' || kind === 'all-clear'
const SAID: readonly BothField[] = [...TEXT_FIELDS, 'senderName', 'areaDesc']
const HAN = /\p{Script=Han}/u

function inTexts(draft: Draft): readonly ComposeFinding[] {
  return SAID.flatMap((field) => {
    const both = draft[field]
    if (field === 'precautions' && isEnding(draft)) return []
    return LANGS.flatMap((lang) => {
      const text = both[lang]
      if (text.trim() === '') return [found('language-missing', 'error', field, { lang })]
      const longest = Math.max(
        ...text
          .split(lang === 'en' ? /[.!?\n;]/ : /[。！？\n；]/)
          .map((one) => (lang === 'en' ? one.trim().split(/\s+/).length : one.length)),
      )
      return [
        ...(lang === 'en' && HAN.test(text) ? [found('language-mixed', 'warning', field, { lang })] : []),
        ...(/\{[a-z]+\}/.test(text) ? [found('place-left', 'error', field, { lang })] : []),
        ...(field === 'headline' && [...text].length > COMPOSE_BOUNDS.headline
          ? [found('headline-long', 'warning', field, { lang, most: COMPOSE_BOUNDS.headline })]
          : []),
        ...(field === 'headline' && !isEnding(draft) && !saysColour(text, draft.colour, lang)
          ? [found('headline-colour', 'error', field, { lang })]
          : []),
        ...(field !== 'areaDesc' && field !== 'senderName' && longest > COMPOSE_BOUNDS.sentence[lang]
          ? [found('sentence-long', 'warning', field, { lang, most: COMPOSE_BOUNDS.sentence[lang] })]
          : []),
      ]
    })
  })
}

/** It says its own colour, and no other: an updated headline must not still say the old one. */
function saysColour(text: string, colour: Colour | null, lang: Lang): boolean {
  const said = (Object.keys(COLOUR_WORDS) as Colour[]).filter((one) =>
    lang === 'en' ? new RegExp(`\\b${COLOUR_WORDS[one].en}\\b`, 'i').test(text) : text.includes(COLOUR_WORDS[one]['zh-CN']),
  )
  return colour === null ? said.length === 0 : said.length === 1 && said[0] === colour
}

function inArea(draft: Draft): readonly ComposeFinding[] {
  const { divisions, polygons, circles } = draft
  if (divisions.length + polygons.length + circles.length === 0) return [found('area-missing', 'error', 'divisions')]
  return polygons.flatMap((ring, i) => {
    const fault = ringFault(ring)
    return fault === null ? [] : [found('ring-faulty', 'error', 'polygons', { nth: i + 1, fault })]
  })
}

function inTimes(draft: Draft, now: Instant): readonly ComposeFinding[] {
  if (isEnding(draft)) return []
  const { onset, expires } = draft
  const begins = onset === null ? [found('onset-missing', 'warning', 'onset')] : []
  if (expires === null) return [...begins, found('expires-missing', 'error', 'expires')]
  const [from, until] = [Date.parse(onset ?? now), Date.parse(expires)]
  return [
    ...begins,
    ...(until <= from ? [found('expires-before-onset', 'error', 'expires')] : []),
    ...(until <= Date.parse(now) ? [found('expires-past', 'error', 'expires')] : []),
    ...(until - Math.max(from, Date.parse(now)) > COMPOSE_BOUNDS.hours * HOUR_MS
      ? [found('expires-far', 'warning', 'expires', { most: COMPOSE_BOUNDS.hours })]
      : []),
  ]
}

function inScope(draft: Draft): readonly ComposeFinding[] {
  return [
    ...(draft.scope === 'Restricted' && (draft.restriction ?? '').trim() === ''
      ? [found('restriction-missing', 'error', 'restriction')]
      : []),
    ...(draft.scope === 'Private' && (draft.addresses ?? []).length === 0 ? [found('addresses-missing', 'error', 'addresses')] : []),
    ...(draft.responseTypes.length === 0 && !isEnding(draft) ? [found('response-missing', 'warning', 'responseTypes')] : []),
    ...(draft.contact.trim() === '' && !isEnding(draft) ? [found('contact-missing', 'warning', 'contact')] : []),
  ]
}

const inUpdate = (draft: Draft, before: Draft | null): readonly ComposeFinding[] =>
  draft.kind === 'update' && before !== null && differences(before, draft).length === 0 ? [found('unchanged', 'warning', 'kind')] : []

/** A field that an update says otherwise. Texts as they stand; of lists how many came and went. */
export type Difference = {
  readonly field: keyof Draft
  readonly before: string
  readonly after: string
}
const COMPARED = [
  'colour',
  'onset',
  'expires',
  'divisions',
  'polygons',
  'circles',
  'urgency',
  'severity',
  'certainty',
  'responseTypes',
  'event',
  'headline',
  'description',
  'precautions',
  'measures',
  'areaDesc',
] as const satisfies readonly (keyof Draft)[]

/** What an update changes for its reader, in the order of weight. The word “Update” before a headline is no change. */
export function differences(before: Draft, after: Draft, lang: Lang = 'zh-CN'): readonly Difference[] {
  return COMPARED.flatMap((field) => {
    const [old, fresh] = [textOf(before, field, lang), textOf(after, field, lang)]
    return old === fresh ? [] : [{ field, before: shown(before, field, old), after: shown(after, field, fresh) }]
  })
}

function textOf(draft: Draft, field: (typeof COMPARED)[number], lang: Lang): string {
  const value = draft[field]
  if (value === null) return ''
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return JSON.stringify(field === 'divisions' || field === 'responseTypes' ? value.map(String).toSorted() : value)
  return field === 'headline' ? bare(draft.headline[lang], lang) : value[lang]
}
const shown = (draft: Draft, field: (typeof COMPARED)[number], text: string): string => {
  const value = draft[field]
  if (!Array.isArray(value)) return text
  return field === 'divisions' || field === 'responseTypes' ? value.map(String).join(', ') : String(value.length)
}
