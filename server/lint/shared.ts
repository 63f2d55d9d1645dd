/** What every pack is held against: the shared vocabulary and the level scales of packs/, read once. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Scale, Vocabulary } from '#core/scale.ts'
import { projectRoot } from '../config.ts'
import { readFileAs } from '../pack.ts'
import { readYaml } from '../yaml.ts'

const VOCABULARY_FILE = join(projectRoot, 'packs', 'vocabulary.yaml')
const SCALES = join(projectRoot, 'packs', 'scales')
const SCALES_MAX = 500

let words: ReadonlySet<string> | null = null
let scales: readonly Scale[] | null = null

/** The code words that everybody shares: docs/GLOSSARY.md as data. Throws where the project's own file is broken. */
export function sharedWords(): ReadonlySet<string> {
  if (words !== null) return words
  const loaded = readFileAs(VOCABULARY_FILE, Vocabulary)
  if (!loaded.ok) throw new Error(`${VOCABULARY_FILE}:${loaded.problems[0]?.line} ${loaded.problems[0]?.problem}`)
  words = new Set(loaded.value.terms.map((one) => one.means))
  return words
}

/** The level scales that come with the project; a vocabulary beside them is none. */
export function knownScales(): readonly Scale[] {
  return (scales ??= readdirSync(SCALES)
    .filter((name) => name.endsWith('.yaml'))
    .slice(0, SCALES_MAX)
    .flatMap((name) => {
      const yaml = readYaml(readFileSync(join(SCALES, name), 'utf8'))
      const scale = yaml.ok ? Scale.safeParse(yaml.value) : null
      return scale?.success === true ? [scale.data] : []
    }))
}
