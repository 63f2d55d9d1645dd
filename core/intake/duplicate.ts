/**
 * Which reports may be about the same thing. A proposal with its reasons, never more: a person merges. Requirement
 * S3-21 asks for the share of duplicates; the citizens' rescue sheet of Zhengzhou 2021 drowned in them.
 */
import { toMs } from '../time.ts'

/** What of a report is compared. Degrees; `at` is when it was seen, not when it was entered. */
export type Sighting = {
  readonly id: string
  readonly text: string
  readonly place: { readonly name: string | null; readonly lat: number | null; readonly lon: number | null }
  readonly hazard: string | null
  readonly at: string
}

/** Why: metres apart, minutes apart, the words that both say, the same kind of thing, the same name of the place. */
export type Reason =
  | { readonly kind: 'distance'; readonly metres: number }
  | { readonly kind: 'minutes'; readonly minutes: number }
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'hazard' }
  | { readonly kind: 'place' }
/** `degree`: 0–100, for the order only. */
export type Proposal = { readonly id: string; readonly degree: number; readonly reasons: readonly Reason[] }

/** Further apart than this, two reports are not about one thing. */
const NEAR_METRES = 5000
export const NEAR_MINUTES = 360
export const CANDIDATES_MAX = 50
const PROPOSALS_MAX = 5
/** Characters of a text that are compared: what matters is said first. */
const COMPARED_MAX = 500
const SHARED_MAX = 3
const ALIKE_LEAST = 0.55
/** A place named alike this far is the same place, as far as words go. */
const NAME_LEAST = 0.4
const WORDS_LEAST = 0.12

const EARTH_METRES = 6_371_008.8
const radians = (degrees: number): number => (degrees * Math.PI) / 180

/** Great-circle distance in metres. */
export function metresBetween(
  a: { readonly lat: number; readonly lon: number },
  b: { readonly lat: number; readonly lon: number },
): number {
  const half =
    Math.sin(radians(b.lat - a.lat) / 2) ** 2 +
    Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * Math.sin(radians(b.lon - a.lon) / 2) ** 2
  return 2 * EARTH_METRES * Math.asin(Math.min(1, Math.sqrt(half)))
}

/** Runs of letters and digits, without what stands between them; full-width forms are read as plain ones. */
const runsOf = (text: string): readonly string[] =>
  text
    .slice(0, COMPARED_MAX)
    .normalize('NFKC')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? []

/**
 * The pairs of neighbouring characters of a text, as numbers in order, each as often as it stands there. Chinese has no
 * spaces to cut words at, and pairs need none. What was compared last is compared again with the next report.
 */
function pairsOf(whole: string): Float64Array {
  const text = whole.slice(0, COMPARED_MAX)
  const known = PAIRS.get(text)
  if (known !== undefined) return known
  const pairs: number[] = []
  for (const run of runsOf(text)) {
    const letters = Array.from(run, (letter) => letter.codePointAt(0) ?? 0)
    for (let i = 1; i < letters.length; i++) pairs.push((letters[i - 1] ?? 0) * CODES + (letters[i] ?? 0))
    if (letters.length === 1) pairs.push((letters[0] ?? 0) * CODES)
  }
  const made = Float64Array.from(pairs).toSorted()
  if (PAIRS.size >= PAIRS_MAX) PAIRS.clear()
  PAIRS.set(text, made)
  return made
}
const CODES = 0x11_0000
const PAIRS = new Map<string, Float64Array>()
/** Texts are compared up to 500 characters: at most 4 kB each. */
const PAIRS_MAX = 1000

/** Dice's coefficient of the pairs of two texts: 0 nothing in common, 1 the same pairs. */
export function dice(a: string, b: string): number {
  const [of, other] = [pairsOf(a), pairsOf(b)]
  const total = of.length + other.length
  let shared = 0
  for (let i = 0, k = 0; i < of.length && k < other.length;) {
    const [one, two] = [of[i] ?? 0, other[k] ?? 0]
    if (one === two) shared++
    if (one <= two) i++
    if (two <= one) k++
  }
  return total === 0 ? 0 : (2 * shared) / total
}

/** Said by everybody, and so saying nothing. */
const EMPTY_WORDS: ReadonlySet<string> = new Set([
  '有人',
  '现在',
  '这里',
  '发生',
  '我们',
  '附近',
  '一个',
  '出现',
  '已经',
  '需要',
  '请求',
  'there',
  'with',
  'have',
  'that',
  'this',
  'from',
  'near',
])
const HAN = /\p{Script=Han}/u
/** Chinese runs are cut where such a word stands in them. */
const EMPTY_HAN = new RegExp([...EMPTY_WORDS].filter((word) => HAN.test(word)).join('|'), 'g')
const worth = (word: string): boolean => !EMPTY_WORDS.has(word) && [...word].length >= (HAN.test(word) ? 2 : 4)

/** The longest words that both texts say, at most three: runs of Chinese characters, whole words of other scripts. */
export function sharedWords(a: string, b: string): readonly string[] {
  const theirs = runsOf(b.replaceAll(EMPTY_HAN, ' '))
  const found = new Set<string>()
  for (const run of runsOf(a.replaceAll(EMPTY_HAN, ' ')))
    if (!HAN.test(run)) {
      if (worth(run) && theirs.includes(run)) found.add(run)
    } else for (const word of commonParts([...run], theirs)) if (worth(word)) found.add(word)
  const longest = [...found].toSorted((x, y) => y.length - x.length || (x < y ? -1 : 1))
  return longest.filter((word, i) => !longest.slice(0, i).some((longer) => longer.includes(word))).slice(0, SHARED_MAX)
}

