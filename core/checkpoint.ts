import { Refusal, refuse } from './decider.ts'
import { sameBytes, utf8, type Hash } from './tree.ts'

/** The head of a log at a size, as C2SP tlog-checkpoint writes it. `root` is 32 bytes; extension lines are opaque and usually none. */
export type Checkpoint = {
  readonly origin: string
  readonly size: number
  readonly root: Uint8Array
  readonly extensions: readonly string[]
}

/** A public Ed25519 key under a name, as C2SP signed-note knows it. `keyId` is eight lower-case hex digits, `publicKey` 32 bytes. */
export type VerifierKey = { readonly name: string; readonly keyId: string; readonly publicKey: Uint8Array }

export type NoteSignature = { readonly name: string; readonly keyId: string; readonly signature: Uint8Array }
/** A note taken apart. `text` ends in a newline and is what the signatures cover. Nothing of it is to be believed before `openNote`. */
export type Note = { readonly text: string; readonly signatures: readonly NoteSignature[] }

/** Ed25519 over the bytes given; 64 bytes out. */
export type Sign = (bytes: Uint8Array) => Uint8Array
/** Ed25519: whether `signature` (64 bytes) is by `publicKey` (32 bytes). Returns false rather than throw on a key or signature that is none. */
export type Verify = (publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array) => boolean

/** The specification asks for at least 16; more than this no honest log needs. */
export const NOTE_SIGNATURES_MAX = 100
/** In UTF-16 units: room for sixteen signatures of five kilobytes and more. */
export const NOTE_LENGTH_MAX = 1_048_576
const ED25519 = 0x01
const KEY_BYTES = 32
const SIGNATURE_BYTES = 64
const ROOT_BYTES = 32
const KEY_ID_BYTES = 4

/** The first four bytes of SHA-256(name, newline, 0x01, public key), in hex. C2SP signed-note, "Ed25519 signatures". */
export function verifierKey(name: string, publicKey: Uint8Array, hash: Hash): VerifierKey {
  if (!isKeyName(name)) throw new Error(`not a key name: ${JSON.stringify(name)}`)
  if (publicKey.length !== KEY_BYTES) throw new Error(`a public key of ${publicKey.length} bytes`)
  const keyId = hex(hash(joined(utf8(`${name}\n`), typed(publicKey))).subarray(0, KEY_ID_BYTES))
  return { name, keyId, publicKey }
}

/** `name+keyid+base64`: the line by which a key is handed on. */
export const formatVerifierKey = (key: VerifierKey): string => `${key.name}+${key.keyId}+${toBase64(typed(key.publicKey))}`

/** Refuses with `checkpoint.key-malformed` unless the key id is the one that name and key give. */
export function parseVerifierKey(text: string, hash: Hash): VerifierKey | Refusal {
  const bad = (reason: string): Refusal => refuse('checkpoint.key-malformed', { reason })
  const found = /^(?<name>[^+]*)\+(?<keyId>[0-9a-fA-F]{8})\+(?<material>.*)$/s.exec(text)?.groups
  if (found?.name === undefined || found.material === undefined) return bad('form')
  if (!isKeyName(found.name)) return bad('name')
  const material = fromBase64(found.material)
  if (material === null) return bad('base64')
  if (material[0] !== ED25519) return bad('algorithm')
  if (material.length !== 1 + KEY_BYTES) return bad('length')
  const key = verifierKey(found.name, material.slice(1), hash)
  return key.keyId === found.keyId?.toLowerCase() ? key : bad('key-id')
}

/** The text that is signed: origin, size, root, extension lines, each ending in a newline. Throws on what the format cannot say. */
export function formatCheckpoint({ origin, size, root, extensions }: Checkpoint): string {
  const lines = [origin, String(size), toBase64(root), ...extensions]
  if (!Number.isSafeInteger(size) || size < 0 || root.length !== ROOT_BYTES)
    throw new Error(`no tree has ${size} leaves and a root of ${root.length} bytes`)
  if (lines.some((line) => line === '' || hasControl(line))) throw new Error('a checkpoint line is empty or has a control character')
  return lines.map((line) => `${line}\n`).join('')
}

/** Refuses with `checkpoint.malformed`. Sizes above 2^53 − 1 are refused too. */
export function parseCheckpoint(text: string): Checkpoint | Refusal {
  if (!text.endsWith('\n')) return malformed('no-final-newline')
  const [origin, sizeText, rootText, ...extensions] = text.slice(0, -1).split('\n')
  if (origin === undefined || sizeText === undefined || rootText === undefined) return malformed('too-few-lines')
  if (origin === '') return malformed('origin')
  const size = Number(sizeText)
  if (!/^(?:0|[1-9][0-9]*)$/.test(sizeText) || !Number.isSafeInteger(size)) return malformed('size')
  const root = fromBase64(rootText)
  if (root?.length !== ROOT_BYTES) return malformed('root')
  if (extensions.includes('')) return malformed('empty-line')
  return { origin, size, root, extensions }
}

/** C2SP signed-note: text, an empty line, signature lines. Refuses with `checkpoint.malformed`; verifies nothing. */
export function parseNote(note: string): Note | Refusal {
  if (note.length > NOTE_LENGTH_MAX) return malformed('too-long')
  if (!note.isWellFormed()) return malformed('not-unicode')
  if (hasControl(note.replaceAll('\n', ''))) return malformed('control-character')
  // The text may itself hold empty lines, so the last one divides.
  const divide = note.lastIndexOf('\n\n')
  if (divide < 0) return malformed('no-empty-line')
  const [text, tail] = [note.slice(0, divide + 1), note.slice(divide + 2)]
  if (tail === '') return malformed('no-signature')
  if (!tail.endsWith('\n')) return malformed('no-final-newline')
  const lines = tail.slice(0, -1).split('\n')
  if (lines.length > NOTE_SIGNATURES_MAX) return malformed('too-many-signatures')
  const signatures: NoteSignature[] = []
  for (const line of lines) {
    const signature = parseSignature(line)
    if (signature instanceof Refusal) return signature
    signatures.push(signature)
  }
  return { text, signatures }
}

