/** CAP messages read, validated and held against a world of divisions and things, beside libxml2 alone (its parse and XSD) and fast-xml-parser (which checks no schema), in the same run. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { XMLParser } from 'fast-xml-parser'
import { ParseOption, XmlDocument, XmlLibError, XsdValidator } from 'libxml2-wasm'
import { areaIn } from '#core/alert/facts.ts'
import { CAP_BOUNDS } from '#core/cap.ts'
import { CAP_NAMESPACES, type CapVersion } from '#core/cap/grammar.ts'
import { capSchema } from '#core/cap/schema.ts'
import { Targets, type TargetPoint } from '#core/target.ts'
import { readCap, type CapOptions } from '#server/cap.ts'
import { projectRoot } from '#server/config.ts'
import { lineOf, load, MACHINE, median, type Report } from './measure.ts'

const ROUNDS = 9
const CORPUS = join(projectRoot, '..', 'shared', 'data', 'cap', 'public')
const OWN = join(projectRoot, 'fixtures', 'cap')
const FILES_MAX = 2000
const ACROSS = 283
const DOWN = 141
const THINGS = 100_000

export async function cap({ line, say }: Report): Promise<void> {
  const folder = existsSync(CORPUS) ? CORPUS : OWN
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.xml'))
    .toSorted()
    .slice(0, FILES_MAX)
    .map((name) => readFileSync(join(folder, name)))
    .filter((bytes) => bytes.length <= CAP_BOUNDS.bytes)
  const small = files.filter((bytes) => bytes.length <= 32_768)
  const megabytes = (of: readonly Buffer[]): number => Number((of.reduce((sum, bytes) => sum + bytes.length, 0) / 1e6).toFixed(2))
  say(
    `cap: ${files.length} files, ${megabytes(files)} MB, of ${folder === CORPUS ? 'the public corpus' : 'our own fixtures: the corpus is not here'}`,
  )
  const alone = libxml2()
  const [home, globe] = [indexOver(73, 18, 135, 54), indexOver(-180, -90, 180, 90)]
  const each = async (all: readonly Buffer[], targets: Targets, options: CapOptions): Promise<void> => {
    for (const bytes of all)
      for (const { alert } of (await readCap(bytes, options)).alerts) if (alert !== null) targets.within(areaIn(alert))
  }
  const plain = new XMLParser({ ignoreAttributes: false, processEntities: false })
  const ways = {
    ours: (all: readonly Buffer[]) => each(all, home, { signatures: false }),
    globe: (all: readonly Buffer[]) => each(all, globe, { signatures: false }),
    judged: (all: readonly Buffer[]) => each(all, home, {}),
    libxml2: (all: readonly Buffer[]) => all.forEach(alone),
    fast: (all: readonly Buffer[]) =>
      all.forEach((bytes) => {
        try {
          plain.parse(bytes)
        } catch {
          // what it refuses it has read as well
        }
      }),
  }
  for (const [name, all, of] of [
    ['all', files, 'the whole corpus'],
    ['messages', small, 'files up to 32 KiB, as single messages are'],
  ] as const) {
    const loadBefore = load()
    const rates: Record<keyof typeof ways, number[]> = { ours: [], globe: [], judged: [], libxml2: [], fast: [] }
    // The one that leaves a heap behind it for others to sweep does not run between the two.
    for (const turn of [['libxml2', 'ours'], ['globe'], ['judged'], ['fast']] as const)
      for (let round = 0; round <= ROUNDS; round++)
        for (const way of turn) {
          const began = performance.now()
          await ways[way](all)
          if (round > 0) rates[way].push((all.length * 1000) / (performance.now() - began))
        }
    const notes = { files: all.length, megabytes: megabytes(all), of, corpus: folder === CORPUS, versions: MACHINE }
    const ours = `bytes to model and to whom it concerns: decoding, strict reading within bounds, schema, semantic findings, SHA-256; what lies in its area of ${ACROSS * DOWN} divisions and ${THINGS} things in China`
    const row = { unit: 'alerts/s', better: 'more', ours: rates.ours, loadBefore } as const
    line(
      lineOf({
        ...row,
        name: `cap.${name}`,
        peer: rates.libxml2,
        target: { of: 'ratio', value: 0.5 },
        notes: {
          ...notes,
          ours,
          peer: 'libxml2-wasm: parse and XSD, no model',
          notRun: 'Sahana Eden is not installed here; recorded elsewhere: 4.2 alerts/s, stored',
        },
      }),
    )
    line(
      lineOf({
        ...row,
        ours: rates.globe,
        name: `cap.${name}.globe`,
        peer: rates.libxml2,
        notes: {
          ...notes,
          ours: `${ours}, but spread over the whole globe, so that nearly every area has some`,
          peer: 'libxml2-wasm, as above',
        },
      }),
    )
    line(
      lineOf({
        ...row,
        ours: rates.judged,
        name: `cap.${name}.signatures`,
        peer: rates.libxml2,
        notes: { ...notes, ours: `${ours}; and every signature judged`, peer: 'libxml2-wasm, as above' },
      }),
    )
    line(
      lineOf({
        ...row,
        name: `cap.${name}.fast-xml-parser`,
        peer: rates.fast,
        notes: {
          ...notes,
          ours,
          peer: 'fast-xml-parser: a tree, no schema, broken input accepted',
          peerMedian: Math.round(median(rates.fast)),
        },
      }),
    )
  }
}

/** Divisions in a grid over a box of degrees, and things spread over them evenly. */
function indexOver(least: number, lowest: number, most: number, highest: number): Targets {
  const [wide, high] = [(most - least) / ACROSS, (highest - lowest) / DOWN]
  const square = (i: number): readonly (readonly [number, number])[] => {
    const [west, south] = [(i % ACROSS) * wide + least, Math.floor(i / ACROSS) * high + lowest]
    const [east, north] = [west + wide, south + high]
    return [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
    ]
  }
  const golden = (Math.sqrt(5) - 1) / 2
  return new Targets(
    Array.from({ length: ACROSS * DOWN }, (_, i) => ({ code: `d${i}`, polygons: [[square(i)]] })),
    Array.from({ length: THINGS }, (_, i): TargetPoint => {
      const [lon, lat] = [least + ((i * golden) % 1) * (most - least), lowest + ((i + 0.5) / THINGS) * (highest - lowest)]
      return { kind: i % 2 === 0 ? 'organization' : 'site', id: `t${i}`, lon, lat }
    }),
  )
}

/** The peer: the version is looked for in the text, the rest is libxml2. */
function libxml2(): (bytes: Buffer) => void {
  const validators = new Map<CapVersion, XsdValidator>()
  for (const version of Object.keys(CAP_NAMESPACES) as CapVersion[]) {
    const schema = XmlDocument.fromString(capSchema(version))
    validators.set(version, XsdValidator.fromDoc(schema))
    schema.dispose()
  }
  return (bytes) => {
    let document: XmlDocument | null = null
    try {
      document = XmlDocument.fromBuffer(bytes, { option: ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE })
      const namespace = document.root.namespaceUri
      const version = (Object.keys(CAP_NAMESPACES) as CapVersion[]).find((one) => CAP_NAMESPACES[one] === namespace)
      if (version !== undefined) validators.get(version)?.validate(document)
    } catch (error) {
      if (!(error instanceof XmlLibError)) throw error
    } finally {
      document?.dispose()
    }
  }
}
