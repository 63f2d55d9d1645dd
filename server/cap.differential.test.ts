/** Our verdicts against those of libxml2 itself, document by document, on what is almost valid: a glance that calls an alert valid must never be wrong. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { ParseOption, XmlDocument, XsdValidator } from 'libxml2-wasm'
import { CAP_NAMESPACES, type CapVersion } from '#core/cap/grammar.ts'
import { capSchema } from '#core/cap/schema.ts'
import { dice, eachVariant, scratched, someVariant } from '../fixtures/server/cap-variants.ts'
import { readCap } from './cap.ts'
import { projectRoot } from './config.ts'

const FIXTURES = join(projectRoot, 'fixtures', 'cap')
const RANDOM = 2500
const SEED = 20_261_122

const HOW = { option: ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE | ParseOption.XML_PARSE_NOCDATA }
const validators = new Map(
  (Object.keys(CAP_NAMESPACES) as CapVersion[]).map((version) => {
    const schema = XmlDocument.fromString(capSchema(version))
    return [CAP_NAMESPACES[version], XsdValidator.fromDoc(schema)] as const
  }),
)

/** By libxml2 alone: not well-formed, well-formed, or valid by the schema of its namespace, too. */
function theirs(text: string): string {
  let document: XmlDocument
  try {
    document = XmlDocument.fromBuffer(Buffer.from(text), HOW)
  } catch {
    return 'malformed'
  }
  try {
    const validator = document.root.name === 'alert' ? validators.get(document.root.namespaceUri) : undefined
    if (validator === undefined) return 'well-formed'
    validator.validate(document)
    return 'valid'
  } catch {
    return 'well-formed'
  } finally {
    document.dispose()
  }
}

async function ours(text: string): Promise<string> {
  const { wellFormed, refused, alerts } = await readCap(Buffer.from(text), { signatures: false })
  if (wellFormed === null) return refused?.code ?? 'refused without a code'
  return wellFormed ? (alerts[0]?.xsdValid === true ? 'valid' : 'well-formed') : 'malformed'
}

/** The first few that differ, and how often each verdict was given. */
async function compared(
  texts: Iterable<string>,
): Promise<{ readonly other: readonly string[]; readonly given: ReadonlyMap<string, number> }> {
  const other: string[] = []
  const given = new Map<string, number>()
  for (const text of texts) {
    const [mine, wanted] = [await ours(text), theirs(text)]
    given.set(wanted, (given.get(wanted) ?? 0) + 1)
    if (mine !== wanted && other.length < 5) other.push(`${mine} for ${wanted}: ${text}`)
  }
  return { other, given }
}
const often = (given: ReadonlyMap<string, number>, least: number): boolean =>
  ['malformed', 'well-formed', 'valid'].every((verdict) => (given.get(verdict) ?? 0) >= least)

test('at each border of each member, and of XML itself, the verdict is that of libxml2', async () => {
  const { other, given } = await compared(eachVariant('1.2'))
  assert.deepEqual(other, [])
  assert.ok(often(given, 1000), JSON.stringify([...given]))
})

test('so it is for alerts of every version changed at random', async () => {
  const roll = dice(SEED)
  const seeds = readdirSync(FIXTURES)
    .filter((name) => /^(?:chain|slightly)/.test(name))
    .map((name) => readFileSync(join(FIXTURES, name), 'utf8').replace(/^<\?xml[^>]*>/, ''))
  const texts = Array.from({ length: RANDOM }, (_, i) =>
    i % 8 === 0 ? scratched(seeds[roll(seeds.length)] ?? '', roll) : someVariant(roll),
  )
  const { other, given } = await compared(texts)
  assert.deepEqual(other, [])
  assert.ok(often(given, 100), JSON.stringify([...given]))
})
