/**
 * Pictures from strangers: what they are is read off their bytes, never off their name; what cameras and programs write into
 * them (place, owner, thumbnails, comments) and whatever follows their end is left out. Only the turn of the picture stays.
 */
import type { MediumKind } from '#core/intake.ts'

export type Picture = { readonly kind: (typeof MediumKind.options)[number]; readonly content: Buffer }

/** More pixels than this are made to fill a memory, not to show something. */
const PIXELS_MAX = 64_000_000
const SEGMENTS_MAX = 20_000

/** The picture without its metadata, or null where it is none of JPEG, PNG and WebP, or is broken. */
export function pictureOf(bytes: Buffer): Picture | null {
  if (bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return made('image/jpeg', jpeg(bytes))
  if (bytes.subarray(0, 8).equals(PNG)) return made('image/png', png(bytes))
  if (bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP') return made('image/webp', webp(bytes))
  return null
}

const made = (kind: Picture['kind'], content: Buffer | null): Picture | null => (content === null ? null : { kind, content })
const fits = (width: number, height: number): boolean => width > 0 && height > 0 && width * height <= PIXELS_MAX

// ── JPEG (ITU-T T.81)

const EOI = 0xd9
const SOS = 0xda
const APP1 = 0xe1
const COMMENT = 0xfe
/** Start of frame, in all its kinds; C4, C8 and CC are something else. */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
/** APP0 says how to read it, APP14 how its colours are coded. */
const isMetadata = (marker: number): boolean => (marker >= APP1 && marker <= 0xef && marker !== 0xee) || marker === COMMENT

function jpeg(bytes: Buffer): Buffer | null {
  const kept: Buffer[] = [bytes.subarray(0, 2)]
  let turn: number | null = null
  let framed = false
  let at = 2
  for (let segments = 0; segments < SEGMENTS_MAX; segments++) {
    if (bytes[at] !== 0xff) return null
    while (bytes[at + 1] === 0xff) at++
    const marker = bytes[at + 1]
    if (marker === undefined) return null
    if (marker === EOI) return framed ? Buffer.concat([...kept, Buffer.from([0xff, EOI])]) : null
    if (at + 4 > bytes.length) return null
    const end = at + 2 + bytes.readUInt16BE(at + 2)
    if (end > bytes.length || end < at + 4) return null
    if (isFrame(marker)) {
      if (end < at + 9 || !fits(bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5))) return null
      framed = true
    }
    if (marker === APP1 && turn === null) {
      turn = turnOf(bytes.subarray(at + 4, end))
      if (turn !== null && turn > 1) kept.push(turnSegment(turn))
    }
    if (!isMetadata(marker)) kept.push(bytes.subarray(at, end))
    at = marker === SOS ? scanEnd(bytes, end) : end
    if (marker === SOS) kept.push(bytes.subarray(end, at))
  }
  return null
}

/** Where the coded data end: at a marker that is neither a stuffed byte nor a restart. */
function scanEnd(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1]
    if (next === undefined) break
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at
  }
  return bytes.length
}

const ORIENTATION = 0x0112
const ENTRIES_MAX = 200

/** The Exif orientation, 1–8; null where none is given. */
function turnOf(segment: Buffer): number | null {
  if (segment.toString('latin1', 0, 6) !== 'Exif\0\0' || segment.length < 14) return null
  const tiff = segment.subarray(6)
  const little = tiff.toString('latin1', 0, 2) === 'II'
  const [short, long] = little
    ? [(at: number) => tiff.readUInt16LE(at), (at: number) => tiff.readUInt32LE(at)]
    : [(at: number) => tiff.readUInt16BE(at), (at: number) => tiff.readUInt32BE(at)]
  const directory = long(4)
  if (directory + 2 > tiff.length) return null
  for (let i = 0; i < Math.min(short(directory), ENTRIES_MAX); i++) {
    const entry = directory + 2 + i * 12
    if (entry + 12 > tiff.length) return null
    if (short(entry) === ORIENTATION) {
      const turn = short(entry + 8)
      return turn >= 1 && turn <= 8 ? turn : null
    }
  }
  return null
}

