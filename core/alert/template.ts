/**
 * Templates of warnings 预警模板, one a hazard: what is said at each colour, in both languages, with places that are filled in.
 * A line whose place nobody can fill is left out, so that a filled template has no gap and no bracket.
 */
import { z } from 'zod/mini'
import { CapCategory, CapCertainty, CapResponseType, CapSeverity, CapUrgency } from '../cap.ts'
import { Words } from '../event.ts'
import { Slug } from '../id.ts'
import { Colour } from '../level.ts'
import type { Draft } from './draft.ts'
import { COLOUR_WORDS } from './words.ts'

const LINES_MAX = 40
const Colours = z.array(Colour).check(z.minLength(1), z.maxLength(4))

/** The places that a line may have. `{criterion}` is what the colour stands for, `{colour}` its word, `{event}` the hazard's. */
export const PLACES = ['area', 'onset', 'expires', 'value', 'station', 'event', 'colour', 'criterion', 'issuer'] as const

/** One sentence, at all colours or at those named. */
const Line = z.strictObject({ at: z.optional(Colours), words: Words })
/** To whom it is said: everybody, units and places, or government and its departments (Emergency Response Law arts. 66, 67). */
const Measure = z.strictObject({ at: z.optional(Colours), who: z.enum(['public', 'units', 'government']), words: Words })

const ColourTemplate = z.strictObject({
  /** Null: the hazard is not warned of in colours. */
  colour: z.nullable(Colour),
  /** What it stands for, from the standard or our own where none is known. */
  criterion: Words,
  confirmed: z.boolean(),
  urgency: CapUrgency,
  severity: CapSeverity,
  certainty: CapCertainty,
  responseTypes: z.array(CapResponseType).check(z.minLength(1), z.maxLength(9)),
  /** How long it is in force, hours from the onset, unless said. */
  hours: z.number().check(z.gt(0), z.lte(72)),
})

export const AlertTemplate = z.strictObject({
  schema: z.literal('muster/alert-template/1'),
  /** The hazard. */
  id: Slug,
  title: Words,
  source: Words,
  category: CapCategory,
  /** What `{value}` is, with its unit: rain in the last hour, mm. */
  value: z.optional(z.strictObject({ words: Words, unit: z.string().check(z.maxLength(40)) })),
  colours: z.array(ColourTemplate).check(z.minLength(1), z.maxLength(5)),
  headline: Words,
  description: z.array(Line).check(z.minLength(1), z.maxLength(LINES_MAX)),
  precautions: z.array(Line).check(z.minLength(1), z.maxLength(LINES_MAX)),
  measures: z.array(Measure).check(z.minLength(1), z.maxLength(LINES_MAX)),
})
export type AlertTemplate = z.infer<typeof AlertTemplate>
export type ColourTemplate = z.infer<typeof ColourTemplate>

/** What the law has governments do once a level is announced: five measures at yellow and blue, of eight more one or several at red and orange. */
export const LegalMeasures = z.strictObject({
  schema: z.literal('muster/legal-measures/1'),
  id: Slug,
  title: Words,
  measures: z
    .array(
      z.strictObject({
        /** `art-67-6`: article and item. */
        id: z.string().check(z.regex(/^art-\d+-\d+$/)),
        article: Words,
        at: Colours,
        /** `all`: each of them is to be taken; `some`: one or several. */
        taken: z.enum(['all', 'some']),
        words: Words,
      }),
    )
    .check(z.minLength(1), z.maxLength(60)),
})
export type LegalMeasures = z.infer<typeof LegalMeasures>
export type LegalMeasure = LegalMeasures['measures'][number]

/** What is known when a template is filled; null: nobody knows it yet. */
export type Filling = { readonly [Name in 'area' | 'onset' | 'expires' | 'value' | 'station' | 'issuer']: Words | null }

type Lang = keyof Words
const both = (make: (lang: Lang) => string): Words => ({ 'zh-CN': make('zh-CN'), en: make('en') })

/** A text with its places filled, or null where one of them is not known. */
function filledLine(words: Words, lang: Lang, known: Readonly<Record<string, Words | null>>): string | null {
  let whole = true
  const text = words[lang].replaceAll(/\{([a-z]+)\}/g, (place, name: string) => {
    const value = known[name]
    if (value == null || value[lang].trim() === '') {
      whole = false
      return place
    }
    return value[lang]
  })
  return whole ? text : null
}

export const colourOf = (template: AlertTemplate, colour: Colour | null): ColourTemplate | null =>
  template.colours.find((one) => one.colour === colour) ?? null

/** What a template makes of a draft: everything but area, times and issuer, which are its own. */
export type Filled = Pick<
  Draft,
  | 'hazard'
  | 'colour'
  | 'category'
  | 'urgency'
  | 'severity'
  | 'certainty'
  | 'responseTypes'
  | 'event'
  | 'headline'
  | 'description'
  | 'precautions'
  | 'measures'
>

/**
 * The template at a colour, filled. `legal`: which measures of the law are named in the text, by id. Null where the hazard is
 * not warned of in that colour.
 */
export function fillTemplate(
  template: AlertTemplate,
  colour: Colour | null,
  filling: Filling,
  legal: readonly LegalMeasure[] = [],
): Filled | null {
  const at = colourOf(template, colour)
  if (at === null) return null
  const words = colour === null ? null : COLOUR_WORDS[colour]
  const known = { ...filling, event: template.title, colour: words, criterion: at.criterion }
  const here = <T extends { readonly at?: readonly Colour[] | undefined }>(lines: readonly T[]): readonly T[] =>
    lines.filter((line) => line.at === undefined || (colour !== null && line.at.includes(colour)))
  const prose = (lines: readonly z.infer<typeof Line>[]): Words =>
    both((lang) =>
      joined(
        here(lines).flatMap((line) => filledLine(line.words, lang, known) ?? []),
        lang,
      ),
    )
  const numbered = (lang: Lang): string =>
    here(template.measures)
      .map((line) => line.words)
      .concat(legal.map((one) => one.words))
      .flatMap((line) => filledLine(line, lang, known) ?? [])
      .map((text, i) => `${i + 1}. ${text}`)
      .join('\n')
  return {
    hazard: template.id,
    colour,
    category: template.category,
    urgency: at.urgency,
    severity: at.severity,
    certainty: at.certainty,
    responseTypes: [...at.responseTypes],
    event: template.title,
    headline: both((lang) => filledLine(template.headline, lang, known) ?? untitled(template.title, words, lang)),
    description: prose(template.description),
    precautions: prose(template.precautions),
    measures: both(numbered),
  }
}

const joined = (sentences: readonly string[], lang: Lang): string => sentences.join(lang === 'en' ? ' ' : '')
/** Before the area is known the headline says the hazard and the colour alone. */
const untitled = (title: Words, colour: Words | null, lang: Lang): string =>
  lang === 'en'
    ? `${capital(colour?.en ?? '')}${colour === null ? title.en : ` warning: ${title.en}`}`
    : `${title['zh-CN']}${colour?.['zh-CN'] ?? ''}预警`
const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)

/** The measures of the law at a colour: which are to be taken all, and of which one at least. */
export const legalAt = (legal: LegalMeasures, colour: Colour | null): readonly LegalMeasure[] =>
  colour === null ? [] : legal.measures.filter((one) => one.at.includes(colour))
