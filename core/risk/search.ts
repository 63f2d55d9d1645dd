/** Finding an item by a part of its name or address, in any script, without words being parted by blanks. */
import type { Risk } from './command.ts'

const GRAMS_MAX = 400
const SEARCH_MAX = 600

/** Lower case, one blank between words, compatible forms made one. */
export const searchable = (text: string): string => text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim().slice(0, SEARCH_MAX)

/** Each two neighbouring characters once; a text of one character has none. */
export function gramsOf(text: string): readonly string[] {
  const letters = [...searchable(text)]
  const grams = new Set<string>()
  for (let i = 0; i + 1 < letters.length && grams.size < GRAMS_MAX; i++) grams.add(`${letters[i] ?? ''}${letters[i + 1] ?? ''}`)
  return [...grams]
}

export const searchText = ({ name, place }: Pick<Risk, 'name' | 'place'>): string =>
  searchable([...new Set([name['zh-CN'], name.en, place?.name ?? ''])].filter((part) => part !== '').join('\n'))
