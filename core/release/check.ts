/** Whether a public release agrees with what is settled: stated figures, and the figures that stand in its text. */
import type { Refusal } from '../decider.ts'
import { refuse } from '../decider.ts'

export type StatedFact = { readonly key: string; readonly value: string | number; readonly unit: string | null }
/** A question of fact as it stands: `value` null while its sources contradict each other or nothing is said. */
export type KnownFact = {
  readonly key: string
  readonly value: string | number | null
  readonly unit: string | null
  readonly contradiction: boolean
}

export type Figure = { readonly key: string; readonly value: number; readonly quote: string }

const WORDS: readonly { readonly key: string; readonly zh: string; readonly en: string }[] = [
  { key: 'dead', zh: '(?:遇难|死亡|牺牲|罹难|丧生)', en: '(?:dead|deaths?|killed|fatalit(?:y|ies)|died)' },
  { key: 'missing', zh: '(?:失联|失踪)', en: '(?:missing|unaccounted for)' },
  { key: 'serious', zh: '(?:重伤|危重)', en: '(?:seriously injured|in critical condition)' },
  { key: 'injured', zh: '(?:受伤|负伤)', en: '(?:injured|wounded|hurt)' },
  { key: 'in-hospital', zh: '(?:住院|在院)', en: '(?:in hospital|hospitali[sz]ed)' },
  { key: 'trapped', zh: '被困', en: 'trapped' },
  { key: 'evacuated', zh: '(?:转移安置|转移|疏散|撤离)', en: '(?:evacuated|displaced)' },
]
const HAN = '零〇一二两三四五六七八九十百千万'
const NUMBER = `(?:\\d[\\d,，]{0,11}(?:\\.\\d+)?万?|[${HAN}]{1,9})`
const COUNTER = '(?:余)?\\s*(?:名|位|个)?(?:群众|人员|消防员|伤员|居民)?人?'
const EN_NUMBER = '(?:\\d[\\d,]{0,11}|no|one|two|three|four|five|six|seven|eight|nine|ten)'
const EN_PEOPLE =
  '(?:\\s+(?:people|persons?|residents|firefighters|workers|others))?(?:\\s+(?:are|is|were|was|have been|has been|remain|remains))?'
const ENGLISH = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']
const DIGITS: Readonly<Record<string, number>> = { 零: 0, 〇: 0, 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9 }
const POWERS: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1000 }

/** 二十三 → 23, 一万二千 → 12000; digits as they stand. */
export function numberIn(text: string): number | null {
  const plain = text.replaceAll(/[,，]/g, '').toLowerCase()
  const arabic = /^(\d+(?:\.\d+)?)(万?)$/.exec(plain)
  if (arabic) return Number(arabic[1]) * (arabic[2] === '万' ? 10_000 : 1)
  if (ENGLISH.includes(plain)) return ENGLISH.indexOf(plain)
  let [whole, section, digit] = [0, 0, 0]
  for (const sign of plain) {
    const power = POWERS[sign]
    if (sign === '万') [whole, section, digit] = [(whole + section + digit) * 10_000, 0, 0]
    else if (power !== undefined) [section, digit] = [section + (digit === 0 ? 1 : digit) * power, 0]
    else if (DIGITS[sign] === undefined) return null
    else digit = DIGITS[sign] ?? 0
  }
  return whole + section + digit
}

const PATTERNS = WORDS.map(({ key, zh, en }) => ({
  key,
  patterns: [
    new RegExp(`(${NUMBER})${COUNTER}(?:已|经抢救无效)?${zh}`, 'g'),
    new RegExp(`${zh}(?:人数)?(?:为|已?达|共|增至|上升至|：|:)?\\s*(${NUMBER})\\s*(?:余)?(?:名|位|个)?人`, 'g'),
    new RegExp(`\\b(${EN_NUMBER})${EN_PEOPLE}\\s+${en}\\b`, 'gi'),
  ],
}))
const TEXT_MAX = 8000
const FIGURES_MAX = 50

/** The counts of people that the text states, in Chinese or English: what the reader takes away, whatever the form beside it says. */
export function figuresIn(text: string): readonly Figure[] {
  const found: Figure[] = []
  const read = text.slice(0, TEXT_MAX)
  for (const { key, patterns } of PATTERNS)
    for (const pattern of patterns)
      for (const [quote, number = ''] of read.matchAll(pattern)) {
        const value = numberIn(number)
        const known = found.some((one) => one.key === key && one.value === value)
        if (value !== null && !known && found.length < FIGURES_MAX) found.push({ key, value, quote })
      }
  return found
}

/** As `agrees` of the room of facts: the same number or the same words; a count of persons has no unit. */
const PERSONS: ReadonlySet<string> = new Set(['{person}', '{people}', '人', '1', ''])
const unitOf = (unit: string | null): string => (unit === null || PERSONS.has(unit) ? '' : unit)
const textOf = (value: string | number): string => {
  const text = String(value).trim().replaceAll(/\s+/g, ' ')
  return /^-?\d+(?:\.\d+)?$/.test(text) ? String(Number(text)) : text
}
const same = (a: StatedFact, b: { readonly value: string | number; readonly unit: string | null }): boolean =>
  textOf(a.value) === textOf(b.value) && unitOf(a.unit) === unitOf(b.unit)

export type Content = {
  readonly states: readonly StatedFact[]
  readonly text: { readonly 'zh-CN': string; readonly en?: string | null | undefined }
}

/**
 * Everything that keeps the release from going out. Refusals: `release.contradiction-open` {fact}, `release.contradicts-log`
 * {fact, stated, value}, `release.fact-unknown` {fact}, `release.figure-not-stated` {fact, quote, value}: the figures of the text
 * are held against the same facts (requirement S3-20: releases never contradict the casualty log).
 */
export function problemsOf({ states, text }: Content, facts: readonly KnownFact[]): readonly Refusal[] {
  const byKey = new Map(facts.map((one) => [one.key, one]))
  const stated = states.flatMap((one) => {
    const known = byKey.get(one.key)
    if (known === undefined || (known.value === null && !known.contradiction)) return [refuse('release.fact-unknown', { fact: one.key })]
    if (known.value === null || known.contradiction) return [refuse('release.contradiction-open', { fact: one.key })]
    return same(one, { value: known.value, unit: known.unit })
      ? []
      : [refuse('release.contradicts-log', { fact: one.key, stated: textOf(one.value), value: textOf(known.value) })]
  })
  const figures = [...figuresIn(text['zh-CN']), ...figuresIn(text.en ?? '')].flatMap((figure) => {
    const known = byKey.get(figure.key)
    const said = states.find((one) => one.key === figure.key)
    if (known?.contradiction === true) return [refuse('release.contradiction-open', { fact: figure.key })]
    if (known === undefined || known.value === null) return [refuse('release.figure-unknown', { fact: figure.key, quote: figure.quote })]
    if (textOf(known.value) !== String(figure.value))
      return [refuse('release.figure-contradicts-log', { fact: figure.key, quote: figure.quote, value: textOf(known.value) })]
    return said === undefined ? [refuse('release.figure-not-stated', { fact: figure.key, quote: figure.quote })] : []
  })
  const seen = new Set<string>()
  return [...stated, ...figures].filter(({ code, params }) => {
    const name = `${code} ${String(params.fact)} ${String(params.quote ?? '')}`
    return seen.has(name) ? false : seen.add(name) !== undefined
  })
}
