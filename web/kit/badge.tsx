import type { ReactNode } from 'react'
import type { Words } from '#core/event.ts'
import { useWords } from '../words.ts'

export type Tone = 'grey' | 'accent' | 'soon' | 'late' | 'good'

/** A short word about a state. Grey unless something is wrong. */
export function Badge({ tone = 'grey', children }: { readonly tone?: Tone; readonly children: ReactNode }) {
  return <span className={`badge is-${tone}`}>{children}</span>
}

/** An organization's name, marked where nobody verified that it exists. */
export function OrganizationName({ of }: { readonly of: { readonly name: Words; readonly verified: boolean } }) {
  const { words, t } = useWords()
  return (
    <span className="organization-name">
      {words(of.name)}
      {!of.verified && <small className="unverified"> {t('kit.unverified')}</small>}
    </span>
  )
}
