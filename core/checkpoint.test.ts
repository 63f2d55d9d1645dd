import { test } from 'node:test'
import { deepEqual, equal, ok, throws } from 'node:assert/strict'
import { createHash, createPrivateKey, createPublicKey, sign as signWith, verify as verifyWith } from 'node:crypto'
import { Refusal } from './decider.ts'
import {
  formatCheckpoint,
  formatNote,
  formatVerifierKey,
  fromBase64,
  openCheckpoint,
  openNote,
  parseCheckpoint,
  parseNote,
  parseVerifierKey,
  signCheckpoint,
  signNote,
  toBase64,
  verifierKey,
  type Verify,
} from './checkpoint.ts'

const hash = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest()
const unhex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'))

// RFC 8032 §7.1, tests 1 and 2: secret and public keys.
const SECRET = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60'
const PUBLIC = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'
const OTHER_SECRET = '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb'
const OTHER_PUBLIC = '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c'

const signer = (secret: string, publicKey: string) => {
  const x = Buffer.from(publicKey, 'hex').toString('base64url')
  const key = createPrivateKey({
    key: { kty: 'OKP', crv: 'Ed25519', x, d: Buffer.from(secret, 'hex').toString('base64url') },
    format: 'jwk',
  })
  return (bytes: Uint8Array): Uint8Array => signWith(null, bytes, key)
}
const verify: Verify = (publicKey, bytes, signature) =>
  verifyWith(
    null,
    bytes,
    createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') }, format: 'jwk' }),
    signature,
  )

const ORIGIN = 'muster.example/tianjin'
const sign = signer(SECRET, PUBLIC)
const key = verifierKey(ORIGIN, unhex(PUBLIC), hash)
const otherKey = verifierKey('witness.example', unhex(OTHER_PUBLIC), hash)
const checkpoint = {
  origin: ORIGIN,
  size: 8,
  root: unhex('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'),
  extensions: [],
}

const reasonOf = (outcome: unknown): string => {
  ok(outcome instanceof Refusal, 'it was not refused')
  return outcome.params.reason === undefined ? outcome.code : `${outcome.code} ${outcome.params.reason}`
}

test('a key id is that of a key published elsewhere, and the key goes there and back', () => {
  const published = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
  const parsed = parseVerifierKey(published, hash)
  ok(!(parsed instanceof Refusal))
  equal(parsed.keyId, 'c74f20a3')
  equal(formatVerifierKey(parsed), published)
  const own = formatVerifierKey(key)
  equal(
    own,
    `${ORIGIN}+${createHash('sha256').update(`${ORIGIN}\n\x01`).update(unhex(PUBLIC)).digest('hex').slice(0, 8)}+${Buffer.from(`01${PUBLIC}`, 'hex').toString('base64')}`,
  )
})

test('a malformed key is refused with what is wrong with it', () => {
  const good = formatVerifierKey(key)
  const [name, id, material] = [ORIGIN, key.keyId, toBase64(unhex(`01${PUBLIC}`))]
  const cases: Readonly<Record<string, string>> = {
    [name]: 'form',
    '': 'form',
    [`${name}+${id}`]: 'form',
    [`${name}+${id.slice(1)}+${material}`]: 'form',
    [`+${id}+${material}`]: 'name',
    [`two words+${id}+${material}`]: 'name',
    [`${name}+${id}+${material}=`]: 'base64',
    [`${name}+${id}+${toBase64(unhex(`02${PUBLIC}`))}`]: 'algorithm',
    [`${name}+${id}+${toBase64(unhex(`01${PUBLIC}00`))}`]: 'length',
    [`${name}+00000000+${material}`]: 'key-id',
    [`other.example+${id}+${material}`]: 'key-id',
    [`${good}\n`]: 'base64',
  }
  for (const [text, reason] of Object.entries(cases))
    equal(reasonOf(parseVerifierKey(text, hash)), `checkpoint.key-malformed ${reason}`, text)
})

