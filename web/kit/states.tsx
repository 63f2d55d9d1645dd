import type { ReactNode } from 'react'
import { NotAnswered } from '../api.ts'
import { useWords } from '../words.ts'
import { Button } from './button.tsx'

/** What is shown where there is nothing, with what to do about it. */
export function Empty({ title, help, children }: { readonly title?: ReactNode; readonly help?: ReactNode; readonly children?: ReactNode }) {
  const { t } = useWords()
  return (
    <div className="state">
      <p className="state-title">{title ?? t('kit.empty')}</p>
      {help !== undefined && <p className="state-help">{help}</p>}
      {children}
    </div>
  )
}

/** What is shown where a read failed: what it was, and a way to try again. */
export function ErrorState({ error, retry }: { readonly error: unknown; readonly retry?: () => void }) {
  const { t, code } = useWords()
  const known = error instanceof NotAnswered ? error : null
  const missing = known?.status === 404
  return (
    <div className="state" role="alert">
      <p className="state-title">{missing ? t('kit.not-found') : t('kit.failed')}</p>
      <p className="state-help">
        {missing ? t('kit.not-found-help') : known === null ? String(error) : code('refusal', known.code, known.params)}
      </p>
      {retry !== undefined && !missing && <Button onPress={retry}>{t('kit.retry')}</Button>}
    </div>
  )
}

const WIDTHS = ['is-wide', 'is-middle', 'is-narrow'] as const

/** Grey lines while a first read is under way. */
export function Skeleton({ lines = 3 }: { readonly lines?: number }) {
  const { t } = useWords()
  return (
    <div className="skeleton" role="status" aria-label={t('kit.loading')}>
      {Array.from({ length: Math.min(lines, 30) }, (_, line) => (
        <span key={line} className={WIDTHS[line % 3]} />
      ))}
    </div>
  )
}

type Reading<T> = { readonly data: T | undefined; readonly error: unknown; readonly refetch: () => unknown }

/** A read in its three states: under way, failed, or shown. What was read once stays when a refresh fails. */
export function Read<T>({
  of,
  lines = 5,
  children,
}: {
  readonly of: Reading<T>
  readonly lines?: number
  readonly children: (value: T) => ReactNode
}) {
  if (of.data !== undefined) return children(of.data)
  if (of.error !== null && of.error !== undefined) return <ErrorState error={of.error} retry={() => void of.refetch()} />
  return <Skeleton lines={lines} />
}
