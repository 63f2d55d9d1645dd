import type { ClauseRef } from '#core/matrix.ts'
import { Link } from '../kit/index.ts'
import { usePaths } from '../paths.ts'
import { useWords } from '../words.ts'

/** Where to read it: the instrument's title and the clause's number, as a link. */
export function ClauseLink({ of, short = false }: { readonly of: ClauseRef; readonly short?: boolean }) {
  const { words } = useWords()
  const paths = usePaths()
  return (
    <Link to={paths.clause(of.instrumentId, of.clauseId)}>{short ? words(of.article) : `${words(of.title)} ${words(of.article)}`}</Link>
  )
}
