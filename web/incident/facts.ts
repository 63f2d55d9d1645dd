import type { SitrepView } from '#core/view.ts'
import type { WordsApi } from '../words.ts'

/** The newest first. */
export const inOrder = (sitreps: readonly SitrepView[]): readonly SitrepView[] => sitreps.toSorted((a, b) => b.number - a.number)
export const latestOf = (sitreps: readonly SitrepView[]): SitrepView | null => inOrder(sitreps)[0] ?? null

export function shownValue(value: string | number, unit: string | null, { number }: Pick<WordsApi, 'number'>): string {
  return `${typeof value === 'number' ? number(value) : value}${unit === null ? '' : ` ${unit}`}`
}