/** The longest parts of a run that begin at each of its characters and stand in one of the others. */
function commonParts(letters: readonly string[], others: readonly string[]): readonly string[] {
  const parts: string[] = []
  for (let from = 0; from < letters.length - 1;) {
    let until = from + 1
    while (until < letters.length && others.some((other) => other.includes(letters.slice(from, until + 1).join('')))) until++
    if (until - from >= 2) parts.push(letters.slice(from, until).join(''))
    from = Math.max(until, from + 1)
  }
  return parts
}

export const pointOf = ({ place: { lat, lon } }: Sighting): { readonly lat: number; readonly lon: number } | null =>
  lat === null || lon === null ? null : { lat, lon }

type Alike = { readonly degree: number; readonly metres: number | null; readonly minutes: number; readonly same: boolean }

/** How alike, without saying why: what every candidate costs. */
function alikeness(of: Sighting, other: Sighting): Alike | null {
  const minutes = Math.abs(toMs(of.at) - toMs(other.at)) / 60_000
  if (minutes > NEAR_MINUTES) return null
  const [here, there] = [pointOf(of), pointOf(other)]
  const metres = here === null || there === null ? null : metresBetween(here, there)
  if (metres !== null && metres > NEAR_METRES) return null
  const place = metres === null ? placeByName(of, other) : 1 - metres / NEAR_METRES
  if (place === 0) return null
  const same = of.hazard !== null && of.hazard === other.hazard
  const kind = same ? 1 : of.hazard === null || other.hazard === null ? 0.5 : 0
  const degreeWith = (words: number): number => 0.45 * place + 0.35 * words + 0.1 * (1 - minutes / NEAR_MINUTES) + 0.1 * kind
  // Most of those around could not reach it with the same words, and words are dear to compare.
  if (degreeWith(1) < ALIKE_LEAST) return null
  const words = dice(of.text, other.text)
  const degree = degreeWith(words)
  // Near in place and time alone are two callers of one street; they must speak of the same thing as well.
  return degree < ALIKE_LEAST || (!same && words < WORDS_LEAST) ? null : { degree, metres, minutes, same }
}

function placeByName(of: Sighting, other: Sighting): number {
  const alike = dice(of.place.name ?? '', other.place.name ?? '')
  return alike >= NAME_LEAST ? alike : 0
}

function proposalOf(of: Sighting, other: Sighting, { degree, metres, minutes, same }: Alike): Proposal {
  const shared = sharedWords(of.text, other.text)
  const reasons: readonly (Reason | null)[] = [
    metres === null ? { kind: 'place' } : { kind: 'distance', metres: Math.round(metres) },
    { kind: 'minutes', minutes: Math.round(minutes) },
    same ? { kind: 'hazard' } : null,
    shared.length > 0 ? { kind: 'words', words: shared } : null,
  ]
  return { id: other.id, degree: Math.round(degree * 100), reasons: reasons.filter((one) => one !== null) }
}

/** How alike two reports are, and why; null where they are not enough to be put before a person. */
export function likeness(of: Sighting, other: Sighting): Proposal | null {
  const alike = alikeness(of, other)
  return alike === null ? null : proposalOf(of, other, alike)
}

/** The few that are most alike, best first. Work is bounded: at most 50 candidates are looked at. */
export function proposalsFor(of: Sighting, candidates: readonly Sighting[]): readonly Proposal[] {
  const found = candidates.slice(0, CANDIDATES_MAX).flatMap((other) => {
    const alike = other.id === of.id ? null : alikeness(of, other)
    return alike === null ? [] : [{ other, alike }]
  })
  return found
    .toSorted((a, b) => b.alike.degree - a.alike.degree || (a.other.id < b.other.id ? -1 : 1))
    .slice(0, PROPOSALS_MAX)
    .map(({ other, alike }) => proposalOf(of, other, alike))
}

/** Cells of the grid in which candidates are looked for, in twentieths of a degree: about 5.5 km from south to north. */
const CELLS_A_DEGREE = 20
const ROWS = 180 * CELLS_A_DEGREE
const COLUMNS = 360 * CELLS_A_DEGREE

const rowOf = (lat: number): number => Math.min(ROWS - 1, Math.floor((lat + 90) * CELLS_A_DEGREE))
const columnOf = (lon: number): number => Math.floor((lon + 180) * CELLS_A_DEGREE) % COLUMNS

export const cellOf = ({ lat, lon }: { readonly lat: number; readonly lon: number }): number => rowOf(lat) * COLUMNS + columnOf(lon)

/** Its cell and all that touch it, across the antimeridian too; further north cells are narrower, and two to each side are taken. */
export function cellsAround({ lat, lon }: { readonly lat: number; readonly lon: number }): readonly number[] {
  const wide = Math.abs(lat) > 60 ? 4 : Math.abs(lat) > 25 ? 2 : 1
  const cells: number[] = []
  for (let row = rowOf(lat) - 1; row <= rowOf(lat) + 1; row++)
    for (let column = columnOf(lon) - wide; column <= columnOf(lon) + wide; column++)
      if (row >= 0 && row < ROWS) cells.push(row * COLUMNS + ((column + COLUMNS) % COLUMNS))
  return cells
}
