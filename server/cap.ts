/** CAP messages from anywhere: bytes in, verdicts and the normalised alert out, within bounds of size, time and memory. No room of its own. */
import { isAscii } from 'node:buffer'
import { hash } from 'node:crypto'
import { CAP_BOUNDS, type Alert, type CapFinding } from '#core/cap.ts'
import type { Identity } from '#core/cap/check.ts'
import type { CapRefusalCode } from '#core/cap/codes.ts'
import { capVersionOf, type CapVersion } from '#core/cap/grammar.ts'
import { readAlert, type CapReading } from '#core/cap/read.ts'
import { surelyValid } from '#core/cap/sure.ts'
import { findElements, readXml, type XmlDocument, type XmlElement } from '#core/xml.ts'
import { decodeXml, utf8Part } from './cap/decode.ts'
import type { SchemaError } from './cap/schema.ts'
import { judgeSignatures, type SignatureResult } from './cap/signature.ts'
import { NO_TRUST, type Trust } from './cap/trust.ts'

export type CapAlertVerdict = {
  readonly capVersion: CapVersion | null
  /** By the schema of its version; false when it names no version of CAP. */
  readonly xsdValid: boolean
  readonly schemaErrors: readonly SchemaError[]
  readonly findings: readonly CapFinding[]
  readonly signature: SignatureResult
  /** Null when nobody can act on it: no status, type or scope that CAP knows. */
  readonly alert: Alert | null
  readonly identity: Identity
  /** It stood in a feed or an envelope. */
  readonly embedded: boolean
}

export type CapVerdict = {
  readonly bytes: number
  /** Of the bytes as they came; these are what is kept. Null: too many to be read. */
  readonly sha256: string | null
  readonly encoding: string | null
  readonly bom: boolean
  /** Null: not examined, for it was refused before. */
  readonly wellFormed: boolean | null
  /** Why the whole is refused: `cap.doctype`, `cap.too-large`, …; null when it could be read. */
  readonly refused: { readonly code: CapRefusalCode; readonly line: number; readonly detail: string } | null
  readonly alerts: readonly CapAlertVerdict[]
}

export type CapOptions = {
  readonly trust?: Trust
  /** False: signatures are left alone, for bytes whose signatures were judged before; the verdict then says none and means nothing. */
  readonly signatures?: boolean
}

let schema: typeof import('./cap/schema.ts') | null = null

/** Reads one document: an alert, or a feed or envelope (Atom, RSS, EDXL-DE) with alerts in it. Never throws for what is in the bytes. */
export async function readCap(bytes: Uint8Array, { trust = NO_TRUST, signatures = true }: CapOptions = {}): Promise<CapVerdict> {
  const base = { bytes: bytes.length, sha256: null, encoding: null, bom: false, alerts: [] }
  if (bytes.length > CAP_BOUNDS.bytes)
    return { ...base, wellFormed: null, refused: refusal('cap.too-large', `${bytes.length} > ${CAP_BOUNDS.bytes}`) }
  const known = { ...base, sha256: hash('sha256', bytes, 'hex') }
  // Most of a large alert is numbers: what is no ASCII is made text of where it stands, and the rest never is.
  const decoded = decodeXml(bytes, 'latin1')
  if ('code' in decoded)
    return { ...known, encoding: decoded.encoding, wellFormed: false, refused: refusal(decoded.code, decoded.encoding) }
  const { text, encoding, bom } = decoded
  const said = { ...known, encoding, bom }
  const read = encoding === 'utf-8' && !isAscii(bytes) ? readXml(text, CAP_BOUNDS, utf8Part) : readXml(text, CAP_BOUNDS)
  if (!read.ok)
    return {
      ...said,
      wellFormed: read.code === 'not-well-formed' ? false : null,
      refused: refusal(`cap.${read.code}`, read.detail, read.line),
    }
  const { document } = read
  const found = alertsIn(document.root)
  const whole = found[0] === document.root
  const version = capVersionOf(document.root.namespace)
  const believed = signatures ? trust : null
  const reading = whole ? readAlert(document.root, version) : null
  if (reading !== null && version !== null && surelyValid(document, version, reading.findings))
    return { ...said, wellFormed: true, refused: null, alerts: [verdictOf(document, version, reading, null, believed)] }
  // Asking for a module again costs as much as reading a small alert.
  schema ??= await import('./cap/schema.ts')
  const { examine } = schema
  const utf8 = encoding === 'utf-8' ? bytes.subarray(bom ? 3 : 0) : Buffer.from(text)
  const isHopeless = reading !== null && reading.findings.filter(isForeignValue).length > FOREIGN_MAX
  const judged = examine(utf8, whole && !isHopeless ? version : null)
  if (judged.wellFormed !== null)
    return { ...said, wellFormed: false, refused: refusal('cap.not-well-formed', judged.wellFormed.detail, judged.wellFormed.line) }
  const none = found.length === 0 ? refusal('cap.no-alert', document.root.name.slice(0, 60)) : null
  if (reading !== null) {
    const errors = isHopeless ? [{ line: 0, detail: `more than ${FOREIGN_MAX} values that CAP does not know` }] : judged.schema
    return { ...said, wellFormed: true, refused: none, alerts: [verdictOf(document, version, reading, errors, believed)] }
  }
  const alerts: CapAlertVerdict[] = []
  for (const one of found) {
    const verdict = embeddedVerdict(one, document, examine, believed)
    if ('ok' in verdict) return { ...said, wellFormed: true, refused: refusal(`cap.${verdict.code}`, verdict.detail, verdict.line) }
    alerts.push(verdict)
  }
  return { ...said, wellFormed: true, refused: none, alerts }
}