test('a checkpoint is signed in the form of the standard: origin, size, root, empty line, signature by name', () => {
  const note = signCheckpoint(checkpoint, key, sign)
  const text = `${ORIGIN}\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n`
  const signature = Buffer.concat([Buffer.from(key.keyId, 'hex'), sign(Buffer.from(text))]).toString('base64')
  equal(note, `${text}\n\u2014 ${ORIGIN} ${signature}\n`)
  deepEqual(openCheckpoint(note, key, verify), checkpoint)
})

test('the example of the standard is read', () => {
  const example =
    'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n' +
    '— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n'
  const note = parseNote(example)
  ok(!(note instanceof Refusal))
  deepEqual(
    note.signatures.map(({ name, keyId, signature }) => [name, keyId, signature.length]),
    [['example.com/behind-the-sofa', '033de0ae', 64]],
  )
  equal(formatNote(note), example)
  const head = parseCheckpoint(note.text)
  ok(!(head instanceof Refusal))
  equal(head.origin, 'example.com/behind-the-sofa')
  equal(head.size, 20852163)
  equal(formatCheckpoint(head), note.text)
})

test('extension lines and empty logs go there and back', () => {
  for (const one of [
    { ...checkpoint, extensions: ['world 1', '扩展'] },
    { ...checkpoint, size: 0, root: new Uint8Array(hash(new Uint8Array(0))) },
  ])
    deepEqual(openCheckpoint(signCheckpoint(one, key, sign), key, verify), one)
})

test('a malformed checkpoint is refused with what is wrong with it', () => {
  const root = toBase64(checkpoint.root)
  const cases: Readonly<Record<string, string>> = {
    '': 'no-final-newline',
    [`${ORIGIN}\n8\n${root}`]: 'no-final-newline',
    [`${ORIGIN}\n8\n`]: 'too-few-lines',
    [`\n8\n${root}\n`]: 'origin',
    [`${ORIGIN}\n08\n${root}\n`]: 'size',
    [`${ORIGIN}\n-8\n${root}\n`]: 'size',
    [`${ORIGIN}\n8.0\n${root}\n`]: 'size',
    [`${ORIGIN}\n\n${root}\n`]: 'size',
    [`${ORIGIN}\n9007199254740992\n${root}\n`]: 'size',
    [`${ORIGIN}\n8\n${toBase64(checkpoint.root.slice(1))}\n`]: 'root',
    [`${ORIGIN}\n8\n${root.replace('=', '')}\n`]: 'root',
    [`${ORIGIN}\n8\n${root}\n\nmore\n`]: 'empty-line',
  }
  for (const [text, reason] of Object.entries(cases))
    equal(reasonOf(parseCheckpoint(text)), `checkpoint.malformed ${reason}`, JSON.stringify(text))
})

test('a malformed note is refused with what is wrong with it', () => {
  const good = signNote('text\n', key, sign)
  const line = good.slice('text\n\n'.length)
  const cases: Readonly<Record<string, string>> = {
    'text\n': 'no-empty-line',
    'text\n\n': 'no-signature',
    [good.slice(0, -1)]: 'no-final-newline',
    [good.replace('\u2014', '-')]: 'signature-line',
    [good.replace('\u2014 ', '\u2014  ')]: 'signature-line',
    [`text\n\n\u2014 a+b ${line.split(' ')[2]}`]: 'key-name',
    [`text\n\n\u2014 a\u00a0b ${line.split(' ')[2]}`]: 'key-name',
    [`text\n\n\u2014 ${ORIGIN} AAAAAA==\n`]: 'signature',
    [`text\n\n\u2014 ${ORIGIN} *\n`]: 'signature',
    [good.replace('text', 'te\txt')]: 'control-character',
    [good.replaceAll('\n', '\r\n')]: 'control-character',
    [good.replace('text', 'te\ud800xt')]: 'not-unicode',
    [`text\n\n${line.repeat(101)}`]: 'too-many-signatures',
    [`${'x'.repeat(1_048_577)}${good}`]: 'too-long',
  }
  for (const [note, reason] of Object.entries(cases))
    equal(reasonOf(openNote(note, key, verify)), `checkpoint.malformed ${reason}`, JSON.stringify(note.slice(0, 80)))
})

