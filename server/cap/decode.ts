import { isAscii, isUtf8 } from 'node:buffer'
import type { CapRefusalCode } from '#core/cap/codes.ts'

/** Why bytes are no text. */
export type Undecoded = { readonly code: CapRefusalCode; readonly encoding: string }
export type Decoded = { readonly text: string; readonly encoding: string; readonly bom: boolean }

/** Encodings of which ASCII is a part, so that the declaration can be read; what shifts between sets (ISO-2022, UTF-7) is refused. */
const KNOWN =
  /^(?:utf-8|utf8|us-ascii|ascii|iso[-_]?8859-\d{1,2}|latin1|(?:windows-|cp)125\d|windows-874|gb2312|euc-cn|cp936|gbk|gb18030|big5|big5-hkscs|euc-jp|euc-kr|ks_c_5601-1987|shift_jis|koi8-[ru]|tis-620)$/
/** Names that iconv knows and the decoder does not. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['euc-cn', 'gbk'],
  ['cp936', 'gbk'],
])
/** As much of the beginning as a declaration may take. */
const HEAD = 1024

/**
 * Bytes to text by byte order mark or the width of the first letters, else by the XML declaration, else UTF-8 (XML 1.0, 4.3.3 and
 * appendix F). What a declaration says against the mark is passed over, as others do: it is put in by programs that write the
 * bytes in another encoding than they thought. A code says why not: `cap.encoding-invalid` (bytes that the encoding has not),
 * `cap.encoding-mismatch` (declared wide and written narrow, without a mark), `cap.encoding-unsupported`. With `latin1` UTF-8 is
 * left as bytes, a character each, for `utf8Part`.
 */
export function decodeXml(bytes: Uint8Array, utf8: 'utf8' | 'latin1' = 'utf8'): Decoded | Undecoded {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const [a = 0, b = 0, c = 0, d = 0] = buffer
  const wide = a === 0xff && b === 0xfe ? 'utf-16le' : a === 0xfe && b === 0xff ? 'utf-16be' : null
  if ((wide === 'utf-16le' && c === 0 && d === 0) || (a === 0 && b === 0)) return { code: 'cap.encoding-unsupported', encoding: 'utf-32' }
  const guessed = wide ?? (a === 0x3c && b === 0 ? 'utf-16le' : a === 0 && b === 0x3c ? 'utf-16be' : null)
  if (guessed !== null) return decodeWide(buffer, guessed, wide !== null)
  const bom = a === 0xef && b === 0xbb && c === 0xbf
  const declared = bom ? 'utf-8' : declarationOf(buffer.toString('latin1', 0, HEAD))
  if (declared?.startsWith('utf-16') || declared?.startsWith('ucs-2') || declared?.startsWith('iso-10646-ucs'))
    return { code: 'cap.encoding-mismatch', encoding: declared }
  const encoding = declared ?? 'utf-8'
  if (!KNOWN.test(encoding)) return { code: 'cap.encoding-unsupported', encoding: encoding.slice(0, 40) }
  if (encoding === 'utf-8' || encoding === 'utf8')
    return isUtf8(buffer)
      ? { text: buffer.toString(utf8, bom ? 3 : 0), encoding: 'utf-8', bom }
      : { code: 'cap.encoding-invalid', encoding: 'utf-8' }
  if (/^(?:us-)?ascii$/.test(encoding))
    return buffer.every((one) => one < 0x80)
      ? { text: buffer.toString('latin1'), encoding, bom }
      : { code: 'cap.encoding-invalid', encoding }
  if (/^iso[-_]?8859-1$|^latin1$/.test(encoding)) return { text: buffer.toString('latin1'), encoding: 'iso-8859-1', bom }
  const text = tried(encoding, buffer)
  return text === null ? { code: 'cap.encoding-invalid', encoding } : { text, encoding, bom }
}

const SHORT = 256
/** Text of a part of UTF-8 that was read as `latin1`, a character each byte. */
export function utf8Part(part: string): string {
  if (part.length > SHORT) {
    const bytes = Buffer.from(part, 'latin1')
    return isAscii(bytes) ? part : bytes.toString('utf8')
  }
  for (let i = 0; i < part.length; i++) if (part.charCodeAt(i) >= 0x80) return Buffer.from(part, 'latin1').toString('utf8')
  return part
}

function decodeWide(buffer: Buffer, encoding: 'utf-16le' | 'utf-16be', bom: boolean): Decoded | Undecoded {
  const text = tried(encoding, buffer)
  if (text === null) return { code: 'cap.encoding-invalid', encoding }
  return { text, encoding, bom }
}

function tried(encoding: string, buffer: Buffer): string | null {
  try {
    return new TextDecoder(ALIASES.get(encoding) ?? encoding.replace('_8859', '-8859'), { fatal: true }).decode(buffer)
  } catch {
    return null
  }
}

const declarationOf = (head: string): string | null =>
  /^<\?xml\s[^>]*?\bencoding\s*=\s*(?:"([^"]*)"|'([^']*)')/
    .exec(head)
    ?.slice(1)
    .find((found) => found !== undefined)
    ?.toLowerCase() ?? null
