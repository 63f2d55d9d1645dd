import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Slug, Uuid, uuidV7, uuidV8 } from './id.ts'

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'))

test('a UUIDv7 is that of RFC 9562, appendix A.6', () => {
  // unix_ts_ms 0x017F22E279B0, rand_a 0xCC3, rand_b 0b01 and 0x8C4DC0C0C07398F: the bits of version and variant are ours to set.
  assert.equal(uuidV7(1_645_557_742_000, bytes('0cc398c4dc0c0c07398f')), '017f22e2-79b0-7cc3-98c4-dc0c0c07398f')
})

test('version and variant are set whatever the random bytes are', () => {
  for (const random of ['00'.repeat(10), 'ff'.repeat(10)])
    assert.match(uuidV7(0, bytes(random)), /^00000000-0000-7[0f]{3}-[8b][0f]{3}-[0f]{12}$/)
})

test('a later UUIDv7 sorts after an earlier one', () => {
  const random = bytes('ff'.repeat(10))
  const ids = [0, 1, 255, 256, 1_645_557_742_000, 2 ** 32, 2 ** 47].map((ms) => ({ ms, id: uuidV7(ms, random) }))
  const byTime = ids.toSorted((a, b) => a.ms - b.ms).map(({ id }) => id)
  assert.deepEqual(byTime.toSorted(), byTime)
  assert.equal(uuidV7(2 ** 48 - 1, random).slice(0, 13), 'ffffffff-ffff')
})

test('a UUIDv8 is that of RFC 9562, appendix B.2: the first 128 bits of the digest', () => {
  // SHA-256 of the DNS name space and "www.example.com".
  assert.equal(uuidV8(bytes('5c146b143c524afd938a375d0df1fbf6fe12a66b645f72f6158759387e51f3c8')), '5c146b14-3c52-8afd-938a-375d0df1fbf6')
})

test('the digest and the random bytes that were handed in stay as they were', () => {
  const digest = new Uint8Array(32).fill(255)
  uuidV8(digest)
  uuidV7(1, digest)
  assert.ok(digest.every((byte) => byte === 255))
})

test('an id is a UUID in lower case', () => {
  for (const id of ['017f22e2-79b0-7cc3-98c4-dc0c0c07398f', '5c146b14-3c52-8afd-938a-375d0df1fbf6']) assert.ok(Uuid.safeParse(id).success)
  for (const id of [
    '017F22E2-79B0-7CC3-98C4-DC0C0C07398F',
    '017f22e279b07cc398c4dc0c0c07398f',
    '017f22e2-79b0-7cc3-18c4-dc0c0c07398f',
    '00000000-0000-0000-0000-000000000000',
    '',
  ])
    assert.ok(!Uuid.safeParse(id).success, id)
})

test('a slug begins and ends with a letter or digit and has at most 64', () => {
  for (const slug of ['a', 'cn-erl-2024', 'art.72-1', 'a'.repeat(64)]) assert.ok(Slug.safeParse(slug).success, slug)
  for (const slug of ['', '-a', 'a-', 'A', 'a_b', '条', 'a'.repeat(65), 'a b', 'a@1', 'a#1']) assert.ok(!Slug.safeParse(slug).success, slug)
})
