/** Near-linear, on packs as they are and on packs made to slow the linter down. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Instrument } from './instrument.ts'
import { lint, type LintFinding } from './lint.ts'

const ON = '2026-11-22'
const FILES = 5
const CLAUSES = 2000
/** Of processor time; far above what it takes, far below what a quadratic check would: 10,000 clauses make 50 million pairs. */
const MS_MAX = 10_000
const words = (text: string) => ({ 'zh-CN': text, en: text })

type Clause = Instrument['clauses'][number]
const common = { article: words('1'), words: words('x'), wording: 'summary' } as const
const duty = (id: string, more: object): Clause => ({
  ...common,
  id,
  kind: 'duty',
  function: 'rescue',
  when: [{ event: 'incident.noted', kinds: ['warning'], hazards: ['flood', 'typhoon'] }],
  once: 'incident',
  owes: 'function:rescue',
  to: 'government',
  act: `act-${id}`,
  actWords: words('事'),
  limit: { within: 'PT1H', confirmed: false, source: null },
  evidence: [{ event: 'incident.noted', kinds: ['done'] }],
  ...more,
})
const climb = (id: string, more: object = {}): Clause => ({
  ...common,
  id,
  kind: 'escalation',
  of: 'all',
  steps: [{ after: 'PT1H', to: 'debtor@superior', confirmed: false }],
  ...more,
})

const file = (index: number, clauses: readonly Clause[], more: Partial<Instrument> = {}): Instrument => ({
  schema: 'muster/instrument/1',
  id: `file-${index}`,
  kind: 'order',
  title: words('x'),
  jurisdiction: '120116',
  issuer: words('x'),
  citation: words('x'),
  inForceFrom: '2026-01-01',
  inForceUntil: null,
  source: words('x'),
  higher: [],
  demonstration: true,
  clauses: [...clauses],
  ...more,
})
const many = <T>(count: number, make: (i: number) => T): readonly T[] => Array.from({ length: count }, (_, i) => make(i))

function timed(name: string, files: readonly Instrument[], directory?: Parameters<typeof lint>[0]['directory']): readonly LintFinding[] {
  const began = process.cpuUsage()
  const found = lint({ instruments: files, ...(directory === undefined ? {} : { directory }) }, { on: ON })
  const took = process.cpuUsage(began).user / 1000
  assert.ok(took < MS_MAX, `${name}: ${took.toFixed(0)} ms`)
  return found
}
const unchecked = (found: readonly LintFinding[]): boolean => found.some((one) => one.code === 'lint.unchecked')

test('ten thousand ordinary clauses have no finding, and none is left unchecked', () => {
  const files = many(FILES, (f) => file(f, [...many(CLAUSES - 1, (i) => duty(`d-${f}-${i}`, {})), climb('climb')]))
  assert.deepEqual(timed('ordinary', files), [])
})

test('ten thousand clauses about one act are held beside so many, and it is said that the rest was not', () => {
  const one = (i: number): Clause =>
    duty(`d-${i}`, {
      act: 'same',
      when: [{ event: 'incident.declared', hazards: [`h${i}`] }],
      limit: { within: `PT${i + 1}M`, confirmed: false, source: null },
    })
  const equals = many(FILES, (f) => file(f, [...many(CLAUSES - 1, (i) => one(f * CLAUSES + i)), climb('climb')]))
  assert.ok(unchecked(timed('equals', equals)))
  const below = equals.map((each, f) => ({
    ...each,
    jurisdiction: '120116',
    kind: f === 0 ? ('law' as const) : ('order' as const),
    higher: f === 0 ? [] : ['file-0'],
  }))
  assert.ok(unchecked(timed('below', below)))
})

test('cells of the matrix without number, circles and ladders are bounded, too', () => {
  const hazards = many(40, (i) => `hazard-${i}`)
  const areas = many(90, (i) => `1201${String(10 + i)}`)
  const cells = many(FILES, (f) =>
    file(
      f,
      [
        ...many(500, (i) => duty(`d-${i}`, { part: i % 2 === 0 ? 'lead' : 'backup', hazards, areas, owes: `function:f-${i}` })),
        climb('climb'),
      ],
      { jurisdiction: '120000' },
    ),
  )
  assert.ok(unchecked(timed('cells', cells)))
  const chain = file(0, [
    ...many(CLAUSES - 1, (i) =>
      duty(`d-${i}`, { act: `a-${i}`, when: [{ event: 'obligation.lapsed', acts: many(40, (j) => `a-${(i + j + 1) % (CLAUSES - 1)}`) }] }),
    ),
    climb('climb'),
  ])
  assert.ok(timed('circle', [chain]).some((one) => one.code === 'lint.escalation-circle'))
  const ladders = file(0, [...many(1000, (i) => duty(`d-${i}`, { owes: `function:f-${i}` })), ...many(1000, (i) => climb(`c-${i}`))])
  timed('ladders', [ladders])
  const above = many(500, (i) => file(i, [duty('d', {}), climb('c')], { higher: [...many(40, (j) => `file-${(i + j) % 500}`)] }))
  timed('above', above)
})

test('a directory of many organizations is asked by key', () => {
  const organizations = many(5000, (i) => ({
    id: `o-${i}`,
    functions: many(40, (j) => `f-${j}`),
    jurisdiction: `12${String(1000 + (i % 8000))}`,
    superior: `o-${i + 1}`,
    posts: [{ id: `p-${i}`, holders: 1, confirmedOn: ON }],
  }))
  const files = many(FILES, (f) =>
    file(f, [...many(1000, (i) => duty(`d-${i}`, { owes: `function:f-${i % 40}`, each: true, quorum: 2 })), climb('climb')], {
      jurisdiction: '120000',
    }),
  )
  const found = timed('directory', files, { organizations })
  assert.ok(found.some((one) => one.code === 'lint.superior-unknown'))
})
