import { createPublicKey, hash as digest, verify as verifyWith } from 'node:crypto'
import canonicalize from 'canonicalize'
import { z } from 'zod/mini'
import {
  openCheckpoint,
  parseCheckpoint,
  parseNote,
  parseVerifierKey,
  sameKey,
  toBase64,
  type Checkpoint,
  type Verify,
  type VerifierKey,
} from '#core/checkpoint.ts'
import { Refusal } from '#core/decider.ts'
import type { Recorded } from '#core/event.ts'
import {
  append,
  EMPTY_FRONTIER,
  leafBytes,
  leafHash,
  PROOF_HASHES_MAX,
  rootOf,
  sameBytes,
  verifyInclusion,
  type Frontier,
  type Hash,
} from '#core/tree.ts'

/** The format is described in docs/export-format.md: a change here is a change there, and of the number. */
export const EXPORT_FORMAT = 'muster/export/1'
export const LINE_BYTES_MAX = 4 * 1024 * 1024
export const FINDINGS_MAX = 100
/** Room is left for the findings at the end of the file, which weigh more than the hundredth bad line. */
const LINE_FINDINGS_MAX = 90
/** Versions are counted for each stream, so memory grows with streams; past this they go unchecked, and the result says so. */
export const STREAMS_MAX = 5_000_000
/** Proofs wait for the checkpoint, which is the last line; past this they go unchecked, and the result says so. */
export const INCIDENT_EVENTS_MAX = 100_000

const Instant = z.string().check(
  z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/),
  z.refine((text) => !Number.isNaN(Date.parse(text))),
)
const Text = z.string().check(z.minLength(1))
const Count = z.int().check(z.nonnegative())

const Header = z.strictObject({
  format: z.literal(EXPORT_FORMAT),
  kind: z.enum(['whole', 'incident']),
  world: Text,
  origin: Text,
  vkey: Text,
  exportedAt: Instant,
  incidentId: z.nullable(Text),
})
export type ExportHeader = Readonly<z.infer<typeof Header>>

const record = {
  position: z.string().check(
    z.regex(/^[1-9]\d{0,15}$/),
    z.refine((text) => Number.isSafeInteger(Number(text))),
  ),
  stream: Text,
  version: z.int().check(z.positive()),
  type: Text,
  data: z.custom<object>((value) => typeof value === 'object' && value !== null && !Array.isArray(value)),
  commandId: Text,
  actor: Text,
  basis: z.nullable(Text),
  incidentId: z.nullable(Text),
  occurredAt: Instant,
  recordedAt: Instant,
}
const Proof = z.array(z.string()).check(z.maxLength(PROOF_HASHES_MAX))
const WholeLine = z.strictObject(record)
const IncidentLine = z.strictObject({ ...record, proof: Proof })
const Footer = z.strictObject({ checkpoint: Text, events: Count })

export type FindingCode =
  | 'verify.malformed'
  | 'verify.gap'
  | 'verify.duplicate'
  | 'verify.out-of-order'
  | 'verify.other-incident'
  | 'verify.proof-wrong'
  | 'verify.truncated'
  | 'verify.count-differs'
  | 'verify.uncovered'
  | 'verify.altered'
  | 'verify.signature-wrong'
  | 'verify.origin-differs'
  | 'verify.unknown-key'
  | 'verify.unchecked'
  | 'verify.more'

/** `line` counts from 1 and is null where the finding is about the whole file. */
export type Finding = {
  readonly code: FindingCode
  readonly line: number | null
  readonly params: Readonly<Record<string, string | number>>
}

export type VerifyResult = {
  /** Nothing was found. Without `pinned` this says only that whoever holds the key in the file made the file. */
  readonly ok: boolean
  /** Event lines that were well formed. */
  readonly events: number
  /** Leaves that the checkpoint covers; null if it could not be read. */
  readonly size: number | null
  readonly origin: string | null
  readonly kind: ExportHeader['kind'] | null
  /** The key that the file names, `name+keyid+base64`. */
  readonly vkey: string | null
  /** An expected key was given, and the file names that key. */
  readonly pinned: boolean
  /** At most FINDINGS_MAX, in the order of the file. */
  readonly findings: readonly Finding[]
}

