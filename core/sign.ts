/** The sign of a level, drawn alike wherever it stands: colour, shape and numeral together, so that any one of them suffices. */
import type { Level } from './level.ts'

/** The numeral of a level, as spoken and shown: I is the gravest. */
export const NUMERALS: Readonly<Record<Level, string>> = { 1: 'I', 2: 'II', 3: 'III', 4: 'IV' }

/** Outline of each level on a 24 by 24 field: octagon, triangle, diamond, circle. */
export const SHAPES: Readonly<Record<Level, string>> = {
  1: 'M8 1.5h8L22.5 8v8L16 22.5H8L1.5 16V8z',
  2: 'M12 1.8 23 21.2a.8.8 0 0 1-.7 1.3H1.7a.8.8 0 0 1-.7-1.3z',
  3: 'M12 .8 23.2 12 12 23.2.8 12z',
  4: 'M12 1a11 11 0 1 1 0 22 11 11 0 0 1 0-22z',
}

/** Strokes of each numeral, drawn so that no font decides how they look. */
export const STROKES: Readonly<Record<Level, string>> = {
  1: 'M12 8v8',
  2: 'M10.2 12.2v7.2M13.8 12.2v7.2',
  3: 'M8.9 8.4v7.2M12 8.4v7.2M15.1 8.4v7.2',
  4: 'M8 8.2v7.6M10.9 8.2l2.9 7.6 2.9-7.6',
}
