/** Words and levels of their own: a term that means no shared word, a scale that nobody mapped. */
import type { Find, Findings } from './finding.ts'
import type { Pack } from './pack.ts'

/** The shared vocabulary itself is the measure, and is not held against it. */
const SHARED = 'shared'

type Terms = readonly { readonly term: { readonly 'zh-CN': string }; readonly means: string }[]

export function vocabularyFindings(pack: Pack, findings: Findings): void {
  const { scales, vocabularies = [], shared } = pack.given
  const known = scales === undefined ? null : new Set(scales.map((one) => one.id))
  for (const { file, index } of pack.files) {
    const find = findings.of('instrument', index, file.id)
    if (file.scale !== undefined && known?.has(file.scale) === false) find('lint.scale-unknown', 'scale', { scale: file.scale })
    terms(file.terms ?? [], shared, find)
  }
  for (const [index, vocabulary] of vocabularies.entries())
    if (vocabulary.id !== SHARED) terms(vocabulary.terms, shared, findings.of('vocabulary', index, vocabulary.id))
  for (const [index, scale] of (scales ?? []).entries()) {
    const find = findings.of('scale', index, scale.id)
    const codes = new Set<string>()
    for (const [i, { code, level }] of scale.levels.entries()) {
      if (level === null) find('lint.level-unmapped', `levels[${i}].level`, { level: code })
      if (codes.has(code)) find('lint.level-twice', `levels[${i}].code`, { level: code })
      codes.add(code)
    }
  }
}

function terms(list: Terms, shared: ReadonlySet<string> | undefined, find: Find): void {
  const meanings = new Map<string, string>()
  for (const [i, { term, means }] of list.entries()) {
    if (shared?.has(means) === false) find('lint.term-unknown', `terms[${i}].means`, { term: term['zh-CN'], means })
    const before = meanings.get(term['zh-CN'])
    if (before !== undefined && before !== means)
      find('lint.term-ambiguous', `terms[${i}].term`, { term: term['zh-CN'], means, before }, 'warning')
    meanings.set(term['zh-CN'], before ?? means)
  }
}
