import type { ColumnView } from '#core/view/matrix.ts'
import { OrganizationName } from '../kit/index.ts'
import { partyWords } from '../kit/party.ts'
import { useWords, type WordsApi } from '../words.ts'

/** The name at the head of a column: an organization, or a part that only an incident fills. */
export function ColumnName({ of }: { readonly of: ColumnView }) {
  const words = useWords()
  if (of.organization !== null) return <OrganizationName of={of.organization} />
  return (
    <span>
      {partyWords(of.part ?? of.key, words)} <small className="soft">{words.t('matrix.in-incident')}</small>
    </span>
  )
}

export const columnText = (of: ColumnView, words: WordsApi): string =>
  of.organization === null ? partyWords(of.part ?? of.key, words) : words.words(of.organization.name)
