import { useNow } from '../clock.ts'
import { useWords, type WordsApi } from '../words.ts'

/** How old a fact is, both ways: when it was so, and when it was heard. */
export function Ages({ asOf, heardAt, zone }: { readonly asOf: string; readonly heardAt?: string; readonly zone?: string | undefined }) {
  const { t, duration, dateTime } = useWords()
  const now = useNow()
  const age = (at: string): string => duration(minutes(now - Date.parse(at)))
  return (
    <span className="ages">
      <time dateTime={asOf} title={dateTime(asOf, zone)}>
        {t('information.as-of', { age: age(asOf) })}
      </time>
      {heardAt !== undefined && (
        <time dateTime={heardAt} title={dateTime(heardAt, zone)}>
          {t('information.heard', { age: age(heardAt) })}
        </time>
      )}
    </span>
  )
}

/** Whole minutes; under one, the seconds. */
const minutes = (ms: number): number => (ms < MINUTE_MS ? Math.max(0, ms) : Math.floor(ms / MINUTE_MS) * MINUTE_MS)
const MINUTE_MS = 60_000

export const valueText = (value: string | number, unit: string | null, { number }: Pick<WordsApi, 'number'>): string =>
  `${typeof value === 'number' ? number(value) : value}${unit === null || unit === '1' ? '' : ` ${unit}`}`

/** The question in words: its own, else those of its key. */
export const questionText = (
  of: { readonly key: string; readonly words: Parameters<WordsApi['words']>[0] | null },
  words: WordsApi,
): string => (of.words === null ? words.code('fact', of.key) : words.words(of.words))

/** A plain number becomes a number, so that sources compare; anything else stays text. */
export const valueOf = (text: string): string | number =>
  /^-?\d{1,15}(?:\.\d{1,6})?$/.test(text.trim()) ? Number(text.trim()) : text.trim()

export const percent = (share: number | null): string => (share === null ? '—' : `${Math.round(share * 1000) / 10} %`)
