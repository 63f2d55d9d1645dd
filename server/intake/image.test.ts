import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chunk, jpeg, png, webp } from '../../fixtures/server/pictures.ts'
import { readForm } from './form.ts'
import { pictureOf } from './image.ts'

const kept = (bytes: Buffer): Buffer => pictureOf(bytes)?.content ?? assert.fail('not taken for a picture')

test('what cameras write into a JPEG is gone, how it is turned stays', () => {
  const content = kept(jpeg({ turn: 6 }))
  assert.ok(!content.includes('GPS') && !content.includes('somebody'))
  assert.ok(content.includes('JFIF'), 'how to read it stays')
  const at = content.indexOf('Exif\0\0')
  assert.equal(content.readUInt16BE(at + 6 + 18), 6)
  assert.deepEqual(kept(content), content, 'cleaned again it is the same')
  assert.ok(!kept(jpeg({ turn: 1 })).includes('Exif'), 'upright needs no word')
})

test('whatever follows the end of a picture is cut off', () => {
  const script = Buffer.from('<script>alert(1)</script><?php system($_GET[0]); ?>')
  for (const bytes of [jpeg({ tail: script }), Buffer.concat([png(), script]), Buffer.concat([webp(), script])])
    assert.ok(!kept(bytes).includes('alert'), pictureOf(bytes)?.kind)
})

test('PNG and WebP keep what draws them and nothing that is written in them', () => {
  const text = chunk('tEXt', Buffer.from('Author\0somebody'))
  assert.ok(!kept(png({ more: [text, chunk('eXIf', Buffer.from('GPS'))] })).includes('somebody'))
  assert.deepEqual(kept(png({ more: [text] })), png())
  const content = kept(webp())
  assert.ok(!content.includes('GPS') && !content.includes('xmpmeta'))
  assert.equal(content[20], 0, 'it no longer says that it has Exif and XMP')
  assert.equal(content.readUInt32LE(4), content.length - 8)
})

test('what is no picture, is broken, or is far too large when unpacked is refused', () => {
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
  const html = Buffer.from('<!doctype html><script>alert(1)</script>')
  const gif = Buffer.from('GIF89a<script>alert(1)</script>')
  const refused = {
    svg,
    html,
    gif,
    empty: Buffer.alloc(0),
    elf: Buffer.from('\x7fELF'),
    bomb: png({ size: 60_000 }),
    nothing: png({ size: 0 }),
  }
  for (const [name, bytes] of Object.entries(refused)) assert.equal(pictureOf(bytes), null, name)
  for (const whole of [jpeg(), png(), webp()])
    for (let length = 0; length < whole.length - 1; length++) assert.doesNotThrow(() => pictureOf(whole.subarray(0, length)))
  let seed = 3
  const random = (max: number): number => (seed = (seed * 48_271) % 2_147_483_647) % max
  for (let i = 0; i < 20_000; i++) {
    const bytes = [jpeg(), png(), webp()][i % 3] ?? jpeg()
    for (let k = 0; k < 4; k++) bytes[4 + random(bytes.length - 4)] = random(256)
    assert.doesNotThrow(() => pictureOf(bytes))
  }
})

test('a form is read as browsers send it, and nothing else is', () => {
  const type = 'multipart/form-data; boundary=----b'
  const part = (head: string, content: string): string => `------b\r\nContent-Disposition: form-data; ${head}\r\n\r\n${content}\r\n`
  const body = (...parts: readonly string[]): Buffer => Buffer.from(`${parts.join('')}------b--\r\n`)
  const form = readForm(
    type,
    body(
      part('name="text"', '塌方\r\n两车'),
      part('name="empty"', ''),
      part('name="photos"; filename="a.jpg"\r\nContent-Type: image/jpeg', 'bytes'),
    ),
  )
  assert.deepEqual(
    [...(form?.fields ?? [])],
    [
      ['text', '塌方\n两车'],
      ['empty', ''],
    ],
  )
  assert.deepEqual(form?.files.map(String), ['bytes'])
  for (const [name, bad] of [
    ['no end', Buffer.from(part('name="a"', 'b'))],
    ['another boundary', Buffer.from('--other\r\n\r\n')],
    ['too many parts', body(...Array.from({ length: 31 }, (_, i) => part(`name="f${i}"`, 'x')))],
    ['a field like a file', body(part('name="text"', 'x'.repeat(20_001)))],
    ['no name', body(part('filename="x"', 'y'))],
    ['nothing', Buffer.alloc(0)],
  ] as const)
    assert.equal(readForm(type, bad), null, name)
  assert.equal(readForm('application/json', body()), null)
  assert.equal(readForm('multipart/form-data', body()), null)
})
