import { z } from 'zod/mini'
import { refuse, type Refusal } from './decider.ts'

const UNIT_MAX = 40
const NESTED_MAX = 8

const ATOM = String.raw`(?:[A-Za-z%'"_]|\[[!-Z^-~]+\])(?:[\w%'"*^]|\[[!-Z^-~]+\])*`
const COMPONENT = String.raw`(?:(?:\d+(?:[*^][+-]?\d+)?|${ATOM}(?:[+-]\d+)?)(?:\{[!-z|~]*\})?|\{[!-z|~]*\})`
const TERM = String.raw`\/?${COMPONENT}(?:[.\/]${COMPONENT})*`
const WHOLE = new RegExp(`^${TERM}$`)
const BRACED = new RegExp(String.raw`\(${TERM}\)`, 'g')

/** Whether the text is written as UCUM writes units (its grammar, not its table of atoms). */
function isUnit(text: string): boolean {
  let rest = text
  for (let depth = 0; depth < NESTED_MAX && rest.includes('('); depth++) rest = rest.replaceAll(BRACED, '1')
  return WHOLE.test(rest)
}

/** A UCUM unit, case-sensitive form: `m3/s`, `[in_i]`, `{person}`, `kg/(m2.s)`. At most 40 characters, no blanks. */
export const Unit = z.string().check(z.maxLength(UNIT_MAX), z.refine(isUnit))
export type Unit = z.infer<typeof Unit>

/** A number with its unit. `1` is the unit of what is only counted. */
export const Quantity = z.strictObject({ value: z.number(), unit: Unit })
export type Quantity = z.infer<typeof Quantity>

/** The sum. Units are never converted here: `quantity.units-differ` says which two met. */
export function add(a: Quantity, b: Quantity): Quantity | Refusal {
  return a.unit === b.unit ? { value: a.value + b.value, unit: a.unit } : refuse('quantity.units-differ', { a: a.unit, b: b.unit })
}