/**
 * Each alert of a document as bytes of its own, in the order of `readCap`: the document's own where it is one alert, else what
 * stood in the feed or envelope, with the namespaces that it had there.
 */
export function alertsApart(bytes: Uint8Array): readonly Uint8Array[] {
  const decoded = decodeXml(bytes)
  if ('code' in decoded) return []
  const read = readXml(decoded.text, CAP_BOUNDS)
  if (!read.ok) return []
  const { document } = read
  const found = alertsIn(document.root)
  return found[0] === document.root ? [bytes] : found.map((one) => Buffer.from(standaloneText(one, document)))
}

/** Of each alert in a document only what chains are made of; empty when it cannot be read. Without schema and signatures, so much cheaper. */
export function identitiesIn(bytes: Uint8Array): readonly CapReading[] {
  if (bytes.length > CAP_BOUNDS.bytes) return []
  const decoded = decodeXml(bytes)
  if ('code' in decoded) return []
  const read = readXml(decoded.text, CAP_BOUNDS)
  return read.ok ? alertsIn(read.document.root).map((one) => readAlert(one, capVersionOf(one.namespace))) : []
}

const refusal = (code: CapRefusalCode, detail: string, line = 0): NonNullable<CapVerdict['refused']> => ({
  code,
  line,
  detail: detail.slice(0, 400),
})

/** The root when it calls itself an alert, whatever its namespace; else what is an alert of CAP inside of it. */
export function alertsIn(root: XmlElement): readonly XmlElement[] {
  if (root.name === 'alert') return [root]
  return findElements(root, (one) => one.name === 'alert' && capVersionOf(one.namespace) !== null, CAP_BOUNDS.alerts)
}

/** Each costs libxml2 a tenth of a millisecond, and no more of them are told. */
const FOREIGN_MAX = 200
const isForeignValue = ({ code, at }: CapFinding): boolean => code === 'cap.value-unknown' && /\.(?:category|responseType)$/.test(at)

const UNJUDGED: SignatureResult = { verdict: 'none', codes: [], signers: [] }

function verdictOf(
  document: XmlDocument,
  version: CapVersion | null,
  { alert, identity, findings }: CapReading,
  errors: readonly SchemaError[] | null,
  trust: Trust | null,
): CapAlertVerdict {
  return {
    capVersion: version,
    xsdValid: version !== null && errors === null,
    schemaErrors: errors ?? [],
    findings,
    signature: trust === null ? UNJUDGED : judgeSignatures(document, trust),
    alert,
    identity,
    embedded: false,
  }
}

/** An alert inside of something else as a document of its own, with the namespaces that it had. */
export function standaloneText(element: XmlElement, { text, decode }: XmlDocument): string {
  const slice = decode(text.slice(element.start, element.end))
  const scope = new Map<string, string>()
  for (let one = element.parent; one !== null; one = one.parent)
    for (const [prefix, name] of one.declared ?? []) if (!scope.has(prefix) && !element.declared?.has(prefix)) scope.set(prefix, name)
  const names = [...scope].map(
    ([prefix, name]) => ` xmlns${prefix === '' ? '' : `:${prefix}`}="${name.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"`,
  )
  const head = /^<[^\s/>]+/.exec(slice)?.[0] ?? ''
  return head + names.join('') + slice.slice(head.length)
}

function embeddedVerdict(
  element: XmlElement,
  document: XmlDocument,
  examine: typeof import('./cap/schema.ts').examine,
  trust: Trust | null,
): CapAlertVerdict | Extract<ReturnType<typeof readXml>, { ok: false }> {
  const own = standaloneText(element, document)
  const read = readXml(own, CAP_BOUNDS)
  // With all the namespaces that it had around it, it may be more than we read.
  if (!read.ok) return read
  const version = capVersionOf(element.namespace)
  const reading = readAlert(read.document.root, version)
  const sure = version !== null && surelyValid(read.document, version, reading.findings)
  const errors = sure ? null : examine(Buffer.from(own), version).schema
  return { ...verdictOf(read.document, version, reading, errors, trust), embedded: true }
}
