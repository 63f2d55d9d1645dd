/** Words and levels that differ from one organization to the next, and what each means in the shared ones. */
import { z } from 'zod/mini'
import { Words } from './event.ts'
import { Slug } from './id.ts'
import { Level } from './level.ts'

/** What a scale's levels say: how strongly to respond, how grave it is, or what is warned of. The three are never exchanged. */
export const ScaleOf = z.enum(['response', 'severity', 'warning'])
export type ScaleOf = z.infer<typeof ScaleOf>

/** How an issuer writes a level: `II`, `特大`, `level-2`. Compared as it stands. */
export const ScaleCode = z.string().check(z.minLength(1), z.maxLength(40))

/**
 * 级别标尺: the levels of one issuer, each with the level 1–4 of the Emergency Response Law (arts. 3, 63, 71) that it answers to.
 * Null says that nobody has mapped it, which is shown and found by the linter, never guessed.
 */
export const Scale = z.strictObject({
  schema: z.literal('muster/scale/1'),
  id: Slug,
  title: Words,
  issuer: Words,
  of: ScaleOf,
  levels: z.array(z.strictObject({ code: ScaleCode, words: Words, level: z.nullable(Level) })).check(z.minLength(1), z.maxLength(20)),
})
export type Scale = z.infer<typeof Scale>

/** 用语对照: the terms of one organization, each with the code word of docs/GLOSSARY.md that it means. */
export const Vocabulary = z.strictObject({
  schema: z.literal('muster/vocabulary/1'),
  id: Slug,
  owner: Words,
  terms: z.array(z.strictObject({ term: Words, means: Slug })).check(z.maxLength(2000)),
})
export type Vocabulary = z.infer<typeof Vocabulary>

/** The level of the nation's ladder that a scale's own code answers to; null where the code has no map or is not of the scale. */
export const levelOf = (scale: Scale, code: string): Level | null => scale.levels.find((one) => one.code === code)?.level ?? null

/** The share of terms, 0–1, that mean a word of the shared vocabulary; 1 where there are none. Target: at least 0.95. */
export function shareMapped(terms: readonly { readonly means: string }[], shared: ReadonlySet<string>): number {
  return terms.length === 0 ? 1 : terms.filter((one) => shared.has(one.means)).length / terms.length
}