export const sha256: Hash = (bytes) => digest('sha256', bytes, 'buffer')

/** Ed25519 (RFC 8032) by node:crypto; 32 bytes that are no key verify nothing. */
export const verifyEd25519: Verify = (publicKey, bytes, signature) => {
  try {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') }, format: 'jwk' })
    return verifyWith(null, bytes, key, signature)
  } catch {
    return false
  }
}

/** RFC 8785. Throws on what has no canonical JSON: a lone surrogate, a number that is not finite. */
export function canonical(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new Error('a value that has no canonical JSON')
  return text
}

/** A line that cannot be had as text: longer than LINE_BYTES_MAX, or not UTF-8. */
export class UnreadableLine extends Error {
  readonly line: number
  readonly reason: 'too-long' | 'not-utf8'
  constructor(line: number, reason: 'too-long' | 'not-utf8') {
    super(`line ${line}: ${reason}`)
    this.line = line
    this.reason = reason
  }
}

/**
 * Lines of a file, without their newline; throws UnreadableLine. Only U+000A divides: node:readline would also divide at U+2028,
 * which JSON leaves bare inside a text.
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let [line, held]: [number, Buffer[]] = [1, []]
  const text = (bytes: Buffer): string => {
    if (bytes.length > LINE_BYTES_MAX) throw new UnreadableLine(line, 'too-long')
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    } catch {
      throw new UnreadableLine(line, 'not-utf8')
    }
  }
  let length = 0
  for await (const chunk of chunks) {
    let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      yield text(Buffer.concat([...held, rest.subarray(0, end)]))
      ;[line, held, length, rest] = [line + 1, [], 0, rest.subarray(end + 1)]
    }
    if (rest.length === 0) continue
    // A stream may use its buffer again, so what waits is copied.
    held.push(Buffer.from(rest))
    length += rest.length
    if (length > LINE_BYTES_MAX) throw new UnreadableLine(line, 'too-long')
  }
  if (length > 0) yield text(Buffer.concat(held))
}

/** Gives the inclusion proof of a record in the tree of `size` leaves. */
export type ProofOf = (recorded: Recorded, size: number) => readonly Uint8Array[] | Promise<readonly Uint8Array[]>

/**
 * The lines of an export, without their newline: header, events in the order of position, checkpoint. `proofs` is null for a whole export.
 * Throws rather than write a file that would not verify: an event past the checkpoint, a whole export that does not reach it, a line too long.
 */
export async function* exportLines(
  header: ExportHeader,
  events: AsyncIterable<Recorded>,
  proofs: ProofOf | null,
  checkpoint: string,
): AsyncGenerator<string> {
  if ((header.kind === 'whole') !== (proofs === null) || (header.kind === 'whole') !== (header.incidentId === null))
    throw new Error('proofs and an incident id go with an export of one incident, and only with it')
  const head = unopened(checkpoint)
  if (head === null) throw new Error('a malformed checkpoint')
  yield canonical(Header.parse(header))
  let count = 0
  for await (const recorded of events) {
    if (Number(recorded.position) > head.size) throw new Error(`position ${recorded.position} is past the checkpoint of ${head.size}`)
    const proof = proofs === null ? null : await proofs(recorded, head.size)
    const parsed = Buffer.from(leafBytes(recorded, canonicalize)).toString('utf8')
    const line = proof === null ? parsed : canonical({ ...(JSON.parse(parsed) as object), proof: proof.map(toBase64) })
    if (Buffer.byteLength(line) > LINE_BYTES_MAX)
      throw new Error(`position ${recorded.position} makes a line of more than ${LINE_BYTES_MAX} bytes`)
    yield line
    count += 1
  }
  if (header.kind === 'whole' && count !== head.size) throw new Error(`${count} events under a checkpoint of ${head.size}`)
  yield canonical({ checkpoint, events: count })
}