function parseSignature(line: string): NoteSignature | Refusal {
  const [dash, name, encoded, ...more] = line.split(' ')
  if (dash !== '—' || name === undefined || encoded === undefined || more.length > 0) return malformed('signature-line')
  if (!isKeyName(name)) return malformed('key-name')
  const bytes = fromBase64(encoded)
  if (bytes === null || bytes.length <= KEY_ID_BYTES) return malformed('signature')
  return { name, keyId: hex(bytes.subarray(0, KEY_ID_BYTES)), signature: bytes.slice(KEY_ID_BYTES) }
}

export function formatNote({ text, signatures }: Note): string {
  const lines = signatures.map(({ name, keyId, signature }) => `— ${name} ${toBase64(joined(unhex(keyId), signature))}\n`)
  return `${text}\n${lines.join('')}`
}

/** The note over `text` (which ends in a newline) with one signature by `key`, whose private half `sign` holds. */
export function signNote(text: string, key: VerifierKey, sign: Sign): string {
  if (!text.endsWith('\n')) throw new Error('the text of a note ends in a newline')
  const note = formatNote({ text, signatures: [{ name: key.name, keyId: key.keyId, signature: sign(utf8(text)) }] })
  const back = parseNote(note)
  if (back instanceof Refusal || back.text !== text) throw new Error('a text that cannot be a note')
  return note
}

/**
 * The text of a note that `key` signed. Signatures by other keys are passed over; if any by this key is wrong, so is the note.
 * Refuses with `checkpoint.malformed`, `checkpoint.unsigned` (none by this key) or `checkpoint.signature-wrong`.
 */
export function openNote(note: string, key: VerifierKey, verify: Verify): string | Refusal {
  const parsed = parseNote(note)
  if (parsed instanceof Refusal) return parsed
  const own = parsed.signatures.filter((one) => one.name === key.name && one.keyId === key.keyId)
  if (own.length === 0) return refuse('checkpoint.unsigned', { name: key.name, keyId: key.keyId })
  const bytes = utf8(parsed.text)
  const right = own.every(({ signature }) => signature.length === SIGNATURE_BYTES && verify(key.publicKey, bytes, signature))
  return right ? parsed.text : refuse('checkpoint.signature-wrong', { name: key.name, keyId: key.keyId })
}

/** A signed checkpoint. The key's name must be the origin: one log, one name. */
export function signCheckpoint(checkpoint: Checkpoint, key: VerifierKey, sign: Sign): string {
  if (checkpoint.origin !== key.name) throw new Error(`the key ${key.name} does not sign for ${checkpoint.origin}`)
  return signNote(formatCheckpoint(checkpoint), key, sign)
}

/** The checkpoint that `key` signed. Refuses as `openNote` does, and with `checkpoint.origin-differs` if it speaks for another log. */
export function openCheckpoint(note: string, key: VerifierKey, verify: Verify): Checkpoint | Refusal {
  const text = openNote(note, key, verify)
  if (text instanceof Refusal) return text
  const checkpoint = parseCheckpoint(text)
  if (checkpoint instanceof Refusal || checkpoint.origin === key.name) return checkpoint
  return refuse('checkpoint.origin-differs', { origin: checkpoint.origin, name: key.name })
}

export const sameKey = (a: VerifierKey, b: VerifierKey): boolean => a.name === b.name && sameBytes(a.publicKey, b.publicKey)

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const VALUES = new Map([...ALPHABET].map((letter, value) => [letter, value]))

/** RFC 4648 §4, padded. */
export function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b, c] = bytes.subarray(i, i + 3)
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0)
    text += ALPHABET.charAt(bits >> 18) + ALPHABET.charAt((bits >> 12) & 63)
    text += (b === undefined ? '=' : ALPHABET.charAt((bits >> 6) & 63)) + (c === undefined ? '=' : ALPHABET.charAt(bits & 63))
  }
  return text
}

/** The bytes, or null. Strict (RFC 4648 §3.5): one spelling for the same bytes, so that no byte of a file can change unnoticed. */
export function fromBase64(text: string): Uint8Array | null {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return null
  const bytes = new Uint8Array((text.length / 4) * 3)
  for (let i = 0, at = 0; i < text.length; i += 4) {
    let bits = 0
    for (let j = i; j < i + 4; j++) bits = (bits << 6) | (VALUES.get(text.charAt(j)) ?? 0)
    bytes[at++] = bits >> 16
    bytes[at++] = (bits >> 8) & 255
    bytes[at++] = bits & 255
  }
  const decoded = bytes.slice(0, bytes.length - (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0))
  return toBase64(decoded) === text ? decoded : null
}

const malformed = (reason: string): Refusal => refuse('checkpoint.malformed', { reason })

/** Neither a Unicode space nor a plus, both of which delimit; nor a control character, which no note may hold. */
const isKeyName = (name: string): boolean => name !== '' && name.isWellFormed() && !/[\p{White_Space}+]/u.test(name) && !hasControl(name)

/** ASCII control characters below U+0020. */
const hasControl = (text: string): boolean => /(?![\u007f-\u009f])\p{Cc}/u.test(text)

const typed = (publicKey: Uint8Array): Uint8Array => joined(Uint8Array.of(ED25519), publicKey)

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(a.length + b.length)
  bytes.set(a)
  bytes.set(b, a.length)
  return bytes
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
const unhex = (text: string): Uint8Array => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
