import { IconGavel } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { usePaths, useWorld } from '../paths.ts'
import { findingsQuery } from '../queries.ts'
import { useWords } from '../words.ts'
import { Link } from './button.tsx'

/** The findings that an obligation has, as links; nothing where there are none or they are not to be seen. */
export function FindingNote({ obligation }: { readonly obligation: string }) {
  const { t, code } = useWords()
  const paths = usePaths()
  const found = useQuery(findingsQuery(useWorld(), { obligation })).data ?? []
  if (found.length === 0) return null
  return (
    <p className="finding-note">
      <IconGavel size={16} aria-hidden /> {t('finding.note')}{' '}
      {found.map((one) => (
        <Link key={one.id} to={paths.finding(one.id)}>
          {t('finding.note-link', { kind: code('finding.kind', one.kind), state: code('status.finding', one.status) })}
        </Link>
      ))}
    </p>
  )
}
