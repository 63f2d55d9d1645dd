import type { JSX } from 'react'
import type { Level } from '#core/level.ts'
import { SHAPES, STROKES } from '#core/sign.ts'

export type { Level }
export { NUMERALS, SHAPES, STROKES } from '#core/sign.ts'

/** Ink on each level: a token of its own if the theme has one, else light or dark by contrast. */
export const INKS: Readonly<Record<Level, string>> = {
  1: 'var(--level-1-ink, light-dark(var(--surface), var(--ink)))',
  2: 'var(--level-2-ink, light-dark(var(--surface), var(--ground)))',
  3: 'var(--level-3-ink)',
  4: 'var(--level-4-ink, light-dark(var(--surface), var(--ground)))',
}

/**
 * The sign of a response level: colour, shape and numeral together, so that any one of them suffices.
 * `size` in CSS pixels. With a `title` it is an image with that name; without, it is hidden from readers.
 * A null level is a hollow ring: there is an incident, and nobody has graded it.
 */
export function LevelGlyph(props: { readonly level: Level | null; readonly size?: number; readonly title?: string }): JSX.Element {
  const { level, size = 24, title } = props
  const naming = title === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': title }
  return (
    <svg className="level-glyph" width={size} height={size} viewBox="0 0 24 24" focusable="false" {...naming}>
      {title === undefined ? null : <title>{title}</title>}
      {level === null ? (
        <circle cx="12" cy="12" r="8" fill="var(--surface)" stroke="var(--ink-soft)" strokeWidth="3" />
      ) : (
        <>
          <path d={SHAPES[level]} fill={`var(--level-${level})`} />
          <path
            d={STROKES[level]}
            style={{ stroke: INKS[level] }}
            fill="none"
            strokeWidth="2"
            strokeLinecap="round"
            strokeLinejoin="round"
          />
        </>
      )}
    </svg>
  )
}