/** What is known half-way through a file. */
type Reading = {
  readonly header: ExportHeader
  readonly key: VerifierKey | null
  readonly findings: Finding[]
  readonly versions: Map<string, number>
  readonly proofs: { readonly line: number; readonly index: number; readonly leaf: Uint8Array; readonly hashes: readonly Uint8Array[] }[]
  frontier: Frontier
  line: number
  /** Lines between header and checkpoint, well formed or not. */
  eventLines: number
  events: number
  /** The highest position so far. */
  last: number
  footer: { readonly line: number; readonly checkpoint: string; readonly events: number } | null
}

/**
 * Checks an export by itself: form, order, gaps as far as its kind can show them, proofs or root, signature. `lines` come without newline,
 * best from `readLines`. With `key` (`name+keyid+base64`) it also checks that this key, and no other, speaks. Reads once; memory does not grow
 * with events for a whole export, only with streams.
 */
export async function verifyExport(lines: AsyncIterable<string>, options: { readonly key?: string } = {}): Promise<VerifyResult> {
  let reading: Reading | null = null
  try {
    for await (const line of lines) {
      if (reading === null) {
        const opened = readHeader(line)
        if ('code' in opened) return nothingRead(opened)
        reading = opened
      } else readLine(reading, line)
    }
  } catch (error) {
    if (!(error instanceof UnreadableLine)) throw error
    const finding: Finding = { code: 'verify.malformed', line: error.line, params: { reason: error.reason } }
    if (reading === null) return nothingRead(finding)
    // What follows was not read, so nothing can be said of the end.
    reading.findings.push(finding)
    return result(reading, null, options.key)
  }
  if (reading === null) return nothingRead({ code: 'verify.malformed', line: 1, params: { reason: 'header' } })
  return result(reading, checkEnd(reading), options.key)
}

function readHeader(line: string): Reading | Finding {
  const parsed = parseLine(line)
  if ('reason' in parsed) return { code: 'verify.malformed', line: 1, params: parsed }
  const header = Header.safeParse(parsed.value)
  if (!header.success) return { code: 'verify.malformed', line: 1, params: { reason: 'header', at: placeOf(header.error) } }
  if ((header.data.kind === 'incident') !== (header.data.incidentId !== null))
    return { code: 'verify.malformed', line: 1, params: { reason: 'header', at: 'incidentId' } }
  const key = parseVerifierKey(header.data.vkey, sha256)
  const reading: Reading = {
    header: header.data,
    key: key instanceof Refusal ? null : key,
    findings: [],
    versions: new Map(),
    proofs: [],
    frontier: EMPTY_FRONTIER,
    line: 1,
    eventLines: 0,
    events: 0,
    last: 0,
    footer: null,
  }
  if (key instanceof Refusal) found(reading, 'verify.malformed', { reason: 'key', detail: String(key.params.reason) })
  else if (key.name !== header.data.origin) found(reading, 'verify.origin-differs', { origin: header.data.origin, name: key.name })
  return reading
}

function readLine(reading: Reading, line: string): void {
  reading.line += 1
  if (reading.footer !== null) return found(reading, 'verify.malformed', { reason: 'after-end' })
  const parsed = parseLine(line)
  const isFooter =
    'value' in parsed && typeof parsed.value === 'object' && parsed.value !== null && Object.hasOwn(parsed.value, 'checkpoint')
  if (!isFooter) reading.eventLines += 1
  if ('reason' in parsed) return found(reading, 'verify.malformed', parsed)
  if (isFooter) {
    const footer = Footer.safeParse(parsed.value)
    if (footer.success) reading.footer = { line: reading.line, ...footer.data }
    else found(reading, 'verify.malformed', { reason: 'checkpoint', detail: placeOf(footer.error) })
    return
  }
  const incident = reading.header.kind === 'incident'
  const event = (incident ? IncidentLine : WholeLine).safeParse(parsed.value)
  if (!event.success) return found(reading, 'verify.malformed', { reason: 'record', at: placeOf(event.error) })
  // The value as it was read, for a schema might drop what it cannot name.
  readEvent(reading, parsed.value as Recorded & { readonly proof?: readonly string[] })
}

