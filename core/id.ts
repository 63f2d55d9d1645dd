import { z } from 'zod/mini'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** RFC 9562 UUID in lower case. Whoever starts a thing makes its id (version 7); what follows by rule has a derived one (version 8). */
export const Uuid = z.string().check(z.regex(UUID))

/** A short lasting name made by people for a thing kept as data: an instrument, a clause, a function. */
export const Slug = z.string().check(z.regex(/^[a-z0-9](?:[a-z0-9.-]{0,62}[a-z0-9])?$/))

/** A UUIDv7 from 10 random bytes and an instant in milliseconds; core throws no dice, so both are given. */
export function uuidV7(ms: number, random: Uint8Array): string {
  const bytes = new Uint8Array(16)
  for (let i = 0, rest = ms; i < 6; i++, rest = Math.floor(rest / 256)) bytes[5 - i] = rest % 256
  bytes.set(random.subarray(0, 10), 6)
  return format(bytes, 7)
}

/** A UUIDv8 from the first 16 bytes of a digest: the same cause always makes the same id, so that nothing is done twice. */
export const uuidV8 = (digest: Uint8Array): string => format(Uint8Array.from(digest.subarray(0, 16)), 8)

function format(bytes: Uint8Array, version: number): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4)
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
