import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReleaseView } from '#core/view/information.ts'
import { useWords } from '../words.ts'

/** What keeps a release from going out, and what to do about it. */
export function Problems({ of }: { readonly of: ReleaseView['problems'] }) {
  const { code } = useWords()
  if (of.length === 0) return null
  return (
    <div role="status">
      <ul className="release-problems">
        {of.map((one, i) => (
          <li key={i}>
            <IconAlertTriangle size={15} aria-hidden /> <span>{code('refusal', one.code, one.params)}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
