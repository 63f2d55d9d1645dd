import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { load } from 'js-yaml'
import { Vocabulary } from '#core/scale.ts'

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')
const file = Vocabulary.parse(load(read('vocabulary.yaml')))

/** Each code word of the table: `lead / supporting organization` is two, what stands in parentheses explains. */
function codeWords(): readonly { readonly word: string; readonly chinese: string }[] {
  return read('../docs/GLOSSARY.md')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| code word') && !line.startsWith('| ---'))
    .flatMap((line) => {
      const [, english = '', chinese = ''] = line.split('|').map((cell) => cell.trim())
      return english
        .replaceAll(/\([^)]*\)/g, '')
        .split(/[/,;:→]/)
        .map((word) => ({ word: word.trim().replaceAll(/\s+/g, '-'), chinese }))
        .filter(({ word }) => word !== '')
    })
}

test('the shared vocabulary is the glossary, word for word', () => {
  assert.deepEqual(
    file.terms.map((one) => one.means).toSorted(),
    [...new Set(codeWords().map((one) => one.word))].toSorted(),
  )
  assert.ok(file.terms.length > 90)
})

test('each word has its term of the field in Chinese, as the glossary has it', () => {
  for (const { term, means } of file.terms) {
    const rows = codeWords().filter((one) => one.word === means)
    assert.ok(rows.some(({ chinese }) => chinese === '' || chinese.includes(term['zh-CN'])), `${means}: ${term['zh-CN']}`)
  }
})
