import type { LintFinding } from '#core/lint.ts'
import type { LintNames } from '#core/view/lint.ts'
import { Badge } from '../kit/index.ts'
import { useWords, type WordsApi } from '../words.ts'

type Told = Pick<LintFinding, 'code' | 'params'>

/** What is wrong, in the reader's language; organizations and posts by their names. */
export function findingWords(
  { code, words }: WordsApi,
  { code: of, params }: Told,
  names: LintNames,
): { readonly says: string; readonly mend: string } {
  const named = Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      const known = typeof value === 'string' ? names[value] : undefined
      return [name, known === undefined ? value : words(known)]
    }),
  )
  return { says: code('lint', of.replace(/^lint\./, ''), named), mend: code('mend', of, named) }
}

/** The words of a finding, how it is mended, and its code, for a list. */
export function FindingWords({ of, names }: { readonly of: Told & Pick<LintFinding, 'severity'>; readonly names: LintNames }) {
  const api = useWords()
  const { says, mend } = findingWords(api, of, names)
  return (
    <span className="lint-words">
      <span>
        <Badge tone={of.severity === 'error' ? 'late' : 'soon'}>{api.code('lint-page.severity', of.severity)}</Badge> {says}
      </span>
      <span className="lint-mend">
        <b>{api.t('lint-page.mend')}</b> {mend}
      </span>
      <code className="soft">{of.code}</code>
    </span>
  )
}