function readEvent(reading: Reading, event: Recorded & { readonly proof?: readonly string[] }): void {
  reading.events += 1
  const leaf = leafHash(leafBytes(event, canonicalize), sha256)
  checkOrder(reading, event)
  if (event.proof === undefined) {
    reading.frontier = append(reading.frontier, [leaf], sha256).frontier
    return
  }
  if (event.incidentId !== reading.header.incidentId)
    found(reading, 'verify.other-incident', { position: event.position, incidentId: event.incidentId ?? '' })
  if (reading.proofs.length >= INCIDENT_EVENTS_MAX) {
    if (reading.events === INCIDENT_EVENTS_MAX + 1) found(reading, 'verify.unchecked', { what: 'proofs', limit: INCIDENT_EVENTS_MAX })
    return
  }
  // Only the one right spelling, as in core's `fromBase64`, which is slower for so many.
  const hashes = event.proof.map((text) => Buffer.from(text, 'base64'))
  if (hashes.some((hash, i) => hash.length !== 32 || hash.toString('base64') !== event.proof?.[i]))
    return found(reading, 'verify.malformed', { reason: 'record', at: 'proof' })
  reading.proofs.push({ line: reading.line, index: Number(event.position) - 1, leaf, hashes })
}

function checkOrder(reading: Reading, { position: text, stream, version }: Recorded): void {
  const [position, whole] = [Number(text), reading.header.kind === 'whole']
  if (position === reading.last) found(reading, 'verify.duplicate', { position })
  else if (position < reading.last) found(reading, 'verify.out-of-order', { position, after: reading.last })
  else if (whole && position !== reading.last + 1) found(reading, 'verify.gap', { expected: reading.last + 1, found: position })
  reading.last = Math.max(reading.last, position)

  const seen = reading.versions.get(stream)
  if (seen === undefined && reading.versions.size >= STREAMS_MAX) {
    if (!reading.findings.some(({ params }) => params.what === 'versions'))
      found(reading, 'verify.unchecked', { what: 'versions', limit: STREAMS_MAX })
    return
  }
  if (seen !== undefined && version <= seen) found(reading, 'verify.duplicate', { stream, version })
  else if (whole && version !== (seen ?? 0) + 1) found(reading, 'verify.gap', { stream, expected: (seen ?? 0) + 1, found: version })
  reading.versions.set(stream, Math.max(seen ?? 0, version))
}

/** All that the last line decides. Returns the checkpoint as read, even if its signature is wrong, so that the content is judged too. */
function checkEnd(reading: Reading): Checkpoint | null {
  const { footer, key, header, eventLines, events, last, frontier } = reading
  if (footer === null) {
    atEnd(reading, 'verify.truncated', null, { last })
    return null
  }
  if (footer.events !== eventLines) atEnd(reading, 'verify.count-differs', footer.line, { said: footer.events, found: eventLines })
  const opened = key === null ? null : openCheckpoint(footer.checkpoint, key, verifyEd25519)
  if (opened instanceof Refusal) {
    const { code, params } = opened
    if (code === 'checkpoint.malformed')
      atEnd(reading, 'verify.malformed', footer.line, { reason: 'checkpoint', detail: String(params.reason) })
    else if (code === 'checkpoint.origin-differs')
      atEnd(reading, 'verify.origin-differs', footer.line, { origin: String(params.origin), name: String(params.name) })
    else atEnd(reading, 'verify.signature-wrong', footer.line, { name: String(params.name), keyId: String(params.keyId) })
  }
  const head = unopened(footer.checkpoint)
  if (head === null) return null
  if (last > head.size) atEnd(reading, 'verify.uncovered', footer.line, { size: head.size, last })
  if (header.kind === 'incident') checkProofs(reading, head)
  else if (last < head.size) atEnd(reading, 'verify.truncated', footer.line, { size: head.size, last })
  else if (!sameBytes(rootOf(frontier, sha256), head.root)) {
    // Lines lost or out of place were named above; they too make another root.
    if (events === head.size || reading.findings.length === 0) atEnd(reading, 'verify.altered', footer.line, { size: head.size })
  }
  return head
}

