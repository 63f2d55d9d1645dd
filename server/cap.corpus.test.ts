/** Against a corpus of real alerts with independent verdicts (lxml, xmlsec), when it is there: nothing is known of it here but how its manifest is read. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { ParseOption, XmlDocument, XmlStringOutputBufferHandler, XsdValidator } from 'libxml2-wasm'
import { chainsOf, type Message } from '#core/cap/chain.ts'
import { CAP_NAMESPACES, type CapVersion } from '#core/cap/grammar.ts'
import { capSchema } from '#core/cap/schema.ts'
import { writeCap } from '#core/cap/write.ts'
import { canonicalDocument } from '#core/c14n.ts'
import { CAP_BOUNDS } from '#core/cap.ts'
import { elementsOf, readXml, textOf, type XmlDocument as Tree, type XmlElement } from '#core/xml.ts'
import { readCap, type CapAlertVerdict, type CapVerdict } from './cap.ts'
import { decodeXml } from './cap/decode.ts'
import { projectRoot } from './config.ts'

const FOLDER = join(projectRoot, '..', 'shared', 'data', 'cap')
const MANIFEST = join(FOLDER, 'public', 'MANIFEST.jsonl')
const skip = existsSync(MANIFEST) ? false : 'the corpus is not here'

type Row = {
  readonly file: string
  readonly wellFormed: boolean
  readonly xsdValid?: boolean | null
  readonly capVersion?: string | null
  readonly semantic?: readonly string[] | null
  readonly chain?: string
  readonly signature?: { readonly xmlsec: string }
  readonly identifier?: string | null
}
/** Where the manifest is wrong, with the proof. There is no such case. */
const EXCEPTIONS: ReadonlyMap<string, string> = new Map()

const rows: readonly Row[] =
  skip === false
    ? readFileSync(MANIFEST, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Row)
    : []
const bytesOf = ({ file }: Row): Buffer => readFileSync(join(FOLDER, file))
type Judged = { readonly row: Row; readonly verdict: CapVerdict; readonly alert: CapAlertVerdict | undefined }
const judged: readonly Judged[] = await Promise.all(
  rows
    .filter(({ file }) => !EXCEPTIONS.has(file))
    .map(async (row) => {
      const verdict = await readCap(bytesOf(row))
      return { row, verdict, alert: verdict.alerts[0] }
    }),
)
const treeOf = (bytes: Uint8Array): Tree | null => {
  const decoded = decodeXml(bytes)
  const read = 'text' in decoded ? readXml(decoded.text, CAP_BOUNDS) : null
  return read?.ok === true ? read.document : null
}

test('well-formedness is judged as by lxml in every case', { skip }, () => {
  assert.ok(rows.length > 0)
  assert.deepEqual(
    judged.filter(({ row, verdict }) => row.wellFormed !== verdict.wellFormed).map(({ row }) => row.file),
    [],
  )
})

test('the schema verdict is that of the published schema in every case', { skip }, () => {
  const read = judged.filter(({ row }) => row.wellFormed)
  const other = read.filter(
    ({ row, alert }) => alert === undefined || row.xsdValid !== alert.xsdValid || row.capVersion !== alert.capVersion,
  )
  assert.deepEqual(
    other.map(({ row }) => row.file),
    [],
  )
})

test('semantic findings are those of the manifest, code by code, as far as it has a word for them', { skip }, () => {
  const words = new Set(rows.flatMap(({ semantic }) => semantic ?? []).map((word) => word.toLowerCase()))
  const other = judged.flatMap(({ row, alert }) => {
    const mine = [...new Set(alert?.findings.map(({ code }) => code.slice('cap.'.length)) ?? [])]
      .filter((code) => words.has(code))
      .toSorted()
      .join()
    const theirs = (row.semantic ?? [])
      .map((word) => word.toLowerCase())
      .toSorted()
      .join()
    return mine === theirs ? [] : [`${row.file}: ${mine} / ${theirs}`]
  })
  assert.deepEqual(other, [])
})

