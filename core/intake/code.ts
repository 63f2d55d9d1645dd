/** The follow-up code of a report: what lets a reporter ask how it stands without signing in. */

/** Crockford's base 32: no I, L, O, U, so that nothing is mistaken when it is read out over a telephone. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** Twelve characters of five bits: nobody guesses one of 2^60. */
const LENGTH = 12
export const CODE_BYTES = LENGTH

/** A code from 12 random bytes, one a character; core throws no dice, so they are given. */
export const followUpCode = (random: Uint8Array): string =>
  Array.from({ length: LENGTH }, (_, i) => ALPHABET[(random[i] ?? 0) % ALPHABET.length]).join('')

/** `7KQ2 9MZX 4T0B`: as it is shown and read out. */
export const codeShown = (code: string): string => code.replaceAll(/.{4}(?=.)/g, '$& ')

/** What somebody typed, as a code; null where it is none. Look-alikes are read as what was meant. */
export function readCode(text: string): string | null {
  const plain = text
    .slice(0, 200)
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[\s._-]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1')
  return plain.length === LENGTH && [...plain].every((one) => ALPHABET.includes(one)) ? plain : null
}
