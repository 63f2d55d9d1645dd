import { ParseOption, XmlDocument, XmlLibError, XsdValidator } from 'libxml2-wasm'
import type { CapVersion } from '#core/cap/grammar.ts'
import { capSchema } from '#core/cap/schema.ts'

/** Loaded only when a document is worth it: compiling libxml2 takes longer than refusing an attack. */

export type SchemaError = { readonly line: number; readonly detail: string }
const ERRORS_MAX = 20
const DETAIL_MAX = 400
const HOW = {
  encoding: 'UTF-8',
  option:
    ParseOption.XML_PARSE_NONET |
    ParseOption.XML_PARSE_NO_XXE |
    ParseOption.XML_PARSE_BIG_LINES |
    ParseOption.XML_PARSE_COMPACT |
    // CDATA is text like any other; as nodes of their own libxml2 lets none stand between elements, be they empty.
    ParseOption.XML_PARSE_NOCDATA,
}

const validators = new Map<CapVersion, XsdValidator>()
function validatorOf(version: CapVersion): XsdValidator {
  const before = validators.get(version)
  if (before !== undefined) return before
  const schema = XmlDocument.fromString(capSchema(version))
  try {
    const made = XsdValidator.fromDoc(schema)
    validators.set(version, made)
    return made
  } finally {
    schema.dispose()
  }
}

/** `wellFormed` by libxml2, and, when a version is given, what the schema has against it: null means valid. UTF-8 bytes, no document type. */
export function examine(
  utf8: Uint8Array,
  version: CapVersion | null,
): { readonly wellFormed: SchemaError | null; readonly schema: readonly SchemaError[] | null } {
  let document: XmlDocument
  try {
    document = XmlDocument.fromBuffer(utf8, HOW)
  } catch (error) {
    return { wellFormed: detailsOf(error)[0] ?? { line: 0, detail: '' }, schema: null }
  }
  try {
    if (version !== null) validatorOf(version).validate(document)
    return { wellFormed: null, schema: null }
  } catch (error) {
    return { wellFormed: null, schema: detailsOf(error) }
  } finally {
    document.dispose()
  }
}

function detailsOf(error: unknown): readonly SchemaError[] {
  if (!(error instanceof XmlLibError)) throw error
  return error.details.slice(0, ERRORS_MAX).map(({ line, message }) => ({ line, detail: message.trim().slice(0, DETAIL_MAX) }))
}