function checkProofs(reading: Reading, { size, root }: Checkpoint): void {
  for (const { line, index, leaf, hashes } of reading.proofs)
    if (!verifyInclusion({ leaf, index, size, root }, hashes, sha256)) found(reading, 'verify.proof-wrong', { position: index + 1 }, line)
}

function result(reading: Reading, head: Checkpoint | null, expected: string | undefined): VerifyResult {
  const { header, key, findings, events } = reading
  const wanted = expected === undefined ? null : parseVerifierKey(expected, sha256)
  const pinned = key !== null && wanted !== null && !(wanted instanceof Refusal) && sameKey(key, wanted)
  if (expected !== undefined && !pinned) findings.push({ code: 'verify.unknown-key', line: 1, params: { expected, found: header.vkey } })
  findings.sort((a, b) => (a.line ?? Infinity) - (b.line ?? Infinity) || 0)
  return {
    ok: findings.length === 0,
    events,
    size: head?.size ?? null,
    origin: header.origin,
    kind: header.kind,
    vkey: header.vkey,
    pinned,
    findings,
  }
}

const nothingRead = (finding: Finding): VerifyResult => ({
  ok: false,
  events: 0,
  size: null,
  origin: null,
  kind: null,
  vkey: null,
  pinned: false,
  findings: [finding],
})

/** A finding about a line. Past the maximum one last finding says that there are more. */
function found(reading: Reading, code: FindingCode, params: Finding['params'], line: number = reading.line): void {
  if (reading.findings.length > LINE_FINDINGS_MAX) return
  const full = reading.findings.length === LINE_FINDINGS_MAX
  reading.findings.push(full ? { code: 'verify.more', line, params: { limit: LINE_FINDINGS_MAX } } : { code, line, params })
}

/** A finding about the end or the whole: kept however many lines were bad. There are at most six. */
const atEnd = (reading: Reading, code: FindingCode, line: number | null, params: Finding['params']): void => {
  reading.findings.push({ code, line, params })
}

/**
 * The value of a line, or why it has none. Only the canonical spelling is taken: then no byte can change unnoticed, and no two readers
 * can take a doubled member for different things.
 */
function parseLine(line: string): { readonly value: unknown } | { readonly reason: string } {
  if (line.length > LINE_BYTES_MAX) return { reason: 'too-long' }
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return { reason: 'json' }
  }
  try {
    if (canonical(value) === line) return { value }
  } catch {
    // A lone surrogate or an endless number has no canonical spelling, so this is none.
  }
  return { reason: 'not-canonical' }
}

/** The checkpoint of a note whose signature nobody has looked at. */
function unopened(note: string): Checkpoint | null {
  const parsed = parseNote(note)
  const checkpoint = parsed instanceof Refusal ? parsed : parseCheckpoint(parsed.text)
  return checkpoint instanceof Refusal ? null : checkpoint
}

const placeOf = (error: z.core.$ZodError): string => {
  const [issue] = error.issues
  return issue?.code === 'unrecognized_keys' ? issue.keys.join(' ').slice(0, 200) : (issue?.path.join('.') ?? '')
}