test('references resolve to the chains of the manifest, whatever the order of arrival', { skip }, () => {
  const messages = judged.flatMap(({ row, alert }): Message[] =>
    alert === undefined ? [] : [{ key: row.file, identity: alert.identity, alert: null }],
  )
  // The sets are compared, for names of chains are the manifest's own. A file may stand in it twice.
  const unique = [...new Map(messages.map((one) => [one.key, one])).values()]
  const theirs = [
    ...Map.groupBy(
      rows.filter(({ chain }) => chain !== undefined),
      ({ chain }) => chain,
    ).values(),
  ]
  const sets = (all: readonly (readonly string[])[]): readonly string[] =>
    all
      .map((set) => [...new Set(set)].toSorted().join('\n'))
      .filter((set) => set.includes('\n'))
      .toSorted()
  const wanted = sets(theirs.map((set) => set.map(({ file }) => file)))
  for (const order of [unique, unique.toReversed(), unique.toSorted((a, b) => (a.identity.sent < b.identity.sent ? 1 : -1))])
    assert.deepEqual(sets(chainsOf(order).map((chain) => chain.map(({ key }) => key))), wanted)
})

test('every signature that xmlsec holds for good holds here, and none that was tampered with', { skip }, () => {
  const signed = judged.filter(({ row }) => row.signature !== undefined)
  assert.deepEqual(
    signed
      .filter(({ row, alert }) => row.signature?.xmlsec === 'OK' && alert?.signature.verdict !== 'valid-untrusted')
      .map(({ row }) => row.file),
    [],
  )
  const tampered = signed.filter(({ row }) => /invalid_(?:digest|signature|schema|certificate)/.test(row.file))
  assert.deepEqual(
    tampered.filter(({ alert }) => alert?.signature.verdict !== 'invalid').map(({ row }) => row.file),
    [],
  )
  assert.ok(judged.every(({ row, alert }) => row.signature !== undefined || alert === undefined || alert.signature.verdict === 'none'))
})

test('canonical XML is that of libxml2, in every version, with and without comments', { skip }, () => {
  const wrong = judged.flatMap(({ row, verdict }) => {
    const tree = verdict.wellFormed === true ? treeOf(bytesOf(row)) : null
    if (tree === null) return []
    const document = XmlDocument.fromBuffer(Buffer.from(tree.text), { encoding: 'UTF-8', option: ParseOption.XML_PARSE_NONET })
    try {
      return ([0, 1, 2] as const).flatMap((mode) =>
        [true, false].flatMap((comments) => {
          const handler = new XmlStringOutputBufferHandler()
          document.canonicalize(handler, { mode, withComments: comments })
          const mine = canonicalDocument(
            tree,
            { exclusive: mode === 1, comments, version: mode === 2 ? '1.1' : '1.0', inclusivePrefixes: [] },
            new Set(),
          )
          return mine === handler.result ? [] : [`${row.file} ${mode}`]
        }),
      )
    } finally {
      document.dispose()
    }
  })
  assert.deepEqual(wrong, [])
})

// ── There and back

const TOKENS = /^(?:references|addresses|incidents|polygon|circle)$/
const WORDS =
  /^(?:description|headline|instruction|areaDesc|event|senderName|contact|note|audience|source|restriction|resourceDesc|value|valueName|derefUri)$/
const REQUIRED = /^(?:event|value|valueName|areaDesc|resourceDesc|mimeType)$/

/** What CAP says is insignificant: the signature, empty elements, white space around what is not prose, how a number is written, the language that is meant when none is named. */
function normal(element: XmlElement, version: CapVersion): string {
  if (element.namespace !== CAP_NAMESPACES[version]) return ''
  const { name } = element
  const members = elementsOf(element)
  if (members.length > 0) {
    const language =
      name === 'info' && !members.some((one) => one.name === 'language' && textOf(one).trim() !== '') ? '<language>en-US</language>' : ''
    return `<${name}>${language}${members.map((one) => normal(one, version)).join('')}</${name}>`
  }
  const said = textOf(element)
  if (said.trim() === '') return REQUIRED.test(name) ? `<${name}></${name}>` : ''
  const token = (one: string): string =>
    /^(?:polygon|circle)$/.test(name)
      ? one
          .split(',')
          .map((part) => String(Number(part)))
          .join()
      : one
  const text = TOKENS.test(name)
    ? said.trim().split(/\s+/).map(token).join(' ')
    : name === 'size'
      ? String(Number(said))
      : WORDS.test(name)
        ? said
        : said.trim()
  return `<${name}>${text}</${name}>`
}

