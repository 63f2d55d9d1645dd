/** Writes `packs/vocabulary.yaml`: the code words of docs/GLOSSARY.md as data. Run it when the glossary has a new word. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const HEAD = `# yaml-language-server: $schema=vocabulary.schema.json
# The shared vocabulary: the code words of docs/GLOSSARY.md as data (node scripts/vocabulary.ts). Whoever uses terms of his own maps them onto these.
schema: muster/vocabulary/1
id: shared
owner: { zh-CN: Muster 联动, en: Muster }
terms:
`
const bare = (cell: string): string => cell.replaceAll(/[（(][^)）]*[)）]/g, '').trim()
const split = (cell: string, by: RegExp): readonly string[] =>
  cell
    .split(by)
    .map((one) => one.trim())
    .filter((one) => one !== '')

const terms = new Map<string, string>()
for (const line of readFileSync(join(root, 'docs', 'GLOSSARY.md'), 'utf8').split('\n')) {
  const [, english = '', chinese = ''] = line.split('|').map((cell) => cell.trim())
  if (!line.startsWith('| ') || english === 'code word' || english.startsWith('---')) continue
  const words = split(bare(english), /[/,;:→]/)
  const inChinese = split(bare(chinese), /[/、,，;；→:：]/)
  for (const [i, word] of words.entries()) {
    const means = word.replaceAll(/\s+/g, '-')
    // Where the two columns do not go word by word, the whole cell is the term of each.
    const term = (inChinese.length === words.length ? inChinese[i] : undefined) ?? (bare(chinese) === '' ? word : bare(chinese))
    if (!terms.has(means)) terms.set(means, `  - { term: { zh-CN: "${term}", en: "${word}" }, means: ${means} }\n`)
  }
}
writeFileSync(join(root, 'packs', 'vocabulary.yaml'), HEAD + [...terms.values()].join(''))
