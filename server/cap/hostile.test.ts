/** Bytes and signatures that were made to break us: each is judged, none throws, none keeps us busy. */
import assert from 'node:assert/strict'
import { createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readCap } from '../cap.ts'
import { projectRoot } from '../config.ts'
import { decodeXml } from './decode.ts'
import { der, integer } from './der.ts'
import { selfSigned } from './identity.ts'
import { signAlert } from './sign.ts'
import { readTrust } from './trust.ts'

const alert = readFileSync(join(projectRoot, 'fixtures', 'cap', 'chain-1-alert.xml'))
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const certificate = selfSigned({ privateKey, name: 'node', from: 0 })
const signed = Buffer.from(signAlert(alert, { privateKey, certificate })).toString()
const judged = async (text: string): Promise<string> => {
  const { signature } = (await readCap(Buffer.from(text))).alerts[0] ?? assert.fail()
  return [signature.verdict, ...signature.codes].join(' ')
}
const withCertificate = (raw: Buffer): string => signed.replace(/<X509Certificate>[^<]*/, `<X509Certificate>${raw.toString('base64')}`)
const pem = (raw: Buffer): string => `-----BEGIN CERTIFICATE-----\n${raw.toString('base64')}\n-----END CERTIFICATE-----\n`

test('an algorithm that is called like something every object has is none', async () => {
  for (const name of ['constructor', '__proto__', 'toString'])
    for (const method of ['Digest', 'Signature'])
      assert.equal(
        await judged(signed.replace(new RegExp(`(<${method}Method Algorithm=)"[^"]*"`), `$1"${name}"`)),
        'invalid cap.signature-algorithm',
      )
})

test('a certificate with a key that nobody can read is no key', async () => {
  const raw = Buffer.from(new X509Certificate(certificate).raw)
  // The last arc of rsaEncryption (RFC 8017, appendix C) becomes one that nobody has given out.
  raw[raw.indexOf(Buffer.from('2a864886f70d010101', 'hex')) + 8] = 0x63
  assert.equal(await judged(withCertificate(raw)), 'invalid cap.signature-no-key')
})

test('a certificate that names nobody is a certificate', async () => {
  const [nobody, algorithm] = [der(0x30), der(0x30, der(0x06, Buffer.from('2a864886f70d01010b', 'hex')), der(0x05))]
  const validity = der(0x30, der(0x17, Buffer.from('200101000000Z')), der(0x17, Buffer.from('400101000000Z')))
  const key = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
  const body = der(0x30, integer(Buffer.from([1])), algorithm, nobody, validity, nobody, key)
  const raw = der(0x30, body, algorithm, der(0x03, Buffer.alloc(257)))
  assert.equal(await judged(withCertificate(raw)), 'valid-untrusted cap.signature-untrusted')
  assert.deepEqual(readTrust(pem(raw), Date.now()).names, [''])
})

test('a signature over what is large for nothing is not worked through', async () => {
  const prefixes = (level: number): string => Array.from({ length: 30 }, (_, i) => ` xmlns:p${level}x${i}="urn:p"`).join('')
  const deep = Array.from({ length: 20 }, (_, level) => `<a${prefixes(level)}>`).join('')
  const many = `${deep}${'<b xmlns:z="urn:z"/>'.repeat(15_000)}${'</a>'.repeat(20)}`
  const own = /<Signature[\s\S]*<\/Signature>/.exec(signed)?.[0] ?? ''
  const began = performance.now()
  assert.equal(await judged(signed.replace('<Signature ', `${many}<Signature `)), 'invalid cap.signature-too-many')
  assert.equal(await judged(signed.replace('<Signature ', `${'<b/>'.repeat(20_000)}${own}<Signature `)), 'invalid cap.signature-too-many')
  assert.ok(performance.now() - began < 5000, 'it took minutes before')
})

test('the mark at the beginning says what the bytes are, whatever is declared', () => {
  const told = (encoding: string): string => `<?xml version="1.0" encoding="${encoding}"?><a>é</a>`
  const wide = (encoding: string): Buffer => Buffer.from(`\ufeff${told(encoding)}`, 'utf16le')
  const all: readonly (readonly [string, Buffer])[] = [
    ['utf-8', Buffer.from(`\ufeff${told('utf-16')}`)],
    ['utf-8', Buffer.from(`\ufeff${told('GBK')}`)],
    ['utf-16le', wide('UTF-8')],
    ['utf-16be', wide('UTF-8').swap16()],
    ['utf-16le', wide('ISO-8859-1').subarray(2)],
  ]
  for (const [encoding, bytes] of all) {
    const found = decodeXml(bytes)
    assert.ok('text' in found && found.text.endsWith('<a>é</a>') && found.encoding === encoding, encoding)
  }
  assert.deepEqual(decodeXml(Buffer.from(told('UTF-16'))), { code: 'cap.encoding-mismatch', encoding: 'utf-16' })
})

test('an encoding goes by each of its names', () => {
  const written = (encoding: string, letters: readonly number[], space = ''): Buffer =>
    Buffer.concat([Buffer.from(`<?xml version="1.0"${space} encoding="${encoding}"?><a>`), Buffer.from(letters), Buffer.from('</a>')])
  const all: readonly (readonly [string, readonly number[], string, string?])[] = [
    ['CP936', [0xb1, 0xa9, 0xd3, 0xea], '暴雨'],
    ['EUC-CN', [0xb1, 0xa9, 0xd3, 0xea], '暴雨'],
    ['cp1251', [0xf8, 0xf2], 'шт'],
    ['ISO_8859-1', [0xe9], 'é'],
    ['ISO_8859-7', [0xdc], 'ά'],
    ['ISO-8859-1', [0xe9], 'é', ' '.repeat(400)],
  ]
  for (const [encoding, letters, text, space] of all) {
    const found = decodeXml(written(encoding, letters, space))
    assert.ok('text' in found && found.text.endsWith(`<a>${text}</a>`), encoding)
  }
  for (const encoding of ['UTF-7', 'ISO-2022-JP', 'HZ', 'x-foo'])
    assert.equal((decodeXml(written(encoding, [0x61])) as { code?: string }).code, 'cap.encoding-unsupported', encoding)
})