test('what is valid and without error is written back without loss, and valid', { skip }, async () => {
  const sound = judged.filter(({ alert }) => alert?.xsdValid === true && alert.findings.every(({ severity }) => severity !== 'error'))
  assert.ok(sound.length > rows.length / 2)
  let same = 0
  for (const { row, alert } of sound) {
    const [version, model] = [alert?.capVersion ?? '1.2', alert?.alert ?? assert.fail(row.file)]
    const written = Buffer.from(writeCap(model))
    const again = (await readCap(written)).alerts[0]
    assert.equal(again?.xsdValid, true, row.file)
    const [before, then] = [treeOf(bytesOf(row)), treeOf(written)]
    // CAP 1.0 writes pairs and one certainty otherwise, and 1.1 may leave the type of a resource out; 1.2 has it.
    const older =
      version === '1.0' ||
      (version === '1.1' && model.infos.some(({ resources }) => resources.some(({ mimeType }) => mimeType === undefined)))
    if (older || before === null || then === null) continue
    assert.deepEqual(again?.alert, model, row.file)
    assert.equal(normal(then.root, '1.2'), normal(before.root, version), row.file)
    same++
  }
  assert.ok(same >= sound.length - 10, `${same} of ${sound.length}`)
})

test('our schema accepts and refuses what the published one does, on every alert and with each of its elements changed', { skip }, () => {
  const validatorOf = (text: string): XsdValidator => XsdValidator.fromDoc(XmlDocument.fromString(text))
  const pairs = (Object.keys(CAP_NAMESPACES) as CapVersion[]).map((version) => {
    const published = readFileSync(join(FOLDER, 'schema', `CAP-v${version}.xsd`), 'utf8')
    return { version, ours: validatorOf(capSchema(version)), theirs: validatorOf(published) }
  })
  const accepts = (validator: XsdValidator, document: XmlDocument): boolean => {
    try {
      validator.validate(document)
      return true
    } catch {
      return false
    }
  }
  let compared = 0
  for (const { version, ours, theirs } of pairs) {
    const some = judged
      .filter(({ row, verdict, alert }) => alert?.capVersion === version && verdict.bytes < 8000 && row.wellFormed)
      .filter((_, i) => version !== '1.2' || i % 25 === 0)
    for (const { row } of some.slice(0, 25)) {
      const text = treeOf(bytesOf(row))?.text.replace(/^<\?xml[^>]*\?>/, '') ?? ''
      const tags = [...text.matchAll(/<([\w:]+)(?:\s[^<>]*)?>([^<]*)<\/\1>/g)].slice(0, 40)
      const without = tags.map((found) => text.slice(0, found.index) + text.slice(found.index + found[0].length))
      const twice = tags.map((found) => text.slice(0, found.index) + found[0] + text.slice(found.index))
      const filled = ['', 'nonsense', ' 2026-01-01T00:00:00Z', '1.5'].flatMap((value) =>
        tags.map(
          (found) => text.slice(0, found.index) + found[0].replace(/>[^<]*<\//, `>${value}</`) + text.slice(found.index + found[0].length),
        ),
      )
      for (const variant of [text, ...without, ...twice, ...filled]) {
        const document = XmlDocument.fromString(variant)
        assert.equal(accepts(ours, document), accepts(theirs, document), `${row.file}\n${variant.slice(0, 3000)}`)
        document.dispose()
        compared++
      }
    }
  }
  assert.ok(compared > 1000)
})
