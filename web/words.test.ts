import { deepEqual } from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { governedCommands } from '#core/authority.ts'
import { Power } from '#core/directory/post.ts'
import { en } from './locales/en.ts'
import { zhCN } from './locales/zh-CN.ts'

const root = new URL('..', import.meta.url)
const catalogues: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['zh-CN', zhCN],
  ['en', en],
]
const missing = (keys: Iterable<string>): readonly string[] =>
  [...keys].flatMap((key) => catalogues.filter(([, words]) => !words[key]?.trim()).map(([lang]) => `${lang} ${key}`))

/** Every code that stands as the first argument of `refuse(`, or as the value of a constraint's name. */
function refusals(): ReadonlySet<string> {
  const files = globSync(['core/**/*.ts', 'server/**/*.ts'], { cwd: root }).filter((file) => !file.endsWith('.test.ts'))
  const codes = new Set<string>()
  for (const file of files) {
    const text = readFileSync(new URL(file, root), 'utf8')
    for (const found of text.matchAll(/refuse\(\s*'([a-z.-]+)'/g)) if (found[1] !== undefined) codes.add(found[1])
    for (const found of text.matchAll(/^\s+\w+_\w+: '([a-z]+\.[a-z-]+)',$/gm)) if (found[1] !== undefined) codes.add(found[1])
  }
  return codes
}

test('every refusal that core or server gives has words in both languages', () => {
  deepEqual(missing([...refusals()].map((code) => `refusal.${code}`)), [])
})

test('every power has words in both languages', () => {
  deepEqual(missing(Power.options.map((power) => `power.${power}`)), [])
})

test('every command that a page offers has words in both languages', () => {
  const offered = governedCommands.filter((command) =>
    /^(?:incident\.(?!mark-gap)|sitrep\.|obligation\.(?:accept|decline|discharge|waive))/.test(command),
  )
  deepEqual(missing(offered.map((command) => `command.${command}`)), [])
})

test('both languages name the same parameters in every message', () => {
  const names = (text: string): readonly string[] => [...new Set([...text.matchAll(/\{(\w+)/g)].map((found) => found[1] ?? ''))].toSorted()
  const other: Readonly<Record<string, string>> = en
  const differing = Object.entries(zhCN).filter(([key, text]) => names(text).join() !== names(other[key] ?? '').join())
  deepEqual(
    differing.map(([key]) => key),
    [],
  )
})