/** An Exif segment that says how the picture is turned and nothing else. */
function turnSegment(turn: number): Buffer {
  const tiff = Buffer.alloc(26)
  tiff.write('MM\0*', 0, 'latin1')
  tiff.writeUInt32BE(8, 4)
  tiff.writeUInt16BE(1, 8)
  tiff.writeUInt16BE(ORIENTATION, 10)
  tiff.writeUInt16BE(3, 12)
  tiff.writeUInt32BE(1, 14)
  tiff.writeUInt16BE(turn, 18)
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff])
  const head = Buffer.from([0xff, APP1, 0, 0])
  head.writeUInt16BE(body.length + 2, 2)
  return Buffer.concat([head, body])
}

// ── PNG (ISO/IEC 15948)

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
/** What is needed to show it: no text, no time, no Exif, no animation. */
const SHOWN = new Set(['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'gAMA', 'cHRM', 'sRGB', 'iCCP', 'sBIT', 'bKGD', 'pHYs'])

function png(bytes: Buffer): Buffer | null {
  const kept: Buffer[] = [PNG]
  let at = PNG.length
  for (let chunks = 0; chunks < SEGMENTS_MAX && at + 12 <= bytes.length; chunks++) {
    const length = bytes.readUInt32BE(at)
    const name = bytes.toString('latin1', at + 4, at + 8)
    const end = at + 12 + length
    if (end > bytes.length || (chunks === 0) !== (name === 'IHDR')) return null
    if (chunks === 0 && (length !== 13 || !fits(bytes.readUInt32BE(at + 8), bytes.readUInt32BE(at + 12)))) return null
    if (SHOWN.has(name)) kept.push(bytes.subarray(at, end))
    if (name === 'IEND') return Buffer.concat(kept)
    at = end
  }
  return null
}

// ── WebP (RFC 9649)

const EXIF_FLAG = 0x08
const XMP_FLAG = 0x04
const ANIMATION_FLAG = 0x02

function webp(bytes: Buffer): Buffer | null {
  const end = Math.min(bytes.length, 8 + bytes.readUInt32LE(4))
  const kept: Buffer[] = []
  let drawn = false
  let at = 12
  for (let chunks = 0; chunks < SEGMENTS_MAX && at + 8 <= end; chunks++) {
    const name = bytes.toString('latin1', at, at + 4)
    const length = bytes.readUInt32LE(at + 4)
    const next = at + 8 + length + (length % 2)
    if (at + 8 + length > end) return null
    const chunk = Buffer.from(bytes.subarray(at, Math.min(next, end)))
    const size = sizeOf(name, chunk.subarray(8))
    if (size === 'broken' || (size !== null && !fits(...size))) return null
    if (name === 'VP8X') chunk[8] = (chunk[8] ?? 0) & ~(EXIF_FLAG | XMP_FLAG | ANIMATION_FLAG)
    if (name === 'VP8 ' || name === 'VP8L') drawn = true
    if (WEBP_SHOWN.has(name)) kept.push(chunk)
    at = next
  }
  if (!drawn) return null
  const body = Buffer.concat([Buffer.from('WEBP', 'latin1'), ...kept])
  const head = Buffer.from('RIFF\0\0\0\0', 'latin1')
  head.writeUInt32LE(body.length, 4)
  return Buffer.concat([head, body])
}
/** One still picture; what moves is refused. */
const WEBP_SHOWN = new Set(['VP8X', 'VP8 ', 'VP8L', 'ALPH', 'ICCP'])

/** Width and height where the chunk says them. */
function sizeOf(name: string, data: Buffer): readonly [number, number] | null | 'broken' {
  if (name === 'VP8X') return data.length < 10 ? 'broken' : [data.readUIntLE(4, 3) + 1, data.readUIntLE(7, 3) + 1]
  if (name === 'VP8 ') return data.length < 10 ? 'broken' : [data.readUInt16LE(6) & 0x3fff, data.readUInt16LE(8) & 0x3fff]
  if (name !== 'VP8L') return null
  if (data.length < 5 || data[0] !== 0x2f) return 'broken'
  const bits = data.readUInt32LE(1)
  return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1]
}
