import { useWords } from '../words.ts'

/** A share as a number people can check: the part, the whole, and what that makes in a hundred. */
export function Figure({ name, part, whole }: { readonly name: string; readonly part: number; readonly whole: number }) {
  const { t, number } = useWords()
  const share = whole === 0 ? 0 : part / whole
  return (
    <div className="figure">
      <span className="figure-name">{name}</span>
      <b className="figure-share">{whole === 0 ? '—' : `${(Math.floor(share * 1000) / 10).toFixed(1)}%`}</b>
      <span className="figure-of">{t('matrix.legal.of', { covered: number(part), required: number(whole) })}</span>
      <span className="figure-bar" aria-hidden>
        <i style={{ width: `${share * 100}%` }} />
      </span>
    </div>
  )
}
