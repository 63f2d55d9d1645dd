import { useSyncExternalStore } from 'react'
import type { Words } from '#core/event.ts'
import { durationMs } from '#core/time.ts'
import { en } from './locales/en.ts'
import { zhCN } from './locales/zh-CN.ts'

export type Lang = 'zh-CN' | 'en'
export type Key = keyof typeof zhCN
export type Catalogue = { readonly [K in Key]: string }

/** The names in `{name}` and `{name:one|other}` of a message, read off its Chinese text. */
type Names<S extends string> = S extends `${string}{${infer P}}${infer Rest}`
  ? (P extends `${infer N}:${string}` ? N : P) | Names<Rest>
  : never
type Params<K extends Key> = Readonly<Record<Names<(typeof zhCN)[K]>, string | number>>
type Args<K extends Key> = [Names<(typeof zhCN)[K]>] extends [never] ? [] : [params: Params<K>]

/** Where no incident says its own zone. */
export const HOME_ZONE = 'Asia/Shanghai'
const catalogues: Readonly<Record<Lang, Catalogue>> = { 'zh-CN': zhCN, en }
const STORED = 'muster.language'

export type WordsApi = {
  readonly lang: Lang
  readonly t: <K extends Key>(key: K, ...args: Args<K>) => string
  /** The words of a code, looked up as `prefix.code`; the code itself where the catalogue has none. */
  readonly code: (prefix: string, code: string, params?: Readonly<Record<string, unknown>>) => string
  /** What was kept in both languages, in the reader's. */
  readonly words: (both: Words) => string
  readonly number: (value: number) => string
  /** `22:51` in the zone. */
  readonly time: (at: string, zone?: string) => string
  /** `2015-08-12 22:51 UTC+8`: day, time and zone. */
  readonly dateTime: (at: string, zone?: string) => string
  /** `08-12 22:51`, for lists whose zone stands beside them. */
  readonly short: (at: string, zone?: string) => string
  readonly date: (on: string, zone?: string) => string
  /** Milliseconds, or an ISO 8601 duration, in words: `2 小时 05 分`. */
  readonly duration: (value: number | string) => string
  readonly zone: (zone?: string) => string
}

function fill(
  text: string,
  params: Readonly<Record<string, unknown>>,
  lang: Lang,
  shown: (name: string, value: unknown) => string,
): string {
  return text.replace(/\{(\w+)(?::([^|}]*)\|([^}]*))?\}/g, (_all, name: string, one: string | undefined, other: string | undefined) => {
    const value = params[name]
    if (one === undefined || other === undefined) return shown(name, value)
    return new Intl.PluralRules(lang).select(Number(value)) === 'one' ? one : other
  })
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*Z$/

function build(lang: Lang): WordsApi {
  const catalogue = catalogues[lang]
  const numbers = new Intl.NumberFormat(lang)
  const parts = formatterOf()
  const zoneName = (zone = HOME_ZONE): string => parts(Date.now(), zone).zone
  const time = (at: string, zone = HOME_ZONE): string => {
    const p = parts(Date.parse(at), zone)
    return `${p.hour}:${p.minute}`
  }
  const date = (on: string, zone = HOME_ZONE): string => {
    if (/^\d{4}-\d{2}-\d{2}$/.test(on)) return on
    const p = parts(Date.parse(on), zone)
    return `${p.year}-${p.month}-${p.day}`
  }
  const dateTime = (at: string, zone = HOME_ZONE): string => `${date(at, zone)} ${time(at, zone)} ${parts(Date.parse(at), zone).zone}`
  const short = (at: string, zone = HOME_ZONE): string => `${date(at, zone).slice(5)} ${time(at, zone)}`
  const entries = catalogue as Readonly<Record<string, string | undefined>>
  /** A code among the parameters has words of its own: `{power}` of `obligation.waive` is `power.obligation.waive`. */
  const shown = (name: string, value: unknown): string => {
    if (typeof value === 'number') return numbers.format(value)
    if (typeof value === 'string') return entries[`${name}.${value}`] ?? (INSTANT.test(value) ? dateTime(value) : value)
    return value === null || value === undefined ? '—' : JSON.stringify(value)
  }
  const look = (key: string, params: Readonly<Record<string, unknown>>): string | null => {
    const text = entries[key]
    return text === undefined ? null : fill(text, params, lang, shown)
  }
  return {
    lang,
    t: (key, ...args) => look(key, args[0] ?? {}) ?? key,
    code: (prefix, code, params = {}) => look(`${prefix}.${code}`, params) ?? code,
    words: (both) => both[lang],
    number: (value) => numbers.format(value),
    time,
    dateTime,
    short,
    date,
    duration: (value) => durationWords(typeof value === 'number' ? value : Math.abs(durationMs(value.replace(/^-/, ''))), lang),
    zone: zoneName,
  }
}

type Parts = Readonly<Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'zone', string>>

/** One Intl formatter a zone: making one costs far more than using it. */
function formatterOf(): (ms: number, zone: string) => Parts {
  const made = new Map<string, Intl.DateTimeFormat>()
  return (ms, zone) => {
    let formatter = made.get(zone)
    if (formatter === undefined) {
      formatter = new Intl.DateTimeFormat('en-GB', {
        timeZone: zone,
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
        hour: '2-digit',
        minute: '2-digit',
        second: '2-digit',
        hourCycle: 'h23',
        timeZoneName: 'shortOffset',
      })
      made.set(zone, formatter)
    }
    const found: Record<string, string> = {}
    for (const { type, value } of formatter.formatToParts(ms)) found[type] = value
    const part = (name: string): string => found[name] ?? ''
    return {
      year: part('year'),
      month: part('month'),
      day: part('day'),
      hour: part('hour'),
      minute: part('minute'),
      second: part('second'),
      zone: part('timeZoneName').replace('GMT', 'UTC'),
    }
  }
}

function durationWords(ms: number, lang: Lang): string {
  const zh = lang === 'zh-CN'
  const seconds = Math.floor(Math.abs(ms) / 1000)
  const [d, h, m, s] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60]
  if (d > 0) return zh ? `${d} 天${h > 0 ? ` ${h} 小时` : ''}` : `${d} d${h > 0 ? ` ${h} h` : ''}`
  if (h > 0) return zh ? `${h} 小时${m > 0 ? ` ${m} 分` : ''}` : `${h} h${m > 0 ? ` ${m} min` : ''}`
  if (m > 0) return zh ? `${m} 分${s > 0 ? ` ${s} 秒` : ''}` : `${m} min${s > 0 ? ` ${s} s` : ''}`
  return zh ? `${s} 秒` : `${s} s`
}

const built = new Map<Lang, WordsApi>()
function wordsIn(lang: Lang): WordsApi {
  const found = built.get(lang) ?? build(lang)
  built.set(lang, found)
  return found
}

const listeners = new Set<() => void>()
let current: Lang = localStorage.getItem(STORED) === 'en' ? 'en' : 'zh-CN'
document.documentElement.lang = current

export function setLanguage(lang: Lang): void {
  current = lang
  localStorage.setItem(STORED, lang)
  document.documentElement.lang = lang
  for (const tell of listeners) tell()
}

const subscribe = (tell: () => void): (() => void) => {
  listeners.add(tell)
  return () => listeners.delete(tell)
}

/** The words of the reader's language; the component is drawn again when it changes. */
export const useWords = (): WordsApi => wordsIn(useSyncExternalStore(subscribe, () => current))