test('the text of a note may hold empty lines: the last one divides', () => {
  equal(openNote(signNote('one\n\ntwo\n', key, sign), key, verify), 'one\n\ntwo\n')
})

test('any change of the signed text makes the signature wrong', () => {
  const note = signCheckpoint(checkpoint, key, sign)
  equal(reasonOf(openCheckpoint(note.replace('\n8\n', '\n9\n'), key, verify)), 'checkpoint.signature-wrong')
  equal(reasonOf(openCheckpoint(note.replace('Xcna', 'Xcnb'), key, verify)), 'checkpoint.signature-wrong')
})

test('signatures by other keys are passed over, one wrong by this key spoils the note, none by it is not enough', () => {
  const text = formatCheckpoint(checkpoint)
  const own = signNote(text, key, sign)
  const foreign = signNote(text, otherKey, signer(OTHER_SECRET, OTHER_PUBLIC))
  const line = (note: string): string => note.slice(text.length + 1)
  deepEqual(openCheckpoint(foreign + line(own), key, verify), checkpoint)
  equal(reasonOf(openCheckpoint(foreign, key, verify)), 'checkpoint.unsigned')
  // The name and id of the key, over which another key signed.
  const forged = signNote(text, key, signer(OTHER_SECRET, OTHER_PUBLIC))
  equal(reasonOf(openCheckpoint(forged, key, verify)), 'checkpoint.signature-wrong')
  equal(reasonOf(openCheckpoint(own + line(forged), key, verify)), 'checkpoint.signature-wrong')
  // The right name with another id is another key.
  equal(reasonOf(openCheckpoint(signNote(text, verifierKey(ORIGIN, unhex(OTHER_PUBLIC), hash), sign), key, verify)), 'checkpoint.unsigned')
})

test('a key does not speak for another log', () => {
  const foreign = signNote(formatCheckpoint({ ...checkpoint, origin: 'elsewhere.example' }), key, sign)
  equal(reasonOf(openCheckpoint(foreign, key, verify)), 'checkpoint.origin-differs')
  throws(() => signCheckpoint({ ...checkpoint, origin: 'elsewhere.example' }, key, sign))
})

test('what the format cannot say is not signed', () => {
  for (const bad of [
    { origin: '' },
    { origin: 'a\nb' },
    { size: -1 },
    { size: 1.5 },
    { root: new Uint8Array(31) },
    { extensions: [''] },
    { extensions: ['a\n\nb'] },
  ])
    throws(() => formatCheckpoint({ ...checkpoint, ...bad }), JSON.stringify(bad))
  throws(() => signNote('no newline', key, sign))
  throws(() => verifierKey('a b', unhex(PUBLIC), hash))
})

test('base64 has one spelling: the vectors of RFC 4648, and nothing beside them', () => {
  const vectors = ['', 'Zg==', 'Zm8=', 'Zm9v', 'Zm9vYg==', 'Zm9vYmE=', 'Zm9vYmFy']
  for (const [length, encoded] of vectors.entries()) {
    equal(toBase64(Buffer.from('foobar'.slice(0, length))), encoded)
    equal(Buffer.from(fromBase64(encoded) ?? []).toString(), 'foobar'.slice(0, length))
  }
  for (const bad of ['Zg', 'Zg=', 'Zh==', 'Zm9=', 'Zg==Zg==', 'Zm9v\n', ' Zm9v', 'Zm-_', '====']) equal(fromBase64(bad), null, bad)
  const all = Uint8Array.from({ length: 256 }, (_, i) => i)
  equal(toBase64(all), Buffer.from(all).toString('base64'))
  deepEqual(fromBase64(toBase64(all)), all)
})
