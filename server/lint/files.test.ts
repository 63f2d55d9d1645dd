import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { load } from 'js-yaml'
import { lint as words } from '../../web/locales/en/lint.ts'
import { projectRoot } from '../config.ts'
import { lintTexts, type LintText } from './files.ts'
import { sharedWords } from './shared.ts'

const ON = '2026-11-22'
const around = { instruments: [], scales: [], shared: sharedWords() }
const texts = (...folders: readonly string[]): readonly LintText[] =>
  folders.flatMap((folder) =>
    readdirSync(join(projectRoot, folder))
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => ({ name, text: readFileSync(join(projectRoot, folder, name), 'utf8') })),
  )
const told = (files: readonly LintText[]): readonly string[] => {
  const { problems, findings } = lintTexts(files, around, ON)
  return [
    ...problems.map((one) => `${one.file}:${one.line} ${one.path} ${one.problem}`),
    ...findings.map((one) => `${one.file}:${one.line} ${one.code} ${one.path}`),
  ]
}

describe('the seeded faults', () => {
  const { faults } = load(readFileSync(join(projectRoot, 'fixtures/lint/faults.yaml'), 'utf8')) as {
    readonly faults: readonly { readonly id: string; readonly code: string; readonly file: string; readonly line: number }[]
  }

  test('are all found at their lines, and nothing else is', () => {
    const { problems, findings } = lintTexts(texts('fixtures/lint/faulty'), around, ON)
    assert.deepEqual(problems, [])
    const of = (one: { readonly code: string; readonly file: string; readonly line: number }): string =>
      `${one.file}:${one.line} ${one.code}`
    assert.deepEqual(findings.map(of).toSorted(), faults.map(of).toSorted())
  })

  test('are at least sixty, of every code that the linter has but the one for packs past its limits', () => {
    assert.ok(faults.length >= 60)
    const codes = Object.keys(words).filter((key) => key.startsWith('lint.') && key !== 'lint.unchecked')
    assert.deepEqual([...new Set(faults.map((one) => one.code))].toSorted(), codes.toSorted())
  })

  test('are gone from the corrected twin', () => {
    const twin = texts('fixtures/lint/corrected')
    assert.deepEqual(
      twin.map((one) => one.name),
      texts('fixtures/lint/faulty').map((one) => one.name),
    )
    assert.deepEqual(told(twin), [])
  })
})

test("the project's own packs have no finding that nobody answers for", () => {
  assert.deepEqual(told(texts('packs', 'packs/cn', 'packs/demonstration', 'packs/scales')), [])
})

describe('a place', () => {
  const [plan] = texts('fixtures/lint/corrected').filter((one) => one.name === 'order.yaml')
  const with_ = (old: string, text: string): LintText => ({ name: 'order.yaml', text: (plan?.text ?? '').replace(old, text) })
  const rest = texts('fixtures/lint/corrected').filter((one) => one.name !== 'order.yaml')
  const placed = (file: LintText): readonly string[] =>
    lintTexts([...rest, file], around, ON).findings.map((one) => `${one.line}:${one.column} ${one.code}`)

  test('is that of the value, however the file writes it', () => {
    const line = (plan?.text ?? '').split('\n').findIndex((one) => one.includes('acts: [call-out, clear-drains]')) + 1
    const column = ((plan?.text ?? '').split('\n')[line - 1] ?? '').indexOf('clear-drains') + 1
    assert.deepEqual(placed(with_('acts: [call-out, clear-drains]', 'acts: [call-out, "clear-mains"]')), [
      `${line}:${column} lint.act-unknown`,
    ])
    const block =
      'when:\n      - event: obligation.discharged\n        acts:\n          - call-out\n          # the next one is wrong\n          - clear-mains'
    assert.deepEqual(placed(with_('when: [{ event: obligation.discharged, acts: [call-out, clear-drains] }]', block)), [
      `${line + 5}:13 lint.act-unknown`,
    ])
  })

  test('of what is missing is that of what should hold it', () => {
    const whole = 'limit: { within: PT2H, confirmed: false, source: null }'
    const text = (plan?.text ?? '').replace(whole, 'limit: { within: PT2H, confirmed: true }')
    const { problems } = lintTexts([{ name: 'order.yaml', text }], around, ON)
    const line = text.split('\n').findIndex((one) => one.includes('confirmed: true }')) + 1
    assert.deepEqual(
      problems.map(({ line: at, path }) => [at, path]),
      [[line, 'clauses[2].limit.source']],
    )
  })
})

test('malformed files and findings are told in one run, and what names a malformed file is not wrong for that', () => {
  const files = texts('fixtures/lint/corrected').map((one) =>
    one.name === 'law.yaml'
      ? { ...one, text: one.text.replace('kind: law', 'kind: poem') }
      : one.name === 'held.yaml'
        ? { ...one, text: one.text.replace('owes: function:transport', 'owes: function:airport') }
        : one,
  )
  const held = files.find((one) => one.name === 'held.yaml')?.text.split('\n') ?? []
  assert.deepEqual(
    told([...files, { name: 'broken.yaml', text: 'a: [1\nb: 2\n' }]).map((one) => one.replace(/ .*/, '')),
    ['law.yaml:4', 'broken.yaml:2', `held.yaml:${held.findIndex((line) => line.includes('function:airport')) + 1}`],
  )
})

test('a finding that the file answers for with a reason stands apart', () => {
  const accept = (text: string): string =>
    text.replace(/(\n.*owes: function:airport)/, '\n    # accepted lint.nobody-holds: the airport opens next year$1')
  const files = texts('fixtures/lint/corrected').map((one) =>
    one.name === 'held.yaml' ? { ...one, text: accept(one.text.replace('owes: function:transport', 'owes: function:airport')) } : one,
  )
  const report = lintTexts(files, around, ON)
  assert.deepEqual([report.ok, report.findings, report.accepted.map((one) => one.accepted)], [true, [], ['the airport opens next year']])
})
