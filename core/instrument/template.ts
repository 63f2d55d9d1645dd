/** Templates 模板: instruments with places to fill, to start from. Filled by substitution alone: nothing in a template is ever run. */
import { z } from 'zod/mini'
import { refuse, type Refusal } from '../decider.ts'
import { Words } from '../event.ts'
import { Slug } from '../id.ts'

const AskKey = z.string().check(z.regex(/^[a-z][a-z0-9-]{0,30}$/))

export const AskKind = z.enum(['jurisdiction', 'organization', 'date', 'text', 'number'])
export type AskKind = z.infer<typeof AskKind>

export const Template = z.strictObject({
  schema: z.literal('muster/template/1'),
  id: Slug,
  title: Words,
  /** What it is good for, and what to look at after filling it. */
  words: Words,
  source: Words,
  asks: z.array(z.strictObject({ key: AskKey, words: Words, kind: AskKind, example: z.optional(z.string()) })).check(z.maxLength(20)),
  /** An instrument whose strings may hold `${key}`, `${key:zh}` and `${key:en}`. */
  instrument: z.record(z.string(), z.json()),
  /** Entries of a directory file, with the same places to fill. */
  organizations: z.optional(z.array(z.record(z.string(), z.json())).check(z.maxLength(500))),
})
export type Template = z.infer<typeof Template>

/** What was answered: the value itself, and how it is called in either language. */
export type Answer = { readonly value: string | number; readonly name: Words }
export type Answers = Readonly<Record<string, Answer>>

const DEPTH_MAX = 40
const PLACE = /\$\{([a-z][a-z0-9-]{0,30})(?::(zh|en))?\}/g
const WHOLE = /^\$\{([a-z][a-z0-9-]{0,30})\}$/

/**
 * The same value with every place filled: `${key}` by the answer (a number stays one where it fills the whole string),
 * `${key:zh}` and `${key:en}` by its name. Refused: `template.answer-missing` with the first key that nobody answered.
 */
export function filled(value: unknown, answers: Answers): { readonly value: unknown } | Refusal {
  const missing = new Set<string>()
  const known = (key: string): Answer | undefined => (Object.hasOwn(answers, key) ? answers[key] : undefined)
  const fill = (part: unknown, depth: number): unknown => {
    if (depth > DEPTH_MAX) throw new Error(`a template nests deeper than ${DEPTH_MAX}`)
    if (typeof part === 'string') return fillText(part)
    if (Array.isArray(part)) return part.map((one) => fill(one, depth + 1))
    if (typeof part !== 'object' || part === null) return part
    return Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, fill(inner, depth + 1)]))
  }
  const fillText = (text: string): string | number => {
    const whole = known(WHOLE.exec(text)?.[1] ?? '')
    if (whole !== undefined) return whole.value
    return text.replaceAll(PLACE, (place: string, key: string, lang: string | undefined) => {
      const answer = known(key)
      if (answer === undefined) {
        missing.add(key)
        return place
      }
      return lang === undefined ? String(answer.value) : answer.name[lang === 'zh' ? 'zh-CN' : 'en']
    })
  }
  const made = fill(value, 0)
  const [first] = missing
  return first === undefined ? { value: made } : refuse('template.answer-missing', { key: first })
}

/** The keys that a template's strings ask for. */
export function placesOf(value: unknown): ReadonlySet<string> {
  return new Set([...JSON.stringify(value).matchAll(PLACE)].map((found) => found[1] ?? ''))
}
